//! Control against all corners of the bounds.

use crate::support::random_map::{KINDS, RandomEdge, player, position, random_edges};
use powermap::analysis::Verdict;
use powermap::analysis::{ControlOptions, control};
use powermap::model::Status;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

/// The bounds of each pair's stake, by the rule of the documentation.
fn stakes(edges: &[RandomEdge]) -> BTreeMap<(u32, u32), (f64, f64)> {
    let mut kinds: BTreeMap<((u32, u32), usize), (f64, f64)> = BTreeMap::new();
    for edge in edges {
        // A warrant is a right to new shares, and none of those that there are.
        if KINDS[edge.kind].1 != "Ownership" {
            continue;
        }
        let pair = (edge.from, edge.to);
        if edge.lower.is_none() && edge.upper.is_none() {
            continue;
        }
        let is_held = edge.status >= Status::Committed;
        let sum = kinds.entry((pair, edge.kind)).or_default();
        sum.0 += if is_held {
            edge.lower.unwrap_or(0.0) / 100.0
        } else {
            0.0
        };
        sum.1 += edge.upper.map_or(1.0, |upper| upper / 100.0);
    }
    let mut pairs: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
    for ((pair, _), (lower, upper)) in kinds {
        let sum = pairs.entry(pair).or_default();
        sum.0 = sum.0.max(lower.min(1.0));
        sum.1 += upper.min(1.0);
    }
    for (lower, upper) in pairs.values_mut() {
        *upper = upper.clamp(*lower, 1.0);
    }
    pairs
}

/// Whether an owner would have the majority if it used its rights to new shares.
fn has_rights(edges: &[RandomEdge], owner: u32, company: u32) -> bool {
    let between = edges.iter().filter(|edge| {
        let is_share = matches!(KINDS[edge.kind].1, "Ownership" | "Warrant");
        is_share
            && (edge.from, edge.to) == (owner, company)
            && (edge.lower.is_some() || edge.upper.is_some())
    });
    let is_right = between.clone().any(|edge| KINDS[edge.kind].1 == "Warrant");
    let most: f64 = between
        .map(|edge| edge.upper.map_or(1.0, |upper| upper / 100.0))
        .sum();
    is_right && most > 0.5
}

/// Whom a player controls if the stakes are these: the least set.
fn controlled(n: u32, stakes: &BTreeMap<(u32, u32), f64>, owner: u32) -> Vec<u32> {
    let mut set = vec![owner];
    loop {
        let next = (0..n).find(|company| {
            let votes = |p: &u32| {
                if p == company {
                    0.0
                } else {
                    stakes.get(&(*p, *company)).copied().unwrap_or(0.0)
                }
            };
            // Nobody votes with the shares that the company holds itself.
            let own = stakes.get(&(*company, *company)).copied().unwrap_or(0.0);
            let half = 0.5 * (1.0 - own) + 1e-12;
            !set.contains(company) && set.iter().map(votes).sum::<f64>() > half
        });
        match next {
            Some(company) => set.push(company),
            None => return set,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn verdicts_hold_at_all_corners((n, edges) in random_edges(), company in 0..8_u32) {
        let company = company % n;
        let bounds = stakes(&edges);
        let open: Vec<_> = bounds.iter().filter(|(_, (l, u))| l < u).map(|(pair, _)| *pair).collect();
        prop_assume!(open.len() <= 8);
        // Bounds that contradict each other have no corners.
        for other in 0..n {
            let sure: f64 = bounds.iter().filter(|((_, c), _)| *c == other).map(|(_, b)| b.0).sum();
            prop_assume!(sure <= 1.0);
        }
        let report = control(&position(n, &edges), &ControlOptions::of(player(company)), &AtomicBool::new(false)).unwrap();
        // A stake that happens to be the product of two others counts as that chain.
        prop_assume!(report.indirect.is_empty());
        let (mut always, mut ever) = (vec![true; n as usize], vec![false; n as usize]);
        for corner in 0..1_u32 << open.len() {
            let stakes: BTreeMap<_, _> = bounds.iter().map(|(pair, (lower, upper))| {
                let place = open.iter().position(|other| other == pair);
                let is_upper = place.is_some_and(|place| corner >> place & 1 == 1);
                (*pair, if is_upper { *upper } else { *lower })
            }).collect();
            // Nobody can hand out more than the whole.
            let is_possible = (0..n).all(|c| {
                stakes.iter().filter(|((_, other), _)| *other == c).map(|(_, s)| s).sum::<f64>() <= 1.0 + 1e-12
            });
            if !is_possible {
                continue;
            }
            for owner in (0..n).filter(|owner| *owner != company) {
                let controls = controlled(n, &stakes, owner).contains(&company);
                always[owner as usize] &= controls;
                ever[owner as usize] |= controls;
            }
        }
        for owner in (0..n).filter(|owner| *owner != company) {
            let row = report.rows.iter().find(|row| row.controller == player(owner));
            let verdict = row.map_or(Verdict::No, |row| row.verdict);
            prop_assert_eq!(verdict == Verdict::Certain, always[owner as usize], "owner {} of {}", owner, company);
            if has_rights(&edges, owner, company) {
                prop_assert!(matches!(verdict, Verdict::Possible | Verdict::Certain));
            }
            // Between corners more may be possible than at them, never less.
            prop_assert!(matches!(verdict, Verdict::Possible | Verdict::Certain) || !ever[owner as usize]);
        }
        for row in &report.rows {
            if let Some((lower, upper)) = row.share.map(|share| share.bounds()) {
                prop_assert!(lower <= upper + 1e-12 && upper <= 1.0 + 1e-12);
            }
            prop_assert!(!row.edges.is_empty());
        }
    }
}
