//! `convert`: converts many documents to JSON and back, each to its own file.

mod names;

use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;

use packetcheck::Limits;
use packetcheck::diagnostic::render::visible;

use crate::args::{ConvertArguments, JsonFormat};
use crate::check::interruption;
use crate::config::{Configuration, Rules};
use crate::conversion::{Conversion, Converted, Refusal, Written};
use crate::input::walk::{Endings, Found, NotChecked};
use crate::input::{STDIN, Source, unicode};
use crate::output::{Output, complain, complain_styled};
use crate::plan::configured_rules;
use crate::results::Target;
use crate::status::{Status, Trouble, plural, reason};
use names::{Form, JsonFile, Names};

/// The file name extensions of documents that are converted in folders.
const ENDINGS: Endings = &["xml", "json", "jsonl"];

pub(crate) fn run(arguments: &ConvertArguments) -> Result<Status, Trouble> {
    let format = arguments.format;
    if arguments.records.is_some() && format != JsonFormat::Jsonl {
        return Err(Trouble::Message("records are written one per line: `--path` needs `--format jsonl`".to_owned()));
    }
    let configuration = Configuration::find(&arguments.configuration)?;
    let limits = arguments.documents.limits_over(configuration.limits());
    let paths = arguments.input.paths()?;
    let walked = arguments.input.walked_alone(ENDINGS, configuration.excluded()?)?;
    let is_stdin = paths.iter().all(|path| path.as_os_str() == STDIN);
    let is_printed = match &arguments.out {
        Some(folder) => folder.as_os_str() == STDIN,
        None => is_stdin,
    };
    let mut run = Run {
        arguments,
        conversions: Conversions::new(arguments, &configuration, limits)?,
        names: Names::new(arguments.out.as_deref().filter(|_| !is_printed), &paths),
        limits,
        output: Output::stdout(),
        is_printed,
        counts: Counts::default(),
    };
    // A file that has been begun is written completely. If results are only printed, the signal ends the process as
    // usual.
    let interrupted = if is_printed { None } else { Some(interruption()) };
    for found in arguments.input.found(paths, &walked) {
        run.convert_found(found)?;
        if interrupted.as_ref().is_some_and(|interrupted| interrupted.load(Ordering::Relaxed)) {
            return run.finish().and(Err(Trouble::Interrupted));
        }
    }
    run.finish()
}

/// The conversion of each document.
struct Conversions {
    given: Conversion,
    rules: Rules,
    /// The conversions of the configuration, which apply if the command line has none.
    configured: Vec<Conversion>,
}

impl Conversions {
    fn new(
        arguments: &ConvertArguments,
        configuration: &Configuration,
        limits: Limits,
    ) -> Result<Conversions, Trouble> {
        let mapping = &arguments.mapping;
        let is_given = mapping.kind.is_some() || !mapping.schemas.is_empty();
        let configured = match is_given {
            true => Vec::new(),
            false => configured_rules(configuration, limits)?,
        };
        Ok(Conversions {
            given: Conversion::new(mapping.kind, &mapping.schemas, &mapping.locations, limits)?,
            rules: configuration.rules()?,
            configured: configured.into_iter().map(|rule| Conversion::configured(rule, limits)).collect(),
        })
    }

    fn of(&self, source: &Source) -> &Conversion {
        let configured = || self.configured.get(self.rules.position(source)?);
        if self.configured.is_empty() { &self.given } else { configured().unwrap_or(&self.given) }
    }
}

struct Run<'a> {
    arguments: &'a ConvertArguments,
    conversions: Conversions,
    names: Names,
    limits: Limits,
    output: Output,
    /// Whether results go to standard output.
    is_printed: bool,
    counts: Counts,
}

/// The number of files for each outcome.
#[derive(Debug, Default)]
struct Counts {
    converted: usize,
    invalid: usize,
    unread: usize,
}

impl Run<'_> {
    fn convert_found(&mut self, found: Found) -> Result<(), Trouble> {
        let source = match found {
            Ok(item) if self.names.is_result(&item.source) => return Ok(()),
            Ok(item) => item.source,
            Err((_, NotChecked::Skipped(_))) => return Ok(()),
            Err((source, NotChecked::Unreadable(why))) => return self.pass_over(&source, &why),
        };
        let document = match source.read(&self.limits) {
            Ok(document) => document,
            Err(why) => return self.pass_over(&source, &why),
        };
        let conversion = self.conversions.of(&source);
        let form = self.form(conversion, &source, &document);
        let job = Job { conversion, arguments: self.arguments, name: source.name(), document: &document, form };
        if self.is_printed {
            let mut writer = Writer { write: &mut |bytes| self.output.write(bytes), trouble: None };
            let outcome = job.print(&mut writer);
            writer.trouble.map_or(Ok(()), Err)?;
            return self.count(outcome).map(drop);
        }
        if source.is_stdin() && self.arguments.out.is_none() {
            return self.pass_over(&source, "expected `--out` where files and standard input are converted together");
        }
        let path = match self.names.of(&source, form, self.arguments.force) {
            Ok(path) => path,
            Err(why) => return self.pass_over(&source, &why),
        };
        match job.write(source.as_path(), &path, self.arguments.force) {
            Ok(outcome) => {
                if self.count(outcome)? {
                    let line = format!("{} -> {}", source.name(), unicode(&path));
                    self.output.write(format!("{}\n", visible(&line)).as_bytes())?;
                    self.names.take(path);
                }
                Ok(())
            }
            Err(Trouble::Message(why)) => {
                self.output.flush()?;
                self.counts.unread += 1;
                complain(&why);
                Ok(())
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// The form that a document is converted to. The extensions `.json` and `.jsonl` show that it is JSON, and whether
    /// it is one document or many.
    fn form(&self, conversion: &Conversion, source: &Source, document: &[u8]) -> Form {
        let is_markup = || matches!(document.trim_ascii_start().first(), Some(b'<'));
        let named = JsonFile::named(source.as_path());
        let is_json = conversion.is_json(document) || named.is_some() && !is_markup();
        match (is_json, named, self.arguments.format) {
            (false, _, JsonFormat::Json) => Form::Json,
            (false, _, JsonFormat::Jsonl) => Form::JsonLines,
            (true, Some(JsonFile::Document), _) | (true, None, JsonFormat::Json) => Form::Document,
            (true, Some(JsonFile::Lines), _) | (true, None, JsonFormat::Jsonl) => Form::DocumentLines,
        }
    }

    /// Shows the messages about a document and counts it. Returns whether it was converted.
    fn count(&mut self, outcome: Outcome) -> Result<bool, Trouble> {
        let Outcome { remarks, refusals } = outcome;
        if !remarks.is_empty() || !refusals.is_empty() {
            self.output.flush()?;
        }
        remarks.iter().for_each(|remarks| complain_styled(remarks));
        let mut status = Status::Valid;
        for refusal in refusals {
            status = status.max(refusal.show()?);
        }
        match status {
            Status::Valid => self.counts.converted += 1,
            Status::Invalid => self.counts.invalid += 1,
            Status::Unchecked => self.counts.unread += 1,
        }
        Ok(status == Status::Valid)
    }

    /// Reports why something is skipped.
    fn pass_over(&mut self, source: &Source, why: &str) -> Result<(), Trouble> {
        self.count(Outcome::of(Refusal::Unread(format!("{}: {why}", source.name())))).map(drop)
    }

    /// Ends with a summary line, if results are in files.
    fn finish(mut self) -> Result<Status, Trouble> {
        let Counts { converted, invalid, unread } = self.counts;
        if !self.is_printed {
            let words = [(converted, "converted"), (invalid, "invalid"), (unread, "not converted")];
            let parts = words.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
            let parts: Vec<String> = parts.collect();
            let files = plural(converted + invalid + unread, "file");
            self.output.write(format!("{files}: {}\n", parts.join(", ")).as_bytes())?;
        }
        self.output.finish()?;
        Ok(match () {
            () if unread > 0 || converted + invalid == 0 => Status::Unchecked,
            () if invalid > 0 => Status::Invalid,
            () => Status::Valid,
        })
    }
}

/// A document that is converted.
struct Job<'j> {
    conversion: &'j Conversion,
    arguments: &'j ConvertArguments,
    name: String,
    document: &'j [u8],
    form: Form,
}

/// The messages about a document. If it is refused, nothing is made from it.
#[derive(Default)]
struct Outcome {
    remarks: Vec<String>,
    refusals: Vec<Refusal>,
}

impl Outcome {
    fn of(refusal: Refusal) -> Outcome {
        Outcome { remarks: Vec::new(), refusals: vec![refusal] }
    }

    /// Takes the result for a part of a document, and returns the converted bytes.
    fn take(&mut self, result: Result<Converted, Refusal>) -> Vec<u8> {
        match result {
            Ok(Converted { bytes, remarks }) => {
                self.remarks.extend(remarks);
                bytes
            }
            Err(refusal) => {
                self.refusals.push(refusal);
                Vec::new()
            }
        }
    }
}

impl Job<'_> {
    /// Writes to standard output. Records are written as they come, since their document is valid.
    fn print(&self, writer: &mut Writer<'_>) -> Outcome {
        if self.arguments.records.is_some() {
            return self.convert(writer);
        }
        let mut made = Vec::new();
        let outcome = self.convert(&mut made);
        if outcome.refusals.is_empty() {
            // The writer keeps any error.
            let _ = io::Write::write_all(writer, &made);
        }
        outcome
    }

    /// Writes to a file, which appears only when it is complete.
    fn write(&self, source: &Path, path: &Path, replaces: bool) -> Result<Outcome, Trouble> {
        if let Some(folder) = path.parent() {
            let why =
                |error: io::Error| Trouble::Message(format!("cannot make {}: {}", unicode(folder), reason(&error)));
            std::fs::create_dir_all(folder).map_err(why)?;
        }
        let target = Target::made_of(path, source)?;
        let mut target = if replaces { target } else { target.if_new() };
        let mut writer = Writer { write: &mut |bytes| target.write(bytes), trouble: None };
        let outcome = self.convert(&mut writer);
        writer.trouble.map_or(Ok(()), Err)?;
        if outcome.refusals.is_empty() {
            target.finish()?;
        }
        Ok(outcome)
    }

    fn convert(&self, writer: &mut dyn io::Write) -> Outcome {
        let Job { conversion, arguments, name, document, form } = self;
        let mut outcome = Outcome::default();
        // The writer keeps any error.
        let mut write = |bytes: Vec<u8>| drop(writer.write_all(&bytes));
        match (form, &arguments.records) {
            (Form::Json | Form::JsonLines, None) => {
                let is_pretty = *form == Form::Json && !arguments.minify;
                write(outcome.take(conversion.to_json(name, document, is_pretty)));
            }
            (Form::Document | Form::DocumentLines, None) => {
                if let Some(kind) = conversion.has_no_other_form(document) {
                    let why = format!("{name}: a packet of the kind `{kind}` is JSON and has no other form");
                    return Outcome::of(Refusal::Unread(why));
                }
                let written = Written {
                    root: arguments.mapping.root.as_deref(),
                    json: false,
                    pretty: !arguments.minify,
                    lines: *form == Form::DocumentLines,
                };
                let each = |result| {
                    write(outcome.take(result));
                    Ok(())
                };
                // No error here ends the run.
                let _ = conversion.for_each_document(name, document, &written, each);
            }
            (Form::Json | Form::JsonLines, Some(path)) => {
                match conversion.write_records(name, document, path, writer) {
                    Ok(remarks) => outcome.remarks.extend(remarks),
                    Err(refusal) => outcome.refusals.push(refusal),
                }
            }
            (Form::Document | Form::DocumentLines, Some(_)) => {
                let why = format!("{name}: records are taken from documents in XML, found JSON");
                outcome.refusals.push(Refusal::Unread(why));
            }
        }
        outcome
    }
}

/// Writes by calling a function, and keeps any error.
struct Writer<'w> {
    write: &'w mut dyn FnMut(&[u8]) -> Result<(), Trouble>,
    trouble: Option<Trouble>,
}

impl io::Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.write)(bytes).map_err(|trouble| {
            self.trouble.get_or_insert(trouble);
            io::Error::other("the result cannot be written")
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
