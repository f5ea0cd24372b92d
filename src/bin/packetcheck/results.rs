//! What comes of the things that are checked: each is shown in its turn, and all are summed up at the end.

use serde::Serialize;

use crate::args::Format;
use crate::output::{Color, Output, complain, painted};
use crate::status::{Status, Trouble, plural};

/// What became of a document or a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Valid,
    Invalid,
    Unreadable,
}

/// The word that the line of a result begins with.
pub(crate) fn verdict_word(is_valid: bool, warnings: usize, colored: bool) -> String {
    let (word, color) = match (is_valid, warnings) {
        (true, 0) => ("ok", Color::Green),
        (true, _) => ("ok", Color::Yellow),
        (false, _) => ("invalid", Color::Red),
    };
    painted(word, colored.then_some(color))
}

/// What that line ends with: `: 2 errors, 1 warning`; nothing where there is neither.
pub(crate) fn counted(errors: usize, warnings: usize) -> String {
    let counts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(count, word))
        .collect();
    if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) }
}

/// What is to be shown of one of them.
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    pub(crate) warnings: usize,
    /// For standard output.
    pub(crate) shown: Vec<u8>,
    /// It takes several lines, and an empty one sets it off from what stands before.
    pub(crate) is_set_off: bool,
    /// For standard error.
    pub(crate) complaints: Vec<String>,
}

/// Shows results and counts them.
pub(crate) struct Results {
    output: Output,
    format: Format,
    /// Those without fault and warning are left out.
    quiet: bool,
    tally: Tally,
    /// Something was written to standard output.
    began: bool,
}

impl Results {
    /// `what` is the word for one of them.
    pub(crate) fn new(output: Output, format: Format, quiet: bool, what: &'static str) -> Results {
        Results { output, format, quiet, tally: Tally { what, ..Tally::default() }, began: false }
    }

    /// How many there are so far.
    pub(crate) fn count(&self) -> usize {
        self.tally.total()
    }

    pub(crate) fn show(&mut self, outcome: &Outcome) -> Result<(), Trouble> {
        self.tally.count(outcome);
        let is_spotless = outcome.verdict == Verdict::Valid && outcome.warnings == 0;
        if !(self.quiet && is_spotless) {
            if outcome.is_set_off {
                self.set_off()?;
            }
            self.began |= !outcome.shown.is_empty();
            self.output.write(&outcome.shown)?;
        }
        for complaint in &outcome.complaints {
            // What was found before comes first, where both streams go to the same place.
            self.output.flush()?;
            complain(complaint);
        }
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<(), Trouble> {
        self.output.flush()
    }

    fn set_off(&mut self) -> Result<(), Trouble> {
        if self.began { self.output.write(b"\n") } else { Ok(()) }
    }

    /// Sums up where there are several.
    pub(crate) fn finish(mut self) -> Result<Status, Trouble> {
        let is_spotless = self.tally.valid == self.tally.total();
        if self.format == Format::Text && self.tally.total() > 1 && !(self.quiet && is_spotless) {
            self.set_off()?;
            self.output.write(self.tally.summary().as_bytes())?;
        }
        self.output.finish()?;
        Ok(self.tally.status())
    }
}

/// How many came out how.
#[derive(Debug, Default)]
struct Tally {
    /// The word for one of them.
    what: &'static str,
    valid: usize,
    with_warnings: usize,
    invalid: usize,
    unreadable: usize,
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        match (outcome.verdict, outcome.warnings) {
            (Verdict::Valid, 0) => self.valid += 1,
            (Verdict::Valid, _) => self.with_warnings += 1,
            (Verdict::Invalid, _) => self.invalid += 1,
            (Verdict::Unreadable, _) => self.unreadable += 1,
        }
    }

    fn total(&self) -> usize {
        self.valid + self.with_warnings + self.invalid + self.unreadable
    }

    fn status(&self) -> Status {
        match (self.invalid, self.unreadable) {
            (0, 0) => Status::Valid,
            (_, 0) => Status::Invalid,
            (_, _) => Status::Unchecked,
        }
    }

    /// `4 files: 1 valid, 1 with warnings, 1 invalid, 1 unreadable`; what there is none of is left out.
    fn summary(&self) -> String {
        let parts = [
            (self.valid, "valid"),
            (self.with_warnings, "with warnings"),
            (self.invalid, "invalid"),
            (self.unreadable, "unreadable"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        format!("{}: {}\n", plural(self.total(), self.what), parts.join(", "))
    }
}
