//! Errors of the library as exceptions of Python, with what to try and where.

use powermap::MapError;
use powermap::analysis::AnalysisError;
use powermap::network::NetworkError;
use powermap::picture::SceneError;
use powermap_graph::GraphError;
use powermap_rdf::{FormatError as RdfFormatError, SparqlError, StoreError};
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use std::time::Duration;

create_exception!(
    powermap,
    Error,
    PyException,
    "What the library refuses; `place` says where, `hint` what to try."
);
create_exception!(
    powermap,
    FormatError,
    Error,
    "A text, a table or a frame that is not right."
);
create_exception!(
    powermap,
    QueryError,
    Error,
    "A query that cannot be parsed or evaluated."
);
create_exception!(
    powermap,
    ArgumentError,
    Error,
    "A value that a function cannot have."
);
create_exception!(
    powermap,
    TimeoutError,
    Error,
    "The time that was allowed is over."
);

/// What went wrong, before it is an exception.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Map(#[from] MapError),
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    #[error(transparent)]
    Format(#[from] RdfFormatError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sparql(#[from] SparqlError),
    #[error(transparent)]
    Network(#[from] NetworkError),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Scene(#[from] SceneError),
    #[error("the table cannot be made: {0}")]
    Arrow(#[from] arrow_schema::ArrowError),
    #[error("{message}")]
    Argument {
        message: String,
        hint: Option<String>,
    },
    #[error("not done after {0:?}")]
    Timeout(Duration),
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
    #[error("the work ended without a result")]
    Lost,
}

impl Failure {
    /// Returns the error of a value that a function cannot have.
    pub(crate) fn argument(message: impl Into<String>, hint: &str) -> Self {
        Self::Argument {
            message: message.into(),
            hint: Some(hint.to_owned()),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Map(error) => error.hint().map(|hint| hint.to_string()),
            Self::Analysis(error) => error.hint().map(|hint| hint.to_string()),
            Self::Format(error) => error.hint().map(|hint| hint.to_string()),
            Self::Store(error) => error.hint().map(|hint| hint.to_string()),
            Self::Sparql(error) => error.hint().map(|hint| hint.to_string()),
            Self::Scene(error) => error.hint().map(|hint| hint.to_string()),
            Self::Argument { hint, .. } => hint.clone(),
            Self::Timeout(_) => Some("allow more time by timeout=, or ask for less".to_owned()),
            _ => None,
        }
    }

    /// Returns where a text is wrong: its name, and the line and column where they are known.
    fn place(&self) -> Option<String> {
        let format = match self {
            Self::Format(error)
            | Self::Store(StoreError::Format(error))
            | Self::Map(MapError::Format(error) | MapError::Store(StoreError::Format(error))) => {
                error
            }
            _ => return None,
        };
        let problem = format.problem()?;
        let numbers = [problem.line, problem.column].into_iter().flatten();
        Some(numbers.fold(problem.source_name.clone(), |place, number| {
            format!("{place}:{number}")
        }))
    }

    fn exception(&self, message: String) -> PyErr {
        match self {
            Self::Map(MapError::Format(_) | MapError::Store(StoreError::Format(_)))
            | Self::Store(StoreError::Format(_))
            | Self::Format(_) => FormatError::new_err(message),
            Self::Map(MapError::Sparql(SparqlError::Timeout { .. }))
            | Self::Sparql(SparqlError::Timeout { .. })
            | Self::Timeout(_) => TimeoutError::new_err(message),
            Self::Map(MapError::Sparql(_)) | Self::Sparql(_) => QueryError::new_err(message),
            Self::Map(MapError::Analysis(_) | MapError::UnknownPlayer(_))
            | Self::Analysis(_)
            | Self::Argument { .. } => ArgumentError::new_err(message),
            _ => Error::new_err(message),
        }
    }

    /// Returns the exception, with its attributes.
    pub(crate) fn into_exception(self, py: Python<'_>) -> PyErr {
        let (hint, place) = (self.hint(), self.place());
        let message = self.to_string();
        let shown = match &hint {
            Some(hint) => format!("{message} ({hint})"),
            None => message.clone(),
        };
        let exception = self.exception(shown);
        let value = exception.value(py);
        let attributes = [("message", Some(message)), ("hint", hint), ("place", place)];
        for (name, text) in attributes {
            if let Err(error) = value.setattr(name, text) {
                return error;
            }
        }
        exception
    }
}
