//! Credentials in scripts: the strings among the arguments of a call whose name suggests them, `setCredentials('a',
//! 'b')`, `CURLOPT_USERPWD, 'a:b'`, `define('PASSWORD', 'b')`, and a pair or list assigned to such a name, `auth=('a',
//! 'b')`.
//!
//! No script is markup: an XML document is not searched for them.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2_iter, memchr3, memmem};

use super::SecretNames;

/// The number of bytes that are searched for arguments.
const LONGEST: usize = 1024;

/// A function with one of these words in its name takes credentials.
const OF_FUNCTIONS: &[&str] = &[
    "auth",
    "authenticate",
    "authentication",
    "credential",
    "credentials",
    "login",
    "passwd",
    "password",
    "passphrase",
    "pwd",
    "secret",
];

/// Functions that take a user and a password, without such a name.
const CONNECT: &[&str] = &["mysqli", "mysqli_connect", "mysql_connect", "PDO", "AcsClient"];

/// The name of a pair of credentials ends with one of these words.
const OF_PAIRS: &[&str] = &["auth", "credentials", "userpwd"];

/// Functions that make a list of their arguments.
const LISTS: &[&[u8]] = &[b"array", b"tuple", b"list"];

/// Options of libcurl for credentials, after `CURLOPT_` and an optional `PROXY`.
const OPTIONS: &[&[u8]] =
    &[b"USERPWD", b"USERNAME", b"PASSWORD", b"XOAUTH2_BEARER", b"KEYPASSWD", b"SSLCERTPASSWD", b"COOKIE"];

const CURLOPT: &[u8] = b"CURLOPT_";

/// The strings among arguments and in lists. Linear in the document.
pub(super) fn find(document: &[u8], names: &SecretNames<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut reached = 0;
    for at in memchr2_iter(b'(', b'[', document) {
        // Most brackets are those of lists in JSON.
        if at < reached || !may_have_credentials(document, at) {
            continue;
        }
        let before = document.get(at.saturating_sub(64)..at).unwrap_or_default();
        let arguments = document.get(at..document.len().min(at + LONGEST)).unwrap_or_default();
        if takes_credentials(before, arguments.first() == Some(&b'(')) {
            let length = nested(arguments);
            texts(at, arguments.get(..length).unwrap_or_default(), &mut found);
            reached = at + length;
        } else if let Some(value) = second_text(arguments, names) {
            found.push(at + value.start..at + value.end);
        }
    }
    let mut reached = 0;
    for at in memmem::find_iter(document, CURLOPT) {
        if at < reached {
            continue;
        }
        let rest = document.get(at + CURLOPT.len()..document.len().min(at + LONGEST)).unwrap_or_default();
        let option = rest.strip_prefix(b"PROXY").unwrap_or(rest);
        let after = OPTIONS.iter().find_map(|name| option.strip_prefix(*name));
        // `CURLOPT_COOKIEJAR` is a file.
        if let Some(after) = after.filter(|after| after.first().is_none_or(|byte| !is_of_name(byte))) {
            let statement = after.get(..memchr(b'\n', after).unwrap_or(after.len())).unwrap_or_default();
            let start = at + CURLOPT.len() + rest.len() - after.len();
            let length = argument(statement);
            texts(start, statement.get(..length).unwrap_or_default(), &mut found);
            reached = start + length;
        }
    }
    found
}

/// Whether what precedes a bracket may be a function, or the end of a name for pairs.
fn may_have_credentials(document: &[u8], at: usize) -> bool {
    let before = document.get(at.saturating_sub(8)..at).unwrap_or_default();
    match (document.get(at), before.last()) {
        (Some(b'('), Some(byte)) if is_of_name(byte) => return true,
        _ => {}
    }
    let name = before.iter().rfind(|byte| !b"=:> \"'".contains(byte));
    name.is_none_or(|last| b"hsd".contains(&last.to_ascii_lowercase()))
}

fn is_of_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

/// The name that a text ends with.
fn last_name(text: &[u8]) -> &[u8] {
    let begin = text.iter().rposition(|byte| !is_of_name(byte)).map_or(0, |before| before + 1);
    text.get(begin..).unwrap_or_default()
}

/// Whether what precedes a bracket is the name of a function that takes credentials, or a name for credentials.
fn takes_credentials(before: &[u8], is_call: bool) -> bool {
    let name = last_name(before);
    let is_list = name.is_empty() || LISTS.contains(&name);
    if !is_list {
        return is_call
            && (CONNECT.iter().any(|connect| connect.as_bytes() == name)
                || words(name).any(|word| OF_FUNCTIONS.iter().any(|known| is(word, known))));
    }
    // `auth=(`, `"auth": [`, `'auth' => array(`
    let before = before.get(..before.len() - name.len()).unwrap_or_default().trim_ascii_end();
    let is_assigned = |byte: &u8| matches!(byte, b'=' | b':' | b'>' | b' ');
    let name = before.get(..before.iter().rposition(|byte| !is_assigned(byte)).map_or(0, |last| last + 1));
    let Some(name) = name.filter(|name| name.len() < before.len()) else { return false };
    let name = name.strip_suffix(b"\"").or_else(|| name.strip_suffix(b"'")).unwrap_or(name);
    let last = words(last_name(name)).last();
    last.is_some_and(|word| OF_PAIRS.iter().any(|known| is(word, known)))
}

fn is(word: &[u8], known: &str) -> bool {
    word.eq_ignore_ascii_case(known.as_bytes())
}

/// The words of a name: `set_basic_auth`, `setBasicAuth`, `HTTPBasicAuth`.
fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_upper = |at: usize| name.get(at).is_some_and(u8::is_ascii_uppercase);
    let is_lower = |at: usize| name.get(at).is_some_and(u8::is_ascii_lowercase);
    let mut start = 0;
    let ends = (1..=name.len()).filter(move |at| {
        let after_capitals = is_upper(at - 1) && is_lower(at + 1);
        *at == name.len() || name.get(*at) == Some(&b'_') || is_upper(*at) && (is_lower(at - 1) || after_capitals)
    });
    ends.filter_map(move |end| {
        let word = name.get(start..end)?;
        start = end;
        Some(word.strip_prefix(b"_").unwrap_or(word))
    })
}

/// The length of what is in brackets; it ends with the text if they are not closed.
fn nested(text: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = text.get(at) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' | b'\'' => at += literal(text.get(at..).unwrap_or_default()) - 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at.min(text.len())
}

/// The length of an argument: up to its end outside of brackets and strings.
fn argument(text: &[u8]) -> usize {
    // The comma or arrow before it does not end it.
    let mut at = text.iter().take_while(|byte| b" \t,=>:]".contains(byte)).count();
    while let Some(byte) = text.get(at) {
        match byte {
            b')' | b']' | b'}' | b',' | b';' => break,
            b'(' | b'[' | b'{' => at += nested(text.get(at..).unwrap_or_default()),
            b'"' | b'\'' => at += literal(text.get(at..).unwrap_or_default()),
            _ => at += 1,
        }
    }
    at.min(text.len())
}

/// The length of a string with its quotes; it ends with its line if they are not closed.
fn literal(text: &[u8]) -> usize {
    let quote = text.first().copied().unwrap_or_default();
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' => break,
            byte if *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    at.min(text.len())
}

/// What is in the quotes of all strings.
fn texts(start: usize, text: &[u8], found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' | b'\'' => {
                let length = literal(text.get(at..).unwrap_or_default());
                let after = text.get(at + length..).unwrap_or_default().trim_ascii_start();
                let is_name = after.starts_with(b"=>") || after.starts_with(b":");
                if !is_name {
                    let is_closed = length > 1 && text.get(at + length - 1) == Some(byte);
                    found.push(start + at + 1..start + at + length - usize::from(is_closed));
                }
                at += length;
            }
            _ => at += 1,
        }
    }
}

/// `('PASSWORD', 'value'`: the second of the first two arguments, if the first is the name of a secret.
fn second_text(arguments: &[u8], names: &SecretNames<'_>) -> Option<Range<usize>> {
    let inside = arguments.strip_prefix(b"(")?;
    let name = inside.trim_ascii_start();
    if !matches!(name.first()?, b'"' | b'\'') {
        return None;
    }
    let length = literal(name);
    let after = name.get(length..)?.trim_ascii_start().strip_prefix(b",")?.trim_ascii_start();
    let is_text = matches!(after.first()?, b'"' | b'\'');
    let is_secret = is_text && names.are_of_pair(name.get(1..length - 1)?);
    let start = arguments.len() - after.len();
    is_secret.then(|| start + 1..start + literal(after) - 1)
}

/// If a segment of a path is the name of a secret, as in `/password/value`: the segment after it.
pub(super) fn find_in_paths(document: &[u8], names: &SecretNames<'_>) -> Vec<Range<usize>> {
    let mut reached = 0;
    let segments = memchr_iter(b'/', document).filter_map(|slash| {
        let value =
            Some(slash).filter(|slash| *slash >= reached).and_then(|slash| after_segment(document, slash, names))?;
        reached = value.end;
        Some(value)
    });
    segments.collect()
}

/// The length of the longest name of a segment.
const SEGMENT: usize = 32;

/// Actions on a password, which do not contain one.
const ACTIONS: &[&[u8]] = &[
    b"change",
    b"edit",
    b"expire",
    b"expired",
    b"forgot",
    b"forgotten",
    b"generate",
    b"new",
    b"policy",
    b"recover",
    b"recovery",
    b"refresh",
    b"reset",
    b"update",
    b"validate",
    b"verify",
];

/// The segment after the one that begins after this slash, if that is the name of a secret.
fn after_segment(document: &[u8], slash: usize, names: &SecretNames<'_>) -> Option<Range<usize>> {
    let rest = document.get(slash + 1..document.len().min(slash + 2 + SEGMENT))?;
    let length = memchr(b'/', rest)?;
    // `\/` in JSON.
    let segment = rest.get(..length)?;
    let segment = segment.strip_suffix(b"\\").unwrap_or(segment);
    if segment.len() < 3 || !names.are_of_segment(segment) {
        return None;
    }
    let start = slash + 2 + length;
    let value = document.get(start..document.len().min(start + LONGEST))?;
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"/?#&\"'<>\\`,;)}]|".contains(byte);
    let value = value.get(..value.iter().position(is_end).unwrap_or(value.len()))?;
    let is_action = ACTIONS.iter().any(|action| action.eq_ignore_ascii_case(value));
    (!is_action && !value.is_empty()).then(|| start..start + value.len())
}

/// The length of the longest URL that is searched.
const URL: usize = 512;

/// If a segment of the URL whose colon is here is the name of a secret: the segment after it.
pub(super) fn find_in_url(document: &[u8], colon: usize, names: &SecretNames<'_>) -> Option<Range<usize>> {
    let rest = document.get(colon + 1..)?.strip_prefix(b"//")?;
    let rest = rest.get(..rest.len().min(URL))?;
    let url = rest.get(..memchr3(b'"', b'<', b' ', rest).unwrap_or(rest.len()))?;
    // What is before the first slash is the host.
    let mut slashes = memchr_iter(b'/', url);
    let mut begin = slashes.next()?;
    for slash in slashes {
        let segment = url.get(begin + 1..slash)?;
        if segment.len() >= 3 && names.are_of_segment(segment) {
            return after_segment(document, colon + 3 + begin, names);
        }
        begin = slash;
    }
    None
}
