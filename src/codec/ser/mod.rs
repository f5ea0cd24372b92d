//! Writes values as documents.
//!
//! The schema says which fields are attributes, which are children, and in which order they come. The value says what
//! they contain. The output is then checked like any document, so that nothing invalid is returned.

mod choice;
mod element;
mod fields;
mod forward;
mod instance;
mod output;
mod root;
mod scalar;
mod undeclared;

use serde::ser::Serialize;

use super::Error;
use crate::codec::keys::Keys;
use crate::schema::Schema;
use crate::xml::WriteError;
pub(crate) use element::{Markup, split_markup};
use instance::Instance;
use output::{Names, Output};
use root::Root;

/// The layout of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// No white space between elements.
    Compact,
    /// An element on each line, indented by two spaces.
    Pretty,
}

/// Writes a value as a document after the existing content of `buffer`. See `Schema::encode_into`.
pub(crate) fn encode<T: Serialize + ?Sized>(
    schema: &Schema,
    value: &T,
    layout: Layout,
    buffer: &mut Vec<u8>,
) -> Result<(), Error> {
    let begin = buffer.len();
    let result = write_checked(schema, value, layout, buffer);
    if result.is_err() {
        buffer.truncate(begin);
    }
    result
}

fn write_checked<T: Serialize + ?Sized>(
    schema: &Schema,
    value: &T,
    layout: Layout,
    buffer: &mut Vec<u8>,
) -> Result<(), Error> {
    let begin = buffer.len();
    let is_repeated = write(schema, value, layout, Names::FollowFields, buffer)?;
    if schema.is_valid(&buffer[begin..]) {
        return Ok(());
    }
    if is_repeated {
        let mut others = Vec::new();
        write(schema, value, layout, Names::TakeFirst, &mut others)?;
        if schema.is_valid(&others) {
            buffer.truncate(begin);
            buffer.append(&mut others);
            return Ok(());
        }
    }
    Err(Error::invalid(schema.explain(&buffer[begin..]), &buffer[begin..]))
}

/// Writes the document, which is not checked yet. Returns whether it contains a name that its content model has in
/// several places.
fn write<T: Serialize + ?Sized>(
    schema: &Schema,
    value: &T,
    layout: Layout,
    names: Names,
    buffer: &mut Vec<u8>,
) -> Result<bool, Error> {
    let keys = Keys { schema: schema.compiled(), facts: schema.key_facts() };
    let mut output = Output::new(keys, layout, names, std::mem::take(buffer));
    let written =
        Instance::of(keys, value).and_then(|instance| value.serialize(Root { output: &mut output, instance }));
    let result = match written {
        Ok(()) => Ok(()),
        Err(error) => {
            let path = output.lists.writer.open_path();
            let field = output.refused_field().unwrap_or_default();
            let is_secret = schema.with_secret_names(|names| names.are_in_path(&path) || names.are_in_path(field));
            Err(error.concealed(|_, _| is_secret).in_element(&path))
        }
    };
    let is_repeated;
    (*buffer, is_repeated) = output.finish();
    result.map(|()| is_repeated)
}

impl From<WriteError> for Error {
    fn from(error: WriteError) -> Error {
        Error::mismatch(error)
    }
}
