//! `schema check`: a verdict on every schema, with all faults at their places.

use packetcheck::diagnostic::render::json::{self, JsonDiagnostic};
use packetcheck::diagnostic::render::{text, visible};
use packetcheck::{Schema, SchemaError, SchemaFile, Sources};
use serde::Serialize;

use crate::args::{Format, SchemaCheckArguments};
use crate::input::unicode;
use crate::output::{Output, json_line};
use crate::plan::sources;
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
        results.show(&outcome(&name, &Schema::from_sources(&sources), arguments.format, colored))?;
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

fn outcome(name: &str, result: &Result<Schema, SchemaError>, format: Format, colored: bool) -> Outcome {
    Outcome {
        verdict: verdict(result),
        warnings: warnings(files(result)),
        shown: match format {
            Format::Text => described(name, result, colored).into_bytes(),
            Format::Json => json_line(&object(name, result)),
        },
        is_set_off: format == Format::Text && files(result).iter().any(|file| file.text().is_some()),
        complaints: result.as_ref().err().map(unreadable).unwrap_or_default(),
    }
}

/// The documents of which something is to be said.
fn files(result: &Result<Schema, SchemaError>) -> &[SchemaFile] {
    match result {
        Ok(schema) => schema.warnings(),
        Err(error) => error.files(),
    }
}

fn warnings(files: &[SchemaFile]) -> usize {
    files.iter().map(|file| file.report().warnings).sum()
}

fn verdict(result: &Result<Schema, SchemaError>) -> Verdict {
    match result {
        Ok(_) => Verdict::Valid,
        Err(error) if is_readable(error) => Verdict::Invalid,
        Err(_) => Verdict::Unreadable,
    }
}

/// Whether anything could be read to tell of.
fn is_readable(error: &SchemaError) -> bool {
    error.files().iter().any(|file| file.text().is_some())
}

/// What is said of the documents of a schema, as people read it.
pub(crate) fn faults(files: &[SchemaFile], colored: bool) -> String {
    let show = |file: &SchemaFile| {
        let document = file.bytes().unwrap_or_default();
        let mut shown = text::diagnostics(file.path(), document, &file.report().diagnostics, colored);
        let hidden = (file.report().errors + file.report().warnings).saturating_sub(file.report().diagnostics.len());
        if hidden > 0 {
            shown.push_str(&format!("… and {hidden} more in {}\n\n", visible(file.path())));
        }
        shown
    };
    files.iter().filter(|file| file.text().is_some()).map(show).collect()
}

/// What could not be read at all is trouble, not a fault.
pub(crate) fn unreadable(error: &SchemaError) -> Vec<String> {
    let files = error.files().iter().filter(|file| file.text().is_none());
    let complaints = files.flat_map(|file| {
        file.report().diagnostics.iter().map(|diagnostic| format!("{}: {}", visible(file.path()), diagnostic.message))
    });
    complaints.collect()
}

fn described(name: &str, result: &Result<Schema, SchemaError>, colored: bool) -> String {
    if verdict(result) == Verdict::Unreadable {
        return String::new();
    }
    let faults = faults(files(result), colored);
    let warnings = warnings(files(result));
    let word = verdict_word(result.is_ok(), warnings, colored);
    let holds = match result {
        Ok(schema) => {
            let documents = plural(schema.documents().count(), "document");
            let types = plural(schema.type_count(), "type");
            format!(" ({documents}, {types}, {})", plural(schema.element_count(), "element"))
        }
        Err(_) => String::new(),
    };
    let errors = result.as_ref().err().map_or(0, SchemaError::errors);
    format!("{faults}{word} {}{holds}{}\n", visible(name), counted(errors, warnings))
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
    error: Option<&'a str>,
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
            error: Some(why),
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

fn json_files(files: &[SchemaFile]) -> Vec<JsonFile<'_>> {
    let readable = files.iter().filter_map(|file| Some((file, file.bytes()?)));
    let object = |(file, bytes): (_, _)| {
        let file: &SchemaFile = file;
        let report = file.report();
        let diagnostics = json::diagnostics(bytes, &report.diagnostics);
        JsonFile { path: file.path(), errors: report.errors, warnings: report.warnings, diagnostics }
    };
    readable.map(object).collect()
}

fn object<'a>(path: &'a str, result: &'a Result<Schema, SchemaError>) -> JsonSchema<'a> {
    let verdict = verdict(result);
    match result {
        Ok(schema) => JsonSchema {
            path,
            verdict,
            errors: 0,
            warnings: warnings(schema.warnings()),
            documents: schema.documents().collect(),
            types: schema.type_count(),
            elements: schema.element_count(),
            files: json_files(schema.warnings()),
            error: None,
        },
        Err(error) => JsonSchema {
            path,
            verdict,
            errors: if verdict == Verdict::Invalid { error.errors() } else { 0 },
            warnings: warnings(error.files()),
            documents: Vec::new(),
            types: 0,
            elements: 0,
            files: json_files(error.files()),
            error: Some(error.message()).filter(|_| verdict == Verdict::Unreadable),
        },
    }
}
