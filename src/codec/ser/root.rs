//! Writes a value as a document.

use serde::ser::{self, Serialize, Serializer};

use super::Error;
use super::element::{Element, Markup};
use super::fields::Fields;
use super::forward::{refused, scalars_as_text, transparent, unsupported};
use super::instance::Instance;
use super::output::Output;
use super::scalar::{Found, Scalar};
use crate::codec::any;

/// The root: the only root of the schema, or the one with the name of the value.
pub(super) struct Root<'o, 's> {
    pub(super) output: &'o mut Output<'s>,
    pub(super) instance: Instance,
}

impl<'o, 's> Root<'o, 's> {
    fn element(self, name: Option<&str>) -> Result<Element<'o, 's>, Error> {
        let root = match name.and_then(|name| self.output.keys.root(name)) {
            Some(root) => root,
            None => self.output.only_root()?,
        };
        Element::new(self.output, root).with(self.instance)
    }

    fn text(self, text: &str) -> Result<(), Error> {
        self.element(None)?.text(text)
    }

    fn number(self, number: impl std::fmt::Display) -> Result<(), Error> {
        self.element(None)?.number(number)
    }

    fn integer(self, number: i128) -> Result<(), Error> {
        self.element(None)?.integer(number)
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
    transparent! { some }
    refused! {
        seq "a sequence as a document"
        tuple "a tuple as a document"
        tuple_struct "a tuple as a document"
        tuple_variant "a tuple as a document"
    }

    fn serialize_none(self) -> Result<(), Error> {
        unsupported("nothing as a document")
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.element(None)?.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Error> {
        self.element(Some(name))?.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        match self.output.keys.root(variant) {
            Some(_) => self.element(Some(variant))?.serialize_unit(),
            None => self.element(None)?.serialize_unit_variant("", 0, variant),
        }
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        if name == any::TOKEN {
            let mut text = String::new();
            match Scalar::write(&mut text, value)? {
                Found::Markup => {
                    let markup = Markup::of(&text)?;
                    self.element(Some(&markup.key()))?.markup(&markup)
                }
                Found::Text | Found::Nothing => self.element(None)?.text(&text),
            }
        } else if self.output.keys.root(name).is_some() {
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
        match self.output.keys.root(variant) {
            Some(_) => self.element(Some(variant))?.write(value),
            None => self.element(None)?.serialize_newtype_variant("", 0, variant, value),
        }
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
        match self.output.keys.root(variant) {
            Some(_) => self.element(Some(variant))?.serialize_struct(variant, length),
            None => self.element(None)?.serialize_struct_variant("", 0, variant, length),
        }
    }
}
