//! What the arguments amount to: what documents are checked against, and how the result is shown.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use packetcheck::check::well_formed;
use packetcheck::diagnostic::{Code, Report, Severity};
use packetcheck::{CapturedMessage, Detected, Explained, Limits, PacketKind, Schema, Sources};

use crate::args::{CheckerArguments, LocationArguments};
use crate::config::{Configuration, Rules};
use crate::input::walk::{Endings, XML, endings};
use crate::input::{Source, unicode};
use crate::schema::Warnings;
use crate::status::Trouble;

/// Checks whether documents are valid, within certain limits.
pub(crate) struct Checker {
    by: By,
    /// What the configuration says about files, by their names.
    configured: Vec<By>,
    rules: Rules,
    limits: Limits,
    warnings: Arc<Warnings>,
}

enum By {
    /// By the kind that the content shows.
    Content,
    /// By this kind.
    Kind(PacketKind),
    /// By the schema in some files, with its name.
    Schema { schema: Schema, path: String, hinted: Option<Box<Hinted>> },
    /// By the schemas that each document names.
    Named(Box<Hinted>),
    /// Only by the rules of XML.
    Xml,
}

fn says_nothing(report: &Report) -> bool {
    report.errors == 0 && report.warnings == 0
}

/// What a document was checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Basis {
    /// The rules for a kind, with the reason for this kind if its content showed it.
    Kind(PacketKind, Option<Detected>),
    /// The rules for the kind of each message of an HTTP capture.
    Capture(Vec<CapturedMessage>),
    /// Nothing: its content shows no kind, so it is not a packet.
    NoKind,
    /// The schema in these files.
    Schema(String),
    /// The rules of XML.
    Xml,
}

impl Checker {
    /// Compiles the schema, if a file is given.
    pub(crate) fn new(arguments: &CheckerArguments, configuration: &Configuration) -> Result<Checker, Trouble> {
        let mut limits = arguments.documents.limits_over(configuration.limits());
        if limits.document_bytes < Limits::default().document_bytes {
            // A lower limit for documents also applies to those that are read as streams.
            limits.stream_bytes = limits.stream_bytes.min(limits.document_bytes);
        }
        let warnings = Arc::new(Warnings::new(arguments.strict || configuration.strict));
        let hinted = |sources, is_beside| Box::new(Hinted::new(sources, is_beside, Arc::clone(&warnings)));
        let by = match (arguments.kind, arguments.schemas.as_slice()) {
            (Some(kind), _) => By::Kind(kind),
            (None, []) if arguments.allow_schema_location => {
                By::Named(hinted(sources(&[], &arguments.locations), true))
            }
            (None, []) if arguments.well_formed => By::Xml,
            (None, []) => By::Content,
            (None, paths) => {
                let sources = sources(paths, &arguments.locations);
                let schema = compiled(&sources, &warnings, limits)?;
                let hinted = arguments.allow_schema_location.then(|| hinted(sources, false));
                By::Schema { schema, path: names(paths), hinted }
            }
        };
        // The command line applies to all files.
        let configured = match by {
            By::Content => configured(configuration, &warnings, limits)?,
            _ => Vec::new(),
        };
        Ok(Checker { by, configured, rules: configuration.rules()?, limits, warnings })
    }

    /// What a document is checked against.
    fn by(&self, source: &Source) -> &By {
        self.rule(source).unwrap_or(&self.by)
    }

    fn rule(&self, source: &Source) -> Option<&By> {
        if self.configured.is_empty() {
            return None;
        }
        self.configured.get(self.rules.position(source)?)
    }

    /// The schema that a document is checked against whatever it contains, and the name of the schema.
    pub(crate) fn schema_for_all(&self, source: &Source) -> Option<(&Schema, &str)> {
        match self.by(source) {
            By::Schema { schema, path, hinted: None } => Some((schema, path)),
            _ => None,
        }
    }

    /// Whether the configuration has an entry for a file.
    pub(crate) fn is_configured(&self, source: &Source) -> bool {
        self.rule(source).is_some()
    }

    /// Whether the command line gives the kind or schema of all files.
    pub(crate) fn is_given(&self) -> bool {
        matches!(self.by, By::Schema { .. } | By::Kind(_))
    }

    /// The warnings about the schemas themselves; those about schemas that documents name are added when these are
    /// checked.
    pub(crate) fn warnings(&self) -> Arc<Warnings> {
        Arc::clone(&self.warnings)
    }

    /// The extensions of the file names that it can check.
    pub(crate) fn endings(&self) -> Endings {
        match &self.by {
            By::Content => endings(None),
            By::Kind(kind) => endings(Some(*kind)),
            By::Schema { .. } | By::Named(_) | By::Xml => XML,
        }
    }

    /// The limits within which documents are read.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The schema that an XML document is checked against, as far as it is known without the rest of the document.
    ///
    /// # Errors
    ///
    /// The schemas that the document names cannot be used. The message has the reason.
    pub(crate) fn schema(&self, source: &Source, document: &[u8]) -> Result<Option<Schema>, String> {
        Ok(match self.by(source) {
            By::Content => {
                PacketKind::detect_limited(document, &self.limits).and_then(|found| found.kind.schema().cloned())
            }
            By::Kind(kind) => kind.schema().cloned(),
            By::Schema { schema, hinted, .. } => {
                let own = hinted.as_ref().map_or(Ok(None), |hinted| hinted.schema(source, document))?;
                Some(own.unwrap_or_else(|| schema.clone()))
            }
            By::Named(hinted) => hinted.schema(source, document)?,
            By::Xml => None,
        })
    }

    /// Whether documents name schemas themselves.
    pub(crate) fn reads_locations(&self) -> bool {
        matches!(self.by, By::Named(_) | By::Schema { hinted: Some(_), .. })
    }

    /// The schemas that have been compiled.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = &Schema> {
        std::iter::once(&self.by).chain(&self.configured).filter_map(|by| match by {
            By::Schema { schema, .. } => Some(schema),
            By::Content | By::Kind(_) | By::Named(_) | By::Xml => None,
        })
    }

    /// Whether a document certainly has no errors or warnings.
    pub(crate) fn is_spotless(&self, source: &Source, document: &[u8]) -> bool {
        match self.by(source) {
            By::Content => PacketKind::spotless(document, &self.limits).is_some(),
            By::Named(_) => false,
            By::Kind(kind) => says_nothing(&kind.explain_limited(document, &self.limits)),
            By::Schema { hinted: Some(_), .. } => false,
            By::Schema { schema, .. } => says_nothing(&schema.explain(document)),
            By::Xml => says_nothing(&well_formed(document, &self.limits)),
        }
    }

    /// # Errors
    ///
    /// The schemas that the document names cannot be used. The message has the reason.
    pub(crate) fn check(&self, source: &Source, document: &[u8]) -> Result<(Basis, Report), String> {
        self.check_within(source, document, &self.limits)
    }

    /// As `check`, within other limits.
    pub(crate) fn check_within(
        &self,
        source: &Source,
        document: &[u8],
        limits: &Limits,
    ) -> Result<(Basis, Report), String> {
        Ok(match self.by(source) {
            By::Content => explain_by_content(document, limits),
            By::Kind(kind) => explain_by_kind(document, *kind, limits),
            By::Schema { schema, path, hinted } => {
                let own = hinted.as_ref().map_or(Ok(None), |hinted| hinted.schema(source, document))?;
                let schema = own.as_ref().unwrap_or(schema).with_limits(*limits);
                (Basis::Schema(path.clone()), explain_by_schema(document, &schema))
            }
            By::Named(hinted) => {
                let Some(schema) = hinted.schema(source, document)? else {
                    let report = Explained::name_the_cause(document, None, well_formed(document, limits));
                    return match report.is_valid() {
                        true => Err(String::from("names no schema (xsi:schemaLocation); pass one with `--schema`")),
                        // It would be invalid whatever its schema.
                        false => Ok((Basis::Xml, report)),
                    };
                };
                let schema = schema.with_limits(*limits);
                let path = schema.documents().next().unwrap_or_default().to_owned();
                (Basis::Schema(path), explain_by_schema(document, &schema))
            }
            By::Xml => {
                let report = well_formed(document, limits);
                (Basis::Xml, Explained::name_the_cause(document, None, report))
            }
        })
    }
}

/// What the configuration says about a file.
pub(crate) enum Configured {
    Kind(PacketKind),
    /// The schema, and its name.
    Schema(Schema, String),
}

impl Configured {
    /// The schema, if there is one.
    pub(crate) fn schema(self) -> Option<Schema> {
        match self {
            Configured::Kind(kind) => kind.schema().cloned(),
            Configured::Schema(schema, _) => Some(schema),
        }
    }
}

/// What the configuration says about files, entry by entry.
pub(crate) fn configured_rules(configuration: &Configuration, limits: Limits) -> Result<Vec<Configured>, Trouble> {
    let warnings = Warnings::new(configuration.strict);
    let rule = |by| match by {
        By::Kind(kind) => Some(Configured::Kind(kind)),
        By::Schema { schema, path, .. } => Some(Configured::Schema(schema, path)),
        // Only the command line can say so.
        By::Content | By::Named(_) | By::Xml => None,
    };
    Ok(configured(configuration, &warnings, limits)?.into_iter().filter_map(rule).collect())
}

/// What the configuration says about files.
fn configured(configuration: &Configuration, warnings: &Warnings, limits: Limits) -> Result<Vec<By>, Trouble> {
    let files = configuration.files.iter().map(|files| {
        if let Some(kind) = files.kind() {
            return Ok(By::Kind(kind));
        }
        configuration.examine_schemas(files)?;
        let roots: Vec<PathBuf> = files.schemas().iter().map(|path| configuration.path(path)).collect();
        let schema = compiled(&sources(&roots, &files.locations(configuration)), warnings, limits)?;
        Ok(By::Schema { schema, path: names(&files.schemas()), hinted: None })
    });
    files.collect()
}

fn compiled(sources: &Sources, warnings: &Warnings, limits: Limits) -> Result<Schema, Trouble> {
    let schema = Schema::from_sources(sources).map_err(|error| Trouble::Schema(Box::new(error)))?;
    warnings.show(&schema);
    Ok(schema.with_limits(limits))
}

pub(crate) fn names(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| unicode(path)).collect::<Vec<_>>().join(", ")
}

/// Compiles schemas together with those that documents name; many documents name the same ones.
pub(crate) struct Hinted {
    sources: Sources,
    /// Whether the folder of each document is permitted, because nothing else tells where schemas are.
    is_beside: bool,
    /// The last schema, with its sources.
    last: Mutex<Option<(Sources, Schema)>>,
    warnings: Arc<Warnings>,
}

impl Hinted {
    fn new(sources: Sources, is_beside: bool, warnings: Arc<Warnings>) -> Hinted {
        Hinted { sources, is_beside, last: Mutex::new(None), warnings }
    }

    /// The schema for a document that names one; `None` if it names none.
    fn schema(&self, source: &Source, document: &[u8]) -> Result<Option<Schema>, String> {
        let sources = self.sources.with_schema_locations(document, source.as_path());
        let sources = if self.is_beside { sources.folder(source.folder()) } else { sources };
        if sources.schema_locations().is_empty() {
            return Ok(None);
        }
        let lock = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, schema)) = &*lock()
            && known.schema_locations() == sources.schema_locations()
        {
            return Ok(Some(schema.clone()));
        }
        let schema = Schema::from_sources(&sources).map_err(|error| {
            let help = error.help().map(|help| format!("; {help}")).unwrap_or_default();
            format!("its schema cannot be used: {error}{help}")
        })?;
        self.warnings.show(&schema);
        *lock() = Some((sources, schema.clone()));
        Ok(Some(schema))
    }
}

/// Where the documents of a schema come from.
pub(crate) fn sources(roots: &[PathBuf], locations: &LocationArguments) -> Sources {
    let sources = roots.iter().fold(Sources::new(), Sources::root);
    let sources = locations.map.iter().fold(sources, |sources, (uri, file)| sources.map(uri, file));
    let sources = locations.catalogs.iter().fold(sources, Sources::catalog);
    let sources = locations.folders.iter().fold(sources, Sources::folder);
    if locations.rules { sources.rules() } else { sources }
}

/// Detects the kind of a document and checks it by that kind. A document that shows no kind is not a packet.
pub(crate) fn explain_by_content(document: &[u8], limits: &Limits) -> (Basis, Report) {
    let Explained { detected, messages, report, .. } = Explained::of(document, None, limits);
    let basis = match (detected, messages) {
        (Some(found), messages) if messages.is_empty() => Basis::Kind(found.kind, Some(found)),
        (None, messages) if messages.is_empty() => Basis::NoKind,
        (_, messages) => Basis::Capture(messages),
    };
    (basis, report)
}

/// Checks a document by a kind.
pub(crate) fn explain_by_kind(document: &[u8], kind: PacketKind, limits: &Limits) -> (Basis, Report) {
    let Explained { messages, report, .. } = Explained::of(document, Some(kind), limits);
    let basis = if messages.is_empty() { Basis::Kind(kind, None) } else { Basis::Capture(messages) };
    (basis, report)
}

/// Checks a document by a schema.
pub(crate) fn explain_by_schema(document: &[u8], schema: &Schema) -> Report {
    Explained::name_the_cause(document, Some(schema), schema.explain(document))
}

/// Why a document cannot be read because its encoding is unknown: its validity cannot be determined.
pub(crate) fn unreadable(report: &Report) -> Option<String> {
    let first = report.diagnostics.first().filter(|first| first.code == Code::UnsupportedEncoding)?;
    Some(format!("cannot be read: {}", first.message))
}

/// Turns warnings into errors.
pub(crate) fn make_strict(report: &mut Report) {
    for diagnostic in &mut report.diagnostics {
        diagnostic.severity = Severity::Error;
    }
    report.errors += std::mem::take(&mut report.warnings);
}
