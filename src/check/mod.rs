//! A compiled schema applied to a document: a verdict, a report, events, or several of these, in one pass.
//!
//! `walk` is the only place that contains the rules of the Recommendation for documents. It reads a token, resolves
//! names, finds the declaration and checks against it; its type parameter, the `sink`, decides what happens to events
//! and errors. `predict` runs before it: it compares the next bytes with what the table predicts, one element at a
//! time, on the same frames. If it does not recognise an element it declines, and the walk handles exactly that
//! element.
//!
//! ```text
//!  bytes ──predict──▶ events, where the bytes are as the table predicts
//!    └──────walk────▶ events and errors, everywhere else
//!             ├ identity, ids   constraints that involve several elements
//!             └ search          finds where a misplaced child belongs
//! ```

mod children;
mod context;
mod document;
mod events;
mod explanation;
mod frame;
mod here;
mod identity;
mod ids;
mod instance;
mod lists;
mod machine;
mod names;
mod paths;
mod pieces;
mod predict;
mod run;
mod scratch;
mod search;
mod sink;
mod table;
#[cfg(test)]
mod tests;
mod walk;
mod well_formed;

pub(crate) use context::Around;
pub(crate) use document::{Document, Input};
pub(crate) use events::{Attribute, Event, Note, Text};
pub(crate) use explanation::Explanation;
pub(crate) use here::{Here, Room, here};
pub(crate) use instance::{INSTANCE, nil};
pub(crate) use machine::{Machine, Stop};
pub(crate) use pieces::{Against, Begun, FoundRecord, InPieces, PIECE, RecordReader, begin};
pub(crate) use run::{elements, explain, explain_without_prediction, is_valid};
pub(crate) use scratch::{Scratch, with_scratch};
pub(crate) use sink::{EventsAlone, Values, values};
#[cfg(feature = "generate")]
pub(crate) use table::RuleTable;
pub(crate) use table::Table;
pub use well_formed::well_formed;
