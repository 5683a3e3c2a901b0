//! `EXISTS` inside expressions: its answers become columns of the rows.

use crate::sparql::algebra::{exists_patterns, operands};
use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::node::Op;
use crate::sparql::engine::plan::rows::{NoPlan, Rows};
use oxigraph::model::{Literal, Variable};
use spargebra::algebra::Expression;

impl<'a> Compiler<'_, 'a> {
    /// Puts a variable in the place of each `EXISTS` of an expression, and adds these variables to the rows.
    pub(crate) fn lift(
        &mut self,
        expression: &Expression,
        mut rows: Rows<'a>,
    ) -> Result<(Expression, Rows<'a>), NoPlan> {
        let patterns = exists_patterns(expression);
        let mut expression = expression.clone();
        take_exists(&mut expression, &mut self.marks.clone());
        for pattern in patterns {
            let name = mark(self.marks);
            self.marks += 1;
            let slot = self.slot(&name);
            let (node, row) = self.looked_for(pattern, &rows, Some(rows.bound.clone()))?;
            let answer = |value: bool| self.context.number_of_term(Literal::from(value).into());
            rows.node = Op::Mark {
                input: Box::new(rows.node),
                node: Box::new(node),
                row,
                slot,
                answers: [answer(false)?, answer(true)?],
            }
            .into();
            rows.scope.insert(slot);
            rows.bound.insert(slot);
            rows.is_unit = false;
        }
        Ok((expression, rows))
    }
}

/// Returns the name of the variable of an answer of `EXISTS`; no query can spell it.
fn mark(number: usize) -> String {
    format!(" exists {number}")
}

/// Puts variables, numbered from `next` on, in the place of `EXISTS`.
fn take_exists(expression: &mut Expression, next: &mut usize) {
    if let Expression::Exists(_) = expression {
        *expression = Expression::Variable(Variable::new_unchecked(mark(*next)));
        *next += 1;
        return;
    }
    for inner in operands(expression) {
        take_exists(inner, next);
    }
}
