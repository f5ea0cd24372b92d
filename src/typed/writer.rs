//! Writes a document from values.

use super::{OtherAttribute, QualifiedName, Scalar, has_value, simple_type, type_of_attribute};
use crate::Schema;
use crate::codec::{Any, Error, Markup};
use crate::datatype::SimpleType;
use crate::text::name::local_part;
use crate::xml::{self, check_name, escape_text, escape_value, has_forbidden, is_plain};

/// Writes one document. Names are those of a schema, with the prefixes that its root declares.
///
/// Most output of generated code is known to be valid. When it is not, the code calls `doubt`, and so does the writer
/// itself for markup and names that are part of a value; the document is then checked as a whole.
pub struct Writer<'s> {
    schema: &'s Schema,
    out: Vec<u8>,
    is_pretty: bool,
    /// Whether the last start tag still lacks its end.
    is_in_tag: bool,
    /// Whether the start tag declares `xsi`.
    is_instance_declared: bool,
    /// Whether the last output is an end tag, after which the next tag of pretty output begins a line.
    is_after_child: bool,
    depth: usize,
    /// How many of the open elements have mixed content: white space between their children would be text.
    mixed: usize,
    scalar: String,
    /// The number of prefixes declared for names, each of which is different.
    declared: usize,
    /// Whether everything written so far is known to be valid.
    is_certain: bool,
    /// The greatest depth so far.
    deepest: usize,
    /// If output is only measured: the number of bytes that were written and are no longer kept.
    measured: Option<usize>,
}

/// The least number of bytes that are kept if output is only measured: later output depends on them.
const KEPT: usize = 2;

/// The number of bytes up to which output that is only measured is kept, apart from the last text.
const MOST_KEPT: usize = 4096;

impl<'s> Writer<'s> {
    pub(super) fn new(schema: &'s Schema, mut buffer: Vec<u8>, is_pretty: bool) -> Self {
        buffer.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        Writer {
            schema,
            out: buffer,
            is_pretty,
            is_in_tag: false,
            is_instance_declared: false,
            is_after_child: false,
            depth: 0,
            mixed: 0,
            scalar: String::new(),
            declared: 0,
            // Code that was not generated for the schema knows nothing about it.
            is_certain: schema.prediction().is_some(),
            deepest: 0,
            measured: None,
        }
    }

    /// Keeps only the length of the output.
    pub(super) fn measuring(schema: &'s Schema, is_pretty: bool) -> Self {
        Writer { measured: Some(0), ..Writer::new(schema, Vec::with_capacity(MOST_KEPT), is_pretty) }
    }

    pub(super) fn length(self) -> usize {
        self.measured.unwrap_or_default() + self.finish().len()
    }

    /// Notes that the document may be invalid.
    #[inline(always)]
    pub fn doubt(&mut self) {
        self.is_certain = false;
    }

    /// Notes that the document may be invalid, unless the value is valid for the type with this number.
    pub fn ask<'a>(&mut self, type_number: u32, value: &impl Scalar<'a>) {
        self.ask_type(simple_type(self.schema, type_number), value);
    }

    /// Notes that the document may be invalid, unless the value is valid for an attribute of the type with this number.
    pub fn ask_attribute<'a>(&mut self, type_number: u32, attribute: usize, value: &impl Scalar<'a>) {
        self.ask_type(type_of_attribute(self.schema, type_number, attribute), value);
    }

    fn ask_type<'a>(&mut self, simple: Option<&SimpleType>, value: &impl Scalar<'a>) {
        let is_valid = |text: &str| simple.is_some_and(|simple| has_value(simple, text));
        self.is_certain = self.is_certain
            && match value.as_text() {
                Some(text) => is_valid(text),
                None => {
                    self.scalar.clear();
                    value.append(&mut self.scalar);
                    is_valid(&self.scalar)
                }
            };
    }

    /// Whether the output so far is known to be valid.
    pub(super) fn is_certain(&self) -> bool {
        self.is_certain && self.deepest < self.schema.limits().depth
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.is_pretty {
            self.out.push(b'\n');
        }
        self.out
    }

    /// Begins an element with the beginning of its tag: `<name`.
    #[inline]
    pub fn start(&mut self, begin: &'static str) {
        self.before_start();
        self.out.extend_from_slice(begin.as_bytes());
    }

    fn start_named(&mut self, name: &str) {
        self.before_start();
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
    }

    #[inline]
    fn before_start(&mut self) {
        self.before_tag();
        self.is_in_tag = true;
        self.is_after_child = false;
        self.is_instance_declared = false;
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    #[inline]
    fn before_tag(&mut self) {
        if self.measured.is_some() {
            self.measure();
        }
        if self.is_in_tag {
            self.out.push(b'>');
            self.is_in_tag = false;
        }
        if self.is_pretty && self.mixed == 0 && self.depth > 0 {
            self.begin_line();
        }
    }

    /// Counts the output, and keeps the end of it.
    #[cold]
    #[inline(never)]
    fn measure(&mut self) {
        if let Some(measured) = &mut self.measured
            && self.out.len() > MOST_KEPT
        {
            *measured += self.out.drain(..self.out.len() - KEPT).len();
        }
    }

    /// Ends the innermost open element with its end tag.
    #[inline]
    pub fn end(&mut self, close: &'static str) {
        if !self.is_ended() {
            self.out.extend_from_slice(close.as_bytes());
        }
    }

    fn end_named(&mut self, name: &str) {
        if !self.is_ended() {
            self.out.extend_from_slice(b"</");
            self.out.extend_from_slice(name.as_bytes());
            self.out.push(b'>');
        }
    }

    /// Prepares for an end tag. An empty element is ended here, with `/>`; then this is `true`.
    #[inline]
    fn is_ended(&mut self) -> bool {
        self.depth -= 1;
        let is_empty = std::mem::take(&mut self.is_in_tag);
        if is_empty {
            self.out.extend_from_slice(b"/>");
        } else if self.is_after_child && self.is_pretty && self.mixed == 0 {
            self.begin_line();
        }
        self.is_after_child = true;
        is_empty
    }

    fn begin_line(&mut self) {
        self.out.push(b'\n');
        self.out.extend(std::iter::repeat_n(b' ', 2 * self.depth));
    }

    /// Writes an attribute of the element that has just begun.
    pub fn attribute<'a>(&mut self, name: &str, value: &impl Scalar<'a>) {
        self.with_text(value, |writer, text| writer.push_attribute(name, text));
    }

    fn push_attribute(&mut self, name: &str, value: &str) {
        self.out.push(b' ');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"=\"");
        if is_plain(value) {
            self.out.extend_from_slice(value.as_bytes());
        } else {
            self.is_certain &= !has_forbidden(value);
            escape_value(&mut self.out, value);
        }
        self.out.push(b'"');
    }

    /// Declares a prefix at the element that has just begun: `xmlns:p`.
    pub fn namespace(&mut self, prefix: &str, namespace: &str) {
        self.push_attribute(prefix, namespace);
    }

    /// Writes an attribute whose value is names, and declares their namespaces at the element that has just begun.
    pub fn attribute_names(&mut self, attribute: &str, names: &[QualifiedName<'_>]) {
        let text = self.declare(names);
        self.push_attribute(attribute, &text);
    }

    /// Writes names as the content of an element that has just begun, and declares their namespaces there.
    pub fn names(&mut self, names: &[QualifiedName<'_>]) {
        let text = self.declare(names);
        self.text(&text);
    }

    /// Writes a whole element whose content is names.
    pub fn leaf_names(&mut self, tag: &str, names: &[QualifiedName<'_>]) {
        self.start_named(tag);
        self.names(names);
        self.end_named(tag);
    }

    /// Declares the namespaces of names, and returns their text. A name without a namespace has no prefix: no
    /// document has a default namespace.
    fn declare(&mut self, names: &[QualifiedName<'_>]) -> String {
        self.doubt();
        let mut text = String::new();
        for name in names {
            if !text.is_empty() {
                text.push(' ');
            }
            if name.namespace == xml::XML_NAMESPACE {
                text.push_str("xml:");
            } else if !name.namespace.is_empty() {
                let prefix = format!("q{}", self.declared);
                self.declared += 1;
                self.push_attribute(&format!("xmlns:{prefix}"), &name.namespace);
                text.push_str(&prefix);
                text.push(':');
            }
            text.push_str(&name.local);
        }
        text
    }

    /// Writes attributes that the schema admits without naming them, each with its namespace declaration.
    ///
    /// # Errors
    ///
    /// A name is invalid.
    pub fn other_attributes(&mut self, attributes: &[OtherAttribute<'_>]) -> Result<(), Error> {
        for (index, attribute) in attributes.iter().enumerate() {
            self.doubt();
            check_name(&attribute.local)?;
            match &*attribute.namespace {
                "" => self.push_attribute(&attribute.local, &attribute.value),
                xml::XML_NAMESPACE => self.push_attribute(&format!("xml:{}", attribute.local), &attribute.value),
                namespace => {
                    self.push_attribute(&format!("xmlns:a{index}"), namespace);
                    self.push_attribute(&format!("a{index}:{}", attribute.local), &attribute.value);
                }
            }
        }
        Ok(())
    }

    /// Writes `xsi:nil="true"` for the element that has just begun.
    pub fn nil(&mut self) {
        self.doubt();
        self.declare_instance();
        self.push_attribute("xsi:nil", "true");
    }

    /// Writes `xsi:type` for the element that has just begun.
    pub fn type_name(&mut self, name: &str) {
        self.doubt();
        self.declare_instance();
        self.push_attribute("xsi:type", name);
    }

    /// Declares the prefix of both if it is needed: most documents need none.
    fn declare_instance(&mut self) {
        if !self.is_instance_declared {
            self.push_attribute("xmlns:xsi", xml::INSTANCE_NAMESPACE);
            self.is_instance_declared = true;
        }
    }

    /// Writes a value as the content of an element.
    #[inline]
    pub fn value<'a>(&mut self, value: &impl Scalar<'a>) {
        self.with_text(value, Writer::text);
    }

    /// Writes text between children.
    #[inline]
    pub fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.is_in_tag {
            self.out.push(b'>');
            self.is_in_tag = false;
        }
        self.push_text(text);
        self.is_after_child = false;
    }

    #[inline]
    fn push_text(&mut self, text: &str) {
        if is_plain(text) {
            self.out.extend_from_slice(text.as_bytes());
        } else {
            self.push_escaped(text);
        }
    }

    #[cold]
    fn push_escaped(&mut self, text: &str) {
        self.is_certain &= !has_forbidden(text);
        escape_text(&mut self.out, text);
    }

    /// Writes a whole element with its tags and a value.
    #[inline]
    pub fn leaf<'a>(&mut self, open: &'static str, close: &'static str, value: &impl Scalar<'a>) {
        self.before_tag();
        self.deepest = self.deepest.max(self.depth + 1);
        self.is_after_child = true;
        self.out.extend_from_slice(open.as_bytes());
        let begin = self.out.len();
        if !value.append_plain(&mut self.out) {
            self.with_text(value, Writer::push_text);
        }
        if self.out.len() == begin {
            self.out.pop();
            self.out.extend_from_slice(b"/>");
        } else {
            self.out.extend_from_slice(close.as_bytes());
        }
    }

    /// Calls a function with the text of a value.
    #[inline]
    fn with_text<'a>(&mut self, value: &impl Scalar<'a>, write: impl FnOnce(&mut Self, &str)) {
        match value.as_text() {
            Some(text) => write(self, text),
            None => {
                let mut scalar = std::mem::take(&mut self.scalar);
                scalar.clear();
                value.append(&mut scalar);
                write(self, &scalar);
                self.scalar = scalar;
            }
        }
    }

    /// Writes content that has text between its children.
    ///
    /// # Errors
    ///
    /// Those of `write`.
    pub fn mixed(&mut self, write: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        self.mixed += 1;
        let result = write(self);
        self.mixed -= 1;
        // The end tag follows the content directly.
        self.is_after_child = false;
        result
    }

    /// Writes a whole element that can contain anything; markup is written under its own name.
    ///
    /// # Errors
    ///
    /// The markup is not one well-formed element.
    pub fn anything(&mut self, tag: &str, value: &Any<'_>) -> Result<(), Error> {
        match value {
            Any::Text(text) => {
                self.start_named(tag);
                self.text(text);
                self.end_named(tag);
                Ok(())
            }
            Any::Markup(markup) => {
                let found = Markup::of(markup)?.name;
                if local_part(found) != local_part(tag) {
                    return Err(Error::mismatch(format_args!(
                        "expected the markup of `{tag}`, found that of `{found}`"
                    )));
                }
                self.markup(markup)
            }
        }
    }

    /// Writes the attributes and content of an element that has just begun and can contain anything.
    ///
    /// # Errors
    ///
    /// The markup is not one well-formed element.
    pub fn content(&mut self, value: &Any<'_>) -> Result<(), Error> {
        match value {
            Any::Text(text) => self.text(text),
            Any::Markup(markup) => {
                let markup = Markup::of(markup)?;
                self.inside(&markup);
            }
        }
        Ok(())
    }

    /// As `content`, for an element with `xsi:type`, which is among the attributes of the markup.
    ///
    /// # Errors
    ///
    /// The markup is not one well-formed element.
    pub fn typed_content(&mut self, type_name: &str, value: &Any<'_>) -> Result<(), Error> {
        if let Any::Text(_) = value {
            self.type_name(type_name);
        }
        self.content(value)
    }

    /// Writes a whole element that a wildcard admits.
    ///
    /// # Errors
    ///
    /// It is not one well-formed element.
    pub fn whole(&mut self, value: &Any<'_>) -> Result<(), Error> {
        match value {
            Any::Text(text) => self.markup(text),
            Any::Markup(markup) => self.markup(markup),
        }
    }

    fn markup(&mut self, markup: &str) -> Result<(), Error> {
        self.doubt();
        let markup = Markup::of(markup)?;
        self.start_named(markup.name);
        self.inside(&markup);
        self.end_named(markup.name);
        Ok(())
    }

    /// Writes the attributes and the content of markup that is known to be well-formed.
    fn inside(&mut self, markup: &Markup<'_>) {
        self.doubt();
        self.out.extend_from_slice(markup.attributes.as_bytes());
        if !markup.content.is_empty() {
            self.out.push(b'>');
            self.is_in_tag = false;
            self.out.extend_from_slice(markup.content.as_bytes());
            self.is_after_child = false;
        }
    }
}
