//! Element declarations (part 1, section 3.3).

use super::declaration::{inline_type, is_qualified, value_constraint};
use super::{DERIVATIONS, ELEMENT_BLOCK, identity};
use crate::compiled::NamespaceId;
use crate::xsd::fault::{Failure, Result};
use crate::xsd::model::{Element, Particle, Term, TypeUse};
use crate::xsd::reader::{Node, Reader};

/// Section 3.3.2.
pub(super) fn global_element(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Element> {
    reader.check_attributes(
        node,
        &["name", "type", "default", "fixed", "nillable", "abstract", "final", "block", "substitutionGroup"],
    );
    element(reader, node, reader.target)
}

/// Section 3.3.2: an element in a content model, declared there or referred to.
pub(super) fn local_element(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Term> {
    if node.has_attribute("ref") {
        reader.check_attributes(node, &["ref", "minOccurs", "maxOccurs"]);
        reader.leaf(node);
        return Ok(Term::ElementReference(reader.required_reference(node, "ref")?.name));
    }
    reader.check_attributes(
        node,
        &["name", "type", "default", "fixed", "nillable", "form", "block", "minOccurs", "maxOccurs"],
    );
    let form = reader.faults.or_note(is_qualified(reader, node, "form"));
    let qualified = form.flatten().unwrap_or(reader.qualified_elements);
    let element = element(reader, node, if qualified { reader.target } else { NamespaceId::NONE })?;
    let (term, place) = (Term::Element(Box::new(element)), reader.place(node));
    match form {
        Some(_) => Ok(term),
        // Its name is unknown.
        None => Ok(Term::Broken(Some(Box::new(Particle { min: 1, max: Some(1), term, place })))),
    }
}

fn element(reader: &mut Reader<'_>, node: Node<'_>, namespace: NamespaceId) -> Result<Element> {
    let name = reader.faults.or_note(reader.declared_name(node, namespace));
    let (children, documentation) = reader.annotated(node);
    // Constraints come last.
    let split = children.iter().position(identity::is_constraint).unwrap_or(children.len());
    let (types, constraints) = children.split_at(split);
    let type_use = inline_type(reader, node, types, &["simpleType", "complexType"]);
    let constraints = identity::constraints(reader, node, constraints);
    let substitution_group = reader.faults.or_note(reader.reference(node, "substitutionGroup")).flatten();
    let nillable = reader.is_true(node, "nillable");
    let is_abstract = reader.is_true(node, "abstract");
    let block = reader.methods(node, "block", ELEMENT_BLOCK, reader.block_default);
    let finals = reader.methods(node, "final", DERIVATIONS, reader.final_default);
    let value = reader.faults.or_note(value_constraint(reader, node)).flatten();
    Ok(Element {
        name: name.ok_or(Failure::Reported)?,
        type_use: reader.faults.or_note(type_use).unwrap_or(Some(TypeUse::Broken)),
        substitution_group,
        nillable,
        is_abstract,
        block,
        finals,
        value,
        constraints,
        documentation,
        place: reader.place(node),
    })
}
