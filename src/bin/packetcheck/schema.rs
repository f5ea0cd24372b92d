//! `schema`: schemas that are checked, and those that are built in.

mod check;
mod folder;

use packetcheck::{PacketKind, Schema, SchemaError, Syntax};

use crate::args::{SchemaArguments, SchemaCommand};
use crate::output::{self, Output, complain_styled, is_stderr_colored};
use crate::status::{Status, Trouble, plural};

pub(crate) fn run(arguments: &SchemaArguments) -> Result<Status, Trouble> {
    let text = match &arguments.command {
        SchemaCommand::Check(arguments) => return check::run(arguments),
        SchemaCommand::Catalog(arguments) => return folder::catalog(arguments),
        SchemaCommand::List => list(),
        SchemaCommand::Show { kind, document } => show(*kind, document.as_deref())?.to_owned(),
    };
    let mut output = Output::stdout();
    output.write(text.as_bytes())?;
    output.finish()?;
    Ok(Status::Valid)
}

/// Says on standard error all that is wrong with a schema that packets were to be checked against.
pub(crate) fn complain(error: &SchemaError) {
    complain_styled(&check::faults(error.files(), false, is_stderr_colored()));
    for complaint in check::unreadable(error) {
        output::complain(&complaint);
    }
    if error.files().iter().any(|file| file.text().is_some()) {
        output::complain(&format!("the schema cannot be used: {}", plural(error.errors(), "error")));
    }
}

/// What is legal in a schema that packets are to be checked against, and surely not meant.
pub(crate) fn show_warnings(schema: &Schema) {
    complain_styled(&check::faults(schema.warnings(), false, is_stderr_colored()));
}

/// The same as errors. Whether there are any.
pub(crate) fn show_warnings_as_errors(schema: &Schema) -> bool {
    complain_styled(&check::faults(schema.warnings(), true, is_stderr_colored()));
    let count: usize = schema.warnings().iter().map(|file| file.report().warnings).sum();
    if count > 0 {
        output::complain(&format!("the schema is invalid with `--strict`: {}", plural(count, "error")));
    }
    count > 0
}

fn list() -> String {
    let width = PacketKind::ALL.iter().map(|kind| kind.name().len()).max().unwrap_or(0);
    let line = |kind: &PacketKind| {
        let documents: Vec<&str> = kind.schema_documents().iter().map(|(name, _)| *name).collect();
        let documents = match documents.is_empty() {
            true => format!("no schema: {}", without_schema(*kind)),
            false => documents.join(", "),
        };
        format!("{kind:width$}  {}\n{:width$}  {documents}\n", kind.description(), "")
    };
    PacketKind::ALL.iter().map(line).collect()
}

/// What packets of a kind are that no schema language describes.
fn without_schema(kind: PacketKind) -> &'static str {
    if kind.syntax() == Syntax::Head { "the head of an HTTP request" } else { "a query string" }
}

fn show(kind: PacketKind, document: Option<&str>) -> Result<&'static str, Trouble> {
    let documents = kind.schema_documents();
    if documents.is_empty() {
        let what = without_schema(kind);
        return Err(Trouble::Message(format!("`{kind}` has no schema: no schema language describes {what}")));
    }
    let found = match document {
        None => documents.first(),
        Some(document) => documents.iter().find(|(name, _)| *name == document),
    };
    found.map(|(_, text)| *text).ok_or_else(|| {
        let names: Vec<String> = documents.iter().map(|(name, _)| format!("`{name}`")).collect();
        let found = document.unwrap_or_default();
        Trouble::Message(format!("expected one of {} of the schema `{kind}`, found `{found}`", names.join(", ")))
    })
}
