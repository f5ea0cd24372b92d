//! Lists that grow by one piece at a time. A full `Vec` moves to twice the memory, and at that moment needs three times
//! the memory of its items. Here only the first piece ever moves, so that few items take little memory.

use std::iter;

/// A list that keeps its memory when it is cleared.
#[derive(Debug)]
pub(super) struct Pieces<T> {
    /// Pieces before the last one in use are full; those after it are empty.
    pieces: Vec<Vec<T>>,
    len: usize,
}

/// The size of a piece in bytes.
const PIECE: usize = 1 << 16;

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Pieces { pieces: Vec::new(), len: 0 }
    }
}

impl<T: Copy> Pieces<T> {
    /// The number of items in a piece is a power of two.
    const SHIFT: u32 = (PIECE / size_of::<T>()).ilog2();
    const MASK: usize = (1 << Self::SHIFT) - 1;

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn clear(&mut self) {
        self.pieces.iter_mut().for_each(Vec::clear);
        self.len = 0;
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        self.pieces.iter().map(|piece| piece.capacity() * size_of::<T>()).sum()
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.pieces.get(index >> Self::SHIFT)?.get(index & Self::MASK)
    }

    #[inline]
    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.pieces.get_mut(index >> Self::SHIFT)?.get_mut(index & Self::MASK)
    }

    #[inline]
    pub(super) fn push(&mut self, item: T) {
        self.room().push(item);
        self.len += 1;
    }

    #[inline]
    pub(super) fn extend_from_slice(&mut self, mut items: &[T]) {
        let room = self.room();
        if room.len() + items.len() <= Self::MASK {
            room.extend_from_slice(items);
            self.len += items.len();
            return;
        }
        while !items.is_empty() {
            let room = self.room();
            let (here, rest) = items.split_at(items.len().min(Self::MASK + 1 - room.len()));
            room.extend_from_slice(here);
            self.len += here.len();
            items = rest;
        }
    }

    /// The piece that the next item goes into.
    #[inline]
    fn room(&mut self) -> &mut Vec<T> {
        let piece = self.len >> Self::SHIFT;
        if piece == self.pieces.len() {
            self.grow();
        }
        // `piece` is at most the number of full pieces, and a missing piece is added.
        &mut self.pieces[piece]
    }

    #[cold]
    fn grow(&mut self) {
        let few = if self.pieces.is_empty() { 0 } else { Self::MASK + 1 };
        self.pieces.push(Vec::with_capacity(few));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flatten()
    }

    /// The items from `start` to `end`, piece by piece.
    pub(super) fn slices(&self, mut start: usize, end: usize) -> impl Iterator<Item = &[T]> {
        iter::from_fn(move || {
            let piece = self.pieces.get(start >> Self::SHIFT).filter(|_| start < end)?;
            let first = start & Self::MASK;
            let slice = piece.get(first..piece.len().min(first + (end - start)))?;
            start += slice.len();
            Some(slice).filter(|slice| !slice.is_empty())
        })
    }
}

impl<T: Copy + PartialEq> Pieces<T> {
    /// Whether the items from `start` to `end` are equal to `items`.
    #[inline]
    pub(super) fn are(&self, start: usize, end: usize, items: &[T]) -> bool {
        if items.len() != end - start {
            return false;
        }
        let first = start & Self::MASK;
        let piece = self.pieces.get(start >> Self::SHIFT);
        match piece.and_then(|piece| piece.get(first..first + items.len())) {
            Some(slice) => slice == items,
            None => self.are_piecewise(start, end, items),
        }
    }

    #[cold]
    fn are_piecewise(&self, start: usize, end: usize, mut items: &[T]) -> bool {
        self.slices(start, end).all(|slice| {
            let (here, rest) = items.split_at(slice.len().min(items.len()));
            items = rest;
            slice == here
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_behave_like_a_list() {
        let all: Vec<u64> = (0..40_000).collect();
        let mut pieces = Pieces::default();
        for _ in 0..2 {
            let (pushed, rest) = all.split_at(5_000);
            pushed.iter().for_each(|item| pieces.push(*item));
            pieces.extend_from_slice(rest);
            assert_eq!(pieces.len(), all.len());
            assert!(pieces.iter().eq(&all));
            assert!((0..all.len()).all(|index| pieces.get(index) == all.get(index)));
            assert_eq!(pieces.get(all.len()), None);
            for (start, end) in [(0, 0), (0, 40_000), (8_191, 8_193), (8_192, 8_192), (8_192, 30_000), (39_999, 40_000)]
            {
                assert_eq!(pieces.slices(start, end).flatten().copied().collect::<Vec<_>>(), all[start..end]);
                assert!(pieces.are(start, end, &all[start..end]));
                assert!(!pieces.are(start, end, &[&all[start..end], &[0]].concat()));
                assert!(start == 0 || start == end || !pieces.are(start, end, &all[..end - start]));
            }
            pieces.clear();
            assert_eq!((pieces.len(), pieces.get(0)), (0, None));
        }
        assert!(pieces.size() < all.len() * 8 + 2 * PIECE);
    }
}
