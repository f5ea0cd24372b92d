//! The text of a schema document.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::locate::words;
use crate::diagnostic::Code;
use crate::{Limits, xml};

/// The most bytes that one schema document may have.
pub(super) const DOCUMENT_BYTES: u64 = 64 << 20;

/// The text of a document, and the error in its encoding, if there is one; the text then ends there.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) text: Arc<str>,
    pub(super) fault: Option<Arc<xml::Fault>>,
    /// The original bytes, if they differ from those of the text.
    pub(super) original: Option<Arc<[u8]>>,
}

impl Text {
    /// The bytes that were read, without a byte order mark if it was redundant.
    pub(super) fn bytes(&self) -> Arc<[u8]> {
        self.original.clone().unwrap_or_else(|| Arc::clone(&self.text).into())
    }

    /// A text that never was a file.
    pub(super) fn of(text: &str) -> Text {
        Text { text: xml::without_label(text).into(), fault: None, original: None }
    }
}

/// Why a file cannot be read; `is_encoding` if it could be read but not decoded.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) reason: String,
    pub(super) is_encoding: bool,
}

fn unread(reason: String) -> Unread {
    Unread { reason: format!("cannot be read: {reason}"), is_encoding: false }
}

/// The text of a file, or why it cannot be read.
pub(super) fn read_file(path: &Path) -> Result<Text, Unread> {
    let unreadable = |error: std::io::Error| unread(words(&error));
    // Opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        let found = if metadata.is_dir() { "a folder" } else { "something else" };
        return Err(unread(format!("expected a file, found {found}")));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    // One more byte than the file has, or the list would double to detect the end.
    let mut bytes = Vec::with_capacity(metadata.len().min(DOCUMENT_BYTES) as usize + 1);
    file.take(DOCUMENT_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > DOCUMENT_BYTES {
        return Err(unread(format!("expected at most {DOCUMENT_BYTES} bytes, found more")));
    }
    text_of(bytes)
}

/// The text of the bytes of a document, or why they cannot be read.
pub(super) fn text_of(bytes: Vec<u8>) -> Result<Text, Unread> {
    let unreadable = |fault: xml::Fault| Unread {
        is_encoding: Code::of(&fault.kind) == Code::UnsupportedEncoding,
        ..unread(fault.to_string())
    };
    let is_transcoded = xml::is_transcoded(&bytes).map_err(unreadable)?;
    let has_others = is_transcoded || simdutf8::basic::from_utf8(&bytes).is_err();
    let original = has_others.then(|| Arc::from(bytes.as_slice()));
    let (text, fault) = xml::text_of(bytes, &Limits::default()).map_err(unreadable)?;
    Ok(Text { text: text.into(), fault: fault.map(Arc::new), original })
}
