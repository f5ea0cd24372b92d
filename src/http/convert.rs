//! Captured messages as values of the `http` crate.

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode, Uri};

use super::{Field, Message, Start};

/// Why a message cannot be a value of the `http` crate. Names the part, but none of its content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotConvertible {
    /// The message has the other direction, or its first line was not captured.
    #[error("expected a {0}, found another message")]
    Direction(&'static str),
    /// This part of the message cannot be sent.
    #[error("the {0} cannot be sent")]
    Part(&'static str),
    /// This field of the head cannot be sent.
    #[error("the field `{}` cannot be sent", .0.escape_debug())]
    Field(String),
}

impl Message<'_> {
    /// The request, its body without codings.
    ///
    /// ```
    /// use packetcheck::{Limits, http};
    ///
    /// let capture = http::read(b"GET /v3 HTTP/1.1\r\nHost: example.com\r\n\r\n", &Limits::default());
    /// let request = capture.messages().next().expect("a request").to_request()?;
    /// assert_eq!((request.method().as_str(), request.uri().path()), ("GET", "/v3"));
    /// # Ok::<(), http::NotConvertible>(())
    /// ```
    ///
    /// # Errors
    ///
    /// It is not a request, or something in it is not allowed by HTTP, such as a placeholder in its target.
    pub fn to_request(&self) -> Result<http::Request<Vec<u8>>, NotConvertible> {
        let Start::Request(line) = &self.start else { return Err(NotConvertible::Direction("request")) };
        let mut request = http::Request::new(self.body.bytes.to_vec());
        *request.method_mut() =
            Method::from_bytes(line.method.text.as_bytes()).map_err(|_| NotConvertible::Part("method"))?;
        *request.uri_mut() = line.target.text.parse::<Uri>().map_err(|_| NotConvertible::Part("target"))?;
        *request.headers_mut() = headers(&self.fields)?;
        Ok(request)
    }

    /// The response, its body without codings.
    ///
    /// # Errors
    ///
    /// It is not a response, or something in it is not allowed by HTTP.
    pub fn to_response(&self) -> Result<http::Response<Vec<u8>>, NotConvertible> {
        let Start::Response(line) = &self.start else { return Err(NotConvertible::Direction("response")) };
        let mut response = http::Response::new(self.body.bytes.to_vec());
        *response.status_mut() = StatusCode::from_u16(line.status).map_err(|_| NotConvertible::Part("status"))?;
        *response.headers_mut() = headers(&self.fields)?;
        Ok(response)
    }
}

/// The fields, except those about how the body was sent.
fn headers(fields: &[Field<'_>]) -> Result<HeaderMap, NotConvertible> {
    let mut headers = HeaderMap::new();
    for field in fields {
        if FRAMING.iter().any(|name| field.name.eq_ignore_ascii_case(name)) {
            continue;
        }
        let wrong = || NotConvertible::Field(field.name.clone().into_owned());
        let name = HeaderName::from_bytes(field.name.as_bytes()).map_err(|_| wrong())?;
        let mut value = HeaderValue::from_bytes(&field.value).map_err(|_| wrong())?;
        value.set_sensitive(field.is_secret());
        headers.try_append(name, value).map_err(|_| wrong())?;
    }
    Ok(headers)
}

/// Fields that no longer apply to a decoded body.
const FRAMING: [&str; 3] = ["Content-Length", "Transfer-Encoding", "Content-Encoding"];
