//! Writes a value as text: of an element, of an attribute, or of an item in a list.

use std::fmt::Write as _;

use serde::ser::{self, Serialize, Serializer};

use super::Error;
use super::forward::{as_sequences, refused, scalars_as_text, sequence, transparent, unsupported};
use crate::codec::any;
use crate::text::white_space::is_white_space;

/// The kind of value that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Text,
    /// `None`.
    Nothing,
    /// The markup of an `Any`.
    Markup,
}

/// Writes a value as plain text, appended to a string. A sequence becomes the items of a list.
pub(super) struct Scalar<'t> {
    text: &'t mut String,
    found: Found,
}

impl<'t> Scalar<'t> {
    /// Appends a value to `text`.
    pub(super) fn write<T: Serialize + ?Sized>(text: &'t mut String, value: &T) -> Result<Found, Error> {
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

    fn integer(self, number: i128) -> Result<Found, Error> {
        self.number(number)
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
    transparent! { some newtype_struct }
    as_sequences! { tuple }
    refused! {
        newtype_variant "a variant with content"
        tuple_struct "a tuple"
        tuple_variant "a tuple variant"
        struct "a struct"
        struct_variant "a struct variant"
    }

    fn serialize_none(self) -> Result<Found, Error> {
        Ok(Found::Nothing)
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

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'t>, Error> {
        Ok(Items { text: self.text })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Markup<'t>, Error> {
        Ok(Markup(self.text))
    }
}

/// The items of a list, separated by spaces.
pub(super) struct Items<'t> {
    text: &'t mut String,
}

impl Items<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        write_item(self.text, value)
    }

    fn finish(self) -> Result<Found, Error> {
        Ok(Found::Text)
    }
}

/// Appends an item of a list. White space would make it two items, and an empty item would disappear.
pub(super) fn write_item<T: Serialize + ?Sized>(items: &mut String, value: &T) -> Result<(), Error> {
    if !items.is_empty() {
        items.push(' ');
    }
    let begin = items.len();
    if Scalar::write(items, value)? == Found::Markup {
        return unsupported("a map");
    }
    let item = items.get(begin..).unwrap_or_default();
    if item.is_empty() || item.bytes().any(is_white_space) {
        let item: String = item.chars().take(40).flat_map(char::escape_debug).collect();
        return Err(Error::mismatch(format_args!("expected an item of a list to be one word, found `{item}`")));
    }
    Ok(())
}

sequence! { Items<'_> => Found; SerializeSeq serialize_element SerializeTuple serialize_element }

/// The map that contains the markup of an `Any`.
pub(super) struct Markup<'t>(&'t mut String);

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
