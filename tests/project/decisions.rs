//! Checks every row of the tables in `docs/decisions.md`.

use std::error::Error;
use std::fs;
use std::path::Path;

use packetcheck::Schema;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The result for a schema, or for a document: nothing, or the codes of its errors and warnings.
fn verdict(declarations: &str, document: &[u8]) -> String {
    match Schema::from_documents(&[("a.xsd", &in_schema(declarations))]) {
        Ok(schema) => codes(schema.explain(document).diagnostics.iter().map(|diagnostic| diagnostic.code.to_string())),
        Err(error) => codes(std::iter::once(error.code().to_string())),
    }
}

fn codes(codes: impl Iterator<Item = String>) -> String {
    let mut codes: Vec<String> = codes.collect();
    codes.dedup();
    codes.join(" ")
}

/// The errors of a document as XML: the schema admits its root.
fn well_formed(document: &[u8]) -> String {
    verdict(ANY, document)
}

const ANY: &str = "<xs:element name='a'><xs:complexType><xs:sequence><xs:any processContents='lax' minOccurs='0'/>\
                   </xs:sequence></xs:complexType></xs:element>";

#[test]
fn each_decision_is_as_documented() -> Result {
    let xsi = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    let mut tried = Vec::new();
    let mut decide = |question: &'static str, cases: &[(String, &str)]| {
        for (found, expected) in cases {
            assert_eq!(found, expected, "{question}");
        }
        tried.push(question);
    };

    decide("a DOCTYPE", &[(well_formed(b"<!DOCTYPE a><a/>"), "PC0107")]);
    decide(
        "a declaration that the bytes contradict",
        &[
            (well_formed(b"<?xml version='1.0' encoding='UTF-16'?><a/>"), "PC0104"),
            (well_formed(b"\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), "PC0104"),
        ],
    );
    decide(
        "an encoding without a declaration",
        &[(well_formed(b"\xFE\xFF\0<\0a\0/\0>"), ""), (well_formed(b"<a>\xE9</a>"), "PC0102")],
    );
    decide("a relative namespace name", &[(well_formed(b"<a xmlns:b='b/c'/>"), "")]);

    let located = format!("<a {xsi} xsi:noNamespaceSchemaLocation='missing.xsd'/>");
    decide("`xsi:schemaLocation`", &[(verdict(ANY, located.as_bytes()), "")]);
    let xml = "<xs:import namespace='http://www.w3.org/XML/1998/namespace'/><xs:element name='a'><xs:complexType>\
               <xs:attribute ref='xml:lang'/></xs:complexType></xs:element>";
    let xlink = "<xs:import namespace='http://www.w3.org/1999/xlink'/><xs:element name='a'><xs:complexType>\
                 <xs:attribute xmlns:l='http://www.w3.org/1999/xlink' ref='l:href'/></xs:complexType></xs:element>";
    decide(
        "an import of the namespace of XML or of XLink without a document",
        &[
            (verdict(xml, b"<a xml:lang='en'/>"), ""),
            (verdict(xml, b"<a xml:lang='?'/>"), "PC0407"),
            (verdict(xlink, b"<a/>"), ""),
        ],
    );
    let import = "<xs:import namespace='urn:b' schemaLocation='missing.xsd'/>";
    let needed = "<xs:element name='c'><xs:complexType><xs:sequence><xs:element xmlns:b='urn:b' ref='b:d'/></xs:sequence>\
                  </xs:complexType></xs:element>";
    let is_refused = Schema::from_documents(&[("a.xsd", &in_schema(&format!("{import}{needed}")))]).is_err();
    decide(
        "an import that leads nowhere",
        &[(verdict(&format!("{import}{ANY}"), b"<a/>"), ""), (is_refused.to_string(), "true")],
    );
    let unknown = format!("<a {xsi}><b xsi:type='c'/></a>");
    decide("an unknown `xsi:type` below a lax wildcard", &[(verdict(ANY, unknown.as_bytes()), "PC0212")]);
    let pattern = |pattern: &str, text: &str| {
        let simple = format!("<xs:simpleType><xs:restriction base='xs:string'><xs:pattern value='{pattern}'/>");
        let element = format!("<xs:element name='a'>{simple}</xs:restriction></xs:simpleType></xs:element>");
        verdict(&element, format!("<a>{text}</a>").as_bytes())
    };
    decide(
        "patterns",
        &[(pattern("[ab-]", "-"), ""), (pattern("[a-b-c]", "-"), "PC1201"), (pattern(".", "\u{1F600}"), "")],
    );
    let month = "<xs:element name='a' type='xs:gMonth'/>";
    decide("`gMonth`", &[(verdict(month, b"<a>--12</a>"), ""), (verdict(month, b"<a>--12--</a>"), "PC0401")]);
    let ids = "<xs:element name='a'><xs:complexType><xs:sequence><xs:element name='b' maxOccurs='2'><xs:simpleType>\
               <xs:union memberTypes='xs:ID xs:string'/></xs:simpleType></xs:element></xs:sequence></xs:complexType>\
               </xs:element>";
    decide(
        "one ID for two elements, also through a member of a union",
        &[(verdict(ids, b"<a><b>x</b><b>x</b></a>"), "PC0412"), (verdict(ids, b"<a><b>x</b><b>y</b></a>"), "")],
    );
    let key = "<xs:element name='a'><xs:complexType><xs:sequence><xs:element name='b' maxOccurs='2'><xs:complexType>\
               <xs:attribute name='c' default='1'/></xs:complexType></xs:element></xs:sequence></xs:complexType>\
               <xs:key name='k'><xs:selector xpath='b'/><xs:field xpath='@c'/></xs:key></xs:element>";
    decide(
        "a key field with a default",
        &[(verdict(key, b"<a><b/><b c='2'/></a>"), ""), (verdict(key, b"<a><b/><b c='1'/></a>"), "PC0414")],
    );
    let twice = "<xs:element name='b'/><xs:element name='a'><xs:complexType><xs:choice><xs:element ref='b'/><xs:sequence>\
                 <xs:element ref='b'/><xs:element name='c'/></xs:sequence></xs:choice></xs:complexType></xs:element>";
    decide("deterministic content models", &[(verdict(twice, b"<a/>"), "PC1116")]);
    let assert = "<xs:element name='a'><xs:complexType><xs:assert test='true()'/></xs:complexType></xs:element>";
    decide("XSD 1.1", &[(verdict(assert, b"<a/>"), "PC1003")]);

    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions.md"))?;
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let questions: Vec<&str> = rows.filter(|question| *question != "question").collect();
    assert_eq!(questions, tried);
    Ok(())
}

fn in_schema(declarations: &str) -> String {
    format!("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>{declarations}</xs:schema>")
}
