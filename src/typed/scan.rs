//! Prediction for generated code: bytes are compared with the tags that a type predicts.
//!
//! What reads a type by a `Scan` knows its content model, and gives up (`None`) wherever it does not recognise what comes:
//! then the document is read from its beginning by the walk, which decides. It never reports anything, and it accepts
//! nothing that the walk would refuse: texts are found by the same functions, and what a type demands of a value is
//! asked of the same `SimpleType`. Random documents, valid and invalid, test that the two agree (`tests/generated`).

use std::borrow::Cow;
use std::marker::PhantomData;

use super::layout::{Layout, Learned, Minified, TwoBlanks};
use super::mode::Mode;
use super::{Scalar, has_value, simple_type, type_of_attribute};
use crate::Limits;
use crate::check::Document;
use crate::compiled::ElementId;
use crate::rules::Numbers;
use crate::schema::Schema;
use crate::text::scan::{start_tag_end, text_end, value_end};
use crate::text::white_space::{is_collapsed, is_white_space, skip_white_space};
use crate::text::word::{self, first_word};
use crate::xml::{lex, resolve_text};

/// How deep elements are read so, on the call stack.
const MOST_DEPTH: usize = 64;

/// No type that is read so has more attributes.
pub(crate) const MOST_ATTRIBUTES: usize = 256;

/// No name of an element or an attribute that is read so is longer.
pub(crate) const MOST_NAME: usize = 256;

/// A place in a document that is read by prediction: with a layout, and for a purpose.
pub struct Scan<'s, 'a, L, M> {
    schema: &'s Schema,
    text: &'a str,
    rest: &'a [u8],
    learned: Learned,
    how: PhantomData<(L, M)>,
}

/// A root element: what reads it by prediction.
pub trait Root<'a> {
    /// What it is in Rust.
    type Value;

    /// Reads it from its start tag to its end tag; `None`: the walk has to decide.
    fn read<L: Layout, M: Mode>(scan: &mut Scan<'_, 'a, L, M>) -> Option<M::Of<Self::Value>>;
}

/// Reads a document by prediction; `None`: the walk has to decide. `version` is that of the library that generated the
/// code: its numbers of types are not those of another one.
#[inline]
pub fn scan<'a, R: Root<'a>, M: Mode>(
    schema: &Schema,
    limits: &Limits,
    version: &str,
    bytes: &'a [u8],
) -> Option<M::Of<R::Value>> {
    // Code that is loaded over a network has to be small: there the walk decides alone, which saves a fifth of the code.
    if cfg!(target_family = "wasm") || version != env!("CARGO_PKG_VERSION") {
        return None;
    }
    let names = limits.name_bytes.min(limits.namespace_bytes);
    if limits.depth <= MOST_DEPTH || limits.attributes < MOST_ATTRIBUTES || names < MOST_NAME {
        return None;
    }
    let Document { text, root } = Document::new(bytes, limits).ok()?;
    let rest = text.as_bytes().get(root..)?;
    let tag_end = start_tag_end(rest, 0)? + 1;
    let learned = Learned::default();
    match rest.get(tag_end..)? {
        [b'<', ..] => read::<R, Minified, M>(schema, text, rest, learned),
        [b'\n', b' ', b' ', b'<', ..] => read::<R, TwoBlanks, M>(schema, text, rest, learned),
        first => read::<R, Learned, M>(schema, text, rest, Learned::from_first(first)),
    }
}

#[inline(always)]
fn read<'a, R: Root<'a>, L: Layout, M: Mode>(
    schema: &Schema,
    text: &'a str,
    rest: &'a [u8],
    learned: Learned,
) -> Option<M::Of<R::Value>> {
    let mut scan = Scan { schema, text, rest, learned, how: PhantomData::<(L, M)> };
    let value = R::read(&mut scan)?;
    scan.rest.iter().all(|byte| is_white_space(*byte)).then_some(value)
}

impl<'a, L: Layout, M: Mode> Scan<'_, 'a, L, M> {
    #[inline(always)]
    fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    #[inline(always)]
    fn pass(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    /// Whether an element may be read at this depth.
    #[inline(always)]
    pub fn may_enter(&self, depth: usize) -> bool {
        depth < MOST_DEPTH
    }

    /// The same document from here on, of whatever layout.
    pub fn learned<T>(&mut self, read: impl FnOnce(&mut Scan<'_, 'a, Learned, M>) -> Option<T>) -> Option<T> {
        let Scan { schema, text, rest, learned, .. } = *self;
        let mut scan = Scan { schema, text, rest, learned, how: PhantomData };
        let value = read(&mut scan);
        (self.rest, self.learned) = (scan.rest, scan.learned);
        value
    }

    /// Passes over white space before a tag: a child at this depth, or the end tag of the element around it.
    #[inline(always)]
    pub fn before_tag(&mut self, depth: usize) {
        match L::line(self.rest, depth, &self.learned) {
            Some(count) => self.pass(count),
            None => self.before_end(depth),
        }
    }

    /// Passes over white space before a child at this depth.
    #[inline(always)]
    pub fn before_child(&mut self, depth: usize) {
        match L::line(self.rest, depth, &self.learned) {
            Some(count) => self.pass(count),
            None => self.pass_white(depth),
        }
    }

    /// Passes over white space before the end tag of an element whose children are at this depth.
    #[inline(always)]
    pub fn before_end(&mut self, depth: usize) {
        match L::line(self.rest, depth.wrapping_sub(1), &self.learned) {
            Some(count) => self.pass(count),
            None => self.pass_white(depth),
        }
    }

    #[cold]
    fn pass_white(&mut self, depth: usize) {
        let count = skip_white_space(self.rest, 0);
        let is_end = self.rest.get(count + 1) == Some(&b'/');
        L::learn(count, if is_end { depth.wrapping_sub(1) } else { depth }, &mut self.learned);
        self.pass(count);
    }

    /// Takes exactly these bytes.
    #[inline(always)]
    pub fn take<const N: usize>(&mut self, bytes: &[u8; N]) -> bool {
        match self.rest.split_first_chunk::<N>() {
            Some((head, rest)) if head == bytes => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes exactly these bytes, which are a tag on its own line, if two spaces per level are expected.
    #[inline(always)]
    pub fn take_line<const N: usize>(&mut self, bytes: &[u8; N]) -> bool {
        L::IS_TWO_BLANKS && self.take(bytes)
    }

    /// Takes exactly these bytes, or gives up.
    #[inline(always)]
    pub fn expect<const N: usize>(&mut self, bytes: &[u8; N]) -> Option<()> {
        self.take(bytes).then_some(())
    }

    /// Takes the beginning of a start tag, after which an attribute or the end of the tag follows.
    #[inline(always)]
    pub fn open<const N: usize>(&mut self, tag: &[u8; N]) -> bool {
        match self.rest.split_first_chunk::<N>() {
            Some((head, rest @ [b' ' | b'>', ..])) if head == tag => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Whether an end tag follows.
    #[inline(always)]
    pub fn is_end(&self) -> bool {
        self.rest.starts_with(b"</")
    }

    /// Text up to an end tag, which is taken too.
    #[inline(always)]
    pub fn text<const N: usize>(&mut self, close: &[u8; N]) -> Option<Cow<'a, str>> {
        let end = text_end(self.rest, 0);
        let (_, after) = self.rest.split_at_checked(end)?;
        if let Some((head, rest)) = after.split_first_chunk::<N>()
            && head == close
        {
            let start = self.at();
            self.rest = rest;
            return self.text.get(start..start + end).map(Cow::Borrowed);
        }
        self.written_text(close)
    }

    /// The same where nothing but the value depends on the text.
    #[inline(always)]
    pub fn any_text<const N: usize>(&mut self, close: &[u8; N]) -> Option<M::Of<Cow<'a, str>>> {
        if M::VALUES {
            let text = self.text(close)?;
            return M::make(|| Some(text));
        }
        let end = text_end(self.rest, 0);
        let (_, after) = self.rest.split_at_checked(end)?;
        match after.split_first_chunk::<N>() {
            Some((head, rest)) if head == close => self.rest = rest,
            // Rules ask whether there is text: a CDATA section or a comment may have none, a character or a reference is some.
            Some(_) if M::WARNINGS && end == 0 && !after.starts_with(b"&") => return None,
            _ => self.pass_text(close)?,
        }
        M::make(|| None)
    }

    /// Text with references, CDATA sections, and whatever else is text.
    #[cold]
    fn written_text<const N: usize>(&mut self, close: &[u8; N]) -> Option<Cow<'a, str>> {
        if !M::VALUES {
            // A verdict allocates nothing.
            return None;
        }
        let start = self.at();
        self.pass_text(close)?;
        self.text.get(start..self.at() - N).map(resolve_text)
    }

    #[cold]
    fn pass_text<const N: usize>(&mut self, close: &[u8; N]) -> Option<()> {
        let run = lex::text_run(self.text, self.at()).ok()?;
        self.pass(run.raw.len());
        self.expect(close)
    }

    /// Text up to an end tag, which is not taken.
    #[inline(always)]
    pub fn content(&mut self) -> Option<Cow<'a, str>> {
        let text = self.text(b"</")?;
        let at = self.at() - 2;
        self.rest = self.text.as_bytes().get(at..)?;
        Some(text)
    }

    /// What says where a schema is, in the tag of the root: nothing of the document.
    #[inline(always)]
    pub fn hints(&mut self) {
        if self.rest.starts_with(b" xmlns:xsi") {
            self.pass_hints();
        }
    }

    #[cold]
    fn pass_hints(&mut self) {
        const DECLARATION: &[u8] = b" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" :/._-#?=".contains(byte);
        let Some(after) = self.rest.strip_prefix(DECLARATION) else { return };
        let mut length = DECLARATION.len();
        for name in [&b" xsi:schemaLocation=\""[..], b" xsi:noNamespaceSchemaLocation=\""] {
            let Some(value) = after.strip_prefix(name) else { continue };
            let end = value.iter().take_while(|byte| is_plain(byte)).count();
            if value.get(end) == Some(&b'"') {
                length += name.len() + end + 1;
            }
            break;
        }
        self.pass(length);
    }

    /// Text with white space that is collapsed already.
    #[inline(always)]
    pub fn collapsed(&mut self, text: Cow<'a, str>) -> Option<Cow<'a, str>> {
        is_collapsed(&text).then_some(text)
    }

    /// Digits, at most this many, which are always a value of their type.
    #[inline(always)]
    pub fn digits<const N: usize>(&mut self, most: usize, close: &[u8; N]) -> Option<u64> {
        if let Some((number, count @ 1..8)) = first_word(self.rest).map(word::number)
            && count <= most
        {
            self.pass(count);
            self.expect(close)?;
            return Some(number);
        }
        self.many_digits(most, close)
    }

    #[inline(never)]
    fn many_digits<const N: usize>(&mut self, most: usize, close: &[u8; N]) -> Option<u64> {
        let mut number = 0_u64;
        let mut count = 0;
        while let Some(digit) = self.rest.get(count).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
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
        self.pass(count);
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
        has_value(simple_type(self.schema, type_number)?, &text).then(|| T::parse(text))?
    }

    /// The value of an attribute whose name, equals sign and quote were just taken.
    #[inline(always)]
    pub fn attribute(&mut self) -> Option<Cow<'a, str>> {
        let end = value_end(self.rest, 0);
        let (_, after) = self.rest.split_at_checked(end)?;
        let (b'"', rest) = after.split_first()? else { return None };
        let start = self.at();
        self.rest = rest;
        self.text.get(start..start + end).map(Cow::Borrowed)
    }

    /// The same as a value, by all that the type of the attribute demands.
    pub fn checked_attribute<T: Scalar<'a>>(
        &mut self,
        type_number: u32,
        attribute: usize,
        value: Cow<'a, str>,
    ) -> Option<T> {
        has_value(type_of_attribute(self.schema, type_number, attribute)?, &value).then(|| T::parse(value))?
    }

    /// Where text begins that [`Scan::since`] gives.
    #[inline(always)]
    pub fn start(&self) -> usize {
        self.at()
    }

    /// The text from a start to the end tag that has just been taken, which is so long.
    #[inline(always)]
    pub fn since(&self, start: usize, close: usize) -> &'a str {
        self.text.get(start..self.at().saturating_sub(close)).unwrap_or_default()
    }

    /// What the rules of an element need of the text of a child, or of an attribute, in addition to which word it is.
    pub fn ask(
        &self,
        element: u32,
        (is_attribute, known): (bool, usize),
        text: &str,
        facts: u64,
        numbers: &mut Numbers,
    ) -> Option<u64> {
        let rules = self.schema.table().rules_of(ElementId(element))?;
        let known = if is_attribute { rules.facts.attributes.get(known) } else { rules.facts.children.get(known) };
        Some(known?.ask(text, facts, numbers))
    }
}
