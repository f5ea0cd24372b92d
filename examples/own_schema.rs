//! Values of your own types, with a schema of your own: attributes, a choice, nil, mixed content, dates, types by name.
//!
//! `cargo run --example own_schema`

use packetcheck::{Error, Schema};
use serde::{Deserialize, Serialize};

const ORDER: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="order"><xs:complexType>
    <xs:sequence>
      <xs:element name="due" type="xs:date" nillable="true"/>
      <xs:choice maxOccurs="unbounded">
        <xs:element name="item" type="Item"/>
        <xs:element name="discount" type="xs:decimal"/>
      </xs:choice>
      <xs:element name="remark" minOccurs="0"><xs:complexType mixed="true">
        <xs:sequence><xs:element name="b" type="xs:string" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
      </xs:complexType></xs:element>
      <xs:element name="payment" type="Payment"/>
    </xs:sequence>
    <xs:attribute name="id" type="xs:unsignedInt" use="required"/>
  </xs:complexType></xs:element>
  <xs:complexType name="Item"><xs:simpleContent><xs:extension base="xs:token">
    <xs:attribute name="price" type="xs:decimal"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="Payment"><xs:sequence/></xs:complexType>
  <xs:complexType name="Card"><xs:complexContent><xs:extension base="Payment"><xs:sequence>
    <xs:element name="number" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
</xs:schema>"#;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename = "order")]
struct Order {
    id: u32,             // an attribute
    due: Option<String>, // `None` is nil; a date as it is written (`jiff::civil::Date` does as well)
    lines: Vec<Line>,    // the choice: a field of any name that holds an enum
    remark: Option<Remark>,
    payment: Payment,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Item(Item),
    Discount(String), // decimals are exact as texts
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Item {
    #[serde(rename = "@price")]
    price: Option<String>,
    #[serde(rename = "$text")]
    name: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Remark {
    #[serde(rename = "$value")]
    parts: Vec<Part>,
}

/// Mixed content: texts and elements in their order.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Part {
    #[serde(rename = "$text")]
    Text(String),
    #[serde(rename = "b")]
    Bold(String),
}

/// Variants are types of the schema, selected by `xsi:type`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Payment {
    Card { number: String },
}

fn main() -> Result<(), Error> {
    let schema = Schema::from_documents(&[("order.xsd", ORDER)])?;
    let document = br#"<?xml version="1.0" encoding="UTF-8"?>
<order id="7"><due xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/><item price="2.50">tea</item><discount>0.5</discount><item>jam</item><remark>very <b>good</b> tea</remark><payment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Card"><number>4111</number></payment></order>"#;
    let order: Order = schema.decode(document)?;
    assert_eq!((order.id, &order.due, order.lines.len()), (7, &None, 3));
    assert_eq!(order.lines[1], Line::Discount("0.5".to_owned()));
    assert_eq!(order.remark.as_ref().map(|remark| &remark.parts[1]), Some(&Part::Bold("good".to_owned())));
    assert_eq!(order.payment, Payment::Card { number: "4111".to_owned() });

    // Nothing was lost.
    assert_eq!(schema.encode(&order)?, document);

    // Nothing invalid is written and nothing is dropped: both are errors with a place.
    let undated = Order { due: Some("tomorrow".to_owned()), ..order };
    assert_eq!(schema.encode(&undated).expect_err("it is no date").report().map(|report| report.errors), Some(1));
    #[derive(Debug, Deserialize)]
    struct Due {
        #[serde(rename = "due")]
        _due: Option<String>,
    }
    let error = schema.decode::<Due>(document).expect_err("it has no field for `id`");
    assert_eq!(error.to_string(), "2:8: struct `Due` has no field for the attribute `id` of `<order>`");

    // Without types of your own: any document as JSON, and back.
    let json = schema.decode_to_json(document)?;
    assert!(json.starts_with(br#"{"order":{"@id":7,"due":null,"$value":[{"item":{"@price":2.50,"$text":"tea"}},"#));
    assert_eq!(schema.decode_to_json(&schema.encode_from_json(&json)?)?, json);
    Ok(())
}

#[test]
fn it_runs() -> Result<(), Error> {
    main()
}
