//! The schemas inside a WSDL 1.1 document (W3C Note, section 2.2): those in `wsdl:types` of its `wsdl:definitions`.
//! They import one another by namespace alone. What a `wsdl:import` names is read as well, a WSDL document or a schema.

use super::reader::{Node, XSD, is};

const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";

/// Whether this is the root of a WSDL 1.1 document.
pub(super) fn is_definitions(root: Node<'_>) -> bool {
    root.has_tag_name((WSDL, "definitions"))
}

/// The schemas inside, in the order of the document.
pub(super) fn schemas(definitions: Node<'_>) -> Vec<Node<'_>> {
    let types = definitions.children().filter(|node| node.has_tag_name((WSDL, "types")));
    types
        .flat_map(|types| types.children())
        .filter(|node| node.tag_name().namespace() == Some(XSD) && is(*node, "schema"))
        .collect()
}

/// What else belongs to it: each `wsdl:import` with a location.
pub(super) fn imports(definitions: Node<'_>) -> Vec<Node<'_>> {
    let imports = definitions.children().filter(|node| node.has_tag_name((WSDL, "import")));
    imports.filter(|node| node.has_attribute("location")).collect()
}
