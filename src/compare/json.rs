//! A JSON document as a tree: the order of members has no meaning, and numbers are compared by value.

use super::meanings::{LabelKind, Meanings};
use super::tree::{Builder, New, Shape, Tree};
use crate::json::{Reader, Token};

/// Reads a well-formed document.
pub(super) fn read(text: &[u8], meanings: &mut Meanings) -> Tree {
    let mut builder = Builder::new(meanings);
    let item = builder.meanings.of_label(LabelKind::Item, "", "", || (None, None));
    // The depth was checked before.
    let mut reader = Reader::new(text, usize::MAX);
    let mut open: Vec<Shape> = Vec::new();
    let mut name: Option<u32> = None;
    loop {
        let token = reader.next(&mut |_| {});
        let span = reader.span();
        let span = (span.start as u32, span.end as u32);
        let value = match &token {
            Token::Eof => return builder.tree,
            Token::Name(member) => {
                name = Some(builder.meanings.of_label(LabelKind::Member, "", member, || (None, None)));
                continue;
            }
            Token::EndArray | Token::EndObject => {
                open.pop();
                builder.end();
                continue;
            }
            Token::BeginArray | Token::BeginObject => None,
            Token::String(text) => Some(format!("string:{text}")),
            Token::Number(number) => Some(canonical(number)),
            Token::True => Some("true".to_owned()),
            Token::False => Some("false".to_owned()),
            Token::Null | Token::Faulty | Token::FaultyName => Some("null".to_owned()),
        };
        let shape = match token {
            Token::BeginArray => Shape::Array,
            Token::BeginObject => Shape::Structure,
            _ => Shape::Value,
        };
        let is_list = open.last() == Some(&Shape::Array);
        let label = name.take().unwrap_or(item);
        builder.begin(New { label, group: label, is_list, shape, span });
        match value {
            Some(value) => {
                let value = builder.meanings.of_value(&value);
                builder.set_value(value, span);
                builder.end();
            }
            None => open.push(shape),
        }
    }
}

/// A spelling that is the same for equal numbers: the significant digits, and the power of ten of the last one.
fn canonical(number: &str) -> String {
    let (mantissa, exponent) = number.split_at(number.find(['e', 'E']).unwrap_or(number.len()));
    let exponent = exponent.trim_start_matches(['e', 'E', '+']);
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let (whole, fraction) =
        mantissa.trim_start_matches('-').split_once('.').unwrap_or((mantissa.trim_start_matches('-'), ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return "number:0".to_owned();
    }
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let shift = zeros as i64 - fraction.len() as i64;
    match if exponent.is_empty() { Ok(0) } else { exponent.parse::<i64>() } {
        Ok(exponent) => format!("number:{sign}{significant}e{}", i128::from(exponent) + i128::from(shift)),
        // An exponent with more digits than any number needs is compared as written.
        Err(_) => format!("number:{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn equal_numbers_are_spelled_alike() {
        for group in [&["1", "1.0", "10e-1", "0.1E1", "1e0"][..], &["0", "-0", "0.00", "0e7"], &["-12.50", "-125e-1"]] {
            assert!(group.iter().all(|number| canonical(number) == canonical(group[0])), "{group:?}");
        }
        for [one, other] in [["1", "10"], ["1", "-1"], ["1", "1.01"], ["1e5", "1e6"], ["100", "1e3"]] {
            assert_ne!(canonical(one), canonical(other));
        }
    }
}
