//! `redact`: writes packets and captures without their secrets.

use packetcheck::diagnostic::Report;
use packetcheck::{Limits, Schema, redact};

use crate::args::RedactArguments;
use crate::input::Source;
use crate::input::walk::only_one_stdin;
use crate::output::{Output, complain};
use crate::plan::{explain_by_content, sources};
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &RedactArguments) -> Result<Status, Trouble> {
    only_one_stdin(&arguments.paths)?;
    let limits = arguments.documents.limits();
    let schema = match arguments.schemas.as_slice() {
        [] => None,
        paths => {
            let schema = Schema::from_sources(&sources(paths, &arguments.locations));
            Some(schema.map_err(|error| Trouble::Schema(Box::new(error)))?.with_limits(limits))
        }
    };
    let mut output = Output::stdout();
    let mut status = Status::Valid;
    for path in &arguments.paths {
        let source = Source::named(path);
        let redacted = source.read(&limits).and_then(|document| {
            let redacted = redact(&document, schema.as_ref(), &limits).map_err(|error| error.to_string())?;
            Ok((document, redacted))
        });
        let (document, redacted) = match redacted {
            Ok(redacted) => redacted,
            Err(why) => {
                output.flush()?;
                complain(&format!("{}: {why}", source.name()));
                status = Status::Unchecked;
                continue;
            }
        };
        let explain = |document: &[u8]| explain(document, schema.as_ref(), &limits);
        if explain(&document).errors < explain(&redacted).errors {
            output.flush()?;
            complain(&format!("{}: not written: masking would add errors", source.name()));
            status = status.max(Status::Invalid);
            continue;
        }
        output.write(&redacted)?;
        // If there are several files, each result begins on a new line.
        if arguments.paths.len() > 1 && !redacted.ends_with(b"\n") {
            output.write(b"\n")?;
        }
    }
    output.finish()?;
    Ok(status)
}

fn explain(document: &[u8], schema: Option<&Schema>, limits: &Limits) -> Report {
    match schema {
        Some(schema) => schema.explain(document),
        None => explain_by_content(document, limits).1,
    }
}
