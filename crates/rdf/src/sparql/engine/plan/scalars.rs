//! From the algebra to scalar expressions.

use crate::sparql::engine::plan::comparison::Operator;
use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::node::Computed;
use crate::sparql::engine::plan::rows::NoPlan;
use crate::sparql::engine::plan::scalar::{Arithmetic, Call, Outside, Scalar, Value};
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::engine::plan::volatile::is_volatile;
use crate::sparql::parameters::read_variables;
use oxigraph::model::{Term, Variable};
use spargebra::algebra::{Expression, Function};

impl Compiler<'_, '_> {
    /// Compiles an expression on the slots in scope; other variables have no value.
    pub(crate) fn scalar(
        &mut self,
        expression: &Expression,
        scope: &Slots,
    ) -> Result<Scalar, NoPlan> {
        let mut expression = expression.clone();
        self.fix_time(&mut expression)?;
        match is_volatile(&expression) {
            true => self.outside(&expression, scope),
            false => self.stable(&expression, scope),
        }
    }

    /// Compiles an expression whose value goes into a slot.
    pub(crate) fn computed(
        &mut self,
        expression: &Expression,
        scope: &Slots,
    ) -> Result<Computed, NoPlan> {
        Ok(match expression {
            Expression::Variable(name) => Computed::Copy(self.slot(name.as_str())),
            Expression::NamedNode(node) => {
                Computed::Term(self.context.number_of_term(Term::from(node.clone()))?)
            }
            Expression::Literal(literal) => {
                Computed::Term(self.context.number_of_term(Term::from(literal.clone()))?)
            }
            _ => Computed::Expression(self.scalar(expression, scope)?),
        })
    }

    /// Compiles a deterministic expression.
    fn stable(&mut self, expression: &Expression, scope: &Slots) -> Result<Scalar, NoPlan> {
        let mut compile =
            |inner: &Expression| Ok::<_, NoPlan>(Box::new(self.stable(inner, scope)?));
        Ok(match expression {
            Expression::NamedNode(node) => self.constant(node.clone().into())?,
            Expression::Literal(literal) => self.constant(literal.clone().into())?,
            Expression::Variable(name) => Scalar::Slot(self.slot(name.as_str())),
            Expression::Bound(name) => Scalar::Bound(self.slot(name.as_str())),
            Expression::Not(inner) => Scalar::Not(compile(inner)?),
            Expression::And(left, right) => Scalar::And(compile(left)?, compile(right)?),
            Expression::Or(left, right) => Scalar::Or(compile(left)?, compile(right)?),
            Expression::In(inner, list) => {
                let inner = compile(inner)?;
                let list = list.iter().map(|item| self.stable(item, scope));
                Scalar::In(inner, list.collect::<Result<_, _>>()?)
            }
            Expression::Equal(left, right) => {
                Scalar::Compare(Operator::Equal, compile(left)?, compile(right)?)
            }
            Expression::Less(left, right) => {
                Scalar::Compare(Operator::Less, compile(left)?, compile(right)?)
            }
            Expression::LessOrEqual(left, right) => {
                Scalar::Compare(Operator::LessOrEqual, compile(left)?, compile(right)?)
            }
            Expression::Greater(left, right) => {
                Scalar::Compare(Operator::Greater, compile(left)?, compile(right)?)
            }
            Expression::GreaterOrEqual(left, right) => {
                Scalar::Compare(Operator::GreaterOrEqual, compile(left)?, compile(right)?)
            }
            Expression::Add(left, right) => {
                Scalar::Arithmetic(Arithmetic::Add, compile(left)?, compile(right)?)
            }
            Expression::Subtract(left, right) => {
                Scalar::Arithmetic(Arithmetic::Subtract, compile(left)?, compile(right)?)
            }
            Expression::Multiply(left, right) => {
                Scalar::Arithmetic(Arithmetic::Multiply, compile(left)?, compile(right)?)
            }
            Expression::Divide(left, right) => {
                Scalar::Arithmetic(Arithmetic::Divide, compile(left)?, compile(right)?)
            }
            Expression::If(condition, yes, no) => {
                Scalar::If(compile(condition)?, compile(yes)?, compile(no)?)
            }
            Expression::Coalesce(list) => {
                let list = list.iter().map(|inner| self.stable(inner, scope));
                Scalar::Coalesce(list.collect::<Result<_, _>>()?)
            }
            Expression::FunctionCall(function, list) if is_of_values(function) => {
                let list = list.iter().map(|inner| self.stable(inner, scope));
                let list = list.collect::<Result<_, _>>()?;
                Scalar::Call(Call::new(function.clone(), list, &mut self.memos))
            }
            _ => self.outside(expression, scope)?,
        })
    }

    fn constant(&self, term: Term) -> Result<Scalar, NoPlan> {
        Ok(Scalar::Constant(Value::Number(
            self.context.number_of_term(term)?,
        )))
    }

    fn outside(&mut self, expression: &Expression, scope: &Slots) -> Result<Scalar, NoPlan> {
        let mut columns = Vec::new();
        for name in read_variables(expression) {
            let slot = self.slot(&name);
            if scope.contains(&slot) {
                columns.push((Variable::new_unchecked(name), slot));
            }
        }
        let outside = Outside::new(expression.clone(), columns, &mut self.memos);
        Ok(Scalar::Outside(outside))
    }
}

/// Returns whether a function is one of the values of its operands alone, and costs little to set up for each row.
/// Regular expressions are compiled once when the whole expression is evaluated outside.
fn is_of_values(function: &Function) -> bool {
    matches!(
        function,
        Function::Str
            | Function::Lang
            | Function::LangMatches
            | Function::Datatype
            | Function::Abs
            | Function::Ceil
            | Function::Floor
            | Function::Round
            | Function::Concat
            | Function::SubStr
            | Function::StrLen
            | Function::UCase
            | Function::LCase
            | Function::EncodeForUri
            | Function::Contains
            | Function::StrStarts
            | Function::StrEnds
            | Function::StrBefore
            | Function::StrAfter
            | Function::Year
            | Function::Month
            | Function::Day
            | Function::StrLang
            | Function::StrDt
            | Function::IsIri
            | Function::IsBlank
            | Function::IsLiteral
            | Function::IsNumeric
    )
}
