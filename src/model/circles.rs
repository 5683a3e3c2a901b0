//! Which things lead back to themselves.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the things from which steps lead back to themselves, over however many others.
///
/// O(n log n) for n steps.
pub(crate) fn on_circles<T: Ord + Copy>(steps: impl IntoIterator<Item = (T, T)>) -> BTreeSet<T> {
    let mut graph = DiGraph::<T, ()>::new();
    let mut nodes = BTreeMap::new();
    let mut on_circles = BTreeSet::new();
    for (from, to) in steps {
        if from == to {
            on_circles.insert(from);
        }
        let [from, to] =
            [from, to].map(|end| *nodes.entry(end).or_insert_with(|| graph.add_node(end)));
        graph.add_edge(from, to, ());
    }
    let groups = kosaraju_scc(&graph).into_iter();
    let circles = groups.filter(|group| group.len() > 1).flatten();
    on_circles.extend(circles.map(|node| graph[node]));
    on_circles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_leads_to_a_circle_is_not_on_it() {
        let steps = [
            (1, 2),
            (2, 3),
            (3, 2),
            (3, 4),
            (5, 5),
            (6, 7),
            (6, 8),
            (7, 8),
        ];
        assert_eq!(on_circles(steps), BTreeSet::from([2, 3, 5]));
        assert_eq!(on_circles::<u32>([]), BTreeSet::new());
    }
}
