//! The text of a schema document, in the encodings that every XML processor must know (XML 1.0, section 4.3.3): UTF-8
//! and UTF-16.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::locate::words;

/// Bytes that one schema document may have.
pub(super) const DOCUMENT_BYTES: u64 = 64 << 20;

/// The text of a file, or why it cannot be read.
pub(super) fn read_file(path: &Path) -> Result<Arc<str>, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {}", words(&error));
    let mut bytes = Vec::new();
    // To open a pipe would be to wait for who writes into it.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(String::from("cannot be read: expected a file, found something else"));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(DOCUMENT_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > DOCUMENT_BYTES {
        return Err(format!("cannot be read: expected at most {DOCUMENT_BYTES} bytes, found more"));
    }
    decode(bytes)
}

/// Appendix F.1: the first bytes tell which of the two it is.
fn decode(bytes: Vec<u8>) -> Result<Arc<str>, String> {
    let unit: fn([u8; 2]) -> u16 = match bytes.as_slice() {
        [0xFE, 0xFF, ..] | [0x00, b'<', ..] => u16::from_be_bytes,
        [0xFF, 0xFE, ..] | [b'<', 0x00, ..] => u16::from_le_bytes,
        _ => {
            return match String::from_utf8(bytes) {
                Ok(text) => Ok(text.into()),
                Err(_) => {
                    Err(String::from("cannot be read: expected UTF-8 or UTF-16, which are the encodings supported"))
                }
            };
        }
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).into()),
        _ => Err(String::from("cannot be read: expected UTF-16, as its first bytes say, found something else")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_of_both_orders_is_known_and_what_is_cut_is_refused() {
        let text = "<a>é\u{10000}</a>";
        for (mark, order) in [(true, true), (true, false), (false, true), (false, false)] {
            let marked = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
            let bytes = |unit: u16| if order { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let bytes: Vec<u8> = marked.encode_utf16().flat_map(bytes).collect();
            assert_eq!(decode(bytes.clone()).as_deref(), Ok(text));
            assert!(decode(bytes[..bytes.len() - 1].to_vec()).is_err());
        }
        assert!(decode(b"<a>\xE9</a>".to_vec()).is_err());
        assert!(decode(b"\xFE\xFF\xD8\x00\x00\x61".to_vec()).is_err());
    }
}
