//! The schemas inside a WSDL document: those in `wsdl:types` of the `wsdl:definitions` of WSDL 1.1 (W3C Note, section
//! 2.2), or of the `wsdl:description` of WSDL 2.0 (part 1, section 3.1). They import one another by namespace alone. A
//! WSDL document or schema named by a `wsdl:import`, a `wsdl:include` or, in the types of WSDL 2.0, an `xs:import` is
//! also read.

use super::reader::{Node, XSD, is};

/// The namespaces and roots of WSDL 1.1, of WSDL 2.0, and of the WSDL 2.0 candidate that tools adopted.
const ROOTS: [(&str, &str); 3] = [
    ("http://schemas.xmlsoap.org/wsdl/", "definitions"),
    ("http://www.w3.org/ns/wsdl", "description"),
    ("http://www.w3.org/2006/01/wsdl", "description"),
];

/// Whether this is the root of a WSDL document.
pub(super) fn is_wsdl(root: Node<'_>) -> bool {
    ROOTS.iter().any(|name| root.has_tag_name(*name))
}

/// The schemas inside, in the order of the document.
pub(super) fn schemas(root: Node<'_>) -> Vec<Node<'_>> {
    in_types(root).filter(|node| is(*node, "schema")).collect()
}

/// What else belongs to it: each importing or including element, with its location and namespace.
pub(super) fn imports(root: Node<'_>) -> Vec<(Node<'_>, &str, &str)> {
    let own = root.attribute("targetNamespace").unwrap_or_default();
    let children = root.children().filter_map(|node| {
        let namespace = match node {
            _ if is_of_wsdl(root, node, "import") => node.attribute("namespace").unwrap_or_default(),
            _ if is_of_wsdl(root, node, "include") => own,
            _ => return None,
        };
        Some((node, node.attribute("location")?, namespace))
    });
    let in_types = in_types(root).filter(|node| is(*node, "import")).filter_map(|node| {
        Some((node, node.attribute("schemaLocation")?, node.attribute("namespace").unwrap_or_default()))
    });
    children.chain(in_types).collect()
}

fn in_types(root: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let types = root.children().filter(move |node| is_of_wsdl(root, *node, "types"));
    types.flat_map(|types| types.children()).filter(|node| node.tag_name().namespace() == Some(XSD))
}

fn is_of_wsdl(root: Node<'_>, node: Node<'_>, name: &str) -> bool {
    node.tag_name().namespace() == root.tag_name().namespace() && node.tag_name().name() == name
}
