//! What editors are offered at a place is what is allowed there: in every sample, existing names were offered, and
//! offered names are not reported when they are written. No place in any document, however broken, causes a panic.

use std::error::Error;
use std::fs;
use std::path::Path;

use packetcheck::assist::{Completion, CompletionKind, Piece, complete, declaration, describe, outline};
use packetcheck::{PacketKind, Schema};
use proptest::prelude::*;
use roxmltree::{Document, Node};

use crate::support::files;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const TYPES: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">
  <xs:element name="shop"><xs:complexType>
    <xs:sequence>
      <xs:element name="name" type="xs:string"><xs:annotation><xs:documentation>What it is called.</xs:documentation></xs:annotation></xs:element>
      <xs:element name="state" default="open"><xs:simpleType><xs:restriction base="xs:token">
        <xs:enumeration value="open"/><xs:enumeration value="closed &amp; empty"/></xs:restriction></xs:simpleType></xs:element>
      <xs:choice minOccurs="0" maxOccurs="2"><xs:element name="item" type="item" nillable="true"/><xs:element ref="head"/></xs:choice>
      <xs:element name="last" fixed="end" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="id" type="xs:ID" use="required"/>
    <xs:attribute name="open" type="xs:boolean"/>
    <xs:attribute name="sizes"><xs:simpleType><xs:list><xs:simpleType><xs:restriction base="xs:token">
      <xs:enumeration value="small"/><xs:enumeration value="large"/></xs:restriction></xs:simpleType></xs:list></xs:simpleType></xs:attribute>
  </xs:complexType></xs:element>
  <xs:element name="head" abstract="true" type="item"/>
  <xs:element name="member" substitutionGroup="head" type="item"/>
  <xs:complexType name="item"><xs:attribute name="kind" use="required" fixed="&lt;a&gt;"/></xs:complexType>
  <xs:complexType name="more"><xs:complexContent><xs:extension base="item"/></xs:complexContent></xs:complexType>
</xs:schema>"#;

fn types() -> Outcome<Schema> {
    Ok(Schema::from_documents(&[("types.xsd", TYPES)])?)
}

/// The completions where `|` is.
fn offered(schema: &Schema, marked: &str) -> (String, Vec<Completion>) {
    let at = marked.find('|').unwrap_or(marked.len());
    let text = marked.replacen('|', "", 1);
    let found = complete(Some(schema), &text, at);
    (text[found.span].to_owned(), found.items)
}

fn labels(schema: &Schema, marked: &str) -> String {
    let (replaced, items) = offered(schema, marked);
    let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
    format!("{replaced}: {}", labels.join(" "))
}

/// The templates, with `_` for what the author writes.
fn templates(schema: &Schema, marked: &str) -> Vec<String> {
    let written = |item: &Completion| -> String {
        let text = |piece: &Piece| if let Piece::Text(text) = piece { text.clone() } else { "_".to_owned() };
        item.template.iter().map(text).collect()
    };
    offered(schema, marked).1.iter().map(written).collect()
}

#[test]
fn elements_are_offered_in_the_order_of_the_content() -> Outcome {
    let schema = types()?;
    let root = "<shop xmlns='urn:t' id='a'>";
    let labels = |marked: &str| labels(&schema, &marked.replacen('^', root, 1));
    assert_eq!(labels("|"), ": shop member");
    assert_eq!(labels("<?xml version='1.0'?>\n<!-- < -->\n<s|"), "s: shop member");
    assert_eq!(labels("^<|"), ": name /shop");
    assert_eq!(labels("^<name/>|"), ": state /shop");
    assert_eq!(labels("^<name/><state/> |"), ": item member last /shop");
    // An existing end tag is not offered again.
    assert_eq!(labels("^<name/><state/><item/><it|\n</shop>"), "it: item member last");
    assert_eq!(labels("^<name/><state/><item/>|<item><!-- </shop> --></item></shop>"), ": item member last");
    assert_eq!(labels("^<name/><state/><item/>|<item></shop>"), ": item member last /shop");
    // It is not offered in place of typed text either.
    assert_eq!(labels("^<name/><state/><item/>la|"), "la: item member last");
    assert_eq!(labels("^<name/><state/><item/><item/><|"), ": last /shop");
    // The name of an existing tag is replaced as a whole.
    assert_eq!(labels("^<nam|ing a='b'></naming></shop>"), "naming: name");
    assert_eq!(labels("^<name/><state/><last/>|"), ": /shop");
    // After broken markup, and after the root.
    assert_eq!(labels("^<name>a</nam><state/><|"), ": item member last /shop");
    assert_eq!(labels("^<name/></shop><|"), ": ");
    assert_eq!(labels("^<!-- <| --></shop>"), ": ");
    assert_eq!(labels("^<name><![CDATA[<|]]></name></shop>"), ": ");
    Ok(())
}

#[test]
fn inserted_elements_have_their_required_content() -> Outcome {
    let schema = types()?;
    assert_eq!(templates(&schema, "|")[0], "<shop xmlns=\"urn:t\" id=\"_\">_</shop>");
    assert_eq!(
        templates(&schema, "<"),
        ["shop xmlns=\"urn:t\" id=\"_\">_</shop>", "member xmlns=\"urn:t\" kind=\"&lt;a>\"/>"]
    );
    assert_eq!(
        templates(&schema, "<t:shop xmlns:t='urn:t' id='a'><t:name/><t:state/>|"),
        ["<t:item kind=\"&lt;a>\"/>", "<t:member kind=\"&lt;a>\"/>", "<t:last>end</t:last>", "</t:shop>"]
    );
    assert_eq!(templates(&schema, "<shop xmlns='urn:t'></|"), ["shop>"]);
    assert_eq!(templates(&schema, "<shop xmlns='urn:t'></sh|>"), ["shop"]);
    assert_eq!(templates(&schema, "<shop xmlns='urn:t' |>"), ["id=\"_\"", "open=\"_\"", "sizes=\"_\""]);
    assert_eq!(templates(&schema, "<shop xmlns='urn:t' i|='a'>"), ["id", "open", "sizes"]);
    Ok(())
}

#[test]
fn attributes_and_values_are_those_of_the_type() -> Outcome {
    let schema = types()?;
    let root = "<shop xmlns='urn:t' xmlns:x='http://www.w3.org/2001/XMLSchema-instance' id='a'><name/>";
    let labels = |marked: &str| labels(&schema, &marked.replacen('^', root, 1));
    assert_eq!(labels("<shop xmlns='urn:t' id='a' |"), ": open sizes");
    assert_eq!(labels("<shop | id='a' xmlns='urn:t'>"), ": open sizes");
    assert_eq!(labels("<shop xmlns='urn:t' o|p id='a'>"), "op: open sizes");
    assert_eq!(labels("<shop xmlns='urn:t' open='|'>"), ": true false");
    assert_eq!(labels("<shop xmlns='urn:t' sizes='small la|rge'>"), "large: small large");
    assert_eq!(labels("<shop xmlns='|'>"), ": urn:t http://www.w3.org/2001/XMLSchema");
    assert_eq!(labels("^<state>|</state>"), ": open closed & empty");
    assert_eq!(labels("^<state>|"), ": open closed & empty /state");
    assert_eq!(labels("^<state>op|"), "op: open closed & empty");
    assert_eq!(labels("^<state/><item | kind='&lt;a>'/>"), ": x:type x:nil");
    assert_eq!(labels("^<state/><item x:type='m|'/>"), "m: item more");
    assert_eq!(labels("^<state/><item x:nil='|'/>"), ": true false");
    let (_, values) = offered(&schema, &format!("{root}<state>|"));
    assert_eq!((values[0].detail.as_deref(), values[1].text.as_str()), (Some("default"), "closed &amp; empty"));
    // Only the name of an entity is possible inside a reference.
    assert_eq!(labels("^<state>a &am|"), "am: amp; lt; gt; quot; apos;");
    assert_eq!(labels("<shop xmlns='urn:t' sizes='&|'>"), ": amp; lt; gt; quot; apos;");
    // After `=`, the value is offered with its quotes.
    assert_eq!(templates(&schema, "<shop xmlns='urn:t' open=|>"), ["\"true\"", "\"false\""]);
    assert_eq!(labels("<shop xmlns='urn:t' open = tr|>"), "tr: true false");
    assert_eq!(labels("<shop xmlns='urn:t' open=|"), ": true false");
    // A value that is not closed is completed.
    let (_, values) = offered(&schema, "<shop xmlns='urn:t' open=\"");
    assert_eq!(values[0].text, "true\"");
    Ok(())
}

/// An element of an abstract type must name another type.
#[test]
fn a_type_is_offered_if_the_declared_one_is_abstract() -> Outcome {
    let schema = |further: &str| {
        Schema::from_documents(&[(
            "a.xsd",
            &format!(
                r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
                 <xs:complexType name="base" abstract="true"/>
                 <xs:complexType name="one"><xs:complexContent><xs:extension base="base"/></xs:complexContent></xs:complexType>{further}
                 <xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" type="base"/></xs:sequence></xs:complexType></xs:element></xs:schema>"#
            ),
        )])
    };
    let instance = "http://www.w3.org/2001/XMLSchema-instance";
    let one = schema("")?;
    let written = &templates(&one, "<a><|")[0];
    assert_eq!(written, &format!("b xmlns:xsi=\"{instance}\" xsi:type=\"one\">_</b>"));
    assert!(one.is_valid(format!("<a><{}</a>", written.replace('_', "")).as_bytes()));
    assert_eq!(labels(&one, &format!("<a xmlns:i='{instance}'><b |/></a>")), ": i:type");
    assert_eq!(labels(&one, &format!("<a xmlns:i='{instance}'><b i:type='|'/></a>")), ": one");
    let two = schema(
        r#"<xs:complexType name="two"><xs:complexContent><xs:extension base="one"/></xs:complexContent></xs:complexType>"#,
    )?;
    assert_eq!(templates(&two, &format!("<a xmlns:i='{instance}'><|"))[0], "b i:type=\"_\">_</b>");
    assert_eq!(labels(&two, &format!("<a xmlns:i='{instance}'><b i:type='|'/></a>")), ": one two");
    Ok(())
}

/// A value is replaced as a whole unless it is a list, whatever the quotes and the encoding of the document are.
#[test]
fn values_are_replaced_as_they_are_written() -> Outcome {
    let schema = Schema::from_documents(&[(
        "a.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence>
             <xs:element name="b"/></xs:sequence><xs:attribute name="kind"><xs:simpleType><xs:restriction base="xs:string">
             <xs:enumeration value="big one"/><xs:enumeration value="it's"/></xs:restriction></xs:simpleType></xs:attribute>
             </xs:complexType></xs:element></xs:schema>"#,
    )])?;
    assert_eq!(offered(&schema, "<a kind=\"big o|\"/>").0, "big o");
    // Only one line is replaced.
    assert_eq!(offered(&schema, "<a kind=\"big\nso o|\"/>").0, "o");
    assert_eq!(offered(&schema, "<a kind=\"bi|g\rone\"/>").0, "big");
    let texts =
        |marked: &str| -> Vec<String> { offered(&schema, marked).1.into_iter().map(|item| item.text).collect() };
    assert_eq!(texts("<a kind='|'/>"), ["big one", "it&apos;s"]);
    assert_eq!(texts("<a kind=\"|\"/>"), ["big one", "it's"]);
    for label in ["ISO-8859-1", "UTF-16", "bogus"] {
        assert_eq!(labels(&schema, &format!("<?xml version='1.0' encoding='{label}'?><a><|")), ": b /a", "{label}");
    }
    Ok(())
}

#[test]
fn names_are_described_by_their_declarations() -> Outcome {
    let schema = types()?;
    let text = "<shop xmlns='urn:t' id='a'><name>x y</name><state>open</state><item kind='&lt;a>'/></shop>";
    let at = |what: &str| text.find(what).unwrap_or_default() + 1;
    let described = |what: &str| describe(&schema, text, at(what));
    let name = described("name").ok_or("nothing")?;
    assert_eq!((name.what, name.type_name.as_deref()), ("element", Some("string")));
    assert_eq!(name.documentation.as_deref(), Some("What it is called."));
    for (what, span) in [("<name", 28..32), ("x y", 33..36), ("/name", 38..42)] {
        let described = described(what).ok_or(what)?;
        assert_eq!((described.name.as_str(), described.span), ("name", span), "{what}");
    }
    let state = described("state").ok_or("nothing")?;
    assert_eq!(
        (state.value.as_deref(), state.facts.as_slice()),
        (Some("`open` or `closed & empty`"), &["by default `open`".to_owned()][..])
    );
    let kind = described("kind").ok_or("nothing")?;
    assert_eq!((kind.what, kind.facts), ("attribute", vec!["required".to_owned(), "always `<a>`".to_owned()]));
    for (what, declared) in [
        ("name", "<xs:element name=\"name\""),
        ("state", "<xs:element name=\"state\""),
        ("kind", "<xs:attribute name=\"kind\""),
        ("item", "<xs:element name=\"item\""),
    ] {
        let found = declaration(&schema, text, at(what)).ok_or(what)?;
        assert_eq!(found.path, "types.xsd");
        assert!(found.text[found.offset..].starts_with(declared), "{what}");
    }
    assert_eq!(describe(&schema, "<market xmlns='urn:t'/>", 2), None);
    Ok(())
}

#[test]
fn open_elements_are_closed_without_a_schema() {
    let closed = |text: &str| -> Vec<String> {
        complete(None, text, text.len()).items.into_iter().map(|item| item.text).collect()
    };
    assert_eq!(closed("<a><b x='1'><c/>"), ["</b>"]);
    assert_eq!(closed("<a><b></b></"), ["a>"]);
    assert!(closed("<a/>").is_empty() && closed("").is_empty() && closed("{").is_empty());
}

/// Checks the completions before each start tag and end tag of a sample.
fn examine(schema: &Schema, text: &str) -> Outcome<usize> {
    let document = Document::parse(text)?;
    let mut seen = 0;
    for node in document.descendants().filter(Node::is_element) {
        let start = node.range().start;
        let name =
            text[start + 1..].split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
        let prefix = &text[..start];
        let found = complete(Some(schema), &format!("{prefix}<"), start + 1);
        let is_there = found.items.iter().any(|item| item.label == name);
        // Nothing is known beyond a wildcard, and an element can declare a prefix itself.
        let is_known = describe(schema, text, start + 1).is_some();
        let binds = node.namespaces().len() != node.parent_element().map_or(0, |parent| parent.namespaces().len());
        if is_known && !binds {
            assert!(is_there, "{name} in {prefix}");
            seen += 1;
        }
        // Only the document before it is written, with nothing after it: an offered name is not unexpected there.
        for item in found.items.iter().filter(|item| item.kind == CompletionKind::Element).take(8) {
            let written = format!("{prefix}<{}>", item.text);
            let report = schema.explain(written.as_bytes());
            let unexpected = report.diagnostics.iter().find(|diagnostic| {
                diagnostic.span.start == start
                    && matches!(diagnostic.code.as_str(), "PC0201" | "PC0202" | "PC0204" | "PC0205" | "PC0206")
            });
            assert_eq!(unexpected.map(|diagnostic| &diagnostic.message), None, "{written}");
        }
        if !text[..node.range().end].ends_with("/>") {
            let end = text[..node.range().end].rfind("</").ok_or("no end tag")?;
            let found = complete(Some(schema), &format!("{}</", &text[..end]), end + 2);
            assert_eq!(
                found.items.first().map(|item| item.text.as_str()),
                Some(&*format!("{name}>")),
                "{}",
                &text[..end]
            );
        }
    }
    Ok(seen)
}

#[test]
fn all_names_and_values_of_samples_are_offered() -> Outcome {
    let mut paths = Vec::new();
    for folder in ["tests/data/plesk", "tests/data/dataworks"] {
        files::collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut paths)?;
    }
    let (mut documents, mut elements) = (0, 0);
    for path in paths {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let schema = PacketKind::detect(text.as_bytes()).and_then(|found| found.kind.schema());
        let Some(schema) = schema.filter(|schema| text.len() < 5000 && schema.is_valid(text.as_bytes())) else {
            continue;
        };
        if text.starts_with('<') {
            elements += examine(schema, &text).map_err(|error| format!("{}: {error}", path.display()))?;
            documents += 1;
        }
    }
    assert!(documents > 50 && elements > 500, "{elements} elements of {documents} documents");
    Ok(())
}

proptest! {
    /// For any document and any place.
    #[test]
    fn places_are_inside_of_any_document(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<shop xmlns='urn:t' id='a'>", "<", "</", ">", "/>", "<name>", "</name>", "<state>", "open", "</state>", "<item ", "kind='", "'", "\"", " ",
            "\n", "ä", "\u{1F600}", "<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>", "<!DOCTYPE a [", "]>", "&", "=", "xmlns:x='", "x:type='more'",
            "</shop>", "\u{feff}", "{", "\"a\":", "[1,", "}", "<\u{301}",
        ]), 0..14),
        at in 0.0..=1.0,
    ) {
        let text = pieces.concat();
        let schema = types().map_err(|error| TestCaseError::fail(error.to_string()))?;
        let offset = (text.len() as f64 * at) as usize;
        for schema in [None, Some(&schema)] {
            let found = complete(schema, &text, offset);
            prop_assert!(text.get(found.span.clone()).is_some_and(|replaced| !replaced.contains(['\n', '\r'])), "{:?}", found.span);
            let floor = (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
            prop_assert!(found.span.start <= floor && floor <= found.span.end);
        }
        if let Some(found) = describe(&schema, &text, offset) {
            prop_assert!(text.get(found.span).is_some());
        }
        prop_assert!(declaration(&schema, &text, offset).is_none_or(|found| found.offset < TYPES.len()));
        let mut last = 0;
        for symbol in outline(&text) {
            prop_assert!(text.get(symbol.span.clone()).is_some() && text.get(symbol.name_span.clone()).is_some());
            prop_assert!(symbol.span.start >= last && symbol.span.start <= symbol.name_span.start && symbol.name_span.end <= symbol.span.end);
            last = symbol.span.start;
        }
    }
}
