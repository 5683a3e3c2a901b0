//! Locates a syntax error, and tries small repairs.

use crate::hint::Hint;
use crate::prefixes::Prefixes;
use crate::sparql::syntax::messages::{
    NOT_AN_IRI, UNKNOWN_PREFIX, decapitalise, is_sentence, position, sentence_hint,
};
use crate::sparql::syntax::words::{FUNCTIONS, KEYWORDS};
use crate::sparql::tokens::{Token, TokenKind};
use crate::spelling::nearest;

/// The kind of text that was parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextKind {
    Query,
    Update,
}

/// A syntax error and its place.
pub(crate) struct Slip {
    /// In bytes.
    pub(crate) place: usize,
    pub(crate) message: String,
    pub(crate) hint: Option<Hint>,
}

/// A text that does not parse, and the parser.
pub(crate) struct Reader<'a> {
    pub(crate) tokens: Vec<Token<'a>>,
    pub(crate) prefixes: &'a Prefixes,
    pub(crate) parse: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    pub(crate) fn explain(&self, text: &str, message: &str, kind: TextKind) -> Slip {
        if let Some(slip) = self.open_text().or_else(|| self.wrong_kind(kind)) {
            return slip;
        }
        let (at, expected) = match self.failure(&self.texts()) {
            Some(failure) => failure,
            // Set apart the tokens parse: all that is known is what the parser said.
            None => return self.raw(text, message),
        };
        let place = self.tokens.get(at).map_or(text.len(), |token| token.start);
        // Keywords that were tried at a token can hide what the parser says about it, here or in the first attempt.
        let first = position(message).map_or(Vec::new(), |(_, _, expected)| expected);
        let sentence = expected.iter().chain(&first).find(|item| is_sentence(item));
        let (message, hint) = match (sentence.map(String::as_str), self.tokens.get(at)) {
            (Some(UNKNOWN_PREFIX), Some(token)) => unknown_prefix(token.text, self.prefixes),
            (Some(NOT_AN_IRI), Some(token)) if token.kind != TokenKind::Iri => (
                "what stands between < and > is not an IRI".to_owned(),
                Some("an IRI has no spaces".into()),
            ),
            (Some(NOT_AN_IRI), Some(token)) => (
                format!("{} is not a full IRI", token.text),
                Some(
                    format!(
                        "write the whole IRI, a prefixed name{}, or set a BASE",
                        known_prefixes(self.prefixes)
                    )
                    .into(),
                ),
            ),
            (Some(sentence), _) => (decapitalise(sentence), sentence_hint(sentence)),
            (None, Some(token)) => (
                format!("unexpected `{}`", shorten(token.text)),
                self.repair(at).map(Hint::from),
            ),
            (None, None) if at == 0 => ("there is no text".to_owned(), None),
            (None, None) => (
                "the text ends too early".to_owned(),
                self.unclosed(text).map(Hint::from),
            ),
        };
        Slip {
            place,
            message,
            hint,
        }
    }

    fn open_text(&self) -> Option<Slip> {
        let open = self.tokens.iter().find(|t| t.kind == TokenKind::OpenText)?;
        let quote = if open.text.starts_with("\"\"\"") || open.text.starts_with("'''") {
            &open.text[..3]
        } else {
            &open.text[..1]
        };
        Some(Slip {
            place: open.start,
            message: "the string that begins here never ends".to_owned(),
            hint: Some(format!("close it with {quote}").into()),
        })
    }

    /// Detects an update that was given as a query, or a query given as an update.
    fn wrong_kind(&self, kind: TextKind) -> Option<Slip> {
        const QUERY: [&str; 4] = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];
        const UPDATE: [&str; 10] = [
            "INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH",
        ];
        let mut words = self
            .tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Word);
        let first = words.find(|word| !is_any(word.text, &["PREFIX", "BASE"]))?;
        let (others, message, hint) = match kind {
            TextKind::Query => (
                &UPDATE[..],
                "this is an update, not a query",
                Hint::RunAsUpdate,
            ),
            TextKind::Update => (
                &QUERY[..],
                "this is a query, not an update",
                Hint::RunAsQuery,
            ),
        };
        is_any(first.text, others).then(|| Slip {
            place: first.start,
            message: message.to_owned(),
            hint: Some(hint),
        })
    }

    fn raw(&self, text: &str, message: &str) -> Slip {
        let (line, column, expected) = position(message).unwrap_or((1, 1, Vec::new()));
        let start: usize = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let in_line = text[start..].chars().take(column - 1).map(char::len_utf8);
        let sentence = expected.iter().find(|item| is_sentence(item));
        Slip {
            place: start + in_line.sum::<usize>(),
            message: match sentence {
                Some(sentence) => decapitalise(sentence),
                None if expected.is_empty() => decapitalise(message),
                None => format!("the parser expected {} about here", expected.join(", ")),
            },
            hint: sentence.and_then(|sentence| sentence_hint(sentence)),
        }
    }

    pub(crate) fn texts(&self) -> Vec<&str> {
        self.tokens.iter().map(|token| token.text).collect()
    }

    /// Returns the token that the parser fails at (their number: the end), and what it expected there.
    pub(crate) fn failure(&self, texts: &[&str]) -> Option<(usize, Vec<String>)> {
        // The parser reads keywords without looking, up to their length: more space than the longest one has letters
        // keeps it from looking beyond the token.
        let gap = " ".repeat(60);
        let spaced: String = texts
            .iter()
            .flat_map(|text| {
                [
                    text.replace(['\n', '\r'], " "),
                    gap.clone(),
                    "\n".to_owned(),
                ]
            })
            .collect();
        let message = (self.parse)(&spaced)?;
        let (line, _, expected) = position(&message)?;
        Some((line - 1, expected))
    }

    /// Returns how many tokens the parser accepts; all and one more where it accepts the whole.
    fn progress(&self, texts: &[&str]) -> usize {
        self.failure(texts).map_or(texts.len() + 1, |(at, _)| at)
    }

    /// Returns the small change around a token that lets the parser come furthest.
    fn repair(&self, at: usize) -> Option<String> {
        let texts = self.texts();
        let token = self.tokens.get(at)?;
        let before = at.checked_sub(1).map_or("", |before| texts[before]);
        if let Some(hint) = hint_after(before, token.text) {
            return Some(hint);
        }
        let changed = |replaced: &[&str], skip: usize| {
            let texts = [&texts[..at], replaced, &texts[at + skip..]].concat();
            // Counted in tokens of the text as it is.
            (self.progress(&texts) + skip).saturating_sub(replaced.len())
        };
        if token.kind == TokenKind::Word {
            for word in nearest(token.text, KEYWORDS.iter().chain(FUNCTIONS).copied()) {
                if changed(&[word], 1) > at + 1 {
                    return Some(format!("did you mean {word}?"));
                }
            }
            if texts.get(at + 1) == Some(&"(") {
                return Some("no function has this name".to_owned());
            }
        }
        let mut best: Option<(usize, String)> = None;
        // The token and the one after it must be accepted.
        let enough = (at + 2).min(texts.len());
        let mut offer = |progress: usize, hint: String| {
            if progress >= enough && best.as_ref().is_none_or(|(other, _)| progress > *other) {
                best = Some((progress, hint));
            }
        };
        for text in [".", "}", ")", "]", "{", "(", "AS", "BY"] {
            offer(changed(&[text], 0), format!("put `{text}` before it"));
        }
        let missing = "something is missing before it: a variable, a name or a string";
        offer(changed(&["?x"], 0), missing.to_owned());
        let without = changed(&[], 1);
        if without > at + 1 {
            offer(without, "leave it out".to_owned());
        }
        if token.kind == TokenKind::Word {
            offer(changed(&["?x"], 1), in_place_of(token.text, self.prefixes));
        }
        best.map(|(_, hint)| hint)
    }

    /// Returns the bracket that is still open at the end.
    fn unclosed(&self, text: &str) -> Option<String> {
        let mut open: Vec<&Token<'_>> = Vec::new();
        for token in &self.tokens {
            match token.text {
                "{" | "(" | "[" => open.push(token),
                "}" | ")" | "]" => {
                    open.pop();
                }
                _ => {}
            }
        }
        let last = open.last()?;
        let line = text[..last.start].matches('\n').count() + 1;
        let close = match last.text {
            "{" => "}",
            "(" => ")",
            _ => "]",
        };
        let text = last.text;
        Some(format!("close the `{text}` of line {line} with `{close}`"))
    }
}

/// Returns a hint for a word that only some tokens can follow.
fn hint_after(before: &str, text: &str) -> Option<String> {
    let word = before.to_uppercase();
    match word.as_str() {
        "FILTER" | "HAVING" | "BIND" if text != "(" => {
            Some(format!("put the expression of {word} in parentheses"))
        }
        "LIMIT" | "OFFSET" => Some(format!("{word} takes a whole number")),
        "PREFIX" if !text.contains(':') => Some(format!("write PREFIX {text}: <http://…>")),
        _ => None,
    }
}

fn unknown_prefix(name: &str, prefixes: &Prefixes) -> (String, Option<Hint>) {
    let (prefix, local) = name.split_once(':').unwrap_or((name, ""));
    let known: Vec<_> = prefixes.iter().map(|(prefix, _)| prefix).collect();
    let similar = nearest(prefix, known.iter().copied());
    let mut hint = String::new();
    if let Some(similar) = similar.first() {
        hint = format!("did you mean {similar}:{local}? ");
    }
    hint.push_str(&format!("declare it by PREFIX {prefix}: <http://…>"));
    if !known.is_empty() {
        hint.push_str(&format!("; known without declaring: {}", known.join(", ")));
    }
    (format!("unknown prefix {prefix}:"), Some(hint.into()))
}

/// Returns the prefixes that need no declaration, in parentheses; empty if there are none.
fn known_prefixes(prefixes: &Prefixes) -> String {
    let known: Vec<_> = prefixes.iter().map(|(prefix, _)| prefix).collect();
    match known.is_empty() {
        true => String::new(),
        false => format!(" (known prefixes: {})", known.join(", ")),
    }
}

/// Says what can stand where a bare word stands.
fn in_place_of(word: &str, prefixes: &Prefixes) -> String {
    let name = match prefixes.iter().next() {
        Some(_) => format!("prefix:{word} for a name{}", known_prefixes(prefixes)),
        None => format!("<http://…/{word}> for a name"),
    };
    format!("write ?{word} for a variable, \"{word}\" for a string, {name}")
}

fn is_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().count() > LONGEST {
        short.push('…');
    }
    short
}
