//! What part of a company somebody holds.

use crate::analysis::answer::{Cell, percent};
use crate::analysis::concentration::Excluded;
use crate::model::lang::Lang;
use crate::model::quantity::Quantity;

/// Percent to a fraction.
const WHOLE: f64 = 100.0;

/// How far inside an excluded bound its interval ends: far below any share that is stated, far above rounding.
const INSIDE: f64 = 1.0 / (1_u64 << 36) as f64;

/// How far inside the plain bound a computed one must lie to count as excluded: more than rounding.
const ROUNDING: f64 = 1e-15;

/// The part of a company that somebody holds, from 0 to 1, within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Holding {
    /// The least it can be.
    pub lower: f64,
    /// The most it can be.
    pub upper: f64,
    /// Whether it is more than the lower bound, and whether it is less than the upper one, as with "more than 50 %".
    pub excluded: Excluded,
}

impl Holding {
    /// All of it.
    pub(super) const ALL: Self = Self::within(1.0, 1.0);

    /// Returns what lies between two bounds, which it may reach.
    pub(super) const fn within(lower: f64, upper: f64) -> Self {
        Self {
            lower,
            upper,
            excluded: [false; 2],
        }
    }

    /// Returns a share in percent as fractions from nothing to the whole.
    pub(super) fn of(share: &Quantity) -> Self {
        let (lower, upper) = (share.lower.unwrap_or(0.0), share.upper.unwrap_or(WHOLE));
        Self {
            lower: (lower / WHOLE).clamp(0.0, 1.0),
            upper: (upper / WHOLE).clamp(0.0, 1.0),
            excluded: [
                share.lower_exclusive && (0.0..WHOLE).contains(&lower),
                share.upper_exclusive && upper > 0.0 && upper <= WHOLE,
            ],
        }
    }

    /// Returns the bounds, the lower first.
    ///
    /// ```
    /// use powermap::analysis::Holding;
    /// assert_eq!(Holding::default().bounds(), (0.0, 0.0));
    /// ```
    pub fn bounds(&self) -> (f64, f64) {
        (self.lower, self.upper)
    }

    /// Returns the bounds that what is held can reach: a little inside of those that are excluded.
    pub(super) fn reached(&self) -> (f64, f64) {
        let inside = |is_excluded: bool| if is_excluded { INSIDE } else { 0.0 };
        let lower = self.lower + inside(self.excluded[0]);
        (lower, (self.upper - inside(self.excluded[1])).max(lower))
    }

    /// Joins what was computed from the bounds as they are stated and from those that can be reached: a bound is excluded
    /// where the latter lies further inside.
    pub(super) fn computed(plain: (f64, f64), reached: (f64, f64)) -> Self {
        Self {
            lower: plain.0,
            upper: plain.1,
            excluded: [
                reached.0 > plain.0 + ROUNDING,
                reached.1 < plain.1 - ROUNDING,
            ],
        }
    }

    /// Returns what part it is of the whole without another holding.
    pub(super) fn without(self, other: Self) -> Self {
        let of = |part: f64, other: f64| match other < 1.0 {
            true => (part / (1.0 - other)).min(1.0),
            false => 1.0,
        };
        Self {
            lower: of(self.lower, other.lower),
            upper: of(self.upper, other.upper),
            ..self
        }
    }

    /// Returns whether it is a single value.
    pub(super) fn is_exact(&self) -> bool {
        self.lower == self.upper
    }

    /// Returns the holding with its upper bound raised to a part, if that is greater.
    pub(super) fn or_as_much_as(self, most: f64) -> Self {
        match most > self.upper {
            true => Self {
                upper: most,
                excluded: [self.excluded[0], false],
                ..self
            },
            false => self,
        }
    }

    /// Returns it as people read it: in percent, to one decimal.
    pub(crate) fn percent(&self, lang: Lang) -> String {
        percent(Some(self.lower), Some(self.upper), self.excluded, lang)
    }
}

impl From<Holding> for Cell {
    fn from(holding: Holding) -> Self {
        // Rounding of what is computed is not shown.
        let printed = |share: f64| Some((share * 1e9).round() / 1e9);
        Self::Share {
            lower: printed(holding.lower),
            upper: printed(holding.upper),
            excluded: holding.excluded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::unit::Unit;

    #[test]
    fn bounds_are_excluded_as_they_are_stated_and_where_they_are_computed() {
        let (percent, _) = Unit::parse_scaled("percent").unwrap();
        let above = Quantity {
            lower_exclusive: true,
            ..Quantity::new(Some(50.0), Some(75.0), percent, false).unwrap()
        };
        let holding = Holding::of(&above);
        assert_eq!(holding.bounds(), (0.5, 0.75));
        assert_eq!(holding.excluded, [true, false]);
        let (lower, upper) = holding.reached();
        assert!(lower > 0.5 && lower < 0.500_000_1 && upper == 0.75);
        // More than a half of more than a half is more than a quarter.
        let chain = Holding::computed((0.25, 0.5625), (lower * lower, upper * upper));
        assert_eq!(
            (chain.bounds(), chain.excluded),
            ((0.25, 0.5625), [true, false])
        );
        assert_eq!(chain.percent(Lang::En), "> 25–56.3%");
    }

    #[test]
    fn a_right_to_more_shares_can_be_used_to_the_full() {
        let below = Holding {
            excluded: [false, true],
            ..Holding::within(0.0, 0.25)
        };
        assert_eq!(below.or_as_much_as(0.3), Holding::within(0.0, 0.3));
        assert_eq!(below.or_as_much_as(0.1), below);
    }
}
