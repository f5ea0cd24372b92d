//! Makes the prose of a schema document easy for the tree parser.
//!
//! The tree parser borrows a text that has neither a carriage return nor a reference; any other it copies byte by byte,
//! which took a quarter of the time to compile schemas with much documentation (bench `real`, `mets2` and `xccdf12`).
//! Between two tags of a schema document there is only white space and prose. So a carriage return there becomes a
//! space, and the ampersand of a reference becomes a character that does not occur in the document, which is turned
//! back where the prose is read. No offset moves.

use std::borrow::Cow;

use super::depth::{Excess, look_over};

/// Replaces an ampersand: the only one-byte character that XML allows and nobody uses.
const AMPERSAND: u8 = 0x7F;

/// The references predefined in every document (XML, section 4.6), after the ampersand.
const REFERENCES: [(&str, char); 5] = [("lt;", '<'), ("gt;", '>'), ("amp;", '&'), ("quot;", '"'), ("apos;", '\'')];

/// The result of scanning a document before it is parsed.
pub(super) struct Look {
    /// What exceeds a limit, if the document is too deep or too wide.
    pub(super) excess: Option<Excess>,
    /// The document in a form that is easy to parse, if that differs from the original.
    pub(super) easy: Option<String>,
    /// Whether references in it are marked; otherwise they are unchanged.
    pub(super) is_marked: bool,
}

impl Look {
    /// Scans a document. One that has text for readers other than that of annotations (it contains one of `others`)
    /// keeps its references.
    pub(super) fn at(text: &str, others: &[&str]) -> Look {
        if memchr::memchr2(b'\r', b'&', text.as_bytes()).is_none() {
            return Look { excess: look_over(text, |_| {}), easy: None, is_marked: false };
        }
        let has = |needle: &str| memchr::memmem::find(text.as_bytes(), needle.as_bytes()).is_some();
        let is_marked = memchr::memchr(AMPERSAND, text.as_bytes()).is_none() && !others.iter().any(|other| has(other));
        let mut bytes = text.as_bytes().to_vec();
        let excess = look_over(text, |prose| ease(bytes.get_mut(prose).unwrap_or_default(), is_marked));
        Look { excess, easy: String::from_utf8(bytes).ok(), is_marked }
    }
}

fn ease(prose: &mut [u8], marks: bool) {
    let mut at = 0;
    while let Some(found) = prose.get(at..).and_then(|rest| memchr::memchr2(b'\r', b'&', rest)) {
        at += found;
        let Some((byte, after)) = prose.get_mut(at..).and_then(<[u8]>::split_first_mut) else { break };
        if *byte == b'\r' {
            *byte = b' ';
        } else if marks && REFERENCES.iter().any(|(name, _)| after.starts_with(name.as_bytes())) {
            *byte = AMPERSAND;
        }
        at += 1;
    }
}

/// Prose with its marked references resolved.
pub(super) fn resolved(prose: &str) -> Cow<'_, str> {
    if memchr::memchr(AMPERSAND, prose.as_bytes()).is_none() {
        return Cow::Borrowed(prose);
    }
    let mut parts = prose.split(char::from(AMPERSAND));
    let first = parts.next().unwrap_or_default();
    let mut text = String::with_capacity(prose.len());
    text.push_str(first);
    for part in parts {
        let reference = REFERENCES.iter().find_map(|(name, meant)| Some((part.strip_prefix(name)?, *meant)));
        let (rest, meant) = reference.unwrap_or((part, char::from(AMPERSAND)));
        text.push(meant);
        text.push_str(rest);
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn easy(text: &str) -> Option<(String, bool)> {
        let look = Look::at(text, &["urn:other"]);
        look.easy.map(|easy| (easy, look.is_marked))
    }

    #[test]
    fn only_what_is_between_tags_is_changed() {
        assert_eq!(easy("<a>\n</a>"), None);
        let text = "\r\n<a b='>\r&lt;'\r\n c='<\r'>\r\n\r x&lt;y<!--\r&lt;--><![CDATA[\r&lt;]]>\r<?p \r?></a>\r<";
        let eased = " \n<a b='>\r&lt;'\r\n c='<\r'> \n  x\x7Flt;y<!--\r&lt;--><![CDATA[\r&lt;]]> <?p \r?></a> <";
        assert_eq!(easy(text), Some((eased.to_owned(), true)));
        assert_eq!(easy("<a>\r<b \r"), Some(("<a> <b \r".to_owned(), true)));
        assert_eq!(easy("<a>&#60;&x;&lt</a>"), Some(("<a>&#60;&x;&lt</a>".to_owned(), true)));
    }

    #[test]
    fn text_for_other_readers_keeps_its_references() {
        assert_eq!(easy("<a x='urn:other'>&lt;\r</a>"), Some(("<a x='urn:other'>&lt; </a>".to_owned(), false)));
        assert_eq!(easy("<a>\x7Flt;&lt;</a>"), Some(("<a>\x7Flt;&lt;</a>".to_owned(), false)));
    }

    #[test]
    fn references_come_back() {
        assert_eq!(resolved("none"), "none");
        assert_eq!(resolved("a \x7Flt;b\x7Fgt; \x7Famp;lt; \x7Fquot;\x7Fapos;"), "a <b> &lt; \"'");
    }
}
