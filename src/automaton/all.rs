//! `xs:all`: every member at most once, in any order (part 1, section 3.8.1).

use super::{BuildError, LeafId, Particle, Term};

/// The members of an `xs:all`.
#[derive(Debug, Clone)]
pub(super) struct Members {
    /// Sorted by leaf, with whether the member is required.
    pub(super) members: Vec<(LeafId, bool)>,
    /// The whole group may be absent.
    optional: bool,
}

impl Members {
    /// Reads the group; `optional` is `minOccurs="0"` on it.
    pub(super) fn new(particles: &[Particle], optional: bool) -> Result<Members, BuildError> {
        let mut members = Vec::with_capacity(particles.len());
        for particle in particles {
            match (&particle.term, particle.max) {
                (_, Some(0)) => {}
                (Term::Leaf(leaf), Some(1)) => members.push((*leaf, particle.min > 0)),
                _ => {
                    return Err(BuildError::TooComplex(
                        "a member of `xs:all` is not an element that occurs at most once",
                    ));
                }
            }
        }
        members.sort_unstable_by_key(|(leaf, _)| *leaf);
        Ok(Members { members, optional })
    }

    pub(super) fn enter(&self, memory: &mut Vec<u32>) {
        memory.resize(memory.len() + self.members.len().div_ceil(32), 0);
    }

    pub(super) fn advance(&self, leaf: LeafId, words: &mut [u32]) -> bool {
        let Ok(index) = self.members.binary_search_by_key(&leaf, |(member, _)| *member) else { return false };
        let Some(word) = words.get_mut(index / 32) else { return false };
        let bit = 1 << (index % 32);
        let first_time = *word & bit == 0;
        *word |= bit;
        first_time
    }

    pub(super) fn accepts(&self, words: &[u32]) -> bool {
        (self.optional && words.iter().all(|word| *word == 0)) || self.missing(words).next().is_none()
    }

    /// Whether a member that is `named` may be absent.
    pub(super) fn may_lack(&self, named: &dyn Fn(LeafId) -> bool) -> bool {
        self.optional || !self.members.iter().any(|(leaf, required)| *required && named(*leaf))
    }

    /// The members that have not occurred yet, with whether they are required.
    pub(super) fn absent<'a>(&'a self, words: &'a [u32]) -> impl Iterator<Item = (LeafId, bool)> + 'a {
        let has_come = |index: usize| words.get(index / 32).is_some_and(|word| word & (1 << (index % 32)) != 0);
        self.members.iter().enumerate().filter(move |(index, _)| !has_come(*index)).map(|(_, member)| *member)
    }

    /// All members.
    pub(super) fn leaves(&self) -> impl Iterator<Item = LeafId> + '_ {
        self.members.iter().map(|(leaf, _)| *leaf)
    }

    /// The required members that have not occurred yet.
    pub(super) fn missing<'a>(&'a self, words: &'a [u32]) -> impl Iterator<Item = LeafId> + 'a {
        self.absent(words).filter(|(_, required)| *required).map(|(leaf, _)| leaf)
    }
}
