//! Writes a request: where it is sent, and the fields of its head.

use http::{HeaderValue, Uri};

use super::check_url;
use crate::Error;
use crate::diagnostic::Severity;
use crate::diagnostic::words::url::user_in_url;
use crate::text::url;

/// Where requests are sent: a scheme, a host and an optional port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    scheme: &'static str,
    host: String,
}

impl Endpoint {
    /// An endpoint as people write it: `https://service.example.com`, or just the host, which means `https`.
    ///
    /// # Errors
    ///
    /// Another scheme, a missing or malformed host, a user, or anything after the host except one `/`.
    pub(crate) fn parse(text: &str) -> Result<Endpoint, Error> {
        let mut parts = url::parts(text.as_bytes());
        let mut fault = None;
        // Here a user or a placeholder is an error too.
        super::placeholders(text.as_bytes(), |_, words, _| fault = Some(words.message));
        check_url(text.as_bytes(), &parts, |severity, words, _| match severity {
            Severity::Error => fault = Some(words.message),
            Severity::Warning => _ = fault.get_or_insert(words.message),
        });
        // A password may contain what ends a host, so what is before the `@` is not quoted as one.
        if text.contains('@') || text.contains("%40") {
            fault = Some(user_in_url().message);
        }
        let scheme = match parts.scheme.take().and_then(|scheme| text.get(scheme)) {
            Some(scheme) if scheme.eq_ignore_ascii_case("http") => "http",
            _ => "https",
        };
        let rest = parts.host.as_ref().and_then(|host| text.get(host.end..)).unwrap_or_default();
        let wrong = |message: &str| Error::mismatch(format_args!("endpoint: {message}"));
        match (fault, parts.host.and_then(|host| text.get(host))) {
            (Some(message), _) => Err(wrong(&message)),
            (None, None) => Err(wrong("missing a host, such as `service.example.com`")),
            (None, Some(_)) if !matches!(rest, "" | "/") => {
                Err(wrong("expected nothing after the host, found a path or a query"))
            }
            (None, Some(host)) => Ok(Endpoint { scheme, host: host.to_owned() }),
        }
    }

    /// Adds the port of the service for the scheme, unless there is one.
    pub(crate) fn with_ports(mut self, https: u16, http: u16) -> Endpoint {
        let name_end = self.host.find(']').unwrap_or(0);
        let has_port = self.host.get(name_end..).is_some_and(|rest| rest.contains(':'));
        if !has_port {
            let port = if self.scheme == "https" { https } else { http };
            self.host = format!("{}:{port}", self.host);
        }
        self
    }

    /// The URI for a path with its query, which is already in URI syntax.
    pub(crate) fn uri(&self, path_and_query: &str) -> Result<Uri, Error> {
        let built = Uri::builder().scheme(self.scheme).authority(&*self.host).path_and_query(path_and_query).build();
        built.map_err(|error| Error::mismatch(format_args!("URI: {error}")))
    }
}

/// The value of a field; `is_secret` if it is a credential.
///
/// # Errors
///
/// A character that is not allowed in a field (RFC 9110, section 5.5), or surrounding white space, which would be lost.
pub(crate) fn field(name: &str, value: &str, is_secret: bool) -> Result<HeaderValue, Error> {
    let is_trimmed = !value.starts_with([' ', '\t']) && !value.ends_with([' ', '\t']);
    match HeaderValue::from_bytes(value.as_bytes()) {
        Ok(mut header) if is_trimmed => {
            header.set_sensitive(is_secret);
            Ok(header)
        }
        _ => Err(Error::mismatch(format_args!(
            "field `{name}`: expected characters that a field can hold, without surrounding white space, found others"
        ))),
    }
}
