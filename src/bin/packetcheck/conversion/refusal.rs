//! Why a document was not converted, and how that is shown.

use packetcheck::diagnostic::{Report, repeats_secret};
use packetcheck::{EncodeError, Error, Explained, PacketKind, Schema};

use crate::check::describe;
use crate::output::{complain, complain_styled, stderr_style};
use crate::plan::{Basis, unreadable};
use crate::status::{Status, Trouble};

/// Why a document was not converted.
pub(crate) enum Refusal {
    /// It is invalid: the output of `check`.
    Report(String),
    /// It is invalid: a plain message.
    Words(String),
    /// Its validity cannot be determined.
    Unread(String),
    /// The command line is wrong, whatever the document is.
    Usage(String),
}

impl Refusal {
    /// Shows the reason, and returns what it means for the run.
    pub(crate) fn show(self) -> Result<Status, Trouble> {
        match self {
            Refusal::Report(text) => complain_styled(&text),
            Refusal::Words(words) => complain(&words),
            Refusal::Unread(words) => {
                complain(&words);
                return Ok(Status::Unchecked);
            }
            Refusal::Usage(words) => return Err(Trouble::Message(words)),
        }
        Ok(Status::Invalid)
    }
}

/// Shows errors and warnings on standard error, in the form of `check`.
pub(crate) fn complain_of(name: &str, document: &[u8], basis: &Basis, report: &Report) {
    if !report.diagnostics.is_empty() {
        complain_styled(&shown(name, document, basis, report));
    }
}

pub(super) fn shown(name: &str, document: &[u8], basis: &Basis, report: &Report) -> String {
    describe(name, document, basis, report, stderr_style())
}

/// Why an XML document was not read.
pub(super) fn invalid(name: &str, document: &[u8], schema: &Schema, basis: &Basis, error: &Error) -> Refusal {
    let named = |report: &Report| Explained::name_the_cause(document, Some(schema), report.clone());
    let report = error.report().map(named);
    match report.as_ref().and_then(unreadable) {
        Some(why) => Refusal::Unread(format!("{name}: {why}")),
        None => refused(name, document, basis, report.as_ref(), error),
    }
}

/// The report of an error, or its message if it has no report.
pub(super) fn refused(name: &str, text: &[u8], basis: &Basis, report: Option<&Report>, error: &Error) -> Refusal {
    match report.filter(|report| !report.diagnostics.is_empty()) {
        Some(report) => Refusal::Report(shown(name, text, basis, report)),
        None => Refusal::Words(format!("{name}:{error}")),
    }
}

/// Why no packet was written.
pub(super) fn described_refusal(refusal: &EncodeError, kind: PacketKind, name: &str, text: &[u8]) -> Refusal {
    match refusal {
        EncodeError::Values(error) => match error.report() {
            Some(report) => Refusal::Report(shown(name, text, &Basis::Kind(kind, None), report)),
            None => Refusal::Words(format!("{name}: {}", concealed(text, error))),
        },
        EncodeError::Packet(error) => Refusal::Words(format!("{name}:{}", described(text, error))),
    }
}

/// A message about values, unless it repeats a secret in them.
fn concealed(values: &[u8], error: &Error) -> String {
    let words = error.to_string();
    match repeats_secret(values, &words) {
        true => "expected another value; the one found may be a secret and is not shown".to_owned(),
        false => words,
    }
}

/// Why a value is not a valid packet. There are no bytes to show, so the path of elements gives the place. A report on
/// what would have been written is already masked.
fn described(text: &[u8], error: &Error) -> String {
    let Some(report) = error.report() else { return format!(" {}", concealed(text, error)) };
    let lines = report.diagnostics.iter().map(|diagnostic| {
        let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        let place = if diagnostic.path.is_empty() { String::new() } else { format!(" at {}", diagnostic.path) };
        format!(" {}{place}: {}{help}", diagnostic.code, diagnostic.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Turns a report on a part of a text into a report on the text.
pub(super) fn moved(report: &Report, begin: usize) -> Report {
    let mut report = report.clone();
    for diagnostic in &mut report.diagnostics {
        diagnostic.span = diagnostic.span.start + begin..diagnostic.span.end + begin;
        if let Some((span, _)) = &mut diagnostic.related {
            *span = span.start + begin..span.end + begin;
        }
    }
    report
}
