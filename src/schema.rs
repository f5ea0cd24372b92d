//! `Schema`: compiled, immutable, shared between threads.
//!
//! CONTRACT (skeleton): `Compiled` is the readable form, a graph of declarations as the Recommendation names them.
//! `check` lays it out for speed in tables of its own; a generator of Rust code would read the same form.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::Limits;
use crate::automaton::Automaton;
use crate::check::accept::{Stop, accept};
use crate::check::explain;
use crate::check::table::Table;
use crate::codec::{self, Error, Layout};
use crate::datatype::SimpleType;
use crate::diagnostic::Report;
use crate::rules::{self, Rules};
use crate::xsd::{self, SchemaError, Source};

macro_rules! index_type {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) u32);
        #[allow(dead_code)]
        impl $name {
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index_type! {
    /// A namespace name; 0 is no namespace.
    NamespaceId
    /// An expanded name.
    NameId
    /// An element declaration, global or local.
    ElementId
    /// A type definition.
    TypeId
    /// A content model.
    ModelId
}

/// A place in a schema document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Index into `Compiled::documents`.
    pub(crate) document: u32,
    /// Byte offset in its text.
    pub(crate) offset: u32,
}

/// A schema document as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// The path or the name under which it is known.
    pub(crate) path: String,
    pub(crate) text: Arc<str>,
}

/// An expanded name: a namespace and a local part.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ExpandedName {
    pub(crate) namespace: NamespaceId,
    pub(crate) local: Box<str>,
}

/// All names, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// `[0]` is `""`.
    pub(crate) namespaces: Vec<Box<str>>,
    pub(crate) names: Vec<ExpandedName>,
    // private look-up maps; written by `xsd`
    pub(crate) by_name: HashMap<ExpandedName, NameId>,
    pub(crate) by_namespace: HashMap<Box<str>, NamespaceId>,
}

/// A `default` or `fixed` value.
#[derive(Debug, Clone)]
pub(crate) struct ValueConstraint {
    pub(crate) fixed: bool,
    pub(crate) value: Box<str>,
}

#[derive(Debug, Clone)]
pub(crate) struct ElementDeclaration {
    pub(crate) name: NameId,
    pub(crate) type_id: TypeId,
    pub(crate) nillable: bool,
    pub(crate) is_abstract: bool,
    pub(crate) value: Option<ValueConstraint>,
    pub(crate) documentation: Option<Box<str>>,
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
    /// The base type in the sense of derivation (for xsi:type); `None` for the built-ins and anySimpleType.
    pub(crate) base: Option<TypeId>,
    pub(crate) documentation: Option<Box<str>>,
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
    /// Effective attribute uses: those of the base included, prohibited ones gone.
    pub(crate) attributes: Vec<AttributeUse>,
    pub(crate) any_attribute: Option<Wildcard>,
    pub(crate) content: Content,
    pub(crate) documentation: Option<Box<str>>,
    pub(crate) place: Place,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// No children, no text, not even white space.
    Empty,
    /// Text of a simple type.
    Simple(Arc<SimpleType>),
    /// Children by a model, with text between them where `mixed`.
    Elements { model: ModelId, mixed: bool },
}

#[derive(Debug, Clone)]
pub(crate) struct AttributeUse {
    pub(crate) name: NameId,
    pub(crate) simple: Arc<SimpleType>,
    pub(crate) required: bool,
    pub(crate) value: Option<ValueConstraint>,
    pub(crate) documentation: Option<Box<str>>,
    pub(crate) place: Place,
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
    /// `##other`: neither this one nor none.
    Not(NamespaceId),
    OneOf(Vec<NamespaceId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    Strict,
    Lax,
    Skip,
}

/// What a leaf of a content model is.
#[derive(Debug, Clone)]
pub(crate) enum Leaf {
    Element(ElementId),
    Wildcard(Wildcard),
}

/// A content model and what its leaves are (`LeafId` is an index into `leaves`, in document order).
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) automaton: Automaton,
    pub(crate) leaves: Vec<Leaf>,
}

/// The readable compiled form.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    pub(crate) documents: Vec<Document>,
    pub(crate) names: Names,
    pub(crate) elements: Vec<ElementDeclaration>,
    pub(crate) types: Vec<TypeDefinition>,
    pub(crate) models: Vec<Model>,
    /// Global element declarations.
    pub(crate) roots: HashMap<NameId, ElementId>,
    /// Named type definitions, the built-ins of XSD included (in its namespace).
    pub(crate) named_types: HashMap<NameId, TypeId>,
    /// Global attribute declarations (for wildcards with strict or lax processing).
    pub(crate) global_attributes: HashMap<NameId, AttributeUse>,
    /// xs:anyType.
    pub(crate) any_type: TypeId,
}

impl Names {
    pub(crate) fn lookup(&self, namespace: &str, local: &str) -> Option<NameId> {
        let namespace = self.lookup_namespace(namespace)?;
        self.by_name.get(&ExpandedName { namespace, local: local.into() }).copied()
    }
    pub(crate) fn lookup_namespace(&self, namespace: &str) -> Option<NamespaceId> {
        self.by_namespace.get(namespace).copied()
    }
}

impl Compiled {
    /// The local name of an element.
    pub(crate) fn local_name(&self, element: ElementId) -> &str {
        &self.names.names[self.elements[element.index()].name.index()].local
    }

    /// The declared type of an element.
    pub(crate) fn type_of(&self, element: ElementId) -> &TypeDefinition {
        &self.types[self.elements[element.index()].type_id.index()]
    }

    /// Whether `derived` is `base` or derived from it, by however many steps (for xsi:type; XML Schema part 1,
    /// cos-ct-derived-ok and cos-st-derived-ok without `block` and `final`).
    pub(crate) fn derives_from(&self, derived: TypeId, base: TypeId) -> bool {
        let mut at = Some(derived);
        // A chain of bases is acyclic and no longer than the types are many.
        for _ in 0..=self.types.len() {
            match at {
                Some(here) if here == base => return true,
                Some(here) => at = self.types[here.index()].base(),
                None => return base == self.any_type,
            }
        }
        false
    }
}

impl TypeDefinition {
    /// The type it is derived from, if any.
    pub(crate) fn base(&self) -> Option<TypeId> {
        match self {
            TypeDefinition::Simple(definition) => definition.base,
            TypeDefinition::Complex(complex) => complex.base,
        }
    }
}

impl NamespaceConstraint {
    /// Whether names of a namespace pass (`None`: a namespace that the schema does not name).
    pub(crate) fn allows(&self, namespace: Option<NamespaceId>) -> bool {
        match self {
            NamespaceConstraint::Any => true,
            NamespaceConstraint::Not(other) => namespace != Some(*other) && namespace != Some(NamespaceId(0)),
            NamespaceConstraint::OneOf(list) => namespace.is_some_and(|namespace| list.contains(&namespace)),
        }
    }
}

/// A compiled schema. Cheap to clone; clones share.
///
/// # Examples
///
/// ```
/// # fn main() -> Result<(), packetcheck::SchemaError> {
/// let schema = packetcheck::Schema::from_documents(&[(
///     "note.xsd",
///     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="note" type="xs:integer"/></xs:schema>"#,
/// )])?;
/// assert!(schema.is_valid(b"<note>7</note>"));
/// assert_eq!(schema.explain(b"<note>x</note>").errors, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Schema {
    parts: Arc<Parts>,
    limits: Limits,
}

struct Parts {
    compiled: Compiled,
    rules: Rules,
    /// The layout with the rules that make a document invalid.
    table: Table,
    /// The layout with all rules, made when warnings are first asked for.
    warning_table: OnceLock<Table>,
}

impl Schema {
    /// Compiles a schema document and what it includes. Includes are looked up beside the document that includes,
    /// never over a network.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with the schema, or that is not supported yet, with its place.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Schema, SchemaError> {
        Schema::compile(Source::File(path.as_ref()))
    }

    /// Compiles schema documents in memory, each with its name; the first is the root, includes are looked up by name
    /// among the others.
    ///
    /// # Errors
    ///
    /// As [`Schema::from_file`].
    pub fn from_documents(documents: &[(&str, &str)]) -> Result<Schema, SchemaError> {
        Schema::compile(Source::Memory(documents))
    }

    fn compile(source: Source<'_>) -> Result<Schema, SchemaError> {
        let compiled = xsd::compile(source)?;
        let rules = rules::compile(&compiled)?;
        let table = Table::new(&compiled, &rules, false);
        let parts = Parts { compiled, rules, table, warning_table: OnceLock::new() };
        Ok(Schema { parts: Arc::new(parts), limits: Limits::default() })
    }

    /// The same schema with other limits for documents.
    pub fn with_limits(&self, limits: Limits) -> Schema {
        Schema { parts: Arc::clone(&self.parts), limits }
    }

    /// Whether a document is valid. The quick way: stops at the first doubt, allocates nothing once a thread has
    /// checked a document.
    pub fn is_valid(&self, bytes: &[u8]) -> bool {
        match accept(&self.parts.compiled, &self.parts.table, &self.limits, bytes) {
            Ok(_) => true,
            Err(Stop::Refused) => false,
            Err(Stop::Unsure) => self.explain_completely(bytes).is_valid(),
        }
    }

    /// Every error and warning in a document, with place and cause. As quick as [`Schema::is_valid`] where there is
    /// none.
    pub fn explain(&self, bytes: &[u8]) -> Report {
        let parts = &*self.parts;
        let table = parts.warning_table.get_or_init(|| Table::new(&parts.compiled, &parts.rules, true));
        match accept(&parts.compiled, table, &self.limits, bytes) {
            Ok(accepted) if !accepted.warned => Report::default(),
            _ => self.explain_completely(bytes),
        }
    }

    /// The complete way alone, for those who hold the two ways against each other.
    #[doc(hidden)]
    pub fn explain_completely(&self, bytes: &[u8]) -> Report {
        explain(&self.parts.compiled, &self.parts.rules, bytes, &self.limits)
    }

    /// Reads a document into a value, checking it on the way. Borrows from `bytes` what the type lets it.
    ///
    /// See [`codec`](crate::codec) for how elements and attributes become fields.
    ///
    /// # Errors
    ///
    /// The document is invalid (then [`Error::report`] says all there is to say), or it does not fit the type.
    pub fn from_slice<'de, T: Deserialize<'de>>(&self, bytes: &'de [u8]) -> Result<T, Error> {
        codec::from_slice(self, bytes)
    }

    /// Writes a value as a document in UTF-8, without line breaks between elements.
    ///
    /// # Errors
    ///
    /// The value has a shape that no element can take, or the schema refuses what it would be.
    pub fn to_vec<T: Serialize + ?Sized>(&self, value: &T) -> Result<Vec<u8>, Error> {
        codec::to_vec(self, value, Layout::Compact)
    }

    /// The same, each element on a line of its own, indented by two blanks.
    ///
    /// # Errors
    ///
    /// As [`Schema::to_vec`].
    pub fn to_vec_pretty<T: Serialize + ?Sized>(&self, value: &T) -> Result<Vec<u8>, Error> {
        codec::to_vec(self, value, Layout::Pretty)
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.parts.compiled
    }

    pub(crate) fn table(&self) -> &Table {
        &self.parts.table
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let document = self.parts.compiled.documents.first().map(|document| document.path.as_str());
        formatter.debug_struct("Schema").field("document", &document).finish_non_exhaustive()
    }
}
