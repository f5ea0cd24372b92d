//! From values to documents.
//!
//! The schema says which fields are attributes, which are children and in which order they stand; the value says what
//! is in them. What was written is then checked like any document, so that nothing invalid leaves.

use std::fmt::Write as _;

use serde::ser::{self, Serialize, Serializer};

use super::{Error, VALUE_DEPTH, any, de, too_deep};
use crate::Limits;
use crate::compiled::{AttributeUse, Compiled, Content, ElementId, Leaf, NamespaceId, TypeDefinition, TypeId};
use crate::datatype::Kind;
use crate::schema::Schema;
use crate::xml::{self, WriteError, Writer, lex};

/// How a document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// No white space between elements.
    Compact,
    /// An element on each line, indented by two blanks.
    Pretty,
}

/// Writes a value as a document. See `Schema::to_vec`.
pub(crate) fn to_vec<T: Serialize + ?Sized>(schema: &Schema, value: &T, layout: Layout) -> Result<Vec<u8>, Error> {
    let (bytes, repeated) = write(schema, value, layout, Names::FollowFields)?;
    if schema.is_valid(&bytes) {
        return Ok(bytes);
    }
    if repeated {
        let (others, _) = write(schema, value, layout, Names::StandFirst)?;
        if schema.is_valid(&others) {
            return Ok(others);
        }
    }
    Err(Error::invalid(schema.explain(&bytes), &bytes))
}

/// Where a field goes whose name a content model has at several places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// To the first of them that is not before the fields written already.
    FollowFields,
    /// To the first of them.
    StandFirst,
}

/// The document, not yet checked, and whether `names` mattered.
fn write<T: Serialize + ?Sized>(
    schema: &Schema,
    value: &T,
    layout: Layout,
    names: Names,
) -> Result<(Vec<u8>, bool), Error> {
    let mut output = Output {
        writer: Writer::new(),
        schema: schema.compiled(),
        layout,
        namespace: NamespaceId(0),
        depth: 0,
        scalar: String::new(),
        names,
        repeated: false,
    };
    output.writer.declaration();
    if let Err(error) = value.serialize(Root(&mut output)) {
        return Err(error.in_element(&output.writer.open_path()));
    }
    let repeated = output.repeated;
    let mut bytes = output.writer.into_bytes();
    if layout == Layout::Pretty {
        bytes.push(b'\n');
    }
    Ok((bytes, repeated))
}

impl From<WriteError> for Error {
    fn from(error: WriteError) -> Error {
        Error::mismatch(error)
    }
}

const TEXT: &str = "$text";
const VALUE: &str = "$value";

/// Namespaces in XML, section 3: the prefix `xml` is bound to it without a declaration.
const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

struct Output<'s> {
    writer: Writer,
    schema: &'s Compiled,
    layout: Layout,
    /// The namespace of names without a prefix where the next element stands.
    namespace: NamespaceId,
    depth: usize,
    /// Where numbers are spelt.
    scalar: String,
    names: Names,
    /// A name was written that its content model has at several places.
    repeated: bool,
}

impl<'s> Output<'s> {
    /// Begins an element; the caller ends it with what it gets.
    fn start(&mut self, element: ElementId) -> Result<Started, Error> {
        if self.depth >= VALUE_DEPTH {
            return Err(too_deep());
        }
        self.new_line()?;
        let declaration = &self.schema.elements[element.index()];
        let name = &self.schema.names.names[declaration.name.index()];
        self.writer.start(&name.local)?;
        let around = std::mem::replace(&mut self.namespace, name.namespace);
        if around != name.namespace {
            self.writer.attribute("xmlns", &self.schema.names.namespaces[name.namespace.index()])?;
        }
        self.depth += 1;
        Ok(Started { around })
    }

    fn end(&mut self, started: Started, has_children: bool) -> Result<(), Error> {
        self.depth -= 1;
        if has_children {
            self.new_line()?;
        }
        self.writer.end();
        self.namespace = started.around;
        Ok(())
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

    /// A whole element with text only.
    fn leaf(&mut self, element: ElementId, text: &str) -> Result<(), Error> {
        let started = self.start(element)?;
        self.writer.text(text)?;
        self.end(started, false)
    }

    fn number(&mut self, element: ElementId, number: impl std::fmt::Display) -> Result<(), Error> {
        let started = self.start(element)?;
        self.scalar.clear();
        let _ = write!(self.scalar, "{number}"); // a String takes all
        self.writer.text(&self.scalar)?;
        self.end(started, false)
    }

    fn child(&self, type_id: TypeId, name: &str) -> Option<ElementId> {
        self.leaves(type_id).iter().find_map(|leaf| match leaf {
            Leaf::Element(element) => self.schema.usable_named(*element, name),
            Leaf::Wildcard(_) => None,
        })
    }

    /// Where a child of this name stands among those of its type, behind those of the rank `last`.
    fn rank(&mut self, type_id: TypeId, name: &str, last: usize) -> usize {
        let schema = self.schema;
        let is_named =
            |leaf: &Leaf| matches!(leaf, Leaf::Element(element) if schema.usable_named(*element, name).is_some());
        let leaves = self.leaves(type_id).iter().enumerate();
        let mut ranks = leaves.filter_map(|(rank, leaf)| is_named(leaf).then_some(rank)).peekable();
        let Some(first) = ranks.next() else { return usize::MAX };
        if ranks.peek().is_none() {
            return first;
        }
        self.repeated = true;
        match self.names {
            Names::FollowFields if first < last => ranks.find(|rank| *rank >= last).unwrap_or(first),
            _ => first,
        }
    }

    fn leaves(&self, type_id: TypeId) -> &'s [Leaf] {
        match &self.schema.types[type_id.index()] {
            TypeDefinition::Complex(complex) => match complex.content {
                Content::Elements { model, .. } => &self.schema.models[model.index()].leaves,
                _ => &[],
            },
            TypeDefinition::Simple(_) => &[],
        }
    }

    fn attribute(&self, type_id: TypeId, name: &str) -> Option<&'s AttributeUse> {
        match &self.schema.types[type_id.index()] {
            TypeDefinition::Complex(complex) => {
                complex.attributes.iter().find(|attribute| self.schema.names.local(attribute.name) == name)
            }
            TypeDefinition::Simple(_) => None,
        }
    }

    /// The content is text of a simple type, and what kind of text.
    fn kind(&self, type_id: TypeId) -> Option<Kind> {
        match &self.schema.types[type_id.index()] {
            TypeDefinition::Simple(definition) => Some(definition.simple.kind()),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => Some(simple.kind()),
                _ => None,
            },
        }
    }

    fn type_of(&self, element: ElementId) -> TypeId {
        self.schema.elements[element.index()].type_id
    }

    fn only_root(&self) -> Result<ElementId, Error> {
        let mut roots = self.schema.roots.values();
        match (roots.next(), roots.next()) {
            (Some(root), None) => Ok(*root),
            _ => Err(Error::mismatch(
                "expected a struct or variant named like a root element, since the schema has several",
            )),
        }
    }

    fn root(&self, name: &str) -> Option<ElementId> {
        self.schema.roots.values().copied().find(|root| self.schema.local_name(*root) == name)
    }
}

/// An element that was begun.
struct Started {
    around: NamespaceId,
}

/// Forwards scalars to one method that takes their text.
macro_rules! scalars_as_text {
    () => {
        fn serialize_bool(self, value: bool) -> Result<Self::Ok, Error> {
            self.text(if value { "true" } else { "false" })
        }
        scalars_as_text! { serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64 serialize_i128 i128
        serialize_u8 u8 serialize_u16 u16 serialize_u32 u32 serialize_u64 u64 serialize_u128 u128 }
        fn serialize_f32(self, value: f32) -> Result<Self::Ok, Error> {
            match value.is_infinite() {
                true => self.text(if value > 0.0 { "INF" } else { "-INF" }),
                false => self.number(value),
            }
        }
        fn serialize_f64(self, value: f64) -> Result<Self::Ok, Error> {
            match value.is_infinite() {
                true => self.text(if value > 0.0 { "INF" } else { "-INF" }),
                false => self.number(value),
            }
        }
        fn serialize_char(self, value: char) -> Result<Self::Ok, Error> {
            self.text(value.encode_utf8(&mut [0; 4]))
        }
        fn serialize_str(self, value: &str) -> Result<Self::Ok, Error> {
            self.text(value)
        }
        fn serialize_bytes(self, _: &[u8]) -> Result<Self::Ok, Error> {
            Err(Error::mismatch("bytes have no form in XML: encode them as text"))
        }
    };
    ($($method:ident $type:ident)*) => {$(
        fn $method(self, value: $type) -> Result<Self::Ok, Error> {
            self.number(value)
        }
    )*};
}

/// What no position takes.
fn unsupported<T>(what: &str) -> Result<T, Error> {
    Err(Error::mismatch(format_args!("{what} has no form in XML here")))
}

// ---------------------------------------------------------------------------------------------------------- the root

struct Root<'o, 's>(&'o mut Output<'s>);

impl<'o, 's> Root<'o, 's> {
    fn element(self, name: Option<&str>) -> Result<Element<'o, 's>, Error> {
        let element = match name.and_then(|name| self.0.root(name)) {
            Some(root) => root,
            None => self.0.only_root()?,
        };
        Ok(Element { output: self.0, element, parent: None })
    }

    fn text(self, text: &str) -> Result<(), Error> {
        self.element(None)?.text(text)
    }

    fn number(self, number: impl std::fmt::Display) -> Result<(), Error> {
        self.element(None)?.number(number)
    }
}

impl<'o, 's> Serializer for Root<'o, 's> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = ser::Impossible<(), Error>;
    type SerializeTuple = ser::Impossible<(), Error>;
    type SerializeTupleStruct = ser::Impossible<(), Error>;
    type SerializeTupleVariant = ser::Impossible<(), Error>;
    type SerializeMap = Fields<'o, 's>;
    type SerializeStruct = Fields<'o, 's>;
    type SerializeStructVariant = Fields<'o, 's>;

    scalars_as_text!();

    fn serialize_none(self) -> Result<(), Error> {
        unsupported("nothing as a document")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.element(None)?.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Error> {
        self.element(Some(name))?.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        match self.0.root(variant) {
            Some(_) => self.element(Some(variant))?.serialize_unit(),
            None => self.element(None)?.serialize_unit_variant("", 0, variant),
        }
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        if name == any::TOKEN {
            self.element(None)?.serialize_newtype_struct(name, value)
        } else if self.0.root(name).is_some() {
            value.serialize(self.element(Some(name))?)
        } else {
            value.serialize(self)
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        match self.0.root(variant) {
            Some(_) => value.serialize(self.element(Some(variant))?),
            None => self.element(None)?.around(variant, value),
        }
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        unsupported("a sequence as a document")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        unsupported("a tuple as a document")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        unsupported("a tuple as a document")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unsupported("a tuple as a document")
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Fields<'o, 's>, Error> {
        self.element(None)?.serialize_map(length)
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Fields<'o, 's>, Error> {
        self.element(Some(name))?.serialize_struct(name, length)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Fields<'o, 's>, Error> {
        match self.0.root(variant) {
            Some(_) => self.element(Some(variant))?.serialize_struct(variant, length),
            None => self.element(None)?.serialize_struct_variant("", 0, variant, length),
        }
    }
}

// -------------------------------------------------------------------------------------------------------- an element

/// A value as one element, or as several of the name where it is a sequence.
struct Element<'o, 's> {
    output: &'o mut Output<'s>,
    element: ElementId,
    /// The type among whose children it stands.
    parent: Option<TypeId>,
}

impl<'o, 's> Element<'o, 's> {
    fn text(self, text: &str) -> Result<(), Error> {
        self.output.leaf(self.element, text)
    }

    fn number(self, number: impl std::fmt::Display) -> Result<(), Error> {
        self.output.number(self.element, number)
    }

    /// Text, or markup under the name of the element.
    fn anything<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        let mut text = String::new();
        match Scalar::write(&mut text, value)? {
            Found::Text => self.text(&text),
            Found::Nothing => Ok(()),
            Found::Markup => {
                let (head, rest) = split_markup(&text)?;
                let started = self.output.start(self.element)?;
                self.output.writer.markup(head, rest);
                self.output.end(started, false)
            }
        }
    }

    /// The element with one child.
    fn around<T: Serialize + ?Sized>(self, child: &str, value: &T) -> Result<(), Error> {
        let mut fields = self.fields()?;
        fields.choice(|output, type_id| value.serialize(variant(output, type_id, child)?))?;
        fields.finish()
    }

    fn fields(self) -> Result<Fields<'o, 's>, Error> {
        let type_id = self.output.type_of(self.element);
        let started = self.output.start(self.element)?;
        let tag_end = self.output.writer.position();
        Ok(Fields {
            output: self.output,
            type_id,
            started,
            around: None,
            tag_end,
            prefixes: Vec::new(),
            ranges: Vec::new(),
            key: None,
            has_text: false,
        })
    }
}

/// The attributes of the one element that a text is (as they stand in its tag), and its content.
fn split_markup(text: &str) -> Result<(&str, &str), Error> {
    let limits = Limits::default();
    let mut attributes = Vec::new();
    let whole = text.starts_with('<') && xml::check_well_formed(text.as_bytes(), &limits).is_well_formed();
    let tag = match lex::start_tag(text, 0, &limits, &mut attributes) {
        Ok(tag) if whole => tag,
        _ => return Err(Error::mismatch("expected one well-formed element as markup")),
    };
    let ends_at = if tag.empty { tag.end - 2 } else { tag.end - 1 };
    let head = text.get(tag.name.len() + 1..ends_at).unwrap_or_default();
    let content = match tag.empty {
        true => "",
        false => text.get(tag.end..text.rfind("</").unwrap_or(tag.end)).unwrap_or_default(),
    };
    Ok((head.trim_end(), content))
}

/// Whether there may be several elements of the name among the children of a type.
fn may_repeat(schema: &Compiled, parent: TypeId, element: ElementId) -> bool {
    match &schema.types[parent.index()] {
        TypeDefinition::Complex(complex) => match complex.content {
            Content::Elements { model, .. } => de::may_repeat(schema, model, schema.local_name(element)),
            _ => false,
        },
        TypeDefinition::Simple(_) => false,
    }
}

/// The child of a name, as a place for a variant's value.
fn variant<'o, 's>(output: &'o mut Output<'s>, type_id: TypeId, name: &str) -> Result<Element<'o, 's>, Error> {
    match output.child(type_id, name) {
        Some(element) => Ok(Element { output, element, parent: None }),
        None => Err(Error::mismatch(format_args!("expected a variant named like a child, found `{name}`"))),
    }
}

impl<'o, 's> Serializer for Element<'o, 's> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Siblings<'o, 's>;
    type SerializeTuple = Siblings<'o, 's>;
    type SerializeTupleStruct = Siblings<'o, 's>;
    type SerializeTupleVariant = ser::Impossible<(), Error>;
    type SerializeMap = Fields<'o, 's>;
    type SerializeStruct = Fields<'o, 's>;
    type SerializeStructVariant = Fields<'o, 's>;

    scalars_as_text!();

    /// Absent, or nil where the element may be.
    fn serialize_none(self) -> Result<(), Error> {
        if !self.output.schema.elements[self.element.index()].nillable {
            return Ok(());
        }
        let started = self.output.start(self.element)?;
        self.output.writer.attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")?;
        self.output.writer.attribute("xsi:nil", "true")?;
        self.output.end(started, false)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.text("")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.text("")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Error> {
        match self.output.kind(self.output.type_of(self.element)) {
            Some(_) => self.text(name),
            None => self.around(name, &()),
        }
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        if name == any::TOKEN { self.anything(value) } else { value.serialize(self) }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.around(name, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Siblings<'o, 's>, Error> {
        // Where there may be several elements of a list type, the items of a sequence are elements.
        let is_list = self.output.kind(self.output.type_of(self.element)) == Some(Kind::List)
            && !self.parent.is_some_and(|parent| may_repeat(self.output.schema, parent, self.element));
        Ok(Siblings { output: self.output, element: self.element, items: is_list.then(String::new) })
    }

    fn serialize_tuple(self, length: usize) -> Result<Siblings<'o, 's>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Siblings<'o, 's>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unsupported("a tuple variant")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'o, 's>, Error> {
        self.fields()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'o, 's>, Error> {
        self.fields()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Fields<'o, 's>, Error> {
        let type_id = self.output.type_of(self.element);
        let around = self.output.start(self.element)?;
        let fields = variant(self.output, type_id, name)?.fields()?;
        Ok(Fields { around: Some(around), ..fields })
    }
}

/// Items: elements of one name, or the items of a list in one element.
struct Siblings<'o, 's> {
    output: &'o mut Output<'s>,
    element: ElementId,
    items: Option<String>,
}

impl Siblings<'_, '_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let Some(items) = &mut self.items else {
            return value.serialize(Element { output: self.output, element: self.element, parent: None });
        };
        write_item(items, value)
    }

    fn finish(self) -> Result<(), Error> {
        match &self.items {
            Some(items) => self.output.leaf(self.element, items),
            None => Ok(()),
        }
    }
}

macro_rules! sequence {
    ($type:ident $($trait:ident $method:ident)*) => {$(
        impl ser::$trait for $type<'_, '_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<(), Error> {
                self.finish()
            }
        }
    )*};
}

sequence! { Siblings SerializeSeq serialize_element SerializeTuple serialize_element SerializeTupleStruct serialize_field }

// -------------------------------------------------------------------------------------------------- fields of a struct

/// The attributes, text and children of an element.
struct Fields<'o, 's> {
    output: &'o mut Output<'s>,
    type_id: TypeId,
    started: Started,
    /// The element that holds nothing but this one.
    around: Option<Started>,
    /// Where the next attribute goes: behind those that are there.
    tag_end: usize,
    /// Namespaces of attributes that have a prefix here.
    prefixes: Vec<NamespaceId>,
    /// Of each field that holds children: its rank among the children of the type, and where it was written.
    ranges: Vec<(usize, usize)>,
    key: Option<String>,
    has_text: bool,
}

impl<'o, 's> Fields<'o, 's> {
    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        if name == TEXT {
            self.output.scalar.clear();
            let mut text = std::mem::take(&mut self.output.scalar);
            if Scalar::write(&mut text, value)? == Found::Markup {
                return unsupported("a map");
            }
            self.output.writer.text(&text)?;
            self.has_text = true;
            self.output.scalar = text;
            return Ok(());
        }
        if let Some(name) = name.strip_prefix('@') {
            return self.attribute(name, value);
        }
        if let Some(element) = self.output.child(self.type_id, name) {
            let last = self.last_rank();
            let rank = self.output.rank(self.type_id, name, last);
            self.ranges.push((rank, self.output.writer.position()));
            return value.serialize(Element { output: self.output, element, parent: Some(self.type_id) });
        }
        if name != VALUE && self.output.attribute(self.type_id, name).is_some() {
            return self.attribute(name, value);
        }
        self.choice(|output, type_id| value.serialize(Choice { output, type_id, field: name }))
    }

    fn attribute<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        let mut text = String::new();
        match Scalar::write(&mut text, value)? {
            Found::Text => {}
            Found::Nothing => return Ok(()),
            Found::Markup => return unsupported("a map"),
        }
        let schema = self.output.schema;
        let declared = self.output.attribute(self.type_id, name);
        match declared.map_or(NamespaceId(0), |attribute| schema.names.namespace_id(attribute.name)) {
            NamespaceId(0) => self.written_attribute(name, &text),
            namespace => {
                let uri = &*schema.names.namespaces[namespace.index()];
                if uri == XML_NAMESPACE {
                    return self.written_attribute(&format!("xml:{name}"), &text);
                }
                let prefix = format!("ns{}", namespace.index());
                if !self.prefixes.contains(&namespace) {
                    self.prefixes.push(namespace);
                    self.written_attribute(&format!("xmlns:{prefix}"), uri)?;
                }
                self.written_attribute(&format!("{prefix}:{name}"), &text)
            }
        }
    }

    /// An attribute by its name in the tag, which may have been closed already.
    fn written_attribute(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let writer = &mut self.output.writer;
        if writer.position() == self.tag_end {
            writer.attribute(name, text)?;
            self.tag_end = writer.position();
            return Ok(());
        }
        let moved = writer.insert_attribute(self.tag_end, name, text)?;
        self.tag_end += moved;
        self.ranges.iter_mut().for_each(|(_, begin)| *begin += moved);
        Ok(())
    }

    fn last_rank(&self) -> usize {
        self.ranges.last().map_or(0, |(rank, _)| *rank)
    }

    /// Children that the value names itself.
    fn choice(&mut self, write: impl FnOnce(&mut Output<'s>, TypeId) -> Result<(), Error>) -> Result<(), Error> {
        let before = self.output.writer.position();
        write(self.output, self.type_id)?;
        let last = self.last_rank();
        let rank = match self.output.writer.first_name_from(before).map(str::to_owned) {
            Some(first) => self.output.rank(self.type_id, &first, last),
            None => last,
        };
        self.ranges.push((rank, before));
        Ok(())
    }

    fn finish(self) -> Result<(), Error> {
        let end = self.output.writer.position();
        let has_children = self.ranges.first().is_some_and(|(_, begin)| *begin < end);
        if !self.ranges.is_sorted_by_key(|(rank, _)| *rank) {
            self.output.writer.reorder(&self.ranges);
        }
        self.output.end(self.started, has_children && !self.has_text)?;
        match self.around {
            Some(around) => self.output.end(around, true),
            None => Ok(()),
        }
    }
}

impl ser::SerializeStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeStructVariant for Fields<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.field(key, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeMap for Fields<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let mut name = String::new();
        Scalar::write(&mut name, key)?;
        self.key = Some(name);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        match self.key.take() {
            Some(key) => self.field(&key, value),
            None => Err(Error::mismatch("a value came without its key")),
        }
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

// ------------------------------------------------------------------------------------------------------------ a choice

/// A value that names its element itself: an enum, or a sequence of enums.
struct Choice<'o, 's> {
    output: &'o mut Output<'s>,
    type_id: TypeId,
    /// The field that it is in.
    field: &'o str,
}

impl<'o, 's> Choice<'o, 's> {
    fn text(self, _: &str) -> Result<(), Error> {
        Err(self.no_variant())
    }

    fn number(self, _: impl std::fmt::Display) -> Result<(), Error> {
        Err(self.no_variant())
    }

    #[cold]
    fn no_variant(&self) -> Error {
        Error::mismatch(format_args!(
            "field `{}` names neither an attribute nor a child here, and is no enum with variants named like children",
            self.field
        ))
    }
}

impl<'o, 's> Serializer for Choice<'o, 's> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Choices<'o, 's>;
    type SerializeTuple = Choices<'o, 's>;
    type SerializeTupleStruct = Choices<'o, 's>;
    type SerializeTupleVariant = ser::Impossible<(), Error>;
    type SerializeMap = ser::Impossible<(), Error>;
    type SerializeStruct = ser::Impossible<(), Error>;
    type SerializeStructVariant = Fields<'o, 's>;

    scalars_as_text!();

    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        Err(self.no_variant())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Error> {
        variant(self.output, self.type_id, name)?.serialize_unit()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(variant(self.output, self.type_id, name)?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Choices<'o, 's>, Error> {
        Ok(Choices(self))
    }

    fn serialize_tuple(self, _: usize) -> Result<Choices<'o, 's>, Error> {
        Ok(Choices(self))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Choices<'o, 's>, Error> {
        Ok(Choices(self))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unsupported("a tuple variant")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        Err(self.no_variant())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        Err(self.no_variant())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Fields<'o, 's>, Error> {
        variant(self.output, self.type_id, name)?.fields()
    }
}

/// Several of them.
struct Choices<'o, 's>(Choice<'o, 's>);

impl Choices<'_, '_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Choice { output: self.0.output, type_id: self.0.type_id, field: self.0.field })
    }

    fn finish(self) -> Result<(), Error> {
        Ok(())
    }
}

sequence! { Choices SerializeSeq serialize_element SerializeTuple serialize_element SerializeTupleStruct serialize_field }

// ------------------------------------------------------------------------------------------------------ text and markup

/// What a value turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Text,
    /// `None`.
    Nothing,
    /// The markup of an `Any`.
    Markup,
}

/// A value as text alone, written behind what the string holds; a sequence as the items of a list.
struct Scalar<'t> {
    text: &'t mut String,
    found: Found,
}

impl<'t> Scalar<'t> {
    /// Writes a value behind `text`.
    fn write<T: Serialize + ?Sized>(text: &'t mut String, value: &T) -> Result<Found, Error> {
        value.serialize(Scalar { text, found: Found::Text })
    }

    fn text(self, text: &str) -> Result<Found, Error> {
        self.text.push_str(text);
        Ok(self.found)
    }

    fn number(self, number: impl std::fmt::Display) -> Result<Found, Error> {
        let _ = write!(self.text, "{number}"); // a String takes all
        Ok(self.found)
    }
}

impl<'t> Serializer for Scalar<'t> {
    type Ok = Found;
    type Error = Error;
    type SerializeSeq = Items<'t>;
    type SerializeTuple = Items<'t>;
    type SerializeTupleStruct = ser::Impossible<Found, Error>;
    type SerializeTupleVariant = ser::Impossible<Found, Error>;
    type SerializeMap = Markup<'t>;
    type SerializeStruct = ser::Impossible<Found, Error>;
    type SerializeStructVariant = ser::Impossible<Found, Error>;

    scalars_as_text!();

    fn serialize_none(self) -> Result<Found, Error> {
        Ok(Found::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Found, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Found, Error> {
        Ok(self.found)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Found, Error> {
        Ok(self.found)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<Found, Error> {
        self.text(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Found, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Found, Error> {
        unsupported("a variant with content")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'t>, Error> {
        Ok(Items { text: self.text })
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'t>, Error> {
        Ok(Items { text: self.text })
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        unsupported("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unsupported("a tuple variant")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Markup<'t>, Error> {
        Ok(Markup(self.text))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        unsupported("a struct")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        unsupported("a struct variant")
    }
}

/// The items of a list, between blanks.
struct Items<'t> {
    text: &'t mut String,
}

impl Items<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        write_item(self.text, value)
    }
}

/// An item of a list behind those before it. White space would make two of one, and nothing would make none.
fn write_item<T: Serialize + ?Sized>(items: &mut String, value: &T) -> Result<(), Error> {
    if !items.is_empty() {
        items.push(' ');
    }
    let begin = items.len();
    if Scalar::write(items, value)? == Found::Markup {
        return unsupported("a map");
    }
    let item = items.get(begin..).unwrap_or_default();
    if item.is_empty() || item.contains([' ', '\t', '\n', '\r']) {
        let item: String = item.chars().take(40).flat_map(char::escape_debug).collect();
        return Err(Error::mismatch(format_args!("expected an item of a list to be one word, found `{item}`")));
    }
    Ok(())
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = Found;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<Found, Error> {
        Ok(Found::Text)
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = Found;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<Found, Error> {
        Ok(Found::Text)
    }
}

/// The map that holds the markup of an `Any`.
struct Markup<'t>(&'t mut String);

impl ser::SerializeMap for Markup<'_> {
    type Ok = Found;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let mut name = String::new();
        Scalar::write(&mut name, key)?;
        if name == any::XML { Ok(()) } else { unsupported("a map") }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        Scalar::write(self.0, value).map(|_| ())
    }

    fn end(self) -> Result<Found, Error> {
        Ok(Found::Markup)
    }
}
