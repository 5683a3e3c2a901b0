//! Compiles the conditions of filters: to ranges of term numbers where possible, else to expressions.

use crate::sparql::engine::plan::check::Check;
use crate::sparql::engine::plan::comparison::{self, Numbers, Operator};
use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::join::Allowed;
use crate::sparql::engine::plan::kinds;
use crate::sparql::engine::plan::language;
use crate::sparql::engine::plan::node::Condition;
use crate::sparql::engine::plan::rows::NoPlan;
use crate::sparql::engine::plan::slots::Slots;
use oxigraph::model::Term;
use spargebra::algebra::Expression;

impl<'a> Compiler<'_, 'a> {
    /// Compiles a conjunct without `EXISTS`: as a restriction of numbers where they tell, else as a check.
    pub(crate) fn condition(
        &mut self,
        expression: &Expression,
        scope: &Slots,
    ) -> Result<Condition<'a>, NoPlan> {
        if let Some((slot, numbers)) = self.numbers(expression)?
            && scope.contains(&slot)
        {
            return Ok(Condition::Allowed {
                allowed: Allowed {
                    slot,
                    ranges: numbers.ranges,
                },
                undecided: numbers.undecided,
                check: self.check(expression, scope)?,
            });
        }
        let (inner, equal) = match expression {
            Expression::Not(inner) => (&**inner, false),
            other => (other, true),
        };
        match inner {
            Expression::Equal(left, right) => {
                if let (Expression::Variable(left), Expression::Variable(right)) =
                    (&**left, &**right)
                {
                    return Ok(Condition::Same {
                        left: self.slot(left.as_str()),
                        right: self.slot(right.as_str()),
                        equal,
                        check: self.check(expression, scope)?,
                    });
                }
            }
            Expression::Bound(name) => {
                return Ok(Condition::Bound(self.slot(name.as_str()), equal));
            }
            _ => {}
        }
        Ok(Condition::Check(self.check(expression, scope)?))
    }

    /// Compiles an expression on the slots in scope to a check of rows.
    pub(crate) fn check(
        &mut self,
        expression: &Expression,
        scope: &Slots,
    ) -> Result<Check, NoPlan> {
        let scalar = self.scalar(expression, scope)?;
        Ok(Check::new(scalar, &mut self.memos))
    }

    /// Returns the numbers that a comparison allows for its variable.
    fn numbers(&mut self, expression: &Expression) -> Result<Option<(usize, Numbers)>, NoPlan> {
        if let Expression::Not(inner) = expression
            && let Some((name, Operator::Equal, Expression::NamedNode(node))) =
                comparison::parts(inner)
        {
            let number = self.context.number_of_term(Term::from(node.clone()))?;
            let numbers = Numbers {
                ranges: [0..number, number + 1..u32::MAX]
                    .into_iter()
                    .filter(|range| !range.is_empty())
                    .collect(),
                undecided: Vec::new(),
            };
            return Ok(Some((self.slot(name.as_str()), numbers)));
        }
        if let Expression::In(inner, list) = expression
            && let Expression::Variable(name) = &**inner
        {
            let mut found = Vec::new();
            for item in list {
                let Expression::NamedNode(node) = item else {
                    return Ok(None);
                };
                found.push(self.context.number_of_term(Term::from(node.clone()))?);
            }
            found.sort_unstable();
            found.dedup();
            let numbers = Numbers {
                ranges: found.into_iter().map(|number| number..number + 1).collect(),
                undecided: Vec::new(),
            };
            return Ok(Some((self.slot(name.as_str()), numbers)));
        }
        if let Some((name, wanted)) = language::parts(expression) {
            let numbers = language::numbers(self.context, &wanted)?;
            return Ok(Some((self.slot(name.as_str()), numbers)));
        }
        if let Some((name, wanted)) = kinds::parts(expression) {
            let numbers = kinds::numbers(self.context, &wanted)?;
            return Ok(Some((self.slot(name.as_str()), numbers)));
        }
        let Some((name, operator, constant)) = comparison::parts(expression) else {
            return Ok(None);
        };
        let numbers = match constant {
            Expression::NamedNode(node) if operator == Operator::Equal => {
                let number = self.context.number_of_term(Term::from(node.clone()))?;
                Some(Numbers::one(number))
            }
            Expression::Literal(literal) => {
                comparison::with_literal(self.context, operator, literal)?
            }
            _ => None,
        };
        Ok(numbers.map(|numbers| (self.slot(name.as_str()), numbers)))
    }
}

/// Adds the operands of `&&` in an expression.
pub(crate) fn split<'e>(expression: &'e Expression, conjuncts: &mut Vec<&'e Expression>) {
    match expression {
        Expression::And(left, right) => {
            split(left, conjuncts);
            split(right, conjuncts);
        }
        other => conjuncts.push(other),
    }
}
