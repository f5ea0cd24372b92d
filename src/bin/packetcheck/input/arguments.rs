//! The arguments that select which files are read.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use ignore::overrides::Override;
use memchr::memchr;

use super::walk::{Endings, Found, Item, Walked, check_globs, only_one_stdin, walk};
use super::{STDIN, Source, stdin};
use crate::status::{Trouble, reason};

/// What is read.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// Files, folders, or - for standard input. In folders, and the folders in them, all files are examined: those named like
    /// packets (*.xml, *.json, *.http, *.har), and others that contain one. Hidden files are omitted, and those
    /// that a .gitignore names; links to folders are not followed. Compressed files (gzip, zstd, xz, bzip2) and archives (tar,
    /// zip) are opened. Parquet files are read by the Python package
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Also read paths from this file, or from standard input (-): one per line, or with a zero byte after each
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,

    /// The name of standard input in results
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,

    /// In folders, only examine files that match this glob, even if they are hidden or ignored. A glob with a
    /// slash before its end begins at the current folder. May be repeated
    #[arg(long = "glob", short = 'g', value_name = "GLOB")]
    globs: Vec<String>,

    /// In folders, omit what matches this glob. May be repeated
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// In folders, also examine hidden files and folders
    #[arg(long)]
    hidden: bool,

    /// In folders, also examine files that .gitignore or .ignore name
    #[arg(long)]
    no_ignore: bool,
}

impl InputArguments {
    /// What is walked in folders: files with these extensions, except those that the configuration excludes.
    pub(crate) fn walked(&self, endings: Endings, excluded: Override) -> Result<Walked, Trouble> {
        let without = self.exclude.iter().map(|glob| format!("!{glob}"));
        let globs: Vec<String> = self.globs.iter().cloned().chain(without).collect();
        check_globs(&globs)?;
        Ok(Walked { endings, others: true, hidden: self.hidden, ignored: self.no_ignore, globs, excluded })
    }

    /// What is walked if only files with these extensions are meant, or those that match a glob of the command line.
    pub(crate) fn walked_alone(&self, endings: Endings, excluded: Override) -> Result<Walked, Trouble> {
        Ok(Walked { others: !self.globs.is_empty(), ..self.walked(endings, excluded)? })
    }

    /// The paths on the command line and in the list.
    pub(crate) fn paths(&self) -> Result<Vec<PathBuf>, Trouble> {
        let mut paths = self.paths.clone();
        if let Some(list) = &self.files_from {
            if list.as_os_str() == STDIN && paths.iter().any(|path| path.as_os_str() == STDIN) {
                return Err(Trouble::Message(
                    "standard input can only be read once: it has the list of files".to_owned(),
                ));
            }
            paths.extend(listed(&read_list(list)?));
        }
        only_one_stdin(&paths)?;
        Ok(paths)
    }

    /// A function that counts the files that the paths name, including paths that name none.
    pub(crate) fn counting(&self, paths: Vec<PathBuf>, walked: Walked) -> impl FnOnce() -> usize + Send + use<> {
        move || count(paths, &walked)
    }

    /// The files that the paths name.
    pub(crate) fn found<'w>(&self, paths: Vec<PathBuf>, walked: &'w Walked) -> impl Iterator<Item = Found> + use<'w> {
        let name = self.stdin_filename.clone();
        walk(paths.into_iter(), walked).map(move |found| match found {
            Ok(Item { source: Source::Stdin(None), claim }) => Ok(Item { source: Source::Stdin(name.clone()), claim }),
            other => other,
        })
    }
}

fn count(paths: Vec<PathBuf>, walked: &Walked) -> usize {
    walk(paths.into_iter(), walked).count()
}

fn read_list(path: &std::path::Path) -> Result<Vec<u8>, Trouble> {
    let mut list = Vec::new();
    let read = match path.as_os_str() == STDIN {
        true => stdin().map_err(Trouble::Message)?.read_to_end(&mut list),
        false => std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut list)),
    };
    read.map_err(|error| Trouble::Message(format!("{}: {}", super::unicode(path), reason(&error))))?;
    Ok(list)
}

/// The paths in a list. If paths are separated by zero bytes, as `find -print0` does, they can contain line feeds.
fn listed(list: &[u8]) -> Vec<PathBuf> {
    let end = if memchr(0, list).is_some() { 0 } else { b'\n' };
    let lines = list.split(|byte| *byte == end);
    let lines = lines.map(|line| if end == b'\n' { line.strip_suffix(b"\r").unwrap_or(line) } else { line });
    lines.filter(|line| !line.is_empty()).map(path_of).collect()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
