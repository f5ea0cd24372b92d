//! Sinks, which decide what happens to events and errors: the type parameter of a walk.

use super::explanation::Explanation;

/// The purpose of a walk. Its answers are constants when the walk is compiled (except for [`OneForAll`]), so that
/// unwanted work costs nothing.
pub(crate) trait Sink<'a> {
    /// Whether events are noted (see `events`), with everything that is in the tags.
    fn events(&self) -> bool;

    /// Whether the walk continues after an error; `explanation` is then always `Some`.
    fn reports(&self) -> bool;

    /// Whether prediction runs before the walk; false only when the two are compared with each other.
    #[inline(always)]
    fn predicts(&self) -> bool {
        true
    }

    /// Whether the path of the open elements is kept during the walk, for a document that is never in memory as a
    /// whole.
    #[inline(always)]
    fn trails(&self) -> bool {
        false
    }

    /// Whether rules that only warn are evaluated.
    fn warns(&self) -> bool;

    /// Where errors go; `None` if the walk stops at the first one.
    fn explanation(&mut self) -> Option<&mut Explanation<'a>>;
}

/// Whether the walk and the prediction are compiled only once, with [`OneForAll`], instead of once per purpose.
/// WebAssembly is loaded over a network, so its size matters more than the last bit of speed.
pub(super) const IS_COMPILED_ONCE: bool = cfg!(target_family = "wasm");

/// A sink for a verdict alone: it stops at the first error.
#[inline(always)]
pub(super) fn verdict<'a>() -> impl Sink<'a> {
    #[cfg(target_family = "wasm")]
    return OneForAll { events: false, explanation: None, predicts: true, warns: false };
    #[cfg(not(target_family = "wasm"))]
    Verdict
}

/// A sink for all errors and warnings.
#[inline(always)]
pub(super) fn everything<'a>(explanation: &mut Explanation<'a>) -> impl Sink<'a> {
    #[cfg(target_family = "wasm")]
    return OneForAll { events: false, explanation: Some(explanation), predicts: true, warns: true };
    #[cfg(not(target_family = "wasm"))]
    Everything::<'_, '_, false>(explanation)
}

/// A sink for all errors and warnings, by the walk alone.
pub(super) fn everything_without_prediction<'a>(explanation: &mut Explanation<'a>) -> impl Sink<'a> {
    OneForAll { events: false, explanation: Some(explanation), predicts: false, warns: true }
}

/// A sink for events up to the first error, and for all errors; warnings are included on request.
#[inline(always)]
pub(crate) fn values<'e, 'a>(explanation: &'e mut Explanation<'a>, warns: bool) -> Values<'e, 'a> {
    #[cfg(target_family = "wasm")]
    return OneForAll { events: true, explanation: Some(explanation), predicts: true, warns };
    #[cfg(not(target_family = "wasm"))]
    ReportedEvents { explanation, warns }
}

/// The sink that [`values`] returns.
#[cfg(target_family = "wasm")]
pub(crate) type Values<'e, 'a> = OneForAll<'e, 'a>;
/// The sink that [`values`] returns.
#[cfg(not(target_family = "wasm"))]
pub(crate) type Values<'e, 'a> = ReportedEvents<'e, 'a>;

/// A sink for any purpose.
pub(crate) struct OneForAll<'e, 'a> {
    events: bool,
    explanation: Option<&'e mut Explanation<'a>>,
    predicts: bool,
    warns: bool,
}

impl<'a> Sink<'a> for OneForAll<'_, 'a> {
    fn events(&self) -> bool {
        self.events
    }

    fn reports(&self) -> bool {
        self.explanation.is_some()
    }

    fn predicts(&self) -> bool {
        self.predicts
    }

    fn warns(&self) -> bool {
        self.warns
    }

    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        self.explanation.as_deref_mut()
    }
}

#[cfg(not(target_family = "wasm"))]
struct Verdict;

#[cfg(not(target_family = "wasm"))]
impl<'a> Sink<'a> for Verdict {
    #[inline(always)]
    fn events(&self) -> bool {
        false
    }

    #[inline(always)]
    fn reports(&self) -> bool {
        false
    }

    #[inline(always)]
    fn warns(&self) -> bool {
        false
    }

    #[inline(always)]
    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        None
    }
}

/// All errors and warnings; `TRAILS` is set for a document that is read in pieces.
pub(super) struct Everything<'e, 'a, const TRAILS: bool>(pub(super) &'e mut Explanation<'a>);

impl<'a, const TRAILS: bool> Sink<'a> for Everything<'_, 'a, TRAILS> {
    #[inline(always)]
    fn events(&self) -> bool {
        false
    }

    #[inline(always)]
    fn reports(&self) -> bool {
        true
    }

    #[inline(always)]
    fn trails(&self) -> bool {
        TRAILS
    }

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
    #[inline(always)]
    fn events(&self) -> bool {
        true
    }

    #[inline(always)]
    fn reports(&self) -> bool {
        false
    }

    #[inline(always)]
    fn warns(&self) -> bool {
        false
    }

    #[inline(always)]
    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        None
    }
}

/// What [`values`] returns.
#[cfg(not(target_family = "wasm"))]
pub(crate) struct ReportedEvents<'e, 'a> {
    explanation: &'e mut Explanation<'a>,
    warns: bool,
}

#[cfg(not(target_family = "wasm"))]
impl<'a> Sink<'a> for ReportedEvents<'_, 'a> {
    #[inline(always)]
    fn events(&self) -> bool {
        true
    }

    #[inline(always)]
    fn reports(&self) -> bool {
        true
    }

    #[inline(always)]
    fn warns(&self) -> bool {
        self.warns
    }

    #[inline(always)]
    fn explanation(&mut self) -> Option<&mut Explanation<'a>> {
        Some(self.explanation)
    }
}
