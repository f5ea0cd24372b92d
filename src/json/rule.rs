//! Rules for an object beyond the types of its members, on which the sources of its documentation disagree. The object
//! stays valid, and a warning gives both sides, like Schematron warnings in XML.

use std::borrow::Cow;
use std::ops::Range;

use super::text;

/// A rule that an object may break.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The member that it concerns.
    pub(crate) member: &'static str,
    pub(crate) breach: Breach,
    /// What is expected, what was found, and what both sides say.
    pub(crate) message: &'static str,
    /// The page.
    pub(crate) see: &'static str,
}

/// When a rule warns.
#[derive(Debug)]
pub(crate) enum Breach {
    /// The member is a text with fewer or more characters.
    Length(usize, usize),
    /// The member is a text other than these.
    Unlisted(&'static [&'static str]),
    /// The member is a number.
    Number,
    /// The member is absent, although another has this text.
    MissingWhere(&'static str, &'static str),
    /// The member is present, although another is a number below this one.
    ThereBelow(&'static str, i64),
}

/// The value of a member, as far as rules need it.
#[derive(Debug, Clone)]
pub(crate) enum Fact<'v> {
    Text(Cow<'v, str>),
    /// A number, and its integer value if it has one.
    Number(Option<i64>),
    /// A number whose original digits are no longer known.
    Rounded,
    /// Neither `null`, which counts as absent.
    Other,
}

/// The members of an object that its rules need, with the places of their values.
#[derive(Debug, Default)]
pub(super) struct Facts(Vec<(&'static str, Fact<'static>, Range<usize>)>);

impl Rule {
    /// Whether the rule needs a member.
    pub(super) fn asks_for(&self, name: &str) -> bool {
        self.member == name || self.other() == Some(name)
    }

    /// Whether the rule warns, and where the member's value is, if present.
    pub(super) fn breach(&self, facts: &Facts) -> Option<Option<Range<usize>>> {
        let own = facts.get(self.member);
        let other = self.other().and_then(|other| facts.get(other));
        let is_broken = self.may_be_broken(own.map(|(fact, _)| fact), other.map(|(fact, _)| fact));
        is_broken.then(|| own.map(|(_, span)| span.clone()))
    }

    /// Whether the rule warns about an object with these members; if a number was rounded, it only may.
    #[inline]
    pub(crate) fn may_warn<'v>(&self, fact: impl Fn(&str) -> Option<Fact<'v>>) -> bool {
        self.may_be_broken(fact(self.member).as_ref(), self.other().and_then(fact).as_ref())
    }

    fn may_be_broken(&self, own: Option<&Fact<'_>>, other: Option<&Fact<'_>>) -> bool {
        match (&self.breach, own) {
            (Breach::Length(least, most), Some(Fact::Text(text))) => !text::fits(text, *least, *most),
            (Breach::Unlisted(values), Some(Fact::Text(text))) => !text.is_empty() && !values.contains(&&**text),
            (Breach::Number, Some(Fact::Number(_) | Fact::Rounded)) => true,
            (Breach::MissingWhere(_, value), None) => matches!(other, Some(Fact::Text(text)) if text == value),
            (Breach::ThereBelow(_, bound), Some(_)) => match other {
                Some(Fact::Number(number)) => number.is_some_and(|number| number < *bound),
                Some(Fact::Rounded) => true,
                _ => false,
            },
            _ => false,
        }
    }

    /// The other member that the rule needs.
    fn other(&self) -> Option<&'static str> {
        match self.breach {
            Breach::MissingWhere(other, _) | Breach::ThereBelow(other, _) => Some(other),
            Breach::Length(..) | Breach::Unlisted(_) | Breach::Number => None,
        }
    }
}

impl Facts {
    pub(super) fn add(&mut self, name: &'static str, fact: Fact<'static>, span: Range<usize>) {
        self.0.push((name, fact, span));
    }

    fn get(&self, name: &str) -> Option<(&Fact<'static>, &Range<usize>)> {
        self.0.iter().find(|(known, ..)| *known == name).map(|(_, fact, span)| (fact, span))
    }
}
