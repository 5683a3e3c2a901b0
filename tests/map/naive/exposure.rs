//! Exposure against sums over edges.

use crate::support::random_map::{KINDS, RandomEdge, player, position, random_edges};
use powermap::analysis::{ExposureOptions, exposure};
use powermap::model::{Family, Status};
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

fn at_stake(edges: &[RandomEdge], failing: u32, hurt: u32) -> impl Iterator<Item = &RandomEdge> {
    edges.iter().filter(move |edge| {
        let (family, kind, _) = KINDS[edge.kind];
        let counts = match family {
            Family::Supply => true,
            Family::Investment => matches!(kind, "Equity" | "Loan" | "Guarantee"),
            Family::Influence => false,
        };
        counts && edge.from == hurt && edge.to == failing && hurt != failing
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_at_stake_is_the_sum_of_the_edges((n, edges) in random_edges(), failing in 0..8_u32) {
        let failing = failing % n;
        let options = ExposureOptions::of(player(failing));
        let report = exposure(&position(n, &edges), &options, &AtomicBool::new(false)).unwrap();
        for hurt in 0..n {
            let all: Vec<_> = at_stake(&edges, failing, hurt).collect();
            let row = report.rows.iter().find(|row| row.player == player(hurt));
            prop_assert_eq!(row.is_some_and(|row| !row.edges.is_empty()), !all.is_empty());
            let Some(row) = row else { continue };
            prop_assert!(hurt != failing);
            let has_value = |edge: &&RandomEdge| {
                KINDS[edge.kind].2 == "USD" && (edge.lower.is_some() || edge.upper.is_some())
            };
            let valued: Vec<_> = all.iter().copied().filter(has_value).collect();
            prop_assert_eq!(row.direct.len(), usize::from(!valued.is_empty()));
            prop_assert_eq!(row.is_incomplete, valued.len() < all.len());
            if let Some(direct) = row.direct.first() {
                let upper = valued.iter().map(|edge| edge.upper).try_fold(0.0, |sum, upper| Some(sum + upper?));
                prop_assert_eq!(direct.upper, upper);
                let sure: f64 = valued.iter().filter(|e| e.status >= Status::Committed).filter_map(|e| e.lower).sum();
                prop_assert!((direct.lower.unwrap_or(0.0) - sure).abs() < 1e-9);
            }
            // Nobody has a base here: nothing is known of the cascade, and nothing is guessed.
            prop_assert!(row.base.is_none() && row.cascade == 0.0 && row.cascade_bounds.0 == 0.0);
            prop_assert_eq!(row.cascade_bounds.1, 1.0);
            prop_assert!(report.without_base.contains(&player(hurt)));
        }
    }
}
