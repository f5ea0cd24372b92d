//! Finds the ends of messages whose heads do not give their length, or give a wrong one: before text that can only be
//! the next message.

use memchr::memmem;

use super::detect::Form;
use super::lines::{in_verbose, is_note, line_at, skip_blank_lines};
use super::start;

/// Finds the beginnings of messages in a capture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Boundaries<'a> {
    bytes: &'a [u8],
    form: Form,
}

/// What `curl -v` prints after a body; in the same line if the body does not end with a line break.
const AFTER_BODY: &[&[u8]] = &[
    b"* Connection #",
    b"* Closing connection",
    // Before the next request.
    b"* Found bundle for host",
    b"* Re-using existing",
    b"* Hostname ",
    b"* Host ",
    b"*   Trying ",
    b"  % Total    % Received",
];

impl<'a> Boundaries<'a> {
    pub(super) fn new(bytes: &'a [u8], form: Form) -> Boundaries<'a> {
        Boundaries { bytes, form }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub(super) fn form(&self) -> Form {
        self.form
    }

    /// Whether the body can end here: nothing follows, or something that is not part of it.
    pub(super) fn is_after_body(&self, at: usize) -> bool {
        let next = skip_blank_lines(self.bytes, at);
        let rest = self.bytes.get(next..).unwrap_or_default();
        rest.is_empty()
            || self.begins(next, next > at || at == 0 || self.bytes.get(at - 1) == Some(&b'\n'))
            || self.form == Form::CurlVerbose && rest.starts_with(b"* ")
            || self.form == Form::Raw
                && next == at
                && line_at(self.bytes, at).is_some_and(|line| self.is_certain(line.text))
    }

    /// The end of the body that continues here: before the next message, without the empty lines between them.
    pub(super) fn end(&self, from: usize) -> usize {
        let next = self.next(from);
        match next < self.bytes.len() {
            true => from + self.bytes.get(from..next).unwrap_or_default().trim_ascii_end().len(),
            false => next,
        }
    }

    /// Where the next message begins, or a note of `curl -v`; otherwise the end. Linear in the bytes skipped.
    pub(super) fn next(&self, from: usize) -> usize {
        let mut at = from;
        let mut is_apart = true;
        while let Some(line) = line_at(self.bytes, at) {
            let begins_line = at == 0 || self.bytes.get(at - 1) == Some(&b'\n');
            if begins_line && self.begins(at, is_apart) {
                return at;
            }
            let text = self.bytes.get(line.text).unwrap_or_default();
            if let Some(next) = self.within(text) {
                return at + next;
            }
            is_apart = text.trim_ascii().is_empty();
            at = line.end;
        }
        self.bytes.len()
    }

    /// Where in a line something follows a body that does not end with a line break.
    fn within(&self, line: &[u8]) -> Option<usize> {
        match self.form {
            Form::CurlVerbose => AFTER_BODY.iter().filter_map(|note| memmem::find(line, note)).min(),
            _ => start::after_body(line),
        }
    }

    /// Whether the line here begins another message; `is_apart` if it follows an empty line.
    fn begins(&self, at: usize, is_apart: bool) -> bool {
        let Some(line) = line_at(self.bytes, at) else { return false };
        let text = self.bytes.get(line.text.clone()).unwrap_or_default();
        match self.form {
            // Request collections separate requests with `###`, documentation with headings.
            Form::Raw => {
                self.is_certain(line.text)
                    || text.starts_with(b"###")
                    || text.starts_with(b"```")
                    || is_apart && (start::direction(text).is_some() || start::is_label(text))
            }
            _ => {
                let head = in_verbose(text, b"> ").or_else(|| in_verbose(text, b"< "));
                is_note(text) || head.is_some_and(|head| start::direction(head).is_some())
            }
        }
    }

    fn is_certain(&self, text: std::ops::Range<usize>) -> bool {
        start::is_certain(self.bytes.get(text).unwrap_or_default())
    }
}
