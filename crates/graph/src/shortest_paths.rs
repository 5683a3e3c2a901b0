//! Weighted distances from one node, by Dijkstra's algorithm.

use crate::error::{GraphError, check_cancelled, check_start};
use crate::error::{check_weight_count, check_weights};
use crate::graph::Graph;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::atomic::AtomicBool;

/// The distance of a node that the start does not reach, in the result of [`shortest_distances_u32`].
pub const UNREACHED_DISTANCE: u64 = u64::MAX;

/// Nodes settled between two checks of the cancel flag.
const POLL: u32 = 1 << 14;

/// Returns the distance from one node to each node along the edges, by node, for integer weights.
///
/// Weights are by edge id; the weight of a path is the sum of the weights of its edges. Distances are exact: 2³² edges of
/// the greatest weight fit into 64 bits. The distance of a node without a path is [`UNREACHED_DISTANCE`].
///
/// # Errors
/// A start that the graph does not have, not one weight for each edge, or cancelled.
///
/// # Complexity
/// O(n + m) time for weights below 4096, with a bucket for each open distance; otherwise O(m + n·log C) for the greatest
/// distance C, with a radix heap. O(n + m) space in the worst case, for outdated queue entries.
///
/// # References
/// Dial, *Algorithm 360: Shortest-Path Forest with Topological Ordering*, CACM 1969. Ahuja, Mehlhorn, Orlin and Tarjan,
/// *Faster Algorithms for the Shortest Path Problem*, JACM 1990.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, UNREACHED_DISTANCE, shortest_distances_u32};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(4, &[0, 0, 1], &[1, 2, 2])?;
/// let distances = shortest_distances_u32(&graph, 0, &[2, 7, 3], &AtomicBool::new(false))?;
/// assert_eq!(distances, [0, 2, 5, UNREACHED_DISTANCE]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn shortest_distances_u32(
    graph: &Graph,
    start: u32,
    weights: &[u32],
    cancel: &AtomicBool,
) -> Result<Vec<u64>, GraphError> {
    check_start(start, graph.node_count())?;
    check_weight_count(weights.len(), graph.edge_count())?;
    let greatest = weights.iter().copied().max().unwrap_or(0);
    // No path is longer than one edge of the greatest weight to each other node. Distances of 32 bits take half the
    // memory, and so much of the time, since the search is bound by memory.
    if u64::from(greatest) * u64::from(graph.node_count()) < u64::from(u32::MAX) {
        let short: Vec<u32> = if (greatest as usize) < Buckets::LIMIT {
            settle(graph, start, weights, Buckets::new(greatest), cancel)?
        } else {
            settle(graph, start, weights, RadixHeap::new(), cancel)?
        };
        let widen = |d| {
            if d == u32::MAX {
                UNREACHED_DISTANCE
            } else {
                u64::from(d)
            }
        };
        Ok(short.into_iter().map(widen).collect())
    } else if (greatest as usize) < Buckets::LIMIT {
        settle(graph, start, weights, Buckets::new(greatest), cancel)
    } else {
        settle(graph, start, weights, RadixHeap::new(), cancel)
    }
}

/// An integer type for distances.
trait Distance: Copy + Ord {
    const ZERO: Self;
    const UNREACHED: Self;
    fn plus(self, weight: u32) -> Self;
    fn low_bits(self) -> usize;
    /// Returns the position of the highest bit in which two distances differ, counted from 1; 0 if they are equal.
    fn highest_difference(self, other: Self) -> usize;
}

impl Distance for u32 {
    const ZERO: Self = 0;
    const UNREACHED: Self = Self::MAX;
    #[inline]
    fn plus(self, weight: u32) -> Self {
        self + weight
    }
    #[inline]
    fn low_bits(self) -> usize {
        self as usize
    }
    #[inline]
    fn highest_difference(self, other: Self) -> usize {
        (Self::BITS - (self ^ other).leading_zeros()) as usize
    }
}

impl Distance for u64 {
    const ZERO: Self = 0;
    const UNREACHED: Self = Self::MAX;
    #[inline]
    fn plus(self, weight: u32) -> Self {
        self + Self::from(weight)
    }
    #[inline]
    fn low_bits(self) -> usize {
        self as usize
    }
    #[inline]
    fn highest_difference(self, other: Self) -> usize {
        (Self::BITS - (self ^ other).leading_zeros()) as usize
    }
}

/// A monotone priority queue: no distance may be pushed below the last one popped.
trait Queue<D> {
    fn push(&mut self, distance: D, node: u32);
    /// Removes a node of the least distance.
    fn pop(&mut self) -> Option<(D, u32)>;
}

/// Runs Dijkstra's algorithm on a monotone queue, skipping outdated entries.
fn settle<D: Distance>(
    graph: &Graph,
    start: u32,
    weights: &[u32],
    mut queue: impl Queue<D>,
    cancel: &AtomicBool,
) -> Result<Vec<D>, GraphError> {
    let mut distances = vec![D::UNREACHED; graph.node_count() as usize];
    distances[start as usize] = D::ZERO;
    queue.push(D::ZERO, start);
    let mut settled = 0_u32;
    while let Some((distance, node)) = queue.pop() {
        if distance != distances[node as usize] {
            continue;
        }
        settled = settled.wrapping_add(1);
        if settled.is_multiple_of(POLL) {
            check_cancelled(cancel)?;
        }
        let edges = graph.out_edges(node);
        let weights = &weights[edges.start as usize..edges.end as usize];
        for (other, weight) in graph.targets_of(node).iter().zip(weights) {
            let through = distance.plus(*weight);
            let known = &mut distances[*other as usize];
            if through < *known {
                *known = through;
                queue.push(through, *other);
            }
        }
    }
    check_cancelled(cancel)?;
    Ok(distances)
}

/// A ring of buckets, one for each distance that can be open at once, with a bit set for each that is not empty.
struct Buckets<D> {
    rings: Vec<Vec<u32>>,
    /// A bit for each bucket.
    full: [u64; 64],
    /// A bit for each word of `full`.
    full_words: u64,
    now: D,
}

impl Buckets<u32> {
    /// Two levels of 64 bits.
    const LIMIT: usize = 64 * 64;
}

impl<D: Distance> Buckets<D> {
    fn new(greatest_weight: u32) -> Self {
        let count = (greatest_weight as usize + 1).next_power_of_two();
        Self {
            rings: vec![Vec::new(); count],
            full: [0; 64],
            full_words: 0,
            now: D::ZERO,
        }
    }

    /// Returns the first bucket that is not empty, from a position on and around the ring.
    fn next_full(&self, from: usize) -> Option<usize> {
        let (word, bit) = (from / 64, from % 64);
        let here = self.full[word] & (u64::MAX << bit);
        if here != 0 {
            return Some(word * 64 + here.trailing_zeros() as usize);
        }
        let later = self.full_words & (u64::MAX << word) & !(1 << word);
        let words = if later == 0 { self.full_words } else { later };
        (words != 0).then(|| {
            let word = words.trailing_zeros() as usize;
            word * 64 + self.full[word].trailing_zeros() as usize
        })
    }
}

impl<D: Distance> Queue<D> for Buckets<D> {
    #[inline]
    fn push(&mut self, distance: D, node: u32) {
        let place = distance.low_bits() & (self.rings.len() - 1);
        self.rings[place].push(node);
        self.full[place / 64] |= 1 << (place % 64);
        self.full_words |= 1 << (place / 64);
    }

    #[inline]
    fn pop(&mut self) -> Option<(D, u32)> {
        let mask = self.rings.len() - 1;
        let mut place = self.now.low_bits() & mask;
        loop {
            if let Some(node) = self.rings[place].pop() {
                return Some((self.now, node));
            }
            self.full[place / 64] &= !(1 << (place % 64));
            if self.full[place / 64] == 0 {
                self.full_words &= !(1 << (place / 64));
            }
            let next = self.next_full(place)?;
            let ahead = next.wrapping_sub(place) & mask;
            self.now = self.now.plus(ahead as u32);
            place = next;
        }
    }
}

/// Buckets by the highest bit in which a distance differs from the last one popped.
struct RadixHeap<D> {
    buckets: Vec<Vec<(D, u32)>>,
    last: D,
}

impl<D: Distance> RadixHeap<D> {
    fn new() -> Self {
        Self {
            buckets: vec![Vec::new(); 65],
            last: D::ZERO,
        }
    }
}

impl<D: Distance> Queue<D> for RadixHeap<D> {
    #[inline]
    fn push(&mut self, distance: D, node: u32) {
        self.buckets[distance.highest_difference(self.last)].push((distance, node));
    }

    #[inline]
    fn pop(&mut self) -> Option<(D, u32)> {
        if let Some(entry) = self.buckets[0].pop() {
            return Some(entry);
        }
        let first = self.buckets.iter().position(|bucket| !bucket.is_empty())?;
        let mut bucket = std::mem::take(&mut self.buckets[first]);
        if let Some((least, _)) = bucket.iter().min_by_key(|(distance, _)| *distance) {
            self.last = *least;
        }
        for (distance, node) in bucket.drain(..) {
            self.push(distance, node);
        }
        // Keeps the allocation of the bucket.
        self.buckets[first] = bucket;
        self.buckets[0].pop()
    }
}

/// Returns the distance from one node to each node along the edges, by node, for weights that are finite and not negative.
///
/// Weights are by edge id. A distance is the sum of the weights from the start on, rounded at each step, and infinite for
/// a node without a path.
///
/// # Errors
/// A start that the graph does not have, not one weight for each edge, a weight that is negative, infinite or not a
/// number, or cancelled.
///
/// # Complexity
/// O((n + m)·log m) time, O(n + m) space.
///
/// # Reference
/// Dijkstra, *A Note on Two Problems in Connexion with Graphs*, Numer. Math. 1959, with a binary heap.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, shortest_distances_f64};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(4, &[0, 0, 1], &[1, 2, 2])?;
/// let distances = shortest_distances_f64(&graph, 0, &[0.25, 1.0, 0.5], &AtomicBool::new(false))?;
/// assert_eq!(distances, [0.0, 0.25, 0.75, f64::INFINITY]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn shortest_distances_f64(
    graph: &Graph,
    start: u32,
    weights: &[f64],
    cancel: &AtomicBool,
) -> Result<Vec<f64>, GraphError> {
    check_start(start, graph.node_count())?;
    check_weights(weights, graph.edge_count())?;
    let mut distances = vec![f64::INFINITY; graph.node_count() as usize];
    distances[start as usize] = 0.0;
    let mut heap = BinaryHeap::from([Entry {
        distance: 0.0,
        node: start,
    }]);
    let mut settled = 0_u32;
    while let Some(Entry { distance, node }) = heap.pop() {
        if distance > distances[node as usize] {
            continue;
        }
        settled = settled.wrapping_add(1);
        if settled.is_multiple_of(POLL) {
            check_cancelled(cancel)?;
        }
        for (edge, other) in graph.out_edges(node).zip(graph.targets_of(node)) {
            let through = distance + weights[edge as usize];
            if through < distances[*other as usize] {
                distances[*other as usize] = through;
                heap.push(Entry {
                    distance: through,
                    node: *other,
                });
            }
        }
    }
    check_cancelled(cancel)?;
    Ok(distances)
}

/// An entry of the heap; the nearest compares as the greatest.
#[derive(Debug, Clone, Copy)]
struct Entry {
    distance: f64,
    node: u32,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .distance
            .total_cmp(&self.distance)
            .then_with(|| other.node.cmp(&self.node))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}
