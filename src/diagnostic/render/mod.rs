//! A report shown over its document: `text` for people, `json` for programs.
//!
//! Offsets become lines and columns here and nowhere else.

pub mod json;
mod places;
#[cfg(feature = "cli")]
pub mod text;
mod visible;

pub use places::{Place, Places};
pub use visible::visible;
