//! Joins with a triple pattern whose predicate is a variable, or that has a variable twice.

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::context::{Context, Flow, Sink, store_error};
use crate::sparql::engine::plan::join::End;
use crate::sparql::engine::plan::scan::Pattern;
use crate::sparql::engine::run::output::Output;
use crate::sparql::error::SparqlError;
use crate::store::compiled::scan::Scan;

impl Pattern<'_> {
    pub(crate) fn run(
        &self,
        context: &Context<'_>,
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let mut out = Output::new(context, input.columns.len(), sink);
        for row in 0..input.len {
            let mut wanted = [None; 3];
            for (place, end) in self.ends.iter().enumerate() {
                wanted[place] = match end {
                    End::Term(term) => Some(*term),
                    End::Slot(slot) => self.known[place].then(|| input.get(*slot, row)),
                };
            }
            for (at, graph) in self.graphs.iter().enumerate() {
                for triple in Scan::new(*graph, wanted) {
                    let triple = triple.map_err(store_error)?;
                    if self.except.contains(&triple[1])
                        || !self.repeats(&triple)
                        || self.was_before(at, triple)?
                    {
                        continue;
                    }
                    let slots = self.ends.iter().map(|end| end.slot());
                    let values = slots
                        .zip(triple)
                        .filter_map(|(slot, value)| Some((slot?, value)));
                    if out.row(input, row, values)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
        }
        out.finish()
    }

    /// Returns whether one of the graphs before a place has a triple.
    fn was_before(&self, place: usize, [s, p, o]: [u32; 3]) -> Result<bool, SparqlError> {
        for graph in &self.graphs[..place] {
            let mut scan = Scan::new(*graph, [Some(s), Some(p), Some(o)]);
            if scan.next().transpose().map_err(store_error)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether a triple has the same term wherever the pattern has the same variable.
    fn repeats(&self, triple: &[u32; 3]) -> bool {
        [(0, 1), (0, 2), (1, 2)].into_iter().all(|(left, right)| {
            let same =
                matches!(self.ends[left], End::Slot(_)) && self.ends[left] == self.ends[right];
            !same || triple[left] == triple[right]
        })
    }
}
