//! How a run ends.

use std::io;
use std::process::ExitCode;

use packetcheck::SchemaError;

use crate::{output, schema};

/// What the exit status says. The worst of all files counts, and not knowing is worse than knowing that one is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// 0: all valid, warnings allowed.
    Valid,
    /// 1: something is invalid.
    Invalid,
    /// 2: something could not be checked.
    Unchecked,
}

/// The exit status where nobody reads standard output any more: what a shell shows for `grep` and `cat`, which SIGPIPE
/// ends. The runtime of Rust has us ignore that signal.
pub(crate) const CLOSED_PIPE: u8 = 141;

/// The exit status where the work was interrupted: what a shell shows where SIGINT ends a command.
pub(crate) const INTERRUPTED: u8 = 130;

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Valid => 0,
            Status::Invalid => 1,
            Status::Unchecked => 2,
        })
    }
}

/// Why a run ends before its time.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Nobody reads standard output any more.
    ClosedPipe,
    /// Somebody interrupted the work. What was found so far was shown.
    Interrupted,
    /// Anything else, in words.
    Message(String),
    /// The schema to check against cannot be used.
    Schema(Box<SchemaError>),
}

impl Trouble {
    pub(crate) fn writing(error: &io::Error) -> Trouble {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Trouble::ClosedPipe,
            _ => Trouble::Message(format!("cannot write to standard output: {}", reason(error))),
        }
    }

    /// Tells what has words. What has none ends the run.
    pub(crate) fn tell(self) -> Result<Status, Trouble> {
        match self {
            Trouble::Schema(error) => schema::complain(&error),
            Trouble::Message(message) => output::complain(&message),
            trouble => return Err(trouble),
        }
        Ok(Status::Unchecked)
    }
}

/// `1 file`, `2 files`.
pub(crate) fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// The words of an error of the operating system, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text.get(..end).unwrap_or(&text).to_owned(),
        None => text,
    }
}
