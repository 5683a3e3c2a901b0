//! Expressions that rows have to fulfil.

use crate::sparql::engine::plan::scalar::{Memos, Scalar};

/// An expression that has to be evaluated.
pub(crate) struct Check {
    pub(crate) scalar: Scalar,
    pub(crate) slots: Vec<usize>,
    /// Where a run remembers the truth values if it reads one column only.
    pub(crate) memo: usize,
}

impl Check {
    pub(crate) fn new(scalar: Scalar, memos: &mut Memos) -> Self {
        memos.truths += 1;
        Self {
            slots: scalar.slots(),
            scalar,
            memo: memos.truths - 1,
        }
    }
}
