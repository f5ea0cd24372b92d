//! Complex types (part 1, section 3.4).

use super::attribute::attributes;
use super::particle::particle;
use super::simple::{facet_list, leading_type};
use super::{DERIVATIONS, type_definition};
use crate::compiled::{Derivation, NameId};
use crate::diagnostic::Code;
use crate::xsd::error::{Failure, Result, fault};
use crate::xsd::model::{Attributes, ComplexType, Content, Particle};
use crate::xsd::reader::{Node, Reader, construct, is};

/// Section 3.4.2.
pub(super) fn complex_type(reader: &mut Reader<'_>, node: Node<'_>, name: Option<NameId>) -> Result<ComplexType> {
    let allowed: &[&str] = if name.is_some() { &["name", "mixed", "abstract", "final", "block"] } else { &["mixed"] };
    reader.check_attributes(node, allowed)?;
    let mixed = reader.boolean(node, "mixed")?.unwrap_or(false);
    let (children, documentation) = reader.annotated(node)?;
    let mut complex = ComplexType {
        name,
        is_abstract: reader.boolean(node, "abstract")?.unwrap_or(false),
        block: reader.methods_or(node, "block", DERIVATIONS, reader.block_default)?,
        finals: reader.methods_or(node, "final", DERIVATIONS, reader.final_default)?,
        derivation: Derivation::Restriction,
        base: None,
        content: Content::Complex { particle: None, mixed },
        attributes: Attributes::default(),
        documentation,
        place: reader.place(node),
    };
    match children.split_first() {
        Some((first, rest)) if is(*first, "simpleContent") || is(*first, "complexContent") => {
            if let Some(second) = rest.first() {
                return reader.unexpected(*second, node);
            }
            derived_content(reader, *first, mixed, &mut complex)?;
        }
        _ => {
            let (particle, attributes) = particle_and_attributes(reader, node, &children)?;
            complex.content = Content::Complex { particle, mixed };
            complex.attributes = attributes;
        }
    }
    Ok(complex)
}

/// `xs:simpleContent` or `xs:complexContent`.
fn derived_content(reader: &mut Reader<'_>, node: Node<'_>, mixed: bool, complex: &mut ComplexType) -> Result<()> {
    let is_simple = is(node, "simpleContent");
    reader.check_attributes(node, if is_simple { &[] } else { &["mixed"] })?;
    let mixed = reader.boolean(node, "mixed")?.unwrap_or(mixed);
    let (children, _) = reader.annotated(node)?;
    let [child] = children.as_slice() else {
        let message = format!("expected one of `xs:restriction` and `xs:extension` in {}", construct(node));
        return fault(Code::SchemaSyntax, reader.place(node), message);
    };
    complex.derivation = match child.tag_name().name() {
        "restriction" => Derivation::Restriction,
        "extension" => Derivation::Extension,
        _ => return reader.unexpected(*child, node),
    };
    reader.check_attributes(*child, &["base"])?;
    let base = reader.or_note(reader.required(*child, "base")).map(|_| reader.reference(*child, "base"));
    let base = base.and_then(|base| reader.or_note(base));
    let (children, _) = reader.annotated(*child)?;
    if is_simple {
        simple_content(reader, *child, &children, complex)?;
    } else {
        let (particle, attributes) = particle_and_attributes(reader, *child, &children)?;
        complex.content = Content::Complex { particle, mixed };
        complex.attributes = attributes;
    }
    complex.base = base.ok_or(Failure::Told)?;
    Ok(())
}

/// What stands in the `xs:restriction` or `xs:extension` of `xs:simpleContent`.
fn simple_content(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    children: &[Node<'_>],
    complex: &mut ComplexType,
) -> Result<()> {
    let (start, rest) = leading_type(children);
    let is_attribute =
        |node: &Node<'_>| matches!(node.tag_name().name(), "attribute" | "attributeGroup" | "anyAttribute");
    let split = rest.iter().position(is_attribute).unwrap_or(rest.len());
    let (facet_nodes, attribute_nodes) = rest.split_at(split);
    if complex.derivation == Derivation::Extension
        && let Some(first) = start.as_ref().or(facet_nodes.first())
    {
        return reader.unexpected(*first, node);
    }
    let start = start.map(|start| Box::new(type_definition(reader, start, None)));
    let facets = reader.or_note(facet_list(reader, node, facet_nodes));
    complex.attributes = attributes(reader, node, attribute_nodes)?;
    complex.content = Content::Simple { start, facets: facets.ok_or(Failure::Told)? };
    Ok(())
}

/// A content model, perhaps, and the attributes behind it.
pub(super) fn particle_and_attributes(
    reader: &mut Reader<'_>,
    parent: Node<'_>,
    children: &[Node<'_>],
) -> Result<(Option<Particle>, Attributes)> {
    match children.split_first() {
        Some((first, rest)) if matches!(first.tag_name().name(), "sequence" | "choice" | "all" | "group") => {
            let particle = particle(reader, *first, parent)?;
            Ok((Some(particle), attributes(reader, parent, rest)?))
        }
        _ => Ok((None, attributes(reader, parent, children)?)),
    }
}
