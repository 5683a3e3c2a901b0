//! Bonacich's power centrality, with a check that its series converges.

mod spectrum;
mod ties;

pub use spectrum::spectral_radius;

use crate::bonacich::spectrum::radius;
use crate::bonacich::ties::Ties;
use crate::error::GraphError;
use crate::graph::Graph;
use crate::linear::{Solution, bicgstab};
use std::sync::atomic::AtomicBool;

/// The parameters of [`bonacich_power`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BonacichOptions {
    beta: f64,
    tolerance: f64,
    rounds_max: u32,
}

impl BonacichOptions {
    /// Sets the weight β of the power of the neighbours; |β| is below one over the [`spectral_radius`].
    ///
    /// Above 0, ties to the powerful give power; below 0, ties to the weak do, as in bargaining; at 0, only the number of
    /// ties counts. Iteration stops at a tolerance of 10⁻⁹ or fails after 10,000 rounds unless the other methods say
    /// otherwise.
    pub const fn new(beta: f64) -> Self {
        Self {
            beta,
            tolerance: 1e-9,
            rounds_max: 10_000,
        }
    }

    /// Stops when the residual of the equations, relative to both sides, is not above this; not negative.
    #[must_use]
    pub const fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Fails after this number of rounds, of finding the limit of β or of solving the equations.
    #[must_use]
    pub const fn with_rounds_max(mut self, rounds_max: u32) -> Self {
        self.rounds_max = rounds_max;
        self
    }
}

/// The result of [`bonacich_power`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BonacichPower {
    /// The power of each node, by node. The squares sum to the number of nodes, so that 1 is a medium power; all are 0
    /// without ties.
    pub power: Vec<f64>,
    alpha: f64,
    rounds: u32,
    residual: f64,
}

impl BonacichPower {
    /// Returns the scaling factor α; 0 without ties.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// Returns the number of products with the matrix.
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Returns ‖R·1 − (I − βR)x‖ relative to ‖R·1‖ + ‖x‖, before x is scaled by α.
    pub fn residual(&self) -> f64 {
        self.residual
    }
}

/// Returns Bonacich's power c(α, β) = α·(I − βR)⁻¹·R·1: who is tied to the powerful, or to those who depend on it?
///
/// R(i,j) is the sum of the weights of the edges from i to j (by edge id, in any unit), or their number without weights;
/// self-loops do not count. A tie belongs to the source of its edge; for a mutual tie, give edges in both directions. α
/// is chosen so that Σ c² is the number of nodes. The underlying series Σ βᵏ·Rᵏ⁺¹·1 over the lengths of walks converges
/// only if |β|·λ₁ is below 1 for the greatest eigenvalue λ₁ of R; a greater β is refused, since the formula still yields
/// numbers there, but meaningless ones.
///
/// Runs on the threads of the current rayon pool; the result has the same bits with any number of threads.
///
/// # Errors
/// A parameter outside of its range, a β at or beyond the limit ([`GraphError::BetaTooFar`]), a β so close to the limit
/// that the given rounds do not decide the matter or do not solve the equations ([`GraphError::NotSettled`]), not one
/// weight for each edge, a weight that is negative, infinite or not a number, or cancelled.
///
/// # Complexity
/// O(n + m) time for each round, and a few dozen rounds unless |β|·λ₁ is close to 1. O(n) space.
///
/// # Reference
/// Bonacich, *Power and Centrality: A Family of Measures*, American Journal of Sociology 1987.
///
/// # Example
/// ```
/// use powermap_graph::{BonacichOptions, Graph, bonacich_power};
/// use std::sync::atomic::AtomicBool;
///
/// // Five in a row, one of the networks of the paper: 3 – 1 – 0 – 2 – 4.
/// let (graph, _) = Graph::from_edges(5, &[0, 1, 0, 2, 1, 3, 2, 4], &[1, 0, 2, 0, 3, 1, 4, 2])?;
/// let power = |beta| {
///     let options = BonacichOptions::new(beta);
///     bonacich_power(&graph, None, &options, &AtomicBool::new(false)).map(|found| found.power)
/// };
/// // With a positive β, the middle has most power; in bargaining, its neighbours have.
/// let (strong, weak) = (power(0.4)?, power(-0.4)?);
/// assert!(strong[0] > strong[1] && weak[0] < weak[1]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn bonacich_power(
    graph: &Graph,
    weights: Option<&[f64]>,
    options: &BonacichOptions,
    cancel: &AtomicBool,
) -> Result<BonacichPower, GraphError> {
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
    Ok(BonacichPower {
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

/// Solves x = R·1 + βRx; fails unless |β|·λ₁ is certainly below 1.
fn solve(
    ties: &Ties<'_>,
    right: &[f64],
    options: &BonacichOptions,
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
    if !small && !certifies(ties, right, size, &positive.x) {
        check_beta(ties, options, cancel)?;
    }
    if beta < 0.0 { by(beta) } else { Ok(positive) }
}

/// Returns whether a vector proves that |β|·λ₁ is below 1: it is positive for all nodes with ties, and |β|·R makes it
/// smaller there (Collatz and Wielandt). The solution of x = R·1 + |β|Rx does so exactly if the limit holds, so the proof
/// costs one more product.
fn certifies(ties: &Ties<'_>, right: &[f64], size: f64, x: &[f64]) -> bool {
    let mut less = vec![0.0; x.len()];
    ties.product(x, &mut less, |x, row| x - size * row);
    let tied = right
        .iter()
        .zip(x)
        .zip(&less)
        .filter(|((right, _), _)| **right > 0.0);
    // Nodes without ties of their own are on no cycle, whatever value rounding has given them.
    tied.into_iter()
        .all(|((_, x), less)| *x > 0.0 && *less > 0.0)
}

/// Fails unless the bounds of λ₁ show that |β|·λ₁ is below 1.
fn check_beta(
    ties: &Ties<'_>,
    options: &BonacichOptions,
    cancel: &AtomicBool,
) -> Result<(), GraphError> {
    let beta = options.beta.abs();
    let decided = |lower: f64, upper: f64| beta * upper < 1.0 || beta * lower >= 1.0;
    let (lower, upper) = radius(ties, decided, options.rounds_max, cancel)?;
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
