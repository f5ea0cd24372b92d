//! What becomes of events and errors: the type parameter of a walk.

use super::explanation::Explanation;

/// The purpose of a walk. The constants are known when the walk is compiled, so that what a sink does not want costs
/// nothing.
pub(crate) trait Sink<'a> {
    /// Events are noted (see `events`), with all that is in the tags.
    const EVENTS: bool;
    /// The walk continues after an error: `explanation` is always `Some`.
    const REPORTS: bool;
    /// Prediction goes before the walk, as it does but where the two are held against each other.
    const PREDICTS: bool = true;

    /// The path of the open elements is kept while the walk goes on: for a document that is never in memory as a whole.
    const TRAILS: bool = false;

    /// Rules that only warn are evaluated.
    fn warns(&self) -> bool;

    /// Where errors go; `None`: the walk stops at the first.
    fn explanation(&mut self) -> Option<&mut Explanation<'a>>;
}

/// A verdict alone: stops at the first error.
#[derive(Debug, Default)]
pub(crate) struct Verdict;

impl<'a> Sink<'a> for Verdict {
    const EVENTS: bool = false;
    const REPORTS: bool = false;

    #[inline(always)]
    fn warns(&self) -> bool {
        false
    }

    #[inline(always)]
    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        None
    }
}

/// All errors and warnings.
pub(crate) struct Everything<'e, 'a>(pub(crate) &'e mut Explanation<'a>);

impl<'a> Sink<'a> for Everything<'_, 'a> {
    const EVENTS: bool = false;
    const REPORTS: bool = true;

    #[inline(always)]
    fn warns(&self) -> bool {
        true
    }

    #[inline(always)]
    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        Some(self.0)
    }
}

/// The same by the walk alone.
pub(crate) struct WalkAlone<'e, 'a>(pub(crate) &'e mut Explanation<'a>);

impl<'a> Sink<'a> for WalkAlone<'_, 'a> {
    const EVENTS: bool = false;
    const REPORTS: bool = true;
    const PREDICTS: bool = false;

    #[inline(always)]
    fn warns(&self) -> bool {
        true
    }

    #[inline(always)]
    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        Some(self.0)
    }
}

/// The same of a document that is read in pieces.
pub(crate) struct EverythingInPieces<'e, 'a>(pub(crate) &'e mut Explanation<'a>);

impl<'a> Sink<'a> for EverythingInPieces<'_, 'a> {
    const EVENTS: bool = false;
    const REPORTS: bool = true;
    const TRAILS: bool = true;

    #[inline(always)]
    fn warns(&self) -> bool {
        true
    }

    #[inline(always)]
    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        Some(self.0)
    }
}

/// Events up to the first error, which is not reported.
pub(crate) struct EventsAlone;

impl<'a> Sink<'a> for EventsAlone {
    const EVENTS: bool = true;
    const REPORTS: bool = false;

    #[inline(always)]
    fn warns(&self) -> bool {
        false
    }

    #[inline(always)]
    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        None
    }
}

/// Events up to the first error, and all errors; warnings if they are wanted.
pub(crate) struct Values<'e, 'a> {
    pub(crate) explanation: &'e mut Explanation<'a>,
    pub(crate) warns: bool,
}

impl<'a> Sink<'a> for Values<'_, 'a> {
    const EVENTS: bool = true;
    const REPORTS: bool = true;

    #[inline(always)]
    fn warns(&self) -> bool {
        self.warns
    }

    #[inline(always)]
    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        Some(self.explanation)
    }
}
