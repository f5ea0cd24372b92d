//! IDs and references to them, for the complete path (XSD part 1, section 3.15.4, cvc-id).

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use crate::compiled::ValueConstraint;
use crate::datatype::{Context, Link, SimpleType};
use crate::diagnostic::words::{self, Holder};
use crate::diagnostic::{Diagnostic, Severity};

use super::Walker;

/// What was met so far.
#[derive(std::default::Default)]
pub(super) struct Ids<'s, 'a> {
    /// Where each ID is given first.
    known: HashMap<String, Range<usize>>,
    references: Vec<Reference<'s, 'a>>,
    /// Defaults that were taken, each with the first ID in it.
    defaults: HashMap<*const ValueConstraint, Option<&'s str>>,
    /// Something was passed over that may have held an ID: then a reference to none may be right.
    pub(super) is_partial: bool,
}

/// A reference that waits for the end of the document.
struct Reference<'s, 'a> {
    to: Target<'s>,
    span: Range<usize>,
    site: Site<'s, 'a>,
}

/// What a reference refers to.
enum Target<'s> {
    /// The name in the document.
    Written(String),
    /// What a default says, never copied, however many elements have it.
    Default(Default<'s>),
}

/// A default that was taken, and the type that it is of.
#[derive(Clone, Copy)]
struct Default<'s> {
    simple: &'s SimpleType,
    value: &'s ValueConstraint,
}

impl<'s> Default<'s> {
    fn links(self) -> Vec<(Link, &'s str)> {
        let mut links = Vec::new();
        self.simple.links(&self.value.value, &self.value.bindings, &mut |link, name| links.push((link, name)));
        links
    }
}

/// Where a value that links stands.
#[derive(Clone, Copy)]
pub(super) struct Site<'s, 'a> {
    /// Where the start tag of its element begins.
    pub(super) tag: usize,
    /// The attribute that holds it.
    pub(super) attribute: Option<Name<'s, 'a>>,
    pub(super) element: &'a str,
}

/// The name of an attribute: of the document, or of the schema where it has a default.
#[derive(Clone, Copy)]
pub(super) enum Name<'s, 'a> {
    Written(&'a str),
    Declared(&'s str),
}

impl Site<'_, '_> {
    fn holder(&self) -> Holder<'_> {
        match self.attribute {
            Some(Name::Written(name) | Name::Declared(name)) => Holder::Attribute(name),
            None => Holder::Element(self.element),
        }
    }
}

impl<'s, 'a> Walker<'s, 'a> {
    /// Takes in the IDs and references of a value in the document.
    pub(super) fn link(
        &mut self,
        simple: &SimpleType,
        value: &str,
        context: &dyn Context,
        span: Range<usize>,
        site: Site<'s, 'a>,
    ) {
        let mut links = Vec::new();
        simple.links(value, context, &mut |link, name| links.push((link, name.to_owned())));
        for (link, name) in links {
            match link {
                Link::Id => self.take_id(name, &span, site),
                Link::Reference => {
                    self.ids.references.push(Reference { to: Target::Written(name), span: span.clone(), site });
                }
            }
        }
    }

    /// The same for a default. The IDs in it are taken once; where it is taken again, the first of them tells for all.
    pub(super) fn link_default(
        &mut self,
        simple: &'s SimpleType,
        value: &'s ValueConstraint,
        span: Range<usize>,
        site: Site<'s, 'a>,
    ) {
        let default = Default { simple, value };
        let ids = match self.ids.defaults.entry(std::ptr::from_ref(value)) {
            Entry::Occupied(known) => known.get().iter().copied().collect(),
            Entry::Vacant(new) => {
                let links = default.links().into_iter();
                let ids: Vec<_> = links.filter(|(link, _)| *link == Link::Id).map(|(_, name)| name).collect();
                new.insert(ids.first().copied());
                ids
            }
        };
        for id in ids {
            self.take_id(id.to_owned(), &span, site);
        }
        self.ids.references.push(Reference { to: Target::Default(default), span, site });
    }

    /// cvc-id.2. By the letter of section 3.15.5 two children of one element may share an ID, which is that element's;
    /// the test suite and all other processors refuse it.
    fn take_id(&mut self, name: String, span: &Range<usize>, site: Site<'s, 'a>) {
        match self.ids.known.entry(name) {
            Entry::Vacant(vacant) => {
                vacant.insert(span.clone());
            }
            Entry::Occupied(known) => {
                let (trail, first) = (&self.trail, known.get().clone());
                self.findings.add(Severity::Error, || {
                    let words = words::duplicate_id(known.key(), site.holder());
                    let mut diagnostic = Diagnostic::new(words, span.clone(), trail.path());
                    diagnostic.related = Some((first, words::FIRST_ID.to_owned()));
                    diagnostic
                });
            }
        }
    }

    /// cvc-id.1, at the end of the document: each reference is to an ID that is there. Where an element was passed
    /// over, nothing is said: what it held is not known.
    pub(super) fn report_unknown_ids(&mut self, mut paths: impl FnMut(&[usize]) -> Vec<String>) {
        let ids = std::mem::take(&mut self.ids);
        if ids.is_partial {
            return;
        }
        let mut defaults: HashMap<*const ValueConstraint, Option<&str>> = HashMap::new();
        let unknown_in = |reference: &Reference<'s, 'a>| match &reference.to {
            Target::Written(name) => (!ids.known.contains_key(name)).then(|| Cow::Owned(name.clone())),
            Target::Default(default) => {
                let unknown = defaults.entry(std::ptr::from_ref(default.value)).or_insert_with(|| {
                    let mut links = default.links().into_iter();
                    links.find(|(link, name)| *link == Link::Reference && !ids.known.contains_key(*name)).map(|it| it.1)
                });
                unknown.map(Cow::Borrowed)
            }
        };
        let names: Vec<_> = ids.references.iter().map(unknown_in).collect();
        let unknown: Vec<_> =
            ids.references.iter().zip(names).filter_map(|(reference, name)| Some((reference, name?))).collect();
        if unknown.is_empty() {
            return;
        }
        let tags: Vec<usize> = unknown.iter().map(|(reference, _)| reference.site.tag).collect();
        let paths = paths(&tags);
        for (index, (reference, name)) in unknown.into_iter().enumerate() {
            self.findings.add(Severity::Error, || {
                let words = words::unknown_id(&name, reference.site.holder());
                let path = paths.get(index).cloned().unwrap_or_default();
                Diagnostic::new(words, reference.span.clone(), path)
            });
        }
    }
}
