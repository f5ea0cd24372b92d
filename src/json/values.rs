//! Reads values of serde types from JSON: every error in our words, with its place. The types are those of packets that
//! are read only from JSON: texts, lists, options, objects, maps and enums of texts. Requests for other types get the
//! value as written.
//!
//! Such a type describes itself only while it is read, and stops at the first error. A document is therefore read
//! several times. Each time, errors are reported and their values are left out of the next reading, until there are no
//! more errors, or only left-out values are missing. `stand_in` supplies a value for missing members. A document
//! without errors is read once.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::explain;
use super::reader::{Reader, Token};
use super::spelling;
use super::stand_in::StandIn;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::words::{Words, json as say, shown, ticked};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::text::nearest::nearest;
use crate::{Error, Limits};

/// The most readings of a document, and the most values read in total.
const MOST_READINGS: usize = 256;
const MOST_VALUES: usize = 1 << 22;

/// Reads a document into a value. Objects have no members other than those their types name. The calls are as deep as
/// the types.
///
/// # Errors
///
/// The document is not JSON, or not such a value.
pub(crate) fn from_slice<'de, T: Deserialize<'de>>(bytes: &'de [u8], limits: &Limits) -> Result<T, Error> {
    let report = explain::well_formed(bytes, limits);
    if !explain::is_readable(&report) {
        return Err(refused(report, bytes));
    }
    let tree = Tree::of(bytes);
    let mut faults = Faults::default();
    faults.add_repeated(&tree, report);
    for _ in 0..(MOST_VALUES / tree.nodes.len().max(1)).clamp(1, MOST_READINGS) {
        let place = Place { tree: &tree, node: ROOT, faults: &faults };
        let fault = match T::deserialize(place) {
            Ok(value) if faults.found.is_empty() => return Ok(value),
            Ok(_) => break,
            Err(fault) => fault,
        };
        let node = fault.node.unwrap_or(ROOT);
        faults.add(&tree, fault, node);
        if faults.left_out.contains(&ROOT) {
            break;
        }
    }
    let mut kept = KeptDiagnostics::new(limits);
    for diagnostic in faults.found.into_values() {
        kept.add(Severity::Error, || diagnostic);
    }
    Err(refused(kept.finish(), bytes))
}

fn refused(mut report: Report, bytes: &[u8]) -> Error {
    secret::conceal(&mut report, bytes, &SecretNames::of_credentials());
    Error::invalid(report, bytes)
}

// ---- a document as a tree ----

/// A well-formed document: its values, each before those within it.
struct Tree<'de> {
    nodes: Vec<Node<'de>>,
}

struct Node<'de> {
    span: Range<usize>,
    data: Data<'de>,
    /// The parent, and the step from there.
    parent: Option<(usize, Step)>,
}

#[derive(Clone, Copy)]
enum Step {
    Item(usize),
    /// By index.
    Member(usize),
}

enum Data<'de> {
    Null,
    Boolean(bool),
    Number(&'de str),
    Text(Cow<'de, str>),
    Array(Vec<usize>),
    Object(Vec<Entry<'de>>),
}

struct Entry<'de> {
    name: Cow<'de, str>,
    span: Range<usize>,
    value: usize,
}

const ROOT: usize = 0;

impl<'de> Tree<'de> {
    fn of(bytes: &'de [u8]) -> Tree<'de> {
        // It was found to be well-formed, and within the depth limit.
        let mut reader = Reader::new(bytes, usize::MAX);
        let (mut nodes, mut open, mut name) = (Vec::<Node<'de>>::new(), Vec::<usize>::new(), None);
        loop {
            let token = reader.next(&mut |_| {});
            let span = reader.span();
            let data = match token {
                Token::Eof => return Tree { nodes },
                Token::Name(text) => {
                    name = Some((text, span));
                    continue;
                }
                Token::EndArray | Token::EndObject => {
                    if let Some(node) = open.pop().and_then(|index| nodes.get_mut(index)) {
                        node.span.end = span.end;
                    }
                    continue;
                }
                Token::BeginArray => Data::Array(Vec::new()),
                Token::BeginObject => Data::Object(Vec::new()),
                Token::String(text) => Data::Text(text),
                Token::Number(number) => Data::Number(number),
                Token::True => Data::Boolean(true),
                Token::False => Data::Boolean(false),
                Token::Null | Token::Faulty | Token::FaultyName => Data::Null,
            };
            let value = nodes.len();
            let parent = open.last().copied().and_then(|parent| {
                let step = match &mut nodes.get_mut(parent)?.data {
                    Data::Array(items) => {
                        items.push(value);
                        Step::Item(items.len() - 1)
                    }
                    Data::Object(members) => {
                        let (name, span) = name.take()?;
                        members.push(Entry { name, span, value });
                        Step::Member(members.len() - 1)
                    }
                    _ => return None,
                };
                Some((parent, step))
            });
            if matches!(data, Data::Array(_) | Data::Object(_)) {
                open.push(value);
            }
            nodes.push(Node { span, data, parent });
        }
    }

    fn entry(&self, node: usize) -> Option<&Entry<'de>> {
        let (parent, step) = self.nodes.get(node)?.parent?;
        match (&self.nodes.get(parent)?.data, step) {
            (Data::Object(members), Step::Member(index)) => members.get(index),
            _ => None,
        }
    }

    /// The name of the member that a value is, or of the array that it is an item of.
    fn name(&self, node: usize) -> Option<&str> {
        let mut node = node;
        loop {
            match self.nodes.get(node)?.parent? {
                (array, Step::Item(_)) => node = array,
                (_, Step::Member(_)) => return self.entry(node).map(|entry| &*entry.name),
            }
        }
    }

    /// The JSON pointer (RFC 6901) of a value.
    fn path(&self, node: usize) -> String {
        let (mut steps, mut node) = (Vec::new(), node);
        while let Some((parent, step)) = self.nodes.get(node).and_then(|node| node.parent) {
            steps.push(match step {
                Step::Item(index) => index.to_string(),
                Step::Member(_) => {
                    let name = self.entry(node).map(|entry| shown(&entry.name)).unwrap_or_default();
                    name.replace('~', "~0").replace('/', "~1")
                }
            });
            node = parent;
        }
        steps.iter().rev().map(|step| format!("/{step}")).collect()
    }

    fn described(&self, node: usize) -> String {
        match self.nodes.get(node).map(|node| &node.data) {
            Some(Data::Text(text)) => format!("the string {}", ticked(text)),
            Some(Data::Number(number)) => format!("the number {}", ticked(number)),
            Some(Data::Boolean(value)) => format!("`{value}`"),
            Some(Data::Array(_)) => String::from("an array"),
            Some(Data::Object(_)) => String::from("an object"),
            Some(Data::Null) | None => String::from("`null`"),
        }
    }
}

// ---- errors ----

/// Why a value cannot be read.
#[derive(Debug)]
struct Fault {
    kind: FaultKind,
    /// The innermost value in which the error was found.
    node: Option<usize>,
}

#[derive(Debug)]
enum FaultKind {
    /// An error in the value was reported.
    Reported,
    WrongType(String),
    Missing(&'static str),
    Unknown(&'static [&'static str]),
    NotListed(String, &'static [&'static str]),
    /// An object that must have one member has this many.
    NotOneMember(usize),
    Other(String),
}

impl Fault {
    fn wrong_type(expected: &str, node: usize) -> Fault {
        Fault { kind: FaultKind::WrongType(expected.to_owned()), node: Some(node) }
    }

    fn at(self, node: usize) -> Fault {
        Fault { node: self.node.or(Some(node)), ..self }
    }
}

impl From<FaultKind> for Fault {
    fn from(kind: FaultKind) -> Fault {
        Fault { kind, node: None }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            // In the words of serde.
            FaultKind::Missing(member) => write!(formatter, "missing field `{member}`"),
            _ => formatter.write_str("the value does not fit the type"),
        }
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Fault {
        FaultKind::Other(message.to_string()).into()
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        FaultKind::WrongType(expected.to_string()).into()
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        FaultKind::WrongType(expected.to_string()).into()
    }

    fn unknown_variant(found: &str, expected: &'static [&'static str]) -> Fault {
        FaultKind::NotListed(found.to_owned(), expected).into()
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Fault {
        FaultKind::Unknown(expected).into()
    }

    fn missing_field(name: &'static str) -> Fault {
        FaultKind::Missing(name).into()
    }
}

/// The results for a document so far.
#[derive(Default)]
struct Faults {
    /// The values to leave out.
    left_out: HashSet<usize>,
    /// The missing members of objects that were reported: something stands in for them.
    missing: HashMap<usize, Vec<&'static str>>,
    /// By place; for one object, its missing members in order.
    found: BTreeMap<(usize, usize, usize), Diagnostic>,
}

impl Faults {
    /// Members whose names were given before, which are left out.
    fn add_repeated(&mut self, tree: &Tree<'_>, report: Report) {
        let mut repeated: HashMap<usize, Diagnostic> =
            report.diagnostics.into_iter().map(|diagnostic| (diagnostic.span.start, diagnostic)).collect();
        let members = tree.nodes.iter().filter_map(|node| match &node.data {
            Data::Object(members) => Some(members),
            _ => None,
        });
        for entry in members.flatten() {
            if let Some(diagnostic) = repeated.remove(&entry.span.start) {
                self.left_out.insert(entry.value);
                self.found.insert((entry.span.start, entry.span.end, 0), diagnostic);
            }
        }
    }

    /// Reports the error of a value, which is left out from now on.
    fn add(&mut self, tree: &Tree<'_>, fault: Fault, node: usize) {
        let mut order = 0;
        match fault.kind {
            FaultKind::Missing(member) if self.missing.get(&node).is_none_or(|known| !known.contains(&member)) => {
                let known = self.missing.entry(node).or_default();
                order = known.len();
                known.push(member);
            }
            _ => _ = self.left_out.insert(node),
        }
        let Some(at) = tree.nodes.get(node) else { return };
        let name = tree.name(node);
        let named = tree.entry(node);
        let (words, span) = match fault.kind {
            FaultKind::Reported => return,
            FaultKind::WrongType(expected) => (say::wrong_type(&expected, &tree.described(node), name), start_of(at)),
            FaultKind::Missing(member) => match self.words_of_missing(tree, node, member) {
                Some(words) => (words, at.span.end.saturating_sub(1)..at.span.end),
                None => return,
            },
            FaultKind::Unknown(known) => match named {
                Some(entry) => (unknown_member(&entry.name, known), entry.span.clone()),
                None => return,
            },
            FaultKind::NotListed(found, values) => match &at.data {
                // The one member of an object is the variant of an enum.
                Data::Object(members) if members.len() == 1 => {
                    let span = members.first().map_or(start_of(at), |entry| entry.span.clone());
                    (unknown_member(&found, values), span)
                }
                _ => {
                    let meant = nearest(&found, values.iter().copied()).and_then(|index| values.get(index)).copied();
                    (say::not_listed(&found, values, meant, name), start_of(at))
                }
            },
            FaultKind::NotOneMember(count) => (say::not_one_member(count, name), start_of(at)),
            // The type may complain in its own words about a value that was left out.
            FaultKind::Other(_) if self.is_incomplete(&at.data) => return,
            FaultKind::Other(message) => (say::other(message), start_of(at)),
        };
        self.found
            .entry((span.start, span.end, order))
            .or_insert_with(|| Diagnostic::new(words, span, tree.path(node)));
    }

    fn is_incomplete(&self, data: &Data<'_>) -> bool {
        match data {
            Data::Object(members) => members.iter().any(|entry| self.left_out.contains(&entry.value)),
            Data::Array(items) => items.iter().any(|item| self.left_out.contains(item)),
            _ => false,
        }
    }

    /// `None` if the member is present and was reported, for its value or for a name that is nearly right.
    fn words_of_missing(&self, tree: &Tree<'_>, node: usize, member: &'static str) -> Option<Words> {
        let Data::Object(members) = &tree.nodes.get(node)?.data else { return None };
        let reported = members.iter().filter(|entry| self.left_out.contains(&entry.value));
        if reported.map(|entry| &*entry.name).any(|name| nearest(name, [member]).is_some()) {
            return None;
        }
        let object = tree.name(node).map_or_else(|| String::from("the document"), |name| ticked(name).to_string());
        Some(say::missing_member(member, &object, None))
    }
}

fn unknown_member(name: &str, known: &[&str]) -> Words {
    let meant = nearest(name, known.iter().copied()).and_then(|index| known.get(index)).copied();
    say::unknown_member(name, known, meant)
}

/// The beginning of a value; the whole of it unless it is an array or object.
fn start_of(node: &Node<'_>) -> Range<usize> {
    match node.data {
        Data::Array(_) | Data::Object(_) => node.span.start..node.span.start + 1,
        _ => node.span.clone(),
    }
}

// ---- serde ----

/// A value in a document.
#[derive(Clone, Copy)]
struct Place<'t, 'de> {
    tree: &'t Tree<'de>,
    node: usize,
    faults: &'t Faults,
}

impl<'t, 'de> Place<'t, 'de> {
    fn data(self) -> Result<&'t Data<'de>, Fault> {
        let is_left_out = self.faults.left_out.contains(&self.node);
        let node = self.tree.nodes.get(self.node).filter(|_| !is_left_out);
        node.map(|node| &node.data).ok_or(Fault { kind: FaultKind::Reported, node: Some(self.node) })
    }

    fn inside(self, node: usize) -> Place<'t, 'de> {
        Place { node, ..self }
    }

    fn is_left_out(self, node: usize) -> bool {
        self.faults.left_out.contains(&node)
    }

    fn read<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(self).map_err(|fault| fault.at(self.node))
    }

    fn wrong_type<T>(self, expected: &str) -> Result<T, Fault> {
        Err(Fault::wrong_type(expected, self.node))
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.data()? {
            Data::Text(text) => visit_text(text, visitor).map_err(|fault| fault.at(self.node)),
            _ => self.wrong_type("a string"),
        }
    }

    fn object<V: Visitor<'de>>(self, known: Option<&'static [&'static str]>, visitor: V) -> Result<V::Value, Fault> {
        let Data::Object(members) = self.data()? else { return self.wrong_type("an object") };
        if let Some(known) = known {
            let unknown = |entry: &&Entry<'_>| !self.is_left_out(entry.value) && !known.contains(&&*entry.name);
            if let Some(entry) = members.iter().find(unknown) {
                return Err(Fault { kind: FaultKind::Unknown(known), node: Some(entry.value) });
            }
        }
        let missing = self.faults.missing.get(&self.node).map(Vec::as_slice).unwrap_or_default();
        let members = Members { place: self, members: members.iter(), value: None, missing: missing.iter() };
        visitor.visit_map(members).map_err(|fault| fault.at(self.node))
    }

    fn array<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Data::Array(items) = self.data()? else { return self.wrong_type("an array") };
        visitor.visit_seq(Items { place: self, items: items.iter() }).map_err(|fault| fault.at(self.node))
    }
}

fn visit_text<'de, V: Visitor<'de>>(text: &Cow<'de, str>, visitor: V) -> Result<V::Value, Fault> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_str(text),
    }
}

impl<'de> Deserializer<'de> for Place<'_, 'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let value = match self.data()? {
            Data::Null => visitor.visit_unit(),
            Data::Boolean(value) => visitor.visit_bool(*value),
            Data::Number(number) => {
                match (spelling::integer(number), number.parse::<u64>(), spelling::double(number)) {
                    (Some(value), ..) => visitor.visit_i64(value),
                    (None, Ok(value), _) => visitor.visit_u64(value),
                    (None, Err(_), value) => visitor.visit_f64(value.unwrap_or(f64::INFINITY)),
                }
            }
            Data::Text(text) => visit_text(text, visitor),
            Data::Array(_) => return self.array(visitor),
            Data::Object(_) => return self.object(None, visitor),
        };
        value.map_err(|fault: Fault| fault.at(self.node))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.text(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.data()? {
            Data::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.array(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.object(None, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.object(Some(members), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let variant = match self.data()? {
            Data::Text(name) => Variant { place: self, name, content: None },
            Data::Object(members) => match members.as_slice() {
                [Entry { name, value, .. }] => Variant { place: self, name, content: Some(*value) },
                _ => return Err(Fault { kind: FaultKind::NotOneMember(members.len()), node: Some(self.node) }),
            },
            _ => return self.wrong_type(&say::one_of(variants)),
        };
        visitor.visit_enum(variant).map_err(|fault| fault.at(self.node))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char string bytes byte_buf unit unit_struct
        newtype_struct tuple tuple_struct identifier
    }
}

struct Items<'t, 'de> {
    place: Place<'t, 'de>,
    items: std::slice::Iter<'t, usize>,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let place = self.place;
        let item = self.items.find(|item| !place.is_left_out(**item));
        item.map(|item| place.inside(*item).read(seed)).transpose()
    }
}

struct Members<'t, 'de> {
    place: Place<'t, 'de>,
    members: std::slice::Iter<'t, Entry<'de>>,
    /// The value of the last member; `None` for a missing one.
    value: Option<usize>,
    missing: std::slice::Iter<'t, &'static str>,
}

impl<'de> MapAccess<'de> for Members<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let place = self.place;
        let Some(entry) = self.members.find(|entry| !place.is_left_out(entry.value)) else {
            self.value = None;
            return self.missing.next().map(|name| seed.deserialize(Name(&Cow::Borrowed(*name)))).transpose();
        };
        self.value = Some(entry.value);
        seed.deserialize(Name(&entry.name)).map(Some).map_err(|fault| fault.at(entry.value))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        match self.value {
            Some(value) => self.place.inside(value).read(seed),
            None => seed
                .deserialize(StandIn::<Fault>::new(|| FaultKind::Reported.into()))
                .map_err(|_| Fault { kind: FaultKind::Reported, node: Some(self.place.node) }),
        }
    }
}

/// The name of a member.
struct Name<'t, 'de>(&'t Cow<'de, str>);

impl<'de> Deserializer<'de> for Name<'_, 'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visit_text(self.0, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A string, or an object with one member: its name is the variant.
struct Variant<'t, 'de> {
    place: Place<'t, 'de>,
    name: &'t Cow<'de, str>,
    content: Option<usize>,
}

impl<'t, 'de> Variant<'t, 'de> {
    /// The content of the member. Without it, or if it was left out, there is no value.
    fn content(&self) -> Result<Place<'t, 'de>, Fault> {
        let Some(content) = self.content else {
            return self.place.wrong_type(&format!("an object with the member {}", ticked(self.name)));
        };
        match self.place.is_left_out(content) {
            true => Err(Fault { kind: FaultKind::Reported, node: Some(self.place.node) }),
            false => Ok(self.place.inside(content)),
        }
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let name = seed.deserialize(Name(self.name)).map_err(|fault| fault.at(self.place.node))?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(_) => match self.content()?.data()? {
                Data::Null => Ok(()),
                _ => self.content()?.wrong_type("`null`"),
            },
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        self.content()?.read(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.content()?.array(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, members: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        self.content()?.object(Some(members), visitor)
    }
}
