//! Paths: how does A reach B?

mod entry;
mod search;
mod ways;

pub use entry::ANALYSIS;
pub(crate) use entry::{MAX_HOPS, SOURCE, TARGET};

use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Usual, usual};
use crate::analysis::paths::search::{Best, Search, Widths};
use crate::analysis::paths::ways::Ways;
use crate::analysis::position::Position;
use crate::analysis::walk::StepFlow;
use crate::model::name::{Family, Flow};
use crate::model::quantity::Quantity;
use oxigraph::model::NamedNode;
use powermap_graph::widest_to;
use std::sync::atomic::AtomicBool;

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathsOptions {
    /// Where the paths begin.
    pub source: NamedNode,
    /// Where they end.
    pub target: NamedNode,
    /// The most hops.
    pub hops_max: u32,
    /// The most paths.
    pub paths_max: usize,
    /// Only those with the least number of hops.
    pub only_shortest: bool,
    /// What may flow along a hop, which is walked the way it flows; if empty, edges are walked either way.
    pub flows: Vec<Flow>,
    /// What makes a path better than another.
    pub weight: PathWeight,
}

/// What makes a path better than another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PathWeight {
    /// Fewer hops.
    #[default]
    Hops,
    /// A greater amount that can go through: the widest path.
    Amount,
}

/// The most hops of a path, unless it is said.
pub(crate) const HOPS_USUAL: Usual<u32> = usual!(4);
/// The most paths, unless it is said.
const PATHS_USUAL: Usual<usize> = usual!(10);

impl PathsOptions {
    /// Returns the options for the ten best paths of up to four hops, either way.
    pub fn between(source: NamedNode, target: NamedNode) -> Self {
        Self {
            source,
            target,
            hops_max: HOPS_USUAL.value,
            paths_max: PATHS_USUAL.value,
            only_shortest: false,
            flows: Vec::new(),
            weight: PathWeight::Hops,
        }
    }

    /// Returns whether amounts are asked for: those of flows, or the greatest.
    fn with_amounts(&self) -> bool {
        !self.flows.is_empty() || self.weight == PathWeight::Amount
    }
}

/// What ties the two players of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tie {
    /// Whether the edge points against the hop.
    pub is_against: bool,
    /// The family of the edge.
    pub family: Family,
}

/// A hop of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct PathStep {
    /// The player it leaves.
    pub from: NamedNode,
    /// The player it comes to.
    pub to: NamedNode,
    /// The edges that point along the hop, then those against it, each sorted.
    pub edges: Vec<NamedNode>,
    /// What ties the two: those along the hop, then those against it, each once.
    pub ties: Vec<Tie>,
    /// What flows, where that was asked for, each once.
    pub flows: Vec<StepFlow>,
    /// The sum of the edges in the currency of the path, or else in their only one; the share of the capital in percent
    /// where all that flows are stakes. Nothing where it is not known, or neither flows nor amounts were asked for.
    pub amount: Option<Quantity>,
}

/// A path.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FoundPath {
    /// The hops, from the source on.
    pub steps: Vec<PathStep>,
    /// What can go through: the least hop; of stakes, the product of the shares in percent. Nothing where that is not
    /// known, or neither flows nor amounts were asked for.
    pub amount: Option<Quantity>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PathsReport {
    /// The paths, the best first.
    pub paths: Vec<FoundPath>,
    /// Whether there may be more: the wanted number was reached.
    pub is_cut: bool,
    /// Whether the search ended before it had seen all: too many steps, or cancelled.
    pub is_partial: bool,
}

/// Finds the best paths from one player to another.
///
/// # Definition
/// A path is a sequence of different players A = v₀, v₁, …, v_L = B, each tied to the next, with 1 ≤ L ≤ the bound on hops.
/// Parallel edges make one hop and do not multiply paths. With flows, a hop is a leg as loops have it, walked the way it
/// flows: cash runs from a customer to its supplier, and from an investor to its investee. Without, every edge ties its two
/// players, either way, but for rivalry.
///
/// The k best are those with the fewest hops, or, by [`PathWeight::Amount`], those through which the most can go: the
/// greatest *width*, the least figure of a hop, and among equals the fewest hops. The figure of a hop is that of the sum of
/// its edges, the upper bound or else the lower one, in the currency in which the most edges have an amount; of stakes, the
/// share. Paths with a hop of unknown amount come last. Among equals, those come first that do by the names of their
/// players.
///
/// # Method and complexity
/// A breadth-first search back from B gives the least number of hops that each player needs. Then, for each length from
/// the least up, the players are walked in the order of their names, and only to where the hops that are left suffice:
/// O(n + m) to set up, O(L) memory, and each path is found in its place, so that the search stops with the k-th. By amount,
/// the widest path from each player to B bounds what a walk can still come to, O(m log m), and a walk ends where that is not
/// more than the k-th best has. A walk that crosses itself can still fail, so that the worst case is exponential in the
/// bound; after 200 million steps the search ends, and the report says so.
///
/// On made-up networks of 10⁵ and 10⁶ edges, the ten best between the two players with the most edges: 20 ms and 0.8 s, along
/// cash 12 ms and 0.5 s, by amount 79 ms and 1.6 s (`cargo bench --bench analyses`, a machine of two cores with four times
/// as much to do).
///
/// # References
/// J. Y. Yen, *Finding the K Shortest Loopless Paths in a Network*, Management Science 17 (1971), for the question. S. Sun
/// and others, *PathEnum: Towards Real-Time Hop-Constrained s-t Path Enumeration*, SIGMOD (2021), for the pruning. M.
/// Pollack, *The Maximum Capacity Through a Network*, Operations Research 8 (1960), for widest paths.
///
/// # Errors
/// Those of the network.
///
/// # Example
/// ```
/// use powermap::analysis::{PathsOptions, paths};
/// use powermap::Map;
/// use std::sync::atomic::AtomicBool;
/// let map = Map::built_in()?;
/// let options = PathsOptions::between(map.player("satya-nadella")?, map.player("openai")?);
/// let report = paths(&map.position()?, &options, &AtomicBool::new(false))?;
/// let first: Vec<_> = report.paths[0].steps.iter().map(|step| step.to.clone()).collect();
/// assert_eq!(first, [map.player("microsoft")?, map.player("openai")?]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn paths(
    position: &Position,
    options: &PathsOptions,
    cancel: &AtomicBool,
) -> Result<PathsReport, AnalysisError> {
    let lens = position.network()?;
    let ends = (
        lens.network.node(&options.source),
        lens.network.node(&options.target),
    );
    let (Some(source), Some(target)) = ends else {
        return Ok(PathsReport::default());
    };
    let ways = Ways::new(lens, &options.flows)?;
    let widths = match options.weight {
        PathWeight::Hops => None,
        PathWeight::Amount => {
            let arc = ways.widths(ways.unit());
            let node = widest_to(&ways.graph, target, &arc, cancel)?;
            Some(Widths { arc, node })
        }
    };
    let is_by_hops = widths.is_none();
    let ends = (source, target);
    let mut search = Search::new(&ways.graph, ends, options.hops_max, widths, cancel);
    // One path more than is wanted shows whether there are more.
    let mut best = Best::new(options.paths_max + 1);
    let mut report = PathsReport::default();
    for length in 1..=options.hops_max {
        if options.only_shortest && !best.paths.is_empty() {
            break;
        }
        search.of_length(length, &mut best);
        if search.is_over() {
            report.is_partial = true;
            break;
        }
        if is_by_hops && best.is_full() {
            break;
        }
    }
    report.is_cut = best.is_full();
    best.paths.truncate(options.paths_max);
    let found = best.paths.iter();
    report.paths = found
        .map(|(_, nodes)| {
            let (steps, amount) = ways.describe(nodes, options.with_amounts());
            FoundPath { steps, amount }
        })
        .collect();
    Ok(report)
}
