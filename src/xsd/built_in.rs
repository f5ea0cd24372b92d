//! The documents of two namespaces that nearly every schema set needs and few bring along: those of `xml:lang` and of
//! XLink. They are read where the namespace is imported and no document for it is there; one that is there wins.

/// A namespace, and the name and text of the document for it.
pub(super) struct BuiltIn {
    pub(super) namespace: &'static str,
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// What refers to others comes first.
pub(super) const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        namespace: "http://www.w3.org/1999/xlink",
        name: "xlink.xsd (built in)",
        text: include_str!("built_in/xlink.xsd"),
    },
    BuiltIn { namespace: roxmltree::NS_XML_URI, name: "xml.xsd (built in)", text: include_str!("built_in/xml.xsd") },
];

/// Whether a namespace needs no document.
pub(super) fn is_built_in(namespace: &str) -> bool {
    BUILT_IN.iter().any(|document| document.namespace == namespace)
}
