//! Content models: the automata for the content of elements (part 1, sections 3.4.4 and 3.8.4), and the constraints on
//! content models (3.8.6).

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use super::particle::{Tree, TreeTerm};
use super::{Compiler, index_of};
use crate::automaton::{Ambiguity, Automaton, BuildError, Labels, LeafId, Particle, Term};
use crate::compiled::{ElementDeclaration, ElementId, Leaf, Model, ModelId, NameId, Names, Nested, Place};
use crate::datatype::SimpleType;
use crate::diagnostic::Code;
use crate::xsd::fault::{Result, conflict, fault};

/// The most leaves that one content model may have: nested groups multiply.
const LEAVES: usize = 1 << 16;

/// The most leaves that all content models together may have.
const ALL_LEAVES: usize = 1 << 18;

/// The most pairs of particles, in all content models together, that have to be tested for whether one element could
/// match both.
const ALL_PAIRS: usize = 1 << 23;

/// The most edges that the automata of all content models together may have.
const ALL_EDGES: usize = 1 << 21;

/// The content of a complex type, as needed by types derived from it.
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
    /// What the models are made from. They are made after all types, because it depends on types which elements can
    /// substitute for one another.
    wanted: Vec<(Tree, Place)>,
    leaves: usize,
    edges: usize,
    /// Pairs of particles that have been compared.
    pairs: Cell<usize>,
}

impl Compiler<'_> {
    /// The number of a content model that will be made later.
    pub(super) fn model(&mut self, tree: &Tree, place: Place) -> ModelId {
        let id = ModelId(index_of(self.models.wanted.len()));
        self.models.wanted.push((tree.clone(), place));
        id
    }

    /// Makes all requested content models. If one cannot be made, the numbers of later ones are wrong, but then the
    /// schema is rejected.
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
        // The spans are needed at every edge, and each takes a lookup.
        let spans: Vec<Option<Range<u32>>> = leaves.leaves.iter().map(|leaf| self.span_of(leaf)).collect();
        let labels = Labels {
            span: &|leaf| spans.get(leaf.0 as usize)?.clone(),
            overlap: &|one, other| {
                self.models.pairs.update(|pairs| pairs + 1);
                leaves.get(one).zip(leaves.get(other)).is_some_and(|(one, other)| self.leaves_overlap(one, other))
            },
        };
        let automaton = match Automaton::build(&particle, &labels) {
            Ok(automaton) => automaton,
            Err(BuildError::TooComplex(reason)) => {
                return fault(Code::SchemaLimit, place, format!("this content model is too complex: {reason}"));
            }
            Err(BuildError::Ambiguity(ambiguity)) => return self.ambiguous(&leaves, ambiguity, place),
        };
        if self.models.pairs.get() > ALL_PAIRS {
            let message = "expected smaller content models: too many of their particles have to be compared";
            return fault(Code::SchemaLimit, place, message);
        }
        self.models.edges += automaton.size();
        if self.models.edges > ALL_EDGES {
            return fault(
                Code::SchemaLimit,
                place,
                "expected smaller content models: their tables together have too many edges",
            );
        }
        Ok(Model::new(automaton, leaves.leaves, &self.elements, &self.substitutions))
    }

    /// Section 3.8.6, Unique Particle Attribution.
    fn ambiguous<T>(&self, leaves: &Leaves, ambiguity: Ambiguity, place: Place) -> Result<T> {
        let Ambiguity { first, second } = ambiguity;
        let words = |leaf| leaves.words(leaf, &self.elements, &self.names);
        let message = format!(
            "this content model is ambiguous: {} competes with {} for the same element",
            words(second),
            words(first)
        );
        let at = |leaf| leaves.place(leaf).unwrap_or(place);
        conflict(Code::CosNonambig, at(second), message, "the other particle", at(first))
    }

    /// Section 3.8.6, Element Declarations Consistent: elements with the same name have the same type.
    fn check_consistent(&self, leaves: &Leaves) -> Result<()> {
        let names = leaves.elements(&self.elements).map(|(leaf, _, element)| (element.name, leaf));
        let mut by_name: Vec<(NameId, LeafId)> = names.collect();
        by_name.sort_unstable();
        let of_one_name = || by_name.chunk_by(|(one, _), (other, _)| one == other);
        let conflicts = of_one_name().filter_map(|leaves_of_name| self.first_conflict(leaves, leaves_of_name));
        if let Some((leaf, first)) = conflicts.min()
            && let Some(element) = leaves.element(leaf, &self.elements)
        {
            return self.inconsistent(leaves, leaf, element, first);
        }
        let mut first_ones: Vec<LeafId> = of_one_name().filter_map(|same| Some(same.first()?.1)).collect();
        first_ones.sort_unstable();
        self.check_consistent_groups(leaves, &first_ones)
    }

    /// Among the leaves with one name, in document order, the first whose type differs from that of the first leaf, and
    /// that first leaf.
    fn first_conflict(&self, leaves: &Leaves, of_one_name: &[(NameId, LeafId)]) -> Option<(LeafId, LeafId)> {
        let ((_, first), others) = of_one_name.split_first()?;
        let declared = leaves.element(*first, &self.elements)?;
        let conflicts = |leaf: LeafId| {
            leaves.element(leaf, &self.elements).is_some_and(|element| self.have_two_types(element, declared))
        };
        others.iter().find(|(_, leaf)| conflicts(*leaf)).map(|(_, leaf)| (*leaf, *first))
    }

    /// As `check_consistent`, for elements that the content model contains implicitly because they can substitute for
    /// one that it names. `first_ones` has one leaf for each name.
    fn check_consistent_groups(&self, leaves: &Leaves, first_ones: &[LeafId]) -> Result<()> {
        let heads = leaves.elements(&self.elements).filter(|(_, id, _)| self.substitutions.is_head(*id));
        let heads = heads.filter_map(|(leaf, id, _)| Some((self.substitutions.span(id)?, (leaf, id))));
        let heads = Nested::new(heads.collect());
        if heads.is_empty() {
            return Ok(());
        }
        for leaf in first_ones.iter().copied() {
            let Some(element) = leaves.element(leaf, &self.elements) else { continue };
            let Some(global) = self.roots.get(&element.name).copied() else { continue };
            let declared = self.elements.get(global.index());
            let is_other_type = declared.is_some_and(|declared| self.have_two_types(element, declared));
            let Some(span) = self.substitutions.span(global).filter(|_| is_other_type) else { continue };
            if let Some((head, _)) = heads.around(span.start).find(|(_, asked)| self.is_in_group(global, *asked)) {
                return self.inconsistent(leaves, leaf, element, *head);
            }
        }
        Ok(())
    }

    fn have_two_types(&self, one: &ElementDeclaration, other: &ElementDeclaration) -> bool {
        one.type_id != other.type_id && !self.is_broken(one.type_id) && !self.is_broken(other.type_id)
    }

    fn inconsistent<T>(&self, leaves: &Leaves, leaf: LeafId, element: &ElementDeclaration, first: LeafId) -> Result<T> {
        let local = self.names.local(element.name);
        let message = format!("`{local}` has another type here than elsewhere in the same content model");
        let at = |leaf| leaves.place(leaf).unwrap_or(element.place);
        conflict(Code::CosElementConsistent, at(leaf), message, "the first declaration", at(first))
    }
}

/// The leaves of one content model, in document order.
#[derive(Default)]
struct Leaves {
    leaves: Vec<Leaf>,
    places: Vec<Place>,
}

impl Leaves {
    /// Turns the tree into a particle whose leaves have numbers. Recurses as deep as the tree, whose depth is bounded.
    fn number(&mut self, tree: &Tree) -> Result<Particle> {
        if !tree.has_leaves() {
            // Empty groups within empty groups are skipped, as there can be many.
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

    fn get(&self, leaf: LeafId) -> Option<&Leaf> {
        self.leaves.get(leaf.0 as usize)
    }

    fn place(&self, leaf: LeafId) -> Option<Place> {
        self.places.get(leaf.0 as usize).copied()
    }

    /// The leaves that are elements.
    fn elements<'e>(
        &self,
        elements: &'e [ElementDeclaration],
    ) -> impl Iterator<Item = (LeafId, ElementId, &'e ElementDeclaration)> {
        (0..).map(LeafId).zip(&self.leaves).filter_map(|(leaf, what)| match what {
            Leaf::Element(id) => Some((leaf, *id, elements.get(id.index())?)),
            Leaf::Wildcard(_) => None,
        })
    }

    fn element<'e>(&self, leaf: LeafId, elements: &'e [ElementDeclaration]) -> Option<&'e ElementDeclaration> {
        match self.get(leaf)? {
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
