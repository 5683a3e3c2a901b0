//! Measures how deeply a query is nested, and provides a stack that is large enough.
//!
//! Parser, planner and evaluators recurse as deeply as a query is nested: each `OPTIONAL` of a list is one more level.
//! So deep queries get a stack of their own, and those that are deeper still are refused.

use crate::sparql::algebra::{expressions, inner_patterns, parts};
use crate::sparql::error::SparqlError;
use crate::sparql::tokens::{TokenKind, tokens};
use spargebra::algebra::{Expression, GraphPattern};

/// Deeper queries are refused.
const LEVELS_MAX: usize = 10_000;
/// The stack space of a level, with a margin: more in unoptimised builds.
const LEVEL_BYTES: usize = if cfg!(debug_assertions) {
    128 << 10
} else {
    32 << 10
};
/// The stack space of everything else.
const BASE_BYTES: usize = 256 << 10;
/// The stack space of a level where a tree is only traversed or dropped.
const STEP_BYTES: usize = 512;

/// Calls something that recurses this many levels deep, on a stack with room for it, or for dropping a tree that is too
/// deep.
pub(crate) fn with_room<R>(levels: usize, call: impl FnOnce() -> R) -> R {
    let bytes = levels.min(LEVELS_MAX) * LEVEL_BYTES;
    on_stack(bytes.max(levels.saturating_mul(STEP_BYTES)), call)
}

fn on_stack<R>(bytes: usize, call: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(BASE_BYTES + bytes, 2 * BASE_BYTES + bytes, call)
}

/// Parses a text, unless its brackets are nested too deeply; those in strings, IRIs and comments do not count.
///
/// # Errors
/// [`SparqlError::Nesting`], or the error of `parse`.
pub(crate) fn parse<T>(
    text: &str,
    parse: impl FnOnce() -> Result<T, SparqlError>,
) -> Result<T, SparqlError> {
    let brackets = Brackets::of(text);
    check(brackets.deepest)?;
    // A chain of operands is a deep tree too: built without recursion, but traversed with it.
    let bytes = brackets.deepest * LEVEL_BYTES + brackets.steps * STEP_BYTES;
    on_stack(bytes, parse)
}

/// The nesting of brackets in a text, an upper bound on the depth that the parser reaches.
#[derive(Default)]
struct Brackets {
    /// The open brackets, the innermost last.
    open: Vec<u8>,
    deepest: usize,
    /// The number of brackets and operators.
    steps: usize,
}

impl Brackets {
    fn of(text: &str) -> Self {
        let mut brackets = Self::default();
        let mut ends_operand = false;
        for token in tokens(text) {
            let is_doubtful = match token.kind {
                TokenKind::OpenText => true,
                // In an expression, the parser takes `<` after an operand for the operator.
                TokenKind::Iri => {
                    let can_compare = ends_operand && brackets.open.last() == Some(&b'(');
                    can_compare && token.text.contains(['(', ')', '[', ']', '\'', '#'])
                }
                _ => false,
            };
            if is_doubtful {
                // Another reading may see other tokens from here on: every bracket counts.
                text[token.start..]
                    .bytes()
                    .for_each(|byte| brackets.add(byte));
                break;
            }
            match token.kind {
                TokenKind::Text | TokenKind::PrefixedName => {}
                TokenKind::Iri => brackets.steps += token.text.bytes().filter(is_operator).count(),
                _ => token.text.bytes().for_each(|byte| brackets.add(byte)),
            }
            ends_operand = token.kind != TokenKind::Symbol || token.text.ends_with([')', ']', '}']);
        }
        brackets
    }

    fn add(&mut self, byte: u8) {
        match byte {
            b'{' | b'(' | b'[' => {
                self.open.push(byte);
                self.steps += 1;
                self.deepest = self.deepest.max(self.open.len());
            }
            b'}' | b')' | b']' => {
                self.open.pop();
            }
            byte if is_operator(&byte) => self.steps += 1,
            _ => {}
        }
    }
}

fn is_operator(byte: &u8) -> bool {
    matches!(byte, b'|' | b'&' | b'+' | b'-' | b'*' | b'/' | b'^')
}

/// Returns how deeply a pattern is nested, including its expressions.
pub(crate) fn levels(pattern: &GraphPattern) -> usize {
    enum Piece<'a> {
        Pattern(&'a GraphPattern),
        Expression(&'a Expression),
    }
    let mut deepest = 0;
    let mut open = vec![(Piece::Pattern(pattern), 1)];
    while let Some((piece, level)) = open.pop() {
        deepest = deepest.max(level);
        match piece {
            Piece::Pattern(pattern) => {
                let inner = inner_patterns(pattern).into_iter();
                open.extend(inner.map(|inner| (Piece::Pattern(inner), level + 1)));
                let inner = expressions(pattern).into_iter();
                open.extend(inner.map(|inner| (Piece::Expression(inner), level + 1)));
            }
            Piece::Expression(expression) => {
                let inner = parts(expression).into_iter();
                open.extend(inner.map(|inner| (Piece::Expression(inner), level + 1)));
            }
        }
    }
    deepest
}

/// Refuses queries that are nested too deeply.
///
/// # Errors
/// [`SparqlError::Nesting`].
pub(crate) fn check(levels: usize) -> Result<(), SparqlError> {
    match levels > LEVELS_MAX {
        true => Err(SparqlError::Nesting {
            levels,
            limit: LEVELS_MAX,
        }),
        false => Ok(()),
    }
}
