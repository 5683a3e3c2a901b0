//! Simple paths of bounded length between two nodes.
//!
//! Joining s and t into one node turns paths into cycles through it, so the search is the one of
//! [`cycles`](crate::cycles): a search back from t marks each node with the least number of hops, of two or more, that a
//! path needs from there; for each node that the walk meets, the neighbours that can still reach t are listed once, the
//! nearest first; and the last two hops are taken for all middle nodes at once.

use crate::cycles::local::{PathScope, Search};
use crate::cycles::sink::{Counter, ON_PATH, Sink};
use crate::cycles::{Ending, LengthCounts, broken};
use crate::graph::Graph;
use crate::hops::Lists;
use rayon::prelude::*;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

/// An index of a graph for the search of its simple paths of bounded length: by which routes does one node reach another?
///
/// A path of length L is a sequence of distinct nodes s = v₀ → v₁ → … → v_L = t with 1 ≤ L ≤ k, the bound `length_max`.
/// Parallel edges are one hop and do not multiply paths ([`Graph::edges_between`] lists them). There is no path from a
/// node to itself; [`Cycles`](crate::Cycles) finds the ways back to a node.
///
/// # Complexity
/// O(n + m) memory, whatever the number of paths. Time: O(n + m) for each pair plus the walks; for k ≤ 4,
/// O((n + m)(c + 1)) in all with c the number of paths, and in the worst case exponential in k, as c is.
///
/// # Reference
/// S. Sun, Y. Chen, B. He and B. Hooi, *PathEnum: towards real-time hop-constrained s-t path enumeration*, SIGMOD
/// (2021), for the light-weight index by the distance to t.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, Paths};
/// use std::{ops::ControlFlow, sync::atomic::AtomicBool};
///
/// let (graph, _) = Graph::from_edges(3, &[0, 0, 1, 1], &[1, 2, 2, 2])?;
/// let paths = Paths::new(&graph, |_| true);
/// let never = AtomicBool::new(false);
/// let mut found = Vec::new();
/// paths.for_each(0, 2, 5, &never, |path| {
///     found.push(path.to_vec());
///     ControlFlow::Continue(())
/// });
/// assert_eq!(found, [vec![0, 2], vec![0, 1, 2]]);
/// assert_eq!(paths.count(0, 2, 5, &never).by_length, [0, 1, 1]);
/// assert_eq!(paths.count_pairs(&[(0, 2), (1, 2)], 5, &never)[1].total(), 1);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    out: Lists,
    into: Lists,
}

impl Paths {
    /// Indexes the edges of a graph for which `keep` holds; `keep` is called at most once for each edge id.
    ///
    /// O(n + m) time and memory.
    pub fn new(graph: &Graph, keep: impl Fn(u32) -> bool) -> Self {
        let out = Lists::targets(graph, keep);
        let into = out.reversed();
        Self { out, into }
    }

    /// Counts the paths of at most `length_max` hops, by number of hops, on one thread.
    ///
    /// A node that the graph does not have is on no path. If `cancel` becomes true, the search ends soon and returns the
    /// counts so far.
    pub fn count(
        &self,
        source: u32,
        target: u32,
        length_max: u32,
        cancel: &AtomicBool,
    ) -> LengthCounts {
        let mut counter = Counter::default();
        if self.next_to(source, target) && length_max > 0 {
            counter.count_one(1);
        }
        let ending = self.search(source, target, length_max, cancel, &mut counter);
        counter.counts(ending)
    }

    /// Counts the paths of each pair of source and target as [`Paths::count`] does, on the threads of the current rayon
    /// pool; returns the counts in the order of the pairs.
    pub fn count_pairs(
        &self,
        pairs: &[(u32, u32)],
        length_max: u32,
        cancel: &AtomicBool,
    ) -> Vec<LengthCounts> {
        let memory = || Search::new(self.out.node_count() as usize, length_max, cancel);
        pairs
            .par_iter()
            .map_init(memory, |search, (source, target)| {
                let mut counter = Counter::default();
                if self.next_to(*source, *target) && length_max > 0 {
                    counter.count_one(1);
                }
                let ending = self.search_in(search, *source, *target, cancel, &mut counter);
                counter.counts(ending)
            })
            .collect()
    }

    /// Calls `visit` with each path of at most `length_max` hops, as its nodes from `source` to `target`, until it breaks.
    ///
    /// The order of the paths is unspecified, but the same in every run.
    pub fn for_each(
        &self,
        source: u32,
        target: u32,
        length_max: u32,
        cancel: &AtomicBool,
        mut visit: impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Ending {
        if self.next_to(source, target) && length_max > 0 && visit(&[source, target]).is_break() {
            return broken(cancel);
        }
        let mut stream = PathStream {
            target,
            visit,
            path: Vec::new(),
        };
        self.search(source, target, length_max, cancel, &mut stream)
    }

    /// Calls `visit` with each path of each pair of source and target as [`Paths::for_each`] does, pair after pair, with
    /// memory that is set up once.
    pub fn for_each_of_pairs(
        &self,
        pairs: &[(u32, u32)],
        length_max: u32,
        cancel: &AtomicBool,
        mut visit: impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Ending {
        let mut search = Search::new(self.out.node_count() as usize, length_max, cancel);
        for (source, target) in pairs {
            let is_next = length_max > 0 && self.next_to(*source, *target);
            if is_next && visit(&[*source, *target]).is_break() {
                return broken(cancel);
            }
            let mut stream = PathStream {
                target: *target,
                visit: &mut visit,
                path: Vec::new(),
            };
            let ending = self.search_in(&mut search, *source, *target, cancel, &mut stream);
            if ending != Ending::Complete {
                return ending;
            }
        }
        Ending::Complete
    }

    fn is_pair(&self, source: u32, target: u32) -> bool {
        source != target && source.max(target) < self.out.node_count()
    }

    fn next_to(&self, source: u32, target: u32) -> bool {
        self.is_pair(source, target) && self.out.of(source).binary_search(&target).is_ok()
    }

    fn search(
        &self,
        source: u32,
        target: u32,
        length_max: u32,
        cancel: &AtomicBool,
        sink: &mut impl Sink,
    ) -> Ending {
        if !self.is_pair(source, target) {
            return Ending::Complete;
        }
        let mut search = Search::new(self.out.node_count() as usize, length_max, cancel);
        self.search_in(&mut search, source, target, cancel, sink)
    }

    /// Searches with reused memory.
    fn search_in(
        &self,
        search: &mut Search<'_>,
        source: u32,
        target: u32,
        cancel: &AtomicBool,
        sink: &mut impl Sink,
    ) -> Ending {
        if !self.is_pair(source, target) {
            return Ending::Complete;
        }
        let scope = PathScope {
            out: &self.out,
            into: &self.into,
            source,
            target,
        };
        if search.run(scope, sink).is_break() {
            broken(cancel)
        } else {
            Ending::Complete
        }
    }
}

/// Passes each path on with its end.
struct PathStream<F> {
    target: u32,
    visit: F,
    path: Vec<u32>,
}

impl<F: FnMut(&[u32]) -> ControlFlow<()>> Sink for PathStream<F> {
    #[inline]
    fn take(&mut self, path: &[u32], last: &[u32], marks: &[u8]) -> ControlFlow<()> {
        let gap = path.len();
        self.path.clear();
        self.path.extend_from_slice(path);
        self.path.extend([0, self.target]);
        for node in last {
            if marks[*node as usize] < ON_PATH {
                self.path[gap] = *node;
                (self.visit)(&self.path)?;
            }
        }
        ControlFlow::Continue(())
    }
}
