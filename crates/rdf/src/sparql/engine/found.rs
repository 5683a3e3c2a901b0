//! The rows of a query that were found on columns.

use crate::sparql::bytes::term_bytes;
use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::context::{Context, store_error};
use crate::sparql::error::SparqlError;
use crate::sparql::memory::Holder;
use crate::store::compiled::keys::Keys;
use crate::store::error::StoreError;
use oxigraph::model::{Term, Variable};
use std::ops::Range;

/// The rows of a query, their terms not looked up yet.
pub(crate) struct Found<'a> {
    pub(crate) context: Context<'a>,
    /// The columns in the order of `SELECT`.
    pub(crate) variables: Vec<Variable>,
    pub(crate) slots: Vec<usize>,
    pub(crate) rows: Batch,
    /// The plan as text; empty unless requested.
    pub(crate) plan: Vec<String>,
}

impl<'a> Found<'a> {
    /// Returns how many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len
    }

    /// Returns the different terms in all of the rows, by their numbers.
    pub(crate) fn distinct_terms(self) -> Result<Vec<Term>, SparqlError> {
        let memory = &self.context.memory;
        let columns = self.slots.iter().map(|slot| &self.rows.columns[*slot]);
        let mut held = memory.hold(Holder::Result);
        held.set(self.rows.len * self.slots.len() * size_of::<u32>())?;
        let mut numbers: Vec<u32> = columns.flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut terms = Vec::new();
        for number in numbers {
            if let Some(term) = self.context.term(number).map_err(store_error)? {
                memory.keep(Holder::Result, term_bytes(Some(term.as_ref())))?;
                terms.push(term);
            }
        }
        Ok(terms)
    }

    /// Puts the keys of the terms of some rows into `keys`, column by column.
    pub(crate) fn keys(&self, rows: Range<usize>, keys: &mut Keys) -> Result<(), StoreError> {
        let column = |slot: &usize| rows.clone().map(|row| self.rows.get(*slot, row)).collect();
        let columns: Vec<Vec<u32>> = self.slots.iter().map(column).collect();
        self.context.dataset.keys(&columns, keys)
    }
}
