//! `decode`: a packet's values as JSON.

use packetcheck::diagnostic::Report;

use crate::args::DecodeArguments;
use crate::by_schema::BySchema;
use crate::check::describe;
use crate::input::Source;
use crate::output::{Output, complain_styled, stderr_style};
use crate::plan::{Basis, judge_by_content, judge_by_kind, unreadable};
use crate::status::{Status, Trouble};
use packetcheck::PacketKind;

pub(crate) fn run(arguments: &DecodeArguments) -> Result<Status, Trouble> {
    let limits = arguments.documents.limits();
    if !arguments.schemas.is_empty() {
        let schema = BySchema::new(&arguments.schemas, &arguments.locations, limits)?;
        return schema.decode(&arguments.paths, arguments.format);
    }
    let [path] = arguments.paths.as_slice() else {
        return Err(Trouble::Message("expected one packet; several documents are decoded with `--schema`".to_owned()));
    };
    let source = Source::named(path);
    let document = source.read(&limits).map_err(|why| Trouble::Message(format!("{}: {why}", source.name())))?;
    let (basis, report) = match arguments.kind {
        Some(kind) => judge_by_kind(&document, kind, &limits),
        None => judge_by_content(&document, &limits),
    };
    if let Some(why) = unreadable(&report) {
        return Err(Trouble::Message(format!("{}: {why}", source.name())));
    }
    complain_of(&source.name(), &document, &basis, &report);
    if !report.is_valid() {
        return Ok(Status::Invalid);
    }
    let values = match arguments.kind {
        Some(kind) => kind.decode_limited(&document, &limits),
        None => PacketKind::decode_detected_limited(&document, &limits),
    };
    // Nothing valid fails to be decoded.
    print(values.map_err(|error| Trouble::Message(error.to_string()))?)
}

/// Shows on standard error what is wrong or odd, in the form of `check`.
pub(crate) fn complain_of(name: &str, document: &[u8], basis: &Basis, report: &Report) {
    if !report.diagnostics.is_empty() {
        complain_styled(&describe(name, document, basis, report, stderr_style()));
    }
}

/// Writes JSON to standard output, with a line feed after it.
fn print(mut json: Vec<u8>) -> Result<Status, Trouble> {
    json.push(b'\n');
    let mut output = Output::stdout();
    output.write(&json)?;
    output.finish()?;
    Ok(Status::Valid)
}
