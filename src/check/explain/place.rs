//! What an element is taken for, and what it says where that is not plain.

use std::ops::Range;

use crate::automaton::LeafId;
use crate::compiled::{Compiled, ElementId, Leaf, Model, NameId, Process, StandIn};
use crate::diagnostic::words::{self, Stood, Words};
use crate::diagnostic::{Code, Diagnostic, Severity};

use super::recover::{Pending, Placement};
use super::{Child, Expectation, Frame, Walker};

/// Of those that may stand for an element so many are looked through for a name that is nearly right.
const NEAR: usize = 64;

/// What an element is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placed {
    Element(ElementId),
    /// A declared element in a place where it may not be, which was reported.
    Misplaced(ElementId),
    /// A wildcard lets it pass.
    Wild(Process),
    /// It was reported, or something around it: nothing in it is looked at.
    Passed,
}

impl<'s, 'a> Walker<'s, 'a> {
    pub(super) fn place(&mut self, child: &Child<'a, '_>) -> Placed {
        let Some(frame) = self.frames.last_mut() else { return self.place_root(child) };
        let words: fn(&str, Stood<'_>) -> Words = match frame.content {
            Expectation::Silence => return Placed::Passed,
            Expectation::Skipped => return Placed::Wild(Process::Skip),
            Expectation::Lax => return self.place_anywhere(child, Process::Lax),
            Expectation::Elements { model, fixed, .. } => {
                if let Some(fixed) = fixed {
                    let name = frame.name;
                    frame.faulty = true;
                    if !std::mem::replace(&mut frame.told, true) {
                        self.report(&child.tag, || words::fixed_value_with_child(fixed, name, child.name));
                    }
                }
                return self.place_in_model(model, child);
            }
            Expectation::Empty => words::not_empty,
            Expectation::Nil => words::nil_with_content,
            Expectation::Simple { simple, .. } => {
                let name = frame.name;
                frame.faulty = true;
                if !std::mem::replace(&mut frame.told, true) {
                    self.report(&child.tag, || words::child_in_simple_content(name, &simple.describe(), child.name));
                }
                return Placed::Passed;
            }
        };
        let name = frame.name;
        frame.faulty = true;
        if !std::mem::replace(&mut frame.told, true) {
            self.report(&child.tag, || words(name, Stood::Element(child.name)));
        }
        Placed::Passed
    }

    /// XSD part 1, section 5.2: of a schema that declares elements the root is one of them (the second way of assessing
    /// a document, whatever its `xsi:type` says); where it declares none, `xsi:type` tells what the root is (the
    /// third).
    fn place_root(&mut self, child: &Child<'a, '_>) -> Placed {
        if std::mem::replace(&mut self.has_root, true) {
            return Placed::Passed; // a second root: the reader has said so
        }
        let schema = self.schema;
        if schema.roots.is_empty() {
            return Placed::Wild(Process::Strict);
        }
        if let Some(element) = child.id.and_then(|id| schema.roots.get(&id)) {
            return Placed::Element(*element);
        }
        let mut roots: Vec<ElementId> = schema.roots.values().copied().collect();
        roots.sort_unstable();
        let names: Vec<&str> = roots.iter().map(|root| schema.local_name(*root)).collect();
        let meant = self.suggestions.nearest(child.local, names.iter().copied());
        let meant = meant.and_then(|index| roots.get(index)).copied();
        if let (None, Some(meant)) = (child.namespace, meant) {
            return Placed::Element(meant); // the prefix was reported
        }
        match meant {
            Some(meant) if schema.local_name(meant) == child.local => self.forgive(child, meant, true),
            meant => {
                let named = meant.map(|meant| schema.local_name(meant));
                self.report(&child.tag, || words::unexpected_root(child.local, &names, named));
            }
        }
        meant.map_or(Placed::Passed, Placed::Element)
    }

    /// Reports that an element is in the wrong namespace, and takes that namespace for the right one from here on.
    fn forgive(&mut self, child: &Child<'a, '_>, meant: ElementId, root: bool) {
        let schema = self.schema;
        let right = schema.names.names[schema.elements[meant.index()].name.index()].namespace;
        let expected = schema.names.namespaces.get(right.index()).map_or("", |namespace| &**namespace);
        let found = child.namespace.unwrap_or_default();
        let code = match root {
            true => Code::UnexpectedRoot,
            false => Code::UnexpectedElement,
        };
        self.report(&child.tag, || words::wrong_namespace(code, child.local, expected, found));
        self.forgiven = Some((found.to_owned(), right));
    }

    /// Under a wildcard: what is declared is checked, what is not has to be only where processing is strict.
    fn place_anywhere(&self, child: &Child<'a, '_>, process: Process) -> Placed {
        let known = child.id.filter(|_| process != Process::Skip).and_then(|id| self.schema.roots.get(&id));
        known.map_or(Placed::Wild(process), |element| Placed::Element(*element))
    }

    /// In a content model (cvc-complex-type.2.4), or where it would be if its name were right.
    fn place_in_model(&mut self, model: &'s Model, child: &Child<'a, '_>) -> Placed {
        let schema = self.schema;
        let known = self.place_exactly(model, child).or_else(|| self.place_blocked(model, child));
        let (placement, meant) = match known.map(|placement| (placement, None)) {
            Some(known) => known,
            None => match self.place_meant(model, child) {
                Some((placement, meant)) => (placement, Some(meant)),
                None => {
                    self.report_unexpected(model, child);
                    return Placed::Passed;
                }
            },
        };
        if let Some(meant) = meant {
            self.report_meant(child, meant);
        }
        let is_misplaced = !matches!(placement, Placement::Allowed(_) | Placement::Behind { .. });
        let leaf = self.report_placement(model, child, placement);
        let declaration =
            |asked: ElementId| match child.id.filter(|_| meant.is_none()).and_then(|id| schema.stands_for(id, asked)) {
                Some(StandIn::Valid(element) | StandIn::Blocked(element)) => element,
                None => meant.unwrap_or(asked),
            };
        match model.leaf(leaf) {
            Some(Leaf::Element(asked)) if is_misplaced => Placed::Misplaced(declaration(*asked)),
            Some(Leaf::Element(asked)) => Placed::Element(declaration(*asked)),
            Some(Leaf::Wildcard(wildcard)) => self.place_anywhere(child, wildcard.process),
            None => Placed::Passed,
        }
    }

    /// The place of a child with its own name: of an element or one that it may stand for (section 3.3.6), or of a
    /// wildcard. A name whose prefix is not declared was reported: it is taken for what has its local part.
    fn place_exactly(&mut self, model: &'s Model, child: &Child<'a, '_>) -> Option<Placement> {
        let schema = self.schema;
        let takes_it = |leaf: &Leaf| match leaf {
            Leaf::Element(element) => {
                let stand_in = child.id.and_then(|id| schema.stands_for(id, *element));
                matches!(stand_in, Some(StandIn::Valid(_)))
            }
            Leaf::Wildcard(wildcard) => wildcard.namespaces.allows(child.namespace_id),
        };
        let candidates = match child.namespace {
            Some(_) => candidates(model, schema, child.id, takes_it),
            None => in_document_order(model.named_locally(schema, child.local)),
        };
        let walk = self.frames.last_mut()?.walk.as_mut()?;
        walk.place(model, &mut self.memory, &child.tag, &candidates, &mut self.steps)
    }

    /// The place of a child whose name is nearly one of the model, with the element that is meant.
    fn place_meant(&mut self, model: &'s Model, child: &Child<'a, '_>) -> Option<(Placement, ElementId)> {
        child.namespace?;
        if self.suggestions.are_exhausted() {
            return None;
        }
        let schema = self.schema;
        let walk = self.frames.last_mut()?.walk.as_mut()?;
        let mut leaves = walk.allowed(model, &self.memory);
        leaves.extend((0..).map(LeafId).take(model.leaves.len()));
        let elements: Vec<(LeafId, ElementId)> = leaves
            .into_iter()
            .filter_map(|leaf| match model.leaf(leaf)? {
                Leaf::Element(asked) => Some((leaf, *asked)),
                Leaf::Wildcard(_) => None,
            })
            .flat_map(|(leaf, asked)| {
                let others = schema.usable(asked).filter(move |element| *element != asked).take(NEAR);
                std::iter::once(asked).chain(others).map(move |element| (leaf, element))
            })
            .collect();
        let names = elements.iter().map(|(_, element)| schema.local_name(*element));
        let (leaf, meant) =
            self.suggestions.nearest(child.local, names).and_then(|index| elements.get(index)).copied()?;
        match walk.place(model, &mut self.memory, &child.tag, &[leaf], &mut self.steps)? {
            Placement::Again { .. } | Placement::Misplaced(_) => None,
            placement => Some((placement, meant)),
        }
    }

    /// Says that another name was meant, or another namespace.
    fn report_meant(&mut self, child: &Child<'a, '_>, meant: ElementId) {
        let schema = self.schema;
        let name = schema.local_name(meant);
        self.fault_in_parent();
        if name == child.local {
            self.forgive(child, meant, false);
        } else {
            let documentation = schema.documentation(meant);
            self.report_with(&child.tag, documentation, || words::unknown_element(child.local, name));
        }
    }

    /// A place where the child would stand for another element, if that were not forbidden: it is, and that is said.
    fn place_blocked(&mut self, model: &'s Model, child: &Child<'a, '_>) -> Option<Placement> {
        let schema = self.schema;
        let blocked = |leaf: &Leaf| match leaf {
            Leaf::Element(asked) => match schema.stands_for(child.id?, *asked)? {
                StandIn::Blocked(_) => Some(*asked),
                StandIn::Valid(_) => None,
            },
            Leaf::Wildcard(_) => None,
        };
        let walk = self.frames.last_mut()?.walk.as_mut()?;
        let candidates = candidates(model, schema, child.id, |leaf| blocked(leaf).is_some());
        let placement = walk.place(model, &mut self.memory, &child.tag, &candidates, &mut self.steps)?;
        let asked = model.leaf(placement.leaf()).and_then(blocked)?;
        self.fault_in_parent();
        self.report(&child.tag, || words::substitution_blocked(child.local, schema.local_name(asked)));
        Some(match placement {
            Placement::Behind { .. } => placement,
            other => Placement::Allowed(other.leaf()),
        })
    }

    /// Says what is wrong with a place that was found for a child; gives the leaf that it is.
    fn report_placement(&mut self, model: &'s Model, child: &Child<'a, '_>, placement: Placement) -> LeafId {
        let schema = self.schema;
        let leaf = match placement {
            Placement::Allowed(leaf) => return leaf,
            Placement::Behind { leaf, missing } => {
                self.report_missing_before(model, child, leaf, missing);
                return leaf;
            }
            Placement::Late(leaf) | Placement::Again { leaf, .. } | Placement::Misplaced(leaf) => leaf,
        };
        self.fault_in_parent();
        let Some(Frame { walk: Some(walk), name: parent, .. }) = self.frames.last_mut() else { return leaf };
        let (trail, memory, steps) = (&self.trail, &self.memory, &mut self.steps);
        let out_of_order = |before: LeafId, before_span: Range<usize>| {
            let before = schema.leaf_name(model, before);
            let words = words::out_of_order(child.local, before);
            let mut diagnostic = Diagnostic::new(words, child.tag.clone(), trail.path());
            diagnostic.related = Some((before_span, String::from("it must stand before this")));
            diagnostic
        };
        match placement {
            Placement::Late(_) => {
                if let Some(pending) = &mut walk.pending
                    && !std::mem::replace(&mut pending.reworded, true)
                {
                    let (before, span) = (pending.before, pending.before_span.clone());
                    walk.early = Some(before);
                    self.findings.replace(pending.kept, || out_of_order(before, span));
                }
            }
            Placement::Again { count, .. } => {
                let words = || words::too_many_elements(child.local, parent, count);
                self.findings.add(Severity::Error, || Diagnostic::new(words(), child.tag.clone(), trail.path()));
            }
            _ => {
                let order = walk.must_follow(model, leaf, steps);
                let before = order.as_ref().map(|(before, _)| *before);
                if before.is_some() && std::mem::replace(&mut walk.early, before) == before {
                    return leaf; // that one stands too early: what should be before it comes now, one after the other
                }
                self.findings.add(Severity::Error, || {
                    if let Some((before, span)) = order {
                        return out_of_order(before, span);
                    }
                    if let Some((other, span)) = walk.excluded_by(model, leaf, steps) {
                        let words = words::exclusive_elements(child.local, schema.leaf_name(model, other));
                        let mut diagnostic = Diagnostic::new(words, child.tag.clone(), trail.path());
                        diagnostic.related = Some((span, String::from("the other one")));
                        return diagnostic;
                    }
                    let allowed = schema.items(model, &walk.allowed(model, memory));
                    let words = words::unexpected_element(child.local, parent, &allowed, walk.may_end(model, memory));
                    Diagnostic::new(words, child.tag.clone(), trail.path())
                });
            }
        }
        leaf
    }

    fn report_missing_before(
        &mut self,
        model: &'s Model,
        child: &Child<'a, '_>,
        leaf: LeafId,
        missing: Vec<Vec<LeafId>>,
    ) {
        let schema = self.schema;
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.malformed {
            return; // it may stand in what could not be read
        }
        frame.faulty = true;
        let (name, trail) = (frame.name, &self.trail);
        let kept = self.findings.add(Severity::Error, || {
            let mut each: Vec<_> = missing.iter().map(|leaves| schema.items(model, leaves)).collect();
            each.dedup();
            let words = words::missing_elements(&each, name, Some(child.local));
            let mut diagnostic = Diagnostic::new(words, child.tag.clone(), trail.parent_path());
            diagnostic.documentation = schema.leaves_documentation(model, missing.first());
            diagnostic
        });
        if let Some(walk) = &mut frame.walk {
            let before_span = child.tag.clone();
            walk.pending = Some(Pending { missing, before: leaf, before_span, kept, reworded: false });
        }
    }

    fn report_unexpected(&mut self, model: &'s Model, child: &Child<'a, '_>) {
        let schema = self.schema;
        let Some(frame) = self.frames.last_mut() else { return };
        frame.faulty = true;
        let name = frame.name;
        let Some(walk) = &mut frame.walk else { return };
        if child.namespace.is_some() {
            let (trail, memory) = (&self.trail, &self.memory);
            self.findings.add(Severity::Error, || {
                let allowed = schema.items(model, &walk.allowed(model, memory));
                let words = words::unexpected_element(child.local, name, &allowed, walk.may_end(model, memory));
                Diagnostic::new(words, child.tag.clone(), trail.path())
            });
        }
        walk.note_unexpected(model, &self.memory);
    }
}

/// The leaves that take a child of a name.
fn candidates(model: &Model, schema: &Compiled, name: Option<NameId>, takes_it: impl Fn(&Leaf) -> bool) -> Vec<LeafId> {
    let leaves = model.candidates(schema, name);
    in_document_order(leaves.filter(|leaf| model.leaf(*leaf).is_some_and(&takes_it)))
}

/// Each once.
fn in_document_order(leaves: impl Iterator<Item = LeafId>) -> Vec<LeafId> {
    let mut leaves: Vec<LeafId> = leaves.collect();
    leaves.sort_unstable();
    leaves.dedup();
    leaves
}
