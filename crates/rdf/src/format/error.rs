//! Errors in text that is read, or in data that is to be written.

use crate::hint::Hint;
use std::fmt;
use thiserror::Error;

/// Text or data that a format does not accept.
///
/// Lines and columns count from 1, columns in characters, as editors show them. [`FormatError::hint`] says what to try; a
/// list of several rows prints each with its own hint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FormatError {
    /// A place in a text that does not follow the rules of its format.
    #[error("{}", Bare(.0))]
    Syntax(Box<SyntaxProblem>),
    /// Every row of some tables that is not right.
    #[error("{}", lines(.0))]
    Rows(Vec<SyntaxProblem>),
    /// A file name whose ending says nothing about the format.
    #[error("{source_name}: the format is not known: expected a name that ends in {expected}")]
    UnknownFormat {
        /// The file as the caller named it.
        source_name: String,
        /// The endings there are.
        expected: String,
    },
    /// Data that the wanted format cannot hold.
    #[error("{format} cannot hold {what}")]
    Unsupported {
        /// The name of the format.
        format: &'static str,
        /// The content that it cannot hold.
        what: String,
        /// A suggestion.
        hint: String,
    },
}

impl FormatError {
    /// An error in a text: its source and the problem.
    ///
    /// # Example
    /// ```
    /// use powermap_rdf::FormatError;
    ///
    /// let error = FormatError::syntax("edges.csv", "the column 'form' is not known")
    ///     .at(1, 4)
    ///     .with_hint("did you mean 'from'?");
    /// assert_eq!(error.to_string(), "edges.csv:1:4: the column 'form' is not known");
    /// assert_eq!(error.hint().unwrap().to_string(), "did you mean 'from'?");
    /// ```
    pub fn syntax(source_name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Syntax(Box::new(SyntaxProblem {
            source_name: source_name.into(),
            line: None,
            column: None,
            message: message.into(),
            hint: None,
        }))
    }

    /// Adds the line and the column, both counted from 1.
    #[must_use]
    pub fn at(mut self, line: u64, column: u64) -> Self {
        if let Self::Syntax(problem) = &mut self {
            problem.line = Some(line);
            problem.column = Some(column);
        }
        self
    }

    /// Adds the line and the column of a byte of the text.
    #[must_use]
    pub(crate) fn at_byte(self, text: &[u8], byte: usize) -> Self {
        let (line, column) = place_of(text, byte);
        self.at(line, column)
    }

    /// Adds a suggestion.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Syntax(problem) = &mut self {
            problem.hint = Some(hint.into());
        }
        self
    }

    /// Returns a suggestion; `None` for several rows, each of which prints its own hint.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Syntax(problem) => problem.hint.clone().map(Hint::from),
            Self::Rows(problems) => match problems.as_slice() {
                [only] => only.hint.clone().map(Hint::from),
                _ => None,
            },
            Self::Unsupported { hint, .. } => Some(Hint::from(hint.clone())),
            Self::UnknownFormat { .. } => None,
        }
    }

    /// Returns the problem in the text, the first of several, if the text is at fault.
    pub fn problem(&self) -> Option<&SyntaxProblem> {
        match self {
            Self::Syntax(problem) => Some(problem),
            Self::Rows(problems) => problems.first(),
            Self::UnknownFormat { .. } | Self::Unsupported { .. } => None,
        }
    }
}

/// Returns the line and the column of a byte of a text, from 1.
pub(crate) fn place_of(text: &[u8], byte: usize) -> (u64, u64) {
    let before = String::from_utf8_lossy(&text[..byte]);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() as u64 + 1;
    (line, column)
}

/// One problem a line, with its hint where it is one of several.
fn lines(problems: &[SyntaxProblem]) -> String {
    if let [only] = problems {
        return Bare(only).to_string();
    }
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// One place in a text that is not right. It prints as a line of a list, with its hint in parentheses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxProblem {
    /// The file or other source, as the caller named it.
    pub source_name: String,
    /// The line, from 1, where it is known.
    pub line: Option<u64>,
    /// The column in characters, from 1, where it is known.
    pub column: Option<u64>,
    /// The problem, and what was expected.
    pub message: String,
    /// A suggestion.
    pub hint: Option<String>,
}

/// A problem without its hint: the place and the message.
struct Bare<'a>(&'a SyntaxProblem);

impl fmt::Display for Bare<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = self.0;
        f.write_str(&problem.source_name)?;
        if let Some(line) = problem.line {
            write!(f, ":{line}")?;
            if let Some(column) = problem.column {
                write!(f, ":{column}")?;
            }
        }
        write!(f, ": {}", problem.message)
    }
}

impl fmt::Display for SyntaxProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Bare(self).fmt(f)?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}
