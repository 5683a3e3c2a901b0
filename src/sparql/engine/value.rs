//! Numbers and the order of terms, as the standard has them.

use oxsdatatypes::{Decimal, Double, Float, Integer};
use spareval::ExpressionTerm;
use std::cmp::Ordering;

/// A numeric value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Number {
    Integer(Integer),
    Decimal(Decimal),
    Float(Float),
    Double(Double),
}

impl Number {
    pub(crate) fn of(value: &ExpressionTerm) -> Option<Self> {
        match value {
            ExpressionTerm::IntegerLiteral(value) => Some(Self::Integer(*value)),
            ExpressionTerm::DecimalLiteral(value) => Some(Self::Decimal(*value)),
            ExpressionTerm::FloatLiteral(value) => Some(Self::Float(*value)),
            ExpressionTerm::DoubleLiteral(value) => Some(Self::Double(*value)),
            _ => None,
        }
    }

    pub(crate) fn value(self) -> ExpressionTerm {
        match self {
            Self::Integer(value) => ExpressionTerm::IntegerLiteral(value),
            Self::Decimal(value) => ExpressionTerm::DecimalLiteral(value),
            Self::Float(value) => ExpressionTerm::FloatLiteral(value),
            Self::Double(value) => ExpressionTerm::DoubleLiteral(value),
        }
    }

    /// The sum in the more general type of the two; nothing on overflow.
    pub(crate) fn add(self, other: Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Self::Integer(left.checked_add(right)?),
            (Self::Double(left), right) | (right, Self::Double(left)) => {
                Self::Double(left + right.double())
            }
            (Self::Float(left), right) | (right, Self::Float(left)) => {
                Self::Float(left + right.float())
            }
            (Self::Decimal(left), right) | (right, Self::Decimal(left)) => {
                Self::Decimal(left.checked_add(right.decimal()?)?)
            }
        })
    }

    /// The quotient by a count; whole numbers give decimals.
    pub(crate) fn divide(self, count: i64) -> Option<Self> {
        let count = Integer::from(count);
        Some(match self {
            Self::Integer(sum) => Self::Decimal(Decimal::from(sum).checked_div(count)?),
            Self::Decimal(sum) => Self::Decimal(sum.checked_div(count)?),
            Self::Float(sum) => Self::Float(sum / Float::from(count)),
            Self::Double(sum) => Self::Double(sum / Double::from(count)),
        })
    }

    fn double(self) -> Double {
        match self {
            Self::Integer(value) => value.into(),
            Self::Decimal(value) => value.into(),
            Self::Float(value) => value.into(),
            Self::Double(value) => value,
        }
    }

    fn float(self) -> Float {
        match self {
            Self::Integer(value) => value.into(),
            Self::Decimal(value) => value.into(),
            Self::Float(value) => value,
            Self::Double(value) => value.into(),
        }
    }

    fn decimal(self) -> Option<Decimal> {
        match self {
            Self::Integer(value) => Some(value.into()),
            Self::Decimal(value) => Some(value),
            Self::Float(_) | Self::Double(_) => None,
        }
    }

    /// The order of two values, in the more general type of the two; nothing with NaN.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => left.partial_cmp(&right),
            (Self::Double(_), _) | (_, Self::Double(_)) => {
                self.double().partial_cmp(&other.double())
            }
            (Self::Float(_), _) | (_, Self::Float(_)) => self.float().partial_cmp(&other.float()),
            _ => self.decimal()?.partial_cmp(&other.decimal()?),
        }
    }
}

/// The total order of `ORDER BY`, `MIN` and `MAX`: no value, blank nodes, IRIs, literals. Literals that the standard
/// compares are in its order; the others are by class, datatype and text.
pub(crate) fn total_order(
    left: Option<&ExpressionTerm>,
    right: Option<&ExpressionTerm>,
) -> Ordering {
    let (Some(left), Some(right)) = (left, right) else {
        return left.is_some().cmp(&right.is_some());
    };
    class(left)
        .cmp(&class(right))
        .then_with(|| within_class(left, right))
}

fn class(value: &ExpressionTerm) -> u8 {
    match value {
        ExpressionTerm::BlankNode(_) => 0,
        ExpressionTerm::NamedNode(_) => 1,
        ExpressionTerm::BooleanLiteral(_) => 2,
        ExpressionTerm::IntegerLiteral(_)
        | ExpressionTerm::DecimalLiteral(_)
        | ExpressionTerm::FloatLiteral(_)
        | ExpressionTerm::DoubleLiteral(_) => 3,
        ExpressionTerm::DateTimeLiteral(_) => 4,
        ExpressionTerm::DateLiteral(_) => 5,
        ExpressionTerm::TimeLiteral(_) => 6,
        ExpressionTerm::GYearLiteral(_) => 7,
        ExpressionTerm::GYearMonthLiteral(_) => 8,
        ExpressionTerm::StringLiteral(_) => 9,
        ExpressionTerm::LangStringLiteral { .. } => 10,
        _ => 11,
    }
}

fn within_class(left: &ExpressionTerm, right: &ExpressionTerm) -> Ordering {
    use ExpressionTerm as T;
    let order = match (left, right) {
        (T::BlankNode(left), T::BlankNode(right)) => return left.as_str().cmp(right.as_str()),
        (T::NamedNode(left), T::NamedNode(right)) => return left.as_str().cmp(right.as_str()),
        (T::StringLiteral(left), T::StringLiteral(right)) => return left.cmp(right),
        (T::BooleanLiteral(left), T::BooleanLiteral(right)) => left.partial_cmp(right),
        (T::DateTimeLiteral(left), T::DateTimeLiteral(right)) => left.partial_cmp(right),
        (T::DateLiteral(left), T::DateLiteral(right)) => left.partial_cmp(right),
        (T::TimeLiteral(left), T::TimeLiteral(right)) => left.partial_cmp(right),
        (T::GYearLiteral(left), T::GYearLiteral(right)) => left.partial_cmp(right),
        (T::GYearMonthLiteral(left), T::GYearMonthLiteral(right)) => left.partial_cmp(right),
        (
            T::LangStringLiteral { value, language },
            T::LangStringLiteral {
                value: other,
                language: other_language,
            },
        ) => return value.cmp(other).then_with(|| language.cmp(other_language)),
        _ => match (Number::of(left), Number::of(right)) {
            (Some(left), Some(right)) => {
                let is_nan = |number: Number| number.double().is_nan();
                // NaN comes after all numbers.
                let nans = is_nan(left).cmp(&is_nan(right));
                return nans.then_with(|| left.compare(right).unwrap_or(Ordering::Equal));
            }
            _ => None,
        },
    };
    order.unwrap_or_else(|| {
        let text = |value: &T| oxigraph::model::Term::from(value.clone()).to_string();
        text(left).cmp(&text(right))
    })
}
