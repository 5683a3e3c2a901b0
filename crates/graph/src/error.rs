//! What can go wrong in a graph or a kernel.

use std::sync::atomic::{AtomicBool, Ordering};
use thiserror::Error;

/// Why a graph could not be built, or a kernel gave no result.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GraphError {
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
    #[error("a graph can have at most 4294967295 edges")]
    TooManyEdges,
    /// A kernel should start at a node that is not there.
    #[error("there is no node {node} to start from: the graph has {node_count}, numbered from 0")]
    NoSuchStart {
        /// The node.
        node: u32,
        /// The number of nodes.
        node_count: u32,
    },
    /// Each edge needs one weight.
    #[error("{weights} weights for {edges} edges: expected one for each edge")]
    WeightCount {
        /// The number of weights.
        weights: usize,
        /// The number of edges.
        edges: u32,
    },
    /// A weight that is negative, infinite or not a number.
    #[error("the weight of edge {edge} is {weight}: expected a finite number that is not negative")]
    BadWeight {
        /// The edge.
        edge: u32,
        /// Its weight, as printed.
        weight: String,
    },
    /// A share whose bounds are not a part of the whole.
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
    /// Each node needs one value.
    #[error("{values} values for {nodes} nodes: expected one for each node")]
    ValueCount {
        /// The number of values.
        values: usize,
        /// The number of nodes.
        nodes: u32,
    },
    /// A value that is negative, infinite or not a number.
    #[error("the value of node {node} is {value}: expected a finite number that is not negative")]
    BadValue {
        /// The node.
        node: u32,
        /// Its value, as printed.
        value: String,
    },
    /// A sum over walks that does not come to an end, since they weigh more the longer they are.
    #[error(
        "beta is {beta}, and the greatest eigenvalue is at least {eigenvalue}: expected a beta closer to 0 than one over \
         the greatest eigenvalue"
    )]
    BetaTooFar {
        /// What was asked for, as printed.
        beta: String,
        /// A lower bound of the eigenvalue, as printed.
        eigenvalue: String,
    },
    /// An iteration that did not settle.
    #[error("{what} did not settle in {rounds} rounds: {left} is left, relative to the result")]
    NotSettled {
        /// What was computed.
        what: &'static str,
        /// How many rounds were tried.
        rounds: u32,
        /// The residual, as printed.
        left: String,
    },
    /// A parameter outside of its range.
    #[error("{name} is {value}: expected {expected}")]
    BadParameter {
        /// What it is called.
        name: &'static str,
        /// What was given, as printed.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// The caller asked to stop.
    #[error("cancelled before the result was complete")]
    Cancelled,
}

/// Fails if the caller has asked to stop.
pub(crate) fn check_cancelled(cancel: &AtomicBool) -> Result<(), GraphError> {
    // No data hangs on the flag, so that it may be seen a moment late.
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

/// Fails if there is no such node to start from.
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
