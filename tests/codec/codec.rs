//! Serde through a schema, in both directions: the shapes that the codec's documentation names, with schemas of all
//! kinds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

use packetcheck::codec::Any;
use packetcheck::{Error, Limits, Schema};
use serde::de::DeserializeOwned;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn schema(declarations: &str) -> Result<Schema> {
    let text = format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{declarations}</xs:schema>");
    Ok(Schema::from_documents(&[("test.xsd", &text)])?)
}

/// A root element `r` with this complex type.
fn root(content: &str) -> Result<Schema> {
    schema(&format!("<xs:element name=\"r\"><xs:complexType>{content}</xs:complexType></xs:element>"))
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Checks that the value is read from the document, written as the document, and read back from both layouts.
fn both_ways<T: Serialize + DeserializeOwned + PartialEq + Debug>(
    schema: &Schema,
    document: &str,
    value: &T,
) -> Result {
    assert_eq!(&schema.decode::<T>(document.as_bytes())?, value, "{document}");
    let written = String::from_utf8(schema.encode(value)?)?;
    assert_eq!(written.strip_prefix(DECLARATION), Some(document));
    comes_back(schema, value)
}

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(schema: &Schema, value: &T) -> Result {
    for written in [schema.encode(value)?, schema.encode_pretty(value)?] {
        let text = String::from_utf8_lossy(&written);
        assert!(schema.is_valid(&written), "{text}");
        assert_eq!(&schema.decode::<T>(&written)?, value, "{text}");
    }
    Ok(())
}

/// The message of an error.
fn refusal<T: Debug>(result: std::result::Result<T, Error>) -> Result<String> {
    match result {
        Ok(value) => Err(format!("expected a refusal, found {value:?}").into()),
        Err(error) => Ok(error.to_string()),
    }
}

// ---------------------------------------------------------------------------------------------------------- attributes

const ORDER: &str = "
    <xs:sequence>
      <xs:element name='name' type='xs:string'/>
      <xs:element name='count' type='xs:unsignedInt' minOccurs='0'/>
      <xs:element name='note' type='xs:string' minOccurs='0' maxOccurs='unbounded'/>
    </xs:sequence>
    <xs:attribute name='id' type='xs:int' use='required'/>
    <xs:attribute name='state' type='xs:string' default='open'/>";

#[test]
fn attributes_optional_fields_and_sequences() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Order {
        id: i32,
        state: String,
        name: String,
        #[serde(default)]
        count: Option<u32>,
        #[serde(default)]
        note: Vec<String>,
    }
    let schema = root(ORDER)?;
    let value = Order { id: -7, state: "closed".into(), name: "a & b".into(), count: None, note: vec![] };
    both_ways(&schema, r#"<r id="-7" state="closed"><name>a &amp; b</name></r>"#, &value)?;
    let value = Order { count: Some(3), note: vec!["x".into(), String::new()], ..value };
    both_ways(
        &schema,
        r#"<r id="-7" state="closed"><name>a &amp; b</name><count>3</count><note>x</note><note/></r>"#,
        &value,
    )?;
    // A default replaces an absent attribute.
    let read: Order = schema.decode(b"<r id='1'><name/></r>")?;
    assert_eq!(read.state, "open");
    Ok(())
}

#[test]
fn fields_in_any_order_and_attributes_after_children() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Order {
        note: Vec<String>,
        #[serde(rename = "@state")]
        state: String,
        count: Option<u32>,
        name: String,
        id: i32,
    }
    let schema = root(ORDER)?;
    let value =
        Order { note: vec!["x".into(), "y".into()], state: "a<b".into(), count: Some(0), name: "n".into(), id: 5 };
    both_ways(
        &schema,
        r#"<r state="a&lt;b" id="5"><name>n</name><count>0</count><note>x</note><note>y</note></r>"#,
        &value,
    )
}

#[test]
fn late_attributes_of_nested_elements() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Tree {
        #[serde(default)]
        node: Vec<Tree>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        first: Vec<String>,
        b: String,
        a: u8,
    }
    let schema = schema(
        "<xs:element name='r' type='Node'/>
         <xs:complexType name='Node'>
           <xs:sequence>
             <xs:element name='first' type='xs:string' minOccurs='0' maxOccurs='unbounded'/>
             <xs:element name='node' type='Node' minOccurs='0' maxOccurs='unbounded'/>
           </xs:sequence>
           <xs:attribute name='a' type='xs:unsignedByte'/><xs:attribute name='b' type='xs:string'/>
         </xs:complexType>",
    )?;
    let leaf = |a| Tree { node: vec![], first: vec!["f".into()], b: "-".into(), a };
    let inner = Tree { node: vec![leaf(1), leaf(2)], first: vec![], b: String::new(), a: 3 };
    comes_back(&schema, &Tree { node: vec![inner, leaf(4)], first: vec!["g".into()], b: "\"\n".into(), a: 5 })
}

/// Values can be as deep as the limit on the small stack of a test thread.
#[test]
fn deep_documents() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Nest {
        #[serde(skip_serializing_if = "Option::is_none")]
        n: Option<Box<Nest>>,
    }
    let schema = schema(
        "<xs:element name='r' type='N'/><xs:complexType name='N'><xs:sequence>
           <xs:element name='n' type='N' minOccurs='0'/></xs:sequence></xs:complexType>",
    )?;
    let nested = |depth| (1..depth).fold(Nest { n: None }, |inner, _| Nest { n: Some(Box::new(inner)) });
    comes_back(&schema, &nested(128))?;
    let document = schema.encode(&nested(128))?;
    let json: serde_json::Value = schema.decode(&document)?;
    assert_eq!(schema.encode(&json)?, document);
    let words = "expected values of at most 128 nested elements, found more";
    let error = refusal(schema.encode(&nested(129)))?;
    assert!(error.starts_with("at …/n") && error.ends_with(words), "{error}");

    let deep = format!("<r>{}{}</r>", "<n>".repeat(1023), "</n>".repeat(1023));
    assert!(schema.is_valid(deep.as_bytes()));
    assert_eq!(refusal(schema.decode::<Nest>(deep.as_bytes()))?, format!("1:386: {words}"));
    assert_eq!(refusal(schema.decode::<serde_json::Value>(deep.as_bytes()))?, format!("1:386: {words}"));
    let any: Any<'_> = schema.decode(deep.as_bytes())?;
    assert!(schema.encode(&any)?.ends_with(deep.as_bytes()));
    schema.decode::<IgnoredAny>(deep.as_bytes())?;
    Ok(())
}

#[test]
fn text_next_to_attributes() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Price {
        #[serde(rename = "$text")]
        amount: f64,
        currency: String,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Bill {
        price: Vec<Price>,
    }
    let schema = root(
        "<xs:sequence><xs:element name='price' maxOccurs='9'><xs:complexType><xs:simpleContent>
           <xs:extension base='xs:decimal'><xs:attribute name='currency' type='xs:string'/></xs:extension>
         </xs:simpleContent></xs:complexType></xs:element></xs:sequence>",
    )?;
    let price = |amount, currency: &str| Price { amount, currency: currency.into() };
    let value = Bill { price: vec![price(1.5, "EUR"), price(-0.25, "USD")] };
    both_ways(&schema, r#"<r><price currency="EUR">1.5</price><price currency="USD">-0.25</price></r>"#, &value)?;
    let refused = refusal(schema.encode(&Bill { price: vec![price(f64::INFINITY, "EUR")] }))?;
    assert!(refused.contains("PC0401"), "{refused}");
    Ok(())
}

// ------------------------------------------------------------------------------------------------------------- choices

const SHAPES: &str = "
    <xs:sequence>
      <xs:element name='title' type='xs:string'/>
      <xs:choice minOccurs='0' maxOccurs='unbounded'>
        <xs:element name='circle' type='xs:unsignedInt'/>
        <xs:element name='nothing'><xs:complexType/></xs:element>
        <xs:element name='box'><xs:complexType><xs:sequence>
          <xs:element name='w' type='xs:int'/><xs:element name='h' type='xs:int'/>
        </xs:sequence></xs:complexType></xs:element>
      </xs:choice>
      <xs:element name='end' type='xs:string' minOccurs='0'/>
    </xs:sequence>";

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Circle(u32),
    Nothing,
    Box { h: i32, w: i32 },
}

#[test]
fn choices_as_enums_between_other_children() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Drawing {
        end: Option<String>,
        #[serde(default)]
        shapes: Vec<Shape>,
        title: String,
    }
    let schema = root(SHAPES)?;
    let shapes = vec![Shape::Box { h: 1, w: 2 }, Shape::Circle(3), Shape::Nothing, Shape::Circle(4)];
    let value = Drawing { end: Some("e".into()), shapes, title: "t".into() };
    both_ways(
        &schema,
        "<r><title>t</title><box><w>2</w><h>1</h></box><circle>3</circle><nothing/><circle>4</circle><end>e</end></r>",
        &value,
    )?;
    both_ways(&schema, "<r><title>t</title></r>", &Drawing { end: None, shapes: vec![], title: "t".into() })
}

#[test]
fn choices_as_optional_fields_and_as_one_enum() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Fields {
        circle: Option<u32>,
        r#box: Option<BTreeMap<String, i32>>,
        title: String,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct One {
        title: String,
        #[serde(rename = "$value")]
        shape: Shape,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Perhaps {
        shape: Option<Shape>,
        title: String,
    }
    let schema = root(SHAPES)?;
    let title = || String::from("t");
    let sides = BTreeMap::from([("w".into(), 2), ("h".into(), 1)]);
    let document = "<r><title>t</title><box><w>2</w><h>1</h></box></r>";
    both_ways(&schema, document, &Fields { circle: None, r#box: Some(sides), title: title() })?;
    both_ways(&schema, document, &One { title: title(), shape: Shape::Box { h: 1, w: 2 } })?;
    both_ways(&schema, document, &Perhaps { shape: Some(Shape::Box { h: 1, w: 2 }), title: title() })?;
    both_ways(&schema, "<r><title>t</title></r>", &Perhaps { shape: None, title: title() })?;
    both_ways(&schema, "<r><title>t</title><nothing/></r>", &One { title: title(), shape: Shape::Nothing })
}

#[test]
fn an_element_that_is_a_choice_itself() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Outer {
        which: Shape,
    }
    let choice = "<xs:choice><xs:element name='circle' type='xs:unsignedInt'/>
        <xs:element name='box'><xs:complexType><xs:sequence>
          <xs:element name='w' type='xs:int'/><xs:element name='h' type='xs:int'/>
        </xs:sequence></xs:complexType></xs:element></xs:choice>";
    let outer = root(&format!(
        "<xs:sequence><xs:element name='which'><xs:complexType>{choice}</xs:complexType></xs:element></xs:sequence>"
    ))?;
    both_ways(&outer, "<r><which><circle>1</circle></which></r>", &Outer { which: Shape::Circle(1) })?;
    let value = Outer { which: Shape::Box { h: 4, w: 3 } };
    both_ways(&outer, "<r><which><box><w>3</w><h>4</h></box></which></r>", &value)?;
    let alone = root(choice)?;
    both_ways(&alone, "<r><circle>1</circle></r>", &Shape::Circle(1))?;
    both_ways(&alone, "<r><box><w>3</w><h>4</h></box></r>", &Shape::Box { h: 4, w: 3 })
}

#[test]
fn several_roots_are_the_variants_of_an_enum() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Number(u32);
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Document {
        Circle(Number),
        Point { x: i8 },
        Nothing,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename = "circle")]
    struct Circle(u32);
    let schema = schema(
        "<xs:element name='circle' type='xs:unsignedInt'/>
         <xs:element name='nothing'><xs:complexType/></xs:element>
         <xs:element name='point'><xs:complexType><xs:sequence><xs:element name='x' type='xs:byte'/></xs:sequence>
         </xs:complexType></xs:element>",
    )?;
    both_ways(&schema, "<circle>7</circle>", &Document::Circle(Number(7)))?;
    both_ways(&schema, "<point><x>-1</x></point>", &Document::Point { x: -1 })?;
    both_ways(&schema, "<nothing/>", &Document::Nothing)?;
    both_ways(&schema, "<circle>7</circle>", &Circle(7))?;
    let refused = refusal(schema.encode(&7))?;
    assert!(refused.contains("the schema has several"), "{refused}");
    Ok(())
}

#[test]
fn children_of_one_name_between_others() -> Result {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Pairs {
        b: Vec<u32>,
        a: Vec<String>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Item {
        A(String),
        B(u32),
    }
    let schema = root(
        "<xs:sequence maxOccurs='unbounded'><xs:element name='a' type='xs:string'/>
         <xs:element name='b' type='xs:unsignedInt' minOccurs='0'/></xs:sequence>",
    )?;
    let document = "<r><a>x</a><b>1</b><a>y</a><a>z</a><b>2</b></r>";
    let pairs: Pairs = schema.decode(document.as_bytes())?;
    assert_eq!(pairs, Pairs { b: vec![1, 2], a: vec!["x".into(), "y".into(), "z".into()] });
    // Two fields lose their order; items of an enum keep it.
    let a = |text: &str| Item::A(text.into());
    let items = vec![a("x"), Item::B(1), a("y"), a("z"), Item::B(2)];
    assert_eq!(schema.decode::<Vec<Item>>(document.as_bytes())?, items);
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Items {
        items: Vec<Item>,
    }
    both_ways(&schema, document, &Items { items })
}

// ----------------------------------------------------------------------------------------------------- values of text

#[test]
fn lists_are_sequences() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Lists {
        sizes: Vec<i16>,
        #[serde(default)]
        rows: Vec<Vec<i16>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<Vec<String>>,
    }
    let schema = schema(
        "<xs:simpleType name='L'><xs:list itemType='xs:short'/></xs:simpleType>
         <xs:element name='r'><xs:complexType><xs:sequence><xs:element name='sizes' type='L'/>
           <xs:element name='rows' type='L' minOccurs='0' maxOccurs='unbounded'/></xs:sequence>
         <xs:attribute name='words'><xs:simpleType><xs:list itemType='xs:string'/></xs:simpleType></xs:attribute>
         </xs:complexType></xs:element>",
    )?;
    let words = Some(vec!["a".into(), "b".into()]);
    let value = Lists { sizes: vec![1, -2], rows: vec![vec![3], vec![], vec![4, 5]], words };
    both_ways(&schema, r#"<r words="a b"><sizes>1 -2</sizes><rows>3</rows><rows/><rows>4 5</rows></r>"#, &value)?;
    both_ways(&schema, "<r><sizes/></r>", &Lists { sizes: vec![], rows: vec![], words: None })?;
    // White space would make two items of one.
    for item in ["a b", ""] {
        let value = Lists { sizes: vec![], rows: vec![], words: Some(vec!["a".into(), item.into()]) };
        let refused = refusal(schema.encode(&value))?;
        assert!(refused.starts_with("at /r: expected an item of a list to be one word"), "{refused}");
    }
    Ok(())
}

#[test]
fn numbers_of_all_sizes() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Numbers {
        integer: i128,
        double: f64,
        float: f32,
        flag: bool,
        letter: char,
    }
    let schema = root(
        "<xs:sequence><xs:element name='integer' type='xs:integer'/><xs:element name='double' type='xs:double'/>
         <xs:element name='float' type='xs:float'/><xs:element name='flag' type='xs:boolean'/>
         <xs:element name='letter' type='xs:string'/></xs:sequence>",
    )?;
    for (double, float) in [(1e300, 0.1), (-f64::INFINITY, f32::INFINITY), (5e-324, f32::MIN_POSITIVE), (-0.0, 1.0)] {
        comes_back(&schema, &Numbers { integer: i128::MIN, double, float, flag: true, letter: 'ß' })?;
    }
    let document =
        "<r><integer> +007 </integer><double>INF</double><float>NaN</float><flag>1</flag><letter>&lt;</letter></r>";
    let read: Numbers = schema.decode(document.as_bytes())?;
    assert_eq!((read.integer, read.double, read.flag, read.letter), (7, f64::INFINITY, true, '<'));
    assert!(read.float.is_nan());
    // Valid for the schema, too large for the type: the place is reported.
    let long = document.replace("+007", &"9".repeat(60));
    let error = refusal(schema.decode::<Numbers>(long.as_bytes()))?;
    assert!(error.starts_with("1:5: expected an integer of 128 bits"), "{error}");
    Ok(())
}

#[test]
fn nil_is_none() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Reading {
        value: Vec<Option<i32>>,
        last: Option<String>,
    }
    let schema = root(
        "<xs:sequence><xs:element name='value' type='xs:int' nillable='true' maxOccurs='5'/>
         <xs:element name='last' type='xs:string' nillable='true'/></xs:sequence>",
    )?;
    comes_back(&schema, &Reading { value: vec![Some(1), None, Some(-1)], last: None })?;
    comes_back(&schema, &Reading { value: vec![None], last: Some(String::new()) })
}

#[test]
fn variants_of_an_enumeration() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum State {
        Ok,
        Error,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Two {
        before: State,
        now: Option<State>,
    }
    let state = "<xs:simpleType><xs:restriction base='xs:string'><xs:enumeration value='ok'/>
        <xs:enumeration value='error'/><xs:enumeration value='odd'/></xs:restriction></xs:simpleType>";
    let schema = root(&format!(
        "<xs:sequence><xs:element name='now' minOccurs='0'>{state}</xs:element></xs:sequence>
         <xs:attribute name='before'>{state}</xs:attribute>"
    ))?;
    both_ways(&schema, r#"<r before="error"><now>ok</now></r>"#, &Two { before: State::Error, now: Some(State::Ok) })?;
    let error = refusal(schema.decode::<Two>(b"<r before='ok'>\n  <now>odd</now></r>"))?;
    assert_eq!(error, "2:4: unknown variant `odd`, expected `ok` or `error`");
    Ok(())
}

// ----------------------------------------------------------------------------------------------------------- borrowing

#[test]
fn texts_borrow_from_the_document() -> Result {
    #[derive(Debug, Deserialize)]
    struct Borrowed<'a> {
        id: &'a str,
        #[serde(borrow)]
        kind: Cow<'a, str>,
        #[serde(borrow)]
        name: Cow<'a, str>,
        note: Vec<&'a str>,
        last: Option<&'a str>,
        #[serde(borrow)]
        rest: Any<'a>,
    }
    let schema = root(
        "<xs:sequence><xs:element name='name' type='xs:string'/>
         <xs:element name='note' type='xs:string' maxOccurs='unbounded'/>
         <xs:element name='last' type='xs:string' minOccurs='0'/><xs:element name='rest'/></xs:sequence>
         <xs:attribute name='id' type='xs:string'/><xs:attribute name='kind' type='xs:string'/>",
    )?;
    let document = String::from(
        "<r kind='a b' id='7'><name>ö</name><note>x</note><note>y z</note><last/><rest a='b'><c/></rest></r>",
    );
    let range = document.as_bytes().as_ptr_range();
    let inside = |text: &str| text.is_empty() || range.contains(&text.as_ptr());
    let read: Borrowed<'_> = schema.decode(document.as_bytes())?;
    assert!([read.id, &read.kind, &read.name].into_iter().chain(read.note).chain(read.last).all(inside));
    assert!(matches!((&read.kind, &read.name), (Cow::Borrowed("a b"), Cow::Borrowed("ö"))));
    let Any::Markup(Cow::Borrowed(markup)) = read.rest else { return Err("expected borrowed markup".into()) };
    assert_eq!(markup, "<rest a='b'><c/></rest>");
    assert!(inside(markup));

    // Text that has to be resolved cannot be borrowed: a `Cow` owns it, and a `&str` is refused at its place.
    let document = "<r id='7' kind='&amp;'><name>a&#33;</name><note>n</note><rest/></r>";
    let read: Borrowed<'_> = schema.decode(document.as_bytes())?;
    assert!(matches!((&*read.kind, &*read.name), ("&", "a!")));
    let document = "<r id='7' kind=''><name/>\n<note>n</note><note>a&#33;</note><rest/></r>";
    let error = refusal(schema.decode::<Borrowed<'_>>(document.as_bytes()))?;
    assert_eq!(error, "2:16: invalid type: string \"a!\", expected a borrowed string");
    Ok(())
}

// ---------------------------------------------------------------------------------------------------------- namespaces

#[test]
fn namespaces_are_written_where_the_schema_has_them() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Note {
        text: String,
        lang: String,
        #[serde(default)]
        code: Option<u8>,
    }
    for form in ["qualified", "unqualified"] {
        let text = format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:n' xmlns='urn:n'
                elementFormDefault='{form}' attributeFormDefault='{form}'>
               <xs:element name='note'><xs:complexType>
                 <xs:sequence><xs:element name='text' type='xs:string'/></xs:sequence>
                 <xs:attribute name='lang' type='xs:string'/><xs:attribute name='code' type='xs:unsignedByte'/>
               </xs:complexType></xs:element>
             </xs:schema>"
        );
        let schema = Schema::from_documents(&[("note.xsd", &text)])?;
        comes_back(&schema, &Note { text: "t".into(), lang: "en".into(), code: Some(3) })?;
        let document = match form {
            "qualified" => "<p:note xmlns:p='urn:n' p:lang='de'><p:text>u</p:text></p:note>",
            _ => "<p:note xmlns:p='urn:n' lang='de'><text>u</text></p:note>",
        };
        let read: Note = schema.decode(document.as_bytes())?;
        assert_eq!(read, Note { text: "u".into(), lang: "de".into(), code: None });
    }
    Ok(())
}

// -------------------------------------------------------------------------------------- maps, and types that take what comes

#[test]
fn json_and_back() -> Result {
    let schema = root(ORDER)?;
    let document = r#"<r id="-7" state="open"><name>n</name><count>3</count><note>x</note><note>y</note></r>"#;
    let json: serde_json::Value = schema.decode(document.as_bytes())?;
    let expected = r#"{"@id":-7,"@state":"open","name":"n","count":3,"note":["x","y"]}"#;
    assert_eq!(json, serde_json::from_str::<serde_json::Value>(expected)?);
    comes_back(&schema, &json)?;
    // One note is a sequence of one: the schema says whether there may be several.
    let json: serde_json::Value = schema.decode(b"<r id='1'><name/><note>x</note></r>")?;
    assert_eq!(json["note"], serde_json::json!(["x"]));
    Ok(())
}

/// serde passes a struct with flattened fields as a map, in which attributes are marked.
#[test]
fn flattened_fields() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Head {
        #[serde(rename = "@id")]
        id: i32,
        name: String,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Order {
        note: Vec<String>,
        #[serde(flatten)]
        head: Head,
        #[serde(rename = "@state")]
        state: String,
    }
    let value = Order { note: vec!["x".into()], head: Head { id: 2, name: "n".into() }, state: "open".into() };
    comes_back(&root(ORDER)?, &value)
}

// ------------------------------------------------------------------------------------------------------------ refusals

#[test]
fn values_that_the_schema_refuses_are_neither_read_nor_written() -> Result {
    #[derive(Debug, Default, Serialize, Deserialize)]
    struct Loose {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        name: Option<String>,
        count: Option<i64>,
        #[serde(default)]
        note: Vec<String>,
    }
    let schema = root(ORDER)?;
    let fine = || Loose { id: Some("1".into()), name: Some("n".into()), ..Loose::default() };
    schema.encode(&fine())?;
    for (value, code) in [
        (Loose { id: None, ..fine() }, "PC0301"),
        (Loose { id: Some("x".into()), ..fine() }, "PC0401"),
        (Loose { name: None, ..fine() }, "PC0203"),
        (Loose { count: Some(-1), ..fine() }, "PC0405"),
    ] {
        let error = schema.encode(&value).err().ok_or("expected a refusal")?;
        let report = error.report().ok_or("expected a report")?;
        assert_eq!((report.errors, report.diagnostics[0].code.to_string()), (1, code.into()), "{value:?}: {error}");
    }
    let refused = refusal(schema.encode(&Loose { note: vec!["a".into(), "b\u{0}".into()], ..fine() }))?;
    assert_eq!(refused, "at /r/note: text cannot hold the character U+0000");

    // An invalid document is reported as such, whatever the type would report first.
    let error = schema.decode::<u8>(b"<r id='1'><name/><x/></r>").err().ok_or("expected a refusal")?;
    assert!(error.report().is_some(), "{error}");
    for document in
        ["<r id='x'><name/></r>", "<r id='1'><name/><nmae/></r>", "<r id='1'><name/></r><r/>", "<r id='1'><name/>"]
    {
        let error = schema.decode::<Loose>(document.as_bytes()).err().ok_or("expected a refusal")?;
        assert!(error.report().is_some_and(|report| !report.is_valid()), "{document}: {error}");
        assert!(error.line_column().is_some() && error.span().is_some(), "{document}");
    }
    Ok(())
}

#[test]
fn a_name_at_several_places_of_a_content_model() -> Result {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Behind {
        object: String,
        message: Vec<String>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Before {
        object: Option<String>,
        message: String,
    }
    let message = "<xs:element name='message' type='xs:string'/>";
    let object = "<xs:element name='object' type='xs:string'/>";
    let several = root(&format!(
        "<xs:choice><xs:sequence>{message}<xs:sequence minOccurs='0'>{object}{message}</xs:sequence></xs:sequence>
         <xs:sequence>{object}<xs:element name='message' type='xs:string' maxOccurs='9'/></xs:sequence></xs:choice>"
    ))?;
    let value = Behind { object: "o".into(), message: vec!["a".into(), "b".into()] };
    both_ways(&several, "<r><object>o</object><message>a</message><message>b</message></r>", &value)?;
    both_ways(&several, "<r><message>a</message></r>", &Before { object: None, message: "a".into() })?;
    // The fields in this order are refused; in the other order they are not.
    let first = root(&format!(
        "<xs:sequence>{message}{object}<xs:element name='message' type='xs:string' minOccurs='0'/></xs:sequence>"
    ))?;
    let value = Before { object: Some("o".into()), message: "a".into() };
    both_ways(&first, "<r><message>a</message><object>o</object></r>", &value)
}

#[test]
fn documents_as_they_come() -> Result {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Loose {
        id: u8,
        name: String,
        #[serde(default)]
        note: Vec<String>,
    }
    // Comments, instructions, CDATA, references, attributes of XML Schema itself.
    let read: Loose = root(ORDER)?.decode(
        b"<?xml version='1.0'?><!-- --><r xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'
          xsi:noNamespaceSchemaLocation='no.xsd' id=' &#49; '><!-- --><name>a<!-- -->b<?c d?>e<![CDATA[<f>]]></name>
          <?g h?><note/><note><!-- -->i</note></r><!-- -->\n",
    )?;
    assert_eq!(read, Loose { id: 1, name: "abe<f>".into(), note: vec![String::new(), "i".into()] });

    // Children in any order; what a wildcard accepts needs a field; a derived type.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Pair {
        a: i32,
        b: Option<bool>,
    }
    let all = root(
        "<xs:all><xs:element name='b' type='xs:boolean' minOccurs='0'/><xs:element name='a' type='xs:int'/></xs:all>",
    )?;
    assert_eq!(all.decode::<Pair>(b"<r><a>2</a><b>0</b></r>")?, Pair { a: 2, b: Some(false) });
    comes_back(&all, &Pair { a: 1, b: Some(true) })?;
    let any = root(
        "<xs:sequence><xs:element name='a' type='xs:int'/>
         <xs:any processContents='skip' minOccurs='0' maxOccurs='unbounded'/></xs:sequence>",
    )?;
    assert_eq!(any.decode::<Pair>(b"<r><a>1</a></r>")?, Pair { a: 1, b: None });
    assert_eq!(
        refusal(any.decode::<Pair>(b"<r><a>1</a><c><b/></c><d/></r>"))?,
        "1:13: struct `Pair` has no field for the child `c` of `<r>`"
    );
    let derived = schema(
        "<xs:complexType name='A'><xs:sequence><xs:element name='a' type='xs:int'/></xs:sequence></xs:complexType>
         <xs:complexType name='AB'><xs:complexContent><xs:extension base='A'><xs:sequence>
           <xs:element name='b' type='xs:boolean'/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
         <xs:element name='r' type='A'/>",
    )?;
    let document = b"<r xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='AB'><a>1</a><b>1</b></r>";
    assert_eq!(
        refusal(derived.decode::<Pair>(document))?,
        "1:56: struct `Pair` has no field for the attribute `xsi:type` of `<r>`"
    );
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Typed {
        #[serde(rename = "@xsi:type")]
        type_name: String,
        a: i32,
        b: Option<bool>,
    }
    let typed = Typed { type_name: "AB".into(), a: 1, b: Some(true) };
    assert_eq!(derived.decode::<Typed>(document)?, typed);
    comes_back(&derived, &typed)?;

    // Text between children is kept as markup.
    let mixed = schema(
        "<xs:element name='r'><xs:complexType mixed='true'><xs:sequence>
           <xs:element name='b' type='xs:string' maxOccurs='9'/></xs:sequence></xs:complexType></xs:element>",
    )?;
    let document = "<r>a<b>c</b>d</r>";
    let any: Any<'_> = mixed.decode(document.as_bytes())?;
    assert_eq!(any, Any::Markup(document.into()));
    assert!(mixed.encode(&any)?.ends_with(document.as_bytes()));
    Ok(())
}

#[test]
fn a_mismatch_with_the_type_has_its_place() -> Result {
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Narrow {
        id: u8,
        name: String,
        #[serde(default)]
        other: u8,
    }
    let schema = root(ORDER)?;
    for (document, expected) in [
        ("<r id='300'><name/></r>", "1:4: expected an integer from 0 to 255, found `300`"),
        ("<r id='3' state='x'><name/></r>", "1:11: struct `Narrow` has no field for the attribute `state` of `<r>`"),
    ] {
        let error = refusal(schema.decode::<Narrow>(document.as_bytes()))?;
        assert_eq!(error, expected, "{document}");
    }
    let refused = refusal(schema.encode(&Narrow { id: 1, name: String::new(), other: 0 }))?;
    assert_eq!(
        refused,
        "at /r: field `other` names neither an attribute nor a child here, and is not an enum with variants named like children"
    );
    Ok(())
}

/// If `Limits` keep no diagnostics, there is still an error, without details.
#[test]
fn an_error_without_diagnostics_says_that_the_document_is_invalid() -> Result {
    let mut limits = Limits::default();
    limits.diagnostics = 0;
    let schema = schema("<xs:element name=\"r\" type=\"xs:int\"/>")?.with_limits(limits);
    let error = schema.decode::<i32>(b"<r>x</r>").expect_err("the text is not a number");
    assert_eq!(error.to_string(), "the document is invalid");
    assert_eq!(error.report().map(|report| report.errors), Some(1));
    Ok(())
}
