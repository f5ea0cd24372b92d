//! `decode` and `encode` by a schema of the caller's: documents as JSON, and back.

use std::path::PathBuf;

use packetcheck::diagnostic::Report;
use packetcheck::{Error, Explained, Limits, Schema};

use crate::args::{JsonFormat, LocationArguments};
use crate::decode::complain_of;
use crate::input::walk::only_one_stdin;
use crate::input::{Source, unicode};
use crate::output::{Output, complain};
use crate::plan::{Basis, sources};
use crate::schema::show_warnings;
use crate::status::{Status, Trouble};

/// A schema and what it is called.
pub(crate) struct BySchema {
    schema: Schema,
    basis: Basis,
    limits: Limits,
}

/// How documents are written, and of which root they are if that is said.
pub(crate) struct Written<'a> {
    pub(crate) root: Option<&'a str>,
    pub(crate) format: JsonFormat,
    pub(crate) pretty: bool,
}

impl BySchema {
    /// Compiles it.
    pub(crate) fn new(paths: &[PathBuf], locations: &LocationArguments, limits: Limits) -> Result<BySchema, Trouble> {
        let schema = Schema::from_sources(&sources(paths, locations));
        let schema = schema.map_err(|error| Trouble::Schema(Box::new(error)))?;
        show_warnings(&schema);
        let names: Vec<String> = paths.iter().map(|path| unicode(path)).collect();
        Ok(BySchema { schema: schema.with_limits(limits), basis: Basis::Schema(names.join(", ")), limits })
    }

    /// Documents as JSON, one after the other.
    pub(crate) fn decode(&self, paths: &[PathBuf], format: JsonFormat) -> Result<Status, Trouble> {
        self.for_each(paths, |name, document, output| {
            let json = match format {
                JsonFormat::Json => self.schema.decode_to_json_pretty(document),
                JsonFormat::Jsonl => self.schema.decode_to_json(document).map(|mut json| {
                    json.push(b'\n');
                    json
                }),
            };
            match json {
                Ok(json) => output.write(&json).map(|()| Status::Valid),
                Err(error) => {
                    output.flush()?;
                    let named =
                        |report: &Report| Explained::name_the_cause(document, Some(&self.schema), report.clone());
                    let named = error.report().map(named);
                    self.show(name, document, named.as_ref(), &error);
                    Ok(Status::Invalid)
                }
            }
        })
    }

    /// The documents that JSON texts describe, one after the other.
    pub(crate) fn encode(&self, paths: &[PathBuf], written: &Written<'_>) -> Result<Status, Trouble> {
        if written.pretty && written.format == JsonFormat::Jsonl {
            return Err(Trouble::Message("a document on one line cannot be indented: leave `--pretty` out".to_owned()));
        }
        self.for_each(paths, |name, text, output| match written.format {
            JsonFormat::Json => self.encode_at(name, text, 0..text.len(), written, output),
            JsonFormat::Jsonl => self.encode_lines(name, text, written, output),
        })
    }

    /// A document for each line that is not blank.
    fn encode_lines(
        &self,
        name: &str,
        text: &[u8],
        written: &Written<'_>,
        output: &mut Output,
    ) -> Result<Status, Trouble> {
        let (mut status, mut begin) = (Status::Valid, 0);
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let end = begin + line.len();
            if !line.trim_ascii().is_empty() {
                status = status.max(self.encode_at(name, text, begin..end, written, output)?);
            }
            begin = end;
        }
        Ok(status)
    }

    /// The document that a part of a text describes.
    fn encode_at(
        &self,
        name: &str,
        text: &[u8],
        part: std::ops::Range<usize>,
        written: &Written<'_>,
        output: &mut Output,
    ) -> Result<Status, Trouble> {
        let json = text.get(part.clone()).unwrap_or_default();
        let document = match (written.root, written.pretty) {
            (None, false) => self.schema.encode_from_json(json),
            (None, true) => self.schema.encode_from_json_pretty(json),
            (Some(root), false) => self.schema.encode_root_from_json(root, json),
            (Some(root), true) => self.schema.encode_root_from_json_pretty(root, json),
        };
        match document {
            Ok(document) if written.format == JsonFormat::Jsonl => output.write(&on_one_line(&document))?,
            Ok(mut document) => {
                if !document.ends_with(b"\n") {
                    document.push(b'\n');
                }
                output.write(&document)?;
            }
            // The schema does not declare this root: the JSON is not to blame.
            Err(error) if error.report().is_none() => return Err(Trouble::Message(format!("--root: {error}"))),
            Err(error) => {
                output.flush()?;
                let moved = error.report().map(|report| moved(report, part.start));
                self.show(name, text, moved.as_ref(), &error);
                return Ok(Status::Invalid);
            }
        }
        Ok(Status::Valid)
    }

    /// Reads files and hands each to a function with its name. One that is invalid or cannot be read hides none of the
    /// others.
    fn for_each(
        &self,
        paths: &[PathBuf],
        mut each: impl FnMut(&str, &[u8], &mut Output) -> Result<Status, Trouble>,
    ) -> Result<Status, Trouble> {
        only_one_stdin(paths)?;
        let mut output = Output::stdout();
        let mut status = Status::Valid;
        for path in paths {
            let source = Source::named(path);
            match source.read(&self.limits) {
                Ok(bytes) => status = status.max(each(&source.name(), &bytes, &mut output)?),
                Err(why) => {
                    output.flush()?;
                    complain(&format!("{}: {why}", source.name()));
                    status = Status::Unchecked;
                }
            }
        }
        output.finish()?;
        Ok(status)
    }

    /// Shows the report of an error, or its words where it has none.
    fn show(&self, name: &str, text: &[u8], report: Option<&Report>, error: &Error) {
        match report.filter(|report| !report.diagnostics.is_empty()) {
            Some(report) => complain_of(name, text, &self.basis, report),
            None => complain(&format!("{name}:{error}")),
        }
    }
}

/// A report on a part of a text as one on the text.
fn moved(report: &Report, begin: usize) -> Report {
    let mut report = report.clone();
    for diagnostic in &mut report.diagnostics {
        diagnostic.span = diagnostic.span.start + begin..diagnostic.span.end + begin;
        if let Some((span, _)) = &mut diagnostic.related {
            *span = span.start + begin..span.end + begin;
        }
    }
    report
}

/// A document without the line break after its declaration, those in its text as references.
fn on_one_line(document: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(document.len() + 1);
    let declaration = document.iter().position(|byte| *byte == b'\n').filter(|end| document[..*end].ends_with(b"?>"));
    for (index, byte) in document.iter().enumerate() {
        match byte {
            b'\n' if Some(index) == declaration => {}
            b'\n' => line.extend_from_slice(b"&#10;"),
            other => line.push(*other),
        }
    }
    line.push(b'\n');
    line
}
