//! `boolean` (XML Schema part 2, section 3.2.2).

/// The value of a text, or `None` if it is outside the lexical space.
pub(super) fn parse(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// The four spellings.
pub(super) const SPELLINGS: [&str; 4] = ["true", "false", "1", "0"];

/// The canonical spelling (section 3.2.2.2).
pub(super) fn canonical(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
