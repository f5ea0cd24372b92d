//! Errors found by fuzzing stay fixed: every file in `tests/data/fuzz/<target>/` is checked for the property of its
//! target.

use std::fs;
use std::path::{Path, PathBuf};

use packetcheck::plesk::{Request, Response, request_schema, response_schema};
use packetcheck::xml::{FaultKind, check_well_formed};
use packetcheck::{Limits, Schema};

#[cfg(feature = "http")]
use crate::support::capture;

/// The files of one target, in order of their names.
fn finds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/fuzz").join(target);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder that can be read").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).expect("a file that can be read"))).collect()
}

/// Both paths have the same verdict.
fn agree(schema: &Schema, path: &Path, bytes: &[u8]) {
    let report = schema.explain_without_prediction(bytes);
    assert_eq!(schema.is_valid(bytes), report.is_valid(), "{}: {report:#?}", path.display());
    assert_eq!(schema.explain(bytes).diagnostics, report.diagnostics, "{}", path.display());
    for found in &report.diagnostics {
        assert!(found.span.start <= found.span.end && found.span.end <= bytes.len(), "{}: {found:#?}", path.display());
    }
}

#[test]
fn xml() {
    for (path, bytes) in finds("xml") {
        let checked = check_well_formed(&bytes, &Limits::default());
        for fault in &checked.faults {
            assert!(fault.span.end <= bytes.len(), "{}: {fault:?}", path.display());
            // A document that declares ASCII has no multi-byte characters.
            let is_ascii = matches!(fault.kind, FaultKind::EncodingMismatch { .. });
            if let (Ok(text), false) = (std::str::from_utf8(&bytes), is_ascii) {
                assert!(text.get(fault.span.clone()).is_some(), "{}: {fault:?}", path.display());
            }
        }
        if checked.is_well_formed() {
            let text = std::str::from_utf8(&bytes).expect("what is well-formed is UTF-8");
            assert!(roxmltree::Document::parse(text).is_ok(), "{}", path.display());
        }
        agree(response_schema(), &path, &bytes);
    }
}

#[cfg(feature = "http")]
#[test]
fn http() {
    for (_, bytes) in finds("http") {
        capture::holds(&bytes, &Limits::default());
    }
}

#[test]
fn schema() {
    for (path, bytes) in finds("schema") {
        let Ok(schema) = Schema::from_documents(&[("fuzz.xsd", &String::from_utf8_lossy(&bytes))]) else {
            continue;
        };
        for document in ["<a/>", "<a> 1 </a>", "<a c='1'><b>x</b><b/><c/></a>", "<r xmlns='urn:t'><n/><v>9</v></r>"] {
            agree(&schema, &path, document.as_bytes());
        }
    }
}

#[test]
fn check() {
    let everything = include_str!("../../fuzz/schemas/everything.xsd");
    let everything = Schema::from_documents(&[("everything.xsd", everything)]).expect("a schema that compiles");
    for (path, bytes) in finds("check") {
        for schema in [request_schema(), response_schema(), &everything] {
            agree(schema, &path, &bytes);
        }
    }
}

#[test]
fn rules() {
    let rules = include_str!("../../fuzz/schemas/rules.xsd");
    let rules = Schema::from_documents(&[("rules.xsd", rules)]).expect("a schema that compiles");
    for (path, bytes) in finds("rules") {
        agree(&rules, &path, &bytes);
        agree(response_schema(), &path, &bytes);
    }
}

#[test]
fn round_trip() {
    for (path, bytes) in finds("round_trip") {
        let response = Response::decode(&bytes);
        assert_eq!(response.is_ok(), response_schema().is_valid(&bytes), "{}", path.display());
        if let Ok(response) = response {
            let written = response.encode().expect("what was read can be written");
            assert_eq!(
                Response::decode(&written).expect("what we write decodes").into_owned(),
                response.into_owned(),
                "{}",
                path.display()
            );
        }
        let request = Request::decode(&bytes);
        assert_eq!(request.is_ok(), request_schema().is_valid(&bytes), "{}", path.display());
        if let Ok(request) = request {
            let written = request.encode().expect("what was read can be written");
            assert_eq!(
                Request::decode(&written).expect("what we write decodes").into_owned(),
                request.into_owned(),
                "{}",
                path.display()
            );
        }
    }
}
