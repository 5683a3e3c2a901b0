//! Comparisons of a variable with a constant, as ranges of numbers.

use crate::sparql::engine::context::{Context, store_error};
use crate::sparql::engine::value::Number;
use crate::sparql::error::SparqlError;
use crate::store::compiled::kind::{Entry, Kind, decimal, double};
use crate::store::term_key;
use oxigraph::model::{Literal, Term, TermRef, Variable};
use spareval::ExpressionTerm;
use spargebra::algebra::Expression;
use std::cmp::Ordering;
use std::ops::Range;

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

impl Operator {
    /// Returns the operator for the two sides exchanged.
    pub(crate) fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Equal => Self::Equal,
        }
    }

    /// Returns the places that fulfil it, given how many values are less than the constant, and how many not greater.
    fn range(self, all: Range<u32>, less: u32, not_greater: u32) -> Range<u32> {
        let (less, not_greater) = (all.start + less, all.start + not_greater);
        match self {
            Self::Less => all.start..less,
            Self::LessOrEqual => all.start..not_greater,
            Self::Greater => not_greater..all.end,
            Self::GreaterOrEqual => less..all.end,
            Self::Equal => less..not_greater,
        }
    }
}

/// The numbers of terms that can fulfil a comparison.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) ranges: Vec<Range<u32>>,
    /// The part of them for which the expression has to be evaluated.
    pub(crate) undecided: Vec<Range<u32>>,
}

impl Numbers {
    pub(crate) fn one(number: u32) -> Self {
        Self {
            ranges: std::iter::once(number..number + 1).collect(),
            undecided: Vec::new(),
        }
    }

    /// Returns them with ranges that overlap united.
    pub(crate) fn united(self) -> Self {
        let mut all = self.finish();
        for ranges in [&mut all.ranges, &mut all.undecided] {
            ranges.dedup_by(|next, range| {
                let overlaps = next.start <= range.end;
                if overlaps {
                    range.end = range.end.max(next.end);
                }
                overlaps
            });
        }
        all
    }

    fn finish(mut self) -> Self {
        for ranges in [&mut self.ranges, &mut self.undecided] {
            ranges.retain(|range| !range.is_empty());
            ranges.sort_by_key(|range| range.start);
        }
        self
    }
}

/// Returns the numbers whose terms satisfy a comparison with a literal; `None` where numbers cannot decide it.
pub(crate) fn with_literal(
    context: &Context<'_>,
    operator: Operator,
    literal: &Literal,
) -> Result<Option<Numbers>, SparqlError> {
    let store = context.dataset.store();
    let (terms, pages) = (store.terms(), store.pages());
    let mut found = Numbers::default();
    // Terms that the file does not sort by value, and terms that it lacks.
    let mut asked = vec![terms.range(Kind::Other), terms.len()..u32::MAX];
    let constant = ExpressionTerm::from(Term::from(literal.clone()));
    if let Some(constant) = Number::of(&constant) {
        if constant.compare(constant).is_none() {
            return Ok(None);
        }
        let is_less = |number: Number| number.compare(constant) == Some(Ordering::Less);
        let is_not_greater = |number: Number| number.compare(constant).is_some_and(Ordering::is_le);
        let integers = terms.integers(pages).map_err(store_error)?;
        let integer = |value: &i64| Number::Integer((*value).into());
        found.ranges.push(operator.range(
            terms.range(Kind::Integer),
            integers.partition_point(|value| is_less(integer(value))) as u32,
            integers.partition_point(|value| is_not_greater(integer(value))) as u32,
        ));
        for kind in [Kind::Decimal, Kind::Double] {
            let number = |text: &str| match kind {
                Kind::Decimal => decimal(text).map(Number::Decimal),
                _ => double(text).map(Number::Double),
            };
            let Some(section) = terms.text(kind) else {
                continue;
            };
            let less = section.partition(pages, |text| number(text).is_some_and(is_less));
            let not_greater =
                section.partition(pages, |text| number(text).is_some_and(is_not_greater));
            found.ranges.push(operator.range(
                terms.range(kind),
                less.map_err(store_error)?,
                not_greater.map_err(store_error)?,
            ));
        }
    } else if let ExpressionTerm::StringLiteral(constant) = &constant {
        let Some(section) = terms.text(Kind::Text) else {
            return Ok(None);
        };
        let less = section.partition(pages, |text| text < constant.as_str());
        let not_greater = section.partition(pages, |text| text <= constant.as_str());
        found.ranges.push(operator.range(
            terms.range(Kind::Text),
            less.map_err(store_error)?,
            not_greater.map_err(store_error)?,
        ));
        // Other literals are no strings.
        asked.remove(0);
    } else if let Some(days) = day(literal) {
        let dates = terms.dates(pages).map_err(store_error)?;
        found.ranges.push(operator.range(
            terms.range(Kind::Date),
            dates.partition_point(|date| *date < days) as u32,
            dates.partition_point(|date| *date <= days) as u32,
        ));
    } else {
        return Ok(None);
    }
    found.ranges.extend_from_slice(&asked);
    found.undecided = asked;
    Ok(Some(found.finish()))
}

/// Returns the day of a date without a time zone.
fn day(literal: &Literal) -> Option<i32> {
    let mut key = String::new();
    term_key::write_key(TermRef::from(literal), &mut key);
    match Entry::of(&key) {
        Entry::Date(days) => Some(days),
        _ => None,
    }
}

/// Returns a comparison of a variable with a constant: the variable, how, and with what.
pub(crate) fn parts(expression: &Expression) -> Option<(&Variable, Operator, &Expression)> {
    let (left, right, operator) = match expression {
        Expression::Less(left, right) => (left, right, Operator::Less),
        Expression::LessOrEqual(left, right) => (left, right, Operator::LessOrEqual),
        Expression::Greater(left, right) => (left, right, Operator::Greater),
        Expression::GreaterOrEqual(left, right) => (left, right, Operator::GreaterOrEqual),
        Expression::Equal(left, right) => (left, right, Operator::Equal),
        _ => return None,
    };
    match (&**left, &**right) {
        (Expression::Variable(variable), constant) => Some((variable, operator, constant)),
        (constant, Expression::Variable(variable)) => Some((variable, operator.turned(), constant)),
        _ => None,
    }
}
