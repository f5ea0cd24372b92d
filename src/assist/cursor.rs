//! Finds places in the markup of a document from the characters alone: the document can be broken anywhere, and usually
//! is where somebody is typing.

use std::ops::Range;

use crate::text::white_space::skip_white_space;
use crate::xml::doctype_end;
use crate::xml::lex::skip_colons_and_names;

/// What a `<` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    End,
    /// A comment, a CDATA section, a processing instruction, or a document type declaration.
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Markup {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    /// Whether it is complete. If not, it ends where other markup begins, or with the text.
    pub(super) is_closed: bool,
}

impl Markup {
    pub(super) fn is_tag(&self) -> bool {
        self.kind != Kind::Other
    }

    /// The name, if this is a tag.
    pub(super) fn name(&self, text: &str) -> Range<usize> {
        let start = self.span.start + if self.kind == Kind::End { 2 } else { 1 };
        start..skip_colons_and_names(text, start)
    }
}

/// The markup of a text, in order.
pub(super) fn markup(text: &str) -> impl Iterator<Item = Markup> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += memchr::memchr(b'<', text.as_bytes().get(at..)?)?;
            let start = at;
            let Some((kind, end)) = markup_at(text, start) else {
                at += 1;
                continue;
            };
            at = end.unwrap_or_else(|end| end).max(start + 1);
            return Some(Markup { kind, span: start..at, is_closed: end.is_ok() });
        }
    })
}

/// What a `<` begins, and where that ends (`Ok`) or is cut off (`Err`); `None` if the `<` is text.
fn markup_at(text: &str, at: usize) -> Option<(Kind, Result<usize, usize>)> {
    let rest = text.get(at..)?;
    let after = |end: &str| {
        memchr::memmem::find(rest.as_bytes(), end.as_bytes()).map(|found| at + found + end.len()).ok_or(text.len())
    };
    Some(match rest.as_bytes() {
        [b'<', b'!', b'-', b'-', ..] => (Kind::Other, after("-->")),
        [b'<', b'!', b'[', ..] => (Kind::Other, after("]]>")),
        [b'<', b'!', ..] => {
            (Kind::Other, doctype_end(text, at).ok_or(end_of_tag(text, at + 1).unwrap_or_else(|end| end)))
        }
        [b'<', b'?', ..] => (Kind::Other, after("?>")),
        [b'<', b'/', ..] => (Kind::End, end_of_tag(text, at + 2)),
        [b'<'] => (Kind::Start, Err(text.len())),
        [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'_' | b':' | b'>' | b'<' | 0x80..) => {
            (Kind::Start, end_of_tag(text, at + 1))
        }
        // A `<` that was just typed is followed by nothing but white space.
        [b'<', next, ..] if next.is_ascii_whitespace() => {
            let next = skip_white_space(text.as_bytes(), at + 1);
            matches!(text.as_bytes().get(next), Some(b'<') | None).then_some((Kind::Start, Err(at + 1)))?
        }
        _ => return None,
    })
}

/// Where a tag ends: after its `>`, or before the next `<`, which attribute values cannot contain.
fn end_of_tag(text: &str, at: usize) -> Result<usize, usize> {
    let mut quote = None;
    for (index, byte) in text.as_bytes().iter().enumerate().skip(at) {
        match (byte, quote) {
            (b'<', _) => return Err(index),
            (b'>', None) => return Ok(index + 1),
            (b'"' | b'\'', None) => quote = Some(*byte),
            (byte, Some(open)) if *byte == open => quote = None,
            _ => {}
        }
    }
    Err(text.len())
}

/// An attribute in a start tag, possibly incomplete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: Range<usize>,
    /// What is between the quotes, or up to the end of the tag if the second quote is missing.
    pub(super) value: Option<Range<usize>>,
    pub(super) end: usize,
}

/// The attributes of a start tag, in order.
pub(super) fn attributes(text: &str, tag: &Markup) -> Vec<Attribute> {
    let bytes = text.as_bytes();
    let limit = tag.span.end - usize::from(tag.is_closed);
    let (mut at, mut found) = (tag.name(text).end, Vec::new());
    while at < limit {
        let start = skip_white_space(bytes, at).min(limit);
        let end = skip_colons_and_names(text, start).min(limit);
        if end == start {
            // Not a name: skipped.
            at = (start + 1..limit).find(|at| text.is_char_boundary(*at)).unwrap_or(limit);
            continue;
        }
        let equals = skip_white_space(bytes, end);
        let quote = skip_white_space(bytes, equals + 1);
        let value = match (bytes.get(equals), bytes.get(quote)) {
            (Some(b'='), Some(open @ (b'"' | b'\''))) if quote < limit => {
                let rest = bytes.get(quote + 1..limit).unwrap_or_default();
                let length = memchr::memchr(*open, rest).unwrap_or(rest.len());
                Some(quote + 1..quote + 1 + length)
            }
            _ => None,
        };
        at = value.as_ref().map_or(end, |value| (value.end + 1).min(limit));
        found.push(Attribute { name: start..end, value, end: at });
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(text: &str) -> Vec<(Kind, &str, bool)> {
        markup(text).map(|markup| (markup.kind, &text[markup.span], markup.is_closed)).collect()
    }

    #[test]
    fn unfinished_markup_ends_where_the_next_begins() {
        assert_eq!(
            seen("<?xml?><a b='>'><!-- <x> --><b <c d=\"<e/></ </a>x < 1<"),
            [
                (Kind::Other, "<?xml?>", true),
                (Kind::Start, "<a b='>'>", true),
                (Kind::Other, "<!-- <x> -->", true),
                (Kind::Start, "<b ", false),
                (Kind::Start, "<c d=\"", false),
                (Kind::Start, "<e/>", true),
                (Kind::End, "</ ", false),
                (Kind::End, "</a>", true),
                (Kind::Start, "<", false),
            ]
        );
    }

    #[test]
    fn attributes_of_an_unfinished_tag_are_found() {
        let text = "<a b='1' c d = \"2\" e=\"3 f>";
        let tag = Markup { kind: Kind::Start, span: 0..text.len(), is_closed: true };
        let found: Vec<_> = attributes(text, &tag)
            .into_iter()
            .map(|attribute| (&text[attribute.name], attribute.value.map(|value| &text[value])))
            .collect();
        assert_eq!(found, [("b", Some("1")), ("c", None), ("d", Some("2")), ("e", Some("3 f"))]);
    }

    proptest! {
        #[test]
        fn markup_is_in_order_and_inside(text in r#"[<>/!?a='" \-\[\]ä&]{0,24}"#) {
            let mut end = 0;
            for markup in markup(&text) {
                prop_assert!(markup.span.start >= end && markup.span.end > markup.span.start);
                prop_assert!(text.get(markup.span.clone()).is_some());
                end = markup.span.end;
                let mut at = markup.span.start;
                for attribute in attributes(&text, &markup).into_iter().filter(|_| markup.kind == Kind::Start) {
                    prop_assert!(attribute.name.start > at && attribute.end <= end);
                    prop_assert!(text.get(attribute.name).is_some());
                    prop_assert!(attribute.value.is_none_or(|value| text.get(value).is_some()));
                    at = attribute.end - 1;
                }
            }
        }
    }
}
