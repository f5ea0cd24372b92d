//! Requests made from named values.

use super::Request;
use super::parameters::VERSION;
use crate::operation::{Draft, Parameter, ParameterForm, Template, TemplateError, Values};

/// `GetMigrationProcess`.
pub(crate) const TEMPLATES: &[Template] = &[Template {
    name: "request",
    description: "Ask for the progress of an import, as a query string or form body",
    details: "The sender signs a request: a client adds the parameters of the signature, or they are given here.",
    has_body: true,
    examples: &[
        "--project-id 123456 --migration-id 7",
        "--project-id 123456 --migration-id 7 \\\n    --version 2020-05-18 --format JSON",
    ],
    parameters: &[&[
        Parameter::text("project-id", "ID", "The workspace").of(ParameterForm::whole::<i64>()).required(),
        Parameter::text("migration-id", "ID", "The migration package, as CreateImportMigration answered it")
            .of(ParameterForm::whole::<i64>())
            .required(),
        Parameter::text("region-id", "REGION", "The region, such as cn-shanghai"),
        Parameter::text("version", "DATE", "The version of the API").of(ParameterForm::Choice(&[VERSION])),
        Parameter::text("format", "FORMAT", "How the answer is written; XML if it is not given")
            .of(ParameterForm::Choice(&["JSON", "XML"])),
        Parameter::text("access-key-id", "FILE", "Whose key signs the request").of(ParameterForm::Secret),
        Parameter::text("timestamp", "TIME", "When it was signed, in UTC, such as 2024-05-01T12:00:00Z"),
        Parameter::text("signature-nonce", "TEXT", "A text that is unique to this request"),
        Parameter::text("signature-method", "METHOD", "How it was signed, such as HMAC-SHA1"),
        Parameter::text("signature-version", "VERSION", "The version of that, such as 1.0"),
        Parameter::text("signature-type", "TYPE", "What kind of key signed it"),
        Parameter::text("signature", "FILE", "The signature of all other parameters")
            .of(ParameterForm::Secret)
            .requires(&[
                "version",
                "access-key-id",
                "timestamp",
                "signature-nonce",
                "signature-method",
                "signature-version",
            ]),
        Parameter::text("with", "NAME=VALUE", "More parameters; they are escaped where necessary")
            .of(ParameterForm::Checked(|text| parameter(text).map(drop)))
            .repeated(),
        Parameter::flag("post", "Put the parameters into the body of a POST, not into the query of a GET"),
    ]],
    make: request,
}];

/// Options, and the parameters that they set, in the order in which they are written.
const OPTIONAL: &[(&str, &str)] = &[
    ("region-id", "RegionId"),
    ("version", "Version"),
    ("format", "Format"),
    ("access-key-id", "AccessKeyId"),
    ("timestamp", "Timestamp"),
    ("signature-nonce", "SignatureNonce"),
    ("signature-method", "SignatureMethod"),
    ("signature-version", "SignatureVersion"),
    ("signature-type", "SignatureType"),
    ("signature", "Signature"),
];

fn request(values: &Values, endpoint: Option<&str>) -> Result<Draft, TemplateError> {
    let mut request = Request::new(values.parsed("project-id")?, values.parsed("migration-id")?);
    for (option, name) in OPTIONAL {
        if let Some(value) = values.get(option) {
            request = request.with(*name, value);
        }
    }
    for text in values.all("with") {
        let (name, value) = parameter(text).map_err(TemplateError::of("with"))?;
        if request.get(name).is_some() {
            return Err(TemplateError::of("with")(format!("`{name}` is already set")));
        }
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

#[cfg(test)]
mod tests {
    use super::super::parameters::KNOWN;
    use super::*;

    #[test]
    fn every_parameter_that_is_known_has_an_option() {
        let written = |name: &str| {
            let always = Request::new(1, 2);
            always.get(name).is_some() || OPTIONAL.iter().any(|(_, written)| *written == name)
        };
        let without: Vec<&str> = KNOWN.iter().map(|(name, ..)| *name).filter(|name| !written(name)).collect();
        assert!(without.is_empty(), "{without:?}");
        let template = TEMPLATES.first().expect("there is one");
        for (option, name) in OPTIONAL {
            assert!(template.parameters().any(|parameter| parameter.name == *option), "{option}");
            assert!(KNOWN.iter().any(|(known, ..)| known == name), "{name}");
            // What a signature requires is requested by its option.
            let signature = template.parameters().find(|parameter| parameter.name == "signature").expect("it is there");
            let is_required = KNOWN.iter().any(|(known, _, is_signed)| known == name && *is_signed);
            assert_eq!(signature.requires.contains(option), is_required, "{option}");
        }
    }
}
