//! What every member type can do.

use super::decode::{Decode, Refused, Rest, Room};
use super::rule::Fact;
use super::shape::ValueShape;

/// A type that a member may have.
pub(crate) trait Value: Sized {
    /// The type as data.
    const SHAPE: ValueShape;

    /// Whether the member may be absent or `null`.
    const OPTIONAL: bool = false;

    /// The value for an absent member; `None` if it is required.
    #[inline]
    fn absent() -> Option<Self> {
        None
    }

    /// Whether the member is written.
    #[inline]
    fn is_there(&self) -> bool {
        true
    }

    /// Whether `explain` may report something about a document in which this was read: `false` is certain.
    #[inline]
    fn is_odd(&self) -> bool {
        false
    }

    /// The value of a member, as far as rules of its object need it; `None` if it is absent or `null`.
    #[inline]
    fn fact(&self) -> Option<Fact<'_>> {
        Some(Fact::Other)
    }
}

/// Gives up borrowing.
pub(crate) trait IntoOwned {
    /// The type without borrowing.
    type Owned: 'static;

    /// Copies what is borrowed.
    fn into_owned(self) -> Self::Owned;
}

/// A type of members that may have a documented default.
pub(crate) trait Defaulted<P> {
    /// The plain value; `None` if it says no more than an absent member.
    fn plain(&self) -> Option<P>;
}

impl Defaulted<bool> for bool {
    fn plain(&self) -> Option<bool> {
        Some(*self)
    }
}

impl Value for bool {
    const SHAPE: ValueShape = ValueShape::Boolean;
}

impl<'a> Decode<'a> for bool {
    fn blank() -> bool {
        false
    }

    #[inline(always)]
    fn try_plain(rest: Rest<'a>) -> Option<(bool, Rest<'a>)> {
        match rest.strip_prefix("true") {
            Some(after) => Some((true, after)),
            None => Some((false, rest.strip_prefix("false")?)),
        }
    }

    fn decode(rest: Rest<'a>, _: Room, to: &mut bool) -> Result<Rest<'a>, Refused> {
        let (value, after) = bool::try_plain(rest).ok_or(Refused)?;
        *to = value;
        Ok(after)
    }
}

impl IntoOwned for bool {
    type Owned = bool;

    fn into_owned(self) -> bool {
        self
    }
}

/// A value that its type cannot hold: too long, too short, too large, too small, too many.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct OutsideLimits {
    expected: String,
    found: String,
}

impl OutsideLimits {
    #[cold]
    pub(super) fn new(expected: String, found: impl std::fmt::Display) -> OutsideLimits {
        OutsideLimits { expected, found: found.to_string() }
    }
}
