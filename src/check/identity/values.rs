//! Key-sequences as numbers: equal ones have the same.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use crate::datatype::{Context, SimpleType};

/// A value, or a sequence of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ValueId(u32);

/// The begin of the spelling of a sequence: no value's begins so.
const SEQUENCE: u8 = 1;

/// Spellings, each once.
#[derive(Debug, Default)]
pub(super) struct Values {
    text: Vec<u8>,
    /// Where each ends in `text`.
    ends: Vec<usize>,
    /// The last one with a hash, and the one before it with the same.
    last: ByNumber<u64, u32>,
    before: Vec<Option<u32>>,
    hasher: RandomState,
    /// What is about to get a number: a value, a sequence.
    spelled: String,
    sequence: Vec<u8>,
}

impl Values {
    /// Forgets all of them, but not the memory.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.last.clear();
        self.before.clear();
    }

    /// Bytes that they hold, whether there are any or not.
    pub(super) fn size(&self) -> usize {
        let of_each = size_of::<usize>() + size_of::<Option<u32>>() + size_of::<(u64, u32)>();
        self.text.capacity() + self.ends.capacity() * of_each
    }

    /// The value of a text, which is equal to values of other types too; `None`: it is none.
    pub(super) fn value_of(&mut self, simple: &SimpleType, text: &str, context: &dyn Context) -> Option<ValueId> {
        let mut spelled = std::mem::take(&mut self.spelled);
        spelled.clear();
        let value = simple.spell_across_types(text, context, &mut spelled).then(|| self.value(&spelled));
        self.spelled = spelled;
        value
    }

    /// The value with a spelling (see `SimpleType::spell_across_types`).
    pub(super) fn value(&mut self, spelling: &str) -> ValueId {
        self.number(spelling.as_bytes())
    }

    /// The sequence of some values; of one, itself.
    pub(super) fn sequence(&mut self, values: impl Iterator<Item = ValueId>) -> ValueId {
        let mut spelled = std::mem::take(&mut self.sequence);
        spelled.clear();
        spelled.push(SEQUENCE);
        let (mut first, mut count) = (None, 0);
        for value in values {
            first = first.or(Some(value));
            count += 1;
            spelled.extend_from_slice(&value.0.to_le_bytes());
        }
        let sequence = first.filter(|_| count == 1).unwrap_or_else(|| self.number(&spelled));
        self.sequence = spelled;
        sequence
    }

    fn number(&mut self, spelling: &[u8]) -> ValueId {
        let hash = self.hasher.hash_one(spelling);
        let mut at = self.last.get(&hash).copied();
        while let Some(index) = at {
            if self.spelling(index) == spelling {
                return ValueId(index);
            }
            at = self.before.get(index as usize).copied().flatten();
        }
        // Each stands in the document, of less than 4 GiB, or in the schema.
        let index = self.ends.len() as u32;
        self.text.extend_from_slice(spelling);
        self.ends.push(self.text.len());
        self.before.push(self.last.insert(hash, index));
        ValueId(index)
    }

    fn spelling(&self, index: u32) -> &[u8] {
        let index = index as usize;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }
}

/// A table by numbers that a document cannot choose: values are numbered in order, and hashes of spellings depend on
/// the process. So they need no protection, and little mixing.
pub(super) type ByNumber<K, V> = HashMap<K, V, BuildHasherDefault<Spread>>;

/// Spreads a number over all bits.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        // The golden ratio of all 64-bit numbers.
        let spread = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = spread ^ spread >> 32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sequences_have_the_same_number() {
        let mut values = Values::default();
        let (a, b) = (values.value("string:a"), values.value("string:b"));
        assert_eq!(values.value("string:a"), a);
        assert_ne!(a, b);
        assert_eq!(values.sequence([a].into_iter()), a);
        let pair = values.sequence([a, b].into_iter());
        assert_eq!(values.sequence([a, b].into_iter()), pair);
        assert_ne!(values.sequence([b, a].into_iter()), pair);
        assert_ne!(values.sequence([a, b, a].into_iter()), pair);
        values.clear();
        assert_ne!(values.value("string:b"), values.value("string:a"));
    }
}
