//! What words are composed of.

use crate::text::invisible::is_invisible;
use crate::text::white_space::is_blank;

/// How many characters of a name or text are shown.
const SHOWN: usize = 72;

/// How many of several alternatives are named.
const NAMED: usize = 10;

/// A text as it can be shown: cut when it is long, characters that cannot be seen written as `\n` or `\u{1b}`.
pub(crate) fn shown(text: &str) -> String {
    // Nearly always a short name.
    if text.len() <= SHOWN && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len().min(SHOWN) + 3);
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN {
            shown.push('…');
            break;
        }
        if is_invisible(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// In backticks.
pub(crate) fn ticked(text: &str) -> String {
    format!("`{}`", shown(text))
}

/// `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``; of many only the first.
pub(super) fn any_of(items: impl IntoIterator<Item = String, IntoIter: ExactSizeIterator>) -> String {
    joined(items.into_iter(), "or")
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``; of many only the first.
pub(super) fn all_of(items: impl IntoIterator<Item = String, IntoIter: ExactSizeIterator>) -> String {
    joined(items.into_iter(), "and")
}

/// Those that are not named are not made either.
fn joined(items: impl ExactSizeIterator<Item = String>, word: &str) -> String {
    let count = items.len();
    let mut named: Vec<String> = items.take(if count > NAMED { NAMED - 1 } else { count }).collect();
    if count > NAMED {
        named.push(format!("{} others", count + 1 - NAMED));
    }
    match named.split_last() {
        None => String::from("nothing"),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} {word} {last}", before.join(", ")),
    }
}

/// `1 character`, `2 characters`.
pub(super) fn counted(count: u64, plural: &str) -> String {
    let unit = if count == 1 { plural.strip_suffix('s').unwrap_or(plural) } else { plural };
    format!("{count} {unit}")
}

/// A text as something that was found: nothing, white space, or itself.
pub(super) fn found_text(text: &str) -> String {
    if text.is_empty() {
        String::from("nothing")
    } else if is_blank(text) {
        String::from(if text.contains(['\n', '\r']) {
            "only white space with a line break"
        } else {
            "only white space"
        })
    } else {
        ticked(text)
    }
}

pub(super) fn did_you_mean(name: &str) -> String {
    format!("did you mean {}?", ticked(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_and_escaped() {
        assert_eq!(shown("a\u{1b}[0m\nb"), "a\\u{1b}[0m\\nb");
        assert_eq!(shown("é\u{202e}"), "é\\u{202e}");
        assert_eq!(shown(&"ä".repeat(100)), format!("{}…", "ä".repeat(SHOWN)));
    }

    #[test]
    fn lists_read_well() {
        let items = |count: usize| -> Vec<String> { (0..count).map(|item| ticked(&item.to_string())).collect() };
        assert_eq!(any_of(items(1)), "`0`");
        assert_eq!(any_of(items(2)), "`0` or `1`");
        assert_eq!(all_of(items(3)), "`0`, `1` and `2`");
        assert!(any_of(items(12)).ends_with("`8` or 3 others"));
    }
}
