//! Aggregates of `GROUP BY`.

use std::rc::Rc;

/// An aggregate function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Function {
    /// How many rows there are.
    Rows,
    /// How many rows have a value.
    Count,
    /// How many rows there are, if all have a value.
    CountAll,
    Sum,
    Average,
    Least,
    Greatest,
    /// The first value.
    Sample,
    /// All strings, with this between them.
    Concatenate(Rc<str>),
}

/// One aggregate.
#[derive(Debug, Clone)]
pub(crate) struct Aggregate {
    /// Where the result goes.
    pub(crate) slot: usize,
    pub(crate) function: Function,
    pub(crate) distinct: bool,
    /// The columns that it reads: one, or for distinct rows all of the pattern.
    pub(crate) columns: Vec<usize>,
}
