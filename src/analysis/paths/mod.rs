//! Paths: how does A reach B?

mod entry;
mod search;

pub use entry::ANALYSIS;
pub(crate) use entry::{MAX_HOPS, SOURCE, TARGET};

use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Usual, usual};
use crate::analysis::paths::search::Search;
use crate::analysis::position::{Lens, Position};
use oxigraph::model::NamedNode;
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
    /// Walk edges against their direction too.
    pub either_way: bool,
}

/// The most hops of a path, unless it is said.
pub(crate) const HOPS_USUAL: Usual<u32> = usual!(4);
/// The most paths, unless it is said.
const PATHS_USUAL: Usual<usize> = usual!(10);

impl PathsOptions {
    /// Returns the options for the ten best paths of up to four hops along the edges.
    pub fn between(source: NamedNode, target: NamedNode) -> Self {
        Self {
            source,
            target,
            hops_max: HOPS_USUAL.value,
            paths_max: PATHS_USUAL.value,
            only_shortest: false,
            either_way: false,
        }
    }
}

/// A hop of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathStep {
    /// The player it leaves.
    pub from: NamedNode,
    /// The player it comes to.
    pub to: NamedNode,
    /// The edges along the hop, then those against it, each sorted.
    pub edges: Vec<NamedNode>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PathsReport {
    /// The paths, the best first.
    pub paths: Vec<Vec<PathStep>>,
    /// Whether there may be more: the wanted number was reached.
    pub is_cut: bool,
    /// Whether the search ended before it had seen all: too many steps, or cancelled.
    pub is_partial: bool,
}

/// Finds the best paths from one player to another.
///
/// # Definition
/// A path is a sequence of different players A = v₀, v₁, …, v_L = B, each with an edge to the next, with 1 ≤ L ≤ the
/// bound on hops. Parallel edges are legs of one hop and do not multiply paths. Edges are walked along their direction
/// (investor to investee, supplier to customer, the one who acts to the one acted upon), or either way. The k best are
/// those with the fewest hops; among equals, those that come first by the names of their players.
///
/// # Method and complexity
/// A breadth-first search back from B gives the least number of hops that each player needs. Then, for each length from
/// the least up, the players are walked in the order of their names, and only to where the hops that are left suffice:
/// O(n + m) to set up, O(L) memory, and each path is found in its place, so that the search stops with the k-th. A walk
/// that crosses itself can still fail, so that the worst case is exponential in the bound; after 200 million steps the
/// search ends, and the report says so.
///
/// On made-up networks of 10⁵, 10⁶ and 10⁷ edges, the ten best between the two players with the most edges: 2 ms, 72 ms and 0.88 s
/// (`cargo bench --bench analyses`, two busy cores).
///
/// # References
/// J. Y. Yen, *Finding the K Shortest Loopless Paths in a Network*, Management Science 17 (1971), for the question. S. Sun
/// and others, *PathEnum: Towards Real-Time Hop-Constrained s-t Path Enumeration*, SIGMOD (2021), for the pruning.
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
/// let first: Vec<_> = report.paths[0].iter().map(|step| step.to.clone()).collect();
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
    let graph = search::graph(lens, options.either_way)?;
    let mut search = Search::new(&graph, source, target, options.hops_max, cancel);
    let mut found: Vec<Vec<u32>> = Vec::new();
    let mut report = PathsReport::default();
    for length in 1..=options.hops_max {
        if options.only_shortest && !found.is_empty() {
            break;
        }
        // One path more than is wanted shows whether there are more.
        search.of_length(length, options.paths_max + 1, &mut found);
        if search.is_over() {
            report.is_partial = true;
            break;
        }
        if found.len() > options.paths_max {
            break;
        }
    }
    report.is_cut = found.len() > options.paths_max;
    found.truncate(options.paths_max);
    report.paths = found
        .iter()
        .map(|nodes| {
            nodes
                .windows(2)
                .map(|hop| step(lens, hop[0], hop[1], options.either_way))
                .collect()
        })
        .collect();
    Ok(report)
}

fn step(lens: Lens<'_>, from: u32, to: u32, either_way: bool) -> PathStep {
    let name = |node: u32| lens.network.player(node);
    let edges = |source, target| {
        let legs = lens
            .network
            .graph
            .edges_between(source, target)
            .filter(|edge| lens.keeps(*edge));
        let mut edges: Vec<_> = legs.map(|edge| lens.network.id(edge)).collect();
        edges.sort();
        edges
    };
    let mut all = edges(from, to);
    if either_way {
        all.extend(edges(to, from));
    }
    PathStep {
        from: name(from),
        to: name(to),
        edges: all,
    }
}
