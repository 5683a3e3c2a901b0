//! Original DebtRank (2012): each node passes its distress on once.

use crate::debt_rank::DebtRankOptions;
use crate::debt_rank::impacts::{POLL, hit, impacts_of};
use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use std::sync::atomic::AtomicBool;

/// Lets each node pass its distress on in the round after it was first hit; returns the rounds and the residual.
pub(super) fn pass_on_once(
    graph: &Graph,
    impacts: &[f64],
    distress: &mut [f64],
    options: &DebtRankOptions,
    cancel: &AtomicBool,
) -> Result<(u32, f64), GraphError> {
    let mut incoming = vec![0.0; distress.len()];
    let mut touched: Vec<u32> = Vec::new();
    // The nodes first hit in the last round, with their distress at that time.
    let mut front: Vec<(u32, f64)> = hit(distress)
        .into_iter()
        .map(|node| (node, distress[node as usize]))
        .collect();
    let pending = |front: &[(u32, f64)]| front.iter().map(|(_, passed)| passed).sum::<f64>();
    let (mut rounds, mut residual) = (0, pending(&front));
    while rounds < options.rounds_max && residual > 0.0 && residual >= options.tolerance {
        for (number, (node, passed)) in front.drain(..).enumerate() {
            if number.is_multiple_of(POLL) {
                check_cancelled(cancel)?;
            }
            for (target, impact) in impacts_of(graph, impacts, node) {
                let incoming = &mut incoming[target as usize];
                if *incoming == 0.0 {
                    touched.push(target);
                }
                *incoming += impact * passed;
            }
        }
        for node in touched.drain(..) {
            let comes = std::mem::take(&mut incoming[node as usize]);
            let distress = &mut distress[node as usize];
            let first = *distress == 0.0 && comes > 0.0;
            *distress = (*distress + comes).min(1.0);
            if first {
                front.push((node, *distress));
            }
        }
        residual = pending(&front);
        rounds += 1;
    }
    Ok((rounds, residual))
}
