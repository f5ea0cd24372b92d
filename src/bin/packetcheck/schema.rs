//! `schema`: checks schemas, and lists or shows the built-in ones.

mod check;
mod folder;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use packetcheck::{PacketKind, Schema, SchemaError, Syntax};

use crate::args::{SchemaArguments, SchemaCommand};
use crate::output::{self, Output, complain_styled, stderr_style};
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

/// Reports on standard error all errors in a schema that packets were to be checked against.
pub(crate) fn complain(error: &SchemaError) {
    complain_styled(&check::faults(error.files(), false, stderr_style()));
    for complaint in check::unreadable(error) {
        output::complain(&complaint);
    }
    if error.files().iter().any(|file| file.text().is_some()) {
        output::complain(&format!("the schema cannot be used: {}", plural(error.errors(), "error")));
    }
}

/// Reports what is legal in such a schema but surely not intended.
pub(crate) fn show_warnings(schema: &Schema) {
    complain_styled(&check::faults(schema.warnings(), false, stderr_style()));
}

/// The warnings about all schemas that documents are checked against, each shown once however many documents name it.
pub(crate) struct Warnings {
    /// Whether warnings count as errors.
    strict: bool,
    shown: Mutex<HashSet<String>>,
    is_refused: AtomicBool,
}

impl Warnings {
    pub(crate) fn new(strict: bool) -> Warnings {
        Warnings { strict, shown: Mutex::default(), is_refused: AtomicBool::new(false) }
    }

    /// Shows the warnings about a schema that have not been shown yet.
    pub(crate) fn show(&self, schema: &Schema) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let mut count = 0;
        for file in schema.warnings() {
            let text = check::faults(std::slice::from_ref(file), self.strict, stderr_style());
            if shown.insert(format!("{} {text}", file.path())) {
                complain_styled(&text);
                count += file.report().warnings;
            }
        }
        if self.strict && count > 0 {
            output::complain(&format!("the schema is invalid with `--strict`: {}", plural(count, "error")));
            self.is_refused.store(true, Ordering::Relaxed);
        }
    }

    /// Invalid, if any warnings count as errors.
    pub(crate) fn status(&self) -> Status {
        if self.is_refused.load(Ordering::Relaxed) { Status::Invalid } else { Status::Valid }
    }
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

/// What packets of a kind are if no schema language describes them.
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
