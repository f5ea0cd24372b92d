//! `decode`: a packet's values as JSON.

use crate::args::{DecodeArguments, JsonFormat};
use crate::conversion::{Conversion, print_each};
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &DecodeArguments) -> Result<Status, Trouble> {
    let limits = arguments.documents.limits();
    let conversion = Conversion::new(arguments.kind, &arguments.schemas, &arguments.locations, limits)?.with_captures();
    if arguments.schemas.is_empty() && arguments.paths.len() > 1 {
        return Err(Trouble::Message("expected one packet; several documents are decoded with `--schema`".to_owned()));
    }
    print_each(&arguments.paths, &limits, |name, document, printer| {
        printer.take(conversion.to_json(name, document, arguments.format == JsonFormat::Json))
    })
}
