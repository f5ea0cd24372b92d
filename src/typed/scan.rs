//! Prediction for generated code: bytes are compared with the tags that a type foresees.
//!
//! What reads a type by a `Scan` knows its content model, and gives up (`None`) wherever it does not recognise what comes:
//! then the document is read from its beginning by the walk, which decides. It never reports anything, and it accepts
//! nothing that the walk would refuse: texts are found by the same functions, and what a type demands of a value is
//! asked of the same `SimpleType`. Random documents, right and wrong, hold the two together (`tests/generated`).

use std::borrow::Cow;

use super::Scalar;
use crate::check::Document;
use crate::compiled::{Compiled, TypeDefinition, TypeId};
use crate::schema::Schema;
use crate::text::scan::{text_end, value_end};
use crate::xml::{lex, resolve_text};

/// How deep elements are read so, on the call stack.
const MOST_DEPTH: usize = 64;

/// No type that is read so has more attributes.
pub(crate) const MOST_ATTRIBUTES: usize = 256;

/// Depths whose white space is foreseen.
const INDENTS: usize = 16;

/// A line feed and blanks: what is foreseen before a tag.
const LINE: [u8; 16] = *b"\n               ";

/// What is foreseen at first: two blanks a level.
const TWO_BLANKS: [u8; INDENTS] = [1, 3, 5, 7, 9, 11, 13, 15, 0, 0, 0, 0, 0, 0, 0, 0];

/// A place in a document that is read by prediction.
pub struct Scan<'s, 'a> {
    schema: &'s Compiled,
    text: &'a str,
    at: usize,
    /// How many bytes of white space came before the last tag of each depth.
    indents: [u8; INDENTS],
}

/// Reads a document by prediction; `None`: the walk has to decide. `version` is that of the library that generated the
/// code: its numbers of types are not those of another one.
#[inline]
pub fn scan<'a, T>(
    schema: &Schema,
    version: &str,
    bytes: &'a [u8],
    read: impl FnOnce(&mut Scan<'_, 'a>) -> Option<T>,
) -> Option<T> {
    if version != env!("CARGO_PKG_VERSION") {
        return None;
    }
    let limits = schema.limits();
    if limits.depth <= MOST_DEPTH || limits.attributes < MOST_ATTRIBUTES {
        return None;
    }
    let document = Document::new(bytes, limits).ok()?;
    let mut scan = Scan { schema: schema.compiled(), text: document.text, at: document.root, indents: TWO_BLANKS };
    let value = read(&mut scan)?;
    let rest = scan.rest();
    rest.iter().all(|byte| is_white(*byte)).then_some(value)
}

#[inline(always)]
fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r')
}

impl<'a> Scan<'_, 'a> {
    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Whether an element may be read at this depth.
    #[inline(always)]
    pub fn may_enter(&self, depth: usize) -> bool {
        depth < MOST_DEPTH
    }

    /// Passes over white space between tags.
    #[inline(always)]
    pub fn gap(&mut self, depth: usize) {
        let rest = self.rest();
        if rest.first() == Some(&b'<') {
            return;
        }
        // Before a child, or before the end tag.
        for depth in [depth, depth.wrapping_sub(1)] {
            if let Some(indent) = self.indents.get(depth).map(|indent| usize::from(*indent))
                && indent > 0
                && rest.get(indent) == Some(&b'<')
                && let Some(chunk) = rest.first_chunk::<16>()
                && is_line(chunk, indent)
            {
                self.at += indent;
                return;
            }
        }
        self.learn(depth);
    }

    #[cold]
    fn learn(&mut self, depth: usize) {
        let rest = self.rest();
        let count = rest.iter().take_while(|byte| is_white(**byte)).count();
        let is_end = rest.get(count + 1) == Some(&b'/');
        let depth = if is_end { depth.wrapping_sub(1) } else { depth };
        if let Some(indent) = self.indents.get_mut(depth)
            && count <= LINE.len()
            && rest.get(..count) == LINE.get(..count)
        {
            *indent = count as u8; // at most 16
        }
        self.at += count;
    }

    /// Takes exactly these bytes.
    #[inline(always)]
    pub fn take<const N: usize>(&mut self, bytes: &[u8; N]) -> bool {
        let is_here = self.rest().first_chunk::<N>() == Some(bytes);
        if is_here {
            self.at += N;
        }
        is_here
    }

    /// Takes exactly these bytes, or gives up.
    #[inline(always)]
    pub fn expect<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<()> {
        self.take(bytes).then_some(())
    }

    /// Takes the beginning of a start tag, after which an attribute or the end of the tag follows.
    #[inline(always)]
    pub fn open<const N: usize>(&mut self, tag: &[u8; N]) -> bool {
        matches!(self.rest().split_first_chunk::<N>(), Some((head, [b' ' | b'>', ..])) if head == tag) && self.take(tag)
    }

    /// Whether an end tag follows.
    #[inline(always)]
    pub fn is_end(&self) -> bool {
        self.rest().starts_with(b"</")
    }

    /// Text up to an end tag, which is taken too.
    #[inline(always)]
    pub fn text<const N: usize>(&mut self, close: &[u8; N]) -> Option<Cow<'a, str>> {
        let end = text_end(self.text.as_bytes(), self.at);
        if self.text.as_bytes().get(end..)?.first_chunk::<N>() == Some(close) {
            let text = self.text.get(self.at..end)?;
            self.at = end + N;
            return Some(Cow::Borrowed(text));
        }
        self.written_text(close)
    }

    /// The same with references, CDATA sections, and whatever else is text.
    #[cold]
    fn written_text<const N: usize>(&mut self, close: &[u8; N]) -> Option<Cow<'a, str>> {
        let run = lex::text_run(self.text, self.at).ok()?;
        self.at += run.raw.len();
        self.expect(close)?;
        Some(resolve_text(run.raw))
    }

    /// Text up to an end tag, which is not taken.
    #[inline(always)]
    pub fn content(&mut self) -> Option<Cow<'a, str>> {
        let text = self.text(b"</")?;
        self.at -= 2;
        Some(text)
    }

    /// What says where a schema is, in the tag of the root: nothing of the document.
    pub fn hints(&mut self) {
        const DECLARATION: &[u8] = b" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" :/._-#?=".contains(byte);
        let Some(after) = self.rest().strip_prefix(DECLARATION) else { return };
        let mut length = DECLARATION.len();
        for name in [&b" xsi:schemaLocation=\""[..], b" xsi:noNamespaceSchemaLocation=\""] {
            let Some(value) = after.strip_prefix(name) else { continue };
            let end = value.iter().take_while(|byte| is_plain(byte)).count();
            if value.get(end) == Some(&b'"') {
                length += name.len() + end + 1;
            }
            break;
        }
        self.at += length;
    }

    /// Text with white space that is collapsed already.
    #[inline(always)]
    pub fn collapsed(&mut self, text: Cow<'a, str>) -> Option<Cow<'a, str>> {
        is_collapsed(text.as_bytes()).then_some(text)
    }

    /// Digits, no more than so many, which are a value of their type whatever they are.
    #[inline(always)]
    pub fn digits<const N: usize>(&mut self, most: usize, close: &[u8; N]) -> Option<u64> {
        let rest = self.rest();
        let mut number = 0_u64;
        let mut count = 0;
        while let Some(digit) = rest.get(count).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            // At most 18.
            if count == most {
                return None;
            }
            number = number * 10 + u64::from(digit);
            count += 1;
        }
        if count == 0 {
            return None;
        }
        self.at += count;
        self.expect(close)?;
        Some(number)
    }

    /// A value of a type of text.
    #[inline(always)]
    pub fn value<T: Scalar<'a>>(&mut self, text: Cow<'a, str>) -> Option<T> {
        T::parse(text)
    }

    /// A value that the type of this number has, by all that it demands.
    pub fn checked<T: Scalar<'a>>(&mut self, type_number: u32, text: Cow<'a, str>) -> Option<T> {
        let simple = self.schema.simple_content(TypeId(type_number))?;
        (is_collapsed(text.as_bytes()) && simple.check(&text).is_ok()).then(|| T::parse(text))?
    }

    /// The value of an attribute whose name, equals sign and quote were just taken, by all that its type demands.
    pub fn attribute<T: Scalar<'a>>(&mut self, type_number: u32, attribute: usize) -> Option<T> {
        let end = value_end(self.text.as_bytes(), self.at);
        let value = self.text.get(self.at..end)?;
        self.at = end;
        self.expect(b"\"")?;
        let TypeDefinition::Complex(complex) = self.schema.types.get(TypeId(type_number).index())? else { return None };
        let simple = &complex.attributes.get(attribute)?.simple;
        (is_collapsed(value.as_bytes()) && simple.check(value).is_ok()).then(|| T::parse(Cow::Borrowed(value)))?
    }
}

/// Whether so many bytes are a line feed and blanks.
#[inline(always)]
fn is_line(chunk: &[u8; 16], count: usize) -> bool {
    let mask = if count >= 16 { u128::MAX } else { (1_u128 << (8 * count)) - 1 };
    (u128::from_le_bytes(*chunk) ^ u128::from_le_bytes(LINE)) & mask == 0
}

/// Whether collapsing white space changes nothing.
#[inline(always)]
fn is_collapsed(text: &[u8]) -> bool {
    let mut before = b' ';
    for byte in text {
        if matches!(byte, b'\t' | b'\n' | b'\r') || *byte == b' ' && before == b' ' {
            return false;
        }
        before = *byte;
    }
    text.is_empty() || before != b' '
}
