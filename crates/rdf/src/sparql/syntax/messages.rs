//! The messages of the parser, taken apart.

use crate::hint::Hint;

/// Reads `error at LINE:COLUMN: expected one of A, B`: the place, and what was expected there. Other words around a
/// place leave what was expected unknown.
pub(crate) fn position(message: &str) -> Option<(usize, usize, Vec<String>)> {
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

/// The message of the parser for an undeclared prefix.
pub(crate) const UNKNOWN_PREFIX: &str = "Prefix not found";
/// The message of the parser for an invalid IRI, or a relative one without a base.
pub(crate) const NOT_AN_IRI: &str = "IRI parsing failed";
/// Parts of other messages of the parser, and what to try.
pub(crate) const HINTS: [(&str, &str); 4] = [
    (
        "SELECT contains",
        "each variable of SELECT must be in GROUP BY or inside an aggregate such as COUNT(…)",
    ),
    ("not allowed in INSERT DATA", "use INSERT { … } WHERE { … }"),
    ("not allowed in DELETE DATA", "use DELETE { … } WHERE { … }"),
    ("overrid", "choose a name that is not used yet"),
];

/// Returns whether the parser describes the error, rather than naming the tokens that it tried.
pub(crate) fn is_sentence(expected: &str) -> bool {
    expected.contains(' ') && expected.starts_with(|c: char| c.is_alphabetic())
}

pub(crate) fn sentence_hint(sentence: &str) -> Option<Hint> {
    let mut hints = HINTS.iter();
    let (_, hint) = hints.find(|(words, _)| sentence.contains(words))?;
    Some(Hint::from(*hint))
}

/// Returns a message without its capital, unless it begins with a keyword.
pub(crate) fn decapitalise(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    if characters.clone().next().is_some_and(char::is_uppercase) {
        return sentence.to_owned();
    }
    first.to_lowercase().chain(characters).collect()
}
