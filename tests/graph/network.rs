//! The graph: its topology against lists of edges, and petgraph's algorithms on it.

use petgraph::algo;
use petgraph::graph::DiGraph;
use petgraph::visit::{Bfs, EdgeRef, IntoEdgeReferences, IntoEdgesDirected};
use petgraph::{Direction, visit};
use powermap_graph::Graph;
use proptest::collection::vec;
use proptest::prelude::*;

/// Up to 20 nodes and 60 edges, with loops and parallel edges among them.
fn edges() -> impl Strategy<Value = (u32, Vec<(u32, u32)>)> {
    (1_u32..20).prop_flat_map(|n| (Just(n), vec((0..n, 0..n), 0..60)))
}

fn graph(n: u32, edges: &[(u32, u32)]) -> (Graph, Vec<u32>) {
    let (sources, targets): (Vec<_>, Vec<_>) = edges.iter().copied().unzip();
    Graph::from_edges(n, &sources, &targets).unwrap()
}

proptest! {
    #[test]
    fn every_edge_is_there_once_and_in_order((n, edges) in edges()) {
        let (graph, order) = graph(n, &edges);
        let mut seen = order.clone();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..edges.len() as u32).collect::<Vec<_>>());
        let mut last = None;
        for (edge, original) in order.iter().enumerate() {
            let (source, target) = edges[*original as usize];
            prop_assert_eq!((graph.source(edge as u32), graph.target(edge as u32)), (source, target));
            let key = Some((source, target, *original));
            prop_assert!(last < key);
            last = key;
        }
        for node in 0..n {
            let mut into: Vec<_> = edges.iter().filter(|(_, t)| *t == node).map(|(s, _)| *s).collect();
            into.sort_unstable();
            prop_assert_eq!(graph.sources_of(node), &into[..]);
            prop_assert_eq!(graph.in_degree(node) as usize, into.len());
            for (edge, source) in graph.in_edges(node).iter().zip(into) {
                prop_assert_eq!((graph.source(*edge), graph.target(*edge)), (source, node));
            }
        }
    }

    #[test]
    fn petgraph_finds_the_same_on_it_as_on_its_own_graph((n, edges) in edges()) {
        let (ours, _) = graph(n, &edges);
        let mut theirs = DiGraph::<(), ()>::new();
        let nodes: Vec<_> = (0..n).map(|_| theirs.add_node(())).collect();
        for (s, t) in &edges {
            theirs.add_edge(nodes[*s as usize], nodes[*t as usize], ());
        }
        prop_assert_eq!(algo::is_cyclic_directed(&ours), algo::is_cyclic_directed(&theirs));
        prop_assert_eq!(algo::connected_components(&ours), algo::connected_components(&theirs));
        let components = |mut found: Vec<Vec<usize>>| {
            found.iter_mut().for_each(|c| c.sort_unstable());
            found.sort();
            found
        };
        prop_assert_eq!(
            components(algo::tarjan_scc(&ours).into_iter().map(|c| c.into_iter().map(|v| v as usize).collect()).collect()),
            components(algo::kosaraju_scc(&theirs).into_iter().map(|c| c.into_iter().map(|v| v.index()).collect()).collect())
        );
        let mut distances: Vec<_> = algo::dijkstra(&ours, 0, None, |_| 1).into_iter().collect();
        distances.sort_unstable();
        let mut expected: Vec<_> = algo::dijkstra(&theirs, nodes[0], None, |_| 1)
            .into_iter().map(|(v, d)| (v.index() as u32, d)).collect();
        expected.sort_unstable();
        prop_assert_eq!(&distances, &expected);
        let mut bfs = Bfs::new(&ours, 0);
        prop_assert_eq!(std::iter::from_fn(|| bfs.next(&ours)).count(), expected.len());
        prop_assert_eq!((&ours).edge_references().count(), edges.len());
        let reversed = visit::Reversed(&ours);
        let back: usize = (0..n).map(|v| (&ours).edges_directed(v, Direction::Incoming).filter(|e| e.target() == v).count()).sum();
        prop_assert_eq!(back, edges.len());
        prop_assert_eq!(algo::is_cyclic_directed(reversed), algo::is_cyclic_directed(&theirs));
    }
}

#[test]
fn wrong_ends_are_refused() {
    assert!(Graph::from_edges(2, &[0], &[2]).is_err());
    assert!(Graph::from_edges(2, &[0, 1], &[1]).is_err());
    assert_eq!(Graph::from_edges(0, &[], &[]).unwrap().0.node_count(), 0);
}
