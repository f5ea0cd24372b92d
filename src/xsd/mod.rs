//! Compiles schema documents (read with roxmltree): load, resolve, check, compile.
//!
//! `load` reads the root document and all it includes and imports, each once; `parse` turns them into one `model`: the
//! schema as written, with names resolved. `redefine` puts redefinitions in place of what they redefine. `compile`
//! makes the components of the compiled form from the model, checking them on the way. Both `parse` and `compile` have
//! one file per kind of component, as the Recommendation has one section.
//!
//! `sources` is the caller's description of where documents come from. `locate`, `catalog` and `folders` turn locations
//! into files, and let no path lead out of the permitted folders; `files` calls them once per location. `missing` puts
//! all missing documents into one message, and `duplicates` decides whether two declarations of one name are an error.
//! Code that can continue after an error passes it to `Faults` in `fault`: a component that cannot be made is broken,
//! and nothing is reported about components that need it.
//!
//! Every construct of XSD 1.0 is compiled. A document type declaration is read but not applied: `tree` removes it
//! before parsing, because the parser would expand its entities.

mod built_in;
mod catalog;
mod compile;
mod content;
mod declared;
mod depth;
mod document;
mod duplicates;
mod error;
mod fault;
mod files;
mod folders;
mod load;
mod locate;
mod mark;
mod memory;
mod missing;
mod model;
mod order;
mod outline;
mod parse;
mod prose;
mod reader;
mod redefine;
mod sources;
#[cfg(test)]
mod tests;
mod tree;
mod wsdl;
mod xsd_1_1;

#[cfg(test)]
pub(crate) use depth::parse_checked;
pub use error::{SchemaError, SchemaFile};
pub(crate) use mark::Marks;
pub use outline::SchemaOutline;
pub(crate) use reader::XSD;
pub use sources::Sources;

use crate::compiled::Compiled;

/// Where schema documents come from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    /// Files, as described by the caller.
    Files(&'a Sources),
    /// Documents in memory, by name; the first is the root, and includes are looked up by name among them.
    Memory(&'a [(&'a str, &'a str)]),
    /// Documents in memory, by name, with the names of several roots.
    Roots(&'a [&'a str], &'a [(&'a str, &'a str)]),
}

impl Source<'_> {
    /// Whether the caller wants the Schematron rules of all documents to be run.
    pub(crate) fn runs_rules(&self) -> bool {
        matches!(self, Source::Files(sources) if sources.rules)
    }
}

/// Called with each document's index and tree when it is loaded, so that readers of annotations need not parse it
/// again.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(u32, &roxmltree::Document<'_>);

/// Loads and compiles a schema. Also returns warnings, and the sources it was compiled from.
///
/// # Errors
///
/// Every error found: a document that cannot be read, or a construct that violates the Recommendation or is not
/// supported yet. Nothing is reported about components that depend on a broken one.
pub(crate) fn compile_with_warnings(
    source: Source<'_>,
    visit: Visit<'_>,
) -> Result<(Compiled, Vec<SchemaFile>, Sources), SchemaError> {
    compile::compile(load::load(source, visit)?)
}

/// As `compile_with_warnings`, without the warnings.
#[cfg(test)]
pub(crate) fn compile(source: Source<'_>) -> Result<Compiled, SchemaError> {
    compile_with_warnings(source, &mut |_, _| {}).map(|(compiled, ..)| compiled)
}
