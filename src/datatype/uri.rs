//! `anyURI` (XML Schema part 2, section 3.2.17): what is a URI reference once disallowed characters are escaped.
//!
//! The escaping (XLink 1.0, section 5.4) covers all of Unicode except percent signs, number signs and square brackets,
//! so a text can violate little of the grammar of RFC 2396.

/// Percent signs and square brackets: besides its scheme and fragment, only these can violate the grammar.
const DELICATE: u8 = 1;
/// What ends a scheme, or shows that there is none.
const AFTER_SCHEME: u8 = 2;
/// What begins a fragment.
const FRAGMENT: u8 = 4;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    (classes[b'%' as usize], classes[b'#' as usize]) = (DELICATE, FRAGMENT);
    (classes[b'[' as usize], classes[b']' as usize]) = (DELICATE, DELICATE);
    (classes[b':' as usize], classes[b'/' as usize], classes[b'?' as usize]) =
        (AFTER_SCHEME, AFTER_SCHEME, AFTER_SCHEME);
    classes
};

/// RFC 2396, section 4: an absolute or a relative URI, with or without a fragment; each may be empty.
pub(super) fn is_uri_reference(text: &str) -> bool {
    let found = text.bytes().fold(0, |found, byte| found | CLASSES[usize::from(byte)]);
    if found & DELICATE != 0 {
        return is_any_uri_reference(text);
    }
    if found & FRAGMENT == 0 {
        return begins_rightly(text);
    }
    let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
    !fragment.contains('#') && begins_rightly(uri)
}

/// The rest of the grammar for a text without a fragment, escapes and square brackets.
fn begins_rightly(text: &str) -> bool {
    let first = text.bytes().position(|byte| CLASSES[usize::from(byte)] & AFTER_SCHEME != 0);
    match first.and_then(|at| text.split_at_checked(at)) {
        Some((scheme, rest)) if rest.starts_with(':') => is_scheme(scheme) && rest.len() > 1,
        _ => true,
    }
}

fn is_any_uri_reference(text: &str) -> bool {
    let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
    are_escapes_whole(text) && !fragment.contains('#') && is_uri(uri)
}

/// Section 2.4.1: a percent sign begins an escape.
fn are_escapes_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let mut bytes = after.bytes();
        (0..2).all(|_| bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit()))
    })
}

/// Sections 3 and 5: what comes before a colon is a scheme, since the first segment of a relative path has none, and
/// something must follow it.
fn is_uri(uri: &str) -> bool {
    let first = uri.find([':', '/', '?']);
    match first.and_then(|at| uri.split_at_checked(at)) {
        Some((scheme, rest)) if rest.starts_with(':') => {
            let hierarchical = rest.get(1..).unwrap_or_default();
            is_scheme(scheme)
                && !hierarchical.is_empty()
                && (!hierarchical.starts_with('/') || is_hierarchical(hierarchical))
        }
        _ => is_hierarchical(uri),
    }
}

/// Section 3.1.
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Section 3 with RFC 2732, section 3: square brackets are for addresses and queries, not for paths.
fn is_hierarchical(part: &str) -> bool {
    let (path, _) = part.split_once('?').unwrap_or((part, ""));
    let path = match path.strip_prefix("//") {
        Some(authority) => authority.split_once('/').map_or("", |(_, path)| path),
        None => path,
    };
    !path.contains(['[', ']'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_references_agree_with_the_grammar(text in "[a+:]{0,3}[a1:/?#%\\[\\]é -]{0,6}") {
            prop_assert_eq!(is_uri_reference(&text), is_any_uri_reference(&text), "{:?}", text);
        }
    }

    #[test]
    fn references() {
        for right in [
            "",
            "a",
            "/",
            "//",
            "a/b:c",
            "?a:b",
            "#",
            "#a:b",
            "http://[::1]:80/a?b[c]#d",
            "mailto:a@b",
            "urn:x:y",
            "a%20b",
            "x y",
            "a>b",
            "\\a",
            "あ",
            "file:///x",
            "c:\\x",
            "1/2:3",
            "x+y-z.9:0",
            "b:?",
        ] {
            assert!(is_uri_reference(right), "{right}");
        }
        for wrong in [":a", "b:", "b:#x", "1a:b", "あ:b", "%", "a%2", "a%2g", "%%20", "a#b#c", "/a[1]", "http://a/[b]"]
        {
            assert!(!is_uri_reference(wrong), "{wrong}");
        }
    }
}
