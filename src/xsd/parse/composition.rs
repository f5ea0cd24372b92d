//! How a schema is composed of documents (part 1, section 4.2): `xs:include`, `xs:import` and `xs:redefine`.

use super::attribute::global_attribute_group;
use super::global_type;
use super::particle::global_group;
use crate::compiled::{NamespaceId, Place};
use crate::diagnostic::Code;
use crate::xsd::fault::{Result, fault};
use crate::xsd::model::{Components, Redefinition, Reference};
use crate::xsd::reader::{Node, Reader, construct, is};

/// A document that another one names.
pub(in crate::xsd) struct Link<'a> {
    /// `None` only for an import.
    pub(in crate::xsd) location: Option<&'a str>,
    pub(in crate::xsd) purpose: Purpose,
    /// The place of the attribute with the location.
    pub(in crate::xsd) place: Place,
}

/// Why another document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::xsd) enum Purpose {
    Include,
    /// The namespace that it must have.
    Import(NamespaceId),
    Redefine,
}

/// Whether a child of `xs:schema` may come before the declarations.
pub(super) fn may_be_first(node: Node<'_>) -> bool {
    matches!(node.tag_name().name(), "include" | "import" | "redefine" | "annotation")
}

/// The documents that a document names, and its redefinitions. From here on, imported namespaces may be referred to.
pub(super) fn links<'a>(reader: &mut Reader<'_>, nodes: &[Node<'a>], components: &mut Components) -> Vec<Link<'a>> {
    let mut links = Vec::with_capacity(nodes.len());
    for node in nodes.iter().copied() {
        let link = match node.tag_name().name() {
            "include" => include(reader, node),
            "import" => import(reader, node),
            "redefine" => redefined(reader, node),
            _ => {
                reader.annotation(node);
                continue;
            }
        };
        match reader.faults.or_note(link) {
            Some(link) => links.push(link),
            // The declarations of that document are missing, which is reported.
            None => drop(components.incomplete.insert(reader.target)),
        }
    }
    // Redefinitions may refer to anything that is imported.
    for node in nodes.iter().copied().filter(|node| is(*node, "redefine")) {
        redefine(reader, node, components);
    }
    links
}

/// The documents named by a copy of a document that was already read: the same locations may lead to other files from
/// the folder of the copy. Their faults were reported; redefinitions apply only once.
pub(in crate::xsd) fn links_of_copy<'a>(reader: &mut Reader<'_>, root: Node<'a>) -> Vec<Link<'a>> {
    let named = reader.children(root).into_iter().take_while(|child| may_be_first(*child));
    let link = |node: Node<'a>| {
        let purpose = match node.tag_name().name() {
            "include" => Purpose::Include,
            "import" => {
                let uri = reader.trimmed(node, "namespace");
                Purpose::Import(uri.map_or(NamespaceId::NONE, |uri| reader.names.intern_namespace(uri)))
            }
            _ => return None,
        };
        let location = Some(reader.trimmed(node, "schemaLocation")?);
        Some(Link { location, purpose, place: reader.attribute_place(node, "schemaLocation") })
    };
    named.filter_map(link).collect()
}

/// Section 4.2.1.
fn include<'a>(reader: &Reader<'_>, node: Node<'a>) -> Result<Link<'a>> {
    reader.check_attributes(node, &["schemaLocation"]);
    reader.leaf(node);
    required_link(reader, node, Purpose::Include)
}

/// Section 4.2.3: makes a namespace known, and perhaps the location of a document for it.
fn import<'a>(reader: &mut Reader<'_>, node: Node<'a>) -> Result<Link<'a>> {
    reader.check_attributes(node, &["namespace", "schemaLocation"]);
    reader.leaf(node);
    let namespace =
        reader.trimmed(node, "namespace").map_or(NamespaceId::NONE, |uri| reader.names.intern_namespace(uri));
    if namespace == reader.target {
        let message = format!("{} of the target namespace itself: use `xs:include`", construct(node));
        return fault(Code::SrcImport, reader.place(node), message);
    }
    reader.imported.insert(namespace);
    let (location, place) = (reader.trimmed(node, "schemaLocation"), reader.attribute_place(node, "schemaLocation"));
    Ok(Link { location, purpose: Purpose::Import(namespace), place })
}

/// Section 4.2.2: the redefined document.
fn redefined<'a>(reader: &Reader<'_>, node: Node<'a>) -> Result<Link<'a>> {
    reader.check_attributes(node, &["schemaLocation"]);
    required_link(reader, node, Purpose::Redefine)
}

fn required_link<'a>(reader: &Reader<'_>, node: Node<'a>, purpose: Purpose) -> Result<Link<'a>> {
    let location = Some(reader.required(node, "schemaLocation")?);
    Ok(Link { location, purpose, place: reader.attribute_place(node, "schemaLocation") })
}

/// Section 4.2.2: the redefinitions; what they redefine is known once all documents are read.
fn redefine(reader: &mut Reader<'_>, node: Node<'_>, components: &mut Components) {
    let of = reader.attribute_place(node, "schemaLocation");
    for child in reader.children(node) {
        let read = redefinition(reader, child, node, of, components);
        reader.faults.or_note(read);
    }
}

/// One child of `xs:redefine`.
fn redefinition(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    parent: Node<'_>,
    of: Place,
    components: &mut Components,
) -> Result<()> {
    let place = reader.place(node);
    match node.tag_name().name() {
        "annotation" => {
            reader.annotation(node);
        }
        "simpleType" | "complexType" => {
            let (name, definition) = global_type(reader, node)?;
            components.redefined_types.push(Redefinition { name: Reference { name, place }, definition, of });
        }
        "group" => {
            let (name, definition) = global_group(reader, node)?;
            components.redefined_groups.push(Redefinition { name: Reference { name, place }, definition, of });
        }
        "attributeGroup" => {
            let (name, definition) = global_attribute_group(reader, node)?;
            components.redefined_attribute_groups.push(Redefinition {
                name: Reference { name, place },
                definition,
                of,
            });
        }
        _ => return reader.unexpected(node, parent),
    }
    Ok(())
}
