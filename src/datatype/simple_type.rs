//! `SimpleType`: what a text is checked against.

use std::borrow::Cow;
use std::sync::Arc;

use super::decimal::Decimal;
use super::facet::Facets;
use super::primitive::{Primitive, Value};
use super::white_space::{items, trim};
use super::{Constraint, Facet, Fault, Kind, Quick, TypeError, WhiteSpace, boolean, built_in, describe, restriction};

/// How deep lists and unions may stand in one another: bounds the recursion of every check.
const NESTING_LIMIT: u32 = 32;

/// How many atomic types one check may have to try: bounds what a union of unions costs.
const MEMBER_LIMIT: u32 = 4096;

/// A compiled simple type: immutable, shared.
///
/// It stands on its own: what it inherits is merged in, and nothing refers back to the base.
#[derive(Debug, Clone)]
pub struct SimpleType {
    pub(super) name: Option<Box<str>>,
    pub(super) variety: Variety,
    pub(super) white_space: WhiteSpace,
    pub(super) facets: Facets,
    quick: Quick,
}

/// Section 2.5.1 of XML Schema part 2.
#[derive(Debug, Clone)]
pub(super) enum Variety {
    Atomic(Primitive),
    List(Arc<SimpleType>),
    Union(Union),
}

/// The members of a union.
#[derive(Debug, Clone)]
pub(super) struct Union {
    pub(super) members: Arc<[Arc<SimpleType>]>,
    /// What each is called in a fault.
    labels: Arc<[Box<str>]>,
    depth: u32,
    weight: u32,
}

impl SimpleType {
    /// A built-in of XSD by its local name; `None` for names that are not built in or not supported yet
    /// (`QName`, `NOTATION`, `ENTITY` and `ENTITIES`).
    pub fn built_in(name: &str) -> Option<Arc<SimpleType>> {
        built_in::built_in(name)
    }

    /// Derivation by restriction. `name` is the user's name for the type, for messages.
    ///
    /// Facets that are not given are those of the base.
    ///
    /// # Errors
    ///
    /// A facet that does not apply to the base, contradicts another or is looser than that of the base, and a pattern
    /// that is malformed, not supported or too large.
    pub fn restrict(
        base: &Arc<SimpleType>,
        name: Option<&str>,
        facets: &[Facet],
    ) -> Result<Arc<SimpleType>, TypeError> {
        let (white_space, merged) = restriction::merge(base, facets)?;
        Ok(Arc::new(SimpleType::new(name, base.variety.clone(), white_space, merged)))
    }

    /// Derivation by list: blank-separated items of one type.
    ///
    /// # Errors
    ///
    /// The item type is a list or can be one (section 2.5.1.2).
    pub fn list(item: &Arc<SimpleType>, name: Option<&str>) -> Result<Arc<SimpleType>, TypeError> {
        if item.can_be_list() {
            return Err(TypeError::new(
                Constraint::CosListOfAtomic,
                "expected an item type that is not a list, found a list",
            ));
        }
        check_nesting(item.depth() + 1)?;
        let variety = Variety::List(Arc::clone(item));
        Ok(Arc::new(SimpleType::new(name, variety, WhiteSpace::Collapse, Facets::default())))
    }

    /// Derivation by union: a value of the first member type that takes the text.
    ///
    /// # Errors
    ///
    /// There is no member, or unions are nested too deep or have too many members in all.
    pub fn union(members: &[Arc<SimpleType>], name: Option<&str>) -> Result<Arc<SimpleType>, TypeError> {
        if members.is_empty() {
            return Err(TypeError::new(
                Constraint::SrcUnionMembers,
                "expected at least one member type in a union, found none",
            ));
        }
        let depth = members.iter().map(|member| member.depth()).max().unwrap_or(0) + 1;
        check_nesting(depth)?;
        let weight = members.iter().fold(0_u32, |sum, member| sum.saturating_add(member.weight()));
        if weight > MEMBER_LIMIT {
            return Err(TypeError::new(
                Constraint::SchemaLimit,
                format!("expected at most {MEMBER_LIMIT} member types in all, found {weight}"),
            ));
        }
        let labels = members.iter().map(|member| describe::label(member).into_boxed_str()).collect();
        let variety = Variety::Union(Union { members: members.into(), labels, depth, weight });
        Ok(Arc::new(SimpleType::new(name, variety, WhiteSpace::Preserve, Facets::default())))
    }

    pub(super) fn new(name: Option<&str>, variety: Variety, white_space: WhiteSpace, facets: Facets) -> SimpleType {
        let mut made = SimpleType { name: name.map(Box::from), variety, white_space, facets, quick: Quick::General };
        made.quick = made.find_quick();
        made
    }

    /// Checks a text whose references are resolved and line endings normalised, before white-space normalisation.
    ///
    /// Takes time linear in the text; allocates only where white space inside the text changes, where an enumerated
    /// number is not spelled canonically, and for a fault.
    ///
    /// # Errors
    ///
    /// The first rule that the text breaks, as data.
    pub fn check(&self, text: &str) -> Result<(), Fault> {
        match &self.variety {
            Variety::Atomic(primitive) if primitive.takes_any_text() && self.facets.is_empty() => Ok(()),
            Variety::Atomic(primitive) => self.check_atomic(*primitive, &self.normalize(text)),
            Variety::List(item) => self.check_list(item, &self.normalize(text)),
            Variety::Union(union) => self.check_union(union, text),
        }
    }

    fn check_atomic(&self, primitive: Primitive, text: &str) -> Result<(), Fault> {
        let value = primitive.parse(text)?;
        if let Some(enumeration) = &self.facets.enumeration {
            enumeration.check(&value.canonical())?;
        }
        if self.facets.has_length()
            && let Some((length, unit)) = value.length()
        {
            self.facets.check_length(length, unit)?;
        }
        self.facets.check_value(&value)?;
        self.facets.check_patterns(text)
    }

    fn check_list(&self, item: &SimpleType, text: &str) -> Result<(), Fault> {
        let mut length = 0;
        for (index, part) in items(text).enumerate() {
            item.check(part).map_err(|fault| Fault::Item { index, fault: Box::new(fault) })?;
            length += 1;
        }
        self.check_enumeration(text)?;
        self.facets.check_length(length, "items")?;
        self.facets.check_patterns(text)
    }

    fn check_union(&self, union: &Union, text: &str) -> Result<(), Fault> {
        let Some(member) = union.member_of(text) else {
            return Err(Fault::NoMember { members: Arc::clone(&union.labels) });
        };
        self.check_enumeration(text)?;
        self.facets.check_patterns(&member.normalize(text))
    }

    /// For lists and unions, whose canonical spelling is put together.
    fn check_enumeration(&self, text: &str) -> Result<(), Fault> {
        match &self.facets.enumeration {
            Some(enumeration) => enumeration.check(&self.canonical(text).unwrap_or_default()),
            None => Ok(()),
        }
    }

    /// Whether two texts are the same value of this type (for `fixed`); a text of no value equals none.
    pub fn same_value(&self, one: &str, other: &str) -> bool {
        self.canonical(one).is_some_and(|canonical| self.canonical(other) == Some(canonical))
    }

    /// A spelling that is the same for equal values of this type and differs for others; `None` outside its lexical
    /// space.
    pub(super) fn canonical<'a>(&self, text: &'a str) -> Option<Cow<'a, str>> {
        match &self.variety {
            Variety::Atomic(primitive) => match self.normalize(text) {
                Cow::Borrowed(text) => primitive.parse(text).ok().map(|value| value.canonical()),
                Cow::Owned(text) => {
                    primitive.parse(&text).ok().map(|value: Value<'_>| Cow::Owned(value.canonical().into_owned()))
                }
            },
            Variety::List(item) => {
                // An item has no blank inside, and neither has its canonical spelling, nor a family's name.
                let mut canonical = String::with_capacity(text.len());
                for part in items(text) {
                    canonical.push_str(&item.canonical(part)?);
                    canonical.push(' ');
                }
                Some(Cow::Owned(canonical))
            }
            Variety::Union(union) => {
                let member = union.member_of(text)?;
                let canonical = member.canonical(text)?;
                match &member.variety {
                    Variety::Atomic(primitive) => Some(Cow::Owned([primitive.family(), ":", &*canonical].concat())),
                    Variety::List(_) => Some(Cow::Owned(["list:", &*canonical].concat())),
                    // Tagged already.
                    Variety::Union(_) => Some(canonical),
                }
            }
        }
    }

    /// The white-space mode. That of a union is its members' affair: `Preserve` here.
    pub fn white_space(&self) -> WhiteSpace {
        self.white_space
    }

    /// The text after white-space normalisation; borrows where it is unchanged or only trimmed.
    ///
    /// That of a union is what the member does that takes the text, and none where no member does.
    pub fn normalize<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match &self.variety {
            // White space inside is outside the lexical space, collapsed or not: no need to look for it.
            Variety::Atomic(primitive) if self.white_space == WhiteSpace::Collapse && !primitive.takes_blanks() => {
                Cow::Borrowed(trim(text))
            }
            Variety::Union(union) => union.member_of(text).map_or(Cow::Borrowed(text), |member| member.normalize(text)),
            Variety::Atomic(_) | Variety::List(_) => self.white_space.normalize(text),
        }
    }

    /// What a value is for a program.
    pub fn kind(&self) -> Kind {
        match &self.variety {
            Variety::Atomic(primitive) => primitive.kind(),
            Variety::List(_) => Kind::List,
            Variety::Union(_) => Kind::Union,
        }
    }

    /// Item type of a list.
    pub fn item(&self) -> Option<&Arc<SimpleType>> {
        match &self.variety {
            Variety::List(item) => Some(item),
            Variety::Atomic(_) | Variety::Union(_) => None,
        }
    }

    /// Member types of a union; for decoding: the first one whose `check` passes decides the kind.
    pub fn members(&self) -> &[Arc<SimpleType>] {
        match &self.variety {
            Variety::Union(union) => &union.members,
            Variety::Atomic(_) | Variety::List(_) => &[],
        }
    }

    /// The check that the hot path makes before it asks `check`; never at odds with it.
    pub fn quick(&self) -> Quick {
        self.quick.clone()
    }

    /// What is expected, in words for a diagnostic: "an integer", "an integer from 0 to 4294967295", "`ok` or
    /// `error`".
    pub fn describe(&self) -> String {
        describe::describe(self)
    }

    /// The name that the type was given.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The values of an enumeration, if the type has one, in the schema's order, white space normalised.
    pub fn enumeration(&self) -> Option<Arc<[Box<str>]>> {
        self.facets.enumeration.as_ref().map(|enumeration| Arc::clone(&enumeration.values))
    }

    /// How deep lists and unions stand in one another.
    fn depth(&self) -> u32 {
        match &self.variety {
            Variety::Atomic(_) => 0,
            Variety::List(item) => item.depth() + 1,
            Variety::Union(union) => union.depth,
        }
    }

    /// How many atomic types one check may have to try.
    fn weight(&self) -> u32 {
        match &self.variety {
            Variety::Atomic(_) => 1,
            Variety::List(item) => item.weight(),
            Variety::Union(union) => union.weight,
        }
    }

    fn can_be_list(&self) -> bool {
        match &self.variety {
            Variety::Atomic(_) => false,
            Variety::List(_) => true,
            Variety::Union(union) => union.members.iter().any(|member| member.can_be_list()),
        }
    }

    fn find_quick(&self) -> Quick {
        let Variety::Atomic(primitive) = &self.variety else { return Quick::General };
        match primitive {
            Primitive::Boolean if self.facets.is_empty() => Quick::OneOf(boolean::SPELLINGS.map(Box::from).into()),
            Primitive::Integer | Primitive::Decimal => self.quick_number(*primitive),
            _ if !primitive.is_text() => Quick::General,
            _ if self.facets.enumeration.is_some() => self.quick_enumeration(),
            _ if !self.facets.is_empty() || !primitive.takes_any_text() => Quick::General,
            _ => match self.white_space {
                WhiteSpace::Preserve => Quick::Anything,
                WhiteSpace::Replace => Quick::General,
                WhiteSpace::Collapse => Quick::Collapsed,
            },
        }
    }

    fn quick_number(&self, primitive: Primitive) -> Quick {
        let facets = &self.facets;
        if facets.enumeration.is_some() || !facets.patterns.is_empty() {
            return Quick::General;
        }
        let is_unbounded = facets.lower.is_none() && facets.upper.is_none() && facets.total_digits.is_none();
        if primitive == Primitive::Integer && is_unbounded {
            return Quick::Integer;
        }
        let starts_at_zero = facets.lower.as_ref().is_none_or(|bound| match Decimal::parse("0") {
            Some(zero) => bound.admits_from_below(&Value::Decimal(zero)),
            None => false,
        });
        let below = facets.upper.as_ref().map_or(usize::MAX, |bound| match &bound.value {
            Value::Decimal(limit) => limit.digits_surely_below(bound.inclusive),
            _ => 0,
        });
        let total = facets.total_digits.map_or(usize::MAX, |total| usize::try_from(total).unwrap_or(usize::MAX));
        match u8::try_from(below.min(total)).unwrap_or(u8::MAX) {
            digits if digits > 0 && starts_at_zero => Quick::Digits(digits),
            _ => Quick::General,
        }
    }

    /// An enumeration of texts decides alone: a listed value that breaks another facet is left out.
    fn quick_enumeration(&self) -> Quick {
        let values: Vec<Box<str>> = self
            .facets
            .enumeration
            .iter()
            .flat_map(|enumeration| enumeration.values.iter())
            .filter(|value| self.check(value).is_ok())
            .cloned()
            .collect();
        // Where blanks are made, other spellings than the listed one are right too.
        if self.white_space != WhiteSpace::Preserve && values.iter().any(|value| value.contains(' ')) {
            return Quick::General;
        }
        Quick::OneOf(values)
    }
}

impl Union {
    /// The member type that decides: the first one that takes the text (section 2.5.1.3).
    fn member_of(&self, text: &str) -> Option<&Arc<SimpleType>> {
        self.members.iter().find(|member| member.check(text).is_ok())
    }
}

fn check_nesting(depth: u32) -> Result<(), TypeError> {
    match depth > NESTING_LIMIT {
        true => Err(TypeError::new(
            Constraint::SchemaLimit,
            format!("expected lists and unions nested at most {NESTING_LIMIT} deep, found more"),
        )),
        false => Ok(()),
    }
}
