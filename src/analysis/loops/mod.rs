//! Loops: where does the money go round?

mod entry;
mod found;
mod kind;
mod leg_graph;
mod notes;
mod significance;
mod timing;

pub use entry::ANALYSIS;
pub(crate) use entry::{COUNT, MAX_LENGTH, SEARCH_LIMIT, SIGNIFICANCE, THROUGH};
pub use kind::LoopType;
pub use significance::{Significance, significance};

use crate::analysis::error::AnalysisError;
use crate::analysis::loops::found::Found;
use crate::analysis::loops::leg_graph::LegGraph;
use crate::analysis::parameter::{Usual, usual};
use crate::analysis::position::Position;
use crate::analysis::walk::StepFlow;
use crate::model::name::Flow;
use crate::model::quantity::Quantity;
use oxigraph::model::NamedNode;
use powermap_graph::{Ending, LengthCounts};
use std::collections::BinaryHeap;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

/// The most steps that are kept, of all loops together.
const STEPS_KEPT_MAX: usize = 400_000;

/// Which loops to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoopsOptions {
    /// The most players of a loop, from 2.
    pub length_max: u32,
    /// Only loops through all of these.
    pub through: Vec<NamedNode>,
    /// What may flow along a leg; anything if empty.
    pub flows: Vec<Flow>,
    /// Only loops that respect time within this number of days.
    pub window: Option<u32>,
    /// One loop for each choice of legs.
    pub each_edge: bool,
    /// Loops that lack one leg, between two players who are tied otherwise.
    pub near: bool,
    /// The most loops that are kept: those of the greatest amount. Of very many, those of 400,000 steps together are
    /// kept at most, which take up to two gigabytes until they are printed.
    pub loops_max: usize,
    /// The most loops that are looked through before the search ends.
    pub search_max: u64,
}

/// The most players of a loop, unless it is said.
pub(crate) const LENGTH_USUAL: Usual<u32> = usual!(3);
/// The most loops that are kept, unless it is said.
const LOOPS_USUAL: Usual<usize> = usual!(1000);
/// The most loops that are looked through, unless it is said: some seconds.
const SEARCH_USUAL: Usual<u64> = usual!(10000000);

impl Default for LoopsOptions {
    /// Returns the options for loops of cash and equity of up to three players.
    fn default() -> Self {
        Self {
            length_max: LENGTH_USUAL.value,
            through: Vec::new(),
            flows: vec![Flow::Cash, Flow::Equity],
            window: None,
            each_edge: false,
            near: false,
            loops_max: LOOPS_USUAL.value,
            search_max: SEARCH_USUAL.value,
        }
    }
}

/// A hop of a loop.
#[derive(Debug, Clone, PartialEq)]
pub struct LoopStep {
    /// The player it leaves.
    pub from: NamedNode,
    /// The player it comes to.
    pub to: NamedNode,
    /// The edges whose legs make it, sorted.
    pub edges: Vec<NamedNode>,
    /// What flows, each once, sorted.
    pub flows: Vec<StepFlow>,
    /// The sum of the edges in the currency of the loop, or else in their only one; the share of the capital in percent
    /// where all legs are stakes. Nothing where it is not known.
    pub amount: Option<Quantity>,
}

/// The leg that would close a near loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingLeg {
    /// The last player of the loop.
    pub from: NamedNode,
    /// The first one.
    pub to: NamedNode,
    /// The edges that tie the two, either way, sorted.
    pub ties: Vec<NamedNode>,
}

/// A loop.
#[derive(Debug, Clone, PartialEq)]
pub struct Loop {
    /// The hops, from the smallest id on; in time, from the earliest leg on; of a near loop, from its first player on.
    pub hops: Vec<LoopStep>,
    /// The leg that a near loop lacks.
    pub missing: Option<MissingLeg>,
    /// What can go round; nothing where no hop has an amount, or they have no currency in common. Where all legs are
    /// stakes, the product of the shares in percent: what each player holds of itself through the others.
    pub circulating: Option<Quantity>,
    /// The bounds of the least hop over the greatest.
    pub ratio: Option<(f64, f64)>,
    /// The edges that add nothing to the amount of their hop: others of the hop have one in the currency of the loop, and
    /// these do not. Sorted.
    pub left_out: Vec<NamedNode>,
    /// Whether the amount of some hop is not known, so that that of the loop is an upper bound at best.
    pub has_unknown: bool,
    /// Whether there is no amount because the hops have no currency in common, or more than one.
    pub has_mixed_currencies: bool,
    /// What it is.
    pub loop_type: LoopType,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoopsReport {
    /// The loops by falling amount: first those of which every hop has one, then those with a hop of unknown amount, then
    /// those without any. What counts is the greatest figure, the upper bound or else the lower one, so that "up to 100" is
    /// 100, then the lower bound; figures in different currencies are compared as numbers. Loops of the same amount go by
    /// the names of their players, then of their edges.
    pub loops: Vec<Loop>,
    /// How many loops were seen until the search ended.
    pub seen: u64,
    /// Whether loops were seen that are not kept; all that are kept come before them.
    pub is_cut: bool,
    /// Whether the search ended at its limit: there may be greater loops.
    pub is_search_cut: bool,
    /// Whether the caller asked to stop before the search had ended.
    pub is_cancelled: bool,
    /// Whether no edge sends anything that may flow, though there are edges.
    pub nothing_flows: bool,
}

/// Finds loops.
///
/// All loops are looked through, up to [`LoopsOptions::search_max`], and the greatest are kept.
///
/// # Definition
/// A loop is a sequence of L ≥ 2 different players v₁, …, v_L, each of whom sends something to the next and the last to
/// the first, given once, from the smallest id on. What is sent is a *leg*: one side of one edge. An investment sends what
/// it carries (cash, or equity for a warrant), a supply sends what it carries forward and cash back. The equity or debt
/// that comes back for the cash of an investment is its receipt and no leg. Parallel legs make one hop; they do not
/// multiply loops unless each choice of legs is asked for. Between two players, two edges of one kind and one direction
/// are one trade, and no loop, as is all that one of them puts into the other and gets for it.
///
/// A *near loop* of k ≥ 2 players lacks one leg: each of v₁, …, v_k sends something to the next, nothing is sent from v_k to
/// v₁, and an edge of any family ties the two, other than those of the loop; a leg from v_k to v₁ would close it. Rivals
/// are not tied. Its amount is that of the legs there are; in time, it begins with v₁.
///
/// Where all legs are stakes ([`Flow::Ownership`]), which investments for shares are then as well as stakes that are held,
/// amounts are shares of the capital, and that of the loop is their product.
///
/// The *circulating amount* is the least that any hop can carry: the interval minimum over the hops, each hop the sum of
/// its legs (totals never with their parts). A hop of which no amount is known
/// leaves the lower bound open. A leg without an amount, where parallel ones have one, adds nothing: the amount is that of
/// what is stated, and [`Loop::left_out`] names the rest. There is no amount where no hop has one, or where the hops do
/// not have exactly one currency in common. The *ratio* says how even the loop is: the least hop over the greatest.
///
/// A loop *respects time* within a window of Δ days if, from some hop on, legs can be chosen so that each begins no
/// earlier than the one before, and the last at most Δ days after the first. A leg whose beginning is not known to be on
/// or after a day cannot be placed in time and does not count then. That holds for whatever flows: the goods of an edge go
/// one way and their price the other, on one day.
///
/// # Types
/// See [`LoopType`].
///
/// # Significance
/// The number of cycles of each length, parallel legs as one hop, with the mean and the standard deviation over graphs
/// with the same degrees made by random swaps ([`rewire`](powermap_graph::rewire)), with z and the part of the
/// samples that have as many, in which the observation itself counts as one.
///
/// # Complexity
/// That of [`Cycles`](powermap_graph::Cycles), plus O(L log d) for each loop with hubs of degree d; of near loops, that of
/// [`Paths`](powermap_graph::Paths) for each pair of players who are tied. Memory does not grow with the number of loops
/// beyond those that are kept.
///
/// On made-up networks of 10⁵ and 10⁶ edges, the 1000 greatest loops of up to three players: 0.1 s and 1.2 s; the near ones
/// 0.2 s and 4.8 s (`cargo bench --bench analyses`, a machine of two cores with four times as much to do).
///
/// # References
/// D. B. Johnson, *Finding All the Elementary Circuits of a Directed Graph*, SIAM J. Comput. 4 (1975). A. Gupta and
/// T. Suzumura, *Finding All Bounded-Length Simple Cycles in a Directed Graph*, arXiv:2105.10094 (2021). J. Blanuša,
/// P. Ienne and K. Atasu, *Scalable Fine-Grained Parallel Cycle Enumeration Algorithms*, SPAA (2022), for loops in time.
/// S. Maslov and K. Sneppen, Science 296 (2002), for the null model.
///
/// # Errors
/// A length below 2, those of the network.
///
/// # Example
/// ```
/// use powermap::analysis::{LoopType, LoopsOptions, loops};
/// use powermap::Map;
/// use std::sync::atomic::AtomicBool;
/// let map = Map::built_in()?;
/// let through = vec![map.player("nvidia")?, map.player("openai")?];
/// let options = LoopsOptions { length_max: 2, through, ..LoopsOptions::default() };
/// let report = loops(&map.position()?, &options, &AtomicBool::new(false))?;
/// assert_eq!(report.loops[0].loop_type, LoopType::RoundTrip);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn loops(
    position: &Position,
    options: &LoopsOptions,
    cancel: &AtomicBool,
) -> Result<LoopsReport, AnalysisError> {
    let mut report = LoopsReport::default();
    let Some(leg_graph) = LegGraph::new(position, options)? else {
        return Ok(report);
    };
    report.nothing_flows = leg_graph.nothing_flows();
    let mut steps = 0;
    // The one with the least amount on top.
    let mut kept: BinaryHeap<Found<'_>> = BinaryHeap::new();
    let ending = leg_graph.for_each(options, cancel, |nodes, hops, first| {
        if report.seen == options.search_max {
            report.is_search_cut = true;
            return ControlFlow::Break(());
        }
        report.seen += 1;
        let found = Found::new(&leg_graph, nodes, hops, first);
        if kept.len() < options.loops_max && steps < STEPS_KEPT_MAX {
            steps += nodes.len();
            kept.push(found);
        } else {
            report.is_cut = true;
            if let Some(mut least) = kept.peek_mut()
                && found < *least
            {
                *least = found;
            }
        }
        ControlFlow::Continue(())
    });
    report.is_cancelled = ending == Ending::Cancelled;
    report.loops = kept.into_sorted_vec().iter().map(Found::describe).collect();
    Ok(report)
}

/// Calls `visit` with each loop as it is found, in constant memory, until it breaks.
///
/// The order is always the same, and has no meaning.
///
/// # Errors
/// As for [`loops`].
pub fn for_each_loop(
    position: &Position,
    options: &LoopsOptions,
    cancel: &AtomicBool,
    mut visit: impl FnMut(Loop) -> ControlFlow<()>,
) -> Result<Ending, AnalysisError> {
    let Some(leg_graph) = LegGraph::new(position, options)? else {
        return Ok(Ending::Complete);
    };
    Ok(leg_graph.for_each(options, cancel, |nodes, hops, first| {
        visit(Found::new(&leg_graph, nodes, hops, first).describe())
    }))
}

/// Counts loops by their number of players, without looking at amounts; on all threads unless there is a window, several
/// players that loops lead through, or a loop for each choice of legs.
///
/// # Errors
/// As for [`loops`].
pub fn count_loops(
    position: &Position,
    options: &LoopsOptions,
    cancel: &AtomicBool,
) -> Result<LengthCounts, AnalysisError> {
    let leg_graph = LegGraph::new(position, options)?;
    Ok(leg_graph.map_or(LengthCounts::none(), |legs| legs.count(options, cancel)))
}
