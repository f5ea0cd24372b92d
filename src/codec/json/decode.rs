//! Converts the events of a walk to JSON text, without a tree. Memory holds only the open elements and the longest
//! value.

use std::borrow::Cow;
use std::io;

use super::children::Children;
use super::form::{Form, Forms, Member};
use super::output::Output;
use super::scalar;
use crate::check::{Around, Attribute, Document, Event, EventsAlone, INSTANCE, Machine, Note, Stop, with_scratch};
use crate::codec::content::has_attributes;
use crate::codec::de::{attribute_type, value_of};
use crate::codec::name::{self, Place};
use crate::codec::{Error, Layout};
use crate::compiled::{Compiled, ModelId, NameId, Process, TypeDefinition, TypeId, ValueConstraint};
use crate::datatype::{Context, SimpleType};
use crate::schema::Schema;
use crate::text::name::split_qname;
use crate::text::white_space::trim;
use crate::xml::{Scopes, attribute_value};

/// The part of a document that is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'p> {
    /// All of it.
    All(Layout),
    /// The elements at a path of names, each on its own line.
    Records(&'p [NameId]),
}

/// Reads a document and writes it as JSON. See `Failure` for the kinds of errors.
pub(super) fn decode<W: io::Write>(schema: &Schema, text: &[u8], writer: W, wanted: Wanted<'_>) -> Result<W, Failure> {
    let (out, path) = match wanted {
        Wanted::All(layout) => (Output::new(writer, layout), &[][..]),
        Wanted::Records(path) => (Output::of_records(writer), path),
    };
    with_scratch(|scratch| {
        let (compiled, limits) = (schema.compiled(), schema.limits());
        let document = Document::new(text, limits)?;
        let machine = Machine::new(compiled, schema.table(), limits, document, scratch, EventsAlone);
        let mut decoder = Decoder {
            machine,
            schema: compiled,
            forms: schema.forms(),
            out,
            path,
            on_path: 0,
            scopes: Scopes::default(),
            open: Vec::new(),
            memory: Vec::new(),
            waiting: None,
            attributes: Vec::new(),
            name: String::new(),
        };
        let result = decoder.run();
        decoder.machine.release();
        result?;
        Ok(decoder.out.finish()?)
    })
}

/// Why a document was not written as JSON.
pub(super) enum Failure {
    /// It is invalid.
    Invalid,
    Error(Error),
}

impl From<Stop> for Failure {
    fn from(_: Stop) -> Failure {
        Failure::Invalid
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}

struct Decoder<'s, 'a, W> {
    machine: Machine<'s, 'a, EventsAlone>,
    schema: &'s Compiled,
    forms: &'s Forms,
    out: Output<W>,
    /// The names on the path to the records; empty if everything is written.
    path: &'s [NameId],
    /// How many open elements are on that path, counted from the root.
    on_path: usize,
    /// The namespace declarations in force. Those of the machine can be ahead, since one step can produce several
    /// events.
    scopes: Scopes<'a>,
    open: Vec<Frame>,
    memory: Vec<u32>,
    /// The last element that began: its form in JSON can depend on its text.
    waiting: Option<Note>,
    /// Its attributes.
    attributes: Vec<Attribute>,
    /// A buffer for names.
    name: String,
}

/// An open element.
struct Frame {
    content: Content,
    /// The object with one member around it must be closed.
    is_wrapped: bool,
    is_record: bool,
}

/// What the rest of an open element adds.
enum Content {
    /// Nothing: its value was written.
    Written,
    /// Nothing: its value was written, inside an object.
    Object,
    /// Members of an object. `last` is the member of the last child, with the child's name if the name selects the
    /// member.
    Members { children: Children, last: Option<(Member, Option<NameId>)> },
    /// Items of the array `$value` of an object. The first item begins the array.
    Mixed { model: ModelId, has_items: bool },
}

/// Whether children of a member are items of an array.
fn is_array(member: Member) -> bool {
    matches!(member, Member::Grouped | Member::Named { is_array: true } | Member::Any { is_array: true })
}

impl<'a, W: io::Write> Decoder<'_, 'a, W> {
    fn run(&mut self) -> Result<(), Failure> {
        self.out.begin_object();
        loop {
            self.machine.read(1)?;
            for index in 0..self.machine.notes().len() {
                let Some(note) = self.machine.notes().get(index).copied() else { break };
                if note.event == Event::Eof {
                    self.out.end_object();
                    return Ok(());
                }
                self.take(note);
            }
            self.out.pass_on()?;
        }
    }

    fn take(&mut self, note: Note) {
        if let Some(waiting) = self.waiting.take() {
            self.begin(&waiting, (note.event == Event::Text).then_some(&note));
        }
        match note.event {
            Event::Start => {
                self.attributes.clear();
                self.attributes.extend_from_slice(self.machine.attributes_of(&note));
                self.waiting = Some(note);
            }
            Event::Leaf => {
                self.attributes.clear();
                self.begin(&note, Some(&note));
                self.text(&note);
                self.end();
            }
            Event::Text => self.text(&note),
            Event::End => self.end(),
            Event::Eof => {}
        }
    }

    /// Handles the beginning of an element, and its text if that follows.
    fn begin(&mut self, note: &Note, text: Option<&Note>) {
        self.declare();
        let is_wrapped = self.begin_member(note);
        let is_record = !self.path.is_empty() && self.enter(note);
        if is_record {
            self.out.begin_record();
        }
        let instance = self.attributes.iter().filter(|attribute| self.is_instance(attribute)).count();
        let has_attributes = has_attributes(self.schema, note.type_id);
        if note.nil && instance == 1 && !has_attributes {
            self.out.literal("null");
            self.open.push(Frame { content: Content::Written, is_wrapped, is_record });
            return;
        }
        let form = self.forms.of_type(self.schema, note.type_id);
        let value = text.map(|text| self.value(note, text)).unwrap_or_default();
        let kept = self.kept_prefixes(note, &value);
        let content = match form {
            Form::Value if instance == 0 && kept.is_empty() => {
                self.write_value(note, &value);
                Content::Written
            }
            _ => {
                self.out.begin_object();
                self.write_attributes(note, &kept);
                match form {
                    _ if note.nil => Content::Object,
                    Form::Value | Form::Text => {
                        self.out.key("$text");
                        self.write_value(note, &value);
                        Content::Object
                    }
                    Form::Empty => Content::Object,
                    Form::Members(model) => {
                        let children = Children::begin(self.schema, self.forms, model, &mut self.memory);
                        Content::Members { children, last: None }
                    }
                    Form::Mixed(model) => Content::Mixed { model, has_items: false },
                }
            }
        };
        self.open.push(Frame { content, is_wrapped, is_record });
    }

    /// Whether the element that begins is at the end of the path.
    fn enter(&mut self, note: &Note) -> bool {
        let depth = self.open.len();
        if self.on_path != depth {
            return false;
        }
        let (namespace, local) = name_of(self.machine.text(), &self.scopes, note);
        let is_next = |next: &&NameId| self.schema.names.lookup(namespace, local) == Some(**next);
        if self.path.get(depth).filter(is_next).is_none() {
            return false;
        }
        self.on_path += 1;
        self.on_path == self.path.len()
    }

    /// Writes the key of an element in the JSON of its parent. Returns whether an object was begun for that.
    fn begin_member(&mut self, note: &Note) -> bool {
        let (namespace, local) = name_of(self.machine.text(), &self.scopes, note);
        let schema = self.schema;
        self.name.clear();
        match self.open.last_mut().map(|frame| &mut frame.content) {
            None => {
                name::write(schema, Place::Root, namespace, local, &mut self.name);
                self.out.key(&self.name);
                false
            }
            Some(Content::Members { children, last }) => {
                let (id, model) = (schema.names.lookup(namespace, local), children.model);
                let member = children.take(schema, self.forms, &mut self.memory, id, namespace);
                let this = Some((member, id.filter(|_| matches!(member, Member::Named { .. }))));
                if *last != this {
                    if last.is_some_and(|(member, _)| is_array(member)) {
                        self.out.end_array();
                    }
                    match member {
                        Member::Grouped => self.name.push_str("$value"),
                        Member::Any { .. } => self.name.push_str("$any"),
                        Member::Named { .. } => {
                            name::write(schema, Place::Child(model), namespace, local, &mut self.name);
                        }
                    }
                    self.out.key(&self.name);
                    if is_array(member) {
                        self.out.begin_array();
                    }
                    *last = this;
                }
                let place = match member {
                    Member::Named { .. } => return false,
                    Member::Grouped => Place::Child(model),
                    Member::Any { .. } => Place::Anywhere,
                };
                self.name.clear();
                name::write(schema, place, namespace, local, &mut self.name);
                self.out.begin_object();
                self.out.key(&self.name);
                true
            }
            Some(Content::Mixed { model, has_items }) => {
                begin_items(&mut self.out, has_items);
                name::write(schema, Place::Child(*model), namespace, local, &mut self.name);
                self.out.begin_object();
                self.out.key(&self.name);
                true
            }
            // An element with a value has no children.
            Some(Content::Written | Content::Object) => false,
        }
    }

    /// In mixed content, text is an item. Elsewhere it is the value, which was written when its element began, or white
    /// space between elements.
    fn text(&mut self, note: &Note) {
        if let Some(Frame { content: Content::Mixed { has_items, .. }, .. }) = self.open.last_mut() {
            let text = self.machine.text_of(note).resolve();
            if !text.is_empty() {
                begin_items(&mut self.out, has_items);
                self.out.string(&text);
            }
        }
    }

    fn end(&mut self) {
        let depth = self.open.len();
        let Some(frame) = self.open.pop() else { return };
        match frame.content {
            Content::Written => {}
            Content::Object => self.out.end_object(),
            Content::Members { children, last } => {
                if last.is_some_and(|(member, _)| is_array(member)) {
                    self.out.end_array();
                }
                children.end(&mut self.memory);
                self.out.end_object();
            }
            Content::Mixed { has_items, .. } => {
                if has_items {
                    self.out.end_array();
                }
                self.out.end_object();
            }
        }
        if frame.is_record {
            self.out.end_record();
        }
        if frame.is_wrapped {
            self.out.end_object();
        }
        self.on_path = self.on_path.min(self.open.len());
        self.scopes.close(depth);
    }

    /// Brings the namespace declarations of the element that begins into force.
    fn declare(&mut self) {
        let depth = self.open.len() + 1;
        for attribute in &self.attributes {
            let raw = attribute.raw(self.machine.text());
            if raw.declared_prefix().is_some() {
                // The walk has already checked them.
                let _ = self.scopes.open(depth, &[raw]);
            }
        }
    }

    /// The namespace and local part of an attribute; `None` if it declares a namespace.
    fn name_of(&self, attribute: &Attribute) -> Option<(&str, &'a str)> {
        let raw = attribute.raw(self.machine.text());
        match raw.declared_prefix() {
            Some(_) => None,
            None => Some((self.scopes.namespace_of(&raw).unwrap_or_default(), raw.local_name())),
        }
    }

    fn is_instance(&self, attribute: &Attribute) -> bool {
        self.name_of(attribute).is_some_and(|(namespace, _)| namespace == INSTANCE)
    }

    fn write_attributes(&mut self, note: &Note, kept: &[&str]) {
        for prefix in kept {
            self.name.clear();
            self.name.push_str(if prefix.is_empty() { "@xmlns" } else { "@xmlns:" });
            self.name.push_str(prefix);
            self.out.key(&self.name);
            self.out.string(self.scopes.resolve(prefix).unwrap_or_default());
        }
        for attribute in &self.attributes {
            let raw = attribute.raw(self.machine.text());
            if raw.declared_prefix().is_some() {
                continue;
            }
            let (namespace, local) = (self.scopes.namespace_of(&raw).unwrap_or_default(), raw.local_name());
            self.name.clear();
            self.name.push('@');
            name::write(self.schema, Place::Attribute(note.type_id), namespace, local, &mut self.name);
            self.out.key(&self.name);
            let around = Around { schema: self.schema, scopes: &self.scopes };
            if namespace == INSTANCE {
                let value = attribute_value(raw.value);
                match (local, trim(&value)) {
                    ("nil", "true" | "1") => self.out.literal("true"),
                    ("nil", "false" | "0") => self.out.literal("false"),
                    ("type", value) => {
                        self.name.clear();
                        match split_qname(value).and_then(|(prefix, local)| Some((around.namespace(prefix)?, local))) {
                            Some((namespace, local)) => {
                                name::write(self.schema, Place::Type, namespace, local, &mut self.name);
                            }
                            None => self.name.push_str(value),
                        }
                        self.out.string(&self.name);
                    }
                    _ => self.out.string(&value),
                }
                continue;
            }
            let simple = attribute_type_of(self.schema, note.type_id, attribute);
            let value = value_of(self.machine.text(), attribute, None);
            match simple {
                Some(simple) => scalar::write(&mut self.out, simple, &value, &around),
                None => self.out.string(&value),
            }
        }
    }

    /// The text of an element, or its default if the text is empty.
    fn value(&self, note: &Note, text: &Note) -> Cow<'a, str> {
        let written = self.machine.text_of(text).resolve();
        match default_of(self.schema, note, &written) {
            Some(default) => {
                // The schema says what the prefixes in it mean.
                let simple = self.schema.simple_content(note.type_id);
                match simple.filter(|simple| simple.is_name()) {
                    Some(_) => match scalar::expanded(trim(&default.value), &default.bindings) {
                        name if name.starts_with("Q{") => name.into_owned().into(),
                        local => format!("Q{{}}{local}").into(),
                    },
                    None => default.value.to_string().into(),
                }
            }
            None => written,
        }
    }

    fn write_value(&mut self, note: &Note, value: &str) {
        let around = Around { schema: self.schema, scopes: &self.scopes };
        match self.schema.simple_content(note.type_id) {
            Some(simple) => scalar::write(&mut self.out, simple, value, &around),
            None => self.out.string(value),
        }
    }

    /// The prefixes whose bindings the values of an element need: those of names whose spelling matters, and, for
    /// values without a schema type, anything that looks like the prefix of a name.
    fn kept_prefixes(&self, note: &Note, value: &str) -> Vec<&'a str> {
        let mut kept: Vec<&'a str> = Vec::new();
        let mut keep = |prefix: &str| {
            let bound = self.scopes.prefixes_of(self.scopes.resolve(prefix).unwrap_or_default());
            if let Some(prefix) = bound.into_iter().find(|bound| *bound == prefix)
                && prefix != "xml"
                && !kept.contains(&prefix)
            {
                kept.push(prefix);
            }
        };
        let looks_like = |text: &str| {
            let name = split_qname(trim(text)).filter(|(prefix, _)| !prefix.is_empty());
            name.map(|(prefix, _)| prefix.to_owned())
        };
        for attribute in &self.attributes {
            if self.name_of(attribute).is_none_or(|(namespace, _)| namespace == INSTANCE) {
                continue;
            }
            let value = value_of(self.machine.text(), attribute, None);
            match attribute_type_of(self.schema, note.type_id, attribute) {
                Some(simple) => scalar::kept_prefixes(simple, &value, false).into_iter().for_each(&mut keep),
                None => looks_like(&value).iter().for_each(|prefix| keep(prefix)),
            }
        }
        match self.schema.simple_content(note.type_id) {
            Some(simple) => scalar::kept_prefixes(simple, value, false).into_iter().for_each(&mut keep),
            None if note.type_id == self.schema.any_type => looks_like(value).iter().for_each(|prefix| keep(prefix)),
            None => {}
        }
        kept
    }
}

/// The default (or fixed value) of an element with this text (cvc-elt.5).
pub(crate) fn default_of<'s>(schema: &'s Compiled, note: &Note, written: &str) -> Option<&'s ValueConstraint> {
    let constraint = schema.elements.get(note.element.index()).and_then(|element| element.value.as_ref());
    constraint.filter(|_| written.is_empty() && schema.has_simple_content(note.type_id))
}

/// The namespace and local part of the name of an element that begins.
pub(crate) fn name_of<'s, 'a>(text: &'a str, scopes: &'s Scopes<'a>, note: &Note) -> (&'s str, &'a str) {
    let qualified = text.get(note.at as usize..(note.at + note.length) as usize).unwrap_or_default();
    let (prefix, local) = qualified.rsplit_once(':').unwrap_or(("", qualified));
    (scopes.resolve(prefix).unwrap_or_default(), local)
}

/// Begins the array `$value`, unless it has already begun.
fn begin_items<W: io::Write>(out: &mut Output<W>, has_items: &mut bool) {
    if !std::mem::replace(has_items, true) {
        out.key("$value");
        out.begin_array();
    }
}

/// The type of an attribute: from its element's type, or from a global declaration if a wildcard admits it (section
/// 3.10.1).
pub(crate) fn attribute_type_of<'s>(
    schema: &'s Compiled,
    type_id: TypeId,
    attribute: &Attribute,
) -> Option<&'s SimpleType> {
    attribute_type(schema, type_id, attribute).or_else(|| wild_attribute(schema, type_id, attribute.name?))
}

/// The type of an attribute that the wildcard of a type admits.
pub(super) fn wild_attribute(schema: &Compiled, type_id: TypeId, name: NameId) -> Option<&SimpleType> {
    let TypeDefinition::Complex(complex) = &schema.types[type_id.index()] else { return None };
    let wildcard = complex.any_attribute.as_ref().filter(|wildcard| wildcard.process != Process::Skip)?;
    let namespace = schema.names.namespace_id(name);
    let global = schema.global_attributes.get(&name).filter(|_| wildcard.namespaces.allows(Some(namespace)))?;
    Some(&global.simple)
}
