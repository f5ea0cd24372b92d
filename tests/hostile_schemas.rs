//! Schemas that ask for much, and documents that make the most of them: each verdict is right, or a limit is met by
//! name at the schema's line, and the memory stays below what is stated. Time is left to `benches/`; a cost that grows
//! with the square of these sizes, or worse, would not end while anyone waits for the tests.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;

use allocation_counter::measure;
use packetcheck::{Schema, SchemaError};

/// What compiling any of these schemas may take at one time.
const SCHEMA_MEMORY: u64 = 96 << 20;

/// What judging any of these documents may take, both ways together, beside the document.
const DOCUMENT_MEMORY: u64 = 32 << 20;

fn schema_text(body: &str) -> String {
    format!("<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'>\n{body}\n</s:schema>")
}

/// A schema with these top-level components, within its share of memory.
fn try_compiled(body: &str) -> Result<Schema, SchemaError> {
    let text = schema_text(body);
    let mut schema = None;
    let used = measure(|| schema = Some(Schema::from_documents(&[("hostile.xsd", &text)])));
    assert!(used.bytes_max <= SCHEMA_MEMORY, "{used:?}");
    schema.expect("it was compiled")
}

fn compiled(body: &str) -> Schema {
    try_compiled(body).expect("a schema")
}

/// What both ways say, within their share of memory.
fn accepts(schema: &Schema, document: &str) -> bool {
    let mut verdicts = (false, false);
    let used = measure(|| {
        let document = black_box(document.as_bytes());
        verdicts = (schema.is_valid(document), schema.explain_completely(document).is_valid());
    });
    assert!(used.bytes_max <= DOCUMENT_MEMORY, "{used:?}");
    assert_eq!(verdicts.0, verdicts.1, "the two ways differ");
    verdicts.0
}

/// An element `r` with a content model.
fn model(particle: &str) -> String {
    format!("<s:element name='r'><s:complexType>{particle}</s:complexType></s:element>")
}

fn root(content: &str) -> String {
    format!("<r>{content}</r>")
}

/// An element `r` with a pattern for its text.
fn pattern(expression: &str) -> String {
    format!(
        "<s:element name='r'><s:simpleType><s:restriction base='s:string'>\n<s:pattern value='{expression}'/>\n\
         </s:restriction></s:simpleType></s:element>"
    )
}

#[test]
fn ranges_in_ranges_are_counted() {
    let schema = compiled(&model(
        "<s:sequence minOccurs='0' maxOccurs='2000'><s:element name='a' minOccurs='0' maxOccurs='2000'/></s:sequence>",
    ));
    assert!(accepts(&schema, &root("")));
    assert!(accepts(&schema, &root(&"<a/>".repeat(100_000))));
    assert!(!accepts(&schema, &root(&"<b/>".repeat(100))));

    // The inner and the outer count cannot be made one.
    let schema = compiled(&model(
        "<s:sequence minOccurs='0' maxOccurs='2000'><s:element name='a' minOccurs='0' maxOccurs='2000'/>\
         <s:element name='b' minOccurs='0' maxOccurs='2000'/></s:sequence>",
    ));
    assert!(accepts(&schema, &root(&"<a/><b/>".repeat(2_000))));
    assert!(!accepts(&schema, &root(&"<a/><b/>".repeat(2_001))));
    assert!(accepts(&schema, &root(&format!("{}{}", "<a/>".repeat(2_001), "<b/><a/>".repeat(1_998)))));
    assert!(!accepts(&schema, &root(&format!("{}{}", "<a/>".repeat(2_001), "<b/><a/>".repeat(2_000)))));
}

#[test]
fn five_thousand_pairs_are_counted() {
    let schema = compiled(&model(
        "<s:sequence minOccurs='5000' maxOccurs='5000'><s:element name='a'/><s:element name='b'/></s:sequence>",
    ));
    assert!(accepts(&schema, &root(&"<a/><b/>".repeat(5_000))));
    assert!(!accepts(&schema, &root(&"<a/><b/>".repeat(4_999))));
    assert!(!accepts(&schema, &root(&"<a/><b/>".repeat(5_001))));
    assert!(!accepts(&schema, &root(&format!("{}<a/>", "<a/><b/>".repeat(4_999)))));
}

#[test]
fn a_million_occurrences_are_counted() {
    let schema = compiled(&model("<s:sequence><s:element name='a' maxOccurs='1000000'/></s:sequence>"));
    assert!(accepts(&schema, &root(&"<a/>".repeat(1_000_000))));
    assert!(!accepts(&schema, &root(&"<a/>".repeat(1_000_001))));

    let schema = compiled(&model(
        "<s:sequence minOccurs='0' maxOccurs='5000'><s:element name='a' maxOccurs='5000'/></s:sequence>",
    ));
    assert!(accepts(&schema, &root(&"<a/>".repeat(100_000))));
    let schema = compiled(&model(
        "<s:sequence maxOccurs='5000'><s:element name='a' minOccurs='5000' maxOccurs='5000'/><s:element name='b'/></s:sequence>",
    ));
    let round = format!("{}<b/>", "<a/>".repeat(5_000));
    assert!(accepts(&schema, &root(&round.repeat(20))));
    assert!(!accepts(&schema, &root(&format!("{}<a/><b/>", round.repeat(20)))));
}

#[test]
fn a_thousand_members_of_all_come_in_any_order() {
    let mut members = String::new();
    for number in 0..1_000 {
        let _ = write!(members, "<s:element name='e{number}'/>");
    }
    let schema = compiled(&model(&format!("<s:all>{members}</s:all>")));
    let content = |numbers: &mut dyn Iterator<Item = usize>| {
        root(&numbers.map(|number| format!("<e{number}/>")).collect::<String>())
    };
    assert!(accepts(&schema, &content(&mut (0..1_000).rev())));
    assert!(accepts(&schema, &content(&mut (0..1_000).map(|number| number * 7 % 1_000))));
    assert!(!accepts(&schema, &content(&mut (1..1_000))));
    assert!(!accepts(&schema, &content(&mut (0..1_000).chain([500]))));
}

#[test]
fn patterns_that_make_others_search_for_ever_take_their_time_once() {
    // `$` stands for itself in a pattern of XML Schema.
    let schema = compiled(&pattern("(a+)+$"));
    assert!(accepts(&schema, &root(&format!("{}$", "a".repeat(100_000)))));
    assert!(!accepts(&schema, &root(&"a".repeat(100_000))));

    let schema = compiled(&pattern("((a+)+)+b|(a|aa)+c"));
    assert!(accepts(&schema, &root(&format!("{}b", "a".repeat(40)))));
    assert!(accepts(&schema, &root(&format!("{}c", "a".repeat(40)))));
    assert!(!accepts(&schema, &root(&"a".repeat(40))));
}

#[test]
fn ranges_in_ranges_of_a_pattern_are_counted() {
    let schema = compiled(&pattern("((a{0,100}){0,100}){0,100}b"));
    assert!(accepts(&schema, &root("b")));
    assert!(accepts(&schema, &root(&format!("{}b", "a".repeat(1_000_000)))));
    assert!(!accepts(&schema, &root(&format!("{}b", "a".repeat(1_000_001)))));
    assert!(!accepts(&schema, &root(&"a".repeat(40))));
}

#[test]
fn a_pattern_over_the_limit_is_a_fault_of_the_schema() {
    for expression in ["(((a{1,1000}){1,1000}){1,1000}){1,1000}", "((((a{1,1000}b?){1,1000}c?){1,1000}d?){1,1000}e?)"] {
        let error = try_compiled(&pattern(expression)).expect_err("a limit");
        assert!(error.line() >= 2 && error.message().contains("at most 131072 states"), "{error}");
    }
}

#[test]
fn a_decimal_of_a_hundred_thousand_digits_has_its_value() {
    let number = |facets: &str| {
        compiled(&format!(
            "<s:element name='r'><s:simpleType><s:restriction base='s:decimal'>{facets}</s:restriction>\
             </s:simpleType></s:element>"
        ))
    };
    let digits = "9".repeat(100_000);
    let schema = number(&format!("<s:maxInclusive value='{digits}.5'/>"));
    assert!(accepts(&schema, &root(&format!("{digits}.5000"))));
    assert!(!accepts(&schema, &root(&format!("{digits}.5001"))));
    assert!(!accepts(&schema, &root(&format!("{digits}0"))));
    let schema = number("<s:totalDigits value='100000'/><s:fractionDigits value='1'/>");
    assert!(accepts(&schema, &root(&format!("000{digits}.0"))));
    assert!(!accepts(&schema, &root(&format!("{digits}.5"))));
    let schema = number(&format!("<s:enumeration value='{digits}'/>"));
    assert!(accepts(&schema, &root(&format!("+0{digits}.00"))));
    assert!(!accepts(&schema, &root(&format!("-{digits}"))));
}

#[test]
fn types_that_lead_to_themselves_are_refused_and_those_that_contain_themselves_are_not() {
    let chain = |length: usize, last: usize| {
        let mut types = String::from("<s:element name='r' type='t0'/>");
        for number in 0..length {
            let base = if number + 1 == length { last } else { number + 1 };
            let _ = write!(
                types,
                "\n<s:complexType name='t{number}'><s:complexContent><s:extension base='t{base}'/></s:complexContent></s:complexType>"
            );
        }
        types
    };
    for length in [1, 2, 200] {
        let error = try_compiled(&chain(length, 0)).expect_err("a circle");
        assert!(error.line() > 1 && error.message().contains("derived from itself"), "{error}");
    }
    let schema = compiled(
        "<s:element name='r' type='t'/><s:complexType name='t'><s:sequence>\
         <s:element name='r' type='t' minOccurs='0'/></s:sequence></s:complexType>",
    );
    assert!(accepts(&schema, &format!("{}{}", "<r>".repeat(100), "</r>".repeat(100))));
}

#[test]
fn ten_thousand_members_stand_for_one_element() {
    const MEMBERS: usize = 10_000;
    let mut elements = model(
        "<s:sequence><s:element ref='head' maxOccurs='unbounded'/><s:element ref='other' minOccurs='0'/></s:sequence>",
    );
    elements.push_str("<s:element name='head' type='s:decimal' abstract='true'/><s:element name='other'/>");
    for number in 0..MEMBERS {
        // Half of them by way of another one.
        let head = if number % 2 == 0 { String::from("head") } else { format!("m{}", number - 1) };
        let _ = write!(elements, "<s:element name='m{number}' type='s:integer' substitutionGroup='{head}'/>");
    }
    let schema = compiled(&elements);
    let all: String = (0..MEMBERS).rev().map(|number| format!("<m{number}>{number}</m{number}>")).collect();
    assert!(accepts(&schema, &root(&format!("{all}<other/>"))));
    assert!(!accepts(&schema, &root(&format!("{all}<head>1</head>"))));
    assert!(!accepts(&schema, &root(&format!("{all}<m9999>x</m9999>"))));
    assert!(!accepts(&schema, &root(&format!("{all}<other/><m0>1</m0>"))));
}

/// Schemas in a folder of their own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("schemas")).expect("a folder");
        for (file, body) in files {
            fs::write(folder.join(file), schema_text(body)).expect("a file");
        }
        Folder(folder)
    }

    fn compile(&self) -> Result<Schema, SchemaError> {
        Schema::from_file(self.0.join("schemas/root.xsd"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn documents_that_include_each_other_are_read_once() {
    let folder = Folder::new(
        "cycle",
        &[
            ("schemas/root.xsd", "<s:include schemaLocation='b.xsd'/><s:element name='r' type='b'/>"),
            (
                "schemas/b.xsd",
                "<s:include schemaLocation='./c.xsd'/><s:simpleType name='b'><s:restriction base='c'/></s:simpleType>",
            ),
            (
                "schemas/c.xsd",
                "<s:include schemaLocation='../schemas/root.xsd'/><s:include schemaLocation='c.xsd'/>\
                 <s:simpleType name='c'><s:restriction base='s:int'/></s:simpleType>",
            ),
        ],
    );
    let schema = folder.compile().expect("a schema");
    assert!(accepts(&schema, "<r>1</r>"));
    assert!(!accepts(&schema, "<r>x</r>"));
}

/// What lies elsewhere is not read, and nothing of it is told.
#[test]
fn what_lies_outside_the_folder_is_refused() {
    let secret = ("secret.xsd", "<s:element name='secret'/>");
    for (name, location) in [
        ("up", "../secret.xsd"),
        ("system", "../../../../../../../../../../etc/hostname"),
        ("absolute", "/etc/hostname"),
        ("file", "file:///etc/hostname"),
        ("link", "link.xsd"),
    ] {
        let body = format!("<s:include schemaLocation='{location}'/>\n<s:element name='r' type='missed'/>");
        let folder = Folder::new(name, &[secret, ("schemas/root.xsd", &body)]);
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.0.join("secret.xsd"), folder.0.join("schemas/link.xsd")).expect("a link");
        let error = folder.compile().expect_err(location);
        assert_eq!(error.line(), 2, "{location}: {error}");
        assert!(error.path().ends_with("root.xsd") && error.message().contains(location), "{location}: {error}");
        assert!(!error.to_string().contains("well-formed"), "{location}: {error}");
    }
}

#[test]
fn a_hundred_thousand_keys_are_found_by_as_many_references() {
    const KEYS: usize = 100_000;
    let schema = compiled(
        "<s:element name='r'><s:complexType><s:sequence>\
           <s:element name='k' maxOccurs='unbounded'><s:complexType><s:attribute name='id' type='s:int'/></s:complexType></s:element>\
           <s:element name='f' minOccurs='0' maxOccurs='unbounded'><s:complexType><s:attribute name='to' type='s:int'/></s:complexType></s:element>\
         </s:sequence></s:complexType>\
         <s:key name='key'><s:selector xpath='k'/><s:field xpath='@id'/></s:key>\
         <s:keyref name='ref' refer='key'><s:selector xpath='f'/><s:field xpath='@to'/></s:keyref></s:element>",
    );
    let keys: String = (0..KEYS).map(|number| format!("<k id='{number}'/>")).collect();
    // Other spellings of the same values, in another order.
    let references: String = (0..KEYS).map(|number| format!("<f to='+0{}'/>", number * 7 % KEYS)).collect();
    assert!(accepts(&schema, &root(&format!("{keys}{references}"))));
    assert!(!accepts(&schema, &root(&format!("{keys}<k id='00'/>{references}"))));
    assert!(!accepts(&schema, &root(&format!("{keys}{references}<f to='{KEYS}'/>"))));
    assert!(!accepts(&schema, &root(&format!("{keys}{}", "<f to='-1'/>".repeat(KEYS)))));
}

/// A location that leads to nothing is no fault where nothing is missed; nothing is fetched.
#[test]
fn what_lies_in_a_network_is_not_read() {
    let include = "<s:include schemaLocation='http://www.w3.org/2001/xml.xsd'/>";
    let folder = Folder::new("network", &[("schemas/root.xsd", &format!("{include}<s:element name='r'/>"))]);
    assert_eq!(folder.compile().expect("a schema").documents().count(), 1);
    let folder = Folder::new("missed", &[("schemas/root.xsd", &format!("{include}<s:element name='r' type='t'/>"))]);
    let error = folder.compile().expect_err("a type that is not there");
    assert!(error.line() == 2 && error.path().ends_with("root.xsd"), "{error}");
}
