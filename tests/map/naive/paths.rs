//! Paths against all sequences of players.

use crate::support::random_map::{RandomEdge, player, position, random_edges};
use powermap::analysis::{PathsOptions, paths};
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

/// All simple paths with at most so many hops, by number of hops and then by players.
fn all(
    n: u32,
    edges: &[RandomEdge],
    source: u32,
    target: u32,
    hops: usize,
    either: bool,
) -> Vec<Vec<u32>> {
    let is_hop = |a: u32, b: u32| {
        let along = |edge: &RandomEdge| edge.from == a && edge.to == b;
        edges
            .iter()
            .any(|edge| along(edge) || either && edge.from == b && edge.to == a)
    };
    let mut found = Vec::new();
    let mut ahead = vec![vec![source]];
    while let Some(path) = ahead.pop() {
        let last = path[path.len() - 1];
        if last == target && path.len() > 1 {
            found.push(path);
            continue;
        }
        for next in (0..n).filter(|next| !path.contains(next) && is_hop(last, *next)) {
            if path.len() <= hops {
                let mut longer = path.clone();
                longer.push(next);
                ahead.push(longer);
            }
        }
    }
    found.sort_by_key(|path| (path.len(), path.clone()));
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_best_paths_are_the_first_of_all(
        (n, edges) in random_edges(),
        ends in (0..8_u32, 0..8_u32),
        hops in 1..6_u32,
        limit in 1..12_usize,
        either_way: bool,
    ) {
        let (source, target) = (ends.0 % n, ends.1 % n);
        let options = PathsOptions {
            hops_max: hops,
            paths_max: limit,
            either_way,
            ..PathsOptions::between(player(source), player(target))
        };
        let report = paths(&position(n, &edges), &options, &AtomicBool::new(false)).unwrap();
        let expected = all(n, &edges, source, target, hops as usize, either_way);
        prop_assert_eq!(report.is_cut, expected.len() > limit);
        prop_assert!(!report.is_partial);
        let found: Vec<Vec<_>> = report.paths.iter().map(|path| {
            path.iter().map(|step| step.from.clone()).chain([path[path.len() - 1].to.clone()]).collect()
        }).collect();
        let named: Vec<Vec<_>> = expected.iter().take(limit).map(|path| path.iter().map(|p| player(*p)).collect()).collect();
        prop_assert_eq!(found, named);
        for step in report.paths.iter().flatten() {
            prop_assert!(!step.edges.is_empty());
        }
    }
}

/// A map in which every player reaches every other.
fn complete(n: u32) -> Vec<RandomEdge> {
    let pairs = (0..n).flat_map(|from| (0..n).map(move |to| (from, to)));
    pairs
        .map(|(from, to)| RandomEdge {
            from,
            to,
            kind: 0,
            lower: None,
            upper: None,
            status: powermap::model::Status::Committed,
        })
        .collect()
}

#[test]
fn a_search_that_is_called_off_says_so() {
    let options = PathsOptions {
        hops_max: 9,
        paths_max: 1_000_000,
        ..PathsOptions::between(player(0), player(1))
    };
    let small = paths(
        &position(8, &complete(8)),
        &options,
        &AtomicBool::new(false),
    )
    .unwrap();
    // Σ 6!/(6−k)! for k = 0 to 6 players between.
    assert_eq!((small.paths.len(), small.is_partial), (1957, false));
    let position = position(10, &complete(10));
    let stopped = paths(&position, &options, &AtomicBool::new(true)).unwrap();
    assert!(stopped.is_partial && stopped.paths.len() < 109_601);
}
