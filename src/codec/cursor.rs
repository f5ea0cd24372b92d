//! A narrow way from events to values, for types that are read by hand.
//!
//! It knows what nearly every packet is made of: children, each with text or children of its own. Where there is
//! more (markup in an element of any type), it gives up, and the packet is read through serde instead.

use std::borrow::Cow;

use super::de;
use super::{Any, Error};
use crate::check::accept::{Event, Machine, Stop, with_scratch};
use crate::compiled::{Content, TypeDefinition, TypeId};
use crate::schema::Schema;

/// The events of one document.
pub(crate) struct Cursor<'s, 'de> {
    machine: Machine<'s, 'de, true>,
    /// The element that began last has attributes, text or children to be read, and an end; a whole one has none.
    is_open: bool,
}

/// Reads a document with a function that is called in its root; through serde where that gives up.
#[inline]
pub(crate) fn read<'de, T: serde::Deserialize<'de>>(
    schema: &Schema,
    bytes: &'de [u8],
    read: impl FnOnce(&mut Cursor<'_, 'de>) -> Result<T, Stop>,
) -> Result<T, Error> {
    match try_read(schema, bytes, read) {
        Ok(value) => Ok(value),
        Err(_) => de::from_slice(schema, bytes),
    }
}

#[inline(always)]
fn try_read<'de, T>(
    schema: &Schema,
    bytes: &'de [u8],
    read: impl FnOnce(&mut Cursor<'_, 'de>) -> Result<T, Stop>,
) -> Result<T, Stop> {
    with_scratch(|scratch| {
        let machine = Machine::new(schema.compiled(), schema.table(), schema.limits(), bytes, scratch)?;
        let mut cursor = Cursor { machine, is_open: true };
        cursor.child()?;
        let value = read(&mut cursor)?;
        while cursor.next()? != Event::Eof {}
        Ok(value)
    })
}

impl<'s, 'de> Cursor<'s, 'de> {
    /// Calls `each` for every child of the element that began last, to read it. Text beside them is read over.
    #[inline]
    pub(crate) fn children(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        if self.is_open {
            while self.child()? {
                each(self)?;
            }
        }
        Ok(())
    }

    /// Moves to the next child of an element that is open; `false` at its end.
    #[inline]
    fn child(&mut self) -> Result<bool, Stop> {
        loop {
            self.is_open = match self.next()? {
                Event::Start => true,
                Event::Leaf => false,
                Event::Text => continue,
                Event::End | Event::Eof => return Ok(false),
            };
            return Ok(true);
        }
    }

    /// One copy of the walk for all who read.
    #[inline(never)]
    fn next(&mut self) -> Result<Event, Stop> {
        self.machine.next()
    }

    /// The local name of the element that began last.
    #[inline]
    pub(crate) fn name(&self) -> &str {
        self.machine.local_name(&self.machine.current)
    }

    /// The text of the element that began last, white space as its type wants it.
    #[inline]
    pub(crate) fn text(&mut self) -> Result<Cow<'de, str>, Stop> {
        let span = self.machine.current.text;
        if !self.is_open && span.plain && span.normal {
            return Ok(Cow::Borrowed(self.machine.text_at(span).raw));
        }
        self.written_text()
    }

    #[inline(never)]
    fn written_text(&mut self) -> Result<Cow<'de, str>, Stop> {
        let type_id = self.machine.current.type_id;
        let mut span = self.machine.current.text;
        if self.is_open {
            // Of a simple type: its text is one event, and its end the next.
            if self.next()? != Event::Text {
                return Err(Stop::Unsure);
            }
            span = self.machine.current.text;
            if self.next()? != Event::End {
                return Err(Stop::Unsure);
            }
        }
        Ok(self.normalize(type_id, self.machine.text_at(span).resolve()))
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

    /// The content of the element that began last, where that is text alone.
    #[inline]
    pub(crate) fn anything(&mut self) -> Result<Any<'de>, Stop> {
        if self.is_open { self.written_anything() } else { self.text().map(Any::Text) }
    }

    fn written_anything(&mut self) -> Result<Any<'de>, Stop> {
        if self.machine.current.nil || !self.machine.attributes().is_empty() {
            return Err(Stop::Unsure);
        }
        match self.next()? {
            Event::End => Ok(Any::default()),
            Event::Text => {
                let text = self.machine.text_at(self.machine.current.text).resolve();
                if self.next()? == Event::End { Ok(Any::Text(text)) } else { Err(Stop::Unsure) }
            }
            Event::Start | Event::Leaf | Event::Eof => Err(Stop::Unsure),
        }
    }

    /// A declared attribute of the element that began last, by its local name; white space as its type wants it.
    #[inline]
    pub(crate) fn attribute(&self, name: &str) -> Option<Cow<'de, str>> {
        if !self.is_open {
            return None;
        }
        let names = &self.machine.schema().names;
        let mut attributes = self.machine.attributes().iter();
        let attribute = attributes.find(|attribute| attribute.name.is_some_and(|known| names.local(known) == name))?;
        let (at, length) = (attribute.value.0 as usize, attribute.value.1 as usize);
        let raw = self.machine.text().get(at..at + length).unwrap_or_default();
        // A plain one has no white space but blanks.
        if attribute.plain && !raw.as_bytes().contains(&b' ') {
            return Some(Cow::Borrowed(raw));
        }
        let simple = de::attribute_type(self.machine.schema(), self.machine.current.type_id, attribute);
        Some(de::value_of(self.machine.text(), attribute, simple))
    }
}
