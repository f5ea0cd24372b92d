//! Turns the model into the compiled form: makes and checks its components, with one file for each section of the
//! Recommendation.
//!
//! First, every component with a name gets its number (`types`, `built_in`, `substitution`). Then types, attributes and
//! groups are made (`simple`, `complex`, `attribute`, `wildcard`, `particle`), each type after the components that it
//! needs: its base and the types of its attributes. Everything that depends on all types comes last: substitution, the
//! automata of content models (`content`), whether restrictions restrict (`restriction`), values (`element`) and keys
//! (`identity`).

mod attribute;
mod built_in;
mod complex;
mod content;
mod element;
mod identity;
mod particle;
mod redefine;
mod restriction;
mod selects;
mod simple;
mod substitution;
mod types;
mod wildcard;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use restriction::Restriction;
use types::Definition;

use super::declared::Component;
use super::error::{SchemaError, SchemaFile};
use super::fault::{Failure, Faults, Result, fault};
use super::load::Loaded;
use super::model::{self, Components, Reference};
use super::sources::Sources;
use crate::compiled::{
    AttributeUse, Compiled, Content, Document, ElementDeclaration, ElementId, IdentityConstraint, IdentityIndex,
    NameId, Names, NamespaceId, Place, Substitutions, TypeDefinition, TypeId,
};
use crate::datatype::canonical_name;
use crate::diagnostic::Code;

/// The longest chain of derivations or of references between groups; functions recurse to the same depth.
const CHAIN: usize = 256;

/// Compiles what was loaded.
pub(super) fn compile(loaded: Loaded) -> std::result::Result<(Compiled, Vec<SchemaFile>, Sources), SchemaError> {
    let Loaded { documents, names, components, faults, sources } = loaded;
    let mut compiler = Compiler::new(names, &components, faults);
    // If a limit cut the work short, the rest is not made.
    if !compiler.faults.met_limit()
        && let Err(failure) = compiler.run()
    {
        compiler.faults.note(failure);
    }
    match compiler.faults.is_empty() {
        true => {
            let faults = std::mem::take(&mut compiler.faults);
            let compiled = compiler.finish(documents);
            selects::warn(&compiled, &faults);
            let warnings = faults.into_warnings(&compiled.documents);
            Ok((compiled, warnings, sources))
        }
        false => Err(compiler.faults.into_error(&documents)),
    }
}

/// Attributes and groups by their names, each made once, however often it is referred to.
type Shared<T> = HashMap<NameId, Making<T>>;

/// The progress of making a group.
enum Making<T> {
    InProgress,
    Done(T),
    /// It cannot be made, and the reason is reported.
    Broken,
}

struct Compiler<'m> {
    names: Names,
    components: &'m Components,
    faults: Faults,
    /// Names that refer to nothing: each is reported once, however often it is used.
    unresolved: RefCell<HashSet<(&'static str, NameId)>>,
    definitions: Vec<Definition<'m>>,
    elements: Vec<ElementDeclaration>,
    models: content::Models,
    roots: HashMap<NameId, ElementId>,
    substitutions: Substitutions,
    /// The namespaces of elements and of those that can substitute for them, as far as they were needed.
    group_namespaces: RefCell<HashMap<ElementId, Rc<[NamespaceId]>>>,
    named_types: HashMap<NameId, TypeId>,
    groups: Shared<particle::Tree>,
    attributes: Shared<attribute::ResolvedUse>,
    attribute_groups: Shared<Rc<attribute::Resolved>>,
    any_simple_type: TypeId,
    any_type: TypeId,
    global_attributes: HashMap<NameId, Arc<AttributeUse>>,
    /// The number of attributes of all types and references to groups.
    attribute_uses: usize,
    /// The declared notations, as they are written in values of NOTATION.
    notation_names: HashSet<String>,
    /// What to check once all types are made.
    restrictions: Vec<Restriction>,
    /// The constraints of all elements, by `ConstraintId`.
    constraints: Vec<&'m model::IdentityConstraint>,
    resolved_constraints: Vec<IdentityConstraint>,
    /// The current depth of recursion.
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
            attributes: HashMap::new(),
            attribute_groups: HashMap::new(),
            any_simple_type: TypeId(0),
            any_type: TypeId(0),
            global_attributes: HashMap::new(),
            attribute_uses: 0,
            notation_names: HashSet::new(),
            restrictions: Vec::new(),
            constraints: Vec::new(),
            resolved_constraints: Vec::new(),
            chain: 0,
        }
    }

    /// Makes everything. If something cannot be made, that is noted and the rest is still made, so that every error is
    /// found; only an exceeded limit ends the work.
    fn run(&mut self) -> Result<()> {
        self.add_built_ins()?;
        self.number_components();
        self.make_components()?;
        // Checks of the whole schema would only report consequences of what is missing.
        if self.faults.is_missed() {
            return Ok(());
        }
        self.check_substitution_groups();
        self.make_models()?;
        self.check_element_types();
        self.check_element_values();
        self.check_restrictions()?;
        self.resolve_constraints();
        Ok(())
    }

    /// Numbers all components that can be referred to.
    fn number_components(&mut self) {
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
    }

    /// Makes attributes, groups and types, each after the components that it needs.
    fn make_components(&mut self) -> Result<()> {
        for (name, attribute) in self.components.attributes.iter() {
            let resolved = self.global_attribute(Reference { name, place: attribute.place });
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
        // Anonymous types are added to the list during the loop.
        let mut next = 0;
        while next < self.definitions.len() {
            let defined = self.define(TypeId(index_of(next)));
            self.faults.or_note_unless_limit(defined)?;
            next += 1;
        }
        Ok(())
    }

    fn finish(mut self, documents: Vec<Document>) -> Compiled {
        let mut types: Vec<TypeDefinition> =
            self.definitions.into_iter().filter_map(|definition| definition.done).collect();
        // The lists are kept, so their excess capacity is released.
        types.shrink_to_fit();
        self.elements.shrink_to_fit();
        self.models.models.shrink_to_fit();
        let has_name_values = has_name_values(&self.elements, &types);
        let identity_index = IdentityIndex::new(&self.resolved_constraints, &self.elements, &types, &self.names);
        let mut roots: Vec<(ElementId, NameId)> = self.roots.iter().map(|(name, element)| (*element, *name)).collect();
        roots.sort_unstable();
        Compiled {
            documents,
            names: self.names,
            elements: self.elements,
            types,
            models: self.models.models,
            constraints: self.resolved_constraints,
            identity_index,
            roots: self.roots,
            root_names: roots.into_iter().map(|(_, name)| name).collect(),
            substitutions: self.substitutions,
            named_types: self.named_types,
            global_attributes: self.global_attributes,
            notations: self.components.notations.iter().map(|(name, notation)| (name, notation.clone())).collect(),
            any_type: self.any_type,
            has_name_values,
        }
    }

    /// QName resolution (Schema Document), section 3.15.3: a name that refers to nothing.
    fn unresolved<T>(&self, kind: &'static str, reference: Reference, hint: &str) -> Result<T> {
        let Reference { name, place } = reference;
        let is_news = self.unresolved.borrow_mut().insert((kind, name));
        let namespace = self.names.namespace_id(name);
        if !is_news || self.components.is_excused(namespace) {
            self.faults.miss(namespace);
            return Err(Failure::Reported);
        }
        fault(Code::SrcResolve, place, format!("{kind} `{}` is not declared{hint}", self.names.local(name)))
    }

    /// The result for a named group, which is made on first use. `circular` is the constraint that a group violates if
    /// it contains itself.
    fn made_once<T: Clone>(
        &mut self,
        shared: fn(&mut Self) -> &mut Shared<T>,
        (kind, circular): (&str, Code),
        reference: Reference,
        make: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let Reference { name, place } = reference;
        match shared(self).get(&name) {
            Some(Making::Done(done)) => return Ok(done.clone()),
            Some(Making::Broken) => return Err(Failure::Reported),
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

    /// Calls a function that may recurse, up to a maximum depth.
    fn deeper<T>(&mut self, place: Place, what: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.chain >= CHAIN {
            return fault(
                Code::SchemaLimit,
                place,
                format!("expected at most {CHAIN} definitions that depend on each other"),
            );
        }
        self.chain += 1;
        let result = what(self);
        self.chain -= 1;
        result
    }
}

/// Whether a value of an element or an attribute can be a QName or a NOTATION.
fn has_name_values(elements: &[ElementDeclaration], types: &[TypeDefinition]) -> bool {
    let of_element = |element: &ElementDeclaration| match types.get(element.type_id.index()) {
        Some(TypeDefinition::Simple(definition)) => definition.simple.has_qualified_names(),
        _ => false,
    };
    let in_type = |definition: &TypeDefinition| match definition {
        TypeDefinition::Simple(_) => false,
        TypeDefinition::Complex(complex) => {
            complex.attributes.iter().any(|attribute| attribute.simple.has_qualified_names())
                || matches!(&complex.content, Content::Simple(simple) if simple.has_qualified_names())
        }
    };
    elements.iter().any(of_element) || types.iter().any(in_type)
}

/// Converts a length to an index: components are counted in documents of bounded size.
fn index_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
