//! The figures measured for a set.

use std::time::Duration;

use serde::Serialize;

/// All figures of one set.
#[derive(Serialize)]
pub struct Row {
    pub set: String,
    /// Notes that are needed to interpret the figures.
    pub notes: Vec<String>,
    /// Documents whose verdict is not the expected one.
    pub wrong: Vec<String>,
    /// `None` if packetcheck refuses the schema.
    pub schema: Option<Compilation>,
    pub valid: Option<Pace>,
    pub invalid: Option<Pace>,
}

impl Row {
    pub fn new(set: &str) -> Row {
        Row { set: set.to_owned(), notes: Vec::new(), wrong: Vec::new(), schema: None, valid: None, invalid: None }
    }
}

/// Figures for compiling its schema.
#[derive(Serialize)]
pub struct Compilation {
    /// Schema documents that were read, and their size.
    pub documents: usize,
    pub bytes: usize,
    pub packetcheck_ms: f64,
    pub libxml2_ms: Option<f64>,
    /// The peak of packetcheck's allocations, and what the compiled schema keeps.
    pub peak_bytes: u64,
    pub kept_bytes: u64,
}

/// Figures of the contenders on documents of one kind.
#[derive(Serialize)]
pub struct Pace {
    pub documents: usize,
    pub bytes: usize,
    /// In MB/s; `None` if the contender can read none of the documents, or does not take part.
    pub quick_xml_raw: Option<f64>,
    pub is_valid: Option<f64>,
    pub explain: Option<f64>,
    pub decode: Option<f64>,
    /// The streaming reader for valid documents, trees for invalid ones.
    pub libxml2: Option<f64>,
}

pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

pub fn megabytes_per_second(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e6
}
