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
    /// A line for each fix.
    fixes: String,
    drawn: Vec<Drawn>,
    /// How many diagnostics were counted and are not drawn.
    hidden: usize,
    /// The line with its outcome; empty if it could not be read.
    line: Option<String>,
    /// It has neither an error nor a warning.
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

/// What diagnostics have in common that are the same in different places: all but the position in the path, what was found
/// there and what is to be written instead.
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

/// A text without what is between backticks in it.
fn without_quotations(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// `/a/b[2]/c` as `/a/b/c`.
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

/// The options.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choices {
    /// The word for what is checked.
    pub(super) what: &'static str,
    /// Patches are written, and only the fixes are listed.
    pub(super) is_patched: bool,
    pub(super) style: Style,
    pub(super) is_verbose: bool,
    pub(super) quiet: u8,
    pub(super) is_grouped: bool,
    pub(super) has_statistics: bool,
    /// How many diagnostics are drawn.
    pub(super) most: usize,
}

/// What is kept of the files before.
pub(super) struct Text {
    choices: Choices,
    groups: Groups,
    /// How many diagnostics were drawn, and how many were not.
    drawn: usize,
    hidden: usize,
    counts: BTreeMap<(Code, String), usize>,
    /// The line of the first file, which is shown for certain only if it is the only one.
    first: First,
    /// Something was written.
    began: bool,
}

enum First {
    None,
    /// Its line, if it is not written.
    Only(Option<String>),
    /// There were others.
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

    /// What is to be written at once.
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
            // What is grouped comes after it; of the only file it should come before.
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

    /// What comes at the end.
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

/// How often each code occurred, at which element: the most frequent first.
fn statistics(counts: &BTreeMap<(Code, String), usize>) -> String {
    let mut rows: Vec<_> = counts.iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let width = rows.first().map_or(0, |(_, count)| count.to_string().len());
    let row =
        |((code, path), count): (&(Code, String), &usize)| format!("{count:>width$}  {code}  {}\n", visible(path));
    rows.into_iter().map(row).collect()
}

/// `4 files: 1 valid, 1 with warnings, 1 invalid, 1 unreadable; 1.20 MB in 13 ms, 92.30 MB/s`; what there is none of is left
/// out.
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

/// The counts in it.
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
