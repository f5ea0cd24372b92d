//! The complete path: every fault of a document, with its place and cause.
//!
//! The plain version is the validity rules of the Recommendation (part 1, sections 3.2.4, 3.3.4 and 3.4.4), element by
//! element, over the readable form of the schema. What is added is the going on: a fault is told once, as the most
//! helpful of what could be said of it, and what follows from it is not told at all.
//!
//! - Where the bytes are not well-formed nothing is said about the structure of the element around: what is missing
//!   there may well be in the part that could not be read.
//! - A child that belongs nowhere is passed over with all that is in it; `recover` finds out where it belongs.
//! - Rules are asked only about elements without another fault: mostly they would repeat it.
//!
//! Nothing here calls itself: the open elements are a stack, which the reader's limit on depth bounds. Words are only
//! made for the diagnostics that are kept.

mod attributes;
mod frame;
mod identity;
mod ids;
mod open;
mod place;
mod recover;
mod rules;
mod trail;
mod values;

use std::ops::Range;

use crate::Limits;
use crate::check::identity::Tracker;
use crate::compiled::{Compiled, Model, NamespaceId};
use crate::diagnostic::kept::{KeptDiagnostics as Findings, KeptIndex as Kept};
use crate::diagnostic::words::{self, Words};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::rules::Rules;
use crate::text::nearest::Suggestions;
use crate::xml::{self, Reader, Token};

use frame::{Child, Expectation, Frame};
use ids::Ids;
use recover::Walk;
use trail::{Trail, paths_of};

/// Steps that all searches for places take in one document, at most; who has used them up gets simpler explanations.
const STEPS: usize = 1 << 22;

/// Every fault of a document, in its order; what `accept` refuses has at least one.
pub(crate) fn explain(schema: &Compiled, rules: &Rules, bytes: &[u8], limits: &Limits) -> Report {
    let mut walker = Walker {
        schema,
        rules,
        bytes,
        identity: Tracker::default(),
        pathless: Vec::new(),
        findings: Findings::new(limits),
        suggestions: Suggestions::default(),
        steps: STEPS,
        trail: Trail::new(),
        frames: Vec::new(),
        memory: Vec::new(),
        collected: String::new(),
        collecting: 0,
        has_root: false,
        forgiven: None,
        ids: Ids::default(),
    };
    let mut reader = match Reader::new(bytes, limits) {
        Ok(reader) => reader,
        Err(fault) => {
            walker.findings.add(Severity::Error, || malformed(&fault, String::new()));
            return walker.findings.finish();
        }
    };
    let mut faults = Vec::new();
    loop {
        let token = reader.next(&mut |fault| faults.push(fault));
        walker.report_malformed(&mut faults, &token);
        match token {
            Token::Start { name, prefix_length, span } => {
                walker.start(&reader, name, prefix_length, span.0..span.1);
            }
            Token::Text { run, at, damaged } => walker.text(run, at, damaged),
            Token::End { span, implied } => walker.end(&reader, span.0..span.1, implied),
            Token::Eof => break,
        }
    }
    let paths = |tags: &[usize]| match Reader::new(bytes, limits) {
        Ok(again) => paths_of(tags, again, limits.diagnostics),
        Err(_) => Vec::new(),
    };
    walker.report_unknown_ids(paths);
    walker.add_paths(paths);
    walker.findings.finish()
}

/// Every breach of XML in a document, without a schema.
///
/// ```
/// use packetcheck::{Limits, check};
///
/// let report = check::well_formed(b"<a><b>Smith & Sons</b></a>", &Limits::default());
/// assert_eq!(report.diagnostics[0].code.as_str(), "PC0109");
/// assert_eq!(report.diagnostics[0].path, "/a/b");
/// ```
pub fn well_formed(bytes: &[u8], limits: &Limits) -> Report {
    let mut findings = Findings::new(limits);
    let mut trail = Trail::new();
    let mut reader = match Reader::new(bytes, limits) {
        Ok(reader) => reader,
        Err(fault) => {
            findings.add(Severity::Error, || malformed(&fault, String::new()));
            return findings.finish();
        }
    };
    loop {
        let token = reader.next(&mut |fault| {
            findings.add(Severity::Error, || malformed(&fault, trail.path()));
        });
        match token {
            Token::Start { name, .. } => trail.enter(name),
            Token::Text { .. } => {}
            Token::End { .. } => trail.leave(),
            Token::Eof => break,
        }
    }
    findings.finish()
}

/// A breach of XML as a diagnostic.
fn malformed(fault: &xml::Fault, path: String) -> Diagnostic {
    let words = words::well_formedness(fault);
    let label = words::well_formedness_related(words.code);
    let mut diagnostic = Diagnostic::new(words, fault.span.clone(), path);
    diagnostic.related = fault.related.clone().map(|span| (span, label.to_owned()));
    diagnostic
}

/// The walk over one document.
struct Walker<'s, 'a> {
    schema: &'s Compiled,
    rules: &'s Rules,
    bytes: &'a [u8],
    identity: Tracker,
    /// Diagnostics about elements that had ended, by their start.
    pathless: Vec<(Kept, usize)>,
    findings: Findings,
    suggestions: Suggestions,
    /// Steps that are left to look for the places of children that stand where they may not.
    steps: usize,
    trail: Trail<'a>,
    frames: Vec<Frame<'s, 'a>>,
    /// The words of all walks through content models.
    memory: Vec<u32>,
    /// Text of the elements whose string-value a rule reads; empty while there is none.
    collected: String,
    /// How many open elements want it.
    collecting: usize,
    has_root: bool,
    /// A namespace that was wrong and reported once: from then on it is read as the right one.
    forgiven: Option<(String, NamespaceId)>,
    ids: Ids<'s, 'a>,
}

impl<'s, 'a> Walker<'s, 'a> {
    /// Reports what broke XML on the way to a token.
    fn report_malformed(&mut self, faults: &mut Vec<xml::Fault>, token: &Token<'a>) {
        let own = match token {
            Token::Start { span, .. } => Some(span.0..span.1),
            _ => None,
        };
        for fault in faults.drain(..) {
            let trail = &self.trail;
            self.findings.add(Severity::Error, || malformed(&fault, trail.path()));
            self.ids.is_partial = true;
            // A fault inside a start tag is that element's; any other is in the element around.
            let is_own = own.as_ref().is_some_and(|own| own.contains(&fault.span.start));
            if !is_own && let Some(frame) = self.frames.last_mut() {
                frame.malformed = true;
                frame.faulty = true;
            }
        }
    }

    /// The end of the open element; `implied` where the document does not have it.
    fn end(&mut self, reader: &Reader<'a>, span: Range<usize>, implied: bool) {
        let Some(mut frame) = self.frames.pop() else { return };
        frame.malformed |= implied;
        let is_untouched = frame.text.is_none() && frame.walk.as_ref().is_none_or(Walk::is_untouched);
        let is_silent = frame.malformed || (frame.excused && is_untouched);
        if !is_silent {
            match frame.content {
                Expectation::Simple { simple, constraint } if !frame.told => {
                    self.check_text(reader, &mut frame, simple, constraint, &span);
                }
                Expectation::Elements { model, fixed, .. } => {
                    self.report_missing_at_end(&mut frame, model, &span);
                    if let Some(fixed) = fixed.filter(|_| !frame.told) {
                        self.check_mixed_fixed(&mut frame, fixed, &span);
                    }
                }
                _ => {}
            }
        }
        if let Some(walk) = &frame.walk {
            walk.end(&mut self.memory);
        }
        if frame.is_tracked {
            self.track_end(&frame);
        }
        let value = self.string_value(&frame);
        if !frame.faulty && !implied {
            self.ask_rules(&mut frame, &value);
        }
        self.tell_parent(&frame, value);
        self.trail.leave();
    }

    fn report_missing_at_end(&mut self, frame: &mut Frame<'s, 'a>, model: &'s Model, span: &Range<usize>) {
        let schema = self.schema;
        let Some(walk) = &frame.walk else { return };
        let name = frame.name;
        let mut faulty = false;
        if let Some(pending) = walk.pending.as_ref().filter(|pending| pending.reworded && !pending.missing.is_empty()) {
            faulty = true;
            let before = schema.leaf_name(model, pending.before);
            self.report(&pending.before_span, || {
                let each: Vec<_> = pending.missing.iter().map(|leaves| schema.items(model, leaves)).collect();
                words::missing_elements(&each, name, Some(before))
            });
        }
        if !walk.may_end(model, &self.memory) {
            faulty = true;
            let missing = walk.missing_at_end(model, &self.memory);
            if !missing.is_empty() {
                let documentation = schema.leaves_documentation(model, missing.first());
                self.report_with(span, documentation, || {
                    let each: Vec<_> = missing.iter().map(|leaves| schema.items(model, leaves)).collect();
                    words::missing_elements(&each, name, None)
                });
            } else if !walk.has_stand_in() {
                self.report(span, || words::impossible_content(name));
            }
        }
        frame.faulty |= faulty;
    }

    fn fault_in_parent(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.faulty = true;
        }
    }

    /// An error at the place where the walk is.
    fn report(&mut self, span: &Range<usize>, words: impl FnOnce() -> Words) {
        self.report_with(span, None, words);
    }

    /// The same, with what the schema says of the place.
    fn report_with(&mut self, span: &Range<usize>, documentation: Option<String>, words: impl FnOnce() -> Words) {
        let trail = &self.trail;
        self.findings.add(Severity::Error, || {
            let mut diagnostic = Diagnostic::new(words(), span.clone(), trail.path());
            diagnostic.documentation = documentation;
            diagnostic
        });
    }
}
