//! Measures how deeply a query is nested, and provides a stack that is large enough.
//!
//! Parser, planner and evaluators recurse as deeply as a query is nested: each `OPTIONAL` of a list is one more level.
//! So deep queries get a stack of their own, and those that are deeper still are refused.

use crate::hint::Hint;
use crate::sparql::algebra::{expressions, inner_patterns, parts};
use crate::sparql::error::SparqlError;
use crate::sparql::syntax::SyntaxError;
use crate::sparql::tokens::{Token, TokenKind, tokens};
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression};

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

/// Parses a text, unless it is nested too deeply: by brackets, `<<` or `!`; those in strings, IRIs and comments do not
/// count.
///
/// # Errors
/// [`SparqlError::Syntax`] at the place that is too deep, or the error of `parse`.
pub(crate) fn parse<T>(
    text: &str,
    parse: impl FnOnce() -> Result<T, SparqlError>,
) -> Result<T, SparqlError> {
    let brackets = Brackets::of(text);
    if let Some(place) = brackets.too_deep {
        let message = format!(
            "nested too deep: {} levels, at most {LEVELS_MAX} can be evaluated",
            brackets.deepest
        );
        return Err(SyntaxError::at(text, place, message, Some(hint())).into());
    }
    // A chain of operands is a deep tree too: built without recursion, but traversed with it.
    let bytes = brackets.deepest * LEVEL_BYTES + brackets.steps * STEP_BYTES;
    on_stack(bytes, parse)
}

/// Returns what to do about a query that is too deep.
pub(crate) fn hint() -> Hint {
    Hint::from(
        "each OPTIONAL, UNION or BIND of a list counts as a level; put constants into VALUES or IN, or ask in several \
         queries",
    )
}

/// The nesting of a text, an upper bound on the depth that the parser reaches.
#[derive(Default)]
struct Brackets {
    /// The openings not closed yet, the innermost last: brackets, `<` for `<<`, and `!` until what it denies has ended.
    open: Vec<u8>,
    deepest: usize,
    /// The first place that is deeper than what is evaluated.
    too_deep: Option<usize>,
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
                brackets.all(&text.as_bytes()[token.start..], token.start);
                break;
            }
            brackets.token(token);
            ends_operand = token.kind != TokenKind::Symbol || token.text.ends_with([')', ']', '}']);
        }
        brackets
    }

    fn token(&mut self, token: Token<'_>) {
        match (token.kind, token.text) {
            // The name of a function may come first: what is denied ends later.
            (TokenKind::PrefixedName, _) => {}
            (TokenKind::Iri | TokenKind::Word, text) => self.count_steps(text),
            (TokenKind::Symbol, "<<") => self.open(b'<', token.start),
            (TokenKind::Symbol, ">>") => {
                self.close(b"!");
                if self.open.last() == Some(&b'<') {
                    self.open.pop();
                }
            }
            (TokenKind::Symbol, text) => {
                for (at, byte) in text.bytes().enumerate() {
                    self.add(byte, token.start + at);
                }
            }
            (TokenKind::Text, _) => self.close(b"!"),
            (_, text) => {
                self.close(b"!");
                self.count_steps(text);
            }
        }
    }

    fn count_steps(&mut self, text: &str) {
        self.steps += text.bytes().filter(is_operator).count();
    }

    fn add(&mut self, byte: u8, place: usize) {
        match byte {
            b'{' | b'(' | b'[' | b'!' => self.open(byte, place),
            b'}' | b')' | b']' => {
                self.close(b"!<");
                self.open.pop();
                self.close(b"!");
            }
            // None of these can stand in `<< >>`.
            b',' | b';' | b'.' | b'|' | b'&' => {
                self.close(b"!<");
                self.steps += usize::from(is_operator(&byte));
            }
            byte => {
                self.close(b"!");
                self.steps += usize::from(is_operator(&byte));
            }
        }
    }

    /// Counts the rest of a text of which another reading may see other tokens: everything that may open something
    /// does, and nothing closes it.
    fn all(&mut self, rest: &[u8], start: usize) {
        for (at, byte) in rest.iter().enumerate() {
            match byte {
                b'{' | b'(' | b'[' | b'!' => self.open(*byte, start + at),
                b'<' if rest.get(at + 1) == Some(&b'<') => self.open(*byte, start + at),
                byte => self.steps += usize::from(is_operator(byte)),
            }
        }
    }

    fn open(&mut self, bracket: u8, place: usize) {
        self.open.push(bracket);
        self.steps += 1;
        if self.open.len() > LEVELS_MAX {
            self.too_deep.get_or_insert(place);
        }
        self.deepest = self.deepest.max(self.open.len());
    }

    /// Closes the innermost ones that are any of these.
    fn close(&mut self, any: &[u8]) {
        while self.open.last().is_some_and(|last| any.contains(last)) {
            self.open.pop();
        }
    }
}

fn is_operator(byte: &u8) -> bool {
    matches!(byte, b'|' | b'&' | b'+' | b'-' | b'*' | b'/' | b'^')
}

/// Returns how deeply a pattern is nested, including its expressions and paths.
pub(crate) fn levels(pattern: &GraphPattern) -> usize {
    depth(pattern, |_| 0)
}

/// Returns how deeply the general evaluator, spareval, goes down into a pattern: it joins triple patterns side by side
/// one inside of the other.
pub(crate) fn levels_in_general(pattern: &GraphPattern) -> usize {
    depth(pattern, |pattern| match pattern {
        GraphPattern::Bgp { patterns } => patterns.len(),
        _ => 0,
    })
}

/// Returns the depth of a pattern, to which `inside` adds that of what is inside of each pattern.
fn depth(pattern: &GraphPattern, inside: impl Fn(&GraphPattern) -> usize) -> usize {
    enum Piece<'a> {
        Pattern(&'a GraphPattern),
        Expression(&'a Expression),
        Path(&'a PropertyPathExpression),
    }
    let mut deepest = 0;
    let mut open = vec![(Piece::Pattern(pattern), 1)];
    while let Some((piece, level)) = open.pop() {
        deepest = deepest.max(level);
        match piece {
            Piece::Pattern(pattern) => {
                deepest = deepest.max(level + inside(pattern));
                let inner = inner_patterns(pattern).into_iter();
                open.extend(inner.map(|inner| (Piece::Pattern(inner), level + 1)));
                let inner = expressions(pattern).into_iter();
                open.extend(inner.map(|inner| (Piece::Expression(inner), level + 1)));
                if let GraphPattern::Path { path, .. } = pattern {
                    open.push((Piece::Path(path), level + 1));
                }
            }
            Piece::Path(path) => {
                let inner = steps_of(path).into_iter().flatten();
                open.extend(inner.map(|inner| (Piece::Path(inner), level + 1)));
            }
            Piece::Expression(expression) => {
                let inner = parts(expression).into_iter();
                open.extend(inner.map(|inner| (Piece::Expression(inner), level + 1)));
            }
        }
    }
    deepest
}

/// Returns the paths that a path is made of.
fn steps_of(path: &PropertyPathExpression) -> [Option<&PropertyPathExpression>; 2] {
    match path {
        PropertyPathExpression::NamedNode(_) | PropertyPathExpression::NegatedPropertySet(_) => {
            [None, None]
        }
        PropertyPathExpression::Reverse(inner)
        | PropertyPathExpression::ZeroOrMore(inner)
        | PropertyPathExpression::OneOrMore(inner)
        | PropertyPathExpression::ZeroOrOne(inner) => [Some(inner), None],
        PropertyPathExpression::Sequence(left, right)
        | PropertyPathExpression::Alternative(left, right) => [Some(left), Some(right)],
    }
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
