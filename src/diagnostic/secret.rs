//! Masks the parts of a document that must not be shown: credentials.
//!
//! A diagnostic shows the document twice: in its words, and where its place is drawn. Both are masked using one list of
//! places, found once per document, in the bytes themselves and by names. The document may be broken in any way, may be
//! of any kind and may have been passed to anything: nothing here relies on how a reader understood it, and if it is
//! unclear how far a secret goes, more is masked.
//!
//! `names` decides which names are those of secrets, with the help of `harmless`. `glance` recognizes that a document
//! has no secrets. `markup` finds the content of elements, attributes and processing instructions with such names,
//! `pairs` the same for members of JSON, parameters of queries and fields of HTTP heads, `command` credentials in
//! `curl` commands and their output, `calls` those in scripts and in paths, `users` those before the host of a URL,
//! `parts` those in forms and `keys` private keys. `embedded` finds all of these in documents that are texts in others,
//! and `repeated` finds the words of diagnostics that repeat any of them.

mod calls;
mod command;
mod ebcdic;
mod embedded;
mod glance;
mod harmless;
mod keys;
mod markup;
mod names;
mod pairs;
mod parts;
mod repeated;
#[cfg(test)]
mod tests;
mod users;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use memchr::memmem;

use super::correction::Correction;
use super::places::in_utf8;
use super::{Code, Diagnostic, Expected, Report};
pub(crate) use names::{MarkedNames, SecretNames, is_of_credential};
use repeated::{Repeated, quoted};

/// The bytes of a document that must not be shown: in order, without overlaps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Concealed(Arc<[Range<usize>]>);

impl Concealed {
    pub(crate) fn of(ranges: Vec<Range<usize>>) -> Concealed {
        Concealed(ranges.into())
    }

    pub(crate) fn ranges(&self) -> &[Range<usize>] {
        &self.0
    }

    /// Whether the byte is one of them.
    pub(crate) fn holds(&self, offset: usize) -> bool {
        self.meets(&(offset..offset + 1))
    }

    /// Whether a span contains one of them, or is an empty span among them.
    pub(crate) fn meets(&self, span: &Range<usize>) -> bool {
        self.first_met(span).is_some()
    }

    /// Whether a span begins or ends among them: it is then about a concealed part, not about something larger.
    fn cuts(&self, span: &Range<usize>) -> bool {
        let is_around = |range: &Range<usize>| span.start < range.start && range.end < span.end;
        let last = span.end.saturating_sub(1).max(span.start);
        let ends = [self.first_met(span), self.first_met(&(last..last))];
        ends.into_iter().flatten().any(|range| !is_around(range))
    }

    fn first_met(&self, span: &Range<usize>) -> Option<&Range<usize>> {
        let after = self.0.partition_point(|range| range.end <= span.start);
        self.0.get(after).filter(|range| range.start < span.end.max(span.start + 1))
    }
}

/// Masks the secrets of a document in its diagnostics: renderings do not show them, and words that repeat them are
/// replaced.
pub(crate) fn conceal(report: &mut Report, document: &[u8], names: &SecretNames<'_>) {
    conceal_too(report, document, names, &[]);
}

/// As `conceal`, with other known secrets in a UTF-8 document.
pub(crate) fn conceal_too(report: &mut Report, document: &[u8], names: &SecretNames<'_>, known: &[Range<usize>]) {
    if report.diagnostics.is_empty() {
        return;
    }
    // The places are restored afterwards: bytes that form no character have no place in UTF-8.
    let place = |diagnostic: &Diagnostic| {
        (diagnostic.span.clone(), diagnostic.related.as_ref().map(|(related, _)| related.clone()))
    };
    let places: Vec<_> = report.diagnostics.iter().map(place).collect();
    in_utf8(document, report, |text, report| match (text, ebcdic::as_ascii(document)) {
        (Some(text), _) => {
            let known = if text.len() == document.len() { known } else { &[] };
            conceal_in_utf8(report, text, names, known);
        }
        (None, Some(text)) => conceal_in_utf8(report, &text, names, &[]),
        (None, None) => {
            // Its bytes are not the characters they look like: none is shown, and no word repeats any.
            let concealed = Concealed::of(std::iter::once(0..document.len()).collect());
            report.diagnostics.iter_mut().for_each(|diagnostic| diagnostic.concealed = concealed.clone());
        }
    });
    for (diagnostic, (span, related)) in report.diagnostics.iter_mut().zip(places) {
        diagnostic.span = span;
        if let (Some((place, _)), Some(related)) = (&mut diagnostic.related, related) {
            *place = related;
        }
    }
}

/// Masks the secrets of a capture in the diagnostics of its messages, each of which is already masked on its own: what
/// one message contains is not shown with another.
#[cfg(feature = "http")]
pub(crate) fn conceal_in_capture(report: &mut Report, capture: &[u8], names: &SecretNames<'_>, known: &[Range<usize>]) {
    if report.diagnostics.is_empty() {
        return;
    }
    let found = find(capture, names, known);
    let quotes = report.diagnostics.iter().flat_map(|diagnostic| diagnostic.quotes().chain([diagnostic.path.as_str()]));
    let repeated = Repeated::find(quotes, capture, &found, names);
    // What is concealed is the same for all diagnostics of a message.
    let mut last: Option<(Concealed, Concealed)> = None;
    for diagnostic in &mut report.diagnostics {
        let own = std::mem::take(&mut diagnostic.concealed);
        let all = match &last {
            Some((known, all)) if *known == own => all.clone(),
            _ => Concealed::of(merged([own.ranges(), found.ranges()].concat())),
        };
        last = Some((own, all.clone()));
        match diagnostic.decoded {
            // Its place in the capture is that of the whole body.
            Some(_) => diagnostic.conceal_words(&all, names, &repeated, false),
            None => diagnostic.conceal(&all, names, &repeated),
        }
    }
}

/// A part of a document in UTF-8.
pub(crate) struct Part<'d> {
    pub(crate) text: &'d [u8],
    /// Where the part begins. Before it are other places of the document, each unrelated to the next.
    pub(crate) start: usize,
    /// Those other places.
    pub(crate) others: &'d [Range<usize>],
    /// Those other places that are start tags of elements around the part.
    pub(crate) around: &'d [Range<usize>],
}

/// Masks the secrets of a part of a document in the diagnostics about it. `found` are the names that were found where
/// the name of a secret was expected, in earlier parts too.
pub(crate) fn conceal_in_part(
    report: &mut Report,
    part: &Part<'_>,
    names: &SecretNames<'_>,
    found: &mut BTreeSet<String>,
) {
    found.extend(names_in_place_of_secrets(report, names).into_iter().map(str::to_owned));
    let more = names.with_found(found.iter().map(String::as_str));
    let names = more.as_ref().unwrap_or(names);
    let Part { text, start, others, around } = *part;
    let mut read = text.to_vec();
    read.get_mut(..start).unwrap_or_default().fill(b' ');
    for tag in around {
        if let (Some(blank), Some(tag)) = (read.get_mut(tag.clone()), text.get(tag.clone())) {
            blank.copy_from_slice(tag);
        }
    }
    let mut ranges = find(&read, names, &[]).ranges().to_vec();
    for other in others {
        let found = find(text.get(other.clone()).unwrap_or_default(), names, &[]);
        ranges.extend(found.ranges().iter().map(|range| other.start + range.start..other.start + range.end));
    }
    conceal_all(report, text, &Concealed::of(merged(ranges)), names);
}

fn conceal_in_utf8(report: &mut Report, document: &[u8], names: &SecretNames<'_>, known: &[Range<usize>]) {
    let found = names_in_place_of_secrets(report, names);
    let more = names.with_found(found.into_iter());
    let names = more.as_ref().unwrap_or(names);
    conceal_all(report, document, &find(document, names, known), names);
}

/// Masks what is concealed in each diagnostic.
fn conceal_all(report: &mut Report, document: &[u8], concealed: &Concealed, names: &SecretNames<'_>) {
    if concealed.ranges().is_empty() {
        return;
    }
    let quotes = report.diagnostics.iter().flat_map(|diagnostic| diagnostic.quotes().chain([diagnostic.path.as_str()]));
    let repeated = Repeated::find(quotes, document, concealed, names);
    for diagnostic in &mut report.diagnostics {
        diagnostic.conceal(concealed, names, &repeated);
    }
}

/// The names of elements in places where one that holds a secret was expected.
fn names_in_place_of_secrets<'r>(report: &'r Report, names: &SecretNames<'_>) -> Vec<&'r str> {
    /// The number of lists that are remembered: many diagnostics share one.
    const REMEMBERED: usize = 16;
    let mut checked: Vec<(&Expected, bool)> = Vec::new();
    let mut found = Vec::new();
    for diagnostic in &report.diagnostics {
        if !matches!(diagnostic.code, Code::UnexpectedElement | Code::UnknownElement) {
            continue;
        }
        let expected = &diagnostic.expected;
        let known = checked.iter().rev().take(REMEMBERED).find(|(known, _)| known.is_shared_with(expected));
        let has_secret = match known {
            Some((_, has_secret)) => *has_secret,
            None => {
                let mut elements = expected.iter().filter(|expected| !expected.starts_with("</"));
                let has_secret = elements.any(|element| names.are_of_element(element.as_bytes()));
                checked.push((expected, has_secret));
                has_secret
            }
        };
        found.extend(diagnostic.found.as_deref().filter(|_| has_secret));
    }
    found
}

/// A text with its secrets masked, for `Debug` of values that are kept as written.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let concealed = find(text.as_bytes(), &SecretNames::of_credentials(), &[]);
    if concealed.ranges().is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut masked, mut at) = (String::new(), 0);
    for range in concealed.ranges() {
        masked.push_str(text.get(at..range.start).unwrap_or_default());
        masked.push_str("***");
        at = range.end;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(masked)
}

/// Whether words about a place in a document may repeat any of its secrets.
pub(crate) fn may_repeat(words: &str, span: Option<&Range<usize>>, document: &[u8], names: &SecretNames<'_>) -> bool {
    let concealed = find(document, names, &[]);
    let words = Some(quoted(words)).filter(|quoted| !quoted.is_empty()).unwrap_or(words);
    span.is_some_and(|span| concealed.meets(span))
        || Repeated::find([words].into_iter(), document, &concealed, names).is_in(words)
}

/// Whether a message repeats any of the secrets of a document: members, parameters or elements with the names of
/// credentials. Reports are already masked; this is for other messages.
///
/// ```
/// use packetcheck::diagnostic::repeats_secret;
///
/// let document = br#"{"login": "admin", "password": "Ahm4oh"}"#;
/// assert!(repeats_secret(document, "invalid type: string \"Ahm4oh\""));
/// assert!(!repeats_secret(document, "invalid type: string \"admin\""));
/// ```
pub fn repeats_secret(document: &[u8], words: &str) -> bool {
    may_repeat(words, None, document, &SecretNames::of_credentials())
}

/// What replaces the words, after what the code says.
pub(crate) const NOT_SHOWN: &str = "it is in a secret, which is masked";

impl Diagnostic {
    /// Its words were replaced, since they would have shown a secret.
    pub(crate) fn is_masked(&self) -> bool {
        self.message.ends_with(NOT_SHOWN)
    }

    /// All texts in the diagnostic that may quote the document.
    fn quotes(&self) -> impl Iterator<Item = &str> {
        let label = self.related.as_ref().map(|(_, label)| label.as_str());
        let sentences = [Some(self.message.as_str()), self.help.as_deref(), label].into_iter().flatten();
        sentences.map(quoted).chain(self.found.as_deref())
    }

    fn conceal(&mut self, concealed: &Concealed, names: &SecretNames<'_>, repeated: &Repeated) {
        let related = self.related.as_ref().is_some_and(|(span, _)| concealed.meets(span));
        let is_about_secret = match is_about_value(self.code) {
            // Its place is the beginning of the document, and its message is about the whole document.
            _ if self.code == Code::NoKind => false,
            true => concealed.meets(&self.span),
            false => concealed.cuts(&self.span),
        };
        self.conceal_words(concealed, names, repeated, related || is_about_secret);
    }

    fn conceal_words(
        &mut self,
        concealed: &Concealed,
        names: &SecretNames<'_>,
        repeated: &Repeated,
        is_about_secret: bool,
    ) {
        self.concealed = concealed.clone();
        let inside = start_of_secret(&self.path, names, repeated);
        if let Some(start) = inside {
            self.path.truncate(start);
        }
        if !(is_about_secret || inside.is_some() || self.quotes().any(|quote| repeated.is_in(quote))) {
            return;
        }
        self.message = format!("{}; {NOT_SHOWN}", self.code.title());
        self.found = None;
        self.help = Some(self.code.remedy().to_owned());
        self.correction.take_if(|correction| matches!(**correction, Correction::Value { .. }));
        if let Some((_, label)) = self.related.as_mut().filter(|(_, label)| repeated.is_in(quoted(label))) {
            *label = "because of this".to_owned();
        }
        // What a type requires comes from the schema; names of elements may be pieces of a secret.
        if !is_about_value(self.code) {
            self.expected = Expected::default();
        }
    }
}

fn is_about_value(code: Code) -> bool {
    code.as_str().starts_with("PC04") || code == Code::HeaderParameter
}

/// How much of a path can be shown, if not all: up to an element that holds a secret, or to a piece of one.
fn start_of_secret(path: &str, names: &SecretNames<'_>, repeated: &Repeated) -> Option<usize> {
    let mut at = 0;
    for step in path.split('/') {
        let end = at + step.len();
        // `name[2]` is the second one.
        let is_position = |text: &str| text.strip_suffix(']').is_some_and(|text| text.parse::<u64>().is_ok());
        let name = step.rsplit_once('[').filter(|(_, position)| is_position(position)).map_or(step, |(name, _)| name);
        if repeated.is_in_name(name) {
            return Some(at.saturating_sub(1));
        }
        if end < path.len() && names.are_of_pair(name.as_bytes()) {
            return Some(end);
        }
        at = end + 1;
    }
    None
}

/// The bytes of a text that must not be shown.
#[cfg(feature = "http")]
pub(crate) fn places(text: &[u8], names: &SecretNames<'_>) -> Vec<Range<usize>> {
    find(text, names, &[]).ranges().to_vec()
}

/// All bytes of a text that must not be shown, including those already known.
pub(crate) fn all_places(text: &[u8], names: &SecretNames<'_>, known: &[Range<usize>]) -> Vec<Range<usize>> {
    find(text, names, known).ranges().to_vec()
}

/// What must not be shown of a document, in addition to what is known. Linear in its size.
fn find(document: &[u8], names: &SecretNames<'_>, known: &[Range<usize>]) -> Concealed {
    if known.is_empty() && !glance::may_hold_secrets(document, names) {
        return Concealed::default();
    }
    let mut ranges = find_in(document, names, 0);
    ranges.extend_from_slice(known);
    let ranges = merged(ranges);
    let again = find_again(document, &ranges);
    Concealed(if again.is_empty() { ranges } else { merged([ranges, again].concat()) }.into())
}

/// What is found in a document that is embedded `depth` deep in others.
fn find_in(document: &[u8], names: &SecretNames<'_>, depth: usize) -> Vec<Range<usize>> {
    let mut ranges = markup::find(document, names);
    ranges.extend(pairs::find(document, names));
    ranges.extend(command::find(document, names));
    ranges.extend(users::find(document));
    ranges.extend(keys::find(document));
    ranges.extend(parts::find(document, names));
    ranges.extend(embedded::find(document, names, depth));
    ranges
}

/// The lengths of secrets that are searched for elsewhere. A shorter one may occur by chance.
const AGAIN: std::ops::RangeInclusive<usize> = 3..=256;

/// The most different secrets that are searched for elsewhere: each takes a pass over the document.
const MOST_AGAIN: usize = 16;

/// Whole values elsewhere with the same text as a secret: showing one would reveal the other.
fn find_again(document: &[u8], ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut secrets: Vec<&[u8]> = Vec::new();
    for range in ranges {
        let text = document.get(range.clone()).unwrap_or_default().trim_ascii();
        let text = match text {
            [b'"', text @ .., b'"'] | [b'\'', text @ .., b'\''] => text,
            text => text,
        };
        if AGAIN.contains(&text.len()) && !secrets.contains(&text) && secrets.len() < MOST_AGAIN {
            secrets.push(text);
        }
    }
    let mut again = Vec::new();
    for secret in secrets {
        let places = memmem::find_iter(document, secret).map(|at| at..at + secret.len());
        again.extend(places.filter(|place| is_whole_value(document, place)));
    }
    again
}

/// Whether a text is all that is between two quotes, two tags, or `=` and `&`, and not the name of a JSON member.
fn is_whole_value(document: &[u8], place: &Range<usize>) -> bool {
    let before = document.get(..place.start).unwrap_or_default();
    let after = document.get(place.end..).unwrap_or_default();
    match (before.last(), after.first()) {
        (Some(b'"'), Some(b'"')) | (Some(b'\''), Some(b'\'')) => {
            !after.get(1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
        }
        (Some(b'='), None | Some(b'&' | b'\n' | b'\r' | b' ')) => true,
        _ => {
            // White space around the text of an element, up to a usual amount.
            let before = before.get(before.len().saturating_sub(64)..).unwrap_or_default().trim_ascii_end();
            let after = after.get(..after.len().min(64)).unwrap_or_default().trim_ascii_start();
            before.ends_with(b">") && after.starts_with(b"<")
        }
    }
}

pub(crate) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
    ranges
}
