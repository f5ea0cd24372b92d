//! JSON text as it is written (RFC 8259).

use std::io;

use crate::codec::{Error, Layout};

/// So many bytes are kept before they go to the writer.
const KEPT: usize = 1 << 14;

/// Writes values, and what belongs between them.
pub(super) struct Output<W> {
    writer: W,
    text: Vec<u8>,
    layout: Layout,
    /// Of each open object and array: whether it has a member or item yet.
    open: Vec<bool>,
    /// A key was written, whose value comes next.
    after_key: bool,
    part: Part,
}

/// What is written of all the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    /// Nothing, since it is in no record.
    Nothing,
    /// A record begins. Each is an object: any other value becomes the member `$text` of one.
    Beginning,
    Record {
        is_wrapped: bool,
    },
}

impl<W: io::Write> Output<W> {
    pub(super) fn new(writer: W, layout: Layout) -> Output<W> {
        Output { writer, text: Vec::new(), layout, open: Vec::new(), after_key: false, part: Part::All }
    }

    /// Writes records alone, each on a line of its own.
    pub(super) fn of_records(writer: W) -> Output<W> {
        Output { part: Part::Nothing, ..Output::new(writer, Layout::Compact) }
    }

    /// The next value is a record.
    pub(super) fn begin_record(&mut self) {
        self.part = Part::Beginning;
    }

    /// The record is over.
    pub(super) fn end_record(&mut self) {
        self.text.extend_from_slice(if self.part == (Part::Record { is_wrapped: true }) { b"}\n" } else { b"\n" });
        self.part = Part::Nothing;
    }

    /// Whether a value is written, of which all before it is; an object is a record as it is.
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

    /// Passes on the output, once there is much of it.
    pub(super) fn hand_on(&mut self) -> Result<(), Error> {
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

    /// A number, `true`, `false` or `null`, as it is written.
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

    /// What comes before a key, or before a value without one.
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

    /// Section 7: what must be escaped, and nothing else.
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
