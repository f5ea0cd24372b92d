//! Invisible characters: how two texts can differ while they look the same.

use std::sync::OnceLock;

/// All of Unicode's control and format characters, separators except the space, and characters drawn as nothing:
/// Unicode properties decide, so no list has to be maintained. The last two are blank glyphs that no property names.
const INVISIBLE: &str = r"[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\x{2800}\x{16FE4}--\x20]";

/// Whether a character is invisible, or changes how its neighbours are shown. U+0020 is not invisible.
pub(crate) fn is_invisible(character: char) -> bool {
    match character {
        ' '..='~' => false,
        '\0'..='\u{a0}' => true,
        _ => {
            let ranges = ranges();
            let after = ranges.partition_point(|(first, _)| *first <= character);
            after.checked_sub(1).and_then(|index| ranges.get(index)).is_some_and(|(_, last)| character <= *last)
        }
    }
}

/// The same, except for XML white space.
pub(crate) fn is_hidden(character: char) -> bool {
    is_invisible(character) && !character.is_ascii_whitespace()
}

/// A text without what cannot be seen around it.
pub(crate) fn trim_invisible(text: &str) -> &str {
    text.trim_matches(is_unseen)
}

/// Whether a character cannot be seen, with U+0020.
pub(crate) fn is_unseen(character: char) -> bool {
    character == ' ' || is_invisible(character)
}

/// From first to last, in order.
fn ranges() -> &'static [(char, char)] {
    static RANGES: OnceLock<Vec<(char, char)>> = OnceLock::new();
    RANGES.get_or_init(|| {
        let parsed = regex_syntax::parse(INVISIBLE).map(regex_syntax::hir::Hir::into_kind);
        match parsed {
            Ok(regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class))) => {
                class.ranges().iter().map(|range| (range.start(), range.end())).collect()
            }
            _ => Vec::new(), // the test below shows that this cannot happen
        }
    })
}

#[cfg(test)]
mod tests {
    use super::is_invisible;

    #[test]
    fn what_cannot_be_seen_is_known() {
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
