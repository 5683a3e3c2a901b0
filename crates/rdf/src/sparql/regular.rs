//! Patterns of `REGEX` and `REPLACE` that stand in a query and are no regular expressions.
//!
//! The general evaluator, spareval, has no value for them in any row, and would try to compile them for each: a filter
//! would let nothing through without a word, and a pattern that is too large take its time again and again.

use crate::sparql::error::SparqlError;
use crate::sparql::syntax::SyntaxError;
use crate::sparql::tokens::{Token, TokenKind, tokens};
use regex::{Error, RegexBuilder};
use std::str::Chars;

/// How large a compiled pattern may be: as large as the general evaluator has it.
const COMPILED_BYTES_MAX: usize = 1_000_000;

/// How long a pattern may be: longer ones do not compile within these bytes.
const PATTERN_BYTES_MAX: usize = 1 << 16;

/// How many bytes of patterns are looked at in one text, as compiling them takes time that no limit of a query holds.
const BYTES_MAX: usize = 1 << 20;

/// The most operands of a function that takes a pattern.
const OPERANDS_MAX: usize = 4;

/// The brackets of a call, or any others.
#[derive(Default)]
struct Group<'a> {
    /// The place of the flags among the operands, if it is a call of a function that takes a pattern.
    flags: Option<usize>,
    /// The operand that is read.
    operand: usize,
    /// The first token of each operand, and how many it has.
    first: [Option<Token<'a>>; OPERANDS_MAX],
    count: [usize; OPERANDS_MAX],
}

impl<'a> Group<'a> {
    fn new(name: &str) -> Self {
        let flags = match name {
            _ if name.eq_ignore_ascii_case("REGEX") => Some(2),
            _ if name.eq_ignore_ascii_case("REPLACE") => Some(3),
            _ => None,
        };
        Self {
            flags,
            ..Self::default()
        }
    }

    fn push(&mut self, token: Token<'a>) {
        if let Some(count) = self.count.get_mut(self.operand) {
            self.first[self.operand].get_or_insert(token);
            *count += 1;
        }
    }

    /// Returns an operand that is a string and nothing else.
    fn constant(&self, place: usize) -> Option<Token<'a>> {
        let token = self.first.get(place).copied().flatten()?;
        (self.count[place] == 1 && token.kind == TokenKind::Text).then_some(token)
    }

    /// Returns the constant pattern and its flags.
    fn pattern(&self) -> Option<(Token<'a>, String)> {
        let place = self.flags?;
        let flags = match self.count[place] {
            0 => String::new(),
            _ => string(self.constant(place)?.text)?,
        };
        Some((self.constant(1)?, flags))
    }
}

/// Looks at the patterns of a text that parses.
///
/// # Errors
/// [`SparqlError::Syntax`] at the first that is no regular expression.
pub(crate) fn check(text: &str) -> Result<(), SparqlError> {
    let (mut open, mut name, mut bytes) = (vec![Group::default()], "", 0);
    for token in tokens(text) {
        match (token.kind, token.text) {
            (TokenKind::Symbol, "(" | "{") => open.push(Group::new(name)),
            (TokenKind::Symbol, ",") => {
                if let Some(group) = open.last_mut() {
                    group.operand += 1;
                }
            }
            (TokenKind::Symbol, ")" | "}") => {
                if let Some((pattern, flags)) = open.pop().and_then(|group| group.pattern()) {
                    bytes += pattern.text.len().min(PATTERN_BYTES_MAX);
                    if bytes > BYTES_MAX {
                        return Ok(());
                    }
                    of_pattern(text, pattern, &flags)?;
                }
            }
            _ => {}
        }
        if let Some(group) = open.last_mut()
            && token.text != ","
        {
            group.push(token);
        }
        name = match token.kind {
            TokenKind::Word => token.text,
            _ => "",
        };
    }
    Ok(())
}

/// Compiles a pattern as the general evaluator does.
fn of_pattern(text: &str, pattern: Token<'_>, flags: &str) -> Result<(), SparqlError> {
    let wrong = |message: String, hint: &'static str| {
        Err(SyntaxError::at(text, pattern.start, message, Some(hint.into())).into())
    };
    if let Some(flag) = flags.chars().find(|flag| !"smixq".contains(*flag)) {
        let message =
            format!("'{flag}' is no flag of a regular expression: expected i, m, q, s or x");
        return wrong(message, "leave it out");
    }
    let Some(mut string) = string(pattern.text) else {
        return Ok(());
    };
    if flags.contains('q') {
        string = regex::escape(&string);
    }
    let built = match string.len() > PATTERN_BYTES_MAX {
        true => Err(Error::CompiledTooBig(COMPILED_BYTES_MAX)),
        false => RegexBuilder::new(&string)
            .size_limit(COMPILED_BYTES_MAX)
            .dot_matches_new_line(flags.contains('s'))
            .multi_line(flags.contains('m'))
            .case_insensitive(flags.contains('i'))
            .ignore_whitespace(flags.contains('x'))
            .build(),
    };
    match built {
        Ok(_) => Ok(()),
        Err(Error::CompiledTooBig(_)) => wrong(
            "this regular expression is too large: it compiles to more than 1 MB".to_owned(),
            "repeat less, as \\w and \\p{L} are large: [a-z] is small",
        ),
        Err(error) => {
            let error = error.to_string();
            let last = error.lines().last().unwrap_or_default();
            let reason = last.strip_prefix("error: ").unwrap_or(last);
            wrong(
                format!("this is no regular expression: {reason}"),
                "write \\\\ before a sign that stands for itself, or use CONTAINS",
            )
        }
    }
}

/// Returns the string that a token with quotes is.
fn string(token: &str) -> Option<String> {
    let long = ["\"\"\"", "'''"]
        .iter()
        .any(|quotes| token.starts_with(quotes));
    let quotes = if long && token.len() >= 6 { 3 } else { 1 };
    let inner = token.get(quotes..token.len().checked_sub(quotes)?)?;
    let (mut string, mut characters) = (String::with_capacity(inner.len()), inner.chars());
    while let Some(character) = characters.next() {
        if character != '\\' {
            string.push(character);
            continue;
        }
        string.push(match characters.next()? {
            't' => '\t',
            'b' => '\u{8}',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            sign @ ('\\' | '"' | '\'') => sign,
            'u' => code_point(&mut characters, 4)?,
            'U' => code_point(&mut characters, 8)?,
            _ => return None,
        });
    }
    Some(string)
}

fn code_point(characters: &mut Chars<'_>, digits: usize) -> Option<char> {
    let digits: String = characters.take(digits).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use crate::sparql::evaluator::Evaluator;

    #[test]
    fn constant_patterns_that_are_none_are_refused_with_their_place() {
        for (filter, column, told) in [
            (
                r#"REGEX(?l, "(")"#,
                33,
                "this is no regular expression: unclosed group",
            ),
            (
                r#"regex(STR(?l), '[' )"#,
                38,
                "this is no regular expression: unclosed character class",
            ),
            (
                r#"REGEX(?l, "a{1000}{1000}")"#,
                33,
                "this regular expression is too large",
            ),
            (
                r#"REGEX(?l, "a", "z")"#,
                33,
                "'z' is no flag of a regular expression: expected i, m, q, s or x",
            ),
            (
                r#"REPLACE(?l, """(a""", "x") = "x""#,
                35,
                "this is no regular expression: unclosed group",
            ),
            (
                r#"CONTAINS(REPLACE(?l, "\u0028", ""), "a")"#,
                44,
                "this is no regular expression: unclosed group",
            ),
        ] {
            let query = format!("ASK {{ ?s ?p ?l FILTER({filter}) }}");
            let error = Evaluator::new()
                .parse_query(&query)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("1:{}: {told}", column)),
                "{filter}: {error}"
            );
        }
        let long = format!(
            r#"ASK {{ ?s ?p ?l FILTER(REGEX(?l, "{}")) }}"#,
            "(a|b)*".repeat(100_000)
        );
        let error = Evaluator::new().parse_query(&long).unwrap_err().to_string();
        assert!(
            error.starts_with("1:33: this regular expression is too large"),
            "{error}"
        );
    }

    #[test]
    fn other_patterns_are_left_alone() {
        for filter in [
            r#"REGEX(?l, "(", "q")"#,
            r#"REGEX(?l, CONCAT("(", ?l))"#,
            r#"REGEX(?l, "(" , ?flags)"#,
            r#"REGEX(?l, ?pattern)"#,
            r#"REGEX("(", "a b # c", "xi")"#,
            r#"REGEX(?l, "\\(\u0041", "")"#,
            r#"REPLACE(?l, "a", "(") = "REGEX(?l, '(')""#,
            r#"CONTAINS(?l, "(")"#,
        ] {
            let query = format!("ASK {{ ?s ?p ?l FILTER({filter}) }}");
            assert!(Evaluator::new().parse_query(&query).is_ok(), "{filter}");
        }
    }
}
