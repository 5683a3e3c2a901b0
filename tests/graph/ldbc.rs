//! The validation graphs of the LDBC Graphalytics benchmark: breadth-first search, PageRank, shortest paths, components.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use powermap_graph::{
    BfsTree, Direction, Graph, PageRankOptions, bfs, pagerank, shortest_distances_f64,
    weak_components,
};
use std::fs;
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);

/// The cells of a table, without its header; empty ones are `None`.
fn table(name: &str) -> Vec<Vec<Option<f64>>> {
    let text = fs::read_to_string(format!("tests/data/ldbc/{name}.csv")).unwrap();
    let cells = |line: &str| line.split(',').map(|cell| cell.parse().ok()).collect();
    text.lines().skip(1).map(cells).collect()
}

fn check(name: &str, start: u32, both_ways: bool) {
    let expected = table(&format!("{name}-expected"));
    // The nodes of the benchmark have any numbers; ours count from 0.
    let names: Vec<u32> = expected.iter().map(|row| row[0].unwrap() as u32).collect();
    let node = |name: f64| {
        names
            .iter()
            .position(|other| *other == name as u32)
            .unwrap() as u32
    };
    let mut edges = Vec::new();
    for row in table(&format!("{name}-edges")) {
        let (source, target) = (node(row[0].unwrap()), node(row[1].unwrap()));
        let weight = row[2].unwrap();
        edges.push((source, target, weight));
        if both_ways {
            edges.push((target, source, weight));
        }
    }
    let sources: Vec<u32> = edges.iter().map(|edge| edge.0).collect();
    let targets: Vec<u32> = edges.iter().map(|edge| edge.1).collect();
    let (graph, order) = Graph::from_edges(names.len() as u32, &sources, &targets).unwrap();
    let weights: Vec<f64> = order.iter().map(|edge| edges[*edge as usize].2).collect();
    let start = node(f64::from(start));

    let levels = bfs(&graph, start, Direction::Forward, &NEVER)
        .unwrap()
        .levels;
    let options = PageRankOptions::new(0.85)
        .with_tolerance(0.0)
        .with_rounds_max(2);
    let ranks = pagerank(&graph, None, &options, &NEVER).unwrap().ranks;
    let distances = shortest_distances_f64(&graph, start, &weights, &NEVER).unwrap();
    let components = weak_components(&graph, &NEVER).unwrap();
    for (at, row) in expected.iter().enumerate() {
        let level = Some(levels[at]).filter(|level| *level != BfsTree::UNREACHED);
        assert_eq!(
            level.map(f64::from),
            row[1],
            "{name}, breadth-first search, node {}",
            names[at]
        );
        assert!(
            (ranks[at] - row[2].unwrap()).abs() < 1e-12,
            "{name}, PageRank, node {}",
            names[at]
        );
        match row[3] {
            Some(distance) => assert!(
                (distances[at] - distance).abs() < 1e-12,
                "{name}: {distances:?}"
            ),
            None => assert!(distances[at].is_infinite(), "{name}: {distances:?}"),
        }
        let same = expected
            .iter()
            .position(|other| other[4] == row[4])
            .unwrap();
        assert_eq!(
            components.of[at], components.of[same],
            "{name}, components, node {}",
            names[at]
        );
    }
    let mut labels: Vec<u32> = expected.iter().map(|row| row[4].unwrap() as u32).collect();
    labels.dedup();
    assert_eq!(components.sizes.len(), labels.len());
}

#[test]
fn the_directed_example() {
    check("directed", 1, false);
}

#[test]
fn the_undirected_example() {
    check("undirected", 2, true);
}
