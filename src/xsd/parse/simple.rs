//! Simple types (part 1, section 3.14) and their facets (part 2, section 4.3).

use super::{SIMPLE_FINAL, Scope, type_definition};
use crate::compiled::Place;
use crate::datatype::{Bindings, Facet, WhiteSpace};
use crate::diagnostic::Code;
use crate::xsd::fault::{Failure, Fault, Result, fault};
use crate::xsd::model::{Facets, SimpleType, TypeUse, Variety};
use crate::xsd::reader::{Node, Reader, construct, is};

/// Section 3.14.2.
pub(super) fn simple_type(reader: &mut Reader<'_>, node: Node<'_>, scope: Scope) -> Result<SimpleType> {
    reader.check_attributes(node, if scope == Scope::Local { &[] } else { &["name", "final"] });
    let (children, documentation) = reader.annotated(node);
    let finals = reader.methods(node, "final", SIMPLE_FINAL, reader.final_default);
    let child = reader.only_child(node, &children, "one of `xs:restriction`, `xs:list` and `xs:union`")?;
    let variety = match child.tag_name().name() {
        "restriction" => restriction(reader, child)?,
        "list" => list(reader, child)?,
        "union" => union(reader, child)?,
        _ => return reader.unexpected(child, node),
    };
    Ok(SimpleType { name: scope.name(), variety, finals, documentation, place: reader.place(node) })
}

/// Section 3.14.3, clause 2: a base, by name or anonymous.
fn restriction(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Variety> {
    reader.check_attributes(node, &["base"]);
    let (children, _) = reader.annotated(node);
    let (first, facets) = leading_type(&children);
    let facets = facet_list(reader, node, facets);
    match type_use(reader, node, "base", first, Code::SrcRestrictionBase) {
        Some(base) => Ok(Variety::Restriction { base, facets }),
        // It comes after a facet, which was reported.
        None if children.iter().any(|child| is(*child, "simpleType")) => Err(Failure::Reported),
        None => {
            let message = "missing `base` or `xs:simpleType` in `xs:restriction`";
            fault(Code::SrcRestrictionBase, reader.place(node), message)
        }
    }
}

/// Section 3.14.3, clause 3: an item type, by name or anonymous.
fn list(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Variety> {
    reader.check_attributes(node, &["itemType"]);
    let (children, _) = reader.annotated(node);
    let (first, rest) = leading_type(&children);
    rest.iter().for_each(|child| reader.report_unexpected(*child, node));
    match type_use(reader, node, "itemType", first, Code::SrcListItem) {
        Some(item) => Ok(Variety::List(item)),
        None => {
            let message = "expected an `itemType` or an `xs:simpleType` in `xs:list`";
            fault(Code::SrcListItem, reader.place(node), message)
        }
    }
}

/// Section 3.14.3, clause 4: members by name, then anonymous ones.
fn union(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Variety> {
    reader.check_attributes(node, &["memberTypes"]);
    let mut members = Vec::new();
    for name in node.attribute("memberTypes").unwrap_or_default().split_ascii_whitespace() {
        let member = reader.faults.or_note(reader.resolve(node, "memberTypes", name));
        members.push(member.map_or(TypeUse::Broken, TypeUse::Named));
    }
    let (children, _) = reader.annotated(node);
    for child in children {
        match is(child, "simpleType") {
            true => members.push(anonymous(reader, child)),
            false => reader.report_unexpected(child, node),
        }
    }
    if members.is_empty() {
        return fault(Code::SrcUnionMembers, reader.place(node), "expected at least one member type in `xs:union`");
    }
    Ok(Variety::Union(members))
}

/// The type that another type is made from, by its name in an attribute or anonymous. A type given in both ways or
/// neither violates `code`.
fn type_use(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    attribute: &str,
    child: Option<Node<'_>>,
    code: Code,
) -> Option<TypeUse> {
    let on_the_spot = child.map(|child| anonymous(reader, child));
    if node.has_attribute(attribute) && on_the_spot.is_some() {
        let message = format!("{} has both `{attribute}` and `xs:simpleType`", construct(node));
        reader.report(code, reader.place(node), message);
        return Some(TypeUse::Broken);
    }
    let named = reader.faults.or_note(reader.reference(node, attribute));
    named.map_or(Some(TypeUse::Broken), |named| named.map(TypeUse::Named)).or(on_the_spot)
}

fn anonymous(reader: &mut Reader<'_>, node: Node<'_>) -> TypeUse {
    TypeUse::Anonymous(Box::new(type_definition(reader, node, Scope::Local)))
}

/// A leading `xs:simpleType`, and the rest.
pub(super) fn leading_type<'c, 'a>(children: &'c [Node<'a>]) -> (Option<Node<'a>>, &'c [Node<'a>]) {
    match children.split_first() {
        Some((first, rest)) if is(*first, "simpleType") => (Some(*first), rest),
        _ => (None, children),
    }
}

/// Part 2, section 4.3: the alternatives of `pattern` and the values of `enumeration` are one facet each; all others
/// occur once.
pub(super) fn facet_list(reader: &Reader<'_>, parent: Node<'_>, nodes: &[Node<'_>]) -> Facets {
    let mut found = Facets::default();
    let (mut patterns, mut values) = (Listed::default(), Listed::default());
    for node in nodes.iter().copied() {
        let read = match node.tag_name().name() {
            "pattern" => patterns.read(reader, node),
            "enumeration" => values.read(reader, node),
            _ => single_facet(reader, parent, node, &mut found),
        };
        found.is_broken |= reader.faults.or_note(read).is_none();
    }
    if !patterns.texts.is_empty() {
        found.push(Facet::Pattern(patterns.texts), patterns.places);
    }
    if !values.texts.is_empty() {
        found.push(Facet::Enumeration(values.texts), values.places);
        found.setting.contexts = values.contexts;
    }
    found
}

/// The values of a facet that may occur several times.
#[derive(Default)]
struct Listed {
    texts: Vec<String>,
    places: Vec<Place>,
    contexts: Vec<Bindings>,
}

impl Listed {
    fn read(&mut self, reader: &Reader<'_>, node: Node<'_>) -> Result<()> {
        reader.check_attributes(node, &["value"]);
        reader.leaf(node);
        // White space around the value is part of it.
        reader.required(node, "value")?;
        let value = node.attribute("value").unwrap_or_default();
        if is(node, "pattern") && has_anchors(value) {
            let message = "`^` and `$` are ordinary characters in a pattern, which always matches the whole value";
            let warning = Fault::new(Code::NotMeant, reader.attribute_place(node, "value"), message);
            reader
                .faults
                .warn(warning.with_help(Some(String::from("remove them, unless the value has these characters"))));
        }
        self.texts.push(value.to_owned());
        self.places.push(reader.attribute_place(node, "value"));
        self.contexts.push(reader.bindings(node, value));
        Ok(())
    }
}

/// Whether an alternative of a pattern begins with `^` or ends with `$`, as in the expressions of other languages.
/// Appendix F of part 2 has no anchors: outside of classes both are ordinary characters.
fn has_anchors(pattern: &str) -> bool {
    let mut begins = true;
    let mut in_class = 0_usize;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '[' => in_class += 1,
            ']' => in_class = in_class.saturating_sub(1),
            '^' if begins && in_class == 0 => return true,
            '$' if in_class == 0 && matches!(characters.peek(), None | Some('|' | ')')) => return true,
            _ => {}
        }
        begins = matches!(character, '|' | '(') && in_class == 0;
    }
    false
}

/// A facet other than `pattern` and `enumeration`.
fn single_facet(reader: &Reader<'_>, parent: Node<'_>, node: Node<'_>, found: &mut Facets) -> Result<()> {
    let read: fn(&Reader<'_>, Node<'_>) -> Result<Facet> = match node.tag_name().name() {
        "length" => |reader, node| count(reader, node).map(Facet::Length),
        "minLength" => |reader, node| count(reader, node).map(Facet::MinLength),
        "maxLength" => |reader, node| count(reader, node).map(Facet::MaxLength),
        "totalDigits" => |reader, node| count(reader, node).map(Facet::TotalDigits),
        "fractionDigits" => |reader, node| count(reader, node).map(Facet::FractionDigits),
        "minInclusive" => |reader, node| bound(reader, node).map(Facet::MinInclusive),
        "minExclusive" => |reader, node| bound(reader, node).map(Facet::MinExclusive),
        "maxInclusive" => |reader, node| bound(reader, node).map(Facet::MaxInclusive),
        "maxExclusive" => |reader, node| bound(reader, node).map(Facet::MaxExclusive),
        "whiteSpace" => |reader, node| white_space(reader, node).map(Facet::WhiteSpace),
        _ => return reader.unexpected(node, parent),
    };
    reader.check_attributes(node, &["value", "fixed"]);
    reader.leaf(node);
    let is_fixed = reader.is_true(node, "fixed");
    let facet = read(reader, node)?;
    if is_fixed {
        found.setting.fixed.push(facet.name());
    }
    if found.facets.iter().any(|known| std::mem::discriminant(known) == std::mem::discriminant(&facet)) {
        return fault(Code::SrcSingleFacetValue, reader.place(node), format!("{} occurs twice", construct(node)));
    }
    found.push(facet, vec![reader.attribute_place(node, "value")]);
    Ok(())
}

fn count(reader: &Reader<'_>, node: Node<'_>) -> Result<u64> {
    reader.required(node, "value")?;
    reader.number(node, "value").map(Option::unwrap_or_default)
}

fn bound(reader: &Reader<'_>, node: Node<'_>) -> Result<String> {
    reader.required(node, "value").map(String::from)
}

fn white_space(reader: &Reader<'_>, node: Node<'_>) -> Result<WhiteSpace> {
    match reader.required(node, "value")? {
        "preserve" => Ok(WhiteSpace::Preserve),
        "replace" => Ok(WhiteSpace::Replace),
        "collapse" => Ok(WhiteSpace::Collapse),
        other => reader.bad_value(node, "value", "`preserve`, `replace` or `collapse`", other),
    }
}
