//! Writes JSON text (RFC 8259).

use std::io;

use crate::codec::{Error, Layout};

/// How many bytes are buffered before they go to the writer.
const KEPT: usize = 1 << 14;

/// Writes values and the separators between them.
pub(super) struct Output<W> {
    writer: W,
    text: Vec<u8>,
    layout: Layout,
    /// For each open object and array: whether it already has a member or item.
    open: Vec<bool>,
    /// The last thing written was a key, so its value comes next.
    after_key: bool,
    part: Part,
}

/// The part of the values that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    /// Nothing, outside of records.
    Nothing,
    /// A record begins. Each record is an object: any other value becomes its member `$text`.
    Beginning,
    Record {
        is_wrapped: bool,
    },
}

impl<W: io::Write> Output<W> {
    pub(super) fn new(writer: W, layout: Layout) -> Output<W> {
        Output { writer, text: Vec::new(), layout, open: Vec::new(), after_key: false, part: Part::All }
    }

    /// Writes only records, each on its own line.
    pub(super) fn of_records(writer: W) -> Output<W> {
        Output { part: Part::Nothing, ..Output::new(writer, Layout::Compact) }
    }

    /// Makes the next value a record.
    pub(super) fn begin_record(&mut self) {
        self.part = Part::Beginning;
    }

    /// Ends the record.
    pub(super) fn end_record(&mut self) {
        self.text.extend_from_slice(if self.part == (Part::Record { is_wrapped: true }) { b"}\n" } else { b"\n" });
        self.part = Part::Nothing;
    }

    /// Whether a value is written, before which it writes the beginning of a record. An object is itself a record.
    fn writes(&mut self, is_object: bool) -> bool {
        if self.part == Part::Beginning {
            self.part = Part::Record { is_wrapped: !is_object };
            self.text.extend_from_slice(if is_object { b"" } else { br#"{"$text":"# });
        }
        self.part != Part::Nothing
    }

    /// Writes the rest.
    pub(super) fn finish(mut self) -> Result<W, Error> {
        if self.layout == Layout::Pretty {
            self.text.push(b'\n');
        }
        self.writer.write_all(&self.text).and_then(|()| self.writer.flush()).map_err(|error| Error::io(&error))?;
        Ok(self.writer)
    }

    /// Passes the output on if there is much of it.
    pub(super) fn pass_on(&mut self) -> Result<(), Error> {
        if self.text.len() >= KEPT {
            self.writer.write_all(&self.text).map_err(|error| Error::io(&error))?;
            self.text.clear();
        }
        Ok(())
    }

    pub(super) fn begin_object(&mut self) {
        self.begin(b'{');
    }

    pub(super) fn end_object(&mut self) {
        self.end(b'}');
    }

    pub(super) fn begin_array(&mut self) {
        self.begin(b'[');
    }

    pub(super) fn end_array(&mut self) {
        self.end(b']');
    }

    /// The name of a member.
    pub(super) fn key(&mut self, name: &str) {
        if self.part == Part::Nothing {
            return;
        }
        self.separate();
        self.quote(name);
        self.text.push(b':');
        if self.layout == Layout::Pretty {
            self.text.push(b' ');
        }
        self.after_key = true;
    }

    pub(super) fn string(&mut self, text: &str) {
        if !self.writes(false) {
            return;
        }
        self.separate();
        self.quote(text);
    }

    /// A number, `true`, `false` or `null`, as written.
    pub(super) fn literal(&mut self, text: &str) {
        if !self.writes(false) {
            return;
        }
        self.separate();
        self.text.extend_from_slice(text.as_bytes());
    }

    fn begin(&mut self, bracket: u8) {
        if !self.writes(bracket == b'{') {
            return;
        }
        self.separate();
        self.text.push(bracket);
        self.open.push(false);
    }

    fn end(&mut self, bracket: u8) {
        if self.part == Part::Nothing {
            return;
        }
        if self.open.pop() == Some(true) {
            self.new_line();
        }
        self.text.push(bracket);
    }

    /// Writes what separates a key, or a value without a key, from the preceding text.
    fn separate(&mut self) {
        if std::mem::take(&mut self.after_key) {
            return;
        }
        let Some(has_items) = self.open.last_mut() else { return };
        if std::mem::replace(has_items, true) {
            self.text.push(b',');
        }
        self.new_line();
    }

    fn new_line(&mut self) {
        if self.layout == Layout::Pretty {
            self.text.push(b'\n');
            self.text.extend(std::iter::repeat_n(b' ', 2 * self.open.len()));
        }
    }

    /// Escapes only what must be escaped (section 7).
    fn quote(&mut self, text: &str) {
        self.text.push(b'"');
        let mut from = 0;
        for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| matches!(byte, 0..=0x1f | b'"' | b'\\')) {
            self.text.extend_from_slice(text.as_bytes().get(from..at).unwrap_or_default());
            from = at + 1;
            match byte {
                b'\n' => self.text.extend_from_slice(b"\\n"),
                b'\r' => self.text.extend_from_slice(b"\\r"),
                b'\t' => self.text.extend_from_slice(b"\\t"),
                b'"' | b'\\' => self.text.extend_from_slice(&[b'\\', byte]),
                _ => self.text.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            }
        }
        self.text.extend_from_slice(text.as_bytes().get(from..).unwrap_or_default());
        self.text.push(b'"');
    }
}
