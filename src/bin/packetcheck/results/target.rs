//! Where results go.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::input::unicode;
use crate::output::{Output, complain_plainly};
use crate::status::{Trouble, reason};

pub(super) enum Target {
    Stdout(Output),
    Stderr,
    File(File),
}

/// A file that is there once all of it was written.
pub(super) struct File {
    path: PathBuf,
    kind: FileKind,
}

enum FileKind {
    /// Beside the file that it is to be.
    Regular(BufWriter<NamedTempFile>),
    /// A device or a pipe is written as it is.
    Special(BufWriter<std::fs::File>),
}

impl Target {
    pub(super) fn file(path: &Path) -> Result<Target, Trouble> {
        let trouble = |error: std::io::Error| trouble(path, &error);
        // What a link leads to is written, and the link stays.
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let kind = match place.metadata() {
            Ok(metadata) if metadata.is_dir() => {
                return Err(Trouble::Message(format!("{}: expected a file to write, found a folder", unicode(path))));
            }
            Ok(metadata) if !metadata.is_file() => {
                let file = std::fs::OpenOptions::new().write(true).open(&place).map_err(trouble)?;
                FileKind::Special(BufWriter::new(file))
            }
            known => {
                let folder = place.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
                let mut builder = tempfile::Builder::new();
                #[cfg(unix)]
                {
                    use std::os::unix::fs::PermissionsExt;
                    // Those of the file that is replaced; of a new one what the system takes away is taken away.
                    let permissions = known.as_ref().map(std::fs::Metadata::permissions);
                    builder.permissions(permissions.unwrap_or(std::fs::Permissions::from_mode(0o666)));
                }
                let _ = known;
                FileKind::Regular(BufWriter::new(builder.tempfile_in(folder).map_err(trouble)?))
            }
        };
        Ok(Target::File(File { path: place, kind }))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        match self {
            Target::Stdout(output) => output.write(bytes),
            Target::Stderr => {
                complain_plainly(bytes);
                Ok(())
            }
            Target::File(File { path, kind }) => match kind {
                FileKind::Regular(file) => file.write_all(bytes),
                FileKind::Special(file) => file.write_all(bytes),
            }
            .map_err(|error| trouble(path, &error)),
        }
    }

    pub(super) fn flush(&mut self) -> Result<(), Trouble> {
        if let Target::Stdout(output) = self { output.flush() } else { Ok(()) }
    }

    /// To be called at the end: a full disk may show only here, and only here a file is put where it belongs.
    pub(super) fn finish(self) -> Result<(), Trouble> {
        match self {
            Target::Stdout(output) => output.finish(),
            Target::Stderr => Ok(()),
            Target::File(File { path, kind }) => match kind {
                FileKind::Regular(file) => file.into_inner().map_err(|error| error.into_error()).and_then(|file| {
                    file.persist(&path).map_err(|error| error.error)?;
                    Ok(())
                }),
                FileKind::Special(mut file) => file.flush(),
            }
            .map_err(|error| trouble(&path, &error)),
        }
    }
}

fn trouble(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::Message(format!("cannot write {}: {}", unicode(path), reason(error)))
}
