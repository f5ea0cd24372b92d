//! One view of the status messages of all systems: the progress of a migration.
//!
//! ```
//! use packetcheck::plesk::Response;
//! use packetcheck::progress::{Progress, State};
//!
//! let answer = br#"<packet><migration><get_status><result><status>ok</status>
//!     <migration_status><total>10</total><completed>4</completed></migration_status>
//! </result></get_status></migration></packet>"#;
//! let response = Response::decode(answer)?;
//! let progress: Vec<Progress<'_>> = Progress::of_plesk(&response).collect();
//! assert_eq!(progress[0].state, State::Running);
//! assert_eq!(progress[0].percent, Some(40.0));
//! # Ok::<(), packetcheck::Error>(())
//! ```

mod chart;
mod dataworks;
#[doc(hidden)]
pub mod migrations;
mod percent;
mod plesk;
mod sms;

use std::borrow::Cow;
use std::time::Duration;

use crate::datatype::Integer;
use crate::{Error, Limits, PacketKind};

pub use chart::{Chart, ChartAxis, ChartPoint};

/// The progress of a migration according to one status message. Texts borrow from the value that it was made from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// The system that sent the message.
    pub system: System,
    /// The identifier of the migration, if the message has it. The answers of Plesk do not.
    pub task: Option<Cow<'a, str>>,
    /// The host of the request, in an HTTP capture.
    pub server: Option<Cow<'a, str>>,
    /// Its state.
    pub state: State,
    /// The word or element of the message that shows the state.
    pub original: Option<Cow<'a, str>>,
    /// What is being done now, in the words of the message.
    pub step: Option<Cow<'a, str>>,
    /// How much is done: exactly what the message says, even if that is odd (negative, more than the total).
    pub completed: Option<Integer<'a>>,
    /// How much there is in total, likewise.
    pub total: Option<Integer<'a>>,
    /// What is counted.
    pub unit: Unit,
    /// From 0 to 100. 100 if it succeeded, whatever was counted. Otherwise computed from the counts: `None` if the
    /// total is missing, 0 or negative; 0 if less than nothing is done; 100 if at least the total is done.
    pub percent: Option<f64>,
    /// The remaining time, if the message gives one.
    pub remaining: Option<Duration>,
    /// The newest date in the message, in milliseconds since 1970: the message was made then or later.
    pub not_before: Option<i64>,
    /// When the migration is expected to end, in milliseconds since 1970, if the message says so.
    pub estimated_end: Option<i64>,
    /// What went wrong.
    pub failure: Option<Failure<'a>>,
}

/// A system whose messages are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum System {
    /// Plesk.
    Plesk,
    /// Alibaba Cloud DataWorks.
    DataWorks,
    /// Huawei Cloud SMS.
    Sms,
}

/// The state of a migration, in terms that all systems share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It has not begun.
    Pending,
    /// It is in progress.
    Running,
    /// It ended successfully.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// It was stopped, or is about to be.
    Stopped,
    /// The message does not say, or uses an unknown word.
    Unknown,
}

/// What [`Progress::completed`] and [`Progress::total`] count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Unit {
    /// Items, such as subscriptions, tasks of a package or steps.
    Items,
    /// Bytes.
    Bytes,
}

/// What went wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Failure<'a> {
    /// The code of the system.
    pub code: Option<Cow<'a, str>>,
    /// The description.
    pub text: Option<Cow<'a, str>>,
}

impl<'a> Progress<'a> {
    /// Reads and checks a packet of a kind, and returns everything that it says about migrations: nothing if it is not
    /// a status message, such as a request; several items if it answers several requests for a status.
    ///
    /// ```
    /// use packetcheck::{PacketKind, Progress, progress::State};
    ///
    /// let packet = b"<packet><migration><get_status><result><status>ok</status>\
    ///     <migration_status><total>10</total><completed>4</completed></migration_status></result></get_status></migration></packet>";
    /// let progress = Progress::of_packet(PacketKind::PleskResponse, packet)?;
    /// assert_eq!((progress[0].state, progress[0].percent), (State::Running, Some(40.0)));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The packet is invalid: [`Error::report`] has the diagnostics.
    pub fn of_packet(kind: PacketKind, packet: &[u8]) -> Result<Vec<Progress<'static>>, Error> {
        Progress::of_packet_limited(kind, packet, &Limits::default())
    }

    /// As [`of_packet`](Self::of_packet), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Progress::of_packet`].
    pub fn of_packet_limited(
        kind: PacketKind,
        packet: &[u8],
        limits: &Limits,
    ) -> Result<Vec<Progress<'static>>, Error> {
        kind.progress(packet, limits)
    }

    /// The same progress, owning its texts.
    pub fn into_owned(self) -> Progress<'static> {
        Progress {
            system: self.system,
            task: owned(self.task),
            server: owned(self.server),
            state: self.state,
            original: owned(self.original),
            step: owned(self.step),
            completed: self.completed.map(Integer::into_owned),
            total: self.total.map(Integer::into_owned),
            unit: self.unit,
            percent: self.percent,
            remaining: self.remaining,
            not_before: self.not_before,
            estimated_end: self.estimated_end,
            failure: self.failure.map(|failure| Failure { code: owned(failure.code), text: owned(failure.text) }),
        }
    }

    /// Progress with only the state known.
    fn new(system: System, state: State) -> Progress<'a> {
        Progress {
            system,
            task: None,
            server: None,
            state,
            original: None,
            step: None,
            completed: None,
            total: None,
            unit: Unit::Items,
            percent: (state == State::Succeeded).then_some(100.0),
            remaining: None,
            not_before: None,
            estimated_end: None,
            failure: None,
        }
    }
}

impl System {
    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            System::Plesk => "plesk",
            System::DataWorks => "dataworks",
            System::Sms => "sms",
        }
    }
}

impl State {
    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Running => "running",
            State::Succeeded => "succeeded",
            State::Failed => "failed",
            State::Stopped => "stopped",
            State::Unknown => "unknown",
        }
    }

    /// Whether nothing will change any more.
    pub fn is_over(self) -> bool {
        matches!(self, State::Succeeded | State::Failed | State::Stopped)
    }
}

fn owned(text: Option<Cow<'_, str>>) -> Option<Cow<'static, str>> {
    text.map(|text| Cow::Owned(text.into_owned()))
}
