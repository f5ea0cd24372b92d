//! What must not be shown of a document: passwords.
//!
//! A diagnostic shows the document twice: in its words, and where its place is drawn. Both are masked by one list of
//! places, found in the bytes themselves by the names of elements. The document may be broken in any way, so nothing
//! here relies on what a reader made of it, and where it is not clear how far a secret goes, more is masked.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memmem};

use super::places::in_utf8;
use super::words::shown;
use super::{Code, Diagnostic, Report};
use crate::text::white_space::skip_white_space;

/// Bytes of a document that must not be shown: in order, without overlaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Concealed(Arc<[Range<usize>]>);

impl Concealed {
    pub(crate) fn of(ranges: Vec<Range<usize>>) -> Concealed {
        Concealed(ranges.into())
    }

    pub(crate) fn ranges(&self) -> &[Range<usize>] {
        &self.0
    }

    /// Whether the byte is one of them.
    #[cfg(feature = "cli")]
    pub(crate) fn holds(&self, offset: usize) -> bool {
        self.meets(&(offset..offset + 1))
    }

    /// Whether a span holds one of them, or is an empty one among them.
    fn meets(&self, span: &Range<usize>) -> bool {
        let after = self.0.partition_point(|range| range.end <= span.start);
        self.0.get(after).is_some_and(|range| range.start < span.end.max(span.start + 1))
    }
}

/// Masks what stands in elements of these names, whatever their case and their prefix: renderings of the diagnostics
/// do not show it, and words that tell of it are replaced. `is_known` tells the names of a schema, which are no secrets.
pub(crate) fn conceal(report: &mut Report, document: &[u8], names: &[Box<str>], is_known: impl Fn(&str) -> bool) {
    if names.is_empty() || report.diagnostics.is_empty() {
        return;
    }
    in_utf8(document, report, |text, report| match text {
        Some(text) => conceal_in_utf8(report, text, names, is_known),
        None => {
            // Its bytes are not the characters they look like: none is shown, and no word tells of any.
            let concealed = Concealed::of(std::iter::once(0..document.len()).collect());
            report.diagnostics.iter_mut().for_each(|diagnostic| diagnostic.concealed = concealed.clone());
        }
    });
}

fn conceal_in_utf8(report: &mut Report, document: &[u8], names: &[Box<str>], is_known: impl Fn(&str) -> bool) {
    let Some(first) = report.diagnostics.first() else { return };
    let mut ranges = first.concealed.ranges().to_vec();
    ranges.extend(find(document, names));
    let concealed = Concealed(merged(ranges).into());
    let pieces = names_in(document, &concealed, is_known);
    for diagnostic in &mut report.diagnostics {
        diagnostic.conceal(&concealed, names, &pieces);
    }
}

/// Names of tags in what is concealed: a reader may take them for elements that stand elsewhere.
fn names_in(document: &[u8], concealed: &Concealed, is_known: impl Fn(&str) -> bool) -> HashSet<String> {
    let mut names = HashSet::new();
    for range in concealed.ranges() {
        let text = document.get(range.clone()).unwrap_or_default();
        for at in memchr::memchr_iter(b'<', text) {
            let name = text.get(at + 1..).unwrap_or_default();
            let name = name.get(..name_length(name)).unwrap_or_default();
            let name = String::from_utf8_lossy(name);
            if !is_known(&name) {
                names.insert(shown(&name));
            }
        }
    }
    names
}

impl Diagnostic {
    fn conceal(&mut self, concealed: &Concealed, names: &[Box<str>], pieces: &HashSet<String>) {
        self.concealed = concealed.clone();
        let inside = start_of_secret(&self.path, names, pieces);
        let related = self.related.as_ref().is_some_and(|(span, _)| concealed.meets(span));
        if inside.is_none() && !related && !concealed.meets(&self.span) {
            return;
        }
        if let Some(start) = inside {
            self.path.truncate(start);
        }
        self.message = format!("{}; it stands in a secret, which is not shown", self.code.title());
        self.found = None;
        self.help = Some(self.code.remedy().to_owned());
        // What a type asks for is the schema's; names of elements may be pieces of a secret.
        if !is_about_value(self.code) {
            self.expected.clear();
        }
    }
}

fn is_about_value(code: Code) -> bool {
    code.as_str().starts_with("PC04")
}

/// How much of a path can be shown, where that is not all: up to an element that holds a secret, or to a piece of one.
fn start_of_secret(path: &str, names: &[Box<str>], pieces: &HashSet<String>) -> Option<usize> {
    let mut at = 0;
    for step in path.split('/') {
        let end = at + step.len();
        let name = step.split('[').next().unwrap_or(step);
        if !name.is_empty() && pieces.contains(name) {
            return Some(at.saturating_sub(1));
        }
        if end < path.len() && is_secret(name.as_bytes(), names) {
            return Some(end);
        }
        at = end + 1;
    }
    None
}

fn is_secret(name: &[u8], names: &[Box<str>]) -> bool {
    let local = name.rsplit(|byte| *byte == b':').next().unwrap_or(name);
    names.iter().any(|secret| local.eq_ignore_ascii_case(secret.as_bytes()))
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
    ranges
}

/// What stands in elements of these names. Linear in the document.
fn find(document: &[u8], names: &[Box<str>]) -> Vec<Range<usize>> {
    // Read both as if CDATA sections and comments in a secret were such, and as if they were text: a password may hold
    // the beginning of one.
    let mut found = Scan::new(document, names).run(true);
    found.extend(Scan::new(document, names).run(false));
    found
}

/// A tag that is written as XML wants it.
#[derive(Clone, Copy)]
struct Tag {
    /// Behind its `>`.
    end: usize,
    /// Where its attributes end, with the white space behind them.
    attributes_end: usize,
    /// `<name/>`
    empty: bool,
}

struct Scan<'d> {
    document: &'d [u8],
    names: &'d [Box<str>],
    found: Vec<Range<usize>>,
    /// Where the content of the secret elements begins that are open.
    open: Vec<usize>,
    /// Nothing behind ends a comment, or a CDATA section.
    exhausted: [bool; 2],
}

impl<'d> Scan<'d> {
    fn new(document: &'d [u8], names: &'d [Box<str>]) -> Scan<'d> {
        Scan { document, names, found: Vec::new(), open: Vec::new(), exhausted: [false; 2] }
    }

    fn run(mut self, sections: bool) -> Vec<Range<usize>> {
        let mut at = 0;
        // Behind the last tag that is written well.
        let mut last = 0;
        while let Some(start) = self.next_less_than(at) {
            if sections
                && !self.open.is_empty()
                && let Some(end) = self.section(start)
            {
                at = end;
                continue;
            }
            let is_end = self.document.get(start + 1) == Some(&b'/');
            let name_start = start + if is_end { 2 } else { 1 };
            let name_end = self.name_end(name_start);
            let tag = self.tag(name_end, is_end);
            if is_secret(self.document.get(name_start..name_end).unwrap_or_default(), self.names) {
                if is_end {
                    // Where no element of the name is open, its start tag is broken: it is behind the last good one.
                    self.found.push(self.open.pop().unwrap_or(last)..start);
                } else {
                    self.begin(name_end, tag);
                }
            }
            match tag.filter(|_| name_end > name_start) {
                Some(tag) => (at, last) = (tag.end, tag.end),
                None => at = name_end.max(start + 1),
            }
        }
        self.close_open();
        self.found
    }

    /// A start tag of a secret element.
    fn begin(&mut self, name_end: usize, tag: Option<Tag>) {
        match tag {
            Some(tag) => {
                let attributes = self.document.get(name_end..tag.attributes_end).unwrap_or_default();
                if !attributes.trim_ascii().is_empty() {
                    self.found.push(name_end..tag.attributes_end);
                }
                if !tag.empty {
                    self.open.push(tag.end);
                }
            }
            None => self.open.push(name_end),
        }
    }

    /// Elements that no end tag ends go up to the first good end tag of any name, or to the end of the document.
    fn close_open(&mut self) {
        let mut reached = 0;
        for content in std::mem::take(&mut self.open) {
            if content >= reached {
                reached = self.first_end_tag(content).unwrap_or(self.document.len());
                self.found.push(content..reached);
            }
        }
    }

    fn first_end_tag(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while let Some(start) = self.next_less_than(at) {
            let name_end = self.name_end(start + 2);
            let is_end_tag = self.document.get(start + 1) == Some(&b'/') && name_end > start + 2;
            if is_end_tag && self.tag(name_end, true).is_some() {
                return Some(start);
            }
            at = start + 1;
        }
        None
    }

    fn next_less_than(&self, from: usize) -> Option<usize> {
        memchr(b'<', self.document.get(from..)?).map(|found| from + found)
    }

    /// The end of a comment or a CDATA section that begins here and ends somewhere.
    fn section(&mut self, start: usize) -> Option<usize> {
        let rest = self.document.get(start..)?;
        for (kind, (opening, closing)) in [("<!--", "-->"), ("<![CDATA[", "]]>")].into_iter().enumerate() {
            if rest.starts_with(opening.as_bytes()) && !*self.exhausted.get(kind)? {
                let body = rest.get(opening.len()..)?;
                match memmem::find(body, closing.as_bytes()) {
                    Some(length) => return Some(start + opening.len() + length + closing.len()),
                    None => *self.exhausted.get_mut(kind)? = true,
                }
            }
        }
        None
    }

    fn name_end(&self, from: usize) -> usize {
        from + name_length(self.document.get(from..).unwrap_or_default())
    }

    /// What follows the name of a tag: attributes, and `>` or `/>`. At most up to the next `<` is looked at.
    fn tag(&self, name_end: usize, is_end: bool) -> Option<Tag> {
        let mut at = name_end;
        loop {
            let attribute = skip_white_space(self.document, at);
            match self.document.get(attribute)? {
                b'>' => return Some(Tag { end: attribute + 1, attributes_end: attribute, empty: false }),
                b'/' if !is_end && self.document.get(attribute + 1) == Some(&b'>') => {
                    return Some(Tag { end: attribute + 2, attributes_end: attribute, empty: true });
                }
                _ if is_end || attribute == at => return None,
                _ => at = self.attribute_end(attribute)?,
            }
        }
    }

    /// `name = "value"`
    fn attribute_end(&self, start: usize) -> Option<usize> {
        let name_end = self.name_end(start);
        let equals = skip_white_space(self.document, name_end);
        if name_end == start || self.document.get(equals) != Some(&b'=') {
            return None;
        }
        let value = skip_white_space(self.document, equals + 1);
        let quote = *self.document.get(value).filter(|quote| matches!(quote, b'"' | b'\''))?;
        let rest = self.document.get(value + 1..)?;
        let length = memchr::memchr2(quote, b'<', rest)?;
        (rest.get(length) == Some(&quote)).then_some(value + 1 + length + 1)
    }
}

/// How many bytes from the first on a name may be made of.
fn name_length(text: &[u8]) -> usize {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | 0x80..);
    text.iter().position(|byte| !is_name(byte)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document with every byte masked that must not be shown.
    fn masked(document: &str) -> String {
        let names = ["password".into()];
        let ranges = merged(find(document.as_bytes(), &names));
        let mask = |(at, byte): (usize, u8)| if ranges.iter().any(|range| range.contains(&at)) { b'*' } else { byte };
        String::from_utf8_lossy(&document.bytes().enumerate().map(mask).collect::<Vec<u8>>()).into_owned()
    }

    /// No `x` may be shown, every `y` may.
    fn hides_x_alone(documents: &[&str]) {
        for document in documents {
            let shown = masked(document);
            assert!(!shown.contains('x'), "{document}: {shown}");
            assert_eq!(shown.matches('y').count(), document.matches('y').count(), "{document}: {shown}");
        }
    }

    #[test]
    fn elements_of_the_name_are_masked() {
        assert_eq!(masked("<a><password>xx</password><b>y</b></a>"), "<a><password>**</password><b>y</b></a>");
        assert_eq!(masked("<password/><passwords>y</passwords>"), "<password/><passwords>y</passwords>");
        hides_x_alone(&[
            "<y:PassWord >x</y:PassWord\n><b>y</b>",
            "<password a='x'>x</password><b>y</b>",
            "<password a='x>' b=\"x/\"/><b>y</b>",
            "<password><b>x</b>x</password><b>y</b>",
            "<password>x<password>x</password>x</password><b>y</b>",
            "<password>x\nx\r\nx</password><b>y</b>",
            "<password>x&x;&lt;x</password>",
        ]);
    }

    #[test]
    fn broken_ones_are_masked_too() {
        assert_eq!(masked("<password>x<b>y</b>"), "<password>*****</b>");
        assert_eq!(masked("<password>x</ password><b>y</b>"), "<password>*****************</b>");
        hides_x_alone(&[
            "<b>y</b><password>x",
            "<b>y</b><password",
            "<b>y</b><password x",
            "<password>x</pasword><b>y</b>",
            "<password>x<x</password><b>y</b>",
            "<password>x</b>x</password><b>y</b>",
            "<password a='>x</password><b>y</b>",
            "<b>y</b>< password>x</password><b>y</b>",
            "<pasword>x<x</password><b>y</b>",
            "<password>x</password>x</password><b>y</b>",
            "<s><password>x</s><b>y</b><s><password>x</password></s><b>y</b>",
        ]);
    }

    #[test]
    fn comments_and_cdata_sections_lay_nothing_open() {
        hides_x_alone(&[
            "<password><![CDATA[</password>x]]></password><b>y</b>",
            "<password><!--</password>-->x</password><b>y</b>",
            "<!--<password>x</password>--><b>y</b>",
            // A password that holds the beginning of a comment.
            "<password>x<!--x</password><b/><password>x</password><b/>--><b>y</b>",
        ]);
    }

    #[test]
    fn many_broken_tags_take_linear_time() {
        for piece in ["<password>", "</password", "<password><!--", "<password a='", "<password><![CDATA[<"] {
            let document = piece.repeat(100_000);
            assert!(!find(document.as_bytes(), &["password".into()]).is_empty(), "{piece}");
        }
    }
}
