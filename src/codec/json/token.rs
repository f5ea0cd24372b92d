//! The tokens of JSON text, as read by `json::reader`. The first error ends them.

use std::borrow::Cow;
use std::ops::Range;

use super::scalar::Scalar;
use crate::json::{Reader, Token as Read};

#[derive(Debug, Clone)]
pub(super) enum Token<'j> {
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,
    /// The name of a member. Its colon has been read too.
    Key(Cow<'j, str>),
    Scalar(Scalar<'j>),
    Null,
    Eof,
}

impl Token<'_> {
    /// The kind of token, for messages. Never the value, which may be a secret.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Token::BeginObject => "an object",
            Token::BeginArray => "an array",
            Token::EndObject | Token::EndArray => "nothing",
            Token::Key(_) => "a member",
            Token::Scalar(Scalar::String(_)) => "a string",
            Token::Scalar(Scalar::Number(_)) => "a number",
            Token::Scalar(Scalar::Boolean(_)) => "a boolean",
            Token::Null => "null",
            Token::Eof => "the end of the text",
        }
    }
}

/// The text is not JSON. Another reading reports why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotJson;

/// The tokens of a text.
pub(super) struct Tokens<'j> {
    reader: Reader<'j>,
}

impl<'j> Tokens<'j> {
    /// At most `deepest` objects and arrays can be open at once.
    pub(super) fn new(text: &'j str, deepest: usize) -> Tokens<'j> {
        Tokens { reader: Reader::new(text.as_bytes(), deepest) }
    }

    /// The tokens starting at a member of an object.
    pub(super) fn from_member(text: &'j str, at: usize, deepest: usize) -> Tokens<'j> {
        Tokens { reader: Reader::at_member(text.as_bytes(), at, deepest) }
    }

    /// The tokens of one value, or of the name of a member as a string.
    pub(super) fn at_value(text: &'j str, at: usize) -> Tokens<'j> {
        Tokens { reader: Reader::at_value(text.as_bytes(), at) }
    }

    /// The place of the last token.
    pub(super) fn span(&self) -> Range<usize> {
        self.reader.span()
    }

    pub(super) fn next(&mut self) -> Result<Token<'j>, NotJson> {
        let mut is_faulty = false;
        let token = self.reader.next(&mut |_| is_faulty = true);
        if is_faulty {
            return Err(NotJson);
        }
        Ok(match token {
            Read::BeginObject => Token::BeginObject,
            Read::EndObject => Token::EndObject,
            Read::BeginArray => Token::BeginArray,
            Read::EndArray => Token::EndArray,
            Read::Name(name) => Token::Key(name),
            Read::String(string) => Token::Scalar(Scalar::String(string)),
            Read::Number(number) => Token::Scalar(Scalar::Number(number)),
            Read::True => Token::Scalar(Scalar::Boolean(true)),
            Read::False => Token::Scalar(Scalar::Boolean(false)),
            Read::Null => Token::Null,
            Read::Eof => Token::Eof,
            Read::Faulty | Read::FaultyName => return Err(NotJson),
        })
    }
}
