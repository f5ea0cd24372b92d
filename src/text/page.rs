//! HTML pages received in place of a packet.

use std::ops::Range;

/// The number of bytes of a document that are searched for names unknown to HTML.
const LOOK: usize = 64 * 1024;

/// Elements that a piece of a page begins with, and that hardly any XML document begins with.
const BEGINNINGS: [&str; 30] = [
    "body", "br", "center", "div", "font", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "iframe", "img",
    "main", "meta", "nav", "noscript", "ol", "p", "pre", "script", "section", "span", "style", "table", "title", "ul",
];

/// Other elements that may occur in one (HTML, section 4, and obsolete ones).
const OTHERS: [&str; 66] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "big",
    "blockquote",
    "button",
    "canvas",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hgroup",
    "html",
    "i",
    "input",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "map",
    "mark",
    "menu",
    "object",
    "option",
    "path",
    "q",
    "s",
    "samp",
    "select",
    "small",
    "source",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "svg",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "video",
];

/// Where an HTML page shows that it is one: its root is `html`, its DOCTYPE says so, or it begins with an HTML element
/// and has no others, and no namespaces.
pub(crate) fn find(document: &[u8]) -> Option<Range<usize>> {
    let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
    let mut at = document.len() - text.trim_ascii_start().len();
    loop {
        let rest = document.get(at..)?;
        let length = if rest.starts_with(b"<!--") {
            memchr::memmem::find(rest, b"-->")? + 3
        } else if rest.starts_with(b"<?") {
            memchr::memmem::find(rest, b"?>")? + 2
        } else {
            let begins = |word: &[u8]| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            let Some(word) = [&b"<!doctype html"[..], b"<html"].into_iter().find(|word| begins(word)) else {
                return is_piece(rest.get(..rest.len().min(LOOK))?).map(|length| at..at + length);
            };
            let is_whole = is_end_of_name(rest.get(word.len()..).unwrap_or_default());
            return is_whole.then(|| at..at + word.len());
        };
        at += length;
        at = document.len() - document.get(at..)?.trim_ascii_start().len();
    }
}

/// Whether everything that begins a text is an HTML element: the length of its first tag up to the end of the name.
fn is_piece(text: &[u8]) -> Option<usize> {
    let is_one_of = |names: &[&str], name: &[u8]| names.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name));
    let first = tag_name(text.strip_prefix(b"<")?);
    if !is_one_of(&BEGINNINGS, first) {
        return None;
    }
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'<', text.get(at..)?) {
        at += start + 1;
        let rest = text.get(at..)?;
        let tag = rest.get(..memchr::memchr(b'>', rest).unwrap_or(rest.len()))?;
        let name = tag_name(rest.strip_prefix(b"/").unwrap_or(rest));
        // Drawings have a namespace in HTML too.
        let has_namespace = !name.eq_ignore_ascii_case(b"svg") && memchr::memmem::find(tag, b"xmlns").is_some();
        // A tag may be cut off where the text is.
        let is_cut = at + name.len() >= text.len();
        match name {
            // A comment, a CDATA section, or no tag at all, as in scripts.
            [] => {}
            _ if has_namespace => return None,
            name if is_cut || is_one_of(&BEGINNINGS, name) || is_one_of(&OTHERS, name) => {}
            _ => return None,
        }
        if ["script", "style"].iter().any(|name_of| name.eq_ignore_ascii_case(name_of.as_bytes())) {
            // Its text is not markup.
            at += memchr::memmem::find(rest, b"</").unwrap_or(rest.len());
        }
    }
    Some(1 + first.len())
}

/// The name that a tag begins with, with its prefix.
fn tag_name(tag: &[u8]) -> &[u8] {
    let begins = tag.first().is_some_and(u8::is_ascii_alphabetic);
    let length = tag.iter().position(|byte| b" \t\r\n/><".contains(byte)).unwrap_or(tag.len());
    tag.get(..if begins { length } else { 0 }).unwrap_or_default()
}

/// Whether a name ends here.
pub(crate) fn is_end_of_name(rest: &[u8]) -> bool {
    rest.first().is_none_or(|byte| b" \t\r\n/>".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_pages_are_recognized() {
        for (document, length) in [
            ("<head><title>404</title></head>", 5),
            ("<!-- a -->\n<BODY bgcolor=white><h1>502 Bad Gateway</h1><hr>", 5),
            ("<div class=\"x\">Login<br></div>", 4),
            ("<p>Moved", 2),
            ("<script>if (a<b && c) { location = '/' }</script>", 7),
            ("<title>x</title>", 6),
            ("<style>a > b {}</style><table><tr><td>1 < 2</td></tr></table>", 6),
            ("<h1", 3),
        ] {
            let found = find(document.as_bytes()).map(|span| span.len());
            assert_eq!(found, Some(length), "{document}");
        }
        for document in [
            "<b/>",
            "<a><p/></a>",
            "<table><row/></table>",
            "<title xmlns='urn:x'>x</title>",
            "<form><h:p/></form>",
            "<div><packet/></div>",
            "<headers/>",
            "<heads",
            "text <p>",
            "{}",
            "",
        ] {
            assert_eq!(find(document.as_bytes()), None, "{document}");
        }
    }
}
