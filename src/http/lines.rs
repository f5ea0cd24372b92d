//! The lines of heads. A line ends with CR LF (RFC 9112, section 2.2) or, in captures saved as text, a line feed.

use std::ops::Range;

use memchr::{memchr, memmem};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Its text, without the prefix of the capture and without its ending.
    pub(super) text: Range<usize>,
    /// Where the next line begins.
    pub(super) end: usize,
}

/// The line that begins at a place; `None` at the end.
pub(super) fn line_at(bytes: &[u8], at: usize) -> Option<Line> {
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    let (length, end) = match memchr(b'\n', rest) {
        Some(length) => (length, at + length + 1),
        None => (rest.len(), bytes.len()),
    };
    let text = rest.get(..length).unwrap_or_default();
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    Some(Line { text: at..at + text.len(), end })
}

/// The offset after the empty lines, and lines of white space, that begin at a place.
pub(super) fn skip_blank_lines(bytes: &[u8], mut at: usize) -> usize {
    while let Some(line) = line_at(bytes, at).filter(|line| is_blank(bytes, line)) {
        at = line.end;
    }
    at
}

pub(super) fn is_blank(bytes: &[u8], line: &Line) -> bool {
    bytes.get(line.text.clone()).unwrap_or_default().trim_ascii().is_empty()
}

/// The lines of one head.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    /// `>` or `<`, which `curl -v` puts before the lines of a head.
    prefix: Option<u8>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize, prefix: Option<u8>) -> Lines<'a> {
        Lines { bytes, at, prefix }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where the next line begins.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// Whether lines have a prefix, so that only a line of this head can be one.
    pub(super) fn are_marked(&self) -> bool {
        self.prefix.is_some()
    }

    pub(super) fn text(&self, line: &Line) -> &'a [u8] {
        self.bytes.get(line.text.clone()).unwrap_or_default()
    }

    /// The next line, if the head may continue.
    pub(super) fn peek(&mut self) -> Option<Line> {
        loop {
            let line = line_at(self.bytes, self.at)?;
            let Some(prefix) = self.prefix else { return Some(line) };
            let text = self.text(&line);
            if let Some(rest) = in_verbose(text, &[prefix]) {
                // `<packet>` is a body.
                let rest = rest.strip_prefix(b" ").or(rest.is_empty().then_some(rest))?;
                return Some(Line { text: line.text.end - rest.len()..line.text.end, end: line.end });
            }
            if !is_note(text) {
                return None;
            }
            self.at = line.end;
        }
    }

    /// Continues after a line that was seen.
    pub(super) fn pass(&mut self, line: &Line) {
        self.at = line.end;
    }
}

/// A line of `curl -v` output, without the transfer meter that may precede it, which does not end with a line break.
/// `100 31 100 31 0 0 300 0 --:--:-- --:--:-- --:--:-- 300* Closing connection`
pub(super) fn without_meter(text: &[u8]) -> &[u8] {
    let is_of_meter = |byte: &u8| byte.is_ascii_digit() || b" \r:-.kKMG".contains(byte);
    let length = text.iter().position(|byte| !is_of_meter(byte)).unwrap_or(text.len());
    match text.split_at_checked(length) {
        Some((meter, rest)) if memmem::find(meter, b"--:--:--").is_some() => rest,
        _ => text,
    }
}

/// Whether a line is other `curl -v` output: `* Connected to …`, `{ [283 bytes data]`, transfer meters.
pub(super) fn is_note(text: &[u8]) -> bool {
    let said = without_meter(text);
    let is_meter = said.is_empty() && !text.is_empty();
    is_meter || said == b"*" || [&b"* "[..], b"{ [", b"} ["].iter().any(|start| said.starts_with(start))
}

/// The text of a head line after its `> ` or `< `, as `curl -v` shows it.
pub(super) fn in_verbose<'t>(text: &'t [u8], prefix: &[u8]) -> Option<&'t [u8]> {
    without_meter(text).strip_prefix(prefix)
}
