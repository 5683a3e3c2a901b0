//! Small matrices, and the graphs that stand for them.

use powermap_graph::Graph;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

pub(crate) static NEVER: AtomicBool = AtomicBool::new(false);
pub(crate) const GO: &AtomicBool = &NEVER;

pub(crate) type Matrix = Vec<Vec<f64>>;

/// Source, target, and two numbers from 0 to 8, the first not above the second.
pub(crate) type Edge = (u32, u32, u32, u32);

pub(crate) fn multigraph(
    nodes_max: u32,
    edges_max: usize,
) -> impl Strategy<Value = (u32, Vec<Edge>)> {
    (1..=nodes_max).prop_flat_map(move |n| {
        let edge = (0..n, 0..n, 0_u32..9, 0_u32..9);
        let ordered = edge.prop_map(|(s, t, a, b)| (s, t, a.min(b), a.max(b)));
        (Just(n), vec(ordered, 0..=edges_max))
    })
}

/// The graph, and for each of its edges which of the given ones it is.
pub(crate) fn graph(n: u32, edges: &[Edge]) -> (Graph, Vec<usize>) {
    let sources: Vec<u32> = edges.iter().map(|e| e.0).collect();
    let targets: Vec<u32> = edges.iter().map(|e| e.1).collect();
    let (graph, order) = Graph::from_edges(n, &sources, &targets).expect("ends below n");
    (graph, order.into_iter().map(|e| e as usize).collect())
}

pub(crate) fn zero(n: usize) -> Matrix {
    vec![vec![0.0; n]; n]
}

pub(crate) fn identity(n: usize) -> Matrix {
    let mut matrix = zero(n);
    (0..n).for_each(|i| matrix[i][i] = 1.0);
    matrix
}

pub(crate) fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let n = a.len();
    let entry = |i: usize, j: usize| (0..n).map(|k| a[i][k] * b[k][j]).sum();
    (0..n)
        .map(|i| (0..n).map(|j| entry(i, j)).collect())
        .collect()
}

pub(crate) fn transposed(a: &Matrix) -> Matrix {
    (0..a.len())
        .map(|i| a.iter().map(|row| row[i]).collect())
        .collect()
}

/// Solves Mx = b, exchanging rows.
pub(crate) fn solve(mut m: Matrix, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for k in 0..n {
        let pivot = (k..n)
            .max_by(|i, j| m[*i][k].abs().total_cmp(&m[*j][k].abs()))
            .unwrap();
        m.swap(k, pivot);
        b.swap(k, pivot);
        let above = m[k].clone();
        for i in k + 1..n {
            let factor = m[i][k] / above[k];
            m[i].iter_mut()
                .zip(&above)
                .for_each(|(entry, above)| *entry -= factor * above);
            b[i] -= factor * b[k];
        }
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| m[i][j] * b[j]).sum();
        b[i] = (b[i] - known) / m[i][i];
    }
    b
}

/// The greatest eigenvalue of a matrix without negative entries, as the growth of its powers (Gelfand).
pub(crate) fn radius(matrix: &Matrix) -> f64 {
    let mut power = matrix.clone();
    let mut logarithm = 0.0;
    let mut exponent = 1.0_f64;
    for _ in 0..40 {
        let greatest = power.iter().flatten().copied().fold(0.0, f64::max);
        if greatest == 0.0 {
            return 0.0;
        }
        power
            .iter_mut()
            .flatten()
            .for_each(|entry| *entry /= greatest);
        logarithm += greatest.ln() / exponent;
        power = product(&power, &power);
        exponent *= 2.0;
    }
    logarithm.exp()
}

pub(crate) fn close(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

/// Other names for `n` nodes.
pub(crate) fn names(n: u32, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n).collect();
    order.sort_by_key(|v| (u64::from(*v) + 1).wrapping_mul(seed | 1).rotate_left(17));
    let mut names = vec![0; n as usize];
    (0..n)
        .zip(order)
        .for_each(|(name, v)| names[v as usize] = name);
    names
}
