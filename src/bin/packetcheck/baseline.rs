//! Diagnostics that are already known and do not count.

use std::collections::HashSet;
use std::path::Path;

use packetcheck::diagnostic::render::json::diagnostics;
use packetcheck::diagnostic::{Report, Severity, Source};

use crate::input::unicode;
use crate::results::Fingerprints;
use crate::status::{Trouble, reason};

/// The diagnostics of an earlier run, by their fingerprints.
#[derive(Debug, Default)]
pub(crate) struct Baseline {
    known: HashSet<String>,
}

impl Baseline {
    /// Reads a file written by `--write-baseline`: the first word of each line is a fingerprint.
    pub(crate) fn read(path: &Path) -> Result<Baseline, Trouble> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Trouble::Message(format!("{}: {}", unicode(path), reason(&error))))?;
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        Ok(Baseline { known: lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect() })
    }

    /// Removes known diagnostics from a report, and returns how many there were.
    pub(crate) fn take_known(&self, path: &str, source: Source<'_>, report: &mut Report) -> usize {
        if self.known.is_empty() || report.diagnostics.is_empty() {
            return 0;
        }
        let mut fingerprints = Fingerprints::default();
        let mut known: Vec<bool> = diagnostics(source, &report.diagnostics)
            .iter()
            .map(|diagnostic| self.known.contains(&fingerprints.next(path, diagnostic)))
            .collect();
        known.reverse();
        let mut count = 0;
        report.diagnostics.retain(|diagnostic| {
            let is_known = known.pop().unwrap_or_default();
            if is_known {
                count += 1;
                match diagnostic.severity {
                    Severity::Error => report.errors -= 1,
                    Severity::Warning => report.warnings -= 1,
                }
            }
            !is_known
        });
        count
    }
}
