//! The events of the walk, with one event of lookahead.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use super::stopped;
use crate::Limits;
use crate::check::{Around, Attribute, Event, INSTANCE, Input, Machine, Note, Scratch, Stop, Table, Text, Values};
use crate::codec::content::Asked;
use crate::codec::keys::Keys;
use crate::codec::name::Place;
use crate::codec::{Any, Error, VALUE_DEPTH, qname, too_deep};
use crate::compiled::{Compiled, Content, ElementId, ModelId, TypeDefinition, TypeId};
use crate::datatype::SimpleType;
use crate::schema::Schema;
use crate::text::name::split_qname;
use crate::text::white_space::{is_blank, trim};
use crate::xml::{RawAttribute, Scopes, attribute_value, lex};
use crate::xsd::XSD;

/// An element whose content has not been read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    /// Its attributes, text and children follow, and then its end. If false, this is a complete element without
    /// attributes and children, whose text is in `note`.
    pub(crate) open: bool,
    /// A variant names its type.
    pub(crate) is_typed: bool,
    pub(crate) note: Note,
}

/// What an attribute of an element means for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It declares a namespace, which only concerns names.
    Declaration,
    /// `xsi:schemaLocation` or `xsi:noNamespaceSchemaLocation`: hints, which do not concern the element.
    Hint,
    /// `xsi:nil="true"`.
    Nil,
    /// `xsi:nil="false"`, which is redundant.
    NotNil,
    /// `xsi:type` with a type other than the expected one.
    Type,
    /// `xsi:type` with the declared type of the element, or the type that a variant names.
    KnownType,
    /// An attribute of the element itself.
    Own,
}

/// An event that was put aside.
struct Aside {
    note: Note,
    attributes: Vec<Attribute>,
    position: usize,
}

/// The events of one document.
pub(crate) struct Reader<'s, 'de> {
    machine: Machine<'s, 'de, Values<'s, 'de>>,
    /// The number of the machine's note that was passed on last.
    given: usize,
    pub(crate) schema: &'s Compiled,
    pub(super) table: &'s Table,
    pub(super) keys: Keys<'s>,
    limits: &'s Limits,
    /// The namespace declarations in force. Those of the machine can be ahead, since one step can produce several
    /// events.
    scopes: Scopes<'de>,
    /// Open elements, and whether the innermost one has just ended.
    open: usize,
    is_closing: bool,
    peeked: Option<Event>,
    /// Events that come before those of the machine.
    aside: VecDeque<Aside>,
    /// The data of the last event, if it had been set aside.
    replayed: Option<Box<Aside>>,
    /// The nesting depth of the values being read.
    depth: usize,
    /// The item being read, for errors: offset and length.
    place: (u32, u32),
}

impl<'s, 'de> Reader<'s, 'de> {
    /// Does not read anything yet. Errors in the document go to `explanation`.
    ///
    /// # Errors
    ///
    /// Nothing of the document can be read at all.
    #[inline(always)]
    pub(super) fn new(
        schema: &'s Schema,
        bytes: &'de [u8],
        scratch: &'s mut Scratch,
        sink: Values<'s, 'de>,
    ) -> Result<Self, Stop> {
        let (table, compiled, limits) = (schema.table(), schema.compiled(), schema.limits());
        let machine = Machine::open(compiled, table, limits, Input::Bytes(bytes), scratch, sink)?;
        Ok(Reader {
            machine,
            given: usize::MAX,
            schema: compiled,
            table,
            keys: Keys { schema: compiled, facts: schema.key_facts() },
            limits,
            scopes: Scopes::default(),
            open: 0,
            is_closing: false,
            peeked: None,
            aside: VecDeque::new(),
            replayed: None,
            depth: 0,
            place: (0, 0),
        })
    }

    /// Makes the document an element of another one.
    #[cold]
    pub(super) fn begin_record(&mut self, element: ElementId) {
        self.machine.begin_record(element);
    }

    /// Whether no error has been found so far.
    pub(super) fn is_right(&mut self) -> bool {
        self.machine.explanation().is_none_or(|explanation| explanation.is_valid())
    }

    /// Reads the rest of the document to find its errors.
    pub(super) fn finish(&mut self) {
        // The sink accepts all errors, so the walk continues to the end of the document.
        let _ = self.machine.finish();
    }

    /// Ends reading.
    pub(super) fn release(&mut self) {
        self.machine.release();
    }

    /// Reads a value that can contain others.
    #[inline]
    pub(crate) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if self.depth >= VALUE_DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    pub(super) fn place(&self) -> Range<usize> {
        let (at, length) = (self.place.0 as usize, self.place.1 as usize);
        at..at + length
    }

    /// Remembers the item being read.
    #[inline]
    pub(super) fn set_place(&mut self, at: u32, length: u32) {
        self.place = (at, length);
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Result<Event, Error> {
        match self.peeked.take() {
            Some(event) => Ok(event),
            None => self.advance(),
        }
    }

    #[inline]
    pub(crate) fn peek(&mut self) -> Result<Event, Error> {
        match self.peeked {
            Some(event) => Ok(event),
            None => {
                let event = self.advance()?;
                self.peeked = Some(event);
                Ok(event)
            }
        }
    }

    #[inline]
    fn advance(&mut self) -> Result<Event, Error> {
        if self.is_closing {
            self.leave();
        }
        let event = self.step()?;
        match event {
            Event::Start => self.enter(),
            Event::End => self.is_closing = true,
            Event::Leaf | Event::Text | Event::Eof => {}
        }
        Ok(event)
    }

    /// Brings the namespace declarations of the element that begins into force.
    #[inline]
    fn enter(&mut self) {
        self.open += 1;
        for index in 0..self.attributes().len() {
            let Some(attribute) = self.attributes().get(index) else { break };
            let raw = attribute.raw(self.text());
            if raw.declared_prefix().is_some() {
                // The walk has already reported its errors.
                let _ = self.scopes.open(self.open, &[raw]);
            }
        }
    }

    #[inline]
    fn leave(&mut self) {
        self.is_closing = false;
        if !self.scopes.is_empty() {
            self.scopes.close(self.open);
        }
        self.open = self.open.saturating_sub(1);
    }

    #[inline]
    fn step(&mut self) -> Result<Event, Error> {
        if (self.replayed.is_some() || !self.aside.is_empty())
            && let Some(event) = self.replay()
        {
            return Ok(event);
        }
        // One step can produce several notes.
        self.given = self.given.wrapping_add(1);
        if self.given >= self.machine.notes().len() {
            self.given = 0;
            self.machine.read(1).map_err(|_| stopped())?;
        }
        Ok(self.note().event)
    }

    #[cold]
    fn replay(&mut self) -> Option<Event> {
        self.replayed = self.aside.pop_front().map(Box::new);
        self.replayed.as_ref().map(|aside| aside.note.event)
    }

    /// The subject of the last event.
    #[inline]
    pub(super) fn note(&self) -> &Note {
        const NOTHING: Note = Note::of(Event::Eof);
        match &self.replayed {
            Some(aside) => &aside.note,
            None => self.machine.notes().get(self.given).unwrap_or(&NOTHING),
        }
    }

    /// The last text that was read.
    pub(crate) fn text_here(&self) -> Text<'de> {
        self.machine.text_of(self.note())
    }

    /// The local name of an element.
    #[inline]
    pub(crate) fn name_of(&self, note: &Note) -> &'de str {
        let (at, length) = (note.at as usize, note.length as usize);
        self.text().get(at + note.prefix as usize..at + length).unwrap_or_default()
    }

    /// The namespace that a prefix means in the element that has begun.
    pub(crate) fn namespace_of_prefix(&self, prefix: &str) -> Option<&str> {
        self.scopes.resolve(prefix)
    }

    /// The whole content of an element whose type does not describe it: its text, or self-contained markup. If the name
    /// must be kept, always markup.
    pub(crate) fn anything(&mut self, node: &Node, has_name: bool) -> Result<Any<'de>, Error> {
        if !node.open && !has_name {
            return self.text_of(node).map(Any::Text);
        }
        let declarations = self.declarations_around(&node.note);
        let is_kept = |attribute: &Attribute| self.role_of(node, attribute) != Role::Declaration;
        let mut is_markup = has_name || self.attributes().iter().any(is_kept);
        let mut text = Cow::Borrowed("");
        let mut depth = usize::from(node.open);
        while depth > 0 {
            match self.next()? {
                Event::Start => {
                    depth += 1;
                    is_markup = true;
                }
                Event::Leaf => is_markup = true,
                Event::End => depth -= 1,
                Event::Text if !is_markup && text.is_empty() => text = self.text_here().resolve(),
                Event::Text if !is_markup => text.to_mut().push_str(&self.text_here().resolve()),
                Event::Text => {}
                Event::Eof => return Err(Error::mismatch("expected an end tag")),
            }
        }
        if !is_markup {
            return Ok(Any::Text(text));
        }
        let (at, length) = (node.note.at as usize, node.note.length as usize);
        let whole = self.text().get(at - 1..self.position()).unwrap_or_default();
        Ok(Any::Markup(match (declarations.as_str(), whole.split_at_checked(length + 1)) {
            ("", _) | (_, None) => Cow::Borrowed(whole),
            (_, Some((name, rest))) => Cow::Owned(format!("{name}{declarations}{rest}")),
        }))
    }

    /// The attributes of the element that `next` has just opened, including namespace declarations.
    #[inline]
    pub(crate) fn attributes(&self) -> &[Attribute] {
        match &self.replayed {
            Some(aside) => &aside.attributes,
            None => self.machine.attributes_of(self.note()),
        }
    }

    /// The offset after the last event.
    pub(super) fn position(&self) -> usize {
        match &self.replayed {
            Some(aside) => aside.position,
            None => self.machine.position(),
        }
    }

    /// The document.
    pub(crate) fn text(&self) -> &'de str {
        self.machine.text()
    }

    /// The namespace declarations in force around an element that the walk has just reached, as attributes, except for
    /// prefixes that it declares itself.
    pub(super) fn declarations_around(&self, element: &Note) -> String {
        let own = self.raw_attributes(element);
        let declared: Vec<&str> = own.iter().filter_map(RawAttribute::declared_prefix).collect();
        self.machine.declarations(&|prefix| !declared.contains(&prefix))
    }

    /// All attributes of an element, as they are in its tag.
    fn raw_attributes(&self, element: &Note) -> Vec<RawAttribute<'de>> {
        let mut attributes = Vec::new();
        let begin = (element.at as usize).saturating_sub(1);
        // The walk has already read this tag without errors.
        let _ = lex::start_tag(self.text(), begin, self.limits, &mut attributes);
        attributes
    }

    /// The next event, which is an element.
    #[inline]
    pub(crate) fn next_element(&mut self) -> Result<Node, Error> {
        let open = match self.next()? {
            Event::Start => true,
            Event::Leaf => false,
            Event::Text | Event::End | Event::Eof => return Err(Error::mismatch("expected an element")),
        };
        let node = Node { open, is_typed: false, note: *self.note() };
        self.set_place(node.note.at, node.note.length);
        Ok(node)
    }

    /// Skips the rest of an element.
    pub(crate) fn skip(&mut self, node: &Node) -> Result<(), Error> {
        let mut depth = usize::from(node.open);
        while depth > 0 {
            match self.next()? {
                Event::Start => depth += 1,
                Event::End => depth -= 1,
                Event::Leaf | Event::Text => {}
                Event::Eof => return Err(Error::mismatch("expected an end tag")),
            }
        }
        Ok(())
    }

    /// The text of an element without other content, normalized according to its type.
    #[inline]
    pub(crate) fn text_of(&mut self, node: &Node) -> Result<Cow<'de, str>, Error> {
        if !node.open && node.note.plain && node.note.normal {
            return Ok(Cow::Borrowed(self.machine.text_of(&node.note).raw));
        }
        self.written_text_of(node)
    }

    fn written_text_of(&mut self, node: &Node) -> Result<Cow<'de, str>, Error> {
        let text = if node.open { self.text_until_end()? } else { self.machine.text_of(&node.note).resolve() };
        let text = self.or_default(node, text);
        Ok(match self.simple_type(node.note.type_id) {
            Some(simple) => normalize(simple, text),
            None => text,
        })
    }

    /// A text, or the default of its element if the text is empty (cvc-elt.5).
    pub(super) fn or_default(&self, node: &Node, text: Cow<'de, str>) -> Cow<'de, str> {
        let declaration = self.schema.elements.get(node.note.element.index());
        match declaration.and_then(|declaration| declaration.value.as_ref()) {
            Some(constraint) if text.is_empty() => {
                // The schema says what the prefixes in it mean.
                let simple = self.simple_type(node.note.type_id);
                qname::read(simple, Cow::Owned(constraint.value.to_string()), &constraint.bindings)
            }
            _ => text,
        }
    }

    fn text_until_end(&mut self) -> Result<Cow<'de, str>, Error> {
        let mut whole = Cow::Borrowed("");
        loop {
            match self.next()? {
                Event::End => return Ok(whole),
                Event::Text if whole.is_empty() => whole = self.text_here().resolve(),
                Event::Text => whole.to_mut().push_str(&self.text_here().resolve()),
                Event::Start | Event::Leaf => {
                    let name = self.name_of(self.note());
                    return Err(Error::mismatch(format_args!("expected text, found element `{name}`")));
                }
                Event::Eof => return Err(Error::mismatch("expected an end tag")),
            }
        }
    }

    /// The simple type of a type's text content, if it has one.
    pub(super) fn simple_type(&self, type_id: TypeId) -> Option<&'s SimpleType> {
        match &self.schema.types[type_id.index()] {
            TypeDefinition::Simple(definition) => Some(&definition.simple),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => Some(simple),
                _ => None,
            },
        }
    }

    /// The key of the next element among the children in a content model, if an element is next.
    #[inline]
    pub(super) fn peek_key(&mut self, model: Option<ModelId>) -> Result<Option<Cow<'de, str>>, Error> {
        Ok(match self.peek()? {
            Event::Start | Event::Leaf => Some(self.key_of(self.note(), model)),
            Event::Text | Event::End | Event::Eof => None,
        })
    }

    /// The key of an element among the children in a content model. Its namespaces must be in force.
    #[inline]
    pub(super) fn key_of(&self, note: &Note, model: Option<ModelId>) -> Cow<'de, str> {
        match model {
            Some(model) if !self.keys.are_local(Some(model)) => {
                self.keys.written(Place::Child(model), self.namespace_of(note), self.name_of(note))
            }
            _ => Cow::Borrowed(self.name_of(note)),
        }
    }

    /// The namespaces in force.
    pub(super) fn around(&self) -> Around<'_, 'de> {
        Around { schema: self.schema, scopes: &self.scopes }
    }

    /// The name of the next element.
    pub(super) fn peek_asked(&mut self) -> Result<Asked, Error> {
        self.peek()?;
        if self.schema.elements.get(self.note().element.index()).is_some() {
            return Ok(Asked::of(self.schema, self.note().element));
        }
        let names = &self.schema.names;
        let namespace = names.lookup_namespace(self.namespace_of(self.note()));
        let local = self.name_of(self.note());
        Ok(Asked { name: namespace.and_then(|namespace| names.lookup_local(namespace, local)), namespace })
    }

    /// The key of the root.
    pub(super) fn key_of_root(&self, note: &Note) -> Cow<'de, str> {
        self.keys.written(Place::Root, self.namespace_of(note), self.name_of(note))
    }

    /// The namespace of an element.
    fn namespace_of(&self, note: &Note) -> &str {
        if let Some(declaration) = self.schema.elements.get(note.element.index()) {
            return self.schema.names.namespace(declaration.name);
        }
        let name = self.text().get(note.at as usize..(note.at + note.length) as usize).unwrap_or_default();
        let (prefix, _) = name.split_once(':').unwrap_or_default();
        self.scopes.resolve(prefix).unwrap_or_default()
    }

    /// The namespace of an attribute of the element that `next` has just opened.
    pub(super) fn namespace_of_attribute(&self, raw: &RawAttribute<'_>) -> &str {
        self.scopes.namespace_of(raw).unwrap_or_default()
    }

    /// The declared type of an element.
    pub(super) fn declared_type(&self, note: &Note) -> TypeId {
        let declaration = self.schema.elements.get(note.element.index());
        declaration.map_or(self.schema.any_type, |declaration| declaration.type_id)
    }

    /// The role of an attribute of an element that `next` has just opened.
    pub(crate) fn role_of(&self, node: &Node, attribute: &Attribute) -> Role {
        let raw = attribute.raw(self.text());
        if raw.declared_prefix().is_some() {
            return Role::Declaration;
        }
        if raw.prefix_length == 0 || self.namespace_of_attribute(&raw) != INSTANCE {
            return Role::Own;
        }
        match raw.local_name() {
            "nil" if node.note.nil => Role::Nil,
            "nil" => Role::NotNil,
            "type" if node.is_typed || self.declared_type(&node.note) == node.note.type_id => Role::KnownType,
            "type" => Role::Type,
            _ => Role::Hint,
        }
    }

    /// The key of the type that an `xsi:type` attribute names.
    pub(super) fn type_key(&self, attribute: &Attribute) -> Cow<'de, str> {
        let value = attribute_value(attribute.raw(self.text()).value);
        let name = split_qname(trim(&value));
        match name.and_then(|(prefix, local)| Some((self.scopes.resolve(prefix)?, local))) {
            Some((namespace, local)) => Cow::Owned(self.keys.written(Place::Type, namespace, local).into_owned()),
            None => value,
        }
    }

    /// Whether an element is nil and has no other attributes.
    pub(super) fn is_bare_nil(&self, node: &Node) -> bool {
        node.note.nil && self.refuse_attributes(node, true).is_ok()
    }

    /// The type of the value of `xsi:nil`.
    pub(super) fn boolean(&self) -> Option<&'s SimpleType> {
        let schema = self.schema;
        let name = schema.names.lookup(XSD, "boolean")?;
        schema.simple_content(*schema.named_types.get(&name)?).map(|simple| &**simple)
    }

    /// Refuses the attributes of an element that is read as something without a place for them.
    pub(super) fn refuse_attributes(&self, node: &Node, may_be_nil: bool) -> Result<(), Error> {
        if !node.open {
            return Ok(());
        }
        let roles = self.attributes().iter().map(|attribute| (attribute, self.role_of(node, attribute)));
        for (attribute, role) in roles {
            let element = self.name_of(&node.note);
            return Err(match role {
                Role::Declaration | Role::Hint | Role::NotNil | Role::KnownType => continue,
                Role::Nil if may_be_nil => continue,
                Role::Nil => Error::mismatch(format_args!("`<{element}>` is nil: `Option` holds that")),
                Role::Type => Error::mismatch(format_args!(
                    "`<{element}>` has the type `{}` by `xsi:type`: read it into a struct with a field `@xsi:type`, or into an enum with variants named as types",
                    self.type_key(attribute)
                )),
                Role::Own => Error::mismatch(format_args!(
                    "`<{element}>` has the attribute `{}`: read it into a struct with a field for that",
                    attribute.raw(self.text()).local_name()
                )),
            });
        }
        Ok(())
    }

    /// Skips the rest of an element, which must be empty.
    pub(super) fn expect_nothing(&mut self, node: &Node) -> Result<(), Error> {
        let declaration = self.schema.elements.get(node.note.element.index());
        let element = self.name_of(&node.note);
        match declaration.is_some_and(|declaration| declaration.nillable) {
            true if !node.note.nil => {
                return Err(Error::mismatch(format_args!("expected nil (`xsi:nil`), found `<{element}>` without it")));
            }
            is_nillable => self.refuse_attributes(node, is_nillable)?,
        }
        let found = |what: &str| Err(Error::mismatch(format_args!("expected nothing in `<{element}>`, found {what}")));
        if !node.open {
            return if is_blank(self.machine.text_of(&node.note).raw) { Ok(()) } else { found("text") };
        }
        loop {
            match self.next()? {
                Event::End => return Ok(()),
                Event::Text if is_blank(self.text_here().raw) => {}
                Event::Text => return found("text"),
                Event::Start | Event::Leaf => return found("an element"),
                Event::Eof => return found("the end of the document"),
            }
        }
    }

    /// Sets aside the events up to a `wanted` child of the open element, or its end. They are replayed after that
    /// child. Returns whether there is one.
    pub(super) fn set_aside(
        &mut self,
        kept: &mut Kept,
        model: Option<ModelId>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<bool, Error> {
        loop {
            let event = self.peek()?;
            match event {
                Event::End | Event::Eof => return Ok(false),
                Event::Start | Event::Leaf if wanted(&self.key_of(self.note(), model)) => return Ok(true),
                Event::Start | Event::Leaf | Event::Text => {}
            }
            let mut depth = 0_usize;
            loop {
                let event = self.next()?;
                kept.push(self);
                match event {
                    Event::Start => depth += 1,
                    Event::End => depth -= 1,
                    Event::Leaf | Event::Text | Event::Eof => {}
                }
                if depth == 0 {
                    break;
                }
            }
        }
    }

    /// Puts events that were set aside before those that follow.
    pub(super) fn give_back(&mut self, mut kept: Kept) {
        if let Some(peeked) = self.peeked.filter(|_| !kept.events.is_empty()) {
            kept.push(self);
            self.peeked = None;
            // It is replayed, including its effect on namespaces.
            match peeked {
                Event::Start => self.leave(),
                Event::End => self.is_closing = false,
                Event::Leaf | Event::Text | Event::Eof => {}
            }
        }
        for aside in kept.events.into_iter().rev() {
            self.aside.push_front(aside);
        }
    }
}

/// Events that were set aside while looking for others.
#[derive(Default)]
pub(super) struct Kept {
    events: Vec<Aside>,
}

impl Kept {
    /// Keeps the last event.
    fn push(&mut self, reader: &Reader<'_, '_>) {
        let note = *reader.note();
        let attributes = match note.event {
            Event::Start => reader.attributes().to_vec(),
            _ => Vec::new(),
        };
        self.events.push(Aside { note, attributes, position: reader.position() });
    }
}

/// The simple type of an attribute that a type declares.
pub(crate) fn attribute_type<'s>(
    schema: &'s Compiled,
    type_id: TypeId,
    attribute: &Attribute,
) -> Option<&'s SimpleType> {
    let TypeDefinition::Complex(complex) = &schema.types[type_id.index()] else { return None };
    let declared = complex.attributes.iter().find(|declared| Some(declared.name) == attribute.name)?;
    Some(&declared.simple)
}

/// The value of an attribute in a document, normalized.
pub(crate) fn value_of<'de>(document: &'de str, attribute: &Attribute, simple: Option<&SimpleType>) -> Cow<'de, str> {
    let (at, length) = (attribute.value.0 as usize, attribute.value.1 as usize);
    let raw = document.get(at..at + length).unwrap_or_default();
    let value = if attribute.plain { Cow::Borrowed(raw) } else { attribute_value(raw) };
    match simple {
        Some(simple) => normalize(simple, value),
        None => value,
    }
}

/// A text with white space normalized, as values of the type are compared.
pub(crate) fn normalize<'a>(simple: &SimpleType, text: Cow<'a, str>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => simple.normalize(text),
        Cow::Owned(text) => match simple.normalize(&text) {
            Cow::Borrowed(same) if same.len() == text.len() => Cow::Owned(text),
            changed => Cow::Owned(changed.into_owned()),
        },
    }
}
