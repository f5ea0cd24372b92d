//! Attribute declarations (part 1, section 3.2), their uses (3.5), and groups of them (3.6).

use super::declaration::{inline_type, is_qualified, value_constraint};
use super::wildcard::wildcard;
use crate::compiled::{NameId, NamespaceId};
use crate::diagnostic::Code;
use crate::xsd::fault::{Failure, Result, fault};
use crate::xsd::model::{Attribute, AttributeGroup, AttributeMember, AttributeUse, Attributes, Presence, TypeUse};
use crate::xsd::reader::{INSTANCE, Node, Reader};

/// Whether an element can be among the attributes of a complex type.
pub(super) fn is_attribute(node: &Node<'_>) -> bool {
    matches!(node.tag_name().name(), "attribute" | "attributeGroup" | "anyAttribute")
}

/// Section 3.2.2.
pub(super) fn global_attribute(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Attribute> {
    reader.check_attributes(node, &["name", "type", "default", "fixed"]);
    attribute(reader, node, reader.target)
}

/// Section 3.6.2.
pub(super) fn global_attribute_group(reader: &mut Reader<'_>, node: Node<'_>) -> Result<(NameId, AttributeGroup)> {
    reader.check_attributes(node, &["name"]);
    let name = reader.faults.or_note(reader.declared_name(node, reader.target));
    let (children, _) = reader.annotated(node);
    let attributes = attributes(reader, node, &children);
    Ok((name.ok_or(Failure::Reported)?, AttributeGroup { attributes, place: reader.place(node) }))
}

/// Attributes, references to attribute groups, and at the end perhaps a wildcard.
pub(super) fn attributes(reader: &mut Reader<'_>, parent: Node<'_>, nodes: &[Node<'_>]) -> Attributes {
    let mut found = Attributes::default();
    for node in nodes.iter().copied() {
        let added = add_attribute(reader, parent, node, &mut found);
        found.is_broken |= reader.faults.or_note(added).is_none();
    }
    found
}

fn add_attribute(reader: &mut Reader<'_>, parent: Node<'_>, node: Node<'_>, found: &mut Attributes) -> Result<()> {
    if found.wildcard.is_some() {
        return reader.unexpected(node, parent);
    }
    match node.tag_name().name() {
        "attribute" => add_member(reader, node, found)?,
        "attributeGroup" => {
            reader.check_attributes(node, &["ref"]);
            reader.leaf(node);
            found.groups.push(reader.required_reference(node, "ref")?);
        }
        "anyAttribute" => {
            reader.check_attributes(node, &["namespace", "processContents"]);
            reader.leaf(node);
            found.wildcard = Some(wildcard(reader, node)?);
        }
        _ => return reader.unexpected(node, parent),
    }
    Ok(())
}

/// Section 3.2.2: an attribute declared where it is used, or a reference to one.
fn add_member(reader: &mut Reader<'_>, node: Node<'_>, found: &mut Attributes) -> Result<()> {
    let presence = reader.faults.or_note(presence(reader, node));
    found.is_broken |= presence.is_none();
    let attribute = match node.has_attribute("ref") {
        true => attribute_reference(reader, node)?,
        false => AttributeUse::Local(local_attribute(reader, node, found)?),
    };
    found.attributes.push(AttributeMember { attribute, presence: presence.unwrap_or(Presence::Optional) });
    Ok(())
}

fn attribute_reference(reader: &mut Reader<'_>, node: Node<'_>) -> Result<AttributeUse> {
    reader.check_attributes(node, &["ref", "use", "default", "fixed"]);
    reader.leaf(node);
    let value = reader.faults.or_note(value_constraint(reader, node)).flatten();
    Ok(AttributeUse::Reference { to: reader.required_reference(node, "ref")?, value })
}

fn local_attribute(reader: &mut Reader<'_>, node: Node<'_>, found: &mut Attributes) -> Result<Attribute> {
    reader.check_attributes(node, &["name", "type", "use", "default", "fixed", "form"]);
    let form = reader.faults.or_note(is_qualified(reader, node, "form"));
    // Its name is unknown.
    found.is_broken |= form.is_none();
    let qualified = form.flatten().unwrap_or(reader.qualified_attributes);
    attribute(reader, node, if qualified { reader.target } else { NamespaceId::NONE })
}

/// `use`. Section 3.2.3, Attribute Declaration Representation OK, clause 2: an attribute with a default is optional.
fn presence(reader: &Reader<'_>, node: Node<'_>) -> Result<Presence> {
    let presence = match reader.trimmed(node, "use") {
        None | Some("optional") => Presence::Optional,
        Some("required") => Presence::Required,
        Some("prohibited") => Presence::Prohibited,
        Some(other) => return reader.bad_value(node, "use", "`optional`, `required` or `prohibited`", other),
    };
    if node.has_attribute("default") && presence != Presence::Optional {
        let place = reader.attribute_place(node, "use");
        return fault(Code::SrcAttribute, place, "an attribute with a `default` must be optional");
    }
    Ok(presence)
}

/// Section 3.2.6: no attribute is named `xmlns` (no-xmlns), or is in the namespace of `xsi:type` (no-xsi).
fn attribute(reader: &mut Reader<'_>, node: Node<'_>, namespace: NamespaceId) -> Result<Attribute> {
    let name = reader.faults.or_note(reader.declared_name(node, namespace));
    let place = reader.attribute_place(node, "name");
    if name.is_some_and(|name| reader.names.local(name) == "xmlns") {
        reader.report(Code::NoXmlns, place, "an attribute cannot be named `xmlns`");
    }
    if name.is_some_and(|name| reader.names.namespace(name) == INSTANCE) {
        reader.report(Code::NoXsi, place, "an attribute cannot be declared in the namespace of `xsi:type`");
    }
    let (children, documentation) = reader.annotated(node);
    let type_use = inline_type(reader, node, &children, &["simpleType"]);
    let value = reader.faults.or_note(value_constraint(reader, node)).flatten();
    Ok(Attribute {
        name: name.ok_or(Failure::Reported)?,
        type_use: reader.faults.or_note(type_use).unwrap_or(Some(TypeUse::Broken)),
        value,
        documentation,
        place: reader.place(node),
    })
}
