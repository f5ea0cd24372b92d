//! A whole document, token by token, with all its faults.
//!
//! Each piece is first read by its function in [`lex`]; recovery starts only where that fails, and then reports at
//! least one fault. So the reader reports none exactly where the lexers find none.
//!
//! Recovery aims at one fault per mistake: it resumes where the document is most likely sound again, and stays silent
//! about the consequences of a guess that may be wrong. It is linear too: each byte is looked at a bounded number of
//! times, whatever the faults.

use std::collections::HashSet;
use std::ops::Range;

use super::decode::Decoded;
use super::doctype::{Doctype, doctype_of, lex_doctype};
use super::encoding::{self, Opening};
use super::fault::{Broken, Fault, FaultKind, Found, shorten};
use super::lex::{self, RunSoFar, lex_markup, lex_misc, lex_run, one, skip_colons_and_names, unclosed_tag};
use super::open_elements::{Open, OpenElements};
use super::recover::{drop_duplicates, is_last, recover_start_tag};
use super::scopes::undeclared_prefix;
use super::spelling::is_misspelling;
use super::{RawAttribute, Scopes, StartTag, TextRun, Token, split};
use crate::Limits;
use crate::text::name::{skip_name_chars, skip_ncname};
use crate::text::white_space::skip_white_space;

/// Reads a whole document and continues after faults.
///
/// ```
/// use packetcheck::Limits;
/// use packetcheck::xml::{Reader, Token};
///
/// let mut reader = Reader::new(b"<a><b>1 & 2</b></a>", &Limits::default())?;
/// let mut faults = Vec::new();
/// let mut elements = 0;
/// loop {
///     match reader.next(&mut |fault| faults.push(fault)) {
///         Token::Start { .. } => elements += 1,
///         Token::Eof => break,
///         _ => {}
///     }
/// }
/// assert_eq!(elements, 2);
/// assert_eq!(faults.len(), 1);
/// assert_eq!(faults[0].span, 8..9);
/// # Ok::<(), packetcheck::xml::Fault>(())
/// ```
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    limits: Limits,
    at: usize,
    phase: Phase,
    pending: Pending,
    open: OpenElements<'a>,
    attributes: Vec<RawAttribute<'a>>,
    scopes: Scopes<'a>,
    /// Of the tag that was read last.
    tag_faults: Vec<Fault>,
    /// A fault of the XML declaration that is yet to be reported.
    declaration: Option<Fault>,
    /// The document type declaration, if one is allowed and was read.
    doctype: Option<Box<Doctype>>,
    /// Why the document ends where `text` does, if it does not end there.
    cut: Option<Fault>,
    /// Undeclared prefixes: each is one mistake, however often it is used.
    undeclared: HashSet<&'a str>,
    /// Unmatched end tags to expect because the end of an outer element closed theirs.
    excused: usize,
    /// Something was reported that is not allowed before the root, or that replaces it.
    has_content_before_root: bool,
    /// The last `<` before the next `>`, as far as was searched; valid at or after the offset where it is known.
    last_less_than: usize,
}

/// An element that a strict reader has open: its name, and where its start tag begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opened<'a> {
    pub(crate) name: &'a str,
    pub(crate) tag: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    BeforeRoot,
    Within,
    AfterRoot,
    Over,
}

/// Ends that are yet to be returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pending {
    None,
    /// The end of the element that has just begun, by the same tag.
    Empty {
        span: (usize, usize),
    },
    /// Implied ends of all elements deeper than `depth`, then the end of the one there.
    Down {
        depth: usize,
        span: (usize, usize),
    },
}

impl<'a> Reader<'a> {
    /// At the start of a document. Checks the whole of it for UTF-8 (or US-ASCII); where that fails in the middle, the
    /// reader reads up to there and reports that fault last.
    ///
    /// ```
    /// use packetcheck::{Limits, xml::{Reader, Token}};
    ///
    /// let mut reader = Reader::new(b"<a>1</a>", &Limits::default())?;
    /// let mut faults = Vec::new();
    /// let token = reader.next(&mut |fault| faults.push(fault));
    /// assert!(matches!(token, Token::Start { name: "a", .. }) && faults.is_empty());
    /// # Ok::<(), packetcheck::xml::Fault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Nothing can be read: the document is in another encoding (see [`decode`](super::decode)), or too large.
    pub fn new(bytes: &'a [u8], limits: &Limits) -> Result<Reader<'a>, Fault> {
        Ok(Reader::of(encoding::open(bytes, limits)?, limits))
    }

    /// At the start of a document whose encoding is settled, whatever it declares.
    pub(crate) fn of_text(text: &'a str, limits: &Limits) -> Reader<'a> {
        Reader::of(encoding::open_decoded(text), limits)
    }

    /// At the start of a document that was transcoded.
    pub(crate) fn of_decoded(decoded: &'a Decoded<'_>, limits: &Limits) -> Reader<'a> {
        Reader::of(decoded.opening(), limits)
    }

    fn of(opening: Opening<'a>, limits: &Limits) -> Reader<'a> {
        let Opening { text, start, declaration, cut } = opening;
        Reader::after(text, start, declaration, cut, limits)
    }

    fn after(text: &'a str, at: usize, declaration: Option<Fault>, cut: Option<Fault>, limits: &Limits) -> Reader<'a> {
        Reader {
            text,
            limits: *limits,
            at,
            phase: Phase::BeforeRoot,
            pending: Pending::None,
            open: OpenElements::default(),
            attributes: Vec::new(),
            scopes: Scopes::default(),
            tag_faults: Vec::new(),
            has_content_before_root: declaration.is_some(),
            declaration,
            doctype: None,
            cut,
            undeclared: HashSet::new(),
            excused: 0,
            last_less_than: 0,
        }
    }

    /// The next token; faults met before it go to `faults`, in document order. At most 256 faults are reported per
    /// attribute value. After a DOCTYPE that is not allowed, an exceeded limit or the end of a truncated document, only
    /// implied ends and [`Token::Eof`] follow.
    pub fn next(&mut self, faults: &mut dyn FnMut(Fault)) -> Token<'a> {
        if let Some(fault) = self.declaration.take() {
            faults(fault);
        }
        self.scopes.close(self.open.len() + 1);
        if let Some(token) = self.take_pending_end() {
            return token;
        }
        loop {
            let token = match self.phase {
                Phase::BeforeRoot | Phase::AfterRoot => self.read_outside(faults),
                Phase::Within => self.read_within(faults),
                Phase::Over if self.open.is_empty() => Some(Token::Eof),
                Phase::Over => Some(self.end((self.at, self.at), true)),
            };
            if let Some(token) = token {
                return token;
            }
        }
    }

    /// The attributes of the last start tag, in order, namespace declarations included. Unrecognizable ones are
    /// missing, and so is the second of two with the same name.
    pub fn attributes(&self) -> &[RawAttribute<'a>] {
        &self.attributes
    }

    /// The last start tag had faults: attributes may be missing, or have values that can only be guessed.
    pub fn is_tag_damaged(&self) -> bool {
        !self.tag_faults.is_empty()
    }

    /// The namespaces in force in the innermost open element; with [`Token::End`], those of the element that ended.
    pub fn scopes(&self) -> &Scopes<'a> {
        &self.scopes
    }

    /// The number of open elements: with [`Token::Start`] it includes the new one, with [`Token::End`] it no longer
    /// includes the old one.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The document, up to its first byte that is not UTF-8.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// A reader that takes over from a strict one where strict reading fails: see `go_to`.
    pub(crate) fn within(text: &'a str, limits: &Limits) -> Reader<'a> {
        let mut reader = Reader::after(text, 0, None, None, limits);
        if limits.allow_doctype {
            reader.doctype = doctype_of(text).map(Box::new);
        }
        reader
    }

    /// As `within`, for a text that ends before its document does. The reader reports `cut` at its end.
    pub(crate) fn until(text: &'a str, limits: &Limits, cut: Fault) -> Reader<'a> {
        Reader { cut: Some(cut), ..Reader::within(text, limits) }
    }

    /// Moves to the position of a strict reader of the same document: at offset `at`, with `depth` elements open.
    /// `opened` returns an open element by its number, the root being 0.
    pub(crate) fn go_to(&mut self, at: usize, depth: usize, opened: impl Fn(usize) -> Opened<'a>, is_root_over: bool) {
        let known = self.open.len().min(depth);
        let is_same = |index: usize| self.open.tag(index) == Some(opened(index).tag);
        // If an element is the same, so are those around it.
        let (mut same, mut different) = (0, known);
        while same < different {
            let middle = same.midpoint(different);
            if is_same(middle) { same = middle + 1 } else { different = middle }
        }
        while self.open.len() > same {
            self.open.pop();
        }
        for index in same..depth {
            let Opened { name, tag } = opened(index);
            let span = (tag, tag_end(self.text, tag, &self.limits));
            self.open.push(Open { name, span, is_misnamed: false });
        }
        if at > self.at {
            let passed = self.text.as_bytes().get(self.at..at).unwrap_or_default();
            // Start tags among them end what was excused; mistaking a comment for one does no harm.
            if memchr::memchr_iter(b'<', passed).any(|found| passed.get(found + 1) != Some(&b'/')) {
                self.excused = 0;
            }
            self.at = at;
        }
        self.phase = match self.phase {
            Phase::Over => Phase::Over,
            _ if depth > 0 => Phase::Within,
            _ if is_root_over => Phase::AfterRoot,
            phase => phase,
        };
    }

    /// The caller takes the last start tag for an end tag of the enclosing element.
    pub(crate) fn take_for_end_tag(&mut self) {
        self.pending = Pending::None;
        self.open.pop();
        self.open.pop();
    }

    /// The offset after the last token.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Whether tokens follow that are not at the offset: ends that the document lacks, or that were read already.
    pub(crate) fn is_behind(&self) -> bool {
        self.pending != Pending::None || self.phase == Phase::Over
    }

    /// Exchanges the namespaces in force.
    pub(crate) fn swap_scopes(&mut self, scopes: &mut Scopes<'a>) {
        std::mem::swap(&mut self.scopes, scopes);
    }

    /// Takes the attributes of the last start tag.
    pub(crate) fn take_attributes(&mut self) -> Vec<RawAttribute<'a>> {
        std::mem::take(&mut self.attributes)
    }

    /// Returns their memory.
    pub(crate) fn put_attributes(&mut self, attributes: Vec<RawAttribute<'a>>) {
        self.attributes = attributes;
    }

    /// Before or after the root element (production 1).
    fn read_outside(&mut self, faults: &mut dyn FnMut(Fault)) -> Option<Token<'a>> {
        match lex_misc(self.text, self.at) {
            Ok(at) => self.at = at,
            Err(broken) if broken.fault.kind == FaultKind::Doctype && self.limits.allow_doctype => {
                self.read_doctype(broken.fault, faults);
                return None;
            }
            Err(broken) => {
                self.go_on_after(broken, faults);
                return None;
            }
        }
        match self.rest() {
            [] => self.finish(faults),
            [b'<', b'/', ..] => return self.read_end_tag(faults),
            // `lex_misc` reads everything that begins like this except a CDATA section.
            [b'<', b'!', ..] => {
                self.report_outside(Found::Character('<'), self.at..self.at + "<![CDATA[".len(), faults);
                match lex_markup(self.text, self.at) {
                    Ok(end) => self.at = end,
                    Err(Broken { fault, .. }) if is_last(&fault.kind) => self.stop(fault, faults),
                    Err(Broken { resume, .. }) => self.at = resume,
                }
            }
            [b'<', ..] if looks_like_tag(self.text, self.at) => {
                if self.phase == Phase::BeforeRoot {
                    return self.read_start_tag(faults);
                }
                // A second root: its content no longer means anything.
                let end = skip_colons_and_names(self.text, self.at + 1);
                let name = shorten(self.text.get(self.at + 1..end).unwrap_or_default());
                self.stop(Fault::new(self.content_outside(Found::StartTag(name)), self.at..end), faults);
            }
            [b'<'] => self.stop(unclosed_tag(self.text, self.text.len()).fault, faults),
            _ => {
                let text = self.text.get(self.at + 1..).unwrap_or_default();
                let end = memchr::memchr(b'<', text.as_bytes()).map_or(self.text.len(), |length| self.at + 1 + length);
                let length = self.text.get(self.at..end).unwrap_or_default().trim_ascii_end().len();
                self.report_outside(Found::at(self.text, self.at), self.at..self.at + length, faults);
                self.at = end;
            }
        }
        None
    }

    /// Production 22 (prolog): at most one document type declaration, before the root. Its first fault is reported, and
    /// nothing is read after that: its end could only be guessed.
    fn read_doctype(&mut self, found: Fault, faults: &mut dyn FnMut(Fault)) {
        if self.phase != Phase::BeforeRoot || self.doctype.is_some() {
            self.stop(Fault::new(FaultKind::MisplacedDoctype, found.span), faults);
            return;
        }
        match lex_doctype(self.text, found.span.start) {
            Ok(doctype) => {
                self.at = doctype.end;
                self.doctype = Some(Box::new(doctype));
            }
            Err(broken) => self.stop(broken.fault, faults),
        }
    }

    /// Production 43 (content).
    fn read_within(&mut self, faults: &mut dyn FnMut(Fault)) -> Option<Token<'a>> {
        match self.rest() {
            [] => {
                self.finish(faults);
                None
            }
            [b'<', b'/', ..] => self.read_end_tag(faults),
            [b'<', ..] if self.is_at_tag() => self.read_start_tag(faults),
            [b'<', ..] if self.spaced_end_tag().is_some() => self.read_spaced_end_tag(faults),
            _ => self.read_text(faults),
        }
    }

    fn read_text(&mut self, faults: &mut dyn FnMut(Fault)) -> Option<Token<'a>> {
        let begin = self.at;
        let mut run = RunSoFar::new();
        let mut damaged = false;
        while self.phase != Phase::Over {
            let broken = match lex_run(self.text, self.at, &mut run) {
                Err(broken) => broken,
                Ok(end) => {
                    self.at = end;
                    match self.bare_less_than() {
                        None => break,
                        Some(broken) => {
                            run.blank = false;
                            broken
                        }
                    }
                }
            };
            damaged = true;
            self.go_on_after(broken, faults);
        }
        let raw = self.text.get(begin..self.at).unwrap_or_default();
        let run = TextRun { raw, plain: run.plain && !damaged, blank: run.blank };
        (!raw.is_empty()).then_some(Token::Text { run, at: begin, damaged })
    }

    fn read_start_tag(&mut self, faults: &mut dyn FnMut(Fault)) -> Option<Token<'a>> {
        let at = self.at;
        self.tag_faults.clear();
        if self.open.len() >= self.limits.depth {
            self.stop(Fault::new(FaultKind::TooDeep { limit: self.limits.depth }, one(self.text, at)), faults);
            return None;
        }
        let tag = match lex::start_tag(self.text, at, &self.limits, &mut self.attributes) {
            Err(fault) if !is_last(&fault.kind) => {
                recover_start_tag(self.text, at, &self.limits, &mut self.attributes, &mut self.tag_faults)
            }
            tag => tag,
        };
        let tag = match tag {
            Ok(tag) => tag,
            Err(fault) => {
                self.tag_faults.drain(..).for_each(&mut *faults);
                self.stop(fault, faults);
                return None;
            }
        };
        self.at = tag.end;
        self.phase = Phase::Within;
        self.excused = 0;
        let span = (at, tag.end);
        let is_misnamed = self.tag_faults.iter().any(|fault| fault.span.start == at + 1 && names_nothing(&fault.kind));
        self.open.push(Open { name: tag.name, span, is_misnamed });
        self.check_namespaces(&tag, at + 1);
        let change = self.doctype.as_ref().and_then(|doctype| doctype.change(tag.name, &self.attributes, &self.scopes));
        self.tag_faults.extend(change.map(|kind| Fault::new(kind, at..tag.end)));
        self.tag_faults.sort_by_key(|fault| fault.span.start);
        if let Some(doctype) = &self.doctype {
            for fault in &mut self.tag_faults {
                doctype.settle_entity(self.text, fault);
                doctype.settle_prefix(self.open.names(), fault);
            }
        }
        self.tag_faults.iter().cloned().for_each(faults);
        if tag.empty {
            self.pending = Pending::Empty { span };
        }
        Some(Token::Start { name: tag.name, prefix_length: tag.prefix_length, span })
    }

    /// Namespaces, sections 3, 5 and 6.3.
    fn check_namespaces(&mut self, tag: &StartTag<'a>, name_at: usize) {
        let depth = self.open.len();
        for attribute in &self.attributes {
            if let Some(prefix) = attribute.declared_prefix()
                && let Err(fault) = self.scopes.declare(depth, prefix, attribute)
            {
                self.tag_faults.push(fault);
                self.undeclared.insert(prefix);
            }
        }
        self.check_prefix(tag.name, tag.prefix_length, name_at);
        if self.scopes.check_attributes(&self.attributes).is_ok() {
            return;
        }
        for index in 0..self.attributes.len() {
            if let Some(&RawAttribute { name, prefix_length, name_at, .. }) = self.attributes.get(index)
                && !name.starts_with("xmlns:")
            {
                self.check_prefix(name, prefix_length, name_at);
            }
        }
        if self.scopes.same_expanded_name(&self.attributes).is_some() {
            let scopes = &self.scopes;
            drop_duplicates(&mut self.attributes, &mut self.tag_faults, |attribute| scopes.unique_key(attribute));
        }
    }

    fn check_prefix(&mut self, name: &'a str, prefix_length: usize, name_at: usize) {
        let (prefix, _) = split(name, prefix_length);
        if prefix_length > 0 && self.scopes.resolve(prefix).is_none() && self.undeclared.insert(prefix) {
            self.tag_faults.push(undeclared_prefix(name, prefix_length, name_at));
        }
    }

    fn read_end_tag(&mut self, faults: &mut dyn FnMut(Fault)) -> Option<Token<'a>> {
        let at = self.at;
        let mut reported = false;
        let (name, end) = match lex::end_tag(self.text, at, &self.limits) {
            Ok(tag) => tag,
            Err(fault) if is_last(&fault.kind) => {
                self.stop(fault, faults);
                return None;
            }
            Err(fault) => {
                let (name, end) = recover_end_tag(self.text, at);
                if !self.open.innermost().is_some_and(|open| open.is_misnamed && open.name == name) {
                    faults(fault);
                }
                reported = true;
                (name, end)
            }
        };
        self.at = end;
        self.close(name, (at, end), reported, faults)
    }

    /// At `<`: the name in an end tag with white space before its `/`, if an element of that name is open, and the
    /// offset after it.
    fn spaced_end_tag(&mut self) -> Option<(&'a str, usize)> {
        let slash = skip_white_space(self.text.as_bytes(), self.at + 1);
        if slash == self.at + 1 || self.text.as_bytes().get(slash) != Some(&b'/') {
            return None;
        }
        let (name, end) = recover_end_tag(self.text, slash - 1);
        let is_whole = self.text.as_bytes().get(end - 1) == Some(&b'>');
        (is_whole && self.open.find(name).is_some()).then_some((name, end))
    }

    fn read_spaced_end_tag(&mut self, faults: &mut dyn FnMut(Fault)) -> Option<Token<'a>> {
        let (at, (name, end)) = (self.at, self.spaced_end_tag()?);
        faults(Fault::new(FaultKind::SpacedEndTag { name: shorten(name) }, at..end));
        self.at = end;
        self.close(name, (at, end), true, faults)
    }

    /// Finds the element that an end tag closes.
    fn close(
        &mut self,
        name: &'a str,
        span: (usize, usize),
        reported: bool,
        faults: &mut dyn FnMut(Fault),
    ) -> Option<Token<'a>> {
        let mut report = |fault: Fault| {
            if !reported {
                faults(fault);
            }
        };
        let tag = span.0..span.1;
        let Some(&innermost) = self.open.innermost() else {
            self.report_stray(name, tag, &mut report);
            return None;
        };
        if innermost.name == name || name.is_empty() {
            return Some(self.end(span, false));
        }
        let opened = innermost.span.0..innermost.span.1;
        if let Some(depth) = self.open.find(name) {
            let found = Found::EndTag(shorten(name));
            let kind = FaultKind::UnclosedElement { name: shorten(innermost.name), found };
            report(Fault::new(kind, tag).related_to(opened));
            self.excused = self.open.len() - 1 - depth;
            self.pending = Pending::Down { depth, span };
            return self.take_pending_end();
        }
        if self.is_meant_for(innermost.name, name) {
            let kind = FaultKind::MismatchedEndTag { expected: shorten(innermost.name), found: shorten(name) };
            report(Fault::new(kind, tag).related_to(opened));
            return Some(self.end(span, false));
        }
        self.report_stray(name, tag, &mut report);
        None
    }

    fn report_stray(&mut self, name: &str, span: Range<usize>, report: &mut dyn FnMut(Fault)) {
        match self.excused.checked_sub(1) {
            Some(excused) => self.excused = excused,
            None => report(Fault::new(FaultKind::UnexpectedEndTag { name: shorten(name) }, span)),
        }
    }

    /// Whether an end tag whose name is not open is meant for the innermost element: what follows decides, or else the
    /// spelling.
    fn is_meant_for(&self, innermost: &str, found: &str) -> bool {
        let next = skip_white_space(self.text.as_bytes(), self.at);
        if is_end_tag_of(self.text, next, innermost) {
            return false;
        }
        match self.open.outer() {
            Some(outer) if is_end_tag_of(self.text, next, outer.name) => true,
            None if next == self.text.len() => true,
            _ => is_misspelling(innermost, found),
        }
    }

    fn take_pending_end(&mut self) -> Option<Token<'a>> {
        match self.pending {
            Pending::None => None,
            Pending::Down { depth, span } if self.open.len() > depth + 1 => Some(self.end((span.0, span.0), true)),
            Pending::Empty { span } | Pending::Down { span, .. } => {
                self.pending = Pending::None;
                Some(self.end(span, false))
            }
        }
    }

    /// Ends the innermost element.
    fn end(&mut self, span: (usize, usize), implied: bool) -> Token<'a> {
        self.open.pop();
        if self.open.is_empty() && self.phase == Phase::Within {
            self.phase = Phase::AfterRoot;
        }
        Token::End { span, implied }
    }

    /// At the end of the text.
    fn finish(&mut self, faults: &mut dyn FnMut(Fault)) {
        let end = self.text.len();
        match (self.phase, self.open.innermost()) {
            (_, Some(open)) => {
                let kind = FaultKind::UnclosedElement { name: shorten(open.name), found: Found::End };
                let fault = Fault::new(kind, end..end).related_to(open.span.0..open.span.1);
                self.stop(fault, faults);
            }
            (Phase::BeforeRoot, None) if !self.has_content_before_root => {
                self.stop(Fault::new(FaultKind::NoRoot, end..end), faults);
            }
            _ => {
                self.phase = Phase::Over;
                self.cut.take().into_iter().for_each(faults);
            }
        }
    }

    /// Reports a fault after which nothing is read. Where the text was cut short, a truncation is only a consequence of
    /// that.
    fn stop(&mut self, fault: Fault, faults: &mut dyn FnMut(Fault)) {
        self.phase = Phase::Over;
        self.at = self.text.len();
        match self.cut.take() {
            Some(cut) if fault.kind.is_truncation() => faults(cut),
            _ => faults(fault),
        }
    }

    fn go_on_after(&mut self, mut broken: Broken, faults: &mut dyn FnMut(Fault)) {
        if broken.fault.kind == FaultKind::Doctype && self.limits.allow_doctype {
            broken.fault.kind = FaultKind::MisplacedDoctype;
        }
        if let Some(doctype) = &self.doctype {
            doctype.settle_entity(self.text, &mut broken.fault);
        }
        if is_last(&broken.fault.kind) {
            self.stop(broken.fault, faults);
        } else {
            faults(broken.fault);
            self.at = broken.resume;
        }
    }

    fn report_outside(&mut self, found: Found, span: Range<usize>, faults: &mut dyn FnMut(Fault)) {
        self.has_content_before_root |= self.phase == Phase::BeforeRoot;
        faults(Fault::new(self.content_outside(found), span));
    }

    fn content_outside(&self, found: Found) -> FaultKind {
        match self.phase {
            Phase::BeforeRoot => FaultKind::ContentBeforeRoot { found },
            _ => FaultKind::ContentAfterRoot { found },
        }
    }

    /// At the end of a run of text: the fault of a `<` that does not begin a tag.
    fn bare_less_than(&mut self) -> Option<Broken> {
        match self.rest() {
            [b'<'] => Some(unclosed_tag(self.text, self.text.len())),
            [b'<', b'/', ..] => None,
            [b'<', ..] if !self.is_at_tag() && self.spaced_end_tag().is_none() => {
                Some(Broken::new(FaultKind::BareLessThan, self.at..self.at + 1))
            }
            _ => None,
        }
    }

    /// At `<` within an element: whether a start tag begins. What the end tag of the element cuts short, as in
    /// `<p>a<b</p>`, is text: one unescaped `<` explains it, whereas a tag with neither `>` nor end tag takes two
    /// mistakes. (No byte is looked at twice: the result holds for all `<` up to it.)
    fn is_at_tag(&mut self) -> bool {
        if self.last_less_than < self.at {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let before = memchr::memchr(b'>', rest).and_then(|length| rest.get(..length)).unwrap_or(rest);
            self.last_less_than = self.at + memchr::memrchr(b'<', before).unwrap_or_default();
        }
        let is_cut_short = self.last_less_than > self.at
            && self.open.innermost().is_some_and(|open| is_end_tag_of(self.text, self.last_less_than, open.name));
        !is_cut_short && looks_like_tag(self.text, self.at)
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }
}

/// The offset after the start tag at `at`, whatever its faults.
pub(crate) fn tag_end(text: &str, at: usize, limits: &Limits) -> usize {
    let mut attributes = Vec::new();
    let tag = lex::start_tag(text, at, limits, &mut attributes);
    let tag = tag.or_else(|_| recover_start_tag(text, at, limits, &mut attributes, &mut Vec::new()));
    tag.map_or(text.len(), |tag| tag.end)
}

/// At `<`: whether a start tag begins, even if its name is slightly wrong.
fn looks_like_tag(text: &str, at: usize) -> bool {
    let name_at = at + 1;
    if skip_ncname(text, name_at) > name_at || text.as_bytes().get(name_at) == Some(&b':') {
        return true;
    }
    // `<1st>` is a tag, `<1 ` and `<=` are not.
    let end = skip_name_chars(text, name_at);
    end > name_at && matches!(text.as_bytes().get(end..), Some([b'>', ..] | [b'/', b'>', ..]))
}

/// At `</` of an end tag that [`lex::end_tag`] refused: the name, empty if there is none, and the offset after the tag.
fn recover_end_tag(text: &str, at: usize) -> (&str, usize) {
    let bytes = text.as_bytes();
    let name_at = skip_white_space(bytes, at + 2);
    let name_end = skip_colons_and_names(text, name_at);
    let rest = bytes.get(name_end..).unwrap_or_default();
    let end = match memchr::memchr2(b'<', b'>', rest) {
        Some(length) => name_end + length + usize::from(rest.get(length) == Some(&b'>')),
        None => text.len(),
    };
    (text.get(name_at..name_end).unwrap_or_default(), end)
}

fn names_nothing(kind: &FaultKind) -> bool {
    matches!(kind, FaultKind::MalformedName { .. } | FaultKind::MalformedQualifiedName { .. })
}

fn is_end_tag_of(text: &str, at: usize, name: &str) -> bool {
    let rest = text.get(at..).and_then(|rest| rest.strip_prefix("</")).and_then(|rest| rest.strip_prefix(name));
    rest.is_some_and(|rest| rest.trim_ascii_start().starts_with('>'))
}
