//! `packetcheck.toml`: which files of a repository are checked, and how.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::overrides::{Override, OverrideBuilder};
use packetcheck::diagnostic::{Code, LineColumn, LineIndex, Severity};
use packetcheck::{Limits, PacketKind};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::args::{ConfigArguments, ConfigCommand, ConfigurationArguments, LocationArguments};
use crate::input::{Source, unicode};
use crate::output::Output;
use crate::results::check_format;
use crate::status::{Status, Trouble, reason};

/// The name of the file.
const NAME: &str = "packetcheck.toml";

/// The file, and what `packetcheck config show` writes.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Configuration {
    /// The folder of the file, which its paths and globs are relative to.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
    /// The file itself, to report positions in it.
    #[serde(skip)]
    origin: Option<Origin>,
    /// As `--exclude`, relative to the folder.
    exclude: Vec<Spanned<String>>,
    /// As `--strict`.
    pub(crate) strict: bool,
    /// As `--allow-doctype`.
    pub(crate) allow_doctype: bool,
    /// As `--format`.
    format: Vec<Spanned<String>>,
    /// As `--baseline`.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Spanned<PathBuf>>,
    /// As `--limit`.
    limits: BTreeMap<Spanned<String>, usize>,
    /// The severities of diagnostics, by code.
    severity: BTreeMap<Spanned<String>, Level>,
    /// What files are, by their names: the first entry that matches applies.
    pub(crate) files: Vec<Files>,
}

/// The configuration file as it was read.
#[derive(Debug)]
struct Origin {
    path: PathBuf,
    text: String,
}

/// A severity, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Error,
    Warning,
    Off,
}

impl Level {
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Level::Error => Some(Severity::Error),
            Level::Warning => Some(Severity::Warning),
            Level::Off => None,
        }
    }
}

/// Files of one kind or schema.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Files {
    /// Files whose paths match one of these globs.
    glob: Spanned<Vec<Spanned<String>>>,
    /// As `--as`.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Spanned<String>>,
    /// As `--schema`.
    #[serde(default)]
    schema: Vec<Spanned<PathBuf>>,
    /// As `--map`.
    #[serde(default)]
    pub(crate) map: BTreeMap<String, PathBuf>,
    /// As `--catalog`.
    #[serde(default)]
    pub(crate) catalog: Vec<PathBuf>,
    /// As `--folder`.
    #[serde(default)]
    pub(crate) folder: Vec<PathBuf>,
    /// As `--rules`.
    #[serde(default)]
    pub(crate) rules: bool,
}

/// An error in the file.
struct Fault {
    /// The bytes that it is about.
    span: Range<usize>,
    why: String,
}

impl Fault {
    fn at<T>(place: &Spanned<T>, why: impl ToString) -> Fault {
        Fault { span: place.span(), why: why.to_string() }
    }
}

impl Configuration {
    /// Reads the named file, or else the first one found from the current folder upwards.
    pub(crate) fn find(arguments: &ConfigurationArguments) -> Result<Configuration, Trouble> {
        let path = Configuration::file(arguments);
        path.map_or_else(|| Ok(Configuration::default()), |path| Configuration::read(&path))
    }

    pub(crate) fn read(path: &Path) -> Result<Configuration, Trouble> {
        let trouble = |why: &str| Trouble::Message(format!("{}: {}", unicode(path), why.trim_end()));
        let text = std::fs::read_to_string(path).map_err(|error| trouble(&reason(&error)))?;
        let at = |start: usize, why: &str| {
            let place = LineIndex::new(text.as_bytes()).line_column(start);
            Trouble::Message(format!("{}:{}:{}: {}", unicode(path), place.line, place.column, why.trim_end()))
        };
        // The line itself is not shown: another file with secrets in it may have been passed.
        let mut configuration: Configuration =
            toml::from_str(&text).map_err(|error| at(error.span().map_or(0, |span| span.start), error.message()))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        configuration.folder = folder.canonicalize().unwrap_or(folder);
        configuration.examine().map_err(|Fault { span, why }| at(span.start, &why))?;
        configuration.origin = Some(Origin { path: path.to_owned(), text });
        Ok(configuration)
    }

    /// Checks what the types of the members do not express.
    fn examine(&self) -> Result<(), Fault> {
        for glob in &self.exclude {
            let mut builder = OverrideBuilder::new(&self.folder);
            let built = builder.add(&excluding(glob.get_ref())).and_then(|builder| builder.build());
            built.map_err(|error| Fault::at(glob, format!("`exclude`: {}", glob_fault(&error))))?;
        }
        for format in &self.format {
            check_format(format.get_ref()).map_err(|why| Fault::at(format, format!("`format`: {why}")))?;
        }
        for (name, value) in &self.limits {
            Limits::default().set(name.get_ref(), *value).map_err(|error| Fault::at(name, error))?;
        }
        for (code, level) in &self.severity {
            let name = code.get_ref();
            if Code::parse(name).is_none() {
                let why = format!("expected a code such as `PC0502` in `severity`, found `{}`", name.escape_debug());
                return Err(Fault::at(code, why));
            }
            // The rest of a document after such an error is not checked, so its validity is unknown.
            if *level != Level::Error && (name.starts_with("PC01") || name.starts_with("PC06")) {
                let why = format!("`{name}` is always an error: what comes after it is not checked");
                return Err(Fault::at(code, why));
            }
        }
        self.files.iter().try_for_each(Files::examine)
    }

    /// A path in the file.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The paths of all schemas in the configuration.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = PathBuf> {
        self.files.iter().flat_map(|files| &files.schema).map(|path| self.path(path.get_ref()))
    }

    /// The path of the baseline in the configuration.
    pub(crate) fn baseline(&self) -> Option<PathBuf> {
        self.baseline.as_ref().map(|path| self.path(path.get_ref()))
    }

    /// Checks that the baseline in the configuration can be read. Without it, known diagnostics would be reported as
    /// new.
    ///
    /// # Errors
    ///
    /// It cannot be read. The message has the position in the configuration and the reason.
    pub(crate) fn examine_baseline(&self) -> Result<(), Trouble> {
        self.baseline.as_ref().map_or(Ok(()), |path| {
            self.examine_file("baseline", path)
                .map_err(|why| Trouble::Message(format!("{why}; `--write-baseline` writes it")))
        })
    }

    /// Checks that the schemas of some files can be read. Without them the files could not be checked.
    ///
    /// # Errors
    ///
    /// One of them cannot be read. The message has the position in the configuration and the reason.
    pub(crate) fn examine_schemas(&self, files: &Files) -> Result<(), Trouble> {
        files.schema.iter().try_for_each(|path| self.examine_file("schema", path).map_err(Trouble::Message))
    }

    fn examine_file(&self, member: &str, path: &Spanned<PathBuf>) -> Result<(), String> {
        let Err(error) = std::fs::File::open(self.path(path.get_ref())) else { return Ok(()) };
        let place = self.origin.as_ref().map(|Origin { path: file, text }| {
            let LineColumn { line, column } = LineIndex::new(text.as_bytes()).line_column(path.span().start);
            format!("{}:{line}:{column}: ", unicode(file))
        });
        Err(format!("{}`{member}`: {}: {}", place.unwrap_or_default(), unicode(path.get_ref()), reason(&error)))
    }

    /// The configuration file of a run: the named one, or else the first one found.
    pub(crate) fn file(arguments: &ConfigurationArguments) -> Option<PathBuf> {
        match &arguments.config {
            Some(path) => Some(path.clone()),
            None if arguments.no_config => None,
            None => std::env::current_dir().ok().and_then(|folder| above(&folder)),
        }
    }

    /// The configuration file for a document in a folder: the named one, or else the first one found from there
    /// upwards.
    pub(crate) fn file_for(arguments: &ConfigurationArguments, folder: Option<&Path>) -> Option<PathBuf> {
        match folder {
            Some(folder) if arguments.config.is_none() && !arguments.no_config => above(folder),
            _ => Configuration::file(arguments),
        }
    }

    /// Where schema documents come from for any file: the other locations, and all those in this file.
    pub(crate) fn locations(&self, others: &LocationArguments) -> LocationArguments {
        let mut locations = others.clone();
        for files in &self.files {
            let own = files.locations(self);
            locations.map.extend(own.map);
            locations.catalogs.extend(own.catalogs);
            locations.folders.extend(own.folders);
        }
        locations
    }

    /// The globs that are excluded when folders are walked, relative to the folder of the configuration.
    pub(crate) fn excluded(&self) -> Result<Override, Trouble> {
        let mut builder = OverrideBuilder::new(&self.folder);
        for glob in &self.exclude {
            builder.add(&excluding(glob.get_ref())).map_err(|error| Trouble::Message(error.to_string()))?;
        }
        builder.build().map_err(|error| Trouble::Message(error.to_string()))
    }

    /// The formats in the configuration, with the folder that their files are relative to.
    pub(crate) fn formats(&self) -> Vec<(&str, &Path)> {
        self.format.iter().map(|format| (format.get_ref().as_str(), self.folder.as_path())).collect()
    }

    /// Matches files with the entries of `files` by name.
    pub(crate) fn rules(&self) -> Result<Rules, Trouble> {
        let globs = self.files.iter().map(|files| files.globs().map_err(|Fault { why, .. }| Trouble::Message(why)));
        Ok(Rules { globs: globs.collect::<Result<_, _>>()?, folder: self.folder.clone() })
    }

    /// The severities, by code.
    pub(crate) fn levels(&self) -> BTreeMap<Code, Level> {
        self.severity.iter().filter_map(|(code, level)| Some((Code::parse(code.get_ref())?, *level))).collect()
    }

    /// The limits in the configuration, with defaults for the others.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for (name, value) in &self.limits {
            // The value was already accepted when the file was read.
            let _ = limits.set(name.get_ref(), *value);
        }
        limits.allow_doctype = self.allow_doctype;
        limits
    }
}

/// A glob in the form of an override that excludes it.
fn excluding(glob: &str) -> String {
    format!("!{glob}")
}

/// The error in a glob that excludes files, with the glob as it was written.
fn glob_fault(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { glob, err } => {
            let glob = glob.as_deref().unwrap_or_default();
            let glob = glob.strip_prefix('!').unwrap_or(glob);
            format!("expected a glob such as `target/` or `**/*.bak`, found `{}`: {err}", glob.escape_debug())
        }
        error => error.to_string(),
    }
}

/// Matches files with the entries of a configuration.
pub(crate) struct Rules {
    globs: Vec<GlobSet>,
    /// The folder that their paths are relative to.
    folder: PathBuf,
}

impl Rules {
    /// The index of the first entry that matches.
    pub(crate) fn position(&self, source: &Source) -> Option<usize> {
        if self.globs.is_empty() {
            return None;
        }
        let path = std::path::absolute(source.as_path()).ok()?;
        let path = path.canonicalize().unwrap_or(path);
        let path = path.strip_prefix(&self.folder).ok()?;
        self.globs.iter().position(|globs| globs.is_match(path))
    }
}

impl Files {
    fn examine(&self) -> Result<(), Fault> {
        self.globs()?;
        if let Some(kind) = &self.kind {
            kind.get_ref().parse::<PacketKind>().map_err(|error| Fault::at(kind, error))?;
        }
        if self.kind.is_some() != self.schema.is_empty() {
            let globs: Vec<&str> = self.glob.get_ref().iter().map(|glob| glob.get_ref().as_str()).collect();
            let why = format!("expected either `kind` or `schema` for the files `{}`", globs.join("`, `"));
            return Err(Fault::at(&self.glob, why));
        }
        Ok(())
    }

    /// The schemas, as they are written.
    pub(crate) fn schemas(&self) -> Vec<PathBuf> {
        self.schema.iter().map(|path| path.get_ref().clone()).collect()
    }

    /// Where the documents of the schemas come from.
    pub(crate) fn locations(&self, configuration: &Configuration) -> LocationArguments {
        let path = |path: &PathBuf| configuration.path(path);
        LocationArguments {
            map: self.map.iter().map(|(uri, file)| (uri.clone(), path(file))).collect(),
            catalogs: self.catalog.iter().map(path).collect(),
            folders: self.folder.iter().map(path).collect(),
            rules: self.rules,
        }
    }

    fn globs(&self) -> Result<GlobSet, Fault> {
        let mut set = GlobSetBuilder::new();
        for glob in self.glob.get_ref() {
            set.add(Glob::new(glob.get_ref()).map_err(|error| Fault::at(glob, error))?);
        }
        set.build().map_err(|error| Fault::at(&self.glob, error))
    }

    pub(crate) fn kind(&self) -> Option<PacketKind> {
        // The kind was already accepted when the file was read.
        self.kind.as_ref().and_then(|name| name.get_ref().parse().ok())
    }
}

fn above(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}

pub(crate) fn run(arguments: &ConfigArguments) -> Result<Status, Trouble> {
    let ConfigCommand::Show { config } = &arguments.command;
    let configuration = Configuration::find(&ConfigurationArguments { config: config.clone(), no_config: false })?;
    let origin = match configuration.folder.as_os_str().is_empty() {
        true => format!("# No {NAME} is in this folder or above.\n"),
        false => format!(
            "# {}\n",
            unicode(
                &configuration
                    .folder
                    .join(config.as_deref().map_or(NAME.as_ref(), |path| path.file_name().unwrap_or_default()))
            )
        ),
    };
    let text = toml::to_string(&configuration).map_err(|error| Trouble::Message(error.to_string()))?;
    let mut output = Output::stdout();
    output.write(format!("{origin}{text}").as_bytes())?;
    output.finish()?;
    Ok(Status::Valid)
}
