//! Complex types (part 1, section 3.4).

use super::attribute::{attributes, is_attribute};
use super::particle::{is_content_model, particle};
use super::simple::{facet_list, leading_type};
use super::{DERIVATIONS, Scope, type_definition};
use crate::compiled::Derivation;
use crate::xsd::fault::Result;
use crate::xsd::model::{Attributes, ComplexType, Content, Particle};
use crate::xsd::reader::{Node, Reader, is};

/// Section 3.4.2.
pub(super) fn complex_type(reader: &mut Reader<'_>, node: Node<'_>, scope: Scope) -> Result<ComplexType> {
    let allowed: &[&str] =
        if scope == Scope::Local { &["mixed"] } else { &["name", "mixed", "abstract", "final", "block"] };
    reader.check_attributes(node, allowed);
    let mixed = reader.faults.or_note(reader.boolean(node, "mixed"));
    let (children, documentation) = reader.annotated(node);
    let mut complex = ComplexType {
        name: scope.name(),
        is_abstract: reader.is_true(node, "abstract"),
        block: reader.methods(node, "block", DERIVATIONS, reader.block_default),
        finals: reader.methods(node, "final", DERIVATIONS, reader.final_default),
        derivation: Derivation::Restriction,
        base: None,
        content: Content::Complex { particle: None, mixed: mixed.flatten().unwrap_or(false) },
        attributes: Attributes::default(),
        is_broken: mixed.is_none(),
        documentation,
        place: reader.place(node),
    };
    match children.split_first() {
        Some((first, rest)) if is(*first, "simpleContent") || is(*first, "complexContent") => {
            rest.iter().for_each(|child| reader.report_unexpected(*child, node));
            derived_content(reader, *first, &mut complex)?;
        }
        _ => complex_content(reader, node, &children, &mut complex),
    }
    Ok(complex)
}

/// `xs:simpleContent` or `xs:complexContent`.
fn derived_content(reader: &mut Reader<'_>, node: Node<'_>, complex: &mut ComplexType) -> Result<()> {
    let is_simple = is(node, "simpleContent");
    reader.check_attributes(node, if is_simple { &[] } else { &["mixed"] });
    match (reader.faults.or_note(reader.boolean(node, "mixed")), &mut complex.content) {
        (Some(Some(own)), Content::Complex { mixed, .. }) => *mixed = own,
        (found, _) => complex.is_broken |= found.is_none(),
    }
    let (children, _) = reader.annotated(node);
    let child = reader.only_child(node, &children, "one of `xs:restriction` and `xs:extension`")?;
    complex.derivation = match child.tag_name().name() {
        "restriction" => Derivation::Restriction,
        "extension" => Derivation::Extension,
        _ => return reader.unexpected(child, node),
    };
    reader.check_attributes(child, &["base"]);
    complex.base = reader.faults.or_note(reader.required_reference(child, "base"));
    complex.is_broken |= complex.base.is_none();
    let (children, _) = reader.annotated(child);
    match is_simple {
        true => simple_content(reader, child, &children, complex),
        false => complex_content(reader, child, &children, complex),
    }
    Ok(())
}

/// The children of the `xs:restriction` or `xs:extension` in `xs:simpleContent`: attributes and, before them in a
/// restriction, a type and facets.
fn simple_content(reader: &mut Reader<'_>, node: Node<'_>, children: &[Node<'_>], complex: &mut ComplexType) {
    let split = children.iter().position(is_attribute).unwrap_or(children.len());
    let (before, attribute_nodes) = children.split_at(split);
    let (mut start, mut facet_nodes) = leading_type(before);
    if complex.derivation == Derivation::Extension {
        before.iter().for_each(|child| reader.report_unexpected(*child, node));
        (start, facet_nodes) = (None, &[]);
    }
    complex.content = Content::Simple {
        start: start.map(|start| Box::new(type_definition(reader, start, Scope::Local))),
        facets: facet_list(reader, node, facet_nodes),
    };
    complex.attributes = attributes(reader, node, attribute_nodes);
}

/// An optional content model, and the attributes after it.
fn complex_content(reader: &mut Reader<'_>, parent: Node<'_>, children: &[Node<'_>], complex: &mut ComplexType) {
    let (first, rest) = match children.split_first() {
        Some((first, rest)) if is_content_model(*first) => (Some(*first), rest),
        _ => (None, children),
    };
    if let Content::Complex { particle: own, .. } = &mut complex.content {
        *own = first.map(|first| {
            let read = particle(reader, first, parent);
            reader.faults.or_note(read).unwrap_or_else(|| Particle::broken(reader.place(first), None))
        });
    }
    complex.attributes = attributes(reader, parent, rest);
}
