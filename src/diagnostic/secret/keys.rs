//! Private keys in PEM (RFC 7468): what is between `-----BEGIN PRIVATE KEY-----` and the line that ends it, and the
//! same for keys of one algorithm, of OpenSSH and of OpenPGP.

use std::ops::Range;

use memchr::memmem;

const BEGIN: &[u8] = b"-----BEGIN ";

const DASHES: &[u8] = b"-----";

/// The length of the longest label.
const LABEL: usize = 64;

/// Linear in the document.
pub(super) fn find(document: &[u8]) -> Vec<Range<usize>> {
    memmem::find_iter(document, BEGIN).filter_map(|at| begun_at(document, at)).collect()
}

/// The key whose first line begins at a place. An unterminated key continues up to what cannot be in one: a quote, a
/// tag or the end of the document.
pub(super) fn begun_at(document: &[u8], at: usize) -> Option<Range<usize>> {
    let label = document.get(at..)?.strip_prefix(BEGIN)?;
    let label = label.get(..label.len().min(LABEL))?;
    let label = label.get(..memmem::find(label, DASHES)?)?;
    memmem::find(label, b"PRIVATE KEY")?;
    let start = at + BEGIN.len() + label.len() + DASHES.len();
    let rest = document.get(start..)?;
    let ends = |at: &usize| {
        rest.get(*at..).is_some_and(|rest| matches!(rest, [b'"' | b'\'' | b'<', ..]) || rest.starts_with(DASHES))
    };
    let length = (0..rest.len()).find(ends).unwrap_or(rest.len());
    Some(start..start + length).filter(|range| !range.is_empty())
}
