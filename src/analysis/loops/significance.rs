//! Whether there are more loops than the degrees of the players alone would make.

use crate::analysis::error::AnalysisError;
use crate::analysis::loops::LoopsOptions;
use crate::analysis::loops::leg_graph::LegGraph;
use crate::analysis::position::Position;
use powermap_graph::{Ending, Graph, rewire};
use std::sync::atomic::AtomicBool;

/// Swaps for each hop that make a graph random.
const SWAPS: u64 = 10;

/// The number of loops of one length, compared with the null model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Significance {
    /// The number of players.
    pub length: u32,
    /// How many cycles of hops there are.
    pub observed: u64,
    /// How many the samples have on average.
    pub mean: f64,
    /// The standard deviation over the samples.
    pub deviation: f64,
    /// (observed − mean) / deviation; nothing where all samples have the same.
    pub z: Option<f64>,
    /// (1 + the samples that have as many or more) / (1 + the samples).
    pub p: f64,
}

/// Counts the cycles of hops by length, in the position and in `samples` graphs in which every player sends to as many
/// others and gets from as many.
///
/// Parallel legs are one hop, windows of time and choices of legs are ignored, and two players who only trade one way
/// count here.
///
/// Equal seeds give equal answers.
///
/// # Errors
/// As for [`loops`](crate::analysis::loops::loops); cancelled.
///
/// # Complexity
/// That of counting the cycles, and ten swaps for each hop, for each sample.
///
/// # Reference
/// S. Maslov and K. Sneppen, *Specificity and Stability in Topology of Protein Networks*, Science 296 (2002).
pub fn significance(
    position: &Position,
    options: &LoopsOptions,
    samples: u32,
    seed: u64,
    cancel: &AtomicBool,
) -> Result<Vec<Significance>, AnalysisError> {
    let Some(leg_graph) = LegGraph::new(position, options)? else {
        return Ok(Vec::new());
    };
    let graph = leg_graph.graph()?;
    let swaps = u64::from(graph.edge_count()) * SWAPS;
    let count = |graph: &Graph| leg_graph.count_cycles(graph, options.length_max, cancel);
    let observed = count(&graph);
    let mut ending = observed.ending;
    let mut counts: Vec<Vec<u64>> = Vec::new();
    for sample in 0..samples {
        if ending != Ending::Complete {
            break;
        }
        let random = rewire(&graph, swaps, seed.wrapping_add(u64::from(sample)), cancel)?;
        let found = count(&random);
        ending = found.ending;
        counts.push(found.by_length);
    }
    if ending != Ending::Complete {
        return Err(AnalysisError::Cancelled);
    }
    let at = |counts: &[u64], length: u32| counts.get(length as usize).copied().unwrap_or(0);
    let row = |length: u32| {
        let found = at(&observed.by_length, length);
        let null: Vec<f64> = counts
            .iter()
            .map(|counts| at(counts, length) as f64)
            .collect();
        let number = null.len().max(1) as f64;
        let mean = null.iter().sum::<f64>() / number;
        let variance =
            null.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (number - 1.0).max(1.0);
        let deviation = variance.sqrt();
        let as_many = null.iter().filter(|x| **x >= found as f64).count();
        Significance {
            length,
            observed: found,
            mean,
            deviation,
            z: (deviation > 0.0).then(|| (found as f64 - mean) / deviation),
            p: (1 + as_many) as f64 / (1 + null.len()) as f64,
        }
    };
    Ok((2..=options.length_max)
        .map(row)
        .filter(|row| row.observed > 0 || row.mean > 0.0)
        .collect())
}
