//! The decoders of the Encoding Standard. All are one loop: bytes are held until they are judged to be a character, or none.

use crate::table::{Table, unpacked};
use crate::{DecoderResult, Scheme};

/// Room for what one sequence of bytes can become.
const MOST: usize = 4;

/// Decodes piece by piece.
#[derive(Debug)]
pub struct Decoder {
    scheme: Scheme,
    table: &'static Table,
    held: [u8; 4],
    count: usize,
    /// Those of ISO-2022-JP.
    set: Set,
    has_just_switched: bool,
}

/// What bytes mean after an escape sequence of ISO-2022-JP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Ascii,
    Roman,
    Katakana,
    Jis0208,
}

/// What the bytes that are held are.
enum Judgement {
    /// The beginning of something.
    Incomplete,
    /// The first so many are this character.
    Character(u32, usize),
    /// An escape sequence. One before it that switched to no use is an error.
    Switch(Set),
    /// The first so many form no character; the last so many are read again.
    Malformed(usize, usize),
}

use Judgement::{Character, Incomplete, Malformed, Switch};

impl Decoder {
    pub(crate) fn new(scheme: Scheme, table: &'static Table) -> Decoder {
        Decoder { scheme, table, held: [0; 4], count: 0, set: Set::Ascii, has_just_switched: false }
    }

    /// How it ended, and how many bytes were read and written.
    pub fn decode_to_utf8_without_replacement(
        &mut self,
        bytes: &[u8],
        out: &mut [u8],
        last: bool,
    ) -> (DecoderResult, usize, usize) {
        let (mut read, mut written) = (0, 0);
        loop {
            match self.judge() {
                Incomplete => {}
                Character(meant, length) => {
                    let room = out.get_mut(written..).unwrap_or_default();
                    let Some(more) = write(meant, room) else { return (DecoderResult::OutputFull, read, written) };
                    written += more;
                    self.drop_held(length);
                    continue;
                }
                Switch(set) => {
                    (self.set, self.count) = (set, 0);
                    if std::mem::replace(&mut self.has_just_switched, true) {
                        return (DecoderResult::Malformed(3, 3), read, written);
                    }
                    continue;
                }
                Malformed(length, again) => {
                    self.has_just_switched = false;
                    self.drop_held(length);
                    // What was read before this piece cannot be given back.
                    let again = if again <= read { again } else { 0 };
                    self.count = self.count.saturating_sub(again);
                    let result = DecoderResult::Malformed(length as u8, self.count as u8);
                    return (result, read - again, written);
                }
            }
            let room = out.len() - written;
            let Some(byte) = bytes.get(read) else {
                let result = match self.count {
                    0 => DecoderResult::InputEmpty,
                    _ if !last => DecoderResult::InputEmpty,
                    _ if room < MOST => DecoderResult::OutputFull,
                    _ => self.end(),
                };
                return (result, read, written);
            };
            let is_ascii = self.count == 0 && byte.is_ascii() && !matches!(self.scheme, Scheme::Utf16 { .. });
            if room < if is_ascii { 1 } else { MOST } {
                return (DecoderResult::OutputFull, read, written);
            }
            if let Some(slot) = self.held.get_mut(self.count) {
                *slot = *byte;
                self.count += 1;
            }
            read += 1;
        }
    }

    /// The document ended in the middle of something.
    fn end(&mut self) -> DecoderResult {
        let is_escape = self.scheme == Scheme::Iso2022Jp && self.held[0] == ESCAPE;
        let length = if is_escape { 1 } else { self.count };
        self.drop_held(length);
        DecoderResult::Malformed(length as u8, self.count as u8)
    }

    fn drop_held(&mut self, length: usize) {
        let length = length.min(self.count);
        self.held.copy_within(length..self.count, 0);
        self.count -= length;
    }

    fn judge(&mut self) -> Judgement {
        let held = self.held.get(..self.count).unwrap_or_default();
        match (self.scheme, held) {
            (_, []) => Incomplete,
            (Scheme::Utf8, _) => Malformed(1, 0),
            (Scheme::Utf16 { is_big_endian }, _) => utf16(held, is_big_endian),
            (Scheme::Iso2022Jp, _) => {
                let judgement = iso_2022_jp(self.set, held, self.table);
                self.has_just_switched &= matches!(judgement, Incomplete | Switch(_)) && held[0] == ESCAPE;
                judgement
            }
            (_, [byte, ..]) if byte.is_ascii() => Character(u32::from(*byte), 1),
            (Scheme::OneByte, [byte, ..]) => of_table(self.table.byte(*byte), 1, Malformed(1, 0)),
            (Scheme::Big5, _) => big5(held, self.table),
            (Scheme::EucJp, _) => euc_jp(held, self.table),
            (Scheme::EucKr, _) => euc_kr(held, self.table),
            (Scheme::Gb18030, _) => gb18030(held, self.table),
            (Scheme::ShiftJis, _) => shift_jis(held, self.table),
        }
    }
}

/// Writes a character, and the mark that comes with it; `None`: there is no room.
fn write(meant: u32, out: &mut [u8]) -> Option<usize> {
    let (character, mark) = unpacked(meant);
    let mut written = 0;
    let length = |character: Option<char>| character.map_or(0, char::len_utf8);
    if length(character) + length(mark) > out.len() {
        return None;
    }
    for character in [character, mark].into_iter().flatten() {
        written += character.encode_utf8(out.get_mut(written..)?).len();
    }
    Some(written)
}

/// What a table says of so many bytes.
fn of_table(meant: u32, length: usize, otherwise: Judgement) -> Judgement {
    if meant == 0 { otherwise } else { Character(meant, length) }
}

/// After a byte that is the last of none: if it is ASCII, it is read again, and only those before it are wrong.
fn malformed(held: &[u8]) -> Judgement {
    match held.last().is_some_and(u8::is_ascii) {
        true => Malformed(held.len() - 1, 1),
        false => Malformed(held.len(), 0),
    }
}

fn of_pair(held: &[u8], lead: u8, trail: u8, table: &Table) -> Judgement {
    of_table(table.pair(lead, trail), held.len(), malformed(held))
}

/// The half-width Katakana of a byte.
fn half_width(byte: u8) -> u32 {
    0xFF61 + u32::from(byte - 0xA1)
}

fn utf16(held: &[u8], is_big_endian: bool) -> Judgement {
    let unit = |bytes: [u8; 2]| if is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) };
    match *held {
        [one, other] => match unit([one, other]) {
            0xD800..=0xDBFF => Incomplete,
            0xDC00..=0xDFFF => Malformed(2, 0),
            unit => Character(u32::from(unit), 2),
        },
        [one, other, third, fourth] => match (unit([one, other]), unit([third, fourth])) {
            (high, low @ 0xDC00..=0xDFFF) => {
                Character(0x1_0000 + ((u32::from(high) & 0x3FF) << 10 | u32::from(low) & 0x3FF), 4)
            }
            _ => Malformed(2, 2),
        },
        _ => Incomplete,
    }
}

fn big5(held: &[u8], table: &Table) -> Judgement {
    match *held {
        [0x81..=0xFE] => Incomplete,
        [lead, trail] => of_pair(held, lead, trail, table),
        _ => Malformed(1, 0),
    }
}

fn euc_kr(held: &[u8], table: &Table) -> Judgement {
    big5(held, table)
}

fn shift_jis(held: &[u8], table: &Table) -> Judgement {
    match *held {
        [0x80] => Character(0x80, 1),
        [byte @ 0xA1..=0xDF] => Character(half_width(byte), 1),
        [0x81..=0x9F | 0xE0..=0xFC] => Incomplete,
        [lead, trail] => of_pair(held, lead, trail, table),
        _ => Malformed(1, 0),
    }
}

fn euc_jp(held: &[u8], table: &Table) -> Judgement {
    match *held {
        [0x8E | 0x8F | 0xA1..=0xFE] | [0x8F, 0xA1..=0xFE] => Incomplete,
        [0x8E, byte @ 0xA1..=0xDF] => Character(half_width(byte), 2),
        [0x8E | 0x8F, _] => malformed(held),
        [lead, trail @ 0xA1..=0xFE] => of_pair(held, lead, trail, table),
        [0x8F, lead, trail @ 0xA1..=0xFE] => of_table(table.shifted(lead, trail), 3, malformed(held)),
        [_, _] | [_, _, _] => malformed(held),
        _ => Malformed(1, 0),
    }
}

fn gb18030(held: &[u8], table: &Table) -> Judgement {
    match *held {
        [0x80] => Character(0x20AC, 1),
        [0x81..=0xFE] | [_, 0x30..=0x39] | [_, _, 0x81..=0xFE] => Incomplete,
        [lead, trail] => of_pair(held, lead, trail, table),
        [first, second, third, fourth @ 0x30..=0x39] => {
            of_table(table.four([first, second, third, fourth]), 4, Malformed(4, 0))
        }
        [_, _, _] | [_, _, _, _] => Malformed(1, 1),
        _ => Malformed(1, 0),
    }
}

const ESCAPE: u8 = 0x1B;

fn iso_2022_jp(set: Set, held: &[u8], table: &Table) -> Judgement {
    match (set, held) {
        (_, [ESCAPE] | [ESCAPE, b'$' | b'(']) => Incomplete,
        (_, [ESCAPE, b'(', b'B']) => Switch(Set::Ascii),
        (_, [ESCAPE, b'(', b'J']) => Switch(Set::Roman),
        (_, [ESCAPE, b'(', b'I']) => Switch(Set::Katakana),
        (_, [ESCAPE, b'$', b'@' | b'B']) => Switch(Set::Jis0208),
        (_, [ESCAPE, ..]) => Malformed(1, 1),
        (Set::Ascii | Set::Roman, [0x0E | 0x0F | 0x80..=0xFF, ..]) => Malformed(1, 0),
        (Set::Roman, [b'\\', ..]) => Character(0xA5, 1),
        (Set::Roman, [b'~', ..]) => Character(0x203E, 1),
        (Set::Ascii | Set::Roman, [byte, ..]) => Character(u32::from(*byte), 1),
        (Set::Katakana, [byte @ 0x21..=0x5F, ..]) => Character(half_width(byte + 0x80), 1),
        (Set::Jis0208, [0x21..=0x7E]) => Incomplete,
        (Set::Jis0208, [0x21..=0x7E, ESCAPE, ..]) => Malformed(1, 0),
        (Set::Jis0208, [lead @ 0x21..=0x7E, trail @ 0x21..=0x7E, ..]) => {
            of_table(table.pair(lead + 0x80, trail + 0x80), 2, Malformed(2, 0))
        }
        (Set::Jis0208, [0x21..=0x7E, _, ..]) => Malformed(2, 0),
        _ => Malformed(1, 0),
    }
}
