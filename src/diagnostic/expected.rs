//! What was expected.

use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, Serializer};

/// Texts that say what was expected at a place: names, values, descriptions. Lists are long and rarely read, so each is
/// kept in a single text.
///
/// ```
/// use packetcheck::plesk;
///
/// let report = plesk::request_schema().explain(b"<packet><migration><get_status/></migration></packet>");
/// let expected = &report.diagnostics[0].expected;
/// assert_eq!(expected.iter().collect::<Vec<_>>(), ["migration_id"]);
/// assert_eq!(expected.len(), 1);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Each followed by `END`. Many diagnostics of a document share them.
    texts: Arc<str>,
    count: usize,
}

/// A character that no displayed text contains.
const END: char = '\0';

impl Expected {
    /// The texts, in the order of the schema.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.split_terminator(END)
    }

    /// The number of texts.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no texts.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The texts that `push` writes, one after another, each without `END`.
    pub(crate) fn written<T>(texts: impl Iterator<Item = T>, push: impl Fn(&mut String, T)) -> Expected {
        // They are usually names.
        let room = texts.size_hint().0.saturating_mul(16).min(1024);
        let (mut all, mut count) = (String::with_capacity(room), 0);
        for text in texts {
            push(&mut all, text);
            all.push(END);
            count += 1;
        }
        Expected { texts: all.into(), count }
    }

    /// Whether these are the same texts as others, judging by the pointer.
    pub(crate) fn is_shared_with(&self, other: &Expected) -> bool {
        Arc::ptr_eq(&self.texts, &other.texts)
    }

    /// Whether a text is one of these, or part of one.
    pub(crate) fn may_have(&self, text: &str) -> bool {
        self.texts.contains(text)
    }
}

impl<S: AsRef<str>> FromIterator<S> for Expected {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Expected {
        Expected::written(texts.into_iter(), |all, text| {
            all.extend(text.as_ref().chars().filter(|character| *character != END));
        })
    }
}

impl<S: AsRef<str>, const N: usize> PartialEq<[S; N]> for Expected {
    fn eq(&self, other: &[S; N]) -> bool {
        self.iter().eq(other.iter().map(AsRef::as_ref))
    }
}

impl fmt::Debug for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

/// As a list.
impl Serialize for Expected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_they_were() {
        let of = |texts: &[&str]| -> Expected { texts.iter().collect() };
        assert!(of(&[]).is_empty() && of(&[]).iter().next().is_none());
        assert_eq!(of(&["", "a b", "ä"]), ["", "a b", "ä"]);
        assert_eq!((of(&["", "a"]).len(), format!("{:?}", of(&["", "a"]))), (2, String::from("[\"\", \"a\"]")));
        assert_eq!(of(&["a\0b", "c"]), ["ab", "c"]);
    }
}
