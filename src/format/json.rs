//! The gaps of a JSON document.

use super::gap::{Belongs, Gap};
use crate::text::scan::string_end;
use crate::text::white_space::skip_white_space;

/// Whether a document begins like JSON.
pub(super) fn is_begun(document: &[u8]) -> bool {
    let first = document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document).trim_ascii_start().first();
    first.is_some_and(|first| matches!(first, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'))
}

/// All gaps of a well-formed document, in order.
pub(super) fn gaps(text: &[u8], minify: bool) -> Vec<Gap> {
    let mut gaps = Gaps { text, minify, found: Vec::new(), at: 0 };
    let mut level = 0_u32;
    gaps.put(Belongs::Nothing);
    while let Some(byte) = text.get(gaps.at) {
        match byte {
            b'{' | b'[' => {
                gaps.at += 1;
                let next = skip_white_space(text, gaps.at);
                if matches!(text.get(next), Some(b'}' | b']')) {
                    gaps.put(Belongs::Nothing);
                    gaps.at += 1;
                    gaps.after_value(level);
                } else {
                    level = level.saturating_add(1);
                    gaps.put(Belongs::Line(level));
                }
            }
            b'}' | b']' => {
                level = level.saturating_sub(1);
                gaps.at += 1;
                gaps.after_value(level);
            }
            b',' => {
                gaps.at += 1;
                gaps.put(Belongs::Line(level));
            }
            b':' => {
                gaps.at += 1;
                gaps.put(Belongs::Space);
            }
            b'"' => {
                gaps.at = end_of_string(text, gaps.at + 1);
                gaps.after_value(level);
            }
            _ => {
                let is_part = |byte: &u8| !matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
                let rest = text.get(gaps.at..).unwrap_or_default();
                gaps.at += rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len()).max(1);
                gaps.after_value(level);
            }
        }
    }
    gaps.found
}

struct Gaps<'d> {
    text: &'d [u8],
    minify: bool,
    found: Vec<Gap>,
    at: usize,
}

impl Gaps<'_> {
    fn put(&mut self, belongs: Belongs) {
        let (start, end) = (self.at, skip_white_space(self.text, self.at));
        let belongs = if self.minify { Belongs::Nothing } else { belongs };
        if start < end || belongs != Belongs::Nothing {
            self.found.push(Gap { start, end, belongs });
        }
        self.at = end;
    }

    /// After a value or the name of a member, in this many open arrays and objects.
    fn after_value(&mut self, level: u32) {
        let belongs = match self.text.get(skip_white_space(self.text, self.at)) {
            Some(b'}' | b']') => Belongs::Line(level.saturating_sub(1)),
            None => Belongs::Line(0),
            Some(_) => Belongs::Nothing,
        };
        self.put(belongs);
    }
}

/// The offset after the quote that ends a string whose first character is at `at`.
fn end_of_string(text: &[u8], mut at: usize) -> usize {
    loop {
        at += string_end(text.get(at..).unwrap_or_default());
        match text.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return text.len(),
        }
    }
}
