//! Content models (part 1, sections 3.7 to 3.9): particles with groups resolved, and the automata for them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::compile::{Compiler, index_of};
use super::depth::NESTING;
use super::error::{Failure, Result, conflict, fault};
use super::model::{self, Reference};
use crate::automaton::{Automaton, BuildError, Labels, LeafId, Particle, Term};
use crate::compiled::{ElementDeclaration, ElementId, Leaf, Model, ModelId, NameId, Names, Nested, Place, Wildcard};
use crate::datatype::SimpleType;
use crate::diagnostic::Code;

/// Leaves that one content model may have: groups in groups multiply.
const LEAVES: usize = 1 << 16;

/// Leaves that all content models together may have.
const ALL_LEAVES: usize = 1 << 20;

/// Edges that the automata of all content models together may have.
const ALL_EDGES: usize = 1 << 23;

/// A particle with groups resolved. Parts are shared: by references to a group, and by a type with those extending it.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) term: Arc<TreeTerm>,
    pub(super) place: Place,
    /// Levels of nesting below.
    depth: usize,
    /// No children at all are a valid content.
    is_emptiable: bool,
    /// There is an element or a wildcard in it.
    has_leaves: bool,
}

#[derive(Debug)]
pub(super) enum TreeTerm {
    Element(ElementId),
    Wildcard(Wildcard),
    Sequence(Vec<Tree>),
    Choice(Vec<Tree>),
    All(Vec<Tree>),
}

impl Tree {
    /// A particle that occurs once.
    pub(super) fn once(term: TreeTerm, place: Place) -> Result<Tree> {
        Tree::new(1, Some(1), Arc::new(term), place)
    }

    /// A particle, unless it is nested too deeply.
    pub(super) fn new(min: u32, max: Option<u32>, term: Arc<TreeTerm>, place: Place) -> Result<Tree> {
        let depth = match &*term {
            TreeTerm::Sequence(members) | TreeTerm::Choice(members) | TreeTerm::All(members) => {
                members.iter().map(|member| member.depth).max().unwrap_or(0) + 1
            }
            TreeTerm::Element(_) | TreeTerm::Wildcard(_) => 0,
        };
        if depth > NESTING {
            return fault(Code::SchemaLimit, place, format!("expected at most {NESTING} levels of groups"));
        }
        // Section 3.9.6, Particle Emptiable.
        let is_emptiable = min == 0
            || match &*term {
                TreeTerm::Sequence(members) | TreeTerm::All(members) => members.iter().all(Tree::is_emptiable),
                TreeTerm::Choice(members) => members.iter().any(Tree::is_emptiable),
                TreeTerm::Element(_) | TreeTerm::Wildcard(_) => false,
            };
        let has_leaves = match &*term {
            TreeTerm::Sequence(members) | TreeTerm::Choice(members) | TreeTerm::All(members) => {
                members.iter().any(Tree::has_leaves)
            }
            TreeTerm::Element(_) | TreeTerm::Wildcard(_) => true,
        };
        Ok(Tree { min, max, term, place, depth, is_emptiable, has_leaves })
    }

    pub(super) fn is_emptiable(&self) -> bool {
        self.is_emptiable
    }

    pub(super) fn has_leaves(&self) -> bool {
        self.has_leaves
    }

    pub(super) fn is_all(&self) -> bool {
        matches!(*self.term, TreeTerm::All(_))
    }
}

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

impl<'m> Compiler<'m> {
    /// Resolves what a particle refers to. Recurses as deep as the document is nested.
    pub(super) fn tree(&mut self, particle: &'m model::Particle) -> Result<Tree> {
        let term = match &particle.term {
            model::Term::Element(element) => Arc::new(TreeTerm::Element(self.add_element(element))),
            model::Term::ElementReference(name) => match self.roots.get(name) {
                Some(element) => Arc::new(TreeTerm::Element(*element)),
                None => return self.unresolved("element", Reference { name: *name, place: particle.place }, ""),
            },
            model::Term::Wildcard(wildcard) => Arc::new(TreeTerm::Wildcard(wildcard.clone())),
            model::Term::Sequence(members) => Arc::new(TreeTerm::Sequence(self.trees(members)?)),
            model::Term::Choice(members) => Arc::new(TreeTerm::Choice(self.trees(members)?)),
            model::Term::All(members) => Arc::new(TreeTerm::All(self.trees(members)?)),
            model::Term::GroupReference(name) => {
                let group = self.group(Reference { name: *name, place: particle.place })?;
                if group.is_all() && particle.max != Some(1) {
                    return fault(Code::CosAllLimited, particle.place, "expected `xs:all` to occur at most once");
                }
                group.term
            }
            model::Term::Broken(inside) => {
                if let Some(inside) = inside {
                    let tree = self.tree(inside);
                    self.faults.or_note(tree);
                }
                return Err(Failure::Told);
            }
        };
        Tree::new(particle.min, particle.max, term, particle.place)
    }

    fn trees(&mut self, members: &'m [model::Particle]) -> Result<Vec<Tree>> {
        let mut trees = Vec::with_capacity(members.len());
        let mut is_broken = false;
        // A particle that occurs no times stands for nothing (section 3.9.2).
        for member in members.iter().filter(|member| member.max != Some(0)) {
            let tree = self.tree(member).and_then(|tree| match tree.is_all() {
                true => fault(Code::CosAllLimited, tree.place, "`xs:all` may only be the whole of a content model"),
                false => Ok(tree),
            });
            match self.faults.or_note(tree) {
                Some(tree) => trees.push(tree),
                None => is_broken = true,
            }
        }
        if is_broken { Err(Failure::Told) } else { Ok(trees) }
    }

    /// A named group, made once (section 3.8.6, Model Group Correct, clause 2: none contains itself).
    pub(super) fn group(&mut self, reference: Reference) -> Result<Tree> {
        const KIND: (&str, Code) = ("group", Code::MgPropsCorrect);
        match self.components.groups.get(reference.name) {
            None => self.unresolved(KIND.0, reference, ""),
            Some(group) => self.made_once(
                |compiler| &mut compiler.groups,
                KIND,
                reference,
                |compiler| compiler.tree(&group.particle),
            ),
        }
    }

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
        if !tree.has_leaves {
            // Empty groups in empty groups are looked at no further: they may be many.
            let term = if tree.is_emptiable { Term::Sequence(Vec::new()) } else { Term::Choice(Vec::new()) };
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
