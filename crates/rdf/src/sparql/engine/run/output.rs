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
        self.row_times(from, row, 1, values)
    }

    /// Adds a row of another batch, with values for some slots, which stands for `times` as many solutions.
    pub(crate) fn row_times(
        &mut self,
        from: &Batch,
        row: usize,
        times: u64,
        values: impl IntoIterator<Item = (usize, u32)>,
    ) -> Result<Flow, SparqlError> {
        self.rows.push_row(from, row, times);
        for (slot, value) in values {
            self.rows.set_last(slot, value);
        }
        if self.rows.len < BATCH_ROWS {
            return Ok(Flow::Go);
        }
        self.context.check()?;
        self.hand_on()
    }

    /// Adds a row of another batch for each of some values of a slot, with a value for another slot.
    pub(crate) fn list(
        &mut self,
        (from, row): (&Batch, usize),
        fixed: Option<(usize, u32)>,
        (slot, values): (usize, &[u32]),
    ) -> Result<Flow, SparqlError> {
        for values in values.chunks(BATCH_ROWS) {
            self.rows.push_rows(from, row, values.len());
            if let Some((slot, value)) = fixed {
                self.rows
                    .set_rows(slot, std::iter::repeat_n(value, values.len()));
            }
            self.rows.set_rows(slot, values.iter().copied());
            if self.rows.len >= BATCH_ROWS {
                self.context.check()?;
                if self.hand_on()? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        Ok(Flow::Go)
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
