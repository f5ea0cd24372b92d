//! Users with their passwords before a host without a scheme: `//user:password@host`, `user:password@host`, also
//! percent-encoded. (With a scheme `pairs` finds them, by its colon.)

use std::ops::Range;

use memchr::{memchr2, memchr2_iter, memmem, memrchr2};

/// The number of bytes before its `@` in which a user is searched for.
const LONGEST: usize = 256;

/// What may precede the colon of something with `@` that is not a user: an address.
const ADDRESSES: &[&[u8]] =
    &[b"mailto", b"mail", b"email", b"e-mail", b"to", b"from", b"cc", b"bcc", b"sip", b"sips", b"xmpp", b"acct"];

/// Linear in the document.
pub(super) fn find(document: &[u8]) -> Vec<Range<usize>> {
    memchr2_iter(b'@', b'%', document).filter_map(|at| user_before(document, at)).collect()
}

/// The user before an `@`, as it is or as `%40`.
pub(super) fn user_before(document: &[u8], at: usize) -> Option<Range<usize>> {
    let after = match document.get(at..)? {
        [b'@', ..] => at + 1,
        [b'%', b'4', b'0', ..] => at + 3,
        _ => return None,
    };
    let begins_host =
        document.get(after).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'[' || *byte >= 0x80);
    let from = at.saturating_sub(LONGEST);
    let window = document.get(from..at).filter(|_| begins_host)?;
    // In an XPath, `@` precedes an attribute.
    if matches!(window.last()?, b'/' | b'[' | b'(' | b'|' | b':') {
        return None;
    }
    let start = (0..window.len()).rev().find(|at| ends_other_text(window, *at)).map_or(0, |end| end + 1);
    let token = window.get(start..)?;
    let (colon, length) = match memchr::memchr(b':', token) {
        Some(colon) => (colon, 1),
        None => (memmem::find(token, b"%3A").or_else(|| memmem::find(token, b"%3a"))?, 3),
    };
    let slashes: [&[u8]; 3] = [b"//", b"%2F%2F", b"%2f%2f"];
    let after_slashes = slashes.iter().filter_map(|slashes| Some(memmem::find(token, slashes)? + slashes.len())).min();
    let user = match after_slashes {
        // What follows a port is not a user.
        Some(after) if ends_with_port(token.get(after..)?) => return None,
        Some(after) => after,
        None => {
            let name = token.get(..colon)?;
            let begin = name.iter().rposition(|byte| b"{[(,;|=&?\"'<>`".contains(byte)).map_or(0, |mark| mark + 1);
            let name = name.get(begin..)?;
            let is_address = ADDRESSES.iter().any(|address| address.eq_ignore_ascii_case(name));
            let is_identifier = is_identifier(document.get(from..from + start)?);
            let is_user = !name.is_empty() && !name.contains(&b'/') && colon + length < token.len() && !is_address;
            let is_user = is_user && !is_identifier;
            (is_user && is_host(document.get(after..)?)).then_some(begin)?
        }
    };
    Some(from + start + user..at).filter(|range| !range.is_empty())
}

/// Whether the character at a place ends the text before a user: white space, the quote that opens the user's text, or
/// the end of a tag. Other quotes and signs may be in a password.
fn ends_other_text(window: &[u8], at: usize) -> bool {
    let Some((before, [byte, ..])) = window.split_at_checked(at) else { return true };
    match byte {
        b'"' | b'\'' | b'`' => opens_text(before),
        b'>' => memrchr2(b'<', b'>', before).and_then(|sign| before.get(sign..)).is_some_and(is_tag),
        _ => byte.is_ascii_whitespace(),
    }
}

/// Whether what precedes `>` is a complete tag whose last value is closed.
fn is_tag(text: &[u8]) -> bool {
    let is_open = memchr2(b'"', b'\'', text).is_some();
    text.starts_with(b"<")
        && (!is_open || matches!(text.trim_ascii_end().last(), Some(b'"' | b'\'' | b'/' | b'?' | b'-')))
}

/// Whether a quote after this opens a text, rather than being in one.
fn opens_text(before: &[u8]) -> bool {
    let before = before.iter().rev().find(|byte| **byte != b'\\');
    before.is_none_or(|byte| byte.is_ascii_whitespace() || b"=:,;[({>".contains(byte))
}

/// Whether a quote before this closes a text, rather than being in one.
pub(super) fn closes_text(after: &[u8]) -> bool {
    after.first().is_none_or(|byte| byte.is_ascii_whitespace() || b",:;])}</>?&".contains(byte))
}

/// Whether what follows `<` in a text is a tag rather than the rest of a password before its `@`.
pub(super) fn begins_tag(after: &[u8]) -> bool {
    let is_end = |byte: &&u8| byte.is_ascii_whitespace() || b"@/<>".contains(byte);
    after.iter().take(LONGEST).find(is_end) != Some(&b'@')
}

/// Whether the text ends at the opening quote of an attribute that holds an identifier: `id="a:b@c"`,
/// `LineRef='a:b@c'`.
fn is_identifier(before: &[u8]) -> bool {
    let name = before.strip_suffix(b"=\"").or_else(|| before.strip_suffix(b"='"));
    let last = |length| name.and_then(|name| name.get(name.len().checked_sub(length)?..));
    last(2).is_some_and(|last| last.eq_ignore_ascii_case(b"id"))
        || last(3).is_some_and(|last| last.eq_ignore_ascii_case(b"ref"))
}

/// Whether a text begins with a host rather than a version (`pkg:a/b@1.0`) or a piece of an identifier (`a:b@c_d`,
/// `a:b@c:d`).
fn is_host(text: &[u8]) -> bool {
    let is_of_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | 0x80..);
    let length = text.iter().position(|byte| !is_of_host(byte)).unwrap_or(text.len());
    let (host, rest) = text.split_at(length);
    let is_number = host.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let is_address = host.iter().filter(|byte| **byte == b'.').count() == 3;
    match rest {
        // An IPv6 address.
        [b'[', ..] if host.is_empty() => true,
        [b'_' | b'@', ..] => false,
        [b':', port, ..] => port.is_ascii_digit() || !port.is_ascii_alphabetic(),
        _ => !is_number || is_address,
    }
}

/// Whether what follows two slashes is a host, with or without a port, and more.
fn ends_with_port(authority: &[u8]) -> bool {
    let length = authority.iter().position(|byte| b"/?#".contains(byte));
    let Some(host) = length.and_then(|length| authority.get(..length)) else { return false };
    let host = host.get(memchr::memrchr(b'@', host).map_or(0, |at| at + 1)..).unwrap_or_default();
    memchr::memchr(b':', host)
        .is_none_or(|colon| host.get(colon + 1..).is_some_and(|port| port.iter().all(u8::is_ascii_digit)))
}
