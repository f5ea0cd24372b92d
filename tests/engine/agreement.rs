//! One verdict: `is_valid`, `explain` and decoding agree on every sample, and on every document that differs from one
//! by a small change; prediction and the walk agree in every diagnostic.

use std::path::Path;

use packetcheck::Schema;
use serde::de::IgnoredAny;

use crate::support::parallel;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The bytes from one change to the next, and the tags: all would take minutes, so they begin elsewhere in each sample.
const STEP: usize = 19;
const TAGS: usize = 3;

/// Documents with a small change: a piece removed, doubled, exchanged with its neighbour, or replaced.
fn neighbours(document: &[u8], step: usize) -> Vec<Vec<u8>> {
    let replacements: &[&[u8]] = &[
        b"", b"<", b">", b"&", b"\"", b" ", b"x", b"/", b"\x00", b"\xff", b"]]>", b"<!---->", b"<x/>", b"&#32;", b"1",
    ];
    let mut all = Vec::new();
    for at in (step % STEP..document.len()).step_by(STEP) {
        let replacement = replacements[(at / STEP + step) % replacements.len()];
        all.push([&document[..at], replacement, &document[at + 1..]].concat());
        all.push([&document[..at], replacement, &document[at..]].concat());
    }
    // Tags and texts: each piece from one `<` to the next.
    let cuts: Vec<usize> = memchr::memchr_iter(b'<', document).chain([document.len()]).collect();
    for window in cuts.windows(3).skip(step % TAGS).step_by(TAGS) {
        let [first, second, third] = *window else { continue };
        let (before, one, other) = (&document[..first], &document[first..second], &document[second..third]);
        let after = &document[third..];
        all.push([before, other, after].concat());
        all.push([before, one, one, other, after].concat());
        all.push([before, other, one, after].concat());
        // A whole element, if it has no children.
        all.push([before, one, other, one, other, after].concat());
        all.push([before, after].concat());
    }
    all
}

/// Compares everything that the library can tell about a document.
fn hold_together(schema: &Schema, document: &[u8]) {
    let shown = String::from_utf8_lossy(document);
    let report = schema.explain(document);
    let alone = schema.explain_without_prediction(document);
    assert_eq!(report.diagnostics, alone.diagnostics, "{shown}");
    assert_eq!((report.errors, report.warnings), (alone.errors, alone.warnings), "{shown}");
    assert_eq!(schema.is_valid(document), report.is_valid(), "{shown}\n{:#?}", report.diagnostics);
    // One pass gives the same values and warnings as two.
    match schema.decode_with_warnings::<IgnoredAny>(document) {
        Ok((_, found)) => assert_eq!(found, report, "{shown}"),
        // Values only borrow from UTF-8.
        Err(error) if error.to_string().contains("which has to be decoded first") => {}
        Err(error) => assert_eq!(error.report(), Some(&report), "{shown}"),
    }
}

#[test]
fn all_agree_around_every_sample() -> Result {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schemas = ["request", "response"].map(|kind| Schema::from_file(root.join(format!("schemas/plesk/{kind}.xsd"))));
    let [request, response] = schemas;
    let (request, response) = (request?, response?);
    let samples = root.join("tests/data/plesk");
    let list = std::fs::read_to_string(samples.join("expected.tsv"))?;
    let lines: Vec<(usize, &str)> = list.lines().filter(|line| !line.starts_with('#')).enumerate().collect();
    let results = parallel::each(&lines, |(step, line)| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [file, kind, ..] = columns[..] else { return Err(format!("too few columns: {line}")) };
        let schema = if kind == "plesk-request" { &request } else { &response };
        let document = std::fs::read(samples.join(file)).map_err(|error| format!("{file}: {error}"))?;
        for document in neighbours(&document, *step).into_iter().chain([document]) {
            hold_together(schema, &document);
        }
        Ok(())
    });
    Ok(results.into_iter().collect::<std::result::Result<_, _>>()?)
}

/// Substitution groups, small and large, `xsi:type`, and blocked substitutions.
#[test]
fn all_agree_about_what_stands_for_what() -> Result {
    let many: String =
        (0..20).map(|number| format!(r#"<xs:element name="m{number}" substitutionGroup="many"/>"#)).collect();
    let schema = format!(
        r##"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:element name="a"><xs:complexType><xs:sequence>
            <xs:element ref="few" maxOccurs="unbounded"/><xs:element name="list" minOccurs="0" type="List"/>
          </xs:sequence></xs:complexType></xs:element>
          <xs:complexType name="List"><xs:choice maxOccurs="unbounded">
            <xs:element ref="many"/><xs:element ref="closed"/><xs:any namespace="urn:other" processContents="lax"/>
          </xs:choice></xs:complexType>
          <xs:element name="few" type="Base" abstract="true"/>
          <xs:element name="one" substitutionGroup="few"/>
          <xs:element name="two" type="Longer" substitutionGroup="one" block="restriction"/>
          <xs:element name="many" type="xs:string"/>{many}
          <xs:element name="closed" type="Base" block="#all"/>
          <xs:element name="shut" substitutionGroup="closed"/>
          <xs:complexType name="Base"><xs:sequence><xs:element name="x" minOccurs="0"/></xs:sequence></xs:complexType>
          <xs:complexType name="Longer"><xs:complexContent><xs:extension base="Base"><xs:sequence><xs:element name="y"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
          <xs:complexType name="Shorter"><xs:complexContent><xs:restriction base="Base"><xs:sequence/></xs:restriction></xs:complexContent></xs:complexType>
        </xs:schema>"##
    );
    let schema = Schema::from_documents(&[("test.xsd", &schema)])?;
    let samples = [
        r#"<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><one i:type="Longer"><x/><y/></one><two><y>1</y></two><list><m1>2</m1><many/><m19/><closed><x/></closed></list></a>"#,
        r#"<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><one i:type="Shorter"/><two i:type="Base"/><few/><one/></a>"#,
        r#"<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><two><x/><y/></two><list><shut/><closed i:type="Shorter"/><m7/><closed i:type="Base"/></list></a>"#,
    ];
    for (step, sample) in samples.iter().enumerate() {
        for document in neighbours(sample.as_bytes(), step).into_iter().chain([sample.as_bytes().to_vec()]) {
            hold_together(&schema, &document);
        }
    }
    assert!(schema.is_valid(samples[0].as_bytes()));
    Ok(())
}
