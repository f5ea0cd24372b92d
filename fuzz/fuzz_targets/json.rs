//! Messages in JSON: exactly the documents in which the complete path finds no error decode; serde_json reads the same
//! value from them; the written value is valid, and is read back unchanged.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packetcheck::{Limits, dataworks, sms};

const MAX_BYTES: usize = 1 << 16;

macro_rules! check {
    ($type:ty, $bytes:expr, $encode:ident) => {{
        let value = <$type>::decode($bytes);
        let report = <$type>::explain($bytes, &Limits::default());
        assert_eq!(value.is_ok(), report.is_valid(), "{value:#?} {report:#?}");
        if let Ok(value) = value {
            let written = value.$encode().expect("what was read can be written");
            let again = <$type>::decode(&written).expect("what we write decodes");
            assert_eq!(again.into_owned(), value.into_owned());
        }
    }};
}

/// Whether serde_json passes on each number as written: it turns a number with a point or an exponent into a double,
/// which changes numbers with more digits than a double holds.
fn is_exact_in_serde(text: &str) -> bool {
    let is_of_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | 'e' | 'E' | '+' | '-');
    text.split(|letter| !is_of_number(letter)).all(|number| {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let exponent = number.split(['e', 'E']).nth(1);
        digits == 0
            || !number.contains(['.', 'e', 'E'])
            || digits < 15 && exponent.is_none_or(|exponent| exponent.len() == 1 && digits < 6)
    })
}

fuzz_target!(|bytes: &[u8]| {
    // DataWorks reads documents that begin with `<` as XML, which is for another target.
    if bytes.len() > MAX_BYTES || bytes.trim_ascii_start().starts_with(b"<") {
        return;
    }
    let text = std::str::from_utf8(bytes).unwrap_or("no JSON");
    if is_exact_in_serde(text) {
        assert_eq!(sms::ProgressReport::decode(bytes).ok(), serde_json::from_str(text).ok());
        if let Ok(task) = sms::Task::decode(bytes) {
            assert_eq!(Some(task), serde_json::from_str(text).ok());
        }
    }
    check!(sms::Response<'_>, bytes, encode);
    check!(sms::ProgressReport<'_>, bytes, encode);
    check!(dataworks::Response<'_>, bytes, encode_json);
});
