//! Standing: who is player, who is piece?

mod entry;
mod leverage;
mod money;
mod piece;

pub use entry::ANALYSIS;
pub use piece::Piece;
pub(crate) use piece::pieces;

use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Usual, usual};
use crate::analysis::position::{Lens, Position};
use crate::analysis::standing::leverage::leverage;
use crate::analysis::standing::money::{Handled, handled};
use crate::analysis::standing::piece::score;
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use crate::network::named::Filter;
use oxigraph::model::NamedNode;
use powermap_graph::betweenness;

use powermap_graph::{
    BetweennessSampleOptions, BonacichOptions, Graph, GraphError, PageRankOptions,
    betweenness_sample, bonacich_power, constraint, core_numbers, pagerank, spectral_radius,
};
use std::collections::BTreeMap;
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
    /// The piece that it is drawn as; groups and anonymous voices are none.
    pub piece: Option<Piece>,
    /// The mean of its shares of the greatest there is, from 0 to 1; nothing for groups and anonymous voices.
    pub score: Option<f64>,
    /// PageRank along the edges; all sum to 1.
    pub pagerank: f64,
    /// PageRank against the edges; all sum to 1.
    pub pagerank_reverse: f64,
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
    /// What it pays and is paid, in the currency in which most players deal; nothing where no amount is known.
    pub money: Option<Quantity>,
    /// The core number.
    pub core: u32,
}

/// Everybody's standing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StandingReport {
    /// By falling score, then by name; groups and anonymous voices last.
    pub rows: Vec<Standing>,
    /// By how much betweenness may be wrong, where it comes from a sample.
    pub betweenness_error: Option<f64>,
    /// The units of amounts that are not in the money handled, which is in one currency.
    pub money_left_out: Vec<Unit>,
}

/// Computes everybody's standing.
///
/// # Measures
/// All on the edges that count, parallel ones each. PageRank and betweenness walk edges of a mutual kind (a partnership,
/// rivalry, family) both ways, PageRank half as often each way.
/// - *PageRank*: where a walk along the edges ends up: with whom money, goods and influence arrive; and against the edges:
///   from whom they come.
/// - *Betweenness*: the ordered pairs of others whose shortest paths lead through the player, as a part of all such pairs.
///   Exact up to 2²⁸ steps (players times edges), beyond that from a sample with a stated error.
/// - *Bonacich's power* c(β) on the ties either way, with β at half its limit 1/λ₁, above zero (strong through the strong)
///   and below (strong through those that have nobody else).
/// - *Money*: what the player pays and is paid on edges that carry or return cash, each by its headline figure.
/// - *Burt's constraint*: how little room the player has between its partners; the lower the freer. Nobody for a partner
///   gives none.
/// - *Leverage*: the sum of asymmetries dep(B on A) − dep(A on B) over all counterparties B of A and all sides
///   ([`dependence`](crate::analysis::dependence())), by numbers of edges or by a measure.
/// - *Core number*: the greatest k so that the player is among players who all have k partners among themselves.
///
/// # The score and the piece
/// The *score* is the mean, over PageRank along and against the edges, betweenness, Bonacich's power above zero and money,
/// of the player's share of the greatest value of any player; a measure that nobody has anything in does not count. It
/// is taken on all edges on the board of the day, whatever the filter, so that a filter changes the measures that it
/// shows and never a piece. Groups and anonymous voices have neither score nor piece.
///
/// Players with no edge are not on the board. The first by score is the king, the next n/16 (one at least) queens, then n/8
/// each (two at least) rooks, bishops and knights, and the others pawns: for sixteen players, one side's pieces at the
/// start of a game. Players of one score are one piece, the least that falls to any of them.
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
/// assert_eq!(report.rows[0].piece, Some(Piece::King));
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
    let measures = Measures::of(lens, &players, options, cancel)?;
    let ranked = ranked(position, (&players, &measures), options, cancel)?;
    let all = leverage(lens, options.leverage_by);
    let mut rows: Vec<_> = players
        .iter()
        .enumerate()
        .map(|(at, node)| Standing {
            player: lens.network.player(*node),
            piece: ranked.get(node).map(|(_, piece)| *piece),
            score: ranked.get(node).map(|(score, _)| *score),
            pagerank: measures.ranks[at],
            pagerank_reverse: measures.ranks_reverse[at],
            betweenness: measures.between[at],
            bonacich: measures.strong[at],
            bonacich_negative: 0.0,
            constraint: None,
            leverage: all[*node as usize],
            money: measures.money.amounts[*node as usize],
            core: 0,
        })
        .collect();
    add_columns(&mut rows, &measures.graph, cancel)?;
    rows.sort_by(|a, b| {
        let score = |row: &Standing| row.score.unwrap_or(-1.0);
        (score(b).total_cmp(&score(a))).then_with(|| a.player.cmp(&b.player))
    });
    Ok(StandingReport {
        rows,
        betweenness_error: measures.betweenness_error,
        money_left_out: measures.money.left_out,
    })
}

/// What the score is made of, by place among the players on the board; money by node.
struct Measures {
    graph: Graph,
    ranks: Vec<f64>,
    ranks_reverse: Vec<f64>,
    between: Vec<f64>,
    betweenness_error: Option<f64>,
    strong: Vec<f64>,
    money: Handled,
}

impl Measures {
    fn of(
        lens: Lens<'_>,
        players: &[u32],
        options: &StandingOptions,
        cancel: &AtomicBool,
    ) -> Result<Self, AnalysisError> {
        let ties = Ties::of(lens, players);
        let walk = PageRankOptions::new(0.85)
            .with_tolerance(1e-10)
            .with_rounds_max(1000);
        let ranks = |ties: &Ties| {
            let (graph, weights) = ties.walked()?;
            let found = pagerank(&graph, weights.as_deref(), &walk, cancel)?;
            Ok::<_, GraphError>((graph, found.ranks))
        };
        let (walked, along) = ranks(&ties)?;
        let graph = ties.graph()?;
        let (_, against) = ranks(&ties.turned())?;
        let (between, betweenness_error) = between(&walked, options, cancel)?;
        Ok(Self {
            ranks: along,
            ranks_reverse: against,
            between,
            betweenness_error,
            strong: power(&both_ways(&graph)?, 0.5, cancel)?,
            money: handled(lens),
            graph,
        })
    }
}

/// Returns the score and the piece of each node that has one, on the whole board of the day.
///
/// `shown` are the players and measures of the edges that count, which are those of the whole board where nothing is
/// filtered.
fn ranked(
    position: &Position,
    shown: (&[u32], &Measures),
    options: &StandingOptions,
    cancel: &AtomicBool,
) -> Result<BTreeMap<u32, (f64, Piece)>, AnalysisError> {
    let whole_board = Filter {
        day: position.filter().day,
        ..Filter::default()
    };
    if *position.filter() == whole_board {
        return Ok(scores(position.network()?, shown.0, shown.1));
    }
    let position = position.filtered(whole_board);
    let lens = position.network()?;
    let players = on_board(lens);
    let measures = Measures::of(lens, &players, options, cancel)?;
    Ok(scores(lens, &players, &measures))
}

fn scores(lens: Lens<'_>, players: &[u32], measures: &Measures) -> BTreeMap<u32, (f64, Piece)> {
    let is_named = |node: &u32| lens.network.unnamed.binary_search(node).is_err();
    let named: Vec<usize> = (0..players.len())
        .filter(|at| is_named(&players[*at]))
        .collect();
    let of = |values: &[f64]| named.iter().map(|at| values[*at]).collect::<Vec<_>>();
    let amount =
        |at: &usize| measures.money.amounts[players[*at] as usize].map_or(0.0, |q| q.headline());
    let money = named.iter().map(amount);
    let scores = score(&[
        of(&measures.ranks),
        of(&measures.ranks_reverse),
        of(&measures.between),
        of(&measures.strong),
        money.collect(),
    ]);
    let mut order: Vec<usize> = (0..named.len()).collect();
    // Nodes have the order of their names.
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let ranked: Vec<f64> = order.iter().map(|at| scores[*at]).collect();
    let placed = order.into_iter().zip(pieces(&ranked));
    placed
        .map(|(at, piece)| (players[named[at]], (scores[at], piece)))
        .collect()
}

/// Adds the measures that are no part of the score.
fn add_columns(
    rows: &mut [Standing],
    graph: &Graph,
    cancel: &AtomicBool,
) -> Result<(), AnalysisError> {
    let weak = power(&both_ways(graph)?, -0.5, cancel)?;
    let constraints = constraint(graph, None, cancel)?;
    let cores = core_numbers(graph, cancel)?;
    for (at, row) in rows.iter_mut().enumerate() {
        row.bonacich_negative = weak[at];
        row.constraint = Some(constraints[at]).filter(|c| c.is_finite());
        row.core = cores[at];
    }
    Ok(())
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

/// The edges that count, among the players on the board, which are numbered anew.
#[derive(Default)]
struct Ties {
    players: u32,
    sources: Vec<u32>,
    targets: Vec<u32>,
    /// The places of the edges that hold as much the other way.
    mutual: Vec<u32>,
}

impl Ties {
    fn of(lens: Lens<'_>, players: &[u32]) -> Self {
        let graph = &lens.network.graph;
        let mut numbers = vec![0; graph.node_count() as usize];
        for (number, node) in players.iter().enumerate() {
            numbers[*node as usize] = number as u32;
        }
        let mut ties = Self {
            players: players.len() as u32,
            ..Self::default()
        };
        for edge in lens.edges() {
            let (source, target) = (graph.source(edge), graph.target(edge));
            if source != target {
                if lens.network.columns.kind_of(edge).mutual {
                    ties.mutual.push(ties.sources.len() as u32);
                }
                ties.sources.push(numbers[source as usize]);
                ties.targets.push(numbers[target as usize]);
            }
        }
        ties
    }

    /// Returns each edge the other way round.
    fn turned(self) -> Self {
        Self {
            sources: self.targets,
            targets: self.sources,
            ..self
        }
    }

    /// Returns each edge once.
    fn graph(&self) -> Result<Graph, GraphError> {
        Ok(Graph::from_edges(self.players, &self.sources, &self.targets)?.0)
    }

    /// Returns the edges as they are walked, mutual ones both ways and half as often each, and how often, where it differs.
    fn walked(&self) -> Result<(Graph, Option<Vec<f64>>), GraphError> {
        if self.mutual.is_empty() {
            return Ok((self.graph()?, None));
        }
        let back = |ends: &[u32], others: &[u32]| {
            let turned = self.mutual.iter().map(|place| others[*place as usize]);
            ends.iter().copied().chain(turned).collect::<Vec<_>>()
        };
        let sources = back(&self.sources, &self.targets);
        let targets = back(&self.targets, &self.sources);
        let mut weights = vec![1.0; sources.len()];
        for place in &self.mutual {
            weights[*place as usize] = 0.5;
        }
        weights[self.sources.len()..].fill(0.5);
        let (graph, order) = Graph::from_edges(self.players, &sources, &targets)?;
        let weights = order.iter().map(|place| weights[*place as usize]);
        Ok((graph, Some(weights.collect())))
    }
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

/// Returns Bonacich's power with β at a part of its limit, which may be below zero.
fn power(ties: &Graph, part: f64, cancel: &AtomicBool) -> Result<Vec<f64>, GraphError> {
    let (tolerance, rounds_max) = (1e-9, 10_000);
    let (_, radius) = spectral_radius(ties, None, 1e-6, rounds_max, cancel)?;
    let limit = if radius > 0.0 { 1.0 / radius } else { 0.0 };
    let options = BonacichOptions::new(limit * part)
        .with_tolerance(tolerance)
        .with_rounds_max(rounds_max);
    bonacich_power(ties, None, &options, cancel).map(|found| found.power)
}
