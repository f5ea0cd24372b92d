//! Key-sequences as numbers: equal ones have the same.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use super::slots::{Secret, Slots};
use crate::compiled::ValueConstraint;
use crate::datatype::{Context, SimpleType};

/// A value, or a sequence of them. Each is in memory with what it is of, so that there are fewer than 2^32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ValueId(u32);

impl ValueId {
    pub(super) fn number(self) -> u32 {
        self.0
    }
}

/// The first byte of the spelling of a sequence: no value's begins so.
const SEQUENCE: u8 = 1;

/// Spellings, each once.
#[derive(Debug, Default)]
pub(super) struct Values {
    text: Vec<u8>,
    spellings: Vec<Spelling>,
    slots: Slots,
    /// Of spellings, which documents choose.
    hasher: RandomState,
    /// Of sequences, whose parts are numbers.
    secret: Secret,
    /// What is about to get a number: a value, a sequence.
    spelled: String,
    sequence: Vec<u8>,
    /// Those of defaults, by the addresses of type and value, which stay as long as the schema does.
    defaults: HashMap<(usize, usize), Option<ValueId>>,
}

/// Where a spelling ends in `Values::text`; it begins where the one before it ends.
#[derive(Debug, Clone, Copy)]
struct Spelling {
    end: usize,
    hash: u64,
}

impl Values {
    /// Forgets all of them, but not the memory.
    pub(super) fn clear(&mut self) {
        // Whichever is less: those that are there, or the room for them.
        if self.spellings.len() * 16 < self.slots.len() {
            let hash_of = |index: u32| self.spellings.get(index as usize).map_or(0, |spelling| spelling.hash);
            for (number, spelling) in (0..).zip(&self.spellings) {
                self.slots.remove(spelling.hash, number, hash_of);
            }
        } else {
            self.slots.clear();
        }
        self.text.clear();
        self.spellings.clear();
        self.defaults.clear();
    }

    /// Bytes that they hold, whether there are any or not.
    pub(super) fn size(&self) -> usize {
        let spellings = self.spellings.capacity() * size_of::<Spelling>();
        self.text.capacity() + spellings + self.slots.size() + self.spelled.capacity() + self.sequence.capacity()
    }

    /// The value of a text, which is equal to values of other types too; `None` where it is not a value.
    pub(super) fn value_of(&mut self, simple: &SimpleType, text: &str, context: &dyn Context) -> Option<ValueId> {
        let mut spelled = std::mem::take(&mut self.spelled);
        spelled.clear();
        let value = simple.spell_across_types(text, context, &mut spelled).then(|| self.value(&spelled));
        self.spelled = spelled;
        value
    }

    /// The same of a default: it may be long, and many elements may have it.
    pub(super) fn value_of_default(&mut self, simple: &SimpleType, default: &ValueConstraint) -> Option<ValueId> {
        let key = (std::ptr::from_ref(simple).addr(), std::ptr::from_ref(default).addr());
        if let Some(known) = self.defaults.get(&key) {
            return *known;
        }
        let value = self.value_of(simple, &default.value, &default.bindings);
        self.defaults.insert(key, value);
        value
    }

    /// The value with a spelling (see `SimpleType::spell_across_types`).
    pub(super) fn value(&mut self, spelling: &str) -> ValueId {
        self.number(spelling.as_bytes(), self.hasher.hash_one(spelling))
    }

    /// The sequence of some values; of one, itself.
    pub(super) fn sequence(&mut self, values: impl Iterator<Item = ValueId>) -> ValueId {
        let mut spelled = std::mem::take(&mut self.sequence);
        spelled.clear();
        spelled.push(SEQUENCE);
        let (mut first, mut count, mut hash) = (None, 0, 0);
        for value in values {
            first = first.or(Some(value));
            count += 1;
            hash = self.secret.hash(hash ^ u64::from(value.0));
            spelled.extend_from_slice(&value.0.to_le_bytes());
        }
        let sequence = first.filter(|_| count == 1).unwrap_or_else(|| self.number(&spelled, hash));
        self.sequence = spelled;
        sequence
    }

    /// The spellings of the values of a sequence.
    pub(super) fn spellings(&self, ValueId(index): ValueId) -> Vec<&str> {
        let text = |spelling| std::str::from_utf8(spelling).unwrap_or_default();
        match self.spelling(index) {
            [SEQUENCE, values @ ..] => {
                let (values, _) = values.as_chunks();
                values.iter().map(|value| text(self.spelling(u32::from_le_bytes(*value)))).collect()
            }
            spelling => vec![text(spelling)],
        }
    }

    fn number(&mut self, spelling: &[u8], hash: u64) -> ValueId {
        let is_it = |index: u32| {
            self.spellings.get(index as usize).is_some_and(|known| known.hash == hash)
                && self.spelling(index) == spelling
        };
        if let Some(known) = self.slots.find(hash, is_it) {
            return ValueId(known);
        }
        let index = self.spellings.len() as u32;
        let hash_of = |index: u32| self.spellings.get(index as usize).map_or(0, |spelling| spelling.hash);
        self.slots.insert(hash, index, hash_of);
        self.text.extend_from_slice(spelling);
        self.spellings.push(Spelling { end: self.text.len(), hash });
        ValueId(index)
    }

    fn spelling(&self, index: u32) -> &[u8] {
        let end_of = |index: usize| self.spellings.get(index).map(|spelling| spelling.end);
        let start = (index as usize).checked_sub(1).and_then(end_of).unwrap_or(0);
        let end = end_of(index as usize).unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
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

    #[test]
    fn forgetting_few_of_many_leaves_none() {
        let mut values = Values::default();
        for number in 0..1000 {
            values.value(&number.to_string());
        }
        values.clear();
        for number in 0..10 {
            values.value(&number.to_string());
        }
        values.clear();
        assert!(values.slots.is_empty());
        assert_eq!(values.value("7"), ValueId(0));
    }
}
