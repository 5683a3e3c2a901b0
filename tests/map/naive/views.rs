//! A filter is a view: every analysis answers through it as it does on a map whose records lack the other edges.

use crate::support::random_map::{dated, edge_id, position, random_edges};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::analysis::{Analysis, Answer, Position, all};
use powermap::model::{Board, Family, Quantity, Status};
use powermap::network::Filter;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What each analysis is asked.
fn asked(analysis: &Analysis) -> &'static [(&'static str, &'static str)] {
    match analysis.name {
        "conflicts" | "standing" | "timeline" => &[],
        "control" | "exposure" => &[("of", "p0")],
        "dependence" => &[("at", "2025-03-10"), ("at", "2026-01-01")],
        "diff" => &[("d1", "2025-03-10"), ("d2", "2025-03-20")],
        "loops" => &[("max-length", "4"), ("window", "9")],
        "paths" => &[("source", "p0"), ("target", "p1"), ("flow", "cash")],
        "what-if" => &[("without", "p1")],
        other => panic!("nobody has said what to ask {other}"),
    }
}

fn answer(analysis: &Analysis, position: &Position) -> Answer {
    let arguments = analysis
        .arguments(asked(analysis).iter().copied(), position)
        .unwrap();
    let mut answer = analysis
        .answer(position, &arguments, &AtomicBool::new(false))
        .unwrap();
    if analysis.name == "standing" {
        // The piece and the score are those of the whole board, whatever the filter.
        for row in &mut answer.rows {
            row.cells.drain(1..3);
        }
        answer.rows.sort_by_key(|row| row.cells[0].data());
    } else if ["what-if", "diff"].contains(&analysis.name) {
        answer.rows.retain(|row| row.cells[0].data() != "standing");
    }
    answer
}

/// The same records with a second claim about some edges, which excludes the first.
fn contested(position: &Position, which: u32) -> Position {
    let mut records = position.records().clone();
    let first: Vec<_> = records.claims.values().cloned().collect();
    for (number, mut claim) in first.into_iter().enumerate() {
        let Some(q) = claim.quantity.filter(|_| which >> (number % 32) & 1 == 1) else {
            continue;
        };
        let more = |bound: Option<f64>| bound.map(|bound| bound + 200.0);
        claim.quantity = Some(Quantity::new(more(q.lower), more(q.upper), q.unit, false).unwrap());
        let id = NamedNode::new(format!("https://w3id.org/powermap/id/d{number:03}")).unwrap();
        records.claims.insert(NamedOrBlankNode::from(id), claim);
    }
    records.sort();
    let board = Board::resolve(&records, position.view());
    Position::new(Arc::new(records), Arc::new(board))
}

/// The map without the records of some edges and without all that is claimed about them.
fn lacking(position: &Position, gone: &BTreeSet<NamedNode>) -> Position {
    let mut records = position.records().clone();
    records.edges.retain(|id, _| !gone.contains(id));
    records
        .claims
        .retain(|_, claim| !gone.contains(&claim.about));
    let board = Board::resolve(&records, position.view());
    Position::new(Arc::new(records), Arc::new(board))
}

fn filter() -> impl Strategy<Value = Filter> {
    let kind =
        |name: &&str| NamedNode::new(format!("https://w3id.org/powermap/ns#{name}")).unwrap();
    let kinds = ["Equity", "Chips", "Ownership", "Backing", "Loan"];
    (
        proptest::sample::subsequence(Family::ALL.to_vec(), 0..3),
        proptest::sample::subsequence(kinds.iter().map(kind).collect::<Vec<_>>(), 0..4),
        proptest::option::of(prop_oneof![
            Just(Status::Planned),
            Just(Status::Committed),
            Just(Status::Completed)
        ]),
        proptest::option::of(prop_oneof![Just(0.0), Just(30.0), Just(250.0)]),
    )
        .prop_map(|(families, kinds, status_min, amount_min)| Filter {
            families,
            kinds,
            status_min,
            amount_min,
            ..Filter::default()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn each_analysis_answers_as_if_the_other_edges_had_no_records(
        (n, edges) in random_edges(),
        days in vec(proptest::option::weighted(0.9, 0..31_u32), 20),
        which in any::<u32>(),
        filter in filter(),
    ) {
        prop_assume!(n > 1);
        let position = contested(&dated(&position(n, &edges), &days[..edges.len()]), which);
        let filtered = position.filtered(filter);
        let kept: BTreeSet<_> = filtered.edges().map(|(id, _, _)| id.clone()).collect();
        let gone = (0..edges.len()).map(edge_id).filter(|id| !kept.contains(id)).collect();
        let lacking = lacking(&position, &gone);
        prop_assert_eq!(lacking.edges().count(), kept.len());
        for analysis in all() {
            prop_assert_eq!(answer(analysis, &filtered), answer(analysis, &lacking), "{}", analysis.name);
        }
    }
}

#[test]
fn a_map_without_claims_stays_one_whatever_was_asked_before() {
    let position = position(2, &[]);
    position.network().unwrap();
    assert!(position.has_claims());
    for analysis in all() {
        assert!(
            answer(analysis, &position).rows.is_empty(),
            "{}",
            analysis.name
        );
    }
}
