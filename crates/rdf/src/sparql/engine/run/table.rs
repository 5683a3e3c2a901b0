//! Hash joins with rows that do not depend on the input.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::{Flow, Sink};
use crate::sparql::engine::plan::node::{Node, Source, Table};
use crate::sparql::engine::run::index::{Index, Lookup, Made};
use crate::sparql::engine::run::output::Output;
use crate::sparql::engine::run::state::Run;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::Holder;

impl Table<'_> {
    /// Makes the rows; `run_plan` hands on those of a plan.
    pub(crate) fn make(
        &self,
        run: &Run<'_, '_>,
        run_plan: impl FnOnce(&Node<'_>, &mut Sink<'_>) -> Result<Flow, SparqlError>,
    ) -> Result<Made, SparqlError> {
        let mut rows = Batch::new(run.slots);
        let mut held = run.context.memory.hold(Holder::Table);
        let mut add = |batch: &Batch| {
            held.set(rows.bytes_with(batch))?;
            rows.append(batch);
            Ok(Flow::Go)
        };
        match &self.source {
            Source::Rows(batch) => add(batch)?,
            Source::Plan(plan) => run_plan(plan, &mut add)?,
        };
        let index = Index::new(run.context, &rows, &self.shared, &self.open)?;
        Ok(Made {
            rows,
            index,
            _held: held,
        })
    }

    /// Joins rows with these.
    pub(crate) fn join(
        &self,
        made: &Made,
        run: &Run<'_, '_>,
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let mut out = Output::new(run.context, run.slots, sink);
        let mut lookup = Lookup::default();
        for row in 0..input.len {
            for other in made.index.agreeing(&made.rows, input, row, &mut lookup)? {
                let values = self
                    .slots
                    .iter()
                    .map(|slot| (*slot, made.rows.get(*slot, other as usize)))
                    .filter(|(_, value)| *value != UNBOUND);
                let times = made.rows.weight(other as usize);
                if out.row_times(input, row, times, values)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        out.finish()
    }
}
