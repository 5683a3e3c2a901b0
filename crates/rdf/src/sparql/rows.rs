//! The results of a query while they are computed.

use crate::sparql::cancellation::Cancellation;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::Memory;
use crate::sparql::nesting;
use crate::sparql::service::Notice;
use crate::sparql::solutions::{Row, Solutions};
use crate::sparql::watchdog::Watchdog;
use oxigraph::model::Variable;
use oxigraph::sparql::{QueryEvaluationError, QueryTripleIter};
use std::time::{Duration, Instant};

/// The results of a query.
pub enum Results<'a> {
    /// The rows of `SELECT`.
    Solutions(Rows<Solutions<'a>>),
    /// The answer of `ASK`.
    Boolean(bool),
    /// The triples of `CONSTRUCT` or `DESCRIBE`.
    Graph(Rows<QueryTripleIter<'a>>),
}

/// Rows or triples, computed one by one within the limits of the evaluator.
pub struct Rows<I> {
    inner: I,
    guard: Guard,
    /// The number of rows left within the limit.
    left: Option<usize>,
    is_cut: bool,
    is_done: bool,
    /// The number of rows requested so far.
    asked: usize,
}

/// Number of rows between two checks of the clock, where no watchdog runs.
const ROWS_UNWATCHED: usize = 64;

impl<I> Rows<I> {
    pub(crate) fn new(inner: I, limit: Option<usize>, guard: Guard) -> Self {
        Self {
            inner,
            guard,
            left: limit,
            is_cut: false,
            is_done: false,
            asked: 0,
        }
    }

    /// Returns whether the row limit left rows out; known once the iteration has ended.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// How the rows are made, if [`Evaluator::with_plans`](crate::sparql::evaluator::Evaluator::with_plans) asked for
    /// it: a line for each step on columns, the last one first, with how many rows it made; or why the general
    /// evaluator, spareval, makes them. Empty for stores without columns.
    pub fn plan(&self) -> &[String] {
        &self.guard.plan
    }

    /// Returns the counter of the bytes of the evaluation.
    pub(crate) fn memory(&self) -> Memory {
        self.guard.memory()
    }

    /// Returns the notices of the services that the query called.
    pub fn notices(&self) -> &[Notice] {
        &self.guard.notices
    }
}

impl Rows<Solutions<'_>> {
    /// Returns the columns, in the order of `SELECT`.
    pub fn variables(&self) -> &[Variable] {
        self.inner.variables()
    }

    /// Returns the next row without copies of its terms; the iterator gives rows to keep.
    ///
    /// ```
    /// use powermap_rdf::{Evaluator, Format, MemoryStore, ReadStore, Results, rdf};
    ///
    /// let text = b"<x:ada> <x:funds> <x:babbage>, <x:engine> .";
    /// let store = MemoryStore::from_quads(rdf::parse(text, Format::Turtle, "deals.ttl")?);
    /// let query = "SELECT ?whom { <x:ada> <x:funds> ?whom }";
    /// let Results::Solutions(mut rows) = Evaluator::new().query(store.dataset(), query, &[])? else {
    ///     unreachable!("SELECT gives rows");
    /// };
    /// let mut characters = 0;
    /// while let Some(row) = rows.next_row() {
    ///     characters += row?.get(0).map_or(0, |whom| whom.to_string().len());
    /// }
    /// assert_eq!(characters, "<x:babbage>".len() + "<x:engine>".len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_row(&mut self) -> Option<Result<Row<'_>, SparqlError>> {
        match self.step(Solutions::advance)? {
            Ok(()) => Some(Ok(self.inner.row())),
            Err(error) => Some(Err(error)),
        }
    }
}

impl<T, I: Iterator<Item = Result<T, QueryEvaluationError>>> Iterator for Rows<I> {
    type Item = Result<T, SparqlError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step(Iterator::next)
    }
}

impl<I> Rows<I> {
    /// Returns the next row or triple, within the limits.
    fn step<T>(
        &mut self,
        next: impl FnOnce(&mut I) -> Option<Result<T, QueryEvaluationError>>,
    ) -> Option<Result<T, SparqlError>> {
        if self.is_done {
            return None;
        }
        // The token does not interrupt work that reads no triple, so the deadline is checked here too.
        let is_watched = self.guard.is_watched() || self.asked.is_multiple_of(ROWS_UNWATCHED);
        self.asked += 1;
        let expired = if is_watched {
            self.guard.expired()
        } else {
            None
        };
        let next = match expired {
            Some(error) => Some(Err(error)),
            None => nesting::with_room(self.guard.levels, || next(&mut self.inner))
                .map(|row| row.map_err(|error| self.guard.explain(error))),
        };
        match &next {
            // Rows after an error cannot be trusted.
            None | Some(Err(_)) => self.is_done = true,
            Some(Ok(_)) => match &mut self.left {
                Some(0) => {
                    self.is_cut = true;
                    self.is_done = true;
                    return None;
                }
                Some(left) => *left -= 1,
                None => {}
            },
        }
        next
    }
}

/// Enforces the limits of one evaluation, and turns errors of spareval into [`SparqlError`].
pub(crate) struct Guard {
    /// The time limit and the deadline that follows from it.
    limit: Option<(Duration, Instant)>,
    watchdog: Option<Watchdog>,
    cancellation: Cancellation,
    memory: Memory,
    services: Vec<String>,
    notices: Vec<Notice>,
    pub(crate) plan: Vec<String>,
    /// The nesting depth of the query.
    pub(crate) levels: usize,
}

impl Guard {
    pub(crate) fn start(
        limit: Option<Duration>,
        cancellation: Cancellation,
        memory: Memory,
        services: Vec<String>,
    ) -> Self {
        // A limit beyond the range of the clock is no limit.
        let limit = limit.and_then(|limit| Some((limit, Instant::now().checked_add(limit)?)));
        Self {
            cancellation: match limit {
                Some((_, deadline)) => cancellation.until(Some(deadline)),
                None => cancellation,
            },
            limit,
            watchdog: None,
            memory,
            services,
            notices: Vec::new(),
            plan: Vec::new(),
            levels: 0,
        }
    }

    /// Starts the watchdog, which cancels work that does not check the clock itself, if there is a limit.
    ///
    /// # Errors
    /// When the system refuses another thread.
    pub(crate) fn watch(&mut self) -> Result<(), SparqlError> {
        if let (Some((_, deadline)), None) = (self.limit, &self.watchdog) {
            let cancellation = self.cancellation.clone();
            let left = deadline.saturating_duration_since(Instant::now());
            self.watchdog = Some(Watchdog::start(left, move || cancellation.cancel())?);
        }
        Ok(())
    }

    fn is_watched(&self) -> bool {
        self.watchdog.is_some()
    }

    /// Returns the flag that the watchdog raises.
    pub(crate) fn cancellation(&self) -> Cancellation {
        self.cancellation.clone()
    }

    /// Returns the counter of the bytes of the evaluation.
    pub(crate) fn memory(&self) -> Memory {
        self.memory.clone()
    }

    /// Keeps what a service has to say.
    pub(crate) fn add_notices(&mut self, notices: Vec<Notice>) {
        for notice in notices {
            if !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
    }

    /// Returns the error for a timeout, if the time is over.
    pub(crate) fn expired(&self) -> Option<SparqlError> {
        let (limit, deadline) = self.limit?;
        let is_called_off = |watchdog: &Watchdog| watchdog.expired().is_some();
        let is_over =
            self.watchdog.as_ref().is_some_and(is_called_off) || Instant::now() >= deadline;
        is_over.then_some(SparqlError::Timeout { limit })
    }

    /// Converts an error of spareval, with the limit that caused it where there is one.
    pub(crate) fn explain(&self, error: QueryEvaluationError) -> SparqlError {
        if let Some(timeout) = self.expired() {
            return timeout;
        }
        if self.cancellation.is_cancelled() {
            return SparqlError::Cancelled;
        }
        if let Some(exceeded) = self.memory.exceeded() {
            return exceeded;
        }
        match error {
            QueryEvaluationError::UnsupportedService(service) => SparqlError::UnsupportedService {
                service: service.into_string(),
                known: self.services.clone(),
            },
            error => SparqlError::Evaluation(error),
        }
    }
}
