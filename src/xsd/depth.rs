//! Scans a schema document before it is parsed: it must not be too deep or too wide to be read recursively.

use std::ops::Range;

/// The most elements of a schema document that may be open at once.
pub(super) const NESTING: usize = 256;

/// The most attributes that one element of a schema document may have, namespace declarations included (the parser's
/// work grows with those in scope).
pub(super) const ATTRIBUTES: usize = 100;

/// What exceeds its limit, with the offset of the element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    Nesting(usize),
    Attributes(usize),
}

/// Parses a document in which [`find_excess`] found nothing. A document type declaration must be blanked out
/// beforehand, since the parser would expand its entities.
pub(crate) fn parse_checked(text: &str) -> Result<roxmltree::Document<'_>, roxmltree::Error> {
    roxmltree::Document::parse(text)
}

/// Counts open elements and quoted values in one pass. The document need not be well-formed: if it is not, the parser
/// stops at the first error, and the count is right up to there.
pub(super) fn find_excess(text: &str) -> Option<Excess> {
    look_over(text, |_| {})
}

/// As `find_excess`, and calls `prose` with the text between tags on the way.
pub(super) fn look_over(text: &str, mut prose: impl FnMut(Range<usize>)) -> Option<Excess> {
    let bytes = text.as_bytes();
    let mut open = 0_usize;
    let mut at = 0;
    loop {
        let found = memchr::memchr(b'<', bytes.get(at..)?);
        let start = found.map_or(bytes.len(), |found| at + found);
        prose(at..start);
        let (length, markup) = markup(bytes.get(start..)?)?;
        at = start + length;
        match markup {
            Markup::Start { attributes, .. } if attributes > ATTRIBUTES => return Some(Excess::Attributes(start)),
            Markup::Start { is_empty: false, .. } if open == NESTING => return Some(Excess::Nesting(start)),
            Markup::Start { is_empty, .. } => open += usize::from(!is_empty),
            Markup::End => open = open.saturating_sub(1),
            Markup::Other => {}
        }
    }
}

enum Markup {
    Start {
        attributes: usize,
        is_empty: bool,
    },
    End,
    /// A comment, a processing instruction, or a CDATA section.
    Other,
}

/// The length of the markup that begins with the `<` here, if it ends.
fn markup(rest: &[u8]) -> Option<(usize, Markup)> {
    match rest {
        [b'<', b'!', b'-', b'-', ..] => Some((after(rest, 4, b"-->")?, Markup::Other)),
        [b'<', b'!', b'[', ..] => Some((after(rest, 3, b"]]>")?, Markup::Other)),
        [b'<', b'?', ..] => Some((after(rest, 2, b"?>")?, Markup::Other)),
        [b'<', b'/', ..] => Some((memchr::memchr(b'>', rest)? + 1, Markup::End)),
        [] => None,
        _ => {
            let (length, attributes) = tag(rest)?;
            Some((length, Markup::Start { attributes, is_empty: rest.get(length - 2) == Some(&b'/') }))
        }
    }
}

/// The length up to and including `end`, which does not begin before `from`.
fn after(rest: &[u8], from: usize, end: &[u8]) -> Option<usize> {
    memchr::memmem::find(rest.get(from..)?, end).map(|found| from + found + end.len())
}

/// The length of a start tag and the number of its quoted values. Read byte by byte, because tags and values are short.
fn tag(rest: &[u8]) -> Option<(usize, usize)> {
    let mut attributes = 0;
    let mut at = 0;
    loop {
        at += rest.get(at..)?.iter().position(|byte| matches!(byte, b'>' | b'"' | b'\''))?;
        match rest.get(at)? {
            b'>' => return Some((at + 1, attributes)),
            quote => {
                at += 1;
                at += rest.get(at..)?.iter().position(|byte| byte == quote)? + 1;
                attributes += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_as_the_parser_counts_it() {
        assert_eq!(find_excess(&"<!--><a>-->".repeat(NESTING + 1)), None);
        assert_eq!(find_excess("<a><b/><!-- <c> --><![CDATA[<d>]]><?p <e>?><f g='<>'></f></a>"), None);
        let deep = "<a>".repeat(NESTING);
        assert_eq!(find_excess(&deep), None);
        assert_eq!(find_excess(&format!("<!-- <a> -->{deep}<a>")), Some(Excess::Nesting(12 + deep.len())));
        assert_eq!(find_excess(&format!("{deep}<a/>")), None);
        assert_eq!(find_excess(&format!("{deep}<a b='/'>")), Some(Excess::Nesting(deep.len())));
        let wide: String = (0..=ATTRIBUTES).map(|number| format!(" a{number}=''")).collect();
        assert_eq!(find_excess(&format!("<a{wide}>")), Some(Excess::Attributes(0)));
    }
}
