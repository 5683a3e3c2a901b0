//! Terms as short strings, so that a dictionary is one text and two terms are equal exactly when
//! their keys are.
//!
//! A key is one ASCII letter for the kind and then the text of the term. Language-tagged literals
//! and literals of rare datatypes put the length of the tag or datatype IRI, a colon and the tag
//! or IRI in front of the text; the common datatypes have a letter of their own, which saves some
//! forty bytes per literal.

use crate::format::lines::PlainTerm;
use crate::format::rdf::BlankNodeLabels;
use oxigraph::model::{BlankNodeRef, LiteralRef, NamedNode, NamedNodeRef, Term, TermRef};
use spareval::ExpressionTerm;
use std::fmt::Write as _;

const IRI: u8 = b'I';
const BLANK: u8 = b'B';
const STRING: u8 = b'S';
const LANGUAGE: u8 = b'L';
const TYPED: u8 = b'T';
const INTEGER: u8 = b'i';
const DECIMAL: u8 = b'd';
const DOUBLE: u8 = b'e';
const BOOLEAN: u8 = b'b';

const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
const TIME_SPAN: &str = "https://w3id.org/powermap/ns#timeSpan";

/// The datatypes with a letter of their own.
const COMMON: &[(u8, &str)] = &[
    (INTEGER, "http://www.w3.org/2001/XMLSchema#integer"),
    (DECIMAL, "http://www.w3.org/2001/XMLSchema#decimal"),
    (DOUBLE, "http://www.w3.org/2001/XMLSchema#double"),
    (BOOLEAN, "http://www.w3.org/2001/XMLSchema#boolean"),
    (b'a', "http://www.w3.org/2001/XMLSchema#date"),
    (b't', "http://www.w3.org/2001/XMLSchema#dateTime"),
    (b'y', "http://www.w3.org/2001/XMLSchema#gYear"),
    (b'm', "http://www.w3.org/2001/XMLSchema#gYearMonth"),
    (b'f', "http://www.w3.org/2001/XMLSchema#float"),
    (b'n', "http://www.w3.org/2001/XMLSchema#int"),
    (b'l', "http://www.w3.org/2001/XMLSchema#long"),
    (b'p', TIME_SPAN),
];

/// Writes the key of a term into `key`, in place of what was there.
pub(crate) fn write_key(term: TermRef<'_>, key: &mut String) {
    key.clear();
    match term {
        TermRef::NamedNode(node) => push(key, IRI, node.as_str()),
        TermRef::BlankNode(node) => push(key, BLANK, node.as_str()),
        TermRef::Literal(literal) => {
            if let Some(language) = literal.language() {
                push_long(key, LANGUAGE, language, literal.value());
            } else {
                write_typed_key(literal.value(), literal.datatype().as_str(), key);
            }
        }
    }
}

fn write_typed_key(value: &str, datatype: &str, key: &mut String) {
    if datatype.starts_with(XSD) || datatype == TIME_SPAN {
        if datatype == "http://www.w3.org/2001/XMLSchema#string" {
            return push(key, STRING, value);
        }
        if let Some((letter, _)) = COMMON.iter().find(|(_, known)| *known == datatype) {
            return push(key, *letter, value);
        }
    }
    push_long(key, TYPED, datatype, value);
}

fn push(key: &mut String, letter: u8, text: &str) {
    key.push(char::from(letter));
    key.push_str(text);
}

fn push_long(key: &mut String, letter: u8, head: &str, text: &str) {
    key.push(char::from(letter));
    // Writing to a string cannot fail.
    let _ = write!(key, "{}:{head}{text}", head.len());
}

/// Returns the two parts of a key with a head: the tag or IRI, and the text.
fn split_long(rest: &str) -> Option<(&str, &str)> {
    let (length, rest) = rest.split_once(':')?;
    rest.split_at_checked(length.parse().ok()?)
}

/// Writes the key of a term that was cut from a line into `key`, in place of what was there; blank
/// nodes by their names in `labels`, if there are any.
pub(crate) fn write_plain_key(
    term: PlainTerm<'_>,
    labels: Option<&mut BlankNodeLabels>,
    key: &mut String,
) {
    key.clear();
    match term {
        PlainTerm::Iri(iri) => push(key, IRI, iri),
        PlainTerm::BlankNode(label) => match labels {
            Some(labels) => push(key, BLANK, &labels.label(label)),
            None => push(key, BLANK, label),
        },
        PlainTerm::Text(text) => push(key, STRING, text),
        PlainTerm::Typed(text, datatype) => write_typed_key(text, datatype, key),
        PlainTerm::Tagged(text, language) => push_long(key, LANGUAGE, language, text),
    }
}

/// Returns whether a key is that of a blank node, and its label then.
pub(crate) fn blank_node_label(key: &str) -> Option<&str> {
    (key.as_bytes().first() == Some(&BLANK)).then(|| &key[1..])
}

/// The key of the blank node of this label.
pub(crate) fn write_blank_node_key(label: &str, key: &mut String) {
    key.clear();
    push(key, BLANK, label);
}

/// Returns the term of a key that [`write_key`] wrote.
pub(crate) fn term(key: &str) -> Term {
    term_ref(key).into_owned()
}

/// Returns the term of a key, borrowed from it.
pub(crate) fn term_ref(key: &str) -> TermRef<'_> {
    let (letter, rest) = parts(key);
    match letter {
        IRI => NamedNodeRef::new_unchecked(rest).into(),
        BLANK => BlankNodeRef::new_unchecked(rest).into(),
        _ => literal(letter, rest).into(),
    }
}

fn parts(key: &str) -> (u8, &str) {
    // An unknown first letter can only come from a manipulated file; the key is taken as text.
    match (key.as_bytes().first(), key.get(1..)) {
        (Some(letter), Some(rest)) => (*letter, rest),
        _ => (STRING, key),
    }
}

fn literal(letter: u8, rest: &str) -> LiteralRef<'_> {
    let typed =
        |text, datatype| LiteralRef::new_typed_literal(text, NamedNodeRef::new_unchecked(datatype));
    let found = match letter {
        STRING => None,
        LANGUAGE => split_long(rest).map(|(language, text)| {
            LiteralRef::new_language_tagged_literal_unchecked(text, language)
        }),
        TYPED => split_long(rest).map(|(datatype, text)| typed(text, datatype)),
        _ => {
            let datatype = COMMON.iter().find(|(known, _)| *known == letter);
            datatype.map(|(_, datatype)| typed(rest, *datatype))
        }
    };
    found.unwrap_or_else(|| LiteralRef::new_simple_literal(rest))
}

/// Returns the term of a key as the expression evaluator wants it: numbers and truth values are parsed
/// straight from the text, without a [`Term`] in between.
pub(crate) fn expression_term(key: &str) -> ExpressionTerm {
    let (letter, rest) = parts(key);
    let parsed = match letter {
        IRI => Some(ExpressionTerm::NamedNode(NamedNode::new_unchecked(rest))),
        STRING => Some(ExpressionTerm::StringLiteral(rest.to_owned())),
        INTEGER => rest.parse().ok().map(ExpressionTerm::IntegerLiteral),
        DECIMAL => rest.parse().ok().map(ExpressionTerm::DecimalLiteral),
        DOUBLE => rest.parse().ok().map(ExpressionTerm::DoubleLiteral),
        BOOLEAN => rest.parse().ok().map(ExpressionTerm::BooleanLiteral),
        LANGUAGE => split_long(rest).map(|(language, text)| ExpressionTerm::LangStringLiteral {
            value: text.to_owned(),
            language: language.to_owned(),
        }),
        _ => None,
    };
    parsed.unwrap_or_else(|| term(key).into())
}

/// Writes the key of an expression's value, as [`write_key`] would for the same term; the common
/// kinds without a [`Term`] in between.
pub(crate) fn write_expression_key(value: &ExpressionTerm, key: &mut String) {
    key.clear();
    let mut number = |letter: u8, value: &dyn std::fmt::Display| {
        key.push(char::from(letter));
        // Writing to a string cannot fail.
        let _ = write!(key, "{value}");
    };
    match value {
        ExpressionTerm::IntegerLiteral(value) => number(INTEGER, value),
        ExpressionTerm::DecimalLiteral(value) => number(DECIMAL, value),
        ExpressionTerm::BooleanLiteral(value) => number(BOOLEAN, value),
        ExpressionTerm::NamedNode(node) => push(key, IRI, node.as_str()),
        ExpressionTerm::BlankNode(node) => push(key, BLANK, node.as_str()),
        ExpressionTerm::StringLiteral(text) => push(key, STRING, text),
        ExpressionTerm::LangStringLiteral { value, language } => {
            push_long(key, LANGUAGE, language, value);
        }
        ExpressionTerm::OtherTypedLiteral { value, datatype } => {
            write_typed_key(value, datatype.as_str(), key);
        }
        other => write_key(Term::from(other.clone()).as_ref(), key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{BlankNode, Literal};

    fn samples() -> Vec<Term> {
        let mut terms: Vec<Term> = vec![
            NamedNode::new_unchecked("http://a.example/").into(),
            BlankNode::new_unchecked("b-1").into(),
            Literal::new_simple_literal("").into(),
            Literal::new_simple_literal("5:text").into(),
            Literal::new_language_tagged_literal_unchecked("你好", "zh-hans").into(),
            Literal::new_language_tagged_literal_unchecked("", "en").into(),
            Literal::new_typed_literal("x:y", NamedNode::new_unchecked("http://a.example/t"))
                .into(),
        ];
        for datatype in COMMON.iter().map(|(_, datatype)| *datatype).chain([
            "http://www.w3.org/2001/XMLSchema#byte",
            "http://www.w3.org/2001/XMLSchema#dayTimeDuration",
        ]) {
            for value in [
                "1",
                "01",
                "+1",
                "1.50",
                "true",
                "1e3",
                "INF",
                "-0",
                "2025-10-01",
                "2025",
                "2025-10",
                "no value",
                "2025-10-01T00:00:00Z",
                "PT1H",
                "99999999999999999999",
            ] {
                let datatype = NamedNode::new_unchecked(datatype);
                terms.push(Literal::new_typed_literal(value, datatype).into());
            }
        }
        terms
    }

    #[test]
    fn a_key_gives_the_term_back_and_is_its_own() {
        let mut seen = std::collections::BTreeMap::new();
        for sample in samples() {
            let mut key = String::new();
            write_key(sample.as_ref(), &mut key);
            assert_eq!(term(&key), sample);
            assert_eq!(seen.insert(key, sample.clone()), None, "{sample}");
        }
    }

    #[test]
    fn values_are_what_the_evaluator_makes_of_the_term() {
        for sample in samples() {
            let (mut key, mut long_way) = (String::new(), String::new());
            write_key(sample.as_ref(), &mut key);
            let expected = ExpressionTerm::from(sample.clone());
            assert!(expression_term(&key) == expected, "{sample}");
            write_expression_key(&expected, &mut key);
            write_key(Term::from(expected).as_ref(), &mut long_way);
            assert_eq!(key, long_way, "{sample}");
        }
    }
}
