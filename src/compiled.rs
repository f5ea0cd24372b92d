//! A compiled schema in its readable form: a graph of declarations, named as the Recommendation names them.
//!
//! `xsd` makes it, `check` lays it out in its own tables for speed, and `generate` reads it to write Rust code.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::datatype::{Bindings, Context, SimpleType};

mod derivation;
mod identity;
mod identity_index;
mod model;
mod names;
mod substitution;

pub(crate) use derivation::{Methods, Types};
pub(crate) use identity::{Category, Field, IdentityConstraint, NameTest, Path};
pub(crate) use identity_index::{HostId, IdentityIndex, PathFacts, PathId, Step};
pub(crate) use model::{Leaf, Model};
pub(crate) use names::Names;
pub(crate) use substitution::{Nested, StandIn, Substitutions, is_substitutable};

macro_rules! index_type {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) u32);

        impl $name {
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index_type! {
    /// A namespace name.
    NamespaceId
    /// An expanded name.
    NameId
    /// An element declaration, global or local.
    ElementId
    /// A type definition.
    TypeId
    /// A content model.
    ModelId
    /// An identity constraint.
    ConstraintId
}

impl NamespaceId {
    pub(crate) const NONE: NamespaceId = NamespaceId(0);
}

/// A place in a schema document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Place {
    /// Index into `Compiled::documents`.
    pub(crate) document: u32,
    /// A byte offset in its text.
    pub(crate) offset: u32,
}

/// A schema document as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// The path or the name by which it is known.
    pub(crate) path: String,
    /// In UTF-8.
    pub(crate) text: Arc<str>,
    /// The bytes that it was transcoded from, if it was.
    pub(crate) original: Option<Arc<[u8]>>,
    /// The first of the documents that include one another.
    pub(crate) composition: u32,
    /// Whether it is part of packetcheck rather than given by the caller.
    pub(crate) is_built_in: bool,
    /// Whether the caller named it.
    #[cfg_attr(not(feature = "generate"), allow(dead_code, reason = "for the generator"))]
    pub(crate) is_root: bool,
}

impl Document {
    pub(crate) fn new(path: String, text: Arc<str>, original: Option<Arc<[u8]>>) -> Document {
        Document { path, text, original, composition: 0, is_built_in: false, is_root: false }
    }
}

/// A `default` or `fixed` value.
#[derive(Debug, Clone)]
pub(crate) struct ValueConstraint {
    pub(crate) fixed: bool,
    pub(crate) value: Arc<str>,
    /// What the prefixes in it are bound to.
    pub(crate) bindings: Bindings,
    /// The parsed value, once a document has needed it: one may need it at each of its elements.
    prepared: Prepared,
}

/// A value constraint, parsed by the type of the schema that needed it first; `xsi:type` can change the type. Types do
/// not move as long as the schema exists, so an address identifies them; a copy of a schema starts over.
#[derive(Debug, Default)]
struct Prepared(OnceLock<(usize, bool, Option<Box<str>>)>);

impl Clone for Prepared {
    fn clone(&self) -> Prepared {
        Prepared::default()
    }
}

impl ValueConstraint {
    pub(crate) fn new(fixed: bool, value: &str, bindings: Bindings) -> ValueConstraint {
        ValueConstraint { fixed, value: value.into(), bindings, prepared: Prepared::default() }
    }

    /// Whether a text that is a value of a type is this value.
    pub(crate) fn is(&self, simple: &SimpleType, text: &str, context: &dyn Context) -> bool {
        simple.same_value_in((&self.value, &self.bindings), (text, context))
    }

    /// As `is`, for a type of the compiled schema: takes no longer than the length of the text requires.
    pub(crate) fn matches(&self, simple: &SimpleType, text: &str, context: &dyn Context) -> bool {
        // Texts are compared up to their first difference.
        match self.prepared(simple).filter(|_| !simple.is_text() && text != &*self.value) {
            Some((_, canonical)) => canonical.is_some() && simple.canonical_in(text, context).as_deref() == canonical,
            None => self.is(simple, text, context),
        }
    }

    /// Whether it is a value of a type of the compiled schema, as the value of an empty element has to be.
    pub(crate) fn is_valid(&self, simple: &SimpleType) -> bool {
        match self.prepared(simple) {
            Some((is_valid, _)) => is_valid,
            None => simple.check_in(&self.value, &self.bindings).is_ok(),
        }
    }

    /// Whether it is valid, and its canonical spelling; `None` for another type than the one it was prepared for.
    fn prepared(&self, simple: &SimpleType) -> Option<(bool, Option<&str>)> {
        let address = std::ptr::from_ref(simple).addr();
        let (prepared_for, is_valid, canonical) = self.prepared.0.get_or_init(|| {
            let canonical = simple.canonical_in(&self.value, &self.bindings);
            let is_valid = simple.check_in(&self.value, &self.bindings).is_ok();
            (address, is_valid, canonical.map(Box::from))
        });
        (*prepared_for == address).then_some((*is_valid, canonical.as_deref()))
    }
}

/// `xs:notation`.
#[derive(Debug, Clone)]
pub(crate) struct Notation {
    pub(crate) name: NameId,
    /// This form contains everything about a notation, for a generator too; our own engine only needs its name.
    #[allow(dead_code, reason = "for other readers of this form")]
    pub(crate) public: Option<Box<str>>,
    /// See `public`.
    #[allow(dead_code, reason = "for other readers of this form")]
    pub(crate) system: Option<Box<str>>,
    /// See `public`.
    #[allow(dead_code, reason = "for other readers of this form")]
    pub(crate) documentation: Option<Arc<str>>,
    pub(crate) place: Place,
}

#[derive(Debug, Clone)]
pub(crate) struct ElementDeclaration {
    pub(crate) name: NameId,
    pub(crate) type_id: TypeId,
    pub(crate) nillable: bool,
    pub(crate) is_abstract: bool,
    /// {disallowed substitutions}.
    pub(crate) block: Methods,
    pub(crate) value: Option<ValueConstraint>,
    /// {identity-constraint definitions}.
    pub(crate) constraints: Box<[ConstraintId]>,
    pub(crate) documentation: Option<Arc<str>>,
    pub(crate) place: Place,
}

#[derive(Debug, Clone)]
pub(crate) enum TypeDefinition {
    Simple(SimpleDefinition),
    Complex(ComplexType),
}

#[derive(Debug, Clone)]
pub(crate) struct SimpleDefinition {
    pub(crate) name: Option<NameId>,
    pub(crate) simple: Arc<SimpleType>,
    /// The base type for derivation (for xsi:type): for a list, a union or a primitive type, anySimpleType; `None` for
    /// anySimpleType itself, whose base is anyType.
    pub(crate) base: Option<TypeId>,
    pub(crate) documentation: Option<Arc<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Derivation {
    Extension,
    Restriction,
}

#[derive(Debug, Clone)]
pub(crate) struct ComplexType {
    pub(crate) name: Option<NameId>,
    /// `None` only for anyType.
    pub(crate) base: Option<TypeId>,
    pub(crate) derivation: Derivation,
    pub(crate) is_abstract: bool,
    /// {prohibited substitutions}.
    pub(crate) block: Methods,
    /// Effective attribute uses: those of the base included, prohibited ones removed.
    pub(crate) attributes: Vec<Arc<AttributeUse>>,
    pub(crate) any_attribute: Option<Wildcard>,
    pub(crate) content: Content,
    pub(crate) documentation: Option<Arc<str>>,
    /// This form contains everything about a type, for a generator too.
    #[allow(dead_code, reason = "for other readers of this form")]
    pub(crate) place: Place,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// No children, no text, not even white space.
    Empty,
    /// Text of a simple type.
    Simple(Arc<SimpleType>),
    /// Children matching a model, with text between them if `mixed`.
    Elements { model: ModelId, mixed: bool },
}

#[derive(Debug, Clone)]
pub(crate) struct AttributeUse {
    pub(crate) name: NameId,
    pub(crate) simple: Arc<SimpleType>,
    pub(crate) required: bool,
    pub(crate) value: Option<ValueConstraint>,
    pub(crate) documentation: Option<Arc<str>>,
    pub(crate) place: Place,
}

impl AttributeUse {
    /// Whether the attribute has a default that may refer to an ID.
    pub(crate) fn has_linked_default(&self) -> bool {
        self.value.is_some() && self.simple.needs_context()
    }
}

/// `xs:any` and `xs:anyAttribute`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wildcard {
    pub(crate) namespaces: NamespaceConstraint,
    pub(crate) process: Process,
    pub(crate) place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NamespaceConstraint {
    Any,
    /// `##other`: any namespace except this one; not absent.
    Not(NamespaceId),
    OneOf(Vec<NamespaceId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    Strict,
    Lax,
    Skip,
}

/// The readable compiled form.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    pub(crate) documents: Vec<Document>,
    pub(crate) names: Names,
    pub(crate) elements: Vec<ElementDeclaration>,
    pub(crate) types: Vec<TypeDefinition>,
    pub(crate) models: Vec<Model>,
    /// The identity constraints of all elements.
    pub(crate) constraints: Vec<IdentityConstraint>,
    /// Which elements and attributes the constraints can reach.
    pub(crate) identity_index: IdentityIndex,
    /// Global element declarations.
    pub(crate) roots: HashMap<NameId, ElementId>,
    /// Their names, in declaration order.
    pub(crate) root_names: Box<[NameId]>,
    pub(crate) substitutions: Substitutions,
    /// Named type definitions, the built-ins of XSD included (in its namespace).
    pub(crate) named_types: HashMap<NameId, TypeId>,
    /// Global attribute declarations (for wildcards with strict or lax processing).
    pub(crate) global_attributes: HashMap<NameId, Arc<AttributeUse>>,
    /// Notation declarations.
    pub(crate) notations: HashMap<NameId, Notation>,
    /// xs:anyType.
    pub(crate) any_type: TypeId,
    /// Whether a value of an element or an attribute can be a name, whose meaning depends on namespace declarations.
    pub(crate) has_name_values: bool,
}

impl Compiled {
    /// The type of the values of elements with a type: the type itself if it is simple, or that of its content.
    pub(crate) fn simple_content(&self, type_id: TypeId) -> Option<&Arc<SimpleType>> {
        match &self.types[type_id.index()] {
            TypeDefinition::Simple(definition) => Some(&definition.simple),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => Some(simple),
                Content::Empty | Content::Elements { .. } => None,
            },
        }
    }

    /// Whether elements of a type have a value.
    pub(crate) fn has_simple_content(&self, type_id: TypeId) -> bool {
        self.simple_content(type_id).is_some()
    }

    /// The declared type of an element.
    pub(crate) fn type_of(&self, element: ElementId) -> &TypeDefinition {
        &self.types[self.elements[element.index()].type_id.index()]
    }

    /// Whether a type may replace the declared one of an element (cvc-elt.4.3): by none of the methods that the element
    /// or its type forbids.
    pub(crate) fn is_type_allowed(&self, type_id: TypeId, element: &ElementDeclaration) -> bool {
        let blocked = element.block.and(self.prohibited_by(element.type_id));
        self.is_validly_derived(type_id, element.type_id, blocked)
    }
}

impl NamespaceConstraint {
    /// Whether names in a namespace are allowed (`None`: a namespace that the schema does not name).
    pub(crate) fn allows(&self, namespace: Option<NamespaceId>) -> bool {
        match self {
            NamespaceConstraint::Any => true,
            NamespaceConstraint::Not(other) => namespace != Some(*other) && namespace != Some(NamespaceId::NONE),
            NamespaceConstraint::OneOf(list) => namespace.is_some_and(|namespace| list.contains(&namespace)),
        }
    }
}
