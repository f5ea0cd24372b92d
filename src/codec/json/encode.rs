//! JSON text to a document: no tree, and besides the document no more memory than the open elements and the longest value
//! need.
//!
//! The schema says what each member is; the automata of its content models run along, so that of two declarations of one
//! name the right one is taken. Members may come in any order. Attributes are wanted before the content: a look over the
//! text finds those that come later, which is rare. Children are put in order when their element ends.

use std::borrow::Cow;

use super::decode::wild_attribute;
use super::form::{Form, Forms, Member};
use super::name::{self, Name, Place};
use super::place::{self, Marks};
use super::run::{By, Run};
use super::scalar::{self, Scalar};
use super::tag::{Declared, Tag};
use super::token::{Breach, Token, Tokens};
use crate::Limits;
use crate::check::INSTANCE;
use crate::codec::{Error, Layout};
use crate::compiled::{Compiled, ElementId, Leaf, ModelId, StandIn, TypeDefinition, TypeId};
use crate::datatype::SimpleType;
use crate::schema::Schema;
use crate::text::nearest::nearest;
use crate::text::white_space::has_white_space;
use crate::xml::Writer;

/// Arrays and objects that may be open for each element: the object of the element, its content, and an item of that.
const NESTED: usize = 3;

/// A document, not yet checked; `marks` are set where they are wanted.
pub(super) fn encode(schema: &Schema, text: &str, layout: Layout, marks: &mut Marks) -> Result<Vec<u8>, Error> {
    let late = late_attributes(text, schema.limits()).map_err(|breach| place::breach(text, &breach))?;
    let mut writer = Writer::new();
    writer.declaration();
    let mut encoder = Encoder {
        schema: schema.compiled(),
        forms: schema.forms(),
        limits: schema.limits(),
        text,
        tokens: Tokens::new(text),
        late,
        writer,
        declared: Declared::default(),
        open: Vec::new(),
        depth: 0,
        memory: Vec::new(),
        layout,
        marks,
    };
    encoder.run()?;
    let mut bytes = encoder.writer.into_bytes();
    if layout == Layout::Pretty {
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// The attributes that come after other members of their object, by the place of that: of each the place of its name.
///
/// # Errors
///
/// The text is not JSON, or is nested too deep.
fn late_attributes(text: &str, limits: &Limits) -> Result<Vec<(usize, usize)>, Breach> {
    let most = limits.depth.saturating_mul(NESTED).saturating_add(NESTED);
    let mut tokens = Tokens::new(text);
    let mut late = Vec::new();
    // Of each open object: where it begins, and whether it has a member that is not an attribute. `None` for an array.
    let mut open: Vec<Option<(usize, bool)>> = Vec::new();
    loop {
        match tokens.next()? {
            Token::BeginObject => open.push(Some((tokens.span().start, false))),
            Token::BeginArray => open.push(None),
            Token::EndObject | Token::EndArray => drop(open.pop()),
            Token::Key(name) => match open.last_mut() {
                Some(Some((object, true))) if name.starts_with('@') => late.push((*object, tokens.span().start)),
                Some(Some((_, has_content))) if !name.starts_with('@') => *has_content = true,
                _ => {}
            },
            Token::Scalar(_) | Token::Null => {}
            Token::Eof => {
                late.sort_unstable();
                return Ok(late);
            }
        }
        if tokens.depth() > most {
            return Err(Breach { span: tokens.span(), expected: "fewer objects and arrays inside each other" });
        }
    }
}

struct Encoder<'e, 'j> {
    schema: &'e Compiled,
    forms: &'e Forms,
    limits: &'e Limits,
    text: &'j str,
    tokens: Tokens<'j>,
    /// See `late_attributes`.
    late: Vec<(usize, usize)>,
    writer: Writer,
    declared: Declared,
    open: Vec<Frame<'j>>,
    /// Elements that are open.
    depth: usize,
    memory: Vec<u32>,
    layout: Layout,
    marks: &'e mut Marks,
}

/// What is open in the text.
enum Frame<'j> {
    /// The object of an element.
    Element(Open<'j>),
    /// The array of the children of one name.
    Repeated(Cow<'j, str>),
    /// The array `$value`.
    Items,
    /// The array `$any`.
    Any,
    /// The object around one child, after that.
    Wrapped,
}

/// An open element.
struct Open<'j> {
    local: String,
    type_id: TypeId,
    form: Form,
    /// Nothing in it is looked at: a wildcard says so.
    is_skipped: bool,
    run: Option<Run>,
    /// Of each member that holds children: its rank in the content model, and where it was written.
    pieces: Vec<(usize, usize)>,
    members: Vec<Cow<'j, str>>,
    /// A token that was read already.
    token: Option<Token<'j>>,
}

/// A child element before its value is read.
struct Child<'n> {
    name: Name<'n>,
    type_id: TypeId,
    is_skipped: bool,
}

/// An attribute as it is in the text.
struct Given<'j> {
    key: Cow<'j, str>,
    values: Vec<Scalar<'j>>,
    is_array: bool,
    at: usize,
}

impl<'e, 'j> Encoder<'e, 'j> {
    fn run(&mut self) -> Result<(), Error> {
        match self.next()? {
            Token::BeginObject => {}
            other => return Err(self.unexpected("an object with the root as its member", &other)),
        }
        self.open.push(Frame::Wrapped);
        self.single(Place::Root, By::Any)?;
        while let Some(frame) = self.open.last_mut() {
            match frame {
                Frame::Element(open) => {
                    let token = open.token.take();
                    self.member(token)?;
                }
                Frame::Repeated(name) => {
                    let name = name.clone();
                    match self.next()? {
                        Token::EndArray => drop(self.open.pop()),
                        token => self.child(&name, By::Element, token)?,
                    }
                }
                Frame::Items | Frame::Any => self.item()?,
                Frame::Wrapped => match self.next()? {
                    Token::EndObject => drop(self.open.pop()),
                    _ => return Err(self.error("expected one member, found another")),
                },
            }
        }
        match self.next()? {
            Token::Eof => Ok(()),
            other => Err(self.unexpected("the end of the text", &other)),
        }
    }

    fn next(&mut self) -> Result<Token<'j>, Error> {
        self.tokens.next().map_err(|breach| place::breach(self.text, &breach))
    }

    /// An error at the last token.
    #[cold]
    fn error(&self, message: &str) -> Error {
        place::error(self.text, self.tokens.span(), message)
    }

    #[cold]
    fn error_at(&self, at: usize, message: &str) -> Error {
        place::error(self.text, at..at + 1, message)
    }

    #[cold]
    fn unexpected(&self, expected: &str, found: &Token<'_>) -> Error {
        self.error(&format!("expected {expected}, found {}", found.describe()))
    }

    /// The innermost element.
    fn parent(&mut self) -> Option<&mut Open<'j>> {
        self.open.iter_mut().rev().find_map(|frame| match frame {
            Frame::Element(open) => Some(open),
            _ => None,
        })
    }

    /// A member of the object of an element, or its end.
    fn member(&mut self, token: Option<Token<'j>>) -> Result<(), Error> {
        let token = match token {
            Some(token) => token,
            None => self.next()?,
        };
        let Token::Key(key) = token else { return self.end_element() };
        if key.starts_with('@') {
            // It was found when the element began.
            return self.skip();
        }
        let position = self.writer.position();
        let Some(Frame::Element(open)) = self.open.last_mut() else { return Ok(()) };
        let form = open.form;
        if open.members.contains(&key) {
            return Err(self.error(&format!("expected the member `{key}` once")));
        }
        open.members.push(key.clone());
        match (form, &*key) {
            (Form::Mixed(_), "$value") => self.begin_items(0, position),
            (Form::Members(model), "$value") => match self.first(model, |member| member == Member::Grouped) {
                Some((rank, _)) => self.begin_items(rank, position),
                None => Err(self.unknown(&key)),
            },
            (Form::Members(model), "$any") => match self.first(model, |member| matches!(member, Member::Any { .. })) {
                Some((rank, Member::Any { is_array })) => self.any(rank, is_array, position),
                _ => Err(self.unknown(&key)),
            },
            (Form::Members(model), _) => self.children(model, key, position),
            _ => Err(self.unknown(&key)),
        }
    }

    /// The array `$value`.
    fn begin_items(&mut self, rank: usize, position: usize) -> Result<(), Error> {
        self.begin_piece(rank, position);
        match self.next()? {
            Token::BeginArray => {
                self.open.push(Frame::Items);
                Ok(())
            }
            other => Err(self.unexpected("an array", &other)),
        }
    }

    /// The member `$any`.
    fn any(&mut self, rank: usize, is_array: bool, position: usize) -> Result<(), Error> {
        self.begin_piece(rank, position);
        match (self.next()?, is_array) {
            (Token::BeginArray, true) => {
                self.open.push(Frame::Any);
                Ok(())
            }
            (Token::BeginObject, false) => {
                self.open.push(Frame::Wrapped);
                self.single(Place::Anywhere, By::Wildcard)
            }
            (other, true) => Err(self.unexpected("an array", &other)),
            (other, false) => Err(self.unexpected("an object with one member", &other)),
        }
    }

    /// The children of one name.
    fn children(&mut self, model: ModelId, key: Cow<'j, str>, position: usize) -> Result<(), Error> {
        let schema = self.schema;
        let id = name::read(schema, Place::Child(model), &key).id(schema);
        let content = &schema.models[model.index()];
        let leaf = content.candidates(schema, id).find(|leaf| match content.leaf(*leaf) {
            Some(Leaf::Element(asked)) => {
                id.is_some_and(|id| matches!(schema.stands_for(id, *asked), Some(StandIn::Valid(_))))
            }
            Some(Leaf::Wildcard(_)) | None => false,
        });
        let member = leaf.zip(self.forms.of_model(schema, model)).and_then(|(leaf, form)| form.member(leaf));
        let (Some(leaf), Some(Member::Named { is_array })) = (leaf, member) else { return Err(self.unknown(&key)) };
        self.begin_piece(leaf.0 as usize, position);
        match (self.next()?, is_array) {
            (Token::BeginArray, true) => {
                self.open.push(Frame::Repeated(key));
                Ok(())
            }
            (other, true) => {
                Err(self.unexpected(&format!("an array, since there may be several elements `{key}`"), &other))
            }
            (token, false) => self.child(&key, By::Element, token),
        }
    }

    fn begin_piece(&mut self, rank: usize, position: usize) {
        if let Some(Frame::Element(open)) = self.open.last_mut() {
            open.pieces.push((rank, position));
        }
    }

    /// The rank of the first children of a member in a content model, if it has any.
    fn first(&self, model: ModelId, is_wanted: impl Fn(Member) -> bool) -> Option<(usize, Member)> {
        let form = self.forms.of_model(self.schema, model)?;
        let leaf = form.first(is_wanted)?;
        Some((leaf.0 as usize, form.member(leaf)?))
    }

    /// An item of the arrays `$value` and `$any`, or the end of the array.
    fn item(&mut self) -> Result<(), Error> {
        let is_any = matches!(self.open.last(), Some(Frame::Any));
        let Some(form) = self.parent().map(|open| open.form) else { return Ok(()) };
        match (self.next()?, form) {
            (Token::EndArray, _) => {
                self.open.pop();
                Ok(())
            }
            (Token::BeginObject, form) => {
                self.open.push(Frame::Wrapped);
                match form {
                    Form::Members(model) | Form::Mixed(model) if !is_any => self.single(Place::Child(model), By::Any),
                    _ => self.single(Place::Anywhere, By::Wildcard),
                }
            }
            (Token::Scalar(Scalar::String(text)), Form::Mixed(_)) => {
                self.marks.set(self.writer.position(), self.tokens.span().start);
                self.writer.text(&text).map_err(|error| self.error(&error.to_string()))
            }
            (other, Form::Mixed(_)) => Err(self.unexpected("a string, or an object with one member", &other)),
            (other, _) => Err(self.unexpected("an object with one member", &other)),
        }
    }

    /// The one member of an object that was begun: a child.
    fn single(&mut self, at: Place, by: By) -> Result<(), Error> {
        match self.next()? {
            Token::Key(key) => {
                let name = name::read(self.schema, at, &key);
                let (namespace, local) = (name.namespace.into_owned(), name.local.into_owned());
                let name = Name { namespace: namespace.into(), local: local.into() };
                let child = self.place(name, &key, by)?;
                let token = self.next()?;
                self.element(child, token)
            }
            other => Err(self.unexpected("one member", &other)),
        }
    }

    /// A child in the object of its parent.
    fn child(&mut self, key: &str, by: By, token: Token<'j>) -> Result<(), Error> {
        let at = match self.parent().map(|open| open.form) {
            Some(Form::Members(model) | Form::Mixed(model)) => Place::Child(model),
            _ => Place::Anywhere,
        };
        let name = name::read(self.schema, at, key);
        let child = self.place(name, key, by)?;
        self.element(child, token)
    }

    /// What a child is, by its place in the content of the element around it.
    fn place<'n>(&mut self, name: Name<'n>, key: &str, by: By) -> Result<Child<'n>, Error> {
        let schema = self.schema;
        let undeclared = |name, is_skipped| Child { name, type_id: schema.any_type, is_skipped };
        let declared = |name, element: ElementId| {
            let type_id = schema.elements[element.index()].type_id;
            Child { name, type_id, is_skipped: false }
        };
        let id = name.id(schema);
        let global = || id.and_then(|id| schema.roots.get(&id)).copied();
        let namespace = schema.names.lookup_namespace(&name.namespace);
        let mut memory = std::mem::take(&mut self.memory);
        let parent = self.parent();
        let is_root = parent.is_none();
        let is_skipped = parent.as_ref().is_some_and(|open| open.is_skipped);
        let run = parent.and_then(|open| open.run.as_mut());
        let leaf = run.and_then(|run| {
            let leaf = run.take(schema, &mut memory, id, namespace, by)?;
            schema.models[run.model.index()].leaf(leaf)
        });
        self.memory = memory;
        match leaf {
            _ if is_skipped => Ok(undeclared(name, true)),
            _ if is_root => match global() {
                Some(root) => Ok(declared(name, root)),
                None if schema.roots.is_empty() => Ok(undeclared(name, false)),
                None => Err(self.unknown_root(key)),
            },
            Some(Leaf::Element(asked)) => match id.and_then(|id| schema.stands_for(id, *asked)) {
                Some(StandIn::Valid(element)) => Ok(declared(name, element)),
                Some(StandIn::Blocked(_)) | None => Err(self.unknown(key)),
            },
            Some(Leaf::Wildcard(wildcard)) => match global() {
                _ if wildcard.process == crate::compiled::Process::Skip => Ok(undeclared(name, true)),
                Some(global) => Ok(declared(name, global)),
                None => Ok(undeclared(name, false)),
            },
            None => Err(self.unknown(key)),
        }
    }

    #[cold]
    fn unknown_root(&self, key: &str) -> Error {
        let names: Vec<&str> = self.schema.root_names.iter().map(|name| self.schema.names.local(*name)).collect();
        self.error(&format!("the schema declares no element `{key}`{}", did_you_mean(key, &names)))
    }

    /// A member of the innermost element that names nothing.
    #[cold]
    fn unknown(&mut self, key: &str) -> Error {
        let Some((local, type_id)) = self.parent().map(|open| (open.local.clone(), open.type_id)) else {
            return self.error(&format!("no element `{key}` can be here"));
        };
        self.error(&self.no_member(&local, type_id, key))
    }

    /// What is said of a member that an element of a type does not have where it is.
    #[cold]
    fn no_member(&self, local: &str, type_id: TypeId, key: &str) -> String {
        let (schema, form) = (self.schema, self.forms.of_type(self.schema, type_id));
        let mut names: Vec<Cow<'_, str>> = Vec::new();
        if let Form::Members(model) | Form::Mixed(model) = form {
            for leaf in &schema.models[model.index()].leaves {
                if let Leaf::Element(asked) = leaf {
                    names.extend(schema.usable(*asked).map(|element| Cow::Borrowed(schema.local_name(element))));
                }
            }
        }
        if let TypeDefinition::Complex(complex) = &schema.types[type_id.index()] {
            let attributes = complex.attributes.iter().map(|attribute| schema.names.local(attribute.name));
            names.extend(attributes.map(|name| Cow::Owned(format!("@{name}"))));
        }
        names.extend(match form {
            Form::Mixed(_) => Some("$value".into()),
            Form::Value | Form::Text => Some("$text".into()),
            Form::Empty | Form::Members(_) => None,
        });
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        match names.contains(&key) && !key.starts_with(['@', '$']) {
            true => format!("expected `{key}` in the array `$value`, since the order of the children matters"),
            false => format!("`{local}` has no attribute or child `{key}`{}", did_you_mean(key, &names)),
        }
    }

    /// An element, whose value begins with a token.
    fn element(&mut self, child: Child<'_>, token: Token<'j>) -> Result<(), Error> {
        let at = self.tokens.span().start;
        if self.depth >= self.limits.depth {
            return Err(self.error(&format!("expected at most {} elements inside each other", self.limits.depth)));
        }
        self.marks.set(self.writer.position(), at);
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
                let text = self.list(simple, &values, &mut tag);
                let text = text.map_err(|expected| self.error_at(at, &format!("expected {expected}")))?;
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

    /// An element whose object begins at `at`.
    fn object(&mut self, child: Child<'_>, mut tag: Tag, at: usize) -> Result<(), Error> {
        let mut attributes = Vec::new();
        let token = loop {
            match self.next()? {
                Token::Key(key) if key.starts_with('@') => {
                    let mut tokens = self.tokens.clone();
                    attributes.push(self.given(key, &mut tokens)?);
                    self.tokens = tokens;
                }
                other => break other,
            }
        };
        let first = self.late.partition_point(|(object, _)| *object < at);
        for (_, name_at) in self.late.get(first..).unwrap_or_default().iter().take_while(|(object, _)| *object == at) {
            let mut tokens = Tokens::from_member(self.text, *name_at);
            if let Ok(Token::Key(key)) = tokens.next() {
                attributes.push(self.given(key, &mut tokens)?);
            }
        }
        if attributes.len() > self.limits.attributes {
            let most = self.limits.attributes;
            return Err(self.error_at(at, &format!("expected at most {most} attributes, found {}", attributes.len())));
        }
        let type_id = self.attributes(&child, &attributes, &mut tag)?;
        let form = self.forms.of_type(self.schema, type_id);
        let local = child.name.local.into_owned();
        if let Form::Value | Form::Text = form {
            return self.text_object(local, type_id, tag, token);
        }
        self.write_tag(tag)?;
        let run = match form {
            Form::Members(model) | Form::Mixed(model) => Some(Run::begin(self.schema, model, &mut self.memory)),
            Form::Value | Form::Text | Form::Empty => None,
        };
        self.open.push(Frame::Element(Open {
            local,
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

    /// The rest of the object of an element with text, from a token on.
    fn text_object(&mut self, local: String, type_id: TypeId, mut tag: Tag, token: Token<'j>) -> Result<(), Error> {
        let simple = self.schema.simple_content(type_id).map(|simple| &**simple);
        let mut token = token;
        let (mut text, mut has_text, mut text_at) = (String::new(), false, self.tokens.span().start);
        loop {
            match token {
                Token::Key(key) if key.starts_with('@') => self.skip()?,
                Token::Key(key) if key == "$text" && !has_text => {
                    has_text = true;
                    let token = self.next()?;
                    text_at = self.tokens.span().start;
                    match token {
                        Token::Scalar(value) => self.scalar(simple, &value, &mut text, &mut tag)?,
                        Token::BeginArray if scalar::takes_array(simple) => {
                            let values = self.items()?;
                            let list = self.list(simple, &values, &mut tag);
                            text = list.map_err(|expected| self.error_at(text_at, &format!("expected {expected}")))?;
                        }
                        other => return Err(self.unexpected(scalar::expected(simple), &other)),
                    }
                }
                Token::Key(key) if key == "$text" => return Err(self.error("expected the member `$text` once")),
                Token::Key(key) => return Err(self.error(&self.no_member(&local, type_id, &key))),
                _ => break,
            }
            token = self.next()?;
        }
        self.write_leaf(tag, simple, &text, text_at)?;
        self.close();
        Ok(())
    }

    /// The value of an attribute.
    fn given(&self, key: Cow<'j, str>, tokens: &mut Tokens<'j>) -> Result<Given<'j>, Error> {
        let at = tokens.span().start;
        let breach = |breach: Breach| place::breach(self.text, &breach);
        let mut values = Vec::new();
        let unexpected = |tokens: &Tokens<'j>, expected: &str, token: &Token<'j>| {
            let message = format!("expected {expected}, found {}", token.describe());
            place::error(self.text, tokens.span(), &message)
        };
        match tokens.next().map_err(breach)? {
            Token::Scalar(value) => values.push(value),
            Token::BeginArray => loop {
                match tokens.next().map_err(breach)? {
                    Token::Scalar(value) => values.push(value),
                    Token::EndArray => return Ok(Given { key, values, is_array: true, at }),
                    other => return Err(unexpected(tokens, "the value of an item", &other)),
                }
            },
            other => return Err(unexpected(tokens, "the value of an attribute", &other)),
        }
        Ok(Given { key, values, is_array: false, at })
    }

    /// Puts attributes into a tag; the type of the element, which one of them may say.
    fn attributes(&mut self, child: &Child<'_>, given: &[Given<'j>], tag: &mut Tag) -> Result<TypeId, Error> {
        let schema = self.schema;
        let text = self.text;
        let error = |given: &Given<'_>, message: &str| place::error(text, given.at..given.at + 1, message);
        for one in given {
            let Some(prefix) = declared_prefix(&one.key) else { continue };
            let [Scalar::String(namespace)] = &*one.values else {
                return Err(error(one, "expected the name of a namespace"));
            };
            if !tag.declare(prefix, namespace) {
                return Err(error(one, &format!("`{}` cannot be declared here", one.key)));
            }
        }
        let mut type_id = child.type_id;
        if let Some(one) = given.iter().find(|one| one.key == "@xsi:type") {
            let named = type_name(schema, one).and_then(|name| schema.named_types.get(&name.id(schema)?));
            type_id = named.copied().filter(|_| !child.is_skipped).unwrap_or(type_id);
        }
        for one in given.iter().filter(|one| declared_prefix(&one.key).is_none()) {
            let name = name::read(schema, Place::Attribute(type_id), one.key.get(1..).unwrap_or_default());
            let simple = match &*name.namespace {
                _ if child.is_skipped => None,
                INSTANCE => None,
                _ => self.attribute_type(type_id, &name),
            };
            if simple.is_none() && !child.is_skipped && &*name.namespace != INSTANCE && !takes_any(schema, type_id) {
                return Err(error(one, &self.no_member(&child.name.local, type_id, &one.key)));
            }
            let mut value = String::new();
            match &*one.values {
                [Scalar::Boolean(nil)] if one.key == "@xsi:nil" => value.push_str(if *nil { "true" } else { "false" }),
                // One with a prefix means what `@xmlns` members say.
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
                    value = self
                        .list(simple, values, tag)
                        .map_err(|expected| error(one, &format!("expected {expected}")))?;
                }
                [single] if !one.is_array => {
                    let read = self.value(simple, single, &mut value, tag);
                    read.map_err(|expected| error(one, &format!("expected {expected}")))?;
                }
                _ => return Err(error(one, &format!("expected {}", scalar::expected(simple)))),
            }
            if is_written_name(simple, &value) && !tag.has_default() {
                tag.need_default("");
            }
            if !tag.attribute(&mut self.declared, &name.namespace, &name.local, value, one.at) {
                return Err(error(one, &format!("expected the member `{}` once", one.key)));
            }
        }
        Ok(type_id)
    }

    /// The type of an attribute: the type of the element says it, or a global declaration where a wildcard admits it.
    fn attribute_type(&self, type_id: TypeId, name: &Name<'_>) -> Option<&'e SimpleType> {
        let schema = self.schema;
        let id = name.id(schema)?;
        let TypeDefinition::Complex(complex) = &schema.types[type_id.index()] else { return None };
        let declared = complex.attributes.iter().find(|attribute| attribute.name == id);
        declared.map(|attribute| &*attribute.simple).or_else(|| wild_attribute(schema, type_id, id))
    }

    /// The scalars of an array that was begun.
    fn items(&mut self) -> Result<Vec<Scalar<'j>>, Error> {
        let mut values = Vec::new();
        loop {
            match self.next()? {
                Token::Scalar(value) => values.push(value),
                Token::EndArray => return Ok(values),
                other => return Err(self.unexpected("the value of an item", &other)),
            }
        }
    }

    /// A list of values as one text.
    ///
    /// # Errors
    ///
    /// What was expected.
    fn list(&mut self, simple: Option<&SimpleType>, values: &[Scalar<'j>], tag: &mut Tag) -> Result<String, String> {
        let mut text = String::new();
        for value in values {
            if !text.is_empty() {
                text.push(' ');
            }
            let before = text.len();
            self.value(simple, value, &mut text, tag)?;
            let item = text.get(before..).unwrap_or_default();
            if item.is_empty() || has_white_space(item) {
                return Err("items that are not empty and have no white space".to_owned());
            }
        }
        Ok(text)
    }

    /// The value that was read last.
    fn scalar(
        &mut self,
        simple: Option<&SimpleType>,
        value: &Scalar<'j>,
        text: &mut String,
        tag: &mut Tag,
    ) -> Result<(), Error> {
        let read = self.value(simple, value, text, tag);
        read.map_err(|expected| self.unexpected(&expected, &Token::Scalar(value.clone())))
    }

    /// Appends a value to a text; an error is what was expected.
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

    fn write_tag(&mut self, tag: Tag) -> Result<(), Error> {
        let written = tag.write(&mut self.declared, &mut self.writer, self.depth, self.marks);
        written.map_err(|message| self.error(&message))
    }

    /// The start tag and text of an element with a value.
    fn write_leaf(&mut self, mut tag: Tag, simple: Option<&SimpleType>, text: &str, at: usize) -> Result<(), Error> {
        if is_written_name(simple, text) && !tag.has_default() {
            tag.need_default("");
        }
        self.write_tag(tag)?;
        self.marks.set(self.writer.position(), at);
        self.writer.text(text).map_err(|error| self.error(&error.to_string()))
    }

    /// Passes over the value of a member.
    fn skip(&mut self) -> Result<(), Error> {
        let mut depth = 0_usize;
        loop {
            match self.next()? {
                Token::BeginArray | Token::BeginObject => depth += 1,
                Token::EndArray | Token::EndObject => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// The object of the innermost element ends.
    fn end_element(&mut self) -> Result<(), Error> {
        let Some(Frame::Element(open)) = self.open.pop() else { return Ok(()) };
        if let Some(run) = open.run {
            let is_complete = run.is_complete(self.schema, &self.memory);
            run.end(&mut self.memory);
            if !is_complete && !open.pieces.is_sorted_by_key(|(rank, _)| *rank) {
                self.marks.reorder(&open.pieces, self.writer.position());
                self.writer.reorder(&open.pieces);
            }
        }
        let has_children = open.pieces.first().is_some_and(|(_, begin)| *begin < self.writer.position());
        self.depth -= 1;
        if has_children && !matches!(open.form, Form::Mixed(_)) {
            self.new_line()?;
        }
        self.depth += 1;
        self.close();
        Ok(())
    }

    /// The innermost element ends.
    fn close(&mut self) {
        self.writer.end();
        self.declared.close(self.depth);
        self.depth -= 1;
    }

    fn new_line(&mut self) -> Result<(), Error> {
        if self.layout == Layout::Pretty && self.writer.depth() > 0 {
            self.writer.text("\n")?;
            for _ in 0..self.depth {
                self.writer.text("  ")?;
            }
        }
        Ok(())
    }
}

/// What is said where a name without a prefix cannot be written.
const NO_DEFAULT: &str = "a name in the default namespace that `@xmlns` or another value of the element asks for";

/// Whether elements of a type can have attributes that it does not name.
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

/// Whether a value has names without a prefix whose spelling matters, so that they are not rewritten.
fn is_written_name(simple: Option<&SimpleType>, text: &str) -> bool {
    simple.is_some_and(|simple| scalar::kept_prefixes(simple, text, false).contains(&""))
}

fn did_you_mean(name: &str, names: &[&str]) -> String {
    let meant = nearest(name, names.iter().copied()).and_then(|index| names.get(index));
    meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}
