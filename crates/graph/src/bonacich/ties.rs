//! The matrix R of ties.

use crate::error::{GraphError, check_weights};
use crate::graph::Graph;
use crate::linear::weighted_sum;
use rayon::prelude::*;

/// Nodes in one piece of work.
const PIECE: usize = 1 << 12;

/// The matrix of weights without its diagonal.
pub(super) struct Ties<'a> {
    pub(super) graph: &'a Graph,
    pub(super) weights: Option<&'a [f64]>,
    /// The weight of each node's loops; empty if there are none.
    loops: Vec<f64>,
}

impl<'a> Ties<'a> {
    pub(super) fn new(graph: &'a Graph, weights: Option<&'a [f64]>) -> Result<Self, GraphError> {
        if let Some(weights) = weights {
            check_weights(weights, graph.edge_count())?;
        }
        let mut loops = Vec::new();
        for node in 0..graph.node_count() {
            let targets = graph.targets_of(node);
            // The targets are sorted.
            let first = targets.partition_point(|target| *target < node);
            for (target, edge) in targets.iter().zip(graph.out_edges(node)).skip(first) {
                if *target != node {
                    break;
                }
                if loops.is_empty() {
                    loops = vec![0.0; graph.node_count() as usize];
                }
                loops[node as usize] += weights.map_or(1.0, |weights| weights[edge as usize]);
            }
        }
        Ok(Self {
            graph,
            weights,
            loops,
        })
    }

    fn row(&self, node: usize, x: &[f64]) -> f64 {
        let targets = self.graph.targets_of(node as u32);
        let sum = match self.weights {
            None => targets.iter().map(|target| x[*target as usize]).sum(),
            Some(weights) => {
                let edges = self.graph.out_edges(node as u32);
                let weights = &weights[edges.start as usize..edges.end as usize];
                weighted_sum(targets, weights, x)
            }
        };
        match self.loops.get(node) {
            Some(own) => sum - own * x[node],
            None => sum,
        }
    }

    /// Sets each entry of the image to a combination of the entries of x and Rx.
    pub(super) fn product(
        &self,
        x: &[f64],
        image: &mut [f64],
        combine: impl Fn(f64, f64) -> f64 + Sync,
    ) {
        let piece = |(number, image): (usize, &mut [f64])| {
            for (i, image) in image.iter_mut().enumerate() {
                let node = number * PIECE + i;
                *image = combine(x[node], self.row(node, x));
            }
        };
        if rayon::current_num_threads() == 1 {
            image.chunks_mut(PIECE).enumerate().for_each(piece);
        } else {
            image.par_chunks_mut(PIECE).enumerate().for_each(piece);
        }
    }
}
