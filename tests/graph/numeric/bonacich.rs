//! Bonacich's power, and the eigenvalue that limits it.

use crate::numeric::matrix::{
    Edge, GO, Matrix, close, graph, identity, multigraph, names, radius, solve, zero,
};
use powermap_graph::{BonacichOptions, Graph, GraphError, bonacich_power, spectral_radius};
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

fn with_beta(beta: f64) -> BonacichOptions {
    BonacichOptions::new(beta)
        .with_tolerance(1e-12)
        .with_rounds_max(5000)
}

fn matrix(n: u32, edges: &[Edge], weight: impl Fn(&Edge) -> f64) -> Matrix {
    let mut r = zero(n as usize);
    for edge in edges.iter().filter(|e| e.0 != e.1) {
        r[edge.0 as usize][edge.1 as usize] += weight(edge);
    }
    r
}

/// By elimination.
fn naive(r: &Matrix, beta: f64) -> Vec<f64> {
    let n = r.len();
    let mut left = identity(n);
    for (left, r) in left.iter_mut().zip(r) {
        left.iter_mut()
            .zip(r)
            .for_each(|(left, r)| *left -= beta * r);
    }
    let x = solve(left, r.iter().map(|row| row.iter().sum()).collect());
    let squares: f64 = x.iter().map(|x| x * x).sum();
    let alpha = if squares > 0.0 {
        (n as f64 / squares).sqrt()
    } else {
        0.0
    };
    x.iter().map(|x| alpha * x).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn power_is_that_of_the_definition((n, edges) in multigraph(8, 24), part in -0.95..0.95) {
        let (graph, order) = graph(n, &edges);
        let weights: Vec<f64> = order.iter().map(|e| f64::from(edges[*e].2)).collect();
        let plain = (None, matrix(n, &edges, |_| 1.0));
        let weighted = (Some(weights.as_slice()), matrix(n, &edges, |e| f64::from(e.2)));
        for (weights, r) in [plain, weighted] {
            let eigenvalue = radius(&r);
            let (lower, upper) = spectral_radius(&graph, weights, 1e-9, 100_000, GO).unwrap();
            prop_assert!(lower <= eigenvalue * (1.0 + 1e-6) && eigenvalue <= upper * (1.0 + 1e-6) + 1e-300, "{} {} {}", lower, eigenvalue, upper);
            prop_assert!(upper - lower <= 1e-9 * upper);
            let beta = if upper > 0.0 { part / upper } else { part };
            let found = bonacich_power(&graph, weights, &with_beta(beta), GO).unwrap();
            let expected = naive(&r, beta);
            for (found, expected) in found.power.iter().zip(&expected) {
                prop_assert!(close(*found, *expected, 1e-7), "{} {}", found, expected);
            }
            let squares: f64 = found.power.iter().map(|c| c * c).sum();
            prop_assert!(squares == 0.0 || close(squares, f64::from(n), 1e-9));
            if upper > 0.0 {
                for beyond in [1.001 / lower, -1.001 / lower] {
                    let refused = bonacich_power(&graph, weights, &with_beta(beyond), GO);
                    prop_assert!(matches!(refused, Err(GraphError::BetaTooFar { .. })), "{:?}", refused);
                }
            }
        }
    }

    #[test]
    fn other_names_change_nothing((n, edges) in multigraph(8, 24), seed in any::<u64>()) {
        let names = names(n, seed);
        let other: Vec<Edge> = edges.iter().rev()
            .map(|(s, t, a, b)| (names[*s as usize], names[*t as usize], *a, *b))
            .collect();
        let options = with_beta(-0.04);
        let a = bonacich_power(&graph(n, &edges).0, None, &options, GO).unwrap();
        let b = bonacich_power(&graph(n, &other).0, None, &options, GO).unwrap();
        for (power, name) in a.power.iter().zip(&names) {
            prop_assert!(close(*power, b.power[*name as usize], 1e-9));
        }
        // A pair apart changes the scale, and nothing else.
        let mut more = edges.clone();
        more.extend([(n, n + 1, 1, 1), (n + 1, n, 1, 1)]);
        let c = bonacich_power(&graph(n + 2, &more).0, None, &options, GO).unwrap();
        for node in 0..n as usize {
            prop_assert!(a.alpha() == 0.0 || close(a.power[node] / a.alpha(), c.power[node] / c.alpha(), 1e-9));
        }
    }
}

fn ties(n: u32, pairs: &[(u32, u32)]) -> Graph {
    let sources: Vec<u32> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let targets: Vec<u32> = pairs.iter().flat_map(|(a, b)| [*b, *a]).collect();
    Graph::from_edges(n, &sources, &targets).unwrap().0
}

fn check(graph: &Graph, nodes: &[usize], first: f64, step: f64, table: &[&[f64]]) {
    for (at, expected) in table.iter().enumerate() {
        let beta = first + step * at as f64;
        let found = bonacich_power(graph, None, &with_beta(beta), GO).unwrap();
        for (node, expected) in nodes.iter().zip(*expected) {
            let power = found.power[*node];
            assert!(
                (power - expected).abs() <= 0.005_000_1,
                "{beta}: {power} for {expected}"
            );
        }
    }
}

/// The examples of Bonacich 1987 with their published values; igraph tests its own against the same.
#[test]
fn the_networks_of_the_paper() {
    // A reaches B, B reaches C and D.
    let (a, _) = Graph::from_edges(4, &[0, 1, 1], &[1, 2, 3]).unwrap();
    let table: [&[f64]; 5] = [
        &[0.89, 1.79, 0.0, 0.0],
        &[1.15, 1.64, 0.0, 0.0],
        &[1.34, 1.49, 0.0, 0.0],
        &[1.48, 1.35, 0.0, 0.0],
        &[1.59, 1.22, 0.0, 0.0],
    ];
    check(&a, &[0, 1, 2, 3], 0.0, 0.2, &table);
    let c = ties(5, &[(0, 1), (0, 2), (1, 3), (2, 4)]);
    let table: [&[f64]; 11] = [
        &[0.00, 1.58, 0.00],
        &[0.73, 1.45, 0.36],
        &[0.97, 1.34, 0.49],
        &[1.09, 1.27, 0.54],
        &[1.15, 1.23, 0.58],
        &[1.20, 1.20, 0.60],
        &[1.22, 1.17, 0.61],
        &[1.25, 1.16, 0.62],
        &[1.26, 1.14, 0.63],
        &[1.27, 1.13, 0.64],
        &[1.28, 1.12, 0.64],
    ];
    check(&c, &[0, 1, 3], -0.5, 0.1, &table);
    let d = ties(7, &[(0, 1), (0, 2), (0, 3), (1, 4), (2, 5), (3, 6)]);
    check(
        &d,
        &[0, 1, 4],
        -0.4,
        0.1,
        &[[1.62, 1.08, 0.54].as_slice(); 9],
    );
    let pairs = [
        (0, 1),
        (0, 2),
        (0, 3),
        (1, 4),
        (1, 5),
        (2, 6),
        (2, 7),
        (3, 8),
        (3, 9),
    ];
    let table: [&[f64]; 9] = [
        &[-1.00, 1.67, -0.33],
        &[0.36, 1.81, 0.12],
        &[1.00, 1.67, 0.33],
        &[1.30, 1.55, 0.43],
        &[1.46, 1.46, 0.49],
        &[1.57, 1.40, 0.52],
        &[1.63, 1.36, 0.54],
        &[1.68, 1.33, 0.56],
        &[1.72, 1.30, 0.57],
    ];
    check(&ties(10, &pairs), &[0, 1, 4], -0.4, 0.1, &table);
}

#[test]
fn bad_input_is_refused() {
    let graph = ties(2, &[(0, 1)]);
    let run = |weights: Option<&[f64]>, options: BonacichOptions| {
        bonacich_power(&graph, weights, &options, GO)
    };
    for beta in [f64::NAN, f64::INFINITY] {
        let refused = run(None, with_beta(beta));
        assert!(matches!(
            refused,
            Err(GraphError::BadParameter { name: "beta", .. })
        ));
    }
    for beta in [1.0, -1.0, 7.0] {
        assert!(matches!(
            run(None, with_beta(beta)),
            Err(GraphError::BetaTooFar { .. })
        ));
    }
    assert!(run(None, with_beta(0.999)).is_ok());
    let bad = with_beta(0.1).with_tolerance(-1.0);
    assert!(matches!(
        run(None, bad),
        Err(GraphError::BadParameter {
            name: "tolerance",
            ..
        })
    ));
    assert!(matches!(
        run(Some(&[1.0]), with_beta(0.1)),
        Err(GraphError::WeightCount { .. })
    ));
    assert!(matches!(
        run(Some(&[1.0, -1.0]), with_beta(0.1)),
        Err(GraphError::BadWeight { .. })
    ));
    let impossible = with_beta(0.5).with_tolerance(0.0).with_rounds_max(1);
    let path = ties(4, &[(0, 1), (1, 2), (2, 3)]);
    assert!(matches!(
        bonacich_power(&path, None, &impossible, GO),
        Err(GraphError::NotSettled { .. })
    ));
    let huge = run(Some(&[1e308, 1e308]), with_beta(0.5));
    assert!(
        matches!(huge, Err(GraphError::BetaTooFar { .. })),
        "{huge:?}"
    );
    let stopped = bonacich_power(&path, None, &with_beta(0.6), &AtomicBool::new(true));
    assert_eq!(stopped, Err(GraphError::Cancelled));
    let (none, _) = Graph::from_edges(3, &[1], &[1]).unwrap();
    let found = bonacich_power(&none, None, &with_beta(5.0), GO).unwrap();
    assert_eq!((found.alpha(), found.power), (0.0, vec![0.0; 3]));
    let (empty, _) = Graph::from_edges(0, &[], &[]).unwrap();
    assert!(
        bonacich_power(&empty, None, &with_beta(0.5), GO)
            .unwrap()
            .power
            .is_empty()
    );
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let pairs: Vec<(u32, u32)> = (0..20_000).map(|v| (v, v * 7919 % 20_011)).collect();
    let graph = ties(20_011, &pairs);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| bonacich_power(&graph, None, &with_beta(0.2), GO).unwrap())
    };
    assert_eq!(run(1), run(2));
}
