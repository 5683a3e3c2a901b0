//! Patterns that are rows for themselves: subqueries, `DISTINCT`, `ORDER BY`, `LIMIT` and `GROUP BY`.

use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::group::{Aggregate, Function};
use crate::sparql::engine::plan::node::{Op, TopK};
use crate::sparql::engine::plan::rows::{NoPlan, Rows};
use crate::sparql::engine::plan::slots::Slots;
use oxigraph::model::Variable;
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, GraphPattern, OrderExpression,
};

impl<'a> Compiler<'_, 'a> {
    /// Returns the rows of a pattern for itself.
    pub(crate) fn alone(&mut self, pattern: &GraphPattern) -> Result<Rows<'a>, NoPlan> {
        let rows = self.shielded(|compiler| compiler.modified(pattern))?;
        Ok(Rows {
            is_unit: false,
            ..rows
        })
    }

    fn modified(&mut self, pattern: &GraphPattern) -> Result<Rows<'a>, NoPlan> {
        match pattern {
            GraphPattern::Project { inner, variables } => self.project(inner, variables),
            GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner } => {
                let rows = self.pattern(inner, Rows::unit())?;
                let slots = rows.scope.iter().collect();
                Ok(Rows {
                    node: Op::Distinct(Box::new(rows.node), slots).into(),
                    ..rows
                })
            }
            GraphPattern::Slice {
                inner,
                start,
                length,
            } => self.slice(inner, *start, *length),
            GraphPattern::OrderBy { inner, expression } => self.sort(inner, expression),
            GraphPattern::Group {
                inner,
                variables,
                aggregates,
            } => self.group(inner, variables, aggregates),
            _ => Err(NoPlan::NotKnown("a pattern of this kind")),
        }
    }

    fn project(
        &mut self,
        inner: &GraphPattern,
        variables: &[Variable],
    ) -> Result<Rows<'a>, NoPlan> {
        let slots: Vec<(String, usize)> = variables
            .iter()
            .map(|name| (name.as_str().to_owned(), self.slot(name.as_str())))
            .collect();
        let outer = self.see(slots.iter().cloned().collect());
        let rows = self.pattern(inner, Rows::unit());
        self.see(outer);
        let rows = rows?;
        let scope: Slots = slots.into_iter().map(|(_, slot)| slot).collect();
        Ok(Rows {
            bound: &rows.bound & &scope,
            scope,
            ..rows
        })
    }

    fn slice(
        &mut self,
        inner: &GraphPattern,
        start: usize,
        length: Option<usize>,
    ) -> Result<Rows<'a>, NoPlan> {
        let mut rows = self.pattern(inner, Rows::unit())?;
        if let (Op::Sort { input, by, limit }, Some(length)) = (&mut rows.node.op, length) {
            let count = start.saturating_add(length);
            *limit = Some(count);
            if let Some((slot, descending)) = by.first().copied() {
                input.push_top_k(TopK {
                    slot,
                    descending,
                    count,
                });
            }
        }
        Ok(Rows {
            node: Op::Slice {
                input: Box::new(rows.node),
                start,
                length,
            }
            .into(),
            ..rows
        })
    }

    fn sort(
        &mut self,
        inner: &GraphPattern,
        expressions: &[OrderExpression],
    ) -> Result<Rows<'a>, NoPlan> {
        let mut rows = self.pattern(inner, Rows::unit())?;
        let mut by = Vec::new();
        for order in expressions {
            let (expression, descending) = match order {
                OrderExpression::Asc(expression) => (expression, false),
                OrderExpression::Desc(expression) => (expression, true),
            };
            let (slot, next) = self.column(expression, rows)?;
            rows = next;
            by.push((slot, descending));
        }
        Ok(Rows {
            node: Op::Sort {
                input: Box::new(rows.node),
                by,
                limit: None,
            }
            .into(),
            ..rows
        })
    }

    /// Returns the slot that has the value of an expression, and the rows with it.
    pub(crate) fn column(
        &mut self,
        expression: &Expression,
        mut rows: Rows<'a>,
    ) -> Result<(usize, Rows<'a>), NoPlan> {
        if let Expression::Variable(name) = expression {
            return Ok((self.slot(name.as_str()), rows));
        }
        let slot = self.new_slot();
        let (expression, next) = self.lift(expression, rows)?;
        rows = next;
        let computed = self.computed(&expression, &rows.scope)?;
        rows.node = Op::Extend(Box::new(rows.node), slot, computed).into();
        Ok((slot, rows))
    }

    fn group(
        &mut self,
        inner: &GraphPattern,
        variables: &[Variable],
        aggregates: &[(Variable, AggregateExpression)],
    ) -> Result<Rows<'a>, NoPlan> {
        let mut rows = self.pattern(inner, Rows::unit())?;
        let scope: Vec<usize> = rows.scope.iter().collect();
        let keys: Vec<usize> = variables
            .iter()
            .map(|name| self.slot(name.as_str()))
            .collect();
        let mut found = Vec::new();
        let mut bound: Slots = keys.iter().copied().collect();
        bound = &bound & &rows.bound;
        for (name, aggregate) in aggregates {
            let (function, distinct, columns) = match aggregate {
                AggregateExpression::CountSolutions { distinct } => {
                    let columns = if *distinct { scope.clone() } else { Vec::new() };
                    (Function::Rows, *distinct, columns)
                }
                AggregateExpression::FunctionCall {
                    name,
                    expr,
                    distinct,
                } => {
                    let function = match name {
                        AggregateFunction::Count if is_term(expr) => Function::Count,
                        AggregateFunction::Count => Function::CountAll,
                        AggregateFunction::Sum => Function::Sum,
                        AggregateFunction::Avg => Function::Average,
                        AggregateFunction::Min => Function::Least,
                        AggregateFunction::Max => Function::Greatest,
                        AggregateFunction::Sample => Function::Sample,
                        AggregateFunction::GroupConcat { separator } => {
                            Function::Concatenate(separator.as_deref().unwrap_or(" ").into())
                        }
                        AggregateFunction::Custom(_) => {
                            return Err(NoPlan::NotKnown("an aggregate of this name"));
                        }
                    };
                    let (slot, next) = self.column(expr, rows)?;
                    rows = next;
                    match function {
                        // What always has a value need not be looked at.
                        Function::Count if !distinct && rows.bound.contains(&slot) => {
                            (Function::Rows, false, Vec::new())
                        }
                        function => (function, *distinct, vec![slot]),
                    }
                }
            };
            let slot = self.slot(name.as_str());
            if matches!(function, Function::Rows | Function::Count) {
                bound.insert(slot);
            }
            found.push(Aggregate {
                slot,
                function,
                distinct,
                columns,
            });
        }
        let mut scope: Slots = keys.iter().copied().collect();
        scope.extend(found.iter().map(|aggregate| aggregate.slot));
        Ok(Rows {
            node: Op::Group {
                input: Box::new(rows.node),
                keys,
                aggregates: found,
                top: None,
            }
            .into(),
            scope,
            bound,
            is_unit: false,
        })
    }
}

/// Returns whether the value of an expression is a term that stands there or that a variable has: `COUNT` leaves the
/// rows out in which such an expression has no value, and has none itself where another expression is an error.
fn is_term(expression: &Expression) -> bool {
    match expression {
        Expression::Variable(_) | Expression::NamedNode(_) | Expression::Literal(_) => true,
        Expression::Coalesce(list) => list.iter().all(is_term),
        Expression::If(_, yes, no) => is_term(yes) && is_term(no),
        _ => false,
    }
}
