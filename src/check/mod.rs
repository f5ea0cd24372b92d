//! `Schema` + bytes: events (accept) or diagnostics (explain). Two ways through, one verdict.
//!
//! CONTRACT (skeleton): `explain` is `pub(crate) fn explain(schema: &Compiled, rules: &Rules, bytes: &[u8], limits: &Limits) -> Report`
//! in `check/explain.rs`; `accept` is in `check/accept.rs` with its tables in `check/table.rs`.
