//! `status`: the progress of migrations, by their status messages.

mod alarm;
mod json;
mod page;
mod table;
mod time;
mod watch;

use std::time::{SystemTime, UNIX_EPOCH};

use packetcheck::diagnostic::render::visible;
use packetcheck::progress::migrations::{Document, File, Known, Migration, migrations, name_tasks};
use packetcheck::{Limits, MessageProgress, PacketKind};

use crate::args::{StatusArguments, StatusFormat};
use crate::config::Configuration;
use crate::input::walk::{Claim, NotChecked, endings};
use crate::input::{Content, Source};
use crate::output::{Output, complain, is_plain, json_line, stdout_style};
use crate::status::{Status, Trouble};
use crate::waiting::Waiting;

use json::JsonMigration;
use table::Look;

pub(crate) use alarm::Alarm;
pub(crate) use time::{span, timestamp};

pub(crate) fn run(arguments: &StatusArguments) -> Result<Status, Trouble> {
    if arguments.watch {
        return watch::run(arguments);
    }
    let Seen { migrations, complaints, status } = look(arguments)?;
    complaints.iter().for_each(|complaint| complain(complaint));
    let mut output = Output::stdout();
    output.write(&drawn(&migrations, arguments, output.is_colored()))?;
    output.finish()?;
    Ok(status.max(alarm(&migrations, &arguments.fail_on)))
}

/// The result of reading all messages.
struct Seen {
    migrations: Vec<Migration>,
    /// Which files could not be read, and why.
    complaints: Vec<String>,
    status: Status,
}

/// Reads all messages.
fn look(arguments: &StatusArguments) -> Result<Seen, Trouble> {
    let configuration = Configuration::find(&arguments.configuration)?;
    let rules = configuration.rules()?;
    let limits = arguments.documents.limits_over(configuration.limits());
    let paths = arguments.input.paths()?;
    let walked = arguments.input.walked(endings(arguments.kind), configuration.excluded()?)?;
    let mut status = Status::Valid;
    let (mut documents, mut complaints) = (Vec::new(), Vec::new());
    let mut complain_of = |name: &str, worse: Status, why: &str| {
        status = status.max(worse);
        complaints.push(format!("{}: {why}", visible(name)));
    };
    let mut waiting = Waiting::new("files", arguments.input.counting(paths.clone(), walked.clone()));
    for (before, found) in arguments.input.found(paths, &walked).enumerate() {
        waiting.show(before, before);
        let item = match found {
            Ok(item) => item,
            Err((source, NotChecked::Unreadable(why))) => {
                complain_of(&source.name(), Status::Unchecked, &why);
                continue;
            }
            Err((_, NotChecked::Skipped(_))) => continue,
        };
        item.read_each(&limits, &|_| false, &mut |source, content| {
            let bytes = content.map(|content| match content {
                Content::Whole(bytes) | Content::Large(bytes, _) => bytes,
            });
            let bytes = match bytes {
                Ok(bytes) => bytes,
                Err(why) => return complain_of(&source.name(), Status::Unchecked, &why),
            };
            let claim = source.claim(&item, walked.endings);
            // The command line applies to all files.
            let rule = if arguments.kind.is_none() { rules.position(source) } else { None };
            let rule = rule.and_then(|position| configuration.files.get(position));
            if claim != Claim::Named && rule.is_some_and(|files| files.kind().is_none()) {
                // A document of another schema has no status.
                return;
            }
            let kind = arguments.kind.or_else(|| rule?.kind());
            let (document, reasons) = read(source, claim, bytes, kind, &limits);
            documents.push(document);
            for (worse, why) in reasons {
                complain_of(&source.name(), worse, &why);
            }
        });
    }
    waiting.finish();
    name_tasks(&mut documents);
    for document in documents.iter().filter(|document| document.asks().is_some() && !document.is_paired) {
        let kind = document.messages.iter().find_map(|message| message.kind);
        let kind = kind.map(PacketKind::name).unwrap_or_default();
        complain_of(&document.file.name, Status::Valid, &format!("this {kind} has no status"));
    }
    let interval = arguments.interval.map(|interval| i64::try_from(interval.as_millis()).unwrap_or(i64::MAX));
    let known = Known { one_task: arguments.one_task, interval, now: now(arguments) };
    let records = documents.into_iter().flat_map(Document::into_records).collect();
    Ok(Seen { migrations: migrations(records, known), complaints, status })
}

/// The time of the run, in milliseconds since 1970.
fn now(arguments: &StatusArguments) -> i64 {
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let clock = || i64::try_from(clock()).unwrap_or(i64::MAX);
    arguments.now.map_or_else(clock, |now| now.as_millisecond())
}

/// The migrations in the requested format, for standard output.
fn drawn(migrations: &[Migration], arguments: &StatusArguments, is_colored: bool) -> Vec<u8> {
    match arguments.format {
        StatusFormat::Text => {
            let look = Look { width: stdout_style().width, is_colored, is_plain: is_plain() };
            table::draw(migrations, look).into_bytes()
        }
        StatusFormat::Jsonl => {
            migrations.iter().flat_map(|migration| json_line(&JsonMigration::of(migration))).collect()
        }
        StatusFormat::Html => page::draw(migrations, now(arguments)).into_bytes(),
        StatusFormat::Json => json_line(&migrations.iter().map(JsonMigration::of).collect::<Vec<_>>()),
    }
}

/// The exit status according to the conditions to fail on.
fn alarm(migrations: &[Migration], alarms: &[Alarm]) -> Status {
    match migrations.iter().any(|migration| alarms.iter().any(|alarm| alarm.is_raised_by(migration))) {
        true => Status::Invalid,
        false => Status::Valid,
    }
}

/// The data about a file that migrations need.
fn file_of(source: &Source) -> File {
    let (name, path, path_bytes) = (source.name(), source.path(), source.path_bytes());
    File { name, path, path_bytes, folder: source.folder_name(), modified: source.modified() }
}

/// The status in a document, and why the rest of it has none, with the consequences for the run. A valid packet that is
/// not a status message is reported and does not change the exit status. Whether a request that names tasks is useful
/// is decided later.
fn read(
    source: &Source,
    claim: Claim,
    bytes: &[u8],
    kind: Option<PacketKind>,
    limits: &Limits,
) -> (Document, Vec<(Status, String)>) {
    let messages = MessageProgress::of(bytes, kind, limits);
    let mut complaints = Vec::new();
    for MessageProgress { place, kind, progress, .. } in &messages {
        if let (Err(error), Some(kind)) = (progress, kind) {
            let place = place.map(|(exchange, direction)| format!("{} {exchange}: ", direction.name()));
            // Data that the types cannot hold may still be valid.
            let (status, what) = match error.report() {
                Some(_) => (Status::Invalid, "invalid"),
                None => (Status::Unchecked, "cannot be read as"),
            };
            let (place, error) = (place.unwrap_or_default(), error.to_string());
            complaints.push((status, format!("{place}{what} {kind}: {}", visible(&error))));
        }
    }
    let says_nothing = messages.iter().all(|message| message.progress.as_ref().map_or(true, Vec::is_empty));
    let known = messages.iter().find_map(|message| message.kind);
    let document = Document { file: file_of(source), messages, is_paired: false };
    if says_nothing && complaints.is_empty() && document.asks().is_none() {
        match known {
            None if claim == Claim::Content => {}
            None => complaints.push((Status::Invalid, "of no known kind".to_owned())),
            Some(kind) => complaints.push((Status::Valid, format!("this {kind} has no status"))),
        }
    }
    (document, complaints)
}
