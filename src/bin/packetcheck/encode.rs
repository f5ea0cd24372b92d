//! `encode`: writes a packet from its values as JSON.

use crate::args::{EncodeArguments, JsonFormat};
use crate::conversion::{Conversion, Written, print_each};
use crate::output::Output;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &EncodeArguments) -> Result<Status, Trouble> {
    let (limits, mapping) = (arguments.limits.limits(), &arguments.mapping);
    let conversion = Conversion::new(mapping.kind, &mapping.schemas, &mapping.locations, limits)?;
    if mapping.schemas.is_empty() && arguments.paths.len() > 1 {
        return Err(Trouble::Message("expected one packet; several documents are written with `--schema`".to_owned()));
    }
    let EncodeArguments { json, pretty, .. } = arguments;
    let lines = arguments.format == JsonFormat::Jsonl;
    if *pretty && lines {
        return Err(Trouble::Message("a document on one line cannot be indented: leave `--pretty` out".to_owned()));
    }
    let written = Written { root: mapping.root.as_deref(), json: *json, pretty: *pretty, lines };
    print_each(&arguments.paths, &limits, |name, text, printer| {
        conversion.for_each_document(name, text, &written, |document| printer.take(document))
    })
}

/// Writes a packet to standard output, and a line feed after it if it ends without one, as servers do.
pub(crate) fn print_packet(mut packet: Vec<u8>) -> Result<Status, Trouble> {
    if !packet.ends_with(b"\n") {
        packet.push(b'\n');
    }
    let mut output = Output::stdout();
    output.write(&packet)?;
    output.finish()?;
    Ok(Status::Valid)
}
