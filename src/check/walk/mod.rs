//! Handles one token: a run of text, a tag, or the end of the document. It is read, resolved, looked up and checked.
//!
//! The rules of the Recommendation for documents (part 1, sections 3.2.4, 3.3.4 and 3.4.4) are in this folder, one file
//! per subject. When something is wrong, the sink decides whether to stop the walk or to take the error. The code after
//! an error continues as an author of the document would want it to: each mistake is reported once, in the most helpful
//! form, and its consequences are not reported at all.
//!
//! - Where the bytes are not well-formed, nothing is reported about the structure of the surrounding element: what is
//!   missing there may well be in the part that could not be read.
//! - A child that is allowed nowhere is skipped with all its content; `search` finds out where a child is allowed.
//! - Rules are evaluated only for elements without another error, which they would usually repeat.

mod attributes;
mod content;
mod end;
mod identity;
mod ids;
mod instance;
mod misplaced;
mod namespaces;
mod place;
mod report;
mod resume;
mod rules;
mod sibling;
mod start;
mod text;

use super::events::Event;
use super::machine::{Machine, Stop};
use super::sink::Sink;
use crate::xml::{StartTag, lex};

/// How many bytes after a tag are read, at most, to find out what its author meant.
pub(super) const FOLLOWING: usize = 4096;

/// A start tag as it was read.
struct Tag<'a> {
    start: usize,
    end: usize,
    name: &'a str,
    prefix_length: usize,
    /// Whether the tag is of the form `<a/>`.
    empty: bool,
    /// Whether the tag is not well-formed: attributes may be missing, or have values that can only be guessed.
    damaged: bool,
}

impl<'a> Tag<'a> {
    /// A tag at `start` in which nothing is wrong.
    fn sound(start: usize, tag: &StartTag<'a>) -> Tag<'a> {
        let StartTag { name, prefix_length, empty, end } = *tag;
        Tag { start, end, name, prefix_length, empty, damaged: false }
    }

    fn span(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Reads the next event. Where the bytes are not well-formed, the recovering reader takes over for one token.
    #[cold]
    #[inline(never)]
    pub(in crate::check) fn walk(&mut self) -> Result<Event, Stop> {
        let event = match self.token()? {
            Some(event) => Ok(event),
            None if self.is_whole => self.resume(),
            None => Err(self.need_more()),
        };
        if self.sink.trails() {
            self.settle_paths();
        }
        event
    }

    /// Stops because the next piece of the document is needed. Nothing has changed since the last token.
    #[cold]
    fn need_more(&mut self) -> Stop {
        self.needs_more = true;
        Stop
    }

    /// Whether what follows the token that ends at `end` can affect how it is read, and is not there yet.
    fn lacks_following(&self, end: usize) -> bool {
        !self.is_whole && self.text.len() - end < FOLLOWING
    }

    /// Reads the next token strictly; `None`: it is not well-formed, and nothing has changed.
    fn token(&mut self) -> Result<Option<Event>, Stop> {
        if self.depth == 0 {
            return self.token_around_root();
        }
        let run = loop {
            let Ok(run) = lex::text_run(self.text, self.at) else { return Ok(None) };
            if self.lacks_following(self.at + run.raw.len()) {
                return Ok(None);
            }
            if !(self.sink.reports() && self.pass_text_without_start_tag(&run)?) {
                break run;
            }
        };
        if !run.raw.is_empty() {
            let start = self.at;
            self.at += run.raw.len();
            if self.text_run(start, run)? {
                return Ok(Some(Event::Text));
            }
        }
        match self.bytes.get(self.at + 1) {
            Some(b'/') => self.end_tag(),
            Some(_) => self.start_tag(),
            None => Ok(None),
        }
    }

    /// Reads the root element, or the end of the document.
    fn token_around_root(&mut self) -> Result<Option<Event>, Stop> {
        if self.explanation().is_some_and(|explanation| explanation.reader.is_some()) {
            return Ok(None); // it may have more errors to report
        }
        if self.frame.state != self.table.finished {
            return self.start_tag();
        }
        if !self.is_whole {
            return Ok(None);
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest != "\n" && !rest.is_empty() && lex::misc(self.text, self.at) != Ok(self.text.len()) {
            return Ok(None);
        }
        self.at = self.text.len();
        self.settle_ids()?;
        Ok(Some(Event::Eof))
    }

    fn start_tag(&mut self) -> Result<Option<Event>, Stop> {
        if self.depth >= self.limits.depth {
            return Ok(None);
        }
        let mut raw = self.scratch.take_attributes();
        let event = match lex::start_tag(self.text, self.at, self.limits, &mut raw) {
            Ok(tag) if self.lacks_following(tag.end) => Ok(None),
            // Whether it is one depends on what follows, which can be long.
            Ok(tag) if self.sink.reports() && !self.is_whole && self.is_like_end_tag(&tag, &raw) => Ok(None),
            Ok(tag) if self.sink.reports() && self.is_meant_for_end_tag(&tag, &raw) => {
                self.end_by_start_tag(&tag).map(Some)
            }
            Ok(tag) if self.declare(&tag, &raw) => self.start(&Tag::sound(self.at, &tag), &raw).map(Some),
            Ok(_) | Err(_) => Ok(None),
        };
        self.scratch.put_attributes(raw);
        event
    }

    fn end_tag(&mut self) -> Result<Option<Event>, Stop> {
        let start = self.at;
        match lex::end_tag(self.text, start, self.limits) {
            Ok((name, end)) if name == self.name() => {
                self.at = end;
                self.end(start..end, false).map(Some)
            }
            Ok(_) | Err(_) => Ok(None),
        }
    }
}
