//! Substitution groups (part 1, sections 2.2.2.2 and 3.3.6): which global elements can substitute for which.
//!
//! An element names at most one head, so heads and members are a forest. Its elements are numbered so that those below
//! a head, by any number of steps, directly follow it: the potential group of a head is a span of numbers, and whether
//! an element is in it is one comparison, whether the group is a list or a chain of ten thousand. What `block` and the
//! types say about a member is checked where it matters.

use std::collections::HashMap;
use std::ops::Range;

use super::{Compiled, ElementDeclaration, ElementId, Methods, NameId, NamespaceId, Types};
use crate::text::nearest::Letters;

/// The groups of a schema.
#[derive(Debug, Clone, Default)]
pub(crate) struct Substitutions {
    /// Heads and members by their numbers; elements outside every group have none.
    elements: Vec<ElementId>,
    /// For each `ElementId`, its number and the end of its potential group. Empty if there are no groups at all.
    spans: Vec<(u32, u32)>,
    /// For each `ElementId`, its head. Empty if there are no groups at all.
    heads: Vec<Option<ElementId>>,
}

/// The span of an element that is not in a group.
const NO_SPAN: (u32, u32) = (0, 0);

impl Substitutions {
    /// Numbers the forest; `heads` has the head of each global element.
    ///
    /// # Errors
    ///
    /// An element that is, through some steps, its own head (e-props-correct.6).
    pub(crate) fn new(heads: &[Option<ElementId>]) -> Result<Substitutions, ElementId> {
        let mut members: HashMap<ElementId, Vec<ElementId>> = HashMap::new();
        for (member, head) in (0..).map(ElementId).zip(heads) {
            if let Some(head) = head {
                members.entry(*head).or_default().push(member);
            }
        }
        let mut groups = Substitutions::default();
        if members.is_empty() {
            return Ok(groups);
        }
        groups.spans = vec![NO_SPAN; heads.len()];
        groups.heads = heads.to_vec();
        for (top, _) in
            (0..).map(ElementId).zip(heads).filter(|(top, head)| head.is_none() && members.contains_key(top))
        {
            groups.number(top, &members);
        }
        let is_lost =
            |(_, (head, span)): &(u32, (&Option<ElementId>, &(u32, u32)))| head.is_some() && **span == NO_SPAN;
        match (0..).zip(heads.iter().zip(&groups.spans)).find(is_lost) {
            Some((lost, _)) => Err(ElementId(lost)),
            None => Ok(groups),
        }
    }

    /// Numbers an element and all below it, in declaration order; on a stack of its own, as groups may be chains of any
    /// length.
    fn number(&mut self, top: ElementId, members: &HashMap<ElementId, Vec<ElementId>>) {
        enum Step {
            Enter(ElementId),
            Leave(ElementId),
        }
        let mut steps = vec![Step::Enter(top)];
        while let Some(step) = steps.pop() {
            let (Step::Enter(element) | Step::Leave(element)) = step;
            // There are fewer elements than bytes in the documents.
            let number = self.elements.len() as u32;
            let Some(span) = self.spans.get_mut(element.index()) else { continue };
            match step {
                Step::Leave(_) => span.1 = number,
                Step::Enter(_) => {
                    span.0 = number;
                    self.elements.push(element);
                    steps.push(Step::Leave(element));
                    let below = members.get(&element).into_iter().flatten();
                    steps.extend(below.rev().map(|member| Step::Enter(*member)));
                }
            }
        }
    }

    /// The elements of all groups, each after its head.
    pub(crate) fn elements(&self) -> &[ElementId] {
        &self.elements
    }

    /// The numbers of an element and of those that may substitute for it; `None` for one that is not in a group.
    pub(crate) fn span(&self, element: ElementId) -> Option<Range<u32>> {
        let (first, end) = self.spans.get(element.index()).copied().unwrap_or(NO_SPAN);
        (first < end).then_some(first..end)
    }

    /// An element, if it is in a group, and all those below it.
    pub(crate) fn potential(&self, head: ElementId) -> &[ElementId] {
        let span = self.span(head).unwrap_or_default();
        self.elements.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether other elements have this one as their head, through any number of steps.
    pub(crate) fn is_head(&self, element: ElementId) -> bool {
        self.potential(element).len() > 1
    }

    /// The head of an element, the head of that, and so on.
    pub(crate) fn heads_of(&self, element: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        let head = |element: &ElementId| self.heads.get(element.index()).copied().flatten();
        std::iter::successors(head(&element), head)
    }

    /// Whether `member` is `head` or below it.
    pub(crate) fn is_below(&self, member: ElementId, head: ElementId) -> bool {
        member == head
            || self.span(member).zip(self.span(head)).is_some_and(|(member, head)| head.contains(&member.start))
    }
}

/// Substitution Group OK (Transitive), clauses 2.1 and 2.3, for an element below a head: whether it is validly
/// substitutable for the head, subject to a blocking constraint.
pub(crate) fn is_substitutable(
    types: &impl Types,
    member: &ElementDeclaration,
    head: &ElementDeclaration,
    blocked: Methods,
) -> bool {
    if blocked.contains(Methods::SUBSTITUTION) {
        return false;
    }
    if member.type_id == head.type_id {
        return true;
    }
    let blocked = blocked.and(types.prohibited_by(head.type_id));
    let path = types.derivation(member.type_id, head.type_id);
    path.is_some_and(|path| !path.methods.intersects(blocked.and(path.prohibited)))
}

/// The relation of an element to another one that a content model names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StandIn {
    /// It is the same, or can substitute for it.
    Valid(ElementId),
    /// It is below it, but `block` of the head or of a type forbids the substitution.
    Blocked(ElementId),
}

impl Compiled {
    /// The relation of an element with a name to a declaration in a content model (section 3.9.4, Element Sequence
    /// Locally Valid (Particle), clause 2.3); `None` if there is none.
    pub(crate) fn stands_for(&self, name: NameId, asked: ElementId) -> Option<StandIn> {
        let head = self.elements.get(asked.index())?;
        if head.name == name {
            return Some(StandIn::Valid(asked));
        }
        let member = self.substitutions.span(asked).and_then(|_| self.roots.get(&name)).copied()?;
        if !self.substitutions.is_below(member, asked) {
            return None;
        }
        let declaration = self.elements.get(member.index())?;
        Some(match is_substitutable(self, declaration, head, head.block) {
            true => StandIn::Valid(member),
            false => StandIn::Blocked(member),
        })
    }

    /// The elements that can be written where a content model names one: first itself, then those that can substitute
    /// for it; abstract ones excluded.
    pub(crate) fn usable(&self, asked: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        let below = self.substitutions.potential(asked).iter().skip(1).copied();
        std::iter::once(asked).chain(below).filter(move |element| self.is_usable(*element, asked))
    }

    /// The usable elements that can substitute for a declaration and whose names may be near to another one, judging by
    /// their letters if those are known.
    pub(crate) fn usable_near(
        &self,
        asked: ElementId,
        letters: Option<Letters>,
    ) -> impl Iterator<Item = ElementId> + '_ {
        let below = self.substitutions.potential(asked).iter().skip(1).copied();
        let is_near = move |element: &ElementId| {
            let name = self.elements.get(element.index()).map(|element| self.names.candidate(element.name));
            name.is_some_and(|name| letters.is_none_or(|letters| name.letters.may_be_near(letters)))
        };
        below.filter(is_near).filter(move |element| self.is_usable(*element, asked))
    }

    fn is_usable(&self, element: ElementId, asked: ElementId) -> bool {
        let Some((one, head)) = self.elements.get(element.index()).zip(self.elements.get(asked.index())) else {
            return false;
        };
        !one.is_abstract && (element == asked || is_substitutable(self, one, head, head.block))
    }

    /// The element with a local name that can be written where a content model names an element: that element itself,
    /// or one that can substitute for it.
    pub(crate) fn usable_named(&self, asked: ElementId, local: &str) -> Option<ElementId> {
        if self.local_name(asked) == local {
            return Some(asked);
        }
        self.substitutions.span(asked)?;
        (0..self.names.namespaces.len() as u32).map(NamespaceId).find_map(|namespace| {
            match self.stands_for(self.names.lookup_local(namespace, local)?, asked)? {
                StandIn::Valid(element) => Some(element),
                StandIn::Blocked(_) => None,
            }
        })
    }
}

/// Spans, any two of which are disjoint or nested, with what belongs to each.
#[derive(Debug, Clone)]
pub(crate) struct Nested<T> {
    /// By start, outer ones first; with the index of the next enclosing one, `usize::MAX` for none.
    entries: Vec<(Range<u32>, T, usize)>,
}

impl<T> Nested<T> {
    pub(crate) fn new(mut spans: Vec<(Range<u32>, T)>) -> Nested<T> {
        spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut entries: Vec<(Range<u32>, T, usize)> = Vec::with_capacity(spans.len());
        let mut open: Vec<usize> = Vec::new();
        for (span, belonging) in spans {
            while open.last().is_some_and(|last| entries.get(*last).is_none_or(|(open, ..)| open.end <= span.start)) {
                open.pop();
            }
            let around = open.last().copied().unwrap_or(usize::MAX);
            open.push(entries.len());
            entries.push((span, belonging, around));
        }
        Nested { entries }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What belongs to the spans that contain a number, innermost first.
    pub(crate) fn around(&self, number: u32) -> impl Iterator<Item = &T> {
        let mut at = self.entries.partition_point(|(span, ..)| span.start <= number).wrapping_sub(1);
        std::iter::from_fn(move || {
            loop {
                let (span, belonging, around) = self.entries.get(at)?;
                at = *around;
                if number < span.end {
                    return Some(belonging);
                }
            }
        })
    }
}

impl<T> Default for Nested<T> {
    fn default() -> Nested<T> {
        Nested { entries: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 ── 1 ── 2, 0 ── 3; 4 alone; 5 ── 6.
    fn groups() -> Result<Substitutions, ElementId> {
        let head = |element| Some(ElementId(element));
        Substitutions::new(&[None, head(0), head(1), head(0), None, None, head(5)])
    }

    #[test]
    fn a_group_is_a_span() -> Result<(), String> {
        let groups = groups().map_err(|lost| format!("{lost:?} is its own head"))?;
        let potential = |element| groups.potential(ElementId(element)).iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(potential(0), [0, 1, 2, 3]);
        assert_eq!(potential(1), [1, 2]);
        assert_eq!(potential(4), [0; 0]);
        assert_eq!(potential(5), [5, 6]);
        assert!(groups.is_below(ElementId(2), ElementId(0)) && !groups.is_below(ElementId(0), ElementId(2)));
        assert!(!groups.is_below(ElementId(6), ElementId(0)) && groups.is_below(ElementId(4), ElementId(4)));
        Ok(())
    }

    #[test]
    fn circles_are_found() {
        let head = |element| Some(ElementId(element));
        assert_eq!(Substitutions::new(&[head(0)]).err(), head(0));
        assert_eq!(Substitutions::new(&[None, head(0), head(3), head(2)]).err(), head(2));
    }

    #[test]
    fn spans_around_a_number_are_found_from_inside_out() {
        let nested = Nested::new(vec![(4..5, 'd'), (0..4, 'a'), (1..3, 'b'), (1..3, 'c'), (6..9, 'e')]);
        let around = |number| nested.around(number).collect::<String>();
        let found: Vec<String> = (0..10).map(around).collect();
        assert_eq!(found, ["a", "cba", "cba", "a", "d", "", "e", "e", "e", ""]);
    }
}
