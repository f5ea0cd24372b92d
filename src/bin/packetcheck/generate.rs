//! `generate`: Rust types for a schema.

use std::path::Path;

use packetcheck::Schema;
use packetcheck::generate::{Generated, Generator};

use crate::args::GenerateArguments;
use crate::input::unicode;
use crate::output::{Output, complain};
use crate::plan::sources;
use crate::schema::show_warnings;
use crate::status::{Status, Trouble, plural, reason};

pub(crate) fn run(arguments: &GenerateArguments) -> Result<Status, Trouble> {
    if arguments.locations.rules {
        let message = "generated code runs the rules of a schema that asks for it: leave `--rules` out, and put \
            `<rules xmlns=\"urn:packetcheck\"/>` into an xs:appinfo of the schema";
        return Err(Trouble::Message(message.into()));
    }
    let schema = Schema::from_sources(&sources(&arguments.schemas, &arguments.locations));
    let schema = schema.map_err(|error| Trouble::Schema(Box::new(error)))?;
    show_warnings(&schema);
    let generator = arguments.roots.iter().fold(Generator::new(&schema), |generator, root| generator.root(root));
    let generator = if arguments.verdict_only { generator.verdict_only() } else { generator };
    let generator = if arguments.serde { generator.serde() } else { generator };
    let renames = arguments.renames.iter();
    let generator = renames.fold(generator, |generator, (name, wanted)| generator.rename(name, wanted));
    let generator = arguments.exact.iter().fold(generator, |generator, name| generator.exact_type(name));
    let generator = arguments.whole.iter().fold(generator, |generator, name| generator.whole_type(name));
    let open = arguments.non_exhaustive.iter();
    let generator = open.fold(generator, |generator, name| generator.non_exhaustive(name));
    let generator = arguments.few.iter().fold(generator, |generator, field| generator.few(field));
    let generated = generator.generate().map_err(|error| Trouble::Message(error.to_string()))?;
    match &arguments.folder {
        None => print(&generated.code),
        Some(folder) if arguments.check => Ok(compare(&generated, folder)),
        Some(folder) => write(&generated, folder),
    }
}

fn print(code: &str) -> Result<Status, Trouble> {
    let mut output = Output::stdout();
    output.write(code.as_bytes())?;
    output.finish()?;
    Ok(Status::Valid)
}

fn write(generated: &Generated, folder: &Path) -> Result<Status, Trouble> {
    let failed =
        |error: std::io::Error| Trouble::Message(format!("{}: cannot be written: {}", unicode(folder), reason(&error)));
    generated.write_to(folder).map_err(failed)?;
    let mut output = Output::stdout();
    let files = match generated.documents.len() {
        0 => "mod.rs".to_owned(),
        count => format!("mod.rs and {}", plural(count, "schema document")),
    };
    output.write(format!("{}: {files} written\n", unicode(folder)).as_bytes())?;
    output.finish()?;
    Ok(Status::Valid)
}

/// Compares the files with what would be written, and names all that differ.
fn compare(generated: &Generated, folder: &Path) -> Status {
    let mut status = Status::Valid;
    for (path, text) in generated.files() {
        let path = folder.join(path);
        let trouble = match std::fs::read(&path) {
            Ok(found) if found == text.as_bytes() => continue,
            Ok(_) => "is not what would be generated".to_owned(),
            Err(error) => format!("cannot be read: {}", reason(&error)),
        };
        complain(&format!("{}: {trouble}", unicode(&path)));
        status = Status::Invalid;
    }
    if status == Status::Invalid {
        complain("generate it again, without --check");
    }
    status
}
