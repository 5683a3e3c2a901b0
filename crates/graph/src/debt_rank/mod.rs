//! DebtRank: the value lost when distress spreads along exposures.

mod cumulative;
mod impacts;
mod once;

use crate::debt_rank::cumulative::Reached;
use crate::debt_rank::once::pass_on_once;
use crate::error::{GraphError, check_start, check_values, check_weights};
use crate::graph::Graph;
use std::sync::atomic::AtomicBool;

/// The number of times that a node passes its distress on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DebtRankVariant {
    /// Once, in the round after it was first hit. Battiston and others 2012.
    Once,
    /// Every time it loses more, each further loss by itself. Bardoscia and others 2015.
    Cumulative,
}

/// The parameters of [`debt_rank`] and [`debt_rank_bounds`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct DebtRankOptions {
    variant: DebtRankVariant,
    tolerance: f64,
    rounds_max: u32,
}

impl DebtRankOptions {
    /// Sets the variant.
    ///
    /// Iteration stops at a tolerance of 10⁻⁹ or after 10,000 rounds unless the other methods say otherwise.
    pub const fn new(variant: DebtRankVariant) -> Self {
        Self {
            variant,
            tolerance: 1e-9,
            rounds_max: 10_000,
        }
    }

    /// Stops when one round adds less than this to the distress, summed over all nodes; not negative.
    ///
    /// With 0, [`DebtRankVariant::Once`] still ends after at most one round for each node.
    #[must_use]
    pub const fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Stops after this number of rounds even if the tolerance is not reached.
    #[must_use]
    pub const fn with_rounds_max(mut self, rounds_max: u32) -> Self {
        self.rounds_max = rounds_max;
        self
    }
}

/// The result of [`debt_rank`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DebtRank {
    /// The part of all value that is lost beyond the shock itself, from 0 to 1.
    pub rank: f64,
    /// The part of its equity that each node loses, by node, the shock included: 0 is untouched, 1 is failed.
    pub distress: Vec<f64>,
    rounds: u32,
    residual: f64,
}

impl DebtRank {
    /// Returns the number of rounds computed.
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Returns the distress that the last round added, summed over all nodes; 0 if the spread has ended.
    pub fn residual(&self) -> f64 {
        self.residual
    }
}

/// The result of [`debt_rank_bounds`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DebtRankBounds {
    /// The result for the lower bounds of the impacts.
    pub lower: DebtRank,
    /// The result for the upper bounds of the impacts.
    pub upper: DebtRank,
    variant: DebtRankVariant,
}

impl DebtRankBounds {
    /// Returns the variant of the bounds: the one asked for if it has bounds, otherwise [`DebtRankVariant::Cumulative`].
    pub fn variant(&self) -> DebtRankVariant {
        self.variant
    }
}

/// Returns the distress of all nodes after a shock, and the part of all value lost: how far does a failure spread?
///
/// An edge leads from a node to one that is hurt if the first fails. Its impact, by edge id, is the exposure of the second
/// to the first as a fraction of the second's equity; the impacts of parallel edges add up, and W(i,j) = min(1, Σ).
/// Self-loops do not count. `shocks` gives nodes an initial distress h from 0 to 1, the greatest if a node is named more
/// than once; all others start at 0. Then, round by round,
///
/// > h(j) ← min(1, h(j) + Σᵢ W(i,j)·Δ(i)),
///
/// where Δ(i) is the distress of i if it was first hit in the last round ([`DebtRankVariant::Once`]), or the rise of its
/// distress in the last round ([`DebtRankVariant::Cumulative`]; rounds use new values at once, which reaches the same end
/// in fewer rounds). DebtRank is R = Σ h(j)·v(j) / Σ v(j) at the end, less the same sum at the beginning.
///
/// `values` are by node and not negative, all in the same unit; only their proportions count. Nodes of value 0 add nothing
/// to R, and pass distress on like others. If all values are 0, R is 0. An unknown exposure counts as 0: give bounds to
/// [`debt_rank_bounds`] instead.
///
/// # Errors
/// Not one impact for each edge or not one value for each node, one that is negative, infinite or not a number, a shock to
/// a node that the graph does not have or not from 0 to 1, a tolerance that is negative or not a number, or cancelled.
/// Missing the tolerance is no error; see [`DebtRank::residual`].
///
/// # Complexity
/// O(n + r) time and O(n) space for [`DebtRankVariant::Once`], with r edges out of the nodes hit. O(r) time for each round
/// and O(n + r) space for [`DebtRankVariant::Cumulative`]; the additions shrink by a constant factor each round.
///
/// # References
/// Battiston, Puliga, Kaushik, Tasca and Caldarelli, *DebtRank: Too Central to Fail?*, Sci. Rep. 2:541, 2012. Bardoscia,
/// Battiston, Caccioli and Caldarelli, *DebtRank: A Microscopic Foundation for Shock Propagation*, PLoS ONE 2015.
///
/// # Example
/// ```
/// use powermap_graph::{DebtRankOptions, DebtRankVariant, Graph, debt_rank};
/// use std::sync::atomic::AtomicBool;
///
/// // The failure of 0 costs 1 half of its equity, and that of 1 would cost 2 a half.
/// let (graph, _) = Graph::from_edges(3, &[0, 1], &[1, 2])?;
/// let options = DebtRankOptions::new(DebtRankVariant::Once);
/// let (impacts, values) = ([0.5, 0.5], [2.0, 1.0, 1.0]);
/// let found = debt_rank(&graph, &impacts, &[(0, 1.0)], &values, &options, &AtomicBool::new(false))?;
/// assert_eq!(found.distress, [1.0, 0.5, 0.25]);
/// assert_eq!(found.rank, (0.5 * 1.0 + 0.25 * 1.0) / 4.0);
/// assert_eq!((found.rounds(), found.residual()), (3, 0.0));
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn debt_rank(
    graph: &Graph,
    impacts: &[f64],
    shocks: &[(u32, f64)],
    values: &[f64],
    options: &DebtRankOptions,
    cancel: &AtomicBool,
) -> Result<DebtRank, GraphError> {
    check_weights(impacts, graph.edge_count())?;
    check_values(values, graph.node_count())?;
    if options.tolerance.is_nan() || options.tolerance < 0.0 {
        return Err(GraphError::BadParameter {
            name: "tolerance",
            value: options.tolerance.to_string(),
            expected: "a number that is not negative",
        });
    }
    let start = shocked(graph.node_count(), shocks)?;
    let mut distress = start.clone();
    let (rounds, residual) = match options.variant {
        DebtRankVariant::Once => pass_on_once(graph, impacts, &mut distress, options, cancel)?,
        DebtRankVariant::Cumulative => {
            let reached = Reached::new(graph, impacts, &start, cancel)?;
            reached.climb(&mut distress, options, cancel)?
        }
    };
    Ok(DebtRank {
        rank: lost(&start, &distress, values),
        distress,
        rounds,
        residual,
    })
}

/// Returns the least and the greatest distress after a shock, for impacts within bounds.
///
/// The arguments are those of [`debt_rank`], with a lower and an upper bound of each impact, by edge id.
///
/// [`DebtRankVariant::Cumulative`] grows with each impact: the total loss of each node is the least solution of
/// h = min(1, h₀ + Wᵀh), which no greater W makes smaller. [`DebtRankVariant::Once`] does not: with one more small impact,
/// a node may be hit earlier, pass on little, and be inactive when the large impact arrives. It grows only as long as the
/// same impacts are above 0, since then nodes are hit in the same rounds. So bounds of `Once` are returned if each impact
/// with a positive upper bound has a positive lower bound; otherwise the bounds are those of `Cumulative`, which is never
/// below `Once`. [`DebtRankBounds::variant`] says which.
///
/// # Errors
/// As for [`debt_rank`], or a lower bound above the upper one.
///
/// # Complexity
/// Twice that of [`debt_rank`].
///
/// # References
/// As for [`debt_rank`].
///
/// # Example
/// ```
/// use powermap_graph::{DebtRankOptions, DebtRankVariant, Graph, debt_rank_bounds};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(3, &[0, 1], &[1, 2])?;
/// let options = DebtRankOptions::new(DebtRankVariant::Once);
/// let (shock, never) = ([(0, 1.0)], AtomicBool::new(false));
/// let found = debt_rank_bounds(&graph, (&[0.5, 0.1], &[0.5, 0.4]), &shock, &[1.0; 3], &options, &never)?;
/// assert_eq!(found.variant(), DebtRankVariant::Once);
/// assert_eq!((found.lower.distress[2], found.upper.distress[2]), (0.05, 0.2));
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn debt_rank_bounds(
    graph: &Graph,
    (lower, upper): (&[f64], &[f64]),
    shocks: &[(u32, f64)],
    values: &[f64],
    options: &DebtRankOptions,
    cancel: &AtomicBool,
) -> Result<DebtRankBounds, GraphError> {
    check_weights(lower, graph.edge_count())?;
    check_weights(upper, graph.edge_count())?;
    if let Some(edge) = lower.iter().zip(upper).position(|(l, u)| l > u) {
        return Err(GraphError::BadWeight {
            edge: edge as u32,
            weight: format!("{} to {}", lower[edge], upper[edge]),
        });
    }
    let mut options = *options;
    let sure = |node: u32| {
        let mut edges = graph.out_edges(node).peekable();
        while let Some(edge) = edges.next() {
            let (mut least, mut most) = (lower[edge as usize], upper[edge as usize]);
            while let Some(next) = edges.next_if(|next| graph.target(*next) == graph.target(edge)) {
                least += lower[next as usize];
                most += upper[next as usize];
            }
            if least == 0.0 && most > 0.0 && graph.target(edge) != node {
                return false;
            }
        }
        true
    };
    if options.variant == DebtRankVariant::Once && !(0..graph.node_count()).all(sure) {
        options.variant = DebtRankVariant::Cumulative;
    }
    Ok(DebtRankBounds {
        lower: debt_rank(graph, lower, shocks, values, &options, cancel)?,
        upper: debt_rank(graph, upper, shocks, values, &options, cancel)?,
        variant: options.variant,
    })
}

/// Returns the part of all value that was lost between two states.
fn lost(start: &[f64], end: &[f64], values: &[f64]) -> f64 {
    // Scaled by the greatest, so that no sum overflows.
    let greatest = values.iter().copied().fold(0.0, f64::max);
    if greatest == 0.0 {
        return 0.0;
    }
    let (mut lost, mut all) = (0.0, 0.0);
    for ((start, end), value) in start.iter().zip(end).zip(values) {
        lost += (end - start) * (value / greatest);
        all += value / greatest;
    }
    lost / all
}

/// Returns the initial distress of each node.
fn shocked(node_count: u32, shocks: &[(u32, f64)]) -> Result<Vec<f64>, GraphError> {
    let mut distress = vec![0.0_f64; node_count as usize];
    for (node, level) in shocks {
        check_start(*node, node_count)?;
        if !(0.0..=1.0).contains(level) {
            return Err(GraphError::BadParameter {
                name: "the shock",
                value: level.to_string(),
                expected: "a fraction from 0 to 1",
            });
        }
        let known = &mut distress[*node as usize];
        *known = known.max(*level);
    }
    Ok(distress)
}
