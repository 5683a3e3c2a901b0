//! Standing against the matrices of its definitions.

use crate::support::random_map::{
    KINDS, RandomEdge, player, position, position_named, random_edges,
};
use oxigraph::model::NamedNode;
use powermap::analysis::{Piece, Standing, StandingOptions, StandingReport, standing};
use powermap::model::Family;
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

fn run(position: &powermap::analysis::Position) -> StandingReport {
    standing(
        position,
        &StandingOptions::default(),
        &AtomicBool::new(false),
    )
    .unwrap()
}

/// The sum of asymmetries by numbers of edges.
fn leverage(n: u32, edges: &[RandomEdge], who: u32) -> f64 {
    let mut sum = 0.0;
    for is_supply in [true, false] {
        let belongs = |edge: &&RandomEdge| {
            let (family, kind, _) = KINDS[edge.kind];
            edge.from != edge.to
                && match family {
                    Family::Supply => is_supply,
                    Family::Investment => !is_supply && matches!(kind, "Equity" | "Loan"),
                    Family::Influence => false,
                }
        };
        let count = |from: Option<u32>, to: Option<u32>| {
            let fits = |edge: &&RandomEdge| {
                from.is_none_or(|f| edge.from == f) && to.is_none_or(|t| edge.to == t)
            };
            edges.iter().filter(belongs).filter(fits).count() as f64
        };
        for other in (0..n).filter(|other| *other != who) {
            let given = count(Some(who), Some(other));
            if given > 0.0 {
                sum += given / count(None, Some(other)) - given / count(Some(who), None);
            }
            let got = count(Some(other), Some(who));
            if got > 0.0 {
                sum += got / count(Some(other), None) - got / count(None, Some(who));
            }
        }
    }
    sum
}

/// The mean share of the greatest value, over the measures that anybody has something in.
fn score(report: &StandingReport, of: &Standing) -> f64 {
    let measures: [fn(&Standing) -> f64; 5] = [
        |row| row.pagerank,
        |row| row.pagerank_reverse,
        |row| row.betweenness,
        |row| row.bonacich,
        |row| row.money.map_or(0.0, |money| money.headline()),
    ];
    let shares = measures.iter().filter_map(|measure| {
        let greatest = report.rows.iter().map(measure).fold(0.0, f64::max);
        (greatest > 0.0).then(|| measure(of) / greatest)
    });
    let shares: Vec<f64> = shares.collect();
    shares.iter().sum::<f64>() / shares.len() as f64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn measures_are_what_they_are_called((n, edges) in random_edges()) {
        let report = run(&position(n, &edges));
        let on_board = |p: u32| edges.iter().any(|e| e.from != e.to && (e.from == p || e.to == p));
        prop_assert_eq!(report.rows.len(), (0..n).filter(|p| on_board(*p)).count());
        let count = report.rows.len() as f64;
        if count > 0.0 {
            prop_assert!((report.rows.iter().map(|row| row.pagerank).sum::<f64>() - 1.0).abs() < 1e-6);
            let squares = |power: fn(&Standing) -> f64| {
                report.rows.iter().map(|row| power(row).powi(2)).sum::<f64>()
            };
            prop_assert!((squares(|row| row.bonacich) - count).abs() < 1e-5);
            prop_assert!((squares(|row| row.bonacich_negative) - count).abs() < 1e-5);
            // Several with the best score are a lesser piece, all of them.
            let is_first = |row: &&Standing| row.score == report.rows[0].score;
            let is_king = |row: &&Standing| row.piece == Some(Piece::King);
            let kings = usize::from(report.rows.iter().filter(is_first).count() == 1);
            prop_assert_eq!(report.rows.iter().filter(is_king).count(), kings);
            prop_assert!(report.rows.is_sorted_by(|a, b| a.score >= b.score && a.piece >= b.piece));
        }
        for row in &report.rows {
            let who = (0..n).find(|p| player(*p) == row.player).unwrap();
            prop_assert!((row.leverage - leverage(n, &edges, who)).abs() < 1e-9);
            prop_assert!(row.constraint.is_some());
            prop_assert!((0.0..=1.0).contains(&row.betweenness));
            prop_assert!((row.score.unwrap() - score(&report, row)).abs() < 1e-6);
        }
        prop_assert!(report.rows.iter().map(|row| row.leverage).sum::<f64>().abs() < 1e-9);
    }

    #[test]
    fn names_do_not_matter((n, edges) in random_edges()) {
        let other = |number: u32| NamedNode::new(format!("https://w3id.org/powermap/id/z{}", 99 - number)).unwrap();
        let (plain, renamed) = (run(&position(n, &edges)), run(&position_named(n, &edges, other)));
        for row in &plain.rows {
            let who = (0..n).find(|p| player(*p) == row.player).unwrap();
            let same = renamed.rows.iter().find(|r| r.player == other(who)).unwrap();
            prop_assert!((same.score.unwrap() - row.score.unwrap()).abs() < 1e-9, "{row:?} {same:?}");
            prop_assert!((same.pagerank - row.pagerank).abs() < 1e-8);
            prop_assert!((same.betweenness - row.betweenness).abs() < 1e-12);
        }
    }
}
