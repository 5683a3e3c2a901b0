//! Linear systems x = b + Bx: small ones by elimination, large ones by iteration.

use crate::error::{GraphError, check_cancelled};
use std::sync::atomic::AtomicBool;

/// The matrix counts as singular if a pivot is not above this: less is rounding error.
const PIVOT_MIN: f64 = 1e-13;

/// The LU factors of I − B for a matrix B without negative entries.
///
/// The spectral radius of B is below 1 exactly if I − B is a non-singular M-matrix, that is, if elimination without row
/// exchanges meets positive pivots only. So no pivoting is needed, and the factorisation is the test of the radius too.
/// If all columns of B (or all rows) sum to at most 1, entries do not grow during elimination.
#[derive(Debug)]
pub(crate) struct Factors {
    size: usize,
    /// Both triangles in one matrix, by rows; the ones on the diagonal of the lower triangle are implied.
    entries: Vec<f64>,
}

impl Factors {
    /// Factorises I − B, given B by rows; returns `None` if the spectral radius of B is 1 or more. O(size³) time.
    pub(crate) fn new(mut entries: Vec<f64>, size: usize) -> Option<Self> {
        for (at, entry) in entries.iter_mut().enumerate() {
            *entry = f64::from(u8::from(at % (size + 1) == 0)) - *entry;
        }
        for k in 0..size {
            let (above, below) = entries.split_at_mut((k + 1) * size);
            let pivot_row = &above[k * size..];
            let pivot = pivot_row[k];
            if pivot.is_nan() || pivot <= PIVOT_MIN {
                return None;
            }
            for row in below.chunks_exact_mut(size) {
                if row[k] != 0.0 {
                    let factor = row[k] / pivot;
                    row[k] = factor;
                    for (entry, above) in row[k + 1..].iter_mut().zip(&pivot_row[k + 1..]) {
                        *entry -= factor * above;
                    }
                }
            }
        }
        Some(Self { size, entries })
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.size..(i + 1) * self.size]
    }

    /// Solves x = b + Bx in place. O(size²) time.
    pub(crate) fn solve(&self, b: &mut [f64]) {
        self.solve_down_to(b, 0, 0);
    }

    /// Returns an entry on the diagonal of (I − B)⁻¹: the expected number of visits of a walk to its start, the first
    /// included. O(size²) time.
    pub(crate) fn returns(&self, i: usize) -> f64 {
        let mut b = vec![0.0; self.size];
        b[i] = 1.0;
        self.solve_down_to(&mut b, i, i);
        b[i]
    }

    /// Solves for the entries from `wanted` on, given that all entries of `b` before `first` are zero.
    fn solve_down_to(&self, b: &mut [f64], first: usize, wanted: usize) {
        for i in first + 1..self.size {
            let row = self.row(i);
            let known: f64 = (first..i).map(|k| row[k] * b[k]).sum();
            b[i] -= known;
        }
        for i in (wanted..self.size).rev() {
            let row = self.row(i);
            let known: f64 = (i + 1..self.size).map(|k| row[k] * b[k]).sum();
            b[i] = (b[i] - known) / row[i];
        }
    }
}

/// The result of an iteration.
#[derive(Debug)]
pub(crate) struct Solution {
    pub(crate) x: Vec<f64>,
    /// The number of products with the matrix.
    pub(crate) rounds: u32,
    /// ‖b − Mx‖ / (‖b‖ + ‖x‖), computed from x itself.
    pub(crate) residual: f64,
}

/// Solves Mx = b by the stabilised bi-conjugate gradient method, given x ↦ Mx.
///
/// Restarts from the current solution when the method breaks down or stagnates. Sums are taken in one order, so that the
/// result has the same bits with any number of threads if the product has. The caller must check the residual.
///
/// Reference: van der Vorst, *Bi-CGSTAB*, SIAM J. Sci. Stat. Comput. 1992.
pub(crate) fn bicgstab(
    mut product: impl FnMut(&[f64], &mut [f64]),
    b: &[f64],
    tolerance: f64,
    rounds_max: u32,
    cancel: &AtomicBool,
) -> Result<Solution, GraphError> {
    let size = b.len();
    let mut found = Solution {
        x: b.to_vec(),
        rounds: 0,
        residual: f64::INFINITY,
    };
    let (mut rest, mut image) = (vec![0.0; size], vec![0.0; size]);
    let b_norm = norm(b);
    loop {
        product(&found.x, &mut image);
        found.rounds += 1;
        for ((rest, b), image) in rest.iter_mut().zip(b).zip(&image) {
            *rest = b - image;
        }
        let scale = b_norm + norm(&found.x);
        let residual = if scale > 0.0 {
            norm(&rest) / scale
        } else {
            0.0
        };
        // A restart that does not halve the residual ends the search; infinite and undefined residuals do too.
        let improves = residual < 0.5 * found.residual;
        found.residual = residual;
        if residual <= tolerance || !improves || found.rounds >= rounds_max {
            return Ok(found);
        }
        descend(
            &mut product,
            &mut found,
            &mut rest,
            (b_norm, tolerance, rounds_max),
            cancel,
        )?;
    }
}

/// Improves a solution until the updated residual meets the tolerance or the method breaks down.
fn descend(
    product: &mut impl FnMut(&[f64], &mut [f64]),
    found: &mut Solution,
    rest: &mut [f64],
    (b_norm, tolerance, rounds_max): (f64, f64, u32),
    cancel: &AtomicBool,
) -> Result<(), GraphError> {
    let size = rest.len();
    let shadow = rest.to_vec();
    let mut direction = rest.to_vec();
    let (mut image, mut second) = (vec![0.0; size], vec![0.0; size]);
    let mut along = dot(&shadow, rest);
    while found.rounds < rounds_max {
        check_cancelled(cancel)?;
        product(&direction, &mut image);
        let alpha = along / dot(&shadow, &image);
        for (rest, image) in rest.iter_mut().zip(&image) {
            *rest -= alpha * image;
        }
        product(rest, &mut second);
        found.rounds += 2;
        let square = dot(&second, &second);
        let omega = if square > 0.0 {
            dot(&second, rest) / square
        } else {
            0.0
        };
        if !(alpha.is_finite() && omega.is_finite()) {
            return Ok(());
        }
        let parts = found
            .x
            .iter_mut()
            .zip(&direction)
            .zip(rest.iter_mut().zip(&second));
        for ((x, direction), (rest, second)) in parts {
            *x += alpha * direction + omega * *rest;
            *rest -= omega * second;
        }
        if norm(rest) <= 0.5 * tolerance * (b_norm + norm(&found.x)) {
            return Ok(());
        }
        let next = dot(&shadow, rest);
        let beta = next / along * (alpha / omega);
        if !beta.is_finite() || beta == 0.0 {
            return Ok(());
        }
        along = next;
        for ((direction, rest), image) in direction.iter_mut().zip(rest.iter()).zip(&image) {
            *direction = rest + beta * (*direction - omega * image);
        }
    }
    Ok(())
}

/// Returns the dot product, in four partial sums that do not wait for each other.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_fours, a_rest) = a.as_chunks::<4>();
    let (b_fours, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a_fours.iter().zip(b_fours) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// Returns the product of a sparse row and a vector. Rows are short, so partial sums would not pay.
#[inline]
pub(crate) fn weighted_sum(columns: &[u32], weights: &[f64], x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (column, weight) in columns.iter().zip(weights) {
        sum += weight * x[*column as usize];
    }
    sum
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Factors, bicgstab};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::sync::atomic::AtomicBool;

    /// A matrix and a right side; scaled so that the spectral radius is on either side of 1.
    fn system() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
        (1_usize..7, prop::sample::select(vec![0.1, 0.3, 1.0])).prop_flat_map(|(size, scale)| {
            let entry = prop_oneof![Just(0.0), 0.0..scale];
            (vec(entry, size * size), vec(0.0..1.0, size))
        })
    }

    fn residual(matrix: &[f64], b: &[f64], x: &[f64]) -> f64 {
        let size = b.len();
        let row = |i: usize| -> f64 { (0..size).map(|k| matrix[i * size + k] * x[k]).sum() };
        (0..size)
            .map(|i| (x[i] - b[i] - row(i)).abs())
            .fold(0.0, f64::max)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn elimination_solves_exactly_what_the_series_sums((matrix, b) in system()) {
            let size = b.len();
            let mut series = b.clone();
            for _ in 0..2000 {
                series = (0..size)
                    .map(|i| b[i] + (0..size).map(|k| matrix[i * size + k] * series[k]).sum::<f64>())
                    .collect();
            }
            let settled = series.iter().all(|x| x.is_finite()) && residual(&matrix, &b, &series) < 1e-9;
            match Factors::new(matrix.clone(), size) {
                Some(factors) => {
                    let mut x = b.clone();
                    factors.solve(&mut x);
                    let greatest = x.iter().copied().fold(1.0, f64::max);
                    prop_assert!(residual(&matrix, &b, &x) < 1e-11 * greatest);
                    prop_assert!(x.iter().all(|x| *x >= 0.0));
                    let mut unit = vec![0.0; size];
                    unit[size - 1] = 1.0;
                    factors.solve(&mut unit);
                    prop_assert!((unit[size - 1] - factors.returns(size - 1)).abs() < 1e-9 * greatest);
                    let mut product = |x: &[f64], image: &mut [f64]| {
                        for i in 0..size {
                            image[i] = x[i] - (0..size).map(|k| matrix[i * size + k] * x[k]).sum::<f64>();
                        }
                    };
                    let found = bicgstab(&mut product, &b, 1e-13, 400, &AtomicBool::new(false)).unwrap();
                    prop_assert!(found.residual < 1e-12, "{}", found.residual);
                }
                // A part of the matrix that b does not reach may have the greater radius.
                None => prop_assert!(!settled || b.contains(&0.0) || matrix.contains(&0.0)),
            }
        }
    }

    #[test]
    fn a_matrix_of_radius_one_is_refused() {
        assert!(Factors::new(vec![1.0], 1).is_none());
        assert!(Factors::new(vec![0.0, 1.0, 1.0, 0.0], 2).is_none());
        assert!(Factors::new(vec![0.0, 2.0, 1.0, 0.0], 2).is_none());
        assert!(Factors::new(vec![0.0, 0.5, 1.0, 0.0], 2).is_some());
        assert!(Factors::new(vec![f64::NAN], 1).is_none());
    }
}
