//! A list that is nearly always short.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// A list that nearly always has one or two items, which are stored in the value itself. Only longer lists allocate.
///
/// It derefs to a slice. (Lists of other crates are invariant in their items, but values that borrow from packets
/// should shrink to any shorter borrow.)
///
/// ```
/// use packetcheck::codec::Few;
///
/// let mut few = Few::new();
/// few.push(1);
/// few.push(2);
/// assert_eq!(few.iter().sum::<i32>(), 3);
/// ```
#[derive(Clone)]
pub struct Few<T>(Repr<T>);

#[derive(Clone)]
enum Repr<T> {
    None,
    One([T; 1]),
    Two([T; 2]),
    Many(Vec<T>),
}

impl<T> Few<T> {
    /// An empty list.
    pub const fn new() -> Few<T> {
        Few(Repr::None)
    }

    /// Adds an item at the end. From the third item on, they are allocated.
    #[inline]
    pub fn push(&mut self, item: T) {
        if let Repr::None = self.0 {
            self.0 = Repr::One([item]);
        } else {
            self.push_another(item);
        }
    }

    fn push_another(&mut self, item: T) {
        self.0 = match std::mem::replace(&mut self.0, Repr::None) {
            Repr::None => Repr::One([item]),
            Repr::One([first]) => Repr::Two([first, item]),
            Repr::Two([first, second]) => Repr::Many(vec![first, second, item]),
            Repr::Many(mut items) => {
                items.push(item);
                Repr::Many(items)
            }
        };
    }

    /// The items.
    pub fn as_slice(&self) -> &[T] {
        match &self.0 {
            Repr::None => &[],
            Repr::One(items) => items,
            Repr::Two(items) => items,
            Repr::Many(items) => items,
        }
    }

    /// The items, mutably.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        match &mut self.0 {
            Repr::None => &mut [],
            Repr::One(items) => items,
            Repr::Two(items) => items,
            Repr::Many(items) => items,
        }
    }

    /// Converts each item.
    pub fn map<U>(self, change: impl Fn(T) -> U) -> Few<U> {
        Few(match self.0 {
            Repr::None => Repr::None,
            Repr::One(items) => Repr::One(items.map(change)),
            Repr::Two(items) => Repr::Two(items.map(change)),
            Repr::Many(items) => Repr::Many(items.into_iter().map(change).collect()),
        })
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Few::new()
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: fmt::Debug> fmt::Debug for Few<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(formatter)
    }
}

impl<T: PartialEq> PartialEq for Few<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Eq> Eq for Few<T> {}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut few = Few::new();
        few.extend(items);
        few
    }
}

impl<T> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.push(item);
        }
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(items: Vec<T>) -> Self {
        Few(Repr::Many(items))
    }
}

impl<T> From<T> for Few<T> {
    fn from(item: T) -> Self {
        Few(Repr::One([item]))
    }
}

impl<T> IntoIterator for Few<T> {
    type Item = T;
    type IntoIter = FewItems<T>;

    fn into_iter(self) -> FewItems<T> {
        FewItems(match self.0 {
            Repr::None => Items::None,
            Repr::One(items) => Items::One(items.into_iter()),
            Repr::Two(items) => Items::Two(items.into_iter()),
            Repr::Many(items) => Items::Many(items.into_iter()),
        })
    }
}

/// The items of a [`Few`], one after another.
#[derive(Debug)]
pub struct FewItems<T>(Items<T>);

#[derive(Debug)]
enum Items<T> {
    None,
    One(std::array::IntoIter<T, 1>),
    Two(std::array::IntoIter<T, 2>),
    Many(std::vec::IntoIter<T>),
}

impl<T> Iterator for FewItems<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match &mut self.0 {
            Items::None => None,
            Items::One(items) => items.next(),
            Items::Two(items) => items.next(),
            Items::Many(items) => items.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Items::None => (0, Some(0)),
            Items::One(items) => items.size_hint(),
            Items::Two(items) => items.size_hint(),
            Items::Many(items) => items.size_hint(),
        }
    }
}

impl<'f, T> IntoIterator for &'f Few<T> {
    type Item = &'f T;
    type IntoIter = std::slice::Iter<'f, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.as_slice().iter()
    }
}

impl<T: Serialize> Serialize for Few<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(FewVisitor(PhantomData))
    }
}

struct FewVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FewVisitor<T> {
    type Value = Few<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Few<T>, A::Error> {
        let mut few = Few::new();
        while let Some(item) = items.next_element()? {
            few.push(item);
        }
        Ok(few)
    }
}
