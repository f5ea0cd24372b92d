//! Documents and schemas in all encodings: the same verdict as in UTF-8, at the places of the original bytes.

use std::borrow::Cow;
use std::error::Error;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use packetcheck::diagnostic::render::{json, text};
use packetcheck::diagnostic::{Code, LineIndex, Report};
use packetcheck::xml::{self, FaultKind};
use packetcheck::{Limits, PacketKind, Schema};
use proptest::prelude::*;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// Labels with letters that exist in their encoding.
const ENCODINGS: &[(&str, &str)] = &[
    ("ISO-8859-1", "é¡ÿ"),
    ("ISO-8859-9", "ğİé"),
    ("ISO-8859-2", "łőŽ"),
    ("ISO-8859-15", "€Œé"),
    ("windows-1251", "жЮё"),
    ("windows-1252", "€é„"),
    ("KOI8-R", "жЮё"),
    ("IBM866", "жЮё"),
    ("macintosh", "éπ†"),
    ("Shift_JIS", "日本ｱ"),
    ("EUC-JP", "日本語"),
    ("ISO-2022-JP", "日本語"),
    ("Big5", "中文字"),
    ("GBK", "中文字"),
    ("gb18030", "中ÿ😀"),
    ("EUC-KR", "한국어"),
    ("TIS-620", "ไทย"),
    ("UTF-16", "é中😀"),
    ("UTF-16LE", "é中😀"),
    ("UTF-16BE", "é中😀"),
];

/// A document in the encoding of its label.
fn encoded(label: &str, text: &str) -> Vec<u8> {
    match label {
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16" => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => {
            let encoding = Encoding::for_label(label.as_bytes()).expect("a label that is known");
            let (bytes, _, has_replacements) = encoding.encode(text);
            assert!(!has_replacements, "{label} does not have all of {text}");
            bytes.into_owned()
        }
    }
}

fn schema() -> Result<Schema> {
    let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType>
        <xs:sequence><xs:element name="b" type="xs:string" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
        </xs:element></xs:schema>"#;
    Ok(Schema::from_documents(&[("a.xsd", text)])?)
}

fn codes(report: &Report) -> Vec<Code> {
    report.diagnostics.iter().map(|found| found.code).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The verdict is the same as for the document in UTF-8, and so are the line and column of an error. The span of an
    /// error covers the bytes that it is about, and the excerpt shows them.
    #[test]
    fn an_encoding_changes_bytes_alone(
        (label, letters) in prop::sample::select(ENCODINGS),
        picks in prop::collection::vec((0..9_usize, 0..4000_usize), 0..6),
        is_wrong in any::<bool>(),
    ) {
        let schema = schema().expect("a schema that compiles");
        let mut body = String::new();
        for (pick, count) in picks {
            let letter = letters.chars().nth(pick % letters.chars().count()).expect("one of them");
            body.push_str("<b>\n");
            body.extend(std::iter::repeat_n(letter, 1 + if pick > 6 { count } else { pick }));
            body.push_str("</b>");
        }
        let wrong = if is_wrong { "<wrong/>" } else { "" };
        let document = |label: &str| {
            format!("<?xml version='1.0' encoding='{label}'?>\n<a>{body}<b>{letters}</b>{wrong}</a>\n")
        };
        let (plain, bytes) = (document("UTF-8"), encoded(label, &document(label)));
        prop_assert_eq!(schema.is_valid(&bytes), !is_wrong);
        let (expected, found) = (schema.explain(plain.as_bytes()), schema.explain(&bytes));
        prop_assert_eq!(codes(&found), codes(&expected));
        let decoded = xml::decode(&bytes, &Limits::default()).expect("it can be decoded");
        let end = format!("<b>{letters}</b>{wrong}</a>\n");
        prop_assert!(decoded.ends_with(end.as_bytes()));
        prop_assert_eq!(schema.is_valid(&decoded), !is_wrong);

        let places = |document: &[u8], report: &Report| -> Vec<(usize, usize, String)> {
            let objects = json::diagnostics(document, &report.diagnostics);
            objects.iter().map(|found| (found.place.line, found.place.column, found.path.to_owned())).collect()
        };
        prop_assert_eq!(places(&bytes, &found), places(plain.as_bytes(), &expected));
        prop_assert_eq!(
            text::diagnostics("a", &bytes, &found.diagnostics, false),
            text::diagnostics("a", plain.as_bytes(), &expected.diagnostics, false)
        );
        if let (Some(found), Some(expected)) = (found.diagnostics.first(), expected.diagnostics.first()) {
            // Without the bytes that only switch the encoding.
            let shown = bytes.get(found.span.clone()).expect("a place in the document");
            let tag = encoded(if label == "UTF-16" { "UTF-16LE" } else { label }, "<wrong/>");
            prop_assert!(shown.ends_with(&tag), "{shown:?}");
            let place = LineIndex::new(plain.as_bytes()).line_column(expected.span.start);
            prop_assert_eq!(LineIndex::new(&bytes).line_column(found.span.start), place);
        }
    }

    /// For any bytes, in any declared encoding: no panic, places in the document, one verdict.
    #[test]
    fn any_bytes_have_one_verdict(
        (label, _) in prop::sample::select(ENCODINGS),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        has_declaration in any::<bool>(),
    ) {
        let schema = schema().expect("a schema that compiles");
        let declaration = format!("<?xml version='1.0' encoding='{label}'?><a><b>");
        let is_utf16 = label.starts_with("UTF-16") && has_declaration;
        let mut document = if !has_declaration { Vec::new() } else { encoded(label, &declaration) };
        document.extend(&bytes);
        document.extend(if is_utf16 { encoded("UTF-16LE", "</b></a>") } else { b"</b></a>".to_vec() });
        let report = schema.explain(&document);
        prop_assert_eq!(schema.is_valid(&document), report.is_valid());
        for found in &report.diagnostics {
            prop_assert!(document.get(found.span.clone()).is_some(), "{found:?}");
        }
        text::diagnostics("a", &document, &report.diagnostics, false);
        let well_formed = xml::check_well_formed(&document, &Limits::default());
        prop_assert!(well_formed.is_well_formed() || !report.is_valid());
        if let Ok(decoded) = xml::decode(&document, &Limits::default()) {
            prop_assert_eq!(schema.is_valid(&decoded), report.is_valid());
        } else {
            prop_assert!(!report.is_valid());
        }
    }
}

#[test]
fn utf_8_is_not_copied() -> Result {
    for document in ["<a/>", "\u{feff}<a/>", "<?xml version='1.0' encoding='utf-8'?><a/>", "", "{}"] {
        assert!(matches!(xml::decode(document.as_bytes(), &Limits::default())?, Cow::Borrowed(_)), "{document}");
    }
    Ok(())
}

#[test]
fn labels_mean_what_is_registered_under_them() -> Result {
    for (label, byte, character) in [
        ("ISO-8859-1", 0x85, '\u{85}'),
        ("latin1", 0x80, '\u{80}'),
        ("ISO-8859-9", 0x80, '\u{80}'),
        ("latin5", 0xF0, 'ğ'),
        ("ISO-8859-11", 0x85, '\u{85}'),
        ("windows-1252", 0x85, '…'),
        ("cp1252", 0x80, '€'),
        ("windows-1254", 0x80, '€'),
        ("ISO-8859-15", 0xA4, '€'),
    ] {
        let mut document = format!("<?xml version='1.0' encoding='{label}'?><a>").into_bytes();
        document.push(byte);
        document.extend(b"</a>");
        let decoded = String::from_utf8(xml::decode(&document, &Limits::default())?.into_owned())?;
        assert!(decoded.ends_with(&format!("<a>{character}</a>")), "{label}: {decoded}");
    }
    for label in ["US-ASCII", "ascii", "ANSI_X3.4-1968", "ISO646-US"] {
        let document = format!("<?xml version='1.0' encoding='{label}'?><a>é</a>");
        let faults = xml::check_well_formed(document.as_bytes(), &Limits::default()).faults;
        assert_eq!(
            faults.iter().map(|fault| &fault.kind).collect::<Vec<_>>(),
            [&FaultKind::EncodingMismatch { byte: 0xC3 }]
        );
    }
    Ok(())
}

#[test]
fn bytes_that_stand_for_no_character_are_an_error_where_they_are() -> Result {
    let schema = schema()?;
    let mut surrogate: Vec<u8> = encoded("UTF-16LE", "<a><b>");
    let at = surrogate.len();
    surrogate.extend([0x00, 0xD8]);
    surrogate.extend(encoded("UTF-16LE", "</b></a>"));
    let odd = [encoded("UTF-16BE", "<a><b>x</b></a>"), vec![0]].concat();
    let odd_at = odd.len() - 1;
    let japanese = b"<?xml version='1.0' encoding='Shift_JIS'?><a><b>\x96</b></a>".to_vec();
    for (document, span) in [(surrogate, at..at + 2), (odd, odd_at..odd_at + 1), (japanese, 48..49)] {
        let report = schema.explain(&document);
        assert_eq!(codes(&report), [Code::EncodingMismatch], "{:?}", report.diagnostics);
        assert_eq!(report.diagnostics[0].span, span);
        assert!(!schema.is_valid(&document) && xml::decode(&document, &Limits::default()).is_err());
        let shown = text::diagnostics("a", &document, &report.diagnostics, false);
        assert!(!shown.contains('\u{fffd}'), "{shown}");
    }
    Ok(())
}

#[test]
fn a_label_that_the_bytes_contradict_is_one_error() -> Result {
    let schema = schema()?;
    let document = |label: &str| format!("<?xml version='1.0' encoding='{label}'?><a><b>é</b></a>");
    for (bytes, help) in [
        (document("UTF-16").into_bytes(), "the bytes are UTF-8: correct the declaration"),
        (document("utf-16be").into_bytes(), "the bytes are UTF-8: correct the declaration"),
        (document("US-ASCII").into_bytes(), "the bytes are UTF-8: correct the declaration"),
        (format!("\u{feff}{}", document("ISO-8859-1")).into_bytes(), "the bytes are UTF-8: correct the declaration"),
        (format!("\u{feff}{}", document("US-ASCII")).into_bytes(), "the bytes are UTF-8: correct the declaration"),
        (document("EUC-JP").replace('é', "€").into_bytes(), "the bytes are UTF-8: correct the declaration"),
        (encoded("UTF-16LE", &document("UTF-8")), "the bytes are UTF-16LE: correct the declaration"),
        (encoded("UTF-16LE", &document("UTF-16BE")), "the bytes are UTF-16LE: correct the declaration"),
        (encoded("UTF-16BE", &document("ISO-8859-1")), "the bytes are UTF-16BE: correct the declaration"),
        (encoded("ISO-8859-1", &document("UTF-16")), "the bytes are not UTF-16: correct the declaration"),
    ] {
        let report = schema.explain(&bytes);
        let said: Vec<_> = report.diagnostics.iter().map(|found| (found.code, found.help.as_deref())).collect();
        assert_eq!(said, [(Code::EncodingMismatch, Some(help))], "{}", String::from_utf8_lossy(&bytes));
        assert!(!schema.is_valid(&bytes));
    }
    Ok(())
}

#[test]
fn an_unknown_encoding_cannot_be_read() -> Result {
    for document in [
        "<?xml version='1.0' encoding='UTF-99'?><a/>".as_bytes(),
        b"<?xml version='1.0' encoding='hz-gb-2312'?><a/>",
        &encoded("UTF-16LE", "<?xml version='1.0' encoding='UTF-99'?><a/>"),
        b"\0\0\xFE\xFF\0\0\0<",
        b"\x4C\x6F\xA7\x94\x93",
    ] {
        assert_eq!(codes(&schema()?.explain(document)), [Code::UnsupportedEncoding]);
        let kind = xml::decode(document, &Limits::default()).expect_err("nobody knows it").kind;
        assert!(matches!(kind, FaultKind::UnsupportedEncoding { .. }));
    }
    Ok(())
}

/// Some names registered with IANA are not allowed in XML, because they contain a colon or a space.
#[test]
fn malformed_encoding_names_are_shown_whole() -> Result {
    let schema = schema()?;
    for (label, meant) in [
        ("ISO_8859-1:1987", Some("ISO-8859-1")),
        ("ISO_8859-2:1987", Some("ISO-8859-2")),
        ("latin 1", None),
        ("8859-1", None),
    ] {
        let document = format!("<?xml version='1.0' encoding='{label}'?><a><b>é</b></a>");
        for bytes in [encoded("ISO-8859-1", &document), document.into_bytes()] {
            let report = schema.explain(&bytes);
            assert_eq!(codes(&report), [Code::MalformedDeclaration], "{:?}", report.diagnostics);
            let found = &report.diagnostics[0];
            assert!(found.message.ends_with(&format!("found `{label}`")), "{}", found.message);
            assert_eq!(found.span, 30..30 + label.len());
            if let Some(meant) = meant {
                assert_eq!(found.help, Some(format!("write `{meant}`")));
            }
            assert!(!schema.is_valid(&bytes));
        }
    }
    Ok(())
}

#[test]
fn a_document_cut_within_a_character_is_reported_as_such() -> Result {
    let schema = schema()?;
    let start = |label: &str| format!("<?xml version='1.0' encoding='{label}'?><a><b>");
    let cut = |label: &str, letter: &str, left: usize| {
        let head = encoded(label, &start(label));
        let whole = encoded(label, &format!("{}{letter}", start(label)));
        (whole[..head.len() + left].to_vec(), head.len()..head.len() + left)
    };
    for (label, letter, left) in [
        ("UTF-16LE", "é", 1),
        ("UTF-16BE", "é", 1),
        ("UTF-16", "😀", 2),
        ("UTF-16", "😀", 3),
        ("Shift_JIS", "日", 1),
        ("EUC-JP", "日", 1),
        ("gb18030", "😀", 1),
        ("gb18030", "😀", 3),
        ("Big5", "中", 1),
    ] {
        let (document, span) = cut(label, letter, left);
        let report = schema.explain(&document);
        assert_eq!(codes(&report), [Code::EncodingMismatch], "{label}: {:?}", report.diagnostics);
        let found = &report.diagnostics[0];
        assert!(found.message.starts_with("expected the rest of a character in "), "{label}: {}", found.message);
        assert_eq!(found.span, span, "{label}");
        assert!(!schema.is_valid(&document) && xml::decode(&document, &Limits::default()).is_err());
    }
    let document = "<a><b>é".as_bytes();
    let report = schema.explain(&document[..document.len() - 1]);
    assert_eq!(codes(&report), [Code::InvalidUtf8]);
    assert_eq!(
        report.diagnostics[0].message,
        "expected the rest of a character in UTF-8, found the end of the document"
    );
    // A byte that does not begin a character is a different error.
    let report = schema.explain(&[start("Big5").as_bytes(), b"\xFF"].concat());
    assert_eq!(report.diagnostics[0].message, "expected Big5, found byte 0xFF where no character begins or continues");
    Ok(())
}

/// Values that borrow need UTF-8: anything else is refused, with a hint how to convert it.
#[test]
fn values_are_read_from_utf_8() -> Result {
    let latin = encoded("ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a><b>é</b></a>");
    #[derive(serde::Deserialize)]
    struct A<'a> {
        #[serde(borrow)]
        b: Vec<&'a str>,
    }
    let schema = schema()?;
    let error = schema.decode::<A<'_>>(&latin).err().ok_or("it is not in UTF-8")?;
    let report = error.report().ok_or("a report")?;
    assert_eq!(codes(report), [Code::UnsupportedEncoding]);
    assert!(report.diagnostics[0].help.as_deref().is_some_and(|help| help.contains("xml::decode")));
    let document = xml::decode(&latin, &Limits::default())?;
    assert_eq!(schema.decode::<A<'_>>(&document)?.b, ["é"]);
    Ok(())
}

#[test]
fn the_kind_of_a_packet_shows_in_every_encoding() -> Result {
    let text = "<?xml version='1.0' encoding='UTF-16'?><packet><migration><check><result><status>ok</status></result>\
                </check></migration></packet>";
    for label in ["UTF-16", "UTF-16BE"] {
        let packet = encoded(label, text);
        let (found, report) = PacketKind::explain_detected(&packet);
        assert_eq!(found.map(|found| found.kind), Some(PacketKind::PleskResponse));
        assert!(report.is_valid() && PacketKind::PleskResponse.is_valid(&packet));
    }
    let answer = encoded(
        "UTF-16",
        "<GetMigrationProcessResponse><HttpStatusCode>x</HttpStatusCode></GetMigrationProcessResponse>",
    );
    let (found, report) = PacketKind::explain_detected(&answer);
    assert_eq!(found.map(|found| found.kind), Some(PacketKind::DataWorksResponse));
    assert!(codes(&report).iter().all(|code| code.as_str().starts_with("PC0")), "{:?}", report.diagnostics);
    Ok(())
}

/// A secret is masked, and nothing else.
#[test]
fn secrets_are_masked_in_utf_16() {
    let packet = encoded(
        "UTF-16",
        "<packet><migration><start><source-host><password>Zq9</password><wrong/></source-host></start></migration></packet>",
    );
    let (_, report) = PacketKind::explain_detected(&packet);
    let shown = text::diagnostics("a", &packet, &report.diagnostics, false);
    assert!(!shown.contains("Zq9") && shown.contains("***") && shown.contains("<wrong/>"), "{shown}");
    for found in &report.diagnostics {
        for range in found.concealed() {
            assert_eq!(packet.get(range.clone()), Some(&encoded("UTF-16LE", "Zq9")[..]));
        }
    }
}

fn folder(name: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[test]
fn schemas_are_read_in_the_encoding_that_they_declare() -> Result {
    let folder = folder("encodings")?;
    for (label, letters) in ENCODINGS {
        let text = format!(
            "<?xml version='1.0' encoding='{label}'?><xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\
             <xs:element name='a' type='xs:string' fixed='{letters}'/></xs:schema>"
        );
        let path = folder.join(format!("{label}.xsd"));
        std::fs::write(&path, encoded(label, &text))?;
        let schema = Schema::from_file(&path)?;
        assert!(schema.is_valid(format!("<a>{letters}</a>").as_bytes()), "{label}");
        assert!(!schema.is_valid(b"<a>other</a>"), "{label}");
        let broken = text.replace("xs:string", "xs:strin");
        std::fs::write(&path, encoded(label, &broken))?;
        let error = Schema::from_file(&path).expect_err("there is no such type");
        let column = broken.find("type=").ok_or("it has a type")?;
        assert_eq!((error.line(), error.column()), (1, column + 1), "{label}: {error}");
        let file = &error.files()[0];
        let span = file.report().diagnostics[0].span.clone();
        let order = if *label == "UTF-16" { "UTF-16LE" } else { label };
        let place = file.bytes().and_then(|bytes| bytes.get(span)).ok_or("a place in the file")?;
        assert_eq!(place, encoded(order, "type='xs:strin'"), "{label}");
        let shown = text::diagnostics(label, file.bytes().ok_or("bytes")?, &file.report().diagnostics, false);
        assert!(shown.contains("^^^^^^^^^^^^^^^") && shown.contains("type='xs:strin'"), "{shown}");
    }
    Ok(())
}

#[test]
fn malformed_schemas_are_reported_with_their_place() -> Result {
    let folder = folder("encodings")?;
    let path = folder.join("wrong.xsd");
    let schema = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><!--\u{e9}--></xs:schema>";
    for (bytes, line, column, words) in [
        (encoded("ISO-8859-1", schema), 1, 60, "UTF-8, found byte 0xE9"),
        (format!("<?xml version='1.0' encoding='UTF-16'?>\n{schema}").into_bytes(), 1, 31, "the bytes are UTF-8"),
        (format!("<?xml version='1.0' encoding='US-ASCII'?>\n{schema}").into_bytes(), 2, 60, "US-ASCII"),
        (format!("<?xml version='1.0' encoding='UTF-99'?>\n{schema}").into_bytes(), 0, 0, "`UTF-99`"),
        (format!("<?xml version='1.0' encoding='ISO_8859-1:1987'?>{schema}").into_bytes(), 1, 31, "`ISO_8859-1:1987`"),
        (b"\xff\xfe<\0a\0/\0>".to_vec(), 1, 4, "truncated"),
    ] {
        std::fs::write(&path, bytes)?;
        let error = Schema::from_file(&path).expect_err("its bytes are wrong");
        assert_eq!((error.line(), error.column(), error.errors()), (line, column, 1), "{error}");
        let diagnostics = error.files().iter().flat_map(|file| &file.report().diagnostics);
        let helps: String = diagnostics.filter_map(|diagnostic| diagnostic.help.as_deref()).collect();
        assert!(format!("{error}{helps}").contains(words), "{error} {helps}");
    }
    Ok(())
}
