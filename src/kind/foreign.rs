//! Recognizes what users pass instead of a packet, or instead of any XML document: a page, a compressed file, several
//! documents at once and, if heads are not read, a whole HTTP message.

use std::ops::Range;

use memchr::memmem;

use super::evidence::LOOK_AHEAD;
use super::xml;
use crate::diagnostic::places::in_utf8;
use crate::diagnostic::words::{self, Foreign};
use crate::diagnostic::{Diagnostic, Report};
use crate::text::page::{self, is_end_of_name};
use crate::xml::{Reader, Token};
use crate::{Limits, Schema};

/// What a document is, and the place that shows it.
type Found = (Foreign, Range<usize>);

/// The beginnings of compressed files and archives.
const COMPRESSED: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"\x78\x9c", "zlib"),
    (b"\x78\xda", "zlib"),
    (b"\x78\x01", "zlib"),
];

/// The methods of HTTP requests.
const METHODS: &[&[u8]] = &[b"GET ", b"POST ", b"PUT ", b"DELETE ", b"PATCH ", b"HEAD ", b"OPTIONS "];

/// What a document is instead of a packet, if it is recognized.
pub(super) fn recognize(document: &[u8]) -> Option<Diagnostic> {
    // With the feature, heads are read, and a document that gets here has none.
    let head = if cfg!(feature = "http") { |_: &[u8]| None } else { http };
    recognize_by(document, "a packet", head, |_| true)
}

/// What a document is that should follow a schema, or just be XML, if it is recognized: it may be meant to be a page.
pub(super) fn recognize_in_xml(document: &[u8], schema: Option<&Schema>) -> Option<Diagnostic> {
    let is_foreign = |root: &str| match schema {
        Some(schema) => !schema.has_root(root),
        // Other documents have elements with these names too, and XHTML is XML.
        None => root == "html" && memmem::find(document, XHTML).is_none(),
    };
    recognize_by(document, "a document in XML", other_than_xml, is_foreign)
}

/// The namespace of XHTML pages.
const XHTML: &[u8] = b"http://www.w3.org/1999/xhtml";

/// `expected` is what the document should be, `head` finds the head of a message, and `is_foreign` tells whether a page
/// that begins with this element is unwanted.
fn recognize_by(
    document: &[u8],
    expected: &str,
    head: fn(&[u8]) -> Option<Found>,
    is_foreign: impl Fn(&str) -> bool,
) -> Option<Diagnostic> {
    let mut report = Report::default();
    in_utf8(document, &mut report, |text, report| {
        let document = text.unwrap_or(document);
        let is_wanted = |span: &Range<usize>| element_at(document, span).is_some_and(|root| !is_foreign(&root));
        let script = || script_message(document).filter(|(_, span)| !is_wanted(span));
        let page = || page::find(document).filter(|span| !is_wanted(span)).map(|span| (Foreign::Page, span));
        let found = compressed(document).or_else(|| head(document)).or_else(|| trace(document));
        let found = found.or_else(script).or_else(page).or_else(|| second_document(document));
        report
            .diagnostics
            .extend(found.map(|(found, span)| Diagnostic::new(words::foreign(&found, expected), span, String::new())));
    });
    report.diagnostics.pop()
}

/// The element, in lower case, whose tag begins at a place, or that a DOCTYPE there names.
fn element_at(document: &[u8], span: &Range<usize>) -> Option<String> {
    let tag = document.get(span.clone())?.strip_prefix(b"<")?;
    let name = tag.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    Some(String::from_utf8_lossy(name).to_ascii_lowercase())
}

fn compressed(document: &[u8]) -> Option<Found> {
    let (mark, name) = COMPRESSED.iter().find(|(mark, _)| document.starts_with(mark))?;
    Some((Foreign::Compressed(name), 0..mark.len()))
}

/// The number of lines that are searched for the beginning of a trace.
const LINES: usize = 64;

/// `== Info: …`, `=> Send header, …`, possibly preceded by the time.
fn trace(document: &[u8]) -> Option<Found> {
    const MARKS: [&[u8]; 5] =
        [b"== Info: ", b"=> Send header, ", b"<= Recv header, ", b"=> Send data, ", b"<= Recv data, "];
    let mut end = 0;
    let text = document.get(..document.len().min(LOOK_AHEAD)).unwrap_or_default();
    text.split_inclusive(|byte| *byte == b'\n').take(LINES).find_map(|line| {
        let start = end;
        end += line.len();
        let is_time = |byte: &u8| byte.is_ascii_digit() || b":. ".contains(byte);
        let time = line.iter().take_while(|byte| is_time(byte)).count();
        let said = line.get(time..)?;
        let mark = MARKS.iter().find(|mark| said.starts_with(mark))?;
        Some((Foreign::Trace, start..start + time + mark.len()))
    })
}

/// What PHP calls the errors of a script.
const SCRIPT_MESSAGES: [&[u8]; 8] = [
    b"Warning",
    b"Notice",
    b"Deprecated",
    b"Fatal error",
    b"Parse error",
    b"Strict Standards",
    b"Recoverable fatal error",
    b"Catchable fatal error",
];

/// What pieces of pages begin with.
const FRAGMENTS: [&str; 14] =
    ["br", "b", "p", "div", "font", "h1", "h2", "center", "pre", "hr", "span", "table", "style", "script"];

/// `<br /><b>Warning</b>: … on line <b>3</b>`, as PHP prints the errors of a script, with or without markup; and other
/// pieces of a page before a packet.
fn script_message(document: &[u8]) -> Option<Found> {
    let blanks = |at: usize| document.len() - document.get(at..).unwrap_or_default().trim_ascii_start().len();
    let start = after_misc(document);
    let (mut at, mut fragment) = (start, None);
    while let Some(tag) = document.get(at..).and_then(|rest| rest.strip_prefix(b"<")) {
        let is_fragment = |name: &&str| {
            let found = tag.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
            found && is_end_of_name(tag.get(name.len()..).unwrap_or_default())
        };
        let Some(name) = FRAGMENTS.iter().find(|name| is_fragment(name)) else { break };
        fragment.get_or_insert(at..at + 1 + name.len());
        at = blanks(at + 2 + memchr::memchr(b'>', tag)?);
    }
    let text = document.get(at..)?;
    let text = text.strip_prefix(b"PHP ").unwrap_or(text);
    let near = |text: &[u8]| memmem::find(text.get(..text.len().min(LINE)).unwrap_or_default(), b" on line ").is_some();
    if let Some(kind) = SCRIPT_MESSAGES.iter().find(|kind| text.starts_with(kind)) {
        let rest = text.get(kind.len()..)?;
        if rest.strip_prefix(b"</b>").unwrap_or(rest).starts_with(b":") && near(rest) {
            let end = document.len() - rest.len();
            return Some((Foreign::ScriptMessage, end - kind.len()..end));
        }
    }
    let follows = |root: &str| {
        memmem::find_iter(text, root).any(|at| {
            let is_tag = at.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'<');
            is_tag && is_end_of_name(text.get(at + root.len()..).unwrap_or_default())
        })
    };
    if let Some(span) = fragment.filter(|_| xml::ROOTS.iter().any(|root| follows(root))) {
        return Some((Foreign::ScriptMessage, span));
    }
    // In the document, or after it: with its markup, which no packet has.
    memmem::find_iter(document, b"</b>:").find_map(|at| {
        let before = document.get(..at)?;
        let kind = SCRIPT_MESSAGES.iter().find(|kind| before.ends_with(kind))?;
        let is_marked = before.get(..at - kind.len())?.ends_with(b"<b>");
        (is_marked && near(document.get(at..)?)).then(|| (Foreign::ScriptMessage, at - kind.len()..at))
    })
}

/// The number of bytes in which a script message is searched for.
const LINE: usize = 4096;

/// The offset after the comments, processing instructions and white space at the beginning of a document.
fn after_misc(document: &[u8]) -> usize {
    let mut at = if document.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    loop {
        at = document.len() - document.get(at..).unwrap_or_default().trim_ascii_start().len();
        let rest = document.get(at..).unwrap_or_default();
        let length = match rest {
            [b'<', b'!', b'-', b'-', ..] => memmem::find(rest, b"-->").map(|length| length + 3),
            [b'<', b'?', ..] => memmem::find(rest, b"?>").map(|length| length + 2),
            _ => None,
        };
        match length {
            Some(length) => at += length,
            None => return at,
        }
    }
}

/// A head before the body, whole or without its first line. The place is that of the body, since a head may hold
/// secrets.
fn http(document: &[u8]) -> Option<Found> {
    let message = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document).trim_ascii_start();
    let line = message.get(..memchr::memchr(b'\n', message).unwrap_or(message.len()))?.trim_ascii_end();
    let is_request = METHODS.iter().any(|method| line.starts_with(method)) && memmem::find(line, b" HTTP/").is_some();
    let is_first_line = line.starts_with(b"HTTP/") || is_request;
    let (end, blank) = [&b"\r\n\r\n"[..], b"\n\n"]
        .into_iter()
        .filter_map(|blank| Some((memmem::find(message, blank)?, blank.len())))
        .min()
        .unwrap_or((message.len(), 0));
    let body = message.get(end + blank..).unwrap_or_default();
    let is_field = |line: &[u8]| {
        let name = line.get(..memchr::memchr(b':', line).unwrap_or(0)).unwrap_or_default();
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    let is_field_first = is_field(line) && matches!(body.trim_ascii_start().first(), Some(b'<' | b'{'));
    let at = document.len() - body.trim_ascii_start().len();
    (is_first_line || is_field_first).then(|| match page::find(document.get(at..).unwrap_or_default()) {
        Some(page) => (Foreign::Page, at + page.start..at + page.end),
        None => (Foreign::HttpMessage, first_byte(document, body.trim_ascii_start())),
    })
}

/// What is readable where packets are expected but is not an XML document: HTTP messages, captures of them, and JSON.
fn other_than_xml(document: &[u8]) -> Option<Found> {
    http(document).or_else(|| capture(document)).or_else(|| {
        let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document).trim_ascii_start();
        matches!(text.first(), Some(b'{' | b'[')).then(|| (Foreign::Json, first_byte(document, text)))
    })
}

#[cfg(feature = "http")]
fn capture(document: &[u8]) -> Option<Found> {
    use crate::http::{Form, looks_like_http};

    let found = match looks_like_http(document.get(..LOOK_AHEAD).unwrap_or(document))? {
        Form::CurlVerbose => Foreign::Capture("what `curl -v` shows"),
        Form::Har => Foreign::Capture("an HTTP archive (HAR)"),
        Form::Raw => return None,
    };
    Some((found, first_byte(document, document.trim_ascii_start())))
}

#[cfg(not(feature = "http"))]
fn capture(_: &[u8]) -> Option<Found> {
    None
}

/// The place of the first byte of the rest of a document.
fn first_byte(document: &[u8], rest: &[u8]) -> Range<usize> {
    let at = document.len() - rest.len();
    at..(at + 1).min(document.len())
}

/// A declaration after the end of the root element, or the same root once more.
fn second_document(document: &[u8]) -> Option<Found> {
    let mut reader = Reader::new(document, &Limits::default()).ok()?;
    let mut depth = 0_usize;
    let mut root = "";
    loop {
        match reader.next(&mut |_| {}) {
            Token::Start { name, .. } => {
                root = if depth == 0 { name } else { root };
                depth += 1;
            }
            Token::End { implied: true, .. } | Token::Eof => return None,
            Token::End { span, .. } if depth == 1 => {
                let rest = document.get(span.1..)?.trim_ascii_start();
                let at = document.len() - rest.len();
                let next = rest.strip_prefix(b"<")?;
                let is_root =
                    xml::ROOTS.contains(&root) && next.strip_prefix(root.as_bytes()).is_some_and(is_end_of_name);
                // `<?xml-stylesheet?>` is an instruction.
                let is_declaration =
                    next.strip_prefix(b"?xml").and_then(<[u8]>::first).is_some_and(u8::is_ascii_whitespace);
                let length = if is_declaration { 5 } else { 1 + root.len() };
                return (is_declaration || is_root).then(|| (Foreign::SecondDocument, at..at + length));
            }
            Token::End { .. } => depth = depth.saturating_sub(1),
            Token::Text { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognized(document: &str) -> Option<String> {
        recognize(document.as_bytes()).map(|cause| cause.message)
    }

    #[test]
    fn other_documents_are_named() {
        for (document, expected) in [
            ("<html><head/></html>", "HTML"),
            ("\u{feff} <!DOCTYPE HTML PUBLIC '-//IETF//DTD HTML 2.0//EN'>\n<HTML>", "HTML"),
            ("<?xml version='1.0'?><!-- x -->\n<html xmlns='http://www.w3.org/1999/xhtml'/>", "HTML"),
            ("<head><title>404 Not Found</title></head>", "HTML"),
            ("<p>Warning: x</p>", "HTML"),
            #[cfg(not(feature = "http"))]
            ("HTTP/1.1 200 OK\r\nA: b\r\n\r\n<packet/>", "HTTP"),
            #[cfg(not(feature = "http"))]
            ("POST /enterprise/control/agent.php HTTP/1.1\nHost: x\n\n<packet/>", "HTTP"),
            #[cfg(not(feature = "http"))]
            ("Content-Type: text/xml\n\n<packet/>", "HTTP"),
            ("PK\u{3}\u{4}", "zip"),
            ("<br />\n<b>Warning</b>:  f() in <b>/x.php</b> on line <b>3</b><br />\n<packet/>", "a script"),
            ("<!-- a --><br /><b>Parse error</b>: x on line <b>3</b>", "a script"),
            ("\nPHP Notice:  Undefined x in /x.php on line 3\n<packet/>", "a script"),
            ("Deprecated: x in /x.php on line 3\n{}", "a script"),
            ("<div>down</div><packet></packet>", "a script"),
            (
                "<packet><migration><br />\n<b>Notice</b>:  x in <b>y</b> on line <b>3</b><br /></migration></packet>",
                "a script",
            ),
            ("<packet/><br />\n<b>Warning</b>: x in <b>y</b> on line <b>3</b>", "a script"),
            ("== Info: Trying\n", "--trace"),
            ("Warning: x\n12:00:01.000001 => Send header, 20 bytes (0x14)\n", "--trace"),
            ("<packet/><packet/>", "second"),
            ("<packet/>\n<?xml version='1.0'?><other/>", "second"),
            ("<a/>\n<?xml\tversion='1.0'?><b/>", "second"),
        ] {
            let found = recognized(document).unwrap_or_default();
            assert!(found.contains(expected), "{document}: {found}");
        }
        for document in [
            "",
            "<htmlx/>",
            "<packet/>",
            "<b/>",
            "<a>Warning: x</a>",
            "Warning: on",
            "<packet>\nWarning: x on line 3</packet>",
            "<packet/><!-- -->",
            "<a/><b/>",
            "<packet/><packets/>",
            "{}",
            "a: b",
        ] {
            assert_eq!(recognized(document), None, "{document}");
        }
    }

    #[test]
    fn the_place_of_a_message_is_that_of_its_body() {
        let cause = recognize_in_xml(b"HTTP/1.1 200 OK\nA: b\n\n\n<packet/>", None).expect("is a message");
        assert_eq!(cause.span, 23..24);
        let cause = recognize_in_xml(b"HTTP/1.1 404 Not Found\nA: b\n\n<html></html>", None).expect("is a page");
        assert_eq!((cause.span, cause.message.contains("HTML")), (29..34, true));
    }

    #[test]
    fn documents_in_other_syntaxes_are_named() {
        for (document, expected) in [
            (" {\"a\": 1}", "JSON"),
            ("\u{feff}[1]", "JSON"),
            ("[", "JSON"),
            #[cfg(feature = "http")]
            ("* Trying\n> POST / HTTP/1.1\n>\n<a/>", "curl -v"),
            #[cfg(feature = "http")]
            ("< HTTP/1.1 200 OK\n< A: b\n<\n<a/>", "curl -v"),
            #[cfg(feature = "http")]
            ("{\"log\": {\"entries\": []}}", "HAR"),
        ] {
            let found = recognize_in_xml(document.as_bytes(), None).expect(document).message;
            assert!(found.contains(expected), "{document}: {found}");
        }
        for document in ["", "a", "<a/>", "< a>", "<a>{}</a>"] {
            assert!(recognize_in_xml(document.as_bytes(), None).is_none(), "{document}");
        }
    }

    #[test]
    fn other_encodings_hide_nothing() {
        let utf_16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let cause = recognize(&utf_16("\u{feff}<html></html>")).expect("is a page");
        assert_eq!(cause.span, 2..12);
    }

    #[test]
    fn expected_pages_are_not_foreign() {
        let cause = |document: &str, schema| recognize_in_xml(document.as_bytes(), schema).is_some();
        let schema = |root: &str| {
            let text = format!(
                "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:x'><xs:element name='{root}'/></xs:schema>"
            );
            Schema::from_documents(&[("x.xsd", &text)]).expect("is right")
        };
        let (order, html) = (schema("order"), schema("html"));
        assert!(cause("<html><p></html>", Some(&order)) && !cause("<html><p></html>", Some(&html)));
        assert!(!cause("<!DOCTYPE HTML><HTML>", Some(&html)) && cause("<p>", Some(&html)));
        assert!(
            !cause("<table><Error></table>", None)
                && !cause("<html><p>", Some(&html))
                && cause("<p><Error>", Some(&html))
        );
        assert!(cause("<b>Warning</b>: x on line <b>3</b><a/>", None));
        assert!(!cause("<table><tr>", None) && cause("<!DOCTYPE html><html>", None));
        assert!(!cause("<html xmlns='http://www.w3.org/1999/xhtml'><p>", None));
    }
}
