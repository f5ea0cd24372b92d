//! Names in XML 1.0 (fifth edition) and Namespaces in XML 1.0: `Name`, `NCName`, `Nmtoken`, `QName`.
//!
//! A table decides ASCII, one byte at a time; only other characters are decoded.

use super::scan::name_bytes;

/// NameChar without `:` (XML 1.0, section 2.3; Namespaces, section 3), if it is ASCII.
const NAME: u8 = 1;
/// NameStartChar without `:`, if it is ASCII.
const NAME_START: u8 = 2;
/// `:`
const COLON: u8 = 4;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => NAME | NAME_START,
            b'0'..=b'9' | b'-' | b'.' => NAME,
            b':' => COLON,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

/// XML 1.0, production 5 (Name). A colon counts as a letter.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|first| first == ':' || is_name_start(first)) && is_nmtoken(text)
}

/// Namespaces, production 4 (NCName): a name without a colon.
pub(crate) fn is_ncname(text: &str) -> bool {
    !text.is_empty() && skip_ncname(text, 0) == text.len()
}

/// Namespaces, production 7 (QName): the prefix, empty if there is none, and the local part.
pub(crate) fn split_qname(text: &str) -> Option<(&str, &str)> {
    let (first, rest) = text.split_at_checked(skip_ncname(text, 0)).filter(|(first, _)| !first.is_empty())?;
    match rest.strip_prefix(':') {
        Some(local) => is_ncname(local).then_some((first, local)),
        None => rest.is_empty().then_some(("", first)),
    }
}

/// The name without its prefix, whatever its characters: what follows the last colon.
#[inline]
pub(crate) fn local_part(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// As `local_part`, for a name in a text that need not be UTF-8.
#[inline]
pub(crate) fn local_part_of_bytes(name: &[u8]) -> &[u8] {
    memchr::memrchr(b':', name).and_then(|colon| name.get(colon + 1..)).unwrap_or(name)
}

/// XML 1.0, production 7 (Nmtoken).
pub(crate) fn is_nmtoken(text: &str) -> bool {
    !text.is_empty() && skip_chars(text, 0, NAME | COLON) == text.len()
}

/// The offset after the longest NCName that begins at `at`; `at` if none does.
pub(crate) fn skip_ncname(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at) {
        Some(&byte) if class(byte) & NAME_START != 0 => skip_name_chars(text, at + 1),
        Some(&byte) if byte >= 0x80 => match char_at(text, at) {
            Some(first) if is_name_start(first) => skip_name_chars(text, at + first.len_utf8()),
            _ => at,
        },
        _ => at,
    }
}

/// The offset after all characters from `at` on that an NCName may have after its first one.
pub(crate) fn skip_name_chars(text: &str, at: usize) -> usize {
    // Usually that is all.
    skip_chars(text, at + name_bytes(text.as_bytes(), at), NAME)
}

/// The offset after all name characters from `at` on. ASCII characters must be in one of the `classes`.
#[inline(always)]
fn skip_chars(text: &str, mut at: usize, classes: u8) -> usize {
    let bytes = text.as_bytes();
    loop {
        while bytes.get(at).is_some_and(|&byte| class(byte) & classes != 0) {
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

/// XML 1.0, production 4 (NameStartChar), without the colon: Namespaces, section 3.
pub(crate) fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// XML 1.0, production 4a (NameChar), without the colon.
pub(crate) fn is_name_char(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// The character that begins at an offset.
pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_table_agrees_with_the_productions() {
        for byte in 0..0x80u8 {
            let character = char::from(byte);
            assert_eq!(class(byte) & NAME_START != 0, is_name_start(character), "{character:?}");
            assert_eq!(class(byte) & NAME != 0, is_name_char(character), "{character:?}");
            assert_eq!(class(byte) & COLON != 0, character == ':', "{character:?}");
        }
        assert!((0x80..=0xFF).all(|byte| class(byte) == 0));
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

    fn plain_is_ncname(text: &str) -> bool {
        text.starts_with(is_name_start) && text.chars().all(is_name_char)
    }

    fn plain_split_qname(text: &str) -> Option<(&str, &str)> {
        let (prefix, local) = text.split_once(':').map_or((None, text), |(prefix, local)| (Some(prefix), local));
        let is_qname = prefix.is_none_or(plain_is_ncname) && plain_is_ncname(local);
        is_qname.then_some((prefix.unwrap_or_default(), local))
    }

    fn plain_is_nmtoken(text: &str) -> bool {
        !text.is_empty() && text.chars().all(|character| character == ':' || is_name_char(character))
    }

    fn plain_is_name(text: &str) -> bool {
        text.starts_with(|first| first == ':' || is_name_start(first)) && plain_is_nmtoken(text)
    }

    proptest! {
        #[test]
        fn names_are_those_of_the_productions(text in "[a-zA-Z_:.0-9éä·日×\u{300}\u{37E}\u{10000} <-]{0,6}") {
            prop_assert_eq!(is_ncname(&text), plain_is_ncname(&text));
            prop_assert_eq!(split_qname(&text), plain_split_qname(&text));
            prop_assert_eq!(is_nmtoken(&text), plain_is_nmtoken(&text));
            prop_assert_eq!(is_name(&text), plain_is_name(&text));
        }
    }
}
