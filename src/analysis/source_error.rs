//! What can be wrong with what a position is made from.

use powermap_rdf::Hint;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// An error of a floor above: of the store that records are read from, or of the check queries of a map.
///
/// It prints as that error and has its hint.
#[derive(Debug, Clone)]
pub struct SourceError {
    error: Arc<dyn Error + Send + Sync>,
    hint: Option<Hint>,
}

impl SourceError {
    /// Returns an error with what to try about it.
    pub fn new(error: impl Error + Send + Sync + 'static, hint: Option<Hint>) -> Self {
        Self {
            error: Arc::new(error),
            hint,
        }
    }

    /// Returns what to try about it.
    pub fn hint(&self) -> Option<Hint> {
        self.hint.clone()
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}
