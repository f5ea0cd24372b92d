//! The chunked transfer coding: RFC 9112, section 7.1.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::boundary::Boundaries;
use super::findings::Findings;
use super::head::read_fields;
use super::lines::{Lines, line_at};
use super::{Field, Form};
use crate::Limits;
use crate::diagnostic::words::http::{self as words, ChunkFault};

/// A chunked body.
pub(super) struct Chunked<'a> {
    /// The data of all chunks; borrowed if there is only one.
    pub(super) data: Cow<'a, [u8]>,
    /// Where the data of the first chunk is.
    pub(super) first: Option<Range<usize>>,
    pub(super) trailers: Vec<Field<'a>>,
    /// The end of the message.
    pub(super) end: usize,
    /// Whether the last chunk was there.
    pub(super) is_whole: bool,
}

impl<'a> Chunked<'a> {
    /// Reads a chunked body; `None` if it does not begin with a chunk.
    pub(super) fn read(
        boundaries: Boundaries<'a>,
        start: usize,
        limits: &Limits,
        findings: &mut Findings,
    ) -> Option<Chunked<'a>> {
        let bytes = boundaries.bytes();
        let data = Cow::Borrowed(&[][..]);
        let mut chunked = Chunked { data, first: None, trailers: Vec::new(), end: start, is_whole: false };
        let mut fault = (ChunkFault::Cut, bytes.len()..bytes.len());
        while let Some(line) = line_at(bytes, chunked.end) {
            let Some(size) = size_of(bytes.get(line.text.clone()).unwrap_or_default()) else {
                let text = bytes.get(line.text.clone()).unwrap_or_default();
                if chunked.first.is_none() && !is_meant_as_size(text) {
                    return None;
                }
                // If another message follows, the body was cut off before it.
                let is_cut = boundaries.is_after_body(chunked.end);
                let place = line.text.start..line.text.end.min(line.text.start + 1);
                fault = if is_cut { (ChunkFault::Cut, place) } else { (ChunkFault::Size, line.text) };
                break;
            };
            // RFC 9112, section 7.1.1: extensions are ignored, so they may hold anything.
            if let Some(extension) = memchr(b';', bytes.get(line.text.clone()).unwrap_or_default()) {
                findings.conceal(line.text.start + extension + 1..line.text.end);
            }
            let text = bytes.get(line.text.clone()).unwrap_or_default();
            let size_place = line.text.start..line.text.start + memchr(b';', text).unwrap_or(text.len());
            if usize::try_from(size).map_or(true, |size| size > limits.document_bytes) {
                fault = (ChunkFault::TooLarge, size_place);
                break;
            }
            if size == 0 {
                let mut lines = Lines::new(bytes, line.end, None);
                chunked.trailers = trailers(&mut lines, boundaries, limits, findings);
                chunked.end = lines.place();
                chunked.is_whole = true;
                return Some(chunked);
            }
            let Some(data) = usize::try_from(size).ok().and_then(|size| Some(line.end..line.end.checked_add(size)?))
            else {
                break;
            };
            if data.end > bytes.len() {
                chunked.end = boundaries.end(line.end);
                chunked.add(bytes, line.end..chunked.end);
                fault.1 = chunked.end..chunked.end;
                findings.error(fault.1, || words::malformed_chunk(fault.0));
                return Some(chunked);
            }
            chunked.end = data.end;
            chunked.add(bytes, data);
            let rest = bytes.get(chunked.end..).unwrap_or_default();
            let line_break = if rest.starts_with(b"\r\n") { 2 } else { 1 };
            if !rest.is_empty() && line_break == 1 && rest.first() != Some(&b'\n') {
                fault = (ChunkFault::Length(size), chunked.end..chunked.end + 1);
                break;
            }
            chunked.end = bytes.len().min(chunked.end + line_break);
        }
        chunked.end = boundaries.end(chunked.end).max(chunked.end);
        findings.error(fault.1, || words::malformed_chunk(fault.0));
        Some(chunked)
    }

    fn add(&mut self, bytes: &'a [u8], chunk: Range<usize>) {
        let data = bytes.get(chunk.clone()).unwrap_or_default();
        match self.first {
            None => (self.data, self.first) = (Cow::Borrowed(data), Some(chunk)),
            Some(_) => self.data.to_mut().extend_from_slice(data),
        }
    }

    /// Whether there is more than one chunk.
    pub(super) fn is_joined(&self) -> bool {
        matches!(self.data, Cow::Owned(_))
    }
}

/// The size on a line that may have extensions.
fn size_of(line: &[u8]) -> Option<u64> {
    line.first().filter(|digit| digit.is_ascii_hexdigit())?;
    let completed = [line.trim_ascii_end(), b"\r\n"].concat();
    match httparse::parse_chunk_size(&completed) {
        Ok(httparse::Status::Complete((length, size))) if length == completed.len() => Some(size),
        _ => None,
    }
}

/// Whether a line is a number but not a size: with a sign, with `0x`, or with too many digits.
fn is_meant_as_size(line: &[u8]) -> bool {
    let digits = line.trim_ascii();
    let digits = [&b"-"[..], b"+", b"0x", b"0X"].iter().find_map(|start| digits.strip_prefix(*start)).unwrap_or(digits);
    let digits = digits.get(..memchr(b';', digits).unwrap_or(digits.len())).unwrap_or_default();
    !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit)
}

/// Captures may omit the last empty line: then another message, or nothing, follows.
fn trailers<'a>(
    lines: &mut Lines<'a>,
    boundaries: Boundaries<'a>,
    limits: &Limits,
    findings: &mut Findings,
) -> Vec<Field<'a>> {
    match boundaries.form() != Form::Raw || boundaries.is_after_body(lines.place()) {
        // After the empty line itself.
        true => {
            if let Some(line) = lines.peek().filter(|line| line.text.is_empty()) {
                lines.pass(&line);
            }
            Vec::new()
        }
        false => read_fields(lines, limits, findings),
    }
}
