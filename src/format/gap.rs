//! Gaps: insignificant white space, and what belongs there.

use super::{FormatError, FormatOptions, Indent};
use crate::Limits;

/// A place in a document where white space is insignificant. It may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) belongs: Belongs,
}

/// What belongs in a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    Nothing,
    Space,
    /// The existing white space.
    Same,
    /// A line end, and the indentation of this many levels.
    Line(u32),
}

/// The texts that fill gaps, as bytes of the document.
#[derive(Debug, Clone)]
pub(super) struct Filling {
    space: Vec<u8>,
    line_end: Vec<u8>,
    level: Vec<u8>,
}

impl Filling {
    /// Gaps are filled with the line end of the first gap that has one, so that formatting again changes nothing.
    pub(super) fn new(text: &[u8], gaps: &[Gap], options: &FormatOptions) -> Filling {
        let first = |bytes: &[u8]| {
            let end = memchr::memchr(b'\n', bytes)?;
            Some(bytes.get(end.wrapping_sub(1)) == Some(&b'\r'))
        };
        let in_gaps = gaps.iter().find_map(|gap| first(text.get(gap.start..gap.end)?));
        let has_returns = in_gaps.or_else(|| first(text)).unwrap_or(false);
        Filling {
            space: b" ".to_vec(),
            line_end: if has_returns { b"\r\n".to_vec() } else { b"\n".to_vec() },
            level: match options.indent {
                Indent::Spaces(count) => vec![b' '; usize::from(count)],
                Indent::Tab => b"\t".to_vec(),
            },
        }
    }

    /// The same texts in UTF-16.
    pub(super) fn in_utf16(&self, is_big: bool) -> Filling {
        let unit = |byte: &u8| if is_big { [0, *byte] } else { [*byte, 0] };
        let encode = |bytes: &[u8]| bytes.iter().flat_map(unit).collect();
        Filling { space: encode(&self.space), line_end: encode(&self.line_end), level: encode(&self.level) }
    }

    fn length(&self, gap: &Gap) -> usize {
        match gap.belongs {
            Belongs::Nothing => 0,
            Belongs::Space => self.space.len(),
            Belongs::Same => gap.end.saturating_sub(gap.start),
            Belongs::Line(level) => self.line_end.len() + self.level.len() * level as usize,
        }
    }
}

/// The text with its gaps filled.
///
/// # Errors
///
/// The result would be larger than a document may be: deeply nested elements need much more space for their indentation
/// than for themselves.
pub(super) fn fill(text: &[u8], gaps: &[Gap], filling: &Filling, limits: &Limits) -> Result<Vec<u8>, FormatError> {
    let removed: usize = gaps.iter().map(|gap| gap.end.saturating_sub(gap.start)).sum();
    let added = gaps.iter().fold(0_usize, |sum, gap| sum.saturating_add(filling.length(gap)));
    let size = text.len().saturating_sub(removed).saturating_add(added);
    if size > limits.document_bytes {
        return Err(FormatError::TooLarge { limit: limits.document_bytes, size });
    }
    let mut filled = Vec::with_capacity(size);
    let mut at = 0;
    for gap in gaps {
        filled.extend_from_slice(text.get(at..gap.start).unwrap_or_default());
        match gap.belongs {
            Belongs::Nothing => {}
            Belongs::Space => filled.extend_from_slice(&filling.space),
            Belongs::Same => filled.extend_from_slice(text.get(gap.start..gap.end).unwrap_or_default()),
            Belongs::Line(level) => {
                filled.extend_from_slice(&filling.line_end);
                (0..level).for_each(|_| filled.extend_from_slice(&filling.level));
            }
        }
        at = gap.end;
    }
    filled.extend_from_slice(text.get(at..).unwrap_or_default());
    Ok(filled)
}
