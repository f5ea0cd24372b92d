//! Values whose meaning depends on their place: IDs and references to them, qualified names, notations, entities.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use packetcheck::Schema;
use packetcheck::datatype::{Bindings, Context, Link, SimpleType};
use proptest::prelude::*;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A schema with some declarations, `t` being its target namespace.
fn schema(declarations: &str) -> Result<Schema> {
    let text = format!(
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" xmlns:a="urn:a"
             targetNamespace="urn:t" elementFormDefault="qualified">{declarations}</xs:schema>"#
    );
    Ok(Schema::from_documents(&[("test.xsd", &text)])?)
}

/// A document whose root has this content.
fn document(content: &str) -> String {
    format!(
        r#"<root xmlns="urn:t" xmlns:a="urn:a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{content}</root>"#
    )
}

/// A root that holds any number of `item`, of a type with everything tested here.
const ITEMS: &str = r#"
    <xs:element name="root"><xs:complexType><xs:sequence>
      <xs:element name="item" type="t:Item" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:complexType name="Item">
      <xs:choice minOccurs="0" maxOccurs="unbounded">
        <xs:element name="key" type="xs:ID"/>
        <xs:element name="to" type="xs:IDREFS"/>
        <xs:element name="home" type="xs:IDREF" default="here"/>
        <xs:element name="name" type="xs:QName"/>
        <xs:element name="kind" type="t:Kind"/>
        <xs:element name="either" type="t:Either"/>
        <xs:element name="format" type="t:Format"/>
        <xs:element name="picture" type="xs:ENTITY"/>
        <xs:element name="any" type="xs:anySimpleType"/>
      </xs:choice>
      <xs:attribute name="id" type="xs:ID"/>
      <xs:attribute name="ref" type="xs:IDREF"/>
      <xs:attribute name="kind" type="t:Kind"/>
      <xs:attribute name="fixed" type="xs:QName" fixed="a:x"/>
    </xs:complexType>
    <xs:simpleType name="Kind"><xs:restriction base="xs:QName">
      <xs:enumeration value="a:x"/><xs:enumeration value="t:y"/><xs:enumeration value="z"/>
      <xs:enumeration xmlns:b="urn:b" value="b:w"/><xs:maxLength value="1"/>
    </xs:restriction></xs:simpleType>
    <xs:simpleType name="Either"><xs:union memberTypes="xs:integer xs:IDREF"/></xs:simpleType>
    <xs:notation name="gif" public="image/gif"/>
    <xs:notation name="png" system="viewer.exe"/>
    <xs:simpleType name="Format"><xs:restriction base="xs:NOTATION">
      <xs:enumeration value="t:gif"/><xs:enumeration value="t:png"/>
    </xs:restriction></xs:simpleType>
"#;

#[test]
fn right_documents_are_valid_with_and_without_prediction() -> Result {
    let schema = schema(ITEMS)?;
    for content in [
        r#"<item id="a"/><item id="b" ref="a"/>"#,
        // The target of a reference may come later, and be an element's text.
        r#"<item ref="b"><to> c  b </to></item><item id="b"><key> c </key></item>"#,
        r#"<item><either>1</either><either>1</either></item>"#,
        r#"<item id="a"><either>a</either></item>"#,
        r#"<item><home>a</home></item><item id="a"/>"#,
        r#"<item><home/></item><item id="here"/>"#,
        r#"<item id="&#97;b" ref="ab"/>"#,
        // Names by their namespaces, whatever the prefix.
        r#"<item kind="a:x" xmlns:p="urn:a"><kind>p:x</kind><kind> y </kind></item>"#,
        r#"<item xmlns:a="urn:b" kind="a:w"/>"#,
        r#"<item kind="z" xmlns="" xmlns:t="urn:t"><t:kind>z</t:kind></item>"#.replace("<item", "<t:item xmlns:t='urn:t'").replace("/item", "/t:item").replace(r#" xmlns:t="urn:t""#, "").as_str(),
        r#"<item fixed="a:x" xmlns:q="urn:a"/><item xmlns:q="urn:a" fixed="q:x"/>"#,
        r#"<item><name>anything</name><name>xml:lang</name><name>xsi:type</name></item>"#,
        r#"<item><format>gif</format><format xmlns:n="urn:t">n:png</format></item>"#,
    ] {
        let document = document(content);
        let report = schema.explain_without_prediction(document.as_bytes());
        assert!(report.is_valid(), "{document}\n{:#?}", report.diagnostics);
        assert!(schema.is_valid(document.as_bytes()), "{document}");
    }
    Ok(())
}

#[test]
fn errors_have_their_code_place_and_message() -> Result {
    let schema = schema(ITEMS)?;
    for (content, code, path, at, message) in [
        (
            r#"<item id="a"/><item id="a"/>"#,
            "PC0412",
            "/root/item[2]",
            "a",
            "expected a unique ID in the attribute `id`, found `a` again",
        ),
        (
            r#"<item id="a"/><item><key>a</key></item>"#,
            "PC0412",
            "/root/item[2]/key",
            "a",
            "expected a unique ID in `key`, found `a` again",
        ),
        (
            r#"<item id="a"/><item id="b"/><item ref="c"/>"#,
            "PC0413",
            "/root/item[3]",
            "c",
            "expected an ID of this document in the attribute `ref`, found `c`",
        ),
        (
            r#"<item id="a"><to>a d a</to></item>"#,
            "PC0413",
            "/root/item/to",
            "a d a",
            "expected an ID of this document in `to`, found `d`",
        ),
        (
            "<item><home/></item>",
            "PC0413",
            "/root/item/home",
            "<home/>",
            "expected an ID of this document in `home`, found `here`",
        ),
        (
            "<item><either>b</either></item>",
            "PC0413",
            "/root/item/either",
            "b",
            "expected an ID of this document in `either`, found `b`",
        ),
        (
            r#"<item id="1"/>"#,
            "PC0401",
            "/root/item",
            "1",
            "expected an ID (a name without a colon) in the attribute `id`, found `1`",
        ),
        (
            "<item><name>p:x</name></item>",
            "PC0409",
            "/root/item/name",
            "p:x",
            "expected a name whose prefix `p` is declared in `name`, found `p:x`",
        ),
        (
            "<item><name>a:b:c</name></item>",
            "PC0401",
            "/root/item/name",
            "a:b:c",
            "expected a qualified name in `name`, found `a:b:c`",
        ),
        (
            r#"<item kind="x"/>"#,
            "PC0402",
            "/root/item",
            "x",
            "expected `a:x` in namespace `urn:a`, `t:y`, `z` or `b:w` in the attribute `kind`, found `x` in namespace `urn:t`",
        ),
        (
            r#"<item fixed="x"/>"#,
            "PC0303",
            "/root/item",
            "x",
            "expected the fixed value `a:x` in namespace `urn:a` in the attribute `fixed`, found `x` in namespace `urn:t`",
        ),
        (
            r#"<item><any xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:NOTATION">jpeg</any></item>"#,
            "PC0410",
            "/root/item/any",
            "jpeg",
            "expected the name of a notation that the schema declares in `any`, found `jpeg`",
        ),
        (
            "<item><picture>logo</picture></item>",
            "PC0411",
            "/root/item/picture",
            "logo",
            "expected the name of an unparsed entity, which no document can declare here, in `picture`, found \
             `logo`",
        ),
    ] {
        let document = document(content);
        let report = schema.explain_without_prediction(document.as_bytes());
        let [found] = &report.diagnostics[..] else { return Err(format!("{document}: {report:#?}").into()) };
        assert_eq!((found.code.as_str(), found.path.as_str(), found.message.as_str()), (code, path, message));
        assert_eq!(document.get(found.span.clone()), Some(at), "{document}");
        assert!(!schema.is_valid(document.as_bytes()), "{document}");
    }
    Ok(())
}

#[test]
fn the_first_of_two_equal_ids_is_shown_too() -> Result {
    let document = document(r#"<item id="a"/><item id="a"/><item id="a"/>"#);
    let report = schema(ITEMS)?.explain_without_prediction(document.as_bytes());
    assert_eq!(report.errors, 2);
    for diagnostic in &report.diagnostics {
        let first = document.find("id=\"a\"").map(|at| at + 4..at + 5);
        assert_eq!(diagnostic.related.as_ref().map(|(span, _)| span.clone()), first);
        assert_eq!(diagnostic.related.as_ref().map(|(_, label)| label.as_str()), Some("first given here"));
    }
    Ok(())
}

#[test]
fn references_are_not_reported_if_an_id_may_be_unread() -> Result {
    let schema = schema(ITEMS)?;
    for content in [
        r#"<item ref="a"/><unknown id="a"/>"#,
        r#"<item ref="a"/><item ide="a"/>"#,
        r#"<item ref="a"/><item id="a" id="b"/>"#,
        r#"<item ref="a"/><item><key>a &amp</key></item>"#,
    ] {
        let report = schema.explain_without_prediction(document(content).as_bytes());
        assert_eq!(report.errors, 1, "{content}: {:#?}", report.diagnostics);
        assert_ne!(report.diagnostics[0].code.as_str(), "PC0413", "{content}");
    }
    Ok(())
}

/// There are no IDs in skipped content, so references are still checked.
#[test]
fn skipped_content_does_not_hide_references() -> Result {
    let schema = schema(
        r#"<xs:element name="root"><xs:complexType><xs:sequence>
             <xs:any namespace="urn:a" processContents="skip" minOccurs="0"/><xs:element name="to" type="xs:IDREF"/>
           </xs:sequence></xs:complexType></xs:element>"#,
    )?;
    let text = document(r#"<a:x><a:y id="here"><a:z/></a:y></a:x><to>here</to>"#);
    assert!(!schema.is_valid(text.as_bytes()));
    let report = schema.explain_without_prediction(text.as_bytes());
    assert_eq!(report.diagnostics.iter().map(|found| found.code.as_str()).collect::<Vec<_>>(), ["PC0413"]);
    Ok(())
}

#[test]
fn defaults_of_attributes_refer_too() -> Result {
    let schema = schema(
        r#"<xs:element name="root"><xs:complexType>
             <xs:sequence><xs:element name="item" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
               <xs:attribute name="id" type="xs:ID"/><xs:attribute name="to" type="xs:IDREFS" default="a b"/>
             </xs:complexType></xs:element></xs:sequence>
           </xs:complexType></xs:element>"#,
    )?;
    for (content, errors) in [
        ("", 0),
        (r#"<item id="a"/><item id="b"/>"#, 0),
        (r#"<item id="a" to="a"/>"#, 0),
        (r#"<item id="a"/>"#, 1),
        // One default, one fault.
        ("<item/>", 1),
    ] {
        let document = document(content);
        let report = schema.explain_without_prediction(document.as_bytes());
        assert_eq!(report.errors, errors, "{content}: {:#?}", report.diagnostics);
        assert_eq!(schema.is_valid(document.as_bytes()), errors == 0, "{content}");
    }
    let report = schema.explain_without_prediction(document(r#"<item id="a"/>"#).as_bytes());
    let message = "expected an ID of this document in the attribute `to`, found `b`";
    assert_eq!(report.diagnostics[0].message, message);
    Ok(())
}

#[test]
fn types_of_ids_follow_the_rules_of_schemas() -> Result {
    for (declarations, code, message) in [
        (
            r#"<xs:attribute name="a" type="xs:ID" default="b"/>"#,
            "PC1102",
            "expected no default or fixed value of an ID, found one",
        ),
        (
            r#"<xs:element name="a" type="xs:ID" fixed="b"/>"#,
            "PC1105",
            "expected no default or fixed value of an ID, found one",
        ),
        (
            r#"<xs:complexType name="a"><xs:attribute name="b" type="xs:ID"/><xs:attribute name="c" type="xs:ID"/>
               </xs:complexType>"#,
            "PC1107",
            "attribute `c` is a second ID",
        ),
        (
            r#"<xs:attributeGroup name="a"><xs:attribute name="b" type="xs:ID"/><xs:attribute name="c" type="xs:ID"/>
               </xs:attributeGroup>"#,
            "PC1111",
            "attribute `c` is a second ID",
        ),
        (
            r#"<xs:complexType name="a"><xs:attribute name="b" type="xs:ID"/></xs:complexType>
               <xs:complexType name="d"><xs:complexContent><xs:extension base="t:a">
                 <xs:attribute name="c" type="xs:ID"/></xs:extension></xs:complexContent></xs:complexType>"#,
            "PC1107",
            "attribute `c` is a second ID",
        ),
        (
            r#"<xs:element name="a" type="xs:NOTATION"/>"#,
            "PC1224",
            "expected a type that enumerates notations, found NOTATION without an enumeration",
        ),
        (
            r#"<xs:simpleType name="a"><xs:restriction base="xs:NOTATION"><xs:enumeration value="t:gif"/>
               </xs:restriction></xs:simpleType>"#,
            "PC1011",
            "notation `gif` is not declared",
        ),
        (r#"<xs:notation name="a"/>"#, "PC1131", "missing `public` or `system` of `xs:notation`"),
        (r#"<xs:notation name="a" public="b"/><xs:notation name="a" public="b"/>"#, "PC1101", "`a` is declared twice"),
        (r#"<xs:notation name="a" system="%"/>"#, "PC1003", "expected a URI in `system`, found `%`"),
        (
            r#"<xs:simpleType name="a"><xs:restriction base="xs:QName"><xs:enumeration value="p:x"/></xs:restriction>
               </xs:simpleType>"#,
            "PC1209",
            "expected a value of the base type in `enumeration` (a qualified name), found `p:x`",
        ),
        (
            r#"<xs:attribute name="a" type="xs:QName" default="p:x"/>"#,
            "PC1102",
            "expected a qualified name as the value, found `p:x`",
        ),
        (
            r#"<xs:simpleType name="a"><xs:restriction base="xs:int"><xs:maxInclusive value="9" fixed="true"/>
               </xs:restriction></xs:simpleType>
               <xs:simpleType name="b"><xs:restriction base="t:a"><xs:maxInclusive value="8"/></xs:restriction>
               </xs:simpleType>"#,
            "PC1212",
            "expected `maxInclusive` to keep its value, which the base type fixes, found another",
        ),
        (
            r#"<xs:simpleType name="a"><xs:restriction base="xs:string"><xs:whiteSpace value="replace" fixed="1"/>
               </xs:restriction></xs:simpleType>
               <xs:simpleType name="b"><xs:restriction base="t:a"><xs:whiteSpace value="collapse"/></xs:restriction>
               </xs:simpleType>"#,
            "PC1210",
            "expected `whiteSpace` to keep its value, which the base type fixes, found another",
        ),
    ] {
        let Err(error) = schema(declarations) else { return Err(format!("{declarations} compiles").into()) };
        let said = error.to_string();
        assert!(said.contains(message), "{declarations}\n{said}");
        let error = error.downcast_ref::<packetcheck::SchemaError>().expect("a schema's error");
        assert_eq!(error.code().as_str(), code, "{declarations}\n{said}");
    }
    // A fixed facet may be repeated.
    let again = r#"
        <xs:simpleType name="a"><xs:restriction base="xs:int"><xs:maxInclusive value="9" fixed="true"/></xs:restriction>
        </xs:simpleType>
        <xs:simpleType name="b"><xs:restriction base="t:a"><xs:maxInclusive value="09"/></xs:restriction></xs:simpleType>"#;
    schema(again)?;
    Ok(())
}

#[test]
fn an_element_has_one_id_even_if_a_wildcard_admits_more() -> Result {
    let declarations = |own: &str| {
        format!(
            r#"<xs:attribute name="one" type="xs:ID"/><xs:attribute name="other" type="xs:ID"/>
               <xs:element name="root"><xs:complexType>{own}<xs:anyAttribute processContents="lax"/></xs:complexType>
               </xs:element>"#
        )
    };
    let own = r#"<xs:attribute name="id" type="xs:ID"/>"#;
    for (own, attributes, errors) in [
        ("", r#"t:one="a""#, 0),
        ("", r#"t:one="a" t:other="b""#, 1),
        (own, r#"id="a" x="b""#, 0),
        // Even if the type has no wildcard of its own (clause 5.2).
        (own, r#"t:one="a""#, 1),
    ] {
        let schema = schema(&declarations(own))?;
        let document = format!(r#"<t:root xmlns:t="urn:t" {attributes}/>"#);
        let report = schema.explain_without_prediction(document.as_bytes());
        assert_eq!(report.errors, errors, "{document}: {:#?}", report.diagnostics);
        assert_eq!(schema.is_valid(document.as_bytes()), errors == 0, "{document}");
        assert!(report.diagnostics.iter().all(|diagnostic| diagnostic.code.as_str() == "PC0305"));
    }
    Ok(())
}

#[test]
fn types_know_what_they_need() -> Result {
    let built_in = |name: &str| SimpleType::built_in(name).ok_or("a built-in");
    for name in ["QName", "NOTATION", "ID", "IDREF", "IDREFS", "ENTITY", "ENTITIES"] {
        assert!(built_in(name)?.needs_context(), "{name}");
    }
    let union = SimpleType::union(&[built_in("integer")?, built_in("IDREFS")?], None)?;
    assert!(union.needs_context());
    let mut links = Vec::new();
    let bindings = Bindings::new([("p", "urn:p"), ("q", "urn:p")]);
    union.links(" a  b ", &bindings, &mut |link, name| links.push((link, name)));
    assert_eq!(links, [(Link::Reference, "a"), (Link::Reference, "b")]);
    let name = built_in("QName")?;
    assert!(name.same_value_in(("p:x", &bindings), (" q:x ", &bindings)));
    assert!(!name.same_value_in(("p:x", &bindings), ("x", &bindings)));
    assert!(name.check_in("r:x", &bindings).is_err() && bindings.namespace("r").is_none());
    Ok(())
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| schema(ITEMS).expect("the declarations above are right"));

/// An element of a random document.
#[derive(Debug, Clone)]
struct Item {
    declared: Vec<(&'static str, &'static str)>,
    id: Option<u8>,
    reference: Option<u8>,
    kind: Option<(&'static str, &'static str)>,
    children: Vec<Child>,
}

#[derive(Debug, Clone)]
enum Child {
    Key(u8),
    To(Vec<u8>),
    Home(Option<u8>),
    Either(Option<u8>),
    Kind(&'static str, &'static str),
}

fn qualified_name() -> impl Strategy<Value = (&'static str, &'static str)> {
    let prefixes = prop::sample::select(vec!["a:", "a:", "b:", "", "t:", "none:"]);
    (prefixes, prop::sample::select(vec!["x", "x", "y", "z", "w"]))
}

fn item() -> impl Strategy<Value = Item> {
    let declaration = (
        prop::sample::select(vec!["xmlns", "xmlns:a", "xmlns:b"]),
        prop::sample::select(vec!["urn:a", "urn:b", "urn:t"]),
    );
    let name = 0..40_u8;
    let child = prop_oneof![
        name.clone().prop_map(Child::Key),
        prop::collection::vec(name.clone(), 1..4).prop_map(Child::To),
        prop::option::of(name.clone()).prop_map(Child::Home),
        prop::option::of(name.clone()).prop_map(Child::Either),
        qualified_name().prop_map(|(prefix, local)| Child::Kind(prefix, local)),
    ];
    (
        prop::collection::vec(declaration, 0..2),
        prop::option::weighted(0.8, name.clone()),
        prop::option::weighted(0.2, name),
        prop::option::weighted(0.2, qualified_name()),
        prop::collection::vec(child, 0..3),
    )
        .prop_map(|(declared, id, reference, kind, children)| Item { declared, id, reference, kind, children })
}

/// The document; the elements have a prefix, so that the default namespace is free to change.
fn write(items: &[Item]) -> String {
    let mut text = String::from(r#"<t:root xmlns:t="urn:t" xmlns:a="urn:a">"#);
    for item in items {
        text.push_str("<t:item");
        for (name, namespace) in &item.declared {
            let _ = write!(text, " {name}='{namespace}'");
        }
        if let Some(id) = item.id {
            let _ = write!(text, " id=' n{id} '");
        }
        if let Some(reference) = item.reference {
            let _ = write!(text, " ref=\"n{reference}\"");
        }
        if let Some((prefix, local)) = item.kind {
            let _ = write!(text, " kind='{prefix}{local}'");
        }
        text.push('>');
        for child in &item.children {
            let (name, value) = match child {
                Child::Key(key) => ("key", format!("n{key}")),
                Child::To(names) => ("to", names.iter().map(|name| format!("n{name} \n")).collect()),
                Child::Home(name) => ("home", name.map_or_else(String::new, |name| format!("n{name}"))),
                Child::Either(name) => ("either", name.map_or_else(|| "7".to_owned(), |name| format!("n{name}"))),
                Child::Kind(prefix, local) => ("kind", format!("{prefix}{local}")),
            };
            let _ = write!(text, "<t:{name}>{value}</t:{name}>");
        }
        text.push_str("</t:item>\n");
    }
    text + "</t:root>"
}

/// The IDs and names of a document, evaluated literally by the Recommendation from its tree: how many IDs are repeated,
/// how many references lead nowhere, and how many names are not values of `Kind`.
fn count_errors(text: &str) -> (usize, usize, usize) {
    let tree = roxmltree::Document::parse(text).expect("well-formed");
    let (mut ids, mut repeated, mut references, mut wrong_names) = (HashSet::new(), 0, Vec::new(), 0);
    let is_kind = |node: roxmltree::Node<'_, '_>, value: &str| {
        let (prefix, local) = value.split_once(':').map_or((None, value), |(prefix, local)| (Some(prefix), local));
        let namespace = node.lookup_namespace_uri(prefix);
        (prefix.is_none() || namespace.is_some())
            && [(Some("urn:a"), "x"), (Some("urn:t"), "y"), (None, "z"), (Some("urn:b"), "w")]
                .contains(&(namespace, local))
    };
    for node in tree.descendants().filter(roxmltree::Node::is_element) {
        let text = node.text().unwrap_or_default().trim().to_owned();
        let mut take = |id: &str| repeated += usize::from(!ids.insert(id.to_owned()));
        match node.tag_name().name() {
            "key" => take(&text),
            "to" => references.extend(text.split_ascii_whitespace().map(str::to_owned)),
            "home" if text.is_empty() => references.push("here".to_owned()),
            "home" => references.push(text.clone()),
            "either" if text != "7" => references.push(text.clone()),
            "kind" => wrong_names += usize::from(!is_kind(node, &text)),
            _ => {}
        }
        node.attribute("id").map(str::trim).into_iter().for_each(&mut take);
        references.extend(node.attribute("ref").map(str::to_owned));
        wrong_names += node.attribute("kind").map_or(0, |kind| usize::from(!is_kind(node, kind)));
    }
    let unknown = references.iter().filter(|reference| !ids.contains(*reference)).count();
    (repeated, unknown, wrong_names)
}

proptest! {
    #[test]
    fn prediction_and_walk_agree_with_the_tree(items in prop::collection::vec(item(), 0..8)) {
        let text = write(&items);
        let (repeated, unknown, wrong_names) = count_errors(&text);
        let report = SCHEMA.explain_without_prediction(text.as_bytes());
        let count = |code: &str| report.diagnostics.iter().filter(|found| found.code.as_str() == code).count();
        let is_valid = repeated + unknown + wrong_names == 0;
        prop_assert_eq!(report.is_valid(), is_valid, "{}\n{:#?}", text, report);
        prop_assert_eq!(SCHEMA.is_valid(text.as_bytes()), is_valid, "{}", text);
        prop_assert_eq!(count("PC0412"), repeated, "{}\n{:#?}", text, report);
        prop_assert_eq!(count("PC0413"), unknown, "{}\n{:#?}", text, report);
    }
}

#[test]
fn very_many_ids_and_references_are_checked_quickly() -> Result {
    const MANY: usize = 100_000;
    let schema = schema(ITEMS)?;
    let long = "x".repeat(50);
    let item = |id: usize, reference: usize| format!("<item id=\"{long}{id}\" ref=\"{long}{reference}\"/>");
    let all = |last: usize| document(&(0..MANY).map(|id| item(id, (id * 7 + last) % MANY)).collect::<String>());
    let valid = all(1);
    assert!(schema.is_valid(valid.as_bytes()));
    assert!(schema.explain(valid.as_bytes()).is_valid());
    const WRONG: usize = MANY / 10;
    let dangling = document(&(0..WRONG).map(|id| item(id, MANY)).collect::<String>());
    assert!(!schema.is_valid(dangling.as_bytes()));
    assert_eq!(schema.explain(dangling.as_bytes()).errors, WRONG);
    let equal = document(&(0..WRONG).map(|_| item(1, 1)).collect::<String>());
    assert_eq!(schema.explain(equal.as_bytes()).errors, WRONG - 1);
    Ok(())
}

#[test]
fn values_keep_only_the_prefixes_that_they_use() -> Result {
    let declared: String = (0..90).map(|number| format!(" xmlns:p{number}='urn:{}'", "n".repeat(500))).collect();
    let values: String = (0..2_000)
        .map(|number| {
            format!("<xs:enumeration value='p{}:a{number}'{}/>", number % 90, ["", " xmlns:q='q'"][number % 2])
        })
        .collect();
    let schema = schema(&format!(
        "<xs:element name='root'><xs:simpleType><xs:restriction base='xs:QName'{declared}>{values}</xs:restriction>
         </xs:simpleType></xs:element>"
    ))?;
    let namespace = "n".repeat(500);
    let document = |local: &str| format!("<t:root xmlns:t='urn:t' xmlns:a='urn:{namespace}'>a:{local}</t:root>");
    assert!(schema.is_valid(document("a7").as_bytes()));
    assert!(!schema.is_valid(document("a2000").as_bytes()));
    Ok(())
}

#[test]
fn a_long_default_is_one_reference_however_often_it_is_used() -> Result {
    let names: String = (0..5_000).map(|name| format!("n{name} ")).collect();
    let schema = schema(&format!(
        r#"<xs:element name="root"><xs:complexType>
             <xs:sequence><xs:element name="item" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
               <xs:attribute name="id" type="xs:ID"/><xs:attribute name="to" type="xs:IDREFS" default="{names}"/>
             </xs:complexType></xs:element></xs:sequence>
           </xs:complexType></xs:element>"#
    ))?;
    let items: String = (0..5_000).map(|id| format!("<item id=\"n{id}\"/>")).collect();
    let many = "<item/>".repeat(100_000);
    assert!(schema.is_valid(document(&(items + &many)).as_bytes()));
    assert_eq!(schema.explain(document(&many).as_bytes()).errors, 100_000);
    Ok(())
}
