//! What an element that begins is taken for, by its place in the content of the one around it.

use crate::automaton::StateId;
use crate::check::accept::{Machine, Mode, Stop};
use crate::check::table::NONE;
use crate::compiled::{ElementId, Leaf, NameId, NamespaceId, Process, StandIn};

/// Where an element that begins was found a place.
pub(super) struct Placed {
    /// Its declaration; `None`: a wildcard lets it pass undeclared.
    pub(super) element: Option<ElementId>,
    /// The edge of the table that it took (`NONE`: none).
    pub(super) edge: u32,
    /// The processing of the wildcard that took it, if one did.
    pub(super) process: Option<Process>,
}

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// Moves the walk of the open element's content over a child of a name, and says what the child is.
    pub(super) fn place(&mut self, name: Option<NameId>, namespace: Option<NamespaceId>) -> Result<Placed, Stop> {
        let placed = match self.frame.mode {
            Mode::Elements if self.frame.state == self.table.document && !self.table.has_root_edges => {
                self.place_root(name)?
            }
            Mode::Elements => self.place_in_table(name.ok_or(Stop::Refused)?)?,
            Mode::Model { .. } => self.place_in_model(name, namespace)?,
            Mode::Any { lax } => self.place_anywhere(name, if lax { Process::Lax } else { Process::Skip }),
            Mode::Simple | Mode::SimpleRead | Mode::Empty => return Err(Stop::Refused),
        };
        self.observe(name, &placed)?;
        Ok(placed)
    }

    /// The root element, where it has no edge.
    fn place_root(&mut self, name: Option<NameId>) -> Result<Placed, Stop> {
        self.frame.state = self.table.finished;
        let roots = &self.schema.roots;
        match name.and_then(|name| roots.get(&name)) {
            Some(root) => Ok(Placed { element: Some(*root), edge: NONE, process: None }),
            // Section 5.2: where the schema declares no element, `xsi:type` tells what the root is.
            None if roots.is_empty() => Ok(Placed { element: None, edge: NONE, process: Some(Process::Strict) }),
            None => Err(Stop::Refused),
        }
    }

    /// By a model that is laid out (cvc-complex-type.2.4).
    fn place_in_table(&mut self, name: NameId) -> Result<Placed, Stop> {
        let state = &self.table.states[self.frame.state as usize];
        let edges = &self.table.edges[state.first as usize..state.last as usize];
        let index = edges.iter().position(|edge| edge.name == name).ok_or(Stop::Refused)?;
        self.frame.state = edges[index].target;
        Ok(Placed { element: Some(edges[index].element), edge: state.first + index as u32, process: None })
    }

    /// By a model in its readable form (cvc-complex-type.2.4): an element particle takes those that may stand for its
    /// own (section 3.3.6), a wildcard what its namespaces allow (cvc-wildcard).
    fn place_in_model(&mut self, name: Option<NameId>, namespace: Option<NamespaceId>) -> Result<Placed, Stop> {
        let id = self.model()?;
        let model = &self.schema.models[id.index()];
        for leaf in model.candidates(self.schema, name) {
            let placed = match model.leaf(leaf) {
                Some(Leaf::Element(asked)) => match name.and_then(|name| self.schema.stands_for(name, *asked)) {
                    Some(StandIn::Valid(element)) => Placed { element: Some(element), edge: NONE, process: None },
                    Some(StandIn::Blocked(_)) | None => continue,
                },
                Some(Leaf::Wildcard(wildcard)) if wildcard.namespaces.allows(namespace) => {
                    self.place_anywhere(name, wildcard.process)
                }
                Some(Leaf::Wildcard(_)) | None => continue,
            };
            let state = StateId(self.frame.state);
            let base = self.details().memory as usize;
            let Some(StateId(next)) = model.automaton.advance(state, leaf, &mut self.scratch.memory, base) else {
                continue;
            };
            self.frame.state = next;
            return Ok(placed);
        }
        Err(Stop::Refused)
    }

    /// Under a wildcard: what is declared is checked, unless nothing is to be (section 3.10.1, {process contents}).
    fn place_anywhere(&self, name: Option<NameId>, process: Process) -> Placed {
        let known = name.filter(|_| process != Process::Skip).and_then(|name| self.schema.roots.get(&name)).copied();
        Placed { element: known, edge: NONE, process: Some(process) }
    }
}
