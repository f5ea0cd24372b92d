//! Small documents that each contain much of something that is rare in API packets, with their schemas.

/// A document with its schema.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Schema documents by their names, the root first.
    pub(crate) schema: &'static [(&'static str, &'static str)],
    pub(crate) document: &'static str,
    /// The start of the tag that repeats, without what follows the name.
    pub(crate) item: &'static str,
}

/// Two namespaces: prefixes that are declared at the root, redeclared below, and default namespaces.
pub(crate) static PREFIXES: Shape = Shape {
    schema: &[
        ("prefixes.xsd", include_str!("shapes/prefixes.xsd")),
        ("prefixes-journey.xsd", include_str!("shapes/prefixes-journey.xsd")),
    ],
    document: include_str!("shapes/prefixes.xml"),
    item: "<j:Call",
};

/// Elements without content and with three to nine attributes, in more than one order.
pub(crate) static ATTRIBUTES: Shape = Shape {
    schema: &[("attributes.xsd", include_str!("shapes/attributes.xsd"))],
    document: include_str!("shapes/attributes.xml"),
    item: "<point ",
};

/// Text with elements in it, references and CDATA sections.
pub(crate) static MIXED: Shape = Shape {
    schema: &[("mixed.xsd", include_str!("shapes/mixed.xsd"))],
    document: include_str!("shapes/mixed.xml"),
    item: "<em",
};

/// Elements and attributes that only wildcards allow: lax, skipped and strict.
pub(crate) static WILDCARDS: Shape = Shape {
    schema: &[("wildcards.xsd", include_str!("shapes/wildcards.xsd"))],
    document: include_str!("shapes/wildcards.xml"),
    item: "<entry",
};

/// Elements under a key, two uniqueness constraints and two key references.
pub(crate) static IDENTITY: Shape = Shape {
    schema: &[("identity.xsd", include_str!("shapes/identity.xsd"))],
    document: include_str!("shapes/identity.xml"),
    item: "<job",
};
