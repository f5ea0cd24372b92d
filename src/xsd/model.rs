//! A schema as written: declarations and definitions that refer to others by name.

use std::collections::HashSet;
use std::sync::Arc;

use super::declared::{Component, Declared, Duplicate};
use crate::compiled::{
    Derivation, Field, Methods, NameId, NamespaceId, Notation, Path, Place, ValueConstraint, Wildcard,
};
use crate::datatype::{Facet, Setting};

/// A name that refers to something, and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference {
    pub(super) name: NameId,
    pub(super) place: Place,
}

/// The global components of all documents.
#[derive(Debug, Default)]
pub(super) struct Components {
    pub(super) elements: Declared<Element>,
    pub(super) attributes: Declared<Attribute>,
    pub(super) types: Declared<Type>,
    pub(super) groups: Declared<Group>,
    pub(super) attribute_groups: Declared<AttributeGroup>,
    pub(super) notations: Declared<Notation>,
    /// The children of `xs:redefine`, until they take their places above.
    pub(super) redefined_types: Vec<Redefinition<Type>>,
    pub(super) redefined_groups: Vec<Redefinition<Group>>,
    pub(super) redefined_attribute_groups: Vec<Redefinition<AttributeGroup>>,
    /// Redefined groups that do not contain the original: the new group, and the name of the one it restricts.
    pub(super) restricted_groups: Vec<(Reference, NameId)>,
    pub(super) restricted_attribute_groups: Vec<(Reference, NameId)>,
    /// Namespaces that lack a document: undeclared names in them are not reported.
    pub(super) incomplete: HashSet<NamespaceId>,
    /// Whether any namespace may be incomplete, because a root is missing.
    pub(super) lacks_root: bool,
}

impl Components {
    /// Takes the duplicates of all kinds, in document order within a kind.
    pub(super) fn take_duplicates(&mut self) -> Vec<Duplicate> {
        let mut all = self.elements.take_duplicates();
        all.append(&mut self.attributes.take_duplicates());
        all.append(&mut self.types.take_duplicates());
        all.append(&mut self.groups.take_duplicates());
        all.append(&mut self.attribute_groups.take_duplicates());
        all.append(&mut self.notations.take_duplicates());
        all
    }

    /// Whether an undeclared name may be in a missing document, which is already reported.
    pub(super) fn is_excused(&self, namespace: NamespaceId) -> bool {
        self.lacks_root || self.incomplete.contains(&namespace)
    }
}

/// A type or group in `xs:redefine`.
#[derive(Debug)]
pub(super) struct Redefinition<T> {
    /// Its name, and the place of the definition, which also identifies the document.
    pub(super) name: Reference,
    pub(super) definition: T,
    /// The place of the `xs:redefine` it is in.
    pub(super) of: Place,
}

/// `xs:element` with a name.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: NameId,
    /// `None` for anyType.
    pub(super) type_use: Option<TypeUse>,
    /// The head of the group that it joins.
    pub(super) substitution_group: Option<Reference>,
    pub(super) nillable: bool,
    pub(super) is_abstract: bool,
    /// {disallowed substitutions}.
    pub(super) block: Methods,
    /// {substitution group exclusions}.
    pub(super) finals: Methods,
    pub(super) value: Option<ValueConstraint>,
    pub(super) constraints: Vec<IdentityConstraint>,
    pub(super) documentation: Option<Arc<str>>,
    pub(super) place: Place,
}

/// `xs:unique`, `xs:key` or `xs:keyref`.
#[derive(Debug)]
pub(super) struct IdentityConstraint {
    pub(super) name: NameId,
    /// `None` if it could not be read, which was reported.
    pub(super) definition: Option<IdentityDefinition>,
    pub(super) place: Place,
}

/// The contents of an identity constraint.
#[derive(Debug)]
pub(super) struct IdentityDefinition {
    pub(super) category: Category,
    pub(super) selector: Box<[Path]>,
    pub(super) fields: Box<[Field]>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Category {
    Unique,
    Key,
    /// The key it refers to; `None` if that could not be read, which was reported.
    Keyref(Option<Reference>),
}

/// A type by name, or an anonymous one.
#[derive(Debug)]
pub(super) enum TypeUse {
    Named(Reference),
    Anonymous(Box<Type>),
    /// It has an error, which is reported.
    Broken,
}

#[derive(Debug)]
pub(super) enum Type {
    Simple(SimpleType),
    Complex(ComplexType),
    /// It has an error, which is reported; whatever needs it is broken too.
    Broken(Place),
}

impl Component for Type {
    fn place(&self) -> Place {
        match self {
            Type::Simple(simple) => simple.place,
            Type::Complex(complex) => complex.place,
            Type::Broken(place) => *place,
        }
    }
}

/// `xs:simpleType`.
#[derive(Debug)]
pub(super) struct SimpleType {
    pub(super) name: Option<NameId>,
    pub(super) variety: Variety,
    /// {final}.
    pub(super) finals: Methods,
    pub(super) documentation: Option<Arc<str>>,
    pub(super) place: Place,
}

/// How a simple type is made from other types.
#[derive(Debug)]
pub(super) enum Variety {
    Restriction { base: TypeUse, facets: Facets },
    List(TypeUse),
    Union(Vec<TypeUse>),
}

/// The facets of one step of restriction.
#[derive(Debug, Default)]
pub(super) struct Facets {
    pub(super) facets: Vec<Facet>,
    /// The places of each facet's values: one, or as many as there are patterns or enumerated values.
    pub(super) places: Vec<Vec<Place>>,
    pub(super) setting: Setting,
    /// Whether there is more content, with an error that is reported.
    pub(super) is_broken: bool,
}

impl Facets {
    pub(super) fn push(&mut self, facet: Facet, places: Vec<Place>) {
        self.facets.push(facet);
        self.places.push(places);
    }
}

/// `xs:complexType`.
#[derive(Debug)]
pub(super) struct ComplexType {
    pub(super) name: Option<NameId>,
    pub(super) is_abstract: bool,
    /// {prohibited substitutions}.
    pub(super) block: Methods,
    /// {final}.
    pub(super) finals: Methods,
    pub(super) derivation: Derivation,
    /// `None` for anyType.
    pub(super) base: Option<Reference>,
    pub(super) content: Content,
    pub(super) attributes: Attributes,
    /// Whether there is more content, possibly a base, with an error that is reported.
    pub(super) is_broken: bool,
    pub(super) documentation: Option<Arc<str>>,
    pub(super) place: Place,
}

/// The content that a complex type itself specifies.
#[derive(Debug)]
pub(super) enum Content {
    /// `xs:simpleContent`: facets, and perhaps a simple type that they start from (restriction only).
    Simple { start: Option<Box<Type>>, facets: Facets },
    /// `xs:complexContent`, or neither.
    Complex { particle: Option<Particle>, mixed: bool },
}

/// A particle of a content model.
#[derive(Debug)]
pub(super) struct Particle {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) term: Term,
    pub(super) place: Place,
}

impl Particle {
    /// A particle with an error that is reported; it can contain more particles.
    pub(super) fn broken(place: Place, inside: Option<Particle>) -> Particle {
        Particle { min: 1, max: Some(1), term: Term::Broken(inside.map(Box::new)), place }
    }
}

#[derive(Debug)]
pub(super) enum Term {
    Element(Box<Element>),
    ElementReference(NameId),
    Wildcard(Wildcard),
    Sequence(Vec<Particle>),
    Choice(Vec<Particle>),
    All(Vec<Particle>),
    GroupReference(NameId),
    /// It has an error, which is reported; with as much of it as could be read.
    Broken(Option<Box<Particle>>),
}

/// `xs:group` with a name.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) particle: Particle,
    pub(super) place: Place,
}

/// The attributes of a complex type or an attribute group.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) attributes: Vec<AttributeMember>,
    pub(super) groups: Vec<Reference>,
    pub(super) wildcard: Option<Wildcard>,
    /// Whether there is more content, with an error that is reported.
    pub(super) is_broken: bool,
}

/// `xs:attribute` in a complex type or an attribute group.
#[derive(Debug)]
pub(super) struct AttributeMember {
    pub(super) attribute: AttributeUse,
    pub(super) presence: Presence,
}

#[derive(Debug)]
pub(super) enum AttributeUse {
    Local(Attribute),
    Reference { to: Reference, value: Option<ValueConstraint> },
}

/// `use`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Optional,
    Required,
    Prohibited,
}

/// `xs:attribute` with a name.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: NameId,
    /// `None` for anySimpleType.
    pub(super) type_use: Option<TypeUse>,
    pub(super) value: Option<ValueConstraint>,
    pub(super) documentation: Option<Arc<str>>,
    pub(super) place: Place,
}

/// `xs:attributeGroup` with a name.
#[derive(Debug)]
pub(super) struct AttributeGroup {
    pub(super) attributes: Attributes,
    pub(super) place: Place,
}

macro_rules! has_place {
    ($($component:ident)*) => {$(
        impl Component for $component {
            fn place(&self) -> Place {
                self.place
            }
        }
    )*};
}

has_place! { Element Attribute Group AttributeGroup Notation }
