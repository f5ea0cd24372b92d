//! The errors in a document: for people, for programs, and as an error that is passed on.
//!
//! `cargo run --example report_errors`

use packetcheck::PacketKind;
use packetcheck::diagnostic::render::{json, text};
use packetcheck::diagnostic::{LineIndex, Severity};

fn main() {
    let packet = b"<packet><migration>\n<get_status><id>7</id></get_status>\n<chekc/></migration></packet>";
    // A schema's `explain` does the same. Here, the kind of packet selects the schema.
    let report = PacketKind::PleskRequest.explain(packet);
    assert_eq!((report.errors, report.warnings), (2, 0));

    // Codes are stable, places are bytes; lines and columns come from an index.
    let lines = LineIndex::new(packet);
    for diagnostic in &report {
        let place = lines.line_column(diagnostic.span.start);
        assert_eq!(diagnostic.severity, Severity::Error);
        assert!(diagnostic.code.as_str().starts_with("PC0") && place.line > 1, "{diagnostic}");
    }
    assert_eq!(report.diagnostics[1].help.as_deref(), Some("did you mean `check`?"));

    // For people, as the command shows it.
    let shown = text::diagnostics("packet.xml", packet, &report.diagnostics, false);
    assert!(shown.contains(" --> packet.xml:2:13\n"), "{shown}");
    assert!(shown.contains("2 | <get_status><id>7</id></get_status>\n"), "{shown}");

    // For programs: serde writes it in any format.
    let diagnostics = json::diagnostics(packet, &report.diagnostics);
    assert_eq!((diagnostics[1].place.line, diagnostics[1].found), (3, Some("chekc")));

    // As an error.
    let error = report.into_result().expect_err("the packet is invalid");
    assert_eq!(error.to_string().lines().last(), Some("2 errors"));
}

#[test]
fn it_runs() {
    main();
}
