//! A value that names its own element.

use serde::ser::{self, Serialize, Serializer};

use super::Error;
use super::element::{Element, Markup, variant};
use super::fields::Fields;
use super::forward::{as_sequences, refused, scalars_as_text, sequence, transparent, unsupported};
use super::instance::Instance;
use super::output::Output;
use super::scalar::{Found, Scalar};
use crate::codec::{TEXT, VALUE, any, content};
use crate::compiled::TypeId;

/// An enum, or a sequence of enums.
pub(super) struct Choice<'o, 's> {
    pub(super) output: &'o mut Output<'s>,
    pub(super) type_id: TypeId,
    /// The field that contains it.
    pub(super) field: &'o str,
    /// The type and nil state that the fields of a variant specify.
    pub(super) instance: Instance,
}

impl<'o, 's> Choice<'o, 's> {
    fn text(self, text: &str) -> Result<(), Error> {
        self.admitted()?.text(text)
    }

    fn number(self, number: impl std::fmt::Display) -> Result<(), Error> {
        self.admitted()?.number(number)
    }

    fn integer(self, number: i128) -> Result<(), Error> {
        self.admitted()?.integer(number)
    }

    /// If the value is not a choice, it may be a child with the name of the field, which a wildcard admits.
    fn admitted(self) -> Result<Element<'o, 's>, Error> {
        let element = if self.field == VALUE { None } else { self.output.admitted(self.type_id, self.field) };
        match element {
            Some(element) => Element::new(self.output, element).with(self.instance),
            None => Err(self.no_variant()),
        }
    }

    /// Markup, which names its element; plain text is text between the children of mixed content.
    fn anything<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        let mut text = String::new();
        match Scalar::write(&mut text, value)? {
            Found::Markup => {
                let markup = Markup::of(&text)?;
                variant(self.output, self.type_id, &markup.key())?.markup(&markup)
            }
            Found::Text if content::is_mixed(self.output.schema, self.type_id) && self.field == VALUE => {
                Ok(self.output.lists.writer.text(&text)?)
            }
            Found::Text => self.text(&text),
            Found::Nothing => Ok(()),
        }
    }

    #[cold]
    fn no_variant(&self) -> Error {
        Error::mismatch(format_args!(
            "field `{}` names neither an attribute nor a child here, and is not an enum with variants named like children",
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
    type SerializeMap = Fields<'o, 's>;
    type SerializeStruct = Fields<'o, 's>;
    type SerializeStructVariant = Fields<'o, 's>;

    scalars_as_text!();
    transparent! { some }
    as_sequences! { tuple tuple_struct }
    refused! { tuple_variant "a tuple variant" }

    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.admitted()?.serialize_unit()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        if name == any::TOKEN { self.anything(value) } else { value.serialize(self) }
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Error> {
        variant(self.output, self.type_id, name)?.serialize_unit()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        if name == TEXT && content::is_mixed(self.output.schema, self.type_id) {
            let mut text = String::new();
            Scalar::write(&mut text, value)?;
            return Ok(self.output.lists.writer.text(&text)?);
        }
        variant(self.output, self.type_id, name)?.write(value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Choices<'o, 's>, Error> {
        Ok(Choices(self))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        self.admitted()?.fields()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        self.admitted()?.fields()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Fields<'o, 's>, Error> {
        Element { instance: self.instance, ..variant(self.output, self.type_id, name)? }.fields()
    }
}

/// Several choices.
pub(super) struct Choices<'o, 's>(Choice<'o, 's>);

impl Choices<'_, '_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let instance = Instance::of(self.0.output.keys, value)?;
        value.serialize(Choice { output: self.0.output, type_id: self.0.type_id, field: self.0.field, instance })
    }

    fn finish(self) -> Result<(), Error> {
        Ok(())
    }
}

sequence! { Choices<'_, '_> => (); SerializeSeq serialize_element SerializeTuple serialize_element SerializeTupleStruct serialize_field }
