//! Credentials in command lines of HTTP clients, and in the notes of `curl -v`.
//!
//! A command may precede a log, be broken into lines or be cut. So each option is searched for on its own, anywhere: an
//! option of one letter only if the document names a client, or at the beginning of a line.

use std::cell::OnceCell;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem, memrchr, memrchr_iter};

use super::SecretNames;

/// Options of curl and Wget, besides those with the names of secrets, whose values are credentials. A prefix of three
/// letters or more counts as the whole, as in curl.
const CREDENTIALS: &[&str] = &[
    "user",
    "proxy-user",
    "cookie",
    "oauth2-bearer",
    "pass",
    "proxy-pass",
    "tlsuser",
    "proxy-tlsuser",
    "http-user",
    "auth",
];

/// Options whose value is a field of a head.
const HEADERS: &[&str] = &["header", "proxy-header"];

/// Options of curl whose value is a file, followed by a colon and its password.
const CERTIFICATES: &[&str] = &["cert", "proxy-cert"];

/// The one-letter options of curl that take a value.
const WITH_VALUE: &[u8] = b"AbcCdDeEFhHKmoPQrtTuUwxXyYz";

/// Clients whose names occur in commands.
const CLIENTS: &[&[u8]] = &[b"curl", b"wget"];

/// The names of HTTPie in commands, and those of xh, which takes the same options.
const HTTPIE: &[&[u8]] = &[b"http", b"https", b"xh", b"xhs"];

/// The one-letter options of HTTPie that take a value other than a credential.
const HTTPIE_WITH_VALUE: &[u8] = b"pAos";

/// How many bytes before an option its command is searched for.
const COMMAND: usize = 512;

/// What `curl -v` prints before the name of a user or the value of a cookie.
const NOTES: &[&[u8]] = &[b" with user ", b"ed cookie "];

/// The beginnings of lines with credentials in `.netrc` and in a configuration of curl.
const CONFIGURED: &[&[u8]] = &[b"machine ", b"default ", b"user"];

/// Linear in the document.
pub(super) fn find(document: &[u8], names: &SecretNames<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let command = Command::new(document, names);
    let mut reached = 0;
    for at in memchr_iter(b'-', document) {
        if let Some(value) = if at < reached { None } else { command.option(at) } {
            reached = value.end;
            found.push(value);
        }
    }
    for line in [0].into_iter().chain(memchr_iter(b'\n', document).map(|end| end + 1)) {
        let blanks = command.rest(line).iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        found.extend(command.configured(line + blanks));
    }
    command.find_notes(&mut found);
    found
}

pub(super) struct Command<'d> {
    document: &'d [u8],
    names: &'d SecretNames<'d>,
    /// Where a client is first named, determined on demand.
    client: OnceCell<Option<usize>>,
}

/// The kind of value that an option has.
#[derive(Clone, Copy)]
enum Value {
    Credential,
    /// A credential if it contains a colon.
    UserAndPassword,
    Cookie,
    Header,
    Certificate,
}

/// Whether an option may begin after a byte.
pub(super) fn may_precede_option(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`' | b'(' | b'[') || byte.is_ascii_whitespace()
}

impl<'d> Command<'d> {
    pub(super) fn new(document: &'d [u8], names: &'d SecretNames<'d>) -> Command<'d> {
        Command { document, names, client: OnceCell::new() }
    }

    /// The notes of `curl -v` about users and cookies, in lines that begin with an asterisk.
    pub(super) fn find_notes(&self, found: &mut Vec<Range<usize>>) {
        for note in NOTES {
            let places = memmem::find_iter(self.document, note);
            found.extend(places.filter_map(|at| self.note(at, at + note.len())));
        }
    }

    /// Whether a client is named before a place.
    fn is_command(&self, at: usize) -> bool {
        let first = || CLIENTS.iter().filter_map(|client| memmem::find(self.document, client)).min();
        self.client.get_or_init(first).is_some_and(|client| client < at)
    }

    fn rest(&self, from: usize) -> &'d [u8] {
        self.document.get(from..).unwrap_or_default()
    }

    /// The credential in the value of an option that begins here.
    pub(super) fn option(&self, at: usize) -> Option<Range<usize>> {
        let before = at.checked_sub(1).and_then(|before| self.document.get(before));
        if !before.is_none_or(|before| may_precede_option(*before)) {
            return None;
        }
        let (kind, after) = match self.rest(at + 1) {
            [b'-', name @ ..] => {
                let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
                let length = name.iter().position(|byte| !is_of_name(byte)).unwrap_or(name.len());
                (self.long_option(name.get(..length)?)?, at + 2 + length)
            }
            letters => {
                if let Some(after) = self.httpie_option(at, letters) {
                    let value = self.word(after + self.separator_length(at, after));
                    return (!value.is_empty()).then_some(value);
                }
                let is_flag = |letter: &u8| letter.is_ascii_alphanumeric() || *letter == b'#';
                let length = letters.iter().position(|letter| WITH_VALUE.contains(letter) || !is_flag(letter))?;
                let option = short_option(*letters.get(length)?)?;
                let kind = match option {
                    _ if self.is_command(at) => option,
                    // Lists of anything may have hyphens before their items.
                    Value::Credential if self.begins_line(at) => Value::UserAndPassword,
                    _ if self.begins_line(at) => option,
                    _ => return None,
                };
                (kind, at + 2 + length)
            }
        };
        let start = after + self.separator_length(at, after);
        let value = self.word(start);
        let text = self.document.get(value.clone())?;
        match kind {
            Value::Credential => Some(value),
            Value::UserAndPassword => memchr(b':', text).map(|_| value),
            // Without `=` it is the name of a file.
            Value::Cookie => memchr(b'=', text).map(|_| value),
            Value::Certificate => memchr(b':', text).map(|colon| value.start + colon + 1..value.end),
            Value::Header => {
                let colon = memchr(b':', text)
                    .filter(|colon| self.names.are_of_field(text.get(..*colon).unwrap_or_default()))?;
                let is_open = value.end == value.start + colon + 1;
                Some(value.start + colon + 1..if is_open { self.words(value.end) } else { value.end })
            }
        }
    }

    /// The end of `-a` in a command of HTTPie, which uses it for credentials, if its value is not a variable or file.
    fn httpie_option(&self, at: usize, letters: &[u8]) -> Option<usize> {
        let length = letters.iter().take_while(|letter| letter.is_ascii_alphabetic() && **letter != b'a').count();
        let flags = letters.get(..length)?;
        if letters.get(length) != Some(&b'a') || flags.iter().any(|flag| HTTPIE_WITH_VALUE.contains(flag)) {
            return None;
        }
        let command = self.document.get(at.saturating_sub(COMMAND)..at)?;
        // A command that was broken into lines continues after a backslash.
        let is_end = |end: &usize| {
            let line = command.get(..*end).unwrap_or_default();
            !line.strip_suffix(b"\r").unwrap_or(line).ends_with(b"\\")
        };
        let begin = memrchr_iter(b'\n', command).find(is_end).map_or(0, |end| end + 1);
        let command = command.get(begin..)?;
        let is_part =
            |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b":/.-_=".contains(byte));
        let is_word = |name: &[u8], at: usize| {
            let before = at.checked_sub(1).and_then(|before| command.get(before));
            !is_part(before) && !is_part(command.get(at + name.len()))
        };
        let mut names = HTTPIE.iter();
        let is_named = names.any(|name| memmem::find_iter(command, name).any(|at| is_word(name, at)));
        is_named.then_some(at + 2 + length)
    }

    /// What is between an option and its value. In the argument list of a program both are in quotes.
    fn separator_length(&self, at: usize, after: usize) -> usize {
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        let rest = self.rest(after);
        match (at.checked_sub(1).and_then(|before| self.document.get(before)), rest) {
            (Some(opening @ (b'"' | b'\'')), [closing, list @ ..]) if opening == closing => {
                1 + list.iter().take_while(|byte| is_blank(byte) || **byte == b',').count()
            }
            (_, [b'=', ..]) => 1,
            _ => rest.iter().take_while(is_blank).count(),
        }
    }

    fn long_option(&self, name: &[u8]) -> Option<Value> {
        let is = |options: &[&str]| options.iter().any(|option| option.as_bytes().eq_ignore_ascii_case(name));
        let begins =
            |options: &[&str]| name.len() >= 3 && options.iter().any(|option| option.as_bytes().starts_with(name));
        match name {
            b"cookie" => Some(Value::Cookie),
            // They have a URL, in which a user is found, or nothing.
            b"proxy" | b"http" => None,
            _ if is(HEADERS) => Some(Value::Header),
            _ if is(CERTIFICATES) => Some(Value::Certificate),
            _ if begins(CREDENTIALS) || self.names.are_of_pair(name) => Some(Value::Credential),
            _ => begins(HEADERS).then_some(Value::Header),
        }
    }

    /// Whether there are only blanks before a place in its line, as in a command that was broken into lines.
    fn begins_line(&self, at: usize) -> bool {
        let blanks = self.document.get(at.saturating_sub(64)..at).unwrap_or_default();
        let blanks = blanks.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        at.checked_sub(blanks + 1).is_none_or(|before| self.document.get(before) == Some(&b'\n'))
    }

    /// A word of a shell without its quotes. If its quote is not closed before an empty line, it ends with its line.
    fn word(&self, start: usize) -> Range<usize> {
        let rest = self.rest(start);
        match rest {
            [b'$', b'\'', ..] => self.word(start + 1),
            [quote @ (b'"' | b'\''), inside @ ..] => {
                let is_end = |at: &usize| *quote == b'\'' || inside.get(at.saturating_sub(1)) != Some(&b'\\');
                let length = memchr_iter(*quote, inside).find(is_end);
                let is_one =
                    |length: &usize| inside.get(..*length).is_none_or(|inside| memmem::find(inside, b"\n\n").is_none());
                let line = || memchr(b'\n', inside).unwrap_or(inside.len());
                let length = length.filter(is_one).unwrap_or_else(line);
                start + 1..start + 1 + length
            }
            _ => {
                let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`".contains(byte);
                let ends = rest.iter().enumerate().filter(|(_, byte)| is_end(byte)).map(|(at, _)| at);
                // A blank after a backslash belongs to the word.
                let mut ends = ends.filter(|at| at.checked_sub(1).and_then(|before| rest.get(before)) != Some(&b'\\'));
                start..start + ends.next().unwrap_or(rest.len())
            }
        }
    }

    /// The end of words that were meant to be one: before the next option or URL, or at the end of the line.
    fn words(&self, start: usize) -> usize {
        let rest = self.rest(start);
        let line = rest.get(..memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
        let ends: [&[u8]; 3] = [b" -", b" http", b" \\"];
        start + ends.iter().filter_map(|end| memmem::find(line, end)).min().unwrap_or(line.trim_ascii_end().len())
    }

    /// `machine h login admin password secret` of `.netrc`, and `user = "admin:secret"` of a configuration of curl, at
    /// the beginning of a line.
    pub(super) fn configured(&self, at: usize) -> Vec<Range<usize>> {
        let rest = self.rest(at);
        let Some(word) = CONFIGURED.iter().find(|word| rest.starts_with(word)) else { return Vec::new() };
        let line = rest.get(..memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
        if *word == b"user" {
            let gap = line.iter().skip(word.len()).take_while(|byte| b" \t=:".contains(byte)).count();
            let value = self.word(at + word.len() + gap);
            let has_password = self.document.get(value.clone()).is_some_and(|value| memchr(b':', value).is_some());
            return if gap > 0 && has_password { vec![value] } else { Vec::new() };
        }
        let value_of = |name: &&[u8]| {
            let start = at + memmem::find(line, name)? + name.len();
            Some(self.word(start))
        };
        [&b" login "[..], b" password ", b" account "].iter().filter_map(value_of).collect()
    }

    /// `* Server auth using Basic with user 'admin'`, `* Added cookie NAME="value" for domain …`
    fn note(&self, at: usize, after: usize) -> Option<Range<usize>> {
        let before = self.document.get(at.saturating_sub(256)..at)?;
        let line = before.rsplit(|byte| *byte == b'\n').next()?;
        memmem::find(line, b"* ")?;
        let value = self.rest(after);
        if let Some(quote @ (b'"' | b'\'')) = value.first() {
            let line = value.get(..memchr(b'\n', value).unwrap_or(value.len()))?;
            let end = memrchr(*quote, line).filter(|end| *end > 0).unwrap_or(line.len());
            return Some(after + 1..after + end.max(1));
        }
        let word = self.word(after);
        match memchr(b'=', self.document.get(word.clone())?) {
            Some(equals) => Some(self.word(word.start + equals + 1)),
            None => Some(word),
        }
    }
}

fn short_option(letter: u8) -> Option<Value> {
    match letter {
        b'u' | b'U' => Some(Value::Credential),
        b'b' => Some(Value::Cookie),
        b'H' => Some(Value::Header),
        b'E' => Some(Value::Certificate),
        _ => None,
    }
}
