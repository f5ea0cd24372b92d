//! Turns bytes into JSON tokens (RFC 8259), each with its place. Reports errors, and continues after them if that is
//! safe.
//!
//! Nesting is on a stack of our own, with a limit.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::words::json::{self as words, SyntaxError};
use crate::text::scan::string_end;
use crate::text::white_space::{is_white_space, skip_white_space};

/// A piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token<'a> {
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,
    /// The name of a member. The colon after it is consumed too.
    Name(Cow<'a, str>),
    String(Cow<'a, str>),
    /// As written.
    Number(&'a str),
    True,
    False,
    Null,
    /// A value whose fault was reported.
    Faulty,
    /// A name whose fault was reported.
    FaultyName,
    /// The document ends, or is not read further.
    Eof,
}

/// A violation of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: SyntaxError,
    pub(super) span: Range<usize>,
    /// A second place, and what is there.
    pub(super) related: Option<(Range<usize>, &'static str)>,
}

impl Fault {
    /// Makes an error at this place in the document.
    pub(crate) fn into_diagnostic(self, path: String) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(words::syntax(&self.kind), self.span, path);
        diagnostic.related = self.related.map(|(span, label)| (span, label.to_owned()));
        diagnostic
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A value: after a comma in an array, after a colon, or at the top level.
    Value,
    FirstItem,
    FirstName,
    /// A name, after a comma.
    Name,
    /// A comma or a closing bracket; nothing at the top level.
    After,
    Nothing,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    is_object: bool,
    at: usize,
}

pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    span: Range<usize>,
    expect: Expect,
    open: Vec<Open>,
    /// Whether an error in the last string may be the cause of the next error, which is then not reported.
    doubtful: bool,
    /// Whether comments have been reported.
    commented: bool,
    /// Whether single quotes have been reported.
    has_single_quotes: bool,
    /// The most arrays and objects that can be open at once.
    deepest: usize,
}

/// Where faults go.
type Sink<'s> = &'s mut dyn FnMut(Fault);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], deepest: usize) -> Reader<'a> {
        Reader {
            bytes,
            at: 0,
            span: 0..0,
            expect: Expect::Value,
            open: Vec::new(),
            doubtful: false,
            commented: false,
            has_single_quotes: false,
            deepest,
        }
    }

    /// A reader of a member of an object, and of what follows it.
    pub(crate) fn at_member(bytes: &'a [u8], at: usize, deepest: usize) -> Reader<'a> {
        Reader { at, expect: Expect::Name, open: vec![Open { is_object: true, at }], ..Reader::new(bytes, deepest) }
    }

    /// A reader of one value, or of the name of a member as a string.
    pub(crate) fn at_value(bytes: &'a [u8], at: usize) -> Reader<'a> {
        Reader { at, ..Reader::new(bytes, usize::MAX) }
    }

    /// A reader at the place after a brace or comma in an object.
    pub(super) fn before_name(bytes: &'a [u8]) -> Reader<'a> {
        Reader { expect: Expect::Name, ..Reader::new(bytes, 0) }
    }

    pub(super) fn document(&self) -> &'a [u8] {
        self.bytes
    }

    /// The offset up to which the document was read.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// The place of the last token.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The next token.
    pub(crate) fn next(&mut self, sink: Sink<'_>) -> Token<'a> {
        if self.at == 0 {
            self.pass_mark(sink);
        }
        loop {
            self.skip_white_space(sink);
            let start = self.at;
            self.span = start..(start + 1).min(self.bytes.len());
            let byte = self.bytes.get(start).copied();
            match (self.expect, byte) {
                (Expect::Nothing, _) => return Token::Eof,
                (Expect::After, None) if self.open.is_empty() => return self.stop(),
                (Expect::After, Some(_)) if self.open.is_empty() => {
                    let line =
                        memchr::memchr2(b'\n', b'\r', self.rest()).map_or(self.bytes.len(), |length| start + length);
                    let is_document = matches!(byte, Some(b'{' | b'['));
                    let kind = if is_document { SyntaxError::SecondDocument } else { SyntaxError::TrailingData };
                    self.report(sink, kind, start..line);
                    return self.stop();
                }
                (Expect::FirstItem, Some(b']')) => return self.end(),
                (Expect::FirstName, Some(b'}')) => return self.end(),
                (Expect::FirstItem | Expect::Value, _) => {
                    if let Some(token) = self.value(sink) {
                        return token;
                    }
                }
                (Expect::FirstName | Expect::Name, _) => {
                    if let Some(token) = self.name(sink) {
                        return token;
                    }
                }
                (Expect::After, _) => {
                    if let Some(token) = self.after_value(sink) {
                        return token;
                    }
                }
            }
        }
    }

    // ---- places ----

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn report(&mut self, sink: Sink<'_>, kind: SyntaxError, span: Range<usize>) {
        if !std::mem::take(&mut self.doubtful) {
            sink(Fault { kind, span, related: None });
        }
    }

    /// Stops reading.
    fn stop(&mut self) -> Token<'a> {
        self.expect = Expect::Nothing;
        self.span = self.at.min(self.bytes.len())..self.at.min(self.bytes.len());
        Token::Eof
    }

    /// Whether the document begins here, with a tag.
    fn is_markup(&self) -> bool {
        let before = self.bytes.get(..self.at).unwrap_or_default();
        self.peek() == Some(b'<') && before.iter().all(|byte| byte.is_ascii_whitespace())
    }

    /// Reports that something else was expected here, and stops reading.
    fn give_up(&mut self, sink: Sink<'_>, expected: &'static str) -> Token<'a> {
        let opened = self.open.last().map(|open| (open.at..open.at + 1, "it begins here"));
        let fault = match self.peek() {
            None => Fault {
                kind: SyntaxError::EndsEarly { expected },
                span: self.bytes.len()..self.bytes.len(),
                related: opened,
            },
            Some(byte) => match self.character() {
                None => Fault { kind: SyntaxError::InvalidUtf8, span: self.at..self.at + 1, related: None },
                Some(character) => Fault {
                    kind: match self.is_markup() {
                        true => SyntaxError::Markup { expected },
                        false => SyntaxError::Unexpected { expected, found: character.to_string(), help: None },
                    },
                    span: self.at..self.at + character.len_utf8(),
                    related: opened.filter(|_| matches!(byte, b']' | b'}')),
                },
            },
        };
        if !std::mem::take(&mut self.doubtful) {
            sink(fault);
        }
        self.stop()
    }

    /// The character here, if there is one.
    fn character(&self) -> Option<char> {
        let bytes = self.rest();
        let bytes = bytes.get(..4).unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => text.chars().next(),
            Err(error) => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()?.chars().next(),
        }
    }

    // ---- between tokens ----

    /// RFC 8259, section 8.1: no byte order mark is added; section 1: UTF-8.
    fn pass_mark(&mut self, sink: Sink<'_>) {
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
            self.report(sink, SyntaxError::ByteOrderMark, 0..3);
        } else if self.bytes.starts_with(b"\xff\xfe") || self.bytes.starts_with(b"\xfe\xff") {
            self.report(sink, SyntaxError::Utf16, 0..2);
            self.stop();
        }
    }

    /// Skips white space, and comments, which JSON does not allow.
    fn skip_white_space(&mut self, sink: Sink<'_>) {
        loop {
            self.at = skip_white_space(self.bytes, self.at);
            let rest = self.rest();
            let length = if rest.starts_with(b"//") {
                memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
            } else if rest.starts_with(b"/*") {
                memchr::memmem::find(rest.get(2..).unwrap_or_default(), b"*/").map_or(rest.len(), |end| end + 4)
            } else {
                return;
            };
            if self.expect == Expect::Nothing || self.expect == Expect::After && self.open.is_empty() {
                return; // data after the end
            }
            let start = self.at;
            self.at += length;
            if !std::mem::replace(&mut self.commented, true) {
                let expected = "JSON, which has no comments";
                let found = String::from_utf8_lossy(rest.get(..2).unwrap_or_default()).into_owned();
                let help = Some("remove the comments");
                self.report(sink, SyntaxError::Unexpected { expected, found, help }, start..self.at);
            }
        }
    }

    fn end(&mut self) -> Token<'a> {
        self.at += 1;
        self.expect = Expect::After;
        match self.open.pop() {
            Some(Open { is_object: false, .. }) => Token::EndArray,
            _ => Token::EndObject,
        }
    }

    /// After a value in an array or object.
    fn after_value(&mut self, sink: Sink<'_>) -> Option<Token<'a>> {
        let is_object = self.open.last().is_some_and(|open| open.is_object);
        let missing_comma = match (self.peek(), is_object) {
            (Some(b','), _) => {
                self.doubtful = false;
                self.at += 1;
                self.expect = if is_object { Expect::Name } else { Expect::Value };
                return None;
            }
            (Some(b'}'), true) | (Some(b']'), false) => {
                self.doubtful = false;
                return Some(self.end());
            }
            (Some(b'"'), _) => true,
            (Some(b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'), false) => true,
            _ => false,
        };
        let expected = if is_object { "`,` or `}`" } else { "`,` or `]`" };
        if !missing_comma || self.doubtful {
            return Some(self.give_up(sink, expected));
        }
        let found = self.character().map(String::from).unwrap_or_default();
        let help = Some("put a comma before it");
        self.report(sink, SyntaxError::Unexpected { expected, found, help }, self.at..self.at + 1);
        self.expect = if is_object { Expect::Name } else { Expect::Value };
        None
    }

    // ---- names and values ----

    fn name(&mut self, sink: Sink<'_>) -> Option<Token<'a>> {
        let start = self.at;
        let name = match self.peek() {
            Some(b'"') => self.string(sink),
            Some(b'\'') => self.single_quoted(sink, "a name in double quotes"),
            Some(b'_' | b'$' | b'a'..=b'z' | b'A'..=b'Z') => {
                let word = self.word();
                let found = word.to_owned();
                let (expected, help) = ("a name in double quotes", Some("put the name in double quotes"));
                self.report(sink, SyntaxError::Unexpected { expected, found, help }, start..self.at);
                Some(Cow::Borrowed(word))
            }
            Some(b'}') => {
                self.trailing_comma(sink, "another member");
                return Some(self.end());
            }
            Some(b',') => {
                self.second_comma(sink, "a member");
                return None;
            }
            _ => {
                let expected = if self.expect == Expect::FirstName { "a name or `}`" } else { "a name" };
                return Some(self.give_up(sink, expected));
            }
        };
        self.span = start..self.at;
        if self.expect == Expect::Nothing {
            return Some(Token::Eof); // unterminated
        }
        self.skip_white_space(sink);
        match self.peek() {
            Some(b':') => {
                self.doubtful = false;
                self.at += 1;
            }
            // Two names in a row, a name alone, or `=` for `:`, all of which can be skipped.
            Some(b'=') if !self.doubtful => {
                let kind = SyntaxError::Unexpected { expected: "`:`", found: "=".into(), help: Some("write a colon") };
                self.report(sink, kind, self.at..self.at + 1);
                self.at += 1;
            }
            Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') if !self.doubtful => {
                let found = self.character().map(String::from).unwrap_or_default();
                let help = Some("put a colon between name and value");
                self.report(sink, SyntaxError::Unexpected { expected: "`:`", found, help }, self.at..self.at + 1);
            }
            _ => return Some(self.give_up(sink, "`:`")),
        }
        self.expect = Expect::Value;
        Some(name.map_or(Token::FaultyName, Token::Name))
    }

    fn value(&mut self, sink: Sink<'_>) -> Option<Token<'a>> {
        let start = self.at;
        let in_array = self.open.last().is_some_and(|open| !open.is_object);
        let token = match self.peek() {
            Some(byte @ (b'{' | b'[')) => {
                if self.open.len() >= self.deepest {
                    self.report(sink, SyntaxError::TooDeep { limit: self.deepest }, start..start + 1);
                    return Some(self.stop());
                }
                let is_object = byte == b'{';
                self.open.push(Open { is_object, at: start });
                self.at += 1;
                self.expect = if is_object { Expect::FirstName } else { Expect::FirstItem };
                return Some(if is_object { Token::BeginObject } else { Token::BeginArray });
            }
            Some(b'"') => self.string(sink).map_or(Token::Faulty, Token::String),
            Some(b'\'') => {
                let _ = self.single_quoted(sink, "a value");
                Token::Faulty
            }
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(sink),
            Some(b'_' | b'$' | b'a'..=b'z' | b'A'..=b'Z') => self.literal(sink),
            Some(b']') if in_array => {
                self.trailing_comma(sink, "another item");
                return Some(self.end());
            }
            Some(b',') if in_array => {
                self.second_comma(sink, "an item");
                return None;
            }
            Some(byte @ (b',' | b'}')) if !in_array && !self.open.is_empty() => {
                let found = char::from(byte).to_string();
                let help = Some("write the value, or `null`");
                self.report(sink, SyntaxError::Unexpected { expected: "a value", found, help }, start..start + 1);
                Token::Faulty
            }
            _ => return Some(self.give_up(sink, "a value")),
        };
        if self.expect != Expect::Nothing {
            self.span = start..self.at;
            self.expect = Expect::After;
        }
        Some(token)
    }

    fn trailing_comma(&mut self, sink: Sink<'_>, expected: &'static str) {
        let found = self.peek().map(|byte| char::from(byte).to_string()).unwrap_or_default();
        let help = Some("remove the comma before it");
        self.report(sink, SyntaxError::Unexpected { expected, found, help }, self.at..self.at + 1);
    }

    fn second_comma(&mut self, sink: Sink<'_>, expected: &'static str) {
        let help = Some("remove the comma");
        self.report(sink, SyntaxError::Unexpected { expected, found: ",".into(), help }, self.at..self.at + 1);
        while self.peek().is_some_and(|byte| byte == b',' || is_white_space(byte)) {
            self.at += 1;
        }
    }

    /// Takes letters, digits and other characters that occur in misspelt words and numbers.
    fn word(&mut self) -> &'a str {
        let is_of_word = |byte: &u8| matches!(byte, b'_' | b'$' | b'+' | b'-' | b'.') || byte.is_ascii_alphanumeric();
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_of_word(byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).and_then(|word| std::str::from_utf8(word).ok()).unwrap_or_default()
    }

    fn literal(&mut self, sink: Sink<'_>) -> Token<'a> {
        let start = self.at;
        let word = self.word();
        let help = match word {
            "true" => return Token::True,
            "false" => return Token::False,
            "null" => return Token::Null,
            _ if self.peek().is_none() && ["true", "false", "null"].iter().any(|literal| literal.starts_with(word)) => {
                self.at = self.bytes.len();
                self.report(sink, SyntaxError::EndsEarly { expected: "the rest of the value" }, start..self.at);
                self.stop();
                return Token::Eof;
            }
            "NaN" | "Infinity" | "inf" | "nan" => {
                let help = "JSON has only numbers: omit it, or write `null`";
                self.report(sink, SyntaxError::Number { found: word.to_owned(), help }, start..self.at);
                return Token::Faulty;
            }
            _ if word.eq_ignore_ascii_case("true") => "write `true`",
            _ if word.eq_ignore_ascii_case("false") => "write `false`",
            _ if word.eq_ignore_ascii_case("null") => "write `null`",
            "None" | "nil" | "undefined" => "write `null`",
            _ => "put texts in double quotes",
        };
        let kind = SyntaxError::Unexpected { expected: "a value", found: word.to_owned(), help: Some(help) };
        self.report(sink, kind, start..self.at);
        Token::Faulty
    }

    /// RFC 8259, section 6.
    fn number(&mut self, sink: Sink<'_>) -> Token<'a> {
        let start = self.at;
        let word = self.word();
        match misspelt(word) {
            None => Token::Number(word),
            // If the document is cut off, more digits may have followed.
            Some(_) if self.peek().is_none() && ends_early(word) => {
                self.report(sink, SyntaxError::EndsEarly { expected: "the rest of the number" }, start..self.at);
                self.stop();
                Token::Eof
            }
            Some(help) => {
                self.report(sink, SyntaxError::Number { found: word.to_owned(), help }, start..self.at);
                Token::Faulty
            }
        }
    }

    /// A string in single quotes, which JSON does not allow.
    fn single_quoted(&mut self, sink: Sink<'_>, expected: &'static str) -> Option<Cow<'a, str>> {
        let start = self.at;
        let rest = self.bytes.get(start + 1..).unwrap_or_default();
        let end = memchr::memchr3(b'\'', b'\n', b'\r', rest).filter(|end| rest.get(*end) == Some(&b'\''));
        let Some(end) = end else {
            self.give_up(sink, expected);
            return None;
        };
        self.at = start + end + 2;
        if !std::mem::replace(&mut self.has_single_quotes, true) {
            let help = Some("write double quotes here and in the rest of the document");
            let kind = SyntaxError::Unexpected { expected, found: "'".into(), help };
            self.report(sink, kind, start..self.at);
        }
        None
    }

    /// RFC 8259, section 7. The text, or `None` if a fault was reported.
    fn string(&mut self, sink: Sink<'_>) -> Option<Cow<'a, str>> {
        let opening = self.at;
        self.at += 1;
        let mut text: Option<Vec<u8>> = None;
        let mut copied = self.at;
        let mut faulty = false;
        loop {
            self.at += string_end(self.rest());
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let start = self.at;
                    let resolved = self.escape();
                    match resolved {
                        Ok(character) => {
                            let before = self.bytes.get(copied..start).unwrap_or_default();
                            // The usual length of what remains of a string.
                            let room = || before.len() + memchr::memchr(b'"', self.rest()).unwrap_or_default() + 4;
                            let text = text.get_or_insert_with(|| Vec::with_capacity(room()));
                            text.extend_from_slice(before);
                            text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                            copied = self.at;
                        }
                        // If the document is cut off, the rest may have followed.
                        Err(_) if self.at >= self.bytes.len() => {}
                        Err(kind) => {
                            if !std::mem::replace(&mut faulty, true) {
                                self.report(sink, kind, start..self.at);
                            }
                        }
                    }
                }
                Some(control) => {
                    if !std::mem::replace(&mut faulty, true) {
                        self.report(sink, SyntaxError::ControlCharacter(control), self.at..self.at + 1);
                    }
                    self.at += 1;
                }
                None => {
                    if !faulty {
                        let related = self.open.last().map(|open| (open.at..open.at + 1, "in what begins here"));
                        let kind = SyntaxError::EndsEarly { expected: "the closing quote of a string" };
                        sink(Fault { kind, span: opening..opening + 1, related });
                    }
                    self.stop();
                    return None;
                }
            }
        }
        let raw = self.bytes.get(copied..self.at).unwrap_or_default();
        let whole = self.bytes.get(opening + 1..self.at).unwrap_or_default();
        self.at += 1;
        if let Err(error) = std::str::from_utf8(whole)
            && !std::mem::replace(&mut faulty, true)
        {
            let bad = opening + 1 + error.valid_up_to();
            let length = error.error_len().unwrap_or(whole.len() - error.valid_up_to());
            self.report(sink, SyntaxError::InvalidUtf8, bad..bad + length);
        }
        self.doubtful = faulty;
        if faulty {
            return None;
        }
        Some(match text {
            None => Cow::Borrowed(std::str::from_utf8(raw).ok()?),
            Some(mut text) => {
                text.extend_from_slice(raw);
                Cow::Owned(String::from_utf8(text).ok()?)
            }
        })
    }

    /// The character of an escape, after its backslash.
    fn escape(&mut self) -> Result<char, SyntaxError> {
        let start = self.at;
        self.at += 1;
        if let Some(character) = self.peek().and_then(escaped) {
            self.at += 1;
            return Ok(character);
        }
        if self.peek() == Some(b'u') {
            self.at += 1;
            return self.unicode_escape(start);
        }
        let character = self.character();
        self.at += character.map_or(1, char::len_utf8);
        Err(SyntaxError::Escape(format!("\\{}", character.unwrap_or(char::REPLACEMENT_CHARACTER))))
    }

    /// After `\u`: four digits, and for a character beyond U+FFFF a second such escape.
    fn unicode_escape(&mut self, start: usize) -> Result<char, SyntaxError> {
        let Some(first) = self.four_digits() else {
            let rest = self.rest();
            let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
            self.at += digits;
            return Err(SyntaxError::Escape(self.written(start)));
        };
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let after = self.at;
        if first < 0xdc00 && self.rest().starts_with(b"\\u") {
            self.at += 2;
            if let Some(second @ 0xdc00..=0xdfff) = self.four_digits() {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return char::from_u32(code).ok_or_else(|| SyntaxError::LoneSurrogate(self.written(start)));
            }
            self.at = after; // the other escape is a character of its own
        }
        Err(SyntaxError::LoneSurrogate(self.written(start)))
    }

    fn written(&self, start: usize) -> String {
        String::from_utf8_lossy(self.bytes.get(start..self.at).unwrap_or_default()).into_owned()
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        let mut number = 0;
        for digit in digits {
            number = number * 16 + char::from(*digit).to_digit(16)?;
        }
        self.at += 4;
        Some(number)
    }
}

/// The character that a backslash makes of the byte after it, except for `u`.
pub(super) fn escaped(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' | b'\\' | b'/' => char::from(byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}

/// If a number does not follow RFC 8259, section 6, what to do about it.
fn misspelt(word: &str) -> Option<&'static str> {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = unsigned.split_at(digits(unsigned));
    if whole.is_empty() {
        return Some(match unsigned.as_bytes().first() {
            Some(b'+') => "remove the `+`",
            Some(b'.') => "write a digit before the point: `0.5`",
            Some(b'I' | b'i' | b'N' | b'n') => "JSON has only numbers: omit it, or write `null`",
            _ => "write digits",
        });
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Some("remove the leading zeros");
    }
    let mut rest = rest;
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return Some("write a digit after the point, or remove the point");
        }
        rest = fraction.get(length..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let length = digits(exponent);
        if length == 0 {
            return Some("write the digits of the exponent");
        }
        rest = exponent.get(length..).unwrap_or_default();
    }
    match rest {
        "" => None,
        _ => Some("numbers are decimal digits; put anything else in double quotes"),
    }
}

/// Whether this is the beginning of a number that may have been cut off.
fn ends_early(word: &str) -> bool {
    word.ends_with(['.', 'e', 'E', '+', '-']) && misspelt(&format!("{word}0")).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Vec<Token<'_>>, Vec<Fault>) {
        let mut reader = Reader::new(bytes, 64);
        let (mut tokens, mut faults) = (Vec::new(), Vec::new());
        loop {
            match reader.next(&mut |fault| faults.push(fault)) {
                Token::Eof => return (tokens, faults),
                token => tokens.push(token),
            }
        }
    }

    #[test]
    fn a_document_is_its_tokens() {
        let (tokens, faults) = read(br#" {"a":[1,-2.5e+3,true,null], "b\u00e9\ud83d\ude00":{}} "#);
        use Token::*;
        assert_eq!(
            tokens,
            [
                BeginObject,
                Name("a".into()),
                BeginArray,
                Number("1"),
                Number("-2.5e+3"),
                True,
                Null,
                EndArray,
                Name("bé😀".into()),
                BeginObject,
                EndObject,
                EndObject
            ]
        );
        assert_eq!(faults, []);
    }

    /// One fault gives one report, and reading continues where that is safe.
    #[test]
    fn faults_are_passed_over() {
        for (text, tokens) in [
            ("\u{feff}[1]", 3),
            ("[1 2]", 4),
            ("[1,]", 3),
            ("[1,,2]", 4),
            ("[01]", 3),
            ("[+1, .5]", 4),
            ("[True]", 3),
            ("[NaN]", 3),
            ("['a']", 3),
            (r#"["\x"]"#, 3),
            (r#"["\ud800"]"#, 3),
            (r#"["\udc00\ud800"]"#, 3),
            ("[\"a\u{1}\"]", 3),
            ("{a: 1}", 4),
            (r#"{"a" 1}"#, 4),
            (r#"{"a": }"#, 4),
            (r#"{"a": 1,}"#, 4),
            (r#"{"a": 1 "b": 2}"#, 6),
            ("[1] [2]", 3),
            ("[/* one */ 1 // two\n]", 3),
        ] {
            let (read, faults) = read(text.as_bytes());
            let expected = if text.contains("+1") { 2 } else { 1 };
            assert_eq!((read.len(), faults.len()), (tokens, expected), "{text}: {read:?} {faults:?}");
        }
    }

    #[test]
    fn serde_json_agrees_about_numbers() {
        for whole in ["", "0", "-", "-0", "7", "07", "-12", "+1", "1a"] {
            for fraction in ["", ".", ".5", ".05", ".e", ".5.5"] {
                for exponent in ["", "e", "E5", "e+", "e-07", "e5e"] {
                    let text = format!("{whole}{fraction}{exponent}");
                    let theirs = serde_json::from_str::<serde_json::Number>(&text).is_ok();
                    assert_eq!(misspelt(&text).is_none() && !text.is_empty(), theirs, "{text}");
                }
            }
        }
    }
}
