//! What can go wrong between the text of a query and the last row of its result.

use crate::sparql::syntax::SyntaxError;
use oxigraph::model::NamedNode;
use oxigraph::sparql::QueryEvaluationError;
use std::error::Error;
use std::io;
use std::time::Duration;

/// An error of the SPARQL floor.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SparqlError {
    /// The text is not SPARQL; prints with line, column, the line itself and a hint.
    #[error(transparent)]
    Syntax(#[from] Box<SyntaxError>),
    /// The evaluation took longer than the limit.
    #[error(
        "the query was stopped after {limit:?}\nhint: ask for less (LIMIT, a bound player, a shorter path) or allow more time"
    )]
    Timeout {
        /// The limit that was set.
        limit: Duration,
    },
    /// The caller cancelled the evaluation.
    #[error("the query was cancelled")]
    Cancelled,
    /// A `SERVICE` block names something that is not registered.
    #[error("no service <{service}> here: {}", services_hint(.known))]
    UnsupportedService {
        /// The IRI in the query.
        service: String,
        /// The services that are registered, sorted.
        known: Vec<String>,
    },
    /// A registered service failed.
    #[error("service <{service}>: {source}")]
    Service {
        /// The IRI of the service.
        service: String,
        /// Its own error.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A parameter was given that the query does not use.
    #[error("the query has no variable ?{name}: {}", variables_hint(.variables))]
    UnknownParameter {
        /// The name that was given.
        name: String,
        /// The variables of the query, sorted.
        variables: Vec<String>,
    },
    /// A parameter was given for a variable that the query computes itself.
    #[error(
        "?{name} cannot be given from outside: the query assigns it (BIND, AS or an aggregate)\nhint: give a value to a variable that the query only reads"
    )]
    AssignedParameter {
        /// The variable.
        name: String,
    },
    /// A parameter's value is a blank node, which in a query would match anything.
    #[error("?{name} cannot be a blank node: expected an IRI or a literal")]
    BlankParameter {
        /// The variable.
        name: String,
    },
    /// Two values were given for one parameter.
    #[error("?{name} was given more than once")]
    RepeatedParameter {
        /// The variable.
        name: String,
    },
    /// `LOAD` in an update: nothing here reads files or the network.
    #[error(
        "LOAD <{iri}> is refused: an update reads no file and no address\nhint: import the data first (powermap import), then update"
    )]
    Load {
        /// The address in the update.
        iri: String,
    },
    /// `CREATE GRAPH` for a graph that holds triples already.
    #[error(
        "the graph {0} exists already\nhint: CREATE SILENT GRAPH {0} accepts an existing graph"
    )]
    GraphExists(NamedNode),
    /// A result cannot be written in the format that was asked for.
    #[error("a {kind} result cannot be written as {format}: expected one of {expected}")]
    Format {
        /// What the query gives: rows, a yes or no, a graph.
        kind: &'static str,
        /// The name of the format.
        format: &'static str,
        /// The names of the formats that fit.
        expected: String,
    },
    /// A base IRI or a prefix is not an IRI.
    #[error("{what} {text:?} is not a valid IRI: {reason}")]
    InvalidIri {
        /// What the text was given for.
        what: String,
        /// The text.
        text: String,
        /// Why it is none.
        reason: String,
    },
    /// Any other error of the evaluator.
    #[error(transparent)]
    Evaluation(QueryEvaluationError),
    /// Writing failed, or a thread could not be started.
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn services_hint(known: &[String]) -> String {
    if known.is_empty() {
        "none is registered, and queries never reach the network".to_owned()
    } else {
        let known: Vec<_> = known.iter().map(|iri| format!("<{iri}>")).collect();
        format!(
            "queries never reach the network; the registered services are {}",
            known.join(", ")
        )
    }
}

fn variables_hint(variables: &[String]) -> String {
    if variables.is_empty() {
        "it has no variables at all".to_owned()
    } else {
        let names: Vec<_> = variables.iter().map(|name| format!("?{name}")).collect();
        format!("it has {}", names.join(", "))
    }
}
