//! Fixes of names, namespace declarations, and the order of elements.

use std::collections::HashMap;
use std::ops::Range;

use super::Edit;
use super::candidates::{Document, Draft};
use super::outline::Element;
use crate::Limits;
use crate::diagnostic::Diagnostic;
use crate::text::name::{local_part, skip_ncname};
use crate::text::nearest::meant;
use crate::xml::{RawAttribute, escape_value, lex};

/// Renames the element or attribute at a place: its whole name, or its local part.
pub(super) fn rename(
    document: &Document<'_>,
    span: &Range<usize>,
    name: &str,
    is_whole: bool,
    is_safe: bool,
) -> Option<Draft> {
    let title = format!("write `{name}`");
    if document.text.as_bytes().get(span.start) != Some(&b'<') {
        let edits = vec![Edit::new(name_at(document.text, span.start, is_whole)?, name)];
        return Some(Draft { is_safe, title, edits });
    }
    let written = name_at(document.text, span.start + 1, is_whole)?;
    let found = document.text.get(written.clone())?;
    let mut edits = vec![Edit::new(written, name)];
    let Element { start, end, .. } = document.outline().element(span.start)?;
    if start != end && document.text.get(end.clone())?.starts_with("</") {
        let written = name_at(document.text, end.start + 2, is_whole)?;
        // The end tag may already have the right name.
        if document.text.get(written.clone()) == Some(found) {
            edits.push(Edit::new(written, name));
        }
    }
    Some(Draft { is_safe, title, edits })
}

/// The range of the name that begins at an offset, or of its local part.
fn name_at(text: &str, at: usize, is_whole: bool) -> Option<Range<usize>> {
    let end = skip_ncname(text, at);
    let whole = match text.as_bytes().get(end) {
        Some(b':') => at..skip_ncname(text, end + 1),
        _ => at..end,
    };
    let name = text.get(whole.clone()).filter(|name| !name.is_empty())?;
    let local = whole.end - local_part(name).len();
    Some(if is_whole { whole } else { local..whole.end })
}

/// Gives an end tag the name of the open element.
pub(super) fn rename_end_tag(document: &Document<'_>, diagnostic: &Diagnostic) -> Option<Draft> {
    let (opened, _) = diagnostic.related.as_ref()?;
    let name = document.text.get(name_at(document.text, opened.start + 1, true)?)?;
    let at = diagnostic.span.start;
    document.text.get(at..)?.starts_with("</").then_some(())?;
    let written = name_at(document.text, at + 2, true)?;
    // An end tag with a name that is not similar may belong to another element.
    let is_safe = meant(document.text.get(written.clone())?, [name]).is_some_and(|meant| meant.is_certain);
    Some(Draft { is_safe, title: format!("write `</{name}>`"), edits: vec![Edit::new(written, name)] })
}

/// Declares a namespace on an element, replacing an existing declaration of the prefix.
pub(super) fn declare(
    document: &Document<'_>,
    element: &Element<'_>,
    prefix: &str,
    namespace: &str,
    is_safe: bool,
) -> Option<Draft> {
    let mut value = Vec::new();
    escape_value(&mut value, namespace);
    let value = String::from_utf8(value).ok()?;
    let name = if prefix.is_empty() { String::from("xmlns") } else { format!("xmlns:{prefix}") };
    let declared = attributes(document.text, element)?.into_iter().find(|attribute| attribute.name == name);
    let edit = match declared {
        Some(attribute) => Edit::new(attribute.value_at..attribute.value_at + attribute.value.len(), &*value),
        None => {
            let after = element.start.start + 1 + element.name.len();
            Edit::new(after..after, format!(" {name}=\"{value}\""))
        }
    };
    Some(Draft { is_safe, title: format!("declare `{name}=\"{value}\"`"), edits: vec![edit] })
}

/// The attributes of a start tag, if nothing but its namespaces is wrong with it.
fn attributes<'t>(text: &'t str, element: &Element<'_>) -> Option<Vec<RawAttribute<'t>>> {
    let mut attributes = Vec::new();
    let limits = Limits::default().document_bytes(usize::MAX);
    lex::start_tag(text, element.start.start, &limits, &mut attributes).ok()?;
    Some(attributes)
}

/// Moves the elements with some names that follow the second place of a diagnostic to before that place: all of them
/// or, if that fails, only the one that the diagnostic is about.
pub(super) fn reorder(document: &Document<'_>, diagnostic: &Diagnostic, first: &[String]) -> [Option<Draft>; 2] {
    /// No more elements than this are moved: a reader could not follow it.
    const MOST: usize = 4096;
    let Some((before, _)) = &diagnostic.related else { return [None, None] };
    let outline = document.outline();
    let found = outline.element(diagnostic.span.start).map(|element| local_part(element.name));
    let mut names: Vec<&str> = first.iter().map(String::as_str).collect();
    names.extend(found.filter(|found| !first.iter().any(|name| name == found)));
    let mut all = Vec::new();
    for name in names {
        let (_, late) = outline.namesakes(before.start, name);
        if all.len() + late.len() > MOST {
            return [None, None];
        }
        all.extend(late);
    }
    let one = outline.element(diagnostic.span.start).filter(|_| all.len() > 1);
    [move_before(document, before.start, &all), one.and_then(|one| move_before(document, before.start, &[one]))]
}

/// Moves elements, with what belongs to them, to before another element, in this order.
fn move_before(document: &Document<'_>, before: usize, elements: &[Element<'_>]) -> Option<Draft> {
    let outline = document.outline();
    let place = outline.whole(&outline.element(before)?)?.start;
    let mut parts = Vec::with_capacity(elements.len());
    for element in elements {
        parts.push(outline.whole(element)?);
    }
    document.take_moved(parts.iter().map(Range::len).sum())?;
    let names: Vec<String> = elements.iter().map(|element| format!("`{}`", element.name)).collect();
    let first = outline.element(before)?.name;
    let title = match names.as_slice() {
        [] => return None,
        [one] => format!("move {one} before `{first}`"),
        [one, rest @ ..] if rest.iter().all(|other| other == one) => {
            format!("move all {} {one} before `{first}`", elements.len())
        }
        several if several.len() <= 8 => format!("move {} before `{first}`", several.join(", ")),
        several => format!("move {} elements before `{first}`", several.len()),
    };
    // If other elements with the same name stay, it is not certain which of them belongs there.
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for element in elements {
        *counts.entry(local_part(element.name)).or_default() += 1;
    }
    let is_left = |(name, moved): (&&str, &usize)| outline.namesakes(before, name).0 > *moved;
    let is_safe = !counts.iter().any(is_left) && !parts.iter().any(|part| outline.has_comment_beside(part));
    let moved: Option<String> = parts.iter().map(|part| document.text.get(part.clone())).collect();
    let mut edits: Vec<Edit> = parts.into_iter().map(|part| Edit::new(part, "")).collect();
    edits.push(Edit::new(place..place, moved?));
    Some(Draft { is_safe, title, edits })
}
