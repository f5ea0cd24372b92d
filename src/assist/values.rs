//! The values that a type lists: those of an enumeration, of a boolean, a default.

use std::sync::Arc;

use crate::compiled::ValueConstraint;
use crate::datatype::{Kind, SimpleType};

/// The most values of one type that are offered.
const VALUES: usize = 1000;

/// A value, and whether it is the default or a fixed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) detail: Option<&'static str>,
}

/// The listed values of a type. A fixed value is the only one.
pub(super) fn values(simple: &Arc<SimpleType>, constraint: Option<&ValueConstraint>) -> Vec<Value> {
    let fixed = |constraint: &&ValueConstraint| constraint.fixed;
    if let Some(fixed) = constraint.filter(fixed) {
        return vec![Value { text: fixed.value.to_string(), detail: Some("fixed") }];
    }
    let mut texts = Vec::new();
    add(simple, &mut texts);
    let default = constraint.map(|constraint| &*constraint.value);
    if let Some(default) = default.filter(|default| !texts.iter().any(|text| text == default)) {
        texts.insert(0, default.to_owned());
    }
    let detail = |text: &str| (Some(text) == default).then_some("default");
    texts.into_iter().map(|text| Value { detail: detail(&text), text }).collect()
}

/// The nesting of unions and lists is limited when types are compiled.
fn add(simple: &Arc<SimpleType>, texts: &mut Vec<String>) {
    if let Some(values) = simple.enumeration() {
        texts.extend(values.iter().take(VALUES.saturating_sub(texts.len())).map(|value| value.to_string()));
        return;
    }
    match simple.kind() {
        Kind::Boolean => texts.extend(["true", "false"].map(str::to_owned)),
        Kind::Union => simple.members().iter().for_each(|member| add(member, texts)),
        Kind::List => simple.item().into_iter().for_each(|item| add(item, texts)),
        Kind::String | Kind::Integer | Kind::Decimal | Kind::Float => {}
    }
}
