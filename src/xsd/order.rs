//! The order of the children of XSD elements (part 1, appendix A), and their names, so that an error can suggest the
//! intended one.

use crate::text::nearest::{Candidate, Letters, nearest};

/// All elements of XSD 1.0.
const ELEMENTS: &[&str] = &[
    "all",
    "annotation",
    "any",
    "anyAttribute",
    "appinfo",
    "attribute",
    "attributeGroup",
    "choice",
    "complexContent",
    "complexType",
    "documentation",
    "element",
    "enumeration",
    "extension",
    "field",
    "fractionDigits",
    "group",
    "import",
    "include",
    "key",
    "keyref",
    "length",
    "list",
    "maxExclusive",
    "maxInclusive",
    "maxLength",
    "minExclusive",
    "minInclusive",
    "minLength",
    "notation",
    "pattern",
    "redefine",
    "restriction",
    "schema",
    "selector",
    "sequence",
    "simpleContent",
    "simpleType",
    "totalDigits",
    "union",
    "unique",
    "whiteSpace",
];

/// The rank of a child among the others: a lower rank comes first. `None` if the parent has no such child.
pub(super) fn rank(parent: &str, child: &str) -> Option<u8> {
    let is_content = matches!(child, "group" | "all" | "choice" | "sequence");
    let of_attributes = match child {
        "attribute" | "attributeGroup" => Some(2),
        "anyAttribute" => Some(3),
        _ => None,
    };
    match parent {
        "schema" => match child {
            "include" | "import" | "redefine" => Some(0),
            "annotation" => None,
            _ => ELEMENTS.contains(&child).then_some(1),
        },
        "complexType" | "extension" if is_content || matches!(child, "simpleContent" | "complexContent") => Some(1),
        "complexType" | "extension" | "attributeGroup" => of_attributes,
        "restriction" => match child {
            "simpleType" => Some(0),
            _ if is_content || is_facet(child) => Some(1),
            _ => of_attributes,
        },
        "element" => match child {
            "simpleType" | "complexType" => Some(0),
            "unique" | "key" | "keyref" => Some(1),
            _ => None,
        },
        _ => None,
    }
}

fn is_facet(name: &str) -> bool {
    matches!(name, "enumeration" | "pattern" | "whiteSpace" | "length" | "totalDigits" | "fractionDigits")
        || name.starts_with("min")
        || name.starts_with("max")
}

/// The element whose name was misspelt.
pub(super) fn nearest_name(name: &str) -> Option<&'static str> {
    if ELEMENTS.contains(&name) {
        return None;
    }
    let candidates = ELEMENTS.iter().map(|name| Candidate { name, letters: Letters::of(name) });
    nearest(name, candidates).and_then(|at| ELEMENTS.get(at).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_by_what_they_are_nearly() {
        for (name, meant) in [("elemant", "element"), ("Sequence", "sequence"), ("complextype", "complexType")] {
            assert_eq!(nearest_name(name), Some(meant));
        }
        assert_eq!((nearest_name("element"), nearest_name("nothing")), (None, None));
    }
}
