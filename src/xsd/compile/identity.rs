//! Identity constraints (part 1, section 3.11): resolved once the whole schema is known.

use std::collections::HashMap;

use super::{Compiler, index_of};
use crate::compiled::{Category, ConstraintId, IdentityConstraint, NameId};
use crate::diagnostic::Code;
use crate::xsd::fault::{Failure, Result, conflict};
use crate::xsd::model;

impl<'m> Compiler<'m> {
    /// Assigns numbers to the constraints of an element.
    pub(super) fn number_constraints(&mut self, constraints: &'m [model::IdentityConstraint]) -> Box<[ConstraintId]> {
        let first = self.constraints.len();
        self.constraints.extend(constraints);
        (first..self.constraints.len()).map(|index| ConstraintId(index_of(index))).collect()
    }

    /// Resolves names and references, once all components are known. Invalid constraints are reported and left out.
    pub(super) fn resolve_constraints(&mut self) {
        let names = self.constraint_names();
        for constraint in &self.constraints {
            let Some(definition) = &constraint.definition else { continue };
            let category = match definition.category {
                model::Category::Unique => Ok(Category::Unique),
                model::Category::Key => Ok(Category::Key),
                model::Category::Keyref(None) => continue,
                model::Category::Keyref(Some(reference)) => {
                    self.referenced_key(&names, constraint, definition, reference).map(Category::Keyref)
                }
            };
            let Some(category) = self.faults.or_note(category) else { continue };
            self.resolved_constraints.push(IdentityConstraint {
                name: constraint.name,
                category,
                selector: definition.selector.clone(),
                fields: definition.fields.clone(),
                place: constraint.place,
            });
        }
    }

    /// Section 3.15.6, Schema Properties Correct: every constraint in the whole schema has its own name.
    fn constraint_names(&self) -> HashMap<NameId, ConstraintId> {
        let mut names = HashMap::new();
        for (index, constraint) in self.constraints.iter().enumerate() {
            let known: Option<ConstraintId> = names.insert(constraint.name, ConstraintId(index_of(index)));
            let Some(known) = known.and_then(|known| self.constraints.get(known.index())) else { continue };
            let (first, second) = match (known.place, constraint.place) {
                (one, other) if (one.document, one.offset) <= (other.document, other.offset) => (one, other),
                (one, other) => (other, one),
            };
            let message = format!("`{}` is declared twice", self.names.local(constraint.name));
            self.faults.or_note::<()>(conflict(Code::SchPropsCorrect, second, message, "the first declaration", first));
        }
        names
    }

    /// Section 3.11.6, Identity-constraint Definition Properties Correct.
    fn referenced_key(
        &self,
        names: &HashMap<NameId, ConstraintId>,
        keyref: &model::IdentityConstraint,
        definition: &model::IdentityDefinition,
        reference: model::Reference,
    ) -> Result<ConstraintId> {
        let known = names.get(&reference.name).copied();
        let Some((id, key)) = known.and_then(|id| Some((id, self.constraints.get(id.index())?))) else {
            return self.unresolved("key", reference, "");
        };
        let (Some(of_key), local) = (&key.definition, self.names.local(reference.name)) else {
            return Err(Failure::Reported);
        };
        if matches!(of_key.category, model::Category::Keyref(_)) {
            let message = format!("expected the name of an `xs:key` or `xs:unique`, found `{local}`, an `xs:keyref`");
            return conflict(Code::CPropsCorrect, reference.place, message, "its declaration", key.place);
        }
        if of_key.fields.len() != definition.fields.len() {
            let (expected, found) = (of_key.fields.len(), definition.fields.len());
            let message = format!("expected as many fields as `{local}` has ({expected}), found {found}");
            return conflict(Code::CPropsCorrect, keyref.place, message, "its declaration", key.place);
        }
        Ok(id)
    }
}
