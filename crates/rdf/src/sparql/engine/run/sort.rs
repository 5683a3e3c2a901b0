//! `ORDER BY`.

use crate::sparql::engine::batch::{BATCH_ROWS, Batch, UNBOUND};
use crate::sparql::engine::context::Context;
use crate::sparql::engine::value::{Number, total_order};
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use spareval::ExpressionTerm;
use std::cmp::Ordering;

/// A column in a form that is quick to compare.
pub(crate) enum Keys<'a> {
    /// The numbers of terms, which are in order.
    Numbers(&'a [u32]),
    /// Whole numbers.
    Whole(Vec<i64>),
    Values(Vec<Option<ExpressionTerm>>),
}

impl<'a> Keys<'a> {
    fn of(
        context: &Context<'_>,
        column: &'a [u32],
        len: usize,
        held: &mut Held,
    ) -> Result<Self, SparqlError> {
        let kinds = || column.iter().map(|number| context.kind(*number));
        if let Some(Some(kind)) = kinds().next()
            && kind.is_in_order()
            && column.len() == len
            && kinds().all(|other| other == Some(kind))
        {
            return Ok(Self::Numbers(column));
        }
        held.add(len * size_of::<Option<ExpressionTerm>>())?;
        let mut values = Vec::with_capacity(len);
        let mut text = 0;
        for row in 0..len {
            if row % BATCH_ROWS == 0 {
                held.add(std::mem::take(&mut text))?;
            }
            let number = column.get(row).copied().unwrap_or(UNBOUND);
            values.push(context.value(number)?);
            text += values.last().map_or(0, text_bytes);
        }
        Ok(Self::of_values(values))
    }

    pub(crate) fn of_values(values: Vec<Option<ExpressionTerm>>) -> Self {
        let whole = |value: &Option<ExpressionTerm>| match value.as_ref().and_then(Number::of) {
            Some(Number::Integer(value)) => Some(i64::from(value)),
            _ => None,
        };
        let all: Option<Vec<i64>> = values.iter().map(whole).collect();
        all.map_or(Self::Values(values), Self::Whole)
    }

    pub(crate) fn compare(&self, left: usize, right: usize) -> Ordering {
        match self {
            Self::Numbers(numbers) => numbers[left].cmp(&numbers[right]),
            Self::Whole(values) => values[left].cmp(&values[right]),
            Self::Values(values) => total_order(values[left].as_ref(), values[right].as_ref()),
        }
    }
}

/// Returns how many bytes the text of a value takes.
fn text_bytes(value: &Option<ExpressionTerm>) -> usize {
    match value {
        Some(ExpressionTerm::NamedNode(node)) => node.as_str().len(),
        Some(
            ExpressionTerm::StringLiteral(value)
            | ExpressionTerm::LangStringLiteral { value, .. }
            | ExpressionTerm::OtherTypedLiteral { value, .. },
        ) => value.len(),
        _ => 0,
    }
}

/// Returns the places of the rows in order, or of the first `limit` of them. Rows that compare as equal stay in the
/// order in which they came.
///
/// O(n log n) for n rows; O(n + k log k) for the first k.
pub(crate) fn sorted(
    context: &Context<'_>,
    batch: &Batch,
    by: &[(usize, bool)],
    limit: Option<usize>,
) -> Result<Vec<u32>, SparqlError> {
    let mut held = context.memory.hold(Holder::Sort);
    held.add(batch.len * size_of::<u32>())?;
    let keys: Vec<(Keys<'_>, bool)> = by
        .iter()
        .map(|(slot, descending)| {
            let keys = Keys::of(context, &batch.columns[*slot], batch.len, &mut held)?;
            Ok((keys, *descending))
        })
        .collect::<Result<_, SparqlError>>()?;
    let compare = |left: &u32, right: &u32| {
        for (keys, descending) in &keys {
            let order = keys.compare(*left as usize, *right as usize);
            if order.is_ne() {
                return if *descending { order.reverse() } else { order };
            }
        }
        left.cmp(right)
    };
    let mut rows: Vec<u32> = (0..batch.len as u32).collect();
    if let Some(limit) = limit
        && limit < rows.len()
    {
        if limit == 0 {
            return Ok(Vec::new());
        }
        rows.select_nth_unstable_by(limit - 1, compare);
        rows.truncate(limit);
    }
    if rows.len() > RUN {
        held.add(rows.len() * size_of::<u32>())?;
    }
    sort_in_runs(&mut rows, compare, || context.check())?;
    Ok(rows)
}

/// Number of rows that are sorted or merged between two looks at the limits.
const RUN: usize = 1 << 16;

/// Sorts rows of which no two are equal: runs first, which are then merged in pairs, so that a limit on time is kept.
fn sort_in_runs(
    rows: &mut Vec<u32>,
    compare: impl Fn(&u32, &u32) -> Ordering,
    check: impl Fn() -> Result<(), SparqlError>,
) -> Result<(), SparqlError> {
    for run in rows.chunks_mut(RUN) {
        check()?;
        run.sort_unstable_by(&compare);
    }
    let (mut len, mut merged) = (RUN, Vec::new());
    while len < rows.len() {
        merged.clear();
        merged.reserve_exact(rows.len());
        for pair in rows.chunks(2 * len) {
            let (mut left, mut right) = pair.split_at(len.min(pair.len()));
            while let (Some(one), Some(other)) = (left.first(), right.first()) {
                if merged.len().is_multiple_of(RUN) {
                    check()?;
                }
                let from = match compare(one, other) {
                    Ordering::Greater => &mut right,
                    _ => &mut left,
                };
                merged.push(from[0]);
                *from = &from[1..];
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(rows, &mut merged);
        len *= 2;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_merged() {
        for len in [0, 1, RUN, RUN + 1, 3 * RUN + 7, 4 * RUN] {
            let mut rows: Vec<u32> = (0..len as u32)
                .map(|n| n.wrapping_mul(2_654_435_761))
                .collect();
            let mut expected = rows.clone();
            expected.sort_unstable_by(|a, b| b.cmp(a));
            sort_in_runs(&mut rows, |a, b| b.cmp(a), || Ok(())).unwrap();
            assert!(rows == expected, "{len} rows");
        }
        let stopped = sort_in_runs(
            &mut vec![0; RUN],
            |a, b| a.cmp(b),
            || Err(SparqlError::Cancelled),
        );
        assert!(matches!(stopped, Err(SparqlError::Cancelled)));
    }
}
