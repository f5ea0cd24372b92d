//! Where results go.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::input::{folder_of, unicode};
use crate::output::{Output, complain_plainly};
use crate::status::{Trouble, reason};

pub(crate) enum Target {
    Stdout(Output),
    Stderr,
    File(File),
}

/// A file that appears once all of it was written.
pub(crate) struct File {
    path: PathBuf,
    kind: FileKind,
    /// No other file is replaced.
    is_new: bool,
}

enum FileKind {
    /// In the folder of the final file.
    Regular(BufWriter<NamedTempFile>),
    /// A device or a pipe is written as it is.
    Special(BufWriter<std::fs::File>),
}

/// The permissions of a new file, of which the system takes away what it takes away of all.
const NEW: u32 = 0o666;

impl Target {
    pub(crate) fn file(path: &Path) -> Result<Target, Trouble> {
        Target::with_permissions(path, NEW)
    }

    /// What a file becomes: if it is new, nobody may read it who may not read that one.
    pub(crate) fn made_of(path: &Path, source: &Path) -> Result<Target, Trouble> {
        #[cfg(unix)]
        let permissions = {
            use std::os::unix::fs::PermissionsExt;
            source.metadata().map_or(NEW, |metadata| metadata.permissions().mode() & NEW)
        };
        #[cfg(not(unix))]
        let permissions = NEW;
        Target::with_permissions(path, permissions)
    }

    #[cfg_attr(not(unix), allow(unused_variables))]
    fn with_permissions(path: &Path, permissions: u32) -> Result<Target, Trouble> {
        let trouble = |error: std::io::Error| trouble(path, &error);
        // What a link leads to is written, and the link stays.
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let kind = match place.metadata() {
            Ok(metadata) if metadata.is_dir() => {
                return Err(Trouble::Message(format!("{}: expected a file to write, found a folder", unicode(path))));
            }
            Ok(metadata) if !metadata.is_file() => {
                let file = OpenOptions::new().write(true).open(&place).map_err(trouble)?;
                FileKind::Special(BufWriter::new(file))
            }
            known => {
                let folder = folder_of(&place);
                let mut builder = tempfile::Builder::new();
                #[cfg(unix)]
                if known.is_err() {
                    use std::os::unix::fs::PermissionsExt;
                    builder.permissions(std::fs::Permissions::from_mode(permissions));
                }
                let file = builder.tempfile_in(folder).map_err(trouble)?;
                if let Ok(replaced) = known {
                    take_over(file.as_file(), &replaced).map_err(trouble)?;
                }
                FileKind::Regular(BufWriter::new(file))
            }
        };
        Ok(Target::File(File { path: place, kind, is_new: false }))
    }

    /// A file that is there in the end is not replaced.
    pub(crate) fn if_new(self) -> Target {
        match self {
            Target::File(file) => Target::File(File { is_new: true, ..file }),
            target => target,
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        match self {
            Target::Stdout(output) => output.write(bytes),
            Target::Stderr => {
                complain_plainly(bytes);
                Ok(())
            }
            Target::File(File { path, kind, .. }) => match kind {
                FileKind::Regular(file) => file.write_all(bytes),
                FileKind::Special(file) => file.write_all(bytes),
            }
            .map_err(|error| trouble(path, &error)),
        }
    }

    pub(super) fn flush(&mut self) -> Result<(), Trouble> {
        if let Target::Stdout(output) = self { output.flush() } else { Ok(()) }
    }

    /// To be called at the end: a full disk may only show here, and only here a file is moved to its final place.
    pub(crate) fn finish(self) -> Result<(), Trouble> {
        match self {
            Target::Stdout(output) => output.finish(),
            Target::Stderr => Ok(()),
            Target::File(File { path, kind, is_new }) => match kind {
                FileKind::Regular(file) => file.into_inner().map_err(|error| error.into_error()).and_then(|file| {
                    let put = if is_new { file.persist_noclobber(&path) } else { file.persist(&path) };
                    put.map_err(|error| error.error)?;
                    Ok(())
                }),
                FileKind::Special(mut file) => file.flush(),
            }
            .map_err(|error| trouble(&path, &error)),
        }
    }
}

/// Replaces a file. One that may not be written is left alone, though its folder would allow to replace it; one that nobody may
/// write even where the user may write everything.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if path.metadata().is_ok_and(|metadata| metadata.permissions().readonly()) {
        return Err(String::from("cannot be written: the file is read-only"));
    }
    OpenOptions::new().write(true).open(path).map_err(|error| format!("cannot be written: {}", reason(&error)))?;
    let words = |trouble| match trouble {
        Trouble::Message(words) => words,
        _ => "cannot be written".to_owned(),
    };
    let mut target = Target::file(path).map_err(words)?;
    target.write(bytes).map_err(words)?;
    target.finish().map_err(words)
}

/// Gives a file the owner of the one that it replaces, where that is allowed, and its permissions.
fn take_over(file: &std::fs::File, replaced: &std::fs::Metadata) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (replaced.uid(), replaced.gid()) {
            let _ = std::os::unix::fs::fchown(file, Some(replaced.uid()), Some(replaced.gid()));
        }
    }
    file.set_permissions(replaced.permissions())
}

fn trouble(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::Message(format!("cannot write {}: {}", unicode(path), reason(error)))
}
