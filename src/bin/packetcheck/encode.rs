//! `encode`: a packet from its values as JSON.

use packetcheck::diagnostic::repeats_secret;
use packetcheck::{EncodeError, Error, Layout, PacketKind};

use crate::args::EncodeArguments;
use crate::by_schema::{BySchema, Written};
use crate::decode::complain_of;
use crate::input::Source;
use crate::output::{Output, complain};
use crate::plan::Basis;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &EncodeArguments) -> Result<Status, Trouble> {
    let limits = arguments.limits.limits();
    let Some(kind) = arguments.kind else {
        let schema = BySchema::new(&arguments.schemas, &arguments.locations, limits)?;
        let written = Written { root: arguments.root.as_deref(), format: arguments.format, pretty: arguments.pretty };
        return schema.encode(&arguments.paths, &written);
    };
    let [path] = arguments.paths.as_slice() else {
        return Err(Trouble::Message("expected one packet; several documents are written with `--schema`".to_owned()));
    };
    let source = Source::named(path);
    let text = source.read(&limits).map_err(|why| Trouble::Message(format!("{}: {why}", source.name())))?;
    let layout = Layout::default().json(arguments.json).pretty(arguments.pretty);
    let packet = match kind.encode_limited(&text, &layout, &limits) {
        Ok(packet) => packet,
        Err(refusal) => {
            complain_of_refusal(&refusal, kind, &source.name(), &text);
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

/// Shows why no packet was written.
fn complain_of_refusal(refusal: &EncodeError, kind: PacketKind, name: &str, text: &[u8]) {
    match refusal {
        EncodeError::Values(error) => match error.report() {
            Some(report) => complain_of(name, text, &Basis::Kind(kind, None), report),
            None => complain(&format!("{name}: {}", concealed(text, error))),
        },
        EncodeError::Packet(error) => complain(&format!("{name}:{}", described(text, error))),
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
