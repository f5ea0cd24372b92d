//! Marks in `xs:appinfo` on elements whose content must not be shown.

use roxmltree::Node;

use super::{SchemaError, XSD};
use crate::compiled::{Compiled, Document};
use crate::diagnostic::Code;

const NAMESPACE: &str = "urn:packetcheck";

/// The local names of the elements that are marked with `<secret xmlns="urn:packetcheck"/>`, or named by one.
pub(crate) fn secrets(schema: &Compiled) -> Result<Vec<Box<str>>, SchemaError> {
    let mut names = Vec::new();
    let mut errors = Vec::new();
    for document in &schema.documents {
        if memchr::memmem::find(document.text.as_bytes(), NAMESPACE.as_bytes()).is_none() {
            continue;
        }
        let tree = super::parse_checked(&document.text).map_err(|error| {
            SchemaError::at(Code::NotWellFormed, document, 0, format!("expected well-formed XML, found {error}"))
        })?;
        for node in tree.descendants().filter(|node| node.tag_name().namespace() == Some(NAMESPACE)) {
            match marked(document, node) {
                Ok(name) if names.contains(&name) => {}
                Ok(name) => names.push(name),
                Err(error) => errors.push(error),
            }
        }
    }
    match SchemaError::joined(errors) {
        None => Ok(names),
        Some(error) => Err(error),
    }
}

/// The name of the element that a mark is for: that of the declaration whose annotation it is in, or the one that it
/// names itself in an annotation of the schema. Anything else in the namespace is refused: a mark that is passed over
/// would show what it is to hide.
fn marked(document: &Document, mark: Node<'_, '_>) -> Result<Box<str>, SchemaError> {
    let above = |node: Node<'_, '_>| node.parent_element().map(|parent| parent.id());
    let node = |id: Option<roxmltree::NodeId>| id.and_then(|id| mark.document().get_node(id));
    let appinfo = node(above(mark)).filter(|node| node.has_tag_name((XSD, "appinfo")));
    let annotation = node(appinfo.and_then(above)).filter(|node| node.has_tag_name((XSD, "annotation")));
    let annotated = node(annotation.and_then(above)).filter(|_| mark.tag_name().name() == "secret");
    let name = annotated.and_then(|annotated| match annotated.tag_name().name() {
        "element" => annotated.attribute("name"),
        "schema" => mark.attribute("element"),
        _ => None,
    });
    name.map(|name| name.trim_ascii().into()).ok_or_else(|| {
        let message = "expected `secret` in the `xs:appinfo` of an element that has a name, or with the attribute `element` in that of the schema";
        SchemaError::at(Code::AppInfo, document, mark.range().start, message)
    })
}
