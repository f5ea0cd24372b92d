//! Documents as JSON and back, according to `docs/json.md`: each rule by an example, errors with their places and
//! words.

use std::error::Error;

use packetcheck::diagnostic::Diagnostic;
use packetcheck::{Limits, Schema};

use crate::support::lossless;

type Result = std::result::Result<(), Box<dyn Error>>;

const XSI: &str = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";

fn schema(body: &str) -> std::result::Result<Schema, Box<dyn Error>> {
    let text = format!(r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{body}</xs:schema>"#);
    Ok(Schema::from_documents(&[("a.xsd", &text)])?)
}

/// A schema whose root `r` has this content.
fn root(content: &str) -> std::result::Result<Schema, Box<dyn Error>> {
    schema(&format!(r#"<xs:element name="r"><xs:complexType>{content}</xs:complexType></xs:element>"#))
}

/// Documents and their JSON, without loss in either direction.
fn assert_both_ways(schema: &Schema, cases: &[(&str, &str)]) -> Result {
    for (document, expected) in cases {
        let json = schema.decode_to_json(document.as_bytes()).map_err(|error| format!("{document}: {error}"))?;
        assert_eq!(String::from_utf8(json)?, *expected, "{document}");
        lossless::both_ways(schema, document.as_bytes()).map_err(|loss| format!("{document}: {loss}"))?;
    }
    Ok(())
}

/// JSON texts and the error that each causes: its place, path, code, words and help.
fn assert_errors(schema: &Schema, cases: &[(&str, &str)]) {
    for (json, expected) in cases {
        let error = schema.encode_from_json(json.as_bytes()).expect_err(json);
        assert_eq!(said(&error), *expected, "{json}");
    }
}

fn said(error: &packetcheck::Error) -> String {
    let (line, column) = error.line_column().unwrap_or_default();
    let Some(report) = error.report() else { return error.to_string() };
    let words = report.diagnostics.iter().map(|diagnostic| {
        let Diagnostic { path, code, message, .. } = diagnostic;
        let help = diagnostic.help.iter().filter(|help| help.starts_with("did you mean"));
        let help: String = help.map(|help| format!("; {help}")).collect();
        format!("at {path}: {code}: {message}{help}")
    });
    format!("{line}:{column}: {}", words.collect::<Vec<_>>().join(" | "))
}

#[test]
fn numbers_are_numbers_of_any_size() -> Result {
    let schema = root(
        r#"<xs:sequence>
          <xs:element name="i" type="xs:integer" minOccurs="0" maxOccurs="unbounded"/>
          <xs:element name="d" type="xs:decimal" minOccurs="0"/>
          <xs:element name="f" type="xs:double" minOccurs="0" maxOccurs="unbounded"/>
          <xs:element name="b" type="xs:boolean" minOccurs="0"/>
          <xs:element name="s" type="xs:string" minOccurs="0"/>
          <xs:element name="p" minOccurs="0"><xs:simpleType><xs:restriction base="xs:int">
            <xs:pattern value="\d{3}"/></xs:restriction></xs:simpleType></xs:element>
        </xs:sequence>"#,
    )?;
    assert_both_ways(
        &schema,
        &[
            ("<r/>", r#"{"r":{}}"#),
            ("<r><i>1</i></r>", r#"{"r":{"i":[1]}}"#),
            (
                "<r><i>18446744073709551616</i><i>-9223372036854775809</i><i> +007 </i></r>",
                r#"{"r":{"i":[18446744073709551616,-9223372036854775809,7]}}"#,
            ),
            ("<r><d>1.50</d></r>", r#"{"r":{"d":1.50}}"#),
            ("<r><f>INF</f><f>-INF</f><f>NaN</f><f>1.5E3</f></r>", r#"{"r":{"f":["INF","-INF","NaN",1.5E3]}}"#),
            ("<r><b>1</b></r>", r#"{"r":{"b":true}}"#),
            ("<r><s>007</s></r>", r#"{"r":{"s":"007"}}"#),
            ("<r><s> a&#9;\"b\" </s></r>", r#"{"r":{"s":" a\t\"b\" "}}"#),
            ("<r><p>007</p></r>", r#"{"r":{"p":"007"}}"#),
        ],
    )?;
    // As other JSON writers format them.
    let written = schema.encode_from_json(br#"{"r":{"i":[1e3,2.0,12.50e1],"d":1.5E-3,"f":[1e5]}}"#)?;
    let expected = "<r><i>1000</i><i>2</i><i>125</i><d>0.0015</d><f>1e5</f></r>";
    assert!(String::from_utf8(written)?.ends_with(expected));
    assert_errors(
        &schema,
        &[
            (r#"{"r":{"s":7}}"#, "1:11: at /r/s: PC0712: expected a string, found a number"),
            (r#"{"r":{"d":true}}"#, "1:11: at /r/d: PC0712: expected a number, found a boolean"),
            (
                r#"{"r":{"i":1}}"#,
                "1:11: at /r/i: PC0712: expected an array, since there may be several elements `i`, found a number",
            ),
            (r#"{"r":{"i":[1,1.5]}}"#, "1:14: at /r/i/1: PC0401: expected an integer in `i`, found `1.5`"),
        ],
    );
    Ok(())
}

#[test]
fn nil_absent_and_empty_are_three_things() -> Result {
    let schema = root(
        r#"<xs:sequence><xs:element name="zip" type="xs:string" minOccurs="0" nillable="true"/>
          <xs:element name="e" minOccurs="0" nillable="true"><xs:complexType><xs:attribute name="a"/></xs:complexType>
          </xs:element></xs:sequence>"#,
    )?;
    assert_both_ways(
        &schema,
        &[
            ("<r/>", r#"{"r":{}}"#),
            ("<r><zip/></r>", r#"{"r":{"zip":""}}"#),
            (&format!("<r><zip {XSI} xsi:nil='true'/></r>"), r#"{"r":{"zip":null}}"#),
            (&format!("<r><zip {XSI} xsi:nil='false'>x</zip></r>"), r#"{"r":{"zip":{"@xsi:nil":false,"$text":"x"}}}"#),
            (&format!("<r><e {XSI} xsi:nil='1'/></r>"), r#"{"r":{"e":{"@xsi:nil":true}}}"#),
            (&format!("<r><e a='x' {XSI} xsi:nil='1'/></r>"), r#"{"r":{"e":{"@a":"x","@xsi:nil":true}}}"#),
            ("<r><e/></r>", r#"{"r":{"e":{}}}"#),
        ],
    )
}

#[test]
fn mixed_content_keeps_its_texts_and_their_order() -> Result {
    let schema = schema(
        r#"<xs:element name="p"><xs:complexType mixed="true"><xs:sequence>
          <xs:element name="b" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence></xs:complexType></xs:element>"#,
    )?;
    assert_both_ways(
        &schema,
        &[
            (
                "<p>one <b>two</b> three <b>four</b> five</p>",
                r#"{"p":{"$value":["one ",{"b":"two"}," three ",{"b":"four"}," five"]}}"#,
            ),
            ("<p>one</p>", r#"{"p":{"$value":["one"]}}"#),
            ("<p><b/> <b/>\n</p>", r#"{"p":{"$value":[{"b":""}," ",{"b":""},"\n"]}}"#),
            ("<p>a<!-- b -->c<![CDATA[<d>]]></p>", r#"{"p":{"$value":["ac<d>"]}}"#),
            ("<p/>", r#"{"p":{}}"#),
        ],
    )?;
    assert_errors(
        &schema,
        &[
            (
                r#"{"p":{"b":["two"]}}"#,
                "1:7: at /p/b: PC0712: expected `b` in the array `$value`, since the order of the children matters",
            ),
            (r#"{"p":{"$value":"one"}}"#, "1:16: at /p/$value: PC0712: expected an array, found a string"),
            (
                r#"{"p":{"$value":["a",1]}}"#,
                "1:21: at /p/$value/1: PC0712: expected a string, or an object with one member, found a number",
            ),
            (r#"{"p":{"$value":[{}]}}"#, "1:18: at /p/$value/0: PC0712: expected one member, found nothing"),
            (
                r#"{"p":{"$value":[{"b":"","c":""}]}}"#,
                "1:25: at /p/$value/0/c: PC0712: expected one member, found another",
            ),
        ],
    );
    Ok(())
}

#[test]
fn only_children_that_alternate_are_in_order() -> Result {
    let pairs = root(
        r#"<xs:sequence maxOccurs="unbounded"><xs:element name="k" type="xs:string"/>
          <xs:element name="v" type="xs:string" minOccurs="0"/></xs:sequence>"#,
    )?;
    assert_both_ways(
        &pairs,
        &[(
            "<r><k>1</k><v>a</v><k>2</k><k>3</k><v>c</v></r>",
            r#"{"r":{"$value":[{"k":"1"},{"v":"a"},{"k":"2"},{"k":"3"},{"v":"c"}]}}"#,
        )],
    )?;
    let beside = root(
        r#"<xs:sequence><xs:element name="x" type="xs:int"/>
          <xs:choice minOccurs="0" maxOccurs="5"><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:choice>
          <xs:element name="y" type="xs:int" minOccurs="2" maxOccurs="5"/><xs:element name="z" type="xs:int" minOccurs="0"/>
        </xs:sequence>"#,
    )?;
    assert_both_ways(
        &beside,
        &[
            (
                "<r><x>1</x><b>2</b><a>3</a><b>4</b><y>5</y><y>6</y><z>7</z></r>",
                r#"{"r":{"x":1,"$value":[{"b":2},{"a":3},{"b":4}],"y":[5,6],"z":7}}"#,
            ),
            ("<r><x>1</x><y>5</y><y>6</y></r>", r#"{"r":{"x":1,"y":[5,6]}}"#),
        ],
    )?;
    // Members in any order, attributes late: the document is in the order of the schema.
    let written = beside.encode_from_json(br#"{"r":{"z":7,"y":[5,6],"x":1,"$value":[{"b":2}]}}"#)?;
    assert!(String::from_utf8(written)?.ends_with("<r><x>1</x><b>2</b><y>5</y><y>6</y><z>7</z></r>"));
    assert_errors(
        &beside,
        &[
            (
                r#"{"r":{"z":7,"y":[5,"x"],"x":1}}"#,
                "1:20: at /r/y/1: PC0401: expected an integer from -2147483648 to 2147483647 in `y`, found `x`",
            ),
            (
                r#"{"r":{"x":1,"x":1,"y":[5,6]}}"#,
                "1:13: at /r/x: PC0710: expected each name once in an object, found `x` again",
            ),
            (
                r#"{"r":{"x":1,"a":1,"y":[5,6]}}"#,
                "1:13: at /r/a: PC0712: expected `a` in the array `$value`, since the order of the children matters",
            ),
        ],
    );
    let all = root(r#"<xs:all><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:all>"#)?;
    assert_both_ways(&all, &[("<r><b>1</b><a>2</a></r>", r#"{"r":{"b":1,"a":2}}"#)])
}

#[test]
fn elements_of_a_substitution_group_alternate_only_where_there_may_be_two() -> Result {
    let group = |most: &str| {
        schema(&format!(
            r#"<xs:element name="h" type="xs:string"/><xs:element name="m" substitutionGroup="h" type="xs:string"/>
            <xs:element name="r"><xs:complexType><xs:sequence><xs:element name="x" type="xs:int"/>
              <xs:element ref="h" minOccurs="0" maxOccurs="{most}"/></xs:sequence></xs:complexType></xs:element>"#
        ))
    };
    assert_both_ways(&group("1")?, &[("<r><x>1</x><m>a</m></r>", r#"{"r":{"x":1,"m":"a"}}"#)])?;
    assert_both_ways(
        &group("2")?,
        &[("<r><x>1</x><m>a</m><h>b</h></r>", r#"{"r":{"x":1,"$value":[{"m":"a"},{"h":"b"}]}}"#)],
    )
}

#[test]
fn a_wildcard_does_not_change_its_siblings() -> Result {
    let with = |any: &str| {
        root(&format!(
            r#"<xs:sequence><xs:element name="d" type="xs:decimal"/><xs:element name="u" type="xs:int" minOccurs="0"/>
              {any}</xs:sequence>"#
        ))
    };
    let plain = r#"{"r":{"d":1.50,"u":7}}"#;
    let many = r###"<xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>"###;
    let one = r###"<xs:any namespace="##other" processContents="lax" minOccurs="0"/>"###;
    for any in ["", many, one] {
        assert_both_ways(&with(any)?, &[("<r><d>1.50</d><u>7</u></r>", plain)])?;
    }
    assert_both_ways(
        &with(many)?,
        &[(
            "<r><d>1</d><z xmlns='urn:z' q='1'>t</z><y xmlns='urn:y'/></r>",
            r#"{"r":{"d":1,"$any":[{"Q{urn:z}z":{"@q":"1","$value":["t"]}},{"Q{urn:y}y":{}}]}}"#,
        )],
    )?;
    assert_both_ways(
        &with(one)?,
        &[("<r><d>1</d><z xmlns='urn:z'/></r>", r#"{"r":{"d":1,"$any":{"Q{urn:z}z":{}}}}"#)],
    )?;
    // One that accepts the names of its siblings: the content model decides which of them matched an element.
    let any = root(
        r#"<xs:sequence><xs:element name="d" type="xs:int"/>
          <xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>"#,
    )?;
    assert_both_ways(&any, &[("<r><d>1</d><d>2</d></r>", r#"{"r":{"d":1,"$any":[{"d":{"$value":["2"]}}]}}"#)])?;
    let prefixed = "<r><d>1</d><z p:q='p:v' xmlns='urn:z' xmlns:p='urn:p'>p:w</z></r>";
    assert_both_ways(
        &any,
        &[(
            prefixed,
            r#"{"r":{"d":1,"$any":[{"Q{urn:z}z":{"@xmlns:p":"urn:p","@Q{urn:p}q":"p:v","$value":["p:w"]}}]}}"#,
        )],
    )
}

#[test]
fn names_are_qualified_where_two_meet() -> Result {
    let a = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:q="urn:q" elementFormDefault="qualified"
        targetNamespace="urn:a"><xs:import namespace="urn:q" schemaLocation="q.xsd"/>
        <xs:import namespace="http://www.w3.org/XML/1998/namespace"/>
      <xs:element name="r"><xs:complexType><xs:sequence><xs:element name="id" type="xs:int"/><xs:element ref="q:id"/>
        <xs:element ref="q:other" minOccurs="0"/></xs:sequence>
        <xs:attribute name="k"/><xs:attribute ref="q:k"/><xs:attribute ref="q:l"/><xs:attribute ref="xml:lang"/>
      </xs:complexType></xs:element></xs:schema>"#;
    let q = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:q">
      <xs:element name="id" type="xs:string"/><xs:element name="other" type="xs:string"/>
      <xs:attribute name="k"/><xs:attribute name="l"/></xs:schema>"#;
    let schema = Schema::from_documents(&[("a.xsd", a), ("q.xsd", q)])?;
    assert_both_ways(
        &schema,
        &[(
            "<r xmlns='urn:a' xmlns:q='urn:q' k='1' q:k='2' q:l='3' xml:lang='en'><id>1</id><q:id>x</q:id><q:other/></r>",
            r#"{"r":{"@Q{}k":"1","@Q{urn:q}k":"2","@l":"3","@xml:lang":"en","Q{urn:a}id":1,"Q{urn:q}id":"x","other":""}}"#,
        )],
    )
}

#[test]
fn types_of_an_instance_and_names_as_values_survive() -> Result {
    let types = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t"
        elementFormDefault="qualified">
      <xs:complexType name="Address"><xs:sequence><xs:element name="street" type="xs:string"/></xs:sequence></xs:complexType>
      <xs:complexType name="USAddress"><xs:complexContent><xs:extension base="Address"><xs:sequence>
        <xs:element name="state" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
      <xs:element name="r"><xs:complexType><xs:sequence><xs:element name="to" type="Address"/>
        <xs:element name="n" type="xs:QName" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="p" minOccurs="0"><xs:simpleType><xs:restriction base="xs:QName"><xs:pattern value="p:.*"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="v" type="xs:anySimpleType" minOccurs="0"/></xs:sequence></xs:complexType></xs:element></xs:schema>"#;
    let schema = Schema::from_documents(&[("t.xsd", types)])?;
    let document = |rest: &str| {
        format!(
            "<r xmlns='urn:t' xmlns:t='urn:t' {XSI}><to xsi:type='t:USAddress'><street>1</street><state>CA</state></to>{rest}</r>"
        )
    };
    let to = r#""to":{"@xsi:type":"USAddress","street":"1","state":"CA"}"#;
    assert_both_ways(
        &schema,
        &[
            (&document(""), &format!(r#"{{"r":{{{to}}}}}"#)),
            (
                &document("<n xmlns:p='urn:p'>p:x</n><n>y</n><n xmlns:m='urn:t'>m:z</n>"),
                &format!(r#"{{"r":{{{to},"n":["Q{{urn:p}}x","Q{{urn:t}}y","Q{{urn:t}}z"]}}}}"#),
            ),
            // A name in no namespace, while there is a default namespace.
            (
                "<t:r xmlns:t='urn:t'><t:to><t:street/></t:to><t:n>x</t:n></t:r>",
                r#"{"r":{"to":{"street":""},"n":["x"]}}"#,
            ),
            (
                &document("<p xmlns:p='urn:p'>p:x</p>"),
                &format!(r#"{{"r":{{{to},"p":{{"@xmlns:p":"urn:p","$text":"p:x"}}}}}}"#),
            ),
            (
                &document("<v xmlns:xs='http://www.w3.org/2001/XMLSchema' xsi:type='xs:int'>07</v>"),
                &format!(r#"{{"r":{{{to},"v":{{"@xsi:type":"int","$text":7}}}}}}"#),
            ),
        ],
    )
}

#[test]
fn lists_and_unions_are_arrays_and_members() -> Result {
    let schema = root(
        r#"<xs:sequence><xs:element name="l" maxOccurs="unbounded"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>
          <xs:element name="u" minOccurs="0" maxOccurs="unbounded"><xs:simpleType>
            <xs:union memberTypes="xs:int xs:boolean xs:NMTOKENS"/></xs:simpleType></xs:element></xs:sequence>
          <xs:attribute name="t" type="xs:NMTOKENS"/>"#,
    )?;
    assert_both_ways(
        &schema,
        &[
            ("<r t=' a  b '><l>1 02</l><l/></r>", r#"{"r":{"@t":["a","b"],"l":[[1,2],[]]}}"#),
            ("<r><l/><u>07</u><u>true</u><u>a 1</u></r>", r#"{"r":{"l":[[]],"u":[7,true,["a","1"]]}}"#),
        ],
    )?;
    assert_errors(
        &schema,
        &[
            (
                r#"{"r":{"@t":["a b"],"l":[[]]}}"#,
                "1:13: at /r/@t/0: PC0712: expected an item that is not empty and has no white space",
            ),
            (
                r#"{"r":{"l":[["x y"]]}}"#,
                "1:13: at /r/l/0/0: PC0712: expected an item that is not empty and has no white space",
            ),
        ],
    );
    Ok(())
}

#[test]
fn an_empty_element_has_its_default() -> Result {
    let schema = root(
        r#"<xs:sequence><xs:element name="d" type="xs:int" default="5"/></xs:sequence><xs:attribute name="a" default="x"/>"#,
    )?;
    assert_both_ways(&schema, &[("<r><d/></r>", r#"{"r":{"d":5}}"#)])
}

#[test]
fn errors_name_what_is_meant() -> Result {
    let schema = root(
        r#"<xs:sequence><xs:element name="quantity" type="xs:int"/><xs:element name="password" type="xs:int" minOccurs="0"/>
        </xs:sequence><xs:attribute name="id" type="xs:int" use="required"/>"#,
    )?;
    assert_errors(
        &schema,
        &[
            ("[1]", "1:1: at : PC0712: expected an object with the root as its member, found an array"),
            ("{}", "1:2: at : PC0712: expected one member, found nothing"),
            ("{\"r\": {}", "1:9: at /r: PC0702: expected `,` or `}`, found the end of the document"),
            (r#"{"s":{}}"#, "1:2: at /s: PC0719: expected the member `r`, found `s`"),
            // The object of the root itself.
            (r#"{"@id":1,"quantity":1}"#, "1:1: at : PC0719: expected the member `r`, found `@id`"),
            (
                r#"{"quantity":"x"}"#,
                "1:1: at : PC0301: missing required attribute `id` of `r` | at : PC0719: expected the member `r`, found `quantity` | at /quantity: PC0401: expected an integer from -2147483648 to 2147483647 in `quantity`, found `x`",
            ),
            (
                r#"{"r":{"@idd":1,"quantity":1}}"#,
                "1:7: at /r/@idd: PC0719: expected the member `quantity`, `password` or `@id`, found `@idd`; did you mean `@id`?",
            ),
            (
                r#"{"r":{"@id":1,"quantiy":1}}"#,
                "1:15: at /r/quantiy: PC0719: expected the member `quantity`, `password` or `@id`, found `quantiy`; did you mean `quantity`?",
            ),
            (
                r#"{"r":{"id":1,"quantity":1}}"#,
                "1:7: at /r/id: PC0719: expected the member `quantity`, `password` or `@id`, found `id`; did you mean `@id`?",
            ),
            (
                r#"{"r":{"@id":1,"@quantity":1}}"#,
                "1:15: at /r/@quantity: PC0719: expected the member `quantity`, `password` or `@id`, found `@quantity`; did you mean `quantity`?",
            ),
            (
                r#"{"r":{"@id":1,"@quantiy":1}}"#,
                "1:15: at /r/@quantiy: PC0719: expected the member `quantity`, `password` or `@id`, found `@quantiy`; did you mean `quantity`?",
            ),
            (
                r#"{"r":{"@id":1,"@id":2,"quantity":1}}"#,
                "1:15: at /r/@id: PC0710: expected each name once in an object, found `@id` again",
            ),
            (
                r#"{"r":{"quantity":1,"@id":1,"@id":2}}"#,
                "1:28: at /r/@id: PC0710: expected each name once in an object, found `@id` again",
            ),
            (r#"{"r":"x"}"#, "1:6: at /r: PC0712: expected an object, found a string"),
            (
                r#"{"r":{"@id":1,"quantity":{}}}"#,
                "1:26: at /r/quantity: PC0401: expected an integer from -2147483648 to 2147483647 in `quantity`, found nothing",
            ),
        ],
    );
    let error = schema.encode_from_json(br#"{"r":{"quantity":"x","@id":1}}"#).expect_err("it is no number");
    let report = error.report().ok_or("the schema refuses it")?;
    assert_eq!(report.errors, 1);
    assert_eq!((&*report.diagnostics[0].path, report.diagnostics[0].span.clone()), ("/r/quantity", 17..20));
    // Secrets are not repeated in messages.
    for json in [
        r#"{"r":{"@id":1,"quantity":1,"password":"hunter2"}}"#,
        r#"{"r":{"@id":1,"quantity":1,"password":["hunter2"]}}"#,
    ] {
        let error = schema.encode_from_json(json.as_bytes()).expect_err(json);
        assert!(!format!("{error} {:?}", error.report()).contains("hunter2"), "{error}");
    }
    Ok(())
}

#[test]
fn limits_hold_and_depth_is_that_of_documents() -> Result {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="a" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>"#,
    )?;
    let document = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    lossless::both_ways(&schema, document(300).as_bytes())?;
    let json = schema.decode_to_json(document(1024).as_bytes())?;
    assert!(schema.encode_from_json(&json).is_ok());
    assert!(schema.decode_to_json(document(1025).as_bytes()).is_err());
    let mut limits = Limits::default();
    limits.set("depth", 3)?;
    let error = schema.with_limits(limits).encode_from_json(br#"{"a":{"a":{"a":{"a":{}}}}}"#).expect_err("too deep");
    assert_eq!(said(&error), "1:21: at /a/a/a/a: PC0602: expected at most 3 nested elements, found more");
    let deep = "[".repeat(1_000_000);
    assert!(schema.encode_from_json(deep.as_bytes()).is_err());
    let mut limits = Limits::default();
    limits.set("attributes", 1)?;
    let error = schema.with_limits(limits).encode_from_json(br#"{"a":{"@b":"","@c":""}}"#).expect_err("too many");
    assert_eq!(said(&error), "1:6: at /a: PC0603: expected at most 1 attribute, found 2");
    let mut limits = Limits::default();
    limits.set("document_bytes", 10)?;
    assert!(schema.with_limits(limits).encode_from_json(br#"{"a":{"a":{}}}"#).is_err());
    Ok(())
}

#[test]
fn json_is_written_while_the_document_is_read() -> Result {
    /// Remembers how much was written at once.
    struct Pieces(usize, usize);
    impl std::io::Write for Pieces {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            (self.0, self.1) = (self.0 + bytes.len(), self.1.max(bytes.len()));
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let schema = root(r#"<xs:sequence><xs:element name="i" type="xs:int" maxOccurs="unbounded"/></xs:sequence>"#)?;
    let document = format!("<r>{}</r>", "<i>12345</i>".repeat(100_000));
    let mut pieces = Pieces(0, 0);
    schema.decode_to_json_into(document.as_bytes(), &mut pieces)?;
    assert_eq!(pieces.0, schema.decode_to_json(document.as_bytes())?.len());
    assert!(pieces.1 < 1 << 15, "{} bytes at once", pieces.1);
    let memory = allocation_counter::measure(|| {
        assert!(schema.decode_to_json_into(document.as_bytes(), std::io::sink()).is_ok());
    });
    assert!(memory.bytes_max < 1 << 16, "{} bytes for a document of {}", memory.bytes_max, document.len());
    Ok(())
}

/// An error in the JSON does not hide others: missing members, wrong values, rules. Its possible consequences are not
/// reported.
#[test]
fn an_error_of_the_json_does_not_hide_others() -> Result {
    let schema = root(
        r#"<xs:sequence>
             <xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/>
             <xs:element name="item" minOccurs="2" maxOccurs="unbounded"><xs:complexType>
               <xs:sequence><xs:element name="name" type="xs:string"/><xs:element name="size" type="xs:int"/></xs:sequence>
               <xs:attribute name="id" type="xs:int" use="required"/></xs:complexType></xs:element>
             <xs:choice maxOccurs="unbounded"><xs:element name="card" type="xs:string"/><xs:element name="cash" type="xs:int"/></xs:choice>
           </xs:sequence><xs:attribute name="key" type="xs:int" use="required"/>"#,
    )?;
    let item = r#"{"@id":1,"name":"n","size":1}"#;
    let whole = |members: &str| format!(r#"{{"r":{{{members}}}}}"#);
    for (members, expected) in [
        // A wrong value of a member, and a missing one.
        (
            format!(r#""@key":1,"a":"1","a2":[],"item":[{item},{item}],"$value":[{{"card":"1"}}]"#),
            &["/r PC0203 `b`", "/r/a2 PC0719"][..],
        ),
        (
            format!(r#""@key":[],"a":[],"b":"x","item":[{item},7],"$value":[{{"card":1}}]"#),
            &["/r/@key PC0712", "/r/a PC0712", "/r/b PC0401", "/r/item/1 PC0712", "/r/$value/0/card PC0712"],
        ),
        // A misspelt member is not missing.
        (
            format!(r#""@kye":1,"a":1,"b":1,"itme":[{item},{item}],"$value":[{{"crad":"1"}},{{"cash":"x"}}]"#),
            &["/r/@kye PC0719", "/r/itme PC0719", "/r/$value/0/crad PC0719", "/r/$value/1/cash PC0401"],
        ),
        // Nor is one that should be an attribute, or a child.
        (
            format!(r#""key":1,"a":1,"@b":1,"item":[{item},{item}],"$value":[{{"card":"1"}}]"#),
            &["/r/key PC0719", "/r/@b PC0719"],
        ),
        (
            r#""@key":1,"a":1,"b":1,"item":[{"name":1},{"@id":1,"nme":"n","size":"x"}],"$value":{}"#.to_owned(),
            &[
                "/r/item/0 PC0301 `id`",
                "/r/item/0 PC0203 `size`",
                "/r/item/0/name PC0712",
                "/r/item/1/nme PC0719",
                "/r/item/1/size PC0401",
                "/r/$value PC0712",
            ],
        ),
        // A member does not hide its content if an array is expected, and a misspelt member does not hide that `null`
        // is not allowed.
        (
            r#""@key":1,"a":1,"b":1,"item":{"@id":1,"nmae":"n","size":null},"$value":[{"card":"1"}]"#.to_owned(),
            &["/r PC0203 `item`", "/r/item PC0712", "/r/item/nmae PC0719", "/r/item/size PC0210"],
        ),
        (
            format!(r#""@key":1,"a":null,"b":1,"item":[{item},{item}],"cash":"x","card":["1",{{"@x":1}}]"#),
            &["/r/a PC0210", "/r/cash PC0712", "/r/cash PC0401", "/r/card PC0712", "/r/card/1/@x PC0719"],
        ),
    ] {
        let json = whole(&members);
        let error = schema.encode_from_json(json.as_bytes()).expect_err(&json);
        let report = error.report().ok_or("each has its place")?;
        let found: Vec<String> = report
            .diagnostics
            .iter()
            .map(|diagnostic| match diagnostic.code.as_str() {
                code @ ("PC0203" | "PC0301") => {
                    let missing: Vec<String> = diagnostic.expected.iter().map(|name| format!("`{name}`")).collect();
                    format!("{} {code} {}", diagnostic.path, missing.join(" "))
                }
                code => format!("{} {code}", diagnostic.path),
            })
            .collect();
        assert_eq!(found, expected, "{json}");
    }
    Ok(())
}

/// Two members of a choice are an error whatever other errors there are, unless a member that was left out may have
/// been meant as one of them.
#[test]
fn both_members_of_a_choice_are_reported_among_other_errors() -> Result {
    let schema = root(
        r#"<xs:sequence><xs:element name="note" type="xs:string"/>
             <xs:choice><xs:element name="card" type="xs:int"/><xs:element name="cash" type="xs:int"/></xs:choice>
           </xs:sequence>"#,
    )?;
    for (members, expected) in [
        (r#""note":5,"card":1,"cash":2"#, &["/r/note PC0712", "/r/cash PC0202"][..]),
        (r#""note":"n","card":[],"cash":2"#, &["/r/card PC0712", "/r/cash PC0202"]),
        (r#""note":"n","cash":[],"card":2"#, &["/r/cash PC0202", "/r/cash PC0712"]),
        (r#""note":"n","card":1,"card":2,"cash":3"#, &["/r/card PC0710", "/r/cash PC0202"]),
        (r#""note":"n","card":1,"card":2"#, &["/r/card PC0710"]),
        (r#""note":5,"crad":1,"cash":2"#, &["/r/note PC0712", "/r/crad PC0719"]),
        (r#""note":5,"card":1,"chas":2"#, &["/r/note PC0712", "/r/chas PC0719"]),
    ] {
        let json = format!(r#"{{"r":{{{members}}}}}"#);
        let error = schema.encode_from_json(json.as_bytes()).expect_err(&json);
        let report = error.report().ok_or("each has its place")?;
        let found: Vec<String> =
            report.diagnostics.iter().map(|found| format!("{} {}", found.path, found.code.as_str())).collect();
        assert_eq!(found, expected, "{json}");
    }
    Ok(())
}

/// A root that the caller names: the JSON of a document, or the value alone.
#[test]
fn a_root_that_the_caller_names_need_not_be_in_the_json() -> Result {
    let schema = schema(
        r#"<xs:element name="order"><xs:complexType><xs:sequence>
             <xs:element ref="item" minOccurs="0"/><xs:element name="count" type="xs:int" minOccurs="0"/>
           </xs:sequence><xs:attribute name="id" type="xs:int"/></xs:complexType></xs:element>
           <xs:element name="item" type="xs:string"/><xs:element name="note" type="xs:string" nillable="true"/>
           <xs:element name="tags"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>
           <xs:element name="node"><xs:complexType><xs:sequence><xs:element ref="node" minOccurs="0"/></xs:sequence>
           </xs:complexType></xs:element>"#,
    )?;
    for (root, json, expected) in [
        ("order", r#"{"order":{"count":1,"@id":7}}"#, r#"<order id="7"><count>1</count></order>"#),
        ("order", r#"{"count":1,"@id":7}"#, r#"<order id="7"><count>1</count></order>"#),
        ("order", r#"{"item":"tea"}"#, "<order><item>tea</item></order>"),
        ("order", "{}", "<order/>"),
        ("Q{}order", r#"{"Q{}order":{}}"#, "<order/>"),
        ("item", r#"{"item":"tea"}"#, "<item>tea</item>"),
        ("item", r#""tea""#, "<item>tea</item>"),
        ("note", "null", r#"<note xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>"#),
        ("tags", "[1,2]", "<tags>1 2</tags>"),
        // A single member with the name of the root is the document.
        ("node", r#"{"node":{}}"#, "<node/>"),
        ("node", r#"{"node":{"node":{}}}"#, "<node><node/></node>"),
    ] {
        let document = String::from_utf8(schema.encode_root_from_json(root, json.as_bytes())?)?;
        assert!(document.ends_with(&format!("?>\n{expected}")), "{root} {json}: {document}");
    }
    for (root, json, expected) in [
        ("order", r#"{"note":"x"}"#, "1:2: at /note: PC0719: expected the member `order`, found `note`"),
        (
            "order",
            r#"{"cuont":1,"@id":"x"}"#,
            "1:2: at /cuont: PC0719: expected the member `item`, `count` or `@id`, found `cuont`; did you mean `count`? \
             | at /@id: PC0401: expected an integer from -2147483648 to 2147483647 in the attribute `id`, found `x`",
        ),
        ("item", "7", "1:1: at : PC0712: expected a string, found a number"),
        ("order", "[]", "1:1: at : PC0712: expected an object, found an array"),
        (
            "ordr",
            "{}",
            "expected a global element of the schema (`order`, `item`, `note`, `tags` or `node`), found `ordr`; did you mean `order`?",
        ),
    ] {
        let error = schema.encode_root_from_json(root, json.as_bytes()).expect_err(json);
        assert_eq!(said(&error), expected, "{root} {json}");
    }
    Ok(())
}

/// Roots of several namespaces are named as in JSON.
#[test]
fn a_root_in_a_namespace_is_named_as_in_json() -> Result {
    let one = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">
        <xs:import namespace="urn:b" schemaLocation="b.xsd"/><xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int"/></xs:schema>"#;
    let other = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:b">
        <xs:element name="x" type="xs:int"/></xs:schema>"#;
    let schema = Schema::from_documents(&[("a.xsd", one), ("b.xsd", other)])?;
    for (root, expected) in [("Q{urn:b}x", r#"<x xmlns="urn:b">1</x>"#), ("y", r#"<y xmlns="urn:a">1</y>"#)] {
        assert!(String::from_utf8(schema.encode_root_from_json(root, b"1")?)?.ends_with(expected), "{root}");
    }
    let error = schema.encode_root_from_json("{urn:a}y", b"1").expect_err("that is another notation").to_string();
    assert!(error.ends_with("did you mean `y`?"), "{error}");
    let error = schema.encode_root_from_json("x", b"1").expect_err("two roots have this local name").to_string();
    assert_eq!(
        error,
        "expected a global element of the schema (`Q{urn:a}x`, `y` or `Q{urn:b}x`), found `x`; did you mean `Q{urn:a}x`?"
    );
    Ok(())
}

/// The JSON of two types, one derived from the other, with attributes, lists and nil.
fn typed() -> std::result::Result<Schema, Box<dyn Error>> {
    schema(
        r###"<xs:complexType name="Base"><xs:sequence><xs:element name="x" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType>
          <xs:complexType name="Derived"><xs:complexContent><xs:extension base="Base"><xs:sequence>
            <xs:element name="y" type="xs:int" minOccurs="0"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
          <xs:simpleType name="Ints"><xs:list itemType="xs:int"/></xs:simpleType>
          <xs:element name="r"><xs:complexType><xs:sequence>
            <xs:element name="b" type="Base" minOccurs="0"/>
            <xs:element name="v" minOccurs="0" maxOccurs="unbounded"/>
            <xs:element name="l" type="Ints" minOccurs="0"/>
            <xs:element name="n" type="xs:int" minOccurs="0"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0"/>
          </xs:sequence><xs:attribute name="l" type="Ints"/><xs:anyAttribute namespace="##other" processContents="lax"/>
          </xs:complexType></xs:element>"###,
    )
}

/// If a type does not exist, that is the only error: the members that it would have are not reported.
#[test]
fn a_type_that_the_schema_does_not_have_is_the_one_error() -> Result {
    let schema = typed()?;
    assert_errors(
        &schema,
        &[
            (
                r#"{"r":{"b":{"@xsi:type":"Derivd","x":1,"y":2}}}"#,
                "1:12: at /r/b/@xsi:type: PC0212: expected the name of a type in `@xsi:type`, found `Derivd`; did you mean `Derived`?",
            ),
            (
                r#"{"r":{"v":[{"@xsi:type":"xs:int","$text":5}]}}"#,
                "1:13: at /r/v/0/@xsi:type: PC0212: expected the name of a type in `@xsi:type`, found `xs:int`; did you mean `int`?",
            ),
            (
                r#"{"r":{"v":[{"$text":5,"@xsi:type":"Q{urn:q}int"}],"n":"x"}}"#,
                "1:23: at /r/v/0/@xsi:type: PC0212: expected the name of a type in `@xsi:type`, found `Q{urn:q}int`; did you mean `int`? \
                 | at /r/n: PC0401: expected an integer from -2147483648 to 2147483647 in `n`, found `x`",
            ),
        ],
    );
    // A prefix that the JSON declares is used, and nothing is known about content that is only laxly assessed.
    let declared = r#"{"r":{"v":[{"@xmlns:x":"http://www.w3.org/2001/XMLSchema","@xsi:type":"x:int","$text":5}]}}"#;
    assert_eq!(
        schema.decode_to_json(&schema.encode_from_json(declared.as_bytes())?)?,
        br#"{"r":{"v":[{"@xsi:type":"int","$text":5}]}}"#
    );
    let lax = format!("<r><o:o xmlns:o='urn:o' {XSI} xsi:type='o:unknown'>a<o:b/></o:o></r>");
    lossless::both_ways(&schema, lax.as_bytes())?;
    Ok(())
}

/// An error is at the member that it concerns, wherever that is in the object.
#[test]
fn errors_of_attributes_and_items_are_at_their_places() -> Result {
    let schema = typed()?;
    assert_errors(
        &schema,
        &[
            (
                r#"{"r":{"n":1,"@Q{urn:z}bad name":"x"}}"#,
                "1:13: at /r/@Q{urn:z}bad name: PC0712: `bad name` is not an XML name",
            ),
            (r#"{"r":{"n":1,"@xmlns:1":"u"}}"#, "1:13: at /r/@xmlns:1: PC0712: `@xmlns:1` cannot be declared here"),
            (
                r#"{"r":{"n":1,"@xmlns:xml":"u"}}"#,
                "1:13: at /r/@xmlns:xml: PC0712: `@xmlns:xml` cannot be declared here",
            ),
            (
                r#"{"r":{"n":1,"@xmlns:p":"http://www.w3.org/2000/xmlns/"}}"#,
                "1:13: at /r/@xmlns:p: PC0712: `@xmlns:p` cannot be declared here",
            ),
            (
                r#"{"r":{"n":1,"@Q{urn:z}a":"\u0000"}}"#,
                "1:13: at /r/@Q{urn:z}a: PC0712: text cannot hold the character U+0000",
            ),
            (
                r#"{"r":{"l":[1,"2 3",4]}}"#,
                "1:14: at /r/l/1: PC0712: expected an item that is not empty and has no white space",
            ),
            (r#"{"r":{"n":1,"@l":[1,2,true]}}"#, "1:23: at /r/@l/2: PC0712: expected a number, found a boolean"),
            (
                r#"{"r":{"n":1,"@l":["",2]}}"#,
                "1:19: at /r/@l/0: PC0712: expected an item that is not empty and has no white space",
            ),
            (r#"{"r":{"n":null}}"#, "1:11: at /r/n: PC0210: expected a value, found null, which means `xsi:nil`"),
        ],
    );
    Ok(())
}

#[test]
fn what_is_no_value_is_named_by_its_kind() -> Result {
    let schema = root(
        r#"<xs:sequence><xs:element name="n" type="xs:int"/><xs:element name="t" type="T" minOccurs="0"/></xs:sequence>
          <xs:attribute name="a" type="xs:int"/><xs:attribute name="l" type="xs:NMTOKENS"/></xs:complexType></xs:element>
          <xs:complexType name="T"><xs:simpleContent><xs:extension base="xs:NMTOKENS"><xs:attribute name="b"/></xs:extension></xs:simpleContent></xs:complexType>
          <xs:element name="s"><xs:complexType>"#,
    )?;
    assert_errors(
        &schema,
        &[
            (
                r#"{"r":{"@a":{"x":1},"n":1}}"#,
                "1:12: at /r/@a: PC0712: expected the value of an attribute, found an object",
            ),
            (r#"{"r":{"@a":null,"n":1}}"#, "1:12: at /r/@a: PC0712: expected the value of an attribute, found null"),
            (r#"{"r":{"@a":[1],"n":1}}"#, "1:7: at /r/@a: PC0712: expected a number, found an array"),
            (
                r#"{"r":{"@l":["a",{"x":1}],"n":1}}"#,
                "1:17: at /r/@l/1: PC0712: expected the value of an item, found an object",
            ),
            (
                r#"{"r":{"@l":["a",["b"]],"n":1}}"#,
                "1:17: at /r/@l/1: PC0712: expected the value of an item, found an array",
            ),
            (r#"{"r":{"@l":["a",null],"n":1}}"#, "1:17: at /r/@l/1: PC0712: expected the value of an item, found null"),
            (r#"{"r":{"@xmlns:p":1,"n":1}}"#, "1:7: at /r/@xmlns:p: PC0712: expected the name of a namespace"),
            (r#"{"r":{"@xsi:type":7,"n":1}}"#, "1:7: at /r/@xsi:type: PC0712: expected the name of a type"),
            (r#"{"r":{"n":{"x":1}}}"#, "1:11: at /r/n: PC0712: expected a number, found an object"),
            (r#"{"r":{"n":[1]}}"#, "1:11: at /r/n: PC0712: expected a number, found an array"),
            (
                r#"{"r":{"n":1,"t":{"$text":{"x":1}}}}"#,
                "1:26: at /r/t/$text: PC0712: expected a string, found an object",
            ),
            (
                r#"{"r":{"n":1,"t":{"$text":["a",["b"]]}}}"#,
                "1:31: at /r/t/$text/1: PC0712: expected the value of an item, found an array",
            ),
            (
                r#"{"r":{"n":1,"t":{"$text":["a"],"$text":["b"]}}}"#,
                "1:32: at /r/t/$text: PC0710: expected each name once in an object, found `$text` again",
            ),
            (
                r#"{"r":{"n":1,"t":{"$text":["a"],"x":1}}}"#,
                "1:32: at /r/t/x: PC0719: expected the member `@b` or `$text`, found `x`",
            ),
            (
                r#"{"r":{"n":1,"t":{"@b":"1","x":1}}}"#,
                "1:17: at /r/t: PC0404: expected a length of at least 1 item in `t`, found 0 items | at /r/t/x: PC0719: expected the member `@b` or `$text`, found `x`",
            ),
            (r#"{"r":{"n":1,"t":7}}"#, "1:17: at /r/t: PC0712: expected an object, found a number"),
            (r#"{"r":{"n":1},"s":{}}"#, "1:14: at /s: PC0712: expected one member, found another"),
            (r#"{"r":{"n":1}} 7"#, "1:15: at : PC0703: expected nothing after the value, found more"),
            ("null", "1:1: at : PC0712: expected an object with the root as its member, found null"),
            ("7", "1:1: at : PC0712: expected an object with the root as its member, found a number"),
            ("true", "1:1: at : PC0712: expected an object with the root as its member, found a boolean"),
        ],
    );
    Ok(())
}

/// Where values can be names, a string that looks like one stays a string.
#[test]
fn strings_that_look_like_names_stay_strings() -> Result {
    let schema = root(
        r###"<xs:sequence><xs:element name="u" minOccurs="0" maxOccurs="unbounded"><xs:simpleType>
            <xs:union memberTypes="xs:QName xs:string"/></xs:simpleType></xs:element>
          <xs:element name="s" type="xs:string" minOccurs="0"/>
          <xs:element name="l" minOccurs="0"><xs:simpleType><xs:list><xs:simpleType>
            <xs:union memberTypes="xs:QName xs:string"/></xs:simpleType></xs:list></xs:simpleType></xs:element>
        </xs:sequence><xs:anyAttribute namespace="##other" processContents="skip"/>"###,
    )?;
    assert_both_ways(
        &schema,
        &[
            (
                "<r><u>Q{urn:p}x</u><u>Q{}x</u><u>\\Q{}x</u><u>\\x</u><u>a Q{}x</u><u xmlns:p='urn:p'>p:x</u></r>",
                r#"{"r":{"u":["\\Q{urn:p}x","\\Q{}x","\\\\Q{}x","\\x","a Q{}x","Q{urn:p}x"]}}"#,
            ),
            ("<r><s>Q{urn:p}x</s></r>", r#"{"r":{"s":"Q{urn:p}x"}}"#),
            // An invented prefix is not one that a string seems to have.
            (
                "<r xmlns:z='urn:z' z:a='1'><u>ns1:x</u><u>ns7:x</u></r>",
                r#"{"r":{"@Q{urn:z}a":"1","u":["ns1:x","ns7:x"]}}"#,
            ),
            ("<r><l>Q{}x x</l></r>", r#"{"r":{"l":["\\Q{}x","x"]}}"#),
        ],
    )
}

/// For a name that needs a namespace, the error lists the names that have one.
#[test]
fn a_name_that_needs_its_namespace_is_suggested_with_it() -> Result {
    let types = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:a="urn:a" targetNamespace="urn:a">
      <xs:import namespace="urn:b" schemaLocation="b.xsd"/><xs:element name="id" type="xs:int"/>
      <xs:element name="r"><xs:complexType><xs:sequence><xs:element ref="a:id"/>
        <xs:element xmlns:b="urn:b" ref="b:id" minOccurs="0"/></xs:sequence>
        <xs:attribute name="n"/><xs:attribute xmlns:b="urn:b" ref="b:n"/></xs:complexType></xs:element>
      <xs:element name="s"><xs:complexType><xs:sequence><xs:element ref="a:id"/></xs:sequence></xs:complexType></xs:element>
      </xs:schema>"#;
    let other = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:b">
      <xs:element name="id" type="xs:int"/><xs:attribute name="n"/></xs:schema>"#;
    let schema = Schema::from_documents(&[("a.xsd", types), ("b.xsd", other)])?;
    let help = |json: &str| {
        let error = schema.encode_from_json(json.as_bytes()).expect_err(json);
        error.report().and_then(|report| report.diagnostics.first()?.help.clone()).unwrap_or_default()
    };
    let several = "several members have this name: write `Q{urn:a}id` or `Q{urn:b}id`";
    assert_eq!(help(r#"{"r":{"id":1}}"#), several);
    assert_eq!(help(r#"{"r":{"a:id":1}}"#), several);
    assert_eq!(
        help(r#"{"r":{"Q{urn:a}id":1,"@b:n":"x"}}"#),
        "several members have this name: write `@Q{}n` or `@Q{urn:b}n`"
    );
    assert_eq!(help(r#"{"s":{"a:id":1}}"#), "did you mean `id`?");
    assert_eq!(help(r#"{"s":{"Q{urn:q}id":1}}"#), "did you mean `id`?");
    assert_eq!(help(r#"{"s":{"id":1,"other":1}}"#), "remove the member, or write its name as `decode` shows it");
    Ok(())
}
