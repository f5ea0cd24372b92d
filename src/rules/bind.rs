//! Binds patterns to element declarations: as far as possible, the schema determines which declarations match a
//! context.

use std::collections::{HashMap, HashSet};

use super::read::{ContextRule, Pattern};
use super::{Facts, Rule, RuleSet, Rules, facts};
use crate::compiled::{Compiled, ComplexType, Content, ElementId, Leaf, NameId, TypeDefinition, TypeId};
use crate::xsd::SchemaError;

/// Binds every check to the declarations that its context matches.
pub(super) fn bind(schema: &Compiled, patterns: &[Pattern<'_>]) -> Result<Rules, SchemaError> {
    let graph = Graph::of(schema);
    let mut by_name: HashMap<NameId, Vec<ElementId>> = HashMap::new();
    for (index, element) in (0..).zip(&schema.elements) {
        by_name.entry(element.name).or_default().push(ElementId(index));
    }
    let mut errors = Vec::new();
    let mut bound: Vec<Vec<Rule>> = vec![Vec::new(); schema.elements.len()];
    for pattern in patterns {
        // For each declaration, what earlier rules matched.
        let mut earlier: HashMap<ElementId, Earlier> = HashMap::new();
        for rule in &pattern.rules {
            let Some((name, path)) = rule.context.split_first() else { continue };
            let mut taken = false;
            for &element in by_name.get(name).map_or(&[][..], Vec::as_slice) {
                let fit = graph.fit(element, path);
                if fit == Fit::Never {
                    continue;
                }
                taken = true;
                let ancestors = if fit == Fit::Always { Vec::new() } else { path.to_vec() };
                let earlier = earlier.entry(element).or_default();
                if let (false, Some(rules)) = (earlier.took_all, bound.get_mut(element.index())) {
                    rules.extend(rules_of(rule, &ancestors, &earlier.paths));
                }
                earlier.took_all |= fit == Fit::Always;
                earlier.paths.push(ancestors);
            }
            if !taken {
                let message = "expected a context that a declared element can match, found one that none matches";
                errors.push(rule.error(message));
            }
        }
    }
    if let Some(error) = SchemaError::joined(errors) {
        return Err(error);
    }
    let by_element = bound.into_iter().map(|rules| {
        let facts = if rules.is_empty() { Facts::default() } else { facts::build(&rules) };
        (!rules.is_empty()).then(|| Box::new(RuleSet { rules, facts }))
    });
    Ok(Rules { by_element: by_element.collect() })
}

/// What earlier rules of a pattern matched of a declaration.
#[derive(Default)]
struct Earlier {
    took_all: bool,
    paths: Vec<Vec<NameId>>,
}

fn rules_of(rule: &ContextRule<'_>, ancestors: &[NameId], unless: &[Vec<NameId>]) -> impl Iterator<Item = Rule> {
    rule.checks.iter().map(move |check| Rule {
        role: check.role,
        message: check.message.clone(),
        see: check.see.clone(),
        subject: check.subject.clone(),
        ancestors: ancestors.to_vec(),
        unless: unless.to_vec(),
        test: check.test.clone(),
        fires_on: check.fires_on,
    })
}

/// Whether the elements of a declaration are below ancestors with given names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Always,
    Sometimes,
    Never,
}

/// Which declarations can be parents of which others.
struct Graph<'s> {
    schema: &'s Compiled,
    /// For each declaration, the types whose content includes it.
    holders: Vec<Vec<TypeId>>,
    /// Declarations by their type.
    by_type: HashMap<TypeId, Vec<ElementId>>,
    /// Whether a global declaration can be the root, and occur below any element through a wildcard.
    is_global: Vec<bool>,
    /// Types that `xsi:type` can name.
    named: HashSet<TypeId>,
}

impl<'s> Graph<'s> {
    fn of(schema: &'s Compiled) -> Graph<'s> {
        let count = schema.elements.len();
        let mut is_global = vec![false; count];
        for root in schema.roots.values() {
            if let Some(is_global) = is_global.get_mut(root.index()) {
                *is_global = true;
            }
        }
        let mut by_type: HashMap<TypeId, Vec<ElementId>> = HashMap::new();
        for (index, element) in (0..).zip(&schema.elements) {
            by_type.entry(element.type_id).or_default().push(ElementId(index));
        }
        let mut holders = vec![Vec::new(); count];
        for (index, definition) in (0..).zip(&schema.types) {
            let TypeDefinition::Complex(ComplexType { content: Content::Elements { model, .. }, .. }) = definition
            else {
                continue;
            };
            for leaf in schema.models.get(model.index()).into_iter().flat_map(|model| &model.leaves) {
                if let Leaf::Element(child) = leaf
                    && let Some(holders) = holders.get_mut(child.index())
                {
                    holders.push(TypeId(index));
                }
            }
        }
        Graph { schema, holders, by_type, is_global, named: schema.named_types.values().copied().collect() }
    }

    /// Whether elements with this declaration have ancestors with these names, nearest first.
    fn fit(&self, element: ElementId, path: &[NameId]) -> Fit {
        let mut fit = Fit::Always;
        let mut level = HashSet::from([element]);
        for &name in path {
            if level.iter().any(|child| self.is_global.get(child.index()) == Some(&true)) {
                return Fit::Sometimes;
            }
            let types: HashSet<TypeId> = level.iter().flat_map(|child| self.types_above(*child)).collect();
            let above = types.iter().filter_map(|type_id| self.by_type.get(type_id)).flatten().copied();
            let (same, others): (HashSet<_>, HashSet<_>) = above.partition(|parent| self.is_named(*parent, name));
            if !others.is_empty() {
                fit = Fit::Sometimes;
            }
            level = same;
        }
        if level.is_empty() { Fit::Never } else { fit }
    }

    /// The declared types of possible parents: a type that contains the child and, since `xsi:type` can substitute it
    /// for another, every type that it is derived from.
    fn types_above(&self, child: ElementId) -> HashSet<TypeId> {
        let mut above = HashSet::new();
        // There, it can substitute for its head.
        let asked = std::iter::once(child).chain(self.schema.substitutions.heads_of(child));
        for &holder in asked.filter_map(|asked| self.holders.get(asked.index())).flatten() {
            let mut next = Some(holder);
            while let Some(type_id) = next.filter(|type_id| above.insert(*type_id)) {
                next = self.base(type_id).filter(|_| self.named.contains(&holder));
            }
        }
        above
    }

    fn base(&self, type_id: TypeId) -> Option<TypeId> {
        match self.schema.types.get(type_id.index())? {
            TypeDefinition::Simple(simple) => simple.base,
            TypeDefinition::Complex(complex) => complex.base,
        }
    }

    fn is_named(&self, element: ElementId, name: NameId) -> bool {
        self.schema.elements.get(element.index()).is_some_and(|element| element.name == name)
    }
}
