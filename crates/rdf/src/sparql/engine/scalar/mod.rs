//! Scalar expressions: a value for each row, a column at a time.
//!
//! A value stays the number of a term for as long as nobody looks into it. Common operators work on values of common
//! types ([`operators`]); for other values, and for functions, the evaluator of the whole standard is given the operands
//! as constants ([`functions`]), so that there is one meaning of each. An operand that is not needed, as behind the
//! first value of `COALESCE`, is not evaluated.

mod compile;
mod evaluate;
mod functions;
mod operators;

use crate::sparql::engine::comparison::Operator;
pub(crate) use crate::sparql::engine::scalar::functions::remembered;
use crate::sparql::engine::scalar::functions::{Call, Outside};
use crate::sparql::engine::scalar::operators::Arithmetic;
use spareval::ExpressionTerm;

/// A value of an expression in a row.
#[derive(Clone)]
pub(crate) enum Value {
    /// That of the term of this number.
    Number(u32),
    Computed(ExpressionTerm),
}

/// An expression; its value in a row is nothing where it is an error.
pub(crate) enum Scalar {
    Slot(usize),
    Constant(Value),
    Bound(usize),
    Not(Box<Scalar>),
    And(Box<Scalar>, Box<Scalar>),
    Or(Box<Scalar>, Box<Scalar>),
    Compare(Operator, Box<Scalar>, Box<Scalar>),
    /// Whether the first one is equal to one of the others.
    In(Box<Scalar>, Vec<Scalar>),
    Arithmetic(Arithmetic, Box<Scalar>, Box<Scalar>),
    If(Box<Scalar>, Box<Scalar>, Box<Scalar>),
    Coalesce(Vec<Scalar>),
    /// A function of the values of its operands.
    Call(Call),
    /// An expression that is evaluated outside as a whole.
    Outside(Outside),
}

impl Scalar {
    /// The slots that it reads, each once.
    pub(crate) fn slots(&self) -> Vec<usize> {
        let mut slots = Vec::new();
        self.add_slots(&mut slots);
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    fn add_slots(&self, slots: &mut Vec<usize>) {
        match self {
            Self::Slot(slot) | Self::Bound(slot) => slots.push(*slot),
            Self::Outside(outside) => slots.extend(outside.columns.iter().map(|(_, slot)| *slot)),
            other => other.operands().for_each(|inner| inner.add_slots(slots)),
        }
    }

    /// Whether a part of it is evaluated outside as a whole.
    pub(crate) fn is_outside(&self) -> bool {
        matches!(self, Self::Outside(_)) || self.operands().any(Self::is_outside)
    }

    fn operands(&self) -> impl Iterator<Item = &Self> {
        let (few, many): ([Option<&Self>; 3], &[Self]) = match self {
            Self::Slot(_) | Self::Bound(_) | Self::Constant(_) | Self::Outside(_) => {
                ([None; 3], &[])
            }
            Self::Not(inner) => ([Some(inner), None, None], &[]),
            Self::And(left, right)
            | Self::Or(left, right)
            | Self::Compare(_, left, right)
            | Self::Arithmetic(_, left, right) => ([Some(left), Some(right), None], &[]),
            Self::If(condition, yes, no) => ([Some(condition), Some(yes), Some(no)], &[]),
            Self::In(inner, list) => ([Some(inner), None, None], list),
            Self::Coalesce(operands) => ([None; 3], operands),
            Self::Call(call) => ([None; 3], &call.operands),
        };
        few.into_iter().flatten().chain(many)
    }

    /// Whether its values are terms as they are written, not values: `"1.50"` stays that, and does not become `"1.5"`.
    fn gives_terms(&self) -> bool {
        match self {
            Self::Slot(_) | Self::Constant(_) => true,
            Self::If(_, yes, no) => yes.gives_terms() && no.gives_terms(),
            Self::Coalesce(operands) => operands.iter().all(Self::gives_terms),
            _ => false,
        }
    }
}
