//! Filters: which rows fulfil conditions.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::plan::check::Check;
use crate::sparql::engine::plan::node::{Condition, Node};
use crate::sparql::engine::run::scalar::functions::remembered;
use crate::sparql::engine::run::state::Run;
use crate::sparql::error::SparqlError;
use crate::store::compiled::kind::Kind;

impl Condition<'_> {
    /// Returns the rows, of those at `rows`, that fulfil it. `exists` says which rows of a batch a step extends; it
    /// takes the slot of their numbers too.
    pub(crate) fn keep(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: Vec<u32>,
        exists: impl FnOnce(&Node<'_>, usize, &Batch) -> Result<Vec<bool>, SparqlError>,
    ) -> Result<Vec<u32>, SparqlError> {
        match self {
            Self::Allowed {
                allowed,
                undecided,
                check,
            } => decide(run, batch, rows, check, |row| {
                let number = batch.get(allowed.slot, row);
                if number == UNBOUND || !allowed.holds(number) {
                    Some(false)
                } else if undecided.iter().any(|range| range.contains(&number)) {
                    None
                } else {
                    Some(true)
                }
            }),
            Self::Same {
                left,
                right,
                equal,
                check,
            } => decide(run, batch, rows, check, |row| {
                let (left, right) = (batch.get(*left, row), batch.get(*right, row));
                if left == UNBOUND || right == UNBOUND {
                    return Some(false);
                }
                let is_name =
                    |number| matches!(run.context.kind(number), Some(Kind::Iri | Kind::Blank));
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
                let found = exists(node, *row, &batch.pick(&rows))?;
                let kept = rows
                    .into_iter()
                    .zip(found)
                    .filter(|(_, found)| found == wanted);
                Ok(kept.map(|(row, _)| row).collect())
            }
            Self::Check(check) => decide(run, batch, rows, check, |_| None),
        }
    }
}

/// Returns the accepted rows, and the undecided ones that pass the check.
fn decide(
    run: &Run<'_, '_>,
    batch: &Batch,
    rows: Vec<u32>,
    check: &Check,
    decide: impl Fn(usize) -> Option<bool>,
) -> Result<Vec<u32>, SparqlError> {
    let decided: Vec<Option<bool>> = rows.iter().map(|row| decide(*row as usize)).collect();
    let pairs = rows.iter().zip(&decided);
    let open: Vec<u32> = pairs
        .filter(|(_, d)| d.is_none())
        .map(|(row, _)| *row)
        .collect();
    let mut answers = check.truth(run, batch, &open)?.into_iter();
    let kept = rows.into_iter().zip(decided);
    Ok(kept
        .filter(|(_, decided)| decided.unwrap_or_else(|| answers.next().unwrap_or(false)))
        .map(|(row, _)| row)
        .collect())
}

impl Check {
    /// Returns for each of some rows whether it passes.
    fn truth(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: &[u32],
    ) -> Result<Vec<bool>, SparqlError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        match self.slots[..] {
            [slot] => remembered(
                run.context,
                run.state.truths(self.memo),
                batch,
                slot,
                rows,
                |values| {
                    let all: Vec<u32> = (0..values.len as u32).collect();
                    self.scalar.holds(run, values, &all)
                },
            ),
            _ => self.scalar.holds(run, batch, rows),
        }
    }
}
