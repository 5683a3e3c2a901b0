//! The graph kernels: against their definitions on small random multigraphs, against petgraph, and against answers of
//! networkx and igraph that are stored with the script that made them.

use petgraph::algo;
use powermap_graph::{
    BetweennessSampleOptions, BfsTree, Components, Direction, Graph, GraphError, PageRankOptions,
    UNREACHED_DISTANCE, betweenness, betweenness_sample, bfs, constraint, core_numbers, pagerank,
    shortest_distances_f64, shortest_distances_u32, strong_components, weak_components,
};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);
const GO: &AtomicBool = &NEVER;
const OPTIONS: PageRankOptions = PageRankOptions::new(0.85)
    .with_tolerance(1e-14)
    .with_rounds_max(500);

const SAMPLE: BetweennessSampleOptions = BetweennessSampleOptions::new(0.05, 0.1).with_seed(1);

type Edge = (u32, u32, u32);

/// Up to 14 nodes and 40 edges with weights: loops, parallel edges, isolated nodes, no edges, no nodes.
fn multigraph() -> impl Strategy<Value = (u32, Vec<Edge>)> {
    (0_u32..15).prop_flat_map(|n| {
        let count = if n == 0 { 0..1 } else { 0..41_usize };
        let edge = (0..n.max(1), 0..n.max(1), 0_u32..8);
        (Just(n), vec(edge, count))
    })
}

/// The graph, and the weights by edge id.
fn graph(n: u32, edges: &[Edge]) -> (Graph, Vec<u32>) {
    let sources: Vec<u32> = edges.iter().map(|e| e.0).collect();
    let targets: Vec<u32> = edges.iter().map(|e| e.1).collect();
    let (graph, order) = Graph::from_edges(n, &sources, &targets).expect("ends below n");
    let weights = order.iter().map(|e| edges[*e as usize].2).collect();
    (graph, weights)
}

fn reals(weights: &[u32]) -> Vec<f64> {
    weights.iter().map(|w| f64::from(*w)).collect()
}

fn with_threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().expect("threads can start").install(run)
}

/// Close, or both not a number.
fn close(a: &[f64], b: &[f64]) -> bool {
    let near = |(a, b): (&f64, &f64)| {
        a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
    };
    a.len() == b.len() && a.iter().zip(b).all(near)
}

/// Distances by trying every edge until nothing changes.
fn naive_distances(n: u32, edges: &[Edge], start: u32) -> Vec<Option<u64>> {
    let mut known = vec![None; n as usize];
    known[start as usize] = Some(0);
    loop {
        let before = known.clone();
        for (s, t, w) in edges {
            let through = known[*s as usize].map(|d: u64| d + u64::from(*w));
            if let Some(through) = through
                && known[*t as usize].is_none_or(|d| through < d)
            {
                known[*t as usize] = Some(through);
            }
        }
        if known == before {
            return known;
        }
    }
}

fn hops(n: u32, edges: &[Edge], start: u32) -> Vec<Option<u64>> {
    let ones: Vec<Edge> = edges.iter().map(|(s, t, _)| (*s, *t, 1)).collect();
    naive_distances(n, &ones, start)
}

fn reversed(edges: &[Edge]) -> Vec<Edge> {
    edges.iter().map(|(s, t, w)| (*t, *s, *w)).collect()
}

/// Numbers a partition by the smallest node of each part, from a test of whether two belong together.
fn partition(n: u32, together: impl Fn(u32, u32) -> bool) -> Components {
    let mut of: Vec<u32> = Vec::new();
    let mut sizes = Vec::new();
    for v in 0..n {
        let number = match (0..v).find(|u| together(*u, v)) {
            Some(u) => of[u as usize],
            None => {
                sizes.push(0);
                sizes.len() as u32 - 1
            }
        };
        of.push(number);
        sizes[number as usize] += 1;
    }
    Components { of, sizes }
}

/// The matrix of the ties between two, in both directions, with 0 on the diagonal.
fn ties(n: u32, edges: &[Edge], weight: impl Fn(&Edge) -> f64) -> Vec<Vec<f64>> {
    let mut ties = vec![vec![0.0; n as usize]; n as usize];
    for edge in edges.iter().filter(|e| e.0 != e.1) {
        ties[edge.0 as usize][edge.1 as usize] += weight(edge);
        ties[edge.1 as usize][edge.0 as usize] += weight(edge);
    }
    ties
}

fn naive_constraint(n: u32, edges: &[Edge], weight: impl Fn(&Edge) -> f64) -> Vec<f64> {
    let a = ties(n, edges, weight);
    let totals: Vec<f64> = a.iter().map(|row| row.iter().sum()).collect();
    let p = |i: usize, j: usize| {
        if a[i][j] == 0.0 {
            0.0
        } else {
            a[i][j] / totals[i]
        }
    };
    let nodes = 0..n as usize;
    let one = |i: usize| {
        if totals[i] == 0.0 {
            return f64::NAN;
        }
        let both = |j: usize| {
            let through: f64 = nodes
                .clone()
                .filter(|q| *q != i && *q != j)
                .map(|q| p(i, q) * p(q, j))
                .sum();
            (p(i, j) + through).powi(2)
        };
        let partner = |j: &usize| {
            edges.iter().any(|e| {
                let (s, t) = (e.0 as usize, e.1 as usize);
                s != t && ((s, t) == (i, *j) || (t, s) == (i, *j))
            })
        };
        nodes.clone().filter(partner).map(both).sum()
    };
    nodes.clone().map(one).collect()
}

fn naive_cores(n: u32, edges: &[Edge]) -> Vec<u32> {
    let a = ties(n, edges, |_| 1.0);
    let mut cores = vec![0; n as usize];
    for k in 1..n {
        let mut inside = vec![true; n as usize];
        loop {
            let degree = |v: usize| {
                (0..n as usize)
                    .filter(|u| inside[*u] && a[v][*u] > 0.0)
                    .count()
            };
            let out: Vec<usize> = (0..n as usize)
                .filter(|v| inside[*v] && degree(*v) < k as usize)
                .collect();
            if out.is_empty() {
                break;
            }
            out.into_iter().for_each(|v| inside[v] = false);
        }
        for v in (0..n as usize).filter(|v| inside[*v]) {
            cores[v] = k;
        }
    }
    cores
}

/// By the definition: σ(s,v)·σ(v,t) / σ(s,t) wherever v lies on a shortest path.
fn naive_betweenness(n: u32, edges: &[Edge]) -> Vec<f64> {
    let hops: Vec<_> = (0..n).map(|s| hops(n, edges, s)).collect();
    let a = |s: u32, t: u32| s != t && edges.iter().any(|e| (e.0, e.1) == (s, t));
    let paths = |s: u32| {
        let mut paths = vec![0.0; n as usize];
        paths[s as usize] = 1.0;
        for level in 1..u64::from(n.max(1)) {
            for t in (0..n).filter(|t| hops[s as usize][*t as usize] == Some(level)) {
                paths[t as usize] = (0..n)
                    .filter(|u| hops[s as usize][*u as usize] == Some(level - 1) && a(*u, t))
                    .map(|u| paths[u as usize])
                    .sum();
            }
        }
        paths
    };
    let paths: Vec<Vec<f64>> = (0..n).map(paths).collect();
    let mut result = vec![0.0; n as usize];
    for (s, t) in (0..n as usize).flat_map(|s| (0..n as usize).map(move |t| (s, t))) {
        for v in (0..n as usize).filter(|v| s != t && *v != s && *v != t) {
            if let (Some(first), Some(second), Some(all)) = (hops[s][v], hops[v][t], hops[s][t])
                && first + second == all
            {
                result[v] += paths[s][v] * paths[v][t] / paths[s][t];
            }
        }
    }
    result
}

fn naive_pagerank(n: u32, edges: &[Edge], weight: impl Fn(&Edge) -> f64) -> Vec<f64> {
    let count = f64::from(n);
    let mut out = vec![0.0; n as usize];
    edges.iter().for_each(|e| out[e.0 as usize] += weight(e));
    let mut ranks = vec![1.0 / count; n as usize];
    for _ in 0..300 {
        let dangling: f64 = (0..n as usize)
            .filter(|v| out[*v] == 0.0)
            .map(|v| ranks[v])
            .sum();
        let mut next = vec![(0.15 + 0.85 * dangling) / count; n as usize];
        for e in edges.iter().filter(|e| out[e.0 as usize] > 0.0) {
            next[e.1 as usize] += 0.85 * ranks[e.0 as usize] * weight(e) / out[e.0 as usize];
        }
        ranks = next;
    }
    ranks
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn breadth_first_search_finds_levels_and_parents((n, edges) in multigraph(), start in 0_u32..15) {
        prop_assume!(n > 0);
        let start = start % n;
        let (graph, _) = graph(n, &edges);
        for (way, edges) in [(Direction::Forward, edges.clone()), (Direction::Backward, reversed(&edges))] {
            let tree = bfs(&graph, start, way, GO).unwrap();
            let expected = hops(n, &edges, start);
            for v in 0..n {
                let (level, parent) = (tree.levels[v as usize], tree.parents[v as usize]);
                prop_assert_eq!((level != BfsTree::UNREACHED).then_some(u64::from(level)), expected[v as usize]);
                if level == BfsTree::UNREACHED {
                    prop_assert_eq!(parent, BfsTree::UNREACHED);
                } else if v == start {
                    prop_assert_eq!(parent, start);
                } else {
                    prop_assert!(edges.iter().any(|e| (e.0, e.1) == (parent, v)));
                    prop_assert_eq!(tree.levels[parent as usize] + 1, level);
                }
            }
        }
    }

    #[test]
    fn shortest_paths_are_those_of_trying_all_edges(
        (n, edges) in multigraph(), start in 0_u32..15, scale in prop::sample::select(vec![1_u32, 600, 70_000, 600_000_000]),
    ) {
        prop_assume!(n > 0);
        let start = start % n;
        let edges: Vec<Edge> = edges.into_iter().map(|(s, t, w)| (s, t, w * scale)).collect();
        let (graph, weights) = graph(n, &edges);
        let expected = naive_distances(n, &edges, start);
        let found = shortest_distances_u32(&graph, start, &weights, GO).unwrap();
        let found_real = shortest_distances_f64(&graph, start, &reals(&weights), GO).unwrap();
        let theirs = algo::dijkstra(&graph, start, None, |e| u64::from(weights[petgraph::visit::EdgeRef::id(&e) as usize]));
        for v in 0..n as usize {
            prop_assert_eq!(found[v], expected[v].unwrap_or(UNREACHED_DISTANCE));
            prop_assert_eq!(found_real[v], expected[v].map_or(f64::INFINITY, |d| d as f64));
            prop_assert_eq!(theirs.get(&(v as u32)).copied(), expected[v]);
        }
    }

    #[test]
    fn components_are_those_of_the_definition_and_of_petgraph((n, edges) in multigraph()) {
        let (graph, _) = graph(n, &edges);
        let reach: Vec<_> = (0..n).map(|v| hops(n, &edges, v)).collect();
        let reaches = |u: u32, v: u32| reach[u as usize][v as usize].is_some();
        let found = strong_components(&graph, GO).unwrap();
        prop_assert_eq!(&found, &partition(n, |u, v| reaches(u, v) && reaches(v, u)));
        prop_assert_eq!(found.sizes.len(), algo::tarjan_scc(&graph).len());
        let both: Vec<Edge> = edges.iter().copied().chain(reversed(&edges)).collect();
        let reach: Vec<_> = (0..n).map(|v| hops(n, &both, v)).collect();
        let found = weak_components(&graph, GO).unwrap();
        prop_assert_eq!(&found, &partition(n, |u, v| reach[u as usize][v as usize].is_some()));
        prop_assert_eq!(found.sizes.len(), algo::connected_components(&graph));
    }

    #[test]
    fn pagerank_is_that_of_three_hundred_plain_rounds((n, edges) in multigraph()) {
        let (graph, weights) = graph(n, &edges);
        let found = pagerank(&graph, None, &OPTIONS, GO).unwrap();
        prop_assert!(close(&found.ranks, &naive_pagerank(n, &edges, |_| 1.0)));
        prop_assert!(n == 0 || (found.ranks.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!(found.residual() < 1e-14);
        let found = pagerank(&graph, Some(&reals(&weights)), &OPTIONS, GO).unwrap();
        prop_assert!(close(&found.ranks, &naive_pagerank(n, &edges, |e| f64::from(e.2))));
    }

    #[test]
    fn betweenness_is_that_of_the_definition((n, edges) in multigraph()) {
        let (graph, _) = graph(n, &edges);
        prop_assert!(close(&betweenness(&graph, GO).unwrap(), &naive_betweenness(n, &edges)));
    }

    #[test]
    fn core_numbers_and_constraint_are_those_of_the_definition((n, edges) in multigraph()) {
        let (graph, weights) = graph(n, &edges);
        prop_assert_eq!(core_numbers(&graph, GO).unwrap(), naive_cores(n, &edges));
        let found = constraint(&graph, None, GO).unwrap();
        prop_assert!(close(&found, &naive_constraint(n, &edges, |_| 1.0)));
        let found = constraint(&graph, Some(&reals(&weights)), GO).unwrap();
        prop_assert!(close(&found, &naive_constraint(n, &edges, |e| f64::from(e.2))), "{:?}", found);
    }

    /// Other names for the nodes, and another order of the edges, change nothing but the names.
    #[test]
    fn relabelling_changes_nothing((n, edges) in multigraph(), seed in any::<u64>()) {
        prop_assume!(n > 0);
        let mut names: Vec<u32> = (0..n).collect();
        names.sort_by_key(|v| (u64::from(*v) + 1).wrapping_mul(seed | 1).rotate_left(17));
        let renamed: Vec<Edge> = edges.iter().rev()
            .map(|(s, t, w)| (names[*s as usize], names[*t as usize], *w)).collect();
        let (a, a_weights) = graph(n, &edges);
        let (b, b_weights) = graph(n, &renamed);
        let back = |values: Vec<f64>| names.iter().map(|v| values[*v as usize]).collect::<Vec<_>>();
        prop_assert!(close(&betweenness(&a, GO).unwrap(), &back(betweenness(&b, GO).unwrap())));
        prop_assert!(close(&constraint(&a, None, GO).unwrap(), &back(constraint(&b, None, GO).unwrap())));
        prop_assert!(close(&pagerank(&a, None, &OPTIONS, GO).unwrap().ranks, &back(pagerank(&b, None, &OPTIONS, GO).unwrap().ranks)));
        let cores = core_numbers(&b, GO).unwrap();
        prop_assert_eq!(core_numbers(&a, GO).unwrap(), names.iter().map(|v| cores[*v as usize]).collect::<Vec<_>>());
        let distances = shortest_distances_u32(&b, names[0], &b_weights, GO).unwrap();
        prop_assert_eq!(shortest_distances_u32(&a, 0, &a_weights, GO).unwrap(), names.iter().map(|v| distances[*v as usize]).collect::<Vec<_>>());
        for find in [strong_components, weak_components] {
            let (mut a, mut b) = (find(&a, GO).unwrap().sizes, find(&b, GO).unwrap().sizes);
            a.sort_unstable();
            b.sort_unstable();
            prop_assert_eq!(a, b);
        }
    }

    /// A part that hangs together with nothing changes nothing elsewhere (but PageRank, which is a share of the whole).
    #[test]
    fn a_disconnected_part_changes_nothing_elsewhere((n, edges) in multigraph(), (m, others) in multigraph()) {
        prop_assume!(n > 0);
        let (alone, alone_weights) = graph(n, &edges);
        let both: Vec<Edge> = edges.iter().copied()
            .chain(others.iter().map(|(s, t, w)| (s + n, t + n, *w))).collect();
        let (beside, beside_weights) = graph(n + m, &both);
        let here = n as usize;
        prop_assert!(close(&betweenness(&alone, GO).unwrap(), &betweenness(&beside, GO).unwrap()[..here]));
        prop_assert!(close(&constraint(&alone, None, GO).unwrap(), &constraint(&beside, None, GO).unwrap()[..here]));
        prop_assert_eq!(&core_numbers(&alone, GO).unwrap()[..], &core_numbers(&beside, GO).unwrap()[..here]);
        prop_assert_eq!(&strong_components(&alone, GO).unwrap().of[..], &strong_components(&beside, GO).unwrap().of[..here]);
        prop_assert_eq!(&weak_components(&alone, GO).unwrap().of[..], &weak_components(&beside, GO).unwrap().of[..here]);
        prop_assert_eq!(
            &shortest_distances_u32(&alone, 0, &alone_weights, GO).unwrap()[..],
            &shortest_distances_u32(&beside, 0, &beside_weights, GO).unwrap()[..here]
        );
        prop_assert_eq!(
            &bfs(&alone, 0, Direction::Forward, GO).unwrap().levels[..],
            &bfs(&beside, 0, Direction::Forward, GO).unwrap().levels[..here]
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn sampled_betweenness_is_within_its_error((n, edges) in multigraph(), seed in any::<u64>()) {
        let (graph, _) = graph(n, &edges);
        // With this chance of failure, no run of this test will see one.
        let options = BetweennessSampleOptions::new(0.05, 1e-9).with_seed(seed);
        let found = betweenness_sample(&graph, &options, GO).unwrap();
        let exact = betweenness(&graph, GO).unwrap();
        for (found_one, exact_one) in found.betweenness.iter().zip(&exact) {
            prop_assert!((found_one - exact_one).abs() <= found.error());
        }
        prop_assert_eq!(found.betweenness.len(), exact.len());
        let longest = (0..n).flat_map(|v| hops(n, &edges, v)).flatten().max();
        prop_assert!(u64::from(found.path_nodes_max()) >= longest.map_or(0, |hops| hops + 1));
    }
}

/// A graph of several pieces of parallel work, without a library's random numbers.
fn large() -> Graph {
    let mut state = 7_u64;
    let mut next = |below: u32| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let unit = (state >> 33) as f64 / f64::from(1_u32 << 31);
        (f64::from(below) * unit * unit) as u32
    };
    let edges: Vec<Edge> = (0..120_000)
        .map(|_| (next(30_000), next(30_000), 1))
        .collect();
    graph(30_000, &edges).0
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let graph = large();
    let small = {
        let edges: Vec<Edge> = (0..900_u32)
            .map(|i| (i * 7919 % 211, i * i % 199, 1))
            .collect();
        self::graph(211, &edges).0
    };
    let all = || {
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        (
            bfs(&graph, 0, Direction::Forward, GO).unwrap(),
            bits(&pagerank(&graph, None, &OPTIONS, GO).unwrap().ranks),
            bits(&betweenness(&small, GO).unwrap()),
            bits(&betweenness_sample(&small, &SAMPLE, GO).unwrap().betweenness),
        )
    };
    let one = with_threads(1, all);
    assert!(
        one.0
            .levels
            .iter()
            .filter(|l| **l != BfsTree::UNREACHED)
            .count()
            > 10_000
    );
    for threads in [2, 3] {
        assert!(one == with_threads(threads, all), "{threads} threads");
    }
}

#[test]
fn a_chain_of_a_million_nodes_is_no_deeper_than_the_stack() {
    let n = 1_000_000;
    let sources: Vec<u32> = (0..n - 1).collect();
    let targets: Vec<u32> = (1..n).collect();
    let (chain, _) = Graph::from_edges(n, &sources, &targets).unwrap();
    assert_eq!(
        strong_components(&chain, GO).unwrap().sizes.len(),
        1_000_000
    );
    assert_eq!(weak_components(&chain, GO).unwrap().sizes, [n]);
    let tree = bfs(&chain, 0, Direction::Forward, GO).unwrap();
    assert_eq!(tree.levels[n as usize - 1], n - 1);
    let distances = shortest_distances_u32(&chain, 0, &vec![u32::MAX; n as usize - 1], GO).unwrap();
    assert_eq!(
        distances[n as usize - 1],
        u64::from(u32::MAX) * u64::from(n - 1)
    );
    assert_eq!(core_numbers(&chain, GO).unwrap(), vec![1; n as usize]);
}

/// 3²⁰⁰⁰ shortest paths are more than a number holds; their ratios are all that counts.
#[test]
fn more_paths_than_numbers_hold() {
    let mut edges: Vec<Edge> = Vec::new();
    for step in 0..2000_u32 {
        for middle in 1..4 {
            edges.push((4 * step, 4 * step + middle, 1));
            edges.push((4 * step + middle, 4 * step + 4, 1));
        }
    }
    let n = 8001;
    let (graph, _) = graph(n, &edges);
    let found = with_threads(2, || betweenness(&graph, GO).unwrap());
    for step in 0..2000_u32 {
        let before = f64::from(4 * step + 1);
        let after = f64::from(n - 4 * step - 4);
        // Each of three shares what goes from before to after, and serves its own ends alone.
        let through = before * after / 3.0;
        let own = found[4 * step as usize + 1];
        assert!(
            (own - through).abs() < 1e-6 * through.max(1.0),
            "{step}: {own} for {through}"
        );
    }
}

#[test]
fn a_call_that_is_cancelled_says_so() {
    let stop = &AtomicBool::new(true);
    let (graph, weights) = graph(3, &[(0, 1, 1), (1, 2, 1)]);
    let cancelled = GraphError::Cancelled;
    assert_eq!(
        bfs(&graph, 0, Direction::Forward, stop).unwrap_err(),
        cancelled
    );
    assert_eq!(
        shortest_distances_u32(&graph, 0, &weights, stop).unwrap_err(),
        cancelled
    );
    assert_eq!(
        shortest_distances_f64(&graph, 0, &reals(&weights), stop).unwrap_err(),
        cancelled
    );
    assert_eq!(strong_components(&graph, stop).unwrap_err(), cancelled);
    assert_eq!(weak_components(&graph, stop).unwrap_err(), cancelled);
    assert_eq!(
        pagerank(&graph, None, &OPTIONS, stop).unwrap_err(),
        cancelled
    );
    assert_eq!(betweenness(&graph, stop).unwrap_err(), cancelled);
    assert_eq!(
        betweenness_sample(&graph, &SAMPLE, stop).unwrap_err(),
        cancelled
    );
    assert_eq!(core_numbers(&graph, stop).unwrap_err(), cancelled);
    assert_eq!(constraint(&graph, None, stop).unwrap_err(), cancelled);
}

#[test]
fn bad_input_is_told() {
    let (graph, weights) = graph(3, &[(0, 1, 1), (1, 2, 1)]);
    let message = |error: GraphError| error.to_string();
    assert_eq!(
        message(bfs(&graph, 3, Direction::Forward, GO).unwrap_err()),
        "there is no node 3 to start from: the graph has 3, numbered from 0"
    );
    assert!(
        shortest_distances_u32(&graph, 9, &weights, GO).is_err()
            && shortest_distances_f64(&graph, 9, &[1.0, 1.0], GO).is_err()
    );
    assert_eq!(
        message(shortest_distances_u32(&graph, 0, &[1], GO).unwrap_err()),
        "1 weights for 2 edges: expected one for each edge"
    );
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        let expected =
            format!("the weight of edge 1 is {bad}: expected a finite number that is not negative");
        assert_eq!(
            message(shortest_distances_f64(&graph, 0, &[1.0, bad], GO).unwrap_err()),
            expected
        );
        assert_eq!(
            message(constraint(&graph, Some(&[1.0, bad]), GO).unwrap_err()),
            expected
        );
        assert_eq!(
            message(pagerank(&graph, Some(&[1.0, bad]), &OPTIONS, GO).unwrap_err()),
            expected
        );
    }
    for damping in [-0.1, 1.0, f64::NAN] {
        let options = PageRankOptions::new(damping);
        assert_eq!(
            message(pagerank(&graph, None, &options, GO).unwrap_err()),
            format!("damping is {damping}: expected a number from 0 to below 1")
        );
    }
    let options = OPTIONS.with_tolerance(f64::NAN);
    assert!(pagerank(&graph, None, &options, GO).is_err());
}

#[test]
fn a_sample_with_impossible_demands_is_refused() {
    let (graph, _) = graph(3, &[(0, 1, 1), (1, 2, 1)]);
    for error in [0.0, -1.0, 1.1, f64::NAN] {
        let options = BetweennessSampleOptions::new(error, 0.1);
        assert_eq!(
            betweenness_sample(&graph, &options, GO)
                .unwrap_err()
                .to_string(),
            format!("error is {error}: expected a number from 0.0001 to 1")
        );
    }
    for failure in [0.0, 1.0, f64::NAN] {
        let options = BetweennessSampleOptions::new(0.05, failure);
        assert_eq!(
            betweenness_sample(&graph, &options, GO)
                .unwrap_err()
                .to_string(),
            format!("failure is {failure}: expected a number between 0 and 1, and neither")
        );
    }
}

/// The columns of a stored table, by name.
fn table(text: &str) -> impl Fn(&str) -> Vec<String> + use<> {
    let mut lines = text
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let names = lines.next().expect("a header");
    let rows: Vec<Vec<String>> = lines.collect();
    move |name| {
        let column = names.iter().position(|n| n == name).expect("a column");
        rows.iter().map(|row| row[column].clone()).collect()
    }
}

#[test]
fn networkx_and_igraph_say_the_same() {
    for name in ["skewed", "karate", "sparse", "dense", "hubs"] {
        let stored = |what| {
            let path = format!("tests/data/kernels/{name}-{what}.csv");
            table(&std::fs::read_to_string(path).unwrap())
        };
        let (edges, expected) = (stored("edges"), stored("expected"));
        let whole_numbers = |text: Vec<String>| {
            text.iter()
                .map(|t| t.parse().unwrap())
                .collect::<Vec<u32>>()
        };
        let numbers = |name: &str| -> Vec<f64> {
            expected(name)
                .iter()
                .map(|t| t.parse().unwrap_or(f64::NAN))
                .collect()
        };
        let ends = [edges("source"), edges("target"), edges("weight")].map(whole_numbers);
        let edges: Vec<Edge> = (0..ends[0].len())
            .map(|i| (ends[0][i], ends[1][i], ends[2][i]))
            .collect();
        let n = expected("level").len() as u32;
        let (graph, weights) = graph(n, &edges);
        let levels = bfs(&graph, 0, Direction::Forward, GO).unwrap().levels;
        let shown = |found: u64, none: u64| {
            if found == none {
                String::new()
            } else {
                found.to_string()
            }
        };
        assert_eq!(
            levels
                .iter()
                .map(|l| shown(u64::from(*l), u64::from(BfsTree::UNREACHED)))
                .collect::<Vec<_>>(),
            expected("level")
        );
        let distances = shortest_distances_u32(&graph, 0, &weights, GO).unwrap();
        assert_eq!(
            distances
                .iter()
                .map(|d| shown(*d, UNREACHED_DISTANCE))
                .collect::<Vec<_>>(),
            expected("distance")
        );
        for (name, found) in [
            ("strong", strong_components(&graph, GO).unwrap()),
            ("weak", weak_components(&graph, GO).unwrap()),
        ] {
            let smallest = whole_numbers(expected(name));
            assert_eq!(
                found,
                partition(n, |u, v| smallest[u as usize] == smallest[v as usize]),
                "{name}"
            );
        }
        let weights = reals(&weights);
        assert!(close(
            &pagerank(&graph, None, &OPTIONS, GO).unwrap().ranks,
            &numbers("pagerank")
        ));
        assert!(close(
            &pagerank(&graph, Some(&weights), &OPTIONS, GO)
                .unwrap()
                .ranks,
            &numbers("weighted_pagerank")
        ));
        assert!(close(
            &betweenness(&graph, GO).unwrap(),
            &numbers("betweenness")
        ));
        assert_eq!(
            core_numbers(&graph, GO).unwrap(),
            whole_numbers(expected("core"))
        );
        assert!(close(
            &constraint(&graph, None, GO).unwrap(),
            &numbers("constraint")
        ));
        assert!(close(
            &constraint(&graph, Some(&weights), GO).unwrap(),
            &numbers("weighted_constraint")
        ));
    }
}
