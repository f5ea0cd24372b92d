//! What documents of any kind say about migrations.

use std::borrow::Cow;

#[cfg(feature = "http")]
use super::capture;
use super::detect::detect_packet;
use super::{Direction, PacketKind};
use crate::progress::State;
use crate::{Error, Limits, Progress};

/// What one message says about migrations.
#[derive(Debug)]
#[non_exhaustive]
pub struct MessageProgress {
    /// In an HTTP capture: the number of the exchange, from 1, and whether this is its request or its response.
    pub place: Option<(usize, Direction)>,
    /// The detected kind; `None` if it shows none.
    pub kind: Option<PacketKind>,
    /// Everything that it says, or why it cannot be read. Empty if it is not a status message, such as a request.
    pub progress: Result<Vec<Progress<'static>>, Error>,
    /// For a request: the tasks that it asks about, in the order of the answers about them.
    pub tasks: Vec<String>,
    /// When it was sent, by the field `Date` of its head, in milliseconds since 1970.
    pub sent: Option<i64>,
}

impl MessageProgress {
    /// Reads and checks a document: each message of an HTTP capture, or a single packet. `kind` is the expected kind,
    /// if known. An invalid message does not hide the others.
    ///
    /// The request of an exchange names the tasks and the server that the answer is about, and the field `Date` gives
    /// its time.
    ///
    /// ```
    /// use packetcheck::{Limits, MessageProgress, progress::State};
    ///
    /// let messages = MessageProgress::of(br#"{"state": "RUNNING", "sub_tasks": [{"progress": 55}]}"#, None, &Limits::new());
    /// let progress = messages[0].progress.as_ref().map_err(Clone::clone)?;
    /// assert_eq!(progress[0].state, State::Running);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn of(document: &[u8], kind: Option<PacketKind>, limits: &Limits) -> Vec<MessageProgress> {
        #[cfg(feature = "http")]
        if capture::is_capture(document) {
            return capture::progress(document, kind, limits);
        }
        let kind = kind.or_else(|| detect_packet(document).map(|detected| detected.kind));
        let progress = kind.map_or_else(|| Ok(Vec::new()), |kind| kind.progress_of_packet(document, limits));
        let tasks = kind.map(|kind| kind.tasks_of_packet(document, limits)).unwrap_or_default();
        vec![MessageProgress { place: None, kind, progress, tasks, sent: None }]
    }

    /// Sets the tasks that this answer is about: those that its request asked about ([`MessageProgress::tasks`]), if
    /// the answer does not name them itself. An error in place of all answers is about each of them. Returns whether
    /// the answer matches that request, having as many parts as were asked for.
    ///
    /// ```
    /// use packetcheck::{Limits, MessageProgress};
    ///
    /// let request = b"<packet><migration><get_status><migration_id>7</migration_id></get_status></migration></packet>";
    /// let answer = b"<packet><migration><get_status><result><status>ok</status>\
    ///     <migration_status><total>10</total><completed>4</completed></migration_status></result></get_status></migration></packet>";
    /// let request = MessageProgress::of(request, None, &Limits::new()).remove(0);
    /// let mut answer = MessageProgress::of(answer, None, &Limits::new()).remove(0);
    /// assert!(answer.answers(&request.tasks));
    /// assert_eq!(answer.progress?[0].task.as_deref(), Some("7"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn answers(&mut self, tasks: &[String]) -> bool {
        self.progress.as_mut().is_ok_and(|found| name_tasks(found, tasks))
    }
}

/// See [`MessageProgress::answers`].
pub(super) fn name_tasks(found: &mut Vec<Progress<'static>>, tasks: &[String]) -> bool {
    if let [only] = found.as_slice()
        && only.failure.is_some()
        && only.state == State::Unknown
    {
        *found = vec![only.clone(); tasks.len().max(1)];
    }
    if tasks.len() != found.len() {
        return false;
    }
    for (progress, task) in found.iter_mut().zip(tasks) {
        progress.task = progress.task.take().or((!task.is_empty()).then(|| Cow::Owned(task.clone())));
    }
    true
}

impl PacketKind {
    /// See [`Progress::of_packet_limited`].
    pub(crate) fn progress(self, document: &[u8], limits: &Limits) -> Result<Vec<Progress<'static>>, Error> {
        #[cfg(feature = "http")]
        if capture::is_capture(document) {
            let report = self.explain_limited(document, limits);
            if !report.is_valid() {
                return Err(Error::invalid(report, document));
            }
            let all = MessageProgress::of(document, Some(self), limits).into_iter();
            return all.map(|message| message.progress).try_fold(Vec::new(), |all, one| Ok([all, one?].concat()));
        }
        self.progress_of_packet(document, limits)
    }
}
