//! The undirected simple graph of a directed multigraph.

use crate::graph::Graph;

/// The neighbours of each node of a directed multigraph: directions ignored, parallel edges merged, loops left out.
///
/// Memory: 4 bytes for each end of a tie (8 more with weights) and 8 per node.
#[derive(Debug, Clone)]
pub(crate) struct Undirected {
    offsets: Vec<usize>,
    neighbours: Vec<u32>,
    /// As long as `neighbours`, or empty without weights.
    weights: Vec<f64>,
}

impl Undirected {
    /// Builds it without weights, in O(n + m) time: both lists of neighbours are sorted, so they merge.
    pub(crate) fn new(graph: &Graph) -> Self {
        let mut this = Self::empty(graph);
        for node in 0..graph.node_count() {
            let (mut out, mut into) = (graph.targets_of(node), graph.sources_of(node));
            loop {
                let next = match (out.first(), into.first()) {
                    (Some(a), Some(b)) => *a.min(b),
                    (Some(a), None) | (None, Some(a)) => *a,
                    (None, None) => break,
                };
                while let [first, rest @ ..] = out
                    && *first == next
                {
                    out = rest;
                }
                while let [first, rest @ ..] = into
                    && *first == next
                {
                    into = rest;
                }
                if next != node {
                    this.neighbours.push(next);
                }
            }
            this.offsets.push(this.neighbours.len());
        }
        this
    }

    /// Builds it with the sum of the weights of all edges between two nodes, in either direction. O(n + m) time.
    pub(crate) fn with_weights(graph: &Graph, weight: impl Fn(u32) -> f64) -> Self {
        let mut this = Self::empty(graph);
        for node in 0..graph.node_count() {
            let mut out = graph
                .targets_of(node)
                .iter()
                .zip(graph.out_edges(node))
                .peekable();
            let mut into = graph
                .sources_of(node)
                .iter()
                .zip(graph.in_edges(node).iter().copied())
                .peekable();
            loop {
                let next = match (out.peek(), into.peek()) {
                    (Some((a, _)), Some((b, _))) => **a.min(b),
                    (Some((a, _)), None) | (None, Some((a, _))) => **a,
                    (None, None) => break,
                };
                let (mut forth, mut back) = (0.0, 0.0);
                while let Some((_, edge)) = out.next_if(|(other, _)| **other == next) {
                    forth += weight(edge);
                }
                while let Some((_, edge)) = into.next_if(|(other, _)| **other == next) {
                    back += weight(edge);
                }
                if next != node {
                    this.neighbours.push(next);
                    // Addition commutes, so both ends get the same bits.
                    this.weights.push(forth + back);
                }
            }
            this.offsets.push(this.neighbours.len());
        }
        this
    }

    fn empty(graph: &Graph) -> Self {
        let mut offsets = Vec::with_capacity(graph.node_count() as usize + 1);
        offsets.push(0);
        Self {
            offsets,
            neighbours: Vec::with_capacity(graph.edge_count() as usize),
            weights: Vec::new(),
        }
    }

    /// Returns the number of nodes.
    pub(crate) fn node_count(&self) -> u32 {
        (self.offsets.len() - 1) as u32
    }

    /// Returns the neighbours of a node, sorted.
    #[inline]
    pub(crate) fn of(&self, node: u32) -> &[u32] {
        &self.neighbours[self.offsets[node as usize]..self.offsets[node as usize + 1]]
    }

    /// Returns the weights of the ties to [`Undirected::of`]; an empty slice without weights.
    #[inline]
    pub(crate) fn weights_of(&self, node: u32) -> &[f64] {
        let range = self.offsets[node as usize]..self.offsets[node as usize + 1];
        self.weights.get(range).unwrap_or_default()
    }
}
