//! Scalar expressions: a value for each row.
//!
//! A value stays the number of a term until its value is needed. Common operators work on values of common
//! types; for other values, and for functions, the general evaluator is given the operands as constants, so that there
//! is one meaning of each.

use crate::sparql::engine::plan::comparison::Operator;
use crate::sparql::engine::plan::volatile::is_volatile;
use oxigraph::model::Variable;
use spareval::ExpressionTerm;
use spargebra::algebra::{Expression, Function};
use sparopt::algebra::Expression as Evaluable;

/// The number of memo tables of a run, which is also the next free index.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memos {
    /// The number of memo tables for values.
    pub(crate) values: usize,
    /// The number of memo tables for truth values.
    pub(crate) truths: usize,
}

/// A value of an expression in a row.
#[derive(Clone)]
pub(crate) enum Value {
    /// The value of the term of this number.
    Number(u32),
    Computed(ExpressionTerm),
}

/// An expression, whose value in a row is missing where it is an error.
pub(crate) enum Scalar {
    Slot(usize),
    Constant(Value),
    Bound(usize),
    Not(Box<Scalar>),
    And(Box<Scalar>, Box<Scalar>),
    Or(Box<Scalar>, Box<Scalar>),
    Compare(Operator, Box<Scalar>, Box<Scalar>),
    /// Whether the first operand is equal to one of the others.
    In(Box<Scalar>, Vec<Scalar>),
    Arithmetic(Arithmetic, Box<Scalar>, Box<Scalar>),
    If(Box<Scalar>, Box<Scalar>, Box<Scalar>),
    Coalesce(Vec<Scalar>),
    /// A function of the values of its operands.
    Call(Call),
    /// An expression evaluated outside as a whole.
    Outside(Outside),
}

impl Scalar {
    /// Returns the slots that it reads, each once.
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

    /// Returns whether a part of it is evaluated outside as a whole.
    pub(crate) fn is_outside(&self) -> bool {
        matches!(self, Self::Outside(_)) || self.operands().any(Self::is_outside)
    }

    /// Returns whether it may have another value each time that it is evaluated.
    pub(crate) fn is_volatile(&self) -> bool {
        matches!(self, Self::Outside(outside) if outside.is_volatile)
            || self.operands().any(Self::is_volatile)
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

    /// Returns whether its values are terms as they are written, not values: `"1.50"` stays that, and does not become
    /// `"1.5"`.
    pub(crate) fn gives_terms(&self) -> bool {
        match self {
            Self::Slot(_) | Self::Constant(_) => true,
            Self::If(_, yes, no) => yes.gives_terms() && no.gives_terms(),
            Self::Coalesce(operands) => operands.iter().all(Self::gives_terms),
            _ => false,
        }
    }
}

/// An arithmetic operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A function and its operands.
pub(crate) struct Call {
    pub(crate) function: Function,
    pub(crate) operands: Vec<Scalar>,
    /// The function of variables that stand for the operands.
    pub(crate) of_variables: Evaluable,
    pub(crate) variables: Vec<Variable>,
    /// The index of the memo table for values by the only operand.
    pub(crate) memo: usize,
}

impl Call {
    pub(crate) fn new(function: Function, operands: Vec<Scalar>, memos: &mut Memos) -> Self {
        let variables = variables(operands.len());
        let places = variables.iter().cloned().map(Evaluable::from).collect();
        memos.values += 1;
        Self {
            of_variables: Evaluable::FunctionCall(function.clone(), places),
            function,
            operands,
            variables,
            memo: memos.values - 1,
        }
    }
}

/// Returns variables that stand for operands.
pub(crate) fn variables(count: usize) -> Vec<Variable> {
    let names = (0..count).map(|place| format!("operand{place}"));
    names.map(Variable::new_unchecked).collect()
}

/// An expression that the general evaluator evaluates, with the columns that it reads.
pub(crate) struct Outside {
    pub(crate) expression: Expression,
    pub(crate) columns: Vec<(Variable, usize)>,
    pub(crate) is_volatile: bool,
    /// The index of the memo table for values, used if it reads a single column.
    pub(crate) memo: usize,
}

impl Outside {
    pub(crate) fn new(
        expression: Expression,
        columns: Vec<(Variable, usize)>,
        memos: &mut Memos,
    ) -> Self {
        memos.values += 1;
        Self {
            is_volatile: is_volatile(&expression),
            expression,
            columns,
            memo: memos.values - 1,
        }
    }
}
