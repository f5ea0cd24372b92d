//! White space normalisation (XML Schema part 2, section 4.3.6).

use std::borrow::Cow;

use crate::text::white_space::{has_white_space, is_single, items, trim};

/// The three white-space modes, from the loosest to the tightest (XML Schema part 2, section 4.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhiteSpace {
    /// Nothing changes.
    Preserve,
    /// Tab, line feed and carriage return become spaces.
    Replace,
    /// As `Replace`; then runs of spaces become one, and spaces at both ends are removed.
    Collapse,
}

impl WhiteSpace {
    /// The mode's name as a schema writes it.
    pub fn name(self) -> &'static str {
        match self {
            WhiteSpace::Preserve => "preserve",
            WhiteSpace::Replace => "replace",
            WhiteSpace::Collapse => "collapse",
        }
    }

    /// The text after normalisation. Borrows if nothing inside the text changes.
    pub fn normalize(self, text: &str) -> Cow<'_, str> {
        match self {
            WhiteSpace::Preserve => Cow::Borrowed(text),
            WhiteSpace::Replace => replace(text),
            WhiteSpace::Collapse => collapse(text),
        }
    }

    /// Whether two texts are the same after normalisation.
    pub(super) fn are_same(self, one: &str, other: &str) -> bool {
        let replaced = |byte: u8| if matches!(byte, b'\t' | b'\n' | b'\r') { b' ' } else { byte };
        match self {
            WhiteSpace::Preserve => one == other,
            WhiteSpace::Replace => one.bytes().map(replaced).eq(other.bytes().map(replaced)),
            WhiteSpace::Collapse => items(one).eq(items(other)),
        }
    }
}

fn replace(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r')) {
        Cow::Owned(text.replace(['\t', '\n', '\r'], " "))
    } else {
        Cow::Borrowed(text)
    }
}

fn collapse(text: &str) -> Cow<'_, str> {
    if !has_white_space(text) {
        return Cow::Borrowed(text); // nearly always
    }
    let trimmed = trim(text);
    if is_single(trimmed) {
        return Cow::Borrowed(trimmed);
    }
    let mut collapsed = String::with_capacity(trimmed.len());
    for item in items(trimmed) {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(item);
    }
    Cow::Owned(collapsed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn borrows_what_is_only_trimmed() {
        assert!(matches!(WhiteSpace::Collapse.normalize("\n a b\t"), Cow::Borrowed("a b")));
        assert!(matches!(WhiteSpace::Replace.normalize("  a  b "), Cow::Borrowed("  a  b ")));
        assert!(matches!(WhiteSpace::Preserve.normalize("\t"), Cow::Borrowed("\t")));
    }

    proptest! {
        #[test]
        fn texts_are_the_same_where_they_are_normalized_alike(one in "[ab \t\n]{0,4}", other in "[ab \t\n]{0,4}") {
            for mode in [WhiteSpace::Preserve, WhiteSpace::Replace, WhiteSpace::Collapse] {
                prop_assert_eq!(mode.are_same(&one, &other), mode.normalize(&one) == mode.normalize(&other));
            }
        }
    }

    #[test]
    fn changes_only_the_four_characters_of_xml() {
        assert_eq!(WhiteSpace::Replace.normalize("a\t\r\nb"), "a   b");
        assert_eq!(WhiteSpace::Collapse.normalize(" a\t\r\n b  c "), "a b c");
        assert_eq!(WhiteSpace::Collapse.normalize("\u{a0}a\u{2003}"), "\u{a0}a\u{2003}");
        assert_eq!(WhiteSpace::Collapse.normalize(" \n "), "");
    }
}
