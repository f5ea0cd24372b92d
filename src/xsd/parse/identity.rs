//! Identity constraints (part 1, section 3.11), at the end of an element declaration.

use super::xpath::{self, Selects};
use crate::compiled::{Field, Path};
use crate::diagnostic::Code;
use crate::xsd::error::{Failure, Result, fault};
use crate::xsd::model::{Category, IdentityConstraint, IdentityDefinition};
use crate::xsd::reader::{Node, Reader, construct, is};

/// Whether an element of XSD is one of the three.
pub(super) fn is_constraint(node: &Node<'_>) -> bool {
    matches!(node.tag_name().name(), "unique" | "key" | "keyref")
}

/// Section 3.11.2: the constraints at the end of `xs:element`. What is wrong with one is told; its name stays known.
pub(super) fn constraints(reader: &mut Reader<'_>, element: Node<'_>, nodes: &[Node<'_>]) -> Vec<IdentityConstraint> {
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

fn constraint(reader: &mut Reader<'_>, node: Node<'_>) -> Result<IdentityConstraint> {
    reader.check_attributes(node, if is(node, "keyref") { &["name", "refer"] } else { &["name"] })?;
    let name = reader.declared_name(node, reader.target)?;
    let read = definition(reader, node);
    Ok(IdentityConstraint { name, definition: reader.or_note(read), place: reader.place(node) })
}

fn definition(reader: &mut Reader<'_>, node: Node<'_>) -> Result<IdentityDefinition> {
    let category = if is(node, "keyref") {
        reader.required(node, "refer")?;
        let reference = reader.reference(node, "refer");
        Category::Keyref(reader.or_note(reference).flatten())
    } else if is(node, "key") {
        Category::Key
    } else {
        Category::Unique
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
        (Some(selector), Some(fields)) => Ok(IdentityDefinition { category, selector, fields }),
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
