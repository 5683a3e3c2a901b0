//! Expressions that rows have to fulfil.

use crate::sparql::engine::plan::scalar::{Memos, Scalar};

/// An expression to be evaluated for each row.
pub(crate) struct Check {
    pub(crate) scalar: Scalar,
    pub(crate) slots: Vec<usize>,
    /// The index of the memo table for truth values, used if it reads a single column.
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
