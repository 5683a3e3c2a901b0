//! Joins [`parts`](crate::sparql::engine::plan::parts) in the order of their estimated cost.

use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::join::{Bgp, End, Purpose};
use crate::sparql::engine::plan::node::Op;
use crate::sparql::engine::plan::parts::{Part, Scanned, Triples};
use crate::sparql::engine::plan::path::{PathExpr, PathStep};
use crate::sparql::engine::plan::rows::{NoPlan, Rows, union_of};
use crate::sparql::engine::plan::scan::Pattern;
use crate::sparql::engine::plan::slots::Slots;
use spargebra::algebra::GraphPattern;

/// Compiles a pattern inside on rows that are fed into it.
type MakeOf<'m, 'c, 'a> =
    dyn FnMut(&mut Compiler<'c, 'a>, &GraphPattern, Rows<'a>) -> Result<Rows<'a>, NoPlan> + 'm;

/// A part of a join that is not joined yet.
struct Open<'p> {
    part: Part<'p>,
    slots: Vec<usize>,
    /// Its cost; `None` if it has to be estimated again.
    cost: Option<(bool, f64)>,
}

impl<'c, 'a> Compiler<'c, 'a> {
    /// Joins rows with a pattern that is a join of others, or a single triple or path pattern. `other` joins
    /// them with the parts that are neither triple nor path patterns.
    pub(crate) fn join(
        &mut self,
        pattern: &GraphPattern,
        mut rows: Rows<'a>,
        other: &mut MakeOf<'_, 'c, 'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let (mut triples, mut parts) = (Triples::default(), Vec::new());
        self.take_parts(pattern, &mut triples, &mut parts)?;
        // Patterns that share nothing are joined when something joins them, not as a product.
        for (place, component) in triples.components().into_iter().enumerate() {
            parts.insert(place, Part::Triples(component));
        }
        let hints = self.hints.len();
        let mut open = Vec::with_capacity(parts.len());
        for part in parts {
            if let Part::Other(GraphPattern::Values {
                variables,
                bindings,
            }) = part
            {
                self.hint(variables, bindings)?;
            }
            open.push(Open {
                slots: self.part_slots(&part),
                part,
                cost: None,
            });
        }
        while !open.is_empty() {
            let mut best = (0, (true, f64::INFINITY));
            // The last part needs no estimate.
            let costs = if open.len() > 1 {
                &mut open[..]
            } else {
                &mut []
            };
            for (place, one) in costs.iter_mut().enumerate() {
                let cost = match one.cost {
                    Some(cost) => cost,
                    None => self.cost(&one.part, &one.slots, &rows)?,
                };
                one.cost = Some(cost);
                if cost < best.1 {
                    best = (place, cost);
                }
            }
            let (scope, bound) = (rows.scope.clone(), rows.bound.clone());
            let Open { part, slots, .. } = open.remove(best.0);
            let slots: Slots = slots.into_iter().collect();
            rows = match part {
                Part::Triples(triples) => self.feed(&slots, rows, &mut |compiler, rows| {
                    Ok(compiler.triples(&triples, rows))
                })?,
                Part::Path(subject, path, object) => {
                    let expr = self.path_expr(path)?;
                    self.feed(&slots, rows, &mut |compiler, rows| {
                        Ok(compiler.path(subject, &expr, object, rows))
                    })?
                }
                Part::Other(pattern) => other(self, pattern, rows)?,
                Part::Nothing => union_of(rows, Slots::new(), Vec::new()),
            };
            if !open.is_empty() {
                rows = self.settle(rows);
            }
            let is_new = |slot: &usize| {
                rows.scope.contains(slot) != scope.contains(slot)
                    || rows.bound.contains(slot) != bound.contains(slot)
            };
            for one in &mut open {
                // Where there were no rows yet, nothing was apart from them.
                if scope.is_empty() || one.slots.iter().any(is_new) {
                    one.cost = None;
                }
            }
        }
        self.hints.truncate(hints);
        Ok(rows)
    }

    /// Joins rows with triple patterns.
    fn triples(&mut self, triples: &Triples, mut rows: Rows<'a>) -> Rows<'a> {
        let slots = triples.slots();
        let is_start = |scan: &&Scanned| matches!(scan.ends[0], End::Term(_));
        for scan in triples.scans.iter().filter(is_start) {
            rows = self.scan(scan, rows);
        }
        if !triples.atoms.is_empty() {
            let slots_of_atoms = || triples.atoms.iter().flat_map(|atom| atom.slots());
            let mut bound: Vec<usize> = slots_of_atoms()
                .filter(|slot| rows.bound.contains(slot))
                .collect();
            bound.sort_unstable();
            bound.dedup();
            let bgp = Bgp {
                atoms: triples.atoms.clone(),
                allowed: self.hints.clone(),
                bound,
                first_only: false,
                purpose: Purpose::default(),
                needed: Default::default(),
            };
            rows.node = Op::Join(Box::new(rows.node), bgp).into();
            rows.scope.extend(slots);
            rows.bound.extend(slots_of_atoms());
            rows.is_unit = false;
        }
        for scan in triples.scans.iter().filter(|scan| !is_start(scan)) {
            rows = self.scan(scan, rows);
        }
        rows
    }

    fn scan(&mut self, scan: &Scanned, mut rows: Rows<'a>) -> Rows<'a> {
        let ends = scan.ends;
        let pattern = Pattern {
            ends,
            except: scan.except.clone(),
            known: ends.map(|end| match end {
                End::Term(_) => true,
                End::Slot(slot) => rows.bound.contains(&slot),
            }),
            graphs: self.graphs().to_vec(),
            purpose: Purpose::default(),
            needed: Slots::new(),
        };
        rows.node = Op::Scan(Box::new(rows.node), pattern).into();
        for end in ends {
            if let End::Slot(slot) = end {
                rows.scope.insert(slot);
                rows.bound.insert(slot);
            }
        }
        rows.is_unit = false;
        rows
    }

    fn path(&mut self, subject: End, expr: &PathExpr, object: End, mut rows: Rows<'a>) -> Rows<'a> {
        let [subject_known, object_known] = [subject, object].map(|end| match end {
            End::Term(_) => true,
            End::Slot(slot) => rows.bound.contains(&slot),
        });
        let step = PathStep {
            subject,
            expr: expr.clone(),
            object,
            subject_known,
            object_known,
            graphs: self.graphs().to_vec(),
            purpose: Purpose::default(),
            needed: Slots::new(),
        };
        rows.node = Op::Path(Box::new(rows.node), step).into();
        for end in [subject, object] {
            if let End::Slot(slot) = end {
                rows.scope.insert(slot);
                rows.bound.insert(slot);
            }
        }
        rows.is_unit = false;
        rows
    }
}
