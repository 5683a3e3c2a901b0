//! Integrated ownership for one matrix of shares, from one node on: component by component.

use crate::error::{GraphError, check_cancelled};
use crate::ownership::blocks::Block;
use crate::ownership::integrated::Form;
use crate::ownership::reach::{Arcs, Reach, Side};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// How many entries of the matrix of a component, once for each of its nodes, are worth to find out how often walks
/// return to each: some seconds' work.
pub(super) const WORK_MAX: usize = 1 << 24;

/// Components between two looks at the cancel flag.
const POLL: usize = 1 << 12;

/// Which of the two bounds is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Lower,
    Upper,
}

/// One matrix, one start, one way round.
pub(super) struct Pass<'a> {
    pub(super) arcs: Arcs<'a>,
    pub(super) form: Form,
    pub(super) bound: Bound,
    /// See [`WORK_MAX`].
    pub(super) work_max: usize,
    pub(super) cancel: &'a AtomicBool,
}

/// What one pass has come to.
pub(super) struct Listed {
    /// The values of all nodes that have one, sorted by node.
    pub(super) values: Vec<(u32, f64)>,
    /// The nodes in circular components.
    pub(super) circular: Vec<u32>,
    /// The nodes whose values are bounds, and no better.
    pub(super) coarse: Vec<u32>,
}

/// What has been found about each node of a reach, by its place.
struct Found {
    /// What came in from earlier components, and at the start itself 1.
    inflow: Vec<f64>,
    values: Vec<f64>,
    circular: Vec<u32>,
    coarse: Vec<u32>,
}

impl Pass<'_> {
    pub(super) fn run(&self, start: u32) -> Result<Listed, GraphError> {
        // Who follows one owner may simply stop on coming back to it; who looks for all owners must count and divide.
        let once = self.form == Form::Corrected && self.arcs.side == Side::Holdings;
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
            // What comes back to the owner was collected where it had started from.
            found.values[0] = found.inflow[0];
        }
        let most = match self.form {
            Form::Gross => f64::INFINITY,
            Form::Corrected => 1.0,
        };
        // All that is reached, however little it is; the start, if something comes back to it.
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

    /// A component of one node, perhaps with a share in itself.
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
                (Form::Gross, _) | (Form::Corrected, Side::Holdings) => {
                    visits - f64::from(u8::from(is_start))
                }
                (Form::Corrected, Side::Owners) if is_start => own,
                (Form::Corrected, Side::Owners) => inflow,
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
        if (self.form, self.arcs.side) == (Form::Corrected, Side::Owners) {
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
            // One solution for each node; they have nothing to do with each other.
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

    /// The visits without those on coming back, if the chance of that is known within bounds only. Where a walk enters
    /// the component is sure to be visited.
    fn correct_coarsely(&self, block: &Block, at: usize, visits: f64, entered: f64) -> f64 {
        let (least, most) = block.chance_of_return(at);
        match self.bound {
            Bound::Lower => (visits * (1.0 - most)).max(entered),
            Bound::Upper => visits * (1.0 - least),
        }
    }

    /// A component in which nothing gets less. What it hands on is lost in rounding, so that a lower bound must do
    /// without it, and an upper bound must not.
    fn settle_circular(&self, reach: &Reach, found: &mut Found, range: Range<usize>) {
        found.circular.extend(&reach.nodes[range.clone()]);
        let entered: f64 = found.inflow[range.clone()].iter().sum();
        let shared_out = |node: &u32| -> f64 { self.arcs.of(*node).map(|(_, w)| w).sum() };
        let conserved = self.arcs.side == Side::Owners
            && (reach.nodes[range.clone()].iter()).all(|node| shared_out(node) <= 1.0 + 1e-12);
        for place in range.clone() {
            found.values[place] = match (self.form, self.bound) {
                (Form::Gross, _) => f64::INFINITY,
                // A walk that has come in comes by everybody.
                (Form::Corrected, _) if conserved => entered,
                (Form::Corrected, Bound::Upper) => 1.0,
                // What comes in at the node itself is sure.
                (Form::Corrected, Bound::Lower) => found.inflow[place],
            };
        }
        if self.bound == Bound::Upper {
            let endless = vec![f64::INFINITY; range.len()];
            self.push(reach, found, range, &endless);
        }
    }

    /// Hands on from a finished component to the later ones, and from the start to itself.
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
    use crate::ownership::integrated::Form;
    use crate::ownership::pass::{Bound, Pass};
    use crate::ownership::reach::{Arcs, Side};
    use std::sync::atomic::AtomicBool;

    /// Where the exact correction would take too long, the bounds are further apart, and hold.
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
                form: Form::Corrected,
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
