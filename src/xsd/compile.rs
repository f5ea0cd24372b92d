//! The model becomes the compiled form. Types refer to each other in circles, so each has its number before any is
//! made; what a type needs of another one (its base, the type of an attribute) is made first.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::attributes;
use super::content;
use super::error::{Result, SchemaError, fault, unsupported};
use super::load::Loaded;
use super::model::{self, Components, Reference, TypeUse};
use super::particle::Restriction;
use super::reader::XSD;
use super::simple;
use crate::compiled::{
    AttributeUse, Compiled, Content, ElementDeclaration, ElementId, Methods, NameId, Names, NamespaceId, Place,
    SimpleDefinition, Substitutions, TypeDefinition, TypeId, Types,
};
use crate::datatype::SimpleType;
use crate::diagnostic::Code;

/// Steps of derivation, or references from group to group, that may hang together; functions recurse as deep.
pub(super) const CHAIN: usize = 256;

/// Compiles what was loaded.
pub(super) fn compile(loaded: Loaded) -> std::result::Result<Compiled, SchemaError> {
    let Loaded { documents, names, components } = loaded;
    let mut compiler = Compiler::new(names, &components);
    match compiler.run() {
        Ok(any_type) => Ok(compiler.finish(documents, any_type)),
        Err(failure) => Err(failure.into_error(&documents)),
    }
}

/// What a type is made from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'m> {
    /// anyType and the built-in simple types are made at once.
    BuiltIn,
    Simple(&'m model::SimpleType),
    Complex(&'m model::ComplexType),
}

/// A type and how far it is.
pub(super) struct Definition<'m> {
    pub(super) origin: Origin<'m>,
    is_in_progress: bool,
    /// Steps of derivation from the built-in types.
    pub(super) steps: usize,
    pub(super) done: Option<TypeDefinition>,
    /// Of complex types: what a derived type builds on.
    pub(super) attributes: attributes::Resolved,
    pub(super) content: Option<content::Effective>,
}

impl<'m> Definition<'m> {
    fn new(origin: Origin<'m>) -> Self {
        let attributes = attributes::Resolved::default();
        Definition { origin, is_in_progress: false, steps: 0, done: None, attributes, content: None }
    }
}

/// A group that is made once, however often it is referred to.
pub(super) enum Shared<T> {
    Waiting,
    InProgress,
    Done(T),
}

pub(super) struct Compiler<'m> {
    pub(super) names: Names,
    pub(super) components: &'m Components,
    pub(super) definitions: Vec<Definition<'m>>,
    pub(super) elements: Vec<ElementDeclaration>,
    pub(super) models: content::Models,
    pub(super) roots: HashMap<NameId, ElementId>,
    pub(super) substitutions: Substitutions,
    /// The namespaces of elements and of those that can stand for them, as far as they were asked for.
    pub(super) group_namespaces: RefCell<HashMap<ElementId, Rc<[NamespaceId]>>>,
    pub(super) named_types: HashMap<NameId, TypeId>,
    pub(super) groups: Vec<Shared<content::Tree>>,
    pub(super) attribute_groups: Vec<Shared<attributes::Resolved>>,
    pub(super) any_simple_type: TypeId,
    pub(super) any_type: TypeId,
    global_attributes: HashMap<NameId, AttributeUse>,
    /// What is to be checked when all types are made.
    pub(super) restrictions: Vec<Restriction>,
    /// How many calls hang together at the moment.
    chain: usize,
}

impl<'m> Compiler<'m> {
    fn new(names: Names, components: &'m Components) -> Self {
        Compiler {
            names,
            components,
            definitions: Vec::with_capacity(components.types.len() + 64),
            elements: Vec::new(),
            models: content::Models::default(),
            roots: HashMap::new(),
            substitutions: Substitutions::default(),
            group_namespaces: RefCell::default(),
            named_types: HashMap::new(),
            groups: components.groups.iter().map(|_| Shared::Waiting).collect(),
            attribute_groups: components.attribute_groups.iter().map(|_| Shared::Waiting).collect(),
            any_simple_type: TypeId(0),
            any_type: TypeId(0),
            global_attributes: HashMap::new(),
            restrictions: Vec::new(),
            chain: 0,
        }
    }

    fn run(&mut self) -> Result<TypeId> {
        self.add_built_ins()?;
        for (name, index) in sorted(&self.components.type_names) {
            if let Some(definition) = self.components.types.get(index) {
                let type_id = self.add_type(definition);
                self.named_types.insert(name, type_id);
            }
        }
        self.add_global_elements()?;
        for attribute in &self.components.attributes {
            let resolved = self.global_attribute(attribute)?;
            self.global_attributes.insert(attribute.name, resolved.attribute);
        }
        for (name, index) in sorted(&self.components.group_names) {
            let place = self.components.groups.get(index).map(|group| group.place);
            if let Some(place) = place {
                self.group(Reference { name, place })?;
            }
        }
        for (name, index) in sorted(&self.components.attribute_group_names) {
            let place = self.components.attribute_groups.get(index).map(|group| group.place);
            if let Some(place) = place {
                self.attribute_group(Reference { name, place })?;
            }
        }
        // Types written on the spot join the list while it is gone through.
        let mut next = 0;
        while next < self.definitions.len() {
            self.define(TypeId(index_of(next)))?;
            next += 1;
        }
        self.check_substitution_groups()?;
        self.make_models()?;
        self.check_element_values()?;
        self.check_restrictions()?;
        Ok(self.any_type)
    }

    fn finish(mut self, documents: Vec<crate::compiled::Document>, any_type: TypeId) -> Compiled {
        let types: Vec<TypeDefinition> =
            self.definitions.into_iter().filter_map(|definition| definition.done).collect();
        for element in &mut self.elements {
            if element.documentation.is_none() {
                element.documentation = match types.get(element.type_id.index()) {
                    Some(TypeDefinition::Simple(simple)) => simple.documentation.clone(),
                    Some(TypeDefinition::Complex(complex)) => complex.documentation.clone(),
                    None => None,
                };
            }
        }
        Compiled {
            documents,
            names: self.names,
            elements: self.elements,
            types,
            models: self.models.models,
            roots: self.roots,
            substitutions: self.substitutions,
            named_types: self.named_types,
            global_attributes: self.global_attributes,
            any_type,
        }
    }

    fn add_built_ins(&mut self) -> Result<()> {
        let namespace = self.names.intern_namespace(XSD);
        let name = self.names.intern(namespace, "anyType");
        self.any_type = self.add_any_type(name)?;
        self.named_types.insert(name, self.any_type);
        for (local, base) in simple::BUILT_INS {
            let Some(simple) = simple::built_in(local) else { continue };
            let name = self.names.intern(namespace, local);
            // Bases stand before what is derived from them.
            let base = self.names.lookup_local(namespace, base).and_then(|base| self.named_types.get(&base)).copied();
            let id = TypeId(index_of(self.definitions.len()));
            let definition = SimpleDefinition { name: Some(name), simple, base, documentation: None };
            let done = Some(TypeDefinition::Simple(definition));
            self.definitions.push(Definition { done, ..Definition::new(Origin::BuiltIn) });
            self.named_types.insert(name, id);
            if *local == "anySimpleType" {
                self.any_simple_type = id;
            }
        }
        Ok(())
    }

    /// Section 3.4.7.
    fn add_any_type(&mut self, name: NameId) -> Result<TypeId> {
        let place = Place { document: 0, offset: 0 };
        let (attributes, content, done) = self.any_type_parts(name, place)?;
        let id = TypeId(index_of(self.definitions.len()));
        self.definitions.push(Definition {
            done: Some(TypeDefinition::Complex(done)),
            attributes,
            content: Some(content),
            ..Definition::new(Origin::BuiltIn)
        });
        Ok(id)
    }

    /// Gives a type its number; it is made later.
    pub(super) fn add_type(&mut self, definition: &'m model::Type) -> TypeId {
        let id = TypeId(index_of(self.definitions.len()));
        self.definitions.push(Definition::new(match definition {
            model::Type::Simple(simple) => Origin::Simple(simple),
            model::Type::Complex(complex) => Origin::Complex(complex),
        }));
        id
    }

    /// The number of a type that is referred to or written on the spot.
    pub(super) fn type_id(&mut self, type_use: &'m TypeUse) -> Result<TypeId> {
        match type_use {
            TypeUse::Named(reference) => self.named_type(*reference),
            TypeUse::Anonymous(definition) => Ok(self.add_type(definition)),
        }
    }

    /// The number of a type that is referred to.
    pub(super) fn named_type(&self, reference: Reference) -> Result<TypeId> {
        if let Some(known) = self.named_types.get(&reference.name) {
            return Ok(*known);
        }
        let local = self.names.local(reference.name);
        let is_built_in = simple::BUILT_INS.iter().any(|(name, _)| *name == local);
        if is_built_in && self.names.namespace(reference.name) == XSD {
            return unsupported(reference.place, format!("the built-in type `xs:{local}`"));
        }
        let hint = if is_built_in && self.names.namespace_id(reference.name) == NamespaceId(0) {
            " in no namespace; the built-in type is in the namespace of XSD"
        } else {
            ""
        };
        fault(Code::SrcResolve, reference.place, format!("type `{local}` is not declared{hint}"))
    }

    pub(super) fn definition(&self, id: TypeId) -> Option<&Definition<'m>> {
        self.definitions.get(id.index())
    }

    /// Makes a type, unless it is made.
    pub(super) fn define(&mut self, id: TypeId) -> Result<()> {
        let Some(definition) = self.definitions.get_mut(id.index()) else { return Ok(()) };
        if definition.done.is_some() {
            return Ok(());
        }
        let place = match definition.origin {
            Origin::BuiltIn => return Ok(()),
            Origin::Simple(simple) => simple.place,
            Origin::Complex(complex) => complex.place,
        };
        if definition.is_in_progress {
            let code = match definition.origin {
                Origin::Simple(_) => Code::StPropsCorrect,
                _ => Code::CtPropsCorrect,
            };
            return fault(code, place, format!("{} is derived from itself", self.type_words(id)));
        }
        definition.is_in_progress = true;
        let origin = definition.origin;
        self.deeper(place, |compiler| match origin {
            Origin::BuiltIn => Ok(()),
            Origin::Simple(simple) => compiler.define_simple(id, simple),
            Origin::Complex(complex) => compiler.define_complex(id, complex),
        })
    }

    /// Stores a type that is made, `base` being what it is derived from.
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

    /// Does something that may come back here, up to a bound.
    pub(super) fn deeper<T>(&mut self, place: Place, what: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.chain >= CHAIN {
            return fault(
                Code::SchemaLimit,
                place,
                format!("expected at most {CHAIN} definitions that need each other"),
            );
        }
        self.chain += 1;
        let result = what(self);
        self.chain -= 1;
        result
    }

    /// A type in words.
    pub(super) fn type_words(&self, id: TypeId) -> String {
        let name = self.definition(id).and_then(|definition| match (definition.origin, &definition.done) {
            (Origin::Simple(simple), _) => simple.name,
            (Origin::Complex(complex), _) => complex.name,
            (Origin::BuiltIn, Some(TypeDefinition::Simple(simple))) => simple.name,
            (Origin::BuiltIn, Some(TypeDefinition::Complex(complex))) => complex.name,
            (Origin::BuiltIn, None) => None,
        });
        match name {
            Some(name) => format!("type `{}`", self.names.local(name)),
            None => String::from("an anonymous type"),
        }
    }

    /// Adds a local element declaration.
    pub(super) fn add_element(&mut self, element: &'m model::Element) -> Result<ElementId> {
        let type_id = match &element.type_use {
            Some(type_use) => self.type_id(type_use)?,
            None => self.any_type,
        };
        Ok(self.declare_element(element, type_id))
    }

    /// Adds an element declaration of a type.
    pub(super) fn declare_element(&mut self, element: &model::Element, type_id: TypeId) -> ElementId {
        let id = ElementId(index_of(self.elements.len()));
        self.elements.push(ElementDeclaration {
            name: element.name,
            type_id,
            nillable: element.nillable,
            is_abstract: element.is_abstract,
            block: element.block,
            value: element.value.clone(),
            documentation: element.documentation.clone(),
            place: element.place,
        });
        id
    }

    /// Whether a type's content model allows no children at all.
    fn is_emptiable(&self, id: TypeId) -> bool {
        match self.definition(id).and_then(|definition| definition.content.as_ref()) {
            Some(content::Effective::Elements { tree, .. }) => tree.is_emptiable(),
            _ => false,
        }
    }

    /// {final} of a type.
    pub(super) fn finals(&self, id: TypeId) -> Methods {
        match self.definition(id).map(|definition| definition.origin) {
            Some(Origin::Simple(simple)) => simple.finals,
            Some(Origin::Complex(complex)) => complex.finals,
            Some(Origin::BuiltIn) | None => Methods::NONE,
        }
    }

    /// Section 3.3.6, Element Default Valid (Immediate).
    fn check_element_values(&self) -> Result<()> {
        for element in &self.elements {
            let Some(value) = &element.value else { continue };
            let definition = self.definition(element.type_id).and_then(|definition| definition.done.as_ref());
            match definition {
                Some(TypeDefinition::Simple(simple)) => {
                    self.check_value(&simple.simple, &value.value, Code::EPropsCorrect, element.place)?
                }
                Some(TypeDefinition::Complex(complex)) => match &complex.content {
                    Content::Simple(simple) => {
                        self.check_value(simple, &value.value, Code::EPropsCorrect, element.place)?
                    }
                    Content::Elements { mixed: true, .. } if self.is_emptiable(element.type_id) => {}
                    _ => {
                        let message = format!(
                            "`{}` has a default or fixed value, so its content must be simple, or mixed and emptiable",
                            self.names.local(element.name)
                        );
                        return fault(Code::CosValidDefault, element.place, message);
                    }
                },
                None => {}
            }
        }
        Ok(())
    }

    /// A default or fixed value is a value of the type; `code` says of what it is the value.
    pub(super) fn check_value(&self, simple: &SimpleType, value: &str, code: Code, place: Place) -> Result<()> {
        match simple.check(value) {
            Ok(()) => Ok(()),
            Err(_) => fault(code, place, format!("expected {} as the value, found `{value}`", simple.describe())),
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

/// The index types count what stands in documents of bounded size.
pub(super) fn index_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// In the order of declaration, so that numbers and the first fault are the same every time.
fn sorted(names: &HashMap<NameId, usize>) -> Vec<(NameId, usize)> {
    let mut sorted: Vec<_> = names.iter().map(|(name, index)| (*name, *index)).collect();
    sorted.sort_unstable_by_key(|(_, index)| *index);
    sorted
}
