//! Against numpy's dense solutions for graphs of some dozen nodes, stored with the script that makes them.

use crate::numeric::matrix::{GO, close};
use powermap_graph::{
    BonacichOptions, DebtRankOptions, DebtRankVariant, Graph, IntegratedOwnership, OwnershipForm,
    Shares, bonacich_power, debt_rank, holdings, owners, spectral_radius,
};

/// The numbers of a CSV file, column by column.
fn columns(path: &str) -> Vec<Vec<f64>> {
    let path = format!("{}/tests/data/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let mut columns = vec![Vec::new(); lines.next().unwrap().split(',').count()];
    for line in lines {
        let fields = columns.iter_mut().zip(line.split(','));
        fields.for_each(|(column, field)| column.push(field.parse().unwrap()));
    }
    columns
}

fn totals(n: usize, ends: &[u32], weights: &[f64]) -> Vec<f64> {
    let mut totals = vec![0.0; n];
    ends.iter()
        .zip(weights)
        .for_each(|(end, weight)| totals[*end as usize] += weight);
    totals
}

fn last_of_greatest(values: &[f64]) -> u32 {
    let greatest = values.iter().copied().fold(0.0, f64::max);
    values.iter().rposition(|value| *value == greatest).unwrap() as u32
}

/// The graph and what belongs to its edges, given in another order.
fn ordered(n: usize, sources: &[u32], targets: &[u32], weights: &[f64]) -> (Graph, Vec<f64>) {
    let (graph, order) = Graph::from_edges(n as u32, sources, targets).unwrap();
    let weights = order.iter().map(|edge| weights[*edge as usize]).collect();
    (graph, weights)
}

fn check(found: &[f64], expected: &[f64], name: &str) {
    assert_eq!(found.len(), expected.len());
    for (node, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            close(*found, *expected, 1e-9),
            "{name} of {node}: {found} for {expected}"
        );
    }
}

fn spread(n: usize, found: &IntegratedOwnership) -> Vec<f64> {
    assert_eq!(found.lower, found.upper);
    let mut values = vec![0.0; n];
    let listed = found.nodes.iter().zip(&found.lower);
    listed.for_each(|(node, value)| values[*node as usize] = *value);
    values
}

#[test]
fn the_kernels_agree_with_numpy() {
    for name in ["skewed", "karate"] {
        let edges = columns(&format!("kernels/{name}-edges.csv"));
        let expected = columns(&format!("numeric/{name}-expected.csv"));
        let n = expected[0].len();
        let nodes = |column: &[f64]| column.iter().map(|v| *v as u32).collect::<Vec<_>>();
        let (sources, targets, weights) = (nodes(&edges[0]), nodes(&edges[1]), &edges[2]);
        let into = totals(n, &targets, weights);
        let company = last_of_greatest(&into);
        let owner = last_of_greatest(&totals(n, &sources, weights));
        let share = |(target, weight): (&u32, &f64)| weight / (1.25 * into[*target as usize]);
        let parts: Vec<f64> = targets.iter().zip(weights).map(share).collect();
        let (graph, by_edge) = ordered(n, &sources, &targets, &parts);
        let shares = Shares::new(&graph, &by_edge, &by_edge).unwrap();
        for (at, form) in [(0, OwnershipForm::Gross), (1, OwnershipForm::Corrected)] {
            let found = owners(&graph, &shares, company, form, GO).unwrap();
            check(&spread(n, &found), &expected[at], "owner");
            let found = holdings(&graph, &shares, owner, form, GO).unwrap();
            check(&spread(n, &found), &expected[2 + at], "holding");
        }

        let both = |a: &[u32], b: &[u32]| [a, b].concat();
        let twice = [weights.as_slice(), weights].concat();
        let (ties, tie_weights) = ordered(
            n,
            &both(&sources, &targets),
            &both(&targets, &sources),
            &twice,
        );
        let (lower, upper) = spectral_radius(&ties, Some(&tie_weights), 1e-10, 10_000, GO).unwrap();
        assert!(close(lower, expected[4][0], 1e-9) && close(upper, expected[4][0], 1e-9));
        for (at, part) in [(5, 0.75), (6, -0.75)] {
            let options = BonacichOptions::new(part / expected[4][0])
                .with_tolerance(1e-13)
                .with_rounds_max(1000);
            let found = bonacich_power(&ties, Some(&tie_weights), &options, GO).unwrap();
            check(&found.power, &expected[at], "power");
        }

        // A company that fails hurts its owners.
        let (impacts, by_edge) = ordered(n, &targets, &sources, &parts);
        for (at, variant) in [(7, DebtRankVariant::Once), (8, DebtRankVariant::Cumulative)] {
            let options = DebtRankOptions::new(variant)
                .with_tolerance(1e-14)
                .with_rounds_max(100_000);
            let shock = [(company, 1.0)];
            let found = debt_rank(&impacts, &by_edge, &shock, &vec![1.0; n], &options, GO).unwrap();
            check(&found.distress, &expected[at], "distress");
        }
    }
}
