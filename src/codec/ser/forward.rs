//! Macros for methods of a `Serializer` that are the same everywhere, listed by name, as
//! `serde::forward_to_deserialize_any!` is for a `Deserializer`.

use super::Error;

/// The methods for scalars: they call the methods `text`, `integer` and `number`.
macro_rules! scalars_as_text {
    () => {
        fn serialize_bool(self, value: bool) -> Result<Self::Ok, Error> {
            self.text(if value { "true" } else { "false" })
        }
        scalars_as_text! { @integers
            serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64 serialize_i128 i128
            serialize_u8 u8 serialize_u16 u16 serialize_u32 u32 serialize_u64 u64
        }
        fn serialize_u128(self, value: u128) -> Result<Self::Ok, Error> {
            self.number(value)
        }
        scalars_as_text! { @floats serialize_f32 f32 serialize_f64 f64 }
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
    (@floats $($method:ident $type:ident)*) => {$(
        /// Part 2, section 3.2.4.1: the infinities have special names. Rust writes NaN as XML Schema does.
        fn $method(self, value: $type) -> Result<Self::Ok, Error> {
            match value.is_infinite() {
                true => self.text(if value > 0.0 { "INF" } else { "-INF" }),
                false => self.number(value),
            }
        }
    )*};
    (@integers $($method:ident $type:ident)*) => {$(
        fn $method(self, value: $type) -> Result<Self::Ok, Error> {
            self.integer(value.into())
        }
    )*};
}

/// The methods for transparent wrappers: their value is written in their place.
macro_rules! transparent {
    ($($shape:ident)*) => {$( transparent! { @$shape } )*};
    (@some) => {
        fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, Error> {
            value.serialize(self)
        }
    };
    (@newtype_struct) => {
        fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Self::Ok, Error> {
            value.serialize(self)
        }
    };
}

/// The methods for tuples, which are sequences.
macro_rules! as_sequences {
    ($($shape:ident)*) => {$( as_sequences! { @$shape } )*};
    (@tuple) => {
        fn serialize_tuple(self, length: usize) -> Result<Self::SerializeTuple, Error> {
            self.serialize_seq(Some(length))
        }
    };
    (@tuple_struct) => {
        fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Self::SerializeTupleStruct, Error> {
            self.serialize_seq(Some(length))
        }
    };
}

/// The methods for shapes that have no form in XML in this place.
macro_rules! refused {
    ($($shape:ident $what:literal)*) => {$( refused! { @$shape $what } )*};
    (@seq $what:literal) => {
        fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
            unsupported($what)
        }
    };
    (@tuple $what:literal) => {
        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
            unsupported($what)
        }
    };
    (@tuple_struct $what:literal) => {
        fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
            unsupported($what)
        }
    };
    (@tuple_variant $what:literal) => {
        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleVariant, Error> {
            unsupported($what)
        }
    };
    (@newtype_variant $what:literal) => {
        fn serialize_newtype_variant<T: Serialize + ?Sized>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<Self::Ok, Error> {
            unsupported($what)
        }
    };
    (@struct $what:literal) => {
        fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
            unsupported($what)
        }
    };
    (@struct_variant $what:literal) => {
        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStructVariant, Error> {
            unsupported($what)
        }
    };
}

/// The sequence traits for a type: they call its methods `item` and `finish`.
macro_rules! sequence {
    ($type:ty => $ok:ty; $($trait:ident $method:ident)*) => {$(
        impl ser::$trait for $type {
            type Ok = $ok;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.item(value)
            }

            fn end(self) -> Result<$ok, Error> {
                self.finish()
            }
        }
    )*};
}

/// The error for a shape that has no form anywhere.
pub(super) fn unsupported<T>(what: &str) -> Result<T, Error> {
    Err(Error::mismatch(format_args!("{what} has no form in XML here")))
}

pub(super) use {as_sequences, refused, scalars_as_text, sequence, transparent};
