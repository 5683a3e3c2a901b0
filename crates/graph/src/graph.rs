//! A directed multigraph as compressed sparse rows, by source and by target.

use crate::error::GraphError;
use std::ops::Range;

/// An immutable directed multigraph on plain ids.
///
/// Nodes are `0..node_count`. Edges are `0..edge_count`, ordered by source, then by target, then as given: parallel edges
/// have consecutive ids, and the edges out of a node are a range of ids. Self-loops are edges like any other; each kernel
/// says what it makes of them.
///
/// Weights, times and names are not part of the graph. Keep them in arrays by edge id or node id, and pass them to the
/// kernels that need them.
///
/// With the traits of petgraph's `visit` module, which `&Graph` implements, petgraph's algorithms run on it too; node and
/// edge ids are `u32` there, weights `()`.
///
/// Memory: 12 bytes per edge and 8 per node.
///
/// # Panics
/// Like indexing, the methods that take a node or an edge panic if the graph does not have it, unless they say otherwise.
///
/// # Example
/// ```
/// use powermap_graph::Graph;
///
/// let (graph, order) = Graph::from_edges(3, &[2, 0, 0, 1], &[0, 1, 1, 2])?;
/// assert_eq!(graph.targets_of(0), [1, 1]);
/// assert_eq!(graph.sources_of(0), [2]);
/// assert_eq!((graph.source(3), graph.target(3)), (2, 0));
/// // Attributes follow their edges: edge 3 of the graph was the first of the edges given.
/// assert_eq!(order, [1, 2, 3, 0]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// The first edge of each node, and the number of edges as the last entry.
    out_offsets: Box<[u32]>,
    /// The target of each edge.
    targets: Box<[u32]>,
    in_offsets: Box<[u32]>,
    /// The sources of the edges into each node, sorted.
    sources: Box<[u32]>,
    /// The ids of the edges into each node, in the order of `sources`.
    in_edges: Box<[u32]>,
}

impl Graph {
    /// Builds a graph from the sources and targets of its edges.
    ///
    /// Returns the graph, and for each of its edge ids the position of that edge in the given lists. Use it to put weights
    /// and other attributes into the order of the graph.
    ///
    /// # Errors
    /// [`GraphError::Lengths`] if the lists differ in length, [`GraphError::NoSuchNode`] if an end is not below
    /// `node_count`, [`GraphError::TooManyEdges`] for 2³² edges or more.
    ///
    /// # Complexity
    /// O(n + m) time and space for n nodes and m edges: three counting sorts.
    pub fn from_edges(
        node_count: u32,
        sources: &[u32],
        targets: &[u32],
    ) -> Result<(Self, Vec<u32>), GraphError> {
        if sources.len() != targets.len() {
            return Err(GraphError::Lengths {
                sources: sources.len(),
                targets: targets.len(),
            });
        }
        let edge_count = u32::try_from(sources.len()).map_err(|_| GraphError::TooManyEdges)?;
        let ends = sources.iter().chain(targets);
        if let Some(node) = ends.copied().find(|node| *node >= node_count) {
            return Err(GraphError::NoSuchNode { node, node_count });
        }
        // Sorting by target and then, stably, by source orders by both.
        let (in_offsets, by_target) = counting_sort(node_count, targets, 0..edge_count);
        let (out_offsets, order) = counting_sort(node_count, sources, by_target.into_iter());
        let out_targets: Box<[u32]> = order.iter().map(|edge| targets[*edge as usize]).collect();
        let (_, in_edges) = counting_sort(node_count, &out_targets, 0..edge_count);
        let in_sources = in_edges
            .iter()
            .map(|edge| sources[order[*edge as usize] as usize])
            .collect();
        let graph = Self {
            out_offsets,
            targets: out_targets,
            in_offsets,
            sources: in_sources,
            in_edges: in_edges.into(),
        };
        Ok((graph, order))
    }

    /// Returns the number of nodes.
    #[inline]
    pub fn node_count(&self) -> u32 {
        (self.out_offsets.len() - 1) as u32
    }

    /// Returns the number of edges, each parallel edge counted.
    #[inline]
    pub fn edge_count(&self) -> u32 {
        self.targets.len() as u32
    }

    /// Returns the ids of the edges out of a node.
    #[inline]
    pub fn out_edges(&self, node: u32) -> Range<u32> {
        self.out_offsets[node as usize]..self.out_offsets[node as usize + 1]
    }

    /// Returns the targets of the edges out of a node, sorted, in the order of [`Graph::out_edges`]; a target repeats
    /// for each parallel edge.
    #[inline]
    pub fn targets_of(&self, node: u32) -> &[u32] {
        let edges = self.out_edges(node);
        &self.targets[edges.start as usize..edges.end as usize]
    }

    /// Returns the sources of the edges into a node, sorted; a source repeats for each parallel edge.
    #[inline]
    pub fn sources_of(&self, node: u32) -> &[u32] {
        &self.sources[self.in_range(node)]
    }

    /// Returns the ids of the edges into a node, in the order of [`Graph::sources_of`].
    #[inline]
    pub fn in_edges(&self, node: u32) -> &[u32] {
        &self.in_edges[self.in_range(node)]
    }

    /// Returns the ids of all parallel edges from one node to another; the range is empty if there is none.
    ///
    /// # Complexity
    /// O(log d) time for d edges out of the source.
    ///
    /// # Example
    /// ```
    /// use powermap_graph::Graph;
    ///
    /// let (graph, _) = Graph::from_edges(3, &[0, 0, 0], &[1, 2, 1])?;
    /// assert_eq!(graph.edges_between(0, 1), 0..2);
    /// assert!(graph.edges_between(1, 0).is_empty());
    /// # Ok::<(), powermap_graph::GraphError>(())
    /// ```
    pub fn edges_between(&self, source: u32, target: u32) -> Range<u32> {
        let first = self.out_edges(source).start;
        let targets = self.targets_of(source);
        let start = targets.partition_point(|other| *other < target);
        let end = start + targets[start..].partition_point(|other| *other == target);
        first + start as u32..first + end as u32
    }

    /// Returns the target of an edge.
    #[inline]
    pub fn target(&self, edge: u32) -> u32 {
        self.targets[edge as usize]
    }

    /// Returns the source of an edge, or [`Graph::node_count`] if the graph has no such edge.
    ///
    /// # Complexity
    /// O(log n) time, since sources are not stored.
    pub fn source(&self, edge: u32) -> u32 {
        // The last node whose edges begin at or before this one; nodes without edges share their first edge.
        self.out_offsets.partition_point(|offset| *offset <= edge) as u32 - 1
    }

    /// Returns the number of edges out of a node.
    #[inline]
    pub fn out_degree(&self, node: u32) -> u32 {
        self.out_offsets[node as usize + 1] - self.out_offsets[node as usize]
    }

    /// Returns the number of edges into a node.
    #[inline]
    pub fn in_degree(&self, node: u32) -> u32 {
        self.in_offsets[node as usize + 1] - self.in_offsets[node as usize]
    }

    #[inline]
    fn in_range(&self, node: u32) -> Range<usize> {
        self.in_offsets[node as usize] as usize..self.in_offsets[node as usize + 1] as usize
    }
}

/// Sorts items by their key, stably; returns the position of the first item of each key, and the sorted items.
fn counting_sort(
    key_count: u32,
    keys: &[u32],
    items: impl Iterator<Item = u32>,
) -> (Box<[u32]>, Vec<u32>) {
    let mut offsets = vec![0; key_count as usize + 1].into_boxed_slice();
    for key in keys {
        offsets[*key as usize + 1] += 1;
    }
    for i in 1..offsets.len() {
        offsets[i] += offsets[i - 1];
    }
    let mut next = offsets.clone();
    let mut sorted = vec![0; keys.len()];
    for item in items {
        let place = &mut next[keys[item as usize] as usize];
        sorted[*place as usize] = item;
        *place += 1;
    }
    (offsets, sorted)
}
