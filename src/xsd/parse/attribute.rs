//! Attribute declarations (part 1, section 3.2), uses of them (3.5), and groups of those (3.6).

use super::declaration::{inline_type, is_qualified, value_constraint};
use super::wildcard::wildcard;
use crate::compiled::{NameId, NamespaceId};
use crate::diagnostic::Code;
use crate::xsd::error::{Result, fault};
use crate::xsd::model::{Attribute, AttributeGroup, AttributeMember, AttributeUse, Attributes, Presence, TypeUse};
use crate::xsd::reader::{Node, Reader};

pub(super) fn global_attribute(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Attribute> {
    reader.check_attributes(node, &["name", "type", "default", "fixed"])?;
    attribute(reader, node, reader.target)
}

/// Section 3.6.2.
pub(super) fn global_attribute_group(reader: &mut Reader<'_>, node: Node<'_>) -> Result<(NameId, AttributeGroup)> {
    reader.check_attributes(node, &["name"])?;
    let name = reader.declared_name(node, reader.target)?;
    let (children, _) = reader.annotated(node)?;
    Ok((name, AttributeGroup { attributes: attributes(reader, node, &children)?, place: reader.place(node) }))
}

/// Attributes, references to attribute groups, and at the end perhaps a wildcard.
pub(super) fn attributes(reader: &mut Reader<'_>, parent: Node<'_>, nodes: &[Node<'_>]) -> Result<Attributes> {
    let mut found = Attributes::default();
    for node in nodes.iter().copied() {
        let added = add_attribute(reader, parent, node, &mut found);
        found.is_broken |= reader.or_note(added).is_none();
    }
    Ok(found)
}

fn add_attribute(reader: &mut Reader<'_>, parent: Node<'_>, node: Node<'_>, found: &mut Attributes) -> Result<()> {
    if found.wildcard.is_some() {
        return reader.unexpected(node, parent);
    }
    match node.tag_name().name() {
        "attribute" => found.attributes.push(attribute_member(reader, node)?),
        "attributeGroup" => {
            reader.check_attributes(node, &["ref"])?;
            reader.leaf(node)?;
            reader.required(node, "ref")?;
            found.groups.extend(reader.reference(node, "ref")?);
        }
        "anyAttribute" => {
            reader.check_attributes(node, &["namespace", "processContents"])?;
            reader.leaf(node)?;
            found.wildcard = Some(wildcard(reader, node)?);
        }
        _ => return reader.unexpected(node, parent),
    }
    Ok(())
}

/// Section 3.2.2.
fn attribute_member(reader: &mut Reader<'_>, node: Node<'_>) -> Result<AttributeMember> {
    let presence = match reader.trimmed(node, "use") {
        None | Some("optional") => Presence::Optional,
        Some("required") => Presence::Required,
        Some("prohibited") => Presence::Prohibited,
        Some(other) => return reader.bad_value(node, "use", "`optional`, `required` or `prohibited`", other),
    };
    if node.has_attribute("default") && presence != Presence::Optional {
        return fault(
            Code::SrcAttribute,
            reader.attribute_place(node, "use"),
            "an attribute with a `default` must be optional",
        );
    }
    let attribute = match reader.reference(node, "ref")? {
        Some(to) => {
            reader.check_attributes(node, &["ref", "use", "default", "fixed"])?;
            reader.leaf(node)?;
            AttributeUse::Reference { to, value: value_constraint(reader, node)? }
        }
        None => {
            reader.check_attributes(node, &["name", "type", "use", "default", "fixed", "form"])?;
            let qualified = is_qualified(reader, node, "form")?.unwrap_or(reader.qualified_attributes);
            let namespace = if qualified { reader.target } else { NamespaceId(0) };
            AttributeUse::Local(attribute(reader, node, namespace)?)
        }
    };
    Ok(AttributeMember { attribute, presence })
}

fn attribute(reader: &mut Reader<'_>, node: Node<'_>, namespace: NamespaceId) -> Result<Attribute> {
    let name = reader.declared_name(node, namespace)?;
    let place = reader.attribute_place(node, "name");
    if reader.names.local(name) == "xmlns" {
        return fault(Code::NoXmlns, place, "an attribute cannot be called `xmlns`");
    }
    if reader.names.namespace(name) == "http://www.w3.org/2001/XMLSchema-instance" {
        return fault(Code::NoXsi, place, "an attribute cannot be declared in the namespace of `xsi:type`");
    }
    let (children, documentation) = reader.annotated(node)?;
    let type_use = inline_type(reader, node, &children, &["simpleType"]);
    let type_use = reader.or_note(type_use).unwrap_or(Some(TypeUse::Broken));
    let value = reader.or_note(value_constraint(reader, node)).flatten();
    Ok(Attribute { name, type_use, value, documentation, place: reader.place(node) })
}
