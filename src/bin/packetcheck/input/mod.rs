//! The input: the paths on the command line, the files in folders, and the documents in files and in standard input.

mod arguments;
mod packed;
pub(crate) mod pieces;
pub(crate) mod walk;

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use packetcheck::Limits;

use crate::status::reason;
pub(crate) use arguments::InputArguments;
use walk::{Claim, Endings, Item, is_called};

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Standard input, and its name.
    Stdin(Option<PathBuf>),
    File(PathBuf),
    /// A member of an archive or a compressed file, with its path in there.
    Member(Box<Source>, String),
}

/// A function that is called for each document of a source, with its bytes or the reason why there are none.
pub(crate) type EachRead<'e> = dyn FnMut(&Source, Result<Content<'_>, String>) + 'e;

/// The bytes of a document.
pub(crate) enum Content<'a> {
    /// All bytes.
    Whole(&'a [u8]),
    /// The first bytes of a large document, and a reader for the rest.
    Large(&'a [u8], &'a mut dyn Read),
}

/// The name of standard input on the command line and in results.
pub(crate) const STDIN: &str = "-";

/// The separator between the path of an archive and that of a member.
const MEMBER: char = '!';

impl Source {
    /// A source by its name: `-` is standard input, a file of that name is `./-`.
    pub(crate) fn named(path: &Path) -> Source {
        if path.as_os_str() == STDIN { Source::Stdin(None) } else { Source::File(path.to_owned()) }
    }

    pub(crate) fn is_stdin(&self) -> bool {
        matches!(self, Source::Stdin(_))
    }

    /// Whether reading it can wait for another program, because it is not a regular file.
    pub(crate) fn may_wait(&self) -> bool {
        match self {
            Source::File(path) => path.metadata().is_ok_and(|metadata| !metadata.is_file()),
            Source::Stdin(_) => true,
            Source::Member(archive, _) => archive.may_wait(),
        }
    }

    /// Its path relative to a folder, if it is in there: the same wherever the command is run.
    pub(crate) fn path_from(&self, folder: &Path) -> String {
        match self {
            Source::File(path) => {
                let whole = path.canonicalize().ok();
                let inside = whole.as_deref().and_then(|whole| whole.strip_prefix(folder).ok());
                unicode(inside.unwrap_or(path))
            }
            Source::Member(archive, path) => format!("{}{MEMBER}{path}", archive.path_from(folder)),
            Source::Stdin(_) => self.path(),
        }
    }

    /// The member at a path in it.
    pub(crate) fn member(&self, path: &str) -> Source {
        Source::Member(Box::new(self.clone()), path.to_owned())
    }

    /// The path as given, in Unicode: see [`unicode`].
    pub(crate) fn path(&self) -> String {
        match self {
            Source::Stdin(None) => STDIN.to_owned(),
            Source::Stdin(Some(path)) | Source::File(path) => unicode(path),
            Source::Member(archive, path) => format!("{}{MEMBER}{path}", archive.path()),
        }
    }

    /// The bytes of its path in hexadecimal, for programs, if it is not Unicode.
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
        folder_of(self.as_path())
    }

    /// The folder that it is in, for display: with a separator at the end, and for a member, in its archive.
    pub(crate) fn folder_name(&self) -> String {
        let path = self.name();
        let end = path.rfind(|character| matches!(character, '/' | MEMBER) || character == std::path::MAIN_SEPARATOR);
        path.get(..end.map_or(0, |end| end + 1)).filter(|folder| !folder.is_empty()).unwrap_or("./").to_owned()
    }

    /// The path as given; for a member, that of the archive.
    pub(crate) fn as_path(&self) -> &Path {
        match self {
            Source::Stdin(None) => Path::new(STDIN),
            Source::Stdin(Some(path)) | Source::File(path) => path,
            Source::Member(archive, _) => archive.as_path(),
        }
    }

    /// The path that ends with its own name.
    fn called(&self) -> &Path {
        match self {
            Source::Member(_, path) => Path::new(path),
            _ => self.as_path(),
        }
    }

    /// The name for display.
    pub(crate) fn name(&self) -> String {
        match self {
            Source::Stdin(None) => "<stdin>".to_owned(),
            Source::Member(archive, path) => format!("{}{MEMBER}{path}", archive.name()),
            _ => self.path(),
        }
    }

    /// When it was last changed, in milliseconds since 1970; for standard input, now. `None` if the system does not
    /// tell.
    pub(crate) fn modified(&self) -> Option<i64> {
        let time = match self {
            Source::Stdin(_) => SystemTime::now(),
            Source::Member(archive, _) => return archive.modified(),
            Source::File(path) => path.metadata().and_then(|metadata| metadata.modified()).ok()?,
        };
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).ok(),
            Err(before) => i64::try_from(before.duration().as_millis()).ok().map(|milliseconds| -milliseconds),
        }
    }

    /// Reads it completely as one document, which can be compressed, or returns why it cannot be read.
    pub(crate) fn read(&self, limits: &Limits) -> Result<Vec<u8>, String> {
        let mut found = Vec::new();
        packed::open(self, limits, &mut |source, stream| {
            let read = stream.and_then(|stream| read_limited(stream, limits.document_bytes));
            found.push((source.name(), read));
        });
        match found.len() {
            1 => found.pop().map_or_else(|| Ok(Vec::new()), |(_, bytes)| bytes),
            count => Err(format!("expected one document, found an archive of {count}")),
        }
    }

    /// Whether it is a compressed file or an archive.
    pub(crate) fn is_packed(&self) -> bool {
        let mut beginning = Vec::new();
        let Source::File(path) = self else { return false };
        // Bytes taken from a pipe could not be read again later.
        if self.may_wait() {
            return false;
        }
        let read = File::open(path).and_then(|file| file.take(packed::MARKED as u64).read_to_end(&mut beginning));
        read.is_ok() && packed::is_packed(&beginning)
    }

    /// Opens its documents, one after another.
    pub(crate) fn open_each(&self, limits: &Limits, each: &mut packed::Each<'_>) {
        packed::open(self, limits, each);
    }

    /// How certainly a member of this source is meant to be checked.
    pub(crate) fn claim(&self, item: &Item, endings: Endings) -> Claim {
        match self {
            Source::Member(..) if is_called(self.called(), endings) => Claim::Called,
            Source::Member(..) => Claim::Content,
            _ => item.claim,
        }
    }
}

impl Item {
    /// Reads its documents one after another, each into the same buffer. Of a large document only the first bytes are
    /// read, if `may_stream` allows it.
    pub(crate) fn read_each(&self, limits: &Limits, may_stream: &dyn Fn(&Source) -> bool, each: &mut EachRead<'_>) {
        let mut buffer = BUFFER.take();
        let length = self.read_small(&mut buffer);
        match length.and_then(|length| buffer.get(..length)).filter(|bytes| bytes.len() <= limits.document_bytes) {
            Some(document) => each(&self.source, Ok(Content::Whole(document))),
            None => packed::open(&self.source, limits, &mut |source, stream| {
                let stream = match stream {
                    Ok(stream) => stream,
                    Err(why) => return each(source, Err(why)),
                };
                buffer.clear();
                let is_streamed = limits.stream_bytes > LARGE && may_stream(source);
                if is_streamed && read_into(stream, LARGE, &mut buffer).is_err() && buffer.len() > LARGE {
                    return each(source, Ok(Content::Large(&buffer, stream)));
                }
                let read = read_more(stream, limits.document_bytes, &mut buffer);
                each(source, read.map(|()| Content::Whole(&buffer)));
            }),
        }
        if buffer.capacity() <= KEPT {
            BUFFER.set(buffer);
        }
    }

    /// Reads a small file with one system call. `None` if it is large, packed or unreadable, or may be a pipe, which
    /// can return fewer bytes than will come.
    fn read_small(&self, buffer: &mut Vec<u8>) -> Option<usize> {
        let Source::File(path) = &self.source else { return None };
        let mut file = if self.claim == Claim::Named { None } else { File::open(path).ok() }?;
        if buffer.len() < SMALL {
            buffer.resize(SMALL, 0);
        }
        let length = file.read(buffer).ok().filter(|length| *length < buffer.len())?;
        (!packed::is_packed(buffer.get(..length)?)).then_some(length)
    }
}

/// The folder that a path is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Files smaller than this are read in one call.
const SMALL: usize = 1 << 16;

thread_local! {
    /// The buffer that documents are read into, one per thread.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Larger documents are read in pieces, if possible.
const LARGE: usize = 1 << 22;

/// A larger buffer is not kept.
const KEPT: usize = 1 << 22;

/// Standard input, unless it is closed.
fn stdin() -> Result<io::StdinLock<'static>, String> {
    match is_null_device() {
        true => Err("standard input is closed, or the null device".to_owned()),
        false => Ok(io::stdin().lock()),
    }
}

/// A path as text. Each byte that is not UTF-8 is written as `\xFF`, so that different paths stay different.
pub(crate) fn unicode(path: &Path) -> String {
    let chunks = path.as_os_str().as_encoded_bytes().utf8_chunks();
    let escaped = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\x{byte:02X}")).collect::<String>();
    chunks.map(|chunk| format!("{}{}", chunk.valid(), escaped(chunk.invalid()))).collect()
}

fn too_large(limit: usize) -> String {
    format!("expected at most {limit} bytes, found more")
}

fn read_limited(stream: &mut dyn Read, limit: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    read_into(stream, limit, &mut bytes).map(|()| bytes)
}

/// Reads all of a stream, and nothing beyond the limit.
fn read_into(stream: &mut dyn Read, limit: usize, buffer: &mut Vec<u8>) -> Result<(), String> {
    buffer.clear();
    read_more(stream, limit, buffer)
}

/// Reads the rest of a stream after what is already in the buffer.
fn read_more(stream: &mut dyn Read, limit: usize, buffer: &mut Vec<u8>) -> Result<(), String> {
    let room = (limit as u64).saturating_add(1).saturating_sub(buffer.len() as u64);
    stream.take(room).read_to_end(buffer).map_err(|error| reason(&error))?;
    if buffer.len() > limit { Err(too_large(limit)) } else { Ok(()) }
}

/// Rust's runtime replaces a closed standard input by the null device, which must not be taken for an empty document.
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
