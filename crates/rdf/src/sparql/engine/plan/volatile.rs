//! Volatile functions (`RAND`, `UUID`, …), whose values differ from call to call.
//!
//! Such a function is evaluated once for each solution of the pattern that it stands in, so no rows are fed into that
//! pattern.

use crate::sparql::algebra::parts;
use spargebra::algebra::{Expression, Function};

/// Returns whether functions of chance stand in an expression; those in the patterns of `EXISTS` are left out.
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
