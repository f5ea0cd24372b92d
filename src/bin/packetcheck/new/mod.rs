//! `new`: writes a packet from a few arguments. The table of kinds lists the packets and their parameters.

mod file;
mod message;

use std::path::PathBuf;

use packetcheck::operation::{Parameter, ParameterForm, TemplateError, Values};

use crate::args::new::{MessageForm, NewArguments, option};
use crate::input::Source;
use crate::status::{Status, Trouble};

use message::Outgoing;

/// A placeholder for a credential in a command, which names a file or a variable instead.
const IN_COMMAND: &str = "unused";

pub(crate) fn run(arguments: NewArguments) -> Result<Status, Trouble> {
    let NewArguments { kind, template, message, .. } = &arguments;
    if !template.has_body && message.form == MessageForm::Body {
        return Err(Trouble::Message("this request has no body: `--form http` writes all of it".to_owned()));
    }
    let values = arguments.values()?;
    let endpoint = message.endpoint.as_deref().filter(|_| message.form != MessageForm::Body);
    let draft = template.make(&values, endpoint).map_err(|error| arguments.refused(&error))?;
    Outgoing { kind: *kind, message, files: arguments.credential_files() }.print(draft)
}

impl NewArguments {
    /// The values of the parameters.
    fn values(&self) -> Result<Values, Trouble> {
        let mut values = Values::new();
        for parameter in self.template.parameters() {
            match parameter.form {
                ParameterForm::Flag if self.typed.get_flag(parameter.name) => values = values.with(parameter.name, ""),
                ParameterForm::Flag => {}
                ParameterForm::Credential(_) if self.message.form == MessageForm::Curl => {
                    if self.is_in_command(parameter) {
                        values = values.with(parameter.name, IN_COMMAND);
                    }
                }
                ParameterForm::Credential(_) | ParameterForm::Secret => {
                    if let Some(path) = self.path(parameter) {
                        values = values.with(parameter.name, file::read(path)?);
                    }
                }
                ParameterForm::Document => {
                    if let Some(path) = self.path(parameter) {
                        values = values.with(parameter.name, file::read_text(path)?);
                    }
                }
                _ => {
                    for value in self.typed.get_many::<String>(parameter.name).into_iter().flatten() {
                        values = values.with(parameter.name, value);
                    }
                }
            }
        }
        Ok(values)
    }

    /// The file given for a parameter.
    fn path(&self, parameter: &Parameter) -> Option<&PathBuf> {
        self.typed.get_one(parameter.name)
    }

    /// Whether a shell command contains a credential: from a given file, or from a variable if no other credential
    /// replaces it.
    fn is_in_command(&self, parameter: &Parameter) -> bool {
        let takes_its_place = |other: &'static Parameter| {
            self.path(other).is_some() && (excludes(other, parameter) || excludes(parameter, other))
        };
        let is_given = self.path(parameter).is_some();
        // If none of several exclusive credentials is given, the first one is used.
        let comes_first = |other: &'static Parameter| !excludes(parameter, other);
        is_given || self.credentials().all(|other| comes_first(other) && !takes_its_place(other))
    }

    fn credentials(&self) -> impl Iterator<Item = &'static Parameter> {
        self.template.parameters().filter(|parameter| matches!(parameter.form, ParameterForm::Credential(_)))
    }

    /// Where the shell finds credentials: the names of fields, and the files.
    fn credential_files(&self) -> Vec<(&'static str, PathBuf)> {
        let file = |parameter: &'static Parameter| match parameter.form {
            ParameterForm::Credential(field) => Some((field, self.path(parameter)?.clone())),
            _ => None,
        };
        self.credentials().filter_map(file).collect()
    }

    /// Why nothing was written, with parameters named as on the command line.
    fn refused(&self, error: &TemplateError) -> Trouble {
        let parameter = |name: &str| self.template.parameters().find(|parameter| parameter.name == name);
        Trouble::Message(error.in_words(|name| match parameter(name) {
            Some(parameter) if matches!(parameter.form, ParameterForm::Document) => {
                self.path(parameter).map_or_else(String::new, |path| Source::named(path).name())
            }
            Some(parameter) => format!("--{}", option(parameter)),
            None => name.to_owned(),
        }))
    }
}

fn excludes(parameter: &Parameter, other: &Parameter) -> bool {
    parameter.excludes.contains(&other.name)
}
