//! A start tag: what the element is, its type, and what its content may be (section 3.3.4, cvc-elt).

use super::Tag;
use super::instance::Instance;
use super::place::{Child, Placed};
use crate::check::events::{Event, Note};
use crate::check::frame::{Details, Frame, Marks, Mode};
use crate::check::machine::{FOREIGN, Machine, Stop};
use crate::check::sink::Sink;
use crate::check::table::NONE;
use crate::compiled::{ElementDeclaration, ElementId, Process, TypeDefinition, TypeId};
use crate::diagnostic::Code;
use crate::diagnostic::correction::Correction;
use crate::diagnostic::words::{self, Name};
use crate::xml::{RawAttribute, Reader, TextRun, lex, split};

impl<'s, 'a, S: Sink<'a>> Machine<'s, 'a, S> {
    /// Handles text such as `ok</status>` where `<status>` is allowed: its start tag is missing. Reports that and
    /// continues after the element. Returns whether the text is such an element.
    pub(super) fn pass_text_without_start_tag(&mut self, run: &TextRun<'a>) -> Result<bool, Stop> {
        if run.blank || run.raw.is_empty() || !matches!(self.frame.mode, Mode::Elements | Mode::Watched) {
            return Ok(false);
        }
        let at = self.at + run.raw.len();
        let Ok((written, end)) = lex::end_tag(self.text, at, self.limits) else { return Ok(false) };
        let (prefix, local) = split(written, written.find(':').unwrap_or(0));
        let resolved = self.namespace_of_prefix(prefix);
        let namespace = resolved.filter(|namespace| *namespace != FOREIGN);
        let name = namespace.and_then(|namespace| self.schema.names.lookup_local(namespace, local));
        let child = Child { tag: at..end, local, prefix, position: 0, is_bound: resolved.is_some(), namespace, name };
        let is_open = written == self.name() || self.frame.marks.has(Marks::SEARCHED);
        if is_open || name.is_none() || self.admit(&child).is_none() {
            return Ok(false);
        }
        self.scratch.ids.is_partial = true;
        self.frame.marks.set(Marks::MALFORMED);
        self.report(&(at..end), || words::missing_start_tag(written))?;
        self.at = end;
        // From here on the lexers alone cannot know which elements are open.
        let (text, limits) = (self.text, self.limits);
        if let Some(explanation) = self.explanation() {
            explanation.reader.get_or_insert_with(|| Box::new(Reader::within(text, limits)));
        }
        Ok(true)
    }

    /// Starts an element whose namespace declarations are in scope.
    pub(super) fn start(&mut self, tag: &Tag<'a>, raw: &[RawAttribute<'a>]) -> Result<Event, Stop> {
        let (prefix, local) = split(tag.name, tag.prefix_length);
        let resolved = self.namespace_of_prefix(prefix);
        let namespace = resolved.filter(|namespace| *namespace != FOREIGN);
        let name = namespace.and_then(|namespace| self.schema.names.lookup_local(namespace, local));
        let position = if self.sink.trails() { self.enter_trail(tag.name, tag.start) } else { 0 };
        let child = Child { tag: tag.span(), local, prefix, position, is_bound: resolved.is_some(), namespace, name };
        let placed = self.place(&child)?;
        if !child.is_bound {
            self.imply_namespace(&child, &placed);
        }
        self.observe(&child, &placed);
        self.push(tag, &child, &placed);
        self.collect();
        let first = self.scratch.attributes.len();
        if self.sink.events() {
            self.note_declarations(raw);
        }
        let nil = self.enter(tag, &child, &placed, raw)?;
        self.report_breaches_of_tag()?;
        self.at = tag.end;
        if self.sink.events() {
            let Details { element, type_id, name_length, prefix_length, .. } = self.details();
            self.scratch.notes.push(Note {
                element: element.unwrap_or(ElementId(NONE)),
                type_id,
                at: tag.start as u32 + 1,
                length: name_length,
                prefix: prefix_length,
                first: first as u32,
                last: self.scratch.attributes.len() as u32,
                event: Event::Start,
                nil,
                plain: true,
                normal: true,
            });
        }
        if tag.empty {
            self.end(tag.span(), false)?;
        }
        Ok(Event::Start)
    }

    /// Derives the namespace of an undeclared prefix (already reported) from the declaration that the element is taken
    /// for.
    #[cold]
    fn imply_namespace(&mut self, child: &Child<'a>, placed: &Placed) {
        let (Some(element), schema) = (placed.element, self.schema) else { return };
        if schema.local_name(element) == child.local {
            let namespace = schema.element_name(element).namespace;
            let name_at = child.tag.start + 1;
            self.imply(name_at..name_at + child.prefix.len(), child.prefix, namespace);
        }
    }

    /// Records the namespace that was meant by a prefix reported as undeclared at `place`.
    pub(super) fn imply(&mut self, place: std::ops::Range<usize>, prefix: &str, namespace: &str) {
        if let (Some(explanation), false) = (self.explanation(), namespace.is_empty()) {
            explanation.correct(Code::UndeclaredPrefix, &place, || Correction::Declaration {
                prefix: prefix.to_owned(),
                namespace: namespace.to_owned(),
                is_safe: true,
            });
        }
    }

    /// Opens an element of which only the declaration is known so far.
    fn push(&mut self, tag: &Tag<'a>, child: &Child<'a>, placed: &Placed) {
        self.put_around(self.frame);
        let prefix_length = if tag.prefix_length == 0 { 0 } else { tag.prefix_length as u32 + 1 };
        let prefix = self.prefix_of(tag);
        self.frame = Frame {
            facts: 0,
            tag: tag.start,
            // Without an edge, prediction leaves the end tag to the walk. With one, it would accept an end tag without
            // a prefix, as it does not know this prefix.
            edge: if tag.prefix_length > 0 && prefix == 0 { NONE } else { placed.edge },
            state: self.table.finished,
            rules: NONE,
            details: self.scratch.details.len() as u32,
            mode: Mode::Silent,
            prefix,
            marks: Marks::default(),
        };
        self.scratch.details.push(Details {
            element: placed.element,
            name: self.declared_name(child, placed),
            type_id: self.schema.any_type,
            name_length: tag.name.len() as u32,
            prefix_length,
            memory: self.scratch.memory.len() as u32,
            seen: self.scratch.seen.mark(),
            collected: self.scratch.collected.len(),
            has_text: false,
        });
        self.run = None;
        if tag.damaged || placed.is_misplaced {
            self.frame.marks.set(Marks::FAULTY);
        }
    }

    /// The prefix of a tag as prediction knows it: its place in `Scratch::bound`, counted from 1; 0 if there is no
    /// prefix, or one that prediction does not know.
    fn prefix_of(&self, tag: &Tag<'a>) -> u8 {
        if tag.prefix_length == 0 { 0 } else { self.bound_at(tag.start + 1) }
    }

    /// Determines the type, attributes and content of the element whose frame was just pushed, and returns whether it
    /// is nil.
    fn enter(
        &mut self,
        tag: &Tag<'a>,
        child: &Child<'a>,
        placed: &Placed,
        raw: &[RawAttribute<'a>],
    ) -> Result<bool, Stop> {
        match (placed.element, placed.process) {
            (Some(element), _) => self.enter_declared(tag, child, element, raw),
            (None, Some(Process::Skip)) => {
                self.frame.mode = Mode::Skip;
                self.note_attributes(raw);
                Ok(false)
            }
            (None, Some(process)) => self.enter_undeclared(tag, child, process, raw),
            (None, None) => {
                self.scratch.ids.is_partial = true;
                self.track_passed();
                Ok(false)
            }
        }
    }

    /// Enters an element with a declaration.
    fn enter_declared(
        &mut self,
        tag: &Tag<'a>,
        child: &Child<'a>,
        element: ElementId,
        raw: &[RawAttribute<'a>],
    ) -> Result<bool, Stop> {
        let declaration = &self.schema.elements[element.index()];
        if self.table.rules_at(element.0).is_some() {
            self.frame.rules = element.0;
        }
        // Clause 2.
        if declaration.is_abstract {
            self.report(&child.tag, || words::abstract_element(tag.name))?;
        }
        let instance = self.instance(tag, raw, Some(declaration))?;
        let type_id = instance.type_id.unwrap_or(declaration.type_id);
        let nil = self.settle_nil(tag, declaration, &instance)?;
        if instance.is_refused && self.is_abstract(type_id) {
            self.scratch.ids.is_partial = true;
            self.track_passed();
            return Ok(nil); // the refused type would have said what the element holds
        }
        self.settle_type(tag, child, Some(declaration), (type_id, &instance), raw)?;
        if nil {
            self.track_nil(type_id);
        }
        self.begin_content(Some(element), type_id, nil);
        Ok(nil)
    }

    /// Enters an element without a declaration that a wildcard admits (section 3.10.1, {process contents}).
    fn enter_undeclared(
        &mut self,
        tag: &Tag<'a>,
        child: &Child<'a>,
        process: Process,
        raw: &[RawAttribute<'a>],
    ) -> Result<bool, Stop> {
        // Without a declaration `xsi:nil` has no meaning (cvc-elt.3 is about declared elements).
        let instance = self.instance(tag, raw, None)?;
        if let Some(type_id) = instance.type_id {
            self.settle_type(tag, child, None, (type_id, &instance), raw)?;
            self.begin_content(None, type_id, false);
            return Ok(false);
        }
        if process == Process::Strict && !instance.is_refused {
            let is_root = self.depth == 1;
            let (schema, namespace) = (self.schema, self.namespace_text(child));
            self.report(&child.tag, || match is_root {
                true => {
                    words::unexpected_root(Name::without_namespace(child.local), std::iter::empty(), |_| false, None)
                }
                false => {
                    let declared = schema.root_names.iter().map(|name| schema.name(*name));
                    words::undeclared_element(tag.name, child.name_in(&namespace), declared)
                }
            })?;
            self.mark_parent_faulty();
            self.track(child, None);
            return Ok(false);
        }
        // Section 3.3.4 (cvc-assess-elt): an element that cannot be assessed strictly is assessed laxly, and is not
        // invalid.
        if let Some((span, written)) = instance.unknown_type {
            self.warn(&span, || words::content_not_checked(tag.name, &written));
        }
        self.frame.mode = Mode::Lax;
        self.track(child, None);
        self.check_attributes(tag, self.schema.any_type, raw)?;
        Ok(false)
    }

    /// Clause 3: determines whether the element is nil.
    fn settle_nil(
        &mut self,
        tag: &Tag<'a>,
        declaration: &'s ElementDeclaration,
        instance: &Instance,
    ) -> Result<bool, Stop> {
        let nil = declaration.nillable && instance.nil == Some(true);
        // Clause 3.2.2.
        if let Some(fixed) = declaration.value.as_ref().filter(|value| nil && value.fixed) {
            self.report(&tag.span(), || words::nil_with_fixed_value(tag.name, &fixed.value))?;
        }
        Ok(nil)
    }

    pub(super) fn is_abstract(&self, type_id: TypeId) -> bool {
        matches!(&self.schema.types[type_id.index()], TypeDefinition::Complex(complex) if complex.is_abstract)
    }

    /// Sets the type of the element and checks its attributes. An abstract type is an error, even if the element is
    /// nil: an element without content still has a type (cvc-type.2).
    fn settle_type(
        &mut self,
        tag: &Tag<'a>,
        child: &Child<'a>,
        declaration: Option<&'s ElementDeclaration>,
        (type_id, instance): (TypeId, &Instance),
        raw: &[RawAttribute<'a>],
    ) -> Result<(), Stop> {
        if let Some(details) = self.scratch.details.last_mut() {
            details.type_id = type_id;
        }
        self.track(child, declaration);
        if let TypeDefinition::Complex(complex) = &self.schema.types[type_id.index()]
            && complex.is_abstract
        {
            self.scratch.ids.is_partial |= self.sink.reports();
            let name = complex.name.map(|name| self.schema.names.local(name));
            if tag.damaged {
                self.scratch.identity.mark_incomplete();
                return Ok(()); // `xsi:type` may be in the part that could not be read
            }
            let span = instance.type_at.clone().unwrap_or_else(|| tag.span());
            return self.report(&span, || words::abstract_type(tag.name, name, instance.type_at.is_some()));
        }
        self.check_attributes(tag, type_id, raw)
    }
}
