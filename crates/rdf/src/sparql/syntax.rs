//! Syntax errors that show the place and say what to do.
//!
//! The parser tells how far it came and what it tried there, which is often beyond the slip and never in words for
//! people. So the text is parsed again with its tokens set far apart, which gives the very token, and then with small
//! repairs: one that lets the parser come further is what the hint suggests. Only texts that do not parse pay for it.

use crate::format::table::width;
use crate::prefixes::Prefixes;
use crate::sparql::tokens::{Token, TokenKind, tokens};
use crate::spelling::nearest;
use crate::store::hint::Hint;
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
    /// What is wrong.
    pub message: String,
    /// The line of the text.
    pub source_line: String,
    /// What to try.
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
    /// Explains why `parse` refuses a text; `parse` gives the message of the parser.
    pub(crate) fn new(
        text: &str,
        message: &str,
        kind: TextKind,
        prefixes: &Prefixes,
        parse: &dyn Fn(&str) -> Option<String>,
    ) -> Box<Self> {
        let reader = Reader {
            tokens: tokens(text).collect(),
            parse,
        };
        let slip = reader.explain(text, message, kind, prefixes);
        let place = slip.place.min(text.len());
        let before = text.get(..place).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        Box::new(Self {
            file: None,
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            message: slip.message,
            source_line: line.to_owned(),
            hint: slip.hint,
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

const KEYWORDS: &[&str] = &[
    "SELECT",
    "ASK",
    "CONSTRUCT",
    "DESCRIBE",
    "WHERE",
    "FILTER",
    "OPTIONAL",
    "UNION",
    "GRAPH",
    "SERVICE",
    "MINUS",
    "BIND",
    "VALUES",
    "ORDER",
    "GROUP",
    "BY",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "DISTINCT",
    "REDUCED",
    "FROM",
    "NAMED",
    "PREFIX",
    "BASE",
    "EXISTS",
    "NOT",
    "AS",
    "ASC",
    "DESC",
    "INSERT",
    "DELETE",
    "DATA",
    "WITH",
    "USING",
    "UNDEF",
    "SILENT",
];

const FUNCTIONS: &[&str] = &[
    "COUNT",
    "SUM",
    "AVG",
    "MIN",
    "MAX",
    "SAMPLE",
    "GROUP_CONCAT",
    "STR",
    "LANG",
    "LANGMATCHES",
    "DATATYPE",
    "BOUND",
    "IRI",
    "BNODE",
    "IF",
    "COALESCE",
    "CONCAT",
    "STRLEN",
    "SUBSTR",
    "CONTAINS",
    "STRSTARTS",
    "STRENDS",
    "STRBEFORE",
    "STRAFTER",
    "UCASE",
    "LCASE",
    "REPLACE",
    "REGEX",
    "ABS",
    "ROUND",
    "CEIL",
    "FLOOR",
    "YEAR",
    "MONTH",
    "DAY",
    "NOW",
    "isIRI",
    "isBlank",
    "isLiteral",
    "isNumeric",
    "sameTerm",
];

/// What a text was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextKind {
    Query,
    Update,
}

struct Slip {
    /// In bytes.
    place: usize,
    message: String,
    hint: Option<Hint>,
}

struct Reader<'a> {
    tokens: Vec<Token<'a>>,
    parse: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    fn explain(&self, text: &str, message: &str, kind: TextKind, prefixes: &Prefixes) -> Slip {
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
            (Some(UNKNOWN_PREFIX), Some(token)) => unknown_prefix(token.text, prefixes),
            (Some(NOT_AN_IRI), Some(token)) if token.kind != TokenKind::Iri => (
                "what stands between < and > is not an IRI".to_owned(),
                Some("an IRI has no spaces".into()),
            ),
            (Some(NOT_AN_IRI), Some(token)) => (
                format!("{} is not a full IRI", token.text),
                Some("write the whole IRI, a prefixed name (id:openai), or set a BASE".into()),
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

    fn texts(&self) -> Vec<&str> {
        self.tokens.iter().map(|token| token.text).collect()
    }

    /// Returns the token that the parser fails at (their number: the end), and what it expected there.
    fn failure(&self, texts: &[&str]) -> Option<(usize, Vec<String>)> {
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
            let text = token.text;
            offer(
                changed(&["?x"], 1),
                format!(
                    "write ?{text} for a variable, id:{text} for a name, \"{text}\" for a string"
                ),
            );
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

/// Reads `error at LINE:COLUMN: expected one of A, B`: the place, and what was expected there. Other words around a
/// place leave what was expected unknown.
fn position(message: &str) -> Option<(usize, usize, Vec<String>)> {
    let number = |text: &str| text.parse().ok().filter(|number: &usize| *number > 0);
    let place = |word: &str| {
        let (line, column) = word.trim_end_matches([':', ',', '.']).split_once(':')?;
        Some((number(line)?, number(column)?))
    };
    let (line, column) = message.split_whitespace().find_map(place)?;
    let expected = message.split_once(": expected ").map(|(_, expected)| {
        let items = expected.strip_prefix("one of ").unwrap_or(expected);
        items.split(", ").map(str::to_owned).collect()
    });
    Some((line, column, expected.unwrap_or_default()))
}

/// What the parser says of a prefix that is not declared.
const UNKNOWN_PREFIX: &str = "Prefix not found";
/// What the parser says of an IRI that is none, or is relative to nothing.
const NOT_AN_IRI: &str = "IRI parsing failed";
/// Parts of what else the parser says, and what to try.
const HINTS: [(&str, &str); 4] = [
    (
        "SELECT contains",
        "each variable of SELECT must be in GROUP BY or inside an aggregate such as COUNT(…)",
    ),
    ("not allowed in INSERT DATA", "use INSERT { … } WHERE { … }"),
    ("not allowed in DELETE DATA", "use DELETE { … } WHERE { … }"),
    ("overrid", "choose a name that is not used yet"),
];

/// Returns whether the parser says in words what is wrong, rather than naming what it tried.
fn is_sentence(expected: &str) -> bool {
    expected.contains(' ') && expected.starts_with(|c: char| c.is_alphabetic())
}

fn sentence_hint(sentence: &str) -> Option<Hint> {
    let mut hints = HINTS.iter();
    let (_, hint) = hints.find(|(words, _)| sentence.contains(words))?;
    Some(Hint::from(*hint))
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

fn is_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Returns a message without its capital, unless it begins with a keyword.
fn decapitalise(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    if characters.clone().next().is_some_and(char::is_uppercase) {
        return sentence.to_owned();
    }
    first.to_lowercase().chain(characters).collect()
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

#[cfg(test)]
mod tests;
