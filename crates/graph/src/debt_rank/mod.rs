//! DebtRank: how much of everybody's worth is lost if some get into distress.

mod cumulative;
mod impacts;
mod once;

use crate::debt_rank::cumulative::Reached;
use crate::debt_rank::once::hand_on_once;
use crate::error::{GraphError, check_start, check_values, check_weights};
use crate::graph::Graph;
use std::sync::atomic::AtomicBool;

/// How often a node hands on its distress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Once, in the round after it was hit for the first time, and then never again. Battiston and others 2012.
    Once,
    /// Whenever it loses more, each further loss by itself. Bardoscia and others 2015.
    Cumulative,
}

/// How to follow the distress. There is no default: whoever asks chooses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// How often a node hands on its distress.
    pub variant: Variant,
    /// Stop when one round adds less than this to the distress, summed over all nodes. With 0, [`Variant::Once`] still
    /// ends by itself.
    pub tolerance: f64,
    /// Stop after this many rounds in any case.
    pub rounds_max: u32,
}

/// What a shock does to everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct DebtRank {
    /// The part of all value that is lost beyond the shock itself, from 0 to 1.
    pub rank: f64,
    /// The part of each node's own equity that is lost, the shock included: 0 is untouched, 1 is failed.
    pub distress: Vec<f64>,
    /// How many rounds were computed.
    pub rounds: u32,
    /// The distress that the last round added, summed over all nodes; 0 if it has come to an end.
    pub residual: f64,
}

/// What a shock does at least and at most.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    /// From the lower bounds of the impacts.
    pub lower: DebtRank,
    /// From the upper bounds of the impacts.
    pub upper: DebtRank,
    /// Of which variant these are the bounds: [`Variant::Cumulative`] unless the one asked for has any.
    pub variant: Variant,
}

/// The distress that follows from some initial distress.
///
/// An edge goes from a player to one that is hurt if the first one fails. Its impact is the exposure of the second to
/// the first, as a part of the second's equity; those of parallel edges add up, and W(i,j) = min(1, Σ). Loops do not
/// count. A shock gives some nodes a distress h from 0 to 1 to start with; then
///
/// > h(j) ← min(1, h(j) + Σᵢ W(i,j)·Δ(i)),
///
/// where Δ(i) is the distress of i if it was hit for the first time in the last round ([`Variant::Once`]: i is then
/// inactive), or by how much its distress rose in the last round ([`Variant::Cumulative`]; here a round uses what it has
/// found at once, which comes to the same end in fewer of them). DebtRank is the value lost
/// after the shock, R = Σ h(j)·v(j) / Σ v(j), less the same sum at the beginning.
///
/// Values are in any unit, all in the same; only their proportions count. Nodes without value add nothing to R, and hand
/// on distress like others. If nothing has value, R is 0. A node that is named in several shocks has the greatest. An
/// exposure or an equity that is not known is none here: whoever asks lists what is missing.
///
/// # Errors
/// Not one impact for each edge or one value for each node, one that is negative, infinite or not a number, a shock to a
/// node that is not there or not from 0 to 1, a tolerance that is negative or not a number, or cancelled. Not reaching
/// the tolerance is no error: see [`DebtRank::residual`].
///
/// # Complexity
/// [`Variant::Once`] O(n + r) time for the r edges of all that is hit, O(n) space; [`Variant::Cumulative`] O(r) a round,
/// where the additions shrink by a constant factor each round, and O(n + r) space.
///
/// # References
/// Battiston, Puliga, Kaushik, Tasca and Caldarelli, *DebtRank: Too Central to Fail?*, Sci. Rep. 2:541, 2012. Bardoscia,
/// Battiston, Caccioli and Caldarelli, *DebtRank: A Microscopic Foundation for Shock Propagation*, PLoS ONE 2015.
///
/// # Example
/// ```
/// use powermap_graph::debt_rank::{Options, Variant, debt_rank};
/// use powermap_graph::graph::Graph;
/// use std::sync::atomic::AtomicBool;
/// // 0 takes half of 1 with it, and 1 takes half of 2.
/// let (graph, _) = Graph::from_edges(3, &[0, 1], &[1, 2])?;
/// let options = Options { variant: Variant::Once, tolerance: 0.0, rounds_max: 100 };
/// let (impacts, values) = ([0.5, 0.5], [2.0, 1.0, 1.0]);
/// let found = debt_rank(&graph, &impacts, &[(0, 1.0)], &values, &options, &AtomicBool::new(false))?;
/// assert_eq!(found.distress, [1.0, 0.5, 0.25]);
/// assert_eq!(found.rank, (0.5 * 1.0 + 0.25 * 1.0) / 4.0);
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn debt_rank(
    graph: &Graph,
    impacts: &[f64],
    shocks: &[(u32, f64)],
    values: &[f64],
    options: &Options,
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
        Variant::Once => hand_on_once(graph, impacts, &mut distress, options, cancel)?,
        Variant::Cumulative => {
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

/// The least and the greatest distress for impacts within bounds.
///
/// [`Variant::Cumulative`] grows with each impact: since what a node has lost in all is its shock and W times what the
/// others have lost in all, until it has failed, it climbs to the least solution of h = min(1, h₀ + Wᵀh), which no
/// greater W makes smaller. [`Variant::Once`] does not: with one more small impact a node may be hit earlier, hand on
/// little, and be silent when the great blow comes. It grows only as long as the same impacts are above 0, for then the
/// rounds in which nodes are hit stay the same. So bounds of [`Variant::Once`] are given where each impact that may be
/// there is sure to be there; otherwise those of [`Variant::Cumulative`] are, which is never below it. See
/// [`Bounds::variant`].
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
/// use powermap_graph::debt_rank::{Options, Variant, debt_rank_bounds};
/// use powermap_graph::graph::Graph;
/// use std::sync::atomic::AtomicBool;
/// let (graph, _) = Graph::from_edges(3, &[0, 1], &[1, 2])?;
/// let options = Options { variant: Variant::Once, tolerance: 0.0, rounds_max: 100 };
/// let (shock, never) = ([(0, 1.0)], AtomicBool::new(false));
/// let found = debt_rank_bounds(&graph, (&[0.5, 0.1], &[0.5, 0.4]), &shock, &[1.0; 3], &options, &never)?;
/// assert_eq!(found.variant, Variant::Once);
/// assert_eq!((found.lower.distress[2], found.upper.distress[2]), (0.05, 0.2));
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn debt_rank_bounds(
    graph: &Graph,
    (lower, upper): (&[f64], &[f64]),
    shocks: &[(u32, f64)],
    values: &[f64],
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Bounds, GraphError> {
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
    if options.variant == Variant::Once && !(0..graph.node_count()).all(sure) {
        options.variant = Variant::Cumulative;
    }
    Ok(Bounds {
        lower: debt_rank(graph, lower, shocks, values, &options, cancel)?,
        upper: debt_rank(graph, upper, shocks, values, &options, cancel)?,
        variant: options.variant,
    })
}

/// The part of all value that was lost between two states.
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

/// The distress at the beginning.
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
