//! Schematron in two steps: first, what is written in the schema's documents is read from their trees while the schema
//! is loaded, so that each document is parsed once; then, when the schema knows its names, the patterns are made with
//! those names.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use roxmltree::{Attribute, Node};

use super::Role;
use super::expression::{self, Expression, ExpressionError};
use crate::compiled::{Compiled, Document, NameId};
use crate::diagnostic::Code;
use crate::diagnostic::words::rule_message;
use crate::text::white_space::is_blank;
use crate::xsd::SchemaError;

const SCHEMATRON: &str = "http://purl.oclc.org/dsdl/schematron";

/// The namespace of Schematron 1.5, from before the ISO standard.
const SCHEMATRON_1_5: &str = "http://www.ascc.net/xml/schematron";
const XML_SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A pattern: the first of its rules whose context matches an element applies to it.
pub(super) struct Pattern<'s> {
    pub(super) rules: Vec<ContextRule<'s>>,
}

/// A `sch:rule`.
pub(super) struct ContextRule<'s> {
    /// The names of the context: the element's own first, then its parent's, and so on.
    pub(super) context: Vec<NameId>,
    pub(super) checks: Vec<Check>,
    document: &'s Document,
    offset: usize,
}

impl ContextRule<'_> {
    /// An error at the rule's context.
    pub(super) fn error(&self, message: &str) -> SchemaError {
        SchemaError::at(Code::AppInfo, self.document, self.offset, message)
    }
}

/// A `sch:assert` or `sch:report`.
pub(super) struct Check {
    pub(super) role: Role,
    pub(super) message: Box<str>,
    pub(super) see: Option<Box<str>>,
    pub(super) subject: Box<[NameId]>,
    pub(super) test: Arc<Expression>,
    pub(super) fires_on: bool,
}

/// The Schematron of all documents as written, in document order. Its errors are kept in place, and reported when the
/// patterns are made.
#[derive(Default)]
pub(crate) struct Written {
    documents: Vec<WrittenDocument>,
}

struct WrittenDocument {
    /// An index into `Compiled::documents`.
    document: u32,
    /// Each `sch:ns`, up to the first faulty one.
    prefixes: Vec<Result<WrittenPrefix, Refusal>>,
    patterns: Vec<Result<WrittenPattern, Refusal>>,
    /// Where each `sch:pattern` begins, whatever it contains.
    patterns_at: Vec<usize>,
}

struct WrittenPrefix {
    prefix: Box<str>,
    uri: Box<str>,
    offset: usize,
}

struct WrittenPattern {
    /// Each `sch:rule`; an unsupported element ends the list.
    rules: Vec<Result<WrittenRule, Refusal>>,
}

struct WrittenRule {
    context: WrittenExpression,
    /// Each `sch:assert` and `sch:report`; an unsupported element ends the list.
    checks: Vec<Result<WrittenCheck, Refusal>>,
}

struct WrittenCheck {
    test: WrittenExpression,
    /// The children at which it is reported.
    subject: Option<WrittenExpression>,
    /// Its message; errors in it come after those of the test.
    said: Result<Said, Refusal>,
    fires_on: bool,
}

struct Said {
    role: Role,
    message: Box<str>,
    see: Option<Box<str>>,
}

/// An attribute that holds an expression.
struct WrittenExpression {
    attribute: &'static str,
    value: Box<str>,
    /// Where the value begins in the document.
    start: usize,
    /// Whether it is written without references, so that a place in the value is a place in the document.
    is_plain: bool,
}

/// Something unsupported or wrong, and its place.
struct Refusal {
    offset: usize,
    message: String,
}

impl Written {
    /// Reads the Schematron of one document. A document that does not mention the Schematron namespace has none.
    pub(crate) fn read(&mut self, document: u32, tree: &roxmltree::Document<'_>) {
        let names =
            |namespace: &str| memchr::memmem::find(tree.input_text().as_bytes(), namespace.as_bytes()).is_some();
        if !names(SCHEMATRON) && !names(SCHEMATRON_1_5) {
            return;
        }
        let begins = |namespace| {
            let written = tree.descendants().filter(move |node| node.has_tag_name((namespace, "pattern")));
            written.map(|node| node.range().start)
        };
        let (prefixes, mut patterns) = (read_prefixes(tree), read_patterns(tree));
        patterns.extend(begins(SCHEMATRON_1_5).map(|offset| {
            let message = format!("expected ISO Schematron, in the namespace `{SCHEMATRON}`, found Schematron 1.5");
            Err(Refusal { offset, message })
        }));
        let patterns_at = begins(SCHEMATRON).chain(begins(SCHEMATRON_1_5)).collect();
        self.documents.push(WrittenDocument { document, prefixes, patterns, patterns_at });
    }
}

fn read_prefixes(tree: &roxmltree::Document<'_>) -> Vec<Result<WrittenPrefix, Refusal>> {
    let mut prefixes = Vec::new();
    for node in tree.descendants().filter(|node| node.has_tag_name((SCHEMATRON, "ns"))) {
        let prefix = read_prefix(node);
        let is_wrong = prefix.is_err();
        prefixes.push(prefix);
        if is_wrong {
            break;
        }
    }
    prefixes
}

fn read_prefix(node: Node<'_, '_>) -> Result<WrittenPrefix, Refusal> {
    check_attributes(node, &["prefix", "uri"])?;
    let prefix = required(node, "prefix")?.value().into();
    let uri = required(node, "uri")?.value().into();
    Ok(WrittenPrefix { prefix, uri, offset: node.range().start })
}

fn read_patterns(tree: &roxmltree::Document<'_>) -> Vec<Result<WrittenPattern, Refusal>> {
    let mut patterns = Vec::new();
    for node in tree.descendants().filter(|node| is_schematron(*node)) {
        let parent = node.parent_element();
        if parent.is_some_and(|parent| parent.has_tag_name((XML_SCHEMA, "appinfo"))) {
            patterns.extend(read_top(node).transpose());
        } else if !parent.is_some_and(is_schematron) {
            let message = "expected Schematron directly inside `xs:appinfo`, found it elsewhere";
            patterns.push(Err(at_node(node, message)));
        }
    }
    patterns
}

/// Reads a direct child of `xs:appinfo`.
fn read_top(node: Node<'_, '_>) -> Result<Option<WrittenPattern>, Refusal> {
    match node.tag_name().name() {
        "pattern" => read_pattern(node).map(Some),
        "ns" | "title" | "p" => Ok(None),
        _ => Err(unsupported(node)),
    }
}

fn read_pattern(node: Node<'_, '_>) -> Result<WrittenPattern, Refusal> {
    check_attributes(node, &["id"])?;
    let mut rules = Vec::new();
    for child in content(node)? {
        match child.tag_name().name() {
            "rule" => rules.push(read_rule(child)),
            "title" | "p" => {}
            _ => {
                rules.push(Err(unsupported(child)));
                break;
            }
        }
    }
    Ok(WrittenPattern { rules })
}

fn read_rule(node: Node<'_, '_>) -> Result<WrittenRule, Refusal> {
    check_attributes(node, &["context", "id"])?;
    let context = read_expression(node, "context")?;
    let checks = content(node).map_or_else(|refusal| vec![Err(refusal)], |children| read_checks(&children));
    Ok(WrittenRule { context, checks })
}

fn read_checks(children: &[Node<'_, '_>]) -> Vec<Result<WrittenCheck, Refusal>> {
    let mut checks = Vec::with_capacity(children.len());
    for child in children.iter().copied() {
        match child.tag_name().name() {
            "assert" => checks.push(read_check(child, false)),
            "report" => checks.push(read_check(child, true)),
            _ => {
                checks.push(Err(unsupported(child)));
                break;
            }
        }
    }
    checks
}

fn read_check(node: Node<'_, '_>, fires_on: bool) -> Result<WrittenCheck, Refusal> {
    check_attributes(node, &["test", "role", "see", "id", "subject"])?;
    let subject = node.has_attribute("subject").then(|| read_expression(node, "subject")).transpose()?;
    Ok(WrittenCheck { test: read_expression(node, "test")?, subject, said: read_said(node), fires_on })
}

fn read_said(node: Node<'_, '_>) -> Result<Said, Refusal> {
    let role = match node.attribute("role") {
        None | Some("error") => Role::Error,
        Some("warning") => Role::Warning,
        Some(other) => {
            let message = format!("expected the role `error` or `warning`, found `{}`", other.escape_debug());
            return Err(at_node(node, &message));
        }
    };
    if let Some(child) = node.children().find(Node::is_element) {
        return Err(at_node(child, "expected only text in an assert or report, found an element"));
    }
    let text: String = node.children().filter_map(|child| child.text().filter(|_| child.is_text())).collect();
    let message: Box<str> = rule_message(&text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")).into();
    if message.is_empty() {
        return Err(at_node(node, "expected a message in an assert or report, found none"));
    }
    Ok(Said { role, message, see: node.attribute("see").map(Box::from) })
}

fn read_expression(node: Node<'_, '_>, attribute: &'static str) -> Result<WrittenExpression, Refusal> {
    let found = required(node, attribute)?;
    let (value, range) = (found.value(), found.range_value());
    let is_plain = node.document().input_text().get(range.clone()) == Some(value);
    Ok(WrittenExpression { attribute, value: value.into(), start: range.start, is_plain })
}

impl Written {
    /// The number of patterns that are not to be run, and the place of the first.
    pub(super) fn passed_over(&self, is_run: &dyn Fn(u32) -> bool) -> Option<(usize, u32, usize)> {
        let documents = self.documents.iter().filter(|written| !is_run(written.document));
        let patterns = documents.flat_map(|written| written.patterns_at.iter().map(|at| (written.document, *at)));
        let count = patterns.clone().count();
        patterns.into_iter().next().map(|(document, at)| (count, document, at))
    }
}

/// All patterns that are run, in document order.
pub(super) fn patterns<'s>(
    schema: &'s Compiled,
    written: Written,
    is_run: &dyn Fn(u32) -> bool,
) -> Result<Vec<Pattern<'s>>, SchemaError> {
    let mut known = HashSet::new();
    let mut documents = Vec::new();
    for written in written.documents.into_iter().filter(|written| is_run(written.document)) {
        let document = schema.documents.get(written.document as usize);
        // A document that was loaded twice (into two namespaces) has its rules once.
        documents.extend(document.filter(|document| known.insert(&document.path)).map(|document| (document, written)));
    }
    let mut resolver = Resolver { schema, prefixes: HashMap::new(), errors: RefCell::default() };
    let mut written = Vec::with_capacity(documents.len());
    for (document, WrittenDocument { prefixes, patterns, .. }) in documents {
        let declared = resolver.declare_prefixes(document, prefixes);
        resolver.or_note(declared);
        written.push((document, patterns));
    }
    let mut patterns = Vec::new();
    for (document, of_document) in written {
        for pattern in of_document {
            let pattern = pattern.map_err(|refusal| refusal.at(document));
            patterns.extend(resolver.or_note(pattern).map(|pattern| resolver.pattern(document, pattern)));
        }
    }
    match SchemaError::joined(resolver.errors.into_inner()) {
        None => Ok(patterns),
        Some(error) => Err(error),
    }
}

struct Resolver<'s> {
    schema: &'s Compiled,
    prefixes: HashMap<Box<str>, Box<str>>,
    /// The errors so far: reading continues after each.
    errors: RefCell<Vec<SchemaError>>,
}

impl<'s> Resolver<'s> {
    /// The result, or `None` with its error kept.
    fn or_note<T>(&self, result: Result<T, SchemaError>) -> Option<T> {
        result.map_err(|error| self.errors.borrow_mut().push(error)).ok()
    }

    /// `sch:ns` applies to all documents, as it does when their Schematron is gathered into one schema.
    fn declare_prefixes(
        &mut self,
        document: &Document,
        prefixes: Vec<Result<WrittenPrefix, Refusal>>,
    ) -> Result<(), SchemaError> {
        for written in prefixes {
            let WrittenPrefix { prefix, uri, offset } = written.map_err(|refusal| refusal.at(document))?;
            if self.prefixes.get(&prefix).is_some_and(|earlier| *earlier != uri) {
                let message = format!("expected one namespace for the prefix `{prefix}`, found two");
                self.prefixes.insert(prefix, uri);
                return Err(SchemaError::at(Code::AppInfo, document, offset, message));
            }
            self.prefixes.insert(prefix, uri);
        }
        Ok(())
    }

    fn pattern(&self, document: &'s Document, written: WrittenPattern) -> Pattern<'s> {
        let rule = |written: Result<WrittenRule, Refusal>| {
            let rule = written.map_err(|refusal| refusal.at(document)).and_then(|rule| self.rule(document, rule));
            self.or_note(rule)
        };
        Pattern { rules: written.rules.into_iter().filter_map(rule).collect() }
    }

    fn rule(&self, document: &'s Document, written: WrittenRule) -> Result<ContextRule<'s>, SchemaError> {
        let WrittenRule { context: expression, checks } = written;
        let mut context = expression::parse_context(&expression.value, &|prefix, local| self.resolve(prefix, local))
            .map_err(|error| expression.error(document, &error))?;
        context.reverse();
        let check = |written: Result<WrittenCheck, Refusal>| {
            let check = written.map_err(|refusal| refusal.at(document)).and_then(|check| self.check(document, check));
            self.or_note(check)
        };
        let checks = checks.into_iter().filter_map(check).collect();
        Ok(ContextRule { context, checks, document, offset: expression.start })
    }

    fn check(&self, document: &Document, written: WrittenCheck) -> Result<Check, SchemaError> {
        let WrittenCheck { test: expression, subject, said, fires_on } = written;
        let test = expression::parse_test(&expression.value, &|prefix, local| self.resolve(prefix, local))
            .map_err(|error| expression.error(document, &error))?;
        let subject = subject.map_or(Ok(Vec::new()), |subject| {
            expression::parse_subject(&subject.value, &|prefix, local| self.resolve(prefix, local))
                .map_err(|error| subject.error(document, &error))
        })?;
        let Said { role, message, see } = said.map_err(|refusal| refusal.at(document))?;
        Ok(Check { role, message, see, subject: subject.into(), test: Arc::new(test), fires_on })
    }

    /// A name in an expression: without a prefix it is in no namespace.
    fn resolve(&self, prefix: &str, local: &str) -> Result<NameId, String> {
        let namespace = match prefix {
            "" => "",
            prefix => self
                .prefixes
                .get(prefix)
                .ok_or_else(|| format!("expected a prefix that `sch:ns` declares, found `{prefix}`"))?,
        };
        self.schema.names.lookup(namespace, local).ok_or_else(|| {
            let colon = if prefix.is_empty() { "" } else { ":" };
            format!("expected a name that the schema declares, found `{prefix}{colon}{local}`")
        })
    }
}

impl WrittenExpression {
    /// An error at its exact place in the expression, if the attribute is written without references; otherwise at its
    /// beginning.
    fn error(&self, document: &Document, error: &ExpressionError) -> SchemaError {
        let offset = self.start + if self.is_plain { error.offset } else { 0 };
        let message = format!("in `{}=\"{}\"`: {error}", self.attribute, self.value.escape_debug());
        SchemaError::at(Code::AppInfo, document, offset, message)
    }
}

impl Refusal {
    fn at(self, document: &Document) -> SchemaError {
        SchemaError::at(Code::AppInfo, document, self.offset, self.message)
    }
}

fn is_schematron(node: Node<'_, '_>) -> bool {
    node.is_element() && node.tag_name().namespace() == Some(SCHEMATRON)
}

/// The child elements; between them only white space is allowed, and no elements in other namespaces.
fn content<'a, 'input>(node: Node<'a, 'input>) -> Result<Vec<Node<'a, 'input>>, Refusal> {
    let mut elements = Vec::new();
    for child in node.children() {
        if is_schematron(child) {
            elements.push(child);
        } else if child.is_element() {
            return Err(unsupported(child));
        } else if child.is_text() && !is_blank(child.text().unwrap_or_default()) {
            return Err(at_node(child, "expected elements of Schematron, found text"));
        }
    }
    Ok(elements)
}

fn check_attributes(node: Node<'_, '_>, allowed: &[&str]) -> Result<(), Refusal> {
    for attribute in node.attributes() {
        let name = attribute.name();
        let known = match attribute.namespace() {
            None => allowed.contains(&name),
            Some(namespace) => namespace == XML && name == "lang",
        };
        if !known {
            let message =
                format!("the attribute `{name}` of `{}` is not supported in Schematron rules", node.tag_name().name());
            return Err(Refusal { offset: attribute.range().start, message });
        }
    }
    Ok(())
}

fn required<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Result<Attribute<'a, 'input>, Refusal> {
    node.attribute_node(name).ok_or_else(|| {
        let message = format!("missing attribute `{name}` of the Schematron element `{}`", node.tag_name().name());
        at_node(node, &message)
    })
}

fn unsupported(node: Node<'_, '_>) -> Refusal {
    let message = format!("`{}` is not supported here in Schematron rules", node.tag_name().name());
    at_node(node, &message)
}

fn at_node(node: Node<'_, '_>, message: &str) -> Refusal {
    Refusal { offset: node.range().start, message: message.to_owned() }
}
