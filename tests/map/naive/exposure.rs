//! Exposure against sums over edges.

use crate::support::random_map::{KINDS, RandomEdge, player, position, random_edges};
use powermap::analysis::{ExposureOptions, exposure};
use powermap::model::{Family, Quantity, Status};
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

/// What an edge of the failing player is, by its other end and the column that it counts in.
///
/// A part of the company counts where nobody put money into it: `money` are those who did.
fn column(edge: &RandomEdge, failing: u32, money: &[u32]) -> Option<(u32, &'static str)> {
    let (family, kind, _) = KINDS[edge.kind];
    let (from, to) = (edge.from, edge.to);
    match (family, kind) {
        _ if from == to => None,
        (Family::Investment, "Equity") if to == failing => Some((from, "stakes")),
        (Family::Investment, "Ownership" | "Warrant") if to == failing => {
            (!money.contains(&from)).then_some((from, "stakes"))
        }
        (Family::Investment, "Loan" | "Guarantee") if to == failing => Some((from, "debts")),
        (Family::Supply, _) if to == failing && edge.status != Status::Completed => {
            Some((from, "orders"))
        }
        (Family::Supply, _) if from == failing => Some((to, "supplies")),
        _ => None,
    }
}

/// The bounds of the dollars of some edges: at least what binds, at most all; nothing where no dollars are known, nor where
/// nothing binds and nobody says how much it is at most.
fn sum<'a>(edges: impl Iterator<Item = &'a RandomEdge>) -> Option<(f64, Option<f64>)> {
    let has_value = |edge: &&RandomEdge| {
        KINDS[edge.kind].2 == "USD" && (edge.lower.is_some() || edge.upper.is_some())
    };
    let valued: Vec<_> = edges.filter(has_value).collect();
    let upper = valued
        .iter()
        .map(|edge| edge.upper)
        .try_fold(0.0, |sum, upper| Some(sum + upper?));
    let is_sure = |edge: &&&RandomEdge| edge.status >= Status::Committed;
    let sure = valued.iter().filter(is_sure).filter_map(|e| e.lower);
    let says_nothing = sure.clone().next().is_none() && upper.is_none();
    (!valued.is_empty() && !says_nothing).then_some((sure.sum(), upper))
}

fn told(quantities: &[Quantity]) -> Option<(f64, Option<f64>)> {
    assert!(quantities.len() <= 1);
    quantities
        .first()
        .map(|q| (q.lower.unwrap_or(0.0), q.upper))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_at_stake_is_the_sum_of_the_edges((n, edges) in random_edges(), failing in 0..8_u32) {
        let failing = failing % n;
        let options = ExposureOptions::of(player(failing));
        let report = exposure(&position(n, &edges), &options, &AtomicBool::new(false)).unwrap();
        // Nobody has a base here: nothing is known of the cascade, and nothing is guessed.
        prop_assert_eq!(report.rank, None);
        let equity = edges.iter().filter(|e| KINDS[e.kind].1 == "Equity" && e.to == failing);
        let money: Vec<u32> = equity.map(|edge| edge.from).collect();
        let money = money.as_slice();
        for hurt in 0..n {
            let of = |wanted: &'static [&'static str]| {
                edges.iter().filter(move |edge| {
                    column(edge, failing, money).is_some_and(|(other, name)| other == hurt && wanted.contains(&name))
                })
            };
            let all = of(&["stakes", "debts", "orders", "supplies"]).count();
            let row = report.rows.iter().find(|row| row.player == player(hurt));
            prop_assert_eq!(row.map_or(0, |row| row.edges.len()), all);
            let Some(row) = row else { continue };
            prop_assert!(hurt != failing);
            prop_assert_eq!(told(&row.direct), sum(of(&["stakes", "debts"])));
            prop_assert_eq!(told(&row.stakes), sum(of(&["stakes"])));
            prop_assert_eq!(told(&row.debts), sum(of(&["debts"])));
            prop_assert_eq!(told(&row.orders), sum(of(&["orders"])));
            prop_assert_eq!(told(&row.supplies), sum(of(&["supplies"])));
            let has_none = |edge: &RandomEdge| {
                let is_sure = edge.status >= Status::Committed;
                KINDS[edge.kind].2 != "USD" || edge.upper.is_none() && (edge.lower.is_none() || !is_sure)
            };
            prop_assert_eq!(row.is_incomplete, of(&["stakes", "debts"]).any(has_none));
            prop_assert!(row.base.is_none() && row.impact.is_none());
            prop_assert_eq!((row.cascade, row.cascade_bounds), (None, None));
            prop_assert!(report.without_base.contains(&player(hurt)));
        }
    }
}
