//! Reads an element from its JSON: its attributes, which can name its type, and its value.

use std::borrow::Cow;
use std::ops::Range;

use super::decode::wild_attribute;
use super::encode::{Child, Encoder, Frame, Open};
use super::fault::Fault;
use super::form::Form;
use super::run::Run;
use super::scalar::{self, Scalar};
use super::tag::Tag;
use super::token::{NotJson, Token, Tokens};
use crate::check::INSTANCE;
use crate::codec::name::{self, Name, Place};
use crate::compiled::{Compiled, TypeDefinition, TypeId};
use crate::datatype::SimpleType;
use crate::diagnostic::words::json as say;
use crate::text::name::is_ncname;
use crate::text::nearest::nearest;
use crate::text::white_space::has_white_space;
use crate::xml::WriteError;

/// An attribute as written in the text.
struct Given<'j> {
    key: Cow<'j, str>,
    values: Vec<Scalar<'j>>,
    is_array: bool,
    /// Where its name is.
    span: Range<usize>,
    /// Where its value begins.
    value_at: usize,
}

/// Reads the value of an attribute whose name was read.
fn given<'j>(key: Cow<'j, str>, tokens: &mut Tokens<'j>) -> Result<Given<'j>, Fault> {
    let span = tokens.span();
    let mut values = Vec::new();
    let unexpected = |tokens: &Tokens<'j>, expected: &str, token: &Token<'j>| {
        Fault::new(say::wrong_type(expected, token.describe(), None), tokens.span())
    };
    // The value was read before, so it is well-formed.
    let next = |tokens: &mut Tokens<'j>| {
        tokens.next().map_err(|NotJson| Fault::other("expected JSON".to_owned(), tokens.span()))
    };
    let first = next(tokens)?;
    let value_at = tokens.span().start;
    match first {
        Token::Scalar(value) => values.push(value),
        Token::BeginArray => loop {
            match next(tokens)? {
                Token::Scalar(value) => values.push(value),
                Token::EndArray => return Ok(Given { key, values, is_array: true, span, value_at }),
                other => return Err(unexpected(tokens, "the value of an item", &other)),
            }
        },
        other => return Err(unexpected(tokens, "the value of an attribute", &other)),
    }
    Ok(Given { key, values, is_array: false, span, value_at })
}

impl<'e, 'j> Encoder<'e, 'j> {
    /// Reads an element whose value begins with a token.
    pub(super) fn element(&mut self, child: Child<'_>, token: Token<'j>) -> Result<(), Fault> {
        let at = self.tokens.span().start;
        if self.depth >= self.limits.depth {
            return Err(Fault::new(say::elements_too_deep(self.limits.depth), self.tokens.span()));
        }
        self.marks.set(self.writer.position(), at);
        let around = self.parent().map(|open| open.at);
        self.marks.set_around(at, around);
        if !self.parent().is_some_and(|open| matches!(open.form, Form::Mixed(_))) {
            self.new_line()?;
        }
        self.depth += 1;
        let form = self.forms.of_type(self.schema, child.type_id);
        let simple = self.schema.simple_content(child.type_id);
        let mut tag = Tag::new(&child.name.namespace, &child.name.local);
        match token {
            Token::BeginObject => return self.object(child, tag, at),
            Token::Null => {
                tag.attribute(&mut self.declared, INSTANCE, "nil", "true".to_owned(), at);
                self.write_tag(tag)?;
            }
            Token::Scalar(value) if form == Form::Value => {
                let mut text = String::new();
                self.scalar(simple.map(|simple| &**simple), &value, &mut text, &mut tag)?;
                self.write_leaf(tag, simple.map(|simple| &**simple), &text, at)?;
            }
            Token::BeginArray if form == Form::Value && scalar::takes_array(simple.map(|simple| &**simple)) => {
                let values = self.items()?;
                let simple = simple.map(|simple| &**simple);
                let text = self.list(simple, &values, at, &mut tag)?;
                self.write_leaf(tag, simple, &text, at)?;
            }
            other if form == Form::Value => {
                return Err(self.unexpected(scalar::expected(simple.map(|simple| &**simple)), &other));
            }
            other => return Err(self.unexpected("an object", &other)),
        }
        self.close();
        Ok(())
    }

    /// Reads an element whose object begins at `at`.
    fn object(&mut self, child: Child<'_>, mut tag: Tag, at: usize) -> Result<(), Fault> {
        let (unit, begin) = (self.unit, at);
        let mut attributes = Vec::new();
        let token = loop {
            match self.next()? {
                Token::Key(key) if key.starts_with('@') => {
                    let at = self.tokens.span().start;
                    if self.faults.leave_out(at) {
                        self.marks.doubt(begin, Some(&key), self.faults.meant(at));
                        self.skip()?;
                        continue;
                    }
                    self.unit = Some(at);
                    attributes.push(given(key, &mut self.tokens)?);
                }
                other => break other,
            }
        };
        let first = self.late.partition_point(|(object, _)| *object < at);
        for (_, name_at) in self.late.get(first..).unwrap_or_default().iter().take_while(|(object, _)| *object == at) {
            let mut tokens = Tokens::from_member(self.text, *name_at, usize::MAX);
            let Ok(Token::Key(key)) = tokens.next() else { continue };
            if self.faults.leave_out(*name_at) {
                self.marks.doubt(begin, Some(&key), self.faults.meant(*name_at));
                continue;
            }
            self.unit = Some(*name_at);
            attributes.push(given(key, &mut tokens)?);
        }
        self.unit = unit;
        if attributes.len() > self.limits.attributes {
            let words = say::too_many_attributes(self.limits.attributes, attributes.len());
            return Err(Fault::new(words, self.span_at(at)));
        }
        let type_id = self.attributes(&child, &attributes, &mut tag)?;
        self.unit = unit;
        let form = self.forms.of_type(self.schema, type_id);
        if let Form::Value | Form::Text = form {
            return self.text_object(type_id, tag, token, begin);
        }
        self.write_tag(tag)?;
        let run = match form {
            Form::Members(model) | Form::Mixed(model) => Some(Run::begin(self.schema, model, &mut self.memory)),
            Form::Value | Form::Text | Form::Empty => None,
        };
        self.open.push(Frame::Element(Open {
            at: begin,
            type_id,
            form,
            is_skipped: child.is_skipped,
            run,
            pieces: Vec::new(),
            members: Vec::new(),
            token: Some(token),
        }));
        Ok(())
    }

    /// Reads the rest of the object of an element with text, from a token on.
    fn text_object(&mut self, type_id: TypeId, mut tag: Tag, token: Token<'j>, begin: usize) -> Result<(), Fault> {
        let simple = self.schema.simple_content(type_id).map(|simple| &**simple);
        let is_value = matches!(self.schema.types.get(type_id.index()), Some(TypeDefinition::Simple(_)));
        let mut token = token;
        let (mut text, mut has_text, mut text_at) = (String::new(), false, self.tokens.span().start);
        loop {
            let at = self.tokens.span().start;
            match token {
                Token::Key(key) if key.starts_with('@') => self.skip()?,
                Token::Key(key) if self.faults.leave_out(at) => {
                    self.marks.doubt(begin, Some(&key), self.faults.meant(at));
                    // The value is missing only because of that error.
                    text_at = if &*key == "$text" { at } else { text_at };
                    self.skip()?;
                }
                Token::Key(key) if key == "$text" && !has_text => {
                    self.unit = Some(at);
                    has_text = true;
                    let token = self.next()?;
                    text_at = self.tokens.span().start;
                    match token {
                        Token::Scalar(value) => self.scalar(simple, &value, &mut text, &mut tag)?,
                        Token::BeginArray if scalar::takes_array(simple) => {
                            let values = self.items()?;
                            text = self.list(simple, &values, text_at, &mut tag)?;
                        }
                        other => return Err(self.unexpected(scalar::expected(simple), &other)),
                    }
                }
                // This is an object in place of a value, not an element with attributes.
                Token::Key(key) if is_value && !has_text && key != "$text" => {
                    let words = say::wrong_type(scalar::expected(simple), "an object", None);
                    return Err(Fault::new(words, begin..begin + 1));
                }
                Token::Key(key) => {
                    self.unit = Some(at);
                    return Err(match &*key {
                        "$text" => Fault::new(say::duplicate_member(&key), self.tokens.span()),
                        _ => self.no_member(type_id, &key, self.tokens.span()),
                    });
                }
                _ => break,
            }
            token = self.next()?;
        }
        self.write_leaf(tag, simple, &text, text_at)?;
        self.close();
        Ok(())
    }

    /// Adds attributes to a tag. Returns the type of the element, which one of them can name.
    fn attributes(&mut self, child: &Child<'_>, given: &[Given<'j>], tag: &mut Tag) -> Result<TypeId, Fault> {
        let schema = self.schema;
        let error = |given: &Given<'_>, message: &str| Fault::other(message.to_owned(), given.span.clone());
        let wrong_type = |given: &Given<'_>, expected: &str| {
            let found = match &*given.values {
                [value] if !given.is_array => Token::Scalar(value.clone()),
                _ => Token::BeginArray,
            };
            Fault::new(say::wrong_type(expected, found.describe(), None), given.span.clone())
        };
        let unit = self.unit;
        for one in given {
            self.unit = Some(one.span.start);
            let Some(prefix) = declared_prefix(&one.key) else { continue };
            let [Scalar::String(namespace)] = &*one.values else {
                return Err(error(one, "expected the name of a namespace"));
            };
            if !tag.declare(prefix, namespace) {
                return Err(error(one, &format!("`{}` cannot be declared here", one.key)));
            }
        }
        self.unit = unit;
        let mut type_id = child.type_id;
        if let Some(one) = given.iter().find(|one| one.key == "@xsi:type").filter(|_| !child.is_skipped) {
            type_id = self.instance_type(child, one, tag)?.unwrap_or(type_id);
        }
        for one in given.iter().filter(|one| declared_prefix(&one.key).is_none()) {
            self.unit = Some(one.span.start);
            let name = name::read(schema, Place::Attribute(type_id), one.key.get(1..).unwrap_or_default());
            let simple = match &*name.namespace {
                _ if child.is_skipped => None,
                INSTANCE => None,
                _ => self.attribute_type(type_id, &name),
            };
            if simple.is_none() && !child.is_skipped && &*name.namespace != INSTANCE && !takes_any(schema, type_id) {
                return Err(self.no_member(type_id, &one.key, one.span.clone()));
            }
            if !is_ncname(&name.local) {
                return Err(error(one, &WriteError::Name(name.local.into_owned()).to_string()));
            }
            let mut value = String::new();
            match &*one.values {
                [Scalar::Boolean(nil)] if one.key == "@xsi:nil" => value.push_str(if *nil { "true" } else { "false" }),
                // The `@xmlns` members define what a name with a prefix means.
                [Scalar::String(written)] if one.key == "@xsi:type" && is_prefixed(written) => value.push_str(written),
                [_] if one.key == "@xsi:type" => {
                    let Some(name) = type_name(schema, one) else {
                        return Err(error(one, "expected the name of a type"));
                    };
                    match tag.prefix_of_value(&mut self.declared, &name.namespace) {
                        Some(prefix) if prefix.is_empty() => value.push_str(&name.local),
                        Some(prefix) => value.extend([&*prefix, ":", &*name.local]),
                        None => return Err(error(one, &format!("expected {NO_DEFAULT}"))),
                    }
                }
                values if one.is_array && scalar::takes_array(simple) => {
                    value = self.list(simple, values, one.value_at, tag)?;
                }
                [single] if !one.is_array => {
                    let read = self.value(simple, single, &mut value, tag);
                    read.map_err(|expected| wrong_type(one, &expected))?;
                }
                _ => return Err(wrong_type(one, scalar::expected(simple))),
            }
            if is_written_name(simple, &value) && !tag.has_default() {
                tag.need_default("");
            }
            if !tag.attribute(&mut self.declared, &name.namespace, &name.local, value, one.span.start) {
                return Err(Fault::new(say::duplicate_member(&one.key), one.span.clone()));
            }
        }
        Ok(type_id)
    }

    /// The type that `@xsi:type` names. If the schema has no such type, this is the only error of the whole element:
    /// its members may be right for the intended type. An element without a declaration can have an unknown type.
    fn instance_type(&mut self, child: &Child<'_>, one: &Given<'j>, tag: &Tag) -> Result<Option<TypeId>, Fault> {
        let schema = self.schema;
        let [Scalar::String(written)] = &*one.values else { return Ok(None) };
        let name = match written.split_once(':').filter(|_| is_prefixed(written)) {
            Some((prefix, local)) => tag
                .namespace_of(&self.declared, prefix)
                .map(|namespace| Name { namespace: namespace.to_owned().into(), local: local.into() }),
            None => Some(name::read(schema, Place::Type, written)),
        };
        let known = name.and_then(|name| schema.named_types.get(&name.id(schema)?)).copied();
        if known.is_some() || !child.is_declared {
            return Ok(known);
        }
        let local = written.rsplit(['}', ':']).next().unwrap_or_default();
        let mut names: Vec<String> = schema.named_types.keys().map(|name| self.written(Place::Type, *name)).collect();
        names.sort_unstable();
        let meant = nearest(local, names.iter().map(String::as_str)).and_then(|index| names.get(index));
        Err(Fault::new(say::unknown_type(written, meant.map(String::as_str)), one.span.clone()))
    }

    /// The type of an attribute: from the element's type, or from a global declaration if a wildcard admits it.
    fn attribute_type(&self, type_id: TypeId, name: &Name<'_>) -> Option<&'e SimpleType> {
        let schema = self.schema;
        let id = name.id(schema)?;
        let TypeDefinition::Complex(complex) = &schema.types[type_id.index()] else { return None };
        let declared = complex.attributes.iter().find(|attribute| attribute.name == id);
        declared.map(|attribute| &*attribute.simple).or_else(|| wild_attribute(schema, type_id, id))
    }

    /// Reads the scalars of an array that was begun.
    fn items(&mut self) -> Result<Vec<Scalar<'j>>, Fault> {
        let mut values = Vec::new();
        loop {
            match self.next()? {
                Token::Scalar(value) => values.push(value),
                Token::EndArray => return Ok(values),
                other => return Err(self.unexpected("the value of an item", &other)),
            }
        }
    }

    /// Reads a list of values as one text. Its array begins at a place.
    fn list(
        &mut self,
        simple: Option<&SimpleType>,
        values: &[Scalar<'j>],
        at: usize,
        tag: &mut Tag,
    ) -> Result<String, Fault> {
        let mut text = String::new();
        for (index, value) in values.iter().enumerate() {
            if !text.is_empty() {
                text.push(' ');
            }
            let before = text.len();
            if let Err(expected) = self.value(simple, value, &mut text, tag) {
                let found = Token::Scalar(value.clone());
                return Err(Fault::new(say::wrong_type(&expected, found.describe(), None), self.item_at(at, index)));
            }
            let item = text.get(before..).unwrap_or_default();
            if item.is_empty() || has_white_space(item) {
                let message = "expected an item that is not empty and has no white space";
                return Err(Fault::other(message.to_owned(), self.item_at(at, index)));
            }
        }
        Ok(text)
    }

    /// The place of an item in the array of scalars that begins at a place.
    #[cold]
    fn item_at(&self, array: usize, index: usize) -> Range<usize> {
        let mut tokens = Tokens::at_value(self.text, array);
        // The first token is the bracket.
        let is_read = (0..index + 2).all(|_| tokens.next().is_ok());
        if is_read { tokens.span() } else { self.span_at(array) }
    }

    /// Appends the value that was read last to a text.
    fn scalar(
        &mut self,
        simple: Option<&SimpleType>,
        value: &Scalar<'j>,
        text: &mut String,
        tag: &mut Tag,
    ) -> Result<(), Fault> {
        let read = self.value(simple, value, text, tag);
        read.map_err(|expected| self.unexpected(&expected, &Token::Scalar(value.clone())))
    }

    /// Appends a value to a text. An error says what was expected.
    fn value(
        &mut self,
        simple: Option<&SimpleType>,
        value: &Scalar<'j>,
        text: &mut String,
        tag: &mut Tag,
    ) -> Result<(), String> {
        let declared = &mut self.declared;
        scalar::read(simple, value, text, &mut |namespace| {
            tag.prefix_of_value(declared, namespace).ok_or_else(|| NO_DEFAULT.to_owned())
        })
    }

    pub(super) fn write_tag(&mut self, tag: Tag) -> Result<(), Fault> {
        let written = tag.write(&mut self.declared, &mut self.writer, self.depth, self.marks);
        written.map_err(|fault| match fault.attribute {
            Some(at) => {
                self.unit = Some(at);
                self.error_at(at, &fault.message)
            }
            None => self.error(&fault.message),
        })
    }

    /// Writes the start tag and text of an element with a value.
    fn write_leaf(&mut self, mut tag: Tag, simple: Option<&SimpleType>, text: &str, at: usize) -> Result<(), Fault> {
        if is_written_name(simple, text) && !tag.has_default() {
            tag.need_default("");
        }
        self.write_tag(tag)?;
        self.marks.set(self.writer.position(), at);
        self.writer.text(text).map_err(|error| self.error(&error.to_string()))
    }
}

/// The message if a name without a prefix cannot be written.
const NO_DEFAULT: &str = "a name in the default namespace that `@xmlns` or another value of the element asks for";

/// Whether elements of a type can have attributes that the type does not name.
fn takes_any(schema: &Compiled, type_id: TypeId) -> bool {
    match &schema.types[type_id.index()] {
        TypeDefinition::Complex(complex) => complex.any_attribute.is_some(),
        TypeDefinition::Simple(_) => false,
    }
}

/// The type that `@xsi:type` names.
fn type_name<'a>(schema: &'a Compiled, given: &'a Given<'_>) -> Option<Name<'a>> {
    match &*given.values {
        [Scalar::String(written)] => Some(name::read(schema, Place::Type, written)),
        _ => None,
    }
}

fn is_prefixed(name: &str) -> bool {
    name.contains(':') && !name.starts_with("Q{")
}

/// The prefix that a member declares.
fn declared_prefix(key: &str) -> Option<&str> {
    match key.strip_prefix("@xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':'),
    }
}

/// Whether a value contains names without a prefix that must keep their spelling.
fn is_written_name(simple: Option<&SimpleType>, text: &str) -> bool {
    simple.is_some_and(|simple| scalar::kept_prefixes(simple, text, false).contains(&""))
}
