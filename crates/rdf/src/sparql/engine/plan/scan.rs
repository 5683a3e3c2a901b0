//! Triple patterns whose predicate is a variable, or that have a variable twice.

use crate::sparql::engine::plan::join::{End, Purpose};
use crate::sparql::engine::plan::slots::Slots;
use crate::store::compiled::graph::GraphRef;

/// A triple pattern to be joined with the rows that come in by looking for each of them.
pub(crate) struct Pattern<'a> {
    pub(crate) ends: [End; 3],
    /// Predicates that do not count.
    pub(crate) except: Vec<u32>,
    /// Whether each has a value in each row that comes in.
    pub(crate) known: [bool; 3],
    pub(crate) graphs: Vec<GraphRef<'a>>,
    pub(crate) purpose: Purpose,
    /// The slots that later steps read.
    pub(crate) needed: Slots,
}

impl Pattern<'_> {
    /// Returns the slots of its ends.
    pub(crate) fn slots(&self) -> impl Iterator<Item = usize> {
        self.ends.into_iter().filter_map(End::slot)
    }
}
