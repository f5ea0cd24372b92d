//! The decoders against those of the crate that they stand for, which also answers for the browser.

use encoding_rs::{DecoderResult, Encoding, Source, set_source};

fn use_standard_tables() {
    set_source(Source {
        name: |label| {
            standard::Encoding::for_label_no_replacement(label.as_bytes()).map(|found| found.name().to_lowercase())
        },
        decode: |name, bytes| {
            let found = standard::Encoding::for_label(name.as_bytes()).expect("a name is a label");
            found.decode_without_bom_handling(bytes).0.into_owned()
        },
    });
}

const NAMES: [&str; 38] = [
    "UTF-16LE",
    "UTF-16BE",
    "Big5",
    "EUC-JP",
    "EUC-KR",
    "GBK",
    "gb18030",
    "ISO-2022-JP",
    "Shift_JIS",
    "IBM866",
    "ISO-8859-2",
    "ISO-8859-3",
    "ISO-8859-4",
    "ISO-8859-5",
    "ISO-8859-6",
    "ISO-8859-7",
    "ISO-8859-8",
    "ISO-8859-8-I",
    "ISO-8859-10",
    "ISO-8859-13",
    "ISO-8859-14",
    "ISO-8859-15",
    "ISO-8859-16",
    "KOI8-R",
    "KOI8-U",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "x-user-defined",
];

/// All that a decoder says of bytes: the text, and each error with the offset after it, and with how much was read after it.
type Decoded = (Vec<u8>, Vec<(usize, u8, u8)>);

macro_rules! decoded {
    ($crate_name:ident, $name:expr, $bytes:expr) => {{
        let encoding = $crate_name::Encoding::for_label_no_replacement($name.as_bytes()).expect("a name is a label");
        assert_eq!(encoding.name(), $name);
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let (mut text, mut errors, mut at) = (Vec::new(), Vec::new(), 0);
        loop {
            let mut room = [0; 4096];
            let rest = &$bytes[at..];
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut room, true);
            at += read;
            text.extend_from_slice(&room[..written]);
            match result {
                $crate_name::DecoderResult::InputEmpty => break,
                $crate_name::DecoderResult::OutputFull => {}
                $crate_name::DecoderResult::Malformed(length, after) => {
                    errors.push((at - usize::from(after), length, after))
                }
            }
        }
        assert_eq!(at, $bytes.len());
        (text, errors)
    }};
}

fn ours(name: &str, bytes: &[u8]) -> Decoded {
    decoded!(encoding_rs, name, bytes)
}

fn standard(name: &str, bytes: &[u8]) -> Decoded {
    decoded!(standard, name, bytes)
}

fn compare(name: &str, bytes: &[u8]) {
    let (ours, standard) = (ours(name, bytes), standard(name, bytes));
    assert_eq!(String::from_utf8_lossy(&ours.0), String::from_utf8_lossy(&standard.0), "{name}");
    // Of UTF-16 the crate itself says it differently in long and in short documents.
    let places = |decoded: &Decoded| -> Vec<_> { decoded.1.iter().map(|(end, length, _)| (*end, *length)).collect() };
    assert_eq!(places(&ours), places(&standard), "{name} {bytes:x?}");
    if !name.starts_with("UTF-16") {
        assert_eq!(ours.1, standard.1, "{name} {bytes:x?}");
    }
}

#[test]
fn every_sequence_of_two_bytes() {
    use_standard_tables();
    for name in NAMES {
        for pair in 0..=u16::MAX {
            compare(name, &pair.to_be_bytes());
            if matches!(name, "Big5" | "EUC-JP" | "EUC-KR" | "GBK" | "gb18030" | "Shift_JIS") && pair >= 0x8000 {
                let [lead, trail] = pair.to_be_bytes();
                compare(name, &[lead, trail, b'<', b'/']);
                compare(name, &[0x8F, lead, trail, b'<']);
            }
        }
    }
}

#[test]
fn every_four_bytes_of_gb18030() {
    use_standard_tables();
    for first in 0x81..=0xFE {
        for second in 0x30..=0x39 {
            let bytes: Vec<u8> = (0x81..=0xFE)
                .flat_map(|third| (0x30..=0x39).flat_map(move |fourth| [first, second, third, fourth]))
                .collect();
            compare("gb18030", &bytes);
        }
    }
}

/// Numbers as if by chance (xorshift).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn any_bytes() {
    use_standard_tables();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let likely = *b"\x1b\x1b\x1b$(@BBJI0123456789AB<>&~\\\x81\x8e\x8f\xa1\xa4\xb0\xe0\xfe\xff\x80\xd8\xdc\xd8\xdc";
    for name in NAMES {
        for _ in 0..30_000 {
            let length = chance.next() % 14;
            let bytes: Vec<u8> = (0..length)
                .map(|_| match chance.next() % 3 {
                    0 => chance.next() as u8,
                    _ => likely[chance.next() as usize % likely.len()],
                })
                .collect();
            compare(name, &bytes);
        }
    }
}

#[test]
fn pieces_and_little_room() {
    use_standard_tables();
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    for name in NAMES {
        let Some(encoding) = Encoding::for_label_no_replacement(name.as_bytes()) else { unreachable!("{name}") };
        for _ in 0..2000 {
            let bytes: Vec<u8> = (0..chance.next() % 40).map(|_| chance.next() as u8).collect();
            let mut decoder = encoding.new_decoder_without_bom_handling();
            let (mut text, mut errors, mut at) = (Vec::new(), Vec::new(), 0);
            loop {
                let end = (at + chance.next() as usize % 5).min(bytes.len());
                let mut room = vec![0; 4 + chance.next() as usize % 6];
                let is_last = end == bytes.len();
                let (result, read, written) =
                    decoder.decode_to_utf8_without_replacement(&bytes[at..end], &mut room, is_last);
                at += read;
                text.extend_from_slice(&room[..written]);
                match result {
                    DecoderResult::InputEmpty if is_last => break,
                    DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(length, after) => errors.push((at - usize::from(after), length)),
                }
            }
            let (expected, places) = standard(name, &bytes);
            assert_eq!(text, expected, "{name} {bytes:x?}");
            let places: Vec<_> = places.into_iter().map(|(end, length, _)| (end, length)).collect();
            assert_eq!(errors, places, "{name} {bytes:x?}");
        }
    }
}

#[test]
fn labels_mean_what_they_mean_there() {
    use_standard_tables();
    for label in ["latin1", " UTF-8\t", "sjis", "utf-16", "gb2312", "iso-2022-kr", "replacement", "", "x", "l\u{e4}"] {
        let expected = standard::Encoding::for_label_no_replacement(label.as_bytes()).map(standard::Encoding::name);
        assert_eq!(Encoding::for_label_no_replacement(label.as_bytes()).map(Encoding::name), expected, "{label}");
    }
}
