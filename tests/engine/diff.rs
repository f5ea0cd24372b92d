//! Documents are compared by their meaning: another notation with the same meaning is not a difference, a changed value
//! is one difference at its place, and the choice of the old document only affects the wording.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::ops::Range;

use packetcheck::compare::{Change, CompareError, Comparison, Difference};
use packetcheck::{FormatOptions, Limits, PacketKind, Schema, format};
use roxmltree::{Document, ParsingOptions};

use crate::support::{real_sets, samples};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn schema(content: &str) -> Schema {
    let text = format!(r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{content}</xs:schema>"#);
    Schema::from_documents(&[("a.xsd", &text)]).expect("the schema is right")
}

fn differences(schema: &Schema, old: &[u8], new: &[u8]) -> Result<Vec<Difference>> {
    let comparison = Comparison::new(schema, old, new)?;
    let found: Vec<Difference> = comparison.differences().collect();
    assert_eq!(found.len(), comparison.len());
    Ok(found)
}

/// A line for each difference: `changed /a/b 1 -> 2`.
fn lines(schema: &Schema, old: &str, new: &str) -> Vec<String> {
    let found = differences(schema, old.as_bytes(), new.as_bytes()).expect("both are valid");
    found.iter().map(line).collect()
}

fn line(difference: &Difference) -> String {
    let values = match (&difference.old, &difference.new) {
        (Some(old), Some(new)) => format!("{} -> {}", old.value, new.value),
        (one, other) => one.as_ref().or(other.as_ref()).map(|place| place.value.clone()).unwrap_or_default(),
    };
    format!("{} {} {values}", difference.change.name(), difference.path)
}

/// The same difference with the old and the new document exchanged.
fn swapped(difference: &Difference) -> (Change, Option<String>, Option<String>) {
    let change = match difference.change {
        Change::Appeared => Change::Vanished,
        Change::Vanished => Change::Appeared,
        change => change,
    };
    let value = |place: &Option<packetcheck::compare::Place>| place.as_ref().map(|place| format!("{place:?}"));
    (change, value(&difference.new), value(&difference.old))
}

fn is_symmetric(schema: &Schema, old: &[u8], new: &[u8]) -> Result<()> {
    let mut there: Vec<_> = differences(schema, old, new)?.iter().map(swapped).collect();
    let value = |place: &Option<packetcheck::compare::Place>| place.as_ref().map(|place| format!("{place:?}"));
    let back = differences(schema, new, old)?;
    let mut back: Vec<_> = back.iter().map(|found| (found.change, value(&found.old), value(&found.new))).collect();
    there.sort_by_key(|found| format!("{found:?}"));
    back.sort_by_key(|found| format!("{found:?}"));
    assert_eq!(there, back);
    Ok(())
}

/// The numbers of cases.
#[derive(Debug, Default)]
struct Count {
    documents: usize,
    mutants: usize,
    /// Cases in which a key changed, so that it is another item.
    keys: usize,
    /// Cases in which the value stayed the same.
    same: usize,
}

impl Count {
    fn and(self, other: Count) -> Count {
        Count {
            documents: self.documents + other.documents,
            mutants: self.mutants + other.mutants,
            keys: self.keys + other.keys,
            same: self.same + other.same,
        }
    }
}

/// Checks that a valid document means the same in other layouts and after a conversion to JSON and back, and that it
/// has one difference if one value is changed.
fn examine(name: &str, schema: &Schema, document: &[u8], count: &mut Count) -> Result<()> {
    let limits = *schema.limits();
    let mut others = vec![document.to_vec(), schema.encode_from_json(&schema.decode_to_json(document)?)?];
    for minify in [false, true] {
        others.push(format(document, Some(schema), &FormatOptions::new().minify(minify), &limits)?);
    }
    for other in others {
        let found = differences(schema, document, &other).map_err(|error| format!("{name}: {error}"))?;
        let shown: Vec<String> = found.iter().take(3).map(line).collect();
        assert!(found.is_empty(), "{name}: {shown:#?}");
    }
    count.documents += 1;
    for place in values(document) {
        let Some(mutant) = mutant(document, &place) else { continue };
        if !schema.is_valid(&mutant) {
            continue;
        }
        let found = differences(schema, document, &mutant)?;
        let shown: Vec<String> = found.iter().take(4).map(line).collect();
        count.mutants += 1;
        match found.as_slice() {
            [] => count.same += 1,
            [found] if found.change == Change::Changed => {
                let spans = [&found.old, &found.new].map(|place| place.as_ref().map(|place| place.span.clone()));
                for span in spans {
                    let holds = span.as_ref().is_some_and(|span| span.start <= place.start && place.end <= span.end);
                    assert!(holds, "{name}: {span:?} is not about {place:?}: {shown:#?}");
                }
            }
            [one, other] if one.change != other.change && shown.iter().all(|line| line.contains("=\"")) => {
                count.keys += 1
            }
            _ => return Err(format!("{name}: one value changed at {place:?}, found {shown:#?}").into()),
        }
        if document.len() < LARGE {
            is_symmetric(schema, document, &mutant)?;
        }
    }
    Ok(())
}

/// Larger documents are not compared in both directions.
const LARGE: usize = 20_000;

/// The places of some values with digits, according to another reader.
fn values(document: &[u8]) -> Vec<Range<usize>> {
    let most = if document.len() < LARGE { 2 } else { 1 };
    let Ok(text) = std::str::from_utf8(document) else { return Vec::new() };
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let Ok(tree) = Document::parse_with_options(text, options) else { return Vec::new() };
    let mut found = Vec::new();
    for node in tree.root().descendants() {
        if node.is_text() && node.next_sibling().is_none() && node.prev_sibling().is_none() {
            found.push(node.range());
        }
        let own = node.attributes().filter(|each| each.namespace().is_none());
        found.extend(own.map(|attribute| attribute.range_value()));
    }
    found.retain(|place| {
        let value = document.get(place.clone()).unwrap_or_default();
        value.iter().any(u8::is_ascii_digit) && !value.contains(&b'<') && !value.contains(&b'&')
    });
    let step = found.len().div_ceil(most).max(1);
    found.into_iter().step_by(step).collect()
}

/// A copy of a document with the first digit of a value replaced.
fn mutant(document: &[u8], place: &Range<usize>) -> Option<Vec<u8>> {
    let at = place.start + document.get(place.clone())?.iter().position(u8::is_ascii_digit)?;
    let mut mutant = document.to_vec();
    let digit = mutant.get_mut(at)?;
    *digit = if *digit == b'1' { b'2' } else { b'1' };
    Some(mutant)
}

#[test]
fn samples_mean_the_same_in_other_layouts_and_differ_in_what_changed() -> Result<()> {
    let mut count = Count::default();
    for system in ["plesk", "dataworks"] {
        for sample in samples::samples(system) {
            let kind: PacketKind = sample.kind.parse()?;
            let Some(schema) = kind.schema().filter(|_| sample.bytes.trim_ascii_start().starts_with(b"<")) else {
                continue;
            };
            if sample.verdict != "invalid" && schema.is_valid(&sample.bytes) {
                examine(&sample.file, schema, &sample.bytes, &mut count)?;
            }
        }
    }
    writeln!(std::io::stderr(), "{count:?}")?;
    assert!(count.documents > 150 && count.mutants > 150, "{count:?}");
    Ok(())
}

#[test]
fn real_documents_mean_the_same_in_other_layouts_and_differ_in_what_changed() -> Result<()> {
    let counts = real_sets::each(|name, folder, set| {
        let (schema, mut count) = (set.schema(folder)?.0, Count::default());
        for (document, _) in set.documents.iter().filter(|(_, is_valid)| *is_valid) {
            let bytes = fs::read(folder.join(document))?;
            if bytes.len() <= real_sets::LARGEST {
                examine(&format!("{name} {document}"), &schema, &bytes, &mut count)?;
            }
        }
        Ok(count)
    })?;
    let Some(counts) = counts else { return Ok(()) };
    let count = counts.into_iter().fold(Count::default(), Count::and);
    real_sets::say(&format!("{count:?}"))?;
    assert!(count.documents > 100 && count.mutants > 150, "{count:?}");
    assert!(count.same * 10 < count.mutants && count.keys * 10 < count.mutants, "{count:?}");
    Ok(())
}

#[test]
fn spellings_of_a_value_are_not_a_difference() {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence>
          <xs:element name="n" type="xs:decimal"/><xs:element name="t" type="xs:dateTime"/><xs:element name="q" type="xs:QName"/>
          <xs:element name="l"><xs:simpleType><xs:list itemType="xs:float"/></xs:simpleType></xs:element>
          <xs:element name="s" type="xs:token" default="x"/>
          <xs:element name="z" type="xs:string" nillable="true"/>
        </xs:sequence><xs:attribute name="d" type="xs:boolean" default="true"/><xs:attribute name="f" fixed="1"/></xs:complexType></xs:element>"#,
    );
    let old = r#"<a><n>1.0</n><t>2024-05-01T12:00:00Z</t><q xmlns:p="urn:x">p:l</q><l>1 2.5</l><s/><z>a&lt;b</z></a>"#;
    let new = r#"<?xml version="1.0"?><a f="1" d="1"> <n>+01.00</n> <!-- c --><t>2024-05-01T14:00:00+02:00</t>
        <q xmlns:o="urn:x">o:l</q><l> 1e0   25E-1</l><s> x </s><z><![CDATA[a<b]]></z></a>"#;
    assert_eq!(lines(&schema, old, new), Vec::<String>::new());
    let new = r#"<a d="0"><n>1.01</n><t>2024-05-01T12:00:00</t><q xmlns:p="urn:y">p:l</q><l>1 2.6</l><s>y</s>
        <z xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></a>"#;
    assert_eq!(
        lines(&schema, old, new),
        [
            "changed /a/@d true -> 0",
            "changed /a/n 1.0 -> 1.01",
            "changed /a/t 2024-05-01T12:00:00Z -> 2024-05-01T12:00:00",
            "changed /a/q Q{urn:x}l -> Q{urn:y}l",
            "changed /a/l 1 2.5 -> 1 2.6",
            "changed /a/s x -> y",
            "changed /a/z a<b -> nil",
        ]
    );
    let found = differences(&schema, old.as_bytes(), new.as_bytes()).expect("both are valid");
    assert!(found[0].old.as_ref().is_some_and(|place| place.is_default));
}

const ORDER: &str = r#"<xs:element name="order"><xs:complexType><xs:sequence>
      <xs:element name="item" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="sku" type="xs:int"/><xs:element name="price" type="xs:decimal" minOccurs="0"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="n" type="xs:int" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType>KEY</xs:element>"#;

#[test]
fn names_are_shown_with_their_namespaces() {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="n" type="xs:QName"/></xs:sequence>
           <xs:attribute name="q" type="xs:QName"/></xs:complexType></xs:element>"#,
    );
    let document = |uri: &str| format!("<a xmlns:p='{uri}' q='p:b'><n>p:b</n></a>");
    let found = lines(&schema, &document("urn:1"), &document("urn:2"));
    assert!(found.iter().all(|line| line.contains("Q{urn:1}b") && line.contains("Q{urn:2}b")), "{found:#?}");
    assert_eq!(found.len(), 2);
}

#[test]
fn items_are_matched_by_the_keys_of_the_schema() {
    let key = r#"<xs:key name="k"><xs:selector xpath=".//item"/><xs:field xpath="sku"/></xs:key>"#;
    let keyed = schema(&ORDER.replace("KEY", key));
    let item = |sku: &str, price: &str| format!("<item><sku>{sku}</sku><price>{price}</price></item>");
    let order = |items: &[String]| format!("<order>{}</order>", items.concat());
    let old = order(&[item("1", "5"), item("2", "5"), item("3", "5"), item("4", "5")]);
    let new = order(&[item("04", "5.0"), item("1", "5"), item("3", "6"), item("5", "5")]);
    let expected = [
        "moved /order/item[sku=\"04\"] <item><sku>4</sku><price>5</price></item> -> <item><sku>04</sku><price>5.0</price></item>",
        "vanished /order/item[sku=\"2\"] <item><sku>2</sku><price>5</price></item>",
        "changed /order/item[sku=\"3\"]/price 5 -> 6",
        "appeared /order/item[sku=\"5\"] <item><sku>5</sku><price>5</price></item>",
    ];
    let mut found = lines(&keyed, &old, &new);
    let mut expected: Vec<String> = expected.map(str::to_owned).into();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    // Positions refer to each document.
    let found = differences(&keyed, old.as_bytes(), new.as_bytes()).expect("both are valid");
    let changed = found.iter().find(|found| found.change == Change::Changed).expect("a price");
    let paths =
        [&changed.old, &changed.new].map(|place| place.as_ref().map(|place| place.path.clone()).unwrap_or_default());
    assert_eq!(paths, ["/order/item[3]/price", "/order/item[3]/price"]);
    // Without the key, items are matched in order.
    let plain = schema(&ORDER.replace("KEY", ""));
    let old = order(&[item("1", "5"), item("2", "5"), item("3", "5")]);
    let new = order(&[item("1", "5"), item("3", "5")]);
    assert_eq!(lines(&plain, &old, &new), ["vanished /order/item[2] <item><sku>2</sku><price>5</price></item>"]);
    let new = order(&[item("9", "5"), item("1", "5"), item("2", "7"), item("3", "5")]);
    assert_eq!(
        lines(&plain, &old, &new),
        ["appeared /order/item <item><sku>9</sku><price>5</price></item>", "changed /order/item[3]/price 5 -> 7"]
    );
}

#[test]
fn items_are_matched_by_members_named_id() {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="i" maxOccurs="9"><xs:complexType>
          <xs:attribute name="id" type="xs:int"/><xs:attribute name="v"/></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>"#,
    );
    let old = "<a><i id='1' v='x'/><i id='2' v='y'/></a>";
    assert_eq!(lines(&schema, old, "<a><i id='2' v='y'/></a>"), ["vanished /a/i[@id=\"1\"] <i id=\"1\" v=\"x\"/>"]);
    assert_eq!(lines(&schema, old, "<a><i id='1' v='z'/><i id='2' v='y'/></a>"), ["changed /a/i[@id=\"1\"]/@v x -> z"]);
    // A key that occurs twice is not used.
    let twice = "<a><i id='1' v='x'/><i id='1' v='y'/></a>";
    assert_eq!(lines(&schema, twice, "<a><i id='1' v='y'/></a>"), ["vanished /a/i <i id=\"1\" v=\"x\"/>"]);
    assert_eq!(lines(&schema, twice, "<a><i id='1' v='x'/><i id='1' v='z'/></a>"), ["changed /a/i[2]/@v y -> z"]);
}

#[test]
fn quotation_marks_in_keys_are_doubled() {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="i" maxOccurs="9"><xs:complexType>
          <xs:attribute name="id"/><xs:attribute name="v"/></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>"#,
    );
    let document = |value: &str| format!("<a><i id='x\"] y' v='{value}'/></a>");
    assert_eq!(lines(&schema, &document("1"), &document("2")), ["changed /a/i[@id=\"x\"\"] y\"]/@v 1 -> 2"]);
}

#[test]
fn mixed_content_is_compared_text_by_text() {
    let schema = schema(
        r#"<xs:element name="p"><xs:complexType mixed="true"><xs:choice minOccurs="0" maxOccurs="9">
          <xs:element name="b" type="xs:string"/><xs:element name="i" type="xs:string"/></xs:choice></xs:complexType></xs:element>"#,
    );
    assert_eq!(
        lines(&schema, "<p>a <b>c</b> d</p>", "<p>a<!-- x --> <b><![CDATA[c]]></b> &#100;</p>"),
        Vec::<String>::new()
    );
    assert_eq!(lines(&schema, "<p>a <b>c</b> d</p>", "<p>a <b>c</b> e</p>"), ["changed /p/text()[2]  d ->  e"]);
    assert_eq!(lines(&schema, "<p>a <b>c</b></p>", "<p>a <i>c</i></p>"), ["vanished /p/b c", "appeared /p/i c"]);
}

#[test]
fn another_type_is_a_difference() {
    let schema = schema(
        r#"<xs:complexType name="B"><xs:sequence/></xs:complexType><xs:complexType name="D"><xs:complexContent>
          <xs:extension base="B"><xs:attribute name="x" type="xs:int"/></xs:extension></xs:complexContent></xs:complexType>
          <xs:element name="a" type="B"/>"#,
    );
    let typed = |attributes: &str| format!("<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' {attributes}/>");
    assert_eq!(lines(&schema, "<a/>", &typed("i:type='B'")), Vec::<String>::new());
    assert_eq!(lines(&schema, "<a/>", &typed("i:type='D'")), ["appeared /a/@xsi:type D"]);
}

#[test]
fn places_are_those_of_the_original_in_other_encodings() -> Result<()> {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" type="xs:string" maxOccurs="9"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    let utf16 = |text: &str| -> Vec<u8> {
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let (old, new) = (utf16("<a><b>é</b><b>x</b></a>"), utf16("<a>\n<b>é</b><b>y</b></a>"));
    let found = differences(&schema, &old, &new)?;
    assert_eq!(found.len(), 1);
    let (Some(one), Some(other)) = (&found[0].old, &found[0].new) else { return Err("both have it".into()) };
    assert_eq!((&old[one.span.clone()], &new[other.span.clone()]), (&b"x\0"[..], &b"y\0"[..]));
    assert_eq!((other.line, other.column), (2, 12));
    let latin = |value: u8| {
        [&b"<?xml version='1.0' encoding='ISO-8859-1'?><a><b>\xe9</b><b>"[..], &[value], b"</b></a>"].concat()
    };
    let (old, new) = (latin(0xe9), latin(0xe8));
    let found = differences(&schema, &old, &new)?;
    let place = found[0].new.as_ref().ok_or("it is there")?;
    assert_eq!((place.value.as_str(), &new[place.span.clone()], place.column), ("è", &b"\xe8"[..], 58));
    Ok(())
}

#[test]
fn secrets_are_not_shown() -> Result<()> {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="login" type="xs:string"/>
          <xs:element name="password" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    let with = |password: &str| format!("<a><login>admin</login><password>{password}</password></a>");
    let found = differences(&schema, with("Ahm4oh").as_bytes(), with("Eek5ai").as_bytes())?;
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), ["changed /a/password *** -> ***"]);
    let found = differences(&schema, with("Ahm4oh").as_bytes(), b"<a><login>admin</login></a>")?;
    assert!(!format!("{found:?}").contains("Ahm4oh"));
    // The schema knows these names, but they are still names of credentials.
    let schema = self::schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="Authorization" type="xs:string"/>
          <xs:element name="apiKey" type="xs:string"/><xs:element name="passport" type="xs:string"/></xs:sequence>
          <xs:attribute name="token"/></xs:complexType></xs:element>"#,
    );
    let with = |number: u32| {
        format!(
            "<a token='Ahm{number}oh'><Authorization>Basic Eek{number}ai</Authorization><apiKey>Oov{number}ei</apiKey><passport>{number}</passport></a>"
        )
    };
    assert_eq!(
        lines(&schema, &with(4), &with(5)),
        [
            "changed /a/@token *** -> ***",
            "changed /a/Authorization *** -> ***",
            "changed /a/apiKey *** -> ***",
            "changed /a/passport 4 -> 5"
        ]
    );
    let (old, new) = (br#"{"s":{"password":"Ahm4oh"}}"#, br#"{"s":{"password":"Eek5ai"},"t":{"password":"x1y2z3"}}"#);
    let limits = Limits::new();
    let comparison = Comparison::of_json(old, new, &limits)?;
    let shown = format!("{:?}", comparison.differences().collect::<Vec<_>>());
    assert!(!["Ahm4oh", "Eek5ai", "x1y2z3"].iter().any(|secret| shown.contains(secret)), "{shown}");
    Ok(())
}

#[test]
fn json_is_compared_by_members_and_numbers() -> Result<()> {
    let limits = Limits::new();
    let lines = |old: &str, new: &str| -> Result<Vec<String>> {
        let comparison = Comparison::of_json(old.as_bytes(), new.as_bytes(), &limits)?;
        Ok(comparison.differences().map(|found| line(&found)).collect())
    };
    assert!(lines(r#"{"a":1.0,"b":[{"id":1}],"s":"A"}"#, r#" {"s":"\u0041","b":[{"id":10e-1}],"a":1}"#)?.is_empty());
    assert_eq!(lines(r#"{"a":1}"#, r#"{"a":"1"}"#)?, ["changed /a 1 -> \"1\""]);
    assert_eq!(lines(r#"{"a":{"b":1}}"#, r#"{"a":[1]}"#)?, ["changed /a {\"b\":1} -> [1]"]);
    assert_eq!(lines(r#"{"a/b":1}"#, r#"{}"#)?, ["vanished /a~1b 1"]);
    assert_eq!(lines("[1,2,3]", "[1,3]")?, ["vanished /1 2"]);
    assert_eq!(
        lines(r#"[{"id":1,"p":5},{"id":2}]"#, r#"[{"id":1,"p":6}]"#)?,
        ["changed [id=\"1\"]/p 5 -> 6", "vanished [id=\"2\"] {\"id\":2}"]
    );
    assert!(matches!(Comparison::of_json(b"{", b"{}", &limits), Err(CompareError::Old(_))));
    assert!(matches!(Comparison::of_json(b"{}", b"{", &limits), Err(CompareError::New(_))));
    Ok(())
}

#[test]
fn an_invalid_document_is_reported() {
    let schema = schema(r#"<xs:element name="a" type="xs:int"/>"#);
    let (good, bad) = (&b"<a>1</a>"[..], &b"<a>x</a>"[..]);
    for (old, new, is_old) in [(bad, good, true), (good, bad, false)] {
        let errors = match Comparison::new(&schema, old, new) {
            Err(CompareError::Old(error)) if is_old => error.report().map(|report| report.errors),
            Err(CompareError::New(error)) if !is_old => error.report().map(|report| report.errors),
            _ => None,
        };
        assert_eq!(errors, Some(1));
    }
}

#[test]
fn work_is_bounded_on_lists_that_differ_everywhere() -> Result<()> {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="i" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence></xs:complexType></xs:element>"#,
    );
    // Comparing each item with every other would take too long.
    const ITEMS: u32 = 20_000;
    let list = |item: &dyn Fn(u32) -> u32| {
        let items: String = (0..ITEMS).map(|number| format!("<i>{:x}</i>", item(number))).collect();
        format!("<a>{items}</a>")
    };
    let (old, other) = (list(&|number| 2 * number), list(&|number| 2 * number + 1));
    let turned = list(&|number| 2 * (ITEMS - 1 - number));
    let shuffled = list(&|number| 2 * (number.wrapping_mul(2_654_435_761) % ITEMS));
    for new in [other, turned, shuffled] {
        let comparison = Comparison::new(&schema, old.as_bytes(), new.as_bytes())?;
        assert!(comparison.len() > ITEMS as usize / 2);
        assert_eq!(comparison.differences().take(10).count(), 10);
    }
    Ok(())
}

#[test]
fn deep_documents_need_no_stack() -> Result<()> {
    let schema = schema(
        r#"<xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="a" minOccurs="0"/></xs:sequence>
        <xs:attribute name="v"/></xs:complexType></xs:element>"#,
    );
    let depth = 100_000;
    let schema = schema.with_limits(Limits::new().depth(depth + 1));
    let deep = |inner: &str| format!("{}{inner}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let found = differences(&schema, deep("<a v='1'/>").as_bytes(), deep("<a v='2'/>").as_bytes())?;
    assert_eq!(found.len(), 1);
    Ok(())
}

#[cfg(feature = "cli")]
mod command {
    use super::{Result, fs};
    use std::path::{Path, PathBuf};
    use std::process::{Command, Output};

    fn folder(name: &str) -> Result<PathBuf> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("diff-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn run(folder: &Path, arguments: &[&str]) -> Result<(String, String, Option<i32>)> {
        let command =
            Command::new(env!("CARGO_BIN_EXE_packetcheck")).arg("diff").args(arguments).current_dir(folder).output()?;
        let Output { status, stdout, stderr } = command;
        Ok((String::from_utf8(stdout)?, String::from_utf8(stderr)?, status.code()))
    }

    fn status(completed: u32, step: &str) -> String {
        format!(
            "<packet><migration><get_status><result><status>ok</status><migration_status><total>10</total>\
             <completed>{completed}</completed><description>{step}</description></migration_status></result></get_status></migration></packet>"
        )
    }

    #[test]
    fn moves_and_differences_are_listed() -> Result<()> {
        let folder = folder("status")?;
        fs::write(folder.join("a.xml"), status(4, "mail"))?;
        fs::write(folder.join("b.xml"), status(6, "mail"))?;
        let expected = "migration\n  percent: 40% -> 60%\n  done: 4 of 10 -> 6 of 10\n\n\
            changed /packet/migration/get_status/result/migration_status/completed\n  - 4  (a.xml:1:105)\n  + 6  (b.xml:1:105)\n\
            1 difference: 1 changed\n";
        assert_eq!(run(&folder, &["a.xml", "b.xml"])?, (expected.to_owned(), String::new(), Some(1)));
        assert_eq!(run(&folder, &["a.xml", "a.xml"])?, ("no difference\n".to_owned(), String::new(), Some(0)));
        let (stdout, _, code) = run(&folder, &["--format", "json", "a.xml", "b.xml"])?;
        let json: serde_json::Value = serde_json::from_str(&stdout)?;
        assert_eq!((&json["count"], &json["differences"][0]["new"]["value"], code), (&1.into(), &"6".into(), Some(1)));
        assert_eq!(
            (&json["progress"][0]["old"]["percent"], &json["progress"][0]["new"]["state"]),
            (&40.0.into(), &"running".into())
        );
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn errors_are_not_differences() -> Result<()> {
        let folder = folder("trouble")?;
        fs::write(folder.join("a.xml"), status(4, "mail"))?;
        fs::write(folder.join("bad.xml"), status(4, "mail").replace("<total>10</total>", ""))?;
        fs::write(folder.join("request.xml"), "<packet><migration><check/></migration></packet>")?;
        let (stdout, stderr, code) = run(&folder, &["a.xml", "bad.xml"])?;
        assert!(stdout.is_empty() && stderr.starts_with("error[PC02") && stderr.contains("bad.xml:1:"), "{stderr}");
        assert_eq!(code, Some(2));
        let (_, stderr, code) = run(&folder, &["a.xml", "request.xml"])?;
        assert!(stderr.contains("expected two packets of one kind"), "{stderr}");
        assert_eq!(code, Some(2));
        assert_eq!(run(&folder, &["a.xml", "nothing.xml"])?.2, Some(2));
        assert_eq!(run(&folder, &["a.xml"])?.2, Some(2));
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn the_configuration_names_the_schema() -> Result<()> {
        let folder = folder("configured")?;
        fs::write(
            folder.join("a.xsd"),
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a' type='xs:decimal'/></xs:schema>",
        )?;
        fs::write(folder.join("packetcheck.toml"), "[[files]]\nglob = [\"*.xml\"]\nschema = [\"a.xsd\"]\n")?;
        fs::write(folder.join("a.xml"), "<a>1</a>")?;
        fs::write(folder.join("b.xml"), "<a>1.0</a>")?;
        assert_eq!(run(&folder, &["a.xml", "b.xml"])?.2, Some(0));
        assert_eq!(run(&folder, &["--no-config", "--schema", "a.xsd", "a.xml", "b.xml"])?.2, Some(0));
        Ok(fs::remove_dir_all(&folder)?)
    }
}
