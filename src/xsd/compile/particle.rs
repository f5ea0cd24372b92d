//! Particles (part 1, section 3.9) and model groups (3.7 and 3.8): resolves their references.

use std::sync::Arc;

use super::Compiler;
use crate::compiled::{ElementId, Place, Wildcard};
use crate::diagnostic::Code;
use crate::xsd::depth::NESTING;
use crate::xsd::fault::{Failure, Result, fault};
use crate::xsd::model::{self, Reference};

/// A particle with groups resolved. Parts are shared between references to a group, and between a type and its
/// extensions.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) term: Arc<TreeTerm>,
    pub(super) place: Place,
    /// The levels of nesting below.
    depth: usize,
    /// Whether empty content is valid.
    is_emptiable: bool,
    /// Whether it contains an element or a wildcard.
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

impl<'m> Compiler<'m> {
    /// Resolves the references of a particle. Recurses as deep as the document is nested.
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
                return Err(Failure::Reported);
            }
        };
        Tree::new(particle.min, particle.max, term, particle.place)
    }

    fn trees(&mut self, members: &'m [model::Particle]) -> Result<Vec<Tree>> {
        let mut trees = Vec::with_capacity(members.len());
        let mut is_broken = false;
        // A particle with `maxOccurs="0"` is absent (section 3.9.2).
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
        if is_broken { Err(Failure::Reported) } else { Ok(trees) }
    }

    /// A named group, made once (section 3.8.6, Model Group Correct, clause 2: no group contains itself).
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
}
