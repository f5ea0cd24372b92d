//! The primitive lexical spaces, and the values of their texts.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::binary::Encoding;
use super::context::{Context, canonical_name};
use super::date_time::{Fields, Moment};
use super::decimal::{Decimal, Shape};
use super::duration::Duration;
use super::float::Precision;
use super::{Alone, Fault, Kind, Link, boolean, float, string, uri};
use crate::text::name;

/// A lexical space. The members of the string family differ only in it; the integer types share one, with bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Primitive {
    AnySimpleType,
    String,
    Language,
    Name,
    NcName,
    NmToken,
    Id,
    IdRef,
    Entity,
    QName,
    Notation,
    AnyUri,
    Boolean,
    Decimal,
    Integer,
    Float(Precision),
    Binary(Encoding),
    Moment(Fields),
    Duration,
}

/// A text in the lexical space of a primitive type, parsed as far as facets need it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Text(&'a str),
    /// A name with its namespace, as its canonical spelling.
    Name(Cow<'a, str>),
    Boolean(bool),
    Decimal(Decimal<'a>),
    Float(f64),
    Moment(Moment<'a>),
    Duration(Duration<'a>),
    Octets {
        count: u64,
        encoding: Encoding,
        text: &'a str,
    },
}

impl Primitive {
    /// Parses a text whose white space is normalised and whose value does not depend on its place.
    pub(super) fn parse(self, text: &str) -> Result<Value<'_>, Fault> {
        self.parse_in(text, &Alone)
    }

    /// Parses a text whose white space is normalised, in its context.
    pub(super) fn parse_in<'a>(self, text: &'a str, context: &dyn Context) -> Result<Value<'a>, Fault> {
        let value = match self {
            Primitive::AnySimpleType | Primitive::String => Some(Value::Text(text)),
            Primitive::AnyUri => uri::is_uri_reference(text).then_some(Value::Text(text)),
            Primitive::Language => string::is_language(text).then_some(Value::Text(text)),
            Primitive::Name => name::is_name(text).then_some(Value::Text(text)),
            Primitive::NcName | Primitive::Id | Primitive::IdRef => name::is_ncname(text).then_some(Value::Text(text)),
            Primitive::Entity if !name::is_ncname(text) => None,
            Primitive::Entity if !context.has_entity(text) => return Err(Fault::UndeclaredEntity),
            Primitive::Entity => Some(Value::Text(text)),
            Primitive::QName | Primitive::Notation => self.parse_name(text, context)?,
            Primitive::NmToken => name::is_nmtoken(text).then_some(Value::Text(text)),
            Primitive::Boolean => boolean::parse(text).map(Value::Boolean),
            Primitive::Decimal => Decimal::parse(text).map(Value::Decimal),
            Primitive::Integer => Decimal::parse_integer(text).map(Value::Decimal),
            Primitive::Float(precision) => float::parse(text, precision).map(Value::Float),
            Primitive::Moment(fields) => Moment::parse(text, fields).map(Value::Moment),
            Primitive::Duration => Duration::parse(text).map(Value::Duration),
            Primitive::Binary(encoding) => encoding.octets(text).map(|count| Value::Octets { count, encoding, text }),
        };
        value.ok_or(Fault::Lexical { expected: self.name() })
    }

    /// Whether a text whose white space is normalised is in the lexical space: [`Primitive::parse_in`] without a value.
    ///
    /// Unnormalised white space inside the text makes no difference.
    pub(super) fn takes(self, text: &str, context: &dyn Context) -> bool {
        match self {
            Primitive::AnySimpleType | Primitive::String => true,
            Primitive::AnyUri => uri::is_uri_reference(text),
            Primitive::Language => string::is_language(text),
            Primitive::Name => name::is_name(text),
            Primitive::NcName | Primitive::Id | Primitive::IdRef => name::is_ncname(text),
            Primitive::Entity => name::is_ncname(text) && context.has_entity(text),
            Primitive::QName => name::split_qname(text).is_some_and(|(prefix, _)| context.namespace(prefix).is_some()),
            Primitive::Notation => name::split_qname(text).is_some_and(|(prefix, local)| {
                context.namespace(prefix).is_some_and(|namespace| context.has_notation(namespace, local))
            }),
            Primitive::NmToken => name::is_nmtoken(text),
            Primitive::Boolean => boolean::parse(text).is_some(),
            Primitive::Decimal => Shape::of(text).is_some(),
            Primitive::Integer => Shape::of(text).is_some_and(|shape| !shape.has_point),
            Primitive::Float(_) => float::is_float(text),
            Primitive::Moment(fields) => Moment::is_one(text, fields),
            Primitive::Duration => Duration::parse(text).is_some(),
            Primitive::Binary(encoding) => encoding.octets(text).is_some(),
        }
    }

    /// Sections 3.2.18 and 3.2.19: the namespace is what the prefix is bound to at the name's place.
    fn parse_name(self, text: &str, context: &dyn Context) -> Result<Option<Value<'static>>, Fault> {
        let Some((prefix, local)) = name::split_qname(text) else { return Ok(None) };
        let Some(namespace) = context.namespace(prefix) else {
            return Err(Fault::UndeclaredPrefix { prefix: prefix.into() });
        };
        if self == Primitive::Notation && !context.has_notation(namespace, local) {
            return Err(Fault::UndeclaredNotation);
        }
        Ok(Some(Value::Name(Cow::Owned(canonical_name(namespace, local)))))
    }

    /// The name of the built-in type with this lexical space.
    pub(super) fn name(self) -> &'static str {
        match self {
            Primitive::AnySimpleType => "anySimpleType",
            Primitive::String => "string",
            Primitive::Language => "language",
            Primitive::Name => "Name",
            Primitive::NcName => "NCName",
            Primitive::NmToken => "NMTOKEN",
            Primitive::Id => "ID",
            Primitive::IdRef => "IDREF",
            Primitive::Entity => "ENTITY",
            Primitive::QName => "QName",
            Primitive::Notation => "NOTATION",
            Primitive::AnyUri => "anyURI",
            Primitive::Boolean => "boolean",
            Primitive::Decimal => "decimal",
            Primitive::Integer => "integer",
            Primitive::Float(Precision::Single) => "float",
            Primitive::Float(Precision::Double) => "double",
            Primitive::Binary(Encoding::Hexadecimal) => "hexBinary",
            Primitive::Binary(Encoding::Base64) => "base64Binary",
            Primitive::Moment(fields) => fields.name(),
            Primitive::Duration => "duration",
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Primitive::Boolean => Kind::Boolean,
            Primitive::Decimal => Kind::Decimal,
            Primitive::Integer => Kind::Integer,
            Primitive::Float(_) => Kind::Float,
            _ => Kind::String,
        }
    }

    /// Whether the values are the texts themselves: equal if the normalised texts are.
    pub(super) fn is_text(self) -> bool {
        use Primitive::{AnySimpleType, AnyUri, Language, Name, NcName, NmToken, String};
        matches!(self, AnySimpleType | String | Language | Name | NcName | NmToken | AnyUri)
    }

    /// Whether a text of the type depends on its context, or matters to other places in its document.
    pub(super) fn needs_context(self) -> bool {
        self.link().is_some() || matches!(self, Primitive::Entity | Primitive::QName | Primitive::Notation)
    }

    /// How a value relates to other places in its document.
    pub(super) fn link(self) -> Option<Link> {
        match self {
            Primitive::Id => Some(Link::Id),
            Primitive::IdRef => Some(Link::Reference),
            _ => None,
        }
    }

    /// Whether the length of a value is the number of characters of its text.
    pub(super) fn has_characters(self) -> bool {
        self.is_text() || matches!(self, Primitive::Id | Primitive::IdRef | Primitive::Entity)
    }

    /// Whether every text is in the lexical space.
    pub(super) fn takes_any_text(self) -> bool {
        matches!(self, Primitive::AnySimpleType | Primitive::String)
    }

    /// Whether a text may contain white space inside.
    pub(super) fn takes_blanks(self) -> bool {
        self.takes_any_text() || matches!(self, Primitive::AnyUri | Primitive::Binary(Encoding::Base64))
    }

    /// The primitive type whose value space this shares (XML Schema part 2, section 3.2): values of different ones
    /// are never equal.
    pub(super) fn family(self) -> &'static str {
        match self {
            Primitive::Integer => Primitive::Decimal.name(),
            Primitive::Language
            | Primitive::Name
            | Primitive::NcName
            | Primitive::NmToken
            | Primitive::Id
            | Primitive::IdRef
            | Primitive::Entity => Primitive::String.name(),
            _ => self.name(),
        }
    }
}

impl<'a> Value<'a> {
    /// A spelling that is the same for equal values of one primitive type and different for others.
    pub(super) fn canonical(&self) -> Cow<'a, str> {
        match self {
            Value::Text(text) => Cow::Borrowed(text),
            Value::Name(name) => name.clone(),
            Value::Boolean(value) => Cow::Borrowed(boolean::canonical(*value)),
            Value::Decimal(value) => value.canonical(),
            Value::Octets { encoding, text, .. } => encoding.canonical(text),
            Value::Float(_) | Value::Moment(_) | Value::Duration(_) => {
                let mut spelling = String::new();
                self.write_canonical(&mut spelling);
                Cow::Owned(spelling)
            }
        }
    }

    /// Appends the same.
    pub(super) fn write_canonical(&self, spelling: &mut String) {
        match self {
            Value::Decimal(value) => value.write_canonical(spelling),
            Value::Float(value) => float::write_canonical(*value, spelling),
            Value::Moment(moment) => moment.write_canonical(spelling),
            Value::Duration(duration) => duration.write_canonical(spelling),
            Value::Text(_) | Value::Name(_) | Value::Boolean(_) | Value::Octets { .. } => {
                spelling.push_str(&self.canonical());
            }
        }
    }

    /// The length that length facets apply to, with its unit; `None` if they do not apply.
    pub(super) fn length(&self) -> Option<(u64, &'static str)> {
        match self {
            Value::Text(text) => Some((text.chars().count() as u64, "characters")),
            Value::Octets { count, .. } => Some((*count, "octets")),
            // Length facets of names have no effect (sections 4.3.1.3, 4.3.2.3 and 4.3.3.3).
            Value::Name(_) => None,
            Value::Boolean(_) | Value::Decimal(_) | Value::Float(_) | Value::Moment(_) | Value::Duration(_) => None,
        }
    }

    /// The value without borrowing, if it is ordered.
    pub(super) fn into_ordered(self) -> Option<Value<'static>> {
        match self {
            Value::Decimal(decimal) => Some(Value::Decimal(decimal.into_owned())),
            Value::Float(float) => Some(Value::Float(float)),
            Value::Moment(moment) => Some(Value::Moment(moment.into_owned())),
            Value::Duration(duration) => Some(Value::Duration(duration.into_owned())),
            Value::Text(_) | Value::Name(_) | Value::Boolean(_) | Value::Octets { .. } => None,
        }
    }

    /// The order of ordered values; `None` for others, for NaN, and for two times or durations that have no order.
    pub(super) fn compare(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Decimal(one), Value::Decimal(other)) => Some(one.cmp(other)),
            (Value::Float(one), Value::Float(other)) => one.partial_cmp(other),
            (Value::Moment(one), Value::Moment(other)) => one.compare(other),
            (Value::Duration(one), Value::Duration(other)) => one.compare(other),
            _ => None,
        }
    }
}
