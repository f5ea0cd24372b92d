//! The text of a schema document, in the encodings that every XML processor must know (XML 1.0, section 4.3.3): UTF-8
//! and UTF-16.

use std::io::Read;
use std::path::Path;
use std::string::FromUtf8Error;
use std::sync::Arc;

use super::locate::words;

/// Bytes that one schema document may have.
pub(super) const DOCUMENT_BYTES: u64 = 64 << 20;

/// The text of a file, or why it cannot be read.
pub(super) fn read_file(path: &Path) -> Result<Arc<str>, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {}", words(&error));
    // To open a pipe would be to wait for who writes into it.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        let found = if metadata.is_dir() { "a folder" } else { "something else" };
        return Err(format!("cannot be read: expected a file, found {found}"));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    // One byte more than there is, or the end would be looked for in a list of twice the size.
    let mut bytes = Vec::with_capacity(metadata.len().min(DOCUMENT_BYTES) as usize + 1);
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
        _ => return String::from_utf8(bytes).map(Arc::from).map_err(|error| not_utf_8(&error)),
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).into()),
        _ => Err(String::from("cannot be read: expected UTF-16, as its first bytes say, found something else")),
    }
}

/// Where and what the first byte is that no UTF-8 has there.
fn not_utf_8(error: &FromUtf8Error) -> String {
    let (valid, rest) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
    let valid = String::from_utf8_lossy(valid);
    let line = valid.matches('\n').count() + 1;
    let column = valid.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let byte = rest.first().copied().unwrap_or_default();
    format!("cannot be read: expected UTF-8 or UTF-16, found the byte 0x{byte:02X} on line {line}, column {column}")
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
        let latin = decode(b"<a>\n<b>\xC3\xA9\xE9</b></a>".to_vec()).expect_err("no UTF-8");
        assert!(latin.ends_with("found the byte 0xE9 on line 2, column 5"), "{latin}");
        assert!(decode(b"\xFE\xFF\xD8\x00\x00\x61".to_vec()).is_err());
    }
}
