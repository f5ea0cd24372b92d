//! The built-in types of XML Schema (part 2, sections 3.2 and 3.3).

use std::sync::Arc;

use super::binary::Encoding;
use super::date_time::Fields;
use super::facet::{Bound, Facets};
use super::float::Precision;
use super::primitive::Primitive;
use super::simple_type::Variety;
use super::{SimpleType, WhiteSpace};

/// A built-in by its local name.
pub(super) fn built_in(name: &str) -> Option<Arc<SimpleType>> {
    let simple = match name {
        "NMTOKENS" => tokens(name, "NMTOKEN")?,
        "IDREFS" => tokens(name, "IDREF")?,
        "ENTITIES" => tokens(name, "ENTITY")?,
        _ => {
            let (primitive, white_space) = lexical_space(name)?;
            SimpleType::new(Some(name), Variety::Atomic(primitive), white_space, facets(name))
        }
    };
    Some(Arc::new(simple))
}

/// The three list types have at least one item (sections 3.3.5, 3.3.10 and 3.3.12).
fn tokens(name: &str, item: &str) -> Option<SimpleType> {
    let facets = Facets { min_length: Some(1), ..Facets::default() };
    Some(SimpleType::new(Some(name), Variety::List(built_in(item)?), WhiteSpace::Collapse, facets))
}

fn lexical_space(name: &str) -> Option<(Primitive, WhiteSpace)> {
    use WhiteSpace::{Collapse, Preserve, Replace};
    Some(match name {
        "anySimpleType" => (Primitive::AnySimpleType, Preserve),
        "string" => (Primitive::String, Preserve),
        "normalizedString" => (Primitive::String, Replace),
        "token" => (Primitive::String, Collapse),
        "language" => (Primitive::Language, Collapse),
        "Name" => (Primitive::Name, Collapse),
        "NCName" => (Primitive::NcName, Collapse),
        "ID" => (Primitive::Id, Collapse),
        "IDREF" => (Primitive::IdRef, Collapse),
        "ENTITY" => (Primitive::Entity, Collapse),
        "QName" => (Primitive::QName, Collapse),
        "NOTATION" => (Primitive::Notation, Collapse),
        "NMTOKEN" => (Primitive::NmToken, Collapse),
        "anyURI" => (Primitive::AnyUri, Collapse),
        "boolean" => (Primitive::Boolean, Collapse),
        "decimal" => (Primitive::Decimal, Collapse),
        "float" => (Primitive::Float(Precision::Single), Collapse),
        "double" => (Primitive::Float(Precision::Double), Collapse),
        "hexBinary" => (Primitive::Binary(Encoding::Hexadecimal), Collapse),
        "base64Binary" => (Primitive::Binary(Encoding::Base64), Collapse),
        "duration" => (Primitive::Duration, Collapse),
        "integer" => (Primitive::Integer, Collapse),
        _ => match Fields::named(name) {
            Some(fields) => (Primitive::Moment(fields), Collapse),
            None => {
                integer_range(name)?;
                (Primitive::Integer, Collapse)
            }
        },
    })
}

fn facets(name: &str) -> Facets {
    let (lower, upper) = integer_range(name).unwrap_or_default();
    Facets { lower: bound(lower), upper: bound(upper), ..Facets::default() }
}

/// The types derived from `integer` (sections 3.3.14 to 3.3.25); an empty string means no bound.
fn integer_range(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "nonPositiveInteger" => ("", "0"),
        "negativeInteger" => ("", "-1"),
        "long" => ("-9223372036854775808", "9223372036854775807"),
        "int" => ("-2147483648", "2147483647"),
        "short" => ("-32768", "32767"),
        "byte" => ("-128", "127"),
        "nonNegativeInteger" => ("0", ""),
        "unsignedLong" => ("0", "18446744073709551615"),
        "unsignedInt" => ("0", "4294967295"),
        "unsignedShort" => ("0", "65535"),
        "unsignedByte" => ("0", "255"),
        "positiveInteger" => ("1", ""),
        _ => return None,
    })
}

fn bound(text: &str) -> Option<Bound> {
    Bound::new(Primitive::Integer, text, true)
}
