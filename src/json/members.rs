//! The members of a document's object, each with its place: for checks other than by shapes.

use std::borrow::Cow;
use std::ops::Range;

use super::reader::{Reader, Token};

/// A member of an object.
#[derive(Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) name_span: Range<usize>,
    /// For an array or object, its beginning.
    pub(crate) value: Token<'a>,
    pub(crate) value_span: Range<usize>,
}

/// The members of a well-formed document, and where its object ends; `None` if it is not an object.
pub(crate) fn members(bytes: &[u8]) -> Option<(Vec<Placed<'_>>, usize)> {
    let mut reader = Reader::new(bytes, usize::MAX);
    let Token::BeginObject = reader.next(&mut |_| {}) else { return None };
    let (mut members, mut depth, mut name) = (Vec::new(), 1_usize, None);
    loop {
        let token = reader.next(&mut |_| {});
        let span = reader.span();
        match token {
            Token::Eof => return None,
            Token::EndObject if depth == 1 => return Some((members, span.start)),
            Token::EndObject | Token::EndArray => depth -= 1,
            Token::Name(text) if depth == 1 => name = Some((text, span)),
            value => {
                depth += usize::from(matches!(value, Token::BeginObject | Token::BeginArray));
                if let Some((name, name_span)) = name.take() {
                    members.push(Placed { name, name_span, value, value_span: span });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_the_outermost_object_are_found() {
        let (found, end) = members(br#"{"a": [1, {"b": 2}], "c": {"a": 3}, "d": "x"}"#).expect("is an object");
        let names: Vec<_> = found.iter().map(|member| (&*member.name, member.value_span.clone())).collect();
        assert_eq!((names, end), (vec![("a", 6..7), ("c", 26..27), ("d", 41..44)], 44));
        assert!(members(b"[1]").is_none() && members(b"").is_none());
    }
}
