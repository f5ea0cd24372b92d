//! The diagnostics of a document: those of `check`, in the form of the protocol.

use std::path::Path;

use packetcheck::check::well_formed;
use packetcheck::diagnostic::{self, Report, Severity};
use packetcheck::{Explained, FormatError, FormatOptions, Schema, format, xml};

use super::protocol::{Diagnostic, ERROR, INFORMATION, Location, Range, RelatedInformation, WARNING};
use super::server::{Documents, Snapshot};
use super::workspace::{Plan, Workspace};
use crate::check::{is_meant, set_levels};
use crate::input::Source;
use crate::plan::{Basis, make_strict};

/// All diagnostics of a document. `open` are all open documents: schema documents among them are read as they are in the editor.
pub(crate) fn diagnose(document: &Snapshot, open: &Documents, workspace: &Workspace) -> Vec<Diagnostic> {
    let plan = match workspace.plan_of(document) {
        Ok(plan) => plan,
        Err(why) => return vec![at_beginning(why, ERROR)],
    };
    let report = match document.is_schema_document() {
        true => report_on_schema(document, open, &plan),
        false => report_on_document(document, &plan, workspace),
    };
    match report {
        Ok(mut report) => {
            set_levels(&mut report, &plan.configuration.levels());
            if workspace.is_strict(&plan) {
                make_strict(&mut report);
            }
            report.diagnostics.iter().map(|diagnostic| in_document(diagnostic, document)).collect()
        }
        Err(diagnostic) => vec![*diagnostic],
    }
}

fn report_on_document(document: &Snapshot, plan: &Plan, workspace: &Workspace) -> Result<Report, Box<Diagnostic>> {
    let source = document.source();
    // The declared encoding is that of the file, which the editor has decoded.
    let text = xml::without_label(document.text.as_str());
    if plan.checker.reads_locations() {
        match plan.checker.schema(&source, text.as_bytes()) {
            Ok(Some(schema)) => workspace.note_schema(document, &schema),
            Ok(None) => {}
            Err(why) => return Err(Box::new(at_beginning(why, ERROR))),
        }
    }
    explain(plan, &source, text.as_bytes()).map_err(|why| Box::new(at_beginning(why, INFORMATION)))
}

/// The report on a document that is not a schema document. A document that `check` would skip in a folder is only checked to be
/// well-formed, unless the command line or the configuration says what it is.
///
/// # Errors
///
/// It cannot be checked. The message has the reason.
pub(crate) fn explain(plan: &Plan, source: &Source, bytes: &[u8]) -> Result<Report, String> {
    let (basis, report) = plan.checker.check(source, bytes)?;
    let is_of_xml = basis == Basis::Xml;
    if is_of_xml || plan.checker.is_given() || plan.checker.is_configured(source) || is_meant(&basis, &report, bytes) {
        return Ok(report);
    }
    Ok(match xml::is_begun(bytes) {
        true => Explained::name_the_cause(bytes, None, well_formed(bytes, plan.checker.limits())),
        false if is_json(source, bytes) => match format(bytes, None, &FormatOptions::new(), plan.checker.limits()) {
            Err(FormatError::Malformed(report)) => *report,
            _ => Report::default(),
        },
        false => Report::default(),
    })
}

/// Whether a document is JSON by its name, or else by its first bytes.
fn is_json(source: &Source, bytes: &[u8]) -> bool {
    let begins = matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
    match source {
        Source::File(path) => {
            path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) && begins
        }
        _ => begins,
    }
}

/// The report on a schema document, or else an error in a document that it includes or imports.
fn report_on_schema(document: &Snapshot, open: &Documents, plan: &Plan) -> Result<Report, Box<Diagnostic>> {
    let Some(path) = document.path.as_deref() else { return Ok(Report::default()) };
    let unsaved = open.values().filter(|other| other.is_schema_document());
    let sources = unsaved.fold(plan.sources(path), |sources, other| match &other.path {
        Some(path) => sources.unsaved(path, other.text.as_str()),
        None => sources,
    });
    let result = Schema::from_sources(&sources);
    let files = result.as_ref().map_or_else(|error| error.files(), Schema::warnings);
    let own = files.iter().find(|file| Path::new(file.path()) == path);
    match (own, &result) {
        (Some(file), _) => Ok(file.report().clone()),
        (None, Ok(_)) => Ok(Report::default()),
        (None, Err(error)) => Err(Box::new(at_beginning(
            format!("a schema document that it includes or imports cannot be used: {error}"),
            ERROR,
        ))),
    }
}

pub(crate) fn in_document(diagnostic: &diagnostic::Diagnostic, document: &Snapshot) -> Diagnostic {
    let text = &document.text;
    let related = diagnostic.related.iter().filter(|_| document.client.shows_related);
    let help = diagnostic.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    Diagnostic {
        range: text.range(&diagnostic.span),
        severity: if diagnostic.severity == Severity::Error { ERROR } else { WARNING },
        code: Some(diagnostic.code.as_str()),
        source: "packetcheck",
        message: format!("{}{help}", diagnostic.message),
        related_information: related
            .map(|(span, label)| RelatedInformation {
                location: Location { uri: document.uri.clone(), range: text.range(span) },
                message: label.clone(),
            })
            .collect(),
    }
}

/// A diagnostic about the document as a whole.
fn at_beginning(message: String, severity: u8) -> Diagnostic {
    let start = super::protocol::Position { line: 0, character: 0 };
    Diagnostic {
        range: Range { start, end: start },
        severity,
        code: None,
        source: "packetcheck",
        message,
        related_information: Vec::new(),
    }
}
