//! One walk: verdict, report, report by the walk alone and decoding agree on random documents of random schemas, and
//! valid documents survive the conversion to JSON and back, and to serde values and back.
//!
//! A seed determines everything: schemas with every construct that the walk handles, documents that are nearly valid by
//! them, and mistakes in their bytes. `ONE_WALK_SEED` replays one seed; proptest's `PROPTEST_CASES` asks for more of
//! them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use packetcheck::diagnostic::{Code, Diagnostic, Report};
use packetcheck::{Limits, Schema};
use proptest::prelude::*;
use serde::de::IgnoredAny;

use crate::random::{Dice, Document, Written, mistaken};
use crate::support::{lossless, values};

/// The number of documents per schema, and of copies with mistakes per document.
const DOCUMENTS: usize = 12;
const COPIES: usize = 8;

/// The most errors that one mistake in a valid document may cause: it may break apart the elements around it.
const FEW: usize = 40;

/// Compares the four results for a document; `Err` if they differ.
fn hold_together(schema: &Schema, document: &[u8]) -> Result<Report, String> {
    let report = schema.explain(document);
    let alone = schema.explain_without_prediction(document);
    if report.diagnostics != alone.diagnostics {
        return Err(format!("prediction {:#?}\nwalk {:#?}", report.diagnostics, alone.diagnostics));
    }
    if (report.errors, report.warnings) != (alone.errors, alone.warnings) {
        return Err("other counts by the walk alone".to_owned());
    }
    if schema.is_valid(document) != report.is_valid() {
        return Err(format!("verdict {}, report {:#?}", schema.is_valid(document), report.diagnostics));
    }
    let decoded = schema.decode_with_warnings::<IgnoredAny>(document);
    // Values only borrow from UTF-8. A document that begins like UTF-16 is refused before it is read, with its own
    // message.
    if matches!(document, [b'<', 0, ..] | [0, b'<', ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        let refusal = decoded.err().and_then(|error| error.report().cloned()).unwrap_or_default();
        let codes: Vec<Code> = refusal.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        return match codes == [Code::UnsupportedEncoding] {
            true => Ok(report),
            false => Err(format!("decoding UTF-16: {refusal:#?}")),
        };
    }
    if decoded.is_ok() != report.is_valid() {
        return Err(format!("decoding {:?}, report {:#?}", decoded.err(), report.diagnostics));
    }
    let found = decoded.as_ref().map_or_else(|error| error.report(), |(_, found)| Some(found));
    if found != Some(&report) {
        return Err(format!("while decoding {found:#?}, report {report:#?}"));
    }
    if report.is_valid() {
        lossless::both_ways(schema, document).map_err(|loss| format!("as JSON and back: {loss}"))?;
        values::any_comes_back(schema, document).map_err(|loss| format!("as `Any` and back: {loss}"))?;
    } else if schema.decode_to_json(document).is_ok() {
        return Err("it is invalid, and became JSON".to_owned());
    }
    if let Some(found) = report.diagnostics.iter().find(|found| !is_inside(found, document)) {
        return Err(format!("outside of the document: {found:#?}"));
    }
    if !report.diagnostics.is_sorted_by_key(|found| found.span.start) {
        return Err(format!("not in document order: {:#?}", report.diagnostics));
    }
    Ok(report)
}

fn is_inside(found: &Diagnostic, document: &[u8]) -> bool {
    let related = found.related.iter().map(|(span, _)| span);
    related.chain([&found.span]).all(|span| span.start <= span.end && span.end <= document.len())
}

/// One mistake can have many consequences: a prefix with another meaning, or a key that many elements refer to.
fn has_many_alike(report: &Report) -> bool {
    let mut codes: Vec<String> = report.diagnostics.iter().map(|found| found.code.to_string()).collect();
    codes.sort();
    let count = codes.len();
    codes.dedup();
    count > 3 * codes.len()
}

/// Every element of a well-formed document: its path and its span.
fn elements(document: &str) -> Option<Vec<(String, std::ops::Range<usize>)>> {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut found: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut siblings: Vec<std::collections::HashMap<String, usize>> = vec![Default::default()];
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().ok()?;
        let end = reader.buffer_position() as usize;
        use quick_xml::events::Event;
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let name = tag.name().as_ref().to_owned();
                let count = siblings.last_mut()?.entry(name.clone()).or_default();
                *count += 1;
                let parent = open.last().map_or("", |index: &usize| found[*index].0.as_str());
                let position = if *count > 1 { format!("[{count}]") } else { String::new() };
                found.push((format!("{parent}/{name}{position}"), start..end));
                if matches!(event, Event::Start(_)) {
                    open.push(found.len() - 1);
                    siblings.push(Default::default());
                }
            }
            Event::End(_) => {
                let index = open.pop()?;
                siblings.pop();
                found[index].1.end = end;
            }
            Event::Eof => return open.is_empty().then_some(found),
            _ => {}
        }
    }
}

/// Checks that each path is that of an existing element that contains the place of the error.
fn paths_fit(report: &Report, document: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(document) else { return Ok(()) };
    let is_well_formed = report.diagnostics.iter().all(|found| !found.code.to_string().starts_with("PC01"));
    if !is_well_formed || text.starts_with('\u{feff}') {
        return Ok(());
    }
    let Some(elements) = elements(text) else { return Ok(()) };
    // Names with characters that are made visible in paths are skipped.
    for found in report.diagnostics.iter().filter(|found| !found.path.contains('\\')) {
        let Some((_, span)) = elements.iter().find(|(path, _)| *path == found.path) else {
            return Err(format!("no such element: {found:#?}"));
        };
        if found.span.start < span.start || found.span.end > span.end {
            return Err(format!("not in its element: {found:#?}"));
        }
    }
    Ok(())
}

/// Statistics over all cases, to see that the generator reaches what it should.
#[derive(Default, Debug)]
struct Figures {
    refused: usize,
    last_refusal: String,
    schemas: usize,
    documents: usize,
    valid: usize,
}

fn run(seed: u64, figures: &mut Figures) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let written = Written::random(&mut dice);
    let sources = written.sources();
    let texts: Vec<(&str, &str)> = sources.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let schema = match Schema::from_documents(&texts) {
        Ok(schema) => schema,
        Err(error) => {
            figures.refused += 1;
            figures.last_refusal = error.to_string();
            return Ok(());
        }
    };
    figures.schemas += 1;
    let shown = |document: &[u8], what: &str| {
        let schemas: String = texts.iter().map(|(name, text)| format!("--- {name}\n{text}\n")).collect();
        format!("seed {seed}\n{schemas}--- document\n{}\n---\n{what}", String::from_utf8_lossy(document))
    };
    // Also with a limited depth.
    let shallow = schema.with_limits(Limits::new().depth(seed as usize % 4 + 1));
    let both = |document: &[u8]| {
        hold_together(&shallow, document)?;
        hold_together(&schema, document)
    };
    let held = |document: &[u8]| match catch_unwind(AssertUnwindSafe(|| both(document))) {
        Ok(result) => result.map_err(|what| shown(document, &what)),
        Err(_) => Err(shown(document, "panic")),
    };
    for _ in 0..DOCUMENTS {
        let document = Document::random(&mut dice, &written);
        let bytes = document.write(&mut dice);
        let report = held(&bytes)?;
        paths_fit(&report, &bytes).map_err(|what| shown(&bytes, &what))?;
        figures.documents += 1;
        figures.valid += usize::from(report.is_valid());
        for _ in 0..COPIES {
            let mut copy = bytes.clone();
            let mistakes = dice.below(3) + 1;
            for _ in 0..mistakes {
                copy = mistaken(&copy, &mut dice);
            }
            let after = held(&copy)?;
            paths_fit(&after, &copy).map_err(|what| shown(&copy, &what))?;
            figures.documents += 1;
            figures.valid += usize::from(after.is_valid());
            if report.is_valid() && mistakes == 1 && after.errors > FEW && !has_many_alike(&after) {
                return Err(shown(&copy, &format!("{} errors: {:#?}", after.errors, after.diagnostics)));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn all_agree_on_random_documents_of_random_schemas(seed: u64) {
        prop_assert_eq!(run(seed, &mut Figures::default()), Ok(()));
    }

    #[test]
    fn values_of_random_documents_come_back(seed: u64) {
        prop_assert_eq!(take_both_ways(seed, &mut Taken::default()), Ok(()));
    }
}

/// The same property for fixed seeds, which are known to reach what they should: many schemas compile, and some
/// documents are valid. `ONE_WALK_FROM` and `ONE_WALK_COUNT` select others for long runs; `ONE_WALK_COUNT=1` repeats a
/// single one.
#[test]
fn all_agree_for_fixed_seeds() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok()).unwrap_or(default)
    };
    let (from, count) = (number("ONE_WALK_FROM", 0), number("ONE_WALK_COUNT", 16));
    let mut figures = Figures::default();
    let failures: Vec<String> =
        (from..from + count).filter_map(|seed| run(seed, &mut figures).err()).take(20).collect();
    assert!(failures.is_empty(), "{figures:?}\n{}", failures.join("\n==========\n"));
    if count > 4 {
        assert!(4 * figures.schemas > figures.refused && figures.valid > 0, "{figures:?}");
    }
}

/// Valid documents that were converted to values and back.
#[derive(Default, Debug)]
struct Taken {
    documents: usize,
    /// Documents that fit into a `serde_json::Value`.
    maps: usize,
}

/// Converts the valid ones of many random documents to JSON, to `Any` and to `serde_json::Value`, and back.
fn take_both_ways(seed: u64, taken: &mut Taken) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let written = Written::random(&mut dice);
    let sources = written.sources();
    let texts: Vec<(&str, &str)> = sources.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let Ok(schema) = Schema::from_documents(&texts) else { return Ok(()) };
    for _ in 0..8 * DOCUMENTS {
        let document = Document::random(&mut dice, &written).write(&mut dice);
        if !schema.is_valid(&document) {
            continue;
        }
        let both = || -> Result<bool, String> {
            lossless::both_ways(&schema, &document).map_err(|loss| format!("as JSON and back: {loss}"))?;
            values::any_comes_back(&schema, &document).map_err(|loss| format!("as `Any` and back: {loss}"))?;
            values::map_comes_back(&schema, &document).map_err(|loss| format!("as `Value` and back: {loss}"))
        };
        let is_map = both().or_else(|what| {
            // A rule can depend on white space between elements, or on the presence of an attribute with a default.
            if what.contains(": PC0501: rule") {
                return Ok(false);
            }
            let schemas: String = texts.iter().map(|(name, text)| format!("--- {name}\n{text}\n")).collect();
            Err(format!("seed {seed}\n{schemas}--- document\n{}\n---\n{what}", String::from_utf8_lossy(&document)))
        })?;
        taken.documents += 1;
        taken.maps += usize::from(is_map);
    }
    Ok(())
}

/// `VALUES_FROM` and `VALUES_COUNT` select other seeds.
#[test]
#[allow(clippy::print_stdout, reason = "how many came back is the result")]
fn values_come_back_for_fixed_seeds() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok()).unwrap_or(default)
    };
    let (from, count) = (number("VALUES_FROM", 0), number("VALUES_COUNT", 100));
    let mut taken = Taken::default();
    let failures: Vec<String> =
        (from..from + count).filter_map(|seed| take_both_ways(seed, &mut taken).err()).take(20).collect();
    assert!(failures.is_empty(), "{taken:?}\n{}", failures.join("\n==========\n"));
    if count > 4 {
        assert!(taken.documents as u64 > count && taken.maps as u64 > count / 4, "{taken:?}");
    }
    println!("{taken:?}");
}

/// Prefixes that prediction cannot hold: longer than its patterns, or more than it can distinguish.
#[test]
fn end_tags_have_the_prefix_of_their_start_tags() -> Result<(), Box<dyn std::error::Error>> {
    let schema = Schema::from_documents(&[(
        "t.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">
          <xs:element name="a"><xs:complexType><xs:sequence>
            <xs:element name="b"><xs:complexType><xs:sequence>
              <xs:element name="c" minOccurs="0"/>
            </xs:sequence></xs:complexType></xs:element>
          </xs:sequence></xs:complexType></xs:element>
        </xs:schema>"#,
    )])?;
    let long = "a-prefix-of-more-than-sixteen-bytes";
    let others: String = (0..400).map(|number| format!(" xmlns:p{number}='urn:{number}'")).collect();
    for (prefix, others) in [("p", ""), (long, ""), ("p", &*others), (long, &*others)] {
        let document =
            |end: &str| format!("<{prefix}:a{others} xmlns:{prefix}='urn:t'><{prefix}:b></{end}></{prefix}:a>");
        let right = document(&format!("{prefix}:b"));
        assert!(hold_together(&schema, right.as_bytes())?.is_valid(), "{right}");
        for end in ["b", "p1:b", "a"] {
            let wrong = document(end);
            assert!(!hold_together(&schema, wrong.as_bytes())?.is_valid(), "{wrong}");
        }
    }
    Ok(())
}

/// An error of a field is in the element that its path names.
#[test]
fn errors_of_fields_are_in_the_element_of_their_path() -> Result<(), Box<dyn std::error::Error>> {
    let schema = Schema::from_documents(&[(
        "r.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:element name="r">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="a" minOccurs="0" maxOccurs="9" type="xs:string" default="1" nillable="true"/>
              </xs:sequence>
              <xs:attribute name="x"/><xs:attribute name="y"/>
            </xs:complexType>
            <xs:unique name="attributes"><xs:selector xpath="."/><xs:field xpath="@*"/></xs:unique>
            <xs:key name="children"><xs:selector xpath="."/><xs:field xpath="a"/></xs:key>
          </xs:element>
        </xs:schema>"#,
    )])?;
    for document in ["<r x='1' y='2'><a>1</a></r>", "<r><a>1</a><a>2</a></r>", "<r><a/></r>", "<r><a/><a/></r>"] {
        let report = hold_together(&schema, document.as_bytes())?;
        assert!(!report.is_valid(), "{document}");
        paths_fit(&report, document.as_bytes())?;
    }
    Ok(())
}
