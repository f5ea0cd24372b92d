//! The documents of two namespaces that nearly every schema set needs but few include: those of `xml:lang` and of
//! XLink. They are used if the namespace is imported and no document is found for it; a document that is found takes
//! precedence.

/// A namespace, and the name and text of the document for it.
pub(super) struct BuiltIn {
    pub(super) namespace: &'static str,
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// A document that refers to others comes before them.
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
