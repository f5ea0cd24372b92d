//! JSON Schemas (2020-12) of messages, generated from their shapes.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::root::Root;
use super::shape::{MemberShape, Shape, ValueShape};

/// The schema of a kind of message.
pub(super) fn document(root: &Root) -> String {
    let mut shapes = Vec::new();
    collect(root.main, &mut shapes);
    let mut schema = vec![
        ("$schema".to_owned(), text("https://json-schema.org/draft/2020-12/schema")),
        ("title".to_owned(), text(root.title)),
    ];
    match &root.alternative {
        None => schema.push(("$ref".to_owned(), reference(root.main))),
        Some(alternative) => {
            collect(alternative.shape, &mut shapes);
            let only_main = root
                .main
                .members
                .iter()
                .map(|member| member.name)
                .filter(|name| alternative.shape.member(name).is_none());
            let marks = alternative.marks.iter().map(|mark| object([("required", Json::Array(vec![text(mark)]))]));
            let condition = object([
                ("type", text("object")),
                ("propertyNames", object([("not", object([("enum", Json::Array(only_main.map(text).collect()))]))])),
                ("anyOf", Json::Array(marks.collect())),
            ]);
            schema.push(("if".to_owned(), condition));
            schema.push(("then".to_owned(), object([("$ref", reference(alternative.shape))])));
            schema.push(("else".to_owned(), object([("$ref", reference(root.main))])));
        }
    }
    let definitions = shapes.iter().map(|shape| (shape.name.to_owned(), definition(shape)));
    schema.push(("$defs".to_owned(), Json::Object(definitions.collect())));
    let mut document = serde_json::to_string_pretty(&Json::Object(schema)).unwrap_or_default();
    document.push('\n');
    document
}

/// A JSON value with its members in order.
enum Json {
    Text(String),
    Integer(i64),
    Null,
    /// A default.
    Value(serde_json::Value),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Text(text) => serializer.serialize_str(text),
            Json::Integer(number) => serializer.serialize_i64(*number),
            Json::Null => serializer.serialize_none(),
            Json::Value(value) => value.serialize(serializer),
            Json::Array(items) => serializer.collect_seq(items),
            Json::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

fn text(text: &str) -> Json {
    Json::Text(text.trim().to_owned())
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn reference(shape: &Shape) -> Json {
    Json::Text(format!("#/$defs/{}", shape.name))
}

/// The objects that make up a message, each once. Shapes are constants, so they cannot contain each other in a
/// circle.
fn collect(shape: &'static Shape, shapes: &mut Vec<&'static Shape>) {
    if shapes.iter().any(|known| known.name == shape.name) {
        return;
    }
    shapes.push(shape);
    for member in shape.members {
        let mut value = member.value;
        while let ValueShape::List { item, .. } = value {
            value = item;
        }
        if let ValueShape::Object(inner) = value {
            collect(inner, shapes);
        }
    }
}

fn definition(shape: &Shape) -> Json {
    let properties = shape.members.iter().map(|member| (member.name.to_owned(), property(member)));
    let mut members = vec![
        ("description".to_owned(), text(shape.documentation)),
        ("type".to_owned(), text("object")),
        ("properties".to_owned(), Json::Object(properties.collect())),
    ];
    let required: Vec<_> =
        shape.members.iter().filter(|member| !member.optional).map(|member| text(member.name)).collect();
    if !required.is_empty() {
        members.push(("required".to_owned(), Json::Array(required)));
    }
    Json::Object(members)
}

fn property(member: &MemberShape) -> Json {
    let mut members = vec![("description".to_owned(), text(member.documentation))];
    members.extend(value(member.value, member.optional));
    members.extend(member.default.map(|default| ("default".to_owned(), Json::Value(default()))));
    Json::Object(members)
}

/// The keywords of a value.
fn value(shape: &ValueShape, nullable: bool) -> Vec<(String, Json)> {
    let mut keywords: Vec<(&str, Json)> = Vec::new();
    let mut types = Vec::new();
    let lengths = |least: usize, most: usize, names: [&'static str; 2], keywords: &mut Vec<(&str, Json)>| {
        for (limit, unbounded, name) in [(least, 0, names[0]), (most, usize::MAX, names[1])] {
            if limit != unbounded {
                keywords.push((name, Json::Integer(i64::try_from(limit).unwrap_or(i64::MAX))));
            }
        }
    };
    match shape {
        ValueShape::Text { least, most, values } => {
            types.push("string");
            lengths(*least, *most, ["minLength", "maxLength"], &mut keywords);
            if !values.is_empty() {
                keywords.push(("examples", Json::Array(values.iter().map(|value| text(value)).collect())));
            }
        }
        ValueShape::Closed { values, or_empty } => {
            let values = values.iter().map(|value| text(value)).chain(or_empty.then(|| text("")));
            let values = values.chain(nullable.then_some(Json::Null));
            keywords.push(("enum", Json::Array(values.collect())));
        }
        ValueShape::Integer { least, most } => {
            types.push("integer");
            keywords.extend([("minimum", Json::Integer(*least)), ("maximum", Json::Integer(*most))]);
        }
        ValueShape::TextOrInteger { least, most } => {
            types.extend(["string", "integer"]);
            lengths(*least, *most, ["minLength", "maxLength"], &mut keywords);
            keywords.extend([("minimum", Json::Integer(i64::MIN)), ("maximum", Json::Integer(i64::MAX))]);
        }
        ValueShape::Double { least, most } => {
            types.push("number");
            keywords.extend([("minimum", Json::Integer(*least)), ("maximum", Json::Integer(*most))]);
        }
        ValueShape::Boolean => types.push("boolean"),
        ValueShape::List { item, least, most } => {
            types.push("array");
            keywords.push(("items", Json::Object(value(item, false))));
            lengths(*least, *most, ["minItems", "maxItems"], &mut keywords);
        }
        ValueShape::Object(shape) if nullable => {
            keywords.push((
                "anyOf",
                Json::Array(vec![object([("$ref", reference(shape))]), object([("type", text("null"))])]),
            ));
        }
        ValueShape::Object(shape) => keywords.push(("$ref", reference(shape))),
    }
    if nullable && !types.is_empty() {
        types.push("null");
    }
    let types = match types.as_slice() {
        [] => None,
        [only] => Some(("type", text(only))),
        several => Some(("type", Json::Array(several.iter().map(|name| text(name)).collect()))),
    };
    types.into_iter().chain(keywords).map(|(name, value)| (name.to_owned(), value)).collect()
}
