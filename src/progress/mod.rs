//! One view over the status messages of all systems: how far a migration is.
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

/// How far a migration is, by one status message. Texts borrow from the value that it was made of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Whose message it is.
    pub system: System,
    /// What identifies the migration, where the message names it. The answers of Plesk do not.
    pub task: Option<Cow<'a, str>>,
    /// The host that was asked, in the request of a capture of HTTP.
    pub server: Option<Cow<'a, str>>,
    /// How it stands.
    pub state: State,
    /// The word or element of the message that shows the state.
    pub original: Option<Cow<'a, str>>,
    /// What is being done now, in the words of the message.
    pub step: Option<Cow<'a, str>>,
    /// How much is done: exactly what the message says, also where that is odd (negative, more than the total).
    pub completed: Option<Integer<'a>>,
    /// How much there is in all, in the same way.
    pub total: Option<Integer<'a>>,
    /// What is counted.
    pub unit: Unit,
    /// From 0 to 100. 100 for what has succeeded, whatever was counted. Otherwise by what was counted: nothing where
    /// the total is missing, 0 or negative; 0 where less than nothing is done; 100 where at least the total is done.
    pub percent: Option<f64>,
    /// How long it will take yet, if the message says so.
    pub remaining: Option<Duration>,
    /// The newest date in the message, in milliseconds since 1970: the message was made then or later.
    pub not_before: Option<i64>,
    /// When the migration is expected to end, in the same way, if the message says so.
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

/// How a migration stands, in the words that all systems share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It has not begun.
    Pending,
    /// It is under way.
    Running,
    /// It ended and all went well.
    Succeeded,
    /// It ended, and something went wrong.
    Failed,
    /// Somebody stopped it, or is about to.
    Stopped,
    /// The message does not say, or says it with a word that is not known.
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
    /// The code, as the system gives it.
    pub code: Option<Cow<'a, str>>,
    /// The words.
    pub text: Option<Cow<'a, str>>,
}

impl<'a> Progress<'a> {
    /// Reads a packet of a kind, checking it on the way, and gives all that it says of migrations: nothing where it
    /// is no status message, such as a request; several where it answers several questions.
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
    /// The packet is invalid: [`Error::report`] says all there is to say.
    pub fn of_packet(kind: PacketKind, packet: &[u8]) -> Result<Vec<Progress<'static>>, Error> {
        Progress::of_packet_limited(kind, packet, &Limits::default())
    }

    /// The same with other limits than the default ones.
    ///
    /// # Errors
    ///
    /// As [`Progress::of_packet`].
    pub fn of_packet_limited(
        kind: PacketKind,
        packet: &[u8],
        limits: &Limits,
    ) -> Result<Vec<Progress<'static>>, Error> {
        kind.progress(packet, limits)
    }

    /// The same, owning its texts.
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

    /// One of which nothing is known but its state.
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

    /// Nothing will change any more.
    pub fn is_over(self) -> bool {
        matches!(self, State::Succeeded | State::Failed | State::Stopped)
    }
}

fn owned(text: Option<Cow<'_, str>>) -> Option<Cow<'static, str>> {
    text.map(|text| Cow::Owned(text.into_owned()))
}
