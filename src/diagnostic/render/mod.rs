//! A report shown over its document: `text` for people, `json` for programs.
//!
//! Offsets become lines and columns here, through the `LineIndex` of the document, and nowhere else.

#[cfg(feature = "cli")]
mod excerpt;
pub mod json;
#[cfg(feature = "cli")]
pub mod text;
mod visible;

pub(super) use visible::acts_on_terminal;
pub use visible::visible;
