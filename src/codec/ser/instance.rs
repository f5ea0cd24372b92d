//! The members of a value that describe its element: `@xsi:type` and `@xsi:nil`.
//!
//! The type of an element determines what the fields of a struct are, but the field that names the type can come after
//! others. It is therefore looked up before anything is written, by a first pass over the fields, which reads no other
//! value.

use serde::ser::{self, Serialize, Serializer};

use super::Error;
use super::scalar::{Found, Scalar};
use crate::codec::keys::Keys;
use crate::compiled::TypeId;

/// The attributes of the schema instance namespace to write (section 2.6).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Instance {
    pub(super) type_id: Option<TypeId>,
    pub(super) nil: Option<bool>,
    /// Whether names without a prefix in its value are in no namespace.
    pub(super) has_bare_names: bool,
}

/// Whether `Instance` holds the value of an attribute.
pub(super) fn holds(attribute: &str) -> bool {
    matches!(attribute, "xsi:type" | "xsi:nil")
}

impl Instance {
    /// Whether nothing is written for it.
    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.type_id.is_none() && self.nil.is_none() && !self.has_bare_names
    }

    /// What a value specifies.
    ///
    /// # Errors
    ///
    /// The value names a type that the schema does not have, or a nil state that is not a boolean.
    #[inline]
    pub(super) fn of<T: Serialize + ?Sized>(keys: Keys<'_>, value: &T) -> Result<Instance, Error> {
        let mut probe = Probe { type_name: None, nil: None, key: None };
        // Any other kind of value ends the pass with an error, which is irrelevant here.
        let _ = value.serialize(&mut probe);
        let mut instance = Instance::default();
        if let Some(name) = probe.type_name {
            let unknown =
                || Error::mismatch(format_args!("expected the name of a type as `@xsi:type`, found `{name}`"));
            instance.type_id = Some(keys.type_named(&name).ok_or_else(unknown)?);
        }
        if let Some(nil) = probe.nil {
            let neither = || Error::mismatch("expected a boolean as `@xsi:nil`");
            instance.nil = Some(crate::check::nil(&nil).ok_or_else(neither)?);
        }
        Ok(instance)
    }
}

/// Looks for both members among the fields of a value.
struct Probe {
    type_name: Option<String>,
    nil: Option<String>,
    /// The last key of a map.
    key: Option<String>,
}

/// The value cannot contain these members.
#[derive(Debug)]
struct Over;

impl std::fmt::Display for Over {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("nothing to look for")
    }
}

impl std::error::Error for Over {}

impl ser::Error for Over {
    fn custom<T: std::fmt::Display>(_: T) -> Over {
        Over
    }
}

impl Probe {
    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) {
        let place = match key {
            "@xsi:type" | "xsi:type" => &mut self.type_name,
            "@xsi:nil" | "xsi:nil" => &mut self.nil,
            _ => return,
        };
        let mut text = String::new();
        if let Ok(Found::Text) = Scalar::write(&mut text, value) {
            *place = Some(text);
        }
    }
}

macro_rules! over {
    ($($method:ident($($type:ty),*))*) => {$(
        #[inline]
        fn $method(self, $(_: $type),*) -> Result<(), Over> {
            Err(Over)
        }
    )*};
}

impl<'p> Serializer for &'p mut Probe {
    type Ok = ();
    type Error = Over;
    type SerializeSeq = ser::Impossible<(), Over>;
    type SerializeTuple = ser::Impossible<(), Over>;
    type SerializeTupleStruct = ser::Impossible<(), Over>;
    type SerializeTupleVariant = ser::Impossible<(), Over>;
    type SerializeMap = &'p mut Probe;
    type SerializeStruct = &'p mut Probe;
    type SerializeStructVariant = &'p mut Probe;

    over! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_i128(i128) serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_u128(u128) serialize_f32(f32) serialize_f64(f64) serialize_char(char) serialize_str(&str)
        serialize_bytes(&[u8]) serialize_none() serialize_unit() serialize_unit_struct(&'static str)
        serialize_unit_variant(&'static str, u32, &'static str)
    }

    fn collect_str<T: std::fmt::Display + ?Sized>(self, _: &T) -> Result<(), Over> {
        Err(Over)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Over> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Over> {
        value.serialize(self)
    }

    /// The content of a variant has its own element.
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Over> {
        Err(Over)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Over> {
        Err(Over)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Over> {
        Err(Over)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Over> {
        Err(Over)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Over> {
        Err(Over)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Over> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Over> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, Over> {
        Ok(self)
    }
}

macro_rules! structs {
    ($($trait:ident)*) => {$(
        impl ser::$trait for &mut Probe {
            type Ok = ();
            type Error = Over;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Over> {
                self.field(key, value);
                Ok(())
            }

            fn end(self) -> Result<(), Over> {
                Ok(())
            }
        }
    )*};
}

structs! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for &mut Probe {
    type Ok = ();
    type Error = Over;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Over> {
        let mut name = String::new();
        self.key = Scalar::write(&mut name, key).ok().map(|_| name);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Over> {
        if let Some(key) = self.key.take() {
            self.field(&key, value);
        }
        Ok(())
    }

    fn end(self) -> Result<(), Over> {
        Ok(())
    }
}
