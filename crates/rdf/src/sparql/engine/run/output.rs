//! Rows on their way to the next step.

use crate::sparql::engine::batch::{BATCH_ROWS, Batch};
use crate::sparql::engine::context::{Context, Flow, Sink};
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};

/// Collects rows one by one, and hands them on in batches.
pub(crate) struct Output<'o, 'a, 's> {
    context: &'o Context<'a>,
    sink: &'o mut Sink<'s>,
    rows: Batch,
    held: Held,
}

impl<'o, 'a, 's> Output<'o, 'a, 's> {
    pub(crate) fn new(context: &'o Context<'a>, slots: usize, sink: &'o mut Sink<'s>) -> Self {
        Self {
            context,
            sink,
            rows: Batch::new(slots),
            held: context.memory.hold(Holder::Batches),
        }
    }

    /// Adds a row of another batch, with values for some slots.
    pub(crate) fn row(
        &mut self,
        from: &Batch,
        row: usize,
        values: impl IntoIterator<Item = (usize, u32)>,
    ) -> Result<Flow, SparqlError> {
        self.rows.push_row(from, row);
        for (slot, value) in values {
            self.rows.set_last(slot, value);
        }
        if self.rows.len < BATCH_ROWS {
            return Ok(Flow::Go);
        }
        self.context.check()?;
        self.hand_on()
    }

    /// Hands on the remaining rows.
    pub(crate) fn finish(mut self) -> Result<Flow, SparqlError> {
        match self.rows.len {
            0 => Ok(Flow::Go),
            _ => self.hand_on(),
        }
    }

    fn hand_on(&mut self) -> Result<Flow, SparqlError> {
        self.rows.fill_up();
        self.held.set(self.rows.bytes())?;
        let flow = (self.sink)(&self.rows)?;
        self.rows.clear();
        Ok(flow)
    }
}
