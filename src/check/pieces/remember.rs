//! Remembers the places that an error at the end of a scope can point to after their text has left memory: elements
//! with keys, and values with IDs. Each takes a few bytes, since names and paths are stored once.

use std::ops::Range;

use super::extract::Cursor;
use crate::check::paths::{KeptPath, Located, Paths, Trail};
use crate::diagnostic::LineColumn;

/// Elements and values in document order. Offsets are places in the document.
#[derive(Debug, Default)]
pub(in crate::check) struct Remembered {
    elements: Vec<Element>,
    values: Vec<Value>,
    paths: Paths,
    /// How many elements and values have their line and column.
    placed: (usize, usize),
}

/// An element, by its start tag.
#[derive(Debug, Clone, Copy)]
struct Element {
    offset: usize,
    length: u32,
    path: Option<KeptPath>,
    place: Place,
}

#[derive(Debug, Clone, Copy)]
struct Value {
    offset: usize,
    length: u32,
    /// The index of its element, and its attribute.
    element: u32,
    attribute: Option<u32>,
    place: Place,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    line: u32,
    column: u32,
}

impl Place {
    fn new(place: LineColumn) -> Place {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place { line: number(place.line), column: number(place.column) }
    }

    fn known(self) -> LineColumn {
        LineColumn { line: self.line as usize, column: self.column as usize }
    }
}

impl Remembered {
    /// Remembers the open element, whose start tag is at this place of the document.
    pub(in crate::check) fn element(&mut self, tag: Range<usize>, trail: &mut Trail) {
        if self.elements.last().is_none_or(|last| last.offset < tag.start) {
            let path = trail.keep(&mut self.paths);
            let length = u32::try_from(tag.len()).unwrap_or(u32::MAX);
            self.elements.push(Element { offset: tag.start, length, path, place: Place::default() });
        }
    }

    /// Remembers a value of the last remembered element.
    pub(in crate::check) fn value(&mut self, value: Range<usize>, attribute: Option<&str>) {
        let attribute = attribute.map(|name| self.paths.number(name));
        let element = self.elements.len().saturating_sub(1) as u32;
        let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
        // Attributes need not be passed in document order.
        let index = self.values.iter().rposition(|known| known.offset <= value.start).map_or(0, |last| last + 1);
        let value = Value { offset: value.start, length, element, attribute, place: Place::default() };
        self.values.insert(index, value);
    }

    /// The path of the element with this start tag.
    pub(in crate::check) fn path(&self, tag: usize) -> Option<String> {
        self.element_at(tag).and_then(|element| element.path).map(|path| self.paths.shown(path))
    }

    fn element_at(&self, tag: usize) -> Option<&Element> {
        let index = self.elements.binary_search_by_key(&tag, |element| element.offset).ok()?;
        self.elements.get(index)
    }

    /// What has a value or a default at a place of the document; `to_text` converts places to offsets in the text.
    pub(in crate::check) fn located(
        &self,
        offset: usize,
        to_text: impl Fn(Range<usize>) -> Range<usize>,
    ) -> Option<Located<'_>> {
        let value = self.value_at(offset);
        let element = match value {
            Some(value) => self.elements.get(value.element as usize)?,
            None => self.element_at(offset)?,
        };
        let tag = to_text(element.offset..element.offset + element.length as usize);
        Some(Located {
            element: element.path.map_or("", |path| self.paths.name(path)),
            attribute: value.and_then(|value| value.attribute).map(|name| self.paths.numbered(name)),
            value: value.map_or(tag.clone(), |value| to_text(value.offset..value.offset + value.length as usize)),
            whole: tag.clone(),
            tag,
        })
    }

    fn value_at(&self, offset: usize) -> Option<&Value> {
        let index = self.values.binary_search_by_key(&offset, |value| value.offset).ok()?;
        self.values.get(index)
    }

    /// The line and column of an element or a value at this place.
    pub(in crate::check) fn place(&self, offset: usize) -> Option<LineColumn> {
        match self.value_at(offset) {
            Some(value) => Some(value.place.known()),
            None => self.element_at(offset).map(|element| element.place.known()),
        }
    }

    /// Counts the lines up to the new elements and values while they are in memory.
    pub(super) fn set_places(&mut self, mut cursor: Cursor<'_>, to_text: impl Fn(usize) -> usize) {
        let Remembered { elements, values, placed, .. } = self;
        let mut elements_left = elements.iter_mut().skip(placed.0).peekable();
        let mut values_left = values.iter_mut().skip(placed.1).peekable();
        loop {
            let (offset, place) = match (elements_left.peek(), values_left.peek()) {
                (Some(element), value) if value.is_none_or(|value| element.offset <= value.offset) => {
                    let Some(element) = elements_left.next() else { break };
                    (element.offset, &mut element.place)
                }
                (_, Some(_)) => {
                    let Some(value) = values_left.next() else { break };
                    (value.offset, &mut value.place)
                }
                (_, None) => break,
            };
            *place = Place::new(cursor.move_to(to_text(offset)).1);
        }
        *placed = (elements.len(), values.len());
    }
}
