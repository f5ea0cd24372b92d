//! `Schema` + bytes: events (accept) or diagnostics (explain). Two ways through, one verdict.
//!
//! The two have a folder each; what stands beside them is what both use.

pub(crate) mod accept;
pub(crate) mod explain;
pub(crate) mod table;

mod context;
mod identity;
mod instance;
mod names;
#[cfg(test)]
mod tests;

pub use explain::well_formed;
