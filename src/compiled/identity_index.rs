//! Which elements and attributes identity constraints can reach, so that documents pay only for those.
//!
//! A schema may have thousands of constraints on one element, none of which concerns most elements in it. So the
//! question is reversed when a schema is compiled: not which constraints are in scope and what each selects, but what
//! an element with some name, or an attribute, can mean to any constraint at all.
//!
//! - An element that no step selects by name is not touched (`IdentityIndex::touches`), unless a step with a wildcard
//!   is waiting for it, which `check::identity` tracks.
//! - A step of a selector is found by the name that it selects (`steps_to`).
//! - `.//*` with attributes for fields, as in `<xs:selector xpath=".//*"/><xs:field xpath="@ref"/>`, would select every
//!   element. Such a constraint is found by the attribute (`driven_by`): an element without it has no key-sequence, and
//!   only for an `xs:key` is that an error.
//!
//! Memory is linear in the names, the element declarations and the steps of the schema; a schema without constraints
//! needs none.

use super::{
    Category, ConstraintId, ElementDeclaration, ElementId, IdentityConstraint, NameId, NameTest, Names, Path,
    TypeDefinition,
};
use crate::xml::INSTANCE_NAMESPACE;

/// Tells which elements and attributes identity constraints can reach; see the module documentation.
#[derive(Debug, Clone, Default)]
pub(crate) struct IdentityIndex {
    hosts: Vec<Host>,
    constraints: Vec<ConstraintFacts>,
    paths: Vec<PathFacts>,
    /// The number of selector paths with more than one step.
    long_paths: usize,
    /// Flags such as `IS_STEP`, for each `NameId`.
    names: Vec<u8>,
    /// For each `ElementId`, whether it is touched.
    touched: Vec<bool>,
    steps: ByName<Step>,
    driven: ByName<ConstraintId>,
    /// The constraints of `driven`, each once.
    all_driven: Vec<ConstraintId>,
    /// Whether a field is `@*` or `@prefix:*`.
    takes_any_attribute: bool,
}

/// A step selects elements with the name.
const IS_STEP: u8 = 1;
/// A field selects attributes with the name.
const IS_FIELD: u8 = 2;
/// Attributes with the name lead to constraints whose selectors match any element.
const DRIVES: u8 = 4;

/// An element declaration with constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HostId(u32);

/// A path of a selector or of a field, numbered in the order of constraints, selectors first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PathId(u32);

/// What an element declaration with constraints begins, apart from steps by name, which are found by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Host {
    /// Selectors that select the element itself.
    pub(crate) here: Vec<PathId>,
    /// Selectors whose first step selects children with any name, or any in a namespace.
    pub(crate) waiting: Vec<PathId>,
    /// Selectors whose first step selects descendants with any name, or any in a namespace, and selectors that select
    /// all descendants.
    pub(crate) roaming: Vec<PathId>,
}

#[derive(Debug, Clone)]
struct ConstraintFacts {
    host: HostId,
    /// The paths of its selector, then those of its fields.
    first: u32,
    fields: u32,
    last: u32,
    is_driven: bool,
    /// Where the references to this key are declared.
    referrers: Vec<HostId>,
}

/// A path, and what it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct PathFacts {
    pub(crate) constraint: ConstraintId,
    /// The index of the field; `None` for the selector.
    pub(crate) field: Option<usize>,
    pub(crate) path: Path,
    /// Its number among the selectors with more than one step, if it is one.
    pub(crate) long: Option<usize>,
}

/// A step of a path, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) path: PathId,
    pub(crate) step: u8,
}

/// Lists for each `NameId`, one after another.
#[derive(Debug, Clone)]
struct ByName<T> {
    /// Where the list of each name begins; it ends where the next one begins.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for ByName<T> {
    fn default() -> Self {
        ByName { starts: Vec::new(), items: Vec::new() }
    }
}

impl<T: Copy> ByName<T> {
    /// Takes pairs in any order; pairs with the same name keep their order.
    fn new(mut pairs: Vec<(NameId, T)>, names: usize) -> ByName<T> {
        if pairs.is_empty() {
            return ByName::default();
        }
        pairs.sort_by_key(|(name, _)| *name);
        let mut starts = Vec::with_capacity(names + 1);
        for (index, (name, _)) in pairs.iter().enumerate() {
            starts.resize(name.index() + 1, index as u32);
        }
        starts.resize(names + 1, pairs.len() as u32);
        ByName { starts, items: pairs.into_iter().map(|(_, item)| item).collect() }
    }

    fn get(&self, name: NameId) -> &[T] {
        match self.starts.get(name.index()..name.index() + 2) {
            Some(&[first, last]) => self.items.get(first as usize..last as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}

impl HostId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl PathId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

impl PathFacts {
    /// The number of its steps, not counting `.//`.
    pub(crate) fn len(&self) -> usize {
        self.path.steps.len()
    }

    /// What an existing step selects.
    pub(crate) fn test(&self, step: u8) -> NameTest {
        self.path.steps.get(usize::from(step)).copied().unwrap_or(NameTest::Any)
    }
}

impl IdentityIndex {
    /// Indexes the constraints of a schema, and the elements that have them.
    pub(crate) fn new(
        constraints: &[IdentityConstraint],
        elements: &[ElementDeclaration],
        types: &[TypeDefinition],
        names: &Names,
    ) -> IdentityIndex {
        if constraints.is_empty() {
            return IdentityIndex::default();
        }
        let mut index = IdentityIndex { names: vec![0; names.names.len()], ..IdentityIndex::default() };
        let instance = names.lookup_namespace(INSTANCE_NAMESPACE);
        index.add_constraints(constraints, |name| Some(names.namespace_id(name)) == instance);
        index.add_hosts(constraints, elements);
        index.add_steps(names.names.len());
        index.touched = index.touched_elements(elements, types);
        index
    }

    /// Numbers paths, and records which constraints attributes lead to.
    fn add_constraints(&mut self, constraints: &[IdentityConstraint], is_of_any_element: impl Fn(NameId) -> bool) {
        let mut driven = Vec::new();
        for (constraint, id) in constraints.iter().zip((0..).map(ConstraintId)) {
            let driving =
                driving_attributes(constraint).filter(|names| !names.iter().any(|name| is_of_any_element(*name)));
            let first = self.paths.len() as u32;
            for path in &constraint.selector {
                self.add_path(id, None, path);
            }
            let fields = self.paths.len() as u32;
            for (number, field) in constraint.fields.iter().enumerate() {
                for path in &field.paths {
                    self.add_path(id, Some(number), path);
                }
            }
            let last = self.paths.len() as u32;
            let (host, referrers) = (HostId(u32::MAX), Vec::new());
            let is_driven = driving.is_some();
            self.constraints.push(ConstraintFacts { host, first, fields, last, is_driven, referrers });
            for name in driving.into_iter().flatten() {
                self.flag(name, DRIVES);
                driven.push((name, id));
            }
            if is_driven {
                self.all_driven.push(id);
            }
        }
        self.driven = ByName::new(driven, self.names.len());
    }

    fn add_path(&mut self, constraint: ConstraintId, field: Option<usize>, path: &Path) {
        for step in &path.steps {
            if let NameTest::Name(name) = step {
                self.flag(*name, IS_STEP);
            }
        }
        match path.attribute {
            Some(NameTest::Name(name)) => self.flag(name, IS_FIELD),
            Some(_) => self.takes_any_attribute = true,
            None => {}
        }
        let is_long = field.is_none() && path.steps.len() > 1;
        let long = is_long.then_some(self.long_paths);
        self.long_paths += usize::from(is_long);
        self.paths.push(PathFacts { constraint, field, path: path.clone(), long });
    }

    fn flag(&mut self, name: NameId, flag: u8) {
        if let Some(flags) = self.names.get_mut(name.index()) {
            *flags |= flag;
        }
    }

    fn add_hosts(&mut self, constraints: &[IdentityConstraint], elements: &[ElementDeclaration]) {
        for declaration in elements.iter().filter(|declaration| !declaration.constraints.is_empty()) {
            let host = HostId(self.hosts.len() as u32);
            let mut begun = Host::default();
            for id in &declaration.constraints {
                let Some(facts) = self.constraints.get_mut(id.index()) else { continue };
                facts.host = host;
                let (selector, is_driven) = (facts.first..facts.fields, facts.is_driven);
                selector.map(PathId).for_each(|path| self.begin_at_host(path, is_driven, &mut begun));
            }
            self.hosts.push(begun);
        }
        for (constraint, id) in constraints.iter().zip((0..).map(ConstraintId)) {
            let host = self.host(id);
            if let Category::Keyref(key) = constraint.category
                && let Some(facts) = self.constraints.get_mut(key.index())
                && !facts.referrers.contains(&host)
            {
                facts.referrers.push(host);
            }
        }
    }

    /// How a selector begins at an element that has it.
    fn begin_at_host(&self, id: PathId, is_driven: bool, host: &mut Host) {
        let path = &self.path(id).path;
        if path.steps.is_empty() && !is_driven {
            host.here.push(id);
        }
        match path.steps.first() {
            _ if is_driven => {}
            None if path.descends => host.roaming.push(id),
            Some(NameTest::Any | NameTest::Namespace(_)) if path.descends => host.roaming.push(id),
            Some(NameTest::Any | NameTest::Namespace(_)) => host.waiting.push(id),
            None | Some(NameTest::Name(_)) => {}
        }
    }

    fn add_steps(&mut self, names: usize) {
        let mut steps = Vec::new();
        for (facts, path) in self.paths.iter().zip((0..).map(PathId)).filter(|(facts, _)| facts.field.is_none()) {
            for (test, step) in facts.path.steps.iter().zip(0..) {
                if let NameTest::Name(name) = test {
                    steps.push((*name, Step { path, step }));
                }
            }
        }
        self.steps = ByName::new(steps, names);
    }

    fn touched_elements(&self, elements: &[ElementDeclaration], types: &[TypeDefinition]) -> Vec<bool> {
        let may_drive = |of: &TypeDefinition| match of {
            TypeDefinition::Simple(_) => false,
            TypeDefinition::Complex(complex) => {
                let mut attributes = complex.attributes.iter();
                complex.any_attribute.is_some() || attributes.any(|declared| self.has(declared.name, DRIVES))
            }
        };
        let drives: Vec<bool> = match self.all_driven.is_empty() {
            true => Vec::new(),
            false => types.iter().map(may_drive).collect(),
        };
        let is_touched = |declaration: &ElementDeclaration| {
            !declaration.constraints.is_empty()
                || self.has(declaration.name, IS_STEP)
                || drives.get(declaration.type_id.index()) == Some(&true)
        };
        elements.iter().map(is_touched).collect()
    }

    fn has(&self, name: NameId, flag: u8) -> bool {
        self.names.get(name.index()).is_some_and(|flags| flags & flag != 0)
    }

    /// Whether an element with a declaration and its declared type can concern a constraint because of its name, its
    /// attributes or constraints of its own. Other elements can only if a step with a wildcard waits for them.
    #[inline]
    pub(crate) fn touches(&self, element: ElementId) -> bool {
        self.touched.get(element.index()) == Some(&true)
    }

    /// Whether an element with a name can concern a constraint, if its declaration or type is not known beforehand.
    pub(crate) fn touches_undeclared(&self, name: Option<NameId>) -> bool {
        !self.all_driven.is_empty() || name.is_some_and(|name| self.has(name, IS_STEP))
    }

    /// Whether an attribute can be a field.
    pub(crate) fn takes_attribute(&self, name: Option<NameId>) -> bool {
        self.takes_any_attribute || name.is_some_and(|name| self.has(name, IS_FIELD))
    }

    /// Constraints on elements of any name to which an attribute leads.
    pub(crate) fn driven_by(&self, name: Option<NameId>) -> &[ConstraintId] {
        name.filter(|name| self.has(*name, DRIVES)).map_or(&[], |name| self.driven.get(name))
    }

    /// Constraints to which any attribute leads.
    pub(crate) fn all_driven(&self) -> &[ConstraintId] {
        &self.all_driven
    }

    /// The steps of selectors that select elements with a name.
    pub(crate) fn steps_to(&self, name: Option<NameId>) -> &[Step] {
        name.map_or(&[], |name| self.steps.get(name))
    }

    /// Where a constraint is declared.
    pub(crate) fn host(&self, constraint: ConstraintId) -> HostId {
        // Every constraint of an element is among those of the schema.
        self.constraints.get(constraint.index()).map_or(HostId(u32::MAX), |facts| facts.host)
    }

    /// What begins at elements with constraints.
    pub(crate) fn begun_by(&self, host: HostId) -> Option<&Host> {
        self.hosts.get(host.index())
    }

    /// The number of declarations with constraints.
    pub(crate) fn host_count(&self) -> usize {
        self.hosts.len()
    }

    /// The number of selectors with more than one step.
    pub(crate) fn long_path_count(&self) -> usize {
        self.long_paths
    }

    pub(crate) fn path(&self, path: PathId) -> &PathFacts {
        // Only `add_path` assigns numbers.
        &self.paths[path.index()]
    }

    /// The paths of a selector.
    pub(crate) fn selector(&self, constraint: ConstraintId) -> impl Iterator<Item = PathId> + use<> {
        let facts = self.constraints.get(constraint.index());
        facts.map_or(0..0, |facts| facts.first..facts.fields).map(PathId)
    }

    /// The paths of all fields.
    pub(crate) fn fields(&self, constraint: ConstraintId) -> impl Iterator<Item = PathId> + use<> {
        let facts = self.constraints.get(constraint.index());
        facts.map_or(0..0, |facts| facts.fields..facts.last).map(PathId)
    }

    /// Groups paths, in the order of their numbers, by the selector or field that they belong to.
    pub(crate) fn by_field<'p>(&self, paths: &'p [PathId]) -> impl Iterator<Item = &'p [PathId]> + use<'_, 'p> {
        let of = |path: &PathId| (self.path(*path).constraint, self.path(*path).field);
        paths.chunk_by(move |one, other| of(one) == of(other))
    }

    /// Where the references to a key are declared.
    pub(crate) fn referrers(&self, key: ConstraintId) -> &[HostId] {
        self.constraints.get(key.index()).map_or(&[], |facts| &facts.referrers)
    }
}

/// The attributes that are the fields of a constraint to which attributes lead: it selects elements with any name, its
/// fields are attributes of the selected element with known names, and their absence is not an error.
fn driving_attributes(constraint: &IdentityConstraint) -> Option<Vec<NameId>> {
    let is_wild = |path: &Path| path.descends && matches!(&*path.steps, [] | [NameTest::Any]);
    if constraint.category == Category::Key || !constraint.selector.iter().all(is_wild) {
        return None;
    }
    let attribute = |path: &Path| match path.attribute {
        Some(NameTest::Name(name)) if path.steps.is_empty() && !path.descends => Some(name),
        _ => None,
    };
    let mut names: Vec<_> =
        constraint.fields.iter().flat_map(|field| &field.paths).map(attribute).collect::<Option<_>>()?;
    names.sort_unstable();
    names.dedup();
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_found_by_name() {
        let pairs = vec![(NameId(4), 'a'), (NameId(1), 'b'), (NameId(4), 'c')];
        let lists = ByName::new(pairs, 6);
        let found: Vec<&[char]> = (0..7).map(|name| lists.get(NameId(name))).collect();
        assert_eq!(found, [&[][..], &['b'], &[], &[], &['a', 'c'], &[], &[]]);
        assert_eq!(ByName::<char>::new(Vec::new(), 6).get(NameId(1)), []);
    }
}
