//! A first look at an XML document: whether anything in it may have to be concealed. There is usually nothing, and this
//! is many times as fast as searching for it.
//!
//! It moves from one sign that may belong to a name to the next. If uncertain, it says that there may be something:
//! `markup` and `pairs` decide what a secret is, and none of their rules is repeated here. Nearly all signs belong to
//! tags with harmless names: the bytes around them show that, and those are dealt with first.

use std::ops::Range;

use memchr::{memchr, memchr2};

use super::command::{Command, may_precede_option};
use super::markup::{IS_NAME, Scan, is_cell, may_be_naming, name_length};
use super::pairs::{Pairs, unescaped};
use super::{SecretNames, embedded, keys, users};
use crate::text::name::local_part_of_bytes;
use crate::text::scan::{Signs, local_name_at_end, local_name_at_front, skip_blanks};

/// Whether anything may be found in a document.
pub(super) fn may_hold_secrets(document: &[u8], names: &SecretNames<'_>) -> bool {
    let (pairs, command) = (Pairs::new(document, names), Command::new(document, names));
    !pairs.is_markup() || Glance { document, names, pairs, command }.finds_any()
}

struct Glance<'d> {
    document: &'d [u8],
    names: &'d SecretNames<'d>,
    pairs: Pairs<'d>,
    command: Command<'d>,
}

impl<'d> Glance<'d> {
    fn finds_any(&self) -> bool {
        // These are recognized by few signs, so they are searched for afterwards.
        let (mut has_notes, mut has_embedded) = (false, embedded::has_escapes(self.document));
        let (is_secret_line, mut at) = self.line(0);
        // The beginning of the current line after its blanks, until it has been checked as a row of a table.
        let mut unseen_row = Some(at);
        if is_secret_line {
            return true;
        }
        // What may come before, between or after a name and its value, before the name of an element, or before other
        // secrets.
        let mut signs = Signs::new(self.document);
        // The name in the last tag, with its prefix.
        let mut last = 0..0;
        while let Some(sign) = signs.next_from(at) {
            at = sign + 1;
            let may_be_secret = match self.document.get(sign) {
                Some(b'<') => match self.end_of_leaf(at, &last) {
                    Some(end) => {
                        at = end;
                        false
                    }
                    None => {
                        let (may_be_secret, end) = self.tag(at);
                        last = at..end;
                        at = end;
                        may_be_secret
                    }
                },
                Some(b'=') => {
                    // A quote directly after it begins a value and does not end one: it says nothing on its own.
                    at += usize::from(matches!(self.document.get(at), Some(b'"' | b'\'')));
                    self.separator(sign)
                }
                Some(b':') => self.separator(sign),
                Some(b'"' | b'\'') => self.quote(sign),
                Some(b';') => {
                    has_embedded |= embedded::ends_reference(self.document.get(..sign).unwrap_or_default());
                    false
                }
                Some(b'\n') => {
                    let (may_be_secret, row) = self.line(at);
                    at = row;
                    unseen_row = Some(row).filter(|row| self.document.get(*row) == Some(&b'<'));
                    may_be_secret
                }
                Some(b'-') => {
                    keys::begun_at(self.document, sign).is_some()
                        || self.byte_before(sign).is_none_or(may_precede_option) && self.command.option(sign).is_some()
                }
                Some(b'@') => users::user_before(self.document, sign).is_some(),
                Some(b'%') => self.pairs.escaped(sign).is_some() || users::user_before(self.document, sign).is_some(),
                Some(0xef) => self.pairs.full_width(sign).is_some(),
                Some(b'|' | b'\t') => unseen_row.take().is_some_and(|row| self.row(row)),
                // An asterisk.
                _ => {
                    has_notes |= self.document.get(at) == Some(&b' ');
                    false
                }
            };
            if may_be_secret {
                return true;
            }
        }
        let mut found = Vec::new();
        if has_notes {
            self.command.find_notes(&mut found);
        }
        if has_embedded {
            found.extend(embedded::find(self.document, self.names, 0));
        }
        !found.is_empty()
    }

    fn byte_before(&self, at: usize) -> Option<u8> {
        at.checked_sub(1).and_then(|before| self.document.get(before)).copied()
    }

    /// A line, and where it begins after its blanks. The line of a tag is checked by its signs.
    fn line(&self, start: usize) -> (bool, usize) {
        let start = skip_blanks(self.document, start);
        let row = self.rest(start);
        if matches!(row.first(), None | Some(b'<' | b'\n')) {
            return (false, start);
        }
        (self.row(start) || !self.command.configured(start).is_empty(), start)
    }

    /// Checks the rest of a line as a row of a table.
    fn row(&self, start: usize) -> bool {
        let rest = self.rest(start);
        let end = start + memchr(b'\n', rest).unwrap_or(rest.len());
        self.pairs.row(start..end).is_some()
    }

    fn rest(&self, from: usize) -> &'d [u8] {
        self.document.get(from..).unwrap_or_default()
    }

    /// Where the name ends in an end tag after `<`, if the last tag has the same name, which was checked there.
    #[inline(always)]
    fn end_of_leaf(&self, start: usize, last: &Range<usize>) -> Option<usize> {
        let name = self.document.get(last.clone())?;
        let after = self.rest(start).strip_prefix(b"/")?.strip_prefix(name)?;
        // The name ends before a colon that is not followed by a local part.
        let is_whole = after.first() == Some(&b'>') && self.document.get(last.end) != Some(&b':');
        let is_plain = is_whole && name.first().is_some_and(u8::is_ascii_alphabetic);
        let local = local_part_of_bytes(name);
        (is_plain && !may_be_naming(local) && !is_cell(local)).then_some(start + 1 + name.len())
    }

    /// What follows `<`, and the end of the name there; a colon that is not followed by more of the name comes after
    /// that.
    fn tag(&self, start: usize) -> (bool, usize) {
        let rest = self.rest(start);
        let (begin, is_end) = match rest.first() {
            Some(b'/') => (1, true),
            Some(b'?') => (1, false),
            Some(b'!') => return (rest.starts_with(b"!ATTLIST") || rest.starts_with(b"!ENTITY"), start),
            _ => (0, false),
        };
        let rest = rest.get(begin..).unwrap_or_default();
        if let Some((local, length)) = local_name_at_front(rest)
            && let Some(known) = self.names.harmless_element(local)
            // `<password<p:a>`
            && rest.iter().take(length - local.len()).all(|byte| IS_NAME[usize::from(*byte)])
            && !(is_end && (known.is_naming || is_cell(local)))
        {
            return (false, start + begin + length);
        }
        let name = rest.get(..name_length(rest)).unwrap_or_default();
        let may_be_secret = self.names.are_of_element(name)
            || is_end
                && (may_be_naming(name) || is_cell(name))
                && start.checked_sub(1).is_some_and(|tag| self.holds_secret_name(tag));
        let length = match name.is_ascii() {
            true => name.len() - usize::from(name.ends_with(b":")),
            // There may be a sign among the characters beyond ASCII.
            false => 0,
        };
        (may_be_secret, start + begin + length)
    }

    /// What comes before and after `=` or a colon.
    fn separator(&self, separator: usize) -> bool {
        let before = self.document.get(..separator).unwrap_or_default();
        if self.document.get(separator) == Some(&b'=') {
            return match local_name_at_end(before).and_then(|name| self.names.harmless_field(name)) {
                Some(known) => known.is_naming && self.names_secret(separator),
                None => self.pair(separator),
            };
        }
        match self.document.get(separator + 1) {
            // Most such colons belong to a URL.
            Some(b'/') if self.is_after_usual_scheme(before) => {
                self.pairs.user(separator).is_some() || self.pairs.in_path(separator).is_some()
            }
            // This may be a field of a head: its whole line is examined.
            Some(b'/' | b' ' | b'\t') => self.pair(separator),
            _ if self.pairs.is_in_word(separator) => false,
            _ => {
                let name = local_name_at_end(before);
                let is_harmless = name.is_some_and(|name| {
                    !name.eq_ignore_ascii_case(b"host") && self.names.harmless_field(name).is_some()
                });
                !is_harmless && self.pair(separator)
            }
        }
    }

    /// Whether the text ends with `http` or `https` as a whole name, and that name is known to be harmless.
    fn is_after_usual_scheme(&self, before: &[u8]) -> bool {
        let schemes: [&[u8]; 2] = [b"http", b"https"];
        schemes.into_iter().any(|scheme| {
            let ends_name = |byte: &u8| matches!(byte, b'"' | b'\'' | b'>' | b' ' | b'\n');
            let is_all = before.strip_suffix(scheme).is_some_and(|before| before.last().is_none_or(ends_name));
            is_all && self.names.harmless_field(scheme).is_some()
        })
    }

    /// A quote. Most begin a value, or end the last one of a tag.
    fn quote(&self, quote: usize) -> bool {
        if self.pairs.is_apart(quote) {
            return self.pair(quote);
        }
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'<' | b'\n' | b'_');
        let ends = match self.rest(quote + 1) {
            [b' ' | b'>', next, ..] => is_plain(next),
            [next, ..] => is_plain(next),
            [] => true,
        };
        let byte = self.document.get(quote).copied();
        !ends && byte.is_some_and(|byte| self.pairs.listed(quote, byte).is_some())
    }

    /// What comes before and after `=`, a colon or a quote.
    fn pair(&self, separator: usize) -> bool {
        let is_colon = self.document.get(separator) == Some(&b':');
        if is_colon
            && (self.pairs.user(separator).is_some()
                || self.pairs.in_path(separator).is_some()
                || self.pairs.foreign_field(separator).is_some())
        {
            return true;
        }
        let Some(name) = self.pairs.name_before(separator) else { return false };
        let text = self.document.get(name.text.clone()).unwrap_or_default();
        let is_plain = text.iter().all(|byte| byte.is_ascii() && !matches!(byte, b'%' | b'\\'));
        let is_secret = |name: &[u8]| match is_colon {
            true => self.names.are_of_field(name),
            false => self.names.are_of_pair(name),
        };
        is_secret(text)
            || text == b"KEY"
            || !is_plain && is_secret(&unescaped(text))
            || !(is_plain && name.quoted.is_none()) && self.pairs.is_foreign_secret(&name)
            || may_be_naming(text) && (self.names_secret(separator) || name.quoted.is_some())
            || is_colon && text.eq_ignore_ascii_case(b"host")
    }

    /// `name="password"`, from the equals sign on.
    fn names_secret(&self, separator: usize) -> bool {
        let Some(value) = self.rest(separator).strip_prefix(b"=") else { return false };
        let [quote @ (b'"' | b'\''), value @ ..] = value.trim_ascii_start() else { return false };
        let Some(value) = memchr2(*quote, b'<', value).and_then(|length| value.get(..length)) else { return false };
        self.names.are_of_value(value.trim_ascii())
    }

    /// `<name>password</name>`: the text before an end tag.
    fn holds_secret_name(&self, tag: usize) -> bool {
        match Scan::new(self.document, self.names).text_before(tag) {
            Some(text) => self.names.are_of_text(text.trim_ascii()),
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{MarkedNames, command, embedded, keys, markup, pairs, parts, users};
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
        for document in [
            "<a><password/></a>",
            "<a><b/><b/><password<p:b>y</b></a>",
            "<a>http://u@h</a>",
            "<a>\nHost: u@h</a>",
            "<a name='pass word'/>",
            "{}",
        ] {
            assert!(may_hold_secrets(document.as_bytes(), &names), "{document}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn no_secret_name_is_overlooked(pieces in prop::collection::vec(
            prop::sample::select(vec![
                "password", "pass", "word", "pass%77ord", "pwd", "key", "KEY", "name", "id", "Signature", "Host", "x", "Cookie",
                "secret", "a.b", "<", ">", "</", "/>", "<?", "?>", "&lt;", "<!ENTITY ", "<!ATTLIST ", "<!--", "-->", "<![CDATA[",
                "]]>", ":", "://", "@", "=", "=\"", "='", "\"", "'", "\": \"", " ", "\n", "\r\n", "> ", "%", "\\", "\\u0070", "{", ",",
                "Authorization", "http", "é", "_", "<name>", "</name>", "</id", "<a>", "</a>", "; ", "*",
                "%40", "%3D", "%3A", "%3E", "%25", "：", "＝", "|", "\t", "  ", "curl ", "wget ", " --user ", " -H ", " -u ",
                " with user ", "* Added cookie ", "ed cookie ", "machine ", " login ", "default ", "user", " -> ", "\", \"",
                "<td>", "</td>", "<th>", "</th>", "<dt>", "</dt>", "<code>", "</code>", "<b>", "</b>", "<strong>",
                "</strong>", "&quot;", "&#34;", "\\n", "token", "access_token", "ｋ", "//", "KEY", "passw ord", "-", "?KEY=", "&KEY=", "/", "/password/",
                "https://h/", "auth=(", "http -a ", "bName", "b_key=", "bValue", "=\"password\"", " null", "]", "\\u003c", "\\x3e", "\\\"", "&apos;", "&#60;", "&amp;", "&gt;", "type", "p:name=", "[\"", "-----BEGIN ", "PRIVATE KEY", "-----",
            ]),
            0..14,
        )) {
            let document = format!("<{}", pieces.concat());
            let marked = MarkedNames::new(vec!["secret".into(), "x".into()]);
            for names in [SecretNames::of_credentials(), SecretNames::new(&marked, &|name| name == "word")] {
                if !may_hold_secrets(document.as_bytes(), &names) {
                    prop_assert!(markup::find(document.as_bytes(), &names).is_empty());
                    prop_assert!(pairs::find(document.as_bytes(), &names).is_empty());
                    prop_assert!(command::find(document.as_bytes(), &names).is_empty());
                    prop_assert!(users::find(document.as_bytes()).is_empty());
                    prop_assert!(keys::find(document.as_bytes()).is_empty());
                    prop_assert!(parts::find(document.as_bytes(), &names).is_empty());
                    prop_assert!(embedded::find(document.as_bytes(), &names, 0).is_empty());
                }
            }
        }
    }
}
