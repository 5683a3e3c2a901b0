//! DebtRank: how much of everybody's worth is lost if some get into distress.

use crate::network::error::{
    NetworkError, check_cancelled, check_start, check_values, check_weights,
};
use crate::network::graph::Graph;
use crate::network::linear::weighted_sum;
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
/// use powermap::network::debt_rank::{Options, Variant, debt_rank};
/// use powermap::network::graph::Graph;
/// use std::sync::atomic::AtomicBool;
/// // 0 takes half of 1 with it, and 1 takes half of 2.
/// let (graph, _) = Graph::from_edges(3, &[0, 1], &[1, 2])?;
/// let options = Options { variant: Variant::Once, tolerance: 0.0, rounds_max: 100 };
/// let (impacts, values) = ([0.5, 0.5], [2.0, 1.0, 1.0]);
/// let found = debt_rank(&graph, &impacts, &[(0, 1.0)], &values, &options, &AtomicBool::new(false))?;
/// assert_eq!(found.distress, [1.0, 0.5, 0.25]);
/// assert_eq!(found.rank, (0.5 * 1.0 + 0.25 * 1.0) / 4.0);
/// # Ok::<(), powermap::network::error::NetworkError>(())
/// ```
pub fn debt_rank(
    graph: &Graph,
    impacts: &[f64],
    shocks: &[(u32, f64)],
    values: &[f64],
    options: &Options,
    cancel: &AtomicBool,
) -> Result<DebtRank, NetworkError> {
    check_weights(impacts, graph.edge_count())?;
    check_values(values, graph.node_count())?;
    if options.tolerance.is_nan() || options.tolerance < 0.0 {
        return Err(NetworkError::BadParameter {
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
/// use powermap::network::debt_rank::{Options, Variant, debt_rank_bounds};
/// use powermap::network::graph::Graph;
/// use std::sync::atomic::AtomicBool;
/// let (graph, _) = Graph::from_edges(3, &[0, 1], &[1, 2])?;
/// let options = Options { variant: Variant::Once, tolerance: 0.0, rounds_max: 100 };
/// let (shock, never) = ([(0, 1.0)], AtomicBool::new(false));
/// let found = debt_rank_bounds(&graph, (&[0.5, 0.1], &[0.5, 0.4]), &shock, &[1.0; 3], &options, &never)?;
/// assert_eq!(found.variant, Variant::Once);
/// assert_eq!((found.lower.distress[2], found.upper.distress[2]), (0.05, 0.2));
/// # Ok::<(), powermap::network::error::NetworkError>(())
/// ```
pub fn debt_rank_bounds(
    graph: &Graph,
    (lower, upper): (&[f64], &[f64]),
    shocks: &[(u32, f64)],
    values: &[f64],
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Bounds, NetworkError> {
    check_weights(lower, graph.edge_count())?;
    check_weights(upper, graph.edge_count())?;
    if let Some(edge) = lower.iter().zip(upper).position(|(l, u)| l > u) {
        return Err(NetworkError::BadWeight {
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
fn shocked(node_count: u32, shocks: &[(u32, f64)]) -> Result<Vec<f64>, NetworkError> {
    let mut distress = vec![0.0_f64; node_count as usize];
    for (node, level) in shocks {
        check_start(*node, node_count)?;
        if !(0.0..=1.0).contains(level) {
            return Err(NetworkError::BadParameter {
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

/// The nodes in distress.
fn hit(distress: &[f64]) -> Vec<u32> {
    let nodes = (0..).zip(distress);
    nodes
        .filter(|(_, h)| **h > 0.0)
        .map(|(node, _)| node)
        .collect()
}

/// Nodes between two looks at the cancel flag.
const POLL: usize = 1 << 12;

/// Lets each node hand on its distress in the round after it was first hit. Gives the rounds and the residual.
fn hand_on_once(
    graph: &Graph,
    impacts: &[f64],
    distress: &mut [f64],
    options: &Options,
    cancel: &AtomicBool,
) -> Result<(u32, f64), NetworkError> {
    let mut incoming = vec![0.0; distress.len()];
    let mut touched: Vec<u32> = Vec::new();
    // Who was hit in the last round, and the distress that it had then.
    let mut front: Vec<(u32, f64)> = hit(distress)
        .into_iter()
        .map(|node| (node, distress[node as usize]))
        .collect();
    let pending = |front: &[(u32, f64)]| front.iter().map(|(_, handed)| handed).sum::<f64>();
    let (mut rounds, mut residual) = (0, pending(&front));
    while rounds < options.rounds_max && residual > 0.0 && residual >= options.tolerance {
        for (number, (node, handed)) in front.drain(..).enumerate() {
            if number.is_multiple_of(POLL) {
                check_cancelled(cancel)?;
            }
            for (target, impact) in impacts_of(graph, impacts, node) {
                let incoming = &mut incoming[target as usize];
                if *incoming == 0.0 {
                    touched.push(target);
                }
                *incoming += impact * handed;
            }
        }
        for node in touched.drain(..) {
            let comes = std::mem::take(&mut incoming[node as usize]);
            let distress = &mut distress[node as usize];
            let first = *distress == 0.0 && comes > 0.0;
            *distress = (*distress + comes).min(1.0);
            if first {
                front.push((node, *distress));
            }
        }
        residual = pending(&front);
        rounds += 1;
    }
    Ok((rounds, residual))
}

/// Whom a node can hurt, and how much: W of its row, without what is 0.
fn impacts_of<'a>(
    graph: &'a Graph,
    impacts: &'a [f64],
    node: u32,
) -> impl Iterator<Item = (u32, f64)> + use<'a> {
    let edges = graph.out_edges(node);
    let impacts = &impacts[edges.start as usize..edges.end as usize];
    let mut hops = graph.targets_of(node).iter().zip(impacts).peekable();
    std::iter::from_fn(move || {
        let (target, impact) = hops.next()?;
        // Parallel edges stand together, and add up before the limit.
        let mut impact = *impact;
        while let Some((_, more)) = hops.next_if(|(next, _)| *next == target) {
            impact += more;
        }
        Some((*target, impact.min(1.0)))
    })
    .filter(move |(target, impact)| *impact > 0.0 && *target != node)
}

/// All that distress can come to, and the part of W among them, by who is hurt.
struct Reached {
    nodes: Vec<u32>,
    begins: Vec<usize>,
    sources: Vec<u32>,
    weights: Vec<f64>,
}

impl Reached {
    /// Breadth first, so that distress passes through many nodes in one sweep.
    fn new(
        graph: &Graph,
        impacts: &[f64],
        start: &[f64],
        cancel: &AtomicBool,
    ) -> Result<Self, NetworkError> {
        let mut nodes = hit(start);
        // Counted from 1; 0 is not reached.
        let mut places = vec![0_u32; start.len()];
        for (place, node) in (1..).zip(&nodes) {
            places[*node as usize] = place;
        }
        let mut begins: Vec<usize> = vec![0; nodes.len() + 1];
        let mut next = 0;
        while next < nodes.len() {
            if next.is_multiple_of(POLL) {
                check_cancelled(cancel)?;
            }
            for (target, _) in impacts_of(graph, impacts, nodes[next]) {
                let place = &mut places[target as usize];
                if *place == 0 {
                    nodes.push(target);
                    begins.push(0);
                    *place = nodes.len() as u32;
                }
                begins[*place as usize] += 1;
            }
            next += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut free = begins.clone();
        let count = begins.last().copied().unwrap_or_default();
        let (mut sources, mut weights) = (vec![0; count], vec![0.0; count]);
        for (source, node) in (0..).zip(&nodes) {
            for (target, impact) in impacts_of(graph, impacts, *node) {
                let at = &mut free[places[target as usize] as usize - 1];
                sources[*at] = source;
                weights[*at] = impact;
                *at += 1;
            }
        }
        Ok(Self {
            nodes,
            begins,
            sources,
            weights,
        })
    }

    /// Climbs to the least solution of h = min(1, h₀ + Wᵀh), using each new value at once, which is never too much.
    /// Gives the rounds and the residual.
    fn climb(
        &self,
        distress: &mut [f64],
        options: &Options,
        cancel: &AtomicBool,
    ) -> Result<(u32, f64), NetworkError> {
        let start: Vec<f64> = self.nodes.iter().map(|v| distress[*v as usize]).collect();
        let mut h = start.clone();
        let (mut rounds, mut residual) = (0, start.iter().sum::<f64>());
        while rounds < options.rounds_max && residual > 0.0 && residual >= options.tolerance {
            residual = 0.0;
            for at in 0..h.len() {
                if at.is_multiple_of(POLL) {
                    check_cancelled(cancel)?;
                }
                let range = self.begins[at]..self.begins[at + 1];
                if h[at] < 1.0 && !range.is_empty() {
                    let comes =
                        weighted_sum(&self.sources[range.clone()], &self.weights[range], &h);
                    // Rounding must not let it fall.
                    let new = (start[at] + comes).min(1.0).max(h[at]);
                    residual += new - h[at];
                    h[at] = new;
                }
            }
            rounds += 1;
        }
        for (node, h) in self.nodes.iter().zip(h) {
            distress[*node as usize] = h;
        }
        Ok((rounds, residual))
    }
}
