//! Limits on the resources that a document can use, each with a default and a setter.

use crate::text::nearest::nearest;

/// Bounds on the work and memory that one document can demand.
///
/// A document that exceeds a bound is refused with a diagnostic that names it (`PC06xx`): it is not read further, and
/// never called valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the whole document. Default 1 GiB; at most 4 GiB - 1, since places are kept in 32 bits.
    pub document_bytes: usize,
    /// Bytes of a document that is read in pieces ([`Schema::check_reader`](crate::Schema::check_reader)), so that only
    /// a part of it is in memory. No limit by default.
    pub stream_bytes: usize,
    /// Depth of nested elements; in JSON, of arrays and objects. Default 1,024.
    pub depth: usize,
    /// Attributes of one element, including namespace declarations. Default 4,096.
    pub attributes: usize,
    /// Bytes of one name. Default 65,536. This bounds the work for an unknown name. A name that the schema declares may
    /// be longer, since it is only compared with the declared one.
    pub name_bytes: usize,
    /// Bytes of the name of one namespace, as written. Default 4,096. It is compared for each name in the namespace.
    pub namespace_bytes: usize,
    /// Parameters of one query string or form body. Default 1,024.
    pub parameters: usize,
    /// Messages of one HTTP capture. Default 65,536.
    pub messages: usize,
    /// Fields in the head of one HTTP message, including those of its trailer. Default 1,024.
    pub fields: usize,
    /// Decoded bytes (gzip, deflate, base64) of all bodies of one HTTP capture together. Default 64 MiB.
    pub decoded_bytes: usize,
    /// Whether a document may have a document type declaration. Default no. If so, the internal subset is parsed but
    /// not applied: no external subset or entity is ever loaded, a reference to an entity is an error at the reference,
    /// and an attribute that a declaration would change is an error at its element.
    pub allow_doctype: bool,
    /// Diagnostics that are kept for one document. The rest are only counted. Default 100.
    pub diagnostics: usize,
}

/// The most that `document_bytes` can be.
const MOST_DOCUMENT_BYTES: usize = u32::MAX as usize;

/// Why a limit cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LimitError {
    /// No limit has this name.
    #[error("expected one of `{}`, found `{}`{}", Limits::NAMES.join("`, `"), found.escape_debug(), did_you_mean(found))]
    Unknown {
        /// The name.
        found: String,
    },
    /// The value is too small or too large.
    #[error("expected {} for `{name}`, found {found}", required(*least, *most))]
    Outside {
        /// The limit.
        name: String,
        /// The least value.
        least: usize,
        /// The greatest value, if there is one.
        most: Option<usize>,
        /// The value.
        found: usize,
    },
}

impl Limits {
    /// The names of the limits that are numbers: those of the fields.
    pub const NAMES: [&'static str; 11] = [
        "document_bytes",
        "stream_bytes",
        "depth",
        "attributes",
        "name_bytes",
        "namespace_bytes",
        "parameters",
        "messages",
        "fields",
        "decoded_bytes",
        "diagnostics",
    ];

    /// The defaults.
    ///
    /// ```
    /// use packetcheck::{Limits, Schema};
    ///
    /// # fn main() -> Result<(), packetcheck::SchemaError> {
    /// let schema = Schema::from_documents(&[(
    ///     "note.xsd",
    ///     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="note"/></xs:schema>"#,
    /// )])?;
    /// let schema = schema.with_limits(Limits::new().depth(2).diagnostics(1));
    /// assert!(schema.is_valid(b"<note><a/></note>"));
    /// assert!(!schema.is_valid(b"<note><a><b/></a></note>"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn new() -> Limits {
        Limits::default()
    }

    /// Sets [`document_bytes`](Limits#structfield.document_bytes).
    pub fn document_bytes(mut self, document_bytes: usize) -> Limits {
        self.document_bytes = document_bytes;
        self
    }

    /// Sets [`stream_bytes`](Limits#structfield.stream_bytes).
    pub fn stream_bytes(mut self, stream_bytes: usize) -> Limits {
        self.stream_bytes = stream_bytes;
        self
    }

    /// Sets [`depth`](Limits#structfield.depth).
    pub fn depth(mut self, depth: usize) -> Limits {
        self.depth = depth;
        self
    }

    /// Sets [`attributes`](Limits#structfield.attributes).
    pub fn attributes(mut self, attributes: usize) -> Limits {
        self.attributes = attributes;
        self
    }

    /// Sets [`name_bytes`](Limits#structfield.name_bytes).
    pub fn name_bytes(mut self, name_bytes: usize) -> Limits {
        self.name_bytes = name_bytes;
        self
    }

    /// Sets [`namespace_bytes`](Limits#structfield.namespace_bytes).
    pub fn namespace_bytes(mut self, namespace_bytes: usize) -> Limits {
        self.namespace_bytes = namespace_bytes;
        self
    }

    /// Sets [`parameters`](Limits#structfield.parameters).
    pub fn parameters(mut self, parameters: usize) -> Limits {
        self.parameters = parameters;
        self
    }

    /// Sets [`messages`](Limits#structfield.messages).
    pub fn messages(mut self, messages: usize) -> Limits {
        self.messages = messages;
        self
    }

    /// Sets [`fields`](Limits#structfield.fields).
    pub fn fields(mut self, fields: usize) -> Limits {
        self.fields = fields;
        self
    }

    /// Sets [`decoded_bytes`](Limits#structfield.decoded_bytes).
    pub fn decoded_bytes(mut self, decoded_bytes: usize) -> Limits {
        self.decoded_bytes = decoded_bytes;
        self
    }

    /// Sets [`diagnostics`](Limits#structfield.diagnostics).
    pub fn diagnostics(mut self, diagnostics: usize) -> Limits {
        self.diagnostics = diagnostics;
        self
    }

    /// Sets [`allow_doctype`](Limits#structfield.allow_doctype).
    pub fn allow_doctype(mut self, allow_doctype: bool) -> Limits {
        self.allow_doctype = allow_doctype;
        self
    }

    /// Sets a limit by its name, as a user gives it.
    ///
    /// ```
    /// use packetcheck::Limits;
    ///
    /// let mut limits = Limits::default();
    /// limits.set("depth", 4096)?;
    /// assert_eq!(limits.depth, 4096);
    /// assert!(limits.set("dept", 4096).unwrap_err().to_string().ends_with("found `dept`; did you mean `depth`?"));
    /// # Ok::<(), packetcheck::LimitError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// No limit has this name, or it cannot have this value.
    pub fn set(&mut self, name: &str, value: usize) -> Result<(), LimitError> {
        // A document has at least a byte, an element and a name.
        let (limit, least, most) = match name {
            "document_bytes" => (&mut self.document_bytes, 1, Some(MOST_DOCUMENT_BYTES)),
            "stream_bytes" => (&mut self.stream_bytes, 1, None),
            "depth" => (&mut self.depth, 1, None),
            "attributes" => (&mut self.attributes, 0, None),
            "name_bytes" => (&mut self.name_bytes, 1, None),
            "namespace_bytes" => (&mut self.namespace_bytes, 0, None),
            "parameters" => (&mut self.parameters, 0, None),
            "messages" => (&mut self.messages, 1, None),
            "fields" => (&mut self.fields, 0, None),
            "decoded_bytes" => (&mut self.decoded_bytes, 0, None),
            "diagnostics" => (&mut self.diagnostics, 0, None),
            _ => return Err(LimitError::Unknown { found: name.to_owned() }),
        };
        if value < least || most.is_some_and(|most| value > most) {
            return Err(LimitError::Outside { name: name.to_owned(), least, most, found: value });
        }
        *limit = value;
        Ok(())
    }
}

fn did_you_mean(name: &str) -> String {
    let meant = nearest(name, Limits::NAMES).and_then(|index| Limits::NAMES.get(index));
    meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

fn required(least: usize, most: Option<usize>) -> String {
    match most {
        Some(most) => format!("a number from {least} to {most}"),
        None => format!("at least {least}"),
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            document_bytes: 1 << 30,
            stream_bytes: usize::MAX,
            depth: 1024,
            attributes: 4096,
            name_bytes: 1 << 16,
            namespace_bytes: 1 << 12,
            parameters: 1024,
            messages: 1 << 16,
            fields: 1024,
            decoded_bytes: 1 << 26,
            allow_doctype: false,
            diagnostics: 100,
        }
    }
}
