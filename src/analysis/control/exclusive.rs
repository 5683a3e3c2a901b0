//! Bounds that are not in their interval themselves, such as the 50 of "more than 50%", among plain fractions.

use crate::analysis::answer::Cell;
use crate::model::quantity::Quantity;

/// Percent to a fraction.
const WHOLE: f64 = 100.0;

/// How far inside an exclusive bound its interval ends: far below any share that is stated, far above rounding.
const INSIDE: f64 = 1.0 / (1_u64 << 36) as f64;

/// Returns a share in percent as fractions from nothing to the whole, a little inside of bounds that are exclusive.
pub(super) fn fractions(share: &Quantity) -> (f64, f64) {
    let inside = |is_exclusive: bool| if is_exclusive { INSIDE } else { 0.0 };
    let lower = share.lower.map_or(0.0, |bound| bound / WHOLE);
    let upper = share.upper.map_or(1.0, |bound| bound / WHOLE);
    let lower = lower + inside(share.lower_exclusive);
    let upper = upper - inside(share.upper_exclusive);
    (lower.clamp(0.0, 1.0), upper.clamp(0.0, 1.0))
}

/// Returns fractions as they are printed: the bound itself where one ends a little inside of it.
///
/// Only bounds of up to four digits of a percent are found to be exclusive, and only where nothing was computed with them.
pub(super) fn cell((lower, upper): (f64, f64)) -> Cell {
    let printed = |share: f64| (share * 1e9).round() / 1e9;
    let is_stated = |bound: f64| (bound - (bound * 1e6).round() / 1e6).abs() < 1e-13;
    Cell::Share {
        lower: Some(printed(lower)),
        upper: Some(printed(upper)),
        excluded: [
            lower > 0.0 && is_stated(lower - INSIDE) && !is_stated(lower),
            upper < 1.0 && is_stated(upper + INSIDE) && !is_stated(upper),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::unit::Unit;

    #[test]
    fn exclusive_bounds_are_printed_as_they_are_stated() {
        let (percent, _) = Unit::parse_scaled("percent").unwrap();
        let share = |lower, upper| Quantity::new(Some(lower), Some(upper), percent, false).unwrap();
        let cell_of = |share: Quantity| cell(fractions(&share));
        let expected = |lower, upper, excluded| Cell::Share {
            lower: Some(lower),
            upper: Some(upper),
            excluded,
        };
        let above = Quantity {
            lower_exclusive: true,
            ..share(50.0, 75.0)
        };
        assert_eq!(cell_of(above), expected(0.5, 0.75, [true, false]));
        let between = Quantity {
            upper_exclusive: true,
            ..above
        };
        assert_eq!(cell_of(between), expected(0.5, 0.75, [true, true]));
        assert_eq!(
            cell_of(share(12.3456, 12.3456)),
            expected(0.123456, 0.123456, [false, false])
        );
        // A third of a half is no bound that anybody states.
        assert_eq!(
            cell((0.5 / 3.0, 1.0)),
            expected(0.166666667, 1.0, [false, false])
        );
    }
}
