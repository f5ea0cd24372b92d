//! Converts names to members of JSON and keys of serde, and back.
//!
//! A name is written without its namespace if the schema leaves no doubt which one is meant: exactly one name with this
//! local part is declared there, or none is and the name is in no namespace. All other names are written as in XPath
//! 3.1 (section 2.2.2, URIQualifiedName): `Q{namespace}local`.

use std::borrow::Cow;

use crate::check::INSTANCE;
use crate::compiled::{Compiled, Leaf, ModelId, NameId, NamespaceId, StandIn, TypeDefinition, TypeId};
use crate::xml::XML_NAMESPACE;

/// The declarations at the place where a name is used.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// As the root of a document.
    Root,
    /// Among the children of a content model.
    Child(ModelId),
    /// Among the attributes of a type.
    Attribute(TypeId),
    /// As the value of `xsi:type`.
    Type,
    /// Where a wildcard admits it.
    Anywhere,
}

/// A namespace (`""` for none) and a local part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) namespace: Cow<'a, str>,
    pub(super) local: Cow<'a, str>,
}

impl Name<'_> {
    /// The name, if the schema knows it.
    pub(super) fn id(&self, schema: &Compiled) -> Option<NameId> {
        schema.names.lookup(&self.namespace, &self.local)
    }
}

/// Prefixes that always have the same namespace in the members for attributes.
const FIXED: [(&str, &str); 2] = [("xml:", XML_NAMESPACE), ("xsi:", INSTANCE)];

/// Appends the written form of a name at a place.
pub(super) fn write(schema: &Compiled, place: Place, namespace: &str, local: &str, out: &mut String) {
    if let Place::Attribute(_) = place
        && let Some((prefix, _)) = FIXED.iter().find(|(_, fixed)| *fixed == namespace)
    {
        out.push_str(prefix);
        out.push_str(local);
        return;
    }
    let mut others = declared(schema, place, local).filter(|(_, other)| *other != namespace);
    let is_free = others.next().is_none();
    let is_declared = || declared(schema, place, local).any(|(_, known)| known == namespace);
    if !(is_free && (namespace.is_empty() || is_declared())) {
        out.push_str("Q{");
        out.push_str(namespace);
        out.push('}');
    }
    out.push_str(local);
}

/// The name that a text denotes at a place.
pub(super) fn read<'a>(schema: &'a Compiled, place: Place, text: &'a str) -> Name<'a> {
    if let Some((namespace, local)) = split_qualified(text) {
        return Name { namespace: namespace.into(), local: local.into() };
    }
    if let Place::Attribute(_) = place {
        for (prefix, namespace) in FIXED {
            if let Some(local) = text.strip_prefix(prefix) {
                return Name { namespace: namespace.into(), local: local.into() };
            }
        }
    }
    let mut known = declared(schema, place, text);
    let namespace = match (known.next(), known.next()) {
        (Some((_, namespace)), None) => namespace,
        _ => "",
    };
    Name { namespace: namespace.into(), local: text.into() }
}

/// The namespace and local part of `Q{namespace}local`.
pub(super) fn split_qualified(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("Q{")?.rsplit_once('}')
}

/// The declared names with a local part at a place, each with its namespace.
fn declared<'s>(schema: &'s Compiled, place: Place, local: &'s str) -> impl Iterator<Item = (NameId, &'s str)> {
    let namespaces = (0..).map(NamespaceId).zip(&schema.names.namespaces);
    let known =
        namespaces.filter_map(move |(id, namespace)| Some((schema.names.lookup_local(id, local)?, &**namespace)));
    known.filter(move |(name, _)| is_declared(schema, place, *name))
}

fn is_declared(schema: &Compiled, place: Place, name: NameId) -> bool {
    match place {
        Place::Root => schema.roots.contains_key(&name),
        Place::Type => schema.named_types.contains_key(&name),
        Place::Attribute(type_id) => match &schema.types[type_id.index()] {
            TypeDefinition::Complex(complex) => complex.attributes.iter().any(|attribute| attribute.name == name),
            TypeDefinition::Simple(_) => false,
        },
        Place::Child(model) => {
            let model = &schema.models[model.index()];
            model.candidates(schema, Some(name)).any(|leaf| match model.leaf(leaf) {
                Some(Leaf::Element(asked)) => matches!(schema.stands_for(name, *asked), Some(StandIn::Valid(_))),
                Some(Leaf::Wildcard(_)) | None => false,
            })
        }
        Place::Anywhere => false,
    }
}
