//! Compares two documents by their meaning: which values changed, appeared and vanished.
//!
//! ```text
//!  document ──walk──▶ events ──xml──▶ tree ─┐
//!  JSON ──tokens──────────────json──▶ tree ─┴─pairs──▶ what differs ──side──▶ differences with paths, values and places
//! ```
//!
//! White space between tags, prefixes, the order of attributes, comments, CDATA sections and the spelling of values
//! make no difference: the schema defines which texts are the same value. Writing out a default makes no difference
//! either. Children are grouped into lists as in JSON (`docs/json.md`), so the order of different children is ignored
//! if the schema fixes it. In lists, items are matched by their keys (`keys`), or otherwise as many as possible in
//! order (`align`).
//!
//! ```
//! use packetcheck::compare::{Change, Comparison};
//!
//! let schema = packetcheck::Schema::from_documents(&[(
//!     "order.xsd",
//!     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="order"><xs:complexType><xs:sequence>
//!          <xs:element name="item" maxOccurs="9"><xs:complexType><xs:attribute name="id" type="xs:int"/>
//!            <xs:attribute name="price" type="xs:decimal"/></xs:complexType></xs:element></xs:sequence></xs:complexType>
//!        </xs:element></xs:schema>"#,
//! )])?;
//! let old = b"<order><item id='7' price='1.5'/><item id='8' price='2'/></order>";
//! let new = b"<order>\n  <item id='9'/>\n  <item price='01.50' id='07'/>\n  <item price='3' id='8'/>\n</order>";
//! let comparison = Comparison::new(&schema, old, new)?;
//! let found: Vec<_> = comparison.differences().map(|difference| (difference.change, difference.path)).collect();
//! assert_eq!(found[0], (Change::Appeared, "/order/item[@id=\"9\"]".to_owned()));
//! assert_eq!(found[1], (Change::Changed, "/order/item[@id=\"8\"]/@price".to_owned()));
//! assert_eq!(found.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod align;
mod json;
mod keys;
mod meanings;
mod pairs;
mod side;
mod tree;
mod xml;

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::secret::{self, Concealed, SecretNames};
use crate::diagnostic::{LineIndex, Report};
use crate::xml::{Decoded, is_begun};
use crate::{Error, Limits, PacketKind, Schema};
use meanings::Meanings;
use pairs::Found;
use side::{Side, Steps, Syntax};

/// Two documents that have been compared.
///
/// It holds both as trees, which take about twenty times as much memory as the documents. Comparing takes time in
/// proportion to the documents, except for lists without keys that differ in many places, for which it is bounded:
/// above 1,024 insertions and deletions in one list, items that occur once in each list are matched as long as they are
/// in the same order, and then the items between them.
#[derive(Debug)]
pub struct Comparison<'d> {
    old: Side<'d>,
    new: Side<'d>,
    meanings: Meanings,
    found: Vec<Found>,
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// How it differs.
    pub change: Change,
    /// Where: `/order/item[@id="7"]/price`. Items are identified by their keys, or by their positions from the second
    /// of the same name on. It is the path in the new document, or in the old one if the item vanished. In JSON it is a
    /// pointer, with keys in place of indexes.
    pub path: String,
    /// Its place and value in the old document.
    pub old: Option<Place>,
    /// Its place and value in the new document.
    pub new: Option<Place>,
}

/// How something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Change {
    /// It has another value.
    Changed,
    /// It is only in the new document.
    Appeared,
    /// It is only in the old document.
    Vanished,
    /// It is an item of a list with keys, and its order among the items of both documents changed.
    Moved,
}

impl Change {
    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Change::Changed => "changed",
            Change::Appeared => "appeared",
            Change::Vanished => "vanished",
            Change::Moved => "moved",
        }
    }
}

/// A place in one of the documents, with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The path with positions, in the same form as in diagnostics.
    pub path: String,
    /// The value as written, or a qualified name with its namespace; for an element with children, part of its markup.
    /// A secret is shown as `***`.
    pub value: String,
    /// The bytes of the value, or of the start of the item.
    pub span: Range<usize>,
    /// The line of the span, from 1.
    pub line: usize,
    /// The column of the span in characters, from 1.
    pub column: usize,
    /// Whether the value is a default of the schema that is not in the document.
    pub is_default: bool,
    /// Whether the value is not shown.
    pub is_secret: bool,
}

/// Why documents cannot be compared.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// The old document is invalid.
    #[error("the old document: {0}")]
    Old(Error),
    /// The new document is invalid.
    #[error("the new document: {0}")]
    New(Error),
    /// One is XML and the other JSON, or they are in a form that cannot be compared, such as a query string or an HTTP
    /// capture.
    #[error("expected two packets in XML, or two in JSON")]
    Forms,
}

impl<'d> Comparison<'d> {
    /// Compares two documents according to a schema.
    ///
    /// # Errors
    ///
    /// One of them is invalid.
    pub fn new(schema: &Schema, old: &'d [u8], new: &'d [u8]) -> Result<Comparison<'d>, CompareError> {
        let read = |document, meanings: &mut Meanings| read_xml(schema, document, meanings);
        let ((old, old_decoded), (new, new_decoded), meanings) = read_both(old, new, read)?;
        let mut comparison = schema.with_sure_secret_names(|names| Comparison::of(old, new, meanings, names));
        let found = &comparison.found;
        if let Some(decoded) = old_decoded {
            comparison.old.locate(&decoded, found.iter().filter_map(|found| found.old));
        }
        if let Some(decoded) = new_decoded {
            comparison.new.locate(&decoded, found.iter().filter_map(|found| found.new));
        }
        Ok(comparison)
    }

    /// Compares any two JSON documents: members by their names, and items of arrays by their `id` members if each has
    /// one.
    ///
    /// ```
    /// use packetcheck::{Limits, compare::Comparison};
    ///
    /// let limits = Limits::new();
    /// let same = Comparison::of_json(br#"{"a": 1.0, "b": [2]}"#, br#"{"b":[20e-1],"a":1}"#, &limits)?;
    /// assert!(same.is_empty());
    /// let other = Comparison::of_json(br#"{"b": [2]}"#, br#"{"b": [2, 3]}"#, &limits)?;
    /// assert_eq!(other.differences().next().map(|difference| difference.path).as_deref(), Some("/b/1"));
    /// # Ok::<(), packetcheck::compare::CompareError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// One of them is not JSON.
    pub fn of_json(old: &'d [u8], new: &'d [u8], limits: &Limits) -> Result<Comparison<'d>, CompareError> {
        let read = |document, meanings: &mut Meanings| read_json(document, limits, meanings);
        let (old, new, meanings) = read_both(old, new, read)?;
        Ok(Comparison::of(old, new, meanings, &SecretNames::of_credentials()))
    }

    /// Compares two packets of a kind, both in XML or both in JSON.
    ///
    /// ```
    /// use packetcheck::{Limits, PacketKind, compare::Comparison};
    ///
    /// let old = br#"{"state": "RUNNING", "sub_tasks": [{"progress": 55}]}"#;
    /// let new = br#"{"state": "RUNNING", "sub_tasks": [{"progress": 60}]}"#;
    /// let comparison = Comparison::of_packets(PacketKind::SmsTask, old, new, &Limits::new())?;
    /// let difference = comparison.differences().next().unwrap();
    /// assert_eq!(difference.path, "/sub_tasks/0/progress");
    /// assert_eq!((difference.old.unwrap().value, difference.new.unwrap().value), ("55".into(), "60".into()));
    /// # Ok::<(), packetcheck::compare::CompareError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// One of them is invalid, or they are not in the same form.
    pub fn of_packets(
        kind: PacketKind,
        old: &'d [u8],
        new: &'d [u8],
        limits: &Limits,
    ) -> Result<Comparison<'d>, CompareError> {
        let refused = |document: &[u8]| {
            let report = kind.explain_limited(document, limits);
            (!report.is_valid()).then(|| Error::invalid(report, document))
        };
        if let Some(error) = refused(old) {
            return Err(CompareError::Old(error));
        }
        if let Some(error) = refused(new) {
            return Err(CompareError::New(error));
        }
        match (is_begun(old), is_begun(new), kind.schema()) {
            (true, true, Some(schema)) => Comparison::new(&schema.with_limits(*limits), old, new),
            (false, false, _) if is_json(old) && is_json(new) => Comparison::of_json(old, new, limits),
            _ => Err(CompareError::Forms),
        }
    }

    fn of(mut old: Side<'d>, mut new: Side<'d>, meanings: Meanings, names: &SecretNames<'_>) -> Comparison<'d> {
        let mut found: Vec<Found> = match is_in_order(old.text.as_bytes(), new.text.as_bytes()) {
            true => pairs::compare(&old.tree, &new.tree),
            false => pairs::compare(&new.tree, &old.tree).into_iter().map(Found::swapped).collect(),
        };
        // A vanished item comes before an item that appeared in its place.
        let is_of_one = |found: &Found| found.old.is_none() || found.new.is_none();
        for run in found.chunk_by_mut(|one, next| is_of_one(one) && is_of_one(next)) {
            run.sort_by_key(|found| found.old.is_none());
        }
        // If nothing differs, nothing is shown, so no secrets have to be found.
        for side in [&mut old, &mut new].into_iter().filter(|_| !found.is_empty()) {
            side.concealed = Concealed::of(secret::all_places(side.text.as_bytes(), names, &[]));
        }
        Comparison { old, new, meanings, found }
    }

    /// Whether the documents mean the same.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The number of differences.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// The differences, in document order. Each is built on demand.
    pub fn differences(&self) -> impl Iterator<Item = Difference> {
        let old_lines = LineIndex::of_utf8(self.old.text.as_bytes());
        let new_lines = LineIndex::of_utf8(self.new.text.as_bytes());
        self.found.iter().filter_map(move |found| {
            let Comparison { old, new, meanings, .. } = self;
            let path = match (found.new, found.old) {
                (Some(index), _) => new.path(meanings, index, Steps::Keys),
                (None, Some(index)) => old.path(meanings, index, Steps::Keys),
                (None, None) => return None,
            };
            Some(Difference {
                change: found.change,
                path,
                old: found.old.and_then(|index| old.place(meanings, &old_lines, index)),
                new: found.new.and_then(|index| new.place(meanings, &new_lines, index)),
            })
        })
    }
}

/// Whether the old document is the lesser of the two. The lesser one is always read and compared first, so that the
/// result does not depend on which one is old.
fn is_in_order(old: &[u8], new: &[u8]) -> bool {
    old <= new
}

/// Reads both documents.
fn read_both<'d, T>(
    old: &'d [u8],
    new: &'d [u8],
    mut read: impl FnMut(&'d [u8], &mut Meanings) -> Result<T, Error>,
) -> Result<(T, T, Meanings), CompareError> {
    let mut meanings = Meanings::default();
    if is_in_order(old, new) {
        let old = read(old, &mut meanings).map_err(CompareError::Old)?;
        return Ok((old, read(new, &mut meanings).map_err(CompareError::New)?, meanings));
    }
    let new = read(new, &mut meanings).map_err(CompareError::New)?;
    Ok((read(old, &mut meanings).map_err(CompareError::Old)?, new, meanings))
}

/// Whether a document is a JSON object or array.
fn is_json(document: &[u8]) -> bool {
    matches!(document.trim_ascii_start().first(), Some(b'{' | b'['))
}

fn read_xml<'d>(
    schema: &Schema,
    document: &'d [u8],
    meanings: &mut Meanings,
) -> Result<(Side<'d>, Option<Decoded<'d>>), Error> {
    let invalid = || Error::invalid(schema.explain(document), document);
    let decoded = Decoded::new(document, schema.limits()).map_err(|_| invalid())?;
    let text: Cow<'d, str> = match &decoded {
        Some(decoded) if decoded.is_sound() => Cow::Owned(decoded.text().to_owned()),
        Some(_) => return Err(invalid()),
        None => Cow::Borrowed(std::str::from_utf8(document).map_err(|_| invalid())?),
    };
    let mut read = xml::read(schema, text.as_bytes(), meanings).map_err(|_| invalid())?;
    keys::find(schema.compiled(), &mut read, meanings);
    let concealed = Concealed::default();
    Ok((Side { text, tree: read.tree, concealed, syntax: Syntax::Xml, original: None }, decoded))
}

fn read_json<'d>(document: &'d [u8], limits: &Limits, meanings: &mut Meanings) -> Result<Side<'d>, Error> {
    let names = SecretNames::of_credentials();
    let mut report: Report = crate::json::well_formed(document, limits);
    if !report.is_valid() {
        secret::conceal(&mut report, document, &names);
        return Err(Error::invalid(report, document));
    }
    let mut tree = json::read(document, meanings);
    keys::find_ids(&mut tree, meanings);
    let text = String::from_utf8_lossy(document);
    Ok(Side { text, tree, concealed: Concealed::default(), syntax: Syntax::Json, original: None })
}
