//! A child that is not allowed where it is: finds what it was meant to be, and reports it.

use super::place::{Child, Placed};
use super::sibling::next_sibling;
use crate::automaton::{LeafId, StateId};
use crate::check::explanation::Explanation;
use crate::check::frame::{Details, Marks};
use crate::check::machine::{FOREIGN, MOST_BOUND, Machine, Stop};
use crate::check::search::{Conflict, Known, Lack, Pending, Placement, Position, Search};
use crate::check::sink::Sink;
use crate::compiled::{Compiled, ElementId, Leaf, Model, NameId, NamespaceId, StandIn};
use crate::diagnostic::words::{self, Misnamed, Name};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::name::skip_ncname;
use crate::text::nearest::{Letters, Meant};
use crate::xml::tag_end;

/// A nearly right name is compared with at most this many of the elements that may stand for another.
const NEAR: usize = 64;

/// The label of the second place of an error of order.
const COMES_FIRST: &str = "it must come before this";

/// The content of the open element, at a child that is not allowed in it.
struct Here<'s> {
    model: &'s Model,
    position: Position,
}

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Handles a root element that the schema does not declare.
    #[cold]
    pub(super) fn misplace_root(&mut self, child: &Child<'a>) -> Result<Placed, Stop> {
        let schema = self.schema;
        let Some(explanation) = self.explanation() else { return Err(Stop) };
        let names = &schema.root_names;
        let candidates = names.iter().map(|name| schema.names.candidate(*name));
        let nearest = explanation.suggestions.meant(child.local, candidates);
        let meant = nearest.and_then(|nearest| schema.roots.get(names.get(nearest.index)?)).copied();
        if let (false, Some(meant)) = (child.is_bound, meant) {
            return Ok(Placed::element(meant)); // the prefix was reported
        }
        match meant {
            Some(meant) if schema.local_name(meant) == child.local => self.forgive(child, meant, true)?,
            meant => {
                let named = meant.map(|meant| schema.element_name(meant)).zip(nearest);
                let namespace = self.namespace_text(child);
                let declared = names.iter().map(|name| schema.name(*name));
                self.report_child(child, || {
                    words::unexpected_root(
                        child.name_in(&namespace),
                        declared,
                        |name| schema.has_root_like(name),
                        named,
                    )
                })?;
            }
        }
        Ok(meant.map_or(Placed::PASSED, Placed::element))
    }

    /// Reports that an element is in the wrong namespace, and reads that namespace as the right one from here on.
    fn forgive(&mut self, child: &Child<'a>, meant: ElementId, is_root: bool) -> Result<(), Stop> {
        let schema = self.schema;
        let right = schema.names.namespace_id(schema.elements[meant.index()].name);
        let name = schema.element_name(meant);
        let found = self.namespace_text(child);
        let prefix = self.scopes.prefixes_of(name.namespace).next();
        let free = self.scopes.free_prefix();
        let code = match is_root {
            true => Code::UnexpectedRoot,
            false => Code::UnexpectedElement,
        };
        let keeps_default = match name.namespace {
            "" => !is_root && self.needs_default(&found),
            _ => schema.has_children_without_namespace(meant),
        };
        self.report_child(child, || {
            let prefixes = (child.prefix, prefix, free);
            let misnamed = Misnamed {
                is_element: true,
                keeps_default,
                has_name_values: schema.has_name_values,
                ..Misnamed::new(prefixes, &found)
            };
            words::wrong_namespace(code, name, misnamed)
        })?;
        if let Some(explanation) = self.explanation() {
            explanation.forgiven = Some((found, right));
        }
        self.forgive_namespaces();
        Ok(())
    }

    /// Whether the open element is in this namespace by the default declaration.
    fn needs_default(&self, namespace: &str) -> bool {
        let Details { name, prefix_length, .. } = self.details();
        prefix_length == 0 && name.is_some_and(|name| self.schema.name(name).namespace == namespace)
    }

    /// The child in its namespace as written, if that namespace was reported as wrong and is read as another one: for
    /// this child the written namespace may be right.
    fn as_written(&mut self, child: &Child<'a>) -> Option<Child<'a>> {
        let namespace = self.namespace_as_written(child.prefix)?;
        let name = namespace.and_then(|namespace| self.schema.names.lookup_local(namespace, child.local));
        Some(Child { tag: child.tag.clone(), namespace, name, ..*child })
    }

    /// The namespace that a prefix is bound to, if it was reported as wrong and is read as another one. The inner
    /// `None` is a namespace that no schema names.
    #[allow(clippy::option_option, reason = "the namespace of a child is optional by itself")]
    pub(super) fn namespace_as_written(&mut self, prefix: &str) -> Option<Option<NamespaceId>> {
        let (wrong, _) = self.sink.explanation()?.forgiven.as_ref()?;
        (self.scopes.resolve(prefix) == Some(wrong)).then(|| self.schema.names.lookup_namespace(wrong))
    }

    /// Reads the wrong namespace as the right one wherever it is in scope.
    pub(in crate::check) fn forgive_namespaces(&mut self) {
        let Some(explanation) = self.sink.explanation() else { return };
        let Some((wrong, right)) = &explanation.forgiven else { return };
        if self.scopes.resolve("") == Some(wrong) {
            self.namespace = *right;
            self.is_plain = false;
        }
        if self.scratch.bound.len() > MOST_BOUND {
            return; // not used then: see `namespace_of_prefix`
        }
        for bound in &mut self.scratch.bound {
            if self.scopes.resolve(bound.prefix(self.text)) == Some(wrong) {
                bound.namespace = *right;
            }
        }
    }

    /// A child that the content model does not allow where it is: finds the place that it was meant for.
    #[cold]
    pub(super) fn misplace(&mut self, child: &Child<'a>) -> Result<Placed, Stop> {
        let (true, Some(model)) = (self.sink.reports(), self.model()) else { return Err(Stop) };
        let written = self.as_written(child);
        if let Some(placed) = written.as_ref().and_then(|written| self.admit(written)) {
            return Ok(placed);
        }
        self.begin_search();
        let here = Here { model, position: self.position_in_content() };
        let mut known = self.place_exactly(&here, child);
        let mut child = child;
        if let (None, Some(written)) = (&known, &written) {
            known = self.place_exactly(&here, written);
            child = if known.is_some() { written } else { child };
        }
        if known.is_none() {
            known = self.place_blocked(&here, child)?;
        }
        let (placement, meant) = match known {
            Some(known) => (known, None),
            None => match self.place_meant(&here, child) {
                Some((placement, element, meant)) => {
                    self.report_meant(child, element, meant)?;
                    (placement, Some(element))
                }
                None => {
                    self.report_unexpected(&here, child)?;
                    return Ok(Placed::PASSED);
                }
            },
        };
        let is_misplaced = !matches!(placement, Placement::Allowed(_) | Placement::After { .. });
        let leaf = self.report_placement(&here, child, placement)?;
        Ok(match model.leaf(leaf) {
            Some(Leaf::Element(asked)) => {
                Placed { is_misplaced, ..Placed::element(self.declaration_of(child, *asked, meant)) }
            }
            Some(Leaf::Wildcard(wildcard)) => self.place_anywhere(child.name, wildcard.process),
            None => Placed::PASSED,
        })
    }

    /// The declaration of a child at a leaf that requires the element `asked`.
    fn declaration_of(&self, child: &Child<'a>, asked: ElementId, meant: Option<ElementId>) -> ElementId {
        match child.name.filter(|_| meant.is_none()).and_then(|name| self.schema.stands_for(name, asked)) {
            Some(StandIn::Valid(element) | StandIn::Blocked(element)) => element,
            None => meant.unwrap_or(asked),
        }
    }

    /// Starts the search in the open element's content with the children remembered so far.
    fn begin_search(&mut self) {
        let depth = self.depth;
        let is_new = !self.frame.marks.replace(Marks::SEARCHED);
        let Some(explanation) = self.sink.explanation() else { return };
        if is_new {
            explanation.searches.push(Search::new(depth));
        }
        let Some(search) = explanation.searches.last_mut() else { return };
        for known in self.scratch.children.take(depth) {
            search.note_all(LeafId(known.leaf), known.tag, known.count as usize);
        }
    }

    /// The innermost search, if it belongs to the open element.
    fn search(&mut self) -> Option<(&mut Search, &mut usize)> {
        let depth = self.depth;
        let Explanation { searches, steps, .. } = self.sink.explanation()?;
        let search = searches.last_mut().filter(|search| search.depth == depth)?;
        Some((search, steps))
    }

    /// The position reached in the content of the open element.
    pub(in crate::check) fn position_in_content(&self) -> Position {
        let words = self.scratch.memory.get(self.details().memory as usize..).unwrap_or_default().to_vec();
        Position { state: StateId(self.frame.state - self.first_state()), words }
    }

    /// The index in the table of the first state of the open element's model.
    fn first_state(&self) -> u32 {
        self.table.states.get(self.frame.state as usize).map_or(0, |state| state.base)
    }

    fn move_to(&mut self, position: Position) {
        self.frame.state = self.first_state() + position.state.0;
        let memory = self.details().memory as usize;
        self.scratch.memory.truncate(memory);
        self.scratch.memory.extend_from_slice(&position.words);
    }

    /// Searches for a place for the child at one of some leaves, and moves the position there.
    fn search_place(&mut self, here: &Here<'s>, child: &Child<'a>, candidates: &[LeafId]) -> Option<Placement> {
        let (search, steps) = self.search()?;
        let placed = search.place(here.model, &here.position, child.tag.start, candidates, steps)?;
        if let Some(position) = placed.moved {
            self.move_to(position);
        }
        Some(placed.placement)
    }

    /// Finds a place for a child by its own name: at an element it is or may stand for (section 3.3.6), or at a
    /// wildcard. If its prefix is not declared, which was reported, any element with its local part counts.
    fn place_exactly(&mut self, here: &Here<'s>, child: &Child<'a>) -> Option<Placement> {
        let schema = self.schema;
        let takes_it = |leaf: &Leaf| takes(schema, leaf, child.name, child.namespace);
        let candidates = match child.is_bound {
            true => candidates(here.model, schema, child.name, takes_it),
            false => in_document_order(here.model.named_locally(schema, child.local)),
        };
        self.search_place(here, child, &candidates)
    }

    /// Finds a place for a child whose name is nearly one in the model, and returns it with the element that was meant.
    fn place_meant(&mut self, here: &Here<'s>, child: &Child<'a>) -> Option<(Placement, ElementId, Meant)> {
        let schema = self.schema;
        if !child.is_bound || self.explanation()?.suggestions.are_exhausted() {
            return None;
        }
        let allowed = here.position.allowed(here.model);
        // Names with other characters may only look like ASCII.
        let letters = child.local.is_ascii().then(|| Letters::of(child.local));
        let mut elements = Vec::with_capacity(here.model.leaves.len());
        let others = (0..).map(LeafId).take(here.model.leaves.len());
        let others = others.filter(|leaf| allowed.binary_search(leaf).is_err());
        for leaf in allowed.iter().copied().chain(others) {
            let Some(Leaf::Element(asked)) = here.model.leaf(leaf) else { continue };
            elements.push((leaf, *asked));
            if here.model.has_heads() {
                let others = schema.usable_near(*asked, letters).take(NEAR);
                elements.extend(others.map(|element| (leaf, element)));
            }
        }
        let names = elements.iter().map(|(_, element)| schema.names.candidate(schema.elements[element.index()].name));
        let nearest = self.explanation()?.suggestions.meant(child.local, names)?;
        let (leaf, meant) = *elements.get(nearest.index)?;
        if schema.local_name(meant) != child.local && self.is_meant_by_next(here, child, leaf) {
            self.search()?.0.is_before_meant = true;
            return None;
        }
        match self.search_place(here, child, &[leaf])? {
            Placement::Again { .. } | Placement::Misplaced(_) => None,
            placement => Some((placement, meant, nearest)),
        }
    }

    /// Whether the next sibling is allowed here, but no longer after the leaf that the child seems to be: then the
    /// child was not meant to be that leaf.
    fn is_meant_by_next(&mut self, here: &Here<'s>, child: &Child<'a>, leaf: LeafId) -> bool {
        let (schema, text) = (self.schema, self.text);
        let Some((_, steps)) = self.search() else { return false };
        let automaton = &here.model.automaton;
        let Some(after) = automaton.skip_to(here.position.state, &[leaf], &here.position.words, steps) else {
            return false;
        };
        let Some((prefix, local)) = next_sibling(text, child.tag.end, steps) else { return false };
        let namespace = self.namespace_of_prefix(prefix);
        let name = namespace.and_then(|namespace| schema.names.lookup_local(namespace, local));
        let namespace = namespace.filter(|namespace| *namespace != FOREIGN);
        let next = candidates(here.model, schema, name, |leaf| takes(schema, leaf, name, namespace));
        automaton.first_of(here.position.state, &next, &here.position.words).is_some()
            && automaton.first_of(after.state, &next, &after.memory).is_none()
    }

    /// Reports that another name or another namespace was meant.
    fn report_meant(&mut self, child: &Child<'a>, element: ElementId, meant: Meant) -> Result<(), Stop> {
        let schema = self.schema;
        let name = schema.local_name(element);
        if name == child.local {
            return self.forgive(child, element, false);
        }
        self.frame.marks.set(Marks::FAULTY);
        self.error(Some(child.tag.start), || {
            let words = words::unknown_element(child.local, name, meant);
            let mut diagnostic = Diagnostic::new(words, child.tag.clone(), String::new());
            diagnostic.documentation = schema.documentation(element).map(str::to_owned);
            diagnostic
        })
    }

    /// Finds a place where the child would stand for another element if that were not blocked, and reports that it is.
    fn place_blocked(&mut self, here: &Here<'s>, child: &Child<'a>) -> Result<Option<Placement>, Stop> {
        let schema = self.schema;
        let blocked = |leaf: &Leaf| match leaf {
            Leaf::Element(asked) => match schema.stands_for(child.name?, *asked)? {
                StandIn::Blocked(_) => Some(*asked),
                StandIn::Valid(_) => None,
            },
            Leaf::Wildcard(_) => None,
        };
        let candidates = candidates(here.model, schema, child.name, |leaf| blocked(leaf).is_some());
        let Some(placement) = self.search_place(here, child, &candidates) else { return Ok(None) };
        let Some(asked) = here.model.leaf(placement.leaf()).and_then(blocked) else { return Ok(None) };
        self.report_child(child, || words::substitution_blocked(child.local, schema.local_name(asked)))?;
        Ok(Some(match placement {
            Placement::After { .. } => placement,
            other => Placement::Allowed(other.leaf()),
        }))
    }

    /// Reports what is wrong with the place that was found for a child, and returns its leaf.
    fn report_placement(&mut self, here: &Here<'s>, child: &Child<'a>, placement: Placement) -> Result<LeafId, Stop> {
        let leaf = match placement {
            Placement::Allowed(leaf) => return Ok(leaf),
            Placement::After { leaf, missing } => {
                self.report_missing_before(here, child, leaf, missing);
                return Ok(leaf);
            }
            Placement::Late(leaf) => {
                let search = self.search().map(|(search, _)| search);
                let pending = search.and_then(|search| search.pending.as_ref());
                if let Some((before, tag)) = pending.map(|pending| (pending.before, pending.before_span.start)) {
                    self.report_early(here, child, leaf, (before, tag))?;
                }
                return Ok(leaf);
            }
            Placement::Again { leaf, count } => {
                self.report_again(here, child, leaf, count)?;
                return Ok(leaf);
            }
            Placement::Misplaced(leaf) => leaf,
        };
        self.frame.marks.set(Marks::FAULTY);
        let Some((search, steps)) = self.search() else { return Ok(leaf) };
        match search.conflict(here.model, leaf, steps) {
            Some(Conflict::MustPrecede(other, tag)) => self.report_early(here, child, leaf, (other, tag))?,
            Some(Conflict::Excluded(other, tag)) => self.report_excluded(here, child, (other, tag))?,
            None => self.report_not_allowed(here, child)?,
        }
        Ok(leaf)
    }

    fn report_again(&mut self, here: &Here<'s>, child: &Child<'a>, leaf: LeafId, count: usize) -> Result<(), Stop> {
        let (schema, parent) = (self.schema, self.name());
        let first = self.search().and_then(|(search, _)| search.first(leaf));
        let other = first.map(|first| (first, self.local_name_at(first)));
        let Some((tag, other)) = other.filter(|(_, other)| *other != child.local) else {
            return self.report_child(child, || words::too_many_elements(child.local, parent, count));
        };
        let (head, span) = (schema.leaf_name(here.model, leaf), self.tag_span(tag));
        self.frame.marks.set(Marks::FAULTY);
        self.error(Some(child.tag.start), || {
            let words = words::too_many_stand_ins(child.local, other, head.local, parent, count);
            let mut diagnostic = Diagnostic::new(words, child.tag.clone(), String::new());
            diagnostic.related = Some((span, String::from("the other element")));
            diagnostic
        })
    }

    /// The namespace of the sibling whose start tag is at an offset, provided that its prefix is still bound as it was
    /// there.
    fn namespace_at(&self, tag: usize) -> String {
        let end = skip_ncname(self.text, tag + 1);
        let is_prefix = self.bytes.get(end) == Some(&b':');
        let prefix = self.text.get(tag + 1..end).filter(|_| is_prefix).unwrap_or_default();
        self.scopes.resolve(prefix).unwrap_or_default().to_owned()
    }

    /// The name of a sibling at a leaf: the leaf's name, or for a wildcard the name in the sibling's tag.
    fn name_at<'n>(&self, here: &Here<'s>, leaf: LeafId, tag: usize, namespace: &'n str) -> Name<'n>
    where
        's: 'n,
        'a: 'n,
    {
        match here.model.leaf(leaf) {
            Some(Leaf::Element(_)) => self.schema.leaf_name(here.model, leaf),
            _ => Name { namespace, local: self.local_name_at(tag) },
        }
    }

    /// The local part of the name in the start tag at an offset.
    fn local_name_at(&self, tag: usize) -> &'a str {
        let (mut begin, mut end) = (tag + 1, skip_ncname(self.text, tag + 1));
        if self.bytes.get(end) == Some(&b':') {
            (begin, end) = (end + 1, skip_ncname(self.text, end + 1));
        }
        self.text.get(begin..end).unwrap_or_default()
    }

    /// Reports that `child` comes after a sibling that it must precede: that sibling, whose start tag is given, comes
    /// too early. Further children that come too late for it belong to the same mistake, and so does an error that said
    /// they were missing before it.
    fn report_early(
        &mut self,
        here: &Here<'s>,
        child: &Child<'a>,
        late: LeafId,
        (before, tag): (LeafId, usize),
    ) -> Result<(), Stop> {
        self.frame.marks.set(Marks::FAULTY);
        let (schema, span, namespace) = (self.schema, self.tag_span(tag), self.namespace_text(child));
        let before_namespace = self.namespace_at(tag);
        let before_name = self.name_at(here, before, tag, &before_namespace);
        let place = |words| {
            let mut diagnostic = Diagnostic::new(words, child.tag.clone(), String::new());
            diagnostic.related = Some((span.clone(), String::from(COMES_FIRST)));
            diagnostic
        };
        let in_order = || place(words::out_of_order(child.name_in(&namespace), before_name));
        let depth = self.depth;
        let Some(explanation) = self.sink.explanation() else { return Err(Stop) };
        let Some(search) = explanation.searches.last_mut().filter(|search| search.depth == depth) else {
            return Ok(());
        };
        match search.early(before, tag, late) {
            Known::All => return Ok(()),
            Known::Others(early) => {
                let (late, is_in_order, kept) = (early.late.clone(), early.is_late_in_order, early.kept);
                if late.iter().any(|leaf| !matches!(here.model.leaf(*leaf), Some(Leaf::Element(_)))) {
                    return Ok(()); // an element that a wildcard allows has no name in the schema
                }
                explanation.replace(kept, child.tag.start, || {
                    let names: Vec<_> = late.iter().map(|leaf| schema.leaf_name(here.model, *leaf)).collect();
                    place(words::several_out_of_order(&names, before_name, is_in_order))
                });
                return Ok(());
            }
            Known::Nothing => {}
        }
        let pending = search.pending.as_mut().filter(|pending| !pending.reworded && pending.before_span.start == tag);
        let kept = match pending {
            Some(pending) => {
                pending.reworded = true;
                let kept = pending.kept;
                search.note_early(before, tag, late, kept);
                explanation.replace(kept, child.tag.start, in_order);
                return Ok(());
            }
            None => explanation.add(Severity::Error, Some(child.tag.start), in_order),
        };
        if let Some(search) = explanation.searches.last_mut() {
            search.note_early(before, tag, late, kept);
        }
        Ok(())
    }

    fn report_excluded(
        &mut self,
        here: &Here<'s>,
        child: &Child<'a>,
        (other, tag): (LeafId, usize),
    ) -> Result<(), Stop> {
        let (span, namespace) = (self.tag_span(tag), self.namespace_text(child));
        let other_namespace = self.namespace_at(tag);
        let other = self.name_at(here, other, tag, &other_namespace);
        self.error(Some(child.tag.start), || {
            let words = words::exclusive_elements(child.name_in(&namespace), other);
            let mut diagnostic = Diagnostic::new(words, child.tag.clone(), String::new());
            diagnostic.related = Some((span, String::from("the other element")));
            diagnostic
        })
    }

    fn report_missing_before(&mut self, here: &Here<'s>, child: &Child<'a>, leaf: LeafId, missing: Vec<Lack>) {
        if self.frame.marks.has(Marks::MALFORMED) {
            return; // it may be in the part that could not be read
        }
        self.frame.marks.set(Marks::FAULTY);
        let (schema, name, parent) = (self.schema, self.name(), self.frame.tag);
        let namespace = self.namespace_text(child);
        let Some(explanation) = self.explanation() else { return };
        let kept = explanation.add(Severity::Error, Some(parent), || {
            let each = schema.missing(here.model, &missing);
            let words = words::missing_elements(&each, name, Some(child.name_in(&namespace)));
            let mut diagnostic = Diagnostic::new(words, child.tag.clone(), String::new());
            let documentation = schema.documentation_of_missing(here.model, &missing);
            diagnostic.documentation = documentation.map(str::to_owned);
            diagnostic
        });
        let before_span = child.tag.clone();
        if let Some((search, _)) = self.search() {
            search.pending = Some(Pending { missing, before: leaf, before_span, kept, reworded: false });
        }
    }

    /// Reports a child whose name does not occur in the content model.
    fn report_unexpected(&mut self, here: &Here<'s>, child: &Child<'a>) -> Result<(), Stop> {
        self.frame.marks.set(Marks::FAULTY);
        if child.is_bound {
            self.report_not_allowed(here, child)?;
        }
        if let Some((search, _)) = self.search() {
            search.note_unexpected(here.model, &here.position);
        }
        Ok(())
    }

    fn report_not_allowed(&mut self, here: &Here<'s>, child: &Child<'a>) -> Result<(), Stop> {
        let (schema, parent, namespace) = (self.schema, self.name(), self.namespace_text(child));
        let search = self.search().map(|(search, _)| search);
        let is_before_meant = search.is_some_and(|search| std::mem::take(&mut search.is_before_meant));
        let mut lists = std::mem::take(&mut self.scratch.lists).of(self.table.number);
        let reported = self.report_child(child, || {
            let (found, may_end) = (child.name_in(&namespace), here.position.may_end(here.model));
            let items = || schema.items(here.model, &here.position.allowed(here.model));
            let list = lists.elements(std::ptr::from_ref(here.model).addr(), &here.position, parent, || {
                words::AllowedElements::new(parent, &items(), may_end, None)
            });
            let words = match list.depend_on(found) {
                true => {
                    let items = items();
                    words::AllowedElements::new(parent, &items, may_end, Some(found)).unexpected(found, &items)
                }
                false => list.unexpected(found, &[]),
            };
            if is_before_meant { words.superfluous(child.local) } else { words }
        });
        self.scratch.lists = lists;
        reported
    }

    /// Reports what is missing at the end of the open element's content.
    pub(super) fn report_missing_at_end(&mut self, span: &std::ops::Range<usize>) -> Result<(), Stop> {
        let Some(model) = self.model() else { return Ok(()) };
        let (schema, name) = (self.schema, self.name());
        let here = Here { model, position: self.position_in_content() };
        self.report_still_missing(&here)?;
        if here.position.may_end(model) {
            return Ok(());
        }
        if !self.sink.reports() {
            return Err(Stop);
        }
        let missing = match self.search() {
            Some((search, _)) if search.has_stand_in(&here.position) => {
                self.frame.marks.set(Marks::FAULTY);
                return Ok(());
            }
            Some((search, _)) => search.missing_at_end(model, &here.position),
            None => Search::new(self.depth).missing_at_end(model, &here.position),
        };
        if missing.is_empty() {
            return self.report(span, || words::impossible_content(name));
        }
        if self.reword_rotated(&here, &missing) {
            return Ok(());
        }
        let documentation = schema.documentation_of_missing(model, &missing);
        self.report_with(span, documentation, || words::missing_elements(&schema.missing(model, &missing), name, None))
    }

    /// In a repeated group, `<v/><k/>` for `<k/><v/>`: `k` was reported as missing before `v`, then came as the first
    /// of another round, which now lacks `v`. Nothing is missing; the order is wrong.
    fn reword_rotated(&mut self, here: &Here<'s>, missing: &[Lack]) -> bool {
        let (schema, depth) = (self.schema, self.depth);
        let known: Vec<_> =
            self.scratch.children.of(depth).iter().map(|child| (LeafId(child.leaf), child.tag)).collect();
        let Some((search, _)) = self.search() else { return false };
        let Some(pending) = search.pending.as_ref().filter(|pending| !pending.reworded) else { return false };
        let (before, before_span, kept) = (pending.before, pending.before_span.clone(), pending.kept);
        let is_late = |leaf: LeafId| pending.missing.iter().any(|lack| lack.leaves.contains(&leaf));
        let Some((late, tag)) = known.iter().rev().find(|(leaf, _)| is_late(*leaf)).copied() else { return false };
        let has_come = |lack: &Lack| {
            lack.leaves.iter().any(|leaf| *leaf == before || known.iter().any(|(known, _)| known == leaf))
        };
        let begins_there = missing.first().is_some_and(|lack| lack.leaves.contains(&before));
        if !begins_there || !missing.iter().all(has_come) {
            return false;
        }
        self.frame.marks.set(Marks::FAULTY);
        let place = self.tag_span(tag);
        if let Some(explanation) = self.explanation() {
            explanation.replace(kept, tag, || {
                let names = (schema.leaf_name(here.model, late), schema.leaf_name(here.model, before));
                let mut diagnostic = Diagnostic::new(words::out_of_order(names.0, names.1), place, String::new());
                diagnostic.related = Some((before_span, String::from(COMES_FIRST)));
                diagnostic
            });
        }
        true
    }

    /// Reports the elements that were reported as missing before a child and never came, when others of them came after
    /// it.
    fn report_still_missing(&mut self, here: &Here<'s>) -> Result<(), Stop> {
        let (schema, name) = (self.schema, self.name());
        let Some((search, _)) = self.search() else { return Ok(()) };
        let pending = search.pending.take_if(|pending| pending.reworded && !pending.missing.is_empty());
        let Some(Pending { missing, before, before_span, .. }) = pending else { return Ok(()) };
        let before = schema.leaf_name(here.model, before);
        self.report(&before_span, || words::missing_elements(&schema.missing(here.model, &missing), name, Some(before)))
    }

    /// Whether the open element has had a child.
    pub(super) fn has_children(&self) -> bool {
        self.scratch.children.has_some(self.depth) || self.frame.marks.has(Marks::SEARCHED)
    }

    /// The namespace of a child; `""` if it has none.
    pub(super) fn namespace_text(&self, child: &Child<'a>) -> String {
        self.scopes.resolve(child.prefix).unwrap_or_default().to_owned()
    }

    /// The start tag that begins at an offset.
    fn tag_span(&self, tag: usize) -> std::ops::Range<usize> {
        tag..tag_end(self.text, tag, self.limits)
    }
}

impl Child<'_> {
    /// The name of the child, for messages.
    pub(super) fn name_in<'n>(&'n self, namespace: &'n str) -> Name<'n> {
        Name { namespace, local: self.local }
    }
}

/// Whether a leaf takes an element with this name: its own, one that may stand for it (section 3.3.6), or one that a
/// wildcard allows.
fn takes(schema: &Compiled, leaf: &Leaf, name: Option<NameId>, namespace: Option<NamespaceId>) -> bool {
    match leaf {
        Leaf::Element(element) => {
            matches!(name.and_then(|name| schema.stands_for(name, *element)), Some(StandIn::Valid(_)))
        }
        Leaf::Wildcard(wildcard) => wildcard.namespaces.allows(namespace),
    }
}

/// The leaves that take a child with this name.
fn candidates(model: &Model, schema: &Compiled, name: Option<NameId>, takes_it: impl Fn(&Leaf) -> bool) -> Vec<LeafId> {
    let leaves = model.candidates(schema, name);
    in_document_order(leaves.filter(|leaf| model.leaf(*leaf).is_some_and(&takes_it)))
}

/// The leaves in document order, without duplicates.
fn in_document_order(leaves: impl Iterator<Item = LeafId>) -> Vec<LeafId> {
    let mut leaves: Vec<LeafId> = leaves.collect();
    leaves.sort_unstable();
    leaves.dedup();
    leaves
}
