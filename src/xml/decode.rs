//! Turns a document in another encoding into UTF-8, and places in it back into places in the original.
//!
//! Transcoding happens first and once: nothing else knows about encodings. Places of diagnostics are mapped back at the
//! end, in one pass that decodes again and keeps nothing; a document without errors never pays for it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use super::charset::{Charset, Decoder, Encoding, Pause};
use super::encoding::{
    Declaration, Opening, declaration, first_bytes, is_marked, lex_declared, open, open_decoded, unknown_label,
};
use super::fault::{Fault, FaultKind, shorten};
use crate::Limits;

/// A document that was transcoded, up to the first bytes that form no character.
#[derive(Debug)]
pub(crate) struct Decoded<'b> {
    bytes: &'b [u8],
    charset: Charset,
    /// In UTF-8. The encoding declaration is blanked out, since it no longer applies.
    text: String,
    /// The declared encoding is not that of the bytes.
    contradiction: Option<Fault>,
    /// Bytes of the original that form no character; nothing after them was decoded.
    malformed: Option<Range<usize>>,
}

/// The document in UTF-8, as any XML reader accepts it: transcoded where its first bytes or its declaration give
/// another encoding, and then without its encoding declaration. A document in UTF-8 is borrowed unchanged; nothing
/// beyond its declaration is looked at.
///
/// [`Schema::is_valid`](crate::Schema::is_valid), [`Schema::explain`](crate::Schema::explain) and
/// [`check_well_formed`](super::check_well_formed) do this themselves. Values that borrow need a buffer that outlives
/// them, so [`Schema::decode`](crate::Schema::decode) and [`Reader`](super::Reader) take UTF-8 only:
///
/// ```
/// use packetcheck::{Limits, xml};
///
/// let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><note>caf\xE9</note>";
/// let document = xml::decode(latin, &Limits::default())?;
/// # let schema = packetcheck::Schema::from_documents(&[("note.xsd",
/// #     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="note" type="xs:string"/></xs:schema>"#,
/// # )]).unwrap();
/// let note: &str = schema.decode(&document).unwrap();
/// assert_eq!(note, "café");
/// # Ok::<(), xml::Fault>(())
/// ```
///
/// # Errors
///
/// The encoding is unknown or its declaration contradicts the bytes, some bytes form no character in it, or the
/// document is too large. The span is in the original.
pub fn decode<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Cow<'b, [u8]>, Fault> {
    match Decoded::new(bytes, limits)? {
        None => Ok(Cow::Borrowed(bytes)),
        Some(decoded) => match decoded.fault() {
            None => Ok(Cow::Owned(decoded.text.into_bytes())),
            Some(mut fault) => {
                decoded.faults_to_original(std::slice::from_mut(&mut fault));
                Err(fault)
            }
        },
    }
}

impl<'b> Decoded<'b> {
    /// Transcodes a document; `None` if it is in UTF-8, or begins as if it were.
    ///
    /// # Errors
    ///
    /// Nothing can be decoded: the encoding is unknown, or the document is too large.
    pub(crate) fn new(bytes: &'b [u8], limits: &Limits) -> Result<Option<Decoded<'b>>, Fault> {
        let Some(charset) = charset_of(bytes)? else { return Ok(None) };
        let mut decoded = Decoded::by(charset, bytes, limits)?;
        decoded.contradiction = settle_label(&mut decoded.text, charset)?;
        Ok(Some(decoded))
    }

    /// Transcodes a document from this encoding, whatever it declares.
    fn by(charset: Charset, bytes: &'b [u8], limits: &Limits) -> Result<Decoded<'b>, Fault> {
        let limit = limits.document_bytes.min(u32::MAX as usize);
        let mut length = 0;
        let malformed = each_piece(&mut charset.decoder(bytes), |piece| length += piece.len());
        let size = length.max(bytes.len());
        if size > limit {
            return Err(Fault::new(FaultKind::DocumentTooLarge { limit, found: size }, 0..0));
        }
        // A second pass costs time in the rare case; a growing text would cost twice the memory.
        let mut text = String::with_capacity(length);
        each_piece(&mut charset.decoder(bytes), |piece| text.push_str(piece));
        Ok(Decoded { bytes, charset, text, contradiction: None, malformed })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the document is in UTF-16, and if so, whether the first byte of a unit is the high one.
    pub(crate) fn is_utf16_be(&self) -> Option<bool> {
        self.charset.is_utf16_be()
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// What is wrong with the encoding.
    fn fault(&self) -> Option<Fault> {
        self.contradiction.clone().or_else(|| self.cut())
    }

    /// Whether the encoding has no fault, so that the text is the whole document.
    pub(crate) fn is_sound(&self) -> bool {
        self.contradiction.is_none() && self.malformed.is_none()
    }

    /// The text, with the faults of its encoding.
    pub(super) fn opening(&self) -> Opening<'_> {
        let mut opening = open_decoded(&self.text);
        opening.declaration = self.contradiction.clone().or(opening.declaration);
        opening.cut = self.cut();
        opening
    }

    /// Why the text ends where it does.
    fn cut(&self) -> Option<Fault> {
        let malformed = self.malformed.clone()?;
        let bytes = self.bytes.get(malformed.clone()).unwrap_or_default();
        let is_utf8 = !self.charset.is_utf16() && std::str::from_utf8(self.bytes).is_ok();
        let encoding = self.charset.name().into();
        let is_at_end = malformed.end == self.bytes.len() && !is_utf8;
        let kind = match is_at_end && self.charset.is_incomplete(bytes) {
            true => FaultKind::IncompleteCharacter { encoding },
            false => FaultKind::MalformedByte { encoding, byte: bytes.first().copied().unwrap_or_default(), is_utf8 },
        };
        // Just past the text, where the undecoded bytes would be.
        Some(Fault::new(kind, self.text.len()..self.text.len() + 1))
    }

    /// Maps offsets in the text to offsets in the original.
    pub(crate) fn to_original(&self, offsets: &mut [usize]) {
        let mut walk = Walk::new(self.bytes, self.charset);
        let rest = self.malformed.clone().unwrap_or(self.bytes.len()..self.bytes.len());
        in_order(offsets, |offset| match offset.cmp(&self.text.len()) {
            Ordering::Less => walk.original(offset),
            Ordering::Equal => rest.start,
            Ordering::Greater => rest.end,
        });
    }

    /// [`to_original`](Decoded::to_original) for the spans of faults.
    pub(super) fn faults_to_original(&self, faults: &mut [Fault]) {
        let ranges = faults.iter().flat_map(|fault| std::iter::once(&fault.span).chain(&fault.related));
        let mut offsets: Vec<usize> = ranges.flat_map(|range| [range.start, range.end]).collect();
        self.to_original(&mut offsets);
        let mut offsets = offsets.into_iter();
        for range in faults.iter_mut().flat_map(|fault| std::iter::once(&mut fault.span).chain(&mut fault.related)) {
            if let (Some(start), Some(end)) = (offsets.next(), offsets.next()) {
                *range = start..end.max(start);
            }
        }
    }

    /// Maps offsets in the original to offsets in the text.
    pub(crate) fn to_decoded(&self, offsets: &mut [usize]) {
        let mut walk = Walk::new(self.bytes, self.charset);
        in_order(offsets, |offset| walk.decoded(offset).min(self.text.len()));
    }
}

/// The text of a document for readers of text, and the fault of its encoding; it ends before the first bytes that form
/// no character.
///
/// # Errors
///
/// See [`Decoded::new`].
pub(crate) fn text_of(bytes: Vec<u8>, limits: &Limits) -> Result<(String, Option<Fault>), Fault> {
    if let Some(decoded) = Decoded::new(&bytes, limits)? {
        let fault = decoded.fault();
        return Ok((decoded.text, fault));
    }
    let Opening { text, declaration, cut, .. } = open(&bytes, limits)?;
    let (length, fault) = (text.len(), declaration.or(cut));
    let mut bytes = bytes;
    bytes.truncate(length);
    Ok((String::from_utf8(bytes).unwrap_or_default(), fault))
}

/// A document for display: all of it in UTF-8, except for bytes that form no character, which are kept unchanged.
/// `None` if it already is.
#[derive(Debug, Clone)]
pub(crate) struct Legible<'b> {
    bytes: &'b [u8],
    charset: Charset,
    pub(crate) text: Vec<u8>,
}

impl<'b> Legible<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Option<Legible<'b>> {
        let charset = charset_of(bytes).ok()??;
        let each = |take: &mut dyn FnMut(&[u8])| {
            let mut decoder = charset.decoder(bytes);
            while let Some(malformed) = each_piece(&mut decoder, |piece| take(piece.as_bytes())) {
                take(bytes.get(malformed).unwrap_or_default());
            }
        };
        // As in `Decoded::by`.
        let mut length = 0;
        each(&mut |piece| length += piece.len());
        let mut text = Vec::with_capacity(length);
        each(&mut |piece| text.extend_from_slice(piece));
        Some(Legible { bytes, charset, text })
    }

    /// Maps offsets in the original to offsets in the text.
    pub(crate) fn to_decoded(&self, offsets: &mut [usize]) {
        let mut walk = Walk::new(self.bytes, self.charset);
        in_order(offsets, |offset| walk.decoded(offset));
    }

    /// Maps one offset in the original to the text.
    pub(crate) fn decoded(&self, offset: usize) -> usize {
        Walk::new(self.bytes, self.charset).decoded(offset)
    }

    /// Maps one offset in the text to the original.
    pub(crate) fn original(&self, offset: usize) -> usize {
        Walk::new(self.bytes, self.charset).original(offset)
    }
}

/// The document in UTF-8, with its encoding given from outside, such as by the `charset` of a content type: that
/// outranks what the document declares, but not a byte order mark at its beginning (RFC 7303, section 3). Borrowed if
/// the document agrees; `None` if the label is unknown.
#[cfg(feature = "http")]
pub(crate) fn decode_in<'b>(bytes: &'b [u8], label: &str, limits: &Limits) -> Option<Result<Cow<'b, [u8]>, Fault>> {
    let encoding = Encoding::of_label(label)?;
    let own = charset_of(bytes);
    let decides_itself = is_marked(bytes) || first_bytes(bytes).is_ok_and(|charset| charset.is_some());
    Some(match (encoding, own) {
        (_, Err(fault)) => Err(fault),
        _ if decides_itself => Ok(Cow::Borrowed(bytes)),
        (Encoding::Utf8 | Encoding::Ascii, Ok(None)) => Ok(Cow::Borrowed(bytes)),
        (Encoding::Utf8 | Encoding::Ascii, Ok(Some(_))) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Owned(without_label(text).into_owned().into_bytes())),
            Err(error) => {
                let at = error.valid_up_to();
                let byte = bytes.get(at).copied().unwrap_or_default();
                let encoding = "UTF-8".into();
                let kind = match error.error_len() {
                    None => FaultKind::IncompleteCharacter { encoding },
                    Some(_) => FaultKind::MalformedByte { encoding, byte, is_utf8: false },
                };
                Err(Fault::new(kind, at..at + 1))
            }
        },
        (Encoding::Other(charset), Ok(Some(own))) if charset.may_be(own, label) => Ok(Cow::Borrowed(bytes)),
        (Encoding::Other(charset), Ok(_)) => {
            Decoded::by(charset, bytes, limits).and_then(|decoded| match decoded.cut() {
                None => Ok(Cow::Owned(without_label(&decoded.text).into_owned().into_bytes())),
                Some(fault) => Err(fault),
            })
        }
    })
}

/// How to transcode a document; `None` if it is in UTF-8, or if faults of its encoding are left for the UTF-8 reader to
/// report. Section 4.3.3 and appendix F.1.
fn charset_of(bytes: &[u8]) -> Result<Option<Charset>, Fault> {
    // The usual spelling needs no lexing.
    if bytes.starts_with(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>") {
        return Ok(None);
    }
    if let Some(charset) = first_bytes(bytes)? {
        return Ok(Some(charset));
    }
    let Some(label) = declaration(bytes).and_then(|Declaration { encoding, .. }| encoding) else { return Ok(None) };
    match Encoding::of_label(label.text) {
        None => Err(unknown_label(label.text, label.span(bytes))),
        // What begins with the UTF-8 mark is UTF-8. A declaration of UTF-16 that can be read byte by byte is wrong.
        Some(Encoding::Other(charset)) if !charset.is_utf16() && !is_marked(bytes) => Ok(Some(charset)),
        Some(_) => Ok(None),
    }
}

/// Writes text as a document is encoded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Encoder(Option<Charset>);

impl Encoder {
    /// For an unknown encoding, the encoder writes UTF-8: only the characters that both have in common can be read
    /// anyway.
    pub(crate) fn of(document: &[u8]) -> Encoder {
        Encoder(charset_of(document).ok().flatten())
    }

    /// `None`: the encoding does not have these characters.
    pub(crate) fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self.0 {
            None => Some(text.as_bytes().to_vec()),
            Some(charset) => charset.encode(text),
        }
    }
}

/// Whether a document begins as XML does, even broken XML. JSON is in UTF-8 (RFC 8259, section 8.1), so anything that
/// begins like UTF-16 is also taken for XML.
pub fn is_begun(bytes: &[u8]) -> bool {
    if matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..]) {
        return true;
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    text.trim_ascii_start().first() == Some(&b'<')
}

/// Whether a document is in another encoding than UTF-8.
///
/// # Errors
///
/// The encoding is unknown.
pub(crate) fn is_transcoded(bytes: &[u8]) -> Result<bool, Fault> {
    charset_of(bytes).map(|charset| charset.is_some())
}

/// Compares the declared encoding with the actual one, and blanks out the declaration.
fn settle_label(text: &mut String, charset: Charset) -> Result<Option<Fault>, Fault> {
    let Some((label, span, whole)) = lex_declared(text) else { return Ok(None) };
    let contradiction = match Encoding::of_label(label) {
        None => return Err(unknown_label(label, span)),
        Some(Encoding::Other(declared)) if declared.may_be(charset, label) => None,
        Some(_) => {
            let kind = FaultKind::ContradictedEncoding { declared: shorten(label), found: charset.name() };
            Some(Fault::new(kind, span))
        }
    };
    text.replace_range(whole.clone(), &" ".repeat(whole.len()));
    Ok(contradiction)
}

/// Text that never was bytes: the encoding it declares does not apply to it.
pub fn without_label(text: &str) -> Cow<'_, str> {
    match lex_declared(text) {
        Some((label, _, whole)) if Encoding::of_label(label) != Some(Encoding::Utf8) => {
            let mut text = text.to_owned();
            text.replace_range(whole.clone(), &" ".repeat(whole.len()));
            Cow::Owned(text)
        }
        _ => Cow::Borrowed(text),
    }
}

/// Passes on the text up to the next bytes that form no character, which are returned, or to the end.
fn each_piece(decoder: &mut Decoder<'_>, mut take: impl FnMut(&str)) -> Option<Range<usize>> {
    let mut room = [0; 4096];
    loop {
        let (written, pause) = decoder.decode(usize::MAX, &mut room);
        let piece = room.get(..written).and_then(|piece| std::str::from_utf8(piece).ok());
        take(piece.unwrap_or_default());
        match pause {
            Pause::Read => return None,
            Pause::Full => {}
            Pause::Malformed(bytes) => return Some(bytes),
        }
    }
}

/// Replaces each offset, in ascending order.
fn in_order(offsets: &mut [usize], mut place: impl FnMut(usize) -> usize) {
    let mut order: Vec<usize> = (0..offsets.len()).collect();
    order.sort_by_key(|index| offsets.get(*index).copied());
    for index in order {
        if let Some(offset) = offsets.get_mut(index) {
            *offset = place(*offset);
        }
    }
}

/// Decodes again to find the corresponding offsets. Offsets must ascend.
struct Walk<'b> {
    decoder: Decoder<'b>,
    length: usize,
    /// Bytes kept unchanged because they form no character.
    kept: usize,
    room: [u8; 4096],
}

/// This close to an offset, decoding proceeds byte by byte: no encoding turns one character into as many bytes of
/// UTF-8.
const NEAR: usize = 32;

impl<'b> Walk<'b> {
    fn new(bytes: &'b [u8], charset: Charset) -> Walk<'b> {
        Walk { decoder: charset.decoder(bytes), length: bytes.len(), kept: 0, room: [0; 4096] }
    }

    fn written(&self) -> usize {
        self.decoder.written() + self.kept
    }

    fn step(&mut self, until: usize, room: usize) {
        let room = room.min(self.room.len());
        let (_, pause) = self.decoder.decode(until, self.room.get_mut(..room).unwrap_or_default());
        if let Pause::Malformed(bytes) = pause {
            self.kept += bytes.len();
        }
    }

    /// Where the character begins that contains the byte at an offset of the text.
    fn original(&mut self, offset: usize) -> usize {
        loop {
            let clean = self.decoder.clean();
            if self.written() >= offset || self.decoder.position() >= self.length {
                return clean;
            }
            match offset - self.written() {
                far if far > 2 * NEAR => self.step(self.length, far - NEAR),
                _ => {
                    let before = clean;
                    self.step(self.decoder.position() + 1, NEAR);
                    // The offset is within the character decoded last.
                    if self.written() > offset {
                        return before;
                    }
                }
            }
        }
    }

    /// Where in the text the byte at an offset of the original is.
    fn decoded(&mut self, offset: usize) -> usize {
        let offset = offset.min(self.length);
        while self.decoder.position() < offset {
            let before = self.decoder.position();
            self.step(offset, self.room.len());
            if self.decoder.position() == before {
                break;
            }
        }
        self.written()
    }
}
