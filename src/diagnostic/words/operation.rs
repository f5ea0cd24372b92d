//! `PC14xx`: the documentation of requests and answers. A head may hold secrets anywhere: only its scheme, host, method
//! and media type are quoted.

use super::fragments::{all_of, any_of, counted, did_you_mean, ticked};
use super::{Code, Words};

/// A method other than those of the operation.
pub(crate) fn unexpected_method(expected: &[&str], found: &str) -> Words {
    let named = any_of(expected.iter().map(|method| ticked(method)));
    let message = format!("expected the method {named}, found {}", ticked(found));
    Words::new(Code::UnexpectedMethod, message).expected(expected).found(found).remedy()
}

/// A request without a host whose target is a path.
pub(crate) fn missing_host_field() -> Words {
    let message = "missing a host: the target is a path, and there is no field `Host`";
    Words::new(Code::MalformedHost, message.to_owned()).expected(["Host"]).help("add the field `Host`")
}

/// The fault of a path parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterFault {
    /// `%` without two hexadecimal digits.
    Escape,
    /// The escapes, or the bytes, do not decode to UTF-8.
    Utf8,
    /// `.` or `..`
    DotSegment,
    /// Longer than this many characters.
    TooLong { most: usize, found: usize },
}

/// An impossible path parameter.
pub(crate) fn path_parameter(name: &str, fault: ParameterFault) -> Words {
    let name = ticked(name);
    let message = match fault {
        ParameterFault::Escape => {
            format!("expected two hexadecimal digits after `%` in the path parameter {name}, found something else")
        }
        ParameterFault::Utf8 => format!("expected UTF-8 in the path parameter {name}, found other bytes"),
        ParameterFault::DotSegment => {
            format!(
                "expected an identifier in the path parameter {name}, found only dots: they are removed from a path"
            )
        }
        ParameterFault::TooLong { most, found } => format!(
            "expected at most {} in the path parameter {name}, found {found}",
            counted(most as u64, "characters")
        ),
    };
    Words::new(Code::PathParameter, message).remedy()
}

/// A path parameter outside the limits of a later edition of its page.
pub(crate) fn path_parameter_later(name: &str, limits: (usize, usize), later: (usize, usize), found: usize) -> Words {
    let message = format!(
        "expected {} to {} in the path parameter {}, found {found}: the page says {} to {} since the end of 2025, and {} to \
         {} before",
        later.0,
        counted(later.1 as u64, "characters"),
        ticked(name),
        later.0,
        later.1,
        limits.0,
        limits.1,
    );
    Words::new(Code::PathParameter, message).remedy()
}

/// A query where none is documented.
pub(crate) fn unexpected_query() -> Words {
    let message = "expected no query, found one: the documentation shows none";
    Words::new(Code::UnexpectedQuery, message.to_owned()).remedy()
}

/// A field that a request must have.
pub(crate) fn missing_field(name: &str) -> Words {
    Words::new(Code::MissingHeaderParameter, format!("missing required field {} of the head", ticked(name)))
        .expected([name])
        .remedy()
}

/// A field that a request must have according to one page but not another.
pub(crate) fn missing_field_disputed(name: &str, pages: &str) -> Words {
    let message = format!("missing field {} of the head: {pages}", ticked(name));
    Words::new(Code::MissingHeaderParameter, message).expected([name]).remedy()
}

/// A missing field, if another has a similar name.
pub(crate) fn misspelt_field(missing: Words, name: &str, found: &str) -> Words {
    missing.help(did_you_mean(name, found))
}

/// Everything that a request must have in its head, if that has no field at all.
pub(crate) fn missing_head(names: &[&str]) -> Words {
    let named = all_of(names.iter().map(|name| ticked(name)));
    let fields = if names.len() == 1 { "field" } else { "fields" };
    let message = format!("missing {fields} {named} of the head: the request has only its first line");
    Words::new(Code::MissingHeaderParameter, message).expected(names).help("send the missing fields with it")
}

/// A field that is too long.
pub(crate) fn field_too_long(name: &str, most: usize, found: usize) -> Words {
    let most = counted(most as u64, "characters");
    let message = format!("expected at most {most} in the field {}, found {found}", ticked(name));
    Words::new(Code::HeaderParameter, message).expected([format!("at most {most}")]).remedy()
}

/// A field that is too short: it is empty, since the minimum is 1.
pub(crate) fn field_too_short(name: &str, least: usize, found: usize) -> Words {
    let least = counted(least as u64, "characters");
    let found = if found == 0 { "nothing".to_owned() } else { found.to_string() };
    let message = format!("expected at least {least} in the field {}, found {found}", ticked(name));
    Words::new(Code::HeaderParameter, message).expected([format!("at least {least}")]).remedy()
}

/// A field whose bytes are not UTF-8.
pub(crate) fn field_not_utf8(name: &str) -> Words {
    let message = format!("expected text in UTF-8 in the field {}, found other bytes", ticked(name));
    Words::new(Code::HeaderParameter, message).remedy()
}

/// No credentials at all.
pub(crate) fn missing_credentials() -> Words {
    let message = "missing fields of the head: `HTTP_AUTH_LOGIN` and `HTTP_AUTH_PASSWD`, or `KEY`";
    Words::new(Code::MissingHeaderParameter, message.to_owned())
        .expected(["HTTP_AUTH_LOGIN", "HTTP_AUTH_PASSWD", "KEY"])
        .help("send a login with its password, or a secret key")
}

/// A login without a password, or a password without a login.
pub(crate) fn half_a_login(missing: &str, there: &str) -> Words {
    let message = format!("missing field {}, which belongs to {}", ticked(missing), ticked(there));
    Words::new(Code::Credentials, message).expected([missing]).remedy()
}

/// Both kinds of credentials.
pub(crate) fn two_credentials() -> Words {
    let message = "expected either `HTTP_AUTH_LOGIN` and `HTTP_AUTH_PASSWD`, or `KEY`, found both";
    Words::new(Code::Credentials, message.to_owned()).remedy()
}

/// A content type other than that of the body, or none.
pub(crate) fn unexpected_content_type(expected: &[&str], found: Option<&str>) -> Words {
    let named = any_of(expected.iter().map(|name| ticked(name)));
    let words = match found {
        Some(found) => {
            let message = format!("expected the content type {named}, found {}", ticked(found));
            Words::new(Code::UnexpectedContentType, message).found(found)
        }
        None => Words::new(Code::UnexpectedContentType, format!("missing field `Content-Type`: expected {named}")),
    };
    words.expected(expected).remedy()
}

/// A body that is not in the syntax of a packet.
pub(crate) fn unexpected_form(form: &str, content_type: Option<&str>) -> Words {
    let message = match content_type {
        Some(found) => format!("expected a body in {form}, found another, of the content type {}", ticked(found)),
        None => format!("expected a body in {form}, found another"),
    };
    Words::new(Code::UnexpectedContentType, message)
        .help("check what answered: it is not the API, or the answer is incomplete")
}

/// A body where none is documented; `others` names the requests that expect one.
pub(crate) fn unexpected_body(others: &str) -> Words {
    Words::new(Code::UnexpectedBody, format!("expected no body, found one: {others}")).remedy()
}

/// An answer without a required body.
pub(crate) fn missing_body(form: &str) -> Words {
    Words::new(Code::MissingBody, format!("missing body: expected one in {form}")).remedy()
}

/// A request without a required body.
pub(crate) fn missing_body_of_request(form: &str) -> Words {
    missing_body(form).help("send the body with the request")
}

/// A successful status other than 200.
pub(crate) fn unexpected_status(found: u16) -> Words {
    let found = found.to_string();
    Words::new(Code::UnexpectedStatus, format!("expected the status 200, found {}", ticked(&found)))
        .expected(["200"])
        .found(&found)
        .remedy()
}

/// An error with a successful status.
pub(crate) fn error_with_status(found: u16) -> Words {
    let found = found.to_string();
    let message = format!(
        "expected a status of 400 or above with an error, found {}: clients take it for an empty result",
        ticked(&found)
    );
    Words::new(Code::StatusContradictsBody, message).found(&found).remedy()
}

/// Something other than an error, with an error status.
pub(crate) fn packet_with_status(found: u16) -> Words {
    let found = found.to_string();
    let message = format!("expected an error with the status {}, found an answer of the operation", ticked(&found));
    Words::new(Code::StatusContradictsBody, message).expected(["200"]).found(&found).remedy()
}

/// A redirect.
pub(crate) fn redirect(status: u16) -> Words {
    let status = status.to_string();
    let message = format!("expected an answer, found a redirect: the status {}", ticked(&status));
    Words::new(Code::Redirect, message).expected(["200"]).found(&status).remedy()
}

/// A charset that JSON cannot have.
pub(crate) fn charset_of_json(found: &str) -> Words {
    let message = format!("expected JSON in UTF-8, found the charset {}, which has no effect", ticked(found));
    Words::new(Code::UnexpectedCharset, message).expected(["UTF-8"]).found(found).remedy()
}

/// An unknown charset.
pub(crate) fn unknown_charset(found: &str) -> Words {
    let message = format!("expected a known charset, found {}", ticked(found));
    Words::new(Code::UnexpectedCharset, message).expected(["UTF-8"]).found(found).remedy()
}

/// A charset that the bytes of the body contradict.
pub(crate) fn contradicted_charset(charset: &str) -> Words {
    let message = format!("expected a body in the charset {}, found bytes that are not text in it", ticked(charset));
    Words::new(Code::UnexpectedCharset, message).help("correct the parameter `charset` of `Content-Type`")
}
