//! One message: its start line, its fields, its body, and where each is in the capture.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::diagnostic::secret::{SecretNames, masked};

/// One message as it was captured.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message<'a> {
    /// Its first line.
    pub start: Start<'a>,
    /// The fields of its head, in order.
    pub fields: Vec<Field<'a>>,
    /// Its body; empty where it has none.
    pub body: Body<'a>,
    /// The fields after a chunked body (RFC 9112, section 7.1.2).
    pub trailers: Vec<Field<'a>>,
    /// Where it is in the capture, from its start line to the end of its body. Interim responses may be between the head
    /// of a request and its body.
    pub span: Range<usize>,
}

/// The first line of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start<'a> {
    /// A request.
    Request(RequestLine<'a>),
    /// A response.
    Response(StatusLine<'a>),
    /// The head begins with a field: its first line was not captured. Whether it is a request is shown by its fields.
    Missing,
}

/// The first line of a request (RFC 9112, section 3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestLine<'a> {
    /// `GET`.
    pub method: Text<'a>,
    /// The target as it was written: a path with its query, or a whole URL.
    pub target: Text<'a>,
    /// `HTTP/1.1`; documentation leaves it out.
    pub version: Option<Text<'a>>,
    /// Where the line is in the capture.
    pub span: Range<usize>,
}

/// The first line of a response (RFC 9112, section 4).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusLine<'a> {
    /// `HTTP/1.1`; a HAR file may leave it out.
    pub version: Option<Text<'a>>,
    /// 200; 0 where it is not a number from 100 to 599, which the report says.
    pub status: u16,
    /// Where that is.
    pub status_span: Range<usize>,
    /// `OK`; empty in HTTP/2.
    pub reason: Text<'a>,
    /// Where the line is in the capture.
    pub span: Range<usize>,
}

/// A part of a head, and where it is in the capture. Its place is longer than it is where it was written with escapes, as
/// in a HAR file.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Text<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Its place.
    pub span: Range<usize>,
}

/// A field of a head.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field<'a> {
    /// Its name, as it was written: `X-Auth-Token`. Upper and lower case are the same (RFC 9110, section 5.1).
    pub name: Cow<'a, str>,
    /// Its value without the white space around it, a folded one in one line. Mostly ASCII, but any byte may be in it.
    pub value: Cow<'a, [u8]>,
    /// Where the name is.
    pub name_span: Range<usize>,
    /// Where the value is; of an empty one, where it would be.
    pub value_span: Range<usize>,
}

/// The body of a message.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body<'a> {
    /// What was sent, without codings; still in its charset.
    pub bytes: Cow<'a, [u8]>,
    /// Where that is.
    pub place: BodyPlace,
    /// All of it is there, as far as the head tells. Of one that was cut off the report about the capture says so: what
    /// else is wrong with it may come from that.
    pub is_whole: bool,
}

/// Where the bytes of a body are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyPlace {
    /// In the capture, here, byte for byte.
    InCapture(Range<usize>),
    /// Nowhere as they are: they were decoded. Lines and columns in the body are its own.
    Decoded {
        /// What was removed, the last first: `chunked, gzip`.
        how: String,
        /// Where the coded body is in the capture.
        span: Range<usize>,
    },
    /// In the capture, in a coding that could not be removed: the report about the capture says why. The bytes are of no
    /// use to a reader of packets.
    Undecoded {
        /// Where the coded body is in the capture.
        span: Range<usize>,
    },
    /// The message had a body that is not in the capture, as those of the requests that `curl -v` shows. There are no
    /// bytes.
    NotCaptured {
        /// Where it would be.
        at: usize,
    },
}

impl<'a> Message<'a> {
    /// The value of the first field of a name, in any case.
    ///
    /// ```
    /// use packetcheck::{Limits, http};
    ///
    /// let capture = http::read(b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", &Limits::default());
    /// let message = capture.messages().next().expect("a request");
    /// assert_eq!(message.field("host").map(|field| &*field.value), Some(&b"example.com"[..]));
    /// ```
    pub fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// All fields of a name, in any case.
    pub fn fields_named<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m Field<'a>> {
        self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name))
    }

    /// The media type that `Content-Type` names, without its parameters and as it was written: `text/xml`.
    pub fn content_type(&self) -> Option<&str> {
        Some(media_type(std::str::from_utf8(&self.field("Content-Type")?.value).ok()?))
    }

    /// The charset that `Content-Type` names.
    pub fn charset(&self) -> Option<&str> {
        charset(std::str::from_utf8(&self.field("Content-Type")?.value).ok()?)
    }

    /// The first line, where this is a request.
    pub fn request_line(&self) -> Option<&RequestLine<'a>> {
        match &self.start {
            Start::Request(line) => Some(line),
            _ => None,
        }
    }

    /// The first line, where this is a response.
    pub fn status_line(&self) -> Option<&StatusLine<'a>> {
        match &self.start {
            Start::Response(line) => Some(line),
            _ => None,
        }
    }
}

/// The media type of a content type (RFC 9110, section 8.3.1).
pub(crate) fn media_type(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim_ascii()
}

/// The charset of a content type.
pub(crate) fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim_ascii().eq_ignore_ascii_case("charset").then(|| value.trim_ascii().trim_matches('"'))
    })
}

impl<'a> Text<'a> {
    /// A part of it, with its place. Where it was written with escapes the place is that of the whole.
    pub fn part(&self, range: Range<usize>) -> Option<Text<'_>> {
        let text = self.text.get(range.clone())?;
        let span = match self.text.len() == self.span.len() {
            true => self.span.start + range.start..self.span.start + range.end,
            false => self.span.clone(),
        };
        Some(Text { text: Cow::Borrowed(text), span })
    }
}

impl Field<'_> {
    /// Whether its value is a credential, by its name.
    pub fn is_secret(&self) -> bool {
        SecretNames::of_credentials().are_of_field(self.name.as_bytes())
    }

    /// Its value as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.value)
    }
}

impl Body<'_> {
    /// What was sent is not known: a reader of packets has nothing to look into.
    pub(crate) fn is_undecoded(&self) -> bool {
        matches!(self.place, BodyPlace::Undecoded { .. } | BodyPlace::NotCaptured { .. })
    }

    /// Where it is in the capture, coded or not.
    pub fn span(&self) -> Range<usize> {
        match &self.place {
            BodyPlace::InCapture(span) | BodyPlace::Decoded { span, .. } | BodyPlace::Undecoded { span } => {
                span.clone()
            }
            BodyPlace::NotCaptured { at } => *at..*at,
        }
    }
}

/// A target may hold a user, or parameters that are credentials.
impl fmt::Debug for Text<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Text").field("text", &masked(&self.text)).field("span", &self.span).finish()
    }
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        let value = if self.is_secret() { Cow::Borrowed("***") } else { masked(&text) };
        formatter
            .debug_struct("Field")
            .field("name", &self.name)
            .field("value", &value)
            .field("name_span", &self.name_span)
            .field("value_span", &self.value_span)
            .finish()
    }
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(&self.bytes);
        formatter
            .debug_struct("Body")
            .field("bytes", &masked(&text))
            .field("place", &self.place)
            .field("is_whole", &self.is_whole)
            .finish()
    }
}
