//! What the words typed come to: who decides about a document, and how the decision is shown.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use packetcheck::diagnostic::{Report, Severity};
use packetcheck::{Detected, Kind, Limits, Schema, Sources};

use crate::args::{CheckArguments, LocationArguments};
use crate::input::Source;
use crate::schema;
use crate::status::Trouble;
use crate::walk::{Endings, XML, endings};

/// Who decides whether a document is valid.
pub(crate) enum Judge {
    /// The kind that its content shows.
    Content,
    /// This kind.
    Kind(Kind),
    /// The schema of some files, called so.
    Schema { schema: Schema, path: String, hinted: Option<Box<Hinted>> },
    /// The rules of XML alone.
    Xml,
}

/// By what a document was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Basis {
    /// By what decides about a kind, and why this kind, if its content showed it.
    Kind(Kind, Option<Detected>),
    /// Its content shows no kind: it is no packet.
    NoKind,
    /// By the schema of these files.
    Schema(String),
    /// By the rules of XML.
    Xml,
}

impl Judge {
    /// Compiles the schema, where a file is named.
    pub(crate) fn new(arguments: &CheckArguments) -> Result<Judge, Trouble> {
        let kind = arguments.kind.map(Judge::Kind);
        match (kind, arguments.schemas.as_slice()) {
            (Some(kind), _) => Ok(kind),
            (None, []) => Ok(if arguments.well_formed { Judge::Xml } else { Judge::Content }),
            (None, paths) => {
                let sources = sources(paths, &arguments.locations);
                let schema = Schema::from_sources(&sources).map_err(|error| Trouble::Schema(Box::new(error)))?;
                schema::warn_of_unread(&schema);
                let hinted = arguments.allow_schema_location.then(|| Box::new(Hinted::new(sources)));
                let paths: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
                Ok(Judge::Schema { schema, path: paths.join(", "), hinted })
            }
        }
    }

    /// How the names of files end that it can judge.
    pub(crate) fn endings(&self) -> Endings {
        match self {
            Judge::Content => endings(None),
            Judge::Kind(kind) => endings(Some(*kind)),
            Judge::Schema { .. } | Judge::Xml => XML,
        }
    }

    /// # Errors
    ///
    /// The schemas that the document names cannot be used; why, in words.
    pub(crate) fn judge(&self, source: &Source, document: &[u8]) -> Result<(Basis, Report), String> {
        Ok(match self {
            Judge::Content => judge_by_content(document),
            Judge::Kind(kind) => (Basis::Kind(*kind, None), kind.explain(document)),
            Judge::Schema { schema, path, hinted } => {
                let own = hinted.as_ref().map_or(Ok(None), |hinted| hinted.schema(source, document))?;
                let schema = own.as_ref().unwrap_or(schema);
                (Basis::Schema(path.clone()), schema.explain(document))
            }
            Judge::Xml => (Basis::Xml, packetcheck::check::well_formed(document, &Limits::default())),
        })
    }
}

/// Schemas with what documents name themselves; many documents name the same.
pub(crate) struct Hinted {
    sources: Sources,
    /// The last one, with its sources.
    last: Mutex<Option<(Sources, Schema)>>,
}

impl Hinted {
    fn new(sources: Sources) -> Hinted {
        Hinted { sources, last: Mutex::new(None) }
    }

    /// The schema for a document that names one; `None` where it names none.
    fn schema(&self, source: &Source, document: &[u8]) -> Result<Option<Schema>, String> {
        let sources = self.sources.with_schema_locations(document, source.path());
        if sources.schema_locations().is_empty() {
            return Ok(None);
        }
        let lock = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, schema)) = &*lock()
            && known.schema_locations() == sources.schema_locations()
        {
            return Ok(Some(schema.clone()));
        }
        let schema = Schema::from_sources(&sources).map_err(|error| format!("its schema cannot be used: {error}"))?;
        *lock() = Some((sources, schema.clone()));
        Ok(Some(schema))
    }
}

/// Where the documents of a schema come from.
pub(crate) fn sources(roots: &[PathBuf], locations: &LocationArguments) -> Sources {
    let sources = roots.iter().fold(Sources::new(), Sources::root);
    let sources = locations.map.iter().fold(sources, |sources, (uri, file)| sources.map(uri, file));
    let sources = locations.catalogs.iter().fold(sources, Sources::catalog);
    locations.folders.iter().fold(sources, Sources::folder)
}

/// Finds the kind and lets it decide. A document that shows none is no packet.
pub(crate) fn judge_by_content(document: &[u8]) -> (Basis, Report) {
    match Kind::explain_detected(document) {
        (Some(found), report) => (Basis::Kind(found.kind, Some(found)), report),
        (None, report) => (Basis::NoKind, report),
    }
}

/// Turns warnings into errors.
pub(crate) fn make_strict(report: &mut Report) {
    for diagnostic in &mut report.diagnostics {
        diagnostic.severity = Severity::Error;
    }
    report.errors += std::mem::take(&mut report.warnings);
}
