//! Reformatting of documents: white space between tags, and between the tokens of JSON, and nothing else.
//!
//! A document is never written from values. `xml` and `json` find the gaps, which are the places where white space is
//! insignificant, and say what belongs in each; everything between two gaps is copied. So quotes, references, CDATA sections,
//! comments, instructions and declarations stay as they are, byte for byte.

mod content;
mod gap;
mod json;
mod xml;

use crate::diagnostic::Report;
use crate::diagnostic::secret::{self, SecretNames};
use crate::kind::Explained;
use crate::xml::{Decoded, is_begun};
use crate::{Limits, Schema, check};

use gap::{Filling, Gap};

/// How a document is formatted. By default each element or member is on its own line, indented by two spaces per
/// level.
///
/// ```
/// use packetcheck::{FormatOptions, Indent, Limits, format};
///
/// let tabs = FormatOptions::new().indent(Indent::Tab);
/// assert_eq!(format(b"<a><b/></a>", None, &tabs, &Limits::new())?, b"<a>\n\t<b/>\n</a>\n");
/// # Ok::<(), packetcheck::FormatError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormatOptions {
    /// The indentation of each level.
    pub indent: Indent,
    /// Remove all insignificant white space. Then nothing is indented.
    pub minify: bool,
}

/// The indentation of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indent {
    /// This many spaces.
    Spaces(u8),
    /// A tab.
    Tab,
}

impl Default for Indent {
    fn default() -> Indent {
        Indent::Spaces(2)
    }
}

impl FormatOptions {
    /// The defaults.
    pub fn new() -> FormatOptions {
        FormatOptions::default()
    }

    /// Sets [`indent`](FormatOptions#structfield.indent).
    #[must_use]
    pub fn indent(mut self, indent: Indent) -> FormatOptions {
        self.indent = indent;
        self
    }

    /// Sets [`minify`](FormatOptions#structfield.minify).
    #[must_use]
    pub fn minify(mut self, minify: bool) -> FormatOptions {
        self.minify = minify;
        self
    }
}

/// Why a document was not formatted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It is neither XML nor JSON.
    #[error("expected an XML or JSON document")]
    NoDocument,
    /// It is malformed: everything that is wrong with it.
    #[error("{}", first_words(.0))]
    Malformed(Box<Report>),
    /// White space cannot be written in its encoding without changing the text.
    #[error("cannot be formatted in its encoding: convert it to UTF-8 first")]
    Encoding,
    /// Formatted, it would be larger than [`Limits::document_bytes`] allows.
    #[error("expected at most {limit} bytes when formatted, found {size}")]
    TooLarge {
        /// The limit.
        limit: usize,
        /// The size that it would have.
        size: usize,
    },
}

fn first_words(report: &Report) -> String {
    report.diagnostics.first().map_or_else(|| "malformed".to_owned(), ToString::to_string)
}

/// Reformats an XML or JSON document. Only insignificant white space changes.
///
/// In XML that is white space between the tags of an element with children and without text. With a schema, the element
/// must have a type with element-only content: mixed content and elements that only a wildcard admits stay as they are. An invalid
/// document is formatted by its own content where the schema does not declare its elements. Nothing in an element with
/// `xml:space="preserve"` changes. An element that holds text is never broken into lines, and without a schema neither is
/// anything in it.
///
/// Everything else stays byte for byte: attributes, references, CDATA sections, comments, instructions, the declaration, the
/// encoding. A comment that ends a line stays at the end of that line; other comments and instructions get lines of their own.
/// Line ends are those that the document already has between its tags.
///
/// Takes time and memory in proportion to the document and the result. Formatting the result again changes nothing.
///
/// ```
/// use packetcheck::{FormatOptions, Limits, format};
///
/// let (options, limits) = (FormatOptions::new(), Limits::new());
/// let packet = b"<packet><migration><check/><!-- & --></migration><p>a <b>c</b></p></packet>";
/// let pretty = format(packet, None, &options, &limits)?;
/// assert_eq!(
///     pretty,
///     b"<packet>\n  <migration>\n    <check/>\n    <!-- & -->\n  </migration>\n  <p>a <b>c</b></p>\n</packet>\n"
/// );
/// assert_eq!(format(&pretty, None, &options.minify(true), &limits)?, packet);
/// assert_eq!(format(br#"{"a":[1.0]}"#, None, &options, &limits)?, b"{\n  \"a\": [\n    1.0\n  ]\n}\n");
/// # Ok::<(), packetcheck::FormatError>(())
/// ```
///
/// # Errors
///
/// See [`FormatError`].
pub fn format(
    document: &[u8],
    schema: Option<&Schema>,
    options: &FormatOptions,
    limits: &Limits,
) -> Result<Vec<u8>, FormatError> {
    if is_begun(document) {
        return format_xml(document, schema, options, limits);
    }
    if !json::is_begun(document) {
        return Err(FormatError::NoDocument);
    }
    let mut report = crate::json::well_formed(document, limits);
    if !crate::json::is_readable(&report) {
        secret::conceal(&mut report, document, &SecretNames::of_credentials());
        return Err(FormatError::Malformed(Box::new(report)));
    }
    let gaps = json::gaps(document, options.minify);
    gap::fill(document, &gaps, &Filling::new(document, &gaps, options), limits)
}

fn format_xml(
    document: &[u8],
    schema: Option<&Schema>,
    options: &FormatOptions,
    limits: &Limits,
) -> Result<Vec<u8>, FormatError> {
    let malformed = || {
        let mut report = check::well_formed(document, limits);
        if let Some(schema) = schema {
            schema.conceal(document, &mut report);
        }
        FormatError::Malformed(Box::new(Explained::name_the_cause(document, schema, report)))
    };
    let Ok(decoded) = Decoded::new(document, limits) else { return Err(malformed()) };
    let text = decoded.as_ref().map_or(document, |decoded| decoded.text().as_bytes());
    let gaps = xml::gaps(document, decoded.as_ref(), schema, options.minify, limits).ok_or_else(malformed)?;
    let filling = Filling::new(text, &gaps, options);
    let formatted = gap::fill(text, &gaps, &filling, limits)?;
    match &decoded {
        None => Ok(formatted),
        Some(decoded) => encode(document, decoded, gaps, &filling, &formatted, limits),
    }
}

/// Fills the same gaps in the document in its own encoding. `formatted` is the text that the result must decode to.
fn encode(
    document: &[u8],
    decoded: &Decoded<'_>,
    mut gaps: Vec<Gap>,
    filling: &Filling,
    formatted: &[u8],
    limits: &Limits,
) -> Result<Vec<u8>, FormatError> {
    let mut ends: Vec<usize> = gaps.iter().flat_map(|gap| [gap.start, gap.end]).collect();
    decoded.to_original(&mut ends);
    for (gap, [start, end]) in gaps.iter_mut().zip(ends.as_chunks().0) {
        (gap.start, gap.end) = (*start, *end);
    }
    let filling = match decoded.is_utf16_be() {
        Some(is_big) => filling.in_utf16(is_big),
        None => filling.clone(),
    };
    let encoded = gap::fill(document, &gaps, &filling, limits)?;
    // In an encoding with states, a gap may be in a place where white space cannot be inserted.
    let unbounded = limits.document_bytes(usize::MAX);
    let read = Decoded::new(&encoded, &unbounded).ok().flatten().filter(Decoded::is_sound);
    match read.is_some_and(|read| read.text().as_bytes() == formatted) {
        true => Ok(encoded),
        false => Err(FormatError::Encoding),
    }
}

#[cfg(test)]
mod tests;
