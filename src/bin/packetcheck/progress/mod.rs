//! `status`: how far migrations are, by their status messages.

mod amount;
mod line;
mod table;
mod time;

use packetcheck::diagnostic::render::visible;
use packetcheck::{Kind, Limits, Progress};

use crate::args::{Format, StatusArguments};
use crate::input::Source;
use crate::output::{Output, complain, json_line};
use crate::status::{Status, Trouble};
use crate::walk::{endings, only_one_stdin, walk};

use line::{Record, join};

pub(crate) fn run(arguments: &StatusArguments) -> Result<Status, Trouble> {
    only_one_stdin(&arguments.paths)?;
    let limits = arguments.documents.limits();
    let mut status = Status::Valid;
    let mut records = Vec::new();
    for found in walk(&arguments.paths, endings(arguments.kind)) {
        let (name, outcome) = match found {
            Ok(source) => (source.name(), read(&source, arguments.kind, &limits)),
            Err((source, why)) => (source.name(), Err((Status::Unchecked, why))),
        };
        match outcome {
            Ok(found) => records.extend(found),
            Err((worse, why)) => {
                status = status.max(worse);
                complain(&format!("{}: {why}", visible(&name)));
            }
        }
    }
    let lines = join(records, arguments.one_task);
    let mut output = Output::stdout();
    match arguments.format {
        Format::Text => output.write(table::draw(&lines, output.is_colored(), table::is_plain()).as_bytes())?,
        Format::Json => lines.iter().try_for_each(|line| output.write(&json_line(&line.to_json())))?,
    }
    output.finish()?;
    Ok(status)
}

/// What a document says of migrations, or why it says nothing, and what that makes of the run. A valid packet that is
/// no status message, such as a request, is told and does no harm.
fn read(source: &Source, kind: Option<Kind>, limits: &Limits) -> Result<Vec<Record>, (Status, String)> {
    let document = source.read(limits).map_err(|why| (Status::Unchecked, why))?;
    let kind = kind.or_else(|| Kind::detect(&document).map(|detected| detected.kind));
    let Some(kind) = kind else { return Err((Status::Invalid, "of no known kind".to_owned())) };
    let found = Progress::of_packet_limited(kind, &document, limits)
        .map_err(|error| (Status::Invalid, format!("invalid {kind}: {}", visible(&error.to_string()))))?;
    if found.is_empty() {
        return Err((Status::Valid, format!("no status is in this {kind}")));
    }
    let read_at = source.modified();
    let several = found.len() > 1;
    let record = |(index, progress)| Record {
        name: source.name(),
        path: source.path(),
        path_bytes: source.path_bytes(),
        answer: several.then_some(index + 1),
        kind,
        file_time: read_at,
        progress,
    };
    Ok(found.into_iter().enumerate().map(record).collect())
}
