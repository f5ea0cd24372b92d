//! Requests.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{parameters, query};
use crate::diagnostic::Report;
use crate::diagnostic::secret::SecretNames;
use crate::{Error, Limits, json};

/// A request: its parameters, in order, as in a query string or a form body.
///
/// A value is a list of any parameters; whether it is valid is checked when it is read or written. With serde it is a
/// map of strings.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request<'a> {
    /// All parameters, including common and unknown ones.
    pub parameters: Vec<Parameter<'a>>,
}

/// A parameter, with its escapes resolved. Borrows if nothing is escaped. [`fmt::Debug`] masks the values of
/// credentials, such as `AccessKeyId` and `Signature`.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameter<'a> {
    /// Its name, case-sensitive.
    pub name: Cow<'a, str>,
    /// Its value; empty if there is none.
    pub value: Cow<'a, str>,
}

/// The format of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// XML, the default.
    Xml,
    /// JSON.
    Json,
}

impl<'a> Request<'a> {
    /// The operation, as in the parameter `Action`.
    pub(crate) const ACTION: &'static str = "GetMigrationProcess";

    /// Asks about the progress of importing a migration package (`CreateImportMigration` returned its identifier) into
    /// a workspace.
    ///
    /// ```
    /// let query = packetcheck::dataworks::Request::new(1, 2).with("Version", "2020-05-18").encode()?;
    /// assert_eq!(query, "Action=GetMigrationProcess&ProjectId=1&MigrationId=2&Version=2020-05-18");
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn new(project_id: i64, migration_id: i64) -> Request<'a> {
        Request::default()
            .with("Action", Request::ACTION)
            .with("ProjectId", project_id.to_string())
            .with("MigrationId", migration_id.to_string())
    }

    /// The same request with a parameter: replaces its value if it is there, otherwise adds it at the end.
    pub fn with(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Request<'a> {
        let (name, value) = (name.into(), value.into());
        match self.parameters.iter_mut().find(|parameter| parameter.name == name) {
            Some(parameter) => parameter.value = value,
            None => self.parameters.push(Parameter { name, value }),
        }
        self
    }

    /// Reads a request from a full URL, just its query (with or without the `?`), or a form body. Only the query of a
    /// URL is kept. Texts borrow from `bytes`, unless something in them is escaped.
    ///
    /// ```
    /// use packetcheck::dataworks::Request;
    ///
    /// let request = Request::decode(b"https://dataworks.cn-hangzhou.aliyuncs.com/?Action=GetMigrationProcess&ProjectId=1&MigrationId=2")?;
    /// assert_eq!((request.project_id(), request.get("MigrationId")), (Some(1), Some("2")));
    /// let error = Request::decode(b"Action=GetMigrationProcess&ProjectId=one&MigrationId=2").unwrap_err();
    /// assert_eq!(error.report().map(|report| &*report.diagnostics[0].path), Some("ProjectId"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The request is invalid: [`Error::report`] has the diagnostics.
    pub fn decode(bytes: &'a [u8]) -> Result<Request<'a>, Error> {
        Request::decode_limited(bytes, &Limits::default())
    }

    /// As [`decode`](Self::decode), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Request::decode`].
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<Request<'a>, Error> {
        let (parameters, report) = parameters::read(bytes, limits);
        if report.is_valid() { Ok(Request { parameters }) } else { Err(Error::invalid(report, bytes)) }
    }

    /// Reads a request from JSON, as serde writes it: a member for each parameter. Whether it is valid is checked when
    /// it is written.
    ///
    /// ```
    /// let request = packetcheck::dataworks::Request::decode_json(br#"{"Action": "GetMigrationProcess"}"#)?;
    /// assert_eq!(request.get("Action"), Some("GetMigrationProcess"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Each value that no parameter can have, with its place: see [`Error::report`].
    pub fn decode_json(bytes: &'a [u8]) -> Result<Request<'a>, Error> {
        Request::decode_json_limited(bytes, &Limits::default())
    }

    /// As [`decode_json`](Self::decode_json), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Request::decode_json`].
    pub fn decode_json_limited(bytes: &'a [u8], limits: &Limits) -> Result<Request<'a>, Error> {
        json::from_slice(bytes, limits)
    }

    /// The parameters that can be read, whatever else is wrong.
    pub(crate) fn decode_leniently(bytes: &'a [u8], limits: &Limits) -> Request<'a> {
        Request { parameters: parameters::read(bytes, limits).0 }
    }

    /// Every error and warning in a request, with its place. The path of a diagnostic is the parameter's name.
    pub fn explain(bytes: &[u8], limits: &Limits) -> Report {
        parameters::read(bytes, limits).1
    }

    /// Every error and warning in the values of a request, which are JSON.
    pub(crate) fn explain_json(bytes: &[u8], limits: &Limits) -> Report {
        parameters::explain_json(bytes, limits)
    }

    /// The request as a query without the `?`, which is a form body too. Everything except letters, digits, `-`, `_`,
    /// `.` and `~` is escaped, as signing requires.
    ///
    /// # Errors
    ///
    /// The request would be invalid: nothing invalid is ever written.
    pub fn encode(&self) -> Result<String, Error> {
        let mut text = String::new();
        for Parameter { name, value } in &self.parameters {
            query::push(&mut text, name, value);
        }
        let report = Request::explain(text.as_bytes(), &Limits::default());
        if report.is_valid() { Ok(text) } else { Err(Error::invalid(report, text.as_bytes())) }
    }

    /// The value of a parameter, if present.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|parameter| parameter.name == name).map(|parameter| &*parameter.value)
    }

    /// The requested format of the answer, or the documented default, XML. (Pages of some other products give JSON as
    /// the default.) `None` if the request has another value, which is invalid.
    pub fn format(&self) -> Option<Format> {
        match self.get("Format") {
            None => Some(Format::Xml),
            Some(format) if format.eq_ignore_ascii_case("XML") => Some(Format::Xml),
            Some(format) if format.eq_ignore_ascii_case("JSON") => Some(Format::Json),
            Some(_) => None,
        }
    }

    /// The workspace. Always present in a request that was read.
    pub fn project_id(&self) -> Option<i64> {
        parameters::long(self.get("ProjectId")?)
    }

    /// The migration package. Always present in a request that was read.
    pub fn migration_id(&self) -> Option<i64> {
        parameters::long(self.get("MigrationId")?)
    }

    /// The same request, owning its texts.
    pub fn into_owned(self) -> Request<'static> {
        let owned = |Parameter { name, value }: Parameter<'_>| Parameter {
            name: name.into_owned().into(),
            value: value.into_owned().into(),
        };
        Request { parameters: self.parameters.into_iter().map(owned).collect() }
    }
}

impl fmt::Debug for Request<'_> {
    /// As a map, which is easiest to read.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Request ")?;
        formatter
            .debug_map()
            .entries(self.parameters.iter().map(|parameter| (&parameter.name, parameter.shown())))
            .finish()
    }
}

impl Parameter<'_> {
    /// The value, if it may be shown.
    fn shown(&self) -> &str {
        if SecretNames::of_credentials().are_of_pair(self.name.as_bytes()) { "***" } else { &self.value }
    }
}

impl fmt::Debug for Parameter<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Parameter").field("name", &self.name).field("value", &self.shown()).finish()
    }
}

impl Serialize for Request<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.parameters.iter().map(|parameter| (&parameter.name, &parameter.value)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Request<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RequestVisitor)
    }
}

struct RequestVisitor;

impl<'de> Visitor<'de> for RequestVisitor {
    type Value = Request<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of parameters")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Request<'de>, A::Error> {
        let mut parameters = Vec::new();
        while let Some((Word(name), Word(value))) = map.next_entry()? {
            parameters.push(Parameter { name, value });
        }
        Ok(Request { parameters })
    }
}

/// A text that borrows if possible, or a number, as identifiers are often written.
struct Word<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Word<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Word<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string or an integer")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Word<'de>, E> {
        Ok(Word(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Word<'de>, E> {
        Ok(Word(text.to_owned().into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Word<'de>, E> {
        Ok(Word(number.to_string().into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Word<'de>, E> {
        Ok(Word(number.to_string().into()))
    }
}
