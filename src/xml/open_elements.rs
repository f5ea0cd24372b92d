//! The open elements, on a stack of our own: no depth of nesting can exhaust the call stack.

use std::collections::HashMap;

/// An open element and its start tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open<'a> {
    pub(super) name: &'a str,
    pub(super) span: (usize, usize),
    /// The name is malformed, which was reported; the same name in the end tag is the same mistake.
    pub(super) is_misnamed: bool,
}

/// The open elements, from the root to the innermost.
#[derive(Debug, Default)]
pub(super) struct OpenElements<'a> {
    elements: Vec<Open<'a>>,
    /// How often each name is open. Kept from the first mismatched end tag on, so that many such tags do not each walk
    /// down the stack.
    counts: Option<HashMap<&'a str, usize>>,
}

impl<'a> OpenElements<'a> {
    pub(super) fn len(&self) -> usize {
        self.elements.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Their names, from the innermost to the root.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.elements.iter().rev().map(|open| open.name)
    }

    pub(super) fn innermost(&self) -> Option<&Open<'a>> {
        self.elements.last()
    }

    /// The parent of the innermost.
    pub(super) fn outer(&self) -> Option<&Open<'a>> {
        self.elements.get(self.elements.len().checked_sub(2)?)
    }

    pub(super) fn push(&mut self, element: Open<'a>) {
        self.elements.push(element);
        if let Some(counts) = &mut self.counts {
            *counts.entry(element.name).or_default() += 1;
        }
    }

    pub(super) fn pop(&mut self) {
        if let Some(element) = self.elements.pop()
            && let Some(count) = self.counts.as_mut().and_then(|counts| counts.get_mut(element.name))
        {
            *count -= 1;
        }
    }

    /// The start tag of an open element, by the number of elements around it.
    pub(super) fn tag(&self, index: usize) -> Option<usize> {
        self.elements.get(index).map(|open| open.span.0)
    }

    /// How many elements are outside the innermost one of this name. The caller then closes it, which pays for the walk
    /// to it.
    pub(super) fn find(&mut self, name: &str) -> Option<usize> {
        let elements = &self.elements;
        let counts = self.counts.get_or_insert_with(|| {
            let mut counts = HashMap::new();
            for element in elements {
                *counts.entry(element.name).or_default() += 1;
            }
            counts
        });
        if counts.get(name).is_none_or(|&count| count == 0) {
            return None;
        }
        elements.iter().rposition(|element| element.name == name)
    }
}
