//! Bonacich's power: to be well connected to the well connected, or to those that have nobody else.

mod spectrum;
mod ties;

pub use spectrum::spectral_radius;

use crate::bonacich::spectrum::radius;
use crate::bonacich::ties::Ties;
use crate::error::GraphError;
use crate::graph::Graph;
use crate::linear::{Solution, bicgstab};
use std::sync::atomic::AtomicBool;

/// How to compute Bonacich's power. There is no default: whoever asks chooses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// How much the power of the others counts. Above 0, it is good to be tied to the powerful; below 0, to the weak, as
    /// in bargaining; at 0, the number of ties is all. Closer to 0 than one over the [`spectral_radius`].
    pub beta: f64,
    /// The residual of the equations, relative to both sides, at which to stop.
    pub tolerance: f64,
    /// Give up after this many rounds, of finding the limit of beta or of solving.
    pub rounds_max: u32,
}

/// Power, and how far it can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    /// The power of each node; the squares sum to the number of nodes, so that 1 is in the middle. All 0 without ties.
    pub power: Vec<f64>,
    /// The factor that makes it so; 0 without ties.
    pub alpha: f64,
    /// How many products with the matrix were taken.
    pub rounds: u32,
    /// ‖R·1 − (I − βR)x‖ relative to ‖R·1‖ + ‖x‖, before x is scaled to the power.
    pub residual: f64,
}

/// Bonacich's power c(α, β) = α·(I − βR)⁻¹·R·1.
///
/// R(i,j) is the sum of the weights of the edges from i to j, 1 each without weights; loops do not count. A tie goes from
/// the one who has it to the other; for a tie of both, give edges both ways. α is chosen so that Σ c² is the number of
/// nodes. The sum Σ βᵏ·Rᵏ⁺¹·1 over the lengths of walks behind it ends only if |β|·λ₁ is below 1 for the greatest
/// eigenvalue λ₁ of R, and is refused otherwise: beyond, the formula still gives numbers, and they mean nothing.
///
/// # Errors
/// A parameter outside of its range, a beta at or beyond the limit ([`GraphError::BetaTooFar`]), one so close to it
/// that this can't be told or the equations can't be solved in the given rounds ([`GraphError::NotSettled`]), not one
/// weight for each edge, a weight that is negative, infinite or not a number, or cancelled.
///
/// # Complexity
/// O(n + m) time a round, some dozen rounds unless |β|·λ₁ is close to 1. O(n) space. Runs on the threads of the current
/// rayon pool and gives the same bits with any number of them.
///
/// # Reference
/// Bonacich, *Power and Centrality: A Family of Measures*, American Journal of Sociology 1987.
///
/// # Example
/// ```
/// use powermap_graph::bonacich::{Options, bonacich};
/// use powermap_graph::graph::Graph;
/// use std::sync::atomic::AtomicBool;
/// // Five in a row, one of the networks of the paper: 3 – 1 – 0 – 2 – 4.
/// let (graph, _) = Graph::from_edges(5, &[0, 1, 0, 2, 1, 3, 2, 4], &[1, 0, 2, 0, 3, 1, 4, 2])?;
/// let power = |beta| {
///     let options = Options { beta, tolerance: 1e-12, rounds_max: 1000 };
///     bonacich(&graph, None, &options, &AtomicBool::new(false)).map(|found| found.power)
/// };
/// // Among the strong, the middle is best; among those who bargain, its neighbours are.
/// let (strong, weak) = (power(0.4)?, power(-0.4)?);
/// assert!(strong[0] > strong[1] && weak[0] < weak[1]);
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn bonacich(
    graph: &Graph,
    weights: Option<&[f64]>,
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Power, GraphError> {
    check_tolerance(options.tolerance)?;
    if !options.beta.is_finite() {
        return Err(GraphError::BadParameter {
            name: "beta",
            value: options.beta.to_string(),
            expected: "a finite number",
        });
    }
    let ties = Ties::new(graph, weights)?;
    let mut right = vec![0.0; graph.node_count() as usize];
    ties.product(&vec![1.0; right.len()], &mut right, |_, row| row);
    let found = solve(&ties, &right, options, cancel)?;
    if found.residual.is_nan() || found.residual > options.tolerance {
        return Err(GraphError::NotSettled {
            what: "Bonacich's power",
            rounds: found.rounds,
            left: found.residual.to_string(),
        });
    }
    let mut power = found.x;
    // Scaled by the greatest, so that no square overflows.
    let greatest = power.iter().fold(0.0_f64, |a, c| a.max(c.abs()));
    let squares: f64 = power.iter().map(|c| (c / greatest).powi(2)).sum();
    let alpha = if greatest > 0.0 {
        (power.len() as f64 / squares).sqrt() / greatest
    } else {
        0.0
    };
    power.iter_mut().for_each(|c| *c *= alpha);
    Ok(Power {
        power,
        alpha,
        rounds: found.rounds,
        residual: found.residual,
    })
}

fn check_tolerance(tolerance: f64) -> Result<(), GraphError> {
    if tolerance.is_nan() || tolerance < 0.0 {
        return Err(GraphError::BadParameter {
            name: "tolerance",
            value: tolerance.to_string(),
            expected: "a number that is not negative",
        });
    }
    Ok(())
}

/// The solution of x = R·1 + βRx; fails unless |β|·λ₁ is surely below 1.
fn solve(
    ties: &Ties<'_>,
    right: &[f64],
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Solution, GraphError> {
    let by = |beta: f64| {
        let product =
            |x: &[f64], image: &mut [f64]| ties.product(x, image, |x, row| x - beta * row);
        bicgstab(
            product,
            right,
            options.tolerance,
            options.rounds_max,
            cancel,
        )
    };
    let (beta, size) = (options.beta, options.beta.abs());
    // No eigenvalue is above all row sums.
    let small = size * right.iter().copied().fold(0.0, f64::max) < 1.0;
    if small && beta < 0.0 {
        return by(beta);
    }
    let positive = by(size)?;
    if !small && !tells(ties, right, size, &positive.x) {
        check_beta(ties, options, cancel)?;
    }
    if beta < 0.0 { by(beta) } else { Ok(positive) }
}

/// Whether a vector proves that |β|·λ₁ is below 1: it is positive wherever there are ties, and |β|·R makes it less there
/// (Collatz and Wielandt). The solution of x = R·1 + |β|Rx does so exactly if the limit is kept, so that the proof costs
/// one product more.
fn tells(ties: &Ties<'_>, right: &[f64], size: f64, x: &[f64]) -> bool {
    let mut less = vec![0.0; x.len()];
    ties.product(x, &mut less, |x, row| x - size * row);
    let tied = right
        .iter()
        .zip(x)
        .zip(&less)
        .filter(|((right, _), _)| **right > 0.0);
    // Ends without ties are in no cycle, whatever rounding has made of them.
    tied.into_iter()
        .all(|((_, x), less)| *x > 0.0 && *less > 0.0)
}

/// Fails unless |β|·λ₁ is surely below 1, by the bounds of λ₁.
fn check_beta(ties: &Ties<'_>, options: &Options, cancel: &AtomicBool) -> Result<(), GraphError> {
    let beta = options.beta.abs();
    let told = |lower: f64, upper: f64| beta * upper < 1.0 || beta * lower >= 1.0;
    let (lower, upper) = radius(ties, told, options.rounds_max, cancel)?;
    if beta * upper < 1.0 {
        Ok(())
    } else if beta * lower >= 1.0 {
        Err(GraphError::BetaTooFar {
            beta: options.beta.to_string(),
            eigenvalue: lower.to_string(),
        })
    } else {
        Err(GraphError::NotSettled {
            what: "the greatest eigenvalue, which limits beta",
            rounds: options.rounds_max,
            left: ((upper - lower) / upper).to_string(),
        })
    }
}
