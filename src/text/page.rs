//! HTML pages, which come where a packet was expected.

use std::ops::Range;

/// Where a page in HTML shows that it is one: its root is `html`, or its DOCTYPE says so.
pub(crate) fn find(document: &[u8]) -> Option<Range<usize>> {
    let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
    let mut at = document.len() - text.trim_ascii_start().len();
    loop {
        let rest = document.get(at..)?;
        let length = if rest.starts_with(b"<!--") {
            memchr::memmem::find(rest, b"-->")? + 3
        } else if rest.starts_with(b"<?") {
            memchr::memmem::find(rest, b"?>")? + 2
        } else {
            let begins = |word: &[u8]| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            let word = [&b"<!doctype html"[..], b"<html"].into_iter().find(|word| begins(word))?;
            let is_whole = is_end_of_name(rest.get(word.len()..).unwrap_or_default());
            return is_whole.then(|| at..at + word.len());
        };
        at += length;
        at = document.len() - document.get(at..)?.trim_ascii_start().len();
    }
}

/// Whether a name ends here.
pub(crate) fn is_end_of_name(rest: &[u8]) -> bool {
    rest.first().is_none_or(|byte| b" \t\r\n/>".contains(byte))
}
