//! What `packetcheck lsp` promises to editors: a client talks to the real server over its standard input and output.
#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;

use packetcheck::PacketKind;
use serde_json::{Value, json};

#[path = "support/editor.rs"]
mod editor;

use editor::{Editor, Outcome, capabilities, range_of};

const PACKET: &str = "<packet>\n  <migration>\n    <check/>\n  </migration>\n</packet>\n";

const NOTE: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="note" type="xs:integer"/>
</xs:schema>
"#;

fn uri(folder: &Path, name: &str) -> String {
    format!("file://{}/{name}", folder.display())
}

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap_or_default()).collect()
}

#[test]
fn what_is_wrong_is_said_while_it_is_typed() -> Outcome {
    let folder = tempfile::tempdir()?;
    let uri = &uri(folder.path(), "request.xml");
    let mut editor = Editor::start(folder.path(), &[], &["utf-16"])?;
    editor.open(uri, PACKET)?;
    assert_eq!(editor.diagnostics(uri, 1)?, [] as [Value; 0]);
    // A tag that has only begun, then one that is misspelt, then one that is right.
    editor.change(uri, 2, [2, 4, 2, 12], "<")?;
    assert!(!editor.diagnostics(uri, 2)?.is_empty());
    editor.change(uri, 3, [2, 5, 2, 5], "chekc/>")?;
    let found = editor.diagnostics(uri, 3)?;
    let text = PACKET.replace("check", "chekc");
    let report = PacketKind::PleskRequest.explain(text.as_bytes());
    let expected = &report.diagnostics[0];
    assert_eq!(codes(&found), [expected.code.as_str()]);
    assert_eq!(found[0]["range"], range_of([2, 4, 2, 12]));
    assert_eq!(found[0]["message"], format!("{}\n{}", expected.message, expected.help.as_deref().unwrap_or_default()));
    assert_eq!((&found[0]["severity"], &found[0]["source"]), (&json!(1), &json!("packetcheck")));
    editor.change(uri, 4, [2, 5, 2, 10], "check")?;
    assert_eq!(editor.diagnostics(uri, 4)?, [] as [Value; 0]);
    // What was said is taken back when it is closed.
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }))?;
    let last = editor.wait(|message| message["method"] == "textDocument/publishDiagnostics")?;
    assert_eq!(last["params"], json!({ "uri": uri, "diagnostics": [] }));
    editor.quit()
}

/// The same place, in the units of each encoding.
#[test]
fn positions_are_counted_as_the_client_asks() -> Outcome {
    let folder = tempfile::tempdir()?;
    let uri = &uri(folder.path(), "request.xml");
    let text = "<packet><migration><!-- \u{1F600}ä --><chekc/></migration></packet>";
    let offset = text.find("<chekc").unwrap_or_default();
    let units = text[..offset].encode_utf16().count();
    for (encodings, agreed, character) in
        [(&["utf-16", "utf-8"][..], "utf-8", offset), (&["utf-32", "utf-16"], "utf-16", units), (&[], "utf-16", units)]
    {
        let mut editor = Editor::silent(folder.path(), &[])?;
        let answer = editor.request("initialize", json!({ "capabilities": capabilities(encodings) }))?;
        assert_eq!(answer["capabilities"]["positionEncoding"], agreed);
        editor.open(uri, text)?;
        let found = editor.diagnostics(uri, 1)?;
        let character = u32::try_from(character)?;
        assert_eq!(found[0]["range"], range_of([0, character, 0, character + 8]), "{agreed}");
        // An edit after the characters that are counted differently.
        editor.change(uri, 2, [0, character + 1, 0, character + 6], "check")?;
        assert_eq!(editor.diagnostics(uri, 2)?, [] as [Value; 0], "{agreed}");
        editor.quit()?;
    }
    Ok(())
}

#[test]
fn an_encoding_that_is_declared_is_that_of_the_file_and_not_of_the_text() -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(
        folder.path().join("short.xsd"),
        NOTE.replace("type=\"xs:integer\"/", "").replace(
            "</xs:schema>",
            "<xs:simpleType><xs:restriction base='xs:string'><xs:maxLength value='2'/></xs:restriction></xs:simpleType></xs:element></xs:schema>",
        ),
    )?;
    let uri = &uri(folder.path(), "note.xml");
    let mut editor = Editor::start(folder.path(), &["--schema", "short.xsd"], &["utf-8"])?;
    for (version, encoding) in (1..).zip(["ISO-8859-1", "UTF-16", "UTF-8"]) {
        let text = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<note>öä</note>");
        if version == 1 {
            editor.open(uri, &text)?
        } else {
            editor.change(uri, version, [0, 0, 9, 0], &text)?
        }
        assert_eq!(editor.diagnostics(uri, version)?, [] as [Value; 0], "{encoding}");
    }
    editor.quit()
}

#[test]
fn schemas_come_from_the_configuration_and_are_read_again_when_they_change() -> Outcome {
    let folder = tempfile::tempdir()?;
    let notes = folder.path().join("notes");
    fs::create_dir(&notes)?;
    fs::write(
        folder.path().join("packetcheck.toml"),
        "[[files]]\nglob = [\"*.xml\", \"notes/*.xml\"]\nschema = [\"note.xsd\"]\n",
    )?;
    fs::write(folder.path().join("note.xsd"), NOTE)?;
    let uri = &uri(&notes, "a.xml");
    // The server runs somewhere else: the configuration is that of the document.
    let elsewhere = tempfile::tempdir()?;
    let mut editor = Editor::start(elsewhere.path(), &[], &["utf-8"])?;
    editor.open(uri, "<note>x</note>")?;
    assert_eq!(codes(&editor.diagnostics(uri, 1)?), ["PC0401"]);
    // A change on disk, of which the client tells.
    fs::write(folder.path().join("note.xsd"), NOTE.replace("xs:integer", "xs:string "))?;
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }))?;
    assert_eq!(editor.diagnostics(uri, 1)?, [] as [Value; 0]);
    // One of which nobody tells is noticed at the next keystroke.
    fs::write(folder.path().join("note.xsd"), NOTE.replace("integer", "strin"))?;
    editor.change(uri, 2, [0, 6, 0, 7], "y")?;
    let found = editor.diagnostics(uri, 2)?;
    let message = found[0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("note.xsd:2:27: type `strin` is not declared"), "{message}");
    fs::write(folder.path().join("note.xsd"), NOTE)?;
    editor.change(uri, 3, [0, 6, 0, 7], "3")?;
    assert_eq!(editor.diagnostics(uri, 3)?, [] as [Value; 0]);
    fs::write(folder.path().join("packetcheck.toml"), "nothing")?;
    editor.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }))?;
    let found = editor.diagnostics(uri, 3)?;
    assert!(found[0]["message"].as_str().unwrap_or_default().contains("packetcheck.toml:1:"), "{found:?}");
    editor.quit()
}

#[test]
fn documents_name_their_schemas_where_that_is_allowed() -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("note.xsd"), NOTE)?;
    let text = r#"<note xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="note.xsd">x</note>"#;
    let uri = &uri(folder.path(), "a.xml");
    let mut editor = Editor::start(folder.path(), &["--allow-schema-location"], &["utf-8"])?;
    editor.open(uri, text)?;
    assert_eq!(codes(&editor.diagnostics(uri, 1)?), ["PC0401"]);
    fs::write(folder.path().join("note.xsd"), NOTE.replace("xs:integer", "xs:string"))?;
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }))?;
    assert_eq!(editor.diagnostics(uri, 1)?, [] as [Value; 0]);
    editor.quit()?;
    // Where it is not, nothing is followed.
    let mut editor = Editor::start(folder.path(), &[], &["utf-8"])?;
    editor.open(uri, text)?;
    assert_eq!(editor.diagnostics(uri, 1)?, [] as [Value; 0]);
    editor.quit()
}

#[test]
fn schema_documents_are_checked_as_they_are_in_the_editor() -> Outcome {
    let folder = tempfile::tempdir()?;
    let include =
        NOTE.replace("<xs:element", "<xs:include schemaLocation=\"types.xsd\"/><xs:element").replace("xs:integer", "t");
    fs::write(folder.path().join("note.xsd"), &include)?;
    fs::write(folder.path().join("types.xsd"), NOTE.replace("xs:element name=\"note\" type=\"xs:integer\"/", ""))?;
    let (note, types) = (&uri(folder.path(), "note.xsd"), &uri(folder.path(), "types.xsd"));
    let mut editor = Editor::start(folder.path(), &[], &["utf-8"])?;
    let typed = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:complexType name=\"t\"/></xs:schema>";
    editor.open(types, typed)?;
    assert_eq!(editor.diagnostics(types, 1)?, [] as [Value; 0]);
    editor.open(note, &include)?;
    assert_eq!(editor.diagnostics(note, 1)?, [] as [Value; 0]);
    editor.change(note, 2, [0, 0, 0, 0], "\n\n<!")?;
    assert_eq!(editor.diagnostics(note, 2)?.len(), 1);
    editor.change(note, 3, [0, 0, 2, 2], "")?;
    assert_eq!(editor.diagnostics(note, 3)?, [] as [Value; 0]);
    editor.quit()
}

#[test]
fn messages_in_json_are_checked_and_other_documents_only_as_xml() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut editor = Editor::start(folder.path(), &[], &["utf-8"])?;
    for (name, text, expected) in [
        ("a.json", include_str!("data/sms/broken/cut_in_array.json"), None),
        ("b.json", "{\"name\": 1}", Some(0)),
        ("pom.xml", "<project><a/></project>", Some(0)),
        ("pom2.xml", "<project><a></project>", Some(1)),
        ("empty.xml", "", Some(0)),
        ("untitled", "<packet><migration><x/></migration></packet>", Some(1)),
    ] {
        let uri = &if name == "untitled" { "untitled:Untitled-1".to_owned() } else { uri(folder.path(), name) };
        editor.open(uri, text)?;
        let found = editor.diagnostics(uri, 1)?;
        match expected {
            Some(count) => assert_eq!(found.len(), count, "{name}: {found:?}"),
            None => assert!(!found.is_empty(), "{name}"),
        }
    }
    editor.quit()
}

#[test]
fn what_is_no_message_is_refused_and_the_next_is_read() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut editor = Editor::silent(folder.path(), &[])?;
    let code = |answer: &Value| answer["error"]["code"].as_i64();
    assert_eq!(code(&editor.request_any("textDocument/hover", json!({}))?), Some(-32002));
    editor.notify("textDocument/didOpen", json!({}))?;
    editor.request("initialize", json!({ "capabilities": [] }))?;
    assert_eq!(code(&editor.request_any("initialize", json!({}))?), Some(-32600));
    for body in [&b"{"[..], b"\xFF\xFE", b"[]", b"{\"jsonrpc\":\"2.0\"}", b"null"] {
        editor.send_bytes(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes())?;
        editor.send_bytes(body)?;
        let refused = editor.wait(|message| message["id"].is_null() && message["error"].is_object())?;
        assert_eq!(code(&refused), Some(-32700));
    }
    assert_eq!(code(&editor.request_any("textDocument/unknown", json!({}))?), Some(-32601));
    for params in [json!({}), json!(1), json!({ "textDocument": { "uri": 1 } }), Value::Null] {
        for method in
            ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "$/cancelRequest", "$/x"]
        {
            editor.notify(method, params.clone())?;
        }
    }
    editor.quit()
}

#[test]
fn the_server_ends_with_the_client() -> Outcome {
    let folder = tempfile::tempdir()?;
    // Standard input ends; a message is cut off; `exit` comes without `shutdown`.
    for last in ["", "Content-Length: 100\r\n\r\n{", "hello", "exit"] {
        let mut editor = Editor::start(folder.path(), &["--stdio"], &[])?;
        editor.open(&uri(folder.path(), "a.xml"), PACKET)?;
        match last {
            "exit" => editor.notify("exit", Value::Null)?,
            last => editor.send_bytes(last.as_bytes())?,
        }
        editor.hang_up();
        assert_eq!(editor.end()?.code(), Some(1), "{last}");
    }
    Ok(())
}
