//! From the algebra of a query to a plan.
//!
//! Patterns are joined by feeding the rows of one into the other, where that is the same as joining their solutions
//! (see [`feed`](crate::sparql::engine::plan::feed)). A query with a pattern that is not known here goes to the general
//! evaluator, spareval, as a whole.

use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::node::{Computed, Op, Source};
use crate::sparql::engine::plan::rows::{NoPlan, Rows, union_of};
use crate::sparql::engine::plan::slots::Slots;
use oxigraph::model::Variable;
use spargebra::algebra::{Expression, GraphPattern};

impl<'a> Compiler<'_, 'a> {
    /// Joins rows with a pattern.
    pub(crate) fn pattern(
        &mut self,
        pattern: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        match pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Join { .. } => {
                self.join(pattern, rows, &mut |compiler, pattern, rows| {
                    compiler.pattern(pattern, rows)
                })
            }
            GraphPattern::LeftJoin { .. }
            | GraphPattern::Filter { .. }
            | GraphPattern::Minus { .. }
            | GraphPattern::Extend { .. } => self.whole(pattern, rows),
            GraphPattern::Union { left, right } => self.union(left, right, rows),
            GraphPattern::Graph { name, inner } => {
                self.graph_block(pattern, (name, inner), rows, &mut |compiler, rows| {
                    compiler.pattern(inner, rows)
                })
            }
            GraphPattern::Lateral { .. } => Err(NoPlan::NotKnown("LATERAL")),
            GraphPattern::Service { name, .. } => self.service(name, rows),
            GraphPattern::Values {
                variables,
                bindings,
            } => {
                let table = self.values(variables, bindings)?;
                let (scope, bound) = (self.scope_of(pattern), self.certain_of(pattern));
                Ok(self.join_table(rows, Source::Rows(table), scope, bound))
            }
            GraphPattern::OrderBy { .. }
            | GraphPattern::Project { .. }
            | GraphPattern::Distinct { .. }
            | GraphPattern::Reduced { .. }
            | GraphPattern::Slice { .. }
            | GraphPattern::Group { .. } => {
                let table = self.alone(pattern)?;
                if rows.is_unit {
                    return Ok(table);
                }
                let source = Source::Plan(Box::new(table.node));
                Ok(self.join_table(rows, source, table.scope, table.bound))
            }
        }
    }

    /// Joins rows that can be fed into a pattern with it.
    pub(crate) fn step(
        &mut self,
        pattern: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        match pattern {
            GraphPattern::LeftJoin {
                left,
                right,
                expression,
            } => self.left_join(left, right, expression.as_ref(), rows),
            GraphPattern::Filter { expr, inner } => self.filter(expr, inner, rows),
            GraphPattern::Minus { left, right } => self.minus(left, right, rows),
            GraphPattern::Extend {
                inner,
                variable,
                expression,
            } => self.extend(inner, variable, expression, rows),
            other => self.pattern(other, rows),
        }
    }

    /// Joins rows with a pattern that cannot be taken apart: by feeding them in, or else with the rows that it has
    /// alone.
    pub(crate) fn whole(
        &mut self,
        pattern: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        if !self.can_be_fed(pattern, &rows) {
            return self.apart(rows, &mut |compiler, rows| compiler.step(pattern, rows));
        }
        if rows.scope.is_empty() {
            return self.step(pattern, rows);
        }
        let scope = self.scope_of(pattern);
        self.feed(&scope, rows, &mut |compiler, rows| {
            compiler.step(pattern, rows)
        })
    }

    fn extend(
        &mut self,
        inner: &GraphPattern,
        variable: &Variable,
        expression: &Expression,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let slot = self.slot(variable.as_str());
        let rows = self.pattern(inner, rows)?;
        let mut rows = self.settle(rows);
        let (expression, next) = self.lift(expression, rows)?;
        rows = next;
        let computed = self.computed(&expression, &rows.scope)?;
        let has_value = match &computed {
            Computed::Copy(from) => rows.bound.contains(from),
            Computed::Term(_) => true,
            Computed::Expression(_) => false,
        };
        rows.node = Op::Extend(Box::new(rows.node), slot, computed).into();
        rows.scope.insert(slot);
        if has_value {
            rows.bound.insert(slot);
        }
        rows.is_unit = false;
        Ok(rows)
    }

    fn union(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let (mut patterns, mut open) = (Vec::new(), vec![right, left]);
        while let Some(pattern) = open.pop() {
            match pattern {
                GraphPattern::Union { left, right } => open.extend([&**right, &**left]),
                pattern => patterns.push(pattern),
            }
        }
        let (mut branches, mut scope) = (Vec::new(), Slots::new());
        let waiting = std::mem::take(&mut self.waiting);
        for pattern in patterns {
            let branch = self.pattern(pattern, rows.fed())?;
            scope = &scope | &branch.scope;
            branches.push(branch);
        }
        self.waiting = waiting;
        Ok(union_of(rows, scope, branches))
    }
}
