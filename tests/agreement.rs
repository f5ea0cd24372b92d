//! Two ways through, one verdict: the quick path and the complete one agree on every sample, and on every document
//! that is one small step away from it.

use std::path::Path;

use packetcheck::Schema;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Documents one step away: a piece taken out, doubled, swapped with its neighbour, or replaced.
fn neighbours(document: &[u8], step: usize) -> Vec<Vec<u8>> {
    let replacements: &[&[u8]] = &[
        b"", b"<", b">", b"&", b"\"", b" ", b"x", b"/", b"\x00", b"\xff", b"]]>", b"<!---->", b"<x/>", b"&#32;", b"1",
    ];
    let mut all = Vec::new();
    for at in (step % 7..document.len()).step_by(7) {
        let replacement = replacements[(at / 7 + step) % replacements.len()];
        all.push([&document[..at], replacement, &document[at + 1..]].concat());
        all.push([&document[..at], replacement, &document[at..]].concat());
    }
    // Tags and texts: each piece from one `<` to the next.
    let cuts: Vec<usize> = memchr::memchr_iter(b'<', document).chain([document.len()]).collect();
    for window in cuts.windows(3) {
        let [first, second, third] = *window else { continue };
        let (before, one, other) = (&document[..first], &document[first..second], &document[second..third]);
        let behind = &document[third..];
        all.push([before, other, behind].concat());
        all.push([before, one, one, other, behind].concat());
        all.push([before, other, one, behind].concat());
        // A whole element, as far as one without children is.
        all.push([before, one, other, one, other, behind].concat());
        all.push([before, behind].concat());
    }
    all
}

#[test]
fn quick_and_complete_agree_around_every_sample() -> Result {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schemas = ["request", "response"].map(|kind| Schema::from_file(root.join(format!("schemas/plesk/{kind}.xsd"))));
    let [request, response] = schemas;
    let (request, response) = (request?, response?);
    let samples = root.join("tests/data/plesk");
    let list = std::fs::read_to_string(samples.join("expected.tsv"))?;
    for (step, line) in list.lines().filter(|line| !line.starts_with('#')).enumerate() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [file, kind, ..] = columns[..] else { return Err(format!("too few columns: {line}").into()) };
        let schema = if kind == "plesk-request" { &request } else { &response };
        let document = std::fs::read(samples.join(file))?;
        for document in neighbours(&document, step).into_iter().chain([document]) {
            let report = schema.explain_completely(&document);
            assert_eq!(
                schema.is_valid(&document),
                report.is_valid(),
                "{file}: {}\n{:#?}",
                String::from_utf8_lossy(&document),
                report.diagnostics
            );
        }
    }
    Ok(())
}
