//! Joins with a triple pattern whose predicate is a variable, or that has a variable twice.

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::context::{Context, Flow, Sink, store_error};
use crate::sparql::engine::plan::join::{End, Purpose};
use crate::sparql::engine::plan::scan::Pattern;
use crate::sparql::engine::relation::{Key, Relation};
use crate::sparql::engine::run::output::Output;
use crate::sparql::error::SparqlError;
use crate::store::compiled::graph::GraphRef;
use crate::store::compiled::scan::Scan;
use crate::store::compiled::sets::SetsView;
use crate::store::error::StoreError;
use std::collections::BTreeMap;

/// The value of the slot that is read, and the number of solutions.
type Counted = (Option<(usize, u32)>, u64);

impl Pattern<'_> {
    pub(crate) fn run(
        &self,
        context: &Context<'_>,
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let mut out = Output::new(context, input.columns.len(), sink);
        if let Some(found) = self.statistics(context)? {
            for row in 0..input.len {
                for (values, weight) in &found {
                    if out.row_times(input, row, *weight, values.iter().copied())? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
            return out.finish();
        }
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

    /// Returns what the graphs know without a look at their triples, where all triples are asked for and no more than
    /// one term of each matters: the value of the slot that is read, and the number of solutions.
    fn statistics(&self, context: &Context<'_>) -> Result<Option<Vec<Counted>>, SparqlError> {
        let slots: Vec<usize> = self.slots().collect();
        let is_all = slots.len() == 3
            && self.known == [false; 3]
            && self.except.is_empty()
            && slots[0] != slots[1]
            && slots[0] != slots[2]
            && slots[1] != slots[2];
        if self.purpose == Purpose::Rows || !is_all {
            return Ok(None);
        }
        let read: Vec<usize> = (0..3)
            .filter(|place| self.needed.contains(&slots[*place]))
            .collect();
        let ends = |keys: Vec<u32>, slot: usize| {
            let counted = keys.into_iter().map(|key| (Some((slot, key)), 1));
            Some(counted.collect())
        };
        Ok(match (&read[..], self.purpose) {
            ([0], Purpose::Any) => ends(self.keys(|graph| graph.subjects())?, slots[0]),
            ([2], Purpose::Any) => ends(self.keys(|graph| graph.objects())?, slots[2]),
            ([] | [1], _) => {
                let mut counts = self.by_predicate(context)?;
                if self.purpose == Purpose::Any {
                    counts.iter_mut().for_each(|(_, count)| *count = 1);
                }
                match read.is_empty() {
                    false => Some(
                        counts
                            .into_iter()
                            .map(|(predicate, count)| (Some((slots[1], predicate)), count))
                            .collect(),
                    ),
                    true => {
                        let all: u64 = counts.iter().map(|(_, count)| count).sum();
                        let all = match self.purpose {
                            Purpose::Any => all.min(1),
                            _ => all,
                        };
                        Some((all > 0).then_some((None, all)).into_iter().collect())
                    }
                }
            }
            _ => None,
        })
    }

    /// Returns the keys of a column of the graphs, each once.
    fn keys<'g>(
        &'g self,
        of: impl Fn(GraphRef<'g>) -> Result<SetsView<'g>, StoreError>,
    ) -> Result<Vec<u32>, SparqlError> {
        let mut all = Vec::new();
        for graph in &self.graphs {
            all.extend_from_slice(of(*graph).map_err(store_error)?.keys);
        }
        // Each graph has them in order, which the sort only merges.
        all.sort();
        all.dedup();
        Ok(all)
    }

    /// Returns how many triples each predicate has in the union of the graphs.
    fn by_predicate(&self, context: &Context<'_>) -> Result<Vec<(u32, u64)>, SparqlError> {
        let graphs = self.graphs.iter();
        let predicates = graphs.flat_map(|graph| graph.graph.predicates.iter());
        let mut counts: BTreeMap<u32, (u64, usize)> = BTreeMap::new();
        for predicate in predicates {
            let (triples, graphs) = counts.entry(predicate.id).or_default();
            *triples += u64::from(predicate.triples);
            *graphs += 1;
        }
        let counts = counts.into_iter().map(|(id, (triples, graphs))| {
            if graphs == 1 {
                return Ok((id, triples));
            }
            // A triple may be in several of them.
            let relation =
                Relation::open(&self.graphs, id, &context.memory).map_err(store_error)?;
            let pairs = relation.pairs(Key::Subject)?;
            Ok((id, pairs.values.len() as u64))
        });
        counts.collect()
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
