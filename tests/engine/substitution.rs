//! Substitution groups, `block`, `final` and `abstract`: what schemas may declare with them, and what documents may
//! contain.

use packetcheck::{Schema, SchemaError};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn schema(declarations: &str) -> std::result::Result<Schema, SchemaError> {
    Schema::from_documents(&[("test.xsd", &text(declarations))])
}

fn text(declarations: &str) -> String {
    format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{declarations}</xs:schema>")
}

/// The first error of a document, checked on both paths: the code and the message.
fn first_fault(schema: &Schema, document: &str) -> Result<Option<(String, String)>> {
    let report = schema.explain_without_prediction(document.as_bytes());
    assert_eq!(schema.is_valid(document.as_bytes()), report.is_valid(), "{document:.200}\n{:#?}", report.diagnostics);
    assert!(report.diagnostics.len() <= 1, "one fault, one diagnostic: {document:.200}\n{:#?}", report.diagnostics);
    let first = report.diagnostics.first();
    Ok(first.map(|fault| (fault.code.as_str().to_owned(), fault.message.clone())))
}

fn assert_valid(schema: &Schema, documents: &[&str]) -> Result {
    for document in documents {
        assert_eq!(first_fault(schema, document)?, None, "{document:.200}");
    }
    Ok(())
}

fn assert_faults(schema: &Schema, documents: &[(&str, &str, &str)]) -> Result {
    for (document, code, message) in documents {
        let expected = Some(((*code).to_owned(), (*message).to_owned()));
        assert_eq!(first_fault(schema, document)?, expected, "{document:.200}");
    }
    Ok(())
}

/// The violated constraint of a schema, the column of the place (everything is on one line) and the words.
fn assert_refused(declarations: &str, at: &str, constraint: &str, message: &str) -> Result {
    let Err(error) = schema(declarations) else { return Err(format!("not refused: {declarations}").into()) };
    let text = text(declarations);
    let found = (error.constraint(), error.message());
    assert_eq!(found, (constraint, message), "{declarations}");
    let rest = text.get(error.column() - 1..).unwrap_or_default();
    assert!(rest.starts_with(at), "{declarations}\nat {rest}");
    Ok(())
}

const SHAPES: &str = r#"
    <xs:element name="drawing"><xs:complexType><xs:sequence>
      <xs:element ref="shape" maxOccurs="unbounded"/><xs:element name="end" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="shape" type="xs:decimal" abstract="true"/>
    <xs:element name="size" substitutionGroup="shape"/>
    <xs:element name="count" type="xs:int" substitutionGroup="size" nillable="true"/>
    <xs:element name="one" type="xs:int" fixed="1" substitutionGroup="count"/>"#;

#[test]
fn members_stand_for_their_head_by_their_own_declarations() -> Result {
    let schema = schema(SHAPES)?;
    let nil = r#"<drawing><count xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></drawing>"#;
    assert_valid(
        &schema,
        &[
            "<drawing><size>1.5</size></drawing>",
            "<drawing><count>2</count><size>1</size><one/><one>1</one><end/></drawing>",
            "<count>7</count>",
            nil,
        ],
    )?;
    assert_faults(
        &schema,
        &[
            (
                "<drawing><count>1.5</count></drawing>",
                "PC0401",
                "expected an integer from -2147483648 to 2147483647 in `count`, found `1.5`",
            ),
            ("<drawing><one>2</one></drawing>", "PC0408", "expected the fixed value `1` in `one`, found `2`"),
            (
                "<drawing><shape>1</shape></drawing>",
                "PC0215",
                "expected an element that can replace `shape`, found the abstract element itself",
            ),
            ("<drawing><sizes>1</sizes></drawing>", "PC0204", "expected `size`, found `sizes`"),
            (
                "<drawing><end/></drawing>",
                "PC0203",
                "missing one of the elements `size`, `count` or `one` before `end`",
            ),
            (
                "<drawing><size>1</size><xyz/></drawing>",
                "PC0202",
                "expected `size`, `count`, `one`, `end` or the end of `drawing`, found `xyz`",
            ),
        ],
    )
}

#[test]
fn blocked_substitutions_are_reported() -> Result {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:choice maxOccurs="unbounded">
             <xs:element ref="closed"/><xs:element ref="plain"/><xs:element ref="restricted"/>
           </xs:choice></xs:complexType></xs:element>
           <xs:element name="closed" type="Base" block="substitution"/>
           <xs:element name="c1" substitutionGroup="closed"/>
           <xs:element name="plain" type="Base" block="extension"/>
           <xs:element name="p1" type="Extended" substitutionGroup="plain"/>
           <xs:element name="p2" type="Restricted" substitutionGroup="p1x"/>
           <xs:element name="p1x" substitutionGroup="plain"/>
           <xs:element name="restricted" type="Guarded"/>
           <xs:element name="r1" type="FromGuarded" substitutionGroup="restricted"/>
           <xs:complexType name="Base"><xs:sequence><xs:element name="x" minOccurs="0"/></xs:sequence></xs:complexType>
           <xs:complexType name="Extended"><xs:complexContent><xs:extension base="Base"/></xs:complexContent></xs:complexType>
           <xs:complexType name="Restricted"><xs:complexContent><xs:restriction base="Base"/></xs:complexContent></xs:complexType>
           <xs:complexType name="Guarded" block="restriction"><xs:sequence><xs:element name="x" minOccurs="0"/></xs:sequence></xs:complexType>
           <xs:complexType name="FromGuarded"><xs:complexContent><xs:restriction base="Guarded"/></xs:complexContent></xs:complexType>"#,
    )?;
    let with_type = |element: &str, name: &str| {
        format!(r#"<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><{element} xsi:type="{name}"/></a>"#)
    };
    assert_valid(
        &schema,
        &[
            "<a><closed/><plain/><p2/><p1x/><restricted/></a>",
            &with_type("plain", "Restricted"),
            &with_type("closed", "Extended"),
            &with_type("closed", "Restricted"),
            &with_type("plain", "Base"),
        ],
    )?;
    assert_faults(
        &schema,
        &[
            ("<a><c1/></a>", "PC0217", "expected `closed` itself, since the schema does not allow `c1` to replace it"),
            ("<a><p1/></a>", "PC0217", "expected `plain` itself, since the schema does not allow `p1` to replace it"),
            (
                "<a><r1/></a>",
                "PC0217",
                "expected `restricted` itself, since the schema does not allow `r1` to replace it",
            ),
            (
                &with_type("plain", "Extended"),
                "PC0218",
                "expected a type not derived by extension in `xsi:type`, since the schema blocks that for `plain`, found `Extended`",
            ),
            (
                &with_type("restricted", "FromGuarded"),
                "PC0218",
                "expected a type not derived by restriction in `xsi:type`, since the schema blocks that for `restricted`, found `FromGuarded`",
            ),
        ],
    )
}

#[test]
fn defaults_of_the_schema_apply_where_nothing_else_is_specified() -> Result {
    let document = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" blockDefault="substitution" finalDefault="list">
        <xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="b"/><xs:element ref="c"/></xs:sequence></xs:complexType></xs:element>
        <xs:element name="b" type="xs:string"/><xs:element name="b1" substitutionGroup="b"/>
        <xs:element name="c" type="xs:string" block=""/><xs:element name="c1" substitutionGroup="c"/>
        {}</xs:schema>"#;
    let made = Schema::from_documents(&[("test.xsd", &document.replace("{}", ""))])?;
    assert_valid(&made, &["<a><b/><c1/></a>"])?;
    assert_eq!(first_fault(&made, "<a><b1/><c/></a>")?.map(|(code, _)| code).as_deref(), Some("PC0217"));
    let lists = r#"<xs:simpleType name="item"><xs:restriction base="xs:int"/></xs:simpleType>
        <xs:simpleType name="list"><xs:list itemType="item"/></xs:simpleType>"#;
    let refused = Schema::from_documents(&[("test.xsd", &document.replace("{}", lists))]);
    let error = refused.err().ok_or("a list of a type that is final for lists")?;
    assert_eq!((error.constraint(), error.message()), ("cos-st-restricts", "type `item` is final: it allows no list"));
    Ok(())
}

#[test]
fn impossible_groups_are_refused() -> Result {
    assert_refused(
        r#"<xs:element name="a" substitutionGroup="b"/>"#,
        "substitutionGroup",
        "src-resolve",
        "element `b` is not declared",
    )?;
    assert_refused(
        r#"<xs:element name="a" substitutionGroup="b"/><xs:element name="b" substitutionGroup="a"/>"#,
        "substitutionGroup=\"b\"",
        "e-props-correct",
        "the substitution group of `a` leads back to itself",
    )?;
    assert_refused(
        r#"<xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:string" substitutionGroup="a"/>"#,
        "<xs:element name=\"b\"",
        "e-props-correct",
        "expected a type derived from type `int`, that of the head `a`, found type `string`",
    )?;
    assert_refused(
        r#"<xs:element name="a" type="xs:integer" final="restriction"/>
           <xs:element name="b" type="xs:int" substitutionGroup="a"/>"#,
        "",
        "e-props-correct",
        "`a` is final: type `int` is derived from its type by restriction",
    )?;
    assert_refused(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" substitutionGroup="a"/></xs:sequence></xs:complexType></xs:element>"#,
        "substitutionGroup",
        "schema-syntax",
        "attribute `substitutionGroup` is not allowed on `xs:element`",
    )?;
    assert_refused(
        r#"<xs:element name="a" block="extension list"/>"#,
        "block",
        "schema-syntax",
        "expected `#all` or a list of `extension`, `restriction`, `substitution` for `block`, found `extension list`",
    )
}

#[test]
fn final_types_are_not_derived_from() -> Result {
    let derived = |base: &str, how: &str| {
        format!(
            r#"<xs:complexType name="B" {base}><xs:sequence/></xs:complexType><xs:complexType name="D"><xs:complexContent><xs:{how} base="B"/></xs:complexContent></xs:complexType>"#
        )
    };
    for (finals, how) in
        [("", "extension"), (r#"final="restriction""#, "extension"), (r#"final="extension""#, "restriction")]
    {
        schema(&derived(finals, how))?;
    }
    let extends = "type `B` is final: it allows no extension";
    assert_refused(&derived(r#"final="extension""#, "extension"), "base", "cos-ct-extends", extends)?;
    assert_refused(&derived(r##"final="#all""##, "extension"), "base", "cos-ct-extends", extends)?;
    let restricts = "type `B` is final: it allows no restriction";
    assert_refused(&derived(r#"final="restriction""#, "restriction"), "base", "derivation-ok-restriction", restricts)?;
    let simple = |finals: &str, use_of_it: &str| {
        format!(
            r#"<xs:simpleType name="B" final="{finals}"><xs:restriction base="xs:int"/></xs:simpleType><xs:simpleType name="D">{use_of_it}</xs:simpleType>"#
        )
    };
    let (restriction, list, union) =
        (r#"<xs:restriction base="B"/>"#, r#"<xs:list itemType="B"/>"#, r#"<xs:union memberTypes="xs:int B"/>"#);
    for (finals, use_of_it) in [("list union", restriction), ("restriction union", list), ("list restriction", union)] {
        schema(&simple(finals, use_of_it))?;
    }
    let message = |how: &str| format!("type `B` is final: it allows no {how}");
    assert_refused(&simple("restriction", restriction), "base", "st-props-correct", &message("restriction"))?;
    assert_refused(&simple("#all", list), "itemType", "cos-st-restricts", &message("list"))?;
    assert_refused(&simple("union", union), "memberTypes", "cos-st-restricts", &message("union"))
}

#[test]
fn content_models_count_those_that_may_stand_for_others() -> Result {
    let model = |particles: &str| {
        format!(
            r#"<xs:element name="h" type="xs:string"/><xs:element name="m" substitutionGroup="h"/><xs:complexType name="T">{particles}</xs:complexType>"#
        )
    };
    assert_refused(
        &model(r#"<xs:choice><xs:element ref="h"/><xs:element ref="m"/></xs:choice>"#),
        "<xs:element ref=\"m\"/>",
        "cos-nonambig",
        "this content model is ambiguous: `m` competes with `h` for the same element",
    )?;
    assert_refused(
        &model(r#"<xs:sequence><xs:element ref="h"/><xs:element name="m" type="xs:int"/></xs:sequence>"#),
        "<xs:element name=\"m\" type=\"xs:int\"/>",
        "cos-element-consistent",
        "`m` has another type here than elsewhere in the same content model",
    )?;
    schema(&model(r#"<xs:sequence><xs:element ref="h"/><xs:element ref="m"/></xs:sequence>"#))?;
    schema(&model(r#"<xs:sequence><xs:element ref="h"/><xs:element name="m" type="xs:string"/></xs:sequence>"#))?;
    // A wildcard for the namespace of a member competes with the head.
    let root = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:h">
        <xs:import namespace="urn:m" schemaLocation="m.xsd"/><xs:element name="h" type="xs:string"/>
        <xs:complexType name="T"><xs:choice><xs:element ref="h" xmlns="urn:h"/><xs:any namespace="urn:m"/></xs:choice></xs:complexType>
        </xs:schema>"#;
    let member = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:m" xmlns:h="urn:h">
        <xs:import namespace="urn:h" schemaLocation="h.xsd"/><xs:element name="m" substitutionGroup="h:h"/></xs:schema>"#;
    let refused = Schema::from_documents(&[("h.xsd", root), ("m.xsd", member)]).err().ok_or("ambiguous")?;
    assert_eq!((refused.constraint(), refused.line()), ("cos-nonambig", 3));
    Ok(())
}

#[test]
fn a_restriction_may_name_members_instead_of_their_head() -> Result {
    let restricted = |base: &str, own: &str| {
        format!(
            r#"<xs:element name="h" type="xs:string"/><xs:element name="m" substitutionGroup="h"/><xs:element name="n" substitutionGroup="m"/>
            <xs:complexType name="B"><xs:sequence>{base}</xs:sequence></xs:complexType>
            <xs:complexType name="D"><xs:complexContent><xs:restriction base="B"><xs:sequence>{own}</xs:sequence></xs:restriction></xs:complexContent></xs:complexType>"#
        )
    };
    let head = r#"<xs:element ref="h" maxOccurs="3"/>"#;
    for own in [
        r#"<xs:element ref="h" maxOccurs="2"/>"#,
        r#"<xs:element ref="m" maxOccurs="2"/>"#,
        r#"<xs:element ref="n"/>"#,
        r#"<xs:choice maxOccurs="3"><xs:element ref="m"/></xs:choice>"#,
        r#"<xs:element name="m" type="xs:string"/>"#,
    ] {
        schema(&restricted(head, own)).map_err(|error| format!("{own}: {error}"))?;
    }
    let place = |name: &str| format!("expected a restriction of the content of type `B`, found element `{name}`");
    let cases = [
        (head, r#"<xs:element ref="m" maxOccurs="4"/>"#, "rcase-RecurseLax", "m"),
        (head, r#"<xs:element name="m" type="xs:int"/>"#, "rcase-NameAndTypeOK", "m"),
        (r#"<xs:element ref="m"/>"#, r#"<xs:element ref="h"/>"#, "rcase-NameAndTypeOK", "h"),
        (r#"<xs:element name="x" block="extension"/>"#, r#"<xs:element name="x"/>"#, "rcase-NameAndTypeOK", "x"),
    ];
    for (base, own, constraint, name) in cases {
        let error = schema(&restricted(base, own)).err().ok_or_else(|| format!("not refused: {own} for {base}"))?;
        assert_eq!((error.constraint(), error.message()), (constraint, place(name).as_str()), "{own} for {base}");
    }
    Ok(())
}

/// Ten thousand members, all with one head or each with the previous one: documents and content models are unaffected.
#[test]
fn large_groups_cost_nothing() -> Result {
    const MEMBERS: usize = 10_000;
    for is_chain in [false, true] {
        let mut declarations = String::from(
            r#"<xs:element name="e0" type="xs:int"/><xs:element name="a"><xs:complexType><xs:sequence>
               <xs:element ref="e0" maxOccurs="unbounded"/><xs:element name="end"/></xs:sequence></xs:complexType></xs:element>
               <xs:complexType name="B"><xs:choice><xs:element ref="e0"/><xs:any namespace="urn:other"/></xs:choice></xs:complexType>
               <xs:complexType name="D"><xs:complexContent><xs:restriction base="B"><xs:choice><xs:element ref="e1"/></xs:choice></xs:restriction></xs:complexContent></xs:complexType>"#,
        );
        let mut document = String::from("<a>");
        for member in 1..=MEMBERS {
            let head = if is_chain { member - 1 } else { 0 };
            declarations.push_str(&format!(r#"<xs:element name="e{member}" substitutionGroup="e{head}"/>"#));
            document.push_str(&format!("<e{member}>{member}</e{member}>"));
        }
        let schema = schema(&declarations)?;
        assert_valid(&schema, &[&format!("{document}<end/></a>")])?;
        assert_faults(
            &schema,
            &[
                (
                    &format!("{document}<e3>x</e3><end/></a>"),
                    "PC0401",
                    "expected an integer from -2147483648 to 2147483647 in `e3`, found `x`",
                ),
                (
                    "<a><end/></a>",
                    "PC0203",
                    "missing one of the elements `e0`, `e1`, `e2`, `e3` or another element that can replace `e0` before `end`",
                ),
            ],
        )?;
    }
    Ok(())
}
