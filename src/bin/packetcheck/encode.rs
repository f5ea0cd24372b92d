//! `encode`: a packet from its values as JSON.

use packetcheck::diagnostic::repeats_secret;
use packetcheck::{Error, Kind, Limits, dataworks, plesk, sms};
use serde::Serialize;
use serde::ser::Error as _;

use crate::args::EncodeArguments;
use crate::by_schema::BySchema;
use crate::decode::complain_of;
use crate::input::Source;
use crate::output::{Output, complain};
use crate::plan::Basis;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &EncodeArguments) -> Result<Status, Trouble> {
    let source = Source::named(&arguments.path);
    let limits = arguments.limits.limits();
    let text = source.read(&limits).map_err(|why| Trouble::Message(format!("{}: {why}", source.name())))?;
    let Some(kind) = arguments.kind else {
        let schema = BySchema::new(&arguments.schemas, &arguments.locations, &limits)?;
        return schema.encode(&source, &text, arguments.pretty);
    };
    let packet = match encode(arguments, kind, &text, &limits) {
        Ok(packet) => packet,
        Err(refusal) => {
            refusal.show(kind, &source.name(), &text);
            return Ok(Status::Invalid);
        }
    };
    let report = kind.explain_limited(&packet, &limits);
    complain_of("the packet", &packet, &Basis::Kind(kind, None), &report);
    if !report.is_valid() {
        return Ok(Status::Invalid);
    }
    print_packet(packet)
}

/// Writes a packet to standard output, with a line feed behind it if it ends without one, as servers do.
pub(crate) fn print_packet(mut packet: Vec<u8>) -> Result<Status, Trouble> {
    if !packet.ends_with(b"\n") {
        packet.push(b'\n');
    }
    let mut output = Output::stdout();
    output.write(&packet)?;
    output.finish()?;
    Ok(Status::Valid)
}

/// Why no packet was written.
enum Refusal {
    /// The text is not JSON, or its values are not those of a packet.
    Values(Error),
    /// The packet would be invalid.
    Packet(Error),
}

fn encode(arguments: &EncodeArguments, kind: Kind, text: &[u8], limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let EncodeArguments { json, pretty, .. } = *arguments;
    let packet = match kind {
        Kind::PleskRequest => {
            let request = plesk::Request::from_json_limited(text, limits).map_err(Refusal::Values)?;
            if pretty { request.to_xml_pretty() } else { request.to_xml() }
        }
        Kind::PleskResponse => {
            let response = plesk::Response::from_json_limited(text, limits).map_err(Refusal::Values)?;
            if pretty { response.to_xml_pretty() } else { response.to_xml() }
        }
        Kind::DataWorksRequest => {
            let request = dataworks::Request::from_json_limited(text, limits).map_err(Refusal::Values)?;
            request.to_query().map(String::into_bytes)
        }
        Kind::DataWorksResponse => {
            let response = dataworks::Response::from_json_limited(text, limits).map_err(Refusal::Values)?;
            match (json, pretty) {
                (false, false) => response.to_xml(),
                (false, true) => response.to_xml_pretty(),
                (true, _) => response.to_json().map(|json| laid_out(json, &response, pretty)),
            }
        }
        Kind::SmsTask => {
            let response = sms::Response::from_json_limited(text, limits).map_err(Refusal::Values)?;
            response.to_json().map(|json| laid_out(json, &response, pretty))
        }
        Kind::SmsProgress => {
            let report = sms::ProgressReport::from_json_limited(text, limits).map_err(Refusal::Values)?;
            report.to_json().map(|json| laid_out(json, &report, pretty))
        }
        _ => Err(Error::custom(format_args!("packets of the kind `{kind}` have no values"))),
    };
    packet.map_err(Refusal::Packet)
}

impl Refusal {
    fn show(&self, kind: Kind, name: &str, text: &[u8]) {
        match self {
            Refusal::Values(error) => match error.report() {
                Some(report) => complain_of(name, text, &Basis::Kind(kind, None), report),
                None => complain(&format!("{name}: {}", concealed(text, error))),
            },
            Refusal::Packet(error) => complain(&format!("{name}:{}", described(text, error))),
        }
    }
}

/// JSON with each member on a line of its own, if that is wanted.
pub(crate) fn laid_out(json: Vec<u8>, value: &impl Serialize, pretty: bool) -> Vec<u8> {
    match pretty.then(|| serde_json::to_vec_pretty(value)) {
        Some(Ok(pretty)) => pretty,
        _ => json,
    }
}

/// Words about values, unless they repeat a secret among them.
fn concealed(values: &[u8], error: &Error) -> String {
    let words = error.to_string();
    match repeats_secret(values, &words) {
        true => "expected another value; what was found may be a secret and is not shown".to_owned(),
        false => words,
    }
}

/// Why a value is not a valid packet. There are no bytes to show, so the path of elements gives the place. A report on what
/// would have been written is masked already.
fn described(text: &[u8], error: &Error) -> String {
    let Some(report) = error.report() else { return format!(" {}", concealed(text, error)) };
    let lines = report.diagnostics.iter().map(|diagnostic| {
        let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        let place = if diagnostic.path.is_empty() { String::new() } else { format!(" at {}", diagnostic.path) };
        format!(" {}{place}: {}{help}", diagnostic.code, diagnostic.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}
