//! A redacted document keeps its structure and its verdict, and shows no secret.

use std::fs;
use std::path::{Path, PathBuf};

use packetcheck::diagnostic::Code;
use packetcheck::{Explained, Limits, RedactError, Schema, redact};
use proptest::prelude::*;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// All samples.
fn samples(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            samples(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

fn codes(document: &[u8]) -> Vec<Code> {
    let mut codes: Vec<Code> = Explained::of(document, None, &Limits::new())
        .report
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
    codes.sort();
    codes
}

#[test]
fn samples_keep_their_length_and_their_verdict() -> Outcome {
    let mut paths = Vec::new();
    for folder in ["plesk", "dataworks", "sms", "captures"] {
        samples(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder), &mut paths)?;
    }
    assert!(paths.len() > 300);
    let mut changed = 0;
    for path in paths {
        let document = fs::read(&path)?;
        let redacted = match redact(&document, None, &Limits::new()) {
            Ok(redacted) => redacted,
            Err(RedactError::Encoding | RedactError::Coded { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        assert_eq!(redacted.len(), document.len(), "{}", path.display());
        assert_eq!(codes(&redacted), codes(&document), "{}", path.display());
        assert_eq!(redact(&redacted, None, &Limits::new())?, redacted, "{}", path.display());
        changed += usize::from(redacted != document);
    }
    assert!(changed > 50, "{changed}");
    Ok(())
}

#[test]
fn each_form_keeps_its_structure() -> Outcome {
    for (document, expected) in [
        (
            r#"<a><password b="Q7">Q7<c d='Q7'/>é</password>Q7</a>"#,
            r#"<a><password b="x1">x1<c d='x1'/>xx</password>x1</a>"#,
        ),
        (
            "<a><password><![CDATA[Q<7]]><!--Q7--></password></a>",
            "<a><password><![CDATA[xx1]]><!--x1--></password></a>",
        ),
        (r#"<a><b name="password" value="Q 7"/></a>"#, r#"<a><b name="password" value="x 1"/></a>"#),
        (r#"{"password": "Q\"7", "b": "y"}"#, r#"{"password": "x\"1", "b": "y"}"#),
        (
            r#"{"password": {"a": [7129, -1.5e3, true, null, "Q7"]}}"#,
            r#"{"password": {"a": [1111, -1.1e1, true, null, "x1"]}}"#,
        ),
        (r#"{"name": "password", "value": "Q7", "b": 1}"#, r#"{"name": "password", "value": "x1", "b": 1}"#),
        (r#"{"id": "<password>Q7</password>", "b": 1}"#, r#"{"id": "<password>x1</password>", "b": 1}"#),
        (r#"{"b": "{\"password\":\"Q7\",\"a\":1}"}"#, r#"{"b": "{\"password\":\"x1\",\"a\":1}"}"#),
        ("<a><!-- password: Q7 --><b>y</b></a>", "<a><!-- password: x1 --><b>y</b></a>"),
        ("<a><!-- password: Q7 -->\n<b>y</b></a>", "<a><!-- password: x1 -->\n<b>y</b></a>"),
        ("Action=a&password=true&b=y", "Action=a&password=xxxx&b=y"),
        (
            "GET /a HTTP/1.1\r\nAuthorization: Basic Q7==\r\nHost: h\r\n\r\n",
            "GET /a HTTP/1.1\r\nAuthorization: xxxxx x1xx\r\nHost: h\r\n\r\n",
        ),
        ("https://user:Q7@h/a", "https://xxxxxx1@h/a"),
        // Namespace declarations stay, but unquoted values do not.
        (
            r#"<a xmlns:b="https://u:Q7@h" xmlns = 'https://u:Q7@h' password = "Q7" password=Q7/>"#,
            r#"<a xmlns:b="https://u:Q7@h" xmlns = 'https://u:Q7@h' password = "x1" password=x1/>"#,
        ),
    ] {
        let redacted = redact(document.as_bytes(), None, &Limits::new())?;
        assert_eq!(String::from_utf8(redacted)?, expected);
    }
    Ok(())
}

#[test]
fn other_encodings_and_marked_names() -> Outcome {
    let text = "<a><pin>Q7é</pin><b>y</b></a>";
    let schema = Schema::from_documents(&[(
        "a.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence>
        <xs:element name="pin" type="xs:string"><xs:annotation><xs:appinfo><secret xmlns="urn:packetcheck"/></xs:appinfo></xs:annotation></xs:element>
        <xs:element name="b"/></xs:sequence></xs:complexType></xs:element></xs:schema>"#,
    )])?;
    let limits = Limits::new();
    assert_eq!(redact(text.as_bytes(), None, &limits)?, text.as_bytes());
    assert_eq!(redact(text.as_bytes(), Some(&schema), &limits)?, b"<a><pin>x1xx</pin><b>y</b></a>");
    let utf16 = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(|unit: u16| unit.to_be_bytes()).collect()
    };
    assert_eq!(redact(&utf16(text), Some(&schema), &limits)?, utf16("<a><pin>x1x</pin><b>y</b></a>"));
    let declaration = "<?xml version='1.0' encoding='iso-8859-1'?>";
    let latin = [declaration.as_bytes(), b"<a><pin>Q7\xe9</pin><b>y\xe9</b></a>"].concat();
    let expected = [declaration.as_bytes(), b"<a><pin>x1x</pin><b>y\xe9</b></a>"].concat();
    assert_eq!(redact(&latin, Some(&schema), &limits)?, expected);
    Ok(())
}

/// A compressed body cannot be masked in place.
#[cfg(feature = "http")]
#[test]
fn coded_bodies_with_secrets_are_refused() -> Outcome {
    use std::io::Write;
    let request = |body: &[u8]| -> std::io::Result<Vec<u8>> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(body)?;
        let body = encoder.finish()?;
        let head =
            format!("POST /a HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len());
        Ok([head.into_bytes(), body].concat())
    };
    let error = redact(&request(b"<a><password>Q7</password></a>")?, None, &Limits::new());
    assert!(matches!(&error, Err(RedactError::Coded { how, .. }) if how == "gzip"), "{error:?}");
    let harmless = request(b"<a><b>y</b></a>")?;
    assert_eq!(redact(&harmless, None, &Limits::new())?, harmless);
    Ok(())
}

proptest! {
    /// Any combination of these pieces keeps its length, does not panic, and shows no value after the name of a secret.
    #[test]
    fn nothing_breaks(pieces in prop::collection::vec(prop::sample::select(vec![
        "<password>", "</password>", "<a>", "</a>", "password=", "\"password\":", "\"", "'", "{", "}", "[", "]", ",", ":", "<![CDATA[",
        "]]>", "<!--", "-->", "Zq9x", "1.5", "true", "&amp;", " ", "\n", "Authorization: ", "<b name=\"password\" ", "/>", "?>", "<?password ",
        "GET / HTTP/1.1\r\n", "é", "\\\"", "=",
    ]), 0..16)) {
        let document = pieces.concat();
        if let Ok(redacted) = redact(document.as_bytes(), None, &Limits::new()) {
            prop_assert_eq!(redacted.len(), document.len());
        }
    }

    /// Secrets made of any characters, in an element, a member and a parameter.
    #[test]
    fn no_secret_is_shown(secret in "[A-Za-z0-9+/=!?.;#-]{0,12}Zq9x[A-Za-z0-9+/=!?.;-]{0,12}") {
        for document in [
            format!("<a><password>{secret}</password></a>"),
            format!("<a b=\"c\" password=\"{secret}\"/>"),
            format!("{{\"password\": \"{secret}\"}}"),
            format!("<a password={}><b/></a>", secret.replace(['/', '='], "x")),
            format!("Action=b&password={}", secret.replace(['#', '&'], "x")),
            format!("GET / HTTP/1.1\r\nAuthorization: {secret}\r\n\r\n"),
        ] {
            let redacted = redact(document.as_bytes(), None, &Limits::new());
            let redacted = String::from_utf8(redacted.map_err(|error| TestCaseError::fail(error.to_string()))?);
            let redacted = redacted.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert!(!redacted.contains("Zq9x"), "{redacted}");
            prop_assert_eq!(codes(redacted.as_bytes()), codes(document.as_bytes()));
        }
    }
}
