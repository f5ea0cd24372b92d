//! Determines the member that each child of an element belongs to, one child after another.

use super::form::{Forms, Member};
use super::run::{By, Run};
use crate::automaton::LeafId;
use crate::compiled::{Compiled, Leaf, ModelId, NameId};

/// The children so far of an element with element content.
#[derive(Debug)]
pub(crate) struct Children {
    pub(super) model: ModelId,
    /// Only for content with wildcards. Without them, the name is enough.
    run: Option<Run>,
}

impl Children {
    /// Before the first child. All open elements share `memory`.
    pub(crate) fn begin(schema: &Compiled, forms: &Forms, model: ModelId, memory: &mut Vec<u32>) -> Children {
        let has_wildcard = forms.of_model(schema, model).is_some_and(|form| form.has_wildcard);
        Children { model, run: has_wildcard.then(|| Run::begin(schema, model, memory)) }
    }

    /// The next child, with its name, if the schema knows it, and its namespace.
    pub(crate) fn take(
        &mut self,
        schema: &Compiled,
        forms: &Forms,
        memory: &mut Vec<u32>,
        name: Option<NameId>,
        namespace: &str,
    ) -> Member {
        let leaf = match &mut self.run {
            Some(run) => run.take(schema, memory, name, schema.names.lookup_namespace(namespace), By::Any),
            None => {
                let candidates = &mut schema.models[self.model.index()].candidates(schema, name);
                candidates.find(|leaf| takes(schema, self.model, *leaf, name))
            }
        };
        let member = leaf.and_then(|leaf| forms.of_model(schema, self.model)?.member(leaf));
        member.unwrap_or(Member::Named { is_array: false })
    }

    /// After the last child.
    pub(crate) fn end(&self, memory: &mut Vec<u32>) {
        if let Some(run) = &self.run {
            run.end(memory);
        }
    }
}

fn takes(schema: &Compiled, model: ModelId, leaf: LeafId, name: Option<NameId>) -> bool {
    match schema.models[model.index()].leaf(leaf) {
        Some(Leaf::Element(asked)) => name.and_then(|name| schema.stands_for(name, *asked)).is_some(),
        Some(Leaf::Wildcard(_)) | None => false,
    }
}
