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

/// A file that appears only when it is complete.
pub(crate) struct File {
    path: PathBuf,
    kind: FileKind,
    /// Whether an existing file must not be replaced.
    is_new: bool,
}

enum FileKind {
    /// A temporary file in the folder of the final file.
    Regular(BufWriter<NamedTempFile>),
    /// A device or a pipe, which is written directly.
    Special(BufWriter<std::fs::File>),
}

/// The permissions of a new file, before the system applies its mask.
const NEW: u32 = 0o666;

impl Target {
    pub(crate) fn file(path: &Path) -> Result<Target, Trouble> {
        Target::with_permissions(path, NEW)
    }

    /// A file made from another one: if it is new, it is readable only by those who can read the source.
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
        // The target of a link is written, and the link stays.
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

    /// A target that does not replace a file that exists at the end.
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

    /// Finishes the file. Must be called at the end: a full disk may show only here, and only here the file is moved to
    /// its final place.
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

/// Replaces a file. A file without write permission is left alone, even if its folder would allow replacing it, or if
/// the user can write everything.
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

/// Gives a file the permissions of the one that it replaces and, if that is allowed, its owner.
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
