//! Checks documents: as a kind, against the user's schema, or as the detected kind.

use std::str::FromStr;

use packetcheck::check::well_formed;
use packetcheck::diagnostic::render::json::{self, JsonDiagnostic};
use packetcheck::diagnostic::render::text::{self, Style};
use packetcheck::diagnostic::{Code, Report};
use packetcheck::{CapturedMessage, Explained, Limits, PacketKind, Schema, Sources, UnknownPacketKind};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::to_json;

/// What a document is checked against.
#[derive(Clone, Copy)]
enum By {
    /// What the document shows: a root of the schema, or a kind.
    Content,
    Kind(PacketKind),
    Schema,
    WellFormed,
}

impl FromStr for By {
    type Err = UnknownPacketKind;

    fn from_str(word: &str) -> Result<By, UnknownPacketKind> {
        Ok(match word {
            "" => By::Content,
            "schema" => By::Schema,
            "well-formed" => By::WellFormed,
            kind => By::Kind(kind.parse()?),
        })
    }
}

/// A checker, optionally with a schema.
#[wasm_bindgen]
#[derive(Default)]
pub struct Checker {
    limits: Limits,
    sources: Sources,
    schema: Option<Schema>,
}

#[wasm_bindgen]
impl Checker {
    /// A checker without a schema.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Checker {
        Checker::default()
    }

    /// Whether documents may have a document type declaration.
    pub fn allow_doctype(&mut self, allow: bool) {
        self.limits.allow_doctype = allow;
    }

    /// Adds a schema document. All added documents form one schema.
    pub fn add_schema(&mut self, name: &str, document: &[u8]) {
        let sources = std::mem::take(&mut self.sources);
        self.sources = sources.document(name, document).root(name);
    }

    /// Resolves a location that schema documents name to one of them.
    pub fn map(&mut self, location: &str, name: &str) {
        let sources = std::mem::take(&mut self.sources);
        self.sources = sources.map(location, name);
    }

    /// Forgets all schema documents.
    pub fn clear_schema(&mut self) {
        (self.sources, self.schema) = (Sources::new(), None);
    }

    /// Compiles the schema documents. Returns an array with the results, in the form of [`Checker::check`], of each
    /// document with an error or a warning. A schema with an error is not used.
    pub fn compile(&mut self, columns: usize) -> String {
        let result = Schema::from_sources(&self.sources);
        let files = result.as_ref().map_or_else(|error| error.files(), Schema::warnings);
        let verdicts = files.iter().map(|file| {
            let document = file.bytes().unwrap_or_default();
            let report = match file.bytes() {
                Some(document) => Explained::name_the_cause(document, None, file.report().clone()),
                None => file.report().clone(),
            };
            Judged { by: "a schema document", reason: String::new(), messages: Vec::new(), report }.to_json(
                file.path(),
                document,
                columns,
            )
        });
        let verdicts = format!("[{}]", verdicts.collect::<Vec<_>>().join(","));
        self.schema = result.ok();
        verdicts
    }

    /// All errors and warnings of a document, as `{name, verdict, by, errors, warnings, diagnostics, messages}`. `by`
    /// is the name of a kind, `schema`, `well-formed`, or empty to detect the kind. `columns` is the number of columns
    /// of the source that are shown.
    ///
    /// # Errors
    ///
    /// `by` has another value.
    pub fn check(&self, name: &str, document: &[u8], by: &str, columns: usize) -> Result<String, JsError> {
        Ok(self.judge(document, by.parse()?).to_json(name, document, columns))
    }

    /// The verdicts on many documents, one after another; each ends at the next of `ends`. 1 means valid, 0 invalid. No
    /// messages are made.
    ///
    /// # Errors
    ///
    /// As [`Checker::check`].
    pub fn are_valid(&self, documents: &[u8], ends: &[u32], by: &str) -> Result<Vec<u8>, JsError> {
        let by = by.parse()?;
        let starts = [0].iter().chain(ends);
        let document = |(start, end): (&u32, &u32)| documents.get(*start as usize..*end as usize).unwrap_or_default();
        Ok(starts.zip(ends).map(|ends| self.is_valid(document(ends), by).into()).collect())
    }
}

impl Checker {
    fn is_valid(&self, document: &[u8], by: By) -> bool {
        match by {
            By::Content if self.schema.is_none() => PacketKind::is_valid_detected(document),
            By::Kind(kind) => kind.is_valid_limited(document, &self.limits),
            _ => self.judge(document, by).report.is_valid(),
        }
    }

    fn judge(&self, document: &[u8], by: By) -> Judged {
        match by {
            By::Content => self.judge_by_content(document),
            By::Kind(kind) => Judged::of(Explained::of(document, Some(kind), &self.limits), Some(kind)),
            By::Schema => self.judge_by_schema(document).unwrap_or_else(|| self.judge_as_xml(document)),
            By::WellFormed => self.judge_as_xml(document),
        }
    }

    fn judge_by_content(&self, document: &[u8]) -> Judged {
        let by_schema = self.judge_by_schema(document);
        let is_of_another_kind = |judged: &Judged| {
            let first = judged.report.diagnostics.first();
            first.is_some_and(|first| matches!(first.code, Code::UnexpectedRoot | Code::NotAPacket))
        };
        match by_schema {
            Some(judged) if !is_of_another_kind(&judged) => judged,
            by_schema => {
                let explained = Explained::of(document, None, &self.limits);
                let shows_none = explained.detected.is_none() && explained.messages.is_empty();
                by_schema.filter(|_| shows_none).unwrap_or_else(|| Judged::of(explained, None))
            }
        }
    }

    /// `None` if there is no schema.
    fn judge_by_schema(&self, document: &[u8]) -> Option<Judged> {
        let schema = self.schema.as_ref()?.with_limits(self.limits);
        let report = Explained::name_the_cause(document, Some(&schema), schema.explain(document));
        Some(Judged { by: "your schema", reason: String::new(), messages: Vec::new(), report })
    }

    fn judge_as_xml(&self, document: &[u8]) -> Judged {
        let report = Explained::name_the_cause(document, None, well_formed(document, &self.limits));
        Judged { by: "well-formed XML", reason: String::new(), messages: Vec::new(), report }
    }
}

/// The result for a document.
struct Judged {
    by: &'static str,
    reason: String,
    messages: Vec<CapturedMessage>,
    report: Report,
}

impl Judged {
    fn of(Explained { detected, messages, report, .. }: Explained, kind: Option<PacketKind>) -> Judged {
        let by = match (kind, &detected) {
            _ if !messages.is_empty() => "a capture of HTTP",
            (Some(kind), _) => kind.name(),
            (None, Some(detected)) => detected.kind.name(),
            (None, None) => "",
        };
        let reason = detected.filter(|_| messages.is_empty()).map(|detected| detected.reason).unwrap_or_default();
        Judged { by, reason, messages, report }
    }

    fn to_json(&self, name: &str, document: &[u8], columns: usize) -> String {
        let Report { diagnostics, errors, warnings, .. } = &self.report;
        let is_unreadable = diagnostics.first().is_some_and(|first| first.code == Code::UnsupportedEncoding);
        let verdict = match errors {
            0 => "valid",
            _ if is_unreadable => "unreadable",
            _ => "invalid",
        };
        let sources = text::sources(document, diagnostics, Style::new(false).width(Some(columns)));
        let diagnostics = json::diagnostics(document, diagnostics);
        let diagnostics = diagnostics
            .into_iter()
            .zip(sources)
            .map(|(diagnostic, source)| DiagnosticWithSource { diagnostic, source });
        let messages = self.messages.iter().map(|message| MessageSummary {
            exchange: message.exchange,
            direction: message.direction.name(),
            kind: message.detected.as_ref().map(|detected| detected.kind.name()),
            errors: message.errors,
            warnings: message.warnings,
        });
        to_json(&Verdict {
            name,
            verdict,
            by: self.by,
            reason: &self.reason,
            errors: *errors,
            warnings: *warnings,
            diagnostics: diagnostics.collect(),
            messages: messages.collect(),
        })
    }
}

#[derive(Serialize)]
struct Verdict<'a> {
    name: &'a str,
    verdict: &'static str,
    /// The name of a kind or a description; empty if the document is known not to be of a kind.
    by: &'a str,
    /// Why the kind was detected.
    reason: &'a str,
    errors: usize,
    warnings: usize,
    /// The diagnostics up to a limit; the counts include all.
    diagnostics: Vec<DiagnosticWithSource<'a>>,
    /// The messages of a capture.
    messages: Vec<MessageSummary>,
}

#[derive(Serialize)]
struct DiagnosticWithSource<'a> {
    /// As in `packetcheck check --format json`.
    #[serde(flatten)]
    diagnostic: JsonDiagnostic<'a>,
    /// The source with the place underlined.
    source: String,
}

#[derive(Serialize)]
struct MessageSummary {
    exchange: usize,
    direction: &'static str,
    kind: Option<&'static str>,
    errors: usize,
    warnings: usize,
}
