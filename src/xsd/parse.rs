//! A schema document (part 1, section 3: the XML representations) becomes the model.
//!
//! Nothing is skipped: an element or attribute that is not known here is a fault. The functions call each other as
//! deeply as the document is nested, which `depth` has bounded.

use super::error::{Failure, Result, fault};
use super::identity;
use super::model::{
    Attribute, AttributeGroup, AttributeMember, AttributeUse, Attributes, ComplexType, Components, Content, Element,
    Facets, Group, Particle, Presence, Redefinition, Reference, SimpleType, Term, Type, TypeUse, Variety,
};
use super::reader::{Node, Reader, construct, is};
use crate::compiled::{
    Derivation, Methods, NameId, NamespaceConstraint, NamespaceId, Notation, Place, Process, ValueConstraint, Wildcard,
};
use crate::datatype::{Bindings, Facet};
use crate::diagnostic::Code;

type Allowed = [(&'static str, Methods)];

/// `block` of an element, `blockDefault`.
pub(super) const ELEMENT_BLOCK: &Allowed = &[
    ("extension", Methods::EXTENSION),
    ("restriction", Methods::RESTRICTION),
    ("substitution", Methods::SUBSTITUTION),
];

/// `block` and `final` of a complex type, `final` of an element.
const DERIVATIONS: &Allowed = &[("extension", Methods::EXTENSION), ("restriction", Methods::RESTRICTION)];

/// `final` of a simple type.
const SIMPLE_FINAL: &Allowed = &[
    ("restriction", Methods::RESTRICTION),
    ("list", Methods::LIST),
    ("union", Methods::UNION),
    ("extension", Methods::EXTENSION),
];

/// `finalDefault`.
pub(super) const FINAL_DEFAULT: &Allowed = SIMPLE_FINAL;

/// Reads the declarations of a document; its `xs:include` and `xs:import` were read before.
pub(super) fn schema(reader: &mut Reader<'_>, root: Node<'_>, components: &mut Components) -> Result<()> {
    for node in reader.children(root)? {
        let result = global(reader, node, root, components);
        reader.or_note(result);
    }
    Ok(())
}

/// One child of `xs:schema`.
fn global(reader: &mut Reader<'_>, node: Node<'_>, root: Node<'_>, components: &mut Components) -> Result<()> {
    match node.tag_name().name() {
        "include" | "import" => Ok(()),
        "annotation" => reader.annotation(node).map(drop),
        "redefine" => redefine(reader, node, components),
        "element" => {
            let element = global_element(reader, node)?;
            components.elements.declare(element.name, element, reader.names)
        }
        "attribute" => {
            let attribute = global_attribute(reader, node)?;
            components.attributes.declare(attribute.name, attribute, reader.names)
        }
        "simpleType" | "complexType" => {
            let (name, definition) = global_type(reader, node)?;
            components.types.declare(name, definition, reader.names)
        }
        "group" => {
            let (name, group) = global_group(reader, node)?;
            components.groups.declare(name, group, reader.names)
        }
        "attributeGroup" => {
            let (name, group) = global_attribute_group(reader, node)?;
            components.attribute_groups.declare(name, group, reader.names)
        }
        "notation" => {
            let notation = notation(reader, node)?;
            components.notations.declare(notation.name, notation, reader.names)
        }
        _ => reader.unexpected(node, root),
    }
}

/// Section 3.12.2. One of the two identifiers is there (section 3.12.1).
fn notation(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Notation> {
    reader.check_attributes(node, &["name", "public", "system"])?;
    let name = reader.declared_name(node, reader.target)?;
    let (public, system) = (reader.trimmed(node, "public"), reader.trimmed(node, "system"));
    if public.is_none() && system.is_none() {
        return fault(Code::NPropsCorrect, reader.place(node), "missing `public` or `system` of `xs:notation`");
    }
    Ok(Notation {
        name,
        public: public.map(Box::from),
        system: system.map(Box::from),
        documentation: reader.leaf(node)?,
        place: reader.place(node),
    })
}

/// Section 4.2.2: what redefines; what is redefined is known when all documents are read.
fn redefine(reader: &mut Reader<'_>, node: Node<'_>, components: &mut Components) -> Result<()> {
    let of = reader.attribute_place(node, "schemaLocation");
    for child in reader.children(node)? {
        let result = redefinition(reader, child, node, of, components);
        reader.or_note(result);
    }
    Ok(())
}

/// One child of `xs:redefine`.
fn redefinition(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    parent: Node<'_>,
    of: Place,
    components: &mut Components,
) -> Result<()> {
    let place = reader.place(node);
    match node.tag_name().name() {
        "annotation" => {
            reader.annotation(node)?;
        }
        "simpleType" | "complexType" => {
            let (name, definition) = global_type(reader, node)?;
            components.redefined_types.push(Redefinition { name: Reference { name, place }, definition, of });
        }
        "group" => {
            let (name, definition) = global_group(reader, node)?;
            components.redefined_groups.push(Redefinition { name: Reference { name, place }, definition, of });
        }
        "attributeGroup" => {
            let (name, definition) = global_attribute_group(reader, node)?;
            components.redefined_attribute_groups.push(Redefinition {
                name: Reference { name, place },
                definition,
                of,
            });
        }
        _ => return reader.unexpected(node, parent),
    }
    Ok(())
}

/// Section 3.3.2.
fn global_element(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Element> {
    reader.check_attributes(
        node,
        &["name", "type", "default", "fixed", "nillable", "abstract", "final", "block", "substitutionGroup"],
    )?;
    element(reader, node, reader.target)
}

fn element(reader: &mut Reader<'_>, node: Node<'_>, namespace: NamespaceId) -> Result<Element> {
    let name = reader.declared_name(node, namespace)?;
    let (children, documentation) = reader.annotated(node)?;
    // Constraints come last.
    let split = children.iter().position(identity::is_constraint).unwrap_or(children.len());
    let (types, constraints) = children.split_at(split);
    let type_use = inline_type(reader, node, types, &["simpleType", "complexType"]);
    let type_use = reader.or_note(type_use).unwrap_or(Some(TypeUse::Broken));
    let substitution_group = reader.reference(node, "substitutionGroup");
    let substitution_group = reader.or_note(substitution_group).flatten();
    let block = reader.methods_or(node, "block", ELEMENT_BLOCK, reader.block_default);
    let finals = reader.methods_or(node, "final", DERIVATIONS, reader.final_default);
    Ok(Element {
        name,
        type_use,
        substitution_group,
        nillable: reader.or_note(reader.boolean(node, "nillable")).flatten().unwrap_or(false),
        is_abstract: reader.or_note(reader.boolean(node, "abstract")).flatten().unwrap_or(false),
        block: reader.or_note(block).unwrap_or_default(),
        finals: reader.or_note(finals).unwrap_or_default(),
        value: reader.or_note(value_constraint(reader, node)).flatten(),
        constraints: identity::constraints(reader, node, constraints),
        documentation,
        place: reader.place(node),
    })
}

/// The attribute `type` or the only child.
fn inline_type(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    children: &[Node<'_>],
    kinds: &[&str],
) -> Result<Option<TypeUse>> {
    let named = reader.reference(node, "type")?;
    let mut anonymous = None;
    for child in children.iter().copied() {
        if anonymous.is_some() || !kinds.contains(&child.tag_name().name()) {
            return reader.unexpected(child, node);
        }
        if named.is_some() {
            let message = format!("{} has both a `type` and {}", construct(node), construct(child));
            return fault(contradiction(node), reader.place(child), message);
        }
        anonymous = Some(TypeUse::Anonymous(Box::new(type_definition(reader, child, None))));
    }
    Ok(named.map(TypeUse::Named).or(anonymous))
}

fn value_constraint(reader: &Reader<'_>, node: Node<'_>) -> Result<Option<ValueConstraint>> {
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
    Ok(Some(ValueConstraint { fixed, value: value.into(), bindings: reader.bindings(node, value) }))
}

/// What a declaration breaks that says two things where one is to be said.
fn contradiction(declaration: Node<'_>) -> Code {
    if is(declaration, "attribute") { Code::SrcAttribute } else { Code::SrcElement }
}

/// A type with a name, which is known although the type may be broken.
fn global_type(reader: &mut Reader<'_>, node: Node<'_>) -> Result<(NameId, Type)> {
    let name = reader.declared_name(node, reader.target)?;
    Ok((name, type_definition(reader, node, Some(name))))
}

/// `xs:simpleType` or `xs:complexType`; a name is only there on global ones, and is resolved already.
fn type_definition(reader: &mut Reader<'_>, node: Node<'_>, name: Option<NameId>) -> Type {
    let definition = if is(node, "simpleType") {
        simple_type(reader, node, name).map(Type::Simple)
    } else {
        complex_type(reader, node, name).map(Type::Complex)
    };
    reader.or_note(definition).unwrap_or_else(|| Type::Broken(reader.place(node)))
}

/// Section 3.14.2.
fn simple_type(reader: &mut Reader<'_>, node: Node<'_>, name: Option<NameId>) -> Result<SimpleType> {
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
fn leading_type<'c, 'a>(children: &'c [Node<'a>]) -> (Option<Node<'a>>, &'c [Node<'a>]) {
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
fn facet_list(reader: &Reader<'_>, parent: Node<'_>, nodes: &[Node<'_>]) -> Result<Facets> {
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
    let Some(facet) = reader.facet(node)? else { return reader.unexpected(node, parent) };
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

/// Section 3.4.2.
fn complex_type(reader: &mut Reader<'_>, node: Node<'_>, name: Option<NameId>) -> Result<ComplexType> {
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
fn particle_and_attributes(
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

/// Sections 3.8.2 and 3.9.2: an element, a wildcard, a group or a reference to one, with how often it occurs.
fn particle(reader: &mut Reader<'_>, node: Node<'_>, parent: Node<'_>) -> Result<Particle> {
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

fn local_element(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Term> {
    if let Some(reference) = reader.reference(node, "ref")? {
        reader.check_attributes(node, &["ref", "minOccurs", "maxOccurs"])?;
        reader.leaf(node)?;
        return Ok(Term::ElementReference(reference.name));
    }
    reader.check_attributes(
        node,
        &["name", "type", "default", "fixed", "nillable", "form", "block", "minOccurs", "maxOccurs"],
    )?;
    let qualified = form(reader, node)?.unwrap_or(reader.qualified_elements);
    let namespace = if qualified { reader.target } else { NamespaceId(0) };
    Ok(Term::Element(Box::new(element(reader, node, namespace)?)))
}

/// `form`, as whether it is qualified.
fn form(reader: &Reader<'_>, node: Node<'_>) -> Result<Option<bool>> {
    form_named(reader, node, "form")
}

/// An attribute that is `qualified` or `unqualified`.
pub(super) fn form_named(reader: &Reader<'_>, node: Node<'_>, name: &str) -> Result<Option<bool>> {
    match reader.trimmed(node, name) {
        None => Ok(None),
        Some("qualified") => Ok(Some(true)),
        Some("unqualified") => Ok(Some(false)),
        Some(other) => reader.bad_value(node, name, "`qualified` or `unqualified`", other),
    }
}

/// Section 3.10.2.
fn wildcard(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Wildcard> {
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
                    "##local" => NamespaceId(0),
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

/// Section 3.7.2.
fn global_group(reader: &mut Reader<'_>, node: Node<'_>) -> Result<(NameId, Group)> {
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

/// Section 3.6.2.
fn global_attribute_group(reader: &mut Reader<'_>, node: Node<'_>) -> Result<(NameId, AttributeGroup)> {
    reader.check_attributes(node, &["name"])?;
    let name = reader.declared_name(node, reader.target)?;
    let (children, _) = reader.annotated(node)?;
    Ok((name, AttributeGroup { attributes: attributes(reader, node, &children)?, place: reader.place(node) }))
}

/// Attributes, references to attribute groups, and at the end perhaps a wildcard.
fn attributes(reader: &mut Reader<'_>, parent: Node<'_>, nodes: &[Node<'_>]) -> Result<Attributes> {
    let mut found = Attributes::default();
    for node in nodes.iter().copied() {
        let added = add_attribute(reader, parent, node, &mut found);
        found.is_broken |= reader.or_note(added).is_none();
    }
    Ok(found)
}

fn add_attribute(reader: &mut Reader<'_>, parent: Node<'_>, node: Node<'_>, found: &mut Attributes) -> Result<()> {
    if found.wildcard.is_some() {
        return reader.unexpected(node, parent);
    }
    match node.tag_name().name() {
        "attribute" => found.attributes.push(attribute_member(reader, node)?),
        "attributeGroup" => {
            reader.check_attributes(node, &["ref"])?;
            reader.leaf(node)?;
            reader.required(node, "ref")?;
            found.groups.extend(reader.reference(node, "ref")?);
        }
        "anyAttribute" => {
            reader.check_attributes(node, &["namespace", "processContents"])?;
            reader.leaf(node)?;
            found.wildcard = Some(wildcard(reader, node)?);
        }
        _ => return reader.unexpected(node, parent),
    }
    Ok(())
}

/// Section 3.2.2.
fn attribute_member(reader: &mut Reader<'_>, node: Node<'_>) -> Result<AttributeMember> {
    let presence = match reader.trimmed(node, "use") {
        None | Some("optional") => Presence::Optional,
        Some("required") => Presence::Required,
        Some("prohibited") => Presence::Prohibited,
        Some(other) => return reader.bad_value(node, "use", "`optional`, `required` or `prohibited`", other),
    };
    if node.has_attribute("default") && presence != Presence::Optional {
        return fault(
            Code::SrcAttribute,
            reader.attribute_place(node, "use"),
            "an attribute with a `default` must be optional",
        );
    }
    let attribute = match reader.reference(node, "ref")? {
        Some(to) => {
            reader.check_attributes(node, &["ref", "use", "default", "fixed"])?;
            reader.leaf(node)?;
            AttributeUse::Reference { to, value: value_constraint(reader, node)? }
        }
        None => {
            reader.check_attributes(node, &["name", "type", "use", "default", "fixed", "form"])?;
            let qualified = form(reader, node)?.unwrap_or(reader.qualified_attributes);
            let namespace = if qualified { reader.target } else { NamespaceId(0) };
            AttributeUse::Local(attribute(reader, node, namespace)?)
        }
    };
    Ok(AttributeMember { attribute, presence })
}

fn global_attribute(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Attribute> {
    reader.check_attributes(node, &["name", "type", "default", "fixed"])?;
    attribute(reader, node, reader.target)
}

fn attribute(reader: &mut Reader<'_>, node: Node<'_>, namespace: NamespaceId) -> Result<Attribute> {
    let name = reader.declared_name(node, namespace)?;
    let place = reader.attribute_place(node, "name");
    if reader.names.local(name) == "xmlns" {
        return fault(Code::NoXmlns, place, "an attribute cannot be called `xmlns`");
    }
    if reader.names.namespace(name) == "http://www.w3.org/2001/XMLSchema-instance" {
        return fault(Code::NoXsi, place, "an attribute cannot be declared in the namespace of `xsi:type`");
    }
    let (children, documentation) = reader.annotated(node)?;
    let type_use = inline_type(reader, node, &children, &["simpleType"]);
    let type_use = reader.or_note(type_use).unwrap_or(Some(TypeUse::Broken));
    let value = reader.or_note(value_constraint(reader, node)).flatten();
    Ok(Attribute { name, type_use, value, documentation, place: reader.place(node) })
}
