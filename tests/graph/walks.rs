//! Cycles, paths and communities against answers of networkx and igraph, stored with the script that made them; paths
//! and cycles in time under changes that must not matter.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use powermap_graph::{Cycles, Ending, Graph, Paths, TemporalCycles, communities, widest_to};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);

/// Source, target, and a weight that is a time too.
type Edge = (u32, u32, u32);
type Sequences = Vec<Vec<u32>>;

fn graph(n: u32, edges: &[Edge]) -> (Graph, Vec<u32>) {
    let sources: Vec<u32> = edges.iter().map(|edge| edge.0).collect();
    let targets: Vec<u32> = edges.iter().map(|edge| edge.1).collect();
    Graph::from_edges(n, &sources, &targets).unwrap()
}

fn collect(search: impl FnOnce(&mut dyn FnMut(&[u32]) -> ControlFlow<()>) -> Ending) -> Sequences {
    let mut found = Vec::new();
    let ending = search(&mut |walk| {
        found.push(walk.to_vec());
        ControlFlow::Continue(())
    });
    assert_eq!(ending, Ending::Complete);
    found.sort();
    found
}

fn cycles(n: u32, edges: &[Edge], length_max: u32) -> Sequences {
    let cycles = Cycles::new(&graph(n, edges).0, |_| true, None);
    collect(|take| cycles.for_each(length_max, &NEVER, take))
}

fn paths(n: u32, edges: &[Edge], source: u32, target: u32, hops_max: u32) -> Sequences {
    let paths = Paths::new(&graph(n, edges).0, |_| true);
    collect(|take| paths.for_each(source, target, hops_max, &NEVER, take))
}

/// Cycles in time as places in the list of edges; only edges that are kept count.
fn temporal(
    n: u32,
    edges: &[Edge],
    window: u64,
    length_max: u32,
    keep: impl Fn(usize) -> bool,
) -> Sequences {
    let (graph, order) = graph(n, edges);
    let times: Vec<i64> = order
        .iter()
        .map(|place| i64::from(edges[*place as usize].2))
        .collect();
    let kept = |edge: u32| keep(order[edge as usize] as usize);
    let cycles = TemporalCycles::new(&graph, &times, kept).unwrap();
    let mut found = collect(|take| cycles.for_each(window, length_max, &NEVER, take));
    for cycle in &mut found {
        cycle
            .iter_mut()
            .for_each(|edge| *edge = order[*edge as usize]);
    }
    found.sort();
    found
}

fn lines(name: &str) -> Vec<String> {
    let text = fs::read_to_string(format!("tests/data/kernels/{name}.csv")).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

fn numbers(text: &str, between: char) -> Vec<u32> {
    text.split(between)
        .map(|word| word.parse().unwrap())
        .collect()
}

/// Modularity by its definition: over all pairs of nodes that are together.
fn modularity(n: u32, edges: &[Edge], of: &[u32]) -> f64 {
    let mut ties = vec![vec![0.0; n as usize]; n as usize];
    for (source, target, weight) in edges.iter().filter(|edge| edge.0 != edge.1) {
        ties[*source as usize][*target as usize] += f64::from(*weight);
        ties[*target as usize][*source as usize] += f64::from(*weight);
    }
    let degrees: Vec<f64> = ties.iter().map(|row| row.iter().sum()).collect();
    let total: f64 = degrees.iter().sum();
    let mut sum = 0.0;
    for (a, row) in ties.iter().enumerate() {
        for (b, tie) in row.iter().enumerate().filter(|(b, _)| of[a] == of[*b]) {
            sum += tie - degrees[a] * degrees[b] / total;
        }
    }
    sum / total
}

fn check(name: &str, length_max: u32, pairs: &[(u32, u32)]) {
    let n = lines(&format!("{name}-expected")).len() as u32;
    let edges: Vec<Edge> = lines(&format!("{name}-edges"))
        .iter()
        .map(|line| numbers(line, ','))
        .map(|row| (row[0], row[1], row[2]))
        .collect();
    let stored = lines(&format!("{name}-walks"));
    let rows = || stored.iter().map(|line| line.split_once(',').unwrap());
    let walks = |what: &str| -> Sequences {
        let mine = rows().filter(|row| row.0 == what);
        let mut walks: Sequences = mine.map(|row| numbers(row.1, ' ')).collect();
        walks.sort();
        walks
    };
    assert_eq!(
        cycles(n, &edges, length_max),
        walks("cycle"),
        "{name}, cycles"
    );
    assert_eq!(
        temporal(n, &edges, 6, length_max, |_| true),
        walks("temporal"),
        "{name}, cycles in time"
    );
    let found = pairs
        .iter()
        .flat_map(|(source, target)| paths(n, &edges, *source, *target, length_max));
    let mut found: Sequences = found.collect();
    found.sort();
    assert_eq!(found, walks("path"), "{name}, paths");

    let (graph, order) = graph(n, &edges);
    let weights: Vec<f64> = order
        .iter()
        .map(|place| f64::from(edges[*place as usize].2))
        .collect();
    let found = communities(&graph, Some(&weights), 1.0, &NEVER).unwrap();
    let best: f64 = rows()
        .find(|row| row.0 == "modularity")
        .unwrap()
        .1
        .parse()
        .unwrap();
    let own = modularity(n, &edges, &found.of);
    assert!((found.modularity - own).abs() < 1e-12, "{name}: {own}");
    // A local search may miss the best, but not by much, and cannot be above it.
    assert!(
        found.modularity < best + 1e-12 && found.modularity > 0.9 * best,
        "{name}: {} of {best}",
        found.modularity
    );
}

#[test]
fn few_edges() {
    check("sparse", 5, &[(0, 1), (1, 0), (2, 5), (23, 3), (3, 4)]);
}

#[test]
fn nearly_all_edges() {
    check("dense", 5, &[(0, 1), (1, 0), (2, 5), (6, 3), (3, 4)]);
}

#[test]
fn many_edges_at_few_nodes() {
    check("hubs", 5, &[(0, 1), (1, 0), (2, 5), (19, 3), (3, 4)]);
}

#[test]
fn a_karate_club() {
    check("karate", 4, &[(0, 33), (0, 1), (2, 32)]);
}

/// Small multigraphs, with loops and parallel edges.
fn multigraph() -> impl Strategy<Value = (u32, Vec<Edge>)> {
    (1_u32..9).prop_flat_map(|n| (Just(n), vec((0..n, 0..n, 0_u32..20), 0..30)))
}

/// New numbers for the nodes, one of the orders that a seed can give.
fn names(n: u32, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n).collect();
    order.sort_by_key(|node| (u64::from(*node) + 1).wrapping_mul(seed | 1));
    order
}

fn renamed(edges: &[Edge], names: &[u32]) -> Vec<Edge> {
    let name = |node: u32| names[node as usize];
    edges
        .iter()
        .map(|(source, target, time)| (name(*source), name(*target), *time))
        .collect()
}

/// Two graphs beside each other.
fn beside(n: u32, edges: &[Edge], others: &[Edge]) -> Vec<Edge> {
    let moved = others.iter().map(|(s, t, time)| (s + n, t + n, *time));
    edges.iter().copied().chain(moved).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn names_of_nodes_do_not_matter((n, edges) in multigraph(), ends in (0_u32..8, 0_u32..8), seed in any::<u64>()) {
        let names = names(n, seed);
        let other = renamed(&edges, &names);
        let (source, target) = (ends.0 % n, ends.1 % n);
        let mut expected = paths(n, &edges, source, target, 6);
        expected.iter_mut().flatten().for_each(|node| *node = names[*node as usize]);
        expected.sort();
        prop_assert_eq!(paths(n, &other, names[source as usize], names[target as usize], 6), expected);
        // Edges keep their places.
        prop_assert_eq!(temporal(n, &other, 9, 5, |_| true), temporal(n, &edges, 9, 5, |_| true));
    }

    #[test]
    fn a_disconnected_part_changes_nothing_elsewhere(
        (n, edges) in multigraph(), (m, others) in multigraph(), ends in (0_u32..8, 0_u32..8),
    ) {
        let both = beside(n, &edges, &others);
        let (source, target) = (ends.0 % n, ends.1 % n);
        prop_assert_eq!(paths(n + m, &both, source, target, 6), paths(n, &edges, source, target, 6));
        prop_assert!(paths(n + m, &both, source, n + ends.1 % m, 6).is_empty());
        let moved = |found: Sequences, by: u32| -> Sequences {
            found.into_iter().map(|walk| walk.into_iter().map(|place| place + by).collect()).collect()
        };
        let sum = |own: Sequences, other: Sequences| { let mut all = own; all.extend(other); all };
        prop_assert_eq!(cycles(n + m, &both, 6), sum(cycles(n, &edges, 6), moved(cycles(m, &others, 6), n)));
        let in_time = |n, edges: &[Edge]| temporal(n, edges, 9, 5, |_| true);
        let expected = sum(in_time(n, &edges), moved(in_time(m, &others), edges.len() as u32));
        prop_assert_eq!(in_time(n + m, &both), expected);
    }

    #[test]
    fn a_filter_is_as_good_as_a_graph_without_the_other_edges(
        (n, edges) in multigraph(), ends in (0_u32..8, 0_u32..8), keep in any::<u32>(),
    ) {
        let kept = |place: usize| keep >> place & 1 == 1;
        let places: Vec<u32> = (0..edges.len() as u32).filter(|place| kept(*place as usize)).collect();
        let left: Vec<Edge> = places.iter().map(|place| edges[*place as usize]).collect();
        let (source, target) = (ends.0 % n, ends.1 % n);
        let (whole, order) = graph(n, &edges);
        let filtered = Paths::new(&whole, |edge| kept(order[edge as usize] as usize));
        let found = collect(|take| filtered.for_each(source, target, 6, &NEVER, take));
        prop_assert_eq!(found, paths(n, &left, source, target, 6));
        let mut expected = temporal(n, &left, 9, 5, |_| true);
        expected.iter_mut().flatten().for_each(|place| *place = places[*place as usize]);
        prop_assert_eq!(temporal(n, &edges, 9, 5, kept), expected);
    }

    #[test]
    fn parallel_edges_add_no_walk_over_nodes((n, edges) in multigraph(), ends in (0_u32..8, 0_u32..8)) {
        let mut twice = edges.clone();
        twice.extend(&edges);
        let (source, target) = (ends.0 % n, ends.1 % n);
        prop_assert_eq!(cycles(n, &twice, 6), cycles(n, &edges, 6));
        prop_assert_eq!(paths(n, &twice, source, target, 6), paths(n, &edges, source, target, 6));
    }

    #[test]
    fn paths_of_pairs_are_those_of_each_pair((n, edges) in multigraph(), pairs in vec((0_u32..8, 0_u32..8), 0..6)) {
        let index = Paths::new(&graph(n, &edges).0, |_| true);
        let together = collect(|take| index.for_each_of_pairs(&pairs, 4, &NEVER, take));
        let mut expected: Sequences = pairs.iter().flat_map(|(a, b)| paths(n, &edges, *a, *b, 4)).collect();
        expected.sort();
        prop_assert_eq!(together, expected);
    }

    #[test]
    fn the_widest_path_is_the_best_of_all((n, edges) in multigraph(), target in 0_u32..8) {
        let (graph, order) = graph(n, &edges);
        let widths: Vec<f64> = order.iter().map(|place| f64::from(edges[*place as usize].2)).collect();
        let found = widest_to(&graph, target % n, &widths, &NEVER).unwrap();
        for source in 0..n {
            let width = |path: &Vec<u32>| {
                let hops = path.windows(2).map(|ends| {
                    let hop = graph.edges_between(ends[0], ends[1]);
                    hop.map(|edge| widths[edge as usize]).fold(f64::NEG_INFINITY, f64::max)
                });
                hops.fold(f64::INFINITY, f64::min)
            };
            let all = paths(n, &edges, source, target % n, 8);
            let expected = match source == target % n {
                true => f64::INFINITY,
                false => all.iter().map(width).fold(f64::NEG_INFINITY, f64::max),
            };
            prop_assert_eq!(found[source as usize], expected);
        }
    }

    #[test]
    fn shifting_all_times_changes_nothing_and_stretching_them_stretches_the_window(
        (n, edges) in multigraph(), by in 0_u32..1000, factor in 1_u32..9, window in 0_u32..12,
    ) {
        let moved: Vec<Edge> = edges.iter().map(|(s, t, time)| (*s, *t, time * factor + by)).collect();
        let wider = u64::from(window * factor);
        prop_assert_eq!(temporal(n, &moved, wider, 5, |_| true), temporal(n, &edges, u64::from(window), 5, |_| true));
    }

    #[test]
    fn communities_stay_within_parts_and_have_the_modularity_of_the_definition(
        (n, edges) in multigraph(), (m, others) in multigraph(),
    ) {
        let both = beside(n, &edges, &others);
        let (graph, order) = graph(n + m, &both);
        let weights: Vec<f64> = order.iter().map(|place| f64::from(both[*place as usize].2)).collect();
        let found = communities(&graph, Some(&weights), 1.0, &NEVER).unwrap();
        let of = |nodes: std::ops::Range<u32>| nodes.map(|v| found.of[v as usize]).collect::<BTreeSet<_>>();
        prop_assert!(of(0..n).is_disjoint(&of(n..n + m)));
        let own = modularity(n + m, &both, &found.of);
        prop_assert!(own.is_nan() || (found.modularity - own).abs() < 1e-9, "{} {}", found.modularity, own);
        // Doubled weights have the same communities.
        let doubled: Vec<f64> = weights.iter().map(|weight| 2.0 * weight).collect();
        let again = communities(&graph, Some(&doubled), 1.0, &NEVER).unwrap();
        prop_assert_eq!(again.of, found.of);
    }
}
