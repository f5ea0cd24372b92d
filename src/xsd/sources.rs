//! What a caller says of where schema documents come from.

use std::path::{Path, PathBuf};

/// Where the documents of a schema come from: its roots, a table of locations, and the folders that may be read.
///
/// A location in an `xs:include`, `xs:import` or `xs:redefine` is looked up, in this order: as it is written in
/// [`map`](Sources::map) and the catalogs, by the namespace of the import there, and as a path (or a `file:` URL)
/// beside the document that has it. A path must lead into a permitted folder, also when links are followed: that of a
/// root, that of a file that the table names, or one that is permitted besides. Nothing is read over a network.
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
#[derive(Debug, Clone, Default)]
pub struct Sources {
    pub(super) roots: Vec<PathBuf>,
    pub(super) map: Vec<(String, PathBuf)>,
    pub(super) catalogs: Vec<PathBuf>,
    pub(super) folders: Vec<PathBuf>,
}

impl Sources {
    /// Nothing yet: a schema needs a root.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// A schema document to begin with. Several are one schema.
    #[must_use]
    pub fn root(mut self, path: impl AsRef<Path>) -> Sources {
        self.roots.push(path.as_ref().to_owned());
        self
    }

    /// The file that stands for a location, or for the documents of a namespace. It goes before the catalogs.
    #[must_use]
    pub fn map(mut self, uri: impl Into<String>, path: impl AsRef<Path>) -> Sources {
        self.map.push((uri.into(), path.as_ref().to_owned()));
        self
    }

    /// An XML catalog (OASIS, 1.1): `system`, `uri`, `rewriteSystem`, `rewriteURI`, `systemSuffix`, `uriSuffix`, `group`
    /// and `nextCatalog`. Earlier catalogs go before later ones.
    #[must_use]
    pub fn catalog(mut self, path: impl AsRef<Path>) -> Sources {
        self.catalogs.push(path.as_ref().to_owned());
        self
    }

    /// Documents in this folder, and in those in it, may be read too.
    #[must_use]
    pub fn folder(mut self, path: impl AsRef<Path>) -> Sources {
        self.folders.push(path.as_ref().to_owned());
        self
    }
}
