//! The steps of a plan, as plain data.

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::plan::check::Check;
use crate::sparql::engine::plan::group::Aggregate;
use crate::sparql::engine::plan::join::{Allowed, Bgp};
use crate::sparql::engine::plan::path::PathStep;
use crate::sparql::engine::plan::scalar::Scalar;
use crate::sparql::engine::plan::scan::Pattern;
use std::ops::Range;

/// The number of a step in its plan, from 0.
pub(crate) type StepId = usize;

/// A step with the steps before it.
pub(crate) struct Node<'a> {
    /// Its number in the plan, assigned once the plan is complete.
    pub(crate) id: StepId,
    pub(crate) op: Op<'a>,
}

impl<'a> From<Op<'a>> for Node<'a> {
    fn from(op: Op<'a>) -> Self {
        Self { id: 0, op }
    }
}

/// The operation of a step.
pub(crate) enum Op<'a> {
    /// The rows fed in; at the top level, one row without values.
    Input,
    /// Joins with triple patterns.
    Join(Box<Node<'a>>, Bgp),
    /// Joins with one pattern whose predicate is a variable.
    Scan(Box<Node<'a>>, Pattern<'a>),
    /// Joins with a property path.
    Path(Box<Node<'a>>, PathStep<'a>),
    /// Joins by hash with rows that do not depend on the input.
    Table(Box<Node<'a>>, Table<'a>),
    Filter(Box<Node<'a>>, Vec<Condition<'a>>),
    /// Left join: each row with its extensions, or unchanged if it has none.
    Optional {
        left: Box<Node<'a>>,
        right: Box<Node<'a>>,
        /// The slot that holds the number of the row while the right side runs.
        row: usize,
    },
    /// Each row with a truth value: whether a pattern extends it.
    Mark {
        input: Box<Node<'a>>,
        node: Box<Node<'a>>,
        /// The slot that holds the number of the row while the right side runs.
        row: usize,
        /// The slot of the truth value; `answers` has the numbers of false and true.
        slot: usize,
        answers: [u32; 2],
    },
    /// Runs one step on the rows with a value in a slot, and another on the rest.
    Split {
        input: Box<Node<'a>>,
        slot: usize,
        bound: Box<Node<'a>>,
        unbound: Box<Node<'a>>,
    },
    /// Runs each branch on the same rows.
    Union(Box<Node<'a>>, Vec<Node<'a>>),
    /// The rows that no row of a table is compatible with.
    Minus(Box<Node<'a>>, Table<'a>),
    Extend(Box<Node<'a>>, usize, Computed),
    Distinct(Box<Node<'a>>, Vec<usize>),
    Group {
        input: Box<Node<'a>>,
        keys: Vec<usize>,
        aggregates: Vec<Aggregate>,
        /// Keeps only these groups.
        top: Option<TopK>,
    },
    Sort {
        input: Box<Node<'a>>,
        /// Slots, and whether the greatest come first.
        by: Vec<(usize, bool)>,
        /// How many rows are wanted of the sorted ones.
        limit: Option<usize>,
    },
    Slice {
        input: Box<Node<'a>>,
        start: usize,
        length: Option<usize>,
    },
}

/// The first `count` rows in the order of a slot, and those tied with the last of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TopK {
    pub(crate) slot: usize,
    pub(crate) descending: bool,
    pub(crate) count: usize,
}

/// The value assigned to a slot.
pub(crate) enum Computed {
    Copy(usize),
    Term(u32),
    Expression(Scalar),
}

impl Computed {
    /// Returns the slots that it reads.
    pub(crate) fn slots(&self) -> Vec<usize> {
        match self {
            Self::Copy(slot) => vec![*slot],
            Self::Term(_) => Vec::new(),
            Self::Expression(scalar) => scalar.slots(),
        }
    }
}

/// One of the conditions of a filter.
pub(crate) enum Condition<'a> {
    /// The number in the slot is in these ranges; those in `undecided` need the expression as well.
    Allowed {
        allowed: Allowed,
        undecided: Vec<Range<u32>>,
        check: Check,
    },
    /// Two slots are equal, or not; the expression decides where the numbers cannot.
    Same {
        left: usize,
        right: usize,
        equal: bool,
        check: Check,
    },
    /// The slot is bound, or unbound.
    Bound(usize, bool),
    /// A pattern extends the row, or does not.
    Exists {
        node: Box<Node<'a>>,
        row: usize,
        wanted: bool,
    },
    /// Any other expression.
    Check(Check),
}

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

/// Where the rows of a table come from.
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
