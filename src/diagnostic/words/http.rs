//! `PC13xx`: HTTP messages. A head can hold secrets anywhere, so nothing here quotes the value of a field, or a target.

pub(crate) use super::url::placeholder;

use super::fragments::{counted, found_text, ticked};
use super::{Code, Words};

/// The fault of a first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StartFault {
    /// A space in the target.
    BlankInTarget,
    /// A version that is not an HTTP version.
    Version,
    /// The status is not a number from 100 to 599.
    Status,
    /// Characters that are not allowed.
    Character,
    /// White space other than a single space.
    Separator,
}

/// The first line of a message.
pub(crate) fn malformed_start_line(fault: StartFault) -> Words {
    let message = match fault {
        StartFault::BlankInTarget => "expected a target without spaces, found a space in it",
        StartFault::Version => "expected a version of HTTP such as `HTTP/1.1`, found another text",
        StartFault::Status => "expected a status from 100 to 599, found another",
        StartFault::Character => "expected a first line that HTTP allows, found a character that cannot be in it",
        StartFault::Separator => "expected one space between the parts of the first line, found other white space",
    };
    let words = Words::new(Code::MalformedStartLine, message.to_owned());
    match fault {
        StartFault::BlankInTarget => words.help("write `%20` for a space"),
        _ => words.remedy(),
    }
}

/// A request line as documentation prints it.
pub(crate) fn missing_version() -> Words {
    let message = "expected the version of HTTP at the end of the line, found none: taken as `HTTP/1.1`";
    Words::new(Code::IncompleteStartLine, message.to_owned()).expected(["HTTP/1.1"]).remedy()
}

/// A `#` in a target.
pub(crate) fn fragment() -> Words {
    let message = "expected a target without a fragment, found one: clients do not send it";
    Words::new(Code::IncompleteStartLine, message.to_owned()).help("remove it; write `%23` for a literal `#`")
}

/// The status of a response as documentation prints it.
pub(crate) fn printed_status(status: u16) -> Words {
    let message = format!("expected a first line such as `HTTP/1.1 {status}`, found only the status");
    Words::new(Code::IncompleteStartLine, message).help("write the first line as it is sent")
}

/// A target with line breaks.
pub(crate) fn target_in_lines(lines: usize) -> Words {
    let lines = counted(lines as u64, "lines");
    Words::new(Code::IncompleteStartLine, format!("expected the target in one line, found it in {lines}")).remedy()
}

/// A head that begins with a field.
pub(crate) fn missing_start_line() -> Words {
    let message = "expected the first line of a message, found a field: the line was not captured";
    Words::new(Code::MissingStartLine, message.to_owned()).remedy()
}

/// The fault of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldFault {
    /// There is not even a colon.
    NoColon,
    /// White space between name and colon.
    BlankBeforeColon,
    Name,
    Value,
}

/// A field that HTTP does not allow, with its name if it has one.
pub(crate) fn malformed_field(fault: FieldFault, name: &str) -> Words {
    let message = match fault {
        FieldFault::NoColon => String::from("expected a field as `Name: value`, found a line without a colon"),
        FieldFault::BlankBeforeColon => {
            format!("expected the colon directly after the name {}, found white space", ticked(name))
        }
        FieldFault::Name => {
            format!("expected a name of letters, digits and `-`, found {}", found_text(name))
        }
        FieldFault::Value => {
            format!("expected text as the value of the field {}, found a control character", ticked(name))
        }
    };
    let words = Words::new(Code::MalformedField, message);
    match fault {
        FieldFault::BlankBeforeColon => words.help("remove the white space before the colon"),
        FieldFault::Value => words.help("remove the control character"),
        FieldFault::NoColon | FieldFault::Name => words.remedy(),
    }
}

/// A field in several lines.
pub(crate) fn folded_field(name: &str) -> Words {
    Words::new(Code::FoldedField, format!("expected the field {} in one line, found it continued", ticked(name)))
        .remedy()
}

/// A field given twice.
pub(crate) fn duplicate_field(name: &str) -> Words {
    Words::new(Code::DuplicateField, format!("expected the field {} once, found it again", ticked(name)))
        .found(name)
        .remedy()
}

/// The body, or the next message, comes directly after the last field.
pub(crate) fn missing_empty_line(found: &str) -> Words {
    Words::new(Code::MissingEmptyLine, format!("expected an empty line after the head, found {found}")).remedy()
}

/// A request whose body has no length.
pub(crate) fn missing_length() -> Words {
    let message =
        "expected the length of the body in `Content-Length`, found none: taken as everything up to the next message";
    Words::new(Code::MissingLength, message.to_owned()).expected(["Content-Length"]).remedy()
}

/// A length that is not a number.
pub(crate) fn malformed_length() -> Words {
    let message = "expected the number of bytes of the body in `Content-Length`, found another text";
    Words::new(Code::MalformedLength, message.to_owned()).remedy()
}

/// Two lengths.
pub(crate) fn another_length(first: u64, second: u64) -> Words {
    let message = format!("expected one length of the body, found both {first} and {second} in `Content-Length`");
    Words::new(Code::MalformedLength, message).remedy()
}

/// `Content-Length` together with `Transfer-Encoding`.
pub(crate) fn two_lengths() -> Words {
    let message =
        "expected no `Content-Length` together with `Transfer-Encoding`, found both: the body is read as chunked";
    Words::new(Code::TwoLengths, message.to_owned()).remedy()
}

/// A body that ends early.
pub(crate) fn body_too_short(expected: u64, found: usize) -> Words {
    let (expected, found) = (counted(expected, "bytes"), counted(found as u64, "bytes"));
    Words::new(Code::BodyTooShort, format!("expected a body of {expected} by `Content-Length`, found {found}")).remedy()
}

/// A body whose length differs only because its line breaks were changed.
pub(crate) fn line_breaks_changed(expected: u64, found: usize) -> Words {
    let (expected, found) = (counted(expected, "bytes"), counted(found as u64, "bytes"));
    let message = format!(
        "expected a body of {expected} by `Content-Length`, found {found}: with CR LF for each line feed it has that length"
    );
    Words::new(Code::BodyTooShort, message).help("nothing, if the capture was saved as text")
}

/// A body that continues.
pub(crate) fn body_too_long(expected: u64, found: usize, characters: bool) -> Words {
    let (expected, found) = (counted(expected, "bytes"), counted(found as u64, "bytes"));
    let words =
        Words::new(Code::BodyTooLong, format!("expected a body of {expected} by `Content-Length`, found {found}"));
    match characters {
        true => words.help("the body has that many characters: count its bytes"),
        false => words.remedy(),
    }
}

/// A body after a head that does not allow one: RFC 9110, sections 6.4.1 and 9.3.2.
pub(crate) fn body_not_allowed(status: Option<u16>) -> Words {
    let message = match status {
        Some(status) => format!("expected no body in a response with the status {status}, found one"),
        None => String::from("expected no body in the response to HEAD, found one"),
    };
    Words::new(Code::BodyTooLong, message).help("remove the body, or answer with a status that has one")
}

/// The fault of a chunked body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChunkFault {
    /// The line with the size is wrong.
    Size,
    /// The size is impossible.
    TooLarge,
    /// More or fewer bytes than this before the line break.
    Length(u64),
    /// The message ends before the last chunk.
    Cut,
    /// `Transfer-Encoding` names another coding after `chunked`.
    NotLast,
}

/// A malformed chunked body.
pub(crate) fn malformed_chunk(fault: ChunkFault) -> Words {
    let message = match fault {
        ChunkFault::Size => String::from("expected the size of a chunk in hexadecimal digits, found another text"),
        ChunkFault::TooLarge => {
            String::from("expected the size of a chunk, found one that is larger than any document may be")
        }
        ChunkFault::Length(size) => {
            format!("expected a line break after the {} of the chunk, found more", counted(size, "bytes"))
        }
        ChunkFault::NotLast => {
            String::from("expected `chunked` as the last coding in `Transfer-Encoding` of a request, found another")
        }
        ChunkFault::Cut => {
            String::from("expected a chunk of size 0 at the end of the body, found the end of the message")
        }
    };
    Words::new(Code::MalformedChunk, message).remedy()
}

/// A coding that cannot be removed.
pub(crate) fn unknown_coding(name: &str) -> Words {
    Words::new(
        Code::UnknownCoding,
        format!("expected a body in gzip, deflate or chunked, found {}: not checked", ticked(name)),
    )
    .expected(["gzip", "deflate", "chunked"])
    .found(name)
    .remedy()
}

/// Bytes that are not in the named coding.
pub(crate) fn malformed_coding(name: &str) -> Words {
    Words::new(
        Code::MalformedCoding,
        format!("expected a body in {name}, found bytes in another format, truncated or damaged"),
    )
    .remedy()
}

/// A deflate stream without the surrounding format.
pub(crate) fn bare_deflate() -> Words {
    let message = "expected the zlib format for `deflate`, found a bare deflate stream";
    Words::new(Code::MalformedCoding, message.to_owned()).help("most clients read it; others expect RFC 1950")
}

/// A body without the coding that the head names.
pub(crate) fn already_decoded(name: &str) -> Words {
    Words::new(Code::AlreadyDecoded, format!("expected a body in {}, found it already decoded", ticked(name))).remedy()
}

/// A body that was not captured.
pub(crate) fn body_not_captured() -> Words {
    Words::new(Code::BodyNotCaptured, "expected the body of the message, found none in the capture: not checked".into())
        .remedy()
}

/// The body of a request in the output of `curl -v`.
pub(crate) fn request_body_not_shown() -> Words {
    let message = "expected the body of the request, found none: `curl -v` does not show it, and it was not checked";
    Words::new(Code::BodyNotCaptured, message.to_owned()).help("check the body separately: the file that curl sent")
}

/// No message.
pub(crate) fn no_message() -> Words {
    let message = "expected the first line of an HTTP message, found another text";
    Words::new(Code::NoMessage, message.to_owned()).remedy()
}

/// A member of a HAR file that is missing or has the wrong type.
pub(crate) fn malformed_har(expected: &str) -> Words {
    Words::new(Code::MalformedHar, format!("expected {expected}, found none")).remedy()
}

/// More than `Limits::decoded_bytes`.
pub(crate) fn decoded_too_large(limit: usize) -> Words {
    let bytes = counted(limit as u64, "bytes");
    Words::new(Code::DecodedTooLarge, format!("expected at most {bytes} of decoded bodies, found more")).remedy()
}

/// More than `Limits::fields`.
pub(crate) fn too_many_fields(limit: usize) -> Words {
    let fields = counted(limit as u64, "fields");
    Words::new(Code::TooManyFields, format!("expected at most {fields} in a message, found more")).remedy()
}

/// More than `Limits::messages`.
pub(crate) fn too_many_messages(limit: usize) -> Words {
    let messages = counted(limit as u64, "messages");
    Words::new(Code::TooManyMessages, format!("expected at most {messages} in a capture, found more")).remedy()
}
