//! Joins with rows that do not depend on those that come in, by hash.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::{Flow, Sink};
use crate::sparql::engine::index::{Index, Lookup};
use crate::sparql::engine::output::Output;
use crate::sparql::engine::plan::Node;
use crate::sparql::engine::run::Run;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use std::cell::OnceCell;
use std::rc::Rc;

/// Rows that are made once, and how they join.
pub(crate) struct Table<'a> {
    pub(crate) source: Source<'a>,
    /// The slots that both sides have, always.
    pub(crate) shared: Vec<usize>,
    /// The slots that both sides have, but not in each row.
    pub(crate) open: Vec<usize>,
    /// The slots that the rows have.
    pub(crate) slots: Vec<usize>,
    pub(crate) made: OnceCell<Rc<Made>>,
}

pub(crate) enum Source<'a> {
    Rows(Batch),
    Plan(Box<Node<'a>>),
}

/// The rows of a table with an index of the slots that both sides have.
pub(crate) struct Made {
    rows: Batch,
    index: Index,
    /// What counts the bytes of the rows as long as they are there.
    _held: Held,
}

impl Made {
    /// Whether a row agrees with one of these that has a value in common with it.
    pub(crate) fn has(
        &self,
        input: &Batch,
        row: usize,
        lookup: &mut Lookup,
    ) -> Result<bool, SparqlError> {
        self.index.has(&self.rows, input, row, lookup)
    }
}

impl Table<'_> {
    /// The slots that both sides have.
    pub(crate) fn common(&self) -> Vec<usize> {
        [&self.shared[..], &self.open].concat()
    }

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
        let index = Index::new(run.context, &rows, &self.shared, &self.open)?;
        Ok(Rc::clone(self.made.get_or_init(|| {
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
        run: &Run<'_, '_>,
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let made = self.made(run)?;
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
