//! From values to documents.
//!
//! The schema says which fields are attributes, which are children and in which order they stand; the value says what
//! is in them. What was written is then checked like any document, so that nothing invalid leaves.

mod choice;
mod element;
mod fields;
mod forward;
mod output;
mod root;
mod scalar;

use serde::ser::Serialize;

use super::Error;
use crate::schema::Schema;
use crate::xml::WriteError;
pub(crate) use element::split_markup;
use output::{Names, Output};
use root::Root;

/// How a document is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// No white space between elements.
    Compact,
    /// An element on each line, indented by two blanks.
    Pretty,
}

/// Writes a value as a document. See `Schema::to_vec`.
pub(crate) fn to_vec<T: Serialize + ?Sized>(schema: &Schema, value: &T, layout: Layout) -> Result<Vec<u8>, Error> {
    let (bytes, repeated) = write(schema, value, layout, Names::FollowFields)?;
    if schema.is_valid(&bytes) {
        return Ok(bytes);
    }
    if repeated {
        let (others, _) = write(schema, value, layout, Names::StandFirst)?;
        if schema.is_valid(&others) {
            return Ok(others);
        }
    }
    Err(Error::invalid(schema.explain(&bytes), &bytes))
}

/// The document, not yet checked, and whether a name was written that its content model has at several
/// places.
fn write<T: Serialize + ?Sized>(
    schema: &Schema,
    value: &T,
    layout: Layout,
    names: Names,
) -> Result<(Vec<u8>, bool), Error> {
    let mut output = Output::new(schema.compiled(), layout, names);
    match value.serialize(Root(&mut output)) {
        Ok(()) => Ok(output.finish()),
        Err(error) => {
            let path = output.writer.open_path();
            let field = output.refused_field().unwrap_or_default();
            let is_secret = schema.with_secret_names(|names| names.are_in_path(&path) || names.are_in_path(field));
            Err(error.concealed(|_, _| is_secret).in_element(&path))
        }
    }
}

impl From<WriteError> for Error {
    fn from(error: WriteError) -> Error {
        Error::mismatch(error)
    }
}
