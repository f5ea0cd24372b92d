//! Words of diagnostics that repeat concealed text: a quote from far away, or a name in a path that is a piece of a
//! secret which contains `<`.

use std::collections::HashSet;

use super::{Concealed, SecretNames};

/// Text that occurs both in some texts and in the concealed bytes, and is unknown to the schema.
pub(super) struct Repeated {
    words: HashSet<Box<str>>,
    /// Secrets without a letter or digit.
    signs: Vec<Box<str>>,
}

/// The most secrets without a letter or digit that are searched for.
const SIGNS: usize = 16;

impl Repeated {
    /// Finds what `texts`, which quote a document, contain of its secrets. Takes memory in proportion to such words,
    /// and the time of one pass over the concealed bytes.
    pub(super) fn find<'t>(
        texts: impl Iterator<Item = &'t str>,
        document: &[u8],
        concealed: &Concealed,
        names: &SecretNames<'_>,
    ) -> Repeated {
        let quoted: HashSet<Word<'_>> = texts.flat_map(words).collect();
        let cut: Vec<&str> = quoted.iter().filter(|word| word.is_cut).map(|word| word.text).collect();
        let mut repeated = Repeated { words: HashSet::new(), signs: Vec::new() };
        for secret in concealed.ranges().iter().filter_map(|range| document.get(range.clone())) {
            if repeated.signs.len() < SIGNS && !secret.iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
            {
                let signs = secret.trim_ascii();
                repeated.signs.extend(std::str::from_utf8(signs).ok().filter(|text| !text.is_empty()).map(Box::from));
            }
            for piece in secret.utf8_chunks().flat_map(|chunk| pieces_of(chunk.valid())) {
                let is_whole = quoted.contains(&Word { text: piece, is_cut: false });
                let beginnings = cut.iter().copied().filter(|word| piece.starts_with(word));
                for word in is_whole.then_some(piece).into_iter().chain(beginnings) {
                    if !repeated.words.contains(word) && !names.is_known(word) {
                        repeated.words.insert(word.into());
                    }
                }
            }
        }
        repeated
    }

    /// Whether a text contains a repeated secret.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let has_word = !self.words.is_empty() && words(text).any(|word| self.words.contains(word.text));
        has_word || self.signs.iter().any(|signs| text.contains(&**signs))
    }

    /// Whether a step of a path consists of a repeated secret; a number is the index of an item.
    pub(super) fn is_in_name(&self, name: &str) -> bool {
        !name.bytes().all(|byte| byte.is_ascii_digit()) && self.is_in(name)
    }
}

/// The quoted part of a sentence: from its first backtick or quote to its last.
pub(super) fn quoted(sentence: &str) -> &str {
    const QUOTES: [char; 2] = ['`', '"'];
    let quoted = sentence.find(QUOTES).and_then(|first| sentence.get(first + 1..sentence.rfind(QUOTES)?));
    quoted.unwrap_or_default()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Word<'t> {
    text: &'t str,
    /// Whether only its beginning is shown.
    is_cut: bool,
}

fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let words = text.split(|character| !is_of_name(character) && character != '…');
    let words = words.map(|word| match word.strip_suffix('…') {
        Some(text) => Word { text, is_cut: true },
        None => Word { text: word, is_cut: false },
    });
    words.filter(|word| !word.text.is_empty())
}

fn pieces_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character| !is_of_name(character)).filter(|piece| !piece.is_empty())
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_words_are_compared() {
        let of = |sentence| words(quoted(sentence)).map(|word| (word.text, word.is_cut)).collect::<Vec<_>>();
        assert_eq!(of("expected `a-b`, found `c:d…`"), [("a-b", false), ("found", false), ("c", false), ("d", true)]);
        assert_eq!(of("a sentence"), []);
        assert_eq!(of("one `"), []);
    }
}
