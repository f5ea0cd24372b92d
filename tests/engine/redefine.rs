//! `xs:redefine`: declarations are changed for all documents.

use packetcheck::{Schema, SchemaError};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn document(attributes: &str, body: &str) -> String {
    format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" {attributes}>{body}</xs:schema>")
}

/// The schema of `root.xsd`, which redefines `old.xsd`.
fn redefined(old: &str, new: &str) -> std::result::Result<Schema, SchemaError> {
    let root = document("", &format!("<xs:redefine schemaLocation=\"old.xsd\">{new}</xs:redefine>"));
    Schema::from_documents(&[("root.xsd", &root), ("old.xsd", &document("", old))])
}

fn is_valid(schema: &Schema, document: &str) -> bool {
    let report = schema.explain_without_prediction(document.as_bytes());
    assert_eq!(schema.is_valid(document.as_bytes()), report.is_valid(), "{document}\n{:#?}", report.diagnostics);
    report.is_valid()
}

const OLD: &str = r#"
    <xs:element name="a"><xs:complexType><xs:sequence>
      <xs:element name="c" type="Complex" minOccurs="0"/><xs:group ref="group" minOccurs="0"/>
      <xs:element name="s" type="Simple" minOccurs="0"/>
    </xs:sequence><xs:attributeGroup ref="attributes"/></xs:complexType></xs:element>
    <xs:complexType name="Complex"><xs:sequence><xs:element name="x"/></xs:sequence></xs:complexType>
    <xs:simpleType name="Simple"><xs:restriction base="xs:int"/></xs:simpleType>
    <xs:group name="group"><xs:sequence><xs:element name="g" minOccurs="0"/></xs:sequence></xs:group>
    <xs:attributeGroup name="attributes"><xs:attribute name="p" type="xs:int"/><xs:attribute name="q"/></xs:attributeGroup>
    <xs:attributeGroup name="required"><xs:attribute name="u" use="required"/></xs:attributeGroup>"#;

#[test]
fn redefinitions_apply_to_earlier_uses() -> Result {
    let extended = r#"<xs:complexType name="Complex"><xs:complexContent><xs:extension base="Complex">
        <xs:sequence><xs:element name="y"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>"#;
    let schema = redefined(OLD, extended)?;
    assert!(is_valid(&schema, "<a><c><x/><y/></c></a>") && !is_valid(&schema, "<a><c><x/></c></a>"));

    let restricted = r#"<xs:simpleType name="Simple"><xs:restriction base="Simple"><xs:maxInclusive value="3"/>
        </xs:restriction></xs:simpleType>"#;
    let schema = redefined(OLD, restricted)?;
    assert!(is_valid(&schema, "<a><s>3</s></a>") && !is_valid(&schema, "<a><s>4</s></a>"));

    let longer =
        r#"<xs:group name="group"><xs:sequence><xs:group ref="group"/><xs:element name="h"/></xs:sequence></xs:group>"#;
    let schema = redefined(OLD, longer)?;
    assert!(
        is_valid(&schema, "<a><g/><h/></a>") && is_valid(&schema, "<a><h/></a>") && !is_valid(&schema, "<a><g/></a>")
    );

    let shorter = r#"<xs:group name="group"><xs:sequence/></xs:group>"#;
    let schema = redefined(OLD, shorter)?;
    assert!(is_valid(&schema, "<a/>") && !is_valid(&schema, "<a><g/></a>"));

    let more = r#"<xs:attributeGroup name="attributes"><xs:attributeGroup ref="attributes"/><xs:attribute name="r"/></xs:attributeGroup>"#;
    let schema = redefined(OLD, more)?;
    assert!(is_valid(&schema, r#"<a p="1" r="2"/>"#) && !is_valid(&schema, r#"<a t="2"/>"#));

    let less = r#"<xs:attributeGroup name="attributes"><xs:attribute name="p" type="xs:byte" use="required"/></xs:attributeGroup>"#;
    let schema = redefined(OLD, less)?;
    assert!(is_valid(&schema, r#"<a p="1"/>"#) && !is_valid(&schema, "<a/>") && !is_valid(&schema, r#"<a p="500"/>"#));
    Ok(())
}

#[test]
fn redefinitions_follow_each_other() -> Result {
    let extension = |element: &str| {
        format!(
            r#"<xs:complexType name="Complex"><xs:complexContent><xs:extension base="Complex"><xs:sequence><xs:element name="{element}"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>"#
        )
    };
    let redefine =
        |location: &str, body: &str| format!("<xs:redefine schemaLocation=\"{location}\">{body}</xs:redefine>");
    // The innermost one has no target namespace: it takes that of the documents around it.
    let target = r#"targetNamespace="urn:t" xmlns="urn:t""#;
    let root = document(target, &redefine("middle.xsd", &extension("z")));
    let middle =
        document(target, &format!("{}<xs:element name=\"m\" type=\"Complex\"/>", redefine("old.xsd", &extension("y"))));
    let old = document("", OLD);
    let schema = Schema::from_documents(&[("root.xsd", &root), ("middle.xsd", &middle), ("old.xsd", &old)])?;
    assert!(is_valid(&schema, r#"<t:m xmlns:t="urn:t"><x/><y/><z/></t:m>"#));
    assert!(is_valid(&schema, r#"<t:a xmlns:t="urn:t"><c><x/><y/><z/></c></t:a>"#));
    assert!(!is_valid(&schema, r#"<t:m xmlns:t="urn:t"><x/><y/></t:m>"#));

    // Documents may redefine each other, but not the same thing.
    let circle = |one: &str, other: &str| {
        let group =
            |name: &str| format!(r#"<xs:attributeGroup name="{name}"><xs:attribute name="p"/></xs:attributeGroup>"#);
        let one = document("", &format!("{}{}", redefine("other.xsd", &group(other)), group(one)));
        let other_document = document("", &format!("{}{}", redefine("one.xsd", &group(one_name(&one))), group(other)));
        Schema::from_documents(&[("one.xsd", &one), ("other.xsd", &other_document)])
    };
    circle("first", "second")?;
    Ok(())
}

/// The group that a document of the test above declares outside of `xs:redefine`.
fn one_name(document: &str) -> &str {
    document.rsplit("attributeGroup name=\"").next().and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

#[test]
fn invalid_redefinitions_are_refused() -> Result {
    let cases = [
        (
            r#"<xs:complexType name="Complex"><xs:sequence/></xs:complexType>"#,
            "src-redefine",
            "expected `Complex` to be derived from itself, since it is in `xs:redefine`",
        ),
        (
            r#"<xs:simpleType name="Simple"><xs:restriction base="xs:int"/></xs:simpleType>"#,
            "src-redefine",
            "expected `Simple` to be derived from itself, since it is in `xs:redefine`",
        ),
        (
            r#"<xs:simpleType name="Other"><xs:restriction base="Other"/></xs:simpleType>"#,
            "src-expredef",
            "`Other` is not declared in the redefined document",
        ),
        (
            r#"<xs:group name="group"><xs:sequence><xs:group ref="group"/><xs:element name="k"/><xs:group ref="group"/></xs:sequence></xs:group>"#,
            "src-redefine",
            "expected group `group` to contain itself only once",
        ),
        (
            r#"<xs:group name="group"><xs:sequence><xs:group ref="group" minOccurs="0"/></xs:sequence></xs:group>"#,
            "src-redefine",
            "expected a group that contains itself in `xs:redefine` to do so exactly once",
        ),
        (
            r#"<xs:group name="group"><xs:sequence><xs:element name="h"/></xs:sequence></xs:group>"#,
            "rcase-NameAndTypeOK",
            "expected a restriction of the content of the original group `group`, found element `h`",
        ),
        (
            r#"<xs:attributeGroup name="attributes"><xs:attribute name="r"/></xs:attributeGroup>"#,
            "derivation-ok-restriction",
            "attribute `r` is not allowed by the base type",
        ),
        (
            r#"<xs:attributeGroup name="required"/>"#,
            "derivation-ok-restriction",
            "attribute `u` is required by the original attribute group",
        ),
        (
            r#"<xs:attributeGroup name="attributes"><xs:attributeGroup ref="attributes"/><xs:attributeGroup ref="attributes"/></xs:attributeGroup>"#,
            "src-redefine",
            "expected attribute group `attributes` to contain itself only once",
        ),
        (r#"<xs:element name="a"/>"#, "schema-syntax", "`xs:element` is not allowed here in `xs:redefine`"),
    ];
    for (new, constraint, message) in cases {
        let error = redefined(OLD, new).err().ok_or_else(|| format!("not refused: {new}"))?;
        assert_eq!(
            (error.constraint(), error.message(), error.path(), error.errors()),
            (constraint, message, "root.xsd", 1),
            "{new}"
        );
        assert_eq!(error.line(), 1);
    }
    let elsewhere = document("targetNamespace=\"urn:other\"", "");
    let root = document("", "<xs:redefine schemaLocation=\"old.xsd\"/>");
    let error =
        Schema::from_documents(&[("root.xsd", &root), ("old.xsd", &elsewhere)]).err().ok_or("another namespace")?;
    assert_eq!(error.constraint(), "src-redefine");
    // A declaration in another document than the redefined one.
    let declared = document(
        "",
        r#"<xs:include schemaLocation="old.xsd"/><xs:redefine schemaLocation="empty.xsd">
        <xs:simpleType name="Simple"><xs:restriction base="Simple"/></xs:simpleType></xs:redefine>"#,
    );
    let documents =
        [("root.xsd", declared.as_str()), ("old.xsd", &document("", OLD)), ("empty.xsd", &document("", ""))];
    let error = Schema::from_documents(&documents).err().ok_or("declared elsewhere")?;
    assert_eq!((error.constraint(), error.line()), ("src-expredef", 2));
    Ok(())
}

#[test]
fn one_thing_is_redefined_once() -> Result {
    let redefine = r#"<xs:redefine schemaLocation="old.xsd"><xs:simpleType name="Simple"><xs:restriction base="Simple"/></xs:simpleType></xs:redefine>"#;
    let root = document("", &format!("<xs:include schemaLocation=\"other.xsd\"/>{redefine}"));
    let other = document("", redefine);
    let documents = [("root.xsd", root.as_str()), ("other.xsd", &other), ("old.xsd", &document("", OLD))];
    let error = Schema::from_documents(&documents).err().ok_or("redefined twice")?;
    assert_eq!(error.constraint(), "src-expredef");
    Ok(())
}
