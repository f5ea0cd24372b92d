//! Characters: which may stand in a document, which in a name, and which a scan must stop at.
//!
//! All scans run over bytes. That is sound for UTF-8: the only characters above U+007F that XML forbids are U+FFFE and
//! U+FFFF (surrogates cannot occur in a `str`), and both begin with the byte 0xEF.

/// NameChar without `:` (section 2.3; Namespaces, section 3), as far as it is ASCII.
const NAME: u8 = 1;
/// NameStartChar without `:`, as far as it is ASCII.
const NAME_START: u8 = 2;
/// S (section 2.3).
const BLANK: u8 = 4;
/// May not be skipped in the value of an attribute: quotes, `<`, `&`, what is or may be forbidden.
const VALUE_STOP: u8 = 8;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => NAME | NAME_START,
            b'0'..=b'9' | b'-' | b'.' => NAME,
            b' ' | b'\t' | b'\n' | b'\r' => BLANK,
            b'"' | b'\'' | b'<' | b'&' | 0..0x20 | 0xEF => VALUE_STOP,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

/// S (section 2.3, production 3).
pub(super) fn is_blank(byte: u8) -> bool {
    class(byte) & BLANK != 0
}

/// The first offset from `at` on that holds no white space.
pub(super) fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|&byte| is_blank(byte)) {
        at += 1;
    }
    at
}

/// Section 2.2, production 2 (Char).
pub(crate) fn is_char(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Section 2.3, production 4 (NameStartChar), without the colon: Namespaces, section 3.
pub(crate) fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// Section 2.3, production 4a (NameChar), without the colon.
pub(crate) fn is_name_char(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// The offset behind the longest NCName (Namespaces, production 4) that begins at `at`; `at` where none does.
pub(super) fn skip_ncname(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at) {
        Some(&byte) if class(byte) & NAME_START != 0 => skip_name_chars(text, at + 1),
        Some(&byte) if byte >= 0x80 => match char_at(text, at) {
            Some(first) if is_name_start(first) => skip_name_chars(text, at + first.len_utf8()),
            _ => at,
        },
        _ => at,
    }
}

/// The offset behind all that may stand in an NCName after its first character.
pub(super) fn skip_name_chars(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        while bytes.get(at).is_some_and(|&byte| class(byte) & NAME != 0) {
            at += 1;
        }
        match bytes.get(at) {
            Some(0x80..) => match char_at(text, at) {
                Some(character) if is_name_char(character) => at += character.len_utf8(),
                _ => return at,
            },
            _ => return at,
        }
    }
}

/// The character that begins at an offset.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The offset of the first forbidden character from `at` on, before `end`, and the character.
pub(super) fn find_forbidden(text: &str, at: usize, end: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes().get(..end)?;
    let mut at = at;
    loop {
        at += skip_while(bytes.get(at..)?, |byte| {
            (byte >= 0x20 || matches!(byte, b'\n' | b'\t' | b'\r')) & (byte != 0xEF)
        });
        if let Some(character) = forbidden_at(text, at) {
            return (at < end).then_some((at, character));
        }
        if at >= end {
            return None;
        }
        at += 1;
    }
}

/// The forbidden character at an offset, if one stands there.
pub(super) fn forbidden_at(text: &str, at: usize) -> Option<char> {
    match *text.as_bytes().get(at)? {
        b'\t' | b'\n' | b'\r' => None,
        byte @ 0..0x20 => Some(char::from(byte)),
        0xEF => char_at(text, at).filter(|&character| !is_char(character)),
        _ => None,
    }
}

/// Bytes of character data before the first that is not to be passed over unseen: `<`, `&`, `]`, a carriage return,
/// what is or may be forbidden.
pub(super) fn skip_text(bytes: &[u8]) -> usize {
    skip_while(bytes, |byte| {
        (byte >= 0x20 || byte == b'\n' || byte == b'\t')
            & (byte != b'<')
            & (byte != b'&')
            & (byte != b']')
            & (byte != 0xEF)
    })
}

/// Bytes of an attribute's value before the first that is not to be passed over unseen.
pub(super) fn skip_value(bytes: &[u8]) -> usize {
    bytes.iter().position(|&byte| class(byte) & VALUE_STOP != 0).unwrap_or(bytes.len())
}

/// Bytes of text at the front that are written as they stand.
pub(super) fn skip_written_text(bytes: &[u8]) -> usize {
    skip_while(bytes, |byte| (byte != b'<') & (byte != b'>') & (byte != b'&') & (byte != b'\r'))
}

/// Bytes of an attribute's value at the front that are written as they stand.
pub(super) fn skip_written_value(bytes: &[u8]) -> usize {
    skip_while(bytes, |byte| {
        (byte != b'<') & (byte != b'&') & (byte != b'"') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
    })
}

/// How many bytes at the front pass. The test of sixteen at once has no branch in it, which lets the compiler use
/// vector instructions.
#[inline(always)]
fn skip_while(bytes: &[u8], pass: impl Fn(u8) -> bool) -> usize {
    let mut skipped = 0;
    while let Some(chunk) = bytes.get(skipped..skipped + 16) {
        if !chunk.iter().fold(true, |all, &byte| all & pass(byte)) {
            break;
        }
        skipped += 16;
    }
    let rest = bytes.get(skipped..).unwrap_or_default();
    skipped + rest.iter().position(|&byte| !pass(byte)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byte_table_agrees_with_the_productions() {
        for byte in 0..0x80u8 {
            let character = char::from(byte);
            assert_eq!(class(byte) & NAME_START != 0, is_name_start(character), "{character:?}");
            assert_eq!(class(byte) & NAME != 0, is_name_char(character), "{character:?}");
            assert_eq!(class(byte) & BLANK != 0, matches!(character, ' ' | '\t' | '\r' | '\n'), "{character:?}");
        }
    }

    #[test]
    fn forbidden_characters_are_found_wherever_they_stand() {
        for forbidden in ['\0', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            for length in 0..40 {
                let text = format!("{}{forbidden}\u{FEFF}\u{FFFD}", "é".repeat(length));
                assert_eq!(find_forbidden(&text, 0, text.len()), Some((2 * length, forbidden)));
                assert_eq!(find_forbidden(&text, 0, 2 * length), None);
            }
        }
        assert_eq!(find_forbidden("\u{FEFF}\r\n\t\u{7F}\u{85}\u{FFFD}", 0, 14), None);
    }

    #[test]
    fn names_of_the_fifth_edition() {
        for name in ["a", "_", "é", "a-.0·", "\u{10000}", "\u{37F}", "日本"] {
            assert_eq!(skip_ncname(name, 0), name.len(), "{name}");
        }
        for (name, end) in [("", 0), ("-a", 0), ("0", 0), ("·", 0), ("a:b", 1), ("a×b", 1), ("\u{37E}", 0), (":", 0)]
        {
            assert_eq!(skip_ncname(name, 0), end, "{name}");
        }
    }
}
