//! Renders a diagnostic for people: the source with the place underlined, and what to do about it.
//!
//! ```text
//! error[PC0203]: expected `errcode`, found `errtext`
//!  --> answer.xml:7:9
//!   |
//! 5 |       <result>
//!   |       -------- in this element
//! ...
//! 7 |         <errtext>no such migration</errtext>
//!   |         ^^^^^^^^^
//!   |
//!   = at: /packet/migration/get_status[2]/result
//!   = help: add `<errcode>` before `<errtext>`
//! ```
//!
//! Drawn here rather than by a compiler diagnostics library: those show whole lines, and a minified packet is one line
//! of any length. Everything fits into the columns of a [`Style`] where words allow, and nothing from the document can
//! act on a terminal.

use std::fmt::Write;
use std::ops::Range;

use super::excerpt::{Excerpt, columns};
use super::visible;
use crate::diagnostic::decoded::{in_decoded, runs};
use crate::diagnostic::places::legible;
use crate::diagnostic::{Diagnostic, LineColumn, LineIndex, Severity, Source};
use crate::text::white_space::skip_white_space;

/// The default number of terminal columns.
#[doc(hidden)]
pub const WIDTH: usize = 80;

/// How diagnostics are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Style {
    /// Whether to mark up with the escape sequences of a terminal.
    pub colored: bool,
    /// The number of columns that everything fits into where words allow, 80 by default; `None`: text is not broken
    /// into lines, and what is shown of a source line fits into 80.
    pub width: Option<usize>,
    /// The number of lines before the document in its file.
    pub lines_before: usize,
    /// The number of characters before it in its first line.
    pub columns_before: usize,
}

impl Style {
    /// For a terminal with 80 columns.
    pub fn new(colored: bool) -> Style {
        Style { colored, width: Some(WIDTH), lines_before: 0, columns_before: 0 }
    }

    /// For a terminal with this many columns; `None`: nothing is broken into lines.
    #[must_use]
    pub fn width(self, width: Option<usize>) -> Style {
        Style { width, ..self }
    }

    /// For a document that begins after this many lines of its file.
    #[must_use]
    pub fn lines_before(self, lines_before: usize) -> Style {
        Style { lines_before, ..self }
    }

    /// For a document that begins after this many characters of its first line.
    #[must_use]
    pub fn columns_before(self, columns_before: usize) -> Style {
        Style { columns_before, ..self }
    }

    /// The number of columns for a source line.
    fn excerpt(self) -> usize {
        self.width.unwrap_or(WIDTH)
    }
}

/// Longer text in a diagnostic is cut: a schema may hold pages of documentation.
const MOST_CHARACTERS: usize = 1200;

/// Draws all diagnostics of one document, each followed by an empty line.
///
/// `name` is the name of the document, usually a path. `colored` tells whether to use terminal escape sequences;
/// nothing from the document, including its name, ever produces one.
///
/// ```
/// use packetcheck::diagnostic::render::text;
///
/// let packet = b"<packet><migration><chek/></migration></packet>";
/// let report = packetcheck::plesk::request_schema().explain(packet);
/// let shown = text::diagnostics("request.xml", packet, &report.diagnostics, false);
/// assert!(shown.contains(" --> request.xml:1:20\n"));
/// ```
pub fn diagnostics<'a>(
    name: &str,
    document: impl Into<Source<'a>>,
    diagnostics: &[Diagnostic],
    colored: bool,
) -> String {
    each(name, document, diagnostics, Style::new(colored)).concat()
}

/// Draws each diagnostic separately, in order.
pub fn each<'a>(name: &str, document: impl Into<Source<'a>>, diagnostics: &[Diagnostic], style: Style) -> Vec<String> {
    located(name, document.into(), diagnostics, style, draw)
}

/// Draws just the source of each diagnostic, with its place underlined, for output that shows the message elsewhere.
/// The text is empty if there is nothing to show, as for an unreadable document.
///
/// ```
/// use packetcheck::diagnostic::render::text::{self, Style};
///
/// let packet = b"<packet><migration><chek/></migration></packet>";
/// let report = packetcheck::plesk::request_schema().explain(packet);
/// let sources = text::sources(packet, &report.diagnostics, Style::new(false));
/// let drawn = "  |\n\
///              1 | <packet><migration><chek/></migration></packet>\n  |                    ^^^^^^^\n";
/// assert_eq!(sources, [drawn]);
/// ```
pub fn sources<'a>(document: impl Into<Source<'a>>, diagnostics: &[Diagnostic], style: Style) -> Vec<String> {
    located("", document.into(), diagnostics, style, draw_source)
}

/// The parts of a diagnostic's drawing, for callers that lay it out themselves. Nothing in it acts on a terminal.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct Parts {
    /// `answer.xml:7:9`
    pub place: String,
    /// The source lines that are shown, or what fits of each into the columns of the style.
    pub lines: Vec<Line>,
    /// The notes besides the message, each with its label.
    pub notes: Vec<(&'static str, String)>,
}

/// A line of the source.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct Line {
    pub number: usize,
    pub text: String,
    pub marks: Vec<LineMark>,
}

/// A place in a line of the source.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct LineMark {
    /// Bytes of the text of the line.
    pub range: Range<usize>,
    /// Whether this is the place of the diagnostic rather than the second one.
    pub is_primary: bool,
    pub label: String,
}

/// The diagnostics of one document, each in parts, in order.
#[doc(hidden)]
pub fn parts<'a>(name: &str, document: impl Into<Source<'a>>, diagnostics: &[Diagnostic], style: Style) -> Vec<Parts> {
    located(name, document.into(), diagnostics, style, |style, diagnostic, text, index, place| Parts {
        place: place.to_owned(),
        lines: excerpts(text, diagnostic, index, style).into_iter().map(line).collect(),
        notes: notes(diagnostic).into_iter().map(|(name, text)| (name, wrapped(&text, usize::MAX))).collect(),
    })
}

fn line((excerpt, marks): (Excerpt, Vec<Mark<'_>>)) -> Line {
    let mark = |mark: Mark<'_>| LineMark {
        range: mark.range,
        is_primary: mark.primary,
        label: visible(mark.label).into_owned(),
    };
    Line { number: excerpt.line, text: excerpt.text, marks: marks.into_iter().map(mark).collect() }
}

/// Draws each diagnostic with `draw`, which gets the text that contains its places and a description of where that text
/// is.
fn located<T>(
    name: &str,
    source: Source<'_>,
    diagnostics: &[Diagnostic],
    style: Style,
    draw: impl Fn(Style, &Diagnostic, &[u8], &LineIndex<'_>, &str) -> T,
) -> Vec<T> {
    if diagnostics.is_empty() {
        return Vec::new();
    }
    source.legible(diagnostics, |document, diagnostics, index| {
        located_in(name, document, diagnostics, index, style, draw)
    })
}

fn located_in<T>(
    name: &str,
    document: &[u8],
    diagnostics: &[Diagnostic],
    index: &LineIndex<'_>,
    style: Style,
    draw: impl Fn(Style, &Diagnostic, &[u8], &LineIndex<'_>, &str) -> T,
) -> Vec<T> {
    let place_of = |index: &LineIndex<'_>, diagnostic: &Diagnostic, style: Style| {
        let LineColumn { line, column } = index.line_column(diagnostic.span.start);
        let column = if line == 1 { column + style.columns_before } else { column };
        format!("{}:{column}", line + style.lines_before)
    };
    let mut drawn = Vec::with_capacity(diagnostics.len());
    for run in runs(diagnostics) {
        let places = run.iter().map(|diagnostic| format!("{}:{}", visible(name), place_of(index, diagnostic, style)));
        let Some((text, inner)) = in_decoded(run) else {
            for (diagnostic, place) in run.iter().zip(places) {
                drawn.push(draw(style, diagnostic, document, index, &place));
            }
            continue;
        };
        let (bytes, inner) = legible(&text.bytes, &inner);
        let index = LineIndex::of_utf8(&bytes);
        for (diagnostic, place) in inner.iter().zip(places) {
            let style = style.lines_before(0).columns_before(0);
            let place =
                format!("{place} (decoded from {}: {})", visible(&text.how), place_of(&index, diagnostic, style));
            drawn.push(draw(style, diagnostic, &bytes, &index, &place));
        }
    }
    drawn
}

/// Draws the whole diagnostic.
fn draw(style: Style, diagnostic: &Diagnostic, text: &[u8], index: &LineIndex<'_>, place: &str) -> String {
    let (mut drawing, excerpts) = Drawing::begin(style, diagnostic, text, index);
    drawing.title(diagnostic);
    drawing.place(place);
    drawing.source(&excerpts);
    drawing.notes(diagnostic);
    drawing.out.push('\n');
    drawing.out
}

/// Draws just the source.
fn draw_source(style: Style, diagnostic: &Diagnostic, text: &[u8], index: &LineIndex<'_>, _: &str) -> String {
    let (mut drawing, excerpts) = Drawing::begin(style, diagnostic, text, index);
    drawing.source(&excerpts);
    drawing.out
}

/// A line below the source.
struct Mark<'a> {
    /// Bytes of the text of the excerpt.
    range: Range<usize>,
    /// The fault itself rather than the second place.
    primary: bool,
    label: &'a str,
}

/// The lines that are shown, with their numbers in the file.
fn excerpts<'a>(
    document: &[u8],
    diagnostic: &'a Diagnostic,
    index: &LineIndex<'_>,
    style: Style,
) -> Vec<(Excerpt, Vec<Mark<'a>>)> {
    let mut excerpts = excerpts_of_document(document, diagnostic, index, style.excerpt());
    excerpts.iter_mut().for_each(|(excerpt, _)| excerpt.line += style.lines_before);
    excerpts
}

/// The line of the fault, and the line of the second place: before it, after it, or the same.
fn excerpts_of_document<'a>(
    document: &[u8],
    diagnostic: &'a Diagnostic,
    index: &LineIndex<'_>,
    width: usize,
) -> Vec<(Excerpt, Vec<Mark<'a>>)> {
    // A document in an unreadable encoding: a row of asterisks would say nothing.
    if diagnostic.concealed.ranges() == std::slice::from_ref(&(0..document.len())) {
        return Vec::new();
    }
    let around = |span: &Range<usize>| Excerpt::around(document, span, &diagnostic.concealed, index, width);
    let primary = around(&diagnostic.span);
    let mark = Mark { range: primary.underline.clone(), primary: true, label: "" };
    let Some((related, label)) = &diagnostic.related else {
        let before = last_line(document, diagnostic, index, width).map(|line| (line, Vec::new()));
        return before.into_iter().chain([(primary, vec![mark])]).collect();
    };
    let other = around(related);
    if let Some(range) = primary.find(&other, related) {
        return vec![(primary, vec![mark, Mark { range, primary: false, label }])];
    }
    let other_mark = Mark { range: other.underline.clone(), primary: false, label };
    if related.start < diagnostic.span.start {
        vec![(other, vec![other_mark]), (primary, vec![mark])]
    } else {
        vec![(primary, vec![mark]), (other, vec![other_mark])]
    }
}

/// The last line that is not blank, if the fault is at the end of the document on an empty line, which would show
/// nothing.
fn last_line(document: &[u8], diagnostic: &Diagnostic, index: &LineIndex<'_>, width: usize) -> Option<Excerpt> {
    let text = document.trim_ascii_end();
    let is_at_end = diagnostic.span.start >= document.len() && document.ends_with(b"\n");
    let end = text.len()..text.len();
    (is_at_end && !text.is_empty()).then(|| Excerpt::around(document, &end, &diagnostic.concealed, index, width))
}

/// Escape sequences; each ends with `RESET`.
const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const BLUE: &str = "\u{1b}[1;34m";
const CYAN: &str = "\u{1b}[1;36m";
const RESET: &str = "\u{1b}[0m";

fn accent(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => YELLOW,
        Severity::Error => RED,
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// One diagnostic while it is drawn. Writing to a `String` cannot fail, so results of `write!` are ignored.
struct Drawing {
    out: String,
    style: Style,
    /// The number of columns of the largest line number.
    gutter: usize,
    accent: &'static str,
}

impl Drawing {
    /// An empty drawing, and what to show of the source.
    fn begin<'d>(
        style: Style,
        diagnostic: &'d Diagnostic,
        text: &[u8],
        index: &LineIndex<'_>,
    ) -> (Drawing, Vec<(Excerpt, Vec<Mark<'d>>)>) {
        let excerpts = excerpts(text, diagnostic, index, style);
        let gutter = excerpts.iter().map(|(excerpt, _)| excerpt.line.to_string().len()).max().unwrap_or(1);
        (Drawing { out: String::new(), style, gutter, accent: accent(diagnostic.severity) }, excerpts)
    }

    fn paint(&mut self, style: &str, text: &str) {
        if self.style.colored && !text.is_empty() {
            self.out.extend([style, text, RESET]);
        } else {
            self.out.push_str(text);
        }
    }

    fn title(&mut self, diagnostic: &Diagnostic) {
        let head = format!("{}[{}]", severity_name(diagnostic.severity), diagnostic.code);
        let indent = head.len() + 2;
        self.paint(self.accent, &head);
        self.out.push_str(": ");
        self.paragraph(&diagnostic.message, indent, BOLD);
    }

    /// Further lines begin where the first one did.
    fn paragraph(&mut self, text: &str, indent: usize, style: &str) {
        let text = wrapped(text, self.style.width.map_or(usize::MAX, |width| width.saturating_sub(indent)));
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                let _ = write!(self.out, "{:indent$}", "");
            }
            self.paint(style, line);
            self.out.push('\n');
        }
    }

    fn place(&mut self, place: &str) {
        let _ = write!(self.out, "{:1$}", "", self.gutter);
        self.paint(BLUE, "-->");
        let _ = writeln!(self.out, " {place}");
    }

    fn source(&mut self, excerpts: &[(Excerpt, Vec<Mark<'_>>)]) {
        if excerpts.is_empty() {
            return;
        }
        self.margin(None, "|");
        self.out.push('\n');
        let mut last_line = None;
        for (excerpt, marks) in excerpts {
            if last_line.is_some_and(|last| last + 1 < excerpt.line) {
                self.paint(BLUE, "...");
                self.out.push('\n');
            }
            last_line = Some(excerpt.line);
            self.margin(Some(excerpt.line), "|");
            let blank = if excerpt.text.is_empty() { "" } else { " " };
            let _ = writeln!(self.out, "{blank}{}", excerpt.text);
            marks.iter().for_each(|mark| self.mark(&excerpt.text, mark));
        }
    }

    fn mark(&mut self, text: &str, mark: &Mark<'_>) {
        let columns_of =
            |range: Range<usize>| -> usize { text.get(range).unwrap_or_default().chars().map(columns).sum() };
        let before = columns_of(0..mark.range.start);
        // A place between two characters, such as the end of a line, is shown too.
        let length = columns_of(mark.range.clone()).max(1);
        let (sign, style) = if mark.primary { ("^", self.accent) } else { ("-", BLUE) };
        self.margin(None, "|");
        let _ = write!(self.out, " {:before$}", "");
        self.paint(style, &sign.repeat(length));
        let label = visible(mark.label);
        let label_length: usize = label.chars().map(columns).sum();
        if label_length > 0 {
            let width = self.style.excerpt();
            if self.gutter + 4 + before + length + label_length > width {
                self.out.push('\n');
                self.margin(None, "|");
                let _ = write!(self.out, "{:1$}", "", before.min(width.saturating_sub(self.gutter + 4 + label_length)));
            }
            self.out.push(' ');
            self.paint(style, &label);
        }
        self.out.push('\n');
    }

    fn notes(&mut self, diagnostic: &Diagnostic) {
        let notes = notes(diagnostic);
        if !notes.is_empty() {
            self.margin(None, "|");
            self.out.push('\n');
        }
        for (name, text) in notes {
            self.margin(None, "= ");
            self.paint(if name == "help" { CYAN } else { BOLD }, name);
            self.out.push_str(": ");
            self.paragraph(&text, self.gutter + name.len() + 5, "");
        }
    }

    fn margin(&mut self, line: Option<usize>, sign: &str) {
        let line = line.map(|line| line.to_string()).unwrap_or_default();
        let text = format!("{line:>0$} {sign}", self.gutter);
        self.paint(BLUE, &text);
    }
}

/// The notes besides the message, each with its label.
fn notes(diagnostic: &Diagnostic) -> Vec<(&'static str, String)> {
    let constraint = diagnostic.code.constraint();
    let notes = [
        ("at", Some(diagnostic.path.as_str()).filter(|path| !path.is_empty()).map(str::to_owned)),
        expectation(diagnostic),
        ("documentation", diagnostic.documentation.clone()),
        ("constraint", constraint.map(|name| format!("{name} ({})", diagnostic.code.source()))),
        ("help", diagnostic.help.clone()),
    ];
    notes.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
}

/// Whether a text contains this word, not just as part of a longer name.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        !word.is_empty() && !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// What was expected, except for what the message already says, with its label.
fn expectation(diagnostic: &Diagnostic) -> (&'static str, Option<String>) {
    // An end tag is called the end of its element.
    let is_said = |expected: &&str| {
        let element = expected.strip_prefix("</").and_then(|rest| rest.strip_suffix('>'));
        let said = element.map_or_else(|| format!("`{expected}`"), |name| format!("the end of `{name}`"));
        diagnostic.message.contains(&said) || has_word(&diagnostic.message, expected)
    };
    let (said, unsaid): (Vec<_>, Vec<_>) = diagnostic.expected.iter().partition(is_said);
    let name = if said.is_empty() { "expected" } else { "also expected" };
    (name, (!unsaid.is_empty()).then(|| unsaid.join(", ")))
}

/// The text in lines of at most `width` columns, where words allow, and made visible. White space between words counts
/// as one space, so documentation may be indented in a schema; the spaces of a quoted value are kept. Very long text is
/// cut.
#[doc(hidden)]
pub fn wrapped(text: &str, width: usize) -> String {
    let (text, cut) = match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), " …"),
        None => (text, ""),
    };
    let mut out = String::with_capacity(text.len());
    let mut used = 0;
    for word in words(text) {
        let word = visible(word);
        let length: usize = word.chars().map(columns).sum();
        if used > 0 {
            let fits = used + 1 + length <= width;
            out.push(if fits { ' ' } else { '\n' });
            used = if fits { used + 1 } else { 0 };
        }
        out.push_str(&word);
        used += length;
    }
    out.push_str(cut);
    out
}

/// The parts of a text between which a line may break. Several spaces in a row inside backticks, and those next to the
/// backticks, are part of a value and belong to a word.
fn words(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut words, mut begin, mut at, mut is_quoted) = (Vec::new(), 0, 0, false);
    while let Some(byte) = bytes.get(at) {
        let end = skip_white_space(bytes, at);
        if end == at {
            is_quoted ^= *byte == b'`';
            at += 1;
            continue;
        }
        let run = bytes.get(at..end).unwrap_or_default();
        let is_at_end = at > 0 && bytes.get(at - 1) == Some(&b'`') || bytes.get(end) == Some(&b'`');
        let is_kept = is_quoted && (run.len() > 1 || is_at_end) && run.iter().all(|byte| *byte == b' ');
        if !is_kept {
            words.extend(text.get(begin..at).filter(|word| !word.is_empty()));
            begin = end;
        }
        at = end;
    }
    words.extend(text.get(begin..).filter(|word| !word.is_empty()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::diagnostic::Expected;

    fn diagnostic(document: &str, part: &str, message: &str) -> Diagnostic {
        let start = document.find(part).expect("the part is in the document");
        Diagnostic {
            code: Code::MissingElement,
            severity: Severity::Error,
            span: start..start + part.len(),
            related: None,
            path: "/packet/migration/get_status[2]/result".to_owned(),
            message: message.to_owned(),
            expected: Expected::default(),
            found: None,
            help: None,
            documentation: None,
            decoded: None,
            correction: None,
            concealed: Default::default(),
        }
    }

    #[test]
    fn shows_the_place_and_what_to_do() {
        let document = "<packet>\n  <result>\n    <errtext/>\n  </result>\n</packet>\n";
        let diagnostic = Diagnostic {
            expected: ["`errcode`"].into_iter().collect(),
            help: Some("add `<errcode>` before `<errtext>`".to_owned()),
            documentation: Some("The code\n      of the error. ".repeat(5)),
            related: Some((11..19, "in this element".to_owned())),
            ..diagnostic(document, "<errtext/>", "expected `errcode`, found `errtext`")
        };
        let text = diagnostics("a.xml", document.as_bytes(), &[diagnostic], false);
        let expected = "\
error[PC0203]: expected `errcode`, found `errtext`
 --> a.xml:3:5
  |
2 |   <result>
  |   -------- in this element
3 |     <errtext/>
  |     ^^^^^^^^^^
  |
  = at: /packet/migration/get_status[2]/result
  = documentation: The code of the error. The code of the error. The code of the
                   error. The code of the error. The code of the error.
  = help: add `<errcode>` before `<errtext>`

";
        assert_eq!(text, expected);
    }

    #[test]
    fn cuts_a_long_line_and_shows_control_characters() {
        let document = format!("<packet>{}<b\u{1b}[31m/>{}", "<a/>".repeat(100_000), "<c/>".repeat(100_000));
        let diagnostic = diagnostic(&document, "<b\u{1b}[31m/>", "expected \u{1b}[31mred");
        let text = diagnostics("a\nb\u{9b}.xml", document.as_bytes(), &[diagnostic], false);
        let expected = "\
error[PC0203]: expected ␛[31mred
 --> a␊b<U+009B>.xml:1:400009
  |
1 | …><a/><a/><a/><a/><a/><a/><a/><a/><a/><a/><b␛[31m/><c/><c/><c/><c/><c/><c/>…
  |                                           ^^^^^^^^^
  |
  = at: /packet/migration/get_status[2]/result

";
        assert_eq!(text, expected);
    }

    #[test]
    fn marks_two_places_on_one_line_and_far_apart() {
        let document = format!("<a b='1' b='2'>{}</c>", "\n".repeat(9));
        let mut diagnostic = diagnostic(&document, "b='2'", "expected each attribute once");
        diagnostic.path.clear();
        diagnostic.related = Some((3..8, "first here".to_owned()));
        let text = diagnostics("-", document.as_bytes(), &[diagnostic.clone()], false);
        let expected = "\
error[PC0203]: expected each attribute once
 --> -:1:10
  |
1 | <a b='1' b='2'>
  |          ^^^^^
  |    ----- first here

";
        assert_eq!(text, expected);
        diagnostic.span = document.len() - 4..document.len();
        diagnostic.severity = Severity::Warning;
        let text = diagnostics("-", document.as_bytes(), &[diagnostic], true);
        let expected = "\
\u{1b}[1;33mwarning[PC0203]\u{1b}[0m: \u{1b}[1mexpected each attribute once\u{1b}[0m
  \u{1b}[1;34m-->\u{1b}[0m -:10:1
\u{1b}[1;34m   |\u{1b}[0m
\u{1b}[1;34m 1 |\u{1b}[0m <a b='1' b='2'>
\u{1b}[1;34m   |\u{1b}[0m    \u{1b}[1;34m-----\u{1b}[0m \u{1b}[1;34mfirst here\u{1b}[0m
\u{1b}[1;34m...\u{1b}[0m
\u{1b}[1;34m10 |\u{1b}[0m </c>
\u{1b}[1;34m   |\u{1b}[0m \u{1b}[1;33m^^^^\u{1b}[0m

";
        assert_eq!(text, expected);
    }

    #[test]
    fn wraps_words_and_cuts_what_is_too_long() {
        assert_eq!(wrapped("  one two\n   three\u{1b}", 9), "one two\nthree␛");
        assert_eq!(wrapped("found `a  b`, not  ` c `  `\n  d`", 80), "found `a  b`, not ` c ` ` d`");
        assert_eq!(wrapped("found ` a b `", 8), "found\n` a b `");
        assert!(wrapped(&"a ".repeat(10_000), 80).len() < 2 * MOST_CHARACTERS);
    }
}
