//! Renders a report with its document: `text` for people, `json` for programs.
//!
//! Offsets become lines and columns only here, through the `LineIndex` of the document.

mod excerpt;
pub mod json;
pub mod text;
mod visible;

pub(super) use visible::acts_on_terminal;
#[doc(hidden)]
pub use visible::{markup, visible};
