//! Core numbers: how deep a node sits in the dense middle of the network.

use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use crate::undirected::Undirected;
use std::sync::atomic::AtomicBool;

/// Nodes between two looks at the cancel flag.
const POLL: usize = 1 << 14;

/// The core number of each node: the greatest k for which it belongs to a set of nodes that each have at least k
/// neighbours in the set.
///
/// Neighbours are counted once: directions are ignored, parallel edges are one, and loops are none.
///
/// # Errors
/// Cancelled.
///
/// # Complexity
/// O(n + m) time and space.
///
/// # Reference
/// Batagelj and Zaveršnik, *An O(m) Algorithm for Cores Decomposition of Networks*, 2003 (arXiv:cs/0310049).
///
/// # Example
/// ```
/// use powermap_graph::core_numbers::core_numbers;
/// use powermap_graph::graph::Graph;
/// use std::sync::atomic::AtomicBool;
/// // A triangle, a node that hangs on it, and one alone.
/// let (graph, _) = Graph::from_edges(5, &[0, 1, 2, 2, 3], &[1, 2, 0, 3, 2])?;
/// assert_eq!(core_numbers(&graph, &AtomicBool::new(false))?, [2, 2, 2, 1, 0]);
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn core_numbers(graph: &Graph, cancel: &AtomicBool) -> Result<Vec<u32>, GraphError> {
    let ties = Undirected::new(graph);
    check_cancelled(cancel)?;
    let node_count = ties.node_count() as usize;
    let mut degrees: Vec<u32> = (0..ties.node_count())
        .map(|node| ties.of(node).len() as u32)
        .collect();
    let greatest = degrees.iter().copied().max().unwrap_or(0) as usize;
    // The nodes by degree; where each degree begins; where each node stands.
    let mut begins = vec![0_u32; greatest + 2];
    for degree in &degrees {
        begins[*degree as usize + 1] += 1;
    }
    for i in 1..begins.len() {
        begins[i] += begins[i - 1];
    }
    let mut order = vec![0_u32; node_count];
    let mut places = vec![0_u32; node_count];
    let mut next = begins.clone();
    for (node, degree) in degrees.iter().enumerate() {
        let place = &mut next[*degree as usize];
        order[*place as usize] = node as u32;
        places[node] = *place;
        *place += 1;
    }
    for i in 0..node_count {
        if i.is_multiple_of(POLL) {
            check_cancelled(cancel)?;
        }
        // What is left of its degree when a node has the least of all is its core number.
        let node = order[i];
        let degree = degrees[node as usize];
        for other in ties.of(node) {
            let left = degrees[*other as usize];
            if left > degree {
                // It swaps places with the first of its degree, which then begins one later.
                let begin = &mut begins[left as usize];
                let (first, place) = (order[*begin as usize], places[*other as usize]);
                order.swap(*begin as usize, place as usize);
                places[first as usize] = place;
                places[*other as usize] = *begin;
                *begin += 1;
                degrees[*other as usize] = left - 1;
            }
        }
    }
    Ok(degrees)
}
