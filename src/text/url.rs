//! Splits URLs into their parts (RFC 3986, section 3), as people write them: whole, without a scheme, or a path with a
//! query.

use std::ops::Range;

use memchr::memmem;

/// The parts of a URL as written: nothing is decoded or checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) scheme: Option<Range<usize>>,
    /// What is before `@`.
    pub(crate) user: Option<Range<usize>>,
    /// The host with its port. `None` if the URL begins with a path.
    pub(crate) host: Option<Range<usize>>,
    pub(crate) path: Range<usize>,
    pub(crate) query: Option<Range<usize>>,
}

/// Splits a URL. A fragment belongs to none of the parts: it is not sent.
pub(crate) fn parts(url: &[u8]) -> Parts {
    let end = memchr::memchr(b'#', url).unwrap_or(url.len());
    let find = |from: usize, marks: &[u8]| {
        let rest = url.get(from..end).unwrap_or_default();
        from + rest.iter().position(|byte| marks.contains(byte)).unwrap_or(rest.len())
    };
    let scheme = scheme(url.get(..end).unwrap_or_default());
    let after_scheme = scheme.map_or(0, |length| length + 1);
    let rest = url.get(after_scheme..end).unwrap_or_default();
    let authority = match (rest.starts_with(b"//"), scheme) {
        (true, _) => Some(after_scheme + 2..find(after_scheme + 2, b"/?")),
        // `host/path`: what a browser shows of a URL.
        (false, None) if !matches!(rest.first(), None | Some(b'/' | b'?')) => Some(0..find(0, b"/?")),
        (false, _) => None,
    };
    let path_start = authority.as_ref().map_or(after_scheme, |authority| authority.end);
    let path_end = find(path_start, b"?");
    let user_end =
        authority.clone().and_then(|authority| Some(authority.start + memchr::memrchr(b'@', url.get(authority)?)?));
    Parts {
        scheme: scheme.map(|length| 0..length),
        user: authority.as_ref().zip(user_end).map(|(authority, end)| authority.start..end),
        host: authority.map(|authority| user_end.map_or(authority.start, |at| at + 1)..authority.end),
        path: path_start..path_end,
        query: (path_end < end).then(|| path_end + 1..end),
    }
}

/// The parts of the target of a request (RFC 9112, section 3.2): a URL; or a path, which may begin with two `/`. Other
/// targets, `*` and the authority of a CONNECT, are treated as a path.
#[cfg(feature = "http")]
pub(crate) fn target(target: &[u8]) -> Parts {
    let parts = parts(target);
    match parts.scheme {
        None => Parts { user: None, host: None, path: 0..parts.path.end, ..parts },
        Some(_) => parts,
    }
}

/// The length of the scheme. `host:8080` has none.
fn scheme(url: &[u8]) -> Option<usize> {
    let before = |at: &usize| !url.iter().take(*at).any(|byte| matches!(byte, b'/' | b'?' | b'@'));
    if let Some(length) = memmem::find(url, b"://").filter(before) {
        return Some(length);
    }
    let length = memchr::memchr(b':', url).filter(before)?;
    let name = url.get(..length)?;
    let after = url.get(length + 1..)?;
    let port = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_port = matches!(after.get(port), None | Some(b'/' | b'?'));
    let is_name = name.first().is_some_and(u8::is_ascii_alphabetic)
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    (is_name && !is_port).then_some(length)
}

/// Whether this can be a host with or without a port: a name as DNS allows it, or an IP address (RFC 3986, section
/// 3.2.2).
pub(crate) fn is_host(text: &[u8]) -> bool {
    let (host, port) = match text.first() {
        Some(b'[') => match memchr::memchr(b']', text) {
            Some(end) => text.split_at(end + 1),
            None => return false,
        },
        _ => text.split_at(memchr::memchr(b':', text).unwrap_or(text.len())),
    };
    let port_fits = match port.strip_prefix(b":") {
        None => port.is_empty(),
        Some(digits) => digits.is_empty() || is_port(digits),
    };
    let host_fits = match host.strip_prefix(b"[") {
        Some(address) => {
            let address = std::str::from_utf8(address.strip_suffix(b"]").unwrap_or_default());
            address.is_ok_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok())
        }
        None => is_name(host),
    };
    port_fits && host_fits
}

fn is_port(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_digit)
        && std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<u16>().ok()).is_some()
}

/// A name of at most 253 characters in labels of 1 to 63, which may end with a dot (RFC 1035, section 2.3.4).
fn is_name(name: &[u8]) -> bool {
    let name = name.strip_suffix(b".").unwrap_or(name);
    let is_label = |label: &[u8]| {
        (1..=63).contains(&label.len())
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    name.len() <= 253 && name.split(|byte| *byte == b'.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str) -> [Option<&str>; 5] {
        let Parts { scheme, user, host, path, query } = parts(url.as_bytes());
        [scheme, user, host, Some(path), query].map(|range| range.map(|range| &url[range]))
    }

    #[test]
    fn each_part_is_found() {
        for (url, expected) in [
            ("https://host/path?a=1#top", [Some("https"), None, Some("host"), Some("/path"), Some("a=1")]),
            ("https://u:p@host:8443/?a@b", [Some("https"), Some("u:p"), Some("host:8443"), Some("/"), Some("a@b")]),
            ("https://host?a=://", [Some("https"), None, Some("host"), Some(""), Some("a=://")]),
            ("https:///path", [Some("https"), None, Some(""), Some("/path"), None]),
            ("/path?a=1?2", [None, None, None, Some("/path"), Some("a=1?2")]),
            ("host.example/?a", [None, None, Some("host.example"), Some("/"), Some("a")]),
            ("host:8080/?a", [None, None, Some("host:8080"), Some("/"), Some("a")]),
            ("//host/", [None, None, Some("host"), Some("/"), None]),
            ("mailto:a@b", [Some("mailto"), None, None, Some("a@b"), None]),
            ("http(s)://[Endpoint]/", [Some("http(s)"), None, Some("[Endpoint]"), Some("/"), None]),
            ("?a=1", [None, None, None, Some(""), Some("a=1")]),
            ("", [None, None, None, Some(""), None]),
        ] {
            assert_eq!(shown(url), expected, "{url}");
        }
    }

    #[test]
    fn hosts_are_distinguished_from_other_texts() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        for host in ["a", "a.b-c_d.", "192.0.2.1", "[2001:db8::1]:443", "host:", "host:65535", &label, &longest] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        let (label, name) = (format!("{label}a"), format!("{longest}a"));
        for host in
            ["", ".", "a..b", "a b", "é", "host:65536", "host:+1", "host:x", "[::1", "[x]", "{endpoint}", &label, &name]
        {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
