//! Character classes (productions 11 to 24 of appendix F).

use std::sync::OnceLock;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};
use regex_syntax::utf8::{Utf8Sequence, Utf8Sequences};

use super::parse::{Parser, PatternError};
use super::{block, category};

/// How deep subtractions may be nested.
const SUBTRACTIONS_LIMIT: usize = 100;

/// `\i`: NameStartChar (production 4 of XML 1.0, fifth edition), the colon included.
const NAME_START: [(char, char); 16] = [
    (':', ':'),
    ('A', 'Z'),
    ('_', '_'),
    ('a', 'z'),
    ('\u{c0}', '\u{d6}'),
    ('\u{d8}', '\u{f6}'),
    ('\u{f8}', '\u{2ff}'),
    ('\u{370}', '\u{37d}'),
    ('\u{37f}', '\u{1fff}'),
    ('\u{200c}', '\u{200d}'),
    ('\u{2070}', '\u{218f}'),
    ('\u{2c00}', '\u{2fef}'),
    ('\u{3001}', '\u{d7ff}'),
    ('\u{f900}', '\u{fdcf}'),
    ('\u{fdf0}', '\u{fffd}'),
    ('\u{10000}', '\u{effff}'),
];

/// The additional characters of `\c`, NameChar (production 4a).
const NAME_REST: [(char, char); 5] =
    [('-', '.'), ('0', '9'), ('\u{b7}', '\u{b7}'), ('\u{300}', '\u{36f}'), ('\u{203f}', '\u{2040}')];

/// What follows a backslash.
pub(super) enum Escape {
    /// Production 24: one character.
    Character(char),
    /// Productions 25 to 37: a class.
    Class(ClassUnicode),
}

/// `.` (production 37a): anything but the two line-ending characters.
pub(super) fn wildcard() -> ClassUnicode {
    let range = ClassUnicodeRange::new;
    ClassUnicode::new([range('\0', '\t'), range('\u{B}', '\u{C}'), range('\u{E}', char::MAX)])
}

/// An upper bound of the states that a class takes: the inner nodes of the trie of its UTF-8 sequences, as if they
/// shared no endings.
pub(super) fn states(class: &ClassUnicode) -> u64 {
    static OF_DIGITS: OnceLock<u64> = OnceLock::new();
    // The only class of this size that is common in patterns.
    if class == decimal_digit() { *OF_DIGITS.get_or_init(|| counted_states(class)) } else { counted_states(class) }
}

fn counted_states(class: &ClassUnicode) -> u64 {
    let mut states = 1;
    let mut previous: Option<Utf8Sequence> = None;
    // A sequence of one byte has no inner node.
    let ranges = class.iter().filter(|range| !range.end().is_ascii());
    for sequence in ranges.flat_map(|range| Utf8Sequences::new(range.start(), range.end())) {
        let ranges = sequence.as_slice();
        let before = previous.as_ref().map_or(&[][..], Utf8Sequence::as_slice);
        let shared = ranges.iter().zip(before).take_while(|(one, other)| one == other).count();
        states += ranges.len().saturating_sub(shared + 1) as u64;
        previous = Some(sequence);
    }
    states
}

/// The content of a bracket expression: the ranges so far, and whether they are excluded.
#[derive(Default)]
struct Bracket {
    ranges: Ranges,
    negated: bool,
}

impl Bracket {
    fn finish(self) -> ClassUnicode {
        let mut class = self.ranges.finish();
        if self.negated {
            class.negate();
        }
        class
    }
}

/// Productions 12 to 22 after the first `[`: a group, from which another may be subtracted.
///
/// A hyphen is literal only at the beginning and the end of a group (the note on production 22).
pub(super) fn parse_expression(parser: &mut Parser<'_>) -> Result<ClassUnicode, PatternError> {
    let mut outer: Vec<ClassUnicode> = Vec::new();
    loop {
        let group = parse_group(parser)?;
        if parser.peek() == Some('[') {
            if outer.len() == SUBTRACTIONS_LIMIT {
                return Err(
                    parser.unexpected_next(&format!("at most {SUBTRACTIONS_LIMIT} subtractions in one another"))
                );
            }
            parser.next();
            outer.push(group);
            continue;
        }
        parser.expect(']')?;
        let mut class = group;
        while let Some(mut from) = outer.pop() {
            parser.expect(']')?;
            from.difference(&class);
            class = from;
        }
        return Ok(class);
    }
}

/// Productions 13 to 16: the members, up to the closing bracket or after the hyphen of a subtraction.
fn parse_group(parser: &mut Parser<'_>) -> Result<ClassUnicode, PatternError> {
    let mut bracket = Bracket::default();
    if parser.peek() == Some('^') {
        parser.next();
        bracket.negated = true;
    }
    let mut is_empty = true;
    loop {
        match (parser.peek(), parser.peek_second()) {
            (Some(']'), _) if !is_empty => return Ok(bracket.finish()),
            (Some('-'), Some('[')) if !is_empty => {
                parser.next();
                return Ok(bracket.finish());
            }
            (Some('-'), Some(second)) if !is_empty && second != ']' && !is_last_hyphen(parser) => {
                return Err(
                    parser.unexpected_next("`\\-`, since a hyphen is literal only at the beginning or end of a class,")
                );
            }
            _ => parse_member(parser, &mut bracket.ranges)?,
        }
        is_empty = false;
    }
}

/// Whether the hyphen directly before a subtraction is the last member of its group.
fn is_last_hyphen(parser: &Parser<'_>) -> bool {
    parser.is_at("--[")
}

/// Productions 17 to 21: a class escape, a range or a character.
fn parse_member(parser: &mut Parser<'_>, ranges: &mut Ranges) -> Result<(), PatternError> {
    let first_is_hyphen = parser.peek() == Some('-');
    let first = match parse_end(parser)? {
        Escape::Class(class) => {
            ranges.extend(&class);
            return Ok(());
        }
        Escape::Character(character) => character,
    };
    let is_range =
        parser.peek() == Some('-') && !matches!(parser.peek_second(), Some('[' | ']')) && !is_last_hyphen(parser);
    if !is_range {
        ranges.push(single(first));
        return Ok(());
    }
    if first_is_hyphen {
        return Err(parser.unexpected_next("`\\-` at the start of a range"));
    }
    parser.next();
    if parser.peek() == Some('-') {
        return Err(parser.unexpected_next("`\\-` at the end of a range"));
    }
    match parse_end(parser)? {
        Escape::Character(last) if first <= last => {
            ranges.push(ClassUnicodeRange::new(first, last));
            Ok(())
        }
        Escape::Character(last) => {
            Err(parser.unexpected_last(&format!("a range that ends at `{first}` or above"), last))
        }
        Escape::Class(_) => Err(parser.unexpected("a character at the end of a range".to_owned(), "a class")),
    }
}

/// Production 20: a character or an escape.
fn parse_end(parser: &mut Parser<'_>) -> Result<Escape, PatternError> {
    match parser.peek() {
        None => Err(parser.unexpected_next("`]`")),
        Some('[') => Err(parser.unexpected_next("`\\[`")),
        Some(']') => Err(parser.unexpected_next("a character of a class")),
        Some('\\') => {
            parser.next();
            parse_escape(parser)
        }
        Some(character) => {
            parser.next();
            Ok(Escape::Character(character))
        }
    }
}

/// Productions 23 to 37 after the backslash.
pub(super) fn parse_escape(parser: &mut Parser<'_>) -> Result<Escape, PatternError> {
    let Some(letter) = parser.next() else { return Err(parser.unexpected_next("an escape")) };
    let class = match letter.to_ascii_lowercase() {
        _ if r"\|.-^?*+{}()[]".contains(letter) => return Ok(Escape::Character(letter)),
        'n' if letter == 'n' => return Ok(Escape::Character('\n')),
        'r' if letter == 'r' => return Ok(Escape::Character('\r')),
        't' if letter == 't' => return Ok(Escape::Character('\t')),
        's' => ClassUnicode::new([' ', '\t', '\n', '\r'].map(single)),
        'i' => ClassUnicode::new(NAME_START.map(range)),
        'c' => ClassUnicode::new(NAME_START.iter().chain(&NAME_REST).copied().map(range)),
        'd' => decimal_digit().clone(),
        'w' => word().clone(),
        'p' => parse_property(parser)?,
        _ => {
            let expected = "one of the escapes `\\n`, `\\r`, `\\t`, `\\s`, `\\i`, `\\c`, `\\d`, `\\w`, `\\p`, their \
                            capitals or that of a metacharacter";
            return Err(parser.unexpected(expected.to_owned(), &format!("`\\{letter}`")));
        }
    };
    Ok(Escape::Class(if letter.is_ascii_uppercase() { negated(class) } else { class }))
}

/// Productions 25 to 36 after `\p`: a general category or a block in braces.
fn parse_property(parser: &mut Parser<'_>) -> Result<ClassUnicode, PatternError> {
    parser.expect('{')?;
    let mut name = String::new();
    while let Some(character) = parser.peek().filter(|character| character.is_ascii_alphanumeric() || *character == '-')
    {
        parser.next();
        name.push(character);
    }
    let class = match name.strip_prefix("Is") {
        Some(block) if block::is_of_surrogates(block) => Some(ClassUnicode::empty()),
        Some(block) => block::find(block).map(|(first, last)| ClassUnicode::new([ClassUnicodeRange::new(first, last)])),
        None => category::find(&name),
    };
    let Some(class) = class else {
        return Err(parser.unexpected("a general category or a block of Unicode".to_owned(), &format!("`{name}`")));
    };
    parser.expect('}')?;
    Ok(class)
}

/// `\d`: any decimal digit, not only ASCII ones.
fn decimal_digit() -> &'static ClassUnicode {
    static CLASS: OnceLock<ClassUnicode> = OnceLock::new();
    CLASS.get_or_init(|| category::find("Nd").unwrap_or_else(ClassUnicode::empty))
}

/// `\w`: anything but punctuation, separators and others.
fn word() -> &'static ClassUnicode {
    static CLASS: OnceLock<ClassUnicode> = OnceLock::new();
    CLASS.get_or_init(|| {
        let mut class = ClassUnicode::empty();
        for left_out in ["P", "Z", "C"] {
            class.union(&category::find(left_out).unwrap_or_else(ClassUnicode::empty));
        }
        negated(class)
    })
}

fn negated(mut class: ClassUnicode) -> ClassUnicode {
    class.negate();
    class
}

/// The class of one character.
pub(super) fn of(character: char) -> ClassUnicode {
    ClassUnicode::new([single(character)])
}

fn single(character: char) -> ClassUnicodeRange {
    ClassUnicodeRange::new(character, character)
}

fn range((first, last): (char, char)) -> ClassUnicodeRange {
    ClassUnicodeRange::new(first, last)
}

/// Ranges as they are added. They are normalised when their number has doubled, so that repeating a large class costs
/// time in proportion to its length.
#[derive(Default)]
struct Ranges {
    ranges: Vec<ClassUnicodeRange>,
    ordered: usize,
}

impl Ranges {
    fn push(&mut self, range: ClassUnicodeRange) {
        self.ranges.push(range);
        if self.ranges.len() > 2 * self.ordered + 4096 {
            let class = ClassUnicode::new(std::mem::take(&mut self.ranges));
            self.ranges = class.ranges().to_vec();
            self.ordered = self.ranges.len();
        }
    }

    fn extend(&mut self, class: &ClassUnicode) {
        class.iter().for_each(|range| self.push(*range));
    }

    fn finish(self) -> ClassUnicode {
        ClassUnicode::new(self.ranges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::name::{is_name_char, is_name_start};

    #[test]
    fn names_are_those_of_xml() {
        let is_in = |character: char, ranges: &[(char, char)]| {
            ranges.iter().any(|(first, last)| (*first..=*last).contains(&character))
        };
        for character in '\0'..=char::MAX {
            let starts = is_in(character, &NAME_START);
            assert_eq!(starts, character == ':' || is_name_start(character), "{character:?}");
            let continues = starts || is_in(character, &NAME_REST);
            assert_eq!(continues, character == ':' || is_name_char(character), "{character:?}");
        }
    }
}
