//! Identity constraints: what the tracker is told. While an open element has a constraint, everything in it goes the
//! careful way.

use super::place::Placed;
use crate::check::accept::{Machine, Scratch, Stop};
use crate::check::context::Around;
use crate::check::identity::{Begin, Content, Span};
use crate::check::instance::{self, INSTANCE};
use crate::compiled::{
    AttributeUse, Compiled, ElementId, NameId, NamespaceId, Process, TypeDefinition, TypeId, ValueConstraint,
};
use crate::datatype::{Context, SimpleType};
use crate::xml::{RawAttribute, attribute_value};

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// Whether an open element has a constraint.
    pub(super) fn is_tracking(&self) -> bool {
        !self.scratch.identity.is_idle()
    }

    /// The element whose frame was just pushed begins; its tag begins at `tag`, and the walk is after that.
    pub(super) fn track(
        &mut self,
        placed: &Placed,
        (name, namespace): (Option<NameId>, Option<NamespaceId>),
        tag: usize,
        raw: &[RawAttribute<'a>],
    ) {
        // What a wildcard lets pass unseen is not selected, and is not a field.
        if placed.process == Some(Process::Skip) || !self.matters(placed.element, name, raw) {
            return;
        }
        let declaration = placed.element.and_then(|element| self.schema.elements.get(element.index()));
        let begin = Begin {
            constraints: declaration.map_or(&[], |declaration| &declaration.constraints),
            namespace,
            name,
            is_nillable: declaration.is_some_and(|declaration| declaration.nillable),
            tag: Span::new(tag..self.at),
        };
        self.scratch.identity.begin(self.schema, self.depth as u32, &begin);
    }

    /// Whether the element that begins can matter to a constraint.
    fn matters(&self, element: Option<ElementId>, name: Option<NameId>, raw: &[RawAttribute<'a>]) -> bool {
        let index = &self.schema.identity_index;
        let has_declared_type = element.is_some() && !raw.iter().any(|attribute| attribute.local_name() == "type");
        element.is_some_and(|element| index.touches(element))
            || !has_declared_type && index.touches_undeclared(name)
            || self.scratch.identity.expects(self.depth as u32)
    }

    /// An attribute with a valid value.
    pub(super) fn track_attribute(&mut self, declaration: &AttributeUse, attribute: &RawAttribute<'a>) {
        let depth = self.depth as u32;
        if self.scratch.identity.wants_attribute(self.schema, depth, Some(declaration.name)) {
            let value = attribute_value(attribute.value);
            let place = attribute.value_at..attribute.value_at + attribute.value.len();
            let around = Around { schema: self.schema, scopes: &self.scopes };
            let content = Content::Value(&declaration.simple, &value, &around);
            tell_attribute(self.schema, self.scratch, depth, declaration, content, Span::new(place));
        }
    }

    /// Attributes that were not given and have a default value.
    pub(super) fn track_defaults(&mut self, type_id: TypeId, given: &[RawAttribute<'a>]) {
        let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()] else { return };
        let depth = self.depth as u32;
        if !self.scratch.identity.wants_attributes(self.schema, depth) {
            return;
        }
        for declaration in &complex.attributes {
            if let Some(constraint) = &declaration.value
                && !self.is_given(declaration.name, given)
            {
                let content = Content::Value(&declaration.simple, &constraint.value, &constraint.bindings);
                tell_attribute(self.schema, self.scratch, depth, declaration, content, Span::default());
            }
        }
    }

    /// `xsi:nil` and the like.
    pub(super) fn track_instance_attribute(&mut self, name: Option<NameId>, local: &str, attribute: &RawAttribute<'a>) {
        let depth = self.depth as u32;
        if !self.scratch.identity.wants_attribute(self.schema, depth, name) {
            return;
        }
        if let Some(simple) = instance::type_of(local) {
            let namespace = self.schema.names.lookup_namespace(INSTANCE);
            let value = attribute_value(attribute.value);
            let around = Around { schema: self.schema, scopes: &self.scopes };
            let content = Content::Value(&simple, &value, &around);
            self.scratch.identity.attribute(self.schema, depth, (namespace, name), content, Span::default());
        }
    }

    /// The open element is nil.
    pub(super) fn track_nil(&mut self, type_id: TypeId) {
        let content = if self.schema.has_simple_content(type_id) { Content::Nil } else { Content::NotSimple };
        self.scratch.identity.value(self.schema, self.depth as u32, content, Span::default());
    }

    /// The valid value of the open element; `default`: where it comes from, if not from the document.
    pub(super) fn track_text(&mut self, simple: &SimpleType, value: &str, default: Option<&ValueConstraint>) {
        let depth = self.depth as u32;
        if self.scratch.identity.wants_value(depth) {
            let around = Around { schema: self.schema, scopes: &self.scopes };
            let context: &dyn Context = default.map_or(&around, |default| &default.bindings);
            let content = Content::Value(simple, value, context);
            self.scratch.identity.value(self.schema, depth, content, Span::default());
        }
    }

    /// The open element ends.
    pub(super) fn track_end(&mut self) -> Result<(), Stop> {
        let depth = self.depth as u32;
        if !self.scratch.identity.ends_at(depth) {
            return Ok(());
        }
        self.scratch.identity.end(self.schema, depth, Content::NotSimple);
        if self.scratch.identity.has_faults() { Err(Stop::Refused) } else { Ok(()) }
    }
}

fn tell_attribute(
    schema: &Compiled,
    scratch: &mut Scratch,
    depth: u32,
    declaration: &AttributeUse,
    content: Content<'_>,
    place: Span,
) {
    let namespace = schema.names.namespace_id(declaration.name);
    scratch.identity.attribute(schema, depth, (Some(namespace), Some(declaration.name)), content, place);
}
