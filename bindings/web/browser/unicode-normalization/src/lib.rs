//! Replaces the crate of this name: the part of it that packetcheck uses, implemented by the browser's
//! `String.prototype.normalize`. The tables would be a twentieth of the page.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String)]
    type Text;

    #[wasm_bindgen(js_name = String)]
    fn text(text: &str) -> Text;

    #[wasm_bindgen(method)]
    fn normalize(this: &Text, form: &str) -> String;
}

/// No character below this one composes with a preceding one, or has a decomposition other than into two.
const FIRST_MARK: char = '\u{300}';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsNormalized {
    Yes,
    No,
    Maybe,
}

/// Whether characters are in Normalization Form C, as far as that can be decided quickly.
pub fn is_nfc_quick(mut characters: impl Iterator<Item = char>) -> IsNormalized {
    match characters.all(|character| character < FIRST_MARK) {
        true => IsNormalized::Yes,
        false => IsNormalized::Maybe,
    }
}

pub trait UnicodeNormalization {
    /// The characters in Normalization Form C.
    fn nfc(self) -> std::vec::IntoIter<char>;
}

impl UnicodeNormalization for &str {
    fn nfc(self) -> std::vec::IntoIter<char> {
        normalized(self, "NFC").chars().collect::<Vec<_>>().into_iter()
    }
}

fn normalized(given: &str, form: &str) -> String {
    text(given).normalize(form)
}

pub mod char {
    use crate::normalized;

    /// The character that two characters compose to, as one step of composition: neither is decomposed first, and marks
    /// keep their order.
    pub fn compose(first: char, second: char) -> Option<char> {
        let (first, second) = (String::from(first), String::from(second));
        let composed = normalized(&(first.clone() + &second), "NFC");
        let mut characters = composed.chars();
        let (Some(character), None) = (characters.next(), characters.next()) else { return None };
        let is_own = |given: &String| normalized(given, "NFC") == *given;
        let parts = normalized(&first, "NFD") + &normalized(&second, "NFD");
        (is_own(&first) && is_own(&second) && normalized(&composed, "NFD") == parts).then_some(character)
    }
}
