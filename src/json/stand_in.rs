//! A placeholder value for a missing member. It is never returned, but lets reading of an object continue, so that
//! further missing members are found too. Required members are texts, enums of texts, or objects of such members; a
//! type that accepts no text has no placeholder.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The greatest nesting depth of types. A type that contains itself has no placeholder.
const DEPTH: usize = 16;

/// The placeholder. The error `E` is made if a type has none.
pub(super) struct StandIn<E> {
    depth: usize,
    error: fn() -> E,
}

impl<E> StandIn<E> {
    /// `error` makes the error for a type that accepts no plain value.
    pub(super) fn new(error: fn() -> E) -> StandIn<E> {
        StandIn { depth: 0, error }
    }

    fn inner(&self) -> StandIn<E> {
        StandIn { depth: self.depth + 1, error: self.error }
    }
}

impl<'de, E: de::Error> Deserializer<'de> for StandIn<E> {
    type Error = E;

    /// A text.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_borrowed_str("")
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        if self.depth >= DEPTH {
            return Err((self.error)());
        }
        visitor.visit_map(Members { stand_in: self.inner(), members: members.iter() })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        match variants.first().filter(|_| self.depth < DEPTH) {
            Some(name) => visitor.visit_enum(First { stand_in: self.inner(), name }),
            None => Err((self.error)()),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// An object with all members of its type.
struct Members<E> {
    stand_in: StandIn<E>,
    members: std::slice::Iter<'static, &'static str>,
}

impl<'de, E: de::Error> MapAccess<'de> for Members<E> {
    type Error = E;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, E> {
        self.members.next().map(|name| seed.deserialize(BorrowedStrDeserializer::new(name))).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, E> {
        seed.deserialize(StandIn { ..self.stand_in })
    }
}

/// The first variant of an enum.
struct First<E> {
    stand_in: StandIn<E>,
    name: &'static str,
}

impl<'de, E: de::Error> EnumAccess<'de> for First<E> {
    type Error = E;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), E> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(self.name))?, self))
    }
}

impl<'de, E: de::Error> VariantAccess<'de> for First<E> {
    type Error = E;

    fn unit_variant(self) -> Result<(), E> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, E> {
        seed.deserialize(self.stand_in)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, E> {
        self.stand_in.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, members: &'static [&'static str], visitor: V) -> Result<V::Value, E> {
        self.stand_in.deserialize_struct("", members, visitor)
    }
}
