//! JSON text as it is read (RFC 8259): tokens, each with its place; the first breach ends it.

use std::borrow::Cow;
use std::ops::Range;

use super::scalar::Scalar;
use crate::text::scan::string_end;
use crate::text::white_space::skip_white_space;

#[derive(Debug, Clone)]
pub(super) enum Token<'j> {
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,
    /// The name of a member; its colon is read too.
    Key(Cow<'j, str>),
    Scalar(Scalar<'j>),
    Null,
    Eof,
}

impl Token<'_> {
    /// What it is, for messages: never the value, which may be a secret.
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

/// A breach of JSON: where, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) span: Range<usize>,
    pub(super) expected: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// A value, or the end of the array that just began.
    FirstItem,
    Key,
    /// A key, or the end of the object that just began.
    FirstKey,
    /// A comma or the end of what is open; at the top nothing.
    After,
}

/// The tokens of a text.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'j> {
    text: &'j str,
    at: usize,
    /// Where the last token is.
    span: Range<usize>,
    expect: Expect,
    /// Of each open object and array: whether it is an object.
    open: Vec<bool>,
}

impl<'j> Tokens<'j> {
    pub(super) fn new(text: &'j str) -> Tokens<'j> {
        // Section 8.1: a mark may be passed over.
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Tokens { text, at, span: at..at, expect: Expect::Value, open: Vec::new() }
    }

    /// The tokens from a member of an object on.
    pub(super) fn from_member(text: &'j str, at: usize) -> Tokens<'j> {
        Tokens { text, at, span: at..at, expect: Expect::Key, open: vec![true] }
    }

    /// The tokens of one value, or of the name of a member as a string.
    pub(super) fn at_value(text: &'j str, at: usize) -> Tokens<'j> {
        Tokens { at, span: at..at, ..Tokens::new(text) }
    }

    /// Where the last token is.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Objects and arrays that are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn next(&mut self) -> Result<Token<'j>, Breach> {
        let bytes = self.text.as_bytes();
        self.at = skip_white_space(bytes, self.at);
        if self.expect == Expect::After {
            match (self.open.last(), bytes.get(self.at)) {
                (None, None) => {
                    self.span = self.at..self.at;
                    return Ok(Token::Eof);
                }
                (None, Some(_)) => return Err(self.breach("nothing after the value")),
                (Some(is_object), Some(b',')) => {
                    self.expect = if *is_object { Expect::Key } else { Expect::Value };
                    self.at = skip_white_space(bytes, self.at + 1);
                }
                (Some(true), Some(b'}')) | (Some(false), Some(b']')) => {}
                (Some(true), _) => return Err(self.breach("`,` or `}`")),
                (Some(false), _) => return Err(self.breach("`,` or `]`")),
            }
        }
        let start = self.at;
        self.span = start..(start + 1).min(bytes.len());
        match (self.expect, bytes.get(start)) {
            (Expect::After | Expect::FirstKey, Some(b'}')) => Ok(self.end(Token::EndObject)),
            (Expect::After | Expect::FirstItem, Some(b']')) => Ok(self.end(Token::EndArray)),
            (Expect::Key | Expect::FirstKey, Some(b'"')) => self.key(),
            (Expect::Key | Expect::FirstKey, _) => Err(self.breach("a member's name in double quotes")),
            (_, Some(b'{')) => Ok(self.begin(Token::BeginObject, true)),
            (_, Some(b'[')) => Ok(self.begin(Token::BeginArray, false)),
            (_, Some(b'"')) => {
                let string = self.string()?;
                self.expect = Expect::After;
                Ok(Token::Scalar(Scalar::String(string)))
            }
            (_, Some(b'-' | b'0'..=b'9')) => self.number(),
            _ => self.word(),
        }
    }

    fn begin(&mut self, token: Token<'j>, is_object: bool) -> Token<'j> {
        self.open.push(is_object);
        self.at += 1;
        self.expect = if is_object { Expect::FirstKey } else { Expect::FirstItem };
        token
    }

    fn end(&mut self, token: Token<'j>) -> Token<'j> {
        self.open.pop();
        self.at += 1;
        self.expect = Expect::After;
        token
    }

    fn key(&mut self) -> Result<Token<'j>, Breach> {
        let name = self.string()?;
        let at = skip_white_space(self.text.as_bytes(), self.at);
        if self.text.as_bytes().get(at) != Some(&b':') {
            self.at = at;
            return Err(self.breach("`:`"));
        }
        self.at = at + 1;
        self.expect = Expect::Value;
        Ok(Token::Key(name))
    }

    /// Section 7, from the quotation mark at `at` on.
    fn string(&mut self) -> Result<Cow<'j, str>, Breach> {
        let start = self.at;
        let mut at = start + 1;
        let mut value = Cow::Borrowed("");
        loop {
            let rest = self.text.as_bytes().get(at..).unwrap_or_default();
            let end = at + string_end(rest);
            let piece = self.text.get(at..end).unwrap_or_default();
            if value.is_empty() {
                value = Cow::Borrowed(piece)
            } else {
                value.to_mut().push_str(piece)
            }
            self.at = end;
            match self.text.as_bytes().get(end) {
                Some(b'"') => {
                    self.at = end + 1;
                    self.span = start..self.at;
                    return Ok(value);
                }
                Some(b'\\') => {
                    let (character, length) = self.escape(end)?;
                    value.to_mut().push(character);
                    at = end + length;
                }
                Some(_) => return Err(self.breach("an escape such as `\\n` for a control character")),
                None => return Err(self.breach("`\"` at the end of the string")),
            }
        }
    }

    /// The escape at `at`: the character that it means, and its length in bytes. Half of a surrogate pair means none.
    fn escape(&self, at: usize) -> Result<(char, usize), Breach> {
        let breach = || Breach { span: at..self.end_of(at + 2), expected: "an escape that JSON has" };
        let character = match self.text.as_bytes().get(at + 1) {
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
            Some(b'u') => {
                let high = self.unit(at).ok_or_else(breach)?;
                if let Some(character) = char::from_u32(high) {
                    return Ok((character, 6));
                }
                let low = self.unit(at + 6).ok_or_else(breach)?;
                let pair = char::decode_utf16([high as u16, low as u16]).next().and_then(Result::ok);
                return pair.map(|character| (character, 12)).ok_or_else(breach);
            }
            _ => return Err(breach()),
        };
        Ok((character, 2))
    }

    /// The number after `\u` at `at`.
    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
    }

    /// Section 6.
    fn number(&mut self) -> Result<Token<'j>, Breach> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let digits = |at: usize| bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
        let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
        let whole = digits(at);
        let mut is_right = whole == 1 || whole > 1 && bytes.get(at) != Some(&b'0');
        at += whole;
        if bytes.get(at) == Some(&b'.') {
            let fraction = digits(at + 1);
            is_right &= fraction > 0;
            at += 1 + fraction;
        }
        if let Some(b'e' | b'E') = bytes.get(at) {
            at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            let exponent = digits(at);
            is_right &= exponent > 0;
            at += exponent;
        }
        self.span = start..at;
        if !is_right {
            return Err(Breach { span: start..at, expected: "a number as JSON has it" });
        }
        (self.at, self.expect) = (at, Expect::After);
        Ok(Token::Scalar(Scalar::Number(self.text.get(start..at).unwrap_or_default())))
    }

    fn word(&mut self) -> Result<Token<'j>, Breach> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let words = [
            ("true", Token::Scalar(Scalar::Boolean(true))),
            ("false", Token::Scalar(Scalar::Boolean(false))),
            ("null", Token::Null),
        ];
        for (word, token) in words {
            if rest.starts_with(word) {
                self.span = self.at..self.at + word.len();
                (self.at, self.expect) = (self.at + word.len(), Expect::After);
                return Ok(token);
            }
        }
        Err(self.breach("a value"))
    }

    fn breach(&self, expected: &'static str) -> Breach {
        Breach { span: self.at..self.end_of(self.at + 1), expected }
    }

    /// The end of a span, no further than the text.
    fn end_of(&self, at: usize) -> usize {
        (at..at + 4).find(|at| self.text.is_char_boundary(*at)).unwrap_or(at).min(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text written again from its tokens.
    fn again(text: &str) -> Option<String> {
        let mut tokens = Tokens::new(text);
        let mut value = String::new();
        loop {
            let token = tokens.next().ok()?;
            let is_end = matches!(token, Token::EndObject | Token::EndArray | Token::Eof);
            if !is_end && !value.is_empty() && !value.ends_with(['{', '[', ':']) {
                value.push(',');
            }
            match token {
                Token::BeginObject => value.push('{'),
                Token::BeginArray => value.push('['),
                Token::EndObject => value.push('}'),
                Token::EndArray => value.push(']'),
                Token::Key(name) => value.push_str(&(serde_json::to_string(&name).ok()? + ":")),
                Token::Scalar(Scalar::String(string)) => value.push_str(&serde_json::to_string(&string).ok()?),
                Token::Scalar(Scalar::Number(number)) => value.push_str(number),
                Token::Scalar(Scalar::Boolean(boolean)) => value.push_str(&boolean.to_string()),
                Token::Null => value.push_str("null"),
                Token::Eof => return Some(value),
            }
        }
    }

    #[test]
    fn what_json_is_not_is_refused() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "01",
            "1.",
            "-",
            "1e",
            "\"\\x\"",
            "\"\\ud800\"",
            "nul",
            "1 2",
            "{1:2}",
            "\"\t\"",
        ] {
            assert_eq!(again(text), None, "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
        }
    }

    proptest! {
        /// The same texts are JSON as serde_json says, and have the same tokens.
        #[test]
        fn tokens_are_those_of_serde_json(text in r#"(\{|\}|\[|\]|,|:|"[ab\\nu0é]{0,7}"|-?[0-9.eE+]{1,4}|true|null| ){0,12}"#) {
            let raw = serde_json::from_str::<&serde_json::value::RawValue>(&text);
            match again(&text) {
                Some(again) => {
                    prop_assert!(raw.is_ok(), "{text}");
                    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
                    prop_assert_eq!(value(&again), value(&text));
                }
                // A raw value may have half of a surrogate pair, and so on: what a value is decides.
                None => prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_err(), "{text}"),
            }
        }
    }
}
