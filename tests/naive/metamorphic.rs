//! What must not change, or must change in step, when the map does.

use crate::support::{KINDS, RandomEdge, edge_id, player, position, random_edges};
use powermap::analysis::answer::{Answer, Cell};
use powermap::analysis::position::Position;
use powermap::analysis::table::all;
use powermap::model::name::{Family, Status};
use powermap::network::named::Filter;
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

/// The answers of all analyses of the network, about the first two players where they want any.
fn answers(position: &Position) -> Vec<(&'static str, Answer)> {
    let asked: &[(&str, &[(&str, &str)])] = &[
        ("control", &[("of", "p0")]),
        ("dependence", &[]),
        ("exposure", &[("of", "p0")]),
        ("loops", &[("max-length", "4")]),
        ("paths", &[("source", "p0"), ("target", "p1")]),
        ("standing", &[]),
    ];
    let answer = |(name, given): &(&'static str, &[(&str, &str)])| {
        let analysis = all()
            .iter()
            .find(|analysis| analysis.name == *name)
            .unwrap();
        let arguments = analysis.arguments(given.iter().copied(), position).unwrap();
        (
            *name,
            analysis
                .answer(position, &arguments, &AtomicBool::new(false))
                .unwrap(),
        )
    };
    asked.iter().map(answer).collect()
}

fn passes(edge: &RandomEdge, filter: &Filter) -> bool {
    let (family, _, unit) = KINDS[edge.kind];
    let amount = (unit == "USD" && (edge.lower.is_some() || edge.upper.is_some()))
        .then(|| edge.upper.unwrap_or(f64::INFINITY));
    (filter.families.is_empty() || filter.families.contains(&family))
        && filter.status_min.is_none_or(|least| edge.status >= least)
        && filter
            .amount_min
            .is_none_or(|least| amount.is_some_and(|amount| amount >= least))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_filter_is_as_good_as_a_map_without_the_other_edges(
        (n, edges) in random_edges(),
        families in proptest::sample::subsequence(Family::ALL.to_vec(), 0..3),
        status in proptest::option::of(Just(Status::Committed)),
        amount in proptest::option::of(Just(30.0)),
    ) {
        prop_assume!(n > 1);
        let position = position(n, &edges);
        let filter = Filter {
            families,
            status_min: status,
            amount_min: amount,
            ..Filter::default()
        };
        let gone: Vec<_> = (0..edges.len()).filter(|at| !passes(&edges[*at], &filter)).map(edge_id).collect();
        let without = position.without(&[], &gone).unwrap();
        let filtered = position.filtered(filter);
        prop_assert_eq!(filtered.edges().count(), without.edges().count());
        for ((name, filtered), (_, without)) in answers(&filtered).into_iter().zip(answers(&without)) {
            prop_assert_eq!(filtered, without, "{}", name);
        }
    }

    #[test]
    fn a_player_that_is_gone_takes_its_edges_along((n, edges) in random_edges()) {
        prop_assume!(n > 2);
        let position = position(n, &edges);
        let gone: Vec<_> = (0..edges.len())
            .filter(|at| edges[*at].from == 2 || edges[*at].to == 2)
            .map(edge_id)
            .collect();
        let by_player = position.without(&[player(2)], &[]).unwrap();
        let by_edges = position.without(&[], &gone).unwrap();
        prop_assert_eq!(answers(&by_player), answers(&by_edges));
    }

    #[test]
    fn twice_the_money_has_the_same_shares_and_twice_the_loops((n, edges) in random_edges()) {
        prop_assume!(n > 1);
        let twice: Vec<_> = edges
            .iter()
            .map(|edge| {
                let factor = if KINDS[edge.kind].2 == "USD" { 2.0 } else { 1.0 };
                RandomEdge {
                    lower: edge.lower.map(|bound| bound * factor),
                    upper: edge.upper.map(|bound| bound * factor),
                    ..edge.clone()
                }
            })
            .collect();
        let (once, twice) = (answers(&position(n, &edges)), answers(&position(n, &twice)));
        for ((name, once), (_, twice)) in once.into_iter().zip(twice) {
            prop_assert_eq!(once.rows.len(), twice.rows.len(), "{}", name);
            for (a, b) in once.rows.iter().zip(&twice.rows) {
                for (a, b) in a.cells.iter().zip(&b.cells) {
                    match (a, b) {
                        (Cell::Quantity(a), Cell::Quantity(b)) if a.unit.code() == "USD" => {
                            prop_assert_eq!(a.lower.map(|bound| bound * 2.0), b.lower);
                            prop_assert_eq!(a.upper.map(|bound| bound * 2.0), b.upper);
                        }
                        (a, b) => prop_assert_eq!(a, b, "{}", name),
                    }
                }
            }
        }
    }
}
