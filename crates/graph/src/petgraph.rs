//! petgraph's `visit` traits on [`Graph`], so that petgraph's algorithms run on it.
//!
//! Node and edge ids are the `u32` of the graph. Weights are `()`; algorithms with costs take a closure over the edge id.

use crate::graph::Graph;
use petgraph::visit::{
    Data, EdgeCount, EdgeIndexable, EdgeRef, GraphBase, GraphProp, IntoEdgeReferences, IntoEdges,
    IntoEdgesDirected, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers,
    IntoNodeReferences, NodeCompactIndexable, NodeCount, NodeIndexable, Visitable,
};
use petgraph::{Directed, Direction};
use std::iter::{Copied, Zip};
use std::ops::Range;
use std::slice;

/// An edge with its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeReference {
    id: u32,
    source: u32,
    target: u32,
}

impl EdgeRef for EdgeReference {
    type NodeId = u32;
    type EdgeId = u32;
    type Weight = ();

    fn source(&self) -> u32 {
        self.source
    }

    fn target(&self) -> u32 {
        self.target
    }

    fn weight(&self) -> &() {
        &()
    }

    fn id(&self) -> u32 {
        self.id
    }
}

impl GraphBase for Graph {
    type EdgeId = u32;
    type NodeId = u32;
}

impl GraphProp for Graph {
    type EdgeType = Directed;
}

impl Data for Graph {
    type NodeWeight = ();
    type EdgeWeight = ();
}

impl NodeCount for Graph {
    fn node_count(&self) -> usize {
        self.node_count() as usize
    }
}

impl NodeIndexable for Graph {
    fn node_bound(&self) -> usize {
        self.node_count() as usize
    }

    fn to_index(&self, node: u32) -> usize {
        node as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl NodeCompactIndexable for Graph {}

impl EdgeCount for Graph {
    fn edge_count(&self) -> usize {
        self.edge_count() as usize
    }
}

impl EdgeIndexable for Graph {
    fn edge_bound(&self) -> usize {
        self.edge_count() as usize
    }

    fn to_index(&self, edge: u32) -> usize {
        edge as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl Visitable for Graph {
    type Map = fixedbitset::FixedBitSet;

    fn visit_map(&self) -> Self::Map {
        fixedbitset::FixedBitSet::with_capacity(self.node_count() as usize)
    }

    fn reset_map(&self, map: &mut Self::Map) {
        map.clear();
        map.grow(self.node_count() as usize);
    }
}

impl IntoNodeIdentifiers for &Graph {
    type NodeIdentifiers = Range<u32>;

    fn node_identifiers(self) -> Range<u32> {
        0..self.node_count()
    }
}

/// Iterates over the nodes with their weights, which are `()`.
#[derive(Debug, Clone)]
pub struct NodeReferences(Range<u32>);

impl Iterator for NodeReferences {
    type Item = (u32, &'static ());

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|node| (node, &()))
    }
}

impl IntoNodeReferences for &Graph {
    type NodeRef = (u32, &'static ());
    type NodeReferences = NodeReferences;

    fn node_references(self) -> NodeReferences {
        NodeReferences(0..self.node_count())
    }
}

impl<'a> IntoNeighbors for &'a Graph {
    type Neighbors = Copied<slice::Iter<'a, u32>>;

    fn neighbors(self, node: u32) -> Self::Neighbors {
        self.targets_of(node).iter().copied()
    }
}

impl<'a> IntoNeighborsDirected for &'a Graph {
    type NeighborsDirected = Copied<slice::Iter<'a, u32>>;

    fn neighbors_directed(self, node: u32, direction: Direction) -> Self::NeighborsDirected {
        match direction {
            Direction::Outgoing => self.targets_of(node).iter().copied(),
            Direction::Incoming => self.sources_of(node).iter().copied(),
        }
    }
}

/// Iterates over the edges out of a node or into it.
#[derive(Debug, Clone)]
pub struct Edges<'a>(Incident<'a>);

#[derive(Debug, Clone)]
enum Incident<'a> {
    Out {
        source: u32,
        /// The ids and targets.
        edges: Zip<Range<u32>, Copied<slice::Iter<'a, u32>>>,
    },
    In {
        target: u32,
        /// The ids and sources.
        edges: Zip<Copied<slice::Iter<'a, u32>>, Copied<slice::Iter<'a, u32>>>,
    },
}

impl Iterator for Edges<'_> {
    type Item = EdgeReference;

    fn next(&mut self) -> Option<EdgeReference> {
        match &mut self.0 {
            Incident::Out { source, edges } => edges.next().map(|(id, target)| EdgeReference {
                id,
                source: *source,
                target,
            }),
            Incident::In { target, edges } => edges.next().map(|(id, source)| EdgeReference {
                id,
                source,
                target: *target,
            }),
        }
    }
}

impl<'a> IntoEdges for &'a Graph {
    type Edges = Edges<'a>;

    fn edges(self, node: u32) -> Edges<'a> {
        self.edges_directed(node, Direction::Outgoing)
    }
}

impl<'a> IntoEdgesDirected for &'a Graph {
    type EdgesDirected = Edges<'a>;

    fn edges_directed(self, node: u32, direction: Direction) -> Edges<'a> {
        Edges(match direction {
            Direction::Outgoing => Incident::Out {
                source: node,
                edges: self
                    .out_edges(node)
                    .zip(self.targets_of(node).iter().copied()),
            },
            Direction::Incoming => Incident::In {
                target: node,
                edges: self
                    .in_edges(node)
                    .iter()
                    .copied()
                    .zip(self.sources_of(node).iter().copied()),
            },
        })
    }
}

/// Iterates over all edges in the order of their ids.
#[derive(Debug, Clone)]
pub struct EdgeReferences<'a> {
    graph: &'a Graph,
    source: u32,
    next: u32,
}

impl Iterator for EdgeReferences<'_> {
    type Item = EdgeReference;

    fn next(&mut self) -> Option<EdgeReference> {
        if self.next == self.graph.edge_count() {
            return None;
        }
        let id = self.next;
        while self.graph.out_edges(self.source).end <= id {
            self.source += 1;
        }
        self.next += 1;
        Some(EdgeReference {
            id,
            source: self.source,
            target: self.graph.target(id),
        })
    }
}

impl<'a> IntoEdgeReferences for &'a Graph {
    type EdgeRef = EdgeReference;
    type EdgeReferences = EdgeReferences<'a>;

    fn edge_references(self) -> EdgeReferences<'a> {
        EdgeReferences {
            graph: self,
            source: 0,
            next: 0,
        }
    }
}
