//! Particles (part 1, section 3.9), model groups (3.8) and their definitions (3.7).

use super::element::local_element;
use super::wildcard::wildcard;
use crate::compiled::NameId;
use crate::diagnostic::Code;
use crate::xsd::fault::{Failure, Result, fault};
use crate::xsd::model::{Group, Particle, Term};
use crate::xsd::reader::{Node, Reader, construct, is};
use crate::xsd::xsd_1_1;

/// Whether an element can be the content model of a complex type.
pub(super) fn is_content_model(node: Node<'_>) -> bool {
    is_model_group(node) || is(node, "group")
}

fn is_model_group(node: Node<'_>) -> bool {
    matches!(node.tag_name().name(), "all" | "choice" | "sequence")
}

/// Section 3.7.2.
pub(super) fn global_group(reader: &mut Reader<'_>, node: Node<'_>) -> Result<(NameId, Group)> {
    reader.check_attributes(node, &["name"]);
    let name = reader.faults.or_note(reader.declared_name(node, reader.target));
    let particle = group_particle(reader, node);
    let particle = reader.faults.or_note(particle).unwrap_or_else(|| Particle::broken(reader.place(node), None));
    Ok((name.ok_or(Failure::Reported)?, Group { particle, place: reader.place(node) }))
}

/// The one child of a named group, which occurs once.
fn group_particle(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Particle> {
    let (children, _) = reader.annotated(node);
    let child = reader.only_child(node, &children, "one of `xs:all`, `xs:choice` and `xs:sequence`")?;
    if !is_model_group(child) {
        return reader.unexpected(child, node);
    }
    let particle = particle(reader, child, node)?;
    if let Some(attribute) = ["minOccurs", "maxOccurs"].into_iter().find(|name| child.has_attribute(*name)) {
        let message = format!("attribute `{attribute}` is not allowed on {} of a named group", construct(child));
        reader.report(Code::SchemaSyntax, reader.attribute_place(child, attribute), message);
        return Ok(Particle::broken(particle.place, Some(particle)));
    }
    Ok(particle)
}

/// Sections 3.8.2 and 3.9.2: an element, a wildcard, a group or a reference to one, with its occurrences.
pub(super) fn particle(reader: &mut Reader<'_>, node: Node<'_>, parent: Node<'_>) -> Result<Particle> {
    let occurs = reader.faults.or_note(occurs(reader, node));
    let term = match node.tag_name().name() {
        "element" => local_element(reader, node)?,
        "any" => {
            reader.check_attributes(node, &["minOccurs", "maxOccurs", "namespace", "processContents"]);
            reader.leaf(node);
            Term::Wildcard(wildcard(reader, node)?)
        }
        "sequence" => Term::Sequence(members(reader, node, member_of_group)),
        "choice" => Term::Choice(members(reader, node, member_of_group)),
        "all" => {
            if occurs.is_some_and(|(min, max)| max != Some(1) || min > 1) {
                reader.report(Code::CosAllLimited, reader.place(node), "expected `xs:all` to occur at most once");
            }
            Term::All(members(reader, node, member_of_all))
        }
        "group" => {
            reader.check_attributes(node, &["ref", "minOccurs", "maxOccurs"]);
            reader.leaf(node);
            Term::GroupReference(reader.required_reference(node, "ref")?.name)
        }
        _ => return reader.unexpected(node, parent),
    };
    let place = reader.place(node);
    Ok(match occurs {
        Some((min, max)) => Particle { min, max, term, place },
        None => Particle::broken(place, Some(Particle { min: 1, max: Some(1), term, place })),
    })
}

/// Section 3.9.1: `minOccurs` and `maxOccurs`.
fn occurs(reader: &Reader<'_>, node: Node<'_>) -> Result<(u32, Option<u32>)> {
    // No document has room for more than four billion children.
    let capped = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let min = reader.faults.or_note(reader.number(node, "minOccurs"));
    let max = match reader.trimmed(node, "maxOccurs") {
        Some("unbounded") => None,
        _ => Some(capped(reader.number(node, "maxOccurs")?.unwrap_or(1))),
    };
    let min = capped(min.ok_or(Failure::Reported)?.unwrap_or(1));
    match max {
        Some(max) if min > max => {
            let message = format!("expected `minOccurs` not to exceed `maxOccurs`, found {min} and {max}");
            fault(Code::PPropsCorrect, reader.place(node), message)
        }
        _ => Ok((min, max)),
    }
}

/// The members of a model group; members with errors are broken.
fn members(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    member: fn(&mut Reader<'_>, Node<'_>, Node<'_>) -> Result<Particle>,
) -> Vec<Particle> {
    reader.check_attributes(node, &["minOccurs", "maxOccurs"]);
    let (children, _) = reader.annotated(node);
    let mut members = Vec::with_capacity(children.len());
    for child in children {
        let read = member(reader, child, node);
        let broken = || Particle::broken(reader.place(child), None);
        members.push(reader.faults.or_note(read).unwrap_or_else(broken));
    }
    members
}

/// Section 3.8.6, All Group Limited, clause 1.
fn member_of_group(reader: &mut Reader<'_>, node: Node<'_>, group: Node<'_>) -> Result<Particle> {
    let member = particle(reader, node, group)?;
    if is(node, "all") {
        reader.report(Code::CosAllLimited, member.place, "`xs:all` may only be the whole of a content model");
        return Ok(Particle::broken(member.place, Some(member)));
    }
    Ok(member)
}

/// Section 3.8.6, All Group Limited, clause 2.
fn member_of_all(reader: &mut Reader<'_>, node: Node<'_>, all: Node<'_>) -> Result<Particle> {
    if !is(node, "element") {
        return reader.unexpected(node, all);
    }
    let member = particle(reader, node, all)?;
    if member.max.is_none_or(|max| max > 1) {
        reader.report(
            Code::CosAllLimited,
            member.place,
            format!("expected an element in `xs:all` to occur at most once{}", xsd_1_1::NAMED_OTHERWISE),
        );
        return Ok(Particle::broken(member.place, Some(member)));
    }
    Ok(member)
}
