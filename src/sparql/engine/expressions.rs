//! Expressions: what they read, and how their values come about.

use crate::sparql::algebra::{exists_patterns, operands, parts};
use crate::sparql::engine::compile::{Compiler, NoPlan, Rows};
use crate::sparql::engine::plan::{Asked, Computed, Node};
use crate::sparql::engine::slots::Slots;
use crate::sparql::parameters::read_variables;
use oxigraph::model::{Literal, Term, Variable};
use spargebra::algebra::{Expression, Function, GraphPattern};

impl<'a> Compiler<'_, 'a> {
    /// An expression in which each `EXISTS` is a variable, and the rows with these variables.
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
            let (node, row) = self.looked_for(pattern, &rows)?;
            let answer = |value: bool| self.context.number_of_term(Literal::from(value).into());
            rows.node = Node::Mark {
                input: Box::new(rows.node),
                node: Box::new(node),
                row,
                slot,
                answers: [answer(false)?, answer(true)?],
            };
            rows.scope.insert(slot);
            rows.bound.insert(slot);
            rows.is_unit = false;
        }
        Ok((expression, rows))
    }

    pub(crate) fn computed(
        &mut self,
        expression: &Expression,
        rows: &Rows<'a>,
    ) -> Result<Computed, NoPlan> {
        Ok(match expression {
            Expression::Variable(name) => Computed::Copy(self.slot(name.as_str())),
            Expression::NamedNode(node) => {
                Computed::Term(self.context.number_of_term(Term::from(node.clone()))?)
            }
            Expression::Literal(literal) => {
                Computed::Term(self.context.number_of_term(Term::from(literal.clone()))?)
            }
            _ => Computed::Expression(self.asked(expression, &rows.scope)?),
        })
    }

    /// An expression that is evaluated outside, with the columns that it reads of those in scope.
    pub(crate) fn asked(
        &mut self,
        expression: &Expression,
        scope: &Slots,
    ) -> Result<Asked, NoPlan> {
        if !is_pure(expression) {
            return Err(NoPlan::NotKnown(
                "EXISTS or a function of chance or time in an expression",
            ));
        }
        let mut columns = Vec::new();
        for name in read_variables(expression) {
            let slot = self.slot(&name);
            if scope.contains(&slot) {
                columns.push((Variable::new_unchecked(name), slot));
            }
        }
        Ok(Asked {
            expression: expression.clone(),
            columns,
        })
    }

    /// Refuses an expression that reads a variable of the rows around some patterns that none of these binds.
    pub(crate) fn check_scope(
        &mut self,
        expression: &Expression,
        patterns: &[&GraphPattern],
        outer: &Slots,
    ) -> Result<(), NoPlan> {
        if outer.is_empty() {
            return Ok(());
        }
        let inner: Vec<Slots> = patterns.iter().map(|one| self.scope_of(one)).collect();
        for name in read_variables(expression) {
            let slot = self.slot(&name);
            if outer.contains(&slot) && !inner.iter().any(|one| one.contains(&slot)) {
                return Err(NoPlan::NotKnown(
                    "an expression on a variable that is out of scope",
                ));
            }
        }
        Ok(())
    }
}

/// The name of the variable of an answer of `EXISTS`; no query can spell it.
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

/// Whether `EXISTS` stands in an expression.
pub(crate) fn has_exists(expression: &Expression) -> bool {
    !exists_patterns(expression).is_empty()
}

/// Whether an expression has the same value whenever it reads the same terms.
fn is_pure(expression: &Expression) -> bool {
    match expression {
        Expression::Exists(_) => false,
        Expression::FunctionCall(
            Function::Rand | Function::Now | Function::Uuid | Function::StrUuid | Function::BNode,
            _,
        ) => false,
        other => parts(other).into_iter().all(is_pure),
    }
}
