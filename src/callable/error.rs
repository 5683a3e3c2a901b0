//! What can be wrong with a call.

use crate::analysis::error::AnalysisError;
use powermap_graph::GraphError;
use powermap_rdf::SparqlError;
use std::error::Error;

/// Why a `SERVICE call:…` block gave no rows. The evaluator names the service in front of the text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// A property that is neither a parameter nor a column.
    #[error(
        "no parameter or column call:{name}{}\nparameters: {parameters}\ncolumns: {columns}",
        did_you_mean(.similar)
    )]
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
    #[error(
        "call:{name} is a parameter, and ?{variable} has no value here\nhint: a block sees no values from outside; \
         write a constant, or VALUES ?{variable} {{ … }} inside of the block"
    )]
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
    },
    /// Something in the block that has no meaning there.
    #[error("{what} cannot stand in this block\nhint: {hint}")]
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
    #[error(
        "more than {most} rows\nhint: ask for less (a shorter length, a limit, a filter of the analysis)"
    )]
    TooManyRows {
        /// The most that a call gives.
        most: usize,
    },
    /// An answer that is not all there is, which nobody has agreed to.
    #[error(
        "the answer is not complete: {note}\nhint: a limit in the call (call:limit) or call:partial true takes what there is"
    )]
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
    Records(#[source] Box<dyn Error + Send + Sync>),
}

impl CallError {
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

fn did_you_mean(similar: &[String]) -> String {
    if similar.is_empty() {
        String::new()
    } else {
        format!(": did you mean call:{}?", similar.join(" or call:"))
    }
}
