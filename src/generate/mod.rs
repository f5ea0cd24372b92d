//! Generates Rust types for a schema, with the code that reads and writes them, for the command `packetcheck generate`
//! and for build scripts.
//!
//! ```no_run
//! use packetcheck::{Schema, generate::Generator};
//!
//! // build.rs
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let schema = Schema::from_file("order.xsd")?;
//!     Generator::new(&schema).generate()?.write_to(std::env::var("OUT_DIR")?)?;
//!     Ok(())
//! }
//! ```
//!
//! ```ignore
//! // main.rs
//! mod order {
//!     include!(concat!(env!("OUT_DIR"), "/mod.rs"));
//! }
//! let order = order::decode_order(bytes)?;
//! ```
//!
//! # The generated code
//!
//! `schema()` returns the schema, and `PREDICTION` is code that recognises its valid documents ([`Schema::with_prediction`]);
//! `schema()` already uses it. It is only written for schemas with at most one namespace, which documents have to declare as the
//! default, and without identity constraints.
//!
//! For each requested root there are `decode_…`, `encode_…`, `encode_…_pretty`, `encode_…_into` and `encoded_len_of_…`. A document is
//! checked against the schema while it is read. A written document is checked before it is returned: values that the Rust type
//! allows and the schema refuses (an empty list, a text that violates a facet or a Schematron rule) are checked as they are
//! written, and where that is not enough (IDs and keys, mixed content, wildcards, `xsi:type`) the document is read again.
//!
//! | in the schema | in Rust |
//! |---|---|
//! | a complex type | a struct, named like the type; if that has no name, like its element |
//! | an optional attribute or child | an `Option` |
//! | children with one name, if there may be several | a `Vec` |
//! | a choice of children, or of several children with one name | an enum, in a field `choice` |
//! | children whose order matters (`docs/json.md`), or that have several orders | a `Vec` of an enum, in a field `items` |
//! | a substitution group | an enum |
//! | a type with derived types, which `xsi:type` can name | an enum, `Any…` |
//! | mixed content | a `Vec` of an enum with the variant `Text` |
//! | a wildcard | [`Any`](crate::codec::Any); of attributes, [`OtherAttribute`](crate::typed::OtherAttribute) |
//! | `xs:anyType`, `xs:anySimpleType` | [`Any`](crate::codec::Any) |
//! | `nillable` | [`Nillable`](crate::typed::Nillable) |
//! | an element that is always empty | `()` |
//! | whole numbers with bounds; others | the smallest Rust integer type; [`Integer`](crate::datatype::Integer) |
//! | `xs:boolean`, `xs:float`, `xs:double` | `bool`, `f32`, `f64` |
//! | an enumeration of texts | an enum without values |
//! | a list | a `Vec` |
//! | a secret (`<secret xmlns="urn:packetcheck"/>`, `password`) | [`Secret`](crate::codec::Secret) |
//! | all other values, and all with a `pattern` | `Cow<str>`, as in the document |
//!
//! Elements whose value has a prefix with a meaning (`xs:QName`, `xs:NOTATION`) are [`Any`](crate::codec::Any) as a whole,
//! which keeps the meaning; so are those whose children have more orders than one such `Vec` can hold. The values of
//! absent attributes with a default are `None`. `xsi:schemaLocation` is not kept.
//!
//! # Options
//!
//! Names come from the schema. [`Generator::rename`] gives a type, a field or a variant another one. The Rust form of a type
//! can be chosen where several are possible: [`Generator::exact_type`] makes a struct of a type that `xsi:type` could
//! replace, [`Generator::whole_type`] keeps elements as they are, and [`Generator::few`] makes a list that usually has one
//! child a [`Few`](crate::codec::Few). [`Generator::non_exhaustive`] leaves room for more variants. An unknown name is an
//! error.
//!
//! [`Generator::serde`] implements the traits of serde for the types. In JSON and other formats they have the members of the
//! codec of this library ([`crate::codec`]), so that [`Schema::decode`] can also read such a value:
//!
//! | in Rust | in JSON |
//! |---|---|
//! | a field of a child or an attribute | a member with the name in the document; for an attribute `@name`, if a child has that name |
//! | an enum in a field `choice` | the member of the child that is present |
//! | a `Vec` in a field `items` or `content` | the array `$value`, each item an object with one member |
//! | the field `value` | the member `$text` |
//! | an enum of a type and those derived from it | an object with one member, the name of the type |
//! | an element that is always empty | `null`; in an array its name, as a string |
//! | a child that is absent | no member |
//!
//! Content that a wildcard admits is read from JSON, but not by [`Schema::decode`], which only knows the names of fields and
//! variants. A number that JSON lacks (`INF`, `NaN`) is written as the format does.
//!
//! Texts borrow from the document unless something in them had to be resolved; `into_owned` borrows nothing. Values nest at
//! most 128 elements deep.

mod build;
mod children;
mod emit;
mod names;
mod options;
mod owned;
mod plan;
mod prefixes;
mod proof;
mod read;
mod scan;
mod serde;
mod types;
mod write;

use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;

use crate::compiled::ElementId;
use crate::schema::Schema;
use crate::text::nearest::nearest;
use emit::Emitter;
use options::Options;

/// Names of documents, and their texts.
type Texts = Vec<(String, String)>;

/// The settings of a generation.
#[derive(Debug, Clone)]
pub struct Generator<'s> {
    schema: &'s Schema,
    roots: Vec<String>,
    library: String,
    /// The path of a function that returns the schema.
    schema_function: Option<String>,
    options: Options,
    has_serde: bool,
    is_verdict_only: bool,
}

/// Generated code and the schema documents that it embeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Formatted Rust: `mod.rs`.
    pub code: String,
    /// The paths of the schema documents next to it, and their texts in UTF-8.
    pub documents: Vec<(String, String)>,
}

/// Why nothing was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateError {
    /// The schema declares no global element.
    NoRoot,
    /// The schema declares no global element with this name.
    UnknownRoot {
        /// The name.
        found: String,
        /// A name that is nearly the same.
        nearest: Option<String>,
    },
    /// Neither the generated code nor the schema has a name that the options use.
    UnknownName {
        /// The name.
        found: String,
    },
    /// Only a verdict was requested, and prediction can decide no document of the schema; [`crate::generate`] has the
    /// reasons.
    NothingPredicted,
    /// The schema cannot be embedded: its documents alone do not compile to the same schema.
    NotEmbeddable {
        /// What is missing.
        reason: String,
    },
}

impl fmt::Display for GenerateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GenerateError::NoRoot => formatter.write_str("expected a schema with a global element, found none"),
            GenerateError::UnknownRoot { found, nearest } => {
                write!(formatter, "expected a global element of the schema, found `{}`", found.escape_debug())?;
                match nearest {
                    Some(nearest) => write!(formatter, "; did you mean `{nearest}`?"),
                    None => Ok(()),
                }
            }
            GenerateError::UnknownName { found } => write!(
                formatter,
                "expected the name of a type of the schema or of something that is generated for it, found `{}`",
                found.escape_debug()
            ),
            GenerateError::NothingPredicted => formatter.write_str(
                "prediction cannot check any document of this schema: it has several namespaces, or identity constraints, or its \
                 roots have content that is left to the walk (mixed, `xs:all`, counters)",
            ),
            GenerateError::NotEmbeddable { reason } => {
                write!(formatter, "the schema cannot be embedded: {reason}")
            }
        }
    }
}

impl std::error::Error for GenerateError {}

impl<'s> Generator<'s> {
    /// Types for all global elements of a schema.
    ///
    /// ```
    /// use packetcheck::{Schema, generate::Generator};
    ///
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = Schema::from_documents(&[("n.xsd", text)])?;
    /// let generated = Generator::new(&schema).root("n").generate()?;
    /// assert!(generated.code.contains("pub fn decode_n("));
    /// assert!(Generator::new(&schema).root("m").generate().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(schema: &'s Schema) -> Generator<'s> {
        Generator {
            schema,
            roots: Vec::new(),
            library: "packetcheck".into(),
            schema_function: None,
            options: Options::default(),
            has_serde: false,
            is_verdict_only: false,
        }
    }

    /// Generates types for this global element, by its local name, and for others added this way, instead of for all.
    #[must_use]
    pub fn root(mut self, name: impl Into<String>) -> Generator<'s> {
        self.roots.push(name.into());
        self
    }

    /// The path of the library in the generated code, if it is not `packetcheck`.
    #[must_use]
    pub fn library(mut self, path: impl Into<String>) -> Generator<'s> {
        self.library = path.into();
        self
    }

    /// The path of a function that returns the schema, for generated code that has no `schema()` itself and embeds
    /// nothing.
    #[must_use]
    pub fn schema_function(mut self, path: impl Into<String>) -> Generator<'s> {
        self.schema_function = Some(path.into());
        self
    }

    /// Gives a type, or a member of one (`Type.field`, `Type.Variant`), another name. If a type itself is
    /// renamed, its members are named with the new name (`NewType.field`), and so are types whose names contain it.
    ///
    /// ```
    /// use packetcheck::{Schema, generate::Generator};
    ///
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="T"/><xs:complexType name="T">
    ///     <xs:sequence><xs:element name="m" type="xs:int"/></xs:sequence></xs:complexType></xs:schema>"#;
    /// let schema = Schema::from_documents(&[("n.xsd", text)])?;
    /// let generated = Generator::new(&schema).rename("T", "Numbers").rename("Numbers.m", "first").generate()?;
    /// assert!(generated.code.contains("pub struct Numbers") && generated.code.contains("pub first: i32"));
    /// assert!(Generator::new(&schema).rename("U", "Numbers").generate().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rename(mut self, name: impl Into<String>, wanted: impl Into<String>) -> Generator<'s> {
        self.options.renames.push((name.into(), wanted.into()));
        self
    }

    /// Makes elements of this type of the schema, by its local name, always a struct, not an enum of it and the types
    /// derived from it. A document that names another one by `xsi:type` stays valid, but is not decoded.
    #[must_use]
    pub fn exact_type(mut self, name: impl Into<String>) -> Generator<'s> {
        self.options.exact.push(name.into());
        self
    }

    /// Keeps elements of this type of the schema, by its local name, whole: each is an [`Any`](crate::codec::Any). In a
    /// choice all of them are one variant, a struct with their name and their content.
    #[must_use]
    pub fn whole_type(mut self, name: impl Into<String>) -> Generator<'s> {
        self.options.whole.push(name.into());
        self
    }

    /// Makes a type, by its name after all renaming, `#[non_exhaustive]`: later schemas may add variants or fields.
    #[must_use]
    pub fn non_exhaustive(mut self, name: impl Into<String>) -> Generator<'s> {
        self.options.open.push(name.into());
        self
    }

    /// Makes the children of this field (`Type.field`, after all renaming) a [`Few`](crate::codec::Few), which stores a single
    /// child inline, instead of a `Vec`: for children of which there is usually one.
    #[must_use]
    pub fn few(mut self, field: impl Into<String>) -> Generator<'s> {
        self.options.few.push(field.into());
        self
    }

    /// Implements the traits of serde for the types.
    #[must_use]
    pub fn serde(mut self) -> Generator<'s> {
        self.has_serde = true;
        self
    }

    /// Writes no types, only the code that decides documents: `PREDICTION`, for [`Schema::with_prediction`]. The schema is not embedded.
    ///
    /// ```
    /// use packetcheck::{Schema, generate::Generator};
    ///
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n"><xs:complexType>
    ///     <xs:sequence><xs:element name="m" type="xs:int"/></xs:sequence></xs:complexType></xs:element></xs:schema>"#;
    /// let schema = Schema::from_documents(&[("n.xsd", text)])?;
    /// let generated = Generator::new(&schema).verdict_only().generate()?;
    /// assert!(generated.code.contains("pub static PREDICTION") && generated.documents.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn verdict_only(mut self) -> Generator<'s> {
        self.is_verdict_only = true;
        self
    }

    /// Generates the code.
    ///
    /// # Errors
    ///
    /// There is no such root, or the documents of the schema do not compile to it again from memory, or only a verdict was
    /// requested and prediction can decide nothing.
    pub fn generate(&self) -> Result<Generated, GenerateError> {
        let compiled = self.schema.compiled();
        let roots = self.root_elements()?;
        let plan = build::plan(compiled, self.schema.forms(), self.schema.secrets(), &self.options, &roots);
        if let Some(found) = self.options.unknown() {
            return Err(GenerateError::UnknownName { found: found.to_owned() });
        }
        let library: TokenStream = self.library.parse().unwrap_or_else(|_| quote! { packetcheck });
        let scans = scan::Scans::new(compiled, self.schema.table(), &plan);
        let proof = proof::Proof::new(compiled, self.schema.table(), &plan);
        let (has_types, has_serde) = (!self.is_verdict_only, self.has_serde && !self.is_verdict_only);
        let emitter = Emitter { plan: &plan, library, proof, has_types, has_serde };
        let prediction = scans.as_ref().and_then(|scans| scans.prediction(&emitter, self.schema.fingerprint()));
        let (root_documents, mut documents) = self.documents()?;
        let schema = match self.is_verdict_only {
            true if prediction.is_none() => return Err(GenerateError::NothingPredicted),
            true => {
                documents.clear();
                TokenStream::new()
            }
            false => match &self.schema_function {
                Some(path) => {
                    documents.clear();
                    schema_function_of(&emitter, path)
                }
                None => schema_function(&emitter, &root_documents, &documents, prediction.is_some()),
            },
        };
        let tokens = emitter.all(&quote! { #schema #prediction }, scans.as_ref());
        let file = syn::parse2::<syn::File>(tokens);
        debug_assert!(file.is_ok(), "{:?}", file.as_ref().err());
        let code = file.map(|file| prettyplease::unparse(&file)).unwrap_or_default();
        let head = format!(
            "// Generated by packetcheck {} from {}: do not edit.\n\n",
            env!("CARGO_PKG_VERSION"),
            root_documents.join(", ")
        );
        Ok(Generated { code: head + &code, documents })
    }

    fn root_elements(&self) -> Result<Vec<ElementId>, GenerateError> {
        let compiled = self.schema.compiled();
        let all = || compiled.root_names.iter().filter_map(|name| compiled.roots.get(name).copied());
        let local = |element: ElementId| compiled.names.local(compiled.elements[element.index()].name);
        // No element can be written for an abstract declaration.
        let usable = |element: &ElementId| !compiled.elements[element.index()].is_abstract;
        if self.roots.is_empty() {
            let roots: Vec<ElementId> = all().filter(usable).collect();
            return if roots.is_empty() { Err(GenerateError::NoRoot) } else { Ok(roots) };
        }
        let mut roots = Vec::new();
        for wanted in &self.roots {
            let found = all().filter(usable).filter(|element| local(*element) == wanted);
            let before = roots.len();
            roots.extend(found);
            if roots.len() == before {
                let names: Vec<&str> = all().filter(usable).map(local).collect();
                let nearest = nearest(wanted, names.iter().copied()).and_then(|index| names.get(index));
                return Err(GenerateError::UnknownRoot {
                    found: wanted.clone(),
                    nearest: nearest.map(|name| (*name).to_owned()),
                });
            }
        }
        Ok(roots)
    }

    /// The names of the roots among the schema documents, and all documents with their texts. Names are paths relative
    /// to the folder that contains them all.
    fn documents(&self) -> Result<(Vec<String>, Texts), GenerateError> {
        let given = || self.schema.compiled().documents.iter().filter(|document| !document.is_built_in);
        let paths: Vec<PathBuf> = given().map(|document| normalized(Path::new(&document.path))).collect();
        let mut folder = paths.first().and_then(|path| path.parent()).map(Path::to_owned).unwrap_or_default();
        for path in &paths {
            while !path.starts_with(&folder) {
                folder.pop();
            }
        }
        let name = |path: &Path| {
            let relative = path.strip_prefix(&folder).unwrap_or(path);
            relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
        };
        let mut roots = Vec::new();
        let mut documents = Texts::new();
        for (document, path) in given().zip(&paths) {
            let name = name(path);
            if documents.iter().all(|(known, _)| *known != name) {
                documents.push((name.clone(), document.text.to_string()));
            }
            if document.is_root && !roots.contains(&name) {
                roots.push(name);
            }
        }
        self.check_embedded(&roots, &documents)?;
        Ok((roots, documents))
    }

    /// Checks that the documents result in the same schema, since generated code has nothing else.
    fn check_embedded(&self, roots: &[String], documents: &[(String, String)]) -> Result<(), GenerateError> {
        let roots: Vec<&str> = roots.iter().map(String::as_str).collect();
        let texts: Vec<(&str, &str)> = documents.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let embedded = Schema::from_roots(&roots, &texts)
            .map_err(|error| GenerateError::NotEmbeddable { reason: error.to_string() })?;
        let (one, other) = (self.schema.compiled(), embedded.compiled());
        match one.elements.len() == other.elements.len() && one.types.len() == other.types.len() {
            true => Ok(()),
            false => {
                let reason = "a catalog or a map answers a location that no document of it answers".to_owned();
                Err(GenerateError::NotEmbeddable { reason })
            }
        }
    }
}

impl Generated {
    /// Writes `mod.rs` and the schema documents (`schemas/…`) into a folder, which is created if it is missing. Files with
    /// the same content are not written.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn write_to(&self, folder: impl AsRef<Path>) -> io::Result<()> {
        for (path, text) in self.files() {
            let path = folder.as_ref().join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            if std::fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
                std::fs::write(&path, text)?;
            }
        }
        Ok(())
    }

    /// The paths of the files, relative to their folder, and their texts.
    pub fn files(&self) -> impl Iterator<Item = (PathBuf, &str)> {
        let documents = self.documents.iter();
        let documents = documents.map(|(name, text)| (Path::new("schemas").join(name), text.as_str()));
        std::iter::once((PathBuf::from("mod.rs"), self.code.as_str())).chain(documents)
    }
}

/// The function that returns the schema.
fn schema_function(
    emitter: &Emitter<'_>,
    roots: &[String],
    documents: &[(String, String)],
    has_prediction: bool,
) -> TokenStream {
    let library = &emitter.library;
    let documents = documents.iter().map(|(name, _)| {
        let path = format!("schemas/{name}");
        quote! { (#name, include_str!(#path)) }
    });
    let prediction = has_prediction.then(|| quote! { .with_prediction(&PREDICTION) });
    quote! {
        #[doc = " The schema that all documents here are checked against, compiled on first use."]
        pub fn schema() -> &'static #library::Schema {
            static SCHEMA: std::sync::LazyLock<#library::Schema> = std::sync::LazyLock::new(|| {
                let documents = [#(#documents,)*];
                #library::Schema::from_roots(&[#(#roots),*], &documents)
                    .expect("the schema compiled when this was generated")
                    #prediction
            });
            &SCHEMA
        }
    }
}

/// A function that gets the schema from another function.
fn schema_function_of(emitter: &Emitter<'_>, path: &str) -> TokenStream {
    let library = &emitter.library;
    let path: TokenStream = path.parse().unwrap_or_default();
    quote! {
        fn schema() -> &'static #library::Schema {
            #path()
        }
    }
}

/// A path without `.` and `..`.
fn normalized(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut out = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}
