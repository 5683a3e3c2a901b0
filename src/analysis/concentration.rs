//! Shares of a whole and their concentration, from values that are known as intervals.

/// A value that is not negative: at least the first, at most the second, which may be infinite.
pub(crate) type Bounds = (f64, f64);

/// Returns the part of each value in the sum of all, as the least interval that holds it.
///
/// sᵢ = xᵢ / Σ xⱼ grows with xᵢ and falls with every other, so that its bounds are reached at corners:
/// lᵢ / (lᵢ + Σ uⱼ) and uᵢ / (uᵢ + Σ lⱼ), sums over j ≠ i. Where the sum may be zero, a share may be anything from 0 to 1.
///
/// O(n).
pub(crate) fn shares(values: &[Bounds]) -> Vec<Bounds> {
    let mut whole = Whole::default();
    for value in values {
        whole.add(*value, 0.0);
    }
    values.iter().map(|value| whole.share(*value)).collect()
}

/// What several values sum to, so that the share of each of them is found at once.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Whole {
    least: f64,
    /// The sum of the upper bounds that are known.
    most: f64,
    /// How many upper bounds are open.
    open: u32,
    /// The sum as headlines have it.
    pub headline: f64,
    /// How many values there are.
    pub count: u32,
}

impl Whole {
    /// Adds a value, and what it is in headlines.
    pub(crate) fn add(&mut self, value: Bounds, headline: f64) {
        self.least += value.0;
        if value.1.is_finite() {
            self.most += value.1;
        } else {
            self.open += 1;
        }
        self.headline += headline;
        self.count += 1;
    }

    /// Returns the share of one of the values that were added; see [`shares`]. O(1).
    pub(crate) fn share(&self, value: Bounds) -> Bounds {
        let is_open = value.1.is_infinite();
        let others_most = match (self.open, is_open) {
            (0, _) => self.most - value.1,
            // The only open one: the others have a sum.
            (1, true) => self.most,
            _ => f64::INFINITY,
        };
        let lower = part(value.0, others_most).unwrap_or(0.0);
        let upper = if is_open {
            1.0
        } else {
            part(value.1, self.least - value.0).unwrap_or(if value.1 > 0.0 { 1.0 } else { 0.0 })
        };
        (lower.clamp(0.0, 1.0), upper.clamp(0.0, 1.0))
    }

    /// Returns the share of a value by its headline figure.
    pub(crate) fn headline_share(&self, headline: f64) -> f64 {
        if self.headline > 0.0 {
            headline / self.headline
        } else {
            0.0
        }
    }
}

/// Returns `x / (x + others)`, if that is a number.
fn part(x: f64, others: f64) -> Option<f64> {
    let whole = x + others.max(0.0);
    (whole > 0.0).then(|| x / whole)
}

/// How many values are tried at all their corners.
const CORNERS_MAX: usize = 12;

/// Returns the Herfindahl–Hirschman index H = Σ sᵢ² of shares, from 1/n (all alike) to 1 (one has all), as an interval.
///
/// The index is a convex function over a linear one (‖x‖² over (Σx)²), so that it is quasi-convex in the values: it is
/// least where every value is as near as its bounds allow to one level, which is found by bisection, and greatest at a
/// corner of the bounds. Up to 12 values all corners are tried; beyond, the upper bound is the least of 1, the greatest
/// share and the sum of the squared greatest shares, which may be wider than it need be. `None` where all values are zero
/// for sure.
///
/// O(n log 1/ε), and O(n 2ⁿ) for n ≤ 12.
///
/// # Reference
/// A. O. Hirschman, *The Paternity of an Index*, American Economic Review 54 (1964).
pub(crate) fn herfindahl(values: &[Bounds]) -> Option<Bounds> {
    if !values.iter().any(|value| value.1 > 0.0) {
        return None;
    }
    if values.iter().all(|(lower, upper)| lower == upper) {
        return index(values.iter().map(|value| value.0)).map(|index| (index, index));
    }
    let least = level(values);
    let most = if values.iter().any(|value| value.1.is_infinite()) {
        // That one can be as large as to leave the others nothing.
        1.0
    } else if values.len() <= CORNERS_MAX {
        (0..1_u32 << values.len())
            .filter_map(|corner| {
                let end = |(place, value): (usize, &Bounds)| match corner >> place & 1 {
                    0 => value.0,
                    _ => value.1,
                };
                index(values.iter().enumerate().map(end))
            })
            .fold(least, f64::max)
    } else {
        let shares = shares(values);
        let greatest = shares.iter().map(|share| share.1).fold(0.0, f64::max);
        let squares: f64 = shares.iter().map(|share| share.1 * share.1).sum();
        greatest.min(squares).min(1.0).max(least)
    };
    Some((least, most))
}

/// Returns the index of values that are known.
fn index(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, squares) = values.fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    (sum > 0.0).then(|| squares / (sum * sum))
}

/// Returns the least index within the bounds: every value is clamped to one level t, and t = Σx²/Σx there.
fn level(values: &[Bounds]) -> f64 {
    let at = |level: f64| {
        values
            .iter()
            .map(move |(lower, upper)| level.clamp(*lower, *upper))
    };
    let largest = values
        .iter()
        .map(|v| if v.1.is_finite() { v.1 } else { v.0 });
    let largest = largest.fold(0.0, f64::max);
    let (mut low, mut high) = (0.0, if largest > 0.0 { largest } else { 1.0 });
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        let (sum, squares) = at(middle).fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
        // Above the level that is sought, the mean weighted by size lies below it.
        if squares > middle * sum {
            low = middle;
        } else {
            high = middle;
        }
    }
    index(at(high)).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bounds() -> impl Strategy<Value = Vec<Bounds>> {
        let one = (0.0..10.0_f64, 0.0..10.0_f64).prop_map(|(a, b)| (a.min(b), a.max(b)));
        proptest::collection::vec(one, 1..7)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn every_choice_within_the_bounds_lies_within_the_result(
            (values, picks) in bounds().prop_flat_map(|v| {
                let n = v.len();
                (Just(v), proptest::collection::vec(0.0..=1.0_f64, n))
            })
        ) {
            let chosen: Vec<f64> =
                values.iter().zip(&picks).map(|((l, u), p)| l + (u - l) * p).collect();
            let sum: f64 = chosen.iter().sum();
            prop_assume!(sum > 1e-6);
            for (share, x) in shares(&values).iter().zip(&chosen) {
                prop_assert!(share.0 - 1e-9 <= x / sum && x / sum <= share.1 + 1e-9);
            }
            let (least, most) = herfindahl(&values).unwrap();
            let found = index(chosen.iter().copied()).unwrap();
            prop_assert!(least - 1e-9 <= found && found <= most + 1e-9);
        }

        #[test]
        fn many_values_have_bounds_that_hold_too(values in proptest::collection::vec((0.1..5.0_f64, 0.0..5.0_f64), 13..20)) {
            let bounds: Vec<_> = values.iter().map(|(l, w)| (*l, l + w)).collect();
            let (least, most) = herfindahl(&bounds).unwrap();
            for end in [0, 1] {
                let x = bounds.iter().map(|b| if end == 0 { b.0 } else { b.1 });
                let found = index(x).unwrap();
                prop_assert!(least - 1e-9 <= found && found <= most + 1e-9);
            }
        }

        #[test]
        fn known_values_have_exact_shares(values in proptest::collection::vec(0.1..10.0_f64, 1..20)) {
            let exact: Vec<_> = values.iter().map(|x| (*x, *x)).collect();
            let (least, most) = herfindahl(&exact).unwrap();
            let found = index(values.iter().copied()).unwrap();
            prop_assert!((least - found).abs() < 1e-9 && (most - found).abs() < 1e-9);
            let sum: f64 = shares(&exact).iter().map(|s| s.0).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn nothing_has_no_index() {
        assert_eq!(herfindahl(&[]), None);
        assert_eq!(herfindahl(&[(0.0, 0.0)]), None);
        assert_eq!(shares(&[(0.0, 0.0)]), [(0.0, 0.0)]);
        assert_eq!(
            shares(&[(0.0, f64::INFINITY), (0.0, f64::INFINITY)]),
            [(0.0, 1.0); 2]
        );
    }

    #[test]
    fn shares_of_open_bounds_are_the_least_intervals() {
        // At least 10 of one, at most 6 of another.
        let found = shares(&[(10.0, f64::INFINITY), (0.0, 6.0)]);
        assert_eq!(found, [(0.625, 1.0), (0.0, 0.375)]);
    }

    #[test]
    fn the_index_of_two_is_a_half_where_they_are_equal() {
        assert_eq!(herfindahl(&[(1.0, 1.0), (1.0, 1.0)]), Some((0.5, 0.5)));
        let (least, most) = herfindahl(&[(2.0, 2.0), (1.0, 4.0)]).unwrap();
        assert!((least - 0.5).abs() < 1e-9 && (most - 5.0 / 9.0).abs() < 1e-9);
    }
}
