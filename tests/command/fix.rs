//! Documents are fixed if the remedy is certain, and otherwise left alone.

use packetcheck::diagnostic::Report;
use packetcheck::fix::{FixOptions, Fixed, apply, fix, fixes};
use packetcheck::{Limits, PacketKind, Schema, check, plesk, xml};

use crate::support::program;

const SHOP: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:shop" xmlns:l="urn:link"
    targetNamespace="urn:shop" elementFormDefault="qualified">
  <xs:import namespace="urn:link" schemaLocation="link.xsd"/>
  <xs:element name="shop"><xs:complexType><xs:sequence>
    <xs:element name="name" type="xs:string"/>
    <xs:element name="item" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="title" type="xs:string"/>
      <xs:element name="price" type="xs:decimal"/>
      <xs:element name="state" type="state"/>
      <xs:element name="note" type="xs:string" minOccurs="0" maxOccurs="2"/>
    </xs:sequence><xs:attribute name="number" type="xs:int"/><xs:attribute ref="l:href"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
  <xs:simpleType name="state"><xs:restriction base="xs:string">
    <xs:enumeration value="sold"/><xs:enumeration value="new"/>
  </xs:restriction></xs:simpleType>
</xs:schema>"#;

const LINK: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:link">
  <xs:attribute name="href" type="xs:anyURI"/>
</xs:schema>"#;

fn shop() -> Schema {
    Schema::from_documents(&[("shop.xsd", SHOP), ("link.xsd", LINK)]).expect("is right")
}

fn fixed_by(schema: &Schema, document: &str) -> Fixed {
    fix(document.as_bytes(), &FixOptions::new(), |document| schema.explain(document))
}

fn text(document: &[u8]) -> &str {
    std::str::from_utf8(document).expect("is UTF-8")
}

/// A valid document of the shop.
const VALID: &str = r#"<shop xmlns="urn:shop">
  <name>A</name>
  <item number="1">
    <title>one</title>
    <price>1.5</price>
    <state>sold</state>
    <note>a</note>
    <note>b</note>
  </item>
  <item>
    <title>two</title>
    <price>2</price>
    <state>new</state>
  </item>
</shop>
"#;

#[test]
fn each_mistake_is_fixed_to_what_was_there_before() {
    let schema = shop();
    assert!(schema.is_valid(VALID.as_bytes()));
    for (right, wrong, code, title) in [
        ("<title>one</title>", "<titel>one</titel>", "PC0204", "write `title`"),
        ("<title>one</title>", "<titel>one</title>", "PC0204", "write `title`"),
        ("<title>one</title>", "<title>one</titel>", "PC0122", "write `</title>`"),
        ("<title>one</title>", "<Title >one</Title >", "PC0204", "write `title`"),
        ("number=\"1\"", "nummber=\"1\"", "PC0302", "write `number`"),
        ("<state>sold</state>", "<state> sold\n</state>", "PC0402", "remove the white space around the value"),
        ("<price>2</price>", "<price>\u{a0}2</price>", "PC0401", "remove the white space around the value"),
        (" xmlns=\"urn:shop\"", "", "PC0201", "declare `xmlns=\"urn:shop\"`"),
        (
            "<price>2</price>\n    <state>new</state>",
            "<state>new</state>\n    <price>2</price>",
            "PC0206",
            "move `price` before `state`",
        ),
        (
            "<state>sold</state>\n    <note>a</note>\n    <note>b</note>",
            "<note>a</note>\n    <note>b</note>\n    <state>sold</state>",
            "PC0206",
            "move `state` before `note`",
        ),
        (
            "<title>one</title>\n    <price>1.5</price>\n    <state>sold</state>",
            "<state>sold</state>\n    <price>1.5</price>\n    <title>one</title>",
            "PC0206",
            "move `title`, `price` before `state`",
        ),
        ("<name>A</name>\n  <item number=\"1\">", "<item number=\"1\">", "", ""),
    ] {
        let document = VALID.replacen(right, wrong, 1);
        assert_ne!(document, VALID);
        let fixed = fixed_by(&schema, &document);
        let applied: Vec<(&str, &str)> = fixed.applied.iter().map(|fix| (fix.code.as_str(), &*fix.title)).collect();
        if code.is_empty() {
            assert_eq!((applied, text(&fixed.document)), (vec![], &*document), "{wrong}");
            assert!(!fixed.remaining.is_valid());
            continue;
        }
        let before = schema.explain(document.as_bytes());
        assert_eq!(applied, [(code, title)], "{wrong}: {before}");
        let right =
            VALID.replace("<title>one", if wrong.starts_with("<Title ") { "<title >one" } else { "<title>one" });
        let right =
            right.replacen("one</title>", if wrong.ends_with("</Title >") { "one</title >" } else { "one</title>" }, 1);
        assert_eq!(text(&fixed.document), right, "{wrong}");
        assert!(fixed.remaining.is_valid() && fixed.applied[0].is_safe);
        assert_eq!(fixed.applied[0].span, before.diagnostics[0].span);
    }
}

#[test]
fn all_mistakes_of_a_document_are_fixed_together() {
    let document = r#"<s:shop xmlns:x="y"><s:name>A & B ]]></s:name>
  <s:item l:href="a"><s:state>sold </s:state><s:price>1</s:price><s:titel>x</s:titel></s:item></s:shop>"#;
    let fixed = fixed_by(&shop(), document);
    let expected = r#"<s:shop xmlns:l="urn:link" xmlns:s="urn:shop" xmlns:x="y"><s:name>A &amp; B ]]&gt;</s:name>
  <s:item l:href="a"><s:title>x</s:title><s:price>1</s:price><s:state>sold</s:state></s:item></s:shop>"#;
    assert_eq!(
        text(&fixed.document)
            .replace(" xmlns:s=\"urn:shop\" xmlns:l=\"urn:link\"", " xmlns:l=\"urn:link\" xmlns:s=\"urn:shop\""),
        expected,
        "{:#?}",
        fixed.applied
    );
    assert!(fixed.remaining.is_valid(), "{}", fixed.remaining);
    // Places refer to the original document.
    for fix in &fixed.applied {
        assert!(document.get(fix.span.clone()).is_some());
    }
}

#[test]
fn uncertain_mistakes_are_left_alone() {
    let schema = shop();
    let unsafe_too = |document: &str| {
        fix(document.as_bytes(), &FixOptions::new().allow_unsafe(true), |document| schema.explain(document))
    };
    // The value that differs in case, the namespace of another version, a reference without its end.
    for (right, wrong) in [("<state>new</state>", "<state>New</state>"), ("xmlns=\"urn:shop\"", "xmlns=\"urn:shop:2\"")]
    {
        let document = VALID.replacen(right, wrong, 1);
        let fixed = fixed_by(&schema, &document);
        assert_eq!((text(&fixed.document), fixed.applied.len()), (&*document, 0), "{wrong}");
        let fixed = unsafe_too(&document);
        assert_eq!(text(&fixed.document), VALID, "{wrong}");
        assert!(!fixed.applied[0].is_safe);
    }
    // What looks like a typing error may be right in that version.
    let version = VALID.replacen("urn:shop", "urn:shop:2", 1).replacen("<title>one</title>", "<titel>one</titel>", 1);
    assert_eq!(text(&fixed_by(&schema, &version).document), version);
    assert_eq!(text(&unsafe_too(&version).document), VALID);
    let entity = VALID.replacen("<name>A", "<name>A &amp B", 1);
    assert_eq!(text(&fixed_by(&schema, &entity).document), entity);
    assert_eq!(text(&unsafe_too(&entity).document), VALID.replacen("<name>A", "<name>A &amp; B", 1));
    // No name is near, or two are.
    let near = Schema::from_documents(&[(
        "near.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:choice>
             <xs:element name="value1"/><xs:element name="value2"/></xs:choice></xs:complexType></xs:element></xs:schema>"#,
    )])
    .expect("is right");
    for document in ["<a><value3/></a>", "<a><other/></a>"] {
        let all = fix(document.as_bytes(), &FixOptions::new().allow_unsafe(true), |document| near.explain(document));
        assert_eq!(text(&all.document), document);
    }
    // The name is nearly right, but the content of the element is not.
    let worse = VALID.replacen("<price>2</price>", "<prise><x/></prise>", 1);
    let fixed = fixed_by(&schema, &worse);
    assert!(fixed.remaining.errors <= schema.explain(worse.as_bytes()).errors);
}

/// A typing error that may be something else is fixed only on request.
#[test]
fn guesses_are_not_safe() {
    let schema = |content: &str| {
        let text = format!(
            r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType>{content}
               </xs:complexType></xs:element></xs:schema>"#
        );
        Schema::from_documents(&[("a.xsd", &text)]).expect("is right")
    };
    let names = schema(
        r#"<xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="include"/><xs:element name="minPrice"/>
           <xs:element name="line1"/><xs:element name="email"/></xs:choice><xs:attribute name="line"/>"#,
    );
    let pairs = schema(
        r#"<xs:sequence maxOccurs="unbounded"><xs:element name="name"/><xs:element name="value"/></xs:sequence>"#,
    );
    for (schema, document) in [
        // Another word, and another number.
        (&names, "<a><exclude/></a>"),
        (&names, "<a><maxPrice/></a>"),
        (&names, "<a><line2/></a>"),
        // Only one of them can be meant.
        (&names, "<a><emails>1</emails><emai>2</emai></a>"),
        (&names, "<a Line='1' LINE='2'/>"),
        // It is unclear which value belongs to which name.
        (&pairs, "<a><name>a</name><name>b</name><value>1</value><value>2</value></a>"),
        (&pairs, "<a><value>1</value><name>a</name><value>2</value><name>b</name></a>"),
    ] {
        assert!(!schema.is_valid(document.as_bytes()), "{document}");
        assert_eq!(text(&fixed_by(schema, document).document), document);
    }
    // The same typing error twice counts once.
    let twice = fixed_by(&names, "<a><emial>1</emial><emial>2</emial></a>");
    assert_eq!(text(&twice.document), "<a><email>1</email><email>2</email></a>");
    let well_formed = |document: &[u8]| check::well_formed(document, &Limits::new());
    for document in ["<a>x</b>", "<line1>x</line2>"] {
        assert_eq!(text(&fix(document.as_bytes(), &FixOptions::new(), well_formed).document), document);
    }
}

#[test]
fn encodings_stay_and_labels_are_corrected() {
    let schema = shop();
    let wrong = VALID.replacen("titel", "title", 1).replacen("<title>one</title>", "<titel>é</titel>", 1);
    let right = VALID.replacen(">one<", ">é<", 1);
    let declared = |label: &str, text: &str| format!("<?xml version=\"1.0\" encoding=\"{label}\"?>\n{text}");
    let latin =
        |text: &str| -> Vec<u8> { text.chars().map(|character| u8::try_from(character).expect("is Latin")).collect() };
    let utf_16 =
        |text: &str| -> Vec<u8> { format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect() };
    for (wrong, right) in [
        (latin(&declared("ISO-8859-1", &wrong)), latin(&declared("ISO-8859-1", &right))),
        (utf_16(&declared("UTF-16", &wrong)), utf_16(&declared("UTF-16", &right))),
        (utf_16(&declared("ISO-8859-1", &wrong)), utf_16(&declared("UTF-16", &right))),
        (declared("US-ASCII", &right).into_bytes(), declared("UTF-8", &right).into_bytes()),
        (declared("UTF-16", &wrong).into_bytes(), declared("UTF-8", &right).into_bytes()),
        (
            declared("Shift_JIS", &right.replace('é', "é ö ﬀ")).into_bytes(),
            declared("UTF-8", &right.replace('é', "é ö ﬀ")).into_bytes(),
        ),
        (declared("utf8", &right).replace("utf8", "utf_8 ").into_bytes(), declared("utf_8 ", &right).into_bytes()),
    ] {
        let report = schema.explain(&wrong);
        let fixed = fix(&wrong, &FixOptions::new(), |document| schema.explain(document));
        assert_eq!(String::from_utf8_lossy(&fixed.document), String::from_utf8_lossy(&right), "{report}");
    }
    // Text that moves is written in the encoding of the document.
    let wrong =
        VALID.replacen("<title>two</title>\n    <price>2</price>", "<price>2</price>\n    <title>zwölf</title>", 1);
    let right = VALID.replacen("two", "zwölf", 1);
    let fixed = fix(&latin(&declared("ISO-8859-1", &wrong)), &FixOptions::new(), |document| schema.explain(document));
    assert_eq!(fixed.document, latin(&declared("ISO-8859-1", &right)));
    assert!(xml::decode(&fixed.document, &Limits::new()).is_ok());
}

#[test]
fn malformed_documents_are_fixed_without_a_schema() {
    let well_formed = |document: &[u8]| check::well_formed(document, &Limits::new());
    for (document, expected) in [
        (
            "<a>R&D ]]> & <b xsi:nil='1'>x</B></a>",
            Some(
                "<a xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">R&amp;D ]]&gt; &amp; <b xsi:nil='1'>x</b></a>",
            ),
        ),
        ("<a b='x & y'/>", Some("<a b='x &amp; y'/>")),
        ("<a>&#60</a>", None),
        ("<a>&unknown;</a>", None),
        ("<a><b></a>", None),
    ] {
        let fixed = fix(document.as_bytes(), &FixOptions::new(), well_formed);
        assert_eq!(text(&fixed.document), expected.unwrap_or(document));
        assert_eq!(fixed.remaining.is_valid(), expected.is_some());
    }
}

#[test]
fn members_of_json_get_their_case_back() {
    let explain = |document: &[u8]| PacketKind::SmsTask.explain(document);
    let document = br#"{"id": "1", "Name": "x", "state": "RUNNING ", "priority": "1", "migrate_speed": "1.5"}"#;
    let fixed = fix(document, &FixOptions::new(), explain);
    assert_eq!(
        text(&fixed.document),
        r#"{"id": "1", "name": "x", "state": "RUNNING", "priority": "1", "migrate_speed": "1.5"}"#,
        "{}",
        explain(document)
    );
    let fixed = fix(document, &FixOptions::new().allow_unsafe(true), explain);
    assert!(fixed.remaining.is_valid(), "{}", fixed.remaining);
}

/// Of two unknown members that are equally near to a missing one, neither is renamed, not even on demand.
#[test]
fn a_member_with_two_candidates_is_not_guessed() {
    let explain = |document: &[u8]| PacketKind::SmsProgress.explain(document);
    let document = |others: &str| {
        format!(
            r#"{{"subtask_name":"SSL_CONFIG","progress":1,"replicatesize":1,{others},"process_trace":"","migrate_speed":1,"compress_rate":1}}"#
        )
    };
    let options = FixOptions::new().allow_unsafe(true);
    for (others, expected) in [
        (r#""totalsizeas":1"#, r#""totalsize":1"#),
        (r#""totalsizeas":1,"totalsizebs":1"#, r#""totalsizeas":1,"totalsizebs":1"#),
    ] {
        let report = explain(document(others).as_bytes());
        assert_eq!(report.errors, 1, "{report}");
        let fixed = fix(document(others).as_bytes(), &options, explain);
        assert_eq!(text(&fixed.document), document(expected), "{report}");
    }
}

#[test]
fn valid_documents_and_other_files_stay() {
    let schema = plesk::request_schema();
    let nothing = |document: &[u8], explain: &dyn Fn(&[u8]) -> Report| {
        let fixed = fix(document, &FixOptions::new().allow_unsafe(true), explain);
        assert_eq!(fixed.document, document);
        assert!(fixed.applied.is_empty() && fixes(document, &explain(document), explain).is_empty());
    };
    for document in
        [&b"<packet><migration><check/></migration></packet>"[..], b"", b"\xff\xfe", b"<", b"{}", b"\0&", b"&"]
    {
        nothing(document, &|document| schema.explain(document));
        nothing(document, &|document| PacketKind::SmsTask.explain(document));
        nothing(document, &|document| check::well_formed(document, &Limits::new()));
    }
}

#[test]
fn fixes_can_be_applied_alone() {
    let schema = shop();
    let document = VALID.replacen("<name>A</name>", "<nam>A & B</nam>", 1).replacen(">sold<", "> sold<", 1);
    let report = schema.explain(document.as_bytes());
    let found = fixes(document.as_bytes(), &report, |document| schema.explain(document));
    assert_eq!((found.len(), report.errors), (3, 3), "{report}");
    for fix in &found {
        let result = apply(document.as_bytes(), std::slice::from_ref(fix));
        assert_eq!(schema.explain(&result).errors, 2, "{fix:?}");
    }
    assert!(schema.is_valid(&apply(document.as_bytes(), &found)));
    // A fix that is given twice is applied once.
    let twice: Vec<_> = found.iter().chain(&found).cloned().collect();
    assert!(schema.is_valid(&apply(document.as_bytes(), &twice)));
}

/// What a document of `CASES` is checked against.
#[derive(Clone, Copy)]
enum By {
    Shop,
    Xml,
    Order,
    Names,
    Task,
    Progress,
}

fn explain_by(by: By, document: &[u8]) -> Report {
    const ORDER: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:o" targetNamespace="urn:o"
        elementFormDefault="qualified"><xs:element name="o"><xs:complexType><xs:sequence>
          <xs:element name="a" minOccurs="0" fixed="x y" type="xs:string"/></xs:sequence>
          <xs:attribute name="f" fixed="1" type="xs:string"/><xs:attribute name="yes" type="xs:boolean"/>
        </xs:complexType></xs:element></xs:schema>"#;
    const NAMES: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:n" targetNamespace="urn:n"
        elementFormDefault="qualified"><xs:element name="names"><xs:complexType><xs:sequence>
          <xs:element name="name" minOccurs="0" type="xs:QName"/></xs:sequence></xs:complexType></xs:element></xs:schema>"#;
    match by {
        By::Shop => shop().explain(document),
        By::Xml => check::well_formed(document, &Limits::new()),
        By::Order => Schema::from_documents(&[("order.xsd", ORDER)]).expect("is right").explain(document),
        By::Names => Schema::from_documents(&[("names.xsd", NAMES)]).expect("is right").explain(document),
        By::Task => PacketKind::SmsTask.explain(document),
        By::Progress => PacketKind::SmsProgress.explain(document),
    }
}

/// The rows of `docs/fixes.md`: code, whether the fix is safe, and a document before and after.
const CASES: &[(&str, bool, By, &str, &str)] = &[
    (
        "PC0104",
        true,
        By::Xml,
        "<?xml version='1.0' encoding='UTF-16'?><a/>",
        "<?xml version='1.0' encoding='UTF-8'?><a/>",
    ),
    (
        "PC0106",
        true,
        By::Xml,
        "<?xml version='1.0' encoding='ISO_8859-1:1987'?><a/>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
    ),
    ("PC0109", true, By::Xml, "<a>b & c</a>", "<a>b &amp; c</a>"),
    ("PC0109", false, By::Xml, "<a>b &lt c</a>", "<a>b &lt; c</a>"),
    ("PC0109", false, By::Xml, "<a>b &nbsp c</a>", "<a>b &amp;nbsp c</a>"),
    ("PC0109", false, By::Xml, "<a>b & amp; c</a>", "<a>b &amp; amp; c</a>"),
    ("PC0112", true, By::Xml, "<a>]]></a>", "<a>]]&gt;</a>"),
    ("PC0119", true, By::Order, "<o:o/>", "<o:o xmlns:o=\"urn:o\"/>"),
    ("PC0122", true, By::Xml, "<name>x</nmae>", "<name>x</name>"),
    ("PC0201", true, By::Order, "<o/>", "<o xmlns=\"urn:o\"/>"),
    ("PC0201", false, By::Order, "<o xmlns='urn:p'/>", "<o xmlns='urn:o'/>"),
    ("PC0201", false, By::Names, "<names><name>x</name></names>", "<names xmlns=\"urn:n\"><name>x</name></names>"),
    ("PC0201", true, By::Names, "<n:nmaes xmlns:n='urn:n'/>", "<n:names xmlns:n='urn:n'/>"),
    ("PC0202", true, By::Order, "<o:o xmlns:o='urn:o'><a>x y</a></o:o>", "<o:o xmlns:o='urn:o'><o:a>x y</o:a></o:o>"),
    (
        "PC0202",
        true,
        By::Shop,
        "<s:shop xmlns:s='urn:shop'><name/><item><title/><price>1</price><state>new</state></item></s:shop>",
        "<s:shop xmlns=\"urn:shop\" xmlns:s='urn:shop'><name/><item><title/><price>1</price><state>new</state></item></s:shop>",
    ),
    (
        "PC0204",
        true,
        By::Shop,
        "<shop xmlns='urn:shop'><nmae/><item><title/><price>1</price><state>new</state></item></shop>",
        "<shop xmlns='urn:shop'><name/><item><title/><price>1</price><state>new</state></item></shop>",
    ),
    (
        "PC0206",
        true,
        By::Shop,
        "<shop xmlns='urn:shop'><item><title/><price>1</price><state>new</state></item>\n<!--n-->\n<name/></shop>",
        "<shop xmlns='urn:shop'>\n<!--n-->\n<name/><item><title/><price>1</price><state>new</state></item></shop>",
    ),
    (
        "PC0206",
        false,
        By::Shop,
        "<shop xmlns='urn:shop'><item><title/><price>1</price><state>new</state></item><!--i--><name/></shop>",
        "<shop xmlns='urn:shop'><name/><item><title/><price>1</price><state>new</state></item><!--i--></shop>",
    ),
    (
        "PC0302",
        true,
        By::Shop,
        "<shop xmlns='urn:shop'><name/><item Number='1'><title/><price>1</price><state>new</state></item></shop>",
        "<shop xmlns='urn:shop'><name/><item number='1'><title/><price>1</price><state>new</state></item></shop>",
    ),
    (
        "PC0401",
        true,
        By::Shop,
        "<shop xmlns='urn:shop'><name/><item number='1\u{a0}'><title/><price>1</price><state>new</state></item></shop>",
        "<shop xmlns='urn:shop'><name/><item number='1'><title/><price>1</price><state>new</state></item></shop>",
    ),
    ("PC0401", false, By::Order, "<o xmlns='urn:o' yes='Yes'/>", "<o xmlns='urn:o' yes='true'/>"),
    (
        "PC0402",
        true,
        By::Shop,
        "<shop xmlns='urn:shop'><name/><item><title/><price>1</price><state>\nnew </state></item></shop>",
        "<shop xmlns='urn:shop'><name/><item><title/><price>1</price><state>new</state></item></shop>",
    ),
    (
        "PC0402",
        false,
        By::Shop,
        "<shop xmlns='urn:shop'><name/><item><title/><price>1</price><state>NEW</state></item></shop>",
        "<shop xmlns='urn:shop'><name/><item><title/><price>1</price><state>new</state></item></shop>",
    ),
    (
        "PC0402",
        true,
        By::Shop,
        "<shop xmlns='urn:shop'><name/><item><title/><price>1</price><state><![CDATA[ new ]]>&#32;</state></item></shop>",
        "<shop xmlns='urn:shop'><name/><item><title/><price>1</price><state><![CDATA[new]]></state></item></shop>",
    ),
    ("PC0408", true, By::Order, "<o xmlns='urn:o'><a> x y</a></o>", "<o xmlns='urn:o'><a>x y</a></o>"),
    ("PC0303", true, By::Order, "<o xmlns='urn:o' f='1 '/>", "<o xmlns='urn:o' f='1'/>"),
    ("PC0303", true, By::Order, "<o xmlns='urn:o' f='&#x20;1&#9;'/>", "<o xmlns='urn:o' f='1'/>"),
    (
        "PC0711",
        true,
        By::Progress,
        r#"{"Subtask_name": "MIGRATE_LINUX_FILE", "progress": 1, "replicatesize": 1, "totalsize": 1, "process_trace": ""}"#,
        r#"{"subtask_name": "MIGRATE_LINUX_FILE", "progress": 1, "replicatesize": 1, "totalsize": 1, "process_trace": ""}"#,
    ),
    ("PC0712", false, By::Task, r#"{"id": "1", "priority": "1"}"#, r#"{"id": "1", "priority": 1}"#),
    ("PC0715", true, By::Task, r#"{"type": "MIGRATE_FILE "}"#, r#"{"type": "MIGRATE_FILE"}"#),
    ("PC0715", false, By::Task, r#"{"type": "migrate_file"}"#, r#"{"type": "MIGRATE_FILE"}"#),
    ("PC0717", true, By::Task, r#"{"state": " RUNNING"}"#, r#"{"state": "RUNNING"}"#),
    ("PC0717", true, By::Task, r#"{"state": "RUNNING\n\u00a0"}"#, r#"{"state": "RUNNING"}"#),
    ("PC0717", false, By::Task, r#"{"state": "RUNING"}"#, r#"{"state": "RUNNING"}"#),
    ("PC0718", true, By::Task, r#"{"id": "1", "Sub_Tasks": []}"#, r#"{"id": "1", "sub_tasks": []}"#),
    ("PC0718", false, By::Task, r#"{"id": "1", "sub_task": []}"#, r#"{"id": "1", "sub_tasks": []}"#),
];

#[test]
fn the_page_of_fixes_says_what_is_fixed() {
    for (code, is_safe, by, before, after) in CASES {
        let result = |allow_unsafe| {
            let options = FixOptions::new().allow_unsafe(allow_unsafe);
            fix(before.as_bytes(), &options, |document| explain_by(*by, document))
        };
        let fixed = result(!is_safe);
        let said: Vec<_> = fixed.applied.iter().map(|fix| (fix.code.as_str(), fix.is_safe)).collect();
        let report = explain_by(*by, before.as_bytes());
        assert_eq!((text(&fixed.document), said), (*after, vec![(*code, *is_safe)]), "{before}: {report}");
        if !is_safe {
            assert_eq!(text(&result(false).document), *before);
        }
    }
    let page = include_str!("../../docs/fixes.md");
    for line in page.lines().filter(|line| line.starts_with("| [")) {
        let (place, _) = line.rsplit_once(" | ").expect("is a row");
        for code in place.split('[').skip(1).filter_map(|rest| rest.get(..6)).filter(|code| code.starts_with("PC")) {
            for (word, is_safe) in [(" safe", true), ("unsafe", false)] {
                let is_wanted = line.contains(&format!("{word} |")) || line.contains(" safe, or");
                let is_shown = CASES.iter().any(|case| case.0 == code && case.1 == is_safe);
                // Which names are near is tested elsewhere.
                assert!(is_shown || !is_wanted || line.contains("safe, or"), "{code} {word} has no case");
            }
        }
    }
    for (code, ..) in CASES {
        assert!(page.contains(&format!("[{code}](codes/{code}.md)")), "{code} is not on the page");
    }
}

#[test]
fn comments_move_with_what_they_are_about() {
    let wrong = r#"<shop xmlns="urn:shop">
  <name>A</name> <!-- the name -->
  <item>
    <title>one</title> <!-- the title -->
    <state>sold</state> <!-- the state -->
    <!-- the price -->
    <price>1.5</price> <!-- in euros -->
  </item>
</shop>
"#;
    let right = r#"<shop xmlns="urn:shop">
  <name>A</name> <!-- the name -->
  <item>
    <title>one</title> <!-- the title -->
    <!-- the price -->
    <price>1.5</price> <!-- in euros -->
    <state>sold</state> <!-- the state -->
  </item>
</shop>
"#;
    assert_eq!(text(&fixed_by(&shop(), wrong).document), right);
}

/// A fix is rejected if another diagnostic remains at its place.
#[test]
fn no_error_is_traded_for_a_warning() {
    let schema = Schema::from_documents(&[(
        "n.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:sch="http://purl.oclc.org/dsdl/schematron">
             <xs:annotation><xs:appinfo><rules xmlns="urn:packetcheck"/></xs:appinfo></xs:annotation>
             <xs:element name="a"><xs:complexType><xs:annotation><xs:appinfo>
               <sch:pattern><sch:rule context="a">
                 <sch:report test="n = 'true'" role="warning" subject="n">sources differ</sch:report></sch:rule></sch:pattern>
             </xs:appinfo></xs:annotation>
             <xs:sequence><xs:element name="n" type="xs:boolean"/></xs:sequence></xs:complexType></xs:element></xs:schema>"#,
    )])
    .expect("is right");
    let explain = |document: &[u8]| schema.explain(document);
    let unsafe_too = FixOptions::new().allow_unsafe(true);
    let traded = fix(b"<a><n>Yes</n></a>", &unsafe_too, explain);
    assert_eq!((text(&traded.document), explain(b"<a><n>true</n></a>").warnings), ("<a><n>Yes</n></a>", 1));
    assert_eq!(text(&fix(b"<a><n>No</n></a>", &unsafe_too, explain).document), "<a><n>false</n></a>");
}

/// Many errors, some of which are not what they seem to be.
#[test]
fn thousands_of_errors_are_fixed_at_once() {
    let schema = shop().with_limits(Limits::new().diagnostics(1 << 16));
    let item = |title: &str, price: &str| format!("<item><{title}/><{price}</item>\n");
    let right = item("title", "price>1</price><state>new</state>");
    let wrong = item("titel", "price>1</price><state>new</state>");
    // The name is nearly right, but the content of the element is not.
    let other = item("title", "prise><x/></prise><state>new</state>");
    let document = |items: &str| format!("<shop xmlns='urn:shop'><name/>{items}</shop>");
    let looks = std::cell::Cell::new(0);
    let explain = |document: &[u8]| {
        looks.set(looks.get() + 1);
        schema.explain(document)
    };
    let items = |wrong: &str| format!("{}{other}{}{other}", wrong.repeat(700), wrong.repeat(500));
    let fixed = fix(document(&items(&wrong)).as_bytes(), &FixOptions::new(), explain);
    assert_eq!(text(&fixed.document), document(&items(&right)));
    assert!(fixed.is_complete && fixed.applied.len() == 1200);
    assert!(looks.get() <= 20, "{} looks", looks.get());
    // As many as are reported.
    let schema = shop();
    let few = fix(document(&wrong.repeat(1200)).as_bytes(), &FixOptions::new(), |document| schema.explain(document));
    assert_eq!((few.is_complete, few.applied.len(), few.remaining.errors), (false, 800, 400));
}

#[test]
fn a_name_with_another_one_near_it_is_not_certain() {
    let schema = Schema::from_documents(&[(
        "currency.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence>
             <xs:element name="currency1"/><xs:element name="currency2"/></xs:sequence></xs:complexType></xs:element></xs:schema>"#,
    )])
    .expect("is right");
    let result = |allow_unsafe| {
        let options = FixOptions::new().allow_unsafe(allow_unsafe);
        fix(b"<a><currency1/><curreency2/></a>", &options, |document| schema.explain(document))
    };
    assert!(result(false).applied.is_empty());
    assert_eq!(text(&result(true).document), "<a><currency1/><currency2/></a>");
}

mod command {
    use std::error::Error;
    use std::fs;
    use std::io::Write;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Output, Stdio};

    use super::program;

    type Result<T> = std::result::Result<T, Box<dyn Error>>;

    const WRONG: &str = "<packet>\n  <migration><chekc/></migration>\n</packet>\n";
    const RIGHT: &str = "<packet>\n  <migration><check/></migration>\n</packet>\n";

    /// An empty folder.
    fn folder(name: &str) -> Result<PathBuf> {
        program::folder(&format!("fix-{name}"))
    }

    /// The standard output, the standard error and the exit status of `check --fix`.
    fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<(Vec<u8>, String, Option<i32>)> {
        let arguments = [&["check", "--fix"], arguments].concat();
        let Output { status, stdout, stderr } = program::run(folder, &arguments, input)?;
        Ok((stdout, String::from_utf8(stderr)?, status.code()))
    }

    fn text(bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    #[test]
    fn files_are_fixed_and_the_remaining_errors_are_shown() -> Result<()> {
        let folder = folder("files")?;
        fs::create_dir(folder.join("in"))?;
        let left = WRONG.replace("<chekc/>", "<chekc/><other/>");
        for (name, text) in [("a.xml", WRONG), ("in/b.xml", RIGHT), ("c.xml", &left)] {
            fs::write(folder.join(name), text)?;
        }
        let before = fs::metadata(folder.join("in/b.xml"))?.modified()?;
        let (stdout, stderr, status) = run(&folder, &["."], b"")?;
        let stdout = text(&stdout);
        assert_eq!((stderr.as_str(), status), ("", Some(1)));
        assert!(stdout.starts_with(
            "fixed ./a.xml:2:14: PC0204 write `check`\nfixed ./c.xml:2:14: PC0204 write `check`\n\nerror[PC0202]"
        ));
        assert!(stdout.contains("\n3 files: 2 valid, 1 invalid; 2 fixes; "), "{stdout}");
        assert_eq!(fs::read_to_string(folder.join("a.xml"))?, RIGHT);
        assert_eq!(fs::read_to_string(folder.join("c.xml"))?, left.replace("chekc", "check"));
        assert_eq!(fs::metadata(folder.join("in/b.xml"))?.modified()?, before);
        assert_eq!(fs::read_dir(&folder)?.count(), 3, "nothing is left behind");
        let (stdout, _, status) = run(&folder, &["a.xml"], b"")?;
        assert_eq!((text(&stdout).starts_with("ok a.xml"), status), (true, Some(0)));
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn a_patch_applies_and_nothing_is_written() -> Result<()> {
        let folder = folder("patch")?;
        fs::write(folder.join("a.xml"), WRONG)?;
        let (stdout, stderr, status) = run(&folder, &["--diff", "a.xml"], b"")?;
        let patch = "--- a.xml\n+++ a.xml\n@@ -1,3 +1,3 @@\n <packet>\n-  <migration><chekc/></migration>\n\
                     +  <migration><check/></migration>\n </packet>\n";
        assert_eq!((text(&stdout).as_str(), status), (patch, Some(1)));
        assert!(
            stderr.starts_with("would fix a.xml:2:14: PC0204 write `check`\n1 file: 1 invalid; 1 fix; "),
            "{stderr}"
        );
        assert_eq!(fs::read_to_string(folder.join("a.xml"))?, WRONG);
        // Without `patch`, only the hunks above can be checked.
        if let Ok(mut child) =
            Command::new("patch").args(["-p0"]).current_dir(&folder).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()
        {
            child.stdin.take().ok_or("no input")?.write_all(&stdout)?;
            assert!(child.wait()?.success());
            assert_eq!(fs::read_to_string(folder.join("a.xml"))?, RIGHT);
        }
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn a_document_from_standard_input_goes_to_standard_output() -> Result<()> {
        let folder = folder("stdin")?;
        let (stdout, stderr, status) = run(&folder, &["-"], WRONG.as_bytes())?;
        assert_eq!((text(&stdout).as_str(), status), (RIGHT, Some(0)));
        assert!(stderr.starts_with("fixed <stdin>:2:14: PC0204 write `check`\nok <stdin>"), "{stderr}");
        // A valid document, one that cannot be fixed, and one in another encoding.
        let utf_16 =
            |text: &str| -> Vec<u8> { format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect() };
        for (input, output, code) in [
            (RIGHT.as_bytes().to_vec(), RIGHT.as_bytes().to_vec(), 0),
            (b"<packet><other/></packet>".to_vec(), b"<packet><other/></packet>".to_vec(), 1),
            (utf_16(WRONG), utf_16(RIGHT), 0),
        ] {
            let (stdout, _, status) = run(&folder, &["-"], &input)?;
            assert_eq!((stdout, status), (output, Some(code)));
        }
        let (stdout, _, _) = run(&folder, &["--format", "json=r.json", "-"], WRONG.as_bytes())?;
        assert_eq!(text(&stdout), RIGHT);
        let report: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("r.json"))?)?;
        assert_eq!(report["results"][0]["fixes"][0]["code"], "PC0204");
        assert_eq!((&report["results"][0]["fixes"][0]["line"], &report["summary"]["fixed"]), (&2.into(), &1.into()));
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn nothing_is_fixed_in_archives_and_captures() -> Result<()> {
        let folder = folder("packed")?;
        let mut archive = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(WRONG.len() as u64);
        header.set_cksum();
        archive.append_data(&mut header, "a.xml", WRONG.as_bytes())?;
        let archive = archive.into_inner()?;
        fs::write(folder.join("a.tar"), &archive)?;
        let (stdout, stderr, status) = run(&folder, &["a.tar"], b"")?;
        assert_eq!(
            (stderr.as_str(), status),
            ("packetcheck: a.tar!a.xml: 1 fix not applied: it is in an archive\n", Some(1))
        );
        assert!(text(&stdout).contains("error[PC0204]"));
        assert_eq!(fs::read(folder.join("a.tar"))?, archive);
        let capture =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{WRONG}", WRONG.len());
        fs::write(folder.join("a.http"), &capture)?;
        let (_, stderr, status) = run(&folder, &["a.http"], b"")?;
        assert_eq!((stderr.as_str(), status), ("packetcheck: a.http: nothing is fixed in an HTTP capture\n", Some(1)));
        assert_eq!(fs::read_to_string(folder.join("a.http"))?, capture);
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_stay() -> Result<()> {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = folder("links")?;
        let (file, link) = (folder.join("a.xml"), folder.join("link.xml"));
        fs::write(&file, WRONG)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666))?;
        symlink("a.xml", &link)?;
        assert_eq!(run(&folder, &["link.xml"], b"")?.2, Some(0));
        assert!(fs::symlink_metadata(&link)?.is_symlink());
        assert_eq!(fs::read_to_string(&file)?, RIGHT);
        assert_eq!(fs::metadata(&file)?.permissions().mode() & 0o777, 0o666);
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn all_errors_of_a_large_document_are_fixed() -> Result<()> {
        let folder = folder("many")?;
        let packet = |check: &str| format!("<packet><migration>{}</migration></packet>", check.repeat(1500));
        fs::write(folder.join("a.xml"), packet("<chekc/>\n"))?;
        let (stdout, stderr, _) = run(&folder, &["a.xml"], b"")?;
        assert_eq!(stderr, "");
        assert_eq!(fs::read_to_string(folder.join("a.xml"))?, packet("<check/>\n"), "{}", text(&stdout));
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[cfg(unix)]
    #[test]
    fn a_read_only_file_is_left_alone_even_by_root() -> Result<()> {
        use std::os::unix::fs::PermissionsExt;

        let folder = folder("read-only")?;
        fs::write(folder.join("a.xml"), WRONG)?;
        fs::set_permissions(folder.join("a.xml"), fs::Permissions::from_mode(0o444))?;
        let (_, stderr, status) = run(&folder, &["a.xml"], b"")?;
        assert_eq!(
            (stderr.as_str(), status),
            ("packetcheck: a.xml: cannot be written: the file is read-only\n", Some(2))
        );
        assert_eq!(fs::read_to_string(folder.join("a.xml"))?, WRONG);
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn known_errors_are_fixed_too() -> Result<()> {
        let folder = folder("baseline")?;
        fs::write(folder.join("a.xml"), WRONG)?;
        assert!(
            program::run(&folder, &["check", "--write-baseline", "known.txt", "a.xml"], b"")?.status.code().is_some()
        );
        let (_, _, status) = run(&folder, &["--baseline", "known.txt", "a.xml"], b"")?;
        assert_eq!((fs::read_to_string(folder.join("a.xml"))?.as_str(), status), (RIGHT, Some(0)));
        Ok(fs::remove_dir_all(&folder)?)
    }

    #[test]
    fn codes_that_are_off_are_left_alone() -> Result<()> {
        let folder = folder("levels")?;
        fs::write(folder.join("a.xml"), WRONG)?;
        fs::write(folder.join("packetcheck.toml"), "[severity]\nPC0204 = \"off\"\n")?;
        let (_, stderr, status) = run(&folder, &["a.xml"], b"")?;
        assert_eq!((stderr.as_str(), status), ("", Some(0)));
        assert_eq!(fs::read_to_string(folder.join("a.xml"))?, WRONG);
        Ok(fs::remove_dir_all(&folder)?)
    }
}
