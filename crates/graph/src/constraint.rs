//! Burt's constraint, a measure of structural holes.

use crate::error::{GraphError, check_cancelled, check_weights};
use crate::graph::Graph;
use crate::undirected::Undirected;
use std::sync::atomic::AtomicBool;

/// Nodes between two checks of the cancel flag.
const POLL: u32 = 256;

/// Returns Burt's constraint of each node, by node: how much do its partners deal with each other? NaN for a node
/// without ties.
///
/// With a(i,j) the sum of the weights of all edges between i and j in both directions, and p(i,j) = a(i,j) / Σₖ a(i,k)
/// the share of i's ties that go to j,
///
/// > c(i) = Σⱼ ( p(i,j) + Σ_q p(i,q)·p(q,j) )²
///
/// over all direct partners j of i, and all q other than i and j. It is high for a node whose partners deal with each
/// other, and low for a broker between strangers. Weights are by edge id, in any unit; without, each edge counts 1, so
/// that parallel edges make a stronger tie. Self-loops do not count; on graphs without them, igraph gives the same values.
///
/// # Errors
/// Not one weight for each edge, a weight that is negative, infinite or not a number, or cancelled.
///
/// # Complexity
/// O(n + m + Σ d²) time for nodes with d partners, O(n + m) space.
///
/// # Reference
/// Burt, *Structural Holes*, Harvard University Press 1992, chapter 2; *Structural Holes and Good Ideas*, American
/// Journal of Sociology 2004.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, constraint};
/// use std::sync::atomic::AtomicBool;
///
/// // Node 0 is the only partner of the other two.
/// let (graph, _) = Graph::from_edges(3, &[0, 2], &[1, 0])?;
/// assert_eq!(constraint(&graph, None, &AtomicBool::new(false))?, [0.5, 1.0, 1.0]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn constraint(
    graph: &Graph,
    weights: Option<&[f64]>,
    cancel: &AtomicBool,
) -> Result<Vec<f64>, GraphError> {
    let ties = match weights {
        None => Undirected::with_weights(graph, |_| 1.0),
        Some(weights) => {
            check_weights(weights, graph.edge_count())?;
            Undirected::with_weights(graph, |edge| weights[edge as usize])
        }
    };
    let node_count = graph.node_count();
    let totals: Vec<f64> = (0..node_count)
        .map(|node| ties.weights_of(node).iter().sum())
        .collect();
    // The share that one node spends on each partner, directly and through the others.
    let mut spent = vec![NO_PARTNER; node_count as usize];
    let mut result = Vec::with_capacity(node_count as usize);
    for node in 0..node_count {
        if node.is_multiple_of(POLL) {
            check_cancelled(cancel)?;
        }
        let total = totals[node as usize];
        if total == 0.0 {
            result.push(f64::NAN);
            continue;
        }
        let partners = ties.of(node).iter().zip(ties.weights_of(node));
        for (partner, weight) in partners.clone() {
            spent[*partner as usize] = weight / total;
        }
        for (partner, weight) in partners {
            // A tie of weight 0 is skipped: the total of its partner may be 0 too.
            if *weight > 0.0 {
                let scale = weight / total / totals[*partner as usize];
                let thirds = ties.of(*partner).iter().zip(ties.weights_of(*partner));
                for (third, weight) in thirds {
                    let spent = &mut spent[*third as usize];
                    if *spent >= 0.0 {
                        *spent += scale * weight;
                    }
                }
            }
        }
        let mut sum = 0.0;
        for partner in ties.of(node) {
            let both = std::mem::replace(&mut spent[*partner as usize], NO_PARTNER);
            sum += both * both;
        }
        result.push(sum);
    }
    Ok(result)
}

/// Marks a node that is no partner; shares are not negative.
const NO_PARTNER: f64 = -1.0;
