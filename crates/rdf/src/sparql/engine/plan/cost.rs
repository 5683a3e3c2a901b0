//! Estimates the cost of the parts of a join: the number of rows that each makes of a row so far.

use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::join::End;
use crate::sparql::engine::plan::order;
use crate::sparql::engine::plan::parts::Scanned;
use crate::sparql::engine::plan::parts::{Part, Triples};
use crate::sparql::engine::plan::rows::{NoPlan, Rows};
use spargebra::algebra::GraphPattern;

/// The assumed number of rows of a pattern without statistics.
const SOME_ROWS: f64 = 1e3;
/// The assumed number of rows of a path without a bound end.
const MANY_ROWS: f64 = 1e7;
/// Number of nested subqueries that an estimate looks into.
const SUBQUERIES_MAX: usize = 8;

impl<'a> Compiler<'_, 'a> {
    pub(crate) fn part_slots(&mut self, part: &Part<'_>) -> Vec<usize> {
        match part {
            Part::Triples(triples) => triples.slots(),
            Part::Path(subject, _, object) => [*subject, *object]
                .into_iter()
                .filter_map(End::slot)
                .collect(),
            Part::Other(pattern) => self.scope_of(pattern).iter().collect(),
            Part::Nothing => Vec::new(),
        }
    }

    /// Returns whether a part, with these slots, has nothing in common with the rows so far, and how many rows it may
    /// make of each.
    pub(crate) fn cost(
        &mut self,
        part: &Part<'_>,
        slots: &[usize],
        rows: &Rows<'a>,
    ) -> Result<(bool, f64), NoPlan> {
        let cost = self.part_cost(part, rows, SUBQUERIES_MAX)?;
        let is_shared = slots.iter().any(|slot| rows.scope.contains(slot));
        let is_apart = !rows.scope.is_empty() && !is_shared;
        Ok((is_apart, cost))
    }

    fn part_cost(
        &mut self,
        part: &Part<'_>,
        rows: &Rows<'a>,
        levels: usize,
    ) -> Result<f64, NoPlan> {
        Ok(match part {
            Part::Triples(triples) => self.triples_cost(triples, rows),
            Part::Path(subject, _, object) => {
                let ends = [*subject, *object].into_iter();
                let is_known = |end: End| match end {
                    End::Term(_) => true,
                    End::Slot(slot) => rows.bound.contains(&slot),
                };
                match ends.filter(|end| is_known(*end)).count() {
                    0 => MANY_ROWS,
                    1 => SOME_ROWS,
                    _ => 1.0,
                }
            }
            Part::Other(pattern) => self.pattern_cost(pattern, rows, levels)?,
            Part::Nothing => 0.0,
        })
    }

    fn triples_cost(&self, triples: &Triples, rows: &Rows<'a>) -> f64 {
        let is_bound = |slot: &usize| rows.bound.contains(slot);
        let slots = triples.slots().into_iter();
        let bound: Vec<usize> = slots.filter(is_bound).collect();
        let scanned = |scan: &Scanned| match (scan.ends[0], scan.ends[2]) {
            (End::Term(_), _) | (_, End::Term(_)) => 10.0,
            (End::Slot(subject), _) if bound.contains(&subject) => 10.0,
            _ => SOME_ROWS,
        };
        let atoms = order::rows(&triples.atoms, &self.hints, &self.relations, &bound);
        triples
            .scans
            .iter()
            .map(scanned)
            .fold(atoms, |cost, more| cost * more)
    }

    /// Estimates how many rows a pattern makes of each of the rows so far. Looks into subqueries `levels` deep.
    fn pattern_cost(
        &mut self,
        pattern: &GraphPattern,
        rows: &Rows<'a>,
        levels: usize,
    ) -> Result<f64, NoPlan> {
        Ok(match pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Join { .. } => {
                let (mut triples, mut parts) = (Triples::default(), Vec::new());
                self.take_parts(pattern, &mut triples, &mut parts)?;
                let mut cost = self.triples_cost(&triples, rows);
                if triples.atoms.is_empty() && triples.scans.is_empty() && !parts.is_empty() {
                    cost = f64::INFINITY;
                }
                for part in &parts {
                    cost = cost.min(self.part_cost(part, rows, levels)?);
                }
                cost
            }
            GraphPattern::LeftJoin { left, .. } | GraphPattern::Minus { left, .. } => {
                self.pattern_cost(left, rows, levels)?
            }
            GraphPattern::Union { left, right } => {
                self.pattern_cost(left, rows, levels)? + self.pattern_cost(right, rows, levels)?
            }
            GraphPattern::Filter { inner, .. }
            | GraphPattern::Extend { inner, .. }
            | GraphPattern::Graph { inner, .. } => self.pattern_cost(inner, rows, levels)?,
            GraphPattern::Values { bindings, .. } => bindings.len() as f64,
            GraphPattern::Service { name, .. } => match self.answer(name) {
                Some(answer) => answer.rows.len() as f64,
                None => SOME_ROWS,
            },
            // Rows that are made once, whatever the rows so far.
            GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Slice { inner, .. }
            | GraphPattern::Group { inner, .. }
                if levels > 0 =>
            {
                let rows = self.pattern_cost(inner, &Rows::unit(), levels - 1)?;
                match pattern {
                    GraphPattern::Group { variables, .. } if variables.is_empty() => 1.0,
                    GraphPattern::Slice {
                        length: Some(length),
                        ..
                    } => rows.min(*length as f64),
                    _ => rows,
                }
            }
            _ => SOME_ROWS,
        })
    }
}
