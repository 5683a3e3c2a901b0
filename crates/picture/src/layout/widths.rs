//! How thick arrows are.

use crate::scene::{Arrow, Family};

/// Returns the thickness of an arrow: by its magnitude, or else by its family.
pub(crate) fn thickness(arrow: &Arrow) -> f64 {
    match arrow.magnitude {
        Some(magnitude) => thickness_of(magnitude),
        None if arrow.family == Family::Influence => 1.1,
        None => NEUTRAL,
    }
}

/// The thickness of an arrow whose amount is not known, or not in the unit that widths show.
pub(crate) const NEUTRAL: f64 = 1.6;
/// The least and the greatest thickness, and the factor for ten times as much.
const THINNEST: f64 = 1.2;
const THICKEST: f64 = 11.0;
const TENFOLD: f64 = 1.75;

/// Returns the thickness of a magnitude: 1.75 times as thick for ten times as much, from 10⁸ on, so that 10 and 100
/// billion can be told apart at a glance.
pub(crate) fn thickness_of(magnitude: f64) -> f64 {
    let exponent = libm::log10(magnitude.max(f64::MIN_POSITIVE));
    let thickness = THINNEST * libm::pow(TENFOLD, exponent - 8.0);
    thickness.clamp(THINNEST, THICKEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_magnitude_has_a_thickness_on_the_scale() {
        for magnitude in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, 1.0, 1e8] {
            assert_eq!(thickness_of(magnitude), THINNEST, "{magnitude}");
        }
        let [ten, hundred] = [1e10, 1e11].map(thickness_of);
        assert!((hundred / ten - TENFOLD).abs() < 1e-9 && hundred - ten > 2.5);
        assert_eq!(thickness_of(f64::INFINITY), THICKEST);
    }
}
