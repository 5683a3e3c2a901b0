//! Reads an answer to its end, and sums it up so that answers can be compared whatever the order of their rows.

use crate::engines::engine::Answer;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{TermRef, Triple};
use oxigraph::sparql::QuerySolution;
use powermap_rdf::{Rows, Solutions, SparqlError};
use rustc_hash::FxHasher;
use std::fmt::Write;
use std::hash::Hasher;
use std::hint::black_box;

/// The rows of `SELECT`.
pub(crate) fn rows<E>(
    rows: impl Iterator<Item = Result<QuerySolution, E>>,
    is_checked: bool,
) -> Result<Answer, E> {
    let mut answer = Answer::default();
    let mut text = String::new();
    for row in rows {
        let row = row?;
        answer.rows += 1;
        if is_checked {
            text.clear();
            for (variable, term) in row.iter() {
                add(&mut answer, &mut text, variable.as_str(), term.as_ref());
            }
            answer.fingerprint = answer.fingerprint.wrapping_add(hash(&text));
        }
        black_box(row);
    }
    Ok(answer)
}

/// The same of our evaluator, read where they are.
pub(crate) fn read_rows(
    mut rows: Rows<Solutions<'_>>,
    is_checked: bool,
) -> Result<Answer, SparqlError> {
    let mut answer = Answer::default();
    let names: Vec<String> = rows
        .variables()
        .iter()
        .map(|name| name.as_str().to_owned())
        .collect();
    let mut text = String::new();
    while let Some(row) = rows.next_row() {
        let row = row?;
        answer.rows += 1;
        if is_checked {
            text.clear();
            for (name, term) in names.iter().zip(row.iter()) {
                if let Some(term) = term {
                    add(&mut answer, &mut text, name, term);
                }
            }
            answer.fingerprint = answer.fingerprint.wrapping_add(hash(&text));
        }
        for term in row.iter() {
            black_box(term);
        }
    }
    Ok(answer)
}

/// The triples of `CONSTRUCT` and `DESCRIBE`.
pub(crate) fn triples<E>(
    triples: impl Iterator<Item = Result<Triple, E>>,
    is_checked: bool,
) -> Result<Answer, E> {
    let mut answer = Answer::default();
    for triple in triples {
        let triple = triple?;
        answer.rows += 1;
        if is_checked {
            answer.fingerprint = answer.fingerprint.wrapping_add(hash(&triple.to_string()));
        }
        black_box(triple);
    }
    Ok(answer)
}

/// The answer of `ASK`.
pub(crate) fn truth(value: bool) -> Answer {
    Answer {
        rows: 1,
        fingerprint: hash(&value.to_string()),
        sum: 0,
    }
}

fn add(answer: &mut Answer, text: &mut String, variable: &str, term: TermRef<'_>) {
    // Writing to a string cannot fail. Labels of blank nodes are each engine's own.
    let _ = match term {
        TermRef::BlankNode(_) => writeln!(text, "?{variable} _:"),
        term => writeln!(text, "?{variable} {term}"),
    };
    if let TermRef::Literal(literal) = term
        && literal.datatype() == xsd::INTEGER
        && let Ok(value) = literal.value().parse::<i64>()
    {
        answer.sum = answer.sum.wrapping_add(value);
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    // Sums of the hashes stand for the bag: the bits must depend on each other.
    let mut mixed = hasher.finish();
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
