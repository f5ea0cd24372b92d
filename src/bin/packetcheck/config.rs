//! `packetcheck.toml`: what a repository wants to have checked, and how.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};
use packetcheck::diagnostic::{Code, Severity};
use packetcheck::{Limits, PacketKind};
use serde::{Deserialize, Serialize};

use crate::args::{ConfigArguments, ConfigCommand};
use crate::input::unicode;
use crate::output::Output;
use crate::status::{Status, Trouble, reason};

/// What the file is called.
const NAME: &str = "packetcheck.toml";

/// The file, and what `packetcheck config show` writes.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Configuration {
    /// The folder that the file is in: paths and globs begin there.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
    /// As `--exclude`.
    pub(crate) exclude: Vec<String>,
    /// As `--strict`.
    pub(crate) strict: bool,
    /// As `--allow-doctype`.
    pub(crate) allow_doctype: bool,
    /// As `--format`.
    pub(crate) format: Vec<String>,
    /// As `--baseline`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) baseline: Option<PathBuf>,
    /// As `--limit`.
    pub(crate) limits: BTreeMap<String, usize>,
    /// How severe a diagnostic is, by its code.
    pub(crate) severity: BTreeMap<String, Level>,
    /// What files are, by their names: the first that matches decides.
    pub(crate) files: Vec<Files>,
}

/// How severe something is.
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
    /// Those whose paths match one of these globs.
    pub(crate) glob: Vec<String>,
    /// As `--as`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<String>,
    /// As `--schema`.
    #[serde(default)]
    pub(crate) schema: Vec<PathBuf>,
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

impl Configuration {
    /// The one that is named, or else the first that is found from the current folder upwards.
    pub(crate) fn find(named: Option<&Path>, is_wanted: bool) -> Result<Configuration, Trouble> {
        let path = match named {
            Some(path) => Some(path.to_owned()),
            None if is_wanted => std::env::current_dir().ok().and_then(|folder| above(&folder)),
            None => None,
        };
        path.map_or_else(|| Ok(Configuration::default()), |path| Configuration::read(&path))
    }

    fn read(path: &Path) -> Result<Configuration, Trouble> {
        let trouble = |why: String| Trouble::Message(format!("{}: {}", unicode(path), why.trim_end()));
        let text = std::fs::read_to_string(path).map_err(|error| trouble(reason(&error)))?;
        let mut configuration: Configuration = toml::from_str(&text).map_err(|error| trouble(error.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        configuration.folder = folder.canonicalize().unwrap_or(folder);
        configuration.examine().map_err(trouble)?;
        Ok(configuration)
    }

    /// What the types of its members do not say.
    fn examine(&self) -> Result<(), String> {
        for (name, value) in &self.limits {
            Limits::default().set(name, *value).map_err(|error| error.to_string())?;
        }
        for (code, level) in &self.severity {
            Code::parse(code)
                .ok_or_else(|| format!("expected a code such as `PC0502` in `severity`, found `{code}`"))?;
            // What comes after such a fault is not checked, so that nobody knows whether it is valid.
            if *level != Level::Error && (code.starts_with("PC01") || code.starts_with("PC06")) {
                return Err(format!("`{code}` is always an error: what comes after it is not checked"));
            }
        }
        for files in &self.files {
            let name = files.glob.join("`, `");
            files.globs().map_err(|error| error.to_string())?;
            files.kind()?;
            if files.kind.is_some() != files.schema.is_empty() {
                return Err(format!("expected either `kind` or `schema` for the files `{name}`"));
            }
        }
        Ok(())
    }

    /// A path in the file.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// Severities by code.
    pub(crate) fn levels(&self) -> BTreeMap<Code, Level> {
        self.severity.iter().filter_map(|(code, level)| Some((Code::parse(code)?, *level))).collect()
    }

    /// The limits that it sets, in those of somebody.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for (name, value) in &self.limits {
            // Each was set once when the file was read.
            let _ = limits.set(name, *value);
        }
        limits.allow_doctype = self.allow_doctype;
        limits
    }
}

impl Files {
    pub(crate) fn globs(&self) -> Result<GlobSet, globset::Error> {
        let mut set = GlobSetBuilder::new();
        for glob in &self.glob {
            set.add(Glob::new(glob)?);
        }
        set.build()
    }

    pub(crate) fn kind(&self) -> Result<Option<PacketKind>, String> {
        let parse = |name: &String| name.parse::<PacketKind>().map_err(|error| error.to_string());
        self.kind.as_ref().map(parse).transpose()
    }
}

fn above(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
}

pub(crate) fn run(arguments: &ConfigArguments) -> Result<Status, Trouble> {
    let ConfigCommand::Show { config } = &arguments.command;
    let configuration = Configuration::find(config.as_deref(), true)?;
    let origin = match configuration.folder.as_os_str().is_empty() {
        true => format!("# No {NAME} is here or above.\n"),
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
