//! Simple cycles whose edges follow each other in time.
//!
//! For each first edge s → v at time t, a forward search from v finds the nodes reachable within the window, visiting each
//! edge once. Only if it comes back to s, a backward search from s finds for each node the latest time ℓ at which one can
//! leave it and still return. The walk over the nodes then takes a step at time τ to w only if τ < ℓ(w). It carries
//! *bundles*: for the nodes walked so far, all possible last edges at once, each with the number of ways to reach it. So
//! repeated edges between the same two nodes cost once for each hop, not once for each combination, and a cycle of nodes
//! closes with all its choices of edges.

mod walk;

use crate::cycles::{Ending, LengthCounts, broken};
use crate::error::GraphError;
use crate::graph::Graph;
use crate::temporal_cycles::walk::Walk;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::AtomicBool;

/// No edge.
const NONE: u32 = u32::MAX;

/// An edge; edges are ordered by source, then by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hop {
    time: i64,
    target: u32,
    /// The previous and the next edge with the same two ends.
    before: u32,
    after: u32,
    /// The first edge out of the target that is later.
    next: u32,
}

/// An index of a graph with times for the search of its time-respecting cycles: where did something return to its start,
/// step after step, within a window of time?
///
/// A time-respecting cycle is a sequence of edges e₁, …, e_L with L ≥ 2 that leads over L distinct nodes back to the
/// first, with t(e₁) < t(e₂) < … < t(e_L) and t(e_L) − t(e₁) ≤ Δ for a window Δ. Each choice among parallel edges is a
/// cycle of its own. It is reported once, from its earliest edge on. Self-loops are no cycles.
///
/// Times are integers in any unit; the window is in the same unit.
///
/// # Complexity
/// O(n + m) memory. Time for each first edge: O(the edges within reach in the window), plus the walks, which rarely fail
/// for small windows; in the worst case they are exponential, as the number of cycles is.
///
/// # References
/// R. Kumar and T. Calders, *2SCENT: an efficient algorithm to enumerate all simple temporal cycles*, PVLDB 11 (2018),
/// for the bundles of edges. J. Blanuša, P. Ienne and K. Atasu, *Scalable fine-grained parallel cycle enumeration
/// algorithms*, SPAA (2022).
///
/// # Example
/// ```
/// use powermap_graph::{Graph, TemporalCycles};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(2, &[0, 1, 1], &[1, 0, 0])?;
/// let cycles = TemporalCycles::new(&graph, &[10, 12, 30], |_| true)?;
/// let never = AtomicBool::new(false);
/// assert_eq!(cycles.count(5, u32::MAX, &never).total(), 1);
/// assert_eq!(cycles.count(20, u32::MAX, &never).total(), 2);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemporalCycles {
    offsets: Box<[u32]>,
    hops: Box<[Hop]>,
    /// The id of each edge in the graph.
    ids: Box<[u32]>,
    sources: Box<[u32]>,
    in_offsets: Box<[u32]>,
    /// The edges into each node by time.
    into: Box<[u32]>,
}

impl TemporalCycles {
    /// Indexes the edges of a graph for which `keep` holds, with a time for each edge of the graph, by edge id.
    ///
    /// # Errors
    /// [`GraphError::Times`] unless there is one time for each edge.
    ///
    /// # Complexity
    /// O(n + m log m) time, 36 bytes for each edge.
    pub fn new(
        graph: &Graph,
        times: &[i64],
        keep: impl Fn(u32) -> bool,
    ) -> Result<Self, GraphError> {
        if times.len() != graph.edge_count() as usize {
            return Err(GraphError::Times {
                edges: graph.edge_count(),
                times: times.len(),
            });
        }
        let n = graph.node_count();
        let mut offsets = Vec::with_capacity(n as usize + 1);
        let mut ids: Vec<u32> = Vec::with_capacity(times.len());
        let mut sources = Vec::with_capacity(times.len());
        offsets.push(0);
        for source in 0..n {
            let start = ids.len();
            let edges = graph.out_edges(source).zip(graph.targets_of(source));
            ids.extend(
                edges
                    .filter(|(edge, target)| **target != source && keep(*edge))
                    .map(|(edge, _)| edge),
            );
            ids[start..].sort_by_key(|edge| times[*edge as usize]);
            sources.resize(ids.len(), source);
            offsets.push(ids.len() as u32);
        }
        let mut hops: Vec<Hop> = ids
            .iter()
            .map(|edge| Hop {
                time: times[*edge as usize],
                target: graph.target(*edge),
                before: NONE,
                after: NONE,
                next: NONE,
            })
            .collect();
        chain(&offsets, &mut hops);
        let (in_offsets, into) = into(n, &hops);
        Ok(Self {
            offsets: offsets.into(),
            hops: hops.into(),
            ids: ids.into(),
            sources: sources.into(),
            in_offsets,
            into,
        })
    }

    /// Counts the cycles within a window that have at most `length_max` edges, by length; on one thread.
    ///
    /// A count that overflows stays at [`u64::MAX`]. If `cancel` becomes true, the search ends soon and returns the counts
    /// so far.
    pub fn count(&self, window: u64, length_max: u32, cancel: &AtomicBool) -> LengthCounts {
        let mut by_length: Vec<u64> = Vec::new();
        let ending = self.search(window, length_max, cancel, |walk, closing| {
            let length = walk.length();
            if by_length.len() <= length {
                by_length.resize(length + 1, 0);
            }
            let ways = walk.ways(closing);
            by_length[length] = by_length[length].saturating_add(ways);
            ControlFlow::Continue(())
        });
        LengthCounts { by_length, ending }
    }

    /// Calls `visit` with each cycle within a window that has at most `length_max` edges, as the ids of its edges from the
    /// earliest on, until it breaks; on one thread.
    ///
    /// The order of the cycles is unspecified, but the same in every run.
    pub fn for_each(
        &self,
        window: u64,
        length_max: u32,
        cancel: &AtomicBool,
        mut visit: impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Ending {
        let mut cycle = Vec::new();
        let mut places = Vec::new();
        self.search(window, length_max, cancel, |walk, closing| {
            walk.expand(closing, &mut cycle, &mut places, &mut visit)
        })
    }

    fn search(
        &self,
        window: u64,
        length_max: u32,
        cancel: &AtomicBool,
        mut close: impl FnMut(&Walk, u32) -> ControlFlow<()>,
    ) -> Ending {
        let mut walk = Walk::new(self, length_max, cancel);
        for root in 0..self.offsets.len() as u32 - 1 {
            if walk.root(root, window, &mut close).is_break() {
                return broken(cancel);
            }
        }
        Ending::Complete
    }

    fn out(&self, node: u32) -> Range<u32> {
        self.offsets[node as usize]..self.offsets[node as usize + 1]
    }

    fn edges_into(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.into[self.in_offsets[node] as usize..self.in_offsets[node + 1] as usize]
    }
}

/// Links the edges with the same ends, and each edge to those that can follow it.
fn chain(offsets: &[u32], hops: &mut [Hop]) {
    let mut last = vec![NONE; offsets.len() - 1];
    for bounds in offsets.windows(2) {
        for at in bounds[0]..bounds[1] {
            let hop = hops[at as usize];
            let before = last[hop.target as usize];
            // An entry of another source lies before this range.
            if before != NONE && before >= bounds[0] {
                hops[at as usize].before = before;
                hops[before as usize].after = at;
            }
            last[hop.target as usize] = at;
            let out = offsets[hop.target as usize]..offsets[hop.target as usize + 1];
            let next = hops[out.start as usize..out.end as usize]
                .partition_point(|other| other.time <= hop.time);
            hops[at as usize].next = out.start + next as u32;
        }
    }
}

/// Sorts the edges into each node by time.
fn into(node_count: u32, hops: &[Hop]) -> (Box<[u32]>, Box<[u32]>) {
    let mut offsets = vec![0_u32; node_count as usize + 1].into_boxed_slice();
    for hop in hops {
        offsets[hop.target as usize + 1] += 1;
    }
    for at in 1..offsets.len() {
        offsets[at] += offsets[at - 1];
    }
    let mut next = offsets.clone();
    let mut into = vec![0; hops.len()].into_boxed_slice();
    for (edge, hop) in hops.iter().enumerate() {
        let place = &mut next[hop.target as usize];
        into[*place as usize] = edge as u32;
        *place += 1;
    }
    for bounds in offsets.windows(2) {
        into[bounds[0] as usize..bounds[1] as usize].sort_by_key(|edge| hops[*edge as usize].time);
    }
    (offsets, into)
}
