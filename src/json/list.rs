//! Arrays of a bounded number of items.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::decode::{self, Decode, Next, Refused, Rest, Room};
use super::shape::ValueShape;
use super::value::{IntoOwned, OutsideLimits, Value};

/// A list of at least `MIN` and at most `MAX` items. It dereferences to a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T, const MIN: usize, const MAX: usize>(Vec<T>);

impl<T, const MIN: usize, const MAX: usize> List<T, MIN, MAX> {
    /// The items, if there are neither too few nor too many.
    ///
    /// # Errors
    ///
    /// A number of items outside the limits.
    pub fn new(items: Vec<T>) -> Result<Self, OutsideLimits> {
        match (MIN..=MAX).contains(&items.len()) {
            true => Ok(List(items)),
            false => Err(OutsideLimits::new(expected(MIN, MAX), format_args!("{} items", items.len()))),
        }
    }

    /// The items themselves.
    pub fn into_inner(self) -> Vec<T> {
        self.0
    }
}

fn expected(least: usize, most: usize) -> String {
    ValueShape::List { item: &ValueShape::Boolean, least, most }.to_string()
}

impl<T, const MIN: usize, const MAX: usize> Deref for List<T, MIN, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MIN: usize, const MAX: usize> TryFrom<Vec<T>> for List<T, MIN, MAX> {
    type Error = OutsideLimits;

    fn try_from(items: Vec<T>) -> Result<Self, OutsideLimits> {
        List::new(items)
    }
}

impl<'l, T, const MIN: usize, const MAX: usize> IntoIterator for &'l List<T, MIN, MAX> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Value, const MIN: usize, const MAX: usize> Value for List<T, MIN, MAX> {
    const SHAPE: ValueShape = ValueShape::List { item: &T::SHAPE, least: MIN, most: MAX };

    fn is_odd(&self) -> bool {
        self.0.iter().any(T::is_odd)
    }
}

impl<T: IntoOwned, const MIN: usize, const MAX: usize> IntoOwned for List<T, MIN, MAX> {
    type Owned = List<T::Owned, MIN, MAX>;

    fn into_owned(self) -> Self::Owned {
        List(self.0.into_iter().map(T::into_owned).collect())
    }
}

impl<T: Serialize, const MIN: usize, const MAX: usize> Serialize for List<T, MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'a, T: Decode<'a>, const MIN: usize, const MAX: usize> Decode<'a> for List<T, MIN, MAX> {
    #[inline(always)]
    fn blank() -> Self {
        List(Vec::new())
    }

    #[inline]
    fn decode(rest: Rest<'a>, room: Room, to: &mut Self) -> Result<Rest<'a>, Refused> {
        let items = &mut to.0;
        let (gap, mut rest) = decode::begin(rest, room, "[")?;
        if let Some(after) = rest.strip_prefix("]") {
            return if MIN == 0 { Ok(after) } else { Err(Refused) };
        }
        loop {
            if items.len() == MAX {
                return Err(Refused);
            }
            items.push(T::blank());
            let after = T::decode(rest, gap.room, items.last_mut().ok_or(Refused)?)?;
            rest = match gap.skip(after) {
                Some(item) => item,
                None => match decode::after_item(after)? {
                    Next::More(item) => item,
                    Next::End(_) if items.len() < MIN => return Err(Refused),
                    Next::End(after) => return Ok(after),
                },
            };
        }
    }
}

impl<'de, T: Deserialize<'de>, const MIN: usize, const MAX: usize> Deserialize<'de> for List<T, MIN, MAX> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T, const MIN: usize, const MAX: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MIN: usize, const MAX: usize> Visitor<'de> for ListVisitor<T, MIN, MAX> {
    type Value = List<T, MIN, MAX>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&expected(MIN, MAX))
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            if list.len() == MAX {
                return Err(de::Error::invalid_length(MAX + 1, &self));
            }
            list.push(item);
        }
        if list.len() < MIN {
            return Err(de::Error::invalid_length(list.len(), &self));
        }
        Ok(List(list))
    }
}
