//! What several tests share.

// Each group of tests takes what it needs.
#![allow(dead_code)]

#[cfg(feature = "generate")]
pub(crate) mod built_in;
#[cfg(feature = "http")]
pub(crate) mod capture;
#[cfg(feature = "http")]
pub(crate) mod captured;
pub(crate) mod editor;
pub(crate) mod faults;
pub(crate) mod files;
pub(crate) mod hostile;
pub(crate) mod lossless;
pub(crate) mod packet;
pub(crate) mod parallel;
pub(crate) mod program;
pub(crate) mod readers;
pub(crate) mod real_sets;
pub(crate) mod samples;
pub(crate) mod slips;
pub(crate) mod values;
pub(crate) mod vendor_shape;

#[path = "../../benches/inputs/mod.rs"]
pub(crate) mod inputs;
