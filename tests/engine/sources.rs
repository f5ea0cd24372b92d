//! Transferable schemas: documents in memory, and the sources that a schema was compiled from.

use std::fs;
use std::path::{Path, PathBuf};

use packetcheck::diagnostic::Code;
use packetcheck::{Schema, SchemaError, Sources};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/schemas");

fn schema_of(element: &str) -> String {
    format!(
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="{element}" type="xs:int"/></xs:schema>"#
    )
}

/// The schema from the sources of another one, after a transfer.
fn again(schema: &Schema) -> Schema {
    let sent = serde_json::to_string(schema.sources()).expect("sources are plain data");
    let received: Sources = serde_json::from_str(&sent).expect("what was sent");
    assert_eq!(&received, schema.sources());
    let again = Schema::from_sources(&received).expect("what was sent compiles");
    assert!(again.documents().eq(schema.documents()));
    assert_eq!(again.sources(), schema.sources(), "what the second one was compiled from is the same");
    again
}

/// The first message of an error.
fn refused(sources: &Sources) -> (Code, String) {
    let error: SchemaError = Schema::from_sources(sources).expect_err("the sources are refused");
    (error.code(), error.message().to_owned())
}

#[test]
fn several_roots_in_memory_are_one_schema() {
    let sources = Sources::new().document("a.xsd", schema_of("a")).document("b.xsd", schema_of("b"));
    let both = Schema::from_sources(&sources.clone().root("a.xsd").root("b.xsd")).expect("two roots");
    let one = Schema::from_sources(&sources.root("b.xsd")).expect("one root");
    for (document, is_of_both, is_of_one) in [("<a>1</a>", true, false), ("<b>1</b>", true, true)] {
        for (schema, expected) in [(&both, is_of_both), (&one, is_of_one), (&again(&both), is_of_both)] {
            assert_eq!(schema.is_valid(document.as_bytes()), expected, "{document}");
        }
    }
    assert_eq!(again(&both).sources().roots().collect::<Vec<_>>(), [Path::new("a.xsd"), Path::new("b.xsd")]);
}

#[test]
fn documents_in_memory_have_any_encoding() {
    let text = schema_of("gr\u{f6}\u{df}e");
    let latin: Vec<u8> = [br#"<?xml version="1.0" encoding="ISO-8859-1"?>"#.to_vec()]
        .concat()
        .into_iter()
        .chain(text.chars().map(|character| u8::try_from(u32::from(character)).expect("a character of Latin-1")))
        .collect();
    let wide: Vec<u8> = [0xfeff_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [latin, wide, text.into_bytes()] {
        let schema = Schema::from_sources(&Sources::new().document("a.xsd", &bytes).root("a.xsd")).expect("it is read");
        assert!(schema.is_valid("<gr\u{f6}\u{df}e>1</gr\u{f6}\u{df}e>".as_bytes()));
        assert_eq!(schema.sources().documents().collect::<Vec<_>>(), [("a.xsd", bytes.as_slice())]);
        assert!(again(&schema).is_valid("<gr\u{f6}\u{df}e>1</gr\u{f6}\u{df}e>".as_bytes()));
    }
    let unknown = br#"<?xml version="1.0" encoding="UTF-7"?><a/>"#;
    let (code, message) = refused(&Sources::new().document("a.xsd", unknown).root("a.xsd"));
    assert!(code == Code::Unreadable && message.contains("UTF-7"), "{message}");
}

#[test]
fn documents_named_by_the_table_are_in_memory_too() {
    let root = |import: &str| {
        format!(
            r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t">
                 <xs:import {import}/><xs:element name="a" type="t:n"/></xs:schema>"#
        )
    };
    let types = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
        <xs:simpleType name="n"><xs:restriction base="xs:int"/></xs:simpleType></xs:schema>"#;
    for (import, uri) in [
        (r#"namespace="urn:t" schemaLocation="http://example.org/t""#, "http://example.org/t"),
        (r#"namespace="urn:t" schemaLocation="http://example.org/t""#, "urn:t"),
        (r#"namespace="urn:t" schemaLocation="elsewhere.xsd""#, "elsewhere.xsd"),
        (r#"namespace="urn:t""#, "urn:t"),
    ] {
        let sources = Sources::new().document("a.xsd", root(import)).document("x/types.xsd", types).root("a.xsd");
        let schema = Schema::from_sources(&sources.clone().map(uri, "x/types.xsd")).expect("the table has it");
        for schema in [&schema, &again(&schema)] {
            assert!(schema.is_valid(b"<a>1</a>") && !schema.is_valid(b"<a>b</a>"), "{import}");
        }
        assert!(Schema::from_sources(&sources.map(uri, "types.xsd")).is_err(), "{import}");
    }
}

#[test]
fn documents_in_memory_read_no_files() {
    let sources = Sources::new().document("a.xsd", schema_of("a"));
    let file = format!("{DATA}/fine.xsd");
    let (code, message) = refused(&sources.clone().root(&file));
    assert!(code == Code::Unreadable && message.contains("is not among the given documents"), "{message}");
    for sources in [sources.clone().folder(DATA), sources.clone().catalog(format!("{DATA}/catalog.xml"))] {
        let (code, message) = refused(&sources.root("a.xsd"));
        assert!(
            code == Code::Unreadable && message.contains("sources with documents in memory read no files"),
            "{message}"
        );
    }
    let include = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="fine.xsd"/>
        <xs:element name="a" type="Size"/></xs:schema>"#;
    let name = format!("{DATA}/a.xsd");
    assert!(Schema::from_sources(&Sources::new().document(&name, include).root(&name)).is_err());
}

/// Documents next to one another, in folders, through a table, with a DOCTYPE, through links, and the same document
/// twice.
#[test]
fn schemas_from_files_are_the_same_in_memory() {
    let folder = std::env::temp_dir().join(format!("packetcheck-sources-{}", std::process::id()));
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    };
    let schema = |namespace: &str, content: &str| {
        format!(
            "<!DOCTYPE xs:schema [<!ENTITY a 'b'>]>\n<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' \
             targetNamespace='urn:{namespace}' xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'>{content}</xs:schema>"
        )
    };
    let part = "<xs:simpleType name='n'><xs:restriction base='xs:int'/></xs:simpleType>";
    // Both folders have a `part.xsd`: one is another document, one the same under two names.
    let imports = "<xs:import namespace='urn:b' schemaLocation='http://example.org/b.xsd'/>\
        <xs:import namespace='urn:c'/><xs:include schemaLocation='../one/part.xsd'/>\
        <xs:include schemaLocation='copy.xsd'/>\
        <xs:element name='a'><xs:complexType><xs:sequence><xs:element ref='a:p'/><xs:element ref='b:p'/>\
        <xs:element ref='c:p'/></xs:sequence></xs:complexType></xs:element>";
    let element = |namespace: &str| format!("<xs:element name='p' type='{namespace}:n'/>{part}");
    write("one/root.xsd", &schema("a", imports));
    write("one/part.xsd", &schema("a", &element("a")));
    write("one/copy.xsd", &schema("a", &element("a")));
    write(
        "two/b.xsd",
        &schema("b", &format!("<xs:include schemaLocation='part.xsd'/>{}", "<xs:element name='p' type='b:n'/>")),
    );
    write("two/part.xsd", &schema("b", part));
    write("three/c.xsd", &schema("c", &element("c")));
    let sources = Sources::new()
        .root(folder.join("one/../one/root.xsd"))
        .map("urn:c", folder.join("three/c.xsd"))
        .folder(folder.join("two"));
    let schema = Schema::from_sources(&sources).expect("the set compiles");
    let again = again(&schema);
    fs::remove_dir_all(&folder).expect("it was made here");
    assert_eq!(schema.sources().documents().count(), 6);
    assert!(schema.sources().documents().all(|(_, bytes)| bytes.starts_with(b"<!DOCTYPE")));
    let document = |values: [&str; 3]| {
        let [a, b, c] = values;
        format!("<a:a xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'><a:p>{a}</a:p><b:p>{b}</b:p><c:p>{c}</c:p></a:a>")
    };
    for (values, errors) in [(["1", "2", "3"], 0), (["x", "y", "z"], 3)] {
        let reports = [&schema, &again].map(|schema| schema.explain(document(values).as_bytes()));
        assert_eq!(reports[0].errors, errors);
        assert_eq!(format!("{:?}", reports[0]), format!("{:?}", reports[1]));
    }
}

#[test]
fn rules_and_locations_of_a_document_travel() {
    let folder = PathBuf::from(DATA);
    let document = fs::read(folder.join("hint.xml")).expect("a sample");
    let sources = Sources::new().folder(DATA).with_schema_locations(&document, folder.join("hint.xml"));
    let schema = Schema::from_sources(&sources).expect("the set compiles");
    // It has a wrong value.
    let report = again(&schema).explain(&document);
    assert!(report.errors == 1 && report.diagnostics[0].message.contains("`many`"), "{report}");
    let named =
        br#"<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:noNamespaceSchemaLocation="../x/a.xsd">1</a>"#;
    let sources = Sources::new().document("x/a.xsd", schema_of("a"));
    let schema = Schema::from_sources(&sources.with_schema_locations(named, "y/a.xml")).expect("the document names it");
    assert!(schema.is_valid(named) && again(&schema).is_valid(named));
    let (code, message) = refused(&sources.with_schema_locations(named, "y/z/a.xml"));
    assert!(code == Code::Unreadable && message.contains("is not among the given documents"), "{message}");
    let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:sch="http://purl.oclc.org/dsdl/schematron">
        <xs:element name="a"><xs:annotation><xs:appinfo><sch:pattern><sch:rule context="a">
        <sch:assert test="@x">x is missing</sch:assert></sch:rule></sch:pattern></xs:appinfo></xs:annotation>
        <xs:complexType><xs:attribute name="x"/></xs:complexType></xs:element></xs:schema>"#;
    let schema = Schema::from_sources(&Sources::new().document("a.xsd", text).root("a.xsd").rules()).expect("rules");
    assert!(!schema.is_valid(b"<a/>") && !again(&schema).is_valid(b"<a/>") && again(&schema).is_valid(b"<a x=''/>"));
}
