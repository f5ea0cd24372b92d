//! Names of secrets.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::text::nearest::{Candidate, Letters, nearest};

/// Names of elements, attributes, members and parameters that hold credentials, whatever a schema says of them: a
/// packet may be given to any schema, or to none.
const CREDENTIALS: &[&str] = &["password", "passphrase", "pwd"];

/// Names of fields of HTTP heads, of parameters and members that hold credentials. An element may be called so for other
/// reasons (`Signature` of XML Signature).
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

/// Those of them that an element may have too, unless the schema knows it: `Signature` is one of XML Signature.
fn is_of_element(parameter: &str) -> bool {
    !matches!(parameter, "Signature" | "Cookie" | "Set-Cookie")
}

/// Names that are secrets only as they are: too many others are near to them.
const EXACT: &[&str] = &["token"];

/// Names of fields of HTTP heads alone: anything else may be called so. `KEY` is how Plesk takes a secret key.
const FIELDS: &[&str] = &["KEY"];

/// Elements of XSD, and of WSDL, that declare or define what they name.
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

/// The shortest name that is looked for where it is misspelt too: of shorter ones too many other names are near.
const SHORTEST: usize = 5;

/// Names that are remembered, and how long they are at most: documents have few names, many times.
const REMEMBERED: usize = 4096;
const LONGEST_REMEMBERED: usize = 128;

/// Decides which names in a document are those of secrets: the credentials, and what a schema marks, in any case and with
/// any prefix. A name that is nearly one of them counts too (`passwd`, `pass-word`), also with a number after it
/// (`password2`) or with words before it (`new-password`), unless the schema knows it as a name of its own.
pub(crate) struct SecretNames<'n> {
    marked: &'n [Box<str>],
    is_known: &'n dyn Fn(&str) -> bool,
    /// The document is a schema.
    declare: bool,
    /// Names that are where a secret was expected.
    in_place: Vec<String>,
    /// Those to be near to, in lower case.
    near_elements: Vec<(String, Letters)>,
    near_parameters: Vec<(String, Letters)>,
    /// Whether it is the name of a secret as that of an element or attribute, and as that of a parameter.
    remembered: [RefCell<HashMap<Box<[u8]>, bool>>; 2],
}

impl<'n> SecretNames<'n> {
    /// Those that a schema marks, beside the credentials; `is_known` tells which names it knows.
    pub(crate) fn new(marked: &'n [Box<str>], is_known: &'n dyn Fn(&str) -> bool) -> SecretNames<'n> {
        let lower = |name: &str| {
            let name = (name.len() >= SHORTEST).then(|| name.to_ascii_lowercase())?;
            let letters = Letters::of(&name);
            Some((name, letters))
        };
        let elements = marked.iter().map(|name| &**name).chain(CREDENTIALS.iter().copied());
        SecretNames {
            marked,
            is_known,
            declare: false,
            in_place: Vec::new(),
            near_elements: elements.filter_map(lower).collect(),
            near_parameters: PARAMETERS.iter().copied().filter_map(lower).collect(),
            remembered: Default::default(),
        }
    }

    /// Of a document without a schema.
    pub(crate) fn of_credentials() -> SecretNames<'static> {
        SecretNames::new(&[], &|_| false)
    }

    /// These, and names that a document has where a secret was expected, unless the schema knows them as names of their own.
    pub(super) fn with_found<'f>(&self, found: impl Iterator<Item = &'f str>) -> Option<SecretNames<'n>> {
        let in_place: Vec<String> = found.filter(|name| !self.is_known(name)).map(str::to_owned).collect();
        let (declare, base) = (self.declare, SecretNames::new(self.marked, self.is_known));
        (!in_place.is_empty()).then_some(SecretNames { declare, in_place, ..base })
    }

    /// Of a document that was given as a schema.
    pub(crate) fn of_schema_document(text: &str) -> SecretNames<'static> {
        // An attribute `name` of a packet names a secret; that of a schema declares something. WSDL has schemas in it.
        let root = text.split('<').find(|tag| tag.starts_with(|first: char| first.is_alphabetic() || first == '_'));
        let name = root.and_then(|tag| tag.split(|end: char| end.is_whitespace() || matches!(end, '>' | '/')).next());
        let local = name.and_then(|name| name.rsplit(':').next());
        SecretNames { declare: matches!(local, Some("schema" | "definitions")), ..SecretNames::of_credentials() }
    }

    /// Whether an element declares what it names, as `<xs:element name="password" type="xs:string"/>` does.
    pub(super) fn are_declared_by(&self, element: &[u8]) -> bool {
        let local = element.rsplit(|byte| *byte == b':').next().unwrap_or(element);
        self.declare && DECLARATIONS.iter().any(|declaration| declaration.as_bytes() == local)
    }

    pub(super) fn is_known(&self, name: &str) -> bool {
        (self.is_known)(name)
    }

    /// Whether a path leads to such an element, or into one.
    pub(crate) fn are_in_path(&self, path: &str) -> bool {
        path.split('/').any(|step| self.are_of_element(step.as_bytes()))
    }

    /// Whether an element or an attribute of this name holds a secret.
    pub(super) fn are_of_element(&self, name: &[u8]) -> bool {
        self.judge(name, 0, |name| {
            let marked = self.marked.iter().map(|name| &**name);
            let elements = marked.chain(CREDENTIALS.iter().copied()).chain(self.in_place.iter().map(String::as_str));
            let is_parameter = || {
                let mut parameters = PARAMETERS.iter().filter(|parameter| is_of_element(parameter));
                parameters.any(|parameter| parameter.eq_ignore_ascii_case(name)) && !self.is_known(name)
            };
            self.are(name, elements, &self.near_elements) || is_parameter()
        })
    }

    /// Whether a member, a parameter or a field of a head of this name does.
    pub(crate) fn are_of_pair(&self, name: &[u8]) -> bool {
        self.are_of_element(name) || self.are_of_parameter(name)
    }

    /// Whether it is the name of a parameter or a field, and not just that of any member.
    pub(super) fn are_of_parameter(&self, name: &[u8]) -> bool {
        self.judge(name, 1, |name| {
            let parameters = PARAMETERS.iter().chain(EXACT).copied();
            self.are(name, parameters, &self.near_parameters)
        })
    }

    /// Whether a field of an HTTP head of this name does.
    pub(crate) fn are_of_field(&self, name: &[u8]) -> bool {
        FIELDS.iter().any(|field| field.as_bytes().eq_ignore_ascii_case(name)) || self.are_of_pair(name)
    }

    fn are<'a>(&self, name: &str, mut secrets: impl Iterator<Item = &'a str>, near: &[(String, Letters)]) -> bool {
        secrets.any(|secret| secret.eq_ignore_ascii_case(name)) || is_near(name, near) && !self.is_known(name)
    }

    /// What is decided of a name without its prefix, or was before.
    fn judge(&self, name: &[u8], place: usize, decide: impl FnOnce(&str) -> bool) -> bool {
        let local = name.rsplit(|byte| *byte == b':').next().unwrap_or(name);
        if local.len() < 3 && !self.marked.iter().any(|marked| marked.len() < 3) {
            return false;
        }
        let [elements, pairs] = &self.remembered;
        let remembered = if place == 0 { elements } else { pairs };
        if let Some(is_secret) = remembered.borrow().get(local) {
            return *is_secret;
        }
        let is_secret = decide(&String::from_utf8_lossy(local));
        let mut remembered = remembered.borrow_mut();
        if remembered.len() < REMEMBERED && local.len() <= LONGEST_REMEMBERED {
            remembered.insert(local.into(), is_secret);
        }
        is_secret
    }
}

/// Whether a name, or the end of it from one of its words on, is near to one of some names in lower case.
fn is_near(name: &str, secrets: &[(String, Letters)]) -> bool {
    let is_numbering = |character: char| character.is_ascii_digit() || matches!(character, '-' | '_' | '.');
    let name = name.trim_end_matches(is_numbering);
    let secrets = || secrets.iter().map(|(name, letters)| Candidate { name, letters: *letters });
    words(name).any(|start| {
        let end = name.get(start..).unwrap_or_default();
        // A shorter one is not compared with any.
        end.len() >= 3 && nearest(&end.to_ascii_lowercase(), secrets()).is_some()
    })
}

/// So many words of a name are looked at, from its beginning.
const WORDS: usize = 32;

/// Where the words of a name begin: behind `-`, `_` and `.`, and at capital letters.
fn words(name: &str) -> impl Iterator<Item = usize> {
    let bytes = name.as_bytes();
    let begins = move |at: &usize| {
        let is_upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
        let is_lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
        match at.checked_sub(1) {
            None => true,
            Some(before) => {
                let separated = bytes.get(before).is_some_and(|byte| matches!(byte, b'-' | b'_' | b'.'));
                separated || (is_upper(*at) && (!is_upper(before) || is_lower(at + 1)))
            }
        }
    };
    (0..bytes.len()).filter(begins).take(WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert!(names.are_of_element(name.as_bytes()), "{name}");
        }
        for name in
            ["login", "word", "pass", "password-type", "passwordless", "host", "migration_id", "status", "a", ""]
        {
            assert!(!names.are_of_pair(name.as_bytes()), "{name}");
        }
        for name in ["X-Auth-Token", "AccessKeySecret", "authorization"] {
            assert!(names.are_of_element(name.as_bytes()), "{name}");
        }
        for name in ["x-acs-security-token", "Signature", "Set-Cookie", "Proxy-Authorization", "TOKEN"] {
            assert!(names.are_of_pair(name.as_bytes()) && !names.are_of_element(name.as_bytes()), "{name}");
        }
        for name in ["SignatureMethod", "SignatureVersion", "SignatureNonce", "SignatureType", "Action", "ProjectId"] {
            assert!(!names.are_of_pair(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn a_schema_knows_its_own_names() {
        let marked = ["key".into(), "token".into()];
        let names = SecretNames::new(&marked, &|name| matches!(name, "tokens" | "password" | "passport"));
        for (name, secret) in [
            ("key", true),
            ("KEY", true),
            ("keys", false),
            ("token", true),
            ("tokem", true),
            ("tokens", false),
            ("passport", false),
            // One that is a credential's stays one.
            ("password", true),
        ] {
            assert_eq!(names.are_of_element(name.as_bytes()), secret, "{name}");
        }
    }
}
