//! Documents in the strings and texts of others: JSON or markup in a JSON string, markup as text of markup. They are
//! unescaped and searched as documents of their own.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::pairs::is_markup;
use super::{SecretNames, find_in};

/// How deep documents are searched for within one another.
const DEPTH: usize = 4;

/// The most bytes that a character reference may have between `&` and `;`.
const REFERENCE: usize = 8;

/// What is found in the texts of a document that is embedded `depth` deep. Linear in its size.
pub(super) fn find(document: &[u8], names: &SecretNames<'_>, depth: usize) -> Vec<Range<usize>> {
    let mut search = Search { document, names, depth, found: Vec::new() };
    if depth < DEPTH {
        match is_markup(document) {
            true => {
                search.texts();
                if has_escapes(document) {
                    search.strings();
                }
            }
            false if memchr2(b'\\', b'&', document).is_some() => search.strings(),
            false => {}
        }
    }
    search.found
}

/// Whether markup contains an escape that JSON or JavaScript in it may have: `\"`, `\u003c`, `\x3c`.
pub(super) fn has_escapes(document: &[u8]) -> bool {
    memchr_iter(b'\\', document)
        .any(|at| matches!(document.get(at + 1..), Some([b'"', ..] | [b'u', b'0', b'0', ..] | [b'x', b'2'..=b'7', ..])))
}

/// Whether a semicolon after a text ends a reference to a character of markup or JSON. There are many references to
/// others.
pub(super) fn ends_reference(text: &[u8]) -> bool {
    let window = text.get(text.len().saturating_sub(REFERENCE)..).unwrap_or_default();
    let length = window.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    let name = window.get(window.len() - length..).unwrap_or_default();
    // `&amp;lt;` is a reference one document deeper.
    let is_reference = matches!(window.get(..window.len() - length), Some([.., b'&' | b';']));
    is_reference && character(name).is_some_and(|character| !matches!(character, b'&' | b'>'))
}

/// The ASCII character that a reference names; `pairs` knows how `@` is escaped.
fn character(name: &[u8]) -> Option<u8> {
    match name {
        b"lt" => Some(b'<'),
        b"gt" => Some(b'>'),
        b"amp" => Some(b'&'),
        b"quot" => Some(b'"'),
        b"apos" => Some(b'\''),
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => None,
    }
}

fn number(digits: &[u8], base: u32) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok()?;
    u8::from_str_radix(text, base).ok().filter(|byte| byte.is_ascii() && *byte != b'@')
}

struct Search<'d> {
    document: &'d [u8],
    names: &'d SecretNames<'d>,
    depth: usize,
    found: Vec<Range<usize>>,
}

impl Search<'_> {
    /// What is between two quotes, whichever of them begins a string: one may be missing.
    fn strings(&mut self) {
        let (mut start, mut at, mut has_escapes) = (0, 0, false);
        loop {
            let rest = self.document.get(at..).unwrap_or_default();
            let sign = at + memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            match self.document.get(sign) {
                Some(b'\\') => (at, has_escapes) = (sign + 2, true),
                sign_or_end => {
                    match has_escapes {
                        true => self.piece(start..sign, Form::String),
                        false => self.text(start..sign),
                    }
                    (start, at, has_escapes) = (sign + 1, sign + 1, false);
                    if sign_or_end.is_none() {
                        return;
                    }
                }
            }
        }
    }

    /// What is between tags, and what is between the quotes in them.
    fn texts(&mut self) {
        let mut text = 0;
        while let Some(tag) = self.next(text, |rest| memchr(b'<', rest)) {
            self.text(text..tag);
            let mut start = tag + 1;
            loop {
                let Some(end) = self.next(start, |rest| memchr3(b'>', b'"', b'\'', rest)) else {
                    return self.text(start..self.document.len());
                };
                self.text(start..end);
                start = end + 1;
                let quote = match self.document.get(end) {
                    Some(quote @ (b'"' | b'\'')) => *quote,
                    _ => break,
                };
                let Some(end) = self.next(start, |rest| memchr2(quote, b'<', rest)) else {
                    return self.text(start..self.document.len());
                };
                self.text(start..end);
                start = end;
                if self.document.get(end) == Some(&b'<') {
                    break;
                }
                start += 1;
            }
            text = start;
        }
        self.text(text..self.document.len());
    }

    fn next(&self, from: usize, find: impl Fn(&[u8]) -> Option<usize>) -> Option<usize> {
        find(self.document.get(from..)?).map(|length| from + length)
    }

    /// A text of markup, or one that may have been taken from it.
    fn text(&mut self, place: Range<usize>) {
        let text = self.document.get(place.clone()).unwrap_or_default();
        if memchr_iter(b';', text).any(|end| ends_reference(text.get(..end).unwrap_or_default())) {
            self.piece(place, Form::Text);
        }
    }

    fn piece(&mut self, place: Range<usize>, form: Form) {
        let Some(piece) = self.document.get(place.clone()) else { return };
        let mut text = Vec::with_capacity(piece.len());
        for part in (Parts { piece, at: 0, form }) {
            match part.character {
                Some(character) => text.push(character),
                None => text.extend_from_slice(piece.get(part.place).unwrap_or_default()),
            }
        }
        let found = super::merged(find_in(&text, self.names, self.depth + 1));
        if found.is_empty() {
            return;
        }
        // The places in the piece are mapped to those in the document in another pass over its parts.
        let (mut edges, mut read) = (found.iter().flat_map(|range| [range.start, range.end]).peekable(), 0);
        let mut places = Vec::with_capacity(2 * found.len());
        let parts = Parts { piece, at: 0, form };
        for part in parts {
            let length = part.character.map_or(part.place.len(), |_| 1);
            while let Some(edge) = edges.next_if(|edge| *edge < read + length) {
                places.push(place.start + part.place.start + (edge - read));
            }
            read += length;
        }
        places.extend(edges.map(|_| place.end));
        self.found.extend(places.as_chunks::<2>().0.iter().map(|[start, end]| *start..*end));
    }
}

/// How a character is escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `\"`, `\u0022`
    String,
    /// `&quot;`, `&#34;`
    Text,
}

/// A piece of a document as its escaped and unescaped parts, in order.
struct Parts<'d> {
    piece: &'d [u8],
    at: usize,
    form: Form,
}

struct Part {
    place: Range<usize>,
    /// The meaning of the escape; `None` for the bytes themselves.
    character: Option<u8>,
}

impl Iterator for Parts<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        let rest = self.piece.get(self.at..).filter(|rest| !rest.is_empty())?;
        let sign = if self.form == Form::String { b'\\' } else { b'&' };
        let (length, character) = match memchr(sign, rest) {
            Some(0) => match self.form {
                Form::String => string_escape(rest),
                Form::Text => reference(rest),
            },
            before => (before.unwrap_or(rest.len()), None),
        };
        let place = self.at..self.at + length;
        self.at = place.end;
        Some(Part { place, character })
    }
}

/// The length of an escape that begins with a backslash, and its meaning if it is an ASCII character (RFC 8259, section
/// 7).
fn string_escape(text: &[u8]) -> (usize, Option<u8>) {
    let character = match text.get(1) {
        Some(byte @ (b'"' | b'\'' | b'\\' | b'/')) => *byte,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'u') => {
            let code = text.get(2..6).and_then(|digits| number(digits, 16));
            return (if code.is_some() { 6 } else { 2.min(text.len()) }, code);
        }
        // An escape of JavaScript.
        Some(b'x') => {
            let code = text.get(2..4).and_then(|digits| number(digits, 16));
            return (if code.is_some() { 4 } else { 2 }, code);
        }
        _ => return (1, None),
    };
    (2, Some(character))
}

/// The length of a reference that begins with an ampersand, and its meaning.
fn reference(text: &[u8]) -> (usize, Option<u8>) {
    let window = text.get(1..text.len().min(2 + REFERENCE)).unwrap_or_default();
    let named = memchr(b';', window).and_then(|length| Some((length + 2, Some(character(window.get(..length)?)?))));
    named.unwrap_or((1, None))
}
