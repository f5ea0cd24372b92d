//! Element declarations (part 1, section 3.3).

use super::declaration::{inline_type, is_qualified, value_constraint};
use super::{DERIVATIONS, ELEMENT_BLOCK, identity};
use crate::compiled::NamespaceId;
use crate::xsd::error::Result;
use crate::xsd::model::{Element, Term, TypeUse};
use crate::xsd::reader::{Node, Reader};

/// Section 3.3.2.
pub(super) fn global_element(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Element> {
    reader.check_attributes(
        node,
        &["name", "type", "default", "fixed", "nillable", "abstract", "final", "block", "substitutionGroup"],
    )?;
    element(reader, node, reader.target)
}

pub(super) fn local_element(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Term> {
    if let Some(reference) = reader.reference(node, "ref")? {
        reader.check_attributes(node, &["ref", "minOccurs", "maxOccurs"])?;
        reader.leaf(node)?;
        return Ok(Term::ElementReference(reference.name));
    }
    reader.check_attributes(
        node,
        &["name", "type", "default", "fixed", "nillable", "form", "block", "minOccurs", "maxOccurs"],
    )?;
    let qualified = is_qualified(reader, node, "form")?.unwrap_or(reader.qualified_elements);
    let namespace = if qualified { reader.target } else { NamespaceId(0) };
    Ok(Term::Element(Box::new(element(reader, node, namespace)?)))
}

fn element(reader: &mut Reader<'_>, node: Node<'_>, namespace: NamespaceId) -> Result<Element> {
    let name = reader.declared_name(node, namespace)?;
    let (children, documentation) = reader.annotated(node)?;
    // Constraints come last.
    let split = children.iter().position(identity::is_constraint).unwrap_or(children.len());
    let (types, constraints) = children.split_at(split);
    let type_use = inline_type(reader, node, types, &["simpleType", "complexType"]);
    let type_use = reader.or_note(type_use).unwrap_or(Some(TypeUse::Broken));
    let substitution_group = reader.reference(node, "substitutionGroup");
    let substitution_group = reader.or_note(substitution_group).flatten();
    let block = reader.methods_or(node, "block", ELEMENT_BLOCK, reader.block_default);
    let finals = reader.methods_or(node, "final", DERIVATIONS, reader.final_default);
    Ok(Element {
        name,
        type_use,
        substitution_group,
        nillable: reader.or_note(reader.boolean(node, "nillable")).flatten().unwrap_or(false),
        is_abstract: reader.or_note(reader.boolean(node, "abstract")).flatten().unwrap_or(false),
        block: reader.or_note(block).unwrap_or_default(),
        finals: reader.or_note(finals).unwrap_or_default(),
        value: reader.or_note(value_constraint(reader, node)).flatten(),
        constraints: identity::constraints(reader, node, constraints),
        documentation,
        place: reader.place(node),
    })
}
