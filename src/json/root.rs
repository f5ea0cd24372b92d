//! The kinds of messages, and the objects that a document of each kind can be.

use serde::Serialize;

use super::decode::{self, Decode, Object, Refused, Room, Unknown};
use super::reader::{Reader, Token};
use super::{Shape, explain, order, schema};
use crate::diagnostic::Report;
use crate::diagnostic::secret::{self, SecretNames};
use crate::{Error, Limits};

/// The objects that a document of one kind can be: a main object, or another in its place, such as an error body.
#[derive(Debug)]
pub(crate) struct Root {
    /// The title in the JSON Schema.
    pub(crate) title: &'static str,
    pub(crate) main: &'static Shape,
    pub(crate) alternative: Option<Alternative>,
}

/// An object in place of the main one. A document is this object if it has one of the `marks` (members of it, or names
/// that clients accept instead), and no member that only the main object has.
#[derive(Debug)]
pub(crate) struct Alternative {
    pub(crate) shape: &'static Shape,
    pub(crate) marks: &'static [&'static str],
}

impl Root {
    /// Whether a document is the alternative, even a broken one. Looks at its top-level names.
    pub(crate) fn is_alternative(&self, bytes: &[u8], limits: &Limits) -> bool {
        let Some(Alternative { shape, marks }) = &self.alternative else { return false };
        let mut reader = Reader::new(bytes, limits.depth);
        let (mut depth, mut marked) = (0_usize, false);
        loop {
            match reader.next(&mut |_| {}) {
                Token::BeginObject | Token::BeginArray => depth += 1,
                Token::EndObject | Token::EndArray => depth = depth.saturating_sub(1),
                Token::Name(name) if depth == 1 => {
                    marked |= marks.contains(&&*name);
                    if self.main.member(&name).is_some() && shape.member(&name).is_none() {
                        return false;
                    }
                }
                Token::Eof => return marked,
                _ => {}
            }
        }
    }

    /// Every fault of a document, and anything unusual in it. One that can be read as the main object, and whose values
    /// have nothing unusual, is only read that way.
    pub(crate) fn explain<'a, M: Object<'a>>(&self, bytes: &'a [u8], limits: &Limits) -> Report {
        let mut main = M::blank();
        match read(bytes, limits, Unknown::Refused, &mut main) {
            Ok(()) if !main.is_odd() => Report::default(),
            _ => self.explain_in_full(bytes, limits),
        }
    }

    /// Reports every error of a document, token by token.
    pub(crate) fn explain_in_full(&self, bytes: &[u8], limits: &Limits) -> Report {
        let mut report = explain::explain(self.shape_of(bytes, limits), bytes, limits);
        secret::conceal(&mut report, bytes, &SecretNames::of_credentials());
        report
    }

    fn shape_of(&self, bytes: &[u8], limits: &Limits) -> &'static Shape {
        match &self.alternative {
            Some(alternative) if self.is_alternative(bytes, limits) => alternative.shape,
            _ => self.main,
        }
    }

    /// Reads a document as a value of one of the two objects.
    pub(crate) fn read<'a, T: Decode<'a>>(&self, bytes: &'a [u8], limits: &Limits) -> Result<T, Error> {
        let mut value = T::blank();
        match read(bytes, limits, Unknown::Kept, &mut value) {
            Ok(()) => Ok(value),
            Err(error) => Err(self.refused(bytes, limits, &error)),
        }
    }

    /// Reads a document as the main object, into a blank value, or as the alternative.
    pub(crate) fn read_either<'a, M: Object<'a>, A: Decode<'a>>(
        &self,
        bytes: &'a [u8],
        limits: &Limits,
        main: &mut M,
    ) -> Result<Option<A>, Error> {
        let read = read(bytes, limits, Unknown::Kept, main);
        // The alternative has members that the main object can only have in `extra`, so looking there usually decides.
        if read.is_ok() && main.extra().is_empty() {
            return Ok(None);
        }
        match read {
            _ if self.is_alternative(bytes, limits) => self.read(bytes, limits).map(Some),
            Ok(()) => Ok(None),
            Err(error) => Err(self.refused(bytes, limits, &error)),
        }
    }

    /// Why a document could not be read.
    #[cold]
    fn refused(&self, bytes: &[u8], limits: &Limits, error: &NotRead) -> Error {
        let report = self.explain_in_full(bytes, limits);
        match report.is_valid() {
            true => Error::mismatch(error),
            false => Error::invalid(report, bytes),
        }
    }

    /// Writes a value.
    pub(crate) fn to_vec<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, Error> {
        let json = serde_json::to_vec(value).map_err(Error::mismatch)?;
        // Only `extra` can contain values that are nested so deeply; they are well-formed.
        let depth = Limits::default().depth;
        let brackets = || memchr::memchr2_iter(b'[', b'{', &json).count();
        if json.len() > depth && brackets() > depth {
            let report = self.explain_in_full(&json, &Limits::default());
            if !report.is_valid() {
                return Err(Error::invalid(report, &json));
            }
        }
        Ok(json)
    }

    /// Writes a value that is either the alternative or the main object, unless it would be read as the other.
    pub(crate) fn to_vec_as<T: Serialize>(&self, value: &T, is_alternative: bool) -> Result<Vec<u8>, Error> {
        let json = self.to_vec(value)?;
        match self.is_alternative(&json, &Limits::default()) == is_alternative {
            true => Ok(json),
            false => Err(Error::mismatch(
                "the members decide whether it is an error body: this would be read as the other kind",
            )),
        }
    }

    /// The written document, with the members of each object in the order of another document, usually the one it came
    /// from. Additional members follow.
    pub(crate) fn like(&self, written: &[u8], like: &[u8]) -> Vec<u8> {
        order::reorder(self.shape_of(written, &Limits::default()), written, like)
    }

    /// The JSON Schema (2020-12).
    pub(crate) fn schema(&self) -> String {
        schema::document(self)
    }
}

/// The result of the fast path, which has no places.
#[derive(Debug, thiserror::Error)]
enum NotRead {
    #[error("the document is larger than the limit")]
    TooLarge,
    #[error("{0}")]
    Utf8(#[from] simdutf8::basic::Utf8Error),
    #[error("the document is refused without a reason")]
    Refused,
}

impl From<Refused> for NotRead {
    fn from(_: Refused) -> NotRead {
        NotRead::Refused
    }
}

/// The fast path, into a blank value. UTF-8 is checked once, for the whole document.
fn read<'a, T: Decode<'a>>(bytes: &'a [u8], limits: &Limits, unknown: Unknown, to: &mut T) -> Result<(), NotRead> {
    if bytes.len() > limits.document_bytes {
        return Err(NotRead::TooLarge);
    }
    Ok(decode::decode_whole(simdutf8::basic::from_utf8(bytes)?, Room::new(limits.depth, unknown), to)?)
}
