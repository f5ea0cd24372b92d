//! What an element that begins is taken for, given its place in the content of its parent.

use std::ops::Range;

use crate::automaton::{LeafId, StateId};
use crate::check::frame::{Marks, Mode};
use crate::check::machine::{Machine, Stop};
use crate::check::sink::Sink;
use crate::check::table::{NONE, Rare};
use crate::compiled::{ElementId, Leaf, NameId, NamespaceId, Process, StandIn};
use crate::diagnostic::words::{self, Stood};

/// An element that begins, with its name resolved.
pub(super) struct Child<'a> {
    /// Its start tag.
    pub(super) tag: Range<usize>,
    pub(super) local: &'a str,
    pub(super) prefix: &'a str,
    /// Its position among the siblings with the same name, if the walk keeps a trail.
    pub(super) position: u32,
    /// Whether its prefix is declared; if not, the reader has reported that.
    pub(super) is_bound: bool,
    /// `None`: a namespace that no schema names.
    pub(super) namespace: Option<NamespaceId>,
    /// `None`: a name that no schema names.
    pub(super) name: Option<NameId>,
}

/// What an element that begins is taken for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Its declaration.
    pub(super) element: Option<ElementId>,
    /// How the wildcard that admits it processes it. Without a declaration and a wildcard, it or an element around it
    /// was reported, and nothing in it is checked.
    pub(super) process: Option<Process>,
    /// The edge of the table that was followed (`NONE` if there is none).
    pub(super) edge: u32,
    /// It is not allowed where it is, which was reported.
    pub(super) is_misplaced: bool,
}

impl Placed {
    /// An element about which nothing is known.
    pub(super) const PASSED: Placed = Placed { element: None, process: None, edge: NONE, is_misplaced: false };

    pub(super) fn element(element: ElementId) -> Placed {
        Placed { element: Some(element), ..Placed::PASSED }
    }
}

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Advances the content of the open element past a child, and says what the child is.
    pub(super) fn place(&mut self, child: &Child<'a>) -> Result<Placed, Stop> {
        match self.frame.mode {
            _ if self.depth == 0 => self.place_root(child),
            Mode::Elements | Mode::Mixed | Mode::Watched => self.place_in_model(child),
            Mode::WatchedMixed => {
                self.refuse_child_of_fixed(child)?;
                self.place_in_model(child)
            }
            Mode::Lax => Ok(self.place_anywhere(child.name, Process::Lax)),
            Mode::Skip => Ok(self.place_anywhere(child.name, Process::Skip)),
            Mode::Silent => Ok(Placed::PASSED),
            // cvc-complex-type.2.1 and 2.2, and cvc-elt.3.2.1 for a nil element.
            Mode::Simple | Mode::Empty | Mode::Nil => self.refuse_child(child),
        }
    }

    /// Section 5.2: if the schema declares elements, the root is one of them (the second way of assessing a document,
    /// whatever its `xsi:type` says); if it declares none, `xsi:type` says what the root is (the third).
    fn place_root(&mut self, child: &Child<'a>) -> Result<Placed, Stop> {
        self.frame.state = self.table.finished;
        if let Some(root) = self.root {
            return Ok(Placed::element(root));
        }
        let roots = &self.schema.roots;
        match child.name.and_then(|name| roots.get(&name)) {
            Some(root) => Ok(Placed::element(*root)),
            None if roots.is_empty() => Ok(Placed { process: Some(Process::Strict), ..Placed::PASSED }),
            None => self.misplace_root(child),
        }
    }

    fn place_in_model(&mut self, child: &Child<'a>) -> Result<Placed, Stop> {
        match self.admit(child) {
            Some(placed) => Ok(placed),
            None => self.misplace(child),
        }
    }

    /// Matches a child with the content model (cvc-complex-type.2.4): by an edge of the table or, if the edges are not
    /// complete, by a leaf. `None`: the child is not allowed here.
    pub(super) fn admit(&mut self, child: &Child<'a>) -> Option<Placed> {
        let state = self.table.states.get(self.frame.state as usize)?;
        let edges = self.table.edges.get(state.first as usize..state.last as usize)?;
        if let Some(index) = edges.iter().position(|edge| Some(edge.name) == child.name)
            && let Some(edge) = edges.get(index)
        {
            self.frame.state =
                if edge.rare.has(Rare::COUNTED) { self.advance(LeafId(edge.leaf))? } else { edge.target };
            self.note_admitted(edge.leaf, child);
            return Some(Placed { edge: state.first + index as u32, ..Placed::element(edge.element) });
        }
        if state.complete { None } else { self.admit_by_leaves(child) }
    }

    /// An element particle admits the elements that may stand for its own (section 3.3.6); a wildcard admits what its
    /// namespaces allow (cvc-wildcard).
    fn admit_by_leaves(&mut self, child: &Child<'a>) -> Option<Placed> {
        if !child.is_bound {
            return None;
        }
        let model = self.model()?;
        for leaf in model.candidates(self.schema, child.name) {
            let placed = match model.leaf(leaf) {
                Some(Leaf::Element(asked)) => match child.name.and_then(|name| self.schema.stands_for(name, *asked)) {
                    Some(StandIn::Valid(element)) => Placed::element(element),
                    Some(StandIn::Blocked(_)) | None => continue,
                },
                Some(Leaf::Wildcard(wildcard)) if wildcard.namespaces.allows(child.namespace) => {
                    self.place_anywhere(child.name, wildcard.process)
                }
                Some(Leaf::Wildcard(_)) | None => continue,
            };
            if let Some(state) = self.advance(leaf) {
                self.frame.state = state;
                self.note_admitted(leaf.0, child);
                return Some(placed);
            }
        }
        None
    }

    /// The state of the open element after a leaf.
    fn advance(&mut self, leaf: LeafId) -> Option<u32> {
        let state = self.table.states.get(self.frame.state as usize)?;
        let model = self.model()?;
        let base = self.details().memory as usize;
        let from = StateId(self.frame.state - state.base);
        let StateId(next) = model.automaton.advance(from, leaf, &mut self.scratch.memory, base)?;
        Some(state.base + next)
    }

    /// Remembers a child for a search among its siblings.
    fn note_admitted(&mut self, leaf: u32, child: &Child<'a>) {
        if self.sink.reports() {
            self.scratch.children.note(self.depth as u32, leaf, child.tag.start, child.position);
        }
    }

    /// Places a child under a wildcard: it is checked if it is declared, unless the wildcard skips it (section 3.10.1,
    /// {process contents}).
    pub(super) fn place_anywhere(&self, name: Option<NameId>, process: Process) -> Placed {
        let known = name.filter(|_| process != Process::Skip).and_then(|name| self.schema.roots.get(&name)).copied();
        Placed { element: known, process: Some(process), ..Placed::PASSED }
    }

    /// cvc-elt.5.2.2.1: an element with a fixed value has no children.
    fn refuse_child_of_fixed(&mut self, child: &Child<'a>) -> Result<(), Stop> {
        if !self.frame.marks.has(Marks::FIXED) {
            return Ok(());
        }
        self.frame.marks.set(Marks::FAULTY);
        if self.frame.marks.replace(Marks::REPORTED) {
            return Ok(());
        }
        let (name, fixed) = (self.name(), self.fixed_value().unwrap_or_default());
        let (prefix, local) = (child.prefix, child.local);
        self.report_child(child, || words::fixed_value_with_child(fixed, name, &written(prefix, local)))
    }

    /// Reports a child of an element that cannot have any.
    fn refuse_child(&mut self, child: &Child<'a>) -> Result<Placed, Stop> {
        self.frame.marks.set(Marks::FAULTY);
        if self.frame.marks.replace(Marks::REPORTED) {
            return Ok(Placed::PASSED);
        }
        let (name, mode) = (self.name(), self.frame.mode);
        let simple = self.schema.simple_content(self.details().type_id);
        let (prefix, local) = (child.prefix, child.local);
        self.report_child(child, || {
            let written = written(prefix, local);
            match (mode, simple) {
                (Mode::Nil, _) => words::nil_with_content(name, Stood::Element(&written)),
                (Mode::Simple, Some(simple)) => words::child_in_simple_content(name, &simple.describe(), &written),
                _ => words::not_empty(name, Stood::Element(&written)),
            }
        })?;
        Ok(Placed::PASSED)
    }
}

/// A qualified name, as written.
fn written(prefix: &str, local: &str) -> String {
    if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") }
}
