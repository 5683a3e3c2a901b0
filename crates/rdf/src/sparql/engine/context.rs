//! The context that all steps of one evaluation share.

use crate::sparql::cancellation::Cancellation;
use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Holder, Memory};
use crate::sparql::service::Answers;
use crate::store::compiled::dataset::CompiledDataset;
use crate::store::compiled::kind::Kind;
use crate::store::error::StoreError;
use crate::store::query_term::QueryTerm;
use crate::store::read::ReadDataset;
use oxigraph::model::Term;
use oxigraph::sparql::QueryEvaluationError;
use oxiri::Iri;
use spareval::{ExpressionTerm, QueryEvaluator, QueryableDataset};
use std::cell::RefCell;

/// Whether more rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Go,
    Stop,
}

/// The consumer of the rows of a step.
pub(crate) type Sink<'s> = dyn FnMut(&Batch) -> Result<Flow, SparqlError> + 's;

/// Whole numbers below this are small.
const SMALL: usize = 1 << 10;

/// The dataset, limits and services of one evaluation.
pub(crate) struct Context<'a> {
    pub(crate) dataset: CompiledDataset<'a>,
    pub(crate) cancellation: Cancellation,
    pub(crate) memory: Memory,
    /// Evaluates expressions that this engine does not support.
    pub(crate) evaluator: QueryEvaluator,
    pub(crate) base_iri: Option<Iri<String>>,
    /// The numbers of small whole numbers, which lengths and counts mostly are.
    pub(crate) small: RefCell<Vec<u32>>,
    /// The nesting depth of the query.
    pub(crate) levels: usize,
    /// The answers of services.
    pub(crate) answers: Answers,
}

impl Context<'_> {
    /// An error if the evaluation was cancelled.
    pub(crate) fn check(&self) -> Result<(), SparqlError> {
        if self.cancellation.is_cancelled() {
            return Err(SparqlError::Cancelled);
        }
        Ok(())
    }

    /// Returns the kind of a number, if it is one of the file.
    #[inline]
    pub(crate) fn kind(&self, number: u32) -> Option<Kind> {
        let terms = self.dataset.store().terms();
        (number < terms.len()).then(|| terms.kind(number))
    }

    /// Returns the integer of a number, if it is one of the file.
    #[inline]
    pub(crate) fn integer(&self, number: u32) -> Result<Option<i64>, SparqlError> {
        let store = self.dataset.store();
        let range = store.terms().range(Kind::Integer);
        if !range.contains(&number) {
            return Ok(None);
        }
        let integers = store.terms().integers(store.pages()).map_err(store_error)?;
        Ok(Some(integers[(number - range.start) as usize]))
    }

    /// Returns the value of a number, as expressions have it; `None` for [`UNBOUND`].
    pub(crate) fn value(&self, number: u32) -> Result<Option<ExpressionTerm>, SparqlError> {
        if let Some(value) = self.integer(number)? {
            return Ok(Some(ExpressionTerm::IntegerLiteral(value.into())));
        }
        match QueryTerm::of_number(number) {
            Some(term) => {
                let value = self.dataset.externalize_expression_term(term);
                value.map(Some).map_err(store_error)
            }
            None => Ok(None),
        }
    }

    /// Returns the term of a number; `None` for [`UNBOUND`].
    pub(crate) fn term(&self, number: u32) -> Result<Option<Term>, StoreError> {
        let term = QueryTerm::of_number(number);
        term.map(|term| self.dataset.externalize_term(term))
            .transpose()
    }

    /// Returns the number of a value.
    pub(crate) fn number_of_value(
        &self,
        value: Option<ExpressionTerm>,
    ) -> Result<u32, SparqlError> {
        let Some(value) = value else {
            return Ok(UNBOUND);
        };
        let small = match &value {
            ExpressionTerm::IntegerLiteral(value) => usize::try_from(i64::from(*value)).ok(),
            _ => None,
        };
        let small = small.filter(|value| *value < SMALL);
        let known = small.and_then(|value| self.small.borrow().get(value).copied());
        if let Some(number) = known.filter(|number| *number != UNBOUND) {
            return Ok(number);
        }
        let number = self.numbered(self.dataset.internalize_expression_term(value))?;
        if let Some(value) = small {
            let mut known = self.small.borrow_mut();
            known.resize(SMALL, UNBOUND);
            known[value] = number;
        }
        Ok(number)
    }

    /// Returns the number of a term.
    pub(crate) fn number_of_term(&self, term: Term) -> Result<u32, SparqlError> {
        let term = self.dataset.internalize_term(term);
        self.numbered(term)
    }

    /// Returns the number of a term that may have been added to those that the query computed.
    fn numbered(&self, term: Result<QueryTerm, StoreError>) -> Result<u32, SparqlError> {
        let number = term.map_err(store_error)?.number();
        let computed = self.dataset.computed_bytes();
        self.memory.set(Holder::Terms, computed)?;
        Ok(number)
    }
}

/// Returns an error of the store as one of an evaluation.
pub(crate) fn store_error(error: StoreError) -> SparqlError {
    SparqlError::Evaluation(QueryEvaluationError::Dataset(Box::new(error)))
}
