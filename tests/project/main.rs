//! What the project says about itself: its pages, its codes, its dependencies.

#[path = "../support/mod.rs"]
mod support;

mod codes;
mod decisions;
mod php;
mod readme;
mod security;
mod supply_chain;
