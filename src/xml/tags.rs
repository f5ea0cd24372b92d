//! The tags of a document that the lexers have accepted, read again for their names only.

use memchr::memmem;

use crate::text::scan::{near, start_tag_end, tag_name_end};

/// A tag, as far as the structure of the document goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag<'a> {
    /// `at` is the offset of its `<`.
    Start { name: &'a str, at: usize },
    /// The end of `<a/>` too.
    End,
}

/// The tags of a well-formed document, in order. Nothing is checked: in a document that is not well-formed, some tags
/// may be missing or wrong.
#[derive(Debug, Clone)]
pub(crate) struct Tags<'a> {
    text: &'a str,
    at: usize,
    /// The last start tag was that of an empty element.
    is_empty: bool,
}

impl<'a> Tags<'a> {
    /// The tags from an offset on: what is before the root is not looked at for declarations.
    pub(crate) fn new(text: &'a str, at: usize) -> Tags<'a> {
        Tags { text, at, is_empty: false }
    }

    /// The caller takes the last start tag for an end tag.
    pub(crate) fn take_for_end_tag(&mut self) {
        self.is_empty = false;
    }

    /// Where the last tag ends.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Moves past the next `end`.
    fn skip_past(&mut self, end: &str) -> Option<()> {
        self.at += memmem::find(self.rest(), end.as_bytes())? + end.len();
        Some(())
    }

    /// At `<`.
    #[inline]
    fn start_tag(&mut self) -> Option<Tag<'a>> {
        let (at, bytes) = (self.at, self.text.as_bytes());
        let name_end = tag_name_end(bytes, at + 1);
        let name = self.text.get(at + 1..name_end)?;
        let end = start_tag_end(bytes, name_end)?;
        self.is_empty = bytes.get(end - 1) == Some(&b'/');
        self.at = end + 1;
        Some(Tag::Start { name, at })
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        if std::mem::take(&mut self.is_empty) {
            return Some(Tag::End);
        }
        loop {
            self.at += near(b'<', self.rest())?;
            match self.rest() {
                [b'<', b'/', ..] => {
                    self.at += near(b'>', self.rest())? + 1;
                    return Some(Tag::End);
                }
                [b'<', b'?', ..] => self.skip_past("?>")?,
                [b'<', b'!', b'[', ..] => self.skip_past("]]>")?,
                [b'<', b'!', ..] => {
                    self.at += "<!--".len();
                    self.skip_past("-->")?;
                }
                _ => return self.start_tag(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::xml::{Reader, Token};
    use proptest::prelude::*;

    /// The tags that the reader finds in a document; `None` if it is not well-formed.
    fn tags_of_reader(document: &str) -> Option<Vec<Tag<'_>>> {
        let mut reader = Reader::new(document.as_bytes(), &Limits::default()).ok()?;
        let (mut tags, mut faults) = (Vec::new(), 0);
        loop {
            match reader.next(&mut |_| faults += 1) {
                Token::Start { name, span, .. } => tags.push(Tag::Start { name, at: span.0 }),
                Token::Text { .. } => {}
                Token::End { .. } => tags.push(Tag::End),
                Token::Eof => return (faults == 0).then_some(tags),
            }
        }
    }

    #[test]
    fn only_tags_are_tags() {
        let document = "\u{feff}<?xml version='1.0'?><!--<a>--><a b='/>' c=\"'\" ><?p <b> ?>x<![CDATA[<c>]]>\
                        <d/><é\n x='1'/></a\n>\n<!--- --><?q?>";
        let tags: Vec<_> = Tags::new(document, 0).collect();
        assert_eq!(tags.len(), 6);
        assert_eq!(Some(tags), tags_of_reader(document));
    }

    proptest! {
        #[test]
        fn they_are_those_of_the_reader(pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<a>", "</a>", "<a/>", "<b x='>'>", "</b >", "<b y=\"'/>'\"/>", "<!-- <a> -->", "<![CDATA[</a>]]>", "<?p <a> ?>",
                "text", "<c\n z='1' />", "]", "'", "\"", "/", ">",
            ]),
            0..12,
        )) {
            let document = format!("<r>{}</r>", pieces.concat());
            if let Some(tags) = tags_of_reader(&document) {
                prop_assert_eq!(Tags::new(&document, 0).collect::<Vec<_>>(), tags);
            }
        }
    }
}
