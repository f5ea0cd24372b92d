//! Runs a content model over the children of one element, by their names.

use crate::automaton::{Automaton, LeafId, StateId};
use crate::compiled::{Compiled, Leaf, ModelId, NameId, NamespaceId, StandIn};

/// The kinds of leaves that can take a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Any,
    /// Leaves for elements.
    Element,
    Wildcard,
}

/// The position of an open element in its content model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) model: ModelId,
    /// `None`: a child was not allowed in its position.
    state: Option<StateId>,
    /// Where its words begin in the memory that all runs share.
    base: usize,
}

impl Run {
    pub(super) fn begin(schema: &Compiled, model: ModelId, memory: &mut Vec<u32>) -> Run {
        let base = memory.len();
        schema.models[model.index()].automaton.enter(memory);
        Run { model, state: Some(Automaton::START), base }
    }

    /// The leaf that takes a child (section 3.8.6: there is at most one). If the child is not allowed here, a leaf that
    /// would take it elsewhere.
    pub(super) fn take(
        &mut self,
        schema: &Compiled,
        memory: &mut Vec<u32>,
        name: Option<NameId>,
        namespace: Option<NamespaceId>,
        by: By,
    ) -> Option<LeafId> {
        let model = &schema.models[self.model.index()];
        let takes = |leaf: &LeafId| match model.leaf(*leaf) {
            Some(Leaf::Element(asked)) => {
                let stands_for = name.and_then(|name| schema.stands_for(name, *asked));
                by != By::Wildcard && matches!(stands_for, Some(StandIn::Valid(_)))
            }
            Some(Leaf::Wildcard(wildcard)) => by != By::Element && wildcard.namespaces.allows(namespace),
            None => false,
        };
        if let Some(state) = self.state {
            for leaf in model.candidates(schema, name).filter(takes) {
                if let Some(next) = model.automaton.advance(state, leaf, memory, self.base) {
                    self.state = Some(next);
                    return Some(leaf);
                }
            }
            self.state = None;
        }
        model.candidates(schema, name).find(takes)
    }

    /// Whether the children so far are complete content.
    pub(super) fn is_complete(&self, schema: &Compiled, memory: &[u32]) -> bool {
        let words = memory.get(self.base..).unwrap_or_default();
        let automaton = &schema.models[self.model.index()].automaton;
        self.state.is_some_and(|state| automaton.accepts(state, words))
    }

    /// Ends the run and releases its words.
    pub(super) fn end(&self, memory: &mut Vec<u32>) {
        memory.truncate(self.base);
    }
}
