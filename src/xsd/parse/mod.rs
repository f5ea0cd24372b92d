//! A schema document (part 1, section 3: the XML representations) becomes the model.
//!
//! Here is what stands at the top: the schema element (section 3.15) and the kinds of its global components. A file for
//! each of these kinds has what is below it.
//!
//! Nothing is skipped: an element or attribute that is not known here is a fault. The functions call each other as
//! deeply as the document is nested, which `depth` has bounded.

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
pub(super) use composition::{Link, Purpose};
use composition::{links, redefine};
use declaration::is_qualified;
use element::global_element;
use particle::global_group;
use simple::simple_type;

use super::error::{Result, fault};
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

/// Section 3.15.2: reads `xs:schema`. What it declares becomes part of the components, what it names is given back.
pub(super) fn schema<'a>(
    reader: &mut Reader<'_>,
    root: Node<'a>,
    components: &mut Components,
) -> Result<Vec<Link<'a>>> {
    attributes_of_schema(reader, root)?;
    let children = reader.children(root)?;
    let links = links(reader, &children);
    reader.check_ids(root)?;
    for node in children {
        let result = global(reader, node, root, components);
        reader.or_note(result);
    }
    Ok(links)
}

/// What holds for all declarations of a document that do not say otherwise.
fn attributes_of_schema(reader: &mut Reader<'_>, root: Node<'_>) -> Result<()> {
    reader.check_attributes(
        root,
        &["targetNamespace", "elementFormDefault", "attributeFormDefault", "version", "blockDefault", "finalDefault"],
    )?;
    let form = |name| reader.or_note(is_qualified(reader, root, name)).flatten().unwrap_or(false);
    let (elements, attributes) = (form("elementFormDefault"), form("attributeFormDefault"));
    (reader.qualified_elements, reader.qualified_attributes) = (elements, attributes);
    let block = reader.or_note(reader.methods(root, "blockDefault", ELEMENT_BLOCK)).flatten();
    let finals = reader.or_note(reader.methods(root, "finalDefault", SIMPLE_FINAL)).flatten();
    (reader.block_default, reader.final_default) = (block.unwrap_or_default(), finals.unwrap_or_default());
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

/// A type with a name, which is known although the type may be broken.
pub(super) fn global_type(reader: &mut Reader<'_>, node: Node<'_>) -> Result<(NameId, Type)> {
    let name = reader.declared_name(node, reader.target)?;
    Ok((name, type_definition(reader, node, Some(name))))
}

/// `xs:simpleType` or `xs:complexType`; a name is only there on global ones, and is resolved already.
pub(super) fn type_definition(reader: &mut Reader<'_>, node: Node<'_>, name: Option<NameId>) -> Type {
    let definition = if is(node, "simpleType") {
        simple_type(reader, node, name).map(Type::Simple)
    } else {
        complex_type(reader, node, name).map(Type::Complex)
    };
    reader.or_note(definition).unwrap_or_else(|| Type::Broken(reader.place(node)))
}
