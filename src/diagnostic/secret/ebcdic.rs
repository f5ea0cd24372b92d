//! Documents in EBCDIC, which no reader here supports: converts the characters of markup and names to ASCII.

/// The beginning of a document in EBCDIC: `<?xm` (XML 1.0, appendix F.1).
const BEGINNING: [u8; 4] = [0x4C, 0x6F, 0xA7, 0x94];

/// Replaces a byte that code pages disagree about, or that neither names nor markup need.
const OTHER: u8 = 0x1A;

/// The document with each byte replaced by the ASCII character that it is in all EBCDIC code pages, so that places
/// stay. `None` if it is not in EBCDIC.
pub(super) fn as_ascii(document: &[u8]) -> Option<Vec<u8>> {
    document.starts_with(&BEGINNING).then(|| document.iter().map(|byte| ascii_of(*byte)).collect())
}

fn ascii_of(byte: u8) -> u8 {
    match byte {
        0x05 => b'\t',
        0x0D => b'\r',
        0x15 | 0x25 => b'\n',
        0x40 => b' ',
        0x4B => b'.',
        0x4C => b'<',
        0x50 => b'&',
        0x5E => b';',
        0x60 => b'-',
        0x61 => b'/',
        0x6B => b',',
        0x6D => b'_',
        0x6E => b'>',
        0x6F => b'?',
        0x7A => b':',
        0x7D => b'\'',
        0x7E => b'=',
        0x7F => b'"',
        0x81..=0x89 => byte - 0x81 + b'a',
        0x91..=0x99 => byte - 0x91 + b'j',
        0xA2..=0xA9 => byte - 0xA2 + b's',
        0xC1..=0xC9 => byte - 0xC1 + b'A',
        0xD1..=0xD9 => byte - 0xD1 + b'J',
        0xE2..=0xE9 => byte - 0xE2 + b'S',
        0xF0..=0xF9 => byte - 0xF0 + b'0',
        _ => OTHER,
    }
}
