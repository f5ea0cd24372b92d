//! Valid documents with one typing error each: fixing never makes anything worse, fixing again changes nothing, and for
//! nearly all kinds of errors the original document is restored.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

use packetcheck::diagnostic::Report;
use packetcheck::fix::{FixOptions, fix, fixes};
use packetcheck::{Limits, PacketKind, Schema, xml};
use quick_xml::events::Event;

use crate::random::{self, Document, Written, mistaken};
use crate::support::slips::{self, Dice, Slip, slipped};
use crate::support::{files, real_sets};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The results for documents with a typing error.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    /// The document was invalid.
    broken: usize,
    /// The original document was restored.
    restored: usize,
    /// The result is valid, but not the original document.
    otherwise: usize,
    /// Some errors are gone.
    better: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.broken += other.broken;
        self.restored += other.restored;
        self.otherwise += other.otherwise;
        self.better += other.better;
    }
}

type Tally = BTreeMap<Slip, Counts>;

/// Whether another reader accepts a document as well-formed.
fn is_read(document: &[u8]) -> bool {
    let Ok(text) = xml::decode(document, &Limits::new()) else { return false };
    let mut reader = quick_xml::Reader::from_reader(&*text);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return true,
            Ok(_) => buffer.clear(),
            Err(_) => return false,
        }
    }
}

/// Fixes a document, and checks the result against the promises of `fix`.
fn examine(name: &str, document: &[u8], explain: &dyn Fn(&[u8]) -> Report) -> (Vec<u8>, Report) {
    let before = explain(document);
    let mut result = None;
    for allow_unsafe in [true, false] {
        let options = FixOptions::new().allow_unsafe(allow_unsafe);
        let fixed = fix(document, &options, explain);
        assert_eq!(explain(&fixed.document), fixed.remaining, "{name}");
        let counts = |report: &Report| (report.errors, report.warnings);
        assert!(fixed.remaining.errors <= before.errors, "{name}: {before}\n{}", fixed.remaining);
        assert_eq!(fixed.document == document, fixed.applied.is_empty(), "{name}");
        assert!(fixed.applied.is_empty() || counts(&fixed.remaining) < counts(&before), "{name}");
        let again = fix(&fixed.document, &options, explain);
        assert!(again.applied.is_empty() && again.document == fixed.document, "{name}: {:#?}", again.applied);
        assert!(!is_read(document) || is_read(&fixed.document), "{name}");
        result = Some((fixed.document, fixed.remaining));
    }
    for fix in fixes(document, &before, explain) {
        assert!(document.get(fix.span.clone()).is_some(), "{name}: {fix:?}");
        assert!(fix.edits.iter().all(|edit| document.get(edit.span.clone()).is_some()), "{name}: {fix:?}");
    }
    result.unwrap_or_default()
}

/// Tries typing errors of all kinds in a valid document.
fn slip_in(name: &str, text: &str, explain: &dyn Fn(&[u8]) -> Report, dice: &mut Dice, tally: &mut Tally) {
    for slip in Slip::ALL {
        let Some(wrong) = slipped(text, slip, dice) else { continue };
        let before = explain(wrong.as_bytes());
        if before.is_valid() {
            continue;
        }
        let (result, after) = examine(&format!("{name} {slip:?}"), wrong.as_bytes(), explain);
        let counts = tally.entry(slip).or_default();
        counts.broken += 1;
        if std::env::var_os("SHOW_SLIPS").is_some() && result != text.as_bytes() {
            let _ = writeln!(std::io::stderr(), "{name} {slip:?}: {before}\n  -> {after}");
        }
        match (result == text.as_bytes(), after.is_valid()) {
            (true, _) => counts.restored += 1,
            (_, true) => counts.otherwise += 1,
            _ => counts.better += usize::from(after.errors < before.errors),
        }
    }
}

/// A JSON document with the name of one member in different case.
fn json_slipped(text: &str, dice: &mut Dice) -> Option<String> {
    let names: Vec<(usize, &str)> = text
        .match_indices("\"")
        .zip(text.match_indices("\"").skip(1))
        .map(|((start, _), (end, _))| (start + 1, &text[start + 1..end]))
        .filter(|(at, name)| {
            let is_word = name.len() > 2 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            is_word && text[at + name.len() + 1..].trim_start().starts_with(':')
        })
        .collect();
    let (at, name) = dice.one_of(&names)?;
    let other = slips::in_other_case(name, dice)?;
    Some(format!("{}{other}{}", &text[..at], &text[at + name.len()..]))
}

/// Tries typing errors in a JSON message, and returns how many there were and how many were fixed.
fn slip_in_json(name: &str, text: &str, explain: &dyn Fn(&[u8]) -> Report, dice: &mut Dice) -> (usize, usize) {
    let said = |document: &str| {
        let report = explain(document.as_bytes());
        (report.errors, report.warnings)
    };
    let Some(wrong) = json_slipped(text, dice).filter(|wrong| said(wrong) > said(text)) else { return (0, 0) };
    let (result, after) = examine(name, wrong.as_bytes(), explain);
    if result != text.as_bytes() && std::env::var_os("SHOW_SLIPS").is_some() {
        let _ = writeln!(std::io::stderr(), "{name}: {}\n  -> {after}", explain(wrong.as_bytes()));
    }
    (1, usize::from(result == text.as_bytes()))
}

fn show(what: &str, tally: &Tally) -> Result<()> {
    let mut out = std::io::stderr();
    writeln!(out, "{what}")?;
    for (slip, Counts { broken, restored, otherwise, better }) in tally {
        writeln!(out, "  {slip:?}: {restored} of {broken} restored, {otherwise} valid otherwise, {better} better")?;
    }
    Ok(())
}

/// Asserts that at least this percentage is restored, for each kind.
fn hold_to(tally: &Tally, least: &[(Slip, usize)]) {
    for (slip, percent) in least {
        let Counts { broken, restored, otherwise, .. } = tally.get(slip).copied().unwrap_or_default();
        assert!(broken > 0, "{slip:?}: no document");
        assert!((restored + otherwise) * 100 >= percent * broken, "{slip:?}: {restored} + {otherwise} of {broken}");
    }
}

#[test]
fn samples_come_back() -> Result<()> {
    let mut paths = Vec::new();
    files::collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data"), &mut paths)?;
    paths.sort();
    let (mut tally, mut dice, mut json) = (Tally::new(), Dice(7), (0, 0));
    for path in paths {
        let document = fs::read(&path)?;
        let (name, kind) = (path.display().to_string(), PacketKind::detect(&document).map(|detected| detected.kind));
        let Some(kind) = kind else { continue };
        let explain = |document: &[u8]| kind.explain_limited(document, &Limits::new());
        if !explain(&document).is_valid() {
            examine(&name, &document, &explain);
        } else if let Ok(text) = std::str::from_utf8(&document)
            && text.trim_start().starts_with('<')
        {
            slip_in(&name, text, &explain, &mut dice, &mut tally);
        } else if let Ok(text) = std::str::from_utf8(&document)
            && text.trim_start().starts_with('{')
        {
            let (one, result) = slip_in_json(&name, text, &explain, &mut dice);
            (json.0, json.1) = (json.0 + one, json.1 + result);
        }
    }
    writeln!(std::io::stderr(), "members of JSON: {} of {} restored", json.1, json.0)?;
    assert!(json.0 > 20 && json.1 * 100 >= 80 * json.0, "{json:?}");
    show("slips in samples", &tally)?;
    hold_to(
        &tally,
        &[
            (Slip::Element, 95),
            (Slip::ElementCase, 99),
            (Slip::EndTag, 99),
            (Slip::Attribute, 95),
            (Slip::Neighbours, 95),
            (Slip::Moved, 95),
            (Slip::BlankElement, 90),
            (Slip::NoBreak, 90),
            (Slip::Label, 95),
        ],
    );
    Ok(())
}

#[test]
fn real_documents_come_back() -> Result<()> {
    /// Larger documents take too long without optimization.
    const LARGEST: usize = 20_000;
    let tallies = real_sets::each(|name, folder, set| {
        let (schema, mut tally, mut dice) = (set.schema(folder)?.0, Tally::new(), Dice(11));
        let explain = |document: &[u8]| schema.explain(document);
        for (document, is_valid) in &set.documents {
            let (name, bytes) = (format!("{name} {document}"), fs::read(folder.join(document))?);
            if bytes.len() > LARGEST {
                continue;
            }
            match std::str::from_utf8(&bytes) {
                Ok(text) if *is_valid => slip_in(&name, text, &explain, &mut dice, &mut tally),
                _ => _ = examine(&name, &bytes, &explain),
            }
        }
        Ok(tally)
    })?;
    let Some(tallies) = tallies else { return Ok(()) };
    let mut tally = Tally::new();
    for (slip, counts) in tallies.into_iter().flatten() {
        tally.entry(slip).or_default().add(counts);
    }
    show("slips in real documents", &tally)?;
    hold_to(
        &tally,
        &[
            (Slip::Element, 90),
            (Slip::EndTag, 95),
            (Slip::Attribute, 95),
            (Slip::Neighbours, 90),
            // If there are other elements with the same name, it is a guess which of them belongs where.
            (Slip::Moved, 85),
            (Slip::Namespace, 90),
            (Slip::Label, 95),
        ],
    );
    Ok(())
}

/// Random documents, nearly valid by random schemas, with several mistakes in their bytes. `PROPTEST_CASES` sets the
/// number of schemas.
#[test]
fn random_mistakes_are_never_made_worse() -> Result<()> {
    const DOCUMENTS: usize = 6;
    let schemas = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60);
    let (mut seen, mut better) = (0, 0);
    for seed in 0..schemas {
        let mut dice = random::Dice::new(seed);
        let written = Written::random(&mut dice);
        let sources = written.sources();
        let documents: Vec<(&str, &str)> = sources.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let Ok(schema) = Schema::from_documents(&documents) else { continue };
        let explain = |document: &[u8]| schema.explain(document);
        for number in 0..DOCUMENTS {
            let mut document = Document::random(&mut dice, &written).write(&mut dice);
            for _ in 0..=dice.below(3) {
                document = mistaken(&document, &mut dice);
            }
            let before = explain(&document).errors;
            let (_, after) = examine(&format!("schema {seed} document {number}"), &document, &explain);
            (seen, better) = (seen + usize::from(before > 0), better + usize::from(after.errors < before));
        }
    }
    writeln!(std::io::stderr(), "{better} of {seen} random documents with mistakes have fewer errors")?;
    assert!(better * 20 > seen, "{better} of {seen}");
    Ok(())
}
