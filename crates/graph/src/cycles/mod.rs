//! Simple directed cycles of bounded length.
//!
//! Nodes are renamed by falling degree, after all nodes that lie on no cycle have been peeled off. Each cycle is found
//! from its lowest name, its *root* r, in the graph of the names above r. In that graph, let B be the nodes with a hop to
//! r. For a node v, the nodes of R(v) = N⁺(v) ∩ B close a path to v after two more hops: all of them at once, without a
//! walk to each. The walk from r goes from v to w only if a breadth-first search back from B says that the way from w over
//! R to r fits into the remaining length, and the useful neighbours of v are listed once for each root, the nearest to r
//! first. So the innermost loop meets nothing but cycles, except for nodes that are on the path already.

pub(crate) mod local;
mod parallel;
pub(crate) mod sink;

use crate::cycles::local::{CycleScope, Search};
use crate::cycles::sink::{Counter, Stream};
use crate::graph::Graph;
use crate::hops::Hops;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// An index of a graph for the search of its simple cycles of bounded length: along which closed routes can something
/// return to its start?
///
/// A cycle of length L is a sequence of L ≥ 2 distinct nodes v₁ → v₂ → … → v_L → v₁. It is reported once, from its
/// smallest node on. Parallel edges are one hop and do not multiply cycles ([`Graph::edges_between`] lists them);
/// self-loops are no cycles.
///
/// # Complexity
/// O(n + m) memory for n nodes and m hops, whatever the number of cycles. Time: O(n + m) for each start node plus the
/// walks. Walks are pruned by the distance back to the start, but one that passes can still fail because the way back
/// crosses its own path; so the time is O((n + m)(c + 1)) for lengths k ≤ 4, with c the number of cycles, and exponential
/// in k in the worst case, as c is.
///
/// # References
/// D. B. Johnson, *Finding all the elementary circuits of a directed graph*, SIAM J. Comput. 4 (1975). A. Gupta and
/// T. Suzumura, *Finding all bounded-length simple cycles in a directed graph*, arXiv:2105.10094 (2021). N. Chiba and
/// T. Nishizeki, *Arboricity and subgraph listing algorithms*, SIAM J. Comput. 14 (1985), for the order of start nodes.
///
/// # Example
/// ```
/// use powermap_graph::{Cycles, Ending, Graph};
/// use std::{ops::ControlFlow, sync::atomic::AtomicBool};
///
/// // 0 ⇄ 1 → 2 → 0, and a second edge from 1 to 2.
/// let (graph, _) = Graph::from_edges(3, &[0, 1, 1, 1, 2], &[1, 0, 2, 2, 0])?;
/// let cycles = Cycles::new(&graph, |_| true, None);
/// let never = AtomicBool::new(false);
/// let mut found = Vec::new();
/// let ending = cycles.for_each(8, &never, |cycle| {
///     found.push(cycle.to_vec());
///     ControlFlow::Continue(())
/// });
/// assert_eq!(ending, Ending::Complete);
/// assert_eq!(found, [vec![0, 1], vec![0, 1, 2]]);
/// assert_eq!(cycles.count(8, &never).by_length, [0, 0, 1, 1]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycles {
    hops: Hops,
}

/// The reason why a search of cycles or paths ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The search found everything.
    Complete,
    /// The visitor returned [`ControlFlow::Break`].
    Stopped,
    /// The `cancel` flag was set.
    Cancelled,
}

/// The numbers of cycles or paths by length.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LengthCounts {
    /// The number of cycles or paths of each length, by length from 0 to the greatest found.
    pub by_length: Vec<u64>,
    /// Says whether the counts are complete.
    pub ending: Ending,
}

impl LengthCounts {
    /// Returns complete counts of nothing.
    pub fn none() -> Self {
        Self {
            by_length: Vec::new(),
            ending: Ending::Complete,
        }
    }

    /// Adds one cycle or path of a length.
    pub fn count_one(&mut self, length: usize) {
        if self.by_length.len() <= length {
            self.by_length.resize(length + 1, 0);
        }
        self.by_length[length] += 1;
    }

    /// Returns the number of cycles or paths of any length.
    pub fn total(&self) -> u64 {
        self.by_length.iter().sum()
    }
}

impl Cycles {
    /// Indexes the edges of a graph for which `keep` holds; with `through`, only for cycles that contain at least one of
    /// these nodes.
    ///
    /// `keep` is called at most once for each edge id. A node that the graph does not have is on no cycle.
    ///
    /// O(n + m) time and memory.
    pub fn new(graph: &Graph, keep: impl Fn(u32) -> bool, through: Option<&[u32]>) -> Self {
        Self {
            hops: Hops::new(graph, keep, through),
        }
    }

    /// Counts the cycles of 2 to `length_max` nodes, on one thread.
    ///
    /// If `cancel` becomes true, the search ends soon and returns the counts so far.
    pub fn count(&self, length_max: u32, cancel: &AtomicBool) -> LengthCounts {
        let mut counter = Counter::default();
        let ending = self.search(length_max, cancel, &mut counter);
        counter.counts(ending)
    }

    /// Calls `visit` with each cycle of 2 to `length_max` nodes, as its nodes from the smallest on, until it breaks; on
    /// one thread.
    ///
    /// The order of the cycles is unspecified, but the same in every run.
    pub fn for_each(
        &self,
        length_max: u32,
        cancel: &AtomicBool,
        visit: impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Ending {
        let mut stream = Stream::new(&self.hops.nodes, visit);
        self.search(length_max, cancel, &mut stream)
    }

    fn scope(&self, root: u32) -> CycleScope<'_> {
        CycleScope {
            hops: &self.hops,
            root,
        }
    }

    fn search(&self, length_max: u32, cancel: &AtomicBool, sink: &mut impl sink::Sink) -> Ending {
        let mut search = Search::new(self.hops.nodes.len(), length_max, cancel);
        for root in 0..self.hops.root_count {
            if search.run(self.scope(root), sink).is_break() {
                return broken(cancel);
            }
        }
        Ending::Complete
    }
}

/// Returns why a search broke off.
pub(crate) fn broken(cancel: &AtomicBool) -> Ending {
    if cancel.load(Ordering::Relaxed) {
        Ending::Cancelled
    } else {
        Ending::Stopped
    }
}
