//! Functions whose value does not follow from what they read: of time, and of chance.
//!
//! `NOW` is one literal in a whole query. A function of chance is evaluated once for each solution of the pattern that it
//! stands in, so such a pattern is not fed with rows.

use crate::sparql::algebra::{operands, parts};
use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::compile::{Compiler, NoPlan};
use crate::sparql::engine::outside;
use oxigraph::model::{Literal, Term};
use spargebra::algebra::{Expression, Function};

impl Compiler<'_, '_> {
    /// Puts the time of the query in the place of `NOW`.
    pub(crate) fn fix_time(&mut self, expression: &mut Expression) -> Result<(), NoPlan> {
        if matches!(expression, Expression::FunctionCall(Function::Now, _)) {
            *expression = self.now(expression)?.into();
            return Ok(());
        }
        for inner in operands(expression) {
            self.fix_time(inner)?;
        }
        Ok(())
    }

    fn now(&mut self, call: &Expression) -> Result<Literal, NoPlan> {
        if let Some(now) = &self.now {
            return Ok(now.clone());
        }
        let numbers = outside::values(self.context, call, &[], &Batch::unit(0))?;
        let mut terms = numbers.into_iter().map(|number| self.context.term(number));
        match terms.next().transpose() {
            Ok(Some(Some(Term::Literal(now)))) => {
                self.now = Some(now.clone());
                Ok(now)
            }
            _ => Err(NoPlan::NotKnown("NOW")),
        }
    }
}

/// Whether functions of chance stand in an expression; those in the patterns of `EXISTS` are left out.
pub(crate) fn is_volatile(expression: &Expression) -> bool {
    let is_call = match expression {
        Expression::FunctionCall(Function::BNode, operands) => operands.is_empty(),
        Expression::FunctionCall(function, _) => matches!(
            function,
            Function::Rand | Function::Uuid | Function::StrUuid
        ),
        _ => false,
    };
    is_call || parts(expression).into_iter().any(is_volatile)
}
