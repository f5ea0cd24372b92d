//! A start tag: what the element is, its type, and what its content may be.

use std::ops::Range;

use super::place::Placed;
use super::recover::Walk;
use super::{Child, Expectation, Frame, Walker};
use crate::compiled::{Content, ElementId, Process, TypeDefinition, TypeId};
use crate::diagnostic::words;
use crate::rules::Seen;
use crate::xml::{Reader, split};

impl<'s, 'a> Walker<'s, 'a> {
    /// A start tag: resolves its name, and opens the element that it is.
    pub(super) fn start(&mut self, reader: &Reader<'a>, name: &'a str, prefix_length: usize, tag: Range<usize>) {
        self.trail.enter(name);
        let names = &self.schema.names;
        let (prefix, local) = split(name, prefix_length);
        let namespace = reader.scopes().resolve(prefix);
        let namespace_id = namespace.and_then(|namespace| match &self.forgiven {
            Some((wrong, right)) if wrong == namespace => Some(*right),
            _ => names.lookup_namespace(namespace),
        });
        let resolved = namespace_id.and_then(|id| names.namespaces.get(id.index()));
        let id = resolved.and_then(|namespace| names.lookup(namespace, local));
        let child = Child { name, local, namespace, namespace_id, id, tag };
        let placed = self.place(&child);
        self.observe(&child, placed);
        self.open(reader, &child, placed);
    }

    /// Settles type, attributes and content of an element, and opens it.
    fn open(&mut self, reader: &Reader<'a>, child: &Child<'a, '_>, placed: Placed) {
        let mut frame = Frame::new(child);
        frame.faulty = reader.is_tag_damaged() || matches!(placed, Placed::Misplaced(_));
        let type_id = match placed {
            Placed::Element(element) | Placed::Misplaced(element) => self.enter(reader, child, element, &mut frame),
            Placed::Wild(process) => self.enter_undeclared(reader, child, process, &mut frame),
            Placed::Passed => {
                self.ids.is_partial = true;
                self.schema.any_type
            }
        };
        self.track(child, placed, type_id, &mut frame);
        if !matches!(frame.content, Expectation::Silence | Expectation::Skipped) {
            self.check_attributes(reader, &mut frame, type_id);
        }
        if self.wants_text(&frame) {
            frame.collected_from = Some(self.collected.len());
            self.collecting += 1;
        }
        self.frames.push(frame);
    }

    /// An element with a declaration (section 3.3.4, cvc-elt); gives its type.
    fn enter(
        &mut self,
        reader: &Reader<'a>,
        child: &Child<'a, '_>,
        element: ElementId,
        frame: &mut Frame<'s, 'a>,
    ) -> TypeId {
        let declaration = &self.schema.elements[element.index()];
        frame.element = Some(element);
        frame.known = Some(declaration.name);
        // Clause 2.
        if declaration.is_abstract {
            frame.faulty = true;
            self.report(&child.tag, || words::abstract_element(child.name));
        }
        let instance = self.instance(reader, Some(declaration));
        self.ids.is_partial |= instance.faulty;
        frame.faulty |= instance.faulty;
        frame.excused = instance.refused_nil;
        let type_id = instance.type_id.unwrap_or(declaration.type_id);
        // Clause 3.2.2.
        let is_nil = declaration.nillable && instance.nil == Some(true);
        if let Some(fixed) = declaration.value.as_ref().filter(|value| is_nil && value.fixed) {
            frame.faulty = true;
            self.report(&child.tag, || words::nil_with_fixed_value(child.name, &fixed.value));
        }
        frame.content = self.content_of(frame, Some(element), type_id, is_nil);
        frame.seen = self.rules.of(element).map(|_| Seen::default());
        type_id
    }

    /// An element without one, which a wildcard lets pass (section 3.10.1, {process contents}); gives its type.
    fn enter_undeclared(
        &mut self,
        reader: &Reader<'a>,
        child: &Child<'a, '_>,
        process: Process,
        frame: &mut Frame<'s, 'a>,
    ) -> TypeId {
        if process == Process::Skip {
            frame.content = Expectation::Skipped;
            return self.schema.any_type;
        }
        if let Some(named) = self.instance(reader, None).type_id {
            // `xsi:nil` is nothing without a declaration (cvc-elt.3 is about declared elements).
            frame.content = self.content_of(frame, None, named, false);
            return named;
        }
        if process == Process::Strict {
            let is_root = self.frames.is_empty();
            self.report(&child.tag, || match is_root {
                true => words::unexpected_root(child.local, &[], None),
                false => words::undeclared_element(child.name),
            });
            self.fault_in_parent();
        } else {
            frame.content = Expectation::Lax;
        }
        self.schema.any_type
    }

    /// What the content of an element of a type may be (cvc-type, cvc-complex-type.2), and the start of the walk through
    /// it.
    fn content_of(
        &mut self,
        frame: &mut Frame<'s, 'a>,
        element: Option<ElementId>,
        type_id: TypeId,
        is_nil: bool,
    ) -> Expectation<'s> {
        let schema = self.schema;
        let constraint = element.and_then(|element| schema.elements[element.index()].value.as_ref());
        let complex = match &schema.types[type_id.index()] {
            TypeDefinition::Simple(_) if is_nil => return Expectation::Nil,
            TypeDefinition::Simple(definition) => {
                return Expectation::Simple { simple: &definition.simple, constraint };
            }
            TypeDefinition::Complex(complex) => complex,
        };
        // cvc-type.2.
        if complex.is_abstract {
            frame.faulty = true;
            self.ids.is_partial = true;
            let name = complex.name.and_then(|name| schema.names.names.get(name.index())).map(|name| &*name.local);
            let element = frame.name;
            self.report(&frame.tag, || words::abstract_type(element, name));
            return Expectation::Silence;
        }
        if is_nil {
            return Expectation::Nil;
        }
        match &complex.content {
            Content::Empty => Expectation::Empty,
            Content::Simple(simple) => Expectation::Simple { simple, constraint },
            Content::Elements { model, mixed } => {
                let model = &schema.models[model.index()];
                frame.walk = Some(Walk::new(&model.automaton, &mut self.memory));
                let fixed = constraint.filter(|value| value.fixed).map(|value| &*value.value);
                Expectation::Elements { model, mixed: *mixed, fixed }
            }
        }
    }
}
