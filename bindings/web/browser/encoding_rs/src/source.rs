//! Who has the tables: the browser, or what a test says.

/// The name of the encoding that a label means.
pub(crate) fn name(label: &str) -> Option<String> {
    imp::name(label)
}

/// Bytes in an encoding as text, with U+FFFD for what forms no character.
pub(crate) fn decode(name: &str, bytes: &[u8]) -> String {
    imp::decode(name, bytes)
}

#[cfg(target_family = "wasm")]
mod imp {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        type TextDecoder;

        #[wasm_bindgen(constructor, catch)]
        fn new(label: &str) -> Result<TextDecoder, JsValue>;

        #[wasm_bindgen(method, getter)]
        fn encoding(this: &TextDecoder) -> String;

        #[wasm_bindgen(method)]
        fn decode(this: &TextDecoder, bytes: &[u8]) -> String;
    }

    pub(super) fn name(label: &str) -> Option<String> {
        Some(TextDecoder::new(label).ok()?.encoding())
    }

    pub(super) fn decode(name: &str, bytes: &[u8]) -> String {
        TextDecoder::new(name).map(|decoder| decoder.decode(bytes)).unwrap_or_default()
    }
}

#[cfg(not(target_family = "wasm"))]
pub use imp::{Source, set_source};

#[cfg(not(target_family = "wasm"))]
mod imp {
    use std::sync::OnceLock;

    /// What answers for the browser.
    #[derive(Debug)]
    pub struct Source {
        pub name: fn(&str) -> Option<String>,
        pub decode: fn(&str, &[u8]) -> String,
    }

    static SOURCE: OnceLock<Source> = OnceLock::new();

    /// Has a source answer for the browser, unless there is one.
    pub fn set_source(source: Source) {
        SOURCE.get_or_init(|| source);
    }

    pub(super) fn name(label: &str) -> Option<String> {
        SOURCE.get().and_then(|source| (source.name)(label))
    }

    pub(super) fn decode(name: &str, bytes: &[u8]) -> String {
        SOURCE.get().map(|source| (source.decode)(name, bytes)).unwrap_or_default()
    }
}
