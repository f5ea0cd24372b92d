//! Content codings: RFC 9110, section 8.4.1.

use std::io::{self, Read};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// A coding that can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Deflate,
}

/// Why a coding could not be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodingFault {
    /// The bytes are not in this coding.
    Malformed,
    /// Without the coding, they exceed the limit.
    TooLarge,
}

/// Decoded content.
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    /// `deflate` means the zlib format; some senders use the bare stream.
    pub(super) is_bare: bool,
}

impl Coding {
    /// The coding with this name, in any case.
    pub(super) fn named(name: &str) -> Option<Coding> {
        match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Coding::Gzip),
            "deflate" => Some(Coding::Deflate),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
        }
    }

    /// Removes the coding; produces at most `limit` bytes.
    pub(super) fn decode(self, coded: &[u8], limit: usize) -> Result<Decoded, CodingFault> {
        match self {
            Coding::Gzip => Ok(Decoded { bytes: read(MultiGzDecoder::new(coded), limit)?, is_bare: false }),
            Coding::Deflate => match read(ZlibDecoder::new(coded), limit) {
                Ok(bytes) => Ok(Decoded { bytes, is_bare: false }),
                Err(CodingFault::TooLarge) => Err(CodingFault::TooLarge),
                Err(CodingFault::Malformed) => {
                    Ok(Decoded { bytes: read(DeflateDecoder::new(coded), limit)?, is_bare: true })
                }
            },
        }
    }
}

fn read(decoder: impl Read, limit: usize) -> Result<Vec<u8>, CodingFault> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read: io::Result<usize> = decoder.take(most).read_to_end(&mut bytes);
    match read {
        Err(_) => Err(CodingFault::Malformed),
        Ok(length) if length > limit => Err(CodingFault::TooLarge),
        Ok(_) => Ok(bytes),
    }
}
