//! The gaps of an XML document.
//!
//! One pass over the tokens. The gaps of an element are recorded as they occur; if the element turns out to hold text
//! and no schema has said so, those recorded since its start tag are dropped.

use super::content::{Elements, Known};
use super::gap::{Belongs, Gap};
use crate::text::white_space::skip_white_space;
use crate::xml::{Decoded, Reader, Token, attribute_value, doctype_end};
use crate::{Limits, Schema};

/// All gaps in order; `None` if the document is malformed.
pub(super) fn gaps(
    document: &[u8],
    decoded: Option<&Decoded<'_>>,
    schema: Option<&Schema>,
    minify: bool,
    limits: &Limits,
) -> Option<Vec<Gap>> {
    let mut reader = match decoded {
        Some(decoded) => Reader::of_decoded(decoded, limits),
        None => Reader::new(document, limits).ok()?,
    };
    let text = reader.text();
    let mut is_malformed = false;
    let mut layout = Layout {
        text,
        minify,
        elements: Elements::new(text, schema, limits),
        open: Vec::new(),
        gaps: Vec::new(),
        begin: reader.position(),
        end: reader.position(),
        last: Last::Other,
        tag: 0,
    };
    loop {
        match reader.next(&mut |_| is_malformed = true) {
            _ if is_malformed => return None,
            Token::Start { span, .. } => {
                let space = reader.attributes().iter().find(|attribute| attribute.name == "xml:space");
                layout.start(span, space.map(|space| attribute_value(space.value)).as_deref());
            }
            Token::Text { run, at, .. } => layout.text(run.raw, at, run.blank),
            Token::End { span, .. } => layout.end(span),
            Token::Eof => break,
        }
    }
    // The content after the root.
    layout.outside(text.len());
    layout.put(text.len(), Belongs::Line(0));
    Some(layout.gaps)
}

/// How the white space in an open element is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    /// Formatted: the schema says that it is insignificant.
    Free,
    /// Formatted while the element holds no text.
    FreeSoFar,
    /// Kept: according to the schema, it is content.
    Kept,
    /// Kept in the element and in everything within it, since it unexpectedly holds text.
    Mixed,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    space: Space,
    /// Whether `xml:space="preserve"` is in force.
    preserves: bool,
    /// Whether it has a child, a comment or an instruction.
    has_items: bool,
    has_children: bool,
    /// The number of gaps before it began.
    gaps_before: usize,
}

impl Open {
    fn is_laid_out(&self) -> bool {
        !self.preserves && matches!(self.space, Space::Free | Space::FreeSoFar)
    }
}

/// What precedes a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    /// A comment on the same line as the item before it, and the number of the gap between the two.
    Comment(usize),
    Other,
}

struct Layout<'t> {
    text: &'t str,
    minify: bool,
    elements: Elements,
    open: Vec<Open>,
    gaps: Vec<Gap>,
    /// The offset after the byte order mark and the declaration.
    begin: usize,
    /// Where the last item ended.
    end: usize,
    last: Last,
    /// The last start tag.
    tag: usize,
}

impl Layout<'_> {
    fn start(&mut self, span: (usize, usize), space: Option<&str>) {
        if self.open.is_empty() {
            self.outside(span.0);
        }
        self.item(span);
        self.tag = span.0;
        if let Some(around) = self.open.last_mut() {
            around.has_children = true;
        }
        let around = self.open.last().copied();
        let element = self.elements.at(span.0);
        let preserves = match space {
            Some("preserve") => true,
            Some("default") => false,
            _ => element.preserves || around.is_some_and(|around| around.preserves),
        };
        let space = match (around.map(|around| around.space), element.known) {
            (Some(Space::Mixed), _) => Space::Mixed,
            (_, Known::Nothing) => Space::Free,
            (_, Known::Content) | (Some(Space::Kept), Known::Unknown) => Space::Kept,
            (_, Known::Unknown) => Space::FreeSoFar,
        };
        self.open.push(Open { space, preserves, has_items: false, has_children: false, gaps_before: self.gaps.len() });
    }

    /// A run of text, with the comments and instructions in it.
    fn text(&mut self, raw: &str, at: usize, is_blank: bool) {
        let Some(open) = self.open.last_mut() else { return };
        if !is_blank && matches!(open.space, Space::Free | Space::FreeSoFar) {
            self.gaps.truncate(open.gaps_before);
            open.space = Space::Mixed;
        }
        if open.is_laid_out() {
            self.items(at, at + raw.len());
        }
    }

    fn end(&mut self, span: (usize, usize)) {
        let Some(open) = self.open.pop() else { return };
        let is_empty_tag = span.0 == self.tag && !open.has_items;
        if open.is_laid_out() && !is_empty_tag {
            if open.space == Space::FreeSoFar && !open.has_children {
                // This may be the text that makes it an element with text.
                self.gaps.truncate(open.gaps_before);
            } else if open.has_items {
                self.put(span.0, Belongs::Line(self.level()));
            } else {
                self.put(span.0, Belongs::Nothing);
            }
        }
        self.end = span.1;
        self.last = Last::Other;
    }

    /// Handles the content before or after the root, up to an offset.
    fn outside(&mut self, end: usize) {
        self.items(self.end, end);
    }

    /// Handles the comments, instructions and declarations between two offsets, which are separated only by white
    /// space.
    fn items(&mut self, mut at: usize, end: usize) {
        let bytes = self.text.as_bytes();
        loop {
            at = skip_white_space(bytes, at);
            if at >= end {
                return;
            }
            let rest = self.text.get(at..end).unwrap_or_default();
            let is_comment = rest.starts_with("<!--");
            let after = |closing: &str| rest.find(closing).map(|length| at + length + closing.len());
            let next = match rest.as_bytes() {
                _ if is_comment => after("-->"),
                [b'<', b'?', ..] => after("?>"),
                _ => doctype_end(self.text, at),
            };
            let next = next.unwrap_or(end);
            let is_beside = is_comment && self.is_beside(at);
            self.item((at, next));
            if is_beside && let Some(number) = self.gaps.len().checked_sub(1) {
                self.last = Last::Comment(number);
            }
            at = next;
        }
    }

    /// Whether the item at an offset is on the same line as the item before it, separated by white space.
    fn is_beside(&self, at: usize) -> bool {
        let between = self.text.get(self.end..at).unwrap_or_default();
        !self.is_at_front() && !between.is_empty() && !between.contains('\n')
    }

    /// Handles a child, a comment, an instruction or a declaration.
    fn item(&mut self, span: (usize, usize)) {
        let is_laid_out = self.open.last().is_none_or(Open::is_laid_out);
        if let Some(open) = self.open.last_mut() {
            open.has_items = true;
        }
        if is_laid_out {
            let belongs = if self.is_at_front() { Belongs::Nothing } else { Belongs::Line(self.level()) };
            self.put(span.0, belongs);
        }
        self.end = span.1;
        self.last = Last::Other;
    }

    /// Whether nothing has been read so far, not even an XML declaration.
    fn is_at_front(&self) -> bool {
        self.end == self.begin && !self.text.get(..self.begin).is_some_and(|before| before.ends_with("?>"))
    }

    /// The nesting depth of items in the open element.
    fn level(&self) -> u32 {
        u32::try_from(self.open.len()).unwrap_or(u32::MAX)
    }

    /// Records the gap up to an offset.
    fn put(&mut self, to: usize, belongs: Belongs) {
        let (start, end) = (self.end, to);
        let belongs = if self.minify { Belongs::Nothing } else { belongs };
        if let Last::Comment(number) = self.last
            && !self.minify
            && self.text.get(start..end).is_some_and(|gap| gap.contains('\n'))
            && let Some(before) = self.gaps.get_mut(number)
        {
            before.belongs = Belongs::Same;
        }
        if start < end || belongs != Belongs::Nothing {
            self.gaps.push(Gap { start, end, belongs });
        }
    }
}
