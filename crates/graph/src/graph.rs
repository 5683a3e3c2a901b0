//! The bare topology of a directed multigraph, in compressed sparse rows both ways.

use crate::error::GraphError;
use std::ops::Range;

/// A directed multigraph that does not change.
///
/// Nodes are `0..node_count`, edges `0..edge_count` in the order of their source, then their target, then the order
/// in which they were given; so the parallel edges of one hop stand together, and the edges out of a node are a range
/// of ids. Loops from a node to itself are edges like any other.
///
/// Memory: 12 bytes per edge and 8 per node.
///
/// ```
/// use powermap_graph::graph::Graph;
/// let (graph, _) = Graph::from_edges(3, &[2, 0, 0, 1], &[0, 1, 1, 2])?;
/// assert_eq!(graph.targets_of(0), [1, 1]);
/// assert_eq!(graph.sources_of(0), [2]);
/// assert_eq!(graph.source(3), 2);
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// Where each node's edges begin; one more entry than there are nodes.
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
    /// Builds a graph from the two ends of its edges, and tells for each edge of the graph which of the given ones it
    /// is.
    ///
    /// Two counting sorts: O(n + m) time for n nodes and m edges.
    ///
    /// # Errors
    /// Lists of different lengths, a node that is not below `node_count`, or 2³² edges or more.
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

    /// The number of nodes.
    #[inline]
    pub fn node_count(&self) -> u32 {
        (self.out_offsets.len() - 1) as u32
    }

    /// The number of edges, parallel ones counted.
    #[inline]
    pub fn edge_count(&self) -> u32 {
        self.targets.len() as u32
    }

    /// The ids of the edges out of a node.
    #[inline]
    pub fn out_edges(&self, node: u32) -> Range<u32> {
        self.out_offsets[node as usize]..self.out_offsets[node as usize + 1]
    }

    /// The targets of the edges out of a node, in the order of [`Graph::out_edges`]; parallel edges repeat.
    #[inline]
    pub fn targets_of(&self, node: u32) -> &[u32] {
        let edges = self.out_edges(node);
        &self.targets[edges.start as usize..edges.end as usize]
    }

    /// The sources of the edges into a node, sorted; parallel edges repeat.
    #[inline]
    pub fn sources_of(&self, node: u32) -> &[u32] {
        &self.sources[self.in_range(node)]
    }

    /// The ids of the edges into a node, in the order of [`Graph::sources_of`].
    #[inline]
    pub fn in_edges(&self, node: u32) -> &[u32] {
        &self.in_edges[self.in_range(node)]
    }

    /// The target of an edge.
    #[inline]
    pub fn target(&self, edge: u32) -> u32 {
        self.targets[edge as usize]
    }

    /// The source of an edge. O(log n): sources are not stored.
    pub fn source(&self, edge: u32) -> u32 {
        // The last node whose edges begin at or before this one; nodes without edges share their beginning.
        self.out_offsets.partition_point(|offset| *offset <= edge) as u32 - 1
    }

    /// The number of edges out of a node.
    #[inline]
    pub fn out_degree(&self, node: u32) -> u32 {
        self.out_offsets[node as usize + 1] - self.out_offsets[node as usize]
    }

    /// The number of edges into a node.
    #[inline]
    pub fn in_degree(&self, node: u32) -> u32 {
        self.in_offsets[node as usize + 1] - self.in_offsets[node as usize]
    }

    #[inline]
    fn in_range(&self, node: u32) -> Range<usize> {
        self.in_offsets[node as usize] as usize..self.in_offsets[node as usize + 1] as usize
    }
}

/// Sorts items by their key, stably, and tells where each key begins.
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
