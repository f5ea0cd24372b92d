//! A narrow way from events to values, for types that are read by hand.
//!
//! It knows what nearly every packet is made of: children, each with text or children of its own. Where there is
//! more (markup in an element of any type), it gives up, and the packet is read through serde instead.

use std::borrow::Cow;

use super::de;
use super::{Any, Error};
use crate::check::{Attribute, Document, Event, EventsAlone, Machine, NOTES, Note, Stop, with_scratch};
use crate::compiled::{Content, TypeDefinition, TypeId};
use crate::schema::Schema;
use crate::text::scan::has_blank;

/// The events of one document.
pub(crate) struct Cursor<'s, 'de> {
    machine: Machine<'s, 'de, EventsAlone>,
    /// How many of the machine's notes have been read.
    read: usize,
}

/// Reads a document with a function that is called for its root, and fills the value it is given; through serde, as
/// `Root`, where that gives up. (The value stays where it is until it is returned: each move of it is slow, bench
/// `decode`.)
#[inline]
pub(crate) fn read<'de, Root: serde::Deserialize<'de> + Into<T>, T>(
    schema: &Schema,
    bytes: &'de [u8],
    mut value: T,
    read: impl FnOnce(&mut Cursor<'_, 'de>, &Note, &mut T) -> Result<(), Stop>,
) -> Result<T, Error> {
    match try_read(schema, bytes, |cursor, root| read(cursor, root, &mut value)) {
        Ok(()) => Ok(value),
        Err(_) => de::decode::<Root>(schema, bytes).map(Into::into),
    }
}

#[inline(always)]
fn try_read<'de>(
    schema: &Schema,
    bytes: &'de [u8],
    read: impl FnOnce(&mut Cursor<'_, 'de>, &Note) -> Result<(), Stop>,
) -> Result<(), Stop> {
    with_scratch(|scratch| {
        let (compiled, table, limits) = (schema.compiled(), schema.table(), schema.limits());
        // What is wrong is not asked here: then the packet is read once more, through serde.
        let document = Document::new(bytes, limits)?;
        let machine = Machine::new(compiled, table, limits, document, scratch, EventsAlone);
        let mut cursor = Cursor { machine, read: 0 };
        let result = cursor.document(read);
        cursor.machine.release();
        result
    })
}

impl<'s, 'de> Cursor<'s, 'de> {
    #[inline(always)]
    fn document(&mut self, read: impl FnOnce(&mut Self, &Note) -> Result<(), Stop>) -> Result<(), Stop> {
        let root = self.next()?;
        read(self, &root)?;
        while self.next()?.event != Event::Eof {}
        Ok(())
    }

    /// Calls `each` for every child of an element that just began, to read it. Text beside them is read over.
    #[inline(always)]
    pub(crate) fn children(
        &mut self,
        element: &Note,
        mut each: impl FnMut(&mut Self, &Note) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if element.event == Event::Start {
            loop {
                let note = self.next()?;
                match note.event {
                    Event::Start | Event::Leaf => each(self, &note)?,
                    Event::Text => {}
                    Event::End | Event::Eof => break,
                }
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn next(&mut self) -> Result<Note, Stop> {
        loop {
            if let Some(note) = self.machine.notes().get(self.read) {
                self.read += 1;
                return Ok(*note);
            }
            self.machine.read(NOTES)?;
            self.read = 0;
        }
    }

    /// The local name of an element.
    #[inline(always)]
    pub(crate) fn name(&self, element: &Note) -> &'de [u8] {
        self.machine.local_name(element)
    }

    /// The text of an element, where it is its value as it stands: nearly always.
    #[inline(always)]
    pub(crate) fn plain_text(&self, element: &Note) -> Option<&'de str> {
        let is_plain = element.event == Event::Leaf && element.plain && element.normal;
        is_plain.then(|| self.machine.text_of(element).raw)
    }

    /// The text of an element that just began, white space as its type wants it.
    #[inline(always)]
    pub(crate) fn text(&mut self, element: &Note) -> Result<Cow<'de, str>, Stop> {
        match self.plain_text(element) {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.written_text(*element),
        }
    }

    #[inline(never)]
    fn written_text(&mut self, element: Note) -> Result<Cow<'de, str>, Stop> {
        let mut text = element;
        if element.event == Event::Start {
            // Of a simple type: its text is one event, and its end the next.
            text = self.next()?;
            if text.event != Event::Text || self.next()?.event != Event::End {
                return Err(Stop);
            }
        }
        Ok(self.normalize(element.type_id, self.machine.text_of(&text).resolve()))
    }

    fn normalize(&self, type_id: TypeId, text: Cow<'de, str>) -> Cow<'de, str> {
        match &self.machine.schema().types[type_id.index()] {
            TypeDefinition::Simple(definition) => de::normalize(&definition.simple, text),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => de::normalize(simple, text),
                _ => text,
            },
        }
    }

    /// The content of an element that just began, where that is text alone.
    #[inline(always)]
    pub(crate) fn anything(&mut self, element: &Note) -> Result<Any<'de>, Stop> {
        match self.plain_text(element) {
            Some(text) => Ok(Any::Text(Cow::Borrowed(text))),
            None => self.written_anything(*element),
        }
    }

    #[inline(never)]
    fn written_anything(&mut self, element: Note) -> Result<Any<'de>, Stop> {
        if element.event == Event::Leaf {
            return self.written_text(element).map(Any::Text);
        }
        if element.nil || element.first != element.last {
            return Err(Stop);
        }
        let note = self.next()?;
        match note.event {
            Event::End => Ok(Any::default()),
            Event::Text => {
                let text = self.machine.text_of(&note).resolve();
                if self.next()?.event == Event::End { Ok(Any::Text(text)) } else { Err(Stop) }
            }
            Event::Start | Event::Leaf | Event::Eof => Err(Stop),
        }
    }

    /// An attribute of an element that just began, by its name without a prefix; white space as its type wants it.
    #[inline(always)]
    pub(crate) fn attribute(&self, element: &Note, name: &[u8]) -> Option<Cow<'de, str>> {
        let text = self.machine.text();
        let attribute = self.machine.attributes_of(element).iter().find(|attribute| {
            let at = attribute.at as usize;
            text.as_bytes().get(at..at + attribute.length as usize) == Some(name)
        })?;
        let (start, end) = (attribute.value.0 as usize, (attribute.value.0 + attribute.value.1) as usize);
        // A plain one has no white space but blanks.
        if attribute.plain && !has_blank(text.as_bytes(), start, end) {
            return text.get(start..end).map(Cow::Borrowed);
        }
        Some(self.written_attribute(element, attribute))
    }

    #[inline(never)]
    fn written_attribute(&self, element: &Note, attribute: &Attribute) -> Cow<'de, str> {
        let simple = de::attribute_type(self.machine.schema(), element.type_id, attribute);
        de::value_of(self.machine.text(), attribute, simple)
    }
}
