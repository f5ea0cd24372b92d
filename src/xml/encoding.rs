//! The first bytes of a document: byte order mark, encoding, XML declaration (sections 2.8, 4.3.3, appendix F).

use std::ops::Range;

use super::Prolog;
use super::charset::{Charset, Encoding};
use super::fault::{Broken, Fault, FaultKind, Found, shorten};
use crate::Limits;
use crate::text::name::char_at;
use crate::text::white_space::{is_white_space, skip_white_space};

/// What the first bytes settle, as far as they can.
#[derive(Debug)]
pub(super) struct Opening<'a> {
    /// The document up to the first byte that is not in its encoding; usually all of it.
    pub(super) text: &'a str,
    /// The offset after the byte order mark and the XML declaration.
    pub(super) start: usize,
    /// The fault of the declaration.
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
    // Places are kept in 32 bits elsewhere, so no higher limit is possible.
    let limit = limits.document_bytes.min(u32::MAX as usize);
    if bytes.len() > limit {
        return Err(Fault::new(FaultKind::DocumentTooLarge { limit, found: bytes.len() }, limit..limit));
    }
    if let Some(charset) = first_bytes(bytes)? {
        return Err(Fault::new(FaultKind::UndecodedEncoding { name: charset.name().into() }, 0..2));
    }
    let (text, cut) = utf8_prefix(bytes);
    let (mut opening, declared) = open_declared(text);
    opening.cut = cut;
    // The bytes are in the encoding that was meant, so its malformed name is the fault, not the bytes.
    let has_no_name = |fault: &mut Fault| matches!(fault.kind, FaultKind::MalformedEncodingName { .. });
    if opening.cut.is_some()
        && let Some(fault) = opening.declaration.take_if(has_no_name)
    {
        return Err(fault);
    }
    let Some(declared) = declared else { return Ok(opening) };
    let label = declared.text;
    if label.eq_ignore_ascii_case("UTF-8") {
        return Ok(opening);
    }
    let span = declared.span(bytes);
    match Encoding::of_label(label) {
        Some(Encoding::Utf8) => {}
        Some(Encoding::Ascii) if !is_marked(bytes) => {
            if let Some((prefix, fault)) = ascii_prefix(bytes, opening.cut.is_none()) {
                (opening.text, opening.cut) = (prefix, Some(fault));
            }
        }
        Some(Encoding::Other(charset)) if !charset.is_utf16() && !is_marked(bytes) => {
            return Err(Fault::new(FaultKind::UndecodedEncoding { name: shorten(label) }, span));
        }
        Some(Encoding::Ascii | Encoding::Other(_)) => {
            let is_utf8 = opening.cut.is_none() || is_marked(bytes);
            let found = if is_utf8 { "UTF-8" } else { "not UTF-16" };
            let fault = Fault::new(FaultKind::ContradictedEncoding { declared: shorten(label), found }, span);
            if !is_utf8 {
                return Err(fault);
            }
            opening.declaration = Some(fault);
        }
        None => return Err(unknown_label(label, span)),
    }
    Ok(opening)
}

/// The fault of a document's XML declaration, except for its encoding.
pub(crate) fn check_declaration(text: &str) -> Option<Fault> {
    open_declared(text).0.declaration
}

/// A document whose encoding is settled, whatever it declares.
pub(super) fn open_decoded(text: &str) -> Opening<'_> {
    open_declared(text).0
}

/// As `open_decoded`, and returns the declared encoding.
fn open_declared(text: &str) -> (Opening<'_>, Option<Value<'_>>) {
    let begin = if is_marked(text.as_bytes()) { MARK.len() } else { 0 };
    let head = text.get(begin..).unwrap_or_default();
    let (declaration, end, declared) = match is_declaration(head.as_bytes()).then(|| lex_declaration(head)) {
        None => (None, 0, None),
        Some(Ok(Declaration { end, encoding, .. })) => (None, end, encoding),
        Some(Err(Broken { mut fault, resume })) => {
            fault.span = fault.span.start + begin..fault.span.end + begin;
            (Some(fault), resume, None)
        }
    };
    (Opening { text, start: (begin + end).min(text.len()), declaration, cut: None }, declared)
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn is_marked(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK)
}

/// The encoding other than UTF-8 that the first bytes show (appendix F.1).
///
/// # Errors
///
/// The encoding is not supported.
pub(super) fn first_bytes(bytes: &[u8]) -> Result<Option<Charset>, Fault> {
    let unsupported = |name: &str| Err(Fault::new(FaultKind::UnsupportedEncoding { name: name.into() }, 0..4));
    match bytes {
        [0x00, 0x00, 0xFE, 0xFF, ..] | [0xFF, 0xFE, 0x00, 0x00, ..] => unsupported("UTF-32"),
        [0x00, 0x00, 0x00, b'<', ..] | [b'<', 0x00, 0x00, 0x00, ..] => unsupported("UTF-32"),
        [0x4C, 0x6F, 0xA7, 0x94, ..] => unsupported("EBCDIC"),
        [0xFE, 0xFF, ..] | [0x00, b'<', ..] => Ok(Some(Charset::UTF_16BE)),
        [0xFF, 0xFE, ..] | [b'<', 0x00, ..] => Ok(Some(Charset::UTF_16LE)),
        _ => Ok(None),
    }
}

/// The declaration of a document whose declaration is in US-ASCII, if it is well-formed.
pub(super) fn declaration(bytes: &[u8]) -> Option<Declaration<'_>> {
    let head = bytes.strip_prefix(MARK).unwrap_or(bytes);
    if !is_declaration(head) {
        return None;
    }
    // No value in a declaration holds a `>`.
    let end = memchr::memchr(b'>', head)? + 1;
    lex_declaration(std::str::from_utf8(head.get(..end)?).ok()?).ok()
}

/// The declared label, its place in the document, and the place of the whole encoding declaration.
pub(super) fn lex_declared(text: &str) -> Option<(&str, Range<usize>, Range<usize>)> {
    let value = declaration(text.as_bytes())?.encoding?;
    let span = value.span(text.as_bytes());
    let whole = span.start - (value.at - value.name_at)..span.end + 1;
    Some((value.text, span, whole))
}

/// Where the name of the encoding is that a document declares whose bytes are US-ASCII there.
pub(crate) fn encoding_label(bytes: &[u8]) -> Option<Range<usize>> {
    Some(declaration(bytes)?.encoding?.span(bytes))
}

pub(super) fn unknown_label(label: &str, span: Range<usize>) -> Fault {
    Fault::new(FaultKind::UnsupportedEncoding { name: shorten(label) }, span)
}

/// What comes before the first byte that is not US-ASCII, if there is such a byte. `is_utf8`: the whole document is
/// UTF-8.
fn ascii_prefix(bytes: &[u8], is_utf8: bool) -> Option<(&str, Fault)> {
    let at = bytes.iter().position(|byte| !byte.is_ascii())?;
    let byte = bytes.get(at).copied()?;
    let kind = match is_utf8 {
        true => FaultKind::EncodingMismatch { byte },
        false => FaultKind::MalformedByte { encoding: "US-ASCII".into(), byte, is_utf8 },
    };
    Some((std::str::from_utf8(bytes.get(..at)?).ok()?, Fault::new(kind, at..at + 1)))
}

pub(crate) fn utf8_prefix(bytes: &[u8]) -> (&str, Option<Fault>) {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return (text, None);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.valid_up_to();
            let text = bytes.get(..at).and_then(|prefix| std::str::from_utf8(prefix).ok()).unwrap_or_default();
            let span = at..(at + error.error_len().unwrap_or(1)).min(bytes.len());
            let kind = match error.error_len() {
                None => FaultKind::IncompleteCharacter { encoding: "UTF-8".into() },
                Some(_) => FaultKind::InvalidUtf8 { byte: bytes.get(at).copied().unwrap_or_default() },
            };
            (text, Some(Fault::new(kind, span)))
        }
    }
}

/// `<?xml` and not `<?xml-stylesheet`.
fn is_declaration(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(b"<?xml") else { return false };
    rest.first().is_none_or(|byte| is_white_space(*byte) || *byte == b'?')
}

/// What an XML declaration says.
#[derive(Debug)]
pub(super) struct Declaration<'a> {
    /// The offset after it.
    pub(super) end: usize,
    pub(super) encoding: Option<Value<'a>>,
    pub(super) is_standalone: bool,
}

/// Production 23: `'<?xml' VersionInfo EncodingDecl? SDDecl? S? '?>'`.
pub(super) fn lex_declaration(head: &str) -> Result<Declaration<'_>, Broken> {
    let bytes = head.as_bytes();
    let mut encoding = None;
    let mut is_standalone = false;

    let (version, mut at) = expect_pseudo_attribute(head, "<?xml".len(), "version")?;
    // Production 26 of the fifth edition: a document of a later 1.x is read as 1.0.
    let number = version.text.strip_prefix("1.");
    if !number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(malformed(head, "version `1.0`", version.at));
    }
    let mut next = skip_white_space(bytes, at);
    if has(head, next, "encoding") {
        let (name, end) = expect_pseudo_attribute(head, at, "encoding")?;
        check_encoding_name(head, &name)?;
        encoding = Some(name);
        at = end;
        next = skip_white_space(bytes, at);
    }
    if has(head, next, "standalone") {
        let (value, end) = expect_pseudo_attribute(head, at, "standalone")?;
        if !matches!(value.text, "yes" | "no") {
            return Err(malformed(head, "`yes` or `no`", value.at));
        }
        is_standalone = value.text == "yes";
        next = skip_white_space(bytes, end);
    }
    if !has(head, next, "?>") {
        return Err(malformed(head, "`?>`", next));
    }
    Ok(Declaration { end: next + 2, encoding, is_standalone })
}

/// Production 81 (EncName).
fn check_encoding_name(head: &str, name: &Value<'_>) -> Result<(), Broken> {
    let is_well_formed = name.text.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    if is_well_formed {
        return Ok(());
    }
    let meant = Encoding::of_label(name.text).map(Encoding::name);
    let kind = FaultKind::MalformedEncodingName { name: shorten(name.text), meant };
    let end = name.at + name.text.len();
    Err(Broken::new(kind, name.at..end).resume_at(after_declaration(head, end)))
}

/// What is between the quotes, and where.
#[derive(Debug)]
pub(super) struct Value<'a> {
    pub(super) text: &'a str,
    /// The offset of the name before it.
    name_at: usize,
    at: usize,
}

impl Value<'_> {
    /// Its place in the document, whose declaration may follow a byte order mark.
    pub(super) fn span(&self, document: &[u8]) -> Range<usize> {
        let at = self.at + if is_marked(document) { MARK.len() } else { 0 };
        at..at + self.text.len()
    }
}

/// `S name S? '=' S?` and a value in quotes; returns the value and the offset after it.
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
    // No value in a declaration holds any of these, so stopping at them keeps the scan short.
    match rest.iter().position(|&byte| byte == quote || matches!(byte, b'<' | b'>')) {
        Some(length) if rest.get(length) == Some(&quote) => {
            let text = head.get(at..at + length).unwrap_or_default();
            Ok((Value { text, name_at, at }, at + length + 1))
        }
        Some(length) => Err(malformed(head, "a closing quote", at + length)),
        None => Err(malformed(head, "a closing quote", head.len())),
    }
}

fn has(head: &str, at: usize, what: &str) -> bool {
    head.get(at..).is_some_and(|rest| rest.starts_with(what))
}

/// A fault at an offset. Reading resumes after the next `>`, which ends even a badly broken declaration.
fn malformed(head: &str, expected: &'static str, at: usize) -> Broken {
    let found = Found::at(head, at);
    let width = char_at(head, at).map_or(0, char::len_utf8);
    let resume = after_declaration(head, at);
    Broken::new(FaultKind::MalformedDeclaration { expected, found }, at..at + width).resume_at(resume)
}

/// The offset after the next `>`, or of a `<` before it.
fn after_declaration(head: &str, at: usize) -> usize {
    let rest = head.as_bytes().get(at..).unwrap_or_default();
    memchr::memchr2(b'>', b'<', rest)
        .map_or(head.len(), |length| at + length + usize::from(rest.get(length) == Some(&b'>')))
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
            let is_malformed =
                matches!(found, Some(FaultKind::MalformedDeclaration { .. } | FaultKind::MalformedEncodingName { .. }));
            assert!(is_malformed, "{document}: {found:?}");
        }
    }

    #[test]
    fn other_encodings_are_named() {
        for (bytes, name) in [
            (&b"\xFE\xFF\0<"[..], "UTF-16BE"),
            (b"\xFF\xFE<\0a\0", "UTF-16LE"),
            (b"<\0a\0", "UTF-16LE"),
            (b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>", "ISO-8859-1"),
        ] {
            assert_eq!(kind(bytes), Some(FaultKind::UndecodedEncoding { name: name.into() }));
        }
        for (bytes, name) in [
            (&b"\0\0\xFE\xFF"[..], "UTF-32"),
            (b"\x4C\x6F\xA7\x94", "EBCDIC"),
            (b"<?xml version='1.0' encoding='UTF-99'?><a/>", "UTF-99"),
        ] {
            assert_eq!(kind(bytes), Some(FaultKind::UnsupportedEncoding { name: name.into() }));
        }
    }

    #[test]
    fn bytes_that_the_encoding_does_not_have() {
        assert_eq!(kind(b"<a>\xC3(</a>"), Some(FaultKind::InvalidUtf8 { byte: 0xC3 }));
        assert_eq!(kind(b"<a>\xED\xA0\x80</a>"), Some(FaultKind::InvalidUtf8 { byte: 0xED }));
        assert_eq!(kind(b"<a>\xE2\x82"), Some(FaultKind::IncompleteCharacter { encoding: "UTF-8".into() }));
        let ascii = "<?xml version='1.0' encoding='ASCII'?><a>é</a>";
        assert_eq!(kind(ascii.as_bytes()), Some(FaultKind::EncodingMismatch { byte: 0xC3 }));
        let latin = b"<?xml version='1.0' encoding='US-ASCII'?><a>\xE9</a>";
        let malformed = FaultKind::MalformedByte { encoding: "US-ASCII".into(), byte: 0xE9, is_utf8: false };
        assert_eq!(kind(latin), Some(malformed));
    }
}
