//! Text that a terminal cannot mistake for a command.

use std::borrow::Cow;
use std::fmt::Write;

use crate::text::invisible::is_invisible;

/// The text with everything that a terminal acts upon made visible.
///
/// ASCII control characters become their pictures (`␛`), and other characters that move the cursor, hide text or change
/// its direction become their number (`<U+202E>`). A line feed is a control character too. Borrows if nothing changes.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts_on_terminal) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match acts_on_terminal(character) {
            true => push_visible(&mut out, character),
            false => out.push(character),
        }
    }
    Cow::Owned(out)
}

/// Text as written in elements and attributes of HTML and XML. Characters that are invisible, or not allowed in XML,
/// are made visible.
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}

/// Appends one character, made visible if it is invisible.
pub(super) fn push_visible(out: &mut String, character: char) {
    match character {
        '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}')),
        '\u{7f}' => out.push('\u{2421}'),
        _ if is_invisible(character) => {
            // Writing to a String cannot fail.
            let _ = write!(out, "<U+{:04X}>", character as u32);
        }
        _ => out.push(character),
    }
}

/// Control characters, line and paragraph separators, and characters that are not drawn at all or change the direction
/// of text. Spaces are harmless, whatever their width.
pub(crate) fn acts_on_terminal(character: char) -> bool {
    let is_space = character.is_whitespace() && !character.is_control();
    is_invisible(character) && (!is_space || matches!(character, '\u{2028}' | '\u{2029}'))
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(visible("Grüße, 世界"), std::borrow::Cow::Borrowed(_)));
    }

    #[test]
    fn characters_that_act_on_a_terminal_are_shown() {
        assert_eq!(visible("\u{1b}[31mred\r\n"), "␛[31mred␍␊");
        assert_eq!(visible("a\u{9b}b\u{202e}c\u{7f}"), "a<U+009B>b<U+202E>c␡");
    }
}
