//! Converts JSON text to a document, without a tree. Besides the document, memory holds only the open elements and the
//! longest value.
//!
//! The schema says what each member is. The automata of its content models run along, to select the right one of two
//! declarations with the same name. Members can come in any order. Attributes are needed before the content: a scan of
//! the text finds those that come later, which is rare. Children are put in order when their element ends.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::fault::{Fault, Faults};
use super::form::{Form, Forms, Member};
use super::place::Marks;
use super::run::{By, Run};
use super::scalar::Scalar;
use super::tag::Declared;
use super::token::{NotJson, Token, Tokens};
use crate::Limits;
use crate::automaton::LeafId;
use crate::codec::Layout;
use crate::codec::name::{self, Name, Place};
use crate::compiled::{AttributeUse, Compiled, ElementId, Leaf, ModelId, NameId, StandIn, TypeDefinition, TypeId};
use crate::diagnostic::words::json as say;
use crate::schema::Schema;
use crate::text::nearest::nearest;
use crate::xml::Writer;

/// How many arrays and objects can be open for each element: the object of the element, its content, and an item in
/// that.
const NESTED: usize = 3;

/// Writes a document, which is not checked yet, without the parts that `faults` omit. Sets `marks` if they are needed.
///
/// # Errors
///
/// The part that cannot be written, and the place of the member or item that contains it, if any.
pub(super) fn encode(
    schema: &Schema,
    root: &Option<Name<'_>>,
    text: &str,
    late: &[(usize, usize)],
    layout: Layout,
    faults: &Faults,
    marks: &mut Marks,
) -> Result<Vec<u8>, (Fault, Option<usize>)> {
    let mut writer = Writer::new();
    writer.declaration();
    let mut encoder = Encoder {
        schema: schema.compiled(),
        forms: schema.forms(),
        limits: schema.limits(),
        text,
        tokens: Tokens::new(text, usize::MAX),
        late,
        writer,
        declared: Declared::for_text(text),
        open: Vec::new(),
        depth: 0,
        memory: Vec::new(),
        layout,
        faults,
        unit: None,
        marks,
    };
    if let Err(fault) = encoder.run(root.as_ref()) {
        return Err((fault, encoder.unit));
    }
    let mut bytes = encoder.writer.into_bytes();
    if layout == Layout::Pretty {
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// How many arrays and objects can be open at once.
pub(super) fn most_open(limits: &Limits) -> usize {
    limits.depth.saturating_mul(NESTED).saturating_add(NESTED)
}

/// The attributes that come after other members of their object: the place of the object, and the place of the name.
///
/// # Errors
///
/// The text is not JSON, or is nested too deep.
pub(super) fn late_attributes(text: &str, limits: &Limits) -> Result<Vec<(usize, usize)>, NotJson> {
    let mut tokens = Tokens::new(text, most_open(limits));
    let mut late = Vec::new();
    // For each open object: where it begins, and whether it has a member that is not an attribute. `None` for an array.
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
    }
}

pub(super) struct Encoder<'e, 'j> {
    pub(super) schema: &'e Compiled,
    pub(super) forms: &'e Forms,
    pub(super) limits: &'e Limits,
    pub(super) text: &'j str,
    pub(super) tokens: Tokens<'j>,
    /// See `late_attributes`.
    pub(super) late: &'e [(usize, usize)],
    pub(super) writer: Writer,
    pub(super) declared: Declared,
    pub(super) open: Vec<Frame<'j>>,
    /// The number of open elements.
    pub(super) depth: usize,
    pub(super) memory: Vec<u32>,
    pub(super) layout: Layout,
    pub(super) faults: &'e Faults,
    /// The place of the member or item that is being written; `None` for the root.
    pub(super) unit: Option<usize>,
    pub(super) marks: &'e mut Marks,
}

/// An open object or array in the text.
pub(super) enum Frame<'j> {
    /// The object of an element.
    Element(Open<'j>),
    /// The array of the children with one name.
    Repeated(Cow<'j, str>),
    /// The array `$value`.
    Items,
    /// The array `$any`.
    Any,
    /// The object around one child, whose member was read, and the place of the object.
    Wrapped(Option<usize>),
}

/// An open element.
pub(super) struct Open<'j> {
    /// Where its object begins in the text.
    pub(super) at: usize,
    pub(super) type_id: TypeId,
    pub(super) form: Form,
    /// Its content is not processed, because of a wildcard.
    pub(super) is_skipped: bool,
    pub(super) run: Option<Run>,
    /// For each member that holds children: its rank in the content model, and where it was written.
    pub(super) pieces: Vec<(usize, usize)>,
    pub(super) members: Vec<Cow<'j, str>>,
    /// A token that has already been read.
    pub(super) token: Option<Token<'j>>,
}

/// A child element whose value has not been read.
pub(super) struct Child<'n> {
    pub(super) name: Name<'n>,
    pub(super) type_id: TypeId,
    pub(super) is_skipped: bool,
    /// Whether the schema declares it.
    pub(super) is_declared: bool,
}

impl<'e, 'j> Encoder<'e, 'j> {
    fn run(&mut self, root: Option<&Name<'_>>) -> Result<(), Fault> {
        match (self.next()?, root) {
            (token, Some(root)) => self.named_root(root, token)?,
            (Token::BeginObject, None) => self.wrapped_root()?,
            (other, None) => return Err(self.unexpected("an object with the root as its member", &other)),
        }
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
                        token => {
                            if self.begin_item(&token, Some(&name))? {
                                self.child(&name, By::Element, token)?;
                            }
                        }
                    }
                }
                Frame::Items | Frame::Any => self.item()?,
                Frame::Wrapped(unit) => {
                    let unit = *unit;
                    match self.next()? {
                        Token::EndObject => drop(self.open.pop()),
                        _ if unit.is_none() && self.faults.leave_out(self.tokens.span().start) => self.skip()?,
                        _ => {
                            // At the root, only the second member is left out; elsewhere, the whole item.
                            self.unit = unit.or(Some(self.tokens.span().start));
                            return Err(self.error("expected one member, found another"));
                        }
                    }
                }
            }
        }
        match self.next()? {
            Token::Eof => Ok(()),
            other => Err(self.unexpected("the end of the text", &other)),
        }
    }

    /// Reads the root in an object that was begun, whose only member names it.
    pub(super) fn wrapped_root(&mut self) -> Result<(), Fault> {
        self.open.push(Frame::Wrapped(None));
        self.single(Place::Root, By::Any)
    }

    pub(super) fn next(&mut self) -> Result<Token<'j>, Fault> {
        // The value was read before, so it is well-formed.
        self.tokens.next().map_err(|NotJson| self.error("expected JSON"))
    }

    /// An item of an array begins with a token. Returns whether it is written.
    fn begin_item(&mut self, token: &Token<'j>, name: Option<&str>) -> Result<bool, Fault> {
        let at = self.tokens.span().start;
        self.unit = Some(at);
        if !self.faults.leave_out(at) {
            return Ok(true);
        }
        if self.faults.stand_in {
            self.stand_in_for_item(name, at)?;
        }
        self.skip_from(token)?;
        Ok(false)
    }

    /// An error at the last token.
    #[cold]
    pub(super) fn error(&self, message: &str) -> Fault {
        Fault::other(message.to_owned(), self.tokens.span())
    }

    #[cold]
    pub(super) fn error_at(&self, at: usize, message: &str) -> Fault {
        Fault::other(message.to_owned(), self.span_at(at))
    }

    /// The span of the whole token at a place.
    pub(super) fn span_at(&self, at: usize) -> Range<usize> {
        let mut tokens = Tokens::at_value(self.text, at);
        match tokens.next() {
            Ok(_) => tokens.span(),
            Err(NotJson) => at..at,
        }
    }

    #[cold]
    pub(super) fn unexpected(&self, expected: &str, found: &Token<'_>) -> Fault {
        Fault::new(say::wrong_type(expected, found.describe(), None), self.tokens.span())
    }

    /// The innermost element.
    pub(super) fn parent(&mut self) -> Option<&mut Open<'j>> {
        self.open.iter_mut().rev().find_map(|frame| match frame {
            Frame::Element(open) => Some(open),
            _ => None,
        })
    }

    /// Reads a member of the object of an element, or its end.
    fn member(&mut self, token: Option<Token<'j>>) -> Result<(), Fault> {
        let token = match token {
            Some(token) => token,
            None => self.next()?,
        };
        let Token::Key(key) = token else { return self.end_element() };
        let at = self.tokens.span().start;
        if key.starts_with('@') {
            // Attributes were read when the element began.
            return self.skip();
        }
        if self.faults.leave_out(at) {
            if self.faults.stand_in {
                self.stand_in_for_member(&key, at)?;
            }
            return self.skip();
        }
        self.unit = Some(at);
        let position = self.writer.position();
        let Some(Frame::Element(open)) = self.open.last_mut() else { return Ok(()) };
        let form = open.form;
        if open.members.contains(&key) {
            return Err(Fault::new(say::duplicate_member(&key), self.tokens.span()));
        }
        open.members.push(key.clone());
        match (form, &*key) {
            (Form::Members(model) | Form::Mixed(model), _) if self.faults.is_misplaced(at) => {
                self.misplaced(model, key, position)
            }
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

    /// Reads children that were reported because they are not in their array. Their position in `$value` is unknown.
    #[cold]
    fn misplaced(&mut self, model: ModelId, key: Cow<'j, str>, position: usize) -> Result<(), Fault> {
        let named = self.named(model, &key);
        if named.is_none()
            && let Some(at) = self.parent().map(|open| open.at)
        {
            self.marks.doubt(at, None, None);
        }
        let grouped = self.first(model, |member| member == Member::Grouped);
        let rank = named.map(|(rank, _)| rank).or(grouped.map(|(rank, _)| rank));
        self.begin_piece(rank.unwrap_or_default(), position);
        match self.next()? {
            Token::BeginArray => {
                self.open.push(Frame::Repeated(key));
                Ok(())
            }
            token => self.child(&key, By::Element, token),
        }
    }

    /// Begins the array `$value`.
    fn begin_items(&mut self, rank: usize, position: usize) -> Result<(), Fault> {
        self.begin_piece(rank, position);
        match self.next()? {
            Token::BeginArray => {
                self.open.push(Frame::Items);
                Ok(())
            }
            other => Err(self.unexpected("an array", &other)),
        }
    }

    /// Reads the member `$any`.
    fn any(&mut self, rank: usize, is_array: bool, position: usize) -> Result<(), Fault> {
        self.begin_piece(rank, position);
        match (self.next()?, is_array) {
            (Token::BeginArray, true) => {
                self.open.push(Frame::Any);
                Ok(())
            }
            (Token::BeginObject, false) => {
                self.open.push(Frame::Wrapped(self.unit));
                self.single(Place::Anywhere, By::Wildcard)
            }
            (other, true) => Err(self.unexpected("an array", &other)),
            (other, false) => Err(self.unexpected("an object with one member", &other)),
        }
    }

    /// Reads the children with one name.
    fn children(&mut self, model: ModelId, key: Cow<'j, str>, position: usize) -> Result<(), Fault> {
        let Some((rank, is_array)) = self.named(model, &key) else { return Err(self.unknown(&key)) };
        self.begin_piece(rank, position);
        match (self.next()?, is_array) {
            (Token::BeginArray, true) => {
                self.open.push(Frame::Repeated(key));
                Ok(())
            }
            (other, true) => {
                let expected = format!("an array, since there may be several elements `{key}`");
                Err(Fault::misplaced(say::wrong_type(&expected, other.describe(), None), self.tokens.span()))
            }
            (token, false) => self.child(&key, By::Element, token),
        }
    }

    /// The rank of the children with their own member in a content model, and whether that member is an array.
    pub(super) fn named(&self, model: ModelId, key: &str) -> Option<(usize, bool)> {
        let schema = self.schema;
        let id = name::read(schema, Place::Child(model), key).id(schema);
        let content = &schema.models[model.index()];
        let leaf = content.candidates(schema, id).find(|leaf| match content.leaf(*leaf) {
            Some(Leaf::Element(asked)) => {
                id.is_some_and(|id| matches!(schema.stands_for(id, *asked), Some(StandIn::Valid(_))))
            }
            Some(Leaf::Wildcard(_)) | None => false,
        })?;
        match self.forms.of_model(schema, model)?.member(leaf)? {
            Member::Named { is_array } => Some((leaf.0 as usize, is_array)),
            _ => None,
        }
    }

    pub(super) fn begin_piece(&mut self, rank: usize, position: usize) {
        if let Some(Frame::Element(open)) = self.open.last_mut() {
            open.pieces.push((rank, position));
        }
    }

    /// The rank of the first children with such a member in a content model, if there are any.
    fn first(&self, model: ModelId, is_wanted: impl Fn(Member) -> bool) -> Option<(usize, Member)> {
        let form = self.forms.of_model(self.schema, model)?;
        let leaf = form.first(is_wanted)?;
        Some((leaf.0 as usize, form.member(leaf)?))
    }

    /// Reads an item of the arrays `$value` and `$any`, or the end of the array.
    fn item(&mut self) -> Result<(), Fault> {
        let is_any = matches!(self.open.last(), Some(Frame::Any));
        let Some(form) = self.parent().map(|open| open.form) else { return Ok(()) };
        let token = self.next()?;
        if let Token::EndArray = token {
            self.open.pop();
            return Ok(());
        }
        if !self.begin_item(&token, None)? {
            return Ok(());
        }
        match (token, form) {
            (Token::BeginObject, form) => {
                self.open.push(Frame::Wrapped(self.unit));
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

    /// Reads the only member of an object that was begun: a child.
    fn single(&mut self, at: Place, by: By) -> Result<(), Fault> {
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

    /// Reads a child in the object of its parent.
    fn child(&mut self, key: &str, by: By, token: Token<'j>) -> Result<(), Fault> {
        let at = match self.parent().map(|open| open.form) {
            Some(Form::Members(model) | Form::Mixed(model)) => Place::Child(model),
            _ => Place::Anywhere,
        };
        let name = name::read(self.schema, at, key);
        let child = self.place(name, key, by)?;
        self.element(child, token)
    }

    /// Determines what a child is from its place in the content of its parent.
    pub(super) fn place<'n>(&mut self, name: Name<'n>, key: &str, by: By) -> Result<Child<'n>, Fault> {
        let schema = self.schema;
        let undeclared = |name, is_skipped| Child { name, type_id: schema.any_type, is_skipped, is_declared: false };
        let declared = |name, element: ElementId| {
            let type_id = schema.elements[element.index()].type_id;
            Child { name, type_id, is_skipped: false, is_declared: true }
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

    pub(super) fn written(&self, place: Place, name: NameId) -> String {
        let (mut key, names) = (String::new(), &self.schema.names);
        name::write(self.schema, place, names.namespace(name), names.local(name), &mut key);
        key
    }

    /// An unknown member. Names that belong elsewhere (`elsewhere`) are suggested too.
    #[cold]
    pub(super) fn unknown_among(
        &self,
        key: &str,
        mut known: Vec<String>,
        elsewhere: &[String],
        span: Range<usize>,
    ) -> Fault {
        let mut seen = HashSet::new();
        known.retain(|name| seen.insert(name.clone()));
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let all: Vec<&str> = known.iter().copied().chain(elsewhere.iter().map(String::as_str)).collect();
        let alike: Vec<&str> = all.iter().copied().filter(|name| is_alike(name, key)).collect();
        match &*alike {
            [] => {
                // Attributes are often written without their sign.
                let plain_key = without_sign(key);
                let meant = all.iter().position(|name| without_sign(name) == plain_key);
                let meant = meant
                    .or_else(|| nearest(key, all.iter().copied()))
                    .or_else(|| nearest(plain_key, all.iter().map(|name| without_sign(name))));
                let meant = meant.and_then(|index| all.get(index)).copied();
                Fault::misnamed(say::unknown_member(key, &known, meant), span, meant)
            }
            [meant] => Fault::misnamed(say::unknown_member(key, &known, Some(meant)), span, Some(meant)),
            [first, ..] => Fault::misnamed(say::ambiguous_member(key, &known, &alike), span, Some(first)),
        }
    }

    /// An unknown member of the innermost element, or of an item in it.
    #[cold]
    fn unknown(&mut self, key: &str) -> Fault {
        let is_item = matches!(self.open.last(), Some(Frame::Wrapped(_)));
        let span = self.tokens.span();
        match self.parent().map(|open| open.type_id) {
            Some(type_id) if is_item => self.unknown_among(key, self.child_names(type_id, |_| true), &[], span),
            Some(type_id) => self.no_member(type_id, key, span),
            None => self.error(&format!("no element `{key}` can be here")),
        }
    }

    /// The names of the children of a type that belong to certain members.
    pub(super) fn child_names(&self, type_id: TypeId, is_wanted: impl Fn(Member) -> bool) -> Vec<String> {
        let (schema, mut names) = (self.schema, Vec::new());
        let (Form::Members(model) | Form::Mixed(model)) = self.forms.of_type(schema, type_id) else { return names };
        let Some(form) = self.forms.of_model(schema, model) else { return names };
        for (leaf, id) in schema.models[model.index()].leaves.iter().zip((0..).map(LeafId)) {
            if let Leaf::Element(asked) = leaf
                && form.member(id).is_some_and(&is_wanted)
            {
                let usable = schema.usable(*asked).map(|element| schema.elements[element.index()].name);
                names.extend(usable.map(|name| self.written(Place::Child(model), name)));
            }
        }
        names
    }

    /// A member that an object for elements of a type cannot have.
    #[cold]
    pub(super) fn no_member(&self, type_id: TypeId, key: &str, span: Range<usize>) -> Fault {
        let (schema, form) = (self.schema, self.forms.of_type(self.schema, type_id));
        let in_order = |member| matches!(form, Form::Mixed(_)) || member == Member::Grouped;
        let items = self.child_names(type_id, in_order);
        if items.iter().any(|name| name == key) {
            let message = format!("expected `{key}` in the array `$value`, since the order of the children matters");
            return Fault::misplaced(say::other(message), span);
        }
        let mut known = self.child_names(type_id, |member| !in_order(member));
        if let TypeDefinition::Complex(complex) = &schema.types[type_id.index()] {
            let written = |attribute: &Arc<AttributeUse>| self.written(Place::Attribute(type_id), attribute.name);
            known.extend(complex.attributes.iter().map(|attribute| format!("@{}", written(attribute))));
        }
        let has_any = |model| self.first(model, |member| matches!(member, Member::Any { .. })).is_some();
        known.extend(match form {
            Form::Mixed(_) => vec!["$value".to_owned()],
            Form::Value | Form::Text => vec!["$text".to_owned()],
            Form::Members(model) => {
                let order = (!items.is_empty()).then(|| "$value".to_owned());
                order.into_iter().chain(has_any(model).then(|| "$any".to_owned())).collect()
            }
            Form::Empty => Vec::new(),
        });
        self.unknown_among(key, known, &items, span)
    }

    /// Skips the rest of a value that begins with a token.
    fn skip_from(&mut self, token: &Token<'j>) -> Result<(), Fault> {
        let mut depth = usize::from(matches!(token, Token::BeginArray | Token::BeginObject));
        while depth > 0 {
            match self.next()? {
                Token::BeginArray | Token::BeginObject => depth += 1,
                Token::EndArray | Token::EndObject => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// Skips the value of a member.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        let token = self.next()?;
        self.skip_from(&token)
    }

    /// Ends the object of the innermost element.
    fn end_element(&mut self) -> Result<(), Fault> {
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
        self.marks.set(self.writer.position(), open.at);
        self.close();
        Ok(())
    }

    /// Ends the innermost element.
    pub(super) fn close(&mut self) {
        self.writer.end();
        self.declared.close(self.depth);
        self.depth -= 1;
    }

    pub(super) fn new_line(&mut self) -> Result<(), Fault> {
        if self.layout == Layout::Pretty && self.writer.depth() > 0 {
            let written = self.writer.text("\n").and_then(|()| self.writer.text(&"  ".repeat(self.depth)));
            written.map_err(|error| self.error(&error.to_string()))?;
        }
        Ok(())
    }
}

/// The name of a member without the sign of an attribute.
fn without_sign(name: &str) -> &str {
    name.strip_prefix('@').unwrap_or(name)
}

/// Whether two members are of the same kind, with the same local part.
fn is_alike(one: &str, other: &str) -> bool {
    let local = |name: &str| name.rsplit(['}', ':', '@']).next().map(str::to_owned);
    one.starts_with('@') == other.starts_with('@') && !one.starts_with('$') && local(one) == local(other)
}
