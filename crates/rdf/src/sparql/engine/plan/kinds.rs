//! Conditions on what a term is or how its text begins, as ranges of numbers: terms are numbered by kind, and those of a
//! kind by their text.

use crate::sparql::engine::context::{Context, store_error};
use crate::sparql::engine::plan::comparison::Numbers;
use crate::sparql::engine::plan::language::tags;
use crate::sparql::error::SparqlError;
use crate::store::compiled::kind::Kind;
use oxigraph::model::Variable;
use oxigraph::model::vocab::xsd;
use spargebra::algebra::{Expression, Function};
use std::ops::Range;

/// What a condition wants of a variable.
pub(crate) enum Wanted<'e> {
    /// To be a term of some kind, or to be none.
    Kind(&'e Function, bool),
    /// A text that begins so.
    Prefix {
        prefix: String,
        /// The text is that of `STR`.
        of_str: bool,
        /// No more is wanted.
        is_all: bool,
    },
}

/// Returns the variable and what is wanted of it, if the expression is a condition on that alone.
pub(crate) fn parts(expression: &Expression) -> Option<(&Variable, Wanted<'_>)> {
    let (inner, is_wanted) = match expression {
        Expression::Not(inner) => (&**inner, false),
        other => (other, true),
    };
    let Expression::FunctionCall(function, operands) = inner else {
        return None;
    };
    match (function, &operands[..]) {
        (
            Function::IsIri | Function::IsBlank | Function::IsLiteral,
            [Expression::Variable(name)],
        ) => Some((name, Wanted::Kind(function, is_wanted))),
        (Function::StrStarts, [text, prefix]) if is_wanted => {
            let (name, of_str) = text_of(text)?;
            let prefix = string(prefix)?.to_owned();
            let is_all = true;
            Some((
                name,
                Wanted::Prefix {
                    prefix,
                    of_str,
                    is_all,
                },
            ))
        }
        (Function::Regex, [text, pattern]) if is_wanted => {
            let (name, of_str) = text_of(text)?;
            let (prefix, is_all) = literal_prefix(string(pattern)?)?;
            Some((
                name,
                Wanted::Prefix {
                    prefix,
                    of_str,
                    is_all,
                },
            ))
        }
        _ => None,
    }
}

/// Returns the variable of a text, and whether it is that of `STR`.
fn text_of(expression: &Expression) -> Option<(&Variable, bool)> {
    match expression {
        Expression::Variable(name) => Some((name, false)),
        Expression::FunctionCall(Function::Str, operands) => match &operands[..] {
            [Expression::Variable(name)] => Some((name, true)),
            _ => None,
        },
        _ => None,
    }
}

fn string(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Literal(literal) if literal.datatype() == xsd::STRING => Some(literal.value()),
        _ => None,
    }
}

/// Returns the text that each match of a regular expression begins with, and whether nothing else is wanted; `None` if
/// there is none.
fn literal_prefix(pattern: &str) -> Option<(String, bool)> {
    let rest = pattern.strip_prefix('^')?;
    let special = |c: char| !c.is_alphanumeric() && !matches!(c, ' ' | '-' | '_' | ',' | ':' | '/');
    let end = rest.find(special).unwrap_or(rest.len());
    let mut prefix = rest[..end].to_owned();
    let after = &rest[end..];
    if after.contains('|') {
        return None;
    }
    // What comes next may say that the last character is left out.
    if after.starts_with(['*', '?', '{', '+']) {
        prefix.pop();
    }
    (!prefix.is_empty()).then_some((prefix, after.is_empty()))
}

/// Returns the numbers of the terms that are as wanted.
pub(crate) fn numbers(context: &Context<'_>, wanted: &Wanted<'_>) -> Result<Numbers, SparqlError> {
    let terms = context.dataset.store().terms();
    // Computed terms can be anything.
    let computed = terms.len()..u32::MAX;
    let (mut ranges, mut undecided) = (Vec::new(), vec![computed.clone()]);
    match wanted {
        Wanted::Kind(function, is_wanted) => {
            let of_kind = match function {
                Function::IsIri => terms.range(Kind::Iri),
                Function::IsBlank => terms.range(Kind::Blank),
                _ => terms.range(Kind::Text).start..terms.len(),
            };
            match is_wanted {
                true => ranges.push(of_kind),
                false => ranges.extend([0..of_kind.start, of_kind.end..terms.len()]),
            }
        }
        Wanted::Prefix {
            prefix,
            of_str,
            is_all,
        } => {
            ranges.push(starting(context, Kind::Text, prefix)?);
            for (tag, _) in tags(context)? {
                let head = format!("{}:{tag}{prefix}", tag.len());
                ranges.push(starting(context, Kind::Tagged, &head)?);
            }
            if *of_str {
                ranges.push(starting(context, Kind::Iri, prefix)?);
                // Other literals are not numbered by their text.
                undecided.push(terms.range(Kind::Other).start..terms.len());
            }
            if !is_all {
                undecided.append(&mut ranges.clone());
            }
        }
    }
    ranges.extend_from_slice(&undecided);
    Ok(Numbers { ranges, undecided }.united())
}

/// Returns the numbers of the terms of a kind whose text begins so.
fn starting(context: &Context<'_>, kind: Kind, prefix: &str) -> Result<Range<u32>, SparqlError> {
    let store = context.dataset.store();
    let first = store.terms().range(kind).start;
    let Some(section) = store.terms().text(kind) else {
        return Ok(0..0);
    };
    let place = |with_equal: bool| {
        let is_before = |text: &str| text < prefix || with_equal && text.starts_with(prefix);
        let place = section.partition(store.pages(), is_before);
        place.map(|place| first + place).map_err(store_error)
    };
    Ok(place(false)?..place(true)?)
}

#[cfg(test)]
mod tests {
    use super::literal_prefix;

    #[test]
    fn the_literal_start_of_a_pattern() {
        let prefix = |pattern| literal_prefix(pattern);
        assert_eq!(prefix("^abc"), Some(("abc".to_owned(), true)));
        assert_eq!(prefix("^ab.c"), Some(("ab".to_owned(), false)));
        assert_eq!(prefix("^abc*"), Some(("ab".to_owned(), false)));
        assert_eq!(prefix("^ab$"), Some(("ab".to_owned(), false)));
        assert_eq!(prefix("^a{0}"), None);
        assert_eq!(prefix("^ab|c"), None);
        assert_eq!(prefix("^(ab)"), None);
        assert_eq!(prefix("ab"), None);
    }
}
