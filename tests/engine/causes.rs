//! One cause, one error, with its own message: input for the wrong command, omissions, and features of a later version.

use packetcheck::diagnostic::{Report, render};
use packetcheck::plesk::SelectedObjects;
use packetcheck::{EncodeError, Layout, PacketKind, Schema};

fn said(report: &Report) -> Vec<(&str, &str)> {
    report.diagnostics.iter().map(|found| (found.code.as_str(), found.message.as_str())).collect()
}

/// The report on values that are to be encoded.
fn refused(kind: PacketKind, values: &[u8]) -> Report {
    let values = match kind.encode(values, &Layout::default()).expect_err("they are no such values") {
        EncodeError::Values(error) => error.report().cloned(),
        EncodeError::Packet(_) => None,
    };
    values.expect("the values are wrong, at their places")
}

#[test]
fn xml_in_place_of_values_is_called_xml() {
    for kind in [PacketKind::PleskRequest, PacketKind::SmsTask, PacketKind::DataWorksResponse] {
        let report = refused(kind, b"\n<packet/>");
        let (_, message) = said(&report)[0];
        assert!(message.contains("found the beginning of XML"), "{message}");
        assert_eq!(report.diagnostics[0].help.as_deref(), Some("write the values as JSON"));
        assert_eq!(report.errors, 1, "{report:#?}");
    }
    let schema =
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:int"/></xs:schema>"#;
    let schema = Schema::from_documents(&[("a.xsd", schema)]).expect("it is one");
    let error = schema.encode_from_json(b"<a>1</a>").expect_err("it is no JSON").to_string();
    assert!(error.contains("found the beginning of XML"), "{error}");
    let error = schema.encode_from_json(b"{\"a\": <1}").expect_err("it is no JSON").to_string();
    assert!(!error.contains("XML"), "{error}");
}

#[test]
fn values_of_another_kind_are_one_error() {
    let task = include_bytes!("../data/sms/documentation/show_task.json");
    for kind in [PacketKind::SmsProgress, PacketKind::PleskRequest] {
        let report = refused(kind, task);
        assert_eq!(report.errors, 1, "{report:#?}");
        let (code, message) = said(&report)[0];
        assert!(code == "PC0902" && message.contains("found one of `sms-task`"), "{message}");
    }
    // Its own members show the kind, whatever is wrong with them.
    let report = refused(PacketKind::SmsProgress, br#"{"subtask_name": 1, "progress": "x"}"#);
    assert!(said(&report).iter().all(|(code, _)| *code != "PC0902"), "{report:#?}");
}

#[test]
fn all_missing_elements_of_values_are_reported() {
    let values =
        br#"{"packet": {"$value": [{"migration": {"$value": [{"start": {"login": "l"}}, {"get_status": {}}]}}]}}"#;
    let report = refused(PacketKind::PleskRequest, values);
    let missing: Vec<(&str, &str)> =
        said(&report).into_iter().filter(|(_, message)| message.starts_with("missing required")).collect();
    let expected = [
        ("PC0203", "missing required element `host` before `login`"),
        (
            "PC0203",
            "missing required elements `password`, `destination-host-directory` and `selected-objects` in `start`",
        ),
        ("PC0203", "missing required element `migration_id` in `get_status`"),
    ];
    assert_eq!(missing, expected, "{report:#?}");
    assert_eq!(report.errors, expected.len(), "{report:#?}");
}

/// The report on the content of an element `r`: code, place and words of each error.
fn said_of_content(content_model: &str, content: &str) -> Vec<String> {
    let text = format!(
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType>{content_model}
           </xs:complexType></xs:element></xs:schema>"#
    );
    let schema = Schema::from_documents(&[("r.xsd", &text)]).expect("is right");
    let report = schema.explain(format!("<r>{content}</r>").as_bytes());
    let at = |found: &packetcheck::diagnostic::Diagnostic| format!("{} {:?} {}", found.code, found.span, found.message);
    report.diagnostics.iter().map(at).collect()
}

#[test]
fn a_child_that_is_missing_several_times_may_come_late_several_times() {
    let content_model =
        r#"<xs:sequence><xs:element name="a" minOccurs="3" maxOccurs="3"/><xs:element name="b"/></xs:sequence>"#;
    let (early, late) = ("expected `a` before `b`, found it after", "expected at least 3 `a` before `b`, found");
    for (content, expected) in [
        ("<b/>", vec![format!("PC0203 3..7 {late} none")]),
        ("<b/><a/>", vec![format!("PC0203 3..7 {late} 1"), format!("PC0206 7..11 {early}")]),
        ("<b/><a/><a/>", vec![format!("PC0203 3..7 {late} 2"), format!("PC0206 7..11 {early}")]),
        ("<b/><a/><a/><a/>", vec![format!("PC0206 7..11 {early}")]),
        (
            "<b/><a/><a/><a/><a/>",
            vec![format!("PC0206 7..11 {early}"), "PC0205 19..23 expected at most 3 `a` in `r`, found another".into()],
        ),
        ("<a/><b/><a/>", vec![format!("PC0203 7..11 {late} 2"), format!("PC0206 11..15 {early}")]),
        ("<a/><b/><a/><a/>", vec![format!("PC0206 11..15 {early}")]),
    ] {
        assert_eq!(said_of_content(content_model, content), expected, "{content}");
    }
}

#[test]
fn a_misspelt_child_that_is_allowed_is_not_the_one_that_was_missing() {
    let content_model =
        r#"<xs:sequence maxOccurs="unbounded"><xs:element name="name"/><xs:element name="value"/></xs:sequence>"#;
    let missing = "PC0203 3..11 missing required element `name` before `value`";
    for (content, expected) in [
        ("<value/><name/><value/>", vec![missing]),
        ("<value/><nam/><value/>", vec![missing, "PC0204 11..17 expected `name`, found `nam`"]),
    ] {
        assert_eq!(said_of_content(content_model, content), expected, "{content}");
    }
}

#[test]
fn all_missing_members_are_reported() {
    let values =
        br#"{"migrate-webspaces": [{"target-owner": 1, "webspace": [{"db-server": [{"old": {"host": "h"}}]}]}]}"#;
    let error = SelectedObjects::decode_json(values).expect_err("members are missing");
    let report = error.report().expect("each has a place");
    let missing: Vec<&str> = said(report)
        .iter()
        .filter(|(code, _)| *code == "PC0711")
        .filter_map(|(_, message)| message.strip_prefix("missing required member "))
        .collect();
    let expected = ["`port` of `old`", "`type` of `old`", "`new` of `db-server`", "`name` of `webspace`"];
    assert_eq!(missing, expected, "{report:#?}");
    assert_eq!(report.errors, expected.len() + 1, "{report:#?}");
}

#[test]
fn white_space_is_not_an_identifier() {
    let packet = |id: &str| {
        format!(
            "<packet><migration><get_status><migration_id>{id}</migration_id></get_status><finish><migration_id>{id}</migration_id></finish></migration></packet>"
        )
    };
    let said = "expected an identifier in `migration_id`, found none";
    let report = PacketKind::PleskRequest.explain(packet("").as_bytes());
    assert_eq!((report.errors, report.warnings), (0, 2), "{report:#?}");
    assert!(report.diagnostics[0].message.starts_with(said));
    // In an answer, white space alone is not an identifier either. (In a request it is allowed, as in the vendor's
    // schema: checking it would cost every request the fast path.)
    for id in ["", " ", "\n\t"] {
        let answer = format!(
            "<packet><migration><start><result><status>ok</status><migration_id>{id}</migration_id></result></start></migration></packet>"
        );
        let report = PacketKind::PleskResponse.explain(answer.as_bytes());
        assert_eq!((report.errors, report.warnings), (0, 1), "{report:#?}");
        assert!(report.diagnostics[0].message.starts_with(said));
    }
    let report = PacketKind::PleskRequest.explain(packet(" 1 ").as_bytes());
    assert!(report.diagnostics.is_empty(), "{report:#?}");
}

#[test]
fn a_missing_start_tag_is_one_error() {
    let answer = "<packet><migration><get_status><result><status>ok</status><migration_status><migration-stage>s\
                  </migration-stage></migration_status></result></get_status></migration></packet>";
    let before = PacketKind::PleskResponse.explain(answer.as_bytes());
    let broken = answer.replace("<status>", "");
    let report = PacketKind::PleskResponse.explain(broken.as_bytes());
    let first = said(&report).first().copied();
    assert_eq!(first, Some(("PC0123", "expected `<status>` before the text, found only `</status>` after it")));
    assert_eq!(report.errors, before.errors + 1, "{report:#?}");
    assert_eq!(report.diagnostics[0].path, "/packet/migration/get_status/result");
    assert!(report.diagnostics[1..].iter().all(|found| found.path.starts_with("/packet/migration/get_status/result/")));
    // If the element is not allowed, text and tag are reported as such.
    let report = PacketKind::PleskResponse.explain(answer.replace("</result>", "x</status></result>").as_bytes());
    assert!(said(&report).iter().any(|(_, message)| message.contains("found `</status>`")), "{report:#?}");
    // The text may be a secret.
    let request = "<packet><migration><start><host>h</host><login>l</login>Zq</password></start></migration></packet>";
    let report = PacketKind::PleskRequest.explain(request.as_bytes());
    let drawn = render::text::diagnostics("-", request.as_bytes(), &report.diagnostics, false);
    assert!(drawn.contains("expected `<password>`") && !drawn.contains("Zq"), "{drawn}");
}

#[test]
fn a_document_that_cannot_be_decoded_is_not_drawn_as_asterisks() {
    let wide: Vec<u8> = "<packet/>".chars().flat_map(|character| (character as u32).to_be_bytes()).collect();
    let report = PacketKind::PleskRequest.explain(&wide);
    let drawn = render::text::diagnostics("-", &wide, &report.diagnostics, false);
    assert!(drawn.contains("`UTF-32`") && !drawn.contains('*'), "{drawn}");
}

/// Each is valid as XSD 1.1, and has one error as XSD 1.0.
#[test]
fn constructs_of_xsd_1_1_are_one_error_each() {
    let complex = |inner: &str| format!("<xs:element name='r'><xs:complexType>{inner}</xs:complexType></xs:element>");
    let date = |facet: &str| {
        format!("<xs:simpleType name='t'><xs:restriction base='xs:date'>{facet}</xs:restriction></xs:simpleType>")
    };
    let cases: Vec<(&str, String)> = vec![
        ("xs:assert", complex("<xs:sequence/><xs:assert test='1'/>")),
        ("xs:assert", complex("<xs:assert test='1'/>")),
        ("xs:alternative", "<xs:element name='r' type='xs:int'><xs:alternative test='1' type='xs:int'/></xs:element>".into()),
        ("xs:override", "<xs:override schemaLocation='b.xsd'/>".into()),
        ("xs:openContent", complex("<xs:openContent><xs:any/></xs:openContent><xs:sequence/>")),
        ("xs:openContent", complex("<xs:openContent mode='none'/>")),
        ("xs:defaultOpenContent", "<xs:defaultOpenContent><xs:any/></xs:defaultOpenContent>".into()),
        ("error", "<xs:element name='r' type='xs:error'/>".into()),
        ("dateTimeStamp", "<xs:element name='r' type='xs:dateTimeStamp'/>".into()),
        ("dateTimeStamp", "<xs:simpleType name='t'><xs:list itemType='xs:dateTimeStamp'/></xs:simpleType>".into()),
        ("dayTimeDuration", "<xs:simpleType name='t'><xs:restriction base='xs:dayTimeDuration'/></xs:simpleType>".into()),
        ("anyAtomicType", "<xs:element name='r' type='xs:anyAtomicType'/>".into()),
        ("xs:explicitTimezone", date("<xs:explicitTimezone value='required'/>")),
        ("xs:assertion", date("<xs:assertion test='1'/>")),
        ("targetNamespace", complex("<xs:sequence><xs:element name='a' targetNamespace='urn:b'/></xs:sequence>")),
        ("targetNamespace", complex("<xs:attribute name='a' targetNamespace='urn:b'/>")),
        ("notNamespace", complex("<xs:sequence><xs:any notNamespace='urn:b'/></xs:sequence>")),
        ("notQName", complex("<xs:sequence><xs:any notQName='a'/></xs:sequence>")),
        ("notQName", complex("<xs:anyAttribute notQName='a'/>")),
        ("inheritable", complex("<xs:attribute name='a' inheritable='true'/>")),
        ("defaultAttributesApply", "<xs:complexType name='t' defaultAttributesApply='false'/>".into()),
        ("xs:any", complex("<xs:all><xs:any/></xs:all>")),
        ("xs:group", complex("<xs:all><xs:group ref='g'/></xs:all>") + "<xs:group name='g'><xs:sequence/></xs:group>"),
        ("xs:all", complex("<xs:all><xs:element name='a' maxOccurs='2'/></xs:all>")),
        (
            "xs:all",
            "<xs:complexType name='t'><xs:all><xs:element name='a'/></xs:all></xs:complexType><xs:complexType name='u'>\
             <xs:complexContent><xs:extension base='t'><xs:all><xs:element name='b'/></xs:all></xs:extension>\
             </xs:complexContent></xs:complexType>"
                .into(),
        ),
        (
            "substitutionGroup",
            "<xs:element name='a'/><xs:element name='b'/><xs:element name='c' substitutionGroup='a b'/>".into(),
        ),
        ("ref", complex("").replace("</xs:element>", "<xs:key ref='k'/></xs:element>")),
        (
            "xpathDefaultNamespace",
            complex("").replace(
                "</xs:element>",
                "<xs:key name='k'><xs:selector xpath='a' xpathDefaultNamespace='##local'/><xs:field xpath='b'/></xs:key></xs:element>",
            ),
        ),
    ];
    let schema = |attributes: &str, text: &str| {
        format!("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' {attributes}>{text}</xs:schema>")
    };
    let mut documents: Vec<(&str, String)> = cases.into_iter().map(|(name, text)| (name, schema("", &text))).collect();
    documents.push(("defaultAttributes", schema("defaultAttributes='g'", "<xs:attributeGroup name='g'/>")));
    documents.push(("xpathDefaultNamespace", schema("xpathDefaultNamespace='##local'", "")));
    for (name, document) in documents {
        let error = Schema::from_documents(&[("a.xsd", &document)]).expect_err(&document);
        let messages: Vec<_> = error.files().iter().flat_map(|file| said(file.report())).collect();
        assert_eq!(messages.len(), 1, "{document}\n{messages:#?}");
        let (_, message) = messages[0];
        assert!(message.contains(&format!("`{name}`")), "{document}\n{message}");
        assert!(message.contains("XSD 1.1, and schemas are read as XSD 1.0"), "{document}\n{message}");
    }
}

/// What wildcards allow, and prefixes, have names in the document but not in the schema.
#[test]
fn names_that_a_schema_does_not_have_are_those_of_the_document() {
    let other = |least: &str| {
        format!("<xs:any namespace='##other' processContents='skip' minOccurs='{least}' maxOccurs='unbounded'/>")
    };
    let (a, z) = ("<xs:element name='a' maxOccurs='9'/>", "<xs:element name='z' minOccurs='0'/>");
    let cases = [
        // The element that comes too early was matched by a wildcard, and so was the one that comes too late.
        (
            format!("{a}{}", other("0")),
            "",
            "<r><x:q xmlns:x='urn:x'/><a/></r>",
            ("PC0206", "expected `a` before `q`, found it after", "move `a` before `q`"),
        ),
        (
            format!("{}{z}", other("0")),
            "",
            "<r><z/><x:q xmlns:x='urn:x'/></r>",
            ("PC0206", "expected `q` before `z`, found it after", "move `q` before `z`"),
        ),
        // The prefix `p` is taken.
        (
            String::new(),
            "<xs:attribute name='v' use='required' form='qualified'/><xs:anyAttribute namespace='urn:z' processContents='skip'/>",
            "<s xmlns='urn:a' xmlns:p='urn:z' p:w='2' v='1'/>",
            (
                "PC0302",
                "expected `v` in namespace `urn:a`, found `v` in no namespace",
                "write `q:v`, and declare `xmlns:q=\"urn:a\"`",
            ),
        ),
    ];
    for (children, attributes, document, (code, message, help)) in cases {
        let root = &document[1..2];
        let schema = format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:a'><xs:element name='{root}'><xs:complexType>\
             <xs:sequence>{children}</xs:sequence>{attributes}</xs:complexType></xs:element></xs:schema>"
        );
        let schema = Schema::from_documents(&[("a.xsd", &schema)]).expect("it is one");
        let document = document.replace("<r", "<a:r xmlns:a='urn:a'").replace("</r>", "</a:r>");
        let report = schema.explain(document.as_bytes());
        assert_eq!(said(&report), [(code, message)], "{document}");
        assert_eq!(report.diagnostics[0].help.as_deref(), Some(help), "{document}");
    }
}

#[test]
fn an_object_in_place_of_a_value_is_one_error() {
    let schema = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='r'><xs:complexType><xs:sequence>\
        <xs:element name='v' type='xs:int' minOccurs='0' maxOccurs='9'/><xs:element name='w' type='xs:int'/></xs:sequence></xs:complexType></xs:element></xs:schema>";
    let schema = Schema::from_documents(&[("a.xsd", schema)]).expect("it is one");
    for json in [r#"{"r":{"w":{"x":1}}}"#, r#"{"r":{"v":[1,{"x":{"y":1}},2],"w":1}}"#] {
        let error = schema.encode_from_json(json.as_bytes()).expect_err(json);
        let report = error.report().expect("it is about the values");
        assert_eq!(said(report), [("PC0712", "expected a number, found an object")], "{json}");
    }
    assert!(schema.encode_from_json(br#"{"r":{"w":{"$text":1}}}"#).is_ok());
}

#[test]
fn a_misspelled_namespace_of_xsd_is_named() {
    let schema = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:x='http://www.w3.org/2001/XMLSchema/'>\
        <xs:element name='r' type='x:string'/></xs:schema>";
    let error = Schema::from_documents(&[("a.xsd", schema)]).expect_err("the prefix means nothing");
    let messages: Vec<_> = error.files().iter().flat_map(|file| said(file.report())).collect();
    let message = "`x:string` is in namespace `http://www.w3.org/2001/XMLSchema/`; did you mean `http://www.w3.org/2001/XMLSchema`?";
    assert_eq!(messages, [("PC1011", message)]);
}

#[test]
fn single_quotes_in_json_are_one_error() {
    for text in ["{'error_code': 'SMS.0001', 'error_msg': 'b'}", "{\"error_code\": 'SMS.0001', \"error_msg\": 'b'}"] {
        let report = PacketKind::SmsTask.explain(text.as_bytes());
        let (code, message) = said(&report)[0];
        assert!(code == "PC0701" && message.ends_with("found `'`"), "{message}");
        assert_eq!(report.errors, 1, "{report}");
    }
}
