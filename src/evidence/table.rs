//! Answers as tables: values for programs, and the claims beneath each row.

use oxigraph::model::NamedOrBlankNode;
use serde_json::Value;

/// Rows under a title.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnswerTable {
    /// What programs call it.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<AnswerRow>,
}

/// A row of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnswerRow {
    /// One value for each column: ids, numbers and words for programs, lists as arrays, `null` where nothing is known.
    pub values: Vec<Value>,
    /// The claims that the row rests on, each once.
    pub claims: Vec<NamedOrBlankNode>,
}
