//! Bounds of the greatest eigenvalue, which limits β.

use crate::bonacich::check_tolerance;
use crate::bonacich::ties::Ties;
use crate::components::strong_components;
use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use std::sync::atomic::AtomicBool;

/// Returns a lower and an upper bound of the greatest eigenvalue λ₁ of the matrix of weights, in this order.
///
/// Its reciprocal limits the β of [`bonacich_power`](crate::bonacich_power). Weights are by edge id and count 1 each if
/// there are none; self-loops do not count. λ₁ is the greatest eigenvalue of any strongly connected component, and that
/// lies between the least and the greatest quotient (Rx)ᵢ / xᵢ of any positive x (Collatz and Wielandt); x comes from
/// shifted power iteration. Without cycles, λ₁ is 0.
///
/// Iteration stops when the bounds differ by no more than `tolerance` times the upper one, or after `rounds_max` rounds.
/// The bounds hold in both cases, up to rounding.
///
/// # Errors
/// Not one weight for each edge, a weight that is negative, infinite or not a number, a tolerance that is negative or
/// not a number, or cancelled.
///
/// # Complexity
/// O(n + m) time for each round, O(n + m) space.
///
/// # Reference
/// Wielandt, *Unzerlegbare, nicht negative Matrizen*, Math. Zeitschrift 1950.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, spectral_radius};
/// use std::sync::atomic::AtomicBool;
///
/// // The greatest eigenvalue of a star with four leaves is 2.
/// let (graph, _) = Graph::from_edges(5, &[0, 0, 0, 0, 1, 2, 3, 4], &[1, 2, 3, 4, 0, 0, 0, 0])?;
/// let (lower, upper) = spectral_radius(&graph, None, 1e-9, 1000, &AtomicBool::new(false))?;
/// assert!(lower <= 2.0 + 1e-12 && upper >= 2.0 - 1e-12 && upper - lower < 1e-8);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn spectral_radius(
    graph: &Graph,
    weights: Option<&[f64]>,
    tolerance: f64,
    rounds_max: u32,
    cancel: &AtomicBool,
) -> Result<(f64, f64), GraphError> {
    check_tolerance(tolerance)?;
    let ties = Ties::new(graph, weights)?;
    let close = |lower: f64, upper: f64| upper - lower <= tolerance * upper;
    radius(&ties, close, rounds_max, cancel)
}

/// Returns bounds of the greatest eigenvalue as soon as they are good enough, or after the last round.
pub(super) fn radius(
    ties: &Ties<'_>,
    enough: impl Fn(f64, f64) -> bool,
    rounds_max: u32,
    cancel: &AtomicBool,
) -> Result<(f64, f64), GraphError> {
    let mut cores = Cores::new(ties, cancel)?;
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

/// The strongly connected components of two nodes or more, without the edges between them.
struct Cores {
    /// The end of each component, counted in nodes.
    ends: Vec<usize>,
    begins: Vec<usize>,
    targets: Vec<u32>,
    weights: Vec<f64>,
    x: Vec<f64>,
    image: Vec<f64>,
}

impl Cores {
    fn new(ties: &Ties<'_>, cancel: &AtomicBool) -> Result<Self, GraphError> {
        // An edge of weight 0 connects nothing.
        if let Some(weights) = ties.weights.filter(|weights| weights.contains(&0.0)) {
            let (graph, weights) = without_zeros(ties.graph, weights)?;
            return Self::new(&Ties::new(&graph, Some(&weights))?, cancel);
        }
        let parts = strong_components(ties.graph, cancel)?;
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

    /// Takes one step of power iteration; returns bounds of the greatest eigenvalue of all components.
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
            // A shift of the size of the eigenvalue damps oscillation on periodic components.
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

/// Removes the edges of weight 0; returns the graph and the other weights.
fn without_zeros(graph: &Graph, weights: &[f64]) -> Result<(Graph, Vec<f64>), GraphError> {
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    for node in 0..graph.node_count() {
        let hops = graph.out_edges(node).zip(graph.targets_of(node));
        for (_, target) in hops.filter(|(edge, _)| weights[*edge as usize] > 0.0) {
            sources.push(node);
            targets.push(*target);
        }
    }
    // The edges are in the order of the graph already.
    let (graph, _) = Graph::from_edges(graph.node_count(), &sources, &targets)?;
    let weights = weights.iter().copied().filter(|weight| *weight > 0.0);
    Ok((graph, weights.collect()))
}
