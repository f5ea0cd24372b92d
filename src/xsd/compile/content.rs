//! Content models: the automata for what elements may hold (part 1, sections 3.4.4 and 3.8.4), and what is required of
//! them (3.8.6).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::particle::{Tree, TreeTerm};
use super::{Compiler, index_of};
use crate::automaton::{Automaton, BuildError, Labels, LeafId, Particle, Term};
use crate::compiled::{ElementDeclaration, Leaf, Model, ModelId, NameId, Names, Nested, Place};
use crate::datatype::SimpleType;
use crate::diagnostic::Code;
use crate::xsd::error::{Result, conflict, fault};

/// Leaves that one content model may have: groups in groups multiply.
const LEAVES: usize = 1 << 16;

/// Leaves that all content models together may have.
const ALL_LEAVES: usize = 1 << 20;

/// Edges that the automata of all content models together may have.
const ALL_EDGES: usize = 1 << 23;

/// The content of a complex type, as those derived from it need it.
#[derive(Debug, Clone)]
pub(super) enum Effective {
    Empty,
    Simple(Arc<SimpleType>),
    Elements { tree: Tree, mixed: bool, model: ModelId },
}

/// The content models made so far.
#[derive(Debug, Default)]
pub(super) struct Models {
    pub(super) models: Vec<Model>,
    /// What they are made from: they are made when all types are, since who may stand for an element depends on types.
    wanted: Vec<(Tree, Place)>,
    leaves: usize,
    edges: usize,
}

impl Compiler<'_> {
    /// The number of a content model that is made later.
    pub(super) fn model(&mut self, tree: &Tree, place: Place) -> ModelId {
        let id = ModelId(index_of(self.models.wanted.len()));
        self.models.wanted.push((tree.clone(), place));
        id
    }

    /// Makes all content models that are wanted. Where one cannot be made, the numbers of those behind it are not right,
    /// and nothing is made of the schema.
    pub(super) fn make_models(&mut self) -> Result<()> {
        for (tree, place) in std::mem::take(&mut self.models.wanted) {
            let model = self.make_model(&tree, place).map(|model| self.models.models.push(model));
            self.faults.or_note_unless_limit(model)?;
        }
        Ok(())
    }

    /// Makes the automaton of a content model.
    fn make_model(&mut self, tree: &Tree, place: Place) -> Result<Model> {
        let mut leaves = Leaves::default();
        let particle = leaves.number(tree)?;
        self.models.leaves += leaves.leaves.len();
        if self.models.leaves > ALL_LEAVES {
            return fault(
                Code::SchemaLimit,
                place,
                format!("expected at most {ALL_LEAVES} particles in all content models"),
            );
        }
        self.check_consistent(&leaves)?;
        let labels = Labels {
            span: &|leaf| self.span_of(leaves.leaves.get(leaf.0 as usize)?),
            overlap: &|one, other| {
                let leaf = |id: LeafId| leaves.leaves.get(id.0 as usize);
                leaf(one).zip(leaf(other)).is_some_and(|(one, other)| self.leaves_overlap(one, other))
            },
        };
        let automaton = match Automaton::build(&particle, &labels) {
            Ok(automaton) => automaton,
            Err(BuildError::TooComplex(reason)) => {
                return fault(Code::SchemaLimit, place, format!("this content model is too complex: {reason}"));
            }
            Err(BuildError::Ambiguity(ambiguity)) => {
                let words = |leaf| leaves.words(leaf, &self.elements, &self.names);
                let message = format!(
                    "this content model is ambiguous: {} competes with {} for the same element",
                    words(ambiguity.second),
                    words(ambiguity.first)
                );
                let at = |leaf: LeafId| leaves.places.get(leaf.0 as usize).copied().unwrap_or(place);
                return conflict(
                    Code::CosNonambig,
                    at(ambiguity.second),
                    message,
                    "the other one",
                    at(ambiguity.first),
                );
            }
        };
        self.models.edges += automaton.size();
        if self.models.edges > ALL_EDGES {
            return fault(
                Code::SchemaLimit,
                place,
                "expected smaller content models: their tables together have too many edges",
            );
        }
        Ok(Model { automaton, leaves: leaves.leaves })
    }

    /// Section 3.8.6, Element Declarations Consistent: one name, one type. An element in whose place others can stand
    /// contains those implicitly.
    fn check_consistent(&self, leaves: &Leaves) -> Result<()> {
        let mut known: HashMap<NameId, LeafId> = HashMap::new();
        let mut heads: Vec<(Range<u32>, LeafId)> = Vec::new();
        let at = |leaf: LeafId| leaves.places.get(leaf.0 as usize).copied();
        let conflicting = |leaf: LeafId, element: &ElementDeclaration, first: LeafId| {
            let local = self.names.local(element.name);
            let message = format!("`{local}` has another type here than elsewhere in the same content model");
            let place = at(leaf).unwrap_or(element.place);
            conflict(
                Code::CosElementConsistent,
                place,
                message,
                "the first declaration",
                at(first).unwrap_or(element.place),
            )
        };
        for index in 0..leaves.leaves.len() {
            let leaf = LeafId(index_of(index));
            let Some(Leaf::Element(id)) = leaves.leaves.get(index) else { continue };
            let Some(element) = self.elements.get(id.index()) else { continue };
            if self.substitutions.is_head(*id) {
                heads.extend(self.substitutions.span(*id).map(|span| (span, leaf)));
            }
            let first = *known.entry(element.name).or_insert(leaf);
            let Some(other) = leaves.element(first, &self.elements) else { continue };
            let is_known = !self.is_broken(other.type_id) && !self.is_broken(element.type_id);
            if other.type_id != element.type_id && is_known {
                return conflicting(leaf, element, first);
            }
        }
        if heads.is_empty() {
            return Ok(());
        }
        let heads = Nested::new(heads);
        let mut first_ones: Vec<LeafId> = known.into_values().collect();
        first_ones.sort_unstable();
        for leaf in first_ones {
            let Some(element) = leaves.element(leaf, &self.elements) else { continue };
            let Some(global) = self.roots.get(&element.name) else { continue };
            let is_other_type = self.elements.get(global.index()).is_some_and(|one| {
                one.type_id != element.type_id && !self.is_broken(one.type_id) && !self.is_broken(element.type_id)
            });
            let Some(span) = self.substitutions.span(*global).filter(|_| is_other_type) else { continue };
            for &head in heads.around(span.start) {
                let Some(Leaf::Element(asked)) = leaves.leaves.get(head.0 as usize) else { continue };
                if self.is_in_group(*global, *asked) {
                    return conflicting(leaf, element, head);
                }
            }
        }
        Ok(())
    }
}

/// The leaves of one content model, in document order.
#[derive(Default)]
struct Leaves {
    leaves: Vec<Leaf>,
    places: Vec<Place>,
}

impl Leaves {
    /// The tree as a particle whose leaves have numbers. Recurses as deep as the tree, whose depth is bounded.
    fn number(&mut self, tree: &Tree) -> Result<Particle> {
        if !tree.has_leaves() {
            // Empty groups in empty groups are looked at no further: they may be many.
            let term = if tree.is_emptiable() { Term::Sequence(Vec::new()) } else { Term::Choice(Vec::new()) };
            return Ok(Particle { min: 1, max: Some(1), term });
        }
        let term = match &*tree.term {
            TreeTerm::Element(element) => self.add(Leaf::Element(*element), tree.place)?,
            TreeTerm::Wildcard(wildcard) => self.add(Leaf::Wildcard(wildcard.clone()), tree.place)?,
            TreeTerm::Sequence(members) => Term::Sequence(self.number_all(members)?),
            TreeTerm::Choice(members) => Term::Choice(self.number_all(members)?),
            TreeTerm::All(members) => Term::All(self.number_all(members)?),
        };
        Ok(Particle { min: tree.min, max: tree.max, term })
    }

    fn number_all(&mut self, members: &[Tree]) -> Result<Vec<Particle>> {
        members.iter().map(|member| self.number(member)).collect()
    }

    fn add(&mut self, leaf: Leaf, place: Place) -> Result<Term> {
        if self.leaves.len() >= LEAVES {
            return fault(
                Code::SchemaLimit,
                place,
                format!("expected at most {LEAVES} particles in one content model"),
            );
        }
        let id = LeafId(index_of(self.leaves.len()));
        self.leaves.push(leaf);
        self.places.push(place);
        Ok(Term::Leaf(id))
    }

    fn element<'e>(&self, leaf: LeafId, elements: &'e [ElementDeclaration]) -> Option<&'e ElementDeclaration> {
        match self.leaves.get(leaf.0 as usize)? {
            Leaf::Element(element) => elements.get(element.index()),
            Leaf::Wildcard(_) => None,
        }
    }

    fn words(&self, leaf: LeafId, elements: &[ElementDeclaration], names: &Names) -> String {
        match self.element(leaf, elements) {
            Some(element) => format!("`{}`", names.local(element.name)),
            None => String::from("`xs:any`"),
        }
    }
}
