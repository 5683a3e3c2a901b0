//! Joins with rows that do not depend on those that come in, by hash.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::{Flow, Sink};
use crate::sparql::engine::plan::node::StepId;
use crate::sparql::engine::plan::table::{Source, Table};
use crate::sparql::engine::run::Run;
use crate::sparql::engine::run::index::{Index, Lookup, Made};
use crate::sparql::engine::run::output::Output;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::Holder;
use std::rc::Rc;

impl Table<'_> {
    /// Returns the rows, made when they are first asked for; `id` is the step that the table belongs to.
    pub(crate) fn made(&self, id: StepId, run: &Run<'_, '_>) -> Result<Rc<Made>, SparqlError> {
        let known = &run.state.step(id).made;
        if let Some(made) = known.get() {
            return Ok(Rc::clone(made));
        }
        let mut rows = Batch::new(run.slots);
        let mut held = run.context.memory.hold(Holder::Table);
        match &self.source {
            Source::Rows(batch) => {
                held.set(rows.bytes_with(batch))?;
                rows.append(batch);
            }
            Source::Plan(plan) => {
                run.node(plan, &Batch::unit(run.slots), &mut |batch| {
                    held.set(rows.bytes_with(batch))?;
                    rows.append(batch);
                    Ok(Flow::Go)
                })?;
            }
        }
        let index = Index::new(run.context, &rows, &self.shared, &self.open)?;
        Ok(Rc::clone(known.get_or_init(|| {
            Rc::new(Made {
                rows,
                index,
                _held: held,
            })
        })))
    }

    /// Joins rows with these.
    pub(crate) fn join(
        &self,
        id: StepId,
        run: &Run<'_, '_>,
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let made = self.made(id, run)?;
        let mut out = Output::new(run.context, run.slots, sink);
        let mut lookup = Lookup::default();
        for row in 0..input.len {
            for other in made.index.agreeing(&made.rows, input, row, &mut lookup)? {
                let values = self
                    .slots
                    .iter()
                    .map(|slot| (*slot, made.rows.get(*slot, other as usize)))
                    .filter(|(_, value)| *value != UNBOUND);
                if out.row(input, row, values)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        out.finish()
    }
}
