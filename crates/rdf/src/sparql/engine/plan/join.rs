//! Triple patterns side by side, which are joined by one search.

use crate::sparql::engine::plan::slots::Slots;
use std::ops::Range;

/// One end of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Slot(usize),
    Term(u32),
}

impl End {
    /// Returns the slot, if it is one.
    pub(crate) fn slot(self) -> Option<usize> {
        match self {
            Self::Slot(slot) => Some(slot),
            Self::Term(_) => None,
        }
    }
}

/// A triple pattern with a known predicate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atom {
    pub(crate) subject: End,
    /// The place of its relation in the plan.
    pub(crate) relation: usize,
    pub(crate) object: End,
}

impl Atom {
    /// Returns the slots of its ends.
    pub(crate) fn slots(self) -> impl Iterator<Item = usize> {
        [self.subject, self.object]
            .into_iter()
            .filter_map(End::slot)
    }
}

/// The numbers that a slot may have: ranges, ascending and apart.
#[derive(Debug, Clone)]
pub(crate) struct Allowed {
    pub(crate) slot: usize,
    pub(crate) ranges: Vec<Range<u32>>,
}

impl Allowed {
    pub(crate) fn span(&self) -> Range<u32> {
        match (self.ranges.first(), self.ranges.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    pub(crate) fn holds(&self, number: u32) -> bool {
        self.next_from(number) == Some(number)
    }

    /// Returns the first number from this on that is allowed.
    pub(crate) fn next_from(&self, number: u32) -> Option<u32> {
        let place = self.ranges.partition_point(|range| range.end <= number);
        let range = self.ranges.get(place)?;
        Some(range.start.max(number))
    }
}

/// What the rows of a step are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Purpose {
    /// Each solution is a row.
    #[default]
    Rows,
    /// Solutions that agree where later steps look are counted: one row may stand for several of them.
    Count,
    /// It does not matter how many solutions agree where later steps look.
    Any,
}

/// Patterns to be joined with the rows that come in.
#[derive(Debug)]
pub(crate) struct Bgp {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) allowed: Vec<Allowed>,
    /// The slots that have a value in each row that comes in.
    pub(crate) bound: Vec<usize>,
    /// One result for each row is enough.
    pub(crate) first_only: bool,
    pub(crate) purpose: Purpose,
    /// The slots that later steps read.
    pub(crate) needed: Slots,
}
