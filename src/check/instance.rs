//! The schema instance namespace (part 1, section 2.6): attributes that every element can have and no schema declares.

use std::sync::Arc;

use crate::compiled::{Compiled, TypeId};
use crate::datatype::SimpleType;
use crate::text::nearest::nearest;
use crate::text::white_space::trim;
use crate::xml::Scopes;

/// The namespace of `xsi:` attributes.
pub(crate) use crate::xml::INSTANCE_NAMESPACE as INSTANCE;

/// The four attributes in that namespace (section 3.2.7).
pub(super) const INSTANCE_ATTRIBUTES: [&str; 4] = ["type", "nil", "schemaLocation", "noNamespaceSchemaLocation"];

/// Whether an attribute is one of the four (section 3.2.7).
pub(super) fn is_instance(namespace: &str, local: &str) -> bool {
    namespace == INSTANCE && INSTANCE_ATTRIBUTES.contains(&local)
}

/// Whether a namespace is meant for that of the four: it has another year, different capitals, or a typing error.
pub(super) fn is_like_instance(namespace: &str) -> bool {
    let namespace = namespace.to_ascii_lowercase();
    let (_, last) = namespace.trim_end_matches('/').rsplit_once('/').unwrap_or_default();
    let is_of_schemas = namespace.contains("www.w3.org") && last.starts_with("xmlschema");
    is_of_schemas || nearest(&namespace, [INSTANCE.to_ascii_lowercase().as_str()]).is_some()
}

/// The type of one of the four attributes (section 3.2.7).
pub(super) fn type_of(local: &str) -> Option<Arc<SimpleType>> {
    match local {
        "type" => SimpleType::built_in("QName"),
        "nil" => SimpleType::built_in("boolean"),
        "schemaLocation" => SimpleType::list(&SimpleType::built_in("anyURI")?, None).ok(),
        _ => SimpleType::built_in("anyURI"),
    }
}

/// Parses the value of `xsi:nil` (part 2, section 3.2.2); `None` if it is not a boolean.
pub(crate) fn nil(value: &str) -> Option<bool> {
    match trim(value) {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// The type that a value of `xsi:type` names (cvc-elt.4.1 and 4.2); `None` if the schema has no type of that name.
pub(super) fn named_type(schema: &Compiled, scopes: &Scopes<'_>, value: &str) -> Option<TypeId> {
    let value = trim(value);
    let (prefix, local) = value.split_once(':').unwrap_or(("", value));
    let name = schema.names.lookup(scopes.resolve(prefix)?, local)?;
    schema.named_types.get(&name).copied()
}
