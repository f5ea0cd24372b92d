//! Key-sequences as numbers: equal sequences have the same number.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use super::pieces::Pieces;
use super::slots::{Secret, Slots};
use crate::compiled::ValueConstraint;
use crate::datatype::{Context, SimpleType, canonical_name, parts_of_canonical};

/// A value, or a sequence of values. Each is stored with its text or its parts, so there are fewer than 2^32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ValueId(u32);

impl ValueId {
    pub(super) fn number(self) -> u32 {
        self.0
    }
}

/// The first byte of the spelling of a sequence; its values follow as numbers.
const SEQUENCE: u8 = 1;

/// The first byte of a string, which follows unchanged.
const STRING: u8 = 2;

/// The first byte of a qualified name; the number of its namespace and the local part follow. A document can have one
/// long namespace and many names in it.
const NAME: u8 = 3;

/// The first byte of a namespace.
const NAMESPACE: u8 = 4;

/// Spellings, without duplicates. All other spellings begin with a letter.
#[derive(Debug, Default)]
pub(super) struct Values {
    text: Pieces<u8>,
    spellings: Pieces<Spelling>,
    /// The index of the first spelling that ends at or after 2^32, of the first that ends at or after twice that, and
    /// so on.
    turns: Vec<u32>,
    slots: Slots,
    /// Hashes spellings, which documents can choose.
    hasher: RandomState,
    /// Hashes sequences, whose parts are numbers.
    secret: Secret,
    /// The text that is about to get a number: the spelling of a value by its type, its stored form, or a sequence.
    spelled: String,
    kept: Vec<u8>,
    /// The numbers of default values, by the addresses of type and value, which do not change during the life of the
    /// schema.
    defaults: HashMap<(usize, usize), Option<ValueId>>,
}

/// Where a spelling ends in `Values::text`; it begins where the one before it ends.
#[derive(Debug, Clone, Copy)]
struct Spelling {
    /// The lower 32 bits; `Values::turns` has the rest.
    end: u32,
    hash: u32,
}

impl Values {
    /// Forgets all values, but keeps the memory.
    pub(super) fn clear(&mut self) {
        // Removes the spellings one by one, or clears all slots, whichever is less work.
        if self.spellings.len() * 16 < self.slots.len() {
            let hash_of = |index: u32| self.spellings.get(index as usize).map_or(0, |spelling| spelling.hash);
            for (number, spelling) in (0..).zip(self.spellings.iter()) {
                self.slots.remove(spelling.hash, number, hash_of);
            }
        } else {
            self.slots.clear();
        }
        self.text.clear();
        self.spellings.clear();
        self.turns.clear();
        self.defaults.clear();
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        let spellings = self.text.size() + self.spellings.size() + self.slots.size();
        spellings + self.spelled.capacity() + self.kept.capacity()
    }

    /// The number of a value, which can equal values of other types; `None` if the text is not a value of the type.
    pub(super) fn value_of(&mut self, simple: &SimpleType, text: &str, context: &dyn Context) -> Option<ValueId> {
        let mut spelled = std::mem::take(&mut self.spelled);
        spelled.clear();
        let value = simple.spell_across_types(text, context, &mut spelled).then(|| self.value(&spelled));
        self.spelled = spelled;
        value
    }

    /// The number of a default value, which can be long and be shared by many elements.
    pub(super) fn value_of_default(&mut self, simple: &SimpleType, default: &ValueConstraint) -> Option<ValueId> {
        let key = (std::ptr::from_ref(simple).addr(), std::ptr::from_ref(default).addr());
        if let Some(known) = self.defaults.get(&key) {
            return *known;
        }
        let value = self.value_of(simple, &default.value, &default.bindings);
        self.defaults.insert(key, value);
        value
    }

    /// The number of the value with a spelling (see `SimpleType::spell_across_types`).
    pub(super) fn value(&mut self, spelling: &str) -> ValueId {
        let mut kept = std::mem::take(&mut self.kept);
        kept.clear();
        let name = spelling.strip_prefix("QName:").and_then(parts_of_canonical);
        if let Some(text) = spelling.strip_prefix("string:") {
            kept.push(STRING);
            kept.extend_from_slice(text.as_bytes());
        } else if let Some((namespace, local)) = name {
            kept.push(NAMESPACE);
            kept.extend_from_slice(namespace.as_bytes());
            let ValueId(number) = self.text_number(&kept);
            kept.clear();
            kept.push(NAME);
            kept.extend_from_slice(&number.to_le_bytes());
            kept.extend_from_slice(local.as_bytes());
        } else {
            kept.extend_from_slice(spelling.as_bytes());
        }
        let value = self.text_number(&kept);
        self.kept = kept;
        value
    }

    /// The number of a sequence of values; a sequence of one is that value.
    pub(super) fn sequence(&mut self, values: impl Iterator<Item = ValueId>) -> ValueId {
        let mut kept = std::mem::take(&mut self.kept);
        kept.clear();
        kept.push(SEQUENCE);
        let (mut first, mut count, mut hash) = (None, 0, 0);
        for value in values {
            first = first.or(Some(value));
            count += 1;
            hash = self.secret.hash((u64::from(hash) << 32) | u64::from(value.0));
            kept.extend_from_slice(&value.0.to_le_bytes());
        }
        let sequence = first.filter(|_| count == 1).unwrap_or_else(|| self.number(&kept, hash));
        self.kept = kept;
        sequence
    }

    /// The spellings of the values of a sequence.
    pub(super) fn spellings(&self, ValueId(index): ValueId) -> Vec<String> {
        match &*self.spelling(index) {
            [SEQUENCE, values @ ..] => {
                let (values, _) = values.as_chunks();
                values.iter().map(|value| self.spelled(u32::from_le_bytes(*value))).collect()
            }
            _ => vec![self.spelled(index)],
        }
    }

    /// The spelling of a value, as its type writes it.
    fn spelled(&self, index: u32) -> String {
        let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        match &*self.spelling(index) {
            [STRING, rest @ ..] => format!("string:{}", text(rest)),
            [NAME, rest @ ..] => {
                let Some((namespace, local)) = rest.split_first_chunk() else { return String::new() };
                let namespace = self.spelling(u32::from_le_bytes(*namespace));
                let namespace = text(namespace.strip_prefix(&[NAMESPACE]).unwrap_or_default());
                format!("QName:{}", canonical_name(namespace, text(local)))
            }
            spelling => text(spelling).to_owned(),
        }
    }

    fn text_number(&mut self, spelling: &[u8]) -> ValueId {
        // Nothing else is hashed, so the length is not needed.
        let mut hasher = self.hasher.build_hasher();
        hasher.write(spelling);
        self.number(spelling, hasher.finish() as u32)
    }

    fn number(&mut self, spelling: &[u8], hash: u32) -> ValueId {
        let is_it = |index: u32| {
            let (start, end) = self.bounds(index);
            self.text.are(start, end, spelling)
        };
        if let Some(known) = self.slots.find(hash, is_it) {
            return ValueId(known);
        }
        let index = self.spellings.len() as u32;
        let hash_of = |index: u32| self.spellings.get(index as usize).map_or(0, |spelling| spelling.hash);
        self.slots.insert(hash, index, hash_of);
        self.text.extend_from_slice(spelling);
        let end = self.text.len() as u64;
        let turns = (end >> 32) as usize;
        self.turns.resize(turns, index);
        self.spellings.push(Spelling { end: end as u32, hash });
        ValueId(index)
    }

    /// The range in `text` of the spelling with a number.
    fn bounds(&self, index: u32) -> (usize, usize) {
        let end_of = |index: u32| {
            let low = self.spellings.get(index as usize).map_or(0, |spelling| spelling.end);
            let turns = match self.turns.is_empty() {
                true => 0,
                false => self.turns.partition_point(|first| *first <= index) as u64,
            };
            ((turns << 32) | u64::from(low)) as usize
        };
        (index.checked_sub(1).map_or(0, end_of), end_of(index))
    }

    fn spelling(&self, index: u32) -> Vec<u8> {
        let (start, end) = self.bounds(index);
        self.text.slices(start, end).flatten().copied().collect()
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
    fn values_are_spelled_as_they_were() {
        let mut values = Values::default();
        let spellings = [
            "string:a:b",
            "string:",
            "decimal:1",
            "QName:0{}a",
            "QName:5{urn:a}a",
            "QName:5{urn:a}b",
            "string:5{urn:a}a",
        ];
        let all = spellings.map(|spelling| values.value(spelling));
        for (number, spelling) in spellings.iter().enumerate() {
            assert_eq!(values.spellings(all[number]), [*spelling]);
            assert_eq!(all.iter().position(|other| *other == values.value(spelling)), Some(number));
        }
        let sequence = values.sequence(all.into_iter());
        assert_eq!(values.spellings(sequence), spellings);
        // The names of one namespace share it.
        let namespace = "n".repeat(10_000);
        for local in 0..1_000 {
            let spelling = format!("QName:10000{{{namespace}}}{local}");
            let value = values.value(&spelling);
            assert_eq!(values.spellings(value), [spelling]);
        }
        assert!(values.text.len() < 20_000);
    }

    #[test]
    fn forgetting_some_of_many_values_keeps_none() {
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
