//! Encodings other than UTF-8: the labels that declare them, and their bytes as characters.
//!
//! The tables are those of the Encoding Standard, which maps some labels to a larger encoding: it reads what is
//! declared as ISO-8859-1 as windows-1252. XML means the encoding that is registered under the label (XML 1.0, section
//! 4.3.3), so three of the ISO 8859 encodings keep their control characters here, and US-ASCII has no byte above 127.

use encoding_rs::{DecoderResult, EncoderResult, Encoding as Table};

/// The encoding that a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Ascii,
    Other(Charset),
}

/// An encoding whose documents are transcoded before they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Charset {
    table: &'static Table,
    /// The bytes 0x80 to 0x9F are the control characters with these numbers, whatever the table says.
    has_controls: bool,
    /// The name of the encoding, where it differs from that of the table.
    name: &'static str,
}

/// Labels of US-ASCII (RFC 1345 and the IANA registry).
const ASCII: [&str; 9] =
    ["us-ascii", "ascii", "iso-ir-6", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso646-us", "ibm367", "cp367", "csascii"];

/// Labels that mean the larger encoding itself; every other label of its table means the ISO 8859 part.
const LARGER: [&str; 8] =
    ["windows-1252", "cp1252", "x-cp1252", "windows-1254", "cp1254", "x-cp1254", "windows-874", "dos-874"];

impl Encoding {
    /// The encoding of a label, in any case; `None` if the label is unknown.
    pub(super) fn of_label(label: &str) -> Option<Encoding> {
        let is = |known: &&str| known.eq_ignore_ascii_case(label);
        if ASCII.iter().any(is) {
            return Some(Encoding::Ascii);
        }
        let table = Table::for_label_no_replacement(label.as_bytes())?;
        if table == encoding_rs::UTF_8 {
            return Some(Encoding::Utf8);
        }
        let name = match table.name() {
            _ if LARGER.iter().any(is) => "",
            "windows-1252" => "ISO-8859-1",
            "windows-1254" => "ISO-8859-9",
            "windows-874" if !label.eq_ignore_ascii_case("tis-620") => "ISO-8859-11",
            _ => "",
        };
        Some(Encoding::Other(Charset { table, has_controls: !name.is_empty(), name }))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Ascii => "US-ASCII",
            Encoding::Other(charset) => charset.name(),
        }
    }
}

impl Charset {
    pub(super) const UTF_16LE: Charset = Charset { table: encoding_rs::UTF_16LE, has_controls: false, name: "" };
    pub(super) const UTF_16BE: Charset = Charset { table: encoding_rs::UTF_16BE, has_controls: false, name: "" };

    pub(super) fn name(self) -> &'static str {
        if self.has_controls { self.name } else { self.table.name() }
    }

    /// Every character is at least two bytes, those of US-ASCII included.
    pub(super) fn is_utf16(self) -> bool {
        self == Charset::UTF_16LE || self == Charset::UTF_16BE
    }

    /// Whether the first of the two bytes is the high one.
    pub(super) fn is_utf16_be(self) -> Option<bool> {
        self.is_utf16().then_some(self == Charset::UTF_16BE)
    }

    /// Whether a label of this encoding is right for a document in `found`. `UTF-16` leaves the byte order open; the
    /// document's first bytes decide it.
    pub(super) fn may_be(self, found: Charset, label: &str) -> bool {
        let names_order = ["UTF-16LE", "UTF-16BE", "unicodeFFFE", "unicodeFEFF"];
        let is_open = self.is_utf16() && !names_order.iter().any(|name| name.eq_ignore_ascii_case(label));
        self == found || (is_open && found.is_utf16())
    }

    /// Whether bytes that form no character are the beginning of one.
    pub(super) fn is_incomplete(self, bytes: &[u8]) -> bool {
        let mut decoder = self.table.new_decoder_without_bom_handling();
        let (result, _, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut [0; 16], false);
        !bytes.is_empty() && result == DecoderResult::InputEmpty && written == 0
    }

    /// A text in this encoding; `None`: it has no such character. In an encoding with states it begins and ends in the first.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        if let Some(is_big) = self.is_utf16_be() {
            let bytes = |unit: u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            return Some(text.encode_utf16().flat_map(bytes).collect());
        }
        if self.has_controls && !text.is_ascii() {
            let mut each = [0; 4];
            let encoded = text.chars().map(|character| match character {
                '\u{80}'..='\u{9F}' => Some(u32::from(character) as u8),
                _ => match self.by_table(character.encode_utf8(&mut each))?[..] {
                    [byte] if !matches!(byte, 0x80..=0x9F) => Some(byte),
                    _ => None,
                },
            });
            return encoded.collect();
        }
        self.by_table(text)
    }

    fn by_table(self, text: &str) -> Option<Vec<u8>> {
        let mut encoder = self.table.new_encoder();
        let mut bytes = vec![0; encoder.max_buffer_length_from_utf8_without_replacement(text.len())?];
        let (result, _, written) = encoder.encode_from_utf8_without_replacement(text, &mut bytes, true);
        bytes.truncate(written);
        (result == EncoderResult::InputEmpty).then_some(bytes)
    }

    pub(super) fn decoder(self, bytes: &[u8]) -> Decoder<'_> {
        let decoder = self.table.new_decoder_without_bom_handling();
        Decoder { charset: self, decoder, bytes, at: 0, written: 0, clean: 0, is_over: false }
    }
}

/// Decodes a document piece by piece, and tracks its position in both encodings.
pub(super) struct Decoder<'b> {
    charset: Charset,
    decoder: encoding_rs::Decoder,
    bytes: &'b [u8],
    /// The offset of the first unread byte.
    at: usize,
    /// Bytes of UTF-8 so far.
    written: usize,
    /// The end of the last complete character: what is between here and `at` is part of a character.
    clean: usize,
    is_over: bool,
}

/// Why decoding paused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// The bytes up to the requested offset were read.
    Read,
    /// There is no room for another character.
    Full,
    /// These bytes form no character. Decoding can continue after them.
    Malformed(std::ops::Range<usize>),
}

impl Decoder<'_> {
    /// Decodes into `out` up to the offset `until`; returns how many bytes were written, and why it stopped.
    pub(super) fn decode(&mut self, until: usize, out: &mut [u8]) -> (usize, Pause) {
        let until = until.min(self.bytes.len());
        let mut written = 0;
        loop {
            let room = out.get_mut(written..).unwrap_or_default();
            let (more, pause) = match self.next_control(until) {
                Some(control) => self.put_control(control, room),
                None => self.decode_by_table(until, room),
            };
            written += more;
            if let Some(pause) = pause {
                return (written, pause);
            }
        }
    }

    fn is_control(&self, byte: u8) -> bool {
        self.charset.has_controls && matches!(byte, 0x80..=0x9F)
    }

    fn next_control(&self, until: usize) -> Option<char> {
        let byte = self.bytes.get(self.at).filter(|byte| self.at < until && self.is_control(**byte))?;
        Some(char::from(*byte))
    }

    fn put_control(&mut self, control: char, out: &mut [u8]) -> (usize, Option<Pause>) {
        let Some(room) = out.get_mut(..control.len_utf8()) else { return (0, Some(Pause::Full)) };
        control.encode_utf8(room);
        self.at += 1;
        self.wrote(control.len_utf8());
        (control.len_utf8(), None)
    }

    fn decode_by_table(&mut self, until: usize, out: &mut [u8]) -> (usize, Option<Pause>) {
        let mut piece = self.bytes.get(self.at..until).unwrap_or_default();
        if self.charset.has_controls {
            // Each byte becomes at least one byte of UTF-8, so no more can be read than there is room for.
            piece = piece.get(..out.len()).unwrap_or(piece);
            let length = piece.iter().position(|byte| self.is_control(*byte)).unwrap_or(piece.len());
            piece = piece.get(..length).unwrap_or_default();
        }
        let is_last = self.at + piece.len() == self.bytes.len();
        if self.is_over || (piece.is_empty() && !is_last) {
            return (0, Some(if self.at >= until { Pause::Read } else { Pause::Full }));
        }
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(piece, out, is_last);
        self.at += read;
        self.wrote(written);
        let pause = match result {
            DecoderResult::InputEmpty => {
                self.is_over = is_last;
                (self.at >= until).then_some(Pause::Read)
            }
            DecoderResult::OutputFull => Some(Pause::Full),
            DecoderResult::Malformed(length, after) => {
                let end = self.at.saturating_sub(usize::from(after));
                self.clean = self.at;
                Some(Pause::Malformed(end.saturating_sub(usize::from(length))..end))
            }
        };
        (written, pause)
    }

    fn wrote(&mut self, count: usize) {
        if count > 0 {
            self.written += count;
            self.clean = self.at;
        }
    }

    /// The offset of the first unread byte.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Bytes of UTF-8 so far.
    pub(super) fn written(&self) -> usize {
        self.written
    }

    /// Where the next character begins.
    pub(super) fn clean(&self) -> usize {
        self.clean
    }
}
