//! The member types of a union (XML Schema part 2, sections 2.5.1.3 and 4.1.2.3).

use std::sync::{Arc, OnceLock};

use super::pattern::Pattern;
use super::simple_type::{SimpleType, Variety};
use super::{Context, Fault, describe, has_local_parts_of};
use crate::text::white_space::has_white_space;

/// From this many members with nothing but a pattern, their patterns are worth an automaton of their own.
const MANY: usize = 8;

/// The most members of qualified names that are searched for the one that was meant.
const MOST_MEANT: usize = 16;

/// The members of a union.
#[derive(Debug, Clone)]
pub(super) struct Union {
    pub(super) members: Arc<[Arc<SimpleType>]>,
    /// What each member is called in a fault.
    pub(super) labels: Arc<[Box<str>]>,
    pub(super) depth: u32,
    pub(super) weight: u32,
    /// The patterns of all members that have nothing else, once a text has needed them, so that a text is not matched
    /// with thousands of them one by one. `None` if they are few, or too large together.
    patterns: Arc<OnceLock<Option<Pattern>>>,
}

impl Union {
    pub(super) fn new(members: &[Arc<SimpleType>], depth: u32, weight: u32) -> Union {
        let labels = members.iter().map(|member| describe::label(member).into_boxed_str()).collect();
        Union { members: members.into(), labels, depth, weight, patterns: Arc::default() }
    }

    /// The member type that decides: the first one that accepts the text (section 2.5.1.3).
    pub(super) fn member_of(&self, text: &str, context: &dyn Context) -> Option<&Arc<SimpleType>> {
        let is_possible = self.is_possible(text);
        let mut members = self.members.iter().filter(|member| is_possible || pattern_of(member).is_none());
        members.find(|member| member.is_value_in(text, context))
    }

    /// For a text that no member accepts: its fault as qualified names that a member lists with the same local parts.
    pub(super) fn meant(&self, text: &str, context: &dyn Context) -> Option<Fault> {
        let members = self.members.iter().filter(|member| member.needs_context()).take(MOST_MEANT);
        members.filter_map(|member| member.check_in(text, context).err()).find_map(|fault| match fault {
            Fault::NameNotEnumerated { ref values, .. } => {
                values.iter().any(|value| has_local_parts_of(value, text)).then_some(fault)
            }
            Fault::NoMember { meant, .. } => meant.map(|fault| *fault),
            _ => None,
        })
    }

    /// Whether any member accepts the text.
    pub(super) fn takes(&self, text: &str, context: &dyn Context) -> bool {
        let certain = self.patterns_for(text).is_some_and(|patterns| patterns.matches(text));
        certain || self.member_of(text, context).is_some()
    }

    /// Whether one of the members with only a pattern may accept the text.
    fn is_possible(&self, text: &str) -> bool {
        self.patterns_for(text).is_none_or(|patterns| patterns.matches(text))
    }

    /// The patterns of those members, if they can decide a text: without white space it is the same for each of them.
    fn patterns_for(&self, text: &str) -> Option<&Pattern> {
        if self.members.len() < MANY || has_white_space(text) {
            return None;
        }
        let patterns = self.patterns.get_or_init(|| {
            let patterns: Vec<&Pattern> = self.members.iter().filter_map(|member| pattern_of(member)).collect();
            if patterns.len() < MANY { None } else { Pattern::any_of(&patterns) }
        });
        patterns.as_ref()
    }
}

/// The pattern of a text type that has nothing else.
fn pattern_of(simple: &SimpleType) -> Option<&Pattern> {
    match &simple.variety {
        Variety::Atomic(primitive) if primitive.takes_any_text() => simple.facets.only_pattern(),
        Variety::Atomic(_) | Variety::List(_) | Variety::Union(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Alone, Facet};
    use super::*;

    fn pattern(pattern: &str) -> Arc<SimpleType> {
        let token = SimpleType::built_in("token").expect("a built-in type");
        SimpleType::restrict(&token, None, &[Facet::Pattern(vec![pattern.to_owned()])]).expect("a type")
    }

    proptest! {
        /// The patterns together give the same verdict as the members one by one.
        #[test]
        fn patterns_together_are_those_of_the_members(
            patterns in prop::collection::vec("[ab]{1,2}[+*]?c?", 1..20),
            text in "[ab]{0,3}c?[ ]?",
        ) {
            let mut members: Vec<Arc<SimpleType>> = patterns.iter().map(|one| pattern(one)).collect();
            members.insert(members.len() / 2, SimpleType::built_in("integer").expect("a built-in type"));
            let union = Union::new(&members, 1, members.len() as u32);
            let first = members.iter().position(|member| member.check(&text).is_ok());
            prop_assert_eq!(union.takes(&text, &Alone), first.is_some());
            let member = union.member_of(&text, &Alone);
            let place = member.and_then(|member| union.members.iter().position(|other| Arc::ptr_eq(other, member)));
            prop_assert_eq!(place, first);
        }
    }
}
