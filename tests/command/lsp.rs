//! What `packetcheck lsp` promises to editors: a client talks to the real server over its standard input and output.

use std::fs;
use std::path::Path;

use packetcheck::PacketKind;
use serde_json::{Value, json};

use crate::support::editor::{Editor, Outcome, capabilities, range_of};

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
fn errors_are_shown_while_typing() -> Outcome {
    let folder = tempfile::tempdir()?;
    let uri = &uri(folder.path(), "request.xml");
    let mut editor = Editor::start(folder.path(), &[], &["utf-16"])?;
    editor.open(uri, PACKET)?;
    assert_eq!(editor.diagnostics(uri, 1)?, [] as [Value; 0]);
    // A tag that has only begun, then a misspelt one, then a right one.
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
    // The diagnostics are removed when the document is closed.
    editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }))?;
    let last = editor.wait(|message| message["method"] == "textDocument/publishDiagnostics")?;
    assert_eq!(last["params"], json!({ "uri": uri, "diagnostics": [] }));
    editor.quit()
}

/// Tests the same place in the units of each encoding.
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

/// The options on the command line apply to every document.
#[test]
fn a_root_that_the_given_schema_does_not_have_is_reported() -> Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("note.xsd"), NOTE)?;
    let uri = &uri(folder.path(), "note.xml");
    let mut editor = Editor::start(folder.path(), &["--schema", "note.xsd"], &["utf-8"])?;
    editor.open(uri, "<notte>1</notte>")?;
    assert_eq!(codes(&editor.diagnostics(uri, 1)?), ["PC0201"]);
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
    // The server runs elsewhere: the configuration is found from the document.
    let elsewhere = tempfile::tempdir()?;
    let mut editor = Editor::start(elsewhere.path(), &[], &["utf-8"])?;
    editor.open(uri, "<note>x</note>")?;
    assert_eq!(codes(&editor.diagnostics(uri, 1)?), ["PC0401"]);
    // A change on disk that the client reports.
    fs::write(folder.path().join("note.xsd"), NOTE.replace("xs:integer", "xs:string "))?;
    editor.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }))?;
    assert_eq!(editor.diagnostics(uri, 1)?, [] as [Value; 0]);
    // A change that nobody reports is noticed at the next keystroke.
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
    // Without the option, no location is followed.
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
    // An error in a document that it includes is reported and shown in that document.
    editor.change(types, 2, [0, 0, 0, 0], "<")?;
    assert_eq!(editor.diagnostics(types, 2)?.len(), 1);
    editor.change(note, 4, [3, 0, 3, 0], " ")?;
    let found = editor.diagnostics(note, 4)?;
    assert_eq!((found.len(), &found[0]["range"]), (1, &range_of([0, 0, 0, 0])));
    assert!(found[0]["message"].as_str().is_some_and(|message| message.contains("types.xsd:1:")), "{found:?}");
    editor.quit()
}

#[test]
fn messages_in_json_are_checked_and_other_documents_only_as_xml() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut editor = Editor::start(folder.path(), &[], &["utf-8"])?;
    for (name, text, expected) in [
        ("a.json", include_str!("../data/sms/broken/cut_in_array.json"), None),
        ("b.json", "{\"name\": 1}", Some(0)),
        ("c.json", "{\"name\": 1,\n  \"a\": }", Some(1)),
        ("d.json", "{\"name\": [1", Some(1)),
        ("untitled:Untitled-2", "{\"name\" 1}", Some(1)),
        ("pom.xml", "<project><a/></project>", Some(0)),
        ("pom2.xml", "<project><a></project>", Some(1)),
        ("empty.xml", "", Some(0)),
        ("untitled", "<packet><migration><x/></migration></packet>", Some(1)),
    ] {
        let uri = &match name {
            "untitled" => "untitled:Untitled-1".to_owned(),
            name if name.starts_with("untitled:") => name.to_owned(),
            name => uri(folder.path(), name),
        };
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
fn invalid_messages_are_refused_and_the_next_is_read() -> Outcome {
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
        assert_eq!(refused["error"]["message"], "expected a message of JSON-RPC");
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

fn labels(completions: &Value) -> Vec<&str> {
    let items = completions["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item["label"].as_str()).collect()
}

/// Applies edits as an editor does, from the last to the first.
fn edited(text: &str, edits: &Value) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let offset = |place: &Value| {
        let number = |name: &str| usize::try_from(place[name].as_u64().unwrap_or_default()).unwrap_or_default();
        lines[..number("line")].iter().map(|line| line.len()).sum::<usize>() + number("character")
    };
    let mut text = text.to_owned();
    for edit in edits.as_array().into_iter().flatten().rev() {
        let range = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
        text.replace_range(range, edit["newText"].as_str().unwrap_or_default());
    }
    text
}

#[test]
fn completions_are_in_the_order_of_the_schema() -> Outcome {
    let folder = tempfile::tempdir()?;
    let uri = &uri(folder.path(), "request.xml");
    let mut editor = Editor::start(folder.path(), &[], &["utf-8"])?;
    editor.open(uri, "<packet>\n  <migration>\n    <\n  </migration>\n</packet>\n")?;
    let offered = editor.at("textDocument/completion", uri, 2, 5)?;
    let names = labels(&offered);
    assert!(names.contains(&"check") && !names.contains(&"/migration"), "{names:?}");
    let sorted: Vec<_> =
        offered["items"].as_array().into_iter().flatten().map(|item| item["sortText"].to_string()).collect();
    assert!(sorted.is_sorted());
    let get = &offered["items"][names.iter().position(|name| *name == "get_status").ok_or("no get_status")?];
    assert_eq!(get["textEdit"], json!({ "range": range_of([2, 5, 2, 5]), "newText": "get_status>$0</get_status>" }));
    assert_eq!(get["documentation"]["kind"], "markdown");
    // The accepted completion is in the text when the next one is requested.
    editor.change(uri, 2, [2, 5, 2, 5], "get_status></get_status>")?;
    assert_eq!(labels(&editor.at("textDocument/completion", uri, 2, 16)?), ["migration_id"]);
    // A blank between tags does not request completions; one inside a tag does.
    let asked = |line: u32, character: u32| {
        let position = json!({ "line": line, "character": character });
        let context = json!({ "triggerKind": 2, "triggerCharacter": " " });
        json!({ "textDocument": { "uri": uri }, "position": position, "context": context })
    };
    assert!(labels(&editor.request("textDocument/completion", asked(2, 2))?).is_empty());
    editor.change(uri, 3, [0, 7, 0, 7], " ")?;
    assert_eq!(labels(&editor.request("textDocument/completion", asked(0, 8))?), ["version"]);
    editor.quit()
}

#[test]
fn clients_that_can_do_little_get_plain_text() -> Outcome {
    let folder = tempfile::tempdir()?;
    let uri = &uri(folder.path(), "request.xml");
    let mut editor = Editor::silent(folder.path(), &[])?;
    editor.request("initialize", json!({ "capabilities": {} }))?;
    editor.open(uri, "<packet><migration><")?;
    let offered = editor.at("textDocument/completion", uri, 0, 20)?;
    let item = &offered["items"][0];
    assert_eq!((&item["insertTextFormat"], &item["textEdit"]["newText"]), (&json!(1), &item["label"]));
    let symbols = editor.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }))?;
    assert_eq!(symbols[1]["location"]["range"], range_of([0, 8, 0, 20]));
    let hover = editor.at("textDocument/hover", uri, 0, 10)?;
    assert_eq!(hover["contents"]["kind"], "plaintext");
    editor.quit()
}

#[test]
fn the_schema_explains_what_is_there() -> Outcome {
    let folder = tempfile::tempdir()?;
    let packet = &uri(folder.path(), "request.xml");
    let mut editor = Editor::start(folder.path(), &[], &["utf-16"])?;
    editor.open(packet, PACKET)?;
    let hover = editor.at("textDocument/hover", packet, 2, 6)?;
    let value = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(value.starts_with("element `check`") && value.lines().count() > 2, "{value}");
    assert_eq!(hover["range"], range_of([2, 5, 2, 10]));
    assert_eq!(editor.at("textDocument/hover", packet, 1, 0)?, Value::Null);
    // The schema is built in: the editor gets a file with it, which stays when the server ends.
    let found = editor.at("textDocument/definition", packet, 2, 6)?;
    let path = found["uri"].as_str().and_then(|uri| uri.strip_prefix("file://")).ok_or("no file")?.to_owned();
    let text = fs::read_to_string(&path)?;
    let line = usize::try_from(found["range"]["start"]["line"].as_u64().unwrap_or_default())?;
    assert!(text.lines().nth(line).is_some_and(|line| line.contains("<xs:element name=\"check\"")), "{found}");
    editor.quit()?;
    assert!(Path::new(&path).exists());
    // If the schema is a file, the editor gets that file.
    fs::write(folder.path().join("note.xsd"), NOTE)?;
    let note = &uri(folder.path(), "note.xml");
    let mut editor = Editor::start(folder.path(), &["--schema", "note.xsd"], &["utf-16"])?;
    editor.open(note, "<note>1</note>")?;
    let found = editor.at("textDocument/definition", note, 0, 3)?;
    assert_eq!(found, json!({ "uri": uri(folder.path(), "note.xsd"), "range": range_of([1, 2, 1, 2]) }));
    assert_eq!(
        editor.at("textDocument/hover", note, 0, 6)?["contents"]["value"],
        "element `note` of type `integer`\n\nan integer"
    );
    editor.quit()
}

#[test]
fn documents_are_formatted_as_the_command_does() -> Outcome {
    let folder = tempfile::tempdir()?;
    let uri = &uri(folder.path(), "request.xml");
    let mut editor = Editor::start(folder.path(), &[], &["utf-8"])?;
    let text = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><packet>\n<migration>\n\n\n   <!-- \u{1F600} --><check/></migration></packet>";
    editor.open(uri, text)?;
    let asked =
        |spaces: bool| json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 4, "insertSpaces": spaces } });
    let edits = editor.request("textDocument/formatting", asked(true))?;
    assert!(edits.as_array().is_some_and(|edits| edits.len() > 3), "only what changes is an edit: {edits}");
    let (head, body) = ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n", "<!-- \u{1F600} -->");
    let expected =
        format!("{head}<packet>\n    <migration>\n\n        {body}\n        <check/>\n    </migration>\n</packet>\n");
    let formatted = edited(text, &edits);
    assert_eq!(formatted.replace("\n\n", "\n"), expected.replace("\n\n", "\n"));
    editor.change(uri, 2, [0, 0, 99, 0], &formatted)?;
    assert_eq!(editor.request("textDocument/formatting", asked(true))?, json!([]));
    let tabs = edited(&formatted, &editor.request("textDocument/formatting", asked(false))?);
    assert!(tabs.contains("\n\t\t<check/>\n\t</migration>"), "{tabs}");
    // A malformed document is not formatted, and no error disturbs a user who saves it.
    editor.change(uri, 3, [0, 0, 99, 0], "<a><b></a>")?;
    assert_eq!(editor.request("textDocument/formatting", asked(true))?, Value::Null);
    editor.quit()
}

#[test]
fn symbols_are_a_tree() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (xml, json_uri) = (&uri(folder.path(), "a.xml"), &uri(folder.path(), "a.json"));
    let mut editor = Editor::start(folder.path(), &[], &["utf-8"])?;
    let asked = |uri: &str| json!({ "textDocument": { "uri": uri } });
    editor.open(xml, "<a>\n<b id='1'><c/></b><b><d>\n")?;
    let names = |tree: &Value| -> String {
        fn add(tree: &Value, names: &mut String) {
            for symbol in tree.as_array().into_iter().flatten() {
                names.push_str(&format!(
                    "{}{}(",
                    symbol["name"].as_str().unwrap_or_default(),
                    symbol["detail"].as_str().unwrap_or_default()
                ));
                add(&symbol["children"], names);
                names.push(')');
            }
        }
        let mut names = String::new();
        add(tree, &mut names);
        names
    };
    let tree = editor.request("textDocument/documentSymbol", asked(xml))?;
    assert_eq!(names(&tree), "a(b1(c())b(d()))");
    assert_eq!(tree[0]["children"][0]["range"], range_of([1, 0, 1, 18]));
    assert_eq!(tree[0]["children"][0]["selectionRange"], range_of([1, 1, 1, 2]));
    editor.open(json_uri, "{\"a\": {\"b\": [{\"c\": 1}], \"\": 2}, \"d\": ")?;
    let tree = editor.request("textDocument/documentSymbol", asked(json_uri))?;
    assert_eq!(names(&tree), "a(b(c())\"\"())");
    assert_eq!((&tree[0]["kind"], &tree[0]["children"][0]["kind"]), (&json!(19), &json!(18)));
    editor.quit()
}

/// A request that has not been answered yet is canceled; later ones are answered.
#[test]
fn requests_are_answered_or_canceled() -> Outcome {
    let folder = tempfile::tempdir()?;
    let uri = &uri(folder.path(), "a.xml");
    let mut editor = Editor::start(folder.path(), &[], &["utf-8"])?;
    let text = format!("<packet><migration>{}</migration></packet>", "<check/>\n".repeat(5_000));
    editor.open(uri, &text)?;
    let asked = json!({ "textDocument": { "uri": uri } });
    let ids = [0; 12].map(|_| editor.ask("textDocument/documentSymbol", asked.clone()));
    let ids = ids.into_iter().collect::<Result<Vec<_>, _>>()?;
    for id in &ids[6..] {
        editor.notify("$/cancelRequest", json!({ "id": id }))?;
    }
    let mut canceled = 0;
    for id in &ids {
        let answer = editor.wait(|message| message["id"] == *id && message.get("method").is_none())?;
        match answer["error"]["code"].as_i64() {
            Some(-32800) => canceled += 1,
            None => assert!(answer["result"].is_array()),
            Some(code) => return Err(format!("{code}").into()),
        }
    }
    assert!(canceled > 0);
    editor.quit()
}

#[test]
fn errors_are_fixed() -> Outcome {
    let folder = tempfile::tempdir()?;
    let uri = &uri(folder.path(), "request.xml");
    let mut editor = Editor::start(folder.path(), &[], &["utf-8"])?;
    let text = PACKET.replace("check", "chekc").replace("migration>", "Migration>");
    editor.open(uri, &text)?;
    let found = editor.diagnostics(uri, 1)?;
    assert!(found.len() > 1, "{found:?}");
    let asked = |range: [u32; 4], only: Value| json!({ "textDocument": { "uri": uri }, "range": range_of(range), "context": { "diagnostics": [], "only": only } });
    let actions = editor.request("textDocument/codeAction", asked([2, 6, 2, 6], Value::Null))?;
    let [action] = actions.as_array().map(Vec::as_slice).unwrap_or_default() else {
        return Err(actions.to_string().into());
    };
    assert_eq!(
        (&action["title"], &action["kind"], &action["isPreferred"]),
        (&json!("write `check`"), &json!("quickfix"), &json!(true))
    );
    assert_eq!(action["diagnostics"][0]["code"], "PC0204");
    assert_eq!(edited(&text, &action["edit"]["changes"][uri]), text.replace("chekc", "check"));
    // There are no actions if there is no error, and no actions of other kinds than requested.
    assert_eq!(editor.request("textDocument/codeAction", asked([4, 2, 4, 2], Value::Null))?, json!([]));
    assert_eq!(editor.request("textDocument/codeAction", asked([2, 6, 2, 6], json!(["refactor"])))?, json!([]));
    // Everything at once, as editors do on saving.
    let actions = editor.request("textDocument/codeAction", asked([0, 0, 0, 0], json!(["source"])))?;
    assert_eq!(actions[0]["kind"], "source.fixAll");
    let mended = edited(&text, &actions[0]["edit"]["changes"][uri]);
    assert_eq!(mended, PACKET);
    editor.change(uri, 2, [0, 0, 99, 0], &mended)?;
    assert_eq!(editor.diagnostics(uri, 2)?, [] as [Value; 0]);
    editor.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }))?;
    assert_eq!(editor.diagnostics(uri, 2)?, [] as [Value; 0]);
    assert_eq!(editor.request("textDocument/codeAction", asked([0, 0, 4, 0], json!(["source.fixAll"])))?, json!([]));
    editor.quit()
}
