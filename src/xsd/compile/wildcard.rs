//! Operations on sets of namespaces (part 1, section 3.10.6).

use crate::compiled::{NamespaceConstraint, NamespaceId, Place, Process, Wildcard};
use crate::diagnostic::Code;
use crate::xsd::fault::{Result, fault};

/// Whether there is a namespace that both allow.
pub(super) fn overlap(one: &NamespaceConstraint, other: &NamespaceConstraint) -> bool {
    match (one, other) {
        (NamespaceConstraint::OneOf(list), constraint) | (constraint, NamespaceConstraint::OneOf(list)) => {
            list.iter().any(|namespace| constraint.allows(Some(*namespace)))
        }
        // There are always namespaces that neither mentions.
        _ => true,
    }
}

/// Section 3.4.6, Derivation Valid (Restriction, Complex), clause 4. The wildcard of anyType, which allows everything
/// laxly, does not restrict how contents are processed.
pub(super) fn is_restriction(own: &Wildcard, base: &Wildcard) -> bool {
    let is_anything = base.namespaces == NamespaceConstraint::Any && base.process == Process::Lax;
    is_anything || is_as_strict_subset(own, base)
}

/// Section 3.9.6, Particle Derivation OK (Any:Any), except for occurrence.
pub(super) fn is_as_strict_subset(own: &Wildcard, base: &Wildcard) -> bool {
    let strength = |wildcard: &Wildcard| match wildcard.process {
        Process::Skip => 0,
        Process::Lax => 1,
        Process::Strict => 2,
    };
    is_subset(&own.namespaces, &base.namespaces) && strength(own) >= strength(base)
}

/// Section 3.10.6, Wildcard Subset.
fn is_subset(one: &NamespaceConstraint, of: &NamespaceConstraint) -> bool {
    match (one, of) {
        (_, NamespaceConstraint::Any) => true,
        (NamespaceConstraint::OneOf(list), of) => list.iter().all(|namespace| of.allows(Some(*namespace))),
        (NamespaceConstraint::Not(one), NamespaceConstraint::Not(of)) => one == of,
        _ => false,
    }
}

/// Section 3.10.6, Attribute Wildcard Intersection; `own` determines how contents are processed.
pub(super) fn intersection(own: Wildcard, other: &Wildcard, place: Place) -> Result<Wildcard> {
    use NamespaceConstraint::{Any, Not, OneOf};
    let namespaces = match (own.namespaces, &other.namespaces) {
        (Any, constraint) => constraint.clone(),
        (constraint, Any) => constraint,
        (OneOf(list), constraint) => {
            OneOf(list.into_iter().filter(|namespace| constraint.allows(Some(*namespace))).collect())
        }
        (constraint @ Not(_), OneOf(list)) => {
            OneOf(list.iter().copied().filter(|namespace| constraint.allows(Some(*namespace))).collect())
        }
        (Not(one), Not(other)) if one == *other || *other == NamespaceId::NONE => Not(one),
        (Not(NamespaceId::NONE), Not(other)) => Not(*other),
        (Not(_), Not(_)) => {
            return fault(
                Code::CosAwIntersect,
                place,
                "the intersection of the two `xs:anyAttribute` cannot be expressed",
            );
        }
    };
    Ok(Wildcard { namespaces, ..own })
}

/// Section 3.10.6, Attribute Wildcard Union; `own` determines how contents are processed.
pub(super) fn union(base: &Wildcard, own: Wildcard) -> Result<Wildcard> {
    use NamespaceConstraint::{Any, Not, OneOf};
    let place = own.place;
    let namespaces = match (&base.namespaces, own.namespaces) {
        (Any, _) | (_, Any) => Any,
        (OneOf(one), OneOf(mut other)) => {
            let new = one.iter().filter(|namespace| !other.contains(namespace)).copied().collect::<Vec<_>>();
            other.extend(new);
            OneOf(other)
        }
        (Not(one), Not(other)) if *one == other => Not(other),
        (Not(_), Not(_)) => Not(NamespaceId::NONE),
        (Not(not), OneOf(list)) => union_with_list(*not, &list, place)?,
        (OneOf(list), Not(not)) => union_with_list(not, list, place)?,
    };
    Ok(Wildcard { namespaces, ..own })
}

fn union_with_list(not: NamespaceId, list: &[NamespaceId], place: Place) -> Result<NamespaceConstraint> {
    let (has_it, has_none) = (list.contains(&not), list.contains(&NamespaceId::NONE));
    match (has_it, has_none) {
        (true, true) => Ok(NamespaceConstraint::Any),
        (true, false) => Ok(NamespaceConstraint::Not(NamespaceId::NONE)),
        (false, false) => Ok(NamespaceConstraint::Not(not)),
        (false, true) => fault(Code::CosAwUnion, place, "the union of the two `xs:anyAttribute` cannot be expressed"),
    }
}
