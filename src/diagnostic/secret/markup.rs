//! The content of elements, attributes and processing instructions that have the names of secrets.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::SecretNames;
use crate::text::name::local_part_of_bytes;
use crate::text::white_space::skip_white_space;
use crate::xml::closing_quote;

/// That content, and text directly after such an element. Linear in the document.
pub(super) fn find(document: &[u8], names: &SecretNames<'_>) -> Vec<Range<usize>> {
    // Reads CDATA sections and comments within a secret both as such and as text: a password may contain the beginning
    // of one.
    let (mut found, passed_over) = Scan::new(document, names).run(true);
    if passed_over {
        found.extend(Scan::new(document, names).run(false).0);
    }
    found
}

/// A well-formed tag.
#[derive(Clone, Copy)]
struct Tag {
    /// After its `>`.
    end: usize,
    /// The end of its attributes, including the white space after them.
    attributes_end: usize,
    /// `<name/>`
    empty: bool,
    /// Whether an attribute says that the element holds a secret: `<param name="password">`.
    is_named_secret: bool,
}

pub(super) struct Scan<'d, 'n> {
    document: &'d [u8],
    names: &'d SecretNames<'n>,
    found: Vec<Range<usize>>,
    /// Where the content of each open secret element begins.
    open: Vec<usize>,
    /// The name of the first of them, if an attribute rather than its name makes it secret, and how many elements with
    /// that name are open in it.
    named: Option<(&'d [u8], usize)>,
    /// The values of the attributes of the last tag.
    values: Vec<Range<usize>>,
    /// What comes before `Name` in the names of those of its attributes whose value is the name of a secret:
    /// `paramName`.
    naming: Vec<&'d [u8]>,
    /// Nothing further ends a comment, a CDATA section or a processing instruction.
    exhausted: [bool; 3],
}

impl<'d, 'n> Scan<'d, 'n> {
    pub(super) fn new(document: &'d [u8], names: &'d SecretNames<'n>) -> Scan<'d, 'n> {
        Scan {
            document,
            names,
            found: Vec::new(),
            open: Vec::new(),
            named: None,
            values: Vec::new(),
            naming: Vec::new(),
            exhausted: [false; 3],
        }
    }

    /// What is found, and whether a comment or a CDATA section was skipped: `sections` says whether they are.
    fn run(mut self, sections: bool) -> (Vec<Range<usize>>, bool) {
        let (mut at, mut passed_over) = (0, false);
        // After the last well-formed tag.
        let mut last = 0;
        // `<name>password</name>`: what comes next is its value.
        let mut next_is_secret = false;
        while let Some(start) = self.next_less_than(at) {
            if sections
                && !self.open.is_empty()
                && let Some(end) = self.section(start)
            {
                (at, passed_over) = (end, true);
                continue;
            }
            match self.document.get(start + 1) {
                Some(b'?') => self.instruction(start + 2),
                Some(b'!') => self.declaration(start + 2),
                _ => {}
            }
            let is_end = self.document.get(start + 1) == Some(&b'/');
            let name_start = start + if is_end { 2 } else { 1 };
            let name_end = self.name_end(name_start);
            let name = self.document.get(name_start..name_end).unwrap_or_default();
            let tag = self.tag(name_end, is_end);
            let is_secret = self.names.are_of_element(name);
            match (is_end, is_secret) {
                (true, true) => {
                    // If no element with the name is open, its start tag is broken: it comes after the last good tag.
                    let content = self.open.pop().unwrap_or(last);
                    self.found.push(content..start);
                    self.named = self.named.filter(|_| !self.open.is_empty());
                    self.after(tag);
                }
                (true, false) => {
                    self.end_named(name, start, tag);
                    let text = self.document.get(last..start).unwrap_or_default().trim_ascii();
                    let is_naming =
                        is_naming(name) || naming_prefix(name).is_some_and(|prefix| self.is_before_value(tag, prefix));
                    next_is_secret = match is_cell(name) || is_naming {
                        // `<td><code>password</code></td>`
                        _ if text.is_empty() => next_is_secret && is_cell(name),
                        true => self.names.are_of_text(text),
                        false => false,
                    };
                    if next_is_secret && is_cell(name) {
                        // `<b>password:</b> …`
                        let before = self.found.len();
                        self.after(tag);
                        next_is_secret = self.found.len() == before;
                    }
                }
                (false, true) => self.begin(name_end, tag),
                (false, false) => {
                    let tag = tag.map(|tag| Tag { is_named_secret: tag.is_named_secret || next_is_secret, ..tag });
                    next_is_secret = false;
                    self.begin_named(name, tag);
                }
            }
            match tag.filter(|_| name_end > name_start) {
                Some(tag) => (at, last) = (tag.end, tag.end),
                None => at = name_end.max(start + 1),
            }
        }
        self.close_open();
        (self.found, passed_over)
    }

    /// Whether what comes after a tag is the element with the value: `<paramValue>` after `</paramName>`.
    fn is_before_value(&self, tag: Option<Tag>, prefix: &[u8]) -> bool {
        let Some(Tag { end, .. }) = tag else { return false };
        let start = skip_white_space(self.document, end);
        let name = self.document.get(start + 1..self.name_end(start + 1)).unwrap_or_default();
        self.document.get(start) == Some(&b'<') && is_value_of(prefix, name)
    }

    /// The start tag of an element that is secret by its name.
    fn begin(&mut self, name_end: usize, tag: Option<Tag>) {
        match tag {
            Some(tag) => {
                let attributes = self.document.get(name_end..tag.attributes_end).unwrap_or_default();
                if !attributes.trim_ascii().is_empty() {
                    self.found.push(name_end..tag.attributes_end);
                }
                if tag.empty {
                    self.after(Some(tag));
                } else {
                    self.open.push(tag.end);
                }
            }
            None => self.open.push(name_end),
        }
    }

    /// The start tag of any other element: if one of its attributes makes it secret, its other attributes are secret
    /// too.
    fn begin_named(&mut self, name: &'d [u8], tag: Option<Tag>) {
        let Some(tag) = tag else { return };
        if tag.is_named_secret && !self.names.are_declared_by(name) {
            let Scan { document, names, values, found, .. } = self;
            let is_name =
                |value: &Range<usize>| document.get(value.clone()).is_some_and(|text| names.are_of_element(text));
            found.extend(values.iter().filter(|value| !is_name(value)).cloned());
            // An element within another is masked with it.
            if !tag.empty && self.open.is_empty() {
                self.open.push(tag.end);
                self.named = Some((name, 0));
                return;
            }
        }
        if let Some((open, inside)) = &mut self.named
            && !tag.empty
            && *open == name
        {
            *inside += 1;
        }
    }

    fn end_named(&mut self, name: &[u8], start: usize, tag: Option<Tag>) {
        let (Some((open, inside)), Some(content)) = (&mut self.named, self.open.first()) else { return };
        if *open != name {
            return;
        }
        match inside.checked_sub(1) {
            Some(less) => *inside = less,
            None => {
                self.found.push(*content..start);
                self.open.clear();
                self.named = None;
                self.after(tag);
            }
        }
    }

    /// Text directly after a secret element, which may have been meant to be in it.
    fn after(&mut self, tag: Option<Tag>) {
        let Some(Tag { end, .. }) = tag else { return };
        let text = self.document.get(end..self.next_less_than(end).unwrap_or(self.document.len())).unwrap_or_default();
        if !text.trim_ascii().is_empty() {
            self.found.push(end..end + text.trim_ascii_end().len());
        }
    }

    /// Production 16, `<?target data?>`: the data.
    fn instruction(&mut self, target: usize) {
        let target_end = self.name_end(target);
        let [.., exhausted] = self.exhausted;
        if exhausted || !self.names.are_of_element(self.document.get(target..target_end).unwrap_or_default()) {
            return;
        }
        let rest = self.document.get(target_end..).unwrap_or_default();
        let length = memmem::find(rest, b"?>");
        // The range of one that does not end holds all that follow.
        self.exhausted[2] = length.is_none();
        self.found.push(target_end..target_end + length.unwrap_or(rest.len()));
    }

    /// Productions 52 and 70, `<!ATTLIST …>` and `<!ENTITY …>`: the values in a declaration that contains the name of a
    /// secret.
    fn declaration(&mut self, keyword: usize) {
        let rest = self.document.get(keyword..).unwrap_or_default();
        if !(rest.starts_with(b"ATTLIST") || rest.starts_with(b"ENTITY")) {
            return;
        }
        let Some(length) = memchr::memchr2(b'>', b'<', rest) else { return };
        let declaration = rest.get(..length).unwrap_or_default();
        let quotes = memchr::memchr2(b'"', b'\'', declaration);
        let Some((first, last)) = quotes.zip(memchr::memrchr2(b'"', b'\'', declaration)) else { return };
        let mut names = declaration.split(|byte| byte.is_ascii_whitespace());
        if names.any(|name| self.names.are_of_element(name)) {
            self.found.push(keyword + first + 1..keyword + last);
        }
    }

    /// Elements without an end tag continue up to the first good end tag with any name, or to the end of the document.
    fn close_open(&mut self) {
        let mut reached = 0;
        for content in std::mem::take(&mut self.open) {
            if content >= reached {
                reached = self.first_end_tag(content).unwrap_or(self.document.len());
                self.found.push(content..reached);
            }
        }
    }

    fn first_end_tag(&mut self, from: usize) -> Option<usize> {
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

    /// The text before an end tag, from the last tag on; `None` if that is missing or not well-formed.
    pub(super) fn text_before(&mut self, end: usize) -> Option<&'d [u8]> {
        let start = memchr::memrchr(b'<', self.document.get(..end)?)?;
        let is_end = self.document.get(start + 1) == Some(&b'/');
        let name_start = start + if is_end { 2 } else { 1 };
        let name_end = self.name_end(name_start);
        let tag = self.tag(name_end, is_end).filter(|_| name_end > name_start)?;
        self.document.get(tag.end..end)
    }

    fn next_less_than(&self, from: usize) -> Option<usize> {
        memchr(b'<', self.document.get(from..)?).map(|found| from + found)
    }

    /// The end of a comment or a CDATA section that begins here, if it has one.
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

    /// What follows the name of a tag: attributes, and `>` or `/>`. Looks no further than the next `<`.
    fn tag(&mut self, name_end: usize, is_end: bool) -> Option<Tag> {
        let (mut at, mut is_named_secret) = (name_end, false);
        self.values.clear();
        self.naming.clear();
        loop {
            let attribute = skip_white_space(self.document, at);
            match self.document.get(attribute)? {
                b'>' => {
                    is_named_secret |= self.has_value_of_secret();
                    return Some(Tag { end: attribute + 1, attributes_end: attribute, empty: false, is_named_secret });
                }
                b'/' if !is_end && self.document.get(attribute + 1) == Some(&b'>') => {
                    is_named_secret |= self.has_value_of_secret();
                    return Some(Tag { end: attribute + 2, attributes_end: attribute, empty: true, is_named_secret });
                }
                _ if is_end || attribute == at => return None,
                _ => {
                    let value;
                    (value, at) = self.attribute(attribute)?;
                    is_named_secret |= self.names_secret(attribute, &value);
                    self.values.push(value);
                }
            }
        }
    }

    /// `name = "value"`: the place of the value, and the end.
    fn attribute(&self, start: usize) -> Option<(Range<usize>, usize)> {
        let name_end = self.name_end(start);
        let equals = skip_white_space(self.document, name_end);
        if name_end == start || self.document.get(equals) != Some(&b'=') {
            return None;
        }
        let value = skip_white_space(self.document, equals + 1);
        let quote = *self.document.get(value).filter(|quote| matches!(quote, b'"' | b'\''))?;
        let rest = self.document.get(value + 1..)?;
        let stop = memchr::memchr2(quote, b'<', rest)?;
        let length = if rest.get(stop) == Some(&b'<') { closing_quote(rest, stop, quote)? } else { stop };
        let end = value + 1 + length;
        Some((value + 1..end, end + 1))
    }

    /// Whether an attribute gives its element the name of a secret. An attribute that names something in the element is
    /// noted.
    fn names_secret(&mut self, attribute: usize, value: &Range<usize>) -> bool {
        let name = self.document.get(attribute..self.name_end(attribute)).unwrap_or_default();
        let (is_naming, prefix) = (is_naming(name), naming_prefix(name));
        if !is_naming && prefix.is_none() {
            return false;
        }
        let is_secret =
            self.document.get(value.clone()).is_some_and(|value| self.names.are_of_value(value.trim_ascii()));
        self.naming.extend(prefix.filter(|_| is_secret));
        is_naming && is_secret
    }

    /// Whether an attribute of the last tag is the value that belongs to a secret's name: `paramValue` with
    /// `paramName`.
    fn has_value_of_secret(&self) -> bool {
        !self.naming.is_empty()
            && self.values.iter().any(|value| {
                let before = self.document.get(..value.start).unwrap_or_default().trim_ascii_end();
                let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
                let before = before.trim_ascii_end().strip_suffix(b"=").unwrap_or_default().trim_ascii_end();
                let length = before.iter().rev().take_while(|byte| IS_NAME[usize::from(**byte)]).count();
                let name = before.get(before.len() - length..).unwrap_or_default();
                self.naming.iter().any(|prefix| is_value_of(prefix, name))
            })
    }
}

/// Whether a name says what something else holds, or does so if a matching value is present.
#[inline]
pub(super) fn may_be_naming(name: &[u8]) -> bool {
    is_naming(name) || naming_prefix(name).is_some()
}

/// What comes before `Name` or `Key` in such a name: `param` of `paramName`.
pub(super) fn naming_prefix(name: &[u8]) -> Option<&[u8]> {
    if !matches!(name.last(), Some(b'e' | b'E' | b'y' | b'Y')) {
        return None;
    }
    let local = local_part_of_bytes(name);
    let prefix = [&b"name"[..], b"key"].into_iter().find_map(|word| without_word(local, word))?;
    (!prefix.is_empty()).then_some(prefix)
}

/// Whether a name is that of the value for a naming element with this prefix: `paramValue`, `param-value`, `value`.
pub(super) fn is_value_of(prefix: &[u8], name: &[u8]) -> bool {
    let of = [&b"value"[..], b"val"].into_iter().find_map(|word| without_word(local_part_of_bytes(name), word));
    of.is_some_and(|of| of.is_empty() || of.eq_ignore_ascii_case(prefix))
}

/// What comes before the last word of a name.
fn without_word<'n>(name: &'n [u8], word: &[u8]) -> Option<&'n [u8]> {
    let (before, last) = name.split_at_checked(name.len().checked_sub(word.len())?)?;
    let before = before.strip_suffix(b"-").or_else(|| before.strip_suffix(b"_")).unwrap_or(before);
    last.eq_ignore_ascii_case(word).then_some(before)
}

/// Whether an element of HTML may contain the name for the content of the next one.
pub(super) fn is_cell(name: &[u8]) -> bool {
    matches!(name, b"td" | b"th" | b"dt" | b"code" | b"b" | b"strong")
}

/// Whether an element, an attribute or a member of JSON says what another one holds: `name="password"`, `<input
/// type="password"/>`.
#[inline]
pub(super) fn is_naming(name: &[u8]) -> bool {
    // For most, the last letter decides: this is called for every tag and every attribute.
    if !matches!(name.last(), Some(b'e' | b'E' | b'y' | b'Y' | b'd' | b'D')) {
        return false;
    }
    let local = local_part_of_bytes(name);
    ["name", "key", "id", "type"].iter().any(|naming| naming.as_bytes().eq_ignore_ascii_case(local))
}

/// The number of leading bytes that can be in a name.
pub(super) fn name_length(text: &[u8]) -> usize {
    text.iter().position(|byte| !IS_NAME[usize::from(*byte)]).unwrap_or(text.len())
}

/// The bytes that can be in a name.
pub(super) static IS_NAME: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], 0);
    while byte < 256 {
        let as_byte = byte as u8;
        table[byte] = as_byte.is_ascii_alphanumeric() || matches!(as_byte, b'-' | b'_' | b'.' | b':' | 0x80..);
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The document with every byte masked that must not be shown.
    fn masked(document: &str) -> String {
        let ranges = find(document.as_bytes(), &SecretNames::of_credentials());
        let mask = |(at, byte): (usize, u8)| if ranges.iter().any(|range| range.contains(&at)) { b'*' } else { byte };
        String::from_utf8_lossy(&document.bytes().enumerate().map(mask).collect::<Vec<u8>>()).into_owned()
    }

    /// Asserts that no `x` is shown and every `y` is.
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
        assert_eq!(masked("<password/><passwordless>y</passwordless>"), "<password/><passwordless>y</passwordless>");
        hides_x_alone(&[
            "<y:PassWord >x</y:PassWord\n><b>y</b>",
            "<password a='x'>x</password><b>y</b>",
            "<password a='x>' b=\"x/\"/><b>y</b>",
            "<password><b>x</b>x</password><b>y</b>",
            "<password>x<password>x</password>x</password><b>y</b>",
            "<password>x\nx\r\nx</password><b>y</b>",
            "<password>x&x;&lt;x</password>",
            "<password/>x<b>y</b>",
            "<a name='password' b='x'>x<a>x</a>x</a>x<b>y</b>",
            "<a name='password'><password>x</a><b>y</b>",
            "<name>password</name><c>x<b>x</b></c><b>y</b>",
            "<?password x?><b>y</b>",
        ]);
    }

    #[test]
    fn secrets_in_malformed_markup_are_masked_too() {
        assert_eq!(masked("<password>x<b>y</b>"), "<password>*****</b>");
        assert_eq!(masked("<password>x</ password><b>y</b>"), "<password>*****************</b>");
        hides_x_alone(&[
            "<a><b name='password' value='x<x'/>y</a>",
            "<a><b value='x<x' name='password'/>y</a>",
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
            // A password that contains the beginning of a comment.
            "<password>x<!--x</password><b/><password>x</password><b/>--><b>y</b>",
        ]);
    }

    #[test]
    fn many_broken_tags_take_linear_time() {
        for piece in ["<password>", "</password", "<password><!--", "<password a='", "<password><![CDATA[<"] {
            let document = piece.repeat(100_000);
            assert!(!find(document.as_bytes(), &SecretNames::of_credentials()).is_empty(), "{piece}");
        }
    }
}
