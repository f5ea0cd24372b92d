//! Identity constraints (part 1, section 3.11), at the end of an element declaration.

use super::xpath::{self, Selects};
use crate::compiled::{Field, Path};
use crate::diagnostic::Code;
use crate::xsd::fault::{Failure, Result, fault};
use crate::xsd::model::{Category, IdentityConstraint, IdentityDefinition};
use crate::xsd::reader::{Node, Reader, construct, is};

/// Whether an XSD element is one of the three.
pub(super) fn is_constraint(node: &Node<'_>) -> bool {
    matches!(node.tag_name().name(), "unique" | "key" | "keyref")
}

/// Section 3.11.2: the constraints at the end of `xs:element`. If one has an error, that is reported, and its name
/// remains known.
pub(super) fn constraints(reader: &mut Reader<'_>, element: Node<'_>, nodes: &[Node<'_>]) -> Vec<IdentityConstraint> {
    let mut constraints = Vec::with_capacity(nodes.len());
    for node in nodes.iter().copied() {
        let read = match is_constraint(&node) {
            true => constraint(reader, node),
            false => reader.unexpected(node, element),
        };
        constraints.extend(reader.faults.or_note(read));
    }
    constraints
}

fn constraint(reader: &mut Reader<'_>, node: Node<'_>) -> Result<IdentityConstraint> {
    reader.check_attributes(node, if is(node, "keyref") { &["name", "refer"] } else { &["name"] });
    let name = reader.faults.or_note(reader.declared_name(node, reader.target));
    let definition = definition(reader, node);
    let definition = reader.faults.or_note(definition);
    Ok(IdentityConstraint { name: name.ok_or(Failure::Reported)?, definition, place: reader.place(node) })
}

fn definition(reader: &mut Reader<'_>, node: Node<'_>) -> Result<IdentityDefinition> {
    let category = category(reader, node);
    let (mut fields, _) = reader.annotated(node);
    let at = fields.iter().position(|child| is(*child, "selector"));
    if at.is_none() && node.has_attribute("ref") {
        // It is from XSD 1.1, which was reported.
        return Err(Failure::Reported);
    }
    if at != Some(0) {
        let message = format!("expected `xs:selector` at the beginning of {}", construct(node));
        reader.report(Code::SchemaSyntax, reader.place(fields.first().map_or(node, |first| *first)), message);
    }
    let selector = at.map(|at| fields.remove(at)).and_then(|selector| {
        let paths = expression(reader, selector, Selects::Elements);
        reader.faults.or_note(paths)
    });
    if fields.is_empty() && at.is_some() {
        let message = format!("expected at least one `xs:field` in {}", construct(node));
        return fault(Code::SchemaSyntax, reader.place(node), message);
    }
    let mut found = Vec::with_capacity(fields.len());
    for child in &fields {
        let field = field(reader, *child, node);
        found.extend(reader.faults.or_note(field));
    }
    match selector {
        Some(selector) if found.len() == fields.len() => {
            Ok(IdentityDefinition { category, selector, fields: found.into() })
        }
        _ => Err(Failure::Reported),
    }
}

fn category(reader: &mut Reader<'_>, node: Node<'_>) -> Category {
    if is(node, "keyref") {
        Category::Keyref(reader.faults.or_note(reader.required_reference(node, "refer")))
    } else if is(node, "key") {
        Category::Key
    } else {
        Category::Unique
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
    reader.check_attributes(node, &["xpath"]);
    reader.leaf(node);
    xpath::paths(reader, node, selects)
}
