//! Conditions on the language of a variable, as ranges of numbers: language-tagged strings are numbered by their tag.

use crate::sparql::engine::context::{Context, store_error};
use crate::sparql::engine::plan::comparison::Numbers;
use crate::sparql::error::SparqlError;
use crate::store::compiled::kind::Kind;
use oxigraph::model::Variable;
use oxigraph::model::vocab::xsd;
use spargebra::algebra::{Expression, Function};
use std::ops::Range;

/// The language that a condition requires.
pub(crate) enum Wanted<'e> {
    /// This tag, or none if it is empty.
    Tag(&'e str),
    /// One that a language range fits, as RFC 4647 has basic filtering.
    Fitting(&'e str),
}

/// Returns the variable and its language, if the expression is a condition on that alone.
pub(crate) fn parts(expression: &Expression) -> Option<(&Variable, Wanted<'_>)> {
    match expression {
        Expression::Equal(left, right) => match (language_of(left), language_of(right)) {
            (Some(name), _) => Some((name, Wanted::Tag(string(right)?))),
            (_, Some(name)) => Some((name, Wanted::Tag(string(left)?))),
            _ => None,
        },
        Expression::FunctionCall(Function::LangMatches, operands) => match &operands[..] {
            [tag, range] => Some((language_of(tag)?, Wanted::Fitting(string(range)?))),
            _ => None,
        },
        _ => None,
    }
}

fn language_of(expression: &Expression) -> Option<&Variable> {
    match expression {
        Expression::FunctionCall(Function::Lang, operands) => match &operands[..] {
            [Expression::Variable(name)] => Some(name),
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

/// Returns the numbers of the terms that have such a language. O(t log n) for t tags and n tagged strings.
pub(crate) fn numbers(context: &Context<'_>, wanted: &Wanted<'_>) -> Result<Numbers, SparqlError> {
    let terms = context.dataset.store().terms();
    let mut ranges = match wanted {
        Wanted::Tag("") => vec![
            terms.range(Kind::Text),
            terms.range(Kind::Other).start..terms.len(),
        ],
        Wanted::Tag(tag) => vec![tagged(context, tag)?],
        Wanted::Fitting(range) => {
            let mut found = Vec::new();
            for (tag, numbers) in tags(context)? {
                if fits(range, &tag) {
                    found.push(numbers);
                }
            }
            found
        }
    };
    // Computed terms can have any language.
    let computed = terms.len()..u32::MAX;
    ranges.push(computed.clone());
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    Ok(Numbers {
        ranges,
        undecided: vec![computed],
    })
}

/// Returns whether a language range fits a tag.
fn fits(range: &str, tag: &str) -> bool {
    if range == "*" {
        return true;
    }
    let mut subtags = tag.split('-');
    range.split('-').all(|wanted| {
        let subtag = subtags.next();
        subtag.is_some_and(|subtag| subtag.eq_ignore_ascii_case(wanted))
    })
}

/// Returns the numbers of the strings with a tag.
fn tagged(context: &Context<'_>, tag: &str) -> Result<Range<u32>, SparqlError> {
    let store = context.dataset.store();
    let first = store.terms().range(Kind::Tagged).start;
    let Some(section) = store.terms().text(Kind::Tagged) else {
        return Ok(0..0);
    };
    let head = format!("{}:{tag}", tag.len());
    let place = |with_equal: bool| {
        let is_before = |text: &str| text < &*head || with_equal && text.starts_with(&head);
        let place = section.partition(store.pages(), is_before);
        place.map(|place| first + place).map_err(store_error)
    };
    Ok(place(false)?..place(true)?)
}

/// Returns all tags and the numbers of their strings.
pub(crate) fn tags(context: &Context<'_>) -> Result<Vec<(String, Range<u32>)>, SparqlError> {
    let all = context.dataset.store().terms().range(Kind::Tagged);
    let (mut found, mut next) = (Vec::new(), all.start);
    while next < all.end {
        let term = context.term(next).map_err(store_error)?;
        let tag = match &term {
            Some(oxigraph::model::Term::Literal(literal)) => literal.language(),
            _ => None,
        };
        let tag = tag.unwrap_or_default().to_owned();
        let numbers = tagged(context, &tag)?;
        // A file that was tampered with may have them in no order.
        let end = numbers.end.max(next + 1);
        found.push((tag, next..end));
        next = end;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_range_fits_its_tag_and_those_that_are_more_special() {
        for (range, tag) in [
            ("en", "en"),
            ("EN", "en-us"),
            ("*", "zh"),
            ("de-ch", "de-CH-1996"),
        ] {
            assert!(fits(range, tag), "{range} {tag}");
        }
        for (range, tag) in [("en", "eng"), ("en-us", "en"), ("de", "en"), ("", "en")] {
            assert!(!fits(range, tag), "{range} {tag}");
        }
    }
}
