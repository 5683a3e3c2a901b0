//! Accounts for the memory that this crate holds for an evaluation, and limits it.
//!
//! Whatever holds rows, sets or terms reports its bytes before it takes more, a batch at a time, so that the limit is
//! passed by no more than one batch. The state of the general evaluator, spareval, cannot be seen from here.

use crate::sparql::error::SparqlError;
use std::cell::Cell;
use std::rc::Rc;

/// A consumer of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Result,
    Batches,
    Table,
    Distinct,
    Group,
    Sort,
    Path,
    Values,
    Triples,
    Graphs,
    Terms,
    Service,
    Changes,
}

impl Holder {
    const ALL: [Self; 13] = [
        Self::Result,
        Self::Batches,
        Self::Table,
        Self::Distinct,
        Self::Group,
        Self::Sort,
        Self::Path,
        Self::Values,
        Self::Triples,
        Self::Graphs,
        Self::Terms,
        Self::Service,
        Self::Changes,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Result => "the rows of the result",
            Self::Batches => "rows on their way between the steps",
            Self::Table => "a join by hash (a subquery, VALUES, MINUS)",
            Self::Distinct => "DISTINCT",
            Self::Group => "GROUP BY",
            Self::Sort => "ORDER BY",
            Self::Path => "a property path",
            Self::Values => "the values of expressions",
            Self::Triples => "the triples of CONSTRUCT",
            Self::Graphs => "the union of several graphs",
            Self::Terms => "computed terms",
            Self::Service => "the answers of services",
            Self::Changes => "the changes of an update",
        }
    }
}

/// The memory of one evaluation. Clones count together.
#[derive(Clone)]
pub(crate) struct Memory(Rc<State>);

struct State {
    limit: usize,
    total: Cell<usize>,
    held: [Cell<usize>; Holder::ALL.len()],
    /// The largest consumer when the limit was reached, and its size.
    most: Cell<Option<(Holder, usize)>>,
}

impl Memory {
    /// Starts a count, with a limit in bytes.
    pub(crate) fn new(limit: Option<usize>) -> Self {
        Self(Rc::new(State {
            limit: limit.unwrap_or(usize::MAX),
            total: Cell::default(),
            held: Default::default(),
            most: Cell::default(),
        }))
    }

    /// Returns a counter for the bytes of one collection, which releases them when it is dropped.
    pub(crate) fn hold(&self, holder: Holder) -> Held {
        Held {
            memory: self.clone(),
            holder,
            bytes: 0,
        }
    }

    /// Counts bytes that are held until the end.
    ///
    /// # Errors
    /// [`SparqlError::Memory`].
    pub(crate) fn keep(&self, holder: Holder, bytes: usize) -> Result<(), SparqlError> {
        self.change(holder, 0, bytes)
    }

    /// Sets how many bytes a holder has in all.
    ///
    /// # Errors
    /// [`SparqlError::Memory`].
    pub(crate) fn set(&self, holder: Holder, bytes: usize) -> Result<(), SparqlError> {
        let before = self.0.held[holder as usize].get();
        match before == bytes {
            true => Ok(()),
            false => self.change(holder, before, bytes),
        }
    }

    /// Returns the error for the limit of memory, if it was met.
    pub(crate) fn exceeded(&self) -> Option<SparqlError> {
        let (holder, held) = self.0.most.get()?;
        Some(SparqlError::Memory {
            limit: self.0.limit,
            step: holder.name(),
            held,
        })
    }

    fn change(&self, holder: Holder, before: usize, after: usize) -> Result<(), SparqlError> {
        let state = &*self.0;
        let changed = |cell: &Cell<usize>| (cell.get() - before).saturating_add(after);
        let (total, held) = (&state.total, &state.held[holder as usize]);
        if changed(total) > state.limit {
            let bytes = |one: Holder| match one == holder {
                true => changed(held),
                false => state.held[one as usize].get(),
            };
            let most = Holder::ALL.into_iter().max_by_key(|one| bytes(*one));
            state.most.set(most.map(|one| (one, bytes(one))));
            return self.exceeded().map_or(Ok(()), Err);
        }
        total.set(changed(total));
        held.set(changed(held));
        Ok(())
    }
}

/// The bytes of one collection.
pub(crate) struct Held {
    memory: Memory,
    holder: Holder,
    bytes: usize,
}

impl Held {
    /// Sets how many bytes it has.
    ///
    /// # Errors
    /// [`SparqlError::Memory`].
    pub(crate) fn set(&mut self, bytes: usize) -> Result<(), SparqlError> {
        if bytes != self.bytes {
            self.memory.change(self.holder, self.bytes, bytes)?;
            self.bytes = bytes;
        }
        Ok(())
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// [`SparqlError::Memory`].
    pub(crate) fn add(&mut self, bytes: usize) -> Result<(), SparqlError> {
        self.set(self.bytes.saturating_add(bytes))
    }

    /// Keeps the bytes counted until the end of the evaluation.
    pub(crate) fn keep(mut self) {
        self.bytes = 0;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let state = &*self.memory.0;
        for cell in [&state.total, &state.held[self.holder as usize]] {
            cell.set(cell.get() - self.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_what_holds_most() {
        let memory = Memory::new(Some(100));
        let mut sort = memory.hold(Holder::Sort);
        sort.set(70).unwrap();
        memory.keep(Holder::Terms, 20).unwrap();
        let error = memory.keep(Holder::Terms, 20).unwrap_err().to_string();
        assert!(
            error == "the query needs more than 100 bytes of memory, 70 bytes of it for ORDER BY",
            "{error}"
        );
        // Refused bytes are not held, and dropped ones are released.
        drop(sort);
        memory.keep(Holder::Terms, 80).unwrap();
        assert!(memory.keep(Holder::Terms, 1).is_err());
        memory.set(Holder::Terms, 10).unwrap();
        memory.hold(Holder::Path).set(90).unwrap();
        let mut kept = memory.hold(Holder::Path);
        kept.add(40).unwrap();
        kept.add(50).unwrap();
        kept.keep();
        assert!(memory.keep(Holder::Terms, 1).is_err());
        assert!(Memory::new(None).keep(Holder::Terms, usize::MAX).is_ok());
    }
}
