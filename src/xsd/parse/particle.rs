//! Particles (part 1, section 3.9), model groups (3.8) and their definitions (3.7).

use super::element::local_element;
use super::wildcard::wildcard;
use crate::compiled::NameId;
use crate::diagnostic::Code;
use crate::xsd::error::{Failure, Result, fault};
use crate::xsd::model::{Group, Particle, Term};
use crate::xsd::reader::{Node, Reader, construct, is};

/// Section 3.7.2.
pub(super) fn global_group(reader: &mut Reader<'_>, node: Node<'_>) -> Result<(NameId, Group)> {
    reader.check_attributes(node, &["name"])?;
    let name = reader.declared_name(node, reader.target)?;
    let particle = group_particle(reader, node);
    let particle = reader.or_note(particle).unwrap_or_else(|| Particle::broken(reader.place(node)));
    Ok((name, Group { particle, place: reader.place(node) }))
}

/// The one child of a named group.
fn group_particle(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Particle> {
    let (children, _) = reader.annotated(node)?;
    let [child] = children.as_slice() else {
        let message = "expected one of `xs:all`, `xs:choice` and `xs:sequence` in `xs:group`";
        return fault(Code::SchemaSyntax, reader.place(node), message);
    };
    if !matches!(child.tag_name().name(), "all" | "choice" | "sequence") {
        return reader.unexpected(*child, node);
    }
    if let Some(attribute) = ["minOccurs", "maxOccurs"].into_iter().find(|name| child.has_attribute(*name)) {
        let message = format!("attribute `{attribute}` is not allowed on {} of a named group", construct(*child));
        return fault(Code::SchemaSyntax, reader.attribute_place(*child, attribute), message);
    }
    particle(reader, *child, node)
}

/// Sections 3.8.2 and 3.9.2: an element, a wildcard, a group or a reference to one, with how often it occurs.
pub(super) fn particle(reader: &mut Reader<'_>, node: Node<'_>, parent: Node<'_>) -> Result<Particle> {
    let occurs = reader.or_note(occurs(reader, node));
    let term = match node.tag_name().name() {
        "element" => local_element(reader, node)?,
        "any" => {
            reader.check_attributes(node, &["minOccurs", "maxOccurs", "namespace", "processContents"])?;
            reader.leaf(node)?;
            Term::Wildcard(wildcard(reader, node)?)
        }
        "sequence" => Term::Sequence(group_members(reader, node)?),
        "choice" => Term::Choice(group_members(reader, node)?),
        "all" => {
            if occurs.is_some_and(|(min, max)| max != Some(1) || min > 1) {
                reader.tell(Code::CosAllLimited, reader.place(node), "expected `xs:all` to occur at most once");
            }
            Term::All(all_members(reader, node)?)
        }
        "group" => {
            reader.check_attributes(node, &["ref", "minOccurs", "maxOccurs"])?;
            reader.leaf(node)?;
            reader.required(node, "ref")?;
            match reader.reference(node, "ref")? {
                Some(reference) => Term::GroupReference(reference.name),
                None => return reader.unexpected(node, parent),
            }
        }
        _ => return reader.unexpected(node, parent),
    };
    let (min, max) = occurs.ok_or(Failure::Told)?;
    Ok(Particle { min, max, term, place: reader.place(node) })
}

/// Section 3.9.1: `minOccurs` and `maxOccurs`.
fn occurs(reader: &Reader<'_>, node: Node<'_>) -> Result<(u32, Option<u32>)> {
    // More than four thousand million children fit in no document.
    let capped = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let min = capped(reader.number(node, "minOccurs")?.unwrap_or(1));
    let max = match reader.trimmed(node, "maxOccurs") {
        Some("unbounded") => None,
        _ => Some(capped(reader.number(node, "maxOccurs")?.unwrap_or(1))),
    };
    match max {
        Some(max) if min > max => {
            let message = format!("expected `minOccurs` not to exceed `maxOccurs`, found {min} and {max}");
            fault(Code::PPropsCorrect, reader.place(node), message)
        }
        _ => Ok((min, max)),
    }
}

fn group_members(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Vec<Particle>> {
    reader.check_attributes(node, &["minOccurs", "maxOccurs"])?;
    let (children, _) = reader.annotated(node)?;
    let mut members = Vec::with_capacity(children.len());
    for child in children {
        let member = match is(child, "all") {
            true => {
                fault(Code::CosAllLimited, reader.place(child), "`xs:all` may only be the whole of a content model")
            }
            false => particle(reader, child, node),
        };
        members.push(reader.or_note(member).unwrap_or_else(|| Particle::broken(reader.place(child))));
    }
    Ok(members)
}

/// Section 3.8.6, All Group Limited.
fn all_members(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Vec<Particle>> {
    reader.check_attributes(node, &["minOccurs", "maxOccurs"])?;
    let (children, _) = reader.annotated(node)?;
    let mut members = Vec::with_capacity(children.len());
    for child in children {
        let member = member_of_all(reader, child, node);
        members.push(reader.or_note(member).unwrap_or_else(|| Particle::broken(reader.place(child))));
    }
    Ok(members)
}

fn member_of_all(reader: &mut Reader<'_>, node: Node<'_>, all: Node<'_>) -> Result<Particle> {
    if !is(node, "element") {
        return reader.unexpected(node, all);
    }
    let member = particle(reader, node, all)?;
    if member.max.is_none_or(|max| max > 1) {
        return fault(Code::CosAllLimited, member.place, "expected an element in `xs:all` to occur at most once");
    }
    Ok(member)
}
