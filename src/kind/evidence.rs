//! Evidence that a document is of a kind: a member, an element or a parameter that only its packets have.

use std::borrow::Cow;

use super::{PacketKind, json, query, xml};
use crate::Limits;
use crate::xml::Decoded;

/// A piece of a document that shows its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) kind: PacketKind,
    /// A description, such as "it holds `result`".
    pub(super) reason: String,
}

/// The number of bytes of a document that are searched first. The deciding part is usually near the beginning.
pub(super) const LOOK_AHEAD: usize = 64 * 1024;

/// After the first evidence, evidence of another kind is searched for in this many bytes.
const MORE: usize = 64;

/// The first evidence for each kind in a document, the most likely kind first.
pub(super) fn of(document: &[u8]) -> Vec<Evidence> {
    all_within(document, usize::MAX)
}

/// As `of`, but evidence of other kinds is searched for only near the first evidence.
pub(super) fn near_the_first(document: &[u8]) -> Vec<Evidence> {
    all_within(document, MORE)
}

fn all_within(document: &[u8], more: usize) -> Vec<Evidence> {
    let found = first_shown(document, |part| {
        let found = match Look::of(part) {
            Look::Xml => xml::evidence(part, more),
            Look::Json => json::evidence(part),
            Look::Text => query::evidence(part).into_iter().collect(),
        };
        Some(found).filter(|found| !found.is_empty())
    });
    found.unwrap_or_default()
}

/// The result of a search in the beginning of a document, or in all of it if that shows nothing: a long comment or list
/// may come first.
pub(super) fn first_shown<T>(document: &[u8], look: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
    look(&head(document)).or_else(|| if document.len() > LOOK_AHEAD { look(&in_utf8(document)) } else { None })
}

/// The beginning of a document, in UTF-8 as far as it can be decoded: it may end within a character.
pub(super) fn head(document: &[u8]) -> Cow<'_, [u8]> {
    in_utf8(document.get(..LOOK_AHEAD).unwrap_or(document))
}

fn in_utf8(part: &[u8]) -> Cow<'_, [u8]> {
    match Decoded::new(part, &Limits::default()) {
        Ok(Some(decoded)) => Cow::Owned(decoded.into_text().into_bytes()),
        Ok(None) | Err(_) => Cow::Borrowed(part),
    }
}

/// The syntax of a document, judging by its first significant byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Xml,
    Json,
    Text,
}

impl Look {
    pub(super) fn of(document: &[u8]) -> Look {
        let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[' | b'"') => Look::Json,
            // An empty document is treated as XML, and so is one in another encoding.
            Some(b'<' | b'\0' | 0xfe | 0xff) | None => Look::Xml,
            Some(_) => Look::Text,
        }
    }
}
