//! A page of `docs/codes/`, split into its parts.
//!
//! ```text
//! # PC0203: the title
//!
//! The explanation, in one line.
//!
//! ## Example
//!
//! (a block of code)
//!
//! ## Remedy
//!
//! What to do, in one line.
//!
//! ## Source
//!
//! Which document and section states the rule.
//!
//! ## Constraint
//!
//! `the-name`, only for errors in schemas
//! ```
//!
//! This happens at compile time: a page of another form is a compile error, and nothing is left to do at run time.

/// The text for a code.
pub(super) struct Page {
    pub(super) title: &'static str,
    pub(super) explanation: &'static str,
    pub(super) example: &'static str,
    pub(super) remedy: &'static str,
    pub(super) source: &'static str,
    /// Empty unless the code is for errors in schemas.
    pub(super) constraint: &'static str,
}

/// After the language of a block: the example does not include the line break at the end of the block.
const NO_NEWLINE: &str = " no-newline";

impl Page {
    pub(super) const fn parse(number: &str, text: &'static str) -> Page {
        let (title, rest) = until(after(after(after(text, "# "), number), ": "), "\n\n");
        let (explanation, rest) = until(rest, "\n\n## Example\n\n```");
        let (language, rest) = until(rest, "\n");
        let end = find(rest, "\n```\n");
        let (example, line_break) = rest.split_at(end);
        let example = if is_end_of(language, NO_NEWLINE) { example } else { rest.split_at(end + 1).0 };
        let rest = after(line_break, "\n```\n\n## Remedy\n\n");
        let (remedy, rest) = until(rest, "\n\n## Source\n\n");
        let (source, rest) = until(rest, "\n");
        let constraint = match rest.is_empty() {
            true => "",
            false => {
                let (constraint, rest) = until(after(rest, "\n## Constraint\n\n`"), "`\n");
                assert!(rest.is_empty(), "nothing comes after the constraint of a code");
                constraint
            }
        };
        Page { title, explanation, example, remedy, source, constraint }
    }
}

/// What follows a mark at the beginning of a text.
const fn after(text: &'static str, mark: &str) -> &'static str {
    assert!(is_at(text.as_bytes(), 0, mark.as_bytes()), "a page of docs/codes lacks a heading where one is required");
    text.split_at(mark.len()).1
}

/// What comes before a mark, and what comes after it. What comes before is not empty.
const fn until(text: &'static str, mark: &str) -> (&'static str, &'static str) {
    let end = find(text, mark);
    assert!(end > 0, "a part of a page of docs/codes is empty");
    let (before, rest) = text.split_at(end);
    (before, after(rest, mark))
}

/// The position of a mark.
const fn find(text: &str, mark: &str) -> usize {
    let mut at = 0;
    while !is_at(text.as_bytes(), at, mark.as_bytes()) {
        at += 1;
        assert!(at < text.len(), "a page of docs/codes lacks one of its parts");
    }
    at
}

const fn is_end_of(text: &str, end: &str) -> bool {
    text.len() >= end.len() && is_at(text.as_bytes(), text.len() - end.len(), end.as_bytes())
}

const fn is_at(text: &[u8], at: usize, mark: &[u8]) -> bool {
    let mut matched = 0;
    while matched < mark.len() {
        if at + matched >= text.len() || text[at + matched] != mark[matched] {
            return false;
        }
        matched += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::Page;

    const TEXT: &str =
        "# PC0000: a title\n\nWhy.\n\n## Example\n\n```xml\n\n<a>\n```\n\n## Remedy\n\ndo it\n\n## Source\n\nXML\n";

    #[test]
    fn parts_are_those_of_the_page() {
        let page = Page::parse("PC0000", TEXT);
        assert_eq!((page.title, page.explanation, page.example), ("a title", "Why.", "\n<a>\n"));
        assert_eq!((page.remedy, page.source, page.constraint), ("do it", "XML", ""));
        let text = TEXT.replace("```xml", "```xml no-newline") + "\n## Constraint\n\n`cos-all`\n";
        let page = Page::parse("PC0000", text.leak());
        assert_eq!((page.example, page.constraint), ("\n<a>", "cos-all"));
    }

    #[test]
    fn another_form_is_refused() {
        let parse = |text: String| std::panic::catch_unwind(|| Page::parse("PC0000", text.leak())).is_ok();
        assert!(parse(TEXT.to_owned()));
        for (part, other) in [
            ("PC0000", "PC0001"),
            ("a title", ""),
            ("Why.\n\n", "\n\n"),
            ("## Example", "## Examples"),
            ("```\n\n##", "\n##"),
            ("do it", ""),
            ("XML\n", ""),
            ("XML\n", "XML\n\n## More\n"),
        ] {
            assert_ne!(TEXT.replace(part, other), TEXT);
            assert!(!parse(TEXT.replace(part, other)), "{part:?} as {other:?}");
        }
    }
}
