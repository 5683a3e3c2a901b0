//! The rows of `SELECT` while they are read.

use crate::sparql::engine::Found;
use crate::store::compiled::keys::Keys;
use crate::store::term_key;
use oxigraph::model::{Term, TermRef, Variable};
use oxigraph::sparql::{QueryEvaluationError, QuerySolution, QuerySolutionIter};
use std::ops::Range;
use std::sync::Arc;

/// Number of rows decoded per batch.
const ROWS: usize = 256;

/// The rows of `SELECT`, one by one.
pub struct Solutions<'a> {
    variables: Arc<[Variable]>,
    source: Source<'a>,
}

enum Source<'a> {
    /// Rows that come with their terms; the last one that came.
    Terms(QuerySolutionIter<'a>, Option<QuerySolution>),
    Numbers(Box<Numbers<'a>>),
}

/// Rows whose terms are looked up while they are read.
struct Numbers<'a> {
    found: Found<'a>,
    /// The rows that were looked up, and their keys column by column.
    read: Range<usize>,
    keys: Keys,
    /// The last row that came.
    row: usize,
    next: usize,
}

/// A row that is still where it was read: [`Rows::next_row`](crate::sparql::rows::Rows::next_row).
#[derive(Clone, Copy)]
pub struct Row<'r> {
    width: usize,
    cells: Cells<'r>,
}

#[derive(Clone, Copy)]
enum Cells<'r> {
    Terms(&'r [Option<Term>]),
    /// Keys, and where the first one of the row is and how far apart they are.
    Keys(&'r Keys, usize, usize),
}

impl<'r> Row<'r> {
    /// Returns how many columns there are.
    pub fn len(&self) -> usize {
        self.width
    }

    /// Returns whether there are no columns.
    pub fn is_empty(&self) -> bool {
        self.width == 0
    }

    /// Returns the term in a column; `None` where it has no value, or where there is no such column.
    pub fn get(&self, column: usize) -> Option<TermRef<'r>> {
        match self.cells {
            Cells::Terms(terms) => Some(terms.get(column)?.as_ref()?.as_ref()),
            Cells::Keys(..) if column >= self.width => None,
            Cells::Keys(keys, first, apart) => {
                keys.get(first + column * apart).map(term_key::term_ref)
            }
        }
    }

    /// Returns the terms of all columns.
    pub fn iter(&self) -> impl Iterator<Item = Option<TermRef<'r>>> + use<'r> {
        let row = *self;
        (0..row.width).map(move |column| row.get(column))
    }
}

impl<'a> Solutions<'a> {
    pub(crate) fn of_terms(rows: QuerySolutionIter<'a>) -> Self {
        Self {
            variables: rows.variables().into(),
            source: Source::Terms(rows, None),
        }
    }

    pub(crate) fn of_numbers(found: Found<'a>) -> Self {
        Self {
            variables: found.variables.clone().into(),
            source: Source::Numbers(Box::new(Numbers {
                found,
                read: 0..0,
                keys: Keys::default(),
                row: 0,
                next: 0,
            })),
        }
    }

    pub(crate) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Goes on to the next row, if there is one.
    pub(crate) fn advance(&mut self) -> Option<Result<(), QueryEvaluationError>> {
        match &mut self.source {
            Source::Terms(rows, last) => {
                let row = rows.next()?;
                Some(row.map(|row| *last = Some(row)))
            }
            Source::Numbers(numbers) => numbers.advance(),
        }
    }

    /// Returns the current row, after [`Solutions::advance`].
    pub(crate) fn row(&self) -> Row<'_> {
        let cells = match &self.source {
            Source::Terms(_, last) => Cells::Terms(last.as_ref().map_or(&[], |row| row.values())),
            Source::Numbers(numbers) => {
                let first = numbers.row - numbers.read.start;
                Cells::Keys(&numbers.keys, first, numbers.read.len())
            }
        };
        Row {
            width: self.variables.len(),
            cells,
        }
    }
}

impl Numbers<'_> {
    fn advance(&mut self) -> Option<Result<(), QueryEvaluationError>> {
        if self.next >= self.found.len() {
            return None;
        }
        if self.next >= self.read.end {
            let read = self.next..self.found.len().min(self.next + ROWS);
            if let Err(error) = self.found.keys(read.clone(), &mut self.keys) {
                return Some(Err(QueryEvaluationError::Dataset(Box::new(error))));
            }
            self.read = read;
        }
        self.row = self.next;
        self.next += 1;
        Some(Ok(()))
    }
}

impl Iterator for Solutions<'_> {
    type Item = Result<QuerySolution, QueryEvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.advance()? {
            return Some(Err(error));
        }
        if let Source::Terms(_, last) = &mut self.source {
            return last.take().map(Ok);
        }
        let terms = self.row().iter().map(|term| term.map(TermRef::into_owned));
        let terms: Vec<Option<Term>> = terms.collect();
        Some(Ok((Arc::clone(&self.variables), terms).into()))
    }
}
