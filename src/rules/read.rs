//! Schematron as it stands in the schema's documents, read into patterns whose names are those of the schema.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use roxmltree::{Attribute, Node};

use super::Role;
use super::expression::{self, Expression, ExpressionError};
use crate::compiled::{Compiled, Document, NameId};
use crate::diagnostic::Code;
use crate::text::white_space::is_blank;
use crate::xsd::SchemaError;

const SCHEMATRON: &str = "http://purl.oclc.org/dsdl/schematron";
const XML_SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A pattern: of its rules the first whose context takes an element applies to it.
pub(super) struct Pattern<'s> {
    pub(super) rules: Vec<ContextRule<'s>>,
}

/// A `sch:rule`.
pub(super) struct ContextRule<'s> {
    /// The names of the context, the element's own first, then its parent's, and so on.
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
    pub(super) test: Arc<Expression>,
    pub(super) fires_on: bool,
}

/// All patterns, in the order of the documents. Documents that do not name the Schematron namespace are not parsed.
pub(super) fn patterns(schema: &Compiled) -> Result<Vec<Pattern<'_>>, SchemaError> {
    let mut known = HashSet::new();
    let mut trees = Vec::new();
    for document in &schema.documents {
        let has_rules = memchr::memmem::find(document.text.as_bytes(), SCHEMATRON.as_bytes()).is_some();
        // A document that was loaded twice (into two namespaces) has its rules once.
        if has_rules && known.insert(&document.path) {
            let tree = crate::xsd::parse_checked(&document.text).map_err(|error| {
                SchemaError::at(Code::NotWellFormed, document, 0, format!("expected well-formed XML, found {error}"))
            })?;
            trees.push((document, tree));
        }
    }
    let mut reader = Reader { schema, prefixes: HashMap::new(), errors: RefCell::default() };
    for (document, tree) in &trees {
        let read = reader.read_prefixes(document, tree);
        reader.or_note(read);
    }
    let mut patterns = Vec::new();
    for (document, tree) in &trees {
        for node in tree.descendants().filter(|node| is_schematron(*node)) {
            let parent = node.parent_element();
            if parent.is_some_and(|parent| parent.has_tag_name((XML_SCHEMA, "appinfo"))) {
                patterns.extend(reader.or_note(reader.read_top(document, node)).flatten());
            } else if !parent.is_some_and(is_schematron) {
                let message = "expected Schematron directly inside `xs:appinfo`, found it elsewhere";
                reader.or_note::<()>(Err(at_node(document, node, message)));
            }
        }
    }
    match SchemaError::joined(reader.errors.into_inner()) {
        None => Ok(patterns),
        Some(error) => Err(error),
    }
}

struct Reader<'s> {
    schema: &'s Compiled,
    prefixes: HashMap<String, String>,
    /// What is wrong so far: what follows is read all the same.
    errors: RefCell<Vec<SchemaError>>,
}

impl<'s> Reader<'s> {
    /// The result, or `None` with its error kept.
    fn or_note<T>(&self, result: Result<T, SchemaError>) -> Option<T> {
        result.map_err(|error| self.errors.borrow_mut().push(error)).ok()
    }

    /// `sch:ns` counts for all documents, as it does where their Schematron is gathered into one schema.
    fn read_prefixes(&mut self, document: &Document, tree: &roxmltree::Document<'_>) -> Result<(), SchemaError> {
        for node in tree.descendants().filter(|node| node.has_tag_name((SCHEMATRON, "ns"))) {
            check_attributes(document, node, &["prefix", "uri"])?;
            let prefix = required(document, node, "prefix")?;
            let uri = required(document, node, "uri")?;
            let earlier = self.prefixes.insert(prefix.value().to_owned(), uri.value().to_owned());
            if earlier.is_some_and(|earlier| earlier != uri.value()) {
                let message = format!("expected one namespace for the prefix `{}`, found two", prefix.value());
                return Err(at_node(document, node, &message));
            }
        }
        Ok(())
    }

    /// What stands directly in `xs:appinfo`.
    fn read_top(&self, document: &'s Document, node: Node<'_, '_>) -> Result<Option<Pattern<'s>>, SchemaError> {
        match node.tag_name().name() {
            "pattern" => self.read_pattern(document, node).map(Some),
            "ns" | "title" | "p" => Ok(None),
            _ => Err(unsupported(document, node)),
        }
    }

    fn read_pattern(&self, document: &'s Document, node: Node<'_, '_>) -> Result<Pattern<'s>, SchemaError> {
        check_attributes(document, node, &["id"])?;
        let mut rules = Vec::new();
        for child in content(document, node)? {
            match child.tag_name().name() {
                "rule" => rules.extend(self.or_note(self.read_rule(document, child))),
                "title" | "p" => {}
                _ => return Err(unsupported(document, child)),
            }
        }
        Ok(Pattern { rules })
    }

    fn read_rule(&self, document: &'s Document, node: Node<'_, '_>) -> Result<ContextRule<'s>, SchemaError> {
        check_attributes(document, node, &["context", "id"])?;
        let attribute = required(document, node, "context")?;
        let mut context = expression::parse_context(attribute.value(), &|prefix, local| self.resolve(prefix, local))
            .map_err(|error| at_expression(document, &attribute, &error))?;
        context.reverse();
        let mut checks = Vec::new();
        for child in content(document, node)? {
            match child.tag_name().name() {
                "assert" => checks.extend(self.or_note(self.read_check(document, child, false))),
                "report" => checks.extend(self.or_note(self.read_check(document, child, true))),
                _ => return Err(unsupported(document, child)),
            }
        }
        Ok(ContextRule { context, checks, document, offset: attribute.range_value().start })
    }

    fn read_check(&self, document: &Document, node: Node<'_, '_>, fires_on: bool) -> Result<Check, SchemaError> {
        check_attributes(document, node, &["test", "role", "see", "id"])?;
        let attribute = required(document, node, "test")?;
        let test = expression::parse_test(attribute.value(), &|prefix, local| self.resolve(prefix, local))
            .map_err(|error| at_expression(document, &attribute, &error))?;
        let role = match node.attribute("role") {
            None | Some("error") => Role::Error,
            Some("warning") => Role::Warning,
            Some(other) => {
                let message = format!("expected the role `error` or `warning`, found `{}`", other.escape_debug());
                return Err(at_node(document, node, &message));
            }
        };
        if let Some(child) = node.children().find(Node::is_element) {
            return Err(at_node(document, child, "expected text alone in an assert or report, found an element"));
        }
        let text: String = node.children().filter_map(|child| child.text().filter(|_| child.is_text())).collect();
        let message: Box<str> = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ").into();
        if message.is_empty() {
            return Err(at_node(document, node, "expected a text that says what is wrong, found none"));
        }
        Ok(Check { role, message, see: node.attribute("see").map(Box::from), test: Arc::new(test), fires_on })
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

fn is_schematron(node: Node<'_, '_>) -> bool {
    node.is_element() && node.tag_name().namespace() == Some(SCHEMATRON)
}

/// The child elements; text between them may only be white space, and elements of other namespaces have no place here.
fn content<'a, 'input>(document: &Document, node: Node<'a, 'input>) -> Result<Vec<Node<'a, 'input>>, SchemaError> {
    let mut elements = Vec::new();
    for child in node.children() {
        if is_schematron(child) {
            elements.push(child);
        } else if child.is_element() {
            return Err(unsupported(document, child));
        } else if child.is_text() && !is_blank(child.text().unwrap_or_default()) {
            return Err(at_node(document, child, "expected elements of Schematron, found text"));
        }
    }
    Ok(elements)
}

fn check_attributes(document: &Document, node: Node<'_, '_>, allowed: &[&str]) -> Result<(), SchemaError> {
    for attribute in node.attributes() {
        let name = attribute.name();
        let known = match attribute.namespace() {
            None => allowed.contains(&name),
            Some(namespace) => namespace == XML && name == "lang",
        };
        if !known {
            let message =
                format!("the attribute `{name}` of `{}` is not supported in Schematron rules", node.tag_name().name());
            return Err(SchemaError::at(Code::AppInfo, document, attribute.range().start, message));
        }
    }
    Ok(())
}

fn required<'a, 'input>(
    document: &Document,
    node: Node<'a, 'input>,
    name: &str,
) -> Result<Attribute<'a, 'input>, SchemaError> {
    node.attribute_node(name).ok_or_else(|| {
        let message = format!("missing attribute `{name}` of the Schematron element `{}`", node.tag_name().name());
        at_node(document, node, &message)
    })
}

fn unsupported(document: &Document, node: Node<'_, '_>) -> SchemaError {
    let message = format!("`{}` is not supported here in Schematron rules", node.tag_name().name());
    at_node(document, node, &message)
}

fn at_node(document: &Document, node: Node<'_, '_>, message: &str) -> SchemaError {
    SchemaError::at(Code::AppInfo, document, node.range().start, message)
}

/// At the very place in the expression, if the attribute is written without references; else where it begins.
fn at_expression(document: &Document, attribute: &Attribute<'_, '_>, error: &ExpressionError) -> SchemaError {
    let range = attribute.range_value();
    let plain = document.text.get(range.clone()) == Some(attribute.value());
    let offset = range.start + if plain { error.offset } else { 0 };
    let message = format!("in `{}=\"{}\"`: {error}", attribute.name(), attribute.value().escape_debug());
    SchemaError::at(Code::AppInfo, document, offset, message)
}
