//! Our results in one table: by contributor, and next to other processors.

use std::fmt::Write as _;

use crate::outcome::Outcome;
use crate::suite::{Expected, Kind, Test};

/// In the order of the table, those that count for the total first.
const CONTRIBUTORS: [&str; 7] = ["nist", "ms", "sun", "boeing", "saxon", "ibm", "common"];
const COUNTED: usize = 4;

/// The totals of other processors, as measured once: schema tests and instance tests in percent, invalid schemas
/// rejected, hangs.
const OTHERS: [(&str, &str, u32, &str, u32); 8] = [
    ("xsd-schema 0.3.0 (Rust)", "99.95", 3320, "99.97", 0),
    ("Python xmlschema 4.3.2", "99.90", 3316, "99.76", 1),
    ("JDK 17 (Xerces)", "99.57", 3287, "99.82", 3),
    ("fastxml 0.12 (Rust)", "98.18", 3082, "99.01", 0),
    ("libxml2 2.14.6", "96.91", 2915, "99.61", 0),
    ("xmlschema 0.0.14 (Rust)", "85.50", 1337, "96.04", 0),
    ("uppsala 0.12 (Rust)", "76.41", 19, "97.27", 0),
    ("xmloxide 0.5 (Rust)", "76.33", 16, "70.58", 0),
];

/// The number of right outcomes among all.
#[derive(Default, Clone, Copy)]
struct Share {
    right: usize,
    all: usize,
}

#[derive(Default, Clone, Copy)]
struct Row {
    schemas: Share,
    rejected: Share,
    instances: Share,
}

/// The table. Tests count if their outcome is determined and does not depend on a version of Unicode. An instance whose
/// schema is rejected counts as failed.
pub(crate) fn table(tests: &[Test], outcomes: &[Outcome]) -> String {
    let rows = CONTRIBUTORS.map(|contributor| {
        let mut row = Row::default();
        for (test, outcome) in tests.iter().zip(outcomes).filter(|(test, _)| test.contributor == contributor) {
            row.count(test, outcome);
        }
        row
    });
    let mut total = Row::default();
    rows.iter().take(COUNTED).for_each(|row| total.add(row));
    let mut text = format!("{:25} {:>22} {:>22} {:>22}\n", "", "schema tests", "invalid rejected", "instance tests");
    for (place, (name, row)) in CONTRIBUTORS.iter().zip(&rows).enumerate() {
        if place == COUNTED {
            text.push_str(&total.line("total of these four"));
        }
        if row.schemas.all > 0 {
            text.push_str(&row.line(name));
        }
    }
    text.push_str("\nthe same total, other processors:\n");
    for (name, schemas, rejected, instances, hangs) in OTHERS {
        let hangs = if hangs == 0 { String::new() } else { format!("  hangs: {hangs}") };
        let _ = writeln!(text, "{name:25} {schemas:>20} % {rejected:>22} {instances:>20} %{hangs}");
    }
    text
}

impl Row {
    fn count(&mut self, test: &Test, outcome: &Outcome) {
        if !test.is_counted() {
            return;
        }
        let is_right = outcome.is_right(test);
        match test.kind {
            Kind::Schema => self.schemas.count(is_right),
            Kind::Instance => self.instances.count(is_right),
        }
        if (test.kind, test.expected) == (Kind::Schema, Expected::Invalid) {
            self.rejected.count(is_right);
        }
    }

    fn add(&mut self, other: &Row) {
        self.schemas.add(other.schemas);
        self.rejected.add(other.rejected);
        self.instances.add(other.instances);
    }

    fn line(&self, name: &str) -> String {
        let rejected = format!("{}/{}", self.rejected.right, self.rejected.all);
        format!("{name:25} {:>22} {rejected:>22} {:>22}\n", self.schemas.shown(), self.instances.shown())
    }
}

impl Share {
    fn count(&mut self, is_right: bool) {
        self.right += usize::from(is_right);
        self.all += 1;
    }

    fn add(&mut self, other: Share) {
        self.right += other.right;
        self.all += other.all;
    }

    /// Rounded down: 100 is shown only for all.
    fn shown(self) -> String {
        let hundredths = (self.right * 10_000).checked_div(self.all).unwrap_or(10_000);
        format!("{}/{} {:3}.{:02} %", self.right, self.all, hundredths / 100, hundredths % 100)
    }
}
