//! What must not change, or must change in step, when the map does.

use crate::naive::rows::{all_near, at, renamed, sorted, without};
use crate::support::random_map::{
    KINDS, RandomEdge, edge_id, player, position, position_named, random_edges,
};
use oxigraph::model::NamedNode;
use powermap::analysis::{Answer, Cell, Position, find};
use powermap::model::{Family, Status};
use powermap::network::Filter;
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

/// The answers of all analyses of the network, about the first two players where they want any.
fn answers(position: &Position) -> Vec<(&'static str, Answer)> {
    answers_about(position, &["p0".to_owned(), "p1".to_owned()])
}

fn answers_about(position: &Position, [a, b]: &[String; 2]) -> Vec<(&'static str, Answer)> {
    let asked: &[(&str, &[(&str, &str)])] = &[
        ("control", &[("of", a)]),
        ("dependence", &[]),
        ("exposure", &[("of", a)]),
        ("loops", &[("max-length", "4")]),
        (
            "paths",
            &[("source", a), ("target", b), ("limit", "100000")],
        ),
        ("standing", &[]),
    ];
    let answer = |(name, given): &(&'static str, &[(&str, &str)])| {
        let analysis = find(name).unwrap();
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

fn turned(edges: &[RandomEdge]) -> Vec<RandomEdge> {
    let turn = |edge: &RandomEdge| RandomEdge {
        from: edge.to,
        to: edge.from,
        ..edge.clone()
    };
    edges.iter().map(turn).collect()
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
        let lacking = position.without(&[], &gone).unwrap();
        let filtered = position.filtered(filter);
        prop_assert_eq!(filtered.edges().count(), lacking.edges().count());
        for ((name, filtered), (_, lacking)) in answers(&filtered).into_iter().zip(answers(&lacking)) {
            if name == "standing" {
                // The piece and the score are those of the whole board, whatever the filter.
                let rows = |answer: &Answer| {
                    let mut rows = without(name, answer, &["piece", "score"]);
                    rows.sort_by_key(|cells| cells[0].data());
                    rows
                };
                prop_assert_eq!(rows(&filtered), rows(&lacking));
            } else {
                prop_assert_eq!(filtered, lacking, "{}", name);
            }
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

    #[test]
    fn names_of_players_do_not_matter((n, edges) in random_edges()) {
        prop_assume!(n > 1);
        // Names in the other order.
        let other = |number: u32| NamedNode::new(format!("https://w3id.org/powermap/id/z{}", 99 - number)).unwrap();
        let number = |id: &NamedNode| (0..n).find(|p| player(*p) == *id);
        let plain = answers(&position(n, &edges));
        let again = answers_about(&position_named(n, &edges, other), &["z99".to_owned(), "z98".to_owned()]);
        for ((name, plain), (_, again)) in plain.into_iter().zip(again) {
            let plain = renamed(&plain, |id| number(id).map_or_else(|| id.clone(), other));
            let rows = |answer: &Answer| {
                let mut rows = sorted(name, answer);
                if name == "standing" {
                    // Of players that stand alike, the name says who is the greater piece.
                    rows.iter_mut().for_each(|cells| cells[at(name, "piece")] = Cell::Empty);
                    rows.sort_by_key(|cells| cells[0].data());
                    rows.iter_mut().for_each(|cells| { cells.pop(); });
                }
                rows
            };
            prop_assert!(all_near(&rows(&plain), &rows(&again)), "{name}: {:?} {:?}", rows(&plain), rows(&again));
            prop_assert_eq!(plain.notes.len(), again.notes.len(), "{}", name);
        }
    }

    #[test]
    fn a_part_of_its_own_changes_nothing_elsewhere((n, edges) in random_edges(), (m, others) in random_edges()) {
        prop_assume!(n > 1);
        let moved = others.iter().map(|edge| RandomEdge { from: edge.from + n, to: edge.to + n, ..edge.clone() });
        let both: Vec<_> = edges.iter().cloned().chain(moved).collect();
        let strangers: Vec<_> = (n..n + m).map(player).collect();
        let (alone, both) = (answers(&position(n, &edges)), answers(&position(n + m, &both)));
        for ((name, alone), (_, mut both)) in alone.into_iter().zip(both) {
            let is_strange = |cell: &Cell| matches!(cell, Cell::Id(id) if strangers.contains(id));
            both.rows.retain(|row| !row.cells.iter().any(is_strange));
            match name {
                // What is compared with all players changes; what a player has with its own partners does not.
                "standing" => {
                    let global = ["piece", "score", "pagerank", "pagerank_reverse", "betweenness", "bonacich", "bonacich_negative"];
                    let rows = |answer: &Answer| {
                        let mut rows = without(name, answer, &global);
                        rows.sort_by_key(|cells| cells[0].data());
                        rows
                    };
                    prop_assert!(all_near(&rows(&alone), &rows(&both)), "{:?} {:?}", rows(&alone), rows(&both));
                }
                "loops" => prop_assert_eq!(sorted(name, &alone), sorted(name, &both)),
                _ => prop_assert_eq!(alone.rows, both.rows, "{}", name),
            }
        }
    }

    #[test]
    fn turning_all_edges_turns_paths_and_the_sides_of_dependence((n, edges) in random_edges()) {
        prop_assume!(n > 1);
        let there = position(n, &edges);
        let back = position(n, &turned(&edges));
        let ends = ["p1".to_owned(), "p0".to_owned()];
        for ((name, there), (_, back)) in answers(&there).into_iter().zip(answers_about(&back, &ends)) {
            match name {
                "paths" => {
                    let mut turned = back.clone();
                    for row in &mut turned.rows {
                        row.cells.swap(at(name, "from"), at(name, "to"));
                    }
                    prop_assert_eq!(sorted(name, &there), sorted(name, &turned));
                }
                "dependence" => {
                    let opposite = |side: &str| match side {
                        "supply" => "sales",
                        "sales" => "supply",
                        "funding" => "portfolio",
                        _ => "funding",
                    };
                    let rows = |answer: &Answer, turn: bool| {
                        let mut answer = answer.clone();
                        for row in &mut answer.rows {
                            let side = &mut row.cells[at(name, "side")];
                            let told = side.data();
                            *side = if turn { opposite(&told).to_owned() } else { told }.into();
                        }
                        let mut rows = without(name, &answer, &[]);
                        rows.sort_by_key(|cells| cells[..4].iter().map(Cell::data).collect::<Vec<_>>());
                        rows
                    };
                    prop_assert!(all_near(&rows(&there, false), &rows(&back, true)));
                }
                _ => {}
            }
        }
    }

    #[test]
    fn an_amount_in_two_parallel_edges_is_the_same_amount((n, edges) in random_edges(), which in any::<u32>()) {
        prop_assume!(n > 1);
        let mut split = edges.clone();
        for (place, edge) in edges.iter().enumerate() {
            if which >> place & 1 == 1 && (edge.lower.is_some() || edge.upper.is_some()) {
                let half = |bound: Option<f64>| bound.map(|bound| bound / 2.0);
                let half = RandomEdge { lower: half(edge.lower), upper: half(edge.upper), ..edge.clone() };
                split[place] = half.clone();
                split.push(half);
            }
        }
        let (whole, split) = (answers(&position(n, &edges)), answers(&position(n, &split)));
        for ((name, whole), (_, split)) in whole.into_iter().zip(split) {
            let rows = |answer: &Answer| match name {
                "dependence" => {
                    let mut rows = without(name, answer, &[]);
                    rows.retain(|cells| cells[at(name, "basis")].data() != "edges");
                    rows
                }
                "loops" | "paths" => without(name, answer, &["edges"]),
                // Standing counts edges.
                "standing" => Vec::new(),
                _ => without(name, answer, &[]),
            };
            prop_assert!(all_near(&rows(&whole), &rows(&split)), "{name}: {:?} {:?}", rows(&whole), rows(&split));
            // Notes list the edges by their ids.
            prop_assert_eq!(whole.notes.len(), split.notes.len(), "{}", name);
        }
    }
}
