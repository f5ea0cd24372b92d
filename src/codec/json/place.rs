//! Places in JSON text: pointers to them, and the place that each place in the written document comes from.

use std::collections::HashMap;
use std::ops::Range;

use super::token::{Token, Tokens};
use crate::diagnostic::words::json as say;
use crate::diagnostic::{Code, Diagnostic, Expected, Report};

/// The JSON Pointer (RFC 6901) to the value or member at an offset.
pub(super) fn pointer(text: &str, offset: usize) -> String {
    enum Step {
        /// The last member, if any.
        Member(Option<String>),
        /// The number of the next item.
        Item(usize),
    }
    let mut tokens = Tokens::new(text, usize::MAX);
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

/// The origin of the parts of a document.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Places in the document, with their places in the text. `None` if they are not needed.
    marks: Option<Vec<(usize, usize)>>,
    /// The places of elements in the text, with those of their parents.
    around: HashMap<usize, usize>,
    /// The places of elements in the text, with what was left out of them.
    in_doubt: Vec<(usize, Doubt)>,
}

/// Something that was left out of an element.
#[derive(Debug)]
struct Doubt {
    /// `None` if it may have been meant as anything.
    name: Option<String>,
    /// The name in the text is different or missing.
    is_guessed: bool,
}

impl Marks {
    pub(super) fn wanted() -> Marks {
        Marks { marks: Some(Vec::new()), ..Marks::default() }
    }

    /// Notes that the element at a place is in another one.
    pub(super) fn set_around(&mut self, at: usize, around: Option<usize>) {
        if self.marks.is_some() {
            self.around.extend(around.map(|around| (at, around)));
        }
    }

    /// Notes that a member was left out of the element at a place. Its name is `written`; perhaps `meant` was intended.
    pub(super) fn doubt(&mut self, element: usize, written: Option<&str>, meant: Option<&str>) {
        if self.marks.is_some() {
            let local = |name: &str| name.rsplit(['}', ':', '@']).next().unwrap_or_default().to_owned();
            let name = meant.or(written).filter(|name| !name.starts_with('$')).map(local);
            let is_guessed = meant.is_some() || name.is_none();
            self.in_doubt.push((element, Doubt { name, is_guessed }));
        }
    }

    /// Whether an error about the element at a place may be caused by what was left out of it.
    pub(super) fn is_in_doubt(&self, element: usize, expected: &Expected) -> bool {
        self.doubts(element).any(|doubt| doubt.name.as_deref().is_none_or(|name| expected.may_have(name)))
    }

    /// Whether something was left out of the parent of the element at a place, and it is not certain what.
    pub(super) fn is_guessed_beside(&self, element: usize) -> bool {
        self.around.get(&element).is_none_or(|around| self.doubts(*around).any(|doubt| doubt.is_guessed))
    }

    fn doubts(&self, element: usize) -> impl Iterator<Item = &Doubt> {
        self.in_doubt.iter().filter(move |(place, _)| *place == element).map(|(_, doubt)| doubt)
    }

    /// Notes the place that the output comes from, from a position on.
    pub(super) fn set(&mut self, position: usize, at: usize) {
        if let Some(marks) = &mut self.marks {
            marks.push((position, at));
        }
    }

    /// Follows the sorting of the pieces up to `end` by their ranks in `Writer::reorder`.
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

    /// The place in the text that a place in the document comes from.
    fn source(&self, position: usize) -> usize {
        let marks = self.marks.as_deref().unwrap_or_default();
        let after = marks.partition_point(|(known, _)| *known <= position);
        after.checked_sub(1).and_then(|index| marks.get(index)).map_or(0, |(_, at)| *at)
    }

    /// Converts a report on the document to one on the text that it was written from.
    pub(super) fn translate(&self, report: &mut Report, text: &str) {
        let span_at = |at: usize| {
            let mut tokens = Tokens::at_value(text, at);
            match tokens.next() {
                Ok(_) => tokens.span(),
                Err(_) => at..at,
            }
        };
        for diagnostic in &mut report.diagnostics {
            let at = self.source(diagnostic.span.start);
            // Members have no order: something missing before another member is missing from the object of both.
            let is_before = diagnostic.code == Code::MissingElement
                && diagnostic.found.as_deref().is_some_and(|found| !found.starts_with("</"));
            let around = self.around.get(&at).filter(|_| is_before);
            diagnostic.span = span_at(around.copied().unwrap_or(at));
            let related = diagnostic.related.take();
            diagnostic.related = related.map(|(place, label)| (span_at(self.source(place.start)), label));
            diagnostic.path = pointer(text, diagnostic.span.start);
            diagnostic.concealed = crate::diagnostic::secret::Concealed::default();
            let is_null = text.get(diagnostic.span.clone()) == Some("null");
            if is_null && diagnostic.code == Code::NotNillable {
                let (span, path) = (diagnostic.span.clone(), std::mem::take(&mut diagnostic.path));
                let documentation = diagnostic.documentation.take();
                *diagnostic = Diagnostic { documentation, ..Diagnostic::new(say::null_not_allowed(), span, path) };
            }
        }
    }
}
