//! Identity constraints (part 1, section 3.11): read at the end of an element declaration, resolved when all of the
//! schema is known.

use std::collections::HashMap;

use super::compile::{Compiler, index_of};
use super::error::{Failure, Result, conflict, fault};
use super::model;
use super::reader::{Node, Reader, construct, is};
use super::xpath::{self, Selects};
use crate::compiled::{Category, ConstraintId, Field, IdentityConstraint, NameId, Path};
use crate::diagnostic::Code;

/// Whether an element of XSD is one of the three.
pub(super) fn is_constraint(node: &Node<'_>) -> bool {
    matches!(node.tag_name().name(), "unique" | "key" | "keyref")
}

/// Section 3.11.2: the constraints at the end of `xs:element`. What is wrong with one is told; its name stays known.
pub(super) fn constraints(
    reader: &mut Reader<'_>,
    element: Node<'_>,
    nodes: &[Node<'_>],
) -> Vec<model::IdentityConstraint> {
    let mut constraints = Vec::with_capacity(nodes.len());
    for node in nodes.iter().copied() {
        let read = match is_constraint(&node) {
            true => constraint(reader, node),
            false => reader.unexpected(node, element),
        };
        constraints.extend(reader.or_note(read));
    }
    constraints
}

fn constraint(reader: &mut Reader<'_>, node: Node<'_>) -> Result<model::IdentityConstraint> {
    reader.check_attributes(node, if is(node, "keyref") { &["name", "refer"] } else { &["name"] })?;
    let name = reader.declared_name(node, reader.target)?;
    let read = definition(reader, node);
    Ok(model::IdentityConstraint { name, definition: reader.or_note(read), place: reader.place(node) })
}

fn definition(reader: &mut Reader<'_>, node: Node<'_>) -> Result<model::IdentityDefinition> {
    let category = if is(node, "keyref") {
        reader.required(node, "refer")?;
        let reference = reader.reference(node, "refer");
        model::Category::Keyref(reader.or_note(reference).flatten())
    } else if is(node, "key") {
        model::Category::Key
    } else {
        model::Category::Unique
    };
    let (children, _) = reader.annotated(node)?;
    let Some((selector, fields)) = children.split_first().filter(|(first, _)| is(**first, "selector")) else {
        let message = format!("expected `xs:selector` at the beginning of {}", construct(node));
        return fault(Code::SchemaSyntax, reader.place(children.first().map_or(node, |first| *first)), message);
    };
    if fields.is_empty() {
        let message = format!("expected at least one `xs:field` in {}", construct(node));
        return fault(Code::SchemaSyntax, reader.place(node), message);
    }
    let selector = expression(reader, *selector, Selects::Elements);
    let selector = reader.or_note(selector);
    let found: Vec<Option<Field>> = fields
        .iter()
        .map(|child| {
            let field = field(reader, *child, node);
            reader.or_note(field)
        })
        .collect();
    match (selector, found.into_iter().collect::<Option<Box<[Field]>>>()) {
        (Some(selector), Some(fields)) => Ok(model::IdentityDefinition { category, selector, fields }),
        _ => Err(Failure::Told),
    }
}

fn field(reader: &mut Reader<'_>, node: Node<'_>, parent: Node<'_>) -> Result<Field> {
    if !is(node, "field") {
        return reader.unexpected(node, parent);
    }
    let paths = expression(reader, node, Selects::Nodes)?;
    Ok(Field { paths, written: reader.trimmed(node, "xpath").unwrap_or_default().into() })
}

/// `xs:selector` or `xs:field`.
fn expression(reader: &mut Reader<'_>, node: Node<'_>, selects: Selects) -> Result<Box<[Path]>> {
    reader.check_attributes(node, &["xpath"])?;
    reader.leaf(node)?;
    xpath::paths(reader, node, selects)
}

impl<'m> Compiler<'m> {
    /// Gives the constraints of an element their numbers.
    pub(super) fn number_constraints(&mut self, constraints: &'m [model::IdentityConstraint]) -> Box<[ConstraintId]> {
        let first = self.constraints.len();
        self.constraints.extend(constraints);
        (first..self.constraints.len()).map(|index| ConstraintId(index_of(index))).collect()
    }

    /// Resolves names and references, all components being known. Where something is wrong it is noted, and left out.
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

    /// Section 3.15.6, Schema Properties Correct: one name, one constraint, in the whole schema.
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
            return Err(Failure::Told);
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
