//! Calls the services of a query before it is evaluated.
//!
//! Each call is made once, however often the evaluator reads the answer.
//! By then the variables with a value in each row are known: an answer may leave cells empty, and the evaluator would
//! take every variable of a block for bound.

use crate::sparql::algebra::visit;
use crate::sparql::bytes::term_bytes;
use crate::sparql::error::SparqlError;
use crate::sparql::evaluation::Evaluation;
use crate::sparql::memory::Holder;
use crate::sparql::service::{Call, Services};
use oxigraph::model::Term;
use spargebra::algebra::GraphPattern;
use spargebra::term::NamedNodePattern;

/// Calls the services of a query and puts, in the place of each call, a pattern that reads its answer.
///
/// `limit` is how many rows of the query are read; `None` for all of them. Only the call whose rows are those of the
/// query learns of it: any other, as one inside `EXISTS`, would change what the rows say.
///
/// # Errors
/// Those of the services, unless the block is `SILENT`; a service that is named by a variable.
pub(crate) fn answer(
    pattern: &mut GraphPattern,
    services: &Services,
    limit: Option<usize>,
    run: &mut Evaluation,
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
    run: &mut Evaluation,
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
    // The evaluator reports unknown services.
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
