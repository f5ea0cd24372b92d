//! What is brought in place of a packet: a page, a compressed file, several documents at once; and where heads are not read,
//! a whole HTTP message.

use std::ops::Range;

use super::xml;
use crate::Limits;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::words::{self, Foreign};
use crate::text::page::{self, is_end_of_name};
use crate::xml::{Reader, Token};

/// What begins compressed files, and archives.
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
#[cfg(not(feature = "http"))]
const METHODS: &[&[u8]] = &[b"GET ", b"POST ", b"PUT ", b"DELETE ", b"PATCH ", b"HEAD ", b"OPTIONS "];

/// What a document is, if it is one of these.
pub(super) fn recognize(document: &[u8]) -> Option<Diagnostic> {
    let found = compressed(document);
    // With the feature heads are read, and no document that comes here has one.
    #[cfg(not(feature = "http"))]
    let found = found.or_else(|| http(document));
    let page = || Some((Foreign::Page, page::find(document)?));
    let (found, span) = found.or_else(page).or_else(|| second_document(document))?;
    Some(Diagnostic::new(words::foreign(&found), span, String::new()))
}

fn compressed(document: &[u8]) -> Option<(Foreign, Range<usize>)> {
    let (mark, name) = COMPRESSED.iter().find(|(mark, _)| document.starts_with(mark))?;
    Some((Foreign::Compressed(name), 0..mark.len()))
}

/// A head before the body, whole or without its first line. The place is that of the body: a head may hold secrets.
#[cfg(not(feature = "http"))]
fn http(document: &[u8]) -> Option<(Foreign, Range<usize>)> {
    let message = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document).trim_ascii_start();
    let line = message.get(..memchr::memchr(b'\n', message).unwrap_or(message.len()))?.trim_ascii_end();
    let is_request =
        METHODS.iter().any(|method| line.starts_with(method)) && memchr::memmem::find(line, b" HTTP/").is_some();
    let is_first_line = line.starts_with(b"HTTP/") || is_request;
    let (end, blank) = [&b"\r\n\r\n"[..], b"\n\n"]
        .into_iter()
        .filter_map(|blank| Some((memchr::memmem::find(message, blank)?, blank.len())))
        .min()
        .unwrap_or((message.len(), 0));
    let body = message.get(end + blank..).unwrap_or_default();
    let is_field = |line: &[u8]| {
        let name = line.get(..memchr::memchr(b':', line).unwrap_or(0)).unwrap_or_default();
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    let is_field_first = is_field(line) && matches!(body.trim_ascii_start().first(), Some(b'<' | b'{'));
    let at = document.len() - body.trim_ascii_start().len();
    (is_first_line || is_field_first).then(|| (Foreign::HttpMessage, at..(at + 1).min(document.len())))
}

/// A declaration after the end of the root element, or the same root once more.
fn second_document(document: &[u8]) -> Option<(Foreign, Range<usize>)> {
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
                let length = if next.starts_with(b"?xml") { 5 } else { 1 + root.len() };
                return (next.starts_with(b"?xml") || is_root).then(|| (Foreign::SecondDocument, at..at + length));
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
    fn what_is_no_packet_is_called_what_it_is() {
        for (document, expected) in [
            ("<html><head/></html>", "HTML"),
            ("\u{feff} <!DOCTYPE HTML PUBLIC '-//IETF//DTD HTML 2.0//EN'>\n<HTML>", "HTML"),
            ("<?xml version='1.0'?><!-- x -->\n<html xmlns='http://www.w3.org/1999/xhtml'/>", "HTML"),
            #[cfg(not(feature = "http"))]
            ("HTTP/1.1 200 OK\r\nA: b\r\n\r\n<packet/>", "HTTP"),
            #[cfg(not(feature = "http"))]
            ("POST /enterprise/control/agent.php HTTP/1.1\nHost: x\n\n<packet/>", "HTTP"),
            #[cfg(not(feature = "http"))]
            ("Content-Type: text/xml\n\n<packet/>", "HTTP"),
            ("PK\u{3}\u{4}", "zip"),
            ("<packet/><packet/>", "second"),
            ("<packet/>\n<?xml version='1.0'?><other/>", "second"),
        ] {
            let found = recognized(document).unwrap_or_default();
            assert!(found.contains(expected), "{document}: {found}");
        }
        for document in
            ["", "<htmlx/>", "<packet/>", "<packet/><!-- -->", "<a/><b/>", "<packet/><packets/>", "{}", "a: b"]
        {
            assert_eq!(recognized(document), None, "{document}");
        }
    }

    #[cfg(not(feature = "http"))]
    #[test]
    fn the_place_of_a_message_is_that_of_its_body() {
        let cause = recognize(b"HTTP/1.1 200 OK\nA: b\n\n\n<packet/>").expect("is a message");
        assert_eq!(cause.span, 23..24);
    }
}
