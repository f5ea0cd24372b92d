//! The complete path: reports every error of a document with its place.
//!
//! Tokens are compared with the shape of the expected object. Values that no shape describes (unknown members, values
//! with the wrong type) are still checked for JSON syntax.

use std::borrow::Cow;
use std::ops::Range;

use super::given::Given;
use super::reader::{Reader, Token};
use super::rule::{Fact, Facts};
use super::shape::{MemberShape, Shape, ValueShape};
use super::spelling;
use super::text;
use crate::Limits;
use crate::diagnostic::correction::Correction;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::words::{self, Words, json as say, shown};
use crate::diagnostic::{Code, Diagnostic, Report, Severity};
use crate::text::nearest::{self, Suggestions};

/// Reports every error of a document that should be an object with this shape.
pub(super) fn explain(shape: &'static Shape, bytes: &[u8], limits: &Limits) -> Report {
    let root = Wanted { value: Expected::Object(shape), documentation: None, optional: false, name: None };
    explain_as(Some(root), bytes, limits)
}

/// Reports every error of a document that can contain anything.
pub(crate) fn well_formed(bytes: &[u8], limits: &Limits) -> Report {
    explain_as(None, bytes, limits)
}

/// Whether a document that can contain anything has no errors except repeated names, so that it can be read.
pub(crate) fn is_readable(report: &Report) -> bool {
    let is_repeated = |diagnostic: &Diagnostic| diagnostic.code == Code::DuplicateMember;
    report.errors == report.diagnostics.len() && report.diagnostics.iter().all(is_repeated)
}

fn explain_as(root: Option<Wanted>, bytes: &[u8], limits: &Limits) -> Report {
    if bytes.len() > limits.document_bytes {
        let mut kept = KeptDiagnostics::new(limits);
        let words = || say::too_large(limits.document_bytes);
        kept.add(Severity::Error, || Diagnostic::new(words(), 0..0, String::new()));
        return kept.finish();
    }
    let mut walk = Walk::new(bytes, limits);
    walk.run(root);
    walk.kept.finish()
}

/// Whether a text is one JSON value of any type; it checks values that serde_json skips unread.
pub(super) fn is_well_formed(text: &str) -> bool {
    well_formed(text.as_bytes(), &Limits::default()).is_valid()
}

/// The length of the value at the beginning of a text, if it is well-formed. `depth` is the number of arrays and
/// objects that can be open at once in it.
pub(super) fn value_length(text: &str, depth: usize) -> Option<usize> {
    let limits = Limits { depth, ..Limits::default() };
    let mut walk = Walk::new(text.as_bytes(), &limits);
    walk.step(None);
    while !walk.frames.is_empty() && walk.step(None).is_some() {}
    let length = walk.reader.place();
    walk.kept.finish().is_valid().then_some(length)
}

/// The most unknown members that are compared with a missing one.
const COMPARED: usize = 64;

/// What is expected of a value.
#[derive(Clone, Copy)]
struct Wanted {
    value: Expected,
    documentation: Option<&'static str>,
    /// Whether `null` is allowed.
    optional: bool,
    name: Option<&'static str>,
}

#[derive(Clone, Copy)]
enum Expected {
    Object(&'static Shape),
    Value(&'static ValueShape),
}

impl Expected {
    fn kind(self) -> &'static str {
        match self {
            Expected::Object(_) => "an object",
            Expected::Value(value) => value.kind(),
        }
    }
}

/// An array or object that is open.
enum Frame<'a> {
    Object {
        shape: Option<&'static Shape>,
        given: Given<'a>,
        /// Whether a wrong name was reported, which may be meant as the missing member.
        doubtful: bool,
        /// The member that is being read.
        name: Cow<'a, str>,
        /// What the rules of the shape need.
        facts: Facts,
    },
    Array {
        /// What is expected of the items, and their allowed number.
        items: Option<(Wanted, usize, usize)>,
        /// The item that is being read.
        index: usize,
        begun: bool,
    },
}

struct Walk<'a> {
    reader: Reader<'a>,
    kept: KeptDiagnostics,
    frames: Vec<Frame<'a>>,
    suggestions: Suggestions,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8], limits: &Limits) -> Walk<'a> {
        Walk {
            reader: Reader::new(bytes, limits.depth),
            kept: KeptDiagnostics::new(limits),
            frames: Vec::new(),
            suggestions: Suggestions::default(),
        }
    }

    fn run(&mut self, root: Option<Wanted>) {
        let mut wanted = root;
        while let Some(next) = self.step(wanted) {
            wanted = next;
        }
    }

    /// Takes a token, which may be an expected value; returns what is expected next, unless the document ends here.
    fn step(&mut self, wanted: Option<Wanted>) -> Option<Option<Wanted>> {
        let (kept, frames) = (&mut self.kept, &self.frames);
        let token = self.reader.next(&mut |fault| {
            kept.add(Severity::Error, || fault.into_diagnostic(path_of(frames)));
        });
        match token {
            Token::Eof => return None,
            Token::EndObject | Token::EndArray => self.leave(),
            Token::Name(name) => return Some(self.enter_member(name)),
            Token::FaultyName => {
                if let Some(Frame::Object { name, doubtful, .. }) = self.frames.last_mut() {
                    *name = Cow::Borrowed("");
                    *doubtful = true;
                }
            }
            value => {
                let is_item = matches!(self.frames.last(), Some(Frame::Array { .. }));
                let wanted = if is_item { self.enter_item() } else { wanted };
                self.value(&value, wanted);
            }
        }
        Some(None)
    }

    fn report(&mut self, span: Range<usize>, documentation: Option<&'static str>, words: impl FnOnce() -> Words) {
        self.add(Severity::Error, span, documentation, words);
    }

    fn add(
        &mut self,
        severity: Severity,
        span: Range<usize>,
        documentation: Option<&'static str>,
        words: impl FnOnce() -> Words,
    ) {
        let frames = &self.frames;
        self.kept.add(severity, || {
            let mut diagnostic = Diagnostic::new(words(), span, path_of(frames));
            diagnostic.documentation = documentation.map(|text| text.trim().to_owned());
            diagnostic
        });
    }

    // ---- objects and arrays ----

    fn leave(&mut self) {
        let span = self.reader.span();
        match self.frames.last_mut() {
            Some(Frame::Object { shape: Some(shape), given, doubtful, facts, .. }) => {
                let (shape, facts, doubtful) = (*shape, std::mem::take(facts), *doubtful);
                let (missing, mut unknown) = (given.missing(shape), given.unknown(COMPARED));
                if !missing.is_empty() && !doubtful {
                    self.report_missing(shape, &missing, &mut unknown);
                }
                self.report_misspelt(shape, unknown);
                self.report_broken_rules(shape, &facts, &span);
            }
            Some(Frame::Array { items: Some((_, least, _)), index, begun }) => {
                let (least, count) = (*least, if *begun { *index + 1 } else { 0 });
                if count < least {
                    self.frames.pop();
                    self.report(span, None, || say::too_few_items(least, count));
                    return;
                }
            }
            _ => {}
        }
        self.frames.pop();
    }

    /// Reports missing members; removes unknown ones that may have been meant as one of them.
    fn report_missing(
        &mut self,
        shape: &'static Shape,
        missing: &[&'static MemberShape],
        unknown: &mut Vec<(String, Range<usize>)>,
    ) {
        let span = self.reader.span();
        // The path is that of the object, not of its last member.
        let frame = self.frames.pop();
        for member in missing {
            let nearest = nearest::meant(member.name, unknown.iter().map(|(name, _)| name.as_str()));
            let meant = nearest.map(|nearest| (unknown.remove(nearest.index), nearest));
            let words = || {
                let meant = meant.as_ref().map(|((name, at), nearest)| {
                    let is_safe = nearest.is_certain;
                    let right = || Correction::Member { name: member.name.to_owned(), at: Some(at.clone()), is_safe };
                    (name.as_str(), (!nearest.is_tied).then(right))
                });
                say::missing_member(member.name, shape.name, meant)
            };
            self.report(span.clone(), Some(member.documentation), words);
        }
        self.frames.extend(frame);
    }

    /// Warns about unknown members whose names are similar to known ones.
    fn report_misspelt(&mut self, shape: &'static Shape, unknown: Vec<(String, Range<usize>)>) {
        for (name, span) in unknown {
            let known = shape.members.iter().map(|member| member.name);
            let Some(meant) = self.suggestions.slip(&name, known).and_then(|index| shape.members.get(index)) else {
                continue;
            };
            let words = say::misspelt_member(&name, meant.name);
            if let Some(Frame::Object { name: current, .. }) = self.frames.last_mut() {
                *current = Cow::Owned(name);
            }
            self.add(Severity::Warning, span, Some(meant.documentation), || words);
        }
    }

    /// Warns about rules that the object breaks: at the member that a rule concerns, or otherwise at the end of the
    /// object.
    fn report_broken_rules(&mut self, shape: &'static Shape, facts: &Facts, end: &Range<usize>) {
        for rule in shape.rules {
            let Some(place) = rule.breach(facts) else { continue };
            if let Some(Frame::Object { name, .. }) = self.frames.last_mut() {
                *name = Cow::Borrowed(if place.is_some() { rule.member } else { "" });
            }
            let documentation = shape.member(rule.member).and_then(|index| shape.members.get(index));
            let documentation = documentation.map(|member| member.documentation);
            let words = || words::rule(rule.message, true, Some(rule.see));
            self.add(Severity::Warning, place.unwrap_or_else(|| end.clone()), documentation, words);
        }
    }

    /// Begins a member; returns what is expected of its value.
    fn enter_member(&mut self, name: Cow<'a, str>) -> Option<Wanted> {
        let span = self.reader.span();
        let Some(Frame::Object { shape, given, name: current, .. }) = self.frames.last_mut() else { return None };
        let (member, first) = given.add(*shape, &name, &span);
        *current = name;
        let words = first.is_some().then(|| say::duplicate_member(&shown(current)));
        if let Some((first, words)) = first.zip(words) {
            let frames = &self.frames;
            self.kept.add(Severity::Error, || {
                let mut diagnostic = Diagnostic::new(words, span, path_of(frames));
                diagnostic.related = Some((first, String::from("first given here")));
                diagnostic
            });
        }
        member.map(|member| Wanted {
            value: Expected::Value(member.value),
            documentation: Some(member.documentation),
            optional: member.optional,
            name: Some(member.name),
        })
    }

    /// Begins an item; returns what is expected of it.
    fn enter_item(&mut self) -> Option<Wanted> {
        let Some(Frame::Array { items, index, begun }) = self.frames.last_mut() else { return None };
        *index += usize::from(std::mem::replace(begun, true));
        let (wanted, _, most) = (*items)?;
        if *index == most {
            let span = self.reader.span();
            self.report(span, wanted.documentation, || say::too_many_items(most));
        }
        Some(wanted)
    }

    // ---- values ----

    fn value(&mut self, token: &Token<'a>, wanted: Option<Wanted>) {
        let span = self.reader.span();
        let fits = wanted.map(|wanted| self.check(token, wanted, &span));
        let inner = wanted.filter(|_| fits == Some(true));
        self.note_fact(token, inner.and_then(|wanted| wanted.name), &span);
        match token {
            Token::BeginObject => {
                let shape = match inner.map(|wanted| wanted.value) {
                    Some(Expected::Object(shape)) => Some(shape),
                    Some(Expected::Value(ValueShape::Object(shape))) => Some(*shape),
                    _ => None,
                };
                let (given, name, facts) =
                    (Given::new(shape, self.reader.document()), Cow::Borrowed(""), Facts::default());
                self.frames.push(Frame::Object { shape, given, doubtful: false, name, facts });
            }
            Token::BeginArray => {
                let items = match inner.map(|wanted| (wanted, wanted.value)) {
                    Some((wanted, Expected::Value(ValueShape::List { item, least, most }))) => {
                        let item = Wanted { value: Expected::Value(item), optional: false, ..wanted };
                        Some((item, *least, *most))
                    }
                    _ => None,
                };
                self.frames.push(Frame::Array { items, index: 0, begun: false });
            }
            _ => {}
        }
    }

    /// Keeps the value of a valid member, as far as the rules of the object need it.
    fn note_fact(&mut self, token: &Token<'a>, name: Option<&'static str>, span: &Range<usize>) {
        let Some(Frame::Object { shape: Some(shape), facts, .. }) = self.frames.last_mut() else { return };
        let Some(name) = name.filter(|name| shape.rules.iter().any(|rule| rule.asks_for(name))) else { return };
        let fact = match token {
            Token::Null => return,
            Token::String(text) => Fact::Text(Cow::Owned(text.to_string())),
            Token::Number(number) => Fact::Number(spelling::integer(number)),
            _ => Fact::Other,
        };
        facts.add(name, fact, span.clone());
    }

    /// Whether a value (for an array or object, its beginning) is as expected; reports it if not.
    fn check(&mut self, token: &Token<'a>, wanted: Wanted, span: &Range<usize>) -> bool {
        let expected = match wanted.value {
            Expected::Object(_) if *token == Token::BeginObject => return true,
            Expected::Object(_) => None,
            Expected::Value(value) => Some(value),
        };
        let words = match (expected, token) {
            (_, Token::Faulty) => return false,
            (_, Token::Null) if wanted.optional => return true,
            (Some(ValueShape::Text { least, most, values }), Token::String(text)) => {
                return self.check_text(text, *least, *most, values, wanted, span);
            }
            (Some(ValueShape::TextOrInteger { least, most }), Token::String(text)) => {
                return self.check_text(text, *least, *most, &[], wanted, span);
            }
            (Some(ValueShape::Closed { values, or_empty }), Token::String(text)) => {
                if values.contains(&&**text) || *or_empty && text.is_empty() {
                    return true;
                }
                say::not_listed(text, values, nearest(text, values), wanted.name)
            }
            (Some(ValueShape::Integer { least, most }), Token::Number(number)) => match spelling::integer(number) {
                Some(value) if (*least..=*most).contains(&value) => return true,
                None if !spelling::is_integer(number) => {
                    say::wrong_type("an integer", &words::ticked(number).to_string(), wanted.name)
                }
                _ => say::outside_range(*least, *most, number, "an integer", wanted.name),
            },
            (Some(ValueShape::TextOrInteger { .. }), Token::Number(number)) => match spelling::integer(number) {
                Some(_) => return true,
                None => {
                    say::wrong_type("a string or a 64-bit integer", &words::ticked(number).to_string(), wanted.name)
                }
            },
            (Some(ValueShape::Double { least, most }), Token::Number(number)) => {
                if spelling::is_between(number, *least, *most) {
                    return true;
                }
                say::outside_range(*least, *most, number, "a number", wanted.name)
            }
            (Some(ValueShape::Boolean), Token::True | Token::False)
            | (Some(ValueShape::Object(_)), Token::BeginObject)
            | (Some(ValueShape::List { .. }), Token::BeginArray) => return true,
            _ => {
                let words = say::wrong_type(wanted.value.kind(), &described(token), wanted.name);
                if is_quoted(token, expected) { words.unquoted() } else { words }
            }
        };
        self.report(span.clone(), wanted.documentation, || words);
        false
    }

    fn check_text(
        &mut self,
        text: &str,
        least: usize,
        most: usize,
        values: &'static [&'static str],
        wanted: Wanted,
        span: &Range<usize>,
    ) -> bool {
        if !text::fits(text, least, most) {
            let words = || say::outside_length(least, most, text.chars().count(), wanted.name);
            self.report(span.clone(), wanted.documentation, words);
            return false;
        }
        // An empty text is not in the list, but is as valid as an absent member.
        if !values.is_empty() && !text.is_empty() && !values.contains(&text) {
            let words = || say::unlisted_value(text, values, nearest(text, values), wanted.name);
            self.add(Severity::Warning, span.clone(), wanted.documentation, words);
        }
        true
    }
}

/// The value of a list that was probably meant.
fn nearest<'v>(text: &str, values: &[&'v str]) -> Option<&'v str> {
    nearest::nearest(text, values.iter().copied()).and_then(|index| values.get(index)).copied()
}

/// Whether a string would be valid without its quotes.
fn is_quoted(token: &Token<'_>, expected: Option<&ValueShape>) -> bool {
    let Token::String(text) = token else { return false };
    match expected {
        Some(ValueShape::Integer { .. }) => spelling::is_number(text) && spelling::is_integer(text),
        Some(ValueShape::Double { .. }) => spelling::is_number(text),
        Some(ValueShape::Boolean) => matches!(&**text, "true" | "false"),
        _ => false,
    }
}

fn described(token: &Token<'_>) -> String {
    match token {
        Token::String(text) => format!("the string {}", words::ticked(text)),
        Token::Number(number) => format!("the number {}", words::ticked(number)),
        Token::True => String::from("`true`"),
        Token::False => String::from("`false`"),
        Token::Null => String::from("`null`"),
        Token::BeginObject => String::from("an object"),
        Token::BeginArray => String::from("an array"),
        _ => String::from("something else"),
    }
}

/// The JSON pointer (RFC 6901) of what is being read.
fn path_of(frames: &[Frame<'_>]) -> String {
    let mut path = String::new();
    for frame in frames {
        match frame {
            Frame::Object { name, .. } if name.is_empty() => {}
            Frame::Object { name, .. } => {
                path.push('/');
                path.push_str(&shown(name).replace('~', "~0").replace('/', "~1"));
            }
            Frame::Array { begun: false, .. } => {}
            Frame::Array { index, .. } => {
                path.push('/');
                path.push_str(&index.to_string());
            }
        }
    }
    path
}
