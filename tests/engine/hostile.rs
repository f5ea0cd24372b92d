//! Documents that require much work: each is accepted or reaches a limit by name. Timing is left to `benches/`; a cost
//! that is quadratic in these sizes would take too long for any test.

use std::hint::black_box;

use allocation_counter::measure;
use packetcheck::diagnostic::Report;
use packetcheck::plesk::{Response, response_schema};
use packetcheck::{PacketKind, Schema};

use crate::support::inputs::{self, Layout};
use crate::support::parallel;

/// The report on a document that `is_valid` must refuse too.
fn refused(document: &str) -> Report {
    assert!(!response_schema().is_valid(document.as_bytes()));
    assert!(Response::decode(document.as_bytes()).is_err());
    let report = response_schema().explain(document.as_bytes());
    assert!(!report.is_valid());
    report
}

/// The codes of the errors, as text.
fn codes(report: &Report) -> Vec<String> {
    report.diagnostics.iter().map(|found| found.code.to_string()).collect()
}

/// Asserts that a document's one error is an exceeded limit.
fn over_a_limit(document: &str) {
    let report = refused(document);
    let codes = codes(&report);
    assert!(codes.iter().any(|code| code.starts_with("PC06")), "{codes:?}");
}

#[test]
fn a_hundred_thousand_attributes_meet_a_limit() {
    let attributes: String = (0..100_000).map(|number| format!(" a{number}=\"\"")).collect();
    over_a_limit(&format!("<packet{attributes}><system><status>ok</status></system></packet>"));
}

#[test]
fn a_million_levels_meet_a_limit() {
    const LEVELS: usize = 1_000_000;
    over_a_limit(&format!("{}{}", "<packet>".repeat(LEVELS), "</packet>".repeat(LEVELS)));
    over_a_limit(&"<packet>".repeat(LEVELS));
}

#[test]
fn a_name_of_five_megabytes_meets_a_limit() {
    let name = "n".repeat(5_000_000);
    over_a_limit(&format!("<{name}/>"));
    over_a_limit(&format!("<packet><{name}></{name}></packet>"));
    over_a_limit(&format!("<packet {name}=''/>"));
}

#[test]
fn the_name_of_a_namespace_of_a_megabyte_meets_a_limit() {
    let namespace = "n".repeat(1 << 20);
    over_a_limit(&format!("<packet xmlns='{namespace}'>{}</packet>", "<b/>".repeat(100_000)));
    over_a_limit(&format!("<packet xmlns:p='{namespace}'>{}</packet>", "<p:b/>".repeat(100_000)));
    over_a_limit(&format!("<packet xmlns='<{namespace}'/>"));
}

#[test]
fn fifty_thousand_faults_are_counted_and_a_hundred_kept() {
    let node = "<get_status><result><status>error</status><errcode>x</errcode><errtext/></result></get_status>";
    let report = refused(&format!("<packet><migration>{}</migration></packet>", node.repeat(50_000)));
    assert_eq!(report.errors, 50_000);
    assert_eq!(report.diagnostics.len(), 100);
}

#[test]
fn a_text_of_a_megabyte_passes() {
    let text = "text &amp; ]] &#8217; \u{e4}\r\n".repeat(50_000);
    let document = format!(
        "<packet><system><status>error</status><errcode>1</errcode><errtext>{text}</errtext></system></packet>"
    );
    assert!(response_schema().is_valid(document.as_bytes()));
    assert!(response_schema().explain(document.as_bytes()).diagnostics.is_empty());
    assert!(Response::decode(document.as_bytes()).is_ok());
}

#[test]
fn a_number_of_a_million_digits_passes() {
    let document = String::from_utf8(inputs::responses(1, Layout::Minified).remove(0)).expect("UTF-8");
    let body = format!(
        "<migration_status><total>{}</total><completed>1</completed></migration_status>",
        "9".repeat(1_000_000)
    );
    let result = format!("<result><status>ok</status>{body}</result>");
    let start = document.find("<result>").expect("a result");
    let end = document.find("</result>").expect("a result") + "</result>".len();
    let document = format!("{}{result}{}", &document[..start], &document[end..]);
    assert!(response_schema().is_valid(document.as_bytes()));
    assert!(response_schema().explain(document.as_bytes()).is_valid());
    let response = Response::decode(document.as_bytes()).expect("a number has no bound");
    let written = response.encode().expect("what was read can be written");
    let again = Response::decode(&written).expect("what we write decodes");
    assert_eq!(again.into_owned(), response.into_owned());
}

#[test]
fn fifty_thousand_comments_and_references_pass() {
    let packet = |between: &str, text: &str| {
        format!(
            "<packet>{between}<system><status>error</status><errcode>1</errcode><errtext>{text}</errtext></system></packet>"
        )
    };
    for document in [
        packet(&"<!---->".repeat(50_000), ""),
        packet(&"<?p?>".repeat(50_000), ""),
        packet("", &"&#65;".repeat(50_000)),
        packet("", &"<![CDATA[]]>".repeat(50_000)),
    ] {
        assert!(response_schema().is_valid(document.as_bytes()));
        assert!(response_schema().explain(document.as_bytes()).is_valid());
        assert!(Response::decode(document.as_bytes()).is_ok());
    }
}

#[test]
fn ten_thousand_stray_brackets_end() {
    for piece in ["<", ">", "</", "<!--", "<![CDATA[", "<?", "&", "\"", "]]>", "<a ", "<a>", "</a>", "<a b="] {
        refused(&piece.repeat(10_000));
        refused(&format!("<packet>{}", piece.repeat(10_000)));
        refused(&format!("<packet a=\"{}", piece.repeat(10_000)));
    }
}

/// Elements of many kinds, any number of which a document can have.
const MANY: &str = r#"<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema">
  <s:element name="r">
    <s:complexType>
      <s:sequence>
        <s:choice maxOccurs="unbounded">
          <s:element name="a"/><s:element name="b"/><s:element name="c"/><s:element name="d"/><s:element name="e"/>
          <s:element name="i"><s:complexType><s:attribute name="i" type="s:ID"/></s:complexType></s:element>
          <s:element name="j"><s:complexType><s:attribute name="j" type="s:IDREF"/></s:complexType></s:element>
          <s:element name="k" type="s:string"/>
          <s:element name="l" type="s:string"/>
          <s:element name="f" type="s:string" fixed="v"/>
          <s:element name="n" type="s:int"/>
          <s:element name="p"><s:complexType><s:attribute name="p"/><s:attribute name="q"/></s:complexType></s:element>
          <s:element name="q" type="s:QName"/>
        </s:choice>
        <s:element name="z"/>
      </s:sequence>
    </s:complexType>
    <s:key name="k"><s:selector xpath="k"/><s:field xpath="."/></s:key>
    <s:keyref name="l" refer="k"><s:selector xpath="l"/><s:field xpath="."/></s:keyref>
    <s:unique name="p"><s:selector xpath="p"/><s:field xpath="@p"/><s:field xpath="@q"/></s:unique>
    <s:unique name="q"><s:selector xpath="q"/><s:field xpath="."/></s:unique>
  </s:element>
</s:schema>"#;

/// The memory for reading in addition to the document: at most three times its size and 8 MB, whatever it contains. If
/// every few bytes are a key, or refer to one, all of them have to be compared with one another, which takes at most
/// six times the size and 1 MB; that is less for a document of 2 MB, and for longer keys.
#[test]
fn memory_is_a_small_multiple_of_the_document() {
    const BYTES: usize = 1 << 19;
    const KEYS: usize = BYTES / 2;
    // Less than the 8 MB: debug builds are slow, so these documents are small, and a multiple must still be visible.
    const BESIDE: u64 = 4 << 20;
    let many = Schema::from_documents(&[("many.xsd", MANY)]).expect("a schema");
    let repeated = |piece: &str| piece.repeat(BYTES / piece.len());
    let numbered = |start: &str, end: &str, bytes: usize| {
        let mut text = String::new();
        for number in 0.. {
            if text.len() >= bytes {
                break;
            }
            text.extend([start, &format!("{number}"), end]);
        }
        text
    };
    let in_root = |content: String| format!("<r>{content}<z/></r>");
    let in_packet =
        |content: String| format!("<packet><migration><get_status>{content}</get_status></migration></packet>");
    let response = response_schema();
    let documents = [
        ("ampersands", response, 3, in_packet(repeated("&"))),
        ("less-than signs", response, 3, in_packet(repeated("<"))),
        ("ampersands in an attribute", response, 3, format!("<packet version=\"{}\"/>", repeated("&"))),
        ("unknown elements", response, 3, in_packet(repeated("<x/>"))),
        ("bad tags", response, 3, in_packet(repeated("<1a/>"))),
        ("attributes without values", response, 3, in_packet(repeated("<x a>"))),
        ("end tags of nothing", response, 3, in_packet(repeated("</x>"))),
        ("references to nothing", response, 3, in_packet(repeated("&x;"))),
        ("comments", &many, 3, in_root(repeated("<!---->"))),
        ("one element", &many, 3, in_root(repeated("<a/>"))),
        ("five elements", &many, 3, in_root(repeated("<a/><b/><c/><d/><e/>"))),
        ("elements that do not belong", &many, 3, in_root(repeated("<z/>"))),
        ("wrong values", &many, 3, in_root(repeated("<n>x</n>"))),
        ("wrong fixed values", &many, 3, in_root(repeated("<f>x</f>"))),
        ("IDs", &many, 3, in_root(numbered("<i i='i", "'/>", BYTES))),
        ("the same ID", &many, 3, in_root(repeated("<i i='i'/>"))),
        ("references to no ID", &many, 3, in_root(numbered("<j j='i", "'/>", BYTES))),
        ("the same reference to no ID", &many, 3, in_root(repeated("<j j='i'/>"))),
        ("the same key", &many, 3, in_root("<k>1</k>".repeat(KEYS / 8))),
        ("references to no key", &many, 3, in_root(numbered("<l>", "</l>", KEYS))),
        ("the same reference to no key", &many, 3, in_root("<l>1</l>".repeat(KEYS / 8))),
    ];
    let mut table = parallel::each(&documents, |(name, schema, most, document)| {
        too_much(name, (*most, BESIDE), document, |document| schema.explain(document))
    })
    .concat();
    let allowing = response.with_limits(packetcheck::Limits::new().allow_doctype(true));
    for (name, declarations) in [
        ("declared entities", numbered("<!ENTITY e", " 'b'>", BYTES)),
        ("declared parameter entities", numbered("<!ENTITY % e", " 'b'>", BYTES)),
        ("declared attributes of many elements", numbered("<!ATTLIST p", " a CDATA 'v'>", BYTES)),
        ("declared attributes of one element", numbered("<!ATTLIST p a", " CDATA 'v'>", BYTES)),
    ] {
        let document = format!("<!DOCTYPE packet [{declarations}]><packet/>");
        for schema in [response, &allowing] {
            table += &too_much(name, (3, BESIDE), &document, |document| schema.explain(document));
        }
    }
    // In UTF-8 they are at least twice as large, and that counts as the document.
    for (name, label, piece) in [("Latin-1", "ISO-8859-1", &b"\xe9"[..]), ("katakana", "Shift_JIS", b"\xb1")] {
        let text = piece.repeat(BYTES / piece.len());
        let head = format!("<?xml version='1.0' encoding='{label}'?><packet><migration>");
        let document = [head.as_bytes(), &text, b"<x/></migration></packet>"].concat();
        table += &too_much(name, (6, BESIDE), &document, |document| response.explain(document));
    }
    let keys = numbered("<k>", "</k>", KEYS);
    let long_namespace = format!("<r xmlns:n='{}'>", "n".repeat(1 << 12));
    for (name, most, document) in [
        ("keys", 6, in_root(keys.clone())),
        ("keys and references to them", 6, in_root(keys.clone() + &numbered("<l>", "</l>", KEYS))),
        ("long keys", 2, in_root(numbered(&format!("<k>{}", "k".repeat(100)), "</k>", KEYS))),
        ("keys of two fields", 6, in_root(numbered("<p q='q' p='", "'/>", KEYS))),
        ("names in a long namespace", 6, format!("{long_namespace}{}<z/></r>", numbered("<q>n:n", "</q>", KEYS))),
    ] {
        assert!(many.is_valid(document.as_bytes()), "{name}");
        table += &too_much(name, (most, 1 << 20), &document, |document| many.explain(document));
    }
    let in_task = |members: String| format!("{{{members}\"state\": \"RUNNING\"}}");
    for (name, document) in [
        ("unknown members", in_task(numbered("\"m", "\": 1,", BYTES))),
        ("unknown members with escapes", in_task(numbered("\"\\u0061", "\":1,", BYTES))),
        ("unknown objects", in_task(numbered("\"m", "\":{\"a\":[]},", BYTES))),
    ] {
        table += &too_much(name, (3, BESIDE), &document, |document| PacketKind::SmsTask.explain(document));
    }
    // Unanswered requests: all that is kept of them is what was read, and that each message shows its kind.
    #[cfg(feature = "http")]
    {
        let requests = repeated("GET /v3/sms/tasks/1 HTTP/1.1\r\nHost: h\r\n\r\n");
        let limits = packetcheck::Limits::new().messages(1 << 20);
        let explain = |document: &[u8]| packetcheck::Explained::of(document, None, &limits).report;
        table += &too_much("requests in a row", (3, BESIDE), &requests, explain);
        let chunks =
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", repeated("1\r\nx\r\n"));
        table += &too_much("chunks of a byte", (3, 1 << 20), &chunks, explain);
        let chunks = chunks.replace("1\r\n", "1;a\r\n");
        table += &too_much("chunks with extensions", (3, 1 << 20), &chunks, explain);
    }
    assert!(table.is_empty(), "{table}");
}

/// A line for a report if it takes more memory than a multiple of the document plus a number of bytes.
fn too_much(
    name: &str,
    (most, beside): (u64, u64),
    document: impl AsRef<[u8]> + Sync,
    explain: impl Fn(&[u8]) -> Report + Sync,
) -> String {
    let document = document.as_ref();
    let explain = || measure(|| drop(explain(black_box(document)))).bytes_max;
    // A new thread has no memory yet.
    let used = std::thread::scope(|scope| scope.spawn(explain).join().expect("no panic"));
    match used > most * document.len() as u64 + beside {
        true => format!("{name}: {:.1} times\n", used as f64 / document.len() as f64),
        false => String::new(),
    }
}
