//! Reads a malformed start tag.
//!
//! A fault in the shape of a tag is reported once, since it makes the rest of the tag guesswork; faults within a value
//! and repeated attributes are each reported.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use super::fault::{Broken, Fault, FaultKind, Found, shorten};
use super::lex::{
    check_namespace_name, duplicate_attribute, lex_qualified_name, lex_value, missing_blank, one,
    skip_colons_and_names, too_many_attributes, unclosed_tag, unexpected,
};
use super::{RawAttribute, StartTag};
use crate::Limits;
use crate::text::white_space::{is_white_space, skip_white_space};

/// At `<` of a tag that [`lex::start_tag`](super::lex::start_tag) refused: the tag as far as it is recognizable. Its
/// faults go to `faults`; only recognizable attributes go to `attributes`.
///
/// Fails where nothing can be read after the tag: the document ends, or a limit was reached.
pub(super) fn recover_start_tag<'a>(
    text: &'a str,
    at: usize,
    limits: &Limits,
    attributes: &mut Vec<RawAttribute<'a>>,
    faults: &mut Vec<Fault>,
) -> Result<StartTag<'a>, Fault> {
    attributes.clear();
    let mut tag = BrokenTag { text, limits, attributes, faults, is_shapeless: false };
    let (name, prefix_length, name_end) = tag.read_name(at + 1)?;
    let (empty, end) = tag.read_attributes(name_end)?;
    drop_duplicates(tag.attributes, tag.faults, |attribute| attribute.name);
    Ok(StartTag { name, prefix_length, empty, end })
}

/// Keeps the first attribute with each key, and reports the rest.
pub(super) fn drop_duplicates<'a, K: Eq + Hash>(
    attributes: &mut Vec<RawAttribute<'a>>,
    faults: &mut Vec<Fault>,
    key: impl Fn(&RawAttribute<'a>) -> K,
) {
    let mut seen = HashMap::with_capacity(attributes.len());
    attributes.retain(|attribute| match seen.entry(key(attribute)) {
        Entry::Vacant(entry) => {
            entry.insert(*attribute);
            true
        }
        Entry::Occupied(entry) => {
            faults.push(duplicate_attribute(entry.get(), attribute));
            false
        }
    });
}

/// The most faults that are reported of one value, which may consist of nothing else.
const FAULTS: usize = 256;

struct BrokenTag<'a, 'b> {
    text: &'a str,
    limits: &'b Limits,
    attributes: &'b mut Vec<RawAttribute<'a>>,
    faults: &'b mut Vec<Fault>,
    /// A fault in the shape of the tag was reported.
    is_shapeless: bool,
}

/// Where reading resumes.
enum Next {
    /// In the tag.
    At(usize),
    /// The tag is over: whether it is empty, and the offset after it.
    Over(bool, usize),
}

impl<'a> BrokenTag<'a, '_> {
    /// The name, the length of its prefix, and the offset after it.
    fn read_name(&mut self, at: usize) -> Result<(&'a str, usize, usize), Fault> {
        match lex_qualified_name(self.text, at, self.limits) {
            Ok(name) => Ok((name.text, name.prefix_length, name.end)),
            Err(Broken { fault, .. }) if is_last(&fault.kind) => Err(fault),
            Err(Broken { fault, .. }) => {
                self.misshapen(fault);
                let end = skip_colons_and_names(self.text, at);
                Ok((self.text.get(at..end).unwrap_or_default(), 0, end))
            }
        }
    }

    fn read_attributes(&mut self, mut at: usize) -> Result<(bool, usize), Fault> {
        let bytes = self.text.as_bytes();
        loop {
            let next = skip_white_space(bytes, at);
            match bytes.get(next..).unwrap_or_default() {
                [] => return Err(unclosed_tag(self.text, next).fault),
                [b'>', ..] => return Ok((false, next + 1)),
                [b'/', b'>', ..] => return Ok((true, next + 2)),
                [b'<', ..] => {
                    self.misshapen(unclosed_tag(self.text, next).fault);
                    return Ok((false, next));
                }
                _ if skip_colons_and_names(self.text, next) > next => {
                    if self.attributes.len() >= self.limits.attributes {
                        return Err(too_many_attributes(self.text, next, self.limits).fault);
                    }
                    if next == at {
                        self.misshapen(missing_blank(self.text, next).fault);
                    }
                    match self.read_attribute(next)? {
                        Next::At(end) => at = end,
                        Next::Over(empty, end) => return Ok((empty, end)),
                    }
                }
                _ => {
                    self.misshapen(unexpected(self.text, next, "an attribute or `>`").fault);
                    at = one(self.text, next).end;
                }
            }
        }
    }

    fn read_attribute(&mut self, name_at: usize) -> Result<Next, Fault> {
        let bytes = self.text.as_bytes();
        let (name, prefix_length, name_end) = self.read_name(name_at)?;
        let equals_at = skip_white_space(bytes, name_end);
        if bytes.get(equals_at) != Some(&b'=') {
            self.misshapen(unexpected(self.text, equals_at, "`=` after the name of the attribute").fault);
            return Ok(Next::At(name_end));
        }
        let quote_at = skip_white_space(bytes, equals_at + 1);
        match bytes.get(quote_at) {
            Some(&quote @ (b'"' | b'\'')) => {
                let value_at = quote_at + 1;
                let attribute = RawAttribute { name, prefix_length, value: "", name_at, value_at };
                self.read_value(attribute, quote)
            }
            None | Some(b'<') => Ok(Next::At(quote_at)),
            Some(_) => {
                let end = skip_unquoted(bytes, quote_at);
                let kind = FaultKind::UnquotedAttribute { name: shorten(name), found: Found::at(self.text, quote_at) };
                let span = if end > quote_at { quote_at..end } else { one(self.text, quote_at) };
                self.misshapen(Fault::new(kind, span));
                Ok(Next::At(end))
            }
        }
    }

    /// After the opening quote.
    fn read_value(&mut self, attribute: RawAttribute<'a>, quote: u8) -> Result<Next, Fault> {
        let bytes = self.text.as_bytes();
        let begin = attribute.value_at;
        let reported = self.faults.len();
        let mut at = begin;
        let mut holds_less_than = false;
        loop {
            let Broken { fault, resume } = match lex_value(self.text, at, quote) {
                Ok(end) => {
                    let value = self.text.get(begin..end).unwrap_or_default();
                    let attribute = RawAttribute { value, ..attribute };
                    check_namespace_name(&attribute, self.limits).map_err(|broken| broken.fault)?;
                    self.attributes.push(attribute);
                    return Ok(Next::At(end + 1));
                }
                Err(broken) => broken,
            };
            if is_last(&fault.kind) {
                return Err(fault);
            }
            at = resume;
            if fault.kind != FaultKind::LessThanInAttribute {
                if self.faults.len() < reported + FAULTS {
                    self.faults.push(fault);
                }
            } else if !holds_less_than {
                let less_than_at = fault.span.start;
                if closing_quote(bytes, less_than_at, quote).is_none() {
                    // Faults in what turns out to be text will be found again there.
                    self.faults.truncate(reported);
                    let kind = FaultKind::UnclosedAttribute { name: shorten(attribute.name) };
                    let (empty, place, end) = end_of_tag_within(self.text, begin, less_than_at);
                    self.misshapen(Fault::new(kind, place..place).related_to(begin - 1..begin));
                    return Ok(Next::Over(empty, end));
                }
                holds_less_than = true;
                self.faults.push(fault);
            }
        }
    }

    /// Reports a fault in the shape of the tag, unless one was reported.
    fn misshapen(&mut self, fault: Fault) {
        if !self.is_shapeless {
            self.is_shapeless = true;
            self.faults.push(fault);
        }
    }
}

/// Whether nothing after such a fault is read.
pub(super) fn is_last(kind: &FaultKind) -> bool {
    let ends = matches!(kind, FaultKind::Doctype | FaultKind::MisplacedDoctype | FaultKind::MalformedDoctype { .. });
    ends || kind.is_truncation() || kind.is_limit()
}

/// The offset after an unquoted value.
fn skip_unquoted(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let length =
        rest.iter().position(|&byte| is_white_space(byte) || matches!(byte, b'<' | b'>')).unwrap_or(rest.len());
    let is_empty_tag = rest.get(length) == Some(&b'>') && length > 0 && rest.get(length - 1) == Some(&b'/');
    at + length - usize::from(is_empty_tag)
}

/// From a `<` in a value: the next quote, if it seems to close the value. It does if the tag continues or ends after
/// it. A quote after `=` opens another value instead, so this one lacks its closing quote.
pub(crate) fn closing_quote(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = memchr::memchr(quote, rest)?;
    let goes_on = rest.get(length + 1).is_some_and(|&byte| is_white_space(byte) || matches!(byte, b'/' | b'>'));
    (goes_on && (length == 0 || rest.get(length - 1) != Some(&b'='))).then_some(at + length)
}

/// Where the tag most likely ends if a value in it is not closed before the next `<`: whether it is empty, where the
/// quote is missing, and the offset after the tag.
fn end_of_tag_within(text: &str, begin: usize, end: usize) -> (bool, usize, usize) {
    let bytes = text.as_bytes();
    match memchr::memchr(b'>', bytes.get(begin..end).unwrap_or_default()) {
        None => (false, end, end),
        Some(length) => {
            let empty = length > 0 && bytes.get(begin + length - 1) == Some(&b'/');
            (empty, begin + length - usize::from(empty), begin + length + 1)
        }
    }
}
