//! `PC1304` and `PC1402` to `PC1405`: URLs from any source. A URL may contain secrets: only its scheme and host are
//! quoted.

use super::fragments::ticked;
use super::{Code, Words};

/// `{endpoint}`
pub(crate) fn placeholder(found: &str) -> Words {
    Words::new(Code::PlaceholderInTarget, format!("expected a URL, found the placeholder {} in it", ticked(found)))
        .found(found)
        .help("replace it with the actual value")
}

/// A path other than that of the operation, which is shown as the documentation writes it.
pub(crate) fn unexpected_path(expected: &str) -> Words {
    let message = format!("expected the path {}, found another", ticked(expected));
    Words::new(Code::UnexpectedPath, message).expected([expected]).remedy()
}

/// A scheme that is not one of HTTP.
pub(crate) fn unexpected_scheme(found: &str) -> Words {
    let message = format!("expected the scheme `https` or `http`, found {}", ticked(found));
    Words::new(Code::UnexpectedScheme, message).expected(["https", "http"]).found(found).remedy()
}

/// A missing host.
pub(crate) fn missing_host() -> Words {
    Words::new(Code::MalformedHost, "missing a host, such as `service.example.com`".to_owned()).remedy()
}

/// A malformed host and port.
pub(crate) fn malformed_host(found: &str) -> Words {
    let message = format!("expected a domain name or an IP address, optionally with a port, found {}", ticked(found));
    Words::new(Code::MalformedHost, message).found(found).remedy()
}

/// What is before `@`.
pub(crate) fn user_in_url() -> Words {
    let message = "expected a URL without a user, found one before its host: most clients do not send it";
    Words::new(Code::UserInUrl, message.to_owned()).remedy()
}
