//! Random JSON documents, valid and broken: the two paths agree with each other, with an independent reader
//! (serde_json, into the same types) and with an independent validator.

#![allow(clippy::panic, reason = "a test says what it misses by it")]

use std::path::Path;

use packetcheck::diagnostic::Report;
use packetcheck::json::{Member, Text};
use packetcheck::sms::{ErrorBody, ProgressReport, Response, Task};
use packetcheck::{Limits, dataworks};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::support::samples;

type Make = fn() -> String;

/// The committed schemas, each with the function that generates it.
const SCHEMAS: &[(&str, Make)] = &[
    ("sms/show_task.schema.json", Response::json_schema),
    ("sms/report_progress.schema.json", ProgressReport::json_schema),
];

/// Set `UPDATE_GOLDEN=1` to rewrite the files after types were changed on purpose, and check the difference.
#[test]
fn committed_schemas_are_those_of_the_types() {
    for (name, make) in SCHEMAS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, make()).expect("can be written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(committed, make(), "{name}");
    }
}

/// A documented default is in the schema, and is valid by it.
#[test]
fn defaults_are_valid_values() {
    let mut found = Vec::new();
    for (schema, _) in validators() {
        for (object, definition) in schema["$defs"].as_object().expect("there are definitions") {
            for (name, member) in definition["properties"].as_object().expect("there are members") {
                let Some(default) = member.get("default") else { continue };
                let validator = jsonschema::validator_for(member).expect("the schema of a member stands alone");
                assert!(validator.is_valid(default), "{object}/{name}: {default}");
                found.push(format!("{object}/{name}: {default}"));
            }
        }
    }
    let expected = [
        "LogicalVolumes/block_count: 0",
        "LogicalVolumes/block_size: 0",
        "ShowTaskResponse/priority: 1",
        "ShowTaskResponse/start_target_server: true",
        r#"TargetDisk/device_use: "NORMAL""#,
        r#"TargetPhysicalVolumes/device_use: "NORMAL""#,
    ];
    found.sort();
    assert_eq!(found, expected);
}

fn is_task(bytes: &[u8]) -> bool {
    Response::decode(bytes).is_ok()
}

fn is_report(bytes: &[u8]) -> bool {
    ProgressReport::decode(bytes).is_ok()
}

/// Whether serde_json passes on each number as written: one with a point or an exponent becomes a double, and with more
/// digits than that holds it becomes another number.
fn is_exact_in_serde(text: &str) -> bool {
    let is_of_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | 'e' | 'E' | '+' | '-');
    text.split(|letter| !is_of_number(letter)).all(|number| {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let exponent = number.split(['e', 'E']).nth(1);
        digits == 0
            || !number.contains(['.', 'e', 'E'])
            || digits < 15 && exponent.is_none_or(|exponent| exponent.len() == 1 && digits < 6)
    })
}

/// Reading as a value first, and explaining token by token at once, give the same report, warnings included.
fn same(report: &Report, in_full: &Report, shown: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(format!("{report:?}"), format!("{in_full:?}"), "{}", shown);
    Ok(())
}

/// Both paths and serde_json, all kinds: one verdict, one value.
fn agree(bytes: &[u8]) -> Result<(), TestCaseError> {
    let limits = Limits::default();
    let shown = String::from_utf8_lossy(bytes);
    // From bytes it only checks the UTF-8 of what it keeps.
    let text = std::str::from_utf8(bytes).unwrap_or("no JSON");
    let is_exact = is_exact_in_serde(text);

    let report = Response::explain_in_full(bytes, &limits);
    same(&Response::explain(bytes, &limits), &report, &shown)?;
    prop_assert_eq!(is_task(bytes), report.is_valid(), "{} {:#?}", shown, report);
    match Response::decode(bytes) {
        Ok(Response::Task(task)) if is_exact => {
            prop_assert_eq!(&*task, &serde_json::from_str::<Task<'_>>(text)?, "{}", shown);
            prop_assert_eq!(*task, Task::decode(bytes).expect("is one by itself too"), "{}", shown);
        }
        Ok(Response::Error(error)) if is_exact => {
            prop_assert_eq!(error, serde_json::from_str::<ErrorBody<'_>>(text)?, "{}", shown)
        }
        Ok(_) => {}
        Err(_) => prop_assert!(Task::decode(bytes).is_err(), "{}", shown),
    }

    let report = ProgressReport::explain_in_full(bytes, &limits);
    same(&ProgressReport::explain(bytes, &limits), &report, &shown)?;
    prop_assert_eq!(is_report(bytes), report.is_valid(), "{} {:#?}", shown, report);
    if is_exact {
        prop_assert_eq!(ProgressReport::decode(bytes).ok(), serde_json::from_str(text).ok(), "{}", shown);
    }

    // What begins with `<` is XML.
    if !bytes.trim_ascii_start().starts_with(b"<") {
        let report = dataworks::Response::explain_json_in_full(bytes, &limits);
        // What may be in an encoding that only XML can have is taken for XML too.
        if !bytes.iter().any(|byte| matches!(byte, 0 | 0xFE | 0xFF)) {
            same(&dataworks::Response::explain(bytes, &limits), &report, &shown)?;
        }
        let response = dataworks::Response::decode_json(bytes);
        prop_assert_eq!(response.is_ok(), report.is_valid(), "{} {:#?}", shown, report);
        match response {
            Ok(dataworks::Response::Progress(answer)) if is_exact => {
                prop_assert_eq!(answer, serde_json::from_str::<dataworks::GetMigrationProcess<'_>>(text)?, "{}", shown);
            }
            Ok(dataworks::Response::Error(error)) if is_exact => {
                prop_assert_eq!(error, serde_json::from_str::<dataworks::GatewayError<'_>>(text)?, "{}", shown);
            }
            _ => {}
        }
    }
    Ok(())
}

fn samples() -> Vec<Vec<u8>> {
    let samples = ["sms", "dataworks"].into_iter().flat_map(samples::samples).map(|sample| sample.bytes);
    samples.filter(|sample| sample.len() < 10_000).collect()
}

/// Pieces that are put into documents.
const PIECES: &[&str] = &[
    "",
    " ",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "'",
    "\\",
    "\\u",
    "\\ud800",
    "\\udc00",
    "\\u0061",
    "\n",
    "\0",
    "0",
    "1",
    "-",
    "-0",
    "00",
    "1.0",
    "1e2",
    "1e400",
    "1e-400",
    "9223372036854775807",
    "9223372036854775808",
    "9223372036854775807.0",
    "18446744073709551616",
    "2147483648",
    "10000.000000000001",
    "1.0000000000000001",
    "9.007199254740993e15",
    "100.00000000000000001",
    "0.5",
    "+",
    ".",
    "e",
    "true",
    "null",
    "nul",
    "NaN",
    "\u{feff}",
    "é",
    "\u{10ffff}",
    "//",
    "/*",
    "*/",
    "{}",
    "[]",
    "[[]]",
    "\"x\":1,",
    "\"name\":null,",
    "\"error_code\":\"a\",",
    "\"progress\":1,",
    "\"state\":\"x\",",
    "\"TaskName\" : \"\\u0061\\n\",",
    "\"\\u006eame\":\"\\t\\\"\\\\\",",
    "\"Code\":1,",
    "\r\n\t",
    "                    ",
    "{\"name\":\"a\"},",
    "{\"a\":1,\"a\":2}",
    "[1,{\"b\":\"\\ud800\"}]",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn samples_with_something_else_in_them(
        sample: Index,
        changes in prop::collection::vec((any::<Index>(), 0..12_usize, any::<Index>()), 0..4),
    ) {
        let samples = samples_once();
        let mut bytes = sample.get(samples).clone();
        for (place, length, piece) in changes {
            let start = place.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, piece.get(PIECES).bytes());
        }
        agree(&bytes)?;
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        agree(&bytes)?;
    }

    #[test]
    fn pieces_in_a_row(pieces in prop::collection::vec(any::<Index>(), 0..12)) {
        let text: String = pieces.iter().map(|piece| *piece.get(PIECES)).collect();
        agree(text.as_bytes())?;
        agree(format!("{{{text}}}").as_bytes())?;
        agree(format!("{{\"x\":{text}}}").as_bytes())?;
    }
}

fn samples_once() -> &'static [Vec<u8>] {
    static SAMPLES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    SAMPLES.get_or_init(samples)
}

/// The committed schemas, each with its independent validator.
fn validators() -> &'static [(Value, jsonschema::Validator)] {
    static VALIDATORS: std::sync::OnceLock<Vec<(Value, jsonschema::Validator)>> = std::sync::OnceLock::new();
    VALIDATORS.get_or_init(|| {
        let compile = |make: Make| {
            let schema = serde_json::from_str(&make()).expect("a schema is JSON");
            jsonschema::draft202012::meta::validate(&schema).expect("a schema is one of 2020-12");
            let validator = jsonschema::draft202012::new(&schema).expect("a schema can be compiled");
            (schema, validator)
        };
        SCHEMAS.iter().map(|(_, make)| compile(*make)).collect()
    })
}

/// The definition of an object, and of one of its members.
fn definition<'s>(schema: &'s Value, reference: &str) -> &'s Value {
    &schema["$defs"][reference.rsplit('/').next().unwrap_or_default()]
}

/// A value close to what a schema requires: usually valid, often at its limits, occasionally beyond them.
fn value_for(schema: &Value, part: &Value, choices: &mut dyn FnMut(usize) -> usize, depth: usize) -> Value {
    // Valid values come first.
    let broken = choices(24) == 23;
    match choices(20) {
        18 => return Value::Null,
        19 if broken => {
            return [json!(true), json!("x"), json!(7), json!(0.5), json!([]), json!({}), json!(-1)][choices(7)]
                .clone();
        }
        _ => {}
    }
    let reference = part["$ref"].as_str().or_else(|| part["anyOf"][0]["$ref"].as_str());
    if let Some(reference) = reference {
        return object_for(schema, definition(schema, reference), choices, depth);
    }
    if let Some(values) = part["enum"].as_array() {
        return if broken { json!("SOMETHING_ELSE") } else { values[choices(values.len())].clone() };
    }
    let kind = match &part["type"] {
        Value::Array(kinds) => &kinds[0],
        kind => kind,
    };
    match kind.as_str().unwrap_or_default() {
        "string" => {
            let least = part["minLength"].as_u64().unwrap_or(0);
            let most = part["maxLength"].as_u64().unwrap_or(10);
            let lengths = [least, least + 1, most, most + 1, least.saturating_sub(1)];
            let length = usize::try_from(lengths[choices(if broken { 5 } else { 3 })]).unwrap_or(0);
            json!(["a", "é", "\u{1f600}", "\"", "\u{1}"][choices(5)].repeat(length))
        }
        "integer" => {
            let (least, most) = (part["minimum"].as_i64().unwrap_or(0), part["maximum"].as_i64().unwrap_or(0));
            // Below 2^53 a whole number may be written as a double.
            let right = [json!(least), json!(most), json!(most / 2), json!(1.0)];
            let wrong = [json!(least.saturating_sub(1)), json!(most.unsigned_abs() + 1), json!(1.5), json!(-50.0)];
            if broken { wrong[choices(4)].clone() } else { right[choices(4)].clone() }
        }
        "number" => {
            let (least, most) = (part["minimum"].as_f64().unwrap_or(0.0), part["maximum"].as_f64().unwrap_or(0.0));
            let right = [json!(least), json!(most), json!(0.1), json!(1)];
            let wrong = [json!(least - 0.001), json!(most + 0.001)];
            if broken { wrong[choices(2)].clone() } else { right[choices(4)].clone() }
        }
        "boolean" => json!(choices(2) == 0),
        "array" => {
            let least = usize::try_from(part["minItems"].as_u64().unwrap_or(0)).unwrap_or(0);
            let most = usize::try_from(part["maxItems"].as_u64().unwrap_or(10)).unwrap_or(10);
            let count = match broken {
                true if most < 300 => most + 1,
                true => 0,
                false => least + choices(3),
            };
            // One item many times: only the number matters.
            let item = value_for(schema, &part["items"], choices, depth + 1);
            json!(vec![item; count])
        }
        _ => json!({}),
    }
}

fn object_for(schema: &Value, shape: &Value, choices: &mut dyn FnMut(usize) -> usize, depth: usize) -> Value {
    let mut object = serde_json::Map::new();
    if let Some(properties) = shape["properties"].as_object() {
        for (name, part) in properties {
            let required = shape["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
            // Required ones nearly always, one in three of the rest.
            let there = if required { choices(60) != 59 } else { choices(3) == 0 };
            if there && depth < 8 {
                object.insert(name.clone(), value_for(schema, part, choices, depth + 1));
            }
        }
    }
    if choices(6) == 0 {
        let name = ["later", "error_code", "error_msg", "Name"][choices(4)];
        object.insert(name.into(), json!(["x", {"y": null}]));
    }
    Value::Object(object)
}

proptest! {
    /// The independent validator reads values, so what a value cannot have is not tested here: duplicates, lone
    /// surrogates, digits that no double holds.
    #[test]
    fn an_independent_validator_agrees(choices in prop::collection::vec(any::<u16>(), 0..400)) {
        let mut rest = choices.into_iter();
        let mut choices = |count: usize| usize::from(rest.next().unwrap_or(5)) % count;
        let which = choices(2);
        let (schema, validator) = &validators()[which];
        let names = ["ShowTaskResponse", "ErrorBody", "UpdateTaskSpeedReq"];
        let name = if which == 1 { names[2] } else { names[usize::from(choices(5) == 0)] };
        let document = object_for(schema, &schema["$defs"][name], &mut choices, 0);
        let theirs = validator.is_valid(&document);
        let bytes = serde_json::to_vec(&document).expect("a value can be written");
        let ours = if which == 0 { is_task(&bytes) } else { is_report(&bytes) };
        prop_assert_eq!(ours, theirs, "{}", document);
        agree(&bytes)?;
        if let (true, Ok(task)) = (which == 0, Response::decode(&bytes)) {
            let written = task.encode().expect("can be written");
            prop_assert!(validator.is_valid(&serde_json::from_slice(&written).expect("is JSON")));
            prop_assert_eq!(Response::decode(&written).expect("is valid"), task.clone());
            prop_assert_eq!(task.clone().into_owned(), task);
        }
        if let (true, Ok(report)) = (which == 1, ProgressReport::decode(&bytes)) {
            let written = report.encode().expect("can be written");
            prop_assert_eq!(ProgressReport::decode(&written).expect("is valid"), report);
        }
    }
}

/// The same document in another layout: spaces, the order of members, escapes.
fn laid_out(value: &Value, choices: &mut dyn FnMut(usize) -> usize, layout: (&str, &str, &str), text: &mut String) {
    let (colon, comma, indent) = layout;
    let spelt = |name: &str, choices: &mut dyn FnMut(usize) -> usize| match choices(12) {
        0 => {
            name.chars()
                .map(|letter| {
                    letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>()
                })
                .fold(String::from('"'), |text, escape| text + &escape)
                + "\""
        }
        1 => json!(name).to_string().replace('/', "\\/"),
        _ => json!(name).to_string(),
    };
    match value {
        Value::Object(object) => {
            let turn = if choices(3) == 0 { choices(object.len().max(1)) } else { 0 };
            text.push('{');
            for (index, (name, value)) in object.iter().skip(turn).chain(object.iter().take(turn)).enumerate() {
                text.push_str(if index > 0 { comma } else { "" });
                text.push_str(indent);
                text.push_str(&spelt(name, choices));
                text.push_str(colon);
                laid_out(value, choices, layout, text);
            }
            text.push_str(indent);
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index > 0 { comma } else { "" });
                text.push_str(indent);
                laid_out(item, choices, layout, text);
            }
            text.push_str(indent);
            text.push(']');
        }
        Value::String(string) => text.push_str(&spelt(string, choices)),
        _ => text.push_str(&value.to_string()),
    }
}

/// What comes after a name, after a value, and before a name.
const LAYOUTS: &[(&str, &str, &str)] = &[
    (":", ",", ""),
    (": ", ", ", ""),
    (": ", ",", "\n  "),
    (":", ",", "\n              "),
    (":", ",", "\n             "),
    (": ", ",", "\n                            "),
    (" : ", " , ", " "),
    (":  ", "\n,", "\t"),
    (":\r\n", ",", "\r\n"),
];

proptest! {
    #[test]
    fn layout_changes_nothing(
        choices in prop::collection::vec(any::<u16>(), 0..400),
        layout: Index,
        cut: Option<Index>,
    ) {
        let mut rest = choices.into_iter();
        let mut choices = |count: usize| usize::from(rest.next().unwrap_or(5)) % count;
        let which = choices(2);
        let (schema, _) = &validators()[which];
        let name = ["ShowTaskResponse", "UpdateTaskSpeedReq"][which];
        let document = object_for(schema, &schema["$defs"][name], &mut choices, 0);
        let mut text = String::new();
        laid_out(&document, &mut choices, *layout.get(LAYOUTS), &mut text);
        agree(text.as_bytes())?;
        let plain = document.to_string();
        let value = |bytes: &[u8]| {
            let json = match which {
                0 => Response::decode(bytes).ok()?.encode(),
                _ => ProgressReport::decode(bytes).ok()?.encode(),
            };
            serde_json::from_slice::<Value>(&json.expect("what was read can be written")).ok()
        };
        prop_assert_eq!(value(text.as_bytes()), value(plain.as_bytes()), "{}", text);
        if let Some(cut) = cut {
            agree(&text.as_bytes()[..cut.index(text.len())])?;
        }
    }
}

#[test]
fn strings_borrow_unless_an_escape_is_in_them() {
    // The last one is so close to the end of the document that it is read on the other path.
    let bytes = br#"{"name": "plain", "id": "\u0061", "region_id": "\\", "region_name": "\u00e9", "project_id": "x"}"#;
    let task = Task::decode(bytes).expect("is valid");
    let is_borrowed = |text: Member<Text<'_, 0, 255>>| {
        let text = text.into_value().expect("is there").into_inner();
        matches!(text, std::borrow::Cow::Borrowed(_))
    };
    let texts = [task.name, task.id, task.region_id, task.region_name, task.project_id];
    assert_eq!(texts.map(is_borrowed), [true, false, false, false, true]);
}
