//! Generated code: `tests/data/generate/shop` is the output of `packetcheck generate` for `shop.xsd`, and is tested
//! here.
//!
//! To regenerate it: `UPDATE_GOLDEN=1 cargo test --all-features --test command generated`.
#![cfg(feature = "generate")]

use std::borrow::Cow;
use std::error::Error;
use std::path::Path;
use std::process::Command;

use packetcheck::codec::Any;
use packetcheck::datatype::Integer;
use packetcheck::generate::{GenerateError, Generator};
use packetcheck::plesk::{Request, Response};
use packetcheck::typed::{Nillable, OtherAttribute, QualifiedName};
use packetcheck::{Limits, Schema};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::built_in;

#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
#[path = "../data/generate/shop/mod.rs"]
mod shop;

/// One namespace: documents that declare it as the default are read by prediction.
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
#[path = "../data/generate/parcel/mod.rs"]
mod parcel;

/// Names that are keywords of Rust, or would collide, and every shape of content.
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
#[path = "../data/generate/odd/mod.rs"]
mod odd;

/// Answers of Plesk: their names have no namespace, so they are read by prediction.
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
#[path = "../data/generate/response/mod.rs"]
mod response;

/// With the options of the generator.
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "generated for libraries too")]
#[path = "../data/generate/trip/mod.rs"]
mod trip;

use parcel::{Address, AnyAddress, Box2, Parcel, ParcelItem, Scan, Unit, Weight};
use response::{
    AnyResultType, MigrationOutput, MigrationOutputCheck, MigrationOutputFinish, MigrationOutputGetStatusResultType,
    MigrationOutputItem, ResponsePacket, ResponsePacketItem, ResultStatus, ResultType,
};
use shop::{
    AnyCustomer, Card, Company, Customer, Item, Order, OrderChoice, OrderItem, OrderPart, Part, Remark, RemarkItem,
    State,
};

type Tested = Result<(), Box<dyn Error>>;

const SHOP: &str = "tests/data/generate/shop.xsd";
const GENERATED: &str = "tests/data/generate/shop";

/// The schemas, the requested roots (all if empty), and the folders of their code.
const ALL: [(&str, &[&str], &str); 5] = [
    ("tests/data/generate/trip.xsd", &[], TRIP),
    ("tests/data/generate/odd.xsd", &[], "tests/data/generate/odd"),
    (SHOP, &[], GENERATED),
    ("tests/data/generate/parcel.xsd", &[], "tests/data/generate/parcel"),
    ("schemas/plesk/response.xsd", &["packet"], "tests/data/generate/response"),
];

const TRIP: &str = "tests/data/generate/trip";

fn with_options(generator: Generator<'_>) -> Generator<'_> {
    let generator = generator.serde().exact_type("Person").whole_type("Foreign").few("Trip.events").few("Times.items");
    let generator = generator.non_exhaustive("Event");
    let generator = generator.rename("TripType", "Trip").rename("Trip.choice", "route").rename("TripChoice", "Route");
    let generator = generator.rename("Trip.items", "events").rename("TripItem", "Event").rename("Route.Stop", "Stops");
    generator.rename("Foreign", "Chart").rename("Foreign2", "Report").rename("Event.Report", "Reported")
}

/// A document with some of everything.
const DOCUMENT: &str = r#"<?xml version="1.0"?>
<order xmlns="urn:example:shop" xmlns:s="urn:example:shop" xmlns:o="urn:other" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
       id="7" state=" in  work " kind="s:gift" o:channel="web">
  <customer xsi:type="s:Company" name="the firm">
    <name> Ada &amp; Co. </name><ratings>1.5 INF</ratings>
    <branch><name>North</name></branch>
  </customer>
  <item price="2.50">tea</item><item price="3.00" gift="1"><![CDATA[<cake>]]> &amp; more</item>
  <note>first</note><reminder>2026-11-29</reminder><note/>
  <card><number>4111</number><pin>1234</pin></card>
  <box weight="12"><crate weight="300"/></box>
  <remark>very <b>good</b> tea<br/></remark>
  <delivered xsi:nil="true"/>
  <type a="1">any <thing/></type>
  <o:more xmlns:o="urn:other">text</o:more>
</order>"#;

#[test]
fn the_code_here_is_what_is_generated() -> Tested {
    for (schema, roots, folder) in ALL {
        let schema = Schema::from_file(schema)?;
        let generator = roots.iter().fold(Generator::new(&schema), |generator, root| generator.root(*root));
        let generator = if folder == TRIP { with_options(generator) } else { generator };
        let generated = generator.generate()?;
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            generated.write_to(folder)?;
        }
        for (path, text) in generated.files() {
            let path = Path::new(folder).join(path);
            assert!(std::fs::read_to_string(&path)? == text, "{} is not what is generated", path.display());
        }
    }
    Ok(())
}

#[test]
fn the_code_in_the_library_is_what_is_generated() -> Tested {
    for built_in::BuiltIn { schema, path, with } in built_in::BUILT_IN {
        let schema = Schema::from_file(schema)?;
        let generated = with(Generator::new(&schema).library("crate")).generate()?;
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, &generated.code)?;
        }
        assert!(generated.documents.is_empty());
        assert!(std::fs::read_to_string(path)? == generated.code, "{path} is not what is generated");
    }
    Ok(())
}

#[test]
fn a_document_is_values_and_the_values_are_the_document() -> Tested {
    let order = shop::decode_order(DOCUMENT.as_bytes())?;
    assert_eq!((order.id, order.state), (7, Some(State::InWork)));
    assert_eq!(order.kind, Some(QualifiedName { namespace: "urn:example:shop".into(), local: "gift".into() }));
    let channel = OtherAttribute { namespace: "urn:other".into(), local: "channel".into(), value: "web".into() };
    assert_eq!(order.other_attributes, [channel]);
    let AnyCustomer::Company(company) = &order.customer else { return Err("expected a company".into()) };
    assert_eq!((&*company.name, company.name_attribute.as_deref()), ("Ada & Co.", Some("the firm")));
    assert_eq!(company.ratings, Some(vec![1.5, f64::INFINITY]));
    let branch = Customer { name_attribute: None, name: "North".into(), ratings: None };
    assert_eq!(company.branch, [AnyCustomer::Customer(branch)]);
    let tea = Item { price: "2.50".into(), gift: None, value: "tea".into() };
    let cake = Item { price: "3.00".into(), gift: Some(true), value: "<cake> & more".into() };
    assert_eq!(order.item, [tea, cake]);
    let reminder = OrderItem::Reminder("2026-11-29".into());
    assert_eq!(order.items, [OrderItem::Note("first".into()), reminder, OrderItem::Note("".into())]);
    let OrderChoice::Card(card) = &order.choice else { return Err("expected a card".into()) };
    assert_eq!((&*card.number, card.pin.expose()), ("4111", "1234"));
    let inner = OrderPart::Crate(Part { weight: Some(300), part: None });
    assert_eq!(order.part, OrderPart::Box(Part { weight: Some(12), part: Some(Box::new(inner)) }));
    let texts = [
        RemarkItem::Text("very ".into()),
        RemarkItem::B("good".into()),
        RemarkItem::Text(" tea".into()),
        RemarkItem::Br,
    ];
    assert_eq!(order.remark, Some(Remark { content: texts.into() }));
    assert_eq!(order.delivered, Nillable::Nil);
    assert!(matches!(&order.r#type, Some(Any::Markup(markup)) if markup.contains("any <thing/>")));
    assert_eq!(order.any, [Any::Markup(r#"<o:more xmlns="urn:example:shop" xmlns:s="urn:example:shop" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:o="urn:other">text</o:more>"#.into())]);

    // What is written means the same, by the mapping that needs no types.
    for written in [shop::encode_order(&order)?, shop::encode_order_pretty(&order)?] {
        assert_eq!(json(&written)?, json(DOCUMENT.as_bytes())?, "{}", String::from_utf8_lossy(&written));
        assert_eq!(shop::decode_order(&written)?.customer, order.customer);
    }
    assert_eq!(order.clone().into_owned(), order);
    Ok(())
}

fn json(document: &[u8]) -> Result<serde_json::Value, Box<dyn Error>> {
    Ok(serde_json::from_slice(&shop::schema().decode_to_json(document)?)?)
}

const TRIPS: [&str; 4] = [
    r#"<trip xmlns="urn:example:trip" code="7" kind="direct"><owner><name>Ada</name></owner><crew name="Bob"/><stop>a</stop><stop>b &amp; c</stop>
       <note>n</note><weather>fair</weather><pause/><traffic lane="2">slow <b/></traffic><sealed/><price>5</price><password>Zq9</password><code>c</code>
       <times><end>10:00:00</end><begin>09:00:00</begin></times><remark>very <b>good</b> trip</remark><plan>none</plan></trip>"#,
    r#"<trip xmlns="urn:example:trip" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><owner><name/></owner>
       <crew xsi:type="Guide" language="en-GB"/><crew/><leg><miles>3</miles></leg><leg xsi:nil="true"/><price xsi:nil="true"/><code/>
       <times><begin>09:00:00</begin></times></trip>"#,
    r#"<trip xmlns="urn:example:trip"><owner><name>x</name></owner><crew/><direct/><code>c</code><remark/></trip>"#,
    r#"<trip xmlns="urn:example:trip"><owner><name>x</name></owner><crew/><chart a="1">text</chart><code>c</code></trip>"#,
];

#[test]
fn types_follow_the_options() -> Tested {
    let value = trip::decode_trip(TRIPS[0].as_bytes())?;
    assert_eq!(value.owner, trip::Person { name: "Ada".into() });
    assert_eq!(value.route, trip::Route::Stops(vec!["a".into(), "b & c".into()]));
    let weather = trip::Report { name: trip::ReportName::Weather, content: Any::Text("fair".into()) };
    assert_eq!(value.events[..3], [trip::Event::Note("n".into()), trip::Event::Reported(weather), trip::Event::Pause]);
    let trip::Event::Reported(traffic) = &value.events[3] else { return Err("expected a report".into()) };
    assert_eq!(traffic.name.as_str(), "traffic");
    assert!(matches!(&traffic.content, Any::Markup(markup) if markup.contains(r#"lane="2">slow <b/>"#)));
    let [trip::TimesItem::End(end), trip::TimesItem::Begin(begin)] =
        &value.times.as_ref().ok_or("expected times")?.items[..]
    else {
        return Err("expected an end and a beginning".into());
    };
    assert_eq!((&**end, &**begin), ("10:00:00", "09:00:00"));
    let second = trip::decode_trip(TRIPS[1].as_bytes())?;
    let legs = vec![Nillable::Value(trip::Leg { miles: 3 }), Nillable::Nil];
    assert_eq!((second.route, second.price), (trip::Route::Leg(legs), Some(Nillable::Nil)));
    Ok(())
}

#[test]
fn values_with_options_come_back() -> Tested {
    let json = |document: &[u8]| -> Result<Value, Box<dyn Error>> {
        Ok(meaning(serde_json::from_slice(&trip::schema().decode_to_json(document)?)?))
    };
    for document in TRIPS {
        let value = trip::decode_trip(document.as_bytes())?;
        for written in [trip::encode_trip(&value)?, trip::encode_trip_pretty(&value)?] {
            assert_eq!(json(&written)?, json(document.as_bytes())?, "{}", String::from_utf8_lossy(&written));
        }
        assert_eq!(value.clone().into_owned(), value);
    }
    Ok(())
}

#[test]
fn generated_types_are_values_of_serde() -> Tested {
    for document in TRIPS {
        let value = trip::decode_trip(document.as_bytes())?;
        let json = serde_json::to_string(&value)?;
        assert_eq!(serde_json::from_str::<trip::Trip<'_>>(&json)?, value, "{json}");
        // The codec cannot express "any other element" among named ones, and keeps markup with other declarations.
        let document = document.replace("<remark>very <b>good</b> trip</remark>", "").replace(r#" a="1""#, "");
        let document = document.replace(r#"<traffic lane="2">slow <b/></traffic>"#, "<traffic>slow</traffic>");
        let value = trip::decode_trip(document.as_bytes())?;
        assert_eq!(trip::schema().decode::<trip::Trip<'_>>(document.as_bytes())?, value, "{document}");
        assert_eq!(trip::decode_trip(&trip::schema().encode(&value)?)?, value, "{document}");
    }
    let value = trip::decode_trip(TRIPS[0].as_bytes())?;
    let json = serde_json::to_value(&value)?;
    assert_eq!(
        (&json["code"], &json["@code"], &json["kind"]),
        (&"c".into(), &"7".into(), &"Q{urn:example:trip}direct".into())
    );
    assert_eq!(json["stop"], serde_json::json!(["a", "b & c"]));
    assert_eq!(json["$value"][1], serde_json::json!({"weather": "fair"}));
    assert_eq!(json["times"], serde_json::json!({"$value": [{"end": "10:00:00"}, {"begin": "09:00:00"}]}));
    let borrowed: trip::Person<'_> = serde_json::from_str(r#"{"name": "Ada"}"#)?;
    assert!(matches!(borrowed.name, Cow::Borrowed("Ada")));
    // Text that a document cannot contain is not a value either.
    for (json, words) in [
        (
            r#"{"owner": {"name": ""}, "crew": [], "code": ""}"#,
            "expected one of `stop`, `leg`, `direct`, `map`, `chart`, found none",
        ),
        (r#"{"owner": {"name": ""}, "crew": [], "direct": null, "stop": ["a"], "code": ""}"#, "found several"),
        (r#"{"owner": {"name": ""}, "crew": [], "direct": null, "code": "", "other": 1}"#, "unknown field `other`"),
    ] {
        let error = serde_json::from_str::<trip::Trip<'_>>(json).err().ok_or("expected an error")?.to_string();
        assert!(error.contains(words), "{error}");
    }
    Ok(())
}

#[test]
fn attributes_and_elements_of_wildcards_are_values_of_serde() -> Tested {
    let document = r#"<trip xmlns="urn:example:trip" xmlns:o="urn:other" o:tag="x"><owner><name/></owner><crew/><direct/><code/><o:more>y</o:more></trip>"#;
    let value = trip::decode_trip(document.as_bytes())?;
    let json = serde_json::to_string(&value)?;
    assert_eq!(serde_json::from_str::<trip::Trip<'_>>(&json)?, value, "{json}");
    Ok(())
}

#[test]
fn a_derived_type_has_no_place_in_an_exact_one() -> Tested {
    let document = TRIPS[2]
        .replace("<owner>", r#"<owner xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Pilot">"#);
    assert!(trip::schema().is_valid(document.as_bytes()));
    let error = trip::decode_trip(document.as_bytes()).err().ok_or("expected an error")?.to_string();
    assert!(error.contains("has no place for `Pilot`"), "{error}");
    Ok(())
}

#[test]
fn content_kept_whole_has_one_name() -> Tested {
    let mut value = trip::decode_trip(TRIPS[3].as_bytes())?;
    let trip::Route::Chart(chart) = &mut value.route else { return Err("expected a chart".into()) };
    chart.name = trip::ChartName::Map;
    let error = trip::encode_trip(&value).err().ok_or("expected an error")?.to_string();
    assert!(error.contains("expected the markup of `t:map`, found that of"), "{error}");
    Ok(())
}

#[test]
fn a_list_of_a_choice_is_not_empty() -> Tested {
    let mut value = trip::decode_trip(TRIPS[0].as_bytes())?;
    value.route = trip::Route::Stops(Vec::new());
    assert!(trip::encode_trip(&value).is_err());
    Ok(())
}

#[test]
fn an_unknown_name_is_an_error() -> Tested {
    let schema = Schema::from_file("tests/data/generate/trip.xsd")?;
    for generator in [
        Generator::new(&schema).rename("Tripp", "Trip"),
        Generator::new(&schema).rename("TripType.owners", "owner"),
        Generator::new(&schema).exact_type("Persons"),
        Generator::new(&schema).whole_type("Foreigner"),
        Generator::new(&schema).few("TripType.item"),
    ] {
        assert!(matches!(generator.generate(), Err(GenerateError::UnknownName { .. })));
    }
    let (status, _, complaint) = command(&["--schema", "tests/data/generate/trip.xsd", "--rename", "Tripp=Trip"])?;
    assert_eq!(status, Some(2));
    assert!(complaint.contains("found `Tripp`"), "{complaint}");
    let (status, _, complaint) =
        command(&["--schema", "tests/data/generate/trip.xsd", "--rename", "TripType=my trip"])?;
    assert_eq!(status, Some(2));
    assert!(complaint.contains("expected letters, digits"), "{complaint}");
    Ok(())
}

#[test]
fn the_command_has_the_options() -> Tested {
    let options = [
        ["--exact", "Person"],
        ["--whole", "Foreign"],
        ["--non-exhaustive", "Event"],
        ["--few", "Trip.events"],
        ["--few", "Times.items"],
        ["--rename", "TripType=Trip"],
        ["--rename", "Trip.choice=route"],
        ["--rename", "TripChoice=Route"],
        ["--rename", "Trip.items=events"],
        ["--rename", "TripItem=Event"],
        ["--rename", "Route.Stop=Stops"],
        ["--rename", "Foreign=Chart"],
        ["--rename", "Foreign2=Report"],
        ["--rename", "Event.Report=Reported"],
        ["--schema", "tests/data/generate/trip.xsd"],
    ];
    let arguments: Vec<&str> = options.iter().flatten().copied().chain(["--serde", "--out", TRIP, "--check"]).collect();
    let (status, _, complaint) = command(&arguments)?;
    assert_eq!((status, complaint.as_str()), (Some(0), ""));
    Ok(())
}

#[test]
fn texts_borrow_unless_a_reference_was_resolved() -> Tested {
    let order = shop::decode_order(DOCUMENT.as_bytes())?;
    let is_borrowed: Vec<bool> = order.item.iter().map(|item| matches!(item.value, Cow::Borrowed(_))).collect();
    assert_eq!(is_borrowed, [true, false]);
    Ok(())
}

#[test]
fn secrets_are_not_shown() -> Tested {
    let order = shop::decode_order(DOCUMENT.as_bytes())?;
    let shown = format!("{order:?}");
    assert!(shown.contains("4111") && !shown.contains("1234"), "{shown}");
    Ok(())
}

#[test]
fn layout_stays_out_of_mixed_content() -> Tested {
    let written = shop::encode_order_pretty(&shop::decode_order(DOCUMENT.as_bytes())?)?;
    let written = String::from_utf8(written)?;
    assert!(written.contains("\n  <shop:remark>very <shop:b>good</shop:b> tea<shop:br/></shop:remark>\n"), "{written}");
    Ok(())
}

#[test]
fn invalid_documents_are_refused_with_their_report() -> Tested {
    let document = DOCUMENT.replace("weight=\"12\"", "weight=\"0\"");
    let error = shop::decode_order(document.as_bytes()).err().ok_or("expected an error")?;
    let report = error.report().ok_or("expected a report")?;
    assert_eq!((report.errors, &*report.diagnostics[0].path), (1, "/order/box"));

    let error = shop::decode_order(b"<count xmlns='urn:example:shop'>7</count>").err().ok_or("expected an error")?;
    assert_eq!(error.to_string(), "1:2: expected the root `order`, found `count`");
    assert_eq!(shop::decode_count(b"<count xmlns='urn:example:shop'>7</count>")?, 7);
    Ok(())
}

#[test]
fn nothing_invalid_is_written() -> Tested {
    let mut order = shop::decode_order(DOCUMENT.as_bytes())?;
    let mut buffer = b"before".to_vec();
    shop::encode_order_into(&order, &mut buffer)?;
    assert!(buffer.starts_with(b"before<?xml"));
    buffer.truncate(6);
    for (price, is_valid) in [("2.50", true), ("2.5", false), ("\u{0}", false)] {
        order.item[0].price = price.into();
        assert_eq!(shop::encode_order_into(&order, &mut buffer).is_ok(), is_valid, "{price:?}");
        if !is_valid {
            assert_eq!(buffer, b"before");
        }
        buffer.truncate(6);
    }
    order.item.clear();
    let error = shop::encode_order(&order).err().ok_or("expected an error")?;
    let report = error.report().ok_or("expected a report")?;
    assert_eq!(report.errors, 1);
    assert!(report.to_string().contains("`item`"), "{report}");
    Ok(())
}

#[test]
fn an_unknown_root_is_an_error() -> Tested {
    let schema = Schema::from_file(SHOP)?;
    let error = Generator::new(&schema).root("oder").generate().err().ok_or("expected an error")?;
    assert_eq!(error.to_string(), "expected a global element of the schema, found `oder`; did you mean `order`?");
    // No document can contain an abstract element.
    let error = Generator::new(&schema).root("part").generate().err().ok_or("expected an error")?;
    assert!(matches!(error, GenerateError::UnknownRoot { .. }), "{error}");
    let types = Schema::from_documents(&[("a.xsd", r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>"#)])?;
    assert_eq!(Generator::new(&types).generate().err(), Some(GenerateError::NoRoot));
    Ok(())
}

#[test]
fn only_what_the_roots_need_is_written() -> Tested {
    let code = Generator::new(&Schema::from_file(SHOP)?).root("count").library("crate::engine").generate()?.code;
    assert!(code.contains("pub fn decode_count(bytes: &[u8]) -> Result<u8, crate::engine::Error>"), "{code}");
    assert!(!code.contains("Order"), "{code}");
    Ok(())
}

fn command(arguments: &[&str]) -> Result<(Option<i32>, String, String), Box<dyn Error>> {
    let output = Command::new(env!("CARGO_BIN_EXE_packetcheck")).arg("generate").args(arguments).output()?;
    Ok((output.status.code(), String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?))
}

#[test]
fn the_command_writes_a_folder_and_compares_it() -> Tested {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generated-{}", std::process::id()));
    let out = folder.join("a/shop");
    let out = out.to_str().ok_or("a path in UTF-8")?;
    let arguments = ["--schema", SHOP, "--out", out];
    assert_eq!(
        command(&arguments)?,
        (Some(0), format!("{out}: mod.rs and 1 schema document written\n"), String::new())
    );
    assert!(std::fs::read(format!("{out}/mod.rs"))? == std::fs::read(format!("{GENERATED}/mod.rs"))?);
    let compare = [&arguments[..], &["--check"]].concat();
    assert_eq!(command(&compare)?, (Some(0), String::new(), String::new()));

    std::fs::write(format!("{out}/mod.rs"), "// changed")?;
    std::fs::remove_file(format!("{out}/schemas/shop.xsd"))?;
    let complaint = format!(
        "packetcheck: {out}/mod.rs: is not what would be generated\npacketcheck: {out}/schemas/shop.xsd: cannot be read: No such file or \
         directory\npacketcheck: generate it again, without --check\n"
    );
    assert_eq!(command(&compare)?, (Some(1), String::new(), complaint));
    assert_eq!(std::fs::read_to_string(format!("{out}/mod.rs"))?, "// changed");
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

#[test]
fn the_command_says_what_is_wrong() -> Tested {
    let (status, output, complaint) = command(&["--schema", SHOP, "--root", "oder"])?;
    assert_eq!((status, output.as_str()), (Some(2), ""));
    assert_eq!(
        complaint,
        "packetcheck: expected a global element of the schema, found `oder`; did you mean `order`?\n"
    );
    let (status, _, complaint) = command(&["--schema", SHOP, "--rules"])?;
    assert_eq!(status, Some(2));
    assert!(complaint.contains("leave `--rules` out"), "{complaint}");
    Ok(())
}

#[test]
fn odd_names_and_every_shape_of_content_come_back() -> Tested {
    let document = r#"<self xmlns="urn:example:odd" xmlns:t="urn:example:odd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" type="q" async="7" l="t:a xml:lang" xml:lang="de"><type xsi:type="Box" k="1"><t xsi:type="t:Vec"/></type><fn/><crate><b>1</b></crate><crate2><y></y><w>3</w></crate2><reader><rec><end/></rec></reader><value xsi:nil="1"/><value> x </value><any state="+">t<x xmlns="urn:y" a="1"/><y xmlns=""/>u</any><all><q>1</q><p>2</p></all><lst>None self</lst><u>7</u><def/><fix/><Größe>1e3</Größe><x.y-z>AB</x.y-z><x_y_z>a b</x_y_z><id>i</id></self>"#;
    let value = odd::decode_self(document.as_bytes())?;
    assert_eq!((value.r#type_attribute.as_deref(), value.reader.len(), value.größe), (Some("q"), 1, Some(1000.0)));
    assert_eq!(value.lst, [odd::E::None, odd::E::Self_]);
    assert_eq!((value.def.as_deref(), value.fix), (Some("dd"), Some(7)), "defaults of elements that are empty");
    let json = |document: &[u8]| -> Result<Value, Box<dyn Error>> {
        Ok(meaning(serde_json::from_slice(&odd::schema().decode_to_json(document)?)?))
    };
    for written in [odd::encode_self(&value)?, odd::encode_self_pretty(&value)?] {
        assert_eq!(json(&written)?, json(document.as_bytes())?, "{}", String::from_utf8_lossy(&written));
    }
    assert_eq!(value.clone().into_owned(), value);
    Ok(())
}

/// Text that XML can hold, including what has to be escaped.
fn text() -> impl Strategy<Value = Cow<'static, str>> {
    "[ -~\u{a0}-\u{ff}\n\t<>&\"']{0,12}".prop_map(Cow::Owned)
}

/// Text without white space that would be collapsed.
fn token() -> impl Strategy<Value = Cow<'static, str>> {
    "([!-~]{1,6}( [!-~]{1,4})?)?".prop_map(Cow::Owned)
}

fn customer() -> impl Strategy<Value = Customer<'static>> {
    let ratings = proptest::option::of(proptest::collection::vec(
        any::<f64>().prop_filter("NaN is not itself", |number| !number.is_nan()),
        0..4,
    ));
    (proptest::option::of(text()), token(), ratings).prop_map(|(name_attribute, name, ratings)| Customer {
        name_attribute,
        name,
        ratings,
    })
}

fn any_customer() -> impl Strategy<Value = AnyCustomer<'static>> {
    let company = (customer(), proptest::collection::vec(customer(), 0..3)).prop_map(|(customer, branch)| {
        let Customer { name_attribute, name, ratings } = customer;
        let branch = branch.into_iter().map(AnyCustomer::Customer).collect();
        AnyCustomer::Company(Company { name_attribute, name, ratings, branch })
    });
    prop_oneof![customer().prop_map(AnyCustomer::Customer), company]
}

fn part() -> impl Strategy<Value = OrderPart> {
    let leaf = proptest::option::of(1..=300_u16).prop_map(|weight| OrderPart::Box(Part { weight, part: None }));
    leaf.prop_recursive(4, 8, 1, |inner| {
        (proptest::option::of(1..=300_u16), inner)
            .prop_map(|(weight, part)| OrderPart::Crate(Part { weight, part: Some(Box::new(part)) }))
    })
}

fn choice() -> impl Strategy<Value = OrderChoice<'static>> {
    prop_oneof![
        (text(), "[0-9<&]{0,6}").prop_map(|(number, pin)| OrderChoice::Card(Card { number, pin: pin.into() })),
        Just(OrderChoice::Cash),
        any::<i64>().prop_map(|number| OrderChoice::Voucher(Integer::from(number))),
    ]
}

fn remark() -> impl Strategy<Value = Remark<'static>> {
    // Two texts with nothing between them would be one.
    let item = prop_oneof![text().prop_map(RemarkItem::B), Just(RemarkItem::Br)];
    (proptest::collection::vec((text(), item), 0..3), text()).prop_map(|(items, last)| {
        let pairs = items.into_iter().flat_map(|(text, item)| [RemarkItem::Text(text), item]);
        let texts = pairs.chain([RemarkItem::Text(last)]);
        let content = texts.filter(|item| !matches!(item, RemarkItem::Text(text) if text.is_empty())).collect();
        Remark { content }
    })
}

fn order() -> impl Strategy<Value = Order<'static>> {
    let item = ("[0-9]{1,4}\\.[0-9]{2}", proptest::option::of(any::<bool>()), text());
    let item = item.prop_map(|(price, gift, value)| Item { price: price.into(), gift, value });
    let state = proptest::option::of(prop_oneof![Just(State::Open), Just(State::InWork), Just(State::N2ndTry)]);
    let head = (any::<i64>(), state, any_customer(), proptest::collection::vec(item, 1..4));
    let notes = proptest::collection::vec(text().prop_map(OrderItem::Note), 0..3);
    let delivered = prop_oneof![Just(Nillable::Nil), Just(Nillable::Value("2026-11-29T10:00:00Z".into()))];
    let kind = proptest::option::of(
        ("(urn:[a-z&]{1,5})?", "[a-z]{1,5}")
            .prop_map(|(namespace, local)| QualifiedName { namespace: namespace.into(), local: local.into() }),
    );
    (head, notes, choice(), part(), proptest::option::of(remark()), delivered, kind).prop_map(
        |((id, state, customer, item), items, choice, part, remark, delivered, kind)| Order {
            id,
            state,
            kind,
            other_attributes: Vec::new(),
            customer,
            item,
            items,
            choice,
            part,
            remark,
            delivered,
            r#type: None,
            any: Vec::new(),
        },
    )
}

proptest! {
    /// What is written is read back as the same value, by generated code and, as JSON, without types.
    #[test]
    fn values_come_back(order in order()) {
        let written = shop::encode_order(&order).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let shown = String::from_utf8_lossy(&written).into_owned();
        prop_assert_eq!(&shop::decode_order(&written).map_err(|error| TestCaseError::fail(error.to_string()))?, &order, "{}", shown);
        let pretty = shop::encode_order_pretty(&order).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(json(&pretty).ok(), json(&written).ok(), "{}", shown);
        prop_assert_eq!(shop::encoded_len_of_order(&order).ok(), Some(written.len()), "{}", shown);
        prop_assert_eq!(order.clone().into_owned(), order);
    }
}

/// Packets from the documentation and from servers, and our own.
fn packets() -> Vec<String> {
    let folders = ["documentation", "wire", "agreed", "differences", "operations", "operators", "envelope", "version"];
    let folders = folders.map(|folder| Path::new("tests/data/plesk").join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten());
    let texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let mut texts: Vec<String> = texts.filter(|text| text.contains("<packet")).collect();
    texts.sort();
    texts
}

/// A changed packet: most changes make it invalid, and none of them is predicted.
fn changed(packet: &str, changes: &[(usize, u8, usize)]) -> String {
    const PIECES: [&str; 27] = [
        "<",
        ">",
        "/",
        "&amp;",
        "&#65;",
        "&#x0;",
        "\"",
        " ",
        "\n",
        "\r\n",
        "\t",
        "-",
        "0",
        "99999999999999999999",
        "<![CDATA[x]]>",
        "<![CDATA[]]>",
        "&#32;",
        "<!--x-->",
        "<?x y?>",
        "]]>",
        "\u{fffe}",
        "é",
        " a=\"b\"",
        "<status>ok</status>",
        "<total/>",
        "<errcode>1</errcode>",
        "<migration_id></migration_id>",
    ];
    let mut text = packet.to_owned();
    for (place, piece, length) in changes {
        let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let begin = floor(place % (text.len() + 1));
        let end = floor(begin + length % 24).max(begin);
        // Replaces some bytes, doubles them, or leaves them.
        let put = match usize::from(*piece) {
            copy @ 0..=40 => text[begin..end].repeat(1 + copy % 2),
            other => PIECES[other % PIECES.len()].to_owned(),
        };
        text.replace_range(begin..end, &put);
    }
    text
}

/// A document that is indented by two spaces, with another unit instead; `None` removes the white space between tags.
fn indented(document: &str, unit: Option<&str>) -> String {
    let lines = document.split('\n').map(|line| {
        let text = line.trim_start_matches(' ');
        let is_tag = text.starts_with('<');
        match unit {
            Some(unit) if is_tag => format!("\n{}{text}", unit.repeat((line.len() - text.len()) / 2)),
            None if is_tag => text.to_owned(),
            _ => format!("\n{line}"),
        }
    });
    lines.collect::<String>().trim_start().to_owned()
}

/// The layouts that prediction knows, and others.
const UNITS: [Option<&str>; 7] = [None, Some("  "), Some("\t"), Some("    "), Some(" "), Some(""), Some("           ")];

/// JSON without what generated types do not keep: the location of a schema, and how a number is written.
fn meaning(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(meaning).collect(),
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, _)| !name.ends_with("chemaLocation"));
            Value::Object(kept.map(|(name, value)| (name, meaning(value))).collect())
        }
        Value::Number(number) => number.as_f64().map_or(Value::Null, |number| Value::from(number + 0.0)),
        other => other,
    }
}

/// Generated code and the walk agree on a document: on the verdict, and on the values.
fn agree_on<'d, T>(
    schema: &Schema,
    packet: &'d str,
    decode: fn(&'d [u8]) -> Result<T, packetcheck::Error>,
    encode: fn(&T) -> Result<Vec<u8>, packetcheck::Error>,
) -> Result<(), TestCaseError> {
    let decoded = decode(packet.as_bytes());
    let walked = schema.explain_without_prediction(packet.as_bytes());
    prop_assert_eq!(decoded.is_ok(), walked.is_valid(), "{}", packet);
    prop_assert_eq!(schema.is_valid(packet.as_bytes()), walked.is_valid(), "{}", packet);
    prop_assert_eq!(&schema.explain(packet.as_bytes()), &walked, "{}", packet);
    let value = match decoded {
        Ok(value) => value,
        Err(error) => {
            prop_assert_eq!(error.report(), Some(&walked), "{}", packet);
            return Ok(());
        }
    };
    let json = |document: &[u8]| -> Option<Value> {
        serde_json::from_slice(&schema.decode_to_json(document).ok()?).ok().map(meaning)
    };
    let written = encode(&value).map_err(|error| TestCaseError::fail(format!("{error}: {packet}")))?;
    let (before, after) = (json(packet.as_bytes()), json(&written));
    prop_assert_eq!(before, after, "{}", packet);
    Ok(())
}

fn agree(packet: &str) -> Result<(), TestCaseError> {
    agree_on(response::schema(), packet, response::decode_packet, response::encode_packet)
}

#[test]
fn the_length_of_what_is_written_is_known_before_it_is_written() -> Tested {
    let packets = packets();
    let mut measured = 0;
    for packet in &packets {
        let Ok(response) = Response::decode(packet.as_bytes()) else { continue };
        assert_eq!(response.encoded_len()?, response.encode()?.len(), "{packet}");
        measured += 1;
    }
    assert!(measured > 10, "{measured}");

    let mut order = shop::decode_order(DOCUMENT.as_bytes())?;
    order.item = vec![order.item[0].clone(); 1000];
    for (index, item) in order.item.iter_mut().enumerate() {
        item.value = format!("{}]]>&\"", "]".repeat(index)).into();
    }
    assert_eq!(shop::encoded_len_of_order(&order)?, shop::encode_order(&order)?.len());
    Ok(())
}

#[test]
fn packets_of_plesk_are_the_same_to_generated_code_and_to_the_walk() -> Tested {
    let packets = packets();
    assert!(packets.len() > 20, "{}", packets.len());
    let valid = packets.iter().filter(|packet| response::decode_packet(packet.as_bytes()).is_ok()).count();
    assert!(valid > 10, "{valid}");
    packets.iter().try_for_each(|packet| agree(packet)).map_err(|error| error.to_string().into())
}

/// Requests from the project's samples.
fn requests() -> Vec<String> {
    let folders = ["tests/data/plesk/start", "tests/data/plesk/operations", "tests/data/plesk/wire"];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten());
    let mut paths: Vec<_> = files.map(|file| file.path()).collect();
    paths.sort();
    let texts = paths.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    let requests: Vec<String> =
        texts.filter(|text| packetcheck::plesk::request_schema().is_valid(text.as_bytes())).collect();
    assert!(requests.len() > 5, "{}", requests.len());
    requests
}

/// Checks that the built-in schemas give the same result as the walk.
fn check_against_walk(schema: &Schema, packet: &str) -> Result<(), TestCaseError> {
    let walked = schema.explain_without_prediction(packet.as_bytes());
    prop_assert_eq!(schema.is_valid(packet.as_bytes()), walked.is_valid(), "{}", packet);
    prop_assert_eq!(schema.explain(packet.as_bytes()), walked, "{}", packet);
    Ok(())
}

const ANSWERS: [&str; 3] = [
    "<GetMigrationProcessResponse>\n  <RequestId>1AFAE64E</RequestId>\n  <HttpStatusCode>200</HttpStatusCode>\n  <Data>\n    \
     <TaskStatus>SUCCESS</TaskStatus>\n    <TaskName>IMPORE_PREPARE</TaskName>\n  </Data>\n  <Data>\n    \
     <TaskStatus>RUNNING</TaskStatus>\n    <TaskName/>\n  </Data>\n</GetMigrationProcessResponse>",
    "<GetMigrationProcessResponse><Data/></GetMigrationProcessResponse>",
    "<Error><RequestId>1</RequestId><HostId>h</HostId><Code>Throttling</Code><Message>m &amp; n</Message></Error>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// The same property for requests.
    #[test]
    fn changed_requests_are_the_same_to_generated_code_and_to_the_walk(
        request in proptest::sample::select(requests()),
        unit in proptest::sample::select(&UNITS[..]),
        changes in proptest::collection::vec((any::<usize>(), any::<u8>(), any::<usize>()), 0..4),
    ) {
        let packet = changed(&indented(&request, unit), &changes);
        agree_on(packetcheck::plesk::request_schema(), &packet, Request::decode, Request::encode)?;
    }

    /// The same property for answers of DataWorks.
    #[test]
    fn changed_answers_are_the_same_to_generated_code_and_to_the_walk(
        answer in proptest::sample::select(&ANSWERS[..]),
        unit in proptest::sample::select(&UNITS[..]),
        changes in proptest::collection::vec((any::<usize>(), any::<u8>(), any::<usize>()), 0..4),
    ) {
        check_against_walk(packetcheck::dataworks::response_schema(), &changed(&indented(answer, unit), &changes))?;
    }

    /// The same property for changed packets.
    #[test]
    fn changed_packets_are_the_same_to_generated_code_and_to_the_walk(
        packet in proptest::sample::select(packets()),
        unit in proptest::sample::select(&UNITS[..]),
        changes in proptest::collection::vec((any::<usize>(), any::<u8>(), any::<usize>()), 0..4),
    ) {
        let packet = changed(&indented(&packet, unit), &changes);
        agree(&packet)?;
        agree_on(packetcheck::plesk::response_schema(), &packet, Response::decode, Response::encode)?;
    }

    /// The same property for documents with one namespace.
    #[test]
    fn changed_parcels_are_the_same_to_generated_code_and_to_the_walk(
        parcel in proptest::sample::select(&PARCELS[..]),
        unit in proptest::sample::select(&UNITS[..]),
        changes in proptest::collection::vec((any::<usize>(), any::<u8>(), any::<usize>()), 0..4),
    ) {
        let changed = changed(&indented(parcel, unit), &changes);
        agree_on(parcel::schema(), &changed, parcel::decode_parcel, parcel::encode_parcel)?;
    }
}

#[test]
fn limits_hold_for_generated_code_too() -> Tested {
    let packet = std::fs::read("tests/data/plesk/documentation/in_progress.xml")?;
    let with_doctype = String::from_utf8(packet.clone())?.replace("<packet", "<!DOCTYPE packet><packet");
    let limits = Limits::default;
    for (limits, is_valid, with_doctype_is_valid) in [
        (limits(), true, false),
        (limits().allow_doctype(true), true, true),
        (limits().document_bytes(100), false, false),
        (limits().depth(3), false, false),
        (limits().depth(20), true, false),
    ] {
        for schema in [response::schema(), packetcheck::plesk::response_schema()] {
            let schema = schema.with_limits(limits);
            assert!(schema.prediction().is_some());
            for (document, is_valid) in [(&packet[..], is_valid), (with_doctype.as_bytes(), with_doctype_is_valid)] {
                assert_eq!(schema.is_valid(document), is_valid, "{limits:?}");
                assert_eq!(schema.explain(document), schema.explain_without_prediction(document), "{limits:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn code_of_another_schema_is_ignored() {
    let request = packetcheck::plesk::request_schema();
    assert!(request.prediction().is_some());
    assert!(request.with_prediction(&response::PREDICTION).prediction().is_none());
    assert!(packetcheck::plesk::response_schema().with_prediction(&response::PREDICTION).prediction().is_some());
}

const PARCELS: [&str; 5] = [
    r#"<?xml version="1.0" encoding="UTF-8"?>
<parcel xmlns="urn:example:parcel" id="DE123" express="true">
  <to>
    <name>Ada &amp; Co.</name>
    <line>1 Road</line>
    <line/>
  </to>
  <weight unit="kg">1.5</weight>
  <sent>2026-11-29</sent>
  <scan at="2026-11-29T10:00:00Z"/>
  <note>left  here</note>
  <lost/>
  <codes>1 22 65535</codes>
  <returned>1</returned>
  <total>-12</total>
  <raw>any</raw>
</parcel>
"#,
    r#"<parcel xmlns="urn:example:parcel" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:example:parcel parcel.xsd" id="FR1"><to><name/><line>x</line></to><weight>0.5</weight><scan at="2026-11-29T10:00:00"></scan><note>n</note><total>12345678901234567890</total></parcel>"#,
    r#"<parcel xmlns="urn:example:parcel" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="GB2"><to xsi:type="Box"><name>a</name><line>b</line><number>7</number></to><returned xsi:nil="true"/><raw a="1"><b/></raw><x xmlns="urn:x">y</x></parcel>"#,
    r#"<p:parcel xmlns:p="urn:example:parcel" id="IT3"><p:to><p:name>a</p:name><p:line>b</p:line></p:to><p:raw/></p:parcel>"#,
    r#"<parcel xmlns="urn:example:parcel" id="at5"><to><name>a</name><line>b</line></to></parcel>"#,
];

#[test]
fn parcels_are_the_same_to_generated_code_and_to_the_walk() -> Tested {
    let valid = PARCELS.iter().filter(|parcel| parcel::decode_parcel(parcel.as_bytes()).is_ok()).count();
    assert_eq!(valid, 4);
    for parcel in PARCELS {
        agree_on(parcel::schema(), parcel, parcel::decode_parcel, parcel::encode_parcel)
            .map_err(|error| error.to_string())?;
    }
    let parcel = parcel::decode_parcel(PARCELS[0].as_bytes())?;
    let weight = parcel.weight.ok_or("expected a weight")?;
    assert_eq!((&*weight.value, weight.unit), ("1.5", Some(parcel::Unit::Kg)));
    assert_eq!(parcel.codes, Some(vec![1, 22, 65535]));
    assert!(matches!(parcel.to, parcel::AnyAddress::Address(address) if address.name == "Ada & Co."));
    Ok(())
}

/// Changes to a parcel: most of them are refused by every schema.
const PARCEL_CHANGES: [fn(&mut Parcel<'_>); 24] = [
    |parcel| parcel.id = "de123".into(),
    |parcel| parcel.id = "DE1\n".into(),
    |parcel| parcel.id = "DE9".into(),
    |parcel| parcel.express = Some(true),
    |parcel| parcel.to = AnyAddress::Address(Address { name: "a\u{1}".into(), line: vec!["b".into()] }),
    |parcel| parcel.to = AnyAddress::Address(Address { name: "<&]]>".into(), line: vec!["\u{ffff}".into()] }),
    |parcel| parcel.to = AnyAddress::Address(Address { name: "".into(), line: vec![] }),
    |parcel| parcel.to = AnyAddress::Box(Box2 { name: "a".into(), line: vec!["b".into()], number: -7 }),
    |parcel| parcel.weight = Some(Weight { unit: Some(Unit::Kg), value: "1.2345".into() }),
    |parcel| parcel.weight = Some(Weight { unit: None, value: " 1.5 ".into() }),
    |parcel| parcel.weight = Some(Weight { unit: None, value: "0".into() }),
    |parcel| parcel.sent = Some("2026-02-30".into()),
    |parcel| parcel.sent = Some("2026-02-28".into()),
    |parcel| parcel.sent = Some("".into()),
    |parcel| parcel.items.push(ParcelItem::Scan(Scan { at: "yesterday".into() })),
    |parcel| parcel.items.push(ParcelItem::Note("  two\twords ".into())),
    |parcel| parcel.items.push(ParcelItem::Lost),
    |parcel| parcel.codes = Some(vec![]),
    |parcel| parcel.codes = Some(vec![1, u16::MAX]),
    |parcel| parcel.returned = Some(Nillable::Nil),
    |parcel| parcel.total = Some(Integer::from(-1)),
    |parcel| parcel.raw = Some(Any::Text("\u{0}".into())),
    |parcel| parcel.raw = Some(Any::Markup("<raw><b/></raw>".into())),
    |parcel| parcel.any = Some(Any::Markup("<parcel xmlns='urn:example:parcel'/>".into())),
];

/// Changes to an answer: most of them are rejected by every schema.
const PACKET_CHANGES: [fn(&mut ResponsePacket<'_>); 16] = [
    |packet| packet.version = Some("1.6.\u{b}".into()),
    |packet| packet.version = Some("\"<1>\"".into()),
    |packet| packet.system = Some(AnyResultType::ResultType(failed(Some(1), Some("no")))),
    |packet| packet.system = Some(AnyResultType::ResultType(failed(None, Some("no")))),
    |packet| packet.system = None,
    |packet| packet.items.clear(),
    |packet| packet.output = Some("]]>".into()),
    |packet| packet.items.push(ResponsePacketItem::Migration(MigrationOutput { items: vec![] })),
    |packet| {
        answer(packet, MigrationOutputItem::Check(MigrationOutputCheck { result: of_type(failed(Some(2), None)) }))
    },
    |packet| {
        answer(packet, MigrationOutputItem::Check(MigrationOutputCheck { result: of_type(failed(Some(2), Some("x"))) }))
    },
    |packet| answer(packet, MigrationOutputItem::Finish(MigrationOutputFinish { result: of_type(failed(None, None)) })),
    |packet| each_result(packet, &|result| result.errcode = Some(u32::MAX)),
    |packet| each_result(packet, &|result| result.errtext = Some("\u{fffe}".into())),
    |packet| each_result(packet, &|result| result.errtext = None),
    |packet| each_result(packet, &|result| result.status = ResultStatus::Ok),
    |packet| each_result(packet, &|result| result.choice = None),
];

fn failed(errcode: Option<u32>, errtext: Option<&'static str>) -> ResultType<'static> {
    ResultType { status: ResultStatus::Error, errcode, errtext: errtext.map(Cow::Borrowed) }
}

fn of_type(result: ResultType<'_>) -> AnyResultType<'_> {
    AnyResultType::ResultType(result)
}

fn answer<'a>(packet: &mut ResponsePacket<'a>, answer: MigrationOutputItem<'a>) {
    if let Some(ResponsePacketItem::Migration(migration)) = packet.items.first_mut() {
        migration.items.push(answer);
    }
}

fn each_result<'a>(packet: &mut ResponsePacket<'a>, change: &dyn Fn(&mut MigrationOutputGetStatusResultType<'a>)) {
    for item in &mut packet.items {
        let ResponsePacketItem::Migration(migration) = item else { continue };
        for item in &mut migration.items {
            if let MigrationOutputItem::GetStatus(answer) = item {
                change(&mut answer.result);
            }
        }
    }
}

/// Checks that written documents are valid, and rejected values are not, whatever the values are.
fn is_written_if_valid(schema: &Schema, encoded: Result<Vec<u8>, packetcheck::Error>) -> Result<bool, TestCaseError> {
    match encoded {
        Ok(written) => {
            let report = schema.explain_without_prediction(&written);
            prop_assert!(report.is_valid(), "{}\n{}", report, String::from_utf8_lossy(&written));
            Ok(true)
        }
        Err(error) => {
            prop_assert!(error.report().is_none_or(|report| report.errors > 0), "{}", error);
            Ok(false)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn changed_parcels_are_written_if_they_are_valid(
        parcel in proptest::sample::select(&PARCELS[..4]),
        changes in proptest::collection::vec(proptest::sample::select(&PARCEL_CHANGES[..]), 0..4),
    ) {
        let mut value = parcel::decode_parcel(parcel.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        changes.iter().for_each(|change| change(&mut value));
        is_written_if_valid(parcel::schema(), parcel::encode_parcel(&value))?;
        let is_written = is_written_if_valid(parcel::schema(), parcel::encode_parcel_pretty(&value))?;
        prop_assert!(is_written || !changes.is_empty());
    }

    #[test]
    fn changed_answers_are_written_if_they_are_valid(
        packet in proptest::sample::select(packets()),
        changes in proptest::collection::vec(proptest::sample::select(&PACKET_CHANGES[..]), 0..4),
    ) {
        let Ok(mut value) = response::decode_packet(packet.as_bytes()) else { return Ok(()) };
        changes.iter().for_each(|change| change(&mut value));
        is_written_if_valid(response::schema(), response::encode_packet(&value))?;
        let is_written = is_written_if_valid(response::schema(), response::encode_packet_pretty(&value))?;
        prop_assert!(is_written || !changes.is_empty());
    }
}
