//! Real schema sets of well-known standards with documents: each set loads with its folder permitted and no catalog,
//! and every verdict is right.
//!
//! The sets are found where `REAL_DIR` points, or in `../shared/real` next to the project: `real.tar.zst` and
//! `expected.tsv` (set, entry schemas, document, verdict). If they are in neither, the test is skipped, with a message.

use std::error::Error;
use std::fs;
use std::io::Write;

use packetcheck::Schema;

#[path = "support/lossless.rs"]
mod lossless;
#[path = "support/real_sets.rs"]
mod real_sets;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Known differences from what is expected, with the reason: a set, or a document of one. A line that is no longer true
/// fails the run.
const DIVERGENCES: &[(&str, &str)] = &[];

/// Printed past the test harness, which would capture it.
fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr(), "{text}")?)
}

#[test]
fn real_schema_sets_load_and_judge_their_documents() -> Result<()> {
    let Some((folder, sets)) = real_sets::find()? else {
        return say("tests/real passed over: no real schema sets at `REAL_DIR` or ../shared/real");
    };
    let mut wrong: Vec<(String, String)> = Vec::new();
    let (mut without_catalog, mut documents, mut both_ways) = (0, 0, lossless::Count::default());
    for (name, set) in &sets {
        let folder = folder.join(name);
        let schema = match set.schema(&folder) {
            Ok((schema, needs_catalog)) => {
                without_catalog += usize::from(!needs_catalog);
                Ok(schema)
            }
            Err(error) => Err(error),
        };
        let schema = match schema {
            Ok(schema) => schema,
            Err(error) => {
                wrong.push((name.clone(), error.to_string()));
                continue;
            }
        };
        let in_memory = Schema::from_sources(schema.sources())?;
        assert!(in_memory.documents().eq(schema.documents()), "{name}");
        assert_eq!(in_memory.sources(), schema.sources(), "{name}");
        for (document, expected) in &set.documents {
            documents += 1;
            let bytes = fs::read(folder.join(document))?;
            let report = schema.explain(&bytes);
            let same = format!("{:?}", in_memory.explain(&bytes)) == format!("{report:?}");
            assert!(same, "{name} {document}: the schema in memory judges otherwise");
            assert_eq!(report.is_valid(), schema.is_valid(&bytes), "{name} {document}: two verdicts");
            if report.is_valid() != *expected {
                let found = report.diagnostics.first().map(|diagnostic| diagnostic.message.clone());
                wrong.push((format!("{name} {document}"), found.unwrap_or_else(|| "it is taken for valid".to_owned())));
            } else if report.is_valid() {
                match lossless::both_ways(&schema, &bytes) {
                    Ok(count) => both_ways.add(count),
                    Err(loss) => wrong.push((format!("{name} {document}"), loss)),
                }
            }
        }
    }
    fs::remove_dir_all(&folder)?;
    let count = sets.len();
    say(&format!("{count} real schema sets, {without_catalog} without a catalog; {documents} documents judged"))?;
    say(&format!("the valid ones as JSON and back: {both_ways:?}"))?;
    assert_eq!(both_ways.unbound, 0, "prefixes in texts mean nothing any more");
    let is_listed = |what: &str| DIVERGENCES.iter().any(|(known, _)| *known == what);
    let new: Vec<_> = wrong.iter().filter(|(what, _)| !is_listed(what)).collect();
    let stale: Vec<_> = DIVERGENCES.iter().filter(|(known, _)| !wrong.iter().any(|(what, _)| what == known)).collect();
    assert!(new.is_empty(), "wrong: {new:#?}");
    assert!(stale.is_empty(), "right now, take them out of `DIVERGENCES`: {stale:#?}");
    assert!(without_catalog >= 20, "only {without_catalog} sets load without a catalog");
    Ok(())
}
