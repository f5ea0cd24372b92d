//! URLs of requests: over HTTP, to a host, without a user.

use std::ops::Range;

use crate::diagnostic::Severity;
use crate::diagnostic::words::{Words, url as words};
use crate::text::url::{self, Parts};

/// What is wrong with the scheme, the user and the host of a URL; nothing is said of what it does not have.
pub(crate) fn judge(url: &[u8], parts: &Parts, mut add: impl FnMut(Severity, Words, Range<usize>)) {
    let text = |range: &Range<usize>| String::from_utf8_lossy(url.get(range.clone()).unwrap_or_default());
    if let Some(scheme) = &parts.scheme {
        let found = text(scheme);
        // `http(s)` is how documentation writes that both are allowed.
        match found.to_ascii_lowercase().as_str() {
            "https" | "http" => {}
            "http(s)" => add(Severity::Warning, words::placeholder(&found), scheme.clone()),
            _ => add(Severity::Error, words::unexpected_scheme(&found), scheme.clone()),
        }
    }
    if let Some(user) = &parts.user {
        add(Severity::Warning, words::user_in_url(), user.clone());
    }
    match &parts.host {
        Some(host) => judge_host(url, host.clone(), add),
        // `https:/path`
        None if parts.scheme.is_some() => {
            add(Severity::Error, words::missing_host(), parts.path.start..parts.path.start)
        }
        None => {}
    }
}

/// What is wrong with a host and its port.
pub(crate) fn judge_host(text: &[u8], host: Range<usize>, mut add: impl FnMut(Severity, Words, Range<usize>)) {
    let found = text.get(host.clone()).unwrap_or_default();
    if found.is_empty() || found.starts_with(b":") {
        add(Severity::Error, words::missing_host(), host);
    } else if url::is_placeholder(found) {
        add(Severity::Warning, words::placeholder(&String::from_utf8_lossy(found)), host);
    } else if !url::is_host(found) {
        add(Severity::Error, words::malformed_host(&String::from_utf8_lossy(found)), host);
    }
}
