//! Identity constraints: passes the walk's elements and values to the tracker, and reports unsatisfied constraints.

use std::ops::Range;
use std::sync::Arc;

use super::place::Child;
use super::text::value_place;
use crate::check::context::Around;
use crate::check::frame::{Marks, Mode};
use crate::check::identity::{Begin, Breach, Content, Fault, NodeId, Span, Tracker};
use crate::check::instance::{self, INSTANCE};
use crate::check::machine::{Machine, Stop};
use crate::check::pieces::Pieces;
use crate::check::sink::Sink;
use crate::compiled::{AttributeUse, Category, Compiled, ElementDeclaration, NameId, TypeId, ValueConstraint};
use crate::datatype::{SimpleType, parts_of_canonical};
use crate::diagnostic::words::{self, Words};
use crate::diagnostic::{Diagnostic, Severity};
use crate::xml::{RawAttribute, attribute_value, resolve_text};

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// The depth of the open element, in the tracker's count.
    fn level(&self) -> u32 {
        self.depth as u32
    }

    /// A position in the whole document, which stays valid when the text is replaced by the next piece.
    fn span_to_document(&self, span: Span) -> Span {
        match self.sink.trails() && !span.is_nowhere() {
            true => Span::new(self.pieces.range_to_document(span.range())),
            false => span,
        }
    }

    /// Tracks the element whose frame was just pushed.
    pub(super) fn track(&mut self, child: &Child<'a>, declaration: Option<&'s ElementDeclaration>) {
        let constraints = declaration.map_or(&[][..], |declaration| &declaration.constraints);
        if constraints.is_empty() && self.scratch.identity.is_idle() {
            return;
        }
        let level = self.level();
        if constraints.is_empty() && declaration.is_none() && !self.may_touch_undeclared(child.name, level) {
            return;
        }
        let name = declaration.map(|declaration| declaration.name).or(child.name);
        let known = name.map(|name| self.schema.names.namespace_id(name));
        let begin = Begin {
            constraints,
            namespace: known.or(child.namespace),
            name,
            is_nillable: declaration.is_some_and(|declaration| declaration.nillable),
            tag: self.span_to_document(Span::new(child.tag.clone())),
        };
        self.scratch.identity.begin(self.schema, level, &begin);
        self.is_tracking = true;
        self.is_plain = false;
        self.frame.marks.set(Marks::TRACKED);
    }

    fn may_touch_undeclared(&self, name: Option<NameId>, level: u32) -> bool {
        self.schema.identity_index.touches_undeclared(name) || self.scratch.identity.expects(level)
    }

    /// Notes that the element whose frame was just pushed is skipped, so that its content is unknown.
    pub(super) fn track_passed(&mut self) {
        let around = self.scratch.stack.get(self.depth.wrapping_sub(1));
        if !around.is_some_and(|around| around.mode == Mode::Silent) {
            self.scratch.identity.mark_incomplete();
        }
    }

    /// Tracks an attribute with a valid value.
    pub(super) fn track_attribute_value(&mut self, declared: &AttributeUse, value: &str, attribute: &RawAttribute<'a>) {
        let level = self.level();
        if self.scratch.identity.wants_attribute(self.schema, level, Some(declared.name)) {
            let around = Around { schema: self.schema, scopes: &self.scopes };
            let content = Content::Value(&declared.simple, value, &around);
            let name = (Some(self.schema.names.namespace_id(declared.name)), Some(declared.name));
            let place =
                self.span_to_document(Span::new(value_place(&declared.simple, attribute.value, attribute.value_at)));
            self.scratch.identity.attribute(self.schema, level, name, content, place);
        }
    }

    /// Tracks an attribute without a known valid value.
    pub(super) fn track_attribute(&mut self, declared: &AttributeUse, content: Content<'_>, place: Range<usize>) {
        let level = self.level();
        let name = (Some(self.schema.names.namespace_id(declared.name)), Some(declared.name));
        let place = self.span_to_document(Span::new(place));
        self.scratch.identity.attribute(self.schema, level, name, content, place);
    }

    /// Tracks `xsi:nil` and similar attributes.
    pub(super) fn track_instance_attribute(&mut self, name: Option<NameId>, attribute: &RawAttribute<'a>) {
        let level = self.level();
        if !self.scratch.identity.wants_attribute(self.schema, level, name) {
            return;
        }
        if let Some(simple) = instance::type_of(attribute.local_name()) {
            let namespace = self.schema.names.lookup_namespace(INSTANCE);
            let value = attribute_value(attribute.value);
            let around = Around { schema: self.schema, scopes: &self.scopes };
            let content = Content::Value(&simple, &value, &around);
            let place = self.span_to_document(Span::new(value_place(&simple, attribute.value, attribute.value_at)));
            self.scratch.identity.attribute(self.schema, level, (namespace, name), content, place);
        }
    }

    /// Tracks the attributes of a type that were not given: each has its default value, or is missing, which is
    /// reported.
    pub(super) fn track_absent(&mut self, uses: &[Arc<AttributeUse>], is_given: impl Fn(usize) -> bool) {
        if !self.scratch.identity.wants_attributes(self.schema, self.level()) {
            return;
        }
        for (_, declared) in uses.iter().enumerate().filter(|(number, _)| !is_given(*number)) {
            match &declared.value {
                _ if declared.required => self.track_attribute(declared, Content::Unknown, 0..0),
                Some(constraint) => {
                    let content = Content::Default(&declared.simple, constraint);
                    self.track_attribute(declared, content, 0..0);
                }
                None => {}
            }
        }
    }

    /// Tracks the open element as nil.
    pub(super) fn track_nil(&mut self, type_id: TypeId) {
        let content = if self.schema.has_simple_content(type_id) { Content::Nil } else { Content::NotSimple };
        let level = self.level();
        let tag = self.span_to_document(Span::new(self.frame.tag..self.frame.tag + 1));
        self.scratch.identity.value(self.schema, level, content, tag);
    }

    /// Tracks the valid value of the open element. `default`: the constraint that the value comes from, if it is not in
    /// the document.
    pub(super) fn track_value(
        &mut self,
        simple: &SimpleType,
        value: &str,
        default: Option<&ValueConstraint>,
        place: Span,
    ) {
        let level = self.level();
        if self.scratch.identity.wants_value(level) {
            let around = Around { schema: self.schema, scopes: &self.scopes };
            let content =
                default.map_or(Content::Value(simple, value, &around), |default| Content::Default(simple, default));
            let place = self.span_to_document(place);
            self.scratch.identity.value(self.schema, level, content, place);
        }
    }

    /// Ends the open element for the tracker.
    pub(super) fn track_end(&mut self) -> Result<(), Stop> {
        if self.scratch.identity.is_idle() {
            return Ok(());
        }
        let level = self.level();
        let marks = self.frame.marks;
        if marks.has(Marks::MALFORMED) {
            self.scratch.identity.mark_incomplete();
        } else if marks.has(Marks::FAULTY) && self.frame.mode.has_model() {
            self.scratch.identity.mark_fields_incomplete(self.schema, level);
        }
        if !self.scratch.identity.ends_at(level) {
            return Ok(());
        }
        let rest = match self.frame.mode {
            Mode::Simple | Mode::Silent | Mode::Skip => Content::Unknown,
            _ => Content::NotSimple,
        };
        self.scratch.identity.end(self.schema, level, rest);
        self.is_tracking = !self.scratch.identity.is_idle();
        self.settle_plainness();
        if self.scratch.identity.has_faults() { self.report_breaches() } else { Ok(()) }
    }

    /// Reports the constraints that the attributes of the open element violate, while that element is still open.
    pub(super) fn report_breaches_of_tag(&mut self) -> Result<(), Stop> {
        if self.sink.trails() && self.is_tracking && self.scratch.identity.has_selected() {
            self.remember_element();
        }
        if self.is_tracking && self.scratch.identity.has_faults() { self.report_breaches() } else { Ok(()) }
    }

    /// Reports what the tracker found at the end of the open element, or of its start tag.
    #[cold]
    fn report_breaches(&mut self) -> Result<(), Stop> {
        if !self.sink.reports() {
            return Err(Stop);
        }
        let (faults, others) = self.scratch.identity.take_faults();
        for fault in faults {
            // A field at fault is the open element or one of its attributes, unless its value is a default: a default
            // has no place of its own, so the error is at the element that the selector found, as for any other
            // violation.
            let is_field = matches!(fault.breach, Breach::Several(_) | Breach::NotSimple | Breach::Nillable);
            let is_written = is_field && fault.place != fault.element;
            let pieces = self.pieces;
            let is_near = |span: Span| !pieces.is_not_in_memory(span.range());
            let place = if is_near(fault.place) { fault.place } else { fault.element };
            let element = match is_written {
                true => self.frame.tag,
                false => pieces.range_to_text(fault.element.range()).start,
            };
            let (schema, identity, text) = (self.schema, &self.scratch.identity, self.text);
            let breach_words = BreachWords { schema, identity, text, pieces, element: self.name() };
            let Some(explanation) = self.sink.explanation() else { return Err(Stop) };
            explanation.add(Severity::Error, Some(element), || {
                let place = pieces.range_to_text(place.range());
                let mut diagnostic = Diagnostic::new(breach_words.words(&fault), place, String::new());
                diagnostic.related = breach_words.related(&fault);
                diagnostic
            });
        }
        if let Some(explanation) = self.sink.explanation() {
            explanation.count_errors(others);
        }
        Ok(())
    }
}

/// Puts breaches into words.
struct BreachWords<'t> {
    schema: &'t Compiled,
    identity: &'t Tracker,
    text: &'t str,
    pieces: &'t Pieces,
    /// The name of the open element, as written.
    element: &'t str,
}

impl BreachWords<'_> {
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
            Breach::Dangling(node, sequence) => {
                let spellings = self.identity.spellings(sequence);
                let key = match constraint.category {
                    Category::Keyref(key) => self.schema.constraints.get(key.index()),
                    Category::Unique | Category::Key => None,
                };
                let key = key.map_or("", |key| self.schema.names.local(key.name));
                let written = self.values(node).into_iter().zip(&spellings);
                let values: Vec<_> = written.map(|(written, spelling)| field_value(written?, spelling)).collect();
                words::dangling_reference(name, key, &values)
            }
        }
    }

    fn related(&self, fault: &Fault) -> Option<(Range<usize>, String)> {
        let first = match fault.breach {
            Breach::Duplicate(_, first) if self.pieces.is_not_in_memory(self.identity.place(first).range()) => {
                self.identity.tag(first)
            }
            Breach::Duplicate(_, first) => self.identity.place(first),
            Breach::Several(first) if !first.is_nowhere() => first,
            _ => return None,
        };
        Some((self.pieces.range_to_text(first.range()), String::from("first found here")))
    }

    /// The values of an element's fields as written in the document; `None` for a default value.
    fn values(&self, node: NodeId) -> Vec<Option<String>> {
        let written = |span: &Span| {
            let text = self.text.get(self.pieces.range_to_text(span.range())).filter(|_| !span.is_nowhere())?;
            Some(resolve_text(text).into_owned())
        };
        self.identity.fields(node).iter().map(written).collect()
    }
}

/// The value of a field for a message: a string as its type normalizes it, and the namespace of a qualified name.
fn field_value(written: String, spelling: &str) -> Option<(String, Option<&str>)> {
    Some(match spelling.split_once(':') {
        Some(("string", text)) => (text.to_owned(), None),
        Some(("QName", name)) => (written, parts_of_canonical(name).map(|(namespace, _)| namespace)),
        _ => (written, None),
    })
}
