//! What declarations of elements and of attributes have in common: a type, a value, and a form.

use super::{Scope, type_definition};
use crate::compiled::ValueConstraint;
use crate::diagnostic::Code;
use crate::xsd::fault::{Failure, Result, fault};
use crate::xsd::model::TypeUse;
use crate::xsd::reader::{Node, Reader, construct, is};

/// The `type` attribute or the only child, which must be of one of several kinds.
pub(super) fn inline_type(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    children: &[Node<'_>],
    kinds: &[&str],
) -> Result<Option<TypeUse>> {
    let named = reader.faults.or_note(reader.reference(node, "type"));
    let mut anonymous = None;
    for child in children.iter().copied() {
        if anonymous.is_some() || !kinds.contains(&child.tag_name().name()) {
            reader.report_unexpected(child, node);
        } else {
            anonymous = Some((type_definition(reader, child, Scope::Local), child));
        }
    }
    match (named.ok_or(Failure::Reported)?, anonymous) {
        (Some(_), Some((_, child))) => {
            let message = format!("{} has both a `type` and {}", construct(node), construct(child));
            fault(contradiction(node), reader.place(child), message)
        }
        (Some(named), None) => Ok(Some(TypeUse::Named(named))),
        (None, Some((definition, _))) => Ok(Some(TypeUse::Anonymous(Box::new(definition)))),
        (None, None) => Ok(None),
    }
}

pub(super) fn value_constraint(reader: &Reader<'_>, node: Node<'_>) -> Result<Option<ValueConstraint>> {
    let (fixed, value) = match (node.attribute("default"), node.attribute("fixed")) {
        (Some(_), Some(_)) => {
            return fault(
                contradiction(node),
                reader.attribute_place(node, "fixed"),
                format!("{} has both `default` and `fixed`", construct(node)),
            );
        }
        (Some(value), None) => (false, value),
        (None, Some(value)) => (true, value),
        (None, None) => return Ok(None),
    };
    Ok(Some(ValueConstraint::new(fixed, value, reader.bindings(node, value))))
}

/// The constraint broken by a declaration that specifies two alternatives at once.
fn contradiction(declaration: Node<'_>) -> Code {
    if is(declaration, "attribute") { Code::SrcAttribute } else { Code::SrcElement }
}

/// Whether `form`, `elementFormDefault` or `attributeFormDefault` is `qualified`.
pub(super) fn is_qualified(reader: &Reader<'_>, node: Node<'_>, name: &str) -> Result<Option<bool>> {
    match reader.trimmed(node, name) {
        None => Ok(None),
        Some("qualified") => Ok(Some(true)),
        Some("unqualified") => Ok(Some(false)),
        Some(other) => reader.bad_value(node, name, "`qualified` or `unqualified`", other),
    }
}
