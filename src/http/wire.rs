//! Messages as they are sent: RFC 9112.

use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Method, Request, Response, Uri};

/// Why a message cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A request needs a host, in its URI or in the field `Host` (RFC 9112, section 3.2).
    #[error("missing a host: neither the URI nor a field `Host` names it")]
    NoHost,
    /// This field contradicts the body.
    #[error("the field `{0}` contradicts the body")]
    Framing(&'static str),
    /// Responses with this status have no body (RFC 9110, section 6.4.1).
    #[error("a response of status {0} has no body")]
    BodyNotAllowed(u16),
    /// The body holds credentials: a command can only name a file that holds it.
    #[error("the body holds credentials: name a file that holds it")]
    SecretBody,
    /// The body is not text: a command can only name a file that holds it.
    #[error("the body is not text: name a file that holds it")]
    BinaryBody,
    /// The value of this field is not UTF-8, so a command cannot contain it.
    #[error("the value of the field `{0}` is not UTF-8")]
    FieldNotUtf8(String),
    /// This is not a valid name of a shell variable.
    #[error("expected the name of a shell variable, found `{}`", .0.escape_debug())]
    NotAVariable(String),
}

/// Writes a request as it is sent in HTTP/1.1. Its target is the path and query of its URI, and its length is added. A
/// user in the URI is left out (RFC 9110, section 4.2.4).
///
/// ```
/// let request = http::Request::put("https://sms.example.com/v3/tasks/1/progress").body(b"{}")?;
/// assert_eq!(
///     packetcheck::http::write_request(&request)?,
///     b"PUT /v3/tasks/1/progress HTTP/1.1\r\nHost: sms.example.com\r\nContent-Length: 2\r\n\r\n{}",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// It has no host, or its fields contradict its body.
pub fn write_request<B: AsRef<[u8]>>(request: &Request<B>) -> Result<Vec<u8>, WriteError> {
    let (uri, body) = (request.uri(), request.body().as_ref());
    check_framing(request.headers(), body)?;
    let host = host_of(request)?;
    let target = match (request.method(), uri.authority()) {
        (&Method::CONNECT, authority) => authority.map(without_user).ok_or(WriteError::NoHost)?.to_owned(),
        _ => origin_form(uri),
    };
    let mut wire = format!("{} {target} HTTP/1.1\r\n", request.method()).into_bytes();
    if !request.headers().contains_key(HOST) {
        write_field(&mut wire, &HOST, host.as_bytes());
    }
    write_fields(&mut wire, request.headers());
    // RFC 9110, section 8.6: for a method that has a body, even if it is empty.
    if !body.is_empty() || has_body(request.method()) {
        write_field(&mut wire, &CONTENT_LENGTH, body.len().to_string().as_bytes());
    }
    wire.extend_from_slice(b"\r\n");
    wire.extend_from_slice(body);
    Ok(wire)
}

/// Writes a response as it is sent in HTTP/1.1; its length is added.
///
/// # Errors
///
/// Its fields contradict its body, or its status does not allow one.
pub fn write_response<B: AsRef<[u8]>>(response: &Response<B>) -> Result<Vec<u8>, WriteError> {
    let (status, body) = (response.status(), response.body().as_ref());
    let is_without = matches!(status.as_u16(), 100..=199 | 204 | 304);
    if is_without && !body.is_empty() {
        return Err(WriteError::BodyNotAllowed(status.as_u16()));
    }
    check_framing(response.headers(), body)?;
    let reason = status.canonical_reason().unwrap_or_default();
    let mut wire = format!("HTTP/1.1 {} {reason}\r\n", status.as_u16()).into_bytes();
    write_fields(&mut wire, response.headers());
    if !is_without {
        write_field(&mut wire, &CONTENT_LENGTH, body.len().to_string().as_bytes());
    }
    wire.extend_from_slice(b"\r\n");
    wire.extend_from_slice(body);
    Ok(wire)
}

/// RFC 9112, section 3.2.1: path and query; the path is not empty.
pub(super) fn origin_form(uri: &Uri) -> String {
    let text = uri.path_and_query().map_or("", |path| path.as_str());
    match text.starts_with(['/', '*']) {
        true => text.to_owned(),
        false => format!("/{text}"),
    }
}

/// The host and the port (RFC 3986, section 3.2).
pub(super) fn without_user(authority: &Authority) -> &str {
    authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, host)| host)
}

/// Methods whose requests have a body.
pub(super) fn has_body(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}

/// The field `Host`, or the authority without a user.
pub(super) fn host_of<B>(request: &Request<B>) -> Result<&str, WriteError> {
    let field = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let authority = request.uri().authority().map(without_user);
    field.or(authority).filter(|host| !host.is_empty()).ok_or(WriteError::NoHost)
}

/// Whether the fields about the body are true for one that is sent with a length.
pub(super) fn check_framing(headers: &HeaderMap, body: &[u8]) -> Result<(), WriteError> {
    if headers.contains_key(TRANSFER_ENCODING) {
        return Err(WriteError::Framing("Transfer-Encoding"));
    }
    let is_length = |value: &http::HeaderValue| value.to_str().is_ok_and(|text| text.parse() == Ok(body.len()));
    match headers.get_all(CONTENT_LENGTH).iter().all(is_length) {
        true => Ok(()),
        false => Err(WriteError::Framing("Content-Length")),
    }
}

fn write_fields(wire: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers.iter().filter(|(name, _)| *name != CONTENT_LENGTH) {
        write_field(wire, name, value.as_bytes());
    }
}

fn write_field(wire: &mut Vec<u8>, name: &HeaderName, value: &[u8]) {
    wire.extend_from_slice(written(name).as_bytes());
    wire.extend_from_slice(b": ");
    wire.extend_from_slice(value);
    wire.extend_from_slice(b"\r\n");
}

/// A name in its usual spelling, where case does not matter: `X-Auth-Token`, `HTTP_AUTH_LOGIN`.
pub(super) fn written(name: &HeaderName) -> String {
    if name.as_str().contains('_') {
        return name.as_str().to_ascii_uppercase();
    }
    let mut begins = true;
    let letter = |letter: char| match std::mem::replace(&mut begins, letter == '-') {
        true => letter.to_ascii_uppercase(),
        false => letter,
    };
    name.as_str().chars().map(letter).collect()
}
