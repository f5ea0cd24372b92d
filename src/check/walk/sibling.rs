//! The tag after an element that has only begun: what the author meant by a name can depend on what comes next.

use super::FOLLOWING;
use crate::xml::{Tag, Tags, split};

/// How many bytes of the search count as one step.
const BYTES: usize = 64;

/// The prefix and the local name of the element that follows the one whose start tag ends at `at`; `None` if no element
/// follows within reach. The cost is taken from `steps`. If the bytes in between are not well-formed, the result may be a
/// different element.
pub(super) fn next_sibling<'a>(text: &'a str, at: usize, steps: &mut usize) -> Option<(&'a str, &'a str)> {
    let is_empty = text.get(..at).is_some_and(|before| before.ends_with("/>"));
    let (mut at, mut depth) = (at, usize::from(!is_empty));
    let end = at.saturating_add(FOLLOWING).min(text.len());
    let end = (at..=end).rev().find(|end| text.is_char_boundary(*end))?;
    let near = text.get(..end)?;
    let mut tags = Tags::new(near, at);
    loop {
        match tags.next()? {
            Tag::Start { name, .. } if depth == 0 => return Some(split(name, name.find(':').unwrap_or(0))),
            Tag::Start { .. } => depth += 1,
            Tag::End => depth = depth.checked_sub(1)?,
        }
        *steps = steps.checked_sub(1 + (tags.position() - at) / BYTES)?;
        at = tags.position();
    }
}
