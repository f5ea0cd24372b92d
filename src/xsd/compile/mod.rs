//! The model becomes the compiled form. Types refer to each other in circles, so each has its number before any is
//! made; what a type needs of another one (its base, the type of an attribute) is made first.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::attributes;
use super::content;
use super::declared::Component;
use super::error::{Failure, Faults, Result, SchemaError, SchemaFile, fault};
use super::load::Loaded;
use super::model::{self, Components, Reference, TypeUse};
use super::particle::{Restricted, Restriction};
use super::reader::XSD;
use super::simple;
use crate::compiled::{
    AttributeUse, Compiled, ComplexType, Content, ElementDeclaration, ElementId, IdentityConstraint, Methods, NameId,
    Names, NamespaceId, Place, SimpleDefinition, Substitutions, TypeDefinition, TypeId, Types, ValueConstraint,
};
use crate::datatype::{SimpleType, canonical_name};
use crate::diagnostic::Code;

/// Steps of derivation, or references from group to group, that may hang together; functions recurse as deep.
pub(super) const CHAIN: usize = 256;

/// Compiles what was loaded.
pub(super) fn compile(loaded: Loaded) -> std::result::Result<(Compiled, Vec<SchemaFile>), SchemaError> {
    let Loaded { documents, names, components, faults } = loaded;
    let mut compiler = Compiler::new(names, &components, faults);
    if let Err(failure) = compiler.run() {
        compiler.faults.note(failure);
    }
    match compiler.faults.is_empty() {
        true => {
            let faults = std::mem::take(&mut compiler.faults);
            let unread = faults.into_warnings(&documents);
            Ok((compiler.finish(documents), unread))
        }
        false => Err(compiler.faults.into_error(&documents)),
    }
}

/// What a type is made from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'m> {
    /// anyType and the built-in simple types are made at once.
    BuiltIn,
    Simple(&'m model::SimpleType),
    Complex(&'m model::ComplexType),
    /// What is wrong with it is told.
    Broken,
}

/// A type and how far it is.
pub(super) struct Definition<'m> {
    pub(super) origin: Origin<'m>,
    is_in_progress: bool,
    /// It cannot be made, and why is told; nor can what needs it.
    is_broken: bool,
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
        Definition { origin, is_in_progress: false, is_broken: false, steps: 0, done: None, attributes, content: None }
    }
}

/// Groups by their names, each made once, however often it is referred to.
type Shared<T> = HashMap<NameId, Making<T>>;

/// How far a group is.
pub(super) enum Making<T> {
    InProgress,
    Done(T),
    /// It cannot be made, and why is told.
    Broken,
}

pub(super) struct Compiler<'m> {
    pub(super) names: Names,
    pub(super) components: &'m Components,
    pub(super) faults: Faults,
    /// Names that refer to nothing: each is told once, however often it is used.
    unresolved: RefCell<HashSet<(&'static str, NameId)>>,
    pub(super) definitions: Vec<Definition<'m>>,
    pub(super) elements: Vec<ElementDeclaration>,
    pub(super) models: content::Models,
    pub(super) roots: HashMap<NameId, ElementId>,
    pub(super) substitutions: Substitutions,
    /// The namespaces of elements and of those that can stand for them, as far as they were asked for.
    pub(super) group_namespaces: RefCell<HashMap<ElementId, Rc<[NamespaceId]>>>,
    pub(super) named_types: HashMap<NameId, TypeId>,
    pub(super) groups: Shared<content::Tree>,
    pub(super) attribute_groups: Shared<attributes::Resolved>,
    pub(super) any_simple_type: TypeId,
    pub(super) any_type: TypeId,
    global_attributes: HashMap<NameId, AttributeUse>,
    /// The declared notations, as values of NOTATION are spelled.
    pub(super) notation_names: HashSet<String>,
    /// What is to be checked when all types are made.
    pub(super) restrictions: Vec<Restriction>,
    /// Of all elements, by `ConstraintId`.
    pub(super) constraints: Vec<&'m model::IdentityConstraint>,
    pub(super) resolved_constraints: Vec<IdentityConstraint>,
    /// How many calls hang together at the moment.
    chain: usize,
}

impl<'m> Compiler<'m> {
    fn new(names: Names, components: &'m Components, faults: Faults) -> Self {
        Compiler {
            names,
            components,
            faults,
            unresolved: RefCell::default(),
            definitions: Vec::with_capacity(components.types.len() + 64),
            elements: Vec::new(),
            models: content::Models::default(),
            roots: HashMap::new(),
            substitutions: Substitutions::default(),
            group_namespaces: RefCell::default(),
            named_types: HashMap::new(),
            groups: HashMap::new(),
            attribute_groups: HashMap::new(),
            any_simple_type: TypeId(0),
            any_type: TypeId(0),
            global_attributes: HashMap::new(),
            notation_names: HashSet::new(),
            restrictions: Vec::new(),
            constraints: Vec::new(),
            resolved_constraints: Vec::new(),
            chain: 0,
        }
    }

    /// Makes everything. What cannot be made is noted, and the rest is made all the same, so that every fault is found;
    /// only a limit that is met ends it.
    fn run(&mut self) -> Result<()> {
        self.add_built_ins()?;
        for (name, _) in self.components.notations.iter() {
            let (namespace, local) = (self.names.namespace(name), self.names.local(name));
            self.notation_names.insert(canonical_name(namespace, local));
        }
        for (name, definition) in self.components.types.iter() {
            let type_id = self.add_type(definition);
            if self.named_types.insert(name, type_id).is_some() {
                let message = format!("`{}` is a built-in type", self.names.local(name));
                self.faults.or_note(fault::<()>(Code::SchPropsCorrect, definition.place(), message));
            }
        }
        self.add_global_elements();
        for (name, attribute) in self.components.attributes.iter() {
            let resolved = self.global_attribute(attribute);
            if let Some(resolved) = self.faults.or_note(resolved) {
                self.global_attributes.insert(name, resolved.attribute);
            }
        }
        for (name, group) in self.components.groups.iter() {
            let group = self.group(Reference { name, place: group.place });
            self.faults.or_note_unless_limit(group)?;
        }
        for (name, group) in self.components.attribute_groups.iter() {
            let group = self.attribute_group(Reference { name, place: group.place });
            self.faults.or_note_unless_limit(group)?;
        }
        self.check_redefined_groups();
        // Types written on the spot join the list while it is gone through.
        let mut next = 0;
        while next < self.definitions.len() {
            let defined = self.define(TypeId(index_of(next)));
            self.faults.or_note_unless_limit(defined)?;
            next += 1;
        }
        self.check_substitution_groups();
        self.make_models()?;
        self.check_element_types();
        self.check_element_values();
        self.check_restrictions()?;
        self.resolve_constraints();
        Ok(())
    }

    /// Section 4.2.2, Redefinition Constraints and Semantics, clauses 6.2.2 and 7.2.2: groups that do not contain what
    /// they were restrict it.
    fn check_redefined_groups(&mut self) {
        for (new, old) in &self.components.restricted_groups {
            // A group that could not be made was told of.
            if let (Ok(base), Ok(own)) = (self.group(Reference { name: *old, place: new.place }), self.group(*new)) {
                let of = Restricted::Group(*old);
                self.restrictions.push(Restriction { place: new.place, own: Some(own), base, of });
            }
        }
        for (new, old) in &self.components.restricted_attribute_groups {
            let base = self.attribute_group(Reference { name: *old, place: new.place });
            if let (Ok(base), Ok(own)) = (base, self.attribute_group(*new)) {
                let is_there = |name: NameId| own.uses.iter().any(|found| found.attribute.name == name);
                let missing =
                    base.uses.iter().find(|found| found.attribute.required && !is_there(found.attribute.name));
                if let Some(missing) = missing {
                    let local = self.names.local(missing.attribute.name);
                    let message = format!("attribute `{local}` is required by the attribute group as it was");
                    self.faults.or_note(fault::<()>(Code::DerivationOkRestriction, new.place, message));
                    continue;
                }
                let restricted = self.restrict_attributes(&base, own, new.place);
                self.faults.or_note(restricted);
            }
        }
    }

    fn finish(mut self, documents: Vec<crate::compiled::Document>) -> Compiled {
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
            constraints: self.resolved_constraints,
            roots: self.roots,
            substitutions: self.substitutions,
            named_types: self.named_types,
            global_attributes: self.global_attributes,
            notations: self.components.notations.iter().map(|(name, notation)| (name, notation.clone())).collect(),
            any_type: self.any_type,
        }
    }

    fn add_built_ins(&mut self) -> Result<()> {
        let namespace = self.names.intern_namespace(XSD);
        let name = self.names.intern(namespace, "anyType");
        self.any_type = self.add_any_type(name)?;
        self.named_types.insert(name, self.any_type);
        for (local, base) in simple::BUILT_INS {
            let Some(simple) = SimpleType::built_in(local) else { continue };
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
            model::Type::Broken(_) => Origin::Broken,
        }));
        id
    }

    /// A type in place of one that there is not, about which all is told.
    pub(super) fn add_broken_type(&mut self) -> TypeId {
        let id = TypeId(index_of(self.definitions.len()));
        self.definitions.push(Definition { is_broken: true, ..Definition::new(Origin::Broken) });
        id
    }

    /// What is compared with it would prove nothing.
    pub(super) fn is_broken(&self, id: TypeId) -> bool {
        self.definition(id).is_none_or(|definition| definition.is_broken)
    }

    /// The number of a type that is referred to or written on the spot.
    pub(super) fn type_id(&mut self, type_use: &'m TypeUse) -> Result<TypeId> {
        match type_use {
            TypeUse::Named(reference) => self.named_type(*reference),
            TypeUse::Anonymous(definition) => Ok(self.add_type(definition)),
            TypeUse::Broken => Err(Failure::Told),
        }
    }

    /// The number of a type that is referred to.
    pub(super) fn named_type(&self, reference: Reference) -> Result<TypeId> {
        if let Some(known) = self.named_types.get(&reference.name) {
            return Ok(*known);
        }
        let local = self.names.local(reference.name);
        let is_built_in = simple::BUILT_INS.iter().any(|(name, _)| *name == local);
        let hint = if is_built_in && self.names.namespace_id(reference.name) == NamespaceId(0) {
            " in no namespace; the built-in type is in the namespace of XSD"
        } else {
            ""
        };
        self.unresolved("type", reference, hint)
    }

    /// QName resolution (Schema Document), section 3.15.3: a name that refers to nothing.
    pub(super) fn unresolved<T>(&self, kind: &'static str, reference: Reference, hint: &str) -> Result<T> {
        let Reference { name, place } = reference;
        let is_news = self.unresolved.borrow_mut().insert((kind, name));
        let namespace = self.names.namespace_id(name);
        if !is_news || self.components.is_excused(namespace) {
            self.faults.release(namespace);
            return Err(Failure::Told);
        }
        fault(Code::SrcResolve, place, format!("{kind} `{}` is not declared{hint}", self.names.local(name)))
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
            Origin::Broken => return Err(Failure::Told),
        };
        if definition.is_broken {
            return Err(Failure::Told);
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

    /// What a named group comes to, made at the first time; `circular` is what one breaks that contains itself.
    pub(super) fn made_once<T: Clone>(
        &mut self,
        shared: fn(&mut Self) -> &mut HashMap<NameId, Making<T>>,
        (kind, circular): (&str, Code),
        reference: Reference,
        make: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let Reference { name, place } = reference;
        match shared(self).get(&name) {
            Some(Making::Done(done)) => return Ok(done.clone()),
            Some(Making::Broken) => return Err(Failure::Told),
            Some(Making::InProgress) => {
                return fault(circular, place, format!("{kind} `{}` contains itself", self.names.local(name)));
            }
            None => {}
        }
        shared(self).insert(name, Making::InProgress);
        let made = self.deeper(place, make);
        let done = made.as_ref().map_or(Making::Broken, |made| Making::Done(made.clone()));
        shared(self).insert(name, done);
        made
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
            (Origin::BuiltIn, None) | (Origin::Broken, _) => None,
        });
        match name {
            Some(name) => format!("type `{}`", self.names.local(name)),
            None => String::from("an anonymous type"),
        }
    }

    /// Adds a local element declaration. One whose type is not there has a broken type.
    pub(super) fn add_element(&mut self, element: &'m model::Element) -> ElementId {
        let type_id = match &element.type_use {
            Some(type_use) => self.type_id(type_use),
            None => Ok(self.any_type),
        };
        let type_id = self.faults.or_note(type_id).unwrap_or_else(|| self.add_broken_type());
        self.declare_element(element, type_id)
    }

    /// Adds an element declaration of a type.
    pub(super) fn declare_element(&mut self, element: &'m model::Element, type_id: TypeId) -> ElementId {
        let constraints = self.number_constraints(&element.constraints);
        let id = ElementId(index_of(self.elements.len()));
        self.elements.push(ElementDeclaration {
            name: element.name,
            type_id,
            nillable: element.nillable,
            is_abstract: element.is_abstract,
            block: element.block,
            value: element.value.clone(),
            constraints,
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
            Some(Origin::BuiltIn | Origin::Broken) | None => Methods::NONE,
        }
    }

    /// NOTATION itself is the type of no element.
    fn check_element_types(&self) {
        for element in &self.elements {
            let simple = match self.definition(element.type_id).and_then(|definition| definition.done.as_ref()) {
                Some(TypeDefinition::Simple(simple)) => &simple.simple,
                Some(TypeDefinition::Complex(ComplexType { content: Content::Simple(simple), .. })) => simple,
                _ => continue,
            };
            self.faults.or_note(self.check_notation_use(simple, element.place));
        }
    }

    /// Section 3.3.6, Element Default Valid (Immediate).
    fn check_element_values(&self) {
        for element in &self.elements {
            if let Some(value) = &element.value {
                self.faults.or_note(self.check_element_value(element, value));
            }
        }
    }

    fn check_element_value(&self, element: &ElementDeclaration, value: &ValueConstraint) -> Result<()> {
        match self.definition(element.type_id).and_then(|definition| definition.done.as_ref()) {
            Some(TypeDefinition::Simple(simple)) => {
                self.check_value(&simple.simple, value, Code::EPropsCorrect, element.place)
            }
            Some(TypeDefinition::Complex(complex)) => match &complex.content {
                Content::Simple(simple) => self.check_value(simple, value, Code::EPropsCorrect, element.place),
                Content::Elements { mixed: true, .. } if self.is_emptiable(element.type_id) => Ok(()),
                _ => {
                    let message = format!(
                        "`{}` has a default or fixed value, so its content must be simple, or mixed and emptiable",
                        self.names.local(element.name)
                    );
                    fault(Code::CosValidDefault, element.place, message)
                }
            },
            None => Ok(()),
        }
    }

    /// A default or fixed value is a value of the type, and none of ID (a-props-correct.2 and 3, e-props-correct.2
    /// and 5); `code` says of what it is the value.
    pub(super) fn check_value(
        &self,
        simple: &SimpleType,
        value: &ValueConstraint,
        code: Code,
        place: Place,
    ) -> Result<()> {
        if simple.is_id() {
            return fault(code, place, "expected no default or fixed value of an ID, found one");
        }
        let text = &value.value;
        match simple.check_in(text, &value.bindings) {
            Ok(()) => Ok(()),
            Err(_) => fault(code, place, format!("expected {} as the value, found `{text}`", simple.describe())),
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
