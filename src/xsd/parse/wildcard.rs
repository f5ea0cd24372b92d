//! Wildcards (part 1, section 3.10): `xs:any` and `xs:anyAttribute`.

use crate::compiled::{NamespaceConstraint, NamespaceId, Process, Wildcard};
use crate::xsd::fault::Result;
use crate::xsd::reader::{Node, Reader};

/// Section 3.10.2.
pub(super) fn wildcard(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Wildcard> {
    let process = match reader.trimmed(node, "processContents") {
        None | Some("strict") => Process::Strict,
        Some("lax") => Process::Lax,
        Some("skip") => Process::Skip,
        Some(other) => return reader.bad_value(node, "processContents", "`strict`, `lax` or `skip`", other),
    };
    let namespaces = match reader.trimmed(node, "namespace") {
        None | Some("##any") => NamespaceConstraint::Any,
        Some("##other") => NamespaceConstraint::Not(reader.target),
        Some(list) => {
            let mut namespaces = Vec::new();
            for item in list.split_ascii_whitespace() {
                let namespace = match item {
                    "##targetNamespace" => reader.target,
                    "##local" => NamespaceId::NONE,
                    special if special.starts_with("##") => {
                        return reader.bad_value(node, "namespace", "a list of namespaces", list);
                    }
                    uri => reader.names.intern_namespace(uri),
                };
                if !namespaces.contains(&namespace) {
                    namespaces.push(namespace);
                }
            }
            NamespaceConstraint::OneOf(namespaces)
        }
    };
    Ok(Wildcard { namespaces, process, place: reader.place(node) })
}
