//! The matrix W of impacts, by the node that fails.

use crate::graph::Graph;

/// Nodes between two checks of the cancel flag.
pub(super) const POLL: usize = 1 << 12;

/// Lists the nodes in distress.
pub(super) fn hit(distress: &[f64]) -> Vec<u32> {
    let nodes = (0..).zip(distress);
    nodes
        .filter(|(_, h)| **h > 0.0)
        .map(|(node, _)| node)
        .collect()
}

/// Yields the row of W of a node, without entries of 0: the nodes that it hurts, and how much.
pub(super) fn impacts_of<'a>(
    graph: &'a Graph,
    impacts: &'a [f64],
    node: u32,
) -> impl Iterator<Item = (u32, f64)> + use<'a> {
    let edges = graph.out_edges(node);
    let impacts = &impacts[edges.start as usize..edges.end as usize];
    let mut hops = graph.targets_of(node).iter().zip(impacts).peekable();
    std::iter::from_fn(move || {
        let (target, impact) = hops.next()?;
        // Parallel edges are consecutive, and add up before the limit.
        let mut impact = *impact;
        while let Some((_, more)) = hops.next_if(|(next, _)| *next == target) {
            impact += more;
        }
        Some((*target, impact.min(1.0)))
    })
    .filter(move |(target, impact)| *impact > 0.0 && *target != node)
}
