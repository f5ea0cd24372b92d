//! Fixes documents if the remedy is certain.
//!
//! A diagnostic that knows what was meant says so as data; this module turns it into edits of the document. Every fix
//! is tried before it is returned or applied: the document must have fewer errors with it than before, and no new ones.
//! Nothing else in the document changes: everything outside the edits stays as it is, byte for byte, and so does the
//! encoding.
//!
//! The caller passes a function from the bytes of a document to a report: [`Schema::explain`](crate::Schema::explain),
//! [`PacketKind::explain`](crate::PacketKind::explain), or [`check::well_formed`](crate::check::well_formed).
//!
//! ```
//! use packetcheck::fix::{FixOptions, fix};
//! use packetcheck::plesk;
//!
//! let packet = b"<packet><migration><chekc/></migration></packet>";
//! let fixed = fix(packet, &FixOptions::new(), |packet| plesk::request_schema().explain(packet));
//! assert_eq!(fixed.document, b"<packet><migration><check/></migration></packet>");
//! assert_eq!(fixed.applied[0].title, "write `check`");
//! assert!(fixed.remaining.is_valid());
//! ```

mod apply;
mod candidates;
mod outline;
mod value;
mod verify;
mod xml;

use std::ops::Range;

use crate::diagnostic::{Code, Report};

use apply::Places;
pub use apply::apply;
use candidates::Candidate;
use verify::{Good, Trial};

/// A fix for one error or warning: edits of the document that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// The code of the diagnostic.
    pub code: Code,
    /// Whether nothing else can have been meant. A fix that is not safe is likely to be right, but changes the meaning
    /// of the document if it is not.
    pub is_safe: bool,
    /// What it does, in a few words, such as ``write `check` ``. It contains no values from the document.
    pub title: String,
    /// The bytes of the document that the diagnostic is about.
    pub span: Range<usize>,
    /// The path of the diagnostic.
    pub path: String,
    /// In document order, without overlaps.
    pub edits: Vec<Edit>,
}

/// A replacement of a part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// The bytes that are replaced; empty for an insertion.
    pub span: Range<usize>,
    /// The text that replaces them, in the encoding of the document. It can be text of the document that is moved, and
    /// so contain secrets.
    pub replacement: String,
}

/// Which fixes are applied. By default, only safe ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FixOptions {
    /// Whether fixes that are not safe are applied too.
    pub allow_unsafe: bool,
}

impl FixOptions {
    /// The defaults.
    pub fn new() -> FixOptions {
        FixOptions::default()
    }

    /// Sets [`allow_unsafe`](FixOptions#structfield.allow_unsafe).
    #[must_use]
    pub fn allow_unsafe(mut self, allow_unsafe: bool) -> FixOptions {
        self.allow_unsafe = allow_unsafe;
        self
    }
}

/// A document after [`fix()`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fixed {
    /// The document: byte for byte the original one if nothing was applied.
    pub document: Vec<u8>,
    /// The fixes that were applied, in document order. Their spans refer to the original document. So do their edits if
    /// one round was enough; otherwise they refer to the document as it was in that round.
    pub applied: Vec<Fix>,
    /// The errors and warnings that the document has now.
    pub remaining: Report,
    /// Whether fixing the document again would change nothing. If not, the work was cut short, and another call may fix
    /// more.
    pub is_complete: bool,
}

/// A fix for each diagnostic of a report that has a certain remedy, safe or not, in document order. Each can be applied
/// alone, or together with all others that it does not overlap.
///
/// `report` is what `explain` returns for the document. Diagnostics may be removed from it, which then get no fix, but
/// its counts must not be changed.
///
/// All fixes are tried together, which calls `explain` once more; if some of them are wrong, up to 32 times.
///
/// ```
/// use packetcheck::{fix, plesk};
///
/// let (schema, packet) = (plesk::request_schema(), b"<packet><migraton><check/></migraton></packet>");
/// let fixes = fix::fixes(packet, &schema.explain(packet), |packet| schema.explain(packet));
/// assert_eq!((fixes[0].code.as_str(), fixes[0].is_safe, fixes[0].edits.len()), ("PC0204", true, 2));
/// assert_eq!(fix::apply(packet, &fixes), b"<packet><migration><check/></migration></packet>");
/// ```
pub fn fixes(document: &[u8], report: &Report, explain: impl Fn(&[u8]) -> Report) -> Vec<Fix> {
    let candidates = candidates::of(document, report);
    Trial::new(document, report, &explain).keep_good(candidates).fixes
}

/// Applies certain fixes again and again until none is left: fixing one error can uncover another.
///
/// A document that is valid, or contains nothing that can be fixed, is returned unchanged. Fixing the result again
/// changes nothing, unless it is [not complete](Fixed#structfield.is_complete). There are up to 8 rounds, each of which
/// fixes what `explain` then reports (see [`Limits::diagnostics`](crate::Limits#structfield.diagnostics)). Each round
/// calls `explain` up to 32 times, usually once.
///
/// ```
/// use packetcheck::fix::{FixOptions, fix};
/// use packetcheck::{Limits, check};
///
/// let well_formed = |document: &[u8]| check::well_formed(document, &Limits::new());
/// let fixed = fix(b"<a>b & c</a>", &FixOptions::new(), well_formed);
/// assert_eq!(fixed.document, b"<a>b &amp; c</a>");
/// assert_eq!(fixed.applied[0].code.as_str(), "PC0109");
/// assert_eq!(fix(b"<a>b &", &FixOptions::new(), well_formed).remaining.errors, 1);
/// ```
pub fn fix(document: &[u8], options: &FixOptions, explain: impl Fn(&[u8]) -> Report) -> Fixed {
    let mut rounds = Rounds::new(document, explain(document));
    rounds.go_on(options, &explain);
    if !rounds.fixed.remaining.is_valid()
        && let Some(mut further) = rounds.uncovered(options, &explain)
    {
        further.go_on(options, &explain);
        if verify::has_fewer(&further.fixed.remaining, &rounds.fixed.remaining) {
            rounds = further;
        }
    }
    rounds.fixed.applied.sort_by_key(|fix| fix.span.start);
    rounds.fixed
}

/// A document that is fixed round by round.
#[derive(Clone)]
struct Rounds {
    fixed: Fixed,
    places: Places,
}

impl Rounds {
    fn new(document: &[u8], report: Report) -> Rounds {
        let fixed = Fixed { document: document.to_vec(), applied: Vec::new(), remaining: report, is_complete: true };
        Rounds { fixed, places: Places::default() }
    }

    fn candidates(&self, options: &FixOptions) -> Vec<Candidate> {
        let is_wanted = |fix: &Fix| fix.is_safe || options.allow_unsafe;
        let candidates = candidates::of(&self.fixed.document, &self.fixed.remaining).into_iter();
        let wanted = candidates.filter_map(|Candidate { fix, or }| {
            let mut fixes = [Some(fix), or].into_iter().flatten().filter(is_wanted);
            Some(Candidate { fix: fixes.next()?, or: fixes.next() })
        });
        wanted.collect()
    }

    /// Applies the fixes that work until none is left.
    fn go_on(&mut self, options: &FixOptions, explain: &impl Fn(&[u8]) -> Report) {
        /// What one round uncovers is usually fixed in the next.
        const ROUNDS: usize = 8;
        for _ in 0..ROUNDS {
            let candidates = self.candidates(options);
            let trial = Trial::new(&self.fixed.document, &self.fixed.remaining, explain);
            let Good { fixes: mut good, mut together } = trial.keep_good(candidates);
            // Each of them works alone, and together they nearly always do.
            while !good.is_empty() {
                let next = self.with(&good, |document| together.take().unwrap_or_else(|| explain(document)));
                if verify::has_fewer(&next.fixed.remaining, &self.fixed.remaining) {
                    *self = next;
                    break;
                }
                good.truncate(good.len() / 2);
            }
            self.fixed.is_complete = good.is_empty();
            if good.is_empty() {
                return;
            }
        }
        self.fixed.is_complete = self.candidates(options).is_empty();
    }

    /// Applies the fixes of errors that may hide others: much of a document is not checked if a prefix is not declared,
    /// the encoding is wrong or a tag is broken.
    fn uncovered(&self, options: &FixOptions, explain: &impl Fn(&[u8]) -> Report) -> Option<Rounds> {
        let hides = |code: Code| code == Code::UnexpectedRoot || code.as_str().starts_with("PC01");
        let candidates = self.candidates(options).into_iter().map(|candidate| candidate.fix);
        let hiding: Vec<Fix> = candidates.filter(|fix| hides(fix.code)).collect();
        (!hiding.is_empty()).then(|| self.with(&hiding, explain))
    }

    fn with(&self, fixes: &[Fix], explain: impl FnOnce(&[u8]) -> Report) -> Rounds {
        let fixes = apply::without_overlaps(fixes.to_vec());
        let mut next = self.clone();
        next.places.push(Places::of(&self.fixed.document, &fixes));
        next.fixed.document = apply(&self.fixed.document, &fixes);
        next.fixed.remaining = explain(&next.fixed.document);
        next.fixed.applied.extend(fixes.into_iter().map(|fix| Fix { span: self.places.first(&fix.span), ..fix }));
        next
    }
}
