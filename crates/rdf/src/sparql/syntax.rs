//! Syntax errors that show the place and say what to do.
//!
//! The parser reports how far it came and which tokens it tried there, often a place after the error. So the text is
//! parsed again with its tokens far apart, which yields the exact token, and then with small repairs: the one with
//! which the parser comes furthest is the hint. Only texts that do not parse pay for this.

mod messages;
mod reader;
mod words;

pub(crate) use crate::sparql::syntax::messages::position;
pub(crate) use crate::sparql::syntax::reader::TextKind;

use crate::format::table::width;
use crate::hint::Hint;
use crate::prefixes::Prefixes;
use crate::sparql::syntax::reader::Reader;
use crate::sparql::tokens::tokens;
use std::fmt;

/// A text that is not SPARQL.
///
/// It prints the place and the line with a caret under the slip; the hint is data:
///
/// ```
/// use powermap_rdf::Evaluator;
///
/// let error = Evaluator::new()
///     .parse_query("ASK { ?x <x:funds> ?y ?y <x:funds> ?z }")
///     .unwrap_err();
/// let lines = [
///     "1:23: unexpected `?y`",
///     "  ASK { ?x <x:funds> ?y ?y <x:funds> ?z }",
///     "                        ^",
/// ];
/// assert_eq!(error.to_string(), lines.join("\n"));
/// assert_eq!(error.hint().unwrap().to_string(), "put `.` before it");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The file that the text stands in, if any.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The problem.
    pub message: String,
    /// The line of the text.
    pub source_line: String,
    /// A suggestion.
    pub hint: Option<Hint>,
}

impl std::error::Error for SyntaxError {}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
        }
        let (line, caret) = self.excerpt();
        write!(
            f,
            "{}:{}: {}\n  {line}\n  {caret:>width$}",
            self.line,
            self.column,
            self.message,
            caret = '^',
            width = caret + 1
        )
    }
}

impl SyntaxError {
    /// Explains why a text does not parse; `parse` returns the error message of the parser.
    pub(crate) fn new(
        text: &str,
        message: &str,
        kind: TextKind,
        prefixes: &Prefixes,
        parse: &dyn Fn(&str) -> Option<String>,
    ) -> Box<Self> {
        let reader = Reader {
            tokens: tokens(text).collect(),
            prefixes,
            parse,
        };
        let slip = reader.explain(text, message, kind);
        Self::at(text, slip.place, slip.message, slip.hint)
    }

    /// Returns the error at a place in a text, in bytes.
    pub(crate) fn at(text: &str, place: usize, message: String, hint: Option<Hint>) -> Box<Self> {
        let place = place.min(text.len());
        let before = text.get(..place).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        Box::new(Self {
            file: None,
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            message,
            source_line: line.to_owned(),
            hint,
        })
    }

    /// Returns the line, cut where it is very long, and how many terminal cells stand before the place.
    fn excerpt(&self) -> (String, usize) {
        const AROUND: usize = 60;
        let characters: Vec<char> = self
            .source_line
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let place = (self.column - 1).min(characters.len());
        let (from, to) = (
            place.saturating_sub(AROUND),
            (place + AROUND).min(characters.len()),
        );
        let mut before: String = characters[from..place].iter().collect();
        if from > 0 {
            before.insert(0, '…');
        }
        let after: String = characters[place..to].iter().collect();
        let end = if to < characters.len() { "…" } else { "" };
        (format!("{before}{after}{end}"), width(&before))
    }
}

#[cfg(test)]
mod tests;
