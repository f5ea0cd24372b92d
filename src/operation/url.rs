//! URLs of requests: over HTTP, to a host, without a user.

use std::ops::Range;

use crate::diagnostic::Severity;
use crate::diagnostic::words::{Words, url as words};
use crate::text::placeholder;
use crate::text::url::{self, Parts};

/// Reports the faults of the scheme, the user and the host of a URL, but not missing parts or placeholders.
pub(crate) fn check(url: &[u8], parts: &Parts, mut add: impl FnMut(Severity, Words, Range<usize>)) {
    let text = |range: &Range<usize>| String::from_utf8_lossy(url.get(range.clone()).unwrap_or_default());
    if let Some(scheme) = &parts.scheme {
        let found = text(scheme);
        // The last one is how documentation writes that both are allowed.
        if !["https", "http", "http(s)"].iter().any(|known| known.eq_ignore_ascii_case(&found)) {
            add(Severity::Error, words::unexpected_scheme(&found), scheme.clone());
        }
    }
    if let Some(user) = &parts.user {
        add(Severity::Warning, words::user_in_url(), user.clone());
    }
    let fault = match &parts.host {
        Some(host) => host_fault(&text(host)).map(|words| (words, host.clone())),
        // `https:/path`
        None => parts.scheme.is_some().then(|| (words::missing_host(), parts.path.start..parts.path.start)),
    };
    if let Some((words, span)) = fault {
        add(Severity::Error, words, span);
    }
}

/// The fault of a host and its port.
pub(crate) fn host_fault(host: &str) -> Option<Words> {
    let filled = placeholder::filled(host, &placeholder::find(host));
    match filled.as_bytes() {
        [] | [b':', ..] => Some(words::missing_host()),
        filled => (!url::is_host(filled)).then(|| words::malformed_host(host)),
    }
}

/// The placeholders of a URL, which is a request as documentation prints it.
pub(crate) fn placeholders(url: &[u8], mut add: impl FnMut(Severity, Words, Range<usize>)) {
    let Ok(text) = std::str::from_utf8(url) else { return };
    for range in placeholder::find(text) {
        add(Severity::Warning, words::placeholder(text.get(range.clone()).unwrap_or_default()), range);
    }
}
