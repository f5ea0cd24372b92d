//! A first look at a document in XML: whether anything in it may have to be concealed. Mostly there is nothing, and this
//! is ten times as fast as looking for it.
//!
//! It goes from name to name. Where it is not certain it says that there may be something: `markup` and `pairs` decide what a secret is, and nothing is written down here a second time.

use std::ops::Range;

use memchr::{memchr, memchr2};

use super::SecretNames;
use super::harmless::Use;
use super::markup::{Scan, is_naming};

/// Whether `markup` or `pairs` may find anything in a document.
pub(super) fn may_hold_secrets(document: &[u8], names: &SecretNames<'_>) -> bool {
    let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document).trim_ascii_start();
    !text.starts_with(b"<") || Glance { document, names }.finds_any()
}

/// A name that is longer than this was perhaps not looked at from its beginning.
const LONGEST: usize = 200;

/// A user is looked for in so many bytes of a URL.
const AUTHORITY: usize = 256;

struct Glance<'d, 'n> {
    document: &'d [u8],
    names: &'d SecretNames<'n>,
}

impl Glance<'_, '_> {
    fn finds_any(self) -> bool {
        let mut at = 0;
        while let Some(start) = self.next(at, true) {
            at = self.next(start, false).unwrap_or(self.document.len());
            let before = start.checked_sub(1).and_then(|before| self.document.get(before)).copied();
            let escapes = self.escapes_at(at);
            let separator = self.separator_behind(at + escapes);
            if separator.is_some() && (escapes > 0 || matches!(before, Some(b'%' | b'\\'))) {
                return true;
            }
            if separator.is_none() && !matches!(before, Some(b'<' | b'/' | b'?' | b';' | b':' | b'!')) {
                continue;
            }
            if separator.is_some_and(|separator| separator - start > LONGEST || self.is_of_user(start..at, separator)) {
                return true;
            }
            if self.may_be_secret(start..at, before, separator.is_some()) {
                return true;
            }
        }
        false
    }

    /// The next byte that may be of a name, or may not.
    fn next(&self, from: usize, is_name: bool) -> Option<usize> {
        let rest = self.document.get(from..)?;
        rest.iter().position(|byte| IS_NAME[usize::from(*byte)] == is_name).map(|length| from + length)
    }

    /// How many bytes of escapes are here that no name follows.
    fn escapes_at(&self, at: usize) -> usize {
        let rest = self.document.get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| matches!(byte, b'%' | b'\\')).count();
        let is_name = |byte: &u8| IS_NAME[usize::from(*byte)];
        if rest.get(length).is_some_and(is_name) { 0 } else { length }
    }

    /// Behind a name, perhaps in quotes and perhaps after white space: `=`, `:` or a quote.
    fn separator_behind(&self, end: usize) -> Option<usize> {
        let rest = self.document.get(end..)?;
        let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
        let quote = usize::from(rest.first().is_some_and(is_quote));
        let rest = rest.get(quote..)?;
        let blanks = match rest.first()? {
            byte if byte.is_ascii_whitespace() => rest.iter().position(|byte| !byte.is_ascii_whitespace())?,
            _ => 0,
        };
        rest.get(blanks).filter(|byte| matches!(byte, b'=' | b':') || is_quote(byte)).map(|_| end + quote + blanks)
    }

    /// Whether a user may be behind a name: `http://user@host`, `Host: user@host`.
    fn is_of_user(&self, name: Range<usize>, separator: usize) -> bool {
        let Some(behind) = self.document.get(separator..).and_then(|behind| behind.strip_prefix(b":")) else {
            return false;
        };
        let Some(authority) = behind.strip_prefix(b"//") else {
            return self.document.get(name).is_some_and(|name| name.eq_ignore_ascii_case(b"host"));
        };
        let authority = authority.get(..authority.len().min(AUTHORITY)).unwrap_or_default();
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || b"\"'<>".contains(byte);
        let length = authority.iter().position(is_blank).unwrap_or(authority.len());
        memchr(b'@', authority.get(..length).unwrap_or_default()).is_some()
    }

    /// Whether a name may be that of a secret, or make another text one.
    fn may_be_secret(&self, place: Range<usize>, before: Option<u8>, is_of_pair: bool) -> bool {
        let Range { start, end } = place;
        let Some(name) = self.document.get(place) else { return true };
        let is_harmless = match is_of_pair {
            true => self.names.are_not(name, Use::Pair) || !self.names.are_of_field(name),
            false => self.names.are_not(name, Use::Element) || !self.names.are_of_element(name),
        };
        if !is_harmless || name.len() > LONGEST {
            return true;
        }
        if is_naming(name) {
            let behind = self.document.get(end..).unwrap_or_default();
            return self.names_secret(behind) || self.holds_secret_name(start, before);
        }
        before == Some(b'!') && (name.starts_with(b"ATTLIST") || name.starts_with(b"ENTITY"))
    }

    /// `name="password"`, `"name": "Authorization"`; what is behind the name.
    fn names_secret(&self, behind: &[u8]) -> bool {
        let value = match behind.trim_ascii_start() {
            [b'=', value @ ..] => value.trim_ascii_start(),
            [b'"' | b'\'', value @ ..] => return value.trim_ascii_start().starts_with(b":"),
            _ => return false,
        };
        let [quote @ (b'"' | b'\''), value @ ..] = value else { return false };
        let Some(value) = memchr2(*quote, b'<', value).and_then(|length| value.get(..length)) else { return false };
        self.names.are_of_value(value.trim_ascii())
    }

    /// `<name>password</name>`: the text before this, if it is an end tag.
    fn holds_secret_name(&self, start: usize, before: Option<u8>) -> bool {
        let Some(end) = start.checked_sub(2).filter(|_| before == Some(b'/')) else { return false };
        if self.document.get(end) != Some(&b'<') {
            return false;
        }
        match Scan::new(self.document, self.names).text_before(end) {
            Some(text) => self.names.are_of_value(text.trim_ascii()),
            None => true,
        }
    }
}

/// What names are made of without a prefix and without escapes.
static IS_NAME: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], 0);
    while byte < 256 {
        let as_byte = byte as u8;
        table[byte] = as_byte.is_ascii_alphanumeric() || matches!(as_byte, b'-' | b'_' | b'.' | 0x80..);
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::super::{MarkedNames, markup, pairs};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_suspected_without_reason() {
        let names = SecretNames::of_credentials();
        for document in [
            "<?xml version='1.0'?><!-- a: b --><a xmlns:b='urn:c'><b:name id='n1' href='http://h:80/x'>y</b:name></a>",
            "<a><name>word</name><id>7</id><key lang='en'>k</key><b c=\"d\" e = 'f'/>12:30, see http://h.example/</a>",
        ] {
            assert!(!may_hold_secrets(document.as_bytes(), &names), "{document}");
        }
        for document in ["<a><password/></a>", "<a>http://u@h</a>", "<a>\nHost: u@h</a>", "<a name='pass word'/>", "{}"]
        {
            assert!(may_hold_secrets(document.as_bytes(), &names), "{document}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn nothing_is_overlooked(pieces in prop::collection::vec(
            prop::sample::select(vec![
                "password", "pass", "word", "pass%77ord", "pwd", "key", "KEY", "name", "id", "Signature", "Host", "x", "Cookie",
                "secret", "a.b", "<", ">", "</", "/>", "<?", "?>", "&lt;", "<!ENTITY ", "<!ATTLIST ", "<!--", "-->", "<![CDATA[",
                "]]>", ":", "://", "@", "=", "=\"", "='", "\"", "'", "\": \"", " ", "\n", "\r\n", "> ", "%", "\\", "\\u0070", "{", ",",
                "Authorization", "http", "é", "_", "<name>", "</name>", "</id", "<a>", "</a>", "; ", "*",
            ]),
            0..14,
        )) {
            let document = format!("<{}", pieces.concat());
            let marked = MarkedNames::new(vec!["secret".into(), "x".into()]);
            for names in [SecretNames::of_credentials(), SecretNames::new(&marked, &|name| name == "word")] {
                if !may_hold_secrets(document.as_bytes(), &names) {
                    prop_assert!(markup::find(document.as_bytes(), &names).is_empty());
                    prop_assert!(pairs::find(document.as_bytes(), &names).is_empty());
                }
            }
        }
    }
}
