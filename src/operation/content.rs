//! Determines what the body of an answer is, before it is read as a packet.

use std::borrow::Cow;

use crate::http::Message;
use crate::text::page;
use crate::xml;
use crate::{Error, Limits};

/// The syntax of an answer's packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Xml,
    Json,
    XmlOrJson,
}

/// What is known about a response besides its body.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// `None` if the first line was not captured.
    pub(super) status: Option<u16>,
    /// Without parameters.
    pub(super) content_type: Option<String>,
    pub(super) charset: Option<String>,
}

/// What a body is.
#[derive(Debug)]
pub(super) enum Content<'b> {
    /// A redirect: the answer is elsewhere, whatever the body is.
    Redirect,
    /// An HTML page.
    Page,
    Empty,
    /// In a form other than that of packets.
    Other,
    /// Its charset is unknown, or it is not text in that charset.
    Charset(CharsetFault),
    /// A body to read, in the encoding that it declares itself.
    Packet(&'b [u8]),
    /// A body to read, transcoded from another encoding.
    Transcoded(Vec<u8>),
}

/// What is wrong with a charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CharsetFault {
    Unknown,
    Contradicted,
}

impl Form {
    /// The form in words.
    pub(super) fn name(self) -> &'static str {
        match self {
            Form::Xml => "XML",
            Form::Json => "JSON",
            Form::XmlOrJson => "XML or JSON",
        }
    }

    /// The content types for bodies in this form.
    pub(super) fn content_types(self) -> &'static [&'static str] {
        match self {
            Form::Xml => &["text/xml", "application/xml"],
            Form::Json => &["application/json"],
            Form::XmlOrJson => &["application/json", "application/xml", "text/xml"],
        }
    }
}

impl Head {
    pub(super) fn of_message(message: &Message<'_>) -> Head {
        Head {
            status: message.status_line().map(|line| line.status),
            content_type: message.content_type().map(str::to_owned),
            charset: message.charset().map(str::to_owned),
        }
    }

    /// Whether the content type is that of XML, or of JSON (RFC 6839, section 3; RFC 7303, section 4.2).
    pub(super) fn is_of(&self, is_xml: bool) -> bool {
        let name = self.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        let suffixes = if is_xml { ["/xml", "+xml"] } else { ["/json", "+json"] };
        suffixes.iter().any(|suffix| name.ends_with(suffix))
    }

    /// Determines what a body is.
    pub(super) fn content<'b>(&self, form: Form, body: &'b [u8], limits: &Limits) -> Content<'b> {
        if self.status.is_some_and(|status| (300..400).contains(&status)) {
            return Content::Redirect;
        }
        if body.trim_ascii().is_empty() {
            return Content::Empty;
        }
        if page::find(body).is_some() {
            return Content::Page;
        }
        match self.transcoded(form, body, limits) {
            Ok(None) if begins_as(form, body) => Content::Packet(body),
            Ok(Some(text)) if begins_as(form, &text) => Content::Transcoded(text),
            // Text in another charset may not be text in this one.
            Ok(Some(_)) if begins_as(form, body) => Content::Charset(CharsetFault::Contradicted),
            Ok(_) => Content::Other,
            Err(fault) => Content::Charset(fault),
        }
    }

    /// RFC 7303, section 3: for XML, the charset outranks the declaration, but not a byte order mark. JSON has no such
    /// parameter (RFC 8259, section 11).
    fn transcoded(&self, form: Form, body: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, CharsetFault> {
        let Some(charset) = self.charset.as_deref().filter(|_| form != Form::Json && !begins_as(Form::Json, body))
        else {
            return Ok(None);
        };
        match xml::decode_in(body, charset, limits) {
            None => Err(CharsetFault::Unknown),
            Some(Ok(Cow::Borrowed(_))) => Ok(None),
            Some(Ok(Cow::Owned(text))) => Ok(Some(text)),
            Some(Err(_)) => Err(CharsetFault::Contradicted),
        }
    }
}

/// Whether a body begins like one in this form.
fn begins_as(form: Form, body: &[u8]) -> bool {
    let is_json = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    match form {
        Form::Xml => xml::is_begun(body),
        Form::Json => is_json,
        Form::XmlOrJson => is_json || xml::is_begun(body),
    }
}

/// The error for an answer that cannot be read.
pub(super) fn unreadable(charset: &str, fault: CharsetFault) -> Error {
    use crate::diagnostic::words::operation as words;
    Error::mismatch(match fault {
        CharsetFault::Unknown => words::unknown_charset(charset).message,
        CharsetFault::Contradicted => words::contradicted_charset(charset).message,
    })
}
