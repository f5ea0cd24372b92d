//! `schema check`: a verdict on every schema, with all errors at their places.

use std::borrow::Cow;

use packetcheck::diagnostic::render::json::{self, JsonDiagnostic};
use packetcheck::diagnostic::render::text::{self, Style};
use packetcheck::diagnostic::render::visible;
use packetcheck::diagnostic::{LineIndex, Report};
use packetcheck::{Explained, Schema, SchemaError, SchemaFile, Sources};
use serde::Serialize;

use crate::args::SchemaCheckArguments;
use crate::fixer::FixedFile;
use crate::input::unicode;
use crate::output::json_line;
use crate::plan::{make_strict, sources};
use crate::results::{Checked, Document, Extra, Origin, Outcome, Renderer, Results, Verdict};
use crate::schema::folder;
use crate::status::{Status, Trouble, plural};

pub(crate) fn run(arguments: &SchemaCheckArguments) -> Result<Status, Trouble> {
    let mut results = Results::new(&arguments.results, Extra::default(), "schema")?;
    let renderer = results.renderer();
    let (files, troubles) = folder::roots(&arguments.schemas);
    let schemas = match arguments.together {
        true if files.is_empty() => Vec::new(),
        true => vec![files.as_slice()],
        false => files.chunks(1).collect(),
    };
    // Files in a folder can refer to files elsewhere in it.
    let folders = arguments.schemas.iter().filter(|path| path.is_dir());
    for files in schemas {
        let name = files.iter().map(|file| unicode(file)).collect::<Vec<_>>().join(", ");
        let sources = folders.clone().fold(sources(files, &arguments.locations), Sources::folder);
        let schema = Schema::from_sources(&sources);
        let checked = CheckedSchema::new(&name, &schema, arguments.strict);
        results.show(checked.outcome(&renderer))?;
        results.flush()?;
    }
    for (source, why) in troubles {
        let path = source.path();
        let object = || json_line(&JsonSchema::unreadable(&path, &why));
        results.show(renderer.outcome(Checked::unreadable(&path, &source.name(), &why, &object)))?;
    }
    results.finish()
}

/// A schema and its diagnostics.
struct CheckedSchema<'a> {
    name: &'a str,
    result: &'a Result<Schema, SchemaError>,
    /// The report on each document with something to report.
    reports: Vec<(&'a SchemaFile, Report)>,
    verdict: Verdict,
    errors: usize,
    warnings: usize,
}

impl<'a> CheckedSchema<'a> {
    /// `strict`: warnings count as errors.
    fn new(name: &'a str, result: &'a Result<Schema, SchemaError>, strict: bool) -> CheckedSchema<'a> {
        let files = match result {
            Ok(schema) => schema.warnings(),
            Err(error) => error.files(),
        };
        let reports = reports(files, strict);
        let count = |of: fn(&Report) -> usize| reports.iter().map(|(_, report)| of(report)).sum();
        let (errors, warnings) = (count(|report| report.errors), count(|report| report.warnings));
        let verdict = match result {
            Ok(_) if errors == 0 => Verdict::Valid,
            // At least one document could be read and checked.
            _ if files.iter().any(|file| file.text().is_some()) => Verdict::Invalid,
            _ => Verdict::Unreadable,
        };
        CheckedSchema { name, result, reports, verdict, errors, warnings }
    }

    fn outcome(&self, renderer: &Renderer) -> Outcome {
        let is_readable = self.verdict != Verdict::Unreadable;
        let documents = self.reports.iter().filter(|(file, _)| is_readable && file.text().is_some());
        let bytes =
            self.result.as_ref().map_or(0, |schema| schema.sources().documents().map(|(_, bytes)| bytes.len()).sum());
        renderer.outcome(Checked {
            path: self.name,
            title: self.title(),
            verdict: self.verdict,
            errors: if is_readable { self.errors } else { 0 },
            warnings: self.warnings,
            bytes,
            known: 0,
            documents: documents.map(document_of).collect(),
            fixed: FixedFile::default(),
            complaints: self.result.as_ref().err().map(unreadable).unwrap_or_default(),
            object: &|| json_line(&self.object()),
        })
    }

    /// Its name, and a description of its contents.
    fn title(&self) -> String {
        match self.result {
            Ok(schema) => {
                let documents = plural(schema.documents().count(), "document");
                let types = plural(schema.type_count(), "type");
                let elements = plural(schema.element_count(), "element");
                format!("{} ({documents}, {types}, {elements})", self.name)
            }
            Err(_) => self.name.to_owned(),
        }
    }

    /// Why the schema cannot be read; if a document that it includes is unreadable, the message names that document.
    fn reason<'e>(&self, error: &'e SchemaError) -> Cow<'e, str> {
        match error.path() == self.name {
            true => Cow::Borrowed(error.message()),
            false => Cow::Owned(format!("{}: {}", error.path(), error.message())),
        }
    }

    fn object(&self) -> JsonSchema<'_> {
        let is_readable = self.verdict != Verdict::Unreadable;
        let schema = self.result.as_ref().ok();
        JsonSchema {
            path: self.name,
            verdict: self.verdict,
            errors: if is_readable { self.errors } else { 0 },
            warnings: self.warnings,
            documents: schema.map(|schema| schema.documents().collect()).unwrap_or_default(),
            types: schema.map_or(0, Schema::type_count),
            elements: schema.map_or(0, Schema::element_count),
            files: json_files(&self.reports),
            error: self.result.as_ref().err().map(|error| self.reason(error)).filter(|_| !is_readable),
        }
    }
}

fn document_of<'r>((file, report): &'r (&SchemaFile, Report)) -> Document<'r> {
    let (path, bytes) = (file.path(), file.bytes().unwrap_or_default());
    Document { name: path, path, key: path, source: bytes.into(), report, origin: Origin::default() }
}

/// The report on a document, with the cause instead of its symptoms if the document is not a schema.
fn named(file: &SchemaFile) -> Report {
    let report = file.report().clone();
    match file.bytes() {
        Some(bytes) => Explained::name_the_cause(bytes, None, report),
        None => report,
    }
}

/// The first error in a schema, on one line.
pub(crate) fn first_fault(error: &SchemaError) -> String {
    let first = error.files().iter().find_map(|file| {
        let diagnostic = named(file).diagnostics.into_iter().next()?;
        let place = LineIndex::new(file.bytes()?).line_column(diagnostic.span.start);
        Some(format!("{}:{}:{}: {}", file.path(), place.line, place.column, diagnostic.message))
    });
    first.unwrap_or_else(|| error.to_string())
}

/// The diagnostics of documents.
fn reports(files: &[SchemaFile], strict: bool) -> Vec<(&SchemaFile, Report)> {
    let report = |file: &SchemaFile| {
        let mut report = named(file);
        if strict {
            make_strict(&mut report);
        }
        report
    };
    files.iter().map(|file| (file, report(file))).collect()
}

/// The diagnostics of the documents of a schema, for display.
pub(crate) fn faults(files: &[SchemaFile], strict: bool, style: Style) -> String {
    let show = |(file, report): &(&SchemaFile, Report)| {
        let document = file.bytes().unwrap_or_default();
        let mut shown = text::each(file.path(), document, &report.diagnostics, style).concat();
        let hidden = (report.errors + report.warnings).saturating_sub(report.diagnostics.len());
        if hidden > 0 {
            shown.push_str(&format!("… and {hidden} more in {}\n\n", visible(file.path())));
        }
        shown
    };
    reports(files, strict).iter().filter(|(file, _)| file.text().is_some()).map(show).collect()
}

/// A file that could not be read at all is unreadable, not invalid.
pub(crate) fn unreadable(error: &SchemaError) -> Vec<String> {
    let files = error.files().iter().filter(|file| file.text().is_none());
    let complaints = files.flat_map(|file| {
        file.report().diagnostics.iter().map(|diagnostic| format!("{}: {}", visible(file.path()), diagnostic.message))
    });
    complaints.collect()
}

/// The JSON object of a schema.
#[derive(Serialize)]
struct JsonSchema<'a> {
    path: &'a str,
    verdict: Verdict,
    errors: usize,
    warnings: usize,
    documents: Vec<&'a str>,
    types: usize,
    elements: usize,
    files: Vec<JsonFile<'a>>,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Cow<'a, str>>,
}

impl<'a> JsonSchema<'a> {
    fn unreadable(path: &'a str, why: &'a str) -> JsonSchema<'a> {
        JsonSchema {
            path,
            verdict: Verdict::Unreadable,
            errors: 0,
            warnings: 0,
            documents: Vec::new(),
            types: 0,
            elements: 0,
            files: Vec::new(),
            error: Some(Cow::Borrowed(why)),
        }
    }
}

/// A document with errors or warnings.
#[derive(Serialize)]
struct JsonFile<'a> {
    path: &'a str,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<JsonDiagnostic<'a>>,
}

fn json_files<'a>(reports: &'a [(&SchemaFile, Report)]) -> Vec<JsonFile<'a>> {
    let readable = reports.iter().filter_map(|(file, report)| Some((file, report, file.bytes()?)));
    let object = |(file, report, bytes): (&'a &SchemaFile, &'a Report, &'a [u8])| {
        let diagnostics = json::diagnostics(bytes, &report.diagnostics);
        JsonFile { path: file.path(), errors: report.errors, warnings: report.warnings, diagnostics }
    };
    readable.map(object).collect()
}
