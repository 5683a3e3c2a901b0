//! The error of the crate, and the checks of arguments that the kernels share.

use std::sync::atomic::{AtomicBool, Ordering};
use thiserror::Error;

/// The reason why a graph could not be built or a kernel returned no result.
///
/// Numbers that are not integers are kept as text, so that errors can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// The lists of sources and of targets differ in length.
    #[error("{sources} sources and {targets} targets do not make edges: expected as many of each")]
    Lengths {
        /// The number of sources.
        sources: usize,
        /// The number of targets.
        targets: usize,
    },
    /// An end of an edge is not below the number of nodes.
    #[error("an edge names node {node}, and there are only {node_count}")]
    NoSuchNode {
        /// The end.
        node: u32,
        /// The number of nodes.
        node_count: u32,
    },
    /// There is not one time for each edge.
    #[error("{times} times for {edges} edges: expected one for each edge")]
    Times {
        /// The number of edges.
        edges: u32,
        /// The number of times.
        times: usize,
    },
    /// There are more edges than 32 bits can count.
    #[error("a graph can have at most 4294967295 edges")]
    TooManyEdges,
    /// The node to start from is not below the number of nodes.
    #[error("there is no node {node} to start from: the graph has {node_count}, numbered from 0")]
    NoSuchStart {
        /// The node.
        node: u32,
        /// The number of nodes.
        node_count: u32,
    },
    /// There is not one weight for each edge.
    #[error("{weights} weights for {edges} edges: expected one for each edge")]
    WeightCount {
        /// The number of weights.
        weights: usize,
        /// The number of edges.
        edges: u32,
    },
    /// A weight is negative, infinite or not a number.
    #[error("the weight of edge {edge} is {weight}: expected a finite number that is not negative")]
    BadWeight {
        /// The edge.
        edge: u32,
        /// Its weight, as printed.
        weight: String,
    },
    /// The bounds of a share are not two fractions, the lower first.
    #[error(
        "the share of edge {edge} is {lower} to {upper}: expected two fractions from 0 to 1, the lower first"
    )]
    BadShare {
        /// The edge.
        edge: u32,
        /// Its lower bound, as printed.
        lower: String,
        /// Its upper bound, as printed.
        upper: String,
    },
    /// There is not one value for each node.
    #[error("{values} values for {nodes} nodes: expected one for each node")]
    ValueCount {
        /// The number of values.
        values: usize,
        /// The number of nodes.
        nodes: u32,
    },
    /// A value is negative, infinite or not a number.
    #[error("the value of node {node} is {value}: expected a finite number that is not negative")]
    BadValue {
        /// The node.
        node: u32,
        /// Its value, as printed.
        value: String,
    },
    /// The series of [`bonacich_power`](crate::bonacich_power) diverges: |β| is not below one over the greatest
    /// eigenvalue.
    #[error(
        "beta is {beta}, and the greatest eigenvalue is at least {eigenvalue}: expected a beta closer to 0 than one over \
         the greatest eigenvalue"
    )]
    BetaTooFar {
        /// The beta given, as printed.
        beta: String,
        /// A lower bound of the eigenvalue, as printed.
        eigenvalue: String,
    },
    /// An iteration did not converge.
    #[error("{what} did not settle in {rounds} rounds: {left} is left, relative to the result")]
    NotSettled {
        /// The quantity that was computed.
        what: &'static str,
        /// The number of rounds tried.
        rounds: u32,
        /// The residual, relative to the result, as printed.
        left: String,
    },
    /// A parameter is outside of its range.
    #[error("{name} is {value}: expected {expected}")]
    BadParameter {
        /// Its name.
        name: &'static str,
        /// Its value, as printed.
        value: String,
        /// The values allowed.
        expected: &'static str,
    },
    /// The caller has set the `cancel` flag.
    #[error("cancelled before the result was complete")]
    Cancelled,
}

/// Fails if the caller has set the flag.
pub(crate) fn check_cancelled(cancel: &AtomicBool) -> Result<(), GraphError> {
    // The flag guards no data, so a relaxed load, which may see it a moment late, is enough.
    if cancel.load(Ordering::Relaxed) {
        return Err(GraphError::Cancelled);
    }
    Ok(())
}

/// Fails unless there is one finite weight for each edge and none is negative.
pub(crate) fn check_weights(weights: &[f64], edges: u32) -> Result<(), GraphError> {
    check_weight_count(weights.len(), edges)?;
    match weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
        Some(edge) => Err(GraphError::BadWeight {
            edge: edge as u32,
            weight: weights[edge].to_string(),
        }),
        None => Ok(()),
    }
}

/// Fails unless there is one weight for each edge.
pub(crate) fn check_weight_count(weights: usize, edges: u32) -> Result<(), GraphError> {
    if weights != edges as usize {
        return Err(GraphError::WeightCount { weights, edges });
    }
    Ok(())
}

/// Fails unless the graph has the node to start from.
pub(crate) fn check_start(node: u32, node_count: u32) -> Result<(), GraphError> {
    if node >= node_count {
        return Err(GraphError::NoSuchStart { node, node_count });
    }
    Ok(())
}

/// Fails unless there is one finite value for each node and none is negative.
pub(crate) fn check_values(values: &[f64], nodes: u32) -> Result<(), GraphError> {
    if values.len() != nodes as usize {
        return Err(GraphError::ValueCount {
            values: values.len(),
            nodes,
        });
    }
    match values.iter().position(|v| !(v.is_finite() && *v >= 0.0)) {
        Some(node) => Err(GraphError::BadValue {
            node: node as u32,
            value: values[node].to_string(),
        }),
        None => Ok(()),
    }
}
