//! One message: its start line, its fields, its body, and the place of each in the capture.

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
    /// Its body; empty if it has none.
    pub body: Body<'a>,
    /// The fields after a chunked body (RFC 9112, section 7.1.2).
    pub trailers: Vec<Field<'a>>,
    /// Its place in the capture, from its start line to the end of its body. Interim responses may be between the head
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
    /// The head begins with a field: its first line was not captured. Its fields show whether it is a request.
    Missing,
}

/// The first line of a request (RFC 9112, section 3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestLine<'a> {
    /// `GET`.
    pub method: Text<'a>,
    /// The target as written: a path with its query, or a whole URL.
    pub target: Text<'a>,
    /// `HTTP/1.1`; documentation omits it.
    pub version: Option<Text<'a>>,
    /// The place of the line in the capture.
    pub span: Range<usize>,
}

/// The first line of a response (RFC 9112, section 4).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusLine<'a> {
    /// `HTTP/1.1`; a HAR file may omit it.
    pub version: Option<Text<'a>>,
    /// 200; 0 if it is not a number from 100 to 599, which is reported.
    pub status: u16,
    /// The place of the status.
    pub status_span: Range<usize>,
    /// `OK`; empty in HTTP/2.
    pub reason: Text<'a>,
    /// The place of the line in the capture.
    pub span: Range<usize>,
}

/// A part of a head, and its place in the capture. The place is longer than the text if the part was written with
/// escapes, as in a HAR file.
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
    /// Its name, as written: `X-Auth-Token`. Case does not matter (RFC 9110, section 5.1).
    pub name: Cow<'a, str>,
    /// Its value without surrounding white space, a folded one in one line. Usually ASCII, but any byte may occur.
    pub value: Cow<'a, [u8]>,
    /// The place of the name.
    pub name_span: Range<usize>,
    /// The place of the value; of an empty one, where it would be.
    pub value_span: Range<usize>,
}

/// The body of a message.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body<'a> {
    /// The content, without codings; still in its charset.
    pub bytes: Cow<'a, [u8]>,
    /// The place of the bytes.
    pub place: BodyPlace,
    /// Whether the body is complete, as far as the head shows. If it was cut off, the report about the capture says so,
    /// and other errors may result from that.
    pub is_whole: bool,
}

/// The place of a body's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyPlace {
    /// In the capture, unchanged.
    InCapture(Range<usize>),
    /// Nowhere in this form: they were decoded. Lines and columns count within the body.
    Decoded {
        /// The codings removed, the last one first: `chunked, gzip`.
        how: String,
        /// The place of the coded body in the capture.
        span: Range<usize>,
    },
    /// In the capture, in a coding that could not be removed: the report about the capture says why. The bytes are of
    /// no use to a reader of packets.
    Undecoded {
        /// The place of the coded body in the capture.
        span: Range<usize>,
    },
    /// The message had a body that is not in the capture, like those of the requests that `curl -v` shows. There are no
    /// bytes.
    NotCaptured {
        /// Where it would be.
        at: usize,
    },
}

impl<'a> Message<'a> {
    /// The first field with a name, in any case.
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

    /// All fields with a name, in any case.
    pub fn fields_named<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m Field<'a>> {
        self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name))
    }

    /// The media type in `Content-Type`, as written and without its parameters: `text/xml`.
    pub fn content_type(&self) -> Option<&str> {
        Some(media_type(std::str::from_utf8(&self.field("Content-Type")?.value).ok()?))
    }

    /// The charset in `Content-Type`.
    pub fn charset(&self) -> Option<&str> {
        charset(std::str::from_utf8(&self.field("Content-Type")?.value).ok()?)
    }

    /// The first line, if this is a request.
    pub fn request_line(&self) -> Option<&RequestLine<'a>> {
        match &self.start {
            Start::Request(line) => Some(line),
            _ => None,
        }
    }

    /// The first line, if this is a response.
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
    /// A part of the text, with its place. If the text was written with escapes, the place is that of the whole.
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
    /// Whether its value is a credential, judging by its name.
    pub fn is_secret(&self) -> bool {
        SecretNames::of_credentials().are_of_field(self.name.as_bytes())
    }

    /// Its value as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.value)
    }
}

impl Body<'_> {
    /// Whether the content is unknown, so that there is nothing for a reader of packets.
    pub(crate) fn is_undecoded(&self) -> bool {
        matches!(self.place, BodyPlace::Undecoded { .. } | BodyPlace::NotCaptured { .. })
    }

    /// Its place in the capture, coded or not.
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
