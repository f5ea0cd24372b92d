//! Characters that look like an ASCII character: how two texts can differ while both are visible and look the same.

use std::borrow::Cow;

use unicode_normalization::char::compose;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::invisible::{is_hidden, is_invisible};

/// Letters of other scripts, and signs, each with the one that it cannot be distinguished from in most typefaces (of
/// the confusable characters of Unicode Technical Standard 39, those that keyboards and word processors produce).
const ALIKE: &[(char, char)] = &[
    // Hyphens, dashes and the minus sign; quotes; dots.
    ('\u{2010}', '-'),
    ('\u{2011}', '-'),
    ('\u{2012}', '-'),
    ('\u{2013}', '-'),
    ('\u{2014}', '-'),
    ('\u{2018}', '\''),
    ('\u{2019}', '\''),
    ('\u{201C}', '"'),
    ('\u{201D}', '"'),
    ('\u{2024}', '.'),
    ('\u{2212}', '-'),
    // Latin.
    ('\u{0131}', 'i'),
    ('\u{0251}', 'a'),
    ('\u{0261}', 'g'),
    // Greek.
    ('\u{0391}', 'A'),
    ('\u{0392}', 'B'),
    ('\u{0395}', 'E'),
    ('\u{0396}', 'Z'),
    ('\u{0397}', 'H'),
    ('\u{0399}', 'I'),
    ('\u{039A}', 'K'),
    ('\u{039C}', 'M'),
    ('\u{039D}', 'N'),
    ('\u{039F}', 'O'),
    ('\u{03A1}', 'P'),
    ('\u{03A4}', 'T'),
    ('\u{03A5}', 'Y'),
    ('\u{03A7}', 'X'),
    ('\u{03B1}', 'a'),
    ('\u{03B9}', 'i'),
    ('\u{03BA}', 'k'),
    ('\u{03BD}', 'v'),
    ('\u{03BF}', 'o'),
    ('\u{03C1}', 'p'),
    ('\u{03C5}', 'u'),
    ('\u{03C7}', 'x'),
    ('\u{03F2}', 'c'),
    ('\u{03F3}', 'j'),
    // Cyrillic.
    ('\u{0405}', 'S'),
    ('\u{0406}', 'I'),
    ('\u{0408}', 'J'),
    ('\u{0410}', 'A'),
    ('\u{0412}', 'B'),
    ('\u{0415}', 'E'),
    ('\u{041A}', 'K'),
    ('\u{041C}', 'M'),
    ('\u{041D}', 'H'),
    ('\u{041E}', 'O'),
    ('\u{0420}', 'P'),
    ('\u{0421}', 'C'),
    ('\u{0422}', 'T'),
    ('\u{0423}', 'Y'),
    ('\u{0425}', 'X'),
    ('\u{0430}', 'a'),
    ('\u{0435}', 'e'),
    ('\u{043A}', 'k'),
    ('\u{043E}', 'o'),
    ('\u{0440}', 'p'),
    ('\u{0441}', 'c'),
    ('\u{0443}', 'y'),
    ('\u{0445}', 'x'),
    ('\u{0455}', 's'),
    ('\u{0456}', 'i'),
    ('\u{0458}', 'j'),
    ('\u{04BB}', 'h'),
    ('\u{0501}', 'd'),
    ('\u{051B}', 'q'),
    ('\u{051D}', 'w'),
];

/// Whether a character looks like a space but is a different character.
pub(crate) fn is_other_blank(character: char) -> bool {
    !character.is_ascii() && character.is_whitespace()
}

/// The ASCII character that one looks like, or itself. Full-width forms have the same order as ASCII.
fn folded_character(character: char) -> char {
    match character {
        '\0'..='\u{7f}' => character,
        '\u{ff01}'..='\u{ff5e}' => {
            u8::try_from(u32::from(character) - 0xff01 + u32::from('!')).map_or(character, char::from)
        }
        _ if is_other_blank(character) => ' ',
        _ => ALIKE.iter().find(|(alike, _)| *alike == character).map_or(character, |(_, ascii)| *ascii),
    }
}

/// Replaces each character by the ASCII one that it looks like, and each letter with a combining mark by the one
/// character for both.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let text = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    };
    match text.chars().all(|character| folded_character(character) == character) {
        true => text,
        false => Cow::Owned(text.chars().map(folded_character).collect()),
    }
}

/// A text with a one-byte stand-in for each character beyond ASCII, and without invisible ones, so that each counts as
/// one slip, however many bytes it has.
pub(crate) fn narrowed(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.chars().filter(|character| !is_invisible(*character)).map(stand_in).collect()),
    }
}

fn stand_in(character: char) -> char {
    let folded = folded_character(character);
    if folded.is_ascii() { folded } else { '\u{7f}' }
}

/// Whether two texts look the same but differ.
pub(crate) fn look_alike(one: &str, other: &str) -> bool {
    one != other && !(one.is_ascii() && other.is_ascii()) && folded(one) == folded(other)
}

/// A form shared by all texts that differ only in case, `ß` and `SS` included.
pub(crate) fn in_one_case(text: &str) -> String {
    text.to_lowercase().to_uppercase()
}

/// Whether two texts look the same except for case.
pub(crate) fn look_alike_in_any_case(one: &str, other: &str) -> bool {
    // Some letters look alike only in one case.
    let seen = |text: &str| folded(&in_one_case(&folded(text))).into_owned();
    one.eq_ignore_ascii_case(other) || !(one.is_ascii() && other.is_ascii()) && seen(one) == seen(other)
}

/// What an invisible character may stand for: nothing, a space or a hyphen.
const MEANT: [&str; 3] = ["", " ", "-"];

/// What the invisible characters of a text correspond to in another text that is otherwise the same except for case.
pub(crate) fn hidden_as(text: &str, meant: &str) -> Option<&'static str> {
    let is_other = |character| is_hidden(character) && !meant.contains(character);
    if !text.contains(is_other) {
        return None;
    }
    MEANT.into_iter().find(|shown| look_alike_in_any_case(&text.replace(is_other, shown), meant))
}

/// The first character of a text that another text does not have, and the one that it looks like there, which this text
/// does not have.
pub(crate) fn difference(found: &str, meant: &str) -> Option<(char, char)> {
    if found.is_ascii() && meant.is_ascii() {
        return None;
    }
    found.chars().filter(|character| !meant.contains(*character)).find_map(|character| {
        let looks_like = |other: &char| folded_character(*other) == folded_character(character);
        meant.chars().filter(|other| !found.contains(*other)).find(looks_like).map(|other| (character, other))
    })
}

/// How a text and the intended one differ if a letter with a mark is one character in one of them, and two in the
/// other: the mark, and the one character.
pub(crate) fn difference_in_composition(found: &str, meant: &str) -> Option<(char, char)> {
    let divided = |divided: &str, whole: &str| {
        let pairs = divided.chars().zip(divided.chars().skip(1));
        let mut composed = pairs.filter_map(|(letter, mark)| Some((mark, compose(letter, mark)?)));
        composed.find(|(mark, one)| whole.contains(*one) && !whole.contains(*mark))
    };
    divided(found, meant).or_else(|| divided(meant, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookalikes_are_distinguished() {
        assert!(look_alike("p\u{430}ssword", "password") && !look_alike("password", "password"));
        assert!(!look_alike("passw\u{f6}rd", "password"));
        assert_eq!(folded("\u{ff21}\u{ff0d}\u{ff5a}\u{441}\u{4e2d}"), "A-zc\u{4e2d}");
        assert_eq!(difference("p\u{430}ssword", "password"), Some(('\u{430}', 'a')));
        assert_eq!(difference("pa", "p\u{430}"), Some(('a', '\u{430}')));
        assert_eq!(difference("not\u{2011}started", "not-started"), Some(('\u{2011}', '-')));
        assert!(["GRÖSSE", "GRÖßE", "GRÖẞE"].iter().all(|text| look_alike_in_any_case(text, "größe")));
        assert!(look_alike_in_any_case("σίγμας", "ΣΊΓΜΑΣ") && !look_alike_in_any_case("GRÖSE", "größe"));
        let hidden = |text| hidden_as(text, "a b-c");
        assert_eq!((hidden("a\u{200b}b-c"), hidden("a\u{200b} b-c")), (Some(" "), Some("")));
        assert_eq!((hidden("a\u{a0}B-c"), hidden("a b\u{ad}c"), hidden("a b-c")), (Some(" "), Some("-"), None));
        // The letter that is meant occurs as well.
        assert_eq!(difference("b\u{430}nan", "banana"), None);
        assert_eq!(difference("Gr\u{f6}sse", "Grosse"), None);
        assert!(
            look_alike("cafe\u{301}", "caf\u{e9}")
                && look_alike("a\u{2003}b", "a b")
                && !look_alike("cafe", "caf\u{e9}")
        );
        // Several marks on one letter, in either order, and Korean syllables.
        assert!(look_alike("e\u{323}\u{302}", "\u{1ec7}") && look_alike("e\u{302}\u{323}", "\u{1ec7}"));
        assert!(look_alike("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"));
        assert_eq!(difference_in_composition("cafe\u{301}", "caf\u{e9}"), Some(('\u{301}', '\u{e9}')));
        assert_eq!(difference_in_composition("caf\u{e9}", "cafe\u{301}"), Some(('\u{301}', '\u{e9}')));
        assert_eq!(difference_in_composition("cafe\u{301}", "cafe"), None);
        assert_eq!(narrowed("st\u{e1}t\u{430}\u{200b}s\u{a0}"), "st\u{7f}tas");
    }
}
