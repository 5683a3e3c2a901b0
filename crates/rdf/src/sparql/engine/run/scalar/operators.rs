//! Comparisons and arithmetic of two values. They follow the standard for common types; `None` means
//! that it is another case, not that it is an error.

use crate::sparql::engine::plan::comparison::Operator;
use crate::sparql::engine::plan::scalar::Arithmetic;
use crate::sparql::engine::value::Number;
use spareval::ExpressionTerm;
use std::cmp::Ordering;

impl Operator {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// Returns whether it holds between two values of common types.
    pub(crate) fn of(self, left: &ExpressionTerm, right: &ExpressionTerm) -> Option<bool> {
        use ExpressionTerm as T;
        Some(match (left, right) {
            (T::StringLiteral(left), T::StringLiteral(right)) => self.holds(left.cmp(right)),
            (T::NamedNode(left), T::NamedNode(right)) if self == Self::Equal => left == right,
            (T::BooleanLiteral(left), T::BooleanLiteral(right)) if self == Self::Equal => {
                left == right
            }
            _ => {
                let (left, right) = (Number::of(left)?, Number::of(right)?);
                // With NaN there is no order, which is another case.
                self.holds(left.compare(right)?)
            }
        })
    }
}

impl Arithmetic {
    /// Returns the result for two numbers; `None` also on overflow.
    pub(crate) fn of(
        self,
        left: &ExpressionTerm,
        right: &ExpressionTerm,
    ) -> Option<ExpressionTerm> {
        let (left, right) = (Number::of(left)?, Number::of(right)?);
        let result = match self {
            Self::Add => left.add(right)?,
            Self::Subtract => left.subtract(right)?,
            Self::Multiply => left.multiply(right)?,
            Self::Divide => left.quotient(right)?,
        };
        Some(result.value())
    }
}

/// Returns the effective boolean value, section 17.2.2 of the standard.
pub(crate) fn effective_boolean_value(value: &ExpressionTerm) -> Option<bool> {
    match value {
        ExpressionTerm::BooleanLiteral(value) => Some((*value).into()),
        ExpressionTerm::StringLiteral(value) => Some(!value.is_empty()),
        other => Some(Number::of(other)?.is_true()),
    }
}
