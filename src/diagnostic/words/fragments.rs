//! The fragments that words are composed of.

use std::fmt::{Arguments, Display, Formatter, Write as _};

use crate::text::invisible::{is_hidden, is_invisible};
use crate::text::lookalike::{difference, difference_in_composition, hidden_as, is_other_blank};
use crate::text::white_space::is_blank;

/// The most characters of a name or text that are shown.
const SHOWN: usize = 72;

/// The most alternatives that are named.
const NAMED: usize = 10;

/// A text as it can be shown: cut if it is long, invisible characters written as `\n` or `\u{1b}`.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(SHOWN + 3));
    push_shown(&mut shown, text);
    shown
}

/// Appends a text in the form of [`shown`].
pub(crate) fn push_shown(shown: &mut String, text: &str) {
    if is_shown_as_it_is(text) {
        shown.push_str(text);
        return;
    }
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
}

/// Nearly always true: a short name.
fn is_shown_as_it_is(text: &str) -> bool {
    // Without a branch per byte, so that many are processed at once.
    text.len() <= SHOWN && text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'))
}

/// A text in backticks.
pub(crate) fn ticked(text: &str) -> Ticked<'_> {
    Ticked(text)
}

/// See [`ticked`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticked<'t>(&'t str);

impl Display for Ticked<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("`")?;
        match is_shown_as_it_is(self.0) {
            true => formatter.write_str(self.0)?,
            false => formatter.write_str(&shown(self.0))?,
        }
        formatter.write_str("`")
    }
}

/// `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``; only the first ones of many.
pub(super) fn any_of<I: IntoIterator>(items: I) -> Listed<I::IntoIter> {
    Listed { items: items.into_iter(), last: OR }
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``; only the first ones of many.
pub(super) fn all_of<I: IntoIterator>(items: I) -> Listed<I::IntoIter> {
    Listed { items: items.into_iter(), last: AND }
}

/// See [`any_of`] and [`all_of`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed<I> {
    items: I,
    last: &'static str,
}

/// What comes before the last of several.
pub(super) const OR: &str = " or ";
pub(super) const AND: &str = " and ";

/// How many of `count` are named.
fn named(count: usize) -> usize {
    if count > NAMED { NAMED - 1 } else { count }
}

/// What comes before one of several.
fn before(index: usize, count: usize, last: &'static str) -> &'static str {
    match index {
        0 => "",
        _ if index + 1 == count => last,
        _ => ", ",
    }
}

impl<I: ExactSizeIterator<Item: Display> + Clone> Display for Listed<I> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        let count = self.items.len();
        if count == 0 {
            return formatter.write_str("nothing");
        }
        let named = named(count);
        for (index, item) in self.items.clone().take(named).enumerate() {
            formatter.write_str(before(index, count, self.last))?;
            item.fmt(formatter)?;
        }
        match count - named {
            0 => Ok(()),
            others => write!(formatter, "{}{others} others", self.last),
        }
    }
}

/// A message that names several things: allocates enough for most of them at once.
pub(super) fn message(arguments: Arguments<'_>) -> String {
    let mut message = String::with_capacity(320);
    let _ = message.write_fmt(arguments); // writing to a String cannot fail
    message
}

/// A message made of pieces, one after another: several times as fast as formatting, for frequent messages.
#[derive(Debug)]
pub(super) struct Pieces(String);

impl Pieces {
    pub(super) fn new(first: &str) -> Pieces {
        let mut message = String::with_capacity(first.len() + 192);
        message.push_str(first);
        Pieces(message)
    }

    /// Appends a text unchanged.
    pub(super) fn text(mut self, text: &str) -> Pieces {
        self.0.push_str(text);
        self
    }

    /// Appends a text in backticks.
    pub(super) fn ticked(mut self, text: &str) -> Pieces {
        self.0.push('`');
        push_shown(&mut self.0, text);
        self.0.push('`');
        self
    }

    /// Appends several items as [`any_of`] and [`all_of`] list them: `append` writes one.
    pub(super) fn listed<I: ExactSizeIterator>(
        mut self,
        items: I,
        last: &'static str,
        append: impl Fn(Pieces, I::Item) -> Pieces,
    ) -> Pieces {
        let count = items.len();
        let named = named(count);
        for (index, item) in items.take(named).enumerate() {
            self = append(self.text(before(index, count, last)), item);
        }
        match count - named {
            0 => self,
            others => self.text(last).text(&others.to_string()).text(" others"),
        }
    }

    pub(super) fn message(self) -> String {
        self.0
    }
}

/// `1 character`, `2 characters`.
pub(super) fn counted(count: u64, plural: &str) -> String {
    let unit = if count == 1 { plural.strip_suffix('s').unwrap_or(plural) } else { plural };
    format!("{count} {unit}")
}

/// A text that was found: nothing, white space, or the text itself.
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
        ticked(text).to_string()
    }
}

/// What was meant by what was found; and a character that looks exactly like the right one.
pub(super) fn did_you_mean(meant: &str, found: &str) -> String {
    format!("did you mean {}?{}", ticked(meant), looks_like(found, meant))
}

/// Names the first character of `found` that only looks like one of `meant`; empty if there is none.
pub(super) fn looks_like(found: &str, meant: &str) -> String {
    let number = |character: char| format!("U+{:04X}", u32::from(character));
    let is_unwanted = |character: &char| is_hidden(*character) && !meant.contains(*character);
    if let Some((hidden, shown)) = found.chars().find(is_unwanted).zip(hidden_as(found, meant)) {
        return match shown {
            "" => format!(" Remove the invisible character {}", number(hidden)),
            "-" => format!(" Write a hyphen in place of {}", number(hidden)),
            _ => format!(" Write an ordinary space in place of {}", number(hidden)),
        };
    }
    let is_odd_blank = |character: &char| is_other_blank(*character) && !meant.contains(*character);
    if let Some(blank) = found.chars().find(is_odd_blank).filter(|_| meant.contains(' ')) {
        return format!(" Write an ordinary space in place of {}", number(blank));
    }
    if let Some((mark, one)) = difference_in_composition(found, meant) {
        return match found.contains(mark) {
            true => format!(
                " {} is a combining character here: write `{one}` as one character ({})",
                number(mark),
                number(one)
            ),
            false => {
                format!(" `{one}` is one character here ({}): write it as a letter and {}", number(one), number(mark))
            }
        };
    }
    let Some((character, right)) = difference(found, meant) else { return String::new() };
    let right = match right.is_ascii() {
        true => format!("`{right}`"),
        false => format!("`{right}` ({})", number(right)),
    };
    format!(" `{character}` is {} here, which only looks like {right}", number(character))
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
        let items =
            |count: usize| -> Vec<String> { (0..count).map(|item| ticked(&item.to_string()).to_string()).collect() };
        assert_eq!(any_of(items(1)).to_string(), "`0`");
        assert_eq!(any_of(items(2)).to_string(), "`0` or `1`");
        assert_eq!(all_of(items(3)).to_string(), "`0`, `1` and `2`");
        assert!(any_of(items(12)).to_string().ends_with("`8` or 3 others"));
    }
}
