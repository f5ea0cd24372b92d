//! One function per production. Each takes the whole document and an offset; none recovers from errors.
//!
//! None keeps state between calls: where a document ends too early, the fault [is a
//! truncation](FaultKind::is_truncation), and a caller with more input can begin again at the same offset.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::{BuildHasher, Hash};

use super::chars::{find_forbidden, forbidden_at, skip_value};
use super::fault::{Broken, Fault, FaultKind, Found, shorten};
use super::references::lex_reference;
use super::{Prolog, RawAttribute, StartTag, TextRun, encoding};
use crate::Limits;
use crate::text::name::{char_at, skip_name_chars, skip_ncname};
use crate::text::scan::text_end;
use crate::text::white_space::{is_white_space, skip_white_space};

/// Byte order mark, encoding and XML declaration (section 2.8). Checks the whole document for UTF-8 (or US-ASCII, if so
/// declared), once.
///
/// # Errors
///
/// The document is too large or in another encoding, its bytes are not in its encoding, or its declaration is
/// malformed.
pub fn prolog<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Prolog<'a>, Fault> {
    encoding::lex_prolog(bytes, limits)
}

/// At `<` of a start tag or empty-element tag (section 3.1, productions 40, 41, 44). Clears `attributes`, then puts
/// those of the tag there, in order. Namespaces are left to the caller (see [`Scopes`](super::Scopes)).
///
/// Allocates only what `attributes` needs, up to 512 attributes; more are compared through a hash table.
///
/// # Errors
///
/// Faults in names, `=`, quotes, characters and references in values; a name that occurs twice (as written); an
/// exceeded limit.
pub fn start_tag<'a>(
    text: &'a str,
    at: usize,
    limits: &Limits,
    attributes: &mut Vec<RawAttribute<'a>>,
) -> Result<StartTag<'a>, Fault> {
    attributes.clear();
    let bytes = text.as_bytes();
    if bytes.get(at) != Some(&b'<') {
        return Err(unexpected(text, at, "`<` of a start tag").fault);
    }
    let name = lex_qualified_name(text, at + 1, limits)?;
    let mut at = name.end;
    loop {
        let next = skip_white_space(bytes, at);
        match bytes.get(next) {
            Some(b'>') => {
                check_unique(attributes)?;
                return Ok(name.start_tag(false, next + 1));
            }
            Some(b'/') if bytes.get(next + 1) == Some(&b'>') => {
                check_unique(attributes)?;
                return Ok(name.start_tag(true, next + 2));
            }
            Some(b'/') => return Err(unexpected(text, next + 1, "`>` after `/`").fault),
            None => return Err(unclosed_tag(text, next).fault),
            Some(_) if attributes.len() >= limits.attributes => {
                return Err(too_many_attributes(text, next, limits).fault);
            }
            Some(_) if next == at => return Err(missing_blank(text, next).fault),
            Some(_) => {
                let (attribute, end) = lex_attribute(text, next, limits)?;
                attributes.push(attribute);
                at = end;
            }
        }
    }
}

/// At `</` (section 3.1, production 42). Returns the qualified name and the offset after `>`.
///
/// # Errors
///
/// A malformed name, or anything but white space before `>`.
pub fn end_tag<'a>(text: &'a str, at: usize, limits: &Limits) -> Result<(&'a str, usize), Fault> {
    let name = lex_qualified_name(text, at + 2, limits)?;
    let end = skip_white_space(text.as_bytes(), name.end);
    match text.as_bytes().get(end) {
        Some(b'>') => Ok((name.text, end + 1)),
        None => Err(unclosed_tag(text, end).fault),
        Some(_) => Err(Fault::new(FaultKind::MalformedEndTag { found: Found::at(text, end) }, one(text, end))),
    }
}

/// Everything up to the next start tag, end tag or the end of the document, within an element (production 43).
///
/// # Errors
///
/// Forbidden characters, malformed references, `]]>`; malformed or unterminated comments, CDATA sections and
/// instructions; a DOCTYPE.
pub fn text_run<'a>(text: &'a str, at: usize) -> Result<TextRun<'a>, Fault> {
    let mut run = RunSoFar::new();
    let end = lex_run(text, at, &mut run)?;
    Ok(TextRun { raw: text.get(at..end).unwrap_or_default(), plain: run.plain, blank: run.blank })
}

/// Skips white space, comments and processing instructions, before and after the root (production 27); returns the
/// offset after them. What comes there is for the caller to determine: the root, the end of the document, or text, a
/// CDATA section or a tag that is not allowed there.
///
/// # Errors
///
/// Malformed or unterminated comments and instructions; a DOCTYPE, before anything in it is read.
pub fn misc(text: &str, at: usize) -> Result<usize, Fault> {
    Ok(lex_misc(text, at)?)
}

pub(super) fn lex_misc(text: &str, mut at: usize) -> Result<usize, Broken> {
    let bytes = text.as_bytes();
    loop {
        at = skip_white_space(bytes, at);
        match bytes.get(at..).unwrap_or_default() {
            // A CDATA section is content, which the caller refuses.
            rest if rest.starts_with(b"<![CDATA[") => return Ok(at),
            [b'<', b'!' | b'?', ..] => at = lex_markup(text, at)?,
            _ => return Ok(at),
        }
    }
}

/// What is known of a run of text up to some offset.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunSoFar {
    pub(super) plain: bool,
    pub(super) blank: bool,
}

impl RunSoFar {
    pub(super) fn new() -> RunSoFar {
        RunSoFar { plain: true, blank: true }
    }
}

/// The offset of the next tag or of the end of the document.
pub(super) fn lex_run(text: &str, mut at: usize, run: &mut RunSoFar) -> Result<usize, Broken> {
    let bytes = text.as_bytes();
    loop {
        if run.blank {
            let end = skip_white_space(bytes, at);
            run.plain &= memchr::memchr(b'\r', bytes.get(at..end).unwrap_or_default()).is_none();
            at = end;
            run.blank = matches!(bytes.get(at), None | Some(b'<'));
        }
        at = text_end(bytes, at);
        match bytes.get(at..).unwrap_or_default() {
            [] => return Ok(at),
            [b'<', b'!' | b'?', ..] => {
                let end = lex_markup(text, at)?;
                run.plain = false;
                run.blank &= bytes.get(at + 2) != Some(&b'[');
                at = end;
            }
            [b'<', ..] => return Ok(at),
            [b'&', ..] => {
                (_, at) = lex_reference(text, at)?;
                run.plain = false;
            }
            [b'\r', ..] => {
                run.plain = false;
                at += 1;
            }
            [b']', b']', b'>', ..] => return Err(Broken::new(FaultKind::CdataEndInText, at..at + 3)),
            _ => match forbidden_at(text, at) {
                Some(character) => return Err(forbidden(at, character)),
                // `]`, or a character with the same first byte as U+FFFE.
                None => at += 1,
            },
        }
    }
}

/// At `<!` or `<?`: the offset after the comment, CDATA section or processing instruction.
pub(super) fn lex_markup(text: &str, at: usize) -> Result<usize, Broken> {
    let bytes = text.as_bytes();
    let rest = bytes.get(at..).unwrap_or_default();
    if rest.starts_with(b"<?") {
        lex_instruction(text, at)
    } else if rest.starts_with(b"<!--") {
        lex_comment(text, at)
    } else if rest.starts_with(b"<![CDATA[") {
        lex_cdata(text, at)
    } else if is_doctype(bytes, at) {
        Err(doctype(at))
    } else if [&b"<!--"[..], b"<![CDATA[", b"<!DOCTYPE"].iter().any(|markup| markup.starts_with(rest)) {
        Err(unclosed_tag(text, text.len()))
    } else {
        let after = at + 2;
        let end = memchr::memchr2(b'<', b'>', bytes.get(after..).unwrap_or_default())
            .map_or(text.len(), |length| after + length + usize::from(bytes.get(after + length) == Some(&b'>')));
        let span = at..after + char_at(text, after).map_or(0, char::len_utf8);
        Err(Broken::new(FaultKind::MalformedMarkup { found: Found::at(text, after) }, span).resume_at(end))
    }
}

/// Section 2.5, production 15: `'<!--' ((Char - '-') | ('-' (Char - '-')))* '-->'`.
fn lex_comment(text: &str, at: usize) -> Result<usize, Broken> {
    let begin = at + "<!--".len();
    let Some(hyphens) = find(text, begin, b"--") else {
        return Err(Broken::new(FaultKind::UnclosedComment, at..begin).resume_at(text.len()));
    };
    if let Some((place, character)) = find_forbidden(text, begin, hyphens) {
        return Err(forbidden(place, character).resume_at(after_first(text, begin, b"-->")));
    }
    match text.as_bytes().get(hyphens + 2) {
        Some(b'>') => Ok(hyphens + 3),
        None => Err(Broken::new(FaultKind::UnclosedComment, at..begin).resume_at(text.len())),
        Some(_) => Err(Broken::new(FaultKind::DoubleHyphenInComment, hyphens..hyphens + 2)
            .resume_at(after_first(text, hyphens, b"-->"))),
    }
}

/// Section 2.7, productions 18 to 21.
fn lex_cdata(text: &str, at: usize) -> Result<usize, Broken> {
    let begin = at + "<![CDATA[".len();
    let Some(end) = find(text, begin, b"]]>") else {
        return Err(Broken::new(FaultKind::UnclosedCdata, at..begin).resume_at(text.len()));
    };
    match find_forbidden(text, begin, end) {
        Some((place, character)) => Err(forbidden(place, character).resume_at(end + 3)),
        None => Ok(end + 3),
    }
}

/// Section 2.6, productions 16 and 17; the target has no colon (Namespaces, section 7).
fn lex_instruction(text: &str, at: usize) -> Result<usize, Broken> {
    let begin = at + 2;
    let target_end = skip_ncname(text, begin);
    let target = text.get(begin..target_end).unwrap_or_default();
    if target_end == text.len() {
        return Err(Broken::new(FaultKind::UnclosedInstruction, at..begin).resume_at(text.len()));
    }
    let closed = find(text, target_end, b"?>");
    let resume = closed.map_or(text.len(), |end| end + 2);
    if target.is_empty() {
        let kind = FaultKind::MalformedName { found: Found::at(text, begin) };
        return Err(Broken::new(kind, one(text, begin)).resume_at(resume));
    }
    if target.eq_ignore_ascii_case("xml") {
        let kind = match target {
            "xml" => FaultKind::MisplacedDeclaration,
            _ => FaultKind::ReservedInstructionTarget { target: target.into() },
        };
        return Err(Broken::new(kind, begin..target_end).resume_at(resume));
    }
    let Some(end) = closed else {
        return Err(Broken::new(FaultKind::UnclosedInstruction, at..begin).resume_at(text.len()));
    };
    if end != target_end && !text.as_bytes().get(target_end).is_some_and(|&byte| is_white_space(byte)) {
        let kind = FaultKind::MalformedInstruction { found: Found::at(text, target_end) };
        return Err(Broken::new(kind, one(text, target_end)).resume_at(resume));
    }
    match find_forbidden(text, target_end, end) {
        Some((place, character)) => Err(forbidden(place, character).resume_at(resume)),
        None => Ok(resume),
    }
}

/// A qualified name and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct QualifiedName<'a> {
    pub(super) text: &'a str,
    pub(super) prefix_length: usize,
    pub(super) end: usize,
}

impl<'a> QualifiedName<'a> {
    fn start_tag(self, empty: bool, end: usize) -> StartTag<'a> {
        StartTag { name: self.text, prefix_length: self.prefix_length, empty, end }
    }
}

/// Namespaces, section 4, productions 7 to 11. A name at the very end of the document is incomplete.
#[inline]
pub(super) fn lex_qualified_name<'a>(text: &'a str, at: usize, limits: &Limits) -> Result<QualifiedName<'a>, Broken> {
    let bytes = text.as_bytes();
    let mut end = skip_ncname(text, at);
    let mut prefix_length = 0;
    if bytes.get(end) == Some(&b':') {
        prefix_length = end - at;
        end = skip_ncname(text, end + 1);
        if prefix_length == 0 || end == at + prefix_length + 1 || bytes.get(end) == Some(&b':') {
            return Err(malformed_qualified_name(text, at, end));
        }
    }
    if end == text.len() {
        return Err(unclosed_tag(text, end));
    }
    if end == at {
        return Err(Broken::new(FaultKind::MalformedName { found: Found::at(text, at) }, one(text, at)));
    }
    if end - at > limits.name_bytes {
        return Err(Broken::new(FaultKind::NameTooLong { limit: limits.name_bytes }, at..end));
    }
    Ok(QualifiedName { text: text.get(at..end).unwrap_or_default(), prefix_length, end })
}

#[cold]
fn malformed_qualified_name(text: &str, at: usize, end: usize) -> Broken {
    let end = skip_colons_and_names(text, end);
    if end == text.len() {
        return unclosed_tag(text, end);
    }
    let name = shorten(text.get(at..end).unwrap_or_default());
    Broken::new(FaultKind::MalformedQualifiedName { name }, at..end)
}

/// The rest of a Name as XML itself defines it: a colon is like any other name character.
pub(crate) fn skip_colons_and_names(text: &str, mut at: usize) -> usize {
    loop {
        at = skip_name_chars(text, at);
        if text.as_bytes().get(at) != Some(&b':') {
            return at;
        }
        at += 1;
    }
}

/// Production 41: `Name Eq AttValue`; the attribute and the offset after it.
#[inline]
fn lex_attribute<'a>(text: &'a str, name_at: usize, limits: &Limits) -> Result<(RawAttribute<'a>, usize), Broken> {
    let bytes = text.as_bytes();
    let name = lex_qualified_name(text, name_at, limits)?;
    let equals_at = skip_white_space(bytes, name.end);
    if bytes.get(equals_at) != Some(&b'=') {
        return Err(unexpected(text, equals_at, "`=` after the name of the attribute"));
    }
    let quote_at = skip_white_space(bytes, equals_at + 1);
    let quote = match bytes.get(quote_at) {
        Some(&quote @ (b'"' | b'\'')) => quote,
        None => return Err(unclosed_tag(text, quote_at)),
        Some(_) => {
            let kind = FaultKind::UnquotedAttribute { name: shorten(name.text), found: Found::at(text, quote_at) };
            return Err(Broken::new(kind, one(text, quote_at)));
        }
    };
    let value_at = quote_at + 1;
    let end = lex_value(text, value_at, quote)?;
    let value = text.get(value_at..end).unwrap_or_default();
    let attribute = RawAttribute { name: name.text, prefix_length: name.prefix_length, value, name_at, value_at };
    check_namespace_name(&attribute, limits)?;
    Ok((attribute, end + 1))
}

/// Namespace names are compared for each qualified name, so they must not be long.
#[inline]
pub(super) fn check_namespace_name(attribute: &RawAttribute<'_>, limits: &Limits) -> Result<(), Broken> {
    if attribute.value.len() > limits.namespace_bytes && attribute.declared_prefix().is_some() {
        return Err(Broken::new(FaultKind::NamespaceTooLong { limit: limits.namespace_bytes }, attribute.name_span()));
    }
    Ok(())
}

/// Production 10 (AttValue), after the opening quote: the offset of the closing one.
pub(super) fn lex_value(text: &str, mut at: usize, quote: u8) -> Result<usize, Broken> {
    let bytes = text.as_bytes();
    loop {
        at += skip_value(bytes.get(at..).unwrap_or_default());
        match bytes.get(at) {
            None => return Err(unclosed_tag(text, at)),
            Some(&byte) if byte == quote => return Ok(at),
            Some(b'<') => return Err(Broken::new(FaultKind::LessThanInAttribute, at..at + 1)),
            Some(b'&') => (_, at) = lex_reference(text, at)?,
            Some(_) => match forbidden_at(text, at) {
                Some(character) => return Err(forbidden(at, character)),
                None => at += 1,
            },
        }
    }
}

/// Section 3.1, "Unique Att Spec", by the names as written.
fn check_unique(attributes: &[RawAttribute<'_>]) -> Result<(), Fault> {
    match duplicate(attributes, |attribute| attribute.name) {
        None => Ok(()),
        Some((first, second)) => Err(duplicate_attribute(first, second)),
    }
}

#[cold]
pub(super) fn duplicate_attribute(first: &RawAttribute<'_>, second: &RawAttribute<'_>) -> Fault {
    let kind = FaultKind::DuplicateAttribute { name: shorten(second.name) };
    Fault::new(kind, second.name_span()).related_to(first.name_span())
}

/// Up to this many are compared pairwise, which is faster than any table and still bounded.
const COMPARED_PAIRWISE: usize = 12;

/// Slots of the table that finds duplicates among more than that without allocating; at most half are used.
const SLOTS: usize = 1024;

/// The first item, in order, whose key an earlier item has, after that earlier one.
pub(super) fn duplicate<T, K: Eq + Hash>(items: &[T], key: impl Fn(&T) -> K) -> Option<(&T, &T)> {
    match items.len() {
        0..=COMPARED_PAIRWISE => duplicate_by_pairs(items, key),
        count if count <= SLOTS / 2 => duplicate_by_slots(items, key),
        _ => duplicate_by_table(items, key),
    }
}

fn duplicate_by_pairs<T, K: Eq>(items: &[T], key: impl Fn(&T) -> K) -> Option<(&T, &T)> {
    items.iter().enumerate().find_map(|(index, second)| {
        let mut earlier = items.get(..index).unwrap_or_default().iter();
        earlier.find(|first| key(first) == key(second)).map(|first| (first, second))
    })
}

fn duplicate_by_slots<T, K: Eq + Hash>(items: &[T], key: impl Fn(&T) -> K) -> Option<(&T, &T)> {
    // The numbers of items, from 1. The hash seed is random, so no document can force collisions.
    let (mut slots, hasher) = ([0_u16; SLOTS], RandomState::new());
    for (number, second) in (1..).zip(items) {
        let mut at = hasher.hash_one(key(second)) as usize % SLOTS;
        while let Some(first) = slots.get(at).and_then(|number| items.get(usize::from(*number).checked_sub(1)?)) {
            if key(first) == key(second) {
                return Some((first, second));
            }
            at = (at + 1) % SLOTS;
        }
        if let Some(slot) = slots.get_mut(at) {
            *slot = number;
        }
    }
    None
}

fn duplicate_by_table<T, K: Eq + Hash>(items: &[T], key: impl Fn(&T) -> K) -> Option<(&T, &T)> {
    let mut seen = HashMap::with_capacity(items.len());
    for second in items {
        match seen.entry(key(second)) {
            Entry::Vacant(entry) => _ = entry.insert(second),
            Entry::Occupied(entry) => return Some((entry.get(), second)),
        }
    }
    None
}

/// `<!DOCTYPE`, in any case: lower case is an error too, but this one describes it best.
fn is_doctype(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..at + "<!DOCTYPE".len()).is_some_and(|found| found.eq_ignore_ascii_case(b"<!DOCTYPE"))
}

fn doctype(at: usize) -> Broken {
    Broken::new(FaultKind::Doctype, at..at + "<!DOCTYPE".len())
}

pub(super) fn forbidden(at: usize, character: char) -> Broken {
    Broken::new(FaultKind::ForbiddenCharacter { character }, at..at + character.len_utf8())
}

/// The span of the character at an offset.
pub(super) fn one(text: &str, at: usize) -> std::ops::Range<usize> {
    at..at + char_at(text, at).map_or(0, char::len_utf8)
}

#[cold]
pub(super) fn unclosed_tag(text: &str, at: usize) -> Broken {
    Broken::new(FaultKind::UnclosedTag { found: Found::at(text, at) }, one(text, at)).resume_at(at)
}

#[cold]
pub(super) fn unexpected(text: &str, at: usize, expected: &'static str) -> Broken {
    match text.as_bytes().get(at) {
        None | Some(b'<') => unclosed_tag(text, at),
        Some(_) => {
            let kind = FaultKind::MalformedStartTag { expected, found: Found::at(text, at) };
            Broken::new(kind, one(text, at))
        }
    }
}

#[cold]
pub(super) fn missing_blank(text: &str, at: usize) -> Broken {
    match text.as_bytes().get(at) {
        None | Some(b'<') => unclosed_tag(text, at),
        Some(_) if skip_ncname(text, at) > at => {
            Broken::new(FaultKind::MissingBlank { found: Found::at(text, at) }, one(text, at))
        }
        Some(_) => unexpected(text, at, "an attribute or `>`"),
    }
}

#[cold]
pub(super) fn too_many_attributes(text: &str, at: usize, limits: &Limits) -> Broken {
    match text.as_bytes().get(at) {
        Some(b'<') => unclosed_tag(text, at),
        _ => Broken::new(FaultKind::TooManyAttributes { limit: limits.attributes }, one(text, at)),
    }
}

/// The offset of `needle`, from `at` on.
fn find(text: &str, at: usize, needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(text.as_bytes().get(at..)?, needle).map(|length| at + length)
}

/// The offset after `needle`, from `at` on; the end of the document if there is none.
fn after_first(text: &str, at: usize, needle: &[u8]) -> usize {
    find(text, at, needle).map_or(text.len(), |found| found + needle.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn duplicates_are_found_alike(items in prop::collection::vec(0..400_u32, 0..200)) {
            let expected = duplicate_by_pairs(&items, |item| *item);
            let place = |found: Option<(&u32, &u32)>| found.map(|(first, second)| {
                (std::ptr::from_ref(first), std::ptr::from_ref(second))
            });
            prop_assert_eq!(place(duplicate_by_slots(&items, |item| *item)), place(expected));
            prop_assert_eq!(place(duplicate_by_table(&items, |item| *item)), place(expected));
        }
    }
}
