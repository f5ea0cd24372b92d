//! The attributes of the namespace of XML: `xml:lang`, `xml:space`, `xml:base` and `xml:id`.
//!
//! A schema that imports the namespace refers to them, mostly without a document that declares them, or with the
//! location of one on the network, which is never read. They are as the W3C's own document for the namespace has them.

use super::fault::Result;
use super::model::{Attribute, Components, Facets, Reference, SimpleType, Type, TypeUse, Variety};
use super::reader::XSD;
use crate::compiled::{Methods, NameId, Names, Place};
use crate::datatype::Facet;

/// Declares them, where the namespace is imported and no document declares attributes of it.
pub(super) fn declare(components: &mut Components, names: &mut Names) -> Result<()> {
    let Some(namespace) = names.lookup_namespace(roxmltree::NS_XML_URI) else { return Ok(()) };
    if components.attributes.iter().any(|(name, _)| names.namespace_id(name) == namespace) {
        return Ok(());
    }
    let xsd = names.intern_namespace(XSD);
    let mut built_in =
        |local: &str| TypeUse::Named(Reference { name: names.intern(xsd, local), place: Place::default() });
    // Language tags, or nothing to take back what holds around.
    let language = union(vec![built_in("language"), enumeration(built_in("string"), &[""])]);
    let types = [
        ("lang", language),
        ("space", enumeration(built_in("NCName"), &["default", "preserve"])),
        ("base", built_in("anyURI")),
        ("id", built_in("ID")),
    ];
    for (local, type_use) in types {
        let name = names.intern(namespace, local);
        components.attributes.declare(name, attribute(name, type_use), names)?;
    }
    Ok(())
}

fn attribute(name: NameId, type_use: TypeUse) -> Attribute {
    Attribute { name, type_use: Some(type_use), value: None, documentation: None, place: Place::default() }
}

fn enumeration(base: TypeUse, values: &[&str]) -> TypeUse {
    let mut facets = Facets::default();
    let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
    let places = vec![Place::default(); values.len()];
    facets.push(Facet::Enumeration(values), places);
    anonymous(Variety::Restriction { base, facets })
}

fn union(members: Vec<TypeUse>) -> TypeUse {
    anonymous(Variety::Union(members))
}

fn anonymous(variety: Variety) -> TypeUse {
    let (finals, place) = (Methods::NONE, Place::default());
    TypeUse::Anonymous(Box::new(Type::Simple(SimpleType { name: None, variety, finals, documentation: None, place })))
}
