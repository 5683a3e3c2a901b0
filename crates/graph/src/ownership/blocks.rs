//! Linear systems of single strongly connected components: the number of visits of a walk to each node.

use crate::error::{GraphError, check_cancelled};
use crate::linear::{Factors, bicgstab, weighted_sum};
use crate::ownership::reach::{Arcs, Reach};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Number of nodes up to which a component is solved by elimination.
const ELIMINATED_MAX: usize = 128;
/// Residual to which larger components are solved.
const TOLERANCE: f64 = 1e-12;
/// Nodes in one piece of work.
const PIECE: usize = 1 << 12;
/// Most products with the matrix for one solution.
const ROUNDS_MAX: u32 = 2_000;
/// Most sweeps of the slower method, which always converges.
const SWEEPS_MAX: u32 = 100_000;
/// A sum of shares closer to 1 than this counts as 1.
const WHOLE: f64 = 1e-13;

/// The part of the matrix within one component, by rows: what each node takes from the others.
pub(super) struct Block {
    begins: Vec<usize>,
    others: Vec<u32>,
    weights: Vec<f64>,
    /// The sum that the others take from each node.
    given: Vec<f64>,
    factors: Option<Factors>,
    kind: Kind,
}

/// The range of the spectral radius of a matrix, as far as its row and column sums determine it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Below 1.
    Below,
    /// 1 or more: nothing is lost around a cycle.
    Circular,
    /// Undetermined.
    Unknown,
}

impl Block {
    pub(super) fn new(arcs: Arcs<'_>, reach: &Reach, range: Range<usize>) -> Self {
        let size = range.len();
        let (mut begins, mut others, mut weights) = (vec![0], Vec::new(), Vec::new());
        let (mut given, mut taken) = (vec![0.0; size], vec![0.0; size]);
        for (at, node) in reach.nodes[range.clone()].iter().enumerate() {
            let within = |other| {
                reach
                    .place(other)
                    .is_some_and(|place| range.contains(&place))
            };
            for (other, weight) in arcs.reversed().to(*node, within) {
                if let Some(place) = reach.place(other) {
                    let other = place - range.start;
                    others.push(other as u32);
                    weights.push(weight);
                    given[other] += weight;
                    taken[at] += weight;
                }
            }
            begins.push(others.len());
        }
        let kind = match (Kind::of(&given), Kind::of(&taken)) {
            (Kind::Unknown, known) => known,
            (known, _) => known,
        };
        let mut this = Self {
            begins,
            others,
            weights,
            given,
            factors: None,
            kind,
        };
        if size <= ELIMINATED_MAX && kind != Kind::Circular {
            this.factors = Factors::new(this.dense(), size);
            this.kind = match this.factors {
                Some(_) => Kind::Below,
                None => Kind::Circular,
            };
        }
        this
    }

    fn size(&self) -> usize {
        self.begins.len() - 1
    }

    fn row(&self, at: usize) -> impl Iterator<Item = (usize, f64)> {
        let range = self.begins[at]..self.begins[at + 1];
        let others = self.others[range.clone()].iter().map(|o| *o as usize);
        others.zip(self.weights[range].iter().copied())
    }

    fn dense(&self) -> Vec<f64> {
        let size = self.size();
        let mut matrix = vec![0.0; size * size];
        for (at, row) in matrix.chunks_exact_mut(size).enumerate() {
            for (other, weight) in self.row(at) {
                row[other] += weight;
            }
        }
        matrix
    }

    /// Solves x = b + Bx for b ≥ 0, not all zero; returns `None` if the spectral radius is 1 or more.
    pub(super) fn solve(
        &self,
        b: &[f64],
        cancel: &AtomicBool,
    ) -> Result<Option<Vec<f64>>, GraphError> {
        if self.kind == Kind::Circular {
            return Ok(None);
        }
        if let Some(factors) = &self.factors {
            let mut x = b.to_vec();
            factors.solve(&mut x);
            return Ok(Some(x));
        }
        let product = |x: &[f64], image: &mut [f64]| {
            let piece = |(number, image): (usize, &mut [f64])| {
                for (at, image) in (number * PIECE..).zip(image) {
                    let range = self.begins[at]..self.begins[at + 1];
                    let taken = weighted_sum(&self.others[range.clone()], &self.weights[range], x);
                    *image = x[at] - taken;
                }
            };
            if x.len() <= PIECE || rayon::current_num_threads() == 1 {
                image.chunks_mut(PIECE).enumerate().for_each(piece);
            } else {
                image.par_chunks_mut(PIECE).enumerate().for_each(piece);
            }
        };
        let mut found = bicgstab(product, b, TOLERANCE, ROUNDS_MAX, cancel)?;
        let greatest = found.x.iter().fold(0.0_f64, |a, x| a.max(x.abs()));
        // A solution without negative entries exists exactly if the radius is below 1.
        let positive = found.x.iter().all(|x| *x >= -1e-9 * greatest);
        if found.residual <= 10.0 * TOLERANCE && positive {
            found.x.iter_mut().for_each(|x| *x = x.max(0.0));
            return Ok(Some(found.x));
        }
        if self.kind == Kind::Unknown {
            return Ok(None);
        }
        self.sweep(b, cancel).map(Some)
    }

    /// Solves by Gauss-Seidel sweeps, which rise towards the solution if the radius is below 1.
    fn sweep(&self, b: &[f64], cancel: &AtomicBool) -> Result<Vec<f64>, GraphError> {
        let mut x = vec![0.0; b.len()];
        let mut left = f64::INFINITY;
        for _ in 0..SWEEPS_MAX {
            check_cancelled(cancel)?;
            let (mut change, mut total) = (0.0, 0.0);
            for at in 0..b.len() {
                let (mut own, mut taken) = (0.0, b[at]);
                for (other, weight) in self.row(at) {
                    if other == at {
                        own += weight;
                    } else {
                        taken += weight * x[other];
                    }
                }
                let new = taken / (1.0 - own);
                change += new - x[at];
                total += new;
                x[at] = new;
            }
            left = change / total;
            if left <= TOLERANCE {
                return Ok(x);
            }
        }
        Err(GraphError::NotSettled {
            what: "integrated ownership in a large component",
            rounds: SWEEPS_MAX,
            left: left.to_string(),
        })
    }

    /// Selects the nodes for which to compute [`Block::returns`]: all, or if that would cost too much, the most visited
    /// ones and the first node.
    pub(super) fn worth_returns(&self, visits: &[f64], work_max: usize) -> Vec<bool> {
        let affordable = work_max / (self.others.len() + self.size());
        if self.factors.is_some() || affordable >= self.size() {
            return vec![true; self.size()];
        }
        let mut order: Vec<usize> = (0..self.size()).collect();
        order.sort_by(|a, b| visits[*b].total_cmp(&visits[*a]));
        let mut worth = vec![false; self.size()];
        for at in order.into_iter().take(affordable).chain([0]) {
            worth[at] = true;
        }
        worth
    }

    /// Returns bounds of the probability that a walk returns to a node: by a step to itself, and by any step within.
    pub(super) fn chance_of_return(&self, at: usize) -> (f64, f64) {
        let own = self.row(at).filter(|(other, _)| *other == at);
        (own.map(|(_, weight)| weight).sum(), self.given[at].min(1.0))
    }

    /// Returns the expected number of visits of a walk to its start, the first included; `None` if infinite.
    pub(super) fn returns(
        &self,
        at: usize,
        cancel: &AtomicBool,
    ) -> Result<Option<f64>, GraphError> {
        if let Some(factors) = &self.factors {
            return Ok(Some(factors.returns(at)));
        }
        let mut unit = vec![0.0; self.size()];
        unit[at] = 1.0;
        Ok(self.solve(&unit, cancel)?.map(|x| x[at]))
    }
}

impl Kind {
    /// Classifies an irreducible matrix by its row or column sums: its spectral radius lies strictly between the least and
    /// the greatest unless all are equal.
    fn of(sums: &[f64]) -> Self {
        let least = sums.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = sums.iter().copied().fold(0.0, f64::max);
        if least >= 1.0 - WHOLE {
            Self::Circular
        } else if greatest <= 1.0 + WHOLE {
            Self::Below
        } else {
            Self::Unknown
        }
    }
}
