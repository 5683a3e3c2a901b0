//! Paths against all sequences of players.

use crate::naive::loops::{Bounds, legs, value};
use crate::support::random_map::{KINDS, RandomEdge, edge_id, player, position, random_edges};
use oxigraph::model::NamedNode;
use powermap::analysis::{FoundPath, PathWeight, PathsOptions, paths};
use powermap::model::Flow;
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

/// The numbers of the edges from one player to another along which something of these flows; without any, of all edges
/// either way.
fn hop(edges: &[RandomEdge], from: u32, to: u32, flows: &[Flow]) -> Vec<usize> {
    let mut numbers: Vec<usize> = if flows.is_empty() {
        let is_tie =
            |edge: &RandomEdge| [(edge.from, edge.to), (edge.to, edge.from)].contains(&(from, to));
        (0..edges.len())
            .filter(|number| is_tie(&edges[*number]))
            .collect()
    } else {
        let legs = legs(edges, from, to, flows);
        legs.into_iter().map(|leg| leg.0).collect()
    };
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// All simple paths with at most so many hops, by number of hops and then by players.
fn all(
    n: u32,
    edges: &[RandomEdge],
    (source, target): (u32, u32),
    hops: usize,
    flows: &[Flow],
) -> Vec<Vec<u32>> {
    let mut found = Vec::new();
    let mut ahead = vec![vec![source]];
    while let Some(path) = ahead.pop() {
        let last = path[path.len() - 1];
        if last == target && path.len() > 1 {
            found.push(path);
            continue;
        }
        let is_next =
            |next: &u32| !path.contains(next) && !hop(edges, last, *next, flows).is_empty();
        for next in (0..n).filter(is_next) {
            if path.len() <= hops {
                ahead.push([&path[..], &[next]].concat());
            }
        }
    }
    found.sort_by_key(|path| (path.len(), path.clone()));
    found
}

/// The sum of a hop: dollars, or percent where all that flows are stakes.
fn sum(edges: &[RandomEdge], numbers: &[usize], flows: &[Flow]) -> Option<Bounds> {
    let unit = if flows == [Flow::Ownership] {
        "percent"
    } else {
        "USD"
    };
    let legs: Vec<_> = numbers.iter().map(|number| (*number, Flow::Cash)).collect();
    value(edges, &legs, unit)
}

/// The least figure of a hop; less than any where one is not known.
fn width(edges: &[RandomEdge], path: &[u32], flows: &[Flow]) -> f64 {
    let figures = path.windows(2).map(|ends| {
        let sum = sum(edges, &hop(edges, ends[0], ends[1], flows), flows);
        sum.map_or(-1.0, |(lower, upper)| upper.or(lower).unwrap())
    });
    figures.fold(f64::INFINITY, f64::min)
}

fn players(path: &FoundPath) -> Vec<NamedNode> {
    let from = path.steps.iter().map(|step| step.from.clone());
    from.chain(path.steps.last().map(|step| step.to.clone()))
        .collect()
}

fn flows() -> impl Strategy<Value = Vec<Flow>> {
    prop_oneof![
        3 => Just(Vec::new()),
        3 => Just(vec![Flow::Cash]),
        1 => Just(vec![Flow::Cash, Flow::Equity]),
        1 => Just(vec![Flow::Goods, Flow::Service]),
        1 => Just(vec![Flow::Ownership]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_best_paths_are_the_first_of_all(
        (n, edges) in random_edges(),
        ends in (0..8_u32, 0..8_u32),
        hops in 1..6_u32,
        limit in 1..12_usize,
        flows in flows(),
        weight in prop_oneof![Just(PathWeight::Hops), Just(PathWeight::Amount)],
    ) {
        let (source, target) = (ends.0 % n, ends.1 % n);
        let options = PathsOptions {
            hops_max: hops,
            paths_max: limit,
            flows: flows.clone(),
            weight,
            ..PathsOptions::between(player(source), player(target))
        };
        let report = paths(&position(n, &edges), &options, &AtomicBool::new(false)).unwrap();
        let mut expected = all(n, &edges, (source, target), hops as usize, &flows);
        if weight == PathWeight::Amount {
            // Stable: among equals the order stays.
            expected.sort_by(|a, b| width(&edges, b, &flows).total_cmp(&width(&edges, a, &flows)));
        }
        prop_assert_eq!(report.is_cut, expected.len() > limit);
        prop_assert!(!report.is_partial);
        let found: Vec<Vec<_>> = report.paths.iter().map(players).collect();
        let named: Vec<Vec<_>> = expected.iter().take(limit).map(|path| path.iter().map(|p| player(*p)).collect()).collect();
        prop_assert_eq!(found, named);
        for (path, nodes) in report.paths.iter().zip(&expected) {
            for (step, ends) in path.steps.iter().zip(nodes.windows(2)) {
                let mut numbers = hop(&edges, ends[0], ends[1], &flows);
                let amount = sum(&edges, &numbers, &flows);
                // Those along the hop come first.
                numbers.sort_by_key(|number| (edges[*number].from != ends[0], *number));
                prop_assert_eq!(&step.edges, &numbers.iter().map(|number| edge_id(*number)).collect::<Vec<_>>());
                let mut ties: Vec<_> = numbers.iter().map(|number| (edges[*number].from != ends[0], KINDS[edges[*number].kind].0)).collect();
                ties.sort();
                ties.dedup();
                prop_assert_eq!(step.ties.iter().map(|tie| (tie.is_against, tie.family)).collect::<Vec<_>>(), ties);
                prop_assert_eq!(step.flows.is_empty(), flows.is_empty());
                if !flows.is_empty() || weight == PathWeight::Amount {
                    prop_assert_eq!(step.amount.map(|q| (q.lower, q.upper)), amount);
                } else {
                    prop_assert!(step.amount.is_none() && path.amount.is_none());
                }
            }
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
