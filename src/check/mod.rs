//! `Schema` + bytes: events (accept) or diagnostics (explain). Two ways through, one verdict.

pub(crate) mod accept;
pub(crate) mod table;
