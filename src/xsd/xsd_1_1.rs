//! What XSD 1.1 added to XSD 1.0, by name, so that an error can say so.

use std::ops::Range;

/// The namespace of attributes such as `vc:minVersion` (XSD 1.1, part 1, section 4.2.2). To XSD 1.0 it is like any
/// other namespace.
pub(super) const VERSIONING: &str = "http://www.w3.org/2007/XMLSchema-versioning";

/// Whether such an attribute tells a processor of version 1.0 to ignore the element, as far as its value alone shows.
pub(super) fn leaves_out(name: &str, value: &str) -> bool {
    let version: Option<f64> = value.trim().parse().ok();
    match name {
        "minVersion" => version.is_some_and(|least| least > 1.0),
        "maxVersion" => version.is_some_and(|below| below <= 1.0),
        _ => true,
    }
}

/// The attribute of a tag by which XSD 1.1 chooses among variants of a declaration (conditional inclusion), as written.
pub(super) fn chooser(document: &str, tag: Range<usize>) -> Option<&str> {
    const NAMES: &[&str] =
        &["minVersion", "maxVersion", "typeAvailable", "typeUnavailable", "facetAvailable", "facetUnavailable"];
    let is_end = |character: char| character.is_whitespace() || character == '=';
    let mut words = document.get(tag)?.split(is_end);
    let is_chooser = |word: &&str| word.split_once(':').is_some_and(|(_, local)| NAMES.contains(&local));
    words.find(is_chooser).filter(|_| document.contains(VERSIONING))
}

/// Appended to the message of an error.
pub(super) const NAMED: &str = ": this is XSD 1.1, and schemas are read as XSD 1.0";

/// Appended to a requirement of XSD 1.0 that 1.1 does not have.
pub(super) const NAMED_OTHERWISE: &str = ": more is only allowed in XSD 1.1, and schemas are read as XSD 1.0";

pub(super) const ELEMENTS: &[&str] =
    &["assert", "assertion", "alternative", "openContent", "defaultOpenContent", "override", "explicitTimezone"];

/// Added to types and elements in XSD 1.1.
pub(super) const CHILDREN: &[&str] = &["assert", "alternative", "openContent"];

pub(super) const ATTRIBUTES: &[&str] = &[
    "appliesToEmpty",
    "defaultAttributes",
    "defaultAttributesApply",
    "inheritable",
    "notNamespace",
    "notQName",
    "xpathDefaultNamespace",
];

/// Whether XSD 1.1 added this child to this element.
pub(super) fn has_child(parent: &str, child: &str) -> bool {
    ELEMENTS.contains(&child) || parent == "all" && matches!(child, "any" | "group")
}

/// Whether XSD 1.1 added this attribute to this element.
pub(super) fn has_attribute(element: &str, attribute: &str) -> bool {
    ATTRIBUTES.contains(&attribute)
        || match attribute {
            "targetNamespace" => matches!(element, "element" | "attribute" | "restriction"),
            "ref" => matches!(element, "unique" | "key" | "keyref"),
            _ => false,
        }
}

/// Built-in types.
pub(super) const TYPES: &[&str] = &["anyAtomicType", "dateTimeStamp", "dayTimeDuration", "error", "yearMonthDuration"];
