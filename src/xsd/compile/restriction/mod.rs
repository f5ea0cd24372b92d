//! Checks restrictions of content models (part 1, section 3.9.6): every particle of the derived type must have a
//! counterpart in the base, paired according to the table under "Particle Valid (Restriction)".
//!
//! Restrictions are checked once all types are made, since particles are compared with their types.

mod particle;

use std::cell::Cell;

use particle::{Kind, Particle, Range, Term};

use super::Compiler;
use super::particle::Tree;
use super::wildcard::is_as_strict_subset;
use crate::compiled::{ElementId, Methods, NameId, Place, TypeId, Types};
use crate::diagnostic::Code;
use crate::xsd::fault::{Result, fault};

/// The most pairs of particles that one check may compare.
const COMPARISONS: usize = 1 << 22;

/// A content model and the one it must restrict.
pub(super) struct Restriction {
    pub(super) place: Place,
    /// `None` for no content at all.
    pub(super) own: Option<Tree>,
    pub(super) base: Tree,
    pub(super) of: Restricted,
}

/// What the base content belongs to.
#[derive(Clone, Copy)]
pub(super) enum Restricted {
    Type(TypeId),
    /// A redefined group.
    Group(NameId),
}

/// The particle that is not a restriction, and the constraint that it violates.
struct Broken {
    what: What,
    place: Place,
    constraint: Code,
}

/// Why a particle is not a restriction; put into words only at the end.
#[derive(Clone, Copy)]
enum What {
    Nothing,
    Element(ElementId),
    Wildcard,
    Group(Kind),
}

type Verdict = std::result::Result<(), Broken>;

impl Particle<'_> {
    fn broken(&self, constraint: Code) -> Verdict {
        let what = match self.term {
            Term::Element(element) | Term::Head(element) => What::Element(element),
            Term::Wildcard(_) => What::Wildcard,
            Term::Group(kind, _) => What::Group(kind),
        };
        Err(Broken { what, place: self.place, constraint })
    }

    fn require(&self, is_met: bool, constraint: Code) -> Verdict {
        if is_met { Ok(()) } else { self.broken(constraint) }
    }
}

impl Compiler<'_> {
    /// Section 3.4.6, Derivation Valid (Restriction, Complex), clause 5.4.2, for every type, and section 4.2.2, clause
    /// 6.2.2 of Redefinition Constraints, for every redefined group.
    pub(super) fn check_restrictions(&self) -> Result<()> {
        self.restrictions
            .iter()
            .try_for_each(|restriction| self.faults.or_note_unless_limit(self.check_restriction(restriction)))
    }

    fn check_restriction(&self, restriction: &Restriction) -> Result<()> {
        let comparison = Comparison { compiler: self, left: Cell::new(COMPARISONS) };
        let own = restriction.own.as_ref().and_then(|own| Particle::new(self, own));
        let base = Particle::new(self, &restriction.base);
        let verdict = match (&own, &base) {
            (Some(own), Some(base)) => comparison.restricts(own, base),
            (None, Some(base)) if !base.is_emptiable() => {
                Err(Broken { what: What::Nothing, place: restriction.place, constraint: Code::CosParticleRestrict })
            }
            (Some(own), None) => own.broken(Code::CosParticleRestrict),
            (None, _) => Ok(()),
        };
        if comparison.left.get() == 0 {
            return fault(
                Code::SchemaLimit,
                restriction.place,
                "expected a smaller content model: it takes too long to compare with the base type's",
            );
        }
        verdict.or_else(|broken| self.no_restriction(restriction.of, &broken))
    }

    /// Puts a verdict into words.
    fn no_restriction(&self, of: Restricted, broken: &Broken) -> Result<()> {
        let base = match of {
            Restricted::Type(base) => self.type_words(base),
            Restricted::Group(name) => format!("the original group `{}`", self.names.local(name)),
        };
        let found = match broken.what {
            What::Nothing => String::from("no content at all"),
            What::Element(element) => {
                let name = self.elements.get(element.index()).map(|element| element.name);
                format!("element `{}`", name.map_or("", |name| self.names.local(name)))
            }
            What::Wildcard => String::from("`xs:any`"),
            What::Group(Kind::Sequence) => String::from("`xs:sequence`"),
            What::Group(Kind::Choice) => String::from("`xs:choice`"),
            What::Group(Kind::All) => String::from("`xs:all`"),
        };
        let message = format!("expected a restriction of the content of {base}, found {found}");
        fault(broken.constraint, broken.place, message)
    }
}

/// What NameAndTypeOK excludes.
const NOT_BY_RESTRICTION: Methods = Methods::EXTENSION.and(Methods::LIST).and(Methods::UNION);

/// One check in progress.
struct Comparison<'c, 'm> {
    compiler: &'c Compiler<'m>,
    /// How many more comparisons are allowed.
    left: Cell<usize>,
}

impl Comparison<'_, '_> {
    /// Particle Valid (Restriction), clause 2: selects the rule for each pair of kinds. Recurses to the depth of the
    /// particles.
    fn restricts(&self, own: &Particle<'_>, base: &Particle<'_>) -> Verdict {
        self.spend(own)?;
        match (&own.term, &base.term) {
            (Term::Element(element), Term::Element(of_base)) => self.name_and_type(own, *element, base, *of_base),
            (Term::Element(element), Term::Wildcard(wildcard)) => {
                let declaration = self.compiler.elements.get(element.index());
                let namespace = declaration.map(|declaration| self.compiler.names.namespace_id(declaration.name));
                let is_allowed = namespace.is_some_and(|namespace| wildcard.namespaces.allows(Some(namespace)));
                own.require(is_allowed && own.occurs.is_within(base.occurs), Code::RcaseNsCompat)
            }
            (Term::Wildcard(wildcard), Term::Wildcard(of_base)) => {
                let is_met = is_as_strict_subset(wildcard, of_base) && own.occurs.is_within(base.occurs);
                own.require(is_met, Code::RcaseNsSubset)
            }
            (Term::Head(head), Term::Wildcard(wildcard)) => {
                let namespaces = self.compiler.namespaces_of(*head);
                let are_allowed = namespaces.iter().all(|namespace| wildcard.namespaces.allows(Some(*namespace)));
                let is_met = are_allowed && own.occurs.is_within(base.occurs);
                own.require(is_met, Code::RcaseNsRecurse)
            }
            (Term::Head(head), Term::Head(of_base)) => {
                own.require(own.occurs.is_within(base.occurs), Code::RcaseRecurseLax)?;
                self.is_part_of_group(own, *head, *of_base)
            }
            (Term::Head(head), Term::Group(Kind::Choice, of_base)) => {
                own.require(own.occurs.is_within(base.occurs), Code::RcaseRecurseLax)?;
                self.compiler.group_of(*head).try_for_each(|member| {
                    let member = Particle::once(member, own.place);
                    let has_place = of_base.iter().any(|of_base| self.restricts(&member, of_base).is_ok());
                    own.require(has_place, Code::RcaseRecurseLax)
                })
            }
            (Term::Element(_), Term::Head(head)) => {
                own.require(Range::ONCE.is_within(base.occurs), Code::RcaseRecurseLax)?;
                self.member_of_group(own, *head)
            }
            (Term::Group(Kind::Choice, members), Term::Head(head)) => {
                own.require(own.occurs.is_within(base.occurs), Code::RcaseRecurseLax)?;
                members.iter().try_for_each(|member| self.member_of_group(member, *head))
            }
            (Term::Group(Kind::Sequence, members), Term::Head(head)) => {
                let count = Range { min: members.len() as u64, max: Some(members.len() as u64) };
                own.require(own.occurs.times(count).is_within(base.occurs), Code::RcaseMapAndSum)?;
                members.iter().try_for_each(|member| self.member_of_group(member, *head))
            }
            (Term::Group(_, members), Term::Wildcard(_)) => self.members_of_wildcard(own, members, base),
            (Term::Element(_), Term::Group(kind, of_base)) => {
                // Treats it as a group of the base's kind with one member (rcase-RecurseAsIfGroup).
                self.groups(own, *kind, Range::ONCE, std::slice::from_ref(own), base, (*kind, of_base))
            }
            (Term::Group(kind, members), Term::Group(base_kind, of_base)) => {
                self.groups(own, *kind, own.occurs, members, base, (*base_kind, of_base))
            }
            (Term::Wildcard(_) | Term::Group(..) | Term::Head(_), _) => own.broken(Code::CosParticleRestrict),
        }
    }

    fn spend(&self, own: &Particle<'_>) -> Verdict {
        self.left.set(self.left.get().saturating_sub(1));
        if self.left.get() == 0 { own.broken(Code::CosParticleRestrict) } else { Ok(()) }
    }

    /// Compares a particle with the elements of a substitution group, each occurring once: at most one has its name.
    fn member_of_group(&self, own: &Particle<'_>, head: ElementId) -> Verdict {
        let compiler = self.compiler;
        let name = match own.term {
            Term::Element(element) => compiler.elements.get(element.index()).map(|element| element.name),
            Term::Head(part) if own.occurs.is_once() => return self.is_part_of_group(own, part, head),
            Term::Head(_) | Term::Wildcard(_) | Term::Group(..) => None,
        };
        let member =
            name.and_then(|name| compiler.roots.get(&name)).filter(|member| compiler.is_in_group(**member, head));
        match (&own.term, member) {
            (Term::Element(element), Some(member)) => {
                self.name_and_type(own, *element, &Particle::once(*member, own.place), *member)
            }
            _ => own.broken(Code::RcaseNameAndTypeOk),
        }
    }

    /// Whether all elements of one substitution group are in another.
    fn is_part_of_group(&self, own: &Particle<'_>, part: ElementId, whole: ElementId) -> Verdict {
        if part == whole {
            return Ok(());
        }
        self.compiler.group_of(part).try_for_each(|member| {
            self.spend(own)?;
            own.require(self.compiler.is_in_group(member, whole), Code::RcaseNameAndTypeOk)
        })
    }

    fn groups(
        &self,
        own: &Particle<'_>,
        kind: Kind,
        occurs: Range,
        members: &[Particle<'_>],
        base: &Particle<'_>,
        (base_kind, of_base): (Kind, &[Particle<'_>]),
    ) -> Verdict {
        match (kind, base_kind) {
            (Kind::Sequence, Kind::Sequence) | (Kind::All, Kind::All) => {
                own.require(occurs.is_within(base.occurs), Code::RcaseRecurse)?;
                self.in_order(members, of_base, |particle| particle.is_emptiable(), Code::RcaseRecurse)
            }
            (Kind::Choice, Kind::Choice) => {
                own.require(occurs.is_within(base.occurs), Code::RcaseRecurseLax)?;
                self.in_order(members, of_base, |_| true, Code::RcaseRecurseLax)
            }
            (Kind::Sequence, Kind::All) => {
                own.require(occurs.is_within(base.occurs), Code::RcaseRecurseUnordered)?;
                self.in_any_order(own, members, of_base)
            }
            (Kind::Sequence, Kind::Choice) => {
                let count = Range { min: members.len() as u64, max: Some(members.len() as u64) };
                own.require(occurs.times(count).is_within(base.occurs), Code::RcaseMapAndSum)?;
                members.iter().try_for_each(|member| {
                    let has_place = of_base.iter().any(|of_base| self.restricts(member, of_base).is_ok());
                    member.require(has_place, Code::RcaseMapAndSum)
                })
            }
            _ => own.broken(Code::CosParticleRestrict),
        }
    }

    /// Every member must have a counterpart after that of the previous one; those that are skipped must be emptiable.
    fn in_order(
        &self,
        members: &[Particle<'_>],
        of_base: &[Particle<'_>],
        may_be_passed: impl Fn(&Particle<'_>) -> bool,
        constraint: Code,
    ) -> Verdict {
        let mut rest = of_base.iter();
        for member in members {
            loop {
                let Some(next) = rest.next() else { return member.broken(constraint) };
                match self.restricts(member, next) {
                    Ok(()) => break,
                    Err(_) if may_be_passed(next) => {}
                    Err(broken) => return Err(broken),
                }
            }
        }
        let left_out = rest.find(|particle| !may_be_passed(particle));
        left_out.map_or(Ok(()), |particle| members.last().unwrap_or(particle).broken(constraint))
    }

    /// Every member must have a counterpart of its own; those left over must be emptiable (rcase-RecurseUnordered).
    fn in_any_order(&self, own: &Particle<'_>, members: &[Particle<'_>], of_base: &[Particle<'_>]) -> Verdict {
        let mut is_taken = vec![false; of_base.len()];
        for member in members {
            let counterparts = of_base.iter().zip(&mut is_taken);
            let mut free = counterparts.filter(|(_, is_taken)| !**is_taken);
            match free.find(|(particle, _)| self.restricts(member, particle).is_ok()) {
                Some((_, is_taken)) => *is_taken = true,
                None => return member.broken(Code::RcaseRecurseUnordered),
            }
        }
        let rest_is_emptiable =
            of_base.iter().zip(&is_taken).all(|(particle, taken)| *taken || particle.is_emptiable());
        own.require(rest_is_emptiable, Code::RcaseRecurseUnordered)
    }

    /// rcase-NSRecurseCheckCardinality: the wildcard accepts each member, and they occur as often as it allows.
    fn members_of_wildcard(&self, own: &Particle<'_>, members: &[Particle<'_>], base: &Particle<'_>) -> Verdict {
        let Term::Wildcard(wildcard) = base.term else { return own.broken(Code::CosParticleRestrict) };
        let any_number =
            Particle { occurs: Range { min: 0, max: None }, term: Term::Wildcard(wildcard), place: base.place };
        members.iter().try_for_each(|member| self.restricts(member, &any_number))?;
        own.require(own.total().is_within(base.occurs), Code::RcaseNsRecurse)
    }

    /// rcase-NameAndTypeOK.
    fn name_and_type(
        &self,
        own: &Particle<'_>,
        element: ElementId,
        base: &Particle<'_>,
        of_base: ElementId,
    ) -> Verdict {
        let elements = &self.compiler.elements;
        let (Some(one), Some(other)) = (elements.get(element.index()), elements.get(of_base.index())) else {
            return own.broken(Code::RcaseNameAndTypeOk);
        };
        let fixed = |value: &Option<crate::compiled::ValueConstraint>| value.clone().filter(|value| value.fixed);
        let keeps_value = match (fixed(&other.value), fixed(&one.value)) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(of_base), Some(own)) => match self.compiler.simple_content_of(other.type_id) {
                Some(simple) => of_base.is(simple, &own.value, &own.bindings),
                None => of_base.value == own.value,
            },
        };
        let is_unknown = self.compiler.is_broken(one.type_id) || self.compiler.is_broken(other.type_id);
        let is_met = one.name == other.name
            && (other.nillable || !one.nillable)
            && own.occurs.is_within(base.occurs)
            && keeps_value
            && one.block.contains(other.block)
            // Constraints can only be the same if the declaration is.
            && (element == of_base || one.constraints.is_empty())
            && (is_unknown || self.compiler.is_validly_derived(one.type_id, other.type_id, NOT_BY_RESTRICTION));
        own.require(is_met, Code::RcaseNameAndTypeOk)
    }
}
