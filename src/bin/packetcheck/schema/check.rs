//! `schema check`: a verdict on every schema, with all faults at their places.

use std::borrow::Cow;

use packetcheck::diagnostic::render::json::{self, JsonDiagnostic};
use packetcheck::diagnostic::render::{text, visible};
use packetcheck::diagnostic::{LineIndex, Report};
use packetcheck::{Explained, Schema, SchemaError, SchemaFile, Sources};
use serde::Serialize;

use crate::args::{Format, SchemaCheckArguments};
use crate::input::unicode;
use crate::output::{Output, json_line};
use crate::plan::{make_strict, sources};
use crate::results::{Outcome, Results, Verdict, counted, verdict_word};
use crate::schema::folder;
use crate::status::{Status, Trouble, plural};

pub(crate) fn run(arguments: &SchemaCheckArguments) -> Result<Status, Trouble> {
    let output = Output::stdout();
    let colored = output.is_colored();
    let mut results = Results::new(output, arguments.format, arguments.quiet, "schema");
    let (files, troubles) = folder::roots(&arguments.schemas);
    let schemas = match arguments.together {
        true if files.is_empty() => Vec::new(),
        true => vec![files.as_slice()],
        false => files.chunks(1).collect(),
    };
    // What is in a folder may name what is elsewhere in it.
    let folders = arguments.schemas.iter().filter(|path| path.is_dir());
    for files in schemas {
        let name = files.iter().map(|file| unicode(file)).collect::<Vec<_>>().join(", ");
        let sources = folders.clone().fold(sources(files, &arguments.locations), Sources::folder);
        let schema = Schema::from_sources(&sources);
        let judged = Judged::new(&name, &schema, arguments.strict);
        results.show(&judged.outcome(arguments.format, colored))?;
        results.flush()?;
    }
    for (source, why) in troubles.into_iter().filter_map(Result::err) {
        let error = [format!("{}: {why}", visible(&source.name()))];
        results.show(&Outcome {
            verdict: Verdict::Unreadable,
            warnings: 0,
            shown: match arguments.format {
                Format::Text => Vec::new(),
                Format::Json => json_line(&JsonSchema::unreadable(&source.path(), &why)),
            },
            is_set_off: false,
            complaints: error.into(),
        })?;
    }
    results.finish()
}

/// A schema and what is to be said of it.
struct Judged<'a> {
    name: &'a str,
    result: &'a Result<Schema, SchemaError>,
    /// Of each document of which something is to be said.
    reports: Vec<(&'a SchemaFile, Report)>,
    verdict: Verdict,
    errors: usize,
    warnings: usize,
}

impl<'a> Judged<'a> {
    /// `strict`: warnings count as errors.
    fn new(name: &'a str, result: &'a Result<Schema, SchemaError>, strict: bool) -> Judged<'a> {
        let files = match result {
            Ok(schema) => schema.warnings(),
            Err(error) => error.files(),
        };
        let reports = reports(files, strict);
        let count = |of: fn(&Report) -> usize| reports.iter().map(|(_, report)| of(report)).sum();
        let (errors, warnings) = (count(|report| report.errors), count(|report| report.warnings));
        let verdict = match result {
            Ok(_) if errors == 0 => Verdict::Valid,
            // Something could be read to tell of.
            _ if files.iter().any(|file| file.text().is_some()) => Verdict::Invalid,
            _ => Verdict::Unreadable,
        };
        Judged { name, result, reports, verdict, errors, warnings }
    }

    fn outcome(&self, format: Format, colored: bool) -> Outcome {
        Outcome {
            verdict: self.verdict,
            warnings: self.warnings,
            shown: match format {
                Format::Text => self.described(colored).into_bytes(),
                Format::Json => json_line(&self.object()),
            },
            is_set_off: format == Format::Text && self.reports.iter().any(|(file, _)| file.text().is_some()),
            complaints: self.result.as_ref().err().map(unreadable).unwrap_or_default(),
        }
    }

    fn described(&self, colored: bool) -> String {
        if self.verdict == Verdict::Unreadable {
            return String::new();
        }
        let faults = described(&self.reports, colored);
        let word = verdict_word(self.verdict == Verdict::Valid, self.warnings, colored);
        let holds = match self.result {
            Ok(schema) => {
                let documents = plural(schema.documents().count(), "document");
                let types = plural(schema.type_count(), "type");
                format!(" ({documents}, {types}, {})", plural(schema.element_count(), "element"))
            }
            Err(_) => String::new(),
        };
        format!("{faults}{word} {}{holds}{}\n", visible(self.name), counted(self.errors, self.warnings))
    }

    /// Why the schema cannot be read; of a document that it includes this names that.
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

/// What is wrong with a document, with the cause in place of its symptoms where it is something else.
fn named(file: &SchemaFile) -> Report {
    let report = file.report().clone();
    match file.bytes() {
        Some(bytes) => Explained::name_the_cause(bytes, None, report),
        None => report,
    }
}

/// The first thing that is wrong with a schema, on one line.
pub(crate) fn first_fault(error: &SchemaError) -> String {
    let first = error.files().iter().find_map(|file| {
        let diagnostic = named(file).diagnostics.into_iter().next()?;
        let place = LineIndex::new(file.bytes()?).line_column(diagnostic.span.start);
        Some(format!("{}:{}:{}: {}", file.path(), place.line, place.column, diagnostic.message))
    });
    first.unwrap_or_else(|| error.to_string())
}

/// What is said of documents.
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

/// What is said of the documents of a schema, as people read it.
pub(crate) fn faults(files: &[SchemaFile], strict: bool, colored: bool) -> String {
    described(&reports(files, strict), colored)
}

fn described(reports: &[(&SchemaFile, Report)], colored: bool) -> String {
    let show = |(file, report): &(&SchemaFile, Report)| {
        let document = file.bytes().unwrap_or_default();
        let mut shown = text::diagnostics(file.path(), document, &report.diagnostics, colored);
        let hidden = (report.errors + report.warnings).saturating_sub(report.diagnostics.len());
        if hidden > 0 {
            shown.push_str(&format!("… and {hidden} more in {}\n\n", visible(file.path())));
        }
        shown
    };
    reports.iter().filter(|(file, _)| file.text().is_some()).map(show).collect()
}

/// What could not be read at all is trouble, not a fault.
pub(crate) fn unreadable(error: &SchemaError) -> Vec<String> {
    let files = error.files().iter().filter(|file| file.text().is_none());
    let complaints = files.flat_map(|file| {
        file.report().diagnostics.iter().map(|diagnostic| format!("{}: {}", visible(file.path()), diagnostic.message))
    });
    complaints.collect()
}

/// The object of a schema with `--format json`.
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

/// A document with faults.
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
