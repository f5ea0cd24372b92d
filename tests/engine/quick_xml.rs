//! The reader for code that uses quick-xml: its events are those of quick-xml, and its errors those of `explain`.
#![cfg(feature = "quick-xml")]

use packetcheck::quick_xml::Reader;
use packetcheck::{Schema, plesk};
use proptest::prelude::*;
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<packet version="1.6.3.0">
  <migration>
    <get_status>
      <result>
        <status>ok</status>
        <migration_status>
          <total>33</total>
          <completed>5</completed>
        </migration_status>
      </result>
    </get_status>
  </migration>
</packet>
"#;

/// The events that quick-xml alone reads, up to its own first error.
fn plain(document: &[u8]) -> Vec<Event<'_>> {
    let mut reader = NsReader::from_reader(document);
    let events = std::iter::from_fn(|| reader.read_event().ok().filter(|event| *event != Event::Eof));
    events.collect()
}

/// The events, and the error after them.
fn read<'d>(schema: &Schema, document: &'d [u8]) -> (Vec<Event<'d>>, Option<packetcheck::Error>) {
    let mut reader = Reader::new(schema, document);
    let mut events = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return (events, None),
            Ok(event) => events.push(event),
            Err(error) => {
                assert!(matches!(reader.read_event(), Ok(Event::Eof)), "one error, then the end");
                return (events, Some(error));
            }
        }
    }
}

#[test]
fn a_valid_document_has_the_events_that_it_always_had() {
    let (events, error) = read(plesk::response_schema(), SAMPLE.as_bytes());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(events, plain(SAMPLE.as_bytes()));
}

#[test]
fn events_come_up_to_the_first_error_which_has_the_report() {
    let document = SAMPLE.replacen("<status>ok</status>", "<status>OK</status>", 1);
    let (events, error) = read(plesk::response_schema(), document.as_bytes());
    let error = error.expect("`OK` is not listed");
    assert_eq!(error.report(), Some(&plesk::response_schema().explain(document.as_bytes())));
    let text = |event: Option<&Event<'_>>| matches!(event, Some(Event::Start(tag)) if tag.name().as_ref() == "status");
    assert!(text(events.last()), "{:?}", events.last());
    assert!(plain(document.as_bytes()).starts_with(&events));
}

#[test]
fn an_error_at_the_end_comes_before_the_end() {
    let schema = Schema::from_documents(&[(
        "a.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence>
             <xs:element name="b" maxOccurs="unbounded"><xs:complexType><xs:attribute name="to" type="xs:IDREF"/></xs:complexType></xs:element>
           </xs:sequence></xs:complexType></xs:element></xs:schema>"#,
    )])
    .expect("a schema");
    for (document, seen) in [("<a><b to='x'/></a>", 1), ("<a>", 0), ("<a><b/></a><a/>", 3), ("", 0), ("<a><b/></a", 2)]
    {
        let (events, error) = read(&schema, document.as_bytes());
        assert!(error.is_some_and(|error| error.report().is_some()), "{document}");
        assert_eq!(events.len(), seen, "{document}: {events:?}");
    }
    // In another encoding, declared or by its bytes: quick-xml would read it unconverted.
    for document in [&b"<?xml version='1.0' encoding='ISO-8859-1'?><a><b/><!--\xe9--></a>"[..], b"\xff\xfe<\0a\0/\0>\0"]
    {
        let (events, error) = read(&schema, document);
        assert!(events.is_empty() && error.is_some(), "{events:?}");
    }
}

#[test]
fn names_are_resolved_and_content_is_skipped_within_the_same_bounds() -> Result<(), Box<dyn std::error::Error>> {
    let schema = Schema::from_documents(&[(
        "a.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a" elementFormDefault="qualified">
             <xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" type="xs:int" maxOccurs="2"/></xs:sequence>
             </xs:complexType></xs:element></xs:schema>"#,
    )])
    .expect("a schema");
    let mut reader = Reader::new(&schema, b"<p:a xmlns:p='urn:a'><p:b>1</p:b><p:b>x</p:b></p:a>");
    reader.config_mut().trim_text(true);
    let (namespace, event) = reader.read_resolved_event().expect("the root");
    assert!(matches!(namespace, ResolveResult::Bound(namespace) if namespace.as_ref() == "urn:a"));
    let Event::Start(root) = event else { return Err(format!("{event:?}").into()) };
    let Event::Start(first) = reader.read_event()? else { return Err("the first child".into()) };
    assert_eq!(&*reader.read_text(first.name()).expect("a number"), "1");
    assert_eq!(reader.buffer_position() as usize, "<p:a xmlns:p='urn:a'><p:b>1</p:b>".len());
    let error = reader.read_to_end(root.name()).expect_err("`x` is no number");
    assert_eq!(error.line_column(), Some((1, 39)));
    Ok(())
}

proptest! {
    /// Whatever happens to a packet: the events are a prefix of what quick-xml reads, and complete if it is valid.
    #[test]
    fn events_are_a_beginning_of_those_of_quick_xml(at in 0..SAMPLE.len(), length in 0..20_usize, byte: u8) {
        let mut document = SAMPLE.as_bytes().to_vec();
        let end = (at + length).min(document.len());
        document.splice(at..end, std::iter::once(byte & 0x7f));
        let schema = plesk::response_schema();
        let (events, error) = read(schema, &document);
        let all = plain(&document);
        prop_assert_eq!(error.is_none(), schema.is_valid(&document));
        prop_assert!(all.starts_with(&events), "{:?}\n{:?}", events, all);
        if error.is_none() {
            prop_assert_eq!(events, all);
        }
    }
}
