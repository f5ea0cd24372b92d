//! What documents of any kind say of migrations.

#[cfg(feature = "http")]
use super::capture;
use super::detect::detect_packet;
use super::{Direction, PacketKind};
use crate::{Error, Limits, Progress};

/// What one message says of migrations.
#[derive(Debug)]
#[non_exhaustive]
pub struct MessageProgress {
    /// In a capture of HTTP: the number of the exchange, from 1, and whether it is its request or its response.
    pub place: Option<(usize, Direction)>,
    /// What it was taken for; `None` if it shows no kind.
    pub kind: Option<PacketKind>,
    /// All that it says, or why it cannot be read. Nothing where it is no status message, such as a request.
    pub progress: Result<Vec<Progress<'static>>, Error>,
}

impl MessageProgress {
    /// Reads a document, checking it on the way: each message of a capture of HTTP, or the one packet that it is. `kind` is
    /// what it is meant to be, if that is known. A message that is invalid hides nothing of the others.
    ///
    /// The request of an exchange names the tasks and the server that the answer is about, and the field `Date` says when
    /// it was made.
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
        vec![MessageProgress { place: None, kind, progress }]
    }
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
