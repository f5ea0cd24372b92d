//! Documents that ask for much: each passes or meets a limit by name. Time is left to `benches/`; a cost that grows with
//! the square of these sizes would not end while anyone waits for the tests.

#[path = "../benches/inputs/mod.rs"]
mod inputs;

use inputs::Layout;
use packetcheck::diagnostic::Report;
use packetcheck::plesk::{Response, response_schema};

/// The report on a document that `is_valid` must refuse too.
fn refused(document: &str) -> Report {
    assert!(!response_schema().is_valid(document.as_bytes()));
    assert!(Response::from_xml(document.as_bytes()).is_err());
    let report = response_schema().explain(document.as_bytes());
    assert!(!report.is_valid());
    report
}

/// The codes of the errors, as text.
fn codes(report: &Report) -> Vec<String> {
    report.diagnostics.iter().map(|found| found.code.to_string()).collect()
}

/// The one error of a document that goes over a limit.
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
fn a_name_of_twenty_megabytes_meets_a_limit() {
    let name = "n".repeat(20_000_000);
    over_a_limit(&format!("<{name}/>"));
    over_a_limit(&format!("<packet><{name}></{name}></packet>"));
    over_a_limit(&format!("<packet {name}=''/>"));
}

#[test]
fn two_hundred_thousand_faults_are_counted_and_a_hundred_kept() {
    let node = "<get_status><result><status>error</status><errcode>x</errcode><errtext/></result></get_status>";
    let report = refused(&format!("<packet><migration>{}</migration></packet>", node.repeat(200_000)));
    assert_eq!(report.errors, 200_000);
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
    assert!(Response::from_xml(document.as_bytes()).is_ok());
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
    let response = Response::from_xml(document.as_bytes()).expect("a number has no bound");
    let written = response.to_xml().expect("what was read can be written");
    let again = Response::from_xml(&written).expect("what we write decodes");
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
        assert!(Response::from_xml(document.as_bytes()).is_ok());
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
