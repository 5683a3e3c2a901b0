//! What the parser reads twice.
//!
//! The parser, spargebra, tries `REPLACE` with four operands before it tries it with three, `REGEX` and `SUBSTR` with
//! three before two, and `!!` before `!`, each time from the first operand on. So what stands in there is read twice,
//! and what stands in there in four, eight, … times: 30 such levels would take hours. Where they are deep, `REPLACE` and
//! `REGEX` are given the empty flags that they have anyway; the others are refused from a depth on.

use crate::sparql::error::SparqlError;
use crate::sparql::nesting;
use crate::sparql::syntax::{SyntaxError, position};
use crate::sparql::tokens::{TokenKind, tokens};

/// Depth from which flags are put in.
const DEEP: usize = 5;
/// The greatest depth of what stays to be read twice.
const DEPTH_MAX: usize = 16;
/// The empty flags.
const FLAGS: &str = ", \"\"";

/// What the parser would read twice in a text.
#[derive(Default)]
pub(crate) struct Doubling {
    /// The places of the brackets that close a call without flags, and how deep such calls are.
    calls: Vec<usize>,
    depth: usize,
    /// How deep the others are, and the place that is too deep.
    depth_of_others: usize,
    too_deep: Option<usize>,
}

/// An open bracket.
struct Group {
    /// How many operands the function takes without flags, and how many commas there are so far.
    without_flags: Option<usize>,
    commas: usize,
    others: usize,
}

impl Group {
    fn new(name: &str, is_denied: bool) -> Self {
        let is = |function: &str| name.eq_ignore_ascii_case(function);
        let operands = [("REPLACE", 3), ("REGEX", 2)];
        let mut operands = operands.into_iter().filter(|(function, _)| is(function));
        Self {
            without_flags: operands.next().map(|(_, operands)| operands),
            commas: 0,
            others: usize::from(is_denied) + usize::from(is("SUBSTR")),
        }
    }
}

impl Doubling {
    pub(crate) fn of(text: &str) -> Self {
        let (mut found, mut open): (Self, Vec<Group>) = (Self::default(), Vec::new());
        let (mut name, mut is_denied) = ("", false);
        let (mut calls, mut others) = (0, 0);
        for token in tokens(text) {
            match (token.kind, token.text) {
                (TokenKind::Word | TokenKind::PrefixedName | TokenKind::Iri, text) => {
                    name = text;
                    continue;
                }
                (TokenKind::Symbol, "!") => {
                    is_denied = true;
                    continue;
                }
                (TokenKind::Symbol, "(" | "{") => {
                    let group = Group::new(name, is_denied);
                    calls += usize::from(group.without_flags.is_some());
                    others += group.others;
                    found.depth = found.depth.max(calls);
                    if others > DEPTH_MAX {
                        found.too_deep.get_or_insert(token.start);
                    }
                    found.depth_of_others = found.depth_of_others.max(others);
                    open.push(group);
                }
                (TokenKind::Symbol, ",") => {
                    if let Some(group) = open.last_mut() {
                        group.commas += 1;
                    }
                }
                (TokenKind::Symbol, ")" | "}") => {
                    if let Some(group) = open.pop() {
                        others -= group.others;
                        if let Some(operands) = group.without_flags {
                            calls -= 1;
                            if group.commas + 1 == operands {
                                found.calls.push(token.start);
                            }
                        }
                    }
                }
                _ => {}
            }
            (name, is_denied) = ("", false);
        }
        found
    }

    /// # Errors
    /// [`SparqlError::Syntax`] at the place that is too deep.
    pub(crate) fn check(&self, text: &str) -> Result<(), SparqlError> {
        let Some(place) = self.too_deep else {
            return Ok(());
        };
        let message = format!(
            "nested too deep: {} levels of `!` and SUBSTR, at most {DEPTH_MAX} can be parsed",
            self.depth_of_others
        );
        Err(SyntaxError::at(text, place, message, Some(nesting::hint())).into())
    }

    /// Returns the text with flags where it is deep without them.
    pub(crate) fn with_flags(&self, text: &str) -> Option<String> {
        if self.depth < DEEP {
            return None;
        }
        let (mut written, mut end) = (String::with_capacity(text.len() * 2), 0);
        for place in &self.calls {
            written.push_str(&text[end..*place]);
            written.push_str(FLAGS);
            end = *place;
        }
        written.push_str(&text[end..]);
        Some(written)
    }

    /// Returns a message about the text with flags as one about the text.
    pub(crate) fn message(&self, text: &str, message: &str) -> String {
        let Some((line, column, expected)) = position(message) else {
            return message.to_owned();
        };
        let start: usize = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let length = text[start..].find('\n').unwrap_or(text.len() - start);
        let mut moved = column;
        for place in &self.calls {
            if (start..start + length).contains(place) {
                let before = text[start..*place].chars().count() + 1;
                if before < moved {
                    moved = before.max(moved - FLAGS.len());
                }
            }
        }
        format!(
            "error at {line}:{moved}: expected one of {}",
            expected.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_put_in_where_calls_are_deep() {
        let nested = (0..6).fold("?x".to_owned(), |inner, i| {
            format!("replace({inner}, \"{i},)\", \"\")")
        });
        let text = format!("ASK {{ FILTER(REGEX({nested}, \"a\", \"i\") && REGEX(?y, \"b\")) }}");
        let doubling = Doubling::of(&text);
        assert_eq!((doubling.depth, doubling.calls.len()), (7, 7));
        let written = doubling.with_flags(&text).unwrap();
        assert_eq!(written.matches(", \"\", \"\")").count(), 6);
        assert!(
            written.contains("\"a\", \"i\") && REGEX(?y, \"b\", \"\")"),
            "{written}"
        );
        // A place after three calls on the line.
        let at = "ASK { FILTER(REGEX(replace(replace(replace(".len();
        let closing = written[at..].match_indices(')').nth(3).unwrap().0 + at + 1;
        let message = doubling.message(&text, &format!("error at 1:{closing}: expected A"));
        assert!(message.ends_with(": expected one of A"), "{message}");
        assert!(
            Doubling::of("ASK { FILTER(REPLACE(?x, \"a\", \"b\")) }")
                .with_flags("")
                .is_none()
        );
        let denied = format!("ASK {{ FILTER({}?x{}) }}", "!(".repeat(20), ")".repeat(20));
        let error = Doubling::of(&denied)
            .check(&denied)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("1:47: nested too deep: 20 levels of `!`"),
            "{error}"
        );
    }
}
