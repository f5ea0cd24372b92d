//! Classifies a response.

use std::borrow::Cow;
use std::fmt;

use http::{Response, StatusCode, header};

use super::content::{Content, Head, unreadable};
use super::response::{Answers, status_fault};
use crate::diagnostic::secret::masked;
use crate::{Error, Limits, xml};

/// A classified response: the documented answer, or what came in its place. `T` is the documented answer, `E` the error
/// body of the API and of the gateway in front of it.
///
/// ```
/// use packetcheck::{operation::Answer, sms::ShowTask};
///
/// let response = http::Response::builder().status(302).header("Location", "https://login.example.com").body("")?;
/// match ShowTask::answer(&response)? {
///     Answer::Done(task) => panic!("a task: {task:?}"),
///     Answer::Redirected { location, .. } => assert_eq!(location.as_deref(), Some("https://login.example.com")),
///     other => panic!("no answer: {other:?}"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer<T, E> {
    /// The documented answer.
    Done(T),
    /// The API, or the gateway in front of it, refused the request.
    Refused {
        /// From 400 on. With 200, clients take the error for an empty result.
        status: StatusCode,
        /// The error body.
        error: E,
    },
    /// The server refers to another address (status 3xx).
    Redirected {
        /// The status.
        status: StatusCode,
        /// The address, if there is one.
        location: Option<String>,
    },
    /// An HTML page: from a proxy, a login page, a server on another port.
    Page {
        /// The status.
        status: StatusCode,
    },
    /// No body, although one is required.
    Empty {
        /// The status.
        status: StatusCode,
    },
    /// A body that is not in a form that a packet can have.
    Other {
        /// The status.
        status: StatusCode,
        /// The content type in its head.
        content_type: Option<String>,
    },
}

impl<T, E> Answer<T, E> {
    /// The documented answer, if it is one.
    pub fn done(self) -> Option<T> {
        match self {
            Answer::Done(answer) => Some(answer),
            _ => None,
        }
    }

    /// Converts the documented answer to another type.
    pub fn map<U>(self, done: impl FnOnce(T) -> U) -> Answer<U, E> {
        match self {
            Answer::Done(answer) => Answer::Done(done(answer)),
            Answer::Refused { status, error } => Answer::Refused { status, error },
            Answer::Redirected { status, location } => Answer::Redirected { status, location },
            Answer::Page { status } => Answer::Page { status },
            Answer::Empty { status } => Answer::Empty { status },
            Answer::Other { status, content_type } => Answer::Other { status, content_type },
        }
    }
}

/// An address may hold credentials.
impl<T: fmt::Debug, E: fmt::Debug> fmt::Debug for Answer<T, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Done(answer) => formatter.debug_tuple("Done").field(answer).finish(),
            Answer::Refused { status, error } => {
                formatter.debug_struct("Refused").field("status", status).field("error", error).finish()
            }
            Answer::Redirected { status, location } => formatter
                .debug_struct("Redirected")
                .field("status", status)
                .field("location", &location.as_deref().map(masked))
                .finish(),
            Answer::Page { status } => formatter.debug_struct("Page").field("status", status).finish(),
            Answer::Empty { status } => formatter.debug_struct("Empty").field("status", status).finish(),
            Answer::Other { status, content_type } => {
                formatter.debug_struct("Other").field("status", status).field("content_type", content_type).finish()
            }
        }
    }
}

/// The content of a response's body.
pub(crate) enum Found<T, E> {
    Value(T),
    Error(E),
}

/// Reads a response: `read` reads its body, `read_copied` a body that had to be transcoded first, and so borrows
/// nothing.
///
/// # Errors
///
/// The body is not what it seems to be, or contradicts the status.
pub(crate) fn answer<'r, B: AsRef<[u8]>, T, E>(
    answers: &Answers,
    response: &'r Response<B>,
    limits: &Limits,
    read: impl FnOnce(u16, &'r [u8]) -> Result<Found<T, E>, Error>,
    read_copied: impl FnOnce(u16, &[u8]) -> Result<Found<T, E>, Error>,
) -> Result<Answer<T, E>, Error> {
    let (status, code) = (response.status(), response.status().as_u16());
    let head = Head::of_response(response);
    let body = response.body().as_ref();
    let found = match head.content(answers.form, body, limits) {
        Content::Packet(body) => match in_utf8(body, limits) {
            None => read(code, body)?,
            Some(text) => read_copied(code, &text)?,
        },
        Content::Transcoded(body) => read_copied(code, &body)?,
        Content::Redirect => {
            let location = response.headers().get(header::LOCATION);
            let location = location.map(|location| String::from_utf8_lossy(location.as_bytes()).into_owned());
            return Ok(Answer::Redirected { status, location });
        }
        Content::Page => return Ok(Answer::Page { status }),
        Content::Empty | Content::Other if answers.is_done(code) => read_copied(code, b"")?,
        Content::Empty => return Ok(Answer::Empty { status }),
        Content::Other => return Ok(Answer::Other { status, content_type: head.content_type }),
        Content::Charset(fault) => return Err(unreadable(head.charset.as_deref().unwrap_or_default(), fault)),
    };
    match status_fault(answers, code, matches!(found, Found::Error(_))) {
        Some(fault) if fault.is_error() => Err(Error::mismatch(fault.words().message)),
        _ => Ok(match found {
            Found::Value(value) => Answer::Done(value),
            Found::Error(error) => Answer::Refused { status, error },
        }),
    }
}

/// An XML document that declares another encoding, in UTF-8.
fn in_utf8(body: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    match xml::is_begun(body).then(|| xml::decode(body, limits))? {
        Ok(Cow::Owned(text)) => Some(text),
        // Its reader reports the faults of its encoding.
        Ok(Cow::Borrowed(_)) | Err(_) => None,
    }
}

impl Head {
    fn of_response<B>(response: &Response<B>) -> Head {
        let value =
            response.headers().get(header::CONTENT_TYPE).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        Head {
            status: Some(response.status().as_u16()),
            content_type: value.map(|value| crate::http::media_type(value).to_owned()),
            charset: value.and_then(crate::http::charset).map(str::to_owned),
        }
    }
}
