//! Checks the pages of codes: each code has one, and each example has the error that it illustrates.
//!
//! `UPDATE_GOLDEN=1` rewrites the index of the pages, `docs/codes/README.md`.
#![cfg(feature = "http")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use packetcheck::diagnostic::{Code, Report};
use packetcheck::{Limits, PacketKind, Schema, check, dataworks, sms};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Items with an element that is the field of a constraint.
macro_rules! order_by_element {
    ($id:literal, $constraint:literal) => {
        concat!(
            r#"<xs:element name="order"><xs:complexType><xs:sequence>
                 <xs:element name="item"><xs:complexType><xs:sequence>"#,
            $id,
            r#"</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType>"#,
            $constraint,
            "</xs:element>"
        )
    };
}

/// Codes whose example is not about a Plesk packet, with the declarations for it.
const OTHER_SCHEMAS: &[(&str, &str)] = &[
    (
        "PC0208",
        r#"<xs:element name="packet"><xs:complexType><xs:sequence><xs:element name="migration"><xs:complexType>
             <xs:sequence><xs:element name="check"><xs:complexType/></xs:element></xs:sequence>
           </xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>"#,
    ),
    ("PC0211", r#"<xs:element name="note" type="xs:string" nillable="true"/>"#),
    (
        "PC0214",
        r#"<xs:element name="shape" type="Shape"/>
           <xs:complexType name="Shape" abstract="true"><xs:sequence/></xs:complexType>"#,
    ),
    ("PC0215", r#"<xs:element name="operator" type="xs:string" abstract="true"/>"#),
    (
        "PC0216",
        r#"<xs:element name="any"><xs:complexType><xs:sequence><xs:any/></xs:sequence></xs:complexType></xs:element>"#,
    ),
    (
        "PC0217",
        r#"<xs:element name="drawing"><xs:complexType><xs:sequence>
             <xs:element ref="shape"/></xs:sequence></xs:complexType></xs:element>
           <xs:element name="shape" type="xs:string" block="substitution"/>
           <xs:element name="circle" substitutionGroup="shape"/>"#,
    ),
    (
        "PC0218",
        r#"<xs:element name="shape" type="Shape" block="extension"/>
           <xs:complexType name="Shape"><xs:sequence/></xs:complexType>
           <xs:complexType name="Circle"><xs:complexContent><xs:extension base="Shape">
             <xs:attribute name="radius"/></xs:extension></xs:complexContent></xs:complexType>"#,
    ),
    (
        "PC0301",
        r#"<xs:element name="server"><xs:complexType>
             <xs:attribute name="name" type="xs:string" use="required"/></xs:complexType></xs:element>"#,
    ),
    (
        "PC0303",
        r#"<xs:element name="server"><xs:complexType>
             <xs:attribute name="kind" type="xs:string" fixed="plesk"/></xs:complexType></xs:element>"#,
    ),
    ("PC0304", r#"<xs:element name="any"><xs:complexType><xs:anyAttribute/></xs:complexType></xs:element>"#),
    (
        "PC0305",
        r#"<xs:attribute name="number" type="xs:ID"/>
           <xs:element name="host"><xs:complexType><xs:attribute name="id" type="xs:ID"/><xs:anyAttribute/>
           </xs:complexType></xs:element>"#,
    ),
    (
        "PC0403",
        r#"<xs:element name="address"><xs:simpleType><xs:restriction base="xs:string">
             <xs:pattern value="[0-9.]+"/></xs:restriction></xs:simpleType></xs:element>"#,
    ),
    (
        "PC0404",
        r#"<xs:element name="login"><xs:simpleType><xs:restriction base="xs:string">
             <xs:minLength value="1"/></xs:restriction></xs:simpleType></xs:element>"#,
    ),
    (
        "PC0406",
        r#"<xs:element name="price"><xs:simpleType><xs:restriction base="xs:decimal">
             <xs:fractionDigits value="2"/></xs:restriction></xs:simpleType></xs:element>"#,
    ),
    (
        "PC0407",
        r#"<xs:element name="size"><xs:simpleType><xs:union memberTypes="xs:integer xs:boolean"/>
           </xs:simpleType></xs:element>"#,
    ),
    ("PC0408", r#"<xs:element name="kind" type="xs:string" fixed="plesk"/>"#),
    ("PC0409", r#"<xs:element name="port" type="xs:QName"/>"#),
    ("PC0410", r#"<xs:element name="picture" type="xs:anySimpleType"/>"#),
    ("PC0411", r#"<xs:element name="picture" type="xs:ENTITY"/>"#),
    ("PC0412", HOSTS),
    ("PC0413", HOSTS),
    ("PC0414", ORDER_BY_ATTRIBUTE),
    ("PC0415", ORDER_BY_ATTRIBUTE),
    (
        "PC0416",
        order_by_element!(
            r#"<xs:element name="id" type="xs:integer" nillable="true"/>"#,
            r#"<xs:key name="itemKey"><xs:selector xpath="item"/><xs:field xpath="id"/></xs:key>"#
        ),
    ),
    (
        "PC0417",
        order_by_element!(
            r#"<xs:element name="id" type="xs:integer" maxOccurs="2"/>"#,
            r#"<xs:unique name="itemId"><xs:selector xpath="item"/><xs:field xpath="id"/></xs:unique>"#
        ),
    ),
    (
        "PC0418",
        order_by_element!(
            r#"<xs:element name="id"><xs:complexType><xs:sequence>
                 <xs:element name="number" type="xs:integer"/></xs:sequence></xs:complexType></xs:element>"#,
            r#"<xs:unique name="itemId"><xs:selector xpath="item"/><xs:field xpath="id"/></xs:unique>"#
        ),
    ),
    ("PC0419", ORDER_BY_ATTRIBUTE),
];

/// Elements with IDs that refer to each other.
const HOSTS: &str = r#"<xs:element name="hosts"><xs:complexType><xs:sequence>
      <xs:element name="host" maxOccurs="unbounded"><xs:complexType>
        <xs:attribute name="id" type="xs:ID"/><xs:attribute name="next" type="xs:IDREF"/>
      </xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>"#;

/// Items with an attribute as their key, and references to it.
const ORDER_BY_ATTRIBUTE: &str = r#"
    <xs:element name="order">
      <xs:complexType><xs:choice maxOccurs="unbounded">
        <xs:element name="item"><xs:complexType><xs:attribute name="id" type="xs:integer"/></xs:complexType></xs:element>
        <xs:element name="discount"><xs:complexType>
          <xs:attribute name="item" type="xs:integer"/></xs:complexType></xs:element>
      </xs:choice></xs:complexType>
      <xs:key name="itemKey"><xs:selector xpath="item"/><xs:field xpath="@id"/></xs:key>
      <xs:keyref name="itemOfDiscount" refer="itemKey">
        <xs:selector xpath="discount"/><xs:field xpath="@item"/></xs:keyref>
    </xs:element>"#;

/// Codes whose examples cannot be text: bytes that are not UTF-8, and limits, which are settings.
const WITHOUT_EXAMPLE: &[&str] =
    &["PC0102", "PC0601", "PC0602", "PC0603", "PC0604", "PC0705", "PC0809", "PC1321", "PC1322", "PC1323"];

#[test]
fn each_example_has_its_fault() -> Result {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/plesk");
    let request = Schema::from_file(schemas.join("request.xsd"))?;
    let response = Schema::from_file(schemas.join("response.xsd"))?;
    let mut wrong = String::new();
    for code in Code::all().filter(|code| !WITHOUT_EXAMPLE.contains(&code.as_str())) {
        // Those for schemas are in `schema_faults.rs`.
        if code.constraint().is_some() {
            continue;
        }
        let example = code.example().as_bytes();
        let reports = match OTHER_SCHEMAS.iter().find(|(other, _)| *other == code.as_str()) {
            Some((_, declarations)) => {
                let text =
                    format!(r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{declarations}</xs:schema>"#);
                vec![Schema::from_documents(&[("example.xsd", &text)])?.explain(example)]
            }
            None if code.as_str().starts_with("PC13") => findings(example),
            None if code.as_str().starts_with("PC08") => {
                vec![dataworks::Request::explain(example, &Limits::default())]
            }
            None if code.as_str().starts_with("PC14") => about_a_message(example),
            // For values rather than packets.
            None if code.as_str() == "PC0719" => {
                let error =
                    packetcheck::plesk::request_schema().encode_from_json(example).err().ok_or("it is written")?;
                error.report().cloned().into_iter().collect()
            }
            // Its content shows its actual kind.
            None if code.as_str() == "PC0902" => vec![PacketKind::PleskRequest.explain(example)],
            None if code.as_str().starts_with("PC09") => vec![PacketKind::explain_detected(example).1],
            None if code.as_str().starts_with("PC01") => vec![check::well_formed(example, &Limits::default())],
            None if code.as_str().starts_with("PC07") => {
                let limits = Limits::default();
                vec![sms::Response::explain(example, &limits), sms::ProgressReport::explain(example, &limits)]
            }
            None => vec![request.explain(example), response.explain(example)],
        };
        // Only one of the two schemas has it.
        let found = reports.iter().any(|report| report.diagnostics.len() == 1 && report.diagnostics[0].code == code);
        if !found {
            wrong += &format!("{code}: {}{reports:#?}\n", code.example());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    Ok(())
}

/// The diagnostics of each operation for a message, or for a URL on its own.
fn about_a_message(example: &[u8]) -> Vec<packetcheck::diagnostic::Report> {
    use packetcheck::{http, plesk};

    let limits = Limits::default();
    if http::looks_like_http(example).is_none() {
        return vec![dataworks::Request::explain(example, &limits)];
    }
    let capture = http::read(example, &limits);
    let Some(message) = capture.messages().next() else { return Vec::new() };
    let explanations = match message.status_line() {
        None => vec![
            sms::ShowTask::explain(message, &limits),
            sms::ReportProgress::explain(message, &limits),
            dataworks::Request::explain_message(message, &limits),
            plesk::Request::explain_message(message, &limits),
        ],
        Some(_) => vec![
            sms::ShowTask::explain_answer(message, &limits),
            dataworks::Request::explain_answer(message, &limits),
            plesk::Request::explain_answer(message, &limits),
        ],
    };
    explanations
        .into_iter()
        .map(|explanation| {
            let mut report = explanation.head;
            report.diagnostics.extend(explanation.body.diagnostics);
            report.diagnostics.extend(capture.findings.diagnostics.clone());
            report
        })
        .collect()
}

/// The diagnostics about the HTTP of a capture.
fn findings(capture: &[u8]) -> Vec<Report> {
    vec![packetcheck::http::read(capture, &Limits::default()).findings]
}

#[test]
fn limits_have_their_codes() {
    let mut limits = Limits::default();
    (limits.document_bytes, limits.depth, limits.attributes, limits.name_bytes) = (100, 3, 2, 5);
    limits.namespace_bytes = 4;
    let cases = [
        ("PC0601", "<a/>".repeat(30)),
        ("PC0602", "<a><a><a><a/></a></a></a>".to_owned()),
        ("PC0603", "<a x='' y='' z=''/>".to_owned()),
        ("PC0604", "<abcdef/>".to_owned()),
        ("PC0604", "<a xmlns='n:mmm'/>".to_owned()),
    ];
    for (code, document) in cases {
        let report = check::well_formed(document.as_bytes(), &limits);
        assert_eq!(report.errors, 1, "{document}: {report:#?}");
        assert_eq!(report.diagnostics[0].code.as_str(), code);
    }
    let report = check::well_formed(b"<a>\xff</a>", &limits);
    assert_eq!(report.diagnostics[0].code.as_str(), "PC0102");
    limits.parameters = 2;
    for (code, query) in [("PC0809", "a=1&b=2&c=3"), ("PC0601", &*"a=1&".repeat(30))] {
        let report = dataworks::Request::explain(query.as_bytes(), &limits);
        assert_eq!(report.errors, 1, "{query}: {report:#?}");
        assert_eq!(report.diagnostics[0].code.as_str(), code);
    }
}

#[test]
fn limits_have_their_codes_in_json_too() {
    let mut limits = Limits::default();
    (limits.document_bytes, limits.depth) = (40, 3);
    let long = format!("{{\"unknown\": \"{}\"}}", "x".repeat(40));
    let cases: [(&str, &[u8]); 3] =
        [("PC0601", long.as_bytes()), ("PC0602", br#"{"unknown": [[[[]]]]}"#), ("PC0705", b"{\"name\": \"\xff\"}")];
    for (code, document) in cases {
        let report = sms::Response::explain(document, &limits);
        assert_eq!(report.errors, 1, "{report:#?}");
        assert_eq!(report.diagnostics[0].code.as_str(), code);
    }
}

/// The series of codes, as in the index.
const SERIES: &[(&str, &str)] = &[
    ("PC01", "XML that is not well-formed"),
    ("PC02", "Elements"),
    ("PC03", "Attributes"),
    ("PC04", "Values"),
    ("PC05", "Rules beyond structure and types"),
    ("PC06", "Limits"),
    ("PC07", "JSON"),
    ("PC08", "Parameters of a query string or a form body"),
    ("PC09", "Kinds of packets"),
    ("PC10", "Schemas: documents"),
    ("PC11", "Schemas: components"),
    ("PC12", "Schemas: simple types and facets"),
    ("PC13", "HTTP messages and captures"),
    ("PC14", "Requests and answers"),
];

const INDEX: &str = "\
# Codes

Every diagnostic of packetcheck has a code. A code never changes its meaning and is never given to anything else. Each has a
page here, which `packetcheck explain CODE` shows too, and `Code::explanation` and its neighbours in the library.

These files are the source. A page has a title, the explanation in one line, an example, the remedy in one line, and the
source of the rule; that of an error in a schema names the constraint of the Recommendation too. The compiler refuses a page
of another form. The example of a series is a whole document, request or capture; that of a schema may be what is inside
`xs:schema`. After the language of its block `no-newline` says that the example ends without a line break.

A new page needs an entry in `src/diagnostic/code/table.rs`. `UPDATE_GOLDEN=1 cargo test --test project codes` writes this index.
";

/// The content of `docs/codes/README.md`.
fn index() -> String {
    let mut index = INDEX.to_owned();
    for (series, title) in SERIES {
        index += &format!("\n## {series}xx: {title}\n\n| code | meaning |\n|---|---|\n");
        for code in Code::all().filter(|code| code.as_str().starts_with(series)) {
            let constraint = code.constraint().map(|name| format!(" (`{name}`)")).unwrap_or_default();
            index += &format!("| [{code}]({code}.md) | {}{constraint} |\n", code.title());
        }
    }
    index
}

#[test]
fn each_code_has_a_page_and_each_page_a_code() -> Result {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/codes");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(folder.join("README.md"), index())?;
    }
    let found = fs::read_dir(&folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let found = found.collect::<std::io::Result<BTreeSet<String>>>()?;
    let expected = Code::all().map(|code| format!("{code}.md")).chain(["README.md".to_owned()]);
    assert_eq!(found, expected.collect());
    let in_no_series: Vec<Code> =
        Code::all().filter(|code| !SERIES.iter().any(|(series, _)| code.as_str().starts_with(series))).collect();
    assert!(in_no_series.is_empty(), "{in_no_series:?}");
    for code in Code::all() {
        let page = fs::read_to_string(folder.join(format!("{code}.md")))?;
        // However the page was split, each part is there, and contains no heading of the next one.
        let parts = [code.title(), code.explanation(), code.example(), code.remedy(), code.source()];
        for part in parts.into_iter().chain(code.constraint()) {
            assert!(!part.trim().is_empty() && page.contains(part) && !part.contains("\n## "), "{code}: {part:?}");
        }
        let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let constraint = code.constraint().map(|_| "Constraint");
        assert!(headings.into_iter().eq(["Example", "Remedy", "Source"].into_iter().chain(constraint)), "{code}");
        // One line each, to fit any width.
        assert!(parts.iter().enumerate().all(|(index, part)| index == 2 || !part.contains('\n')), "{code}");
    }
    let index = index();
    assert_eq!(fs::read_to_string(folder.join("README.md"))?, index, "`UPDATE_GOLDEN=1` writes it again");
    Ok(())
}
