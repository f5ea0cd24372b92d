//! The checker for a page in a browser: documents in, verdicts out, as JSON for the JavaScript of `page/`.
//!
//! The library makes all results: neither this crate nor the page decides anything about a packet.

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

/// CSS rules for charts.
#[wasm_bindgen]
pub fn chart_style() -> String {
    Chart::STYLE.to_owned()
}

/// Serialization cannot fail: keys are text, and numbers are finite or left out.
fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
