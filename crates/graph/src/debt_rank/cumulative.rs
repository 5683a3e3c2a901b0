//! Cumulative DebtRank (2015): each further loss is passed on.

use crate::debt_rank::DebtRankOptions;
use crate::debt_rank::impacts::{POLL, hit, impacts_of};
use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use crate::linear::weighted_sum;
use std::sync::atomic::AtomicBool;

/// The nodes that distress can reach, and the part of W among them, by the node hurt.
pub(super) struct Reached {
    nodes: Vec<u32>,
    begins: Vec<usize>,
    sources: Vec<u32>,
    weights: Vec<f64>,
}

impl Reached {
    /// Searches breadth first, so that one sweep carries distress through many nodes.
    pub(super) fn new(
        graph: &Graph,
        impacts: &[f64],
        start: &[f64],
        cancel: &AtomicBool,
    ) -> Result<Self, GraphError> {
        let mut nodes = hit(start);
        // Positions are counted from 1; 0 stands for a node not reached.
        let mut places = vec![0_u32; start.len()];
        for (place, node) in (1..).zip(&nodes) {
            places[*node as usize] = place;
        }
        let mut begins: Vec<usize> = vec![0; nodes.len() + 1];
        let mut next = 0;
        while next < nodes.len() {
            if next.is_multiple_of(POLL) {
                check_cancelled(cancel)?;
            }
            for (target, _) in impacts_of(graph, impacts, nodes[next]) {
                let place = &mut places[target as usize];
                if *place == 0 {
                    nodes.push(target);
                    begins.push(0);
                    *place = nodes.len() as u32;
                }
                begins[*place as usize] += 1;
            }
            next += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        let mut free = begins.clone();
        let count = begins.last().copied().unwrap_or_default();
        let (mut sources, mut weights) = (vec![0; count], vec![0.0; count]);
        for (source, node) in (0..).zip(&nodes) {
            for (target, impact) in impacts_of(graph, impacts, *node) {
                let at = &mut free[places[target as usize] as usize - 1];
                sources[*at] = source;
                weights[*at] = impact;
                *at += 1;
            }
        }
        Ok(Self {
            nodes,
            begins,
            sources,
            weights,
        })
    }

    /// Iterates upwards to the least solution of h = min(1, h₀ + Wᵀh), using each new value at once, which never
    /// overshoots; returns the rounds and the residual.
    pub(super) fn climb(
        &self,
        distress: &mut [f64],
        options: &DebtRankOptions,
        cancel: &AtomicBool,
    ) -> Result<(u32, f64), GraphError> {
        let start: Vec<f64> = self.nodes.iter().map(|v| distress[*v as usize]).collect();
        let mut h = start.clone();
        let (mut rounds, mut residual) = (0, start.iter().sum::<f64>());
        while rounds < options.rounds_max && residual > 0.0 && residual >= options.tolerance {
            residual = 0.0;
            for at in 0..h.len() {
                if at.is_multiple_of(POLL) {
                    check_cancelled(cancel)?;
                }
                let range = self.begins[at]..self.begins[at + 1];
                if h[at] < 1.0 && !range.is_empty() {
                    let comes =
                        weighted_sum(&self.sources[range.clone()], &self.weights[range], &h);
                    // Rounding must not let it fall.
                    let new = (start[at] + comes).min(1.0).max(h[at]);
                    residual += new - h[at];
                    h[at] = new;
                }
            }
            rounds += 1;
        }
        for (node, h) in self.nodes.iter().zip(h) {
            distress[*node as usize] = h;
        }
        Ok((rounds, residual))
    }
}
