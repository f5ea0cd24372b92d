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

#[test]
fn columns_are_what_holds_the_values_of_a_type() {
    let children = [
        "boolean",
        "float",
        "double",
        "short",
        "int",
        "unsignedInt",
        "long",
        "unsignedLong",
        "integer",
        "decimal",
        "date",
        "string",
        "NMTOKENS",
    ];
    let declared: String =
        children.iter().map(|name| format!("<xs:element name='{name}' type='xs:{name}' minOccurs='0'/>")).collect();
    let schema = format!(
        "<xs:element name='a'><xs:complexType><xs:sequence>{declared}
           <xs:element name='code' minOccurs='0'><xs:simpleType><xs:restriction base='xs:int'><xs:pattern value='0\\d*'/></xs:restriction></xs:simpleType></xs:element>
           <xs:element name='any' minOccurs='0'/><xs:any namespace='##other' processContents='skip' minOccurs='0'/>
         </xs:sequence></xs:complexType></xs:element>"
    );
    let table = of(&schema, "/a");
    let columns: Vec<_> = table.columns().iter().map(|column| (column.name.as_str(), column.kind)).collect();
    use ColumnType::{Boolean, Double, Int, Json, Long, Text};
    assert_eq!(
        columns,
        [
            ("boolean", Boolean),
            ("float", Double),
            ("double", Double),
            ("short", Int),
            ("int", Int),
            ("unsignedInt", Long),
            ("long", Long),
            ("unsignedLong", Text),
            ("integer", Text),
            ("decimal", Text),
            ("date", Text),
            ("string", Text),
            ("NMTOKENS", Json),
            ("code", Text),
            ("any", Json),
            ("$any", Json),
        ]
    );
    let instance = "xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns:xs='http://www.w3.org/2001/XMLSchema'";
    let document = format!(
        "<a {instance}><boolean>1</boolean><float>INF</float><int i:type='xs:short'>07</int><NMTOKENS>b c</NMTOKENS><code>007</code>
           <x xmlns='urn:x'/></a>"
    );
    let expected =
        ["true", "INF", "", "", "7", "", "", "", "", "", "", "", r#"["b","c"]"#, "007", "", r#"{"Q{urn:x}x":{}}"#];
    assert_eq!(cells(&table, &document), [expected]);

    // Elements without members of their own, with text, and with text among their children.
    let others = "<xs:element name='a'><xs:complexType><xs:sequence>
        <xs:element name='empty'><xs:complexType/></xs:element><xs:element name='text' type='xs:boolean'/>
        <xs:element name='mixed'><xs:complexType mixed='true'><xs:sequence><xs:element name='b' minOccurs='0'/></xs:sequence></xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>";
    let document = "<a><empty/><text>0</text><mixed>x<b/>y</mixed></a>";
    for (path, columns, row) in [
        ("/a/empty", vec![], vec![]),
        ("/a/text", vec![("$text", Boolean)], vec!["false"]),
        ("/a/mixed", vec![("$value", Json)], vec![r#"["x",{"b":{}},"y"]"#]),
    ] {
        let table = of(others, path);
        assert_eq!(
            table.columns().iter().map(|column| (column.name.as_str(), column.kind)).collect::<Vec<_>>(),
            columns,
            "{path}"
        );
        assert_eq!(cells(&table, document), [row], "{path}");
    }
}

#[test]
fn a_path_that_leads_nowhere_is_an_error() {
    let text =
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='order'><xs:complexType><xs:sequence>
        <xs:element name='item' type='xs:int' maxOccurs='9'/></xs:sequence></xs:complexType></xs:element></xs:schema>";
    let schema = Schema::from_documents(&[("a.xsd", text)]).expect("the schema is right");
    for (path, expected) in [
        ("", "expected a path such as `/order/item`, found an empty one"),
        ("//", "expected a path such as `/order/item`, found an empty one"),
        ("/oder", "expected a global element of the schema (`order`), found `oder`; did you mean `order`?"),
        ("/order/itm", "expected a child of `order` (`item`), found `itm`; did you mean `item`?"),
        ("/order/other", "expected a child of `order` (`item`), found `other`"),
        ("/order/item/x", "expected a path that ends with `item`, which has no children, found `x`"),
    ] {
        let error = Table::new(&schema, path).map(|_| ()).expect_err(path);
        assert_eq!(error.to_string(), expected, "{path}");
    }
}
