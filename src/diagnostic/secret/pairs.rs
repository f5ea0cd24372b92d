//! Names with their values, in the forms of JSON, queries, HTTP heads and XML attributes: `"name": value`,
//! `name=value`, `name: value`, `name="value"`.
//!
//! All forms are searched for in every document: a head may come before a body, a URL may be in a text, JSON in a CDATA
//! section. The separator is found first, and the name is searched for before it.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memchr3, memchr3_iter, memmem, memrchr, memrchr2};

use super::markup::{is_naming, is_value_of, naming_prefix};
use super::users::{begins_tag, closes_text};
use super::{SecretNames, calls};
use crate::text::scan::may_have_cells;
use crate::xml::closing_quote;

/// The number of bytes before its separator in which a name with its escapes is searched for.
const NAME: usize = 256;

/// The length of the longest line before a colon that is considered as the name of a field.
const FOREIGN_NAME: usize = 64;

/// The first bytes of the full-width colon and equals sign of Chinese and Japanese text, `：` and `＝`.
const FULL_WIDTH: &[u8] = b"\xef\xbc";

/// The forms of an escaped `@`.
const AT_SIGNS: &[&[u8]] = &[b"&#64;", b"&#x40;", b"&commat;", b"\\u0040"];

/// A text with this many letters is not taken for a word.
const LONG_WORD: usize = 16;

/// The number of bytes before a name, or after an object, that are searched for its surroundings.
const AROUND: usize = 4096;

/// The values of all pairs whose name is that of a secret. Linear in the document.
pub(super) fn find(document: &[u8], names: &SecretNames<'_>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let pairs = Pairs::new(document, names);
    pairs.separated(&mut memchr2_iter(b':', b'=', document), &mut found);
    pairs.separated(&mut memchr2_iter(b'"', b'\'', document), &mut found);
    pairs.separated(&mut memchr_iter(b'%', document), &mut found);
    pairs.separated(&mut memmem::find_iter(document, FULL_WIDTH), &mut found);
    pairs.cells(&mut found);
    if !pairs.is_markup() {
        found.extend(calls::find(document, names));
        found.extend(calls::find_in_paths(document, names));
    }
    found
}

/// Whether the members of an object include the value for a naming member with this prefix.
fn has_value_of(prefix: &[u8], members: &[u8]) -> bool {
    members.split(|byte| *byte == b'"').any(|text| is_value_of(prefix, text))
}

/// The surroundings of a value, which decide whether `<` ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surroundings {
    /// Between the tags of markup.
    Markup,
    /// Within a tag, where `<` is a mistake.
    Tag,
    /// Not in markup.
    Plain,
}

pub(super) struct Pairs<'d> {
    document: &'d [u8],
    names: &'d SecretNames<'d>,
    is_markup: bool,
}

/// A name before a separator.
pub(super) struct Name {
    /// The start, with its quotes.
    start: usize,
    end: usize,
    /// The bytes of the name itself.
    pub(super) text: Range<usize>,
    /// Everything in its quotes, which may include what a name cannot contain.
    pub(super) quoted: Option<Range<usize>>,
}

impl<'d> Pairs<'d> {
    pub(super) fn new(document: &'d [u8], names: &'d SecretNames<'d>) -> Pairs<'d> {
        Pairs { document, names, is_markup: is_markup(document) }
    }

    pub(super) fn is_markup(&self) -> bool {
        self.is_markup
    }

    fn separated(&self, separators: &mut dyn Iterator<Item = usize>, found: &mut Vec<Range<usize>>) {
        let mut reached = 0;
        for at in separators {
            let value = if at < reached { None } else { self.value(at, found) };
            if let Some(value) = value {
                reached = value.end;
                found.push(value);
            }
        }
    }

    /// The value of a pair with a separator, if its name is that of a secret.
    fn value(&self, separator: usize, found: &mut Vec<Range<usize>>) -> Option<Range<usize>> {
        let byte = *self.document.get(separator)?;
        match byte {
            b'=' => self.assigned(separator, &self.name_before(separator)?),
            b':' if self.is_in_word(separator) => None,
            b':' => self
                .name_before(separator)
                .filter(|name| !self.is_count(separator, name))
                .and_then(|name| self.member(separator, &name, found).or_else(|| self.field(separator, &name)))
                .or_else(|| self.foreign_field(separator))
                .or_else(|| self.user(separator))
                .or_else(|| self.in_path(separator)),
            b'%' => self.escaped(separator),
            b'"' | b'\'' if self.is_apart(separator) => {
                self.unseparated(separator, &self.name_before(separator)?, byte)
            }
            b'"' | b'\'' => self.listed(separator, byte),
            _ => self.full_width(separator),
        }
    }

    /// Whether a colon in markup is inside a word, as in `"a:b"`, and so does not separate a name from its value. The
    /// colon of a member has a quote next to it; a field begins its line or has a blank after its colon; a URL has
    /// slashes there.
    pub(super) fn is_in_word(&self, colon: usize) -> bool {
        let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if !self.is_markup || !self.document.get(colon + 1).is_some_and(is_of_word) {
            return false;
        }
        let before = self.get(colon.saturating_sub(FOREIGN_NAME)..colon);
        let word = before.iter().rev().take_while(|byte| is_of_word(byte)).count();
        let begins_word = |byte: &u8| matches!(byte, b'"' | b'\'' | b'>' | b':' | b'=' | b'/' | b'(' | b',');
        word > 0 && before.len().checked_sub(word + 1).and_then(|at| before.get(at)).is_some_and(begins_word)
    }

    fn get(&self, range: Range<usize>) -> &'d [u8] {
        self.document.get(range).unwrap_or_default()
    }

    fn rest(&self, from: usize) -> &'d [u8] {
        self.document.get(from..).unwrap_or_default()
    }

    pub(super) fn name_before(&self, separator: usize) -> Option<Name> {
        let from = separator.saturating_sub(NAME);
        let window = self.get(from..separator).trim_ascii_end();
        // `&quot;name&quot;: …` is JSON in markup.
        let window = without_quote_reference(window);
        let end = from + window.len();
        let (inside, quote) = match window.split_last() {
            Some((quote @ (b'"' | b'\''), inside)) => (without_backslashes(inside), Some(*quote)),
            _ => (window, None),
        };
        // A backslash and a percent sign begin escapes.
        let is_name =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'\\' | b'%' | 0x80..);
        let length = inside.iter().rev().take_while(|byte| is_name(byte)).count();
        // A head in a string: `\r\nName: value`.
        let run = inside.get(inside.len() - length..).unwrap_or_default();
        let escapes = run.contains(&b'\\').then_some([&b"\\n"[..], b"\\r"]);
        let escape = escapes.iter().flatten().filter_map(|escape| memmem::rfind(run, escape)).max();
        let length = escape.map_or(length, |at| length - at - 2);
        let text = from + inside.len() - length..from + inside.len();
        let start = text.start - usize::from(quote.is_some() && text.start > 0);
        let opening = quote.and_then(|quote| memrchr(quote, inside));
        let quoted = quote.map(|_| opening.map_or(text.start, |opening| from + opening + 1)..text.end);
        (length > 0).then_some(Name { start, end, text, quoted })
    }

    /// Whether there is something between a quote and a name before it.
    pub(super) fn is_apart(&self, quote: usize) -> bool {
        match quote.checked_sub(1).and_then(|before| self.document.get(before)) {
            Some(b';') => {
                let before = self.get(quote.saturating_sub(6)..quote);
                without_quote_reference(before).len() < before.len()
            }
            Some(byte) => byte.is_ascii_whitespace(),
            None => false,
        }
    }

    fn is_secret(&self, name: &Name) -> bool {
        self.names.are_of_pair(&unescaped(self.get(name.text.clone()))) || self.is_foreign_secret(name)
    }

    /// Whether a name is that of a secret, except for characters that cannot be in a name.
    pub(super) fn is_foreign_secret(&self, name: &Name) -> bool {
        let range = name.quoted.as_ref().unwrap_or(&name.text);
        if range.len() > FOREIGN_NAME || *range == name.text && self.get(name.text.clone()).is_ascii() {
            return false;
        }
        self.names.are_of_pair(&without_foreign(self.get(range.clone())))
    }

    /// `name=value`, `name="value"`
    fn assigned(&self, separator: usize, name: &Name) -> Option<Range<usize>> {
        // A field of a head may have been put into a query.
        let before = name.start.checked_sub(1).and_then(|before| self.document.get(before));
        let is_key = matches!(before, Some(b'?' | b'&' | b';')) && self.get(name.text.clone()) == b"KEY";
        let is_key = is_key || self.names.are_key(self.get(name.text.clone())) && self.is_in_tag(name.start);
        if !is_key && !self.is_secret(name) {
            return None;
        }
        // A query may be broken into lines anywhere.
        let start = separator + 1 + white_space(self.rest(separator + 1));
        let value = self.rest(start);
        if let Some(length) = escaped_string_length(value) {
            return Some(start..start + length);
        }
        if let Some(quote @ (b'"' | b'\'')) = value.first() {
            // `Signature` may be an attribute of anything.
            let is_of_element = || self.names.are_of_element(&unescaped(self.get(name.text.clone())));
            let is_attribute = self.is_in_tag(name.start);
            return (!is_attribute || is_of_element()).then(|| start + 1..start + self.quoted(start, *quote));
        }
        let surroundings = self.surroundings(name.start);
        let mut end = start
            + match value.first() {
                Some(b'{' | b'[' | b'(') => nested_length(value),
                _ => self.parameter_length(value, surroundings),
            };
        // An unescaped ampersand: what follows it is not a parameter.
        while self.document.get(end) == Some(&b'&') {
            let more = self.rest(end + 1);
            let length = self.parameter_length(more, surroundings);
            match more.get(..length).is_some_and(|more| !more.is_empty() && !more.contains(&b'=')) {
                true => end += 1 + length,
                false => break,
            }
        }
        Some(start..end)
    }

    fn surroundings(&self, place: usize) -> Surroundings {
        match (self.is_markup, self.is_markup && self.is_in_tag(place)) {
            (false, _) => Surroundings::Plain,
            (true, true) => Surroundings::Tag,
            (true, false) => Surroundings::Markup,
        }
    }

    /// Up to the next parameter, a character that cannot be in a URL, or ` HTTP/1.1` at the end of a request's first
    /// line.
    fn parameter_length(&self, value: &[u8], surroundings: Surroundings) -> usize {
        let is_end = |byte: &u8| match byte {
            b'&' | b'"' | b'\'' | b'\r' | b'\n' => true,
            // A tag has no fragment.
            b'#' => surroundings != Surroundings::Tag,
            b'<' => surroundings == Surroundings::Markup,
            b'>' => surroundings == Surroundings::Tag,
            _ => false,
        };
        let length = value.iter().position(is_end).unwrap_or(value.len());
        let value = value.get(..length).unwrap_or_default();
        memmem::find(value, b" HTTP/").unwrap_or(length)
    }

    /// A JSON member: the name is in quotes, the value begins like a JSON value other than a number, or what precedes
    /// the name may precede a member.
    fn member(&self, separator: usize, name: &Name, found: &mut Vec<Range<usize>>) -> Option<Range<usize>> {
        let start = separator + 1 + white_space(self.rest(separator + 1));
        let begins = matches!(self.document.get(start), Some(b'"' | b'\'' | b'{' | b'['));
        let is_after_member = || matches!(self.get(0..name.start).trim_ascii_end().last(), Some(b'{' | b','));
        if !(name.quoted.is_some() || begins || !self.is_markup && is_after_member()) {
            return None;
        }
        let is_key = name.quoted.is_some() && self.names.are_key(self.get(name.text.clone()));
        if is_key || self.is_secret(name) {
            return Some(start..start + self.json_length(start));
        }
        // `{"name": "Authorization", "value": ...}`
        let text = self.get(name.text.clone());
        let prefix = naming_prefix(text);
        if name.quoted.is_some() && begins && (prefix.is_some() || is_naming(text)) {
            let end = start + self.json_length(start);
            let value = self.get(start + 1..end.saturating_sub(1));
            if self.names.are_of_field(&unescaped(value)) {
                let before = self.get(name.start.saturating_sub(AROUND)..name.start);
                let opening = memrchr2(b'{', b'}', before).filter(|at| before.get(*at) == Some(&b'{'));
                let begin = opening.map_or(name.start, |at| name.start - before.len() + at + 1);
                let after = self.get(end..self.document.len().min(end.saturating_add(AROUND)));
                let after = end..end + memchr2(b'{', b'}', after).unwrap_or(after.len());
                // `{"paramName": "password", "paramValue": ...}`
                let mut around = [begin..name.start, after.clone()].into_iter();
                if is_naming(text)
                    || prefix.is_some_and(|prefix| around.any(|range| has_value_of(prefix, self.get(range))))
                {
                    found.extend(Some(begin..name.start).filter(|range| !range.is_empty()));
                    return Some(after);
                }
            }
        }
        None
    }

    /// `"pass": 12`: how many of something passed.
    fn is_count(&self, separator: usize, name: &Name) -> bool {
        let value = || self.rest(separator + 1).trim_ascii_start();
        let is_bare = || value().first().is_some_and(u8::is_ascii_alphanumeric);
        name.quoted.is_some() && self.names.are_of_text_alone(self.get(name.text.clone())) && is_bare()
    }

    /// A field of a head, `name: value`: at the beginning of a line, or with a blank after the colon.
    fn field(&self, separator: usize, name: &Name) -> Option<Range<usize>> {
        let before = self.get(name.start.saturating_sub(3)..name.start);
        // The lines of a head that curl prints begin with `> ` or `< `.
        let begins_line = match before {
            [.., b'\n' | b'\r'] | [b'\n' | b'\r', b'>' | b'<' | b'*', b' '] => true,
            _ => name.start == before.len() && matches!(before, [] | [b'>' | b'<' | b'*', b' ']),
        };
        let is_tag = matches!(before.last(), Some(b'<' | b'/'));
        let has_blank = matches!(self.document.get(separator + 1), Some(b' ' | b'\t'));
        // `curl -H 'KEY: …'`, and curl's notes about HTTP/2: `[key: …]`
        let is_certain = begins_line || matches!(before.last(), Some(b'"' | b'\'' | b'[')) && name.quoted.is_none();
        // `0049: KEY: …` in a trace.
        let is_certain = is_certain || before.ends_with(b": ") && self.get(name.text.clone()) == b"KEY";
        let is_secret = || match is_certain {
            true => self.names.are_of_field(&unescaped(self.get(name.text.clone()))),
            false => self.is_secret(name),
        };
        if begins_line && self.get(name.text.clone()).eq_ignore_ascii_case(b"Host") {
            return self.user_of_host(separator);
        }
        if is_tag || !(begins_line || has_blank) || !is_secret() {
            return None;
        }
        // Usually a prefix.
        if !has_blank && self.is_in_tag(name.start) {
            return None;
        }
        Some(self.field_value(separator, before.last(), begins_line))
    }

    /// A field with a name that no field can have: with blanks, lookalikes of letters, or unprintable characters. The
    /// name is the whole line up to the colon.
    pub(super) fn foreign_field(&self, separator: usize) -> Option<Range<usize>> {
        let has_blank = matches!(self.document.get(separator + 1), Some(b' ' | b'\t'));
        let line = Some(separator).filter(|_| has_blank || !self.is_markup)?;
        let line = Some(self.get(self.line_before(line)?)).filter(|line| memmem::find(line, b" -H").is_none())?;
        self.is_secret_line(line).then(|| self.field_value(separator, None, true))
    }

    /// Whether everything before a separator in a line is the name of a field, except for characters that cannot be in
    /// one.
    fn is_secret_line(&self, line: &[u8]) -> bool {
        // Other fields, JSON and queries are not names.
        if line.iter().any(|byte| b":,={[".contains(byte)) {
            return false;
        }
        let name = without_foreign(line);
        if self.names.are_of_field(&name) {
            return true;
        }
        // `KEY` is too short for similarity: its letters must all be there, and no punctuation.
        let is_plain = line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, 0 | b' ' | 0x80..));
        let letters: Vec<u8> = name.iter().copied().filter(|byte| *byte != b'-').collect();
        is_plain && self.names.are_of_field(&letters)
    }

    /// What precedes a separator in its line, if that is short enough for a name and not indented.
    fn line_before(&self, separator: usize) -> Option<Range<usize>> {
        let from = separator.saturating_sub(FOREIGN_NAME);
        let window = self.get(from..separator);
        let start = match memrchr2(b'\n', b'\r', window) {
            Some(at) => from + at + 1,
            None => Some(0).filter(|_| from == 0)?,
        };
        let line = self.get(start..separator);
        let start = start + if matches!(line, [b'>' | b'<' | b'*', b' ', ..]) { 2 } else { 0 };
        let begins = self.document.get(start).filter(|_| start < separator)?;
        (!begins.is_ascii_whitespace()).then_some(start..separator)
    }

    /// `name：value`, as in Chinese and Japanese text.
    pub(super) fn full_width(&self, at: usize) -> Option<Range<usize>> {
        let [_, 0xbc, 0x9a | 0x9d, ..] = self.rest(at) else { return None };
        let name = self.name_before(at)?;
        let is_field = || {
            let line = self.line_before(at)?;
            self.is_secret_line(self.get(line)).then_some(())
        };
        if !self.is_secret(&name) && is_field().is_none() {
            return None;
        }
        let start = at + 3 + blanks(self.rest(at + 3));
        let length = match self.document.get(start) {
            Some(b'"' | b'\'' | b'{' | b'[') => self.json_length(start),
            _ => self.line_length(start, name.start.checked_sub(1).and_then(|before| self.document.get(before))),
        };
        Some(start..start + length)
    }

    /// `name%3Dvalue`: a query in a path, or in a parameter.
    pub(super) fn escaped(&self, at: usize) -> Option<Range<usize>> {
        let escape = self.rest(at + 1);
        let (escape, is_twice) = escape.strip_prefix(b"25").map_or((escape, false), |escape| (escape, true));
        let is_separator = matches!(escape.get(..2)?, b"3D" | b"3d" | b"3A" | b"3a" | b"3E" | b"3e");
        let start = at + if is_twice { 5 } else { 3 };
        let name = if is_separator { self.name_before(at)? } else { return None };
        let unescaped = unescaped(&unescaped(self.get(name.text))).into_owned();
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let end = unescaped.iter().rposition(is_of_name)? + 1;
        let unescaped = unescaped.get(..end)?;
        let begin = unescaped.iter().rposition(|byte| !is_of_name(byte)).map_or(0, |end| end + 1);
        if !self.names.are_of_field(unescaped.get(begin..)?) {
            return None;
        }
        let start = start + blanks(self.rest(start));
        let value = self.rest(start);
        let value = value.get(..self.parameter_length(value, self.surroundings(at)))?;
        let is_end = |byte: &u8| byte.is_ascii_whitespace();
        let value = value.get(..value.iter().position(is_end).unwrap_or(value.len()))?;
        let ampersands: [&[u8]; 2] = [b"%26", b"%2526"];
        let length = ampersands.iter().filter_map(|escape| memmem::find(value, escape)).min();
        Some(start..start + length.unwrap_or(value.len()))
    }

    /// The rows of tables, `| name | value |`, also with tabs, or blanks after the first cell: what follows the name in
    /// them.
    fn cells(&self, found: &mut Vec<Range<usize>>) {
        let mut line = 0;
        for end in memchr_iter(b'\n', self.document).chain([self.document.len()]) {
            found.extend(self.row(line + blanks(self.get(line..end))..end));
            line = end + 1;
        }
    }

    /// What follows the name in a line that does not begin with a blank.
    pub(super) fn row(&self, line: Range<usize>) -> Option<Range<usize>> {
        let row = self.get(line.clone());
        let is_row = match row.first()? {
            // A tag is not a name: only what follows may be.
            b'<' => memchr2(b'|', b'\t', row).is_some(),
            _ => row.iter().any(|byte| matches!(byte, b'|' | b'\t' | b' ' | b',' | b';' | b'>')),
        };
        if is_row { self.cell_after(line.start, row.trim_ascii_end()) } else { None }
    }

    /// What follows the first cell of a row, if that is the name of a secret.
    fn cell_after(&self, start: usize, row: &[u8]) -> Option<Range<usize>> {
        let is_framed = row.starts_with(b"|");
        if let Some(value) = self.second_word(start, row) {
            return Some(value);
        }
        // In most lines, single blanks separate the words.
        if !may_have_cells(row) {
            return None;
        }
        let mut begin = 0;
        for mark in memchr3_iter(b'|', b'\t', b' ', row) {
            let around = [mark.checked_sub(1).and_then(|before| row.get(before)), row.get(mark + 1)];
            let is_apart = |side: &Option<&u8>| matches!(side, Some(b' ' | b'\t'));
            let ends_cell = match row.get(mark)? {
                b'|' => is_framed || around.iter().all(is_apart),
                b'\t' => true,
                _ => begin == 0 && is_apart(&around[1]),
            };
            if !ends_cell {
                continue;
            }
            let cell = row.get(begin..mark)?.trim_ascii();
            if self.is_secret_cell(cell) {
                let value = row.get(mark + 1..)?;
                let after = mark + 1 + value.iter().take_while(|byte| b" \t|".contains(byte)).count();
                let last = row.iter().rposition(|byte| !b" \t|".contains(byte))? + 1;
                return (after < last).then_some(start + after..start + last);
            }
            begin = mark + 1;
        }
        None
    }

    /// `name value`, `name,value`, `name -> value`, if that is the whole line.
    fn second_word(&self, start: usize, row: &[u8]) -> Option<Range<usize>> {
        let is_of_name =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'"' | b'\'' | b'`');
        let length = row.get(..row.len().min(FOREIGN_NAME))?.iter().take_while(|byte| is_of_name(byte)).count();
        let between = row.get(length..)?;
        let gap = between.iter().take_while(|byte| b" \t,;->=".contains(byte)).count();
        let value = between.get(gap..)?;
        let is_one_word = gap > 0 && !value.is_empty() && !value.iter().any(u8::is_ascii_whitespace);
        let is_secret = is_one_word && self.is_secret_cell(row.get(..length)?);
        let at = start + length + gap;
        is_secret.then(|| at..at + value.len())
    }

    fn is_secret_cell(&self, cell: &[u8]) -> bool {
        let is_mark = |byte: &u8| b"*`_\"'".contains(byte);
        let begin = cell.iter().take_while(|byte| is_mark(byte)).count();
        let end = cell.len() - cell.iter().rev().take_while(|byte| is_mark(byte)).count();
        let Some(name) = cell.get(begin..end).filter(|name| name.len() <= FOREIGN_NAME) else { return false };
        let is_name = name.iter().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b' ' | b'`' | b':' | 0x80..)
        });
        // `Key` is the head of a table.
        is_name && (name == b"KEY" || self.names.are_of_pair(&without_foreign(name)))
    }

    /// The value of a field, from its separator to the end of its last line.
    fn field_value(&self, separator: usize, before: Option<&u8>, begins_line: bool) -> Range<usize> {
        let start = separator + 1 + blanks(self.rest(separator + 1));
        let mut end = start + self.line_length(start, before);
        // RFC 9112, section 5.2: a line that begins with a blank continues the previous one.
        let is_folded = begins_line && !self.is_markup;
        while let Some(next) = self.folded_line(end).filter(|_| is_folded) {
            end = next + self.line_length(next, None);
        }
        // A long value that was wrapped when pasted: its next line is not a field.
        while let Some(next) = self.wrapped_line(end).filter(|_| is_folded) {
            end = next + self.line_length(next, None);
        }
        start..end
    }

    /// A user before the host in a `Host` field, as in a URL.
    fn user_of_host(&self, separator: usize) -> Option<Range<usize>> {
        let start = separator + 1 + blanks(self.rest(separator + 1));
        let line = self.rest(start);
        let line = line.get(..memchr2(b'\n', b'\r', line).unwrap_or(line.len()))?;
        Some(start..start + memrchr(b'@', line)?)
    }

    /// Where the next line begins, if it is not a field, not empty and not the beginning of a message or body.
    fn wrapped_line(&self, end: usize) -> Option<usize> {
        let rest = self.rest(end);
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest).strip_prefix(b"\n")?;
        let start = self.document.len() - rest.len();
        let line = rest.get(..memchr2(b'\n', b'\r', rest).unwrap_or(rest.len()))?;
        let text = line.strip_prefix(b"> ").or_else(|| line.strip_prefix(b"< ")).unwrap_or(line);
        let is_value = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_.~".contains(byte);
        (!text.is_empty() && text.iter().all(is_value)).then_some(start)
    }

    /// The user in a URL, with or without a password (RFC 3986, section 3.2.1): what is between `//` and `@`.
    pub(super) fn user(&self, separator: usize) -> Option<Range<usize>> {
        let start = separator + 3;
        let authority = self.rest(separator + 1).strip_prefix(b"//")?;
        let authority = authority.get(..authority.len().min(NAME))?;
        if memchr(b'@', authority).is_none() {
            return self.user_before_reference(start, authority);
        }
        let is_markup = self.surroundings(separator) == Surroundings::Markup;
        // The quote or the tag that closes the text: others may be in a password.
        let closes = |at: &usize| {
            let after = authority.get(at + 1..).unwrap_or_default();
            match authority.get(*at) {
                Some(b'"' | b'\'' | b'>') => closes_text(after),
                Some(b'<') => is_markup && begins_tag(after),
                byte => byte.is_none_or(u8::is_ascii_whitespace),
            }
        };
        let authority = authority.get(..(0..authority.len()).find(closes).unwrap_or(authority.len()))?;
        let is_end = |byte: &u8| b"/?#".contains(byte);
        let length = authority.iter().position(is_end).unwrap_or(authority.len());
        if let Some(at) = memrchr(b'@', authority.get(..length)?) {
            return Some(start..start + at);
        }
        // A password may contain unescaped characters; what follows the colon is then not a port.
        let colon = memchr(b':', authority.get(..length)?)?;
        let port = authority.get(colon + 1..length)?;
        let at = memrchr(b'@', authority).filter(|_| !port.iter().all(u8::is_ascii_digit))?;
        Some(start..start + at)
    }

    /// The user in a URL whose `@` is a character reference or a JSON escape.
    fn user_before_reference(&self, start: usize, authority: &[u8]) -> Option<Range<usize>> {
        memchr2(b'&', b'\\', authority)?;
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"/?\"'<>".contains(byte);
        let authority = authority.get(..authority.iter().position(is_end).unwrap_or(authority.len()))?;
        let at = AT_SIGNS.iter().filter_map(|sign| memmem::find(authority, sign)).min()?;
        Some(start..start + at)
    }

    /// `https://host/password/value`
    pub(super) fn in_path(&self, colon: usize) -> Option<Range<usize>> {
        calls::find_in_url(self.document, colon, self.names)
    }

    /// Where the line begins that continues the one ending here.
    fn folded_line(&self, end: usize) -> Option<usize> {
        let next = end + self.rest(end).iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        matches!(self.document.get(next), Some(b' ' | b'\t')).then_some(next).filter(|next| *next > end)
    }

    /// Up to the end of the line, of the text of an element, or of the quotes around the whole field.
    fn line_length(&self, start: usize, before: Option<&u8>) -> usize {
        let rest = self.rest(start);
        let line = memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line = rest.get(..line).unwrap_or_default();
        let is_escaped = |at: &usize| at.checked_sub(1).is_some_and(|before| line.get(before) == Some(&b'\\'));
        let end = match before {
            Some(quote @ (b'"' | b'\'')) => memchr_iter(*quote, line).find(|at| !is_escaped(at)),
            _ if self.is_markup => memchr(b'<', line),
            _ => None,
        };
        end.unwrap_or(line.len())
    }

    /// `name "value"` in a tag or a declaration, and `"name" "value"`: the separator was forgotten.
    fn unseparated(&self, start: usize, name: &Name, quote: u8) -> Option<Range<usize>> {
        let is_apart = name.end < start;
        let is_pair = is_apart && (name.quoted.is_some() || (self.is_in_tag(name.start)));
        if !is_pair || !self.is_secret(name) {
            return None;
        }
        Some(start + 1..start + self.quoted(start, quote))
    }

    /// `"name", "value"` of a call, `['name'] = 'value'`, `"name" => "value"`: what follows the name of a field in
    /// quotes. In an array that is a pair, `["name", "value"]`, it may be any name.
    pub(super) fn listed(&self, closing: usize, quote: u8) -> Option<Range<usize>> {
        let rest = self.rest(closing + 1);
        let is_between = |byte: &u8| matches!(byte, b' ' | b'\t' | b',' | b'=' | b'>' | b'-' | b']' | b')' | b'+');
        let length = rest.iter().position(|byte| !is_between(byte)).unwrap_or(rest.len());
        let is_mark = |byte: &u8| b",=>-".contains(byte);
        let opening = rest.get(length).filter(|opening| matches!(opening, b'"' | b'\''));
        let is_before_item = opening.is_none() && rest.get(blanks(rest)..).unwrap_or_default().starts_with(b",");
        let is_marked = rest.get(..length)?.iter().any(is_mark) && opening.is_some();
        let name = if is_marked || is_before_item { self.name_before(closing)? } else { return None };
        // The quote is the one after the name.
        let is_opened = name.start.checked_sub(1).and_then(|at| self.document.get(at)) == Some(&quote);
        let is_whole = is_opened && name.quoted.is_none() && name.end == closing;
        let text = self.get(name.text.clone());
        if is_whole && self.names.are_of_tokens(text) && self.is_in_list_of_words(name.start, closing) {
            return None;
        }
        let start = closing + 1 + length;
        if let Some(array) =
            self.pair_of(name.start - usize::from(is_opened)).filter(|_| is_whole && self.is_secret(&name))
        {
            // Without the bracket that ends it.
            let end = array + nested_length(self.rest(array));
            let is_ended = matches!(self.document.get(end - 1), Some(b']' | b')'));
            let end = if is_ended { end - 1 } else { end };
            // `["password", null, "…"]`
            let start = if is_before_item { closing + 1 } else { start };
            return (start < end).then_some(start..end);
        }
        let opening = opening?;
        let is_field = is_whole && self.names.are_of_parameter(self.get(name.text));
        let value = is_field.then(|| start + 1..start + self.quoted(start, *opening))?;
        // The name was itself a value, and the next member follows.
        let after = self.rest(value.start);
        let after = after.get(memchr(*opening, after).unwrap_or(after.len())..).unwrap_or_default();
        let is_member = after.get(1..).is_some_and(|after| after.trim_ascii_start().starts_with(b":"));
        let mut end = value.end;
        // `"Basic " + "…"`
        while let Some(more) = self.rest(end + 1).trim_ascii_start().strip_prefix(b"+")
            && let [quote @ (b'"' | b'\''), ..] = more.trim_ascii_start()
        {
            let at = self.document.len() - more.trim_ascii_start().len();
            end = at + self.quoted(at, *quote);
        }
        (!is_member).then_some(value.start..end)
    }

    /// Whether an array with a quoted text in it has only words: a list of names, `["token", "session"]`. A token has
    /// digits or capital letters, or is long.
    fn is_in_list_of_words(&self, start: usize, closing: usize) -> bool {
        let is_of_list = |byte: &&u8| byte.is_ascii_lowercase() || b"_-,\"' \t\r\n".contains(byte);
        let before = self.get(start.saturating_sub(NAME)..start);
        let words_before = before.iter().rev().take_while(is_of_list).count();
        let after = self.get(closing..self.document.len().min(closing.saturating_add(NAME)));
        let words_after = after.iter().take_while(is_of_list).count();
        let is_word = |word: &[u8]| word.len() < LONG_WORD;
        let words =
            after.get(..words_after).unwrap_or_default().split(|byte| !byte.is_ascii_lowercase() && *byte != b'_');
        // `null` is not a name.
        let next = after.get(1..).unwrap_or_default().iter().find(|byte| !b", \t\r\n".contains(byte));
        matches!(next, Some(b'"' | b'\'' | b']'))
            && before.get(..before.len() - words_before).is_some_and(|before| before.ends_with(b"["))
            && after.get(words_after) == Some(&b']')
            && words.into_iter().all(is_word)
    }

    /// Where the array begins whose first text begins here, if it may be a pair: it is not itself the value of a name,
    /// as a list of names is, `"required": ["password", "login"]`.
    fn pair_of(&self, quote: usize) -> Option<usize> {
        let before = |end: usize| {
            let window = self.get(end.saturating_sub(NAME)..end).trim_ascii_end();
            Some((end.min(NAME) - window.len(), *window.last()?))
        };
        let (blanks, bracket) = before(quote)?;
        let array = (quote - blanks).checked_sub(1).filter(|_| matches!(bracket, b'[' | b'('))?;
        let is_pair = match before(array) {
            Some((_, byte)) => matches!(byte, b'[' | b'(' | b',' | b'"' | b'>'),
            None => true,
        };
        is_pair.then_some(array)
    }

    /// Whether a place is between `<` and `>`, and not in a comment or a CDATA section.
    fn is_in_tag(&self, place: usize) -> bool {
        let before = self.get(place.saturating_sub(AROUND)..place);
        let tag = memrchr2(b'<', b'>', before).and_then(|at| before.get(at..));
        tag.is_some_and(|tag| match tag.get(1..) {
            Some([b'!', second, ..]) => second.is_ascii_alphabetic(),
            Some([first, ..]) => first.is_ascii_alphabetic() || matches!(first, b'_' | b'?' | 0x80..),
            _ => false,
        })
    }

    /// The length of a value that begins with a quote, without the last quote: if that was forgotten, it ends before
    /// the next `>` after `<`, or with that line. What directly follows the last quote belongs to it.
    fn quoted(&self, start: usize, quote: u8) -> usize {
        let inside = self.rest(start + 1);
        let stop = memchr2(quote, b'<', inside).unwrap_or(inside.len());
        let length = match inside.get(stop) {
            // What looks like a tag may be the rest of the value.
            Some(b'<') => closing_quote(inside, stop, quote).unwrap_or_else(|| {
                let tag = inside.get(stop..).unwrap_or_default();
                stop + memchr2(b'>', b'\n', tag).unwrap_or(tag.len())
            }),
            _ => stop,
        };
        let after = inside.get(length + 1..).unwrap_or_default();
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"<>/?&,;)]}".contains(byte);
        let glued = match inside.get(length) == Some(&quote) {
            true => after.iter().position(is_end).unwrap_or(after.len()),
            false => 0,
        };
        1 + length + if glued == 0 { 0 } else { 1 + glued }
    }

    /// The length of a JSON value, however broken: a string with what directly follows it, an object or an array up to
    /// its end, anything else up to the end of a member.
    fn json_length(&self, start: usize) -> usize {
        let value = self.rest(start);
        let begin = match value.first() {
            Some(quote @ (b'"' | b'\'')) => string_length(value, *quote),
            Some(b'{' | b'[') => nested_length(value),
            _ => 0,
        };
        let rest = value.get(begin..).unwrap_or_default();
        let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b'\n' | b'\r');
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        begin + rest.get(..length).unwrap_or_default().trim_ascii_end().len()
    }
}

pub(super) fn is_markup(document: &[u8]) -> bool {
    let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document).trim_ascii_start();
    // A PHP script begins with `<` too.
    text.starts_with(b"<") && !text.starts_with(b"<?php")
}

/// A string with its quotes; an unterminated one continues to the end of the line.
fn string_length(text: &[u8], quote: u8) -> usize {
    let mut at = 1;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(length) = memchr3(quote, b'\\', b'\n', rest) else { return text.len() };
        at += length;
        match text.get(at) {
            Some(b'\\') => at += 2,
            Some(b'\n') => return at,
            _ => return at + 1,
        }
    }
}

/// The length of a string whose quotes are escaped, as in a string within a JSON string: `\"value\"`. It ends with the
/// same quote that began it; an unterminated one continues to the end of the line.
fn escaped_string_length(text: &[u8]) -> Option<usize> {
    let backslashes = text.iter().take_while(|byte| **byte == b'\\').count();
    let quote = text.get(..backslashes + 1)?;
    if backslashes == 0 || !matches!(quote.last(), Some(b'"' | b'\'')) {
        return None;
    }
    let line = text.get(..memchr(b'\n', text).unwrap_or(text.len()))?;
    let length = memmem::find(line.get(quote.len()..)?, quote);
    Some(length.map_or(line.len(), |length| length + 2 * quote.len()))
}

/// Without the backslashes that escape a quote.
fn without_backslashes(text: &[u8]) -> &[u8] {
    let length = text.iter().rposition(|byte| *byte != b'\\').map_or(0, |last| last + 1);
    text.get(..length).unwrap_or_default()
}

/// An object or an array; an unterminated one continues to the end of the document.
fn nested_length(text: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at += string_length(text.get(at..).unwrap_or_default(), b'"');
                continue;
            }
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

fn white_space(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Without a trailing `&quot;`.
fn without_quote_reference(text: &[u8]) -> &[u8] {
    match text.last() {
        Some(b';') => text.strip_suffix(b"&quot;").or_else(|| text.strip_suffix(b"&#34;")).unwrap_or(text),
        _ => text,
    }
}

/// A name with a hyphen in place of every character that cannot be in one.
fn without_foreign(name: &[u8]) -> Cow<'_, [u8]> {
    if name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')) {
        return Cow::Borrowed(name);
    }
    let unescaped = unescaped(name);
    let mut spelt = Vec::with_capacity(unescaped.len());
    let mut rest = &*unescaped;
    while let Some((first, after)) = rest.split_first() {
        // Full-width letters and digits, U+FF01 to U+FF5E.
        let (byte, after) = match rest {
            [0xef, 0xbc, last @ 0x81..=0xbf, after @ ..] => (last - 0x60, after),
            [0xef, 0xbd, last @ 0x80..=0x9e, after @ ..] => (last - 0x20, after),
            _ => (*first, after),
        };
        rest = after;
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') {
            spelt.push(byte);
        } else if spelt.last().is_some_and(|last| *last != b'-') {
            spelt.push(b'-');
        }
    }
    Cow::Owned(spelt)
}

/// A name with the escapes of queries (`%70`) and of JSON (`\u0070`) resolved.
pub(super) fn unescaped(name: &[u8]) -> Cow<'_, [u8]> {
    if memchr2(b'%', b'\\', name).is_none() {
        return Cow::Borrowed(name);
    }
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((&first, after)) = rest.split_first() {
        let digits = match first {
            b'%' => after.get(..2).map(|digits| (digits, 2)),
            b'\\' if after.first() == Some(&b'u') => after.get(1..5).map(|digits| (digits, 5)),
            _ => None,
        };
        let code = digits.and_then(|(digits, length)| {
            let text = std::str::from_utf8(digits).ok()?;
            Some((u32::from_str_radix(text, 16).ok()?, length))
        });
        let character = code.and_then(|(code, _)| char::from_u32(code));
        match (code, character) {
            (Some((code, length)), Some(character)) => {
                // An escape of a query is one byte of UTF-8.
                match u8::try_from(code) {
                    Ok(byte) if first == b'%' || byte.is_ascii() => bytes.push(byte),
                    _ => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                }
                rest = after.get(length..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts that no `x` is shown and every `y` is.
    fn hides_x_alone(documents: &[&str]) {
        for document in documents {
            let ranges = find(document.as_bytes(), &SecretNames::of_credentials());
            let mask =
                |(at, byte): (usize, u8)| if ranges.iter().any(|range| range.contains(&at)) { b'*' } else { byte };
            let shown: Vec<u8> = document.bytes().enumerate().map(mask).collect();
            let shown = String::from_utf8_lossy(&shown);
            assert!(!shown.contains('x'), "{document}: {shown}");
            assert_eq!(shown.matches('y').count(), document.matches('y').count(), "{document}: {shown}");
        }
    }

    #[test]
    fn members_of_json_are_masked() {
        hides_x_alone(&[
            r#"{"password": "x", "b": "y"}"#,
            r#"{"Passwd" : "x\"x", "b": "y"}"#,
            r#"{"passw\u006frd":"x","b":"y"}"#,
            r#"{"pass\u200bword":"x","b":"y"}"#,
            r#"{"p\u0430ssword":"x","b":"y"}"#,
            r#"{"password": "x"x", "b": "y"}"#,
            r#"{"password": {"x": ["x}", "x"]}, "b": "y"}"#,
            r#"{"password": [x, "b": "x"}"#,
            r#"{"password": x, "b": "y"}"#,
            r#"{"password" "x", "b": "y"}"#,
            r#"{'password': 'x', 'b': 'y'}"#,
            r#"{password: "x", b: "y"}"#,
            r#"{"Authorization": "x", "b": "y"}"#,
            r#"[{"name": "Authorization", "value": "x"}, {"name": "y", "value": "y"}]"#,
            r#"[{"value": "x", "name": "X-Auth-Token"}, {"name": "y", "value": "y"}]"#,
            "{\"password\": \"x\n\"b\": \"y\"}",
        ]);
    }

    #[test]
    fn queries_and_heads_are_masked() {
        hides_x_alone(&[
            "Action=y&Signature=x&b=y",
            "GET /?Action=y&Signature=x<x HTTP/1.1\r\ny: y\r\n",
            "GET https://x:x<x@y/y HTTP/1.1\r\ny: y\r\n",
            "Action=y&Signature=\nx\n&b=y",
            "Action=y&Signature=\n&b=y",
            "Action=y&%53ignature=x&b=y",
            "password=x&x&b=y",
            "https://host/?y=y&AccessKeyId=x#y",
            "GET /?Signature=x HTTP/1.1\r\ny: y\r\n",
            "GET https://x:x@y/y HTTP/1.1\r\ny: y\r\n",
            "{\"url\": \"https://x@y/y?AccessKeyId=x&y=y\", \"y\": \"mailto:y@y\"}",
            "POST / HTTP/1.1\r\nHTTP_AUTH_LOGIN: x\r\nHTTP_AUTH_PASSWD: x\r\ny: y\r\n\r\n<y/>",
            "POST / HTTP/1.1\r\nKEY: x\r\ny: y\r\n\r\n{\"key\": \"y\", key: \"y\"}",
            "> Cookie: x=x\n> y: y\n< Set-Cookie: x\n< y: y\n",
            "curl -H 'KEY: x' -H \"HTTP_AUTH_LOGIN: x\" -H 'y: y'",
            "{\"headers\": [{\"name\": \"KEY\", \"value\": \"x\"}, {\"name\": \"key-y\", \"value\": \"y\"}]}",
            "X-Acs-Security-Token: x\nX-Acs-AccessKey-Id: x\nX-Acs-Signature-Nonce: y\n",
            "> X-Auth-Token:x\n> y: y\n",
            "X-Auth-Token: x\nx+x=\ny: y\n\ny",
            "> X-Auth-Token: x\n> x\n> y: y\n",
            "Host: x:x@y\r\ny: y\r\n",
            "GET https://x:x/x?x#x@y/y HTTP/1.1\r\ny: y\r\n",
            "GET https://y:8443/y?y=y@y HTTP/1.1\r\ny: y\r\n",
            "Authorization: x, x=\"x\"\r\n x\r\ny: y\r\n",
            "curl -H 'X-Auth-Token: x' -H 'y: y'",
        ]);
    }

    #[test]
    fn attributes_and_texts_are_masked() {
        hides_x_alone(&[
            "<a password=\"x\" b='y'>y</a>",
            "<a password='x' b='y'>y</a>",
            "<a password='x'x b='y'>y</a>",
            "<a password \"x\" b='y'>y</a>",
            "<a password='x<b>y</b>",
            "<a password='x<x x='x'>y</b>",
            "<a password=\"<x\"/><b c=\"y\">y</b>",
            "<a password='x<x x' b='y'>y</a>",
            "<a password=\"x></b> x\">y</a>",
            "<a password='<<x&x'/>y",
            "<a password='<x>y</a>",
            "<a password='x<x/>y</a>",
            "<a password=x<x>y</a>",
            "<?y password='x<x'?><b>y</b>",
            "<a><!-- password='x<x -- --><b>y</b></a>",
            "<a href='http://h/?password=x<x&amp;b=y'>y</a>",
            "<a href='http://x:x<x@h/y'>y</a>",
            "<a>http://h/?password=x</a><b>y</b>",
            "<a password=x<b>y</b>",
            "<a><!-- password: x --x<b>y</b>",
            "<a>Signature=x</a><b Signature='y'>y</b>",
            "<y:a><signature:b y='y'/><y\nsignature:b='y'/></y:a>",
        ]);
    }

    #[test]
    fn many_broken_pairs_take_linear_time() {
        for piece in
            ["\"password\": {", "password=&", "password: ", "\"password\" \"", "\"name\": \"password\"", ": = \""]
        {
            let document = piece.repeat(100_000);
            find(document.as_bytes(), &SecretNames::of_credentials());
        }
    }
}
