//! Places in JSON text: pointers to them, errors at them, and which of them a place in the written document comes from.

use std::ops::Range;

use super::token::{Breach, Token, Tokens};
use crate::codec::Error;
use crate::diagnostic::Report;

/// An error about a place.
#[cold]
pub(super) fn error(text: &str, span: Range<usize>, message: &str) -> Error {
    let pointer = pointer(text, span.start);
    Error::at_pointer(message, pointer, span, text.as_bytes())
}

/// The text is not JSON.
#[cold]
pub(super) fn breach(text: &str, breach: &Breach) -> Error {
    let found = match text.get(breach.span.clone()) {
        None | Some("") => "the end of the text",
        Some("<") if text.get(..breach.span.start).is_some_and(|before| before.trim_ascii().is_empty()) => {
            "the beginning of XML: write the values as JSON"
        }
        // What is found may be part of a secret.
        Some(_) => "something else",
    };
    error(text, breach.span.clone(), &format!("expected {}, found {found}", breach.expected))
}

/// The JSON Pointer (RFC 6901) to the value or member at an offset.
fn pointer(text: &str, offset: usize) -> String {
    enum Step {
        /// The last member, if there was one.
        Member(Option<String>),
        /// The number of the next item.
        Item(usize),
    }
    let mut tokens = Tokens::new(text);
    let mut path: Vec<Step> = Vec::new();
    while let Ok(token) = tokens.next() {
        let is_value = !matches!(token, Token::Key(_) | Token::EndArray | Token::EndObject | Token::Eof);
        if let Some(Step::Item(next)) = path.last_mut().filter(|_| is_value) {
            *next += 1;
        }
        if let (Token::Key(name), Some(Step::Member(member))) = (&token, path.last_mut()) {
            *member = Some(name.replace('~', "~0").replace('/', "~1"));
        }
        if tokens.span().start >= offset {
            break;
        }
        match token {
            Token::BeginObject => path.push(Step::Member(None)),
            Token::BeginArray => path.push(Step::Item(0)),
            Token::EndObject | Token::EndArray => drop(path.pop()),
            Token::Key(_) | Token::Scalar(_) | Token::Null => {}
            Token::Eof => break,
        }
    }
    let mut pointer = String::new();
    for step in path {
        match step {
            Step::Member(None) => {}
            Step::Member(Some(name)) => pointer.extend(["/", &name]),
            Step::Item(next) => pointer.push_str(&format!("/{}", next.saturating_sub(1))),
        }
    }
    pointer
}

/// Where the pieces of a document come from.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// By places in the document: places in the text. `None` while they are not wanted.
    marks: Option<Vec<(usize, usize)>>,
}

impl Marks {
    pub(super) fn wanted() -> Marks {
        Marks { marks: Some(Vec::new()) }
    }

    /// What is written from a position on comes from a place.
    pub(super) fn set(&mut self, position: usize, at: usize) {
        if let Some(marks) = &mut self.marks {
            marks.push((position, at));
        }
    }

    /// The pieces up to `end` are sorted by their ranks, as `Writer::reorder` does it.
    pub(super) fn reorder(&mut self, pieces: &[(usize, usize)], end: usize) {
        let (Some(marks), Some((_, begin))) = (&mut self.marks, pieces.first()) else { return };
        let first = marks.partition_point(|(position, _)| position < begin);
        let mut ends = pieces.iter().skip(1).map(|(_, from)| *from).chain([end]);
        let mut ranges: Vec<(usize, Range<usize>)> = Vec::with_capacity(pieces.len());
        for (rank, from) in pieces {
            ranges.push((*rank, *from..ends.next().unwrap_or(end)));
        }
        ranges.sort_by_key(|(rank, _)| *rank);
        let old = marks.split_off(first);
        let mut to = *begin;
        for (_, range) in ranges {
            let index = |position: usize| old.partition_point(|(known, _)| *known < position);
            let within = old.get(index(range.start)..index(range.end)).unwrap_or_default();
            marks.extend(within.iter().map(|(position, at)| (position - range.start + to, *at)));
            to += range.len();
        }
    }

    /// The place that a place in the document comes from.
    fn source(&self, position: usize) -> usize {
        let marks = self.marks.as_deref().unwrap_or_default();
        let after = marks.partition_point(|(known, _)| *known <= position);
        after.checked_sub(1).and_then(|index| marks.get(index)).map_or(0, |(_, at)| *at)
    }

    /// A report on the document as one on the text that it was written from.
    pub(super) fn translate(&self, report: &mut Report, text: &str) {
        let span = |span: &Range<usize>| {
            let at = self.source(span.start);
            let mut tokens = Tokens::at_value(text, at);
            match tokens.next() {
                Ok(_) => tokens.span(),
                Err(_) => at..at,
            }
        };
        for diagnostic in &mut report.diagnostics {
            diagnostic.span = span(&diagnostic.span);
            diagnostic.related = diagnostic.related.take().map(|(place, label)| (span(&place), label));
            diagnostic.path = pointer(text, diagnostic.span.start);
            diagnostic.concealed = crate::diagnostic::secret::Concealed::default();
        }
    }
}
