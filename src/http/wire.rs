//! Messages as they are sent.

/// Why a message cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A request needs a host, in its URI or in the field `Host` (RFC 9112, section 3.2).
    #[error("missing a host: neither the URI nor a field `Host` names it")]
    NoHost,
    /// The field says something else of the body than is true.
    #[error("the field `{0}` contradicts the body")]
    Framing(&'static str),
    /// The body holds credentials: only a file that holds it can be named in a command.
    #[error("the body holds credentials: name a file that holds it")]
    SecretBody,
}

/// A request as it is sent (HTTP/1.1).
///
/// # Errors
///
/// It has no host, or its fields contradict its body.
pub fn write_request<B: AsRef<[u8]>>(request: &http::Request<B>) -> Result<Vec<u8>, WriteError> {
    let _ = request;
    Err(WriteError::NoHost)
}

/// A response as it is sent (HTTP/1.1).
///
/// # Errors
///
/// Its fields contradict its body.
pub fn write_response<B: AsRef<[u8]>>(response: &http::Response<B>) -> Result<Vec<u8>, WriteError> {
    let _ = response;
    Err(WriteError::NoHost)
}
