//! What can be wrong with a call.

use crate::analysis::error::AnalysisError;
use crate::analysis::source_error::SourceError;
use powermap_graph::GraphError;
use powermap_rdf::{Hint, SparqlError};
use std::error::Error;

/// Why a `SERVICE call:…` block gave no rows. The evaluator names the service in front of the text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// A property that is neither a parameter nor a column.
    #[error("no parameter or column call:{name}\nparameters: {parameters}\ncolumns: {columns}")]
    Unknown {
        /// The property as given.
        name: String,
        /// Those that look like it, the nearest first.
        similar: Vec<String>,
        /// The parameters there are.
        parameters: String,
        /// The columns there are.
        columns: String,
    },
    /// A triple of the call node whose property is not of the namespace `call:`.
    #[error(
        "{property} is no parameter or column: those begin with call:\nparameters: {parameters}\ncolumns: {columns}"
    )]
    ForeignProperty {
        /// The property.
        property: String,
        /// The parameters there are.
        parameters: String,
        /// The columns there are.
        columns: String,
    },
    /// A parameter that has to be given and is not.
    #[error("call:{name} is missing: {help}")]
    Missing {
        /// The parameter.
        name: String,
        /// What it is.
        help: String,
    },
    /// A parameter with a variable that has no value.
    #[error("call:{name} is a parameter, and ?{variable} has no value here")]
    Unbound {
        /// The parameter.
        name: String,
        /// The variable.
        variable: String,
    },
    /// A parameter that may be given once only.
    #[error("call:{name} may be given once, and has {count} values")]
    Repeated {
        /// The parameter.
        name: String,
        /// How often it was given.
        count: usize,
    },
    /// A value of the wrong type.
    #[error("{value} is no value for call:{name}: expected {expected}")]
    Value {
        /// The parameter.
        name: String,
        /// The value as given.
        value: String,
        /// What would have been right.
        expected: String,
        /// What to try.
        hint: Option<Hint>,
    },
    /// Something in the block that has no meaning there.
    #[error("{what} cannot stand in this block")]
    NotAllowed {
        /// What it is.
        what: String,
        /// What to do instead.
        hint: String,
    },
    /// The end of an edge, or the edge, that the nested pattern does not bind.
    #[error(
        "call:{name} needs a variable of the pattern in the block that says what an edge is: {found}"
    )]
    NoEnd {
        /// The property: `from`, `to` or `edge`.
        name: &'static str,
        /// What was found instead.
        found: String,
    },
    /// More rows than a call gives.
    #[error("more than {most} rows")]
    TooManyRows {
        /// The most that a call gives.
        most: usize,
    },
    /// An answer that is not all there is, which nobody has agreed to.
    #[error("the answer is not complete: {note}")]
    Partial {
        /// What was left out.
        note: String,
    },
    /// The analysis.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// The network of a nested pattern.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The rest of the block, apart from the call.
    #[error(transparent)]
    Sparql(#[from] Box<SparqlError>),
    /// The store that the position is read from.
    #[error("the records cannot be read: {0}")]
    Records(#[source] SourceError),
}

impl CallError {
    /// Returns what to try about it.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Unknown { similar, .. } if !similar.is_empty() => {
                Hint::DidYouMean(similar.iter().map(|name| format!("call:{name}")).collect())
            }
            Self::Unbound { variable, .. } => format!(
                "a block sees no values from outside; write a constant, or VALUES ?{variable} {{ … }} inside of the block"
            )
            .into(),
            Self::Value { hint, .. } => hint.clone()?,
            Self::NotAllowed { hint, .. } => hint.clone().into(),
            Self::TooManyRows { .. } => {
                Hint::from("ask for less (a shorter length, a limit, a filter of the analysis)")
            }
            Self::Partial { .. } => Hint::from(
                "a limit in the call (call:limit) or call:partial true takes what there is",
            ),
            Self::Analysis(error) => error.hint()?,
            Self::Sparql(error) => error.hint().or_else(|| Self::hint_of(error))?,
            Self::Records(error) => error.hint()?,
            _ => return None,
        })
    }

    /// Returns the hint of a call inside of a query that failed: [`SparqlError::hint`] knows no calls.
    pub(crate) fn hint_of(error: &SparqlError) -> Option<Hint> {
        let mut cause = error.source();
        while let Some(error) = cause {
            if let Some(call) = error.downcast_ref::<Self>() {
                return call.hint();
            }
            cause = error.source();
        }
        None
    }

    /// The error as a service gives it: one of SPARQL as itself, so that its hint can be asked for.
    pub(crate) fn boxed(self) -> Box<dyn Error + Send + Sync> {
        match self {
            Self::Sparql(error) => error,
            other => Box::new(other),
        }
    }
}

impl From<SparqlError> for CallError {
    fn from(error: SparqlError) -> Self {
        Self::Sparql(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_of_calls_are_found_under_the_error_of_the_query() {
        let unreadable = || {
            let error = std::io::Error::other("the file is cut short");
            CallError::Records(SourceError::new(error, Some(Hint::CompileAgain)))
        };
        assert_eq!(
            unreadable().to_string(),
            "the records cannot be read: the file is cut short"
        );
        let service = |source| SparqlError::Service {
            service: "call:loops".to_owned(),
            source,
        };
        let nested = service(Box::new(service(unreadable().boxed())));
        assert_eq!(nested.hint(), None);
        assert_eq!(CallError::hint_of(&nested), Some(Hint::CompileAgain));
    }
}
