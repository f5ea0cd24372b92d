//! The conditions under which a run of `status` fails.

use clap::ValueEnum;
use packetcheck::progress::State;
use packetcheck::progress::migrations::Migration;

/// What makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Alarm {
    /// A migration that failed
    Failed,
    /// One that was stopped
    Stopped,
    /// One of which the newest message gives no status
    Unknown,
    /// One without progress
    Stalled,
    /// One that went back
    Backwards,
    /// One that is not over, and whose newest message is old
    Stale,
}

impl Alarm {
    pub(super) fn is_raised_by(self, migration: &Migration) -> bool {
        let has = |name| migration.course.concerns.iter().any(|concern| concern.name() == name);
        match self {
            Alarm::Failed => migration.state() == State::Failed,
            Alarm::Stopped => migration.state() == State::Stopped,
            Alarm::Unknown => migration.state() == State::Unknown,
            Alarm::Stalled => has("stalled"),
            Alarm::Backwards => has("backwards"),
            Alarm::Stale => has("stale"),
        }
    }
}
