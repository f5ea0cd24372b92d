//! A diagnostic as a JSON object.

use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde_json::ser::Formatter;

use crate::diagnostic::decoded::runs;
use crate::diagnostic::{Code, Diagnostic, Expected, LineColumn, LineIndex, Severity, Source};

/// A diagnostic with its place in the document, ready to be serialized. Borrows from the diagnostic.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct JsonDiagnostic<'a> {
    /// Stable code, such as `PC0203`.
    pub code: Code,
    /// For an error in a schema: the violated constraint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint: Option<&'static str>,
    /// `error` or `warning`.
    pub severity: Severity,
    /// What was expected, then what was found.
    pub message: &'a str,
    /// Element path with positions; empty outside the root.
    pub path: &'a str,
    /// The bytes that it is about.
    pub span: Span,
    /// Line and column of the span's start, each from 1; columns count characters.
    #[serde(flatten)]
    pub place: LineColumn,
    /// Line and column of the first character after it.
    pub end: LineColumn,
    /// What was expected here.
    pub expected: &'a Expected,
    /// What was found here.
    pub found: Option<&'a str>,
    /// What to do about it.
    pub help: Option<&'a str>,
    /// The schema's documentation of the place.
    pub documentation: Option<&'a str>,
    /// A second place that explains the first.
    pub related: Option<Related<'a>>,
    /// The place in a text that the document contains only in coded form; the other places are then those of that whole
    /// text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decoded: Option<InDecoded<'a>>,
}

impl JsonDiagnostic<'_> {
    /// Moves it by this many bytes, lines, and columns in the first line: those that precede the document in its file.
    pub fn move_by(&mut self, bytes: usize, lines: usize, columns: usize) {
        let after = |place: &mut LineColumn| {
            place.column += if place.line == 1 { columns } else { 0 };
            place.line += lines;
        };
        let related = self.related.as_mut().map(|related| (&mut related.span, &mut related.place));
        for (span, place) in [(&mut self.span, &mut self.place)].into_iter().chain(related) {
            *span = Span { start: span.start + bytes, end: span.end + bytes };
            after(place);
        }
        after(&mut self.end);
    }
}

/// A place in a decoded text.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct InDecoded<'a> {
    /// The codings that were removed, the last one first: `chunked, gzip`.
    pub from: &'a str,
    /// The bytes of the decoded text.
    pub span: Span,
    /// Line and column of their start in that text.
    #[serde(flatten)]
    pub place: LineColumn,
}

/// Byte offsets: of the first byte, and of the first one after the span.
#[derive(Debug, Clone, Copy, Serialize)]
#[non_exhaustive]
#[allow(missing_docs)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    fn of(range: &Range<usize>) -> Span {
        Span { start: range.start, end: range.end }
    }
}

/// A second place and how it relates to the first.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
#[allow(missing_docs)]
pub struct Related<'a> {
    pub message: &'a str,
    pub span: Span,
    #[serde(flatten)]
    pub place: LineColumn,
}

/// The diagnostics of one document as objects, in the same order.
pub fn diagnostics<'a, 'd>(document: impl Into<Source<'d>>, diagnostics: &'a [Diagnostic]) -> Vec<JsonDiagnostic<'a>> {
    if diagnostics.is_empty() {
        return Vec::new();
    }
    let mut objects: Vec<_> = document.into().legible(diagnostics, |_, shown, index| {
        diagnostics.iter().zip(shown).map(|(diagnostic, shown)| object(diagnostic, shown, index)).collect()
    });
    let mut rest = objects.iter_mut();
    for run in runs(diagnostics) {
        let decoded = run.first().and_then(|first| first.decoded.as_deref());
        let index = decoded.map(|decoded| LineIndex::new(&decoded.text.bytes));
        for (diagnostic, object) in run.iter().zip(rest.by_ref()) {
            object.decoded = diagnostic.decoded.as_deref().zip(index.as_ref()).map(|(decoded, index)| InDecoded {
                from: &decoded.text.how,
                span: Span::of(&decoded.span),
                place: index.line_column(decoded.span.start),
            });
        }
    }
    objects
}

/// `shown` is the same diagnostic with its places in the text of the index.
fn object<'a>(diagnostic: &'a Diagnostic, shown: &Diagnostic, index: &LineIndex<'_>) -> JsonDiagnostic<'a> {
    JsonDiagnostic {
        code: diagnostic.code,
        constraint: diagnostic.code.constraint(),
        severity: diagnostic.severity,
        message: &diagnostic.message,
        path: &diagnostic.path,
        span: Span::of(&diagnostic.span),
        place: index.line_column(shown.span.start),
        end: index.line_column(shown.span.end),
        expected: &diagnostic.expected,
        found: diagnostic.found.as_deref(),
        help: diagnostic.help.as_deref(),
        documentation: diagnostic.documentation.as_deref(),
        related: diagnostic.related.as_ref().zip(shown.related.as_ref()).map(|((span, message), (shown, _))| Related {
            message,
            span: Span::of(span),
            place: index.line_column(shown.start),
        }),
        decoded: None,
    }
}

/// Any value as one line of JSON, without a line feed, safe to show: what a terminal might act upon is escaped.
#[doc(hidden)]
pub fn to_line<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Safe(serde_json::ser::CompactFormatter)))?;
    Ok(out)
}

/// Any value as indented JSON, without a trailing line feed, safe to show in the same way.
#[doc(hidden)]
pub fn to_pretty<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::new();
    let formatter = Safe(serde_json::ser::PrettyFormatter::new());
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, formatter))?;
    Ok(out)
}

/// Writes like the inner formatter, but also escapes, besides the ASCII control characters, which JSON itself forbids,
/// the other characters that a terminal acts upon (see [`visible`](super::visible())).
struct Safe<F>(F);

impl<F: Formatter> Formatter for Safe<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut written = 0;
        for (at, character) in fragment.char_indices().filter(|(_, c)| super::visible::acts_on_terminal(*c)) {
            writer.write_all(&fragment.as_bytes()[written..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            written = at + character.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[written..])
    }

    /// JSON that is written unchanged: only its strings can contain what a terminal acts upon.
    fn write_raw_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        self.write_string_fragment(writer, fragment)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_act_on_a_terminal_are_escaped_and_read_back() -> serde_json::Result<()> {
        let text = "a\u{1b}[31m\u{9b}b\u{202e}\u{7f}\u{e0041}ü\"";
        let line = String::from_utf8(to_line(text)?).expect("JSON is UTF-8");
        assert_eq!(line, r#""a\u001b[31m\u009bb\u202e\u007f\udb40\udc41ü\"""#);
        assert_eq!(serde_json::from_str::<String>(&line)?, text);
        let raw: &serde_json::value::RawValue = serde_json::from_str("\"a\u{202e}b\"")?;
        assert_eq!(to_line(raw)?, br#""a\u202eb""#);
        Ok(())
    }
}
