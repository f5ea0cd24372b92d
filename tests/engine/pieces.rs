//! Documents that are read in pieces have the same verdicts, diagnostics and drawings as whole ones, wherever they are
//! cut.

use std::error::Error;
use std::fs;
use std::io::Read;

use packetcheck::diagnostic::render::{json, text};
use packetcheck::diagnostic::{Diagnostic, LineIndex};
use packetcheck::{Limits, Schema, plesk};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::support::{program, real_sets};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A diagnostic without its concealed ranges: for a document in pieces, only those near diagnostics are known.
fn shown(diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, severity, span, related, path, message, expected, found, help, documentation, .. } =
        diagnostic;
    format!(
        "{code} {severity} {span:?} {related:?} {path}\n  {message}\n  {expected:?} {found:?} {help:?} {documentation:?}"
    )
}

/// The place where two texts begin to differ.
fn apart(one: &str, other: &str) -> String {
    let same = one.lines().zip(other.lines()).take_while(|(one, other)| one == other).count();
    let part = |text: &str| text.lines().skip(same.saturating_sub(3)).take(12).collect::<Vec<_>>().join("\n");
    format!("{}\n--- in pieces\n{}", part(one), part(other))
}

/// Compares the results for a document as a whole and in pieces; `Err` describes the first difference.
fn difference(schema: &Schema, document: &[u8], piece: usize) -> std::result::Result<(), String> {
    let whole = schema.explain(document);
    let checked = schema.check_in_pieces(document, piece).map_err(|error| error.to_string())?;
    let is_valid = schema.is_valid_in_pieces(document, piece).map_err(|error| error.to_string())?;
    let in_pieces = checked.report;
    if is_valid != whole.is_valid() {
        return Err(format!("the verdict is {is_valid}"));
    }
    if (whole.errors, whole.warnings) != (in_pieces.errors, in_pieces.warnings) {
        return Err(apart(&whole.to_string(), &in_pieces.to_string()));
    }
    let mut is_masked = false;
    for (one, other) in whole.diagnostics.iter().zip(&in_pieces.diagnostics) {
        // In text that is not well-formed, how far a secret extends, and what repeats it, depends on the rest of the
        // document.
        let masked = |diagnostic: &Diagnostic| diagnostic.message.ends_with("which is masked");
        let is_unclear = (masked(one) || masked(other)) && other.span == one.span && other.code == one.code;
        let (one, other) = (shown(one), shown(other));
        is_masked |= is_unclear && one != other;
        if one != other && !is_unclear {
            return Err(format!("{one}\n--- in pieces\n{other}"));
        }
    }
    let index = LineIndex::new(document);
    for diagnostic in &in_pieces.diagnostics {
        let start = diagnostic.span.start;
        let place = checked.lines.line_column(start);
        if place != Some(index.line_column(start)) {
            return Err(format!("{start} is at {:?}\n--- in pieces\n{place:?}", index.line_column(start)));
        }
    }
    let one = json::to_pretty(&json::diagnostics(document, &whole.diagnostics)).map_err(|error| error.to_string())?;
    let other = json::to_pretty(&json::diagnostics(&checked.lines, &in_pieces.diagnostics))
        .map_err(|error| error.to_string())?;
    if one != other && !is_masked {
        return Err(apart(&String::from_utf8_lossy(&one), &String::from_utf8_lossy(&other)));
    }
    let one = text::diagnostics("-", document, &whole.diagnostics, false);
    let other = text::diagnostics("-", &checked.lines, &in_pieces.diagnostics, false);
    if other.contains(">geheim") && !one.contains(">geheim") {
        return Err(format!("a secret is shown:\n{}", apart(&one, &other)));
    }
    if one == other || is_masked { Ok(()) } else { Err(apart(&one, &other)) }
}

#[test]
fn real_documents_are_the_same_in_pieces() -> Result<()> {
    let different = real_sets::each(|name, folder, set| {
        let (schema, _) = set.schema(folder)?;
        let mut different = Vec::new();
        for (document, _) in &set.documents {
            let bytes = fs::read(folder.join(document))?;
            if bytes.len() > real_sets::LARGEST {
                continue;
            }
            for piece in [1 << 10, 50_000] {
                if let Err(difference) = difference(&schema, &bytes, piece) {
                    different.push(format!("{name} {document} {piece}: {difference}"));
                    break;
                }
            }
        }
        Ok(different)
    })?;
    let different: Vec<String> = different.into_iter().flatten().flatten().collect();
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
    Ok(())
}

/// A schema with everything for which an error looks back or ahead: orders, choices, keys and references, IDs,
/// prefixes, types, mixed content, wildcards, defaults.
const SCHEMA: &str = r###"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:store" targetNamespace="urn:store"
    elementFormDefault="qualified">
  <xs:element name="store">
    <xs:complexType><xs:sequence>
      <xs:element ref="item" maxOccurs="unbounded"/>
      <xs:element name="end" minOccurs="0"/>
    </xs:sequence></xs:complexType>
    <xs:key name="code"><xs:selector xpath="item"/><xs:field xpath="@code"/></xs:key>
    <xs:unique name="label"><xs:selector xpath="item"/><xs:field xpath="label"/></xs:unique>
    <xs:keyref name="other" refer="code"><xs:selector xpath="item/see"/><xs:field xpath="."/></xs:keyref>
  </xs:element>
  <xs:element name="item" type="Item"/>
  <xs:complexType name="Item"><xs:sequence>
    <xs:element name="label" type="xs:token"/>
    <xs:element name="price" minOccurs="0" nillable="true"><xs:simpleType><xs:restriction base="xs:decimal">
      <xs:minInclusive value="0"/></xs:restriction></xs:simpleType></xs:element>
    <xs:choice minOccurs="0" maxOccurs="3"><xs:element name="red"/><xs:element name="green" type="xs:boolean"/></xs:choice>
    <xs:element name="see" type="xs:string" minOccurs="0" maxOccurs="2"/>
    <xs:element name="note" minOccurs="0"><xs:complexType mixed="true"><xs:choice minOccurs="0" maxOccurs="unbounded">
      <xs:element name="b" type="xs:string"/><xs:element name="link"><xs:complexType>
        <xs:attribute name="to" type="xs:IDREF"/></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element>
    <xs:element name="password" type="xs:string" minOccurs="0"/>
    <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="2"/>
  </xs:sequence>
    <xs:attribute name="code" type="xs:string" use="required"/>
    <xs:attribute name="id" type="xs:ID"/>
    <xs:attribute name="kind" default="plain"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="plain"/><xs:enumeration value="fancy"/></xs:restriction></xs:simpleType></xs:attribute>
  </xs:complexType>
  <xs:complexType name="Fancy"><xs:complexContent><xs:extension base="Item"><xs:sequence>
    <xs:element name="item" type="Item" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
</xs:schema>"###;

/// A valid document with this number of items.
fn store(count: usize) -> String {
    let mut document = String::from(
        "\u{feff}<?xml version=\"1.0\"?>\n<!-- all of it -->\n<s:store xmlns:s=\"urn:store\"\r\n  xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n",
    );
    for number in 0..count {
        let prefix = if number % 7 == 3 { "" } else { "s:" };
        let declaration = if prefix.is_empty() { " xmlns=\"urn:store\"" } else { "" };
        let fancy = if number % 5 == 1 { " xsi:type=\"s:Fancy\"" } else { "" };
        document.push_str(&format!("  <{prefix}item{declaration}{fancy} code=\"c{number}\" id='i{number}'>\n"));
        document.push_str(&format!("    <{prefix}label>Artikel {number} – größer</{prefix}label>\n"));
        match number % 4 {
            0 => document.push_str(&format!("    <{prefix}price>{number}.50</{prefix}price>\n")),
            1 => document.push_str(&format!("    <{prefix}price xsi:nil='true'/>")),
            _ => {}
        }
        if number % 3 == 0 {
            document.push_str(&format!("<{prefix}red/><{prefix}green>true</{prefix}green>\r\n"));
        }
        if number % 6 == 2 {
            document.push_str(&format!("    <{prefix}see>c{}</{prefix}see>\n", number / 2));
        }
        if number % 6 == 4 {
            document.push_str(&format!("    <{prefix}note>a <{prefix}b>bold</{prefix}b> word, <{prefix}link to=\"i{}\"/> &amp; <![CDATA[<more>]]></{prefix}note>\n", count - number));
        }
        if number % 9 == 5 {
            document.push_str(&format!("<{prefix}password>geheim-{number}</{prefix}password>"));
        }
        if number % 8 == 7 {
            document.push_str("<x:any xmlns:x='urn:x'><x:deep a='1'>t</x:deep></x:any>\n");
        }
        if !fancy.is_empty() {
            document.push_str(&format!(
                "<{prefix}item code='c{number}'><{prefix}label>in {number}</{prefix}label></{prefix}item>"
            ));
        }
        document.push_str(&format!("  </{prefix}item>\n"));
    }
    document.push_str("</s:store>\n");
    document
}

fn store_schema() -> Result<Schema> {
    Ok(Schema::from_documents(&[("store.xsd", SCHEMA)])?.with_limits(Limits::new().diagnostics(20)))
}

/// A packet with this number of results.
fn packet(count: usize) -> String {
    let mut packet =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<packet version=\"1.6.9.1\">\n  <migration>\n");
    for number in 0..count {
        packet.push_str("    <get_status>\n      <result>\n        <status>ok</status>\n        <migration_status>\n");
        packet.push_str(&format!("          <migration_id>{number}</migration_id>\n        </migration_status>\n"));
        packet.push_str("      </result>\n    </get_status>\n");
    }
    packet + "  </migration>\n</packet>\n"
}

#[test]
fn a_valid_document_is_valid_wherever_it_is_cut() -> Result<()> {
    let (schema, document) = (store_schema()?, store(40));
    assert_eq!(schema.explain(document.as_bytes()).to_string(), "valid");
    for piece in (1..document.len()).step_by(7) {
        difference(&schema, document.as_bytes(), piece).map_err(|difference| format!("{piece}: {difference}"))?;
    }
    Ok(())
}

/// Fragments that cause errors of all kinds.
const WORDS: [&str; 34] = [
    "<s:labell>",
    "</s:label>",
    "<s:label>again</s:label>",
    "<s:price>-1</s:price>",
    "<s:price>x</s:price>",
    "<red/>",
    "<s:red/>",
    "<s:item code='c1'/>",
    "<s:item code='c2' id='i2'><s:label>Artikel 2 – größer</s:label></s:item>",
    "<s:see>c999</s:see>",
    "<s:note><s:link to='i999'/></s:note>",
    "text",
    "&amp;",
    "&nbsp;",
    "<",
    ">",
    "&",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "</s:item>",
    "\"",
    " code='c3'",
    " id='i3'",
    " kind='odd'",
    " xsi:type='s:Item'",
    "<y:z/>",
    "<password>geheim-5</password>",
    "<s:red>geheim-14</s:red>",
    "\u{1}",
    "<?xml?>",
    "<s:item><s:price/></s:item>",
    "<s:end/>",
];

/// The form of an item in a program without generated types.
#[derive(Debug, Deserialize)]
struct Item {
    #[serde(rename = "@code")]
    code: String,
    label: String,
    #[serde(flatten)]
    _rest: std::collections::BTreeMap<String, IgnoredAny>,
}

#[test]
fn records_are_the_elements_at_a_path_wherever_the_document_is_cut() -> Result<()> {
    let (schema, document) = (store_schema()?, store(50));
    for piece in [1, 100, 3_000, 100_000] {
        let items: Vec<IgnoredAny> = schema
            .records_in_pieces(document.as_bytes(), "/store/item", piece)
            .collect::<std::result::Result<_, _>>()?;
        assert_eq!(items.len(), 50, "{piece}");
        // An item that does not fit the type does not end the iteration.
        let items: Vec<_> = schema.records_in_pieces::<Item>(document.as_bytes(), "/store/item", piece).collect();
        assert!(items.len() == 50 && items[4].is_err(), "{piece}");
        let Item { code, label, .. } = items[6].as_ref().map_err(ToString::to_string)?;
        assert_eq!((&**code, &**label), ("c6", "Artikel 6 – größer"), "{piece}");
        // Leaves, and elements whose types only `xsi:type` names.
        let labels: Vec<String> = schema
            .records_in_pieces(document.as_bytes(), "/store/item/label", piece)
            .collect::<std::result::Result<_, _>>()?;
        assert_eq!((labels.len(), &*labels[49]), (50, "Artikel 49 – größer"), "{piece}");
        let inner: Vec<IgnoredAny> = schema
            .records_in_pieces(document.as_bytes(), "/store/item/item", piece)
            .collect::<std::result::Result<_, _>>()?;
        assert_eq!(inner.len(), 10, "{piece}");
        let nothing: Vec<IgnoredAny> = schema
            .records_in_pieces(document.as_bytes(), "/store/items", piece)
            .collect::<std::result::Result<_, _>>()?;
        assert!(nothing.is_empty());
        let whole: Vec<IgnoredAny> =
            schema.records_in_pieces(document.as_bytes(), "/store", piece).collect::<std::result::Result<_, _>>()?;
        assert_eq!(whole.len(), 1, "{piece}");
    }
    Ok(())
}

#[test]
fn records_end_with_the_first_error_of_the_document() -> Result<()> {
    let schema = store_schema()?;
    let document = store(50).replace("<s:price>20.50</s:price>", "<s:price>twenty</s:price>");
    for piece in [100, 3_000, 100_000] {
        let read: Vec<_> = schema.records_in_pieces::<IgnoredAny>(document.as_bytes(), "/store/item", piece).collect();
        let (last, before) = read.split_last().ok_or("there are records")?;
        assert!(before.len() <= 20, "{piece} {}", before.len());
        for item in before {
            assert!(item.is_ok(), "{piece} {item:?}");
        }
        let error = last.as_ref().err().ok_or("the last one is the error")?;
        let path = error.report().map(|report| report.diagnostics[0].path.clone());
        assert_eq!(path.as_deref(), Some("/s:store/s:item[18]/s:price"), "{piece}");
    }
    Ok(())
}

/// A reader that fails after some bytes.
struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(std::io::Error::other("the line is dead")),
            count => Ok(count),
        }
    }
}

#[test]
fn an_error_of_the_reader_is_not_an_error_of_the_document() -> Result<()> {
    let (schema, document) = (store_schema()?, store(50));
    let broken = || Broken(&document.as_bytes()[..5_000]);
    assert_eq!(
        schema.is_valid_in_pieces(broken(), 1_000).map_err(|error| error.to_string()),
        Err("the line is dead".into())
    );
    assert_eq!(
        schema.check_in_pieces(broken(), 1_000).map_err(|error| error.to_string()).err(),
        Some("the line is dead".into())
    );
    let last = schema.records_in_pieces::<IgnoredAny>(broken(), "/store/item", 1_000).last().ok_or("an error")?;
    assert!(last.is_err_and(|error| error.report().is_none() && error.to_string().contains("the line is dead")));
    Ok(())
}

#[test]
fn malformed_bytes_are_the_same_wherever_they_are_cut() -> Result<()> {
    let schema = store_schema()?;
    for bytes in [&b"\xD2"[..], b"\xD2\xD2", b"\xF0\x9F\xF0", b"\x93", b"\xE2\x82", b"\xFF\xFE"] {
        let (document, at) = (store(40).into_bytes(), 6_000);
        let broken = [&document[..at], bytes, &document[at..]].concat();
        for piece in at - 4..at + 8 {
            difference(&schema, &broken, piece).map_err(|difference| format!("{bytes:x?} {piece}: {difference}"))?;
        }
    }
    Ok(())
}

#[test]
fn a_stream_has_a_limit_of_its_own() -> Result<()> {
    let document = store(300);
    let schema = store_schema()?.with_limits(Limits::new().document_bytes(30_000));
    assert!(document.len() > 41_000);
    let report = schema.check_in_pieces(document.as_bytes(), 5_000)?.report;
    assert_eq!(report.to_string(), "valid");
    assert!(schema.is_valid_in_pieces(document.as_bytes(), 5_000)?);
    let limited = schema.with_limits(Limits::new().stream_bytes(40_000));
    let report = limited.check_in_pieces(document.as_bytes(), 5_000)?.report;
    assert!(!limited.is_valid_in_pieces(document.as_bytes(), 5_000)?);
    assert_eq!(report.diagnostics[0].code.as_str(), "PC0601", "{report}");
    // A token that is longer than the limit for documents.
    let long = format!("<s:store xmlns:s='urn:store'><s:item code='1'><s:label>{}", "a".repeat(100_000));
    let report = schema.check_in_pieces(long.as_bytes(), 5_000)?.report;
    assert!(report.diagnostics.iter().any(|diagnostic| diagnostic.code.as_str() == "PC0601"), "{report}");
    Ok(())
}

/// A document of any size that is never in memory: a text repeated a number of times.
struct Repeated {
    before: &'static [u8],
    again: Vec<u8>,
    times: usize,
    after: &'static [u8],
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let part: &[u8] = if self.at < self.before.len() {
            &self.before[self.at..]
        } else {
            let at = self.at - self.before.len();
            match at / self.again.len() < self.times {
                true => &self.again[at % self.again.len()..],
                false => self.after.get(at - self.again.len() * self.times..).unwrap_or_default(),
            }
        };
        let count = part.len().min(buffer.len());
        buffer[..count].copy_from_slice(&part[..count]);
        self.at += count;
        Ok(count)
    }
}

#[test]
fn a_large_document_takes_little_memory() -> Result<()> {
    let schema = Schema::from_documents(&[(
        "log.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="log"><xs:complexType><xs:sequence>
             <xs:element name="entry" maxOccurs="unbounded"><xs:complexType><xs:sequence>
               <xs:element name="at" type="xs:dateTime"/><xs:element name="text" type="xs:string"/></xs:sequence>
               <xs:attribute name="level" type="xs:token"/></xs:complexType></xs:element>
           </xs:sequence></xs:complexType></xs:element></xs:schema>"#,
    )])?;
    let entry =
        "  <entry level=\"info\">\n    <at>2026-01-02T03:04:05Z</at>\n    <text>nothing new</text>\n  </entry>\n";
    let log = |entry: &str, size: usize| Repeated {
        before: b"<log>\n",
        again: entry.repeat(100).into_bytes(),
        times: size / (100 * entry.len()),
        after: b"</log>\n",
        at: 0,
    };
    let mut peaks = Vec::new();
    for size in [2 << 20, 8 << 20] {
        let mut verdicts = (None, None, 0);
        let memory = allocation_counter::measure(|| {
            verdicts.0 = schema.is_valid_reader(log(entry, size)).ok();
            verdicts.1 = schema
                .check_reader(log(&entry.replace("05Z", "5Z"), size))
                .ok()
                .map(|checked| checked.report.errors > 10_000);
            verdicts.2 =
                schema.records::<IgnoredAny>(log(entry, size), "/log/entry").filter(std::result::Result::is_ok).count();
        });
        assert_eq!((verdicts.0, verdicts.1), (Some(true), Some(true)));
        assert!(verdicts.2 > 15_000);
        peaks.push(memory.bytes_max);
    }
    // Four times as many bytes need hardly more memory.
    assert!(peaks.iter().all(|peak| *peak < 4 << 20), "{peaks:?}");
    Ok(())
}

#[test]
fn the_command_reads_large_documents_in_pieces() -> Result<()> {
    let folder = program::folder("pieces")?;
    let document = store(40_000);
    assert!(document.len() > 5 << 20);
    let broken = document.replace("<s:price>20000.50</s:price>", "<s:price>much</s:price>");
    fs::write(folder.join("store.xsd"), SCHEMA)?;
    fs::write(folder.join("store.xml"), &document)?;
    fs::write(folder.join("broken.xml"), &broken)?;
    let run = |arguments: &[&str], input: &str| program::run(&folder, arguments, input.as_bytes());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let output = run(&["check", "--schema", "store.xsd", "store.xml"], "")?;
    assert_eq!(
        (output.status.code(), text(&output.stdout).contains("ok store.xml (store.xsd)")),
        (Some(0), true),
        "{}",
        text(&output.stdout)
    );
    let output = run(&["check", "--schema", "store.xsd", "-"], &broken)?;
    let schema = Schema::from_documents(&[("store.xsd", SCHEMA)])?;
    let report = schema.explain(broken.as_bytes());
    let style = text::Style::new(false).width(None);
    let drawn = text::each("<stdin>", broken.as_bytes(), &report.diagnostics, style).concat();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains(drawn.trim_end()), "{}\n--- expected\n{drawn}", text(&output.stdout));
    let output = run(&["check", "--schema", "store.xsd", "--limit", "document_bytes=1000000", "store.xml"], "")?;
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    fs::remove_dir_all(folder)?;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn errors_are_the_same_wherever_the_document_is_cut(
        places in prop::collection::vec((0..1_000_000_usize, 0..WORDS.len(), 0..30_usize), 1..4),
        piece in prop::sample::select(vec![1, 1_000, 4_096, 6_001, 9_999]),
    ) {
        let schema = store_schema().map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut document = store(60);
        for (place, word, removed) in places {
            let mut at = place % document.len();
            while !document.is_char_boundary(at) {
                at += 1;
            }
            let mut end = (at + removed / 3).min(document.len());
            while !document.is_char_boundary(end) {
                end += 1;
            }
            document.replace_range(at..end, WORDS[word]);
        }
        prop_assert_eq!(difference(&schema, document.as_bytes(), piece), Ok(()));
    }

    #[test]
    fn packets_are_the_same_wherever_they_are_cut(
        places in prop::collection::vec((0..1_000_000_usize, 0..WORDS.len(), 0..30_usize), 0..3),
        piece in prop::sample::select(vec![1, 1_000, 4_096, 6_001, 9_999]),
    ) {
        let mut document = packet(150);
        for (place, word, removed) in places {
            let at = place % document.len();
            let end = (at + removed).min(document.len());
            document.replace_range(at..end, &WORDS[word].replace("s:", ""));
        }
        prop_assert_eq!(difference(plesk::response_schema(), document.as_bytes(), piece), Ok(()));
    }
}
