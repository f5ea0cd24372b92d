//! Differences for programs.

use packetcheck::compare::{Change, Comparison, Difference, Place};
use serde::Serialize;

use super::moves::Move;

/// What `--format json` writes.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    old: &'a str,
    new: &'a str,
    count: usize,
    differences: Vec<JsonDifference>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    progress: &'a [Move],
}

#[derive(Debug, Serialize)]
struct JsonDifference {
    change: Change,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<JsonPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<JsonPlace>,
}

#[derive(Debug, Serialize)]
struct JsonPlace {
    path: String,
    value: String,
    line: usize,
    column: usize,
    span: [usize; 2],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    default: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    secret: bool,
}

impl<'a> Report<'a> {
    pub(super) fn new(comparison: &Comparison<'_>, progress: &'a [Move], old: &'a str, new: &'a str) -> Report<'a> {
        let differences: Vec<JsonDifference> = comparison.differences().map(JsonDifference::from).collect();
        Report { old, new, count: differences.len(), differences, progress }
    }
}

impl From<Difference> for JsonDifference {
    fn from(difference: Difference) -> JsonDifference {
        let Difference { change, path, old, new, .. } = difference;
        JsonDifference { change, path, old: old.map(JsonPlace::from), new: new.map(JsonPlace::from) }
    }
}

impl From<Place> for JsonPlace {
    fn from(place: Place) -> JsonPlace {
        let Place { path, value, span, line, column, is_default, is_secret, .. } = place;
        JsonPlace { path, value, line, column, span: [span.start, span.end], default: is_default, secret: is_secret }
    }
}
