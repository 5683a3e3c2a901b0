//! Numbers and the order of terms, as the standard has them.

use oxigraph::model::Term;
use oxsdatatypes::{Boolean, Decimal, Double, Float, Integer, TimezoneOffset};
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

    /// Returns the sum in the more general type of the two; `None` on overflow.
    pub(crate) fn add(self, other: Self) -> Option<Self> {
        self.combine(
            other,
            Integer::checked_add,
            Decimal::checked_add,
            |left, right| left + right,
            |left, right| left + right,
        )
    }

    /// Returns the difference; as [`Number::add`].
    pub(crate) fn subtract(self, other: Self) -> Option<Self> {
        self.combine(
            other,
            Integer::checked_sub,
            Decimal::checked_sub,
            |left, right| left - right,
            |left, right| left - right,
        )
    }

    /// Returns the product; as [`Number::add`].
    pub(crate) fn multiply(self, other: Self) -> Option<Self> {
        self.combine(
            other,
            Integer::checked_mul,
            Decimal::checked_mul,
            |left, right| left * right,
            |left, right| left * right,
        )
    }

    /// Returns the product with a count, of its own type; as [`Number::add`].
    pub(crate) fn times(self, count: u64) -> Option<Self> {
        match count {
            1 => Some(self),
            _ => self.multiply(Self::Integer(i64::try_from(count).ok()?.into())),
        }
    }

    /// Returns the quotient; as [`Number::add`], but whole numbers give decimals.
    pub(crate) fn quotient(self, other: Self) -> Option<Self> {
        let left = match self {
            Self::Integer(value) => Self::Decimal(value.into()),
            other => other,
        };
        left.combine(
            other,
            Integer::checked_div,
            Decimal::checked_div,
            |left, right| left / right,
            |left, right| left / right,
        )
    }

    /// Combines two numbers in the more general type of the two.
    fn combine(
        self,
        other: Self,
        integers: impl FnOnce(Integer, Integer) -> Option<Integer>,
        decimals: impl FnOnce(Decimal, Decimal) -> Option<Decimal>,
        floats: impl FnOnce(Float, Float) -> Float,
        doubles: impl FnOnce(Double, Double) -> Double,
    ) -> Option<Self> {
        Some(match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Self::Integer(integers(left, right)?),
            (Self::Double(_), _) | (_, Self::Double(_)) => {
                Self::Double(doubles(self.double(), other.double()))
            }
            (Self::Float(_), _) | (_, Self::Float(_)) => {
                Self::Float(floats(self.float(), other.float()))
            }
            _ => Self::Decimal(decimals(self.decimal()?, other.decimal()?)?),
        })
    }

    /// Returns whether it is neither zero nor NaN.
    pub(crate) fn is_true(self) -> bool {
        match self {
            Self::Integer(value) => Boolean::from(value),
            Self::Decimal(value) => Boolean::from(value),
            Self::Float(value) => Boolean::from(value),
            Self::Double(value) => Boolean::from(value),
        }
        .into()
    }

    /// Returns the quotient by a count; whole numbers give decimals.
    pub(crate) fn divide(self, count: i64) -> Option<Self> {
        self.quotient(Self::Integer(count.into()))
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

    /// Returns a total order that agrees with [`Number::compare`] where that tells two values apart; NaN comes last.
    fn total_order(self, other: Self) -> Ordering {
        let (left, right) = (self.double(), other.double());
        let nans = left.is_nan().cmp(&right.is_nan());
        nans.then_with(|| left.partial_cmp(&right).unwrap_or(Ordering::Equal))
            // Whole numbers and decimals that are one double can differ.
            .then_with(|| self.exact().cmp(&other.exact()))
    }

    /// Returns the value as a decimal, where there is one.
    fn exact(self) -> Option<Decimal> {
        match self {
            Self::Float(_) | Self::Double(_) => self.double().try_into().ok(),
            _ => self.decimal(),
        }
    }

    /// Returns the order of two values, in the more general type of the two; `None` with NaN.
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

/// Returns the order of `ORDER BY`, `MIN` and `MAX`: no value, blank nodes, IRIs, literals. Literals that the standard
/// compares are in its order, the others by class, datatype and text; days, months, years and times by when they begin, the
/// longest first of those that begin on one day.
///
/// It is a total order whatever the terms, which sorting relies on: a time without a zone counts as one of UTC, which
/// fits all comparisons that are determined, and numbers that are equal as doubles are told apart by their exact
/// values.
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
        ExpressionTerm::GYearLiteral(_)
        | ExpressionTerm::GYearMonthLiteral(_)
        | ExpressionTerm::DateLiteral(_)
        | ExpressionTerm::DateTimeLiteral(_) => 4,
        ExpressionTerm::TimeLiteral(_) => 5,
        ExpressionTerm::StringLiteral(_) => 6,
        ExpressionTerm::LangStringLiteral { .. } => 7,
        _ => 8,
    }
}

const UTC: Option<TimezoneOffset> = Some(TimezoneOffset::UTC);

/// Returns the first day of a time, as year, month and day of UTC, and the rank of its kind, the longest first. Times that
/// are too far away have no day.
fn beginning(value: &ExpressionTerm) -> Option<(Option<[i64; 3]>, u8)> {
    use ExpressionTerm as T;
    Some(match value {
        T::GYearLiteral(year) => (year.adjust(UTC).map(|year| [year.year(), 1, 1]), 0),
        T::GYearMonthLiteral(month) => {
            let month = month.adjust(UTC);
            (month.map(|m| [m.year(), m.month().into(), 1]), 1)
        }
        T::DateLiteral(date) => {
            let date = date.adjust(UTC);
            let day = date.map(|d| [d.year(), d.month().into(), d.day().into()]);
            (day, 2)
        }
        T::DateTimeLiteral(time) => {
            let time = time.adjust(UTC);
            let day = time.map(|t| [t.year(), t.month().into(), t.day().into()]);
            (day, 3)
        }
        _ => return None,
    })
}

fn within_class(left: &ExpressionTerm, right: &ExpressionTerm) -> Ordering {
    use ExpressionTerm as T;
    let order = beginning(left).cmp(&beginning(right));
    if order.is_ne() {
        return order;
    }
    let times = match (left, right) {
        (T::BlankNode(left), T::BlankNode(right)) => return left.as_str().cmp(right.as_str()),
        (T::NamedNode(left), T::NamedNode(right)) => return left.as_str().cmp(right.as_str()),
        (T::StringLiteral(left), T::StringLiteral(right)) => return left.cmp(right),
        (T::BooleanLiteral(left), T::BooleanLiteral(right)) => {
            return bool::from(*left).cmp(&bool::from(*right));
        }
        (
            T::LangStringLiteral { value, language },
            T::LangStringLiteral {
                value: other,
                language: other_language,
            },
        ) => return value.cmp(other).then_with(|| language.cmp(other_language)),
        (T::DateTimeLiteral(left), T::DateTimeLiteral(right)) => {
            compare(left.adjust(UTC), right.adjust(UTC))
        }
        (T::DateLiteral(left), T::DateLiteral(right)) => {
            compare(left.adjust(UTC), right.adjust(UTC))
        }
        (T::TimeLiteral(left), T::TimeLiteral(right)) => {
            compare(left.adjust(UTC), right.adjust(UTC))
        }
        (T::GYearLiteral(left), T::GYearLiteral(right)) => {
            compare(left.adjust(UTC), right.adjust(UTC))
        }
        (T::GYearMonthLiteral(left), T::GYearMonthLiteral(right)) => {
            compare(left.adjust(UTC), right.adjust(UTC))
        }
        _ => match (Number::of(left), Number::of(right)) {
            (Some(left), Some(right)) => return left.total_order(right),
            _ => None,
        },
    };
    times.unwrap_or_else(|| {
        let text = |value: &T| Term::from(value.clone()).to_string();
        text(left).cmp(&text(right))
    })
}

/// Returns the order of two times of UTC, the ones that are too far away for that first.
fn compare<T: PartialOrd>(left: Option<T>, right: Option<T>) -> Option<Ordering> {
    match (left, right) {
        (Some(left), Some(right)) => left.partial_cmp(&right),
        (None, None) => None,
        (left, right) => Some(left.is_some().cmp(&right.is_some())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{Literal, NamedNode};
    use proptest::prelude::*;

    fn literal() -> impl Strategy<Value = Literal> {
        let number = prop_oneof![
            prop::sample::select(vec![
                "9007199254740992",
                "9007199254740993",
                "9007199254740991",
                "0",
                "-0",
                "1",
                "1.0",
                "0.1",
                "0.10000000000000000555",
                "1e0",
                "1e-30",
                "1e300",
                "9007199254740992e0",
                "0.1e0",
                "NaN",
                "INF",
                "-INF",
            ])
            .prop_map(str::to_owned),
            any::<i64>().prop_map(|number| number.to_string()),
        ];
        let time = (
            1i32..4,
            1u8..3,
            10u8..16,
            0u8..24,
            prop::sample::select(vec!["", "Z", "+14:00", "-14:00", "+05:30"]),
        );
        let time = time.prop_map(|(year, month, day, hour, zone)| {
            (
                format!("202{year}-0{month}-{day}"),
                format!("{hour:02}:30:00"),
                zone,
            )
        });
        let datatype = |name: &str| {
            NamedNode::new(format!("http://www.w3.org/2001/XMLSchema#{name}")).unwrap()
        };
        prop_oneof![
            (
                number,
                prop::sample::select(vec!["integer", "decimal", "double", "float"])
            )
                .prop_map(move |(text, name)| Literal::new_typed_literal(text, datatype(name))),
            (time, 0..5u8).prop_map(move |((day, hour, zone), kind)| match kind {
                0 =>
                    Literal::new_typed_literal(format!("{day}T{hour}{zone}"), datatype("dateTime")),
                1 => Literal::new_typed_literal(format!("{hour}{zone}"), datatype("time")),
                2 => Literal::new_typed_literal(format!("{}{zone}", &day[..4]), datatype("gYear")),
                3 => Literal::new_typed_literal(
                    format!("{}{zone}", &day[..7]),
                    datatype("gYearMonth")
                ),
                _ => Literal::new_typed_literal(format!("{day}{zone}"), datatype("date")),
            }),
        ]
    }

    fn value(literal: Literal) -> ExpressionTerm {
        Term::from(literal).into()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn the_order_is_total(a in literal(), b in literal(), c in literal()) {
            let [a, b, c] = [a, b, c].map(value);
            let order = |left, right| total_order(Some(left), Some(right));
            prop_assert_eq!(order(&a, &b), order(&b, &a).reverse());
            prop_assert_eq!(order(&a, &a), Ordering::Equal);
            if order(&a, &b).is_le() && order(&b, &c).is_le() {
                prop_assert!(order(&a, &c).is_le());
            }
            if order(&a, &b).is_eq() && order(&b, &c).is_eq() {
                prop_assert!(order(&a, &c).is_eq());
            }
        }

        #[test]
        fn numbers_are_in_the_order_of_the_standard(a in literal(), b in literal()) {
            let [a, b] = [a, b].map(value);
            if let (Some(left), Some(right)) = (Number::of(&a), Number::of(&b))
                && let Some(order) = left.compare(right)
                && order.is_ne()
                // Floats are compared as doubles, which tells more of them apart.
                && !matches!((left, right), (Number::Float(_), _) | (_, Number::Float(_)))
            {
                prop_assert_eq!(total_order(Some(&a), Some(&b)), order);
            }
        }
    }
}
