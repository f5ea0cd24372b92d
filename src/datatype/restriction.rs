//! Derivation by restriction: the facets that may be given (XML Schema part 2, sections 4.1.5 and 4.3).

use std::cmp::Ordering;

use super::facet::{Bound, Enumeration, Facet, Facets};
use super::pattern::Pattern;
use super::primitive::{Primitive, Value};
use super::simple_type::Variety;
use super::{Alone, Bindings, Constraint, Context, Setting, SimpleType, TypeError, WhiteSpace};

/// The most derivation steps that may each add a pattern: bounds what one check has to match.
const PATTERN_STEPS_LIMIT: usize = 64;

/// The white-space mode and the facets in force after one more step.
pub(super) fn merge(base: &SimpleType, facets: &[Facet], setting: &Setting) -> Result<(WhiteSpace, Facets), TypeError> {
    check_once(facets)?;
    let mut step = Step { base, white_space: base.white_space, merged: base.facets.clone() };
    for (index, facet) in facets.iter().enumerate() {
        if !applies(&base.variety, facet) {
            let message = format!("expected a facet of {}, found `{}`", variety_name(&base.variety), facet.name());
            return Err(TypeError::new(Constraint::CosApplicableFacets, message).of_facet(index));
        }
        step.check_fixed(facet).map_err(|error| error.of_facet(index))?;
        step.add(facet, setting).map_err(|error| error.of_facet(index))?;
    }
    step.check_lengths(facets)?;
    step.check_consistent().map_err(|(error, names)| of_last(error, facets, &names))?;
    let new = setting.fixed.iter().filter(|name| !base.facets.fixed.contains(name));
    step.merged.fixed.extend(new);
    Ok((step.white_space, step.merged))
}

/// A facet occurs at most once in a step (a step's patterns are one facet here, and so are its enumerated values), and
/// each end of a range has an inclusive or an exclusive bound, not both (sections 4.3.8.4 and 4.3.9.4).
fn check_once(facets: &[Facet]) -> Result<(), TypeError> {
    const RIVALS: [(&str, &str, Constraint); 2] = [
        ("minInclusive", "minExclusive", Constraint::MinInclusiveMinExclusive),
        ("maxInclusive", "maxExclusive", Constraint::MaxInclusiveMaxExclusive),
    ];
    let names: Vec<&str> = facets.iter().map(Facet::name).collect();
    for (index, name) in names.iter().enumerate() {
        if names.iter().take(index).any(|earlier| earlier == name) {
            let message = format!("expected `{name}` at most once, found it twice");
            return Err(TypeError::new(Constraint::SrcSingleFacetValue, message).of_facet(index));
        }
    }
    for (one, other, constraint) in RIVALS {
        if names.contains(&one) && names.contains(&other) {
            let error = TypeError::new(constraint, format!("expected `{one}` or `{other}`, found both"));
            return Err(of_last(error, facets, &[one, other]));
        }
    }
    Ok(())
}

/// An error of the last of the facets with these names: it comes after what it contradicts.
fn of_last(error: TypeError, facets: &[Facet], names: &[&str]) -> TypeError {
    match facets.iter().rposition(|facet| names.contains(&facet.name())) {
        Some(index) => error.of_facet(index),
        None => error,
    }
}

/// Section 4.1.5: the facets that apply to a type.
fn applies(variety: &Variety, facet: &Facet) -> bool {
    let is_length = matches!(facet, Facet::Length(_) | Facet::MinLength(_) | Facet::MaxLength(_));
    let is_bound = matches!(
        facet,
        Facet::MinInclusive(_) | Facet::MinExclusive(_) | Facet::MaxInclusive(_) | Facet::MaxExclusive(_)
    );
    let is_digits = matches!(facet, Facet::TotalDigits(_) | Facet::FractionDigits(_));
    let is_enumeration = matches!(facet, Facet::Enumeration(_));
    let is_white_space = matches!(facet, Facet::WhiteSpace(_));
    match variety {
        Variety::Union(_) => !is_length && !is_bound && !is_digits && !is_white_space,
        Variety::List(_) => !is_bound && !is_digits,
        Variety::Atomic(Primitive::AnySimpleType) => false,
        Variety::Atomic(Primitive::Boolean) => !is_length && !is_bound && !is_digits && !is_enumeration,
        Variety::Atomic(Primitive::Decimal | Primitive::Integer) => !is_length,
        Variety::Atomic(Primitive::Float(_) | Primitive::Moment(_) | Primitive::Duration) => !is_length && !is_digits,
        Variety::Atomic(_) => !is_bound && !is_digits,
    }
}

fn variety_name(variety: &Variety) -> String {
    match variety {
        Variety::Atomic(primitive) => format!("`{}`", primitive.name()),
        Variety::List(_) => "a list".to_owned(),
        Variety::Union(_) => "a union".to_owned(),
    }
}

/// One derivation step in progress.
struct Step<'a> {
    base: &'a SimpleType,
    white_space: WhiteSpace,
    merged: Facets,
}

impl Step<'_> {
    /// Section 4.3, `fixed`: a facet that a base type fixes keeps its value.
    fn check_fixed(&self, facet: &Facet) -> Result<(), TypeError> {
        let base = &self.base.facets;
        if !base.fixed.contains(&facet.name()) {
            return Ok(());
        }
        let is_bound = |own: &str, bound: &Option<Bound>| {
            bound.as_ref().is_some_and(|bound| self.base.same_value(own, &bound.text))
        };
        let keeps = match facet {
            Facet::Length(length) => base.length == Some(*length),
            Facet::MinLength(length) => base.min_length == Some(*length),
            Facet::MaxLength(length) => base.max_length == Some(*length),
            Facet::TotalDigits(digits) => base.total_digits == Some(*digits),
            Facet::FractionDigits(digits) => base.fraction_digits == Some(*digits),
            Facet::MinInclusive(text) | Facet::MinExclusive(text) => is_bound(text, &base.lower),
            Facet::MaxInclusive(text) | Facet::MaxExclusive(text) => is_bound(text, &base.upper),
            Facet::WhiteSpace(mode) => *mode == self.base.white_space,
            Facet::Pattern(_) | Facet::Enumeration(_) => true,
        };
        match keeps {
            true => Ok(()),
            false => Err(TypeError::new(
                valid_restriction(facet),
                format!("expected `{}` to keep its value, which the base type fixes, found another", facet.name()),
            )),
        }
    }

    fn add(&mut self, facet: &Facet, setting: &Setting) -> Result<(), TypeError> {
        let base = &self.base.facets;
        match facet {
            Facet::Length(length) => {
                self.merged.length = Some(tighten(facet, *length, base.length, Ordering::Equal)?);
            }
            Facet::MinLength(length) => {
                self.merged.min_length = Some(tighten(facet, *length, base.min_length, Ordering::Greater)?);
            }
            Facet::MaxLength(length) => {
                self.merged.max_length = Some(tighten(facet, *length, base.max_length, Ordering::Less)?);
            }
            Facet::TotalDigits(0) => {
                return Err(TypeError::new(Constraint::SchemaSyntax, "expected `totalDigits` of at least 1, found 0"));
            }
            Facet::TotalDigits(digits) => {
                self.merged.total_digits = Some(tighten(facet, *digits, base.total_digits, Ordering::Less)?);
            }
            Facet::FractionDigits(digits) => {
                let inherited = match self.base.variety {
                    Variety::Atomic(Primitive::Integer) => Some(0),
                    _ => base.fraction_digits,
                };
                self.merged.fraction_digits = Some(tighten(facet, *digits, inherited, Ordering::Less)?);
            }
            Facet::MinInclusive(text) => self.merged.lower = Some(self.bound(facet, text, true)?),
            Facet::MinExclusive(text) => self.merged.lower = Some(self.bound(facet, text, false)?),
            Facet::MaxInclusive(text) => self.merged.upper = Some(self.bound(facet, text, true)?),
            Facet::MaxExclusive(text) => self.merged.upper = Some(self.bound(facet, text, false)?),
            Facet::Pattern(alternatives) => self.add_pattern(alternatives)?,
            Facet::Enumeration(values) => self.merged.enumeration = Some(self.enumeration(values, &setting.contexts)?),
            Facet::WhiteSpace(mode) => self.tighten_white_space(*mode)?,
        }
        Ok(())
    }

    /// Section 4.3.6.4.
    fn tighten_white_space(&mut self, mode: WhiteSpace) -> Result<(), TypeError> {
        if mode < self.base.white_space {
            return Err(TypeError::new(
                Constraint::WhiteSpaceValidRestriction,
                format!(
                    "expected `whiteSpace` no looser than `{}` of the base type, found `{}`",
                    self.base.white_space.name(),
                    mode.name()
                ),
            ));
        }
        self.white_space = mode;
        Ok(())
    }

    /// Section 4.3.4: the base's patterns stay in force.
    fn add_pattern(&mut self, alternatives: &[String]) -> Result<(), TypeError> {
        if self.merged.patterns.steps().len() == PATTERN_STEPS_LIMIT {
            return Err(TypeError::new(
                Constraint::SchemaLimit,
                format!("expected `pattern` in at most {PATTERN_STEPS_LIMIT} derivation steps, found more"),
            ));
        }
        self.merged.patterns.push(Pattern::compile(alternatives)?);
        Ok(())
    }

    /// Section 4.3.5.4: each must be a value of the base.
    fn enumeration(&self, values: &[String], contexts: &[Bindings]) -> Result<Enumeration, TypeError> {
        let mut normalized = Vec::with_capacity(values.len());
        let mut canonical = Vec::with_capacity(values.len());
        let mut namespaces = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let context = contexts.get(index).map_or(&Alone as &dyn Context, |context| context);
            match self.base.canonical_in(value, context) {
                Some(spelling) if self.base.check_in(value, context).is_ok() => {
                    canonical.push(Box::from(spelling));
                    normalized.push(Box::from(self.base.normalize(value)));
                    namespaces.push(self.base.namespaces_in(value, context));
                }
                _ => return Err(self.not_of_the_base(&Facet::Enumeration(Vec::new()), value).of_value(index)),
            }
        }
        Ok(Enumeration::new(normalized, canonical, namespaces))
    }

    /// Sections 4.3.7.4 to 4.3.10.4: a bound is in the base's lexical space, and within its range; an exclusive bound
    /// may also equal the base's own.
    fn bound(&self, facet: &Facet, text: &str, inclusive: bool) -> Result<Bound, TypeError> {
        let Variety::Atomic(primitive) = self.base.variety else {
            return Err(self.not_of_the_base(facet, text));
        };
        let base = &self.base.facets;
        let bound = Bound::new(primitive, &self.base.normalize(text), inclusive)
            .ok_or_else(|| self.not_of_the_base(facet, text))?;
        let touches =
            |end: &Bound| !inclusive && !end.inclusive && end.value.compare(&bound.value) == Some(Ordering::Equal);
        let is_lower = matches!(facet, Facet::MinInclusive(_) | Facet::MinExclusive(_));
        let fits_lower =
            base.lower.as_ref().is_none_or(|end| end.admits_from_below(&bound.value) || is_lower && touches(end));
        let fits_upper =
            base.upper.as_ref().is_none_or(|end| end.admits_from_above(&bound.value) || !is_lower && touches(end));
        match fits_lower && fits_upper {
            true => Ok(bound),
            false => Err(self.not_of_the_base(facet, text)),
        }
    }

    fn not_of_the_base(&self, facet: &Facet, value: &str) -> TypeError {
        let (name, base) = (facet.name(), self.base.describe());
        TypeError::new(
            valid_restriction(facet),
            format!("expected a value of the base type in `{name}` ({base}), found `{value}`"),
        )
    }

    /// Sections 4.3.1.4, 4.3.2.4, 4.3.9.4, 4.3.12.4: the facets in force must not exclude everything. The error comes
    /// with the names of the facets that it is about.
    fn check_consistent(&self) -> Result<(), (TypeError, [&'static str; 2])> {
        let facets = &self.merged;
        let (length, min_length, max_length) = (facets.length, facets.min_length, facets.max_length);
        for (constraint, small_name, small, great_name, great) in [
            (Constraint::MinLengthMaxLength, "minLength", min_length, "maxLength", max_length),
            (Constraint::LengthMinLengthMaxLength, "length", length, "maxLength", max_length),
            (Constraint::LengthMinLengthMaxLength, "minLength", min_length, "length", length),
            (
                Constraint::FractionDigitsTotalDigits,
                "fractionDigits",
                facets.fraction_digits,
                "totalDigits",
                facets.total_digits,
            ),
        ] {
            if let (Some(small), Some(great)) = (small, great)
                && small > great
            {
                let message =
                    format!("expected `{small_name}` no greater than `{great_name}`, found {small} and {great}");
                return Err((TypeError::new(constraint, message), [small_name, great_name]));
            }
        }
        if let (Some(lower), Some(upper)) = (&facets.lower, &facets.upper) {
            let leaves_something = match lower.value.compare(&upper.value) {
                Some(Ordering::Less) => true,
                Some(Ordering::Equal) => lower.inclusive == upper.inclusive,
                Some(Ordering::Greater) => false,
                // Between two moments or durations without an order there may be values.
                None => !matches!(lower.value, Value::Float(_)),
            };
            if !leaves_something {
                let (constraint, names) = match (lower.inclusive, upper.inclusive) {
                    (true, true) => (Constraint::MinInclusiveMaxInclusive, ["minInclusive", "maxInclusive"]),
                    (true, false) => (Constraint::MinInclusiveMaxExclusive, ["minInclusive", "maxExclusive"]),
                    (false, true) => (Constraint::MinExclusiveMaxInclusive, ["minExclusive", "maxInclusive"]),
                    (false, false) => (Constraint::MinExclusiveMaxExclusive, ["minExclusive", "maxExclusive"]),
                };
                let message = format!(
                    "expected a lower bound that is not above the upper one, found `{}` and `{}`",
                    lower.text, upper.text
                );
                return Err((TypeError::new(constraint, message), names));
            }
        }
        Ok(())
    }

    /// Section 4.3.1.4, length and minLength or maxLength: allowed in one step only if the base already has the other
    /// one with the same value. Whether further steps contradict that `length` is checked by their consistency.
    fn check_lengths(&self, facets: &[Facet]) -> Result<(), TypeError> {
        let base = &self.base.facets;
        let gives_length = facets.iter().any(|facet| matches!(facet, Facet::Length(_)));
        let rival = facets.iter().filter(|_| gives_length).find(|facet| match facet {
            Facet::MinLength(length) => base.min_length != Some(*length),
            Facet::MaxLength(length) => base.max_length != Some(*length),
            _ => false,
        });
        match rival {
            Some(rival) => {
                let message = format!("expected `length` or `{}`, found both", rival.name());
                let error = TypeError::new(Constraint::LengthMinLengthMaxLength, message);
                Err(of_last(error, facets, &["length", rival.name()]))
            }
            None => Ok(()),
        }
    }
}

/// The new value of a facet that may differ from the base's in one direction only.
fn tighten(facet: &Facet, value: u64, base: Option<u64>, direction: Ordering) -> Result<u64, TypeError> {
    match base {
        Some(base) if value != base && value.cmp(&base) != direction => {
            let bound = match direction {
                Ordering::Less => "at most ",
                Ordering::Equal => "",
                Ordering::Greater => "at least ",
            };
            Err(TypeError::new(
                valid_restriction(facet),
                format!("expected `{}` of {bound}{base}, as in the base type, found {value}", facet.name()),
            ))
        }
        _ => Ok(value),
    }
}

/// The constraint on a facet that the base already has.
fn valid_restriction(facet: &Facet) -> Constraint {
    match facet {
        Facet::Length(_) => Constraint::LengthValidRestriction,
        Facet::MinLength(_) => Constraint::MinLengthValidRestriction,
        Facet::MaxLength(_) => Constraint::MaxLengthValidRestriction,
        Facet::TotalDigits(_) => Constraint::TotalDigitsValidRestriction,
        Facet::FractionDigits(_) => Constraint::FractionDigitsValidRestriction,
        Facet::MinInclusive(_) => Constraint::MinInclusiveValidRestriction,
        Facet::MinExclusive(_) => Constraint::MinExclusiveValidRestriction,
        Facet::MaxInclusive(_) => Constraint::MaxInclusiveValidRestriction,
        Facet::MaxExclusive(_) => Constraint::MaxExclusiveValidRestriction,
        Facet::Pattern(_) => Constraint::PatternSyntax,
        Facet::Enumeration(_) => Constraint::EnumerationValidRestriction,
        Facet::WhiteSpace(_) => Constraint::WhiteSpaceValidRestriction,
    }
}
