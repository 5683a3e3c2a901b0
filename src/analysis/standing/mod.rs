//! Standing: who is player, who is piece?

mod entry;
mod leverage;
mod piece;

pub use entry::ANALYSIS;
pub use piece::Piece;
pub(crate) use piece::pieces;

use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Usual, usual};
use crate::analysis::position::{Lens, Position};
use crate::analysis::standing::leverage::leverage;
use crate::analysis::standing::piece::score;
use crate::model::unit::Measure;
use oxigraph::model::NamedNode;
use powermap_graph::betweenness;

use powermap_graph::{
    BetweennessSampleOptions, BonacichOptions, Graph, GraphError, PageRankOptions,
    betweenness_sample, bonacich_power, constraint, core_numbers, pagerank, spectral_radius,
};
use std::sync::atomic::AtomicBool;

/// The greatest number of steps, players times edges, up to which betweenness is exact: some seconds on one core.
pub(crate) const EXACT_MAX: u64 = 1 << 28;

/// What to compute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandingOptions {
    /// What leverage is measured by; numbers of edges if `None`.
    pub leverage_by: Option<Measure>,
    /// By how much sampled betweenness may be wrong, as a part of all pairs, with a chance of one in a thousand.
    pub error: f64,
    /// Where the random numbers of the sample begin.
    pub seed: u64,
}

/// The error allowed in sampled betweenness, unless it is said.
const ERROR_USUAL: Usual<f64> = usual!(0.005);
/// The seed, unless one is given.
const SEED_USUAL: Usual<u64> = usual!(1);

impl Default for StandingOptions {
    fn default() -> Self {
        Self {
            leverage_by: None,
            error: ERROR_USUAL.value,
            seed: SEED_USUAL.value,
        }
    }
}

/// The standing of one player.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The player.
    pub player: NamedNode,
    /// The piece that it is drawn as.
    pub piece: Piece,
    /// The mean part of the others that it is ahead of, from 0 to 1.
    pub score: f64,
    /// PageRank; all sum to 1.
    pub pagerank: f64,
    /// The part of all ordered pairs of others.
    pub betweenness: f64,
    /// Bonacich's power with β above zero; the squares sum to the number of players.
    pub bonacich: f64,
    /// Bonacich's power with β below zero.
    pub bonacich_negative: f64,
    /// Burt's constraint; nothing without partners.
    pub constraint: Option<f64>,
    /// The sum of asymmetries.
    pub leverage: f64,
    /// The core number.
    pub core: u32,
}

/// Everybody's standing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StandingReport {
    /// By falling score, then by name.
    pub rows: Vec<Standing>,
    /// By how much betweenness may be wrong, where it comes from a sample.
    pub betweenness_error: Option<f64>,
}

/// Computes everybody's standing.
///
/// # Measures
/// All on the edges that count, parallel ones each.
/// - *PageRank*: where a walk along the edges ends up: with whom money, goods and influence arrive.
/// - *Betweenness*: the ordered pairs of others whose shortest paths lead through the player, as a part of all such pairs.
///   Exact up to 2²⁸ steps (players times edges), beyond that from a sample with a stated error.
/// - *Bonacich's power* c(β) on the ties either way, with β at half its limit 1/λ₁, above zero (strong through the strong)
///   and below (strong through those that have nobody else).
/// - *Burt's constraint*: how little room the player has between its partners; the lower the freer. Nobody for a partner
///   gives none.
/// - *Leverage*: the sum of asymmetries dep(B on A) − dep(A on B) over all counterparties B of A and all sides
///   ([`dependence`](crate::analysis::dependence())), by numbers of edges or by a measure.
/// - *Core number*: the greatest k so that the player is among players who all have k partners among themselves.
///
/// # The piece
/// Players with no edge are not on the board. The others are ordered by their *score*: the mean, over PageRank,
/// betweenness, both Bonacich measures, the room between partners (1 − constraint) and leverage, of the part of the other
/// players on the board that they are ahead of (half of those that they are level with). The first is the king, the next
/// n/16 (one at least) queens, then n/8 each (two at least) rooks, bishops and knights, and the others pawns: for sixteen
/// players, one side's pieces at the start of a game.
///
/// # Complexity
/// O(n m) for exact betweenness; the rest is O(n + m) a round, plus the partners of partners for the constraint.
///
/// On made-up networks of 10⁵, 10⁶ and 10⁷ edges, with betweenness from samples: 0.64 s, 3.6 s and 47 s
/// (`cargo bench --bench analyses`, two busy cores).
///
/// # References
/// Page and others, *The PageRank Citation Ranking* (1999). U. Brandes, *A Faster Algorithm for Betweenness Centrality*,
/// J. Math. Sociology 25 (2001). P. Bonacich, *Power and Centrality*, Am. J. Sociology 92 (1987). R. S. Burt, *Structural
/// Holes* (1992). R. M. Emerson, *Power-Dependence Relations*, Am. Sociological Review 27 (1962).
///
/// # Errors
/// Those of the kernels; cancelled.
///
/// # Example
/// ```
/// use powermap::analysis::{StandingOptions, Piece, standing};
/// use powermap::Map;
/// use std::sync::atomic::AtomicBool;
/// let map = Map::built_in()?;
/// let report = standing(&map.position()?, &StandingOptions::default(), &AtomicBool::new(false))?;
/// assert_eq!(report.rows[0].piece, Piece::King);
/// assert_eq!(report.rows[0].player, map.player("openai")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn standing(
    position: &Position,
    options: &StandingOptions,
    cancel: &AtomicBool,
) -> Result<StandingReport, AnalysisError> {
    let lens = position.network()?;
    let players = on_board(lens);
    if players.is_empty() {
        return Ok(StandingReport::default());
    }
    let graph = restricted(lens, &players)?;
    let ties = both_ways(&graph)?;
    let walk = PageRankOptions::new(0.85)
        .with_tolerance(1e-10)
        .with_rounds_max(1000);
    let ranks = pagerank(&graph, None, &walk, cancel)?.ranks;
    let (between, betweenness_error) = between(&graph, options, cancel)?;
    let (strong, weak) = power(&ties, cancel)?;
    let constraints = constraint(&graph, None, cancel)?;
    let cores = core_numbers(&graph, cancel)?;
    let all = leverage(lens, options.leverage_by);
    let leverages: Vec<f64> = players.iter().map(|node| all[*node as usize]).collect();
    let room: Vec<f64> = constraints
        .iter()
        .map(|c| {
            if c.is_finite() {
                1.0 - c
            } else {
                f64::NEG_INFINITY
            }
        })
        .collect();
    let scores = score(&[&ranks, &between, &strong, &weak, &room, &leverages]);
    let mut rows: Vec<_> = players
        .iter()
        .enumerate()
        .map(|(at, node)| Standing {
            player: lens.network.player(*node),
            piece: Piece::Pawn,
            score: scores[at],
            pagerank: ranks[at],
            betweenness: between[at],
            bonacich: strong[at],
            bonacich_negative: weak[at],
            constraint: Some(constraints[at]).filter(|c| c.is_finite()),
            leverage: leverages[at],
            core: cores[at],
        })
        .collect();
    rows.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| a.player.cmp(&b.player))
    });
    let kinds = pieces(rows.len());
    for (row, piece) in rows.iter_mut().zip(kinds) {
        row.piece = piece;
    }
    Ok(StandingReport {
        rows,
        betweenness_error,
    })
}

/// Returns the players at an end of an edge that counts, ascending. An edge to oneself leads to nobody.
fn on_board(lens: Lens<'_>) -> Vec<u32> {
    let graph = &lens.network.graph;
    let mut is_there = vec![false; graph.node_count() as usize];
    for edge in lens.edges() {
        let (source, target) = (graph.source(edge), graph.target(edge));
        if source != target {
            is_there[source as usize] = true;
            is_there[target as usize] = true;
        }
    }
    (0..graph.node_count())
        .filter(|node| is_there[*node as usize])
        .collect()
}

/// Returns the edges that count, among the players on the board, which are numbered anew.
fn restricted(lens: Lens<'_>, players: &[u32]) -> Result<Graph, GraphError> {
    let graph = &lens.network.graph;
    let mut numbers = vec![0; graph.node_count() as usize];
    for (number, node) in players.iter().enumerate() {
        numbers[*node as usize] = number as u32;
    }
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    for edge in lens.edges() {
        let (source, target) = (graph.source(edge), graph.target(edge));
        if source != target {
            sources.push(numbers[source as usize]);
            targets.push(numbers[target as usize]);
        }
    }
    Ok(Graph::from_edges(players.len() as u32, &sources, &targets)?.0)
}

/// Returns each edge once each way.
fn both_ways(graph: &Graph) -> Result<Graph, GraphError> {
    let edges = graph.edge_count();
    let sources: Vec<u32> = (0..edges).map(|edge| graph.source(edge)).collect();
    let targets: Vec<u32> = (0..edges).map(|edge| graph.target(edge)).collect();
    let from: Vec<u32> = sources.iter().chain(&targets).copied().collect();
    let to: Vec<u32> = targets.iter().chain(&sources).copied().collect();
    Ok(Graph::from_edges(graph.node_count(), &from, &to)?.0)
}

fn between(
    graph: &Graph,
    options: &StandingOptions,
    cancel: &AtomicBool,
) -> Result<(Vec<f64>, Option<f64>), GraphError> {
    let others = f64::from(graph.node_count()) - 1.0;
    let pairs = (others * (others - 1.0)).max(1.0);
    let part = |count: f64| count / pairs;
    if u64::from(graph.node_count()) * u64::from(graph.edge_count()) <= EXACT_MAX {
        let counts = betweenness(graph, cancel)?;
        return Ok((counts.into_iter().map(part).collect(), None));
    }
    let sampling = BetweennessSampleOptions::new(options.error, 0.001).with_seed(options.seed);
    let sampled = betweenness_sample(graph, &sampling, cancel)?;
    let error = part(sampled.error());
    let counts = sampled.betweenness.into_iter().map(part).collect();
    Ok((counts, Some(error)))
}

/// Returns Bonacich's power with β at half its limit, above and below zero.
fn power(ties: &Graph, cancel: &AtomicBool) -> Result<(Vec<f64>, Vec<f64>), GraphError> {
    let (tolerance, rounds_max) = (1e-9, 10_000);
    let (_, radius) = spectral_radius(ties, None, 1e-6, rounds_max, cancel)?;
    let limit = if radius > 0.0 { 1.0 / radius } else { 0.0 };
    let with = |beta| {
        let options = BonacichOptions::new(beta)
            .with_tolerance(tolerance)
            .with_rounds_max(rounds_max);
        bonacich_power(ties, None, &options, cancel).map(|found| found.power)
    };
    Ok((with(limit / 2.0)?, with(-limit / 2.0)?))
}
