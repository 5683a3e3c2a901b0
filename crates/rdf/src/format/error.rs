//! Errors in text that is read, or in data that is to be written.

use thiserror::Error;

/// Text or data that a format does not accept.
///
/// Lines and columns count from 1, columns in characters, as editors show them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FormatError {
    /// A place in a text that does not follow the rules of its format.
    #[error("{0}")]
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
    #[error("{format} cannot hold {what}: {hint}")]
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
    /// assert_eq!(
    ///     error.to_string(),
    ///     "edges.csv:1:4: the column 'form' is not known (did you mean 'from'?)"
    /// );
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

    /// Adds the line, counted from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        if let Self::Syntax(problem) = &mut self {
            problem.line = Some(line);
        }
        self
    }

    /// Adds a suggestion.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Syntax(problem) = &mut self {
            problem.hint = Some(hint.into());
        }
        self
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

/// One problem a line.
fn lines(problems: &[SyntaxProblem]) -> String {
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// One place in a text that is not right.
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

impl std::fmt::Display for SyntaxProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.source_name)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        write!(f, ": {}", self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}
