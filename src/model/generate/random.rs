//! Random draws that are the same on every machine: xoshiro256++ and arithmetic that rounds alike everywhere.
//!
//! The functions of the platform's mathematical library differ in the last bit from system to system; those of `libm`
//! are compiled from the same source everywhere.

use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};

/// One stream of random draws.
#[derive(Debug, Clone)]
pub(super) struct Random(Xoshiro256PlusPlus);

impl Random {
    /// Returns the stream of a seed for one purpose.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(mixed(seed, purpose)))
    }

    /// Returns a number uniform in 0 ≤ u < 1, in steps of 2⁻⁵³.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns a number uniform among 0, 1, …, n − 1; 0 if n is 0. The bias is below n / 2⁶⁴.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(n);
        (wide >> 64) as u64
    }

    /// Returns `true` with a chance of `chance` in a hundred.
    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// Returns ⌊n · u^exponent⌋ with u uniform: the larger the exponent, the more frequent small numbers are.
    pub(super) fn skewed(&mut self, n: u32, exponent: f64) -> u32 {
        let u = self.uniform();
        let u = if exponent == 1.0 {
            u
        } else {
            libm::pow(u, exponent)
        };
        ((f64::from(n) * u) as u32).min(n.saturating_sub(1))
    }

    /// Returns a log-normal number: `median` · e^(`sigma` · z), with z standard normal by the method of Box and Muller.
    pub(super) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        let angle = std::f64::consts::TAU * self.uniform();
        median * libm::exp(sigma * radius * libm::cos(angle))
    }

    /// Returns one of a list, by weight.
    pub(super) fn weighted<'a, T>(&mut self, list: &'a [(u64, T)]) -> &'a T {
        let sum = list.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(sum);
        for (weight, item) in list {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return item,
            }
        }
        unreachable!("the draw is below the sum of the weights")
    }
}

/// Returns the draw of a number, counted from 0, in the SplitMix64 stream of a seed.
pub(super) fn mixed(seed: u64, number: u64) -> u64 {
    /// The step of the state from draw to draw (Steele, Lea and Flood, OOPSLA 2014).
    const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
    let state = seed.wrapping_add(number.wrapping_mul(GAMMA));
    SplitMix64::seed_from_u64(state).next_u64()
}

/// Returns a number with two significant digits, as people quote sums; at least 1.
pub(super) fn rounded(value: f64) -> f64 {
    let mut whole = value.max(1.0) as u64;
    let mut scale = 1;
    while whole >= 100 {
        whole /= 10;
        scale *= 10;
    }
    (whole * scale) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_streams_are_fixed() {
        let mut random = Random::new(1, 2);
        let first = [random.below(1000), random.below(1000), random.below(1000)];
        assert_eq!(first, [564, 651, 335]);
        assert_ne!(Random::new(1, 3).uniform(), Random::new(1, 2).uniform());
        assert_eq!(mixed(0, 0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn draws_have_the_moments_of_their_distribution() {
        let mut random = Random::new(7, 0);
        let n = 100_000;
        let mean = (0..n).map(|_| random.uniform()).sum::<f64>() / f64::from(n);
        assert!((mean - 0.5).abs() < 0.005, "{mean}");
        let below = (0..n).filter(|_| random.log_normal(3.0, 1.5) < 3.0).count();
        assert!((below as f64 / f64::from(n) - 0.5).abs() < 0.01, "{below}");
        let logs = (0..n).map(|_| libm::log(random.log_normal(1.0, 1.5)));
        let variance = logs.map(|log| log * log).sum::<f64>() / f64::from(n);
        assert!((variance - 2.25).abs() < 0.05, "{variance}");
    }

    #[test]
    fn sums_have_two_digits() {
        assert_eq!(rounded(123_456.7), 120_000.0);
        assert_eq!(rounded(99.9), 99.0);
        assert_eq!(rounded(0.0), 1.0);
    }
}
