//! Values of simple types, from text and back.

use std::borrow::Cow;
use std::fmt::Write;

use crate::codec::Secret;
use crate::datatype::Integer;

/// A value of a simple type.
pub trait Scalar<'a>: Sized {
    /// Parses a text whose white space is as the type requires; `None` if it is not a valid value.
    fn parse(text: Cow<'a, str>) -> Option<Self>;

    /// Appends the value as it is written in a document.
    fn append(&self, out: &mut String);

    /// The value as it is written in a document, if it is stored as text.
    #[inline]
    fn as_text(&self) -> Option<&str> {
        None
    }

    /// Appends the value to a document if nothing in it can be markup; otherwise returns `false` and appends nothing.
    #[inline]
    fn append_plain(&self, _out: &mut Vec<u8>) -> bool {
        false
    }
}

impl<'a> Scalar<'a> for Cow<'a, str> {
    #[inline]
    fn parse(text: Cow<'a, str>) -> Option<Self> {
        Some(text)
    }

    #[inline]
    fn append(&self, out: &mut String) {
        out.push_str(self);
    }

    #[inline]
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }
}

impl<'a> Scalar<'a> for Secret<'a> {
    fn parse(text: Cow<'a, str>) -> Option<Self> {
        Some(Secret::from(text))
    }

    fn append(&self, out: &mut String) {
        out.push_str(self.expose());
    }

    fn as_text(&self) -> Option<&str> {
        Some(self.expose())
    }
}

/// Part 2, section 3.2.2.
impl Scalar<'_> for bool {
    fn parse(text: Cow<'_, str>) -> Option<Self> {
        match &*text {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    fn append(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }

    fn append_plain(&self, out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
        true
    }
}

/// Rust's integers accept a sign and leading zeros in `FromStr`, as section 3.3.13 does.
macro_rules! whole_numbers {
    ($($number:ident)*) => {$(
        impl Scalar<'_> for $number {
            #[inline]
            fn parse(text: Cow<'_, str>) -> Option<Self> {
                // XML Schema accepts `-0` as an unsigned number, Rust does not.
                text.parse().ok().or_else(|| {
                    let digits = text.strip_prefix('-')?;
                    (!digits.is_empty() && digits.bytes().all(|digit| digit == b'0')).then_some(0)
                })
            }

            #[inline]
            fn append(&self, out: &mut String) {
                let _ = write!(out, "{self}"); // writing to a String cannot fail
            }

            #[inline]
            fn append_plain(&self, out: &mut Vec<u8>) -> bool {
                append_digits(out, i128::from(*self) < 0, i128::from(*self).unsigned_abs() as u64);
                true
            }
        }
    )*};
}

/// Appends a number.
fn append_digits(out: &mut Vec<u8>, is_negative: bool, mut magnitude: u64) {
    if is_negative {
        out.push(b'-');
    }
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit += (magnitude % 10) as u8;
        magnitude /= 10;
        first -= 1;
        if magnitude == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(first..).unwrap_or_default());
}

whole_numbers! { i8 i16 i32 i64 u8 u16 u32 u64 }

impl<'a> Scalar<'a> for Integer<'a> {
    fn parse(text: Cow<'a, str>) -> Option<Self> {
        match text {
            Cow::Borrowed(text) => Integer::parse(text).ok(),
            Cow::Owned(text) => Integer::parse(&text).ok().map(Integer::into_owned),
        }
    }

    fn append(&self, out: &mut String) {
        let _ = write!(out, "{self}"); // writing to a String cannot fail
    }

    #[inline]
    fn append_plain(&self, out: &mut Vec<u8>) -> bool {
        let small = self.small();
        if let Some(small) = small {
            append_digits(out, small < 0, small.unsigned_abs());
        }
        small.is_some()
    }
}

/// Part 2, sections 3.2.4 and 3.2.5: Rust writes infinity differently.
macro_rules! floating_point_numbers {
    ($($number:ident)*) => {$(
        impl Scalar<'_> for $number {
            fn parse(text: Cow<'_, str>) -> Option<Self> {
                match &*text {
                    "INF" => Some($number::INFINITY),
                    "-INF" => Some($number::NEG_INFINITY),
                    "NaN" => Some($number::NAN),
                    number => number.parse().ok(),
                }
            }

            fn append(&self, out: &mut String) {
                if self.is_infinite() {
                    out.push_str(if *self > 0.0 { "INF" } else { "-INF" });
                } else {
                    // The shortest text that reads as the same number, with an exponent instead of many zeros.
                    let begin = out.len();
                    let _ = write!(out, "{self:?}"); // writing to a String cannot fail
                    if out.get(begin..).is_some_and(|written| written.ends_with(".0")) {
                        out.truncate(out.len() - 2);
                    }
                }
            }
        }
    )*};
}

floating_point_numbers! { f32 f64 }

/// A list: its items have white space between them.
impl<'a, T: Scalar<'a>> Scalar<'a> for Vec<T> {
    fn parse(text: Cow<'a, str>) -> Option<Self> {
        match text {
            Cow::Borrowed(text) => text.split_ascii_whitespace().map(|item| T::parse(Cow::Borrowed(item))).collect(),
            Cow::Owned(text) => {
                text.split_ascii_whitespace().map(|item| T::parse(Cow::Owned(item.to_owned()))).collect()
            }
        }
    }

    fn append(&self, out: &mut String) {
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(' ');
            }
            item.append(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written<'a>(value: &impl Scalar<'a>) -> String {
        let mut out = String::new();
        value.append(&mut out);
        out
    }

    #[test]
    fn numbers_are_spelled_as_xml_schema_does() {
        assert_eq!(u8::parse("+007".into()), Some(7));
        assert_eq!(u8::parse("-0".into()), Some(0));
        assert_eq!(u8::parse("-".into()), None);
        assert_eq!(i64::parse("-9223372036854775808".into()), Some(i64::MIN));
        assert_eq!(written(&f64::INFINITY), "INF");
        assert_eq!(written(&f64::NEG_INFINITY), "-INF");
        assert_eq!(written(&f32::NAN), "NaN");
        assert_eq!(f64::parse("1E3".into()), Some(1000.0));
        assert_eq!(Vec::<i32>::parse("1 2\n3".into()), Some(vec![1, 2, 3]));
        assert_eq!(written(&vec![true, false]), "true false");
    }

    proptest! {
        #[test]
        fn written_values_read_back_the_same(number: f64, whole: i64) {
            prop_assert_eq!(f64::parse(written(&number).into()).map(f64::to_bits), Some(number.to_bits()));
            prop_assert_eq!(i64::parse(written(&whole).into()), Some(whole));
            let mut plain = Vec::new();
            prop_assert!(whole.append_plain(&mut plain) && Integer::from(whole).append_plain(&mut plain));
            prop_assert_eq!(plain, written(&whole).repeat(2).into_bytes());
        }
    }
}
