//! Requests made from named values: every template of every kind makes a valid packet, and reports what is missing.
#![cfg(feature = "http")]
#![allow(clippy::panic, reason = "a test says what it misses by it")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use packetcheck::operation::{Parameter, ParameterForm, Presence, Template, TemplateError, Values};
use packetcheck::{Limits, PacketKind};
use serde_json::json;

fn templates() -> impl Iterator<Item = (PacketKind, &'static Template)> {
    let of_kind = |kind: PacketKind| kind.templates().iter().map(move |template| (kind, template));
    PacketKind::ALL.into_iter().flat_map(of_kind)
}

/// Values that a parameter may have.
fn samples(parameter: &Parameter) -> Vec<String> {
    let sample = match (parameter.form, parameter.name) {
        (ParameterForm::Choice(choices), _) => return choices.iter().map(|choice| (*choice).to_owned()).collect(),
        (ParameterForm::Document, _) => return vec![objects("migrate-resellers"), objects("migrate-customers")],
        (_, "ip") => "192.0.2.1=198.51.100.7",
        (_, "db-server") => "mysql:localhost:3306=mysql:db.example.com:3306",
        (_, "with") => "Trace=1",
        (_, "timestamp") => "2024-05-01T12:00:00Z",
        (_, "signature-method") => "HMAC-SHA1",
        (_, "signature-version") => "1.0",
        (_, "setting") => "name=value",
        (_, "packet-version") => "1.6.9.0",
        (ParameterForm::Checked(_), _) => "7",
        (ParameterForm::Flag, _) => "",
        _ => "value",
    };
    vec![sample.to_owned()]
}

/// Resellers or customers with all possible parts.
fn objects(kind: &str) -> String {
    let address = |address: &str| json!({"ip-type": "shared", "ip-address": address});
    let ip = json!({"old": address("192.0.2.1"), "new": address("192.0.2.2")});
    let server = |host: &str| json!({"host": host, "port": "3306", "type": "mysql"});
    let servers = json!([{"old": server("localhost"), "new": server("db.example.com")}]);
    let webspace = json!([{"name": "example.com", "ip": ip, "db-server": servers}]);
    let customer = json!([{"name": "ada", "ip": [ip], "webspace": webspace}]);
    match kind {
        "migrate-customers" => json!({kind: {"target-owner": "admin", "customer": customer}}),
        _ => json!({kind: {"reseller": [{"name": "bob", "ip": [ip], "customer": customer, "webspace": webspace}]}}),
    }
    .to_string()
}

fn excludes(parameter: &Parameter, other: &Parameter) -> bool {
    let alternatives = [parameter, other].map(|parameter| parameter.presence == Presence::OneOf);
    let names = |one: &Parameter, two: &Parameter| one.excludes.contains(&two.name);
    alternatives == [true; 2] || names(parameter, other) || names(other, parameter)
}

/// Values for as many parameters as are allowed together, always including `certain` and all that it requires, for each
/// sample of `certain`.
fn values_with(template: &Template, certain: &Parameter) -> Vec<Values> {
    let required = template.parameters().filter(|parameter| certain.requires.contains(&parameter.name));
    let mut chosen: Vec<&Parameter> = vec![certain];
    for parameter in required.chain(template.parameters()) {
        let is_new = chosen.iter().all(|other| other.name != parameter.name && !excludes(parameter, other));
        let needed = |name: &&str| template.parameters().find(|parameter| parameter.name == *name);
        let is_possible = |other: &'static Parameter| chosen.iter().all(|chosen| !excludes(other, chosen));
        if is_new && parameter.requires.iter().filter_map(needed).all(is_possible) {
            chosen.push(parameter);
        }
    }
    let others = chosen
        .into_iter()
        .skip(1)
        .fold(Values::new(), |values, parameter| values.with(parameter.name, samples(parameter).swap_remove(0)));
    samples(certain).into_iter().map(|sample| others.clone().with(certain.name, sample)).collect()
}

#[test]
fn generated_drafts_are_valid() {
    let mut made = 0;
    for (kind, template) in templates() {
        for values in template.parameters().flat_map(|parameter| values_with(template, parameter)) {
            let draft = template.make(&values, Some("service.example.com"));
            let draft = draft.unwrap_or_else(|error| panic!("{}: {error}: {values:?}", template.name));
            assert_eq!(draft.body.is_empty(), !template.has_body);
            if template.has_body {
                let report = kind.explain(&draft.body);
                assert!(report.is_valid(), "{}: {report:?}", template.name);
            }
            let request = draft.request.expect("there is an endpoint");
            let wire = packetcheck::http::write_request(&request).expect("it can be written");
            let report = kind.explain_limited(&wire, &Limits::default());
            assert!(report.is_valid(), "{}: {report:?}", template.name);
            made += 1;
        }
    }
    assert!(made > 40, "{made}");
}

#[test]
fn missing_and_wrong_parameters_are_named() {
    for (_, template) in templates() {
        let names: Vec<&str> = template.parameters().map(|parameter| parameter.name).collect();
        for (position, parameter) in template.parameters().enumerate() {
            assert!(!names[..position].contains(&parameter.name), "{} twice", parameter.name);
            let others = parameter.requires.iter().chain(parameter.excludes);
            assert!(others.clone().all(|name| names.contains(name)), "{}", parameter.name);
        }
        let unknown = template.make(&Values::new().with("nothing", ""), None);
        assert!(matches!(unknown, Err(TemplateError::Unknown(name)) if name == "nothing"));
        let is_needed = template.parameters().any(|parameter| parameter.presence == Presence::Required);
        assert_eq!(matches!(template.make(&Values::new(), None), Err(TemplateError::Missing(_))), is_needed);
    }
    let start = PacketKind::PleskRequest.template("start").expect("an operation");
    let values = Values::new().with("host", "h").with("login", "admin").with("password", "Zq9");
    let said = |values: Values| match start.make(&values, None) {
        Ok(_) => "nothing".to_owned(),
        Err(error) => error.to_string(),
    };
    let two = values.clone().with("reseller", "a").with("objects", "{}");
    for (values, words) in [
        (values.clone(), "missing `reseller`, or `customer`, or `webspace`, or `objects`"),
        (two, "objects: cannot be combined with `reseller`"),
        (values.clone().with("customer", "a"), "missing `target-owner`"),
        (
            values.clone().with("reseller", "a").with("target-owner", "b"),
            "target-owner: cannot be combined with `reseller`",
        ),
        (values.clone().with("reseller", "a").with("only", "b"), "only: expected one of `hosting`, `mail`, found `b`"),
        (values.clone().with("reseller", "a").with("host", "b"), "host: expected one value, found several"),
    ] {
        assert_eq!(said(values), words);
    }
    assert_eq!(said(Values::new()), "missing `host`, `login` and `password`");
    let check = PacketKind::PleskRequest.template("check").expect("an operation");
    let error = check.make(&Values::new(), Some("h")).map(drop).map_err(|error| error.to_string());
    assert_eq!(error, Err("missing `auth-login` and `auth-password`, or `auth-key`".to_owned()));
}

#[test]
fn values_are_not_shown() {
    let values = Values::new().with("password", "Zq9");
    assert_eq!(format!("{values:?}"), r#"["password"]"#);
}

/// Each element and attribute of a request, by its path, according to the schema.
fn paths_of_schema() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/plesk");
    let texts = ["request.xsd", "migration_input.xsd", "common.xsd"]
        .map(|name| std::fs::read_to_string(folder.join(name)).expect("a schema document"));
    let documents = texts.each_ref().map(|text| roxmltree::Document::parse(text).expect("it is XML"));
    let mut types = BTreeMap::new();
    for node in documents.iter().flat_map(|document| document.descendants()) {
        if let (Some(name), "complexType") = (node.attribute("name"), node.tag_name().name()) {
            types.insert(name, node);
        }
    }
    let (mut paths, mut open) = (BTreeSet::new(), vec![("/packet".to_owned(), types["RequestPacket"])]);
    while let Some((path, complex_type)) = open.pop() {
        for node in complex_type.descendants() {
            let Some(name) = node.attribute("name").filter(|_| node != complex_type) else { continue };
            let path = match node.tag_name().name() {
                "attribute" => format!("{path}/@{name}"),
                "element" => format!("{path}/{name}"),
                _ => continue,
            };
            let below = node.attribute("type").and_then(|name| types.get(name));
            open.extend(below.map(|complex_type| (path.clone(), *complex_type)));
            paths.insert(path);
        }
    }
    paths
}

/// Each element and attribute of a document, by its path.
fn paths_of_document(text: &str) -> BTreeSet<String> {
    let document = roxmltree::Document::parse(text).expect("it is XML");
    let mut paths = BTreeSet::new();
    for node in document.descendants().filter(|node| node.is_element()) {
        let mut names: Vec<&str> =
            node.ancestors().filter(|node| node.is_element()).map(|node| node.tag_name().name()).collect();
        names.reverse();
        let path = format!("/{}", names.join("/"));
        paths.extend(node.attributes().map(|attribute| format!("{path}/@{}", attribute.name())));
        paths.insert(path);
    }
    paths
}

/// Bodies that together use each parameter of a kind.
fn bodies(kind: PacketKind) -> Vec<String> {
    let made = kind.templates().iter().flat_map(|template| {
        template.parameters().flat_map(|parameter| values_with(template, parameter)).map(|values| {
            let draft = template.make(&values, None).expect("it can be made");
            String::from_utf8(draft.body).expect("it is UTF-8")
        })
    });
    made.collect()
}

/// Spellings that the schema accepts because people use them, but discourages: each is a warning.
const OTHER_SPELLINGS: &[&str] = &["migrate-reseller", "migrate-customer"];

#[test]
fn every_field_of_a_request_has_an_option() {
    let written: BTreeSet<String> =
        bodies(PacketKind::PleskRequest).iter().flat_map(|body| paths_of_document(body)).collect();
    let is_meant = |path: &&String| !path.split('/').any(|name| OTHER_SPELLINGS.contains(&name));
    let paths = paths_of_schema();
    assert!(paths.len() > 80 && paths.contains("/packet/@version"), "{paths:?}");
    let without: Vec<&String> = paths.iter().filter(is_meant).filter(|path| !written.contains(*path)).collect();
    assert!(without.is_empty(), "{without:#?}");

    let schema: serde_json::Value =
        serde_json::from_str(&packetcheck::sms::ProgressReport::json_schema()).expect("it is JSON");
    let members = schema["$defs"]["UpdateTaskSpeedReq"]["properties"].as_object().expect("an object has properties");
    let bodies = bodies(PacketKind::SmsProgress);
    let without: Vec<&String> =
        members.keys().filter(|name| !bodies.iter().any(|body| body.contains(&format!("\"{name}\":")))).collect();
    assert!(members.len() > 15 && without.is_empty(), "{without:?}");
}
