//! Writes a request as a `curl` command line.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderMap, Method, Request};

use super::WriteError;
use super::wire::{check_framing, has_body, host_of, without_user, written};
use crate::diagnostic::secret::{SecretNames, masked};

/// Writes a request as a `curl` command line for a POSIX shell. It never contains a credential: a field, or a parameter
/// of the query, that holds one refers to a shell variable named after it (`$X_AUTH_TOKEN`), unless a file or another
/// variable is given for it. Values put into a query must already be escaped.
///
/// ```
/// use packetcheck::http::CurlCommand;
///
/// let request = http::Request::get("https://sms.example.com/v3/tasks/1").header("X-Auth-Token", "secret").body(b"")?;
/// let command = CurlCommand::new().with_file("X-Auth-Token", "token.txt").write(&request)?;
/// assert_eq!(command, "curl 'https://sms.example.com/v3/tasks/1' \\\n  -H \"X-Auth-Token: $(cat 'token.txt')\"\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct CurlCommand {
    /// By the names of fields and parameters.
    sources: Vec<(String, Source)>,
    /// The file that holds the body.
    body: Option<String>,
}

/// Where the shell finds a credential.
#[derive(Debug, Clone)]
enum Source {
    Variable(String),
    File(String),
}

/// The name of the source for the user in a URL, with the password.
const USER: &str = "Url-User";

impl CurlCommand {
    /// Without files, and with variables named after the fields.
    pub fn new() -> CurlCommand {
        CurlCommand::default()
    }

    /// Takes the value of this field or parameter from a shell variable.
    pub fn with_variable(mut self, field: impl Into<String>, variable: impl Into<String>) -> CurlCommand {
        self.sources.push((field.into(), Source::Variable(variable.into())));
        self
    }

    /// Takes the value of this field or parameter from this file, without line breaks at its end.
    pub fn with_file(mut self, field: impl Into<String>, path: impl Into<String>) -> CurlCommand {
        self.sources.push((field.into(), Source::File(path.into())));
        self
    }

    /// Takes the body from this file; needed if the body holds credentials, or is not text.
    pub fn with_body_file(mut self, path: impl Into<String>) -> CurlCommand {
        self.body = Some(path.into());
        self
    }

    /// The command line, with a line break after each part.
    ///
    /// # Errors
    ///
    /// The request has no host, its fields contradict its body, or its body cannot be in a command and no file is
    /// given.
    pub fn write<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<String, WriteError> {
        let body = request.body().as_ref();
        check_framing(request.headers(), body)?;
        let mut parts = vec![self.url(request)?];
        let has_data = !body.is_empty() || self.body.is_some() || has_body(request.method());
        match (request.method(), has_data) {
            (&Method::GET, false) | (&Method::POST, true) => {}
            (&Method::HEAD, false) => parts.push("--head".to_owned()),
            (method, _) => parts.push(format!("-X {}", quoted(method.as_str()))),
        }
        if request.uri().authority().is_some_and(|authority| authority.as_str().contains('@')) {
            parts.push(format!("--user \"{}\"", self.reference(USER)?));
        }
        self.fields(request.headers(), has_data, &mut parts)?;
        if has_data {
            parts.push(self.data(request.headers(), body)?);
        }
        Ok(format!("curl {}\n", parts.join(" \\\n  ")))
    }

    /// The URL, without a user; `curl` would take braces and brackets for patterns.
    fn url<B>(&self, request: &Request<B>) -> Result<String, WriteError> {
        let uri = request.uri();
        let host = match uri.authority() {
            Some(authority) => without_user(authority),
            None => host_of(request)?,
        };
        let scheme = uri.scheme_str().unwrap_or("https");
        let path = if uri.path().is_empty() { "/" } else { uri.path() };
        let mut url = Quoted::new(&format!("{scheme}://{host}{path}"));
        for (index, parameter) in uri.query().into_iter().flat_map(|query| query.split('&')).enumerate() {
            url.push(if index == 0 { "?" } else { "&" });
            match parameter.split_once('=').filter(|(name, _)| is_secret(name)) {
                Some((name, _)) => {
                    url.push(name);
                    url.push("=");
                    url.refer(&self.reference(name)?);
                }
                None => url.push(parameter),
            }
        }
        let is_pattern = url.text.contains(['[', ']', '{', '}']);
        Ok(format!("{}{}", if is_pattern { "--globoff " } else { "" }, url.finish()))
    }

    fn fields(&self, headers: &HeaderMap, has_data: bool, parts: &mut Vec<String>) -> Result<(), WriteError> {
        for (name, value) in headers.iter().filter(|(name, _)| ![HOST, CONTENT_LENGTH].contains(name)) {
            let name = written(name);
            if value.is_sensitive() || is_secret(&name) {
                parts.push(format!("-H \"{name}: {}\"", self.reference(&name)?));
                continue;
            }
            let text = std::str::from_utf8(value.as_bytes()).map_err(|_| WriteError::FieldNotUtf8(name.clone()))?;
            // To `curl`, a semicolon means an empty value.
            let field = if text.is_empty() { format!("{name};") } else { format!("{name}: {text}") };
            parts.push(format!("-H {}", quoted(&field)));
        }
        if has_data && !headers.contains_key(CONTENT_TYPE) {
            // Otherwise `curl` declares the body as a form.
            parts.push("-H 'Content-Type:'".to_owned());
        }
        Ok(())
    }

    fn data(&self, headers: &HeaderMap, body: &[u8]) -> Result<String, WriteError> {
        if let Some(path) = &self.body {
            return Ok(format!("--data-binary {}", quoted(&format!("@{path}"))));
        }
        let text = std::str::from_utf8(body).ok().filter(|text| !text.contains('\0')).ok_or(WriteError::BinaryBody)?;
        let secrets = headers.iter().filter(|(name, value)| value.is_sensitive() || is_secret(name.as_str()));
        let repeats = |value: &[u8]| value.len() >= REPEATED && memchr::memmem::find(body, value).is_some();
        if masked(text) != text || secrets.into_iter().any(|(_, value)| repeats(value.as_bytes())) {
            return Err(WriteError::SecretBody);
        }
        Ok(format!("--data-raw {}", quoted(text)))
    }

    /// The reference of the shell to a credential, between double quotes.
    fn reference(&self, name: &str) -> Result<String, WriteError> {
        match self.sources.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            None => Ok(format!("${}", variable_of(name))),
            Some((_, Source::Variable(variable))) if is_variable(variable) => Ok(format!("${variable}")),
            Some((_, Source::Variable(variable))) => Err(WriteError::NotAVariable(variable.clone())),
            Some((_, Source::File(path))) => {
                // `cat` would take it for an option, or for standard input.
                let path = if path.starts_with('-') { format!("./{path}") } else { path.clone() };
                Ok(format!("$(cat {})", quoted(&path)))
            }
        }
    }
}

/// A credential of at least this length is searched for in the body too.
const REPEATED: usize = 8;

fn is_secret(name: &str) -> bool {
    SecretNames::of_credentials().are_of_field(name.as_bytes())
}

/// `X_AUTH_TOKEN` for `X-Auth-Token`, `ACCESS_KEY_ID` for `AccessKeyId`.
fn variable_of(name: &str) -> String {
    let mut variable = String::new();
    let mut was_lower = false;
    for letter in name.chars() {
        if was_lower && letter.is_ascii_uppercase() {
            variable.push('_');
        }
        was_lower = letter.is_ascii_lowercase();
        variable.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' });
    }
    variable
}

fn is_variable(name: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && name.chars().all(is_part)
}

/// In single quotes, between which no character is special (POSIX, Shell Command Language, section 2.2.2).
fn quoted(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_uppercase();
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// A word of the command that may refer to variables, and is then in double quotes (section 2.2.3).
struct Quoted {
    text: String,
    /// The same between double quotes.
    double: String,
    refers: bool,
}

impl Quoted {
    fn new(text: &str) -> Quoted {
        let mut quoted = Quoted { text: String::new(), double: String::new(), refers: false };
        quoted.push(text);
        quoted
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        for letter in text.chars() {
            if matches!(letter, '$' | '`' | '"' | '\\') {
                self.double.push('\\');
            }
            self.double.push(letter);
        }
    }

    fn refer(&mut self, reference: &str) {
        self.refers = true;
        self.double.push_str(reference);
    }

    fn finish(self) -> String {
        if self.refers { format!("\"{}\"", self.double) } else { quoted(&self.text) }
    }
}
