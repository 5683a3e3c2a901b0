//! Writes the results of a query: rows as a table, CSV, TSV, JSON, XML or Markdown, graphs in the RDF formats.

mod cell;
mod format;
mod labels;

pub use crate::sparql::results::cell::cell;
pub use crate::sparql::results::format::ResultFormat;

use crate::format::table::{Cell, Table, TableFormat};
use crate::prefixes::Prefixes;
use crate::sparql::bytes::term_bytes;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::Holder;
use crate::sparql::results::labels::Labels;
use crate::sparql::rows::{Results, Rows};
use crate::sparql::service::Notice;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::{NamedOrBlankNode, TermRef, Triple, Variable};
use oxigraph::sparql::QueryTripleIter;
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};
use std::io::Write;

/// A summary of what [`write()`] wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The answer of an `ASK` query.
    pub answer: Option<bool>,
    /// The number of rows or triples.
    pub rows: usize,
    /// Whether the row limit left some out.
    pub is_cut: bool,
    /// The notices of the services that the query called.
    pub notices: Vec<Notice>,
}

/// Writes results as they are computed (a table once all rows are known, for its widths).
///
/// `prefixes` go into the formats that have them.
///
/// # Errors
/// Those of the evaluation and of the writer, and [`SparqlError::Format`] where the format does not fit the query.
pub fn write(
    results: Results<'_>,
    format: ResultFormat,
    prefixes: &Prefixes,
    writer: impl Write,
) -> Result<Written, SparqlError> {
    match (results, format.rdf(), format.w3c()) {
        (Results::Boolean(answer), None, _) => {
            write_boolean(answer, format, writer)?;
            Ok(answered(answer))
        }
        (results, None, Some(w3c)) => write_rows(results, format, w3c, writer),
        (results, None, None) => {
            let (table, written) = table(results, prefixes)?;
            let format = match format {
                ResultFormat::Markdown => TableFormat::Markdown,
                _ => TableFormat::Table,
            };
            table.write(format, writer)?;
            Ok(written)
        }
        (Results::Graph(mut triples), Some(rdf), _) => Ok(Written {
            answer: None,
            rows: write_graph(&mut triples, rdf, prefixes, writer)?,
            is_cut: triples.is_cut(),
            notices: triples.notices().to_vec(),
        }),
        (Results::Boolean(_), Some(_), _) => Err(misfit("yes-or-no (ASK)", format)),
        (Results::Solutions(_), Some(_), _) => Err(misfit("row (SELECT)", format)),
    }
}

/// Returns results as a table, terms as [`write()`] writes them in tables; that of an ASK has one cell.
///
/// # Errors
/// Those of the evaluation; [`SparqlError::Memory`] where the rows are more than it may hold.
pub fn table(results: Results<'_>, prefixes: &Prefixes) -> Result<(Table, Written), SparqlError> {
    let memory = match &results {
        Results::Solutions(solutions) => solutions.memory(),
        Results::Graph(triples) => triples.memory(),
        Results::Boolean(answer) => {
            let mut table = Table::new(["answer"]);
            table.push([Cell::Bool(*answer)]);
            return Ok((table, answered(*answer)));
        }
    };
    let mut table = Table::new(variables(&results).iter().map(Variable::as_str));
    let written = each_row(results, |row| {
        let bytes = row.iter().map(|term| term_bytes(*term)).sum();
        memory.keep(Holder::Result, bytes)?;
        let cells = row.iter();
        let cells = cells.map(|term| term.map(|term| cell(term, prefixes)).into());
        table.push(cells.collect::<Vec<Cell>>());
        Ok(())
    })?;
    Ok((table, written))
}

fn misfit(kind: &'static str, format: ResultFormat) -> SparqlError {
    let expected: Vec<_> = ResultFormat::NAMES
        .iter()
        .filter(|(_, format)| !format.is_rdf())
        .map(|(name, _)| *name)
        .collect();
    SparqlError::Format {
        kind,
        format: format.name(),
        expected: expected.join(", "),
    }
}

fn write_boolean(
    answer: bool,
    format: ResultFormat,
    mut writer: impl Write,
) -> Result<(), SparqlError> {
    match format.w3c() {
        Some(format) => {
            QueryResultsSerializer::from_format(format)
                .serialize_boolean_to_writer(&mut writer, answer)?;
        }
        None => write!(writer, "{answer}")?,
    }
    Ok(writeln!(writer)?)
}

/// Writes rows in one of the formats of the W3C.
fn write_rows(
    results: Results<'_>,
    format: ResultFormat,
    w3c: QueryResultsFormat,
    writer: impl Write,
) -> Result<Written, SparqlError> {
    let variables = variables(&results);
    let serializer = QueryResultsSerializer::from_format(w3c);
    let mut serializer = serializer.serialize_solutions_to_writer(writer, variables.clone())?;
    let written = each_row(results, |row| {
        let cells = variables.iter().zip(row);
        Ok(serializer.serialize(cells.filter_map(|(name, term)| Some((name, (*term)?))))?)
    })?;
    let mut writer = serializer.finish()?;
    // The last line of these has no end of its own.
    if matches!(format, ResultFormat::Json | ResultFormat::Xml) {
        writeln!(writer)?;
    }
    Ok(written)
}

/// Returns what the columns of results are called; those of an ASK have no name.
fn variables(results: &Results<'_>) -> Vec<Variable> {
    match results {
        Results::Boolean(_) => Vec::new(),
        Results::Solutions(solutions) => solutions.variables().to_vec(),
        Results::Graph(_) => ["subject", "predicate", "object"]
            .map(Variable::new_unchecked)
            .to_vec(),
    }
}

fn answered(answer: bool) -> Written {
    Written {
        answer: Some(answer),
        ..Written::default()
    }
}

/// Calls a function with each row, its blank nodes labelled in the order in which they come.
fn each_row(
    results: Results<'_>,
    mut use_row: impl FnMut(&[Option<TermRef<'_>>]) -> Result<(), SparqlError>,
) -> Result<Written, SparqlError> {
    let mut labels = Labels::default();
    let mut count = 0;
    let mut labelled = |row: &[Option<TermRef<'_>>]| {
        count += 1;
        // Labels are given before the row is used, and looked up while it is.
        for term in row.iter().flatten() {
            if let TermRef::BlankNode(node) = term {
                labels.node(*node);
            }
        }
        let row: Vec<_> = row
            .iter()
            .map(|term| term.map(|term| labels.of(term)))
            .collect();
        use_row(&row)
    };
    match results {
        Results::Boolean(answer) => Ok(answered(answer)),
        Results::Solutions(mut solutions) => {
            while let Some(row) = solutions.next_row() {
                labelled(&row?.iter().collect::<Vec<_>>())?;
            }
            Ok(Written {
                answer: None,
                rows: count,
                is_cut: solutions.is_cut(),
                notices: solutions.notices().to_vec(),
            })
        }
        Results::Graph(mut triples) => {
            for triple in triples.by_ref() {
                let triple = triple?;
                labelled(&[
                    Some(triple.subject.as_ref().into()),
                    Some(triple.predicate.as_ref().into()),
                    Some(triple.object.as_ref()),
                ])?;
            }
            Ok(Written {
                answer: None,
                rows: count,
                is_cut: triples.is_cut(),
                notices: triples.notices().to_vec(),
            })
        }
    }
}

fn write_graph(
    triples: &mut Rows<QueryTripleIter<'_>>,
    format: RdfFormat,
    prefixes: &Prefixes,
    writer: impl Write,
) -> Result<usize, SparqlError> {
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, iri) in prefixes.iter() {
        serializer =
            serializer
                .with_prefix(prefix, iri)
                .map_err(|error| SparqlError::InvalidIri {
                    what: format!("prefix {prefix}:"),
                    text: iri.to_owned(),
                    reason: error.to_string(),
                })?;
    }
    let mut serializer = serializer.for_writer(writer);
    let mut labels = Labels::default();
    let mut count = 0;
    for triple in triples {
        let triple = triple?;
        let subject = match triple.subject {
            NamedOrBlankNode::BlankNode(node) => labels.node(node.as_ref()).clone().into(),
            subject => subject,
        };
        let object = labels.term(triple.object);
        serializer.serialize_triple(&Triple::new(subject, triple.predicate, object))?;
        count += 1;
    }
    serializer.finish()?;
    Ok(count)
}

#[cfg(test)]
mod tests;
