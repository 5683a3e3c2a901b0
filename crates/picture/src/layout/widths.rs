//! How thick arrows are.

use crate::scene::{Arrow, Family};

/// Returns the thickness of an arrow: by its magnitude, or else by its family.
pub(crate) fn thickness(arrow: &Arrow) -> f64 {
    match arrow.magnitude {
        Some(magnitude) => thickness_of(magnitude),
        None if arrow.family == Family::Influence => 1.1,
        None => 1.6,
    }
}

/// Returns the thickness of a magnitude: 1.15 more for ten times as much, from 10⁸ on.
pub(crate) fn thickness_of(magnitude: f64) -> f64 {
    let exponent = libm::log10(magnitude.max(f64::MIN_POSITIVE));
    (1.3 + 1.15 * (exponent - 8.0)).clamp(1.3, 7.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_magnitude_has_a_thickness_on_the_scale() {
        for magnitude in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, 1.0, 1e8] {
            assert_eq!(thickness_of(magnitude), 1.3, "{magnitude}");
        }
        assert_eq!(thickness_of(1e9), 1.3 + 1.15);
        assert_eq!(thickness_of(f64::INFINITY), 7.0);
    }
}
