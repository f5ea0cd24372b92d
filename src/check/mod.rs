//! `Schema` + bytes: events (accept) or diagnostics (explain). Two ways through, one verdict.

pub(crate) mod accept;
pub(crate) mod table;

mod attributes;
mod constraints;
mod context;
pub(crate) mod explain;
pub(crate) mod findings;
mod identity;
mod ids;
mod instance;
mod names;
pub(crate) mod near;
mod place;
mod recover;
mod rules;
#[cfg(test)]
mod tests;
mod trail;
mod values;
mod white_space;

pub use explain::well_formed;
