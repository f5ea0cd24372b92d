//! Requests made from named values.

use super::Request;
use crate::operation::{Draft, Parameter, ParameterForm, Template, TemplateError, Values};

/// `GetMigrationProcess`.
pub(crate) const TEMPLATES: &[Template] = &[Template {
    name: "request",
    description: "Ask how far an import is, as a query string or form body",
    details: "Whoever sends it adds the parameters that sign it.",
    has_body: true,
    examples: &[
        "--project-id 123456 --migration-id 7",
        "--project-id 123456 --migration-id 7 \\\n    --with Version=2020-05-18 --with Format=JSON",
    ],
    parameters: &[&[
        Parameter::text("project-id", "ID", "The workspace").of(ParameterForm::whole::<i64>()).required(),
        Parameter::text("migration-id", "ID", "The migration package, as CreateImportMigration answered it")
            .of(ParameterForm::whole::<i64>())
            .required(),
        Parameter::text(
            "with",
            "NAME=VALUE",
            "More parameters, such as Version=2020-05-18; they are escaped where necessary",
        )
        .of(ParameterForm::Checked(|text| parameter(text).map(drop)))
        .repeated(),
        Parameter::flag("post", "Put the parameters into the body of a POST, not into the query of a GET"),
    ]],
    make: request,
}];

fn request(values: &Values, endpoint: Option<&str>) -> Result<Draft, TemplateError> {
    let mut request = Request::new(values.parsed("project-id")?, values.parsed("migration-id")?);
    for text in values.all("with") {
        let (name, value) = parameter(text).map_err(TemplateError::of("with"))?;
        request = request.with(name, value);
    }
    Draft::new(request.encode()?.into_bytes(), endpoint, |endpoint| {
        Ok(if values.has("post") { request.to_http_form(endpoint) } else { request.to_http(endpoint) }?)
    })
}

/// `NAME=VALUE`.
fn parameter(text: &str) -> Result<(&str, &str), String> {
    text.split_once('=').ok_or_else(|| "expected a name, `=` and a value".to_owned())
}
