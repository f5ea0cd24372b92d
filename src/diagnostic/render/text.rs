//! A diagnostic as people read it: the source with the place underlined, and what to do about it.
//!
//! `annotate-snippets` draws; what is drawn is prepared here. From the document it gets no more than the part of a
//! line around the place, with nothing in it that a terminal acts upon, so neither a line of a megabyte nor hostile
//! bytes reach it. Everything fits into `WIDTH` columns, where words allow.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Message, Origin, Padding, Renderer, Snippet};

use super::json::starts;
use super::visible::push_visible;
use super::{Place, Places, visible};
use crate::diagnostic::{Diagnostic, Severity};

/// Columns of the terminal that the text is made for. Fixed, so that the same report reads the same everywhere.
const WIDTH: usize = 80;

/// Longer words of a diagnostic are cut: a schema may hold pages of documentation.
const MOST_CHARACTERS: usize = 1200;

/// Draws all diagnostics of one document, each followed by an empty line.
///
/// `name` is how the document is called, a path mostly. `colored` says whether to mark up with the escape sequences
/// of a terminal; nothing that comes from the document, its name included, ever puts one there.
pub fn diagnostics(name: &str, document: &[u8], diagnostics: &[Diagnostic], colored: bool) -> String {
    let places = Places::of(document, diagnostics.iter().flat_map(starts));
    let renderer = if colored { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let renderer = renderer.term_width(WIDTH);
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&[group(name, document, diagnostic, &places)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(name: &'a str, document: &[u8], diagnostic: &'a Diagnostic, places: &Places) -> Group<'a> {
    let level = level(diagnostic.severity);
    let code = diagnostic.code.to_string();
    // `error[PC0203]: ` stands before the message.
    let indent = severity_name(diagnostic.severity).len() + code.len() + 4;
    let place = places.at(diagnostic.span.start);
    let title = level.primary_title(wrapped(&diagnostic.message, WIDTH - indent)).id(code);
    let origin = Origin::path(visible(name)).line(place.line).char_column(place.column);
    let mut elements: Vec<Element<'a>> = vec![origin.into(), Padding.into()];
    elements.extend(snippets(document, diagnostic, places).into_iter().map(Element::from));
    let notes = notes(diagnostic);
    if !notes.is_empty() {
        elements.push(Padding.into());
    }
    elements.extend(notes.into_iter().map(Element::from));
    title.elements(elements)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

type Annotated<'a> = Snippet<'a, annotate_snippets::Annotation<'a>>;

/// The line of the fault, and the line of the second place: before it or behind it, or the same.
fn snippets<'a>(document: &[u8], diagnostic: &'a Diagnostic, places: &Places) -> Vec<Annotated<'a>> {
    let place = places.at(diagnostic.span.start);
    let primary = Excerpt::around(document, place, diagnostic.span.end);
    let Some((related, label)) = &diagnostic.related else { return vec![primary.underlined()] };
    let other_place = places.at(related.start);
    let other = Excerpt::around(document, other_place, related.end);
    let label = visible(label);
    match primary.find(document, other_place, related.end) {
        Some(span) => vec![primary.underlined().annotation(AnnotationKind::Context.span(span).label(label))],
        None if other_place < place => vec![other.marked(label), primary.underlined()],
        None => vec![primary.underlined(), other.marked(label)],
    }
}

fn notes(diagnostic: &Diagnostic) -> Vec<Message<'_>> {
    let mut notes = Vec::new();
    let mut note = |name: &'static str, text: &str| {
        // `  = help: ` stands before the text.
        let text = wrapped(text, WIDTH - name.len() - 8);
        let level = if name == "help" { Level::HELP } else { Level::NOTE };
        notes.push(level.with_name(name).message(text));
    };
    if !diagnostic.path.is_empty() {
        note("at", &diagnostic.path);
    }
    if let Some(expected) = expectation(diagnostic) {
        note("expected", &expected);
    }
    if let Some(documentation) = &diagnostic.documentation {
        note("documentation", documentation);
    }
    if let Some(help) = &diagnostic.help {
        note("help", help);
    }
    notes
}

/// What would have been right, unless the message says so already.
fn expectation(diagnostic: &Diagnostic) -> Option<String> {
    let said = diagnostic.expected.iter().all(|expected| diagnostic.message.contains(expected.as_str()));
    if said { None } else { Some(diagnostic.expected.join(", ")) }
}

/// The part of one line that is shown, made visible, and the range in it to underline.
struct Excerpt {
    line: usize,
    text: String,
    underline: Range<usize>,
    /// Where each shown character stands in the document and in `text`.
    cells: Vec<Cell>,
}

/// A character as it is shown.
#[derive(Clone, Copy)]
struct Cell {
    /// Offset in the document.
    from: usize,
    /// Offset in the text that is shown.
    to: usize,
    columns: usize,
}

impl Excerpt {
    /// The line at `place`, as much of it as fits, so that the place is in it. A span that goes on over further lines
    /// ends with the line here.
    fn around(document: &[u8], place: Place, span_end: usize) -> Excerpt {
        let gutter = place.line.to_string().len() + 3;
        let columns = WIDTH.saturating_sub(gutter).max(40);
        // No character has more than four bytes: what lies farther off cannot be shown.
        let reach = 4 * columns;
        let from = place.offset.saturating_sub(reach).max(place.line_start);
        let to = line_end(document, place.offset, place.offset.saturating_add(reach));
        let (text, cells) = make_visible(document, from, to);
        let (left, right) = window(&cells, place.offset, span_end.min(to), columns);
        let cut_left = left > 0 || from > place.line_start;
        let cut_right = right < cells.len() || !at_line_end(document, to);
        Excerpt::cut(place, span_end.min(to), &text, &cells, left..right, (cut_left, cut_right))
    }

    fn cut(
        place: Place,
        span_end: usize,
        text: &str,
        cells: &[Cell],
        window: Range<usize>,
        (cut_left, cut_right): (bool, bool),
    ) -> Excerpt {
        let mut shown = String::from(if cut_left { "…" } else { "" });
        let begin = cells.get(window.start).map_or(text.len(), |cell| cell.to);
        let end = cells.get(window.end).map_or(text.len(), |cell| cell.to);
        let shift = |offset: usize| offset + if cut_left { "…".len() } else { 0 } - begin;
        let shown_cells: Vec<Cell> = cells
            .get(window)
            .unwrap_or_default()
            .iter()
            .map(|cell| Cell { to: shift(cell.to), ..*cell })
            .collect();
        shown.push_str(text.get(begin..end).unwrap_or_default());
        let content_end = shown.len();
        if cut_right {
            shown.push('…');
        }
        let underline = underline(&shown_cells, content_end, place.offset, span_end);
        Excerpt { line: place.line, text: shown, underline, cells: shown_cells }
    }

    /// Another span, if it begins in what is shown.
    fn find(&self, document: &[u8], place: Place, span_end: usize) -> Option<Range<usize>> {
        let (first, last) = (self.cells.first()?, self.cells.last()?);
        let shown = (first.from..=last.from).contains(&place.offset) && place.line == self.line;
        let end = line_end(document, place.offset, span_end);
        shown.then(|| underline(&self.cells, self.text.trim_end_matches('…').len(), place.offset, end))
    }

    fn underlined<'a>(&self) -> Annotated<'a> {
        Snippet::source(self.text.clone())
            .line_start(self.line)
            .fold(false)
            .annotation(AnnotationKind::Primary.span(self.underline.clone()))
    }

    fn marked<'a>(&self, label: Cow<'a, str>) -> Annotated<'a> {
        Snippet::source(self.text.clone())
            .line_start(self.line)
            .fold(false)
            .annotation(AnnotationKind::Context.span(self.underline.clone()).label(label))
    }
}

/// The end of the line that `from` is on, or `until` when that comes first.
fn line_end(document: &[u8], from: usize, until: usize) -> usize {
    let until = until.min(document.len());
    let rest = document.get(from..until).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(until, |found| from + found)
}

fn at_line_end(document: &[u8], offset: usize) -> bool {
    matches!(document.get(offset), None | Some(b'\n' | b'\r'))
}

/// Part of the document as it is shown. Bytes that are no UTF-8 become `\xFF`, a tab four blanks.
fn make_visible(document: &[u8], from: usize, to: usize) -> (String, Vec<Cell>) {
    let mut text = String::new();
    let mut cells = Vec::new();
    let from = skip_continuation(document, from);
    let mut at = from;
    for chunk in document.get(from..to).unwrap_or_default().utf8_chunks() {
        for character in chunk.valid().chars() {
            let cell = text.len();
            match character {
                '\t' => text.push_str("    "),
                _ => push_visible(&mut text, character),
            }
            let columns = text.get(cell..).unwrap_or_default().chars().map(columns).sum();
            cells.push(Cell { from: at, to: cell, columns });
            at += character.len_utf8();
        }
        for byte in chunk.invalid() {
            cells.push(Cell { from: at, to: text.len(), columns: 4 });
            text.push_str(&format!("\\x{byte:02X}"));
            at += 1;
        }
    }
    (text, cells)
}

/// A cut must not fall into the middle of a character.
fn skip_continuation(document: &[u8], from: usize) -> usize {
    let rest = document.get(from..).unwrap_or_default();
    from + rest.iter().take(3).take_while(|byte| **byte & 0b1100_0000 == 0b1000_0000).count()
}

/// Columns of a character, generously: it decides where to cut, no more.
fn columns(character: char) -> usize {
    if character < '\u{1100}' { 1 } else { 2 }
}

/// Which cells to show: all if they fit, else as many as do, the span among them with a good part of what follows.
fn window(cells: &[Cell], start: usize, end: usize, columns: usize) -> (usize, usize) {
    let total: usize = cells.iter().map(|cell| cell.columns).sum();
    if total <= columns {
        return (0, cells.len());
    }
    let columns_before = |offset: usize| -> usize {
        cells.iter().take_while(|cell| cell.from < offset).map(|cell| cell.columns).sum()
    };
    // The two marks of the cuts take a column each.
    let room = columns - 2;
    let wanted_end = total.min(columns_before(end) + room / 3);
    let first = wanted_end.saturating_sub(room).min(columns_before(start).saturating_sub(room / 4));
    let mut passed = 0;
    let left = cells.iter().take_while(|cell| advance(&mut passed, cell.columns) <= first).count();
    let mut used = 0;
    let right = left + cells.iter().skip(left).take_while(|cell| advance(&mut used, cell.columns) <= room).count();
    (left, right)
}

fn advance(sum: &mut usize, columns: usize) -> usize {
    *sum += columns;
    *sum
}

/// The range of the shown text for a range of the document.
fn underline(cells: &[Cell], content_end: usize, start: usize, end: usize) -> Range<usize> {
    let shown = |offset: usize| {
        let index = cells.partition_point(|cell| cell.from < offset);
        cells.get(index).map_or(content_end, |cell| cell.to)
    };
    let start = shown(start);
    start..shown(end).max(start)
}

/// The text in lines of at most so many columns, where words allow, and made visible. White space between words counts
/// as one blank, so documentation may stand indented in a schema.
fn wrapped(text: &str, columns: usize) -> String {
    let (text, cut) = match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), " …"),
        None => (text, ""),
    };
    let mut out = String::with_capacity(text.len());
    let mut used = 0;
    for word in text.split_ascii_whitespace() {
        let word = visible(word);
        let length: usize = word.chars().map(self::columns).sum();
        if used > 0 {
            let fits = used + 1 + length <= columns;
            out.push(if fits { ' ' } else { '\n' });
            used = if fits { used + 1 } else { 0 };
        }
        out.push_str(&word);
        used += length;
    }
    out.push_str(cut);
    out
}
