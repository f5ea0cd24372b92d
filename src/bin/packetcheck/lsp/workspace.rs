//! The configurations and schemas of documents: `packetcheck.toml` in the folder of a document or above it, and the schemas that
//! it names. They are loaded once, and again when one of their files has changed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use packetcheck::{Schema, Sources};

use super::server::Snapshot;
use crate::args::{LocationArguments, LspArguments};
use crate::config::Configuration;
use crate::input::{Source, folder_of};
use crate::plan::{self, Checker};
use crate::status::Trouble;

pub(crate) struct Workspace {
    arguments: LspArguments,
    /// By configuration file; `None` for documents without one.
    known: Mutex<HashMap<Option<PathBuf>, Known>>,
    /// The folder with files of the built-in schemas, once an editor has asked for one.
    written: Mutex<Option<PathBuf>>,
}

struct Known {
    plan: Result<Arc<Plan>, String>,
    files: Vec<Seen>,
}

/// A file, in the state in which it was read.
struct Seen {
    path: PathBuf,
    state: State,
}

/// Time of modification and length; `None`: it does not exist.
type State = Option<(SystemTime, u64)>;

fn state_of(path: &Path) -> State {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// How the documents of a folder are checked.
pub(crate) struct Plan {
    pub(crate) configuration: Configuration,
    pub(crate) checker: Checker,
    /// Where schema documents look up others.
    locations: LocationArguments,
}

impl Plan {
    /// The sources of a schema document that is open in an editor.
    pub(crate) fn sources(&self, path: &Path) -> Sources {
        plan::sources(&[path.to_owned()], &self.locations)
    }
}

impl Workspace {
    pub(crate) fn new(arguments: LspArguments) -> Workspace {
        Workspace { arguments, known: Mutex::default(), written: Mutex::default() }
    }

    pub(crate) fn is_strict(&self, plan: &Plan) -> bool {
        self.arguments.checker.strict || plan.configuration.strict
    }

    /// # Errors
    ///
    /// The configuration or a schema cannot be used. The message has the reason.
    pub(crate) fn plan_of(&self, document: &Snapshot) -> Result<Arc<Plan>, String> {
        let folder = document.path.as_deref().map(folder_of);
        let file = Configuration::file_for(&self.arguments.configuration, folder);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Known { plan, files }) = known.get(&file)
            && files.iter().all(|seen| state_of(&seen.path) == seen.state)
        {
            return plan.clone();
        }
        let made = self.make(file.as_deref());
        let plan = made.plan.clone();
        known.insert(file, made);
        plan
    }

    /// The schema of a document, which may be broken.
    pub(crate) fn schema_of(&self, document: &Snapshot) -> Option<Schema> {
        let plan = self.plan_of(document).ok()?;
        plan.checker.schema(&document.source(), document.text.as_str().as_bytes()).ok().flatten()
    }

    /// Watches the files of a schema that a document named.
    pub(crate) fn note_schema(&self, document: &Snapshot, schema: &Schema) {
        let folder = document.path.as_deref().map(folder_of);
        let file = Configuration::file_for(&self.arguments.configuration, folder);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Known { files, .. }) = known.get_mut(&file) {
            for path in schema.documents().map(PathBuf::from) {
                if !files.iter().any(|seen| seen.path == path) {
                    files.push(Seen { state: state_of(&path), path });
                }
            }
        }
    }

    /// Writes a built-in schema document to a file for an editor; `None` if that failed.
    pub(crate) fn write_built_in(&self, name: &Path, text: &str) -> Option<PathBuf> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.is_none() {
            let kept = cache().filter(|folder| std::fs::create_dir_all(folder).is_ok());
            let temporary = || Some(tempfile::Builder::new().prefix("packetcheck-").tempdir().ok()?.keep());
            *written = kept.or_else(temporary);
        }
        let folder = written.as_ref()?;
        // Different documents can have the same name.
        for number in 0_usize.. {
            let path = folder.join(number.to_string()).join(name);
            match std::fs::read_to_string(&path) {
                Ok(known) if known == text => return Some(path),
                Ok(_) => {}
                Err(_) => {
                    std::fs::create_dir_all(path.parent()?).ok()?;
                    std::fs::write(&path, text).ok()?;
                    return Some(path);
                }
            }
        }
        None
    }

    fn make(&self, file: Option<&Path>) -> Known {
        let mut paths: Vec<PathBuf> = file.map(Path::to_owned).into_iter().collect();
        let configuration = match file.map_or_else(|| Ok(Configuration::default()), Configuration::read) {
            Ok(configuration) => configuration,
            Err(trouble) => return Known { plan: Err(words(trouble, &mut paths)), files: seen(paths) },
        };
        paths.extend(configuration.schemas());
        let locations = configuration.locations(&self.arguments.checker.locations);
        paths.extend(locations.catalogs.iter().cloned());
        paths.extend(self.arguments.checker.schemas.iter().cloned());
        let plan = match Checker::new(&self.arguments.checker, &configuration) {
            Ok(checker) => {
                let documents = checker.schemas().flat_map(Schema::documents).map(PathBuf::from);
                paths.extend(documents.collect::<Vec<_>>());
                Ok(Arc::new(Plan { configuration, checker, locations }))
            }
            Err(trouble) => Err(words(trouble, &mut paths)),
        };
        Known { plan, files: seen(paths) }
    }
}

/// Where this version keeps files for the user from one session to the next: an editor can still show them after the
/// server has ended in any way.
fn cache() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = match () {
        () if cfg!(windows) => folder("LOCALAPPDATA"),
        () if cfg!(target_os = "macos") => folder("HOME").map(|home| home.join("Library/Caches")),
        () => folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache"))),
    };
    Some(caches?.join("packetcheck").join(env!("CARGO_PKG_VERSION")))
}

fn seen(mut paths: Vec<PathBuf>) -> Vec<Seen> {
    paths.sort();
    paths.dedup();
    paths.into_iter().map(|path| Seen { state: state_of(&path), path }).collect()
}

/// Why nothing can be checked. The files with errors are added to the watched ones.
fn words(trouble: Trouble, paths: &mut Vec<PathBuf>) -> String {
    match trouble {
        Trouble::Message(message) => message,
        Trouble::Schema(error) => {
            paths.extend(error.files().iter().map(|file| PathBuf::from(file.path())));
            format!("the schema cannot be used: {error}")
        }
        Trouble::ClosedPipe | Trouble::Interrupted => "interrupted".to_owned(),
    }
}

impl Snapshot {
    /// The document as a source of the command.
    pub(crate) fn source(&self) -> Source {
        self.path.clone().map_or(Source::Stdin(None), Source::File)
    }

    pub(crate) fn is_schema_document(&self) -> bool {
        let extension = self.path.as_deref().and_then(Path::extension);
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case("xsd"))
    }
}
