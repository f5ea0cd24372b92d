//! Results as one document of JSON, which `docs/check.schema.json` describes.

use serde::Serialize;

use super::Tally;
use crate::output::json_line;

/// Raised where something in it changes its meaning or goes; members may be added.
pub(super) const OPENING: &str = "{\"version\":1,\"results\":[\n";

#[derive(Serialize)]
struct Summary {
    valid: usize,
    invalid: usize,
    unreadable: usize,
    errors: usize,
    warnings: usize,
    bytes: usize,
    skipped: usize,
    known: usize,
    interrupted: bool,
}

pub(super) fn closing(tally: &Tally) -> Vec<u8> {
    let &Tally {
        valid,
        with_warnings,
        invalid,
        unreadable,
        errors,
        warnings,
        bytes,
        skipped,
        known,
        is_interrupted,
        ..
    } = tally;
    let valid = valid + with_warnings;
    let summary = json_line(&Summary {
        valid,
        invalid,
        unreadable,
        errors,
        warnings,
        bytes,
        skipped,
        known,
        interrupted: is_interrupted,
    });
    let mut closing = b"],\n\"summary\":".to_vec();
    closing.extend_from_slice(summary.trim_ascii_end());
    closing.extend_from_slice(b"}\n");
    closing
}
