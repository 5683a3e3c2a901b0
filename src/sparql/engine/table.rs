//! Joins with rows that do not depend on those that come in, by hash.

use crate::sparql::engine::batch::{BATCH_ROWS, Batch, UNBOUND};
use crate::sparql::engine::context::{Flow, Sink};
use crate::sparql::engine::output::Output;
use crate::sparql::engine::plan::Node;
use crate::sparql::engine::run::Run;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder, key_bytes, table_bytes};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::rc::Rc;

/// Rows that are made once, and how they join.
pub(crate) struct Table<'a> {
    pub(crate) source: Source<'a>,
    /// The slots that both sides have, always.
    pub(crate) shared: Vec<usize>,
    /// The slots that the rows have.
    pub(crate) slots: Vec<usize>,
    pub(crate) made: OnceCell<Rc<Made>>,
}

pub(crate) enum Source<'a> {
    Rows(Batch),
    Plan(Box<Node<'a>>),
}

/// The rows of a table with an index of the shared slots.
pub(crate) struct Made {
    rows: Batch,
    by_key: FxHashMap<Vec<u32>, Vec<u32>>,
    /// What counts their bytes as long as they are there.
    _held: Held,
}

impl Made {
    /// Whether a row has these values in the shared slots.
    pub(crate) fn has(&self, key: &[u32]) -> bool {
        self.by_key.contains_key(key)
    }
}

impl Table<'_> {
    /// The rows, made when they are first asked for.
    pub(crate) fn made(&self, run: &Run<'_, '_>) -> Result<Rc<Made>, SparqlError> {
        if let Some(made) = self.made.get() {
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
        let mut by_key: FxHashMap<Vec<u32>, Vec<u32>> = FxHashMap::default();
        let entry = size_of::<[Vec<u32>; 2]>();
        for row in 0..rows.len {
            if row % BATCH_ROWS == 0 {
                // Each row may have a key of its own.
                let (more, capacity) = (BATCH_ROWS.min(rows.len - row), by_key.capacity());
                let places = more * (key_bytes(self.shared.len()) + key_bytes(1));
                let table = table_bytes(capacity, by_key.len() + more, entry);
                held.add(places + table - table_bytes(capacity, 0, entry))?;
            }
            let places = by_key.entry(rows.key(&self.shared, row)).or_default();
            places.push(row as u32);
        }
        Ok(Rc::clone(self.made.get_or_init(|| {
            Rc::new(Made {
                rows,
                by_key,
                _held: held,
            })
        })))
    }

    /// Joins rows with these.
    pub(crate) fn join(
        &self,
        run: &Run<'_, '_>,
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let made = self.made(run)?;
        let mut out = Output::new(run.context, run.slots, sink);
        for row in 0..input.len {
            let key = input.key(&self.shared, row);
            for other in made.by_key.get(&key).into_iter().flatten() {
                let values = self
                    .slots
                    .iter()
                    .map(|slot| (*slot, made.rows.get(*slot, *other as usize)))
                    .filter(|(_, value)| *value != UNBOUND);
                if out.row(input, row, values)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
        }
        out.finish()
    }
}
