//! `decode`: a packet's values as JSON.

use packetcheck::diagnostic::Report;
use packetcheck::diagnostic::render::json;
use packetcheck::{Kind, Limits, xml};
use packetcheck::{dataworks, plesk, sms};
use serde::Serialize;

use crate::args::DecodeArguments;
use crate::by_schema::BySchema;
use crate::check::describe;
use crate::input::Source;
use crate::output::{Output, complain_styled, is_stderr_colored};
use crate::plan::{Basis, judge_by_content, unreadable};
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &DecodeArguments) -> Result<Status, Trouble> {
    let limits = arguments.documents.limits();
    if !arguments.schemas.is_empty() {
        let schema = BySchema::new(&arguments.schemas, &arguments.locations, &limits)?;
        return schema.decode(&arguments.paths, &limits, arguments.format);
    }
    let [path] = arguments.paths.as_slice() else {
        return Err(Trouble::Message("expected one packet; several documents are decoded with `--schema`".to_owned()));
    };
    let source = Source::named(path);
    let document = source.read(&limits).map_err(|why| Trouble::Message(format!("{}: {why}", source.name())))?;
    let (basis, report) = match arguments.kind {
        Some(kind) => (Basis::Kind(kind, None), kind.explain_limited(&document, &limits)),
        None => judge_by_content(&document, &limits),
    };
    if let Some(why) = unreadable(&report) {
        return Err(Trouble::Message(format!("{}: {why}", source.name())));
    }
    complain_of(&source.name(), &document, &basis, &report);
    match basis {
        Basis::Kind(kind, _) if report.is_valid() => {
            // Nothing valid fails to be decoded.
            let document = xml::decode(&document, &limits).map_err(|fault| Trouble::Message(fault.to_string()))?;
            decode(kind, &document, &limits)
        }
        _ => Ok(Status::Invalid),
    }
}

/// Shows on standard error what is wrong or odd, in the form of `check`.
pub(crate) fn complain_of(name: &str, document: &[u8], basis: &Basis, report: &Report) {
    if !report.diagnostics.is_empty() {
        complain_styled(&describe(name, document, basis, report, is_stderr_colored()));
    }
}

fn decode(kind: Kind, document: &[u8], limits: &Limits) -> Result<Status, Trouble> {
    let trouble = |error: packetcheck::Error| Trouble::Message(error.to_string());
    match kind {
        Kind::PleskRequest => print(&plesk::Request::from_xml_limited(document, limits).map_err(trouble)?),
        Kind::PleskResponse => print(&plesk::Response::from_xml_limited(document, limits).map_err(trouble)?),
        Kind::DataWorksRequest => print(&dataworks::Request::parse_limited(document, limits).map_err(trouble)?),
        Kind::DataWorksResponse => print(&dataworks::Response::parse_limited(document, limits).map_err(trouble)?),
        Kind::SmsTask => print(&sms::Response::from_json_limited(document, limits).map_err(trouble)?),
        Kind::SmsProgress => print(&sms::ProgressReport::from_json_limited(document, limits).map_err(trouble)?),
        _ => Err(Trouble::Message(format!("packets of the kind `{kind}` have no values"))),
    }
}

fn print(value: &impl Serialize) -> Result<Status, Trouble> {
    let mut text = json::to_pretty(value).map_err(|error| Trouble::Message(error.to_string()))?;
    text.push(b'\n');
    let mut output = Output::stdout();
    output.write(&text)?;
    output.finish()?;
    Ok(Status::Valid)
}
