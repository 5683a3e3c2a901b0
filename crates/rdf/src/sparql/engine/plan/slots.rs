//! Sets of slots, or of any small numbers.

use fixedbitset::FixedBitSet;
use std::ops::{BitAnd, BitOr};

/// A set of numbers, a bit for each: cheap to copy, and to join with others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots(FixedBitSet);

impl Slots {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn contains(&self, slot: &usize) -> bool {
        self.0.contains(*slot)
    }

    /// Adds a number; returns whether it is new.
    pub(crate) fn insert(&mut self, slot: usize) -> bool {
        let is_new = !self.0.contains(slot);
        self.0.grow_and_insert(slot);
        is_new
    }

    pub(crate) fn remove(&mut self, slot: &usize) {
        if self.0.contains(*slot) {
            self.0.remove(*slot);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_clear()
    }

    /// Returns the numbers in both sets, ascending.
    pub(crate) fn intersection<'s>(&'s self, other: &'s Self) -> impl Iterator<Item = usize> + 's {
        self.0.intersection(&other.0)
    }

    /// All, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.ones()
    }
}

impl FromIterator<usize> for Slots {
    fn from_iter<I: IntoIterator<Item = usize>>(slots: I) -> Self {
        let mut found = Self::new();
        found.extend(slots);
        found
    }
}

impl Extend<usize> for Slots {
    fn extend<I: IntoIterator<Item = usize>>(&mut self, slots: I) {
        for slot in slots {
            self.0.grow_and_insert(slot);
        }
    }
}

impl BitOr for &Slots {
    type Output = Slots;

    fn bitor(self, other: &Slots) -> Slots {
        let mut both = self.clone();
        both.0.union_with(&other.0);
        both
    }
}

impl BitAnd for &Slots {
    type Output = Slots;

    fn bitand(self, other: &Slots) -> Slots {
        let mut both = self.clone();
        both.0.intersect_with(&other.0);
        both
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_any_length() {
        let (few, many) = (Slots::from_iter([1, 3]), Slots::from_iter([3, 200, 1000]));
        assert_eq!((&few | &many).iter().collect::<Vec<_>>(), [1, 3, 200, 1000]);
        assert_eq!((&many & &few).iter().collect::<Vec<_>>(), [3]);
        assert_eq!(few.intersection(&many).collect::<Vec<_>>(), [3]);
        let mut left = few.clone();
        left.remove(&3);
        left.remove(&5000);
        assert!(
            left.intersection(&many).next().is_none()
                && !left.contains(&3)
                && !left.contains(&5000)
        );
        assert!(left.insert(7) && !left.insert(7));
        assert!(Slots::new().is_empty() && !left.is_empty());
    }
}
