//! Macros that forward methods of a `Deserializer`, listed by name as in `serde::forward_to_deserialize_any!`, but not
//! only to `deserialize_any`.

/// The methods call the same method of another deserializer, which `$to` returns.
macro_rules! forwarded {
    ($self:ident to $to:expr; $($method:ident)*) => {$( forwarded! { @$method $self $to } )*};
    (@deserialize_unit_struct $self:ident $to:expr) => {
        fn deserialize_unit_struct<V: Visitor<'de>>($self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
            $to.deserialize_unit_struct(name, visitor)
        }
    };
    (@deserialize_tuple $self:ident $to:expr) => {
        fn deserialize_tuple<V: Visitor<'de>>($self, length: usize, visitor: V) -> Result<V::Value, Error> {
            $to.deserialize_tuple(length, visitor)
        }
    };
    (@deserialize_tuple_struct $self:ident $to:expr) => {
        fn deserialize_tuple_struct<V: Visitor<'de>>(
            $self,
            name: &'static str,
            length: usize,
            visitor: V,
        ) -> Result<V::Value, Error> {
            $to.deserialize_tuple_struct(name, length, visitor)
        }
    };
    (@deserialize_struct $self:ident $to:expr) => {
        #[inline]
        fn deserialize_struct<V: Visitor<'de>>(
            $self,
            name: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Error> {
            $to.deserialize_struct(name, fields, visitor)
        }
    };
    (@$method:ident $self:ident $to:expr) => {
        #[inline]
        fn $method<V: Visitor<'de>>($self, visitor: V) -> Result<V::Value, Error> {
            $to.$method(visitor)
        }
    };
}

/// The methods call another method of the same deserializer, without the requested name and length.
macro_rules! alike {
    ($as:ident for $($method:ident)*) => {$( alike! { @$method $as } )*};
    (@deserialize_unit_struct $as:ident) => {
        fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
            self.$as(visitor)
        }
    };
    (@deserialize_tuple $as:ident) => {
        fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
            self.$as(visitor)
        }
    };
    (@deserialize_tuple_struct $as:ident) => {
        fn deserialize_tuple_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            _: usize,
            visitor: V,
        ) -> Result<V::Value, Error> {
            self.$as(visitor)
        }
    };
    (@deserialize_struct $as:ident) => {
        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            _: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Error> {
            self.$as(visitor)
        }
    };
    (@$method:ident $as:ident) => {
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.$as(visitor)
        }
    };
}

pub(super) use {alike, forwarded};
