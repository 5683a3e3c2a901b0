//! Shares of a whole and their concentration, from values that are known as intervals.

/// A value that is not negative: at least the first, at most the second, which may be infinite.
pub(crate) type Bounds = (f64, f64);

/// Whether the lower and the upper bound are not values themselves: "more than 10", "less than 6". An open end excludes
/// nothing.
pub(crate) type Excluded = [bool; 2];

/// Returns the part of each value in the sum of all, as the least interval that holds it.
///
/// sᵢ = xᵢ / Σ xⱼ grows with xᵢ and falls with every other, so that its bounds are reached at corners:
/// lᵢ / (lᵢ + Σ uⱼ) and uᵢ / (uᵢ + Σ lⱼ), sums over j ≠ i. Where all values are zero there is no share: the bounds are
/// those of every choice of values with a positive sum, so that the only value above zero has all of it, however small.
///
/// O(n).
#[cfg(test)]
fn shares(values: &[Bounds]) -> Vec<Bounds> {
    let mut whole = Whole::default();
    for value in values {
        whole.add(*value, [false; 2], 0.0);
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
    /// How many lower and upper bounds are excluded.
    excluded: [u32; 2],
    /// The sum as headlines have it.
    pub headline: f64,
    /// How many values there are.
    pub count: u32,
}

impl Whole {
    /// Adds a value, and what it is in headlines.
    pub(crate) fn add(&mut self, value: Bounds, excluded: Excluded, headline: f64) {
        self.least += value.0;
        if value.1.is_finite() {
            self.most += value.1;
        } else {
            self.open += 1;
        }
        for (count, is_excluded) in self.excluded.iter_mut().zip(excluded) {
            *count += u32::from(is_excluded);
        }
        self.headline += headline;
        self.count += 1;
    }

    /// Returns the bounds of the sum of all values but one of those that were added. O(1).
    pub(crate) fn others(&self, value: Bounds) -> Bounds {
        if self.count <= 1 {
            return (0.0, 0.0);
        }
        let is_open = value.1.is_infinite();
        let most = match (self.open, is_open) {
            (0, _) => self.most - value.1,
            // The only open one: the others have a sum.
            (1, true) => self.most,
            _ => f64::INFINITY,
        };
        let least = (self.least - value.0).max(0.0);
        (least, most.max(least))
    }

    /// Returns the share of one of the values that were added; see [`shares`]. O(1).
    pub(crate) fn share(&self, value: Bounds) -> Bounds {
        if value.1 <= 0.0 {
            return (0.0, 0.0);
        }
        let others = self.others(value);
        (part(value.0, others.1), part(value.1, others.0))
    }

    /// Returns which bounds of [`Whole::share`] no choice of values reaches, because it would need a bound that is
    /// excluded. O(1).
    pub(crate) fn share_excluded(&self, value: Bounds, excluded: Excluded) -> Excluded {
        let (least, most) = self.others(value);
        let others = |end: usize| self.excluded[end] > u32::from(excluded[end]);
        let lower = match value.0 {
            // Nothing at all is a share of 0, whatever the others are.
            0.0 => excluded[0] && most > 0.0,
            _ => most > 0.0 && most.is_finite() && (excluded[0] || others(1)),
        };
        let upper = match least {
            // It has everything where the others have nothing.
            0.0 => others(0),
            _ => value.1.is_finite() && (excluded[1] || others(0)),
        };
        [lower, upper]
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

/// Returns `x / (x + others)`, the limit where one of them is infinite or nothing, and what others leave if both are.
fn part(x: f64, others: f64) -> f64 {
    if others == 0.0 {
        1.0
    } else if others.is_infinite() {
        0.0
    } else if x.is_infinite() {
        1.0
    } else {
        x / (x + others)
    }
}

/// Returns the bounds of `x / (x + a) − x / (x + b)`: by how much more one side of a deal needs the other, with x what the
/// deal is worth, a what else the one gets and b what else the other gives.
///
/// x enters both shares, so that their bounds taken apart would be too wide. The difference falls with a and grows with b:
/// it is least where a is greatest and b least, and greatest the other way round. With these two fixed, its
/// derivative a / (x + a)² − b / (x + b)² has a single zero, x = √(ab), so that its extremes over x lie there or at the
/// bounds of x. O(1).
pub(crate) fn asymmetry(x: Bounds, a: Bounds, b: Bounds) -> Bounds {
    if x.1 <= 0.0 {
        return (0.0, 0.0);
    }
    let over = |a: f64, b: f64| {
        let turn = (a * b).sqrt();
        let turn = if turn.is_finite() {
            turn.clamp(x.0, x.1)
        } else {
            x.0
        };
        [x.0, turn, x.1].map(|x| part(x, a) - part(x, b))
    };
    let lower = over(a.1, b.0).into_iter().fold(f64::INFINITY, f64::min);
    let upper = over(a.0, b.1).into_iter().fold(f64::NEG_INFINITY, f64::max);
    (lower, upper)
}

/// Returns the Herfindahl–Hirschman index H = Σ xᵢ² / (Σ xᵢ)², from 1/n (all alike) to 1 (one has all), as the least
/// interval that holds it over all values within their bounds at once. `None` where all values are zero for sure.
///
/// *Least.* With S = Σ xᵢ and Q = Σ xᵢ², ∂H/∂xᵢ = 2 (S xᵢ − Q) / S³ is negative below the level t = Q/S, and positive
/// above. {H ≤ c} is {‖x‖ ≤ √c Σx}, a convex cone, so that a point where no xᵢ can move downhill is a least one: each is as
/// near to t as its bounds allow. The sum Σ xᵢ (xᵢ − t) with xᵢ = t clamped into its bounds falls as t grows, so that
/// bisection finds the level.
///
/// *Greatest.* Along each xᵢ the index falls, then grows, so that it is greatest at a corner of the bounds. Where an upper
/// bound is open it comes as near to 1 as one likes. Else xᵢ² lies on or below the chord lᵢ² + (lᵢ + uᵢ)(xᵢ − lᵢ); for a
/// given sum, what lies below all chords is greatest where the values with the steepest chords are at their upper bounds, the
/// others at their lower ones, and one is between. Over all sums this is an upper bound for every corner, and a corner
/// unless the one between is inside its bounds; then both of its ends are tried (branch and bound).
///
/// O(n log n + n log 1/ε), and O(n) for each value that is tried at both ends: all that it takes up to 12 values, beyond that
/// as many as 2¹⁷ steps allow (at least 64). Finding the corner is hard in general, as a sum of subsets is; should the
/// steps not do, the upper bound is that of the chords, which is never too low.
///
/// # Reference
/// A. O. Hirschman, *The Paternity of an Index*, American Economic Review 54 (1964). S. Ferson, L. Ginzburg, V. Kreinovich,
/// L. Longpré and M. Aviles, *Computing Variance for Interval Data is NP-Hard*, ACM SIGACT News 33 (2002).
pub(crate) fn herfindahl(values: &[Bounds]) -> Option<Bounds> {
    if !values.iter().any(|value| value.1 > 0.0) {
        return None;
    }
    if values.iter().all(|(lower, upper)| lower == upper) {
        return index(values.iter().map(|value| value.0)).map(|index| (index, index));
    }
    let least = level(values);
    Some((least, greatest(values).clamp(least, 1.0)))
}

/// How many steps the search for the greatest index takes, one for each value that it looks at.
const STEPS_MAX: usize = 1 << 17;

/// A set of corners: some values are at one of their ends, each given by its place.
struct Corners {
    ends: Vec<(usize, f64)>,
    /// No corner has a greater index.
    most: f64,
}

/// Returns the greatest index within the bounds; see [`herfindahl`].
fn greatest(values: &[Bounds]) -> f64 {
    let lowest: f64 = values.iter().map(|value| value.0).sum();
    if lowest == 0.0 || values.iter().any(|value| value.1.is_infinite()) {
        // One of them can have all, or as much as to leave the others next to nothing.
        return 1.0;
    }
    let mut values = values.to_vec();
    values.sort_by(|a, b| (b.0 + b.1).total_cmp(&(a.0 + a.1)));
    let mut budget = (STEPS_MAX / values.len()).max(64);
    let mut best = 0.0_f64;
    let mut ahead = vec![Corners {
        ends: Vec::new(),
        most: 1.0,
    }];
    while let Some(corners) = ahead.pop() {
        if corners.most <= best * (1.0 + 1e-12) {
            continue;
        }
        if budget == 0 {
            let left = ahead.iter().map(|corners| corners.most);
            return left.fold(best.max(corners.most), f64::max);
        }
        budget -= 1;
        let (found, most, between) = under_chords(&values, &corners.ends);
        best = best.max(found);
        if let Some(place) = between {
            for end in [values[place].0, values[place].1] {
                let mut ends = corners.ends.clone();
                ends.push((place, end));
                ahead.push(Corners { ends, most });
            }
        }
    }
    best
}

/// Returns the greatest index of the corners on the way along the steepest chords, the greatest index under the chords,
/// and the place of the value that is between its bounds there, if one is. Values are sorted by falling steepness.
fn under_chords(values: &[Bounds], ends: &[(usize, f64)]) -> (f64, f64, Option<usize>) {
    let is_fixed = |place: usize| ends.iter().any(|(fixed, _)| *fixed == place);
    let (mut sum, mut squares) = ends.iter().fold((0.0, 0.0), |(sum, squares), (_, x)| {
        (sum + x, squares + x * x)
    });
    for (place, (lower, _)) in values.iter().enumerate() {
        if !is_fixed(place) {
            sum += lower;
            squares += lower * lower;
        }
    }
    let mut corner: f64 = squares / (sum * sum);
    let (mut most, mut between) = (corner, None);
    for (place, (lower, upper)) in values.iter().enumerate() {
        if is_fixed(place) || upper <= lower {
            continue;
        }
        let (steep, width) = (lower + upper, upper - lower);
        // The index grows along the chord, then falls.
        let top = sum - 2.0 * squares / steep;
        if top > 0.0 && top < width {
            let at = (squares + steep * top) / ((sum + top) * (sum + top));
            if at > most {
                (most, between) = (at, Some(place));
            }
        }
        sum += width;
        squares += steep * width;
        let at = squares / (sum * sum);
        corner = corner.max(at);
        if at > most {
            (most, between) = (at, None);
        }
    }
    (corner, most.min(1.0), between)
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

    fn bound() -> impl Strategy<Value = Bounds> {
        (0.1..10.0_f64, 0.1..10.0_f64).prop_map(|(a, b)| (a.min(b), a.max(b)))
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
        fn the_index_reaches_its_bounds(values in bounds()) {
            prop_assume!(values.iter().any(|value| value.1 > 0.0));
            let (least, most) = herfindahl(&values).unwrap();
            // The naive definition: every corner, and every level to which all are clamped.
            let corners = (0..1_u32 << values.len()).filter_map(|corner| {
                let end = |(place, value): (usize, &Bounds)| if corner >> place & 1 == 0 { value.0 } else { value.1 };
                index(values.iter().enumerate().map(end))
            });
            prop_assert!((corners.fold(0.0, f64::max) - most).abs() < 1e-9);
            let levels = (1..=2000).filter_map(|step| {
                let level = f64::from(step) / 200.0;
                index(values.iter().map(|(lower, upper)| level.clamp(*lower, *upper)))
            });
            let nearest = levels.fold(1.0, f64::min);
            prop_assert!(least <= nearest + 1e-9 && nearest < least + 1e-2);
        }

        #[test]
        fn asymmetries_are_the_least_intervals(
            (x, a, b) in (bound(), bound(), bound()),
            picks in proptest::collection::vec(0.0..=1.0_f64, 3),
        ) {
            let (lower, upper) = asymmetry(x, a, b);
            let at = |bounds: Bounds, pick: f64| bounds.0 + (bounds.1 - bounds.0) * pick;
            let of = |x: f64, a: f64, b: f64| x / (x + a) - x / (x + b);
            let found = of(at(x, picks[0]), at(a, picks[1]), at(b, picks[2]));
            prop_assert!(lower - 1e-9 <= found && found <= upper + 1e-9);
            // The naive definition: a grid over the three.
            let grid = (0..=200).flat_map(|step| {
                let x = at(x, f64::from(step) / 200.0);
                [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)].map(|(a, b)| of(x, a, b))
            });
            let (low, high) = grid.fold((1.0, -1.0), |(l, h): (f64, f64), v| (l.min(v), h.max(v)));
            prop_assert!(low - lower < 1e-2 && upper - high < 1e-2, "{low} {lower} {upper} {high}");
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
    fn the_only_value_above_zero_has_all_of_it() {
        assert_eq!(shares(&[(0.0, 6.0)]), [(1.0, 1.0)]);
        assert_eq!(shares(&[(0.0, 6.0), (0.0, 0.0)])[1], (0.0, 0.0));
    }

    #[test]
    fn bounds_of_shares_are_excluded_where_they_need_one_that_is() {
        // More than 10 of one, up to 10 of another.
        let values = [((10.0, 20.0), [true, false]), ((0.0, 10.0), [false; 2])];
        let mut whole = Whole::default();
        for (value, excluded) in values {
            whole.add(value, excluded, 0.0);
        }
        let found = values
            .map(|(value, excluded)| (whole.share(value), whole.share_excluded(value, excluded)));
        assert_eq!(found[0], ((0.5, 1.0), [true, false]));
        assert_eq!(found[1], ((0.0, 0.5), [false, true]));
    }

    #[test]
    fn the_index_of_two_is_a_half_where_they_are_equal() {
        assert_eq!(herfindahl(&[(1.0, 1.0), (1.0, 1.0)]), Some((0.5, 0.5)));
        let (least, most) = herfindahl(&[(2.0, 2.0), (1.0, 4.0)]).unwrap();
        assert!((least - 0.5).abs() < 1e-9 && (most - 5.0 / 9.0).abs() < 1e-9);
    }
}
