//! Filters, `OPTIONAL` and `MINUS`.

use crate::sparql::algebra::exists_patterns;
use crate::sparql::engine::plan::check::Check;
use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::conditions::split;
use crate::sparql::engine::plan::node::{Condition, Node, Op, Source, Table};
use crate::sparql::engine::plan::rows::{NoPlan, Rows};
use crate::sparql::engine::plan::scalar::Scalar;
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::engine::plan::volatile::is_volatile;
use oxigraph::model::Variable;
use spargebra::algebra::{Expression, GraphPattern};

impl<'a> Compiler<'_, 'a> {
    /// Joins rows with a pattern and keeps the results that satisfy an expression.
    pub(crate) fn filter(
        &mut self,
        expression: &Expression,
        inner: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let mut conjuncts = Vec::new();
        split(expression, &mut conjuncts);
        let outer = rows.scope.clone();
        let (later, conjuncts): (Vec<_>, Vec<_>) = conjuncts
            .into_iter()
            .partition(|conjunct| !exists_patterns(conjunct).is_empty() || is_volatile(conjunct));
        // Restrictions of variables to ranges speed up the joins inside.
        let scope = &outer | &self.scope_of(inner);
        let mut conditions = Vec::new();
        for conjunct in conjuncts {
            conditions.push(self.condition(conjunct, &scope)?);
        }
        let before = self.hints.len();
        let is_direct = matches!(inner, GraphPattern::Bgp { .. });
        let known = outer;
        for condition in &conditions {
            if let Condition::Allowed { allowed, .. } = condition {
                let is_new = self.hints.iter().all(|hint| hint.slot != allowed.slot);
                if is_new {
                    self.hints.push(allowed.clone());
                }
            }
        }
        let hinted: Vec<usize> = self.hints[before..].iter().map(|hint| hint.slot).collect();
        let stored = self.context.dataset.store().term_count();
        // The pattern does not change values that rows already have.
        let outer = std::mem::take(&mut self.waiting);
        if !is_direct {
            self.waiting = std::mem::take(&mut conditions);
        }
        let rows = self.pattern(inner, rows);
        conditions.append(&mut self.waiting);
        self.waiting = outer;
        self.hints.truncate(before);
        let mut rows = rows?;
        if is_direct && joins_once(&rows.node) {
            let mut used = Slots::new();
            conditions.retain(|condition| match condition {
                Condition::Allowed {
                    allowed, undecided, ..
                } => {
                    let is_decided = undecided.iter().all(|range| range.start >= stored);
                    let is_used = hinted.contains(&allowed.slot)
                        && !known.contains(&allowed.slot)
                        && is_decided
                        && is_searched(&rows.node, allowed.slot);
                    // Only the first restriction of a slot became a hint.
                    !(is_used && used.insert(allowed.slot))
                }
                _ => true,
            });
        }
        for conjunct in later {
            if let Some((pattern, wanted)) = exists(conjunct) {
                let substituted = rows.bound.clone();
                conditions.push(self.exists(pattern, wanted, &rows, Some(substituted))?);
            } else if is_volatile(conjunct) {
                // A column of its own: it is evaluated once for each row.
                let (slot, next) = self.column(conjunct, rows)?;
                rows = next;
                let check = Check::new(Scalar::Slot(slot), &mut self.memos);
                conditions.push(Condition::Check(check));
            } else {
                let (expression, next) = self.lift(conjunct, rows)?;
                rows = next;
                let check = self.check(&expression, &rows.scope)?;
                conditions.push(Condition::Check(check));
            }
        }
        if !conditions.is_empty() {
            rows.node = Op::Filter(Box::new(rows.node), conditions).into();
        }
        Ok(rows)
    }

    fn exists(
        &mut self,
        pattern: &GraphPattern,
        wanted: bool,
        rows: &Rows<'a>,
        substituted: Option<Slots>,
    ) -> Result<Condition<'a>, NoPlan> {
        let (node, row) = self.looked_for(pattern, rows, substituted)?;
        Ok(Condition::Exists {
            node: Box::new(node),
            row,
            wanted,
        })
    }

    /// Compiles a step that finds out whether rows can be extended by a pattern; also gives the slot of the row's
    /// number. `substituted` are the slots whose values expressions inside see.
    pub(crate) fn looked_for(
        &mut self,
        pattern: &GraphPattern,
        rows: &Rows<'a>,
        substituted: Option<Slots>,
    ) -> Result<(Node<'a>, usize), NoPlan> {
        let (pattern, columns) = without_modifiers(pattern);
        if !is_transparent(pattern) {
            return Err(NoPlan::NotKnown(
                "EXISTS of a pattern that is more than a join",
            ));
        }
        let row = self.new_slot();
        let mut fed = rows.fed();
        fed.is_unit = false;
        let before = std::mem::replace(&mut self.substituted, substituted);
        let outer = columns.map(|columns| {
            // A variable that a subquery does not select differs from one of the same name outside.
            let seen = columns.iter().map(|name| name.as_str());
            let seen = seen.map(|name| (name.to_owned(), self.slot(name)));
            let seen = seen.collect();
            self.see(seen)
        });
        let found = self.shielded(|compiler| compiler.pattern(pattern, fed));
        if let Some(outer) = outer {
            self.see(outer);
        }
        self.substituted = before;
        Ok((found?.node, row))
    }

    pub(crate) fn left_join(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        expression: Option<&Expression>,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let left_rows = self.pattern(left, rows)?;
        let left_rows = self.settle(left_rows);
        let row = self.new_slot();
        let mut fed = left_rows.fed();
        fed.is_unit = false;
        // Restrictions from around would turn rows that they refuse into rows without a value.
        let right_rows = self.shielded(|compiler| match expression {
            Some(expression) => compiler.filter(expression, right, fed),
            None => compiler.pattern(right, fed),
        })?;
        Ok(Rows {
            node: Op::Optional {
                left: Box::new(left_rows.node),
                right: Box::new(right_rows.node),
                row,
            }
            .into(),
            scope: &left_rows.scope | &right_rows.scope,
            bound: left_rows.bound,
            is_unit: false,
        })
    }

    pub(crate) fn minus(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let outer = rows.scope.clone();
        let rows = self.pattern(left, rows)?;
        let mut rows = self.settle(rows);
        let (shared, open) = self.shared(left, right);
        if shared.is_empty() && open.is_empty() {
            // Nothing to disagree about removes nothing.
            return Ok(rows);
        }
        let meets_outer = self
            .scope_of(right)
            .intersection(&outer)
            .any(|slot| !shared.contains(&slot) && !open.contains(&slot));
        if open.is_empty() && is_transparent(right) && !meets_outer {
            let condition = self.exists(right, false, &rows, None)?;
            rows.node = Op::Filter(Box::new(rows.node), vec![condition]).into();
            return Ok(rows);
        }
        let table = self.shielded(|compiler| compiler.pattern(right, Rows::unit()))?;
        let table = Table {
            source: Source::Plan(Box::new(table.node)),
            slots: table.scope.iter().collect(),
            shared: shared.iter().collect(),
            open: open.iter().collect(),
        };
        rows.node = Op::Minus(Box::new(rows.node), table).into();
        Ok(rows)
    }
}

/// Returns the pattern of `EXISTS` or `NOT EXISTS`, and whether a solution is wanted.
fn exists(expression: &Expression) -> Option<(&GraphPattern, bool)> {
    match expression {
        Expression::Exists(pattern) => Some((pattern, true)),
        Expression::Not(inner) => exists(inner).map(|(pattern, wanted)| (pattern, !wanted)),
        _ => None,
    }
}

/// Returns what decides whether a pattern has a solution, and the variables that are seen from outside if it is a
/// subquery.
fn without_modifiers(pattern: &GraphPattern) -> (&GraphPattern, Option<&[Variable]>) {
    let (mut pattern, mut columns) = (pattern, None);
    loop {
        pattern = match pattern {
            GraphPattern::Project { inner, variables } if columns.is_none() => {
                columns = Some(&variables[..]);
                inner
            }
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::OrderBy { inner, .. } => inner,
            other => return (other, columns),
        };
    }
}

/// Returns whether feeding rows into a pattern is equivalent to substituting their values.
fn is_transparent(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { .. }
        | GraphPattern::Path { .. }
        | GraphPattern::Values { .. }
        | GraphPattern::Service { .. } => true,
        GraphPattern::Join { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::LeftJoin { left, right, .. } => {
            is_transparent(left) && is_transparent(right)
        }
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::Graph { inner, .. } => is_transparent(inner),
        _ => false,
    }
}

/// Returns whether a step is a join of the incoming rows and nothing more.
fn joins_once(node: &Node<'_>) -> bool {
    matches!(&node.op, Op::Join(input, _) if matches!(input.op, Op::Input))
}

/// Returns whether the search of a join goes over a slot.
fn is_searched(node: &Node<'_>, slot: usize) -> bool {
    let Op::Join(_, bgp) = &node.op else {
        return false;
    };
    let mut searched = bgp.atoms.iter().flat_map(|atom| atom.slots());
    !bgp.bound.contains(&slot) && searched.any(|other| other == slot)
}
