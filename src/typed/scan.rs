//! Prediction for generated code: bytes are compared with the tags that a type predicts.
//!
//! The code that reads a type with a `Scan` knows its content model, and gives up (`None`) if it does not recognise
//! what comes next. The walk then reads the document from its beginning and decides. Prediction never reports anything,
//! and accepts nothing that the walk would reject: the same functions find text, and the same `SimpleType` checks
//! values. Random documents, valid and invalid, test that the two agree (`tests/generated`).

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

/// The greatest depth of elements that are read by prediction, on the call stack.
const MOST_DEPTH: usize = 64;

/// The most attributes of a type that is read by prediction.
pub(crate) const MOST_ATTRIBUTES: usize = 256;

/// The length of the longest name of an element or an attribute that is read by prediction.
pub(crate) const MOST_NAME: usize = 256;

/// A position in a document that is read by prediction, with a certain layout and purpose.
pub struct Scan<'s, 'a, L, M> {
    schema: &'s Schema,
    text: &'a str,
    rest: &'a [u8],
    learned: Learned,
    how: PhantomData<(L, M)>,
}

/// A root element that can be read by prediction.
pub trait Root<'a> {
    /// Its Rust type.
    type Value;

    /// Reads it from its start tag to its end tag; `None` if the walk has to decide.
    fn read<L: Layout, M: Mode>(scan: &mut Scan<'_, 'a, L, M>) -> Option<M::Of<Self::Value>>;
}

/// Reads a document by prediction; `None` if the walk has to decide. `version` is that of the library that generated
/// the code: its type numbers are not valid in another version.
#[inline]
pub fn scan<'a, R: Root<'a>, M: Mode>(
    schema: &Schema,
    limits: &Limits,
    version: &str,
    bytes: &'a [u8],
) -> Option<M::Of<R::Value>> {
    // WebAssembly is loaded over a network and has to be small: only the walk is used there, which saves a fifth of the
    // code.
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

    /// Whether elements at this depth can be read by prediction.
    #[inline(always)]
    pub fn may_enter(&self, depth: usize) -> bool {
        depth < MOST_DEPTH
    }

    /// Continues in the same document for any layout.
    pub fn learned<T>(&mut self, read: impl FnOnce(&mut Scan<'_, 'a, Learned, M>) -> Option<T>) -> Option<T> {
        let Scan { schema, text, rest, learned, .. } = *self;
        let mut scan = Scan { schema, text, rest, learned, how: PhantomData };
        let value = read(&mut scan);
        (self.rest, self.learned) = (scan.rest, scan.learned);
        value
    }

    /// Skips white space before a tag: that of a child at this depth, or the end tag of its parent.
    #[inline(always)]
    pub fn before_tag(&mut self, depth: usize) {
        match L::line(self.rest, depth, &self.learned) {
            Some(count) => self.pass(count),
            None => self.before_end(depth),
        }
    }

    /// Skips white space before a child at this depth.
    #[inline(always)]
    pub fn before_child(&mut self, depth: usize) {
        match L::line(self.rest, depth, &self.learned) {
            Some(count) => self.pass(count),
            None => self.pass_white(depth),
        }
    }

    /// Skips white space before the end tag of an element whose children are at this depth.
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

    /// Takes the beginning of a start tag, if an attribute or the end of the tag follows it.
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

    /// Takes text and the end tag that follows it.
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

    /// Takes text and its end tag, if nothing but the value depends on the text.
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
            // Rules can test whether there is text: a CDATA section or a comment may contain none, a character or a
            // reference is text.
            Some(_) if M::WARNINGS && end == 0 && !after.starts_with(b"&") => return None,
            _ => self.pass_text(close)?,
        }
        M::make(|| None)
    }

    /// Takes text with references, CDATA sections and comments.
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

    /// Takes text up to an end tag, but not the end tag.
    #[inline(always)]
    pub fn content(&mut self) -> Option<Cow<'a, str>> {
        let text = self.text(b"</")?;
        let at = self.at() - 2;
        self.rest = self.text.as_bytes().get(at..)?;
        Some(text)
    }

    /// Skips the attributes in the tag of the root that give the location of a schema.
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

    /// Returns a text if its white space is already collapsed.
    #[inline(always)]
    pub fn collapsed(&mut self, text: Cow<'a, str>) -> Option<Cow<'a, str>> {
        is_collapsed(&text).then_some(text)
    }

    /// Takes digits, at most this many, which always form a valid value of their type, and the end tag.
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
            // `most` is at most 18.
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

    /// Converts text to a value of a text type.
    #[inline(always)]
    pub fn value<T: Scalar<'a>>(&mut self, text: Cow<'a, str>) -> Option<T> {
        T::parse(text)
    }

    /// Converts text to a value, if it satisfies all requirements of the type with this number.
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

    /// Converts the value of an attribute, if it satisfies all requirements of the attribute's type.
    pub fn checked_attribute<T: Scalar<'a>>(
        &mut self,
        type_number: u32,
        attribute: usize,
        value: Cow<'a, str>,
    ) -> Option<T> {
        has_value(type_of_attribute(self.schema, type_number, attribute)?, &value).then(|| T::parse(value))?
    }

    /// The current position, from which [`Scan::since`] can return the text.
    #[inline(always)]
    pub fn start(&self) -> usize {
        self.at()
    }

    /// The text from a start up to the end tag that was just taken, which is `close` bytes long.
    #[inline(always)]
    pub fn since(&self, start: usize, close: usize) -> &'a str {
        self.text.get(start..self.at().saturating_sub(close)).unwrap_or_default()
    }

    /// Evaluates what the rules of an element need of the text of a child or an attribute, apart from the literal that
    /// it equals.
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
