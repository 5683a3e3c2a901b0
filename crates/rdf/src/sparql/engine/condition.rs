//! Conditions on rows: those that the numbers of terms decide, and those that have to be asked for.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::Context;
use crate::sparql::engine::join::Allowed;
use crate::sparql::engine::plan::Node;
use crate::sparql::engine::run::Run;
use crate::sparql::engine::scalar::{Scalar, remembered};
use crate::sparql::engine::slots::Slots;
use crate::sparql::error::SparqlError;
use crate::store::compiled::kind::Kind;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::ops::Range;

/// One of the conditions of a filter.
pub(crate) enum Condition<'a> {
    /// The slot has one of these numbers; numbers in `asked_for` depend on the expression too.
    Allowed {
        allowed: Allowed,
        asked_for: Vec<Range<u32>>,
        asked: Ask,
    },
    /// Two slots have the same term, or not; where that is not what the numbers tell, it is asked for.
    Same {
        left: usize,
        right: usize,
        equal: bool,
        asked: Ask,
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
    Ask(Ask),
}

/// An expression that is asked for, with the answers so far if it reads one column only.
pub(crate) struct Ask {
    pub(crate) scalar: Scalar,
    slots: Vec<usize>,
    known: RefCell<FxHashMap<u32, bool>>,
}

impl Condition<'_> {
    /// The slots that it reads.
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
            Self::Ask(ask) => ask.slots.clone(),
        }
    }

    pub(crate) fn prune(&mut self) {
        if let Self::Exists { node, row, .. } = self {
            node.prune(Slots::from_iter([*row]));
            node.take_first();
        }
    }

    /// The rows, of those at `rows`, that fulfil it.
    pub(crate) fn keep(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: Vec<u32>,
    ) -> Result<Vec<u32>, SparqlError> {
        let context = run.context;
        match self {
            Self::Allowed {
                allowed,
                asked_for,
                asked,
            } => decide(context, batch, rows, asked, |row| {
                let number = batch.get(allowed.slot, row);
                if number == UNBOUND || !allowed.holds(number) {
                    Some(false)
                } else if asked_for.iter().any(|range| range.contains(&number)) {
                    None
                } else {
                    Some(true)
                }
            }),
            Self::Same {
                left,
                right,
                equal,
                asked,
            } => decide(context, batch, rows, asked, |row| {
                let (left, right) = (batch.get(*left, row), batch.get(*right, row));
                if left == UNBOUND || right == UNBOUND {
                    return Some(false);
                }
                let is_name =
                    |number| matches!(context.kind(number), Some(Kind::Iri | Kind::Blank));
                (is_name(left) || is_name(right)).then_some((left == right) == *equal)
            }),
            Self::Bound(slot, wanted) => {
                let is_bound = |row: &u32| batch.get(*slot, *row as usize) != UNBOUND;
                Ok(rows
                    .into_iter()
                    .filter(|row| is_bound(row) == *wanted)
                    .collect())
            }
            Self::Exists { node, row, wanted } => {
                let found = run.exists(node, *row, &batch.pick(&rows))?;
                let kept = rows
                    .into_iter()
                    .zip(found)
                    .filter(|(_, found)| found == wanted);
                Ok(kept.map(|(row, _)| row).collect())
            }
            Self::Ask(ask) => decide(context, batch, rows, ask, |_| None),
        }
    }
}

/// The rows that are decided for, and those that are asked for with success.
fn decide(
    context: &Context<'_>,
    batch: &Batch,
    rows: Vec<u32>,
    ask: &Ask,
    decide: impl Fn(usize) -> Option<bool>,
) -> Result<Vec<u32>, SparqlError> {
    let decided: Vec<Option<bool>> = rows.iter().map(|row| decide(*row as usize)).collect();
    let pairs = rows.iter().zip(&decided);
    let open: Vec<u32> = pairs
        .filter(|(_, d)| d.is_none())
        .map(|(row, _)| *row)
        .collect();
    let mut answers = ask.answers(context, batch, &open)?.into_iter();
    let kept = rows.into_iter().zip(decided);
    Ok(kept
        .filter(|(_, decided)| decided.unwrap_or_else(|| answers.next().unwrap_or(false)))
        .map(|(row, _)| row)
        .collect())
}

impl Ask {
    pub(crate) fn new(scalar: Scalar) -> Self {
        Self {
            slots: scalar.slots(),
            scalar,
            known: RefCell::default(),
        }
    }

    /// The answer for each of some rows.
    fn answers(
        &self,
        context: &Context<'_>,
        batch: &Batch,
        rows: &[u32],
    ) -> Result<Vec<bool>, SparqlError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        match self.slots[..] {
            [slot] => remembered(context, &self.known, batch, slot, rows, |values| {
                let all: Vec<u32> = (0..values.len as u32).collect();
                self.scalar.holds(context, values, &all)
            }),
            _ => self.scalar.holds(context, batch, rows),
        }
    }
}
