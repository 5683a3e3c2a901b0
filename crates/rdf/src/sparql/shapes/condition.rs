//! Constraints on single values, as expressions over `?value`.

use crate::sparql::shapes::algebra::{all, any, call, is_in, join, not, read, surely};
use crate::sparql::shapes::shape::{NodeSet, ShapeId};
use oxigraph::model::Literal;
use spargebra::algebra::{Expression, Function};

/// A condition on one value.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    /// The value is in a set.
    In(NodeSet),
    /// The value is of one of these kinds.
    Kind(&'static [Function]),
    /// Its language matches one of these ranges.
    Language(Vec<String>),
    /// It compares with a constant as given; values that cannot be compared do not conform.
    Compare(Comparison, Literal),
    /// All of these conditions hold.
    All(Vec<Condition>),
    /// At least one of these conditions holds.
    Any(Vec<Condition>),
    /// Exactly one of these conditions holds.
    One(Vec<Condition>),
    /// This condition does not hold.
    Not(Box<Condition>),
}

/// A comparison with the value on the left.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Comparison {
    /// `sh:minInclusive`.
    NotLess,
    /// `sh:minExclusive`.
    Greater,
    /// `sh:maxInclusive`, `sh:lessThanOrEquals`.
    NotGreater,
    /// `sh:maxExclusive`, `sh:lessThan`.
    Less,
}

impl Condition {
    /// Returns the value conforms to a shape that is looked at on its own.
    pub(crate) fn conforms(shape: ShapeId) -> Self {
        Self::not(Self::In(NodeSet::Failing(shape)))
    }

    pub(crate) fn not(condition: Self) -> Self {
        Self::Not(Box::new(condition))
    }

    /// Returns how many conditions there are in this one.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::In(_) | Self::Kind(_) | Self::Language(_) | Self::Compare(..) => 1,
            Self::All(parts) | Self::Any(parts) | Self::One(parts) => {
                1 + parts.iter().map(Self::size).sum::<usize>()
            }
            Self::Not(inner) => 1 + inner.size(),
        }
    }

    /// Returns the expression; the sets that it speaks of are added to those of the query.
    pub(crate) fn expression(&self, sets: &mut Vec<NodeSet>) -> Expression {
        let mut each =
            |parts: &[Self]| -> Vec<_> { parts.iter().map(|part| part.expression(sets)).collect() };
        match self {
            Self::All(parts) => all(each(parts)),
            Self::Any(parts) => any(each(parts)),
            Self::One(parts) => exactly_one(each(parts)),
            Self::Not(inner) => not(inner.expression(sets)),
            Self::In(set) => {
                sets.push(set.clone());
                is_in("value", sets.len() - 1)
            }
            Self::Kind(kinds) => {
                let is = |kind: &Function| call(kind.clone(), vec![read("value")]);
                any(kinds.iter().map(is).collect())
            }
            Self::Language(ranges) => surely(any(ranges.iter().map(has_language).collect())),
            Self::Compare(comparison, limit) => {
                surely(compare(read("value"), *comparison, limit.clone().into()))
            }
        }
    }
}

fn has_language(range: &String) -> Expression {
    let language = call(Function::Lang, vec![read("value")]);
    let range = Literal::new_simple_literal(range).into();
    call(Function::LangMatches, vec![language, range])
}

fn exactly_one(parts: Vec<Expression>) -> Expression {
    let number = |value: i64| Expression::from(Literal::from(value));
    let count = |part: Expression| Expression::If(part.into(), number(1).into(), number(0).into());
    let fulfilled = join(
        parts.into_iter().map(count).collect(),
        number(0),
        Expression::Add,
    );
    Expression::Equal(fulfilled.into(), number(1).into())
}

/// Returns a comparison in SPARQL.
pub(crate) fn compare(left: Expression, comparison: Comparison, right: Expression) -> Expression {
    let (left, right) = (left.into(), right.into());
    match comparison {
        Comparison::NotLess => Expression::GreaterOrEqual(left, right),
        Comparison::Greater => Expression::Greater(left, right),
        Comparison::NotGreater => Expression::LessOrEqual(left, right),
        Comparison::Less => Expression::Less(left, right),
    }
}
