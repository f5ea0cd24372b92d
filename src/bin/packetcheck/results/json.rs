//! Results as one JSON document, which `docs/check.schema.json` describes.

use serde::Serialize;

use super::Tally;
use crate::output::json_line;

/// The version is raised if a member changes its meaning or is removed; members may be added without that.
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
    fixed: usize,
    interrupted: bool,
}

pub(super) fn closing(tally: &Tally) -> Vec<u8> {
    let summary = json_line(&Summary {
        valid: tally.valid + tally.with_warnings,
        invalid: tally.invalid,
        unreadable: tally.unreadable,
        errors: tally.errors,
        warnings: tally.warnings,
        bytes: tally.bytes,
        skipped: tally.skipped,
        known: tally.known,
        fixed: tally.fixed,
        interrupted: tally.is_interrupted,
    });
    let mut closing = b"],\n\"summary\":".to_vec();
    closing.extend_from_slice(summary.trim_ascii_end());
    closing.extend_from_slice(b"}\n");
    closing
}
