//! Joins with rows that do not depend on those that come in, by hash.

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::plan::node::Node;

/// Rows that are made once, and how they join.
pub(crate) struct Table<'a> {
    pub(crate) source: Source<'a>,
    /// The slots that both sides have, always.
    pub(crate) shared: Vec<usize>,
    /// The slots that both sides have, but not in each row.
    pub(crate) open: Vec<usize>,
    /// The slots that the rows have.
    pub(crate) slots: Vec<usize>,
}

pub(crate) enum Source<'a> {
    Rows(Batch),
    Plan(Box<Node<'a>>),
}

impl Table<'_> {
    /// Returns the slots that both sides have.
    pub(crate) fn common(&self) -> Vec<usize> {
        [&self.shared[..], &self.open].concat()
    }
}
