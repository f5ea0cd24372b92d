//! The lexical spaces of the string family that are more than white space: `language` (XML Schema part 2, section
//! 3.3.3).

/// One to eight letters, then parts of one to eight letters or digits, each after a hyphen (RFC 3066).
pub(super) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts.next().is_some_and(|part| is_part(part) && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
        && parts.all(is_part)
}
