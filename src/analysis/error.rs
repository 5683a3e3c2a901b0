//! What can go wrong with an analysis.

use crate::analysis::source_error::SourceError;
use crate::model::error::ModelError;
use crate::model::find::UnknownPlayer;
use crate::network::error::NetworkError;
use powermap_graph::GraphError;
use powermap_rdf::Hint;
use thiserror::Error;

/// Why an analysis gave no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AnalysisError {
    /// A player that is not in the map.
    #[error(transparent)]
    UnknownPlayer(#[from] UnknownPlayer),
    /// A parameter that the analysis does not have.
    #[error("{analysis} has no parameter '{name}': expected one of {}", .known.join(", "))]
    UnknownParameter {
        /// The analysis.
        analysis: &'static str,
        /// The parameter as given.
        name: String,
        /// The parameters there are.
        known: Vec<String>,
    },
    /// A parameter that has to be given and is not.
    #[error("{analysis} needs the parameter '{name}': {help}")]
    Missing {
        /// The analysis.
        analysis: &'static str,
        /// The parameter.
        name: String,
        /// What it is.
        help: &'static str,
    },
    /// A parameter that may be given once only.
    #[error("{analysis} takes one {name}, and {count} were given")]
    Repeated {
        /// The analysis.
        analysis: &'static str,
        /// The parameter.
        name: String,
        /// How often it was given.
        count: usize,
    },
    /// A day for an analysis that takes its days in parameters of its own.
    #[error("{analysis} takes the days to look at as parameters of its own, not as as-of")]
    OwnDays {
        /// The analysis.
        analysis: &'static str,
    },
    /// A value that a parameter cannot have.
    #[error("'{value}' is no value for {name}: expected {expected}")]
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
    /// An analysis of claims, asked of a network that has none.
    #[error("{analysis} reads claims, and a plain edge list has none")]
    NoClaims {
        /// The analysis.
        analysis: &'static str,
    },
    /// The network cannot be built.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A kernel refuses the network, or gives no result.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// Quantities that do not go together.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The queries that check the map.
    #[error("the checks of the map failed: {0}")]
    Checks(#[source] SourceError),
    /// The caller asked to stop.
    #[error("cancelled before the answer was complete")]
    Cancelled,
}

impl AnalysisError {
    /// Returns what to try about it, where the message does not say what was expected.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::UnknownPlayer(error) => Some(error.hint()),
            Self::Value { hint, .. } => hint.clone(),
            Self::NoClaims { .. } => Some(Hint::from("import the edges into a map")),
            Self::Model(error) => error.hint(),
            Self::Checks(error) => error.hint(),
            _ => None,
        }
    }
}
