//! Placeholders in URLs.

use std::ops::Range;

/// `{endpoint}`, `{{endpoint}}`, `[Endpoint]`, `<common parameters>`, and `(s)` in `http(s)`: what documentation and
/// request collections write in place of an actual value.
pub(crate) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if text.starts_with("http(s)://") {
        found.push(4..7);
    }
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(['{', '[', '<'])).map(|start| at + start) {
        let rest = text.get(start..).unwrap_or_default();
        let close = match rest.as_bytes().first() {
            Some(b'{') => '}',
            Some(b'[') => ']',
            _ => '>',
        };
        // An unclosed one is a character like any other, and so are those after it.
        let Some(length) = rest.find(close) else { break };
        let closing =
            rest.get(length..).unwrap_or_default().chars().take_while(|character| *character == close).count();
        let end = start + length + if close == '}' { closing } else { 1 };
        // RFC 3986, section 3.2.2: an IPv6 address is in brackets.
        let is_address = close == ']' && rest.get(..length).is_some_and(|inside| inside.contains(':'));
        if !is_address {
            found.push(start..end);
        }
        at = end;
    }
    found
}

/// A text with a letter for each placeholder.
pub(crate) fn filled(text: &str, placeholders: &[Range<usize>]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut at = 0;
    for placeholder in placeholders {
        filled.push_str(text.get(at..placeholder.start).unwrap_or_default());
        filled.push('x');
        at = placeholder.end;
    }
    filled.push_str(text.get(at..).unwrap_or_default());
    filled
}
