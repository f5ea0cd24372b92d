//! A password in a `start` packet is never printed: not by the command, not by `Debug`, however broken the packet is.

use std::io::Write;
use std::process::{Command, Stdio};

use packetcheck::Schema;
use packetcheck::plesk::{Request, request_schema};
use proptest::prelude::*;

/// What a password in these tests is made of: no other word of a packet or a message has it.
const SECRET: &str = "Zq";

/// Runs the command on a packet, and gives all that it says.
fn said(arguments: &[&str], packet: &[u8]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packetcheck"));
    command.args(arguments).arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command is built");
    // It may answer before it has read all.
    let _ = child.stdin.take().expect("it was asked for").write_all(packet);
    let output = child.wait_with_output().expect("the command ends");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A valid packet but for what stands in the place of the password's element.
fn packet(password: &str) -> String {
    format!(
        "<packet><migration><start><host>h</host><login>l</login>{password}<destination-host-directory/>\
         <selected-objects><migrate-resellers><reseller><name>r</name></reseller></migrate-resellers>\
         </selected-objects></start></migration></packet>"
    )
}

/// Whatever can be wrong with it or around it.
fn broken() -> Vec<String> {
    let in_place = [
        // Well-formed, and not as it should be.
        "<password>ZqZq</password><password>Zq</password>",
        "<password><b>Zq</b>Zq</password>",
        "<password><Zq/></password>",
        "<password Zq='Zq'>Zq</password>",
        "<password xmlns='Zq'>Zq</password>",
        "<password xmlns:p='Zq'><p:Zq/></password>",
        "<p:password xmlns:p='urn:Zq'>Zq</p:password>",
        "<PASSWORD>Zq</PASSWORD>",
        "<password xsi:type='Zq' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>Zq</password>",
        "<password xsi:nil='Zq' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>Zq</password>",
        "<password>Zq\nZq\r\nZq</password><x/>",
        "<password>\n  Zq\n  Zq\n</password>text",
        "<password><![CDATA[Zq</password>Zq]]></password><x/>",
        "<password>Zq<!-- Zq --><?Zq Zq?>Zq</password><x/>",
        // Not well-formed.
        "<password>Zq",
        "<password>Zq\nZq\n",
        "<password>Zq</pasword>",
        "<password>Zq</ password>",
        "<password>Zq<password>",
        "<password>Zq&Zq;Zq</password>",
        "<password>Zq&Zq</password>",
        "<password>Zq&#xZq;</password>",
        "<password>Zq & Zq</password>",
        "<password>Zq]]>Zq</password>",
        "<password>Zq<Zq</password>",
        "<password>Zq<Zq>Zq</password>",
        "<password>Zq</Zq>Zq</password>",
        "<password>Zq</start>Zq</password>",
        "<password>Zq\u{1}Zq</password>",
        "<password>Zq<!--Zq</password>",
        "<password>Zq<![CDATA[Zq</password>",
        "<password>Zq<!DOCTYPE Zq></password>",
        "<password>Zq<?xml Zq?></password>",
        "<password>Zq<:Zq a='Zq' a='Zq'></password>",
        "<password>Zq<q:Zq q:a='Zq'/></password>",
        "<password Zq>Zq</password>",
        "<password Zq=Zq>Zq</password>",
        "<password a='Zq>Zq</password>",
        "<password a='<Zq'>Zq</password>",
        "<password a='&Zq;' a='Zq'>Zq</password>",
        "<password/Zq>Zq</password>",
        "< password>Zq</password>",
        "<password>Zq</password>Zq</password>",
        "</password>",
    ];
    let mut all: Vec<String> = in_place.iter().map(|password| packet(password)).collect();
    all.extend(in_place.iter().map(|password| packet(password).replace('>', ">\n").replace("Zq>\n", "Zq>")));
    let whole = packet("<password>Zq</password>");
    all.extend([
        // Elsewhere.
        "<password>Zq</password>".to_owned(),
        "<password><Zq>Zq".to_owned(),
        "<packet><password>Zq<Zq/></password></packet>".to_owned(),
        "<packet><password><Zq><Zq>Zq</Zq></Zq></password></packet>".to_owned(),
        "<packet><migration><password>Zq</password></migration></packet>".to_owned(),
        "<packet><migration><get_status><password>Zq</password></get_status></migration></packet>".to_owned(),
        "<packet><migration><check><password>Zq</password></check></migration></packet>".to_owned(),
        whole.replace("start>", "strat>"),
        whole.replace("packet>", "paket>"),
        whole.replace("packet>", "Packet>"),
        whole.replace("<migration>", "").replace("</migration>", ""),
        whole.replace("<login>l</login>", ""),
        whole.replace("<login>l</login>", "<login>l&x;</login>"),
        whole.replace("<packet>", "<packet version='1' version='2'>"),
        whole.replace("<packet>", "<packet x='"),
        whole.replace("</password>", "</password><unheard-of/>"),
        whole[..whole.find("Zq").map_or(0, |at| at + 2)].to_owned(),
        format!("<!DOCTYPE packet>{whole}"),
        format!("<!-- {whole} <a"),
        format!("{whole}{whole}"),
        format!("x{whole}"),
        format!("<?xml version='1.0' encoding='UTF-16'?>{whole}"),
        "<password>".repeat(300) + "Zq",
    ]);
    all
}

fn assert_hidden(said: &str, packet: &str, how: &[&str]) {
    // In the case of no other word of the schemas or of a message.
    assert!(!said.contains(SECRET), "{how:?}\n{packet}\n\n{said}");
}

#[test]
fn no_report_shows_a_password() {
    let folder = std::env::temp_dir().join(format!("packetcheck-secrets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    for (number, packet) in broken().iter().enumerate() {
        std::fs::write(folder.join(format!("{number}.xml")), packet).expect("a file can be written");
    }
    let response = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/plesk/response.xsd");
    for arguments in [
        &["check"] as &[&str],
        &["check", "--format", "json"],
        &["check", "--as", "plesk-request", "--strict"],
        &["check", "--as", "plesk-response"],
        &["check", "--as", "plesk-response", "--format", "json"],
        &["check", "--well-formed"],
        &["check", "--schema", response],
        &["status"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_packetcheck")).args(arguments).arg(&folder).output();
        let output = output.expect("the command is built");
        for stream in [&output.stdout, &output.stderr] {
            let said = String::from_utf8_lossy(stream);
            let shown: Vec<&str> = said.lines().filter(|line| line.contains(SECRET)).collect();
            assert_eq!(shown, [""; 0], "{arguments:?}");
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

#[test]
fn what_cannot_be_decoded_or_encoded_shows_no_password() {
    for packet in broken().iter().filter(|packet| Request::from_xml(packet.as_bytes()).is_err()) {
        assert_hidden(&said(&["decode"], packet.as_bytes()), packet, &["decode"]);
        let error = Request::from_xml(packet.as_bytes()).expect_err("it was one before");
        assert_hidden(&format!("{error} {error:?}"), packet, &["Error"]);
    }
    let value = |password: &str, host: &str| {
        format!(
            r#"{{"operators": [{{"migration": {{"operations": [{{"start": {{"host": {host}, "login": "l",
               "password": {password}, "destination-host-directory": "",
               "selected-objects": {{"migrate-resellers": {{"reseller": []}}}}}}}}]}}}}]}}"#
        )
    };
    for (password, host) in
        [(r#""Zq""#, "1"), (r#""Zq""#, r#""h""#), (r#""Zq\u0001""#, r#""h""#), (r#"["Zq"]"#, r#""h""#)]
    {
        let json = value(password, host);
        let said = said(&["encode", "--as", "plesk-request"], json.as_bytes());
        assert!(said.contains("packetcheck: "), "{said}");
        assert_hidden(&said, &json, &["encode"]);
    }
}

#[test]
fn other_encodings_hide_it_and_nothing_else() {
    let packet = packet("<password>Zq</password><unheard-of/>");
    let wide: Vec<u8> = packet.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for document in [wide.clone(), [b"\xff\xfe".as_slice(), &wide].concat()] {
        let said = said(&["check", "--as", "plesk-request"], &document);
        assert!(said.contains("<password>**</password><unheard-of/>") && !said.contains('Z'), "{said}");
    }
}

#[test]
fn debug_masks_it() {
    let packet = packet("<password>Zq&amp;Zq</password>");
    let request = Request::from_xml(packet.as_bytes()).expect("it is valid");
    assert_hidden(&format!("{request:?} {request:#?}"), &packet, &["Debug"]);
    // Who asks gets it.
    assert!(request.to_xml().is_ok_and(|written| written.windows(9).any(|window| window == b"Zq&amp;Zq")));
}

#[test]
fn places_stay_true_and_the_rest_is_shown() {
    let packet = packet("<password>Zqä€Zq</password><x/>");
    let report = request_schema().explain(packet.as_bytes());
    assert_eq!(report.errors, 1);
    assert_eq!(report.diagnostics[0].message, "expected `destination-host-directory`, found `x`");
    let said = said(&["check", "--as", "plesk-request"], packet.as_bytes());
    let column = packet.find("<x/>").map(|at| packet[..at].chars().count() + 1).expect("it is there");
    assert!(said.contains(&format!(":1:{column}\n")), "{said}");
    assert!(said.contains("<password>******</password><x/>"), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    let source = lines.iter().position(|line| line.contains("<x/>")).expect("the line is shown");
    let shown = lines[source].chars().collect::<Vec<_>>();
    let mark = lines[source + 1].chars().position(|sign| sign == '^').expect("the place is marked");
    assert_eq!(shown[mark..mark + 4], ['<', 'x', '/', '>']);
}

#[test]
fn a_fault_in_a_password_is_told_without_it() {
    let packet = packet("<password>Zq & Zq</password>");
    let report = request_schema().explain(packet.as_bytes());
    let fault = &report.diagnostics[0];
    assert_eq!((report.errors, fault.code.as_str()), (1, "PC0109"));
    assert_eq!(fault.path, "/packet/migration/start/password");
    assert_eq!(fault.found, None);
    assert!(fault.message.ends_with("; it stands in a secret, which is not shown"), "{}", fault.message);
    assert_eq!(packet.get(fault.concealed()[0].clone()), Some("Zq & Zq"));
}

#[test]
fn any_schema_can_mark_an_element() -> Result<(), Box<dyn std::error::Error>> {
    let schema = |inner: &str| {
        let text = format!(
            r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:pc="urn:packetcheck">
                 <xs:element name="key"><xs:annotation>{inner}</xs:annotation><xs:simpleType>
                   <xs:restriction base="xs:string"><xs:maxLength value="2"/><xs:enumeration value="no"/></xs:restriction>
                 </xs:simpleType></xs:element></xs:schema>"#
        );
        Schema::from_documents(&[("key.xsd", &text)])
    };
    let report = schema("<xs:appinfo><pc:secret/></xs:appinfo>")?.explain(b"<key>Zq</key>");
    assert_eq!(report.diagnostics[0].expected, ["no"]);
    assert_hidden(&format!("{report:?}"), "<key>Zq</key>", &["explain"]);
    let report = schema("")?.explain(b"<key>Zq</key>");
    assert!(format!("{report:?}").contains(SECRET));
    for misplaced in ["<pc:secrets/>", "<a><pc:secret/></a>"] {
        let misplaced = &format!("<xs:appinfo>{misplaced}</xs:appinfo>");
        let error = schema(misplaced).expect_err("the mark would do nothing").to_string();
        assert!(error.contains("or `secret` in the `xs:appinfo`"), "{error}");
    }
    Ok(())
}

proptest! {
    /// Bytes of a packet are changed at random, but for the tags of the password.
    #[test]
    fn no_diagnostic_shows_a_password(
        before in "[a-z<>/&'\" ]{0,12}",
        inside in "[<>/&;a!'\"\\-\\[\\] ]{0,12}",
        after in "[a-z<>/&'\" ]{0,12}",
        at in 0..3usize,
    ) {
        let password = format!("{before}<password>Zq{inside}Zq</password>{after}");
        let text = match at {
            0 => packet(&password),
            1 => format!("<packet>{password}</packet>"),
            _ => password,
        };
        let report = request_schema().explain(text.as_bytes());
        prop_assert!(!format!("{report:?}").contains(SECRET), "{text}\n{report:#?}");
        let drawn = packetcheck::diagnostic::render::text::diagnostics("-", text.as_bytes(), &report.diagnostics, false);
        prop_assert!(!drawn.contains(SECRET), "{text}\n{drawn}");
    }
}
