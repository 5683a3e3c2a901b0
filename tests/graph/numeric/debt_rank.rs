//! DebtRank in both variants.

use crate::numeric::matrix::{Edge, GO, Matrix, close, graph, multigraph, names, zero};
use powermap_graph::{
    DebtRank, DebtRankOptions, DebtRankVariant, Graph, GraphError, debt_rank, debt_rank_bounds,
};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

const ONCE: DebtRankOptions = DebtRankOptions::new(DebtRankVariant::Once)
    .with_tolerance(0.0)
    .with_rounds_max(1000);
const CUMULATIVE: DebtRankOptions = DebtRankOptions::new(DebtRankVariant::Cumulative)
    .with_tolerance(1e-14)
    .with_rounds_max(20_000);

fn impacts(edges: &[Edge], order: &[usize], scale: f64) -> (Vec<f64>, Vec<f64>) {
    let lower = order
        .iter()
        .map(|e| f64::from(edges[*e].2) * scale)
        .collect();
    let upper = order
        .iter()
        .map(|e| f64::from(edges[*e].3) * scale)
        .collect();
    (lower, upper)
}

/// W by its definition.
fn matrix(graph: &Graph, impacts: &[f64]) -> Matrix {
    let mut w = zero(graph.node_count() as usize);
    for edge in 0..graph.edge_count() {
        let (i, j) = (graph.source(edge) as usize, graph.target(edge) as usize);
        w[i][j] += impacts[edge as usize];
    }
    for (i, row) in w.iter_mut().enumerate() {
        row.iter_mut().for_each(|w| *w = w.min(1.0));
        row[i] = 0.0;
    }
    w
}

fn initial(n: usize, shocks: &[(u32, f64)]) -> Vec<f64> {
    let mut h = vec![0.0_f64; n];
    shocks
        .iter()
        .for_each(|(node, level)| h[*node as usize] = h[*node as usize].max(*level));
    h
}

/// With the three states of the paper, all nodes in each step.
fn naive_once(w: &Matrix, start: &[f64]) -> Vec<f64> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Undistressed,
        Distressed,
        Inactive,
    }
    let n = start.len();
    let mut h = start.to_vec();
    let state_of = |h: &f64| {
        if *h > 0.0 {
            State::Distressed
        } else {
            State::Undistressed
        }
    };
    let mut states: Vec<State> = start.iter().map(state_of).collect();
    while states.contains(&State::Distressed) {
        let before = h.clone();
        for j in 0..n {
            let comes: f64 = (0..n)
                .filter(|i| states[*i] == State::Distressed)
                .map(|i| w[i][j] * before[i])
                .sum();
            h[j] = (before[j] + comes).min(1.0);
        }
        states = (0..n)
            .map(|j| match states[j] {
                State::Undistressed => state_of(&h[j]),
                State::Distressed | State::Inactive => State::Inactive,
            })
            .collect();
    }
    h
}

/// The least solution of h = min(1, h₀ + Wᵀh), from below.
fn naive_cumulative(w: &Matrix, start: &[f64]) -> Vec<f64> {
    let n = start.len();
    let mut h = start.to_vec();
    for _ in 0..20_000 {
        let comes = |j: usize| (0..n).map(|i| w[i][j] * h[i]).sum::<f64>();
        let next: Vec<f64> = (0..n).map(|j| (start[j] + comes(j)).min(1.0)).collect();
        if next == h {
            break;
        }
        h = next;
    }
    h
}

fn naive(w: &Matrix, start: &[f64], variant: DebtRankVariant) -> Vec<f64> {
    match variant {
        DebtRankVariant::Once => naive_once(w, start),
        DebtRankVariant::Cumulative => naive_cumulative(w, start),
    }
}

fn shocks() -> impl Strategy<Value = Vec<(u32, f64)>> {
    vec(
        (0_u32..8, prop::sample::select(vec![0.0, 0.1, 0.5, 1.0])),
        0..4,
    )
}

fn all_close(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(*a, *b, tolerance))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn both_variants_are_those_of_the_papers(
        (n, edges) in multigraph(8, 24), shocks in shocks(), scale in prop::sample::select(vec![0.01, 0.04, 0.15]),
        values in vec(0_u32..5, 8),
    ) {
        let shocks: Vec<_> = shocks.into_iter().filter(|(node, _)| *node < n).collect();
        let (graph, order) = graph(n, &edges);
        let (_, impacts) = impacts(&edges, &order, scale);
        let values: Vec<f64> = values[..n as usize].iter().map(|v| f64::from(*v)).collect();
        let start = initial(n as usize, &shocks);
        let w = matrix(&graph, &impacts);
        for (options, variant, tolerance) in [
            (ONCE, DebtRankVariant::Once, 1e-12),
            (CUMULATIVE, DebtRankVariant::Cumulative, 1e-9),
        ] {
            let found = debt_rank(&graph, &impacts, &shocks, &values, &options, GO).unwrap();
            let expected = naive(&w, &start, variant);
            prop_assert!(all_close(&found.distress, &expected, tolerance), "{:?} {:?}", found, expected);
            let total: f64 = values.iter().sum();
            let lost: f64 = (0..n as usize).map(|j| (expected[j] - start[j]) * values[j]).sum();
            let rank = if total > 0.0 { lost / total } else { 0.0 };
            prop_assert!(close(found.rank, rank, tolerance));
            prop_assert!(found.residual() <= 1e-14);
        }
    }

    #[test]
    fn bounds_hold_for_all_impacts_between_them(
        (n, edges) in multigraph(6, 12), shocks in shocks(), parts in vec(vec(0.0..=1.0, 12), 12),
        sure in any::<bool>(),
    ) {
        let shocks: Vec<_> = shocks.into_iter().filter(|(node, _)| *node < n).collect();
        let lift = |(s, t, a, b): (u32, u32, u32, u32)| if sure { (s, t, a.max(1), b.max(1)) } else { (s, t, a, b) };
        let edges: Vec<Edge> = edges.into_iter().map(lift).collect();
        let (graph, order) = graph(n, &edges);
        let (lower, upper) = impacts(&edges, &order, 0.1);
        let (values, start) = (vec![1.0; n as usize], initial(n as usize, &shocks));
        let found = debt_rank_bounds(&graph, (&lower, &upper), &shocks, &values, &ONCE, GO).unwrap();
        prop_assert!(!sure || found.variant() == DebtRankVariant::Once);
        for parts in parts {
            // Corners and what lies between them.
            let part = |at: usize| if parts[at] < 0.3 { 0.0 } else if parts[at] > 0.7 { 1.0 } else { parts[at] };
            let some: Vec<f64> = (0..lower.len()).map(|at| lower[at] + part(at) * (upper[at] - lower[at])).collect();
            let between = naive(&matrix(&graph, &some), &start, found.variant());
            for (j, h) in between.iter().enumerate() {
                prop_assert!(found.lower.distress[j] <= h + 1e-9 && *h <= found.upper.distress[j] + 1e-9);
            }
            // The variant that hands on more loses more.
            let once = naive_once(&matrix(&graph, &some), &start);
            prop_assert!(once.iter().zip(&found.upper.distress).all(|(once, most)| *once <= most + 1e-9));
        }
        prop_assert!(found.lower.rank <= found.upper.rank + 1e-9);
    }

    #[test]
    fn other_names_and_a_part_apart_change_nothing(
        (n, edges) in multigraph(8, 20), shocks in shocks(), seed in any::<u64>(),
    ) {
        let shocks: Vec<_> = shocks.into_iter().filter(|(node, _)| *node < n).collect();
        let names = names(n, seed);
        let mut other: Vec<Edge> = edges.iter().rev()
            .map(|(s, t, a, b)| (names[*s as usize], names[*t as usize], *a, *b))
            .collect();
        other.extend([(n, n + 1, 4, 8), (n + 1, n, 4, 4)]);
        let other_shocks: Vec<_> = shocks.iter().map(|(node, level)| (names[*node as usize], *level)).collect();
        let (first, first_order) = graph(n, &edges);
        let (second, second_order) = graph(n + 2, &other);
        let (first_impacts, second_impacts) = (impacts(&edges, &first_order, 0.05).1, impacts(&other, &second_order, 0.05).1);
        let mut values = vec![1.0; n as usize];
        for options in [ONCE, CUMULATIVE] {
            values.truncate(n as usize);
            let a = debt_rank(&first, &first_impacts, &shocks, &values, &options, GO).unwrap();
            values.extend([0.0, 0.0]);
            let b = debt_rank(&second, &second_impacts, &other_shocks, &values, &options, GO).unwrap();
            for (distress, name) in a.distress.iter().zip(&names) {
                prop_assert!(close(*distress, b.distress[*name as usize], 1e-9));
            }
            prop_assert!(close(a.rank, b.rank, 1e-9));
            prop_assert_eq!(&b.distress[n as usize..], [0.0, 0.0]);
        }
    }
}

fn run(n: u32, edges: &[(u32, u32, f64)], shock: f64, options: &DebtRankOptions) -> DebtRank {
    let sources: Vec<u32> = edges.iter().map(|e| e.0).collect();
    let targets: Vec<u32> = edges.iter().map(|e| e.1).collect();
    let (graph, order) = Graph::from_edges(n, &sources, &targets).unwrap();
    let impacts: Vec<f64> = order.iter().map(|e| edges[*e as usize].2).collect();
    debt_rank(
        &graph,
        &impacts,
        &[(0, shock)],
        &vec![1.0; n as usize],
        options,
        GO,
    )
    .unwrap()
}

/// Solved by hand: once, h₁ = 0.1 and h₀ = 0.2 + 0.5·0.1; cumulatively, h₀ = 0.2 + 0.5·h₁ and h₁ = 0.5·h₀.
#[test]
fn a_pair_that_hurts_each_other() {
    let edges = [(0, 1, 0.5), (1, 0, 0.5)];
    let once = run(2, &edges, 0.2, &ONCE);
    assert!(all_close(&once.distress, &[0.25, 0.1], 1e-12));
    assert!(close(once.rank, 0.15 / 2.0, 1e-12));
    assert_eq!(once.rounds(), 2);
    let cumulative = run(2, &edges, 0.2, &CUMULATIVE);
    assert!(all_close(
        &cumulative.distress,
        &[0.8 / 3.0, 0.4 / 3.0],
        1e-12
    ));
}

/// Two ways to the same node, a short one and a long one: with the short one, it is silent when the great blow comes. So
/// one more impact makes the end lose less, which is why there are no bounds of this variant.
#[test]
fn one_more_impact_can_hurt_less() {
    let long = [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)];
    let both = [(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (0, 2, 0.1)];
    assert_eq!(run(4, &long, 1.0, &ONCE).distress, [1.0, 1.0, 1.0, 1.0]);
    assert_eq!(run(4, &both, 1.0, &ONCE).distress, [1.0, 1.0, 1.0, 0.1]);
    assert_eq!(
        run(4, &both, 1.0, &CUMULATIVE).distress,
        [1.0, 1.0, 1.0, 1.0]
    );
}

/// Exposures to one player add up before the limit: two of 0.7 are one of 1.
#[test]
fn parallel_impacts_add_up_to_all_at_most() {
    let found = run(
        3,
        &[(0, 1, 0.7), (0, 1, 0.7), (0, 2, 3.0), (0, 0, 5.0)],
        0.5,
        &ONCE,
    );
    assert_eq!(found.distress, [0.5, 0.5, 0.5]);
}

#[test]
fn a_slow_cascade_is_marked_and_not_cut_in_silence() {
    let edges = [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 0.999)];
    let options = CUMULATIVE.with_rounds_max(10);
    let found = run(3, &edges, 1e-6, &options);
    assert_eq!(found.rounds(), 10);
    assert!(found.residual() > 1e-7);
}

#[test]
fn bad_input_is_refused() {
    let (graph, _) = Graph::from_edges(2, &[0], &[1]).unwrap();
    let run = |impact: f64,
               shock: (u32, f64),
               value: f64,
               options: &DebtRankOptions,
               cancel: &AtomicBool| {
        debt_rank(&graph, &[impact], &[shock], &[1.0, value], options, cancel)
    };
    assert!(run(0.5, (0, 1.0), 1.0, &ONCE, GO).is_ok());
    assert!(matches!(
        run(-0.5, (0, 1.0), 1.0, &ONCE, GO),
        Err(GraphError::BadWeight { .. })
    ));
    assert!(matches!(
        run(0.5, (2, 1.0), 1.0, &ONCE, GO),
        Err(GraphError::NoSuchStart { .. })
    ));
    for shock in [-0.1, 1.1, f64::NAN] {
        let refused = run(0.5, (0, shock), 1.0, &ONCE, GO);
        assert!(matches!(
            refused,
            Err(GraphError::BadParameter {
                name: "the shock",
                ..
            })
        ));
    }
    for value in [-1.0, f64::INFINITY, f64::NAN] {
        assert!(matches!(
            run(0.5, (0, 1.0), value, &ONCE, GO),
            Err(GraphError::BadValue { node: 1, .. })
        ));
    }
    let bad = ONCE.with_tolerance(f64::NAN);
    assert!(matches!(
        run(0.5, (0, 1.0), 1.0, &bad, GO),
        Err(GraphError::BadParameter { .. })
    ));
    let stopped = run(0.5, (0, 1.0), 1.0, &ONCE, &AtomicBool::new(true));
    assert_eq!(stopped, Err(GraphError::Cancelled));
    let bounds = debt_rank_bounds(&graph, (&[0.5], &[0.4]), &[], &[1.0, 1.0], &ONCE, GO);
    assert!(matches!(bounds, Err(GraphError::BadWeight { .. })));
    let short = debt_rank(&graph, &[0.5], &[], &[1.0], &ONCE, GO);
    assert!(matches!(
        short,
        Err(GraphError::ValueCount {
            values: 1,
            nodes: 2
        })
    ));
    let nothing = debt_rank(&graph, &[0.5], &[], &[0.0, 0.0], &ONCE, GO).unwrap();
    assert_eq!((nothing.rank, nothing.rounds()), (0.0, 0));
}
