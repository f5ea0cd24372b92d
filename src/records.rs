//! The elements of a large document, one after another.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use crate::check::{self, Begun, FoundRecord, InPieces, RecordReader};
use crate::codec::{self, Error};
use crate::diagnostic::{Report, secret};
use crate::schema::Schema;
use crate::xml::Decoded;

/// An iterator over the elements at a path of a document ([`Schema::records`]).
pub struct Records<'r, T> {
    schema: Schema,
    state: State<'r>,
    /// The names that were found where the name of a secret was expected.
    found: BTreeSet<String>,
    value: PhantomData<fn() -> T>,
}

enum State<'r> {
    Unread { reader: Box<dyn Read + 'r>, path: Vec<String>, piece: usize },
    Read(Box<RecordReader<'r>>),
    Over,
}

impl<T> fmt::Debug for Records<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Records").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl<'r, T: DeserializeOwned> Records<'r, T> {
    pub(crate) fn new(schema: &Schema, reader: Box<dyn Read + 'r>, path: &str, piece: usize) -> Records<'r, T> {
        let path = path.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect();
        let state = State::Unread { reader, path, piece };
        Records { schema: schema.clone(), state, found: BTreeSet::new(), value: PhantomData }
    }

    /// The next element as a separate document; `None` if there are no more.
    fn next_record(&mut self) -> Result<Option<FoundRecord>, Error> {
        let Records { schema, state, found, .. } = self;
        if let State::Unread { .. } = state
            && let State::Unread { reader, path, piece } = std::mem::replace(state, State::Over)
        {
            let document = match check::begin(reader, schema.limits(), piece).map_err(|error| Error::io(&error))? {
                Begun::InPieces(document) => document,
                Begun::Whole(bytes) => whole(schema, bytes)?,
            };
            *state = State::Read(Box::new(RecordReader::new(document, path, schema.against())));
        }
        let State::Read(reader) = state else { return Ok(None) };
        let mut conceal = |part: &secret::Part<'_>, report: &mut Report| {
            schema.with_secret_names(|names| secret::conceal_in_part(report, part, names, found));
        };
        match reader.next(schema.against(), &mut conceal) {
            Ok(Some(record)) => Ok(Some(record)),
            Ok(None) => {
                let finished = reader.finish();
                *state = State::Over;
                match finished {
                    Some((report, lines)) if !report.is_valid() => Err(Error::invalid_lines(report, &lines)),
                    _ => Ok(None),
                }
            }
            Err(error) => {
                *state = State::Over;
                Err(Error::io(&error))
            }
        }
    }
}

/// Opens a document that is in memory as a whole. A document in another encoding is checked first, because its offsets
/// are not those of its text.
///
/// # Errors
///
/// The document, or its encoding, has errors before its root element.
fn whole(schema: &Schema, bytes: Vec<u8>) -> Result<Box<InPieces<'static>>, Error> {
    let decoded = Decoded::new(&bytes, schema.limits());
    let document = match &decoded {
        Ok(Some(decoded)) if schema.is_valid(&bytes) => {
            InPieces::of_whole(decoded.text().as_bytes().to_vec(), schema.limits())
        }
        Ok(None) => InPieces::of_whole(bytes.clone(), schema.limits()),
        Ok(Some(_)) | Err(_) => None,
    };
    document.ok_or_else(|| Error::invalid(schema.explain(&bytes), &bytes))
}

impl<T: DeserializeOwned> Iterator for Records<'_, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.next_record() {
            Ok(Some(FoundRecord { text, element })) => {
                Some(codec::decode_record(&self.schema, text.as_bytes(), element))
            }
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}
