//! Linked lists that share one memory: joining two takes one step, and a new list allocates nothing.

use super::pieces::Pieces;

/// The memory of the lists.
#[derive(Debug)]
pub(super) struct Chains<T> {
    links: Pieces<(T, u32)>,
}

/// A list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    first: u32,
    last: u32,
}

/// Marks the absence of a link.
const NONE: u32 = u32::MAX;

impl<T> Default for Chains<T> {
    fn default() -> Self {
        Chains { links: Pieces::default() }
    }
}

impl Default for Chain {
    fn default() -> Self {
        Chain { first: NONE, last: NONE }
    }
}

impl Chain {
    pub(super) fn is_empty(self) -> bool {
        self.first == NONE
    }
}

impl<T: Copy> Chains<T> {
    /// Forgets all lists, but keeps the memory.
    pub(super) fn clear(&mut self) {
        self.links.clear();
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        self.links.size()
    }

    pub(super) fn push(&mut self, chain: &mut Chain, item: T) {
        let link = self.links.len() as u32;
        self.links.push((item, NONE));
        self.join(chain, Chain { first: link, last: link });
    }

    /// Appends a list to another one.
    pub(super) fn join(&mut self, chain: &mut Chain, other: Chain) {
        match self.links.get_mut(chain.last as usize) {
            None => *chain = other,
            Some(_) if other.is_empty() => {}
            Some((_, next)) => {
                *next = other.first;
                chain.last = other.last;
            }
        }
    }

    /// Removes the first item.
    pub(super) fn pop(&self, chain: &mut Chain) -> Option<T> {
        let (item, next) = *self.links.get(chain.first as usize)?;
        *chain = if next == NONE { Chain::default() } else { Chain { first: next, last: chain.last } };
        Some(item)
    }

    /// Keeps the items for which `is_kept` is true.
    pub(super) fn retain(&mut self, chain: &mut Chain, mut is_kept: impl FnMut(T) -> bool) {
        let (mut at, mut kept) = (chain.first, Chain::default());
        while let Some((item, next)) = self.links.get_mut(at as usize) {
            let (item, link) = (*item, at);
            at = std::mem::replace(next, NONE);
            if is_kept(item) {
                self.join(&mut kept, Chain { first: link, last: link });
            }
        }
        *chain = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_joined_and_thinned_out() {
        let mut chains = Chains::default();
        let (mut odd, mut even) = (Chain::default(), Chain::default());
        for number in 0..10 {
            chains.push(if number % 2 == 0 { &mut even } else { &mut odd }, number);
        }
        chains.retain(&mut odd, |number| number != 1 && number != 9);
        chains.join(&mut even, odd);
        chains.join(&mut even, Chain::default());
        chains.push(&mut even, 11);
        let all: Vec<_> = std::iter::from_fn(|| chains.pop(&mut even)).collect();
        assert_eq!(all, [0, 2, 4, 6, 8, 3, 5, 7, 11]);
        assert_eq!(chains.pop(&mut even), None);
    }
}
