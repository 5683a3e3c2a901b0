//! `NOW`, which is one literal in a whole query.

use crate::sparql::algebra::operands;
use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::outside;
use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::rows::NoPlan;
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
