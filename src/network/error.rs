//! What can be wrong with a network.

use thiserror::Error;

/// Why a network could not be built.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// As many sources as targets are needed.
    #[error("{sources} sources and {targets} targets do not make edges: expected as many of each")]
    Lengths {
        /// The number of sources.
        sources: usize,
        /// The number of targets.
        targets: usize,
    },
    /// An edge to a node that is not there.
    #[error("an edge names node {node}, and there are only {node_count}")]
    NoSuchNode {
        /// The node.
        node: u32,
        /// The number of nodes.
        node_count: u32,
    },
    /// As many times as edges are needed.
    #[error("{times} times for {edges} edges: expected one for each edge")]
    Times {
        /// The number of edges.
        edges: u32,
        /// The number of times.
        times: usize,
    },
    /// More edges than 32 bits can count.
    #[error("a network can have at most 4294967295 edges")]
    TooManyEdges,
    /// More kinds of edges than a byte can count.
    #[error("a network can have at most 255 kinds of edges")]
    TooManyKinds,
}
