//! Known differences from the suite, each with its reason.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::outcome::Outcome;
use crate::suite::{Kind, Suite, Test};
use crate::{SHOWN, described, say};

/// The first line of the file.
const HEAD: &str = "# kind\ttest\texpected\tours\treason";

/// The reason that `UPDATE_GOLDEN` gives a new line.
const NO_REASON: &str = "not supported yet";

/// A line of the file, without the name of the test.
struct Known {
    expected: String,
    ours: String,
    reason: String,
}

/// The lines by the name of the test.
type File = BTreeMap<(String, String), Known>;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/xsts/divergences.tsv")
}

/// Compares the outcomes with the file, or writes the file.
pub(crate) fn compare(suite: &Suite, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let known = read()?;
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return Ok(std::fs::write(path(), written(suite, outcomes, &known))?);
    }
    let mut lines = Vec::new();
    let mut met = 0;
    for (test, outcome) in suite.tests.iter().zip(outcomes) {
        let known = known.get(&key(test));
        met += usize::from(known.is_some());
        lines.extend(difference(suite, test, outcome, known));
    }
    if met < known.len() {
        let names: Vec<_> = suite.tests.iter().map(key).collect();
        lines.extend(
            known.keys().filter(|key| !names.contains(key)).map(|(kind, name)| format!("stale: {kind} {name}")),
        );
    }
    for text in lines.iter().take(SHOWN) {
        say(text)?;
    }
    match lines.len() {
        0 => Ok(()),
        count => Err(format!("{count} differences from {}", path().display()).into()),
    }
}

/// How an outcome and the line about it differ.
fn difference(suite: &Suite, test: &Test, outcome: &Outcome, known: Option<&Known>) -> Option<String> {
    let title = match known {
        None if outcome.is_right(test) => return None,
        None => "new failure",
        Some(_) if outcome.is_right(test) => "new pass",
        Some(known) if known.expected != test.expected.to_string() => "stale",
        Some(known) if known.ours != outcome.ours.to_string() => "another failure than before",
        Some(known) if known.reason.is_empty() => "a divergence without a reason",
        Some(_) => return None,
    };
    Some(format!("{title}: {}", described(suite, test, outcome)))
}

fn key(test: &Test) -> (String, String) {
    (short(test.kind).to_owned(), test.name.clone())
}

fn short(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "S",
        Kind::Instance => "I",
    }
}

fn read() -> Result<File, Box<dyn Error>> {
    let mut file = File::new();
    for line in std::fs::read_to_string(path())?.lines().filter(|line| !line.starts_with('#')) {
        let [kind, name, expected, ours, reason] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("not a line of the divergences: {line}").into());
        };
        let owned = str::to_owned;
        let known = Known { expected: owned(expected), ours: owned(ours), reason: owned(reason) };
        if file.insert((owned(kind), owned(name)), known).is_some() {
            return Err(format!("twice among the divergences: {kind} {name}").into());
        }
    }
    Ok(file)
}

/// The file as it should be; reasons are kept.
fn written(suite: &Suite, outcomes: &[Outcome], known: &File) -> String {
    let failures = suite.tests.iter().zip(outcomes).filter(|(test, outcome)| !outcome.is_right(test));
    let lines: BTreeMap<_, _> = failures.map(|(test, outcome)| (key(test), (test, outcome))).collect();
    let mut text = format!("{HEAD}\n");
    for (key, (test, outcome)) in lines {
        let reason = known.get(&key).map_or(NO_REASON, |known| &known.reason);
        let _ = writeln!(text, "{}\t{}\t{}\t{}\t{reason}", key.0, key.1, test.expected, outcome.ours);
    }
    text
}
