//! Facets (XML Schema part 2, section 4.3): as written in a schema, and in force.

use std::sync::Arc;

use super::Namespaces;
use super::index::Index;
use super::pattern::{Pattern, Patterns};
use super::primitive::{Primitive, Value};
use super::{Bindings, Fault, Unordered, WhiteSpace};

/// A facet as written in a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facet {
    /// `length`
    Length(u64),
    /// `minLength`
    MinLength(u64),
    /// `maxLength`
    MaxLength(u64),
    /// `pattern`: the alternatives of one derivation step are one facet (they are or-ed; steps are and-ed).
    Pattern(Vec<String>),
    /// `enumeration`: all values of one step.
    Enumeration(Vec<String>),
    /// `whiteSpace`
    WhiteSpace(WhiteSpace),
    /// `minInclusive`
    MinInclusive(String),
    /// `minExclusive`
    MinExclusive(String),
    /// `maxInclusive`
    MaxInclusive(String),
    /// `maxExclusive`
    MaxExclusive(String),
    /// `totalDigits`
    TotalDigits(u64),
    /// `fractionDigits`
    FractionDigits(u64),
}

/// What a schema specifies about the facets of one derivation step besides their values.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// The names of the `fixed` facets: further steps may not give them another value.
    pub fixed: Vec<&'static str>,
    /// The namespace declarations in force at each value of an enumeration, in order; without any, prefixes stand for
    /// themselves.
    pub contexts: Vec<Bindings>,
}

impl Facet {
    /// The facet's name as a schema writes it.
    pub fn name(&self) -> &'static str {
        match self {
            Facet::Length(_) => "length",
            Facet::MinLength(_) => "minLength",
            Facet::MaxLength(_) => "maxLength",
            Facet::Pattern(_) => "pattern",
            Facet::Enumeration(_) => "enumeration",
            Facet::WhiteSpace(_) => "whiteSpace",
            Facet::MinInclusive(_) => "minInclusive",
            Facet::MinExclusive(_) => "minExclusive",
            Facet::MaxInclusive(_) => "maxInclusive",
            Facet::MaxExclusive(_) => "maxExclusive",
            Facet::TotalDigits(_) => "totalDigits",
            Facet::FractionDigits(_) => "fractionDigits",
        }
    }
}

/// The facets in force after all derivation steps, except white space: the tightest of each kind, and all patterns.
#[derive(Debug, Clone, Default)]
pub(super) struct Facets {
    pub(super) length: Option<u64>,
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) lower: Option<Bound>,
    pub(super) upper: Option<Bound>,
    pub(super) total_digits: Option<u64>,
    pub(super) fraction_digits: Option<u64>,
    pub(super) enumeration: Option<Enumeration>,
    pub(super) patterns: Patterns,
    /// The names of the facets that keep their value in all further steps.
    pub(super) fixed: Vec<&'static str>,
}

/// One end of a range.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) value: Value<'static>,
    pub(super) inclusive: bool,
    /// As written in the schema, white space collapsed.
    pub(super) text: Arc<str>,
}

/// The values of an `enumeration`.
#[derive(Debug, Clone)]
pub(super) struct Enumeration {
    /// In the schema's order, white space normalised.
    pub(super) values: Arc<[Box<str>]>,
    /// The namespaces of each.
    namespaces: Arc<[Namespaces]>,
    /// Their canonical spellings, sorted.
    pub(super) canonical: Arc<[Box<str>]>,
    /// An index of them by hash.
    index: Arc<Index>,
}

impl Facets {
    /// The pattern, if it is the only facet.
    pub(super) fn only_pattern(&self) -> Option<&Pattern> {
        match self.patterns.steps() {
            [pattern] if self.has_patterns_at_most() => Some(pattern),
            _ => None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.has_patterns_at_most() && self.patterns.is_empty()
    }

    fn has_patterns_at_most(&self) -> bool {
        !self.has_length()
            && self.lower.is_none()
            && self.upper.is_none()
            && self.total_digits.is_none()
            && self.fraction_digits.is_none()
            && self.enumeration.is_none()
    }

    pub(super) fn has_length(&self) -> bool {
        self.length.is_some() || self.min_length.is_some() || self.max_length.is_some()
    }

    /// Sections 4.3.1 to 4.3.3.
    pub(super) fn check_length(&self, actual: u64, unit: &'static str) -> Result<(), Fault> {
        let broken = |limit: &u64, is_met: bool, facet| match is_met {
            true => Ok(()),
            false => Err(Fault::Length { facet, limit: *limit, actual, unit }),
        };
        self.length.iter().try_for_each(|limit| broken(limit, actual == *limit, "length"))?;
        self.min_length.iter().try_for_each(|limit| broken(limit, actual >= *limit, "minLength"))?;
        self.max_length.iter().try_for_each(|limit| broken(limit, actual <= *limit, "maxLength"))
    }

    /// Whether [`Facets::check_length`] accepts a length.
    pub(super) fn admits_length(&self, actual: u64) -> bool {
        self.length.is_none_or(|limit| actual == limit)
            && self.min_length.is_none_or(|limit| actual >= limit)
            && self.max_length.is_none_or(|limit| actual <= limit)
    }

    /// As `admits_length`, for the characters of a text, which are counted only if the number of bytes does not decide.
    pub(super) fn admits_characters(&self, text: &str) -> bool {
        // A character has one to four bytes.
        let (least, most) = (text.len().div_ceil(4) as u64, text.len() as u64);
        let is_within = self.length.is_none()
            && self.min_length.is_none_or(|limit| least >= limit)
            && self.max_length.is_none_or(|limit| most <= limit);
        is_within || self.admits_length(text.chars().count() as u64)
    }

    /// Sections 4.3.7 to 4.3.12: bounds and digits.
    pub(super) fn check_value(&self, value: &Value<'_>) -> Result<(), Fault> {
        if let Some(bound) = self.lower.as_ref().filter(|bound| !bound.admits_from_below(value)) {
            let facet = if bound.inclusive { "minInclusive" } else { "minExclusive" };
            return Err(bound.fault(facet, value));
        }
        if let Some(bound) = self.upper.as_ref().filter(|bound| !bound.admits_from_above(value)) {
            let facet = if bound.inclusive { "maxInclusive" } else { "maxExclusive" };
            return Err(bound.fault(facet, value));
        }
        if let Value::Decimal(decimal) = value {
            for (facet, limit, actual) in [
                ("totalDigits", self.total_digits, decimal.total_digits()),
                ("fractionDigits", self.fraction_digits, decimal.fraction_digits()),
            ] {
                if let Some(limit) = limit.filter(|limit| actual > *limit) {
                    return Err(Fault::Digits { facet, limit, actual });
                }
            }
        }
        Ok(())
    }

    /// Section 4.3.4: the normalised text must match the pattern of every step.
    pub(super) fn check_patterns(&self, text: &str) -> Result<(), Fault> {
        match self.patterns.first_broken(text) {
            None => Ok(()),
            Some(pattern) => Err(Fault::Pattern { pattern: Box::from(pattern.source()) }),
        }
    }
}

impl Bound {
    /// A bound of an ordered primitive type, from a text whose white space is normalised.
    pub(super) fn new(primitive: Primitive, text: &str, inclusive: bool) -> Option<Bound> {
        let value = primitive.parse(text).ok()?.into_ordered()?;
        Some(Bound { value, inclusive, text: text.into() })
    }

    /// The fault of a value outside this bound.
    #[cold]
    fn fault(&self, facet: &'static str, value: &Value<'_>) -> Fault {
        let unordered = match (value, &self.value) {
            _ if value.compare(&self.value).is_some() => None,
            (Value::Moment(value), _) if !value.has_time_zone() => Some(Unordered::WithoutTimeZone),
            (Value::Moment(_), _) => Some(Unordered::WithTimeZone),
            (Value::Duration(_), _) => Some(Unordered::MonthsAndDays),
            _ => None,
        };
        Fault::Range { facet, limit: Box::from(&*self.text), unordered }
    }

    /// Whether a value satisfies this bound as the lower end. NaN never does.
    pub(super) fn admits_from_below(&self, value: &Value<'_>) -> bool {
        value.compare(&self.value).is_some_and(|order| order.is_gt() || self.inclusive && order.is_eq())
    }

    /// Whether a value satisfies this bound as the upper end.
    pub(super) fn admits_from_above(&self, value: &Value<'_>) -> bool {
        value.compare(&self.value).is_some_and(|order| order.is_lt() || self.inclusive && order.is_eq())
    }
}

impl Enumeration {
    pub(super) fn new(values: Vec<Box<str>>, mut canonical: Vec<Box<str>>, namespaces: Vec<Namespaces>) -> Enumeration {
        canonical.sort_unstable();
        canonical.dedup();
        let index = Arc::new(Index::new(&canonical));
        Enumeration { values: values.into(), namespaces: namespaces.into(), canonical: canonical.into(), index }
    }

    /// Whether this is the canonical spelling of one of them.
    pub(super) fn contains(&self, canonical: &str) -> bool {
        self.index.contains(canonical, &self.canonical)
    }

    /// Whether a value with this canonical spelling is among them; `found` gives its namespaces, which are needed only
    /// if it is not.
    pub(super) fn check(&self, canonical: &str, found: impl FnOnce() -> Namespaces) -> Result<(), Fault> {
        match self.contains(canonical) {
            true => Ok(()),
            false if self.namespaces.iter().any(|namespaces| !namespaces.is_empty()) => Err(Fault::NameNotEnumerated {
                values: Arc::clone(&self.values),
                namespaces: Arc::clone(&self.namespaces),
                found: found(),
            }),
            false => Err(Fault::NotEnumerated { values: Arc::clone(&self.values) }),
        }
    }
}
