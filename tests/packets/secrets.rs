//! A password in a `start` packet is never printed: not by the command, not by `Debug`, however broken the packet is.

use std::io::Write;
use std::process::{Command, Stdio};

use packetcheck::diagnostic::{self, Report, render};
use packetcheck::plesk::{Request, request_schema};
use packetcheck::{Limits, PacketKind, Schema, check};
use proptest::prelude::*;

/// Passwords in these tests consist of this text, which occurs in no other word of a packet or a message.
const SECRET: &str = "Zq";

/// Runs the command on a packet, and returns all its output.
fn said(arguments: &[&str], packet: &[u8]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packetcheck"));
    command.args(arguments).arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command is built");
    // It may answer before it has read everything.
    let _ = child.stdin.take().expect("it was asked for").write_all(packet);
    let output = child.wait_with_output().expect("the command ends");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A valid packet except for what replaces the password element.
fn packet(password: &str) -> String {
    format!(
        "<packet><migration><start><host>h</host><login>l</login>{password}<destination-host-directory/>\
         <selected-objects><migrate-resellers><reseller><name>r</name></reseller></migrate-resellers>\
         </selected-objects></start></migration></packet>"
    )
}

/// Packets with everything that can be wrong with the element or around it.
fn broken() -> Vec<String> {
    let in_place = [
        // Well-formed but invalid.
        "<password>ZqZq</password><password>Zq</password>",
        "<password><b>Zq</b>Zq</password>",
        "<password><Zq/></password>",
        "<password Zq='Zq'>Zq</password>",
        "<password xmlns='Zq'>Zq</password>",
        "<password xmlns:p='Zq'><p:Zq/></password>",
        "<p:password xmlns:p='urn:Zq'>Zq</p:password>",
        "<PASSWORD>Zq</PASSWORD>",
        // Other names for it.
        "<pwd>Zq</pwd>",
        "<passphrase>Zq</passphrase>",
        // As text of something else.
        "<note>&lt;password&gt;Zq&lt;/password&gt;</note>",
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
    // No other word of the schemas or of a message has this spelling.
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
        &["check", "--format", "jsonl"],
        &["check", "--as", "plesk-request", "--strict"],
        &["check", "--as", "plesk-response"],
        &["check", "--as", "plesk-response", "--format", "jsonl"],
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

/// The value is concealed whatever its name, since the schema expects a password there.
#[test]
fn values_in_place_of_a_password_are_not_shown() {
    for element in ["<pass>Zq</pass>", "<secret x='Zq'>Zq</secret>"] {
        let packet = packet(element);
        for format in ["text", "json"] {
            let how = ["check", "--as", "plesk-request", "--format", format];
            assert_hidden(&said(&how, packet.as_bytes()), &packet, &how);
        }
    }
}

#[test]
fn packets_that_cannot_be_decoded_or_encoded_show_no_password() {
    for packet in broken().iter().filter(|packet| Request::decode(packet.as_bytes()).is_err()) {
        assert_hidden(&said(&["decode"], packet.as_bytes()), packet, &["decode"]);
        let error = Request::decode(packet.as_bytes()).expect_err("it was one before");
        assert_hidden(&format!("{error} {error:?}"), packet, &["Error"]);
    }
    let value = |password: &str, host: &str| {
        format!(
            r#"{{"packet": {{"$value": [{{"migration": {{"$value": [{{"start": {{"host": {host}, "login": "l",
               "password": {password}, "destination-host-directory": "",
               "selected-objects": {{"migrate-resellers": {{"reseller": []}}}}}}}}]}}}}]}}}}"#
        )
    };
    for (password, host) in
        [(r#""Zq""#, "1"), (r#""Zq""#, r#""h""#), (r#""Zq\u0001""#, r#""h""#), (r#"["Zq"]"#, r#""h""#)]
    {
        let json = value(password, host);
        let said = said(&["encode", "--as", "plesk-request"], json.as_bytes());
        assert!(said.contains("packetcheck: ") || said.contains("error[PC0"), "{said}");
        assert_hidden(&said, &json, &["encode"]);
    }
}

#[test]
fn other_encodings_hide_only_the_secret() {
    let packet = packet("<password>Zq</password><unheard-of/>");
    let wide: Vec<u8> = packet.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for document in [wide.clone(), [b"\xff\xfe".as_slice(), &wide].concat()] {
        let said = said(&["check", "--as", "plesk-request"], &document);
        assert!(said.contains("<password>**</password><unheard-of/>") && !said.contains('Z'), "{said}");
    }
}

/// A text of letters, digits and markup in EBCDIC, the same in code page 037 and all others.
fn ebcdic(text: &str) -> Vec<u8> {
    let byte = |byte: u8| match byte {
        b'a'..=b'i' => byte - b'a' + 0x81,
        b'j'..=b'r' => byte - b'j' + 0x91,
        b's'..=b'z' => byte - b's' + 0xA2,
        b'A'..=b'I' => byte - b'A' + 0xC1,
        b'J'..=b'R' => byte - b'J' + 0xD1,
        b'S'..=b'Z' => byte - b'S' + 0xE2,
        b'0'..=b'9' => byte - b'0' + 0xF0,
        b' ' => 0x40,
        b'.' => 0x4B,
        b'<' => 0x4C,
        b'-' => 0x60,
        b'/' => 0x61,
        b'>' => 0x6E,
        b'=' => 0x7E,
        b'"' => 0x7F,
        // `?`: no other is needed.
        _ => 0x6F,
    };
    text.bytes().map(byte).collect()
}

#[test]
fn ebcdic_hides_only_the_secret() {
    let declaration = "<?xml version=\"1.0\" encoding=\"IBM037\"?>";
    let cases: [(&str, &[&str]); 3] =
        [("<password>Zq</password>", &["Zq"]), ("<password secret=\"Zq\"/>", &[" secret=\"Zq\""]), ("", &[])];
    for (password, hidden) in cases {
        let text = format!("{declaration}{}", packet(password));
        let report = request_schema().explain(&ebcdic(&text));
        assert_eq!((report.errors, report.diagnostics[0].code.as_str()), (1, "PC0103"));
        let concealed: Vec<&str> = report.diagnostics[0].concealed().iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(concealed, hidden, "{text}");
    }
}

#[test]
fn debug_masks_it() {
    let packet = packet("<password>Zq&amp;Zq</password>");
    let request = Request::decode(packet.as_bytes()).expect("it is valid");
    assert_hidden(&format!("{request:?} {request:#?}"), &packet, &["Debug"]);
    // Code that asks for it gets it.
    assert!(request.encode().is_ok_and(|written| written.windows(9).any(|window| window == b"Zq&amp;Zq")));
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
fn an_error_in_a_password_is_reported_without_it() {
    let packet = packet("<password>Zq & Zq</password>");
    let report = request_schema().explain(packet.as_bytes());
    let fault = &report.diagnostics[0];
    assert_eq!((report.errors, fault.code.as_str()), (1, "PC0109"));
    assert_eq!(fault.path, "/packet/migration/start/password");
    assert_eq!(fault.found, None);
    assert!(fault.message.ends_with("; it is in a secret, which is masked"), "{}", fault.message);
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

/// Documents with a secret that are not valid anywhere: each is passed to everything.
fn brought() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/secrets");
    let files =
        std::fs::read_dir(folder).expect("the samples are there").map(|file| file.expect("it can be listed").path());
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read(&path).expect("it can be read");
        (path.to_string_lossy().into_owned(), text)
    };
    let mut files: Vec<_> = files.map(read).collect();
    files.sort();
    files
}

#[test]
fn no_command_or_kind_shows_the_secret_of_a_document() {
    let files = brought();
    assert!(files.len() >= 10);
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let response = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/plesk/response.xsd");
    let mut runs: Vec<Vec<&str>> = vec![
        vec!["check"],
        vec!["check", "--well-formed"],
        vec!["check", "--schema", response],
        vec!["status"],
        vec!["schema", "check"],
        vec!["schema", "check", "--together"],
    ];
    runs.extend(PacketKind::ALL.map(|kind| vec!["check", "--as", kind.name()]));
    let json = runs.iter().map(|run| [run.as_slice(), &["--format", "jsonl"]].concat()).collect::<Vec<_>>();
    let mut runs: Vec<Vec<&str>> = runs.into_iter().chain(json).map(|run| [run, paths.clone()].concat()).collect();
    for path in &paths {
        runs.push(vec!["check", "--schema", path, path]);
        runs.push(vec!["check", "--schema", response, "--catalog", path, path]);
        runs.push(vec!["decode", path]);
        runs.extend(PacketKind::ALL.map(|kind| vec!["decode", "--as", kind.name(), path]));
        runs.extend(PacketKind::ALL.map(|kind| vec!["encode", "--as", kind.name(), path]));
    }
    let is_right = |output: &std::process::Output| output.status.success();
    for run in runs {
        let output = Command::new(env!("CARGO_BIN_EXE_packetcheck")).args(&run).output().expect("the command is built");
        // A valid document is decoded and encoded with everything it contains.
        if is_right(&output) && matches!(run[0], "decode" | "encode") {
            continue;
        }
        let said = [output.stdout, output.stderr].concat();
        assert!(!said.is_empty(), "{run:?}");
        assert!(!String::from_utf8_lossy(&said).contains(SECRET), "{run:?}\n{}", String::from_utf8_lossy(&said));
    }
}

/// A report as it is logged and as it is drawn.
fn shown(document: &[u8], report: &Report) -> String {
    let drawn = render::text::diagnostics("-", document, &report.diagnostics, false);
    let json = render::json::diagnostics(document, &report.diagnostics);
    format!("{report:?}\n{drawn}\n{}", serde_json::to_string(&json).expect("it is data"))
}

/// Everything that the library reports about a document, whatever it is taken for.
fn all_said(document: &str) -> Vec<String> {
    let bytes = document.as_bytes();
    let mut said: Vec<String> = PacketKind::ALL.iter().map(|kind| shown(bytes, &kind.explain(bytes))).collect();
    said.push(shown(bytes, &PacketKind::explain_detected(bytes).1));
    said.push(shown(bytes, &check::well_formed(bytes, &Limits::default())));
    let errors = [
        Request::decode(bytes).err(),
        packetcheck::plesk::Response::decode(bytes).err(),
        packetcheck::dataworks::Request::decode(bytes).err(),
        packetcheck::dataworks::Response::decode(bytes).err(),
        packetcheck::sms::Response::decode(bytes).err(),
        packetcheck::sms::ProgressReport::decode(bytes).err(),
    ];
    said.extend(errors.into_iter().flatten().map(|error| format!("{error} {error:?}")));
    if let Err(error) = Schema::from_documents(&[("a.xsd", document)]) {
        said.extend(error.files().iter().map(|file| shown(file.text().unwrap_or_default().as_bytes(), file.report())));
        said.push(format!("{error} {error:?}"));
    }
    said
}

#[test]
fn text_next_to_a_secret_is_shown() {
    let drawn = |name: &str, kind: PacketKind| {
        let (_, text) = brought().into_iter().find(|(path, _)| path.ends_with(name)).expect("it is there");
        render::text::diagnostics("-", &text, &kind.explain(&text).diagnostics, false)
    };
    let typo = drawn("typo1.xml", PacketKind::PleskRequest);
    assert!(typo.contains("<pasword>***</pasword>") && typo.contains("did you mean `password`"), "{typo}");
    let attribute = drawn("attr.xml", PacketKind::PleskRequest);
    assert!(attribute.contains("<start password=\"***\"><host>h</host>"), "{attribute}");
    assert!(attribute.contains("found `password`"), "{attribute}");
    let query = drawn("query.txt", PacketKind::DataWorksRequest);
    assert!(
        query.contains("&AccessKeyId=***&Signatu…") && query.contains("=******&SecurityToken=***&ProjectId=x&"),
        "{query}"
    );
    assert!(query.contains("GetMigrationProces"), "{query}");
    let json = drawn("headers.json", PacketKind::SmsTask);
    assert!(json.contains("\"passwd\": *****, \"state\": \"RUNING\""), "{json}");
    let named = drawn("named.xml", PacketKind::PleskRequest);
    assert!(named.contains("<param name=\"password\" value=\"***\">***</param><host>h</h…"), "{named}");
}

#[test]
fn other_values_are_shown() {
    // The names of a schema are its own, even if one is similar to that of a secret.
    let schema = Schema::from_documents(&[(
        "a.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:a" targetNamespace="urn:a"
             elementFormDefault="qualified"><xs:element name="a"><xs:complexType><xs:sequence>
             <xs:element name="passport" type="xs:int"/><xs:element name="Signature" type="xs:int"/>
           </xs:sequence></xs:complexType></xs:element></xs:schema>"#,
    )]);
    let document = b"<a xmlns='urn:a'><passport>seven</passport><Signature>eight</Signature></a>";
    let report = schema.expect("it is one").explain(document);
    let said = shown(document, &report);
    assert!(report.errors == 2 && said.contains("found `seven`") && said.contains("found `eight`"), "{said}");
    // A schema declares passwords.
    let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="password" type="xs:strin"/></xs:schema>"#;
    let error = Schema::from_documents(&[("a.xsd", text)]).expect_err("the type is not there");
    let drawn = render::text::diagnostics("-", text.as_bytes(), &error.files()[0].report().diagnostics, false);
    assert!(drawn.contains("<xs:element name=\"password\" type=\"xs:strin\"/>"), "{drawn}");
    // No documented member or parameter is a secret, except those that are.
    let mut names: Vec<String> = Vec::new();
    for (_, text) in PacketKind::ALL.iter().flat_map(|kind| kind.schema_documents()) {
        if let Ok(schema) = serde_json::from_str::<serde_json::Value>(text) {
            collect_properties(&schema, &mut names);
        }
    }
    assert!(names.len() > 50);
    for name in names {
        let document = format!("{{\"{name}\": \"Zq9\"}}");
        assert!(!diagnostic::repeats_secret(document.as_bytes(), "found `Zq9`"), "{name}");
    }
}

#[test]
fn a_secret_is_hidden_whatever_is_around_its_name() {
    for document in [
        "<a><param paramName='password' paramValue='Zq9x'/></a>",
        "<a><param headerValue='Zq9x' headerName='X-Auth-Token'/></a>",
        "<a><paramName>password</paramName><paramValue>Zq9x</paramValue></a>",
        r#"{"paramName": "password", "paramValue": "Zq9x"}"#,
        r"<a>\u003cpassword\u003eZq9x\u003c/password\u003e</a>",
        r"<a>\u003Cpassword>Zq9x</a>",
        r#"["password", null, "Zq9x"]"#,
        r#"[["password", 1, "Zq9x"], ["a", "b"]]"#,
        "[\n  \"password\",\n  \"Zq9x\"\n]",
        r#"["token", "Zq9x"]"#,
    ] {
        assert!(diagnostic::repeats_secret(document.as_bytes(), "found `Zq9x`"), "{document}");
    }
    // Lists of names, and names of other things.
    for document in [
        r#"["token","session"]"#,
        r#"{"kinds": ["token", "session"]}"#,
        r#"["session", "access_token", "refresh_token", "session"]"#,
        "<a><field fieldName='password' reason='session'/></a>",
        r#"{"fieldName": "password", "reason": "session"}"#,
        r"<a>\u003csession\u003e session</a>",
    ] {
        assert!(!diagnostic::repeats_secret(document.as_bytes(), "found `session`"), "{document}");
    }
}

#[test]
fn invisible_characters_and_references_in_a_name_hide_nothing() {
    for name in [
        "pass&#x200b;word",
        "pass&#8203;word",
        "pass&#xAD;word",
        "pass&#x2060;word",
        "pass&#xFEFF;word",
        "pass&#x34F;word",
        "pass\u{34f}word",
        "pass&shy;word",
        "pass\u{200b}word",
        "\u{feff}password",
        "&#112;assword",
        "p&#x430;ssword",
        "\u{ff50}\u{ff41}\u{ff53}\u{ff53}\u{ff57}\u{ff4f}\u{ff52}\u{ff44}",
        "X-Auth&#xad;-Token",
        "pass&#0000000000000000000000000000x77;word",
    ] {
        for form in [
            "<a><option name=\"NAME\" value=\"Zq9x\"/></a>",
            "<a><option value='Zq9x' name=' NAME '/></a>",
            "<a><option name='NAME'>Zq9x</option></a>",
            "<a><p:paramName>NAME</p:paramName><p:paramValue>Zq9x</p:paramValue></a>",
            "<a><name> NAME</name><value>Zq9x</value></a>",
            "<a><td>NAME:</td><td>Zq9x</td></a>",
            "<a><param paramName='NAME' paramValue='Zq9x'/></a>",
        ] {
            let document = form.replace("NAME", name);
            assert!(diagnostic::repeats_secret(document.as_bytes(), "found `Zq9x`"), "{document}");
        }
    }
    for name in ["pass\\u200bword", "pass\\u00adword", "\\uff50assword", "pass\u{2060}word"] {
        for form in [r#"{"NAME": "Zq9x"}"#, r#"{"name": "NAME", "value": "Zq9x"}"#, r#"["NAME", "Zq9x"]"#] {
            let document = form.replace("NAME", name);
            assert!(diagnostic::repeats_secret(document.as_bytes(), "found `Zq9x`"), "{document}");
        }
    }
    for document in ["pass%E2%80%8Bword=Zq9x&a=b", "pass%C2%ADword=Zq9x", "<a pass\u{34f}word='Zq9x'/>"] {
        assert!(diagnostic::repeats_secret(document.as_bytes(), "found `Zq9x`"), "{document}");
    }
    for document in
        ["<a><option name='a&#x200b;b' value='session'/></a>", "<a><name>a &amp; b</name><b>session</b></a>"]
    {
        assert!(!diagnostic::repeats_secret(document.as_bytes(), "found `session`"), "{document}");
    }
}

#[test]
fn a_user_is_hidden_whatever_its_password_has() {
    for user in ["u:aZq<b", "u:aZq>b", "u:aZq\"b", "u:aZq'b", "u:aZq`b", "u:Zq<a\"c'd", "u:<Zq"] {
        for form in [
            "<packet x=\"USER@host\"/>",
            "<packet x='USER@host'/>",
            "<packet x='USER@host and more'>y</packet>",
            "<packet>USER@host</packet>",
            "<packet>see USER@host.example now</packet>",
            "{\"x\": \"USER@host\", \"y\": 1}",
            "{\"x\":[\"USER@host\"]}",
            "USER@host",
            "<packet x='//USER@host'/>",
            "<packet x='http://USER@host/'/>",
            "{\"x\": \"http://USER@host\", \"y\": 1}",
            "GET http://USER@host/ HTTP/1.1\n",
        ] {
            let document = form.replace("USER", user);
            for said in all_said(&document) {
                assert!(!said.contains(SECRET), "{document}\n{said}");
            }
        }
    }
}

fn collect_properties(schema: &serde_json::Value, names: &mut Vec<String>) {
    let members = schema.as_object().into_iter().flatten();
    for (name, value) in members {
        if name == "properties" {
            names.extend(value.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        }
        collect_properties(value, names);
    }
    schema.as_array().into_iter().flatten().for_each(|item| collect_properties(item, names));
}

#[test]
fn a_value_that_does_not_fit_its_type_is_not_shown() {
    #[derive(Debug, serde::Deserialize, serde::Serialize)]
    struct Login {
        #[allow(dead_code)]
        password: Password,
    }
    #[derive(Debug, serde::Deserialize, serde::Serialize)]
    #[serde(untagged)]
    enum Password {
        Number(u8),
        Items(Vec<String>),
    }
    let schema = Schema::from_documents(&[(
        "a.xsd",
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Login"><xs:complexType><xs:sequence>
             <xs:element name="password"><xs:simpleType><xs:list itemType="xs:string"/></xs:simpleType></xs:element>
           </xs:sequence></xs:complexType></xs:element></xs:schema>"#,
    )])
    .expect("it is one");
    #[derive(Debug, serde::Deserialize)]
    struct Number {
        #[allow(dead_code)]
        password: u8,
    }
    let document = b"<Login><password>Zq9</password></Login>";
    let error = schema.decode::<Number>(document).expect_err("it is no number");
    assert_hidden(&format!("{error} {error:?}"), "", &["decode"]);
    assert!(error.to_string().ends_with("which is masked"), "{error}");
    let login = Login { password: Password::Items(vec!["Zq9 Zq9".to_owned()]) };
    let error = schema.encode(&login).expect_err("it is two items");
    assert_hidden(&format!("{error} {error:?}"), "", &["encode"]);
    let query = b"Action=GetMigrationProcess&ProjectId=1&MigrationId=2&X-Password=Zq9";
    let request = packetcheck::dataworks::Request::decode(query).expect("it is valid");
    assert_hidden(&format!("{request:?} {:?}", request.parameters), "", &["Debug"]);
    let kept = packetcheck::codec::Any::Markup("<site><passwd>Zq9</passwd><login>l</login></site>".into());
    assert_eq!(format!("{kept:?}"), r#"Markup("<site><passwd>***</passwd><login>l</login></site>")"#);
    let body =
        br#"{"error_code": "SMS.0001", "error_msg": "x", "password": "Zq9", "more": {"id": 1, "passwd": "Zq9"}}"#;
    let error = packetcheck::sms::Response::decode(body).expect("other members are kept");
    assert_hidden(&format!("{error:?}"), "", &["Debug"]);
    assert!(format!("{error:?}").contains(r#"{\"id\": 1, \"passwd\": ***}"#), "{error:?}");
}

proptest! {
    /// Bytes of a packet are changed at random, except the tags of the password.
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

    /// Misspelt names in each form that can hold a secret, in each kind of document, passed to everything.
    #[test]
    fn no_spelling_and_no_form_shows_a_secret(
        name in prop::sample::select(SPELLINGS),
        form in prop::sample::select(FORMS),
        around in prop::sample::select(AROUND),
        sign in "[!#%&*]{0,2}",
    ) {
        let secret = format!("Zq{sign}9");
        // White space does not end a secret, unless the secret is unquoted.
        let document = around.replace("HERE", &form.replace("NAME", name).replace("SECRET", &secret));
        for said in all_said(&document) {
            prop_assert!(!said.contains(SECRET), "{document}\n{said}");
        }
    }
}

/// Ways to write the name of a secret.
const SPELLINGS: &[&str] = &[
    "password",
    "PASSWORD",
    "Password",
    "passwd",
    "pass-word",
    "pass_word",
    "password2",
    "pasword",
    "passwrod",
    "passwort",
    "new-password",
    "userPassword",
    "HTTP_AUTH_PASSWD",
];

/// Forms that hold a secret.
const FORMS: &[&str] = &[
    "<NAME>SECRET</NAME>",
    "<p:NAME xmlns:p='urn:p'>SECRET</p:NAME>",
    "<NAME>SECRET",
    "<NAME></NAME>SECRET",
    "<NAME/> SECRET <x/>",
    "<NAME><SECRET/></NAME>",
    "<x NAME='SECRET'>y</x>",
    "<x NAME = \"SECRET\" NAME='SECRET'/>",
    "<x NAME 'SECRET'/>",
    "<x name='NAME' value='SECRET'/>",
    "<x name='NAME'>SECRET<x>y</x>SECRET</x>",
    "<x><name>NAME</name><value><x>SECRET</x>SECRET</value></x>",
    "<!DOCTYPE packet [<!ENTITY NAME 'SECRET'><!ATTLIST start NAME CDATA 'SECRET'>]>",
    "<?NAME SECRET?>",
    "<?x NAME='SECRET'?>",
    "<!-- NAME: SECRET -- -->",
    "<login>SECRET</login><NAME>SECRET</NAME>",
    "<![CDATA[{\"NAME\": \"SECRET\"}]]>",
    "{\"NAME\": \"SECRET\", \"state\": 1}",
    "{\"state\": \"SECRET\", \"NAME\": \"SECRET\"}",
    "{\"NAME\": [\"SECRET\", {\"SECRET\": 1}]",
    "{\"NAME\" \"SECRET\"}",
    "NAME=SECRET&Action=x",
    "https://host/?x=1&NAME=SECRET",
    "\nNAME: SECRET\n",
    "{\"x\": \"<x name=\\\"NAME\\\" value=\\\"SECRET\\\"/>\"}",
    "<x>&lt;x name=&quot;NAME&quot; value=&quot;SECRET&quot;/&gt;</x>",
    "<x value='SECRET' p:type='NAME'/>",
    "[[\"NAME\", \"SECRET\"]]",
];

/// Surroundings of such a form.
const AROUND: &[&str] = &[
    "HERE",
    "<packet>HERE</packet>",
    "<packet><migration><start>HERE<host>h</host></start></migration></packet>",
    "<packet><migration><start><result>HERE</result></start></migration></packet>",
    "<GetMigrationProcessResponse>HERE</GetMigrationProcessResponse>",
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>HERE</xs:schema>",
    "{\"sub_tasks\": [HERE], \"state\": 1}",
    "POST / HTTP/1.1\r\nHost: h\r\n\r\nHERE",
    "Action=GetMigrationProcess&ProjectId=x&HERE",
    "<packet\n HERE",
];
