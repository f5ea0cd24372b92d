//! Files and streams with several documents: one per line, or one after another.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr3, memmem, memrchr};

use crate::results::Origin;
use crate::status::reason;

/// The number of bytes read at once.
const CHUNK: usize = 1 << 18;

/// How documents are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Division {
    /// Each line is a document.
    Lines,
    /// A document ends with its root, or its JSON value; one that is neither XML nor JSON ends with its line. A broken
    /// document ends where an XML declaration begins the next.
    Documents,
}

/// A document that is not blank.
pub(crate) struct Piece<'p> {
    pub(crate) origin: Origin,
    pub(crate) text: &'p [u8],
}

/// What comes next in a stream.
pub(crate) enum Next<'p> {
    Piece(Piece<'p>),
    /// Nothing more has arrived yet.
    Pause,
}

/// Reads documents, each of which can have this many bytes. Memory never holds more than the longest of them and one
/// chunk.
pub(crate) fn each_piece(
    stream: &mut dyn Read,
    division: Division,
    limit: usize,
    each: &mut dyn FnMut(Next<'_>),
) -> Result<(), String> {
    let mut buffer = vec![0; CHUNK];
    let (mut filled, mut origin) = (0, Origin::default());
    let mut ends = Ends::new(division);
    loop {
        if filled == buffer.len() {
            if filled > limit {
                let what = if division == Division::Lines { "a line" } else { "a document" };
                let line = origin.lines_before + 1;
                return Err(format!("expected at most {limit} bytes in {what}, found more in line {line}"));
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
        if origin.bytes_before == 0 && (text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff")) {
            return Err("expected documents in UTF-8, one after another, found UTF-16: convert the file".to_owned());
        }
        let mut begin = 0;
        loop {
            let rest = text.get(begin..).unwrap_or_default();
            let length = match ends.next(rest) {
                Some(length) => length,
                // At the end of the stream, the last line needs no line feed.
                None if read == 0 && !rest.is_empty() => rest.len(),
                None => break,
            };
            let whole = rest.get(..length).unwrap_or_default();
            let blanks = whole.len() - whole.trim_ascii_start().len();
            let (blank, text) = whole.split_at(if division == Division::Lines { 0 } else { blanks });
            pass(&mut origin, blank);
            let piece = Piece { origin, text: without_feed(text) };
            if !piece.text.trim_ascii().is_empty() {
                each(Next::Piece(piece));
            }
            pass(&mut origin, text);
            begin += length;
        }
        if read == 0 {
            return Ok(());
        }
        each(Next::Pause);
        buffer.copy_within(begin..filled, 0);
        filled -= begin;
    }
}

/// Advances the origin past a text.
fn pass(origin: &mut Origin, text: &[u8]) {
    origin.lines_before += memchr_iter(b'\n', text).count();
    let line = match memrchr(b'\n', text) {
        Some(feed) => {
            origin.columns_before = 0;
            text.get(feed + 1..).unwrap_or_default()
        }
        None => text,
    };
    origin.columns_before += line.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    origin.bytes_before += text.len();
}

fn without_feed(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\n").unwrap_or(text)
}

/// Finds where documents end in a growing text: it continues where it stopped.
struct Ends {
    division: Division,
    /// The document was read up to here.
    at: usize,
    /// Markup that begins at `at` does not end before this.
    looked: usize,
    /// The number of open elements, or open objects and arrays.
    depth: usize,
    /// Whether anything of the document was read.
    begun: bool,
    /// In JSON: whether `at` is in a string.
    in_string: bool,
    /// In XML: whether a tag or other markup begins at `at`.
    in_markup: bool,
}

impl Ends {
    fn new(division: Division) -> Ends {
        Ends { division, at: 0, looked: 0, depth: 0, begun: false, in_string: false, in_markup: false }
    }

    /// The length of the document that a text begins with, including what is before it; `None` if more of the text is
    /// needed.
    fn next(&mut self, text: &[u8]) -> Option<usize> {
        let end = match self.division {
            Division::Lines => self.line(text),
            Division::Documents => self.document(text),
        };
        if end.is_some() {
            *self = Ends::new(self.division);
        }
        end
    }

    fn line(&mut self, text: &[u8]) -> Option<usize> {
        let found = memchr(b'\n', text.get(self.looked..)?);
        let end = found.map(|at| self.looked + at + 1);
        self.looked = text.len();
        end
    }

    fn document(&mut self, text: &[u8]) -> Option<usize> {
        let first = text.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let mark = b"\xef\xbb\xbf";
        let rest = text.get(first..)?;
        match rest.strip_prefix(mark).unwrap_or(rest).first()? {
            b'<' => self.xml(text),
            b'{' | b'[' => self.json(text),
            _ => {
                self.looked = self.looked.max(first);
                self.line(text)
            }
        }
    }

    fn json(&mut self, text: &[u8]) -> Option<usize> {
        while let Some(byte) = text.get(self.at) {
            match (self.in_string, byte) {
                // An escaped byte is skipped with its backslash, if it has arrived.
                (true, b'\\') if self.at + 1 == text.len() => return None,
                (true, b'\\') => self.at += 1,
                (_, b'"') => self.in_string = !self.in_string,
                (true, _) => {}
                (false, b'{' | b'[') => self.depth += 1,
                (false, b'}' | b']') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(self.at + 1);
                    }
                }
                (false, _) => {}
            }
            self.at += 1;
        }
        None
    }

    fn xml(&mut self, text: &[u8]) -> Option<usize> {
        loop {
            if !self.in_markup {
                let Some(tag) = memchr(b'<', text.get(self.at..)?) else {
                    self.at = text.len();
                    return None;
                };
                self.at += tag;
                (self.looked, self.in_markup) = (self.at, true);
            }
            let tag = self.at;
            let markup = text.get(tag..)?;
            let length = match markup {
                [b'<', b'?', ..] if begins_declaration(markup)? => match self.begun {
                    true => return Some(tag),
                    false => self.through(markup, b"?>")?,
                },
                [b'<', b'?', ..] => self.through(markup, b"?>")?,
                [b'<', b'!', b'-', ..] => self.through(markup, b"-->")?,
                [b'<', b'!', b'[', ..] => self.through(markup, b"]]>")?,
                [b'<', b'!', ..] => doctype_length(markup)?,
                [b'<', b'/', ..] => {
                    let length = self.through(markup, b">")?;
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(tag + length);
                    }
                    length
                }
                [b'<', _, ..] => {
                    let length = tag_length(markup)?;
                    let is_empty = markup.get(..length)?.ends_with(b"/>");
                    if is_empty && self.depth == 0 {
                        return Some(tag + length);
                    }
                    self.depth += usize::from(!is_empty);
                    length
                }
                _ => return None,
            };
            self.begun = true;
            (self.at, self.in_markup) = (tag + length, false);
        }
    }

    /// The length of markup that ends with these bytes.
    fn through(&mut self, markup: &[u8], end: &[u8]) -> Option<usize> {
        let from = (self.looked - self.at).saturating_sub(end.len());
        let found = memmem::find(markup.get(from..)?, end).map(|at| from + at + end.len());
        if found.is_none() {
            self.looked = self.at + markup.len();
        }
        found
    }
}

/// Whether a processing instruction is an XML declaration; `None` if that cannot be decided yet.
fn begins_declaration(markup: &[u8]) -> Option<bool> {
    const BEGIN: &[u8] = b"<?xml";
    match markup.get(..BEGIN.len() + 1) {
        Some(begin) => Some(begin.starts_with(BEGIN) && begin.last().is_some_and(u8::is_ascii_whitespace)),
        None if BEGIN.starts_with(markup) || markup == BEGIN => None,
        None => Some(false),
    }
}

/// The length of a start tag, whose attribute values can contain `>`.
fn tag_length(markup: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr3(b'>', b'"', b'\'', markup.get(at..)?)?;
        match markup.get(at)? {
            b'>' => return Some(at + 1),
            quote => at += 2 + memchr(*quote, markup.get(at + 1..)?)?,
        }
    }
}

/// The length of a document type declaration with its internal subset.
fn doctype_length(markup: &[u8]) -> Option<usize> {
    let end = tag_length(markup)?;
    match memchr(b'[', markup.get(..end)?) {
        None => Some(end),
        Some(subset) => {
            let close = subset + memchr(b']', markup.get(subset..)?)?;
            Some(close + 1 + memchr(b'>', markup.get(close..)?)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns a few bytes at a time.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(self.0.len()).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn pieces(text: &str, division: Division, at_once: usize) -> Vec<(usize, usize, String)> {
        let mut found = Vec::new();
        let read = each_piece(&mut Slow(text.as_bytes(), at_once), division, 1 << 20, &mut |next| {
            if let Next::Piece(piece) = next {
                let text = String::from_utf8_lossy(piece.text).into_owned();
                found.push((piece.origin.lines_before + 1, piece.origin.bytes_before, text));
            }
        });
        assert_eq!(read, Ok(()));
        found
    }

    #[test]
    fn documents_end_with_their_roots() {
        for at_once in [1, 2, 7, 1000] {
            let texts = |text: &str| -> Vec<String> {
                pieces(text, Division::Documents, at_once).into_iter().map(|(.., text)| text).collect()
            };
            assert_eq!(texts("<a/><b>\n<c x='>'/></b>\n <d/>"), ["<a/>", "<b>\n<c x='>'/></b>", "<d/>"]);
            assert_eq!(
                texts("<?xml version='1.0'?>\n<a><![CDATA[</a>]]><!-- </a> --></a>\n<?xml version='1.0'?><b></b>\n"),
                ["<?xml version='1.0'?>\n<a><![CDATA[</a>]]><!-- </a> --></a>", "<?xml version='1.0'?><b></b>"]
            );
            assert_eq!(
                texts("{\"a\": \"}\\\"\"}\n[{}] {}\na=b&c=d\n<a/>"),
                ["{\"a\": \"}\\\"\"}", "[{}]", "{}", "a=b&c=d", "<a/>"]
            );
            // A document that nothing ends is ended by the next declaration.
            assert_eq!(texts("<?xml ?><a><b>\n<?xml ?><a/>"), ["<?xml ?><a><b>\n", "<?xml ?><a/>"].map(str::trim_end));
            assert_eq!(
                texts("<!DOCTYPE a [<!ELEMENT a ANY>]><a/><?xml-x?><b/>"),
                ["<!DOCTYPE a [<!ELEMENT a ANY>]><a/>", "<?xml-x?><b/>"]
            );
            assert_eq!(texts("<a>\n<b"), ["<a>\n<b"]);
            assert!(texts(" \n\n").is_empty());
        }
    }

    #[test]
    fn documents_have_the_place_where_they_begin() {
        assert_eq!(
            pieces("<a>\n</a>\n\n  <b/>{\n}<c/>", Division::Documents, 3),
            [
                (1, 0, "<a>\n</a>".to_owned()),
                (4, 12, "<b/>".to_owned()),
                (4, 16, "{\n}".to_owned()),
                (5, 19, "<c/>".to_owned())
            ]
        );
        assert_eq!(
            pieces("<a/>\n\n <b/>\r\n<c/>", Division::Lines, 3),
            [(1, 0, "<a/>".to_owned()), (3, 6, " <b/>\r".to_owned()), (4, 13, "<c/>".to_owned())]
        );
    }

    proptest! {
        /// The result does not depend on how many bytes are read at a time.
        #[test]
        fn nothing_depends_on_how_much_is_read_at_once(
            pieces_of_text in prop::collection::vec(prop::sample::select(vec![
                "<a>", "</a>", "<a/>", "<a b='", "'>", "\"", "'", "<!--", "-->", "<![CDATA[", "]]>", "<?xml ", "<?x", "?>", "\n", " ",
                "{", "}", "[", "]", "\\", "x", "<!DOCTYPE a [", "]>", "\u{feff}",
            ]), 0..20),
            at_once in 1usize..9,
        ) {
            let text = pieces_of_text.concat();
            for division in [Division::Lines, Division::Documents] {
                let found = pieces(&text, division, at_once);
                prop_assert_eq!(&found, &pieces(&text, division, 10_000));
                // Only white space is lost.
                let all: String = found.into_iter().map(|(.., text)| text).collect();
                prop_assert_eq!(all.split_whitespace().collect::<String>(), text.split_whitespace().collect::<String>());
            }
        }
    }
}
