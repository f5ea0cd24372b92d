//! `--watch`: reads the messages again and again.

use std::collections::{HashMap, HashSet};
use std::io::{IsTerminal, stdout};
use std::thread::sleep;
use std::time::Duration;

use packetcheck::diagnostic::render::visible;
use packetcheck::progress::migrations::{Migration, amount, failure, percents, rfc3339, short, step, words};

use crate::args::{StatusArguments, StatusFormat};
use crate::input::STDIN;
use crate::output::{CLEAR, Output, complain, is_dumb, json_line, painted};
use crate::status::{Status, Trouble};

use super::json::JsonMigration;
use super::{Seen, alarm, drawn, look, table};

/// The default time between two readings.
const INTERVAL: Duration = Duration::from_secs(2);

/// Reads again until it is interrupted, its output is no longer read, or a condition to fail on is met.
pub(super) fn run(arguments: &StatusArguments) -> Result<Status, Trouble> {
    if arguments.input.paths()?.iter().any(|path| path.as_os_str() == STDIN) {
        return Err(Trouble::Message("standard input can only be read once, and --watch reads again".to_owned()));
    }
    if !matches!(arguments.format, StatusFormat::Text | StatusFormat::Jsonl) {
        return Err(Trouble::Message("--watch writes text and jsonl only".to_owned()));
    }
    let interval = arguments.interval.and_then(|interval| Duration::try_from(interval).ok()).unwrap_or(INTERVAL);
    let is_redrawn = arguments.format == StatusFormat::Text && stdout().is_terminal() && !is_dumb();
    let (mut complained, mut shown) = (HashSet::new(), HashMap::new());
    loop {
        let Seen { migrations, complaints, .. } = look(arguments)?;
        let mut output = Output::stdout();
        if is_redrawn {
            output.write(CLEAR)?;
            output.write(&drawn(&migrations, arguments, output.is_colored()))?;
            complained.clear();
        } else {
            let now = super::now(arguments);
            for migration in changed(&migrations, &mut shown) {
                output.write(&match arguments.format {
                    StatusFormat::Text => line(migration, now, output.is_colored()).into_bytes(),
                    _ => json_line(&JsonMigration::of(migration)),
                })?;
            }
        }
        output.finish()?;
        for complaint in complaints {
            if complained.insert(complaint.clone()) {
                complain(&complaint);
            }
        }
        let status = alarm(&migrations, &arguments.fail_on);
        if status != Status::Valid {
            return Ok(status);
        }
        sleep(interval);
    }
}

/// The migrations whose status has changed.
fn changed<'m>(migrations: &'m [Migration], shown: &mut HashMap<String, String>) -> Vec<&'m Migration> {
    let is_new = |migration: &&Migration| {
        let facts = facts(migration);
        shown.insert(migration.key(), facts.clone()).is_none_or(|before| before != facts)
    };
    migrations.iter().filter(is_new).collect()
}

/// Everything about a migration except what changes with time alone.
fn facts(migration: &Migration) -> String {
    let concerns: Vec<_> = migration.course.concerns.iter().map(|concern| concern.name()).collect();
    let failure = &migration.latest.progress.failure;
    format!("{} {:?} {failure:?} {concerns:?}", migration.state_name(), migration.course.amount)
}

/// `2024-05-01T12:00:00Z 24175: running 30%, 10/33, 12m left, Copying`
fn line(migration: &Migration, now: i64, is_colored: bool) -> String {
    let course = &migration.course;
    let state = painted(migration.state_name(), table::color(migration).filter(|_| is_colored));
    let left = course.remaining.map(|left| format!("{} left", short(left)));
    let said = migration.latest.progress.failure.as_ref().map(failure);
    let concerns = course.concerns.iter().map(|concern| words(concern, migration));
    let facts = [amount(&course.amount), left.unwrap_or_default(), step(migration), said.unwrap_or_default()];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).chain(concerns).collect();
    let facts = facts.join(", ").split_whitespace().collect::<Vec<_>>().join(" ");
    let comma = if facts.is_empty() { "" } else { ", " };
    let (time, name) = (rfc3339(now).unwrap_or_default(), visible(&migration.name));
    format!("{time} {name}: {state} {}{comma}{}\n", percents(&course.amount), visible(&facts))
}
