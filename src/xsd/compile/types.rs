//! The types of a schema by their numbers. Types can refer to each other in circles, so each gets its number before any
//! is made; the types that a type needs are made before it.

use std::rc::Rc;
use std::sync::Arc;

use super::attribute::Resolved;
use super::content::Effective;
use super::{CHAIN, Compiler, built_in, index_of};
use crate::compiled::{Content, Methods, Place, TypeDefinition, TypeId, Types};
use crate::datatype::SimpleType;
use crate::diagnostic::Code;
use crate::diagnostic::words::ticked;
use crate::xsd::fault::{Failure, Result, fault};
use crate::xsd::model::{self, Reference, TypeUse};
use crate::xsd::reader::XSD;
use crate::xsd::xsd_1_1;

/// What a type is made from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'m> {
    /// anyType and the built-in simple types are made immediately.
    BuiltIn,
    Simple(&'m model::SimpleType),
    Complex(&'m model::ComplexType),
    /// It has an error, which is reported.
    Broken,
}

/// A type and the progress of making it.
pub(super) struct Definition<'m> {
    pub(super) origin: Origin<'m>,
    is_in_progress: bool,
    /// Whether it cannot be made, for a reason that is reported; whatever needs it cannot be made either.
    is_broken: bool,
    /// Steps of derivation from the built-in types.
    pub(super) steps: usize,
    pub(super) done: Option<TypeDefinition>,
    /// For complex types: what a derived type builds on.
    pub(super) attributes: Rc<Resolved>,
    pub(super) content: Option<Effective>,
}

impl<'m> Definition<'m> {
    fn new(origin: Origin<'m>) -> Self {
        let attributes = Rc::default();
        Definition { origin, is_in_progress: false, is_broken: false, steps: 0, done: None, attributes, content: None }
    }

    /// A type that exists from the start.
    pub(super) fn built_in(done: TypeDefinition) -> Self {
        Definition { done: Some(done), ..Definition::new(Origin::BuiltIn) }
    }
}

impl<'m> Compiler<'m> {
    pub(super) fn add_definition(&mut self, definition: Definition<'m>) -> TypeId {
        let id = TypeId(index_of(self.definitions.len()));
        self.definitions.push(definition);
        id
    }

    /// Gives a type its number; it is made later.
    pub(super) fn add_type(&mut self, definition: &'m model::Type) -> TypeId {
        self.add_definition(Definition::new(match definition {
            model::Type::Simple(simple) => Origin::Simple(simple),
            model::Type::Complex(complex) => Origin::Complex(complex),
            model::Type::Broken(_) => Origin::Broken,
        }))
    }

    /// A placeholder for a missing type, whose absence is already reported.
    pub(super) fn add_broken_type(&mut self) -> TypeId {
        self.add_definition(Definition { is_broken: true, ..Definition::new(Origin::Broken) })
    }

    /// Whether a type is broken: a comparison with it proves nothing.
    pub(super) fn is_broken(&self, id: TypeId) -> bool {
        self.definition(id).is_none_or(|definition| definition.is_broken)
    }

    /// The number of a type, by reference or anonymous.
    pub(super) fn type_id(&mut self, type_use: &'m TypeUse) -> Result<TypeId> {
        match type_use {
            TypeUse::Named(reference) => self.named_type(*reference),
            TypeUse::Anonymous(definition) => Ok(self.add_type(definition)),
            TypeUse::Broken => Err(Failure::Reported),
        }
    }

    /// The number of a type by reference.
    pub(super) fn named_type(&self, reference: Reference) -> Result<TypeId> {
        if let Some(known) = self.named_types.get(&reference.name) {
            return Ok(*known);
        }
        let local = self.names.local(reference.name);
        let is_built_in = built_in::BUILT_INS.iter().any(|(name, _)| *name == local);
        let hint = match self.names.namespace(reference.name) {
            XSD if xsd_1_1::TYPES.contains(&local) => xsd_1_1::NAMED.to_owned(),
            namespace if is_built_in && namespace != XSD => {
                let found =
                    if namespace.is_empty() { "no namespace".to_owned() } else { ticked(namespace).to_string() };
                format!("; the built-in type of that name is in the namespace of XSD, this one is in {found}")
            }
            _ => String::new(),
        };
        self.unresolved("type", reference, &hint)
    }

    pub(super) fn definition(&self, id: TypeId) -> Option<&Definition<'m>> {
        self.definitions.get(id.index())
    }

    /// Makes a type, unless it is already made.
    pub(super) fn define(&mut self, id: TypeId) -> Result<()> {
        let Some(definition) = self.definitions.get_mut(id.index()) else { return Ok(()) };
        if definition.done.is_some() {
            return Ok(());
        }
        let place = match definition.origin {
            Origin::BuiltIn => return Ok(()),
            Origin::Simple(simple) => simple.place,
            Origin::Complex(complex) => complex.place,
            Origin::Broken => return Err(Failure::Reported),
        };
        if definition.is_broken {
            return Err(Failure::Reported);
        }
        if definition.is_in_progress {
            let code = match definition.origin {
                Origin::Simple(_) => Code::StPropsCorrect,
                _ => Code::CtPropsCorrect,
            };
            return fault(code, place, format!("{} is derived from itself", self.type_words(id)));
        }
        definition.is_in_progress = true;
        let origin = definition.origin;
        let defined = self.deeper(place, |compiler| match origin {
            Origin::BuiltIn | Origin::Broken => Ok(()),
            Origin::Simple(simple) => compiler.define_simple(id, simple),
            Origin::Complex(complex) => compiler.define_complex(id, complex),
        });
        if let (Err(_), Some(definition)) = (&defined, self.definitions.get_mut(id.index())) {
            definition.is_broken = true;
        }
        defined
    }

    /// Stores a finished type that is derived from `base`.
    pub(super) fn store(&mut self, id: TypeId, base: TypeId, done: TypeDefinition, place: Place) -> Result<()> {
        let steps = self.definition(base).map_or(0, |base| base.steps) + 1;
        if steps > CHAIN {
            return fault(Code::SchemaLimit, place, format!("expected at most {CHAIN} steps of derivation"));
        }
        if let Some(definition) = self.definitions.get_mut(id.index()) {
            definition.steps = steps;
            definition.done = Some(done);
        }
        Ok(())
    }

    /// A description of a type.
    pub(super) fn type_words(&self, id: TypeId) -> String {
        let name = self.definition(id).and_then(|definition| match (definition.origin, &definition.done) {
            (Origin::Simple(simple), _) => simple.name,
            (Origin::Complex(complex), _) => complex.name,
            (Origin::BuiltIn, Some(TypeDefinition::Simple(simple))) => simple.name,
            (Origin::BuiltIn, Some(TypeDefinition::Complex(complex))) => complex.name,
            (Origin::BuiltIn, None) | (Origin::Broken, _) => None,
        });
        match name {
            Some(name) => format!("type `{}`", self.names.local(name)),
            None => String::from("an anonymous type"),
        }
    }

    /// {final} of a type.
    pub(super) fn finals(&self, id: TypeId) -> Methods {
        match self.definition(id).map(|definition| definition.origin) {
            Some(Origin::Simple(simple)) => simple.finals,
            Some(Origin::Complex(complex)) => complex.finals,
            Some(Origin::BuiltIn | Origin::Broken) | None => Methods::NONE,
        }
    }

    /// The simple type of an element's text.
    pub(super) fn simple_content_of(&self, type_id: TypeId) -> Option<&Arc<SimpleType>> {
        match self.definition(type_id)?.done.as_ref()? {
            TypeDefinition::Simple(simple) => Some(&simple.simple),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => Some(simple),
                _ => None,
            },
        }
    }
}

impl Types for Compiler<'_> {
    fn definition_of(&self, id: TypeId) -> Option<&TypeDefinition> {
        self.definition(id)?.done.as_ref()
    }

    fn any_type_id(&self) -> TypeId {
        self.any_type
    }
}
