//! Turns a schema document (part 1, section 3: the XML representations) into the model.
//!
//! This file has the top level: the schema element (section 3.15) and its global components. Each kind of these has a
//! file for what is below it.
//!
//! Nothing is skipped: an unknown element or attribute is an error. The functions call each other to the depth of the
//! document, which `depth` has limited.

mod attribute;
mod complex;
mod composition;
mod declaration;
mod element;
mod identity;
mod particle;
mod simple;
mod wildcard;
mod xpath;

use attribute::{global_attribute, global_attribute_group};
use complex::complex_type;
use composition::links;
pub(super) use composition::{Link, Purpose, links_of_copy};
use declaration::is_qualified;
use element::global_element;
use particle::global_group;
use simple::simple_type;

use super::fault::{Failure, Result};
use super::model::{Components, Type};
use super::reader::{Node, Reader, is};
use crate::compiled::{Methods, NameId, Notation};
use crate::diagnostic::Code;

/// `block` of an element, `blockDefault`.
const ELEMENT_BLOCK: &[(&str, Methods)] = &[
    ("extension", Methods::EXTENSION),
    ("restriction", Methods::RESTRICTION),
    ("substitution", Methods::SUBSTITUTION),
];

/// `block` and `final` of a complex type, `final` of an element.
const DERIVATIONS: &[(&str, Methods)] = &[("extension", Methods::EXTENSION), ("restriction", Methods::RESTRICTION)];

/// `final` of a simple type, `finalDefault`.
const SIMPLE_FINAL: &[(&str, Methods)] = &[
    ("restriction", Methods::RESTRICTION),
    ("list", Methods::LIST),
    ("union", Methods::UNION),
    ("extension", Methods::EXTENSION),
];

/// Section 3.15.2: reads `xs:schema`. Adds its declarations to the components, and returns the documents it names,
/// which must come before its declarations.
pub(super) fn schema<'a>(reader: &mut Reader<'_>, root: Node<'a>, components: &mut Components) -> Vec<Link<'a>> {
    attributes_of_schema(reader, root);
    reader.check_ids(root);
    let children = reader.children(root);
    let split = children.iter().position(|child| !composition::may_be_first(*child)).unwrap_or(children.len());
    let (first, rest) = children.split_at(split);
    // Naming a document too late is an error, but it is still read, so that its declarations are not missing too.
    let is_link = |node: &Node<'_>| composition::may_be_first(*node) && !is(*node, "annotation");
    let (late, declarations): (Vec<_>, Vec<_>) = rest.iter().copied().partition(is_link);
    late.iter().for_each(|node| reader.report_unexpected(*node, root));
    let links = links(reader, &[first, &late].concat(), components);
    for node in declarations {
        let declared = global(reader, node, root, components);
        reader.faults.or_note(declared);
    }
    links
}

/// The defaults for all declarations of a document.
fn attributes_of_schema(reader: &mut Reader<'_>, root: Node<'_>) {
    reader.check_attributes(
        root,
        &["targetNamespace", "elementFormDefault", "attributeFormDefault", "version", "blockDefault", "finalDefault"],
    );
    let form = |name| reader.faults.or_note(is_qualified(reader, root, name)).flatten().unwrap_or(false);
    let (elements, attributes) = (form("elementFormDefault"), form("attributeFormDefault"));
    (reader.qualified_elements, reader.qualified_attributes) = (elements, attributes);
    reader.block_default = reader.methods(root, "blockDefault", ELEMENT_BLOCK, Methods::NONE);
    reader.final_default = reader.methods(root, "finalDefault", SIMPLE_FINAL, Methods::NONE);
}

/// One child of `xs:schema`, after those that name other documents.
fn global(reader: &mut Reader<'_>, node: Node<'_>, root: Node<'_>, components: &mut Components) -> Result<()> {
    match node.tag_name().name() {
        "annotation" => {
            reader.annotation(node);
        }
        "element" => {
            let element = global_element(reader, node)?;
            components.elements.declare(element.name, element);
        }
        "attribute" => {
            let attribute = global_attribute(reader, node)?;
            components.attributes.declare(attribute.name, attribute);
        }
        "simpleType" | "complexType" => {
            let (name, definition) = global_type(reader, node)?;
            components.types.declare(name, definition);
        }
        "group" => {
            let (name, group) = global_group(reader, node)?;
            components.groups.declare(name, group);
        }
        "attributeGroup" => {
            let (name, group) = global_attribute_group(reader, node)?;
            components.attribute_groups.declare(name, group);
        }
        "notation" => {
            let notation = notation(reader, node)?;
            components.notations.declare(notation.name, notation);
        }
        _ => return reader.unexpected(node, root),
    }
    Ok(())
}

/// Section 3.12.2. At least one of the two identifiers is required (section 3.12.1).
fn notation(reader: &mut Reader<'_>, node: Node<'_>) -> Result<Notation> {
    reader.check_attributes(node, &["name", "public", "system"]);
    let documentation = reader.leaf(node);
    let (public, system) = (reader.trimmed(node, "public"), reader.trimmed(node, "system"));
    if public.is_none() && system.is_none() {
        reader.report(Code::NPropsCorrect, reader.place(node), "missing `public` or `system` of `xs:notation`");
    }
    Ok(Notation {
        name: reader.declared_name(node, reader.target)?,
        public: public.map(Box::from),
        system: system.map(Box::from),
        documentation,
        place: reader.place(node),
    })
}

/// Where a type is defined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Under a name; `None` if the name cannot be read, which is reported.
    Global(Option<NameId>),
    Local,
}

impl Scope {
    fn name(self) -> Option<NameId> {
        match self {
            Scope::Global(name) => name,
            Scope::Local => None,
        }
    }
}

/// A type with a name, which is known even if the type is broken.
fn global_type(reader: &mut Reader<'_>, node: Node<'_>) -> Result<(NameId, Type)> {
    let name = reader.faults.or_note(reader.declared_name(node, reader.target));
    let definition = type_definition(reader, node, Scope::Global(name));
    Ok((name.ok_or(Failure::Reported)?, definition))
}

/// `xs:simpleType` or `xs:complexType`.
fn type_definition(reader: &mut Reader<'_>, node: Node<'_>, scope: Scope) -> Type {
    let definition = match is(node, "simpleType") {
        true => simple_type(reader, node, scope).map(Type::Simple),
        false => complex_type(reader, node, scope).map(Type::Complex),
    };
    reader.faults.or_note(definition).unwrap_or_else(|| Type::Broken(reader.place(node)))
}
