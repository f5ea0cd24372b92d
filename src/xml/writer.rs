//! Writes elements, attributes and text as bytes that any XML reader reads back unchanged.

use std::collections::HashSet;
use std::ops::Range;

use super::chars::{find_forbidden, is_plain, skip_written_text, skip_written_value};
use crate::text::name::skip_ncname;

/// Writes elements, attributes and text, escaped, in UTF-8; refuses what XML cannot hold.
///
/// The output is well-formed as long as everything is written within one root element and each prefix is declared (by
/// an attribute `xmlns:p`); the caller has to see to both.
///
/// ```
/// use packetcheck::xml::Writer;
///
/// let mut writer = Writer::new();
/// writer.start("get_status")?;
/// writer.attribute("note", "a < \"b\"")?;
/// writer.start("migration-id")?;
/// writer.text("24175 & more")?;
/// writer.end();
/// writer.end();
/// assert_eq!(
///     writer.into_bytes(),
///     b"<get_status note=\"a &lt; &quot;b&quot;\"><migration-id>24175 &amp; more</migration-id></get_status>",
/// );
/// # Ok::<(), packetcheck::xml::WriteError>(())
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    /// Where in the output the names of the open elements are. Nothing before the end of the innermost one moves.
    open: Vec<Range<usize>>,
    /// The last start tag still lacks its `>`.
    in_tag: bool,
    attributes: AttributeNames,
}

/// What XML cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A character outside the production Char (section 2.2), for which there is no reference either.
    #[error("text cannot hold the character U+{:04X}", u32::from(*.0))]
    Character(char),
    /// Not a qualified name (Namespaces, section 4).
    #[error("`{0}` is not an XML name")]
    Name(String),
    /// The tag already has an attribute of this name.
    #[error("expected each attribute once, found `{0}` again")]
    DuplicateAttribute(String),
    /// No start tag is open: content was already written, or nothing at all.
    #[error("expected the attribute `{0}` directly after the start of its element, found content before it")]
    MisplacedAttribute(String),
}

impl Writer {
    /// A writer with nothing written.
    ///
    /// ```
    /// let mut writer = packetcheck::xml::Writer::new();
    /// writer.start("a")?;
    /// writer.attribute("b", "1 < 2")?;
    /// writer.text("x & y")?;
    /// writer.end();
    /// assert_eq!(writer.into_bytes(), b"<a b=\"1 &lt; 2\">x &amp; y</a>");
    /// # Ok::<(), packetcheck::xml::WriteError>(())
    /// ```
    pub fn new() -> Writer {
        Writer::default()
    }

    /// Appends to `buffer`, in its memory.
    pub fn with_buffer(buffer: Vec<u8>) -> Writer {
        Writer { out: buffer, ..Writer::default() }
    }

    /// Begins another document after what `buffer` holds.
    pub(crate) fn begin(&mut self, buffer: Vec<u8>) {
        self.out = buffer;
        self.open.clear();
        self.in_tag = false;
        self.attributes.clear();
    }

    /// What was written; the writer is then free for another document.
    pub(crate) fn take_bytes(&mut self) -> Vec<u8> {
        self.close_tag();
        std::mem::take(&mut self.out)
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>` and a line feed. Only at the start of a document.
    pub fn declaration(&mut self) {
        self.out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    /// Begins an element.
    ///
    /// # Errors
    ///
    /// The name is malformed; nothing was written.
    pub fn start(&mut self, name: &str) -> Result<(), WriteError> {
        check_name(name)?;
        self.start_declared(name);
        Ok(())
    }

    /// [`start`](Writer::start) with a name that is known to be valid.
    pub(crate) fn start_declared(&mut self, name: &str) {
        self.close_tag();
        self.out.push(b'<');
        let begin = self.out.len();
        self.out.extend_from_slice(name.as_bytes());
        self.open.push(begin..self.out.len());
        self.in_tag = true;
        self.attributes.clear();
    }

    /// An attribute of the element that was just begun. Only directly after [`start`](Writer::start) or another
    /// attribute.
    ///
    /// # Errors
    ///
    /// The name is malformed or already in the tag, the value has a forbidden character, or no start tag is open;
    /// nothing was written.
    pub fn attribute(&mut self, name: &str, value: &str) -> Result<(), WriteError> {
        if !self.in_tag {
            return Err(WriteError::MisplacedAttribute(name.to_owned()));
        }
        check_name(name)?;
        self.attribute_declared(name, value)
    }

    /// [`attribute`](Writer::attribute) with a name that is known to be valid, while a start tag is open.
    pub(crate) fn attribute_declared(&mut self, name: &str, value: &str) -> Result<(), WriteError> {
        let is_plain = is_plain(value);
        if !is_plain {
            check_characters(value)?;
        }
        let begin = self.out.len() + 1;
        if !self.attributes.insert(&self.out, name, begin..begin + name.len()) {
            return Err(WriteError::DuplicateAttribute(name.to_owned()));
        }
        if is_plain {
            self.out.push(b' ');
            self.out.extend_from_slice(name.as_bytes());
            self.out.extend_from_slice(b"=\"");
            self.out.extend_from_slice(value.as_bytes());
            self.out.push(b'"');
        } else {
            self.push_attribute(name, value);
        }
        Ok(())
    }

    /// Text of the open element. A carriage return is written as `&#13;`, since a reader would take it for a line feed;
    /// `]]>` as `]]&gt;`.
    ///
    /// # Errors
    ///
    /// The first forbidden character; nothing was written.
    pub fn text(&mut self, text: &str) -> Result<(), WriteError> {
        if text.is_empty() {
            return Ok(());
        }
        if is_plain(text) {
            self.plain_text(text.as_bytes());
            return Ok(());
        }
        check_characters(text)?;
        self.close_tag();
        escape_text(&mut self.out, text);
        Ok(())
    }

    /// Text that is not empty and needs no escaping.
    pub(crate) fn plain_text(&mut self, text: &[u8]) {
        self.close_tag();
        self.out.extend_from_slice(text);
    }

    /// Ends the innermost open element; one without content becomes `<a/>`. Does nothing if none is open.
    pub fn end(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if self.in_tag {
            self.out.extend_from_slice(b"/>");
            self.in_tag = false;
        } else {
            self.out.extend_from_slice(b"</");
            self.out.extend_from_within(name);
            self.out.push(b'>');
        }
    }

    /// Adds attributes and content to the element that was just begun, unchanged: they are known to be well-formed.
    pub(crate) fn markup(&mut self, attributes: &str, content: &str) {
        self.out.extend_from_slice(attributes.as_bytes());
        if !content.is_empty() {
            self.close_tag();
            self.out.extend_from_slice(content.as_bytes());
        }
    }

    /// Sorts what was written after the tag of the open element: each piece begins at its offset, ends where the next
    /// one begins, and goes where its rank says. Pieces of one rank keep their order.
    pub(crate) fn reorder(&mut self, pieces: &[(usize, usize)]) {
        let Some((_, begin)) = pieces.first() else { return };
        // The first piece brought the `>` of the open tag with it.
        let begin = begin + usize::from(self.out.get(*begin) == Some(&b'>'));
        let written = self.out.split_off(begin.min(self.out.len()));
        let mut sorted: Vec<(usize, &[u8])> = Vec::with_capacity(pieces.len());
        for (index, (rank, from)) in pieces.iter().enumerate() {
            let to = pieces.get(index + 1).map_or(begin + written.len(), |(_, next)| *next);
            let from = (*from).max(begin);
            sorted.push((*rank, written.get(from - begin..to.max(from) - begin).unwrap_or_default()));
        }
        sorted.sort_by_key(|(rank, _)| *rank);
        for (_, piece) in sorted {
            self.out.extend_from_slice(piece);
        }
    }

    /// Adds an attribute to an element whose tag ends at `at` (without its `>`), even if more was written after it. The
    /// caller makes sure that its name is new. Returns by how many bytes everything after it moved.
    pub(crate) fn insert_attribute(&mut self, at: usize, name: &str, value: &str) -> Result<usize, WriteError> {
        check_name(name)?;
        check_characters(value)?;
        let end = self.out.len();
        self.push_attribute(name, value);
        let length = self.out.len() - end;
        if let Some(moved) = self.out.get_mut(at..) {
            moved.rotate_right(length);
        }
        Ok(length)
    }

    fn push_attribute(&mut self, name: &str, value: &str) {
        self.out.push(b' ');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"=\"");
        escape_value(&mut self.out, value);
        self.out.push(b'"');
    }

    /// The open elements from the root on, such as `/packet/migration`.
    pub(crate) fn open_path(&self) -> String {
        let mut path = String::new();
        for name in &self.open {
            path.push('/');
            path.push_str(&String::from_utf8_lossy(self.out.get(name.clone()).unwrap_or_default()));
        }
        path
    }

    /// The number of open elements.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The number of bytes written so far. The last start tag may still lack its `>`, which the next text, start or end
    /// adds.
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// What was written. Open elements stay open.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.take_bytes()
    }

    #[inline]
    fn close_tag(&mut self) {
        if self.in_tag {
            self.out.push(b'>');
            self.in_tag = false;
        }
    }
}

/// Appends escaped text (section 2.4). Its characters are known to be allowed, or are checked later.
#[inline]
pub(crate) fn escape_text(out: &mut Vec<u8>, text: &str) {
    escape(out, text, skip_written_text, |out, character| match character {
        '&' => b"&amp;",
        '<' => b"&lt;",
        '\r' => b"&#13;",
        // The brackets may come from an earlier call.
        _ if out.ends_with(b"]]") => b"&gt;",
        _ => b">",
    });
}

/// Appends an escaped attribute value, for double quotes (section 3.3.3): white space other than a space is kept only
/// as a reference.
#[inline]
pub(crate) fn escape_value(out: &mut Vec<u8>, value: &str) {
    escape(out, value, skip_written_value, |_, character| match character {
        '&' => b"&amp;",
        '<' => b"&lt;",
        '"' => b"&quot;",
        '\t' => b"&#9;",
        '\n' => b"&#10;",
        _ => b"&#13;",
    });
}

/// Appends what `skip` passes over unchanged, and replaces each character that it stops at by what `written` returns,
/// given the output so far.
#[inline]
fn escape(
    out: &mut Vec<u8>,
    mut text: &str,
    skip: impl Fn(&[u8]) -> usize,
    written: impl Fn(&[u8], char) -> &'static [u8],
) {
    loop {
        let (plain, rest) = text.split_at(skip(text.as_bytes()));
        out.extend_from_slice(plain.as_bytes());
        let mut characters = rest.chars();
        let Some(character) = characters.next() else { return };
        out.extend_from_slice(written(out, character));
        text = characters.as_str();
    }
}

/// The names of the attributes of one tag.
#[derive(Debug, Default)]
struct AttributeNames {
    /// Where they are in the output.
    places: Vec<Range<usize>>,
    /// The names themselves, once they are too many to be compared one by one.
    many: HashSet<Box<[u8]>>,
}

impl AttributeNames {
    const COMPARED_ONE_BY_ONE: usize = 16;

    #[inline]
    fn clear(&mut self) {
        self.places.clear();
        if !self.many.is_empty() {
            self.many.clear();
        }
    }

    /// Whether the name is new; if so, it will be at `place` in `out`.
    fn insert(&mut self, out: &[u8], name: &str, place: Range<usize>) -> bool {
        let is_new = if self.places.len() < Self::COMPARED_ONE_BY_ONE {
            !self.places.iter().any(|place| out.get(place.clone()) == Some(name.as_bytes()))
        } else {
            if self.many.is_empty() {
                self.many.extend(self.places.iter().filter_map(|place| out.get(place.clone())).map(Box::from));
            }
            self.many.insert(name.as_bytes().into())
        };
        if is_new {
            self.places.push(place);
        }
        is_new
    }
}

/// Namespaces, section 4, productions 7 to 11.
pub(crate) fn check_name(name: &str) -> Result<(), WriteError> {
    let end = skip_ncname(name, 0);
    let is_name = match name.as_bytes().get(end) {
        None => end > 0,
        Some(b':') => end > 0 && end + 1 < name.len() && skip_ncname(name, end + 1) == name.len(),
        Some(_) => false,
    };
    if is_name { Ok(()) } else { Err(WriteError::Name(name.to_owned())) }
}

fn check_characters(text: &str) -> Result<(), WriteError> {
    match find_forbidden(text, 0, text.len()) {
        None => Ok(()),
        Some((_, character)) => Err(WriteError::Character(character)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer) -> Result<(), WriteError>) -> Result<String, WriteError> {
        let mut writer = Writer::new();
        write(&mut writer)?;
        Ok(String::from_utf8(writer.into_bytes()).expect("the writer writes UTF-8"))
    }

    #[test]
    fn text_and_values_are_escaped() {
        let text = written(|writer| {
            writer.declaration();
            writer.start("p:a")?;
            writer.attribute("b", "<>&\"'\t\n\r é")?;
            writer.text("")?;
            writer.end();
            Ok(())
        });
        let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        let expected = format!("{declaration}<p:a b=\"&lt;>&amp;&quot;'&#9;&#10;&#13; é\"/>");
        assert_eq!(text, Ok(expected));
        let text = written(|writer| {
            writer.start("a")?;
            writer.text("<>&\"'\t\n\r é ]] > ]]>]]")?;
            writer.text(">")?;
            writer.end();
            writer.end();
            Ok(())
        });
        assert_eq!(text, Ok("<a>&lt;>&amp;\"'\t\n&#13; é ]] > ]]&gt;]]&gt;</a>".to_owned()));
    }

    #[test]
    fn text_that_xml_cannot_hold_is_refused_and_leaves_no_trace() {
        let mut writer = Writer::new();
        for name in ["", ":", "a:", ":a", "a:b:c", "1", "a b", "a<"] {
            assert_eq!(writer.start(name), Err(WriteError::Name(name.to_owned())));
        }
        assert_eq!(writer.attribute("a", ""), Err(WriteError::MisplacedAttribute("a".to_owned())));
        assert_eq!(writer.start("a"), Ok(()));
        assert_eq!(writer.attribute("b", "\0"), Err(WriteError::Character('\0')));
        assert_eq!(writer.attribute("b c", ""), Err(WriteError::Name("b c".to_owned())));
        assert_eq!(writer.attribute("b", ""), Ok(()));
        assert_eq!(writer.attribute("b", ""), Err(WriteError::DuplicateAttribute("b".to_owned())));
        assert_eq!(writer.text("a\u{FFFE}"), Err(WriteError::Character('\u{FFFE}')));
        writer.end();
        assert_eq!(writer.attribute("c", ""), Err(WriteError::MisplacedAttribute("c".to_owned())));
        assert_eq!(writer.into_bytes(), b"<a b=\"\"/>");
    }

    #[test]
    fn many_attributes_are_distinguished() {
        let mut writer = Writer::new();
        assert_eq!(writer.start("a"), Ok(()));
        for number in 0..100 {
            assert_eq!(writer.attribute(&format!("b{number}"), ""), Ok(()));
        }
        for name in ["b0", "b50", "b99"] {
            assert_eq!(writer.attribute(name, ""), Err(WriteError::DuplicateAttribute(name.to_owned())));
        }
    }
}
