//! What a document may spend: every resource has a limit with a default and a setting.

/// Bounds on the work and memory that one document can demand.
///
/// A document that goes over a bound is refused with a diagnostic that names it
/// (`PC06xx`): it is neither read further nor called valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the whole document. Default 1 GiB; at most 4 GiB - 1, since places are kept in 32 bits.
    pub document_bytes: usize,
    /// Elements open at once; in JSON, arrays and objects. Default 1,024.
    pub depth: usize,
    /// Attributes of one element, namespace declarations included. Default 4,096.
    pub attributes: usize,
    /// Bytes of one name. Default 65,536.
    pub name_bytes: usize,
    /// Parameters of one query string or form body. Default 1,024.
    pub parameters: usize,
    /// Whether a document may have a document type declaration. Default no. Where it may, the internal subset is read by
    /// its grammar, and nothing of it is applied: no external subset or entity is ever loaded, a reference to an entity
    /// is an error at that reference, and an attribute that a declaration would change is an error at its element.
    pub allow_doctype: bool,
    /// Diagnostics that are kept of one document; the rest are counted. Default 100.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            document_bytes: 1 << 30,
            depth: 1024,
            attributes: 4096,
            name_bytes: 1 << 16,
            parameters: 1024,
            allow_doctype: false,
            diagnostics: 100,
        }
    }
}
