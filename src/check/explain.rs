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
use crate::compiled::{
    Compiled, Content, ElementId, Model, NameId, NamespaceId, Process, TypeDefinition, TypeId, ValueConstraint,
};
use crate::datatype::SimpleType;
use crate::diagnostic::words::{self, Stood, Words};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::rules::{Rules, Seen};
use crate::xml::{self, Reader, TextRun, Token, resolve_text, split};

use super::findings::{Findings, Kept};
use super::identity::Tracker;
use super::ids::Ids;
use super::place::Placed;
use super::recover::Walk;
use super::trail::{Trail, paths_of};
use super::white_space::{is_white_space, trimmed};

/// Every fault of a document, in its order; what `accept` refuses has at least one.
pub(crate) fn explain(schema: &Compiled, rules: &Rules, bytes: &[u8], limits: &Limits) -> Report {
    let mut walker = Walker {
        schema,
        rules,
        bytes,
        identity: Tracker::default(),
        pathless: Vec::new(),
        findings: Findings::new(limits),
        trail: Trail::new(),
        frames: Vec::new(),
        memory: Vec::new(),
        collected: String::new(),
        collecting: 0,
        has_root: false,
        forgiven: None,
        ids: Ids::default(),
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
        walker.report_malformed(&mut faults, &token);
        match token {
            Token::Start { name, prefix_length, span } => {
                walker.start(&reader, name, prefix_length, span.0..span.1);
            }
            Token::Text { run, at, damaged } => walker.text(run, at, damaged),
            Token::End { span, implied } => walker.end(&reader, span.0..span.1, implied),
            Token::Eof => break,
        }
    }
    let paths = |tags: &[usize]| match Reader::new(bytes, limits) {
        Ok(again) => paths_of(tags, again, limits.diagnostics),
        Err(_) => Vec::new(),
    };
    walker.report_unknown_ids(paths);
    walker.add_paths(paths);
    walker.findings.finish()
}

/// Every breach of XML in a document, without a schema.
///
/// ```
/// use packetcheck::{Limits, check};
///
/// let report = check::well_formed(b"<a><b>Smith & Sons</b></a>", &Limits::default());
/// assert_eq!(report.diagnostics[0].code.as_str(), "PC0109");
/// assert_eq!(report.diagnostics[0].path, "/a/b");
/// ```
pub fn well_formed(bytes: &[u8], limits: &Limits) -> Report {
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
    pub(super) rules: &'s Rules,
    pub(super) bytes: &'a [u8],
    pub(super) identity: Tracker,
    /// Diagnostics about elements that had ended, by their start.
    pub(super) pathless: Vec<(Kept, usize)>,
    pub(super) findings: Findings,
    pub(super) trail: Trail<'a>,
    pub(super) frames: Vec<Frame<'s, 'a>>,
    /// The words of all walks through content models.
    pub(super) memory: Vec<u32>,
    /// Text of the elements whose string-value a rule reads; empty while there is none.
    pub(super) collected: String,
    /// How many open elements want it.
    pub(super) collecting: usize,
    pub(super) has_root: bool,
    /// A namespace that was wrong and reported once: from then on it is read as the right one.
    pub(super) forgiven: Option<(String, NamespaceId)>,
    pub(super) ids: Ids<'s, 'a>,
}

/// An open element.
pub(super) struct Frame<'s, 'a> {
    /// The name as written.
    pub(super) name: &'a str,
    pub(super) element: Option<ElementId>,
    pub(super) known: Option<NameId>,
    /// The start tag.
    pub(super) tag: Range<usize>,
    pub(super) content: Expectation<'s>,
    pub(super) walk: Option<Walk>,
    /// The text, if the content is text, and where it stands.
    text: Option<(Cow<'a, str>, &'a str, usize)>,
    pub(super) seen: Option<Seen<'a>>,
    /// Its string-value is `collected` from here on.
    pub(super) collected_from: Option<usize>,
    /// The bytes in it are not well-formed: nothing is said about what is missing.
    pub(super) malformed: bool,
    /// Something in it was reported: rules keep silent.
    pub(super) faulty: bool,
    /// That it has content it must not have was reported.
    pub(super) told: bool,
    /// It says that it is nil, and must not: that it is empty is the same fault.
    pub(super) excused: bool,
    /// The tracker of identity constraints was told that it begins.
    pub(super) is_tracked: bool,
    /// Its type is simple, or has simple content.
    pub(super) is_simple: bool,
}

/// What the content of an element may be.
#[derive(Clone, Copy)]
pub(super) enum Expectation<'s> {
    /// Nothing is checked, since something was wrong.
    Silence,
    /// Nothing is checked: a wildcard says so, and IDs in there are none.
    Skipped,
    /// Anything; what is declared is checked.
    Lax,
    /// Nothing may be there, by the type.
    Empty,
    /// Nothing may be there, because of `xsi:nil`.
    Nil,
    Simple {
        simple: &'s SimpleType,
        constraint: Option<&'s ValueConstraint>,
    },
    Elements {
        model: &'s Model,
        mixed: bool,
        fixed: Option<&'s str>,
    },
}

/// An element that begins: its name, resolved.
pub(super) struct Child<'a, 'r> {
    /// As written.
    pub(super) name: &'a str,
    pub(super) local: &'a str,
    /// `None` where the prefix is not declared.
    pub(super) namespace: Option<&'r str>,
    pub(super) namespace_id: Option<NamespaceId>,
    pub(super) id: Option<NameId>,
    pub(super) tag: Range<usize>,
}

impl<'s, 'a> Walker<'s, 'a> {
    /// Reports what broke XML on the way to a token.
    fn report_malformed(&mut self, faults: &mut Vec<xml::Fault>, token: &Token<'a>) {
        let own = match token {
            Token::Start { span, .. } => Some(span.0..span.1),
            _ => None,
        };
        for fault in faults.drain(..) {
            let trail = &self.trail;
            self.findings.add(Severity::Error, || malformed(&fault, trail.path()));
            self.ids.is_partial = true;
            // A fault inside a start tag is that element's; any other is in the element around.
            let is_own = own.as_ref().is_some_and(|own| own.contains(&fault.span.start));
            if !is_own && let Some(frame) = self.frames.last_mut() {
                frame.malformed = true;
                frame.faulty = true;
            }
        }
    }

    fn start(&mut self, reader: &Reader<'a>, name: &'a str, prefix_length: usize, tag: Range<usize>) {
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
        self.open(reader, &child, placed);
    }

    /// Settles type, attributes and content of an element, and opens it.
    fn open(&mut self, reader: &Reader<'a>, child: &Child<'a, '_>, placed: Placed) {
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
            faulty: reader.is_tag_damaged(),
            told: false,
            excused: false,
            is_tracked: false,
            is_simple: false,
        };
        let mut type_id = schema.any_type;
        match placed {
            Placed::Passed => self.ids.is_partial = true,
            Placed::Wild(Process::Skip) => frame.content = Expectation::Skipped,
            Placed::Wild(process) => {
                let instance = self.instance(reader, None);
                match instance.type_id {
                    Some(named) => {
                        type_id = named;
                        // `xsi:nil` is nothing without a declaration (cvc-elt.3 is about declared elements).
                        frame.content = self.content_of(&mut frame, None, named, false);
                    }
                    None if process == Process::Strict => {
                        let is_root = self.frames.is_empty();
                        self.report(&child.tag, || match is_root {
                            true => words::unexpected_root(child.local, &[], None),
                            false => words::undeclared_element(child.name),
                        });
                        self.fault_in_parent();
                    }
                    None => frame.content = Expectation::Lax,
                }
            }
            Placed::Element(element) | Placed::Misplaced(element) => {
                let declaration = &schema.elements[element.index()];
                frame.element = Some(element);
                frame.known = Some(declaration.name);
                if declaration.is_abstract {
                    frame.faulty = true;
                    self.report(&child.tag, || words::abstract_element(child.name));
                }
                let instance = self.instance(reader, Some(declaration));
                self.ids.is_partial |= instance.faulty;
                frame.faulty |= instance.faulty || placed == Placed::Misplaced(element);
                frame.excused = instance.refused_nil;
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
        self.track(child, placed, type_id, &mut frame);
        if !matches!(frame.content, Expectation::Silence | Expectation::Skipped) {
            self.check_attributes(reader, &mut frame, type_id);
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
            self.ids.is_partial = true;
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
            Expectation::Silence | Expectation::Skipped | Expectation::Lax => {}
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
    fn end(&mut self, reader: &Reader<'a>, span: Range<usize>, implied: bool) {
        let Some(mut frame) = self.frames.pop() else { return };
        frame.malformed |= implied;
        let is_untouched = frame.text.is_none() && frame.walk.as_ref().is_none_or(Walk::is_untouched);
        let is_silent = frame.malformed || (frame.excused && is_untouched);
        if !is_silent {
            match frame.content {
                Expectation::Simple { simple, constraint } if !frame.told => {
                    self.check_text(reader, &mut frame, simple, constraint, &span);
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
        if frame.is_tracked {
            self.track_end(&frame);
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
                let each: Vec<_> = pending.missing.iter().map(|leaves| schema.items(model, leaves)).collect();
                words::missing_elements(&each, name, Some(before))
            });
        }
        if !walk.may_end(model, &self.memory) {
            faulty = true;
            let missing = walk.missing_at_end(model, &self.memory);
            if !missing.is_empty() {
                let documentation = schema.leaves_documentation(model, missing.first());
                self.report_with(span, documentation, || {
                    let each: Vec<_> = missing.iter().map(|leaves| schema.items(model, leaves)).collect();
                    words::missing_elements(&each, name, None)
                });
            } else if !walk.has_stand_in() {
                self.report(span, || words::impossible_content(name));
            }
        }
        frame.faulty |= faulty;
    }

    pub(super) fn take_text(frame: &mut Frame<'s, 'a>) -> Option<(Cow<'a, str>, &'a str, usize)> {
        frame.text.take()
    }

    pub(super) fn fault_in_parent(&mut self) {
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
