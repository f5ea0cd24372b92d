//! What a document is put together from (part 1, section 4.2): `xs:include`, `xs:import` and `xs:redefine`.

use super::attribute::global_attribute_group;
use super::global_type;
use super::particle::global_group;
use crate::compiled::{NamespaceId, Place};
use crate::diagnostic::Code;
use crate::xsd::error::{Result, fault};
use crate::xsd::model::{Components, Redefinition, Reference};
use crate::xsd::reader::{Node, Reader, construct};

/// A document that another one names.
pub(in crate::xsd) struct Link<'a> {
    /// `None` only for an import.
    pub(in crate::xsd) location: Option<&'a str>,
    pub(in crate::xsd) purpose: Purpose,
    /// Of the attribute with the location.
    pub(in crate::xsd) place: Place,
}

/// What another document is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::xsd) enum Purpose {
    Include,
    /// The namespace that it is to be of.
    Import(NamespaceId),
    Redefine,
}

/// Section 4.2: the documents that a document names, which it does before it declares anything (3.15.2). Namespaces that
/// it imports may be referred to from here on.
pub(super) fn links<'a>(reader: &mut Reader<'_>, children: &[Node<'a>]) -> Vec<Link<'a>> {
    let mut links = Vec::new();
    for child in children.iter().copied() {
        let link = match child.tag_name().name() {
            "include" => include(reader, child),
            "import" => import(reader, child),
            "redefine" => redefined_document(reader, child),
            "annotation" => continue,
            _ => break,
        };
        links.extend(reader.or_note(link));
    }
    links
}

/// Section 4.2.1.
fn include<'a>(reader: &Reader<'_>, node: Node<'a>) -> Result<Link<'a>> {
    reader.check_attributes(node, &["schemaLocation"])?;
    reader.or_note(reader.leaf(node));
    required_link(reader, node, Purpose::Include)
}

/// Section 4.2.3: a namespace becomes known, and perhaps where to find a document of it.
fn import<'a>(reader: &mut Reader<'_>, node: Node<'a>) -> Result<Link<'a>> {
    reader.check_attributes(node, &["namespace", "schemaLocation"])?;
    reader.leaf(node)?;
    let namespace = reader.trimmed(node, "namespace").map_or(NamespaceId(0), |uri| reader.names.intern_namespace(uri));
    if namespace == reader.target {
        let message = format!("{} of the target namespace itself: use `xs:include`", construct(node));
        return fault(Code::SrcImport, reader.place(node), message);
    }
    reader.imported.push(namespace);
    let (location, place) = (reader.trimmed(node, "schemaLocation"), reader.attribute_place(node, "schemaLocation"));
    Ok(Link { location, purpose: Purpose::Import(namespace), place })
}

/// Section 4.2.2: what stands in it is read with the declarations, when all imports are known.
fn redefined_document<'a>(reader: &Reader<'_>, node: Node<'a>) -> Result<Link<'a>> {
    reader.check_attributes(node, &["schemaLocation"])?;
    required_link(reader, node, Purpose::Redefine)
}

fn required_link<'a>(reader: &Reader<'_>, node: Node<'a>, purpose: Purpose) -> Result<Link<'a>> {
    let location = Some(reader.required(node, "schemaLocation")?);
    Ok(Link { location, purpose, place: reader.attribute_place(node, "schemaLocation") })
}

/// Section 4.2.2: what redefines; what is redefined is known when all documents are read.
pub(super) fn redefine(reader: &mut Reader<'_>, node: Node<'_>, components: &mut Components) -> Result<()> {
    let of = reader.attribute_place(node, "schemaLocation");
    for child in reader.children(node)? {
        let result = redefinition(reader, child, node, of, components);
        reader.or_note(result);
    }
    Ok(())
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
            reader.annotation(node)?;
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
