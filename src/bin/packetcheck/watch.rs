//! `check --watch`: the documents are checked again whenever one of them changes, or what they are checked by does.

use std::collections::BTreeMap;
use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::args::CheckArguments;
use crate::config::Configuration;
use crate::input::walk::{Endings, Walked, endings, walk};
use crate::input::{STDIN, Source, folder_of};
use crate::output::{CLEAR, Output, is_dumb};
use crate::status::{Status, Trouble};

/// Between two looks at the times of files, at least; many files are looked at less often.
const INTERVAL: Duration = Duration::from_millis(300);

/// Checking takes at most one part in this many of the time.
const SHARE: u32 = 20;

/// How the names of schema documents end, and those of catalogs next to them.
const SCHEMAS: Endings = &["xsd", "wsdl", "xml"];

/// When each file was changed, and how long it is; nothing of one that is not there.
type Times = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Checks again and again, until somebody interrupts.
pub(crate) fn run(
    arguments: &CheckArguments,
    interrupted: &AtomicBool,
    mut check: impl FnMut() -> Result<Status, Trouble>,
) -> Result<Status, Trouble> {
    if arguments.input.paths()?.iter().any(|path| path.as_os_str() == STDIN) {
        return Err(Trouble::Message("standard input can only be read once, and --watch reads again".to_owned()));
    }
    let is_redrawn = stdout().is_terminal() && !is_dumb();
    loop {
        // What changes while it is checked is checked again.
        let seen = times(arguments)?;
        if is_redrawn {
            let mut output = Output::stdout();
            output.write(CLEAR)?;
            output.finish()?;
        }
        // What cannot be used may be right after the next change.
        check().or_else(|trouble| trouble.tell())?;
        let mut begun = Instant::now();
        while times(arguments)? == seen {
            wait(INTERVAL.max(begun.elapsed() * SHARE), interrupted)?;
            begun = Instant::now();
        }
    }
}

/// Sleeps, unless somebody interrupts.
fn wait(time: Duration, interrupted: &AtomicBool) -> Result<(), Trouble> {
    let until = Instant::now() + time;
    while Instant::now() < until {
        if interrupted.load(Ordering::Relaxed) {
            return Err(Trouble::Interrupted);
        }
        sleep(INTERVAL.min(until.saturating_duration_since(Instant::now())));
    }
    Ok(())
}

/// Of the documents, of the schemas with those beside and below them, and of the configuration. What cannot be found out
/// now is not there: the check says why.
fn times(arguments: &CheckArguments) -> Result<Times, Trouble> {
    let mut times = Times::new();
    let mut add = |path: &Path| {
        let metadata = path.metadata().ok();
        let time = metadata.and_then(|metadata| Some((metadata.modified().ok()?, metadata.len())));
        times.insert(path.to_owned(), time);
    };
    let configuration = Configuration::find(&arguments.configuration).unwrap_or_default();
    let walked = arguments.input.walked(endings(arguments.judge.kind), configuration.excluded()?)?;
    for found in arguments.input.found(arguments.input.paths()?, &walked) {
        if let Ok(item) = found
            && let Source::File(path) = &item.source
        {
            add(path);
        }
    }
    let beside = Walked::called(SCHEMAS);
    for schema in arguments.judge.schemas.iter().cloned().chain(configuration.schemas()) {
        add(&schema);
        for found in walk(std::iter::once(folder_of(&schema).to_owned()), &beside).flatten() {
            add(found.source.as_path());
        }
    }
    Configuration::file(&arguments.configuration).iter().for_each(|file| add(file));
    Ok(times)
}
