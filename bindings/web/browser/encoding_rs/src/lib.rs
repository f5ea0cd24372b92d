//! In place of the crate of this name, what packetcheck uses of it. The tables of the Encoding Standard, which are a sixth of the
//! page with that crate, are taken from the browser, which has them for `TextDecoder`. Everything that can be observed is as the
//! crate has it, up to how many bytes are read before an error: `tests/compare.rs` holds the two against each other.
//!
//! Nothing is encoded: the page writes no documents.

mod decoder;
mod source;
mod table;

pub use decoder::Decoder;
#[cfg(not(target_family = "wasm"))]
pub use source::{Source, set_source};

use table::Table;

/// An encoding of the Encoding Standard.
#[derive(Debug)]
pub struct Encoding {
    name: &'static str,
    scheme: Scheme,
    /// Its place among all.
    number: usize,
}

/// How bytes are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Utf8,
    Utf16 { is_big_endian: bool },
    OneByte,
    Big5,
    EucJp,
    EucKr,
    Gb18030,
    Iso2022Jp,
    ShiftJis,
}

macro_rules! encodings {
    ($($name:literal $scheme:expr,)+) => {
        const NAMES: [&str; [$($name),+].len()] = [$($name),+];
        static ALL: [Encoding; NAMES.len()] = [$(Encoding { name: $name, scheme: $scheme, number: number($name) }),+];
    };
}

encodings! {
    "UTF-8" Scheme::Utf8,
    "UTF-16LE" Scheme::Utf16 { is_big_endian: false },
    "UTF-16BE" Scheme::Utf16 { is_big_endian: true },
    "Big5" Scheme::Big5,
    "EUC-JP" Scheme::EucJp,
    "EUC-KR" Scheme::EucKr,
    "GBK" Scheme::Gb18030,
    "gb18030" Scheme::Gb18030,
    "ISO-2022-JP" Scheme::Iso2022Jp,
    "Shift_JIS" Scheme::ShiftJis,
    "IBM866" Scheme::OneByte,
    "ISO-8859-2" Scheme::OneByte,
    "ISO-8859-3" Scheme::OneByte,
    "ISO-8859-4" Scheme::OneByte,
    "ISO-8859-5" Scheme::OneByte,
    "ISO-8859-6" Scheme::OneByte,
    "ISO-8859-7" Scheme::OneByte,
    "ISO-8859-8" Scheme::OneByte,
    "ISO-8859-8-I" Scheme::OneByte,
    "ISO-8859-10" Scheme::OneByte,
    "ISO-8859-13" Scheme::OneByte,
    "ISO-8859-14" Scheme::OneByte,
    "ISO-8859-15" Scheme::OneByte,
    "ISO-8859-16" Scheme::OneByte,
    "KOI8-R" Scheme::OneByte,
    "KOI8-U" Scheme::OneByte,
    "macintosh" Scheme::OneByte,
    "windows-874" Scheme::OneByte,
    "windows-1250" Scheme::OneByte,
    "windows-1251" Scheme::OneByte,
    "windows-1252" Scheme::OneByte,
    "windows-1253" Scheme::OneByte,
    "windows-1254" Scheme::OneByte,
    "windows-1255" Scheme::OneByte,
    "windows-1256" Scheme::OneByte,
    "windows-1257" Scheme::OneByte,
    "windows-1258" Scheme::OneByte,
    "x-mac-cyrillic" Scheme::OneByte,
    "x-user-defined" Scheme::OneByte,
}

pub static UTF_8: &Encoding = &ALL[0];
pub static UTF_16LE: &Encoding = &ALL[1];
pub static UTF_16BE: &Encoding = &ALL[2];

const fn number(name: &str) -> usize {
    let mut number = 0;
    while number < NAMES.len() {
        if is_same(NAMES[number].as_bytes(), name.as_bytes()) {
            return number;
        }
        number += 1;
    }
    number
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

impl PartialEq for Encoding {
    fn eq(&self, other: &Encoding) -> bool {
        self.number == other.number
    }
}

impl Eq for Encoding {}

impl Encoding {
    /// The encoding of a label, in any case.
    pub fn for_label_no_replacement(label: &[u8]) -> Option<&'static Encoding> {
        let name = source::name(str::from_utf8(label).ok()?)?;
        ALL.iter().find(|encoding| encoding.name.eq_ignore_ascii_case(&name))
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn new_decoder_without_bom_handling(&'static self) -> Decoder {
        Decoder::new(self.scheme, Table::of(self))
    }

    pub fn new_encoder(&'static self) -> Encoder {
        Encoder
    }
}

/// Why a decoder stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecoderResult {
    InputEmpty,
    OutputFull,
    /// So many bytes form no character, and so many were read after them.
    Malformed(u8, u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncoderResult {
    InputEmpty,
    OutputFull,
    Unmappable(char),
}

/// Encodes nothing.
#[derive(Debug)]
pub struct Encoder;

impl Encoder {
    pub fn max_buffer_length_from_utf8_without_replacement(&self, _length: usize) -> Option<usize> {
        None
    }

    pub fn encode_from_utf8_without_replacement(
        &mut self,
        text: &str,
        _bytes: &mut [u8],
        _last: bool,
    ) -> (EncoderResult, usize, usize) {
        (text.chars().next().map_or(EncoderResult::InputEmpty, EncoderResult::Unmappable), 0, 0)
    }
}
