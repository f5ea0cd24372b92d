//! Recognizes captures.

use memchr::memmem;

use super::head::is_field;
use super::lines::{Line, in_verbose, is_blank, is_note, line_at, skip_blank_lines};
use super::start;

/// The format of a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Form {
    /// Messages as they are sent, or as documentation prints them.
    Raw,
    /// The output of `curl -v`: `> ` before the lines of a request's head, `< ` before those of a response's.
    CurlVerbose,
    /// An HTTP archive, in JSON.
    Har,
}

/// Whether a document is an HTTP capture, judging by its first bytes: some 4,096 are enough for most, more if many
/// notes or comments come first. A body without a head is not one.
///
/// ```
/// use packetcheck::http::{Form, looks_like_http};
///
/// assert_eq!(looks_like_http(b"HTTP/1.1 200 OK\r\n"), Some(Form::Raw));
/// assert_eq!(looks_like_http(b"<packet/>"), None);
/// ```
pub fn looks_like_http(head: &[u8]) -> Option<Form> {
    let begin = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let begin = skip_blank_lines(head, begin);
    let text = head.get(begin..)?;
    if text.starts_with(b"{") {
        return is_har(text).then_some(Form::Har);
    }
    if is_verbose(head, begin) {
        return Some(Form::CurlVerbose);
    }
    // Request collections begin with comments, documentation with headings.
    let is_before = |text: &[u8]| text.starts_with(b"#") || start::is_label(text);
    let line = lines(head, begin).find(|line| !is_before(of(head, line)) && !is_blank(head, line))?;
    let is_message = start::direction(of(head, &line)).is_some() || is_head_without_first_line(head, line.text.start);
    is_message.then_some(Form::Raw)
}

fn lines(bytes: &[u8], at: usize) -> impl Iterator<Item = Line> {
    std::iter::successors(line_at(bytes, at), move |line| line_at(bytes, line.end))
}

fn of<'a>(bytes: &'a [u8], line: &Line) -> &'a [u8] {
    bytes.get(line.text.clone()).unwrap_or_default()
}

/// `{"log": {` and a member of the log, after optional white space.
fn is_har(text: &[u8]) -> bool {
    let mut rest = text;
    for token in [&b"{"[..], b"\"log\"", b":", b"{", b"\""] {
        match rest.trim_ascii_start().strip_prefix(token) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    [&b"version\""[..], b"creator\"", b"browser\"", b"pages\"", b"entries\"", b"comment\""]
        .iter()
        .any(|member| rest.starts_with(member))
        || memmem::find(rest, b"\"entries\"").is_some()
}

/// The first line of a message with `> ` or `< ` before it, preceded only by output of `curl` and a terminal.
fn is_verbose(bytes: &[u8], begin: usize) -> bool {
    for line in lines(bytes, begin) {
        let text = of(bytes, &line);
        let head = in_verbose(text, b"> ").or_else(|| in_verbose(text, b"< "));
        if head.is_some_and(|head| start::direction(head).is_some()) {
            return true;
        }
        let is_said = [
            &b"  % Total"[..],
            b"                                 Dload",
            b"Note: ",
            b"$ ",
            b"curl",
            b"  -",
            b"Warning: ",
        ]
        .iter()
        .any(|start| text.starts_with(start));
        if !(is_note(text) || is_said || is_blank(bytes, &line)) {
            return false;
        }
    }
    false
}

/// Fields, an empty line, and then what looks like a body.
fn is_head_without_first_line(bytes: &[u8], begin: usize) -> bool {
    for (fields, line) in lines(bytes, begin).enumerate() {
        if is_blank(bytes, &line) {
            let body = bytes.get(line.end..).unwrap_or_default().trim_ascii_start();
            return fields > 0 && matches!(body.first(), Some(b'<' | b'{' | b'['));
        }
        let text = of(bytes, &line);
        let is_folded = fields > 0 && matches!(text.first(), Some(b' ' | b'\t'));
        if !(is_folded || is_field(text)) {
            return false;
        }
    }
    false
}
