//! IDs and references to them, in values and at the end of the document.

use std::ops::Range;

use crate::check::context::Around;
use crate::check::ids::{Broken, Default, Site};
use crate::check::machine::{Machine, Stop};
use crate::check::paths::{Located, locate};
use crate::check::sink::Sink;
use crate::compiled::TypeDefinition;
use crate::datatype::SimpleType;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::words::{self, Holder};
use crate::xml::tag_end;

/// An error whose places are still to be found.
struct Found {
    name: String,
    site: Site,
    /// Where the same ID was given first; `None`: the ID is unknown.
    first: Option<Site>,
}

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Records the IDs and references in a value of the open element or of one of its attributes.
    pub(super) fn link(&mut self, simple: &SimpleType, value: &str, place: Range<usize>, attribute: Option<&str>) {
        let place = match self.sink.trails() {
            true => self.remember_value(place, attribute),
            false => place.start,
        };
        let around = Around { schema: self.schema, scopes: &self.scopes };
        let ids = &mut self.scratch.ids;
        simple.links(value, &around, &mut |link, name| ids.add(link, name, place));
    }

    /// Checks cvc-id at the end of the document.
    pub(super) fn settle_ids(&mut self) -> Result<(), Stop> {
        if self.scratch.ids.is_empty() {
            return Ok(());
        }
        let (mut found, mut others) = (Vec::new(), 0);
        let most = self.limits.diagnostics;
        let mut ids = std::mem::take(&mut self.scratch.ids);
        let settled = ids.settle(self.schema, |broken| {
            if !self.sink.reports() {
                return Err(Stop);
            }
            if found.len() >= most {
                others += 1; // no more are kept
                return Ok(());
            }
            found.push(match broken {
                Broken::Duplicate { name, first, second } => {
                    Found { name: name.to_owned(), site: second, first: Some(first) }
                }
                Broken::Unknown { name, site } => Found { name: name.to_owned(), site, first: None },
            });
            Ok(())
        });
        // The end of the document may be read a second time to report its errors.
        ids.clear();
        self.scratch.ids = ids;
        settled?;
        if let Some(explanation) = self.sink.explanation() {
            explanation.count_errors(others);
        }
        if found.is_empty() { Ok(()) } else { self.report_ids(found) }
    }

    #[cold]
    fn report_ids(&mut self, found: Vec<Found>) -> Result<(), Stop> {
        let places = found.iter().flat_map(|found| std::iter::once(found.site).chain(found.first));
        let places: Vec<usize> = places.map(place_of).collect();
        let remembered = self.scratch.remembered.take();
        let located = match &remembered {
            None => locate(self.text, self.limits, &places),
            Some(remembered) => {
                let to_text = |range| self.pieces.range_to_text(range);
                let known = places.iter().filter_map(|place| Some((*place, remembered.located(*place, to_text)?)));
                known.collect()
            }
        };
        for Found { name, site, first } in found {
            let Some(place) = located.get(&place_of(site)) else { continue };
            let first = first.and_then(|first| Some(self.span_of(first, located.get(&place_of(first))?)));
            let attribute = self.attribute_of(site, place);
            let span = self.span_of(site, place);
            self.error(Some(place.tag.start), || {
                let holder = attribute.map_or(Holder::Element(place.element), Holder::Attribute);
                let words = match first {
                    Some(_) => words::duplicate_id(&name, holder),
                    None => words::unknown_id(&name, holder),
                };
                let mut diagnostic = Diagnostic::new(words, span, String::new());
                diagnostic.related = first.map(|first| (first, words::FIRST_ID.to_owned()));
                diagnostic
            })?;
        }
        drop(located);
        self.scratch.remembered = remembered;
        Ok(())
    }

    /// Remembers the open element of a document that is read in pieces.
    pub(super) fn remember_element(&mut self) {
        let tag = self.frame.tag;
        let tag = self.pieces.range_to_document(tag..tag_end(self.text, tag, self.limits));
        if let (Some(remembered), Some(explanation)) = (&mut self.scratch.remembered, self.sink.explanation()) {
            remembered.element(tag, &mut explanation.trail);
        }
    }

    /// Remembers a value of the open element, and returns its offset in the document.
    fn remember_value(&mut self, value: Range<usize>, attribute: Option<&str>) -> usize {
        self.remember_element();
        let value = self.pieces.range_to_document(value);
        let start = value.start;
        if let Some(remembered) = &mut self.scratch.remembered {
            remembered.value(value, attribute);
        }
        start
    }

    /// Records that the open element takes a default that holds IDs or references.
    pub(super) fn link_default(&mut self, default: Default) {
        let mut tag = self.frame.tag;
        if self.sink.trails() {
            self.remember_element();
            tag = self.pieces.to_document(tag);
        }
        self.scratch.ids.add_default(default, tag);
    }

    /// The bytes of a value with IDs; for a default, those of the tag or the element that takes it.
    fn span_of(&self, site: Site, located: &Located<'_>) -> Range<usize> {
        match site {
            Site::Value(_) => located.value.clone(),
            Site::Default(_, Default::Attribute(..)) => located.tag.clone(),
            Site::Default(_, Default::Element(..)) => located.whole.clone(),
        }
    }

    /// The attribute that holds a value with IDs, if an attribute does.
    fn attribute_of<'n>(&self, site: Site, located: &Located<'n>) -> Option<&'n str>
    where
        's: 'n,
        'a: 'n,
    {
        match site {
            Site::Value(_) => located.attribute,
            Site::Default(_, Default::Element(..)) => None,
            Site::Default(_, Default::Attribute(type_id, number)) => match &self.schema.types[type_id.index()] {
                TypeDefinition::Complex(complex) => {
                    complex.attributes.get(number).map(|declared| self.schema.names.local(declared.name))
                }
                TypeDefinition::Simple(_) => None,
            },
        }
    }
}

fn place_of(site: Site) -> usize {
    match site {
        Site::Value(place) | Site::Default(place, _) => place,
    }
}
