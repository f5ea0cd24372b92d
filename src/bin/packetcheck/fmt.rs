//! `fmt`: reformats packets.

use std::sync::atomic::Ordering;

use packetcheck::diagnostic::render::visible;
use packetcheck::{FormatError, FormatOptions, Limits, PacketKind, Schema, Sources, format};

use crate::args::FmtArguments;
use crate::check::interruption;
use crate::config::{Configuration, Rules};
use crate::conversion::complain_of;
use crate::input::Source;
use crate::input::walk::{Endings, Found, NotChecked};
use crate::output::{Color, Output, complain, painted};
use crate::patch::{Differ, patch};
use crate::plan::{Basis, Configured, configured_rules, sources, unreadable};
use crate::results::replace_file;
use crate::schema::show_warnings;
use crate::status::{Status, Trouble, plural};

/// The file name extensions of documents that are formatted in folders.
const ENDINGS: Endings = &["xml", "json"];

pub(crate) fn run(arguments: &FmtArguments) -> Result<Status, Trouble> {
    let configuration = Configuration::find(&arguments.configuration)?;
    let limits = arguments.documents.limits_over(configuration.limits());
    let mode = Mode::of(arguments);
    let paths = arguments.input.paths()?;
    if mode == Mode::Print && (paths.len() > 1 || paths.iter().any(|path| path.is_dir())) {
        let why = "expected one file to write to standard output: several files need `--write`, `--check` or `--diff`";
        return Err(Trouble::Message(why.to_owned()));
    }
    let walked = arguments.input.walked_alone(ENDINGS, configuration.excluded()?)?;
    let mut run = Run {
        schemas: Schemas::new(arguments, &configuration, limits)?,
        options: FormatOptions::new().indent(arguments.indent).minify(arguments.minify),
        limits,
        mode,
        output: Output::stdout(),
        counts: Counts::default(),
    };
    // A file that has been begun is written completely. If results are only printed, the signal ends the process as
    // usual.
    let interrupted = if mode == Mode::Print { None } else { Some(interruption()) };
    for found in arguments.input.found(paths, &walked) {
        run.format_found(found)?;
        if interrupted.as_ref().is_some_and(|interrupted| interrupted.load(Ordering::Relaxed)) {
            return run.finish().and(Err(Trouble::Interrupted));
        }
    }
    run.finish()
}

/// What happens to a document after it was formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Print,
    Write,
    Check,
    Diff,
}

impl Mode {
    fn of(arguments: &FmtArguments) -> Mode {
        match arguments {
            FmtArguments { write: true, .. } => Mode::Write,
            FmtArguments { check: true, .. } => Mode::Check,
            FmtArguments { diff: true, .. } => Mode::Diff,
            _ => Mode::Print,
        }
    }
}

/// The schemas that determine which elements of a document hold text.
struct Schemas {
    /// The schema of the command line, for all documents. The configuration is then not used.
    given: Option<Schema>,
    rules: Rules,
    configured: Vec<Option<Schema>>,
}

impl Schemas {
    fn new(arguments: &FmtArguments, configuration: &Configuration, limits: Limits) -> Result<Schemas, Trouble> {
        let is_given = arguments.kind.is_some() || !arguments.schemas.is_empty();
        let given = match arguments.schemas.as_slice() {
            [] => arguments.kind.and_then(PacketKind::schema).cloned(),
            paths => Some(compiled(&sources(paths, &arguments.locations))?),
        };
        Ok(Schemas {
            given,
            rules: configuration.rules()?,
            configured: match is_given {
                true => Vec::new(),
                false => configured_rules(configuration, limits)?.into_iter().map(Configured::schema).collect(),
            },
        })
    }

    /// The schema of a document. Without one, the document is formatted by its own content.
    fn of(&self, source: &Source) -> Option<&Schema> {
        let configured = || self.configured.get(self.rules.position(source)?)?.as_ref();
        self.given.as_ref().or_else(configured)
    }
}

fn compiled(sources: &Sources) -> Result<Schema, Trouble> {
    let schema = Schema::from_sources(sources).map_err(|error| Trouble::Schema(Box::new(error)))?;
    show_warnings(&schema);
    Ok(schema)
}

struct Run {
    schemas: Schemas,
    options: FormatOptions,
    limits: Limits,
    mode: Mode,
    output: Output,
    counts: Counts,
}

/// The number of files for each outcome.
#[derive(Debug, Default)]
struct Counts {
    changed: usize,
    unchanged: usize,
    malformed: usize,
    unread: usize,
}

impl Run {
    fn format_found(&mut self, found: Found) -> Result<(), Trouble> {
        let source = match found {
            Ok(item) => item.source,
            Err((_, NotChecked::Skipped(_))) => return Ok(()),
            Err((source, NotChecked::Unreadable(why))) => return self.pass_over(&source, &why),
        };
        if self.mode == Mode::Write && source.is_stdin() {
            return self.pass_over(&source, "cannot be written: it is read from standard input");
        }
        if self.mode == Mode::Write && source.may_wait() {
            return self.pass_over(&source, "expected a file to write, found a pipe, a socket or a device");
        }
        if self.mode != Mode::Print && source.is_packed() {
            return self.pass_over(&source, "expected a file that is neither compressed nor an archive");
        }
        let document = match source.read(&self.limits) {
            Ok(document) => document,
            Err(why) => return self.pass_over(&source, &why),
        };
        let schema = self.schemas.of(&source);
        match format(&document, schema, &self.options, &self.limits) {
            Ok(formatted) => self.take(&source, &document, &formatted),
            Err(FormatError::Malformed(report)) => {
                if let Some(why) = unreadable(&report) {
                    return self.pass_over(&source, &why);
                }
                self.output.flush()?;
                self.counts.malformed += 1;
                complain_of(&source.name(), &document, &Basis::Xml, &report);
                Ok(())
            }
            Err(error) => self.pass_over(&source, &error.to_string()),
        }
    }

    fn take(&mut self, source: &Source, document: &[u8], formatted: &[u8]) -> Result<(), Trouble> {
        if self.mode == Mode::Print {
            self.counts.unchanged += 1;
            return self.output.write(formatted);
        }
        if document == formatted {
            self.counts.unchanged += 1;
            return Ok(());
        }
        match self.mode {
            Mode::Write => {
                if let Err(why) = replace_file(source.as_path(), formatted) {
                    return self.pass_over(source, &why);
                }
            }
            Mode::Diff => {
                let is_colored = self.output.is_colored();
                let patch = patch(&source.path(), document, formatted, Differ::InLayout, is_colored, &self.limits);
                self.output.write(&patch)?;
            }
            Mode::Check | Mode::Print => {
                let word = if self.output.is_colored() { Some(Color::Yellow) } else { None };
                let line = format!("{} {}\n", painted("would change", word), visible(&source.name()));
                self.output.write(line.as_bytes())?;
            }
        }
        self.counts.changed += 1;
        Ok(())
    }

    /// Reports why something is skipped.
    fn pass_over(&mut self, source: &Source, why: &str) -> Result<(), Trouble> {
        self.output.flush()?;
        self.counts.unread += 1;
        complain(&format!("{}: {why}", source.name()));
        Ok(())
    }

    /// Ends with a summary line, which goes to standard error after a patch.
    fn finish(mut self) -> Result<Status, Trouble> {
        let Counts { changed, unchanged, malformed, unread } = self.counts;
        let closing = closing(&self.counts, self.mode);
        match self.mode {
            Mode::Print => self.output.finish()?,
            Mode::Diff => {
                self.output.finish()?;
                crate::output::complain_plainly(closing.as_bytes());
            }
            Mode::Write | Mode::Check => {
                self.output.write(closing.as_bytes())?;
                self.output.finish()?;
            }
        }
        Ok(match self.mode {
            _ if unread > 0 || changed + unchanged + malformed == 0 => Status::Unchecked,
            _ if malformed > 0 => Status::Invalid,
            Mode::Check | Mode::Diff if changed > 0 => Status::Invalid,
            _ => Status::Valid,
        })
    }
}

/// `3 files: 1 would change, 1 unchanged, 1 malformed`
fn closing(counts: &Counts, mode: Mode) -> String {
    let Counts { changed, unchanged, malformed, unread } = *counts;
    let done = if mode == Mode::Write { "changed" } else { "would change" };
    let words = [(changed, done), (unchanged, "unchanged"), (malformed, "malformed"), (unread, "not formatted")];
    let parts = words.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let parts: Vec<String> = parts.collect();
    let files = plural(changed + unchanged + malformed + unread, "file");
    if parts.is_empty() { format!("{files}\n") } else { format!("{files}: {}\n", parts.join(", ")) }
}
