//! What can be wrong with a file of evidence.

use powermap_rdf::Hint;
use thiserror::Error;

/// An error of a file of evidence.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// The text is no evidence.
    #[error("this is no file of evidence: {0}")]
    Syntax(#[from] serde_json::Error),
    /// The evidence is of a format that this version does not know.
    #[error("the evidence has the format {found:?}: expected {expected:?}")]
    Format {
        /// The format of the file.
        found: String,
        /// The format that this version reads.
        expected: &'static str,
    },
    /// The view of the evidence cannot be read.
    #[error("the evidence was seen from {field} {text:?}, which cannot be read: {reason}")]
    View {
        /// The part of the view.
        field: &'static str,
        /// Its text.
        text: String,
        /// What was expected.
        reason: String,
    },
}

impl EvidenceError {
    /// Returns what to try about it.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Syntax(_) => Hint::from("give a file that was written as evidence"),
            Self::Format { .. } => Hint::from("verify it with the version that wrote it"),
            Self::View { .. } => return None,
        })
    }
}
