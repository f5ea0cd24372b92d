//! The bytes of a file or of standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use packetcheck::Limits;

use crate::status::reason;

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

/// How standard input is named on the command line, and in results.
pub(crate) const STDIN: &str = "-";

impl Source {
    /// `-` is standard input; a file of that name is `./-`.
    pub(crate) fn named(path: &Path) -> Source {
        if path.as_os_str() == STDIN { Source::Stdin } else { Source::File(path.to_owned()) }
    }

    /// As it was given, in Unicode: see [`unicode`].
    pub(crate) fn path(&self) -> String {
        match self {
            Source::Stdin => STDIN.to_owned(),
            Source::File(path) => unicode(path),
        }
    }

    /// The bytes of its path in hexadecimal, for programs, where it is not Unicode.
    pub(crate) fn path_bytes(&self) -> Option<String> {
        match self {
            Source::File(path) if path.to_str().is_none() => {
                Some(path.as_os_str().as_encoded_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
            }
            _ => None,
        }
    }

    /// The folder that it is in.
    pub(crate) fn folder(&self) -> &Path {
        let folder = self.as_path().parent();
        folder.filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
    }

    /// As it was given.
    pub(crate) fn as_path(&self) -> &Path {
        match self {
            Source::Stdin => Path::new(STDIN),
            Source::File(path) => path,
        }
    }

    /// For people.
    pub(crate) fn name(&self) -> String {
        match self {
            Source::Stdin => "<stdin>".to_owned(),
            Source::File(_) => self.path(),
        }
    }

    /// When it was last changed, in milliseconds since 1970; standard input is new. Nothing where the system does not
    /// tell.
    pub(crate) fn modified(&self) -> Option<i64> {
        let time = match self {
            Source::Stdin => SystemTime::now(),
            Source::File(path) => path.metadata().and_then(|metadata| metadata.modified()).ok()?,
        };
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).ok(),
            Err(before) => i64::try_from(before.duration().as_millis()).ok().map(|milliseconds| -milliseconds),
        }
    }

    /// Reads it whole, or says why it cannot be read. A document over the limit is not read at all where its size is
    /// known, and not beyond the limit where it is not.
    pub(crate) fn read(&self, limits: &Limits) -> Result<Vec<u8>, String> {
        let limit = limits.document_bytes;
        match self {
            Source::Stdin if is_null_device() => Err("standard input is closed, or the null device".to_owned()),
            Source::Stdin => read_limited(io::stdin().lock(), 0, limit),
            Source::File(path) => {
                let file = File::open(path).map_err(|error| reason(&error))?;
                let size = file.metadata().map_err(|error| reason(&error))?.len();
                read_limited(file, size, limit)
            }
        }
    }
}

/// A path as text. Each byte of it that is not UTF-8 is written as `\xFF`, so that two such paths stay two.
pub(crate) fn unicode(path: &Path) -> String {
    let chunks = path.as_os_str().as_encoded_bytes().utf8_chunks();
    let escaped = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\x{byte:02X}")).collect::<String>();
    chunks.map(|chunk| format!("{}{}", chunk.valid(), escaped(chunk.invalid()))).collect()
}

fn read_limited(source: impl Read, expected_size: u64, limit: usize) -> Result<Vec<u8>, String> {
    let too_large = || format!("expected at most {limit} bytes, found more");
    let capacity = usize::try_from(expected_size).ok().filter(|size| *size <= limit).ok_or_else(too_large)?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(capacity).map_err(|error| error.to_string())?;
    source.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes.len() > limit { Err(too_large()) } else { Ok(bytes) }
}

/// A program that is started with its standard input closed gets the null device instead, from the runtime of Rust:
/// that must not pass for an empty document.
#[cfg(unix)]
fn is_null_device() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;

    let null = std::fs::metadata("/dev/null");
    let stdin = io::stdin().as_fd().try_clone_to_owned().and_then(|stdin| File::from(stdin).metadata());
    match (stdin, null) {
        (Ok(stdin), Ok(null)) => (stdin.dev(), stdin.ino(), stdin.rdev()) == (null.dev(), null.ino(), null.rdev()),
        (Err(_), _) => true,
        (Ok(_), Err(_)) => false,
    }
}

#[cfg(not(unix))]
fn is_null_device() -> bool {
    false
}
