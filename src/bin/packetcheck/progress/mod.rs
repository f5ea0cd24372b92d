//! `status`: how far migrations are, by their status messages.

mod amount;
mod line;
mod table;
mod time;

use packetcheck::diagnostic::render::visible;
use packetcheck::{Limits, MessageProgress, PacketKind, Progress};

use crate::args::{StatusArguments, StatusFormat};
use crate::input::Source;
use crate::input::walk::{Claim, NotChecked, endings};
use crate::output::{Output, complain, json_line};
use crate::status::{Status, Trouble};

use line::{Line, Record, join};

pub(crate) fn run(arguments: &StatusArguments) -> Result<Status, Trouble> {
    let limits = arguments.documents.limits();
    let (paths, walked) = (arguments.input.paths()?, arguments.input.walked(endings(arguments.kind), &[])?);
    let mut status = Status::Valid;
    let mut records = Vec::new();
    let mut complain_of = |source: &Source, worse: Status, why: &str| {
        status = status.max(worse);
        complain(&format!("{}: {why}", visible(&source.name())));
    };
    for found in arguments.input.found(paths, &walked) {
        let item = match found {
            Ok(item) => item,
            Err((source, NotChecked::Unreadable(why))) => {
                complain_of(&source, Status::Unchecked, &why);
                continue;
            }
            Err((_, NotChecked::Skipped(_))) => continue,
        };
        item.read_each(&limits, &mut |source, document| {
            let document = match document {
                Ok(document) => document,
                Err(why) => return complain_of(source, Status::Unchecked, &why),
            };
            let claim = source.claim(&item, walked.endings);
            let (found, complaints) = read(source, claim, document, arguments.kind, &limits);
            records.extend(found);
            for (worse, why) in complaints {
                complain_of(source, worse, &why);
            }
        });
    }
    let lines = join(records, arguments.one_task);
    let mut output = Output::stdout();
    match arguments.format {
        StatusFormat::Text => output.write(table::draw(&lines, output.is_colored(), table::is_plain()).as_bytes())?,
        StatusFormat::Jsonl => lines.iter().try_for_each(|line| output.write(&json_line(&line.to_json())))?,
        StatusFormat::Json => output.write(&json_line(&lines.iter().map(Line::to_json).collect::<Vec<_>>()))?,
    }
    output.finish()?;
    Ok(status)
}

/// What a document says of migrations, and why the rest of it says nothing, with what that makes of the run. A valid packet
/// that is not a status message, such as a request, is reported and does not change the exit status.
fn read(
    source: &Source,
    claim: Claim,
    document: &[u8],
    kind: Option<PacketKind>,
    limits: &Limits,
) -> (Vec<Record>, Vec<(Status, String)>) {
    let (mut found, mut complaints, mut known) = (Vec::new(), Vec::new(), None);
    for MessageProgress { place, kind, progress, .. } in MessageProgress::of(document, kind, limits) {
        known = known.or(kind);
        match (progress, kind) {
            (Ok(progress), Some(kind)) => found.extend(progress.into_iter().map(|progress| (place, kind, progress))),
            (Err(error), Some(kind)) => {
                let place = place.map(|(exchange, direction)| format!("{} {exchange}: ", direction.name()));
                // What the types have no place for may be valid.
                let (status, what) = match error.report() {
                    Some(_) => (Status::Invalid, "invalid"),
                    None => (Status::Unchecked, "cannot be read as"),
                };
                let (place, error) = (place.unwrap_or_default(), error.to_string());
                complaints.push((status, format!("{place}{what} {kind}: {}", visible(&error))));
            }
            (_, None) => {}
        }
    }
    if found.is_empty() && complaints.is_empty() {
        complaints.push(match known {
            None if claim == Claim::Content => return (Vec::new(), Vec::new()),
            None => (Status::Invalid, "of no known kind".to_owned()),
            Some(kind) => (Status::Valid, format!("no status is in this {kind}")),
        });
    }
    let read_at = source.modified();
    let several = found.len() > 1;
    let record = |(index, (place, kind, progress)): (usize, (Option<_>, PacketKind, Progress<'static>))| Record {
        name: source.name(),
        path: source.path(),
        path_bytes: source.path_bytes(),
        answer: several.then_some(index + 1),
        is_captured: place.is_some(),
        kind,
        // A capture is newer than what was said in it, and its messages have dates of their own.
        file_time: read_at.filter(|_| place.is_none() || progress.not_before.is_none()),
        progress,
    };
    (found.into_iter().enumerate().map(record).collect(), complaints)
}
