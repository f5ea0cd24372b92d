//! IDs and references to them, collected on the way and settled at the end of the document (XML Schema part 1,
//! section 3.15.4, cvc-id).
//!
//! What the document says is copied to one text, never longer than the document. Of what defaults say only the
//! declaration is kept, and that once: however many elements have a default, it is one reference. At the end the IDs
//! are sorted, which brings equal ones together, and each reference is looked for among them.

use std::collections::HashSet;

use super::Stop;
use crate::compiled::{Compiled, ElementId, TypeDefinition, TypeId, ValueConstraint};
use crate::datatype::{Link, SimpleType};

/// A default that refers to an ID, and was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Default {
    /// Of an attribute, by its number among those of its type.
    Attribute(TypeId, usize),
    /// Of an element, with the type that it had.
    Element(ElementId, TypeId),
}

/// Bytes of names for which memory is kept from one document to the next.
const KEPT: usize = 1 << 18;

/// Where a name stands in the collected text.
type Place = (u32, u32);

#[derive(Debug, std::default::Default)]
pub(super) struct Ids {
    text: String,
    ids: Vec<Place>,
    references: Vec<Place>,
    defaults: HashSet<Default>,
}

impl Ids {
    /// Forgets the document, and the memory where that is much.
    #[cold]
    pub(super) fn clear(&mut self) {
        if self.text.capacity() > KEPT {
            *self = Ids::default();
            return;
        }
        self.text.clear();
        self.ids.clear();
        self.references.clear();
        self.defaults.clear();
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        // No name is empty.
        self.text.is_empty() && self.defaults.is_empty()
    }

    /// A name in the document.
    pub(super) fn add(&mut self, link: Link, name: &str) {
        // Documents are shorter than 4 GiB, and so are the names in them together.
        let start = self.text.len() as u32;
        self.text.push_str(name);
        let place = (start, self.text.len() as u32);
        match link {
            Link::Id => self.ids.push(place),
            Link::Reference => self.references.push(place),
        }
    }

    /// A default that stands for what the document does not say.
    pub(super) fn add_default(&mut self, default: Default) {
        self.defaults.insert(default);
    }

    /// cvc-id: no two elements have the same ID, and each reference is to one that is there.
    ///
    /// # Errors
    ///
    /// Two equal IDs, also of one element, and a reference to none. Where a default may give an ID the complete way
    /// decides.
    pub(super) fn settle(&mut self, schema: &Compiled) -> Result<(), Stop> {
        let Ids { text, ids, references, defaults } = self;
        let name = |(start, end): Place| text.get(start as usize..end as usize).unwrap_or_default();
        ids.sort_unstable_by(|one, other| name(*one).cmp(name(*other)));
        if ids.windows(2).any(|pair| name(pair[0]) == name(pair[1])) {
            return Err(Stop::Refused);
        }
        let is_known = |reference: &str| ids.binary_search_by(|id| name(*id).cmp(reference)).is_ok();
        if !references.iter().all(|reference| is_known(name(*reference))) {
            return Err(Stop::Refused);
        }
        for default in defaults.iter() {
            let (value, simple) = default.value(schema).ok_or(Stop::Unsure)?;
            let mut verdict = Ok(());
            simple.links(&value.value, &value.bindings, &mut |link, name| match link {
                Link::Reference if is_known(name) => {}
                Link::Reference => verdict = Err(Stop::Refused),
                // Of one element or of many: the complete way counts them.
                Link::Id => verdict = verdict.and(Err(Stop::Unsure)),
            });
            verdict?;
        }
        Ok(())
    }
}

impl Default {
    fn value(self, schema: &Compiled) -> Option<(&ValueConstraint, &SimpleType)> {
        match self {
            Default::Attribute(type_id, index) => match schema.types.get(type_id.index())? {
                TypeDefinition::Complex(complex) => {
                    let attribute = complex.attributes.get(index)?;
                    Some((attribute.value.as_ref()?, &attribute.simple))
                }
                TypeDefinition::Simple(_) => None,
            },
            Default::Element(element, type_id) => {
                let value = schema.elements.get(element.index())?.value.as_ref()?;
                Some((value, schema.simple_content(type_id)?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_memory_is_kept() {
        let mut ids = Ids::default();
        ids.add(Link::Id, "a");
        ids.clear();
        assert!(ids.is_empty() && ids.text.capacity() > 0);
        ids.add(Link::Reference, &"a".repeat(KEPT + 1));
        ids.clear();
        assert!(ids.is_empty() && ids.text.capacity() == 0);
    }
}
