//! Integrated ownership for one matrix of shares and one start, one component at a time.

use crate::error::{GraphError, check_cancelled};
use crate::ownership::blocks::Block;
use crate::ownership::integrated::OwnershipForm;
use crate::ownership::reach::{Arcs, Reach, Side};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// The most entries of a component's matrix, times its nodes, for which the returns of walks are computed for each node:
/// some seconds of work.
pub(super) const WORK_MAX: usize = 1 << 24;

/// Components between two checks of the cancel flag.
const POLL: usize = 1 << 12;

/// The bound to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Lower,
    Upper,
}

/// The computation for one matrix, one direction and one bound.
pub(super) struct Pass<'a> {
    pub(super) arcs: Arcs<'a>,
    pub(super) form: OwnershipForm,
    pub(super) bound: Bound,
    /// See [`WORK_MAX`].
    pub(super) work_max: usize,
    pub(super) cancel: &'a AtomicBool,
}

/// The result of one pass.
pub(super) struct Listed {
    /// The values of all nodes that have one, sorted by node.
    pub(super) values: Vec<(u32, f64)>,
    /// The nodes in circular components.
    pub(super) circular: Vec<u32>,
    /// The nodes whose values are bounds only.
    pub(super) coarse: Vec<u32>,
}

/// The values found so far, by position in the reach.
struct Found {
    /// The visits that come from earlier components, and 1 at the start.
    inflow: Vec<f64>,
    values: Vec<f64>,
    circular: Vec<u32>,
    coarse: Vec<u32>,
}

impl Pass<'_> {
    pub(super) fn run(&self, start: u32) -> Result<Listed, GraphError> {
        // From one owner, walks may stop when they return to it; towards all owners, returns must be divided out.
        let once = self.form == OwnershipForm::Corrected && self.arcs.side == Side::Holdings;
        let reach = Reach::new(self.arcs, start, once, self.cancel)?;
        let size = reach.nodes.len();
        let mut found = Found {
            inflow: vec![0.0; size],
            values: vec![0.0; size],
            circular: Vec::new(),
            coarse: Vec::new(),
        };
        found.inflow[0] = 1.0;
        for (number, range) in reach.blocks().enumerate() {
            if number.is_multiple_of(POLL) {
                check_cancelled(self.cancel)?;
            }
            if range.len() == 1 {
                self.settle_single(&reach, &mut found, range.start, once);
            } else {
                self.settle_block(&reach, &mut found, range)?;
            }
        }
        if once {
            // The visits that return to the owner were collected at the start.
            found.values[0] = found.inflow[0];
        }
        let most = match self.form {
            OwnershipForm::Gross => f64::INFINITY,
            OwnershipForm::Corrected => 1.0,
        };
        // All nodes reached, however small their values; the start only if something returns to it.
        let skipped = usize::from(found.values[0] <= 0.0);
        let values = reach.nodes.iter().zip(&found.values).skip(skipped);
        let mut listed: Vec<(u32, f64)> = values
            .map(|(node, value)| (*node, value.min(most)))
            .collect();
        listed.sort_unstable_by_key(|(node, _)| *node);
        Ok(Listed {
            values: listed,
            circular: found.circular,
            coarse: found.coarse,
        })
    }

    /// Computes a component of one node, perhaps with a share in itself.
    fn settle_single(&self, reach: &Reach, found: &mut Found, place: usize, once: bool) {
        let node = reach.nodes[place];
        if once && place == 0 {
            found.inflow[0] = 0.0;
            self.push(reach, found, place..place + 1, &[1.0]);
            return;
        }
        let own = self.arcs.to(node, |other| other == node);
        let own: f64 = own.map(|(_, weight)| weight).sum();
        let inflow = found.inflow[place];
        let is_start = place == 0;
        if own == 0.0 {
            found.values[place] = if is_start { 0.0 } else { inflow };
            self.push(reach, found, place..place + 1, &[inflow]);
        } else if own >= 1.0 - 1e-13 {
            self.settle_circular(reach, found, place..place + 1);
        } else {
            let visits = inflow / (1.0 - own);
            found.values[place] = match (self.form, self.arcs.side) {
                (OwnershipForm::Gross, _) | (OwnershipForm::Corrected, Side::Holdings) => {
                    visits - f64::from(u8::from(is_start))
                }
                (OwnershipForm::Corrected, Side::Owners) if is_start => own,
                (OwnershipForm::Corrected, Side::Owners) => inflow,
            };
            self.push(reach, found, place..place + 1, &[visits]);
        }
    }

    fn settle_block(
        &self,
        reach: &Reach,
        found: &mut Found,
        range: Range<usize>,
    ) -> Result<(), GraphError> {
        let inflow = found.inflow[range.clone()].to_vec();
        if inflow.contains(&f64::INFINITY) {
            found.values[range.clone()].fill(f64::INFINITY);
            let endless = vec![f64::INFINITY; range.len()];
            self.push(reach, found, range, &endless);
            return Ok(());
        }
        let block = Block::new(self.arcs, reach, range.clone());
        let Some(visits) = block.solve(&inflow, self.cancel)? else {
            self.settle_circular(reach, found, range);
            return Ok(());
        };
        let values = &mut found.values[range.clone()];
        values.copy_from_slice(&visits);
        if (self.form, self.arcs.side) == (OwnershipForm::Corrected, Side::Owners) {
            let worth = block.worth_returns(&visits, self.work_max);
            let correct = |(at, value): (usize, &mut f64)| {
                *value = if !worth[at] {
                    self.correct_coarsely(&block, at, *value, inflow[at])
                } else {
                    match block.returns(at, self.cancel)? {
                        Some(returns) if range.start + at == 0 => 1.0 - returns.recip(),
                        Some(returns) => *value / returns,
                        None => self.bound_without_answer(),
                    }
                };
                Ok(())
            };
            // One independent solution for each node.
            values.par_iter_mut().enumerate().try_for_each(correct)?;
            let coarse = reach.nodes[range.clone()].iter().zip(&worth);
            found
                .coarse
                .extend(coarse.filter(|(_, worth)| !**worth).map(|(node, _)| node));
        } else if range.start == 0 {
            values[0] -= 1.0;
        }
        self.push(reach, found, range, &visits);
        Ok(())
    }

    fn bound_without_answer(&self) -> f64 {
        match self.bound {
            Bound::Lower => 0.0,
            Bound::Upper => 1.0,
        }
    }

    /// Returns the visits without returns, given the probability of return within bounds. A node at which walks enter the
    /// component is visited for certain.
    fn correct_coarsely(&self, block: &Block, at: usize, visits: f64, entered: f64) -> f64 {
        let (least, most) = block.chance_of_return(at);
        match self.bound {
            Bound::Lower => (visits * (1.0 - most)).max(entered),
            Bound::Upper => visits * (1.0 - least),
        }
    }

    /// Computes a component in which nothing is lost. Its outflow is lost in rounding, so a lower bound takes it as 0 and
    /// an upper bound as infinite.
    fn settle_circular(&self, reach: &Reach, found: &mut Found, range: Range<usize>) {
        found.circular.extend(&reach.nodes[range.clone()]);
        let entered: f64 = found.inflow[range.clone()].iter().sum();
        let shared_out = |node: &u32| -> f64 { self.arcs.of(*node).map(|(_, w)| w).sum() };
        let conserved = self.arcs.side == Side::Owners
            && (reach.nodes[range.clone()].iter()).all(|node| shared_out(node) <= 1.0 + 1e-12);
        for place in range.clone() {
            found.values[place] = match (self.form, self.bound) {
                (OwnershipForm::Gross, _) => f64::INFINITY,
                // A walk that enters visits every member.
                (OwnershipForm::Corrected, _) if conserved => entered,
                (OwnershipForm::Corrected, Bound::Upper) => 1.0,
                // The visits that enter at the node itself are certain.
                (OwnershipForm::Corrected, Bound::Lower) => found.inflow[place],
            };
        }
        if self.bound == Bound::Upper {
            let endless = vec![f64::INFINITY; range.len()];
            self.push(reach, found, range, &endless);
        }
    }

    /// Passes the visits of a finished component to later ones, and from the start to itself.
    fn push(&self, reach: &Reach, found: &mut Found, range: Range<usize>, visits: &[f64]) {
        let is_start = range == (0..1);
        for (node, visits) in reach.nodes[range.clone()].iter().zip(visits) {
            let later = |other: u32| {
                let place = reach.place(other);
                place.is_some_and(|place| is_start || !range.contains(&place))
            };
            for (other, weight) in self.arcs.to(*node, later) {
                if let Some(place) = reach.place(other) {
                    found.inflow[place] += weight * visits;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::Graph;
    use crate::ownership::integrated::OwnershipForm;
    use crate::ownership::pass::{Bound, Pass};
    use crate::ownership::reach::{Arcs, Side};
    use std::sync::atomic::AtomicBool;

    /// If the exact correction would take too long, the bounds are wider, and hold.
    #[test]
    fn large_components_are_corrected_coarsely() {
        let n = 200_u32;
        let sources: Vec<u32> = (0..n).chain(0..n).chain([n, 7]).collect();
        let cycle = (0..n).map(|v| (v + 1) % n);
        let targets: Vec<u32> = cycle
            .chain((0..n).map(|v| (v * 7 + 3) % n))
            .chain([0, 7])
            .collect();
        let (graph, _) = Graph::from_edges(n + 1, &sources, &targets).expect("ends below n + 1");
        let weights: Vec<f64> = (0..graph.edge_count())
            .map(|edge| 0.1 + 0.02 * f64::from(edge % 11))
            .collect();
        let never = AtomicBool::new(false);
        let run = |start, bound, work_max| {
            let arcs = Arcs {
                graph: &graph,
                weights: &weights,
                has_zeros: false,
                side: Side::Owners,
            };
            let pass = Pass {
                arcs,
                form: OwnershipForm::Corrected,
                bound,
                work_max,
                cancel: &never,
            };
            pass.run(start).expect("no one has cancelled")
        };
        for start in [0, 7, 100] {
            let sharp = run(start, Bound::Upper, usize::MAX);
            assert!(sharp.coarse.is_empty());
            let (lower, upper) = (
                run(start, Bound::Lower, 12_000),
                run(start, Bound::Upper, 12_000),
            );
            assert_eq!(lower.coarse, upper.coarse);
            assert!(lower.coarse.len() > 150 && lower.coarse.len() < 200);
            assert!(!lower.coarse.contains(&start));
            let coarse = &lower.coarse;
            let values = sharp
                .values
                .iter()
                .zip(lower.values.iter().zip(&upper.values));
            for ((node, sharp), ((_, lower), (_, upper))) in values {
                assert!(*lower <= sharp + 1e-10 && *sharp <= upper + 1e-10);
                assert!(coarse.contains(node) || lower == upper);
            }
        }
    }
}
