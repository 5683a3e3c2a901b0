//! Loops: where does the money go round?
//!
//! # Definition
//! A loop is a sequence of L ≥ 2 different players v₁, …, v_L, each of whom sends something to the next and the last to
//! the first, told once, from the smallest id on. What is sent is a *leg*: one side of one edge. An investment sends what
//! it carries (cash, or equity for a warrant), a supply sends what it carries forward and cash back. The equity or debt
//! that comes back for the cash of an investment is its receipt and no leg. Parallel legs make one hop; they do not
//! multiply loops unless each choice of legs is asked for. Between two players, two edges of one kind and one direction
//! are one trade, and no loop.
//!
//! The *circulating amount* is the least that any hop can carry: the interval minimum over the hops, each hop the sum of
//! its legs (totals never with their parts, see [`amount`](crate::analysis::amount)). A hop of which no amount is known
//! leaves the lower bound open, and the amount is unknown where no hop has one or where the hops have no currency in
//! common. The *ratio* says how even the loop is: the least hop over the greatest.
//!
//! A loop *respects time* within a window of Δ days if, from some hop on, legs can be chosen so that each begins no
//! earlier than the one before, and the last at most Δ days after the first. A leg whose beginning is not known to be on
//! or after a day cannot be placed in time and does not count then.
//!
//! # Types
//! See [`LoopType`]; the rule stands in one place, [`LoopType::of`](LoopType).
//!
//! # Significance
//! The number of loops of each length, beside the mean and the standard deviation over graphs with the same degrees made
//! by random swaps ([`rewire`](crate::network::rewire::rewire)), with z and the part of the samples that have as many, in
//! which the observation itself counts as one.
//!
//! # Complexity
//! That of [`cycles`](crate::network::cycles), plus O(L log d) for each loop with hubs of degree d. Memory does not grow
//! with the number of loops beyond those that are kept.
//!
//! On made-up networks of 10⁵, 10⁶ and 10⁷ edges, the first 1000 loops of up to three players: 12 ms, 0.11 s and 2.0 s
//! (`cargo bench --bench analyses`, two busy cores).
//!
//! # References
//! D. B. Johnson, *Finding All the Elementary Circuits of a Directed Graph*, SIAM J. Comput. 4 (1975). A. Gupta and
//! T. Suzumura, *Finding All Bounded-Length Simple Cycles in a Directed Graph*, arXiv:2105.10094 (2021). J. Blanuša,
//! P. Ienne and K. Atasu, *Scalable Fine-Grained Parallel Cycle Enumeration Algorithms*, SPAA (2022), for loops in time.
//! S. Maslov and K. Sneppen, Science 296 (2002), for the null model.

mod entry;
mod ground;
mod kind;
mod significance;
mod timing;

pub use entry::ANALYSIS;
pub use kind::LoopType;
pub use significance::{Significance, significance};

use crate::analysis::error::AnalysisError;
use crate::analysis::loops::ground::Ground;
use crate::analysis::position::Position;
use crate::model::name::Flow;
use crate::model::quantity::Quantity;
use crate::network::cycles::{Counts, Ending};
use oxigraph::model::NamedNode;
use std::cmp::Ordering;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

/// Which loops to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The most players of a loop, from 2.
    pub length_max: u32,
    /// Only loops through all of these.
    pub through: Vec<NamedNode>,
    /// What may flow along a leg; anything if empty.
    pub flows: Vec<Flow>,
    /// Only loops that respect time within so many days.
    pub window: Option<u32>,
    /// One loop for each choice of legs.
    pub each_edge: bool,
    /// The most loops that are kept.
    pub loops_max: usize,
    /// Keep those with the greatest circulating amount rather than the first that are found.
    pub greatest: bool,
}

impl Default for Options {
    /// Loops of cash and equity of up to three players.
    fn default() -> Self {
        Self {
            length_max: 3,
            through: Vec::new(),
            flows: vec![Flow::Cash, Flow::Equity],
            window: None,
            each_edge: false,
            loops_max: 1000,
            greatest: false,
        }
    }
}

/// A hop of a loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The player it leaves.
    pub from: NamedNode,
    /// The player it comes to.
    pub to: NamedNode,
    /// The edges whose legs make it, sorted.
    pub edges: Vec<NamedNode>,
}

/// A loop.
#[derive(Debug, Clone, PartialEq)]
pub struct Loop {
    /// The hops, from the smallest id on; in time, from the earliest leg on.
    pub hops: Vec<Hop>,
    /// What can go round; nothing where no hop has an amount, or they have no currency in common.
    pub circulating: Option<Quantity>,
    /// The bounds of the least hop over the greatest.
    pub ratio: Option<(f64, f64)>,
    /// What it is.
    pub loop_type: LoopType,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The loops: by falling amount if the greatest were asked for, else the shorter first and then by falling amount.
    pub loops: Vec<Loop>,
    /// How many loops were seen until the search ended.
    pub seen: u64,
    /// Whether loops were seen that are not kept, or the search ended at the limit.
    pub is_cut: bool,
    /// Whether the caller asked to stop before the search had ended.
    pub is_cancelled: bool,
}

/// Finds loops; see the [module](self) for the definition.
///
/// With [`Options::greatest`] all loops are seen and the best are kept; otherwise the search ends with the first loop
/// that is one too many.
///
/// # Errors
/// A length below 2, those of the network.
///
/// # Example
/// ```
/// use powermap::analysis::loops::{LoopType, Options, loops};
/// use powermap::map::Map;
/// use std::sync::atomic::AtomicBool;
/// let map = Map::built_in()?;
/// let through = vec![map.player("nvidia")?, map.player("openai")?];
/// let options = Options { length_max: 2, through, ..Options::default() };
/// let report = loops(&map.position(), &options, &AtomicBool::new(false))?;
/// assert_eq!(report.loops[0].loop_type, LoopType::RoundTrip);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn loops(
    position: &Position,
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Report, AnalysisError> {
    let mut report = Report::default();
    let mut kept: Vec<Loop> = Vec::new();
    let ending = for_each(position, options, cancel, |found| {
        report.seen += 1;
        if kept.len() < options.loops_max {
            kept.push(found);
            return ControlFlow::Continue(());
        }
        report.is_cut = true;
        if !options.greatest {
            return ControlFlow::Break(());
        }
        // Kept in order, so that the least is the last; most loops are not better than it.
        if kept.is_sorted_by(|a, b| by_amount(a, b).is_le()) || {
            kept.sort_by(by_amount);
            true
        } {
            let place = kept.partition_point(|other| by_amount(other, &found).is_le());
            if place < kept.len() {
                kept.pop();
                kept.insert(place, found);
            }
        }
        ControlFlow::Continue(())
    })?;
    report.is_cancelled = ending == Ending::Cancelled;
    if options.greatest {
        kept.sort_by(by_amount);
    } else {
        kept.sort_by(|a, b| {
            a.hops
                .len()
                .cmp(&b.hops.len())
                .then_with(|| by_amount(a, b))
        });
    }
    report.loops = kept;
    Ok(report)
}

/// Tells each loop as it is found, in constant memory, until `visit` breaks.
///
/// The order is always the same, and has no meaning.
///
/// # Errors
/// As for [`loops`].
pub fn for_each(
    position: &Position,
    options: &Options,
    cancel: &AtomicBool,
    visit: impl FnMut(Loop) -> ControlFlow<()>,
) -> Result<Ending, AnalysisError> {
    match Ground::new(position, options)? {
        Some(ground) => Ok(ground.for_each(options, cancel, visit)),
        None => Ok(Ending::Complete),
    }
}

/// Counts cycles of legs by their number of players, on all threads, without looking at amounts or times. A cycle of two
/// players who only trade one way is counted here and no loop.
///
/// # Errors
/// As for [`loops`].
pub fn count(
    position: &Position,
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Counts, AnalysisError> {
    let none = Counts {
        by_length: Vec::new(),
        ending: Ending::Complete,
    };
    Ok(Ground::new(position, options)?.map_or(none, |ground| ground.count(options, cancel)))
}

/// The greatest amount first: by what can go round at most, then at least, then by the players.
fn by_amount(a: &Loop, b: &Loop) -> Ordering {
    let key = |found: &Loop| match &found.circulating {
        // What nobody bounds says less than any amount.
        Some(q) => (q.upper.unwrap_or(0.0), q.lower.unwrap_or(0.0)),
        None => (-1.0, -1.0),
    };
    let (left, right) = (key(a), key(b));
    let names = |found: &Loop| {
        found
            .hops
            .iter()
            .map(|hop| hop.from.clone())
            .collect::<Vec<_>>()
    };
    let edges = |found: &Loop| {
        found
            .hops
            .iter()
            .map(|hop| hop.edges.clone())
            .collect::<Vec<_>>()
    };
    right
        .0
        .total_cmp(&left.0)
        .then_with(|| right.1.total_cmp(&left.1))
        .then_with(|| names(a).cmp(&names(b)))
        .then_with(|| edges(a).cmp(&edges(b)))
}
