//! Documents in compressed files and archives, read without unpacking them to disk.

use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::path::Path;
use std::rc::Rc;

use memchr::memchr;
use packetcheck::Limits;

use super::{Source, read_limited, too_large};
use crate::status::reason;

/// How a file is packed, according to its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    Tar,
    Zip,
}

/// The number of bytes read to find that out: the mark of tar comes after the first name.
pub(super) const MARKED: usize = 512;

impl Packing {
    fn of(beginning: &[u8]) -> Option<Packing> {
        match beginning {
            [0x1f, 0x8b, 8, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstd),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Packing::Xz),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Packing::Bzip2),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Packing::Zip),
            _ if beginning.get(257..262) == Some(b"ustar") => Some(Packing::Tar),
            // A tar archive without members.
            _ if beginning.len() == MARKED && beginning.iter().all(|byte| *byte == 0) => Some(Packing::Tar),
            _ => None,
        }
    }
}

/// Whether reading more of a file would not change its classification. The name that tar begins with ends with a zero byte.
fn is_decided(beginning: &[u8]) -> bool {
    let is_text = || {
        let begins = matches!(beginning.first(), Some(b'<' | b'{' | b'['));
        memchr(0, beginning).is_none() && (begins || memchr(b'\n', beginning).is_some())
    };
    beginning.len() >= 6 && (is_packed(beginning) || is_text())
}

/// Whether a file with this beginning is compressed or an archive.
pub(super) fn is_packed(beginning: &[u8]) -> bool {
    Packing::of(beginning).is_some()
}

/// A function that is called for each document, with its source, and its bytes or the reason why there are none.
pub(crate) type Each<'e> = dyn FnMut(&Source, Result<&mut dyn Read, String>) + 'e;

/// How deeply archives and compressed files are opened within one another.
const DEPTH: usize = 4;

/// Reads the contents of a source: its own bytes, or those of its members, including members of inner archives.
pub(super) fn open(source: &Source, limits: &Limits, each: &mut Each<'_>) {
    match source {
        Source::File(path) => match File::open(path) {
            Ok(file) => open_file(source, path, file, limits, each),
            Err(error) => each(source, Err(reason(&error))),
        },
        _ => match super::stdin() {
            Ok(mut stdin) => open_stream(source, &mut stdin, DEPTH, limits, each),
            Err(why) => each(source, Err(why)),
        },
    }
}

fn open_file(source: &Source, path: &Path, mut file: File, limits: &Limits, each: &mut Each<'_>) {
    let mut beginning = [0; MARKED];
    let length = match read_beginning(&mut file, &mut beginning) {
        Ok(length) => length,
        Err(error) => return each(source, Err(reason(&error))),
    };
    let beginning = beginning.get(..length).unwrap_or_default();
    if Packing::of(beginning) == Some(Packing::Zip) {
        return match File::open(path) {
            Ok(file) => open_zip(source, file, DEPTH, limits, each),
            Err(error) => each(source, Err(reason(&error))),
        };
    }
    open_packed(source, Packing::of(beginning), &mut beginning.chain(file), DEPTH, limits, each);
}

/// Opens the contents of a stream, and what is packed in it, up to a depth.
fn open_stream(source: &Source, stream: &mut dyn Read, depth: usize, limits: &Limits, each: &mut Each<'_>) {
    let mut beginning = [0; MARKED];
    let length = match read_beginning(stream, &mut beginning) {
        Ok(length) => length,
        Err(error) => return each(source, Err(reason(&error))),
    };
    let beginning = beginning.get(..length).unwrap_or_default();
    let mut stream = beginning.chain(stream);
    match Packing::of(beginning) {
        Some(_) if depth == 0 => {
            each(source, Err(format!("expected archives nested at most {DEPTH} deep, found more")));
        }
        // The table of contents is at the end.
        Some(Packing::Zip) => match read_limited(&mut stream, limits.document_bytes) {
            Ok(bytes) => open_zip(source, Cursor::new(bytes), depth, limits, each),
            Err(why) => each(source, Err(why)),
        },
        packing => open_packed(source, packing, &mut stream, depth, limits, each),
    }
}

fn open_packed(
    source: &Source,
    packing: Option<Packing>,
    stream: &mut dyn Read,
    depth: usize,
    limits: &Limits,
    each: &mut Each<'_>,
) {
    let Some(packing) = packing else { return each(source, Ok(stream)) };
    if packing == Packing::Tar {
        return open_tar(source, stream, depth, limits, each);
    }
    let read = Rc::new(Cell::new(0));
    let counted = Counted { stream: io::BufReader::new(stream), read: Rc::clone(&read) };
    let decoder: Box<dyn Read + '_> = match packing {
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(counted)),
        Packing::Xz => Box::new(lzma_rust2::XzReader::new(counted, true)),
        Packing::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(counted)),
        _ => Box::new(Frames { stream: io::BufReader::new(counted), frame: None }),
    };
    let mut unpacked = Unpacked { stream: decoder, read, written: 0 };
    open_stream(source, &mut unpacked, depth - 1, limits, each);
}

fn open_tar(source: &Source, stream: &mut dyn Read, depth: usize, limits: &Limits, each: &mut Each<'_>) {
    let mut archive = tar::Archive::new(stream);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return each(source, Err(reason(&error))),
    };
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => return each(source, Err(reason(&error))),
        };
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let member = source.member(&String::from_utf8_lossy(&entry.path_bytes()));
        match usize::try_from(entry.size()).ok().filter(|size| *size <= limits.document_bytes) {
            Some(left) => open_stream(&member, &mut Whole { stream: &mut entry, left }, depth - 1, limits, each),
            None => each(&member, Err(too_large(limits.document_bytes))),
        }
    }
    // The bytes after the last member show whether the archive was damaged.
    if let Err(error) = io::copy(&mut archive.into_inner(), &mut io::sink()) {
        each(source, Err(reason(&error)));
    }
}

/// A member of an archive, which must have as many bytes as the archive says.
struct Whole<R> {
    stream: R,
    left: usize,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.stream.read(buffer)?;
        if length == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends before the file does"));
        }
        self.left = self.left.saturating_sub(length);
        Ok(length)
    }
}

fn open_zip(source: &Source, stream: impl Read + Seek, depth: usize, limits: &Limits, each: &mut Each<'_>) {
    let mut archive = match zip::ZipArchive::new(io::BufReader::new(stream)) {
        Ok(archive) => archive,
        Err(error) => return each(source, Err(error.to_string())),
    };
    for index in 0..archive.len() {
        let name = archive.name_for_index(index).and_then(Result::ok).map(Cow::into_owned).unwrap_or_default();
        let member = source.member(&name);
        match archive.by_index(index) {
            Ok(entry) if !entry.is_file() => {}
            Ok(entry) => {
                let mut entry = entry.take((limits.document_bytes as u64).saturating_add(1));
                open_stream(&member, &mut entry, depth - 1, limits, each);
            }
            Err(error) => each(&member, Err(error.to_string())),
        }
    }
}

/// Fills a buffer with what is available, and only as far as needed to classify it: the next bytes may come late.
fn read_beginning(stream: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest) {
            Ok(0) => break,
            Ok(read) => {
                length += read;
                if buffer.get(..length).is_some_and(is_decided) {
                    break;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// A reader that counts the bytes read.
struct Counted<R> {
    stream: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.stream.read(buffer)?;
        self.read.set(self.read.get() + length as u64);
        Ok(length)
    }
}

/// How many times larger than its packed form something can be, once it has [`FREE`] bytes. Packets of one kind are
/// similar, and compress well.
const RATIO: u64 = 1000;

/// Up to this size, any ratio is accepted.
const FREE: u64 = 1 << 30;

/// Unpacked bytes, which are refused if they grow like those of a decompression bomb.
struct Unpacked<R> {
    stream: R,
    read: Rc<Cell<u64>>,
    written: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.written > FREE && self.written / RATIO > self.read.get() {
            return Err(io::Error::other(format!("expected less than {RATIO} times the packed size, found more")));
        }
        let length = self.stream.read(buffer)?;
        self.written += length as u64;
        Ok(length)
    }
}

/// Frames of Zstandard, read one after another.
struct Frames<R: Read> {
    stream: R,
    frame: Option<Box<ruzstd::decoding::FrameDecoder>>,
}

impl<R: io::BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
        loop {
            let Some(frame) = &mut self.frame else {
                if self.stream.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                let mut frame = Box::new(FrameDecoder::new());
                frame.init(&mut self.stream).map_err(io::Error::other)?;
                self.frame = Some(frame);
                continue;
            };
            if frame.can_collect() == 0 && !frame.is_finished() {
                let strategy = BlockDecodingStrategy::UptoBytes(buffer.len().max(1 << 16));
                frame.decode_blocks(&mut self.stream, strategy).map_err(io::Error::other)?;
            }
            let length = frame.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            if frame.is_finished() {
                self.frame = None;
            }
        }
    }
}
