//! Simple directed cycles of bounded length: where things go round.
//!
//! A cycle of length L is a sequence of L ≥ 2 different nodes v₁ → v₂ → … → v_L → v₁. It is told once, from its
//! smallest node on. Parallel edges are legs of one hop and do not multiply cycles
//! ([`legs`](crate::hops::legs) gives them); loops from a node to itself are no cycles.
//!
//! # Method
//! Nodes are renamed by falling degree, after all that lies on no cycle has been peeled off. Each cycle is found from
//! its lowest name, its *root* r, in the graph of the names above r. In that graph, let B be the nodes with a hop to r.
//! For a node v, R(v) = N⁺(v) ∩ B are the nodes that close a path to v two hops on: all of them at once, without a walk
//! to each. The walk from r goes from v to w only if a breadth-first search back from B says that the way from w over
//! R to r fits into the length that is left, and the neighbours of v that can be of use are listed once for each root,
//! the nearest to r first. So the innermost loop has nothing but cycles in it, save for nodes that stand on the path
//! already.
//!
//! # Complexity
//! Memory: O(n + m) for n nodes and m hops, whatever the number of cycles. Time: O(n + m) for each root plus the walks;
//! a walk that passes the test of distance can still fail because the way back crosses its own path, so the bound is
//! O((n + m)(c + 1)) only for k ≤ 4, with c the number of cycles; longer bounds are exponential in the worst case, as
//! the number of cycles is.
//!
//! # References
//! D. B. Johnson, *Finding all the elementary circuits of a directed graph*, SIAM J. Comput. 4 (1975). A. Gupta and
//! T. Suzumura, *Finding all bounded-length simple cycles in a directed graph*, arXiv:2105.10094 (2021). N. Chiba and
//! T. Nishizeki, *Arboricity and subgraph listing algorithms*, SIAM J. Comput. 14 (1985), for the order of roots.

pub(crate) mod local;
mod parallel;
pub(crate) mod sink;

use crate::cycles::local::{Above, Search};
use crate::cycles::sink::{Counter, Stream};
use crate::graph::Graph;
use crate::hops::Hops;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// A graph made ready for searches of its cycles.
///
/// ```
/// use powermap_graph::{cycles::{Cycles, Ending}, graph::Graph};
/// use std::{ops::ControlFlow, sync::atomic::AtomicBool};
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
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycles {
    hops: Hops,
}

/// How a search came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All was told.
    Complete,
    /// The receiver wanted no more.
    Stopped,
    /// The flag was raised.
    Cancelled,
}

/// How many cycles there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The number of cycles by their length; lengths above the longest found are left out.
    pub by_length: Vec<u64>,
    /// Whether these are all.
    pub ending: Ending,
}

impl Counts {
    /// Returns counts of nothing, complete.
    pub fn none() -> Self {
        Self {
            by_length: Vec::new(),
            ending: Ending::Complete,
        }
    }

    /// Counts one more cycle of a length.
    pub fn count_one(&mut self, length: usize) {
        if self.by_length.len() <= length {
            self.by_length.resize(length + 1, 0);
        }
        self.by_length[length] += 1;
    }

    /// The number of cycles of any length.
    pub fn total(&self) -> u64 {
        self.by_length.iter().sum()
    }
}

impl Cycles {
    /// Takes the edges of a graph for which `keep` holds; with `through`, only cycles with at least one of these nodes
    /// are looked for.
    ///
    /// `keep` is asked about an edge id at most once. Nodes that are not in the graph are on no cycle.
    ///
    /// Time and memory: O(n + m).
    pub fn new(graph: &Graph, keep: impl Fn(u32) -> bool, through: Option<&[u32]>) -> Self {
        Self {
            hops: Hops::new(graph, keep, through),
        }
    }

    /// Counts the cycles of 2 to `length_max` nodes, on one thread.
    ///
    /// When `cancel` becomes true, the search ends soon and the counts are of what it had found until then.
    pub fn count(&self, length_max: u32, cancel: &AtomicBool) -> Counts {
        let mut counter = Counter::default();
        let ending = self.search(length_max, cancel, &mut counter);
        counter.counts(ending)
    }

    /// Tells the cycles of 2 to `length_max` nodes, each from its smallest node on, until `visit` breaks; on one
    /// thread.
    ///
    /// The order is always the same, and has no meaning.
    pub fn for_each(
        &self,
        length_max: u32,
        cancel: &AtomicBool,
        visit: impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Ending {
        let mut stream = Stream::new(&self.hops.nodes, visit);
        self.search(length_max, cancel, &mut stream)
    }

    fn above(&self, root: u32) -> Above<'_> {
        Above {
            hops: &self.hops,
            root,
        }
    }

    fn search(&self, length_max: u32, cancel: &AtomicBool, sink: &mut impl sink::Sink) -> Ending {
        let mut search = Search::new(self.hops.nodes.len(), length_max, cancel);
        for root in 0..self.hops.root_count {
            if search.run(self.above(root), sink).is_break() {
                return broken(cancel);
            }
        }
        Ending::Complete
    }
}

/// Why a search broke off.
pub(crate) fn broken(cancel: &AtomicBool) -> Ending {
    if cancel.load(Ordering::Relaxed) {
        Ending::Cancelled
    } else {
        Ending::Stopped
    }
}
