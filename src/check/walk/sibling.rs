//! The tag after an element that has only begun: what an author meant by a name depends on what comes next.

use crate::Limits;
use crate::xml::{lex, split};

/// So many tags within the element are read at most; then nothing is known of what comes after it.
const TAGS: usize = 1024;

/// A step of a search for so many bytes.
const BYTES: usize = 64;

/// The prefix and the local name of the element that follows the one whose start tag ends at `at`; `None`: none
/// follows, or that would take too long to find out, or something on the way is not well-formed. What it costs is taken
/// from `steps`.
pub(super) fn next_sibling<'a>(
    text: &'a str,
    at: usize,
    limits: &Limits,
    steps: &mut usize,
) -> Option<(&'a str, &'a str)> {
    let is_empty = text.get(..at).is_some_and(|before| before.ends_with("/>"));
    let (mut at, mut depth) = (at, usize::from(!is_empty));
    let mut attributes = Vec::new();
    for _ in 0..TAGS {
        let tag = at + lex::text_run(text, at).ok()?.raw.len();
        let end = match text.as_bytes().get(tag + 1)? {
            b'/' => {
                depth = depth.checked_sub(1)?;
                lex::end_tag(text, tag, limits).ok()?.1
            }
            _ => {
                let start = lex::start_tag(text, tag, limits, &mut attributes).ok()?;
                if depth == 0 {
                    return Some(split(start.name, start.prefix_length));
                }
                depth += usize::from(!start.empty);
                start.end
            }
        };
        *steps = steps.checked_sub(1 + (end - at) / BYTES)?;
        at = end;
    }
    None
}
