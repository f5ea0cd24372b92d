//! `SimpleType`: the compiled form of a simple type.

use std::borrow::Cow;
use std::sync::Arc;

use super::decide::WholeRange;
use super::decimal::Decimal;
use super::facet::{Enumeration, Facets};
#[cfg(feature = "generate")]
use super::float::Precision;
use super::primitive::{Primitive, Value};
use super::union::Union;
use super::{
    Alone, Constraint, Context, Facet, Fault, Kind, Link, Setting, Shortcut, TypeError, WhiteSpace, boolean, built_in,
    describe, restriction,
};
use crate::text::white_space::{items, trim};

/// How deep lists and unions may be nested: bounds the recursion of every check.
const NESTING_LIMIT: u32 = 32;

/// The most atomic types that one check may have to try: bounds the cost of a union of unions.
const MEMBER_LIMIT: u32 = 4096;

/// The most enumeration values that are compared with a text one by one.
const SHORTCUT_VALUES: usize = 32;

/// A compiled simple type: immutable, shared.
///
/// It is self-contained: what it inherits is merged in, and nothing refers to the base.
#[derive(Debug, Clone)]
pub struct SimpleType {
    pub(super) name: Option<Box<str>>,
    pub(super) variety: Variety,
    pub(super) white_space: WhiteSpace,
    pub(super) facets: Facets,
    needs_context: bool,
    /// No facets.
    pub(super) is_plain: bool,
    /// The range of a numeric type with bounds.
    pub(super) range: Option<WholeRange>,
    shortcut: Shortcut,
}

/// Section 2.5.1 of XML Schema part 2.
#[derive(Debug, Clone)]
pub(super) enum Variety {
    Atomic(Primitive),
    List(Arc<SimpleType>),
    Union(Union),
}

impl SimpleType {
    /// A built-in XSD type by its local name; `None` if there is no such type.
    pub fn built_in(name: &str) -> Option<Arc<SimpleType>> {
        built_in::built_in(name)
    }

    /// Derives a type by restriction. `name` is the user's name for the type, for messages.
    ///
    /// Facets that are not given are inherited from the base.
    ///
    /// # Errors
    ///
    /// A facet that does not apply to the base, contradicts another or is looser than that of the base, or a pattern
    /// that is malformed, not supported or too large.
    pub fn restrict(
        base: &Arc<SimpleType>,
        name: Option<&str>,
        facets: &[Facet],
    ) -> Result<Arc<SimpleType>, TypeError> {
        SimpleType::restrict_in(base, name, facets, &Setting::default())
    }

    /// Derives a type by restriction, with what a schema document specifies about the facets besides their values.
    ///
    /// # Errors
    ///
    /// See [`SimpleType::restrict`]; also a facet that the base fixes to another value.
    pub fn restrict_in(
        base: &Arc<SimpleType>,
        name: Option<&str>,
        facets: &[Facet],
        setting: &Setting,
    ) -> Result<Arc<SimpleType>, TypeError> {
        let (white_space, merged) = restriction::merge(base, facets, setting)?;
        Ok(Arc::new(SimpleType::new(name, base.variety.clone(), white_space, merged)))
    }

    /// Derives a type by list: items of one type, separated by white space.
    ///
    /// # Errors
    ///
    /// The item type is a list or may be one (section 2.5.1.2).
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

    /// Derives a type by union: the first member type that accepts a text determines its value.
    ///
    /// # Errors
    ///
    /// There is no member, or unions are nested too deeply or have too many members in total.
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
        let variety = Variety::Union(Union::new(members, depth, weight));
        Ok(Arc::new(SimpleType::new(name, variety, WhiteSpace::Preserve, Facets::default())))
    }

    pub(super) fn new(name: Option<&str>, variety: Variety, white_space: WhiteSpace, facets: Facets) -> SimpleType {
        let needs_context = match &variety {
            Variety::Atomic(primitive) => primitive.needs_context(),
            Variety::List(item) => item.needs_context,
            Variety::Union(union) => union.members.iter().any(|member| member.needs_context),
        };
        let name = name.map(Box::from);
        let (is_plain, range) = (facets.is_empty(), WholeRange::of(&facets));
        let shortcut = Shortcut::General;
        let mut made = SimpleType { name, variety, white_space, facets, needs_context, is_plain, range, shortcut };
        made.shortcut = made.find_shortcut();
        made
    }

    /// Checks a text whose references are resolved and line endings normalised, before white-space normalisation.
    ///
    /// Takes time linear in the text. Allocates only if white space inside the text changes, if the values of an
    /// enumeration are not texts, for a pattern that counts its repetitions, for the first pattern match of a thread,
    /// and for a fault.
    ///
    /// # Errors
    ///
    /// The first rule that the text breaks, as data.
    pub fn check(&self, text: &str) -> Result<(), Fault> {
        self.check_in(text, &Alone)
    }

    /// Checks a text in its context, for types that [need it](SimpleType::needs_context).
    ///
    /// # Errors
    ///
    /// See [`SimpleType::check`].
    pub fn check_in(&self, text: &str, context: &dyn Context) -> Result<(), Fault> {
        match self.decide(text, context) {
            Some(true) => Ok(()),
            Some(false) | None => self.check_completely(text, context),
        }
    }

    /// Applies the rules one by one; `decide` must agree with this.
    pub(super) fn check_completely(&self, text: &str, context: &dyn Context) -> Result<(), Fault> {
        match &self.variety {
            Variety::Atomic(primitive) if primitive.takes_any_text() && self.facets.is_empty() => Ok(()),
            Variety::Atomic(primitive) => self.check_atomic(*primitive, &self.normalize(text), context),
            Variety::List(item) => self.check_list(item, &self.white_space.normalize(text), context),
            Variety::Union(union) => self.check_union(union, text, context),
        }
    }

    fn check_atomic(&self, primitive: Primitive, text: &str, context: &dyn Context) -> Result<(), Fault> {
        let value = primitive.parse_in(text, context)?;
        if let Some(enumeration) = &self.facets.enumeration {
            enumeration.check(&value.canonical(), || self.namespaces_in(text, context))?;
        }
        if self.facets.has_length()
            && let Some((length, unit)) = value.length()
        {
            self.facets.check_length(length, unit)?;
        }
        self.facets.check_value(&value)?;
        self.facets.check_patterns(text)
    }

    fn check_list(&self, item: &SimpleType, text: &str, context: &dyn Context) -> Result<(), Fault> {
        let mut length = 0;
        for (index, part) in items(text).enumerate() {
            item.check_in(part, context).map_err(|fault| Fault::Item { index, fault: Box::new(fault) })?;
            length += 1;
        }
        self.check_enumeration(text, context)?;
        self.facets.check_length(length, "items")?;
        self.facets.check_patterns(text)
    }

    fn check_union(&self, union: &Union, text: &str, context: &dyn Context) -> Result<(), Fault> {
        let Some(member) = union.member_of(text, context) else {
            let members = Arc::clone(&union.labels);
            return Err(Fault::NoMember { members, meant: union.meant(text, context).map(Box::new) });
        };
        self.check_enumeration(text, context)?;
        self.facets.check_patterns(&member.normalize_in(text, context))
    }

    /// For lists and unions, whose canonical spelling has to be assembled.
    fn check_enumeration(&self, text: &str, context: &dyn Context) -> Result<(), Fault> {
        match &self.facets.enumeration {
            Some(enumeration) => {
                let canonical = self.canonical_in(text, context).unwrap_or_default();
                enumeration.check(&canonical, || self.namespaces_in(text, context))
            }
            None => Ok(()),
        }
    }

    /// Whether two texts are the same value of this type (for `fixed`); an invalid text equals nothing.
    pub fn same_value(&self, one: &str, other: &str) -> bool {
        self.same_value_in((one, &Alone), (other, &Alone))
    }

    /// Whether values are names with a prefix, whose meaning depends on their place, even inside lists and unions.
    pub(crate) fn has_qualified_names(&self) -> bool {
        match &self.variety {
            Variety::Atomic(primitive) => matches!(primitive, Primitive::QName | Primitive::Notation),
            Variety::List(item) => item.has_qualified_names(),
            Variety::Union(union) => union.members.iter().any(|member| member.has_qualified_names()),
        }
    }

    /// Whether values are `xs:float` rather than `xs:double`.
    #[cfg(feature = "generate")]
    pub(crate) fn is_single_precision(&self) -> bool {
        matches!(self.variety, Variety::Atomic(Primitive::Float(Precision::Single)))
    }

    /// The least and the greatest value of a whole-number type, if both fit into 64 bits.
    pub(crate) fn whole_bounds(&self) -> Option<(i128, i128)> {
        let (first, last) = self.range.as_ref()?.bounds();
        let refuses = |text| self.check(text).is_err();
        let first = match first {
            i64::MIN if self.facets.lower.is_none() || !refuses("-9223372036854775809") => return None,
            _ => i128::from(first),
        };
        let last = match last {
            i64::MAX if self.facets.upper.is_none() || !refuses("18446744073709551616") => return None,
            i64::MAX if !refuses("9223372036854775808") => i128::from(u64::MAX),
            _ => i128::from(last),
        };
        Some((first, last))
    }

    /// Whether values are the texts themselves: equal if the normalised texts are.
    pub(crate) fn is_text(&self) -> bool {
        matches!(&self.variety, Variety::Atomic(primitive) if primitive.is_text())
    }

    /// [`same_value`](SimpleType::same_value) for texts in two places, each with its context.
    ///
    /// Texts that are values themselves are compared up to their first difference, without a copy; so are equal texts
    /// of a type that needs no context.
    pub fn same_value_in(&self, one: (&str, &dyn Context), other: (&str, &dyn Context)) -> bool {
        let is_lexical =
            |(text, context)| self.is_value_in(text, context) || self.canonical_in(text, context).is_some();
        if !self.needs_context && one.0 == other.0 {
            return is_lexical(one);
        }
        if self.is_text() {
            return self.white_space.are_same(one.0, other.0) && is_lexical(other);
        }
        let canonical = |(text, context)| self.canonical_in(text, context);
        canonical(other).is_some_and(|other| canonical(one) == Some(other))
    }

    /// A spelling that is the same for equal values of this type and different for others; `None` outside its lexical
    /// space.
    pub(crate) fn canonical_in<'a>(&self, text: &'a str, context: &dyn Context) -> Option<Cow<'a, str>> {
        match &self.variety {
            Variety::Atomic(primitive) => match self.normalize(text) {
                Cow::Borrowed(text) => primitive.parse_in(text, context).ok().map(|value| value.canonical()),
                Cow::Owned(text) => {
                    let value: Option<Value<'_>> = primitive.parse_in(&text, context).ok();
                    value.map(|value| Cow::Owned(value.canonical().into_owned()))
                }
            },
            Variety::List(item) => {
                // Neither an item, its canonical spelling nor the name of a family contains a space.
                let mut canonical = String::with_capacity(text.len());
                for part in items(text) {
                    canonical.push_str(&item.canonical_in(part, context)?);
                    canonical.push(' ');
                }
                Some(Cow::Owned(canonical))
            }
            Variety::Union(union) => {
                let member = union.member_of(text, context)?;
                let canonical = member.canonical_in(text, context)?;
                match &member.variety {
                    Variety::Atomic(primitive) => Some(Cow::Owned([primitive.family(), ":", &*canonical].concat())),
                    Variety::List(_) => Some(Cow::Owned(["list:", &*canonical].concat())),
                    // Tagged already.
                    Variety::Union(_) => Some(canonical),
                }
            }
        }
    }

    /// The white-space mode. That of a union depends on its members: `Preserve` here.
    pub fn white_space(&self) -> WhiteSpace {
        self.white_space
    }

    /// The text after white-space normalisation; borrows if it is unchanged or only trimmed.
    ///
    /// A union normalises as the member does that accepts the text, and not at all if no member does.
    pub fn normalize<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.normalize_in(text, &Alone)
    }

    fn normalize_in<'a>(&self, text: &'a str, context: &dyn Context) -> Cow<'a, str> {
        match &self.variety {
            // White space inside is outside the lexical space, collapsed or not, so there is no need to look for it.
            Variety::Atomic(primitive) if self.white_space == WhiteSpace::Collapse && !primitive.takes_blanks() => {
                Cow::Borrowed(trim(text))
            }
            Variety::Union(union) => match union.member_of(text, context) {
                Some(member) => member.normalize_in(text, context),
                None => Cow::Borrowed(text),
            },
            Variety::Atomic(_) | Variety::List(_) => self.white_space.normalize(text),
        }
    }

    /// Whether a value depends on its context ([`Context`]), or matters to other places in its document ([`Link`]),
    /// even inside lists and unions.
    pub fn needs_context(&self) -> bool {
        self.needs_context
    }

    /// Whether a value may be an ID or refer to one.
    pub(crate) fn has_links(&self) -> bool {
        match &self.variety {
            Variety::Atomic(primitive) => primitive.link().is_some(),
            Variety::List(item) => item.has_links(),
            Variety::Union(union) => union.members.iter().any(|member| member.has_links()),
        }
    }

    /// Reports the IDs in a text that is a value, and the references to IDs.
    pub fn links<'t>(&self, text: &'t str, context: &dyn Context, add: &mut dyn FnMut(Link, &'t str)) {
        if !self.needs_context {
            return;
        }
        match &self.variety {
            Variety::Atomic(primitive) => {
                if let Some(link) = primitive.link() {
                    add(link, trim(text));
                }
            }
            Variety::List(item) => items(text).for_each(|part| item.links(part, context, add)),
            Variety::Union(union) => {
                if let Some(member) = union.member_of(text, context) {
                    member.links(text, context, add);
                }
            }
        }
    }

    /// For a union, the member type that determines what a text is; `None` if no member accepts it.
    pub(crate) fn member_in(&self, text: &str, context: &dyn Context) -> Option<&SimpleType> {
        match &self.variety {
            Variety::Union(union) => union.member_of(text, context).map(|member| &**member),
            Variety::Atomic(_) | Variety::List(_) => None,
        }
    }

    /// Whether the spelling of a value matters, not just the value.
    pub(crate) fn has_patterns(&self) -> bool {
        !self.facets.patterns.is_empty()
    }

    /// Whether values are names with a namespace (QName, NOTATION).
    pub(crate) fn is_name(&self) -> bool {
        matches!(self.variety, Variety::Atomic(Primitive::QName | Primitive::Notation))
    }

    /// What a value is to a program.
    pub fn kind(&self) -> Kind {
        match &self.variety {
            Variety::Atomic(primitive) => primitive.kind(),
            Variety::List(_) => Kind::List,
            Variety::Union(_) => Kind::Union,
        }
    }

    /// The item type of a list.
    pub fn item(&self) -> Option<&Arc<SimpleType>> {
        match &self.variety {
            Variety::List(item) => Some(item),
            Variety::Atomic(_) | Variety::Union(_) => None,
        }
    }

    /// The member types of a union; for decoding, the first one whose `check` passes determines the kind.
    pub fn members(&self) -> &[Arc<SimpleType>] {
        match &self.variety {
            Variety::Union(union) => &union.members,
            Variety::Atomic(_) | Variety::List(_) => &[],
        }
    }

    /// Whether this is a union that contains the type, at any depth. A union with facets of its own does not count: a
    /// value of a member type need not satisfy them (XML Schema 1.1 says so in clause 2.2.4 of Type Derivation OK,
    /// Simple).
    pub(crate) fn has_member(&self, simple: &Arc<SimpleType>) -> bool {
        // Unions are nested at most `NESTING_LIMIT` deep.
        self.facets.is_empty()
            && self.members().iter().any(|member| Arc::ptr_eq(member, simple) || member.has_member(simple))
    }

    /// The check that the hot path makes before it resorts to `check`; never disagrees with it.
    pub fn shortcut(&self) -> Shortcut {
        self.shortcut.clone()
    }

    /// What is expected, in words for a diagnostic: "an integer", "an integer from 0 to 4294967295", "`ok` or
    /// `error`".
    pub fn describe(&self) -> String {
        describe::describe(self)
    }

    /// The name given to the type.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The values of an enumeration, if the type has one, in the schema's order, white space normalised.
    pub fn enumeration(&self) -> Option<Arc<[Box<str>]>> {
        self.facets.enumeration.as_ref().map(|enumeration| Arc::clone(&enumeration.values))
    }

    /// Whether this is NOTATION without an enumeration, which part 2, section 3.2.19, requires.
    pub(crate) fn lacks_notations(&self) -> bool {
        matches!(self.variety, Variety::Atomic(Primitive::Notation)) && self.facets.enumeration.is_none()
    }

    /// The names of the notations that a type derived from NOTATION enumerates, as [`canonical_name`] spells them.
    ///
    /// [`canonical_name`]: super::canonical_name
    pub(crate) fn enumerated_notations(&self) -> impl Iterator<Item = &str> {
        let enumeration = match self.variety {
            Variety::Atomic(Primitive::Notation) => self.facets.enumeration.as_ref(),
            _ => None,
        };
        enumeration.into_iter().flat_map(|enumeration| enumeration.canonical.iter()).map(|name| &**name)
    }

    /// Whether this is ID or derived from it.
    pub(crate) fn is_id(&self) -> bool {
        matches!(self.variety, Variety::Atomic(Primitive::Id))
    }

    /// How deep lists and unions are nested.
    fn depth(&self) -> u32 {
        match &self.variety {
            Variety::Atomic(_) => 0,
            Variety::List(item) => item.depth() + 1,
            Variety::Union(union) => union.depth,
        }
    }

    /// The most atomic types that one check may have to try.
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

    fn find_shortcut(&self) -> Shortcut {
        let Variety::Atomic(primitive) = &self.variety else { return Shortcut::General };
        match (primitive, &self.facets.enumeration) {
            (Primitive::Boolean, _) if self.facets.is_empty() => {
                Shortcut::OneOf(boolean::SPELLINGS.map(Box::from).into())
            }
            (Primitive::Integer | Primitive::Decimal, _) => self.shortcut_of_number(*primitive),
            _ if !primitive.is_text() => Shortcut::General,
            (_, Some(enumeration)) => self.shortcut_of_enumeration(enumeration),
            _ if !self.facets.is_empty() || !primitive.takes_any_text() => Shortcut::General,
            _ => match self.white_space {
                WhiteSpace::Preserve => Shortcut::Anything,
                WhiteSpace::Replace => Shortcut::General,
                WhiteSpace::Collapse => Shortcut::Collapsed,
            },
        }
    }

    fn shortcut_of_number(&self, primitive: Primitive) -> Shortcut {
        let facets = &self.facets;
        if facets.enumeration.is_some() || !facets.patterns.is_empty() {
            return Shortcut::General;
        }
        let is_unbounded = facets.lower.is_none() && facets.upper.is_none() && facets.total_digits.is_none();
        if primitive == Primitive::Integer && is_unbounded {
            return Shortcut::Integer;
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
            digits if digits > 0 && starts_at_zero => Shortcut::Digits(digits),
            _ => Shortcut::General,
        }
    }

    /// A short enumeration of texts decides alone: a listed value that breaks another facet is left out. In a long one,
    /// a lookup is faster than comparing value by value.
    fn shortcut_of_enumeration(&self, enumeration: &Enumeration) -> Shortcut {
        if enumeration.values.len() > SHORTCUT_VALUES {
            return Shortcut::General;
        }
        let values: Vec<Box<str>> =
            enumeration.values.iter().filter(|value| self.check(value).is_ok()).cloned().collect();
        // If white space is normalised, other spellings than the listed one are valid too.
        if self.white_space != WhiteSpace::Preserve && values.iter().any(|value| value.contains(' ')) {
            return Shortcut::General;
        }
        Shortcut::OneOf(values)
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
