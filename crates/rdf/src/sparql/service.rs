//! Services: what a query calls by `SERVICE <iri> { … }`, answered inside this process.

use crate::sparql::cancellation::Cancellation;
use oxigraph::model::{Term, Variable};
use oxigraph::sparql::QuerySolutionIter;
use oxiri::Iri;
use spareval::ServiceHandler;
use spargebra::algebra::GraphPattern;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;

/// One call of a service.
pub struct Call<'a> {
    /// The pattern inside the block, the parameters of the query already put in. No other bindings come in from
    /// outside.
    pub pattern: &'a GraphPattern,
    /// Long work stops when this is cancelled, and the call fails.
    pub cancellation: &'a Cancellation,
    /// The number of rows that the query reads at most; `None` if it may read them all.
    pub rows_wanted: Option<usize>,
}

/// The rows that a service returns. The evaluator joins them with the rest of the query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceAnswer {
    /// The columns.
    pub variables: Vec<Variable>,
    /// The rows, with a value or nothing in each column.
    pub rows: Vec<Vec<Option<Term>>>,
    /// Notices for the caller.
    pub notices: Vec<Notice>,
}

/// Something that the caller has to know about the rows of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The IRI of the service that says it.
    pub service: String,
    /// What it says: each language's tag and the text in it.
    pub texts: Vec<(&'static str, String)>,
}

impl Notice {
    /// Returns the text in a language, or the first one.
    pub fn text(&self, tag: &str) -> &str {
        let wanted = self.texts.iter().find(|(known, _)| *known == tag);
        let text = wanted.or_else(|| self.texts.first());
        text.map_or("", |(_, text)| text)
    }
}

/// Something that a query can call by `SERVICE <iri> { … }`.
pub trait Service: Send + Sync {
    /// Answers one call.
    ///
    /// # Errors
    /// Any error; the evaluator adds the name of the service.
    fn call(&self, call: &Call<'_>) -> Result<ServiceAnswer, Box<dyn Error + Send + Sync>>;
}

/// The services of an evaluator by their IRIs.
pub(crate) type Services = BTreeMap<String, Arc<dyn Service>>;

/// An answer kept for the evaluation.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) variables: Arc<[Variable]>,
    pub(crate) rows: Arc<[Vec<Option<Term>>]>,
}

/// Answers by the names that stand in the place of the calls.
pub(crate) type Answers = BTreeMap<String, Kept>;

impl ServiceHandler for Kept {
    type Error = Infallible;

    fn handle(
        &self,
        _: &GraphPattern,
        _: Option<&Iri<String>>,
    ) -> Result<QuerySolutionIter<'static>, Infallible> {
        let rows = Arc::clone(&self.rows);
        let rows = (0..rows.len()).map(move |place| Ok(rows[place].clone()));
        Ok(QuerySolutionIter::from_tuples(
            Arc::clone(&self.variables),
            rows,
        ))
    }
}
