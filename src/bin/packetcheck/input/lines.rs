//! Files with a document on each line.

use std::io::{self, Read};

use memchr::{memchr_iter, memrchr};

use crate::status::reason;

/// So much is read at once.
const CHUNK: usize = 1 << 18;

/// A line that is not blank.
pub(crate) struct Line<'l> {
    /// How many lines are before it.
    pub(crate) lines_before: usize,
    pub(crate) bytes_before: usize,
    pub(crate) text: &'l [u8],
}

/// Reads lines, each of which may have so many bytes. In memory there is never more than the longest of them and one chunk.
pub(crate) fn each_line(stream: &mut dyn Read, limit: usize, each: &mut dyn FnMut(Line<'_>)) -> Result<(), String> {
    let mut buffer = vec![0; CHUNK];
    let (mut filled, mut lines_before, mut bytes_before) = (0, 0, 0);
    loop {
        if filled == buffer.len() {
            if filled > limit {
                let line = lines_before + 1;
                return Err(format!("expected at most {limit} bytes in a line, found more in line {line}"));
            }
            buffer.resize(2 * filled, 0);
        }
        let read = match stream.read(buffer.get_mut(filled..).unwrap_or_default()) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(reason(&error)),
        };
        filled += read;
        let text = buffer.get(..filled).unwrap_or_default();
        // At the end the last line needs no line feed.
        let whole = if read == 0 { filled } else { memrchr(b'\n', text).map_or(0, |last| last + 1) };
        let mut begin = 0;
        for end in memchr_iter(b'\n', text.get(..whole).unwrap_or_default()).chain([whole]) {
            let line = text.get(begin..end).unwrap_or_default();
            if !line.trim_ascii().is_empty() {
                each(Line { lines_before, bytes_before: bytes_before + begin, text: line });
            }
            if end < whole {
                lines_before += 1;
                begin = end + 1;
            }
        }
        if read == 0 {
            return Ok(());
        }
        buffer.copy_within(whole..filled, 0);
        filled -= whole;
        bytes_before += whole;
    }
}
