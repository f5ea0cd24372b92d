//! The command: the real binary, its inputs, its outputs and the code it generates.
#![cfg(feature = "cli")]

#[path = "../support/mod.rs"]
mod support;

mod cli;
mod convert;
mod fix;
mod fmt;
mod formats;
mod generated;
mod inputs;
mod lsp;
mod schema_faults;
mod status;
