//! The steps of a plan, as plain data: what is done with the rows.

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
    /// Which step of the plan it is, once the whole plan is there.
    pub(crate) id: StepId,
    pub(crate) op: Op<'a>,
}

impl<'a> From<Op<'a>> for Node<'a> {
    fn from(op: Op<'a>) -> Self {
        Self { id: 0, op }
    }
}

/// What a step does.
pub(crate) enum Op<'a> {
    /// The rows that are fed in from outside; at the outermost, one row without values.
    Input,
    /// Joins with triple patterns.
    Join(Box<Node<'a>>, Bgp),
    /// Joins with one pattern whose predicate is a variable.
    Scan(Box<Node<'a>>, Pattern<'a>),
    /// Joins with a property path.
    Path(Box<Node<'a>>, PathStep<'a>),
    /// Joins with rows that do not depend on those that come in.
    Table(Box<Node<'a>>, Table<'a>),
    Filter(Box<Node<'a>>, Vec<Condition<'a>>),
    /// Each row with what it is extended to, or as it is.
    Optional {
        left: Box<Node<'a>>,
        right: Box<Node<'a>>,
        /// Where the number of the row is kept meanwhile.
        row: usize,
    },
    /// Each row with whether there is something that it can be extended to.
    Mark {
        input: Box<Node<'a>>,
        node: Box<Node<'a>>,
        /// Where the number of the row is kept meanwhile.
        row: usize,
        /// Where the answer goes: one of these two numbers, no or yes.
        slot: usize,
        answers: [u32; 2],
    },
    /// What one step makes of the rows that have a value in a slot, and another one of those that have none.
    Split {
        input: Box<Node<'a>>,
        slot: usize,
        bound: Box<Node<'a>>,
        unbound: Box<Node<'a>>,
    },
    /// What each of these makes of the rows.
    Union(Box<Node<'a>>, Vec<Node<'a>>),
    /// The rows that no row of the table agrees with.
    Minus(Box<Node<'a>>, Table<'a>),
    Extend(Box<Node<'a>>, usize, Computed),
    Distinct(Box<Node<'a>>, Vec<usize>),
    Group {
        input: Box<Node<'a>>,
        keys: Vec<usize>,
        aggregates: Vec<Aggregate>,
        /// Which of the groups are wanted, if not all are.
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

/// The first `count` rows by a slot, and those that are equal to the last of them there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TopK {
    pub(crate) slot: usize,
    pub(crate) descending: bool,
    pub(crate) count: usize,
}

/// A value that is put into a slot.
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
    /// The slot has one of these numbers; numbers in `undecided` depend on the expression too.
    Allowed {
        allowed: Allowed,
        undecided: Vec<Range<u32>>,
        check: Check,
    },
    /// Two slots have the same term, or not; where the numbers do not tell, the expression does.
    Same {
        left: usize,
        right: usize,
        equal: bool,
        check: Check,
    },
    /// The slot has a value, or none.
    Bound(usize, bool),
    /// There is something, or not, that the row can be extended to.
    Exists {
        node: Box<Node<'a>>,
        row: usize,
        wanted: bool,
    },
    /// Anything else.
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
