//! The conditions under which a run of `status` fails.

use clap::ValueEnum;
use packetcheck::progress::State;
use packetcheck::progress::migrations::Migration;

/// What makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Alarm {
    /// A migration failed
    Failed,
    /// A migration was stopped
    Stopped,
    /// The newest message of a migration gives no status
    Unknown,
    /// A migration makes no progress
    Stalled,
    /// The progress of a migration went backwards
    Backwards,
    /// A migration is not over, and its newest message is old
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
