//! Bytes that are not well-formed: the recovering reader takes over for a token, and the walk continues after it.

use super::Tag;
use crate::Limits;
use crate::check::document::{Document, Input};
use crate::check::events::Event;
use crate::check::explanation::malformed;
use crate::check::frame::{Frame, Marks, Mode};
use crate::check::machine::{Machine, Stop};
use crate::check::scratch::Scratch;
use crate::check::sink::Sink;
use crate::check::table::Table;
use crate::compiled::Compiled;
use crate::diagnostic::Severity;
use crate::text::name::local_part;
use crate::xml::{Fault, FaultKind, Opened, Reader, StartTag, Token, changes};

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Starts a walk over a document that may have errors from its first byte on.
    ///
    /// # Errors
    ///
    /// The document cannot be read at all, which was reported.
    pub(crate) fn open(
        schema: &'s Compiled,
        table: &'s Table,
        limits: &'s Limits,
        input: Input<'a>,
        scratch: &'s mut Scratch,
        mut sink: S,
    ) -> Result<Machine<'s, 'a, S>, Stop> {
        if let Ok(document) = input.document(limits) {
            return Ok(Machine::new(schema, table, limits, document, scratch, sink));
        }
        let Some(explanation) = sink.explanation() else { return Err(Stop) };
        match input.reader(limits) {
            Ok(reader) => {
                if limits.allow_doctype
                    && let Ok(reader) = input.reader(limits)
                {
                    // The walk reads most tags without the reader, and only the reader knows the declarations.
                    changes(reader, |fault| {
                        explanation.add(Severity::Error, Some(fault.span.start), || malformed(&fault, String::new()));
                    });
                }
                let document = Document::unread(reader.text());
                explanation.reader = Some(Box::new(reader));
                Ok(Machine::new(schema, table, limits, document, scratch, sink))
            }
            Err(fault) => {
                explanation.add(Severity::Error, None, || malformed(&fault, String::new()));
                Err(Stop)
            }
        }
    }

    /// Reads with recovery from the walk's position until strict reading can resume.
    #[cold]
    pub(super) fn resume(&mut self) -> Result<Event, Stop> {
        let Some(explanation) = self.sink.explanation() else { return Err(Stop) };
        let reader = explanation.reader.take();
        let mut reader = reader.unwrap_or_else(|| Box::new(Reader::within(self.text, self.limits)));
        self.hand_over(&mut reader);
        let event = loop {
            let event = self.read_token(&mut reader)?;
            if event == Event::Eof || !reader.is_behind() {
                break event;
            }
        };
        if event == Event::Eof {
            self.settle_ids()?;
        }
        if let Some(explanation) = self.explanation() {
            explanation.reader = Some(reader);
        }
        Ok(event)
    }

    /// Moves the reader to the walk's position.
    fn hand_over(&self, reader: &mut Reader<'a>) {
        let is_root_over = self.depth == 0 && self.frame.state == self.table.finished;
        let frame_at = |index: usize| match self.scratch.stack.get(index + 1) {
            Some(frame) if index + 1 < self.depth => *frame,
            _ => self.frame,
        };
        let opened = |index: usize| {
            let frame = frame_at(index);
            Opened { name: self.name_of(&frame), tag: frame.tag }
        };
        reader.go_to(self.at, self.depth, opened, is_root_over);
    }

    /// Takes one token from the reader.
    fn read_token(&mut self, reader: &mut Reader<'a>) -> Result<Event, Stop> {
        let Some(explanation) = self.sink.explanation() else { return Err(Stop) };
        let mut faults = std::mem::take(&mut explanation.faults);
        reader.swap_scopes(&mut self.scopes);
        // No more errors than the report can hold are kept until the token is known: a text may be nothing but errors.
        let (most, mut others) = (self.limits.diagnostics, 0);
        let token = reader.next(&mut |fault| if faults.len() < most { faults.push(fault) } else { others += 1 });
        reader.swap_scopes(&mut self.scopes);
        self.at = reader.position();
        self.report_malformed(&faults, &token);
        if others > 0 {
            self.count_malformed(others);
        }
        faults.clear();
        if let Some(explanation) = self.explanation() {
            explanation.faults = faults;
        }
        match token {
            Token::Start { name, prefix_length, span } => {
                let damaged = reader.is_tag_damaged();
                let tag = StartTag { name, prefix_length, empty: false, end: span.1 };
                let tag = Tag { damaged, ..Tag::sound(span.0, &tag) };
                let raw = reader.take_attributes();
                if raw.iter().any(|attribute| attribute.declared_prefix().is_some()) {
                    self.bind(&raw);
                }
                let event = self.start(&tag, &raw);
                reader.put_attributes(raw);
                event
            }
            Token::Text { damaged: true, .. } => {
                self.frame.marks.set(Marks::FAULTY);
                self.frame.marks.set(Marks::MALFORMED);
                Ok(Event::Text)
            }
            Token::Text { run, at, .. } => self.text_run(at, run).map(|_| Event::Text),
            Token::End { span, implied } => self.end(span.0..span.1, implied),
            Token::Eof => Ok(Event::Eof),
        }
    }

    /// Counts further well-formedness errors, which are not kept.
    fn count_malformed(&mut self, count: usize) {
        self.scratch.ids.is_partial = true;
        if self.depth > 0 {
            self.frame.marks.set(Marks::MALFORMED);
            self.frame.marks.set(Marks::FAULTY);
        }
        if let Some(explanation) = self.explanation() {
            explanation.count_errors(count);
        }
    }

    /// Whether the token is a tag inside an element that holds text, or ends such a tag: the unescaped `<` is reported
    /// already, or will be with the tag.
    fn is_in_text(&self, token: &Token<'a>) -> bool {
        match token {
            Token::Start { .. } => self.frame.mode == Mode::Simple,
            Token::End { .. } | Token::Text { .. } | Token::Eof => {
                let around = self.scratch.stack.get(self.depth.wrapping_sub(1));
                let is_refused = |around: &Frame| around.mode == Mode::Simple && around.marks.has(Marks::REPORTED);
                self.frame.mode == Mode::Silent && around.is_some_and(is_refused)
            }
        }
    }

    /// Whether the end tag has the right name and the start tag has not, so that the wrong name is reported already.
    fn is_end_of_misspelt(&self, fault: &Fault) -> bool {
        let FaultKind::MismatchedEndTag { expected, found } = &fault.kind else { return false };
        let Some(element) = self.details_of(&self.frame).element else { return false };
        let is_declared = |name: &str| local_part(name) == self.schema.local_name(element);
        is_declared(found) && !is_declared(expected)
    }

    /// Reports the well-formedness errors found on the way to a token.
    fn report_malformed(&mut self, faults: &[Fault], token: &Token<'a>) {
        let own = match token {
            Token::Start { span, .. } => Some(span.0..span.1),
            _ => None,
        };
        let element = (self.depth > 0).then_some(self.frame.tag);
        let is_in_text = self.is_in_text(token);
        for fault in faults.iter().filter(|fault| !matches!(fault.kind, FaultKind::ChangedByDoctype { .. })) {
            self.scratch.ids.is_partial = true;
            if is_in_text && !fault.kind.is_truncation() || self.is_end_of_misspelt(fault) {
                continue;
            }
            // An error inside a start tag belongs to that element; any other belongs to the element around it.
            let is_own = own.as_ref().is_some_and(|own| own.contains(&fault.span.start));
            if !is_own && self.depth > 0 {
                self.frame.marks.set(Marks::MALFORMED);
                self.frame.marks.set(Marks::FAULTY);
            }
            if let Some(explanation) = self.explanation() {
                explanation.add(Severity::Error, element, || malformed(fault, String::new()));
            }
        }
    }
}
