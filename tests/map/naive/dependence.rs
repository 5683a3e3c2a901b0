//! Dependence against sums over edges, and against every way to fill the bounds.

use crate::support::random_map::{
    KINDS, RandomEdge, player, position, position_named, random_edges,
};
use oxigraph::model::NamedNode;
use powermap::analysis::{
    DependenceBasis, DependenceOptions, DependenceReport, DependenceSide, dependence,
};
use powermap::model::{Family, Measure};
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

fn run(position: &powermap::analysis::Position, basis: Measure) -> DependenceReport {
    let options = DependenceOptions {
        basis: Some(Some(basis)),
        ..DependenceOptions::default()
    };
    dependence(position, &options, &AtomicBool::new(false)).unwrap()
}

/// The edges of one side of a player in one basis, as counterparty and edge.
fn side(
    edges: &[RandomEdge],
    owner: u32,
    side: DependenceSide,
    unit: &str,
) -> Vec<(u32, RandomEdge)> {
    let is_supply = matches!(side, DependenceSide::Supply | DependenceSide::Sales);
    let is_inward = matches!(side, DependenceSide::Supply | DependenceSide::Funding);
    edges
        .iter()
        .filter(|edge| {
            let (family, kind, of) = KINDS[edge.kind];
            let fits = match family {
                Family::Supply => is_supply,
                Family::Investment => !is_supply && matches!(kind, "Equity" | "Loan"),
                Family::Influence => false,
            };
            fits && of == unit
                && edge.from != edge.to
                && (edge.lower.is_some() || edge.upper.is_some())
        })
        .filter(|edge| owner == if is_inward { edge.to } else { edge.from })
        .map(|edge| (if is_inward { edge.from } else { edge.to }, edge.clone()))
        .collect()
}

/// A value for an edge: some way between its bounds, an open end far away.
fn value(edge: &RandomEdge, way: f64) -> f64 {
    let lower = edge.lower.unwrap_or(0.0);
    let upper = edge.upper.unwrap_or(lower + 1000.0);
    lower + (upper - lower) * way
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_way_to_fill_the_bounds_gives_shares_within_those_of_the_report(
        (n, edges) in random_edges(),
        ways in proptest::collection::vec(0.0..=1.0_f64, 20),
    ) {
        let position = position(n, &edges);
        for (unit, measure) in [("USD", Measure::Amount), ("GW", Measure::Capacity)] {
            let report = run(&position, measure);
            for row in &report.rows {
                let owner = (0..n).find(|p| player(*p) == row.player).unwrap();
                let members = side(&edges, owner, row.side, unit);
                let way = |edge: &RandomEdge| ways[(edge.from * 3 + edge.to * 5 + edge.kind as u32) as usize % ways.len()];
                let values: Vec<_> = members.iter().map(|(other, edge)| (*other, value(edge, way(edge)))).collect();
                let whole: f64 = values.iter().map(|(_, value)| value).sum();
                let part: f64 = values.iter().filter(|(other, _)| player(*other) == row.counterparty).map(|(_, v)| v).sum();
                if whole > 0.0 {
                    let share = part / whole;
                    prop_assert!(row.share.lower - 1e-9 <= share && share <= row.share.upper + 1e-9, "{row:?} {share}");
                    let mut by_other = std::collections::BTreeMap::new();
                    for (other, value) in values {
                        *by_other.entry(other).or_insert(0.0) += value;
                    }
                    let index: f64 = by_other.values().map(|v| (v / whole).powi(2)).sum();
                    prop_assert!(row.herfindahl.lower - 1e-9 <= index && index <= row.herfindahl.upper + 1e-9);
                }
                prop_assert_eq!(row.basis, DependenceBasis::In(unit.parse().unwrap()));
                prop_assert!(row.share.lower <= row.share.headline + 1e-9 && row.share.headline <= row.share.upper + 1e-9);
                // The definition of the asymmetry on the same values: the edge is in both shares.
                let opposite = match row.side {
                    DependenceSide::Supply => DependenceSide::Sales,
                    DependenceSide::Sales => DependenceSide::Supply,
                    DependenceSide::Funding => DependenceSide::Portfolio,
                    DependenceSide::Portfolio => DependenceSide::Funding,
                };
                let other = (0..n).find(|p| player(*p) == row.counterparty).unwrap();
                let mirrored = side(&edges, other, opposite, unit);
                let mirror: f64 = mirrored.iter().map(|(_, edge)| value(edge, way(edge))).sum();
                if whole > 0.0 && mirror > 0.0 {
                    let found = part / whole - part / mirror;
                    prop_assert!(row.asymmetry.lower - 1e-9 <= found && found <= row.asymmetry.upper + 1e-9, "{row:?} {found}");
                }
                prop_assert!(row.asymmetry.lower <= row.asymmetry.headline + 1e-9);
                prop_assert!(row.asymmetry.headline <= row.asymmetry.upper + 1e-9);
            }
            // The headline shares of a side sum to one, and every pair is told from both of its ends.
            for side in DependenceSide::ALL {
                for owner in 0..n {
                    let rows = report.rows.iter().filter(|r| r.side == side && r.player == player(owner));
                    let sum: f64 = rows.clone().map(|row| row.share.headline).sum();
                    prop_assert!(rows.count() == 0 || (sum - 1.0).abs() < 1e-9 || sum == 0.0);
                }
            }
            let asymmetries: f64 = report.rows.iter().map(|row| row.asymmetry.headline).sum();
            prop_assert!(asymmetries.abs() < 1e-6, "{asymmetries}");
        }
    }

    #[test]
    fn names_and_strangers_change_nothing((n, edges) in random_edges()) {
        let plain = run(&position(n, &edges), Measure::Amount);
        let other = |number: u32| NamedNode::new(format!("https://w3id.org/powermap/id/z{}", 99 - number)).unwrap();
        let renamed = run(&position_named(n, &edges, other), Measure::Amount);
        prop_assert_eq!(plain.rows.len(), renamed.rows.len());
        for row in &plain.rows {
            let number = |id: &NamedNode| (0..n).find(|p| player(*p) == *id).unwrap();
            let (owner, counterparty) = (other(number(&row.player)), other(number(&row.counterparty)));
            let same = renamed.rows.iter().find(|r| {
                r.player == owner && r.counterparty == counterparty && r.side == row.side
            });
            let same = same.unwrap();
            prop_assert!((same.share.headline - row.share.headline).abs() < 1e-12);
            prop_assert!((same.herfindahl.upper - row.herfindahl.upper).abs() < 1e-9);
        }
        // Two strangers who deal with each other only.
        let mut more = edges.clone();
        more.push(RandomEdge {
            from: n,
            to: n + 1,
            kind: 0,
            lower: Some(7.0),
            upper: Some(7.0),
            status: powermap::model::Status::Committed,
        });
        let more = run(&position(n + 2, &more), Measure::Amount);
        let old: Vec<_> = more.rows.iter().filter(|r| r.player != player(n) && r.player != player(n + 1)).collect();
        prop_assert_eq!(old, plain.rows.iter().collect::<Vec<_>>());
    }
}
