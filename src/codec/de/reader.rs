//! The events, one ahead.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use super::stopped;
use crate::check::accept::{Attribute, Event, Machine, Opened, Stop, Text};
use crate::check::table::Table;
use crate::codec::Error;
use crate::datatype::SimpleType;
use crate::api::Schema;
use crate::schema::{Compiled, Content, ElementId, TypeDefinition, TypeId};

/// An element whose content has not been read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node<'de> {
    /// With attributes or children, or checked the careful way: its text, children and end follow.
    Open(Opened<'de>),
    /// Whole.
    Leaf { element: ElementId, text: Text<'de>, at: usize },
}

/// An event that was put aside.
struct Aside<'de> {
    event: Event<'de>,
    attributes: Vec<Attribute>,
    position: usize,
}

/// The events of one document.
pub(super) struct Reader<'s, 'de> {
    machine: Machine<'s, 'de, true>,
    pub(super) schema: &'s Compiled,
    pub(super) table: &'s Table,
    peeked: Option<Event<'de>>,
    /// Events that come before those of the machine.
    aside: VecDeque<Aside<'de>>,
    /// Attributes and position of the last event, where that one had been put aside.
    replayed: Option<(Vec<Attribute>, usize)>,
    stop: Option<Stop>,
    /// What is being read, for errors.
    place: Range<usize>,
}

impl<'s, 'de> Reader<'s, 'de> {
    pub(super) fn new(schema: &'s Schema, bytes: &'de [u8]) -> Result<Reader<'s, 'de>, Stop> {
        let table = schema.table();
        let compiled = schema.compiled();
        Ok(Reader {
            machine: Machine::new(compiled, table, schema.limits(), bytes)?,
            schema: compiled,
            table,
            peeked: None,
            aside: VecDeque::new(),
            replayed: None,
            stop: None,
            place: 0..0,
        })
    }

    pub(super) fn stop(&self) -> Option<Stop> {
        self.stop
    }

    pub(super) fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// Remembers what is being read.
    pub(super) fn set_place(&mut self, at: usize, length: usize) {
        self.place = at..at + length;
    }

    #[inline]
    pub(super) fn next(&mut self) -> Result<Event<'de>, Error> {
        if let Some(event) = self.peeked.take() {
            return Ok(event);
        }
        if !self.aside.is_empty() {
            return Ok(self.replay());
        }
        self.replayed = None;
        self.machine.next().map_err(|stop| {
            self.stop = Some(stop);
            stopped(stop)
        })
    }

    #[cold]
    fn replay(&mut self) -> Event<'de> {
        match self.aside.pop_front() {
            Some(aside) => {
                self.replayed = Some((aside.attributes, aside.position));
                aside.event
            }
            None => Event::Eof,
        }
    }

    #[inline]
    pub(super) fn peek(&mut self) -> Result<Event<'de>, Error> {
        match self.peeked {
            Some(event) => Ok(event),
            None => {
                let event = self.next()?;
                self.peeked = Some(event);
                Ok(event)
            }
        }
    }

    /// The attributes of the element that `next` has just opened.
    pub(super) fn attributes(&self) -> &[Attribute] {
        match &self.replayed {
            Some((attributes, _)) => attributes,
            None => self.machine.attributes(),
        }
    }

    /// The offset behind the last event.
    pub(super) fn position(&self) -> usize {
        match &self.replayed {
            Some((_, position)) => *position,
            None => self.machine.position(),
        }
    }

    /// The document.
    pub(super) fn text(&self) -> &'de str {
        self.machine.text()
    }

    /// Namespace declarations that are in force where the walk stands, as attributes, if there are any.
    pub(super) fn declarations(&self) -> String {
        self.machine.declarations()
    }

    /// The next event, which is an element.
    pub(super) fn next_element(&mut self) -> Result<Node<'de>, Error> {
        match self.next()? {
            Event::Start(opened) => {
                self.set_place(opened.at, opened.name.len());
                Ok(Node::Open(opened))
            }
            Event::Leaf(element, text, at) => {
                self.set_place(at, self.schema.local_name(element).len());
                Ok(Node::Leaf { element, text, at })
            }
            _ => Err(Error::mismatch("expected an element")),
        }
    }

    /// Reads over the rest of an element.
    pub(super) fn skip(&mut self, node: Node<'de>) -> Result<(), Error> {
        if let Node::Leaf { .. } = node {
            return Ok(());
        }
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End => depth -= 1,
                Event::Leaf(..) | Event::Text(_) => {}
                Event::Eof => return Err(Error::mismatch("expected an end tag")),
            }
        }
        Ok(())
    }

    /// The text of an element that holds nothing else, normalised as its type says.
    pub(super) fn text_of(&mut self, node: Node<'de>) -> Result<Cow<'de, str>, Error> {
        let (text, element, type_id) = match node {
            Node::Leaf { element, text, .. } => {
                (text.resolve(), Some(element), self.schema.elements[element.index()].type_id)
            }
            Node::Open(opened) => (self.text_until_end()?, opened.element, opened.type_id),
        };
        let constraint = element.and_then(|element| self.schema.elements[element.index()].value.as_ref());
        let text = match constraint {
            Some(constraint) if text.is_empty() => Cow::Owned(constraint.value.to_string()),
            _ => text,
        };
        Ok(match self.simple_type(type_id) {
            Some(simple) => normalize(simple, text),
            None => text,
        })
    }

    fn text_until_end(&mut self) -> Result<Cow<'de, str>, Error> {
        let mut whole = Cow::Borrowed("");
        loop {
            match self.next()? {
                Event::End => return Ok(whole),
                Event::Text(text) if whole.is_empty() => whole = text.resolve(),
                Event::Text(text) => whole.to_mut().push_str(&text.resolve()),
                Event::Start(Opened { name, .. }) => {
                    return Err(Error::mismatch(format_args!("expected text, found element `{name}`")));
                }
                Event::Leaf(element, ..) => {
                    let name = self.schema.local_name(element);
                    return Err(Error::mismatch(format_args!("expected text, found element `{name}`")));
                }
                Event::Eof => return Err(Error::mismatch("expected an end tag")),
            }
        }
    }

    /// The simple type of a type's text, if it has one.
    pub(super) fn simple_type(&self, type_id: TypeId) -> Option<&'s SimpleType> {
        match &self.schema.types[type_id.index()] {
            TypeDefinition::Simple(definition) => Some(&definition.simple),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => Some(simple),
                _ => None,
            },
        }
    }

    /// The local name of an element.
    pub(super) fn local_name<'n>(&self, node: &Node<'de>) -> &'n str
    where
        's: 'n,
        'de: 'n,
    {
        match node {
            Node::Open(opened) => opened.name.rsplit_once(':').map_or(opened.name, |(_, local)| local),
            Node::Leaf { element, .. } => self.schema.local_name(*element),
        }
    }

    /// The local name of the element that comes next, if one does. It borrows from schema or document.
    pub(super) fn peek_name<'n>(&mut self) -> Result<Option<&'n str>, Error>
    where
        's: 'n,
        'de: 'n,
    {
        Ok(match self.peek()? {
            Event::Start(opened) => Some(opened.name.rsplit_once(':').map_or(opened.name, |(_, local)| local)),
            Event::Leaf(element, ..) => Some(self.schema.local_name(element)),
            _ => None,
        })
    }

    /// Puts aside what comes until the open element has a child that is `wanted`, or ends.
    /// All of it comes again later, after that child. Tells whether there is one.
    pub(super) fn set_aside(&mut self, kept: &mut Kept<'de>, wanted: impl Fn(&str) -> bool) -> Result<bool, Error> {
        loop {
            match self.peek()? {
                Event::Start(opened) => {
                    let name = opened.name.rsplit_once(':').map_or(opened.name, |(_, local)| local);
                    if wanted(name) {
                        return Ok(true);
                    }
                    let mut depth = 0_usize;
                    loop {
                        let event = self.next()?;
                        kept.push(self, event);
                        match event {
                            Event::Start(_) => depth += 1,
                            Event::End => depth -= 1,
                            _ => {}
                        }
                        if depth == 0 {
                            break;
                        }
                    }
                }
                Event::Leaf(element, ..) if wanted(self.schema.local_name(element)) => return Ok(true),
                Event::Leaf(..) | Event::Text(_) => {
                    let event = self.next()?;
                    kept.push(self, event);
                }
                Event::End | Event::Eof => return Ok(false),
            }
        }
    }

    /// Gives back what was put aside, in front of what comes.
    pub(super) fn give_back(&mut self, mut kept: Kept<'de>) {
        if let (Some(event), false) = (self.peeked, kept.events.is_empty()) {
            kept.push(self, event);
            self.peeked = None;
        }
        for aside in kept.events.into_iter().rev() {
            self.aside.push_front(aside);
        }
    }
}

/// Events that were put aside while looking for others.
#[derive(Default)]
pub(super) struct Kept<'de> {
    events: Vec<Aside<'de>>,
}

impl<'de> Kept<'de> {
    fn push(&mut self, reader: &Reader<'_, 'de>, event: Event<'de>) {
        let attributes = match event {
            Event::Start(_) => reader.attributes().to_vec(),
            _ => Vec::new(),
        };
        self.events.push(Aside { event, attributes, position: reader.position() });
    }
}

/// A text as the values of a type are compared: white space normalised.
pub(super) fn normalize<'a>(simple: &SimpleType, text: Cow<'a, str>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => simple.normalize(text),
        Cow::Owned(text) => simple.normalize(&text).into_owned().into(),
    }
}
