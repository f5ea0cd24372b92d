//! Identity constraints: what the tracker is told, and what is said of its faults.

use std::ops::Range;

use crate::check::context::Around;
use crate::check::identity::{Begin, Breach, Content, Fault, NodeId, Span, Tracker};
use crate::check::instance::{self, INSTANCE};
use crate::compiled::{AttributeUse, Category, Compiled, NameId, Process, TypeDefinition, TypeId};
use crate::diagnostic::words::{self, Words};
use crate::diagnostic::{Diagnostic, Severity};
use crate::xml::{RawAttribute, Reader, attribute_value, resolve_text};

use super::place::Placed;
use super::{Child, Expectation, Frame, Walker};

impl<'s, 'a> Walker<'s, 'a> {
    /// An element begins.
    pub(super) fn track(&mut self, child: &Child<'a, '_>, placed: Placed, type_id: TypeId, frame: &mut Frame<'s, 'a>) {
        let is_around_silent = self.frames.last().is_some_and(|frame| matches!(frame.content, Expectation::Silence));
        match placed {
            // What a wildcard lets pass unseen is not selected, and no field.
            Placed::Wild(Process::Skip) => return,
            Placed::Passed if is_around_silent => return,
            Placed::Passed => return self.identity.spoil(),
            Placed::Element(_) | Placed::Misplaced(_) | Placed::Wild(_) => {}
        }
        let declaration = frame.element.and_then(|element| self.schema.elements.get(element.index()));
        let begin = Begin {
            constraints: declaration.map_or(&[], |declaration| &declaration.constraints),
            namespace: frame.known.map(|name| self.schema.names.namespace_id(name)).or(child.namespace_id),
            name: frame.known,
            is_nillable: declaration.is_some_and(|declaration| declaration.nillable),
            tag: Span::new(child.tag.clone()),
        };
        let depth = self.depth();
        self.identity.begin(self.schema, depth, &begin);
        frame.is_simple = self.schema.has_simple_content(type_id);
        frame.is_tracked = !self.identity.is_idle();
    }

    /// The depth of the element that is just beginning, or has just ended.
    pub(super) fn depth(&self) -> u32 {
        self.frames.len() as u32
    }

    /// An attribute that was given, or with a default value, or one that is missing, which was said.
    pub(super) fn track_attribute(&mut self, declared: &AttributeUse, content: Content<'_>, place: Range<usize>) {
        let namespace = self.schema.names.namespace_id(declared.name);
        let name = (Some(namespace), Some(declared.name));
        self.identity.attribute(self.schema, self.depth(), name, content, Span::new(place));
    }

    /// `xsi:nil` and the like.
    pub(super) fn track_instance_attribute(
        &mut self,
        reader: &Reader<'a>,
        name: Option<NameId>,
        attribute: &RawAttribute<'a>,
    ) {
        let depth = self.depth();
        let simple = instance::type_of(attribute.local_name());
        if let Some(simple) = simple.filter(|_| self.identity.wants_attribute(self.schema, depth, name)) {
            let namespace = self.schema.names.lookup_namespace(INSTANCE);
            let value = attribute_value(attribute.value);
            let around = Around { schema: self.schema, scopes: reader.scopes() };
            let (content, place) = (Content::Value(&simple, &value, &around), Span::new(place_of(attribute)));
            self.identity.attribute(self.schema, depth, (namespace, name), content, place);
        }
    }

    /// Attributes of a type that were not given.
    pub(super) fn track_absent(&mut self, type_id: TypeId, is_given: &[bool]) {
        let schema = self.schema;
        let TypeDefinition::Complex(complex) = &schema.types[type_id.index()] else { return };
        if !self.identity.wants_attributes(schema, self.depth()) {
            return;
        }
        for (declared, _) in complex.attributes.iter().zip(is_given).filter(|(_, is_given)| !**is_given) {
            match &declared.value {
                _ if declared.required => self.track_attribute(declared, Content::Unknown, 0..0),
                Some(constraint) => {
                    self.track_attribute(
                        declared,
                        Content::Value(&declared.simple, &constraint.value, &constraint.bindings),
                        0..0,
                    );
                }
                None => {}
            }
        }
    }

    /// An element ends that was told of.
    pub(super) fn track_end(&mut self, frame: &Frame<'s, 'a>) {
        if frame.malformed {
            self.identity.spoil();
        } else if frame.faulty && frame.walk.is_some() {
            self.identity.spoil_fields(self.schema, self.depth());
        }
        let rest = match frame.content {
            Expectation::Nil if frame.is_simple => Content::Nil,
            Expectation::Nil => Content::NotSimple,
            Expectation::Empty | Expectation::Elements { .. } | Expectation::Lax => Content::NotSimple,
            Expectation::Simple { .. } | Expectation::Silence | Expectation::Skipped => Content::Unknown,
        };
        self.identity.end(self.schema, self.depth(), rest);
        self.report_breaches(frame);
    }

    /// Says what the tracker found by the end of an element.
    fn report_breaches(&mut self, frame: &Frame<'s, 'a>) {
        if !self.identity.has_faults() {
            return;
        }
        let faults = self.identity.take_faults();
        let (schema, trail) = (self.schema, &self.trail);
        let teller = Teller { schema, identity: &self.identity, bytes: self.bytes, element: frame.name };
        for fault in faults {
            // Where a field is at fault that is the element here, or in it; else it may be one that has ended.
            let is_here = fault.element.range().start == frame.tag.start
                || matches!(fault.breach, Breach::Several(_) | Breach::NotSimple | Breach::Nillable);
            let kept = self.findings.add(Severity::Error, || {
                let path = if is_here { trail.path() } else { String::new() };
                let mut diagnostic = Diagnostic::new(teller.words(&fault), fault.place.range(), path);
                diagnostic.related = teller.related(&fault);
                diagnostic
            });
            if let Some(kept) = kept.filter(|_| !is_here) {
                self.pathless.push((kept, fault.element.range().start));
            }
        }
    }

    /// Adds the paths of elements that had ended when they were found to be at fault: their references were, or another
    /// element further out was found to have the same key. Keeping all paths for these would cost every document.
    pub(super) fn add_paths(&mut self, paths: impl FnOnce(&[usize]) -> Vec<String>) {
        let (kept, starts): (Vec<_>, Vec<_>) = std::mem::take(&mut self.pathless).into_iter().unzip();
        if !starts.is_empty() {
            for (kept, path) in kept.into_iter().zip(paths(&starts)) {
                self.findings.set_path(kept, path);
            }
        }
    }
}

/// Puts breaches into words.
struct Teller<'t> {
    schema: &'t Compiled,
    identity: &'t Tracker,
    bytes: &'t [u8],
    /// Where the walk is.
    element: &'t str,
}

impl Teller<'_> {
    fn words(&self, fault: &Fault) -> Words {
        let constraint = &self.schema.constraints[fault.constraint.index()];
        let name = self.schema.names.local(constraint.name);
        let field = constraint.fields.get(fault.field).map_or("", |field| &*field.written);
        match fault.breach {
            Breach::Duplicate(node, _) => words::duplicate_key(name, &self.values(node)),
            Breach::Missing => words::missing_key_field(field, name, self.element),
            Breach::Nillable => words::nillable_key_field(field, name, self.element),
            Breach::Several(_) => words::several_fields(field, name),
            Breach::NotSimple => words::field_without_value(field, name),
            Breach::Dangling(node) => {
                let key = match constraint.category {
                    Category::Keyref(key) => self.schema.constraints.get(key.index()),
                    Category::Unique | Category::Key => None,
                };
                let key = key.map_or("", |key| self.schema.names.local(key.name));
                words::dangling_reference(name, key, &self.values(node))
            }
        }
    }

    fn related(&self, fault: &Fault) -> Option<(Range<usize>, String)> {
        let first = match fault.breach {
            Breach::Duplicate(_, first) => self.identity.place(first),
            Breach::Several(first) if !first.is_nowhere() => first,
            _ => return None,
        };
        Some((first.range(), String::from("the first one")))
    }

    /// The values of an element's fields as they stand in the document; `None` for a default value.
    fn values(&self, node: NodeId) -> Vec<Option<String>> {
        let written = |span: &Span| {
            let text = self.bytes.get(span.range()).filter(|_| !span.is_nowhere())?;
            Some(resolve_text(&String::from_utf8_lossy(text)).trim_ascii().to_owned())
        };
        self.identity.fields(node).iter().map(written).collect()
    }
}

/// Where the value of an attribute stands.
pub(super) fn place_of(attribute: &RawAttribute<'_>) -> Range<usize> {
    attribute.value_at..attribute.value_at + attribute.value.len()
}
