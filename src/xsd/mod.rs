//! Schema documents (read with roxmltree) to the compiled form: load, resolve, check, compile.
//!
//! `load` reads the root document and all it includes and imports, each once, and has `parse` turn them into one
//! `model`: what is written, with names resolved. `redefine` puts what redefines in the place of what it redefines.
//! `compile` makes the components of the compiled form from the model, and checks them on the way. Both `parse` and
//! `compile` have a file for each kind of component, as the Recommendation has a section for each.
//!
//! `sources` is what a caller says of where documents come from; `locate`, `catalog` and `folders` make files of locations,
//! and let no path lead out of the permitted folders; `files` asks them once for each location. `missing` puts all that is
//! not there into one message, and `duplicates` decides what it means that two documents declare one name. Who meets a fault that can be gone on from hands it to `Faults` in `fault`:
//! a component that cannot be made is broken, and nothing is said of what needs it.
//!
//! Every construct of XSD 1.0 is compiled. A document type declaration is read and not applied: `tree` takes it out before
//! the parser sees it, which would expand its entities.

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
    /// Files, as the caller says.
    Files(&'a Sources),
    /// Documents in memory, by name; the first is the root, includes are looked up by name among them.
    Memory(&'a [(&'a str, &'a str)]),
    /// The same with the names of several roots.
    Roots(&'a [&'a str], &'a [(&'a str, &'a str)]),
}

impl Source<'_> {
    /// Whether the caller wants the Schematron rules of all documents run.
    pub(crate) fn runs_rules(&self) -> bool {
        matches!(self, Source::Files(sources) if sources.rules)
    }
}

/// Told of each document's index and tree when it is loaded, so that what reads annotations need not parse it again.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(u32, &roxmltree::Document<'_>);

/// Loads and compiles a schema. With it come warnings, and what it was compiled from.
///
/// # Errors
///
/// Every fault found: a document that cannot be read, a construct that breaks the Recommendation, one that is not
/// supported yet. What is broken stands for itself alone: nothing is said of what depends on it.
pub(crate) fn compile_with_warnings(
    source: Source<'_>,
    visit: Visit<'_>,
) -> Result<(Compiled, Vec<SchemaFile>, Sources), SchemaError> {
    compile::compile(load::load(source, visit)?)
}

/// The same without the warnings.
#[cfg(test)]
pub(crate) fn compile(source: Source<'_>) -> Result<Compiled, SchemaError> {
    compile_with_warnings(source, &mut |_, _| {}).map(|(compiled, ..)| compiled)
}
