//! Rules of an object beyond the types of its members: what the sources of its documentation judge differently. The
//! object stays valid; a warning names both sides, as those of Schematron do in XML.

use std::ops::Range;

use super::text;

/// What an object is warned of.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The member that it is about.
    pub(crate) member: &'static str,
    pub(crate) breach: Breach,
    /// What is expected, what was found, and what both sides say.
    pub(crate) message: &'static str,
    /// The page.
    pub(crate) see: &'static str,
}

/// When it warns.
#[derive(Debug)]
pub(crate) enum Breach {
    /// The member is a text of fewer or more characters.
    Length(usize, usize),
    /// The member is another text than these.
    Unlisted(&'static [&'static str]),
    /// The member is a number.
    Number,
    /// The member is not there, where another is this text.
    MissingWhere(&'static str, &'static str),
    /// The member is there, where another is a number below this one.
    ThereBelow(&'static str, i64),
}

/// A value of a member, as far as rules ask for it.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    Text(String),
    Number(String),
    /// Neither `null`, which is as if it were absent.
    Other,
}

/// The members of an object that its rules ask for, with the places of their values.
#[derive(Debug, Default)]
pub(super) struct Facts(Vec<(&'static str, Fact, Range<usize>)>);

impl Rule {
    /// Whether it asks for a member.
    pub(super) fn asks_for(&self, name: &str) -> bool {
        let other = match self.breach {
            Breach::MissingWhere(other, _) | Breach::ThereBelow(other, _) => Some(other),
            Breach::Length(..) | Breach::Unlisted(_) | Breach::Number => None,
        };
        self.member == name || other == Some(name)
    }

    /// Whether it warns, and where the member's value is, if it is there.
    pub(super) fn breach(&self, facts: &Facts) -> Option<Option<Range<usize>>> {
        let own = facts.get(self.member);
        let is_broken = match (&self.breach, own.map(|(fact, _)| fact)) {
            (Breach::Length(least, most), Some(Fact::Text(text))) => !text::fits(text, *least, *most),
            (Breach::Unlisted(values), Some(Fact::Text(text))) => !text.is_empty() && !values.contains(&&**text),
            (Breach::Number, Some(Fact::Number(_))) => true,
            (Breach::MissingWhere(other, value), None) => {
                matches!(facts.get(other), Some((Fact::Text(text), _)) if text == value)
            }
            (Breach::ThereBelow(other, bound), Some(_)) => matches!(facts.get(other),
                Some((Fact::Number(number), _)) if super::spelling::integer(number).is_some_and(|number| number < *bound)),
            _ => false,
        };
        is_broken.then(|| own.map(|(_, span)| span.clone()))
    }
}

impl Facts {
    pub(super) fn add(&mut self, name: &'static str, fact: Fact, span: Range<usize>) {
        self.0.push((name, fact, span));
    }

    fn get(&self, name: &str) -> Option<(&Fact, &Range<usize>)> {
        self.0.iter().find(|(known, ..)| *known == name).map(|(_, fact, span)| (fact, span))
    }
}
