//! Services: what a query calls by `SERVICE <iri> { … }`, answered inside this process.
//!
//! The calls of a query are answered before it is evaluated, each once, however often the evaluator reads the answer.
//! So it is known by then which variables have a value in each row: an answer may leave cells empty, and the evaluator
//! would take every variable of a block for bound.

use crate::sparql::algebra::visit;
use crate::sparql::cancellation::Cancellation;
use crate::sparql::error::SparqlError;
use crate::sparql::evaluator::Run;
use crate::sparql::memory::{Holder, term_bytes};
use oxigraph::model::{NamedNode, Term, Variable};
use oxigraph::sparql::QuerySolutionIter;
use oxiri::Iri;
use spareval::ServiceHandler;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TriplePattern};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::mem::replace;
use std::sync::Arc;

/// One call of a service.
pub struct Call<'a> {
    /// The pattern inside the block, the parameters of the query already put in. No other bindings come in from
    /// outside.
    pub pattern: &'a GraphPattern,
    /// Long work stops when this is cancelled, and the call fails.
    pub cancellation: &'a Cancellation,
    /// How many rows are enough: the query reads the first ones only. Nothing where it may read them all.
    pub rows_wanted: Option<usize>,
}

/// The rows that a service gives. The evaluator joins them with the rest of the query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceAnswer {
    /// The columns.
    pub variables: Vec<Variable>,
    /// The rows, with a value or nothing in each column.
    pub rows: Vec<Vec<Option<Term>>>,
    /// What the caller has to know about them.
    pub notices: Vec<Notice>,
}

/// Something that the caller has to know about the rows of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The IRI of the service that says it.
    pub service: String,
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// Something that a query can call by `SERVICE <iri> { … }`.
pub trait Service: Send + Sync {
    /// Answers one call.
    ///
    /// # Errors
    /// Whatever went wrong; the evaluator adds the name of the service.
    fn call(&self, call: &Call<'_>) -> Result<ServiceAnswer, Box<dyn Error + Send + Sync>>;
}

/// The services of an evaluator by their IRIs.
pub(crate) type Services = BTreeMap<String, Arc<dyn Service>>;

/// Calls the services of a query and puts, in the place of each call, a pattern that reads its answer.
///
/// `limit` is how many rows of the query are read; nothing for all of them. Only the call whose rows are those of the
/// query learns of it: any other, as one inside `EXISTS`, would change what the rows say.
///
/// # Errors
/// Those of the services, unless the block is `SILENT`; a service that is named by a variable.
pub(crate) fn answer(
    pattern: &mut GraphPattern,
    services: &Services,
    limit: Option<usize>,
    run: &mut Run,
) -> Result<(), SparqlError> {
    // The call that the rows come from is visited first: inner patterns come before expressions.
    let mut rows_wanted = rows_wanted(pattern, limit);
    let mut failure = None;
    visit(pattern, &mut |pattern| {
        let is_call = matches!(pattern, GraphPattern::Service { .. });
        if is_call
            && failure.is_none()
            && let Err(error) = answer_one(pattern, services, rows_wanted.take(), run)
        {
            failure = Some(error);
        }
    });
    failure.map_or(Ok(()), Err)
}

fn answer_one(
    pattern: &mut GraphPattern,
    services: &Services,
    rows_wanted: Option<usize>,
    run: &mut Run,
) -> Result<(), SparqlError> {
    let GraphPattern::Service {
        name,
        inner,
        silent,
    } = pattern
    else {
        return Ok(());
    };
    let NamedNodePattern::NamedNode(iri) = name else {
        return Err(SparqlError::VariableService(name.to_string()));
    };
    // The evaluator says what it does not know.
    let Some(service) = services.get(iri.as_str()) else {
        return Ok(());
    };
    run.guard.watch()?;
    let cancellation = run.guard.cancellation();
    let answer = service.call(&Call {
        pattern: inner,
        cancellation: &cancellation,
        rows_wanted,
    });
    if let Some(timeout) = run.guard.expired() {
        return Err(timeout);
    }
    if cancellation.is_cancelled() {
        return Err(SparqlError::Cancelled);
    }
    match answer {
        Ok(answer) => {
            let cells = answer.rows.iter().flatten();
            let bytes = cells
                .map(|term| term_bytes(term.as_ref().map(Term::as_ref)))
                .sum();
            run.guard.memory().keep(Holder::Service, bytes)?;
            *pattern = run.keep(answer, iri);
        }
        // A failure of a silent block is one solution without bindings.
        Err(_) if *silent => {
            *pattern = GraphPattern::Bgp {
                patterns: Vec::new(),
            }
        }
        Err(source) => {
            return Err(SparqlError::Service {
                service: iri.as_str().to_owned(),
                source,
            });
        }
    }
    Ok(())
}

impl Run {
    /// Keeps an answer for the evaluator, and gives the pattern that reads it.
    fn keep(&mut self, answer: ServiceAnswer, service: &NamedNode) -> GraphPattern {
        let name = format!("{}#{}", service.as_str(), self.kept.len() + 1);
        let name = NamedNode::new_unchecked(name);
        let pattern = GraphPattern::Service {
            name: name.clone().into(),
            inner: Box::new(shape(&answer)),
            silent: false,
        };
        self.guard.add_notices(answer.notices);
        let kept = Kept {
            variables: answer.variables.into(),
            rows: answer.rows.into(),
        };
        self.kept.insert(name.as_str().to_owned(), kept.clone());
        let evaluator = replace(&mut self.evaluator, spareval::QueryEvaluator::new());
        self.evaluator = evaluator.with_service_handler(name, kept);
        pattern
    }

    /// Returns the pattern that gives some nodes to the evaluator, one in each row.
    pub(crate) fn keep_nodes(&mut self, nodes: Vec<Term>) -> GraphPattern {
        let answer = ServiceAnswer {
            variables: vec![Variable::new_unchecked("node")],
            rows: nodes.into_iter().map(|node| vec![Some(node)]).collect(),
            notices: Vec::new(),
        };
        self.keep(answer, &NamedNode::new_unchecked("urn:x-powermap:nodes"))
    }
}

/// Returns a pattern that binds the variables that have a value in all rows of an answer, and may bind the others.
fn shape(answer: &ServiceAnswer) -> GraphPattern {
    let any = NamedNode::new_unchecked("urn:x-powermap:any");
    let (mut full, mut partial) = (Vec::new(), Vec::new());
    for (place, variable) in answer.variables.iter().enumerate() {
        let is_full = answer.rows.iter().all(|row| row[place].is_some());
        let columns = if is_full { &mut full } else { &mut partial };
        columns.push(TriplePattern {
            subject: any.clone().into(),
            predicate: any.clone().into(),
            object: variable.clone().into(),
        });
    }
    GraphPattern::LeftJoin {
        left: Box::new(GraphPattern::Bgp { patterns: full }),
        right: Box::new(GraphPattern::Bgp { patterns: partial }),
        expression: None,
    }
}

/// An answer that is there already.
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

/// Returns how many rows of a call a query reads at most, if `limit` of its own rows are read: known where the rows of
/// the call become those of the query one by one.
fn rows_wanted(pattern: &GraphPattern, limit: Option<usize>) -> Option<usize> {
    match pattern {
        GraphPattern::Service { .. } => limit,
        GraphPattern::Project { inner, .. } | GraphPattern::Extend { inner, .. } => {
            rows_wanted(inner, limit)
        }
        GraphPattern::Slice {
            inner,
            start,
            length,
        } => {
            let both = [limit, *length].into_iter().flatten().min();
            rows_wanted(inner, both.map(|rows| rows.saturating_add(*start)))
        }
        _ => None,
    }
}
