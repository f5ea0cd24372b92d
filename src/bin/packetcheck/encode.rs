//! `encode`: a packet from its values as JSON.

use packetcheck::diagnostic::repeats_secret;
use packetcheck::{Error, Kind, dataworks, plesk, sms};
use serde::{Deserialize, Serialize};

use crate::args::EncodeArguments;
use crate::decode::complain_of;
use crate::input::Source;
use crate::output::{Output, complain};
use crate::plan::Basis;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &EncodeArguments) -> Result<Status, Trouble> {
    let source = Source::named(&arguments.path);
    let text = source.read().map_err(|why| Trouble::Message(format!("{}: {why}", source.name())))?;
    let packet = match encode(arguments.kind, arguments.json, arguments.pretty, &text) {
        Ok(packet) => packet,
        Err(why) => {
            complain(&format!("{}:{why}", source.name()));
            return Ok(Status::Invalid);
        }
    };
    let report = arguments.kind.explain(&packet);
    complain_of("the packet", &packet, &Basis::Kind(arguments.kind, None), &report);
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

/// The packet, or what the values lack, with the place where that can be told.
fn encode(kind: Kind, json: bool, pretty: bool, text: &[u8]) -> Result<Vec<u8>, String> {
    let packet = match kind {
        Kind::PleskRequest => {
            let request: plesk::Request<'_> = parse(text)?;
            if pretty { request.to_xml_pretty() } else { request.to_xml() }
        }
        Kind::PleskResponse => {
            let response: plesk::Response<'_> = parse(text)?;
            if pretty { response.to_xml_pretty() } else { response.to_xml() }
        }
        Kind::DataWorksRequest => parse::<dataworks::Request<'_>>(text)?.to_query().map(String::into_bytes),
        Kind::DataWorksResponse => dataworks::Response::from_json(text).and_then(|response| match (json, pretty) {
            (false, false) => response.to_xml(),
            (false, true) => response.to_xml_pretty(),
            (true, _) => response.to_json().map(|json| laid_out(json, &response, pretty)),
        }),
        Kind::SmsTask => {
            sms::Response::from_json(text).and_then(|response| Ok(laid_out(response.to_json()?, &response, pretty)))
        }
        Kind::SmsProgress => {
            sms::ProgressReport::from_json(text).and_then(|report| Ok(laid_out(report.to_json()?, &report, pretty)))
        }
        _ => return Err(format!(" packets of the kind `{kind}` have no values")),
    };
    packet.map_err(|error| refusal(text, &error))
}

/// JSON with each member on a line of its own, if that is wanted.
pub(crate) fn laid_out(json: Vec<u8>, value: &impl Serialize, pretty: bool) -> Vec<u8> {
    match pretty.then(|| serde_json::to_vec_pretty(value)) {
        Some(Ok(pretty)) => pretty,
        _ => json,
    }
}

/// Reads a value from JSON. An error tells line, column and the path of members to where it is.
fn parse<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, String> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let is_shown = |path: &&str| *path != "." && *path != "?" && !repeats_secret(text, path);
        describe(text, &inner, Some(&*path).filter(is_shown))
    })?;
    reader.end().map_err(|error| describe(text, &error, None))?;
    Ok(value)
}

/// Words about values, unless they repeat a secret among them.
fn concealed(values: &[u8], words: String) -> String {
    match repeats_secret(values, &words) {
        true => "expected another value; what was found may be a secret and is not shown".to_owned(),
        false => words,
    }
}

/// Why a value is no valid packet. There are no bytes to show, so places are told by the path of elements. A report on what
/// would have been written is masked already.
fn refusal(text: &[u8], error: &Error) -> String {
    let Some(report) = error.report() else { return format!(" {}", concealed(text, error.to_string())) };
    let lines = report.diagnostics.iter().map(|diagnostic| {
        let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        let place = if diagnostic.path.is_empty() { String::new() } else { format!(" at {}", diagnostic.path) };
        format!(" {}{place}: {}{help}", diagnostic.code, diagnostic.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn describe(text: &[u8], error: &serde_json::Error, path: Option<&str>) -> String {
    let message = error.to_string();
    // The place stands before the message here, and not again behind it.
    let end = format!(" at line {} column {}", error.line(), error.column());
    let message = concealed(text, message.strip_suffix(&end).unwrap_or(&message).to_owned());
    let path = path.map(|path| format!(" at `{path}`:")).unwrap_or_default();
    match error.line() {
        // What was found only when all had been read has no place.
        0 => format!("{path} {message}"),
        line => format!("{line}:{}:{path} {message}", error.column()),
    }
}
