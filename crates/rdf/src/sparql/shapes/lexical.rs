//! Checks whether the text of a literal is in the lexical space of its datatype.

use oxigraph::model::{Literal, NamedNode, Term};
use spareval::ExpressionTerm;

const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

/// Returns whether a term is a well-formed literal of this datatype: what `sh:datatype` asks (SHACL §4.1.2).
///
/// The check covers the datatypes that SPARQL computes with, and dates and durations; text of any other datatype is
/// taken as it is.
pub(crate) fn has_datatype(term: &Term, datatype: &NamedNode) -> bool {
    matches!(term, Term::Literal(literal) if literal.datatype() == *datatype && is_well_formed(literal))
}

/// Returns whether a literal stands for a value of its datatype.
pub(crate) fn is_well_formed(literal: &Literal) -> bool {
    let text = literal.value();
    let datatype = literal.datatype();
    let Some(local) = datatype.as_str().strip_prefix(XSD) else {
        return true;
    };
    match local {
        "decimal" => is_decimal(text),
        "dateTimeStamp" => is_computed(literal) && has_timezone(text),
        "boolean" | "float" | "double" | "dateTime" | "date" | "time" | "gYear" | "gYearMonth"
        | "gMonth" | "gDay" | "gMonthDay" | "duration" | "dayTimeDuration"
        | "yearMonthDuration" => is_computed(literal),
        _ => integer_range(local).is_none_or(|range| is_integer(text, range)),
    }
}

/// Returns whether the evaluator reads a value from the literal; other literals keep their text.
fn is_computed(literal: &Literal) -> bool {
    !matches!(
        ExpressionTerm::from(Term::from(literal.clone())),
        ExpressionTerm::OtherTypedLiteral { .. }
    )
}

fn has_timezone(text: &str) -> bool {
    text.ends_with('Z')
        || text
            .split_once('T')
            .is_some_and(|(_, time)| time.contains(['+', '-']))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

/// The evaluator's decimals have 18 digits after the point at most; those of the standard have any number.
fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = unsigned(text)
        .split_once('.')
        .unwrap_or((unsigned(text), ""));
    whole.len() + fraction.len() > 0
        && whole
            .bytes()
            .chain(fraction.bytes())
            .all(|b| b.is_ascii_digit())
}

/// The least and the greatest value of an integer type; no bound where the type has none.
type Range = (Option<i128>, Option<i128>);

fn integer_range(local: &str) -> Option<Range> {
    fn signed(min: impl Into<i128>, max: impl Into<i128>) -> Range {
        (Some(min.into()), Some(max.into()))
    }
    Some(match local {
        "integer" => (None, None),
        "nonNegativeInteger" => (Some(0), None),
        "positiveInteger" => (Some(1), None),
        "nonPositiveInteger" => (None, Some(0)),
        "negativeInteger" => (None, Some(-1)),
        "long" => signed(i64::MIN, i64::MAX),
        "int" => signed(i32::MIN, i32::MAX),
        "short" => signed(i16::MIN, i16::MAX),
        "byte" => signed(i8::MIN, i8::MAX),
        "unsignedLong" => signed(u64::MIN, u64::MAX),
        "unsignedInt" => signed(u32::MIN, u32::MAX),
        "unsignedShort" => signed(u16::MIN, u16::MAX),
        "unsignedByte" => signed(u8::MIN, u8::MAX),
        _ => return None,
    })
}

fn is_integer(text: &str, (min, max): Range) -> bool {
    let digits = unsigned(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    match text.parse::<i128>() {
        Ok(value) => min.is_none_or(|min| min <= value) && max.is_none_or(|max| value <= max),
        // Beyond 128 bits: only a type without a bound on that side holds it.
        Err(_) if text.starts_with('-') => min.is_none(),
        Err(_) => max.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(datatype: &str, text: &str) -> bool {
        let datatype = NamedNode::new_unchecked(format!("{XSD}{datatype}"));
        let literal = Literal::new_typed_literal(text, datatype.clone());
        has_datatype(&literal.into(), &datatype)
    }

    #[test]
    fn text_in_the_lexical_space_fits() {
        for (datatype, texts) in [
            (
                "integer",
                &[
                    "0",
                    "-5",
                    "+007",
                    "123456789012345678901234567890123456789012345678",
                ][..],
            ),
            ("int", &["2147483647", "-2147483648"]),
            ("byte", &["-128"]),
            ("unsignedByte", &["255", "+1"]),
            ("unsignedLong", &["18446744073709551615"]),
            ("nonNegativeInteger", &["0", "-0"]),
            (
                "negativeInteger",
                &["-1", "-123456789012345678901234567890123456789012345678"],
            ),
            (
                "decimal",
                &["1.", ".5", "-1.0", "0.1234567890123456789012345"],
            ),
            ("double", &["1e11", "INF", "NaN", "-1.5E-3"]),
            ("boolean", &["true", "0"]),
            ("date", &["2024-02-29", "2025-09-22Z"]),
            ("gYear", &["2025"]),
            ("gYearMonth", &["2025-10"]),
            ("dateTime", &["2025-09-22T10:00:00"]),
            ("dateTimeStamp", &["2025-09-22T10:00:00+01:00"]),
            ("duration", &["P1Y2M"]),
            ("string", &["", " any "]),
            ("anyURI", &["not checked"]),
        ] {
            for text in texts {
                assert!(fits(datatype, text), "{text:?}^^xsd:{datatype}");
            }
        }
    }

    #[test]
    fn other_text_does_not() {
        for (datatype, texts) in [
            ("integer", &["", "1.0", "+", " 1", "1 ", "one", "１"][..]),
            ("int", &["2147483648"]),
            ("byte", &["128", "300"]),
            ("unsignedByte", &["-1", "256"]),
            ("positiveInteger", &["0"]),
            (
                "negativeInteger",
                &["0", "123456789012345678901234567890123456789012345678"],
            ),
            ("decimal", &["", ".", "1e5", "1,5"]),
            ("double", &["", "x", "1e"]),
            ("boolean", &["yes", "TRUE"]),
            ("date", &["2025-02-30", "2025-9-1", "22.9.2025"]),
            ("gYear", &["25", "2025-10"]),
            ("gYearMonth", &["2025-13"]),
            ("dateTime", &["2025-09-22"]),
            ("dateTimeStamp", &["2025-09-22T10:00:00"]),
            ("time", &["25:00:00"]),
        ] {
            for text in texts {
                assert!(!fits(datatype, text), "{text:?}^^xsd:{datatype}");
            }
        }
        let node = NamedNode::new_unchecked("http://a.example/x");
        assert!(!has_datatype(&node.clone().into(), &node));
    }
}
