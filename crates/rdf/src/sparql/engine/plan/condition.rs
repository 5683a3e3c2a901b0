//! Conditions on rows: those that the numbers of terms decide, and those that are expressions.

use crate::sparql::engine::plan::join::Allowed;
use crate::sparql::engine::plan::node::Node;
use crate::sparql::engine::plan::scalar::{Memos, Scalar};
use crate::sparql::engine::plan::slots::Slots;
use std::ops::Range;

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

/// An expression that has to be evaluated.
pub(crate) struct Check {
    pub(crate) scalar: Scalar,
    pub(crate) slots: Vec<usize>,
    /// Where a run remembers the truth values if it reads one column only.
    pub(crate) memo: usize,
}

impl<'a> Condition<'a> {
    /// Returns the slots that it reads.
    pub(crate) fn slots(&self) -> Vec<usize> {
        match self {
            Self::Allowed { allowed, .. } => vec![allowed.slot],
            Self::Same { left, right, .. } => vec![*left, *right],
            Self::Bound(slot, _) => vec![*slot],
            Self::Exists { node, .. } => {
                let mut slots = Slots::new();
                node.fed(&mut slots);
                slots.iter().collect()
            }
            Self::Check(check) => check.slots.clone(),
        }
    }

    pub(crate) fn prune(&mut self) {
        if let Self::Exists { node, row, .. } = self {
            node.prune(Slots::from_iter([*row]));
            node.semi_join();
        }
    }

    /// Returns the step that finds what has to exist, if it is such a condition.
    pub(crate) fn node(&mut self) -> Option<&mut Node<'a>> {
        match self {
            Self::Exists { node, .. } => Some(node),
            _ => None,
        }
    }
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
