//! Simple types (part 1, section 3.14) and their facets (part 2, section 4.3).

use super::{SIMPLE_FINAL, type_definition};
use crate::compiled::{NameId, Place};
use crate::datatype::{Bindings, Facet, WhiteSpace};
use crate::diagnostic::Code;
use crate::xsd::error::{Failure, Result, fault};
use crate::xsd::model::{Facets, SimpleType, TypeUse, Variety};
use crate::xsd::reader::{Node, Reader, construct, is};

/// Section 3.14.2.
pub(super) fn simple_type(reader: &mut Reader<'_>, node: Node<'_>, name: Option<NameId>) -> Result<SimpleType> {
    reader.check_attributes(node, if name.is_some() { &["name", "final"] } else { &[] })?;
    let (children, documentation) = reader.annotated(node)?;
    let [child] = children.as_slice() else {
        let found = children.get(1).map_or(node, |second| *second);
        return fault(
            Code::SchemaSyntax,
            reader.place(found),
            "expected one of `xs:restriction`, `xs:list` and `xs:union` in `xs:simpleType`",
        );
    };
    let variety = match child.tag_name().name() {
        "restriction" => {
            reader.check_attributes(*child, &["base"])?;
            let (base, facets) = facets(reader, *child, "base")?;
            match base {
                Some(base) => Variety::Restriction { base, facets },
                None => {
                    return fault(
                        Code::SrcRestrictionBase,
                        reader.place(*child),
                        "missing `base` or `xs:simpleType` in `xs:restriction`",
                    );
                }
            }
        }
        "list" => {
            reader.check_attributes(*child, &["itemType"])?;
            match facets(reader, *child, "itemType")? {
                (Some(item), facets) if facets.facets.is_empty() => Variety::List(item),
                _ => {
                    return fault(
                        Code::SrcListItem,
                        reader.place(*child),
                        "expected an `itemType` or an `xs:simpleType` in `xs:list`",
                    );
                }
            }
        }
        "union" => Variety::Union(members(reader, *child)?),
        _ => return reader.unexpected(*child, node),
    };
    let finals = reader.methods_or(node, "final", SIMPLE_FINAL, reader.final_default)?;
    Ok(SimpleType { name, variety, finals, documentation, place: reader.place(node) })
}

/// The members of `xs:union`: those named, then those written on the spot.
fn members(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Vec<TypeUse>> {
    reader.check_attributes(node, &["memberTypes"])?;
    let mut members = Vec::new();
    for name in node.attribute("memberTypes").unwrap_or_default().split_ascii_whitespace() {
        let member = reader.resolve(node, "memberTypes", name);
        members.push(reader.or_note(member).map_or(TypeUse::Broken, TypeUse::Named));
    }
    let (children, _) = reader.annotated(node)?;
    for child in children {
        if !is(child, "simpleType") {
            return reader.unexpected(child, node);
        }
        members.extend(anonymous_simple(reader, Some(child))?);
    }
    if members.is_empty() {
        return fault(Code::SrcUnionMembers, reader.place(node), "expected at least one member type in `xs:union`");
    }
    Ok(members)
}

/// The type that a derivation starts from, by attribute or as a child, and the facets behind it.
fn facets(reader: &mut Reader<'_>, node: Node<'_>, attribute: &str) -> Result<(Option<TypeUse>, Facets)> {
    let named = reader.reference(node, attribute);
    let named = reader.or_note(named).map_or(Some(TypeUse::Broken), |named| named.map(TypeUse::Named));
    let (children, _) = reader.annotated(node)?;
    let (types, rest) = leading_type(&children);
    let (anonymous, facets) = (anonymous_simple(reader, types)?, facet_list(reader, node, rest)?);
    match (named, anonymous) {
        (Some(_), Some(_)) => {
            let message = format!("{} has both `{attribute}` and `xs:simpleType`", construct(node));
            let code = if is(node, "list") { Code::SrcListItem } else { Code::SrcRestrictionBase };
            fault(code, reader.place(node), message)
        }
        (named, anonymous) => Ok((named.or(anonymous), facets)),
    }
}

/// A leading `xs:simpleType`, and the rest.
pub(super) fn leading_type<'c, 'a>(children: &'c [Node<'a>]) -> (Option<Node<'a>>, &'c [Node<'a>]) {
    match children.split_first() {
        Some((first, rest)) if is(*first, "simpleType") => (Some(*first), rest),
        _ => (None, children),
    }
}

fn anonymous_simple(reader: &mut Reader<'_>, node: Option<Node<'_>>) -> Result<Option<TypeUse>> {
    let Some(node) = node else { return Ok(None) };
    Ok(Some(TypeUse::Anonymous(Box::new(type_definition(reader, node, None)))))
}

/// Part 2, section 4.3: alternatives of `pattern` and values of `enumeration` are one facet each, all others come once.
pub(super) fn facet_list(reader: &Reader<'_>, parent: Node<'_>, nodes: &[Node<'_>]) -> Result<Facets> {
    let mut found = Facets::default();
    let (mut patterns, mut values) = (Listed::default(), Listed::default());
    let mut is_broken = false;
    for node in nodes.iter().copied() {
        let read = match node.tag_name().name() {
            "pattern" => patterns.read(reader, node),
            "enumeration" => values.read(reader, node),
            _ => single_facet(reader, parent, node, &mut found),
        };
        is_broken |= reader.or_note(read).is_none();
    }
    if !patterns.texts.is_empty() {
        found.push(Facet::Pattern(patterns.texts), patterns.places);
    }
    if !values.texts.is_empty() {
        found.push(Facet::Enumeration(values.texts), values.places);
        found.setting.contexts = values.contexts;
    }
    if is_broken { Err(Failure::Told) } else { Ok(found) }
}

/// The values of a facet that may stand several times.
#[derive(Default)]
struct Listed {
    texts: Vec<String>,
    places: Vec<Place>,
    contexts: Vec<Bindings>,
}

impl Listed {
    fn read(&mut self, reader: &Reader<'_>, node: Node<'_>) -> Result<()> {
        reader.check_attributes(node, &["value"])?;
        reader.leaf(node)?;
        let Some(value) = node.attribute("value") else {
            let message = format!("missing required attribute `value` of {}", construct(node));
            return fault(Code::SchemaSyntax, reader.place(node), message);
        };
        self.texts.push(value.to_owned());
        self.places.push(reader.attribute_place(node, "value"));
        self.contexts.push(reader.bindings(node, value));
        Ok(())
    }
}

/// A facet other than those.
fn single_facet(reader: &Reader<'_>, parent: Node<'_>, node: Node<'_>, found: &mut Facets) -> Result<()> {
    let Some(facet) = facet(reader, node)? else { return reader.unexpected(node, parent) };
    reader.check_attributes(node, &["value", "fixed"])?;
    reader.leaf(node)?;
    if reader.boolean(node, "fixed")? == Some(true) {
        found.setting.fixed.push(facet.name());
    }
    if found.facets.iter().any(|known| std::mem::discriminant(known) == std::mem::discriminant(&facet)) {
        return fault(Code::SrcSingleFacetValue, reader.place(node), format!("{} stands twice", construct(node)));
    }
    found.push(facet, vec![reader.attribute_place(node, "value")]);
    Ok(())
}

/// A facet, if the element is one other than `pattern` and `enumeration`, which belong together.
fn facet(reader: &Reader<'_>, node: Node<'_>) -> Result<Option<Facet>> {
    let name = node.tag_name().name();
    let text = || reader.required(node, "value").map(String::from);
    let count = || {
        reader.required(node, "value")?;
        reader.number(node, "value").map(Option::unwrap_or_default)
    };
    Ok(Some(match name {
        "length" => Facet::Length(count()?),
        "minLength" => Facet::MinLength(count()?),
        "maxLength" => Facet::MaxLength(count()?),
        "totalDigits" => Facet::TotalDigits(count()?),
        "fractionDigits" => Facet::FractionDigits(count()?),
        "minInclusive" => Facet::MinInclusive(text()?),
        "minExclusive" => Facet::MinExclusive(text()?),
        "maxInclusive" => Facet::MaxInclusive(text()?),
        "maxExclusive" => Facet::MaxExclusive(text()?),
        "whiteSpace" => Facet::WhiteSpace(match reader.required(node, "value")? {
            "preserve" => WhiteSpace::Preserve,
            "replace" => WhiteSpace::Replace,
            "collapse" => WhiteSpace::Collapse,
            other => return reader.bad_value(node, "value", "`preserve`, `replace` or `collapse`", other),
        }),
        _ => return Ok(None),
    }))
}
