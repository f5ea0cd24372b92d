//! The formats that results are written in.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{ArgAction, Args, ValueEnum};

use super::html::{self, Html};
use super::target::Target;
use super::text::{self, Style, Text};
use super::{Checked, Output, Tally, Trouble, Writer, annotations, json, sarif, xml};
use crate::input::unicode;
use crate::output::{is_on_github, stderr_style, stdout_style};

/// A form in which results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// A page for any browser, with the diagnostics by code
    Html,
    /// One line each: `path:line:column: CODE message`
    Concise,
    /// One JSON document
    Json,
    /// One JSON object per file, one line per object
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, one test case per file
    Junit,
    /// Annotations for GitHub Actions
    Github,
    /// GitLab code quality report
    Gitlab,
    /// Checkstyle XML
    Checkstyle,
    /// What `--baseline` reads
    #[value(skip)]
    Baseline,
}

/// Output in addition to the options of the results.
#[derive(Default, Clone, Copy)]
pub(crate) struct Extra<'e> {
    /// Formats that are used if the command line names none, each possibly with a file, and the folder that the file is
    /// relative to.
    pub(crate) formats: &'e [(&'e str, &'e Path)],
    /// The file that receives all diagnostics as known ones for the next run.
    pub(crate) baseline: Option<&'e Path>,
    /// What happens to documents. If they go to standard output, the text for people goes to standard error.
    pub(crate) documents: Documents,
}

/// What happens to documents apart from the results.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Documents {
    #[default]
    Nothing,
    /// They are written to standard output.
    Written,
    /// Patches are written there, and the results only list the fixes.
    Patched,
}

/// The entry of a file in a format.
pub(super) enum Piece {
    Text(text::Piece),
    Html(Box<html::Piece>),
    /// The text between the opening and the closing of a format; empty if the file has no entry.
    Entries(Vec<u8>),
}

impl Format {
    /// The names of the formats that can be requested.
    fn names() -> impl Iterator<Item = String> {
        Format::value_variants().iter().filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
    }

    pub(super) fn piece(self, checked: &Checked<'_>, style: Style) -> Piece {
        Piece::Entries(match self {
            Format::Text => return Piece::Text(text::Piece::of(checked, style)),
            Format::Html => return Piece::Html(Box::new(html::Piece::of(checked))),
            Format::Concise => annotations::concise(checked),
            Format::Json => (checked.object)().trim_ascii_end().to_vec(),
            Format::Jsonl => (checked.object)(),
            Format::Sarif => sarif::results(checked),
            Format::Junit => xml::test_case(checked),
            Format::Github => annotations::github(checked),
            Format::Gitlab => annotations::gitlab(checked),
            Format::Checkstyle => xml::file(checked),
            Format::Baseline => annotations::baseline(checked),
        })
    }

    /// Whether nothing is written for valid files without warnings.
    pub(super) fn leaves_out_spotless(self, is_verbose: bool) -> bool {
        match self {
            Format::Text | Format::Html => !is_verbose,
            Format::Json | Format::Jsonl | Format::Junit => false,
            Format::Concise | Format::Sarif | Format::Github | Format::Gitlab | Format::Checkstyle => true,
            Format::Baseline => true,
        }
    }

    /// The text before the first entry.
    pub(super) fn opening(self) -> &'static str {
        match self {
            Format::Text | Format::Html | Format::Concise | Format::Jsonl | Format::Github => "",
            Format::Json => json::OPENING,
            Format::Sarif => sarif::OPENING,
            Format::Junit => xml::TESTS_OPENING,
            Format::Gitlab => "[",
            Format::Checkstyle => xml::CHECKSTYLE_OPENING,
            Format::Baseline => "# Diagnostics that `packetcheck check --baseline` omits.\n",
        }
    }

    /// The text between two entries.
    pub(super) fn between(self) -> &'static str {
        match self {
            Format::Json | Format::Sarif | Format::Gitlab => ",\n",
            _ => "",
        }
    }

    /// The text after the last entry.
    pub(super) fn closing(self, tally: &Tally) -> Vec<u8> {
        match self {
            Format::Text | Format::Html | Format::Concise => Vec::new(),
            Format::Jsonl | Format::Github | Format::Baseline => Vec::new(),
            Format::Json => json::closing(tally),
            Format::Sarif => sarif::closing(tally),
            Format::Junit => xml::TESTS_CLOSING.into(),
            Format::Gitlab => b"]\n".into(),
            Format::Checkstyle => xml::CHECKSTYLE_CLOSING.into(),
        }
    }
}

/// How results are shown.
#[derive(Debug, Args)]
pub(crate) struct ResultArguments {
    /// How to show results, and where, if not on standard output, which has text by default: `--format sarif=out.sarif`. May be
    /// repeated. A file is written completely or not at all
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = Parser)]
    formats: Vec<Wanted>,

    /// Write to this file what would be written to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Also list valid documents, and all places of each diagnostic
    #[arg(long, short, conflicts_with = "quiet")]
    verbose: bool,

    /// Show only the closing line; given twice, only the exit status is set
    #[arg(long, short, action = ArgAction::Count)]
    quiet: u8,

    /// Show each diagnostic as it is found; otherwise the same one in many places is shown once, at the end
    #[arg(long)]
    no_group: bool,

    /// Count diagnostics by code and element
    #[arg(long)]
    statistics: bool,

    /// Show at most this many diagnostics in text and html, and count the others
    #[arg(long, value_name = "NUMBER")]
    max_diagnostics: Option<usize>,
}

/// How standard output is named where a file is expected.
const STDOUT: &str = "-";

/// A path in a form that can be compared with others.
fn normal(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// A format and the file that it goes to.
#[derive(Debug, Clone)]
struct Wanted {
    format: Format,
    file: Option<PathBuf>,
}

impl Wanted {
    const TEXT: Wanted = Wanted { format: Format::Text, file: None };

    /// `sarif=out.sarif`; without a file, or with `-`, it is for standard output.
    fn parse(text: &str) -> Result<Wanted, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file)).filter(|_| !matches!(file, "" | STDOUT))),
            None => (text, None),
        };
        let format = Format::from_str(name, false).map_err(|_| {
            let names: Vec<String> = Format::names().collect();
            format!("expected one of `{}`, found `{}`", names.join("`, `"), name.escape_debug())
        })?;
        Ok(Wanted { format, file })
    }
}

/// Reports an invalid format in a configuration.
pub(crate) fn check_format(text: &str) -> Result<(), String> {
    Wanted::parse(text).map(drop)
}

#[derive(Clone)]
struct Parser;

impl TypedValueParser for Parser {
    type Value = Wanted;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Wanted, clap::Error> {
        let text = StringValueParser::new().parse_ref(command, argument, value)?;
        Wanted::parse(&text).or_else(|_| {
            // The message lists the possible values.
            let name = text.split_once('=').map_or(text.as_str(), |(name, _)| name);
            let format = clap::value_parser!(Format).parse_ref(command, argument, name.as_ref())?;
            Ok(Wanted { format, file: None })
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Format::value_variants().iter().filter_map(Format::to_possible_value)))
    }
}

/// The number of different diagnostics shown in text by default: it bounds what is kept until the end.
const MOST_GROUPS: usize = 1000;

impl ResultArguments {
    pub(super) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// A writer for each format. The files are opened first, so that nothing is checked in vain.
    pub(super) fn writers(&self, extra: Extra<'_>, what: &'static str) -> Result<Vec<Writer>, Trouble> {
        let configured = |(text, folder): &(&str, &Path)| {
            let Wanted { format, file } = Wanted::parse(text)?;
            Ok(Wanted { format, file: file.map(|file| folder.join(file)) })
        };
        let configured = || extra.formats.iter().map(configured).collect::<Result<Vec<_>, String>>();
        let formats = match self.formats.as_slice() {
            [] => configured().map_err(Trouble::Message)?,
            formats => formats.to_vec(),
        };
        // If all formats go to files, standard output is left for the text.
        let is_shown = formats.iter().any(|wanted| wanted.file.is_none());
        let formats: Vec<Wanted> = formats.into_iter().chain((!is_shown).then_some(Wanted::TEXT)).collect();
        let to_stdout: Vec<&Wanted> = formats.iter().filter(|wanted| wanted.file.is_none()).collect();
        if let [first, second, ..] = to_stdout.as_slice() {
            let name = |wanted: &Wanted| wanted.format.to_possible_value().map(|value| value.get_name().to_owned());
            let names = [first, second].map(|wanted| name(wanted).unwrap_or_default());
            let message = format!(
                "expected one format on standard output, found `{}` and `{}`: write one to a file, `--format {}=FILE`",
                names[0], names[1], names[1]
            );
            return Err(Trouble::Message(message));
        }
        let files = formats.iter().filter_map(|wanted| wanted.file.as_deref()).chain(extra.baseline);
        let files: Vec<PathBuf> = files.chain(self.output.as_deref()).map(normal).collect();
        if let Some(twice) =
            files.iter().enumerate().find(|(at, file)| files.get(at + 1..).is_some_and(|rest| rest.contains(file)))
        {
            return Err(Trouble::Message(format!(
                "expected different files to write, found {} twice",
                unicode(twice.1)
            )));
        }
        let mut writers = Vec::new();
        for Wanted { format, file } in &formats {
            let file = file.as_ref().or(self.output.as_ref().filter(|file| file.as_os_str() != STDOUT));
            let (target, style) = match (file, extra.documents) {
                (Some(file), _) => (Target::file(file)?, Style::new(false).width(None)),
                (None, Documents::Nothing) => (Target::Stdout(Output::stdout()), stdout_style()),
                (None, _) if *format == Format::Text => (Target::Stderr, stderr_style()),
                (None, _) => {
                    let name = format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
                    let message = format!(
                        "expected a file for the format `{name}` (`--format {name}=FILE`), since the document goes to \
                         standard output"
                    );
                    return Err(Trouble::Message(message));
                }
            };
            let is_patched = extra.documents == Documents::Patched;
            writers.push(self.writer(*format, style, target, (what, is_patched)));
        }
        if let Some(file) = extra.baseline {
            writers.push(self.writer(Format::Baseline, Style::new(false), Target::file(file)?, (what, false)));
        }
        let is_annotated = formats.iter().any(|wanted| wanted.format == Format::Github);
        if is_on_github() && !is_annotated {
            writers.push(self.writer(Format::Github, Style::new(false), Target::Stderr, (what, false)));
        }
        Ok(writers)
    }

    fn writer(&self, format: Format, style: Style, target: Target, (what, is_patched): (&'static str, bool)) -> Writer {
        let choices = text::Choices {
            what,
            is_patched,
            style,
            is_verbose: self.verbose,
            quiet: self.quiet,
            is_grouped: !self.no_group,
            has_statistics: self.statistics,
            most: self.max_diagnostics.unwrap_or(if self.no_group { usize::MAX } else { MOST_GROUPS }),
        };
        Writer::new(format, style, target, Text::new(choices), Html::new(choices))
    }
}
