//! A diagnostic as people read it: the source with the place underlined, and what to do about it.
//!
//! `annotate-snippets` draws; what is drawn is prepared here. From the document it gets no more than the part of a
//! line around the place, with nothing in it that a terminal acts upon, so neither a line of a megabyte nor hostile
//! bytes reach it. Everything fits into `WIDTH` columns, where words allow.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Message, Origin, Padding, Renderer, Snippet};

use super::excerpt::{Excerpt, columns};
use super::visible;
use crate::diagnostic::{Diagnostic, LineIndex, Severity};

/// Columns of the terminal that the text is made for. Fixed, so that the same report reads the same everywhere.
const WIDTH: usize = 80;

/// Longer words of a diagnostic are cut: a schema may hold pages of documentation.
const MOST_CHARACTERS: usize = 1200;

/// Draws all diagnostics of one document, each followed by an empty line.
///
/// `name` is how the document is called, a path mostly. `colored` says whether to mark up with the escape sequences
/// of a terminal; nothing that comes from the document, its name included, ever puts one there.
pub fn diagnostics(name: &str, document: &[u8], diagnostics: &[Diagnostic], colored: bool) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let index = LineIndex::new(document);
    let renderer = if colored { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let renderer = renderer.term_width(WIDTH);
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&[group(name, document, diagnostic, &index)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(name: &'a str, document: &[u8], diagnostic: &'a Diagnostic, index: &LineIndex<'_>) -> Group<'a> {
    let level = level(diagnostic.severity);
    let code = diagnostic.code.to_string();
    // `error[PC0203]: ` stands before the message.
    let indent = severity_name(diagnostic.severity).len() + code.len() + 4;
    let place = index.line_column(diagnostic.span.start);
    let title = level.primary_title(wrapped(&diagnostic.message, WIDTH - indent)).id(code);
    let origin = Origin::path(visible(name)).line(place.line).char_column(place.column);
    let mut elements: Vec<Element<'a>> = vec![origin.into(), Padding.into()];
    elements.extend(snippets(document, diagnostic, index).into_iter().map(Element::from));
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
fn snippets<'a>(document: &[u8], diagnostic: &'a Diagnostic, index: &LineIndex<'_>) -> Vec<Annotated<'a>> {
    let primary = Excerpt::around(document, &diagnostic.span, index, WIDTH);
    let Some((related, label)) = &diagnostic.related else { return vec![underlined(&primary)] };
    let other = Excerpt::around(document, related, index, WIDTH);
    let label = visible(label);
    match primary.find(&other, related) {
        Some(span) => vec![underlined(&primary).annotation(AnnotationKind::Context.span(span).label(label))],
        None if related.start < diagnostic.span.start => vec![marked(&other, label), underlined(&primary)],
        None => vec![underlined(&primary), marked(&other, label)],
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

fn underlined<'a>(excerpt: &Excerpt) -> Annotated<'a> {
    snippet(excerpt).annotation(AnnotationKind::Primary.span(excerpt.underline.clone()))
}

fn marked<'a>(excerpt: &Excerpt, label: Cow<'a, str>) -> Annotated<'a> {
    snippet(excerpt).annotation(AnnotationKind::Context.span(excerpt.underline.clone()).label(label))
}

fn snippet<'a>(excerpt: &Excerpt) -> Annotated<'a> {
    Snippet::source(excerpt.text.clone()).line_start(excerpt.line).fold(false)
}

/// The text in lines of at most so many columns, where words allow, and made visible. White space between words counts
/// as one blank, so documentation may stand indented in a schema.
fn wrapped(text: &str, width: usize) -> String {
    let (text, cut) = match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), " …"),
        None => (text, ""),
    };
    let mut out = String::with_capacity(text.len());
    let mut used = 0;
    for word in text.split_ascii_whitespace() {
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
