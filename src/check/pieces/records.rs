//! The elements at one path of a document that is read in pieces, each as a separate document.

use std::collections::VecDeque;
use std::io;

use super::{Against, Conceal, Findings, InPieces};
use crate::automaton::LeafId;
use crate::check::events::Event;
use crate::check::machine::Machine;
use crate::check::scratch::Scratch;
use crate::check::sink::Sink;
use crate::compiled::{ElementId, Leaf};
use crate::diagnostic::{Lines, Report};
use crate::text::name::local_part;
use crate::text::scan::tag_name_end;
use crate::xml::lex;

/// An element that was found and is valid.
pub(crate) struct FoundRecord {
    /// The element, with the namespace declarations that are in scope around it.
    pub(crate) text: String,
    /// Its declaration, if it has one.
    pub(crate) element: Option<ElementId>,
}

/// Reads the elements at one path of a document.
pub(crate) struct RecordReader<'r> {
    document: Box<InPieces<'r>>,
    /// The names of the elements on the path, outermost first.
    path: Vec<String>,
    scratch: Box<Scratch>,
    findings: Option<Findings>,
    found: VecDeque<FoundRecord>,
    /// The number of open elements that are on the path.
    matched: usize,
    /// The declaration of the open element at the end of the path.
    element: Option<ElementId>,
    /// Whether the document was read to its end.
    is_over: bool,
}

impl<'r> RecordReader<'r> {
    pub(crate) fn new(document: Box<InPieces<'r>>, path: Vec<String>, against: Against<'_>) -> RecordReader<'r> {
        let mut scratch = Box::new(Scratch::new());
        let findings = Some(Findings::new(against.limits, &mut scratch));
        RecordReader {
            document,
            path,
            scratch,
            findings,
            found: VecDeque::new(),
            matched: 0,
            element: None,
            is_over: false,
        }
    }

    /// The next element; `None` if there are no more, or the document has an error.
    pub(crate) fn next(&mut self, against: Against<'_>, conceal: Conceal<'_>) -> io::Result<Option<FoundRecord>> {
        loop {
            if let Some(record) = self.found.pop_front() {
                return Ok(Some(record));
            }
            let Some(findings) = &mut self.findings else { return Ok(None) };
            if self.is_over || !findings.explanation.is_valid() {
                return Ok(None);
            }
            let RecordReader { document, path, scratch, found, matched, element, .. } = self;
            let from = document.kept_from;
            let is_more = document.explain_piece(against, scratch, findings, conceal, |machine| {
                Search { path, matched, element, found, from }.go_on(machine)
            })?;
            self.is_over = !is_more;
        }
    }

    /// The errors found in the document so far.
    pub(crate) fn finish(&mut self) -> Option<(Report, Lines)> {
        self.findings.take().map(Findings::finish)
    }
}

/// A search in one piece of the document.
struct Search<'f> {
    path: &'f [String],
    matched: &'f mut usize,
    element: &'f mut Option<ElementId>,
    found: &'f mut VecDeque<FoundRecord>,
    /// The start tag of the open element at the end of the path.
    from: Option<usize>,
}

impl Search<'_> {
    /// Collects the elements that end in the text, and returns where an element begins that has not ended.
    fn go_on<'a, S: Sink<'a>>(mut self, machine: &mut Machine<'_, 'a, S>) -> Option<usize> {
        loop {
            let (depth, at) = (machine.depth, machine.at);
            let event = match machine.predict_if_wanted() {
                Some(event) => event,
                None => match machine.walk() {
                    Ok(event) => event,
                    Err(_) => return self.from,
                },
            };
            if event == Event::Eof || machine.explanation().is_some_and(|explanation| !explanation.is_valid()) {
                return None;
            }
            if machine.depth > depth {
                self.begin(depth, machine);
            } else if machine.depth < depth {
                self.end(machine);
            } else if matches!(event, Event::Start | Event::Leaf)
                && depth == *self.matched
                && depth + 1 == self.path.len()
            {
                self.take_leaf(at, machine);
            }
        }
    }

    fn is_next(&self, name: &str) -> bool {
        self.path.get(*self.matched).is_some_and(|wanted| wanted == local_part(name))
    }

    /// Handles the start of an element at this depth.
    fn begin<'a, S: Sink<'a>>(&mut self, depth: usize, machine: &Machine<'_, 'a, S>) {
        if depth == *self.matched && self.is_next(machine.name()) {
            *self.matched += 1;
            if *self.matched == self.path.len() {
                self.from = Some(machine.frame.tag);
                *self.element = machine.details().element;
            }
        }
    }

    /// Handles the end of an element.
    fn end<'a, S: Sink<'a>>(&mut self, machine: &mut Machine<'_, 'a, S>) {
        if machine.depth >= *self.matched {
            return;
        }
        *self.matched = machine.depth;
        if let Some(from) = self.from.take() {
            let text = machine.as_record(from);
            self.found.extend(text.map(|text| FoundRecord { text, element: *self.element }));
        }
    }

    /// Handles an element without children that was read in one step; its tag follows the text at `at`.
    fn take_leaf<'a, S: Sink<'a>>(&mut self, at: usize, machine: &mut Machine<'_, 'a, S>) {
        let Ok(run) = lex::text_run(machine.text, at) else { return };
        let tag = at + run.raw.len();
        let name = machine.text.get(tag + 1..tag_name_end(machine.bytes, tag + 1)).unwrap_or_default();
        if self.is_next(name) {
            let element = machine.element_of_leaf(tag, local_part(name));
            self.found.extend(machine.as_record(tag).map(|text| FoundRecord { text, element }));
        }
    }
}

impl<'a, S: Sink<'a>> Machine<'_, 'a, S> {
    /// The child of the open element that has just ended, whose start tag is at `tag`, with the namespace declarations
    /// in scope.
    fn as_record(&mut self, tag: usize) -> Option<String> {
        let written = self.text.get(tag..self.at)?;
        let mut raw = self.scratch.take_attributes();
        let name_end = lex::start_tag(self.text, tag, self.limits, &mut raw).ok().map(|tag| tag.name.len() + 1);
        let is_missing = |prefix: &str| !raw.iter().any(|attribute| attribute.declared_prefix() == Some(prefix));
        let declarations = self.scopes.as_attributes(&is_missing);
        self.scratch.put_attributes(raw);
        let (name, rest) = written.split_at_checked(name_end?)?;
        Some(format!("{name}{declarations}{rest}"))
    }

    /// The declaration of a child element without children.
    fn element_of_leaf(&mut self, tag: usize, local: &str) -> Option<ElementId> {
        let leaf = self.scratch.children.at(tag).map(|(child, _)| LeafId(child.leaf))?;
        let Some(Leaf::Element(asked)) = self.model()?.leaf(leaf) else { return None };
        let mut all = std::iter::once(*asked).chain(self.schema.usable_near(*asked, None));
        all.find(|element| self.schema.local_name(*element) == local)
    }
}
