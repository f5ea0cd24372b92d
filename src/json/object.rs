//! The macro that declares an object once.

/// Declares objects: struct, `Deserialize`, `Serialize`, `into_owned` and `Shape` from one table.
///
/// ```ignore
/// object! {
///     /// A step of a task.
///     pub struct SubTask<'a> as "SubTask": Default {
///         /// Its name.
///         "name" name: Member<Text<'a, 0, 255>>,
///     }
/// }
/// ```
///
/// `where RULES` before the brace names the rules of the object.
///
/// `= DEFAULT => TYPE` after the type of a `Member` gives its documented default: it is in the JSON Schema, and a
/// method with the member's name returns the value or, if there is none, the default.
///
/// A member of type `Member` may be absent or `null`; any other is required. Each struct has the lifetime of the
/// document, for the members that it keeps in `extra`. The listed traits are derived in addition to `Debug`, `Clone`
/// and `PartialEq`.
///
/// The serde implementations work with any format, except that only JSON can fill `extra`.
macro_rules! object {
    ($(
        $(#[doc = $doc:literal])+
        pub struct $name:ident<$a:lifetime> as $wire_name:literal $(: $derived:ident)? $(where $rules:path)? {
            $(
                $(#[doc = $member_doc:literal])+
                $wire:literal $member:ident: $type:ty $(= $default:expr => $plain:ty)?,
            )+
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq $(, $derived)?)]
        pub struct $name<$a> {
            $($(#[doc = $member_doc])+ pub $member: $type,)+
            /// Members that the documentation does not name, as they were written.
            pub extra: $crate::json::Extra<$a>,
        }

        impl<$a> $name<$a> {
            /// The object as data.
            pub(crate) const OBJECT: &'static $crate::json::Shape = &$crate::json::Shape {
                name: $wire_name,
                documentation: concat!($($doc),+),
                members: &[$($crate::json::MemberShape {
                    name: $wire,
                    documentation: concat!($($member_doc),+),
                    value: &<$type as $crate::json::Value>::SHAPE,
                    optional: <$type as $crate::json::Value>::OPTIONAL,
                    default: $crate::json::default_of!($($default)?),
                }),+],
                rules: $crate::json::rules_of!($($rules)?),
            };

            /// The names of the members, in the order of the documentation.
            pub(crate) const MEMBERS: &'static [&'static str] = &[$($wire),+];

            $($(
                #[doc = concat!("The value of `", $wire, "`, or the documented default, `", stringify!($default), "`.")]
                pub fn $member(&self) -> $plain {
                    self.$member.get().and_then($crate::json::Defaulted::plain).unwrap_or($default)
                }
            )?)+

            /// The value without borrowing.
            pub fn into_owned(self) -> $name<'static> {
                $name {
                    $($member: $crate::json::IntoOwned::into_owned(self.$member),)+
                    extra: $crate::json::IntoOwned::into_owned(self.extra),
                }
            }
        }

        impl<$a> $crate::json::Value for $name<$a> {
            const SHAPE: $crate::json::ValueShape = $crate::json::ValueShape::Object(Self::OBJECT);

            fn is_odd(&self) -> bool {
                let fact = |name: &str| match name {
                    $($wire => $crate::json::Value::fact(&self.$member),)+
                    _ => None,
                };
                !self.extra.is_empty()
                    $(|| $crate::json::Value::is_odd(&self.$member))+
                    || Self::OBJECT.rules.iter().any(|rule| rule.may_warn(fact))
            }
        }

        impl<$a> $crate::json::Decode<$a> for $name<$a> {
            fn blank() -> Self {
                $name {
                    $($member: $crate::json::Decode::blank(),)+
                    extra: $crate::json::Extra::default(),
                }
            }

            fn decode(
                rest: $crate::json::Rest<$a>,
                room: $crate::json::Room,
                to: &mut Self,
            ) -> Result<$crate::json::Rest<$a>, $crate::json::Refused> {
                use $crate::json::{Refused, Value, decode};

                #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
                enum Field { $($member),+ }

                const { assert!(Self::MEMBERS.len() <= 64, "each has a bit") };

                let mut seen = 0_u64;
                let (gap, mut rest) = decode::begin(rest, room, "{")?;
                // Each round takes the members that come in the order of the documentation.
                let after = loop {
                    let turn = rest.len();
                    $(if let Some(value) = rest.strip_prefix(concat!("\"", $wire, "\":")) {
                        decode::see::<$type>(&mut seen, Field::$member as u32)?;
                        rest = decode::member(value, &mut to.$member, &gap)?;
                    })+
                    if let Some(after) = rest.strip_prefix("}") {
                        break after;
                    }
                    if rest.len() == turn {
                        let (name, value) = decode::name(rest)?;
                        rest = match &*name {
                            $($wire => {
                                decode::see::<$type>(&mut seen, Field::$member as u32)?;
                                decode::member(value, &mut to.$member, &gap)?
                            })+
                            _ => decode::after_member(decode::unknown(name, value, gap.room, &mut to.extra)?)?,
                        };
                    }
                };
                let required = 0_u64 $(| if <$type as Value>::OPTIONAL { 0 } else { 1 << Field::$member as u32 })+;
                match seen & required == required && !to.extra.has_duplicates() {
                    true => Ok(after),
                    false => Err(Refused),
                }
            }
        }

        impl<$a> $crate::json::Object<$a> for $name<$a> {
            fn extra(&self) -> &$crate::json::Extra<$a> {
                &self.extra
            }
        }

        impl $crate::json::IntoOwned for $name<'_> {
            type Owned = $name<'static>;

            fn into_owned(self) -> $name<'static> {
                self.into_owned()
            }
        }

        const _: () = {
            use ::std::borrow::Cow;
            use ::std::fmt;
            use ::serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
            use ::serde::ser::{self, Serialize, SerializeMap, SerializeStruct, Serializer};
            use $crate::json::Value;

            #[allow(non_camel_case_types)]
            enum Key<'k> {
                $($member,)+
                Unknown(Cow<'k, str>),
            }

            struct KeyVisitor;

            impl<'k> Key<'k> {
                #[inline]
                fn named(name: &str) -> Option<Key<'k>> {
                    match name {
                        $($wire => Some(Key::$member),)+
                        _ => None,
                    }
                }
            }

            impl<'de> Visitor<'de> for KeyVisitor {
                type Value = Key<'de>;

                fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.write_str("the name of a member")
                }

                #[inline]
                fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Key<'de>, E> {
                    Ok(Key::named(name).unwrap_or_else(|| Key::Unknown(Cow::Borrowed(name))))
                }

                #[inline]
                fn visit_str<E: de::Error>(self, name: &str) -> Result<Key<'de>, E> {
                    Ok(Key::named(name).unwrap_or_else(|| Key::Unknown(Cow::Owned(name.to_owned()))))
                }
            }

            impl<'de> Deserialize<'de> for Key<'de> {
                #[inline]
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserializer.deserialize_identifier(KeyVisitor)
                }
            }

            struct ObjectVisitor<$a>(::std::marker::PhantomData<&$a ()>);

            impl<'de: $a, $a> Visitor<'de> for ObjectVisitor<$a> {
                type Value = $name<$a>;

                fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.write_str(concat!("an object (", $wire_name, ")"))
                }

                #[inline]
                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                    $(let mut $member: Option<$type> = None;)+
                    let mut extra = $crate::json::Extra::default();
                    while let Some(key) = map.next_key::<Key<'de>>()? {
                        match key {
                            $(Key::$member => {
                                if $member.is_some() {
                                    return Err(de::Error::duplicate_field($wire));
                                }
                                $member = Some(map.next_value()?);
                            })+
                            Key::Unknown(name) => extra.take(name, map.next_value()?)?,
                        }
                    }
                    Ok($name {
                        $($member: match $member.or_else(<$type as Value>::absent) {
                            Some(value) => value,
                            None => return Err(de::Error::missing_field($wire)),
                        },)+
                        extra: extra.finish()?,
                    })
                }
            }

            impl<'de: $a, $a> Deserialize<'de> for $name<$a> {
                #[inline]
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let visitor = ObjectVisitor(::std::marker::PhantomData);
                    deserializer.deserialize_struct($wire_name, Self::MEMBERS, visitor)
                }
            }

            impl Serialize for $name<'_> {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let there = 0 $(+ usize::from(self.$member.is_there()))+;
                    if self.extra.is_empty() {
                        let mut object = serializer.serialize_struct($wire_name, there)?;
                        $(match self.$member.is_there() {
                            true => object.serialize_field($wire, &self.$member)?,
                            false => object.skip_field($wire)?,
                        })+
                        return object.end();
                    }
                    if let Some(name) = self.extra.known_name(Self::MEMBERS) {
                        return Err(ser::Error::custom(format_args!("the member `{name}` is in `extra`")));
                    }
                    let mut object = serializer.serialize_map(Some(there + self.extra.len()))?;
                    $(if self.$member.is_there() {
                        object.serialize_entry($wire, &self.$member)?;
                    })+
                    for (name, value) in self.extra.iter() {
                        object.serialize_entry(name, value)?;
                    }
                    object.end()
                }
            }
        };
    )+};
}

/// The rules of an object, if it has any.
macro_rules! rules_of {
    () => {
        &[]
    };
    ($rules:path) => {
        $rules
    };
}

/// The default of a member, if the documentation gives one.
macro_rules! default_of {
    () => {
        None
    };
    ($default:expr) => {
        Some(|| ::serde_json::json!($default))
    };
}

pub(crate) use {default_of, object, rules_of};
