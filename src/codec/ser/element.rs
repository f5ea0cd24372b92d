//! Writes a value as an element.

use std::borrow::Cow;

use serde::ser::{self, Serialize, Serializer};

use super::Error;
use super::fields::Fields;
use super::forward::{as_sequences, refused, scalars_as_text, sequence, unsupported};
use super::instance::Instance;
use super::output::Output;
use super::scalar::{Found, Scalar, write_item};
use crate::Limits;
use crate::codec::any;
use crate::compiled::{ElementId, TypeId, Types};
use crate::datatype::Kind;
use crate::xml::{self, lex};

/// Writes a value as one element, or a sequence as several elements with the same name.
pub(super) struct Element<'o, 's> {
    pub(super) output: &'o mut Output<'s>,
    pub(super) element: ElementId,
    /// Its `@xsi:type` and `@xsi:nil`.
    pub(super) instance: Instance,
    /// The type that has the element among its children.
    pub(super) parent: Option<TypeId>,
    /// Whether the element cannot be absent.
    pub(super) is_present: bool,
}

impl<'o, 's> Element<'o, 's> {
    /// An element that is present. Nothing else is known about it.
    pub(super) fn new(output: &'o mut Output<'s>, element: ElementId) -> Element<'o, 's> {
        Element { output, element, instance: Instance::default(), parent: None, is_present: true }
    }

    /// Writes a value as this element.
    #[inline]
    pub(super) fn write<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        let said = Instance::of(self.output.keys, value)?;
        // A variant may have named the type.
        let type_id = self.instance.type_id.or(said.type_id);
        value.serialize(self.with(Instance { type_id, ..said })?)
    }

    /// Adds the `@xsi:type` and `@xsi:nil` of a value.
    ///
    /// # Errors
    ///
    /// The element cannot have that type.
    #[inline]
    pub(super) fn with(self, instance: Instance) -> Result<Element<'o, 's>, Error> {
        if let Some(named) = instance.type_id {
            self.checked(named)?;
        }
        Ok(Element { instance, ..self })
    }

    #[cold]
    fn checked(&self, named: TypeId) -> Result<(), Error> {
        let (schema, declared) = (self.output.schema, self.output.type_of(self.element));
        if schema.derivation(named, declared).is_some() {
            return Ok(());
        }
        let name = |type_id| schema.type_name(type_id).map_or("", |name| schema.names.local(name));
        Err(Error::mismatch(format_args!(
            "the type `{}` cannot replace that of `<{}>`: it is not derived from it",
            name(named),
            self.output.name_of(self.element).1
        )))
    }

    fn type_id(&self) -> TypeId {
        self.instance.type_id.unwrap_or_else(|| self.output.type_of(self.element))
    }

    pub(super) fn text(self, text: &str) -> Result<(), Error> {
        self.output.leaf(self.element, self.instance, text)
    }

    pub(super) fn number(self, number: impl std::fmt::Display) -> Result<(), Error> {
        self.output.number(self.element, self.instance, number)
    }

    pub(super) fn integer(self, number: i128) -> Result<(), Error> {
        self.output.integer(self.element, self.instance, number)
    }

    /// The element with the type that a variant names, if it names one.
    fn typed(self, variant: &str) -> Result<Element<'o, 's>, Element<'o, 's>> {
        let declared = self.output.type_of(self.element);
        match self.output.keys.variant_type(declared, variant).filter(|_| self.instance.type_id.is_none()) {
            // The declared type is not written.
            Some(named) => {
                let type_id = Some(named).filter(|named| *named != declared);
                Ok(Element { instance: Instance { type_id, ..self.instance }, ..self })
            }
            None => Err(self),
        }
    }

    fn nil(self) -> Result<(), Error> {
        let instance = Instance { nil: Some(true), ..self.instance };
        let started = self.output.start(self.element, instance)?;
        self.output.end(started.around, false)
    }

    /// Writes text, or markup under the name of the element.
    fn anything<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        let mut text = String::new();
        match Scalar::write(&mut text, value)? {
            Found::Text => self.text(&text),
            Found::Nothing => Ok(()),
            Found::Markup => {
                let markup = Markup::of(&text)?;
                self.markup(&markup)
            }
        }
    }

    /// Writes attributes and content as they are, including the prefixes that they declare. The name is also unchanged
    /// if it is that of the element, so that names without a prefix keep their meaning.
    pub(super) fn markup(self, markup: &Markup<'_>) -> Result<(), Error> {
        let (namespace, local) = self.output.name_of(self.element);
        let started = match local == markup.local && self.output.namespace(namespace) == markup.namespace {
            true => self.output.start_written(markup.name, markup.declares_default)?,
            false => self.output.start(self.element, Instance::default())?,
        };
        self.output.lists.writer.markup(markup.attributes, markup.content);
        self.output.end(started.around, false)
    }

    /// Writes the element with one child.
    pub(super) fn around<T: Serialize + ?Sized>(self, child: &str, value: &T) -> Result<(), Error> {
        let mut fields = self.fields()?;
        fields.choice(|output, type_id| variant(output, type_id, child)?.write(value))?;
        fields.finish()
    }

    pub(super) fn fields(self) -> Result<Fields<'o, 's>, Error> {
        Fields::begin(self.output, self.element, self.instance)
    }
}

/// A text that is exactly one element.
pub(crate) struct Markup<'t> {
    pub(crate) name: &'t str,
    /// Its name without a prefix, and the namespace of that name.
    pub(super) local: &'t str,
    namespace: Cow<'t, str>,
    /// Its attributes, as they are in its tag.
    pub(crate) attributes: &'t str,
    pub(crate) content: &'t str,
    /// Whether it declares a default namespace.
    declares_default: bool,
}

impl Markup<'_> {
    /// The key of its name as a root.
    pub(super) fn key(&self) -> String {
        format!("Q{{{}}}{}", self.namespace, self.local)
    }
}

impl<'t> Markup<'t> {
    pub(crate) fn of(text: &'t str) -> Result<Markup<'t>, Error> {
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
        let (prefix, local) = xml::split(tag.name, tag.prefix_length);
        let declares = |prefix: &str| attributes.iter().find(|attribute| attribute.declared_prefix() == Some(prefix));
        Ok(Markup {
            name: tag.name,
            local,
            namespace: declares(prefix).map_or("".into(), |attribute| xml::attribute_value(attribute.value)),
            attributes: head.trim_end(),
            content,
            declares_default: declares("").is_some(),
        })
    }
}

/// The attributes of the single element in a text (as they are in its tag), and its content.
pub(crate) fn split_markup(text: &str) -> Result<(&str, &str), Error> {
    Markup::of(text).map(|markup| (markup.attributes, markup.content))
}

/// The child with a name, for the value of a variant.
pub(super) fn variant<'o, 's>(
    output: &'o mut Output<'s>,
    type_id: TypeId,
    name: &str,
) -> Result<Element<'o, 's>, Error> {
    match output.keys.child(type_id, name).or_else(|| output.admitted(type_id, name)) {
        Some(element) => Ok(Element::new(output, element)),
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
    as_sequences! { tuple tuple_struct }
    refused! { tuple_variant "a tuple variant" }

    /// `Some` is present: `Some(None)` is nil.
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(Element { is_present: true, ..self })
    }

    /// Absent if the element can be absent, otherwise nil.
    fn serialize_none(self) -> Result<(), Error> {
        let may_lack = !self.is_present && self.parent.is_none_or(|parent| self.output.may_lack(parent, self.element));
        if may_lack || !self.output.is_nillable(self.element) {
            return Ok(());
        }
        self.nil()
    }

    /// Nil if the element can be nil.
    fn serialize_unit(self) -> Result<(), Error> {
        if self.output.is_nillable(self.element) { self.nil() } else { self.text("") }
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Error> {
        match self.output.kind(self.type_id()) {
            Some(_) => self.text(name),
            None => match self.typed(name) {
                Ok(element) => element.serialize_unit(),
                Err(element) => element.around(name, &()),
            },
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
        match self.typed(name) {
            Ok(element) => element.write(value),
            Err(element) => element.around(name, value),
        }
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Siblings<'o, 's>, Error> {
        // If there can be several elements of a list type, the items of a sequence are elements.
        let is_list = self.output.kind(self.type_id()) == Some(Kind::List)
            && !self.parent.is_some_and(|parent| self.output.may_repeat(parent, self.element));
        Ok(Siblings {
            output: self.output,
            element: self.element,
            instance: self.instance,
            items: is_list.then(String::new),
        })
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
        match self.typed(name) {
            Ok(element) => element.fields(),
            Err(Element { output, element, instance, .. }) => {
                let type_id = output.type_of(element);
                let around = output.start(element, Instance::default())?;
                Ok(Element { instance, ..variant(output, type_id, name)? }.fields()?.inside(&around))
            }
        }
    }
}

/// Items: elements with one name, or the items of a list in one element.
pub(super) struct Siblings<'o, 's> {
    output: &'o mut Output<'s>,
    element: ElementId,
    instance: Instance,
    items: Option<String>,
}

impl Siblings<'_, '_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let Some(items) = &mut self.items else {
            return Element::new(self.output, self.element).write(value);
        };
        write_item(items, value)
    }

    fn finish(self) -> Result<(), Error> {
        match &self.items {
            Some(items) => self.output.leaf(self.element, self.instance, items),
            None => Ok(()),
        }
    }
}

sequence! { Siblings<'_, '_> => (); SerializeSeq serialize_element SerializeTuple serialize_element SerializeTupleStruct serialize_field }
