//! How a run ends.

use std::io;
use std::process::ExitCode;

use packetcheck::SchemaError;

use crate::{output, schema};

/// The exit status. The worst result of all files counts, and an unchecked file is worse than an invalid one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// 0: all valid, warnings allowed.
    Valid,
    /// 1: something is invalid.
    Invalid,
    /// 2: something could not be checked.
    Unchecked,
}

/// The exit status if standard output is no longer read: what a shell shows for `grep` and `cat`, which SIGPIPE ends.
/// Rust's runtime ignores that signal.
pub(crate) const CLOSED_PIPE: u8 = 141;

/// The exit status if the work was interrupted: what a shell shows if SIGINT ends a command.
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

/// Why a run ends early.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Standard output is no longer read.
    ClosedPipe,
    /// The user interrupted the work. Results so far were shown.
    Interrupted,
    /// Anything else, as a message.
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

    /// Reports an error that has a message; any other ends the run.
    pub(crate) fn report(self) -> Result<Status, Trouble> {
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
