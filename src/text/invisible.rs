//! Invisible characters: how two texts can differ while they look the same.

/// All of Unicode's control and format characters, separators except the space, and characters drawn as nothing, from
/// first to last, in order: as the test below says it, by the properties of Unicode.
const INVISIBLE: [(char, char); 31] = [
    ('\u{0}', '\u{1f}'),
    ('\u{7f}', '\u{a0}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{2000}', '\u{200f}'),
    ('\u{2028}', '\u{202f}'),
    ('\u{205f}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{16fe4}', '\u{16fe4}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a character is invisible, or changes how its neighbours are shown. U+0020 is not invisible.
pub(crate) fn is_invisible(character: char) -> bool {
    match character {
        ' '..='~' => false,
        '\0'..='\u{a0}' => true,
        _ => {
            let after = INVISIBLE.partition_point(|(first, _)| *first <= character);
            after.checked_sub(1).and_then(|index| INVISIBLE.get(index)).is_some_and(|(_, last)| character <= *last)
        }
    }
}

/// Whether a character is invisible, except for XML white space.
pub(crate) fn is_hidden(character: char) -> bool {
    is_invisible(character) && !character.is_ascii_whitespace()
}

/// A text without invisible characters and spaces around it.
pub(crate) fn trim_invisible(text: &str) -> &str {
    text.trim_matches(is_unseen)
}

/// Whether a character is invisible or a space.
pub(crate) fn is_unseen(character: char) -> bool {
    character == ' ' || is_invisible(character)
}

#[cfg(test)]
mod tests {
    use regex_syntax::hir::{Class, HirKind};

    use super::{INVISIBLE, is_invisible};

    /// The last two are blank glyphs that no property names.
    const PROPERTIES: &str = r"[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\x{2800}\x{16FE4}--\x20]";

    #[test]
    fn the_table_is_that_of_the_properties() {
        let parsed = regex_syntax::parse(PROPERTIES).map(regex_syntax::hir::Hir::into_kind);
        let Ok(HirKind::Class(Class::Unicode(class))) = parsed else { unreachable!("a class") };
        let expected: Vec<_> = class.ranges().iter().map(|range| (range.start(), range.end())).collect();
        assert_eq!(INVISIBLE[..], expected[..]);
    }

    #[test]
    fn invisible_characters_are_known() {
        let invisible = "\0\t\n\u{7f}\u{85}\u{a0}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{1680}\u{17b4}\u{180e}\u{2000}\
                         \u{2009}\u{200b}\u{200d}\u{2028}\u{2029}\u{202e}\u{202f}\u{205f}\u{2060}\u{2069}\u{2800}\
                         \u{3000}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{e0020}\u{e0100}";
        for character in invisible.chars() {
            assert!(is_invisible(character), "{character:?}");
        }
        for character in " ~aé¡\u{301}世\u{10000}😀".chars() {
            assert!(!is_invisible(character), "{character:?}");
        }
    }
}
