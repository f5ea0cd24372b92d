//! A position in the text of declarations, and checks of what comes next.

use super::chars::find_forbidden;
use super::fault::{Broken, FaultKind, Found};
use super::lex::{forbidden, one};
use crate::text::name::{skip_name_chars, skip_ncname};
use crate::text::white_space::skip_white_space;

/// Each `expect_` function moves on, or says what was expected in a document type declaration.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The error at this position.
    #[cold]
    pub(super) fn unexpected(&self, expected: &'static str) -> Broken {
        let found = Found::at(self.text, self.at);
        Broken::new(FaultKind::MalformedDoctype { expected, found }, one(self.text, self.at))
    }

    /// Moves past a text, if it is next.
    pub(super) fn skip(&mut self, what: &str) -> bool {
        let is_here = self.rest().starts_with(what);
        if is_here {
            self.at += what.len();
        }
        is_here
    }

    /// Production 3 (S); whether there was any.
    pub(super) fn skip_space(&mut self) -> bool {
        let end = skip_white_space(self.text.as_bytes(), self.at);
        std::mem::replace(&mut self.at, end) != end
    }

    pub(super) fn expect_space(&mut self) -> Result<(), Broken> {
        if self.skip_space() { Ok(()) } else { Err(self.unexpected("white space")) }
    }

    pub(super) fn expect(&mut self, what: &'static str, expected: &'static str) -> Result<(), Broken> {
        if self.skip(what) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// Names without a colon: of entities and notations (Namespaces, section 7).
    pub(super) fn expect_name(&mut self) -> Result<&'t str, Broken> {
        self.expect_piece(skip_ncname(self.text, self.at), "a name")
    }

    /// Names of elements and attributes (Namespaces, section 4).
    pub(super) fn expect_qualified_name(&mut self) -> Result<&'t str, Broken> {
        let mut end = skip_ncname(self.text, self.at);
        if end > self.at && self.text.as_bytes().get(end) == Some(&b':') && skip_ncname(self.text, end + 1) > end + 1 {
            end = skip_ncname(self.text, end + 1);
        }
        self.expect_piece(end, "a name")
    }

    /// Production 7 (Nmtoken).
    pub(super) fn expect_token(&mut self) -> Result<&'t str, Broken> {
        let mut end = self.at;
        loop {
            end = skip_name_chars(self.text, end);
            if self.text.as_bytes().get(end) != Some(&b':') {
                return self.expect_piece(end, "a name token");
            }
            end += 1;
        }
    }

    fn expect_piece(&mut self, end: usize, expected: &'static str) -> Result<&'t str, Broken> {
        if end == self.at {
            return Err(self.unexpected(expected));
        }
        let piece = self.text.get(self.at..end).unwrap_or_default();
        self.at = end;
        Ok(piece)
    }

    /// Moves past an opening quote.
    pub(super) fn expect_quote(&mut self) -> Result<u8, Broken> {
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                Ok(quote)
            }
            _ => Err(self.unexpected("a quote")),
        }
    }

    /// Text in quotes, made of characters that XML allows.
    fn expect_literal(&mut self) -> Result<(&'t str, usize), Broken> {
        let quote = self.expect_quote()?;
        let begin = self.at;
        let Some(length) = memchr::memchr(quote, self.rest().as_bytes()) else {
            self.at = self.text.len();
            return Err(self.unexpected("a closing quote"));
        };
        let end = begin + length;
        if let Some((place, character)) = find_forbidden(self.text, begin, end) {
            return Err(forbidden(place, character));
        }
        self.at = end + 1;
        Ok((self.text.get(begin..end).unwrap_or_default(), begin))
    }

    /// Production 11.
    pub(super) fn expect_system_literal(&mut self) -> Result<(), Broken> {
        self.expect_literal().map(|_| ())
    }

    /// Productions 12 and 13.
    pub(super) fn expect_public_literal(&mut self) -> Result<(), Broken> {
        let (literal, begin) = self.expect_literal()?;
        let is_public = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b' ' | b'\r' | b'\n')
                || b"-'()+,./:=?;!*#@$_%".contains(&byte)
        };
        match literal.bytes().position(|byte| !is_public(byte)) {
            None => Ok(()),
            Some(length) => {
                self.at = begin + length;
                Err(self.unexpected("a character of a public identifier"))
            }
        }
    }
}
