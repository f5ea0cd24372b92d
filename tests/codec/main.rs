//! Documents as values and as JSON, and back.

#[path = "../support/mod.rs"]
mod support;

mod codec;
mod codec_types;
mod json;
mod json_mapping;
mod members;
mod shapes;
mod values;
