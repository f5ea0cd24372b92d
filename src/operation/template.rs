//! Requests made from a few named values: what a form or a command line asks for, and what is made of it.
//!
//! Each kind of packet has its templates in its entry of the table of kinds. The command turns their parameters into
//! options.

use std::fmt;

use http::Request;

use crate::Error;

/// An operation, as a request made from named values.
///
/// ```
/// use packetcheck::PacketKind;
/// use packetcheck::operation::Values;
///
/// let template = PacketKind::PleskRequest.template("get-status").expect("an operation");
/// assert_eq!(template.parameters().next().map(|parameter| parameter.name), Some("id"));
///
/// let draft = template.make(&Values::new().with("id", "24175"), None)?;
/// assert!(draft.body.ends_with(b"<migration_id>24175</migration_id></get_status></migration></packet>"));
/// # Ok::<(), packetcheck::operation::TemplateError>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Template {
    /// The name of the operation: `get-status`.
    pub name: &'static str,
    /// What the request does, in one line.
    pub description: &'static str,
    /// What else the sender has to know; usually empty.
    pub details: &'static str,
    /// Whether the request has a body.
    pub has_body: bool,
    /// Examples of what follows the name on a command line.
    pub examples: &'static [&'static str],
    /// Its own parameters, and those that it shares with other operations.
    pub(crate) parameters: &'static [&'static [Parameter]],
    pub(crate) make: fn(&Values, Option<&str>) -> Result<Draft, TemplateError>,
}

/// A value that a request is made from.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name: `target-owner`.
    pub name: &'static str,
    /// A word for its value: `NAME`.
    pub value_name: &'static str,
    /// Its meaning, in one sentence.
    pub description: &'static str,
    /// The form of its value.
    pub form: ParameterForm,
    /// When it is required.
    pub presence: Presence,
    /// Whether it may be given several times.
    pub is_repeated: bool,
    /// Whether it is the subject of the operation, which a command line gives without its name.
    pub is_operand: bool,
    /// Parameters that are required with it.
    pub requires: &'static [&'static str],
    /// Parameters that are not allowed with it.
    pub excludes: &'static [&'static str],
}

/// The form of a parameter's value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum ParameterForm {
    /// Any text.
    Text,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A text that this function accepts.
    Checked(fn(&str) -> Result<(), String>),
    /// No value: it is present or not.
    Flag,
    /// A text of many lines, which a command reads from a file.
    Document,
    /// A text that must not be shown, in the body.
    Secret,
    /// A text that must not be shown, in this field of the head.
    Credential(&'static str),
}

/// When a parameter is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Presence {
    /// Never.
    Optional,
    /// Always.
    Required,
    /// Only if the whole HTTP request is made, not just its body.
    InMessage,
    /// Exactly one of all parameters with this presence is required.
    OneOf,
}

/// Values by the names of parameters. [`fmt::Debug`] shows only the names, since some values are secrets.
#[derive(Clone, Default)]
pub struct Values(Vec<(String, String)>);

/// The result of a template.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Draft {
    /// Just the body.
    pub body: Vec<u8>,
    /// The request that a client sends, if an endpoint was given.
    pub request: Option<Request<Vec<u8>>>,
}

/// Why nothing was made.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The template has no such parameter.
    #[error("unknown parameter `{0}`")]
    Unknown(String),
    /// Parameters are missing: all of one of these lists are required.
    #[error("missing {}", alternatives(.0, str::to_owned))]
    Missing(Vec<Vec<&'static str>>),
    /// The value of a parameter cannot be in the request.
    #[error("{name}: {why}")]
    Parameter {
        /// The name of the parameter.
        name: &'static str,
        /// What was expected, and what was found.
        why: String,
    },
    /// The request would be invalid.
    #[error(transparent)]
    Request(#[from] Error),
}

/// Lists of names, one of which is required, in words.
fn alternatives(lists: &[Vec<&'static str>], shown: impl Fn(&str) -> String) -> String {
    let list = |list: &Vec<&'static str>| {
        let names: Vec<String> = list.iter().map(|name| format!("`{}`", shown(name))).collect();
        match names.as_slice() {
            [names @ .., last] if !names.is_empty() => format!("{} and {last}", names.join(", ")),
            names => names.concat(),
        }
    };
    lists.iter().map(list).collect::<Vec<_>>().join(", or ")
}

impl Template {
    /// Its parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.parameters.iter().copied().flatten()
    }

    /// Makes the body, and with an endpoint (`https://service.example.com`, or just the host) the request.
    ///
    /// # Errors
    ///
    /// A parameter is unknown, missing or outside its limits, the request would be invalid, or the endpoint is.
    pub fn make(&self, values: &Values, endpoint: Option<&str>) -> Result<Draft, TemplateError> {
        if let Some((name, _)) = values.0.iter().find(|(name, _)| !self.parameters().any(|known| known.name == name)) {
            return Err(TemplateError::Unknown(name.clone()));
        }
        let is_there = |parameter: &&Parameter| values.has(parameter.name);
        let is_alternative = |parameter: &&Parameter| parameter.presence == Presence::OneOf;
        let is_needed = |parameter: &&Parameter| match parameter.presence {
            Presence::Required => true,
            Presence::InMessage => endpoint.is_some(),
            Presence::Optional | Presence::OneOf => false,
        };
        let missing = self.parameters().filter(is_needed).filter(|parameter| !is_there(parameter));
        let missing: Vec<&'static str> = missing.map(|parameter| parameter.name).collect();
        if !missing.is_empty() {
            return Err(TemplateError::Missing(vec![missing]));
        }
        self.parameters().try_for_each(|parameter| parameter.check(values))?;
        if self.parameters().any(|parameter| is_alternative(&parameter)) {
            let mut given = self.parameters().filter(is_alternative).filter(is_there);
            match (given.next(), given.next()) {
                (None, _) => {
                    let names = self.parameters().filter(is_alternative).map(|parameter| vec![parameter.name]);
                    return Err(TemplateError::Missing(names.collect()));
                }
                (Some(first), Some(second)) => return Err(excluded(second.name, first.name)),
                (Some(_), None) => {}
            }
        }
        (self.make)(values, endpoint)
    }
}

fn excluded(name: &'static str, other: &str) -> TemplateError {
    TemplateError::Parameter { name, why: format!("cannot be combined with `{other}`") }
}

impl Parameter {
    /// An optional parameter with a text.
    pub(crate) const fn text(name: &'static str, value_name: &'static str, description: &'static str) -> Parameter {
        Parameter {
            name,
            value_name,
            description,
            form: ParameterForm::Text,
            presence: Presence::Optional,
            is_repeated: false,
            is_operand: false,
            requires: &[],
            excludes: &[],
        }
    }

    /// A parameter that is present or not.
    pub(crate) const fn flag(name: &'static str, description: &'static str) -> Parameter {
        Parameter::text(name, "", description).of(ParameterForm::Flag)
    }

    /// Sets the form.
    pub(crate) const fn of(self, form: ParameterForm) -> Parameter {
        Parameter { form, ..self }
    }

    /// Makes the parameter required.
    pub(crate) const fn required(self) -> Parameter {
        Parameter { presence: Presence::Required, ..self }
    }

    /// Makes the parameter required in a whole request.
    pub(crate) const fn in_message(self) -> Parameter {
        Parameter { presence: Presence::InMessage, ..self }
    }

    /// Makes the parameter one of several, exactly one of which is required.
    pub(crate) const fn one_of(self) -> Parameter {
        Parameter { presence: Presence::OneOf, ..self }
    }

    /// Makes the parameter repeatable.
    pub(crate) const fn repeated(self) -> Parameter {
        Parameter { is_repeated: true, ..self }
    }

    /// Makes the parameter the subject of the operation.
    pub(crate) const fn operand(self) -> Parameter {
        Parameter { is_operand: true, ..self }
    }

    /// Sets the parameters that it requires.
    pub(crate) const fn requires(self, requires: &'static [&'static str]) -> Parameter {
        Parameter { requires, ..self }
    }

    /// Sets the parameters that it excludes.
    pub(crate) const fn excludes(self, excludes: &'static [&'static str]) -> Parameter {
        Parameter { excludes, ..self }
    }

    /// Checks whether its values are valid, and what it requires is present.
    fn check(&self, values: &Values) -> Result<(), TemplateError> {
        let mut given = values.all(self.name);
        let Some(first) = given.next() else { return Ok(()) };
        let refused = |why| TemplateError::Parameter { name: self.name, why };
        if !self.is_repeated && given.next().is_some() {
            return Err(refused("expected one value, found several".to_owned()));
        }
        let missing: Vec<&'static str> = self.requires.iter().copied().filter(|name| !values.has(name)).collect();
        if !missing.is_empty() {
            return Err(TemplateError::Missing(vec![missing]));
        }
        if let Some(other) = self.excludes.iter().find(|name| values.has(name)) {
            return Err(excluded(self.name, other));
        }
        match self.form {
            ParameterForm::Choice(choices) if !choices.contains(&first) => {
                let first = first.escape_debug();
                Err(refused(format!("expected one of `{}`, found `{first}`", choices.join("`, `"))))
            }
            ParameterForm::Checked(check) => values.all(self.name).try_for_each(check).map_err(refused),
            _ => Ok(()),
        }
    }
}

impl ParameterForm {
    /// A whole number that fits into its type.
    pub(crate) const fn whole<T: std::str::FromStr<Err = std::num::ParseIntError>>() -> ParameterForm {
        ParameterForm::Checked(|text| text.parse::<T>().map(drop).map_err(|error| error.to_string()))
    }

    /// A number, with or without a point.
    pub(crate) const fn number() -> ParameterForm {
        ParameterForm::Checked(|text| match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(()),
            _ => Err("expected a number".to_owned()),
        })
    }
}

impl Values {
    /// No values.
    pub fn new() -> Values {
        Values::default()
    }

    /// Adds a value; for a flag its text is ignored.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Values {
        self.0.push((name.into(), value.into()));
        self
    }

    /// Whether a parameter is present.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The first value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a parameter.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| &**value)
    }

    /// The value of a required parameter; empty if it is missing.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// A value parsed as a type.
    pub(crate) fn parsed<T: std::str::FromStr<Err: fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<T, TemplateError> {
        self.text(name).parse().map_err(TemplateError::of(name))
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Draft {
    /// A body, and the request around it if there is an endpoint.
    pub(crate) fn new(
        body: Vec<u8>,
        endpoint: Option<&str>,
        request: impl FnOnce(&str) -> Result<Request<Vec<u8>>, TemplateError>,
    ) -> Result<Draft, TemplateError> {
        let request = endpoint.map(request).transpose()?;
        Ok(Draft { body, request })
    }
}

impl TemplateError {
    /// Why the value of a parameter cannot be in the request.
    pub(crate) fn of<E: fmt::Display>(name: &'static str) -> impl Fn(E) -> TemplateError {
        move |why| TemplateError::Parameter { name, why: why.to_string() }
    }

    /// The message, with parameters named as `shown` gives them.
    pub fn in_words(&self, shown: impl Fn(&str) -> String) -> String {
        match self {
            TemplateError::Missing(lists) => format!("missing {}", alternatives(lists, shown)),
            TemplateError::Parameter { name, why } => format!("{}: {why}", shown(name)),
            other => other.to_string(),
        }
    }
}
