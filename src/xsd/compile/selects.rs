//! Selectors of identity constraints that can select nothing in any valid document: legal, but surely not intended.
//! Usually a name lacks the prefix of its namespace.
//!
//! Starting from the type of the element with the constraint, the content models are followed step by step, through all
//! derived types (`xsi:type` can name one) and all substitutable elements. At a wildcard anything is possible, so
//! nothing is reported.

use std::collections::{HashMap, HashSet};

use crate::compiled::{
    Compiled, ConstraintId, Content, ElementId, IdentityConstraint, Leaf, NameTest, Path, TypeDefinition, TypeId,
};
use crate::diagnostic::Code;
use crate::xsd::fault::{Fault, Faults};

/// The most elements that are examined for all selectors of a schema; beyond that nothing is reported.
const LOOKED_AT: usize = 1_000_000;

/// Warns about each selector that can select nothing.
pub(super) fn warn(schema: &Compiled, faults: &Faults) {
    if schema.constraints.is_empty() {
        return;
    }
    let mut search = Search { schema, derived: derived(schema), below: HashMap::new(), looked_at: 0 };
    let hosts = schema.elements.iter().enumerate().filter(|(_, element)| !element.constraints.is_empty());
    let mut reported: HashSet<ConstraintId> = HashSet::new();
    for (_, element) in hosts {
        for id in &element.constraints {
            let Some(constraint) = schema.constraints.get(id.index()) else { continue };
            let selects = constraint.selector.iter().any(|path| search.may_select(element.type_id, path));
            if !selects && reported.insert(*id) {
                faults.warn(search.warning(constraint));
            }
        }
    }
}

/// The types derived from each type, by its number.
fn derived(schema: &Compiled) -> Vec<Vec<TypeId>> {
    let mut derived = vec![Vec::new(); schema.types.len()];
    for (definition, id) in schema.types.iter().zip((0..).map(TypeId)) {
        if let TypeDefinition::Complex(complex) = definition
            && let Some(of_base) = complex.base.and_then(|base| derived.get_mut(base.index()))
        {
            of_base.push(id);
        }
    }
    derived
}

/// The elements that are possible at a place; `None` if any element is.
type Elements = Option<Vec<ElementId>>;

struct Search<'s> {
    schema: &'s Compiled,
    derived: Vec<Vec<TypeId>>,
    /// All elements possible within an element of a type, at any depth.
    below: HashMap<TypeId, Elements>,
    looked_at: usize,
}

impl Search<'_> {
    fn may_select(&mut self, host: TypeId, path: &Path) -> bool {
        let Some((first, rest)) = path.steps.split_first() else { return true };
        let begin = if path.descends { self.descendants(host) } else { self.children(&[host]) };
        let Some(mut found) = begin.map(|elements| self.taken(elements, *first)) else { return true };
        for step in rest {
            let types: Vec<TypeId> =
                found.iter().map(|element| self.schema.elements[element.index()].type_id).collect();
            let Some(children) = self.children(&types) else { return true };
            found = self.taken(children, *step);
        }
        !found.is_empty()
    }

    fn taken(&self, elements: Vec<ElementId>, test: NameTest) -> Vec<ElementId> {
        let takes = |element: &ElementId| {
            let name = self.schema.elements[element.index()].name;
            test.takes(Some(self.schema.names.namespace_id(name)), Some(name))
        };
        elements.into_iter().filter(takes).collect()
    }

    /// The elements that can be children of elements of the types, without duplicates.
    fn children(&mut self, types: &[TypeId]) -> Elements {
        let schema = self.schema;
        let (mut seen, mut known) = (HashSet::new(), HashSet::new());
        let mut open = types.to_vec();
        let mut children = Vec::new();
        while let Some(type_id) = open.pop() {
            if !seen.insert(type_id) {
                continue;
            }
            open.extend(self.derived.get(type_id.index()).into_iter().flatten());
            let TypeDefinition::Complex(complex) = schema.types.get(type_id.index())? else { continue };
            let Content::Elements { model, .. } = complex.content else { continue };
            for leaf in &schema.models.get(model.index())?.leaves {
                self.looked_at += 1;
                let Leaf::Element(element) = leaf else { return None };
                if known.insert(*element) {
                    children.push(*element);
                }
                for member in schema.substitutions.potential(*element) {
                    self.looked_at += 1;
                    if known.insert(*member) {
                        children.push(*member);
                    }
                }
            }
            if self.looked_at > LOOKED_AT {
                return None;
            }
        }
        Some(children)
    }

    fn descendants(&mut self, host: TypeId) -> Elements {
        if let Some(known) = self.below.get(&host) {
            return known.clone();
        }
        let found = self.find_descendants(host);
        self.below.insert(host, found.clone());
        found
    }

    fn find_descendants(&mut self, host: TypeId) -> Elements {
        let (mut known, mut asked) = (HashSet::new(), HashSet::from([host]));
        let (mut open, mut found) = (vec![host], Vec::new());
        while let Some(type_id) = open.pop() {
            for element in self.children(&[type_id])? {
                let of_element = self.schema.elements[element.index()].type_id;
                if asked.insert(of_element) {
                    open.push(of_element);
                }
                if known.insert(element) {
                    found.push(element);
                }
            }
        }
        Some(found)
    }

    fn warning(&self, constraint: &IdentityConstraint) -> Fault {
        let names = &self.schema.names;
        let message = format!("the selector of `{}` can select nothing", names.local(constraint.name));
        // The intended element has the same local name in another namespace.
        let steps = constraint.selector.iter().flat_map(|path| &path.steps);
        let meant = steps.into_iter().find_map(|step| {
            let NameTest::Name(name) = step else { return None };
            let elements = self.schema.elements.iter().map(|element| element.name);
            let mut alike = elements.filter(|other| other != name && names.local(*other) == names.local(*name));
            let other = alike.next()?;
            let is_declared = self.schema.elements.iter().any(|element| element.name == *name);
            (!is_declared).then(|| (names.local(*name), names.namespace(other)))
        });
        let help = meant.map(|(local, namespace)| match namespace {
            "" => format!("write `{local}` without a prefix: it is in no namespace"),
            namespace => {
                format!(
                    "write `{local}` with a prefix of the namespace `{namespace}`: without one it is in no namespace"
                )
            }
        });
        let help = help.unwrap_or_else(|| String::from("correct the names in `xpath`, or remove the constraint"));
        Fault::new(Code::NotMeant, constraint.place, message).with_help(Some(help))
    }
}
