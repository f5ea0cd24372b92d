//! `PC09xx`: documents that are not packets of the expected kind.

use super::fragments::ticked;
use super::{Code, Words};

/// What was passed in place of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// An HTML page.
    Page,
    /// A file in this format.
    Compressed(&'static str),
    /// The output of `curl --trace`.
    Trace,
    /// A message of a PHP script before the document, or in it.
    ScriptMessage,
    /// Head and body, where heads are not read.
    HttpMessage,
    /// HTTP messages in this form, where they are not read.
    #[cfg(feature = "http")]
    Capture(&'static str),
    /// JSON, where XML is expected.
    Json,
    SecondDocument,
}

/// The document shows no kind.
pub(crate) fn no_kind(found: &str) -> Words {
    Words::new(Code::NoKind, format!("expected a packet of a known kind, found {found}")).remedy()
}

/// The document has none of the members of its kind.
pub(crate) fn no_member(expected: &str) -> Words {
    Words::new(Code::NoKind, format!("expected members of a packet of the kind {}, found none", ticked(expected)))
        .help("check the kind, and the spelling of the names")
}

/// The document shows another kind, or one of several, and nothing of this one.
pub(crate) fn another_kind(expected: &str, found: &[&str], reason: &str) -> Words {
    let kinds: Vec<String> = found.iter().map(|kind| ticked(kind).to_string()).collect();
    let message =
        format!("expected a packet of the kind {}, found one of {}: {reason}", ticked(expected), kinds.join(" or "));
    let options: Vec<String> = found.iter().map(|kind| format!("`--as {kind}`")).collect();
    Words::new(Code::AnotherKind, message)
        .help(format!("pass {}, or omit `--as` to detect the kind", options.join(" or ")))
}

/// The document is not even in the syntax of the kind.
pub(crate) fn another_syntax(kind: &str, expected: &str, found: &str) -> Words {
    let message = format!("expected a packet of the kind {}, which is {expected}, found {found}", ticked(kind));
    Words::new(Code::NotAPacket, message).help("check the kind: pass another `--as`, or omit it to detect the kind")
}

/// The document is not a packet, but something else that is known.
pub(crate) fn foreign(found: &Foreign, expected: &str) -> Words {
    let (found, help) = match found {
        Foreign::Page => (
            String::from("an HTML page"),
            "check the address, the port and the login: a web server or a proxy answered instead of the API",
        ),
        Foreign::Compressed(format) => (format!("a file compressed with {format}"), "decompress it first"),
        Foreign::Trace => (
            String::from("a trace that curl wrote with `--trace` or `--trace-ascii`"),
            "use `-v` (`--verbose`) instead: its output can be read",
        ),
        Foreign::ScriptMessage => (
            String::from("a message that a script on the server printed"),
            "remove the message; the cause is in the script, or in how the server is configured (`display_errors` of PHP)",
        ),
        Foreign::HttpMessage => (
            String::from("an HTTP message, whose body begins here"),
            "remove its head: everything up to the first empty line",
        ),
        #[cfg(feature = "http")]
        Foreign::Capture(form) => {
            ((*form).to_owned(), "save only the body of the message, or check packets by their kind, without a schema")
        }
        Foreign::Json => (
            String::from("JSON"),
            "check packets in JSON by their kind, without a schema; `packetcheck encode` writes XML from JSON",
        ),
        Foreign::SecondDocument => {
            let message = String::from("expected one document, found a second one, which begins here");
            return Words::new(Code::NotAPacket, message).help("check each document separately");
        }
    };
    Words::new(Code::NotAPacket, format!("expected {expected}, found {found}")).help(help)
}

/// Some messages of a capture show no kind.
#[cfg(feature = "http")]
pub(crate) fn unknown_messages(count: usize, all: usize) -> Words {
    let message = match count {
        1 => format!("1 of {all} messages is of no known kind and was not checked: this one"),
        _ => format!("{count} of {all} messages are of no known kind and were not checked: this is the first of them"),
    };
    Words::new(Code::NoKind, message).help("pass `--as KIND` if all of them should be packets of one kind")
}

/// A kind that consists of a request's head only, and a document without a head.
pub(crate) fn no_head() -> Words {
    Words::new(Code::NotAPacket, "expected an HTTP request with its head, found a document without one".to_owned())
        .help("packets of this kind have no body: give the request as it is sent, beginning with its first line")
}
