//! Integrated ownership and control by majority.

use crate::numeric::matrix::{
    Edge, GO, Matrix, close, graph, identity, multigraph, names, product, transposed, zero,
};
use powermap_graph::{
    ControlVerdict, Graph, GraphError, IntegratedOwnership, OwnershipForm, Shares, controlled,
    controllers, holdings, owners,
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

/// Bounds by edge id; shares are eighths, or less where a company would be held more than wholly.
fn shares(n: u32, edges: &[Edge], graph: &Graph, order: &[usize]) -> Shares {
    let mut totals = vec![8_u32; n as usize];
    for company in 0..n {
        let total = edges.iter().filter(|e| e.1 == company).map(|e| e.2).sum();
        totals[company as usize] = totals[company as usize].max(total);
    }
    let part =
        |eighths: u32, company: u32| f64::from(eighths) / f64::from(totals[company as usize]);
    let lower: Vec<f64> = order
        .iter()
        .map(|e| part(edges[*e].2, edges[*e].1))
        .collect();
    let upper: Vec<f64> = order
        .iter()
        .map(|e| part(edges[*e].3, edges[*e].1))
        .collect();
    Shares::new(graph, &lower, &upper).unwrap()
}

/// The matrices of the lower and the upper shares: row the owner, column the company.
fn matrices(graph: &Graph, shares: &Shares) -> (Matrix, Matrix) {
    let n = graph.node_count() as usize;
    let (mut lower, mut upper) = (zero(n), zero(n));
    for edge in 0..graph.edge_count() {
        let (owner, company) = (graph.source(edge) as usize, graph.target(edge) as usize);
        let (l, u) = shares.bounds(edge);
        lower[owner][company] += l;
        upper[owner][company] += u;
    }
    (lower, upper)
}

/// The sum over all walks, by doubling their length; huge where it has no end.
fn naive_gross(a: &Matrix) -> Matrix {
    let (mut sum, mut power) = (a.clone(), a.clone());
    for _ in 0..42 {
        let more = product(&power, &sum);
        for (row, more) in sum.iter_mut().zip(more) {
            row.iter_mut()
                .zip(more)
                .for_each(|(s, m)| *s = (*s + m).min(1e15));
        }
        power = product(&power, &power);
        power.iter_mut().flatten().for_each(|p| *p = p.min(1e15));
    }
    sum
}

/// The chance of coming by the owner on a walk from each company to its owners: a Markov chain that stays at the owner.
fn naive_corrected(a: &Matrix) -> Matrix {
    let n = a.len();
    let one = |owner: usize| {
        let mut step = transposed(a);
        step[owner] = identity(n)[owner].clone();
        for _ in 0..42 {
            step = product(&step, &step);
        }
        let held = |company: usize| (0..n).map(|k| a[k][company] * step[k][owner]).sum();
        (0..n).map(held).collect()
    };
    (0..n).map(one).collect()
}

fn naive(a: &Matrix, form: OwnershipForm) -> Matrix {
    match form {
        OwnershipForm::Gross => naive_gross(a),
        OwnershipForm::Corrected => naive_corrected(a),
    }
}

/// Both bounds for all owners (row) and companies (column), found from both ends, which must agree.
fn all(graph: &Graph, shares: &Shares, form: OwnershipForm) -> (Matrix, Matrix) {
    let n = graph.node_count();
    let spread = |found: &IntegratedOwnership| {
        assert!(found.nodes.is_sorted());
        let (mut lower, mut upper) = (vec![0.0; n as usize], vec![0.0; n as usize]);
        for (at, node) in found.nodes.iter().enumerate() {
            lower[*node as usize] = found.lower[at];
            upper[*node as usize] = found.upper[at];
        }
        (lower, upper)
    };
    let columns: Vec<_> = (0..n)
        .map(|c| spread(&owners(graph, shares, c, form, GO).unwrap()))
        .collect();
    let rows: Vec<_> = (0..n)
        .map(|o| spread(&holdings(graph, shares, o, form, GO).unwrap()))
        .collect();
    for (company, column) in columns.iter().enumerate() {
        for (owner, row) in rows.iter().enumerate() {
            // A component that may lose nothing is answered less sharply from one end than from the other.
            let same = |a: f64, b: f64| close(a, b, 1e-8) || a.max(b) >= 1.0;
            assert!(
                same(column.1[owner], row.1[company]),
                "{columns:?} {rows:?}"
            );
            assert!(close(column.0[owner], row.0[company], 1e-8) || column.0[owner] > 1e6);
        }
    }
    let lower = transposed(&columns.iter().map(|c| c.0.clone()).collect());
    let upper = transposed(&columns.iter().map(|c| c.1.clone()).collect());
    (lower, upper)
}

/// Ways to fill a column within its bounds without handing out more than the whole: raise some owners as far as they
/// go, one after the other, in each order.
fn columns(lower: &[f64], upper: &[f64]) -> Vec<Vec<f64>> {
    let mut found = vec![lower.to_vec()];
    let mut next = 0;
    while next < found.len() {
        for owner in 0..lower.len() {
            let mut column = found[next].clone();
            let left = 1.0 - column.iter().sum::<f64>();
            column[owner] = upper[owner].min(column[owner] + left.max(0.0));
            if found
                .iter()
                .all(|f| f.iter().zip(&column).any(|(a, b)| (a - b).abs() > 1e-12))
            {
                found.push(column);
            }
        }
        next += 1;
    }
    found
}

/// All matrices of such columns, if they are few.
fn fills(lower: &Matrix, upper: &Matrix) -> Option<Vec<Matrix>> {
    let (lower, upper) = (transposed(lower), transposed(upper));
    let mut found: Vec<Matrix> = vec![Vec::new()];
    for (lower, upper) in lower.iter().zip(&upper) {
        let columns = columns(lower, upper);
        if found.len() * columns.len() > 400 {
            return None;
        }
        let with = |matrix: &Matrix| {
            let with = |column: &Vec<f64>| [matrix.clone(), vec![column.clone()]].concat();
            columns.iter().map(with).collect::<Vec<_>>()
        };
        found = found.iter().flat_map(with).collect();
    }
    Some(found.iter().map(transposed).collect())
}

/// What a player controls if the shares are these.
fn naive_controlled(a: &Matrix, owner: usize) -> BTreeSet<usize> {
    let mut members = BTreeSet::from([owner]);
    loop {
        let held = |company: usize| members.iter().map(|k| a[*k][company]).sum::<f64>();
        let decided = |company: &usize| !members.contains(company) && held(*company) > 0.5 + 1e-11;
        let Some(company) = (0..a.len()).find(decided) else {
            members.remove(&owner);
            return members;
        };
        members.insert(company);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn exact_shares_give_what_the_series_and_the_walk_give((n, edges) in multigraph(7, 16)) {
        let edges: Vec<Edge> = edges.into_iter().map(|(s, t, a, _)| (s, t, a, a)).collect();
        let (graph, order) = graph(n, &edges);
        let shares = shares(n, &edges, &graph, &order);
        prop_assert!(shares.oversubscribed().is_empty());
        let (a, _) = matrices(&graph, &shares);
        for form in [OwnershipForm::Gross, OwnershipForm::Corrected] {
            let expected = naive(&a, form);
            let (lower, upper) = all(&graph, &shares, form);
            for owner in 0..n as usize {
                for company in 0..n as usize {
                    let (l, u, e) = (lower[owner][company], upper[owner][company], expected[owner][company]);
                    prop_assert_eq!(l, u);
                    let endless = e > 1e9 && l == f64::INFINITY;
                    prop_assert!(endless || close(l, e, 1e-8), "{:?} {} of {}: {} for {}", form, owner, company, l, e);
                    prop_assert!(form == OwnershipForm::Gross || l <= 1.0);
                }
            }
        }
    }

    #[test]
    fn bounds_hold_for_each_way_to_fill_them((n, edges) in multigraph(4, 6)) {
        let (graph, order) = graph(n, &edges);
        let shares = shares(n, &edges, &graph, &order);
        let (lower, upper) = matrices(&graph, &shares);
        let fills = fills(&lower, &upper);
        prop_assume!(fills.is_some());
        let whole = |company: usize| upper.iter().map(|row| row[company]).sum::<f64>() <= 1.0 + 1e-12;
        let attained = (0..n as usize).all(whole);
        for form in [OwnershipForm::Gross, OwnershipForm::Corrected] {
            let found = all(&graph, &shares, form);
            let all: Vec<Matrix> = fills.iter().flatten().map(|a| naive(a, form)).collect();
            for owner in 0..n as usize {
                for company in 0..n as usize {
                    let (l, u) = (found.0[owner][company], found.1[owner][company]);
                    let values = || all.iter().map(|value| value[owner][company]);
                    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
                    prop_assert!(close(l, least, 1e-8) || least > 1e9 && l == f64::INFINITY, "{} {}", l, least);
                    prop_assert!(u >= most - 1e-8 * (1.0 + most), "{:?} {} {}", form, u, most);
                    if attained {
                        prop_assert!(close(u, most, 1e-8) || most > 1e9 && u == f64::INFINITY, "{} {}", u, most);
                    }
                }
            }
        }
    }

    #[test]
    fn verdicts_are_those_of_all_ways_to_fill_the_bounds((n, edges) in multigraph(5, 7)) {
        let (graph, order) = graph(n, &edges);
        let shares = shares(n, &edges, &graph, &order);
        let (lower, upper) = matrices(&graph, &shares);
        let fills = fills(&lower, &upper);
        prop_assume!(fills.is_some());
        let fills = fills.unwrap();
        for (owner, reaches) in naive_gross(&upper).iter().enumerate() {
            let sets: Vec<_> = fills.iter().map(|a| naive_controlled(a, owner)).collect();
            let expected = |company: usize| match sets.iter().filter(|set| set.contains(&company)).count() {
                0 => ControlVerdict::No,
                count if count == sets.len() => ControlVerdict::Certain,
                _ => ControlVerdict::Possible,
            };
            let below = controlled(&graph, &shares, owner as u32, 0.5, GO).unwrap();
            let known: Vec<(u32, ControlVerdict)> = (0..n)
                .map(|company| (company, expected(company as usize)))
                .filter(|(_, verdict)| *verdict != ControlVerdict::No)
                .collect();
            prop_assert_eq!(below, known);
            for company in (0..n as usize).filter(|company| *company != owner) {
                let above = controllers(&graph, &shares, company as u32, 0.5, GO).unwrap();
                let found = above.iter().find(|(node, _)| *node as usize == owner).map(|(_, verdict)| *verdict);
                prop_assert_eq!(found, (reaches[company] > 0.0).then(|| expected(company)));
            }
        }
    }

    /// Whatever the numbers are, contradictions included: no panic, and bounds that are in order.
    #[test]
    fn contradictory_shares_are_marked_and_stay_in_order((n, edges) in multigraph(6, 24)) {
        let (graph, order) = graph(n, &edges);
        let lower: Vec<f64> = order.iter().map(|e| f64::from(edges[*e].2) / 8.0).collect();
        let upper: Vec<f64> = order.iter().map(|e| f64::from(edges[*e].3) / 8.0).collect();
        let shares = Shares::new(&graph, &lower, &upper).unwrap();
        for company in 0..n {
            let total: u32 = edges.iter().filter(|e| e.1 == company).map(|e| e.2).sum();
            prop_assert_eq!(shares.oversubscribed().contains(&company), total > 8);
            for form in [OwnershipForm::Gross, OwnershipForm::Corrected] {
                let found = owners(&graph, &shares, company, form, GO).unwrap();
                for (lower, upper) in found.lower.iter().zip(&found.upper) {
                    prop_assert!(0.0 <= *lower && lower <= upper && *upper > 0.0);
                    prop_assert!(form == OwnershipForm::Gross || *upper <= 1.0);
                }
            }
            let verdicts = controllers(&graph, &shares, company, 0.5, GO).unwrap();
            let certain = verdicts.iter().filter(|(_, v)| *v == ControlVerdict::Certain);
            for (owner, _) in certain {
                let below = controlled(&graph, &shares, *owner, 0.5, GO).unwrap();
                prop_assert!(below.contains(&(company, ControlVerdict::Certain)));
            }
        }
    }

    #[test]
    fn other_names_and_a_part_apart_change_nothing((n, edges) in multigraph(7, 14), seed in any::<u64>()) {
        let names = names(n, seed);
        // Beside it, under other names, a cycle.
        let mut other: Vec<Edge> = edges.iter().rev()
            .map(|(s, t, a, b)| (names[*s as usize], names[*t as usize], *a, *b))
            .collect();
        other.extend([(n, n + 1, 4, 8), (n + 1, n, 4, 4)]);
        let (first, first_order) = graph(n, &edges);
        let (second, second_order) = graph(n + 2, &other);
        let first_shares = shares(n, &edges, &first, &first_order);
        let second_shares = shares(n + 2, &other, &second, &second_order);
        for node in 0..n {
            for form in [OwnershipForm::Gross, OwnershipForm::Corrected] {
                let a = owners(&first, &first_shares, node, form, GO).unwrap();
                let b = owners(&second, &second_shares, names[node as usize], form, GO).unwrap();
                prop_assert_eq!(a.nodes.len(), b.nodes.len());
                for (at, owner) in a.nodes.iter().enumerate() {
                    let there = b.nodes.binary_search(&names[*owner as usize]).unwrap();
                    prop_assert!(close(a.lower[at], b.lower[there], 1e-9));
                    prop_assert!(close(a.upper[at], b.upper[there], 1e-9));
                }
            }
            let mut a: Vec<_> = controllers(&first, &first_shares, node, 0.5, GO).unwrap()
                .into_iter().map(|(owner, verdict)| (names[owner as usize], verdict)).collect();
            a.sort();
            prop_assert_eq!(a, controllers(&second, &second_shares, names[node as usize], 0.5, GO).unwrap());
        }
    }
}

fn points(n: u32, edges: &[(u32, u32, f64)]) -> (Graph, Shares) {
    let sources: Vec<u32> = edges.iter().map(|e| e.0).collect();
    let targets: Vec<u32> = edges.iter().map(|e| e.1).collect();
    let (graph, order) = Graph::from_edges(n, &sources, &targets).unwrap();
    let values: Vec<f64> = order.iter().map(|e| edges[*e as usize].2).collect();
    let shares = Shares::new(&graph, &values, &values).unwrap();
    (graph, shares)
}

fn share(graph: &Graph, shares: &Shares, owner: u32, company: u32, form: OwnershipForm) -> f64 {
    let found = owners(graph, shares, company, form, GO).unwrap();
    found
        .nodes
        .binary_search(&owner)
        .map_or(0.0, |at| found.lower[at])
}

/// Elliott, Golub and Jackson, Financial Networks and Contagion, Am. Econ. Rev. 2014: two organisations that hold half
/// of each other, the other halves with outsiders. Two thirds of each end with its own outsiders.
#[test]
fn two_that_hold_half_of_each_other() {
    let (graph, shares) = points(4, &[(0, 1, 0.5), (1, 0, 0.5), (2, 0, 0.5), (3, 1, 0.5)]);
    for form in [OwnershipForm::Gross, OwnershipForm::Corrected] {
        for (owner, company, expected) in [(2, 0, 2.0), (2, 1, 1.0), (3, 0, 1.0), (3, 1, 2.0)] {
            assert!(close(
                share(&graph, &shares, owner, company, form),
                expected / 3.0,
                1e-12
            ));
        }
    }
}

/// The textbook exercise of consolidation: a parent holds 80 %, 60 % and 10 % of A, B and C; A holds 40 % of C; B holds
/// 10 % of A and 20 % of C. The parent's interests are 86 %, 60 % and 56.4 %.
#[test]
fn a_parent_with_three_affiliates() {
    let direct = [
        (0, 1, 0.8),
        (0, 2, 0.6),
        (0, 3, 0.1),
        (1, 3, 0.4),
        (2, 1, 0.1),
        (2, 3, 0.2),
    ];
    let (graph, shares) = points(4, &direct);
    let found = holdings(&graph, &shares, 0, OwnershipForm::Corrected, GO).unwrap();
    assert_eq!(found.nodes, [1, 2, 3]);
    for (found, expected) in found.lower.iter().zip([0.86, 0.6, 0.564]) {
        assert!(close(*found, expected, 1e-12));
    }
}

/// Own shares are nobody's: who holds all others holds all.
#[test]
fn own_shares_count_for_the_other_owners() {
    let (graph, shares) = points(3, &[(0, 0, 0.2), (1, 0, 0.6), (2, 0, 0.2)]);
    for form in [OwnershipForm::Gross, OwnershipForm::Corrected] {
        assert!(close(share(&graph, &shares, 1, 0, form), 0.75, 1e-12));
    }
    assert!(close(
        share(&graph, &shares, 0, 0, OwnershipForm::Corrected),
        0.2,
        1e-12
    ));
    assert!(close(
        share(&graph, &shares, 0, 0, OwnershipForm::Gross),
        0.25,
        1e-12
    ));
}

/// A cycle that owns itself wholly, and a company of which it owns a part.
#[test]
fn a_cycle_that_owns_itself_is_named() {
    for size in [1_u32, 2, 50, 600] {
        let mut edges: Vec<_> = (0..size).map(|v| (v, (v + 1) % size, 1.0)).collect();
        edges.push((0, size, 0.3));
        edges.push((size + 1, size, 0.6));
        let (graph, shares) = points(size + 2, &edges);
        let found = owners(&graph, &shares, size, OwnershipForm::Corrected, GO).unwrap();
        assert_eq!(found.circular(), (0..size).collect::<Vec<_>>());
        let expected: Vec<f64> = (0..size).map(|_| 0.3).chain([0.6]).collect();
        assert!(
            found
                .lower
                .iter()
                .zip(&expected)
                .all(|(a, b)| close(*a, *b, 1e-12))
        );
        assert_eq!(found.lower, found.upper);
        let gross = owners(&graph, &shares, size, OwnershipForm::Gross, GO).unwrap();
        assert_eq!(gross.upper[0], f64::INFINITY);
        assert_eq!(gross.lower.last(), Some(&0.6));
        let inside = owners(&graph, &shares, 0, OwnershipForm::Corrected, GO).unwrap();
        assert!(inside.lower.iter().all(|share| *share == 1.0));
    }
}

/// Components that are too large to eliminate: both ends must agree, and the answers must fulfil the equations.
#[test]
fn large_components_are_iterated() {
    let n = 400_u32;
    let mut edges = Vec::new();
    for v in 0..n {
        edges.push((v, (v + 1) % n, 0.5));
        edges.push((v, (v * 7 + 3) % n, 0.2));
        edges.push((v, (v * 13 + 11) % n, 0.15));
    }
    let (graph, shares) = points(n, &edges);
    let gross = owners(&graph, &shares, 5, OwnershipForm::Gross, GO).unwrap();
    assert_eq!(gross.nodes.len(), n as usize);
    assert!(gross.circular().is_empty());
    for (owner, value) in gross.nodes.iter().zip(&gross.lower) {
        let held = graph.out_edges(*owner).map(|edge| {
            let (share, company) = (shares.bounds(edge).0, graph.target(edge));
            share * (gross.lower[company as usize] + f64::from(u8::from(company == 5)))
        });
        assert!(close(held.sum(), *value, 1e-11));
    }
    let corrected = owners(&graph, &shares, 5, OwnershipForm::Corrected, GO).unwrap();
    for owner in [0, 5, 6, 399] {
        let found = holdings(&graph, &shares, owner, OwnershipForm::Corrected, GO).unwrap();
        assert!(close(
            found.lower[5],
            corrected.lower[owner as usize],
            1e-10
        ));
    }
}

/// Where only the upper bounds let a cycle own itself, the lower bounds stay as they are.
#[test]
fn a_cycle_that_may_own_itself_is_open_above() {
    for size in [3_u32, 500] {
        let n = size + 2;
        let mut edges: Vec<Edge> = (0..size).map(|v| (v, (v + 1) % size, 4, 8)).collect();
        edges.push((size, 0, 0, 1));
        edges.push((0, size + 1, 4, 4));
        let (graph, order) = graph(n, &edges);
        let shares = shares(n, &edges, &graph, &order);
        let found = owners(&graph, &shares, size + 1, OwnershipForm::Corrected, GO).unwrap();
        assert_eq!(found.circular(), (0..size).collect::<Vec<_>>());
        let at = found.nodes.binary_search(&size).unwrap();
        assert_eq!((found.lower[at], found.upper[at]), (0.0, 1.0));
        // 0 holds half of the last directly; what comes round is its own.
        assert_eq!(found.lower[0], 0.5);
        assert!(found.upper[0] >= 0.5);
    }
}

/// Large components are multiplied piece by piece.
#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let n = 30_000_u32;
    let cycle = (0..n).map(|v| (v, (v + 1) % n, 0.6));
    let chords = (0..n).map(|v| (v, (v * 7919 + 5) % n, 0.3));
    let (graph, shares) = points(n, &cycle.chain(chords).collect::<Vec<_>>());
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| owners(&graph, &shares, 7, OwnershipForm::Gross, GO).unwrap())
    };
    let found = run(1);
    assert_eq!(found.nodes.len(), n as usize);
    assert_eq!(found, run(2));
}

#[test]
fn long_chains_do_not_exhaust_the_stack() {
    let n = 300_000_u32;
    let edges: Vec<_> = (0..n - 1).map(|v| (v, v + 1, 1.0)).collect();
    let (graph, shares) = points(n, &edges);
    let found = owners(&graph, &shares, n - 1, OwnershipForm::Corrected, GO).unwrap();
    assert_eq!(found.nodes.len(), n as usize - 1);
    assert!(found.lower.iter().all(|share| *share == 1.0));
    let below = controlled(&graph, &shares, 0, 0.5, GO).unwrap();
    assert_eq!(below.len(), n as usize - 1);
}

/// Thirds do not sum to 1 exactly, in one order or the other; what rounding leaves is no room for others.
#[test]
fn what_rounding_leaves_is_no_share() {
    for own in [[3.0, 4.0, 2.0], [2.0, 4.0, 3.0]] {
        let (graph, _) = Graph::from_edges(2, &[0, 1, 1, 1], &[1; 4]).unwrap();
        let lower = [0.0, own[0] / 9.0, own[1] / 9.0, own[2] / 9.0];
        let upper = [0.125, own[0] / 9.0, own[1] / 9.0, own[2] / 9.0];
        let shares = Shares::new(&graph, &lower, &upper).unwrap();
        assert_eq!(shares.bounds(0), (0.0, 0.0));
        assert_eq!(
            owners(&graph, &shares, 1, OwnershipForm::Corrected, GO)
                .unwrap()
                .nodes,
            [1]
        );
    }
}

#[test]
fn half_is_no_majority_however_it_adds_up() {
    let (graph, shares) = points(
        4,
        &[
            (0, 3, 0.1),
            (0, 3, 0.2),
            (0, 3, 0.2),
            (1, 3, 0.5),
            (2, 2, 0.9),
        ],
    );
    let found = controllers(&graph, &shares, 3, 0.5, GO).unwrap();
    assert_eq!(found, [(0, ControlVerdict::No), (1, ControlVerdict::No)]);
    let found = controllers(&graph, &shares, 3, 0.4, GO).unwrap();
    assert_eq!(
        found,
        [(0, ControlVerdict::Certain), (1, ControlVerdict::Certain)]
    );
    assert_eq!(controllers(&graph, &shares, 2, 0.5, GO).unwrap(), []);
}

#[test]
fn bad_input_is_refused() {
    let (graph, _) = Graph::from_edges(2, &[0], &[1]).unwrap();
    let new = |lower: f64, upper: f64| Shares::new(&graph, &[lower], &[upper]);
    for (lower, upper) in [
        (-0.1, 0.5),
        (0.5, 0.4),
        (0.5, 1.1),
        (f64::NAN, 0.5),
        (0.1, f64::NAN),
    ] {
        assert!(matches!(
            new(lower, upper),
            Err(GraphError::BadShare { edge: 0, .. })
        ));
    }
    assert!(matches!(
        Shares::new(&graph, &[], &[0.5]),
        Err(GraphError::WeightCount { .. })
    ));
    let shares = new(0.2, 0.4).unwrap();
    let (form, stop) = (OwnershipForm::Gross, AtomicBool::new(true));
    assert!(matches!(
        owners(&graph, &shares, 2, form, GO),
        Err(GraphError::NoSuchStart { .. })
    ));
    assert_eq!(
        owners(&graph, &shares, 1, form, &stop),
        Err(GraphError::Cancelled)
    );
    assert_eq!(
        controlled(&graph, &shares, 0, 0.5, &stop),
        Err(GraphError::Cancelled)
    );
    for threshold in [-0.1, 1.0, f64::NAN] {
        let refused = controllers(&graph, &shares, 1, threshold, GO);
        assert!(matches!(
            refused,
            Err(GraphError::BadParameter {
                name: "threshold",
                ..
            })
        ));
    }
    let (other, _) = Graph::from_edges(2, &[0, 0], &[1, 1]).unwrap();
    assert!(matches!(
        owners(&other, &shares, 1, form, GO),
        Err(GraphError::WeightCount { .. })
    ));
    let (empty, _) = Graph::from_edges(1, &[], &[]).unwrap();
    let none = Shares::new(&empty, &[], &[]).unwrap();
    assert!(owners(&empty, &none, 0, form, GO).unwrap().nodes.is_empty());
}
