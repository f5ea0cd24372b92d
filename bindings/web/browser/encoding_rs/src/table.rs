//! The characters of an encoding, asked of the browser when they are first needed: it decodes everything once.

use std::sync::OnceLock;

use crate::{ALL, Encoding, NAMES, Scheme, source};

/// What forms no character.
const MISSING: char = '\u{FFFD}';

/// Of a character and the mark that comes with it, if any, as Big5 has them: the bits of the character.
const CHARACTER_BITS: u32 = 21;

/// The trail bytes of pairs begin here.
const FIRST_TRAIL: u8 = 0x40;

/// The largest pointer of four bytes of gb18030 into the Basic Multilingual Plane.
const LAST_OF_FOUR: usize = 39_419;

#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Of bytes from 0x80.
    bytes: Vec<u32>,
    /// Of pairs: for each lead byte from 0x80, the trail bytes from `FIRST_TRAIL`. 0 where there is none.
    pairs: Vec<u32>,
    /// The same after the byte 0x8F.
    shifted: Vec<u32>,
    /// Of four bytes, by their pointer.
    fours: Vec<u32>,
}

impl Table {
    pub(crate) fn of(encoding: &Encoding) -> &'static Table {
        static TABLES: [OnceLock<Table>; NAMES.len()] = [const { OnceLock::new() }; NAMES.len()];
        static NONE: Table = Table { bytes: Vec::new(), pairs: Vec::new(), shifted: Vec::new(), fours: Vec::new() };
        // Those of JIS X 0208 are in both.
        let number = match encoding.scheme {
            Scheme::Iso2022Jp => ALL.iter().position(|other| other.scheme == Scheme::EucJp).unwrap_or_default(),
            _ => encoding.number,
        };
        let (Some(table), Some(encoding)) = (TABLES.get(number), ALL.get(number)) else { return &NONE };
        table.get_or_init(|| Table::new(encoding))
    }

    fn new(encoding: &Encoding) -> Table {
        let name = encoding.name;
        match encoding.scheme {
            Scheme::Utf8 | Scheme::Utf16 { .. } => Table::default(),
            Scheme::OneByte => Table { bytes: each(name, (0x80..=0xFF).map(|byte| [byte])), ..Table::default() },
            Scheme::EucJp => {
                let shifted = each(name, pairs().map(|[lead, trail]| [0x8F, lead, trail]));
                Table { pairs: each(name, pairs()), shifted, ..Table::default() }
            }
            Scheme::Gb18030 => {
                let fours = (0..=LAST_OF_FOUR).map(|pointer| {
                    let digit = |part: usize| 0x30 + (part % 10) as u8;
                    [
                        0x81 + (pointer / 12_600) as u8,
                        digit(pointer / 1260),
                        0x81 + (pointer / 10 % 126) as u8,
                        digit(pointer),
                    ]
                });
                Table { pairs: each(name, pairs()), fours: each(name, fours), ..Table::default() }
            }
            Scheme::Big5 | Scheme::EucKr | Scheme::Iso2022Jp | Scheme::ShiftJis => {
                Table { pairs: each(name, pairs()), ..Table::default() }
            }
        }
    }

    pub(crate) fn byte(&self, byte: u8) -> u32 {
        self.bytes.get(usize::from(byte.wrapping_sub(0x80))).copied().unwrap_or_default()
    }

    pub(crate) fn pair(&self, lead: u8, trail: u8) -> u32 {
        pair(&self.pairs, lead, trail)
    }

    pub(crate) fn shifted(&self, lead: u8, trail: u8) -> u32 {
        pair(&self.shifted, lead, trail)
    }

    /// The character of four bytes of gb18030.
    pub(crate) fn four(&self, [first, second, third, fourth]: [u8; 4]) -> u32 {
        let part = |byte: u8, from: u8| usize::from(byte.wrapping_sub(from));
        let pointer =
            part(first, 0x81) * 12_600 + part(second, 0x30) * 1260 + part(third, 0x81) * 10 + part(fourth, 0x30);
        match pointer {
            0..=LAST_OF_FOUR => self.fours.get(pointer).copied().unwrap_or_default(),
            189_000..=1_237_575 => (pointer - 189_000 + 0x1_0000) as u32,
            _ => 0,
        }
    }
}

fn pairs() -> impl Iterator<Item = [u8; 2]> {
    (0x80..=0xFF).flat_map(|lead| (FIRST_TRAIL..=0xFF).map(move |trail| [lead, trail]))
}

fn pair(pairs: &[u32], lead: u8, trail: u8) -> u32 {
    let (Some(lead), Some(trail)) = (lead.checked_sub(0x80), trail.checked_sub(FIRST_TRAIL)) else { return 0 };
    let trails = usize::from(u8::MAX - FIRST_TRAIL) + 1;
    pairs.get(usize::from(lead) * trails + usize::from(trail)).copied().unwrap_or_default()
}

/// What each of these sequences of bytes means. A line feed, which none of them can contain, ends each. Those of four bytes all
/// mean something, and one of them U+FFFD.
fn each<const LENGTH: usize>(name: &str, sequences: impl Iterator<Item = [u8; LENGTH]>) -> Vec<u32> {
    let bytes: Vec<u8> = sequences.flat_map(|sequence| sequence.into_iter().chain([b'\n'])).collect();
    let text = source::decode(name, &bytes);
    let is_missing = |meant: &str| LENGTH < 4 && meant.contains(MISSING);
    text.split_terminator('\n').map(|meant| if is_missing(meant) { 0 } else { packed(meant) }).collect()
}

fn packed(meant: &str) -> u32 {
    let mut characters = meant.chars().map(u32::from);
    let character = characters.next().unwrap_or_default();
    character | characters.next().unwrap_or_default() << CHARACTER_BITS
}

/// The character, and the mark that comes with it.
pub(crate) fn unpacked(meant: u32) -> (Option<char>, Option<char>) {
    let mark = meant >> CHARACTER_BITS;
    (char::from_u32(meant & ((1 << CHARACTER_BITS) - 1)), char::from_u32(mark).filter(|_| mark != 0))
}
