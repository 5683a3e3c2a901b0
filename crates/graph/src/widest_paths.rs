//! What can pass from each node to one node, by the widest path.

use crate::error::{GraphError, check_cancelled, check_start, check_weight_count};
use crate::graph::Graph;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::atomic::AtomicBool;

/// Nodes settled between two checks of the cancel flag.
const POLL: u32 = 1 << 14;

/// Returns the width of the widest path from each node to `target`, by node: the greatest value that the least edge of a
/// path can have.
///
/// Widths are by edge id, and may be any numbers but NaN. The target itself has the width infinity, a node without a path
/// minus infinity.
///
/// # Errors
/// A target that the graph does not have, not one width for each edge, or cancelled.
///
/// # Complexity
/// O(n + m log m) time, O(n + m) space: Dijkstra's algorithm with the minimum in the place of the sum.
///
/// # References
/// M. Pollack, *The Maximum Capacity Through a Network*, Operations Research 8 (1960). T. C. Hu, *The Maximum Capacity
/// Route Problem*, Operations Research 9 (1961).
///
/// # Example
/// ```
/// use powermap_graph::{Graph, widest_to};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(4, &[0, 0, 1], &[1, 2, 2])?;
/// let widths = widest_to(&graph, 2, &[5.0, 1.0, 3.0], &AtomicBool::new(false))?;
/// assert_eq!(widths, [3.0, 3.0, f64::INFINITY, f64::NEG_INFINITY]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn widest_to(
    graph: &Graph,
    target: u32,
    widths: &[f64],
    cancel: &AtomicBool,
) -> Result<Vec<f64>, GraphError> {
    check_start(target, graph.node_count())?;
    check_weight_count(widths.len(), graph.edge_count())?;
    let mut widest = vec![f64::NEG_INFINITY; graph.node_count() as usize];
    widest[target as usize] = f64::INFINITY;
    let mut open = BinaryHeap::from([Open {
        width: f64::INFINITY,
        node: target,
    }]);
    let mut settled = 0_u32;
    while let Some(Open { width, node }) = open.pop() {
        if width < widest[node as usize] {
            continue;
        }
        settled = settled.wrapping_add(1);
        if settled.is_multiple_of(POLL) {
            check_cancelled(cancel)?;
        }
        let into = graph.in_edges(node).iter().zip(graph.sources_of(node));
        for (edge, source) in into {
            let width = width.min(widths[*edge as usize]);
            if width > widest[*source as usize] {
                widest[*source as usize] = width;
                open.push(Open {
                    width,
                    node: *source,
                });
            }
        }
    }
    Ok(widest)
}

/// A node to settle; the widest comes first.
struct Open {
    width: f64,
    node: u32,
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.width.total_cmp(&other.width)).then_with(|| other.node.cmp(&self.node))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Open {}
