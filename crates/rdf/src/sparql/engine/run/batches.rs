//! Hands rows on in batches.

use crate::sparql::engine::batch::{BATCH_ROWS, Batch};
use crate::sparql::engine::context::{Flow, Sink};
use crate::sparql::engine::run::state::Run;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};

impl Run<'_, '_> {
    /// Hands on the rows that a step makes of one batch, in as few batches as their number takes. Without this, each
    /// step that makes two batches of one would double their number, and steps that cost something for each batch
    /// would take ages.
    pub(crate) fn gathered(
        &self,
        sink: &mut Sink<'_>,
        make: impl FnOnce(&mut Sink<'_>) -> Result<Flow, SparqlError>,
    ) -> Result<Flow, SparqlError> {
        let mut rows = Batch::new(self.slots);
        let mut held = self.context.memory.hold(Holder::Batches);
        let flow = make(&mut |batch| {
            if rows.len == 0 && batch.len >= BATCH_ROWS {
                return sink(batch);
            }
            held.set(rows.bytes_with(batch))?;
            rows.append(batch);
            if rows.len < BATCH_ROWS {
                return Ok(Flow::Go);
            }
            let flow = sink(&rows);
            rows.clear();
            flow
        })?;
        match flow {
            Flow::Go if rows.len > 0 => sink(&rows),
            flow => Ok(flow),
        }
    }

    /// Copies a batch that is to get one column more, and counts its bytes.
    pub(crate) fn widened(&self, batch: &Batch) -> Result<(Batch, Held), SparqlError> {
        let mut held = self.context.memory.hold(Holder::Batches);
        held.set(batch.bytes() + batch.len * size_of::<u32>())?;
        Ok((batch.clone(), held))
    }
}

/// Hands on the rows at these places in batches of the usual size.
pub(crate) fn in_batches(
    all: &Batch,
    rows: &[u32],
    sink: &mut Sink<'_>,
) -> Result<Flow, SparqlError> {
    for rows in rows.chunks(BATCH_ROWS) {
        if sink(&all.pick(rows))? == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::Go)
}

/// Hands on some rows of a batch.
pub(crate) fn hand_on(
    batch: &Batch,
    rows: &[u32],
    sink: &mut Sink<'_>,
) -> Result<Flow, SparqlError> {
    if rows.len() == batch.len {
        return sink(batch);
    }
    if rows.is_empty() {
        return Ok(Flow::Go);
    }
    sink(&batch.pick(rows))
}
