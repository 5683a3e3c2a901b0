//! The searches for cycles and paths, against naive ones and under changes that must not matter.

use powermap_graph::{Cycles, Ending, Graph, Paths, TemporalCycles};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

type Edges = Vec<(u32, u32)>;
type Sequences = Vec<Vec<u32>>;

static NEVER: AtomicBool = AtomicBool::new(false);

/// Small multigraphs, with loops and parallel edges, some of them without edges or in many parts.
fn edges() -> impl Strategy<Value = (u32, Edges)> {
    (1_u32..10).prop_flat_map(|n| (Just(n), vec((0..n, 0..n), 0..40)))
}

fn graph(n: u32, edges: &[(u32, u32)]) -> (Graph, Vec<u32>) {
    let (sources, targets): (Vec<_>, Vec<_>) = edges.iter().copied().unzip();
    Graph::from_edges(n, &sources, &targets).unwrap()
}

/// Every sequence of different nodes along hops, from any node on.
fn walks(
    edges: &[(u32, u32)],
    path: &mut Vec<u32>,
    length_max: usize,
    take: &mut impl FnMut(&[u32]),
) {
    take(path);
    if path.len() >= length_max {
        return;
    }
    let here = path[path.len() - 1];
    let next: BTreeSet<u32> = edges.iter().filter(|e| e.0 == here).map(|e| e.1).collect();
    for node in next {
        if !path.contains(&node) {
            path.push(node);
            walks(edges, path, length_max, take);
            path.pop();
        }
    }
}

/// The definition: the walks that can go back to where they began, and began at their smallest node.
fn naive_cycles(n: u32, edges: &[(u32, u32)], length_max: usize) -> Sequences {
    let mut found = Vec::new();
    for start in 0..n {
        walks(edges, &mut vec![start], length_max, &mut |path| {
            let last = path[path.len() - 1];
            if path.len() > 1
                && path.iter().all(|node| *node >= start)
                && edges.contains(&(last, start))
            {
                found.push(path.to_vec());
            }
        });
    }
    found.sort();
    found
}

fn streamed(cycles: &Cycles, length_max: u32) -> Sequences {
    let mut found = Vec::new();
    let ending = cycles.for_each(length_max, &NEVER, |cycle| {
        found.push(cycle.to_vec());
        ControlFlow::Continue(())
    });
    assert_eq!(ending, Ending::Complete);
    found
}

fn all(graph: &Graph, length_max: u32) -> Sequences {
    let mut found = streamed(&Cycles::new(graph, |_| true, None), length_max);
    found.sort();
    found
}

fn by_length(cycles: &[Vec<u32>]) -> Vec<u64> {
    let mut counts = vec![0; cycles.iter().map(|c| c.len() + 1).max().unwrap_or(0)];
    for cycle in cycles {
        counts[cycle.len()] += 1;
    }
    counts
}

/// The definition, edge by edge: cycles as places in the list of edges.
fn naive_temporal(
    edges: &[(u32, u32)],
    times: &[i64],
    window: i64,
    length_max: usize,
) -> Sequences {
    fn extend(
        edges: &[(u32, u32)],
        times: &[i64],
        end: i64,
        length_max: usize,
        path: &mut Vec<u32>,
        found: &mut Sequences,
    ) {
        let (first, last) = (path[0] as usize, path[path.len() - 1] as usize);
        if edges[last].1 == edges[first].0 {
            found.push(path.clone());
            return;
        }
        for next in 0..edges.len() {
            let again = path.iter().any(|e| edges[*e as usize].1 == edges[next].1);
            if path.len() < length_max
                && edges[next].0 == edges[last].1
                && !again
                && times[last] < times[next]
                && times[next] <= end
            {
                path.push(next as u32);
                extend(edges, times, end, length_max, path, found);
                path.pop();
            }
        }
    }
    let mut found = Vec::new();
    for first in 0..edges.len() {
        if edges[first].0 != edges[first].1 {
            extend(
                edges,
                times,
                times[first] + window,
                length_max,
                &mut vec![first as u32],
                &mut found,
            );
        }
    }
    found.retain(|cycle| cycle.len() <= length_max);
    found.sort();
    found
}

fn temporal(
    n: u32,
    edges: &[(u32, u32)],
    times: &[i64],
    window: u64,
    length_max: u32,
) -> Sequences {
    let (graph, order) = graph(n, edges);
    let times: Vec<i64> = order.iter().map(|e| times[*e as usize]).collect();
    let cycles = TemporalCycles::new(&graph, &times, |_| true).unwrap();
    let mut found = Vec::new();
    let ending = cycles.for_each(window, length_max, &NEVER, |cycle| {
        found.push(cycle.iter().map(|e| order[*e as usize]).collect::<Vec<_>>());
        ControlFlow::Continue(())
    });
    assert_eq!(ending, Ending::Complete);
    assert_eq!(
        cycles.count(window, length_max, &NEVER).by_length,
        by_length(&found)
    );
    found.sort();
    found
}

/// The same cycle from its smallest node on.
fn rotated(mut cycle: Vec<u32>) -> Vec<u32> {
    let smallest = (0..cycle.len()).min_by_key(|at| cycle[*at]).unwrap();
    cycle.rotate_left(smallest);
    cycle
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn cycles_are_those_of_the_definition((n, edges) in edges(), length_max in 0_u32..10) {
        let (graph, _) = graph(n, &edges);
        let expected = naive_cycles(n, &edges, length_max as usize);
        let cycles = Cycles::new(&graph, |_| true, None);
        let mut found = streamed(&cycles, length_max);
        found.sort();
        prop_assert_eq!(&found, &expected);
        let counts = cycles.count(length_max, &NEVER);
        prop_assert_eq!(counts.by_length, by_length(&expected));
        prop_assert_eq!(counts.ending, Ending::Complete);
    }

    #[test]
    fn names_of_nodes_do_not_matter((n, edges) in edges(), seed in any::<u64>()) {
        let mut names: Vec<u32> = (0..n).collect();
        names.sort_by_key(|node| (u64::from(*node) + 1).wrapping_mul(seed | 1));
        let renamed: Edges = edges.iter().map(|(s, t)| (names[*s as usize], names[*t as usize])).collect();
        let mut expected: Sequences = all(&graph(n, &edges).0, 6)
            .into_iter()
            .map(|cycle| rotated(cycle.into_iter().map(|node| names[node as usize]).collect()))
            .collect();
        expected.sort();
        prop_assert_eq!(all(&graph(n, &renamed).0, 6), expected);
    }

    #[test]
    fn turning_all_edges_turns_the_cycles((n, edges) in edges()) {
        let turned: Edges = edges.iter().map(|(s, t)| (*t, *s)).collect();
        let mut expected: Sequences = all(&graph(n, &edges).0, 6)
            .into_iter()
            .map(|mut cycle| { cycle.reverse(); rotated(cycle) })
            .collect();
        expected.sort();
        prop_assert_eq!(all(&graph(n, &turned).0, 6), expected);
    }

    #[test]
    fn only_kept_edges_and_given_nodes_count(
        (n, edges) in edges(), keep in any::<u64>(), through in vec(0_u32..12, 0..4),
    ) {
        let (graph, order) = graph(n, &edges);
        let kept = |edge: u32| keep >> (edge % 64) & 1 == 1;
        let left: Edges = (0..graph.edge_count()).filter(|e| kept(*e)).map(|e| edges[order[e as usize] as usize]).collect();
        let mut expected = naive_cycles(n, &left, 6);
        expected.retain(|cycle| cycle.iter().any(|node| through.contains(node)));
        let mut found = streamed(&Cycles::new(&graph, kept, Some(&through)), 6);
        found.sort();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_receiver_can_stop((n, edges) in edges(), limit in 1_usize..6, threads in 1_usize..4) {
        let (graph, _) = graph(n, &edges);
        let cycles = Cycles::new(&graph, |_| true, None);
        let mut expected = streamed(&cycles, 6);
        let ending = if expected.len() < limit { Ending::Complete } else { Ending::Stopped };
        expected.truncate(limit);
        let mut found = Vec::new();
        prop_assert_eq!(cycles.for_each(6, &NEVER, |cycle| take(&mut found, cycle, limit)), ending);
        prop_assert_eq!(&found, &expected);
        found.clear();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let again = pool.install(|| cycles.for_each_parallel(6, &NEVER, |cycle| take(&mut found, cycle, limit)));
        prop_assert_eq!(again, ending);
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn paths_are_those_of_the_definition((n, edges) in edges(), ends in (0_u32..11, 0_u32..11), length_max in 0_u32..10) {
        let (graph, _) = graph(n, &edges);
        let mut expected = Vec::new();
        if ends.0 < n {
            walks(&edges, &mut vec![ends.0], length_max as usize + 1, &mut |path| {
                if path.len() > 1 && path[path.len() - 1] == ends.1 {
                    expected.push(path.to_vec());
                }
            });
        }
        expected.sort();
        let paths = Paths::new(&graph, |_| true);
        let mut found = Vec::new();
        let ending = paths.for_each(ends.0, ends.1, length_max, &NEVER, |path| {
            found.push(path.to_vec());
            ControlFlow::Continue(())
        });
        prop_assert_eq!(ending, Ending::Complete);
        found.sort();
        prop_assert_eq!(&found, &expected);
        let hops: Sequences = expected.iter().map(|path| path[1..].to_vec()).collect();
        prop_assert_eq!(paths.count(ends.0, ends.1, length_max, &NEVER).by_length, by_length(&hops));
        let mut turned = Vec::new();
        let around: Edges = edges.iter().map(|(s, t)| (*t, *s)).collect();
        Paths::new(&self::graph(n, &around).0, |_| true).for_each(ends.1, ends.0, length_max, &NEVER, |path| {
            turned.push(path.iter().rev().copied().collect::<Vec<_>>());
            ControlFlow::Continue(())
        });
        turned.sort();
        prop_assert_eq!(turned, expected);
    }

    #[test]
    fn temporal_cycles_are_those_of_the_definition(
        (n, edges) in edges(), times in vec(-9_i64..9, 40), window in 0_u64..20, length_max in 0_u32..8,
    ) {
        let times = &times[..edges.len()];
        let expected = naive_temporal(&edges, times, window as i64, length_max as usize);
        prop_assert_eq!(temporal(n, &edges, times, window, length_max), expected);
    }

    #[test]
    fn time_can_run_the_other_way((n, edges) in edges(), times in vec(-30_i64..30, 40), window in 0_u64..40) {
        let times = &times[..edges.len()];
        let around: Edges = edges.iter().map(|(s, t)| (*t, *s)).collect();
        let back: Vec<i64> = times.iter().map(|time| -time).collect();
        let mut turned = temporal(n, &around, &back, window, u32::MAX);
        turned.iter_mut().for_each(|cycle| cycle.reverse());
        turned.sort();
        prop_assert_eq!(temporal(n, &edges, times, window, u32::MAX), turned);
    }

    #[test]
    fn legs_are_the_parallel_edges((n, edges) in edges(), source in 0_u32..10, target in 0_u32..10) {
        let (graph, order) = graph(n, &edges);
        let (source, target) = (source % n, target % n);
        let found: Vec<u32> = graph.edges_between(source, target).map(|edge| order[edge as usize]).collect();
        let expected: Vec<u32> = (0..edges.len() as u32).filter(|e| edges[*e as usize] == (source, target)).collect();
        prop_assert_eq!(found, expected);
    }
}

fn take(found: &mut Sequences, cycle: &[u32], limit: usize) -> ControlFlow<()> {
    found.push(cycle.to_vec());
    if found.len() == limit {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

/// A graph of a few hundred nodes with hubs, from a linear congruential generator.
fn hubs(n: u32, m: usize) -> Graph {
    let mut state = 1_u64;
    let mut node = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let x = (state >> 40) as f64 / (1_u64 << 24) as f64;
        (f64::from(n) * x * x) as u32
    };
    let edges: Edges = (0..m).map(|_| (node(), node())).collect();
    graph(n, &edges).0
}

#[test]
fn more_threads_find_the_same_in_the_same_order() {
    let graph = hubs(300, 3000);
    let cycles = Cycles::new(&graph, |_| true, None);
    let expected = streamed(&cycles, 5);
    assert!(expected.len() > 10_000, "{}", expected.len());
    let counts = cycles.count(5, &NEVER);
    assert_eq!(counts.by_length, by_length(&expected));
    for threads in 1..4 {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let mut found = Vec::new();
        let ending = pool.install(|| {
            cycles.for_each_parallel(5, &NEVER, |cycle| {
                found.push(cycle.to_vec());
                ControlFlow::Continue(())
            })
        });
        assert_eq!(ending, Ending::Complete);
        assert!(found == expected);
        assert_eq!(pool.install(|| cycles.count_parallel(5, &NEVER)), counts);
    }
}

#[test]
fn cycles_of_a_complete_graph_have_a_formula() {
    let edges: Edges = (0..9).flat_map(|s| (0..9).map(move |t| (s, t))).collect();
    let (graph, _) = graph(9, &edges);
    let counts = Cycles::new(&graph, |_| true, None).count(u32::MAX, &NEVER);
    // n! / ((n - k)! k) for each length k.
    let falling = |k: u64| (9 - k + 1..=9).product::<u64>() / k;
    assert_eq!(
        counts.by_length[2..],
        (2..=9).map(falling).collect::<Vec<_>>()
    );
}

#[test]
fn a_long_way_round_does_not_exhaust_the_stack() {
    let n = 200_000;
    let edges: Edges = (0..n).map(|node| (node, (node + 1) % n)).collect();
    let (graph, _) = graph(n, &edges);
    let cycles = Cycles::new(&graph, |_| true, Some(&[7]));
    assert_eq!(cycles.count(n - 1, &NEVER).total(), 0);
    assert_eq!(streamed(&cycles, n), [(0..n).collect::<Vec<_>>()]);
}

#[test]
fn a_raised_flag_ends_the_search() {
    let graph = hubs(300, 3000);
    let cycles = Cycles::new(&graph, |_| true, None);
    let cancel = AtomicBool::new(true);
    assert_eq!(cycles.count(5, &cancel).ending, Ending::Cancelled);
    assert_eq!(cycles.count_parallel(5, &cancel).ending, Ending::Cancelled);
    cancel.store(false, Ordering::Relaxed);
    let mut seen = 0;
    let ending = cycles.for_each(300, &cancel, |_| {
        seen += 1;
        cancel.store(seen > 1000, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    assert_eq!(ending, Ending::Cancelled);
    assert!(seen < 10_000, "{seen} walks were reported");
}

#[test]
fn times_at_the_ends_of_the_range_are_no_trouble() {
    let edges = [(0, 1), (1, 0), (1, 0)];
    let times = [i64::MAX - 1, i64::MIN, i64::MAX];
    assert_eq!(
        temporal(2, &edges, &times, u64::MAX, u32::MAX),
        [vec![0, 2], vec![1, 0]]
    );
    assert_eq!(temporal(2, &edges, &times, 0, u32::MAX), Sequences::new());
    let (graph, _) = graph(2, &edges);
    let error = TemporalCycles::new(&graph, &[1], |_| true).unwrap_err();
    assert_eq!(
        error.to_string(),
        "1 times for 3 edges: expected one for each edge"
    );
}

#[test]
fn temporal_and_path_searches_stop_when_told() {
    let graph = hubs(300, 3000);
    let times: Vec<i64> = (0..3000).map(|edge| edge * 7919 % 3001).collect();
    let cycles = TemporalCycles::new(&graph, &times, |_| true).unwrap();
    let paths = Paths::new(&graph, |_| true);
    let raised = AtomicBool::new(true);
    assert_eq!(cycles.count(500, 5, &raised).ending, Ending::Cancelled);
    assert_eq!(paths.count(0, 1, 6, &raised).ending, Ending::Cancelled);
    assert_eq!(
        cycles.for_each(500, 5, &NEVER, |_| ControlFlow::Break(())),
        Ending::Stopped
    );
    assert_eq!(
        paths.for_each(0, 1, 6, &NEVER, |_| ControlFlow::Break(())),
        Ending::Stopped
    );
    // A walk that would not end can be cancelled from within.
    raised.store(false, Ordering::Relaxed);
    let ending = cycles.for_each(3000, u32::MAX, &raised, |_| {
        raised.store(true, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    assert_eq!(ending, Ending::Cancelled);
}
