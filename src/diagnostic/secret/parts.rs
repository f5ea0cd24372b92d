//! Parts of forms (RFC 7578): `Content-Disposition: form-data; name="password"`, an empty line, and the value up to the
//! boundary.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::SecretNames;
use super::pairs::is_markup;

const FORM_DATA: &[u8] = b"form-data";

/// The length of the longest line in which the name of a part is searched for.
const LINE: usize = 1024;

/// The values of the parts with the names of secrets. Linear in the document; an XML document has no parts.
pub(super) fn find(document: &[u8], names: &SecretNames<'_>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if is_markup(document) {
        return found;
    }
    for at in memmem::find_iter(document, FORM_DATA) {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let rest = document.get(at..).unwrap_or_default();
        let line = rest.get(..rest.len().min(LINE)).unwrap_or_default();
        let (line, part) = rest.split_at(memchr(b'\n', line).unwrap_or(line.len()));
        if !is_named_as_secret(line, names) {
            continue;
        }
        let start = at + line.len();
        let part = part.get(..memmem::find(part, b"\n--").unwrap_or(part.len())).unwrap_or_default();
        // If the empty line was forgotten, fields cannot be distinguished from the value.
        let value = after_head(part).unwrap_or(part).trim_ascii_start();
        let end = start + part.len();
        found.push(end - value.len()..end - (value.len() - value.trim_ascii_end().len()));
    }
    found.retain(|range| !range.is_empty());
    found
}

fn is_named_as_secret(line: &[u8], names: &SecretNames<'_>) -> bool {
    line.split(|byte| *byte == b';').any(|parameter| {
        let name = parameter.trim_ascii().strip_prefix(b"name=");
        let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
        let name = name.map(|name| name.split(is_quote).find(|piece| !piece.is_empty()).unwrap_or_default());
        name.is_some_and(|name| names.are_of_pair(name))
    })
}

/// What follows the empty line that ends the fields of a part.
fn after_head(part: &[u8]) -> Option<&[u8]> {
    let ends = [&b"\n\r\n"[..], b"\n\n"];
    ends.into_iter().filter_map(|end| part.get(memmem::find(part, end)? + end.len()..)).max_by_key(|value| value.len())
}
