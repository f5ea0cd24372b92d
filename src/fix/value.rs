//! Text, values, the encoding, and JSON.

use std::ops::Range;

use super::Edit;
use super::candidates::{Document, Draft};
use crate::text::invisible::{is_unseen, trim_invisible};
use crate::text::name::skip_ncname;
use crate::xml::{escape_text, escape_value};

/// Entities that every document has.
const ENTITIES: [&str; 5] = ["amp", "lt", "gt", "apos", "quot"];

/// `&` as text. After it may be the name of an entity without its `;`: then that is what is likely missing.
pub(super) fn escape_ampersand(document: &Document<'_>, span: &Range<usize>) -> Option<Draft> {
    let (text, at) = (document.text, span.start);
    (text.as_bytes().get(at) == Some(&b'&')).then_some(())?;
    let end = skip_ncname(text, at + 1);
    let name = text.get(at + 1..end)?;
    if ENTITIES.contains(&name) {
        let title = format!("write `&{name};`");
        return Some(Draft { is_safe: false, title, edits: vec![Edit::new(end..end, ";")] });
    }
    // The number of a character without its `;`.
    (text.as_bytes().get(at + 1) != Some(&b'#')).then_some(())?;
    Some(Draft { is_safe: true, title: "write `&amp;`".to_owned(), edits: vec![Edit::new(at..at + 1, "&amp;")] })
}

/// `]]>` in text.
pub(super) fn escape_cdata_end(document: &Document<'_>, span: &Range<usize>) -> Option<Draft> {
    document.text.get(span.start..)?.starts_with("]]>").then_some(())?;
    let at = span.start + "]]".len();
    Some(Draft { is_safe: true, title: "write `]]&gt;`".to_owned(), edits: vec![Edit::new(at..at + 1, "&gt;")] })
}

/// The name of the encoding that the bytes are in. The error may be at a byte in the middle. (In the text of a document that was
/// transcoded it is blanked out; what is before it is the same there.)
pub(super) fn relabel(document: &Document<'_>, span: &Range<usize>, label: &str) -> Option<Draft> {
    let place = crate::xml::encoding_label(document.bytes).unwrap_or_else(|| span.clone());
    Some(Draft { is_safe: true, title: format!("declare `{label}`"), edits: vec![Edit::new(place, label)] })
}

/// A value without what is around it and cannot be seen; in JSON within its quotes.
pub(super) fn trim(document: &Document<'_>, span: &Range<usize>) -> Option<Draft> {
    let text = document.text.get(span.clone())?;
    let (start, text) = match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inside) => (span.start + 1, inside),
        // The diagnostic may be about what is left.
        None => {
            let before = document.text.get(..span.start)?;
            let start = before.trim_end_matches(is_unseen).len();
            let after = document.text.get(span.end..)?;
            let end = span.end + after.len() - after.trim_start_matches(is_unseen).len();
            (start, document.text.get(start..end)?)
        }
    };
    let inner = trim_invisible(text);
    let from = start + text.find(inner)?;
    let parts = [start..from, from + inner.len()..start + text.len()];
    let edits: Vec<Edit> = parts.into_iter().filter(|part| !part.is_empty()).map(|part| Edit::new(part, "")).collect();
    let title = String::from("remove the white space around the value");
    (!edits.is_empty() && !inner.is_empty()).then_some(Draft { is_safe: true, title, edits })
}

/// Another value.
pub(super) fn replace(document: &Document<'_>, span: &Range<usize>, value: &str) -> Option<Draft> {
    let text = document.text.get(span.clone())?;
    let replacement = match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(_) => serde_json::to_string(value).ok()?,
        // Comments and sections would be lost.
        None if text.contains('<') => return None,
        None => {
            let mut escaped = Vec::new();
            let before = document.text.get(..span.start)?.chars().next_back();
            match before {
                Some('"' | '\'') => escape_value(&mut escaped, value),
                _ => escape_text(&mut escaped, value),
            }
            String::from_utf8(escaped).ok().filter(|value| before != Some('\'') || !value.contains('\''))?
        }
    };
    let title = format!("write `{value}`");
    Some(Draft { is_safe: false, title, edits: vec![Edit::new(span.clone(), replacement)] })
}

/// Another name for a member of JSON.
pub(super) fn rename_member(document: &Document<'_>, at: &Range<usize>, name: &str, is_safe: bool) -> Option<Draft> {
    let found = document.text.get(at.clone())?;
    (found.len() >= 2 && found.starts_with('"') && found.ends_with('"')).then_some(())?;
    let edits = vec![Edit::new(at.clone(), serde_json::to_string(name).ok()?)];
    Some(Draft { is_safe, title: format!("write `{name}`"), edits })
}

/// A string of JSON as what is in it.
pub(super) fn unquote(document: &Document<'_>, span: &Range<usize>) -> Option<Draft> {
    let found = document.text.get(span.clone())?;
    found.strip_prefix('"')?.strip_suffix('"')?;
    let edits = vec![Edit::new(span.start..span.start + 1, ""), Edit::new(span.end - 1..span.end, "")];
    Some(Draft { is_safe: false, title: "remove the quotes".to_owned(), edits })
}
