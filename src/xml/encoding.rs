//! The first bytes of a document: byte order mark, encoding, XML declaration (sections 2.8, 4.3.3, appendix F).

use super::Prolog;
use super::fault::{Broken, Fault, FaultKind, Found, shorten};
use crate::Limits;
use crate::text::name::char_at;
use crate::text::white_space::{is_white_space, skip_white_space};

/// What the first bytes settle, as far as it can be settled.
#[derive(Debug)]
pub(super) struct Opening<'a> {
    /// The document up to the first byte that its encoding does not have; all of it, as a rule.
    pub(super) text: &'a str,
    /// Where what follows the byte order mark and the XML declaration begins.
    pub(super) start: usize,
    /// What is wrong with the declaration.
    pub(super) declaration: Option<Fault>,
    /// Why `text` is not the whole document.
    pub(super) cut: Option<Fault>,
}

/// [`lex::prolog`](super::lex::prolog).
pub(super) fn lex_prolog<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Prolog<'a>, Fault> {
    let Opening { text, start, declaration, cut } = open(bytes, limits)?;
    match declaration.or(cut) {
        None => Ok(Prolog { text, start }),
        Some(fault) => Err(fault),
    }
}

/// Fails only where nothing can be read.
pub(super) fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Opening<'a>, Fault> {
    // Places are kept in 32 bits elsewhere, so the setting cannot go above that.
    let limit = limits.document_bytes.min(u32::MAX as usize);
    if bytes.len() > limit {
        return Err(Fault::new(FaultKind::DocumentTooLarge { limit, found: bytes.len() }, limit..limit));
    }
    if let Some((name, span)) = foreign_encoding(bytes) {
        return Err(Fault::new(FaultKind::UnsupportedEncoding { name: name.into() }, 0..span));
    }
    let marked = bytes.starts_with(b"\xEF\xBB\xBF");
    let begin = if marked { 3 } else { 0 };
    let mut start = begin;
    let mut declaration = None;
    let mut ascii = false;
    let (mut text, mut cut) = utf8_prefix(bytes);
    let head = text.get(begin..).unwrap_or_default();
    if is_declaration(head) {
        match lex_declaration(head) {
            Ok((end, encoding)) => {
                start += end;
                ascii = encoding == Encoding::Ascii;
            }
            Err(Broken { mut fault, resume }) => {
                fault.span = fault.span.start + begin..fault.span.end + begin;
                if matches!(fault.kind, FaultKind::UnsupportedEncoding { .. }) {
                    return Err(fault);
                }
                declaration = Some(fault);
                start += resume;
            }
        }
    }
    if ascii && let Some((prefix, fault)) = ascii_prefix(text) {
        (text, cut) = (prefix, Some(fault));
    }
    Ok(Opening { text, start: start.min(text.len()), declaration, cut })
}

/// Whether the first bytes tell an encoding other than UTF-8.
pub(crate) fn is_foreign_encoding(bytes: &[u8]) -> bool {
    foreign_encoding(bytes).is_some()
}

/// An encoding other than UTF-8 that the first bytes tell (appendix F.1), and how many of them do.
fn foreign_encoding(bytes: &[u8]) -> Option<(&'static str, usize)> {
    Some(match bytes {
        [0x00, 0x00, 0xFE, 0xFF, ..] | [0xFF, 0xFE, 0x00, 0x00, ..] => ("UTF-32", 4),
        [0x00, 0x00, 0x00, b'<', ..] | [b'<', 0x00, 0x00, 0x00, ..] => ("UTF-32", 4),
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0x00, b'<', ..] | [b'<', 0x00, ..] => ("UTF-16", 2),
        [0x4C, 0x6F, 0xA7, 0x94, ..] => ("EBCDIC", 4),
        _ => return None,
    })
}

/// What comes before the first character that is not US-ASCII, if there is one. Invalid UTF-8 begins with no such
/// character, and is told of as that.
fn ascii_prefix(text: &str) -> Option<(&str, Fault)> {
    let at = text.bytes().position(|byte| !byte.is_ascii())?;
    let byte = text.as_bytes().get(at).copied()?;
    Some((text.get(..at)?, Fault::new(FaultKind::EncodingMismatch { byte }, at..at + 1)))
}

fn utf8_prefix(bytes: &[u8]) -> (&str, Option<Fault>) {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return (text, None);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.valid_up_to();
            let text = bytes.get(..at).and_then(|prefix| std::str::from_utf8(prefix).ok()).unwrap_or_default();
            let span = at..(at + error.error_len().unwrap_or(1)).min(bytes.len());
            let byte = bytes.get(at).copied().unwrap_or_default();
            (text, Some(Fault::new(FaultKind::InvalidUtf8 { byte }, span)))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Ascii,
}

/// `<?xml` and not `<?xml-stylesheet`.
fn is_declaration(head: &str) -> bool {
    let Some(rest) = head.strip_prefix("<?xml") else { return false };
    rest.bytes().next().is_none_or(|byte| is_white_space(byte) || byte == b'?')
}

/// Production 23: `'<?xml' VersionInfo EncodingDecl? SDDecl? S? '?>'`. Gives the offset behind it and the encoding.
fn lex_declaration(head: &str) -> Result<(usize, Encoding), Broken> {
    let bytes = head.as_bytes();
    let mut encoding = Encoding::Utf8;

    let (version, mut at) = expect_pseudo_attribute(head, "<?xml".len(), "version")?;
    // Production 26, as the fifth edition has it: a document of a later 1.x is read as 1.0.
    let number = version.text.strip_prefix("1.");
    if !number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(malformed(head, "version `1.0`", version.at));
    }
    let mut next = skip_white_space(bytes, at);
    if has(head, next, "encoding") {
        let (name, end) = expect_pseudo_attribute(head, at, "encoding")?;
        encoding = lex_encoding(head, &name)?;
        at = end;
        next = skip_white_space(bytes, at);
    }
    if has(head, next, "standalone") {
        let (value, end) = expect_pseudo_attribute(head, at, "standalone")?;
        if !matches!(value.text, "yes" | "no") {
            return Err(malformed(head, "`yes` or `no`", value.at));
        }
        next = skip_white_space(bytes, end);
    }
    if !has(head, next, "?>") {
        return Err(malformed(head, "`?>`", next));
    }
    Ok((next + 2, encoding))
}

/// Production 81 (EncName), and the encodings that are known.
fn lex_encoding(head: &str, name: &Value<'_>) -> Result<Encoding, Broken> {
    let well_formed = name.text.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    if !well_formed {
        return Err(malformed(head, "the name of an encoding", name.at));
    }
    if name.text.eq_ignore_ascii_case("UTF-8") {
        Ok(Encoding::Utf8)
    } else if ["US-ASCII", "ASCII"].iter().any(|known| name.text.eq_ignore_ascii_case(known)) {
        Ok(Encoding::Ascii)
    } else {
        let kind = FaultKind::UnsupportedEncoding { name: shorten(name.text) };
        Err(Broken::new(kind, name.at..name.at + name.text.len()))
    }
}

/// What stands between the quotes, and where.
struct Value<'a> {
    text: &'a str,
    at: usize,
}

/// `S name S? '=' S?` and a value in quotes; gives it and the offset behind it.
fn expect_pseudo_attribute<'a>(head: &'a str, at: usize, name: &'static str) -> Result<(Value<'a>, usize), Broken> {
    let bytes = head.as_bytes();
    let name_at = skip_white_space(bytes, at);
    if name_at == at {
        return Err(malformed(head, "white space", at));
    }
    if !has(head, name_at, name) {
        return Err(malformed(head, "`version`", name_at));
    }
    let equals_at = skip_white_space(bytes, name_at + name.len());
    if bytes.get(equals_at) != Some(&b'=') {
        return Err(malformed(head, "`=`", equals_at));
    }
    let quote_at = skip_white_space(bytes, equals_at + 1);
    let Some(&quote @ (b'"' | b'\'')) = bytes.get(quote_at) else {
        return Err(malformed(head, "a quote", quote_at));
    };
    let at = quote_at + 1;
    let rest = bytes.get(at..).unwrap_or_default();
    // No value in a declaration holds any of these; to look no further keeps the scan short.
    match rest.iter().position(|&byte| byte == quote || matches!(byte, b'<' | b'>')) {
        Some(length) if rest.get(length) == Some(&quote) => {
            let text = head.get(at..at + length).unwrap_or_default();
            Ok((Value { text, at }, at + length + 1))
        }
        Some(length) => Err(malformed(head, "a closing quote", at + length)),
        None => Err(malformed(head, "a closing quote", head.len())),
    }
}

fn has(head: &str, at: usize, what: &str) -> bool {
    head.get(at..).is_some_and(|rest| rest.starts_with(what))
}

/// A fault at an offset. Reading goes on behind the next `>`: behind the declaration, however bad it is.
fn malformed(head: &str, expected: &'static str, at: usize) -> Broken {
    let found = Found::at(head, at);
    let width = char_at(head, at).map_or(0, char::len_utf8);
    let rest = head.as_bytes().get(at..).unwrap_or_default();
    let resume = memchr::memchr2(b'>', b'<', rest)
        .map_or(head.len(), |length| at + length + usize::from(rest.get(length) == Some(&b'>')));
    Broken::new(FaultKind::MalformedDeclaration { expected, found }, at..at + width).resume_at(resume)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> Option<FaultKind> {
        lex_prolog(bytes, &Limits::default()).err().map(|fault| fault.kind)
    }

    #[test]
    fn declarations_that_are_right() {
        for (document, start) in [
            ("<a/>", 0),
            ("\u{FEFF}<a/>", 3),
            ("<?xml-stylesheet?><a/>", 0),
            ("<?xml version='1.0'?><a/>", 21),
            ("\u{FEFF}<?xml version=\"1.0\"?><a/>", 24),
            ("<?xml\tversion = '1.9'\r\nencoding\n=\n'utf-8' standalone='no' ?><a/>", 60),
            ("<?xml version='1.0' encoding='us-ascii'?><a/>", 41),
            ("<?xml version='1.0' standalone=\"yes\"?><a/>", 38),
        ] {
            let prolog = lex_prolog(document.as_bytes(), &Limits::default());
            assert_eq!(prolog.map(|prolog| prolog.start), Ok(start), "{document}");
        }
    }

    #[test]
    fn declarations_that_are_wrong() {
        for document in [
            "<?xml?>",
            "<?xml ?>",
            "<?xml version='1.0'>",
            "<?xml version='1.0' ? >",
            "<?xml version='1.'?>",
            "<?xml version='2.0'?>",
            "<?xml version=\"1.0'?>",
            "<?xml version=1.0?>",
            "<?xml version='1.0'encoding='UTF-8'?>",
            "<?xml encoding='UTF-8'?>",
            "<?xml version='1.0' standalone='yes' encoding='UTF-8'?>",
            "<?xml version='1.0' standalone='YES'?>",
            "<?xml version='1.0' encoding=''?>",
            "<?xml version='1.0' encoding='8-UTF'?>",
            "<?xml version='1.0' encoding='UTF-8' other='1'?>",
            "<?xml version='1.0'",
            "<?xml",
        ] {
            let found = kind(document.as_bytes());
            assert!(matches!(found, Some(FaultKind::MalformedDeclaration { .. })), "{document}: {found:?}");
        }
    }

    #[test]
    fn other_encodings_are_named() {
        for (bytes, name) in [
            (&b"\xFE\xFF\0<"[..], "UTF-16"),
            (b"\xFF\xFE<\0a\0", "UTF-16"),
            (b"<\0a\0", "UTF-16"),
            (b"\0\0\xFE\xFF", "UTF-32"),
            (b"\x4C\x6F\xA7\x94", "EBCDIC"),
            (b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>", "ISO-8859-1"),
        ] {
            assert_eq!(kind(bytes), Some(FaultKind::UnsupportedEncoding { name: name.into() }));
        }
    }

    #[test]
    fn bytes_that_the_encoding_does_not_have() {
        assert_eq!(kind(b"<a>\xC3(</a>"), Some(FaultKind::InvalidUtf8 { byte: 0xC3 }));
        assert_eq!(kind(b"<a>\xED\xA0\x80</a>"), Some(FaultKind::InvalidUtf8 { byte: 0xED }));
        assert_eq!(kind(b"<a>\xE2\x82"), Some(FaultKind::InvalidUtf8 { byte: 0xE2 }));
        let ascii = "<?xml version='1.0' encoding='ASCII'?><a>é</a>";
        assert_eq!(kind(ascii.as_bytes()), Some(FaultKind::EncodingMismatch { byte: 0xC3 }));
    }
}
