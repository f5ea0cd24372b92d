//! Validates documents against a schema of your own.
//!
//! `cargo run --example validate`

use packetcheck::{Error, Limits, Schema};

const NOTE: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="note"><xs:complexType><xs:sequence>
    <xs:element name="to" type="xs:NCName" maxOccurs="3"/>
    <xs:element name="text" type="xs:string"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"#;

fn main() -> Result<(), Error> {
    // Compiled once and shared by all threads: a clone is a reference. `Schema::from_file` reads files and the
    // documents that they include.
    let schema = Schema::from_documents(&[("note.xsd", NOTE)])?;

    // Yes or no: stops at the first error.
    assert!(schema.is_valid(b"<note><to>Ada</to><text>tea at four</text></note>"));
    assert!(!schema.is_valid(b"<note><to>Ada</to></note>"));

    // Every error with its place, as data and as an error for `?`.
    let report = schema.explain(b"<note><to>Ada Lovelace</to></note>");
    assert_eq!(report.errors, 2);
    assert_eq!(report.diagnostics[0].span, 10..22);
    assert!(report.into_result().is_err());

    // The resources that a document can use are limited; the limits can be set.
    let strict = schema.with_limits(Limits::new().document_bytes(30));
    assert!(!strict.is_valid(b"<note><to>Ada</to><text/></note>"));
    Ok(())
}

#[test]
fn it_runs() -> Result<(), Error> {
    main()
}
