//! Repeated elements as rows: columns by the schema, cells as in the JSON of the document.

use packetcheck::Schema;
use packetcheck::codec::table::{ColumnType, Table};

fn of(schema: &str, path: &str) -> Table {
    let text = format!(r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{schema}</xs:schema>"#);
    let schema = Schema::from_documents(&[("a.xsd", &text)]).expect("the schema is right");
    Table::new(&schema, path).expect("the path is declared")
}

fn cells(table: &Table, document: &str) -> Vec<Vec<String>> {
    let rows = table.rows(document.as_bytes()).expect("the document is valid");
    rows.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect()
}

#[test]
fn the_schema_decides_the_columns() {
    let schema = Schema::from_file("tests/data/values/po.xsd").expect("the schema is right");
    let table = Table::new(&schema, "/order").expect("a root");
    let columns: Vec<_> = table.columns().iter().map(|column| (column.name.as_str(), column.kind)).collect();
    assert_eq!(
        columns,
        [
            ("@id", ColumnType::Int),
            ("shipTo", ColumnType::Json),
            ("comment", ColumnType::Text),
            ("note", ColumnType::Text), // it can stand for `comment`
            ("item", ColumnType::Json),
            ("$value", ColumnType::Json),
            ("remark", ColumnType::Json),
            ("tags", ColumnType::Json),
            ("placed", ColumnType::Text),
            ("gift", ColumnType::Boolean),
        ]
    );
    let document = std::fs::read("tests/data/values/po.xml").expect("it is there");
    let rows = table.rows(&document).expect("it is valid");
    let json: serde_json::Value =
        serde_json::from_slice(&schema.decode_to_json(&document).expect("it is valid")).expect("JSON");
    for (column, cell) in table.columns().iter().zip(&rows[0]) {
        let member = &json["order"][&column.name];
        match (column.kind, cell) {
            (_, None) => assert!(member.is_null(), "{}", column.name),
            (ColumnType::Text, Some(cell)) => assert_eq!(member.as_str(), Some(cell.as_str())),
            (_, Some(cell)) => assert_eq!(*member, serde_json::from_str::<serde_json::Value>(cell).expect("JSON")),
        }
    }
}

#[test]
fn elements_of_all_occurrences_of_a_repeated_parent_are_rows() {
    let list = r#"<xs:element name="a"><xs:complexType><xs:sequence maxOccurs="2">
        <xs:element name="b" maxOccurs="9"><xs:complexType><xs:sequence>
          <xs:element name="c" type="xs:int" minOccurs="0" maxOccurs="9"/></xs:sequence></xs:complexType></xs:element>
        <xs:element name="d" type="xs:int"/></xs:sequence></xs:complexType></xs:element>"#;
    let document = "<a><b><c>1</c><c>2</c></b><b/><d>0</d><b><c>3</c></b><d>0</d></a>";
    assert_eq!(cells(&of(list, "/a/b/c"), document), [["1"], ["2"], ["3"]]);
    assert_eq!(cells(&of(list, "a/b"), document), [["[1,2]"], [""], ["[3]"]]);
    assert_eq!(cells(&of(list, "/a/d"), document), [["0"], ["0"]]);
}

#[test]
fn a_list_is_one_value() {
    let list = r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="l" maxOccurs="REPEAT"><xs:simpleType>
        <xs:list itemType="xs:int"/></xs:simpleType></xs:element></xs:sequence></xs:complexType></xs:element>"#;
    assert_eq!(cells(&of(&list.replace("REPEAT", "1"), "/a/l"), "<a><l>1 2</l></a>"), [["[1,2]"]]);
    assert_eq!(cells(&of(&list.replace("REPEAT", "2"), "/a/l"), "<a><l>1 2</l><l>3</l></a>"), [["[1,2]"], ["[3]"]]);
}

#[test]
fn nil_and_derived_types_have_the_columns_of_the_declared_type() {
    let derived = r#"<xs:element name="a"><xs:complexType><xs:sequence>
          <xs:element name="n" type="xs:int" nillable="true" maxOccurs="9"/></xs:sequence></xs:complexType></xs:element>
        <xs:simpleType name="Small"><xs:restriction base="xs:int"><xs:maxInclusive value="9"/></xs:restriction></xs:simpleType>"#;
    let document = r#"<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <n>70</n><n xsi:type="Small">7</n><n xsi:nil="true"/></a>"#;
    assert_eq!(cells(&of(derived, "/a/n"), document), [["70"], ["7"], [""]]);
}

#[test]
fn a_document_that_is_invalid_has_no_rows() {
    let table = of(r#"<xs:element name="a" type="xs:int"/>"#, "/a");
    let error = table.rows(b"<a>x</a>").expect_err("it is invalid");
    assert_eq!(error.report().map(|report| report.errors), Some(1));
}
