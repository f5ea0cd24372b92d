//! `schema check`: a verdict on every schema, with all faults at their places.

use packetcheck::diagnostic::render::json::{self, JsonDiagnostic};
use packetcheck::diagnostic::render::{text, visible};
use packetcheck::{Schema, SchemaError, SchemaFile};
use serde::Serialize;

use crate::args::{Format, SchemaCheckArguments};
use crate::output::{Output, complain};
use crate::plan::sources;
use crate::status::{Status, Trouble, plural};

pub(crate) fn run(arguments: &SchemaCheckArguments) -> Result<Status, Trouble> {
    let mut output = Output::stdout();
    let mut tally = Tally::default();
    let mut began = false;
    let schemas = match arguments.together {
        true => vec![arguments.files.as_slice()],
        false => arguments.files.chunks(1).collect(),
    };
    for files in schemas {
        let name = files.iter().map(|file| file.to_string_lossy()).collect::<Vec<_>>().join(", ");
        let result = Schema::from_sources(&sources(files, &arguments.locations));
        let status = tally.count(&result);
        if arguments.quiet && status == Status::Valid {
            continue;
        }
        match arguments.format {
            Format::Text => {
                let shown = described(&name, &result, output.is_colored());
                let is_set_off = began && result.as_ref().is_err_and(is_readable);
                output.write(if is_set_off { b"\n" } else { b"" })?;
                output.write(shown.as_bytes())?;
                began |= !shown.is_empty();
            }
            Format::Json => output.write(&json_line(&name, &result))?,
        }
        if let Err(error) = &result {
            output.flush()?;
            complain_of_unreadable(error);
        }
    }
    if arguments.format == Format::Text && tally.total() > 1 && !(arguments.quiet && tally.status() == Status::Valid) {
        output.write(format!("\n{}\n", tally.summary()).as_bytes())?;
    }
    output.finish()?;
    Ok(tally.status())
}

/// Whether anything could be read to tell of.
fn is_readable(error: &SchemaError) -> bool {
    error.files().iter().any(|file| file.text().is_some())
}

/// What is said of the documents of a schema, as people read it.
pub(crate) fn faults(files: &[SchemaFile], colored: bool) -> String {
    let show = |file: &SchemaFile| {
        let document = file.text().unwrap_or_default().as_bytes();
        let mut shown = text::diagnostics(file.path(), document, &file.report().diagnostics, colored);
        let hidden = file.report().errors.saturating_sub(file.report().diagnostics.len());
        if hidden > 0 {
            shown.push_str(&format!("… and {hidden} more in {}\n\n", visible(file.path())));
        }
        shown
    };
    files.iter().filter(|file| file.text().is_some()).map(show).collect()
}

/// What could not be read at all is trouble, not a fault.
pub(crate) fn complain_of_unreadable(error: &SchemaError) {
    for file in error.files().iter().filter(|file| file.text().is_none()) {
        for diagnostic in &file.report().diagnostics {
            complain(&format!("{}: {}", file.path(), diagnostic.message));
        }
    }
}

fn described(name: &str, result: &Result<Schema, SchemaError>, colored: bool) -> String {
    let paint = |style: &str, word: &str| match colored {
        true => format!("{style}{word}\u{1b}[0m"),
        false => word.to_owned(),
    };
    match result {
        Ok(schema) => {
            let counts = [
                plural(schema.documents().count(), "document"),
                plural(schema.type_count(), "type"),
                plural(schema.element_count(), "element"),
            ];
            let unread = faults(schema.unread(), colored);
            format!("{unread}{} {} ({})\n", paint("\u{1b}[32m", "ok"), visible(name), counts.join(", "))
        }
        Err(error) if !is_readable(error) => String::new(),
        Err(error) => {
            let count = plural(error.errors(), "error");
            let faults = faults(error.files(), colored);
            format!("{faults}{} {}: {count}\n", paint("\u{1b}[1;31m", "invalid"), visible(name))
        }
    }
}

/// The object of a schema with `--format json`.
#[derive(Serialize)]
struct JsonSchema<'a> {
    path: &'a str,
    verdict: &'static str,
    errors: usize,
    documents: Vec<&'a str>,
    types: usize,
    elements: usize,
    files: Vec<JsonFile<'a>>,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// A document with faults.
#[derive(Serialize)]
struct JsonFile<'a> {
    path: &'a str,
    errors: usize,
    diagnostics: Vec<JsonDiagnostic<'a>>,
}

fn json_files(files: &[SchemaFile]) -> Vec<JsonFile<'_>> {
    let readable = files.iter().filter_map(|file| Some((file, file.text()?.as_bytes())));
    let object = |(file, text): (_, _)| {
        let file: &SchemaFile = file;
        let diagnostics = json::diagnostics(text, &file.report().diagnostics);
        JsonFile { path: file.path(), errors: file.report().errors, diagnostics }
    };
    readable.map(object).collect()
}

fn json_line(path: &str, result: &Result<Schema, SchemaError>) -> Vec<u8> {
    let object = match result {
        Ok(schema) => JsonSchema {
            path,
            verdict: "valid",
            errors: 0,
            documents: schema.documents().collect(),
            types: schema.type_count(),
            elements: schema.element_count(),
            files: json_files(schema.unread()),
            error: None,
        },
        Err(error) => {
            let is_readable = is_readable(error);
            JsonSchema {
                path,
                verdict: if is_readable { "invalid" } else { "unreadable" },
                errors: if is_readable { error.errors() } else { 0 },
                documents: Vec::new(),
                types: 0,
                elements: 0,
                files: json_files(error.files()),
                error: Some(error.message()).filter(|_| !is_readable),
            }
        }
    };
    // Strings and numbers into memory: nothing in it can fail.
    let mut line = json::to_line(&object).unwrap_or_default();
    line.push(b'\n');
    line
}

/// How many schemas came out how.
#[derive(Default)]
struct Tally {
    valid: usize,
    invalid: usize,
    unreadable: usize,
}

impl Tally {
    fn count(&mut self, result: &Result<Schema, SchemaError>) -> Status {
        let (count, status) = match result {
            Ok(_) => (&mut self.valid, Status::Valid),
            Err(error) if is_readable(error) => (&mut self.invalid, Status::Invalid),
            Err(_) => (&mut self.unreadable, Status::Unchecked),
        };
        *count += 1;
        status
    }

    fn total(&self) -> usize {
        self.valid + self.invalid + self.unreadable
    }

    fn status(&self) -> Status {
        match (self.invalid, self.unreadable) {
            (0, 0) => Status::Valid,
            (_, 0) => Status::Invalid,
            (_, _) => Status::Unchecked,
        }
    }

    fn summary(&self) -> String {
        let parts = [(self.valid, "valid"), (self.invalid, "invalid"), (self.unreadable, "unreadable")];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        format!("{}: {}", plural(self.total(), "schema"), parts.join(", "))
    }
}
