//! What can go wrong while a network is built.

use powermap_graph::GraphError;
use thiserror::Error;

/// Why a network could not be built, or a kernel on it gave no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// The graph beneath, or a kernel on it.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// More kinds of edges than a byte can count.
    #[error("a network can have at most 255 kinds of edges")]
    TooManyKinds,
    /// More units than a byte can count.
    #[error("a network can have at most 255 units")]
    TooManyUnits,
}
