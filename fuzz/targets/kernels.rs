//! Any bytes as a small multigraph: bounded cycles and paths are those of a naive search, ownership keeps its bounds, and no
//! kernel panics.

#![no_main]

use libfuzzer_sys::fuzz_target;
use powermap_graph::{BetweennessSampleOptions, BfsTree, BonacichOptions, ControlVerdict, Cycles, DebtRankOptions, DebtRankVariant, Direction, Ending, Graph, OwnershipForm, PageRankOptions, Paths, Shares, TemporalCycles, betweenness, betweenness_sample, bfs, bonacich_power, communities, constraint, controlled, controllers, core_numbers, debt_rank_bounds, holdings, owners, pagerank, rewire, shortest_distances_f64, shortest_distances_u32, strong_components, weak_components};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);

const NODES_MAX: u32 = 9;
const EDGES_MAX: usize = 24;
const LENGTH_MAX: u32 = 7;

/// A graph with four bytes of attributes for each edge, in the order of the graph.
struct Case {
    graph: Graph,
    attributes: Vec<[u8; 4]>,
    length_max: u32,
    /// A node, if there is any.
    start: u32,
}

impl Case {
    /// Takes the number of nodes, a bound of lengths and a node, then six bytes for each edge.
    fn new(bytes: &[u8]) -> Option<Self> {
        let ([nodes, length, start], edges) = bytes.split_first_chunk()?;
        let node_count = u32::from(*nodes) % (NODES_MAX + 1);
        let (edges, _) = edges.as_chunks::<6>();
        let edges = match node_count {
            0 => &[],
            _ => &edges[..edges.len().min(EDGES_MAX)],
        };
        let end = |byte: u8| u32::from(byte) % node_count;
        let sources: Vec<u32> = edges.iter().map(|edge| end(edge[0])).collect();
        let targets: Vec<u32> = edges.iter().map(|edge| end(edge[1])).collect();
        let (graph, order) = Graph::from_edges(node_count, &sources, &targets)
            .expect("all ends are below the number of nodes");
        let attribute = |at: &u32| {
            let [_, _, attributes @ ..] = edges[*at as usize];
            attributes
        };
        Some(Self {
            attributes: order.iter().map(attribute).collect(),
            length_max: u32::from(*length) % (LENGTH_MAX + 1),
            start: u32::from(*start) % node_count.max(1),
            graph,
        })
    }

    fn keeps(&self, edge: u32) -> bool {
        self.attributes[edge as usize][0] < 224
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some(case) = Case::new(bytes) else {
        return;
    };
    check_walks(&case);
    check_temporal_cycles(&case);
    check_ownership(&case);
    check_centralities(&case);
});

/// Lists all simple walks of 1 to `length_max` hops over kept edges from a node, as their nodes.
fn simple_walks(case: &Case, start: u32) -> Vec<Vec<u32>> {
    let mut found = Vec::new();
    let mut open = vec![vec![start]];
    while let Some(walk) = open.pop() {
        if walk.len() as u32 > case.length_max {
            continue;
        }
        let last = walk[walk.len() - 1];
        let kept = case.graph.out_edges(last).filter(|edge| case.keeps(*edge));
        let next: BTreeSet<u32> = kept.map(|edge| case.graph.target(edge)).collect();
        for node in next {
            if node != start && walk.contains(&node) {
                continue;
            }
            let longer = [&walk[..], &[node]].concat();
            if node != start {
                open.push(longer.clone());
            }
            found.push(longer);
        }
    }
    found
}

fn check_walks(case: &Case) {
    let (graph, length_max) = (&case.graph, case.length_max);
    let cycles = Cycles::new(graph, |edge| case.keeps(edge), None);
    let mut found = Vec::new();
    let mut visit = |cycle: &[u32]| {
        found.push(cycle.to_vec());
        ControlFlow::Continue(())
    };
    let ending = cycles.for_each(length_max, &NEVER, &mut visit);
    assert_eq!(ending, Ending::Complete);
    let counts = cycles.count(length_max, &NEVER);
    assert_eq!(counts.total(), found.len() as u64);
    assert_eq!(counts, cycles.count_parallel(length_max, &NEVER));
    found.sort();
    let mut expected = Vec::new();
    let paths = Paths::new(graph, |edge| case.keeps(edge));
    for start in 0..graph.node_count() {
        let mut ways = vec![0; graph.node_count() as usize];
        for mut walk in simple_walks(case, start) {
            let last = walk[walk.len() - 1];
            if last != start {
                ways[last as usize] += 1;
            } else if walk.len() > 2 && walk.iter().all(|node| *node >= start) {
                walk.pop();
                expected.push(walk);
            }
        }
        for target in 0..graph.node_count() {
            let counts = paths.count(start, target, length_max, &NEVER);
            assert_eq!(counts.total(), ways[target as usize], "{start} to {target}");
        }
    }
    expected.sort();
    assert_eq!(found, expected);
    // Through one node, the cycles are those that contain it.
    let through = Cycles::new(graph, |edge| case.keeps(edge), Some(&[case.start]));
    let with_start = expected.iter().filter(|cycle| cycle.contains(&case.start));
    assert_eq!(
        through.count(length_max, &NEVER).total(),
        with_start.count() as u64
    );
}

fn check_temporal_cycles(case: &Case) {
    let graph = &case.graph;
    let times: Vec<i64> = (case.attributes.iter())
        .map(|bytes| i64::from(bytes[1]) % 16)
        .collect();
    let cycles = TemporalCycles::new(graph, &times, |edge| case.keeps(edge))
        .expect("there is a time for each edge");
    let window = u64::from(case.length_max) * 2;
    let mut seen = 0;
    cycles.for_each(window, case.length_max, &NEVER, |edges| {
        seen += 1;
        assert!(edges.len() >= 2 && edges.len() <= case.length_max as usize);
        assert!(edges.is_sorted_by(|a, b| times[*a as usize] < times[*b as usize]));
        let (first, last) = (edges[0], edges[edges.len() - 1]);
        assert!(times[last as usize].abs_diff(times[first as usize]) <= window);
        assert_eq!(graph.target(last), graph.source(first));
        for pair in edges.windows(2) {
            assert_eq!(graph.target(pair[0]), graph.source(pair[1]));
        }
        ControlFlow::Continue(())
    });
    let counts = cycles.count(window, case.length_max, &NEVER);
    assert_eq!(counts.total(), seen);
}

fn check_ownership(case: &Case) {
    let graph = &case.graph;
    let share = |byte: u8| f64::from(byte) / 255.0;
    let (lower, upper): (Vec<f64>, Vec<f64>) = (case.attributes.iter())
        .map(|bytes| (share(bytes[2].min(bytes[3])), share(bytes[2].max(bytes[3]))))
        .unzip();
    let shares = Shares::new(graph, &lower, &upper).expect("the bounds are fractions");
    for node in 0..graph.node_count() {
        for form in [OwnershipForm::Gross, OwnershipForm::Corrected] {
            for result in [
                owners(graph, &shares, node, form, &NEVER),
                holdings(graph, &shares, node, form, &NEVER),
            ] {
                let found = result.expect("small components are eliminated");
                assert!(found.nodes.is_sorted());
                for (lower, upper) in found.lower.iter().zip(&found.upper) {
                    assert!(*lower >= 0.0 && lower <= upper, "{lower} to {upper}");
                    assert!(form == OwnershipForm::Gross || *upper <= 1.0, "{upper}");
                }
            }
        }
        let below = controlled(graph, &shares, node, 0.5, &NEVER).expect("the threshold is right");
        for (company, verdict) in below {
            let above =
                controllers(graph, &shares, company, 0.5, &NEVER).expect("the threshold is right");
            assert!(above.contains(&(node, verdict)) && verdict != ControlVerdict::No);
        }
    }
}

fn check_centralities(case: &Case) {
    let (graph, cancel) = (&case.graph, &NEVER);
    let weights: Vec<u32> = case.attributes.iter().map(|b| u32::from(b[1])).collect();
    let reals: Vec<f64> = weights.iter().map(|weight| f64::from(*weight)).collect();
    let strong = strong_components(graph, cancel).expect("nothing can be wrong");
    let weak = weak_components(graph, cancel).expect("nothing can be wrong");
    assert!(strong.sizes.len() >= weak.sizes.len());
    if graph.node_count() > 0 {
        let tree = bfs(graph, case.start, Direction::Forward, cancel).expect("the start is there");
        let exact = shortest_distances_u32(graph, case.start, &weights, cancel);
        let rounded = shortest_distances_f64(graph, case.start, &reals, cancel);
        let (exact, rounded) = (exact.expect("weights"), rounded.expect("weights"));
        for ((level, exact), rounded) in tree.levels.iter().zip(exact).zip(rounded) {
            assert_eq!(*level == BfsTree::UNREACHED, rounded.is_infinite());
            assert!(rounded.is_infinite() || exact as f64 == rounded);
        }
    }
    let ranks = pagerank(graph, Some(&reals), &PageRankOptions::new(0.85), cancel);
    let sum: f64 = ranks.expect("weights").ranks.iter().sum();
    assert!(graph.node_count() == 0 || (sum - 1.0).abs() < 1e-9);
    let between = betweenness(graph, cancel).expect("nothing can be wrong");
    let options = BetweennessSampleOptions::new(0.2, 0.1);
    let sample = betweenness_sample(graph, &options, cancel).expect("the options are right");
    assert_eq!(between.len(), sample.betweenness.len());
    // Whether β is below its limit depends on the graph.
    _ = bonacich_power(graph, Some(&reals), &BonacichOptions::new(0.01), cancel);
    let found = communities(graph, Some(&reals), 1.0, cancel).expect("weights");
    assert!(found.count() >= weak.sizes.len() as u32 && found.modularity <= 1.0);
    constraint(graph, Some(&reals), cancel).expect("weights");
    core_numbers(graph, cancel).expect("nothing can be wrong");
    let rewired = rewire(graph, 50, 1, cancel).expect("nothing can be wrong");
    for node in 0..graph.node_count() {
        assert_eq!(rewired.in_degree(node), graph.in_degree(node));
    }
    check_debt_rank(case);
}

fn check_debt_rank(case: &Case) {
    let graph = &case.graph;
    let impacts = |at: usize| -> Vec<f64> {
        (case.attributes.iter())
            .map(|bytes| f64::from(bytes[1].min(bytes[at])) / 128.0)
            .collect()
    };
    let (lower, upper) = (impacts(2), impacts(1));
    let values = vec![1.0; graph.node_count() as usize];
    let shocks: Vec<(u32, f64)> = match graph.node_count() {
        0 => Vec::new(),
        _ => vec![(case.start, 1.0)],
    };
    for variant in [DebtRankVariant::Once, DebtRankVariant::Cumulative] {
        let options = DebtRankOptions::new(variant);
        let found = debt_rank_bounds(graph, (&lower, &upper), &shocks, &values, &options, &NEVER)
            .expect("the lower bounds are not above the upper ones");
        for (least, most) in found.lower.distress.iter().zip(&found.upper.distress) {
            assert!((0.0..=1.0).contains(least) && *most <= 1.0);
            assert!(*least <= most + 1e-6, "{least} to {most}");
        }
    }
}
