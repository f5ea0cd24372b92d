//! The complete path: every fault of a document, with its place and cause.
//!
//! The plain version is the validity rules of the Recommendation (part 1, sections 3.2.4, 3.3.4 and 3.4.4), element by
//! element, over the readable form of the schema. What is added is the going on: a fault is told once, as the most
//! helpful of what could be said of it, and what follows from it is not told at all.
//!
//! - Where the bytes are not well-formed nothing is said about the structure of the element around: what is missing
//!   there may well be in the part that could not be read.
//! - A child that belongs nowhere is passed over with all that is in it; `recover` finds out where it belongs.
//! - Rules are asked only about elements without another fault: mostly they would repeat it.
//!
//! Nothing here calls itself: the open elements are a stack, which the reader's limit on depth bounds. Words are only
//! made for the diagnostics that are kept.

use std::borrow::Cow;
use std::ops::Range;

use crate::Limits;
use crate::automaton::LeafId;
use crate::datatype::SimpleType;
use crate::diagnostic::words::{self, Item, Stood, Words};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::rules::{Rules, Seen};
use crate::schema::{
    Compiled, Content, ElementId, Leaf, Model, NameId, NamespaceId, Process, TypeDefinition, TypeId, ValueConstraint,
};
use crate::xml::{self, Reader, TextRun, Token, resolve_text, split};

use super::findings::Findings;
use super::near;
use super::recover::{Pending, Placement, Walk};
use super::trail::Trail;

/// Every fault of a document, in its order; what `accept` refuses has at least one.
pub(crate) fn explain(schema: &Compiled, rules: &Rules, bytes: &[u8], limits: &Limits) -> Report {
    let mut walker = Walker {
        schema,
        rules,
        findings: Findings::new(limits),
        trail: Trail::new(),
        frames: Vec::new(),
        memory: Vec::new(),
        collected: String::new(),
        collecting: 0,
        has_root: false,
        forgiven: None,
    };
    let mut reader = match Reader::new(bytes, limits) {
        Ok(reader) => reader,
        Err(fault) => {
            walker.findings.add(Severity::Error, || malformed(&fault, String::new()));
            return walker.findings.finish();
        }
    };
    let mut faults = Vec::new();
    loop {
        let token = reader.next(&mut |fault| faults.push(fault));
        let touched = walker.report_malformed(&mut faults, &token);
        match token {
            Token::Start { name, prefix_length, span } => {
                walker.start(&reader, name, prefix_length, span.0..span.1, touched);
            }
            Token::Text { run, at, damaged } => walker.text(run, at, damaged),
            Token::End { span, implied } => walker.end(span.0..span.1, implied),
            Token::Eof => break,
        }
    }
    walker.findings.finish()
}

/// Every breach of XML in a document, without a schema.
#[allow(dead_code)]
pub(crate) fn well_formed(bytes: &[u8], limits: &Limits) -> Report {
    let mut findings = Findings::new(limits);
    let mut trail = Trail::new();
    let mut reader = match Reader::new(bytes, limits) {
        Ok(reader) => reader,
        Err(fault) => {
            findings.add(Severity::Error, || malformed(&fault, String::new()));
            return findings.finish();
        }
    };
    loop {
        let token = reader.next(&mut |fault| {
            findings.add(Severity::Error, || malformed(&fault, trail.path()));
        });
        match token {
            Token::Start { name, .. } => trail.enter(name),
            Token::Text { .. } => {}
            Token::End { .. } => trail.leave(),
            Token::Eof => break,
        }
    }
    findings.finish()
}

/// A breach of XML as a diagnostic.
fn malformed(fault: &xml::Fault, path: String) -> Diagnostic {
    let words = words::well_formedness(fault);
    let label = words::well_formedness_related(words.code);
    let mut diagnostic = Diagnostic::new(words, fault.span.clone(), path);
    diagnostic.related = fault.related.clone().map(|span| (span, label.to_owned()));
    diagnostic
}

/// The walk over one document.
pub(super) struct Walker<'s, 'a> {
    pub(super) schema: &'s Compiled,
    rules: &'s Rules,
    pub(super) findings: Findings,
    pub(super) trail: Trail<'a>,
    pub(super) frames: Vec<Frame<'s, 'a>>,
    /// The words of all walks through content models.
    memory: Vec<u32>,
    /// Text of the elements whose string-value a rule reads; empty while there is none.
    collected: String,
    /// How many open elements want it.
    collecting: usize,
    has_root: bool,
    /// A namespace that was wrong and reported once: from then on it is read as the right one.
    forgiven: Option<(String, NamespaceId)>,
}

/// An open element.
pub(super) struct Frame<'s, 'a> {
    /// The name as written.
    pub(super) name: &'a str,
    pub(super) element: Option<ElementId>,
    known: Option<NameId>,
    /// The start tag.
    pub(super) tag: Range<usize>,
    content: Expectation<'s>,
    walk: Option<Walk>,
    /// The text, if the content is text, and where it stands.
    text: Option<(Cow<'a, str>, &'a str, usize)>,
    pub(super) seen: Option<Seen<'a>>,
    /// Its string-value is `collected` from here on.
    collected_from: Option<usize>,
    /// The bytes in it are not well-formed: nothing is said about what is missing.
    malformed: bool,
    /// Something in it was reported: rules keep silent.
    pub(super) faulty: bool,
    /// That it has content it must not have was reported.
    told: bool,
}

/// What the content of an element may be.
#[derive(Clone, Copy)]
enum Expectation<'s> {
    /// Nothing is checked.
    Silence,
    /// Anything; what is declared is checked.
    Lax,
    /// Nothing may be there, by the type.
    Empty,
    /// Nothing may be there, because of `xsi:nil`.
    Nil,
    Simple { simple: &'s SimpleType, constraint: Option<&'s ValueConstraint> },
    Elements { model: &'s Model, mixed: bool, fixed: Option<&'s str> },
}

/// An element that begins: its name, resolved.
struct Child<'a, 'r> {
    /// As written.
    name: &'a str,
    local: &'a str,
    /// `None` where the prefix is not declared.
    namespace: Option<&'r str>,
    namespace_id: Option<NamespaceId>,
    id: Option<NameId>,
    tag: Range<usize>,
}

/// What an element is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placed {
    Element(ElementId),
    /// A wildcard lets it pass.
    Wild(Process),
    /// It was reported, or something around it: nothing in it is looked at.
    Passed,
}

impl<'s, 'a> Walker<'s, 'a> {
    /// Reports what broke XML on the way to a token. Tells whether the token itself is touched.
    fn report_malformed(&mut self, faults: &mut Vec<xml::Fault>, token: &Token<'a>) -> bool {
        let own = match token {
            Token::Start { span, .. } => Some(span.0..span.1),
            _ => None,
        };
        let mut touched = false;
        for fault in faults.drain(..) {
            let trail = &self.trail;
            self.findings.add(Severity::Error, || malformed(&fault, trail.path()));
            // A fault inside a start tag is that element's; any other is in the element around.
            let is_own = own.as_ref().is_some_and(|own| own.contains(&fault.span.start));
            touched |= is_own;
            if !is_own && let Some(frame) = self.frames.last_mut() {
                frame.malformed = true;
                frame.faulty = true;
            }
        }
        touched
    }

    fn start(&mut self, reader: &Reader<'a>, name: &'a str, prefix_length: usize, tag: Range<usize>, touched: bool) {
        self.trail.enter(name);
        let names = &self.schema.names;
        let (prefix, local) = split(name, prefix_length);
        let namespace = reader.scopes().resolve(prefix);
        let namespace_id = namespace.and_then(|namespace| match &self.forgiven {
            Some((wrong, right)) if wrong == namespace => Some(*right),
            _ => names.lookup_namespace(namespace),
        });
        let resolved = namespace_id.and_then(|id| names.namespaces.get(id.index()));
        let id = resolved.and_then(|namespace| names.lookup(namespace, local));
        let child = Child { name, local, namespace, namespace_id, id, tag };
        let placed = self.place(&child);
        self.observe(&child, placed);
        self.open(reader, &child, placed, touched);
    }

    /// What the rules of the element around want to know of a child.
    fn observe(&mut self, child: &Child<'a, '_>, placed: Placed) {
        if let Some(seen) = self.frames.last_mut().and_then(|frame| frame.seen.as_mut()) {
            let known = match placed {
                Placed::Element(element) => Some(self.schema.elements[element.index()].name),
                _ => child.id,
            };
            seen.children.push((known.unwrap_or(Rules::UNKNOWN_NAME), Cow::Borrowed("")));
        }
    }

    // ---- where a child belongs ----

    fn place(&mut self, child: &Child<'a, '_>) -> Placed {
        let Some(frame) = self.frames.last_mut() else { return self.place_root(child) };
        let words: fn(&str, Stood<'_>) -> Words = match frame.content {
            Expectation::Silence => return Placed::Passed,
            Expectation::Lax => return self.place_anywhere(child, Process::Lax),
            Expectation::Elements { model, fixed, .. } => {
                if let Some(fixed) = fixed {
                    let name = frame.name;
                    frame.faulty = true;
                    if !std::mem::replace(&mut frame.told, true) {
                        self.report(&child.tag, || words::fixed_value_with_child(fixed, name, child.name));
                    }
                }
                return self.place_in_model(model, child);
            }
            Expectation::Empty => words::not_empty,
            Expectation::Nil => words::nil_with_content,
            Expectation::Simple { simple, .. } => {
                let name = frame.name;
                frame.faulty = true;
                if !std::mem::replace(&mut frame.told, true) {
                    self.report(&child.tag, || words::child_in_simple_content(name, &simple.describe(), child.name));
                }
                return Placed::Passed;
            }
        };
        let name = frame.name;
        frame.faulty = true;
        if !std::mem::replace(&mut frame.told, true) {
            self.report(&child.tag, || words(name, Stood::Element(child.name)));
        }
        Placed::Passed
    }

    /// XSD part 1, section 3.3.4 (cvc-elt.1). A root without a declaration is refused, `xsi:type` or not.
    fn place_root(&mut self, child: &Child<'a, '_>) -> Placed {
        if std::mem::replace(&mut self.has_root, true) {
            return Placed::Passed; // a second root: the reader has said so
        }
        let schema = self.schema;
        if let Some(element) = child.id.and_then(|id| schema.roots.get(&id)) {
            return Placed::Element(*element);
        }
        let mut roots: Vec<ElementId> = schema.roots.values().copied().collect();
        roots.sort_unstable();
        let names: Vec<&str> = roots.iter().map(|root| schema.local_name(*root)).collect();
        let meant = near::nearest(child.local, names.iter().copied()).and_then(|index| roots.get(index)).copied();
        if let (None, Some(meant)) = (child.namespace, meant) {
            return Placed::Element(meant); // the prefix was reported
        }
        match meant {
            Some(meant) if schema.local_name(meant) == child.local => self.forgive(child, meant, true),
            meant => {
                let named = meant.map(|meant| schema.local_name(meant));
                self.report(&child.tag, || words::unexpected_root(child.local, &names, named));
            }
        }
        meant.map_or(Placed::Passed, Placed::Element)
    }

    /// Reports that an element is in the wrong namespace, and takes that namespace for the right one from here on.
    fn forgive(&mut self, child: &Child<'a, '_>, meant: ElementId, root: bool) {
        let schema = self.schema;
        let right = schema.names.names[schema.elements[meant.index()].name.index()].namespace;
        let expected = schema.names.namespaces.get(right.index()).map_or("", |namespace| &**namespace);
        let found = child.namespace.unwrap_or_default();
        let code = match root {
            true => crate::diagnostic::Code::UnexpectedRoot,
            false => crate::diagnostic::Code::UnexpectedElement,
        };
        self.report(&child.tag, || words::wrong_namespace(code, child.local, expected, found));
        self.forgiven = Some((found.to_owned(), right));
    }

    /// Under a wildcard: what is declared is checked, what is not has to be only where processing is strict.
    fn place_anywhere(&self, child: &Child<'a, '_>, process: Process) -> Placed {
        let known = child.id.filter(|_| process != Process::Skip).and_then(|id| self.schema.roots.get(&id));
        known.map_or(Placed::Wild(process), |element| Placed::Element(*element))
    }

    fn place_in_model(&mut self, model: &'s Model, child: &Child<'a, '_>) -> Placed {
        let schema = self.schema;
        let Some(Frame { walk: Some(walk), .. }) = self.frames.last_mut() else { return Placed::Passed };
        // A name whose prefix is not declared was reported: it is taken for what has its local part.
        let is_exact = |leaf: &Leaf| match leaf {
            Leaf::Element(element) if child.namespace.is_none() => schema.local_name(*element) == child.local,
            Leaf::Element(element) => Some(schema.elements[element.index()].name) == child.id,
            Leaf::Wildcard(wildcard) => child.namespace.is_some() && wildcard.namespaces.allows(child.namespace_id),
        };
        let mut placement = walk.place(model, &mut self.memory, &child.tag, &is_exact);
        let mut meant = None;
        if placement.is_none() && child.namespace.is_some() {
            let mut leaves = walk.allowed(model, &self.memory);
            leaves.extend(model.leaf_ids());
            leaves.retain(|leaf| matches!(model.leaf(*leaf), Some(Leaf::Element(_))));
            let names = leaves.iter().map(|leaf| schema.leaf_name(model, *leaf));
            meant = near::nearest(child.local, names).and_then(|index| leaves.get(index)).copied();
            if let Some(target) = meant.and_then(|leaf| model.leaf(leaf)) {
                placement = walk.place(model, &mut self.memory, &child.tag, &|leaf| std::ptr::eq(leaf, target));
                if matches!(placement, Some(Placement::Again { .. } | Placement::Misplaced(_))) {
                    placement = None;
                }
            }
        }
        let Some(placement) = placement else {
            self.report_unexpected(model, child);
            return Placed::Passed;
        };
        if let Some(Leaf::Element(element)) = meant.and_then(|leaf| model.leaf(leaf)) {
            let name = schema.local_name(*element);
            self.fault_in_parent();
            if name == child.local {
                self.forgive(child, *element, false);
            } else {
                let documentation = schema.documentation(*element);
                self.report_with(&child.tag, documentation, || words::unknown_element(child.local, name));
            }
        }
        let leaf = self.report_placement(model, child, placement);
        match model.leaf(leaf) {
            Some(Leaf::Element(element)) => Placed::Element(*element),
            Some(Leaf::Wildcard(wildcard)) => self.place_anywhere(child, wildcard.process),
            None => Placed::Passed,
        }
    }

    /// Says what is wrong with a place that was found for a child; gives the leaf that it is.
    fn report_placement(&mut self, model: &'s Model, child: &Child<'a, '_>, placement: Placement) -> LeafId {
        let schema = self.schema;
        let leaf = match placement {
            Placement::Allowed(leaf) => return leaf,
            Placement::Behind { leaf, missing } => {
                self.report_missing_before(model, child, leaf, missing);
                return leaf;
            }
            Placement::Late(leaf) | Placement::Again { leaf, .. } | Placement::Misplaced(leaf) => leaf,
        };
        self.fault_in_parent();
        let Some(Frame { walk: Some(walk), name: parent, .. }) = self.frames.last_mut() else { return leaf };
        let (trail, memory) = (&self.trail, &self.memory);
        let out_of_order = |before: LeafId, before_span: Range<usize>| {
            let before = schema.leaf_name(model, before);
            let words = words::out_of_order(child.local, before);
            let mut diagnostic = Diagnostic::new(words, child.tag.clone(), trail.path());
            diagnostic.related = Some((before_span, String::from("it must stand before this")));
            diagnostic
        };
        match placement {
            Placement::Late(_) => {
                if let Some(pending) = &mut walk.pending
                    && !std::mem::replace(&mut pending.reworded, true)
                {
                    let (before, span) = (pending.before, pending.before_span.clone());
                    self.findings.replace(pending.kept, || out_of_order(before, span));
                }
            }
            Placement::Again { count, .. } => {
                let words = || words::too_many_elements(child.local, parent, count);
                self.findings
                    .add(Severity::Error, || Diagnostic::new(words(), child.tag.clone(), trail.path()));
            }
            _ => {
                self.findings.add(Severity::Error, || {
                    if let Some((before, span)) = walk.must_follow(model, leaf) {
                        return out_of_order(before, span);
                    }
                    if let Some((other, span)) = walk.excluded_by(model, leaf) {
                        let words = words::exclusive_elements(child.local, schema.leaf_name(model, other));
                        let mut diagnostic = Diagnostic::new(words, child.tag.clone(), trail.path());
                        diagnostic.related = Some((span, String::from("the other one")));
                        return diagnostic;
                    }
                    let allowed = schema.items(model, &walk.allowed(model, memory));
                    let words =
                        words::unexpected_element(child.local, parent, &allowed, walk.may_end(model, memory));
                    Diagnostic::new(words, child.tag.clone(), trail.path())
                });
            }
        }
        leaf
    }

    fn report_missing_before(&mut self, model: &'s Model, child: &Child<'a, '_>, leaf: LeafId, missing: Vec<LeafId>) {
        let schema = self.schema;
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.malformed {
            return; // it may stand in what could not be read
        }
        frame.faulty = true;
        let (name, trail) = (frame.name, &self.trail);
        let kept = self.findings.add(Severity::Error, || {
            let each: Vec<_> = missing.iter().map(|leaf| schema.items(model, &[*leaf])).collect();
            let words = words::missing_elements(&each, name, Some(child.local));
            let mut diagnostic = Diagnostic::new(words, child.tag.clone(), trail.parent_path());
            diagnostic.documentation = missing.first().and_then(|leaf| schema.leaf_documentation(model, *leaf));
            diagnostic
        });
        if let Some(walk) = &mut frame.walk {
            let before_span = child.tag.clone();
            walk.pending = Some(Pending { missing, before: leaf, before_span, kept, reworded: false });
        }
    }

    fn report_unexpected(&mut self, model: &'s Model, child: &Child<'a, '_>) {
        let schema = self.schema;
        let Some(frame) = self.frames.last_mut() else { return };
        frame.faulty = true;
        let name = frame.name;
        let Some(walk) = &mut frame.walk else { return };
        if child.namespace.is_some() {
            let (trail, memory) = (&self.trail, &self.memory);
            self.findings.add(Severity::Error, || {
                let allowed = schema.items(model, &walk.allowed(model, memory));
                let words = words::unexpected_element(child.local, name, &allowed, walk.may_end(model, memory));
                Diagnostic::new(words, child.tag.clone(), trail.path())
            });
        }
        walk.note_unexpected(model, &self.memory);
    }

    // ---- the element itself ----

    /// Settles type, attributes and content of an element, and opens it.
    fn open(&mut self, reader: &Reader<'a>, child: &Child<'a, '_>, placed: Placed, touched: bool) {
        let schema = self.schema;
        let mut frame = Frame {
            name: child.name,
            element: None,
            known: child.id,
            tag: child.tag.clone(),
            content: Expectation::Silence,
            walk: None,
            text: None,
            seen: None,
            collected_from: None,
            malformed: false,
            faulty: touched,
            told: false,
        };
        let mut type_id = schema.any_type;
        match placed {
            Placed::Passed | Placed::Wild(Process::Skip) => {}
            Placed::Wild(process) => {
                let instance = self.instance(reader, None);
                match instance.type_id {
                    Some(named) => {
                        type_id = named;
                        frame.content = self.content_of(&mut frame, None, named, instance.nil == Some(true));
                    }
                    None if process == Process::Strict => {
                        self.report(&child.tag, || words::undeclared_element(child.name));
                        self.fault_in_parent();
                    }
                    None => frame.content = Expectation::Lax,
                }
            }
            Placed::Element(element) => {
                let declaration = &schema.elements[element.index()];
                frame.element = Some(element);
                frame.known = Some(declaration.name);
                if declaration.is_abstract {
                    frame.faulty = true;
                    self.report(&child.tag, || words::abstract_element(child.name));
                }
                let instance = self.instance(reader, Some(declaration));
                frame.faulty |= instance.faulty;
                type_id = instance.type_id.unwrap_or(declaration.type_id);
                let is_nil = declaration.nillable && instance.nil == Some(true);
                if let Some(fixed) = declaration.value.as_ref().filter(|value| is_nil && value.fixed) {
                    frame.faulty = true;
                    self.report(&child.tag, || words::nil_with_fixed_value(child.name, &fixed.value));
                }
                frame.content = self.content_of(&mut frame, Some(element), type_id, is_nil);
                frame.seen = self.rules.of(element).map(|_| Seen::default());
            }
        }
        if !matches!(frame.content, Expectation::Silence) {
            self.check_attributes(reader, &mut frame, type_id, touched);
        }
        if self.wants_text(&frame) {
            frame.collected_from = Some(self.collected.len());
            self.collecting += 1;
        }
        self.frames.push(frame);
    }

    /// What the content of an element of a type may be, and the start of the walk through it.
    fn content_of(
        &mut self,
        frame: &mut Frame<'s, 'a>,
        element: Option<ElementId>,
        type_id: TypeId,
        is_nil: bool,
    ) -> Expectation<'s> {
        let schema = self.schema;
        let constraint = element.and_then(|element| schema.elements[element.index()].value.as_ref());
        let complex = match &schema.types[type_id.index()] {
            TypeDefinition::Simple(_) if is_nil => return Expectation::Nil,
            TypeDefinition::Simple(definition) => {
                return Expectation::Simple { simple: &definition.simple, constraint };
            }
            TypeDefinition::Complex(complex) => complex,
        };
        if complex.is_abstract {
            frame.faulty = true;
            let name = complex.name.and_then(|name| schema.names.names.get(name.index())).map(|name| &*name.local);
            let element = frame.name;
            self.report(&frame.tag, || words::abstract_type(element, name));
            return Expectation::Silence;
        }
        if is_nil {
            return Expectation::Nil;
        }
        match &complex.content {
            Content::Empty => Expectation::Empty,
            Content::Simple(simple) => Expectation::Simple { simple, constraint },
            Content::Elements { model, mixed } => {
                let model = &schema.models[model.index()];
                frame.walk = Some(Walk::new(&model.automaton, &mut self.memory));
                let fixed = constraint.filter(|value| value.fixed).map(|value| &*value.value);
                Expectation::Elements { model, mixed: *mixed, fixed }
            }
        }
    }

    /// Text in the open element.
    fn text(&mut self, run: TextRun<'a>, at: usize, damaged: bool) {
        let Some(frame) = self.frames.last_mut() else { return };
        if damaged {
            frame.faulty = true;
            frame.malformed = true;
            return;
        }
        let resolved = if run.plain { Cow::Borrowed(run.raw) } else { resolve_text(run.raw) };
        if resolved.is_empty() {
            return; // comments and instructions alone
        }
        if self.collecting > 0 {
            self.collected.push_str(&resolved);
        }
        if let Some(seen) = &mut frame.seen {
            seen.has_text = true;
        }
        let name = frame.name;
        match frame.content {
            Expectation::Silence | Expectation::Lax => {}
            Expectation::Simple { .. } => frame.text = Some((resolved, run.raw, at)),
            Expectation::Elements { fixed: Some(_), .. } => frame.text = Some((resolved, run.raw, at)),
            Expectation::Elements { mixed: true, .. } => {}
            Expectation::Elements { mixed: false, .. } => {
                if !run.blank && !resolved.bytes().all(is_white_space) {
                    frame.faulty = true;
                    let span = trimmed(run.raw, at);
                    self.report(&span, || words::unexpected_text(resolved.trim(), name));
                }
            }
            Expectation::Empty | Expectation::Nil => {
                frame.faulty = true;
                if !std::mem::replace(&mut frame.told, true) {
                    let words = match frame.content {
                        Expectation::Nil => words::nil_with_content,
                        _ => words::not_empty,
                    };
                    self.report(&trimmed(run.raw, at), || words(name, Stood::Text(&resolved)));
                }
            }
        }
    }

    /// The end of the open element; `implied` where the document does not have it.
    fn end(&mut self, span: Range<usize>, implied: bool) {
        let Some(mut frame) = self.frames.pop() else { return };
        frame.malformed |= implied;
        if !frame.malformed {
            match frame.content {
                Expectation::Simple { simple, constraint } if !frame.told => {
                    self.check_text(&mut frame, simple, constraint, &span);
                }
                Expectation::Elements { model, fixed, .. } => {
                    self.report_missing_at_end(&mut frame, model, &span);
                    if let Some(fixed) = fixed.filter(|_| !frame.told) {
                        self.check_mixed_fixed(&mut frame, fixed, &span);
                    }
                }
                _ => {}
            }
        }
        if let Some(walk) = &frame.walk {
            walk.end(&mut self.memory);
        }
        let value = self.string_value(&frame);
        if !frame.faulty && !implied {
            self.ask_rules(&mut frame, &value);
        }
        self.tell_parent(&frame, value);
        self.trail.leave();
    }

    fn report_missing_at_end(&mut self, frame: &mut Frame<'s, 'a>, model: &'s Model, span: &Range<usize>) {
        let schema = self.schema;
        let Some(walk) = &frame.walk else { return };
        let name = frame.name;
        let mut faulty = false;
        if let Some(pending) = walk.pending.as_ref().filter(|pending| pending.reworded && !pending.missing.is_empty()) {
            faulty = true;
            let before = schema.leaf_name(model, pending.before);
            self.report(&pending.before_span, || {
                let each: Vec<_> = pending.missing.iter().map(|leaf| schema.items(model, &[*leaf])).collect();
                words::missing_elements(&each, name, Some(before))
            });
        }
        if !walk.may_end(model, &self.memory) {
            faulty = true;
            let missing = walk.missing_at_end(model, &self.memory);
            if let Some(first) = missing.first() {
                let documentation = match first[..] {
                    [only] => schema.leaf_documentation(model, only),
                    _ => None,
                };
                self.report_with(span, documentation, || {
                    let each: Vec<_> = missing.iter().map(|leaves| schema.items(model, leaves)).collect();
                    words::missing_elements(&each, name, None)
                });
            }
        }
        frame.faulty |= faulty;
    }

    pub(super) fn take_text(frame: &mut Frame<'s, 'a>) -> Option<(Cow<'a, str>, &'a str, usize)> {
        frame.text.take()
    }

    // ---- rules and what they read ----

    /// Whether a rule of the element or of its parent reads its string-value.
    fn wants_text(&self, frame: &Frame<'s, 'a>) -> bool {
        let own = frame.element.and_then(|element| self.rules.of(element));
        let around = self.frames.last().and_then(|parent| parent.element).and_then(|element| self.rules.of(element));
        own.is_some_and(|set| set.facts.keep_own_text)
            || frame.known.zip(around).is_some_and(|(name, set)| super::rules::reads_text(set, name))
    }

    /// The string-value of an element that ends, if somebody wants it.
    fn string_value(&mut self, frame: &Frame<'s, 'a>) -> Option<String> {
        let from = frame.collected_from?;
        let value = self.collected.get(from..).unwrap_or_default().to_owned();
        self.collecting = self.collecting.saturating_sub(1);
        if self.collecting == 0 {
            self.collected.clear();
        }
        Some(value)
    }

    fn ask_rules(&mut self, frame: &mut Frame<'s, 'a>, value: &Option<String>) {
        let Some(set) = frame.element.and_then(|element| self.rules.of(element)) else { return };
        let Some(mut seen) = frame.seen.take() else { return };
        if let Some(value) = value {
            seen.text = Cow::Owned(value.clone());
        }
        let frames = &self.frames;
        let ancestor = |up: usize| frames.iter().rev().nth(up).and_then(|frame| frame.known);
        for rule in &set.rules {
            if rule.fires(&seen) && rule.applies(&ancestor) {
                let (severity, trail) = (super::rules::severity(rule.role), &self.trail);
                self.findings.add(severity, || {
                    let words = words::rule(&rule.message, severity == Severity::Warning, rule.see.as_deref());
                    let mut diagnostic = Diagnostic::new(words, frame.tag.clone(), trail.path());
                    diagnostic.documentation = frame.element.and_then(|element| self.schema.documentation(element));
                    diagnostic
                });
            }
        }
    }

    /// What an element that ends leaves to the one around it.
    fn tell_parent(&mut self, frame: &Frame<'s, 'a>, value: Option<String>) {
        let Some(parent) = self.frames.last_mut() else { return };
        if let Some(value) = value
            && let Some(child) = parent.seen.as_mut().and_then(|seen| seen.children.last_mut())
        {
            child.1 = Cow::Owned(value);
        }
        // A rule around would be asked about a value that is not one.
        parent.faulty |= frame.faulty && matches!(frame.content, Expectation::Simple { .. });
    }

    // ---- reporting ----

    fn fault_in_parent(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.faulty = true;
        }
    }

    /// An error at the place where the walk is.
    pub(super) fn report(&mut self, span: &Range<usize>, words: impl FnOnce() -> Words) {
        self.report_with(span, None, words);
    }

    /// The same, with what the schema says of the place.
    pub(super) fn report_with(
        &mut self,
        span: &Range<usize>,
        documentation: Option<String>,
        words: impl FnOnce() -> Words,
    ) {
        let trail = &self.trail;
        self.findings.add(Severity::Error, || {
            let mut diagnostic = Diagnostic::new(words(), span.clone(), trail.path());
            diagnostic.documentation = documentation;
            diagnostic
        });
    }
}

impl Compiled {
    fn local_name(&self, element: ElementId) -> &str {
        let name = self.elements[element.index()].name;
        self.names.names.get(name.index()).map_or("", |name| &name.local)
    }

    /// What the schema says of an element, or of its type where it says nothing of the element.
    pub(super) fn documentation(&self, element: ElementId) -> Option<String> {
        let declaration = &self.elements[element.index()];
        let of_type = || match &self.types[declaration.type_id.index()] {
            TypeDefinition::Simple(definition) => definition.documentation.as_deref(),
            TypeDefinition::Complex(complex) => complex.documentation.as_deref(),
        };
        declaration.documentation.as_deref().or_else(of_type).map(str::to_owned)
    }

    /// The local name of a leaf; a wildcard has none.
    fn leaf_name<'s>(&'s self, model: &'s Model, leaf: LeafId) -> &'s str {
        match model.leaf(leaf) {
            Some(Leaf::Element(element)) => self.local_name(*element),
            _ => "",
        }
    }

    fn leaf_documentation(&self, model: &Model, leaf: LeafId) -> Option<String> {
        match model.leaf(leaf) {
            Some(Leaf::Element(element)) => self.documentation(*element),
            _ => None,
        }
    }

    /// Leaves as they are named; two of one name once.
    fn items<'s>(&'s self, model: &'s Model, leaves: &[LeafId]) -> Vec<Item<'s>> {
        let mut items = Vec::new();
        for leaf in leaves {
            let item = match model.leaf(*leaf) {
                Some(Leaf::Element(element)) => Item::Element(self.local_name(*element)),
                _ => Item::AnyElement,
            };
            if !items.contains(&item) {
                items.push(item);
            }
        }
        items
    }
}

/// White space as XML knows it (production S).
pub(super) fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Where a text stands without the white space around it; of white space alone, all of it.
pub(super) fn trimmed(raw: &str, at: usize) -> Range<usize> {
    let bytes = raw.as_bytes();
    let Some(first) = bytes.iter().position(|&byte| !is_white_space(byte)) else { return at..at + raw.len() };
    let last = bytes.iter().rposition(|&byte| !is_white_space(byte)).unwrap_or(first);
    at + first..at + last + 1
}
