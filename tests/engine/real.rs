//! Real schema sets of well-known standards with documents: each set loads with its folder permitted and no catalog,
//! and every verdict is right.
//!
//! The sets are found where `REAL_DIR` points, or in `../shared/real` next to the project: `real.tar.zst` and
//! `expected.tsv` (set, entry schemas, document, verdict). If they are in neither, the test is skipped, with a message.

use std::error::Error;
use std::fs;
use std::path::Path;

use packetcheck::Schema;

use crate::support::lossless;
use crate::support::real_sets::{self, Set, say};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Known differences from what is expected, with the reason: a set, or a document of one. A line that is no longer true
/// fails the run.
const DIVERGENCES: &[(&str, &str)] = &[];

/// What was found in one set.
#[derive(Default)]
struct Found {
    needs_catalog: bool,
    documents: usize,
    both_ways: lossless::Count,
    wrong: Vec<(String, String)>,
}

fn examine(name: &str, folder: &Path, set: &Set) -> Result<Found> {
    let mut found = Found { needs_catalog: true, ..Found::default() };
    let schema = match set.schema(folder) {
        Ok((schema, needs_catalog)) => {
            found.needs_catalog = needs_catalog;
            schema
        }
        Err(error) => {
            found.wrong.push((name.to_owned(), error.to_string()));
            return Ok(found);
        }
    };
    let in_memory = Schema::from_sources(schema.sources())?;
    assert!(in_memory.documents().eq(schema.documents()), "{name}");
    assert_eq!(in_memory.sources(), schema.sources(), "{name}");
    for (document, expected) in &set.documents {
        found.documents += 1;
        let bytes = fs::read(folder.join(document))?;
        let report = schema.explain(&bytes);
        let same = format!("{:?}", in_memory.explain(&bytes)) == format!("{report:?}");
        assert!(same, "{name} {document}: the schema in memory reports something else");
        assert_eq!(report.is_valid(), schema.is_valid(&bytes), "{name} {document}: two verdicts");
        if report.is_valid() != *expected {
            let first = report.diagnostics.first().map(|diagnostic| diagnostic.message.clone());
            found.wrong.push((format!("{name} {document}"), first.unwrap_or_else(|| "accepted as valid".to_owned())));
        } else if report.is_valid() {
            match lossless::both_ways(&schema, &bytes) {
                Ok(count) => found.both_ways.add(count),
                Err(loss) => found.wrong.push((format!("{name} {document}"), loss)),
            }
        }
    }
    Ok(found)
}

#[test]
fn real_schema_sets_load_and_give_right_verdicts() -> Result<()> {
    let Some(found) = real_sets::each(examine)? else { return Ok(()) };
    let without_catalog = found.iter().filter(|found| !found.needs_catalog).count();
    let documents: usize = found.iter().map(|found| found.documents).sum();
    let mut both_ways = lossless::Count::default();
    found.iter().for_each(|found| both_ways.add(found.both_ways));
    let count = found.len();
    say(&format!("{count} real schema sets, {without_catalog} without a catalog; {documents} documents checked"))?;
    say(&format!("the valid ones as JSON and back: {both_ways:?}"))?;
    let wrong: Vec<_> = found.into_iter().flat_map(|found| found.wrong).collect();
    assert_eq!(both_ways.unbound, 0, "prefixes in texts mean nothing any more");
    let is_listed = |what: &str| DIVERGENCES.iter().any(|(known, _)| *known == what);
    let new: Vec<_> = wrong.iter().filter(|(what, _)| !is_listed(what)).collect();
    let stale: Vec<_> = DIVERGENCES.iter().filter(|(known, _)| !wrong.iter().any(|(what, _)| what == known)).collect();
    assert!(new.is_empty(), "wrong: {new:#?}");
    assert!(stale.is_empty(), "right now, take them out of `DIVERGENCES`: {stale:#?}");
    assert!(without_catalog >= 20, "only {without_catalog} sets load without a catalog");
    Ok(())
}
