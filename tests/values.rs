//! serde types lose nothing of a document: what they have no place for is an error.

use std::error::Error;

use packetcheck::Schema;
use packetcheck::codec::Any;
use serde::{Deserialize, Serialize};

type Result = std::result::Result<(), Box<dyn Error>>;

const NIL: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";

fn schema(body: &str) -> std::result::Result<Schema, Box<dyn Error>> {
    let text = format!(r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{body}</xs:schema>"#);
    Ok(Schema::from_documents(&[("a.xsd", &text)])?)
}

/// What is written, without the declaration.
fn written<T: Serialize>(schema: &Schema, value: &T) -> std::result::Result<String, Box<dyn Error>> {
    let text = String::from_utf8(schema.encode(value)?)?;
    Ok(text.split_once("?>\n").map_or(text.clone(), |(_, document)| document.to_owned()))
}

fn words<'d, T: Deserialize<'d>>(schema: &Schema, document: &'d str) -> String {
    schema.decode::<T>(document.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn absent_nil_and_empty_stay_what_they_are() -> Result {
    let optional = schema(
        r#"<xs:element name="r"><xs:complexType><xs:sequence>
          <xs:element name="zip" type="xs:string" minOccurs="0" nillable="true"/></xs:sequence></xs:complexType></xs:element>"#,
    )?;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Both {
        zip: Option<Option<String>>,
    }
    let nil = format!("<r><zip {NIL}/></r>");
    let cases = [("<r/>", None), (&*nil, Some(None)), ("<r><zip/></r>", Some(Some(String::new())))];
    for (document, zip) in cases {
        let value: Both = optional.decode(document.as_bytes())?;
        assert_eq!(value, Both { zip });
        assert_eq!(written(&optional, &value)?, document);
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct One {
        zip: Option<String>,
    }
    assert_eq!(written(&optional, &optional.decode::<One>(b"<r/>")?)?, "<r/>");
    let expected = "1:5: `<zip>` is nil and could be absent as well: `Option<Option<T>>` holds both";
    assert_eq!(words::<One>(&optional, &nil), expected);
    // One that cannot be absent.
    let required = schema(
        r#"<xs:element name="r"><xs:complexType><xs:sequence>
          <xs:element name="zip" type="xs:string" nillable="true"/></xs:sequence></xs:complexType></xs:element>"#,
    )?;
    let value: One = required.decode(nil.as_bytes())?;
    assert_eq!((value.zip.clone(), written(&required, &value)?), (None, nil));
    Ok(())
}

#[test]
fn mixed_content_is_an_enum_or_any_or_an_error() -> Result {
    let schema = schema(
        r#"<xs:element name="p"><xs:complexType mixed="true"><xs:sequence>
          <xs:element name="b" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence></xs:complexType></xs:element>"#,
    )?;
    let document = "<p>one <b>two</b> three <b>four</b> five</p>";
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Part {
        #[serde(rename = "b")]
        Bold(String),
        #[serde(rename = "$text")]
        Text(String),
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "p")]
    struct Paragraph {
        #[serde(rename = "$value")]
        parts: Vec<Part>,
    }
    let bold = |text: &str| Part::Bold(text.into());
    let text = |text: &str| Part::Text(text.into());
    let value: Paragraph = schema.decode(document.as_bytes())?;
    assert_eq!(value.parts, [text("one "), bold("two"), text(" three "), bold("four"), text(" five")]);
    assert_eq!(written(&schema, &value)?, document);
    assert_eq!(schema.decode::<Vec<Part>>(document.as_bytes())?, value.parts);
    assert!(String::from_utf8(schema.encode_pretty(&value)?)?.ends_with(&format!("{document}\n")));
    let blank: Paragraph = schema.decode(b"<p><b>x</b> <b>y</b></p>")?;
    assert_eq!(blank.parts, [bold("x"), text(" "), bold("y")]);
    let any: Any<'_> = schema.decode(document.as_bytes())?;
    assert_eq!(written(&schema, &any)?, document);

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "it is never made")]
    struct Bold {
        b: Vec<String>,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "likewise")]
    struct Torn {
        #[serde(rename = "$text")]
        text: String,
        b: Vec<String>,
    }
    let torn = "`<p>` has text between its children: read it as `Any`, or into a field `$value` with a `Vec` of an enum that has a variant `$text`";
    for found in [
        words::<Bold>(&schema, document),
        words::<Torn>(&schema, document),
        words::<Torn>(&schema, "<p>a<b/></p>"),
        words::<Torn>(&schema, "<p><b/>a</p>"),
        words::<serde_json::Value>(&schema, document),
    ] {
        assert!(found.ends_with(torn), "{found}");
    }
    Ok(())
}

#[test]
fn what_a_struct_has_no_place_for_is_an_error() -> Result {
    let schema = schema(
        r#"<xs:element name="order"><xs:complexType><xs:sequence><xs:element name="customer" type="xs:string"/>
          <xs:element name="note" type="xs:string" minOccurs="0"/></xs:sequence><xs:attribute name="id" type="xs:int"/>
          <xs:attribute name="kind" default="x"/></xs:complexType></xs:element>"#,
    )?;
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "it is read alone")]
    struct Order {
        idd: Option<i32>,
        customer: String,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "likewise")]
    struct Bare {
        customer: String,
    }
    #[derive(Debug, Deserialize)]
    struct Nothing {}
    let document = "<order id='7'><customer>Ada</customer></order>";
    assert_eq!(
        words::<Order>(&schema, document),
        "1:8: struct `Order` has field `idd`, but `<order>` has no such attribute or child; did you mean `id`?"
    );
    assert_eq!(words::<Bare>(&schema, document), "1:8: struct `Bare` has no field for the attribute `id` of `<order>`");
    let noted = "<order><customer>Ada</customer><note>x</note></order>";
    assert_eq!(words::<Bare>(&schema, noted), "1:33: struct `Bare` has no field for the child `note` of `<order>`");
    let alone = "<order><customer>Ada</customer></order>";
    assert_eq!(words::<Bare>(&schema, alone), "", "a default of the schema is not in the document");
    assert_eq!(
        words::<Nothing>(&schema, alone),
        "1:9: struct `Nothing` has no field for the child `customer` of `<order>`"
    );
    assert!(schema.decode::<serde::de::IgnoredAny>(noted.as_bytes()).is_ok());
    Ok(())
}

#[test]
fn a_root_read_as_any_is_written_as_it_was() -> Result {
    let types = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:p">
      <xs:element name="r"/><xs:element name="s"/></xs:schema>"#;
    let qualified = Schema::from_documents(&[("p.xsd", types)])?;
    let plain = schema(r#"<xs:element name="r"/>"#)?;
    for (schema, document) in [
        (&plain, "<r/>"),
        (&plain, r#"<r xmlns:p="urn:p"><p:x p:y="1">t</p:x></r>"#),
        (&qualified, r#"<p:r xmlns:p="urn:p"><c/></p:r>"#),
        (&qualified, r#"<s xmlns="urn:p" xmlns:p="urn:p"><p:c/></s>"#),
    ] {
        let any: Any<'_> = schema.decode(document.as_bytes())?;
        assert_eq!(written(schema, &any)?, document);
    }
    // Of an element without attributes and children nothing needs a prefix.
    let any: Any<'_> = plain.decode(b"<r xmlns:p='urn:p'/>")?;
    assert_eq!(written(&plain, &any)?, "<r/>");
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Outer<'a> {
        #[serde(borrow)]
        x: Vec<Any<'a>>,
    }
    let outer = schema(
        r#"<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="x" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType></xs:element>"#,
    )?;
    let document = r#"<r xmlns:p="urn:p"><x><p:a p:b="1">t</p:a></x><x xmlns:q="urn:q" q:c=""/></r>"#;
    let value: Outer<'_> = outer.decode(document.as_bytes())?;
    let expected = r#"<r><x xmlns:p="urn:p"><p:a p:b="1">t</p:a></x><x xmlns:p="urn:p" xmlns:q="urn:q" q:c=""/></r>"#;
    assert_eq!(written(&outer, &value)?, expected);
    Ok(())
}

#[test]
fn numbers_that_json_lacks_keep_their_names() -> Result {
    let schema = schema(r#"<xs:element name="f" type="xs:double"/>"#)?;
    for (document, expected) in [("<f>INF</f>", "INF"), ("<f>-INF</f>", "-INF"), ("<f>NaN</f>", "NaN")] {
        let value: serde_json::Value = schema.decode(document.as_bytes())?;
        assert_eq!(value, expected);
        assert_eq!(written(&schema, &value)?, document);
    }
    assert_eq!(schema.decode::<f64>(b"<f>-INF</f>")?, f64::NEG_INFINITY);
    Ok(())
}
