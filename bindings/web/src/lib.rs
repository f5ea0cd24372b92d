//! The checker for a page in a browser: documents in, verdicts out, as JSON for the JavaScript of `page/`.
//!
//! What is said is made in the library: nothing here decides about a packet, and nothing in the page does.

mod check;
mod status;

use packetcheck::PacketKind;
use packetcheck::progress::Chart;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// All kinds, as `[{name, description}]`.
#[wasm_bindgen]
pub fn kinds() -> String {
    #[derive(Serialize)]
    struct Kind {
        name: &'static str,
        description: &'static str,
    }
    to_json(&PacketKind::ALL.map(|kind| Kind { name: kind.name(), description: kind.description() }))
}

/// Rules of CSS for charts.
#[wasm_bindgen]
pub fn chart_style() -> String {
    Chart::STYLE.to_owned()
}

/// What cannot be written cannot be built: keys are text, and numbers are finite or left out.
fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
