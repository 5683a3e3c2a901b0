//! Errors of queries, updates and validation: a message with the place, and a hint as data.

use crate::hint::Hint;
use crate::sparql::bytes::in_words;
use crate::sparql::nesting;
use crate::sparql::shapes::error::ShapesError;
use crate::sparql::syntax::SyntaxError;
use crate::spelling::nearest;
use crate::store::error::StoreError;
use oxigraph::model::NamedNode;
use oxigraph::sparql::QueryEvaluationError;
use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why a query or an update has no answer. [`SparqlError::hint`] says what to try.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SparqlError {
    /// The text is not SPARQL; prints with line, column and the line itself.
    #[error(transparent)]
    Syntax(#[from] Box<SyntaxError>),
    /// The evaluation took longer than the limit.
    #[error("the query was stopped after {limit:?}")]
    Timeout {
        /// The limit that was set.
        limit: Duration,
    },
    /// The evaluation would have held more memory than the limit.
    #[error(
        "the query needs more than {} of memory, {} of it for {step}",
        in_words(*.limit),
        in_words(*.held)
    )]
    Memory {
        /// The limit that was set, in bytes.
        limit: usize,
        /// The largest consumer.
        step: &'static str,
        /// Its size in bytes.
        held: usize,
    },
    /// The query is nested too deep for any stack.
    #[error("the query is nested too deep: {levels} levels, at most {limit} can be evaluated")]
    Nesting {
        /// The depth of the query.
        levels: usize,
        /// The greatest depth allowed.
        limit: usize,
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
    /// A `SERVICE` block is named by a variable.
    #[error("SERVICE {0} is not allowed: name the service by its IRI")]
    VariableService(String),
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
        "?{name} cannot be given from outside: the query assigns it (BIND, AS or an aggregate)"
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
    #[error("LOAD <{iri}> is refused: an update reads no file and no address")]
    Load {
        /// The address in the update.
        iri: String,
    },
    /// `CREATE GRAPH` for a graph that holds triples already.
    #[error("the graph {0} exists already")]
    GraphExists(NamedNode),
    /// A result cannot be written in the requested format.
    #[error("a {kind} result cannot be written as {format}: expected one of {expected}")]
    Format {
        /// The kind of result: rows, a yes or no, a graph.
        kind: &'static str,
        /// The name of the format.
        format: &'static str,
        /// The names of the formats that fit.
        expected: String,
    },
    /// A base IRI or a prefix is not an IRI.
    #[error("{what} {text:?} is not a valid IRI: {reason}")]
    InvalidIri {
        /// The purpose of the text.
        what: String,
        /// The text.
        text: String,
        /// The reason.
        reason: String,
    },
    /// An error in the file of a named query.
    #[error("{path}:{line}:{column}: {message}")]
    Catalogue {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// The problem, and what was expected.
        message: String,
    },
    /// A file or folder of named queries cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no named query of this name.
    #[error("no query is named {name:?}")]
    UnknownQuery {
        /// The name.
        name: String,
        /// Names that look alike, the nearest first.
        similar: Vec<String>,
        /// All names, sorted.
        known: Vec<String>,
    },
    /// A parameter was given that a named query does not declare.
    #[error("the query {query} has no parameter {name:?}: it takes {}", list_or_none(.known))]
    UndeclaredParameter {
        /// The query.
        query: String,
        /// The name that was given.
        name: String,
        /// The parameters that it has, with their types.
        known: Vec<String>,
    },
    /// A required parameter of a named query was not given.
    #[error("the query {query} needs the parameter {parameter}")]
    MissingParameter {
        /// The query.
        query: String,
        /// The parameter with its type.
        parameter: String,
        /// A command that passes it; may be empty.
        example: String,
    },
    /// The value of a parameter is not of its type.
    #[error("the parameter {name} ({kind}) cannot be {text:?}: {reason}")]
    ParameterValue {
        /// The parameter.
        name: String,
        /// Its type.
        kind: String,
        /// The value that was given.
        text: String,
        /// The expected form.
        reason: String,
    },
    /// A graph of shapes cannot be checked as it stands.
    #[error(transparent)]
    Shapes(#[from] Box<ShapesError>),
    /// Any other error of the evaluator.
    #[error(transparent)]
    Evaluation(QueryEvaluationError),
    /// Writing failed, or a thread could not be started.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// An error of the dataset of a query.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatasetError<E> {
    /// The evaluation was cancelled.
    #[error("the evaluation was cancelled")]
    Cancelled,
    /// The computed terms need more memory than there may be.
    #[error(transparent)]
    Memory(Box<SparqlError>),
    /// The store failed.
    #[error(transparent)]
    Store(E),
}

/// How many named queries a hint lists at most.
const LISTED_MAX: usize = 12;

impl SparqlError {
    /// Returns what to try about it.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Syntax(error) => error.hint.clone()?,
            Self::Timeout { .. } => Hint::MoreTime,
            Self::Memory { .. } => Hint::MoreMemory,
            Self::Nesting { .. } => nesting::hint(),
            Self::AssignedParameter { .. } => {
                Hint::from("give a value to a variable that the query only reads")
            }
            Self::Load { .. } => Hint::LoadFirst,
            Self::GraphExists(graph) => {
                format!("CREATE SILENT GRAPH {graph} accepts an existing graph").into()
            }
            Self::MissingParameter { example, .. } if !example.is_empty() => {
                format!("for example {example}").into()
            }
            Self::UnknownQuery { similar, known, .. } => match similar.as_slice() {
                [] if known.len() > LISTED_MAX => Hint::Catalogue,
                [] => format!("there are {}", list_or_none(known)).into(),
                similar => Hint::DidYouMean(similar.to_vec()),
            },
            Self::UndeclaredParameter { name, known, .. } => {
                let names = known.iter().filter_map(|known| known.split(' ').next());
                let near = nearest(name, names);
                let near: Vec<_> = near.into_iter().map(str::to_owned).collect();
                (!near.is_empty()).then_some(Hint::DidYouMean(near))?
            }
            Self::Service { source, .. } => source.downcast_ref::<Self>()?.hint()?,
            Self::Evaluation(QueryEvaluationError::Dataset(error)) => {
                let of_view = |error: &DatasetError<StoreError>| match error {
                    DatasetError::Store(error) => error.hint(),
                    DatasetError::Memory(error) => error.hint(),
                    DatasetError::Cancelled => None,
                };
                let direct = error.downcast_ref().and_then(StoreError::hint);
                direct.or_else(|| error.downcast_ref().and_then(of_view))?
            }
            _ => return None,
        })
    }

    /// Adds the name of the file that the text stands in, where the error is about a text.
    #[must_use]
    pub fn in_file(mut self, path: &str) -> Self {
        if let Self::Syntax(error) = &mut self {
            error.file = Some(path.to_owned());
        }
        self
    }
}

fn list_or_none(known: &[String]) -> String {
    if known.is_empty() {
        "none".to_owned()
    } else {
        known.join(", ")
    }
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
