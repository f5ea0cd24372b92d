//! Checks that a document survives the conversion to JSON and back: compared by another reader (roxmltree), which knows
//! nothing about the schema.
//!
//! Two documents are the same if their elements and attributes have the same names, in the same order as far as order
//! matters, and their texts are equal; or if a differing text is the same number, boolean, qualified name or list of
//! these, or differs only in white space. The JSON shows that no string was taken for a number: that of the second
//! document has to be that of the first, byte for byte.

use std::collections::BTreeMap;

use packetcheck::{Limits, Schema, xml};
use roxmltree::{Document, Node};

const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// What was found in documents that are the same.
#[allow(dead_code, reason = "not each test that has this module counts")]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) documents: usize,
    pub(crate) elements: usize,
    pub(crate) attributes: usize,
    /// Values that are written differently: `007` as `7`.
    pub(crate) respelt: usize,
    /// Empty elements that have their default now.
    pub(crate) defaults: usize,
    /// Texts that look like names whose prefix is no longer bound: strings by the schema.
    pub(crate) unbound: usize,
}

impl Count {
    #[allow(dead_code, reason = "likewise")]
    pub(crate) fn add(&mut self, other: Count) {
        self.documents += other.documents;
        self.elements += other.elements;
        self.attributes += other.attributes;
        self.respelt += other.respelt;
        self.defaults += other.defaults;
        self.unbound += other.unbound;
    }
}

/// Converts a valid document in both directions.
///
/// # Errors
///
/// What was lost.
pub(crate) fn both_ways(schema: &Schema, bytes: &[u8]) -> Result<Count, String> {
    let json = schema.decode_to_json(bytes).map_err(|error| format!("to JSON: {error}"))?;
    let back = schema.encode_from_json(&json).map_err(|error| format!("from JSON: {error}"))?;
    let again = schema.decode_to_json(&back).map_err(|error| format!("to JSON again: {error}"))?;
    if again != json {
        let at = again.iter().zip(&json).position(|(one, other)| one != other).unwrap_or(json.len().min(again.len()));
        let around = |bytes: &[u8]| {
            let part = bytes.get(at.saturating_sub(40)..(at + 40).min(bytes.len())).unwrap_or_default();
            String::from_utf8_lossy(part).into_owned()
        };
        return Err(format!("the JSON differs: {} | {}", around(&json), around(&again)));
    }
    serde_json::from_slice::<&serde_json::value::RawValue>(&json).map_err(|error| format!("not JSON: {error}"))?;
    let original = xml::decode(bytes, &Limits::default()).map_err(|fault| fault.to_string())?;
    let text = |bytes| std::str::from_utf8(bytes).map_err(|error: std::str::Utf8Error| error.to_string());
    let (original, back) = (text(&original)?, text(&back)?);
    let parse = |text| Document::parse(text).map_err(|error| format!("roxmltree: {error}"));
    let (one, other) = (parse(original.trim_start_matches('\u{feff}'))?, parse(back)?);
    let mut count = Count { documents: 1, ..Count::default() };
    same_element(one.root_element(), other.root_element(), &mut count)?;
    Ok(count)
}

fn same_element(one: Node<'_, '_>, other: Node<'_, '_>, count: &mut Count) -> Result<(), String> {
    count.elements += 1;
    let name =
        |node: &Node<'_, '_>| format!("{{{}}}{}", node.tag_name().namespace().unwrap_or(""), node.tag_name().name());
    if name(&one) != name(&other) {
        return Err(format!("element {} became {}", name(&one), name(&other)));
    }
    let attributes = |node: Node<'_, '_>| -> BTreeMap<String, String> {
        let all = node.attributes().filter(|attribute| attribute.namespace() != Some(XMLNS));
        let key = |namespace: Option<&str>, name: &str| format!("{{{}}}{name}", namespace.unwrap_or(""));
        all.map(|attribute| (key(attribute.namespace(), attribute.name()), attribute.value().to_owned())).collect()
    };
    let (mine, theirs) = (attributes(one), attributes(other));
    if !mine.keys().eq(theirs.keys()) {
        return Err(format!("attributes {:?} of {} became {:?}", mine.keys(), name(&one), theirs.keys()));
    }
    for (key, value) in &mine {
        count.attributes += 1;
        same_value((one, value), (other, &theirs[key]), count).map_err(|why| format!("{} {key}: {why}", name(&one)))?;
    }
    let (mine, theirs) = (content(one), content(other));
    let children = |items: &[Item<'_, '_>]| items.iter().filter(|item| matches!(item, Item::Element(_))).count();
    let is_blank = |item: &Item<'_, '_>| matches!(item, Item::Text(text) if text.trim().is_empty());
    // White space between elements counts if it was kept.
    let skip = children(&mine) > 0 && !theirs.iter().any(is_blank);
    let mine: Vec<&Item<'_, '_>> = mine.iter().filter(|item| !(skip && is_blank(item))).collect();
    if mine.is_empty() && matches!(&theirs[..], [Item::Text(_)]) {
        count.defaults += 1;
        return Ok(());
    }
    if matches!(&mine[..], [Item::Text(text)] if text.trim().is_empty()) && theirs.is_empty() {
        return Ok(());
    }
    if mine.len() != theirs.len() {
        return Err(format!("{} items of {} became {}", mine.len(), name(&one), theirs.len()));
    }
    for pair in mine.into_iter().zip(&theirs) {
        match pair {
            (Item::Element(one), Item::Element(other)) => same_element(*one, *other, count)?,
            (Item::Text(mine), Item::Text(theirs)) => {
                same_value((one, mine), (other, theirs), count).map_err(|why| format!("{}: {why}", name(&one)))?;
            }
            _ => return Err(format!("text and elements of {} changed places", name(&one))),
        }
    }
    Ok(())
}

enum Item<'a, 'i> {
    Element(Node<'a, 'i>),
    Text(String),
}

/// Elements and texts, without comments and instructions.
fn content<'a, 'i>(node: Node<'a, 'i>) -> Vec<Item<'a, 'i>> {
    let mut items = Vec::new();
    for child in node.children() {
        match (child.is_element(), child.text(), items.last_mut()) {
            (true, _, _) => items.push(Item::Element(child)),
            (false, Some(text), Some(Item::Text(before))) if child.is_text() => before.push_str(text),
            (false, Some(text), _) if child.is_text() && !text.is_empty() => items.push(Item::Text(text.to_owned())),
            _ => {}
        }
    }
    items
}

fn same_value(one: (Node<'_, '_>, &str), other: (Node<'_, '_>, &str), count: &mut Count) -> Result<(), String> {
    let tokens = |text: &'_ str| text.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (mine, theirs) = (tokens(one.1), tokens(other.1));
    if one.1 == other.1 {
        let is_lost = |token: &&String| token.contains(':') && expanded(one.0, token) != expanded(other.0, token);
        count.unbound += mine.iter().filter(is_lost).count();
        return Ok(());
    }
    let is_same = mine.len() == theirs.len()
        && mine.iter().zip(&theirs).all(|(mine, theirs)| {
            mine == theirs
                || number(mine).is_some_and(|number_of| number(theirs) == Some(number_of))
                || matches!((mine.as_str(), theirs.as_str()), ("1", "true") | ("0", "false"))
                || expanded(one.0, mine).is_some_and(|name| expanded(other.0, theirs) == Some(name))
        });
    // Values of base64Binary may have white space anywhere.
    if !is_same && mine.concat() != theirs.concat() {
        return Err(format!("`{}` became `{}`", one.1, other.1));
    }
    count.respelt += 1;
    Ok(())
}

/// A number without insignificant parts: sign, digits and the place of the point, exponent.
fn number(text: &str) -> Option<(bool, String, String, String)> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = text.split_at(text.find(['e', 'E']).unwrap_or(text.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = (whole.trim_start_matches('0').to_owned(), fraction.trim_end_matches('0').to_owned());
    (all_digits && !mantissa.is_empty()).then(|| (negative, whole, fraction, exponent.to_ascii_lowercase()))
}

/// The namespace and local part of a qualified name.
fn expanded(node: Node<'_, '_>, token: &str) -> Option<(String, String)> {
    let (prefix, local) = match token.split_once(':') {
        Some((_, local)) if local.contains(':') => return None,
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, token),
    };
    match (prefix, node.lookup_namespace_uri(prefix)) {
        (Some("xml"), _) => Some(("xml".to_owned(), local.to_owned())),
        (_, Some(namespace)) => Some((namespace.to_owned(), local.to_owned())),
        (None, None) => Some((String::new(), local.to_owned())),
        (Some(_), None) => None,
    }
}
