//! Numbers with bounds and a unit, and interval arithmetic on them.
//!
//! A missing bound is open: nothing is known on that side. Sums and differences round outwards (R. E. Moore,
//! *Interval Analysis*, 1966, §3.2), so a result always contains the true value; they are exact where floating-point
//! arithmetic is.

use crate::model::error::ModelError;
use crate::model::lang::Lang;
use crate::model::unit::Unit;
use serde::Serialize;
use std::cmp::Ordering;

/// A number with bounds and a unit.
///
/// ```
/// use powermap::model::Quantity;
/// use powermap::model::Unit;
/// let up_to = Quantity::new(None, Some(1e11), Unit::USD, false).unwrap();
/// let loan = Quantity::exact(4e9, Unit::USD);
/// let sum = up_to.add(&loan).unwrap();
/// assert_eq!((sum.lower, sum.upper), (None, Some(1.04e11)));
/// assert_eq!(sum.to_string(), "≤ $104 bn");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantity {
    /// The least it can be; open if `None`.
    pub lower: Option<f64>,
    /// The most it can be; open if `None`.
    pub upper: Option<f64>,
    /// The unit of both bounds.
    pub unit: Unit,
    /// Whether the source says "about".
    pub approximate: bool,
    /// Whether it is more than the lower bound, as in "more than 50 %".
    pub lower_exclusive: bool,
    /// Whether it is less than the upper bound, as in "less than 75 %".
    pub upper_exclusive: bool,
}

/// One end of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bound {
    value: f64,
    is_exclusive: bool,
}

impl Bound {
    fn new(value: Option<f64>, is_exclusive: bool) -> Option<Self> {
        value.map(|value| Self {
            value,
            is_exclusive,
        })
    }

    fn negated(self) -> Self {
        Self {
            value: -self.value,
            ..self
        }
    }

    /// Returns the sum of two ends on one side, rounded outwards. It is exclusive as soon as one of them is.
    fn add(self, other: Self, outwards: impl Fn(f64) -> f64) -> Self {
        Self {
            value: add_rounded(self.value, other.value, outwards),
            is_exclusive: self.is_exclusive || other.is_exclusive,
        }
    }

    /// Returns the lesser end. Of equal ones, the exclusive one is the lesser upper end and the greater lower end.
    fn least(self, other: Self, is_exclusive_less: bool) -> Self {
        match self.value.total_cmp(&other.value) {
            Ordering::Less => self,
            Ordering::Greater => other,
            Ordering::Equal if self.is_exclusive == is_exclusive_less => self,
            Ordering::Equal => other,
        }
    }

    /// Returns the greater end; the counterpart of [`Bound::least`].
    fn greatest(self, other: Self, is_exclusive_less: bool) -> Self {
        self.negated()
            .least(other.negated(), !is_exclusive_less)
            .negated()
    }
}

impl Quantity {
    /// Returns a quantity from its bounds, both inclusive.
    ///
    /// # Errors
    /// Bounds that are not finite, or in the wrong order.
    pub fn new(
        lower: Option<f64>,
        upper: Option<f64>,
        unit: Unit,
        approximate: bool,
    ) -> Result<Self, ModelError> {
        for bound in [lower, upper].into_iter().flatten() {
            if !bound.is_finite() {
                return Err(ModelError::Number {
                    text: bound.to_string(),
                });
            }
        }
        if let (Some(lower), Some(upper)) = (lower, upper)
            && lower > upper
        {
            return Err(ModelError::Bounds { lower, upper });
        }
        Ok(Self {
            approximate,
            ..Self::between(Bound::new(lower, false), Bound::new(upper, false), unit)
        })
    }

    /// Returns the quantity with exclusive bounds: "more than 50" has an exclusive lower one. A bound that is open has
    /// nothing to exclude.
    ///
    /// ```
    /// use powermap::model::{Quantity, Unit};
    /// let percent = "percent".parse::<Unit>()?;
    /// let majority = Quantity::new(Some(50.0), Some(75.0), percent, false)?.excluding(true, false)?;
    /// assert_eq!(majority.to_string(), "> 50–75%");
    /// assert!(Quantity::exact(50.0, percent).excluding(true, false).is_err());
    /// # Ok::<(), powermap::model::ModelError>(())
    /// ```
    ///
    /// # Errors
    /// Bounds that exclude every number, such as more than 50 and at most 50.
    pub fn excluding(self, lower: bool, upper: bool) -> Result<Self, ModelError> {
        let quantity = Self {
            lower_exclusive: lower && self.lower.is_some(),
            upper_exclusive: upper && self.upper.is_some(),
            ..self
        };
        match quantity.point() {
            Some(value) if quantity.lower_exclusive || quantity.upper_exclusive => {
                Err(ModelError::Empty { value })
            }
            _ => Ok(quantity),
        }
    }

    fn between(lower: Option<Bound>, upper: Option<Bound>, unit: Unit) -> Self {
        // A bound that overflows says no more than an open one.
        let known = |bound: Option<Bound>| bound.filter(|bound| bound.value.is_finite());
        let (lower, upper) = (known(lower), known(upper));
        Self {
            lower: lower.map(|bound| bound.value),
            upper: upper.map(|bound| bound.value),
            unit,
            approximate: false,
            lower_exclusive: lower.is_some_and(|bound| bound.is_exclusive),
            upper_exclusive: upper.is_some_and(|bound| bound.is_exclusive),
        }
    }

    fn lower_bound(&self) -> Option<Bound> {
        Bound::new(self.lower, self.lower_exclusive)
    }

    fn upper_bound(&self) -> Option<Bound> {
        Bound::new(self.upper, self.upper_exclusive)
    }

    /// Returns a quantity whose bounds are the same.
    pub fn exact(value: f64, unit: Unit) -> Self {
        let bound = Bound::new(Some(value), false);
        Self::between(bound, bound, unit)
    }

    /// Returns the one value, where both bounds agree.
    pub fn point(&self) -> Option<f64> {
        (self.lower == self.upper).then_some(self.lower).flatten()
    }

    /// Returns one number for the interval, as headlines have it: the middle, or the bound that is known ("up to 6" is
    /// 6); 0 if none is.
    pub fn headline(&self) -> f64 {
        match (self.lower, self.upper) {
            (Some(lower), Some(upper)) => f64::midpoint(lower, upper),
            (one, other) => one.or(other).unwrap_or(0.0),
        }
    }

    /// Returns whether a number lies within the bounds.
    pub fn contains(&self, value: f64) -> bool {
        let is_above = |bound: Bound| match bound.is_exclusive {
            true => bound.value < value,
            false => bound.value <= value,
        };
        self.lower_bound().is_none_or(is_above)
            && (self.upper_bound()).is_none_or(|bound| match bound.is_exclusive {
                true => value < bound.value,
                false => value <= bound.value,
            })
    }

    /// Returns a ratio from 0 to 1 in percent: 0.51 is 51 %. Nothing for other quantities.
    pub(crate) fn as_share(&self) -> Option<Self> {
        let is_part = |bound: f64| (0.0..=1.0).contains(&bound);
        if self.unit.code() != "ratio"
            || ![self.lower, self.upper]
                .iter()
                .flatten()
                .all(|b| is_part(*b))
        {
            return None;
        }
        // 0.29 × 100 is not 29 in floating-point arithmetic; the shortest text of it is.
        let percent = |bound: f64| (bound * 100.0 * 1e9).round() / 1e9;
        Some(Self {
            lower: self.lower.map(percent),
            upper: self.upper.map(percent),
            unit: Unit::percent()?,
            ..*self
        })
    }

    /// Converts to the base unit (megawatts become gigawatts); see [`Unit::base`].
    pub fn in_base_unit(&self) -> Self {
        let (unit, rate) = self.unit.base();
        if rate == 1.0 {
            return *self;
        }
        Self {
            lower: self.lower.map(|bound| bound * rate),
            upper: self.upper.map(|bound| bound * rate),
            unit,
            ..*self
        }
    }

    /// Returns both quantities in their common unit.
    fn aligned(&self, other: &Self) -> Result<(Self, Self), ModelError> {
        if self.unit == other.unit {
            return Ok((*self, *other));
        }
        let (left, right) = (self.in_base_unit(), other.in_base_unit());
        if left.unit == right.unit {
            Ok((left, right))
        } else {
            Err(ModelError::Mismatch {
                left: self.unit.code().to_owned(),
                right: other.unit.code().to_owned(),
            })
        }
    }

    /// Returns the sum.
    ///
    /// # Errors
    /// Units that do not convert at a fixed rate: different currencies are never summed.
    pub fn add(&self, other: &Self) -> Result<Self, ModelError> {
        self.combine(
            other,
            |a, b| both(a, b, |a, b| a.add(b, f64::next_down)),
            |a, b| both(a, b, |a, b| a.add(b, f64::next_up)),
        )
    }

    /// Returns the quantity of two sides, each made of the bounds of both in their common unit.
    fn combine(
        &self,
        other: &Self,
        lower: impl Fn(Option<Bound>, Option<Bound>) -> Option<Bound>,
        upper: impl Fn(Option<Bound>, Option<Bound>) -> Option<Bound>,
    ) -> Result<Self, ModelError> {
        let (a, b) = self.aligned(other)?;
        Ok(Self {
            approximate: a.approximate || b.approximate,
            ..Self::between(
                lower(a.lower_bound(), b.lower_bound()),
                upper(a.upper_bound(), b.upper_bound()),
                a.unit,
            )
        })
    }

    /// Returns the sum of two quantities in one unit that are not negative: one lower bound is enough for a lower bound
    /// of the sum, since the other adds nothing to it at least.
    #[must_use]
    pub fn add_non_negative(&self, other: &Self) -> Self {
        let sum = |a: Bound, b: Bound| a.add(b, f64::next_down);
        Self {
            approximate: self.approximate || other.approximate,
            ..Self::between(
                either(self.lower_bound(), other.lower_bound(), sum),
                both(self.upper_bound(), other.upper_bound(), |a, b| {
                    a.add(b, f64::next_up)
                }),
                self.unit,
            )
        }
    }

    /// Returns the difference.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn subtract(&self, other: &Self) -> Result<Self, ModelError> {
        let negated = Self::between(
            other.upper_bound().map(Bound::negated),
            other.lower_bound().map(Bound::negated),
            other.unit,
        );
        self.add(&Self {
            approximate: other.approximate,
            ..negated
        })
    }

    /// Returns the lesser of the two, whichever that is: an open lower bound of either stays open, and a known upper
    /// bound of either bounds the result.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn minimum(&self, other: &Self) -> Result<Self, ModelError> {
        self.combine(
            other,
            |a, b| both(a, b, |a, b| a.least(b, false)),
            |a, b| either(a, b, |a, b| a.least(b, true)),
        )
    }

    /// Returns the greater of the two, whichever that is.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn maximum(&self, other: &Self) -> Result<Self, ModelError> {
        self.combine(
            other,
            |a, b| either(a, b, |a, b| a.greatest(b, false)),
            |a, b| both(a, b, |a, b| a.greatest(b, true)),
        )
    }

    /// Returns the least interval that holds both: a bound that is open on either side stays open.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn hull(&self, other: &Self) -> Result<Self, ModelError> {
        self.combine(
            other,
            |a, b| both(a, b, |a, b| a.least(b, false)),
            |a, b| both(a, b, |a, b| a.greatest(b, true)),
        )
    }

    /// Returns the values that both allow; nothing where there are none.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn intersection(&self, other: &Self) -> Result<Option<Self>, ModelError> {
        if self.is_disjoint(other)? {
            return Ok(None);
        }
        let common = self.combine(
            other,
            |a, b| either(a, b, |a, b| a.greatest(b, false)),
            |a, b| either(a, b, |a, b| a.least(b, true)),
        )?;
        Ok(Some(Self {
            approximate: self.approximate && other.approximate,
            ..common
        }))
    }

    /// Returns what part of a whole this is, as bounds of a ratio; `None` where the whole can be zero or negative.
    ///
    /// Only meaningful for quantities that are not negative; an open lower bound counts as zero then.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn ratio(&self, whole: &Self) -> Result<Option<(f64, Option<f64>)>, ModelError> {
        let (part, whole) = self.aligned(whole)?;
        let Some(least) = whole.lower.filter(|lower| *lower > 0.0) else {
            return Ok(None);
        };
        let lower = match (part.lower, whole.upper) {
            (Some(part), Some(whole)) => part.max(0.0) / whole,
            _ => 0.0,
        };
        Ok(Some((lower, part.upper.map(|upper| upper / least))))
    }

    /// Returns whether no value can be both.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn is_disjoint(&self, other: &Self) -> Result<bool, ModelError> {
        let (a, b) = self.aligned(other)?;
        let is_above = |lower: Option<Bound>, upper: Option<Bound>| match (lower, upper) {
            (Some(lower), Some(upper)) if lower.value == upper.value => {
                lower.is_exclusive || upper.is_exclusive
            }
            (Some(lower), Some(upper)) => lower.value > upper.value,
            _ => false,
        };
        Ok(
            is_above(a.lower_bound(), b.upper_bound())
                || is_above(b.lower_bound(), a.upper_bound()),
        )
    }

    /// Returns the quantity as people read it: `≤ $100 bn`, `≥ 10 GW`, `≈ 3 ×`, `8–12 months`, `约 700 亿美元`.
    pub fn display(&self, lang: Lang) -> String {
        let figures = lang.figures();
        let dollar = self.unit == Unit::USD && figures.has_dollar_sign;
        let one = |value: f64| scaled(value, lang);
        let number = match (self.lower, self.upper) {
            (Some(lower), Some(upper)) if lower == upper => with_dollar(&one(lower), dollar),
            (Some(lower), Some(upper)) => {
                let (lower, upper) = (one(lower), one(upper));
                // A scale word that both bounds share is written once: `$10–100 bn`.
                let lower = match (lower.split_once(' '), upper.split_once(' ')) {
                    (Some((number, word)), Some((_, same))) if word == same => number,
                    _ => &lower,
                };
                let more = if self.lower_exclusive { "> " } else { "" };
                let less = if self.upper_exclusive { "< " } else { "" };
                format!("{more}{}–{less}{upper}", with_dollar(lower, dollar))
            }
            (Some(lower), None) => {
                let sign = if self.lower_exclusive { '>' } else { '≥' };
                format!("{sign} {}", with_dollar(&one(lower), dollar))
            }
            (None, Some(upper)) => {
                let sign = if self.upper_exclusive { '<' } else { '≤' };
                format!("{sign} {}", with_dollar(&one(upper), dollar))
            }
            (None, None) => "?".to_owned(),
        };
        let about = if self.approximate && !number.starts_with(['≥', '≤', '>', '<', '?']) {
            "≈ "
        } else {
            ""
        };
        let symbol = self.unit.symbol(lang);
        let has_scale = |number: &str| {
            figures
                .scales
                .iter()
                .any(|(_, word)| number.ends_with(word))
        };
        match symbol {
            _ if dollar => format!("{about}{number}"),
            _ if symbol.starts_with('%') => format!("{about}{number}{symbol}"),
            _ if figures.is_scale_joined && has_scale(&number) => {
                format!("{about}{number}{symbol}")
            }
            _ => format!("{about}{number} {symbol}"),
        }
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.display(Lang::En))
    }
}

/// Returns the result of an operation where both bounds are known.
fn both(a: Option<Bound>, b: Option<Bound>, f: impl Fn(Bound, Bound) -> Bound) -> Option<Bound> {
    a.zip(b).map(|(a, b)| f(a, b))
}

/// Returns the result of an operation where one known bound is enough.
fn either(a: Option<Bound>, b: Option<Bound>, f: impl Fn(Bound, Bound) -> Bound) -> Option<Bound> {
    match (a, b) {
        (Some(a), Some(b)) => Some(f(a, b)),
        _ => a.or(b),
    }
}

/// Returns `a + b`, moved outwards by one step where it is not exact (TwoSum, Knuth 1969).
fn add_rounded(a: f64, b: f64, outwards: impl Fn(f64) -> f64) -> f64 {
    let sum = a + b;
    let b_part = sum - a;
    let error = (a - (sum - b_part)) + (b - b_part);
    if error == 0.0 { sum } else { outwards(sum) }
}

fn with_dollar(number: &str, dollar: bool) -> String {
    match number.strip_prefix('-') {
        Some(rest) if dollar => format!("-${rest}"),
        _ if dollar => format!("${number}"),
        _ => number.to_owned(),
    }
}

/// Returns a number with the scale word that suits it: `100 bn`, `1,000 亿`.
fn scaled(value: f64, lang: Lang) -> String {
    let (divisor, word) = lang
        .figures()
        .scales
        .iter()
        .find(|(least, _)| value.abs() >= *least)
        .copied()
        .unwrap_or((1.0, ""));
    format!("{}{word}", plain_number(value / divisor))
}

/// Returns a number without exponent, at most ten significant digits, thousands separated by commas.
///
/// ```
/// use powermap::model::plain_number;
/// assert_eq!(plain_number(30000.0), "30,000");
/// assert_eq!(plain_number(0.1 + 0.2), "0.3");
/// ```
pub fn plain_number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 {
            "0".to_owned()
        } else {
            value.to_string()
        };
    }
    let magnitude = value.abs().log10().floor() as i32;
    let decimals = (9 - magnitude).clamp(0, 15) as usize;
    let fixed = format!("{value:.decimals$}");
    let (whole, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let fraction = fraction.trim_end_matches('0');
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if fraction.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_as_people_write_them() {
        let shown = |lower, upper, unit: &str, approximate| {
            let quantity = Quantity::new(lower, upper, unit.parse().unwrap(), approximate).unwrap();
            (quantity.display(Lang::En), quantity.display(Lang::Zh))
        };
        let check = |found: (String, String), en: &str, zh: &str| {
            assert_eq!((found.0.as_str(), found.1.as_str()), (en, zh));
        };
        check(
            shown(None, Some(1e11), "USD", false),
            "≤ $100 bn",
            "≤ 1,000 亿美元",
        );
        check(shown(Some(10.0), None, "GW", false), "≥ 10 GW", "≥ 10 吉瓦");
        check(
            shown(Some(1e10), Some(1e11), "USD", true),
            "≈ $10–100 bn",
            "≈ 100–1,000 亿美元",
        );
        check(
            shown(Some(5e8), Some(2e9), "EUR", false),
            "500 mn–2 bn EUR",
            "5–20 亿欧元",
        );
        check(
            shown(Some(8.0), Some(12.0), "months", false),
            "8–12 months",
            "8–12 个月",
        );
        check(
            shown(Some(-2.6), Some(-2.6), "percent", false),
            "-2.6%",
            "-2.6%",
        );
        check(
            shown(Some(0.01), Some(0.01), "USD/share", false),
            "0.01 USD/share",
            "0.01 美元/股",
        );
    }
}
