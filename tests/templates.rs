//! Requests made from named values: every template of every kind makes a valid packet, and says what it misses.
#![cfg(feature = "http")]
#![allow(clippy::panic, reason = "a test says what it misses by it")]

use packetcheck::operation::{Parameter, ParameterForm, Presence, Template, TemplateError, Values};
use packetcheck::{Limits, PacketKind};

fn templates() -> impl Iterator<Item = (PacketKind, &'static Template)> {
    let of_kind = |kind: PacketKind| kind.templates().iter().map(move |template| (kind, template));
    PacketKind::ALL.into_iter().flat_map(of_kind)
}

/// A value that a parameter may have.
fn sample(parameter: &Parameter) -> &'static str {
    match (parameter.form, parameter.name) {
        (ParameterForm::Choice(choices), _) => choices.first().copied().unwrap_or_default(),
        (_, "ip") => "192.0.2.1=198.51.100.7",
        (_, "db-server") => "mysql:localhost:3306=mysql:db.example.com:3306",
        (_, "with") => "Version=2020-05-18",
        (_, "packet-version") => "1.6.9.0",
        (ParameterForm::Document, _) => r#"{"migrate-resellers": {"reseller": [{"name": "bob"}]}}"#,
        (ParameterForm::Checked(_), _) => "7",
        (ParameterForm::Flag, _) => "",
        _ => "value",
    }
}

fn excludes(parameter: &Parameter, other: &Parameter) -> bool {
    let alternatives = [parameter, other].map(|parameter| parameter.presence == Presence::OneOf);
    let names = |one: &Parameter, two: &Parameter| one.excludes.contains(&two.name);
    alternatives == [true; 2] || names(parameter, other) || names(other, parameter)
}

/// Values for as many parameters as can be together, one of them for certain, with all that they require.
fn values_with(template: &Template, certain: &Parameter) -> Values {
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
    chosen.into_iter().fold(Values::new(), |values, parameter| values.with(parameter.name, sample(parameter)))
}

#[test]
fn whatever_is_made_is_valid() {
    let mut made = 0;
    for (kind, template) in templates() {
        for parameter in template.parameters() {
            let values = values_with(template, parameter);
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
fn what_is_missing_or_wrong_is_named() {
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
        (two, "objects: cannot be there beside `reseller`"),
        (values.clone().with("customer", "a"), "missing `target-owner`"),
        (
            values.clone().with("reseller", "a").with("target-owner", "b"),
            "target-owner: cannot be there beside `reseller`",
        ),
        (values.clone().with("reseller", "a").with("only", "b"), "only: expected one of `hosting`, `mail`, found `b`"),
        (values.clone().with("reseller", "a").with("host", "b"), "host: expected one value, found several"),
    ] {
        assert_eq!(said(values), words);
    }
    let check = PacketKind::PleskRequest.template("check").expect("an operation");
    let error = check.make(&Values::new(), Some("h")).map(drop).map_err(|error| error.to_string());
    assert_eq!(error, Err("missing `auth-login` and `auth-password`, or `auth-key`".to_owned()));
}

#[test]
fn values_are_not_shown() {
    let values = Values::new().with("password", "Zq9");
    assert_eq!(format!("{values:?}"), r#"["password"]"#);
}
