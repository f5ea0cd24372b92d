//! Edge cases of structures, from outside: what schemas may declare and what documents may then contain.

use packetcheck::Schema;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn schema(declarations: &str) -> Result<Schema> {
    let text = format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{declarations}</xs:schema>");
    Ok(Schema::from_documents(&[("test.xsd", &text)])?)
}

/// Asserts the verdicts on both paths.
fn assert_verdicts(schema: &Schema, valid: &[&str], invalid: &[&str]) {
    for (documents, expected) in [(valid, true), (invalid, false)] {
        for document in documents {
            let report = schema.explain_without_prediction(document.as_bytes());
            assert_eq!(report.is_valid(), expected, "{document}\n{:#?}", report.diagnostics);
            assert_eq!(schema.is_valid(document.as_bytes()), expected, "{document}");
        }
    }
}

const INSTANCE: &str = "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"";

#[test]
fn attributes_of_the_namespace_of_xml_need_no_document() -> Result {
    let import = r#"<xs:import namespace="http://www.w3.org/XML/1998/namespace"/>"#;
    let schema = schema(&format!(
        r#"{import}<xs:element name="a"><xs:complexType><xs:attribute ref="xml:lang"/><xs:attribute ref="xml:space"/>
           <xs:attribute ref="xml:base" use="required"/></xs:complexType></xs:element>"#
    ))?;
    assert_verdicts(
        &schema,
        &[
            "<a xml:base='b'/>",
            "<a xml:base='b' xml:lang='de-AT' xml:space='preserve'/>",
            "<a xml:base='' xml:lang=''/>",
        ],
        &[
            "<a/>",
            "<a xml:base='b' xml:lang='d e'/>",
            "<a xml:base='b' xml:space='none'/>",
            "<a xml:base='b' xml:id='x'/>",
        ],
    );
    Ok(())
}

#[test]
fn a_prohibited_attribute_of_a_group_takes_nothing_from_the_base() -> Result {
    let restricted = |attributes: &str| {
        schema(&format!(
            r#"<xs:complexType name="B"><xs:attribute name="p"/></xs:complexType>
               <xs:attributeGroup name="g"><xs:attribute name="p" use="prohibited"/></xs:attributeGroup>
               <xs:element name="a"><xs:complexType><xs:complexContent><xs:restriction base="B">{attributes}</xs:restriction></xs:complexContent></xs:complexType></xs:element>"#
        ))
    };
    assert_verdicts(&restricted(r#"<xs:attributeGroup ref="g"/>"#)?, &["<a p='1'/>", "<a/>"], &[]);
    assert_verdicts(&restricted(r#"<xs:attribute name="p" use="prohibited"/>"#)?, &["<a/>"], &["<a p='1'/>"]);
    Ok(())
}

#[test]
fn types_of_a_user_may_be_called_like_built_in_ones() -> Result {
    let schema = schema(
        r#"<xs:element name="a" type="string"/><xs:element name="b" type="unsignedInt"/>
           <xs:simpleType name="string"><xs:restriction base="xs:int"/></xs:simpleType>
           <xs:complexType name="unsignedInt"><xs:sequence><xs:element name="c" type="xs:string"/></xs:sequence></xs:complexType>"#,
    )?;
    let instance = format!("<a {INSTANCE} i:type='string'>1</a>");
    assert_verdicts(&schema, &["<a>1</a>", "<b><c>x</c></b>", &instance], &["<a>x</a>", "<b>1</b>"]);
    Ok(())
}

#[test]
fn a_base_is_extended_by_a_choice() -> Result {
    let extended = |base: &str| {
        schema(&format!(
            r#"<xs:complexType name="B">{base}</xs:complexType>
               <xs:element name="a"><xs:complexType><xs:complexContent><xs:extension base="B">
                 <xs:choice><xs:element name="x"/><xs:element name="y"/></xs:choice>
               </xs:extension></xs:complexContent></xs:complexType></xs:element>"#
        ))
    };
    let sequence = extended(r#"<xs:sequence><xs:element name="b"/></xs:sequence>"#)?;
    assert_verdicts(
        &sequence,
        &["<a><b/><x/></a>", "<a><b/><y/></a>"],
        &["<a><b/></a>", "<a><b/><x/><y/></a>", "<a><x/></a>"],
    );
    let choice = extended(r#"<xs:choice><xs:element name="b"/><xs:element name="c"/></xs:choice>"#)?;
    assert_verdicts(&choice, &["<a><b/><x/></a>", "<a><c/><y/></a>"], &["<a><b/><c/></a>", "<a><x/></a>"]);
    assert_verdicts(&extended("")?, &["<a><x/></a>"], &["<a/>"]);
    Ok(())
}

#[test]
fn the_namespace_of_xsd_may_be_a_target_but_its_types_stay() -> Result {
    let text = |declaration: &str| {
        format!(
            "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"http://www.w3.org/2001/XMLSchema\">{declaration}</xs:schema>"
        )
    };
    let title = Schema::from_documents(&[("test.xsd", &text("<xs:element name=\"title\" type=\"xs:int\"/>"))])?;
    let document = |content: &str| format!("<s:title xmlns:s='http://www.w3.org/2001/XMLSchema'>{content}</s:title>");
    assert_verdicts(&title, &[&document("1")], &[&document("x")]);
    let again = text("<xs:simpleType name=\"int\"><xs:restriction base=\"xs:string\"/></xs:simpleType>");
    let error = Schema::from_documents(&[("test.xsd", &again)]).err().ok_or("a built-in type, once more")?;
    assert_eq!((error.constraint(), error.message()), ("sch-props-correct", "`int` is a built-in type"));
    Ok(())
}

/// A wrong namespace is reported once: an attribute in it is read as one in the right namespace, even if the same
/// element has an attribute that is not allowed.
#[test]
fn attributes_in_a_wrong_namespace_are_not_reported_again() -> Result {
    let schema = Schema::from_documents(&[(
        "orders.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:orders" xmlns:o="urn:orders">
          <xs:attribute name="code" type="xs:int"/>
          <xs:element name="order"><xs:complexType><xs:attribute ref="o:code"/></xs:complexType></xs:element>
        </xs:schema>"#,
    )])?;
    let codes = |document: &str| -> Vec<String> {
        let report = schema.explain(document.as_bytes());
        report.diagnostics.iter().map(|diagnostic| diagnostic.code.to_string()).collect()
    };
    assert_eq!(codes(r#"<o:order xmlns:o="urn:order" o:code="1"/>"#), ["PC0201"]);
    assert_eq!(codes(r#"<o:order xmlns:o="urn:order" o:code="1" size="2"/>"#), ["PC0201", "PC0302"]);
    Ok(())
}

/// The namespace of another year is taken for the instance namespace. Another namespace of W3C is not, and neither is
/// the namespace of another organization with the same ending.
#[test]
fn only_a_namespace_like_that_of_instances_is_meant_for_it() -> Result {
    let schema = schema(r#"<xs:element name="a" type="xs:string" nillable="true"/>"#)?;
    let messages = |namespace: &str| -> Vec<String> {
        let report = schema.explain(format!("<a xmlns:p='{namespace}' p:nil='true'/>").as_bytes());
        report.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()
    };
    for namespace in [
        "http://www.w3.org/1999/XMLSchema-instance",
        "http://www.w3.org/2000/10/XMLSchema-instance",
        "http://www.w3.org/2001/xmlschema-instance/",
        "http://www.w3.org/2001/XMLSchema",
        "http://www.w3.com/2001/XMLSchema-instance",
    ] {
        let expected = format!(
            "expected `xsi:nil` in namespace `http://www.w3.org/2001/XMLSchema-instance` on `a`, found `p:nil` in namespace `{namespace}`"
        );
        assert_eq!(messages(namespace), [expected]);
    }
    for namespace in [
        "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/ns/XMLSchemas/xlink",
        "http://schemas.example.org/XMLSchema-instance",
        "XMLSchema-instance",
        "urn:x",
    ] {
        assert_eq!(messages(namespace), ["expected no attribute of `a`, found `p:nil`"], "{namespace}");
    }
    Ok(())
}
