//! Results for people.

use std::borrow::Cow;
use std::collections::BTreeMap;

use indicatif::DecimalBytes;
pub(super) use packetcheck::diagnostic::render::text::Style;
use packetcheck::diagnostic::render::text::each;
use packetcheck::diagnostic::render::visible;
use packetcheck::diagnostic::{Code, Diagnostic, Severity};

use super::groups::{Drawn, Groups, Key};
use super::{Checked, Tally, Verdict, counted, plural, verdict_word};

/// The result of a file.
pub(super) struct Piece {
    /// One line per fix.
    fixes: String,
    drawn: Vec<Drawn>,
    /// The number of diagnostics that were counted but are not drawn.
    hidden: usize,
    /// The result line; empty if the file could not be read.
    line: Option<String>,
    /// Whether it has neither errors nor warnings.
    is_spotless: bool,
}

impl Piece {
    pub(super) fn of(checked: &Checked<'_>, style: Style) -> Piece {
        let (mut drawn, mut hidden) = (Vec::new(), 0);
        for document in &checked.documents {
            let style = document.origin.styled(style);
            let texts = each(document.name, document.source, &document.report.diagnostics, style);
            let places = document.diagnostics().into_iter().map(|diagnostic| diagnostic.place);
            for ((text, place), diagnostic) in texts.into_iter().zip(places).zip(&document.report.diagnostics) {
                let place = format!("{}:{}:{}", visible(document.name), place.line, place.column);
                drawn.push(Drawn { key: key(diagnostic), place, text });
            }
            hidden += document.hidden();
        }
        let line = (checked.verdict != Verdict::Unreadable).then(|| {
            let word = verdict_word(checked.verdict == Verdict::Valid, checked.warnings, style.colored);
            format!("{word} {}{}\n", visible(&checked.title), counted(checked.errors, checked.warnings))
        });
        let is_spotless = checked.verdict == Verdict::Valid && checked.warnings == 0;
        let name = checked.documents.first().map_or("", |document| document.name);
        let fixes = checked.fixed.applied.iter().map(|applied| applied.line(name)).collect();
        Piece { fixes, drawn, hidden, line, is_spotless }
    }
}

/// The key that diagnostics share if they are the same in different places: everything except the positions in the
/// path, what was found there, and what to write instead.
pub(super) fn key(diagnostic: &Diagnostic) -> Key {
    let found = diagnostic.found.as_deref().filter(|found| !found.is_empty());
    let message = match found {
        Some(found) => diagnostic.message.replace(&format!("`{found}`"), "`…`"),
        None => diagnostic.message.clone(),
    };
    let help = diagnostic.help.as_deref().map(without_quotations).unwrap_or_default();
    let is_error = diagnostic.severity == Severity::Error;
    let path = without_positions(&diagnostic.path).into_owned();
    Key { code: diagnostic.code, is_error, path, message, help }
}

/// A text without the parts in backticks.
fn without_quotations(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// A path without positions: `/a/b/c` for `/a/b[2]/c`.
fn without_positions(path: &str) -> Cow<'_, str> {
    if !path.contains('[') {
        return Cow::Borrowed(path);
    }
    let steps = path.split('/').map(|step| match step.rsplit_once('[') {
        Some((name, position)) if position.strip_suffix(']').is_some_and(|text| text.parse::<u64>().is_ok()) => name,
        _ => step,
    });
    Cow::Owned(steps.collect::<Vec<_>>().join("/"))
}

/// The options of the text format.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choices {
    /// The word for what is checked.
    pub(super) what: &'static str,
    /// Whether patches are written, so that only the fixes are listed.
    pub(super) is_patched: bool,
    pub(super) style: Style,
    pub(super) is_verbose: bool,
    pub(super) quiet: u8,
    pub(super) is_grouped: bool,
    pub(super) has_statistics: bool,
    /// The most diagnostics that are drawn.
    pub(super) most: usize,
}

/// The data kept from earlier files.
pub(super) struct Text {
    choices: Choices,
    groups: Groups,
    /// The number of diagnostics that were drawn, and of those that were not.
    drawn: usize,
    hidden: usize,
    counts: BTreeMap<(Code, String), usize>,
    /// The result line of the first file, which is shown for certain only if it is the only file.
    first: First,
    /// Whether anything was written.
    began: bool,
}

enum First {
    None,
    /// The only file so far: its line, if that is not written yet.
    Only(Option<String>),
    /// There are several files.
    OneOfMany,
}

impl Text {
    pub(super) fn new(choices: Choices) -> Text {
        Text {
            choices,
            groups: Groups::default(),
            drawn: 0,
            hidden: 0,
            counts: BTreeMap::new(),
            first: First::None,
            began: false,
        }
    }

    /// Adds a file, and returns the text to be written at once.
    pub(super) fn add(&mut self, piece: Piece) -> String {
        let Choices { is_verbose, is_patched, quiet, is_grouped, has_statistics, most, .. } = self.choices;
        let mut out = if quiet > 0 { String::new() } else { piece.fixes };
        if is_patched {
            return out;
        }
        if has_statistics {
            for Drawn { key, .. } in &piece.drawn {
                *self.counts.entry((key.code, key.path.clone())).or_default() += 1;
            }
        }
        self.hidden += piece.hidden;
        if quiet > 0 {
            return out;
        }
        self.first = match std::mem::replace(&mut self.first, First::OneOfMany) {
            First::None => First::Only(None),
            First::Only(line) => {
                out.push_str(line.filter(|_| is_verbose).as_deref().unwrap_or_default());
                First::OneOfMany
            }
            First::OneOfMany => First::OneOfMany,
        };
        let has_drawn = !piece.drawn.is_empty();
        if is_grouped {
            for drawn in piece.drawn {
                self.hidden += usize::from(!self.groups.add(drawn, most));
            }
        } else {
            let left = most.saturating_sub(self.drawn);
            let shown = piece.drawn.len().min(left);
            if shown > 0 && self.began {
                out.push('\n');
            }
            out.extend(piece.drawn.iter().take(shown).map(|drawn| drawn.text.as_str()));
            self.drawn += shown;
            self.hidden += piece.drawn.len() - shown;
        }
        let line = piece.line.unwrap_or_default();
        let is_shown = match is_grouped {
            // Grouped diagnostics come at the end; the result line of the only file should follow them.
            true => is_verbose && !(has_drawn && matches!(self.first, First::Only(_))),
            false => is_verbose || !piece.is_spotless,
        };
        match &mut self.first {
            _ if is_shown => out.push_str(&line),
            First::Only(first) => *first = Some(line),
            _ => {}
        }
        self.began |= !out.is_empty();
        out
    }

    /// The text at the end.
    pub(super) fn finish(self, tally: &Tally) -> String {
        let Choices { what, style, is_verbose, is_patched, quiet, has_statistics, .. } = self.choices;
        let mut out = String::new();
        if quiet > 1 {
            return out;
        }
        if is_patched {
            return closing(what, tally);
        }
        let groups = self.groups.drawn(is_verbose, style.width);
        if self.began && !groups.is_empty() {
            out.push('\n');
        }
        out.push_str(&groups);
        if self.hidden > 0 && quiet == 0 {
            out.push_str(&format!("… and {} more\n\n", self.hidden));
        }
        let mut began = self.began || !out.is_empty();
        if has_statistics && !self.counts.is_empty() {
            if self.began && groups.is_empty() {
                out.push('\n');
            }
            out.push_str(&statistics(&self.counts));
            out.push('\n');
            began = false;
        }
        match self.first {
            First::Only(line) if quiet == 0 && tally.total() == 1 && !tally.is_interrupted => {
                out.push_str(&line.unwrap_or_default())
            }
            First::None if tally.total() + tally.skipped == 0 => {}
            _ => {
                if began && groups.is_empty() && self.hidden == 0 {
                    out.push('\n');
                }
                out.push_str(&closing(what, tally));
            }
        }
        out
    }
}

/// The number of occurrences of each code at each element, the most frequent first.
fn statistics(counts: &BTreeMap<(Code, String), usize>) -> String {
    let mut rows: Vec<_> = counts.iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let width = rows.first().map_or(0, |(_, count)| count.to_string().len());
    let row =
        |((code, path), count): (&(Code, String), &usize)| format!("{count:>width$}  {code}  {}\n", visible(path));
    rows.into_iter().map(row).collect()
}

/// A line such as `4 files: 1 valid, 1 with warnings, 1 invalid, 1 unreadable; 1.20 MB in 13 ms, 92.30 MB/s`, without
/// the counts that are zero.
fn closing(what: &str, tally: &Tally) -> String {
    let seconds = tally.milliseconds as f64 / 1000.0;
    let time =
        if tally.milliseconds < 10_000 { format!("{} ms", tally.milliseconds) } else { format!("{seconds:.1} s") };
    let speed = (tally.milliseconds > 0).then(|| (tally.bytes as f64 / seconds) as u64);
    let speed = speed.map(|speed| format!(", {}/s", DecimalBytes(speed))).unwrap_or_default();
    let counts = tallied(what, tally);
    match tally.bytes {
        0 => format!("{counts}\n"),
        bytes => format!("{counts}; {} in {time}{speed}\n", DecimalBytes(bytes as u64)),
    }
}

/// The counts in the closing line.
pub(super) fn tallied(what: &str, tally: &Tally) -> String {
    let parts = [
        (tally.valid, "valid"),
        (tally.with_warnings, "with warnings"),
        (tally.invalid, "invalid"),
        (tally.unreadable, "unreadable"),
        (tally.skipped, "skipped"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    let known = match tally.known {
        0 => String::new(),
        known => format!("; {} in the baseline", plural(known, "diagnostic")),
    };
    let interrupted = if tally.is_interrupted { "interrupted after " } else { "" };
    let fixed = match tally.fixed {
        0 => String::new(),
        fixed => format!("; {}", crate::fixer::counted(fixed)),
    };
    format!("{interrupted}{}{parts}{known}{fixed}", plural(tally.total(), what))
}
