//! The sets of predicates of terms; each distinct set is stored once.
//!
//! These are the characteristic sets of Neumann and Moerkotte (ICDE 2011): they are few, so a term costs the number of
//! its set, and they give exact sizes of stars.

use crate::store::compiled::check;
use crate::store::compiled::graph::find;
use crate::store::compiled::pages::Pages;
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use std::sync::atomic::{AtomicBool, Ordering};

/// The location of the sets in the file, in bytes.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    /// The terms that have any, ascending.
    pub(crate) keys: usize,
    pub(crate) key_count: u32,
    /// The number of the set of each.
    pub(crate) ids: usize,
    pub(crate) set_count: u32,
    /// The start of the members of each set, and the end.
    pub(crate) offsets: usize,
    /// Places of predicates, ascending in each set.
    pub(crate) members: usize,
    pub(crate) member_count: u32,
    /// Whether the numbers have been validated.
    pub(crate) checked: AtomicBool,
}

/// The sets, checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SetsView<'a> {
    pub(crate) keys: &'a [TermId],
    ids: &'a [u32],
    offsets: &'a [u32],
    members: &'a [u32],
}

impl Sets {
    /// O(n) the first time, for a check, then O(1). `terms` and `predicates` are how many there are.
    pub(crate) fn view<'a>(
        &self,
        pages: &'a Pages,
        terms: u32,
        predicates: u32,
    ) -> Result<SetsView<'a>, StoreError> {
        let is_known = self.checked.load(Ordering::Relaxed);
        let column = |start, count: u32| match is_known {
            true => pages.known_column(start, count as usize),
            false => pages.column(start, count as usize),
        };
        let view = SetsView {
            keys: column(self.keys, self.key_count)?,
            ids: column(self.ids, self.key_count)?,
            offsets: column(self.offsets, self.set_count.saturating_add(1))?,
            members: column(self.members, self.member_count)?,
        };
        if !is_known {
            let right = check::is_set(view.keys, terms)
                && view.ids.iter().all(|id| *id < self.set_count)
                && check::is_partition(view.offsets, view.members.len())
                && check::are_sets(view.offsets, view.members, predicates);
            if !right && self.key_count > 0 {
                return Err(pages.damaged("the sets of predicates are not in order"));
            }
            self.checked.store(true, Ordering::Relaxed);
        }
        Ok(view)
    }
}

impl<'a> SetsView<'a> {
    /// Returns the places of the predicates of the term at a place.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> &'a [u32] {
        let set = self.ids[place] as usize;
        &self.members[self.offsets[set] as usize..self.offsets[set + 1] as usize]
    }

    /// Returns the places of the predicates of a term.
    pub(crate) fn of(&self, term: TermId) -> &'a [u32] {
        find(self.keys, term).map_or(&[], |place| self.at(place))
    }
}
