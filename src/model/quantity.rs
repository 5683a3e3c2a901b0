//! Numbers with bounds and a unit, and interval arithmetic on them.
//!
//! A missing bound is open: nothing is known on that side. Sums and differences round outwards (R. E. Moore,
//! *Interval Analysis*, 1966, §3.2), so a result always contains the true value; they are exact where floating-point
//! arithmetic is.

use crate::model::error::ModelError;
use crate::model::lang::Lang;
use crate::model::unit::Unit;
use serde::Serialize;

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
}

impl Quantity {
    /// Returns a quantity from its bounds.
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
            lower,
            upper,
            unit,
            approximate,
        })
    }

    /// Returns a quantity whose bounds are the same.
    pub fn exact(value: f64, unit: Unit) -> Self {
        Self {
            lower: Some(value),
            upper: Some(value),
            unit,
            approximate: false,
        }
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
        self.lower.is_none_or(|lower| lower <= value)
            && self.upper.is_none_or(|upper| value <= upper)
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
            approximate: self.approximate,
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
        let (a, b) = self.aligned(other)?;
        Ok(Self {
            lower: both(a.lower, b.lower, |x, y| add_rounded(x, y, f64::next_down)),
            upper: both(a.upper, b.upper, |x, y| add_rounded(x, y, f64::next_up)),
            unit: a.unit,
            approximate: a.approximate || b.approximate,
        })
    }

    /// Returns the sum of two quantities in one unit that are not negative: one lower bound is enough for a lower bound
    /// of the sum, since the other adds nothing to it at least.
    #[must_use]
    pub fn add_non_negative(&self, other: &Self) -> Self {
        let sum = |a: f64, b: f64| add_rounded(a, b, f64::next_down);
        Self {
            lower: either(self.lower, other.lower, sum),
            upper: both(self.upper, other.upper, |x, y| {
                add_rounded(x, y, f64::next_up)
            }),
            unit: self.unit,
            approximate: self.approximate || other.approximate,
        }
    }

    /// Returns the difference.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn subtract(&self, other: &Self) -> Result<Self, ModelError> {
        self.add(&Self {
            lower: other.upper.map(|bound| -bound),
            upper: other.lower.map(|bound| -bound),
            ..*other
        })
    }

    /// Returns the lesser of the two, whichever that is: an open lower bound of either stays open, and a known upper
    /// bound of either bounds the result.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn minimum(&self, other: &Self) -> Result<Self, ModelError> {
        let (a, b) = self.aligned(other)?;
        Ok(Self {
            lower: both(a.lower, b.lower, f64::min),
            upper: either(a.upper, b.upper, f64::min),
            unit: a.unit,
            approximate: a.approximate || b.approximate,
        })
    }

    /// Returns the greater of the two, whichever that is.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn maximum(&self, other: &Self) -> Result<Self, ModelError> {
        let (a, b) = self.aligned(other)?;
        Ok(Self {
            lower: either(a.lower, b.lower, f64::max),
            upper: both(a.upper, b.upper, f64::max),
            unit: a.unit,
            approximate: a.approximate || b.approximate,
        })
    }

    /// Returns the least interval that holds both: a bound that is open on either side stays open.
    ///
    /// # Errors
    /// As for [`Quantity::add`].
    pub fn hull(&self, other: &Self) -> Result<Self, ModelError> {
        let (a, b) = self.aligned(other)?;
        Ok(Self {
            lower: both(a.lower, b.lower, f64::min),
            upper: both(a.upper, b.upper, f64::max),
            unit: a.unit,
            approximate: a.approximate || b.approximate,
        })
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
        let above = |lower: Option<f64>, upper: Option<f64>| match (lower, upper) {
            (Some(lower), Some(upper)) => lower > upper,
            _ => false,
        };
        Ok(above(a.lower, b.upper) || above(b.lower, a.upper))
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
                format!("{}–{upper}", with_dollar(lower, dollar))
            }
            (Some(lower), None) => format!("≥ {}", with_dollar(&one(lower), dollar)),
            (None, Some(upper)) => format!("≤ {}", with_dollar(&one(upper), dollar)),
            (None, None) => "?".to_owned(),
        };
        let about = if self.approximate && !number.starts_with(['≥', '≤', '?']) {
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
            "%" => format!("{about}{number}%"),
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
fn both(a: Option<f64>, b: Option<f64>, f: impl Fn(f64, f64) -> f64) -> Option<f64> {
    // A bound that overflows says no more than an open one.
    a.zip(b).map(|(a, b)| f(a, b)).filter(|r| r.is_finite())
}

/// Returns the result of an operation where one known bound is enough.
fn either(a: Option<f64>, b: Option<f64>, f: impl Fn(f64, f64) -> f64) -> Option<f64> {
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
