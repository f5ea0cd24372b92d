//! Counts allocations: none while validating, at most one for a packet with one operation.

use std::hint::black_box;
use std::sync::Arc;

use allocation_counter::measure;
use packetcheck::Schema;
use packetcheck::datatype::{Alone, Facet, Link, SimpleType};
use packetcheck::plesk::{Request, Response, request_schema, response_schema};

use crate::support::inputs::{self, Layout};

#[test]
fn validating_allocates_nothing_after_the_first_packet() {
    for layout in [Layout::Pretty, Layout::Minified] {
        let packets = inputs::responses(inputs::MIX_PACKETS, layout);
        assert!(response_schema().is_valid(&inputs::large_response(3, layout)));
        for packet in &packets {
            let used = measure(|| assert!(response_schema().is_valid(black_box(packet))));
            assert_eq!(used.count_total, 0, "{}", String::from_utf8_lossy(packet));
        }
        let large = inputs::large_response(1_000, layout);
        let used = measure(|| assert!(response_schema().is_valid(black_box(&large))));
        assert_eq!(used.count_total, 0, "a large document");
    }
}

/// The same packet in a form that generated code leaves to the walk.
fn walked(packet: &[u8]) -> Vec<u8> {
    [packet, b"<!-- not recognised -->"].concat()
}

#[test]
fn validating_a_request_allocates_nothing_after_the_first_packet() {
    let packets = inputs::requests(inputs::REQUEST_PACKETS);
    // Generated code recognises most packets, and the walk takes the rest: each must have been used once before
    // measuring.
    assert!(request_schema().is_valid(&packets[0]));
    assert!(request_schema().is_valid(&walked(&packets[0])));
    for packet in &packets {
        let used = measure(|| assert!(request_schema().is_valid(black_box(packet))));
        assert_eq!(used.count_total, 0, "{}", String::from_utf8_lossy(packet));
    }
}

#[test]
fn refusing_allocates_nothing_after_the_first_packet() {
    let packets = inputs::responses(50, Layout::Pretty);
    // The walk rejects this, so it has been used once.
    assert!(response_schema().is_valid(&[&packets[0][..], b"<!-- not recognised -->"].concat()));
    for packet in &packets {
        let cut = &packet[..packet.len() - 12];
        let used = measure(|| assert!(!response_schema().is_valid(black_box(cut))));
        assert_eq!(used.count_total, 0, "{}", String::from_utf8_lossy(cut));
    }
}

#[test]
fn keys_and_references_allocate_nothing_after_the_first_document() {
    let text = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>
       <xs:element name='order'>
         <xs:complexType><xs:sequence><xs:element ref='section' maxOccurs='unbounded'/></xs:sequence></xs:complexType>
         <xs:keyref name='to' refer='key'><xs:selector xpath='.//to'/><xs:field xpath='@id'/></xs:keyref>
         <xs:unique name='all'><xs:selector xpath='.//*'/><xs:field xpath='@id'/><xs:field xpath='@at'/></xs:unique>
       </xs:element>
       <xs:element name='section'>
         <xs:complexType><xs:sequence maxOccurs='unbounded'>
           <xs:element name='item' type='item'/><xs:element name='to' type='item'/>
         </xs:sequence></xs:complexType>
         <xs:key name='key'><xs:selector xpath='item'/><xs:field xpath='@id'/></xs:key>
       </xs:element>
       <xs:complexType name='item'>
         <xs:attribute name='id' type='xs:decimal'/><xs:attribute name='at' type='xs:dateTime'/>
       </xs:complexType>
     </xs:schema>";
    let schema = Schema::from_documents(&[("keys.xsd", text)]).expect("the schema compiles");
    let document = |sections: usize| {
        let items = |section: usize| -> String {
            let number = |item: usize| section * 100 + item;
            let item = |item| {
                let (id, to) = (number(item), number(99 - item));
                format!("<item id='{id}.50' at='2026-01-01T00:00:{:02}Z'/><to id='{to}.5'/>", item % 60)
            };
            (0..100).map(item).collect()
        };
        let sections: String = (0..sections).map(|section| format!("<section>{}</section>", items(section))).collect();
        format!("<order>{sections}</order>").into_bytes()
    };
    let (large, small) = (document(10), document(2));
    assert!(schema.is_valid(&large));
    for document in [&large, &small, &large] {
        let used = measure(|| assert!(schema.is_valid(black_box(document))));
        assert_eq!(used.count_total, 0, "{} bytes", document.len());
    }
}

#[test]
fn decoding_one_operation_allocates_at_most_once() {
    for layout in [Layout::Pretty, Layout::Minified] {
        let packets = inputs::responses(inputs::MIX_PACKETS, layout);
        black_box(Response::decode(&packets[0]).expect("a response"));
        black_box(Response::decode(&walked(&packets[0])).expect("a response"));
        for packet in &packets {
            // A text with a resolved reference is a copy, which has to be allocated.
            let copies = packet.iter().filter(|byte| **byte == b'&').count().min(2) as u64;
            // Errors of a migration are a list, so answers without errors stay small.
            let lists = u64::from(packet.windows(7).any(|window| window == b"<error>"));
            let used = measure(|| drop(black_box(Response::decode(black_box(packet)).expect("a response"))));
            assert!(used.count_total <= 1 + copies + lists, "{used:?}\n{}", String::from_utf8_lossy(packet));
        }
    }
}

#[test]
fn decoding_a_request_of_one_operation_allocates_at_most_once() {
    let packets = inputs::requests(inputs::REQUEST_PACKETS);
    black_box(Request::decode(&packets[0]).expect("a request"));
    black_box(Request::decode(&walked(&packets[0])).expect("a request"));
    let one = |packet: &&Vec<u8>| packet.windows(12).filter(|window| *window == b"<get_status>").count() == 1;
    for packet in packets.iter().filter(one) {
        let used = measure(|| drop(black_box(Request::decode(black_box(packet)).expect("a request"))));
        assert!(used.count_total <= 1, "{used:?}\n{}", String::from_utf8_lossy(packet));
    }
}

/// A schema and a document with everything that needs memory: prefixes, many attributes, IDs and references,
/// `xsi:type`, defaults, lists, patterns, unions, qualified names, mixed content, wildcards, counters, keys.
fn of_everything(items: usize) -> (String, Vec<u8>) {
    let attributes: String =
        (0..40).map(|number| format!(r#"<xs:attribute name="a{number}" type="xs:int"/>"#)).collect();
    let schema = format!(
        r##"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"
          elementFormDefault="qualified">
          <xs:element name="order"><xs:complexType><xs:sequence>
            <xs:element name="item" type="t:Item" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
            <xs:key name="k"><xs:selector xpath="t:item"/><xs:field xpath="@id"/></xs:key>
            <xs:keyref name="r" refer="t:k"><xs:selector xpath="t:item"/><xs:field xpath="@of"/></xs:keyref>
          </xs:element>
          <xs:complexType name="Item"><xs:sequence>
            <xs:element name="code" minOccurs="2" maxOccurs="3"><xs:simpleType><xs:restriction base="xs:token">
              <xs:pattern value="[A-Z]+-\d+"/></xs:restriction></xs:simpleType></xs:element>
            <xs:element name="sizes"><xs:simpleType><xs:list itemType="t:Size"/></xs:simpleType></xs:element>
            <xs:element name="kind" type="xs:QName"/>
            <xs:element name="state" type="xs:token" default="new"/>
            <xs:element name="note"><xs:complexType mixed="true"><xs:choice minOccurs="0" maxOccurs="unbounded">
              <xs:element name="b" type="xs:string"/><xs:any namespace="urn:o" processContents="lax"/>
            </xs:choice></xs:complexType></xs:element></xs:sequence>
            <xs:attribute name="id" type="xs:ID" use="required"/><xs:attribute name="of" type="xs:IDREF"/>
            <xs:attribute name="unit" type="xs:token" default="kg"/>{attributes}
          </xs:complexType>
          <xs:complexType name="Long"><xs:complexContent><xs:extension base="t:Item"><xs:sequence>
            <xs:element name="more" type="xs:date"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
          <xs:simpleType name="Size"><xs:union memberTypes="xs:int xs:NMTOKEN"/></xs:simpleType>
        </xs:schema>"##
    );
    let given: String = (0..40).map(|number| format!(" a{number}='{number}'")).collect();
    let item = |number: usize| {
        let (kind, more) = match number % 2 {
            0 => ("", ""),
            _ => (r#" i:type="p:Long""#, "<p:more>2026-11-28</p:more>"),
        };
        format!(
            "<p:item id='n{number}' of=\"n{}\"{kind}{given}>\n <p:code>AB-1</p:code><p:code> CD-22 </p:code>\
             <p:sizes>1 2 large</p:sizes><p:kind>p:x</p:kind><p:state/>\
             <p:note>one <p:b>two</p:b> three <o:x xmlns:o='urn:o'>4</o:x><!-- five --></p:note>{more}</p:item>",
            number / 2
        )
    };
    let items: String = (0..items).map(item).collect();
    let document =
        format!("<p:order xmlns:p='urn:t' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>{items}</p:order>");
    (schema, document.into_bytes())
}

#[test]
fn a_document_with_something_of_everything_allocates_nothing_after_the_first() {
    let (schema, large) = of_everything(200);
    let (_, small) = of_everything(20);
    let schema = Schema::from_documents(&[("order.xsd", &schema)]).expect("a valid schema");
    assert!(schema.explain(&large).is_valid(), "{:#?}", schema.explain(&large));
    assert!(schema.is_valid(&large));
    for document in [&large, &small, &large] {
        let used = measure(|| assert!(schema.is_valid(black_box(document))));
        assert_eq!(used.count_total, 0, "{} bytes", document.len());
    }
}

fn restricted(base: &str, facets: &[Facet]) -> Arc<SimpleType> {
    let base = SimpleType::built_in(base).expect("a built-in type");
    facets.iter().fold(base, |base, facet| {
        SimpleType::restrict(&base, None, std::slice::from_ref(facet)).expect("facets of the type")
    })
}

fn pattern(source: &str) -> Facet {
    Facet::Pattern(vec![source.to_owned()])
}

/// Types of every variety with values, including surrounding white space.
fn types_and_values() -> Vec<(Arc<SimpleType>, &'static str)> {
    let words = || Facet::Enumeration(["kilogram", "metre", "a b"].map(String::from).into());
    let number = [Facet::TotalDigits(6), Facet::FractionDigits(3), Facet::MinInclusive("-5.5".to_owned())];
    let after = || Facet::MinInclusive("2000-01-01".to_owned());
    let urn = [pattern("urn:[a-z]+:.+"), pattern(".+:[^:]+"), pattern(".*x.*")];
    let code = restricted("token", &[words()]);
    let other = restricted("string", &[pattern("other:\\w{1,40}")]);
    let union = SimpleType::union(&[code, other], None).expect("a union");
    let list = SimpleType::list(&union, None).expect("a list");
    vec![
        (restricted("string", &[Facet::MaxLength(20)]), "any text"),
        (restricted("token", &[Facet::MinLength(1)]), "\n one two "),
        (restricted("token", &[words()]), " a b "),
        (restricted("anyURI", &[]), "http://example.org/a%20b#c"),
        (restricted("anyURI", &urn), "urn:a:x:b"),
        (restricted("string", &[pattern("\\w+ \\p{L}{0,90}")]), "some \u{e9}t\u{e9}"),
        (restricted("NMTOKENS", &[]), "one  two\nthree"),
        (restricted("IDREFS", &[]), "one two"),
        (restricted("ID", &[]), " one "),
        (restricted("ENTITY", &[]), "one"),
        (restricted("QName", &[]), "p:one"),
        (restricted("QName", &[pattern("p:.*")]), "p:one"),
        (restricted("language", &[]), "en-GB"),
        (restricted("boolean", &[]), "true"),
        (restricted("boolean", &[pattern("true|false")]), "true"),
        (restricted("unsignedLong", &[]), "18446744073709551615"),
        (restricted("decimal", &number), "-005.500"),
        (restricted("double", &[Facet::MaxExclusive("10".to_owned())]), "-1.5e-3"),
        (restricted("dateTime", &[]), "2024-02-29T23:59:59.5+05:30"),
        (restricted("date", &[after()]), "2024-05-17Z"),
        (restricted("duration", &[]), "P1Y2M3DT4H5M6.7S"),
        (restricted("base64Binary", &[Facet::MaxLength(9)]), "QUJD REVG\nR0g="),
        (restricted("hexBinary", &[Facet::Length(3)]), "0aFF10"),
        (union, "metre"),
        (list, "metre other:feet kilogram"),
    ]
}

#[test]
fn checking_a_value_allocates_nothing_after_the_first_one() {
    for (simple, text) in types_and_values() {
        assert!(simple.check(text).is_ok(), "{text:?} as {}", simple.describe());
        let used = measure(|| assert!(black_box(&simple).check(black_box(text)).is_ok()));
        assert_eq!(used.count_total, 0, "{text:?} as {}", simple.describe());
        let used = measure(|| assert_ne!(black_box(&simple).is_plain_value(black_box(text)), Some(false)));
        assert_eq!(used.count_total, 0, "{text:?} as {}", simple.describe());
        let used = measure(|| {
            simple.links(text, &Alone, &mut |link: Link, name| {
                black_box((link, name));
            });
        });
        assert_eq!(used.count_total, 0, "{text:?} as {}", simple.describe());
    }
}
