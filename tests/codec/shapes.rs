//! Every serde shape in every place of a document: the text that it is written as, the text that it is read from, and
//! the message with which it is refused, compared with `tests/golden/shapes.txt`.
//!
//! Set `UPDATE_GOLDEN=1` to rewrite the file after an intentional change, and review the difference.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Write as _};
use std::marker::PhantomData;
use std::path::Path;

use packetcheck::Schema;
use packetcheck::codec::{Any, Few};
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const NIL: &str = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";

/// Elements of all kinds, all of which are optional: with text, nil, with a list, repeated, with children.
fn elements() -> Result<Schema> {
    schema(
        r#"<xs:element name="r" type="B"/>
           <xs:complexType name="B"><xs:sequence>
             <xs:element name="text" type="xs:string" minOccurs="0"/>
             <xs:element name="nil" type="xs:string" minOccurs="0" nillable="true"/>
             <xs:element name="list" type="xs:NMTOKENS" minOccurs="0"/>
             <xs:element name="many" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
             <xs:element name="box" type="B" minOccurs="0"/>
           </xs:sequence><xs:attribute name="a" type="xs:string"/></xs:complexType>"#,
    )
}

/// Text, and text with an attribute.
fn texts() -> Result<(Schema, Schema)> {
    let text = schema(r#"<xs:element name="r" type="xs:string"/>"#)?;
    let with_attribute = schema(
        r#"<xs:element name="r"><xs:complexType><xs:simpleContent><xs:extension base="xs:string">
             <xs:attribute name="a" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>"#,
    )?;
    Ok((text, with_attribute))
}

/// Text and elements in any order.
fn mixed() -> Result<Schema> {
    schema(
        r#"<xs:element name="r"><xs:complexType mixed="true"><xs:choice minOccurs="0" maxOccurs="unbounded">
             <xs:element name="text" type="xs:string"/><xs:element name="box"/></xs:choice></xs:complexType></xs:element>"#,
    )
}

fn schema(declarations: &str) -> Result<Schema> {
    let text = format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{declarations}</xs:schema>");
    Ok(Schema::from_documents(&[("shapes.xsd", &text)])?)
}

/// A struct with one field, for each place that a field can name.
macro_rules! places {
    ($($place:ident $field:literal)*) => {$(
        #[derive(Debug, Serialize, Deserialize)]
        struct $place<T> {
            #[serde(rename = $field)]
            value: T,
        }
    )*};
}

places! {
    InText "text" InNil "nil" InList "list" InMany "many" InBox "box"
    InAttribute "@a" InContent "$text" InChoice "$value" InNothing "nothing"
}

// ---- shapes ----

struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Unit;

#[derive(Debug, Serialize, Deserialize)]
struct Newtype<T>(T);

#[derive(Debug, Serialize, Deserialize)]
struct Pair(String, String);

#[derive(Debug, Serialize, Deserialize)]
struct Struct {
    text: String,
}

/// Each kind of variant, named like a child, if the child can hold it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    Text(String),
    Nil,
    Many(String, String),
    Box { text: String },
}

/// Variants of another enum, for children of mixed content.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "what was read is shown")]
enum UnitText {
    #[serde(rename = "$text")]
    Text,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "likewise")]
enum TupleText {
    #[serde(rename = "$text")]
    Text(String, String),
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "likewise")]
enum StructText {
    #[serde(rename = "$text")]
    Text { text: String },
}

/// The result for each shape. Shapes with the same result are listed together.
#[derive(Default)]
struct Told(Vec<(String, Vec<&'static str>)>);

impl Told {
    fn add(&mut self, name: &'static str, became: String) {
        match self.0.iter_mut().find(|(known, _)| *known == became) {
            Some((_, names)) => names.push(name),
            None => self.0.push((became, vec![name])),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(became, names)| writeln!(formatter, "{}\n    {became}", names.join(", ")))
    }
}

/// An operation on a value of each shape.
trait Each {
    fn shape<T: Serialize>(&mut self, name: &'static str, value: T);
}

fn each_shape(each: &mut impl Each) {
    let owned = |text: &str| text.to_owned();
    each.shape("bool", true);
    each.shape("i8", i8::MIN);
    each.shape("u128", u128::MAX);
    each.shape("f32", f32::NEG_INFINITY);
    each.shape("f64", 0.5);
    each.shape("char", '<');
    each.shape("str", "s");
    each.shape("bytes", Bytes(vec![b's']));
    each.shape("none", None::<u8>);
    each.shape("some", Some(1));
    each.shape("some of none", Some(None::<u8>));
    each.shape("unit", ());
    each.shape("unit struct", Unit);
    each.shape("unit variant", Variant::Nil);
    each.shape("newtype struct", Newtype(1));
    each.shape("newtype variant", Variant::Text(owned("1")));
    each.shape("seq", vec![1, 2]);
    each.shape("tuple", (1, 2));
    each.shape("tuple struct", Pair(owned("1"), owned("2")));
    each.shape("tuple variant", Variant::Many(owned("1"), owned("2")));
    each.shape("map", BTreeMap::from([("text", "1")]));
    each.shape("struct", Struct { text: owned("1") });
    each.shape("struct variant", Variant::Box { text: owned("1") });
    each.shape("Any of text", Any::from("s"));
    each.shape("Any of markup", Any::Markup("<text>s</text>".into()));
}

// ---- writing ----

/// Writes each shape somewhere.
struct Writing<'s, F> {
    schema: &'s Schema,
    inside: F,
    told: Told,
}

/// Puts a value in a place.
trait Inside {
    fn put<T: Serialize>(&self, schema: &Schema, value: T) -> std::result::Result<Vec<u8>, packetcheck::Error>;
}

impl<F: Inside> Each for Writing<'_, F> {
    fn shape<T: Serialize>(&mut self, name: &'static str, value: T) {
        let written = match self.inside.put(self.schema, value) {
            Ok(document) => {
                assert!(self.schema.is_valid(&document));
                let document = String::from_utf8_lossy(&document).into_owned();
                document.split_once("?>\n").map(|(_, document)| document.to_owned()).unwrap_or(document)
            }
            Err(error) => error.to_string(),
        };
        self.told.add(name, written);
    }
}

macro_rules! inside {
    ($($name:ident $value:ident $put:expr)*) => {$(
        struct $name;

        impl Inside for $name {
            fn put<T: Serialize>(&self, schema: &Schema, $value: T) -> std::result::Result<Vec<u8>, packetcheck::Error> {
                schema.encode(&$put)
            }
        }
    )*};
}

inside! {
    AsRoot value value
    AsText value InText { value }
    AsNil value InNil { value }
    AsList value InList { value }
    AsItem value InList { value: [value] }
    AsMany value InMany { value: [value] }
    AsBox value InBox { value }
    AsAttribute value InAttribute { value }
    AsContent value InContent { value }
    AsChoice value InChoice { value }
    AsChoices value InChoice { value: [value] }
    AsNothing value InNothing { value }
    AsEntry value Entry { key: "text", value }
    AsKey value Entry { key: value, value: "1" }
    AsType value Entry { key: "@xsi:type", value }
}

/// A map with one entry, whose key can be anything.
struct Entry<K, V> {
    key: K,
    value: V,
}

impl<K: Serialize, V: Serialize> Serialize for Entry<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map([(&self.key, &self.value)])
    }
}

fn writings() -> Result<String> {
    let (text, with_attribute) = texts()?;
    let (elements, mixed) = (elements()?, mixed()?);
    let mut told = String::new();
    macro_rules! writing {
        ($($place:literal $schema:ident $inside:ident)*) => {$(
            let mut writing = Writing { schema: &$schema, inside: $inside, told: Told::default() };
            each_shape(&mut writing);
            let _ = writeln!(told, "== written as {}\n{}", $place, writing.told);
        )*};
    }
    writing! {
        "a root with text" text AsRoot
        "a root with children" elements AsRoot
        "an element with text" elements AsText
        "an element that may be nil" elements AsNil
        "a list" elements AsList
        "an item of a list" elements AsItem
        "one of several elements" elements AsMany
        "an element with children" elements AsBox
        "an attribute" elements AsAttribute
        "text beside attributes" with_attribute AsContent
        "a choice" elements AsChoice
        "one of several choices" elements AsChoices
        "one of several choices and texts" mixed AsChoices
        "a field without a place" elements AsNothing
        "an entry of a map" elements AsEntry
        "a key of a map" elements AsKey
        "the type of an element" elements AsType
    }
    Ok(told)
}

// ---- reading ----

/// Bytes, deserialized as bytes.
#[derive(Debug)]
#[allow(dead_code, reason = "what was read is shown")]
struct Raw(Vec<u8>);

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Raw, D::Error> {
        deserializer.deserialize_bytes(RawVisitor)
    }
}

/// Owned bytes, deserialized as bytes.
#[derive(Debug)]
#[allow(dead_code, reason = "likewise")]
struct RawBuffer(Raw);

impl<'de> Deserialize<'de> for RawBuffer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<RawBuffer, D::Error> {
        deserializer.deserialize_byte_buf(RawVisitor).map(RawBuffer)
    }
}

struct RawVisitor;

impl Visitor<'_> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("bytes")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> std::result::Result<Raw, E> {
        Ok(Raw(bytes.to_owned()))
    }
}

/// Everything, without borrowing.
#[derive(Debug)]
#[allow(dead_code, reason = "likewise")]
struct Everything(Any<'static>);

impl<'de> Deserialize<'de> for Everything {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Everything, D::Error> {
        Any::deserialize(deserializer).map(|any| Everything(any.into_owned()))
    }
}

/// A place that is read from.
trait Place {
    fn read<T: DeserializeOwned>(schema: &Schema, document: &[u8]) -> std::result::Result<T, packetcheck::Error>;
}

struct WholeRoot;

impl Place for WholeRoot {
    fn read<T: DeserializeOwned>(schema: &Schema, document: &[u8]) -> std::result::Result<T, packetcheck::Error> {
        schema.decode(document)
    }
}

macro_rules! read_places {
    ($($place:ident $type:ident)*) => {$(
        struct $place;

        impl Place for $place {
            fn read<T: DeserializeOwned>(schema: &Schema, document: &[u8]) -> std::result::Result<T, packetcheck::Error> {
                schema.decode::<$type<T>>(document).map(|read| read.value)
            }
        }
    )*};
}

read_places! {
    OfText InText OfNil InNil OfList InList OfMany InMany OfBox InBox OfAttribute InAttribute OfContent InContent
    OfChoice InChoice
}

/// Reads a place as each type.
struct Reading<'s, P> {
    schema: &'s Schema,
    document: &'s str,
    told: Told,
    place: PhantomData<P>,
}

impl<P: Place> Reading<'_, P> {
    fn as_type<T: DeserializeOwned + Debug>(&mut self, name: &'static str) {
        let read = P::read::<T>(self.schema, self.document.as_bytes());
        self.told.add(name, read.map(|value| format!("{value:?}")).unwrap_or_else(|error| error.to_string()));
    }

    fn as_each_type(&mut self) {
        self.as_type::<bool>("bool");
        self.as_type::<i8>("i8");
        self.as_type::<i16>("i16");
        self.as_type::<i64>("i64");
        self.as_type::<i128>("i128");
        self.as_type::<u8>("u8");
        self.as_type::<u128>("u128");
        self.as_type::<f32>("f32");
        self.as_type::<f64>("f64");
        self.as_type::<char>("char");
        self.as_type::<String>("string");
        self.as_type::<Raw>("bytes");
        self.as_type::<RawBuffer>("byte buffer");
        self.as_type::<Option<String>>("option");
        self.as_type::<Option<Option<String>>>("option of option");
        self.as_type::<Option<Newtype<String>>>("option of newtype");
        self.as_type::<Option<IgnoredAny>>("option of ignored");
        self.as_type::<Option<Everything>>("option of Any");
        self.as_type::<()>("unit");
        self.as_type::<Unit>("unit struct");
        self.as_type::<Newtype<String>>("newtype struct");
        self.as_type::<Vec<String>>("seq");
        self.as_type::<Few<String>>("few");
        self.as_type::<(String, String)>("tuple");
        self.as_type::<Pair>("tuple struct");
        self.as_type::<BTreeMap<String, String>>("map");
        self.as_type::<Struct>("struct");
        self.as_type::<Variant>("enum");
        self.as_type::<Newtype<Variant>>("newtype of enum");
        self.as_type::<Vec<Variant>>("seq of enums");
        self.as_type::<Vec<Struct>>("seq of structs");
        self.as_type::<Vec<Newtype<String>>>("seq of newtypes");
        self.as_type::<Vec<Vec<String>>>("seq of seqs");
        self.as_type::<Vec<BTreeMap<String, String>>>("seq of maps");
        self.as_type::<Vec<Everything>>("seq of Any");
        self.as_type::<IgnoredAny>("ignored");
        self.as_type::<Everything>("Any");
        self.as_type::<serde_json::Value>("JSON");
    }
}

fn readings() -> Result<String> {
    let (text, with_attribute) = texts()?;
    let (elements, mixed) = (elements()?, mixed()?);
    let nil = format!("<r><nil {NIL}/></r>");
    let mut told = String::new();
    macro_rules! reading {
        ($($what:literal $place:ident $schema:ident $document:expr;)*) => {$(
            let document: &str = $document;
            assert!($schema.is_valid(document.as_bytes()), "{document}");
            let mut reading =
                Reading { schema: &$schema, document, told: Told::default(), place: PhantomData::<$place> };
            reading.as_each_type();
            let _ = writeln!(told, "== {} of {document}\n{}", $what, reading.told);
        )*};
    }
    reading! {
        "the root" WholeRoot text "<r>7</r>";
        "the root" WholeRoot text "<r/>";
        "the root" WholeRoot elements "<r/>";
        "the root" WholeRoot elements "<r><text>7</text></r>";
        "the root" WholeRoot elements "<r><many>1</many><many>2</many></r>";
        "the root" WholeRoot elements "<r a='1'/>";
        "the root" WholeRoot mixed "<r>x<text>7</text></r>";
        "text" OfText elements "<r><text>7</text></r>";
        "text" OfText elements "<r><text>&lt;&#49;</text></r>";
        "nil" OfNil elements &nil;
        "nil" OfNil elements "<r><nil/></r>";
        "list" OfList elements "<r><list>1 2</list></r>";
        "many" OfMany elements "<r><many>1</many><many>2</many></r>";
        "box" OfBox elements "<r><box><text>7</text></box></r>";
        "box" OfBox elements "<r><box a='1'/></r>";
        "a" OfAttribute elements "<r a='7'/>";
        "$text" OfContent with_attribute "<r>7</r>";
        "$value" OfChoice elements "<r><text>7</text></r>";
        "$value" OfChoice elements "<r><text>7</text><many>1</many><many>2</many><box><text>8</text></box></r>";
        "$value" OfChoice mixed "<r>x<text>7</text></r>";
    }
    Ok(told)
}

/// A text between children is a variant that holds a text, and nothing else.
#[test]
fn a_text_between_children_is_one_text() -> Result {
    let mixed = mixed()?;
    let read = |error: packetcheck::Error| error.to_string();
    let document = b"<r>x</r>";
    assert_eq!(
        mixed.decode::<Vec<UnitText>>(document).map_err(read).err().as_deref(),
        Some("1:2: expected a variant `$text` that holds a text")
    );
    assert_eq!(
        mixed.decode::<Vec<TupleText>>(document).map_err(read).err().as_deref(),
        Some("1:2: invalid length 1, expected tuple variant TupleText::Text with 2 elements")
    );
    assert_eq!(
        mixed.decode::<Vec<StructText>>(document).map_err(read).err().as_deref(),
        Some("1:2: expected attributes or children, found `x`")
    );
    Ok(())
}

#[test]
fn every_shape_has_its_form_or_is_refused() -> Result {
    let actual = writings()? + &readings()?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/shapes.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return Ok(std::fs::write(path, actual)?);
    }
    let expected = std::fs::read_to_string(&path)?;
    for (expected, actual) in expected.split("\n== ").zip(actual.split("\n== ")) {
        assert_eq!(expected, actual, "{}", path.display());
    }
    assert_eq!(expected, actual, "{}", path.display());
    Ok(())
}
