//! What the words typed come to: who decides about a document, and how the decision is shown.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use packetcheck::check::well_formed;
use packetcheck::diagnostic::{Code, Report, Severity};
use packetcheck::{CapturedMessage, Detected, Explained, Limits, PacketKind, Schema, Sources};

use crate::args::{JudgeArguments, LocationArguments};
use crate::config::{Configuration, Rules};
use crate::input::walk::{Endings, XML, endings};
use crate::input::{Source, unicode};
use crate::schema::Warnings;
use crate::status::Trouble;

/// Who decides whether a document is valid, and within which limits.
pub(crate) struct Judge {
    by: By,
    /// What the configuration says of files by their names.
    configured: Vec<By>,
    rules: Rules,
    limits: Limits,
    warnings: Arc<Warnings>,
}

enum By {
    /// The kind that its content shows.
    Content,
    /// This kind.
    Kind(PacketKind),
    /// The schema of some files, called so.
    Schema { schema: Schema, path: String, hinted: Option<Box<Hinted>> },
    /// The schemas that each document names itself.
    Named(Box<Hinted>),
    /// The rules of XML alone.
    Xml,
}

fn says_nothing(report: &Report) -> bool {
    report.errors == 0 && report.warnings == 0
}

/// By what a document was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Basis {
    /// By what decides about a kind, and why this kind, if its content showed it.
    Kind(PacketKind, Option<Detected>),
    /// By what decides about the kind of each message of a capture of HTTP.
    Capture(Vec<CapturedMessage>),
    /// Its content shows no kind: it is no packet.
    NoKind,
    /// By the schema of these files.
    Schema(String),
    /// By the rules of XML.
    Xml,
}

impl Judge {
    /// Compiles the schema, where a file is named.
    pub(crate) fn new(arguments: &JudgeArguments, configuration: &Configuration) -> Result<Judge, Trouble> {
        let mut limits = arguments.documents.limits_over(configuration.limits());
        if limits.document_bytes < Limits::default().document_bytes {
            // Whoever wants smaller documents wants no large ones either, however they are read.
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
        // What is said on the command line counts for all files.
        let configured = match by {
            By::Content => configured(configuration, &warnings, limits)?,
            _ => Vec::new(),
        };
        Ok(Judge { by, configured, rules: configuration.rules()?, limits, warnings })
    }

    /// Who decides about a document.
    fn by(&self, source: &Source) -> &By {
        self.rule(source).unwrap_or(&self.by)
    }

    fn rule(&self, source: &Source) -> Option<&By> {
        if self.configured.is_empty() {
            return None;
        }
        self.configured.get(self.rules.position(source)?)
    }

    /// The schema that decides about a document whatever it holds, and what that is called.
    pub(crate) fn schema_for_all(&self, source: &Source) -> Option<(&Schema, &str)> {
        match self.by(source) {
            By::Schema { schema, path, hinted: None } => Some((schema, path)),
            _ => None,
        }
    }

    /// Whether the configuration says what it is.
    pub(crate) fn is_configured(&self, source: &Source) -> bool {
        self.rule(source).is_some()
    }

    /// Whether the command line says what everything is.
    pub(crate) fn is_given(&self) -> bool {
        matches!(self.by, By::Schema { .. } | By::Kind(_))
    }

    /// What is to be said of the schemas themselves: of those that documents name once these are judged.
    pub(crate) fn warnings(&self) -> Arc<Warnings> {
        Arc::clone(&self.warnings)
    }

    /// How the names of files end that it can judge.
    pub(crate) fn endings(&self) -> Endings {
        match &self.by {
            By::Content => endings(None),
            By::Kind(kind) => endings(Some(*kind)),
            By::Schema { .. } | By::Named(_) | By::Xml => XML,
        }
    }

    /// Within what documents are read.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The schema that decides about a document in XML, as far as one is known without the rest of the document.
    ///
    /// # Errors
    ///
    /// The schemas that the document names cannot be used; why, in words.
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

    /// The schemas that are compiled already.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = &Schema> {
        std::iter::once(&self.by).chain(&self.configured).filter_map(|by| match by {
            By::Schema { schema, .. } => Some(schema),
            By::Content | By::Kind(_) | By::Named(_) | By::Xml => None,
        })
    }

    /// Whether there is certainly nothing to be said of a document.
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
    /// The schemas that the document names cannot be used; why, in words.
    pub(crate) fn judge(&self, source: &Source, document: &[u8]) -> Result<(Basis, Report), String> {
        self.judge_within(source, document, &self.limits)
    }

    /// The same within other limits.
    pub(crate) fn judge_within(
        &self,
        source: &Source,
        document: &[u8],
        limits: &Limits,
    ) -> Result<(Basis, Report), String> {
        Ok(match self.by(source) {
            By::Content => judge_by_content(document, limits),
            By::Kind(kind) => judge_by_kind(document, *kind, limits),
            By::Schema { schema, path, hinted } => {
                let own = hinted.as_ref().map_or(Ok(None), |hinted| hinted.schema(source, document))?;
                let schema = own.as_ref().unwrap_or(schema).with_limits(*limits);
                (Basis::Schema(path.clone()), judge_by_schema(document, &schema))
            }
            By::Named(hinted) => {
                let Some(schema) = hinted.schema(source, document)? else {
                    let report = Explained::name_the_cause(document, None, well_formed(document, limits));
                    return match report.is_valid() {
                        true => Err(String::from("names no schema (xsi:schemaLocation); pass one with `--schema`")),
                        // Whatever schema it were of.
                        false => Ok((Basis::Xml, report)),
                    };
                };
                let schema = schema.with_limits(*limits);
                let path = schema.documents().next().unwrap_or_default().to_owned();
                (Basis::Schema(path), judge_by_schema(document, &schema))
            }
            By::Xml => {
                let report = well_formed(document, limits);
                (Basis::Xml, Explained::name_the_cause(document, None, report))
            }
        })
    }
}

/// What the configuration says of a file.
pub(crate) enum Configured {
    Kind(PacketKind),
    /// The schema, and what it is called.
    Schema(Schema, String),
}

impl Configured {
    /// The schema, where there is one.
    pub(crate) fn schema(self) -> Option<Schema> {
        match self {
            Configured::Kind(kind) => kind.schema().cloned(),
            Configured::Schema(schema, _) => Some(schema),
        }
    }
}

/// What the configuration says of files, rule by rule.
pub(crate) fn configured_rules(configuration: &Configuration, limits: Limits) -> Result<Vec<Configured>, Trouble> {
    let warnings = Warnings::new(configuration.strict);
    let rule = |by| match by {
        By::Kind(kind) => Some(Configured::Kind(kind)),
        By::Schema { schema, path, .. } => Some(Configured::Schema(schema, path)),
        // Only the words typed say so.
        By::Content | By::Named(_) | By::Xml => None,
    };
    Ok(configured(configuration, &warnings, limits)?.into_iter().filter_map(rule).collect())
}

/// What the configuration says of files.
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

/// Schemas with what documents name themselves; many documents name the same.
pub(crate) struct Hinted {
    sources: Sources,
    /// The folder of each document is permitted, since nothing else says where schemas are.
    is_beside: bool,
    /// The last one, with its sources.
    last: Mutex<Option<(Sources, Schema)>>,
    warnings: Arc<Warnings>,
}

impl Hinted {
    fn new(sources: Sources, is_beside: bool, warnings: Arc<Warnings>) -> Hinted {
        Hinted { sources, is_beside, last: Mutex::new(None), warnings }
    }

    /// The schema for a document that names one; `None` where it names none.
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

/// Finds the kind and lets it decide. A document that shows none is no packet.
pub(crate) fn judge_by_content(document: &[u8], limits: &Limits) -> (Basis, Report) {
    let Explained { detected, messages, report, .. } = Explained::of(document, None, limits);
    let basis = match (detected, messages) {
        (Some(found), messages) if messages.is_empty() => Basis::Kind(found.kind, Some(found)),
        (None, messages) if messages.is_empty() => Basis::NoKind,
        (_, messages) => Basis::Capture(messages),
    };
    (basis, report)
}

/// Lets a kind decide.
pub(crate) fn judge_by_kind(document: &[u8], kind: PacketKind, limits: &Limits) -> (Basis, Report) {
    let Explained { messages, report, .. } = Explained::of(document, Some(kind), limits);
    let basis = if messages.is_empty() { Basis::Kind(kind, None) } else { Basis::Capture(messages) };
    (basis, report)
}

/// Lets a schema decide.
pub(crate) fn judge_by_schema(document: &[u8], schema: &Schema) -> Report {
    Explained::name_the_cause(document, Some(schema), schema.explain(document))
}

/// Why a document cannot be read, where its encoding is not known: nobody can say whether it is valid.
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
