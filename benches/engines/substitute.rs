//! Puts the parameters of a query into its text, for an evaluator that takes terms only for variables in the result.

use crate::engines::engine::Question;

/// Where in a query a variable stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// A list of variables after `SELECT`: a term needs a name there.
    Select,
    /// The same after `GROUP BY`: a term needs brackets there.
    Group,
    Elsewhere,
}

/// The text of a question with terms in the place of its parameters.
///
/// This knows as much of the language as the named queries use: strings in double quotes and whole-line comments.
pub(crate) fn substituted(question: &Question) -> String {
    let mut out = String::with_capacity(question.text.len());
    for line in question.text.lines() {
        if !line.trim_start().starts_with('#') {
            out.push_str(line);
            out.push('\n');
        }
    }
    let text = std::mem::take(&mut out);
    let (mut place, mut depth) = (Place::Elsewhere, 0);
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '$' | '?' => 1 + word_length(&rest[1..]),
            _ => word_length(rest).max(first.len_utf8()),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match token {
            "SELECT" => (place, depth) = (Place::Select, 0),
            "GROUP" => (place, depth) = (Place::Group, 0),
            "WHERE" | "HAVING" | "ORDER" | "LIMIT" | "{" | "}" if depth == 0 => {
                place = Place::Elsewhere;
            }
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        let name = token.strip_prefix(['$', '?']);
        let given = question.parameters.iter();
        match given
            .clone()
            .find(|(given, _)| Some(given.as_str()) == name)
        {
            None => out.push_str(token),
            Some((name, term)) => match place {
                Place::Select if depth == 0 => out.push_str(&format!("({term} AS ?{name})")),
                Place::Group if depth == 0 => out.push_str(&format!("({term})")),
                _ => out.push_str(term),
            },
        }
    }
    out
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

/// The length of a string that the text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !is_escaped => return at + 1,
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    text.len()
}
