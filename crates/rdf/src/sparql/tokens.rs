//! Cuts the text of a query into tokens, for messages and checks; the parser proper is another.

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword, the name of a function, `a`, `true`.
    Word,
    /// `prefix:local`, `prefix:`, `:local`, or the label of a blank node.
    PrefixedName,
    /// `<…>`.
    Iri,
    /// `?name` or `$name`.
    Variable,
    /// A string in quotes.
    Text,
    /// A string that never ends.
    OpenText,
    /// A number.
    Number,
    /// `@en`.
    Language,
    /// Anything else: brackets, operators.
    Symbol,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its kind.
    pub kind: TokenKind,
    /// Its text.
    pub text: &'a str,
    /// The place in bytes.
    pub start: usize,
}

/// Returns all tokens of a text, without comments; together with white space they are the whole text.
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut end = 0;
    std::iter::from_fn(move || {
        loop {
            let (start, rest) = (end, &text[end..]);
            let first = rest.chars().next()?;
            if first.is_whitespace() {
                end += first.len_utf8();
            } else if first == '#' {
                end += rest.find(['\n', '\r']).unwrap_or(rest.len());
            } else {
                let (kind, length) = token(rest, first);
                end += length;
                return Some(Token {
                    kind,
                    text: &rest[..length],
                    start,
                });
            }
        }
    })
}

/// Returns the kind and the length of the token at the start of a text.
fn token(rest: &str, first: char) -> (TokenKind, usize) {
    let one = first.len_utf8();
    match first {
        '<' => match iri(rest) {
            Some(length) => (TokenKind::Iri, length),
            None => (TokenKind::Symbol, symbol(rest, one)),
        },
        '"' | '\'' => string(rest, first),
        '?' | '$' => match span(&rest[one..], is_word) {
            0 => (TokenKind::Symbol, one),
            length => (TokenKind::Variable, one + length),
        },
        '@' => match span(&rest[one..], |c| c.is_alphanumeric() || c == '-') {
            0 => (TokenKind::Symbol, one),
            length => (TokenKind::Language, one + length),
        },
        '+' | '-' | '.' | '0'..='9' => match number(rest) {
            0 => (TokenKind::Symbol, symbol(rest, one)),
            length => (TokenKind::Number, length),
        },
        _ if is_word(first) || first == ':' => name(rest),
        _ => (TokenKind::Symbol, symbol(rest, one)),
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Returns the length in bytes of the longest start whose characters all pass.
fn span(text: &str, pass: impl Fn(char) -> bool) -> usize {
    text.find(|character| !pass(character))
        .unwrap_or(text.len())
}

fn symbol(rest: &str, one: usize) -> usize {
    const LONG: [&str; 9] = ["^^", "&&", "||", "!=", "<=", ">=", "<<", ">>", "{|"];
    if LONG.iter().any(|long| rest.starts_with(long)) {
        2
    } else {
        one
    }
}

fn iri(rest: &str) -> Option<usize> {
    let end = rest[1..].find(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`')
    })? + 1;
    rest[end..].starts_with('>').then_some(end + 1)
}

fn string(rest: &str, quote: char) -> (TokenKind, usize) {
    let long: String = [quote; 3].iter().collect();
    let (start, is_long) = if rest.starts_with(&long) {
        (3, true)
    } else {
        (1, false)
    };
    let mut is_escaped = false;
    for (at, character) in rest[start..].char_indices() {
        let at = start + at;
        if is_escaped {
            is_escaped = false;
        } else if character == '\\' {
            is_escaped = true;
        } else if is_long && rest[at..].starts_with(&long) {
            return (TokenKind::Text, at + 3);
        } else if !is_long && character == quote {
            return (TokenKind::Text, at + 1);
        } else if !is_long && matches!(character, '\n' | '\r') {
            return (TokenKind::OpenText, at);
        }
    }
    (TokenKind::OpenText, rest.len())
}

fn number(rest: &str) -> usize {
    let digit = |c: char| c.is_ascii_digit();
    let sign = usize::from(rest.starts_with(['+', '-']));
    let whole = span(&rest[sign..], digit);
    let mut length = sign + whole;
    if rest[length..].starts_with('.') {
        let fraction = span(&rest[length + 1..], digit);
        if fraction > 0 {
            length += 1 + fraction;
        } else if whole == 0 {
            return 0;
        }
    } else if whole == 0 {
        return 0;
    }
    if rest[length..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[length + 1..].starts_with(['+', '-']));
        let exponent = span(&rest[length + 1 + sign..], digit);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

/// Reads a word or a prefixed name; a dot at its end belongs to what follows.
fn name(rest: &str) -> (TokenKind, usize) {
    let word = span(rest, |c| is_word(c) || matches!(c, '-' | '.'));
    if !rest[word..].starts_with(':') {
        let plain = rest[..span(rest, is_word)].len();
        return (TokenKind::Word, plain.max(1));
    }
    let mut end = word + 1;
    let mut is_escaped = false;
    for (at, character) in rest[end..].char_indices() {
        let goes_on = is_escaped
            || is_word(character)
            || matches!(character, '-' | '.' | ':' | '%' | '\\' | '\u{b7}');
        if !goes_on {
            break;
        }
        is_escaped = character == '\\' && !is_escaped;
        end = word + 1 + at + character.len_utf8();
    }
    let trimmed = rest[..end].trim_end_matches('.');
    (TokenKind::PrefixedName, trimmed.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_query_in_tokens() {
        let text = "SELECT ?x { ?x pm:a.b <http://e/> ; ^foo: 'it''s' . # no\n FILTER(?x < 3.5e1&&$y>=-1) \"\"\"a\n\"\"\"@en-GB } 'open";
        let found: Vec<_> = tokens(text).map(|token| token.text).collect();
        assert_eq!(
            found,
            [
                "SELECT",
                "?x",
                "{",
                "?x",
                "pm:a.b",
                "<http://e/>",
                ";",
                "^",
                "foo:",
                "'it'",
                "'s'",
                ".",
                "FILTER",
                "(",
                "?x",
                "<",
                "3.5e1",
                "&&",
                "$y",
                ">=",
                "-1",
                ")",
                "\"\"\"a\n\"\"\"",
                "@en-GB",
                "}",
                "'open"
            ]
        );
        assert_eq!(tokens(text).last().unwrap().kind, TokenKind::OpenText);
    }

    proptest! {
        #[test]
        fn tokens_never_panic_and_cover_the_text(text in "[ \\n\"'#<>?$@:.\\-+0-9a-zA-Z芯\\\\{}&|^=!]{0,60}") {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(!token.text.is_empty());
                let gap = &text[end..token.start];
                prop_assert!(gap.is_empty() || gap.contains('#') || gap.trim().is_empty());
                prop_assert_eq!(&text[token.start..token.start + token.text.len()], token.text);
                end = token.start + token.text.len();
            }
        }
    }
}
