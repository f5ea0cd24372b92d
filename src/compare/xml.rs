//! An XML document as a tree, built from the events of the walk: validity, and the list that a child belongs to, are
//! decided elsewhere.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use super::meanings::{LabelKind, Meanings};
use super::tree::{Builder, New, Shape, Tree};
use crate::Schema;
use crate::check::{Around, Attribute, Document, Event, EventsAlone, INSTANCE, Machine, Note, Stop, with_scratch};
use crate::codec::{Children, Form, Member, attribute_type_of, default_of, name_of, value_of};
use crate::compiled::{Compiled, ElementId, TypeDefinition, TypeId};
use crate::datatype::{Context, SimpleType};
use crate::text::name::split_qname;
use crate::text::white_space::trim;
use crate::xml::Scopes;

/// A tree, and the elements whose declarations have identity constraints, with these constraints.
pub(super) struct Read {
    pub(super) tree: Tree,
    pub(super) hosts: Vec<(u32, ElementId)>,
}

/// Reads a UTF-8 document.
///
/// # Errors
///
/// The document is invalid.
pub(super) fn read(schema: &Schema, text: &[u8], meanings: &mut Meanings) -> Result<Read, Stop> {
    with_scratch(|scratch| {
        let (compiled, limits) = (schema.compiled(), schema.limits());
        let document = Document::new(text, limits)?;
        let mut machine = Machine::new(compiled, schema.table(), limits, document, scratch, EventsAlone);
        let mut reader = Reader {
            schema,
            compiled,
            text: machine.text(),
            builder: Builder::new(meanings),
            hosts: Vec::new(),
            scopes: Scopes::default(),
            open: Vec::new(),
            memory: Vec::new(),
            attributes: Vec::new(),
            defaults: HashMap::new(),
            spelling: String::new(),
        };
        let result = reader.run(&mut machine);
        machine.release();
        result?;
        Ok(Read { tree: reader.builder.tree, hosts: reader.hosts })
    })
}

struct Reader<'s, 'a, 'm> {
    schema: &'s Schema,
    compiled: &'s Compiled,
    text: &'a str,
    builder: Builder<'m>,
    hosts: Vec<(u32, ElementId)>,
    /// The namespace declarations in scope.
    scopes: Scopes<'a>,
    open: Vec<Content>,
    memory: Vec<u32>,
    /// The attributes of the element that begins.
    attributes: Vec<Attribute>,
    /// The attributes with defaults of each type.
    defaults: HashMap<TypeId, Rc<[DefaultAttribute]>>,
    spelling: String,
}

/// An attribute that has a value if it is absent.
struct DefaultAttribute {
    label: u32,
    value: u32,
    written: Box<str>,
}

/// The content of an open element.
enum Content {
    /// A value, or nothing.
    Value,
    Children(Children),
    /// Also text. `text`: what was read since the last tag, and its range.
    Mixed {
        text: String,
        span: (u32, u32),
    },
}

/// The group of children that are not grouped by name.
const GROUPED: u32 = u32::MAX;
const ANY: u32 = u32::MAX - 1;

impl<'a> Reader<'_, 'a, '_> {
    fn run(&mut self, machine: &mut Machine<'_, 'a, EventsAlone>) -> Result<(), Stop> {
        // The element that began last, whose value may follow.
        let mut waiting: Option<Note> = None;
        loop {
            machine.read(1)?;
            for index in 0..machine.notes().len() {
                let Some(note) = machine.notes().get(index).copied() else { break };
                let text = matches!(note.event, Event::Text | Event::Leaf).then(|| machine.text_of(&note).resolve());
                let waited = waiting.take();
                if let Some(start) = waited {
                    self.begin(&start, text.clone().filter(|_| note.event == Event::Text), &note);
                }
                match note.event {
                    Event::Start => {
                        self.attributes.clear();
                        self.attributes.extend_from_slice(machine.attributes_of(&note));
                        waiting = Some(note);
                    }
                    Event::Leaf => {
                        self.attributes.clear();
                        self.begin(&note, text.clone(), &note);
                        self.take_text(text.unwrap_or_default(), &note);
                        self.end();
                    }
                    Event::Text => self.take_text(text.unwrap_or_default(), &note),
                    Event::End => self.end(),
                    Event::Eof => return Ok(()),
                }
            }
        }
    }

    /// Begins an element, with its text if that follows; the note has the place of the text.
    fn begin(&mut self, note: &Note, text: Option<Cow<'a, str>>, text_note: &Note) {
        self.flush();
        let depth = self.open.len() + 1;
        for attribute in &self.attributes {
            let raw = attribute.raw(self.text);
            if raw.declared_prefix().is_some() {
                // The walk has validated the declaration.
                let _ = self.scopes.open(depth, &[raw]);
            }
        }
        let form = self.schema.forms().of_type(self.compiled, note.type_id);
        let (label, group, is_list) = self.place(note);
        let is_value = matches!(form, Form::Value) || (note.nil && !matches!(form, Form::Text));
        let shape = if is_value { Shape::Value } else { Shape::Structure };
        let span = (note.at.saturating_sub(1), note.at + note.length);
        let node = self.builder.begin(New { label, group, is_list, shape, span });
        if self.compiled.elements.get(note.element.index()).is_some_and(|element| !element.constraints.is_empty()) {
            self.hosts.push((node, note.element));
        }
        let span_of_text = match &text {
            Some(_) => (text_note.first, text_note.last),
            None => (0, 0),
        };
        if note.nil {
            let value = self.builder.meanings.of_value("nil");
            self.builder.set_value(value, (0, 0));
            self.builder.tree.written.insert(node, "nil".into());
        } else if matches!(form, Form::Value | Form::Text) {
            self.set_value(node, note, &text.unwrap_or_default(), span_of_text);
        }
        self.take_attributes(note, span);
        self.open.push(match form {
            Form::Members(model) if !note.nil => {
                Content::Children(Children::begin(self.compiled, self.schema.forms(), model, &mut self.memory))
            }
            Form::Mixed(_) if !note.nil => Content::Mixed { text: String::new(), span: (0, 0) },
            _ => Content::Value,
        });
    }

    /// The label of an element, and the list of its parent that it belongs to.
    fn place(&mut self, note: &Note) -> (u32, u32, bool) {
        let (namespace, local) = name_of(self.text, &self.scopes, note);
        let names = &self.compiled.names;
        let id = names.lookup(namespace, local);
        let known = || (id, names.lookup_namespace(namespace));
        let label = self.builder.meanings.of_label(LabelKind::Element, namespace, local, known);
        let (group, is_list) = match self.open.last_mut() {
            Some(Content::Children(children)) => {
                match children.take(self.compiled, self.schema.forms(), &mut self.memory, id, namespace) {
                    Member::Named { is_array } => (label, is_array),
                    Member::Grouped => (GROUPED, true),
                    Member::Any { is_array } => (ANY, is_array),
                }
            }
            Some(Content::Mixed { .. }) => (GROUPED, true),
            Some(Content::Value) | None => (label, false),
        };
        (label, group, is_list)
    }

    /// Sets the value of an element, which is its default if it is empty.
    fn set_value(&mut self, node: u32, note: &Note, text: &str, span: (u32, u32)) {
        let simple = self.compiled.simple_content(note.type_id).map(|simple| &**simple);
        let value = match default_of(self.compiled, note, text) {
            Some(default) => {
                self.builder.tree.written.insert(node, default.value.as_ref().into());
                self.number(simple, &default.value, &default.bindings)
            }
            None => {
                self.show_name(node, simple, text);
                let around = Around { schema: self.compiled, scopes: &self.scopes };
                number(&mut self.spelling, self.builder.meanings, simple, text, &around)
            }
        };
        self.builder.set_value(value, span);
        let is_id = simple.is_some_and(SimpleType::is_id);
        if let Some(node) = self.builder.node_mut(node) {
            node.is_id = is_id;
        }
    }

    fn number(&mut self, simple: Option<&SimpleType>, text: &str, context: &dyn Context) -> u32 {
        number(&mut self.spelling, self.builder.meanings, simple, text, context)
    }

    /// Takes the attributes of an element, including defaults, and its type if that is not the declared one.
    fn take_attributes(&mut self, note: &Note, tag: (u32, u32)) {
        let attributes = std::mem::take(&mut self.attributes);
        let defaults = self.defaults_of(note.type_id);
        let mut absent: Vec<&DefaultAttribute> = defaults.iter().collect();
        for attribute in &attributes {
            let raw = attribute.raw(self.text);
            if raw.declared_prefix().is_some() {
                continue;
            }
            let namespace = self.scopes.namespace_of(&raw).unwrap_or_default();
            if namespace == INSTANCE {
                continue;
            }
            let names = &self.compiled.names;
            let known = || (names.lookup(namespace, raw.local_name()), names.lookup_namespace(namespace));
            let label = self.builder.meanings.of_label(LabelKind::Attribute, namespace, raw.local_name(), known);
            absent.retain(|default| default.label != label);
            let simple = attribute_type_of(self.compiled, note.type_id, attribute);
            let text = value_of(self.text, attribute, None);
            let around = Around { schema: self.compiled, scopes: &self.scopes };
            let value = number(&mut self.spelling, self.builder.meanings, simple, &text, &around);
            let span = (attribute.at, attribute.value.0 + attribute.value.1 + 1);
            let node = self.attribute(label, span, value, (attribute.value.0, attribute.value.0 + attribute.value.1));
            self.show_name(node, simple, &text);
            if let Some(node) = self.builder.node_mut(node) {
                node.is_id = simple.is_some_and(SimpleType::is_id);
            }
        }
        for default in absent {
            let node = self.attribute(default.label, tag, default.value, (0, 0));
            self.builder.tree.written.insert(node, default.written.clone());
        }
        let declared = self.compiled.elements.get(note.element.index()).map(|element| element.type_id);
        if declared.unwrap_or(self.compiled.any_type) != note.type_id {
            self.take_type(&attributes, tag);
        }
        self.attributes = attributes;
    }

    /// Takes the type that `xsi:type` names.
    fn take_type(&mut self, attributes: &[Attribute], tag: (u32, u32)) {
        let named = attributes.iter().find_map(|attribute| {
            let raw = attribute.raw(self.text);
            let is_type = raw.local_name() == "type" && self.scopes.namespace_of(&raw) == Some(INSTANCE);
            is_type.then(|| (attribute, value_of(self.text, attribute, None)))
        });
        let Some((attribute, name)) = named else { return };
        let expanded = self.expanded(&name).unwrap_or_default();
        let value = self.builder.meanings.of_value(&expanded);
        let label = self.builder.meanings.of_label(LabelKind::Attribute, INSTANCE, "type", || (None, None));
        let span = (attribute.value.0, attribute.value.0 + attribute.value.1);
        let node = self.attribute(label, tag, value, span);
        self.builder.tree.written.insert(node, expanded.into());
    }

    /// A value that is a qualified name is shown with its namespace, since its prefix says little.
    fn show_name(&mut self, node: u32, simple: Option<&SimpleType>, text: &str) {
        if simple.is_some_and(SimpleType::is_name)
            && let Some(name) = self.expanded(text)
        {
            self.builder.tree.written.insert(node, name.into());
        }
    }

    /// A name in the form `Q{namespace}local`.
    fn expanded(&self, name: &str) -> Option<String> {
        let (prefix, local) = split_qname(trim(name))?;
        let namespace = self.scopes.resolve(prefix).unwrap_or_default();
        Some(if namespace.is_empty() { local.to_owned() } else { format!("Q{{{namespace}}}{local}") })
    }

    fn attribute(&mut self, label: u32, span: (u32, u32), value: u32, text: (u32, u32)) -> u32 {
        let node = self.builder.begin(New { label, group: label, is_list: false, shape: Shape::Value, span });
        self.builder.set_value(value, text);
        self.builder.end();
        node
    }

    fn defaults_of(&mut self, type_id: TypeId) -> Rc<[DefaultAttribute]> {
        if let Some(known) = self.defaults.get(&type_id) {
            return Rc::clone(known);
        }
        let compiled = self.compiled;
        let uses = match compiled.types.get(type_id.index()) {
            Some(TypeDefinition::Complex(complex)) => complex.attributes.as_slice(),
            Some(TypeDefinition::Simple(_)) | None => &[],
        };
        let mut found = Vec::new();
        for attribute in uses {
            let Some(default) = &attribute.value else { continue };
            let names = &compiled.names;
            let (namespace, local) = (names.namespace(attribute.name), names.local(attribute.name));
            let known = || (Some(attribute.name), names.lookup_namespace(namespace));
            found.push(DefaultAttribute {
                label: self.builder.meanings.of_label(LabelKind::Attribute, namespace, local, known),
                value: self.number(Some(&attribute.simple), &default.value, &default.bindings),
                written: default.value.as_ref().into(),
            });
        }
        let found: Rc<[DefaultAttribute]> = found.into();
        self.defaults.insert(type_id, Rc::clone(&found));
        found
    }

    /// Takes text in mixed content; in other content, text was read as the value of its element, or is white space
    /// between elements.
    fn take_text(&mut self, text: Cow<'_, str>, note: &Note) {
        if let Some(Content::Mixed { text: kept, span }) = self.open.last_mut() {
            if kept.is_empty() {
                *span = (note.first, note.last);
            }
            span.1 = note.last;
            kept.push_str(&text);
        }
    }

    /// Adds the text since the last tag as one node: comments and CDATA sections do not divide it.
    fn flush(&mut self) {
        let Some(Content::Mixed { text, span }) = self.open.last_mut() else { return };
        if text.is_empty() {
            return;
        }
        let (text, span) = (std::mem::take(text), *span);
        let label = self.builder.meanings.of_label(LabelKind::Text, "", "text()", || (None, None));
        let value = number(&mut self.spelling, self.builder.meanings, None, &text, &crate::datatype::Alone);
        self.builder.begin(New { label, group: GROUPED, is_list: true, shape: Shape::Value, span });
        self.builder.set_value(value, span);
        self.builder.end();
    }

    fn end(&mut self) {
        self.flush();
        let depth = self.open.len();
        if let Some(Content::Children(children)) = self.open.pop() {
            children.end(&mut self.memory);
        }
        self.builder.end();
        self.scopes.close(depth);
    }
}

/// The number of a value by its type: equal for all spellings of the value.
fn number(
    spelling: &mut String,
    meanings: &mut Meanings,
    simple: Option<&SimpleType>,
    text: &str,
    context: &dyn Context,
) -> u32 {
    spelling.clear();
    if !simple.is_some_and(|simple| simple.spell_across_types(text, context, spelling)) {
        spelling.clear();
        spelling.extend(["text:", text]);
    }
    meanings.of_value(spelling)
}
