//! Core numbers, by repeated removal of the node of least degree.

use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use crate::undirected::Undirected;
use std::sync::atomic::AtomicBool;

/// Nodes between two checks of the cancel flag.
const POLL: usize = 1 << 14;

/// Returns the core number of each node, by node: how deep does it sit in the dense part of the graph?
///
/// The core number is the greatest k such that the node belongs to a set of nodes which each have at least k neighbours
/// in the set. Directions are ignored, parallel edges count once, and self-loops do not count.
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
/// use powermap_graph::{Graph, core_numbers};
/// use std::sync::atomic::AtomicBool;
///
/// // A triangle, a node attached to it, and an isolated node.
/// let (graph, _) = Graph::from_edges(5, &[0, 1, 2, 2, 3], &[1, 2, 0, 3, 2])?;
/// assert_eq!(core_numbers(&graph, &AtomicBool::new(false))?, [2, 2, 2, 1, 0]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn core_numbers(graph: &Graph, cancel: &AtomicBool) -> Result<Vec<u32>, GraphError> {
    let ties = Undirected::new(graph);
    check_cancelled(cancel)?;
    let node_count = ties.node_count() as usize;
    let mut degrees: Vec<u32> = (0..ties.node_count())
        .map(|node| ties.of(node).len() as u32)
        .collect();
    let greatest = degrees.iter().copied().max().unwrap_or(0) as usize;
    // The nodes by degree, the first position of each degree, and the position of each node.
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
        // The degree that a node has left when it is the least of all is its core number.
        let node = order[i];
        let degree = degrees[node as usize];
        for other in ties.of(node) {
            let left = degrees[*other as usize];
            if left > degree {
                // Swaps places with the first node of its degree, whose range then starts one later.
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
