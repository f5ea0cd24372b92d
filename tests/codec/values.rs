//! serde types lose nothing of a document: content that they cannot hold is an error.

use std::collections::BTreeMap;
use std::error::Error;

use packetcheck::Schema;
use packetcheck::codec::Any;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

type Result = std::result::Result<(), Box<dyn Error>>;

const NIL: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";

fn schema(body: &str) -> std::result::Result<Schema, Box<dyn Error>> {
    let text = format!(r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{body}</xs:schema>"#);
    Ok(Schema::from_documents(&[("a.xsd", &text)])?)
}

/// The written document without its declaration.
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
    // A required one.
    let required = schema(
        r#"<xs:element name="r"><xs:complexType><xs:sequence>
          <xs:element name="zip" type="xs:string" nillable="true"/></xs:sequence></xs:complexType></xs:element>"#,
    )?;
    let value: One = required.decode(nil.as_bytes())?;
    assert_eq!((value.zip.clone(), written(&required, &value)?), (None, nil));
    Ok(())
}

#[test]
fn absent_nil_and_empty_stay_what_they_are_in_any_order() -> Result {
    let of_group = |minimum: &str| {
        schema(&format!(
            r#"<xs:element name="r"><xs:complexType><xs:all minOccurs="{minimum}">
              <xs:element name="zip" type="xs:string" minOccurs="0" nillable="true"/>
              <xs:element name="city" type="xs:string" nillable="true"/></xs:all></xs:complexType></xs:element>"#
        ))
    };
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Required {
        zip: Option<Option<String>>,
        city: Option<String>,
    }
    let required = of_group("1")?;
    let (zip, city) = (format!("<zip {NIL}/>"), format!("<city {NIL}/>"));
    for (document, zip, city) in [
        (format!("<r>{city}</r>"), None, None),
        (format!("<r>{zip}{city}</r>"), Some(None), None),
        ("<r><zip>1</zip><city>a</city></r>".to_owned(), Some(Some("1".to_owned())), Some("a".to_owned())),
    ] {
        let value: Required = required.decode(document.as_bytes())?;
        assert_eq!(value, Required { zip, city });
        assert_eq!(written(&required, &value)?, document);
    }
    // If the whole group can be absent, so can each of its members.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Optional {
        city: Option<Option<String>>,
    }
    let optional = of_group("0")?;
    for (document, city) in [("<r/>".to_owned(), None), (format!("<r>{city}</r>"), Some(None))] {
        let value: Optional = optional.decode(document.as_bytes())?;
        assert_eq!(value, Optional { city });
        assert_eq!(written(&optional, &value)?, document);
    }
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
    // Maps are read too, including ignored entries.
    let maps: Vec<BTreeMap<String, String>> = schema.decode(document.as_bytes())?;
    let read: Vec<(&str, &str)> = maps.iter().flatten().map(|(name, text)| (&**name, &**text)).collect();
    assert_eq!(read, [("$text", "one "), ("b", "two"), ("$text", " three "), ("b", "four"), ("$text", " five")]);
    assert_eq!(schema.decode::<Vec<IgnoredAny>>(document.as_bytes())?.len(), 5);

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
fn content_without_a_place_in_a_struct_is_an_error() -> Result {
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

/// Several ignored children with one name are all ignored, wherever they are.
#[test]
fn several_children_can_be_ignored() -> Result {
    let schema = schema(
        r#"<xs:element name="r"><xs:complexType><xs:choice maxOccurs="unbounded"><xs:element name="a" type="xs:string"/>
          <xs:element name="b" type="xs:string"/></xs:choice></xs:complexType></xs:element>"#,
    )?;
    #[derive(Debug, Deserialize)]
    struct Last {
        #[allow(dead_code, reason = "it is ignored")]
        a: IgnoredAny,
        b: String,
    }
    for document in ["<r><a>1</a><a>2</a><b>3</b></r>", "<r><a>1</a><b>3</b><a>2</a></r>"] {
        assert_eq!(schema.decode::<Last>(document.as_bytes())?.b, "3");
        assert_eq!(schema.decode::<BTreeMap<String, IgnoredAny>>(document.as_bytes())?.len(), 2);
        let all: BTreeMap<String, Vec<String>> = schema.decode(document.as_bytes())?;
        assert_eq!((&*all["a"].join(" "), &*all["b"].join(" ")), ("1 2", "3"));
    }
    Ok(())
}

/// An enum is the only child of its element: other content has no place.
#[test]
fn an_enum_is_all_that_an_element_holds() -> Result {
    let of = |mixed: bool| {
        schema(&format!(
            r#"<xs:element name="r"><xs:complexType mixed="{mixed}"><xs:choice maxOccurs="unbounded">
              <xs:element name="a" type="xs:string"/><xs:element name="b" type="xs:string"/></xs:choice>
              <xs:attribute name="c"/></xs:complexType></xs:element>"#
        ))
    };
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Only {
        A(String),
        B(String),
    }
    let (plain, mixed) = (of(false)?, of(true)?);
    for (schema, document) in
        [(&plain, "<r><a>x</a></r>"), (&plain, "<r>\n  <a>x</a><!-- -->\n</r>"), (&mixed, "<r><a>x</a>&#32;\n</r>")]
    {
        assert_eq!(schema.decode::<Only>(document.as_bytes())?, Only::A("x".into()), "{document}");
    }
    for (schema, document, expected) in [
        (&plain, "<r><a>x</a><b/></r>", "1:5: expected one child, found several"),
        (&mixed, "<r><a>x</a>y</r>", "1:5: expected one child, found text after it"),
        (&mixed, "<r>y<a>x</a></r>", "1:2: expected an element"),
        (
            &mixed,
            "<r c='1'><a>x</a></r>",
            "1:2: `<r>` has the attribute `c`: read it into a struct with a field for that",
        ),
    ] {
        assert_eq!(words::<Only>(schema, document), expected, "{document}");
    }
    Ok(())
}

#[test]
fn json_values_are_what_the_schema_says() -> Result {
    let schema = schema(
        r#"<xs:element name="r"><xs:complexType><xs:sequence>
          <xs:element name="boolean" type="xs:boolean" maxOccurs="2"/><xs:element name="int" type="xs:int"/>
          <xs:element name="long" type="xs:unsignedLong"/><xs:element name="integer" type="xs:integer"/>
          <xs:element name="double" type="xs:double" maxOccurs="2"/><xs:element name="decimal" type="xs:decimal"/>
          <xs:element name="list"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>
          <xs:element name="union" maxOccurs="2"><xs:simpleType><xs:union memberTypes="xs:boolean xs:token"/></xs:simpleType></xs:element>
          <xs:element name="text" type="xs:string" default="x"/><xs:element name="name" type="xs:QName" default="xs:int"/>
          <xs:element name="names"><xs:simpleType><xs:list itemType="xs:QName"/></xs:simpleType></xs:element>
        </xs:sequence><xs:attribute name="state" default="open"/></xs:complexType></xs:element>"#,
    )?;
    let document = "<r xmlns:p='urn:p'><boolean>1</boolean><boolean>false</boolean><int>-07</int>
      <long>18446744073709551615</long><integer>99999999999999999999</integer><double>1.50</double><double>-INF</double>
      <decimal>1.50</decimal><list> 1 2 </list><union>true</union><union> a </union><text/><name/><names>p:a b</names></r>";
    let value: serde_json::Value = schema.decode(document.as_bytes())?;
    let expected = serde_json::json!({
        "@state": "open", "boolean": [true, false], "int": -7, "long": u64::MAX, "integer": "99999999999999999999",
        "double": [1.5, "-INF"], "decimal": "1.50", "list": [1, 2], "union": [true, "a"], "text": "x",
        "name": "Q{http://www.w3.org/2001/XMLSchema}int", "names": ["Q{urn:p}a", "b"],
    });
    assert_eq!(value, expected);
    Ok(())
}

/// What a value says about its element, in attributes of the schema instance namespace.
#[test]
fn attributes_of_instances_are_fields() -> Result {
    let schema = schema(
        r#"<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="a" type="A" nillable="true"/></xs:sequence></xs:complexType></xs:element>
          <xs:complexType name="A"><xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="b"/></xs:extension></xs:simpleContent></xs:complexType>"#,
    )?;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Inner {
        #[serde(rename = "@xsi:nil", default, skip_serializing_if = "Option::is_none")]
        nil: Option<String>,
        #[serde(rename = "$text", default, skip_serializing_if = "String::is_empty")]
        text: String,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Outer {
        #[serde(rename = "@xsi:schemaLocation", default, skip_serializing_if = "Option::is_none")]
        hint: Option<String>,
        #[serde(rename = "@xsi:noNamespaceSchemaLocation", default, skip_serializing_if = "Option::is_none")]
        other: Option<String>,
        a: Inner,
    }
    let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
    let text = |text: &str| Some(text.to_owned());
    for (document, hint, other, nil, inner) in [
        (format!("<r><a {xsi} xsi:nil=\"true\"/></r>"), None, None, text("true"), ""),
        (format!("<r><a {xsi} xsi:nil=\"false\">x</a></r>"), None, None, text("false"), "x"),
        (
            format!("<r {xsi} xsi:schemaLocation=\"urn:a a.xsd\" xsi:noNamespaceSchemaLocation=\"b.xsd\"><a>x</a></r>"),
            text("urn:a a.xsd"),
            text("b.xsd"),
            None,
            "x",
        ),
    ] {
        let value: Outer = schema.decode(document.as_bytes())?;
        assert_eq!(value, Outer { hint, other, a: Inner { nil, text: inner.to_owned() } });
        assert_eq!(written(&schema, &value)?, document);
    }
    let value = Outer { hint: None, other: None, a: Inner { nil: text("maybe"), text: String::new() } };
    let refused = schema.encode(&value).map_err(|error| error.to_string()).err();
    assert_eq!(refused.as_deref(), Some("at /r: expected a boolean as `@xsi:nil`"));
    Ok(())
}

#[test]
fn long_values_are_written_as_short_ones() -> Result {
    let schema =
        schema(r#"<xs:element name="r"><xs:complexType><xs:attribute name="a"/></xs:complexType></xs:element>"#)?;
    for length in [1, 5_000, 1] {
        let document = format!("<r a=\"{}\"/>", "x".repeat(length));
        let value: BTreeMap<String, String> = schema.decode(document.as_bytes())?;
        assert_eq!(written(&schema, &value)?, document);
    }
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
    // An element without attributes and children needs no prefix.
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

const XSI: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

/// Payments: a base type, and types that derive from it.
fn payments() -> std::result::Result<Schema, Box<dyn Error>> {
    schema(
        r#"<xs:element name="order"><xs:complexType><xs:sequence>
             <xs:element name="payment" type="Payment" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
           <xs:complexType name="Payment"><xs:sequence><xs:element name="amount" type="xs:decimal"/></xs:sequence></xs:complexType>
           <xs:complexType name="Card"><xs:complexContent><xs:extension base="Payment"><xs:sequence>
             <xs:element name="number" type="xs:string"/></xs:sequence><xs:attribute name="kind"/></xs:extension></xs:complexContent></xs:complexType>
           <xs:complexType name="Cash"><xs:complexContent><xs:extension base="Payment"/></xs:complexContent></xs:complexType>"#,
    )
}

#[test]
fn a_type_can_be_a_field() -> Result {
    let schema = payments()?;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "order")]
    struct Order {
        payment: Vec<Payment>,
    }
    // The type comes after the fields that it adds.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Payment {
        amount: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        #[serde(rename = "@xsi:type")]
        type_name: Option<String>,
    }
    let document = format!(
        r#"<order><payment><amount>1</amount></payment><payment {XSI} xsi:type="Card" kind="x"><amount>2</amount><number>4111</number></payment><payment {XSI} xsi:type="Payment"><amount>3</amount></payment></order>"#
    );
    let order: Order = schema.decode(document.as_bytes())?;
    let types: Vec<Option<&str>> = order.payment.iter().map(|payment| payment.type_name.as_deref()).collect();
    assert_eq!(types, [None, Some("Card"), Some("Payment")]);
    assert_eq!(written(&schema, &order)?, document);
    let value: serde_json::Value = schema.decode(document.as_bytes())?;
    assert_eq!(value["payment"][1]["@xsi:type"], "Card");
    assert_eq!(written(&schema, &value)?, document);

    let wrong = Order {
        payment: vec![Payment { amount: "1".into(), number: None, kind: None, type_name: Some("Cheque".into()) }],
    };
    let error = schema.encode(&wrong).expect_err("there is no such type").to_string();
    assert_eq!(error, "at /order: expected the name of a type as `@xsi:type`, found `Cheque`");
    let wrong = Order {
        payment: vec![Payment { amount: "1".into(), number: None, kind: None, type_name: Some("string".into()) }],
    };
    let error = schema.encode(&wrong).expect_err("it is not derived").to_string();
    assert_eq!(error, "at /order: the type `string` cannot replace that of `<payment>`: it is not derived from it");
    Ok(())
}

#[test]
fn a_type_can_be_a_variant() -> Result {
    let schema = payments()?;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "order")]
    struct Order {
        payment: Vec<Payment>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Payment {
        #[serde(rename = "Payment")]
        Any {
            amount: String,
        },
        Card {
            number: String,
            amount: String,
        },
        Cash(Cash),
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Cash {
        amount: f64,
    }
    let document = format!(
        r#"<order><payment><amount>1</amount></payment><payment {XSI} xsi:type="Card"><amount>2</amount><number>4111</number></payment><payment {XSI} xsi:type="Cash"><amount>3</amount></payment></order>"#
    );
    let order: Order = schema.decode(document.as_bytes())?;
    let card = Payment::Card { number: "4111".into(), amount: "2".into() };
    assert_eq!(order.payment, [Payment::Any { amount: "1".into() }, card, Payment::Cash(Cash { amount: 3.0 })]);
    assert_eq!(written(&schema, &order)?, document);

    // An enum that serde tags by a field is a struct with that field.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "order")]
    struct Tagged {
        payment: Vec<ByField>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "@xsi:type")]
    enum ByField {
        Card { number: String, amount: String },
        Cash { amount: String },
    }
    let document = document.replace("<payment><amount>1</amount></payment>", "");
    let tagged: Tagged = schema.decode(document.as_bytes())?;
    assert_eq!(tagged.payment[1], ByField::Cash { amount: "3".into() });
    assert_eq!(written(&schema, &tagged)?, document);

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "it is never made")]
    enum Few {
        Cash(Cash),
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "likewise")]
    struct FewOrder {
        payment: Vec<Few>,
    }
    assert_eq!(words::<FewOrder>(&schema, &document), "1:9: unknown variant `Card`, expected `Cash`");
    Ok(())
}

#[test]
fn a_type_without_a_place_is_an_error() -> Result {
    let schema = payments()?;
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "it is read alone")]
    struct Order {
        payment: Payment,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "likewise")]
    struct Payment {
        amount: String,
    }
    let cash = format!(r#"<order><payment {XSI} xsi:type="Cash"><amount>3</amount></payment></order>"#);
    let expected = "struct `Payment` has no field for the attribute `xsi:type` of `<payment>`";
    assert!(words::<Order>(&schema, &cash).ends_with(expected), "{}", words::<Order>(&schema, &cash));
    // Its declared type need not be written.
    assert_eq!(words::<Order>(&schema, &cash.replace("Cash", "Payment")), "");

    let values = self::schema(r#"<xs:element name="v" type="xs:anySimpleType"/>"#)?;
    let document = format!(r#"<v {XSI} xmlns:ns1="http://www.w3.org/2001/XMLSchema" xsi:type="ns1:int">7</v>"#);
    let found = words::<String>(&values, &document);
    assert!(found.contains("`<v>` has the type `int` by `xsi:type`: read it into a struct"), "{found}");
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Value {
        #[serde(rename = "int")]
        Int(i32),
        #[serde(rename = "string")]
        Text(String),
    }
    assert_eq!(values.decode::<Value>(document.as_bytes())?, Value::Int(7));
    let again = written(&values, &Value::Int(7))?;
    assert_eq!(values.decode::<Value>(again.as_bytes())?, Value::Int(7), "{again}");
    Ok(())
}

#[test]
fn types_in_namespaces_are_written_with_a_prefix() -> Result {
    let main = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" xmlns="urn:m" targetNamespace="urn:m">
      <xs:import namespace="urn:o" schemaLocation="o.xsd"/><xs:import schemaLocation="n.xsd"/>
      <xs:element name="r" type="B"/><xs:complexType name="B"><xs:attribute name="id"/></xs:complexType>
      <xs:complexType name="D"><xs:complexContent><xs:extension base="B"/></xs:complexContent></xs:complexType></xs:schema>"#;
    let other = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="urn:m" targetNamespace="urn:o">
      <xs:import namespace="urn:m" schemaLocation="m.xsd"/>
      <xs:complexType name="D"><xs:complexContent><xs:extension base="m:B"/></xs:complexContent></xs:complexType></xs:schema>"#;
    let none = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="urn:m">
      <xs:import namespace="urn:m" schemaLocation="m.xsd"/>
      <xs:complexType name="N"><xs:complexContent><xs:extension base="m:B"/></xs:complexContent></xs:complexType></xs:schema>"#;
    let schema = Schema::from_documents(&[("m.xsd", main), ("o.xsd", other), ("n.xsd", none)])?;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Root {
        id: Option<String>,
        #[serde(rename = "@xsi:type")]
        type_name: Option<String>,
    }
    for (prefixes, name, key) in
        [(r#"xmlns:p="urn:m""#, "p:D", "Q{urn:m}D"), (r#"xmlns:p="urn:o""#, "p:D", "Q{urn:o}D"), ("", "N", "N")]
    {
        let document = format!(r#"<q:r xmlns:q="urn:m" {prefixes} {XSI} xsi:type="{name}" id="7"/>"#);
        let value: Root = schema.decode(document.as_bytes())?;
        assert_eq!(value.type_name.as_deref(), Some(key), "{document}");
        let again = written(&schema, &value)?;
        assert_eq!(schema.decode::<Root>(again.as_bytes())?, value, "{again}");
        assert_eq!(schema.decode_to_json(again.as_bytes())?, schema.decode_to_json(document.as_bytes())?);
    }
    Ok(())
}

#[test]
fn names_of_several_namespaces_are_several_keys() -> Result {
    let main = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:m">
      <xs:import namespace="urn:o" schemaLocation="o.xsd"/>
      <xs:element name="r"><xs:complexType><xs:sequence>
        <xs:element name="id" type="xs:int"/><xs:element ref="o:id"/><xs:element ref="o:other" minOccurs="0"/>
      </xs:sequence><xs:attribute name="id"/><xs:attribute ref="o:id"/><xs:attribute ref="xml:lang"/></xs:complexType></xs:element></xs:schema>"#;
    let main = main.replace(
        r#"<xs:import namespace="urn:o""#,
        r#"<xs:import namespace="http://www.w3.org/XML/1998/namespace"/><xs:import namespace="urn:o""#,
    );
    let other = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:o">
      <xs:element name="id" type="xs:string"/><xs:element name="other" type="xs:string"/><xs:attribute name="id"/></xs:schema>"#;
    let schema = Schema::from_documents(&[("m.xsd", &main), ("o.xsd", other)])?;
    let document = r#"<r xmlns="urn:m" xmlns:ns3="urn:o" id="a" ns3:id="b" xml:lang="en"><id xmlns="">1</id><id xmlns="urn:o">2</id><other xmlns="urn:o">3</other></r>"#;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Root {
        #[serde(rename = "Q{urn:o}id")]
        theirs: String,
        #[serde(rename = "Q{}id")]
        own: i32,
        other: String,
        #[serde(rename = "@Q{}id")]
        attribute: String,
        #[serde(rename = "@Q{urn:o}id")]
        their_attribute: String,
        #[serde(rename = "@xml:lang")]
        lang: String,
    }
    let value: Root = schema.decode(document.as_bytes())?;
    assert_eq!((value.own, &*value.theirs, &*value.other), (1, "2", "3"));
    assert_eq!((&*value.attribute, &*value.their_attribute, &*value.lang), ("a", "b", "en"));
    let again = written(&schema, &value)?;
    assert_eq!(schema.decode::<Root>(again.as_bytes())?, value, "{again}");
    // The keys are those of JSON.
    let map: serde_json::Value = schema.decode(document.as_bytes())?;
    let json: serde_json::Value = serde_json::from_slice(&schema.decode_to_json(document.as_bytes())?)?;
    assert_eq!(map, json["r"]);
    #[derive(Serialize)]
    #[serde(rename = "r")]
    struct Named(serde_json::Value);
    let again: serde_json::Value = serde_json::from_slice(&schema.decode_to_json(&schema.encode(&Named(map))?)?)?;
    assert_eq!(again, json);
    Ok(())
}

#[test]
fn elements_that_a_wildcard_admits_have_their_namespace() -> Result {
    let schema = schema(
        r###"<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="id" type="xs:int"/>
          <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/></xs:complexType></xs:element>"###,
    )?;
    let document = r#"<r xmlns:p="urn:p" p:id="a"><id>1</id><p:id>2</p:id><id xmlns="urn:p">3</id></r>"#;
    let value: serde_json::Value = schema.decode(document.as_bytes())?;
    assert_eq!(value["id"], 1, "one wildcard does not make an array of its siblings");
    assert_eq!(value["Q{urn:p}id"].as_array().map(Vec::len), Some(2));
    assert_eq!(value["@Q{urn:p}id"], "a");
    Ok(())
}

#[test]
fn values_without_a_place_for_attributes_refuse_them() -> Result {
    let schema = schema(
        r#"<xs:element name="r"><xs:complexType><xs:sequence>
          <xs:element name="item" maxOccurs="unbounded"><xs:complexType><xs:simpleContent><xs:extension base="xs:token">
            <xs:attribute name="price"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
          <xs:element name="nothing" minOccurs="0" nillable="true" type="xs:string"/>
          </xs:sequence></xs:complexType></xs:element>"#,
    )?;
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "it is read alone")]
    struct Texts {
        item: Vec<String>,
        nothing: Option<Option<String>>,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "likewise")]
    struct Units {
        item: Vec<()>,
        nothing: Option<()>,
    }
    let priced = "<r><item>tea</item><item price='2'>tea</item></r>";
    let expected = "1:21: `<item>` has the attribute `price`: read it into a struct with a field for that";
    assert_eq!(words::<Texts>(&schema, priced), expected);
    assert_eq!(words::<Texts>(&schema, "<r><item>tea</item></r>"), "");
    assert_eq!(words::<Units>(&schema, "<r><item>tea</item></r>"), "1:5: expected nothing in `<item>`, found text");
    assert_eq!(words::<Units>(&schema, "<r><item/></r>"), "");
    let nil = format!("<r><item/><nothing {NIL}/></r>");
    let value: serde_json::Value = schema.decode(nil.as_bytes())?;
    assert_eq!(value, serde_json::json!({"item": [{"$text": ""}], "nothing": null}));
    assert_eq!(written(&schema, &value)?, nil);
    Ok(())
}

#[test]
fn qualified_names_keep_their_namespaces() -> Result {
    let types = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">
      <xs:element name="r"><xs:complexType><xs:sequence><xs:element name="n" type="xs:QName" maxOccurs="unbounded"/></xs:sequence>
      <xs:attribute name="a" type="xs:QName"/></xs:complexType></xs:element></xs:schema>"#;
    let schema = Schema::from_documents(&[("t.xsd", types)])?;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Root {
        a: Option<String>,
        n: Vec<String>,
    }
    let document =
        r#"<t:r xmlns:t="urn:t" xmlns:o="urn:o" a=" o:x "><t:n>t:y</t:n><t:n>bare</t:n><t:n>o:z</t:n></t:r>"#;
    let value: Root = schema.decode(document.as_bytes())?;
    assert_eq!(value.a.as_deref(), Some("Q{urn:o}x"));
    assert_eq!(value.n, ["Q{urn:t}y", "bare", "Q{urn:o}z"]);
    let again = written(&schema, &value)?;
    assert_eq!(schema.decode::<Root>(again.as_bytes())?, value, "{again}");
    assert_eq!(schema.decode_to_json(again.as_bytes())?, schema.decode_to_json(document.as_bytes())?);
    // Such a name has no prefix, and the element of the attribute is in a namespace.
    let error = schema.encode(&Root { a: Some("bare".into()), n: vec!["Q{urn:t}y".into()] }).expect_err("it has none");
    let expected = "at /r: a name in no namespace cannot be written in an element that is in one";
    assert_eq!(error.to_string(), expected);
    Ok(())
}

/// Children that a wildcard accepts come back from structs: by name, as markup, and as variants.
mod wildcards {
    use std::collections::BTreeMap;

    use packetcheck::codec::Any;

    use super::*;

    const ROOT: &str = r###"<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="id" type="xs:int"/>
          <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          </xs:complexType></xs:element>
        <xs:element name="price"><xs:complexType><xs:simpleContent><xs:extension base="xs:decimal">
          <xs:attribute name="unit" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>"###;

    fn comes_back<'d, T>(document: &'d str, expected: &T) -> Result
    where
        T: Serialize + Deserialize<'d> + PartialEq + std::fmt::Debug,
    {
        let schema = schema(ROOT)?;
        let value: T = schema.decode(document.as_bytes()).map_err(|error| format!("{document}: {error}"))?;
        assert_eq!(value, *expected, "{document}");
        let again = written(&schema, &value)?;
        let json = |document: &str| schema.decode_to_json(document.as_bytes());
        assert_eq!(String::from_utf8(json(&again)?)?, String::from_utf8(json(document)?)?, "{again}");
        Ok(())
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Price {
        #[serde(rename = "@unit", skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
        #[serde(rename = "$text")]
        value: String,
    }

    /// Without a declaration.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Note {
        #[serde(rename = "@lang")]
        lang: String,
        #[serde(rename = "Q{urn:p}by")]
        by: String,
        #[serde(default)]
        line: Vec<u8>,
    }

    #[test]
    fn by_name() -> Result {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename = "r")]
        struct Named<'a> {
            #[serde(rename = "Q{urn:p}note")]
            note: Option<Note>,
            id: i32,
            price: Vec<Price>,
            #[serde(rename = "Q{urn:p}tag", default)]
            tag: Vec<String>,
            bare: Option<bool>,
            #[serde(rename = "Q{urn:q}empty")]
            empty: Option<()>,
            #[serde(rename = "Q{urn:q}any", default, borrow)]
            any: Any<'a>,
        }
        let price = |unit: Option<&str>, value: &str| Price { unit: unit.map(str::to_owned), value: value.into() };
        comes_back(
            "<r xmlns:p='urn:p'><id>1</id><p:note lang='en'><p:by>Ada</p:by><line>1</line><line>2</line></p:note>\
             <price unit='EUR'>2.5</price><price>3</price><p:tag>a</p:tag><p:tag>b</p:tag><bare>true</bare>\
             <empty xmlns='urn:q'/><q:any xmlns:q='urn:q' q:x='1'><q:y/></q:any></r>",
            &Named {
                note: Some(Note { lang: "en".into(), by: "Ada".into(), line: vec![1, 2] }),
                id: 1,
                price: vec![price(Some("EUR"), "2.5"), price(None, "3")],
                tag: vec!["a".into(), "b".into()],
                bare: Some(true),
                empty: Some(()),
                any: Any::Markup("<q:any xmlns:p=\"urn:p\" xmlns:q='urn:q' q:x='1'><q:y/></q:any>".into()),
            },
        )
    }

    #[test]
    fn as_markup() -> Result {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename = "r")]
        struct Whatever<'a> {
            id: i32,
            #[serde(rename = "$value", default, borrow)]
            others: Vec<Any<'a>>,
        }
        let markup = |text: &'static str| Any::Markup(text.into());
        comes_back(
            "<r><id>1</id><note xmlns='urn:p' lang='en'>a<b/></note><price unit='EUR'>2.5</price><bare>1</bare><x xmlns='urn:q'/></r>",
            &Whatever {
                id: 1,
                others: vec![
                    markup("<note xmlns='urn:p' lang='en'>a<b/></note>"),
                    markup("<price unit='EUR'>2.5</price>"),
                    markup("<bare>1</bare>"),
                    markup("<x xmlns='urn:q'/>"),
                ],
            },
        )?;
        // Text alone does not name an element.
        let error =
            schema(ROOT)?.encode(&Whatever { id: 1, others: vec![Any::from("x")] }).expect_err("it has no name");
        assert!(error.to_string().contains("field `$value` names neither an attribute nor a child here"), "{error}");
        Ok(())
    }

    #[test]
    fn as_variants() -> Result {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        enum Other {
            #[serde(rename = "Q{urn:p}note")]
            Note(Note),
            #[serde(rename = "price")]
            Price(Price),
            #[serde(rename = "bare")]
            Bare(u8),
            #[serde(rename = "Q{urn:q}mark")]
            Mark,
        }
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename = "r")]
        struct Variants {
            id: i32,
            #[serde(rename = "$value", default)]
            others: Vec<Other>,
        }
        comes_back(
            "<r><id>1</id><bare>1</bare><p:note xmlns:p='urn:p' lang='en'><p:by>Ada</p:by></p:note><q:mark xmlns:q='urn:q'/>\
             <bare>2</bare><price unit='EUR'>2.5</price></r>",
            &Variants {
                id: 1,
                others: vec![
                    Other::Bare(1),
                    Other::Note(Note { lang: "en".into(), by: "Ada".into(), line: Vec::new() }),
                    Other::Mark,
                    Other::Bare(2),
                    Other::Price(Price { unit: Some("EUR".into()), value: "2.5".into() }),
                ],
            },
        )
    }

    #[test]
    fn as_a_map() -> Result {
        let schema = schema(ROOT)?;
        let document = "<r><id>1</id><p:x xmlns:p='urn:p'><y>1</y></p:x><price unit='EUR'>2.5</price><z/></r>";
        let value: BTreeMap<String, serde_json::Value> = schema.decode(document.as_bytes())?;
        #[derive(Serialize)]
        #[serde(rename = "r")]
        struct Root(BTreeMap<String, serde_json::Value>);
        assert_eq!(
            schema.decode_to_json(written(&schema, &Root(value))?.as_bytes())?,
            schema.decode_to_json(document.as_bytes())?
        );
        Ok(())
    }

    /// In a schema with a namespace: names without one, types of an instance, nil.
    #[test]
    fn among_qualified_names() -> Result {
        let text = r###"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">
          <xs:element name="r"><xs:complexType><xs:sequence><xs:any processContents="lax" maxOccurs="9"/></xs:sequence></xs:complexType></xs:element>
          <xs:element name="n" type="xs:int" nillable="true"/>
          <xs:complexType name="T" xmlns="urn:t"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:complexType></xs:schema>"###;
        let schema = Schema::from_documents(&[("t.xsd", text)])?;
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Typed {
            #[serde(rename = "@xsi:type")]
            type_name: String,
            a: u8,
        }
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename = "r")]
        struct Root {
            #[serde(rename = "Q{urn:t}n")]
            n: Vec<Option<u8>>,
            bare: String,
            #[serde(rename = "Q{urn:o}x")]
            x: Typed,
            #[serde(rename = "typed")]
            typed: Typed,
        }
        let document = "<r xmlns='urn:t' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><n>1</n><n i:nil='true'/>\
            <bare xmlns=''>b</bare><x xmlns='urn:o' xmlns:t='urn:t' i:type='t:T'><a xmlns='urn:t'>1</a></x>\
            <typed xmlns='' xmlns:t='urn:t' i:type='t:T'><t:a>2</t:a></typed></r>";
        let value: Root = schema.decode(document.as_bytes())?;
        assert_eq!((&*value.bare, value.x.a, value.typed.a), ("b", 1, 2));
        let again = written(&schema, &value)?;
        assert_eq!(schema.decode_to_json(again.as_bytes())?, schema.decode_to_json(document.as_bytes())?, "{again}");
        Ok(())
    }

    /// Text is text, and elements are markup.
    #[test]
    fn in_mixed_content() -> Result {
        let schema = schema(r#"<xs:element name="r" type="xs:anyType"/>"#)?;
        #[derive(Debug, Serialize, Deserialize)]
        #[serde(rename = "r")]
        struct Mixed<'a> {
            #[serde(rename = "$value", borrow)]
            items: Vec<Any<'a>>,
        }
        let document = "<r>a <b>c</b> d<e xmlns='urn:p'/></r>";
        let value: Mixed<'_> = schema.decode(document.as_bytes())?;
        assert_eq!(value.items.len(), 4);
        assert_eq!(value.items[0], Any::from("a "));
        assert_eq!(written(&schema, &value)?, document);
        Ok(())
    }

    /// Values that the schema rejects are not written.
    #[test]
    fn only_what_it_admits() -> Result {
        let schema = schema(
            r###"<xs:element name="r"><xs:complexType><xs:sequence>
              <xs:any namespace="##other" processContents="strict" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>"###,
        )?;
        #[derive(Serialize)]
        #[serde(rename = "r")]
        struct Bare {
            bare: u8,
        }
        let error = schema.encode(&Bare { bare: 1 }).expect_err("only elements of other namespaces");
        assert!(error.to_string().contains("field `bare` names neither an attribute nor a child here"), "{error}");
        #[derive(Serialize)]
        #[serde(rename = "r")]
        struct Strict {
            #[serde(rename = "Q{urn:p}x")]
            x: u8,
        }
        let error = schema.encode(&Strict { x: 1 }).expect_err("only declared elements");
        assert!(error.report().is_some(), "{error}");
        Ok(())
    }
}

/// For a union of names and strings, a string is written unchanged, unless all of it is a name.
#[test]
fn strings_of_a_union_with_names_are_not_rewritten() -> Result {
    let types = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence>
        <xs:element name="u"><xs:simpleType><xs:union memberTypes="xs:QName xs:string"/></xs:simpleType></xs:element>
      </xs:sequence></xs:complexType></xs:element></xs:schema>"#;
    let schema = Schema::from_documents(&[("u.xsd", types)])?;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "r")]
    struct Root<'a> {
        u: &'a str,
    }
    for u in ["see Q{urn:q}x here", " a  Q{ b ", "Q{urn:q} x", " x y "] {
        assert_eq!(schema.decode::<Root<'_>>(&schema.encode(&Root { u })?)?, Root { u });
    }
    let name = written(&schema, &Root { u: "Q{urn:q}x" })?;
    assert!(name.contains(r#"="urn:q""#) && name.contains(":x</u>"), "{name}");
    Ok(())
}

/// Scalars of every width, as elements, attributes and items of lists.
#[test]
fn every_scalar_comes_back() -> Result {
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Unit(u8);
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Choice {
        SeaGreen,
        Red,
    }
    macro_rules! scalars {
        ($struct:ident $($name:literal $field:ident $type:ty),*) => {
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
            #[serde(rename = "r")]
            struct $struct { $(#[serde(rename = $name)] $field: $type,)* }
        };
    }
    scalars!(Elements "a" a i8, "b" b i16, "c" c i32, "d" d i64, "e" e i128, "f" f u8, "g" g u16, "h" h u32, "i" i u64,
        "j" j u128, "k" k f32, "l" l f64, "m" m bool, "n" n char, "o" o String, "p" p Unit, "q" q Choice, "s" s Option<i16>);
    scalars!(Attributes "@a" a i8, "@b" b i16, "@c" c i32, "@d" d i64, "@e" e i128, "@f" f u8, "@g" g u16, "@h" h u32, "@i" i u64,
        "@j" j u128, "@k" k f32, "@l" l f64, "@m" m bool, "@n" n char, "@o" o String, "@p" p Unit, "@q" q Choice, "@s" s Option<i16>);
    type Items = (i8, i16, i64, i128, u8, u16, u64, u128, f32, bool, char, Unit);
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "list")]
    struct List(Items);

    let texts = [
        "-128",
        "-32768",
        "-2147483648",
        "-9223372036854775808",
        "-170141183460469231731687303715884105728",
        "255",
        "65535",
        "4294967295",
        "18446744073709551615",
        "340282366920938463463374607431768211455",
        "-INF",
        "1.5",
        "true",
        "\u{e4}",
        "x y",
        "7",
        "sea-green",
        "-1",
    ];
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "s"];
    let elements: String = names.iter().map(|name| format!("<xs:element name='{name}' type='xs:string'/>")).collect();
    let of_elements = schema(&format!(
        "<xs:element name='r'><xs:complexType><xs:sequence>{elements}</xs:sequence></xs:complexType></xs:element>"
    ))?;
    let pairs = || names.iter().zip(texts);
    let document =
        format!("<r>{}</r>", pairs().map(|(name, text)| format!("<{name}>{text}</{name}>")).collect::<String>());
    let value: Elements = of_elements.decode(document.as_bytes())?;
    assert_eq!(
        (value.a, value.j, value.k, value.q.clone(), value.s),
        (-128, u128::MAX, f32::NEG_INFINITY, Choice::SeaGreen, Some(-1))
    );
    assert_eq!(of_elements.decode::<Elements>(&of_elements.encode(&value)?)?, value);

    let attributes: String = names.iter().map(|name| format!("<xs:attribute name='{name}'/>")).collect();
    let of_attributes =
        schema(&format!("<xs:element name='r'><xs:complexType>{attributes}</xs:complexType></xs:element>"))?;
    let document = format!("<r {}/>", pairs().map(|(name, text)| format!("{name}='{text}' ")).collect::<String>());
    let value: Attributes = of_attributes.decode(document.as_bytes())?;
    assert_eq!(written(&of_attributes, &value)?, document.replace('\'', "\"").replace(" />", "/>"));
    assert_eq!(of_attributes.decode::<Attributes>(&of_attributes.encode(&value)?)?, value);

    let of_list = schema("<xs:element name='list' type='xs:NMTOKENS'/>")?;
    let document = "<list>-128 -1 -3 -4 255 1 3 4 1.5 true \u{e4} 7</list>";
    let value: List = of_list.decode(document.as_bytes())?;
    assert_eq!(written(&of_list, &value)?, document);
    // A number that does not fit.
    let document = "<list>-128 -1 -3 -4 256 1 3 4 1.5 true \u{e4} 7</list>";
    assert_eq!(words::<List>(&of_list, document), "1:2: expected an integer from 0 to 255, found `256`");
    Ok(())
}
