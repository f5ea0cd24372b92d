//! `check --watch`: checks the documents again whenever they or their schemas change.

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

/// The least time between two checks of file times; many files are checked less often.
const INTERVAL: Duration = Duration::from_millis(300);

/// Looking at file times takes at most one part in this many of the time.
const SHARE: u32 = 20;

/// The extensions of schema documents, and of catalogs next to them.
const SCHEMAS: Endings = &["xsd", "wsdl", "xml"];

/// When each file was changed, and its length; `None` if it does not exist.
type Times = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Checks again and again, until the user interrupts.
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
        // A file that changes while it is checked is checked again.
        let seen = times(arguments)?;
        if is_redrawn {
            let mut output = Output::stdout();
            output.write(CLEAR)?;
            output.finish()?;
        }
        // What cannot be used now may be right after the next change.
        check().or_else(|trouble| trouble.report())?;
        let mut begun = Instant::now();
        while times(arguments)? == seen {
            wait(INTERVAL.max(begun.elapsed() * SHARE), interrupted)?;
            begun = Instant::now();
        }
    }
}

/// Sleeps, unless the user interrupts.
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

/// The times of the documents, of the schemas and the files next to and below them, and of the configuration. A file
/// whose time cannot be determined counts as missing: the check reports the reason.
fn times(arguments: &CheckArguments) -> Result<Times, Trouble> {
    let mut times = Times::new();
    let mut add = |path: &Path| {
        let metadata = path.metadata().ok();
        let time = metadata.and_then(|metadata| Some((metadata.modified().ok()?, metadata.len())));
        times.insert(path.to_owned(), time);
    };
    let configuration = Configuration::find(&arguments.configuration).unwrap_or_default();
    let walked = arguments.input.walked(endings(arguments.checker.kind), configuration.excluded()?)?;
    for found in arguments.input.found(arguments.input.paths()?, &walked) {
        if let Ok(item) = found
            && let Source::File(path) = &item.source
        {
            add(path);
        }
    }
    let beside = Walked::called(SCHEMAS);
    for schema in arguments.checker.schemas.iter().cloned().chain(configuration.schemas()) {
        add(&schema);
        for found in walk(std::iter::once(folder_of(&schema).to_owned()), &beside).flatten() {
            add(found.source.as_path());
        }
    }
    Configuration::file(&arguments.configuration).iter().for_each(|file| add(file));
    Ok(times)
}
