//! Names of secrets.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

use super::harmless::{Harmless, HarmlessName, Owner, Use};
use super::markup::IS_NAME;
use crate::text::invisible::is_invisible;
use crate::text::lookalike::folded;
use crate::text::name::{local_part, local_part_of_bytes};
use crate::text::nearest::{Candidate, Letters, Sieve, begins_word, nearest};
use crate::xml::attribute_value;

/// Names of elements, attributes, members and parameters that hold credentials, whatever a schema says about them: a
/// packet may be checked by any schema, or by none.
const CREDENTIALS: &[&str] = &["password", "passphrase", "pwd"];

/// Names of fields of HTTP heads, of parameters and members that hold credentials. An element may have the same name
/// for other reasons (`Signature` of XML Signature).
const PARAMETERS: &[&str] = &[
    "Authorization",
    "X-Auth-Token",
    "AccessKeyId",
    "AccessKeySecret",
    "Signature",
    "SecurityToken",
    "HTTP_AUTH_LOGIN",
    "HTTP_AUTH_PASSWD",
    "Cookie",
    "Set-Cookie",
    "X-Subject-Token",
    "access_token",
    "refresh_token",
    "client_secret",
];

/// The one that is not a secret as an element: XML Signature has it.
const NOT_OF_ELEMENTS: &str = "Signature";

/// The names that count for an element only if they match exactly: words such as `cooking` are similar.
const EXACT_OF_ELEMENTS: &[&str] = &["Cookie", "Set-Cookie", "token", "secret", "jwt"];

/// Names that are secrets only if they match exactly: too many others are similar.
const EXACT: &[&str] = &["token", "secret", "jwt"];

/// The last words in names of secrets, without separators: `X-Api-Key`, `csrf_token`, `sshPrivateKey`.
const ENDINGS: &[&str] = &[
    "apikey",
    "privatekey",
    "secretkey",
    "secretaccesskey",
    "privatetoken",
    "csrftoken",
    "xsrftoken",
    "sessiontoken",
    "bearertoken",
    "passcode",
    "otp",
];

/// The field in which Plesk takes a secret key. In a head it always is one; anything else can be named `key`.
const KEY: &[u8] = b"KEY";

/// The last words in names of such fields: `X-Vault-Token` is a secret, but a member named `nextToken` is not.
const ENDINGS_OF_FIELDS: &[&str] = &["token", "secret"];

/// The name of members and elements that hold passwords unless the schema knows them. Other names with this ending,
/// such as `bypass`, do not.
const PASS: &[u8; 4] = b"pass";

/// What comes before `pass` in the name of a password: there are `first_pass` and `boarding-pass` too.
const BEFORE_PASS: &[&str] = &[
    "admin", "auth", "cert", "database", "db", "ftp", "http", "key", "ldap", "login", "mail", "my", "mysql", "new",
    "old", "proxy", "root", "smtp", "ssh", "ssl", "user",
];

/// Words that are similar to the name of a secret but mean something else.
const OTHER_WORDS: &[&str] = &["passport", "passports", "paraphrase", "paraphrases"];

/// Elements of XSD and WSDL that declare or define what they name.
const DECLARATIONS: &[&str] = &[
    "element",
    "attribute",
    "group",
    "attributeGroup",
    "simpleType",
    "complexType",
    "unique",
    "key",
    "keyref",
    "notation",
    "part",
];

/// The length of the shortest name whose misspellings are searched for: too many names are similar to shorter ones.
const SHORTEST: usize = 5;

/// The names that a schema marks as secrets, and those of credentials, prepared for comparison.
#[derive(Debug)]
pub(crate) struct MarkedNames {
    marked: Box<[Box<str>]>,
    elements: Wanted,
    /// The owner of the names remembered as harmless.
    owner: Owner,
}

/// The names for documents without a schema.
static UNMARKED: LazyLock<MarkedNames> = LazyLock::new(|| MarkedNames::new(Vec::new()));

static PARAMETER_NAMES: LazyLock<Wanted> =
    LazyLock::new(|| Wanted::new(PARAMETERS.iter().copied()).with_exact(EXACT.iter().copied()));

/// The parameters whose names are secrets for an element too, unless the schema knows it.
static PARAMETERS_AS_ELEMENTS: LazyLock<Wanted> = LazyLock::new(|| {
    let is_near = |name: &&str| *name != NOT_OF_ELEMENTS && !EXACT_OF_ELEMENTS.contains(name);
    Wanted::new(PARAMETERS.iter().copied().filter(is_near)).with_exact(EXACT_OF_ELEMENTS.iter().copied())
});

impl MarkedNames {
    pub(crate) fn new(marked: Vec<Box<str>>) -> MarkedNames {
        let elements = Wanted::new(marked.iter().map(|name| &**name).chain(CREDENTIALS.iter().copied()));
        MarkedNames { marked: marked.into(), elements, owner: Owner::new() }
    }

    /// Names for a schema that marks none.
    pub(crate) fn none() -> &'static MarkedNames {
        &UNMARKED
    }

    /// The names that the schema marks.
    pub(crate) fn marked(&self) -> &[Box<str>] {
        &self.marked
    }
}

/// Names that are searched for.
#[derive(Debug)]
struct Wanted {
    names: Vec<Box<str>>,
    /// Their lengths, a bit for each.
    lengths: u64,
    /// The names to which similar names count too, in lower case.
    near: Vec<(String, Letters)>,
    sieve: Sieve,
}

impl Wanted {
    fn new<'n>(names: impl Iterator<Item = &'n str>) -> Wanted {
        let names: Vec<Box<str>> = names.map(Box::from).collect();
        let lower = |name: &str| {
            let name = name.to_ascii_lowercase();
            let letters = Letters::of(&name);
            (name, letters)
        };
        let near: Vec<_> = names.iter().filter(|name| name.len() >= SHORTEST).map(|name| lower(name)).collect();
        let sieve = Sieve::new(near.iter().map(|(name, _)| name.as_str()));
        let lengths = names.iter().fold(0, |lengths, name| lengths | bit(name.len()));
        Wanted { names, lengths, near, sieve }
    }

    /// Adds names that only match exactly.
    fn with_exact<'n>(mut self, names: impl Iterator<Item = &'n str>) -> Wanted {
        for name in names {
            self.lengths |= bit(name.len());
            self.names.push(name.into());
        }
        self
    }

    fn has(&self, name: &[u8]) -> bool {
        self.lengths & bit(name.len()) != 0 && is_one_of(name, self.names.iter().map(|name| &**name))
    }

    /// Whether a name is neither a wanted name nor similar to one.
    fn is_far(&self, name: &[u8]) -> bool {
        !self.has(name) && !self.is_near(name)
    }

    /// Whether a name, or its end from one of its words on, is similar to a wanted name.
    fn is_near(&self, name: &[u8]) -> bool {
        self.may_be_near(name) && is_near(&String::from_utf8_lossy(name), &self.near)
    }

    /// Whether a name, or its end from one of its words on, may be similar to a wanted name: nearly none is.
    fn may_be_near(&self, name: &[u8]) -> bool {
        // Beyond ASCII, the looks of characters are compared too, and each is one letter, however many bytes it has:
        // the sieve knows nothing of that.
        self.sieve.may_end_near(without_numbering(name)) || !name.is_ascii()
    }
}

/// All longer names share the last bit.
fn bit(length: usize) -> u64 {
    1 << length.min(63)
}

fn is_one_of<'a>(name: &[u8], mut names: impl Iterator<Item = &'a str>) -> bool {
    names.any(|wanted| wanted.as_bytes().eq_ignore_ascii_case(name))
}

/// Decides which names in a document are those of secrets: the credentials, and those that a schema marks, in any case
/// and with any prefix. A similar name counts too (`passwd`, `pass-word`), also with a number after it (`password2`) or
/// with words before it (`new-password`), unless the schema knows it as a name of its own.
pub(crate) struct SecretNames<'n> {
    marked: &'n MarkedNames,
    is_known: &'n dyn Fn(&str) -> bool,
    /// Whether the document is a schema.
    declare: bool,
    /// Names in places where a secret was expected.
    in_place: Vec<String>,
    harmless: RefCell<Option<Harmless>>,
}

impl Drop for SecretNames<'_> {
    fn drop(&mut self) {
        if let Some(harmless) = self.harmless.take() {
            harmless.give_back();
        }
    }
}

impl<'n> SecretNames<'n> {
    /// The names that a schema marks, in addition to the credentials; `is_known` says which names it knows.
    pub(crate) fn new(marked: &'n MarkedNames, is_known: &'n dyn Fn(&str) -> bool) -> SecretNames<'n> {
        SecretNames { marked, is_known, declare: false, in_place: Vec::new(), harmless: RefCell::new(None) }
    }

    /// The names for a document without a schema.
    pub(crate) fn of_credentials() -> SecretNames<'static> {
        SecretNames::new(MarkedNames::none(), &|_| false)
    }

    /// These names, and those that a document has where a secret was expected, unless the schema knows them as names of
    /// their own.
    pub(super) fn with_found<'f>(&self, found: impl Iterator<Item = &'f str>) -> Option<SecretNames<'n>> {
        let in_place: Vec<String> = found.filter(|name| !self.is_known(name)).map(str::to_owned).collect();
        (!in_place.is_empty()).then(|| {
            let mut names = SecretNames::new(self.marked, self.is_known);
            (names.declare, names.in_place) = (self.declare, in_place);
            names
        })
    }

    /// The names for a document that was passed as a schema.
    pub(crate) fn of_schema_document(text: &str) -> SecretNames<'static> {
        // An attribute `name` names a secret in a packet, but declares something in a schema. WSDL contains schemas.
        let root = text.split('<').find(|tag| tag.starts_with(|first: char| first.is_alphabetic() || first == '_'));
        let name = root.and_then(|tag| tag.split(|end: char| end.is_whitespace() || matches!(end, '>' | '/')).next());
        let local = name.map(local_part);
        let mut names = SecretNames::of_credentials();
        names.declare = matches!(local, Some("schema" | "definitions" | "description"));
        names
    }

    /// Whether an element declares what it names, like `<xs:element name="password" type="xs:string"/>`.
    pub(super) fn are_declared_by(&self, element: &[u8]) -> bool {
        let local = local_part_of_bytes(element);
        self.declare && DECLARATIONS.iter().any(|declaration| declaration.as_bytes() == local)
    }

    pub(super) fn is_known(&self, name: &str) -> bool {
        (self.is_known)(name)
    }

    /// Whether a path leads to an element that holds a secret, or into one.
    pub(crate) fn are_in_path(&self, path: &str) -> bool {
        path.split('/').any(|step| self.are_of_element(step.as_bytes()))
    }

    /// Whether an element or an attribute with this name holds a secret.
    pub(super) fn are_of_element(&self, name: &[u8]) -> bool {
        let local = local_part_of_bytes(name);
        !self.are_not(local, Use::Element) && (self.are(local, Use::Element) || self.are_key(local))
    }

    /// Whether this is the name of an element, an attribute or a member with a secret key.
    pub(super) fn are_key(&self, name: &[u8]) -> bool {
        name == KEY && self.in_place.is_empty() && !self.is_known("KEY")
    }

    /// Whether a value that names something is the name of a secret, as written. Only words are remembered: there are
    /// too many different identifiers.
    pub(super) fn are_of_value(&self, value: &[u8]) -> bool {
        let value = resolved(value);
        let local = local_part_of_bytes(&value);
        let is_harmless_word = local.iter().all(u8::is_ascii_alphabetic) && self.are_not(local, Use::Element);
        !is_harmless_word && self.are(local, Use::Element)
    }

    /// Whether the text of an element that names another one is the name of a secret, as in `<name>password</name>` or
    /// `<td>password:</td>`.
    pub(super) fn are_of_text(&self, text: &[u8]) -> bool {
        let text = resolved(text);
        let local = local_part_of_bytes(text.strip_suffix(b":").unwrap_or(&text));
        !self.are_not(local, Use::Pair) && (self.are(local, Use::Element) || self.are(local, Use::Pair))
    }

    /// Whether a member, a parameter or a field of a head with this name holds a secret.
    pub(crate) fn are_of_pair(&self, name: &[u8]) -> bool {
        let local = local_part_of_bytes(name);
        !self.are_not(local, Use::Pair) && (self.are(local, Use::Element) || self.are(local, Use::Pair))
    }

    /// Whether this is the name of a parameter or a field, and not just that of any member.
    pub(super) fn are_of_parameter(&self, name: &[u8]) -> bool {
        let local = local_part_of_bytes(name);
        !self.are_not(local, Use::Pair) && self.are(local, Use::Pair)
    }

    /// Whether a name is that of a token that may also occur in a list of words, as one of them.
    pub(super) fn are_of_tokens(&self, name: &[u8]) -> bool {
        name.ends_with(b"token") && !name.iter().any(u8::is_ascii_uppercase) && self.are_of_parameter(name)
    }

    /// Whether a name is that of a password only if its value is a string: there are counts named `pass` too.
    pub(super) fn are_of_text_alone(&self, name: &[u8]) -> bool {
        name.eq_ignore_ascii_case(PASS)
    }

    /// Whether the segment of a path after one with this name holds a secret: paths have few names, and many
    /// identifiers.
    #[inline]
    pub(super) fn are_of_segment(&self, name: &[u8]) -> bool {
        let is_secret = self.marked.elements.has(name) || PARAMETER_NAMES.has(name) || name == b"passwd";
        is_secret && !self.is_known(&String::from_utf8_lossy(name))
    }

    /// Whether a field of an HTTP head with this name holds a secret.
    pub(crate) fn are_of_field(&self, name: &[u8]) -> bool {
        let is_far = self.are_not(local_part_of_bytes(name), Use::Pair);
        !is_far && (is_field(name) || self.are_of_pair(name))
    }

    /// What is remembered of a name that is not the name of a secret element or attribute.
    pub(super) fn harmless_element(&self, name: &[u8]) -> Option<HarmlessName> {
        self.harmless_name(name, Use::Element)
    }

    /// What is remembered of a name that is not the name of a secret member, parameter or field of a head.
    pub(super) fn harmless_field(&self, name: &[u8]) -> Option<HarmlessName> {
        self.harmless_name(name, Use::Pair)
    }

    #[inline(always)]
    fn harmless_name(&self, name: &[u8], used: Use) -> Option<HarmlessName> {
        if self.in_place.is_empty() { self.with_harmless(|harmless| harmless.get(name, used)) } else { None }
    }

    #[inline(always)]
    fn with_harmless<T>(&self, call: impl FnOnce(&mut Harmless) -> T) -> T {
        call(self.harmless.borrow_mut().get_or_insert_with(|| Harmless::take(self.marked.owner)))
    }

    /// Whether a name without a prefix is unlike all wanted names, as nearly all are.
    fn are_not(&self, local: &[u8], used: Use) -> bool {
        if !self.in_place.is_empty() {
            return false;
        }
        if self.with_harmless(|harmless| harmless.get(local, used)).is_some() {
            return true;
        }
        let is_far = self.is_far(local, used) && as_seen(local).is_none_or(|seen| self.is_far(&seen, used));
        // Only names are remembered.
        if is_far && local.iter().all(|byte| IS_NAME[usize::from(*byte)] && *byte != b':') {
            self.with_harmless(|harmless| harmless.insert(local, used));
        }
        is_far
    }

    fn is_far(&self, local: &[u8], used: Use) -> bool {
        let is_far = self.marked.elements.is_far(local) && !is_pass(local) && !ends_with_one_of(local, ENDINGS);
        is_far
            && match used {
                Use::Element => PARAMETERS_AS_ELEMENTS.is_far(local) && local != KEY,
                Use::Pair => PARAMETER_NAMES.is_far(local) && !is_field(local),
            }
    }

    /// Whether a name without its prefix is a wanted name, looks like one, or is similar to one and unknown to the
    /// schema.
    fn are(&self, local: &[u8], used: Use) -> bool {
        self.are_as_written(local, used) || as_seen(local).is_some_and(|seen| self.are_as_written(&seen, used))
    }

    fn are_as_written(&self, local: &[u8], used: Use) -> bool {
        let elements = &self.marked.elements;
        let wanted = if used == Use::Element { elements } else { &PARAMETER_NAMES };
        // No name of a secret is a single letter, nor two unless one is marked.
        if local.len() < 3 && elements.lengths & (bit(1) | bit(2)) == 0 {
            return false;
        }
        let is_known = || self.is_known(&String::from_utf8_lossy(local));
        wanted.has(local)
            || used == Use::Element && is_one_of(local, self.in_place.iter().map(String::as_str))
            || (wanted.is_near(local) || ends_with_one_of(local, ENDINGS)) && !is_known()
            || used == Use::Element && (!PARAMETERS_AS_ELEMENTS.is_far(local) || is_pass(local)) && !is_known()
    }
}

/// Whether a name is exactly that of a credential, in any case: not only similar to one.
pub(crate) fn is_of_credential(name: &str) -> bool {
    let name = name.as_bytes();
    let parameters = PARAMETERS.iter().filter(|parameter| **parameter != NOT_OF_ELEMENTS);
    is_one_of(name, parameters.chain(EXACT).chain(CREDENTIALS).copied())
        || ends_with_one_of(name, ENDINGS)
        || is_pass(name)
}

/// `pass`, `user_pass`, `dbPass`; `rootpwd`, since no other word has this ending.
fn is_pass(name: &[u8]) -> bool {
    if name.split_last_chunk::<3>().is_some_and(|(_, last)| last.eq_ignore_ascii_case(b"pwd")) {
        return true;
    }
    let Some((before, _)) = name.split_last_chunk::<4>().filter(|(_, last)| last.eq_ignore_ascii_case(PASS)) else {
        return false;
    };
    let before = before.strip_suffix(b"_").or_else(|| before.strip_suffix(b"-")).unwrap_or(before);
    before.is_empty() || is_one_of(before, BEFORE_PASS.iter().copied())
}

/// A field of an HTTP head.
fn is_field(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(KEY) || ends_with_one_of(name, ENDINGS_OF_FIELDS)
}

/// Whether a name ends with the words of one of some endings, which are in lower case.
fn ends_with_one_of(name: &[u8], endings: &[&str]) -> bool {
    let name = without_numbering(name);
    endings.iter().any(|ending| {
        let is_between = |byte: u8| matches!(byte, b'-' | b'_' | b'.');
        let mut letters = ending.bytes().rev();
        let mut next = letters.next();
        for (at, byte) in name.iter().enumerate().rev().filter(|(_, byte)| !is_between(**byte)) {
            if Some(byte.to_ascii_lowercase()) != next {
                return false;
            }
            next = letters.next();
            if next.is_none() {
                return begins_word(name, at);
            }
        }
        false
    })
}

/// What a name looks like: without its invisible characters, and with lookalikes replaced by ASCII letters. `None` if
/// that is the name itself.
fn as_seen(name: &[u8]) -> Option<Vec<u8>> {
    let text = Some(name).filter(|name| !name.is_ascii()).and_then(|name| std::str::from_utf8(name).ok())?;
    let seen = folded(&text.replace(is_invisible, "")).into_owned().into_bytes();
    (seen != name).then_some(seen)
}

/// A value of markup with its references resolved, and without those that XML does not define: `&shy;` is invisible.
fn resolved(value: &[u8]) -> Cow<'_, [u8]> {
    let text = Some(value).filter(|value| memchr::memchr(b'&', value).is_some());
    let Some(text) = text.and_then(|value| std::str::from_utf8(value).ok()) else { return Cow::Borrowed(value) };
    let text = attribute_value(text);
    let mut pieces = text.split('&');
    let mut seen = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        seen.push_str(piece.split_once(';').map_or(piece, |(_, after)| after));
    }
    Cow::Owned(seen.into_bytes())
}

/// `password2`, `password_12`
fn without_numbering(name: &[u8]) -> &[u8] {
    let is_numbering = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    let length = name.iter().rposition(|byte| !is_numbering(byte)).map_or(0, |last| last + 1);
    name.get(..length).unwrap_or_default()
}

/// Whether a name, or its end from one of its words on, is similar to one of some names in lower case.
fn is_near(name: &str, secrets: &[(String, Letters)]) -> bool {
    let name = name.get(..without_numbering(name.as_bytes()).len()).unwrap_or_default();
    let secrets = || secrets.iter().map(|(name, letters)| Candidate { name, letters: *letters });
    words(name).any(|start| {
        let end = name.get(start..).unwrap_or_default();
        let end = end.to_ascii_lowercase();
        // Shorter names are not compared with any.
        end.len() >= 3 && !OTHER_WORDS.contains(&&*end) && nearest(&end, secrets()).is_some()
    })
}

/// The number of words of a name that are looked at, from its beginning.
const WORDS: usize = 32;

/// Where the first [`WORDS`] words of a name begin.
fn words(name: &str) -> impl Iterator<Item = usize> {
    let bytes = name.as_bytes();
    (0..bytes.len()).filter(move |at| begins_word(bytes, *at)).take(WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        /// The sieve rules out nothing that the comparison finds.
        #[test]
        fn no_name_of_a_secret_is_passed_over(
            name in prop::sample::select([CREDENTIALS, PARAMETERS, &["key2", "api.Token", "пароль"]].concat()),
            edits in prop::collection::vec((any::<prop::sample::Index>(), "[a-zA-Z0-9._éаοѕ-]?", any::<bool>()), 0..4),
            before in prop::sample::select(vec!["", "new-", "db", "x.y_", "a1"]),
            after in prop::sample::select(vec!["", "2", "_12", "-", "x"]),
            is_upper in any::<bool>(),
        ) {
            let mut name: Vec<char> = name.chars().collect();
            for (at, letter, replaces) in edits {
                let at = at.index(name.len().max(1));
                if replaces && at < name.len() {
                    name.remove(at);
                }
                name.splice(at..at, letter.chars());
            }
            let name = format!("{before}{}{after}", name.into_iter().collect::<String>());
            let name = if is_upper { name.to_uppercase() } else { name };
            for names in [CREDENTIALS, PARAMETERS, &["key2", "api.Token", "пароль"]] {
                let wanted = Wanted::new(names.iter().copied());
                let is_near = is_near(&name, &wanted.near);
                prop_assert!(!is_near || wanted.may_be_near(name.as_bytes()), "{}", name);
            }
        }
    }

    #[test]
    fn names_that_are_nearly_right_count() {
        let names = SecretNames::of_credentials();
        for name in [
            "password",
            "PASSWORD",
            "p:Password",
            "passwd",
            "pasword",
            "passwrod",
            "pass-word",
            "pass_word",
            "password2",
            "password_12",
            "Passwort",
            "newPassword",
            "db-password",
            "HTTP_AUTH_PASSWD",
            "dbPasswd",
            "\u{440}\u{430}\u{455}\u{455}w\u{43e}rd",
            "password\u{3000}",
            "pa\u{200b}ss\u{2060}wo\u{feff}rd",
        ] {
            assert!(names.are_of_element(name.as_bytes()), "{name}");
        }
        for name in ["login", "word", "password-type", "passwordless", "host", "migration_id", "status", "a", ""] {
            assert!(!names.are_of_pair(name.as_bytes()), "{name}");
        }
        for name in ["pass", "Pass", "user_pass", "DB-PASS", "smtpPass"] {
            assert!(names.are_of_element(name.as_bytes()) && names.are_of_pair(name.as_bytes()), "{name}");
        }
        for name in ["passport", "userPassport", "compass", "bypass", "first_pass", "boarding-pass", "passed", "passes"]
        {
            assert!(!names.are_of_element(name.as_bytes()) && !names.are_of_pair(name.as_bytes()), "{name}");
        }
        for name in ["X-Auth-Token", "AccessKeySecret", "authorization"] {
            assert!(names.are_of_element(name.as_bytes()), "{name}");
        }
        for name in ["x-acs-security-token", "Set-Cookie", "Proxy-Authorization", "TOKEN", "accessToken", "rootPwd"] {
            assert!(names.are_of_pair(name.as_bytes()) && names.are_of_element(name.as_bytes()), "{name}");
        }
        assert!(names.are_of_pair(b"Signature") && !names.are_of_element(b"Signature"));
        assert!(!names.are_of_pair(b"KEY") && names.are_of_element(b"KEY") && !names.are_of_element(b"Key"));
        for name in [
            "X-Api-Key",
            "api_key",
            "apiKey2",
            "sshPrivateKey",
            "AWS_SECRET_ACCESS_KEY",
            "Private-Token",
            "X-CSRF-Token",
            "otp",
            "smtp-passcode",
        ] {
            assert!(names.are_of_pair(name.as_bytes()) && names.are_of_element(name.as_bytes()), "{name}");
        }
        for name in ["X-Secret", "X-Vault-Ticket-Token", "nextToken"] {
            assert!(names.are_of_field(name.as_bytes()) && !names.are_of_element(name.as_bytes()), "{name}");
        }
        for name in
            ["primary_key", "publicKey", "key", "keys", "X-Secrets", "laptop", "nextToken", "app_key", "secret-name"]
        {
            assert!(!names.are_of_pair(name.as_bytes()) && !names.are_of_element(name.as_bytes()), "{name}");
        }
        for name in ["SignatureMethod", "SignatureVersion", "SignatureNonce", "SignatureType", "Action", "ProjectId"] {
            assert!(!names.are_of_pair(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn a_schema_knows_its_own_names() {
        let marked = MarkedNames::new(vec!["key".into(), "token".into()]);
        let names = SecretNames::new(&marked, &|name| matches!(name, "tokens" | "password" | "passport"));
        for (name, secret) in [
            ("key", true),
            ("KEY", true),
            ("keys", false),
            ("token", true),
            ("tokem", true),
            ("tokens", false),
            ("passport", false),
            // A name that is also that of a credential stays a secret.
            ("password", true),
        ] {
            assert_eq!(names.are_of_element(name.as_bytes()), secret, "{name}");
        }
    }
}
