//! Where the caller says that schema documents come from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::content::Content;
use super::reader::INSTANCE;
use crate::Limits;
use crate::xml::{Reader, Token, attribute_value, decode};

/// Where the documents of a schema come from: its roots, a table of locations, and the folders that may be read.
///
/// A location in an `xs:include`, `xs:import` or `xs:redefine` is looked up, in this order: as written, in
/// [`map`](Sources::map) and the catalogs; by the namespace of the import, in the same; and as a path (or a `file:`
/// URL) relative to its document. A path must lead into a permitted folder, links included: that of a root, that of a
/// file that the table names, or one permitted explicitly. Nothing is read over a network: a location there is answered
/// from the permitted folders, by a file with the same name and the wanted namespace. The namespaces of `xml:lang` and
/// of XLink need no document; one that is found takes precedence.
///
/// # Examples
///
/// ```no_run
/// # fn main() -> Result<(), packetcheck::SchemaError> {
/// use packetcheck::{Schema, Sources};
///
/// let sources = Sources::new()
///     .root("packets.xsd")
///     .map("http://www.w3.org/2001/xml.xsd", "w3/xml.xsd")
///     .catalog("catalog.xml")
///     .folder("/usr/share/xml/types");
/// let schema = Schema::from_sources(&sources)?;
/// # Ok(())
/// # }
/// ```
///
/// # In memory
///
/// With a [`document`](Sources::document) in memory nothing is read from files: roots, and what the table names, are
/// names of such documents. [`Schema::sources`](crate::Schema::sources) returns any schema in this form. It implements
/// the serde traits, so it can be sent to where the files are not.
///
/// ```
/// use packetcheck::{Schema, Sources};
///
/// let note = br#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t">
///   <xs:import namespace="urn:t" schemaLocation="http://example.org/types"/><xs:element name="note" type="t:text"/></xs:schema>"#;
/// let types = br#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
///   <xs:simpleType name="text"><xs:restriction base="xs:token"/></xs:simpleType></xs:schema>"#;
/// let sources = Sources::new()
///     .document("note.xsd", note)
///     .document("types.xsd", types)
///     .root("note.xsd")
///     .map("http://example.org/types", "types.xsd");
/// let schema = Schema::from_sources(&sources)?;
/// assert!(schema.is_valid(b"<note>a b</note>"));
///
/// let sent = serde_json::to_string(schema.sources()).expect("sources are plain data");
/// let received: Sources = serde_json::from_str(&sent).expect("the same");
/// assert!(Schema::from_sources(&received)?.is_valid(b"<note>a b</note>"));
/// # Ok::<(), packetcheck::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sources {
    pub(super) roots: Vec<PathBuf>,
    pub(super) map: Vec<(String, PathBuf)>,
    pub(super) catalogs: Vec<PathBuf>,
    pub(super) folders: Vec<PathBuf>,
    pub(super) hints: Vec<Hint>,
    pub(super) rules: bool,
    /// Documents in memory: if there are any, nothing is read from files.
    pub(super) documents: Vec<Given>,
    /// The documents that locations lead to among them, if their names do not show it.
    pub(super) answers: Vec<Answer>,
    /// Text that is read instead of the contents of files.
    #[serde(skip)]
    pub(super) unsaved: Vec<(PathBuf, Arc<str>)>,
}

/// A document in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Given {
    pub(super) name: String,
    pub(super) content: Content,
}

/// What a location led to when read from files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Answer {
    /// The folder of the document that contains it.
    pub(super) folder: PathBuf,
    pub(super) is_import: bool,
    pub(super) namespace: String,
    pub(super) location: String,
    /// The name of a document; `None` if it led to nothing.
    pub(super) document: Option<String>,
}

/// A schema document that a document itself names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Hint {
    /// `None` if it is meant for no namespace.
    pub(super) namespace: Option<String>,
    pub(super) location: String,
    /// The folder of the document that names it.
    pub(super) base: PathBuf,
}

impl Sources {
    /// Empty sources: a schema needs at least one root.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// Adds a root document. Several roots make one schema.
    #[must_use]
    pub fn root(mut self, path: impl AsRef<Path>) -> Sources {
        self.roots.push(path.as_ref().to_owned());
        self
    }

    /// Maps a location, or the documents of a namespace, to a file. Takes precedence over the catalogs.
    #[must_use]
    pub fn map(mut self, uri: impl Into<String>, path: impl AsRef<Path>) -> Sources {
        self.map.push((uri.into(), path.as_ref().to_owned()));
        self
    }

    /// Adds an XML catalog (OASIS, 1.1): `system`, `uri`, `rewriteSystem`, `rewriteURI`, `systemSuffix`, `uriSuffix`,
    /// `group` and `nextCatalog`. Earlier catalogs take precedence over later ones.
    #[must_use]
    pub fn catalog(mut self, path: impl AsRef<Path>) -> Sources {
        self.catalogs.push(path.as_ref().to_owned());
        self
    }

    /// Also permits documents in this folder and its subfolders.
    #[must_use]
    pub fn folder(mut self, path: impl AsRef<Path>) -> Sources {
        self.folders.push(path.as_ref().to_owned());
        self
    }

    /// Adds a document in memory, in any encoding that a file can have, by a name that is used as a path: in `c/d.xsd`,
    /// `../a/b.xsd` leads to `a/b.xsd`. If two documents have the same name, the first counts. A network location that
    /// is not in the [`map`](Sources::map) leads to the document with the same file name and the wanted namespace.
    /// Folders and catalogs cannot be combined with documents in memory.
    #[must_use]
    pub fn document(mut self, name: impl Into<String>, bytes: impl AsRef<[u8]>) -> Sources {
        self.documents.push(Given { name: name.into(), content: Content::new(Arc::from(bytes.as_ref())) });
        self
    }

    /// Adds text that is read instead of the contents of a file, for a document that is being changed in an editor.
    /// Everything else about the file stays as it is; it need not exist yet.
    #[doc(hidden)]
    #[must_use]
    pub fn unsaved(mut self, path: impl AsRef<Path>, text: &str) -> Sources {
        let path = path.as_ref();
        self.unsaved.push((path.canonicalize().unwrap_or_else(|_| path.to_owned()), text.into()));
        self
    }

    /// The documents in memory, each with its name and its bytes.
    pub fn documents(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.documents.iter().map(|given| (given.name.as_str(), given.content.bytes()))
    }

    /// The roots.
    pub fn roots(&self) -> impl Iterator<Item = &Path> {
        self.roots.iter().map(PathBuf::as_path)
    }

    /// Runs the Schematron rules of all documents. Without this they are run only where the schema says so, with
    /// `<rules xmlns="urn:packetcheck"/>` in an `xs:appinfo`; elsewhere they are annotations.
    #[must_use]
    pub fn rules(self) -> Sources {
        Sources { rules: true, ..self }
    }

    /// The same sources with the schema documents that a document at `path` itself names, in `xsi:schemaLocation` and
    /// `xsi:noNamespaceSchemaLocation` of any of its elements (part 1, section 4.3.2). They are also roots, looked up
    /// like any other location: the permitted folders stay the same, so that of the document is not added.
    ///
    /// What a document says is followed only if the caller uses this. A document that names an unreadable schema gives
    /// sources that cannot be compiled.
    #[must_use]
    pub fn with_schema_locations(&self, document: &[u8], path: impl AsRef<Path>) -> Sources {
        Sources { hints: hints(document, path.as_ref()), ..self.clone() }
    }

    /// The documents that were named, to find out whether two documents named the same ones.
    #[doc(hidden)]
    pub fn schema_locations(&self) -> Vec<(Option<&str>, &str, &Path)> {
        self.hints.iter().map(|hint| (hint.namespace.as_deref(), hint.location.as_str(), hint.base.as_path())).collect()
    }
}

/// The most locations that are taken from one document.
const HINTS: usize = 100;

/// Everything that a document names, in order, without duplicates.
fn hints(document: &[u8], path: &Path) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    let base = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let limits = Limits { allow_doctype: true, ..Limits::default() };
    let Ok(document) = decode(document, &limits) else { return hints };
    let Ok(mut reader) = Reader::new(&document, &limits) else { return hints };
    loop {
        match reader.next(&mut |_| {}) {
            Token::Start { .. } => {
                let is_of_instance =
                    |prefix: &str| !prefix.is_empty() && reader.scopes().resolve(prefix) == Some(INSTANCE);
                for attribute in reader.attributes().iter().filter(|attribute| is_of_instance(attribute.prefix())) {
                    for (namespace, location) in pairs(attribute.local_name(), &attribute_value(attribute.value)) {
                        let hint = Hint { namespace, location, base: base.to_owned() };
                        if hints.len() < HINTS && !hints.contains(&hint) {
                            hints.push(hint);
                        }
                    }
                }
            }
            Token::Eof => return hints,
            Token::End { .. } | Token::Text { .. } => {}
        }
    }
}

/// The namespaces and locations in the value of an attribute of the instance namespace.
fn pairs(attribute: &str, value: &str) -> Vec<(Option<String>, String)> {
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    match attribute {
        "schemaLocation" => {
            let pairs = words.chunks_exact(2).filter_map(|pair| pair.first().zip(pair.get(1)));
            pairs.map(|(namespace, location)| (Some((*namespace).to_owned()), (*location).to_owned())).collect()
        }
        "noNamespaceSchemaLocation" => {
            words.first().map(|location| (None, (*location).to_owned())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
