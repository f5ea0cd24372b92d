//! Substitution groups in a schema (part 1, section 3.3.6): their members, and their effect on content models.

use std::ops::Range;
use std::rc::Rc;

use super::wildcard::overlap;
use super::{Compiler, index_of};
use crate::compiled::{ElementId, Leaf, Methods, NameId, NamespaceId, Substitutions, Types, is_substitutable};
use crate::diagnostic::Code;
use crate::xsd::fault::{Failure, Result, fault};
use crate::xsd::model::{self, Reference};

impl Compiler<'_> {
    /// Declares the global elements and their substitution groups.
    pub(super) fn add_global_elements(&mut self) {
        for (index, (name, element)) in self.components.elements.iter().enumerate() {
            let id = self.declare_element(element, self.any_type);
            debug_assert_eq!(id.index(), index);
            self.roots.insert(name, id);
        }
        let heads = self.heads();
        let substitutions = Substitutions::new(&heads).or_else(|lost| self.circular_group(lost));
        self.substitutions = self.faults.or_note(substitutions).unwrap_or_default();
        self.add_own_types(&heads);
        self.add_types_of_heads();
    }

    /// The head named by each global element.
    fn heads(&self) -> Vec<Option<ElementId>> {
        let head = |head: Reference| match self.roots.get(&head.name) {
            Some(head) => Ok(*head),
            None => self.unresolved("element", head, ""),
        };
        let elements = self.components.elements.iter();
        elements.map(|(_, element)| self.faults.or_note(head(element.substitution_group?))).collect()
    }

    /// Adds the types that global elements specify themselves, and a broken type for those that would take it from a
    /// missing head.
    fn add_own_types(&mut self, heads: &[Option<ElementId>]) {
        for ((index, (_, element)), head) in self.components.elements.iter().enumerate().zip(heads) {
            let type_id = match &element.type_use {
                Some(type_use) => self.type_id(type_use),
                None if element.substitution_group.is_some() && head.is_none() => Err(Failure::Reported),
                None => continue,
            };
            let type_id = self.faults.or_note(type_id).unwrap_or_else(|| self.add_broken_type());
            if let Some(declaration) = self.elements.get_mut(index) {
                declaration.type_id = type_id;
            }
        }
    }

    /// Section 3.3.2: an element without a type has that of its head. Heads come before their members.
    fn add_types_of_heads(&mut self) {
        for member in self.substitutions.elements() {
            let has_type =
                self.components.elements.at(member.index()).is_some_and(|element| element.type_use.is_some());
            let head = self.substitutions.heads_of(*member).next().filter(|_| !has_type);
            let Some(type_id) = head.and_then(|head| self.elements.get(head.index())).map(|head| head.type_id) else {
                continue;
            };
            if let Some(declaration) = self.elements.get_mut(member.index()) {
                declaration.type_id = type_id;
            }
        }
    }

    /// Element Declaration Properties Correct, clause 6.
    fn circular_group<T>(&self, lost: ElementId) -> Result<T> {
        let element = self.components.elements.at(lost.index());
        let head = element.and_then(|element| element.substitution_group);
        let place = head.map(|head| head.place).or(element.map(|element| element.place)).unwrap_or_default();
        let name = element.map_or("", |element| self.names.local(element.name));
        fault(Code::EPropsCorrect, place, format!("the substitution group of `{name}` leads back to itself"))
    }

    /// Element Declaration Properties Correct, clause 4: the type of a member is derived from that of its head, without
    /// the methods that the head excludes.
    pub(super) fn check_substitution_groups(&self) {
        for (_, element) in self.components.elements.iter() {
            self.faults.or_note(self.check_member(element));
        }
    }

    fn check_member(&self, element: &model::Element) -> Result<()> {
        let Some(reference) = element.substitution_group else { return Ok(()) };
        let declared = |name: NameId| self.elements.get(self.roots.get(&name)?.index());
        let Some((member, head)) = declared(element.name).zip(declared(reference.name)) else { return Ok(()) };
        if self.is_broken(member.type_id) || self.is_broken(head.type_id) {
            return Ok(());
        }
        let finals = self.components.elements.get(reference.name).map_or(Methods::NONE, |head| head.finals);
        let (own, local) = (self.type_words(member.type_id), self.names.local(reference.name));
        match self.derivation(member.type_id, head.type_id) {
            None => {
                let of_head = self.type_words(head.type_id);
                let message =
                    format!("expected a type derived from {of_head}, that of the head `{local}`, found {own}");
                fault(Code::EPropsCorrect, element.place, message)
            }
            Some(path) if path.methods.intersects(finals) => {
                let how = match path.methods.common(finals).contains(Methods::EXTENSION) {
                    true => "extension",
                    false => "restriction",
                };
                let message = format!("`{local}` is final: {own} is derived from its type by {how}");
                fault(Code::EPropsCorrect, element.place, message)
            }
            Some(_) => Ok(()),
        }
    }

    /// The numbers of the elements that a leaf matches: the spans of two leaves are disjoint, or one contains the
    /// other.
    pub(super) fn span_of(&self, leaf: &Leaf) -> Option<Range<u32>> {
        let Leaf::Element(element) = leaf else { return None };
        if self.substitutions.is_head(*element) {
            return self.substitutions.span(*element);
        }
        let name = self.elements.get(element.index())?.name;
        let has_groups = !self.substitutions.elements().is_empty();
        let global = if has_groups { self.roots.get(&name) } else { None };
        let global = global.and_then(|global| self.substitutions.span(*global));
        // Names that are not in a group are numbered after those of the groups.
        let number = match global {
            Some(span) => span.start,
            None => index_of(self.substitutions.elements().len()).saturating_add(name.0),
        };
        Some(number..number.saturating_add(1))
    }

    /// Whether a child could be either of two leaves (section 3.8.6, Unique Particle Attribution).
    pub(super) fn leaves_overlap(&self, one: &Leaf, other: &Leaf) -> bool {
        match (one, other) {
            (Leaf::Wildcard(one), Leaf::Wildcard(other)) => overlap(&one.namespaces, &other.namespaces),
            (Leaf::Wildcard(wildcard), Leaf::Element(element)) | (Leaf::Element(element), Leaf::Wildcard(wildcard)) => {
                self.namespaces_of(*element).iter().any(|namespace| wildcard.namespaces.allows(Some(*namespace)))
            }
            (Leaf::Element(one), Leaf::Element(other)) => {
                one == other || self.is_named_as_member(*one, *other) || self.is_named_as_member(*other, *one)
            }
        }
    }

    /// Whether an element has the name of a member of another's substitution group.
    fn is_named_as_member(&self, element: ElementId, head: ElementId) -> bool {
        let declaration = |id: ElementId| self.elements.get(id.index());
        let Some((element, of_head)) = declaration(element).zip(declaration(head)) else { return false };
        if element.name == of_head.name {
            return true;
        }
        let Some(member) = self.roots.get(&element.name).filter(|member| self.substitutions.is_below(**member, head))
        else {
            return false;
        };
        declaration(*member).is_some_and(|member| is_substitutable(self, member, of_head, of_head.block))
    }

    /// Whether an element is in another's substitution group: below it, not abstract, and not blocked. (Section 3.3.6
    /// makes it subject to an empty blocking constraint; the test suite, elemZ028a, to that of the head.)
    pub(super) fn is_in_group(&self, member: ElementId, head: ElementId) -> bool {
        let declaration = |id: ElementId| self.elements.get(id.index());
        let Some((one, of_head)) = declaration(member).zip(declaration(head)) else { return false };
        self.substitutions.is_below(member, head)
            && !one.is_abstract
            && (member == head || is_substitutable(self, one, of_head, of_head.block))
    }

    /// The elements of a substitution group.
    pub(super) fn group_of(&self, head: ElementId) -> impl Iterator<Item = ElementId> {
        let below = self.substitutions.potential(head).iter().skip(1).copied();
        std::iter::once(head).chain(below).filter(move |member| self.is_in_group(*member, head))
    }

    /// The namespaces of an element and of those in its substitution group, without duplicates.
    pub(super) fn namespaces_of(&self, element: ElementId) -> Rc<[NamespaceId]> {
        if let Some(known) = self.group_namespaces.borrow().get(&element) {
            return Rc::clone(known);
        }
        let namespace = |id: ElementId| self.elements.get(id.index()).map(|one| self.names.namespace_id(one.name));
        let mut namespaces: Vec<NamespaceId> =
            std::iter::once(element).chain(self.group_of(element)).filter_map(namespace).collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        let namespaces: Rc<[NamespaceId]> = namespaces.into();
        self.group_namespaces.borrow_mut().insert(element, Rc::clone(&namespaces));
        namespaces
    }
}
