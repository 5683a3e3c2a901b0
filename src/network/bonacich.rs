//! Bonacich's power: to be well connected to the well connected, or to those that have nobody else.

use crate::network::components::strong;
use crate::network::error::{NetworkError, check_cancelled, check_weights};
use crate::network::graph::Graph;
use crate::network::linear::{Solution, bicgstab, weighted_sum};
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Nodes in one piece of work.
const PIECE: usize = 1 << 12;

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
/// A parameter outside of its range, a beta at or beyond the limit ([`NetworkError::BetaTooFar`]), one so close to it
/// that this can't be told or the equations can't be solved in the given rounds ([`NetworkError::NotSettled`]), not one
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
/// use powermap::network::bonacich::{Options, bonacich};
/// use powermap::network::graph::Graph;
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
/// # Ok::<(), powermap::network::error::NetworkError>(())
/// ```
pub fn bonacich(
    graph: &Graph,
    weights: Option<&[f64]>,
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Power, NetworkError> {
    check_tolerance(options.tolerance)?;
    if !options.beta.is_finite() {
        return Err(NetworkError::BadParameter {
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
        return Err(NetworkError::NotSettled {
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

/// The greatest eigenvalue λ₁ of the matrix of weights, between two bounds.
///
/// It is the greatest of those of the strongly connected components, each of which lies between the least and the
/// greatest quotient (Rx)ᵢ / xᵢ of any positive x (Collatz and Wielandt). x comes from power iteration with R + I, whose
/// eigenvalues of greatest size are positive. Without cycles λ₁ is 0. Loops do not count.
///
/// Stops when the bounds are closer than `tolerance` of the upper one, or after `rounds_max` rounds; the bounds hold in
/// any case, up to rounding.
///
/// # Errors
/// Not one weight for each edge, a weight that is negative, infinite or not a number, a tolerance that is negative or
/// not a number, or cancelled.
///
/// # Complexity
/// O(n + m) time a round, O(n + m) space.
///
/// # Reference
/// Wielandt, *Unzerlegbare, nicht negative Matrizen*, Math. Zeitschrift 1950.
///
/// # Example
/// ```
/// use powermap::network::bonacich::spectral_radius;
/// use powermap::network::graph::Graph;
/// use std::sync::atomic::AtomicBool;
/// // A star with four ends has an eigenvalue of 2.
/// let (graph, _) = Graph::from_edges(5, &[0, 0, 0, 0, 1, 2, 3, 4], &[1, 2, 3, 4, 0, 0, 0, 0])?;
/// let (lower, upper) = spectral_radius(&graph, None, 1e-9, 1000, &AtomicBool::new(false))?;
/// assert!(lower <= 2.0 + 1e-12 && upper >= 2.0 - 1e-12 && upper - lower < 1e-8);
/// # Ok::<(), powermap::network::error::NetworkError>(())
/// ```
pub fn spectral_radius(
    graph: &Graph,
    weights: Option<&[f64]>,
    tolerance: f64,
    rounds_max: u32,
    cancel: &AtomicBool,
) -> Result<(f64, f64), NetworkError> {
    check_tolerance(tolerance)?;
    let ties = Ties::new(graph, weights)?;
    let close = |lower: f64, upper: f64| upper - lower <= tolerance * upper;
    ties.radius(close, rounds_max, cancel)
}

fn check_tolerance(tolerance: f64) -> Result<(), NetworkError> {
    if tolerance.is_nan() || tolerance < 0.0 {
        return Err(NetworkError::BadParameter {
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
) -> Result<Solution, NetworkError> {
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
fn check_beta(ties: &Ties<'_>, options: &Options, cancel: &AtomicBool) -> Result<(), NetworkError> {
    let beta = options.beta.abs();
    let told = |lower: f64, upper: f64| beta * upper < 1.0 || beta * lower >= 1.0;
    let (lower, upper) = ties.radius(told, options.rounds_max, cancel)?;
    if beta * upper < 1.0 {
        Ok(())
    } else if beta * lower >= 1.0 {
        Err(NetworkError::BetaTooFar {
            beta: options.beta.to_string(),
            eigenvalue: lower.to_string(),
        })
    } else {
        Err(NetworkError::NotSettled {
            what: "the greatest eigenvalue, which limits beta",
            rounds: options.rounds_max,
            left: ((upper - lower) / upper).to_string(),
        })
    }
}

/// The matrix of weights.
struct Ties<'a> {
    graph: &'a Graph,
    weights: Option<&'a [f64]>,
    /// The weight of each node's loops; empty if there are none.
    loops: Vec<f64>,
}

impl<'a> Ties<'a> {
    fn new(graph: &'a Graph, weights: Option<&'a [f64]>) -> Result<Self, NetworkError> {
        if let Some(weights) = weights {
            check_weights(weights, graph.edge_count())?;
        }
        let mut loops = Vec::new();
        for node in 0..graph.node_count() {
            let targets = graph.targets_of(node);
            // The targets are sorted.
            let first = targets.partition_point(|target| *target < node);
            for (target, edge) in targets.iter().zip(graph.out_edges(node)).skip(first) {
                if *target != node {
                    break;
                }
                if loops.is_empty() {
                    loops = vec![0.0; graph.node_count() as usize];
                }
                loops[node as usize] += weights.map_or(1.0, |weights| weights[edge as usize]);
            }
        }
        Ok(Self {
            graph,
            weights,
            loops,
        })
    }

    fn row(&self, node: usize, x: &[f64]) -> f64 {
        let targets = self.graph.targets_of(node as u32);
        let sum = match self.weights {
            None => targets.iter().map(|target| x[*target as usize]).sum(),
            Some(weights) => {
                let edges = self.graph.out_edges(node as u32);
                let weights = &weights[edges.start as usize..edges.end as usize];
                weighted_sum(targets, weights, x)
            }
        };
        match self.loops.get(node) {
            Some(own) => sum - own * x[node],
            None => sum,
        }
    }

    /// Combines each entry of x with that of Rx.
    fn product(&self, x: &[f64], image: &mut [f64], combine: impl Fn(f64, f64) -> f64 + Sync) {
        let piece = |(number, image): (usize, &mut [f64])| {
            for (i, image) in image.iter_mut().enumerate() {
                let node = number * PIECE + i;
                *image = combine(x[node], self.row(node, x));
            }
        };
        if rayon::current_num_threads() == 1 {
            image.chunks_mut(PIECE).enumerate().for_each(piece);
        } else {
            image.par_chunks_mut(PIECE).enumerate().for_each(piece);
        }
    }

    /// Bounds of the greatest eigenvalue that are good enough, or what they are after the last round.
    fn radius(
        &self,
        enough: impl Fn(f64, f64) -> bool,
        rounds_max: u32,
        cancel: &AtomicBool,
    ) -> Result<(f64, f64), NetworkError> {
        let mut cores = Cores::new(self, cancel)?;
        let (mut lower, mut upper) = (0.0_f64, f64::INFINITY);
        for _ in 0..rounds_max.max(1) {
            check_cancelled(cancel)?;
            let (least, greatest) = cores.round();
            lower = lower.max(least);
            upper = upper.min(greatest);
            if enough(lower, upper) || upper <= lower {
                break;
            }
        }
        Ok((lower.min(upper), upper))
    }
}

/// The strongly connected components of two nodes or more, put together without the edges between them.
struct Cores {
    /// Where each component ends, counted in nodes.
    ends: Vec<usize>,
    begins: Vec<usize>,
    targets: Vec<u32>,
    weights: Vec<f64>,
    x: Vec<f64>,
    image: Vec<f64>,
}

impl Cores {
    fn new(ties: &Ties<'_>, cancel: &AtomicBool) -> Result<Self, NetworkError> {
        // An edge of weight 0 connects nobody.
        if let Some(weights) = ties.weights.filter(|weights| weights.contains(&0.0)) {
            let (graph, weights) = without_zeros(ties.graph, weights)?;
            return Self::new(&Ties::new(&graph, Some(&weights))?, cancel);
        }
        let parts = strong(ties.graph, cancel)?;
        let mut nodes: Vec<u32> = (0..ties.graph.node_count())
            .filter(|node| parts.sizes[parts.of[*node as usize] as usize] > 1)
            .collect();
        nodes.sort_by_key(|node| parts.of[*node as usize]);
        let mut places = vec![u32::MAX; ties.graph.node_count() as usize];
        for (at, node) in nodes.iter().enumerate() {
            places[*node as usize] = at as u32;
        }
        let mut this = Self {
            ends: Vec::new(),
            begins: vec![0],
            targets: Vec::new(),
            weights: Vec::new(),
            x: vec![1.0; nodes.len()],
            image: vec![0.0; nodes.len()],
        };
        for (at, node) in nodes.iter().enumerate() {
            let part = parts.of[*node as usize];
            for edge in ties.graph.out_edges(*node) {
                let target = ties.graph.target(edge);
                let weight = ties.weights.map_or(1.0, |weights| weights[edge as usize]);
                if target != *node && parts.of[target as usize] == part {
                    this.targets.push(places[target as usize]);
                    this.weights.push(weight);
                }
            }
            this.begins.push(this.targets.len());
            let next = nodes.get(at + 1).map(|next| parts.of[*next as usize]);
            if next != Some(part) {
                this.ends.push(at + 1);
            }
        }
        Ok(this)
    }

    /// One step of power iteration; gives bounds of the greatest eigenvalue of all components.
    fn round(&mut self) -> (f64, f64) {
        let (mut lower, mut upper) = (0.0_f64, 0.0_f64);
        let mut begin = 0;
        for end in &self.ends {
            let (mut least, mut greatest, mut largest) = (f64::INFINITY, 0.0_f64, 0.0_f64);
            for at in begin..*end {
                let range = self.begins[at]..self.begins[at + 1];
                let pairs = self.targets[range.clone()].iter().zip(&self.weights[range]);
                let row: f64 = pairs.map(|(target, w)| w * self.x[*target as usize]).sum();
                let quotient = row / self.x[at];
                least = least.min(quotient);
                greatest = greatest.max(quotient);
                self.image[at] = row;
                largest = largest.max(row);
            }
            lower = lower.max(least);
            upper = upper.max(greatest);
            // A shift of the size of the eigenvalue keeps what goes to and fro from going on for ever.
            let shift = 0.5 * greatest;
            let scale = largest + shift;
            for at in begin..*end {
                let next = (self.image[at] + shift * self.x[at]) / scale;
                self.x[at] = next.max(f64::MIN_POSITIVE);
            }
            begin = *end;
        }
        (lower, upper)
    }
}

/// A graph without its edges of weight 0, and the other weights.
fn without_zeros(graph: &Graph, weights: &[f64]) -> Result<(Graph, Vec<f64>), NetworkError> {
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    for node in 0..graph.node_count() {
        let hops = graph.out_edges(node).zip(graph.targets_of(node));
        for (_, target) in hops.filter(|(edge, _)| weights[*edge as usize] > 0.0) {
            sources.push(node);
            targets.push(*target);
        }
    }
    // Edges that are in order keep it.
    let (graph, _) = Graph::from_edges(graph.node_count(), &sources, &targets)?;
    let weights = weights.iter().copied().filter(|weight| *weight > 0.0);
    Ok((graph, weights.collect()))
}
